// The one spreadsheet of a request, with the fields beside it.
import type { FastifyRequest } from 'fastify';
import { refusals } from './import-refusals.ts';
import { LARGEST_IMPORT } from './import.ts';

export interface ReceivedSheet { bytes: Buffer; file_name: string; fields: Record<string, string> }

/** Refusals: register_file_missing, register_file_too_large, register_upload_broken. */
export async function receiveSheet(request: FastifyRequest): Promise<ReceivedSheet> {
  if (!request.isMultipart()) throw refusals.register_file_missing({}, 'file');
  const fields: Record<string, string> = {};
  let file: { bytes: Buffer; file_name: string } | null = null;
  let is_cut = false;
  // The plug-in would throw before the rest is read, and the browser would see a broken pipe.
  const quiet = { throwFileSizeLimit: false };
  const limits = { fileSize: LARGEST_IMPORT, files: 3, fields: 20, fieldSize: 1_000, headerPairs: 50 };
  try {
    for await (const part of request.parts({ limits, ...quiet })) {
      if (part.type === 'field') {
        if (typeof part.value === 'string' && part.fieldname !== '__proto__') fields[part.fieldname] = part.value;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      is_cut ||= part.file.truncated;
      if (file === null && (bytes.length > 0 || (part.filename ?? '') !== '')) file = { bytes, file_name: part.filename ?? '' };
    }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (code.endsWith('_LIMIT') || /multipart|boundary|terminated early|malformed/i.test(message)) throw refusals.register_upload_broken({}, 'file');
    throw error;
  }
  if (is_cut) throw refusals.register_file_too_large({ what_zh: '超过 20 MB', what_en: 'more than 20 MB', limit: '20 MB' }, 'file');
  if (file === null) throw refusals.register_file_missing({}, 'file');
  return { ...file, fields };
}
