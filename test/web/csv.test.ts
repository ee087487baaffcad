// The CSV twin opens in a spreadsheet as what it is: Chinese readable, numbers numbers, and no
// cell that runs.
import t from 'tap';
import { money } from '../../src/kernel/money.ts';
import { toCsv } from '../../src/web/csv.ts';

const lines = (csv: string): string[] => csv.slice(1).split('\r\n');

t.test('begins with a BOM, ends every line with CRLF, quotes by RFC 4180', async (t) => {
  const csv = toCsv(
    [
      { key: 'memo', title: '摘要' },
      { key: 'n', title: '附件', type: 'number' },
    ],
    [
      { memo: '灯具, "地下"\n车库', n: 6 },
      { memo: null, n: undefined },
    ],
  );
  t.equal(csv, '\uFEFF摘要,附件\r\n"灯具, ""地下""\n车库",6\r\n,\r\n');
});

t.test('text that a spreadsheet would run is defused, in headings too', async (t) => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
    const csv = toCsv(
      [{ key: 'memo', title: `${start}x` }],
      [{ memo: `${start}cmd|' /C calc'!A0` }],
    );
    const cells = csv.slice(1).replaceAll('"', '');
    t.ok(cells.startsWith(`'${start}x`), start);
    t.match(cells, `\r\n'${start}cmd`);
  }
});

t.test(
  'money stays a number, also a red-letter amount; other text in a money column does not run',
  async (t) => {
    const csv = toCsv(
      [{ key: 'amount', title: '收入', type: 'money' }],
      [{ amount: '-120.00' }, { amount: money('7000') }, { amount: '-1+cmd' }, { amount: '' }],
    );
    t.same(lines(csv), ['收入', '-120.00', '7000.00', "'-1+cmd", '', '']);
  },
);
