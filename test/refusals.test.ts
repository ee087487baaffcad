// The gallery of every refusal, printed as people read it: both languages complete, the same facts in
// both, a status that fits. The gallery itself is fixtures/refusals/expected.txt; after a wanted change
// run UPDATE_EXPECTED=1 npx tap test/refusals.test.ts and read the difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { gallery } from '../src/kernel/refusal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const expected = join(root, 'fixtures/refusals/expected.txt');

function catalogues(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return catalogues(path);
    return path.endsWith('.ts') && /\bcatalogue\(\{/.test(readFileSync(join(root, path), 'utf8')) ? [path] : [];
  });
}
const names = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((f) => f[1]!.replace(/_(zh|en)$/, '')))].sort();

t.test('every refusal says in both languages what is wrong and what to do', async (t) => {
  for (const path of catalogues('src')) await import(join(root, path));
  t.ok(gallery.size > 50, `${gallery.size} refusals`);
  for (const [code, text] of gallery) {
    t.match(code, /^[a-z]+(_[a-z0-9]+)+$|^[a-z]+$/, `${code} is a sentence`);
    t.match(text.zh, /[\u4e00-\u9fff]/, `${code} speaks Chinese`);
    t.notMatch(text.en, /[\u4e00-\u9fff]/, `${code} speaks English`);
    t.match(text.zh, /[。！？：）]$/, `${code} ends as a Chinese sentence: ${text.zh}`);
    t.same(names(text.zh), names(text.en), `${code} names the same facts in both`);
  }
});

t.test('the gallery is as reviewed', async (t) => {
  const printed = [...gallery].sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { status, zh, en }]) => `${status} ${code}\n    ${zh}\n    ${en}\n`).join('\n');
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(expected, printed);
  t.equal(printed, readFileSync(expected, 'utf8'));
});
