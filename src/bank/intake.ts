// Files on their way in: handed in, looked at (dry run), taken or thrown away. A small file is taken at once; a long one
// beside the request, with a page that shows how far it is.
//   draft → waiting → running → done      refused: told why, may be tried again      thrown away: the row and its bytes go
// Only whoever handed a file in sees it and takes it: that another body confirms a statement means that somebody of that
// body brought the file. The taking and "done" are one transaction, so a restart finds a file taken or not taken.
import { sql, type Selectable } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { withoutPersonal } from '../kernel/personal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { StatementIntakeTable } from '../kernel/tables.ts';
import { estateNow } from '../evidence/records.ts';
import { readFile, readStated, type Stated } from './statement-file.ts';
import { refusals } from './statement-refusals.ts';

export type IntakeRow = Omit<Selectable<StatementIntakeTable>, 'content'>;
/** Lines from which a file is taken beside the request. */
export const LONG = 5_000;
export const LARGEST_FILE = 20 * 1024 * 1024;
const KEPT_DAYS = 7;
/** Files of one person that wait; each may be 20 MB in the database. */
const MOST_OPEN = 48;

const columns = ['estate_id', 'intake_id', 'handed_by', 'handed_at', 'file_name', 'sha256', 'size', 'first_day', 'lines', 'account', 'period_from',
  'period_to', 'opening', 'closing', 'accept_opening', 'state', 'attempts', 'step', 'done', 'total', 'told_zh', 'told_en', 'seq'] as const;

/** A name to show: no path, nothing invisible, no numbers of persons. */
function shownName(typed: string): string {
  const name = withoutPersonal(typed.normalize('NFC').split(/[\\/]/).at(-1)!.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '').trim());
  return name === '' ? 'file' : [...name].slice(0, 120).join('');
}

/** Takes a file in as a draft; the same one again of the same person is the draft that is there. */
export async function handIn(
  house: House, { estate, actor, bytes, file_name }: { estate: Estate; actor: Actor; bytes: Buffer; file_name: string },
): Promise<IntakeRow> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'import_statement');
  const name = shownName(file_name);
  if (bytes.length === 0) throw refusals.statement_file_missing({}, 'files');
  if (bytes.length > LARGEST_FILE) throw refusals.statement_file_too_large({ file_name: name, limit: '20 MB' }, 'files');
  // Only for the order of several; what is wrong with it is told on its own page.
  const read = await readFile(house, estate_id, bytes, { opening: undefined, closing: undefined }).catch((error: unknown) => {
    if (error instanceof Refusal) return null;
    throw error;
  });
  const statement = read?.kind === 'statement' ? read.statement : null;
  const sha256 = sha256Hex(bytes);
  return inEstate(house.db.app, estate_id, async (trx) => {
    await dropOld(trx, estate_id);
    const { n } = await trx.selectFrom('statement_intake').select((eb) => eb.fn.countAll<number>().as('n')).where('estate_id', '=', estate_id)
      .where('handed_by', '=', person_id).where('state', '!=', 'done').executeTakeFirstOrThrow();
    if (n >= MOST_OPEN) throw refusals.intake_too_many({ n }, 'files');
    const made = await trx.insertInto('statement_intake').values({
      estate_id, handed_by: person_id, handed_at: await estateNow(trx, estate_id), file_name: name, sha256, size: bytes.length, content: bytes,
      first_day: statement?.lines[0]?.booked_on ?? statement?.from ?? null, lines: statement?.lines.length ?? null,
    }).onConflict((conflict) => conflict.doNothing()).returning(columns).executeTakeFirst();
    return made ?? trx.selectFrom('statement_intake').select(columns).where('estate_id', '=', estate_id).where('handed_by', '=', person_id)
      .where('sha256', '=', sha256).where('state', 'in', ['draft', 'waiting', 'running']).executeTakeFirstOrThrow();
  });
}

async function dropOld(trx: Trx, estate_id: number): Promise<void> {
  await sql`delete from statement_intake where estate_id = ${estate_id} and state in ('draft', 'refused')
    and handed_at < estate_clock(${estate_id}) - make_interval(days => ${KEPT_DAYS})`.execute(trx);
}

interface Asked { estate: Estate; actor: Actor; id: number }
const own = (trx: Trx, { estate, actor, id }: Asked) => trx.selectFrom('statement_intake').select(columns)
  .where('estate_id', '=', estate.estate_id).where('handed_by', '=', actor.person_id).where('intake_id', '=', id);

/** One's own file on its way in. Refusal: intake_unknown. */
export async function readIntake(trx: Trx, asked: Asked): Promise<IntakeRow> {
  const row = await own(trx, asked).executeTakeFirst();
  if (row === undefined) throw refusals.intake_unknown();
  return row;
}

export async function contentOf(trx: Trx, { estate_id, intake_id }: Pick<IntakeRow, 'estate_id' | 'intake_id'>): Promise<Buffer> {
  const row = await trx.selectFrom('statement_intake').select('content').where('estate_id', '=', estate_id).where('intake_id', '=', intake_id).executeTakeFirst();
  if (row === undefined || row.content === null) throw refusals.intake_unknown();
  return row.content;
}

/** One's files that wait to be looked at, oldest days first. */
export const waitingIntakes = (trx: Trx, { estate, actor }: Omit<Asked, 'id'>): Promise<IntakeRow[]> =>
  trx.selectFrom('statement_intake').select(columns).where('estate_id', '=', estate.estate_id).where('handed_by', '=', actor.person_id)
    .where('state', '!=', 'done').orderBy(sql`first_day nulls last`).orderBy('intake_id').limit(50).execute();

export const statedOf = (row: IntakeRow): Stated => ({
  bank_account: row.account, from: row.period_from, to: row.period_to, opening: row.opening, closing: row.closing,
  accept_opening: row.accept_opening ? 'yes' : null,
});

async function lockedDraft(trx: Trx, asked: Asked): Promise<IntakeRow> {
  const row = await own(trx, asked).forUpdate().executeTakeFirst();
  if (row === undefined) throw refusals.intake_unknown();
  if (row.state === 'waiting' || row.state === 'running') throw refusals.intake_under_way();
  return row;
}

/** Keeps what the person says of the file. Refusals: statement_day_invalid, statement_figure_invalid, statement_account_missing. */
export async function stateFacts(trx: Trx, asked: Asked, stated: Stated): Promise<void> {
  const { bank_account: account, from, to, opening = null, closing = null, accept_opening } = readStated(stated);
  const row = await lockedDraft(trx, asked);
  const known = account === null ? { account } : await trx.selectFrom('bank_account').select('account')
    .where('estate_id', '=', row.estate_id).where('account', '=', account).executeTakeFirst();
  if (known === undefined) throw refusals.statement_account_missing({}, 'bank_account');
  await change(trx, row, { account: known.account, period_from: from, period_to: to, opening, closing, accept_opening });
}

/** Throws a file away that was not taken. */
export async function throwAway(trx: Trx, asked: Asked): Promise<void> {
  const row = await lockedDraft(trx, asked);
  if (row.state === 'done') throw refusals.intake_unknown();
  await trx.deleteFrom('statement_intake').where('estate_id', '=', row.estate_id).where('intake_id', '=', row.intake_id).execute();
}

type Change = Partial<Pick<IntakeRow, 'account' | 'period_from' | 'period_to' | 'opening' | 'closing' | 'accept_opening' | 'state' | 'attempts' | 'step' | 'done' | 'total'
  | 'told_zh' | 'told_en' | 'seq' | 'lines' | 'first_day'>> & { content?: null };

export const change = async (trx: Trx, { estate_id, intake_id }: Pick<IntakeRow, 'estate_id' | 'intake_id'>, to: Change): Promise<void> => {
  await trx.updateTable('statement_intake').set(to).where('estate_id', '=', estate_id).where('intake_id', '=', intake_id).where('state', '!=', 'done').execute();
};

/** Puts a file into the hands of whoever takes long ones. */
export async function askToTake(trx: Trx, asked: Asked): Promise<IntakeRow> {
  const row = await lockedDraft(trx, asked);
  if (row.state !== 'done') await change(trx, row, { state: 'waiting', attempts: 0, step: 'waiting', done: 0, total: row.lines ?? 0, told_zh: null, told_en: null });
  return row;
}

export const openIntakes = (trx: Trx, estate_id: number): Promise<IntakeRow[]> =>
  trx.selectFrom('statement_intake').select(columns).where('estate_id', '=', estate_id).where('state', 'in', ['waiting', 'running'])
    .orderBy('intake_id').execute();
