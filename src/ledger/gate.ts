// The way to the one door (post_entries): what many people send at the same moment goes in together.
// While a call for an estate is on its way, the next entries gather; when it is back, they go as one
// call. There is no timer, so a single entry on a quiet day waits for nobody.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { databaseRefusal, hasDemoClock, inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Tables } from '../kernel/tables.ts';
import { refusals } from './refusals.ts';

/** Statuses of post_entries() in their order of precedence: the first that applies. */
export const postStatuses = [
  'posted',
  'already_posted',
  'key_reused',
  'estate_unknown',
  'entry_unreadable',
  'period_closed',
  'period_not_open',
  'account_unknown',
  'account_closed',
  'fund_unknown',
  'fund_restricted',
  'amount_invalid',
  'entry_unbalanced',
  'fund_unbalanced',
  'bank_line_unknown',
  'bank_line_taken',
  'bank_line_differs',
  'order_signed_late',
  'suspense_unknown',
  'suspense_exceeded',
  'mandate_unknown',
  'mandate_exceeded',
  'suspense_reserved',
  'suspense_settled',
  'release_differs',
  'transit_names_unit',
  'unit_exceeded',
  'release_exceeded',
  'order_required',
  'order_not_approved',
  'order_in_notice',
  'order_objected',
  'order_amount_differs',
  'order_already_paid',
  'reversal_target_unknown',
  'already_reversed',
  'reversal_differs',
  'voucher_unknown',
] as const;
export type PostStatus = (typeof postStatuses)[number];
export type RefusedStatus = Exclude<PostStatus, 'posted' | 'already_posted'>;

/** One answer per body, in the order of the bodies. seq … leaf_hash only where the entry is booked. */
export interface PostResult {
  status: PostStatus;
  seq: number | null;
  period: string | null;
  /** "收-041". */
  number: string | null;
  recorded_at: Date | null;
  leaf_hash: Buffer | null;
}

export const isBooked = (status: PostStatus): status is 'posted' | 'already_posted' =>
  status === 'posted' || status === 'already_posted';

/** Calls the door once, inside or outside a transaction. A bad entry spoils no other. */
export async function postEntries(
  executor: Kysely<Tables>,
  estate_id: number,
  bodies: readonly string[],
): Promise<PostResult[]> {
  if (bodies.length === 0) return [];
  const { rows } = await sql<PostResult & { place: number }>`
    select place, status, seq, period, number, recorded_at, leaf_hash
    from post_entries(${estate_id}, ${bodies}::text[])`.execute(executor);
  const results: PostResult[] = [];
  for (const { place, ...result } of rows) results[place - 1] = result;
  assert(
    results.length === bodies.length && !results.includes(undefined as never),
    'one answer per entry',
  );
  return results;
}

/** Most entries of one call. */
export const BATCH_LIMIT = 1_000;

interface Waiting {
  body: string;
  settle: (result: PostResult) => void;
  fail: (error: unknown) => void;
}

export interface Gate {
  /** Books one entry together with whatever else is on its way. Refusals: books_unavailable (the same
   *  key may safely be sent again); a status other than booked is in the result. */
  post(estate_id: number, body: string): Promise<PostResult>;
  /** Calls made so far: many entries, few calls. */
  calls(): number;
}

/** Nobody knows whether a call arrived whose connection broke: with the same key it is safe to ask again. */
function failureOf(error: unknown): unknown {
  const told = databaseRefusal(error);
  return told instanceof Refusal ? refusals.books_unavailable() : told;
}

/** A class 22 or 23 error is about the content of some entry. */
const isAboutContent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));

export function openGate(house: Pick<House, 'db'>): Gate {
  const queues = new Map<number, Waiting[]>();
  let calls = 0;

  const send = async (estate_id: number, batch: readonly Waiting[]): Promise<void> => {
    calls += 1;
    try {
      const bodies = batch.map((one) => one.body);
      // One statement is its own transaction; only the making of a demo has a clock to bring along.
      const results = hasDemoClock(house.db.app)
        ? await inEstate(house.db.app, estate_id, (trx) => postEntries(trx, estate_id, bodies))
        : await postEntries(house.db.app, estate_id, bodies);
      batch.forEach((one, index) => one.settle(results[index]!));
    } catch (error) {
      // Nothing of the call is booked. An entry the database chokes on must not take the others along.
      if (batch.length > 1 && isAboutContent(error)) {
        for (const one of batch) await send(estate_id, [one]);
        return;
      }
      for (const one of batch) one.fail(failureOf(error));
    }
  };

  const run = async (estate_id: number, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) await send(estate_id, queue.splice(0, BATCH_LIMIT));
    queues.delete(estate_id);
  };

  return {
    post: (estate_id, body) =>
      new Promise((settle, fail) => {
        const queue = queues.get(estate_id);
        if (queue !== undefined) {
          queue.push({ body, settle, fail });
          return;
        }
        const opened = [{ body, settle, fail }];
        queues.set(estate_id, opened);
        // What arrives in the same turn of the event loop still joins the first call.
        queueMicrotask(() => {
          void run(estate_id, opened);
        });
      }),
    calls: () => calls,
  };
}

const gates = new WeakMap<House, Gate>();

/** The one gate of a house, so that pages and interface gather together. */
export function gateOf(house: House): Gate {
  const open = gates.get(house) ?? openGate(house);
  gates.set(house, open);
  return open;
}
