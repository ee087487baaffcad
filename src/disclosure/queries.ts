// Reads of published disclosures: the list by month, one version with its figures, drafts.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { addMonths, businessDate, isoInstant, periodOf } from '../kernel/dates.ts';
import { estateNow } from '../evidence/records.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { dueAt, dueOn } from './assemble.ts';

export interface VersionRow {
  period: string;
  version: number;
  figures_sha256: string;
  pdf_zh_sha256: string;
  pdf_en_sha256: string;
  pdf_zh_size: number;
  pdf_en_size: number;
  due_on: string;
  published_at: string;
  /** Published on its due day or before; of version 1, later versions are corrections. */
  on_time: boolean;
  seq: number;
  /** Checkpoint sealed into the PDFs; null where none could be signed. */
  checkpoint_size: number | null;
}

const columns = ['period', 'version', 'figures_sha256', 'pdf_zh_sha256', 'pdf_en_sha256', 'pdf_zh_size', 'pdf_en_size',
  'due_on', 'published_at', 'seq', 'checkpoint_size'] as const;

type Found = Omit<VersionRow, 'published_at' | 'on_time'> & { published_at: Date };
const versionOf = (found: Found): VersionRow => ({
  ...found, published_at: isoInstant(found.published_at),
  on_time: found.version > 1 || businessDate(found.published_at) <= found.due_on,
});

/** Versions of one month or of all, newest month first, newest version first. */
export async function versionsOf(trx: Trx, estate_id: number, period?: string): Promise<VersionRow[]> {
  let query = trx.selectFrom('disclosure').select(columns).where('estate_id', '=', estate_id);
  if (period !== undefined) query = query.where('period', '=', period);
  return (await query.orderBy('period', 'desc').orderBy('version', 'desc').execute()).map(versionOf);
}

export interface FoundDisclosure extends VersionRow { figures: string }

/** One version with its figures (canonical JSON); the latest when no version is asked for. */
export async function readDisclosure(
  trx: Trx, estate_id: number, period: string, version: number | undefined,
): Promise<FoundDisclosure | null> {
  let query = trx.selectFrom('disclosure').select([...columns, 'figures'])
    .where('estate_id', '=', estate_id).where('period', '=', period);
  if (version !== undefined) query = query.where('version', '=', version);
  const found = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (found === undefined) return null;
  const { figures, ...row } = found;
  return { ...versionOf(row), figures };
}

/** One version without its figures, which may be megabytes. */
export async function readVersion(
  trx: Trx, estate_id: number, period: string, version: number | undefined,
): Promise<VersionRow | null> {
  const rows = await versionsOf(trx, estate_id, period);
  return (version === undefined ? rows[0] : rows.find((row) => row.version === version)) ?? null;
}

export const figuresOf = (found: { figures: string }): DisclosureFigures => JSON.parse(found.figures) as DisclosureFigures;

export interface MonthRow {
  period: string;
  due_on: string;
  state: 'published' | 'overdue' | 'ahead';
  closed: boolean;
  drafted_at: string | null;
  /** Newest first. */
  versions: VersionRow[];
}

/** Every month of the books up to the running one, newest first, with its versions. */
export async function monthsOf(trx: Trx, estate: Estate): Promise<MonthRow[]> {
  const { estate_id } = estate;
  const now = await estateNow(trx, estate_id);
  const versions = Map.groupBy(await versionsOf(trx, estate_id), (row) => row.period);
  const { rows } = await sql<{ period: string; drafted_at: Date }>`
    select period, drafted_at from disclosure_draft where estate_id = ${estate_id}`.execute(trx);
  const drafts = new Map(rows.map((row) => [row.period, isoInstant(row.drafted_at)]));
  const { closed_period } = await trx.selectFrom('log_head').select('closed_period')
    .where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  const months: MonthRow[] = [];
  for (let period = periodOf(businessDate(now)); period >= estate.first_period; period = addMonths(period, -1)) {
    const own = versions.get(period) ?? [];
    months.push({
      period, due_on: own.at(-1)?.due_on ?? dueOn(estate, period),
      state: own.length > 0 ? 'published' : dueAt(estate, period) <= now ? 'overdue' : 'ahead',
      closed: period <= closed_period, drafted_at: drafts.get(period) ?? null, versions: own,
    });
  }
  return months;
}

export interface DisclosureState {
  /** Versions of the last month that was published, newest first; empty before the first. */
  latest: VersionRow[];
  /** Number of months whose due time has passed and that are not published. */
  overdue: number;
}

/** For the home page: what was published last, and whether anything is late. One query. */
export async function disclosureState(trx: Trx, estate: Estate, now: Date): Promise<DisclosureState> {
  const { estate_id } = estate;
  const { rows } = await sql<Found & { months: number }>`
    select d.period, d.version, d.figures_sha256, d.pdf_zh_sha256, d.pdf_en_sha256, d.pdf_zh_size, d.pdf_en_size,
      d.due_on, d.published_at, d.seq, d.checkpoint_size, one.months
    from (select max(period) as period, count(distinct period)::integer as months from disclosure where estate_id = ${estate_id}) as one
    join disclosure d on d.estate_id = ${estate_id} and d.period = one.period
    order by d.version desc`.execute(trx);
  let due = 0;
  for (let period = estate.first_period; dueAt(estate, period) <= now; period = addMonths(period, 1)) due += 1;
  // A month may be out before its due day; it is not a gap when an older one is missing.
  const early = rows[0] !== undefined && dueAt(estate, rows[0].period) > now ? 1 : 0;
  return {
    latest: rows.map(({ months: _months, ...row }) => versionOf(row)),
    overdue: Math.max(0, due - ((rows[0]?.months ?? 0) - early)),
  };
}
