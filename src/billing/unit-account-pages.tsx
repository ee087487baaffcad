// The page of the statement of account: what the balance means in large figures, the days asked for, the lines.
import { fill } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { ButtonRow } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, pathOf } from '../web/links.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, EmptyState, Figures } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import type { UnitAccount } from './unit-account.ts';
import { standing } from './unit-account-paper.ts';
import { accountTexts } from './unit-account-texts.ts';

export interface AccountShown { code: string; officer: boolean; account: UnitAccount; from: string; to: string; error?: string | undefined }

export function unitAccountPage(frame: Frame, { code, officer, account, from, to, error }: AccountShown): string {
  const { locale } = frame;
  const t = pick(accountTexts, locale);
  const now = standing(account.closing, locale);
  const path = `/e/${code}/bills/${account.unit}/account`;
  const search = frame.here.slice(pathOf(frame.here).length);
  const carried = money(account.opening);
  return page({
    ...frame, title: `${t.title} ${account.unit}`, lede: officer ? t.lede : t.lede_own,
    crumbs: [{ href: officer ? `/e/${code}/bills` : `/e/${code}/bills/${account.unit}`, label: t.back }],
    body: (
      <>
        <Card>
          <Figures items={[
            { label: now.label, text: <strong>{now.amount}</strong> }, { label: t.debit, amount: account.debits }, { label: t.credit, amount: account.credits },
            ...(money(account.deposits).isZero() ? [] : [{ label: t.deposits, amount: account.deposits }]),
          ]} />
          {account.since !== null && <p class="hint">{fill(t.since, { month: formatPeriod(account.since, locale) })}{!carried.isZero() && ` ${t.since_held}`}</p>}
          <ButtonRow><a class="btn small alt" href={`${path}.pdf${search}`}>{t.pdf}</a></ButtonRow>
        </Card>
        <Filters action={path} reset_href={from !== '' || to !== '' ? path : undefined} fields={[
          { name: 'from', label: t.from, type: 'date', value: from }, { name: 'to', label: t.to, type: 'date', value: to },
        ]} />
        {error !== undefined && <p class="field-error" role="alert">{error}</p>}
        <LedgerTable caption={t.title} caption_hidden csv={csvTwin(frame.here)}
          rows={account.rows.length === 0 && carried.isZero() ? [] : [null, ...account.rows]} empty={<EmptyState title={t.none} />}
          columns={[
            { key: 'on', title: t.date, type: 'date', cell: (row) => (row === null ? '' : formatDate(row.on, locale)) },
            { key: 'text', title: t.text, lead: true, cell: (row) => (row === null ? t.opening
              : row.seq === null ? row[locale] : <a href={`/e/${code}/journal/${row.seq}`}>{row[locale]}</a>) },
            { key: 'debit', title: t.debit, type: 'money', cell: (row) => (row === null || row.debit === '' ? '' : <Amount value={row.debit} redletter={row.debit.startsWith('-')} />) },
            { key: 'credit', title: t.credit, type: 'money', cell: (row) => (row === null || row.credit === '' ? '' : <Amount value={row.credit} redletter={row.credit.startsWith('-')} />) },
            { key: 'balance', title: t.balance, type: 'money', cell: (row) => <Amount value={row === null ? account.opening : row.balance} strong /> },
          ]}
          totals={[{ label: t.total, cells: { debit: account.debits, credit: account.credits, balance: account.closing } }]} />
      </>
    ),
  });
}
