// The page on which a proposal is signed (phone first, see the mock): what is asked, what was checked,
// what changed, who has signed and who is missing, then the decision.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, HiddenToken, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, formatInstant, formatPeriod, pick } from '../web/locale.ts';
import { Card, Checks, Chip, Columns, DescriptionList, Notice, Timeline, type Check, type Fact, type TimelineStep } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { VoucherList, VoucherView, type VoucherItem } from '../web/vouchers.tsx';
import type { Change } from './changes.ts';
import type { Kind } from './proposal.ts';
import type { NeededRow } from './queries.ts';
import type { StepName } from './reason.ts';
import { officeWord, stateName, texts, titleIn } from './texts.ts';
import type { Names, ProposalView } from './view.ts';

type T = Record<keyof typeof texts, string>;
const tOf = (locale: Locale): T => pick(texts, locale);

export interface ProposalShown {
  code: string;
  view: ProposalView;
  names: Names;
  checks: Check[];
  /** Why this person may not sign; null when they may. */
  why_not: string | null;
  steps: StepName[];
  person_id: string;
  /** Officers may open the order and every voucher. */
  officer: boolean;
  form: { form_key: string; values: Record<string, string>; errors: Record<string, string> };
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const figuresIn = (amount: string): string => (readMoney(amount) === null ? amount : moneyFigures(money(amount)));
const field = (view: ProposalView, name: string): unknown => view.document?.[name];
const record = (value: unknown): Record<string, unknown> =>
  (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});

const signedCount = (needed: readonly NeededRow[]) => ({
  signed: needed.reduce((all, row) => all + row.signers - row.missing, 0), needed: needed.reduce((all, row) => all + row.signers, 0),
});

const vouchersOf = ({ code, names }: ProposalShown): VoucherItem[] =>
  names.vouchers.map((voucher) => ({ ...voucher, href: `/e/${code}/vouchers/${voucher.sha256}` }));

/** 公共收益 · 共用部位设施运行维护 */
function fromText({ view, names }: ProposalShown, locale: Locale): string {
  const account = text(field(view, 'account'));
  return [names.funds[view.fund ?? '']?.[locale], names.accounts[account]?.[locale]].filter((part) => part !== undefined).join(' · ');
}

function paymentFacts(shown: ProposalShown, locale: Locale): (Fact | false)[] {
  const t = tOf(locale);
  const { view } = shown;
  const payee = record(field(view, 'payee'));
  const invoice = record(field(view, 'invoice'));
  return [
    { term: t.purpose, value: text(field(view, 'purpose')) },
    { term: t.from, value: fromText(shown, locale) },
    view.available !== null && view.state !== 'executed' && { term: t.available, value: <Amount value={view.available} yuan /> },
    { term: t.account_last4, value: fill(t.last4, { last4: text(payee['account_last4']) }) },
    field(view, 'invoice') !== null && { term: t.invoice,
      value: fill(t.invoice_of, { number: text(invoice['number']), total: figuresIn(text(invoice['total'])) }) },
  ];
}

function otherFacts({ code, view }: ProposalShown, locale: Locale): (Fact | false)[] {
  const t = tOf(locale);
  if (view.kind === 'close') {
    return [
      { term: t.period, value: formatPeriod(text(field(view, 'period')), locale) },
      { term: t.entries, value: text(field(view, 'entries')) },
      { term: t.month_debit, value: <Amount value={text(field(view, 'debit')) || '0.00'} yuan /> },
      { term: t.checked, value: <a href={`/e/${code}/periods`}>{t.see_checks}</a> },
    ];
  }
  const reverses = text(field(view, 'reverses'));
  return [
    { term: t.description, value: text(field(view, 'description')) },
    reverses !== '' && { term: t.reverses,
      value: <a href={`/e/${code}/journal/${reverses}`}>{text(field(view, 'reverses_number')) || reverses}</a> },
    text(field(view, 'entry_date')) !== '' && { term: t.entry_date, value: formatDate(text(field(view, 'entry_date')), locale) },
  ];
}

function FactsCard({ shown, locale }: { shown: ProposalShown; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const { view, code, names } = shown;
  const payee = record(field(view, 'payee'));
  const payment = view.kind === 'payment';
  return (
    <Card>
      {payment && <><p class="hint">{t.pay_to}</p><p class="payee"><strong>{text(payee['name']) || view.title}</strong></p></>}
      {!payment && <p><strong>{titleIn(view, locale)}</strong></p>}
      {view.amount !== null && <p class="big"><Amount value={view.amount} yuan strong capital /></p>}
      <DescriptionList items={[
        ...(view.document === null ? [] : payment ? paymentFacts(shown, locale) : otherFacts(shown, locale)),
        names.vouchers.length > 0 && { term: t.vouchers,
          value: <a href="#vouchers">{fill(t.voucher_count, { count: names.vouchers.length })}</a> },
        view.fingerprint !== null && { term: t.check_words,
          value: <><strong class="check-words">{view.fingerprint[locale]}</strong><br /><small class="hint">{t.check_words_hint}</small></> },
        { term: t.number, value: `${view.proposal_id} · ${fill(t.version, { version: Math.max(view.version, 1) })}` },
        { term: t.state, value: stateName(view.state, locale) },
        view.reason !== '' && { term: t.reason, value: view.reason },
        payment && shown.officer && { term: t.payment_order,
          value: <a href={`/e/${code}/orders/${view.proposal_id}`}>{text(field(view, 'reference')) || t.open_order}</a> },
      ]} />
      {view.kind === 'close' && <p class="hint">{t.close_effect}</p>}
    </Card>
  );
}

interface Line { account: string; fund: string; debit: string | null; credit: string | null }

function LinesCard({ shown, locale }: { shown: ProposalShown; locale: Locale }): JSX.Element | null {
  const t = tOf(locale);
  const postings = field(shown.view, 'postings');
  if (shown.view.kind === 'payment' || !Array.isArray(postings)) return null;
  const rows = (postings as Record<string, string | undefined>[]).map((line): Line => ({
    account: `${line['account']} ${shown.names.accounts[line['account'] ?? '']?.[locale] ?? ''}`,
    fund: shown.names.funds[line['fund'] ?? '']?.[locale] ?? line['fund'] ?? '',
    debit: line['debit'] ?? null, credit: line['credit'] ?? null,
  }));
  return (
    <Card title={t.lines}>
      <LedgerTable caption={t.lines} caption_hidden rows={rows} rowState={() => (shown.view.kind === 'reversal' ? 'redletter' : undefined)}
        columns={[
          { key: 'account', title: t.account, lead: true }, { key: 'fund', title: t.fund },
          { key: 'debit', title: t.debit, type: 'money' }, { key: 'credit', title: t.credit, type: 'money' },
        ]} />
    </Card>
  );
}

const changeNames: Record<string, keyof typeof texts> = {
  amount: 'amount', purpose: 'purpose', fund: 'fund', account: 'account', 'payee.name': 'payee', 'payee.payee_id': 'payee',
  'payee.account_last4': 'account_last4', 'payee.account_hash': 'payee_account', vouchers: 'vouchers',
  'invoice.number': 'invoice_number', 'invoice.total': 'invoice_total', reverses: 'reverses', reverses_number: 'reverses', bank_account: 'bank_account', entry_date: 'entry_date', description: 'description',
  reason: 'reason', period: 'period', entries: 'entries', debit: 'month_debit',
};

function changeValue({ field: name }: Change, value: string, { names }: ProposalShown, locale: Locale): string {
  const t = tOf(locale);
  if (value === '') return t.empty;
  if (name === 'fund') return names.funds[value]?.[locale] ?? value;
  if (name === 'account' || name === 'bank_account') return `${value} ${names.accounts[value]?.[locale] ?? ''}`;
  if (name === 'payee.account_hash') return `${value.slice(0, 8)}…`;
  if (name === 'vouchers') {
    const hashes = (JSON.parse(value) as string[]).map((hash) => `${hash.slice(0, 8)}…`);
    return `${fill(t.voucher_count, { count: hashes.length })}${locale === 'zh' ? '：' : ': '}${hashes.join(' ')}`;
  }
  return value;
}

function ChangesCard({ shown, locale }: { shown: ProposalShown; locale: Locale }): JSX.Element | null {
  const t = tOf(locale);
  const { view } = shown;
  if (view.version < 2) return null;
  const rows = view.changes.filter((change) => change.field !== 'payee.payee_id').map((change) => ({
    field: changeNames[change.field] === undefined ? change.field : t[changeNames[change.field]!],
    before: changeValue(change, change.before, shown, locale), after: changeValue(change, change.after, shown, locale),
  }));
  return (
    <Card title={fill(t.changed_title, { version: view.version })} tone="amber">
      <p>{t.changed_lede}</p>
      <DescriptionList items={rows.map((row) => ({
        term: row.field,
        value: <><span class="hint">{t.before}</span> <del>{row.before}</del><br /><span class="hint">{t.after}</span> <ins>{row.after}</ins></>,
      }))} />
    </Card>
  );
}

/** What happened, who signed, who is missing: in order. Also on the page of a payment order. */
export function timelineOf(shown: Pick<ProposalShown, 'view' | 'names'>, locale: Locale): TimelineStep[] {
  const t = tOf(locale);
  const { view, names } = shown;
  const past = [
    ...view.steps.map((row) => ({ seq: row.seq, step: {
      state: row.step === 'returned' ? 'returned' as const : row.step === 'withdrawn' ? 'rejected' as const : 'done' as const, word: '',
      title: t[`step_${row.step}` as keyof typeof texts] ?? row.step,
      who: row.body === null ? undefined : `${names.bodies[row.body]?.[locale] ?? row.body} · ${officeWord(row.office ?? '', locale)}`,
      when: formatInstant(row.recorded_at, locale), note: row.reason === '' ? undefined : row.reason,
    } })),
    ...[...view.signatures, ...view.earlier_signatures].map((row) => ({ seq: row.seq, step: {
      state: row.decision === 'reject' ? 'rejected' as const : view.earlier_signatures.includes(row) ? 'returned' as const : 'done' as const,
      ...(view.earlier_signatures.includes(row) ? { word: t.voided } : {}),
      title: `${locale === 'zh' ? row.name_zh : row.name_en} · ${officeWord(row.office, locale)}`,
      when: `${formatInstant(row.signed_at, locale)}　${t[`method_${row.method}`]}`,
      note: view.earlier_signatures.includes(row) ? t.earlier : row.reason === '' ? undefined : row.reason,
    } })),
  ].sort((a, b) => a.seq - b.seq).map(({ step }) => step);
  const waiting = view.state !== 'submitted' ? [] : view.needed.filter((row) => row.missing > 0).map((row): TimelineStep => ({
    state: 'waiting', title: fill(t.waiting_body, { body: locale === 'zh' ? row.name_zh : row.name_en }),
    who: row.missing > 1 ? fill(t.waiting_count, { count: row.missing }) : undefined,
    when: view.expires_on === null ? undefined : fill(t.expires, { day: formatDay(view.expires_on, locale) }),
  }));
  const carried = view.executed_at === null ? [] : [{ state: 'done' as const, word: '', title: t.step_executed, when: formatInstant(view.executed_at, locale) }];
  return [...past, ...waiting, ...carried];
}

function SignaturesCard({ shown, locale }: { shown: ProposalShown; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const count = signedCount(shown.view.needed);
  const office = shown.view.maker_office;
  return (
    <Card title={<>{t.signatures} {count.needed > 0 && <Chip tone="ok">{fill(t.signed_of, count)}</Chip>}</>}>
      {count.needed > 0 && <p class="hint">{fill(t.signed_of_long, count)}{office !== null && <> · {fill(t.by_office, { office: officeWord(office, locale) })}</>}</p>}
      <Timeline steps={timelineOf(shown, locale)} />
    </Card>
  );
}

const stepLabels: Record<StepName, keyof typeof texts> = { return: 'return', hold: 'hold', release: 'release', withdraw: 'withdraw' };

function labelOf(step: StepName, { view, person_id }: ProposalShown, t: T): string {
  if (step === 'withdraw' && view.state === 'approved') return t.cancel;
  if (step === 'return' && view.made_by === person_id) return t.take_back;
  return t[stepLabels[step]];
}

function DecisionCard({ shown, csrf, locale }: { shown: ProposalShown; csrf: string | undefined; locale: Locale }): JSX.Element | null {
  const t = tOf(locale);
  const { view, why_not, steps, form, code } = shown;
  const open = view.state === 'submitted';
  if (!open && steps.length === 0) return null;
  const may_sign = open && why_not === null;
  return (
    <Card title={t.decide} id="decide">
      <Form action={`/e/${code}/proposals/${view.proposal_id}`} csrf={csrf} values={form.values} errors={form.errors} id="decision">
        {view.document_hash !== null && <HiddenToken name="document_hash" value={view.document_hash} />}
        {may_sign && <TextField name="password" type="password" label={t.password} hint={t.password_hint} autocomplete="off" required />}
        {open && <ButtonRow><Button name="step" value="approve" why_not={why_not ?? undefined}>{t.approve}</Button></ButtonRow>}
        {(may_sign || steps.length > 0) && (
          <>
            <h3>{may_sign ? t.otherwise : t.other_steps}</h3>
            <TextArea name="reason" label={t.reason} hint={t.reason_hint} rows={2} />
            <ButtonRow>
              {steps.map((step) => <Button name="step" value={step} kind="alt">{labelOf(step, shown, t)}</Button>)}
              {may_sign && <Button name="step" value="reject" kind="danger">{t.reject}</Button>}
            </ButtonRow>
            {may_sign && <p class="hint">{t.reject_hint}</p>}
          </>
        )}
      </Form>
    </Card>
  );
}

const titles: Record<Kind, keyof typeof texts> = {
  payment: 'title_payment', refund: 'title_refund', transfer: 'title_transfer', reversal: 'title_reversal', close: 'title_close',
  budget: 'title_budget', rule: 'title_rule', membership: 'title_membership', delegation: 'title_delegation', disclosure: 'title_disclosure',
};

export function proposalPage(frame: Frame, shown: ProposalShown): string {
  const { locale } = frame;
  const t = tOf(locale);
  const { view, code, checks } = shown;
  const vouchers = vouchersOf(shown);
  return page({
    ...frame, title: t[titles[view.kind]], crumbs: [{ href: `/e/${code}/queue`, label: t.queue }],
    body: (
      <Columns wide={vouchers.length > 0 ? 'right' : undefined}>
        <div>
          <FactsCard shown={shown} locale={locale} />
          {view.state === 'approved' && <Notice tone="ok">{view.kind === 'payment' ? t.approved_payment : t.approved_other}</Notice>}
          <ChangesCard shown={shown} locale={locale} />
          <LinesCard shown={shown} locale={locale} />
          {checks.length > 0 && <Card title={t.checked}><Checks items={checks} /></Card>}
          <SignaturesCard shown={shown} locale={locale} />
          <DecisionCard shown={shown} csrf={frame.session?.csrf} locale={locale} />
        </div>
        {vouchers.length > 0 && (
          <div>
            <Card title={t.vouchers} id="vouchers">
              {vouchers.length > 1 && <VoucherList vouchers={vouchers} />}
              <VoucherView {...vouchers[0]!} />
            </Card>
          </div>
        )}
      </Columns>
    ),
  });
}
