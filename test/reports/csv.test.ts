import fc from 'fast-check';
import t from 'tap';
import { csvText, entriesCsv } from '../../reports/monthly-disclosure/csv.ts';
import { fixtureMonth, hardMonth } from './sample.ts';
import { readCsv } from './reading.ts';

await t.test('a memo that a spreadsheet would run as a formula becomes text', async (t) => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '＝']) {
    const figures = fixtureMonth();
    figures.entries[0]!.description = `${start}HYPERLINK("http://x";1)`;
    const [, first] = readCsv(entriesCsv(figures, 'en'));
    t.equal(first![4], `'${start}HYPERLINK("http://x";1)`);
  }
});

await t.test('negative amounts stay numbers', async (t) => {
  const rows = readCsv(entriesCsv(hardMonth(), 'en'));
  const red = rows.find((row) => row[1] === '付-018')!;
  t.equal(red[rows[0]!.indexOf('paid')], '-513.60');
  t.equal(red[rows[0]!.indexOf('debit')], '-513.60');
});

await t.test(
  'every row has every column, and an entry of two lines has its totals once',
  async (t) => {
    for (const locale of ['zh', 'en'] as const) {
      const text = entriesCsv(hardMonth(), locale);
      t.ok(text.startsWith('\ufeff'), 'byte order mark for Excel');
      const rows = readCsv(text);
      t.same([...new Set(rows.map((row) => row.length))], [21]);
      const two = rows.filter((row) => row[1] === '付-020');
      t.equal(two.length, 2);
      t.same(
        two.map((row) => row[13]),
        ['1700.00', ''],
      );
    }
  },
);

await t.test(
  'any text comes back from its cell as it was, but for the quote before a formula',
  async (t) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [row] = readCsv(`${csvText(text)},end\r\n`);
        const back = row![0]!;
        return back === text || back === `'${text}`;
      }),
    );
    t.pass();
  },
);
