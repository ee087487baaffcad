// After everything erasable was erased, months published before and after still prove themselves offline, together.
import t from 'tap';
import { answerInquiry, ask } from '../../src/inquiry/inquiry.ts';
import { closePrinter } from '../../src/disclosure/print.ts';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { auditPackage } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import { eraseText, leave } from '../../src/people/erasure.ts';
import { verdictText } from '../../src/verifier/report.ts';
import { verifyFiles, type GivenFile } from '../../src/verifier/verify.ts';
import { closeMonth, due, payOut, receive, testBooks, type Books } from '../disclosure/books.ts';
import { PASSWORD } from '../helpers/house.ts';
import { bytesOf } from '../exchange/sample.ts';
import { readPdf } from '../reports/reading.ts';

t.teardown(closePrinter);

const QUESTIONS = ['我家门口的灯怎么还不亮呢？', '老张师傅的工钱结清了没有？'];

async function published(h: Books, period: string): Promise<GivenFile> {
  h.at(due(h, period));
  const { pdf_zh_sha256 } = await publishDisclosure(h.house, { estate: h.estate, period });
  return { name: `${period}.pdf`, blob: new Blob([new Uint8Array((await h.house.storage.read(pdf_zh_sha256))!)]) };
}

t.test('verification passes after erasure', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  await receive(h, { date: '2031-10-01', amount: '9000.00' });
  await payOut(h, { date: '2031-10-20', amount: '120.00' });
  for (const question of QUESTIONS) await ask(h.house, { estate: h.estate, actor: h.actorOf('resident'), about_seq: null, question });
  await answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id: 1, answer: '已经修好。' });
  h.at('2031-11-03 10:00');
  await closeMonth(h, '2031-10');
  const october = await published(h, '2031-10');

  h.at('2031-11-12 09:00');
  const { rows: [first] } = await h.superuser.query('select seq from inquiry order by seq limit 1');
  await eraseText(h.house, { estate: h.estate, actor: h.actorOf('committee1'), seq: first.seq, ground: 'error' });
  await leave(h.house, h.actorOf('resident'), { password: PASSWORD, ground: 'left', texts: true });
  t.same((await h.superuser.query('select * from personal_value')).rows, []);
  h.at('2031-12-03 10:00');
  await closeMonth(h, '2031-11');
  const november = await published(h, '2031-11');

  const verdict = await verifyFiles([october, november]);
  t.equal(verdict.outcome, 'holds', verdictText(verdict, 'en'));
  const { attachments, text } = await readPdf(Buffer.from(await november.blob.arrayBuffer()));
  const records = attachments.get('records.tsv')!.toString('utf8');
  t.match(records, /\terased\t/, 'the erasures are in the month they fell in');
  for (const line of records.trimEnd().split('\n').slice(1)) {
    const body = line.split('\t').at(-1)!;
    t.equal(canonical(JSON.parse(body)), body);
  }
  for (const file of [october, november]) {
    const pdf = await readPdf(Buffer.from(await file.blob.arrayBuffer()));
    const all = [pdf.text, ...[...pdf.attachments.values()].map((bytes) => bytes.toString('utf8'))].join('\n');
    for (const word of [...QUESTIONS, '王阿姨']) t.notOk(all.includes(word), `${file.name}: ${word}`);
  }
  t.match(text, '第', 'the text was read');

  const snapshot = await takeSnapshot(h.house, h.estate, { from: '2031-10', to: '2031-11', audience: 'officers' });
  const zip = await bytesOf(auditPackage({
    house: h.house, snapshot, made_at: '2031-12-10T00:06:00.000Z', verifier: async () => Buffer.from('<!doctype html>'), step() {}, advance() {},
  }));
  const audited = await verifyFiles([{ name: 'audit.zip', blob: new Blob([new Uint8Array(zip)]) }, october]);
  t.equal(audited.outcome, 'holds', verdictText(audited, 'en'));
});
