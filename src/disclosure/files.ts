// Sending what was published: PDF, figures and entries as files. They never change, so a browser may
// keep them; the address without a version leads to the newest one and is asked for again.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { businessDate, periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { estateNow } from '../evidence/records.ts';
import { localeOf } from '../web/locale.ts';
import { dueOn } from './assemble.ts';
import { readDisclosure, readVersion, versionsOf, type FoundDisclosure, type VersionRow } from './queries.ts';
import { refusals } from './refusals.ts';

export interface FileAsked { period: string; version?: string | undefined; lang?: Locale | undefined }

/** 收支公示-示例小区-2026-10-第1版.pdf */
export function fileName(estate: Estate, { period, version }: Pick<VersionRow, 'period' | 'version'>, locale: Locale, ending: string): string {
  return locale === 'zh' ? `收支公示-${estate.name_zh}-${period}-第${version}版.${ending}`
    : `Disclosure-${estate.name_en}-${period}-v${version}.${ending}`;
}

function disposition(estate: Estate, row: Pick<VersionRow, 'period' | 'version'>, name: string, ending: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `inline; filename="disclosure-${estate.code}-${row.period}-v${row.version}.${ending}"; filename*=UTF-8''${encoded}`;
}

/** 公告栏-示例小区-2026-10-第1版.pdf */
export function sheetDisposition(estate: Estate, row: Pick<VersionRow, 'period' | 'version'>, locale: Locale): string {
  const name = locale === 'zh' ? `公告栏-${estate.name_zh}-${row.period}-第${row.version}版.pdf`
    : `Notice-${estate.name_en}-${row.period}-v${row.version}.pdf`;
  return disposition(estate, row, name, `notice.${locale}.pdf`);
}

/** Why there is nothing: month outside the books, not published yet, or no such version. */
async function absent(house: House, estate: Estate, { period, version }: FileAsked): Promise<never> {
  const { estate_id, first_period } = estate;
  const [versions, now] = await inEstate(house.db.app, estate_id, async (trx) =>
    [await versionsOf(trx, estate_id, period), await estateNow(trx, estate_id)] as const, { readOnly: true });
  const latest = versions[0]?.version;
  if (latest !== undefined) throw refusals.disclosure_version_unknown({ period, version: version ?? '', latest });
  const last_period = periodOf(businessDate(now));
  if (period < first_period || period > last_period) throw refusals.disclosure_period_outside({ period, first_period, last_period });
  throw refusals.disclosure_unknown({ period, due_on: dueOn(estate, period) });
}

const numberOf = (version: string | undefined): number | undefined => (version === undefined ? undefined : Number(version));

/** The version asked for, with figures. Refusals: disclosure_unknown, disclosure_version_unknown, disclosure_period_outside. */
export async function demandDisclosure(house: House, estate: Estate, asked: FileAsked): Promise<FoundDisclosure> {
  const { estate_id } = estate;
  const found = await inEstate(house.db.app, estate_id,
    (trx) => readDisclosure(trx, estate_id, asked.period, numberOf(asked.version)), { readOnly: true });
  return found ?? absent(house, estate, asked);
}

async function demandVersion(house: House, estate: Estate, asked: FileAsked): Promise<VersionRow> {
  const { estate_id } = estate;
  const found = await inEstate(house.db.app, estate_id,
    (trx) => readVersion(trx, estate_id, asked.period, numberOf(asked.version)), { readOnly: true });
  return found ?? absent(house, estate, asked);
}

/** Headers of a file that never changes; true when the browser has it already. */
function unchanged(request: FastifyRequest, reply: FastifyReply, hash: string, asked: FileAsked): boolean {
  void reply.header('etag', `"${hash}"`)
    .header('cache-control', asked.version === undefined ? 'private, no-cache' : 'private, max-age=31536000, immutable');
  return (request.headers['if-none-match'] ?? '').includes(`"${hash}"`);
}

/** The PDF of a version. Refusals: as demandDisclosure(); disclosure_file_gone. */
export async function sendPdf(house: House, request: FastifyRequest, reply: FastifyReply, asked: FileAsked): Promise<FastifyReply> {
  const estate = request.estate!;
  const row = await demandVersion(house, estate, asked);
  const locale = asked.lang ?? localeOf(request);
  const sha256 = locale === 'zh' ? row.pdf_zh_sha256 : row.pdf_en_sha256;
  if (unchanged(request, reply, sha256, asked)) return reply.code(304).send();
  const bytes = await house.storage.read(sha256);
  if (bytes === null) throw refusals.disclosure_file_gone({ sha256: sha256.slice(0, 12) });
  return reply.type('application/pdf').header('content-length', bytes.length)
    .header('content-disposition', disposition(estate, row, fileName(estate, row, locale, 'pdf'), 'pdf'))
    .send(bytes);
}

/** The figures of a version, byte for byte as they were hashed. */
export async function sendFigures(house: House, request: FastifyRequest, reply: FastifyReply, asked: FileAsked): Promise<FastifyReply> {
  const estate = request.estate!;
  const found = await demandDisclosure(house, estate, asked);
  if (unchanged(request, reply, found.figures_sha256, asked)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8')
    .header('content-disposition', disposition(estate, found, fileName(estate, found, 'zh', 'json'), 'json'))
    .send(found.figures);
}
