// camt.053 and MT940: the samples in fixtures/bank are as printed and are read; what the standards allow is understood, what
// they do not is refused with the place. UPDATE_EXPECTED=1 writes the samples anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readStatement } from '../../src/bankfile/read.ts';
import { camtFile, mt940File } from '../../src/demo/bank-messages.ts';
import { encodeGb18030 as gb18030 } from '../../src/kernel/gb18030.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import type { Statement } from '../../src/bankfile/statement.ts';
import { sample } from '../bankfile/samples.ts';

const folder = fileURLToPath(new URL('../../fixtures/bank/', import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(file: Uint8Array | string): Promise<Statement> {
  const found = await readStatement(typeof file === 'string' ? bytes(file) : file);
  if (found.kind !== 'statement') throw new Error('a table');
  return found.statement;
}
async function refused(file: Uint8Array | string): Promise<Refusal> {
  try {
    await read(file);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was read');
}

const september = sample('cmb');
const samples: readonly (readonly [string, () => Uint8Array])[] = [
  ['camt.053.001.02.xml', () => camtFile(september, 2)], ['camt.053.001.08.xml', () => camtFile(september, 8)],
  ['camt.053.001.13.xml', () => camtFile(september, 13)], ['mt940.sta', () => mt940File(september, 10)],
];

t.test('the samples are as printed, and all tell the same month', async (t) => {
  for (const [file, print] of samples) {
    const printed = print();
    if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(`${folder}${file}`, printed);
    t.ok(Buffer.compare(printed, readFileSync(`${folder}${file}`)) === 0, `${file} is as printed`);
    const statement = await read(printed);
    t.equal(statement.closing, '152515.84', file);
    t.equal(statement.account_number, september.account_number);
    t.same(statement.lines.map((line) => [line.booked_on, line.amount, line.serial, line.counterparty_name, line.purpose]),
      september.lines.map((line) => [line.booked_on, line.amount, line.serial, line.counterparty_name, line.purpose]), file);
    t.ok(readFileSync(`${folder}README.md`, 'utf8').includes(file), `${file} is named in the README`);
  }
});

const balance = (code: string, amount: string, on: string, side = 'CRDT'): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>`;
const entry = (amount: string, side: string, on: string, more = '', before = ''): string =>
  `<Ntry><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>${before}<Sts>BOOK</Sts><BookgDt><Dt>${on}</Dt></BookgDt>${more}</Ntry>`;
const statement = (inside: string, account = '1234567890'): string => `<Stmt><Id>1</Id><Acct><Id><Othr><Id>${account}</Id></Othr></Id></Acct>${inside}</Stmt>`;
const camt = (inside: string, kind = 'camt.053.001.02'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${kind}"><BkToCstmrStmt>${inside}</BkToCstmrStmt></Document>`;
const plain = statement(`${balance('OPBD', '10.00', '2026-11-01')}${balance('CLBD', '14.50', '2026-11-30')}${entry('4.5', 'CRDT', '2026-11-05')}`);

t.test('camt.053: sides, reversals, pending entries, batches, references', async (t) => {
  const parties = '<RltdPties><Dbtr><Nm>甲</Nm></Dbtr><Cdtr><Nm>乙</Nm></Cdtr></RltdPties>';
  const found = await read(camt(statement([
    balance('PRCD', '10.00', '2026-10-31'), balance('CLBD', '5.00', '2026-11-30', 'DBIT'), balance('CLAV', '99.00', '2026-11-30'),
    entry('20.00', 'DBIT', '2026-11-02', `<NtryDtls><TxDtls><Refs><EndToEndId>P2026-0007</EndToEndId></Refs>${parties}</TxDtls></NtryDtls>`),
    entry('5.00', 'CRDT', '2026-11-03', `<NtryDtls><TxDtls>${parties}</TxDtls></NtryDtls>`, '<RvslInd>true</RvslInd>'),
    entry('7.00', 'CRDT', '2026-11-03').replace('BOOK', 'PDNG'), entry('0.00', 'CRDT', '2026-11-03'),
    entry('3.00', 'DBIT', '2026-11-04', '<AcctSvcrRef>B-9</AcctSvcrRef><NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch><TxDtls/><TxDtls/></NtryDtls>'),
    entry('3.00', 'CRDT', '2026-11-05').replace('<Dt>2026-11-05</Dt>', '<DtTm>2026-11-04T23:30:00Z</DtTm>'),
  ].join(''))));
  t.same(found.lines.map((line) => [line.booked_on, line.amount, line.balance]), [
    ['2026-11-02', '-20.00', '-10.00'], ['2026-11-03', '5.00', '-5.00'], ['2026-11-04', '-3.00', '-8.00'], ['2026-11-05', '3.00', '-5.00'],
  ]);
  t.equal(found.lines[0]!.purpose, 'P2026-0007');
  t.equal(found.lines[0]!.counterparty_name, '乙');
  t.equal(found.lines[1]!.counterparty_name, '乙', 'what comes back comes from whom it went to');
  t.equal(found.lines[2]!.serial, 'B-9');
  t.equal(found.lines[2]!.memo, '2 TxDtls', 'a batch stays one line');
});

t.test('camt.053: several statements and pages follow each other, or are refused', async (t) => {
  const second = statement(`${balance('OPBD', '14.50', '2026-12-01')}${balance('CLBD', '14.50', '2026-12-31')}`);
  t.equal((await read(camt(plain + second))).lines.length, 1);
  const pages = statement(`${balance('OPBD', '10.00', '2026-11-01')}${balance('ITBD', '14.50', '2026-11-05')}${entry('4.50', 'CRDT', '2026-11-05')}`)
    + statement(`${balance('ITBD', '14.50', '2026-11-05')}${balance('CLBD', '12.50', '2026-11-30')}${entry('2.00', 'DBIT', '2026-11-06')}`);
  t.equal((await read(camt(pages))).closing, '12.50');
  t.equal((await refused(camt(plain + second.replace('14.50', '14.60')))).code, 'statement_pages_apart');
  t.equal((await refused(camt(plain + statement('', '999').replace('</Stmt>', `${balance('OPBD', '14.50', '2026-12-01')}${balance('CLBD', '14.50', '2026-12-31')}</Stmt>`)))).code, 'statement_several_accounts');
});

t.test('camt.053: what is amiss is named', async (t) => {
  const cases: [string, string, string][] = [
    ['another currency', plain.replace('Ccy="CNY">4.5', 'Ccy="USD">4.5'), 'statement_message_wrong'],
    ['three places', plain.replace('4.5<', '4.505<'), 'statement_message_wrong'],
    ['an exponent', plain.replace('4.5<', '4.5e0<'), 'statement_message_wrong'],
    ['a minus', plain.replace('4.5<', '-4.5<'), 'statement_message_wrong'],
    ['no side', plain.replace('<CdtDbtInd>CRDT</CdtDbtInd><Sts>', '<Sts>'), 'statement_message_lacks'],
    ['an unknown status', plain.replace('BOOK', 'DONE'), 'statement_message_wrong'],
    ['a day that is none', plain.replace('2026-11-05', '2026-02-30'), 'statement_message_wrong'],
    ['no closing balance', plain.replace('CLBD', 'CLAV'), 'statement_message_lacks'],
    ['two different closing balances', plain.replace('<Ntry>', `${balance('CLBD', '1.00', '2026-11-30')}<Ntry>`), 'statement_message_twice'],
    ['two amounts in one entry', plain.replace('<Amt Ccy="CNY">4.5', '<Amt Ccy="CNY">1</Amt><Amt Ccy="CNY">4.5'), 'statement_message_twice'],
    ['totals', plain.replace('<Ntry>', '<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries></TtlCdtNtries></TxsSummry><Ntry>'), 'statement_totals_differ'],
    ['a total of all', plain.replace('<Ntry>', '<TxsSummry><TtlNtries><Sum>4.51</Sum></TtlNtries></TxsSummry><Ntry>'), 'statement_message_wrong'],
    ['a changed amount', plain.replace('4.5<', '4.6<'), 'statement_closing_differs'],
  ];
  for (const [what, inside, code] of cases) t.equal((await refused(camt(inside))).code, code, what);
  t.match((await refused(camt(plain.replace('4.5<', '4.505<')))).in('zh'), /Ntry 1.*Amt.*4\.505/);
  t.equal((await refused(camt(plain, 'camt.053.001.14'))).code, 'statement_message_kind');
  t.equal((await refused(camt(plain).replaceAll('BkToCstmrStmt', 'BkToCstmrAcctRpt'))).facts['message'], 'camt.052');
  t.equal((await refused(camt(plain).replaceAll('BkToCstmrStmt', 'BkToCstmrDbtCdtNtfctn'))).facts['message'], 'camt.054');
  t.equal((await refused('<Document><FIToFICstmrCdtTrf/></Document>')).code, 'statement_file_kind');
});

t.test('camt.053: names with entities and prefixes, in GB18030 where it says so', async (t) => {
  const named = camt(plain.replace('</Ntry>', '<AddtlNtryInf>A&amp;B &#x7269;业主委员会 &lt;1&gt; &nbsp;</AddtlNtryInf></Ntry>'));
  t.equal((await read(named)).lines[0]!.memo, 'A&B 物业主委员会 <1> &nbsp;');
  const prefixed = named.replaceAll(/<(\/?)([A-Z])/g, '<$1n:$2').replace('xmlns=', 'xmlns:n=');
  t.equal((await read(prefixed)).lines[0]!.memo, 'A&B 物业主委员会 <1> &nbsp;');
  t.equal((await read(gb18030(named.replace('UTF-8', 'GBK')))).lines.length, 1);
  t.equal((await refused(gb18030(named))).code, 'statement_encoding_unknown', 'what it says of itself must hold');
  t.equal((await read(named.replace('<Ntry>', '<!-- <Ntry> --><Ntry>'))).lines.length, 1);
});

const swift = (...lines: string[]): string => [':20:A', ':25:BANKCNSH/1234567890/CNY', ':28C:1/1', ':60F:C261231CNY100,', ...lines].join('\r\n');

t.test('MT940: sides and reversals, days without a year, what is said about a line', async (t) => {
  const found = await read(swift(
    ':61:2612310102C10,5NTRFNONREF//B1', ':86:/ORDP//NAME/张三/ACCT/6222021001112223334/REMI/3-2-1002 物业费/EREF/P7',
    ':61:2701020102D20,NTRFP2026-0007//B2', 'SUPPLEMENT', ':86:普通附言', '第二行',
    ':61:270103RD5,00NTRFNONREF', ':61:2701030103RC2,00NCHGNONREF', ':86:020?00手续费?20转账?21汇款?32某某银行?31510001',
    ':62F:C270103CNY93,5', ':64:C270103CNY93,5', ':86:about the whole', '-',
  ));
  t.same(found.lines.map((line) => [line.booked_on, line.amount, line.balance]), [
    ['2027-01-02', '10.50', '110.50'], ['2027-01-02', '-20.00', '90.50'], ['2027-01-03', '5.00', '95.50'], ['2027-01-03', '-2.00', '93.50'],
  ]);
  t.equal(found.account_number, '1234567890');
  const [first, second, , last] = found.lines;
  t.same([first!.counterparty_name, first!.counterparty_account, first!.purpose], ['张三', '6222021001112223334', '3-2-1002 物业费 P7']);
  t.same([second!.serial, second!.memo, second!.purpose], ['B2', '普通附言 第二行', 'P2026-0007']);
  t.same([last!.memo, last!.purpose, last!.counterparty_name, last!.counterparty_account], ['手续费', '转账汇款', '某某银行', '510001']);
});

t.test('MT940: pages, envelopes and other messages', async (t) => {
  const page = (begin: string, end: string, line: string): string => swift(line).replace(':60F:C261231CNY100,', begin) + `\r\n${end}\r\n-`;
  const first = page(':60F:C270101CNY100,00', ':62M:C270102CNY101,00', ':61:2701020102C1,00NTRFA');
  const second = page(':60M:C270102CNY101,00', ':62F:C270103CNY100,50', ':61:2701030103D0,50NTRFB');
  t.same((await read(`${first}\r\n${second}`)).lines.map((line) => line.balance), ['101.00', '100.50']);
  t.equal((await read(gb18030(`{1:F01X}{2:O940}{4:\r\n${first.slice(0, -1)}-}\r\n{1:F01X}{2:O940}{4:\r\n${second.slice(0, -1)}-}{5:}`))).lines.length, 2);
  t.equal((await refused(first)).facts['element'], ':62F:', 'the last page is missing');
  t.equal((await refused(second)).facts['element'], ':60F:', 'the first page is missing');
  t.equal((await refused(`${first}\r\n${second.replace('101,00', '101,10')}`)).code, 'statement_pages_apart');
  t.equal((await refused(first.replace('C1,00', 'C1.00'))).code, 'statement_message_wrong');
  t.equal((await refused(first.replaceAll('CNY', 'EUR'))).facts['format'], 'CNY');
  t.equal((await refused(`{1:F01X}{2:O942}{4:\r\n${first}`)).facts['message'], 'MT942');
});
