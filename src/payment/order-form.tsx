// The form of a payment order: everything on one page, one column, amounts with 大写. A wrong form comes
// back as it was typed, with the files that were already uploaded. What is asked for some orders only (an emergency,
// a resolution of the owners) is folded away, and not there at all where no rule speaks of it.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import type { Rule } from '../approval/rules.ts';
import {
  AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, HiddenToken, RadioField, SelectField, TextArea, TextField,
  type Option,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Columns, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import type { Choice, OrderChoices } from './queries.ts';
import type { Suspense } from './settle.ts';
import { texts } from './texts.ts';

export interface OrderForm {
  form_key: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  kept: VoucherItem[];
  kept_resolution: VoucherItem[];
}

export interface OrderFormShown {
  code: string;
  /** Of the order that is changed; null for a new one. */
  order: { order_id: number; reference: string } | null;
  choices: OrderChoices;
  /** The unexplained debit that it explains after the fact. */
  suspense: Suspense | null;
  form: OrderForm;
}

const optionOf = (locale: Locale) => (choice: Choice): Option =>
  ({ value: choice.value, label: /^\d/.test(choice.value) ? `${choice.value} ${choice[`name_${locale}`]}` : choice[`name_${locale}`] });

const classOrder = ['expense', 'liability', 'asset', 'income'] as const;

/** A refund is not booked to an expense. */
function accountOptions(choices: OrderChoices, { refund }: { refund: boolean }, locale: Locale): Option[] {
  const t = pick(texts, locale);
  return classOrder.filter((name) => !refund || name !== 'expense').flatMap((name) => choices.accounts.filter((account) => account.class === name)
    .map((account) => ({ ...optionOf(locale)(account), group: t[name] })));
}

/** Fields of a new payee; folded away while one is chosen who was paid before. */
const NEW_PAYEE = ['kind', 'name', 'bank_name', 'account_number'];

function PayeeFields({ choices, form, locale }: { choices: OrderChoices; form: OrderForm; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const known = choices.payees.map((payee): Option => ({
    value: String(payee.payee_id), label: fill(t.payee_of, { name: payee.public_name, last4: payee.account_last4 }),
  }));
  const open = known.length === 0 || form.values['payee'] === 'new' || NEW_PAYEE.some((name) => form.errors[name] !== undefined);
  return (
    <>
      <SelectField name="payee" label={t.payee} hint={t.payee_hint} required
        options={[{ value: 'new', label: t.payee_new }, ...known]} />
      <details class="field" open={open} data-open-for="payee" data-open-value="new">
        <summary class="tap">{t.payee_new_fields}</summary>
        <RadioField name="kind" label={t.payee_kind} required options={[
          { value: 'company', label: t.company }, { value: 'individual', label: t.individual, hint: t.individual_hint },
        ]} />
        <TextField name="name" label={t.name} autocomplete="off" required />
        <TextField name="bank_name" label={t.bank_name} autocomplete="off" required />
        <TextField name="account_number" label={t.account_number} hint={t.account_number_hint} input_mode="numeric" autocomplete="off"
          required />
      </details>
    </>
  );
}

const yuan = (amount: string): string => moneyFigures(money(amount));

/** 应急：只在有应急规则时出现，平时收着 */
function EmergencyFields({ rules, form, locale }: { rules: readonly Rule[]; form: OrderForm; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  if (rules.length === 0 || form.values['order_kind'] === 'refund') return null;
  const wanted = form.values['class'] === 'emergency';
  const bodies = (rule: Rule): string => rule.bodies
    .map((one) => fill(t.body_count, { body: locale === 'zh' ? one.name_zh : one.name_en, count: one.signers })).join(locale === 'zh' ? '、' : ', ');
  return (
    <details class="field" open={wanted || form.errors['emergency_reason'] !== undefined || form.errors['class'] !== undefined}>
      <summary class="tap">{t.emergency_fields}</summary>
      <p class="hint">{t.emergency_hint}</p>
      <ul class="hint">
        {rules.map((rule) => (
          <li>{fill(t.emergency_rule, {
            limit: yuan(rule.amount_to ?? '0.00'), cap: yuan(rule.month_cap ?? '0.00'), days: rule.ratify_days ?? 0, who: bodies(rule),
          })}</li>
        ))}
      </ul>
      <CheckField name="class" value="emergency" label={t.emergency_choose} checked={wanted} />
      <TextArea name="emergency_reason" label={t.emergency_reason} hint={t.emergency_reason_hint} rows={2} />
    </details>
  );
}

/** 超预算：平时收着，被退回时打开 */
function OverBudgetFields({ form, locale }: { form: OrderForm; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <details class="field" open={(form.values['over_budget_reason'] ?? '') !== '' || form.errors['over_budget_reason'] !== undefined}>
      <summary class="tap">{t.over_budget_fields}</summary>
      <TextArea name="over_budget_reason" label={t.over_budget_reason} hint={t.over_budget_hint} rows={2} />
    </details>
  );
}

/** 业主大会决议：有规则要求时出现，写明从多少钱起 */
function ResolutionFields({ choices, form, locale }: { choices: OrderChoices; form: OrderForm; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const kind = form.values['order_kind'] === 'refund' ? 'refund' : 'payment';
  const rules = choices.resolution.filter((rule) => rule.kind === kind);
  const names = ['resolution_title', 'resolution_date', 'resolution_file', 'resolution_id'];
  const begun = form.kept_resolution.length > 0 || names.some((name) => (form.values[name] ?? '') !== '' || form.errors[name] !== undefined);
  if (rules.length === 0 && choices.passed.length === 0 && !begun) return null;
  const when = (rule: Rule): string => {
    const fund = choices.funds.find((one) => one.value === rule.fund)?.[`name_${locale}`];
    const band = money(rule.amount_from).isZero() ? t.resolution_any : fill(t.resolution_from, { amount: yuan(rule.amount_from) });
    return band + (fund === undefined ? '' : locale === 'zh' ? `（${fund}）` : ` (${fund})`);
  };
  return (
    <details class="field" open={begun}>
      <summary class="tap">{t.resolution_fields}</summary>
      {rules.length > 0 && <p class="hint">{fill(t.resolution_hint, { when: rules.map(when).join(locale === 'zh' ? '；' : '; ') })}</p>}
      {choices.passed.length > 0 && (
        <SelectField name="resolution_id" label={t.resolution_voted} hint={t.resolution_voted_hint} empty={t.resolution_none} options={choices.passed.map((row) => ({
          value: String(row.resolution_id),
          label: fill(row.standing === 'certified' ? t.resolution_choice : row.standing === 'uncertified' ? t.resolution_choice_uncertified : t.resolution_choice_waits, { number: row.resolution_id, title: row.title, date: row.counted_on }),
        }))} />
      )}
      <TextField name="resolution_title" label={t.resolution_title} autocomplete="off" />
      <DateField name="resolution_date" label={t.resolution_date} />
      <FileField name="resolution_file" label={t.resolution_file} kept={form.kept_resolution} />
    </details>
  );
}

const titleKey = (order: OrderFormShown['order'], { refund, after }: { refund: boolean; after: boolean }) =>
  (after ? (order === null ? 'after_new' as const : 'after_edit' as const) : order === null ? (refund ? 'refund_new' as const : 'order_new' as const) : refund ? 'refund_edit' as const : 'order_edit' as const);

function SuspenseNotice({ code, suspense, locale }: { code: string; suspense: Suspense; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <Notice tone="alarm" title={fill(t.after_what, { day: formatDate(suspense.paid_on, locale), number: suspense.number, left: yuan(suspense.left) })}
      action={{ href: `/e/${code}/journal/${suspense.seq}`, label: suspense.number }}>
      {t.after_rule}
    </Notice>
  );
}

export function orderFormPage(frame: Frame, { code, order, choices, suspense, form }: OrderFormShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const action = order === null ? `/e/${code}/orders` : `/e/${code}/orders/${order.order_id}/edit`;
  const refund = form.values['order_kind'] === 'refund';
  const after = (form.values['settles'] ?? '') !== '';
  return page({
    ...frame, title: fill(t[titleKey(order, { refund, after })], { reference: order?.reference ?? '' }), ...(refund ? { lede: t.refund_lede } : {}),
    crumbs: [{ href: `/e/${code}/orders`, label: t.orders }],
    body: (
      <Form action={action} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        {suspense !== null && <SuspenseNotice code={code} suspense={suspense} locale={locale} />}
        {after && suspense === null && <Notice tone="alarm">{t.after_gone}</Notice>}
        <HiddenToken name="order_kind" value={refund ? 'refund' : 'payment'} />
        {after && <HiddenToken name="settles" value={form.values['settles'] ?? ''} />}
        <Columns>
          <Card>
            <PayeeFields choices={choices} form={form} locale={locale} />
            {!after && (refund || (form.values['unit'] ?? '') !== '' || form.errors['unit'] !== undefined) && (
              <TextField name="unit" label={t.unit} hint={t.unit_hint} autocomplete="off" short />
            )}
            <AmountField name="amount" label={t.amount} required />
            {((form.values['milestone'] ?? '') !== '' || form.errors['milestone'] !== undefined) && (
              <TextField name="milestone" label={t.milestone} hint={t.milestone_hint} input_mode="numeric" autocomplete="off" short />
            )}
            <SelectField name="fund" label={t.fund} options={choices.funds.map(optionOf(locale))} required />
            <SelectField name="account" label={t.account} hint={t.account_hint} options={accountOptions(choices, { refund }, locale)} required />
            {!after && (
              <SelectField name="bank_account" label={t.bank_account} options={choices.bank_accounts.map(optionOf(locale))} empty={false} required />
            )}
            <TextField name="purpose" label={t.purpose} hint={t.purpose_hint} required />
            {!after && <EmergencyFields rules={choices.emergency} form={form} locale={locale} />}
            {!refund && !after && <OverBudgetFields form={form} locale={locale} />}
          </Card>
          <Card>
            <TextField name="invoice_number" label={t.invoice_number} hint={t.invoice_number_hint} autocomplete="off" />
            <AmountField name="invoice_total" label={t.invoice_total} />
            <FileField name="vouchers" label={t.vouchers} hint={t.vouchers_hint} kept={form.kept} multiple required />
            <RadioField name="audience" label={t.audience} required options={[
              { value: 'owners', label: t.audience_owners }, { value: 'officers', label: t.audience_officers },
            ]} />
            <ResolutionFields choices={choices} form={form} locale={locale} />
          </Card>
        </Columns>
        <ButtonRow>
          <Button name="next" value="submit">{t.submit}</Button>
          <Button name="next" value="save" kind="alt">{t.save}</Button>
        </ButtonRow>
      </Form>
    ),
  });
}
