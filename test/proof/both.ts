// The proof library with both sets of primitives: node:crypto, and plain JavaScript as esbuild bundles it for a
// browser. Every test of proofs runs on both, and what one takes or refuses the other does too.
import { buildSync } from 'esbuild';
import { fileURLToPath } from 'node:url';
import * as node from './library.ts';

export type Library = typeof node;

const built = buildSync({
  entryPoints: [fileURLToPath(new URL('./library.ts', import.meta.url))],
  bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022', metafile: true, charset: 'utf8',
});
/** What the bundle is made of. */
export const browserInputs = Object.keys(built.metafile.inputs);

const text = Buffer.from(built.outputFiles[0]!.contents).toString('base64');
export const browser = await import(`data:text/javascript;base64,${text}`) as Library;
export const libraries: readonly (readonly ['node' | 'browser', Library])[] = [['node', node], ['browser', browser]];

/** Each copy of the bytes with one bit turned, `step` bits apart. */
export function* flipped(bytes: Uint8Array, step = 1): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit += step) {
    const bent = new Uint8Array(bytes);
    bent[bit >> 3]! ^= 1 << (bit & 7);
    yield bent;
  }
}

/** Each text whose UTF-8 is one bit away; where that is no UTF-8, a text nobody could have read. */
export function* flippedTexts(text: string, step = 1): Generator<string> {
  for (const bent of flipped(node.utf8(text), step)) {
    try {
      yield node.textOf(bent);
    } catch {
      // Whoever reads files reads UTF-8 strictly: refused before it comes to us.
    }
  }
}

/** Whether it throws one of the errors a reader may throw. Anything else comes through. */
export function refuses(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError) return true;
    throw error;
  }
}
