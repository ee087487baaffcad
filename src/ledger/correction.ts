// Transfers and red-letter reversals (转账, 红字冲销): what changes the books without a payment, and so
// needs two keys as a payment does.
//   reversal: the same accounts, funds and sides as the wrong entry, all amounts negative, naming it;
//             then the right entry is posted anew. Nothing is ever edited.
//   transfer: lines that balance in every fund, for example 借 2203 prepaid fees  贷 4101 property fees.
// Both are dated in the document that is signed. If that month is closed by the time the last signature
// comes, or where it is announced first, the entry is dated on the day it is booked. Once per proposal: journal_entry_order_once; an entry is
// reversed once: journal_entry_reversed_once.
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readProposal, type Proposal } from '../approval/queries.ts';
import { isAnnounced, refuseWaiting } from '../approval/waiting.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { periodOf, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { minus, money, moneyFigures, negated, zero, type Money } from '../kernel/money.ts';
import { estateToday } from '../evidence/records.ts';
import {
  entryBody,
  lineJson,
  linesOfJson,
  onlyFund,
  redLines,
  sumsByFund,
  sumsOf,
  type EntryKind,
  type EntryLine,
  type NewEntry,
} from './entry.ts';
import { explainRefusal } from './explain.ts';
import { isBooked, postEntries } from './gate.ts';
import { openReversal } from './entry-queries.ts';
import { openDays } from './period-queries.ts';
import { refusals } from './refusals.ts';
import {
  readDay,
  readLines,
  readMemo,
  readText,
  readVouchers,
  referencesOf,
  withReferences,
} from './typed-entry.ts';

/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };
interface Asked {
  estate: Estate;
  actor: Actor;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}

interface Draft {
  kind: 'transfer' | 'reversal';
  title: string;
  amount: Money;
  fund: string | null;
  content: { readonly [key: string]: Json | undefined };
}

async function propose(trx: Trx, { estate, actor }: Asked, draft: Draft): Promise<Proposed> {
  const { kind, title, amount, fund, content } = draft;
  const { estate_id } = estate;
  const proposal_id = await draftProposal(trx, {
    estate_id,
    kind,
    title,
    amount,
    fund,
    made_by: actor.person_id,
  });
  const { document_hash } = await submitProposal(trx, {
    estate,
    proposal_id,
    actor,
    title,
    amount,
    fund,
    content,
  });
  return { proposal_id, document_hash };
}

/** Asks the door what it would say if the order were there: nothing is booked, and whoever must sign is
 *  not asked to sign what could never be booked. */
async function wouldBook(trx: Trx, estate_id: number, entry: Omit<NewEntry, 'key'>): Promise<void> {
  const body = entryBody({ ...entry, key: 'trial' });
  const [result] = await postEntries(trx, estate_id, [body]);
  if (result!.status !== 'order_required')
    throw await explainRefusal(trx, estate_id, result!, body);
  const { vouchers = [] } = entry;
  if (vouchers.length === 0) return;
  const known = await trx
    .selectFrom('voucher')
    .select('sha256')
    .where('estate_id', '=', estate_id)
    .where('sha256', 'in', [...vouchers])
    .execute();
  if (known.length < new Set(vouchers).size)
    throw await explainRefusal(trx, estate_id, { status: 'voucher_unknown' }, body);
}

export interface TransferAsked extends Asked {
  /** Default: today. */
  entry_date?: string | undefined;
  description: unknown;
  postings: unknown;
  vouchers?: unknown;
}

/** Proposes a transfer for signing. Refusals: not_allowed, those of readEntryTyped() and post_entries(),
 *  rule_missing. */
export async function proposeTransfer(house: House, asked: TransferAsked): Promise<Proposed> {
  const { estate, actor, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'draft_order');
  const description = readMemo(asked.description);
  const lines = readLines(asked.postings);
  const vouchers = readVouchers(asked.vouchers);
  const given =
    asked.entry_date === undefined || asked.entry_date === ''
      ? null
      : readDay(asked.entry_date, 'entry_date');
  const content = { entry_date: given, description, postings: lines.map(lineJson), vouchers };
  return inEstate(
    house.db.app,
    estate_id,
    (trx) =>
      once(trx, { estate_id, key: keyOf(actor, 'transfer', key), content }, async () => {
        await lockEstate(trx, estate_id);
        const postings = withReferences(lines, await referencesOf(trx, estate_id, lines));
        const entry_date = given ?? (await estateToday(trx, estate_id));
        await wouldBook(trx, estate_id, {
          kind: 'transfer',
          entry_date,
          description,
          made_by: actor.person_id,
          postings,
          vouchers,
        });
        await refuseMoneyMoved(trx, estate_id, postings);
        return propose(trx, asked, {
          kind: 'transfer',
          title: description,
          amount: sumsOf(postings).debit,
          fund: onlyFund(postings),
          content: { entry_date, description, postings: postings.map(lineJson), vouchers },
        });
      }),
    { retryable: true },
  );
}

/** Money may change funds in a transfer, within what a fund has free, but not leave or enter the estate:
 *  that takes a payment order with a payee, or a receipt. The door refuses it again at the booking. */
async function refuseMoneyMoved(trx: Trx, estate_id: number, lines: readonly EntryLine[]): Promise<void> {
  const accounts = await trx.selectFrom('account').select('account')
    .where('estate_id', '=', estate_id).where('is_money', '=', true).execute();
  const is_money = new Set(accounts.map((row) => row.account));
  const moved = lines.filter((line) => is_money.has(line.account));
  const { debit, credit } = sumsOf(moved);
  if (!debit.equals(credit)) {
    throw refusals.transfer_moves_money({
      debit: moneyFigures(debit), credit: moneyFigures(credit), difference: moneyFigures(absolute(minus(debit, credit))),
    }, 'postings');
  }
  for (const [fund, sums] of sumsByFund(moved)) {
    const amount = minus(sums.credit, sums.debit);
    if (!amount.greaterThan(zero)) continue;
    const { rows } = await sql<{ available: string; name_zh: string }>`
      select fund_available(${estate_id}, ${fund}) as available, f.name_zh from fund f
      where f.estate_id = ${estate_id} and f.fund = ${fund}`.execute(trx);
    const found = rows[0];
    if (found === undefined) continue; // the door names an unknown fund
    const available = money(found.available);
    if (available.lessThan(amount)) {
      throw refusals.transfer_exceeds_fund({
        fund: found.name_zh, available: moneyFigures(available), amount: moneyFigures(amount),
        missing: moneyFigures(minus(amount, available)),
      }, 'postings');
    }
  }
}

const absolute = (amount: Money): Money => (amount.isNegative() ? negated(amount) : amount);

const keyOf = (actor: Actor, kind: string, key: string | null | undefined): string | null =>
  key === null || key === undefined ? null : `${kind}:${actor.person_id}:${key}`;

interface Target {
  seq: number;
  kind: EntryKind;
  period: string;
  number: string;
  reverses: number | null;
  amount: string;
}

async function targetOf(
  trx: Trx,
  estate_id: number,
  seq: number,
): Promise<{ target: Target; lines: EntryLine[] }> {
  const target = await trx
    .selectFrom('journal_entry')
    .select((eb) => [
      'seq',
      'kind',
      'period',
      'reverses',
      'amount',
      eb.fn<string>('entry_number', ['kind', 'number']).as('number'),
    ])
    .where('estate_id', '=', estate_id)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (target === undefined) throw refusals.entry_unknown({ seq });
  if (target.reverses !== null)
    throw refusals.reversal_target_unknown({ reverses: seq }, 'reverses');
  const rows = await trx
    .selectFrom('posting')
    .select(['account', 'fund', 'debit', 'credit', 'unit', 'payee'])
    .where('estate_id', '=', estate_id)
    .where('seq', '=', seq)
    .orderBy('line')
    .execute();
  const lines = rows.map((row): EntryLine => {
    const [debit, credit] = [money(row.debit), money(row.credit)];
    return {
      account: row.account,
      fund: row.fund,
      ...(debit.isZero() ? { credit } : { debit }),
      unit: row.unit ?? undefined,
      payee: row.payee ?? undefined,
    };
  });
  return { target: target as Target, lines };
}

/** Longest reason of a reversal: with the entry's number it must fit the memo. */
export const REASON_LIMIT = 120;

/** Proposes the reversal of an entry for signing. Refusals: not_allowed, entry_unknown,
 *  reversal_target_unknown, already_reversed, reversal_proposed, those of post_entries(), rule_missing. */
export async function proposeReversal(
  house: House,
  asked: Asked & { seq: number; reason: unknown; vouchers?: unknown },
): Promise<Proposed> {
  const { estate, actor, seq, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'draft_order');
  const reason = readText(asked.reason, {
    field: 'reason',
    label: '原因 reason',
    limit: REASON_LIMIT,
  });
  const vouchers = readVouchers(asked.vouchers);
  const content = { seq, reason, vouchers };
  return inEstate(
    house.db.app,
    estate_id,
    (trx) =>
      once(trx, { estate_id, key: keyOf(actor, 'reversal', key), content }, async () => {
        await lockEstate(trx, estate_id);
        const { target, lines } = await targetOf(trx, estate_id, seq);
        const number = `${target.period} ${target.number}`;
        const done = await trx
          .selectFrom('journal_entry')
          .select((eb) => [
            'period',
            eb.fn<string>('entry_number', ['kind', 'number']).as('number'),
          ])
          .where('estate_id', '=', estate_id)
          .where('reverses', '=', seq)
          .executeTakeFirst();
        if (done !== undefined)
          throw refusals.already_reversed({
            reverses: seq,
            number: `${done.period} ${done.number}`,
          });
        // What a final account carried over is put right by the next one, never taken back.
        const closes = await sql`select from closing_lines(${estate_id}) l where l.seq = ${seq} limit 1`.execute(trx);
        if (closes.rows.length > 0) throw refusals.closing_stays({ number });
        const proposal = await openReversal(trx, estate_id, seq);
        if (proposal !== null) throw refusals.reversal_proposed({ number, proposal });
        const postings = redLines(lines);
        const entry_date = await estateToday(trx, estate_id);
        const description = `红字冲销 ${number}（${reason}）`;
        await wouldBook(trx, estate_id, {
          kind: target.kind,
          entry_date,
          description,
          made_by: actor.person_id,
          postings,
          reverses: seq,
          vouchers,
        });
        return propose(trx, asked, {
          kind: 'reversal',
          title: description,
          amount: money(target.amount),
          fund: onlyFund(lines),
          content: {
            entry_date,
            reverses: seq,
            reverses_number: number,
            reason,
            description,
            postings: postings.map(lineJson),
            vouchers,
          },
        });
      }),
    { retryable: true },
  );
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** The date that was signed, or today where its month was closed meanwhile, or where the notice ran beyond it. */
async function bookingDay(
  trx: Trx,
  estate_id: number,
  { document, ...proposal }: Proposal,
): Promise<BusinessDate> {
  const { first, last } = await openDays(trx, estate_id);
  const signed = String(document?.['entry_date']);
  const too_early = isAnnounced(proposal) && signed < proposal.payable_from!;
  return periodOf(signed) >= periodOf(first) && !too_early ? signed : last;
}

async function carryOut(
  house: House,
  { estate_id }: Estate,
  proposal_id: number,
  kind: 'transfer' | 'reversal',
): Promise<void> {
  await inEstate(
    house.db.app,
    estate_id,
    async (trx) => {
      await lockEstate(trx, estate_id);
      const proposal = await readProposal(trx, estate_id, proposal_id);
      if (proposal === null || proposal.kind !== kind || proposal.document === null) {
        throw refusals.order_not_approved({ proposal: proposal_id });
      }
      if (proposal.state === 'executed') return;
      if (proposal.state === 'approved') await refuseWaiting(trx, estate_id, proposal_id);
      const { document } = proposal;
      const reverses = kind === 'reversal' ? Number(document['reverses']) : undefined;
      const body = entryBody({
        kind:
          reverses === undefined
            ? 'transfer'
            : (await targetOf(trx, estate_id, reverses)).target.kind,
        entry_date: await bookingDay(trx, estate_id, proposal),
        description: String(document['description']),
        key: `proposal:${proposal_id}`,
        made_by: proposal.made_by,
        postings: linesOfJson(document['postings']),
        proposal: proposal_id,
        reverses,
        vouchers: readVouchers(document['vouchers'] ?? undefined),
      });
      const [result] = await postEntries(trx, estate_id, [body]);
      if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
    },
    { retryable: true },
  );
}

/** Books an approved reversal; called again it does nothing. Refusals: those of refuseWaiting() and post_entries(). */
export const executeReversal = (house: House, estate: Estate, proposal_id: number): Promise<void> =>
  carryOut(house, estate, proposal_id, 'reversal');

/** Books an approved transfer; called again it does nothing. Refusals: those of refuseWaiting() and post_entries(). */
export const executeTransfer = (house: House, estate: Estate, proposal_id: number): Promise<void> =>
  carryOut(house, estate, proposal_id, 'transfer');
