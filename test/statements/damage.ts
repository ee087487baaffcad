// Ways in which a bank's file goes wrong between the bank and us: by accident (cut, wrongly saved, edited by hand) and by
// design (bombs, entities, endless nesting). Each takes a sound file and gives a damaged one.
import { deflateRawSync, crc32 } from 'node:zlib';
import type { Chance } from '../faults/random.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const isPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x50 || bytes[0] === 0xd0;

/** A ZIP of given files, packed; `claim` writes another size into the directory. */
export function zipOf(files: readonly (readonly [string, Uint8Array])[], claim?: number): Uint8Array {
  const parts: Buffer[] = [];
  const heads: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(content), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(claim ?? content.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    heads.push(entry, Buffer.from(name));
    parts.push(head, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const directory = Buffer.concat(heads);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const book = (sheet: string, more: readonly (readonly [string, Uint8Array])[] = [], claim?: number): Uint8Array => zipOf([
  ['[Content_Types].xml', Buffer.from('<Types/>')],
  ['xl/workbook.xml', Buffer.from('<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')],
  ['xl/_rels/workbook.xml.rels', Buffer.from('<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')],
  ['xl/worksheets/sheet1.xml', Buffer.from(sheet)], ...more,
], claim);
const cells = (row: string): string => `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${row}</sheetData></worksheet>`;

/** Figures that do not pack. */
function noise(count: number): string[] {
  let state = 12_345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return `${state % 1_000_000}.${String(state % 89 + 10)}`;
  });
}
const longTable = (rows: number): string => {
  const figures = noise(rows * 2);
  return `交易日,借方金额,贷方金额,余额,摘要\n${Array.from({ length: rows }, (_, at) => `20261101,,${figures[at * 2]},${figures[at * 2 + 1]},物业费 ${at}`).join('\n')}`;
};
const longCamt = (entries: number): string => `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>${
  noise(entries).map((figure) => `<Ntry><Amt Ccy="CNY">${figure}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-01</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>物业费</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`).join('')
}</Stmt></BkToCstmrStmt></Document>`;

/** Made to do harm, and files as long as they may be; the same few for every run. */
export const bombs: readonly (readonly [string, () => Uint8Array])[] = [
  ['a workbook of 100 MB of nothing', () => book(cells(' '.repeat(100 * 1024 * 1024)))],
  ['a workbook of 60 MB of one character', () => book(cells('x'.repeat(60 * 1024 * 1024)))],
  ['a workbook that lies about its size', () => book(cells('y'.repeat(8 * 1024 * 1024)), [], 1000)],
  ['a workbook with 60,000 files', () => zipOf(Array.from({ length: 60_000 }, (_, at) => [`xl/worksheets/${at}.xml`, Buffer.from('<a/>')] as const))],
  ['a workbook with a row no. 1,048,576', () => book(cells('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))],
  ['a workbook with a column XFD', () => book(cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'))],
  ['a workbook with entities', () => book(`<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>${cells('<row><c t="str"><v>&b;&b;</v></c></row>')}`)],
  ['a workbook with 40,000 rows of 60 cells', () => book(cells(`<row>${'<c><v>1</v></c>'.repeat(60)}</row>`.repeat(40_000)))],
  ['a workbook with one string of 30 MB', () => book(cells('<row><c t="s"><v>0</v></c></row>'), [['xl/sharedStrings.xml', Buffer.from(`<sst><si><t>${'长'.repeat(10 * 1024 * 1024)}</t></si></sst>`)]])],
  ['a workbook with 2.4 million figures', () => {
    const figures = noise(2_400_000);
    return book(cells(Array.from({ length: 40_000 }, (_, at) => `<row>${figures.slice(at * 60, at * 60 + 60).map((figure) => `<c><v>${figure}</v></c>`).join('')}</row>`).join('')));
  }],
  ['a workbook with a million shared strings', () => book(cells(''), [['xl/sharedStrings.xml', Buffer.from(`<sst>${noise(1_000_000).map((figure) => `<si><t>${figure}</t></si>`).join('')}</sst>`)]])],
  ['a text of 200,000 lines', () => Buffer.from(longTable(200_000))],
  ['a text of 20 MB', () => Buffer.from(longTable(430_000).slice(0, 14 * 1024 * 1024))],
  ['a table of 60,000 lines in HTML', () => Buffer.from(`<html><table>${longTable(60_000).split('\n').map((line) => `<tr>${line.split(',').map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table></html>`)],
  ['a camt.053 of 20 MB', () => Buffer.from(longCamt(80_000))],
  ['an MT940 of 15 MB', () => Buffer.from(`:20:A\n:25:1234567\n:28C:1\n:60F:C261101CNY1,00\n${noise(200_000).map((figure) => `:61:2611011101C${figure.replace('.', ',')}NTRFNONREF//A\n:86:物业费 3-2-1002 2026年11月\n`).join('')}:62F:C261101CNY1,00\n`)],
  ['a hundred laughs', () => Buffer.from(`<?xml version="1.0"?><!DOCTYPE lolz [${Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('')}]><Document><BkToCstmrStmt>&l9;</BkToCstmrStmt></Document>`)],
  ['an entity that reads a file', () => Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><Document><BkToCstmrStmt><Stmt><Id>&f;</Id></Stmt></BkToCstmrStmt></Document>')],
  ['a million nested elements', () => Buffer.from(`<Document><BkToCstmrStmt>${'<a>'.repeat(1_000_000)}`)],
  ['a million nested tables', () => Buffer.from(`<html>${'<table><tr><td>'.repeat(1_000_000)}`)],
  ['a row of a million cells', () => Buffer.from(`交易日,金额,余额\n${',1'.repeat(1_000_000)}`)],
  ['a line of 15 MB', () => Buffer.from(`交易日,金额,余额\n"${'x'.repeat(15 * 1024 * 1024)}`)],
  ['two million quotation marks', () => Buffer.from('"'.repeat(2_000_000))],
  ['two million empty lines', () => Buffer.from('\n'.repeat(2_000_000))],
  ['an attribute of 10 MB', () => Buffer.from(`<Document x="${'a '.repeat(5 * 1024 * 1024)}"><BkToCstmrStmt/></Document>`)],
  ['half a million attributes', () => Buffer.from(`<Document><BkToCstmrStmt ${Array.from({ length: 500_000 }, (_, at) => `a${at}="1"`).join(' ')}/></Document>`)],
  ['ten million opening brackets', () => Buffer.from(`<Document>${'<'.repeat(10_000_000)}`)],
  ['a field of 5 MB', () => Buffer.from(`:20:A\n:25:1234567\n:28C:1\n:60F:C261101CNY1,00\n:61:2611011101C1,00NTRFA\n:86:${'abc\n'.repeat(1_250_000)}`)],
  ['a million messages', () => Buffer.from(':20:A\n:25:1234567\n'.repeat(1_000_000))],
  ['names of Object', () => Buffer.from('<Document><BkToCstmrStmt><__proto__><Stmt>1</Stmt></__proto__><constructor/><Stmt><Acct><Id><Othr><Id>toString</Id></Othr></Id></Acct></Stmt></BkToCstmrStmt></Document>')],
];

const figures = /-?\d[\d,]*\.\d{2}/g;
const odd = ['1e5', '-0', '-0.00', '２３．５０', '1,23,4.00', '1.005', '∞', 'NaN', '0x10', '１２', '--5.00', '(5.00)', '5.00-', '9'.repeat(40), '1.00e-2', '+', '￥', '', ' ', '\u0000', '12.3.4', '٣.٠٠', '=1+1', '1 000.00', '−5.00'];

export type Damage = (bytes: Uint8Array, chance: Chance) => Uint8Array;

const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
};

function shuffledLines(bytes: Uint8Array, change: (lines: string[]) => string[]): Uint8Array {
  const found = text(bytes);
  const eol = found.includes('\r\n') ? '\r\n' : '\n';
  return bytesOf(change(found.split(eol)).join(eol));
}

/** A figure of the text replaced; in a packed file some byte instead. */
function figureReplaced(bytes: Uint8Array, chance: Chance, by: (figure: string) => string): Uint8Array {
  if (isPacked(bytes)) return withByte(bytes, chance.whole(0, bytes.length - 1), chance.whole(0, 255));
  const found = text(bytes);
  const all = [...found.matchAll(figures)];
  if (all.length === 0) return bytes;
  const { index, 0: figure } = chance.pick(all);
  return Buffer.concat([bytesOf(found.slice(0, index)), Buffer.from(by(figure), 'utf8'), bytesOf(found.slice(index + figure.length))]);
}

export const damages: readonly (readonly [string, number, Damage])[] = [
  ['one byte changed', 6, (bytes, chance) => withByte(bytes, chance.whole(0, bytes.length - 1), chance.whole(0, 255))],
  ['one bit turned', 4, (bytes, chance) => {
    const at = chance.whole(0, bytes.length - 1);
    return withByte(bytes, at, bytes[at]! ^ (1 << chance.whole(0, 7)));
  }],
  ['several bytes changed', 4, (bytes, chance) => {
    const copy = Uint8Array.from(bytes);
    for (let n = chance.whole(2, 40); n > 0; n -= 1) copy[chance.whole(0, copy.length - 1)] = chance.whole(0, 255);
    return copy;
  }],
  ['cut off', 4, (bytes, chance) => bytes.slice(0, chance.whole(0, bytes.length))],
  ['beginning lost', 2, (bytes, chance) => bytes.slice(chance.whole(0, bytes.length))],
  ['a piece lost', 3, (bytes, chance) => {
    const from = chance.whole(0, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(bytes.length, from + chance.whole(1, 400)))]);
  }],
  ['a piece doubled', 2, (bytes, chance) => {
    const from = chance.whole(0, bytes.length);
    const to = Math.min(bytes.length, from + chance.whole(1, 400));
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  }],
  ['zeros written over', 1, (bytes, chance) => {
    const copy = Uint8Array.from(bytes);
    const from = chance.whole(0, bytes.length);
    copy.fill(0, from, from + chance.whole(1, 600));
    return copy;
  }],
  ['saved as another encoding', 3, (bytes, chance) => {
    const found = isPacked(bytes) ? text(bytes) : new TextDecoder(chance.pick(['gb18030', 'utf-8', 'latin1'])).decode(bytes);
    const saved = Buffer.from(found, chance.pick(['utf8', 'utf16le', 'latin1'] as const));
    return chance.happens(0.5) ? saved : Buffer.concat([Buffer.from(chance.pick([[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]])), saved]);
  }],
  ['line breaks changed', 1, (bytes, chance) => bytesOf(text(bytes).replaceAll('\r\n', '\n').replaceAll('\n', chance.pick(['\r', '\n\n', '\r\r\n', ' ', ''])))],
  ['lines shuffled', 2, (bytes, chance) => shuffledLines(bytes, (lines) => chance.shuffled(lines))],
  ['a line lost', 2, (bytes, chance) => shuffledLines(bytes, (lines) => lines.toSpliced(chance.whole(0, lines.length - 1), 1))],
  ['a line doubled', 2, (bytes, chance) => shuffledLines(bytes, (lines) => {
    const at = chance.whole(0, lines.length - 1);
    return lines.toSpliced(at, 0, lines[at]!);
  })],
  ['odd figures', 6, (bytes, chance) => figureReplaced(bytes, chance, () => chance.pick(odd))],
  ['a digit changed', 6, (bytes, chance) => figureReplaced(bytes, chance, (figure) => {
    const places = [...figure].flatMap((character, at) => (/\d/.test(character) ? [at] : []));
    const at = chance.pick(places);
    return `${figure.slice(0, at)}${(Number(figure[at]) + chance.whole(1, 9)) % 10}${figure.slice(at + 1)}`;
  })],
  ['delimiters changed', 1, (bytes, chance) => bytesOf(text(bytes).replaceAll(',', chance.pick([';', '\t', '|', '，', ''])))],
  ['quotation marks strewn', 2, (bytes, chance) => {
    let found = text(bytes);
    for (let n = chance.whole(1, 5); n > 0; n -= 1) {
      const at = chance.whole(0, found.length);
      found = found.slice(0, at) + chance.pick(['"', '<', '>', '&', '{', ':61:', '\u001a', '</tr>', '<!--', ']]>', '\u0000']) + found.slice(at);
    }
    return bytesOf(found);
  }],
  ['random bytes', 1, (_, chance) => Uint8Array.from({ length: chance.whole(0, 4000) }, () => chance.whole(0, 255))],
  ['random bytes behind a sound beginning', 2, (bytes, chance) => Buffer.concat([
    bytes.subarray(0, chance.whole(1, Math.min(bytes.length, 600))), Uint8Array.from({ length: chance.whole(1, 2000) }, () => chance.whole(0, 255)),
  ])],
  ['two files in one', 1, (bytes) => Buffer.concat([bytes, bytes])],
];
