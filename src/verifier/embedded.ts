// All attachments of a PDF whole, for whoever wants them as they are.
import { gathered } from './inflate.ts';
import { embeddedFiles } from './pdf-file.ts';
import { Unreadable } from './unreadable.ts';

const LARGEST = 2 ** 30;

/** By name; null for what is no PDF that can be read. */
export async function readEmbedded(bytes: Uint8Array): Promise<Map<string, Uint8Array> | null> {
  try {
    const found = new Map<string, Uint8Array>();
    for (const { name, open, size } of await embeddedFiles(bytes)) found.set(name, await gathered(open(), LARGEST, size));
    return found;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
