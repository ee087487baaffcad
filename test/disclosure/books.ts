// Books for the tests of the disclosure, kept through the real doors: receipts, payments, transfers and
// reversals under real proposals and signatures. Signatures go straight to record_signature(), because
// a signing password costs argon2 each time and is tested in approval/.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { dueAt } from '../../src/disclosure/assemble.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate, setDemoClock } from '../../src/kernel/database.ts';
import { instant, shanghaiInstant } from '../../src/kernel/dates.ts';
import { money, negated, type Money } from '../../src/kernel/money.ts';
import { entryBody, lineJson, onlyFund, sumsOf, type EntryKind, type EntryLine } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import type { Kind } from '../../src/approval/kinds.ts';

export interface Books extends TestHouse {
  /** Moves the clock of the estate and of the house: '2031-10-31 23:59' in Shanghai. */
  at(moment: string | Date): void;
  now(): Date;
}

interface Ending { teardown(work: () => unknown): void }

/** A demo estate (so that its clock may be set; years ahead, because a log's time never runs back) whose books begin in
 *  `first_period`. Its log begins today; with `opened_then` at the moment given. */
export async function testBooks(t: Ending, first_period = '2031-10', at = `${first_period}-28 09:00`, { opened_then = false } = {}): Promise<Books> {
  let now = momentOf(at);
  const h = await testHouse(t, { first_period, is_demo: true, [opened_then ? 'demo_clock' : 'clock']: () => now });
  for (const db of [h.db.app, h.db.signer]) setDemoClock(db, () => now);
  return { ...h, at: (moment) => { now = momentOf(moment); }, now: () => now };
}

const momentOf = (moment: string | Date): Date =>
  (typeof moment === 'string' ? shanghaiInstant(moment.slice(0, 10), moment.slice(11, 16)) : moment);

/** The moment at which a month's disclosure is due, shifted by minutes. */
export const due = (h: Books, period: string, minutes = 0): Date =>
  instant(new Date(dueAt(h.estate, period).getTime() + minutes * 60_000).toISOString());

let keys = 0;
interface Entry {
  date: string; description?: string; lines: EntryLine[]; proposal?: number; reverses?: number; vouchers?: string[];
  /** Line of the bank that it books; suspense entry that it clears. */
  line?: number; settles?: number;
}

async function post(h: TestHouse, kind: EntryKind, entry: Entry): Promise<number> {
  keys += 1;
  const body = entryBody({
    kind, entry_date: entry.date, description: entry.description ?? `测试 ${keys}`, key: `test-${keys}`,
    made_by: h.persons.cashier, postings: entry.lines, proposal: entry.proposal, reverses: entry.reverses,
    vouchers: entry.vouchers, settles: entry.settles,
    bank_line: entry.line === undefined ? undefined : { account: '1002', position: entry.line },
  });
  const [result] = await inEstate(h.db.app, h.estate.estate_id, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  assert.equal(result!.status, 'posted', `${kind} ${entry.date}: ${result!.status}`);
  return result!.seq!;
}

export interface Money1 { date: string; amount: string; account?: string; fund?: string; description?: string; vouchers?: string[]; bank?: string; line?: number }

/** 收: money comes in. Gives the record's seq. */
export function receive(h: TestHouse, { date, amount, account = '4101', fund = 'service', bank = '1002', ...rest }: Money1): Promise<number> {
  return post(h, 'receipt', { date, ...rest, lines: [
    { account: bank, fund, debit: money(amount) }, { account, fund, credit: money(amount) },
  ] });
}

/** A proposal, submitted; `signed` bodies sign it. */
export async function propose(h: TestHouse, proposal: {
  kind: Kind; title?: string; amount: Money | null; fund: string | null; content: Parameters<typeof submitProposal>[1]['content'];
  signers?: readonly ('manager' | 'committee1' | 'committee2')[];
}): Promise<number> {
  const { estate } = h;
  const { kind, title = `测试单 ${kind}`, amount, fund, content, signers = ['manager', 'committee1', 'committee2'] } = proposal;
  const actor = h.actorOf('cashier');
  const { id, hash } = await inEstate(h.db.app, estate.estate_id, async (trx) => {
    const id = await draftProposal(trx, { estate_id: estate.estate_id, kind, title, amount, fund, made_by: actor.person_id });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id: id, actor, title, amount, fund, content });
    return { id, hash: document_hash };
  });
  for (const name of signers) {
    const body = name === 'manager' ? 'property' : 'committee';
    const { rows } = await inEstate(h.db.signer, estate.estate_id, (trx) => sql<{ status: string }>`select record_signature(
      ${estate.estate_id}, ${canonical({ proposal: id, document_hash: hash, person: h.persons[name], body, decision: 'approve', method: 'password' })}
    ) as status`.execute(trx));
    if (rows[0]!.status === 'approved') break;
    assert.equal(rows[0]!.status, 'signed');
  }
  return id;
}

/** A payment order, signed; pay it with payOut(). */
export function signOrder(h: TestHouse, { amount, account = '5104', fund = 'service', bank = '1002' }: Pick<Money1, 'amount' | 'account' | 'fund' | 'bank'>): Promise<number> {
  const lines = [{ account, fund, debit: money(amount) }, { account: bank, fund, credit: money(amount) }];
  return propose(h, { kind: 'payment', amount: money(amount), fund, content: { postings: lines.map(lineJson) } });
}

/** 付: a signed order, paid; signed now, where it is not given. */
export async function payOut(h: TestHouse, { proposal, ...paid }: Money1 & { proposal?: number }): Promise<number> {
  const { date, amount, account = '5104', fund = 'service', bank = '1002', ...rest } = paid;
  const lines = [{ account, fund, debit: money(amount) }, { account: bank, fund, credit: money(amount) }];
  return post(h, 'payment', { date, ...rest, proposal: proposal ?? await signOrder(h, paid), lines });
}

/** 转: a signed transfer of any lines. */
export async function transfer(h: TestHouse, { date, lines, description }: { date: string; lines: EntryLine[]; description?: string }): Promise<number> {
  const proposal = await propose(h, { kind: 'transfer', amount: sumsOf(lines).debit, fund: onlyFund(lines), content: { postings: lines.map(lineJson) } });
  return post(h, 'transfer', { date, lines, proposal, ...(description === undefined ? {} : { description }) });
}

/** 红字: reverses an entry. */
export async function reverse(h: TestHouse, { date, seq, kind }: { date: string; seq: number; kind: EntryKind }): Promise<number> {
  const lines = await inEstate(h.db.app, h.estate.estate_id, (trx) => trx.selectFrom('posting')
    .select(['account', 'fund', 'debit', 'credit']).where('estate_id', '=', h.estate.estate_id).where('seq', '=', seq)
    .orderBy('line').execute());
  const red = lines.map(({ account, fund, debit, credit }): EntryLine => (Number(debit) !== 0
    ? { account, fund, debit: negated(money(debit)) } : { account, fund, credit: negated(money(credit)) }));
  const proposal = await propose(h, {
    kind: 'reversal', amount: negated(sumsOf(red).debit), fund: onlyFund(red), content: { reverses: seq, postings: red.map(lineJson) },
  });
  return post(h, kind, { date, lines: red, proposal, reverses: seq, description: '红字冲销' });
}

/** A line of the bank that nobody explains: 待核实支出 or 待核实收入. */
export function suspend(h: TestHouse, { line, date, amount, fund = 'service' }: { line: number; date: string; amount: string; fund?: string }): Promise<number> {
  const sum = money(amount.replace('-', ''));
  return amount.startsWith('-')
    ? post(h, 'payment', { date, line, description: '待核实支出', lines: [{ account: '1291', fund, debit: sum }, { account: '1002', fund, credit: sum }] })
    : post(h, 'receipt', { date, line, description: '待核实收入', lines: [{ account: '1002', fund, debit: sum }, { account: '2291', fund, credit: sum }] });
}

/** An order signed after the fact clears an unexplained debit. */
export async function settleDebit(h: TestHouse, { settles, date, amount, account = '5104', fund = 'service' }: { settles: number; date: string; amount: string; account?: string; fund?: string }): Promise<number> {
  const order = [{ account, fund, debit: money(amount) }, { account: '1002', fund, credit: money(amount) }];
  const proposal = await propose(h, {
    kind: 'payment', title: '事后补签', amount: money(amount), fund, content: { postings: order.map(lineJson), after_the_fact: { entry: settles } } as never,
  });
  return post(h, 'transfer', { date, settles, proposal, description: '补签', lines: [order[0]!, { account: '1291', fund, credit: money(amount) }] });
}

/** An unexplained credit turns out to be income. */
export function settleCredit(h: TestHouse, { settles, date, amount, account = '4101', fund = 'service' }: { settles: number; date: string; amount: string; account?: string; fund?: string }): Promise<number> {
  return post(h, 'transfer', { date, settles, description: '查明收入', lines: [{ account: '2291', fund, debit: money(amount) }, { account, fund, credit: money(amount) }] });
}

/** Lines and entries that are the same money; gives the numbers of the matches. */
export async function matchLines(h: TestHouse, matches: readonly { lines: number[]; entries: number[] }[], account = '1002'): Promise<number[]> {
  const { rows } = await inEstate(h.db.app, h.estate.estate_id, (trx) => sql<{ status: string; match_id: number }>`select status, match_id from match_bank_lines(
    ${h.estate.estate_id}, ${canonical({ account, by: h.persons.cashier, matches: matches as never })}) order by place`.execute(trx));
  assert.deepEqual(rows.map(({ status }) => status), matches.map(() => 'matched'));
  return rows.map(({ match_id }) => match_id);
}

/** Closes a month under both keys. */
export async function closeMonth(h: TestHouse, period: string): Promise<void> {
  const { estate_id } = h.estate;
  const { rows } = await h.superuser.query(`select count(*)::integer as entries, coalesce(sum(amount), 0)::numeric(18,2) as debit
    from journal_entry where estate_id = $1 and period = $2`, [estate_id, period]);
  const proposal = await propose(h, { kind: 'close', amount: null, fund: null,
    content: { period, entries: rows[0].entries, debit: rows[0].debit } });
  const { rows: closed } = await inEstate(h.db.app, estate_id, (trx) =>
    sql<{ status: string }>`select close_period(${estate_id}, ${proposal}) as status`.execute(trx));
  assert.equal(closed[0]!.status, 'closed');
}
