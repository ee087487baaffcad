// Reminders (催缴): a letter to whoever pays for a dwelling that owes, and a message to those of them who have a login.
//   reminder 缴费提醒   friendly, at least 7 days to pay
//   demand   催缴函     the demand in writing that the law wants before anybody goes to court (民法典 §944), at least 15 days
// What a former owner left is not asked of the new one. No second letter to a dwelling within 15 days: constraint reminder_too_soon.
// The log knows {by, count, kind} and nobody's dwelling. No threat to cut water, power, gas or heat, and nothing is posted up.
import { appendRecord, estateToday } from '../evidence/records.ts';
import { seesSince } from '../estate/register-queries.ts';
import { canonical } from '../kernel/canonical.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { addDays, daysBetween, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { answersSince, overdueBills, recentlyReminded, residentsOf, type DueBill, type LetterBill } from './reminder-queries.ts';
import { refusals } from './reminder-refusals.ts';
import { reminderTexts } from './reminder-texts.ts';

export type ReminderKind = 'reminder' | 'demand';
const time: Readonly<Record<ReminderKind, { least: number; usual: number }>> = { reminder: { least: 7, usual: 15 }, demand: { least: 15, usual: 30 } };
const LONGEST = 90;
export const usualPayBy = (kind: ReminderKind, today: BusinessDate): BusinessDate => addDays(today, time[kind].usual);

export interface Whom {
  /** Only dwellings with a bill overdue for more days than this. */
  over: number;
  /** Only of this building; empty: all. */
  building: string;
  skip: readonly string[];
}
interface NewLetter { unit: string; bills: DueBill[]; amount: string }
export interface Planned {
  letters: NewLetter[];
  /** Dwellings that owe and answer to `over` and `building`. */
  owing: number;
  /** Had a letter within 15 days. */
  soon: number;
  /** Left out by hand. */
  skipped: number;
  /** Owe only what a former owner left; and those of which some bills are a former owner's. */
  former: number;
  partly_former: number;
}

/** Who would get a letter today, and who not. */
export async function planReminders(trx: Trx, estate_id: number, today: BusinessDate, { over, building, skip }: Whom): Promise<Planned> {
  const since = await answersSince(trx, estate_id, today);
  const recent = await recentlyReminded(trx, estate_id, today);
  const by_unit = new Map<string, DueBill[]>();
  for (const bill of await overdueBills(trx, estate_id, today)) {
    if (building !== '' && bill.building !== building) continue;
    by_unit.set(bill.unit, [...(by_unit.get(bill.unit) ?? []), bill]);
  }
  const plan: Planned = { letters: [], owing: 0, soon: 0, skipped: 0, former: 0, partly_former: 0 };
  for (const [unit, all] of by_unit) {
    if (!all.some(({ due_on }) => daysBetween(due_on, today) > over)) continue;
    plan.owing += 1;
    const bills = all.filter(({ of_period }) => of_period >= (since.get(unit) ?? ''));
    if (recent.has(unit)) plan.soon += 1;
    else if (skip.includes(unit)) plan.skipped += 1;
    else if (bills.length === 0) plan.former += 1;
    else {
      if (bills.length < all.length) plan.partly_former += 1;
      plan.letters.push({ unit, bills, amount: moneyText(sum(bills.map(({ open }) => money(open)))) });
    }
  }
  return plan;
}

export interface RemindAsked {
  estate: Estate;
  actor: Actor | null;
  kind: string;
  /** As typed; empty: the usual time. */
  pay_by: string;
  over: number;
  building: string;
  /** Dwellings to leave out, as typed: "3-2-1002, 1-1-201". */
  skip: string;
  key?: string | null | undefined;
}
export type Reminded = { seq: number; count: number };

/** Makes the letters and tells those with a login, all or nothing. Refusals: those of demand() for post_receipt, reminder_kind_invalid,
 *  reminder_pay_by_invalid, reminder_skip_unknown, reminder_none, reminder_too_soon, key_reused. */
export async function makeReminders(house: House, asked: RemindAsked): Promise<Reminded> {
  const { estate, kind, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  if (kind !== 'reminder' && kind !== 'demand') throw refusals.reminder_kind_invalid({ kind: kind.slice(0, 20) }, 'kind');
  const once_key = key === null ? null : `reminders:${actor.person_id}:${key}`;
  const content = { kind, pay_by: asked.pay_by, over: asked.over, building: asked.building, skip: asked.skip };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    const today = await estateToday(trx, estate_id);
    const pay_by = payBy(kind, asked.pay_by, today);
    const skip = await readSkip(trx, estate_id, asked.skip);
    const plan = await planReminders(trx, estate_id, today, { over: asked.over, building: asked.building, skip });
    const { letters } = plan;
    if (letters.length === 0) throw refusals.reminder_none({ owing: plan.owing, soon: plan.soon, left: plan.skipped + plan.former }, 'over');
    const seq = await appendRecord(trx, estate_id, 'reminders_made', { by: actor.person_id, count: letters.length, kind });
    await trx.insertInto('reminder_batch').values({ estate_id, seq, kind, made_on: today, pay_by, made_by: actor.person_id }).execute();
    await insertLetters(trx, estate_id, { seq, made_on: today, letters });
    await tellResidents(trx, estate, { seq, kind, pay_by, today, letters });
    return { seq, count: letters.length };
  }));
}

function payBy(kind: ReminderKind, typed: string, today: BusinessDate): BusinessDate {
  if (typed.trim() === '') return usualPayBy(kind, today);
  const [from, to] = [addDays(today, time[kind].least), addDays(today, LONGEST)];
  const day = readDate(typed);
  if (day === null || day < from || day > to) throw refusals.reminder_pay_by_invalid({ typed: typed.slice(0, 20), from, to }, 'pay_by');
  return day;
}

async function readSkip(trx: Trx, estate_id: number, typed: string): Promise<string[]> {
  const named = typed.normalize('NFKC').split(/[\s,;、，；]+/u).filter((part) => part !== '');
  if (named.length === 0) return [];
  const known = new Set((await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).execute()).map(({ unit }) => unit));
  const wrong = named.find((unit) => !known.has(unit));
  if (wrong !== undefined) throw refusals.reminder_skip_unknown({ unit: wrong.slice(0, 40) }, 'skip');
  return named;
}

const LETTERS = 1_000;
async function insertLetters(trx: Trx, estate_id: number, { seq, made_on, letters }: { seq: number; made_on: BusinessDate; letters: readonly NewLetter[] }): Promise<void> {
  const lines = (bills: readonly DueBill[]): LetterBill[] => bills.map(({ bill, due_on, item, open, period }) => ({ bill, due_on, item, open, period }));
  try {
    for (let from = 0; from < letters.length; from += LETTERS) {
      await trx.insertInto('reminder').values(letters.slice(from, from + LETTERS).map(({ unit, bills, amount }) => (
        { estate_id, seq, unit, made_on, amount, bills: canonical(lines(bills).map((line) => ({ ...line }))) }))).execute();
    }
  } catch (error) {
    throw constraintRefusal(error, { reminder_too_soon: () => refusals.reminder_too_soon({}, 'over') });
  }
}

interface Told { seq: number; kind: ReminderKind; pay_by: BusinessDate; today: BusinessDate; letters: readonly NewLetter[] }

/** Whoever has a login for the dwelling and sees its bills back to the first of the letter. */
async function tellResidents(trx: Trx, { estate_id, code }: Estate, { seq, kind, pay_by, today, letters }: Told): Promise<void> {
  const by_unit = new Map(letters.map((letter) => [letter.unit, letter]));
  const by_person = new Map<string, string[]>();
  for (const { unit, person_id } of await residentsOf(trx, estate_id, [...by_unit.keys()])) by_person.set(person_id, [...(by_person.get(person_id) ?? []), unit]);
  for (const [person_id, units] of by_person) {
    const since = await seesSince(trx, { estate_id, person_id, units, today });
    for (const unit of units) {
      const letter = by_unit.get(unit)!;
      if ((since.get(unit) ?? '').slice(0, 7) > letter.bills.map(({ of_period }) => of_period).sort()[0]!) continue;
      const facts = { unit, count: letter.bills.length, amount: moneyFigures(money(letter.amount)), pay_by };
      await notify(trx, {
        estate_id, person_ids: [person_id], key: `reminder:${seq}:${unit}`, href: `/e/${code}/bills/${unit}/reminders/${seq}.pdf`,
        text: { zh: fill(reminderTexts[`told_${kind}`].zh, facts), en: fill(reminderTexts[`told_${kind}`].en, facts) },
      });
    }
  }
}
