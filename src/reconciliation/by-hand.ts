// What a person decides: confirming what was proposed, one line or a hundred; saying oneself what a line is; taking a link
// back. Each line is its own transaction, so that one refusal keeps nobody else's from being booked.
//   link     lines and entries that are there, the sums equal to the fen            undone by end_bank_match
//   pay      approved orders that add up to the line (a collective debit), or one order paid in several lines
//   book     a credit: accounts, funds, dwellings                                   undone by a reversal, under two keys
//   suspend  puts it to 待核实 now
// Refused, whoever confirms: a debit that went to another account than was signed, or that left before it was signed; lines
// in and out together, unless the same account sent back what it got: so nobody's payment hides behind somebody else's entry.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, negated, sum, type Money } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { lockEstate } from '../approval/proposal.ts';
import { entryBody, entryNumber } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { readMemo } from '../ledger/typed-entry.ts';
import { paymentBodies } from '../payment/pay.ts';
import { amountOf, fromLine, isLink, keepReceipts, link, noteOf, post, referenceOf, writeBodies, type Booking, type Item } from './book.ts';
import { accountKey, sameAccount, type BookItem, type OpenLine, type OpenOrder } from './candidate.ts';
import { matchLines } from './match.ts';
import { allows, isCash, isPassage } from './match-orders.ts';
import { isOut, type Plan, type Sources } from './matching.ts';
import { debitsOf, readParts, type PartTyped } from './parts.ts';
import { bookingOf, suspend } from './reconcile.ts';
import { refusals } from './refusals.ts';
import { learn, learnFrom } from './rule.ts';
import { readSources } from './sources.ts';

interface Asked { estate: Estate; actor: Actor | null; account: string }
/** What became of a line: the entry that was booked, or the match that links it. */
export type Done = { seq: number | null; match_id: number | null };

const total = (amounts: readonly string[]): Money => sum(amounts.map((amount) => money(amount)));
const apart = (a: Money, b: Money): string => {
  const rest = minus(a, b);
  return moneyFigures(rest.isNegative() ? negated(rest) : rest);
};

/** Refusal: bank_line_missing, bank_line_answered. */
async function demandLine(trx: Trx, { estate_id }: Estate, sources: Sources, position: number): Promise<OpenLine> {
  const found = sources.lines.find((line) => line.position === position);
  if (found !== undefined) return found;
  const there = await trx.selectFrom('bank_line').select('position').where('estate_id', '=', estate_id)
    .where('account', '=', sources.account).where('position', '=', position).executeTakeFirst();
  throw there === undefined ? refusals.bank_line_missing({ account: sources.account, position }) : refusals.bank_line_answered({ position });
}

// ── Confirming ───────────────────────────────────────────────────────────────────────────────────

export interface Choice { position: number; candidate: string }
export interface Confirmed extends Choice { done: Done | null; problem: Refusal | null }

/** Confirms what was proposed; an answer for each, in order. A line that was confirmed a moment ago answers
 *  bank_line_answered. Refusals: those of demand() for reconcile, reconcile_account_unknown. */
export async function confirmCandidates(house: House, { estate, actor, account, items }: Asked & { items: readonly Choice[] }): Promise<Confirmed[]> {
  const by = demand(actor, estate.estate_id, 'reconcile').person_id;
  const { sources, plan, booking } = await inEstate(house.db.app, estate.estate_id, async (trx) => {
    const read = await readSources(trx, estate.estate_id, account);
    return { sources: read, plan: matchLines(read), booking: await bookingOf(trx, estate.estate_id, account, by) };
  }, { readOnly: true });
  const results: Confirmed[] = [];
  for (const choice of items) {
    try {
      const done = await inEstate(house.db.app, estate.estate_id, async (trx) => {
        await demandLine(trx, estate, sources, choice.position);
        const item = chosen(plan, sources, choice);
        const one = await carryOut(trx, booking, by, item);
        await learnFrom(trx, estate.estate_id, item.lines[0]!, item.candidate, by);
        return one;
      });
      results.push({ ...choice, done, problem: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      results.push({ ...choice, done: null, problem: error });
    }
  }
  return results;
}

function chosen(plan: Plan, { lines }: Sources, { position, candidate }: Choice): Item {
  const found = [...plan.proposed.get(position) ?? [], ...plan.certain.filter((one) => one.lines.includes(position))].find((one) => one.id === candidate);
  if (found === undefined) throw refusals.candidate_gone({ position });
  return { candidate: found, lines: found.lines.map((one) => lines.find((line) => line.position === one)!) };
}

async function carryOut(trx: Trx, booking: Booking, by: string, item: Item): Promise<Done> {
  const { candidate, lines } = item;
  if (isLink(candidate)) return linkAll(trx, booking, by, { lines, entries: candidate.entries });
  if (candidate.orders.length > 1 || (candidate.orders.length === 1 && lines.length > 1)) return payAll(trx, booking, by, lines, candidate.orders);
  const written = await writeBodies(trx, booking, [item]);
  const [result] = await post(trx, booking.estate_id, written);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, booking.estate_id, result!, written[0]!.body);
  return { seq: result!.seq, match_id: null };
}

/** Why the door takes no link of a debit: nobody signed for it, or not until it had gone. */
async function unsigned(trx: Trx, { estate_id }: Booking, lines: readonly OpenLine[], entries: readonly number[]): Promise<Refusal> {
  const booked_on = lines.find((line) => isOut(line.amount))?.booked_on ?? '–';
  if (entries.length === 0) return refusals.match_return_unsigned({ booked_on }, 'lines');
  const late = await trx.selectFrom('journal_entry as e').innerJoin('proposal as p', (join) => join.onRef('p.estate_id', '=', 'e.estate_id').onRef('p.proposal_id', '=', 'e.proposal_id'))
    .select(['e.kind', 'e.number', 'p.approved_at']).where('e.estate_id', '=', estate_id).where('e.seq', 'in', entries)
    .where('p.approved_at', 'is not', null).orderBy('p.approved_at', 'desc').executeTakeFirstOrThrow();
  return refusals.match_before_signed({ booked_on, number: entryNumber(late.kind, late.number), approved_on: businessDate(late.approved_at!) }, 'entries');
}

async function linkAll(trx: Trx, booking: Booking, by: string, { lines, entries }: { lines: readonly OpenLine[]; entries: readonly number[] }): Promise<Done> {
  const positions = lines.map((line) => line.position).sort((a, b) => a - b);
  const [result] = await link(trx, booking, by, [{ lines: positions, entries: [...entries].sort((a, b) => a - b) }]);
  switch (result!.status) {
    case 'matched': return { seq: null, match_id: result!.match_id };
    case 'line_taken': throw refusals.bank_line_answered({ position: positions[0]! });
    case 'line_unknown': throw refusals.bank_line_missing({ account: booking.account, position: positions[0]! });
    case 'match_empty': throw refusals.match_nothing();
    case 'line_unsigned': throw await unsigned(trx, booking, lines, entries);
    case 'sums_differ': throw refusals.match_sums_differ({ lines: moneyFigures(total(lines.map((line) => line.amount))), entries: '–', difference: '–' }, 'entries');
    default: throw refusals.match_entry_unknown({ account: booking.account }, 'entries');
  }
}

/** Pays several orders with one line, or one with several, then links them: each order is its own entry. */
async function payAll(trx: Trx, booking: Booking, by: string, lines: readonly OpenLine[], orders: readonly number[]): Promise<Done> {
  const last = [...lines].sort((a, b) => a.position - b.position).at(-1)!;
  const { entry_date } = fromLine(booking, last);
  const bodies = await paymentBodies(trx, booking.estate_id, orders.map((proposal_id) => (
    { proposal_id, made_by: by, paid_on: entry_date, reference: last.serial === '' ? referenceOf(booking, last) : last.serial })));
  const results = await postEntries(trx, booking.estate_id, bodies);
  const refused = results.findIndex((one) => !isBooked(one.status));
  if (refused >= 0) throw await explainRefusal(trx, booking.estate_id, results[refused]!, bodies[refused]!);
  const { match_id } = await linkAll(trx, booking, by, { lines, entries: results.map((one) => one.seq!) });
  return { seq: results[0]!.seq, match_id };
}

// ── Saying oneself what a line is ────────────────────────────────────────────────────────────────

export interface ByHand extends Asked {
  /** The line, and others that go with it. */
  positions: readonly number[];
  entries?: readonly number[] | undefined;
  orders?: readonly number[] | undefined;
  /** Of credits. */
  parts?: readonly PartTyped[] | undefined;
  /** Memo of the entry; the program's own words where it is empty. */
  description?: string | undefined;
  suspense?: boolean | undefined;
}

/** Matches or books as a person says. Refusals: those of demand() for reconcile, reconcile_account_unknown, bank_line_missing,
 *  bank_line_answered, match_nothing, match_lines_both_ways, match_payee_differs, match_before_signed, match_sums_differ, match_entry_unknown,
 *  match_orders_sum, match_order_unknown, match_money_in_only, suspense_fund_missing, those of readParts() and of the door. */
export async function matchByHand(house: House, asked: ByHand): Promise<Done> {
  const { estate, account, positions, entries = [], orders = [], parts = [], suspense = false } = asked;
  const by = demand(asked.actor, estate.estate_id, 'reconcile').person_id;
  return inEstate(house.db.app, estate.estate_id, async (trx) => {
    // Whoever presses twice waits here, and is told that the line is answered.
    await lockEstate(trx, estate.estate_id);
    const sources = await readSources(trx, estate.estate_id, account);
    const booking = await bookingOf(trx, estate.estate_id, account, by);
    const lines: OpenLine[] = [];
    for (const position of new Set(positions)) lines.push(await demandLine(trx, estate, sources, position));
    if (suspense) return putToSuspense(trx, estate, booking, lines, sources);
    if (orders.length > 0) return payByHand(trx, booking, by, lines, orders, sources);
    if (entries.length > 0 || (lines.length > 1 && parts.length === 0)) return linkByHand(trx, booking, by, lines, entries, sources);
    return bookByHand(trx, booking, by, lines, parts, asked.description ?? '');
  });
}

async function putToSuspense(trx: Trx, estate: Estate, booking: Booking, lines: readonly OpenLine[], { free_fund }: Sources): Promise<Done> {
  if (free_fund === null) throw refusals.suspense_fund_missing();
  const { results: [result] } = await suspend(trx, estate, booking, lines, free_fund);
  if (!isBooked(result!.status)) throw refusals.bank_line_answered({ position: lines[0]!.position });
  return { seq: result!.seq, match_id: null };
}

function refuseBothWays(lines: readonly { amount: string }[]): void {
  if (new Set(lines.map((line) => isOut(line.amount))).size > 1) throw refusals.match_lines_both_ways({}, 'lines');
}

/** The bank may have paid only to the account that was signed, and only once it was signed. A collective debit names no payee
 *  of its own: the bank's file said who was paid. It goes out after the last signature all the same. */
export function refuseOtherPayee(
  line: Pick<OpenLine, 'amount' | 'booked_on' | 'counterparty_account' | 'memo' | 'purpose'>,
  signed: Pick<OpenOrder, 'payee_account' | 'payee_last4'> & { approved_on: string | null }, number: string, collective = false,
): void {
  if (!isOut(line.amount) || signed.approved_on === null) return;
  if (!collective && sameAccount(line.counterparty_account, signed) === 'other') {
    throw refusals.match_payee_differs({ paid_to: line.counterparty_account.slice(-4), signed_to: (accountKey(signed.payee_account) || signed.payee_last4).slice(-4) }, 'entries');
  }
  if (isCash(line) && accountKey(signed.payee_account) !== '') throw refusals.match_paid_in_cash({ booked_on: line.booked_on, number }, 'entries');
  if (signed.approved_on > line.booked_on) throw refusals.match_before_signed({ booked_on: line.booked_on, number, approved_on: signed.approved_on }, 'entries');
}

/** Money that went out and came back cancels only where it was signed for: else whoever keeps the account could lend from it,
 *  and nobody would hear of it. */
function refuseUnsigned(lines: readonly OpenLine[], orders: readonly OpenOrder[]): void {
  for (const line of lines) {
    if (!isOut(line.amount) || orders.some((one) => allows(one, line) && sameAccount(line.counterparty_account, one) === 'same')) continue;
    throw refusals.match_return_unsigned({ booked_on: line.booked_on }, 'lines');
  }
}

/** All of one pay file, debited in one sum to an account of the bank. */
const isCollective = (line: OpenLine, paid: readonly { pay_file: number | null }[]): boolean =>
  paid.length > 1 && paid[0]!.pay_file !== null && paid.every((one) => one.pay_file === paid[0]!.pay_file) && isPassage(line);

async function linkByHand(
  trx: Trx, booking: Booking, by: string, lines: readonly OpenLine[], seqs: readonly number[], { items, orders }: Sources,
): Promise<Done> {
  const entries = [...new Set(seqs)].map((seq): BookItem => {
    const found = items.find((item) => item.seq === seq);
    if (found === undefined) throw refusals.match_entry_unknown({ account: booking.account }, 'entries');
    return found;
  });
  if (entries.length === 0) {
    const others = new Set(lines.map((line) => accountKey(line.counterparty_account)));
    if (others.size !== 1 || others.has('')) throw refusals.match_lines_both_ways({}, 'lines');
    refuseUnsigned(lines, orders);
    // Takings less a payment are no deposit: each is a line of its own, or one of them never happened.
  } else refuseBothWays([...lines, ...entries]);
  for (const line of lines) for (const item of entries) refuseOtherPayee(line, item, item.number, isCollective(line, entries));
  const [of_lines, of_entries] = [total(lines.map((line) => line.amount)), total(entries.map((item) => item.amount))];
  if (!of_lines.equals(of_entries)) {
    throw refusals.match_sums_differ({ lines: moneyFigures(of_lines), entries: moneyFigures(of_entries), difference: apart(of_lines, of_entries) }, 'entries');
  }
  return linkAll(trx, booking, by, { lines, entries: entries.map((item) => item.seq) });
}

async function payByHand(
  trx: Trx, booking: Booking, by: string, lines: readonly OpenLine[], ids: readonly number[], sources: Sources,
): Promise<Done> {
  refuseBothWays(lines);
  const orders = [...new Set(ids)].map((id): OpenOrder => {
    const found = sources.orders.find((order) => order.proposal_id === id);
    if (found === undefined || found.objected || lines.some((line) => !isOut(line.amount) || (found.payable_from !== null && found.payable_from > line.booked_on))) {
      throw refusals.match_order_unknown({ order: id }, 'orders');
    }
    return found;
  });
  for (const line of lines) for (const order of orders) refuseOtherPayee(line, order, order.reference, isCollective(line, orders));
  const [paid, ordered] = [negated(total(lines.map((line) => line.amount))), total(orders.map((order) => order.amount))];
  if (!paid.equals(ordered)) {
    throw refusals.match_orders_sum({ lines: moneyFigures(paid), orders: moneyFigures(ordered), difference: apart(paid, ordered) }, 'orders');
  }
  const candidate = { id: '', why: 'order_amount', certain: false, lines: lines.map((line) => line.position), entries: [], orders: orders.map((one) => one.proposal_id) } as const;
  return carryOut(trx, booking, by, { candidate: { ...candidate, lines: [...candidate.lines], entries: [], orders: [...candidate.orders] }, lines: [...lines] });
}

async function bookByHand(
  trx: Trx, booking: Booking, by: string, lines: readonly OpenLine[], typed: readonly PartTyped[], description: string,
): Promise<Done> {
  if (typed.length === 0) throw refusals.match_nothing({}, 'account');
  if (lines.some((line) => isOut(line.amount))) throw refusals.match_money_in_only({}, 'account');
  const last = [...lines].sort((a, b) => a.position - b.position).at(-1)!;
  const base = fromLine(booking, last);
  const { credits, payments, prepaid, learned } = await readParts(trx, booking.estate_id, typed, { total: sum(lines.map(amountOf)), on: base.entry_date, whole: true });
  const memo = description.trim() === '' ? `银行收款：${memoOf(booking, credits)}（人工勾对）` : readMemo(description);
  const several = lines.length > 1;
  const body = entryBody({
    ...base, kind: 'receipt', description: memo, postings: [...debitsOf(booking.account, credits), ...credits],
    ...(several ? { bank_line: undefined, key: `lines:${booking.account}:${lines.map((line) => `${line.position}.${line.tries}`).join(',')}`.slice(0, 200) } : {}),
  });
  const [result] = await postEntries(trx, booking.estate_id, [body]);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, booking.estate_id, result!, body);
  await keepReceipts(trx, booking.estate_id, [{ seq: result!.seq!, payments, prepaid, note: noteOf(last) }]);
  if (learned !== null) await learn(trx, booking.estate_id, last, learned, by);
  if (!several) return { seq: result!.seq, match_id: null };
  const { match_id } = await linkAll(trx, booking, by, { lines, entries: [result!.seq!] });
  return { seq: result!.seq, match_id };
}

const memoOf = ({ account_names }: Booking, credits: readonly { account: string }[]): string =>
  [...new Set(credits.map((line) => account_names.get(line.account) ?? line.account))].slice(0, 4).join('、');

// ── Taking a link back ───────────────────────────────────────────────────────────────────────────

/** Ends a link; both sides are open again. What was booked from a line is undone by a reversal. Refusals: those of demand()
 *  for reconcile, bank_match_unknown, bank_match_booked. */
export async function endMatch(house: House, { estate: { estate_id }, actor, match_id }: { estate: Estate; actor: Actor | null; match_id: number }): Promise<void> {
  const by = demand(actor, estate_id, 'reconcile').person_id;
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows: [row] } = await sql<{ status: string }>`select end_bank_match(${estate_id}, ${match_id}, ${by}) as status`.execute(trx);
    if (row!.status === 'match_unknown') throw refusals.bank_match_unknown();
    if (row!.status !== 'match_booked') return;
    const { rows: [entry] } = await sql<{ number: string }>`select e.period || ' ' || entry_number(e.kind, e.number) as number from bank_match m
      join journal_entry e on e.estate_id = m.estate_id and e.seq = m.entry_seq where m.estate_id = ${estate_id} and m.match_id = ${match_id} limit 1`.execute(trx);
    throw refusals.bank_match_booked({ number: entry?.number ?? '' });
  });
}
