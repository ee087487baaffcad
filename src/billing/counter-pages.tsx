// Pages of the counter (收费窗口): find a dwelling, choose what is paid, check with the payer, take the payment.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, negated, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { AmountField, Button, ButtonRow, DateField, Form, HiddenToken, RadioField, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import { counterMethods, type Typed } from './counter-form.ts';
import type { AheadItem, Counter, DayTakings, FoundDwelling } from './counter-queries.ts';
import { counterTexts } from './counter-texts.ts';
import { methodNames } from './counter.ts';
import { PartsTable } from './receipt-pages.tsx';
import type { ReceiptPart } from './receipt-queries.ts';
import type { Method } from './receipt.ts';

type T = ReturnType<typeof pick<typeof counterTexts>>;

export interface FindShown { code: string; q: string; found: FoundDwelling[]; takings: DayTakings[]; today: string }

export function counterPage(frame: Frame, { code, q, found, takings, today }: FindShown): string {
  const { locale } = frame;
  const t = pick(counterTexts, locale);
  return page({
    ...frame, title: t.counter, lede: t.lede,
    body: (
      <>
        <Filters action={`/e/${code}/counter`} fields={[{ name: 'q', label: t.find, type: 'search', value: q }]} />
        {q !== '' && <LedgerTable caption={t.find} caption_hidden rows={found} empty={<EmptyState title={fill(t.not_found, { q })} text={t.not_found_hint} />} columns={[
          { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/counter/${row.unit}`}>{row.unit}</a> },
          { key: 'names', title: t.people }, { key: 'bills', title: t.bills, type: 'number' },
          { key: 'open', title: t.open, type: 'money', cell: (row) => <Amount value={row.open} strong={row.bills > 0} /> },
        ]} />}
        <Card title={`${t.today} · ${formatDate(today, locale)}`}>
          <LedgerTable caption={t.today} caption_hidden rows={takings} empty={<EmptyState title={t.today_none} />}
            totals={takings.length > 0 ? [{ label: t.total, cells: { amount: sum(takings.map((row) => money(row.amount))) } }] : undefined} columns={[
              { key: 'method', title: t.method, lead: true, cell: (row) => (row.method === null ? t.unnoted : methodNames[row.method as Method][locale]) },
              { key: 'count', title: t.count, type: 'number' }, { key: 'amount', title: t.amount, type: 'money' },
            ]} />
          <p class="hint">{t.today_hint}</p>
        </Card>
      </>
    ),
  });
}

export interface TakeShown { code: string; counter: Counter; values: Typed; errors: Record<string, string>; form_key: string }

function Standing({ counter, t, locale }: { counter: Counter; t: T; locale: Locale }): JSX.Element {
  const below = counter.held.filter((one) => one.amount.startsWith('-'));
  return (
    <>
      <Figures items={[{ label: t.owes, amount: counter.open }, ...counter.held.filter((one) => !one.amount.startsWith('-')).map((one) => ({ label: t.holds, amount: one.amount }))]} />
      {counter.held.map((one) => [
        ...one.bound.map(({ name, from, amount }) => <p class="hint">{fill(t.holds_bound, { name: name[locale], month: formatPeriod(from, locale), amount: moneyFigures(money(amount)) })}</p>),
        Number(one.promised) > 0 ? <p class="hint">{fill(t.holds_promised, { amount: moneyFigures(money(one.promised)) })}</p> : null,
      ])}
      {below.map((one) => <Notice tone="amber">{fill(t.short, { amount: moneyFigures(negated(money(one.amount))) })}</Notice>)}
      {counter.people.length > 0 && <DescriptionList items={[{ term: t.people, value: counter.people.map((one) => `${one.name}（${t[one.kind]}）`).join(locale === 'zh' ? '、' : ', ') }]} />}
    </>
  );
}

/** Ticks and amounts beside the bills: plain inputs, so that they stand in the rows. */
function BillsTable({ counter, values, t, locale }: { counter: Counter; values: Typed; t: T; locale: Locale }): JSX.Element {
  return (
    <LedgerTable caption={t.choose} caption_hidden rows={counter.bills} empty={<EmptyState title={t.owes_nothing} />} columns={[
      { key: 'pay', title: t.pay_this, lead: true, cell: (bill) => {
        const label = fill(t.pay_this_label, { period: formatPeriod(bill.period, locale), name: bill[`name_${locale}`] });
        return <label class="choice"><input type="checkbox" name={`bill_${bill.bill_id}`} value="yes" checked={values[`bill_${bill.bill_id}`] === 'yes'} aria-label={label} />
          <span>{formatPeriod(bill.period, locale)} {bill[`name_${locale}`]}</span></label>;
      } },
      { key: 'due_on', title: t.due, type: 'date', cell: (bill) => <>{formatDate(bill.due_on, locale)}{bill.due_on < counter.today && <> <Chip tone="amber">{t.overdue}</Chip></>}</> },
      { key: 'open', title: t.open, type: 'money', cell: (bill) => <Amount value={bill.open} strong /> },
      { key: 'only', title: t.only, cell: (bill) => <input type="text" inputMode="decimal" class="short" size={9} name={`part_${bill.bill_id}`} value={values[`part_${bill.bill_id}`] ?? ''}
        aria-label={fill(t.only_label, { period: formatPeriod(bill.period, locale), name: bill[`name_${locale}`] })} /> },
    ]} />
  );
}

function AheadFields({ ahead, t, locale }: { ahead: readonly AheadItem[]; t: T; locale: Locale }): JSX.Element {
  if (ahead.length === 0) return <p>{t.ahead_none}</p>;
  return (
    <>
      {ahead.map(({ item, name, months }) => (
        <SelectField name={`months_${item}`} label={name[locale]} empty={t.ahead_no} options={months.map(({ period, total }, index) => ({
          value: String(index + 1),
          label: fill(index === 0 ? t.ahead_one : t.ahead_months, { n: index + 1, from: formatPeriod(months[0]!.period, locale), to: formatPeriod(period, locale), total: moneyFigures(money(total)) }),
        }))} />
      ))}
      <p class="hint">{t.ahead_hint}</p>
    </>
  );
}

export function takePage(frame: Frame, { code, counter, values, errors, form_key }: TakeShown): string {
  const { locale } = frame;
  const t = pick(counterTexts, locale);
  const { unit, people, banks } = counter;
  return page({
    ...frame, title: `${t.counter} ${unit}`, crumbs: [{ href: `/e/${code}/counter`, label: t.back }],
    body: (
      <>
        <Card><Standing counter={counter} t={t} locale={locale} /></Card>
        <Form action={`/e/${code}/counter/${unit}`} id="take" csrf={frame.session?.csrf} form_key={form_key} values={values} errors={errors}>
          <HiddenToken name="step" value="check" />
          <Card title={t.choose}>
            <BillsTable counter={counter} values={values} t={t} locale={locale} />
            {counter.bills.length > 0 && <p class="hint">{t.choose_hint}</p>}
          </Card>
          <Card title={t.ahead}><AheadFields ahead={counter.ahead} t={t} locale={locale} /></Card>
          <Card title={t.payment}>
            <AmountField name="amount" label={t.sum_field} hint={t.sum_hint} />
            <RadioField name="method" label={t.method} required options={counterMethods.map((value) => ({ value, label: methodNames[value][locale] }))} />
            {banks.length > 1 && <SelectField name="bank" label={t.bank} hint={t.bank_hint} empty={false} options={banks.map(({ account, name }) => ({ value: account, label: name[locale] }))} />}
            {people.length > 0 && <SelectField name="party" label={t.payer} hint={t.payer_hint} empty={t.payer_other} options={people.map((one) => ({ value: one.party_id, label: `${one.name}（${t[one.kind]}）` }))} />}
            <TextField name="payer" label={t.payer_name} hint={people.length > 0 ? undefined : t.payer_hint} />
            <DateField name="paid_on" label={t.paid_on} min={counter.first} max={counter.today} />
            <ButtonRow><Button>{t.preview}</Button></ButtonRow>
          </Card>
        </Form>
      </>
    ),
  });
}

export interface CheckShown extends TakeShown {
  parts: ReceiptPart[];
  payment: { amount: string; method: Method; paid_on: string; payer: string };
  /** What is open of the dwelling once this is booked. */
  open_after: string;
  seen: string;
  changed: boolean;
}

export function checkPage(frame: Frame, { code, counter: { unit }, values, form_key, parts, payment, open_after, seen, changed }: CheckShown): string {
  const { locale } = frame;
  const t = pick(counterTexts, locale);
  const kept = Object.entries(values).filter(([name, value]) => value !== '' && !['csrf', 'form_key', 'step', 'seen'].includes(name));
  const hidden = (step: string): JSX.Element => <>{kept.map(([name, value]) => <HiddenToken name={name} value={value} />)}<HiddenToken name="step" value={step} /></>;
  const csrf = frame.session?.csrf;
  return page({
    ...frame, title: `${t.check} ${unit}`, lede: t.check_lede, crumbs: [{ href: `/e/${code}/counter`, label: t.back }, { href: `/e/${code}/counter/${unit}`, label: unit }],
    body: (
      <>
        {changed && <Notice tone="amber">{t.changed}</Notice>}
        <Card>
          <Figures items={[{ label: t.sum_field, amount: payment.amount }, { label: t.left_after, amount: open_after }]} />
          <DescriptionList items={[
            { term: t.unit, value: unit }, { term: t.method, value: methodNames[payment.method][locale] }, { term: t.paid_on, value: formatDate(payment.paid_on, locale) },
            payment.payer !== '' && { term: t.payer, value: payment.payer },
          ]} />
          <PartsTable parts={parts} total={payment.amount} locale={locale} />
          <Form action={`/e/${code}/counter/${unit}`} id="confirm" csrf={csrf} form_key={form_key}>
            {hidden('take')}<HiddenToken name="seen" value={seen} />
            <ButtonRow><Button>{t.confirm}</Button></ButtonRow>
          </Form>
          <Form action={`/e/${code}/counter/${unit}`} id="change" csrf={csrf} form_key={form_key}>
            {hidden('change')}
            <ButtonRow><Button kind="alt">{t.change}</Button></ButtonRow>
          </Form>
        </Card>
      </>
    ),
  });
}
