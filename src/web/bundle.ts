// Scripts of pages as one file each: TypeScript and what it imports, bundled by esbuild as browsers take it.
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Path of a file below assets/. */
export const assetPath = (name: string): string => fileURLToPath(new URL(`./assets/${name}`, import.meta.url));

/** 'esm' for a script of its own, 'iife' for one that stands within a page. The same sources give the same bytes. */
export function bundled(name: string, format: 'esm' | 'iife' = 'esm'): Buffer {
  const built = buildSync({
    entryPoints: [assetPath(name)],
    bundle: true,
    minify: true,
    write: false,
    format,
    // Without the condition "node", #primitives is the browser's.
    platform: 'browser',
    target: 'es2020',
    logLevel: 'silent',
    charset: 'utf8',
  });
  return Buffer.from(built.outputFiles[0]!.contents);
}
