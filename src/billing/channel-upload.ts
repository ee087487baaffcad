// One settlement file of a request, with the fields beside it: read into memory and never stored.
import type { FastifyRequest } from 'fastify';
import { refusals } from './channel-refusals.ts';

const LARGEST = 10 * 1024 * 1024;

/** Refusals: settlement_file_missing, settlement_file_too_large, settlement_upload_broken. */
export async function receiveSettlement(request: FastifyRequest): Promise<{ bytes: Buffer; file_name: string; fields: Record<string, string> }> {
  if (!request.isMultipart()) throw refusals.settlement_file_missing({}, 'file');
  const fields: Record<string, string> = {};
  let found: { bytes: Buffer; file_name: string } | null = null;
  let too_large = false;
  try {
    for await (const part of request.parts({ limits: { fileSize: LARGEST, files: 1, fields: 20, fieldSize: 1_000 }, throwFileSizeLimit: false } as object)) {
      if (part.type === 'field') {
        if (typeof part.value === 'string' && part.fieldname !== '__proto__') fields[part.fieldname] = part.value;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      too_large ||= part.file.truncated;
      if (bytes.length > 0) found = { bytes, file_name: (part.filename ?? '').replace(/[\p{Cc}/\\]/gu, '').slice(0, 200) };
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === 'FST_FILES_LIMIT' || /multipart|boundary|terminated early|malformed/i.test(message)) throw refusals.settlement_upload_broken({}, 'file');
    throw error;
  }
  if (too_large) throw refusals.settlement_file_too_large({ limit: '10 MB' }, 'file');
  if (found === null) throw refusals.settlement_file_missing({}, 'file');
  return { ...found, fields };
}
