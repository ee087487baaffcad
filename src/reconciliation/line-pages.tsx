// One line of the bank, and everything it may be: candidates, entries and orders to choose from, booking it, suspense. And
// unexplained money that is settled: the same parts of a receipt.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { AmountField, Button, ButtonRow, Form, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { BookItem, OpenOrder } from './candidate.ts';
import { daysText, saidOf, toneOf } from './pages.tsx';
import type { OpenSuspense } from './suspense.ts';
import { texts } from './texts.ts';
import type { LineShown } from './view.ts';

type T = ReturnType<typeof pick<typeof texts>>;
export interface Choices { accounts: { value: string; label: string; group?: string }[]; funds: { value: string; label: string }[] }
export interface FormShown { form_key: string; values: Record<string, string>; errors: Record<string, string> }

export interface OneLine {
  code: string;
  account: string;
  line: LineShown;
  /** Entries and orders of the same direction that are free, the nearest first. */
  items: BookItem[];
  orders: OpenOrder[];
  /** Other open lines of about the same days. */
  others: LineShown[];
  choices: Choices;
  acts: boolean;
  form: FormShown;
}

const PARTS = 4;

/** Fields of the parts of a receipt; the first in sight, the others unfolded on request. */
function PartFields({ choices, t, values }: { choices: Choices; t: T; values: Record<string, string> }): JSX.Element {
  const one = (n: number): JSX.Element => {
    const name = (field: string): string => (n === 1 ? field : `${field}_${n}`);
    return (
      <fieldset class="card">
        <legend>{fill(t.part, { n })}</legend>
        <TextField name={name('unit')} label={t.unit} short />
        <SelectField name={name('account')} label={t.credit_account} options={choices.accounts} />
        <SelectField name={name('fund')} label={t.fund} options={choices.funds} />
        <AmountField name={name('amount')} label={t.part_amount} />
      </fieldset>
    );
  };
  const more = Object.keys(values).some((name) => /_[2-9]$/.test(name) && values[name] !== '');
  return (
    <>
      {one(1)}
      <details open={more}><summary class="tap">{t.more_parts}</summary>{Array.from({ length: PARTS - 1 }, (_, index) => one(index + 2))}</details>
      <TextField name="description" label={t.description} />
    </>
  );
}

function Candidates({ frame, shown, t }: { frame: Frame; shown: OneLine; t: T }): JSX.Element {
  return (
    <Card title={t.candidates}>
      {shown.line.candidates.length === 0 ? <p class="hint">{t.no_candidate}</p> : (
        <ul class="rows">
          {shown.line.candidates.map((one) => (
            <li>
              <div class="row">
                <span class="row-label"><Chip tone={toneOf(one.code)}>{one.why}</Chip> {one.text}</span>
                <span class="row-value">
                  {shown.acts && (
                    <form method="post" action={frame.here}>
                      {frame.session?.csrf !== undefined && <input type="hidden" name="csrf" value={frame.session.csrf} />}
                      <input type="hidden" name="candidate" value={one.id} />
                      <button type="submit" class="btn small" name="action" value="confirm">{t.confirm_this}</button>
                    </form>
                  )}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const Box = ({ name, value, children }: { name: string; value: number; children: unknown }): JSX.Element => (
  <label class="choice"><input type="checkbox" name={name} value={String(value)} /><span>{children as never}</span></label>
);

function LinkForm({ frame, shown, t }: { frame: Frame; shown: OneLine; t: T }): JSX.Element {
  const { locale } = frame;
  return (
    <Card title={t.link_title}>
      <p class="hint">{t.link_hint}</p>
      <Form action={frame.here} csrf={frame.session?.csrf} id="link">
        {shown.items.length > 0 && <h3>{t.entries}</h3>}
        {shown.items.map((item) => (
          <Box name="entries" value={item.seq}>{formatDay(item.entry_date, locale)} {item.number} {item.description} <Amount value={item.amount} strong /></Box>
        ))}
        {shown.others.length > 0 && (
          <details>
            <summary class="tap">{t.other_lines}</summary>
            {shown.others.map((line) => <Box name="lines" value={line.position}>{formatDay(line.booked_on, locale)} {saidOf(line)} <Amount value={line.amount} strong /></Box>)}
          </details>
        )}
        <ButtonRow><Button name="action" value="link">{t.link}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

function OrderForm({ frame, shown, t }: { frame: Frame; shown: OneLine; t: T }): JSX.Element {
  return (
    <Card title={t.orders_title}>
      <p class="hint">{t.orders_hint}</p>
      <Form action={frame.here} csrf={frame.session?.csrf} id="pay">
        {shown.orders.map((order) => <Box name="orders" value={order.proposal_id}>{order.reference} {order.payee_name} {order.purpose} <Amount value={order.amount} strong /></Box>)}
        <ButtonRow><Button name="action" value="pay">{t.pay}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export function linePage(frame: Frame, shown: OneLine): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { line, code, account, form } = shown;
  const out = line.amount.startsWith('-');
  const title = fill(t.line_title, { position: line.position });
  return page({
    ...frame, title,
    crumbs: [{ href: `/e/${code}/bank/reconcile?account=${account}`, label: t.title }],
    body: (
      <>
        {form.errors[''] !== undefined && <Notice tone="alarm">{form.errors['']}</Notice>}
        <Columns wide="right">
          <Card title={t.line}>
            <p class="big"><Amount value={line.amount.replace('-', '')} way={out ? 'out' : 'in'} strong /></p>
            <DescriptionList items={[
              { term: t.booked_on, value: formatDate(line.booked_on, locale) },
              line.counterparty_name !== '' && { term: t.counterparty, value: line.counterparty_name },
              line.counterparty_account !== '' && { term: t.counterparty_account, value: <code>{line.counterparty_account}</code> },
              line.memo !== '' && { term: t.memo, value: line.memo },
              line.purpose !== '' && { term: t.purpose, value: line.purpose },
              line.serial !== '' && { term: t.serial, value: <code>{line.serial}</code> },
            ]} />
          </Card>
          <Candidates frame={frame} shown={shown} t={t} />
        </Columns>
        {shown.acts && (
          <>
            {!out && (
              <Card title={t.book_title}>
                <p class="hint">{t.book_hint}</p>
                <Form action={frame.here} csrf={frame.session?.csrf} id="book" values={form.values} errors={form.values['action'] === 'book' ? withoutForm(form.errors) : {}}>
                  <PartFields choices={shown.choices} t={t} values={form.values} />
                  <ButtonRow><Button name="action" value="book">{t.book}</Button></ButtonRow>
                </Form>
              </Card>
            )}
            {shown.orders.length > 0 && <OrderForm frame={frame} shown={shown} t={t} />}
            {shown.items.length + shown.others.length > 0 && <LinkForm frame={frame} shown={shown} t={t} />}
            <Card title={t.suspend_title}>
              <p class="hint">{out ? t.suspend_hint_out : t.suspend_hint_in}</p>
              <Form action={frame.here} csrf={frame.session?.csrf} id="suspend">
                <ButtonRow><Button name="action" value="suspend" kind={out ? 'danger' : 'alt'}>{t.suspend}</Button></ButtonRow>
              </Form>
            </Card>
          </>
        )}
      </>
    ),
  });
}

const withoutForm = (errors: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(errors).filter(([field]) => field !== ''));

export interface SettleShown {
  code: string;
  open: OpenSuspense;
  orders: OpenOrder[];
  choices: Choices;
  form: FormShown;
}

export function settlePage(frame: Frame, shown: SettleShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { open, code, form, orders } = shown;
  const debit = open.side === 'debit';
  return page({
    ...frame, title: fill(t.settle_title, { number: open.number }),
    crumbs: [{ href: `/e/${code}/bank/reconcile?account=${open.account}&tab=suspense`, label: t.tab_suspense }],
    body: (
      <>
        {form.errors[''] !== undefined && <Notice tone="alarm">{form.errors['']}</Notice>}
        <Card tone={debit ? 'alarm' : undefined}>
          <DescriptionList items={[
            { term: debit ? t.debit : t.credit, value: <Amount value={open.amount} strong /> },
            { term: t.left, value: <Amount value={open.left_amount} strong /> },
            { term: t.booked_on, value: `${formatDate(open.booked_on, locale)} · ${daysText(open.days, t)}` },
            { term: t.counterparty, value: `${saidOf(open)} ${open.counterparty_account}` },
          ]} />
        </Card>
        {debit ? (
          <Card title={t.settle}>
            <p>{t.settle_debit_hint}</p>
            <ButtonRow><ActionLink href={`/e/${code}/orders/new?settles=${open.seq}`}>{t.new_order}</ActionLink></ButtonRow>
            <h3>{t.orders_waiting}</h3>
            {orders.length === 0 ? <p class="hint">{t.no_orders}</p> : (
              <Form action={frame.here} csrf={frame.session?.csrf} id="settle">
                {orders.map((order, index) => (
                  <label class="choice">
                    <input type="radio" name="order" value={String(order.proposal_id)} checked={index === 0} />
                    <span>{order.reference} {order.payee_name} {order.purpose} <Amount value={order.amount} strong /></span>
                  </label>
                ))}
                <ButtonRow><Button name="action" value="order" kind="alt">{t.settle_by}</Button></ButtonRow>
              </Form>
            )}
          </Card>
        ) : (
          <Card title={t.settle}>
            <p class="hint">{t.settle_credit_hint}</p>
            <Form action={frame.here} csrf={frame.session?.csrf} form_key={form.form_key} id="settle" values={form.values} errors={withoutForm(form.errors)}>
              <PartFields choices={shown.choices} t={t} values={form.values} />
              <ButtonRow><Button name="action" value="credit">{t.settle}</Button></ButtonRow>
            </Form>
          </Card>
        )}
      </>
    ),
  });
}
