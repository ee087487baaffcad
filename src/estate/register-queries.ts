// Reads of the estate register (小区台账): what there is on a day, whose it is, who pays, which spaces and meters belong to it.
// A row with to_date before from_date never was; facts and readings with ended_seq were taken back. Names come only where
// they are asked for (`named`): for whoever may read_households, and for the person themselves.
import { sql } from 'kysely';
import type { Db, Trx } from '../kernel/database.ts';
import { addDays, type BusinessDate } from '../kernel/dates.ts';

type Reader = Db | Trx;
export interface Among {
  /** Only these dwellings; absent: all. */
  units?: readonly string[] | undefined;
}
const among = (column: string, units: readonly string[] | undefined) =>
  (units === undefined ? sql`` : sql`and ${sql.ref(column)} = any(${[...units]}::text[])`);

const order = new Intl.Collator('zh', { numeric: true });
/** 1-1-201 before 1-1-1001, and building 2 before 10. */
export const byPlace = (a: string, b: string): number => order.compare(a, b);

export const unitKinds = ['dwelling', 'shop', 'office', 'storage', 'other'] as const;
export type UnitKind = (typeof unitKinds)[number];
export const occupancies = ['owner', 'let', 'vacant'] as const;
export type Occupancy = (typeof occupancies)[number];
export const spaceKinds = ['owned', 'common', 'civil_defence'] as const;
export type SpaceKind = (typeof spaceKinds)[number];
export const meterKinds = ['water', 'electricity', 'gas', 'heat'] as const;
export type MeterKind = (typeof meterKinds)[number];

// ── Dwellings ────────────────────────────────────────────────────────────────────────────────────

export interface UnitOnDay {
  unit: string;
  /** Its name in the journal and the log. */
  ref: string;
  phase: string;
  building: string;
  stairwell: string;
  /** Square metres, "85.00". */
  area_m2: string;
  kind: UnitKind;
  occupancy: Occupancy;
  /** First day of the fact that holds; 1900-01-01: from the beginning. */
  fact_from: BusinessDate;
}

/** Dwellings in the register on a day, with what held on it, in the order of the doors. */
export async function unitsOn(trx: Reader, estate_id: number, day: BusinessDate, { units }: Among = {}): Promise<UnitOnDay[]> {
  const { rows } = await sql<UnitOnDay>`
    select u.unit, u.ref, u.phase, u.building, u.stairwell, f.area_m2, f.kind, f.occupancy, f.from_date as fact_from
    from unit u join (
      select distinct on (x.unit) x.unit, x.area_m2, x.kind, x.occupancy, x.from_date from unit_fact x
      where x.estate_id = ${estate_id} and x.ended_seq is null and x.from_date <= ${day}::date ${among('x.unit', units)}
      order by x.unit, x.from_date desc, x.fact_id desc
    ) f on f.unit = u.unit
    where u.estate_id = ${estate_id} and (u.ended_on is null or u.ended_on >= ${day}::date) ${among('u.unit', units)}`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit));
}

export const unitOn = async (trx: Reader, estate_id: number, unit: string, day: BusinessDate): Promise<UnitOnDay | undefined> =>
  (await unitsOn(trx, estate_id, day, { units: [unit] }))[0];

export interface FactSpan {
  unit: string;
  ref: string;
  phase: string;
  building: string;
  stairwell: string;
  area_m2: string;
  kind: UnitKind;
  occupancy: Occupancy;
  /** First and last day within what was asked for. */
  from: BusinessDate;
  to: BusinessDate;
}

/** What held of each dwelling from a day to a day, both included: spans without gaps as long as the dwelling is in the
 *  register, cut to the days asked for. In the order of the doors, then of the days. */
export async function factsBetween(
  trx: Reader, estate_id: number, from: BusinessDate, to: BusinessDate, { units }: Among = {},
): Promise<FactSpan[]> {
  const { rows } = await sql<FactSpan>`
    with days as (
      select distinct on (f.unit, f.from_date) f.unit, f.from_date, f.area_m2, f.kind, f.occupancy from unit_fact f
      where f.estate_id = ${estate_id} and f.ended_seq is null and f.from_date <= ${to}::date ${among('f.unit', units)}
      order by f.unit, f.from_date, f.fact_id desc
    ), spans as (select d.*, (lead(d.from_date) over (partition by d.unit order by d.from_date) - 1)::date as until from days d)
    select u.unit, u.ref, u.phase, u.building, u.stairwell, s.area_m2, s.kind, s.occupancy,
      greatest(s.from_date, ${from}::date)::date as "from", least(coalesce(s.until, ${to}::date), coalesce(u.ended_on, ${to}::date), ${to}::date)::date as "to"
    from spans s join unit u on u.estate_id = ${estate_id} and u.unit = s.unit
    where greatest(s.from_date, ${from}::date) <= least(coalesce(s.until, ${to}::date), coalesce(u.ended_on, ${to}::date), ${to}::date)`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit) || (a.from < b.from ? -1 : 1));
}

export interface FactRow {
  fact_id: number;
  from_date: BusinessDate;
  area_m2: string;
  kind: UnitKind;
  occupancy: Occupancy;
  /** Record of the change; null of what came with the dwelling. */
  seq: number | null;
  ended_seq: number | null;
  entered_at: Date | null;
  /** Opaque id of who entered it. */
  by: string | null;
}

/** Every fact of one dwelling, also what was taken back, newest first. */
export const factsOf = async (trx: Reader, estate_id: number, unit: string): Promise<FactRow[]> => (await sql<FactRow>`
  select f.fact_id, f.from_date, f.area_m2, f.kind, f.occupancy, f.seq, f.ended_seq, r.recorded_at as entered_at, r.body::jsonb ->> 'by' as by
  from unit_fact f left join record r on r.estate_id = f.estate_id and r.seq = f.seq
  where f.estate_id = ${estate_id} and f.unit = ${unit} order by f.from_date desc, f.fact_id desc`.execute(trx)).rows;

// ── Owners and tenants ───────────────────────────────────────────────────────────────────────────

export interface Tenure {
  tenure_id: number;
  unit: string;
  party_id: string;
  kind: 'owner' | 'tenant';
  /** "1/2"; empty: not said. */
  share: string;
  pays: boolean;
  from_date: BusinessDate;
  /** Last day; null while it lasts. */
  to_date: BusinessDate | null;
  /** Login of the person, where it is linked. */
  person_id: string | null;
  party_kind: 'person' | 'organisation';
  /** Null unless asked for by `named`, and where it was erased. */
  name: string | null;
  phone: string | null;
  note: string | null;
  seq: number;
  ended_seq: number | null;
}

export interface TenuresAsked extends Among {
  /** Lasting on this day. */
  on?: BusinessDate | undefined;
  /** Lasting on some day of these. */
  from?: BusinessDate | undefined;
  to?: BusinessDate | undefined;
  /** Of this login. */
  person_id?: string | undefined;
  named?: boolean | undefined;
}

/** Who owns or rents: by dwelling as the doors go, owners first, then by their first day. */
export async function tenuresOf(
  trx: Reader, estate_id: number, { units, on, from, to, person_id, named = false }: TenuresAsked = {},
): Promise<Tenure[]> {
  const { rows } = await sql<Tenure>`
    select n.tenure_id, n.unit, n.party_id, n.kind, n.share, n.pays, n.from_date, n.to_date, p.person_id, p.kind as party_kind,
      ${named ? sql`i.name, i.phone, i.note` : sql`null::text as name, null::text as phone, null::text as note`}, n.seq, n.ended_seq
    from tenure n join party p on p.estate_id = n.estate_id and p.party_id = n.party_id
    left join party_identity i on i.estate_id = n.estate_id and i.party_id = n.party_id
    where n.estate_id = ${estate_id} and (n.to_date is null or n.to_date >= n.from_date) ${among('n.unit', units)}
      ${on === undefined ? sql`` : sql`and n.from_date <= ${on}::date and (n.to_date is null or n.to_date >= ${on}::date)`}
      ${from === undefined ? sql`` : sql`and (n.to_date is null or n.to_date >= ${from}::date)`}
      ${to === undefined ? sql`` : sql`and n.from_date <= ${to}::date`}
      ${person_id === undefined ? sql`` : sql`and p.person_id = ${person_id}::uuid`}
    order by n.kind, n.from_date, n.tenure_id`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit));
}

const lasts = ({ from_date, to_date }: Tenure, day: BusinessDate): boolean => from_date <= day && (to_date === null || to_date >= day);

/** Who of these pays on a day: tenants who pay, else owners who pay, else all owners. Pure. */
export function payersAmong(tenures: readonly Tenure[], day: BusinessDate): Tenure[] {
  const there = tenures.filter((tenure) => lasts(tenure, day));
  const tenants = there.filter(({ kind, pays }) => kind === 'tenant' && pays);
  if (tenants.length > 0) return tenants;
  const owners = there.filter(({ kind }) => kind === 'owner');
  const paying = owners.filter(({ pays }) => pays);
  return paying.length > 0 ? paying : owners;
}

export interface PayerSpan { from: BusinessDate; to: BusinessDate; payers: Tenure[] }

/** Who of one dwelling's tenures pays which days, both included: spans without gaps; nobody where the register says
 *  nobody. Pure: for a bill of a month in which the owner changed. */
export function payersBetween(tenures: readonly Tenure[], from: BusinessDate, to: BusinessDate): PayerSpan[] {
  const firsts = new Set<BusinessDate>([from]);
  for (const { from_date, to_date } of tenures) {
    if (from_date > from && from_date <= to) firsts.add(from_date);
    if (to_date !== null && to_date >= from && to_date < to) firsts.add(addDays(to_date, 1));
  }
  const starts = [...firsts].sort();
  const spans: PayerSpan[] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    const span = { from: start, to: next === undefined ? to : addDays(next, -1), payers: payersAmong(tenures, start) };
    const before = spans.at(-1);
    const names = ({ payers }: PayerSpan): string => payers.map(({ party_id }) => party_id).sort().join();
    if (before !== undefined && names(before) === names(span)) before.to = span.to;
    else spans.push(span);
  }
  return spans;
}

/** Who pays on a day, by dwelling. */
export async function payersOn(
  trx: Reader, estate_id: number, day: BusinessDate, { units, named }: Among & { named?: boolean | undefined } = {},
): Promise<Map<string, Tenure[]>> {
  const by_unit = new Map<string, Tenure[]>();
  for (const tenure of await tenuresOf(trx, estate_id, { units, on: day, named })) by_unit.set(tenure.unit, [...(by_unit.get(tenure.unit) ?? []), tenure]);
  return new Map([...by_unit].map(([unit, tenures]) => [unit, payersAmong(tenures, day)]));
}

export const payerOn = async (trx: Reader, estate_id: number, unit: string, day: BusinessDate, { named }: { named?: boolean } = {}): Promise<Tenure[]> =>
  (await payersOn(trx, estate_id, day, { units: [unit], named })).get(unit) ?? [];

/** The first day of somebody's time there without a gap: whoever sold and bought again does not see the years between. */
function sinceAmong(own: readonly Tenure[], today: BusinessDate): BusinessDate {
  const begun = own.filter(({ from_date }) => from_date <= today);
  const [last, ...before] = (begun.length > 0 ? begun : own).toSorted((a, b) => (a.from_date < b.from_date ? 1 : -1));
  let since = last!.from_date;
  for (const { from_date, to_date } of before) if (to_date === null || addDays(to_date, 1) >= since) since = from_date < since ? from_date : since;
  return since;
}

/** From which day on a resident sees what a dwelling owes and paid. Linked to an owner or tenant: from their own first day
 *  there (what came before is their predecessor's). Not linked: from the first day of those who own it now. null: everything,
 *  because the register names no owner. */
export async function seesSince(
  trx: Reader, { estate_id, person_id, units, today }: { estate_id: number; person_id: string; units: readonly string[]; today: BusinessDate },
): Promise<Map<string, BusinessDate | null>> {
  const tenures = await tenuresOf(trx, estate_id, { units });
  return new Map(units.map((unit) => {
    const there = tenures.filter((tenure) => tenure.unit === unit);
    const own = there.filter((tenure) => tenure.person_id === person_id);
    if (own.length > 0) return [unit, sinceAmong(own, today)];
    const owners = there.filter(({ kind }) => kind === 'owner');
    const now = owners.filter((tenure) => lasts(tenure, today));
    // Nobody owns it now although somebody did: nothing before today is anybody's who cannot be named.
    if (now.length === 0) return [unit, owners.length > 0 ? today : null];
    const persons = new Set(now.map(({ party_id }) => party_id));
    return [unit, sinceAmong(owners.filter(({ party_id }) => persons.has(party_id)), today)];
  }));
}

/** Dwellings whose owner or tenant has a name or telephone with this in it, on a day. For read_households only. */
export async function unitsOfParty(trx: Reader, estate_id: number, typed: string, day: BusinessDate): Promise<string[]> {
  const part = typed.normalize('NFKC').replace(/\s/gu, '');
  if (part === '') return [];
  const { rows } = await sql<{ unit: string }>`
    select distinct n.unit from party_identity i join tenure n on n.estate_id = i.estate_id and n.party_id = i.party_id
    where i.estate_id = ${estate_id} and n.from_date <= ${day}::date and (n.to_date is null or n.to_date >= ${day}::date)
      and (position(${part} in replace(i.name, ' ', '')) > 0 or (char_length(${part}) >= 4 and position(${part} in regexp_replace(i.phone, '[^0-9]', '', 'g')) > 0))`.execute(trx);
  return rows.map(({ unit }) => unit).sort(byPlace);
}
