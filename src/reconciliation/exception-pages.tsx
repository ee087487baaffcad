// Debits nobody signed for, for every owner to see: what is open, and what became of the others.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { moneyFigures, money, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatDay, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, Pager } from '../web/tables.tsx';
import { daysText } from './pages.tsx';
import { exceptionRow, type Exception, type ExceptionTold, type Settlement } from './suspense.ts';
import { publicTexts } from './texts.ts';

export interface ExceptionsShown {
  code: string;
  open: Exception[];
  history: ExceptionTold[];
  next_cursor: string | null;
  acts: boolean;
}
type T = ReturnType<typeof pick<typeof publicTexts>>;

/** How it was explained, in a sentence for a table file. */
export const settledText = (row: Settlement, t: T, locale: 'zh' | 'en'): string => fill(t.settled_by, {
  day: formatDay(row.entry_date, locale), reference: row.reference, amount: moneyFigures(money(row.amount)), purpose: row.purpose, payee: row.payee_name,
});

function Outcome({ row, shown, t, locale }: { row: ExceptionTold; shown: ExceptionsShown; t: T; locale: 'zh' | 'en' }): JSX.Element {
  const settled = row.left_amount === '0.00';
  if (row.seq === null) {
    return (
      <>
        <Chip tone="red">{t.unbooked}</Chip>
        {shown.acts && <div><a class="tap" href={`/e/${shown.code}/bank/reconcile/${row.account}/${row.position}`}>{t.look_line}</a></div>}
      </>
    );
  }
  return (
    <>
      {row.reversed && <Chip>{t.reversed}</Chip>}
      {!row.reversed && !settled && <Chip tone="red">{row.settlements.length === 0 ? t.open : fill(t.partly, { amount: moneyFigures(money(row.left_amount)) })}</Chip>}
      {row.settlements.map((one) => (
        <div>
          <Chip tone={one.after_the_fact ? 'red' : 'amber'}>{one.after_the_fact ? t.after : t.before}</Chip>{' '}
          <a href={`/e/${shown.code}/journal/${one.seq}`}>{settledText(one, t, locale)}</a>
        </div>
      ))}
      {row.asked.map((one) => <div><a href={`/e/${shown.code}/proposals/${one.proposal_id}`}>{fill(t.asked, { reference: one.reference })}</a></div>)}
      {shown.acts && !settled && !row.reversed && <div><a class="tap" href={`/e/${shown.code}/bank/suspense/${row.seq}`}>{t.settle}</a></div>}
    </>
  );
}

export function exceptionsPage(frame: Frame, shown: ExceptionsShown): string {
  const { locale } = frame;
  const t = pick(publicTexts, locale);
  const { open, history } = shown;
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        {open.length === 0
          ? <Notice tone="ok" title={t.none}>{t.none_text}</Notice>
          : <Notice tone="alarm" title={t.open_title}>{fill(t.open_sum, { count: open.length, amount: moneyFigures(sum(open.map((row) => money(row.left_amount)))) })}</Notice>}
        {history.length > 0 && (
          <Card title={t.history}>
            <LedgerTable caption={t.history} caption_hidden csv={csvTwin(frame.here)} rows={history} rowId={exceptionRow}
              rowState={(row) => (row.left_amount !== '0.00' && !row.reversed ? 'alarm' : undefined)} empty={<EmptyState title={t.none} />} columns={[
                { key: 'booked_on', title: t.paid_on, type: 'date', lead: true, cell: (row) => formatDate(row.booked_on, locale) },
                { key: 'amount', title: t.amount, type: 'money', cell: (row) => <Amount value={row.amount} strong /> },
                { key: 'account_last4', title: t.account, type: 'code' },
                { key: 'days', title: t.since, type: 'number', cell: (row) => (row.left_amount === '0.00' || row.reversed ? '' : daysText(row.days, t)) },
                { key: 'number', title: t.entry, type: 'code', cell: (row) => (row.seq === null ? fill(t.line_n, { position: row.position })
                  : <a href={`/e/${shown.code}/journal/${row.seq}`}>{row.number}</a>) },
                { key: 'state', title: t.state, cell: (row) => <Outcome row={row} shown={shown} t={t} locale={locale} /> },
              ]} />
            <Pager here={frame.here} next_cursor={shown.next_cursor} shown={history.length} />
          </Card>
        )}
      </>
    ),
  });
}
