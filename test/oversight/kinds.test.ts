// No record without a name: every kind that is written anywhere in the program is told in both languages.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { isNamed } from '../../src/oversight/field-texts.ts';
import { recordKinds } from '../../src/oversight/kinds.ts';
import { summaryOf } from '../../src/oversight/summaries.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (folder: string): string[] => readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|tsx|sql)$/.test(name)).map((name) => readFileSync(`${root}/${folder}/${name}`, 'utf8'));
const sources = [...read('src'), ...read('migrations')].join('\n');

t.test('every kind that is written has a name, and every name is of a kind that is written', async (t) => {
  const written = new Set([
    ...[...sources.matchAll(/append(?:Record|Committed)\(\s*\w+,\s*[\w.]+,\s*'([a-z_]+)'/g)].map((found) => found[1]!),
    ...[...sources.matchAll(/write_record\([\w.]+,\s*'([a-z_]+)'/g)].map((found) => found[1]!),
    // Appended with the kind in a variable: the door of entries, and the steps of a proposal.
    'journal_entry', ...['returned', 'withdrawn', 'held', 'released'].map((step) => `proposal_${step}`),
  ]);
  t.ok(written.size > 25, `${written.size} kinds found`);
  t.same([...written].filter((kind) => !Object.hasOwn(recordKinds, kind)), [], 'without a name');
  t.same(Object.keys(recordKinds).filter((kind) => !written.has(kind)), [], 'written nowhere');
});

t.test('a record of a kind from a later version, or with an empty body, is told by its kind', async (t) => {
  const row = { seq: 1, recorded_at: '2026-01-01T00:00:00.000000Z', number: '-', leaf_hash: '', actor: null, concerns: null };
  t.same(summaryOf({ ...row, kind: 'something_new', body: '{}' }, new Map(), { titles: new Map() }), { zh: 'something_new', en: 'something_new' });
  for (const kind of Object.keys(recordKinds)) {
    const { zh, en } = summaryOf({ ...row, kind, body: '{}' }, new Map(), { titles: new Map() });
    t.ok(zh !== '' && en !== '', `${kind}: ${zh} / ${en}`);
    t.notMatch(`${zh}${en}`, /[{}]|undefined|null/, kind);
  }
});

t.test('a field that has no name is shown by its own', async (t) => t.equal(isNamed('something_new'), false));
