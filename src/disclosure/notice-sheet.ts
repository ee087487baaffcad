// The notice-board sheet (公告栏张贴页) of a published month: printed when somebody asks for it, with the witnesses
// as they are on that day. The figures are those of the disclosure, the checkpoint the one sealed into it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { readCheckpointRow } from '../evidence/checkpointer.ts';
import { localeOf } from '../web/locale.ts';
import type { PrintedSeal } from '../../reports/kit/seal.ts';
import type { NoticeSheet } from '../../reports/notice-sheet/sheet.ts';
import { demandDisclosure, sheetDisposition, type FileAsked } from './files.ts';
import { printer } from '../../reports/printer.ts';
import { figuresOf, type FoundDisclosure } from './queries.ts';
import { printedSeal } from './seal.ts';
import { witnessedCheckpoint, witnessedSince, witnessPolicy } from './seal-queries.ts';

/** The checkpoint sealed into a version, with its witnesses of today: those who cosigned it or a later one, which
 *  contains it; else those of the last one before it. Null for a version without a seal. */
export async function sealShown(house: House, trx: Trx, estate_id: number, checkpoint_size: number | null): Promise<PrintedSeal | null> {
  const checkpoint = checkpoint_size === null ? null : await readCheckpointRow(trx, estate_id, checkpoint_size);
  if (checkpoint === null) return null;
  const witnessed = await witnessedSince(trx, estate_id, checkpoint.size)
    ?? await witnessedCheckpoint(trx, estate_id, await witnessPolicy(trx, estate_id));
  return printedSeal(house, trx, estate_id, { checkpoint, witnessed });
}

/** What comes from above: the single-file verifier, whose hash belongs on paper. */
export interface SheetParts { verifierPage?: (() => Promise<Uint8Array>) | undefined }

function sheetOf(found: FoundDisclosure, seal: PrintedSeal | null, verifier: Uint8Array | undefined): NoticeSheet {
  const { estate: { name_zh, name_en, trustee, committee }, period, version, opening, received, paid, closing, notices } = figuresOf(found);
  const { published_at, pdf_zh_sha256, pdf_en_sha256 } = found;
  return {
    estate: { name_zh, name_en, trustee, committee }, period, version, published_at, opening, received, paid, closing,
    notices: notices.map(({ text_zh, text_en }) => ({ text_zh, text_en })), pdf_zh_sha256, pdf_en_sha256,
    verifier_sha256: verifier === undefined ? undefined : sha256Hex(verifier), seal,
  };
}

// The same sheet is asked for by many on one day; the last few are kept. The name is the hash of all it says.
const KEPT = 16;
const kept = new Map<string, Promise<Buffer>>();

function printed(sheet: NoticeSheet, locale: Locale, name: string): Promise<Buffer> {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const bytes = printer().notice(sheet, locale);
  kept.set(name, bytes);
  bytes.catch(() => kept.delete(name));
  for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
  return bytes;
}

/** The sheet of a version as a PDF. Refusals: as demandDisclosure(). */
export async function sendNoticeSheet(
  house: House, request: FastifyRequest, reply: FastifyReply, { verifierPage, ...asked }: FileAsked & SheetParts,
): Promise<FastifyReply> {
  const estate: Estate = request.estate!;
  const found = await demandDisclosure(house, estate, asked);
  const seal = await inEstate(house.db.app, estate.estate_id,
    (trx) => sealShown(house, trx, estate.estate_id, found.checkpoint_size), { readOnly: true });
  const locale = asked.lang ?? localeOf(request);
  const sheet = sheetOf(found, seal, await verifierPage?.());
  const name = sha256Hex(canonical({ locale, sheet } as unknown as Json));
  void reply.header('etag', `"${name}"`).header('cache-control', 'private, no-cache');
  if ((request.headers['if-none-match'] ?? '').includes(`"${name}"`)) return reply.code(304).send();
  const bytes = await printed(sheet, locale, name);
  return reply.type('application/pdf').header('content-length', bytes.length)
    .header('content-disposition', sheetDisposition(estate, found, locale)).send(bytes);
}
