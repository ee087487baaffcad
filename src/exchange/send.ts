// Sending exports: journals as they are written, packages in parts, so that a broken download goes on where it broke
// off (RFC 9110: Range, If-Range, ETag).
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Estate } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { encodingOf, varyBy } from '../web/compress.ts';
import { beancountText } from './beancount.ts';
import { openBooks, type Books } from './books.ts';
import { hledgerText } from './hledger.ts';
import type { JobRow } from './job.ts';
import { journalCsv } from './journal-table.ts';
import type { Range, RangeAsked } from './range.ts';
import { refusals } from './refusals.ts';
import { booksWorkbook } from './xlsx.ts';

interface Format {
  media_type: string;
  extension: string;
  pieces(house: House, books: Books): AsyncIterable<string | Uint8Array>;
}
export const formats = {
  hledger: { media_type: 'text/plain; charset=utf-8', extension: 'hledger', pieces: (house, books) => hledgerText(house, books) },
  beancount: { media_type: 'text/plain; charset=utf-8', extension: 'beancount', pieces: (house, books) => beancountText(house, books) },
  csv: { media_type: 'text/csv; charset=utf-8', extension: 'csv', pieces: (house, books) => journalCsv(house, books) },
  xlsx: {
    media_type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx',
    pieces: (house, books) => booksWorkbook(house, books),
  },
} as const satisfies Record<string, Format>;
export type FormatName = keyof typeof formats;

/** 账簿-示例小区-2026-09至2026-10.csv, and a plain name for those who cannot read that (RFC 6266). */
function disposition(what: { zh: string; en: string }, { code, name_zh }: Estate, { from, to }: Range, extension: string): string {
  const months = { zh: from === to ? from : `${from}至${to}`, en: from === to ? from : `${from}-to-${to}` };
  const encoded = encodeURIComponent(`${what.zh}-${name_zh}-${months.zh}.${extension}`)
    .replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${what.en}-${code}-${months.en}.${extension}"; filename*=UTF-8''${encoded}`;
}

const nothing = (): Readable => Readable.from([]);

/** A journal as it is written. Refusals: export_outside, export_reversed. */
export async function sendJournal(
  house: House, request: FastifyRequest, reply: FastifyReply, { format, asked }: { format: FormatName; asked: RangeAsked },
): Promise<FastifyReply> {
  const estate = request.estate!;
  const { media_type, extension, pieces } = formats[format];
  const books = await openBooks(house, estate, asked);
  void reply.type(media_type).header('cache-control', 'private, no-cache')
    .header('content-disposition', disposition({ zh: '账簿', en: 'books' }, estate, books, extension));
  if (format !== 'xlsx') varyBy(reply, 'Accept-Encoding');
  if (request.method === 'HEAD') return reply.send(nothing());
  const stream = Readable.from(pieces(house, books), { objectMode: false });
  if (format === 'xlsx' || encodingOf(request.headers['accept-encoding']) === undefined) return reply.send(stream);
  const packed = createGzip({ level: 4 });
  stream.on('error', (error) => packed.destroy(error));
  packed.on('close', () => stream.destroy());
  return reply.header('content-encoding', 'gzip').send(stream.pipe(packed));
}

/** "bytes=100-", "bytes=0-99", "bytes=-500" of a file of `size` bytes. null: send all of it (also for what is asked in
 *  several parts, which nobody needs who resumes). Refusal: export_range_beyond. */
export function readRangeHeader(header: string | undefined, size: number): { start: number; end: number } | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (found === null || (found[1] === '' && found[2] === '')) return null;
  const [first, last] = [found[1]!, found[2]!];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (start >= size || end < start) throw refusals.export_range_beyond({ size });
  return { start, end };
}

/** The file of a package that was made, whole or from where a download broke off.
 *  Refusals: export_not_ready, export_failed, export_gone, export_range_beyond. */
export async function sendPackage(house: House, request: FastifyRequest, reply: FastifyReply, job: JobRow): Promise<FastifyReply> {
  const id = job.export_id;
  if (job.state === 'failed') throw refusals.export_failed({ id });
  if (job.state !== 'done' || job.sha256 === null) {
    throw refusals.export_not_ready({ id, percent: job.total === 0 ? 0 : Math.min(99, Math.floor((job.done * 100) / job.total)) });
  }
  const stored = job.dropped_at === null ? await house.storage.open(job.sha256) : null;
  if (stored === null) throw refusals.export_gone({ id });
  const etag = `"${job.sha256}"`;
  void reply.header('etag', etag).header('accept-ranges', 'bytes').header('cache-control', 'private, no-cache');
  if ((request.headers['if-none-match'] ?? '').split(',').some((one) => one.trim() === etag)) return reply.code(304).send();
  const { headers } = request;
  const goes_on = headers['if-range'] === undefined || headers['if-range'] === etag;
  let range: ReturnType<typeof readRangeHeader> = null;
  try {
    range = goes_on ? readRangeHeader(headers.range, stored.size) : null;
  } catch (error) {
    void reply.header('content-range', `bytes */${stored.size}`);
    throw error;
  }
  const { start, end } = range ?? { start: 0, end: stored.size - 1 };
  if (range !== null) void reply.code(206).header('content-range', `bytes ${start}-${end}/${stored.size}`);
  const months = { from: job.first_month, to: job.last_month };
  void reply.type('application/zip').header('content-length', end - start + 1)
    .header('content-disposition', disposition({ zh: '审计包', en: 'audit' }, request.estate!, months, 'zip'));
  return reply.send(request.method === 'HEAD' ? nothing() : stored.bytes({ start, end }));
}
