// A settlement file on its way in: brought, looked at row by row, put right, taken or thrown away.
//   brought → columns chosen (where no channel is recognised) → every row ready, taken before, or left out → taken (channel-take.ts)
// Until it is taken nothing is booked. The rows name payers: they lie in settlement_draft only, for seven days at most, and the file
// itself is not kept. A value is put right only where the file cannot be read: nobody types another amount over a good one.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { daysBetween, firstDay, type BusinessDate } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { moneyFigures, money } from '../kernel/money.ts';
import { sheetsAside } from '../bankfile/read-aside.ts';
import { estateToday } from '../evidence/records.ts';
import { channels, guessTable, readRows, recogniseTable, type Channel, type Columns, type Fix, type FixField, type SettlementRow, type Table } from './channel-file.ts';
import { refusals } from './channel-refusals.ts';
import { dwellingIndex } from './queries.ts';
import { dwellingsIn } from './unit-name.ts';

export const MOST_ROWS = 5_000;
const KEPT_DAYS = 7;

export interface DraftContent { rows: string[][]; table: Table | null; fixes: Record<string, Fix> }
export interface Draft { draft_id: number; channel: Channel; sha256: string; file_name: string; content: DraftContent }

async function refuseTaken(trx: Trx, estate_id: number, sha256: string): Promise<void> {
  const row = await trx.selectFrom('settlement').select(['first_on', 'last_on', 'lines', 'gross']).where('estate_id', '=', estate_id).where('sha256', '=', sha256).executeTakeFirst();
  if (row !== undefined) throw refusals.settlement_taken_before({ from: row.first_on, to: row.last_on, lines: row.lines, gross: moneyFigures(money(row.gross)) }, 'file');
}

export interface FileBrought { estate: Estate; actor: Actor | null; bytes: Uint8Array; file_name: string; /** What whoever brings it says it is; a header that is recognised says it better. */ channel?: string | undefined }

/** Looks at a file and stages it; gives the number of the draft. The same file again is the same draft. Refusals: those of demand() for
 *  post_receipt, those of sheetsAside(), settlement_taken_before, settlement_empty, settlement_too_long. */
export async function bringSettlement(house: House, { estate: { estate_id }, actor, bytes, file_name, channel }: FileBrought): Promise<number> {
  const cashier = demand(actor, estate_id, 'post_receipt');
  const sha256 = sha256Hex(bytes);
  await inEstate(house.db.app, estate_id, (trx) => refuseTaken(trx, estate_id, sha256), { readOnly: true });
  const sheets = await sheetsAside(bytes);
  const found = sheets.map((sheet) => ({ rows: sheet.rows, table: recogniseTable(sheet.rows) }));
  const { rows, table } = found.find((one) => one.table !== null) ?? found.find((one) => one.rows.length > 1) ?? { rows: [], table: null };
  if (rows.length < 2) throw refusals.settlement_empty({}, 'file');
  if (rows.length > MOST_ROWS) throw refusals.settlement_too_long({ rows: rows.length, limit: MOST_ROWS }, 'file');
  const content: DraftContent = { rows: rows.map((row) => row.slice(0, 60).map((cell) => cell.slice(0, 200))), table, fixes: {} };
  const said = channels.find((one) => one === channel) ?? 'pos';
  return inEstate(house.db.app, estate_id, async (trx) => {
    const same = await trx.selectFrom('settlement_draft').select('draft_id').where('estate_id', '=', estate_id).where('sha256', '=', sha256)
      .where(sql<boolean>`made_at >= estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS})`).executeTakeFirst();
    if (same !== undefined) return same.draft_id!;
    const { rows: [row] } = await sql<{ draft_id: number }>`
      insert into settlement_draft (estate_id, channel, sha256, file_name, content, made_by, made_at)
      values (${estate_id}, ${table?.channel ?? said}, ${sha256}, ${[...file_name].slice(0, 200).join('')}, ${JSON.stringify(content).replaceAll('\\u0000', '')}, ${cashier.person_id}, estate_clock(${estate_id}))
      returning draft_id`.execute(trx);
    return row!.draft_id;
  });
}

/** For the job of the night: what lay here too long is deleted, for it names payers. Gives how many. */
export const dropOldSettlements = (house: House, { estate_id }: Pick<Estate, 'estate_id'>): Promise<number> => inEstate(house.db.app, estate_id, async (trx) => {
  const { numAffectedRows = 0n } = await sql`delete from settlement_draft where estate_id = ${estate_id}
    and made_at < estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS})`.execute(trx);
  return Number(numAffectedRows);
});

/** Refusal: settlement_draft_unknown. */
export async function readDraft(trx: Trx, estate_id: number, draft_id: number): Promise<Draft> {
  const { rows: [row] } = await sql<Omit<Draft, 'content'> & { content: string }>`
    select draft_id, channel, sha256, file_name, content from settlement_draft where estate_id = ${estate_id} and draft_id = ${draft_id}
      and made_at >= estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS})`.execute(trx);
  if (row === undefined) throw refusals.settlement_draft_unknown();
  return { ...row, content: JSON.parse(row.content) as DraftContent };
}

export interface DraftListed { draft_id: number; channel: Channel; file_name: string; made_at: Date }
export const draftsOf = async (trx: Trx, estate_id: number): Promise<DraftListed[]> => (await sql<DraftListed>`
  select draft_id, channel, file_name, made_at from settlement_draft where estate_id = ${estate_id}
    and made_at >= estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS}) order by draft_id desc limit 50`.execute(trx)).rows;

export interface Asked { estate: Estate; actor: Actor | null; draft_id: number }

async function keep(trx: Trx, estate_id: number, draft: Draft): Promise<void> {
  await trx.updateTable('settlement_draft').set({ content: JSON.stringify(draft.content).replaceAll('\\u0000', '') })
    .where('estate_id', '=', estate_id).where('draft_id', '=', draft.draft_id).execute();
}

export interface ColumnsTyped { paid_on: string; amount: string; reference: string; fee: string; state: string; texts: readonly string[] }

/** Says which column is what, of a file that no channel's header tells. Refusals: those of demand() for post_receipt,
 *  settlement_draft_unknown, settlement_columns_missing, settlement_columns_twice. */
export async function chooseColumns(house: House, { estate: { estate_id }, actor, draft_id, columns: typed }: Asked & { columns: ColumnsTyped }): Promise<void> {
  demand(actor, estate_id, 'post_receipt');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const draft = await readDraft(trx, estate_id, draft_id);
    const { header } = guessTable(draft.content.rows);
    const width = draft.content.rows[header]!.length;
    const column = (text: string): number | null => (/^[0-9]{1,2}$/.test(text) && Number(text) < width ? Number(text) : null);
    const need = (field: 'paid_on' | 'amount' | 'reference', what: string, what_en: string): number => {
      const at = column(typed[field]);
      if (at === null) throw refusals.settlement_columns_missing({ what, what_en }, field);
      return at;
    };
    const columns: Columns = {
      paid_on: need('paid_on', '日期', 'day'), amount: need('amount', '金额', 'amount'), reference: need('reference', '参考号', 'reference'),
      fee: column(typed.fee), state: column(typed.state), texts: typed.texts.map(column).filter((at) => at !== null),
    };
    const apart = [columns.paid_on, columns.amount, columns.reference, ...(columns.fee === null ? [] : [columns.fee])];
    if (new Set(apart).size < apart.length) throw refusals.settlement_columns_twice({}, 'amount');
    await keep(trx, estate_id, { ...draft, content: { ...draft.content, table: { channel: draft.channel, header, columns } } });
  });
}

const fixFields: readonly FixField[] = ['paid_on', 'amount', 'fee', 'reference', 'unit'];

/** Keeps what was said of rows. `fixes` by row of the file; an empty text takes a value back. Refusals: those of demand() for
 *  post_receipt, settlement_draft_unknown. */
export async function fixRows(house: House, { estate: { estate_id }, actor, draft_id, fixes }: Asked & { fixes: Readonly<Record<string, Readonly<Record<string, string>>>> }): Promise<void> {
  demand(actor, estate_id, 'post_receipt');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const draft = await readDraft(trx, estate_id, draft_id);
    const kept = draft.content.fixes;
    for (const [row, said] of Object.entries(fixes)) {
      if (!/^[1-9][0-9]{0,4}$/.test(row)) continue;
      const fix: Fix = { ...kept[row] };
      for (const field of fixFields) {
        if (said[field] === undefined) continue;
        const text = said[field].trim().slice(0, 64);
        if (text === '') delete fix[field];
        else fix[field] = text;
      }
      if (said['skip'] !== undefined) fix.skip = true; else delete fix.skip;
      if (said['anew'] !== undefined) fix.anew = true; else delete fix.anew;
      if (Object.keys(fix).length === 0) delete kept[row]; else kept[row] = fix;
    }
    await keep(trx, estate_id, draft);
  });
}

/** Throws a draft away; one that is gone already is no error. */
export async function dropSettlement(house: House, { estate: { estate_id }, actor, draft_id }: Asked): Promise<void> {
  demand(actor, estate_id, 'post_receipt');
  await inEstate(house.db.app, estate_id, (trx) => trx.deleteFrom('settlement_draft').where('estate_id', '=', estate_id).where('draft_id', '=', draft_id).execute());
}

// ── Judging ──────────────────────────────────────────────────────────────────────────────────────

export interface JudgedRow extends SettlementRow {
  /** counter: a receipt of the same dwelling, amount and channel is there already; linked, and not booked twice. */
  status: 'ready' | 'counter' | 'bad' | 'skipped' | 'taken' | 'refund' | 'other';
  unit: string | null;
  fix: Fix;
  /** Of counter: the receipt that is there. */
  receipt: { number: number; seq: number } | null;
}

/** Only what the file leaves unreadable may be said otherwise; the dwelling always. */
function allowed(rows: readonly SettlementRow[], fixes: DraftContent['fixes']): DraftContent['fixes'] {
  const faulty = new Map(rows.map((row) => [String(row.row), new Set(row.faults.map((one) => one.field))]));
  return Object.fromEntries(Object.entries(fixes).map(([row, fix]) => [row, Object.fromEntries(Object.entries(fix)
    .filter(([field]) => field === 'unit' || field === 'skip' || field === 'anew' || faulty.get(row)?.has(field as FixField) === true)) as Fix]));
}

interface Counted { number: number; seq: number; unit: string; amount: string; entry_date: BusinessDate }

/** Receipts of the channel that no settlement has named yet. */
async function countedAlready(trx: Trx, estate_id: number, channel: Channel): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select r.number, r.seq, u.unit, r.amount, e.entry_date from receipt_note n
    join receipt r on r.estate_id = n.estate_id and r.number = n.number join unit u on u.estate_id = r.estate_id and u.ref = r.unit_ref
    join journal_entry e on e.estate_id = r.estate_id and e.seq = r.seq
    where n.estate_id = ${estate_id} and n.method = ${channel}
      and not exists (select from settlement_line l where l.estate_id = r.estate_id and l.seq = r.seq)
      and not exists (select from journal_entry x where x.estate_id = r.estate_id and x.reverses = r.seq) order by r.number`.execute(trx);
  return rows;
}

const MOST_APART = 3;

/** Every row with what is in its way. */
export async function judgeDraft(trx: Trx, { estate_id, first_period }: Pick<Estate, 'estate_id' | 'first_period'>, { channel, content }: Draft): Promise<JudgedRow[]> {
  const { table } = content;
  if (table === null) return [];
  const fixes = allowed(readRows(content.rows, table), content.fixes);
  const rows = readRows(content.rows, table, fixes);
  const references = rows.flatMap((row) => row.reference ?? []);
  const before = new Set(references.length === 0 ? [] : (await trx.selectFrom('settlement_line').select('reference').where('estate_id', '=', estate_id)
    .where('channel', '=', channel).where('reference', 'in', references).execute()).map((row) => row.reference));
  const index = await dwellingIndex(trx, estate_id);
  const counted = await countedAlready(trx, estate_id, channel);
  const today = await estateToday(trx, estate_id);
  const seen = new Map<string, number>();
  return rows.map((row): JudgedRow => {
    const fix = fixes[String(row.row)] ?? {};
    const base = { ...row, fix, unit: null, receipt: null } as const;
    if (row.kind !== 'payment') return { ...base, status: row.kind };
    if (row.reference !== null && before.has(row.reference)) return { ...base, status: 'taken' };
    if (fix.skip === true) return { ...base, status: 'skipped' };
    const faults = [...row.faults];
    const fault = (field: FixField, text: string, reason_zh: string, reason_en: string): void => { faults.push({ field, text, reason_zh, reason_en }); };
    const named = dwellingsIn(index, fix.unit ?? row.text);
    const unit = named.length === 1 ? named[0]!.unit : null;
    if (unit === null) {
      if (fix.unit !== undefined) fault('unit', fix.unit, '没有登记这间房屋', 'there is no such dwelling');
      else if (named.length === 0) fault('unit', '', '没有写是哪一户', 'names no dwelling');
      else fault('unit', named.map((one) => one.unit).join('、').slice(0, 40), '写了不止一户', 'names more than one dwelling');
    }
    if (row.paid_on !== null && row.paid_on > today) fault('paid_on', row.paid_on, `还没到这一天，今天是 ${today}`, `that day has not come; today is ${today}`);
    if (row.paid_on !== null && row.paid_on < firstDay(first_period)) fault('paid_on', row.paid_on, `早于建账月份 ${first_period}，不能记在这里`, `before the books began, ${first_period}`);
    const first = row.reference === null ? undefined : seen.get(row.reference);
    if (first !== undefined) fault('reference', row.reference!, `和第 ${first} 行是同一笔`, `the same payment as row ${first}`);
    else if (row.reference !== null) seen.set(row.reference, row.row);
    if (faults.length > 0) return { ...base, unit, faults, status: 'bad' };
    const at = fix.anew === true ? -1 : counted.findIndex((one) => one.unit === unit && one.amount === row.amount && near(one.entry_date, row.paid_on!));
    if (at < 0) return { ...base, unit, status: 'ready' };
    const [{ number, seq }] = counted.splice(at, 1) as [Counted];
    return { ...base, unit, receipt: { number, seq }, status: 'counter' };
  });
}

const near = (a: BusinessDate, b: BusinessDate): boolean => Math.abs(daysBetween(a, b)) <= MOST_APART;
