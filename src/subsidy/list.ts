// The list that goes to the funder with a batch: as a workbook to check and as a paper to sign. No names: the dwelling, the bill, what was paid and when.
// Code, bill and amount are there so that the funder can compute the hash that was signed: the rows [code, bill, amount], sorted by code and bill, as JSON.
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyCapital, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { workbook } from '../web/xlsx.ts';
import type { SheetColumn } from '../web/xlsx-parts.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import type { BatchRow, ClaimRow, Scheme } from './queries.ts';
import { texts } from './texts.ts';

export interface FunderList { estate: { name_zh: string; name_en: string }; batch: BatchRow; scheme: Scheme; claims: ClaimRow[]; today: string }

const totalOf = (claims: readonly ClaimRow[]): string => moneyText(sum(claims.map((row) => money(row.amount))));

export function listWorkbook({ claims }: FunderList, locale: Locale): AsyncGenerator<Uint8Array> {
  const t = pick(texts, locale);
  const columns: SheetColumn[] = [
    { key: 'unit', title: t.unit, width: 14 }, { key: 'item', title: t.item, width: 16 }, { key: 'period', title: t.month, width: 10 },
    { key: 'billed', title: t.billed, type: 'money', width: 12 }, { key: 'paid', title: t.paid, type: 'money', width: 12 },
    { key: 'paid_on', title: t.paid_on, type: 'date', width: 12 }, { key: 'amount', title: t.subsidy, type: 'money', width: 12 },
    { key: 'ref', title: t.code, width: 28 }, { key: 'bill_id', title: t.bill_number, type: 'number', width: 10 },
  ];
  const rows = claims.map((row) => ({ ...row, item: locale === 'zh' ? row.name_zh : row.name_en }));
  return workbook([{ name: locale === 'zh' ? '申报名单' : 'Claims', columns, count: rows.length, rows: [rows as never] }]);
}

export function listPaper({ estate, batch, scheme, claims, today }: FunderList, locale: Locale): Paper {
  const t = pick(texts, locale);
  const total = totalOf(claims);
  const units = new Set(claims.map((row) => row.unit)).size;
  return {
    locale, estate: locale === 'zh' ? estate.name_zh : estate.name_en, title: t.paper_title, number: fill(t.batch, { batch: batch.batch }),
    blocks: [
      { kind: 'facts', items: [
        { label: t.funder, value: scheme.funder }, { label: t.name_zh, value: locale === 'zh' ? scheme.name_zh : scheme.name_en },
        { label: t.paper_count, value: String(claims.length) }, { label: t.paper_units, value: String(units) },
      ] },
      { kind: 'amount', label: t.paper_sum, figures: moneyFigures(money(total)), capital: moneyCapital(money(total)) },
      { kind: 'text', text: t.paper_text },
      { kind: 'table', caption: t.list, columns: [
        { title: t.unit, align: 'left', width: 16 }, { title: t.bill, align: 'left', width: 26 }, { title: t.paid, align: 'right', width: 14 },
        { title: t.paid_on, align: 'left', width: 20 }, { title: t.subsidy, align: 'right', width: 14 },
      ], rows: claims.map((row) => [row.unit, `${formatPeriod(row.period, locale)} ${locale === 'zh' ? row.name_zh : row.name_en}`, moneyFigures(money(row.paid)),
        row.paid_on === null ? '' : formatDate(row.paid_on, locale), moneyFigures(money(row.amount))]),
        total: [fill(t.paper_total, { count: claims.length }), '', '', '', moneyFigures(money(total))] },
      { kind: 'signatures', lines: [{ label: locale === 'zh' ? '物业公司（盖章）' : 'Property company' }, { label: locale === 'zh' ? '业主委员会（盖章）' : 'Owners\' committee' }, { label: scheme.funder }] },
      { kind: 'text', text: fill(t.paper_foot, { hash: batch.list_sha256 ?? '' }), small: true },
    ],
    foot: `${t.batch_title.replace('{batch}', String(batch.batch))} · ${formatDate(today, locale)}`,
  };
}
