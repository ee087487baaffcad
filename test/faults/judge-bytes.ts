// Bytes as the judge computes them: canonical text, hashes, leaves, sums in fen.
import { createHash } from 'node:crypto';

export type Body = { [key: string]: unknown };

/** RFC 8785 for what our documents hold: strings, whole numbers, true, false, null, lists and objects. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonicalText((value as Body)[key])}`);
  return `{${parts.join(',')}}`;
}

export const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();
export const hexSha256 = (text: string): string => sha256(text).toString('hex');

export function leafHash(code: string, row: { seq: number; kind: string; at: string; number: string; text: string }): string {
  const lines = ['mingzhang/record/v1', code, row.seq, row.kind, row.at, row.number, row.text].join('\n');
  return sha256(Buffer.concat([Buffer.from([0]), Buffer.from(lines)])).toString('hex');
}

/** "7000.00" → 700000n. */
export function fen(amount: string): bigint {
  const [yuan, rest = ''] = amount.split('.');
  return BigInt(`${yuan}${rest.padEnd(2, '0')}`);
}
