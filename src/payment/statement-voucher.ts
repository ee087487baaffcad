// Statement files of the bank as vouchers: tables as text or workbook, XML and SWIFT messages, kept byte for byte as the
// bank made them. bank/ has read and proven the file before; here only its media type is told, so that a browser saves it
// and shows nothing of it. For officers only: it names whoever paid and was paid.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { appendRecord } from '../evidence/records.ts';
import { LARGEST_FILE } from './content.ts';
import { refusals } from './refusals.ts';
import { cleanFileName } from './voucher-file.ts';

export type StatementMediaType = 'text/csv' | 'text/plain' | 'application/xml' | 'application/vnd.ms-excel'
  | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export interface KeptStatementFile { sha256: string; media_type: StatementMediaType; size: number; file_name: string }

const compound = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** What a statement file is saved as: HTML that banks name .xls stays a workbook, so that no browser opens it as a page. */
export function statementMediaType(bytes: Buffer): StatementMediaType {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  if (bytes.subarray(0, 4).equals(compound)) return 'application/vnd.ms-excel';
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'latin1';
  const head = new TextDecoder(wide).decode(bytes.subarray(0, 2_000)).replace(/^(?:\ufeff|ï»¿)/, '').trimStart();
  if (head.startsWith('<')) return /^<(?:\?xml|[\w:]*Document)[\s>]/.test(head) && !/<(?:html|table)[\s>]/i.test(head) ? 'application/xml' : 'application/vnd.ms-excel';
  return /^(?:\{1:|:20:)/.test(head) ? 'text/plain' : 'text/csv';
}

/** Stores the bytes; nothing is registered yet. Refusal: file_too_large. */
export async function keepStatementFile(house: House, bytes: Buffer, typed_name: string): Promise<KeptStatementFile> {
  const file_name = cleanFileName(typed_name);
  if (bytes.length > LARGEST_FILE) throw refusals.file_too_large({ file_name, limit: '20 MB' }, 'file');
  return { sha256: await house.storage.keep(bytes), media_type: statementMediaType(bytes), size: bytes.length, file_name };
}

/** Makes it a voucher; one that is there already stays as it is. Call it under the estate's lock. */
export async function registerStatementFile(trx: Trx, { estate, actor, file }: { estate: Estate; actor: Actor; file: KeptStatementFile }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'import_statement');
  const { sha256, media_type, size, file_name } = file;
  const known = await trx.selectFrom('voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', '=', sha256).executeTakeFirst();
  if (known !== undefined) return;
  const seq = await appendRecord(trx, estate_id, 'voucher_received', { sha256, media_type, size, by: person_id });
  await trx.insertInto('voucher').values({ estate_id, sha256, media_type, size, file_name, audience: 'officers', uploaded_by: person_id, seq }).execute();
}

export const statementFiles = { keep: keepStatementFile, register: registerStatementFile };
