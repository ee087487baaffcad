// The accounting-data interface: well-formed, with the element names of GB/T 24589.1-2010, and adding up to the books.
import { XMLParser } from 'fast-xml-parser';
import t from 'tap';
import { openBooks } from '../../src/exchange/books.ts';
import { interfaceFiles } from '../../src/exchange/interface-xml.ts';
import { money, moneyText, negated, sum } from '../../src/kernel/money.ts';
import { balancesOf, ODD_MEMO, ODD_PAYEE, sampleBooks, textOf } from './sample.ts';

const h = await sampleBooks(t);
type Row = Record<string, string>;
const parser = new XMLParser({ parseTagValue: false, trimValues: false, isArray: (_name, path) => typeof path === 'string' && path.split('.').length === 2 });

async function read(months: { from?: string; to?: string } = {}): Promise<Map<string, Record<string, Row[]>>> {
  const files = new Map<string, Record<string, Row[]>>();
  for (const { path, content } of interfaceFiles(h.house, await openBooks(h.house, h.estate, months))) {
    const text = typeof content === 'string' ? content : await textOf(content as AsyncIterable<string>);
    if (path.endsWith('.xml')) files.set(path, Object.values(parser.parse(text) as Record<string, Record<string, Row[]>>).at(-1)!);
  }
  return files;
}

t.test('book, months, kinds of voucher, payees and funds', async (t) => {
  const archives = (await read()).get('2031/公共档案.xml')!;
  t.match(archives['电子账簿'], [{ 电子账簿编号: 'test', 会计核算单位: '示例小区', 本位币: 'CNY', 会计年度: '2031', 标准版本号: 'GB/T 24589.1-2010' }]);
  t.same(archives['会计期间']!.map((row) => [row['会计期间号'], row['会计期间起始日期'], row['会计期间结束日期']]),
    [['10', '20311001', '20311031'], ['11', '20311101', '20311130']]);
  t.same(archives['记账凭证类型']!.map((row) => row['记账凭证类型简称']), ['收', '付', '转']);
  t.ok(archives['供应商档案']!.some((row) => row['供应商名称'] === ODD_PAYEE), 'whatever characters a name has');
  t.equal(archives['自定义档案项值']!.length, 9, 'a value a fund');
});

t.test('vouchers are balanced, and balances go on from month to month', async (t) => {
  const ledger = (await read()).get('2031/总账.xml')!;
  const lines = ledger['记账凭证']!;
  for (const [number, own] of Map.groupBy(lines, (row) => `${row['会计期间号']} ${row['记账凭证类型编号']} ${row['记账凭证编号']}`)) {
    t.equal(moneyText(sum(own.map((row) => money(row['借方本币金额']!)))), moneyText(sum(own.map((row) => money(row['贷方本币金额']!)))), number);
  }
  t.ok(lines.some((row) => row['记账凭证摘要']!.startsWith(ODD_MEMO)), 'a memo comes back as it was written');
  const signed = (side: string, size: string) => (side === '贷' ? negated(money(size)) : money(size));
  const balances = ledger['科目余额及发生额']!;
  for (const period of ['10', '11']) {
    const closing = balances.filter((row) => row['会计期间号'] === period && row['期末余额方向'] !== '平')
      .map((row) => [`${row['科目编号']} ${row['辅助项1编号']}`, moneyText(signed(row['期末余额方向']!, row['期末本币余额']!))] as const);
    t.strictSame(new Map(closing), await balancesOf(h, `2031-${period}`), `month ${period}`);
  }
  const later = new Map(balances.filter((row) => row['会计期间号'] === '11').map((row) => [`${row['科目编号']} ${row['辅助项1编号']}`, row]));
  for (const row of balances.filter((one) => one['会计期间号'] === '10')) {
    const next = later.get(`${row['科目编号']} ${row['辅助项1编号']}`)!;
    t.same([next['期初余额方向'], next['期初本币余额']], [row['期末余额方向'], row['期末本币余额']]);
  }
});

t.test('what is not covered is said, in both languages', async (t) => {
  const [readme] = interfaceFiles(h.house, await openBooks(h.house, h.estate, {}));
  t.match(readme!.content, '没有包括的，和原因');
  t.match(readme!.content, 'Not covered, and why');
  t.match(readme!.content, '2024');
});
