// The bank's numbers for dwellings (子账号, 虚拟账号): some banks give each dwelling a number to pay to, and the line of the
// statement carries it. Entered as two columns, dwelling and number; a number belongs to one dwelling, a dwelling may have
// several. For officers only: the log says how many were entered, never which.
import { sql } from 'kysely';
import { appendRecord } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { dwellingIndex, plainNumber } from './queries.ts';
import { refusals } from './refusals.ts';
import { dwellingsIn, type DwellingIndex } from './unit-name.ts';

const LIMIT = 5_000;

interface Pair { unit: string; virtual_account: string }

/** "3-2-1002,8866…" by line; commas, tabs or semicolons; headings and empty lines are passed over. */
function readPairs(index: DwellingIndex, list: string): Pair[] {
  const lines = list.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const filled = lines.filter((line) => line.trim() !== '').length;
  if (filled === 0) throw refusals.virtual_accounts_empty({}, 'list');
  if (filled > LIMIT) throw refusals.virtual_accounts_too_many({ lines: filled, limit: LIMIT }, 'list');
  const seen = new Map<string, { line: number; unit: string }>();
  for (const [at, text] of lines.entries()) {
    const cells = text.split(/[,，\t;；]/).map((cell) => cell.replace(/^[\s"'‘“]+|[\s"'’”]+$/gu, ''));
    if (cells.every((cell) => cell === '')) continue;
    // The first line may be the headings.
    if (seen.size === 0 && /房|户|dwelling|unit/i.test(cells[0] ?? '') && !/[0-9]/.test(text)) continue;
    const line = at + 1;
    const number = plainNumber(cells[1] ?? '');
    if (cells.length !== 2 || !/^[0-9A-Z]{4,40}$/.test(number)) throw refusals.virtual_account_line_invalid({ line, text: text.trim().slice(0, 60) }, 'list');
    const [found, more] = dwellingsIn(index, cells[0]!);
    if (found === undefined || more !== undefined) throw refusals.virtual_account_unit_unknown({ line, unit: cells[0]!.slice(0, 40) }, 'list');
    const before = seen.get(number);
    if (before !== undefined && before.unit !== found.unit) throw refusals.virtual_account_twice({ number, line, first: before.line }, 'list');
    if (before === undefined) seen.set(number, { line, unit: found.unit });
  }
  if (seen.size === 0) throw refusals.virtual_accounts_empty({}, 'list');
  return [...seen].map(([virtual_account, { unit }]) => ({ unit, virtual_account }));
}

export type VirtualAccountsEntered = { entered: number; changed: number };

/** Enters a list, all or none; a number that is there already goes to the dwelling of the list. Refusals: those of
 *  demand() for post_receipt, virtual_accounts_empty, virtual_accounts_too_many, virtual_account_line_invalid,
 *  virtual_account_unit_unknown, virtual_account_twice. */
export async function enterVirtualAccounts(
  house: House, asked: { estate: Estate; actor: Actor | null; list: string; key?: string | null | undefined },
): Promise<VirtualAccountsEntered> {
  const { estate: { estate_id }, list, key = null } = asked;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const once_key = key === null ? null : `virtual_accounts:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { list } }, async () => {
    const pairs = readPairs(await dwellingIndex(trx, estate_id), list);
    const { rows: [row] } = await sql<VirtualAccountsEntered>`
      with given as (
        select g.virtual_account, g.unit, k.unit as before
        from unnest(${pairs.map((pair) => pair.virtual_account)}::text[], ${pairs.map((pair) => pair.unit)}::text[]) as g(virtual_account, unit)
        left join unit_virtual_account k on k.estate_id = ${estate_id} and k.virtual_account = g.virtual_account
      ), written as (
        insert into unit_virtual_account as k (estate_id, virtual_account, unit, entered_by, entered_at)
        select ${estate_id}, g.virtual_account, g.unit, ${actor.person_id}::uuid, estate_clock(${estate_id})
        from given g where g.before is distinct from g.unit order by g.virtual_account
        on conflict (estate_id, virtual_account) do update set unit = excluded.unit, entered_by = excluded.entered_by, entered_at = excluded.entered_at
      ) select count(*) filter (where before is null)::integer as entered,
          count(*) filter (where before is not null and before <> unit)::integer as changed from given`.execute(trx);
    const { entered, changed } = row!;
    if (entered + changed > 0) await appendRecord(trx, estate_id, 'virtual_accounts_entered', { by: actor.person_id, changed, entered });
    return { entered, changed };
  }));
}
