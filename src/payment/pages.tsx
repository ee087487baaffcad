// Pages of payment orders: the list, and one order with what happened to it and what comes next.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { AfterTheFactChip } from '../approval/after-the-fact.tsx';
import { EmergencyChip } from '../approval/emergency.tsx';
import { texts as talkTexts } from '../approval/talk-texts.ts';
import { stateName, stateNames } from '../approval/texts.ts';
import { isAnnounced, type Wait } from '../approval/waiting.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, DateField, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatDay, pick } from '../web/locale.ts';
import {
  ActionLink, Card, Checks, Chip, Columns, DescriptionList, EmptyState, Notice, Timeline, type Check, type Children, type TimelineStep, type Tone,
} from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { VoucherList, VoucherView, type VoucherItem } from '../web/vouchers.tsx';
import type { PayeeShown } from './payee.ts';
import type { Order } from './queries.ts';
import { texts } from './texts.ts';

export interface OrdersShown {
  code: string;
  items: Order[];
  next_cursor: string | null;
  filter: { kind: string; state: string; fund: string; payee: string; q: string };
  today: string;
  funds: { value: string; label: string }[];
  may_draft: boolean;
}

const tones: Record<string, Tone> = {
  executed: 'ok', approved: 'ok', rejected: 'red', expired: 'red', held: 'amber', returned: 'amber', submitted: 'amber', draft: 'plain',
};
export const StateChip = ({ state, locale }: { state: string; locale: Locale }): JSX.Element =>
  <Chip tone={tones[state] ?? 'plain'}>{stateName(state, locale)}</Chip>;

export function ordersPage(frame: Frame, shown: OrdersShown): string {
  const { locale, here } = frame;
  const t = pick(texts, locale);
  const { code, filter } = shown;
  return page({
    ...frame, title: t.orders, lede: t.orders_lede,
    body: (
      <>
        {shown.may_draft && (
          <ButtonRow>
            <ActionLink href={`/e/${code}/orders/new`}>{t.order_new}</ActionLink>
            <ActionLink href={`/e/${code}/orders/new?kind=refund`} kind="alt">{t.refund_new}</ActionLink>
            <ActionLink href={`/e/${code}/pay-files`} kind="alt">{t.pay_files}</ActionLink>
          </ButtonRow>
        )}
        <Card>
          <Filters action={`/e/${code}/orders`} reset_href={`/e/${code}/orders`} fields={[
            { name: 'state', label: t.state, type: 'select', value: filter.state,
              options: Object.entries(stateNames).map(([value, label]) => ({ value, label: label[locale] })) },
            { name: 'kind', label: t.kind, type: 'select', value: filter.kind,
              options: [{ value: 'payment', label: t.payment }, { value: 'refund', label: t.refund }] },
            { name: 'fund', label: t.fund, type: 'select', value: filter.fund, options: shown.funds },
            { name: 'q', label: t.q, type: 'search', value: filter.q },
            ...(filter.payee === '' ? [] : [{ name: 'payee', label: t.payee, type: 'hidden' as const, value: filter.payee }]),
          ]} />
          <LedgerTable caption={t.orders} caption_hidden rows={shown.items} csv={csvTwin(here)}
            empty={<EmptyState title={t.orders_empty} text={t.orders_empty_text} />}
            columns={[
              { key: 'purpose', title: t.purpose, lead: true,
                cell: (order) => (
                  <>
                    <a href={`/e/${code}/orders/${order.order_id}`}>{order.purpose}</a>
                    {order.kind === 'refund' && <> <Chip>{t.refund}</Chip></>}
                    {order.settles !== null && <> <AfterTheFactChip locale={locale} /></>}
                    {' '}<EmergencyChip order={order} today={shown.today} locale={locale} />
                  </>
                ) },
              { key: 'payee_name', title: t.payee,
                cell: (order) => <a href={`/e/${code}/orders?payee=${order.payee_id}`}>{order.payee_name}</a> },
              { key: 'amount', title: t.amount, type: 'money' },
              { key: 'fund', title: t.fund, cell: (order) => order[`fund_${locale}`] },
              { key: 'account', title: t.account, cell: (order) => `${order.account} ${order[`account_${locale}`]}` },
              { key: 'state', title: t.state, cell: (order) => <StateChip state={order.state} locale={locale} /> },
              { key: 'reference', title: t.reference, type: 'code' },
            ]} />
          <Pager here={here} next_cursor={shown.next_cursor} shown={shown.items.length} />
        </Card>
        <p><a class="tap" href={`/e/${code}/invoice-titles`}>{t.titles}</a></p>
      </>
    ),
  });
}

export interface OrderShown {
  code: string;
  order: Order;
  payee: PayeeShown;
  checks: Check[];
  /** What the invoice file says. */
  beside?: Children;
  timeline: TimelineStep[];
  vouchers: VoucherItem[];
  /** The maker, while the order is a draft or returned. */
  may_change: boolean;
  /** Whether the reader may know which dwelling gets money. */
  households: boolean;
  may_pay: boolean;
  may_draft: boolean;
  /** Why an approved order is not paid yet. */
  wait: Wait | null;
  today: string;
  form: { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

function waitText({ why, payable_from, unanswered }: Wait, locale: Locale): string {
  const t = pick(texts, locale);
  return why === 'order_in_notice' ? fill(t.next_notice, { day: formatDay(payable_from, locale) }) : fill(t.next_objected, { count: unanswered });
}

function nextText({ order, wait }: OrderShown, locale: Locale): string {
  const t = pick(texts, locale);
  if (wait !== null) return waitText(wait, locale);
  switch (order.state) {
    case 'draft': return t.next_draft;
    case 'returned': return fill(t.next_returned, { reason: order.reason });
    case 'submitted': case 'held': return t.next_submitted;
    case 'approved': return order.settles === null ? t.next_approved : t.next_after;
    case 'executed': return fill(t.next_executed, { number: order.entry_number ?? '' });
    default: return fill(t.next_ended, { state: stateName(order.state, locale) });
  }
}

function FactsCard({ shown, locale }: { shown: OrderShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { order, code } = shown;
  return (
    <Card>
      <p class="hint">{t.payee}</p>
      <p class="payee">
        <strong>{order.payee_name}</strong> <StateChip state={order.state} locale={locale} />{' '}
        {order.kind === 'refund' && <Chip>{t.refund}</Chip>} {order.settles !== null && <AfterTheFactChip locale={locale} />}{' '}
        <EmergencyChip order={order} today={shown.today} locale={locale} />
      </p>
      <p class="big"><Amount value={order.amount} yuan strong capital /></p>
      <DescriptionList items={[
        order.settles !== null && { term: t.after_new, value: (
          <a href={`/e/${code}/journal/${order.settles}`}>
            {fill(talkTexts.after_the_fact_long[locale], { day: formatDate(order.settles_paid_on!, locale), number: order.settles_number! })}
          </a>
        ) },
        { term: t.purpose, value: order.purpose },
        { term: t.fund, value: order[`fund_${locale}`] },
        { term: t.account, value: `${order.account} ${order[`account_${locale}`]}` },
        { term: t.account_number, value: fill(t.last4, { last4: order.account_last4 }) },
        shown.households && order.unit !== null && { term: t.unit, value: order.unit },
        order.invoice_number !== null && { term: t.invoice,
          value: fill(t.invoice_of, { number: order.invoice_number, total: order.invoice_total === null ? '' : moneyFigures(money(order.invoice_total)) }) },
        { term: t.reference, value: order.reference },
        order.pay_file !== null && { term: t.pay_files,
          value: <a href={`/e/${code}/pay-files/${order.pay_file}`}>{fill(t.pay_file_of, { number: order.pay_file })}</a> },
        order.emergency_reason !== null && { term: t.emergency_reason, value: order.emergency_reason },
        order.over_budget_reason !== null && { term: t.over_budget_reason, value: order.over_budget_reason },
        order.resolution !== null && { term: t.resolution,
          value: fill(t.resolution_of, { title: order.resolution.title, date: formatDate(order.resolution.date, locale) }) },
        isAnnounced(order) && order.paid_on === null && { term: t.payable_from, value: formatDate(order.payable_from!, locale) },
        order.reason !== '' && { term: t.reason, value: order.reason },
        order.paid_on !== null && { term: t.paid_on, value: formatDate(order.paid_on, locale) },
        order.entry_seq !== null && { term: t.entry, value: <a href={`/e/${code}/journal/${order.entry_seq}`}>{order.entry_number}</a> },
      ]} />
    </Card>
  );
}

function StepsCard({ shown, csrf, locale }: { shown: OrderShown; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { order, code } = shown;
  const ended = ['rejected', 'expired', 'withdrawn'].includes(order.state);
  return (
    <Notice tone={order.state === 'returned' ? 'amber' : order.state === 'executed' ? 'ok' : 'info'}>
      <p>{nextText(shown, locale)}</p>
      {shown.may_change && (
        <Form action={`/e/${code}/orders/${order.order_id}/submit`} csrf={csrf} id="submit" errors={shown.form.errors}>
          <ButtonRow>
            <Button>{t.submit}</Button>
            <ActionLink href={`/e/${code}/orders/${order.order_id}/edit`} kind="alt">{t.edit}</ActionLink>
          </ButtonRow>
        </Form>
      )}
      {order.state !== 'executed' && <p><a class="tap" href={`/e/${code}/proposals/${order.order_id}`}>{t.sign_page}</a></p>}
      {ended && shown.may_draft && <p><a class="tap" href={`/e/${code}/orders/new?from=${order.order_id}`}>{t.copy}</a></p>}
    </Notice>
  );
}

function PayCard({ shown, csrf, locale }: { shown: OrderShown; csrf: string | undefined; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const { order, payee, code, form } = shown;
  if (order.state !== 'approved' || order.settles !== null) return null;
  const may_pay = shown.may_pay && shown.wait === null;
  const why_not = !shown.may_pay ? t.pay_not_cashier : shown.wait === null ? undefined : waitText(shown.wait, locale);
  return (
    <Card title={t.pay_title} id="pay">
      <p>{t.pay_lede}</p>
      <h3>{t.payee_full}</h3>
      {payee.name === undefined ? <p>{t.payee_erased}</p> : (
        <>
          <DescriptionList items={[
            { term: t.name, value: payee.name }, { term: t.bank_name, value: payee.bank_name },
            { term: t.account_number, value: <span class="num">{payee.account_number?.replace(/(\d{4})(?=\d)/g, '$1 ')}</span> },
            { term: t.reference, value: order.reference },
          ]} />
          <p class="hint">{t.payee_full_hint}</p>
        </>
      )}
      <Form action={`/e/${code}/orders/${order.order_id}/paid`} csrf={csrf} id="paid" form_key={form.form_key}
        values={{ paid_on: shown.today, ...form.values }} errors={form.errors}>
        {may_pay && <DateField name="paid_on" label={t.paid_on} hint={t.paid_on_hint} max={shown.today} required />}
        {may_pay && <TextField name="bank_reference" label={t.bank_reference} hint={t.bank_reference_hint} autocomplete="off" required />}
        <ButtonRow><Button why_not={why_not}>{t.pay}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export function orderPage(frame: Frame, shown: OrderShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { order, code, vouchers } = shown;
  const csrf = frame.session?.csrf;
  return page({
    ...frame, title: fill(order.settles !== null ? t.after_one : order.kind === 'refund' ? t.refund_one : t.order_one, { reference: order.reference }), crumbs: [{ href: `/e/${code}/orders`, label: t.orders }],
    body: (
      <Columns wide={vouchers.length > 0 ? 'right' : undefined}>
        <div>
          <FactsCard shown={shown} locale={locale} />
          <StepsCard shown={shown} csrf={csrf} locale={locale} />
          <PayCard shown={shown} csrf={csrf} locale={locale} />
          {shown.checks.length > 0 && <Card title={t.checked}><Checks items={shown.checks} /></Card>}
          {shown.beside}
          {shown.timeline.length > 0 && <Card title={t.signatures}><Timeline steps={shown.timeline} /></Card>}
        </div>
        {vouchers.length > 0 && (
          <div>
            <Card title={t.vouchers}>
              {vouchers.length > 1 && <VoucherList vouchers={vouchers} />}
              <VoucherView {...vouchers[0]!} />
            </Card>
          </div>
        )}
      </Columns>
    ),
  });
}
