// Bills are lowered only by what both keys signed: never more than that, never more than is open, and nobody signs for their own
// dwelling. Late fees: by contract, once the month is closed, none on what was waived.
import t from 'tap';
import { billDue, billMonth } from '../../src/billing/bill.ts';
import { executeFeeRule, proposeFeeRule } from '../../src/billing/fee-rule.ts';
import { billLateFees } from '../../src/billing/late-fee.ts';
import { openBills } from '../../src/billing/queries.ts';
import { receiptLines, recordBillPayments } from '../../src/billing/receipt.ts';
import { executeWaiver, proposeWaiver, waiverOf, waivers, type WaiverAsked } from '../../src/billing/waiver.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { closeMonth, testBooks, type Books } from '../disclosure/books.ts';
import { signAs } from '../helpers/approved.ts';

const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);
async function sign(h: Books, item: { proposal_id: number; document_hash: string }): Promise<string[]> {
  const told = [await signAs(h.house, h.estate, h.persons.manager, 'property', item)];
  for (const name of ['committee1', 'committee2'] as const) told.push(await signAs(h.house, h.estate, h.persons[name], 'committee', item));
  return told;
}
const usual = { why: 'waiver', units: ['1-2-101'], from_period: '2031-10', to_period: '2031-12', percent: '50', reason: '外墙漏水，影响居住' };
const ask = (h: Books, change: Partial<WaiverAsked> = {}) => proposeWaiver(h.house, { estate: h.estate, actor: h.actorOf('cashier'), ...usual, ...change });
const openOf = async (h: Books, unit: string): Promise<string[]> => (await work(h, (trx) => openBills(trx, h.estate.estate_id, { units: [unit] }))).map((bill) => `${bill.period} ${bill.item} ${bill.open}`);
let keys = 0;
async function pay(h: Books, unit: string, date: string, amount: string): Promise<void> {
  const { estate_id } = h.estate;
  await work(h, async (trx) => {
    const { lines, payments } = receiptLines(await openBills(trx, estate_id, { units: [unit] }), money(amount), { debit: '1002', on: date });
    const [result] = await postEntries(trx, estate_id, [entryBody({ kind: 'receipt', entry_date: date, description: '物业费', key: `waiver ${keys += 1}`, made_by: h.persons.cashier, postings: lines })]);
    t.equal(result!.status, 'posted');
    await recordBillPayments(trx, { estate_id, seq: result!.seq!, payments });
  });
}

t.test('what is taken off bills', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-20 09:00');
  const { estate, estate: { estate_id } } = h;
  for (const period of ['2031-10', '2031-11']) await work(h, (trx) => billMonth(trx, estate, period));

  await t.test('what does not fit is refused', async (t) => {
    for (const [change, code, field] of [
      [{ why: 'gift' }, 'waiver_why_invalid', 'why'], [{ reason: '' }, 'text_empty', 'reason'], [{ percent: '0' }, 'waiver_measure_invalid', 'percent'], [{ percent: '101' }, 'waiver_measure_invalid', 'percent'],
      [{ amount_each: '5.00' }, 'waiver_measure_invalid', 'percent'], [{ percent: '', amount_each: '-5' }, 'waiver_measure_invalid', 'amount_each'], [{ to_period: '2031-09' }, 'waiver_months_invalid', 'to_period'],
      [{ why: 'write_off' }, 'waiver_months_invalid', 'to_period'], [{ from_period: 'x' }, 'waiver_months_invalid', 'from_period'], [{ units: ['9-9-999'] }, 'waiver_units_invalid', 'units'],
      [{ units: [] }, 'waiver_units_invalid', 'units'], [{ item: 'parking' }, 'waiver_item_invalid', 'item'], [{ from_period: '2031-01', to_period: '2031-09' }, 'waiver_nothing_open', 'from_period'],
      [{ actor: h.actorOf('supervisor') }, 'not_allowed', undefined],
    ] as const) await t.rejects(ask(h, change as Partial<WaiverAsked>), { code, field }, JSON.stringify(change).slice(0, 60));
  });

  await t.test('the signed sum is the most: of open bills and of bills to come', async (t) => {
    const item = await ask(h);
    t.equal(item.amount, '153.00', 'two open bills of 102.00 and one to come, by half');
    const { rows: [row] } = await h.superuser.query('select document from proposal where proposal_id = $1', [item.proposal_id]);
    t.notMatch(row.document, /1-2-101/, 'the dwelling stands in it by its random name');
    t.same(await openOf(h, '1-2-101'), ['2031-10 property_fee 102.00', '2031-11 property_fee 102.00'], 'nothing before it is signed');
    await t.rejects(executeWaiver(h.house, estate, item.proposal_id), { code: 'waiver_not_approved' });
    await pay(h, '1-2-101', '2031-11-20', '80.00');
    await sign(h, item);
    await executeWaiver(h.house, estate, item.proposal_id);
    await executeWaiver(h.house, estate, item.proposal_id);
    t.same(await openOf(h, '1-2-101'), ['2031-11 property_fee 51.00'], 'of October no more than the 22.00 that were open');
    h.at('2031-12-01 00:20');
    await work(h, (trx) => billMonth(trx, estate, '2031-12'));
    t.same(await openOf(h, '1-2-101'), ['2031-11 property_fee 51.00', '2031-12 property_fee 51.00']);
    t.match(await work(h, (trx) => waivers(trx, estate_id)), [{ why: 'waiver', most: '153.00', used: '124.00', units: 1 }]);
    h.at('2032-01-01 00:20');
    await work(h, (trx) => billMonth(trx, estate, '2032-01'));
    t.same((await openOf(h, '1-2-101')).at(-1), '2032-01 property_fee 102.00', 'over');
    t.match((await work(h, (trx) => waiverOf(trx, estate_id, item.proposal_id))).done.map((part) => `${part.period} ${part.off}`), ['2031-10 22.00', '2031-11 51.00', '2031-12 51.00']);
    await t.rejects(inEstate(h.db.app, estate_id, (trx) => trx.insertInto('bill_reduction' as never).values({ estate_id, bill_id: 1, amount: '1.00', why: 'waiver', proposal_id: item.proposal_id, seq: 1 } as never).execute()), /permission denied/);
    const kinds = await h.superuser.query(`select kind, body from record where kind like 'waiver%' order by seq`);
    t.match(kinds.rows.map((one) => `${one.kind} ${one.body}`), [`waiver_granted {"count":2,"proposal":${item.proposal_id},"total":"73.00"}`, `waiver_applied {"count":1,"period":"2031-12","proposal":${item.proposal_id},"total":"51.00"}`]);
  });

  await t.test('whoever benefits does not sign, and two who benefit are not put into one paper', async (t) => {
    const live = (name: 'manager' | 'committee1', unit: string) => h.superuser.query(`insert into resident (estate_id, person_id, unit, joined_at) values ($1, $2, $3, now())`, [estate_id, h.persons[name], unit]);
    await live('committee1', '2-1-101');
    const item = await ask(h, { units: ['2-1-101', '2-2-101'], percent: '100', to_period: '2031-11' });
    t.match(await sign(h, item), ['signed', /^(?!signed|approved)/, /./], 'the chair, who lives there, is refused');
    await live('manager', '2-2-101');
    await t.rejects(ask(h, { units: ['2-1-101', '2-2-101'] }), { code: 'waiver_signers_benefit', field: 'units' });
  });

  await t.test('arrears are written off by resolution, and what was paid meanwhile is not', async (t) => {
    const item = await ask(h, { why: 'write_off', units: ['1-3-101'], percent: '100', from_period: '2031-10', to_period: '2032-01', reason: '查无业主，业主大会决议核销' });
    t.equal(item.amount, '408.00');
    await pay(h, '1-3-101', '2032-01-01', '408.00');
    await sign(h, item);
    await t.rejects(executeWaiver(h.house, estate, item.proposal_id), { code: 'change_not_possible' }, 'nothing is open any more');
    const other = await ask(h, { why: 'write_off', units: ['1-4-101'], percent: '100', from_period: '2031-10', to_period: '2031-11', reason: '查无业主，业主大会决议核销' });
    await sign(h, other);
    await executeWaiver(h.house, estate, other.proposal_id);
    t.same(await openOf(h, '1-4-101'), ['2031-12 property_fee 102.00', '2032-01 property_fee 102.00']);
    t.equal((await h.superuser.query(`select count(*)::integer as n from journal_entry where estate_id = $1 and kind <> 'receipt'`, [estate_id])).rows[0].n, 0, 'no entry: an unpaid bill is none');
  });
});

t.test('late fees: once the month is closed, by days, up to the cap', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00');
  const { estate } = h;
  const rule = await proposeFeeRule(h.house, { estate, actor: h.actorOf('cashier'), item: 'property_fee', name_zh: '物业费', name_en: 'Property fee', basis: 'fixed', rate: '1000', account: '4101', fund: 'service',
    due_day: 31, late_rate: '0.0005', late_cap_percent: '2', late_grace_days: 10, starts_on: '2031-10-01' });
  await sign(h, rule);
  await executeFeeRule(h.house, estate, rule.proposal_id);
  await billDue(h.house, estate);
  h.at('2031-11-15 09:00');
  await pay(h, '1-1-101', '2031-10-31', '1000.00');
  await pay(h, '1-2-101', '2031-11-15', '600.00');
  await pay(h, '1-3-101', '2031-11-11', '1000.00');
  const waived = await ask(h, { units: ['1-4-101'], percent: '100', to_period: '2031-10' });
  await sign(h, waived);
  await executeWaiver(h.house, estate, waived.proposal_id);
  const late = async (unit: string) => (await h.superuser.query(`select period, amount from bill where item = 'late_fee' and unit = $1 order by period`, [unit])).rows.map((row) => `${row.period} ${row.amount}`);

  h.at('2031-12-02 00:20');
  t.match((await billDue(h.house, estate)).map(({ period, made }) => `${period} ${made}`), ['2031-11 28', '2031-12 28'], 'no late fees while November is open: receipts may still be dated into it');
  await closeMonth(h, '2031-10');
  await closeMonth(h, '2031-11');
  t.match((await billDue(h.house, estate)).map(({ period, made }) => `${period} ${made}`), ['2031-11 25'], 'all but the three');
  t.same(await billDue(h.house, estate), [], 'once');
  t.equal((await work(h, (trx) => billLateFees(trx, estate, '2031-11'))).made, 0);
  t.same(await late('1-1-101'), [], 'paid in time');
  t.same(await late('1-2-101'), ['2031-11 5.20'], 'four days of 1000.00, sixteen of 400.00');
  t.same(await late('1-3-101'), [], 'paid within the days of grace: on the day it would begin');
  t.same(await late('1-4-101'), [], 'none on what was waived');
  t.same(await late('2-1-101'), ['2031-11 10.00']);
  h.at('2032-03-03 00:20');
  for (const period of ['2031-12', '2032-01', '2032-02']) await closeMonth(h, period);
  await billDue(h.house, estate);
  const { rows: [row] } = await h.superuser.query(`select sum(f.amount) as late from bill f join bill b on b.bill_id = f.of_bill where f.unit = '2-1-101' and b.period = '2031-10'`);
  t.equal(row.late, '20.00', 'two per cent of the bill at most');
  t.equal((await h.superuser.query(`select count(*)::integer as n from bill f join bill b on b.bill_id = f.of_bill where b.item = 'late_fee'`)).rows[0].n, 0, 'none on late fees');
});
