// A street of small demo estates, for the board over many of them: `mingzhang demo --estates 200`. Each is opened, billed, paid,
// signed for and reconciled through the same services as any other; what differs from one to the next is how well it is kept.
// The same few persons serve in all of them (fictional, like everything here), so that one login sees the whole street.
import { billDue } from '../billing/bill.ts';
import { proposeFeeRule } from '../billing/fee-rule.ts';
import { publishDisclosure } from '../disclosure/publish.ts';
import { ask } from '../inquiry/inquiry.ts';
import type { Actor, Office, Term } from '../kernel/actor.ts';
import { setDemoClock, type Trx } from '../kernel/database.ts';
import { addDays, addMonths, firstDay, lastDay, periodOf, today as todayOf, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money } from '../kernel/money.ts';
import { refreshBoard } from '../oversight/board.ts';
import { inspect } from '../oversight/inspection.ts';
import { payOrder } from '../payment/pay.ts';
import { enterPayee } from '../payment/payee.ts';
import { checkPerson, writePerson } from '../people/person.ts';
import { appoint } from '../people/term.ts';
import { reconcileDue } from '../reconciliation/reconcile.ts';
import { openEstate } from '../setup.ts';
import { takeBankFile } from './bank-month.ts';
import { postFees } from './fees.ts';
import { demoLogins, type DemoLogin, type DemoPersons } from './persons.ts';
import { demoPayees, estateFixture, type PlannedOrder, type PlannedReceipt } from './plan.ts';
import { at, inStage, pick, sign, submitAll, type Stage } from './stage.ts';

export interface StreetOptions {
  /** How many estates there are to be. */
  estates: number;
  password: string;
  signing_password: string;
  /** Published disclosures take a second each: of every so many-th estate; 0: of none. */
  publish_every?: number | undefined;
  progress?: ((text: string) => void) | undefined;
}

type Serving = Exclude<DemoLogin, 'resident' | 'deputy' | 'party'>;
const seats: Record<Serving, { body: Term['body']; office: Office; name: string; signs: boolean }> = {
  cashier: { body: 'property', office: 'cashier', name: '周小兰', signs: false },
  manager: { body: 'property', office: 'manager', name: '何建国', signs: true },
  committee1: { body: 'committee', office: 'chair', name: '沈玉梅', signs: true },
  committee2: { body: 'committee', office: 'member', name: '罗志远', signs: true },
  supervisor: { body: 'supervisor', office: 'supervisor', name: '冯淑英', signs: true },
  community: { body: 'community', office: 'official', name: '贺敏', signs: true },
  street: { body: 'street', office: 'official', name: '唐明', signs: true },
  auditor: { body: 'auditor', office: 'auditor', name: '邓会计师', signs: false },
};
const serving = Object.keys(seats) as Serving[];
const names = ['桂花苑', '青石巷', '东风里', '锦绣园', '双桥新村', '河畔家园', '机床厂宿舍', '文庙街院落', '安置一区', '长岭小区'];

/** How an estate is kept, by its number: the same in every run. */
interface Plan { number: number; code: string; name: string; months: number; dwellings: number; paid_of_ten: number; bank_days: number; loose_debit: boolean; emergency: 'none' | 'ratified' | 'open'; questions: number; term_ends: boolean; published: boolean }

function planOf(number: number, publish_every: number, today: BusinessDate): Plan {
  const mixed = (step: number, of: number): number => Math.floor(number * step + number / 7) % of;
  return {
    number, code: `demo-${String(number).padStart(3, '0')}`, name: `${names[number % names.length]!}${Math.floor(number / names.length) + 1} 号`,
    // Those opened this month owe no disclosure yet; before the 10th a month is too short to live in.
    months: today.slice(8) < '10' ? 1 + mixed(1, 2) : mixed(1, 3), dwellings: 10 + mixed(3, 15), paid_of_ten: 4 + mixed(5, 7), bank_days: [1, 2, 1, 6, 14, 1, 30][mixed(1, 7)]!, loose_debit: mixed(3, 8) === 1,
    emergency: (['none', 'none', 'none', 'ratified', 'none', 'open'] as const)[mixed(5, 6)]!, questions: [0, 0, 1, 0, 3, 0, 0, 2][mixed(3, 8)]!,
    term_ends: mixed(7, 9) === 4, published: publish_every > 0 && number % publish_every === 0,
  };
}

/** Makes estates until there are so many demo estates; gives how many it made. Asserts everything, refuses nothing. */
export async function makeStreet(house: House, { estates, password, signing_password, publish_every = 0, progress }: StreetOptions): Promise<number> {
  const there = await house.db.app.selectFrom('estate').select('code').where('code', 'like', 'demo-%').execute();
  const taken = new Set(there.map(({ code }) => code));
  const persons = await personsFor(house, { password, signing_password });
  const clock = { now: house.clock() };
  const inStreet: House = { ...house, clock: () => clock.now };
  let made = 0;
  setDemoClock(house.db.app, () => clock.now);
  setDemoClock(house.db.signer, () => clock.now);
  try {
    for (let number = 1; number <= estates; number += 1) {
      const plan = planOf(number, publish_every, todayOf(house.clock));
      if (taken.has(plan.code)) continue;
      await makeOne({ house: inStreet, clock, plan, persons, present: house.clock(), signing_password });
      made += 1;
      progress?.(`${number} / ${estates}`);
    }
  } finally {
    setDemoClock(house.db.app, null);
    setDemoClock(house.db.signer, null);
  }
  return made;
}

type PersonIds = Record<Serving, string>;

/** The demo's persons where they are there already, else new ones with the same logins. */
async function personsFor(house: House, { password, signing_password }: { password: string; signing_password: string }): Promise<PersonIds> {
  const found: [Serving, string][] = [];
  for (const login of serving) {
    const { name, signs } = seats[login];
    const known = await house.db.app.selectFrom('credential').select('person_id').where('login', '=', login).executeTakeFirst();
    if (known !== undefined) {
      found.push([login, known.person_id]);
      continue;
    }
    const checked = await checkPerson(house, { name, login, password, signing_password: signs ? signing_password : null });
    found.push([login, await house.db.app.transaction().execute((trx) => writePerson(trx as Trx, checked))]);
  }
  return Object.fromEntries(found) as PersonIds;
}

interface Making { house: House; clock: { now: Date }; plan: Plan; persons: PersonIds; present: Date; signing_password: string }

async function makeOne({ house, clock, plan, persons, present, signing_password }: Making): Promise<void> {
  const today = todayOf(() => present);
  const first_period = addMonths(periodOf(today), -plan.months);
  const day = firstDay(first_period);
  clock.now = at(day, '08:00');
  const terms = new Map<Serving, Term>();
  const { estate } = await openEstate(house, {
    code: plan.code, name_zh: plan.name, name_en: `Demo estate ${plan.number}`, mode: 'trust', households: plan.dwellings, area_m2: `${plan.dwellings * 85}.00`, fee_rate: '1.20',
    trustee: '示例物业服务有限公司', committee: `${plan.name}业主委员会`, first_period, disclosure_day: 10, answer_days: 7, is_demo: true,
    bank: { name_zh: '共管账户', name_en: 'Joint account', bank_name: estateFixture.bank.bank_name, account_last4: estateFixture.bank.account_last4 },
    units: Array.from({ length: plan.dwellings }, (_, n) => ({ unit: `1-${1 + n % 2}-${Math.floor(n / 2) + 1}01`, building: '1', stairwell: String(1 + n % 2), area_m2: '85.00' })),
    also: async (trx, { estate: { estate_id } }) => {
      for (const login of serving) {
        const { body, office } = seats[login];
        const term = { estate_id, body, office, starts_on: day, ends_on: plan.term_ends && login === 'committee2' ? addDays(today, 12) : lastDay(addMonths(first_period, 35)) };
        terms.set(login, { ...term, term_id: await appoint(trx, { ...term, person_id: persons[login], resolution: '业主大会决议第 1 号' }) });
      }
    },
  });
  const actors = Object.fromEntries(serving.map((login): [Serving, Actor] =>
    [login, { person_id: persons[login], name: seats[login].name, login, kind: 'cookie', scopes: [], csrf: null, terms: [terms.get(login)!], homes: [] }]));
  const stage: Stage = { house, estate, persons: actors as DemoPersons, signing_password, payees: new Map(), invoices: plan.number * 1000, now: clock.now, present };
  const go = async <T>(moment: Date, run: () => Promise<T>): Promise<T> => {
    clock.now = moment;
    stage.now = moment;
    return run();
  };
  await live(stage, plan, { day, today, go });
  await go(present, async () => {
    await inspect(house, estate);
    await refreshBoard(house, estate);
  });
}

type Go = <T>(moment: Date, run: () => Promise<T>) => Promise<T>;

/** What happens in it: the opening balance, a fee under both keys, bills, what is paid of them, an order, the bank's file, questions. */
async function live(stage: Stage, plan: Plan, { day, today, go }: { day: BusinessDate; today: BusinessDate; go: Go }): Promise<void> {
  const { house, estate, persons } = stage;
  const on = (n: number): BusinessDate => addDays(day, n);
  await go(at(day, '09:00'), async () => {
    const opening: PlannedReceipt = { date: day, description: '上期结转', account: '3101', fund: 'service', amount: money(`${268_000 + plan.number * 10}.00`), parts: [] };
    await postFees(stage, [opening]);
    const item = await proposeFeeRule(house, { estate, actor: persons.cashier, due_day: 5, starts_on: day, item: 'property_fee', name_zh: '物业费', name_en: 'Property fee', basis: 'area', rate: '1.20', account: '4101', fund: 'service' });
    await sign(stage, persons.manager, [pick(item)]);
    await sign(stage, persons.committee1, [pick(item)]);
    await sign(stage, persons.committee2, [pick(item)]);
    await billDue(house, estate);
    const { key: _key, ...payee } = demoPayees.find(({ key }) => key === 'cleaning')!;
    const { payee_id } = await inStage(stage, (trx) => enterPayee(trx, { estate, actor: persons.cashier, payee }));
    stage.payees.set('cleaning', { payee_id, name: payee.name });
  });
  const paying = Math.max(1, Math.floor((plan.dwellings * plan.paid_of_ten) / 10));
  await go(at(on(3), '16:40'), () => postFees(stage, Array.from({ length: paying }, (_, n): PlannedReceipt => ({
    date: on(3), description: '物业服务费', account: '4101', fund: 'service', amount: money('102.00'), parts: [{ unit: `1-${1 + n % 2}-${Math.floor(n / 2) + 1}01`, amount: money('102.00') }],
  }))));
  await orders(stage, plan, { on, go });
  const until = addDays(today, -plan.bank_days);
  if (until >= on(8)) {
    await go(at(addDays(until, 1), '08:00') < stage.present ? at(addDays(until, 1), '08:00') : stage.present, () => takeBankFile(stage, day, until, plan.loose_debit
      ? [{ day: until, amount: `-${300 + plan.number}.00`, memo: '现金支取', serial: `XJ${String(plan.number).padStart(6, '0')}`, purpose: '' }] : []));
    if (plan.loose_debit) await go(at(addDays(until, 1), '20:30') < stage.present ? at(addDays(until, 1), '20:30') : stage.present, () => reconcileDue(house, estate));
  }
  const asked = addDays(today, -12);
  const questions = asked > day ? ['保洁费为什么比上月多？', '车位费怎么没有公示？', '大门口的路灯什么时候修？'].slice(0, plan.questions) : [];
  for (const [n, question] of questions.entries()) await go(at(asked, `19:0${n}`), () => ask(house, { estate, actor: persons.supervisor, question }));
  if (plan.published) {
    await go(stage.present, () => publishDisclosure(house, { estate, period: periodOf(day), correction: null }));
  }
}

async function orders(stage: Stage, plan: Plan, { on, go }: { on: (n: number) => BusinessDate; go: Go }): Promise<void> {
  const { house, estate, persons } = stage;
  const order: PlannedOrder = {
    date: on(5), payee: 'cleaning', account: '5104', fund: 'service', amount: money(`${(plan.emergency === 'none' ? 600 : 120_000) + plan.number}.00`), purpose: plan.emergency === 'none' ? '楼道保洁费' : '化粪池抢修', committee: 1,
    ...(plan.emergency === 'none' ? {} : { emergency: '化粪池堵塞外溢，当晚必须抢修' }),
  };
  const items = await go(at(on(5), '09:10'), () => submitAll(stage, [order], false));
  await go(at(on(5), '17:20'), () => sign(stage, persons.manager, items.map(pick)));
  await go(at(on(5), '20:41'), () => sign(stage, persons.committee1, items.map(pick)));
  await go(at(on(6), '10:30'), () => payOrder(house, { estate, actor: persons.cashier, proposal_id: items[0]!.proposal_id, paid_on: on(6), bank_reference: `NX${plan.number}` }));
  if (plan.emergency === 'ratified') await go(at(on(7), '08:20'), () => sign(stage, persons.committee2, items.map(pick), { decision: 'ratify' }));
}

export const streetLogins = demoLogins.filter((login): login is Serving => Object.hasOwn(seats, login));
