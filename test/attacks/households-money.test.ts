// A cashier and the chair of a committee would like the dwellings' money.
import t from 'tap';
import { billMonth } from '../../src/billing/bill.ts';
import { executeFeeRule, proposeFeeRule } from '../../src/billing/fee-rule.ts';
import { enterSharedCost } from '../../src/billing/shared-cost.ts';
import { proposeWaiver } from '../../src/billing/waiver.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { takeArrival } from '../../src/subsidy/payout.ts';
import { proposeTransfer } from '../../src/ledger/correction.ts';
import { receive, testBooks } from '../disclosure/books.ts';
import { approvedProposal, signAs } from '../helpers/approved.ts';
import { api, OPENED, officeHouse } from '../office/office-house.ts';
import { madeBatch } from '../subsidy/made.ts';
import { web } from './web.ts';

t.test('no receipt without money: what is in transit already is received by nobody a second time', async (t) => {
  const site = await web(t);
  const { home, superuser } = site.h;
  const post = (postings: object[]) => site.send('cashier', 'POST', '~/journal-entries', { kind: 'receipt', entry_date: site.today, description: '收物业费', postings });
  const receipts = async (): Promise<number> => (await superuser.query('select count(*)::int as n from receipt')).rows[0].n as number;
  const line = (account: string, side: string, amount: string, unit?: string) => ({ account, fund: 'service', [side]: amount, ...(unit === undefined ? {} : { unit }) });
  t.equal((await post([line('1012', 'debit', '100.00'), line('4101', 'credit', '100.00', home)])).status, 201, 'cash, received once');
  t.equal(await receipts(), 1);
  const nothing = await post([line('1012', 'debit', '100.00'), line('1012', 'credit', '100.00', home)]);
  const again = await post([line('1002', 'debit', '100.00'), line('1012', 'credit', '100.00', home)]);
  t.same([nothing.status, nothing.json.code, again.status, again.json.code, await receipts()], [422, 'transit_names_unit', 422, 'transit_names_unit', 1]);
});

t.test('a subsidy is not paid twice by an order that went back, nor by one behind which no claim stands', async (t) => {
  const h = await officeHouse(t);
  const { house, estate, superuser } = h;
  const actor = h.actorOf('cashier');
  const cashier = await h.as('cashier');
  const { batch } = await madeBatch(h, 'pay');
  const { total, unit } = (await superuser.query(`select c.amount as total, b.unit from subsidy_claim c join bill b using (estate_id, bill_id)`)).rows[0] as { total: string; unit: string };
  await takeArrival(house, { estate, actor, batch, amount: total, entry_date: OPENED });
  await cashier.post(`${api}/journal-entries`, { kind: 'receipt', entry_date: OPENED, description: '下一批补贴', postings: [
    { account: '1002', fund: 'fee_subsidy', debit: '500.00' }, { account: '4105', fund: 'fee_subsidy', credit: '500.00' }] });
  const order = () => h.order('cashier', { amount: total, fund: 'fee_subsidy', account: '5114', purpose: '发放缴费补贴' });
  const tie = (number: number) => cashier.post(`${api}/subsidy-batches/${batch}/payouts`, { order: number, unit });
  const first = await order();
  t.match((await tie(first)).json, { claims: 1, total });
  const back = await (await h.as('manager')).post(`${api}/proposals/${first}/return`, { reason: '请补附件' });
  t.equal(back.status, 200, back.text);
  const second = await order();
  t.match((await tie(second)).json, { claims: 1, total }, 'the claim is free again');
  t.equal(await h.signed(second, 'manager'), 'signed');
  t.equal(await h.signed(second, 'committee1'), 'approved');
  t.equal((await h.pay(second)).status, 200);
  t.equal((await cashier.post(`${api}/proposals/${first}/submit`)).status, 200);
  t.equal(await h.signed(first, 'manager'), 'subsidy_claims_missing', 'the claim went with the second order');
  t.equal(await h.signed(await order(), 'manager'), 'subsidy_claims_missing', 'nobody claimed this');
});

t.test('bills', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-20 09:00');
  const { house, estate, estate: { estate_id }, superuser } = h;
  const cashier = h.actorOf('cashier');
  const work = <T>(does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(house.db.app, estate_id, does);

  await t.test('a month whose imported bill was taken back is billed as any other', async (t) => {
    await superuser.query(`select set_config('mingzhang.estate', $1, false)`, [String(estate_id)]);
    await superuser.query(`insert into bill (estate_id, unit, item, period, amount, due_on, made_at, import_id) values ($1, '1-1-101', 'property_fee', '2031-10', 1, '2031-10-31', now(), 7)`, [estate_id]);
    await superuser.query(`insert into bill_reduction (estate_id, bill_id, amount, why, seq) select $1, bill_id, amount, 'import_undone', 1 from bill`, [estate_id]);
    await work((trx) => billMonth(trx, estate, '2031-10'));
    const { rows } = await superuser.query(`select amount from bill where unit = '1-1-101' and period = '2031-10' and import_id is null`);
    t.same(rows, [{ amount: '102.00' }]);
  });

  await t.test('whoever moves out does not sign for bills of their own months', async (t) => {
    await superuser.query(`insert into resident (estate_id, person_id, unit, joined_at, left_at) values ($1, $2, '1-2-101', now(), $3), ($1, $4, '1-3-101', now(), $5)`,
      [estate_id, h.persons.committee1, '2031-12-01', h.persons.manager, '2031-09-01']);
    const asked = (unit: string) => proposeWaiver(house, { estate, actor: cashier, why: 'write_off', units: [unit], from_period: '2031-10', to_period: '2031-10', percent: '100', reason: '查无业主' });
    const own = await asked('1-2-101');
    t.equal(await signAs(house, estate, h.persons.manager, 'property', own), 'signed');
    t.equal(await signAs(house, estate, h.persons.committee1, 'committee', own), 'signer_is_payee');
    t.equal(await signAs(house, estate, h.persons.manager, 'property', await asked('1-3-101')), 'signed', 'whoever had left before those months may');
  });

  await t.test('a cost that was only moved to and fro is shared by nobody', async (t) => {
    await receive(h, { date: '2031-11-01', amount: '5000.00' });
    const rule = await proposeFeeRule(house, { estate, actor: cashier, item: 'common_energy', name_zh: '公摊电费', name_en: 'Common electricity', basis: 'shared', rate: '', apportion_by: 'area',
      cost_account: '5106', account: '4109', fund: 'service', due_day: 31, starts_on: '2031-10-01' });
    for (const [name, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) await signAs(house, estate, h.persons[name], body, rule);
    await executeFeeRule(house, estate, rule.proposal_id);
    const postings = [{ account: '5106', fund: 'service', debit: money('800.00') }, { account: '5106', fund: 'service', credit: money('800.00') }];
    const proposal = await approvedProposal(house, estate, h.persons, { kind: 'transfer', amount: '800.00', fund: 'service', postings });
    const [posted] = await work((trx) => postEntries(trx, estate_id, [entryBody({ kind: 'transfer', entry_date: '2031-11-20', description: '调整', key: 'to and fro', made_by: h.persons.cashier, proposal, postings })]));
    t.equal(posted!.status, 'posted');
    await t.rejects(enterSharedCost(house, { estate, actor: cashier, item: 'common_energy', period: '2031-10', amount: '800.00', entry: posted!.seq! }), { code: 'shared_cost_beyond_entry' });
  });
});

t.test('whoever lives in a dwelling does not sign for what goes back to it, whatever name the payee has', async (t) => {
  const h = await officeHouse(t);
  await h.superuser.query('insert into resident (estate_id, person_id, unit, joined_at) values ($1, $2, $3, now())', [h.estate.estate_id, h.persons.committee1, h.home]);
  const payee = { kind: 'individual', name: '陈主任的表弟', bank_name: '示例农商银行', account_number: '6228480012345678901' };
  const back = await h.order('cashier', { kind: 'refund', payee, amount: '800.00', account: '4101', unit: h.home, purpose: '退多收的物业费' });
  t.equal(await h.signed(back, 'manager'), 'signed');
  t.equal(await h.signed(back, 'committee1'), 'signer_is_payee');
  t.equal(await h.signed(back, 'committee2'), 'approved');
});

t.test('what dwellings paid in advance is taken by no line without a dwelling', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-20 09:00');
  const { ref } = (await h.superuser.query(`select ref from unit where unit = '1-1-101'`)).rows[0] as { ref: string };
  const line = (account: string, side: 'debit' | 'credit', unit?: string) => ({ account, fund: 'service', [side]: money('300.00'), unit });
  await inEstate(h.house.db.app, h.estate.estate_id, (trx) => postEntries(trx, h.estate.estate_id, [entryBody({
    kind: 'receipt', entry_date: '2031-11-02', description: '预收', key: 'ahead', made_by: h.persons.cashier, postings: [line('1002', 'debit'), line('2203', 'credit', ref)] })]));
  await t.rejects(proposeTransfer(h.house, { estate: h.estate, actor: h.actorOf('cashier'), description: '转收入', postings: [
    { account: '2203', fund: 'service', debit: '300.00' }, { account: '4109', fund: 'service', credit: '300.00' }] }), { code: 'unit_exceeded', facts: { account: '2203', held: '0.00', taken: '300.00' } });
});
