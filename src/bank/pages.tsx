// The bank page: books beside bank, month by month, and the form to hand in what the bank says.
import type { JSX } from 'preact';
import { lastDay } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import {
  AmountField, Button, ButtonRow, DateField, FileField, Form, RadioField, SelectField,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatInstant, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, EmptyState, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, Pager } from '../web/tables.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import type { BankAccountRow, BankBalanceRow, MonthEndRow } from './queries.ts';
import { DropZone } from './intake-pages.tsx';
import type { CoveredAccount } from './statement-queries.ts';
import { texts as statementTexts } from './statement-texts.ts';
import { texts } from './texts.ts';

export interface BankForm {
  form_key: string;
  values: Record<string, string>;
  errors: Record<string, string>;
  /** Files received with a form that was refused. */
  kept: VoucherItem[];
}

export interface BankShown {
  code: string;
  today: string;
  accounts: BankAccountRow[];
  months: MonthEndRow[];
  statements: BankBalanceRow[];
  next_cursor: string | null;
  /** Null for whom it is not. */
  form: BankForm | null;
  /** For officers: they see who paid, and may match. */
  in_full: boolean;
  /** How far statement files go, by account. */
  covered: readonly CoveredAccount[];
  /** For whoever may hand in files: how many of theirs wait. Null for others. */
  handing: { csrf: string | undefined; waiting: number } | null;
}

type T = ReturnType<typeof pick<typeof texts>>;

/** How a month compares, in a word. */
export function resultOf(row: MonthEndRow, today: string, t: T): { text: string; tone: Tone } {
  if (row.bank_balance === null) return row.period === today.slice(0, 7) ? { text: t.running, tone: 'plain' } : { text: t.missing, tone: 'amber' };
  if (Number(row.difference) !== 0) return { text: t.differs, tone: 'red' };
  return row.as_of! < lastDay(row.period) ? { text: t.early, tone: 'amber' } : { text: t.agrees, tone: 'ok' };
}

function HandIn({ frame, shown, form, t }: { frame: Frame; shown: BankShown; form: BankForm; t: T }): JSX.Element {
  const { locale } = frame;
  return (
    <Card title={t.hand_in} id="hand-in">
      <p class="hint">{t.hand_in_hint}</p>
      <Form action={`/e/${shown.code}/bank`} multipart form_key={form.form_key} csrf={frame.session?.csrf}
        values={form.values} errors={form.errors}>
        <Columns>
          <div>
            <SelectField name="account" label={t.account} required empty={shown.accounts.length === 1 ? false : undefined}
              options={shown.accounts.map((row) => ({ value: row.account, label: accountText(row, locale, t) }))} />
            <DateField name="as_of" label={t.as_of} required hint={t.as_of_hint} max={shown.today} />
            <AmountField name="balance" label={t.balance} required />
          </div>
          <div>
            <FileField name="vouchers" label={t.file} required kept={form.kept} />
            <RadioField name="audience" label={t.audience} required value={form.values['audience'] ?? 'officers'} options={[
              { value: 'officers', label: t.audience_officers }, { value: 'owners', label: t.audience_owners },
            ]} />
          </div>
        </Columns>
        <ButtonRow><Button>{t.send}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

const accountText = (row: Pick<BankAccountRow, 'name_zh' | 'name_en' | 'bank_name' | 'account_last4'>, locale: Locale, t: T): string =>
  fill(t.account_text, { name: locale === 'zh' ? row.name_zh : row.name_en, bank: row.bank_name, last4: row.account_last4 });

const coverText = ({ from, to }: CoveredAccount, locale: Locale, t: T): string =>
  (from === null || to === null ? '' : fill(t.covered, { from: formatDate(from, locale), to: formatDate(to, locale) }));

/** The drop zone, and where one left off. */
function Files({ code, handing, locale, t }: { code: string; handing: NonNullable<BankShown['handing']>; locale: Locale; t: T }): JSX.Element {
  const words = pick(statementTexts, locale);
  return (
    <Card title={words.hand_in} id="files-in">
      <p>{words.hand_in_hint}</p><p class="hint">{words.second_hint}</p>
      {handing.waiting > 0 && <p><a class="tap" href={`/e/${code}/bank/files`}>{fill(t.files_waiting, { n: handing.waiting })}</a></p>}
      <DropZone code={code} csrf={handing.csrf} t={words} />
    </Card>
  );
}

export function bankPage(frame: Frame, shown: BankShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { accounts, months, statements, today, code, form } = shown;
  const several = accounts.length > 1;
  const nameOf = (account: string): string => {
    const found = accounts.find((row) => row.account === account);
    return found === undefined ? account : `${locale === 'zh' ? found.name_zh : found.name_en} ${found.account_last4}`;
  };
  const body = (
    <>
      <Card title={t.accounts}>
        <ul>{shown.covered.map((row) => <li>{accountText(row, locale, t)}{coverText(row, locale, t)}</li>)}</ul>
        <div class="buttons">
          {shown.in_full && <ActionLink href={`/e/${code}/bank/reconcile`}>{t.reconcile}</ActionLink>}
          <ActionLink kind="alt" href={`/e/${code}/bank/lines`}>{t.lines}</ActionLink>
          <ActionLink kind="alt" href={`/e/${code}/bank/statements`}>{t.statement_files}</ActionLink>
          <ActionLink kind="alt" href={`/e/${code}/bank/accounts`}>{t.accounts_link}</ActionLink>
          <ActionLink kind="alt" href={`/e/${code}/exceptions`}>{t.exceptions}</ActionLink>
        </div>
      </Card>
      {shown.handing !== null && <Files code={code} handing={shown.handing} locale={locale} t={t} />}
      <Card title={t.month_ends}>
        <LedgerTable caption={t.month_ends} caption_hidden csv={csvTwin(frame.here)} rows={months}
          rowState={(row) => (row.difference !== null && Number(row.difference) !== 0 ? 'alarm' : undefined)}
          columns={[
            { key: 'period', title: t.month, lead: true, cell: (row) => formatPeriod(row.period, locale) },
            ...(several ? [{ key: 'account', title: t.account, cell: (row: MonthEndRow) => nameOf(row.account) }] : []),
            { key: 'book_balance', title: t.books_say, type: 'money' },
            { key: 'bank_balance', title: t.bank_says, type: 'money', cell: (row) => <Amount value={row.bank_balance} /> },
            { key: 'as_of', title: t.as_of, type: 'date', cell: (row) => (row.as_of === null ? '' : formatDate(row.as_of, locale)) },
            { key: 'difference', title: t.difference, type: 'money', cell: (row) => <Amount value={row.difference} /> },
            { key: 'state', title: t.state, cell: (row) => { const result = resultOf(row, today, t); return <Chip tone={result.tone}>{result.text}</Chip>; } },
            { key: 'reconciliation', title: t.see_statement, cell: (row) => <a href={`/e/${code}/bank/reconciliation/${row.account}/${row.period}`}>{t.see_statement}</a> },
          ]} />
      </Card>
      <Card title={t.statements}>
        <LedgerTable caption={t.statements} caption_hidden rows={statements} empty={<EmptyState title={t.none} />}
          rowState={(row) => (!row.counts ? 'muted' : Number(row.difference) !== 0 ? 'alarm' : undefined)}
          columns={[
            { key: 'as_of', title: t.as_of, type: 'date', lead: true, cell: (row) => formatDate(row.as_of, locale) },
            ...(several ? [{ key: 'account', title: t.account, cell: (row: BankBalanceRow) => nameOf(row.account) }] : []),
            { key: 'balance', title: t.bank_says, type: 'money' }, { key: 'book_balance', title: t.books_say, type: 'money' },
            { key: 'difference', title: t.difference, type: 'money' },
            { key: 'origin', title: t.origin, cell: (row) => (row.origin === 'paper' ? t.origin_paper
              : <a href={`/e/${code}/bank/statements/${row.seq}`}>{t.origin_file}</a>) },
            { key: 'statement', title: t.statement, cell: (row) => (row.file_name === '' ? '' : <a href={`/e/${code}/vouchers/${row.sha256}`}>{row.file_name}</a>) },
            {
              key: 'stated_at', title: t.stated_at, type: 'date',
              cell: (row) => <>{formatInstant(row.stated_at, locale)}{!row.counts && <> <Chip>{t.replaced}</Chip></>}</>,
            },
          ]} />
        <Pager here={frame.here} next_cursor={shown.next_cursor} shown={statements.length} />
      </Card>
      {form !== null && <HandIn frame={frame} shown={shown} form={form} t={t} />}
    </>
  );
  return page({ ...frame, title: t.bank, lede: t.lede, body });
}
