// A record of the log (存证记录) as it is hashed and as it is written into files. The database builds the same
// bytes (function record_leaf) and hashes them as stored; a leaf is never made from JSON that was spelled anew.
import { readWhole, utf8 } from './bytes.ts';
import { sha256 } from '#primitives';
import type { Hash } from './tree.ts';

export interface LogRecord {
  /** From 1, without gaps; its leaf stands at seq − 1. */
  seq: number;
  kind: string;
  /** "2026-10-05T01:02:03.123456Z" */
  recorded_at: string;
  /** "2026-10 收-041", or "-". */
  number: string;
  /** Canonical JSON, one line. */
  body: string;
}

const leafText = (estate_code: string, { seq, kind, recorded_at, number, body }: LogRecord): string =>
  `mingzhang/record/v1\n${estate_code}\n${seq}\n${kind}\n${recorded_at}\n${number}\n${body}`;

/** Leaf bytes: UTF-8 lines version, estate, seq, kind, time, voucher number, body. */
export const leafOf = (estate_code: string, record: LogRecord): Uint8Array => utf8(leafText(estate_code, record));

/** SHA-256 of 0x00 and the leaf bytes. */
export const leafHashOf = (estate_code: string, record: LogRecord): Hash => sha256(utf8(`\0${leafText(estate_code, record)}`));

// Leaf lines and file columns are cut at newlines and tabs, so no part may hold one: two records would have one leaf.
const shapes: Record<Exclude<keyof LogRecord, 'seq'>, RegExp> = {
  kind: /^[a-z][a-z0-9_]*$/,
  recorded_at: /^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/,
  number: /^[\u0020-\u007e\u0080-\uffff]+$/,
  body: /^\{[\u0020-\uffff]*\}$/,
};

const parts = ['kind', 'recorded_at', 'number', 'body'] as const;

/** Whether every part has its shape. */
export const isRecord = (record: LogRecord): boolean =>
  Number.isSafeInteger(record.seq) && record.seq >= 1 && parts.every((part) => typeof record[part] === 'string' && shapes[part].test(record[part]));

function demandShape(record: LogRecord): LogRecord {
  if (isRecord(record)) return record;
  const wrong = parts.find((part) => !shapes[part].test(record[part])) ?? 'seq';
  throw new RangeError(`not a record of the log: its ${wrong}`);
}

/** One line of a file of records, newline included. RangeError for what would not be read back. */
export function recordLine(record: LogRecord): string {
  const { seq, kind, recorded_at, number, body } = demandShape(record);
  return `${seq}\t${kind}\t${recorded_at}\t${number}\t${body}\n`;
}

/** Reads such a line, with its newline or without. RangeError for anything else. */
export function readRecordLine(line: string): LogRecord {
  const columns = (line.endsWith('\n') ? line.slice(0, -1) : line).split('\t');
  if (columns.length !== 5) throw new RangeError('not a record of the log: a line has five columns');
  const [seq, kind, recorded_at, number, body] = columns as [string, string, string, string, string];
  return demandShape({ seq: readWhole(seq), kind, recorded_at, number, body });
}
