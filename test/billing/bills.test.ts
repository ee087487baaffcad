// Bills: made once from area and rate, paid oldest first, given back by a reversal, never paid twice.
import fc from 'fast-check';
import t from 'tap';
import { billDue, billMonth, setBillingStart } from '../../src/billing/bill.ts';
import { billsByUnit, billsOf, billTotals, findUnits, openBills, unitOfVirtualAccount, unitsOfName, type OpenBill } from '../../src/billing/queries.ts';
import { receiptLines, recordBillPayments, type BillPart } from '../../src/billing/receipt.ts';
import { enterVirtualAccounts } from '../../src/billing/virtual-account.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { entryBody, lineJson, redLines, type EntryLine } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { propose, testBooks, type Books } from '../disclosure/books.ts';

const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);
let keys = 0;
/** Posts a receipt and what it pays in one transaction, as whoever matches a line does. */
const pay = (h: Books, date: string, lines: EntryLine[], payments: BillPart[]): Promise<number> => work(h, async (trx) => {
  const body = entryBody({ kind: 'receipt', entry_date: date, description: '物业费', key: `bills ${keys += 1}`, made_by: h.persons.cashier, postings: lines });
  const [result] = await postEntries(trx, h.estate.estate_id, [body]);
  if (result!.status !== 'posted') throw new Error(result!.status);
  await recordBillPayments(trx, { estate_id: h.estate.estate_id, seq: result!.seq!, payments });
  return result!.seq!;
});
/** Reverses a receipt in red, line by line. */
const takeBack = async (h: Books, date: string, seq: number, lines: EntryLine[]): Promise<void> => {
  const postings = redLines(lines);
  const proposal = await propose(h, { kind: 'reversal', amount: lines[0]!.debit!, fund: 'service', content: { reverses: seq, postings: postings.map(lineJson) } });
  const body = entryBody({ kind: 'receipt', entry_date: date, description: '红字冲销', key: `red ${seq}`, made_by: h.persons.cashier, postings, proposal, reverses: seq });
  const [result] = await work(h, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  if (result!.status !== 'posted') throw new Error(result!.status);
};
const shown = (lines: readonly EntryLine[]): string => lines.map((line) => {
  const { account, debit, credit } = lineJson(line) as Record<string, string>;
  return `${debit === undefined ? '贷' : '借'} ${account} ${debit ?? credit}`;
}).join(' ');

t.test('from the month the cashier sets, every dwelling owes area times rate, once a month; months missed are made up for', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-03 09:00');
  const { estate } = h;
  const open = (units?: string[]) => work(h, (trx) => openBills(trx, estate.estate_id, units === undefined ? {} : { units }));
  t.same(await billDue(h.house, estate), [], 'off until it is switched on');
  const set = (start_period: string | null, by: 'cashier' | 'manager' | 'committee1' | 'resident' = 'cashier', key?: string) =>
    setBillingStart(h.house, { estate, actor: h.actorOf(by), start_period, key });
  for (const typed of ['2031-09', '2031-13', '2033-01', 'soon', '2031-1']) await t.rejects(set(typed), { code: 'billing_start_invalid', field: 'start_period' }, typed);
  for (const who of ['committee1', 'resident'] as const) await t.rejects(set('2031-11', who), { code: 'not_allowed' });
  await t.rejects(setBillingStart(h.house, { estate: { ...estate, fee_rate: null }, actor: h.actorOf('cashier'), start_period: '2031-11' }), { code: 'billing_rate_missing' });
  const answers = await Promise.all([1, 2, 3].map(() => set('2031-11', 'cashier', 'pressed thrice')));
  t.same(answers, Array.from({ length: 3 }, () => ({ start_period: '2031-11', made: 56 })), 'November and December for 28 dwellings');
  t.match((await open([h.home])), [
    { unit: h.home, item: 'property_fee', period: '2031-11', amount: '102.00', paid: '0.00', open: '102.00', due_on: '2031-11-30' }, { period: '2031-12' }]);
  t.same(await work(h, (trx) => billMonth(trx, estate, '2031-12')), { period: '2031-12', made: 0, total: money('0.00') });
  h.at('2032-03-01 00:20');
  t.match((await billDue(h.house, estate)).map(({ period, made }) => `${period} ${made}`), ['2032-01 28', '2032-02 28', '2032-03 28']);
  t.same(await billDue(h.house, estate), []);
  await set(null);
  h.at('2032-05-01 00:20');
  t.same(await billDue(h.house, estate), [], 'switched off');
  t.match(await work(h, (trx) => billTotals(trx, estate.estate_id)), { units: 28, owing: 28, billed: '14280.00', paid: '0.00', open: '14280.00' });
  const { rows: refs } = await h.superuser.query<{ ref: string }>('select ref from unit where estate_id = $1', [estate.estate_id]);
  const listed = sha256Hex(canonical(refs.map(({ ref }) => ref).sort().map((ref) => [ref, '102.00'])));
  const logged = await h.superuser.query<{ kind: string; body: string }>(`select kind, body from record where kind in ('bills_made', 'billing_set') and estate_id = $1 order by seq`, [estate.estate_id]);
  t.same(logged.rows.map((row) => `${row.kind} ${row.body}`).slice(0, 3), [
    `billing_set {"by":"${h.persons.cashier}","item":"property_fee","start_period":"2031-11"}`,
    `bills_made {"count":28,"item":"property_fee","period":"2031-11","rule":null,"sha256":"${listed}","total":"2856.00"}`,
    `bills_made {"count":28,"item":"property_fee","period":"2031-12","rule":null,"sha256":"${listed}","total":"2856.00"}`], 'with the hash of the list, by the names of the log');
  t.equal(logged.rowCount, 7);
  await t.rejects(h.superuser.query('update bill set amount = 1'), /append_only/);
  const first = await work(h, (trx) => billsByUnit(trx, estate.estate_id, '2032-05-01', { limit: 2, q: '1-' }));
  t.match(first.items.map((row) => row.unit), ['1-1-101', '1-2-101']);
  t.match(first.items[0], { bills: 5, billed: '510.00', open: '510.00', oldest: '2031-11', overdue: '510.00' });
  t.match((await work(h, (trx) => billsByUnit(trx, estate.estate_id, '2032-05-01', { limit: 99, q: '1-', after: first.next_cursor! }))).items.map((row) => row.unit), ['1-3-101', '1-4-101']);
});

t.test('a receipt pays the oldest bills first, and a red-letter reversal gives them back', async (t) => {
  const h = await testBooks(t, '2031-10', '2032-02-03 09:00');
  const { estate: { estate_id } } = h;
  for (const period of ['2031-12', '2032-01', '2032-02']) await work(h, (trx) => billMonth(trx, h.estate, period));
  const openOf = (unit: string) => work(h, (trx) => openBills(trx, estate_id, { units: [unit] }));
  const split = async (unit: string, amount: string) => receiptLines(await openOf(unit), money(amount), { debit: '1002', on: '2032-02-03' });
  t.equal(shown((await split(h.home, '102.00')).lines), '借 1002 102.00 贷 4110 102.00', 'last year: arrears');
  t.equal(shown((await split(h.home, '306.00')).lines), '借 1002 306.00 贷 4110 102.00 贷 4101 204.00');
  t.equal(shown((await split(h.home, '150.00')).lines), '借 1002 150.00 贷 4110 102.00 贷 4101 48.00');
  t.equal(shown((await split(h.home, '400.00')).lines), '借 1002 400.00 贷 4110 102.00 贷 4101 204.00 贷 2203 94.00', 'the rest is paid ahead');
  t.equal(shown(receiptLines(await openOf(h.home), money('306.00'), { debit: '1002', on: '2032-01-31' }).lines), '借 1002 306.00 贷 4110 102.00 贷 4101 102.00 贷 2203 102.00',
    'a bill of a later month is paid ahead');

  const part = await split(h.home, '150.00');
  const seq = await pay(h, '2032-02-03', part.lines, part.payments);
  t.match((await openOf(h.home)).map((bill) => `${bill.period} ${bill.paid} ${bill.open}`), ['2032-01 48.00 54.00', '2032-02 0.00 102.00']);
  const ref = (await openOf(h.home))[0]!.ref;
  const posted = await h.superuser.query('select account, unit from posting where estate_id = $1 and seq = $2 and credit > 0', [estate_id, seq]);
  t.same(posted.rows.map((row) => row.unit), [ref, ref], 'the dwelling stands in the journal by its random name');
  await work(h, (trx) => recordBillPayments(trx, { estate_id, seq, payments: part.payments }));
  t.match((await openOf(h.home))[0], { paid: '48.00' }, 'told again, nothing more');

  await t.rejects(pay(h, '2032-02-03', part.lines, part.payments), { code: 'bill_overpaid' }, 'the same bills once more');
  t.equal((await h.superuser.query('select from journal_entry where estate_id = $1', [estate_id])).rowCount, 1, 'and nothing of it is booked');
  const other = (await openOf('1-2-101'))[0]!;
  await t.rejects(pay(h, '2032-02-03', (await split(h.home, '50.00')).lines, [{ bill_id: other.bill_id, amount: money('50.00') }]), { code: 'bill_payment_beyond_entry' }, 'the money of another dwelling');
  await t.rejects(work(h, (trx) => recordBillPayments(trx, { estate_id, seq, payments: [{ bill_id: 999_999, amount: money('1.00') }] })), { code: 'bill_unknown' });

  await takeBack(h, '2032-02-03', seq, part.lines);
  t.match((await openOf(h.home)).map((bill) => bill.open), ['102.00', '102.00', '102.00'], 'all open again');
  t.match((await work(h, (trx) => billsOf(trx, estate_id, [h.home]))).at(-1)!.entries, [{ seq, reversed: true }]);
  await t.rejects(work(h, (trx) => recordBillPayments(trx, { estate_id, seq, payments: [{ bill_id: (part.payments[0]!).bill_id, amount: money('1.00') }, { bill_id: other.bill_id, amount: money('1.00') }] })), { code: 'bill_entry_reversed' });
  const whole = await split(h.home, '306.00');
  await pay(h, '2032-02-03', whole.lines, whole.payments);
  t.same(await openOf(h.home), []);

  // Two people match two lines to one bill at the same moment: one of them is told.
  const both = await split('1-3-101', '102.00');
  const outcome = await Promise.allSettled([1, 2].map(() => pay(h, '2032-02-03', both.lines, both.payments)));
  t.same(outcome.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
});

t.test('whatever is paid of whichever bills, the parts add up to the fen', async (t) => {
  const fen = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
  const bill = fc.record({ unit: fc.constantFrom('1-1', '1-2'), month: fc.integer({ min: 1, max: 30 }), open: fc.integer({ min: 1, max: 99_999_99 }) });
  fc.assert(fc.property(fc.array(bill, { maxLength: 12 }), fc.integer({ min: 1, max: 99_999_999 }), (made, amount) => {
    const bills = made.map(({ unit, month, open }, index): OpenBill => ({
      bill_id: index + 1, unit, ref: unit, item: 'property_fee', period: `${2030 + Math.floor((month - 1) / 12)}-${String(((month - 1) % 12) + 1).padStart(2, '0')}`,
      due_on: '2031-01-31', amount: fen(open), paid: '0.00', reduced: '0.00', open: fen(open), rule_id: null, of_bill: null, account: '4101', fund: 'service', name_zh: '物业费', name_en: 'Property fee',
    }));
    const { lines, payments, ahead } = receiptLines(bills, money(fen(amount)), { debit: '1002', on: '2031-06-15', ahead_ref: '1-1' });
    const credits = lines.flatMap((line) => (line.credit === undefined ? [] : [line.credit]));
    return moneyText(sum(credits)) === fen(amount) && moneyText(lines[0]!.debit!) === fen(amount) && credits.every((one) => one.greaterThan(0))
      && moneyText(sum([ahead, ...payments.map((one) => one.amount)])) === fen(amount)
      && payments.every((one) => !one.amount.greaterThan(bills.find((row) => row.bill_id === one.bill_id)!.open));
  }), { numRuns: 300 });
  t.pass();
});

t.test('a payer is known by what they write, by their full name, or by the bank\'s number for the dwelling', async (t) => {
  const h = await testBooks(t, '2031-10');
  const { estate, estate: { estate_id } } = h;
  const ask = <T>(does: (trx: Trx) => Promise<T>) => work(h, does);
  t.same((await ask((trx) => findUnits(trx, estate_id, '1栋1单元101 十月物业费'))).map(({ unit }) => unit), ['1-1-101']);
  t.same(await ask((trx) => unitsOfName(trx, estate_id, '王 阿姨')), [h.home]);
  for (const name of ['王阿', '阿姨', '王阿姨2', '']) t.same(await ask((trx) => unitsOfName(trx, estate_id, name)), [], name);
  const enter = (list: string, by: 'cashier' | 'committee1' = 'cashier') => enterVirtualAccounts(h.house, { estate, actor: h.actorOf(by), list });
  t.same(await enter('﻿房号,子账号\r\n1-1-101,8866 2001 0001 0001\r\n1栋2单元101\t88662001-00010002\n\n"1-3-101","88662001000 10003"\n'), { entered: 3, changed: 0 });
  t.same(await enter('1-1-101,8866200100010001\n1-4-101,8866200100010002'), { entered: 0, changed: 1 }, 'one went to another dwelling');
  t.equal(await ask((trx) => unitOfVirtualAccount(trx, estate_id, '8866 2001 0001 0001')), '1-1-101');
  t.equal(await ask((trx) => unitOfVirtualAccount(trx, estate_id, '8866200100010002')), '1-4-101');
  t.equal(await ask((trx) => unitOfVirtualAccount(trx, estate_id, '886620010001000')), null);
  for (const [list, code] of [['', 'virtual_accounts_empty'], ['房号,子账号', 'virtual_accounts_empty'], ['1-1-101 8866', 'virtual_account_line_invalid'], ['1-1-101,88', 'virtual_account_line_invalid'],
    ['1-1-101,8866,x', 'virtual_account_line_invalid'], ['9-9-999,88662001', 'virtual_account_unit_unknown'], ['1-1-101,88662009\n1-2-101,88662009', 'virtual_account_twice'],
    [`1-1-101,88662010\n${'x\n'.repeat(5000)}`, 'virtual_accounts_too_many']] as const) await t.rejects(enter(list), { code, field: 'list' }, code);
  t.equal((await h.superuser.query('select from unit_virtual_account')).rowCount, 3, 'a list is taken whole or not at all');
  await t.rejects(enter('1-1-101,88662001', 'committee1'), { code: 'not_allowed' });
  const { rows } = await h.superuser.query(`select body from record where kind = 'virtual_accounts_entered' order by seq`);
  t.same(rows.map((row) => row.body), [`{"by":"${h.persons.cashier}","changed":0,"entered":3}`, `{"by":"${h.persons.cashier}","changed":1,"entered":0}`], 'how many, not which');
});
