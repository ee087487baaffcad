// One spreadsheet of a form that is only read, and kept nowhere; with the fields beside it.
import type { FastifyRequest } from 'fastify';
import { refusals } from './opening-refusals.ts';

export interface ReceivedTable { fields: Record<string, string>; bytes: Buffer | null }

const LARGEST = 5 * 1024 * 1024;
const words = { too_large: ['超过 5 MB。', 'it is larger than 5 MB.'], broken: ['上传中断了。', 'the upload was cut off.'] } as const;
const unreadable = ([what, what_en]: readonly [string, string]) => refusals.opening_file_unreadable({ what, what_en }, 'file');

/** Refusal: opening_file_unreadable. */
export async function receiveTable(request: FastifyRequest, field_size = 2_000_000): Promise<ReceivedTable> {
  const fields: Record<string, string> = {};
  if (!request.isMultipart()) {
    for (const [name, value] of Object.entries((request.body ?? {}) as Record<string, unknown>)) if (typeof value === 'string' && name !== '__proto__') fields[name] = value;
    return { fields, bytes: null };
  }
  let bytes: Buffer | null = null;
  let is_cut = false;
  const quiet = { throwFileSizeLimit: false };
  try {
    for await (const part of request.parts({ limits: { fileSize: LARGEST, files: 2, fields: 60, fieldSize: field_size, headerPairs: 50 }, ...quiet })) {
      if (part.type === 'field') {
        if (typeof part.value === 'string' && part.fieldname !== '__proto__') fields[part.fieldname] = part.value;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) chunks.push(chunk as Buffer);
      is_cut ||= part.file.truncated;
      const whole = Buffer.concat(chunks);
      if (whole.length > 0) bytes ??= whole;
    }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (code.endsWith('_LIMIT') || /multipart|boundary|terminated early|malformed/i.test(message)) throw unreadable(words.broken);
    throw error;
  }
  if (is_cut) throw unreadable(words.too_large);
  return { fields, bytes };
}
