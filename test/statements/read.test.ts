// What a file is, is told by its content; numbers and days of workbooks come out exact; what is no statement is refused in
// words that say what to export instead.
import t from 'tap';
import { CFB, utils, write, type BookType, type WorkSheet } from '@e965/xlsx';
import { openStatementReader } from '../../src/bankfile/read-aside.ts';
import { readStatement } from '../../src/bankfile/read.ts';
import { sheetRows } from '../../src/bankfile/spreadsheet.ts';
import { decodeText } from '../../src/bankfile/text.ts';
import { encodeGb18030 as gb18030 } from '../../src/kernel/gb18030.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { zipOf } from './damage.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
  return 'read';
}
const refusal = async (file: Uint8Array): Promise<string> => codeOf(async () => readStatement(file));

t.test('text: every encoding of the banks, nothing else', async (t) => {
  const text = '交易日,余额\r\n20261101,"1,234.50"\r\n𠮷,é';
  for (const encoded of [bytes(text), Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(text)]), Buffer.from(text, 'utf16le'),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]), gb18030(text)]) {
    t.equal(decodeText(encoded), text);
  }
  const damaged = Uint8Array.from(bytes('交易日期 对方户名 余额 摘要'));
  damaged[4] = 0x20;
  t.equal(await codeOf(async () => decodeText(damaged)), 'statement_encoding_unknown', 'a damaged byte of UTF-8 is not read as GB18030');
  t.equal(await codeOf(async () => decodeText(Uint8Array.from([0x31, 0x00, 0x32, 0x80, 0xff]))), 'statement_encoding_unknown');
  t.equal(await codeOf(async () => decodeText(bytes('a\u0000b'))), 'statement_encoding_unknown');
});

function sheetOf(): WorkSheet {
  const sheet = utils.aoa_to_sheet([['日期', '时间', '金额', '账号']]);
  Object.assign(sheet, {
    A2: { t: 'n', v: 46_331, z: 'yyyy-mm-dd' }, B2: { t: 'n', v: 0.641701388888889, z: 'hh:mm:ss' }, C2: { t: 'n', v: 1_234.5, z: '#,##0.00' }, D2: { t: 's', v: '0012' },
    A3: { t: 'n', v: 46_331.5, z: 'yyyy"年"m"月"d"日" h:mm' }, C3: { t: 'n', v: 0.1 + 0.2, z: '0.00_);[Red](0.00)' }, D3: { t: 'n', v: Number('6222021001112223334') },
    A4: { t: 'n', v: 20_261_105 }, C4: { t: 'n', v: 999_999_999_999.99, f: 'C2*1' }, D4: { t: 'b', v: true },
    A5: { t: 'n', v: 1e-7 }, C5: { t: 'n', v: -0.01 }, D5: { t: 's', v: '长文本 & <标签> "引号"' },
    '!ref': 'A1:D5',
  });
  return sheet;
}
const rows = [
  ['日期', '时间', '金额', '账号'], ['2026-11-05', '15:24:03', '1234.5', '0012'], ['2026-11-05 12:00:00', '', '0.3', String(Number('6222021001112223334'))],
  ['20261105', '', '999999999999.99', 'TRUE'], ['0.0000001', '', '-0.01', '长文本 & <标签> "引号"'],
];
function workbook(bookType: BookType, sheet = sheetOf()): Uint8Array {
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, '明细');
  return new Uint8Array(write(book, { type: 'array', bookType, bookSST: true, compression: true }) as ArrayBuffer);
}

t.test('workbooks: numbers are exact text, days are days, formulas their value', async (t) => {
  const [xlsx] = await sheetRows(workbook('xlsx'));
  t.same(xlsx, rows);
  const [xls] = await sheetRows(workbook('biff8'));
  t.same(xls, rows);
});

const book = (sheet: string, parts: readonly (readonly [string, string])[] = []): Uint8Array => zipOf([
  ['xl/workbook.xml', Buffer.from('<x:workbook xmlns:x="a"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="a" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>')],
  ['xl/_rels/workbook.xml.rels', Buffer.from('<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>')],
  ['xl/worksheets/sheet1.xml', Buffer.from(sheet)], ...parts.map(([name, text]) => [name, Buffer.from(text)] as const),
]);

t.test('workbooks: as other programs write them', async (t) => {
  const sheet = '<x:worksheet><x:dimension ref="A1"/><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>行内</x:t><x:rPh><x:t>音</x:t></x:rPh></x:is></x:c></x:row>'
    + '<x:row r="3"><x:c r="B3" s="1"><x:v>44869</x:v></x:c><x:c r="D3" t="str"><x:f>A1&amp;"x"</x:f><x:v>公式</x:v></x:c></x:row></x:sheetData></x:worksheet>';
  const parts = [
    ['xl/sharedStrings.xml', '<sst><si><r><t>富</t></r><r><t xml:space="preserve">文本 </t></r></si></sst>'],
    ['xl/styles.xml', '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'],
  ] as const;
  t.same(await sheetRows(book(sheet, parts)), [[['富文本 ', '行内'], [], ['', '2026-11-05', '', '公式']]]);
  t.equal(await codeOf(async () => sheetRows(book(sheet.replace('r="3"', 'r="1"'), parts))), 'statement_file_damaged', 'rows run forward');
  t.equal(await codeOf(async () => sheetRows(book(sheet.replace('B3', 'B4'), parts))), 'statement_file_damaged');
  t.equal(await codeOf(async () => sheetRows(book(sheet))), 'statement_file_damaged', 'a text that is not there');
});

t.test('the XML table of Excel 2003, which some banks name .xls', async (t) => {
  const row = (...cells: string[]): string => `<Row>${cells.map((cell) => `<Cell>${cell}</Cell>`).join('')}</Row>`;
  const data = (text: string, type = 'String'): string => `<Data ss:Type="${type}">${text}</Data>`;
  const heading = ['交易日', '借方金额', '贷方金额', '余额', '摘要', '流水号', '收(付)方名称'].map((text) => data(text));
  const file = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>${
    row(...heading)}<Row ss:Index="3"><Cell>${data('2026-11-01T00:00:00.000', 'DateTime')}</Cell><Cell ss:Index="3">${data('5', 'Number')}</Cell><Cell>${data('105.00', 'Number')}</Cell><Cell>${data('A &amp; B')}</Cell></Row>
    </Table></Worksheet></Workbook>`;
  const read = await readStatement(bytes(file));
  t.match(read, { kind: 'statement', statement: { format: 'cmb', opening: '100.00', lines: [{ row: 3, booked_on: '2026-11-01', amount: '5.00', memo: 'A & B' }] } });
  t.equal(await refusal(bytes(file.replace('<Table>', '<Table><Row ss:Index="300000"/>'))), 'statement_too_large');
  t.equal(await refusal(bytes(file.replace('<Workbook', '<!DOCTYPE a><Workbook'))), 'statement_file_unsafe');
});

t.test('what is no statement is refused by its kind', async (t) => {
  const encrypted = CFB.utils.cfb_new();
  CFB.utils.cfb_add(encrypted, '/EncryptedPackage', Buffer.alloc(5_000));
  const cases: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(), 'statement_file_empty'], ['spaces', bytes(' \r\n '), 'statement_file_empty'],
    ['a PDF', bytes('%PDF-1.7\n…'), 'statement_file_kind'], ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'statement_file_kind'],
    ['a Word document', zipOf([['word/document.xml', Buffer.from('<a/>')]]), 'statement_file_kind'], ['an OFD', zipOf([['OFD.xml', Buffer.from('<a/>')]]), 'statement_file_kind'],
    ['an archive of files', zipOf([['a.csv', Buffer.from('a')]]), 'statement_file_kind'],
    ['an encrypted workbook', new Uint8Array(CFB.write(encrypted, { type: 'buffer' }) as Buffer), 'statement_file_encrypted'],
    ['21 MB', new Uint8Array(21 * 1024 * 1024), 'statement_too_large'], ['other XML', bytes('<a/>'), 'statement_file_kind'],
  ];
  for (const [what, file, code] of cases) t.equal(await refusal(file), code, what);
});

t.test('read aside: refusals come back as they are, a thread that runs away is replaced', async (t) => {
  const reader = openStatementReader(1);
  t.equal(await codeOf(async () => reader.read(bytes('%PDF-1.4'))), 'statement_file_kind');
  const file = workbook('xlsx', utils.aoa_to_sheet([['交易日', '借方金额', '贷方金额', '余额', '摘要', '流水号', '收(付)方名称'], ['20261101', '', '5.00', '105.00', '物业费', 'A1', '张三'], ['20261102', '1.00', '', '104.00', '手续费', 'A2', '']]));
  const [first, second] = await Promise.all([reader.read(file), reader.read(file)]);
  t.same(first, second);
  t.same(first, await readStatement(file));
  // Half a million attributes are more than a thread may hold.
  const heavy = bytes(`<Document><BkToCstmrStmt ${Array.from({ length: 500_000 }, (_, at) => `a${at}="1"`).join(' ')}/></Document>`);
  t.match(await codeOf(async () => reader.read(heavy)), /statement_too_large|statement_too_slow|statement_file_damaged/);
  t.same(await reader.read(file), first, 'the next file is read');
  await reader.close();
  await t.rejects(reader.read(file), /closed/);
});

t.test('read aside: a thread is not ended for having been idle before', async (t) => {
  const reader = openStatementReader(2, 0.4);
  const head = '交易日,借方金额,贷方金额,余额,摘要,流水号,收(付)方名称\n';
  const small = bytes(`${head}20261101,,5.00,105.00,物业费,A1,张三\n`);
  const long = bytes(head + Array.from({ length: 30_000 }, (_, n) => `20261101,,1.00,${n + 1}.00,物业费,A${n},张三`).join('\n'));
  // Two threads begin; while one reads, the other is passed over again and again.
  await Promise.all([reader.read(small), reader.read(small)]);
  for (let n = 0; n < 5; n += 1) await reader.read(small);
  const [one, other] = await Promise.all([reader.read(long), reader.read(long)]);
  t.ok(JSON.stringify(one).length > 1_000_000, 'all the lines are there');
  t.same(one, other);
  await reader.close();
});
