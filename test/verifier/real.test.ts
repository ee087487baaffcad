// What the service really publishes, verified as its owners get it: two months with payments under passkeys, a reversal,
// a rule that was changed and a delegation; their PDFs, also as tools save them; the audit package, and every way of
// changing it; checkpoints, proofs and evidence from the interface.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { zipped } from '../../src/web/zip.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { textOf, utf8 } from '../../src/proof/bytes.ts';
import { openArchive } from '../../src/verifier/archive.ts';
import { gathered } from '../../src/verifier/inflate.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { verifyCommand } from '../../src/verify-command.ts';
import { copyOf, goOn, tamperBase } from '../faults/tamper-books.ts';
import { auditPackage } from '../faults/tamper-package.ts';
import { sha256Hex, type Body } from './made-up-log.ts';
import { broken, cautions, judge, unfilled } from './scenes.ts';

type Files = Map<string, Uint8Array>;

async function unzip(zip: Uint8Array): Promise<Files> {
  const found: Files = new Map();
  for (const file of (await openArchive(new Blob([zip as Uint8Array<ArrayBuffer>]))).values()) found.set(file.path, await gathered(file.open(), 1e9));
  return found;
}

/** A package again; the manifest is made to fit, as whoever changes a file would do it. */
async function zip(files: Files, { fitting = true } = {}): Promise<Uint8Array> {
  const own = new Map(files);
  if (fitting) {
    const manifest = JSON.parse(textOf(own.get('manifest.json')!)) as Body;
    manifest['files'] = [...own].filter(([path]) => path !== 'manifest.json').map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256Hex(bytes) }));
    own.set('manifest.json', utf8(canonical(manifest as Json)));
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of zipped([...own].map(([path, content]) => ({ path, content })))) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Names and contents of a package in one hash. */
const contentsOf = async (bytes: Uint8Array): Promise<string> =>
  sha256Hex([...await unzip(bytes)].map(([path, content]) => `${path} ${sha256Hex(content)}`).join('\n'));

t.test('two months that were really published', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mingzhang-verify-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const base = await tamperBase(t);
  const copy = await copyOf(base);
  t.teardown(() => copy.end());
  const october = new Uint8Array(await goOn(copy));
  const september = new Uint8Array(base.september);
  const zip_bytes = new Uint8Array(await auditPackage(copy));
  const months = { 'september.pdf': september, 'october.pdf': october };
  const files = await unzip(zip_bytes);

  await t.test('hold, each alone and together', async (t) => {
    for (const [name, bytes] of Object.entries(months)) {
      const verdict = await judge({ [name]: bytes });
      t.same(broken(verdict), [], name);
      t.same(unfilled(verdict), []);
      t.notOk(cautions(verdict).includes('bank_elsewhere'), `${name}: the statement of September's last lines came along`);
    }
    const verdict = await judge({ ...months, 'audit.zip': zip_bytes, 'invoice.pdf': new Uint8Array(base.voucher.bytes) });
    t.equal(verdict.outcome, 'holds');
    t.same(cautions(verdict), ['estate_is_demo', 'key_on_first_sight', 'signatures_weak', 'unexplained_open', 'witness_none']);
    t.ok(verdict.facts.some(({ en }) => /bank account 1002 8866: 2 statements \(2026-09-01 to 2026-10-14\) of 10 lines .* 9 matches checked; unexplained debits: 1, 45.50 yuan/.test(en)));
    t.match(verdict.facts.at(-1)!.en, /is the original voucher of 2026-09 付-001/);
  });

  await t.test('as tools save them: the attachments hold, the file is said to be another', async (t) => {
    writeFileSync(join(folder, 'september.pdf'), september);
    for (const way of [['--linearize'], ['--object-streams=generate'], ['--object-streams=disable']]) {
      execFileSync('qpdf', [...way, join(folder, 'september.pdf'), join(folder, 'saved.pdf')]);
      const saved = new Uint8Array(readFileSync(join(folder, 'saved.pdf')));
      t.same(broken(await judge({ 'saved.pdf': saved })), [], way.join(' '));
      t.same(broken(await judge({ 'saved.pdf': saved, 'october.pdf': october })), ['file_not_the_published'], `${way[0]}, beside October`);
    }
  });

  await t.test('from the interface: checkpoint, proofs, evidence', async (t) => {
    const get = async (path: string): Promise<string> => {
      const answer = await copy.doors.ask('manager', 'GET', path);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
      return answer.body;
    };
    const evidence = await get(`proposals/${base.orders.strong}/evidence.json`);
    const proof = await get(`log/proof/inclusion?seq=${base.seqs.payment}`);
    const live = await get('log/checkpoint');
    const of_october = 57;
    const consistency = await get(`log/proof/consistency?from=${of_october}`);
    const verdict = await judge({ ...months, live, 'payment.tlog-proof': proof, 'consistency.json': consistency, 'evidence.json': evidence });
    t.same(broken(verdict), []);
    t.equal(verdict.outcome, 'holds');
    t.notOk(cautions(verdict).includes('evidence_alone'), 'its records are in September\'s file');
    t.notOk(cautions(verdict).includes('checkpoint_beyond'), 'the proof leads from October to now');
    t.ok(cautions(await judge({ 'evidence.json': evidence })).includes('evidence_alone'));
    const bent = JSON.parse(evidence) as Body;
    const { evidence: kept } = bent['signatures'][1] as Body;
    kept['signature'] = kept['signature'].slice(0, 20) + (kept['signature'][20] === 'A' ? 'B' : 'A') + kept['signature'].slice(21);
    t.ok(broken(await judge({ 'evidence.json': JSON.stringify(bent) })).includes('evidence_wrong'));
  });

  await t.test('the audit package, one thing changed at a time', async (t) => {
    const standing = (change: (value: Body) => void): Uint8Array => {
      const value = JSON.parse(textOf(files.get('log/standing.json')!)) as Body;
      change(value);
      return utf8(canonical(value as Json));
    };
    const text = (path: string, from: string | RegExp, to: string): Uint8Array => {
      const before = textOf(files.get(path)!);
      const after = before.replace(from, to);
      if (before === after) throw new Error(`${path} has no ${String(from)}`);
      return utf8(after);
    };
    const voucher = [...files.keys()].find((path) => path.startsWith('vouchers/'))!;
    const cases: Record<string, [path: string, bytes: Uint8Array | null, code: string]> = {
      'a voucher exchanged': [voucher, utf8('%PDF-1.7 other'), 'voucher_altered'],
      'a voucher left out': [voucher, null, 'voucher_missing'],
      'a voucher put in': [`vouchers/${sha256Hex('x')}.pdf`, utf8('x'), 'voucher_unrecorded'],
      'an amount in the CSV journal': ['journal/journal.csv', text('journal/journal.csv', '52000.00', '52001.00'), 'journal_differs'],
      'a memo in the CSV journal': ['journal/journal.csv', text('journal/journal.csv', '九月物业费', '停车费'), 'journal_differs'],
      'an amount for hledger': ['journal/journal.hledger', text('journal/journal.hledger', '  52000.00 CNY', '  52001.00 CNY'), 'journal_differs'],
      'a day for hledger': ['journal/journal.hledger', text('journal/journal.hledger', /2026-09-02 \* \(2026/, '2026-09-03 * (2026'), 'journal_differs'],
      'an entry taken out of hledger': ['journal/journal.hledger', text('journal/journal.hledger', /2026-09-02 \* \(2026[^]*?\n\n/, ''), 'journal_differs'],
      'an account for Beancount': ['journal/journal.beancount', text('journal/journal.beancount', /Income:C4101([^ ]*)( {2}-52000)/, 'Income:C4102$1$2'), 'journal_differs'],
      'a journal left out': ['journal/journal.beancount', null, 'archive_file_missing'],
      'a record': ['log/records.tsv', text('log/records.tsv', '九月物业费', '停车费费费'), 'root_differs'],
      'a record taken out': ['log/records.tsv', text('log/records.tsv', /\n20\t[^\n]*\n/, '\n'), 'records_not_in_order'],
      'the last record cut off': ['log/records.tsv', text('log/records.tsv', /[^\n]*\n$/, ''), 'records_missing'],
      'the checkpoint': ['log/checkpoint', text('log/checkpoint', /\n\d+\n/, '\n40\n'), 'checkpoint_not_signed'],
      'the keys': ['log/keys.json', utf8('[]'), 'key_not_told'],
      'a term in the tables': ['log/standing.json', standing(({ terms }) => { terms[1].ends_on = '2111-12-31'; }), 'standing_differs'],
      'a rule in the tables': ['log/standing.json', standing(({ rules }) => { rules[1].bodies.committee = 1; }), 'standing_differs'],
      'a passkey in the tables': ['log/standing.json', standing(({ passkeys }) => { passkeys[0].revoked = true; }), 'standing_differs'],
      'a balance in the tables': ['log/standing.json', standing(({ balances }) => { balances[0].debit = '1.00'; }), 'balances_differ'],
      'lines in the tables': ['log/standing.json', standing(({ postings }) => { postings[0].sha256 = sha256Hex('x'); }), 'postings_differ'],
      'a disclosure': ['disclosures/2026-09-v1-zh.pdf', october, 'seal_differs'],
      'a disclosure left out': ['disclosures/2026-10-v1-en.pdf', null, 'archive_file_missing'],
      'a disclosure that is none': ['disclosures/2026-09-v1-zh.pdf', utf8('%PDF-1.7 nothing'), 'disclosure_unsealed'],
    };
    for (const [name, [path, bytes, code]] of Object.entries(cases)) {
      const changed = new Map(files);
      if (bytes === null) changed.delete(path);
      else changed.set(path, bytes);
      const verdict = await judge({ 'audit.zip': await zip(changed) });
      t.not(verdict.outcome, 'holds', name);
      t.ok(verdict.findings.some((one) => one.code === code), `${name}: ${verdict.findings.map((one) => one.code).join(' ')}`);
      t.same(unfilled(verdict), []);
    }
    const plain = new Map(files).set('README.txt', utf8('x'));
    t.same(broken(await judge({ 'audit.zip': await zip(plain, { fitting: false }) })), ['archive_file_altered'], 'and the manifest left as it was');
    t.equal((await judge({ 'audit.zip': await zip(files) })).outcome, 'holds', 'packed anew it is the same');
    t.equal((await judge({ 'audit.zip': zip_bytes.slice(0, -400) })).outcome, 'unreadable', 'cut off');
  });

  await t.test('bits of the package', async (t) => {
    const missed: number[] = [];
    const whole = await contentsOf(zip_bytes);
    for (let i = 0; i < 60; i += 1) {
      const at = Math.floor(((i + 0.5) * zip_bytes.length) / 60);
      const copied = zip_bytes.slice();
      copied[at]! ^= 1 << (i % 8);
      const { outcome } = await judge({ 'audit.zip': copied });
      // A bit of a date or an attribute of the ZIP says nothing; one of a content, or of its name, must be found.
      if (outcome === 'holds' && await contentsOf(copied) !== whole) missed.push(at);
    }
    t.same(missed, []);
  });

  await t.test('mingzhang verify: exit codes, both languages, keys, printing anew', async (t) => {
    const path = (name: string, bytes: Uint8Array | string): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
      let out = '';
      const code = await verifyCommand(args, { out: (one) => { out += one; }, error: (one) => { out += one; } });
      return { code, out };
    };
    const [one, other] = [path('september.pdf', september), path('october.pdf', october)];
    const zh = await run('--lang', 'zh', one, other);
    t.equal(zh.code, 0);
    t.match(zh.out, /^核验通过/);
    const en = await run('--lang', 'en', '--reprint', one);
    t.equal(en.code, 0);
    t.match(en.out, /^It holds/);
    t.match(en.out, /printed anew, byte for byte/);
    t.notMatch(en.out, /[\u4e00-\u9fff]/, 'no Chinese in the English report');
    const damaged = await run('--lang', 'en', path('changed.zip', await zip(new Map(files).set('journal/journal.csv', utf8(textOf(files.get('journal/journal.csv')!).replace('52000', '52001'))))));
    t.equal(damaged.code, 1);
    t.match(damaged.out, /First of all: the exported journal/);
    t.equal((await run('--lang', 'zh', path('nothing.pdf', 'nothing'))).code, 2);
    t.equal((await run()).code, 2);
    t.equal((await run('--lang', 'fr', one)).code, 2);
    t.equal((await run('--key', 'x', one)).code, 2);
    t.equal((await run(join(folder, 'missing.pdf'))).code, 2);
    const { note } = (await issueCheckpoint(copy.house, copy.estate))!;
    t.match(note, /^localhost:8080\/test\n/);
    const vkey = (JSON.parse(textOf(files.get('log/keys.json')!)) as Body[])[0]!['vkey'] as string;
    t.equal((await run('--key', vkey, one)).code, 0);
    t.equal((await run('--key', vkey.replace('localhost', 'elsewhere'), one)).code, 2, 'a key whose name is another has another id');
  });

  await t.test('the command of the shell knows no database, no network, no folder of data', async (t) => {
    const out = execFileSync(process.execPath, [join(import.meta.dirname, '../../bin/mingzhang.mjs'), 'verify', '--lang', 'en', join(folder, 'september.pdf')], {
      encoding: 'utf8', cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, DATABASE_URL: 'postgres://nobody@192.0.2.1/none', MINGZHANG_DATA: join(folder, 'data') },
    });
    t.match(out, /^It holds/);
    t.throws(() => readFileSync(join(folder, 'data')), /ENOENT/);
  });
});
