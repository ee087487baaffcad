// Pages of receipts: the gapless list, and one receipt with what its money paid.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { methodNames } from './counter.ts';
import { partMonth, partName, receiptNumber } from './receipt-paper.ts';
import type { ReceiptPart, ReceiptRow, ReceiptShown, ReceiptTotals } from './receipt-queries.ts';
import type { Method } from './receipt.ts';
import { receiptTexts } from './receipt-texts.ts';

type T = ReturnType<typeof pick<typeof receiptTexts>>;
export const methodName = (method: Method | null, locale: Locale): string => (method === null ? '–' : methodNames[method][locale]);

export interface ReceiptsShown {
  code: string;
  /** Of all receipts of the estate; null for whoever sees their own only. */
  totals: ReceiptTotals | null;
  receipts: ReceiptRow[];
  next_cursor: string | null;
  filter: { q: string; method: string; state: string; from: string; to: string };
}

export function receiptsPage(frame: Frame, { code, totals, receipts, next_cursor, filter }: ReceiptsShown): string {
  const { locale } = frame;
  const t = pick(receiptTexts, locale);
  const here = `/e/${code}/receipts`;
  const filtered = Object.values(filter).some((value) => value !== '');
  return page({
    ...frame, title: t.receipts, lede: totals === null ? t.lede_own : t.lede,
    body: (
      <>
        {totals !== null && totals.count > 0 && <Card><Figures items={[
          { label: t.sum, amount: totals.amount }, { label: t.count, text: totals.count }, { label: t.void_count, text: totals.void_count },
          { label: t.numbers, text: fill(t.numbers_are, { first: receiptNumber(totals.first!), last: receiptNumber(totals.last!) }) },
        ]} /></Card>}
        {totals !== null && totals.count > 0 && <Filters action={here} reset_href={filtered ? here : undefined} fields={[
          { name: 'q', label: t.filter_q, type: 'search', value: filter.q },
          { name: 'method', label: t.method, type: 'select', value: filter.method, options: [{ value: '', label: t.all },
            ...Object.entries(methodNames).map(([value, name]) => ({ value, label: name[locale] }))] },
          { name: 'state', label: t.state, type: 'select', value: filter.state, options: [{ value: '', label: t.all }, { value: 'stands', label: t.stands }, { value: 'void', label: t.is_void }] },
          { name: 'from', label: t.from, type: 'date', value: filter.from }, { name: 'to', label: t.to, type: 'date', value: filter.to },
        ]} />}
        <LedgerTable caption={t.receipts} caption_hidden rows={receipts} csv={totals === null ? undefined : csvTwin(withQuery(frame.here, { cursor: null }))}
          rowState={(row) => (row.void_seq === null ? undefined : 'muted')} empty={<EmptyState title={t.none} />} columns={[
            { key: 'number', title: t.number, lead: true, cell: (row) => <><a href={`${here}/${row.number}`}>{receiptNumber(row.number)}</a>{row.void_seq !== null && <> <Chip tone="red">{t.is_void}</Chip></>}</> },
            { key: 'entry_date', title: t.date, type: 'date', cell: (row) => formatDate(row.entry_date, locale) },
            { key: 'unit', title: t.unit, type: 'code' },
            { key: 'payer', title: t.payer, cell: (row) => row.payer ?? '' },
            { key: 'method', title: t.method, cell: (row) => methodName(row.method, locale) },
            { key: 'amount', title: t.amount, type: 'money' },
            { key: 'entry', title: t.entry, cell: (row) => <a href={`/e/${code}/journal/${row.seq}`}>{row.entry}</a> },
          ]} />
        <Pager here={frame.here} next_cursor={next_cursor} shown={receipts.length} />
      </>
    ),
  });
}

/** What the money of a receipt, or of one that is about to be given, pays. */
export function PartsTable({ parts, total, locale, code, unit }: { parts: readonly ReceiptPart[]; total: string; locale: Locale; code?: string; unit?: string }): JSX.Element {
  const t = pick(receiptTexts, locale);
  const name = (part: ReceiptPart): JSX.Element | string => (part.bill_id === null || code === undefined ? partName(part, locale)
    : <a href={`/e/${code}/bills/${unit ?? ''}/${part.bill_id}`}>{partName(part, locale)}</a>);
  return (
    <LedgerTable caption={t.what_for} caption_hidden rows={parts} totals={[{ label: t.total, cells: { amount: money(total) } }]} columns={[
      { key: 'name', title: t.part, lead: true, cell: name },
      { key: 'period', title: t.period, cell: (part) => partMonth(part, locale) },
      { key: 'open', title: t.left, cell: (part) => (part.open === null ? '' : Number(part.open) === 0 ? <Chip tone="ok">{t.settled}</Chip> : part.open), type: 'number' },
      { key: 'amount', title: t.amount, type: 'money' },
    ]} />
  );
}

export interface OneReceipt {
  code: string;
  receipt: ReceiptShown;
  taken_by: string;
  officer: boolean;
  /** Whether the viewer may propose to void it, and the proposal that does so already. */
  may_void: boolean;
  reversal: number | null;
  /** Whether the viewer takes payments. */
  cashier: boolean;
}

function VoidCard({ code, receipt, may_void, reversal, t }: OneReceipt & { t: T }): JSX.Element | null {
  if (receipt.void_seq !== null) return null;
  if (reversal !== null) return <Notice tone="amber" action={{ href: `/e/${code}/proposals/${reversal}`, label: t.see_proposal }}>{t.reversal_waits}</Notice>;
  if (!may_void) return null;
  return <p class="hint"><a href={`/e/${code}/journal/${receipt.seq}/reversal`}>{t.void_link}</a> · {t.void_hint}</p>;
}

export function receiptPage(frame: Frame, shown: OneReceipt): string {
  const { locale } = frame;
  const t = pick(receiptTexts, locale);
  const { code, receipt, taken_by, cashier } = shown;
  const number = receiptNumber(receipt.number);
  return page({
    ...frame, title: `${t.receipt} ${fill(t.no, { number })}`, crumbs: [{ href: `/e/${code}/receipts`, label: t.back }],
    body: (
      <>
        {receipt.void_seq !== null && <Notice tone="alarm" title={t.is_void} action={{ href: `/e/${code}/journal/${receipt.void_seq}`, label: t.see_entry }}>
          {fill(t.void_notice, { on: formatDate(receipt.void_on!, locale), entry: receipt.void_entry! })}
        </Notice>}
        <Card actions={<>
          <ActionLink href={`/e/${code}/receipts/${receipt.number}/receipt.pdf`}>{t.print}</ActionLink>
          {cashier && <ActionLink href={`/e/${code}/counter`} kind="alt">{t.next_payment}</ActionLink>}
        </>}>
          <Figures items={[{ label: t.received, amount: receipt.amount }]} />
          <DescriptionList items={[
            { term: t.unit, value: <a href={`/e/${code}/bills/${receipt.unit}`}>{receipt.unit}</a> },
            { term: t.date, value: formatDate(receipt.entry_date, locale) },
            { term: t.payer, value: receipt.payer === null || receipt.payer === '' ? t.payer_none : receipt.payer },
            { term: t.method, value: methodName(receipt.method, locale) },
            { term: t.entry, value: <a href={`/e/${code}/journal/${receipt.seq}`}>{receipt.entry}</a> },
            { term: t.taken_by, value: taken_by },
          ]} />
        </Card>
        <Card title={t.what_for}>
          <PartsTable parts={receipt.parts} total={receipt.amount} locale={locale} code={code} unit={receipt.unit} />
          <p class="hint">{t.choice_note}</p>
        </Card>
        <VoidCard {...shown} t={t} />
      </>
    ),
  });
}
