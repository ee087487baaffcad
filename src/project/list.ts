// What everybody may see of dwellings: amounts beside a name made up for this project, consent and payment by stairwell, and of givers what
// they chose. Groups of fewer than ten dwellings are put together with others, so that nobody is told from a number.
import { sha256Hex } from '../kernel/digest.ts';
import { apportion, money, moneyText, sum } from '../kernel/money.ts';
import { maskedName } from '../kernel/text.ts';
import type { DwellingRow, GiftRow } from './queries.ts';

export const FEWEST = 10;

export interface Group<R> { name: string; rows: readonly R[] }

/** Groups of at least ten; smaller ones are put together, and with the smallest of the others where that is still too few. None where all
 *  together are fewer than ten. `rest` names what was put together. */
export function safeGroups<R>(groups: readonly Group<R>[], rest: string): Group<R>[] {
  const large = groups.filter((group) => group.rows.length >= FEWEST);
  const small = groups.filter((group) => group.rows.length < FEWEST).flatMap((group) => group.rows);
  if (small.length === 0) return large;
  if (small.length >= FEWEST) return [...large, { name: rest, rows: small }];
  if (large.length === 0) return [];
  const least = large.reduce((a, b) => (b.rows.length < a.rows.length ? b : a));
  return [...large.filter((group) => group !== least), { name: rest, rows: [...least.rows, ...small] }];
}

export interface StairRow { name: string; dwellings: number; for: number; against: number; paid: number; pledged: number }

const grouped = (rows: readonly DwellingRow[], nameOf: (row: DwellingRow) => string): Group<DwellingRow>[] => {
  const found = new Map<string, DwellingRow[]>();
  for (const row of rows) found.set(nameOf(row), [...(found.get(nameOf(row)) ?? []), row]);
  return [...found].map(([name, members]) => ({ name, rows: members }));
};

/** Consent and payment by stairwell. */
export const stairRows = (rows: readonly DwellingRow[], nameOf: (row: DwellingRow) => string, rest: string): StairRow[] =>
  safeGroups(grouped(rows, nameOf), rest).map((group) => ({
    name: group.name, dwellings: group.rows.length, for: group.rows.filter((row) => row.stance === 'for').length, against: group.rows.filter((row) => row.stance === 'against').length,
    pledged: group.rows.filter((row) => !money(row.pledged).isZero()).length, paid: group.rows.filter((row) => money(row.paid).greaterThan(0)).length,
  }));

/** The name of a dwelling in one project; made from its random name, and says nothing of where it lies. */
export const aliasOf = (project: number, ref: string): string => sha256Hex(`mingzhang/project/${project}/${ref}`).slice(0, 4).toUpperCase();

export interface MaskedRow { group: string; alias: string; pledged: string; paid: string; paid_back: string; mine: boolean }

/** Everybody's list (公示清单): who pledged or paid, in the order of made-up names. */
export function maskedRows(rows: readonly DwellingRow[], { project, own, nameOf, rest }: { project: number; own: ReadonlySet<string>; nameOf: (row: DwellingRow) => string; rest: string }): MaskedRow[] {
  return safeGroups(grouped(rows, nameOf), rest).flatMap((group) => group.rows.filter((row) => !money(row.pledged).isZero() || !money(row.paid).isZero())
    .map((row) => ({ group: group.name, alias: aliasOf(project, row.ref), pledged: row.pledged, paid: row.paid, paid_back: row.paid_back, mine: own.has(row.unit) }))
    .sort((a, b) => (a.alias < b.alias ? -1 : 1)));
}

/** The giver as everybody may see them; null: not shown. */
export function shownDonor({ shown, name, is_company }: Pick<GiftRow, 'shown' | 'name' | 'is_company'>): string | null {
  if (shown === 'anonymous' || name === null) return null;
  return shown === 'named' ? name : is_company ? `${[...name].slice(0, 2).join('')}***` : maskedName(name);
}

/** What a dwelling is asked for: to the nearest fen, which is the hundredth part of yuan for each square metre times hundredths of one. */
export function shareOf({ share_rule, share }: { share_rule: 'none' | 'per_m2' | 'fixed'; share: string | null }, area_m2: string): string | null {
  if (share === null || share_rule !== 'per_m2') return share;
  const hundredfold = money(money(share).times(area_m2).times(100).toFixed(2));
  return moneyText(apportion(hundredfold, [1, 99])[0]!);
}

export const totalOf = (amounts: readonly string[]): string => moneyText(sum(amounts.map(money)));
