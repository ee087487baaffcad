import { createHash } from 'node:crypto';
import t from 'tap';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { renderMonthlyDisclosure } from '../../reports/monthly-disclosure/layout.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { figures as printed } from '../../reports/kit/table.ts';
import { figuresOf, fixtureMonth, hardMonth, longMonth, sampleSeal } from './sample.ts';
import { beside } from './beside.ts';
import { readCsv, readPdf, squeezed } from './reading.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const times = (text: string, part: string): number => text.split(part).length - 1;

await t.test(
  'the fixture month prints the balances of the brief, in Chinese and English',
  async (t) => {
    for (const locale of ['zh', 'en'] as const) {
      const { pages, text, title, lang } = await readPdf(
        await renderMonthlyDisclosure(fixtureMonth(), locale),
      );
      for (const amount of ['143,131.00', '66,809.20', '64,295.72', '145,644.48']) {
        t.ok(squeezed(pages[0]!).includes(amount), `${amount} on page one`);
      }
      t.ok(text.includes(squeezed(locale === 'zh' ? '第 1 / 4 页' : 'Page 1 of 4')));
      t.match(
        title,
        locale === 'zh'
          ? '示例小区 2026 年 10 月 收支公示（第 1 版）'
          : 'Example Estate: statement of income',
      );
      t.equal(lang, locale === 'zh' ? 'zh-CN' : 'en');
      const bridge =
        locale === 'zh'
          ? '期初143,131.00＋收入66,809.20＋其他收到0.00−支出64,295.72−其他付出0.00＝期末145,644.48'
          : 'Opening143,131.00+income66,809.20+otherreceived0.00' +
            '−expense64,295.72−otherpaid0.00=closing145,644.48';
      t.ok(text.includes(bridge), 'the line from opening to closing');
    }
  },
);

await t.test('two printings are the same bytes, in whatever process or thread', async (t) => {
  const first = await renderMonthlyDisclosure(hardMonth(), 'zh');
  const second = await renderMonthlyDisclosure(hardMonth(), 'zh');
  t.equal(sha256(first), sha256(second));
  const other = await renderMonthlyDisclosure(hardMonth({ version: 3 }), 'zh');
  t.not(sha256(first), sha256(other));
});

await t.test('a sealed file carries six attachments, as they were given, and is the same bytes again', async (t) => {
  const seal = sampleSeal();
  const first = await renderMonthlyDisclosure(fixtureMonth(), 'zh', seal);
  t.equal(sha256(first), sha256(await renderMonthlyDisclosure(fixtureMonth(), 'zh', sampleSeal())));
  const { attachments, pages, text } = await readPdf(first);
  t.same(
    [...attachments.keys()].sort(),
    ['earlier.tsv', 'entries.csv', 'facts.json', 'figures.json', 'records.tsv', 'seal.json'],
  );
  for (const [name, bytes] of Object.entries(seal.files)) {
    t.ok(attachments.get(name)!.equals(bytes), name);
  }
  const page = squeezed(pages[0]!);
  for (const words of [
    '检查点：存证第18,347条，根0ac5186a91863e8e',
    '见证：业委会1人、街道或社区1人、业主3人（截至存证第18,120条，2026-11-08）',
    squeezed(seal.vkey),
  ]) {
    t.ok(page.includes(words), words);
  }
  t.notOk(page.includes('本期没有检查点'));
  t.ok(text.includes(seal.root) && text.includes('books.example.cn/verify'), 'the last page');
  const other = sampleSeal({ note: `${seal.note}x` });
  t.not(sha256(first), sha256(await renderMonthlyDisclosure(fixtureMonth(), 'zh', other)));
});

await t.test('what was published without a checkpoint says so in red on page one', async (t) => {
  for (const [locale, words] of [
    ['zh', '本期没有检查点'],
    ['en', 'Nocheckpointthismonth'],
  ] as const) {
    const { pages, attachments } = await readPdf(
      await renderMonthlyDisclosure(fixtureMonth(), locale),
    );
    t.ok(squeezed(pages[0]!).includes(words));
    t.equal(attachments.size, 2);
    const draft = await readPdf(
      await renderMonthlyDisclosure(fixtureMonth({ published_at: null }), locale),
    );
    t.notOk(draft.text.includes(words), 'a draft has none yet');
  }
});

await t.test('every entry of 600 is in the PDF exactly once, and nothing else is', async (t) => {
  const figures = longMonth(600);
  const { text, tags } = await readPdf(await renderMonthlyDisclosure(figures, 'zh'));
  const wrong = figures.entries.filter(
    ({ description, number }) => times(text, squeezed(`${number}${description}`)) !== 1,
  );
  t.same(wrong, []);
  const cells = [...text.matchAll(/(收|付)-\d{3}/g)].map(([number]) => number);
  t.equal(cells.length, 600, 'each voucher number stands once');
  t.equal(new Set(cells).size, 600);
  t.ok(tags.get('TD')! >= 600 * 9, 'nine cells each');
});

function sumsOfCsv(text: string): { received: string; paid: string; entries: number } {
  const [head = [], ...rows] = readCsv(text);
  const column = (name: string): string[] =>
    rows.map((row) => row[head.indexOf(name)] ?? '').filter((cell) => cell !== '');
  return {
    received: moneyText(sum(column('收到').map(money))),
    paid: moneyText(sum(column('付出').map(money))),
    entries: column('余额').length,
  };
}

await t.test(
  'page one, the printed total, the attached CSV and JSON agree to the fen',
  async (t) => {
    for (const figures of [fixtureMonth(), longMonth(123), hardMonth()]) {
      const { text, attachments } = await readPdf(await renderMonthlyDisclosure(figures, 'zh'));
      t.same([...attachments.keys()].sort(), ['entries.csv', 'figures.json']);
      const json = JSON.parse(
        attachments.get('figures.json')!.toString('utf8'),
      ) as DisclosureFigures;
      t.same(json, figures, 'figures.json is all of it');
      const csv = attachments.get('entries.csv')!.toString('utf8');
      const sums = sumsOfCsv(csv);
      t.same(sums, {
        received: figures.received,
        paid: figures.paid,
        entries: figures.entries.length,
      });
      const amounts = [figures.received, figures.paid, figures.closing].map(printed);
      const total = `合计（${figures.entries.length}笔）${amounts.join('')}`;
      t.equal(times(text, squeezed(total)), 1, 'the printed total');
    }
  },
);

await t.test(
  'the file calls itself tagged PDF/A-3a and has an outline with every day',
  async (t) => {
    const bytes = await renderMonthlyDisclosure(longMonth(40), 'zh');
    const raw = bytes.toString('latin1');
    for (const part of [
      '/StructTreeRoot',
      '/MarkInfo',
      '/OutputIntents',
      '/Lang (',
      '/AFRelationship /Data',
    ]) {
      t.ok(raw.includes(part), part);
    }
    const { xmp, outline, tagged, tags } = await readPdf(bytes);
    t.match(xmp, /<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>A</);
    t.ok(tagged);
    for (const tag of ['H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD', 'Figure'])
      t.ok(tags.has(tag), tag);
    t.ok(outline.some(({ title }) => title === '怎样核对这份文件'));
    t.equal(outline.find(({ title }) => title.startsWith('本月每一笔'))?.children.length, 31);
  },
);

await t.test('a memo of 10,000 characters is printed in full', async (t) => {
  const figures = hardMonth();
  const long = figures.entries.find(({ number }) => number === '付-021')!;
  t.equal(long.description.length, 10_000);
  const { pages } = await readPdf(await renderMonthlyDisclosure(figures, 'zh'));
  const characters = pages.map((page) => times(page, '长')).reduce((a, b) => a + b, 0);
  t.equal(characters, 9_996 + 1, 'and one in “摘要较长”');
  t.ok(pages.join('').includes('开头长') && pages.join('').includes('长结尾'));
});

await t.test(
  'rare characters are printed, or named by number where the fonts lack them',
  async (t) => {
    const { text } = await readPdf(await renderMonthlyDisclosure(hardMonth(), 'zh'));
    t.ok(text.includes('㙟先生'), 'in the font');
    t.ok(text.includes('〔U+20BB7〕女士'), 'not in the font');
    t.ok(text.includes('U+1F600、U+20BB7'), 'the last page says so');
    t.notOk(text.includes('\u0000'), 'no empty boxes');
  },
);

await t.test('what is missing or wrong stands on page one, in words', async (t) => {
  const { pages, text } = await readPdf(await renderMonthlyDisclosure(hardMonth(), 'zh'));
  const first = squeezed(pages[0]!);
  for (const words of [
    '草稿尚未发布',
    '差额860.00。',
    '本月未交银行对账单',
    '本版更正',
    '请注意',
    '1.结账只有一方签署',
    '3.2个质询逾期未答',
  ]) {
    t.ok(first.includes(words), words);
  }
  for (const words of [
    '860.00不符',
    '未交对账单',
    '【红字】冲销付-004',
    '【已冲销】由付-018红字冲销',
    '−513.60',
  ]) {
    t.ok(text.includes(words), words);
  }
  const english = await readPdf(await renderMonthlyDisclosure(hardMonth(), 'en'));
  for (const words of [
    'Pleasenote',
    'Draft,notpublished',
    '[red]reverses',
    'nostatementhandedin',
  ]) {
    t.ok(english.text.includes(words), words);
  }
});

await t.test(
  'figures that do not add up are printed as they are, with the difference',
  async (t) => {
    const figures = fixtureMonth({ closing: '145644.49', received: '66809.21' });
    const { text } = await readPdf(await renderMonthlyDisclosure(figures, 'zh'));
    t.ok(text.includes('与期末余额相差−0.01'));
    t.ok(text.includes('差额收到−0.01'));
  },
);

await t.test('an empty month and a month of one entry are whole disclosures', async (t) => {
  const empty = await readPdf(
    await renderMonthlyDisclosure(
      figuresOf([], { signatures: [], published_at: null, months: [], bank: [] }),
      'zh',
    ),
  );
  t.ok(empty.text.includes('本月没有任何收付'));
  t.ok(empty.text.includes('尚未签署'));
  const one = await readPdf(await renderMonthlyDisclosure(longMonth(1), 'zh'));
  t.equal(times(one.text, '收-001'), 1);
  t.ok(one.text.includes('合计（1笔）'));
});

await t.test('the total never stands alone on a page', async (t) => {
  for (let count = 14; count <= 44; count += 3) {
    const { pages } = await readPdf(await renderMonthlyDisclosure(longMonth(count), 'zh'));
    const page = squeezed(pages.find((text) => squeezed(text).includes(`合计（${count}笔）`))!);
    t.match(page, new RegExp(`第${count}笔`), `${count} entries: the last one is beside it`);
  }
});

await t.test('names that would break the metadata are escaped', async (t) => {
  const figures = fixtureMonth();
  figures.estate.name_zh = 'A & <B> 小区';
  const { xmp, title } = await readPdf(await renderMonthlyDisclosure(figures, 'zh'));
  t.match(xmp, 'A &amp; &lt;B&gt; 小区');
  t.match(title, 'A & <B> 小区');
});

await t.test('what stands beside the books is printed after them, and says that it is none of them', async (t) => {
  const told = beside();
  const { pages, text } = await readPdf(await renderMonthlyDisclosure(fixtureMonth(told), 'zh'));
  const one = squeezed(pages[0]!);
  t.ok(one.includes('本月提出6个，答复5个，其中逾期才答1个；待答复2个在期限内，1个逾期，1个严重逾期'), 'questions on page one');
  t.ok(one.includes('账目自检：2026-11-1002:10核对24项，全部通过'), 'and the nightly checks');
  for (const words of [
    '支出合计308,400.00250,780.5030,380.0027,239.5081%', '公共收益·绿化18,000.0017,500.009,800.00−9,300.0097%', '超预算，每张都写明理由',
    '360,000.0098,000.00306,700.00210,000.000.0096,700.00', '备查（账外）：“社区保障资金”另有12,000.00元由出资方自己支付',
    '满意度调查（不是账目）', '448户可答，收到187份（41.7%）', '满意（4–5分）90.4%', '作答太少，不公布',
  ]) t.ok(text.includes(squeezed(words)), words);
  t.ok(text.indexOf('满意度调查') > text.indexOf('十二个月收付'), 'the survey comes after every table of the accounts');
  const plain = await readPdf(await renderMonthlyDisclosure(fixtureMonth(), 'zh'));
  for (const words of ['业主质询（', '账目自检', '预算执行', '专项项目', '满意度']) t.notOk(plain.text.includes(words), `a month without: ${words}`);
  const failed = { ...told.checks, failed: [{ name_zh: '凭证号连续', name_en: 'Numbers without a gap' }] };
  t.ok(squeezed((await readPdf(await renderMonthlyDisclosure(fixtureMonth({ checks: failed }), 'en'))).pages[0]!).includes('1failed:Numberswithoutagap.'));
});
