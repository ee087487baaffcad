// What the demo shows of the two keys besides signatures: the rules were changed once by a proposal, the chair is
// away and her deputy signs for her, a large order is announced and a supervisor objects to it.
import { proposeDelegation } from '../office/delegation.ts';
import { object } from '../approval/objection.ts';
import { proposeRuleChange } from '../rule/change.ts';
import type { Actor } from '../kernel/actor.ts';
import { addDays, firstDay, laterBy, today as todayOf, type Period } from '../kernel/dates.ts';
import { money } from '../kernel/money.ts';
import { at, inStage, sign, submitAll, type Event, type Item, type Stage } from './stage.ts';
import type { NewRule } from '../approval/kinds.ts';

/** From this sum on two of the committee sign, and the owners hear of it ten days before. */
const ANNOUNCED = '30000.00';
const NOTICE_DAYS = 10;

const payment = (amount_from: string, amount_to: string | null, committee: number, more: Partial<NewRule> = {}): NewRule =>
  ({ kind: 'payment', amount_from, amount_to, fund: null, expires_days: 30, bodies: { property: 1, committee }, ...more });

/** The rules are changed under the old rule: the company and two of the committee sign. */
export function ruleEvents(stage: Stage, period: Period): Event[] {
  const { house, estate, persons } = stage;
  const day = addDays(firstDay(period), 3);
  let item: Item | null = null;
  const signing = (time: string, who: Actor): Event => ({ at: at(day, time), run: () => sign(stage, who, [item!]) });
  return [
    { at: at(day, '09:30'), run: async () => {
      item = await proposeRuleChange(house, { estate, actor: persons.cashier, change: {
        ends: [1, 2], rules: [payment('0.00', ANNOUNCED, 1), payment(ANNOUNCED, null, 2, { notice_days: NOTICE_DAYS })],
        valid_from: addDays(day, 4), reason: '大额支出先公示十天，业主有意见先答复再付',
      } });
    } },
    signing('17:10', persons.manager), signing('20:30', persons.committee1), signing('21:15', persons.committee2),
  ];
}

/** The chair travels for three weeks; meanwhile a large order is announced, and a supervisor asks for offers. */
export function absenceEvents(stage: Stage): Event[] {
  const { house, estate, persons, present } = stage;
  const ago = (minutes: number): Date => laterBy(present, -minutes * 60_000);
  const today = todayOf(() => present);
  const termOf = (actor: Actor): number => actor.terms.find((term) => term.estate_id === estate.estate_id)!.term_id;
  let delegation: Item | null = null;
  let announced: Item[] = [];
  return [
    { at: ago(75), run: async () => {
      delegation = await proposeDelegation(house, {
        estate, actor: persons.cashier, principal_term: termOf(persons.committee1), deputy_term: termOf(persons.deputy),
        // From the day of the last signature on: shortly after midnight that is not the day it was proposed.
        starts_on: todayOf(() => ago(68)), ends_on: addDays(today, 20),
      });
    } },
    { at: ago(72), run: () => sign(stage, persons.manager, [delegation!]) },
    { at: ago(70), run: () => sign(stage, persons.committee1, [delegation!]) },
    { at: ago(68), run: () => sign(stage, persons.committee2, [delegation!]) },
    { at: ago(65), run: async () => {
      announced = await submitAll(stage, [{
        date: today, payee: 'door', account: '5102', fund: 'public_income', amount: money('32000.00'), purpose: '1 至 4 栋单元门更换', committee: 2,
      }], true);
    } },
    { at: ago(60), run: () => sign(stage, persons.manager, announced) },
    { at: ago(25), run: async () => {
      await inStage(stage, (trx) => object(trx, { estate, actor: persons.supervisor, proposal_id: announced[0]!.proposal_id,
        text: '三万二的单元门只附了一家报价，请补另外两家的报价再付。' }));
    } },
  ];
}
