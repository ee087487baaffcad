// Statement of account of a dwelling (对账单): every bill as a debit, every receipt and reduction as a credit, and the balance after each.
//   balance above zero   owed
//   balance below zero   held for the dwelling (paid in advance)
//   closing balance      = what is open of its bills − what is held for it on 2203
// An entry that only releases what was paid in advance moves nothing here: the money was counted when it came. What was collected
// without a bill is debited and credited on its own day. A reversal repeats the lines of what it takes back in red letters.
// Deposits are the dwelling's own money and stand apart. A resident sees nothing from before their own time (seesSince): no bill,
// no receipt, only what was held for the dwelling when they came.
import { seesSince } from '../estate/register-queries.ts';
import { may, type Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { firstDay, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { minus, money, moneyText, negated, sum, zero, type Money } from '../kernel/money.ts';
import { accountFacts, type AccountFacts, type EntryFact } from './unit-account-queries.ts';
import { accountRowTexts, methodNames, reductionNames } from './unit-account-texts.ts';

/** Amounts as text, "" where there is none on that side. */
export interface AccountRow {
  on: BusinessDate;
  zh: string;
  en: string;
  debit: string;
  credit: string;
  balance: string;
  /** Record of the entry; null of bills and reductions. */
  seq: number | null;
}
export interface UnitAccount {
  unit: string;
  from: BusinessDate | null;
  to: BusinessDate;
  /** First month that is seen; null: all. */
  since: Period | null;
  opening: string;
  rows: AccountRow[];
  debits: string;
  credits: string;
  closing: string;
  /** Held as deposits on the last day. */
  deposits: string;
}

interface Movement { on: BusinessDate; order: number; text: Bilingual; debit: Money; credit: Money; seq: number | null }

const told = (key: keyof typeof accountRowTexts, zh: Record<string, string>, en = zh): Bilingual =>
  ({ zh: fill(accountRowTexts[key].zh, zh), en: fill(accountRowTexts[key].en, en) });

function nameOf({ kind, receipt, method, reverses, description }: EntryFact): Bilingual {
  if (receipt === null) {
    const key = reverses !== null ? 'reversed' : kind === 'payment' ? 'refund' : 'transfer';
    return told(key, { description });
  }
  const number = String(receipt).padStart(6, '0');
  const way = method === null ? undefined : methodNames[method];
  return told(reverses === null ? 'receipt' : 'void', { number, method: way === undefined ? '' : `（${way.zh}）` }, { number, method: way === undefined ? '' : ` (${way.en})` });
}

/** The lines of one entry: what came or went, and what of it no bill in this statement asked for. */
function movementsOf(entry: EntryFact): Movement[] {
  const red = entry.reverses !== null;
  const facing = (amount: Money): Money => (red ? negated(amount) : amount);
  // What paid a former owner's bills is theirs alone, whenever they paid it.
  const [ahead, other, paid] = [facing(money(entry.ahead)), minus(facing(money(entry.other)), money(entry.unseen)), money(entry.paid)];
  const moved = sum([ahead, other]);
  const beyond = other.isNegative() ? other : other.greaterThan(paid) ? minus(other, paid) : zero;
  const line = (text: Bilingual, amount: Money): Movement => {
    const back = amount.isNegative();
    return { on: entry.on, order: 2, text, debit: back ? facing(negated(amount)) : zero, credit: back ? zero : facing(amount), seq: entry.seq };
  };
  return [
    ...(beyond.isZero() ? [] : [line(told('unbilled', {}), negated(beyond))]),
    ...(moved.isZero() ? [] : [line(nameOf(entry), moved)]),
  ];
}

const billed = ({ bills, reductions }: AccountFacts): Movement[] => [
  ...bills.map((bill): Movement => ({
    on: bill.made_on, order: 0, debit: money(bill.amount), credit: zero, seq: null,
    text: told('bill', { name: bill.name_zh, period: bill.period }, { name: bill.name_en, period: bill.period }),
  })),
  ...reductions.map((one): Movement => ({
    on: one.on, order: 1, debit: zero, credit: money(one.amount), seq: null,
    text: told('reduced', { why: reductionNames[one.why]?.zh ?? one.why, name: one.name_zh, period: one.period },
      { why: reductionNames[one.why]?.en ?? one.why, name: one.name_en, period: one.period }),
  })),
];

/** Pure: the statement from its facts. `since`: entries of before it count only as what was held for the dwelling then. */
export function accountOf(facts: AccountFacts, { unit, from, to, since }: Pick<UnitAccount, 'unit' | 'from' | 'to' | 'since'>): UnitAccount {
  const seen_from = since === null ? null : firstDay(since);
  const unseen = seen_from === null ? [] : facts.entries.filter(({ on }) => on < seen_from);
  const held = sum(unseen.map(({ ahead }) => money(ahead)));
  const entries = seen_from === null ? facts.entries : facts.entries.filter(({ on }) => on >= seen_from);
  const movements = [...billed(facts), ...entries.flatMap(movementsOf)].filter(({ on }) => on <= to)
    .map((movement, place) => ({ movement, place }))
    .sort((a, b) => (a.movement.on === b.movement.on ? a.movement.order - b.movement.order || a.place - b.place : a.movement.on < b.movement.on ? -1 : 1))
    .map(({ movement }) => movement);
  const net = (some: readonly Movement[]): Money => sum(some.map(({ debit, credit }) => minus(debit, credit)));
  const before = from === null ? [] : movements.filter(({ on }) => on < from);
  const shown = movements.slice(before.length);
  const opening = minus(net(before), held);
  let balance = opening;
  const rows = shown.map(({ on, text, debit, credit, seq }): AccountRow => {
    balance = sum([balance, minus(debit, credit)]);
    const side = (amount: Money): string => (amount.isZero() ? '' : moneyText(amount));
    return { on, zh: text.zh, en: text.en, debit: side(debit), credit: side(credit), balance: moneyText(balance), seq };
  });
  const deposits = sum(entries.filter(({ on }) => on <= to).map(({ deposit }) => money(deposit)));
  return {
    unit, from, to, since, opening: moneyText(opening), rows, debits: moneyText(sum(shown.map(({ debit }) => debit))),
    credits: moneyText(sum(shown.map(({ credit }) => credit))), closing: moneyText(balance), deposits: moneyText(deposits.isNegative() ? zero : deposits),
  };
}

export interface AccountAsked { estate_id: number; unit: string; actor: Actor; from: BusinessDate | null; to: BusinessDate | null; today: BusinessDate }

/** The statement as far as whoever asks may see it. That they may see the dwelling at all is for refuseForeign() to say. */
export async function readAccount(trx: Trx, { estate_id, unit, actor, from, to, today }: AccountAsked): Promise<UnitAccount> {
  const first = may(actor, estate_id, 'read_households') ? null
    : (await seesSince(trx, { estate_id, person_id: actor.person_id, units: [unit], today })).get(unit) ?? null;
  const since = first === null ? null : periodOf(first);
  const start = since !== null && from !== null && from <= firstDay(since) ? null : from;
  const facts = await accountFacts(trx, { estate_id, unit, since });
  return accountOf(facts, { unit, from: start, to: to ?? today, since });
}
