// One bill on paper, for the letterbox and the counter.
import type { Paper } from '../../reports/paper/paper.ts';
import type { Estate } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyCapital, moneyFigures } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { BillDetail } from './bill-detail.ts';
import { itemIn, lineText, whoText, whyText } from './bill-detail-pages.tsx';
import { billTexts } from './bill-texts.ts';

const figures = (amount: string): string => moneyFigures(money(amount));

export function billPaper(bill: BillDetail, estate: Pick<Estate, 'name_zh' | 'name_en'>, locale: Locale): Paper {
  const t = pick(billTexts, locale);
  const name = locale === 'zh' ? estate.name_zh : estate.name_en;
  const month = formatPeriod(bill.period, locale);
  const wide = [{ title: t.what, align: 'left' as const, width: 3 }, { title: t.amount, align: 'right' as const, width: 1 }];
  return {
    locale, estate: name, title: fill(t.bill_of, { month, item: itemIn(bill, locale) }), number: fill(t.number, { bill: bill.bill_id }),
    foot: fill(t.foot, { estate: name }),
    blocks: [
      { kind: 'facts', items: [
        { label: t.unit, value: bill.unit }, { label: t.month, value: month }, { label: t.item, value: itemIn(bill, locale) }, { label: t.due_on, value: formatDate(bill.due_on, locale) },
        { label: t.made_on, value: formatDate(bill.made_on, locale) },
        { label: t.rule, value: bill.rule_id === null ? (bill.imported ? t.rule_imported : t.rule_own) : fill(t.rule_signed, { rule: bill.rule_id }) },
      ] },
      { kind: 'amount', label: t.open, figures: figures(bill.open), ...(locale === 'zh' ? { capital: moneyCapital(money(bill.open)) } : {}) },
      ...(bill.of === null ? [] : [{ kind: 'text' as const, text: fill(t.late_of, { month: formatPeriod(bill.of.period, locale), item: itemIn(bill.of, locale) }) }]),
      { kind: 'table', caption: t.how, columns: wide, empty: t.no_lines, total: [t.total, figures(bill.amount)],
        rows: bill.lines.map((line) => [lineText(line, locale), figures(line.amount)]) },
      ...(bill.shares.length === 0 ? [] : [{ kind: 'table' as const, caption: t.shares,
        columns: [{ title: t.days, align: 'left' as const, width: 3 }, { title: t.count, align: 'right' as const, width: 1 }, { title: t.who, align: 'left' as const, width: 2 }, { title: t.amount, align: 'right' as const, width: 1.5 }],
        rows: bill.shares.map((row) => [`${formatDate(row.from, locale)} – ${formatDate(row.to, locale)}`, String(row.days), whoText(row, t, locale), figures(row.amount)]) }]),
      ...(bill.reductions.length === 0 ? [] : [{ kind: 'table' as const, caption: t.reductions, columns: wide, rows: bill.reductions.map((row) => [whyText(row.why, t), figures(row.amount)]) }]),
      { kind: 'table', caption: t.receipts, empty: t.none_paid,
        columns: [{ title: t.day, align: 'left', width: 2 }, { title: t.entry, align: 'left', width: 2 }, { title: t.amount, align: 'right', width: 1.5 }],
        rows: bill.entries.map((row) => [formatDate(row.entry_date, locale), `${row.number}${row.reversed ? ` (${t.reversed})` : ''}`, figures(row.amount)]) },
    ],
  };
}
