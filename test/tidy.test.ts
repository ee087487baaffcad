// The house rules as a test: floors, one writer per table, words that are not used in names, sizes,
// one place for dates, no dead files. What it refuses, it names with file and line.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}
const code = [...filesUnder('src'), ...filesUnder('reports')].filter((path) => /\.tsx?$/.test(path));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const floors: Record<string, number> = {
  kernel: 0, proof: 1, bankfile: 1, evidence: 1, verifier: 1, web: 1, people: 2, estate: 2, approval: 2, rule: 2, office: 2, ledger: 2, payment: 3,
  bank: 3, billing: 3, budget: 3, project: 3, assembly: 3, inquiry: 3, subsidy: 3, witness: 3, disclosure: 4, exchange: 4, handover: 4, home: 4, oversight: 4, reconciliation: 4, delivery: 4, founding: 5, demo: 5,
};
/** Sideways imports that the README explains: a ledger correction or a close is a proposal, the log and the
 *  verifier stand on the same proofs. */
const sideways: Record<string, readonly string[]> = {
  evidence: ['proof'], verifier: ['proof'], web: ['proof', 'verifier'],
  approval: ['people', 'estate'], ledger: ['approval', 'people', 'estate'], rule: ['approval', 'people', 'estate'],
  office: ['approval', 'people', 'estate'], people: ['estate'], estate: [],
};

const sliceOf = (path: string): string => {
  const parts = path.split('/');
  if (parts[0] === 'reports') return 'reports';
  return parts.length === 2 ? 'top' : parts[1]!;
};

function importsOf(path: string): string[] {
  return [...text(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map((found) => relative(root, resolve(root, dirname(path), found[1]!)));
}

t.test('imports only go down', async (t) => {
  const wrong: string[] = [];
  for (const path of code) {
    const from = sliceOf(path);
    for (const target of importsOf(path)) {
      const to = sliceOf(target);
      if (from === to || from === 'top') continue;
      if (from === 'reports') {
        if (to !== 'kernel' && target !== 'src/web/chart.ts') wrong.push(`${path} → ${target}`);
        continue;
      }
      if ((from === 'demo' || from === 'founding') && to === 'top') continue;
      if (to === 'reports') {
        // The verifier judges figures and spells their spreadsheet anew: these two files know nothing of printing.
        if (from === 'verifier' && /^reports\/monthly-disclosure\/(figures|csv)\.ts$/.test(target)) continue;
        if (floors[from]! < 3) wrong.push(`${path} → ${target}`);
        continue;
      }
      const a = floors[from];
      const b = floors[to];
      if (a === undefined || b === undefined) wrong.push(`${path}: slice ${from} or ${to} has no floor`);
      else if (b > a || (a === b && !(sideways[from] ?? []).includes(to))) wrong.push(`${path} → ${target}`);
    }
  }
  t.same(wrong, []);
});

t.test('what must run in a browser knows neither Node nor the database', async (t) => {
  const pure = code.filter((path) => ['proof', 'verifier'].includes(sliceOf(path)) && !path.endsWith('/primitives-node.ts'));
  const wrong = pure.flatMap((path) => [...text(path).matchAll(/(?:from|import)\s*\(?\s*'(node:[^']+|[^']*database[^']*|fastify|kysely|pg)'|\bBuffer\b/g)]
    .map((found) => `${path}: ${found[0]}`));
  t.same(wrong, []);
});

t.test('each table is written by one slice only', async (t) => {
  const writers = new Map<string, Set<string>>();
  for (const path of code) {
    for (const found of text(path).matchAll(/(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)'/g)) {
      writers.set(found[1]!, (writers.get(found[1]!) ?? new Set()).add(sliceOf(path)));
    }
    for (const found of text(path).matchAll(/\b(?:insert into|update|delete from)\s+([a-z_]+)\s+(?:set|\(|values|where)/g)) {
      writers.set(found[1]!, (writers.get(found[1]!) ?? new Set()).add(sliceOf(path)));
    }
  }
  const several = [...writers].filter(([, slices]) => slices.size > 1).map(([table, slices]) => `${table}: ${[...slices].join(', ')}`);
  t.same(several, []);
});

t.test('a JavaScript Date is made in dates.ts only', async (t) => {
  const wrong = code.filter((path) => path !== 'src/kernel/dates.ts' && /\bnew Date\(|\bDate\.(now|parse|UTC)\(/.test(text(path)));
  t.same(wrong, []);
});

t.test('money is made by money(), sum() and apportion() only', async (t) => {
  const wrong = code.filter((path) => path !== 'src/kernel/money.ts' && /\bparseFloat\(|as Money\b|\.toNumber\(\)/.test(text(path)));
  t.same(wrong, []);
});

t.test('names say what they mean', async (t) => {
  const banned = /^(manage|handle|process|util|utils|helper|helpers|common|data|info)$/i;
  const wrong: string[] = [];
  for (const path of code) {
    const base = path.split('/').at(-1)!.replace(/\.tsx?$/, '');
    if (base.split('-').some((word) => banned.test(word))) wrong.push(path);
    for (const found of text(path).matchAll(/(?:function|const|let|class|interface|type)\s+([A-Za-z_$][\w$]*)/g)) {
      const words = found[1]!.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());
      if (words.some((word) => /^(manage|manages|manager|handle|handles|util|utils|helper|helpers|common|info)$/.test(word)
        && !/manager/.test(found[1]!.toLowerCase()))) wrong.push(`${path}: ${found[1]}`);
    }
  }
  t.same(wrong, []);
});

t.test('files stay readable in one sitting', async (t) => {
  const most: Record<string, number> = { 'src/kernel/tables.ts': 1_200, 'src/kernel/tables-household.ts': 800,
    'src/kernel/tables-voice.ts': 800, 'src/kernel/tables-purpose.ts': 800 };
  const long = code.filter((path) => text(path).split('\n').length > (most[path] ?? 420))
    .map((path) => `${path}: ${text(path).split('\n').length} lines`);
  t.same(long, []);
});

t.test('every file is used', async (t) => {
  const used = new Set(code.flatMap(importsOf));
  const tests = filesUnder('test').filter((path) => /\.tsx?$/.test(path)).flatMap(importsOf);
  const entrances = new Set(['src/server.ts', 'src/cli.ts', 'reports/kit/worker.ts', 'reports/kit/render-thread.ts']);
  const named = [...code, 'package.json', 'bin/mingzhang.mjs'].map(text).join('\n');
  const dead = code.filter((path) => !used.has(path) && !entrances.has(path) && !path.startsWith('src/web/assets/')
    && !named.includes(`./${path.split('/').at(-1)}`) && !named.includes(`"./${path}"`));
  t.same(dead.filter((path) => !tests.includes(path)), []);
});

t.test('every folder of a slice is flat', async (t) => {
  const nested = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== 'web')
    .flatMap((slice) => readdirSync(join(root, 'src', slice.name)).filter((name) => statSync(join(root, 'src', slice.name, name)).isDirectory())
      .map((name) => `src/${slice.name}/${name}`));
  t.same(nested, []);
});
