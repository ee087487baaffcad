// The audit package: everything an auditor takes away, in one file that says of itself what is in it; what owners get
// of it; and that nothing in the storage can keep it from being made.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { auditPackage } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import type { Audience } from '../../src/exchange/job.ts';
import { publishDue } from '../../src/disclosure/publish.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { instant } from '../../src/kernel/dates.ts';
import { readRecordLine } from '../../src/proof/record.ts';
import { csvRows, readZip } from './readers.ts';
import { bytesOf, folderFor, missing, run, sampleBooks } from './sample.ts';

const h = await sampleBooks(t);
h.at('2031-11-10 08:05');
await publishDue(h.house, { only: h.estate.estate_id });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const verifier = async () => Buffer.from('<!doctype html><title>verify</title>');

async function packed(audience: Audience, months: { from?: string; to?: string } = {}): Promise<{ zip: Buffer; files: Map<string, Buffer> }> {
  const snapshot = await takeSnapshot(h.house, h.estate, { from: '2031-10', to: '2031-11', ...months, audience });
  const zip = await bytesOf(auditPackage({ house: h.house, snapshot, made_at: '2031-11-10T00:06:00.000Z', verifier, step() {}, advance() {} }));
  return { zip, files: await readZip(zip) };
}
const voucherFile = (hash: string): string => `vouchers/${hash}.pdf`;

t.test('it holds what the contract says, in one order', async (t) => {
  const { files } = await packed('officers');
  const paths = [...files.keys()].filter((path) => !path.startsWith('vouchers/') && !path.startsWith('log/cosignatures/'));
  t.same(paths, [
    'README.txt', 'log/checkpoint', 'log/records.tsv', 'log/keys.json', 'log/policy', 'log/standing.json',
    'journal/journal.hledger', 'journal/journal.beancount', 'journal/journal.csv', 'journal/journal.xlsx', 'journal/accounts.csv',
    'journal/funds.csv', 'accounting-interface/README.txt', 'accounting-interface/2031/公共档案.xml', 'accounting-interface/2031/总账.xml',
    'signatures.csv', 'vouchers.csv', 'disclosures/2031-10-v1-zh.pdf', 'disclosures/2031-10-v1-en.pdf', 'verify.html', 'manifest.json',
  ]);
  t.ok(files.has(voucherFile(h.vouchers.officers)) && files.has(voucherFile(h.vouchers.owners)));
});

t.test('the manifest has size and hash of every other file', async (t) => {
  const { files } = await packed('officers');
  const text = files.get('manifest.json')!.toString();
  const manifest = JSON.parse(text) as { format: string; estate: string; from: string; size: number; files: { path: string; size: number; sha256: string }[] };
  t.equal(canonical(manifest as never), text, 'canonical');
  t.match(manifest, { format: 'mingzhang/audit/v1', estate: 'test', from: '2031-10', to: '2031-11', origin: 'localhost:8080/test' });
  t.same(manifest.files.map((file) => file.path), [...files.keys()].filter((path) => path !== 'manifest.json'));
  for (const { path, size, sha256: hash } of manifest.files) {
    t.same([files.get(path)!.length, sha256(files.get(path)!)], [size, hash], path);
  }
});

t.test('the log in it is whole and fits its checkpoint', async (t) => {
  const { files } = await packed('officers', { from: '2031-11' });
  const [head, ...lines] = files.get('log/records.tsv')!.toString().trimEnd().split('\n');
  const size = Number(files.get('log/checkpoint')!.toString().split('\n')[1]);
  t.equal(head, `mingzhang/log/v1\ttest\t0\t${size}`);
  t.same(lines.map((line) => readRecordLine(line).seq), Array.from({ length: size }, (_, i) => i + 1), 'from the first record on, whatever the months');
  const standing = JSON.parse(files.get('log/standing.json')!.toString()) as Record<string, { [name: string]: unknown }[]>;
  for (const name of ['terms', 'rules', 'passkeys', 'delegations', 'accounts', 'funds', 'balances', 'postings']) t.ok(Array.isArray(standing[name]), name);
  const text = csvRows(files.get('journal/journal.csv')!.toString()).sort((a, b) => Number(a['seq']) - Number(b['seq']) || Number(a['line']) - Number(b['line']))
    .map((row) => `${[row['seq'], row['line'], row['account'], row['fund'], row['debit'] || '0.00', row['credit'] || '0.00'].join('\t')}\n`).join('');
  t.match(standing['postings'], [{ period: '2031-11', sha256: sha256(Buffer.from(text)) }], 'the hash of a month\'s lines is told in the README');
});

t.test('other programs open it and load it', { skip: missing('hledger') || missing('bean-check') || missing('python3') }, async (t) => {
  const { zip } = await packed('officers');
  const folder = folderFor(t);
  writeFileSync(join(folder, 'audit.zip'), zip);
  execFileSync('python3', ['-c', 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])',
    join(folder, 'audit.zip'), folder]);
  run('hledger', ['-f', join(folder, 'journal/journal.hledger'), 'check', '--strict', 'ordereddates', 'payees']);
  t.equal(run('bean-check', [join(folder, 'journal/journal.beancount')]), '');
  run('python3', [new URL('xlsx_read.py', import.meta.url).pathname, join(folder, 'journal/journal.xlsx')]);
});

t.test('owners get all but the vouchers that only officers may open, and are told', async (t) => {
  const { files } = await packed('owners');
  t.ok(files.has(voucherFile(h.vouchers.owners)), 'what is marked for owners and booked');
  t.notOk(files.has(voucherFile(h.vouchers.officers)));
  const rows = csvRows(files.get('vouchers.csv')!.toString());
  const withheld = rows.find((row) => row['sha256'] === h.vouchers.officers)!;
  t.match(withheld, { path: '', file_name: '', audience: 'officers' }, 'its hash is there, its name is not');
  t.match(withheld['state'], 'withheld');
  t.match(files.get('README.txt')!.toString(), '只限各方任职人员查看的原始凭证');
  t.match(files.get('README.txt')!.toString(), 'says "withheld"');
  t.match(JSON.parse(files.get('manifest.json')!.toString()), { audience: 'owners' });
  const { files: full } = await packed('officers');
  for (const path of ['log/records.tsv', 'journal/journal.csv', 'journal/journal.hledger', 'signatures.csv', 'log/standing.json']) {
    t.ok(files.get(path)!.equals(full.get(path)!), `${path} is the same for both`);
  }
});

t.test('signatures name bodies and offices, persons only by their id', async (t) => {
  const { files } = await packed('officers');
  const rows = csvRows(files.get('signatures.csv')!.toString());
  const { rows: kept } = await h.superuser.query('select count(*)::integer as n from signature where estate_id = $1', [h.estate.estate_id]);
  t.equal(rows.length, kept[0].n);
  t.match(rows[0], { body: 'property', office: 'manager', person: h.persons.manager, decision: 'approve', method: 'password' });
  t.notMatch([...files].filter(([path]) => /csv|journal|log\//.test(path)).map(([, bytes]) => bytes.toString()).join(''), /马经理|陈主任/);
});

t.test('bounds: only vouchers and disclosures of the months', async (t) => {
  const { files } = await packed('officers', { from: '2031-11', to: '2031-11' });
  t.notOk(files.has(voucherFile(h.vouchers.officers)), 'a voucher of October');
  t.same([...files.keys()].filter((path) => path.startsWith('disclosures/')), []);
  t.match(files.get('journal/journal.hledger')!.toString(), '(期初) 期初余额 | 2031-10-31');
});

t.test('the same moment gives the same bytes', async (t) => {
  t.ok((await packed('officers')).zip.equals((await packed('officers')).zip));
});

t.test('a file that was changed or lost on the disk stops nothing, and is named', async (t) => {
  const at = (hash: string): string => join(h.key_folder, '..', 'files', hash.slice(0, 2), hash);
  writeFileSync(at(h.vouchers.owners), 'swapped');
  rmSync(at(h.vouchers.officers));
  const { files } = await packed('officers');
  const rows = csvRows(files.get('vouchers.csv')!.toString());
  t.match(rows.find((row) => row['sha256'] === h.vouchers.owners)!['state'], 'changed');
  t.equal(files.get(voucherFile(h.vouchers.owners))!.toString(), 'swapped', 'as it is, for whoever judges it');
  t.match(rows.find((row) => row['sha256'] === h.vouchers.officers)!['state'], 'missing');
});

t.test('without a key of the log it is made all the same, and says what that means', async (t) => {
  const house = { ...h.house, log_keys: null };
  const snapshot = await takeSnapshot(house, h.estate, { from: '2031-10', to: '2031-11', audience: 'officers' });
  const files = await readZip(await bytesOf(auditPackage({ house, snapshot, made_at: instant('2031-11-10T00:06:00Z').toISOString(), verifier: null, step() {}, advance() {} })));
  t.notOk(files.has('log/checkpoint') || files.has('verify.html'));
  t.match(files.get('README.txt')!.toString(), '没有检查点签名');
});
