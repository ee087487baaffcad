// How this program reads its own TypeScript. Node reads .ts by itself; of the pages (.tsx) only the JSX is turned into calls, once:
// what was turned is kept beside the packages, by the hash of its text, and so is what Node compiled. Where nothing can be
// written there, it is done anew each time. Used as: node --import ./bin/load-pages.mjs src/server.ts
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const kept = fileURLToPath(new URL('../node_modules/.cache/mingzhang/', import.meta.url));
const { esbuild: version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).dependencies;
let esbuild;

const turned = (path, text) => {
  esbuild ??= createRequire(import.meta.url)('esbuild');
  return esbuild.transformSync(text, {
    loader: 'tsx', format: 'esm', target: 'node24', jsx: 'automatic', jsxImportSource: 'preact', sourcemap: 'inline', sourcefile: path,
  }).code;
};

/** A file is either whole or not there: several processes may begin at the same moment. */
const keep = (file, code) => {
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A place that cannot be written: the next start turns it again.
  }
};

const read = (path) => {
  const text = readFileSync(path, 'utf8');
  const file = `${kept}${createHash('sha256').update(`${version}\n${path}\n${text}`).digest('hex')}.mjs`;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const code = turned(path, text);
    keep(file, code);
    return code;
  }
};

registerHooks({
  load: (url, context, next) => (/^file:.*\.tsx$/.test(url) ? { format: 'module', source: read(fileURLToPath(url)), shortCircuit: true } : next(url, context)),
});
enableCompileCache(`${kept}compiled`);
