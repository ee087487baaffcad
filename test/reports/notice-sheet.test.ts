import t from 'tap';
import { renderNoticeSheet } from '../../reports/notice-sheet/layout.ts';
import type { NoticeSheet } from '../../reports/notice-sheet/sheet.ts';
import { openPrinter } from '../../reports/printer.ts';
import { fixtureMonth, hardMonth, sampleSeal } from './sample.ts';
import { readPdf, squeezed } from './reading.ts';

function sheet(given: Partial<NoticeSheet> = {}, month = fixtureMonth()): NoticeSheet {
  const { estate, period, version, opening, received, paid, closing, notices } = month;
  const { files: _files, ...seal } = sampleSeal();
  return {
    estate,
    period,
    version,
    published_at: '2026-11-10T00:00:00Z',
    opening,
    received,
    paid,
    closing,
    notices,
    pdf_zh_sha256: '2b'.repeat(32),
    pdf_en_sha256: '7e'.repeat(32),
    verifier_sha256: '5c'.repeat(32),
    seal,
    ...given,
  };
}

await t.test('the sheet says the month, the checkpoint in groups of four, and the whole key', async (t) => {
  const { seal } = sheet();
  for (const [locale, words] of [
    ['zh', ['收支公示2026年10月', '本月收到66,809.20', '存证记录共18,347条', '业委会1人、街道或社区1人、业主3人']],
    ['en', ['Incomeandexpense,October2026', 'Paidthismonth64,295.72', 'Theloghas18,347records', 'committee1']],
  ] as const) {
    const { pages, text, tags, lang } = await readPdf(await renderNoticeSheet(sheet(), locale));
    t.equal(pages.length, 1);
    for (const word of [...words, seal!.root, squeezed(seal!.vkey), locale === 'zh' ? '2b2b2b' : '7e7e7e', '5c'.repeat(32)]) {
      t.ok(text.includes(word), word);
    }
    t.match(pages[0]!, /0ac5 186a 9186 3e8e/);
    t.equal(tags.get('Figure'), 2, 'a code of the checkpoint and one of the key');
    t.equal(lang, locale === 'zh' ? 'zh-CN' : 'en');
  }
});

await t.test('it is one page, whatever there is to warn of', async (t) => {
  for (let count = 0; count <= 40; count += 4) {
    const notices = Array.from({ length: count }, (_, at) => ({
      text_zh: `第 ${at + 1} 件事：${'说明'.repeat(40)}`,
      text_en: `Matter ${at + 1}: ${'as told here '.repeat(12)}`,
    }));
    for (const locale of ['zh', 'en'] as const) {
      const { pages, text } = await readPdf(await renderNoticeSheet(sheet({ notices }), locale));
      t.equal(pages.length, 1, `${count} warnings`);
      const cut = locale === 'zh' ? `共${count}项，全文见收支公示第一页` : `${count}inall`;
      if (count >= 8) t.ok(text.includes(cut), 'what does not fit is counted');
      t.ok(text.includes(sheet().seal!.root));
    }
  }
});

await t.test('very long names and sums are set smaller, not cut', async (t) => {
  const estate = {
    name_zh: '长'.repeat(60),
    name_en: 'Long '.repeat(16).trim(),
    trustee: '受托公司'.repeat(12),
    committee: '委员会'.repeat(14),
  };
  const { pages, text } = await readPdf(
    await renderNoticeSheet(sheet({ estate, closing: '-99999999999999.99' }), 'zh'),
  );
  t.equal(pages.length, 1);
  t.ok(text.includes('−99,999,999,999,999.99') && text.includes(estate.name_zh));
});

await t.test('a month without a checkpoint says so, and has no codes', async (t) => {
  const { pages, text, tags } = await readPdf(
    await renderNoticeSheet(sheet({ seal: null }, hardMonth()), 'zh'),
  );
  t.equal(pages.length, 1);
  t.ok(text.includes('本期没有检查点') && text.includes('请注意'));
  t.equal(tags.get('Figure'), undefined);
});

await t.test('two printings are the same bytes, in a thread too', async (t) => {
  const printer = openPrinter(1);
  t.teardown(() => printer.close());
  const first = await renderNoticeSheet(sheet(), 'zh');
  t.ok(first.equals(await renderNoticeSheet(sheet(), 'zh')));
  t.ok(first.equals(await printer.notice(sheet(), 'zh')));
  t.notOk(first.equals(await printer.notice(sheet({ version: 2 }), 'zh')));
});
