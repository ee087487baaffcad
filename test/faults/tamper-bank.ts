// The bank in the books of the tamper drill: September's statement with a debit and a credit that nobody explains, October's
// with another; in October an order is signed for the first debit, and the credit is explained.
import { sql } from 'kysely';
import { executeOrder } from '../../src/payment/settle.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine, type NewEntry } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { propose } from '../disclosure/books.ts';
import { pdfFile, sign, submitted } from '../payment/story.ts';
import type { TestHouse } from '../helpers/house.ts';
import type { Copy } from './tamper-books.ts';

type Line = readonly [day: string, amount: string];

/** Takes a statement of the account 1002, its file in the storage. Gives its record. */
async function take(h: TestHouse, { opening, from, to, lines }: { opening: string; from: string; to: string; lines: readonly Line[] }): Promise<number> {
  const { estate: { estate_id }, persons: { cashier } } = h;
  const file = pdfFile(`statement ${from}`);
  const sha256 = await h.house.storage.keep(file);
  let balance = money(opening);
  const rows = lines.map(([day, amount], i) => {
    balance = sum([balance, money(amount)]);
    return [day, amount, moneyText(balance), `${from.slice(5, 7)}${String(i + 1).padStart(6, '0')}`];
  });
  return inEstate(h.house.db.app, estate_id, async (trx) => {
    const seq = await appendRecord(trx, estate_id, 'voucher_received', { sha256, media_type: 'application/pdf', size: file.length, made_by: cashier });
    await trx.insertInto('voucher').values({
      estate_id, sha256, media_type: 'application/pdf', size: file.length, file_name: 'statement.pdf', audience: 'officers', uploaded_by: cashier, seq,
    }).execute();
    const body = canonical({ account: '1002', closing: moneyText(balance), format: 'test', from, imported_by: cashier, lines: rows, opening, period_stated: true, repeated: 0, to, voucher: sha256 });
    return (await sql<{ seq: number }>`select take_statement(${estate_id}, ${body}) as seq`.execute(trx)).rows[0]!.seq;
  });
}

let keys = 0;
async function post(h: TestHouse, entry: Omit<NewEntry, 'key' | 'made_by' | 'description'>): Promise<number> {
  const body = entryBody({ description: '银行流水', key: `bank ${keys += 1}`, made_by: h.persons.cashier, ...entry });
  const [result] = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  if (result?.status !== 'posted') throw new Error(`bank line: ${result?.status}`);
  return result.seq!;
}

const line = (side: 'debit' | 'credit', account: string, amount: string): EntryLine => ({ account, fund: 'service', [side]: money(amount) }) as EntryLine;

/** A line that nobody explains, on its day. */
const suspend = (h: TestHouse, position: number, [day, amount]: Line): Promise<number> => (amount.startsWith('-')
  ? post(h, { kind: 'payment', entry_date: day, bank_line: { account: '1002', position }, postings: [line('debit', '1291', amount.slice(1)), line('credit', '1002', amount.slice(1))] })
  : post(h, { kind: 'receipt', entry_date: day, bank_line: { account: '1002', position }, postings: [line('debit', '1002', amount), line('credit', '2291', amount)] }));

async function match(h: TestHouse, pairs: readonly (readonly [seq: number, position: number])[]): Promise<void> {
  const body = canonical({ account: '1002', by: h.persons.cashier, matches: pairs.map(([seq, position]) => ({ entries: [seq], lines: [position] })) });
  await inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select status from match_bank_lines(${h.estate.estate_id}, ${body})`.execute(trx);
    for (const { status } of rows) if (status !== 'matched') throw new Error(`match: ${status}`);
  });
}

/** Records of the bank in September by what they are. */
export interface BankSeqs { statement: number; debit: number; mandate: number }

const DEBIT: Line = ['2026-09-15', '-260.00'];
const FEE: Line = ['2026-09-25', '-12.00'];
const CREDIT: Line = ['2026-09-18', '88.00'];

/** The bank may take up to 50 yuan at once. */
async function mandated(h: TestHouse): Promise<number> {
  const id = await propose(h, { kind: 'mandate', amount: null, fund: 'service', content: {
    bank_account: '1002', account: '5119', fund: 'service', purpose: '手续费', cap_each: '50.00', cap_month: '80.00', valid_from: '2026-09-01', valid_to: '2027-08-31' } });
  const { rows } = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => sql<{ status: string }>`select open_mandate(${h.estate.estate_id}, ${id}) as status`.execute(trx));
  if (rows[0]!.status !== 'opened') throw new Error(`mandate: ${rows[0]!.status}`);
  return id;
}

/** `seqs`: entries of September's receipts and payments. */
export async function septemberBank(h: TestHouse, seqs: Record<'receipt' | 'advertising' | 'payment' | 'weak_payment' | 'later_receipt', number>): Promise<BankSeqs> {
  const statement = await take(h, { opening: '0.00', from: '2026-09-01', to: '2026-09-30', lines: [
    ['2026-09-02', '52000.00'], ['2026-09-03', '800.00'], ['2026-09-08', '-7000.00'], ['2026-09-08', '-950.00'], DEBIT, CREDIT, ['2026-09-21', '4100.00'], FEE] });
  await match(h, [[seqs.receipt, 1], [seqs.advertising, 2], [seqs.payment, 3], [seqs.weak_payment, 4], [seqs.later_receipt, 7]]);
  // Two lines are left to October, whose file has to bring the statement along.
  return { statement, debit: await suspend(h, 5, DEBIT), mandate: await mandated(h) };
}

const one = async (copy: Copy, text: string): Promise<number | null> =>
  ((await copy.superuser.query<{ seq: number }>(text, [copy.estate.estate_id])).rows[0]?.seq ?? null);

/** October's statement, with a debit that nobody explains; gives the entries. Done once, by whoever comes first. */
export async function octoberStatement(copy: Copy): Promise<{ statement: number; debit: number }> {
  const statement = await one(copy, `select seq from bank_statement where estate_id = $1 and period_to = '2026-10-14'`)
    ?? await take(copy, { opening: '48766.00', from: '2026-10-01', to: '2026-10-14', lines: [['2026-10-02', '51000.00'], ['2026-10-12', '-45.50']] });
  const debit = await one(copy, `select seq from record where estate_id = $1 and kind = 'journal_entry' and body like '%45.50%' order by seq limit 1`)
    ?? await suspend(copy, 10, ['2026-10-12', '-45.50']);
  return { statement, debit };
}

/** An order for September's debit is signed afterwards, by password and passkey; gives its entry. Done once. */
export async function settleDebit(copy: Copy): Promise<{ entry: number; proposal: number }> {
  const settling = `select seq from journal_entry where estate_id = $1 and settles = ${copy.bank.debit}`;
  if (await one(copy, settling) === null) {
    const id = await submitted(copy, { purpose: '垃圾清运（补单）', amount: '260.00', settles: copy.bank.debit });
    await sign(copy, id, 'manager');
    const answer = await copy.doors.signWith('committee1', copy.key, id);
    if (answer.json['status'] !== 'approved') throw new Error(answer.body);
    await executeOrder(copy.house, copy.estate, id);
  }
  const entry = (await one(copy, settling))!;
  return { entry, proposal: (await one(copy, `select proposal_id as seq from journal_entry where estate_id = $1 and seq = ${entry}`))! };
}

/** What October does about the bank: September's debit is explained by an order, its fee is booked under the mandate and its
 *  credit explained; and another debit comes. */
export async function octoberBank(copy: Copy): Promise<void> {
  await settleDebit(copy);
  await post(copy, { kind: 'payment', entry_date: '2026-10-15', mandate: copy.bank.mandate, bank_line: { account: '1002', position: 8 }, postings: [line('debit', '5119', '12.00'), line('credit', '1002', '12.00')] });
  const credit = await suspend(copy, 6, ['2026-10-15', CREDIT[1]]);
  await post(copy, { kind: 'transfer', entry_date: '2026-10-15', settles: credit, postings: [line('debit', '2291', '88.00'), line('credit', '4101', '88.00')] });
  await octoberStatement(copy);
}
