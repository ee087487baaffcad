// The page of the reconciliation statement (银行存款余额调节表): the two sides of the form, then every item.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { formatDate, formatInstant, formatPeriod, pick } from '../web/locale.ts';
import { Card, Chip, Columns, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import type { ReconciliationFigures, StatementFile, SuspenseItem } from '../../reports/reconciliation/figures.ts';
import {
  bodiesWords, fundWords, lineWords, nameIn, notesOf, sayIn, sinceSuspense, total, type NoteTone, type Say,
} from '../../reports/reconciliation/words.ts';
import { itemRows, sides, type ItemRow, type Side } from './statement-rows.ts';
import { texts } from './statement-texts.ts';

export interface StatementShown {
  code: string;
  figures: ReconciliationFigures;
  accounts: readonly { account: string; name_zh: string; name_en: string; account_last4: string }[];
  /** Months of the books, newest first. */
  periods: readonly string[];
}

interface Part { shown: StatementShown; figures: ReconciliationFigures; frame: Frame; locale: Locale; say: Say; address: string }

/** Address of a month's statement of an account. */
export const statementAddress = (code: string, account: string, period: string): string => `/e/${code}/bank/reconciliation/${account}/${period}`;

function Notes({ figures, locale, shown }: Part): JSX.Element {
  const t = pick(texts, locale);
  const notes = notesOf(figures, locale);
  const worst = (['alarm', 'amber', 'ok'] as NoteTone[]).find((tone) => notes.some((note) => note.tone === tone))!;
  const debits = figures.suspense.some((item) => item.side === 'debit');
  return (
    <Notice tone={worst} title={worst === 'ok' ? t.ok : t.notes} action={debits ? { href: `/e/${shown.code}/exceptions`, label: t.exceptions } : undefined}>
      {notes.length === 1 ? notes[0]!.text : <ul>{notes.map(({ text }) => <li>{text}</li>)}</ul>}
    </Notice>
  );
}

function Sheet({ figures, say }: Part): JSX.Element {
  const { totals, book_items, bank_items } = figures;
  const count = (items: readonly { amount: string }[], out: boolean): number => items.filter(({ amount }) => amount.startsWith('-') === out).length;
  const side = (title: string, rows: readonly (readonly [label: string, amount: string | null])[], adjusted: string | null): JSX.Element => (
    <Card title={title}>
      <LedgerTable caption={title} caption_hidden rows={rows.map(([label, amount]) => ({ label, amount }))}
        totals={[{ label: say('adjusted'), cells: { amount: adjusted ?? say('not_stated') } }]}
        columns={[
          { key: 'label', title: say('item'), lead: true },
          { key: 'amount', title: say('amount'), type: 'money', cell: (row) => (row.amount === null ? <Chip tone="red">{say('not_stated')}</Chip> : <Amount value={row.amount} />) },
        ]} />
    </Card>
  );
  return (
    <>
      <Columns>
        {side(say('by_bank'), [
          [say('bank_balance'), figures.bank_balance], [say('plus_books', { count: count(book_items, false) }), totals.book_received],
          [say('minus_books', { count: count(book_items, true) }), totals.book_paid],
        ], figures.adjusted_bank)}
        {side(say('by_books'), [
          [say('book_balance'), figures.book_balance], [say('plus_bank', { count: count(bank_items, false) }), totals.bank_received],
          [say('minus_bank', { count: count(bank_items, true) }), totals.bank_paid],
        ], figures.adjusted_books)}
      </Columns>
      <Card>
        <Figures items={[
          figures.difference === null ? { label: say('before'), text: '–' } : { label: say('before'), amount: figures.difference },
          figures.remaining === null ? { label: say('remaining'), text: '–' } : { label: say('remaining'), amount: figures.remaining },
        ]} />
        {figures.basis === 'statement' && <p class="hint">{say('proof')}</p>}
      </Card>
    </>
  );
}

function Items({ part, side }: { part: Part; side: Side }): JSX.Element | null {
  const { figures, locale, say, shown } = part;
  const rows = itemRows(figures, side, locale);
  if (rows.length === 0) return null;
  return (
    <Card title={say(side)}>
      <LedgerTable<ItemRow> caption={say(side)} caption_hidden rows={rows} rowState={(row) => (row.answered ? undefined : 'alarm')}
        totals={[{ label: say('total', { count: rows.length }), cells: { amount: total(rows.map((row) => row.amount)) } }]}
        columns={[
          { key: 'date', title: say('date'), type: 'date', cell: (row) => formatDate(row.date, locale) },
          { key: 'text', title: say('item'), lead: true, cell: (row) => (row.seq === null ? row.text : <a href={`/e/${shown.code}/journal/${row.seq}`}>{row.text}</a>) },
          { key: 'name', title: say(side.startsWith('book') ? 'number' : 'line') },
          { key: 'amount', title: say('amount'), type: 'money' },
          { key: 'since', title: say('answered'), cell: (row) => (row.answered ? row.since : <Chip tone="red">{row.since}</Chip>) },
        ]} />
    </Card>
  );
}

function Suspense({ figures, locale, say, shown }: Part): JSX.Element | null {
  if (figures.suspense.length === 0) return null;
  return (
    <Card title={say('suspense')}>
      <LedgerTable<SuspenseItem> caption={say('suspense')} caption_hidden rows={figures.suspense}
        rowState={(row) => (row.side === 'debit' && row.settled_by === null ? 'alarm' : undefined)}
        columns={[
          { key: 'date', title: say('date'), type: 'date', cell: (row) => formatDate(row.date, locale) },
          { key: 'side', title: say('side'), cell: (row) => <Chip tone={row.side === 'debit' ? 'red' : 'amber'}>{say(`side_${row.side}`)}</Chip> },
          { key: 'number', title: say('number'), lead: true, cell: (row) => <a href={`/e/${shown.code}/journal/${row.seq}`}>{row.period} {row.number}</a> },
          { key: 'fund', title: say('fund'), cell: (row) => fundWords(row, locale) },
          { key: 'text', title: say('item'), cell: (row) => [lineWords(row, say), row.text ?? ''].filter((text) => text !== '').join(' · ') },
          { key: 'left_then', title: say('left'), type: 'money' },
          { key: 'days', title: say('age'), cell: (row) => say('days', { days: row.days }) },
          { key: 'settled_by', title: say('answered'), cell: (row) => sinceSuspense(row, say) },
        ]} />
    </Card>
  );
}

function Files({ figures, locale, say }: Part): JSX.Element {
  const { statements, confirmed_by, signers } = figures;
  return (
    <Card title={say('statements')}>
      <LedgerTable<StatementFile> caption={say('statements')} caption_hidden rows={statements} empty={say('no_files')}
        columns={[
          { key: 'imported_at', title: say('handed_in'), type: 'date', cell: (row) => formatInstant(row.imported_at, locale) },
          { key: 'by', title: say('by'), lead: true, cell: (row) => (row.by === null ? say('nobody') : nameIn(row.by, locale)) },
          { key: 'from', title: say('range'), cell: (row) => `${formatDate(row.from, locale)} – ${formatDate(row.to, locale)}` },
          { key: 'format', title: say('format'), cell: (row) => nameIn(row.format_name, locale) },
          { key: 'lines', title: say('lines'), type: 'number' }, { key: 'repeated', title: say('repeated'), type: 'number' },
        ]} />
      {statements.length > 0 && (
        <p>{confirmed_by.length === 0 ? say('not_confirmed') : say('confirmed', { bodies: bodiesWords(confirmed_by, locale) })}</p>
      )}
      <p class="hint">
        {signers.length === 0 ? say('not_signed')
          : `${say('signed_in_view')}: ${signers.map((signer) => `${nameIn(signer, locale)} ${formatInstant(signer.signed_at, locale)}`).join(locale === 'zh' ? '；' : '; ')}`}
      </p>
    </Card>
  );
}

export function statementPage(frame: Frame, shown: StatementShown): string {
  const { locale } = frame;
  const { figures, accounts, periods, code } = shown;
  const t = pick(texts, locale);
  const say = sayIn(locale);
  const { bank_account: bank, period } = figures;
  const address = statementAddress(code, bank.account, period);
  const part: Part = { shown, figures, frame, locale, say, address };
  const at = periods.indexOf(period);
  const neighbours = [[periods[at + 1], t.earlier], [periods[at - 1], t.later]] as const;
  const body = (
    <>
      <Filters action={`/e/${code}/bank/reconciliation`} fields={[
        ...(accounts.length < 2 ? [] : [{
          name: 'account', label: t.account, type: 'select' as const, value: bank.account,
          options: accounts.map((row) => ({ value: row.account, label: `${nameIn(row, locale)} ${row.account_last4}` })),
        }]),
        { name: 'period', label: t.month, type: 'select' as const, value: period, options: periods.map((value) => ({ value, label: formatPeriod(value, locale) })) },
      ]} />
      <div class="buttons">
        <a class="btn alt" href={withQuery(`${address}.pdf`, { lang: locale })} download>{t.download}</a>
        <a class="btn alt" href={`${address}.csv`} download>CSV</a>
        {neighbours.map(([to, label]) => to !== undefined && <a class="tap" href={statementAddress(code, bank.account, to)}>{label}</a>)}
      </div>
      <Notes {...part} />
      <Sheet {...part} />
      {sides.map((side) => <Items part={part} side={side} />)}
      <Suspense {...part} />
      <Files {...part} />
      <p class="hint">{say('drawn', { drawn: formatInstant(figures.drawn_at, locale), size: figures.size })}</p>
    </>
  );
  return page({
    ...frame, title: `${say('title')} · ${formatPeriod(period, locale)}`, body, crumbs: [{ href: `/e/${code}/bank`, label: t.bank }],
    lede: <>{say('account', { name: nameIn(bank, locale), bank: bank.bank_name, last4: bank.account_last4, account: bank.account })}
      {figures.as_of !== null && <>{locale === 'zh' ? '，' : ', '}{say('for_day', { as_of: formatDate(figures.as_of, locale) })}</>}{locale === 'zh' ? '。' : '. '}{t.lede}</>,
  });
}
