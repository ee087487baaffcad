// ZIP files as they are made, piece by piece: one file after the other, in the order given, all with the same date,
// so that the same content gives the same bytes. Beyond 4 GB zip64 takes over by itself.
import { ReadableStream } from 'node:stream/web';
import { configure, ZipWriter } from '@zip.js/zip.js';
import { instant } from '../kernel/dates.ts';

export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;
export interface ZipFile {
  path: string;
  content: Content;
  /** Kept as it is: pictures and PDFs are compressed already. */
  stored?: boolean;
}

const PIECE = 64 * 1024;

// The library lets as many files be packed at once as there are processors. A workbook packed inside a package would
// wait for the package, which waits for the workbook; and two slow downloads would keep everybody else waiting.
configure({ maxWorkers: 100_000, useWebWorkers: false });

/** Small pieces gathered, so that each step has something to do. */
async function* gathered(content: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    waiting.push(bytes);
    size += bytes.length;
    if (size < PIECE) continue;
    yield waiting.length === 1 ? bytes : Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
}

const whole = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : content);
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export interface ZipOptions {
  /** false: a reader that knows no zip64 (a spreadsheet) shall open it; no file in it may pass 4 GB then. */
  zip64?: boolean;
  /** Date of all files in it: nothing in the bytes tells when the ZIP was made. */
  date?: string;
}

/** The ZIP's bytes. Whoever stops reading stops the making. */
export async function* zipped(files: Iterable<ZipFile> | AsyncIterable<ZipFile>, options: ZipOptions = {}): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const lastModDate = instant(options.date ?? '2000-01-01T00:00:00Z');
  const writer = new ZipWriter(writable, {
    useWebWorkers: false, lastModDate, extendedTimestamp: false, msDosCompatible: true,
    ...(options.zip64 === false ? { zip64: false } : {}),
  });
  const made = (async () => {
    for await (const { path, content, stored = false } of files) {
      const bytes = typeof content === 'string' || content instanceof Uint8Array ? once(whole(content)) : gathered(content);
      await writer.add(path, ReadableStream.from(bytes) as unknown as globalThis.ReadableStream<Uint8Array>, { level: stored ? 0 : 6 });
    }
    await writer.close();
  })();
  // What went wrong in there comes out where the bytes are read.
  made.catch((error: unknown) => writable.abort(error).catch(() => undefined));
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await made;
  } finally {
    await reader.cancel().catch(() => undefined);
    await made.catch(() => undefined);
  }
}
