// A body that will have too few signers is warned thirty days before; one that has too few now is told so.
// The terms of the test house end on 31 December 2099.
import t, { type Test } from 'tap';
import { quorumHealth, shortageText, unratifiedText, type Health } from '../../src/approval/health.ts';
import { remindDue } from '../../src/approval/remind.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { noticesOf } from '../../src/kernel/notice.ts';
import { signAs, submittedProposal } from '../helpers/approved.ts';
import { PASSWORD, testHouse, type PersonName, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';

async function place(t: Test, options: TestHouseOptions = {}) {
  let now = shanghaiInstant('2099-11-01', '10:00');
  const h = await testHouse(t, { first_period: '2099-10', demo_clock: () => now, ...options });
  const { estate_id } = h.estate;
  return {
    ...h,
    at: (day: string) => { now = shanghaiInstant(day, '09:00'); },
    health: (today: string, horizon?: number): Promise<Health> =>
      inEstate(h.house.db.app, estate_id, (trx) => quorumHealth(trx, estate_id, today, horizon)),
    remind: () => inEstate(h.house.db.app, estate_id, (trx) => remindDue(trx, h.estate)),
    told: async (name: PersonName) => (await inEstate(h.house.db.app, estate_id, (trx) =>
      noticesOf(trx, estate_id, h.persons[name], { limit: 100 }))).map((notice) => notice.zh),
  };
}

const member = (login: string, starts_on: string, ends_on: string) => ({
  name: login, login, password: PASSWORD, signing_password: null,
  terms: [{ body: 'committee' as const, office: 'member' as const, starts_on, ends_on, resolution: '' }],
});
const termsOf = async (h: TestHouse, body: string): Promise<number[]> => (await h.superuser.query(
  `select term_id from term where estate_id = $1 and body = $2 and office not in ('cashier', 'auditor') order by term_id`,
  [h.estate.estate_id, body])).rows.map((row) => row.term_id);

t.test('a body whose terms end is found thirty days before, not thirty-one', async (t) => {
  const h = await place(t);
  t.same(await h.health('2099-12-01'), { today: '2099-12-01', shortages: [], unratified: [] });
  const { shortages } = await h.health('2099-12-02');
  t.match(shortages, [
    { body: 'committee', needed: 2, have: 0, from_day: '2100-01-01', ending: await termsOf(h, 'committee') },
    { body: 'property', needed: 1, have: 0, from_day: '2100-01-01' },
    { body: 'community', needed: 1, have: 0, from_day: '2099-10-01', cases: [{ kind: 'membership', class: 'vacancy' }] },
    { body: 'street', needed: 1, have: 0, from_day: '2100-01-01', cases: [{ kind: 'membership', class: 'vacancy' }] },
  ]);
  t.equal((await h.health('2099-11-01', 61)).shortages.length > 0, true, 'with a longer look ahead, sooner');
});

t.test('one finding for a body and day, with everything that would get stuck', async (t) => {
  const h = await place(t);
  const health = await h.health('2099-12-10');
  const committee = health.shortages.find((shortage) => shortage.body === 'committee')!;
  t.same(committee.cases.map((one) => `${one.class} ${one.kind}`), [
    'normal payment', 'normal refund', 'normal transfer', 'normal reversal', 'normal close', 'normal disclosure', 'normal budget',
    'normal rule', 'normal membership', 'normal delegation', 'emergency payment']);
  t.same(shortageText(committee, health), {
    zh: '业主委员会有 2 人的任期到2099年12月31日为止，此后没有人能签，规则要 2 人，11 类签批（付款、退款、转账分录等）会卡住。请尽早提“任免”签批单（附业主大会决议）。',
    en: "Owners' committee: 2 term(s) of office end by 31 December 2099. From then on nobody can sign where 2 are needed, and proposals of 11 kinds (payment, refund, transfer, …) get stuck. Please propose the next appointments in good time, with the resolution of the owners' assembly.",
  });
});

t.test('a rule that asks two is short before a rule that asks one', async (t) => {
  const h = await place(t, { officers: [member('third', '2099-01-01', '2099-11-20')] });
  t.same((await h.health('2099-11-10')).shortages, [], 'three are enough, and two as well');
  const short = await place(t);
  await short.superuser.query('alter table term disable trigger all');
  await short.superuser.query('update term set ends_on = $1 where person_id = $2', ['2099-11-20', short.persons.committee2]);
  const { shortages } = await short.health('2099-11-10');
  t.match(shortages.filter(({ body }) => body === 'committee'), [
    { needed: 2, have: 1, from_day: '2099-11-21', ending: [(await termsOf(short, 'committee'))[1]] }]);
  const health = await short.health('2099-11-25');
  const [now] = health.shortages.filter(({ body }) => body === 'committee');
  t.match(now, { needed: 2, have: 1, from_day: '2099-11-21', ending: [] }, 'too small already');
  t.match(shortageText(now!, health).zh, /^业主委员会现在只有 1 人能签，规则要 2 人，.*已经卡住。请马上提/);
  const both = (await short.health('2099-12-10')).shortages.filter(({ body }) => body === 'committee');
  t.same(both.map(({ from_day, needed, have }) => [from_day, needed, have]), [['2099-11-21', 2, 1], ['2100-01-01', 1, 0]]);
});

t.test('a term that follows without a gap is no shortage', async (t) => {
  const h = await place(t, { officers: ['next1', 'next2'].map((login) => member(login, '2100-01-01', '2102-12-31')) });
  t.same((await h.health('2099-12-20')).shortages.filter(({ body }) => body === 'committee'), []);
});

t.test('a vacant body that is asked only when another is vacant is not worth a warning by itself', async (t) => {
  const h = await place(t);
  t.same((await h.health('2099-11-01')).shortages, [], 'nobody holds office in the community');
});

t.test('the body, the street and nobody else are told, once', async (t) => {
  const h = await place(t);
  h.at('2099-12-01');
  t.same(await h.remind(), []);
  h.at('2099-12-02');
  t.same(await h.remind(), ['health:committee:2100-01-01', 'health:property:2100-01-01', 'health:community:2099-10-01:now',
    'health:street:2100-01-01']);
  t.equal((await h.told('committee1')).length, 1);
  t.match(await h.told('manager'), [/^物业公司有 1 人的任期到2099年12月31日为止，.*附任免文件/]);
  t.equal((await h.told('cashier')).length, 1, 'a member of the body, though not a signer');
  t.equal((await h.told('street')).length, 4);
  for (const name of ['supervisor', 'auditor', 'resident'] as const) t.same(await h.told(name), [], name);
  h.at('2099-12-20');
  t.same(await h.remind(), []);
  h.at('2100-01-01');
  t.same((await h.remind()).length, 0, 'nobody is in office any more to be told');
});

t.test('an emergency order that nobody ratified in time is told to those who should, and to the street', async (t) => {
  const h = await place(t);
  const item = await submittedProposal(h.house, h.estate, h.persons, { kind: 'mandate', amount: null, fund: null });
  for (const [name, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
    await signAs(h.house, h.estate, h.persons[name], body, item);
  }
  await h.superuser.query('alter table proposal disable trigger all');
  await h.superuser.query(`update proposal set class = 'emergency', amount = 60000, fund = 'service', kind = 'payment', title = '水管爆裂抢修',
    full_rule_id = rule_id, ratify_by = '2099-11-08'`);
  await h.superuser.query('alter table signature disable trigger all');
  await h.superuser.query(`delete from signature where person_id = $1`, [h.persons.committee2]);
  await h.superuser.query('alter table proposal enable always trigger guard_proposal');
  h.at('2099-11-03');
  await h.remind();
  t.match(await h.told('committee2'), [/应急办理已 2 天，还差业主委员会追认，等您追认，最晚2099年11月8日。/]);
  t.same((await h.health('2099-11-08')).unratified, []);
  const { unratified } = await h.health('2099-11-09');
  t.match(unratified, [{ proposal_id: item.proposal_id, amount: '60000.00', ratify_by: '2099-11-08' }]);
  t.match(unratifiedText(unratified[0]!).zh, /^应急付款第 \d+ 号“水管爆裂抢修”60,000\.00 元，2099年11月8日前应由其余各方追认，至今没有追认。/);
  h.at('2099-11-09');
  t.same(await h.remind(), [`ratify:${item.proposal_id}:7`, `unratified:${item.proposal_id}`]);
  t.equal((await h.told('street')).length, 1);
  t.equal((await h.told('manager')).length, 0, 'has signed');
});
