// What the bank says of a line besides money: who and what for. Officers only, and never in the log, where it could not
// be erased. Texts are kept as they stand, without what shows nothing or no database takes.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { refusals } from './statement-refusals.ts';
import type { KeptLine } from './statement-known.ts';
import type { FreshLine } from './statement-file.ts';

/** How far the taking is, for a progress page: lines of the step done. */
export type Progress = (step: 'reading' | 'comparing' | 'keeping' | 'details', done: number, total: number) => void;

const AT_ONCE = 10_000;
const MOST_CHARACTERS = 1_000;

/** A text of the bank: one line, no control characters, no half characters, at most a thousand. */
export function bankText(raw: string): string {
  if (raw === '') return '';
  const text = raw.toWellFormed().normalize('NFC').replace(/[\p{Cf}]/gu, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return text.length <= MOST_CHARACTERS ? text : [...text].slice(0, MOST_CHARACTERS).join('');
}

const fields = ['booked_time', 'counterparty_name', 'counterparty_account', 'counterparty_bank', 'memo', 'purpose'] as const;

/** Details of the lines that were just taken, in their order from `first_position` on. */
export async function keepDetails(
  trx: Trx, { estate_id, account, first_position, lines, progress }:
  { estate_id: number; account: string; first_position: number; lines: readonly FreshLine[]; progress?: Progress | undefined },
): Promise<void> {
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    const some = lines.slice(at, at + AT_ONCE);
    const columns = fields.map((field) => sql`${some.map((line) => bankText(line[field]))}::text[]`);
    const positions = some.map((_line, index) => first_position + at + index);
    await sql`insert into bank_line_detail (estate_id, account, position, booked_time, counterparty_name, counterparty_account,
        counterparty_bank, memo, purpose)
      select ${estate_id}, ${account}, n.* from unnest(${positions}::bigint[], ${sql.join(columns)}) as n`.execute(trx);
    progress?.('details', Math.min(at + AT_ONCE, lines.length), lines.length);
  }
}

const numberOf = (text: string): string => {
  const plain = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  return /^[0-9A-Z]{8,}$/.test(plain) ? plain : '';
};
const nameOf = (text: string): string => (text.includes('*') ? '' : text.normalize('NFKC').replace(/\s/g, '').toUpperCase());

/** One says more of the same, or says nothing. */
const agree = (a: string, b: string): boolean => a === '' || b === '' || a.endsWith(b) || b.endsWith(a) || a.startsWith(b) || b.startsWith(a);

/** Money went to somebody else than the file before said: whoever confirms a file confirms that too. Numbers that are hidden in
 *  part, and names where a number is there, are not compared: formats write them differently. Refusal: statement_repeat_party. */
export async function refuseOtherParties(
  trx: Trx, { estate_id, account, kept, lines }: { estate_id: number; account: string; kept: readonly KeptLine[]; lines: readonly FreshLine[] },
): Promise<void> {
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return;
  const rows = await trx.selectFrom('bank_line_detail').select(['position', 'counterparty_name', 'counterparty_account'])
    .where('estate_id', '=', estate_id).where('account', '=', account)
    .where('position', '>=', first.position).where('position', '<=', last.position).execute();
  const known = new Map(rows.map((row) => [row.position, row]));
  for (const [at, { position }] of kept.entries()) {
    const [line, there] = [lines[at], known.get(position)];
    if (line === undefined || there === undefined) continue;
    const [file_number, kept_number] = [numberOf(line.counterparty_account), numberOf(there.counterparty_account)];
    const numbered = file_number !== '' && kept_number !== '';
    if (numbered ? agree(file_number, kept_number) : agree(nameOf(line.counterparty_name), nameOf(there.counterparty_name))) continue;
    const tail = (number: string): string => (numbered ? number.slice(-4) : '–');
    throw refusals.statement_repeat_party({ row: line.row, position, file_party: tail(file_number), kept_party: tail(kept_number) });
  }
}
