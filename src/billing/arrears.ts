// Arrears (欠费): bills whose due day has gone by and that are not paid. By age: up to 30 days after the due day, up to 90, up to 365, older.
//   officers who may read households   every dwelling, as it is today
//   every owner                        counts and sums at the end of the last month, by age and by building, never a dwelling
// What every owner sees must not let anybody find a neighbour: a building stands there only with ten dwellings or more of which
// three or more owe and three or more do not, an age only with three dwellings or more. What is hidden cannot be found by
// subtracting either: the hidden groups together pass the same test, or more are hidden until they do. Pure: no database.
import { money, moneyText, sum, type Money } from '../kernel/money.ts';

/** Oldest last, as columns and rows of every table stand. */
export const ages = ['d30', 'd90', 'd365', 'older'] as const;
export type Age = (typeof ages)[number];

/** One dwelling on a day; amounts "120.00". */
export interface UnitArrears extends Record<Age, string> {
  unit: string;
  building: string;
  /** Overdue bills. */
  bills: number;
  oldest_due: string | null;
}

// Most dwellings owe nothing of most ages: those are not reckoned with.
const NOTHING = '0.00';
const owedOf = (row: Readonly<Record<Age, string>>, some: readonly Age[] = ages): Money[] => some.flatMap((age) => (row[age] === NOTHING ? [] : [money(row[age])]));
export const overdueOf = (row: Readonly<Record<Age, string>>): Money => sum(owedOf(row));

/** A figure that is not shown, lest it point at somebody. */
export const HIDDEN = null;
export interface GroupShown { dwellings: number; owing: number | null; amount: string | null }
export interface PublicArrears {
  /** Null: so few dwellings, or so few that owe or do not, that even the total is kept back. */
  total: { dwellings: number; owing: number; bills: number; amount: string } | null;
  ages: { age: Age; owing: number | null; amount: string | null }[];
  buildings: ({ building: string } & GroupShown)[];
}

export const LEAST_DWELLINGS = 10;
export const LEAST_ALIKE = 3;

interface Group { dwellings: number; owing: number; amount: Money }
const largeEnough = ({ dwellings, owing }: Group): boolean =>
  dwellings >= LEAST_DWELLINGS && owing >= LEAST_ALIKE && dwellings - owing >= LEAST_ALIKE;

/** Which of some groups must be hidden: those that fail, and then the smallest of the others until the hidden ones, taken
 *  together, pass. `together` joins the groups of these places into one. */
export function hiddenAmong(count: number, passes: (places: readonly number[]) => boolean, size: (place: number) => number): Set<number> {
  const places = Array.from({ length: count }, (_, place) => place);
  const hidden = new Set(places.filter((place) => !passes([place])));
  const next = places.filter((place) => !hidden.has(place)).sort((a, b) => size(a) - size(b) || a - b);
  while (hidden.size > 0 && next.length > 0 && !passes([...hidden])) hidden.add(next.shift()!);
  return hidden;
}

const joined = (groups: readonly Group[]): Group => ({
  dwellings: groups.reduce((all, { dwellings }) => all + dwellings, 0), owing: groups.reduce((all, { owing }) => all + owing, 0),
  amount: sum(groups.map(({ amount }) => amount)),
});

function byBuilding(rows: readonly UnitArrears[]): { building: string; group: Group }[] {
  const found = new Map<string, { dwellings: number; owed: Money[][] }>();
  for (const row of rows) {
    let group = found.get(row.building);
    if (group === undefined) found.set(row.building, (group = { dwellings: 0, owed: [] }));
    group.dwellings += 1;
    const owed = owedOf(row);
    if (owed.length > 0) group.owed.push(owed);
  }
  return [...found].map(([building, { dwellings, owed }]) => ({ building, group: { dwellings, owing: owed.length, amount: sum(owed.flat()) } }))
    .sort((a, b) => a.building.localeCompare(b.building, 'zh-CN', { numeric: true }));
}

function agesShown(rows: readonly UnitArrears[], shown: boolean): PublicArrears['ages'] {
  const owing = ages.map((age) => new Set(rows.filter((row) => row[age] !== NOTHING).map(({ unit }) => unit)));
  const amounts = ages.map((age) => sum(rows.flatMap((row) => owedOf(row, [age]))));
  // Nobody owes anything of that age: that points at nobody.
  const some = ages.map((_, place) => place).filter((place) => owing[place]!.size > 0);
  const dwellings = (places: readonly number[]): number => new Set(places.flatMap((at) => [...owing[some[at]!]!])).size;
  const hidden = hiddenAmong(some.length, (places) => dwellings(places) >= LEAST_ALIKE, (at) => owing[some[at]!]!.size);
  return ages.map((age, place) => {
    const kept = !shown || (some.includes(place) && hidden.has(some.indexOf(place)));
    return { age, owing: kept ? HIDDEN : owing[place]!.size, amount: kept ? HIDDEN : moneyText(amounts[place]!) };
  });
}

/** What every owner may see of the arrears of all dwellings. */
export function publicArrears(rows: readonly UnitArrears[]): PublicArrears {
  const buildings = byBuilding(rows);
  const groups = buildings.map(({ group }) => group);
  const all = joined(groups);
  const shown = largeEnough(all) || all.owing === 0;
  // Where nobody owes anything there is nobody to be found.
  const passes = (places: readonly number[]): boolean => largeEnough(joined(places.map((place) => groups[place]!)));
  const hidden = all.owing === 0 ? new Set<number>() : hiddenAmong(groups.length, passes, (place) => groups[place]!.dwellings);
  return {
    total: shown ? { dwellings: all.dwellings, owing: all.owing, bills: rows.reduce((sofar, { bills }) => sofar + bills, 0), amount: moneyText(all.amount) } : null,
    ages: agesShown(rows, shown),
    buildings: buildings.map(({ building, group }, place) => {
      const kept = !shown || hidden.has(place);
      return { building, dwellings: group.dwellings, owing: kept ? HIDDEN : group.owing, amount: kept ? HIDDEN : moneyText(group.amount) };
    }),
  };
}
