// Who is reminded of what, on which day, and never twice.
import { sql } from 'kysely';
import t, { type Test } from 'tap';
import { expireDue, hold, returnForCorrection } from '../../src/approval/proposal.ts';
import { remindDue, tellMaker, tellMakers } from '../../src/approval/remind.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { addDays, shanghaiInstant } from '../../src/kernel/dates.ts';
import { noticesOf } from '../../src/kernel/notice.ts';
import { signAs, submittedProposal } from '../helpers/approved.ts';
import { PASSWORD, SIGNING_PASSWORD, testHouse, type PersonName, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';

const START = '2031-10-01';

interface Place extends TestHouse {
  at(day: string, time?: string): void;
  within<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Runs the jobs; the keys that were new. */
  remind(): Promise<string[]>;
  /** Chinese texts of all a person was told, oldest first. */
  told(person: PersonName | string): Promise<string[]>;
  ids: Record<string, string>;
}

async function place(t: Parameters<typeof testHouse>[0], options: TestHouseOptions = {}): Promise<Place> {
  let now = shanghaiInstant(START, '10:00');
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => now, ...options });
  const within = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.house.db.app, h.estate.estate_id, work);
  const { rows } = await h.superuser.query('select login, person_id from credential');
  const ids = Object.fromEntries(rows.map((row) => [row.login, row.person_id])) as Record<string, string>;
  return {
    ...h, within, ids,
    at: (day, time = '09:00') => { now = shanghaiInstant(day, time); },
    remind: () => within(async (trx) => [...await remindDue(trx, h.estate), ...await tellMakers(trx, h.estate)]),
    told: async (person) => (await within((trx) => noticesOf(trx, h.estate.estate_id, ids[person]!, { limit: 100 })))
      .map((notice) => notice.zh).reverse(),
  };
}

const after = (days: number): string => addDays(START, days);
const order = (h: Place, amount = '8000.00') =>
  submittedProposal(h.house, h.estate, h.persons, { kind: 'payment', amount, fund: 'service' });
const counts = async (h: Place, persons: readonly string[]): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(persons.map(async (name) => [name, (await h.told(name)).length])));

t.test('whoever may sign is reminded on day 2, 5 and 7, and on no other', async (t) => {
  const h = await place(t);
  const { proposal_id } = await order(h);
  const days: number[] = [];
  for (let day = 0; day <= 10; day += 1) {
    h.at(after(day));
    if ((await h.remind()).length > 0) days.push(day);
    t.same(await h.remind(), [], 'run a second time: nothing new');
  }
  t.same(days, [2, 5, 7]);
  t.same(await counts(h, ['manager', 'committee1', 'committee2', 'cashier', 'supervisor', 'street', 'auditor', 'resident']),
    { manager: 3, committee1: 3, committee2: 3, cashier: 0, supervisor: 0, street: 0, auditor: 0, resident: 0 },
    'the maker and bodies that are not asked hear nothing');
  t.equal((await h.told('manager'))[1],
    `第 ${proposal_id} 号付款“payment”（8,000.00 元）已等了 5 天，还差物业公司、业主委员会，等您签批。最晚2031年10月31日签，过期作废。`);
  const [notice] = await h.within((trx) => noticesOf(trx, h.estate.estate_id, h.persons.manager, { limit: 1 }));
  t.match(notice, { href: `/e/test/proposals/${proposal_id}`, created_at: shanghaiInstant(after(7), '09:00'), read_at: null });
  t.match(notice!.en, /^No\. \d+, payment "payment" \(8,000\.00 yuan\) has waited 7 days, still missing: Property company, Owners' committee\./);
});

t.test('a body that has signed is not reminded, nor one person of it who has', async (t) => {
  const h = await place(t);
  await signAs(h.house, h.estate, h.persons.manager, 'property', await order(h));
  const large = await order(h, '150000.00');
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', large);
  h.at(after(2));
  await h.remind();
  t.same(await counts(h, ['manager', 'committee1', 'committee2']), { manager: 1, committee1: 1, committee2: 2 });
  t.match((await h.told('manager'))[0], /150,000\.00/, 'the manager still owes the large one');
  t.match((await h.told('committee1'))[0], /8,000\.00/, 'the chair still owes the small one');
});

t.test('days of standing still are made up for by the latest step only', async (t) => {
  const h = await place(t);
  await order(h);
  h.at(after(6));
  await h.remind();
  t.match(await h.told('manager'), [/已等了 6 天/]);
  h.at(after(20));
  await h.remind();
  t.equal((await h.told('manager')).length, 2);
});

t.test('neither the maker nor the payee is reminded, whatever office they hold', async (t) => {
  const h = await place(t);
  const { proposal_id } = await submittedProposal(h.house, h.estate, { ...h.persons, cashier: h.persons.committee1 }, {
    kind: 'payment', amount: '900.00', fund: 'service',
  });
  await h.superuser.query('alter table proposal disable trigger all');
  await h.superuser.query('update proposal set payee_person = $1 where proposal_id = $2', [h.persons.manager, proposal_id]);
  await h.superuser.query('alter table proposal enable always trigger guard_proposal');
  h.at(after(7));
  await h.remind();
  t.same(await counts(h, ['manager', 'committee1', 'committee2']), { manager: 0, committee1: 0, committee2: 1 });
});

t.test('a new version begins anew, and what is held or expired waits for nobody', async (t) => {
  const h = await place(t);
  const first = await order(h);
  h.at(after(2));
  await h.remind();
  await h.within((trx) => returnForCorrection(trx, {
    estate: h.estate, proposal_id: first.proposal_id, actor: h.actorOf('manager'), reason: '缺验收单',
  }));
  h.at(after(3));
  t.same(await h.remind(), [`maker:${first.proposal_id}:returned`], 'returned: only the maker hears of it');
  t.match(await h.told('cashier'), [/被退回修改，改好后请重新提交。理由：缺验收单$/]);
  const second = await order(h);
  h.at(after(3 + 31));
  await h.within((trx) => expireDue(trx, h.estate));
  t.same(await h.remind(), [`maker:${second.proposal_id}:expired`]);
  t.match((await h.told('cashier')).at(-1), /到2031年11月3日没有签齐，已过期/);
});

const days = { starts_on: '2031-01-01', ends_on: '2099-12-31', resolution: '' };
const deputy = {
  name: '孙候补', login: 'deputy', password: PASSWORD, signing_password: SIGNING_PASSWORD,
  terms: [{ body: 'committee' as const, office: 'deputy' as const, ...days }],
};

async function delegate(t: Test, h: Place, after_days: number): Promise<void> {
  const item = await submittedProposal(h.house, h.estate, h.persons, {
    kind: 'delegation', amount: null, fund: null,
    content: { body: 'committee', principal: h.persons.committee1, delegate: h.ids['deputy']!, starts_on: START, ends_on: '2031-12-31', after_days },
  });
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  t.equal(await signAs(h.house, h.estate, h.persons.committee1, 'committee', item), 'approved');
  const { rows } = await h.within((trx) => sql<{ status: string }>`
    select open_delegation(${h.estate.estate_id}, ${item.proposal_id}) as status`.execute(trx));
  t.equal(rows[0]!.status, 'opened');
}

t.test('the substitute is told on day 7, not before, and signs then', async (t) => {
  const h = await place(t, { officers: [deputy] });
  await delegate(t, h, 7);
  const { proposal_id } = await order(h);
  for (const day of [2, 5, 6]) {
    h.at(after(day));
    await h.remind();
  }
  t.same(await h.told('deputy'), []);
  h.at(after(7));
  await h.remind();
  t.match(await h.told('deputy'), [new RegExp(`^第 ${proposal_id} 号付款“payment”（8,000.00 元）已等了 7 天，陈主任没有签，现在可由您代签。`)]);
  h.at(after(9));
  await h.remind();
  t.equal((await h.told('deputy')).length, 1);
});

t.test('the deputy of somebody who is away is reminded like everybody else', async (t) => {
  const h = await place(t, { officers: [deputy] });
  await delegate(t, h, 0);
  const item = await order(h);
  h.at(after(2));
  await h.remind();
  t.match(await h.told('deputy'), [/已等了 2 天，陈主任没有签，现在可由您代签/]);
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
  h.at(after(5));
  await h.remind();
  t.equal((await h.told('deputy')).length, 1, 'the principal has signed');
});

t.test('the maker hears what became of it, once, and not of their own doing', async (t) => {
  const h = await place(t);
  const tell = (proposal_id: number, by: string | null = null) => h.within((trx) => tellMaker(trx, h.estate, proposal_id, by));
  const item = await submittedProposal(h.house, h.estate, h.persons, { kind: 'mandate', amount: null, fund: null });
  t.equal(await tell(item.proposal_id), false, 'still waiting: nothing to tell');
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
  t.equal(await signAs(h.house, h.estate, h.persons.committee2, 'committee', item), 'approved');
  t.equal(await tell(item.proposal_id, h.persons.cashier), false, 'by the maker: they know');
  t.equal(await tell(item.proposal_id, h.persons.committee2), true);
  t.same(await h.remind(), [], 'the job has nothing to add');
  t.same(await h.told('cashier'), [`第 ${item.proposal_id} 号扣费授权“mandate”已签齐，系统会自动办理。`]);
  const held = await order(h);
  await h.within((trx) => hold(trx, { estate: h.estate, proposal_id: held.proposal_id, actor: h.actorOf('manager'), reason: '等业主大会' }));
  t.equal(await tell(held.proposal_id, h.persons.manager), true);
  t.match((await h.told('cashier')).at(-1), /被暂缓，恢复之前没有人能签。理由：等业主大会$/);
  h.at(after(2));
  t.same(await h.remind(), [], 'on hold: nobody is reminded');
});

t.test('what was approved while nobody told the maker is found by the job', async (t) => {
  const h = await place(t);
  const item = await submittedProposal(h.house, h.estate, h.persons, { kind: 'close', amount: null, fund: null });
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  t.equal(await signAs(h.house, h.estate, h.persons.committee1, 'committee', item), 'approved');
  h.at(after(7));
  t.same(await h.remind(), [`maker:${item.proposal_id}:approved`]);
  const late = await submittedProposal(h.house, h.estate, h.persons, { kind: 'close', amount: null, fund: null });
  await signAs(h.house, h.estate, h.persons.manager, 'property', late);
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', late);
  h.at(after(15));
  t.same(await h.remind(), [], 'news of more than a week ago is no news');
});
