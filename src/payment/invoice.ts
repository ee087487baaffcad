// Invoices (发票) among the vouchers: what their files say is kept beside the file, for officers only (a seller may be a
// person), and never enters the log. What an order states of its invoice is held against it (invoice-check.ts).
// Accepted titles (发票抬头): the estate, its bodies and the trustee by themselves, and whatever names are added here.
import { sql } from 'kysely';
import { appendRecord } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { moneyText } from '../kernel/money.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { usualBodies } from '../approval/rule-text.ts';
import type { InvoiceRead } from './invoice-file.ts';
import { alikeInvoice, invoiceKey } from './queries.ts';
import { refusals } from './refusals.ts';

export interface Invoice {
  sha256: string;
  source: InvoiceRead['source'];
  number: string;
  issued_on: BusinessDate | null;
  seller_name: string;
  seller_tax_number: string | null;
  buyer_name: string;
  buyer_tax_number: string | null;
  total: string;
  is_red: boolean;
  reverses: string | null;
}

/** Keeps what was read; a file that is there already stays as it was read. */
export async function keepInvoices(
  trx: Trx, estate_id: number, files: readonly { sha256: string; invoice?: InvoiceRead | null }[],
): Promise<void> {
  for (const { sha256, invoice } of files) {
    if (invoice === null || invoice === undefined) continue;
    await trx.insertInto('invoice').values({ estate_id, sha256, ...invoice, total: moneyText(invoice.total) })
      .onConflict((row) => row.doNothing()).execute();
  }
}

const columns = ['sha256', 'source', 'number', 'issued_on', 'seller_name', 'seller_tax_number', 'buyer_name', 'buyer_tax_number',
  'total', 'is_red', 'reverses'] as const;

/** The invoices among these files, by number. */
export async function invoicesAmong(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<Invoice[]> {
  if (hashes.length === 0) return [];
  const rows = await trx.selectFrom('invoice').select(columns).where('estate_id', '=', estate_id)
    .where('sha256', 'in', [...hashes]).orderBy('number').orderBy('sha256').execute();
  return rows as Invoice[];
}

/** Every file of one number, and every red invoice that takes it back. */
export async function invoicesNumbered(trx: Trx, estate_id: number, number: string): Promise<Invoice[]> {
  const rows = await trx.selectFrom('invoice').select(columns).where('estate_id', '=', estate_id)
    .where((eb) => eb.or([eb(alikeInvoice(sql.ref('number')), '=', invoiceKey(number)), eb(alikeInvoice(sql.ref('reverses')), '=', invoiceKey(number))])).orderBy('sha256').limit(50).execute();
  return rows as Invoice[];
}

/** A name as it is compared: full width and brackets alike, no blanks. */
export const plainName = (name: string): string => name.normalize('NFKC').replace(/\s/g, '').toLowerCase();

/** Names of buyers that go without saying: the estate, its trustee and committee, and its bodies that hold a key. */
async function ownTitles(trx: Trx, { estate_id, name_zh, trustee, committee }: Estate): Promise<string[]> {
  const bodies = await trx.selectFrom('body').select('name_zh').where('estate_id', '=', estate_id)
    .where('key_side', 'is not', null).orderBy('body').execute();
  // "物业公司" names nobody: an invoice is made out to a company by its own name.
  const usual = Object.values(usualBodies).map((body) => body.zh);
  const named = bodies.map((body) => body.name_zh).filter((name) => !usual.includes(name));
  return [...new Set([name_zh, trustee, committee, ...named])].filter((name) => name.trim() !== '');
}

export interface Titles { own: string[]; added: string[] }

export async function titlesOf(trx: Trx, estate: Estate): Promise<Titles> {
  const added = await trx.selectFrom('invoice_title').select('name').where('estate_id', '=', estate.estate_id).orderBy('name').execute();
  return { own: await ownTitles(trx, estate), added: added.map((row) => row.name) };
}

/** The same, where only the number of the estate is at hand. */
export async function acceptedTitles(trx: Trx, estate_id: number): Promise<string[]> {
  const estate = await trx.selectFrom('estate').selectAll().where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  const { own, added } = await titlesOf(trx, estate as Estate);
  return [...own, ...added];
}

const MOST_TITLES = 20;

/** Replaces the added names, one a line as typed. Refusals: those of demand() for draft_order, text_…, titles_too_many. */
export async function changeTitles(
  trx: Trx, { estate, actor, typed }: { estate: Estate; actor: Actor | null; typed: readonly string[] },
): Promise<Titles> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'draft_order');
  const names = [...new Set(typed.filter((name) => name.trim() !== '')
    .map((name) => bookText(name, { field: 'titles', label: '发票抬头 invoice title', limit: 100 })))].sort();
  if (names.length > MOST_TITLES) throw refusals.titles_too_many({ limit: MOST_TITLES }, 'titles');
  const short = names.find((name) => [...name].length < 2);
  if (short !== undefined) throw refusals.title_too_short({ name: short }, 'titles');
  await lockEstate(trx, estate_id);
  const before = (await titlesOf(trx, estate)).added;
  if (JSON.stringify(before) !== JSON.stringify(names)) {
    await appendRecord(trx, estate_id, 'invoice_titles_changed', { names, by: person_id });
    await sql`delete from invoice_title where estate_id = ${estate_id}`.execute(trx);
    if (names.length > 0) {
      await trx.insertInto('invoice_title').values(names.map((name) => ({ estate_id, name, added_by: person_id }))).execute();
    }
  }
  return titlesOf(trx, estate);
}
