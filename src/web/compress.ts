// Replies are sent compressed (brotli or gzip) when the browser takes it: pages, JSON and CSV of
// more than 1 KB. Assets are compressed once, in assets.ts.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const SMALLEST = 1024;
const compressible = /^(text\/(html|csv|plain)|application\/([\w.+-]*\+)?json)\b/;

export type Encoding = 'br' | 'gzip';

/** The best encoding of an Accept-Encoding header that we have; "br;q=0" is a refusal. */
export function encodingOf(accept: string | string[] | undefined): Encoding | undefined {
  const wanted = new Map<string, number>();
  for (const part of String(accept ?? '')
    .toLowerCase()
    .split(',')) {
    const [name = '', ...settings] = part.trim().split(';');
    const weight = settings.map((s) => /^\s*q=([0-9.]+)/.exec(s)?.[1]).find((q) => q !== undefined);
    wanted.set(name.trim(), weight === undefined ? 1 : Number(weight));
  }
  const takes = (name: string): boolean => (wanted.get(name) ?? wanted.get('*') ?? 0) > 0;
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : undefined;
}

export function compressed(bytes: Uint8Array, encoding: Encoding, level: 4 | 11): Promise<Buffer> {
  if (encoding === 'gzip') return zip(bytes, { level: level === 11 ? 9 : 6 });
  return brotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
}

export function varyBy(reply: FastifyReply, name: string): void {
  const before = String(reply.getHeader('vary') ?? '');
  const names = before
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (names.some((part) => part.toLowerCase() === name.toLowerCase())) return;
  reply.header('vary', [...names, name].join(', '));
}

/** Compresses what app answers, where it is worth it. */
export function compressReplies(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (!compressible.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    varyBy(reply, 'Accept-Encoding');
    if (payload.length < SMALLEST || reply.hasHeader('content-encoding')) return payload;
    const encoding = encodingOf(request.headers['accept-encoding']);
    if (encoding === undefined) return payload;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const body = await compressed(bytes, encoding, 4);
    reply.header('content-encoding', encoding).removeHeader('content-length');
    return body;
  });
}
