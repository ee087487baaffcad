// Posting receipts (收款记账): money that came in, booked at once by the cashier, no order needed.
//   借 1002 bank deposit (by fund)   贷 income or liability
// All else goes through an order: payment/, correction.ts. Booked once per key, whoever presses twice:
// constraint journal_entry_key_once.
import { randomUUID } from 'node:crypto';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { refusePersonal } from '../kernel/text.ts';
import { entryBody } from './entry.ts';
import { explainRefusal } from './explain.ts';
import { gateOf, isBooked, type PostResult } from './gate.ts';
import {
  readEntryTyped,
  referencesOf,
  withReferences,
  type ReadEntry,
  type References,
  type TypedEntry,
} from './typed-entry.ts';

/** Idempotency key of an entry: each person has keys of their own. It stands in the log like any other text; long
 *  serial numbers of a bank are no cards here. Refusal: text_personal. */
export function personalKey(
  actor: Pick<Actor, 'person_id'>,
  key: string | null | undefined,
): string {
  if (key !== null && key !== undefined)
    refusePersonal(key, { field: 'key', label: 'Idempotency-Key', only: ['id_card', 'mobile'] });
  return `${actor.person_id}:${key ?? randomUUID()}`;
}

/** An entry that is in the books, now or since an earlier call with the same key. */
export interface Posted {
  status: 'posted' | 'already_posted';
  seq: number;
  period: string;
  number: string;
  recorded_at: Date;
  leaf_hash: string;
}

function postedOf(result: PostResult): Posted {
  return {
    status: result.status as Posted['status'],
    seq: result.seq!,
    period: result.period!,
    number: result.number!,
    recorded_at: result.recorded_at!,
    leaf_hash: result.leaf_hash!.toString('hex'),
  };
}

interface Asked {
  estate: Estate;
  actor: Actor;
}

function bodyOf(read: ReadEntry, references: References, made_by: string, key: string): string {
  const { postings, ...rest } = read;
  return entryBody({ ...rest, postings: withReferences(postings, references), made_by, key });
}

async function lookUp(
  house: House,
  { estate_id }: Estate,
  reads: readonly ReadEntry[],
): Promise<References> {
  const lines = reads.flatMap((read) => read.postings);
  if (lines.every((line) => line.unit === undefined && line.payee === undefined)) {
    return { units: new Map(), payees: new Set() };
  }
  return inEstate(house.db.app, estate_id, (trx) => referencesOf(trx, estate_id, lines), {
    readOnly: true,
  });
}

async function send(house: House, { estate_id }: Estate, body: string): Promise<Posted> {
  const result = await gateOf(house).post(estate_id, body);
  if (isBooked(result.status)) return postedOf(result);
  throw await inEstate(
    house.db.app,
    estate_id,
    (trx) => explainRefusal(trx, estate_id, result, body),
    { readOnly: true },
  );
}

/** Posts one receipt. `key` null: every call is a new entry. Refusals: not_allowed, those of
 *  readEntryTyped(), of post_entries(), books_unavailable. */
export async function postReceipt(
  house: House,
  { estate, actor, entry, key }: Asked & { entry: TypedEntry; key: string | null },
): Promise<Posted> {
  demand(actor, estate.estate_id, 'post_receipt');
  const read = readEntryTyped(entry);
  const references = await lookUp(house, estate, [read]);
  return send(house, estate, bodyOf(read, references, actor.person_id, personalKey(actor, key)));
}

export interface BatchResult {
  status: string;
  seq?: number;
  period?: string;
  number?: string;
  problem?: Refusal;
}

export interface BatchAsked extends Asked {
  /** An entry may bring its own key; else it takes the call's key and its place. */
  entries: readonly (TypedEntry & { key?: unknown })[];
  key?: string | null;
  /** Entries whose shape was refused already, by place. */
  misshapen?: ReadonlyMap<number, Refusal>;
}

/** Posts many receipts; each gets its own answer, in order, and none spoils another. Refusal: not_allowed. */
export async function postReceipts(
  house: House,
  { estate, actor, entries, key = null, misshapen }: BatchAsked,
): Promise<BatchResult[]> {
  demand(actor, estate.estate_id, 'post_receipt');
  const reads = entries.map((entry, index) =>
    attempt(() => {
      const read = readEntryTyped(typeof entry === 'object' && entry !== null ? entry : {});
      return misshapen?.get(index) ?? read;
    }),
  );
  const references = await lookUp(
    house,
    estate,
    reads.filter((read): read is ReadEntry => !(read instanceof Refusal)),
  );
  const bodies = reads.map((read, index) => {
    if (read instanceof Refusal) return read;
    const own = entries[index]!.key;
    const entry_key = typeof own === 'string' ? own : key === null ? null : `${key}.${index}`;
    return attempt(() => bodyOf(read, references, actor.person_id, personalKey(actor, entry_key)));
  });
  return Promise.all(
    bodies.map(async (body): Promise<BatchResult> => {
      const posted =
        body instanceof Refusal ? body : await send(house, estate, body).catch(onlyRefusal);
      if (posted instanceof Refusal) return { status: posted.code, problem: posted };
      const { status, seq, period, number } = posted;
      return { status, seq, period, number };
    }),
  );
}

function attempt<T>(work: () => T): T | Refusal {
  try {
    return work();
  } catch (error) {
    return onlyRefusal(error);
  }
}

function onlyRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
