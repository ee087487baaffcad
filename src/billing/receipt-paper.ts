// A receipt on paper (收据): readable when printed on A5, with what the money paid and a code that leads to its entry in the books.
import type { Estate } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyCapital, moneyFigures } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import { methodNames } from './counter.ts';
import type { ReceiptPart, ReceiptShown } from './receipt-queries.ts';
import { receiptTexts } from './receipt-texts.ts';

/** "000123". */
export const receiptNumber = (number: number): string => String(number).padStart(6, '0');

/** "预交停车费（出账后自动冲抵）". */
export function partName({ kind, name }: Pick<ReceiptPart, 'kind' | 'name'>, locale: Locale): string {
  return fill(pick(receiptTexts, locale)[kind], { name: name[locale] });
}

/** "2026年10月", or "2026年12月起" of what is ahead. */
export function partMonth({ kind, period }: Pick<ReceiptPart, 'kind' | 'period'>, locale: Locale): string {
  if (period === null) return '';
  const month = formatPeriod(period, locale);
  return kind === 'ahead' ? fill(pick(receiptTexts, locale).since, { month }) : month;
}

export interface ReceiptPaperAsked {
  estate: Pick<Estate, 'code' | 'name_zh' | 'name_en'>;
  locale: Locale;
  /** Address of the service, for the code. */
  public_url: string;
  /** Body that took the money. */
  taken_by: string;
}

export function receiptPaper(receipt: ReceiptShown, { estate, locale, public_url, taken_by }: ReceiptPaperAsked): Paper {
  const t = pick(receiptTexts, locale);
  const name = locale === 'en' && estate.name_en !== '' ? estate.name_en : estate.name_zh;
  const number = receiptNumber(receipt.number);
  const figures = moneyFigures(money(receipt.amount));
  return {
    locale, estate: name, title: t.receipt, number: fill(t.no, { number }), foot: fill(t.foot, { estate: name, number, unit: receipt.unit }),
    stamp: receipt.void_seq === null ? undefined : t.is_void,
    blocks: [
      { kind: 'facts', items: [
        { label: t.unit, value: receipt.unit }, { label: t.date, value: formatDate(receipt.entry_date, locale) },
        { label: t.payer, value: receipt.payer === null || receipt.payer === '' ? t.payer_none : receipt.payer },
        { label: t.method, value: receipt.method === null ? '–' : methodNames[receipt.method][locale] },
        { label: t.entry, value: receipt.entry }, { label: t.taken_by, value: taken_by },
      ] },
      ...(receipt.void_seq === null ? [] : [{ kind: 'text' as const, strong: true, text: fill(t.void_notice, { on: formatDate(receipt.void_on!, locale), entry: receipt.void_entry! }) }]),
      { kind: 'amount', label: t.received, figures: `¥${figures}`, capital: locale === 'zh' ? moneyCapital(money(receipt.amount)) : undefined },
      {
        kind: 'table', caption: t.what_for,
        columns: [{ title: t.part, align: 'left', width: 50 }, { title: t.period, align: 'left', width: 22 }, { title: t.amount, align: 'right', width: 18 }],
        rows: receipt.parts.map((part) => [partName(part, locale), partMonth(part, locale), moneyFigures(money(part.amount))]),
        total: [t.total, '', figures],
      },
      { kind: 'text', small: true, text: `${t.choice_note}${locale === 'zh' ? '' : ' '}${t.keep}` },
      { kind: 'qr', text: `${public_url}/e/${estate.code}/journal/${receipt.seq}`, caption: fill(t.qr, { entry: receipt.entry }) },
    ],
  };
}
