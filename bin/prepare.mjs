// After `npm ci`: everything the service is made of is read once, so that what load-pages.mjs turns and Node compiles is there before
// the first start. Nothing depends on it: a start that finds nothing prepared does the same work itself.
import { existsSync } from 'node:fs';

const service = new URL('../src/service.ts', import.meta.url);
if (Number(process.versions.node.split('.')[0]) >= 24 && existsSync(service)) {
  await import('./load-pages.mjs');
  await import(service.href);
}
