// Spreadsheets for the register (导入台账): handed in, judged row by row, put right on the page, then taken whole or not at all.
//   draft → taken (record register_imported) → undone (import-undo.ts)      dropped: row and cells go
// Nothing of it enters the register before every row is right or left out. The record says how much came, never whose; the
// cells of a draft hold names and go when it is taken or dropped; of the file only its hash is kept.
import { sql } from 'kysely';
import { sheetsAside } from '../bankfile/read-aside.ts';
import type { Sheet } from '../bankfile/spreadsheet-read.ts';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { readDate } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { withoutPersonal } from '../kernel/personal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { cellText } from './import-cells.ts';
import { isField, sheetKinds, type SheetKind } from './import-headings.ts';
import { judge, type Judgement } from './import-judge.ts';
import type { Plan } from './import-plan.ts';
import { importNumbered, knownRegister, stagedRows, type ImportRow } from './import-queries.ts';
import { refusals } from './import-refusals.ts';
import { MOST_IMPORT_ROWS, readRegister, type Cells } from './import-rows.ts';
import { writePlan } from './import-write.ts';

export const LARGEST_IMPORT = 20 * 1024 * 1024;
const KEPT_DAYS = 7;

interface Asked { estate: Estate; actor: Actor | null }
interface One extends Asked { import_id: number }
export interface Looked extends Judgement { row: ImportRow; skipped: number; counts: Record<string, string | number> }

// ── Reading the file ─────────────────────────────────────────────────────────────────────────────

/** The reader tells of banks' files; what is wrong with a register's is told in its own words. */
function ownWords(error: unknown): unknown {
  if (!(error instanceof Refusal) || !error.code.startsWith('statement_')) return error;
  const { facts } = error;
  const said = (zh: string, en: string): Refusal => refusals.register_file_unreadable({ what_zh: facts[zh] ?? error.in('zh'), what_en: facts[en] ?? error.in('en') }, 'file');
  switch (error.code) {
    case 'statement_file_empty': return refusals.register_file_missing({}, 'file');
    case 'statement_too_large': return refusals.register_file_too_large(facts, 'file');
    case 'statement_too_long': return refusals.register_rows_too_many({ rows: facts['rows'] ?? '', limit: MOST_IMPORT_ROWS }, 'file');
    case 'statement_file_kind': {
      const { kind_zh = '', kind_en = '' } = facts;
      return refusals.register_file_unreadable({ what_zh: `这是${kind_zh}，不是表格`, what_en: `it is ${kind_en}, no spreadsheet` }, 'file');
    }
    case 'statement_file_encrypted': return refusals.register_file_unreadable({ what_zh: '文件加了密码', what_en: 'it is protected by a password' }, 'file');
    case 'statement_file_damaged': case 'statement_file_unsafe': return said('what_zh', 'what_en');
    case 'statement_too_slow': return refusals.register_file_unreadable({ what_zh: '读了太久还没读完', what_en: 'reading it took too long' }, 'file');
    default: return refusals.register_file_unreadable({ what_zh: '里面的文字认不出来，可能已损坏', what_en: 'its text cannot be understood and may be damaged' }, 'file');
  }
}

function shownName(typed: string): string {
  const name = withoutPersonal(typed.normalize('NFC').split(/[\\/]/).at(-1)!.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '').trim());
  return name === '' ? 'file' : [...name].slice(0, 100).join('');
}

function kindAsked(typed: string | undefined): SheetKind | null {
  if (typed === undefined || typed === '') return null;
  const kind = sheetKinds.find((one) => one === typed);
  if (kind === undefined) throw refusals.register_kind_invalid({ typed: typed.slice(0, 40) }, 'kind');
  return kind;
}

export interface Handed extends Asked { bytes: Buffer; file_name: string; kind?: string | undefined; since?: string | undefined }

/** Takes a file in as a draft; the same one again is the draft that is there. Refusals: those of demand() for keep_register,
 *  register_file_*, register_sheet_*, register_rows_too_many, register_kind_invalid, register_import_since. */
export async function handInRegister(house: House, asked: Handed): Promise<ImportRow> {
  const { estate: { estate_id }, bytes } = asked;
  const { person_id } = demand(asked.actor, estate_id, 'keep_register');
  const kind = kindAsked(asked.kind);
  const since = sinceOf(asked.since);
  if (bytes.length === 0) throw refusals.register_file_missing({}, 'file');
  let sheets: Sheet[];
  try {
    sheets = await sheetsAside(bytes);
  } catch (error) {
    throw ownWords(error);
  }
  const { shapes, rows } = readRegister(sheets, kind);
  if (shapes.length === 0) throw refusals.register_sheet_unknown({}, 'file');
  if (rows.length === 0) throw refusals.register_sheet_empty({}, 'file');
  if (rows.length > MOST_IMPORT_ROWS) throw refusals.register_rows_too_many({ rows: rows.length, limit: MOST_IMPORT_ROWS }, 'file');
  const sha256 = sha256Hex(bytes);
  return inEstate(house.db.app, estate_id, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`register ${estate_id} ${sha256}`}, 0))`.execute(trx);
    await dropOldDrafts(trx, estate_id);
    if (since !== null && since > await estateToday(trx, estate_id)) throw refusals.register_import_since({}, 'since');
    const before = await trx.selectFrom('register_import').select(['import_id', 'state', 'sheets']).where('estate_id', '=', estate_id).where('sha256', '=', sha256)
      .where('state', '!=', 'undone').executeTakeFirst();
    if (before?.state === 'taken') throw refusals.register_file_known({ import: before.import_id }, 'file');
    const layout = canonical(shapes as unknown as Json);
    if (before !== undefined && before.sheets === layout) return (await importNumbered(trx, estate_id, before.import_id))!;
    if (before !== undefined) await drop(trx, estate_id, before.import_id);
    const { import_id } = await trx.insertInto('register_import').values({
      estate_id, handed_by: person_id, handed_at: await estateNow(trx, estate_id), file_name: shownName(asked.file_name), sha256, sheets: layout, since,
    }).returning('import_id').executeTakeFirstOrThrow();
    await sql`insert into register_import_row (estate_id, import_id, sheet, row, cells) select ${estate_id}, ${import_id}, g.sheet, g.row, g.cells
      from unnest(${rows.map((row) => row.sheet)}::smallint[], ${rows.map((row) => row.row)}::integer[], ${rows.map((row) => JSON.stringify(row.cells))}::text[])
        as g(sheet, row, cells)`.execute(trx);
    return (await importNumbered(trx, estate_id, import_id))!;
  });
}

async function drop(trx: Trx, estate_id: number, import_id: number): Promise<void> {
  await trx.deleteFrom('register_import_row').where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
  await trx.deleteFrom('register_import').where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
}

/** Drafts that nobody took within a week go, names and all; also called by the daily task. */
export async function dropOldDrafts(trx: Trx, estate_id: number): Promise<number> {
  const { rows } = await sql<{ import_id: number }>`select import_id from register_import where estate_id = ${estate_id} and state = 'draft'
    and handed_at < estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS})`.execute(trx);
  for (const { import_id } of rows) await drop(trx, estate_id, import_id);
  return rows.length;
}

// ── The dry run ──────────────────────────────────────────────────────────────────────────────────

const lists = ['units', 'spaces', 'holdings', 'meters', 'readings', 'bills'] as const;

function countsOf(plan: Plan, skipped: number): Record<string, string | number> {
  const counts: Record<string, string | number> = {};
  for (const list of lists) if (plan[list].length > 0) counts[list] = plan[list].length;
  for (const kind of ['owner', 'tenant'] as const) {
    const n = plan.tenures.filter((one) => one.kind === kind).length;
    if (n > 0) counts[`${kind}s`] = n;
  }
  if (plan.bills.length > 0) counts['bills_total'] = moneyText(sum(plan.bills.map(({ amount }) => money(amount))));
  if (skipped > 0) counts['skipped'] = skipped;
  return counts;
}

async function lookAt(trx: Trx, row: ImportRow): Promise<Looked> {
  const { rows, skipped } = await stagedRows(trx, row);
  const judgement = judge(await knownRegister(trx, row.estate_id, rows), rows, row.since);
  return { ...judgement, row, skipped, counts: countsOf(judgement.plan, skipped) };
}

async function found(trx: Trx, estate_id: number, import_id: number): Promise<ImportRow> {
  const row = await importNumbered(trx, estate_id, import_id);
  if (row === undefined) throw refusals.register_import_unknown();
  return row;
}

/** A draft as it stands against the register now: what it would bring and what is wrong. One that was taken has nothing to judge.
 *  Refusals: those of demand() for keep_register, register_import_unknown. */
export async function lookAtImport(house: House, { estate: { estate_id }, actor, import_id }: One): Promise<Looked> {
  demand(actor, estate_id, 'keep_register');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const row = await found(trx, estate_id, import_id);
    if (row.state === 'draft') return lookAt(trx, row);
    const plan = { units: [], tenures: [], spaces: [], holdings: [], meters: [], readings: [], bills: [] };
    return { row, plan, faults: [], notes: [], needs_since: false, skipped: 0, counts: row.counts };
  }, { readOnly: true });
}

// ── Putting right ────────────────────────────────────────────────────────────────────────────────

export interface Correction { sheet: number; row: number; field: string; text: string }
export interface Corrections { cells?: readonly Correction[]; skip?: readonly { sheet: number; row: number }[]; unskip_all?: boolean; since?: string | undefined }

function sinceOf(typed: string | undefined): string | null {
  if (typed === undefined || typed.trim() === '') return null;
  const day = readDate(typed);
  if (day === null || day < '1949-10-01') throw refusals.register_import_since({}, 'since');
  return day;
}

async function lockedDraft(trx: Trx, estate_id: number, import_id: number): Promise<ImportRow> {
  await trx.selectFrom('register_import').select('import_id').where('estate_id', '=', estate_id).where('import_id', '=', import_id).forUpdate().execute();
  const row = await found(trx, estate_id, import_id);
  if (row.state !== 'draft') throw refusals.register_import_done({ import: import_id });
  return row;
}

/** Keeps what a person put right: cells, rows left out, the day for rows without one. Refusals: those of demand() for keep_register,
 *  register_import_unknown, _done, _since, register_cell_unknown. */
export async function correctImport(house: House, { estate: { estate_id }, actor, import_id }: One, { cells = [], skip = [], unskip_all = false, since }: Corrections): Promise<void> {
  demand(actor, estate_id, 'keep_register');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const draft = await lockedDraft(trx, estate_id, import_id);
    if (since !== undefined) {
      const day = sinceOf(since);
      if (day !== null && day > await estateToday(trx, estate_id)) throw refusals.register_import_since({}, 'since');
      if (day !== draft.since) await trx.updateTable('register_import').set({ since: day }).where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
    }
    const rows = trx.updateTable('register_import_row').where('estate_id', '=', estate_id).where('import_id', '=', import_id);
    if (unskip_all) await rows.set({ is_skipped: false }).execute();
    for (const { sheet, row } of skip) await rows.set({ is_skipped: true }).where('sheet', '=', sheet).where('row', '=', row).execute();
    for (const { sheet, row, field, text } of cells) {
      const staged = await trx.selectFrom('register_import_row').select('cells').where('estate_id', '=', estate_id).where('import_id', '=', import_id)
        .where('sheet', '=', sheet).where('row', '=', row).executeTakeFirst();
      if (staged === undefined || !isField(field)) throw refusals.register_cell_unknown({ row, field: field.slice(0, 40) });
      const before = JSON.parse(staged.cells) as Cells;
      const typed = cellText(text).slice(0, 500);
      if ((before[field] ?? '') === typed) continue;
      const after: Cells = { ...before, [field]: typed };
      if (typed === '') delete after[field];
      await rows.set({ cells: JSON.stringify(after) }).where('sheet', '=', sheet).where('row', '=', row).execute();
    }
  });
}

/** Throws a draft away. Refusals: those of demand() for keep_register, register_import_unknown, _done. */
export async function dropImport(house: House, { estate: { estate_id }, actor, import_id }: One): Promise<void> {
  demand(actor, estate_id, 'keep_register');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await lockedDraft(trx, estate_id, import_id);
    await drop(trx, estate_id, import_id);
  });
}

// ── Taking ───────────────────────────────────────────────────────────────────────────────────────

function refuseFaults({ faults, needs_since, plan, row }: Looked): void {
  const first = faults[0];
  if (first !== undefined) {
    const { name } = row.shapes[first.sheet]!;
    throw refusals.register_import_faulty({ faults: faults.length, row: first.row, sheet: name === '' ? '' : `“${name}”`, sheet_en: name === '' ? '' : ` of "${name}"` });
  }
  if (needs_since) throw refusals.register_import_since({}, 'since');
  if (Object.values(plan).every((list) => list.length === 0)) throw refusals.register_import_nothing();
}

/** Takes a draft into the register, all of it in one transaction; one that was taken already is answered with what it brought.
 *  Refusals: those of demand() for keep_register, register_import_unknown, _faulty, _since, _nothing, register_file_known,
 *  register_changed_meanwhile. */
export async function takeImport(house: House, { estate: { estate_id }, actor, import_id }: One): Promise<ImportRow> {
  const { person_id } = demand(actor, estate_id, 'keep_register');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await trx.selectFrom('register_import').select('import_id').where('estate_id', '=', estate_id).where('import_id', '=', import_id).forUpdate().execute();
    const row = await found(trx, estate_id, import_id);
    if (row.state !== 'draft') return row;
    const looked = await lookAt(trx, row);
    refuseFaults(looked);
    const { counts } = looked;
    const seq = await appendRecord(trx, estate_id, 'register_imported', { by: person_id, counts, import: import_id, sha256: row.sha256 });
    // With the record came the lock of the log. Whatever was entered while we looked is seen now.
    const again = await lookAt(trx, row);
    if (again.faults.length > 0 || canonical(again.counts) !== canonical(counts)) throw refusals.register_changed_meanwhile();
    try {
      await writePlan(trx, { estate_id, import_id, seq, person_id }, again.plan);
      await trx.deleteFrom('register_import_row').where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
      await trx.updateTable('register_import').set({ state: 'taken', taken_seq: seq, counts: canonical(counts) })
        .where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
    } catch (error) {
      const meanwhile = (): Refusal => refusals.register_changed_meanwhile();
      throw constraintRefusal(error, {
        unit_pkey: meanwhile, parking_space_pkey: meanwhile, meter_pkey: meanwhile, bill_once: meanwhile, space_held_twice: meanwhile, meter_reading_once: meanwhile,
        register_import_once: () => refusals.register_file_known({ import: import_id }),
      });
    }
    return found(trx, estate_id, import_id);
  });
}
