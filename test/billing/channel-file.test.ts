// Settlement files of channels as they are published: recognised by their header, read strictly, notes and sums left out.
import t from 'tap';
import { guessTable, readRows, readSum, recogniseTable } from '../../src/billing/channel-file.ts';
import { readSheets } from '../../src/bankfile/spreadsheet-read.ts';
import { alipayFile, posFile, wechatFile } from '../helpers/settlement-file.ts';

const rowsOf = async (bytes: Buffer) => (await readSheets(bytes))[0]!.rows;

t.test('a bill of WeChat Pay', async (t) => {
  const rows = await rowsOf(wechatFile([['2026-11-03 10:15:22', '4200001001', '1-1-101 物业费', '102.00', '0.61'], ['2026-11-03 11:00:00', '4200001002', '押金', '50.00', '0.30', 'REFUND']]));
  const table = recogniseTable(rows)!;
  t.match(table, { channel: 'wechat', header: 0 });
  const [paid, refund, ...more] = readRows(rows, table);
  t.match(paid, { row: 2, kind: 'payment', paid_on: '2026-11-03', amount: '102.00', fee: '0.61', reference: '4200001001', faults: [] });
  t.match(paid!.text, /1-1-101 物业费/);
  t.match(refund, { kind: 'refund', refunded: '50.00' });
  t.same(more, [], 'the sums below are no payments');
});

t.test('a bill of Alipay, in GBK, with its notes', async (t) => {
  const rows = await rowsOf(alipayFile([['2026-11-04 08:00:00', '2026110422001', '2栋1单元101', '204.00', '-1.22'], ['2026-11-04 09:00:00', '2026110422002', '', '-20.00', '0.00', '退款']]));
  const table = recogniseTable(rows)!;
  t.equal(table.channel, 'alipay');
  t.match(readRows(rows, table), [{ kind: 'payment', amount: '204.00', fee: '1.22', paid_on: '2026-11-04' }, { kind: 'refund', refunded: '20.00' }]);
  t.equal(readRows(rows, table).length, 2);
});

t.test('a file of card machines is guessed, and a person decides', async (t) => {
  const rows = await rowsOf(posFile([['2026/11/05', '123456789012', '306.00', '1.84', '1-2-101'], ['昨天', 'x', '十元', '0.005', '']]));
  t.equal(recogniseTable(rows), null);
  const { header, columns } = guessTable(rows);
  t.match({ header, columns }, { header: 1, columns: { paid_on: 0, reference: 1, amount: 2, fee: 3, texts: [4] } });
  const table = { channel: 'pos' as const, header, columns: { paid_on: 0, reference: 1, amount: 2, fee: 3, texts: [4], state: null } };
  const [good, bad] = readRows(rows, table);
  t.match(good, { row: 3, amount: '306.00', fee: '1.84', reference: '123456789012', faults: [] });
  t.same(bad!.faults.map((one) => [one.field, one.text]), [['paid_on', '昨天'], ['amount', '十元'], ['fee', '0.005'], ['reference', 'x']]);
  t.same(readRows(rows, table, { 4: { paid_on: '2026-11-05', amount: '10', fee: '0', reference: '1234' } })[1]!.faults, [], 'each can be put right');
});

t.test('sums are read to the fen or not at all', async (t) => {
  for (const [raw, read] of [['`1,234.50', '1234.50'], ['￥-0.61', '-0.61'], ['0.61000', '0.61'], ['007', '7.00'], ['0.615', null], ['1e3', null], ['', null], ['12,34', null], ['99999999999', null]] as const) {
    t.equal(readSum(raw), read, raw);
  }
});
