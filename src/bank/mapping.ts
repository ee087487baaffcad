// Which column is what, in tables of banks the program does not know: picked by a person on a preview, tried on the first
// lines, kept per header for the estate with who and when. The last choice counts; a statement says by its format which
// header it was read by.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateNow } from '../evidence/records.ts';
import type { Mapping, TablePreview } from '../bankfile/statement.ts';
import { refusals as fileRefusals } from '../bankfile/refusals.ts';
import { readAside } from '../bankfile/read-aside.ts';
import type { FreshLine } from './statement.ts';
import { readFile } from './statement-file.ts';
import { columnRoles, type ColumnRole } from './statement-texts.ts';

/** The table of a file as it is shown above the choices; null where it is of a kind the program knows. */
export async function tablePreview(bytes: Uint8Array): Promise<TablePreview | null> {
  const read = await readAside(bytes, { mappings: [] });
  return read.kind === 'unmapped' ? read.preview : null;
}

/** The kept choice for a header. */
export async function keptMapping(house: House, estate_id: number, signature: string): Promise<Mapping | null> {
  const row = await inEstate(house.db.app, estate_id, (trx) => trx.selectFrom('statement_mapping').select('columns')
    .where('estate_id', '=', estate_id).where('signature', '=', signature).executeTakeFirst(), { readOnly: true });
  return row === undefined ? null : { ...row.columns, signature } as unknown as Mapping;
}

/** From the form: a role for each column ("c0" = "booked_on" …). Refusal: statement_mapping_wrong for one role twice or no day. */
export function readMapping(preview: TablePreview, fields: Readonly<Record<string, string>>): Mapping {
  const chosen = new Map<ColumnRole, number>();
  preview.header.forEach((_cell, column) => {
    const role = fields[`c${column}`] as ColumnRole | '' | undefined;
    if (role === undefined || role === '' || !columnRoles.includes(role)) return;
    const other = chosen.get(role);
    if (other !== undefined) {
      throw fileRefusals.statement_mapping_wrong({ what_zh: `第 ${other + 1} 列和第 ${column + 1} 列选了同一含义`, what_en: `columns ${other + 1} and ${column + 1} are the same thing` });
    }
    chosen.set(role, column);
  });
  const booked_on = chosen.get('booked_on');
  if (booked_on === undefined) throw fileRefusals.statement_mapping_wrong({ what_zh: '没有选日期', what_en: 'no column is the day' });
  const at = (role: ColumnRole): number | null => chosen.get(role) ?? null;
  return {
    signature: preview.signature, booked_on, booked_time: at('booked_time'), amount: at('amount'), amount_in: at('amount_in'), amount_out: at('amount_out'),
    side: at('side'), balance: at('balance'), serial: at('serial'), counterparty_name: at('counterparty_name'),
    counterparty_account: at('counterparty_account'), counterparty_bank: at('counterparty_bank'), memo: at('memo'), purpose: at('purpose'),
  };
}

export interface Tried { lines: FreshLine[]; refusal: Refusal | null }

/** How the first lines of the file read with a mapping; or why they do not. */
export async function tryMapping(
  house: House, estate_id: number, { bytes, mapping, opening, closing }: { bytes: Uint8Array; mapping: Mapping; opening?: string | undefined; closing?: string | undefined },
): Promise<Tried> {
  try {
    const read = await readFile(house, estate_id, bytes, { opening, closing }, mapping);
    return { lines: read.kind === 'statement' ? read.statement.lines.slice(0, 3) : [], refusal: null };
  } catch (error) {
    if (error instanceof Refusal) return { lines: [], refusal: error };
    throw error;
  }
}

/** Keeps a choice for all files with this header. */
export async function keepMapping(house: House, { estate, actor, preview, mapping }: { estate: Estate; actor: Actor; preview: TablePreview; mapping: Mapping }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'import_statement');
  const { signature, ...columns } = mapping;
  await inEstate(house.db.app, estate_id, async (trx) => {
    const row = { header: JSON.stringify(preview.header), columns: JSON.stringify(columns), chosen_by: person_id, chosen_at: await estateNow(trx, estate_id) };
    await trx.insertInto('statement_mapping').values({ estate_id, signature, ...row })
      .onConflict((conflict) => conflict.columns(['estate_id', 'signature']).doUpdateSet(row)).execute();
  });
}
