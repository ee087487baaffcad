// Original vouchers (原始凭证): files by the SHA-256 of their content. The same file handed in again is
// the same voucher. Who may open one: officers every one; owners those marked for owners, once they belong
// to an entry, a balance of the bank, or a proposal that has all signatures or is announced. Each new file is a record.
import { sql } from 'kysely';
import { appendRecord } from '../evidence/records.ts';
import { demand, may, type Actor, type Capability, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { lockEstate } from '../approval/proposal.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { mediaTypeOf, type MediaType } from './content.ts';
import { keepInvoices } from './invoice.ts';
import { readInvoiceFile, type InvoiceRead } from './invoice-file.ts';
import { withoutPersonal } from '../kernel/personal.ts';
import { refusals } from './refusals.ts';

export type Audience = 'owners' | 'officers';
export interface Voucher {
  sha256: string;
  media_type: MediaType;
  size: number;
  file_name: string;
  audience: Audience;
}
export interface KeptFile {
  sha256: string;
  media_type: MediaType;
  size: number;
  file_name: string;
  /** What the file says, where it is an invoice. */
  invoice?: InvoiceRead | null;
}

/** A name to show and to save under: no path, no control or direction characters, no number of a card or telephone,
 *  at most 120 characters. */
export function cleanFileName(typed: string | undefined): string {
  const name = (typed ?? '').normalize('NFC').split(/[\\/]/).at(-1)!
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '').replace(/^[.\s]+/, '').trim();
  if (name === '') return 'file';
  const characters = [...withoutPersonal(name)];
  if (characters.length <= 120) return characters.join('');
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  return characters.slice(0, 120 - ending.length).join('') + ending;
}

/** Checks a file by its content and stores it; nothing is registered yet. */
export async function keepFile(house: House, bytes: Buffer, typed_name: string | undefined): Promise<KeptFile> {
  const file_name = cleanFileName(typed_name);
  const media_type = await mediaTypeOf(bytes, file_name);
  const invoice = readInvoiceFile(bytes, media_type, file_name);
  const sha256 = await house.storage.keep(bytes);
  return { sha256, media_type, size: bytes.length, file_name, invoice };
}

/** Registers stored files as vouchers of the estate. A file that is one already stays as it is.
 *  Refusals: those of demand() for draft_order. */
export async function registerVouchers(
  trx: Trx, { estate, actor, files, audience, needs = 'draft_order' }:
  { estate: Estate; actor: Actor | null; files: readonly KeptFile[]; audience: Audience; needs?: Capability | undefined },
): Promise<Voucher[]> {
  const { estate_id } = estate;
  const uploaded_by = demand(actor, estate_id, needs).person_id;
  const hashes = [...new Set(files.map((file) => file.sha256))];
  if (hashes.length === 0) return [];
  const found = await vouchersByHash(trx, estate_id, hashes);
  if (found.length === hashes.length) {
    await keepInvoices(trx, estate_id, files);
    return inOrder(found, hashes);
  }
  await lockEstate(trx, estate_id);
  const known = new Map((await vouchersByHash(trx, estate_id, hashes)).map((voucher) => [voucher.sha256, voucher]));
  for (const { sha256, media_type, size, file_name } of files) {
    if (known.has(sha256)) continue;
    const seq = await appendRecord(trx, estate_id, 'voucher_received', { sha256, media_type, size, by: uploaded_by });
    await trx.insertInto('voucher')
      .values({ estate_id, sha256, media_type, size, file_name, audience, uploaded_by, seq }).execute();
    known.set(sha256, { sha256, media_type, size, file_name, audience });
  }
  await keepInvoices(trx, estate_id, files);
  return inOrder([...known.values()], hashes);
}

const inOrder = (vouchers: readonly Voucher[], hashes: readonly string[]): Voucher[] =>
  [...vouchers].sort((a, b) => hashes.indexOf(a.sha256) - hashes.indexOf(b.sha256));

export async function vouchersByHash(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<Voucher[]> {
  if (hashes.length === 0) return [];
  const rows = await trx.selectFrom('voucher').select(['sha256', 'media_type', 'size', 'file_name', 'audience'])
    .where('estate_id', '=', estate_id).where('sha256', 'in', [...hashes]).orderBy('seq').execute();
  return rows as Voucher[];
}

/** The named vouchers, each once. Refusal: voucher_unknown. */
export async function demandVouchers(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<Voucher[]> {
  const wanted = [...new Set(hashes)];
  const found = await vouchersByHash(trx, estate_id, wanted);
  const missing = wanted.find((hash) => !found.some((voucher) => voucher.sha256 === hash));
  if (missing !== undefined) throw ledgerRefusals.voucher_unknown({ sha256: missing.slice(0, 12) }, 'vouchers');
  return inOrder(found, wanted);
}

/** A voucher's bytes for somebody who may see them. Refusals: login_required, estate_unknown, voucher_not_found. */
export async function openVoucher(
  house: House, { estate, actor, sha256 }: { estate: Estate; actor: Actor | null; sha256: string },
): Promise<{ voucher: Voucher; bytes: Buffer }> {
  const { estate_id } = estate;
  const reader = demand(actor, estate_id, 'read_books');
  const officer = may(reader, estate_id, 'read_officers');
  const voucher = await inEstate(house.db.app, estate_id, async (trx) => {
    const [found] = await vouchersByHash(trx, estate_id, [sha256]);
    if (found === undefined || officer) return found;
    return found.audience === 'owners' && await isPublic(trx, estate_id, sha256) ? found : undefined;
  }, { readOnly: true });
  const bytes = voucher === undefined ? null : await house.storage.read(sha256);
  if (voucher === undefined || bytes === null) throw refusals.voucher_not_found();
  return { voucher, bytes };
}

async function isPublic(trx: Trx, estate_id: number, sha256: string): Promise<boolean> {
  // A bank's file names whoever paid and was paid, whatever was ticked when it was handed in before.
  const statement = await trx.selectFrom('bank_statement').select('seq')
    .where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (statement !== undefined) return false;
  // What explains a vote is for every voter from its announcement on.
  const { rows: asked } = await sql`select from resolution r where r.estate_id = ${estate_id} and r.opened_seq is not null and ${sha256} = any (r.files) limit 1`.execute(trx);
  if (asked.length > 0) return true;
  const booked = await trx.selectFrom('entry_voucher').select('seq')
    .where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (booked !== undefined) return true;
  const stated = await trx.selectFrom('bank_balance').select('seq')
    .where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (stated !== undefined) return true;
  const ordered = await trx.selectFrom('order_voucher as v')
    .innerJoin('proposal as p', (join) => join.onRef('p.estate_id', '=', 'v.estate_id').onRef('p.proposal_id', '=', 'v.proposal_id'))
    .select('v.proposal_id').where('v.estate_id', '=', estate_id).where('v.sha256', '=', sha256)
    .where('p.state', 'in', ['approved', 'executed']).limit(1).executeTakeFirst();
  if (ordered !== undefined) return true;
  // Pictures of a project are there to be looked at.
  const pictured = await trx.selectFrom('project_photo').select('sha256')
    .where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (pictured !== undefined) return true;
  // What was offered before a contract is shown beside it.
  const quoted = await trx.selectFrom('project_quote').select('quote_id')
    .where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (quoted !== undefined) return true;
  const answered = await trx.selectFrom('answer_voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', '=', sha256).limit(1).executeTakeFirst();
  if (answered !== undefined) return true;
  // Announced documents are public from their submission on, and so is the resolution any public one rests on.
  const { rows } = await sql`select from proposal p where p.estate_id = ${estate_id} and strpos(p.document, ${sha256}) > 0
    and (p.state in ('approved', 'executed') or p.payable_from > (p.submitted_at at time zone 'Asia/Shanghai')::date)
    and (p.document::jsonb -> 'vouchers' ? ${sha256} or p.document::jsonb -> 'resolution' ->> 'voucher' = ${sha256}) limit 1`.execute(trx);
  return rows.length > 0;
}
