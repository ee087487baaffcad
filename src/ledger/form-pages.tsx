// Forms of the desk: entering a receipt, proposing a transfer, proposing a reversal. Without script there
// are enough lines from the start; those left empty are not looked at.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import {
  AmountField,
  Button,
  ButtonRow,
  CheckField,
  DateField,
  FileField,
  Form,
  HiddenToken,
  SelectField,
  TextArea,
  TextField,
  type Option,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate } from '../web/locale.ts';
import { Card, Columns, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { PostingTable } from './entry-pages.tsx';
import { accountOption, fundOption, textsIn, type Texts } from './journal-pages.tsx';
import type { Entry } from './entry-queries.ts';
import type { AccountClass, AccountRow, FundRow } from './queries.ts';
import { FORM_LINES, lineField } from './typed-form.ts';

export interface FormShown {
  code: string;
  accounts: readonly AccountRow[];
  funds: readonly FundRow[];
  /** Days that may be booked. */
  days: { first: string; last: string };
  form_key: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  kept: readonly VoucherItem[];
}

const groupNames: Record<AccountClass, keyof Texts> = {
  income: 'group_income',
  liability: 'group_liability',
  fund: 'group_fund',
  expense: 'group_expense',
  asset: 'group_asset',
};

/** Accounts by class; for a receipt those that money may come in for, income first. */
function accountOptions(
  accounts: readonly AccountRow[],
  locale: Locale,
  classes: readonly AccountClass[],
): Option[] {
  const t = textsIn(locale);
  return classes.flatMap((one) =>
    accounts
      .filter((row) => row.class === one && row.is_postable && row.closed_on === null)
      .map((row) => ({ ...accountOption(row, locale), group: t[groupNames[one]] })),
  );
}

interface LineProps {
  line: number;
  shown: FormShown;
  locale: Locale;
  options: Option[];
}

function ReceiptLine({ line, shown, locale, options }: LineProps): JSX.Element {
  const t = textsIn(locale);
  return (
    <>
      <AmountField name={lineField('amount', line)} label={t.amount} required={line === 1} />
      <SelectField
        name={lineField('account', line)}
        label={t.income_account}
        options={options}
        required={line === 1}
      />
      <SelectField
        name={lineField('fund', line)}
        label={t.fund}
        hint={line === 1 ? t.fund_hint : undefined}
        options={shown.funds.map((row) => fundOption(row, locale))}
        required={line === 1}
      />
      <TextField
        name={lineField('unit', line)}
        label={t.unit}
        hint={line === 1 ? t.unit_hint : undefined}
        short
      />
    </>
  );
}

const lineNumbers = (from: number): number[] =>
  Array.from({ length: FORM_LINES - from + 1 }, (_, i) => from + i);
const isUsed = ({ values, errors }: FormShown, names: readonly string[], line: number): boolean =>
  names.some(
    (name) =>
      (values[lineField(name, line)] ?? '') !== '' || errors[lineField(name, line)] !== undefined,
  );

function MoreLines({
  shown,
  locale,
  names,
  from,
  children,
}: {
  shown: FormShown;
  locale: Locale;
  names: readonly string[];
  from: number;
  children: (line: number) => JSX.Element;
}): JSX.Element {
  const t = textsIn(locale);
  return (
    <details class="more-lines" open={lineNumbers(from).some((line) => isUsed(shown, names, line))}>
      <summary class="btn small alt">{fill(t.more_lines, { n: FORM_LINES })}</summary>
      {lineNumbers(from).map((line) => (
        <fieldset class="card">
          <legend>{fill(t.line_no, { n: line })}</legend>
          {children(line)}
        </fieldset>
      ))}
    </details>
  );
}

/** What came in on the left, where it went and its papers on the right. */
function ReceiptFields({ shown, locale, options }: Omit<LineProps, 'line'>): JSX.Element {
  const t = textsIn(locale);
  const { days } = shown;
  const money_accounts = shown.accounts
    .filter((row) => row.is_money && row.is_postable)
    .map((row) => accountOption(row, locale));
  const hint = fill(t.entry_date_hint, {
    first: formatDate(days.first, locale),
    last: formatDate(days.last, locale),
  });
  return (
    <Columns>
      <Card>
        <DateField
          name="entry_date"
          label={t.entry_date}
          hint={hint}
          min={days.first}
          max={days.last}
          required
        />
        <TextField name="description" label={t.description} hint={t.description_hint} required />
        <ReceiptLine line={1} shown={shown} locale={locale} options={options} />
      </Card>
      <Card>
        <SelectField
          name="bank_account"
          label={t.bank_account}
          options={money_accounts}
          empty={false}
          required
        />
        <TextField name="reference" label={t.reference} short />
        <FileField name="vouchers" label={t.files} multiple kept={[...shown.kept]} />
        <CheckField name="audience" value="owners" label={t.audience_owners} />
      </Card>
    </Columns>
  );
}

export interface ReceiptShown extends FormShown {
  draft_id: number | null;
}

export function receiptPage(frame: Frame, shown: ReceiptShown): string {
  const { locale, session } = frame;
  const t = textsIn(locale);
  const { code, draft_id } = shown;
  const options = accountOptions(
    shown.accounts.filter((row) => !row.is_money),
    locale,
    ['income', 'liability', 'fund', 'asset', 'expense'],
  );
  const body = (
    <>
      <Form
        action={`/e/${code}/journal/new`}
        multipart
        csrf={session?.csrf}
        form_key={shown.form_key}
        values={shown.values}
        errors={shown.errors}
      >
        {draft_id !== null && <HiddenToken name="draft_id" value={String(draft_id)} />}
        <ReceiptFields shown={shown} locale={locale} options={options} />
        <MoreLines shown={shown} locale={locale} names={['amount', 'account', 'unit']} from={2}>
          {(line) => <ReceiptLine line={line} shown={shown} locale={locale} options={options} />}
        </MoreLines>
        <ButtonRow>
          <Button name="action" value="post">
            {t.post}
          </Button>
          <Button name="action" value="draft" kind="alt">
            {t.save_draft}
          </Button>
        </ButtonRow>
      </Form>
      {draft_id !== null && (
        <Form
          action={`/e/${code}/journal/drafts/${draft_id}/delete`}
          id="delete"
          csrf={session?.csrf}
        >
          <ButtonRow>
            <Button kind="danger">{t.delete_draft}</Button>
          </ButtonRow>
        </Form>
      )}
    </>
  );
  return page({
    ...frame,
    title: t.new_receipt,
    lede: t.new_receipt_lede,
    body,
    crumbs: [{ href: `/e/${code}/journal`, label: t.journal }],
  });
}

export function transferPage(frame: Frame, shown: FormShown): string {
  const { locale, session } = frame;
  const t = textsIn(locale);
  const { code, days } = shown;
  const options = accountOptions(shown.accounts, locale, [
    'asset',
    'liability',
    'fund',
    'income',
    'expense',
  ]);
  const line = (n: number): JSX.Element => (
    <>
      <SelectField
        name={lineField('account', n)}
        label={t.account}
        options={options}
        required={n < 3}
      />
      <SelectField
        name={lineField('fund', n)}
        label={t.fund}
        options={shown.funds.map((row) => fundOption(row, locale))}
        required={n < 3}
      />
      <AmountField name={lineField('debit', n)} label={t.debit} hint="" />
      <AmountField name={lineField('credit', n)} label={t.credit} hint="" />
    </>
  );
  const body = (
    <Form
      action={`/e/${code}/journal/transfer`}
      multipart
      csrf={session?.csrf}
      form_key={shown.form_key}
      values={shown.values}
      errors={shown.errors}
    >
      <DateField
        name="entry_date"
        label={t.transfer_date}
        min={days.first}
        max={days.last}
        required
        hint={fill(t.entry_date_hint, {
          first: formatDate(days.first, locale),
          last: formatDate(days.last, locale),
        })}
      />
      <TextField name="description" label={t.description} hint={t.description_hint} required />
      <p class="hint">{t.transfer_lines_hint}</p>
      {[1, 2].map((n) => (
        <fieldset class="card">
          <legend>{fill(t.line_no, { n })}</legend>
          {line(n)}
        </fieldset>
      ))}
      <MoreLines shown={shown} locale={locale} names={['account', 'debit', 'credit']} from={3}>
        {line}
      </MoreLines>
      <FileField name="vouchers" label={t.files} multiple kept={[...shown.kept]} />
      <CheckField name="audience" value="owners" label={t.audience_owners} />
      <ButtonRow>
        <Button>{t.submit}</Button>
      </ButtonRow>
    </Form>
  );
  return page({
    ...frame,
    title: t.new_transfer,
    lede: t.new_transfer_lede,
    body,
    crumbs: [{ href: `/e/${code}/journal`, label: t.journal }],
  });
}

export interface ReversalShown {
  code: string;
  entry: Entry;
  form_key: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  kept: readonly VoucherItem[];
}

export function reversalPage(frame: Frame, shown: ReversalShown): string {
  const { locale, session } = frame;
  const t = textsIn(locale);
  const { code, entry } = shown;
  const number = `${entry.period} ${entry.number}`;
  const negative = (amount: string): string => (amount === '0.00' ? amount : `-${amount}`);
  const postings = entry.postings.map((line) => ({
    ...line,
    debit: negative(line.debit),
    credit: negative(line.credit),
  }));
  const back = {
    href: `/e/${code}/journal/${entry.seq}`,
    label: `${entry.number} ${entry.description}`,
  };
  const body = (
    <>
      {entry.reversed_by !== null && (
        <Notice
          tone="alarm"
          action={{ href: `/e/${code}/journal/${entry.reversed_by.seq}`, label: t.see }}
        >
          {fill(t.reversed_by_this, {
            number: `${entry.reversed_by.period} ${entry.reversed_by.number}`,
          })}
        </Notice>
      )}
      <Card title={`${number} ${entry.description}`}>
        <PostingTable entry={{ ...entry, postings }} code={code} locale={locale} />
      </Card>
      <Form
        action={`/e/${code}/journal/${entry.seq}/reversal`}
        multipart
        csrf={session?.csrf}
        form_key={shown.form_key}
        values={shown.values}
        errors={shown.errors}
      >
        <TextArea name="reason" label={t.reason} hint={t.reason_hint} rows={2} required />
        <FileField name="vouchers" label={t.files} multiple kept={[...shown.kept]} />
        <CheckField name="audience" value="owners" label={t.audience_owners} />
        <ButtonRow>
          <Button kind="danger">{t.submit}</Button>
        </ButtonRow>
      </Form>
    </>
  );
  return page({
    ...frame,
    title: fill(t.new_reversal, { number }),
    lede: t.new_reversal_lede,
    body,
    crumbs: [back],
  });
}
