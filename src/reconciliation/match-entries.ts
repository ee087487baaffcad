// Lines and entries that are both there already (对账): nothing is booked, they are linked.
//   certain   same amount, and the bank's serial is the entry's reference; or the same payee or dwelling, within five
//             days, and no other; or the amount alone, where within five days nothing competes on either side
//   proposed  same amount, but several; a line that is the sum of a day or of a pay file; an entry paid in several lines
// A line that went to another account than the order behind the entry says is no candidate at all, nor one that left the
// bank before the order was signed.
import { addDays } from '../kernel/dates.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { accountKey, sameAccount, type BookItem, type OpenLine } from './candidate.ts';
import { allows, isCash, isPassage } from './match-orders.ts';
import { candidate, Days, DAYS_APART, groupBy, isOut, near, type Evidence, type Matching } from './matching.ts';

/** Whether this debit may be what the order behind the entry allowed; credits and entries without an order always may. */
export function mayBe(line: OpenLine, item: BookItem): boolean {
  if (!isOut(line.amount) || item.approved_on === null) return true;
  if (isCash(line) && accountKey(item.payee_account) !== '') return false;
  return item.approved_on <= line.booked_on && sameAccount(line.counterparty_account, item) !== 'other';
}

const once = <T>(groups: Map<string, T[]>): Map<string, T> =>
  new Map([...groups].flatMap(([key, rows]) => (rows.length === 1 && key !== '' ? [[key, rows[0]!] as const] : [])));

/** The bank's serial stands in the entry. */
export function linkByReference(matching: Matching): void {
  const items = once(groupBy([...matching.items.values()].filter((item) => item.reference !== ''), (item) => `${item.amount} ${item.reference}`));
  const lines = once(groupBy([...matching.lines.values()].filter((line) => line.serial !== ''), (line) => `${line.amount} ${line.serial}`));
  for (const [key, line] of lines) {
    const item = items.get(key);
    if (item !== undefined && mayBe(line, item)) link(matching, line, item, 'same_reference');
  }
}

function link(matching: Matching, line: OpenLine, item: BookItem, why: 'same_reference' | 'same_payee' | 'same_unit' | 'only_one'): void {
  matching.settle(candidate({ id: `entry:${item.seq}`, why, certain: true, lines: [line.position], entries: [item.seq] }));
}

const window = (day: string): [string, string] => [addDays(day, -DAYS_APART), addDays(day, DAYS_APART)];

/** Same payee or dwelling, same amount, a few days apart, and no other. */
export function linkByEvidence(matching: Matching, evidence: Evidence): void {
  const lines = groupBy(matching.lines.values(), (line) => keyed(line.amount, evidence.of_line(line)));
  const items = groupBy(matching.items.values(), (item) => keyed(item.amount, evidence.of_item(item)));
  for (const [key, group] of lines) {
    const others = key === '' ? undefined : items.get(key);
    if (others !== undefined) linkUnique(matching, group, others, isOut(group[0]!.amount) ? 'same_payee' : 'same_unit');
  }
}

const keyed = (amount: string, by: string): string => (by === '' ? '' : `${amount} ${by}`);

function linkUnique(matching: Matching, lines: OpenLine[], items: BookItem[], why: 'same_payee' | 'same_unit'): void {
  const [of_lines, of_items] = [new Days(lines, (line) => line.booked_on), new Days(items, (item) => item.entry_date)];
  for (const line of lines) {
    if (of_items.count(...window(line.booked_on)) !== 1) continue;
    const [item] = of_items.within(...window(line.booked_on), 1);
    if (of_lines.count(...window(item!.entry_date)) === 1 && mayBe(line, item!)) link(matching, line, item!, why);
  }
}

/** Those of the other side that may be meant: of whom nothing is known, all; else the same and the unknown ones. */
class Rivals<T> {
  readonly #all: Days<T>;
  readonly #by: Map<string, Days<T>>;
  constructor(rows: readonly T[], keyOf: (row: T) => string, dayOf: (row: T) => string) {
    this.#all = new Days(rows, dayOf);
    this.#by = new Map([...groupBy(rows, keyOf)].map(([key, group]) => [key, new Days(group, dayOf)]));
  }

  #meant(key: string): Days<T>[] {
    if (key === '') return [this.#all];
    return ['', key].flatMap((one) => this.#by.get(one) ?? []);
  }

  count(key: string, day: string): number {
    return this.#meant(key).reduce((all, days) => all + days.count(...window(day)), 0);
  }

  within(key: string, day: string, limit: number): T[] {
    return this.#meant(key).flatMap((days) => days.within(...window(day), limit)).slice(0, limit);
  }
}

const rivalLines = (rows: readonly OpenLine[], evidence: Evidence) => new Rivals(rows, evidence.of_line, (line) => line.booked_on);
const rivalItems = (rows: readonly BookItem[], evidence: Evidence) => new Rivals(rows, evidence.of_item, (item) => item.entry_date);

/** Cash, or a transfer of which the bank or the books say nothing: a person says whether it is what was signed. */
const isSilent = (line: OpenLine, item: BookItem): boolean => isOut(line.amount) && item.approved_on !== null
  && ((line.counterparty_account === '' && line.counterparty_name === '') || (item.payee_account === '' && item.payee_last4 === ''));

/** The amount alone; `competes` says that a line could be something else as well. */
export function linkByAmount(matching: Matching, evidence: Evidence, competes: (line: OpenLine) => boolean): void {
  const items = groupBy(matching.items.values(), (item) => item.amount);
  for (const [amount, group] of groupBy(matching.lines.values(), (line) => line.amount)) {
    const others = items.get(amount);
    if (others === undefined) continue;
    const [of_lines, of_items] = [rivalLines(group, evidence), rivalItems(others, evidence)];
    for (const line of group) {
      const key = evidence.of_line(line);
      if (of_items.count(key, line.booked_on) !== 1 || competes(line)) continue;
      const [item] = of_items.within(key, line.booked_on, 1);
      if (of_lines.count(evidence.of_item(item!), item!.entry_date) === 1 && mayBe(line, item!) && !isSilent(line, item!)) {
        link(matching, line, item!, 'only_one');
      }
    }
  }
}

/** Entries of the amount and of the same days that a line may be. */
export function proposeEntries(matching: Matching, evidence: Evidence): void {
  const items = groupBy(matching.items.values(), (item) => item.amount);
  for (const [amount, group] of groupBy(matching.lines.values(), (line) => line.amount)) {
    const others = items.get(amount);
    if (others === undefined) continue;
    const rivals = rivalItems(others, evidence);
    for (const line of group) {
      for (const item of rivals.within(evidence.of_line(line), line.booked_on, 5)) {
        if (mayBe(line, item)) {
          matching.propose(candidate({ id: `entry:${item.seq}`, why: 'same_amount', certain: false, lines: [line.position], entries: [item.seq] }));
        }
      }
    }
  }
}

const total = (amounts: readonly string[]): string => moneyText(sum(amounts.map((amount) => money(amount))));
const sideOf = (amount: string): string => (isOut(amount) ? 'out' : 'in');

/** One line for many entries: all of a day, or all of a pay file. */
export function proposeSums(matching: Matching): void {
  const groups = [
    ...[...groupBy(matching.items.values(), (item) => `${item.entry_date} ${sideOf(item.amount)}`).values()].map((items) => ({ items, why: 'day_sum' as const })),
    ...[...groupBy([...matching.items.values()].filter((item) => item.pay_file !== null), (item) => String(item.pay_file)).values()]
      .map((items) => ({ items, why: 'file_sum' as const })),
  ].filter(({ items }) => items.length > 1 && items.length <= 400);
  const sums = groupBy(groups, ({ items }) => total(items.map((item) => item.amount)));
  for (const line of matching.lines.values()) {
    for (const { items, why } of sums.get(line.amount) ?? []) {
      if (!near(line.booked_on, items[0]!.entry_date)) continue;
      // Who a collective debit was paid out to is said by the bank's own file, not by the line.
      if (why === 'file_sum' && isOut(line.amount) ? !isPassage(line) : !items.every((item) => mayBe(line, item))) continue;
      const entries = items.map((item) => item.seq);
      matching.propose(candidate({ id: `entries:${entries.join(',')}`, why, certain: false, lines: [line.position], entries }));
    }
  }
}

/** Lines of a day among which subsets are looked for; of more, only their whole sum. */
const SUBSET_LINES = 12;
const SUBSET_SIZE = 4;

function subsetsOf(lines: readonly OpenLine[]): OpenLine[][] {
  if (lines.length > SUBSET_LINES) return [[...lines]];
  const found: OpenLine[][] = [];
  const extend = (chosen: OpenLine[], from: number): void => {
    if (chosen.length > 1) found.push(chosen);
    if (chosen.length === SUBSET_SIZE) return;
    for (let at = from; at < lines.length; at += 1) extend([...chosen, lines[at]!], at + 1);
  };
  extend([], 0);
  if (lines.length > SUBSET_SIZE) found.push([...lines]);
  return found;
}

/** One entry for several lines of a day, where exactly one way adds up. */
export function proposeSubsets(matching: Matching): void {
  const items = groupBy(matching.items.values(), (item) => item.amount);
  if (items.size === 0) return;
  for (const lines of groupBy(matching.lines.values(), (line) => `${line.booked_on} ${sideOf(line.amount)}`).values()) {
    if (lines.length < 2 || lines.length > 400) continue;
    const sums = groupBy(subsetsOf(lines), (subset) => total(subset.map((line) => line.amount)));
    for (const [amount, subsets] of sums) {
      const fitting = (items.get(amount) ?? []).filter((item) => near(item.entry_date, lines[0]!.booked_on));
      const [subset] = subsets;
      if (fitting.length !== 1 || subsets.length !== 1 || !subset!.every((line) => mayBe(line, fitting[0]!))) continue;
      const positions = subset!.map((line) => line.position);
      matching.propose(candidate({
        id: `entry:${fitting[0]!.seq}:${positions.join(',')}`, why: 'lines_sum', certain: false, lines: positions, entries: [fitting[0]!.seq],
      }));
    }
  }
}

/** Money that went out as it was signed for and came back from the same account, or the other way round: the two lines cancel
 *  each other. What nobody signed for is unexplained also when it came back. */
export function proposeReturns(matching: Matching): void {
  const known = [...matching.lines.values()].filter((line) => line.counterparty_account !== '');
  const groups = groupBy(known, (line) => `${line.amount.replace('-', '')} ${line.counterparty_account}`);
  for (const lines of groups.values()) {
    const [out, back] = [lines.filter((line) => isOut(line.amount)), lines.filter((line) => !isOut(line.amount))];
    if (out.length !== 1 || back.length !== 1 || !near(out[0]!.booked_on, back[0]!.booked_on)) continue;
    if (![...matching.orders.values()].some((one) => allows(one, out[0]!) && sameAccount(out[0]!.counterparty_account, one) === 'same')) continue;
    const positions = [out[0]!.position, back[0]!.position].sort((a, b) => a - b);
    matching.propose(candidate({ id: `offset:${positions.join(',')}`, why: 'returned', certain: false, lines: positions }));
  }
}
