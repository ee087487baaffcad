// Forms as they come in: fields and files, urlencoded or multipart. Each file is checked and stored as
// it arrives, one at a time, and becomes a voucher of the estate, so that a wrong form comes back with
// its files kept. Used by payment's, ledger's and bank's forms.
import type { FastifyRequest } from 'fastify';
import { demand, type Capability } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { LARGEST_FILE } from './content.ts';
import { refusals } from './refusals.ts';
import { cleanFileName, keepFile, registerVouchers, vouchersByHash, type Audience, type KeptFile } from './voucher-file.ts';

export const FILES_AT_ONCE = 10;
export interface FormRead {
  /** Text fields by name; of a repeated one the last. */
  fields: Record<string, string>;
  /** SHA-256 of the vouchers of this form: kept ones first, then the new ones, each once. */
  vouchers: string[];
  /** The same by the field they came in. */
  by_field: Record<string, string[]>;
}

/** A file of the form was refused: everything else of the form is here, so that it can be shown again. */
export class FormRefusal extends Refusal {
  readonly form: FormRead;
  constructor(refusal: Refusal, form: FormRead) {
    super(refusal.code, { status: refusal.status, ...refusal.text } as never, refusal.facts, refusal.field);
    this.form = form;
  }
}

interface Parts {
  fields: Record<string, string>;
  kept: { field: string; sha256: string }[];
  files: (KeptFile & { field: string })[];
  refused: Refusal | null;
}

const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

function takeField(parts: Parts, name: string, value: string): void {
  if (name.endsWith('_kept')) {
    if (isHash(value)) parts.kept.push({ field: name.slice(0, -'_kept'.length), sha256: value });
  } else if (name !== '__proto__') parts.fields[name] = value;
}

async function readParts(request: FastifyRequest, house: House): Promise<Parts> {
  const parts: Parts = { fields: {}, kept: [], files: [], refused: null };
  // The plug-in would throw before the other fields of the form are read; `truncated` tells the same.
  const quiet = { throwFileSizeLimit: false };
  const limits = { fileSize: LARGEST_FILE, files: FILES_AT_ONCE, fields: 200, fieldSize: 100_000, headerPairs: 50 };
  // The whole request is read even after a refusal: the browser gets its answer, not a broken pipe.
  try {
    for await (const part of request.parts({ limits, ...quiet })) {
      if (part.type === 'field') {
        if (typeof part.value === 'string') takeField(parts, part.fieldname, part.value);
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) if (parts.refused === null) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      // A file field left empty is sent as a nameless file of no bytes.
      if (bytes.length === 0 && (part.filename ?? '') === '') continue;
      if (parts.refused !== null) continue;
      if (part.file.truncated) {
        parts.refused = refusals.file_too_large({ file_name: cleanFileName(part.filename), limit: '20 MB' }, 'vouchers');
        continue;
      }
      try {
        parts.files.push({ ...await keepFile(house, bytes, part.filename), field: part.fieldname });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        parts.refused = error;
      }
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (/multipart|boundary|terminated early|malformed/i.test(message)) throw refusals.upload_broken({}, 'vouchers');
    if (code !== 'FST_FILES_LIMIT') throw error;
    parts.refused = refusals.files_too_many({ limit: FILES_AT_ONCE }, 'vouchers');
  }
  return parts;
}

function readUrlencoded(body: unknown): Parts {
  const parts: Parts = { fields: {}, kept: [], files: [], refused: null };
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    for (const one of [value].flat()) if (typeof one === 'string') takeField(parts, name, one);
  }
  return parts;
}

export const audienceOf = (typed: string | undefined): Audience => {
  if (typed === undefined || typed === '') return 'officers';
  if (typed !== 'owners' && typed !== 'officers') throw refusals.audience_invalid({}, 'audience');
  return typed;
};

function byField(files: readonly { field: string; sha256: string }[], vouchers: readonly string[]): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const sha256 of vouchers) {
    for (const { field } of files.filter((file) => file.sha256 === sha256)) {
      fields.set(field, [...new Set([...(fields.get(field) ?? []), sha256])]);
    }
  }
  return Object.fromEntries(fields);
}

/** Reads a form of a page with :estate in its path. `audience` among its fields says who may open the
 *  new files; without it officers only. `needs`: what whoever sends it must be allowed. Refusals: not_allowed, and as FormRefusal those of
 *  the files. */
export async function readForm(request: FastifyRequest, house: House, needs: Capability = 'draft_order'): Promise<FormRead> {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, needs);
  const parts = request.isMultipart() ? await readParts(request, house) : readUrlencoded(request.body);
  const audience = parts.fields['audience'] === 'owners' ? 'owners' : 'officers';
  const vouchers = await inEstate(house.db.app, estate.estate_id, async (trx) => {
    const kept = await vouchersByHash(trx, estate.estate_id, parts.kept.map((one) => one.sha256));
    const taken = await registerVouchers(trx, { estate, actor, files: parts.files, audience, needs });
    return [...new Set([...kept, ...taken].map((voucher) => voucher.sha256))];
  });
  const form = { fields: parts.fields, vouchers, by_field: byField([...parts.kept, ...parts.files], vouchers) };
  if (parts.refused !== null) throw new FormRefusal(parts.refused, form);
  return form;
}

/** Files of an API request, as vouchers. Refusals: file_missing, and those of the files. */
export async function receiveVouchers(request: FastifyRequest, house: House) {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'draft_order');
  if (!request.isMultipart()) throw refusals.file_missing({}, 'file');
  const parts = await readParts(request, house);
  if (parts.refused !== null) throw parts.refused;
  if (parts.files.length === 0) throw refusals.file_missing({}, 'file');
  const audience = audienceOf(parts.fields['audience']);
  return inEstate(house.db.app, estate.estate_id, (trx) =>
    registerVouchers(trx, { estate, actor, files: parts.files, audience }));
}

export { openVoucher, registerVouchers, keepFile, vouchersByHash, demandVouchers } from './voucher-file.ts';
export { statementFiles } from './statement-voucher.ts';
export type { Audience, KeptFile, Voucher } from './voucher-file.ts';
