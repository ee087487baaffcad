// Which months an export covers: whole months, from the first month of the books to the running one.
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { periodOf, type Period } from '../kernel/dates.ts';
import { estateToday } from '../evidence/records.ts';
import { refusals } from './refusals.ts';

export interface Range { from: Period; to: Period }
export interface RangeAsked { from?: string | undefined; to?: string | undefined }

/** First and last month that can be exported. */
export async function wholeRange(trx: Trx, { estate_id, first_period }: Estate): Promise<Range> {
  const running = periodOf(await estateToday(trx, estate_id));
  return { from: first_period, to: running < first_period ? first_period : running };
}

/** The months asked for; a side that is left out goes as far as the books do.
 *  Refusals: export_outside, export_reversed. */
export async function readRange(trx: Trx, estate: Estate, { from, to }: RangeAsked): Promise<Range> {
  const whole = await wholeRange(trx, estate);
  const range = { from: from ?? whole.from, to: to ?? whole.to };
  const [first, last] = [whole.from, whole.to];
  for (const [field, month] of Object.entries(range)) {
    if (month < first || month > last) throw refusals.export_outside({ month, first, last }, field);
  }
  if (range.from > range.to) throw refusals.export_reversed({ from: range.from, to: range.to }, 'to');
  return range;
}
