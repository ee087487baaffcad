// First paid, then subsidised: an office gives thirty per cent of three months' fees. Claimed twice is refused, a payment that
// was taken back takes its claim along, the funder's money goes to those dwellings and to nothing else.
import t from 'tap';
import { billMonth } from '../../src/billing/bill.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { sha256 } from '../../src/kernel/digest.ts';
import { proposeBatch } from '../../src/subsidy/batch.ts';
import { claimSubsidies, dropFallenClaims } from '../../src/subsidy/claim.ts';
import { passOn, takeArrival } from '../../src/subsidy/payout.ts';
import { claimRows, fundTold, progressOf } from '../../src/subsidy/queries.ts';
import { endScheme, proposeScheme } from '../../src/subsidy/scheme.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory, refused } from '../stories/story.ts';
import { billsMade, payBill } from './made.ts';

t.test('a subsidy is claimed once, for what was paid, and goes on to those dwellings under two keys', async (t) => {
  const story = await openStory(t);
  const { h, h: { house, estate, estate: { estate_id }, superuser } } = story;
  const actor = h.actorOf('cashier');
  story.at('2026-10-20 09:00');
  await story.within((trx) => billMonth(trx, estate, '2026-10'));
  const units = (await superuser.query('select unit, ref from unit where estate_id = $1 order by unit', [estate_id])).rows as { unit: string; ref: string }[];
  const bills = await billsMade(h);
  const pay = (at: number, amount = '102.00') => payBill(h, { ...bills[at]!, amount }, '2026-10-20');
  const first = await pay(0);
  for (const at of [1, 2, 3]) await pay(at);
  await pay(4, '50.00');

  const typed = { name_zh: '先缴后补', name_en: 'Pay first', funder: '示例街道办事处', percent: '30', items: ['property_fee'], first_period: '2026-10', last_period: '2026-12',
    unit_cap: '60.00', budget: '122.40', last_day: '2027-01-31', payout: 'credit' };
  const scheme = await proposeScheme(house, { estate, actor, ...typed });
  const claim = (who: 'cashier' | 'resident' | 'committee1', numbers: number[] | null = null) =>
    claimSubsidies(house, { estate, actor: h.actorOf(who), scheme: scheme.proposal_id, bills: numbers });
  t.match(await refused(claim('resident')), /^subsidy_unknown/, 'not before both keys signed');
  await story.signBoth(scheme);
  t.same(await story.sign('committee2', scheme), ['approved'], 'as a change of the rules');

  await t.test('who lives there claims for their own paid bills, and once', async (t) => {
    t.equal(bills[0]!.unit, h.home);
    t.same(await claim('resident', [bills[0]!.bill_id]), { claims: 1, total: '30.60', left_out: 0 });
    t.match(await refused(claim('resident', [bills[0]!.bill_id])), /^subsidy_claimed_already: 第 \d+ 号账单已经按这项方案申领过了/);
    t.match(await refused(claim('resident')), /^subsidy_nothing_to_claim/);
    for (const other of [bills[1]!.bill_id, 999_999]) t.match(await refused(claim('resident', [other])), new RegExp(`^subsidy_bill_unknown: 没有第 ${other} 号账单`), 'a neighbour\'s is as if it were not there');
    t.match(await refused(claim('committee1')), /^not_allowed/);
    t.match(await refused(claim('cashier', [bills[4]!.bill_id])), /^subsidy_bill_not_paid/, 'half is not paid');
    t.same(await claim('cashier'), { claims: 3, total: '91.80', left_out: 0 }, 'the cashier for all who paid');
    await pay(4, '52.00');
    t.match(await refused(claim('cashier')), /^subsidy_budget_used_up: 补贴总额 122\.40 元只剩 0\.00 元/);
  });

  let batch = 0;
  await t.test('a batch names count, sum and hash of its list, and is another when a payment is taken back', async (t) => {
    const one = await proposeBatch(house, { estate, actor, scheme: scheme.proposal_id });
    t.match(await refused(proposeBatch(house, { estate, actor, scheme: scheme.proposal_id })), /^subsidy_nothing_to_send/, 'they are in the first');
    const { document } = (await superuser.query('select document from proposal where proposal_id = $1', [one.proposal_id])).rows[0];
    const list = bills.slice(0, 4).map(({ ref, bill_id }) => [ref, bill_id, '30.60']).sort(([a], [b]) => (a! < b! ? -1 : 1));
    t.match(JSON.parse(document), { claims: 4, amount: '122.40', list_sha256: sha256(canonical(list as never)).toString('hex') });
    t.notMatch(document, /1-1-101/);
    // The cheque of the first dwelling bounced.
    t.same(await story.signBoth(await story.reverse(first, '支票退票')), ['approved']);
    t.same(await story.signBoth(one), ['approved, change_not_possible'], 'signed, but for a list that is no more');
    t.equal(await dropFallenClaims(house, estate), 1, 'the claim fell with the payment');
    t.same(await claim('cashier'), { claims: 1, total: '30.60', left_out: 0 }, 'its part of the budget is free for the next');
    const two = await proposeBatch(house, { estate, actor, scheme: scheme.proposal_id });
    batch = two.proposal_id;
    t.match(await refused(takeArrival(house, { estate, actor, batch, amount: '10.00', entry_date: '2026-10-20' })), /^subsidy_batch_unknown/, 'not signed yet');
    t.same(await story.signBoth(two), ['approved']);
  });

  await t.test('only what arrived is passed on, to those who claimed, and once', async (t) => {
    story.at('2026-11-05 10:00');
    const go = () => passOn(house, { estate, actor, batch });
    t.match(await refused(go()), /^subsidy_nothing_to_pass_on/);
    t.match(await refused(takeArrival(house, { estate, actor, batch, amount: '122.41', entry_date: '2026-11-05' })), /^subsidy_batch_exceeded/);
    const came = await takeArrival(house, { estate, actor, batch, amount: '70.00', entry_date: '2026-11-05', reference: 'BK1', key: 'k1' });
    t.same(await takeArrival(house, { estate, actor, batch, amount: '70.00', entry_date: '2026-11-05', reference: 'BK1', key: 'k1' }), came, 'pressed twice');
    t.match(await refused(takeArrival(house, { estate, actor, batch, entry: came.entry })), /^subsidy_linked_already/);
    t.match(await refused(takeArrival(house, { estate, actor, batch, entry: first })), /^subsidy_entry_unfit/, 'a fee is no subsidy');
    const part = await go();
    t.match(part, { claims: 2, total: '61.20' }, 'whole claims only, first claimed first');
    t.match(await refused(go()), /^subsidy_nothing_to_pass_on: .*已发放或正在签批 61\.20 元/, 'not twice while it is signed');
    t.same(await story.signBoth(part), ['approved']);
    const [rest] = await story.receive(`
2026-11-05 收 街道办拨付缴费补贴
    借 1002 fee_subsidy       60.00
    贷 4105 fee_subsidy       60.00
`);
    t.same(await takeArrival(house, { estate, actor, batch, entry: rest! }), { entry: rest, amount: '52.40' }, 'as much as was asked for');
    const last = await go();
    t.match(last, { claims: 2, total: '61.20' });
    // While the second transfer is signed a payment bounces: nothing is booked, the claim falls, the others go on.
    const bounced = (await superuser.query('select y.seq from bill_payment y where y.bill_id = $1 order by y.seq desc limit 1', [bills[4]!.bill_id])).rows[0].seq as string;
    t.same(await story.signBoth(await story.reverse(Number(bounced), '退票')), ['approved']);
    t.same(await story.signBoth(last), ['approved, subsidy_payout_changed']);
    const again = await go();
    t.match(again, { claims: 1, total: '30.60' });
    t.same(await story.signBoth(again), ['approved']);
    t.match(await refused(go()), /^subsidy_nothing_to_pass_on/);
    t.match(await story.within((trx) => progressOf(trx, estate_id, '2026-11-05')), [{ state: 'open', claims: 3, claimed: '91.80', left: '30.60', sent_claims: 4, sent: '122.40', arrived: '122.40',
      passed_claims: 3, passed: '91.80', fallen_claims: 2, fallen: '61.20', to_reclaim: '0.00', asking: '0.00', passing: '0.00' }]);
    t.same(await story.within((trx) => fundTold(trx, estate_id)), { balance: '38.20', unlinked: '7.60', beside: '0.00' }, 'what is left belongs to the funder');
    t.same((await story.within((trx) => claimRows(trx, estate_id, { batch, limit: 9 }))).items.map((row) => [row.unit, row.state]),
      [[units[1]!.unit, 'passed'], [units[2]!.unit, 'passed'], [units[3]!.unit, 'passed'], [units[4]!.unit, 'fallen']]);
  });

  await t.test('a payment taken back after the subsidy went out is shown as one to be asked back', async (t) => {
    const paid = (await superuser.query('select y.seq from bill_payment y where y.bill_id = $1', [bills[1]!.bill_id])).rows[0].seq as string;
    t.same(await story.signBoth(await story.reverse(Number(paid), '重复入账')), ['approved']);
    t.equal(await dropFallenClaims(house, estate), 0, 'what was passed on does not fall');
    t.match(await story.within((trx) => progressOf(trx, estate_id, '2026-11-05')), [{ to_reclaim: '30.60', claims: 3 }]);
  });

  await t.test('the tables are written by their doors alone, and say no to everybody', async (t) => {
    const app = (text: string) => story.within((trx) => trx.executeQuery({ sql: text, parameters: [], query: {} } as never));
    await t.rejects(app(`insert into subsidy_claim (estate_id, scheme, bill_id, amount, paid, seq) values (${estate_id}, ${scheme.proposal_id}, ${bills[5]!.bill_id}, 1, 1, 1)`), /permission denied/);
    await t.rejects(superuser.query('insert into subsidy_claim (estate_id, scheme, bill_id, amount, paid, seq) values ($1, $2, $3, 1, 102, 1)', [estate_id, scheme.proposal_id, bills[5]!.bill_id]),
      /subsidy_bill_not_paid/, 'nor whoever owns everything');
    await superuser.query(`select set_config('mingzhang.estate', $1, false)`, [String(estate_id)]);
    const insert = (bill: number, amount: string, paid: string) => superuser.query(`insert into subsidy_claim (estate_id, scheme, bill_id, amount, paid, seq) values ($1, $2, $3, $4, $5, 1)`,
      [estate_id, scheme.proposal_id, bill, amount, paid]);
    await t.rejects(insert(bills[5]!.bill_id, '30.60', '102.00'), /subsidy_bill_not_paid/, 'not even the owner of the tables');
    await t.rejects(insert(bills[2]!.bill_id, '30.60', '102.00'), /subsidy_claim_once/);
    const again = await pay(0);
    await t.rejects(insert(bills[0]!.bill_id, '30.61', '102.00'), /subsidy_bill_not_paid/, 'more than thirty per cent');
    await t.rejects(superuser.query('update subsidy_claim set amount = 1'), /subsidy_claim_stays/);
    await t.rejects(superuser.query('update subsidy_claim set payout_id = null where payout_id is not null'), /subsidy_claim_stays/);
    await t.rejects(superuser.query('delete from subsidy_claim'), /subsidy_claim_stays/);
    await t.rejects(superuser.query('update subsidy_scheme set budget = 99999'), /subsidy_scheme_stays/);
    await t.rejects(superuser.query('delete from subsidy_arrival'), /append_only/);
    await t.rejects(app(`select append_record(${estate_id}, 'subsidy_batch_sent', '{}')`), /record_kind_reserved/);
    t.ok(again);
    const money_gone = `select claim_subsidies(${estate_id}, ${scheme.proposal_id}, null, null)`;
    await Promise.all([app(money_gone), app(money_gone)]);
    t.equal((await superuser.query('select count(*)::int as n from subsidy_claim where bill_id = $1 and ended_seq is null', [bills[0]!.bill_id])).rows[0].n, 1, 'two at the same moment: one claim');
  });

  await t.test('either body ends a scheme for new claims alone', async (t) => {
    const end = (who: 'cashier' | 'manager' | 'committee1' | 'supervisor') => endScheme(house, { estate, actor: h.actorOf(who), scheme: scheme.proposal_id });
    t.match(await refused(end('cashier')), /^not_allowed/);
    t.match(await refused(end('supervisor')), /^subsidy_not_yours/);
    await end('committee1');
    t.match(await refused(end('manager')), /^subsidy_ended_already/);
    t.match(await refused(claim('resident')), /^subsidy_over/);
  });

  const records = (await superuser.query(`select kind, body from record where estate_id = $1 and kind like 'subsid%' order by seq`, [estate_id])).rows as { kind: string; body: string }[];
  for (const { body } of records) t.notMatch(body, /1-1-101|ref/, 'no dwelling in the log');
  const told = records.map(({ kind, body }) => `${kind} ${body.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…').replace(/[0-9a-f]{64}/, '…')}`);
  await compareExpected(t, 'stories/subsidy/expected.txt', `${await story.ledger('2026-11')}\n存证记录\n${told.map((line) => `    ${line}`).join('\n')}\n`);
});
