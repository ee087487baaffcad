// The journal as CSV and as a workbook: what stands in them adds up to the books, amounts are numbers, dates are
// dates, and no cell is run as a formula.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openBooks } from '../../src/exchange/books.ts';
import { journalCsv } from '../../src/exchange/journal-table.ts';
import { booksWorkbook } from '../../src/exchange/xlsx.ts';
import { workbook } from '../../src/web/xlsx.ts';
import { daysBetween } from '../../src/kernel/dates.ts';
import { money, moneyText, negated, sum, type Money } from '../../src/kernel/money.ts';
import { csvRows, readWorkbook, sheetRows } from './readers.ts';
import { balancesOf, bytesOf, folderFor, missing, ODD_MEMO, ODD_PAYEE, sampleBooks, textOf } from './sample.ts';

const h = await sampleBooks(t);
const books = await openBooks(h.house, h.estate, {});
const python = missing('python3');

const added = (rows: readonly { account: string; fund: string; amount: Money }[]): Map<string, string> => new Map(
  [...Map.groupBy(rows, (row) => `${row.account} ${row.fund}`)].map(([key, own]) => [key, moneyText(sum(own.map((row) => row.amount)))] as const)
    .filter(([, amount]) => amount !== '0.00').sort());

t.test('CSV: one line per posting, and the lines add up to the balances', async (t) => {
  const csv = await textOf(journalCsv(h.house, books));
  t.ok(csv.startsWith('\uFEFF凭证字号 number,'));
  const rows = csvRows(csv);
  t.equal(rows.length, books.lines);
  const amounts = rows.map((row) => ({ account: row['account']!, fund: row['fund']!,
    amount: row['debit'] === '' ? negated(money(row['credit']!)) : money(row['debit']!) }));
  t.strictSame(added(amounts), new Map([...await balancesOf(h, books.to)].sort()));
  const odd = rows.find((row) => row['payee'] === ODD_PAYEE)!;
  t.equal(odd['description'], `'${ODD_MEMO}（${ODD_PAYEE}）`, 'a memo that begins like a formula has an apostrophe in front');
  t.equal(odd['number'], '2031-10 付-001');
  t.equal(odd['vouchers'], h.vouchers.officers);
  t.same(rows.map((row) => row['description']!).filter((text) => /^[=+\-@]/.test(text)), []);
  t.equal(rows.find((row) => row['seq'] === String(h.reversal))!['debit'], '-888.88', 'a red amount stays a number');
});

t.test('a workbook opens, and its amounts add up to the balances', { skip: python }, async (t) => {
  const file = join(folderFor(t), 'journal.xlsx');
  writeFileSync(file, await bytesOf(booksWorkbook(h.house, books)));
  const book = readWorkbook(file);
  t.same(Object.keys(book.sheets), ['凭证 entries', '科目 accounts', '资金 funds', '余额 balances']);
  for (const [name, sheet] of Object.entries(book.sheets)) {
    t.ok(sheet.frozen, `the head of ${name} stays in sight`);
    t.equal(sheet.widths, Object.keys(sheet.rows[0]!).length, `${name} has widths`);
  }
  const rows = sheetRows(book, '凭证 entries');
  t.equal(rows.length, books.lines);
  for (const row of rows) {
    const amount = row['debit'] ?? row['credit']!;
    t.equal(amount[0], 'n', 'an amount is a number');
    t.equal(book.formats[Number(amount[1])], '4', 'with two decimals');
    t.equal(row['date']![0], 'n', 'a date is a date');
    t.equal(book.formats[Number(row['date']![1])], '164');
  }
  const amounts = rows.map((row) => ({ account: row['account']![2], fund: row['fund']![2],
    amount: row['debit'] === undefined ? negated(money(row['credit']![2])) : money(row['debit'][2]) }));
  t.strictSame(added(amounts), new Map([...await balancesOf(h, books.to)].sort()));
  t.equal(rows[0]!['date']![2], String(daysBetween('1899-12-30', '2031-10-01')));
  const texts = rows.flatMap((row) => Object.values(row)).filter(([type]) => type === 'inlineStr').map(([, , text]) => text);
  t.same(texts.filter((text) => /^[=+\-@]/.test(text)), [], 'no text begins like a formula');
  t.ok(texts.some((text) => text.startsWith("'=1+1; 灯具|更换") && text.includes('<b>&amp; _x005F_x0041_')), 'and nothing is lost of it');
});

t.test('the balances in the workbook are those of the books, month by month', { skip: python }, async (t) => {
  const file = join(folderFor(t), 'journal.xlsx');
  writeFileSync(file, await bytesOf(booksWorkbook(h.house, books)));
  const rows = sheetRows(readWorkbook(file), '余额 balances');
  for (const period of ['2031-10', '2031-11']) {
    const closing = rows.filter((row) => row['period']![2] === period && money(row['closing']![2]).isZero() === false)
      .map((row) => [`${row['account']![2]} ${row['fund']![2]}`, row['closing']![2]] as const);
    t.strictSame(new Map(closing), await balancesOf(h, period), period);
  }
});

t.test('the same books give the same bytes', async (t) => {
  t.ok((await bytesOf(booksWorkbook(h.house, books))).equals(await bytesOf(booksWorkbook(h.house, books))));
});

t.test('more rows than a sheet takes go on to the next', { skip: python }, async (t) => {
  const rows = Array.from({ length: 25 }, (_, i) => ({ n: i + 1 }));
  const pages = [rows.slice(0, 7), rows.slice(7, 8), rows.slice(8)];
  const sheets = [
    { name: '凭证 entries', columns: [{ key: 'n', title: '号 n', type: 'number' as const, width: 8 }], count: rows.length, rows: pages },
    { name: '空 empty', columns: [{ key: 'n', title: '号 n', width: 8 }], count: 0, rows: [] },
  ];
  const file = join(folderFor(t), 'long.xlsx');
  writeFileSync(file, await bytesOf(workbook(sheets, 10)));
  const book = readWorkbook(file);
  t.same(Object.keys(book.sheets), ['凭证 entries', '凭证 entries 2', '凭证 entries 3', '空 empty']);
  const found = Object.keys(book.sheets).slice(0, 3).map((name) => sheetRows(book, name).map((row) => Number(row['n']![2])));
  t.same(found.map((part) => part.length), [10, 10, 5]);
  t.same(found.flat(), rows.map((row) => row.n));
});

t.test('text that no cell can hold as it is, is held all the same', { skip: python }, async (t) => {
  const texts = ['\u0001a\u0000b', 'half \ud83d', '😀', ' spaces ', '<&>"\'', 'x'.repeat(40_000), '\ttab', '＝1'];
  const file = join(folderFor(t), 'odd.xlsx');
  writeFileSync(file, await bytesOf(workbook([{ name: 'odd', columns: [{ key: 's', title: 's', width: 8 }], count: texts.length,
    rows: [texts.map((s) => ({ s }))] }])));
  t.same(sheetRows(readWorkbook(file), 'odd').map((row) => row['s']![2]),
    ['ab', 'half ', '😀', ' spaces ', '<&>"\'', `${'x'.repeat(32_000)}…`, "'\ttab", "'＝1"]);
});

t.test('readers who pause keep nobody else waiting', async (t) => {
  const paused = Array.from({ length: 10 }, () => booksWorkbook(h.house, books));
  for (const reader of paused) await reader.next();
  t.ok((await bytesOf(booksWorkbook(h.house, books))).length > 0, 'the eleventh is served while ten stand still');
  for (const reader of paused) await reader.return(undefined);
});
