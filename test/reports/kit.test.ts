import t from 'tap';
import { faces, printable, unprintable, widthOf } from '../../reports/kit/fonts.ts';
import { breakLines } from '../../reports/kit/lines.ts';
import { figures } from '../../reports/kit/table.ts';
import { SealedDocument } from '../../reports/kit/document.ts';
import { chartWords, monthsChart, shortAmount } from '../../src/web/chart.ts';
import { clockAt } from '../../src/kernel/dates.ts';
import { readPdf } from './reading.ts';

await t.test('the fonts say which characters they lack', async (t) => {
  t.same(unprintable('㙟𠮷😀物业 fee\u200b\n'), ['𠮷', '😀']);
  t.equal(printable('㙟𠮷\u200d\tx\r\ny'), '㙟〔U+20BB7〕 x\ny');
  t.equal(printable('\ud842 alone'), '〔U+D842〕 alone');
});

await t.test('figures all have the same width, so that columns stand straight', async (t) => {
  for (const face of Object.values(faces())) {
    t.same(new Set([...'0123456789−'].map((digit) => widthOf(digit, face, 10))).size, 1);
  }
});

await t.test('lines break as Chinese is set', async (t) => {
  const { regular } = faces();
  const lines = (text: string, width: number): string[] => breakLines(text, regular, 10, width);
  t.same(
    lines('更换灯具，含拆除旧灯。', 40),
    ['更换灯', '具，含拆', '除旧灯。'],
    'no comma opens a line',
  );
  t.same(lines('共（28 户）已收', 25), ['共', '（28 ', '户）', '已收'], 'no bracket closes a line');
  t.same(
    lines('lamp replacement', 30),
    ['lamp ', 'replac', 'emen', 't'],
    'a word longer than the line is cut',
  );
  t.same(lines('', 60), ['']);
  t.equal(lines('长'.repeat(10_000), 100).length, 1000);
});

await t.test('amounts are printed with separators and the true minus', async (t) => {
  t.equal(figures('-7000.00'), '−7,000.00');
  t.equal(figures('1234567.89'), '1,234,567.89');
  t.equal(figures('0.00'), '0.00');
});

await t.test('the chart puts every bar on the zero line and in its month', async (t) => {
  const months = [
    { period: '2025-12', received: '100.00', paid: '50.00' },
    { period: '2026-01', received: '-20.00', paid: '0.00' },
  ];
  const chart = monthsChart(months, {
    width: 200,
    height: 100,
    left: 10,
    right: 10,
    top: 10,
    bottom: 10,
  });
  t.equal(chart.bars.length, 4);
  const [first, second, third, fourth] = chart.bars;
  t.ok(Math.abs(first!.y + first!.height - chart.zeroY) < 1e-9);
  t.ok(Math.abs(first!.height - second!.height * 2) < 1e-9, 'heights are proportional');
  t.ok(Math.abs(third!.y - chart.zeroY) < 1e-9, 'negative hangs below');
  t.equal(fourth!.height, 0);
  t.same(
    chart.labels.map(({ month, year }) => [month, year]),
    [
      ['12', '2025'],
      ['1', '2026'],
    ],
  );
  t.equal(
    monthsChart([], { width: 9, height: 9, left: 0, right: 0, top: 0, bottom: 0 }).bars.length,
    0,
  );
  t.equal(shortAmount('66809.20', 'zh', 1), '6.7');
  t.match(chartWords(months, 'zh'), '2025年12月：收到 100.00 元，付出 50.00 元');
});

await t.test(
  'pages, outline and structure survive a foreign reader (guards the pdfkit seam)',
  async (t) => {
    const document = new SealedDocument({
      title: '试',
      author: '甲',
      subject: '乙',
      lang: 'zh-CN',
      created: clockAt('2026-11-10T00:00:00Z')(),
      fileId: new Uint8Array(16).fill(7),
    });
    document.bookmark('第一页');
    document.paragraph('段落'.repeat(4000));
    document.attach({
      name: 'a.txt',
      type: 'text/plain',
      description: 'x',
      bytes: Buffer.from('hello'),
    });
    const bytes = await document.seal((page, pages) => ['', `${page}/${pages}`]);
    const { pages, outline, attachments, tags } = await readPdf(bytes);
    t.ok(pages.length > 1);
    t.ok(pages.at(-1)!.endsWith(`${pages.length}/${pages.length}`));
    t.equal(outline[0]?.title, '第一页');
    t.equal(attachments.get('a.txt')?.toString(), 'hello');
    t.equal(tags.get('P'), pages.length, 'one paragraph, seen from each page');
    t.ok(bytes.includes('<07070707070707070707070707070707>'), 'the file id is ours');
  },
);
