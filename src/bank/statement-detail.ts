// What the bank says of a line besides money: who and what for. Officers only, and never in the log, where it could not
// be erased. Texts are kept as they stand, without what shows nothing or no database takes.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { FreshLine, Progress } from './statement.ts';

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
