// The counter: payments in part, ahead and by several people, each with its receipt; what is ahead is released to its bills.
import t from 'tap';
import { billMonth, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments, previewPayment, type Payment } from '../../src/billing/counter.ts';
import { billsOf, openBills } from '../../src/billing/queries.ts';
import { recordBillPayments } from '../../src/billing/receipt.ts';
import { heldOf, releaseHeld } from '../../src/billing/release.ts';
import { freeOf } from '../../src/billing/release-held.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money, moneyText } from '../../src/kernel/money.ts';
import { lineJson, type EntryLine } from '../../src/ledger/entry.ts';
import { propose, testBooks, type Books } from '../disclosure/books.ts';

const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);

t.test('the counter', async (t) => {
  const h = await testBooks(t, '2031-10', '2032-01-05 09:00');
  const { estate, estate: { estate_id }, persons, home } = h;
  const made_by = persons.cashier;
  const other = '1-2-101';
  let keys = 0;
  const paid = (amount: string, change: Partial<Payment> = {}): Payment => ({ unit: home, amount: money(amount), paid_on: '2032-01-05', method: 'cash', key: `counter ${keys += 1}`, ...change });
  const take = (...payments: Payment[]) => takePayments(h.house, { estate_id, made_by, payments });
  const open = async (unit = home) => (await work(h, (trx) => openBills(trx, estate_id, { units: [unit] }))).map((bill) => `${bill.period} ${bill.open}`);
  const lines = async (seq: number) => (await h.superuser.query(`select p.account, p.fund, p.debit, p.credit from posting p where p.estate_id = $1 and p.seq = $2 order by p.line`, [estate_id, seq]))
    .rows.map((row) => `${row.account} ${row.fund} ${Number(row.debit) === 0 ? row.credit : row.debit}`);
  const ref = (await h.superuser.query('select ref from unit where estate_id = $1 and unit = $2', [estate_id, home])).rows[0].ref as string;
  const held = async () => {
    const funds = (await work(h, (trx) => heldOf(trx, estate_id, [ref]))).get(ref);
    return [...funds ?? []].map(([fund, one]) => `${fund} ${moneyText(one.held)} free ${moneyText(freeOf(one))}`);
  };
  await setBillingStart(h.house, { estate, actor: h.actorOf('cashier'), start_period: '2031-11' });

  await t.test('several people pay in part; each has a receipt with the next number, and the bill counts both', async (t) => {
    t.same(await open(), ['2031-11 102.00', '2031-12 102.00', '2032-01 102.00']);
    const [one, two] = await take(paid('60.00', { payer: '王阿姨' }), paid('100.00', { payer: '李先生', method: 'wechat', reference: '4200001234' }));
    t.match([one, two], [{ status: 'taken', receipt: 1 }, { status: 'taken', receipt: 2 }]);
    t.same(await lines(one!.seq), ['1012 service 60.00', '4110 service 60.00'], 'cash is on its way until it is in the bank; last year is arrears');
    t.same(await lines(two!.seq), ['1012 service 100.00', '4110 service 100.00']);
    t.same(await open(), ['2031-12 44.00', '2032-01 102.00']);
    t.same((await h.superuser.query('select number, payer, method from receipt_note where estate_id = $1 order by number', [estate_id])).rows,
      [{ number: 1, payer: '王阿姨', method: 'cash' }, { number: 2, payer: '李先生', method: 'wechat' }]);
    const logged = await h.superuser.query(`select body from record where estate_id = $1 and kind = 'journal_entry'`, [estate_id]);
    t.notMatch(logged.rows.map((row) => row.body).join('\n'), /王阿姨|李先生|1-1-101/, 'nobody\'s name is in the log');
  });

  await t.test('all or nothing, and once a key', async (t) => {
    const again = paid('10.00');
    const [first] = await take(again);
    t.match(await take(again), [{ status: 'already_taken', seq: first!.seq, receipt: first!.receipt, allocation: null }]);
    await t.rejects(take({ ...again, amount: money('11.00') }), { code: 'key_reused', field: 'key' });
    await t.rejects(take(paid('1.00'), paid('1.00', { unit: '9-9-999' })), { code: 'payment_unit_unknown', field: 'payments.1.unit' });
    await t.rejects(take(paid('1.00'), paid('0.00')), { code: 'payment_nothing', field: 'payments.1.amount' });
    await t.rejects(take(paid('1.00'), paid('1.00', { paid_on: '2032-01-06' })), { code: 'period_not_open' }, 'nobody pays tomorrow');
    await t.rejects(take(paid('1.00', { choice: { bills: [{ bill_id: 999_999 }] } })), { code: 'allocation_bill_gone', field: 'bills' });
    const [theirs] = await work(h, (trx) => openBills(trx, estate_id, { units: [other] }));
    await t.rejects(take(paid('1.00', { choice: { bills: [{ bill_id: theirs!.bill_id }] } })), { code: 'allocation_bill_gone' }, 'a neighbour\'s bill');
    t.equal((await h.superuser.query('select max(number) as last, count(*)::int as count from receipt where estate_id = $1', [estate_id])).rows[0].last, first!.receipt, 'no number is lost');
  });

  await t.test('the payer\'s choice goes first; what is shown before is what is booked', async (t) => {
    const bills = await work(h, (trx) => openBills(trx, estate_id, { units: [home] }));
    const newest = bills.at(-1)!;
    const payment = paid('300.00', { choice: { bills: [{ bill_id: newest.bill_id }], ahead: [{ item: 'property_fee', from: '2032-02', amount: money('102.00') }] } });
    const shown = await work(h, (trx) => previewPayment(trx, estate_id, payment));
    const [taken] = await take(payment);
    t.same(shown.lines.map((line) => `${line.account} ${line.fund} ${moneyText(line.debit ?? line.credit!)}`), await lines(taken!.seq));
    t.same(await lines(taken!.seq), ['1012 service 300.00', '4101 service 102.00', '4110 service 34.00', '2203 service 164.00'], 'January as chosen, December as the oldest, the rest ahead');
    t.same(await open(), []);
    t.same(await held(), ['service 164.00 free 62.00'], 'a month of it for the property fee only');
  });

  await t.test('a bill is no sooner made than paid from what was paid ahead, and what a refund asks for stays', async (t) => {
    t.match(await work(h, (trx) => releaseHeld(trx, { estate_id })), { entries: [], dwellings: 0 }, 'nothing is billed');
    h.at('2032-02-01 00:20');
    await work(h, async (trx) => { await billMonth(trx, estate, '2032-02'); await releaseHeld(trx, { estate_id }); });
    t.same(await open(), []);
    t.same(await held(), ['service 62.00 free 62.00']);
    const february = (await work(h, (trx) => billsOf(trx, estate_id, [home])))[0]!;
    t.match(february, { period: '2032-02', paid: '102.00', entries: [{ amount: '102.00' }] });
    t.same(await lines(february.entries[0]!.seq), ['2203 service 102.00', '4101 service 102.00']);
    t.equal((await h.superuser.query('select from receipt where estate_id = $1 and seq = $2', [estate_id, february.entries[0]!.seq])).rowCount, 0, 'no receipt: nobody paid');
    await take(paid('500.00', { unit: '1-3-101', method: 'bank', paid_on: '2032-02-01' }));
    const back: EntryLine[] = [{ account: '2203', fund: 'service', debit: money('50.00'), unit: ref }, { account: '1002', fund: 'service', credit: money('50.00') }];
    await propose(h, { kind: 'refund', amount: money('50.00'), fund: 'service', content: { postings: back.map(lineJson) } });
    h.at('2032-03-01 00:20');
    await work(h, async (trx) => { await billMonth(trx, estate, '2032-03'); await releaseHeld(trx, { estate_id }); });
    t.same(await open(), ['2032-03 90.00'], 'twelve of the 62 yuan: fifty are promised back');
    t.match(await work(h, (trx) => releaseHeld(trx, { estate_id })), { entries: [] }, 'told again, nothing more');
  });

  await t.test('a payment dated before the month of its bill is released the same moment', async (t) => {
    const [taken] = await take(paid('90.00', { paid_on: '2032-02-29', method: 'bank' }));
    t.same(await lines(taken!.seq), ['1002 service 90.00', '2203 service 90.00']);
    t.same(await open(), []);
    t.same(await held(), ['service 50.00 free 50.00']);
    const [parking] = await take(paid('5.00', { unit: '1-4-101', choice: { ahead: [{ item: 'parking', amount: money('5.00') }] } }));
    const [november] = await work(h, (trx) => openBills(trx, estate_id, { units: ['1-4-101'] }));
    await t.rejects(work(h, (trx) => recordBillPayments(trx, { estate_id, seq: parking!.seq, payments: [{ bill_id: november!.bill_id, amount: money('1.00') }] })),
      { code: 'bill_payment_beyond_entry' }, 'what is held pays no bill by itself');
    await t.rejects(work(h, (trx) => trx.insertInto('prepayment').values({ estate_id, seq: parking!.seq, unit: '1-4-101', item: 'water', amount: '0.01' }).execute()), /prepayment_beyond_entry/);
  });
});
