// Pages of pay files: the list, the form that makes one, one file with what became of its orders; and the invoice titles.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, DateField, Form, HiddenToken, SelectField, TextArea, TextField, type Option } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, Pager } from '../web/tables.tsx';
import { payFormatName, payFormats } from './pay-file-formats.ts';
import type { FileOrder, Payable, PayFile, PayingAccount } from './pay-file-queries.ts';
import { texts } from './pay-file-texts.ts';
import { StateChip } from './pages.tsx';
import type { Titles } from './invoice.ts';

const formatName = (format: string, locale: Locale): string => payFormatName(format)[locale];

function FileChips({ file, locale }: { file: PayFile; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const is_void = file.void_reason !== null;
  return (
    <>
      <Chip tone={is_void ? 'plain' : 'ok'}>{is_void ? t.void : t.stands}</Chip>{' '}
      {file.paid > 0 && <Chip tone="ok">{fill(t.paid_of, { paid: file.paid, count: file.count })}</Chip>}{' '}
      {!is_void && file.cancelled > 0 && <Chip tone="red">{fill(t.cancelled_chip, { count: file.cancelled })}</Chip>}
    </>
  );
}

export interface PayFilesShown { code: string; items: PayFile[]; next_cursor: string | null; may_make: boolean }

export function payFilesPage(frame: Frame, { code, items, next_cursor, may_make }: PayFilesShown): string {
  const { locale, here } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.files, lede: t.files_lede, crumbs: [{ href: `/e/${code}/orders`, label: t.orders }],
    body: (
      <>
        {may_make && <ButtonRow><ActionLink href={`/e/${code}/pay-files/new`}>{t.file_new}</ActionLink></ButtonRow>}
        <Card>
          <LedgerTable caption={t.files} caption_hidden rows={items}
            rowState={(file) => (file.void_reason === null && file.cancelled > 0 ? 'alarm' : file.void_reason === null ? undefined : 'muted')}
            empty={<EmptyState title={t.files_empty} text={t.files_empty_text} />}
            columns={[
              { key: 'seq', title: t.number, lead: true, cell: (file) => <a href={`/e/${code}/pay-files/${file.seq}`}>{fill(t.file_one, { number: file.seq })}</a> },
              { key: 'made_on', title: t.made_on, type: 'date' },
              { key: 'format', title: t.format, cell: (file) => formatName(file.format, locale) },
              { key: 'bank_account', title: t.bank_account,
                cell: (file) => fill(t.bank_account_of, { name: file[`account_${locale}`], last4: file.account_last4 }) },
              { key: 'count', title: t.count, type: 'number' },
              { key: 'total', title: t.total, type: 'money' },
              { key: 'state', title: t.state, cell: (file) => <FileChips file={file} locale={locale} /> },
            ]} />
          <Pager here={here} next_cursor={next_cursor} shown={items.length} />
        </Card>
      </>
    ),
  });
}

export interface PayFileFormShown {
  code: string;
  accounts: PayingAccount[];
  account: PayingAccount;
  orders: Payable[];
  /** Numbers of the orders that are ticked. */
  chosen: readonly number[];
  today: string;
  form: { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

function OrderRows({ shown, locale }: { shown: PayFileFormShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <ul class="rows">
      {shown.orders.map((order) => (
        <li class="choice-row">
          <label class="batch-box">
            <input type="checkbox" name="orders" value={String(order.order_id)} checked={shown.chosen.includes(order.order_id)}
              aria-label={`${order.reference} ${order.purpose}`} />
          </label>
          <a class="row" href={`/e/${shown.code}/orders/${order.order_id}`}>
            <span class="row-label">{order.purpose}</span>
            <span class="row-value"><Amount value={order.amount} strong /></span>
            <small class="hint">{order.reference} · {order.payee_name} · {fill(t.last4, { last4: order.account_last4 })}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

function AccountLinks({ shown, locale }: { shown: PayFileFormShown; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const others = shown.accounts.filter((one) => one.account !== shown.account.account);
  if (others.length === 0) return null;
  return (
    <p class="hint">
      {t.other_account}{' '}
      {others.map((one) => (
        <> <a class="tap" href={`/e/${shown.code}/pay-files/new?bank_account=${one.account}`}>
          {fill(t.bank_account_of, { name: one[`name_${locale}`], last4: one.account_last4 })}
        </a></>
      ))}
    </p>
  );
}

export function payFileFormPage(frame: Frame, shown: PayFileFormShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, account, orders, form } = shown;
  const formats = payFormats.map((value): Option => ({ value, label: formatName(value, locale) }));
  return page({
    ...frame, title: t.file_new, crumbs: [{ href: `/e/${code}/orders`, label: t.orders }, { href: `/e/${code}/pay-files`, label: t.files }],
    body: orders.length === 0 ? (
      <Card>
        <EmptyState title={t.nothing_to_pay} text={t.nothing_to_pay_text} />
        <AccountLinks shown={shown} locale={locale} />
      </Card>
    ) : (
      <Form action={`/e/${code}/pay-files`} csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <HiddenToken name="bank_account" value={account.account} />
        <Columns wide="left">
          <Card title={t.choose_orders} id="orders">
            <p class="hint">{t.choose_hint}</p>
            {form.errors['orders'] !== undefined && <p class="field-error" role="alert">{form.errors['orders']}</p>}
            <OrderRows shown={shown} locale={locale} />
            <p class="hint">{fill(t.all_of_them, { count: orders.length })}</p>
            <p class="big"><Amount value={moneyText(sum(orders.map((order) => money(order.amount))))} yuan strong capital /></p>
          </Card>
          <Card>
            <DescriptionList items={[{ term: t.bank_account,
              value: `${fill(t.bank_account_of, { name: account[`name_${locale}`], last4: account.account_last4 })} · ${account.bank_name}` }]} />
            <AccountLinks shown={shown} locale={locale} />
            <SelectField name="format" label={t.format} hint={t.format_hint} options={formats} empty={false} required />
            <DateField name="pay_on" label={t.pay_on} min={shown.today} required />
            <TextField name="debtor_name" label={t.debtor_name} hint={t.debtor_name_hint} autocomplete="off" required />
            {!account.has_number && (
              <TextField name="account_number" label={t.account_number} hint={fill(t.account_number_hint, { last4: account.account_last4 })}
                input_mode="numeric" autocomplete="off" required />
            )}
            <p class="hint">{t.make_hint}</p>
            <ButtonRow><Button>{t.make}</Button></ButtonRow>
          </Card>
        </Columns>
      </Form>
    ),
  });
}

export interface PayFileShown {
  code: string;
  file: PayFile;
  orders: FileOrder[];
  /** Names of who made it and who declared it void. */
  made_by: string;
  may_open: boolean;
  form: { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

const isCancelled = (order: FileOrder): boolean => order.state !== 'approved' && order.state !== 'executed';

function Warnings({ shown, locale }: { shown: PayFileShown; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const { file, orders } = shown;
  if (file.void_reason !== null) {
    const day = formatDay(file.voided_on ?? file.made_on, locale);
    return <Notice tone="amber" title={fill(t.voided_title, { day, reason: file.void_reason })}>{t.voided_text}</Notice>;
  }
  const cancelled = orders.filter(isCancelled);
  if (cancelled.length === 0) return null;
  const references = cancelled.map((order) => order.reference).join(locale === 'zh' ? '、' : ', ');
  return <Notice tone="alarm" title={fill(t.cancelled_title, { count: cancelled.length, references })}>{t.cancelled_text}</Notice>;
}

export function payFilePage(frame: Frame, shown: PayFileShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, file, orders, form } = shown;
  const stands = file.void_reason === null;
  return page({
    ...frame, title: fill(t.file_one, { number: file.seq }),
    crumbs: [{ href: `/e/${code}/orders`, label: t.orders }, { href: `/e/${code}/pay-files`, label: t.files }],
    body: (
      <>
        <Warnings shown={shown} locale={locale} />
        <Columns wide="right">
          <div>
            <Card>
              <p><FileChips file={file} locale={locale} /></p>
              <p class="big"><Amount value={file.total} yuan strong capital /></p>
              <DescriptionList items={[
                { term: t.count, value: String(file.count) },
                { term: t.bank_account, value: fill(t.bank_account_of, { name: file[`account_${locale}`], last4: file.account_last4 }) },
                { term: t.format, value: formatName(file.format, locale) },
                { term: t.made_on, value: formatDate(file.made_on, locale) },
                { term: t.made_by, value: shown.made_by },
                { term: t.sha256, value: <code class="hash">{file.sha256}</code> },
              ]} />
              {shown.may_open && stands && (
                <>
                  <ButtonRow><ActionLink href={`/e/${code}/pay-files/${file.seq}/file`} kind={file.cancelled > 0 ? 'alt' : undefined} download>{t.download}</ActionLink></ButtonRow>
                  <p class="hint">{t.download_hint}</p>
                </>
              )}
            </Card>
            {shown.may_open && stands && (
              <Card title={t.void_title} id="void">
                <p class="hint">{t.void_hint}</p>
                <Form action={`/e/${code}/pay-files/${file.seq}/void`} csrf={frame.session?.csrf} id="void-form" values={form.values} errors={form.errors}>
                  <TextArea name="reason" label={t.void_reason} rows={2} required />
                  <ButtonRow><Button kind="alt">{t.void_button}</Button></ButtonRow>
                </Form>
              </Card>
            )}
          </div>
          <Card>
            <LedgerTable caption={t.orders} caption_hidden rows={orders} rowState={(order) => (isCancelled(order) ? 'alarm' : undefined)}
              columns={[
                { key: 'purpose', title: t.purpose, lead: true, cell: (order) => <a href={`/e/${code}/orders/${order.order_id}`}>{order.purpose}</a> },
                { key: 'payee_name', title: t.payee, cell: (order) => `${order.payee_name} ${fill(t.last4, { last4: order.account_last4 })}` },
                { key: 'amount', title: t.amount, type: 'money' },
                { key: 'reference', title: t.reference, type: 'code' },
                { key: 'state', title: t.state, cell: (order) => (
                  <>
                    <StateChip state={order.state} locale={locale} />
                    {order.entry_seq !== null && <> <a href={`/e/${code}/journal/${order.entry_seq}`}>{order.entry_number}</a></>}
                  </>
                ) },
              ]}
              totals={[{ label: t.total, cells: { amount: file.total } }]} />
          </Card>
        </Columns>
      </>
    ),
  });
}

export interface TitlesShown {
  code: string;
  titles: Titles;
  may_change: boolean;
  form: { values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

export function titlesPage(frame: Frame, { code, titles, may_change, form }: TitlesShown): string {
  const t = pick(texts, frame.locale);
  return page({
    ...frame, title: t.titles, lede: t.titles_lede, crumbs: [{ href: `/e/${code}/orders`, label: t.orders }],
    body: (
      <Card>
        <DescriptionList items={[
          { term: t.titles_own, value: <>{titles.own.map((name) => <div>{name}</div>)}</> },
          !may_change && titles.added.length > 0 && { term: t.titles_added, value: <>{titles.added.map((name) => <div>{name}</div>)}</> },
        ]} />
        {may_change && (
          <Form action={`/e/${code}/invoice-titles`} csrf={frame.session?.csrf} values={form.values} errors={form.errors}>
            <TextArea name="titles" label={t.titles_added} hint={t.titles_hint} rows={5} />
            <ButtonRow><Button>{t.save}</Button></ButtonRow>
          </Form>
        )}
      </Card>
    ),
  });
}
