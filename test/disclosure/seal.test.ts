// The seal inside a disclosure: whoever holds the PDF can prove the month without this server, and each month leads on
// to the next.
import t from 'tap';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { correctDisclosure, publishDisclosure, publishDue } from '../../src/disclosure/publish.ts';
import { closePrinter } from '../../src/disclosure/print.ts';
import { rangeStart } from '../../src/disclosure/seal-queries.ts';
import { inEstate } from '../../src/kernel/database.ts';
import type { House } from '../../src/kernel/house.ts';
import { bytesOfBase64url, hexOf, textOf } from '../../src/proof/bytes.ts';
import { ed25519Key } from '#primitives';
import { COSIGNATURE, keyOf, verifierKeyText } from '../../src/proof/note.ts';
import { cosign } from '../../src/proof/cosignature.ts';
import { sql } from 'kysely';
import { squeezed } from '../reports/reading.ts';
import { closeMonth, due, payOut, propose, receive, reverse, testBooks, type Books } from './books.ts';
import { judgeSealed, readSealed, treeOf, type SealedFiles } from './sealed.ts';
import { money } from '../../src/kernel/money.ts';

t.teardown(closePrinter);

const publish = (h: Books, period: string, house: House = h.house) => publishDisclosure(house, { estate: h.estate, period });
async function sealed(h: Books, period: string, version = 1, locale: 'zh' | 'en' = 'zh'): Promise<SealedFiles> {
  const files = await readSealed(h, period, version, locale);
  if (files === null) throw new Error(`${period} v${version} has no seal`);
  judgeSealed(files);
  return files;
}
const kinds = (files: SealedFiles) => new Set(files.earlier.map(({ record }) => record.kind));

t.test('consecutive months prove themselves and lead on to each other', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  await receive(h, { date: '2031-10-01', amount: '9000.00', account: '3101' });
  await issueCheckpoint(h.house, h.estate);
  const wrong = await receive(h, { date: '2031-10-05', amount: '300.00' });
  await payOut(h, { date: '2031-10-20', amount: '120.00' });
  // Submitted and signed in October, paid in November; and another that is signed across the border.
  const lines = [{ account: '5104', fund: 'service', debit: '80.00' }, { account: '1002', fund: 'service', credit: '80.00' }];
  const waiting = await propose(h, { kind: 'payment', amount: money('80.00'), fund: 'service', content: { postings: lines }, signers: ['manager'] });
  h.at('2031-11-03 10:00');
  await closeMonth(h, '2031-10');
  h.at(due(h, '2031-10'));
  await publish(h, '2031-10');
  const october = await sealed(h, '2031-10');
  t.equal(october.n0, 0, 'the estate was opened in this month: everything is in the range');
  t.same(october.earlier, []);
  t.ok(october.records.some(({ kind }) => kind === 'log_key_opened'));

  h.at('2031-11-20 09:00');
  await reverse(h, { date: '2031-11-12', seq: wrong, kind: 'receipt' });
  await payOut(h, { date: '2031-11-12', amount: '33.00' });
  await inEstate(h.db.signer, h.estate.estate_id, (trx) => sql`select record_signature(${h.estate.estate_id}, ${JSON.stringify({
    proposal: waiting, person: h.persons.committee1, body: 'committee', decision: 'approve', method: 'password',
    document_hash: october.records.map(({ body }) => JSON.parse(body)).find((body) => body.proposal === waiting).document_hash,
  })})`.execute(trx));
  h.at(due(h, '2031-11'));
  await publish(h, '2031-11');
  const november = await sealed(h, '2031-11');
  t.ok(november.n0 > 0 && november.n0 < october.n1, 'the ranges overlap');
  t.equal(hexOf(treeOf(october, november.n0).root()), hexOf(treeOf(november, november.n0).root()),
    'the later file begins where the earlier one leads');
  for (const kind of ['estate_opened', 'body_opened', 'rules_opened', 'term_opened', 'log_key_opened', 'proposal_submitted', 'signature', 'journal_entry']) {
    t.ok(kinds(november).has(kind), `${kind} from before the month`);
  }
  t.equal(november.earlier.filter(({ record }) => record.kind === 'journal_entry').map(({ record }) => record.seq).join(), String(wrong),
    'of entries only the one that is reversed');
  const first = await h.superuser.query('select pdf_zh_sha256, pdf_en_sha256 from disclosure where period = $1', ['2031-10']);
  t.match(november.figures.previous, { period: '2031-10', version: 1, ...first.rows[0] });
  const published = november.records.map((record) => ({ kind: record.kind, body: JSON.parse(record.body) }))
    .find(({ kind }) => kind === 'disclosure_published')!;
  t.match(published.body, { period: '2031-10', checkpoint_size: october.n1, ...first.rows[0] }, 'the hash of last month\'s PDF is in this month\'s records');
  t.ok(november.text.includes(first.rows[0].pdf_zh_sha256), 'and is printed');
});

t.test('page one shows the checkpoint as a code and in words, in both languages', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await publish(h, '2031-10');
  for (const locale of ['zh', 'en'] as const) {
    const { seal, facts, n1, first_page, text, ...files } = await sealed(h, '2031-10', 1, locale);
    const root = hexOf(treeOf({ ...files, seal, facts, n1, first_page, text }, n1).root());
    const page = squeezed(first_page);
    t.ok(page.includes(locale === 'zh' ? `检查点：存证第${n1}条，根${root.slice(0, 16)}` : `Checkpoint:${n1}records,root${root.slice(0, 16)}`));
    t.ok(page.includes(squeezed(facts.keys.at(-1)!.vkey)), 'the key of the log');
    t.ok(page.includes(locale === 'zh' ? '还没有人见证' : 'nobodyyet'));
    t.ok(text.includes(root), 'the whole root on the last page');
  }
});

t.test('the address in the code is the page of checkpoints with the checkpoint behind the #', async (t) => {
  const h = await testBooks(t);
  const { checkpointAddress } = await import('../../src/disclosure/seal.ts');
  const issued = (await issueCheckpoint(h.house, h.estate))!;
  const [page, fragment] = checkpointAddress(h.house, issued.note).split('#');
  t.equal(page, 'http://localhost:8080/verify');
  t.equal(textOf(bytesOfBase64url(fragment!)), issued.note);
});

t.test('a correction is sealed beside the first version', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await publish(h, '2031-10');
  await receive(h, { date: '2031-10-31', amount: '40.00', description: '补记利息', account: '4107' });
  await correctDisclosure(h.house, { estate: h.estate, actor: h.actorOf('manager'), period: '2031-10' }, '补记十月利息');
  const [first, second] = [await sealed(h, '2031-10', 1), await sealed(h, '2031-10', 2)];
  t.ok(second.n1 > first.n1);
  t.equal(second.n0, first.n0);
  t.equal(hexOf(treeOf(second, first.n1).root()), hexOf(treeOf(first, first.n1).root()), 'the second contains the first');
  t.same([first.figures.closing, second.figures.closing], ['500.00', '540.00']);
});

t.test('without a key, and when the signer refuses, the month is published all the same and says so in red', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  const told: unknown[] = [];
  const log = Object.assign(Object.create(h.house.log), { error: (...line: unknown[]) => told.push(line.at(-1)) });
  t.match(await publish(h, '2031-10', { ...h.house, log, log_keys: null }), { version: 1, checkpoint_size: null });
  t.equal(await readSealed(h, '2031-10'), null);
  t.match(told.join('\n'), /published without a seal/);
  const { rows: [row] } = await h.superuser.query('select pdf_zh_sha256, pdf_en_sha256 from disclosure');
  const { readPdf } = await import('../reports/reading.ts');
  for (const [name, words] of [['pdf_zh_sha256', '本期没有检查点'], ['pdf_en_sha256', 'Nocheckpointthismonth']] as const) {
    const { pages } = await readPdf((await h.house.storage.read(row[name]))!);
    t.ok(squeezed(pages[0]!).includes(words), words);
  }
  // The signer remembers a longer log than the one it is shown: somebody brought an old backup back.
  h.at(due(h, '2031-11'));
  const keys = h.house.log_keys!;
  const refusing = { ...keys, sign: (vkey: string, checkpoint: Parameters<typeof keys.sign>[1], prove: Parameters<typeof keys.sign>[2]) =>
    keys.sign(vkey, { ...checkpoint, size: checkpoint.size + 50 }, prove).then(() => keys.sign(vkey, checkpoint, prove)) };
  t.match(await publish(h, '2031-11', { ...h.house, log, log_keys: refusing }), { version: 1, checkpoint_size: null });
  t.match(told.join('\n'), /the signer refuses/);
});

t.test('a month without a seal is mended by a correction', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await publish(h, '2031-10', { ...h.house, log_keys: null });
  await correctDisclosure(h.house, { estate: h.estate, actor: h.actorOf('manager'), period: '2031-10' }, '补签检查点');
  t.ok((await sealed(h, '2031-10', 2)).n1 > 0);
});

t.test('two instances at once make one version, and its seal is its own', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  // Another process does not share our memory of who is preparing: there the lock in the database is what counts.
  const apart = (await import(`../../src/disclosure/print.ts?${'another-instance'}`)) as typeof import('../../src/disclosure/print.ts');
  t.teardown(() => apart.closePrinter());
  const wanted = { period: '2031-10', version: 1, reason: null };
  const [first, second] = await Promise.all([publish(h, '2031-10'), publish(h, '2031-10'),
    apart.printVersion(h.house, h.estate, wanted), apart.printVersion(h.house, h.estate, wanted)]);
  t.same(first, second);
  await sealed(h, '2031-10');
  const { rows } = await h.superuser.query(`select count(*)::integer as n from record where kind = 'disclosure_published'`);
  t.equal(rows[0].n, 1);
});

t.test('a crash between the steps leaves nothing half published; the next run prepares anew', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  const broken: House = { ...h.house, storage: { ...h.house.storage, keep: () => Promise.reject(new Error('the lights went out')) } };
  await t.rejects(publish(h, '2031-10', broken), /lights/);
  await t.rejects(publishDue(broken, { only: h.estate.estate_id }), /lights/);
  t.equal((await h.superuser.query('select from disclosure')).rowCount, 0);
  await receive(h, { date: '2031-10-02', amount: '1.00' });
  t.match(await publishDue(h.house, { only: h.estate.estate_id }), [{ period: '2031-10', version: 1 }]);
  const files = await sealed(h, '2031-10');
  t.equal(files.figures.closing, '501.00');
  t.equal(files.records.filter(({ kind }) => kind === 'disclosure_prepared').length, 3, 'prepared three times, published once');
});

t.test('a busy log: nothing comes between the figures and their record', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  const busy = new AbortController();
  const posting = (async () => { while (!busy.signal.aborted) await receive(h, { date: '2031-11-01', amount: '1.00' }); })();
  await publish(h, '2031-10');
  busy.abort();
  await posting;
  await sealed(h, '2031-10');
});

t.test('an estate opened in the middle of a month, and months before it was opened', async (t) => {
  const h = await testBooks(t, '2031-08', '2031-10-15 09:00', { opened_then: true });
  await receive(h, { date: '2031-08-31', amount: '700.00', account: '3101' });
  await receive(h, { date: '2031-10-15', amount: '10.00' });
  h.at(due(h, '2031-10'));
  t.same((await publishDue(h.house, { only: h.estate.estate_id })).map(({ period }) => period), ['2031-08', '2031-09', '2031-10']);
  const files = await Promise.all(['2031-08', '2031-09', '2031-10'].map((period) => sealed(h, period)));
  t.same(files.map(({ n0 }) => n0), [0, 0, 0], 'all that was recorded was recorded after these months');
  t.same(files.map(({ figures }) => figures.closing), ['700.00', '700.00', '710.00']);
});

t.test('a month begins with the first record of its days', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  const seq = await receive(h, { date: '2031-10-01', amount: '5.00' });
  h.at('2031-12-05 10:00');
  await receive(h, { date: '2031-12-05', amount: '6.00' });
  const start = (period: string) => inEstate(h.db.app, h.estate.estate_id, (trx) => rangeStart(trx, h.estate.estate_id, period));
  t.same(await Promise.all(['2031-09', '2031-10', '2031-11', '2031-12'].map(start)), [0, 0, seq, seq]);
});

t.test('who has witnessed stands on page one, and the seal leads from their checkpoint to the new one', async (t) => {
  const h = await testBooks(t);
  const { estate_id } = h.estate;
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  const before = (await issueCheckpoint(h.house, h.estate))!;
  const origin = before.note.split('\n')[0]!;
  const witnesses: { side: string; id: number; secret: Uint8Array; key: ReturnType<typeof keyOf> }[] = [];
  for (const [person, side] of [['committee1', 'committee'], ['street', 'street'], ['resident', 'resident']] as const) {
    const { secret, public_key } = ed25519Key();
    const key = keyOf(`${origin}/${side}-${hexOf(public_key).slice(0, 8)}`, COSIGNATURE, public_key);
    const { rows } = await inEstate(h.db.app, estate_id, (trx) => sql<{ id: number }>`
      select enrol_witness(${estate_id}, ${h.persons[person]}::uuid, ${side}, ${verifierKeyText(key)}) as id`.execute(trx));
    witnesses.push({ side, id: rows[0]!.id, secret, key });
  }
  const checkpoint = (await issueCheckpoint(h.house, h.estate))!;
  const seconds = Math.floor(h.now().getTime() / 1000);
  const witness = async (at: { size: number; note: string }, sides: string[]) => {
    for (const { id, secret, key } of witnesses.filter(({ side }) => sides.includes(side))) {
      const line = cosign(at.note, secret, key, seconds).trimEnd();
      await inEstate(h.db.signer, estate_id, (trx) => sql`
        select record_cosignature(${estate_id}, ${id}, ${at.size}, to_timestamp(${seconds}), ${line})`.execute(trx));
    }
  };
  await witness(checkpoint, ['committee', 'street']);
  await receive(h, { date: '2031-10-02', amount: '1.00' });
  await witness((await issueCheckpoint(h.house, h.estate))!, ['resident']);
  h.at(due(h, '2031-10'));
  await publish(h, '2031-10');
  const files = await sealed(h, '2031-10');
  t.ok(files.seal.witnessed!.checkpoint.startsWith(checkpoint.note), 'two sides of an older one go before one side of a newer');
  t.ok(squeezed(files.first_page).includes(`见证：业委会1人、街道或社区1人（截至存证第${checkpoint.size}条，2031-10-28）`));
});

t.test('a record somebody spoiled in the table does not keep the month from being published', async (t) => {
  const h = await testBooks(t);
  const seq = await receive(h, { date: '2031-10-01', amount: '500.00' });
  await receive(h, { date: '2031-10-02', amount: '1.00' });
  h.at(due(h, '2031-10'));
  await issueCheckpoint(h.house, h.estate);
  await h.superuser.query(`begin; set local session_replication_role = replica; alter table record disable trigger all;
    update record set number = E'\\x01' where estate_id = ${h.estate.estate_id} and seq = ${seq};
    alter table record enable trigger all; commit`);
  t.match(await publish(h, '2031-10'), { version: 1, checkpoint_size: null });
});

t.test('a key that is lost is told and not replaced', async (t) => {
  const h = await testBooks(t);
  await publish(h, '2031-10');
  t.ok(await sealed(h, '2031-10'));
  h.at('2031-12-10 08:00');
  const lost = { ...h.house.log_keys!, sign: () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })) };
  t.match(await publish(h, '2031-11', { ...h.house, log_keys: lost }), { checkpoint_size: null });
  t.equal(await readSealed(h, '2031-11'), null);
});
