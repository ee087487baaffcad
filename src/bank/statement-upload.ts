// Statement files of a request, one at a time, so that a dozen of them are never in memory together.
import type { FastifyRequest } from 'fastify';
import { LARGEST_FILE } from './intake.ts';
import { refusals } from './statement-refusals.ts';

export const FILES_AT_ONCE = 24;
export interface ReceivedFile { bytes: Buffer; file_name: string }

/** Reads the form; `each` is given every file as it comes. Gives the text fields. The first refusal is thrown when the
 *  whole request was read, so that a browser gets its answer. Refusals: statement_file_missing, _file_too_large,
 *  _files_too_many, _upload_broken, and those of `each`. */
export async function receiveFiles(request: FastifyRequest, each: (file: ReceivedFile) => Promise<void>): Promise<Record<string, string>> {
  if (!request.isMultipart()) throw refusals.statement_file_missing({}, 'file');
  const fields: Record<string, string> = {};
  let files = 0;
  let failed: unknown = null;
  // The plug-in would throw before the rest is read; `truncated` tells the same.
  const quiet = { throwFileSizeLimit: false };
  const limits = { fileSize: LARGEST_FILE, files: FILES_AT_ONCE, fields: 50, fieldSize: 10_000, headerPairs: 50 };
  try {
    for await (const part of request.parts({ limits, ...quiet })) {
      if (part.type === 'field') {
        if (typeof part.value === 'string' && part.fieldname !== '__proto__') fields[part.fieldname] = part.value;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) if (failed === null) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      const file_name = part.filename ?? '';
      // A file field left empty is sent as a nameless file of no bytes.
      if (failed !== null || (bytes.length === 0 && file_name === '')) continue;
      files += 1;
      try {
        if (part.file.truncated) throw refusals.statement_file_too_large({ file_name: file_name.slice(0, 80), limit: '20 MB' }, 'file');
        await each({ bytes, file_name });
      } catch (error) {
        failed = error;
      }
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === 'FST_FILES_LIMIT') failed ??= refusals.statement_files_too_many({ limit: FILES_AT_ONCE }, 'file');
    else if (/multipart|boundary|terminated early|malformed/i.test(message)) throw refusals.statement_upload_broken({}, 'file');
    else throw error;
  }
  if (failed !== null) throw failed;
  if (files === 0) throw refusals.statement_file_missing({}, 'file');
  return fields;
}
