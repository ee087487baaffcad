// What is attached to a PDF is read by our own hand, whatever a tool has saved it as; and nothing that is no PDF,
// or that is built to do harm, does more than be refused.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { renderMonthlyDisclosure } from '../../reports/monthly-disclosure/layout.ts';
import { gathered } from '../../src/verifier/inflate.ts';
import { embeddedFiles } from '../../src/verifier/pdf-file.ts';
import { Unreadable } from '../../src/verifier/unreadable.ts';
import { longMonth } from '../reports/sample.ts';

const attachments = [
  { name: 'seal.json', type: 'application/json', description: '校验数据', bytes: new TextEncoder().encode('{"format":"x"}') },
  { name: 'records.tsv', type: 'text/tab-separated-values', description: '存证记录', bytes: new TextEncoder().encode('1\t收\n'.repeat(5_000)) },
];

async function contents(bytes: Uint8Array): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, open } of await embeddedFiles(bytes)) found[name] = new TextDecoder().decode(await gathered(open(), 1e9));
  return found;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    for (const { open } of await embeddedFiles(bytes)) await gathered(open(), 1e7);
    return 'read';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return error.message;
  }
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

/** A small PDF with a classic table, its objects as given. */
function classic(objects: string[], trailer = ''): Uint8Array {
  let text = '%PDF-1.7\n';
  const places = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  return latin(`${text}trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF`);
}
const stream = (bytes: string, more = ''): string => `<</Length ${bytes.length}${more}>>\nstream\n${bytes}\nendstream`;
const catalog = '<</Names<</EmbeddedFiles<</Names[(a) 2 0 R]>>>>>>';
const filespec = (name = 'a', ef = '3 0 R'): string => `<</Type/Filespec/F(${name})/UF(${name})/EF<</F ${ef}>>>>`;

t.test('a disclosure of ours, as printed and as tools save it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mingzhang-pdf-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const printed = await renderMonthlyDisclosure(longMonth(40), 'zh', null, attachments);
  const path = join(folder, 'printed.pdf');
  writeFileSync(path, printed);
  const plain = await contents(printed);
  t.same(Object.keys(plain).sort(), ['entries.csv', 'figures.json', 'records.tsv', 'seal.json']);
  t.equal(plain['seal.json'], '{"format":"x"}');
  t.equal(plain['records.tsv'], '1\t收\n'.repeat(5_000));
  for (const way of [['--linearize'], ['--object-streams=generate'], ['--object-streams=disable'], ['--qdf'],
    ['--linearize', '--object-streams=generate'], ['--stream-data=uncompress'], ['--recompress-flate', '--compression-level=9'],
    ['--newline-before-endstream'], ['--force-version=1.4', '--object-streams=disable']]) {
    const saved = join(folder, 'saved.pdf');
    execFileSync('qpdf', [...way, path, saved]);
    t.same(await contents(readFileSync(saved)), plain, way.join(' '));
  }
  execFileSync('qpdf', ['--encrypt', 'a', 'b', '256', '--', path, join(folder, 'closed.pdf')]);
  t.match(await refusal(readFileSync(join(folder, 'closed.pdf'))), /encrypted/);
});

t.test('what a strict reader refuses', async (t) => {
  t.equal(await refusal(classic([catalog, filespec(), stream('hello')])), 'read');
  const refused: Record<string, Uint8Array> = {
    'nothing at all': new Uint8Array(),
    'a text': latin('收支公示'.repeat(100)),
    'a header alone': latin('%PDF-1.7\n'),
    'cut off': classic([catalog, filespec(), stream('hello')]).slice(0, -30),
    'an attachment twice': classic(['<</Names<</EmbeddedFiles<</Names[(a) 2 0 R (b) 2 0 R]>>>>>>', filespec(), stream('hello')]),
    'a key twice': classic([catalog, '<</F(a)/F(b)/EF<</F 3 0 R>>>>', stream('hello')]),
    'two names': classic([catalog, '<</F(a)/UF(b)/EF<</F 3 0 R>>>>', stream('hello')]),
    'two files': classic([catalog, '<</F(a)/EF<</F 3 0 R/UF 4 0 R>>>>', stream('hello'), stream('other')]),
    'an object that is another': classic([catalog, filespec(), stream('hello')].reverse()).map((byte) => byte),
    'a loop of names': classic(['<</Names<</EmbeddedFiles 4 0 R>>>>', filespec(), stream('x'), '<</Kids[4 0 R]>>']),
    'a length beyond the end': classic([catalog, filespec(), '<</Length 99999>>\nstream\nhello\nendstream']),
    'a filter of others': classic([catalog, filespec(), stream('hello', '/Filter/ASCIIHexDecode')]),
    'damaged packing': classic([catalog, filespec(), stream('hello', '/Filter/FlateDecode')]),
    'a bomb': classic([catalog, filespec(), stream(Buffer.from(deflateSync(Buffer.alloc(60_000_000))).toString('latin1'), '/Filter/FlateDecode')]),
    'nested without end': latin(`%PDF-1.7\n1 0 obj\n${'['.repeat(9_000)}\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n9030\n%%EOF`),
  };
  for (const [what, bytes] of Object.entries(refused)) t.not(await refusal(bytes), 'read', what);
  const loop = latin('%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF');
  t.match(await refusal(loop), /loop/);
});

t.test('nothing ends the reader: bytes changed, cut out and thrown in anywhere', async () => {
  const whole = [classic([catalog, filespec(), stream('hello')]), await renderMonthlyDisclosure(longMonth(3), 'en', null, attachments)];
  for (const bytes of whole) {
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1), fc.nat(255), fc.constantFrom('set', 'cut', 'copy'),
      async (a, b, value, way) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const changed = way === 'set' ? bytes.slice() : way === 'cut' ? Uint8Array.from([...bytes.slice(0, from), ...bytes.slice(to)])
          : Uint8Array.from([...bytes.slice(0, to), ...bytes.slice(from)]);
        if (way === 'set') changed[from] = value;
        await refusal(changed);
      }), { numRuns: 300 });
  }
});
