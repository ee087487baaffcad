// Every entry of the month as a spreadsheet: one line per entry line. Received, paid, balance and
// all else that belongs to the entry as a whole stand on its first line only, so that each column
// adds up to the printed total. UTF-8 with byte order mark, or a Chinese Excel shows garbage.
import type { Locale } from '../../src/kernel/locale.ts';
import type { DisclosureFigures, EntryLine, EntryRow, Named } from './figures.ts';

const heads: Record<Locale, readonly string[]> = {
  zh: [
    '记录号',
    '凭证号',
    '类别',
    '日期',
    '摘要',
    '行号',
    '科目',
    '科目名称',
    '资金',
    '资金名称',
    '借方',
    '贷方',
    '收到',
    '付出',
    '余额',
    '附件数',
    '签批',
    '冲销',
    '被冲销',
    '质询',
    '未答复',
  ],
  en: [
    'seq',
    'number',
    'kind',
    'date',
    'description',
    'line',
    'account',
    'account_name',
    'fund',
    'fund_name',
    'debit',
    'credit',
    'received',
    'paid',
    'balance',
    'vouchers',
    'signers',
    'reverses',
    'reversed_by',
    'inquiries_asked',
    'inquiries_open',
  ],
};
const kinds: Record<Locale, Record<EntryRow['kind'], string>> = {
  zh: { receipt: '收', payment: '付', transfer: '转' },
  en: { receipt: 'receipt', payment: 'payment', transfer: 'transfer' },
};

// A spreadsheet runs a cell that begins like a formula (full-width signs count too in Chinese
// editions). Only texts are touched: a negative amount stays a number.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

export function csvText(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function entriesCsv(figures: DisclosureFigures, locale: Locale): string {
  const rows = [heads[locale].join(',')];
  const named = (row: Named): string => csvText(nameOf(row, locale));
  const fundOf = (line: EntryLine): string =>
    csvText(nameOf({ name_zh: line.fund_zh, name_en: line.fund_en }, locale));
  for (const entry of figures.entries) {
    const whole = entryCells(entry, locale);
    const start =
      `${entry.seq},${csvText(entry.number)},${kinds[locale][entry.kind]},${entry.date},` +
      csvText(entry.description);
    if (entry.lines.length === 0) rows.push(`${start},0,,,,,,,${whole}`);
    entry.lines.forEach((line, index) => {
      const rest = index === 0 ? whole : ',,,,,,,,';
      rows.push(
        `${start},${index + 1},${csvText(line.account)},${named(line)},${csvText(line.fund)},` +
          `${fundOf(line)},${line.debit},${line.credit},${rest}`,
      );
    });
  }
  return `\ufeff${rows.join('\r\n')}\r\n`;
}

/** English names where there are any, else the Chinese ones. */
export const nameOf = ({ name_zh, name_en }: Named, locale: Locale): string =>
  locale === 'en' && name_en !== '' ? name_en : name_zh;

function entryCells(entry: EntryRow, locale: Locale): string {
  const signers = [...entry.signers.map((signer) => nameOf(signer, locale)), ...marks(entry, locale)]
    .join(locale === 'zh' ? '；' : '; ');
  return [
    entry.received,
    entry.paid,
    entry.balance,
    entry.vouchers,
    csvText(signers),
    csvText(entry.reverses ?? ''),
    csvText(entry.reversed_by ?? ''),
    entry.inquiries.asked,
    entry.inquiries.open,
  ].join(',');
}

/** Beside the signers, what took their place: a column of its own would not be in earlier months' files. */
function marks({ unexplained, settles, mandate }: EntryRow, locale: Locale): string[] {
  const zh = locale === 'zh';
  return [
    ...(unexplained === undefined ? [] : [zh ? `待核实，未说明 ${unexplained.left}` : `in suspense, ${unexplained.left} unexplained`]),
    ...(settles === undefined ? [] : [zh ? `${settles.after_the_fact ? '事后补签批' : '查明'} ${settles.number}`
      : `${settles.after_the_fact ? 'signed after the fact' : 'explains'} ${settles.number}`]),
    ...(mandate === undefined ? [] : [zh ? `长期授权第 ${mandate} 号` : `standing mandate ${mandate}`]),
  ];
}
