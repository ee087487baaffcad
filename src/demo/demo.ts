// The demo estate: fictional, relative to today, made through the same services as any other estate.
// What happens in its months is a list of events in the order of time; each is carried out with
// the clock set to its moment, which the database allows for an estate marked as a demo only.
import assert from 'node:assert/strict';
import { issueCheckpoint } from '../evidence/checkpointer.ts';
import { draftDue, publishDisclosure } from '../disclosure/publish.ts';
import { answerInquiry, ask } from '../inquiry/inquiry.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, setDemoClock } from '../kernel/database.ts';
import {
  addDays, addMonths, firstDay, lastDay, laterBy, periodOf, today as todayOf, type BusinessDate, type Period,
} from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText, negated, type Money } from '../kernel/money.ts';
import { proposeClose } from '../ledger/close.ts';
import { proposeReversal, proposeTransfer } from '../ledger/correction.ts';
import { saveDraft } from '../ledger/draft.ts';
import { inspect } from '../oversight/inspection.ts';
import { payOrder } from '../payment/pay.ts';
import { enterPayee } from '../payment/payee.ts';
import { openEstate } from '../setup.ts';
import { budgetEvents } from './budget.ts';
import { joinNeighbours, type Neighbour } from './neighbours.ts';
import { projectEvents } from './projects.ts';
import { voiceEvents, voteEvents } from './voice.ts';
import { enrolDevices, witnessLatest } from './witnesses.ts';
import { demoOfficers, readDemoPersons } from './persons.ts';
import { absenceEvents, ruleEvents } from './two-keys.ts';
import { billEvent, feeEvents, postFees, registerEvents, subsidyEvents } from './fees.ts';
import { presentMoves, takeBankFile } from './bank-month.ts';
import {
  at, draft, inStage, invoiceFor, pick, sign, submit, submitAll, type Event, type Item, type Stage,
} from './stage.ts';
import { demoPayees, estateFixture, payeeOf, planDemo, type DemoPlan, type PlannedMonth, type PlannedOrder } from './plan.ts';

export interface DemoOptions {
  password: string;
  signing_password: string;
  /** Told of each finished month, for a progress line. */
  progress?: ((text: string) => void) | undefined;
}

/** Orders that are drafted on one day with whatever else needs both keys that day, signed in one go by
 *  each key, and paid each on its own day. */
function orderEvents(
  stage: Stage, orders: PlannedOrder[], drafted_on: BusinessDate, readable: boolean, also: (() => Promise<Item>)[] = [],
): Event[] {
  const items: (Item & { order: PlannedOrder | null })[] = [];
  const actor = stage.persons.cashier;
  const events: Event[] = [
    {
      at: at(drafted_on, '09:10'),
      run: async () => {
        items.push(...await submitAll(stage, orders, readable));
        for (const propose of also) items.push({ ...await propose(), order: null });
      },
    },
    { at: at(drafted_on, '17:20'), run: () => sign(stage, stage.persons.manager, items.map(pick)) },
    { at: at(drafted_on, '20:41'), run: () => sign(stage, stage.persons.committee1, items.map(pick)) },
    { at: at(drafted_on, '21:05'), run: () => sign(stage, stage.persons.committee2, items.filter((i) => i.order?.committee === 2).map(pick)) },
  ];
  // Whoever did not sign before the emergency was paid for ratifies the next morning.
  orders.forEach((order, index) => order.emergency !== undefined && events.push({
    at: at(addDays(order.date, 1), '08:20'), run: () => sign(stage, stage.persons.committee2, [pick(items[index]!)], { decision: 'ratify' }),
  }));
  orders.forEach((order, index) => order.debited_on === undefined && events.push({
    at: at(order.date, '10:30'),
    run: async () => {
      await payOrder(stage.house, {
        estate: stage.estate, actor, proposal_id: items[index]!.proposal_id, paid_on: order.date,
        bank_reference: `NX${order.date.replaceAll('-', '')}${String(items[index]!.proposal_id).padStart(5, '0')}`,
      });
    },
  }));
  return events;
}

/** Receipts are entered by the cashier every week or so, in one batch each. */
function receiptEvents(stage: Stage, month: PlannedMonth): Event[] {
  const days = [7, 14, 21].map((n) => addDays(firstDay(month.period), n - 1));
  const borders = [...days, lastDay(month.period)];
  const receipts = month.doubled === null ? month.receipts : [...month.receipts, { ...month.doubled, parts: [] }];
  return borders.map((border, index) => ({
    at: at(border, '16:40'),
    run: async () => {
      const from = index === 0 ? firstDay(month.period) : addDays(borders[index - 1]!, 1);
      const batch = receipts.filter((r) => r.date >= from && r.date <= border).sort((a, b) => a.date.localeCompare(b.date));
      await postFees(stage, batch);
    },
  }));
}

/** Public income that the owners resolved to use for everyday service. */
function support(stage: Stage, planned: PlannedMonth['support']): Promise<Item> {
  const amount = moneyText(planned.amount);
  return proposeTransfer(stage.house, {
    estate: stage.estate, actor: stage.persons.cashier, entry_date: planned.date, description: planned.description,
    postings: [
      { account: '1002', fund: 'service', debit: amount }, { account: '3101', fund: 'service', credit: amount },
      { account: '3101', fund: 'public_income', debit: amount }, { account: '1002', fund: 'public_income', credit: amount },
    ],
    vouchers: [],
  });
}

function reversalEvents(stage: Stage, month: PlannedMonth): Event[] {
  const { doubled } = month;
  if (doubled === null) return [];
  let item: Item | null = null;
  const day = addDays(doubled.date, 8);
  return [
    {
      at: at(day, '09:50'),
      run: async () => {
        const seq = await inEstate(stage.house.db.app, stage.estate.estate_id, async (trx) => (await trx.selectFrom('journal_entry')
          .select('seq').where('estate_id', '=', stage.estate.estate_id).where('description', '=', doubled.description)
          .executeTakeFirstOrThrow()).seq);
        item = await proposeReversal(stage.house, { estate: stage.estate, actor: stage.persons.cashier, seq, reason: '重复录入，银行只收到一笔' });
      },
    },
    { at: at(day, '17:35'), run: () => sign(stage, stage.persons.manager, [pick(item!)]) },
    { at: at(day, '20:55'), run: () => sign(stage, stage.persons.committee1, [pick(item!)]) },
  ];
}

/** After the month: the bank's statement, the close under two keys, the disclosure on its day. */
function closingEvents(stage: Stage, period: Period, from: BusinessDate): Event[] {
  const next = addMonths(period, 1);
  const soon = (date: BusinessDate, time: string): Date => {
    const moment = at(date, time);
    return moment < stage.present ? moment : stage.present;
  };
  let item: Item | null = null;
  return [
    {
      at: soon(firstDay(next), '00:02'),
      run: () => takeBankFile(stage, from, lastDay(period)),
    },
    {
      at: soon(addDays(firstDay(next), 2), '09:30'),
      run: async () => {
        item = await proposeClose(stage.house, { estate: stage.estate, actor: stage.persons.cashier, period });
      },
    },
    { at: soon(addDays(firstDay(next), 2), '17:20'), run: () => sign(stage, stage.persons.manager, [pick(item!)]) },
    { at: soon(addDays(firstDay(next), 3), '20:41'), run: () => sign(stage, stage.persons.committee1, [pick(item!)]) },
    // As every night.
    { at: soon(addDays(firstDay(next), estateFixture.disclosure_day - 1), '02:10'), run: async () => void await inspect(stage.house, stage.estate) },
    {
      at: soon(addDays(firstDay(next), estateFixture.disclosure_day - 1), '08:00'),
      run: async () => {
        await publishDisclosure(stage.house, { estate: stage.estate, period, correction: null });
      },
    },
    {
      at: soon(addDays(firstDay(next), estateFixture.disclosure_day - 1), '19:40'),
      run: async () => {
        stage.devices ??= await enrolDevices(stage);
        // The owner looks every other month; the street office and the chair always.
        await witnessLatest(stage, stage.devices, Number(period.slice(5)) % 2 === 0 ? ['committee1', 'street', 'resident'] : ['committee1', 'street']);
      },
    },
  ];
}

function monthEvents(stage: Stage, month: PlannedMonth, ago: number): Event[] {
  const { period, orders } = month;
  const readable = ago <= 1;
  const day = (n: number): BusinessDate => addDays(firstDay(period), n - 1);
  const between = (from: number, to: number): PlannedOrder[] => orders.filter((o) => o.date >= day(from) && o.date <= day(to));
  const events = [
    ...receiptEvents(stage, month),
    ...orderEvents(stage, between(1, 13), day(1), readable, [() => support(stage, month.support)]),
    ...orderEvents(stage, orders.filter((o) => o.date > day(13)), day(13), readable),
    ...reversalEvents(stage, month),
  ];
  if (ago === 0) {
    const drafting = { at: at(day(1), '00:10'), run: async () => void await draftDue(stage.house, { only: stage.estate.estate_id }) };
    return [drafting, ...events];
  }
  // Where the bank paid before anybody signed, the cashier fetches its file the next day: the alarm goes off by itself.
  const debit = orders.find((order) => order.debited_on !== undefined);
  const until = debit?.debited_on === undefined ? null : addDays(debit.debited_on, 1);
  const early: Event[] = debit === undefined || until === null ? [] : [{
    at: at(until, '18:00'),
    run: () => takeBankFile(stage, firstDay(period), until, [{
      day: debit.debited_on!, amount: moneyText(negated(debit.amount)), memo: '网银转账', serial: `NX${debit.debited_on!.replaceAll('-', '')}00000`,
      ...payeeOf(debit.payee), purpose: '电梯抢修费',
    }]),
  }];
  return [...events, ...early, ...closingEvents(stage, period, until === null ? firstDay(period) : addDays(until, 1))];
}

/** What is still under way today: questions, a payment that waits, one that was refused, one too large. */
function presentEvents(stage: Stage, plan: DemoPlan): Event[] {
  const { present, estate, house, persons } = stage;
  const minutesAgo = (n: number): Date => laterBy(present, -n * 60_000);
  const today = todayOf(() => present);
  const last = plan.months.at(-2)!.period;
  const entryOf = (text: string): Promise<number> => inEstate(house.db.app, estate.estate_id, async (trx) => (await trx.selectFrom('journal_entry')
    .select('seq').where('estate_id', '=', estate.estate_id).where('period', '=', last).where('description', 'like', `%${text}%`)
    .executeTakeFirstOrThrow()).seq);
  const order = (amount: Money, purpose: string, payee: string, fund = 'public_income', account = '5102'): PlannedOrder =>
    ({ date: today, payee, account, fund, amount, purpose, committee: 1 });
  const waiting: Item[] = [];
  const questionAt = minutesAgo(60 * 24 * 9) > at(addDays(lastDay(last), -8), '19:00') ? minutesAgo(60 * 24 * 9) : at(addDays(lastDay(last), -8), '19:00');
  let disputed = 0;
  return [
    { at: questionAt, run: async () => {
      ({ inquiry_id: disputed } = await ask(house, { estate, actor: persons.resident, about_seq: await entryOf('晾衣绳'), question: '晾衣绳只换了两根，为什么要五百多元？请贴出明细。' }));
    } },
    { at: laterBy(questionAt, 30 * 60_000), run: async () => {
      await ask(house, { estate, actor: persons.resident, about_seq: await entryOf('单元门维修'), question: '单元门上个月刚修过，这次修的是哪一个单元？' });
    } },
    { at: laterBy(questionAt, 20 * 3_600_000), run: async () => {
      await answerInquiry(house, { estate, actor: persons.manager, inquiry_id: disputed, answer: '共换晾衣绳 6 根（每根 68 元）及膨胀螺栓等五金 105.60 元，清单已附在凭证里，欢迎到物业中心查看实物。' });
    } },
    { at: minutesAgo(50), run: async () => {
      waiting.push(...await submitAll(stage, [
        order(money('12600.00'), '地下车库排水泵更换 2 台', 'door'),
        { ...order(money('9800.00'), '大门口绿植摆放', 'green', 'public_income', '5104'), over_budget: '年度预算只列了 3,000 元；今年门口改造，想一次摆满' },
        order(money('1380.00'), '消防应急灯更换 12 只', 'fire', 'service'),
      ], true));
    } },
    // The bank's file of this month, fetched today: most lines find their entry, one debit nobody ordered.
    ...(today === firstDay(periodOf(today)) ? [] : [{
      at: minutesAgo(45), run: () => takeBankFile(stage, firstDay(periodOf(today)), addDays(today, -1), presentMoves(firstDay(periodOf(today)), addDays(today, -1))),
    }]),
    { at: minutesAgo(40), run: () => sign(stage, persons.manager, waiting) },
    { at: minutesAgo(30), run: () => sign(stage, persons.committee1, [waiting[1]!], { decision: 'reject', reason: '超出年度预算，请按 3,000 元以内的方案重报' }) },
    // The chair is away: the deputy signs in her place (乙代甲).
    { at: minutesAgo(29), run: () => sign(stage, persons.deputy, [waiting[2]!]) },
    { at: minutesAgo(20), run: async () => {
      const dear = await invoiceFor(stage, { ...order(money('260000.00'), '外墙整体翻新首付款', 'lift'), over_budget: '预算没有列外墙翻新' }, true);
      const id = await inStage(stage, (trx) => draft(stage, trx, dear));
      // The fund has not that much: the order is refused and stays with the cashier as a draft.
      await inStage(stage, (trx) => submit(stage, trx, id)).then(
        () => assert.fail('an order above its fund was accepted'),
        (error: { code?: string }) => assert.equal(error.code, 'available_exceeded', String(error)),
      );
    } },
  ];
}


/** Six parties and the auditor: the Party branch beside the usual sides. */
const demoBodies = [
  { body: 'property', name_zh: '物业公司', name_en: 'Property company' }, { body: 'committee', name_zh: '业主委员会', name_en: "Owners' committee" },
  { body: 'supervisor', name_zh: '监事会', name_en: 'Supervisors' }, { body: 'party_branch', name_zh: '小区党支部', name_en: 'Party branch' },
  { body: 'community', name_zh: '社区', name_en: 'Community' }, { body: 'street', name_zh: '街道办事处', name_en: 'Street office' },
  { body: 'auditor', name_zh: '审计', name_en: 'Auditor' },
] as const;

/** Makes the demo estate; refuses nothing, asserts everything. Gives the estate. */
export async function makeDemo(house: House, options: DemoOptions): Promise<Estate> {
  const present = house.clock();
  const plan = planDemo(todayOf(() => present));
  const clock = { now: at(plan.first_period + '-01', '08:00') };
  const demoHouse: House = { ...house, clock: () => clock.now };
  setDemoClock(house.db.app, () => clock.now);
  setDemoClock(house.db.signer, () => clock.now);
  const { buildings: _b, floors: _f, rooms_per_floor: _r, areas: _a, closing_before_last_month: _c, bank: { account_number: _n, ...bank }, ...spec } = estateFixture;
  const { estate, person_ids } = await openEstate(demoHouse, {
    ...spec, bank, households: plan.units.length, area_m2: '38080.00', first_period: plan.first_period, is_demo: true, units: plan.units, bodies: demoBodies,
  }, demoOfficers(plan.first_period, options));
  // As `init` does: the log's key is made with the estate.
  await issueCheckpoint(demoHouse, estate);
  const persons = await readDemoPersons(demoHouse, estate, person_ids, options);
  const stage: Stage = { house: demoHouse, estate, persons, signing_password: options.signing_password, payees: new Map(), invoices: 0, now: clock.now, present };
  for (const { key, ...payee } of demoPayees) {
    const { payee_id } = await inStage(stage, (trx) => enterPayee(trx, { estate, actor: persons.cashier, payee }));
    stage.payees.set(key, { payee_id, name: payee.name });
  }
  const running = periodOf(todayOf(() => present));
  let neighbours: readonly Neighbour[] = [];
  const who = () => neighbours;
  const vote = voteEvents(stage, running, plan.units, who);
  const events: Event[] = [
    { at: at(plan.first_period + '-02', '19:00'), run: async () => { neighbours = await joinNeighbours(stage, plan.units, options.password); } },
    ...budgetEvents(stage, plan, who, running),
    ...vote.events,
    ...projectEvents(stage, running, who, vote.resolution),
    ...voiceEvents(stage, running, who),
    { at: at(plan.first_period + '-01', '08:30'), run: async () => void await postFees(stage, plan.openings) },
    ...registerEvents(stage, plan.first_period, plan.units),
    ...feeEvents(stage, plan.first_period),
    ...plan.months.slice(1).map(({ period }) => billEvent(stage, period)),
    ...plan.months.flatMap((month, index) => monthEvents(stage, month, plan.months.length - 1 - index)),
    ...subsidyEvents(stage, running),
    ...presentEvents(stage, plan),
    ...ruleEvents(stage, addMonths(running, -4)),
    ...absenceEvents(stage),
  ];
  const due = events.filter((e) => e.at <= present).map((event, place) => ({ ...event, place }))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.place - b.place);
  let month = '';
  for (const event of due) {
    clock.now = event.at;
    stage.now = event.at;
    const period = periodOf(todayOf(demoHouse.clock));
    if (period !== month) options.progress?.(period);
    month = period;
    await event.run();
  }
  setDemoClock(house.db.app, null);
  setDemoClock(house.db.signer, null);
  // With the real clock again: this commit waits for the disk, and everything before it is there with it.
  await saveDraft(house, {
    estate, actor: persons.cashier, entry_date: todayOf(house.clock),
    content: {
      description: '废旧纸箱回收款（等过磅单）', bank_account: '1002', reference: '', vouchers: [], form_key: 'demo-draft',
      lines: [{ account: '4109', fund: 'public_income', amount: '', unit: '' }],
    },
  });
  return estate;
}
