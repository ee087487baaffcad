// Bank statements (银行对账单): files of the bank, taken whole or not at all, in the order of their days.
//   file → read and proven (bankfile/) → compared with what is there (statement-compare.ts) → take_statement() → lines
// A dry run and the taking go the same way; the taking does it under the log's lock, so that of two who hand in the same
// file one brings the lines and the other, if of another body, confirms them. Nothing is booked here: reconciliation/ does.
// The file is kept as a voucher for officers: it names persons. In the log stand days, amounts, balances and serials.
import { sql } from 'kysely';
import { demand, officesThatMay, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { daysBetween, firstDay, isoInstant } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import type { Mapping, Statement, TablePreview } from '../bankfile/statement.ts';
import { compareStatement, fileLines, type Comparison, type FileLine } from './statement-compare.ts';
import { accountOf, type AccountFound } from './statement-account.ts';
import { keepDetails, refuseOtherParties, type Progress } from './statement-detail.ts';
import { daysOf, readFile, readStated, type DaysFound, type FreshLine, type Stated, type StatedRead } from './statement-file.ts';
import { balanceBefore, bodyOfImporter, booksBefore, keptLines, lastCovered, type BooksBefore, type Covered } from './statement-known.ts';
import { refusals } from './statement-refusals.ts';
import { warningsOf, type Warning } from './statement-warnings.ts';

/** Keeps the file as a voucher for officers; payment's, handed in because it lives on this floor. */
export interface StatementFiles {
  keep(house: House, bytes: Buffer, file_name: string): Promise<KeptStatementFile>;
  register(trx: Trx, given: { estate: Estate; actor: Actor; file: KeptStatementFile }): Promise<unknown>;
}
export interface KeptStatementFile { sha256: string; media_type: string; size: number; file_name: string }

/** New lines, as reconciliation is asked about them. */
export type { FreshLine, Progress };
export interface StatementHooks {
  /** How many of the new lines would be matched by themselves, and how many proposed. */
  wouldMatch?: ((trx: Trx, asked: { estate_id: number; account: string; lines: readonly FreshLine[] }) => Promise<{ matched: number; proposed: number }>) | undefined;
  /** Told after a statement brought lines, outside its transaction. What it throws is logged and harms nothing. */
  taken?: ((house: House, told: { estate: Estate; actor: Actor; statement: TakenStatement }) => Promise<unknown>) | undefined;
}
export interface StatementOptions { files: StatementFiles; hooks?: StatementHooks | undefined }

export interface HandedIn {
  estate: Estate;
  actor: Actor;
  bytes: Buffer;
  file_name: string;
  stated: Stated;
  /** Columns on trial, not kept yet. */
  mapping?: Mapping | undefined;
}

export interface StatementPreview {
  kind: 'statement';
  account: AccountFound['account'];
  account_named: boolean;
  format: string;
  sha256: string;
  from: string;
  to: string;
  period_stated: boolean;
  opening: string;
  closing: string;
  /** Every line of the file; the first `repeated` are there already. */
  lines: Statement['lines'];
  repeated: number;
  new_lines: number;
  /** Sums and numbers of the new lines; out without sign. */
  in_total: string;
  in_count: number;
  out_total: string;
  out_count: number;
  /** The same file was taken before, for the same body: nothing would be written. */
  already: TakenBefore | null;
  matching: { matched: number; proposed: number } | null;
  /** The first statement opens with another balance than the books: taken only where that is accepted. */
  opening_differs: boolean;
  warnings: Warning[];
}
export type Previewed = StatementPreview | { kind: 'unmapped'; preview: TablePreview };

export interface TakenBefore { seq: number; imported_at: string; lines: number; repeated: number }

export interface TakenStatement {
  seq: number;
  account: string;
  from: string;
  to: string;
  opening: string;
  closing: string;
  /** New lines, and how many of the file were there. */
  lines: number;
  repeated: number;
  /** True where it had been taken before: this is the first result. */
  already: boolean;
}

interface Judged extends Comparison {
  account: AccountFound;
  days: DaysFound;
  all: FileLine[];
  covered: Covered | null;
  today: string;
  already: TakenBefore | null;
  /** Of the first statement: what the books say it should open with. */
  before_first: BooksBefore | null;
}

const bodiesOf = (actor: Actor, estate_id: number): BodyKind[] => actor.terms
  .filter((term) => term.estate_id === estate_id && officesThatMay('import_statement').includes(term.office)).map((term) => term.body);

async function takenBefore(trx: Trx, { estate, actor }: HandedIn, account: string, sha256: string): Promise<TakenBefore | null> {
  const { estate_id } = estate;
  const rows = await trx.selectFrom('bank_statement as s').select(['s.seq', 's.imported_at', 's.lines', 's.repeated', bodyOfImporter.as('body')])
    .where('s.estate_id', '=', estate_id).where('s.account', '=', account).where('s.sha256', '=', sha256).orderBy('s.seq').execute();
  const bodies: readonly (string | null)[] = bodiesOf(actor, estate_id);
  const own = rows.find((row) => bodies.includes(row.body));
  return own === undefined ? null : { seq: own.seq, imported_at: isoInstant(own.imported_at), lines: own.lines, repeated: own.repeated };
}

/** Everything that is asked of a file beside what is there. */
async function judge(trx: Trx, handed: HandedIn, statement: Statement, stated: StatedRead): Promise<Judged> {
  const { estate_id } = handed.estate;
  const account = await accountOf(trx, estate_id, statement.account_number, stated.bank_account);
  const { account: ledger_account, closed_on, account_last4 } = account.account;
  const all = fileLines(statement);
  const today = await estateToday(trx, estate_id);
  const covered = await lastCovered(trx, estate_id, ledger_account);
  const days = daysOf(statement, all, stated, covered, today);
  const begins = firstDay(handed.estate.first_period);
  if (days.from < begins) throw refusals.statement_before_books({ from: days.from, begins }, 'from');
  if (closed_on !== null && days.to > closed_on) {
    throw refusals.statement_account_open({ ending: account_last4, closed_on, to: days.to, days: daysBetween(closed_on, days.to) }, 'to');
  }
  const until = covered !== null && days.to < covered.to ? days.to : '9999-12-31';
  const kept = covered === null ? [] : await keptLines(trx, estate_id, ledger_account, { from: days.from, to: until });
  const before = covered === null ? null : await balanceBefore(trx, estate_id, ledger_account, days.from);
  const comparison = compareStatement({ opening: statement.opening, closing: statement.closing, lines: all }, days, { covered, kept, before, today });
  await refuseOtherParties(trx, { estate_id, account: ledger_account, kept, lines: statement.lines });
  const nothing_new = comparison.fresh.length === 0 && covered !== null && days.to <= covered.to;
  const already = nothing_new ? await takenBefore(trx, handed, ledger_account, sha256Hex(handed.bytes)) : null;
  if (!nothing_new) refuseToBegin(handed, account, days, comparison.fresh.length);
  const before_first = covered === null ? await booksBefore(trx, estate_id, ledger_account, { from: days.from, opening: statement.opening }) : null;
  return { ...comparison, account, days, all, covered, today, already, before_first };
}

/** Whoever confirms a statement cannot make one up beside the bank: outside the property company, which keeps the account, only a
 *  file that names account and days itself brings anything new. Refusal: statement_not_yours_to_begin. */
function refuseToBegin({ estate, actor }: HandedIn, { named }: AccountFound, { from, to, stated }: DaysFound, n: number): void {
  if ((named && stated) || bodiesOf(actor, estate.estate_id).includes('property')) return;
  const lacks = [!named && (['账号', 'its account'] as const), !stated && (['期间', 'its days'] as const)].filter((one) => one !== false);
  throw refusals.statement_not_yours_to_begin({
    lacks: lacks.map(([zh]) => zh).join('和'), lacks_en: lacks.map(([, en]) => en).join(' and '), from, to, n,
  }, 'file');
}

/** What the first statement opens with stays for good. Refusal: statement_first_opening_differs. */
function refuseOpening({ opening, from, before_first, accepted }: {
  opening: string; from: string; before_first: BooksBefore | null; accepted: boolean;
}): void {
  if (before_first === null || before_first.agrees || accepted) return;
  const { books } = before_first;
  throw refusals.statement_first_opening_differs({
    from, opening: moneyFigures(money(opening)), books: moneyFigures(money(books)), difference: moneyFigures(minus(money(opening), money(books))),
  }, 'accept_opening');
}

/** What would happen if the file were taken; writes nothing. Refusals: those of bankfile, and all of
 *  statement-refusals.ts that takeStatement() has. */
export async function previewStatement(house: House, handed: HandedIn, { hooks }: StatementOptions): Promise<Previewed> {
  const { estate, actor } = handed;
  demand(actor, estate.estate_id, 'import_statement');
  const stated = readStated(handed.stated);
  const read = await readFile(house, estate.estate_id, handed.bytes, stated, handed.mapping);
  if (read.kind === 'unmapped') return read;
  const { statement } = read;
  return inEstate(house.db.app, estate.estate_id, async (trx): Promise<StatementPreview> => {
    const judged = await judge(trx, handed, statement, stated);
    const { account: { account, named }, days, repeated, fresh, already } = judged;
    const amounts = fresh.map((line) => money(line.amount));
    const [money_in, money_out] = [amounts.filter((one) => !one.isNegative()), amounts.filter((one) => one.isNegative())];
    const matching = await hooks?.wouldMatch?.(trx, { estate_id: estate.estate_id, account: account.account, lines: statement.lines.slice(repeated) });
    const warnings = await warningsOf(trx, estate, { ...judged, statement, stated });
    return {
      kind: 'statement', account, account_named: named, format: statement.format, sha256: sha256Hex(handed.bytes),
      from: days.from, to: days.to, period_stated: days.stated, opening: statement.opening, closing: statement.closing,
      lines: statement.lines, repeated, new_lines: fresh.length, in_total: moneyText(sum(money_in)), in_count: money_in.length,
      out_total: moneyText(sum(money_out).negated() as never), out_count: money_out.length, already, matching: matching ?? null, warnings,
      opening_differs: judged.before_first !== null && !judged.before_first.agrees,
    };
  }, { readOnly: true, isolation: 'repeatable read' });
}

/** Whether the file would be taken as it is stated now: throws what takeStatement() would; writes nothing. */
export async function mayTake(house: House, handed: HandedIn, { hooks: _hooks, ...options }: StatementOptions): Promise<void> {
  const seen = await previewStatement(house, handed, options);
  if (seen.kind !== 'statement' || !seen.opening_differs || readStated(handed.stated).accept_opening) return;
  throw refusals.statement_first_opening_differs(seen.warnings.find(({ code }) => code === 'opening_differs')!.facts, 'accept_opening');
}


export interface Taking extends HandedIn {
  key?: string | null | undefined;
  progress?: Progress | undefined;
  /** Done in the same transaction, behind the statement. */
  within?: ((trx: Trx, taken: TakenStatement) => Promise<void>) | undefined;
}

/** Takes a file: voucher, record, statement, lines, balances and details in one transaction, or nothing.
 *  The same file of the same body again gives the first result. Refusals: those of bankfile; statement_*; key_reused. */
export async function takeStatement(house: House, taking: Taking, { files, hooks }: StatementOptions): Promise<TakenStatement> {
  const { estate, actor, bytes, progress, key = null } = taking;
  const { estate_id } = estate;
  demand(actor, estate_id, 'import_statement');
  const stated = readStated(taking.stated);
  progress?.('reading', 0, 0);
  const read = await readFile(house, estate_id, bytes, stated, taking.mapping);
  if (read.kind === 'unmapped') throw refusals.statement_unmapped({ header: read.preview.header.join(' | ').slice(0, 200) }, 'file');
  const { statement } = read;
  const sha256 = sha256Hex(bytes);
  const content = { kind: 'bank_statement', sha256, bank_account: stated.bank_account, from: stated.from, to: stated.to,
    opening: stated.opening ?? null, closing: stated.closing ?? null };
  const taken = await inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    await sql`select lock_estate(${estate_id})`.execute(trx);
    progress?.('comparing', 0, statement.lines.length);
    const judged = await judge(trx, taking, statement, stated);
    refuseOpening({ opening: statement.opening, from: judged.days.from, before_first: judged.before_first, accepted: stated.accept_opening });
    const done = judged.already === null ? await write(trx, taking, { statement, judged, sha256, files, house }) : await firstResult(trx, estate_id, judged.already);
    await taking.within?.(trx, done);
    return { ...done };
  }));
  if (taken.already || taken.lines === 0) return taken;
  await hooks?.taken?.(house, { estate, actor, statement: taken })
    .catch((error: unknown) => house.log.error({ err: error, estate: estate.code, statement: taken.seq }, 'after a statement was taken'));
  return taken;
}

async function firstResult(trx: Trx, estate_id: number, { seq }: TakenBefore): Promise<TakenStatement> {
  const row = await trx.selectFrom('bank_statement').selectAll().where('estate_id', '=', estate_id).where('seq', '=', seq).executeTakeFirstOrThrow();
  const { account, period_from: from, period_to: to, opening, closing, lines, repeated } = row;
  return { seq, account, from, to, opening, closing, lines, repeated, already: true };
}

interface Writing { statement: Statement; judged: Judged; sha256: string; files: StatementFiles; house: House }

async function write(trx: Trx, taking: Taking, { statement, judged, sha256, files, house }: Writing): Promise<TakenStatement> {
  const { estate, actor, progress } = taking;
  const { estate_id } = estate;
  const { account: { account: { account } }, days: { from, to, stated }, fresh, repeated } = judged;
  progress?.('keeping', 0, fresh.length);
  const file = await files.keep(house, taking.bytes, taking.file_name);
  await files.register(trx, { estate, actor, file });
  const { opening, closing } = statement;
  const body = canonical({
    account, closing, format: statement.format.slice(0, 100), from, imported_by: actor.person_id, opening, period_stated: stated, repeated, to, voucher: sha256,
    lines: fresh.map(({ booked_on, amount, balance, serial }) => [booked_on, amount, balance, serial]),
  });
  const { rows } = await sql<{ seq: number }>`select take_statement(${estate_id}, ${body}) as seq`.execute(trx)
    .catch((error: unknown) => { throw constraintRefusal(error, doorRefusals(statement, judged)); });
  const { seq } = rows[0]!;
  // Each detail is held against its line; a plan made while there were none would read them all, every time.
  if (fresh.length >= 1_000) await sql`select refresh_statistics()`.execute(trx);
  await keepDetails(trx, { estate_id, account, first_position: (judged.covered?.position ?? 0) + 1, lines: statement.lines.slice(repeated), progress });
  return { seq, account, from, to, opening, closing, lines: fresh.length, repeated, already: false };
}

/** The door's own judgement, in words with figures. The comparison before it refuses the same; this is for what slips by. */
function doorRefusals({ opening, closing }: Statement, { account: { account }, days: { from, to }, covered, fresh, today }: Judged) {
  const expected = moneyText(sum([money(covered?.closing ?? opening), ...fresh.map((line) => money(line.amount))]));
  const [first] = fresh;
  const figures = {
    from, to, today, opening: moneyFigures(money(opening)), closing: moneyFigures(money(closing)), last_to: covered?.to ?? from,
    row: first?.row ?? 1, booked_on: first?.booked_on ?? from, expected: moneyFigures(money(expected)),
  };
  const apart = (a: string, b: string): string => moneyFigures(minus(money(a), money(b)));
  return {
    statement_account_open: () => refusals.statement_account_open({ ...figures, ending: account.account_last4, closed_on: account.closed_on ?? '', days: 0 }),
    statement_days: () => refusals.statement_days(figures),
    statement_gap: () => refusals.statement_gap({ ...figures, missing_from: figures.last_to, missing_to: from, days: 0 }),
    statement_overlap: () => refusals.statement_overlap({ ...figures, difference: apart(opening, covered?.closing ?? opening) }),
    statement_continues: () => refusals.statement_continues({
      ...figures, closing: moneyFigures(money(covered?.closing ?? opening)), difference: apart(opening, covered?.closing ?? opening),
    }),
    statement_balance: () => refusals.statement_balance({ ...figures, difference: apart(closing, expected) }),
    statement_line_day: () => refusals.statement_line_day(figures),
    statement_closing: () => refusals.statement_closing({ ...figures, difference: apart(closing, expected) }),
  };
}
