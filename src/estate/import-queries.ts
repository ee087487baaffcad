// What the register knows that a spreadsheet's rows are judged by, and the imports there are (导入记录).
import { sql, type Selectable } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { addMonths, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { RegisterImportRowTable, RegisterImportTable } from '../kernel/tables-household.ts';
import { estateToday } from '../evidence/records.ts';
import { numberKey, readMonths } from './import-cells.ts';
import { billKey, whoKey, type Known } from './import-plan.ts';
import type { Cells, SheetShape } from './import-rows.ts';
import type { JudgedRow } from './import-judge.ts';

/** Last day of what an import brought and was taken back: the day before everything, it never was. */
export const NEVER: BusinessDate = '1899-12-31';

export interface ImportRow extends Omit<Selectable<RegisterImportTable>, 'sheets' | 'counts'> { shapes: SheetShape[]; counts: Record<string, string | number>; by_name: string | null }

const columns = ['i.estate_id', 'i.import_id', 'i.handed_by', 'i.handed_at', 'i.file_name', 'i.sha256', 'i.sheets', 'i.since', 'i.state', 'i.counts', 'i.taken_seq', 'i.undone_seq'] as const;
const imports = (trx: Trx, estate_id: number) => trx.selectFrom('register_import as i').leftJoin('person_identity as p', 'p.person_id', 'i.handed_by')
  .select(columns).select('p.name as by_name').where('i.estate_id', '=', estate_id);
const shown = ({ sheets, counts, ...row }: Awaited<ReturnType<ReturnType<typeof imports>['execute']>>[number]): ImportRow =>
  ({ ...row, shapes: JSON.parse(sheets) as SheetShape[], counts: JSON.parse(counts) as Record<string, string | number> });

/** The imports of an estate, the last one first. */
export const importsOf = async (trx: Trx, estate_id: number, limit = 100): Promise<ImportRow[]> =>
  (await imports(trx, estate_id).orderBy('i.import_id', 'desc').limit(limit).execute()).map(shown);

export async function importNumbered(trx: Trx, estate_id: number, import_id: number): Promise<ImportRow | undefined> {
  const row = await imports(trx, estate_id).where('i.import_id', '=', import_id).executeTakeFirst();
  return row === undefined ? undefined : shown(row);
}

type Staged = Pick<Selectable<RegisterImportRowTable>, 'sheet' | 'row' | 'cells' | 'is_skipped'>;

/** The rows of a draft as they are judged; left-out rows apart. */
export async function stagedRows(trx: Trx, { estate_id, import_id, shapes }: Pick<ImportRow, 'estate_id' | 'import_id' | 'shapes'>): Promise<{ rows: JudgedRow[]; skipped: number }> {
  const staged: Staged[] = await trx.selectFrom('register_import_row').select(['sheet', 'row', 'cells', 'is_skipped'])
    .where('estate_id', '=', estate_id).where('import_id', '=', import_id).orderBy('sheet').orderBy('row').execute();
  const implied = shapes.map(({ name, columns: list }) => [...list.filter(({ field }) => field === 'meter' || field === 'value').map(({ heading }) => heading), name]);
  const rows = staged.filter(({ is_skipped }) => !is_skipped).map(({ sheet, row, cells }) =>
    ({ sheet, row, cells: JSON.parse(cells) as Cells, kind: shapes[sheet]!.kind, implied: implied[sheet]! }));
  return { rows, skipped: staged.length - rows.length };
}

const group = <T, K, V>(rows: readonly T[], key: (row: T) => K, value: (row: T) => V): Map<K, V[]> => {
  const map = new Map<K, V[]>();
  for (const row of rows) {
    const list = map.get(key(row));
    if (list === undefined) map.set(key(row), [value(row)]);
    else list.push(value(row));
  }
  return map;
};

/** First and last month that the rows of open bills name. */
function monthsOf(rows: readonly JudgedRow[]): { first: Period; last: Period } | null {
  const months = rows.filter(({ kind }) => kind === 'bills').flatMap(({ cells }) => {
    const read = readMonths(cells.period ?? '');
    return 'value' in read ? read.value : [];
  });
  if (months.length === 0) return null;
  let [first, last] = [months[0]!, months[0]!];
  for (const month of months) [first, last] = [month < first ? month : first, month > last ? month : last];
  return { first, last };
}

const named = async (trx: Trx, estate_id: number, kind: 'owner' | 'tenant', today: BusinessDate): Promise<Map<string, string[]>> => {
  const { rows } = await sql<{ unit: string; name: string }>`select t.unit, coalesce(p.name, '') as name from tenure t
    left join party_identity p on p.estate_id = t.estate_id and p.party_id = t.party_id
    where t.estate_id = ${estate_id} and t.kind = ${kind} and coalesce(t.to_date, 'infinity') >= greatest(t.from_date, ${today}::date)`.execute(trx);
  return group(rows, ({ unit }) => unit, ({ name }) => name);
};

/** Persons of the register by name and telephone, where that names one of them only. */
async function partiesOf(trx: Trx, estate_id: number): Promise<Map<string, string>> {
  const { rows } = await sql<{ party_id: string; name: string; phone: string }>`select i.party_id, i.name, i.phone from party_identity i
    join party p on p.estate_id = i.estate_id and p.party_id = i.party_id where i.estate_id = ${estate_id} and p.erased_at is null and i.phone <> ''`.execute(trx);
  const parties = group(rows, ({ name, phone }) => whoKey(name, phone), ({ party_id }) => party_id);
  return new Map([...parties].filter(([, ids]) => ids.length === 1).map(([key, ids]) => [key, ids[0]!]));
}

async function billing(trx: Trx, estate_id: number, today: BusinessDate, months: { first: Period; last: Period } | null) {
  const { rows: items } = await sql<{ item: string; name_zh: string; name_en: string; starts_on: BusinessDate }>`
    select item, name_zh, name_en, starts_on from fee_rule where estate_id = ${estate_id}`.execute(trx);
  const { rows: [start] } = await sql<{ start_period: Period | null }>`
    select start_period from billing_start where estate_id = ${estate_id} and item = 'property_fee' order by seq desc limit 1`.execute(trx);
  const { rows: bills } = months === null ? { rows: [] } : await sql<{ unit: string; item: string; period: Period; amount: string }>`
    select b.unit, b.item, b.period, b.amount from bill b where b.estate_id = ${estate_id} and b.of_bill is null
      and b.period between ${months.first} and ${months.last}
      and not exists (select from bill_reduction r where r.estate_id = b.estate_id and r.bill_id = b.bill_id and r.why = 'import_undone')`.execute(trx);
  // Without bills of its own an estate may import every month gone by.
  const latest = addMonths(periodOf(today), 1);
  const starts = new Map<string, Period>();
  const begin = (item: string, period: Period): void => { starts.set(item, [starts.get(item) ?? latest, period].sort()[0]!); };
  for (const { item, starts_on } of items) begin(item, periodOf(starts_on));
  if (start?.start_period !== undefined && start.start_period !== null) begin('property_fee', start.start_period);
  const names = new Map<string, string>([['property_fee', 'property_fee'], ['物业费', 'property_fee'], ['物业服务费', 'property_fee']]);
  for (const { item, name_zh, name_en } of items) names.set(item, item).set(name_zh.normalize('NFKC').replace(/\s/g, ''), item).set(name_en.toLowerCase().replace(/\s/g, ''), item);
  return {
    items: names, item_names: [...new Set(['物业费', ...items.map(({ name_zh }) => name_zh)])], starts,
    bills: new Map(bills.map((bill) => [billKey(bill.unit, bill.item, bill.period), bill.amount])),
  };
}

/** What rows are judged by, as it is now. */
export async function knownRegister(trx: Trx, estate_id: number, rows: readonly JudgedRow[]): Promise<Known> {
  const today = await estateToday(trx, estate_id);
  const ended = (day: BusinessDate | null) => ({ is_ended: day !== null && day < today, is_void: day === NEVER });
  const units = await trx.selectFrom('unit').select(['unit', 'area_m2', 'phase', 'ended_on']).where('estate_id', '=', estate_id).execute();
  const spaces = await trx.selectFrom('parking_space').select(['space', 'kind', 'area_m2', 'ended_on']).where('estate_id', '=', estate_id).execute();
  const { rows: holdings } = await sql<{ space: string; unit: string; from: BusinessDate; to: BusinessDate | null }>`
    select space, unit, from_date as "from", to_date as "to" from space_holding where estate_id = ${estate_id} and coalesce(to_date, 'infinity') >= from_date`.execute(trx);
  const meters = await trx.selectFrom('meter').select(['meter', 'kind', 'unit', 'multiplier', 'digits', 'ended_on']).where('estate_id', '=', estate_id).execute();
  const reads = rows.some(({ kind }) => kind === 'readings' || kind === 'meters');
  const readings = !reads ? [] : await trx.selectFrom('meter_reading').select(['meter', 'read_on', 'value']).where('estate_id', '=', estate_id)
    .where('ended_seq', 'is', null).where('read_on', '>=', `${addMonths(periodOf(today), -36)}-01`).execute();
  return {
    today,
    units: new Map(units.map(({ unit, area_m2, phase, ended_on }) => [numberKey(unit), { unit, area_m2, phase, ...ended(ended_on) }])),
    owners: await named(trx, estate_id, 'owner', today), tenants: await named(trx, estate_id, 'tenant', today), parties: await partiesOf(trx, estate_id),
    spaces: new Map(spaces.map(({ space, kind, area_m2, ended_on }) => [space, { kind, area_m2, ...ended(ended_on) }])),
    holdings: group(holdings, ({ space }) => space, (held) => held),
    meters: new Map(meters.map(({ meter, ended_on, ...rest }) => [meter, { ...rest, ...ended(ended_on) }])),
    readings: group(readings, ({ meter }) => meter, ({ read_on, value }) => ({ read_on, value })),
    ...await billing(trx, estate_id, today, monthsOf(rows)),
  };
}
