// A file of the bank as a proven statement, read beside the service (a hostile file takes neither its time nor its
// memory), with the columns that were chosen for tables the program does not know; and the days and balances that a
// person states where the file does not.
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, readDate, type BusinessDate } from '../kernel/dates.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import type { House } from '../kernel/house.ts';
import type { Mapping, ReadStatement, Statement } from '../bankfile/statement.ts';
import { readAside } from '../bankfile/read-aside.ts';
import type { Days, FileLine } from './statement-compare.ts';
import type { Covered } from './statement-known.ts';
import { refusals } from './statement-refusals.ts';

/** A line of a proven file, before it is anybody's. */
export type FreshLine = Statement['lines'][number];

/** What a person says of a file, as typed; empty and null: nothing. */
export interface Stated {
  bank_account?: string | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
  opening?: string | null | undefined;
  closing?: string | null | undefined;
  /** "yes": the first statement opens with another balance than the books, and that is right. */
  accept_opening?: string | null | undefined;
}

const said = (typed: string | null | undefined): string | null => (typed === null || typed === undefined || typed.trim() === '' ? null : typed);

function readDay(typed: string | null | undefined, field: string): BusinessDate | null {
  const text = said(typed);
  if (text === null) return null;
  const day = readDate(text);
  if (day === null) throw refusals.statement_day_invalid({ typed: text.slice(0, 40) }, field);
  return day;
}

function readFigure(typed: string | null | undefined, field: string): string | undefined {
  const text = said(typed);
  if (text === null) return undefined;
  const amount = readMoney(text);
  if (amount === null || moneyText(amount).length > 17) throw refusals.statement_figure_invalid({ typed: text.slice(0, 40) }, field);
  return moneyText(amount);
}

/** The same, read. Refusals: statement_day_invalid, statement_figure_invalid. */
export interface StatedRead { bank_account: string | null; from: BusinessDate | null; to: BusinessDate | null; opening: string | undefined; closing: string | undefined; accept_opening: boolean }

export const readStated = (stated: Stated): StatedRead => ({
  bank_account: said(stated.bank_account),
  from: readDay(stated.from, 'from'), to: readDay(stated.to, 'to'),
  opening: readFigure(stated.opening, 'opening'), closing: readFigure(stated.closing, 'closing'),
  accept_opening: ['yes', 'true', '1'].includes(stated.accept_opening ?? ''),
});

/** The columns chosen in this estate, by header. */
export async function mappingsOf(trx: Trx, estate_id: number): Promise<Mapping[]> {
  const rows = await trx.selectFrom('statement_mapping').select(['signature', 'columns'])
    .where('estate_id', '=', estate_id).orderBy('chosen_at', 'desc').limit(200).execute();
  return rows.map(({ signature, columns }) => ({ ...columns, signature }) as unknown as Mapping);
}

/** A file as a statement, or the beginning of its table where its columns must be chosen first. Refusals: those of
 *  bankfile. `mapping`: columns on trial, before the kept ones. */
export async function readFile(
  house: House, estate_id: number, bytes: Uint8Array, { opening, closing }: Pick<StatedRead, 'opening' | 'closing'>, mapping?: Mapping,
): Promise<ReadStatement> {
  const kept = await inEstate(house.db.app, estate_id, (trx) => mappingsOf(trx, estate_id), { readOnly: true });
  const mappings = mapping === undefined ? kept : [mapping, ...kept.filter((one) => one.signature !== mapping.signature)];
  return readAside(bytes, { mappings, opening, closing });
}

export interface DaysFound extends Days {
  /** The file states its days itself. */
  stated: boolean;
}

/** The days a file is taken for: as it states them, else as the person does, else from the day after the last one
 *  covered (or the first line's, where it begins before) to the last line's.
 *  Refusals: statement_days_differ, statement_line_beyond, statement_days. */
export function daysOf(statement: Statement, lines: readonly FileLine[], stated: StatedRead, covered: Covered | null, today: BusinessDate): DaysFound {
  const is_stated = statement.from !== null && statement.to !== null;
  const differs = (file: string | null, typed: string | null): boolean => file !== null && typed !== null && file !== typed;
  if (differs(statement.from, stated.from) || differs(statement.to, stated.to)) {
    throw refusals.statement_days_differ({
      stated_from: statement.from ?? '', stated_to: statement.to ?? '', from: stated.from ?? '', to: stated.to ?? '',
    }, differs(statement.from, stated.from) ? 'from' : 'to');
  }
  const [first, last] = [lines[0]?.booked_on, lines.at(-1)?.booked_on];
  const next = covered === null ? first ?? today : addDays(covered.to, 1);
  const from = statement.from ?? stated.from ?? (first !== undefined && first < next ? first : next);
  const to = statement.to ?? stated.to ?? last ?? (from > today ? from : today);
  const outside = lines.find((line) => line.booked_on < from || line.booked_on > to);
  if (outside !== undefined) {
    throw refusals.statement_line_beyond({ row: outside.row, booked_on: outside.booked_on, from, to }, outside.booked_on < from ? 'from' : 'to');
  }
  return { from, to, stated: is_stated };
}
