// Papers: receipts, bills, statements and letters as they are printed, read back by a foreign reader.
import t from 'tap';
import { printer, closePrinter } from '../../reports/printer.ts';
import { renderPapers } from '../../reports/paper/layout.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import { readPdf } from './reading.ts';

const made_at = '2026-03-05T02:00:00Z';
const column = (title: string, align: 'left' | 'right' = 'left') => ({ title, align, width: 1 });
const rows = (count: number): string[][] => Array.from({ length: count }, (_, place) => [`行${place + 1}`, '210.00']);
const paper = (change: Partial<Paper> = {}): Paper => ({
  locale: 'zh', estate: '示例小区', title: '收据', number: 'No. 000123', foot: '编号连续，不涂改。', made_at,
  blocks: [
    { kind: 'heading', text: '一' }, { kind: 'text', text: '第一行\n第二行', strong: true }, { kind: 'text', text: '小字', small: true },
    { kind: 'facts', items: [{ label: '房屋', value: '3-2-1002' }, { label: '付款人', value: '王小明' }, { label: '说明', value: '很长'.repeat(80) }] },
    { kind: 'amount', label: '实收', figures: '9,999,999,999.99 元', capital: '玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分' },
    { kind: 'table', caption: '明细', columns: [column('项目'), column('金额', 'right')], rows: rows(2), total: ['合计', '420.00'] },
    { kind: 'table', caption: '空表', columns: [column('项目')], rows: [], empty: '没有。' },
    { kind: 'qr', text: 'https://example.org/e/x/receipts/123', caption: '扫码\nhttps://example.org' },
    { kind: 'signatures', lines: [{ label: '收款人', name: '李会计', day: '2026-03-05' }, { label: '签收' }, { label: '复核' }] },
  ],
  ...change,
});

t.test('a paper says all it was given, tagged and titled, and the same paper is the same file', async (t) => {
  const bytes = await renderPapers([paper()], 'zh');
  const read = await readPdf(bytes);
  for (const part of ['示例小区', '收据', 'No.000123', '第一行', '第二行', '小字', '3-2-1002', '王小明', '很长'.repeat(80), '9,999,999,999.99元', '玖角玖分', '行2', '420.00', '没有。', '扫码', '李会计', '2026-03-05', '签收', '复核', '编号连续']) t.ok(read.text.includes(part), part);
  t.ok(read.tagged);
  t.match(read, { lang: 'zh-CN', title: '收据 No. 000123 · 示例小区' });
  t.equal(read.tags.get('H1'), 1);
  t.equal(read.tags.get('Table'), 2);
  t.equal(read.tags.get('Figure'), 1);
  t.same(await renderPapers([paper()], 'zh'), bytes);
  t.same(await printer().papers([paper()]), bytes, 'and so from the thread');
  await closePrinter();
});

t.test('a void one bears its stamp on every page; a long one goes on under its name; each begins on a page of its own', async (t) => {
  const long = paper({ title: '对账单', number: undefined, stamp: '作废', blocks: [{ kind: 'table', caption: '明细', columns: [column('项目'), column('金额', 'right')], rows: rows(45), total: ['合计', '9450.00'] }] });
  const { pages, outline } = await readPdf(await renderPapers([long, paper({ title: '第二张', blocks: [{ kind: 'text', text: '短' }] })], 'zh'));
  t.equal(pages.length, 3);
  t.ok(pages.slice(0, 2).every((page) => page.includes('作废')));
  t.notMatch(pages[2], /作废/);
  t.match(pages[0], /1 \/ 2/);
  t.match(pages[1], /对账单.*行45.*合计.*2 \/ 2/s);
  t.match(pages[2], /第二张/);
  t.notMatch(pages[2], /\d \/ \d/, 'one page needs no count');
  t.same(outline.map(({ title }) => title), ['对账单', '第二张  No. 000123']);
});

t.test('what the fonts lack, what breaks nowhere, what is far too long, and nothing at all', async (t) => {
  const odd = paper({ title: `${'很长的标题'.repeat(20)}`, estate: '𠮷小区', foot: 'x'.repeat(900), blocks: [
    { kind: 'text', text: 'a'.repeat(3000) }, { kind: 'facts', items: [{ label: '很长的标签'.repeat(10), value: '值'.repeat(4000) }, { label: '', value: '' }] },
    { kind: 'table', caption: '', columns: [column('x'), column('y', 'right')], rows: [['长'.repeat(3000), '1'.repeat(300)]] },
    { kind: 'amount', label: '金额', figures: '1'.repeat(200) }, { kind: 'signatures', lines: [] }, { kind: 'facts', items: [] },
  ] });
  const { text } = await readPdf(await renderPapers([odd, paper({ blocks: [] })], 'en'));
  t.match(text, /〔U\+20BB7〕|𠮷/);
  t.ok(text.includes('值'.repeat(20)));
  await t.rejects(renderPapers([], 'zh'));
});
