// What a proposal asks, kind by kind, in words that anybody understands: nothing of the frozen document is
// shown as it is written there.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, DescriptionList, type Fact } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { AfterTheFactChip, afterTheFactOf } from './after-the-fact.tsx';
import { bankAccountFacts, mandateFacts } from './bank-facts.tsx';
import { handoverFacts, takeoverFacts } from './handover-facts.tsx';
import { EmergencyChip } from './emergency.tsx';
import { feeRuleFacts, waiverFacts } from './fee-facts.tsx';
import { bodyFormFacts, openingFacts } from './founding-facts.tsx';
import { BeforeAfter } from './rule-change-card.tsx';
import { texts as ruleTexts } from './rule-texts.ts';
import { ruleSentence } from './rule-text.ts';
import { texts as officeWords } from './office-texts.ts';
import { projectFacts } from './project-facts.tsx';
import { newRuleOf, type Rule } from './rules.ts';
import { resolutionFacts } from './resolution-facts.tsx';
import { scopeFacts } from './scope-facts.tsx';
import { signTexts } from './sign-texts.ts';
import { budgetFacts, finalAccountFacts } from './budget-facts.tsx';
import { subsidyBatchFacts, subsidyFacts } from './subsidy-facts.tsx';
import { texts as talkTexts } from './talk-texts.ts';
import { officeWord, stateName, texts, titleIn } from './texts.ts';
import type { Names, ProposalView, Subject } from './view.ts';
import type { NewRule } from './kinds.ts';

export const wordsIn = (locale: Locale) => ({ ...pick(texts, locale), ...pick(signTexts, locale) });

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const figuresIn = (amount: string): string => (readMoney(amount) === null ? amount : moneyFigures(money(amount)));
const record = (value: unknown): Record<string, unknown> =>
  (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});
const field = (view: ProposalView, name: string): string => text(view.document?.[name]);
const dateIn = (date: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? formatDate(date, locale) : date);

export const personName = (names: Names, person_id: unknown, locale: Locale): string =>
  names.persons[text(person_id)] ?? wordsIn(locale).nobody_known;

/** 《第三届业主大会决议》（2026年9月12日） */
function resolutionFact({ view, code }: Subject, locale: Locale): Fact | false {
  const t = wordsIn(locale);
  const resolution = record(view.document?.['resolution']);
  if (text(resolution['title']) === '') return false;
  const named = fill(t.resolution_of, { title: text(resolution['title']), date: dateIn(text(resolution['date']), locale) });
  const voted = text(resolution['resolution_id']);
  return { term: t.resolution, value: voted === '' ? named : <a href={`/e/${code}/resolutions/${voted}`}>{named}</a> };
}

/** 公共收益 · 共用部位设施运行维护 */
function fromText({ view, names }: Subject, locale: Locale): string {
  const account = field(view, 'account');
  return [names.funds[view.fund ?? '']?.[locale], names.accounts[account]?.[locale]].filter((part) => part !== undefined).join(' · ');
}

function paymentFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  const { view, code } = subject;
  const payee = record(view.document?.['payee']);
  const invoice = record(view.document?.['invoice']);
  const [last4, from, reverses] = [text(payee['account_last4']), fromText(subject, locale), field(view, 'receipt') || field(view, 'refunds')];
  const after = afterTheFactOf(view.document);
  return [
    after !== null && { term: talkTexts.after_the_fact[locale], value: (
      <a href={`/e/${code}/journal/${after.entry}`}>
        {fill(talkTexts.after_the_fact_long[locale], { day: formatDate(after.paid_on, locale), number: after.number })}
      </a>
    ) },
    { term: t.purpose, value: field(view, 'purpose') || field(view, 'description') || field(view, 'reason') },
    from !== '' && { term: t.from, value: from },
    view.available !== null && view.state !== 'executed' && { term: t.available, value: <Amount value={view.available} yuan /> },
    last4 !== '' && { term: t.account_last4, value: fill(t.last4, { last4 }) },
    text(invoice['number']) !== '' && { term: t.invoice,
      value: fill(t.invoice_of, { number: text(invoice['number']), total: figuresIn(text(invoice['total'])) }) },
    /^\d+$/.test(reverses) && { term: t.entry, value: <a href={`/e/${code}/journal/${reverses}`}>{reverses}</a> },
    field(view, 'emergency_reason') !== '' && { term: t.emergency_reason, value: field(view, 'emergency_reason') },
    field(view, 'over_budget_reason') !== '' && { term: t.over_budget_reason, value: field(view, 'over_budget_reason') },
    resolutionFact(subject, locale),
  ];
}

function membershipFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  const { view, names } = subject;
  const ending = field(view, 'change') === 'end';
  const term = ending ? names.terms[field(view, 'term')] : undefined;
  const body = field(view, 'body') || (term?.body ?? '');
  return [
    { term: t.change, value: ending ? t.change_end : t.change_appoint },
    { term: t.person, value: <strong>{personName(names, view.document?.['person'] ?? term?.person_id, locale)}</strong> },
    { term: t.body, value: names.bodies[body]?.[locale] ?? '' },
    { term: t.office, value: officeWord(field(view, 'office') || (term?.office ?? ''), locale) },
    ending ? { term: t.last_day, value: field(view, 'ends_on') < field(view, 'submitted_on') ? officeWords.at_once[locale]
      : dateIn(field(view, 'ends_on'), locale) } : { term: t.term,
      value: fill(t.from_to, { from: dateIn(field(view, 'starts_on'), locale), to: dateIn(field(view, 'ends_on'), locale) }) },
    ...scopeFacts(subject, locale),
    resolutionFact(subject, locale),
  ];
}

function delegationFacts({ view, names }: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  const days = Number(field(view, 'after_days') || '0');
  return [
    { term: t.delegation, value: <strong>{fill(t.delegate_for, {
      delegate: personName(names, view.document?.['delegate'], locale), principal: personName(names, view.document?.['principal'], locale),
    })}</strong> },
    { term: t.body, value: names.bodies[field(view, 'body')]?.[locale] ?? '' },
    { term: t.from_when, value: fill(t.from_to, { from: dateIn(field(view, 'starts_on'), locale), to: dateIn(field(view, 'ends_on'), locale) }) },
    { term: t.after_days, value: days === 0 ? t.after_none : fill(t.after_some, { days }) },
  ];
}

function logKeyFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  const { view, code } = subject;
  return [
    { term: t.why, value: field(view, 'reason') },
    { term: t.log_key_new, value: <code class="hash">{field(view, 'new_vkey')}</code> },
    { term: t.log_key_old, value: <code class="hash">{field(view, 'old_vkey')}</code> },
    { term: t.log_key_effect, value: <>{t.log_key_effect_text} <a href={`/e/${code}/log/key`}>{t.log_key_see}</a></> },
    resolutionFact(subject, locale),
  ];
}

function closeFacts({ code, view }: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  return [
    { term: t.period, value: formatPeriod(field(view, 'period'), locale) },
    { term: t.entries, value: field(view, 'entries') },
    { term: t.month_debit, value: <Amount value={field(view, 'debit') || '0.00'} yuan /> },
    ...closeBanks(view.document?.['bank']).map((bank): Fact => ({
      term: fill(t.close_bank, { account: text(bank['account']) }),
      value: <a href={`/e/${code}/bank/reconciliation/${text(bank['account'])}/${field(view, 'period')}`}>{closeBankText(bank, locale)}</a>,
    })),
    { term: t.checked, value: <a href={`/e/${code}/periods`}>{t.see_checks}</a> },
  ];
}

const closeBanks = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);

/** What the document says of one bank account: how far the statements go, what is open. */
function closeBankText(bank: Record<string, unknown>, locale: Locale): string {
  const t = wordsIn(locale);
  const covered = text(bank['covered_to']);
  const isOpen = (name: string): boolean => !['', '0', '0.00'].includes(text(bank[name]));
  return [
    covered === '' ? t.close_bank_none : fill(t.close_bank_covered, { date: dateIn(covered, locale), difference: figuresIn(text(bank['difference'])) }),
    ...(isOpen('open_lines') ? [fill(t.close_bank_lines, { lines: text(bank['open_lines']) })] : []),
    ...(isOpen('unexplained_out') ? [fill(t.close_bank_out, { amount: figuresIn(text(bank['unexplained_out'])) })] : []),
    ...(isOpen('unexplained_in') ? [fill(t.close_bank_in, { amount: figuresIn(text(bank['unexplained_in'])) })] : []),
  ].join(locale === 'zh' ? '；' : '; ');
}

function bookingFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const t = wordsIn(locale);
  const { code, view } = subject;
  const reverses = field(view, 'reverses');
  return [
    field(view, 'description') !== '' && { term: t.description, value: field(view, 'description') },
    reverses !== '' && { term: t.reverses, value: <a href={`/e/${code}/journal/${reverses}`}>{field(view, 'reverses_number') || reverses}</a> },
    field(view, 'entry_date') !== '' && { term: t.entry_date, value: dateIn(field(view, 'entry_date'), locale) },
    resolutionFact(subject, locale),
  ];
}

function kindFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const { view } = subject;
  if (view.document === null) return [];
  switch (view.kind) {
    case 'payment': case 'refund': return paymentFacts(subject, locale);
    case 'membership': return membershipFacts(subject, locale);
    case 'delegation': return delegationFacts(subject, locale);
    case 'close': return closeFacts(subject, locale);
    case 'log_key': return logKeyFacts(subject, locale);
    case 'bank_account': return [...bankAccountFacts(subject, locale), resolutionFact(subject, locale)];
    case 'handover': return [...handoverFacts(subject, locale), resolutionFact(subject, locale)];
    case 'takeover': return [...takeoverFacts(subject, locale), resolutionFact(subject, locale)];
    case 'mandate': return [...mandateFacts(subject, locale), resolutionFact(subject, locale)];
    case 'fee_rule': return [...feeRuleFacts(subject, locale), resolutionFact(subject, locale)];
    case 'waiver': return [...waiverFacts(subject, locale), resolutionFact(subject, locale)];
    case 'subsidy': return [...subsidyFacts(subject, locale), resolutionFact(subject, locale)];
    case 'body_form': return [...bodyFormFacts(subject, locale), resolutionFact(subject, locale)];
    case 'opening': return [...openingFacts(subject, locale), resolutionFact(subject, locale)];
    case 'subsidy_batch': return subsidyBatchFacts(subject, locale);
    case 'project': return [...projectFacts(subject, locale), resolutionFact(subject, locale)];
    case 'budget': return [...budgetFacts(subject, locale), resolutionFact(subject, locale)];
    case 'final_account': return [...finalAccountFacts(subject, locale), resolutionFact(subject, locale)];
    case 'resolution': return resolutionFacts(subject, locale);
    case 'rule': return [
      { term: wordsIn(locale).valid_from, value: dateIn(field(view, 'valid_from'), locale) },
      field(view, 'reason') !== '' && { term: wordsIn(locale).why, value: field(view, 'reason') }, resolutionFact(subject, locale),
    ];
    default: return bookingFacts(subject, locale);
  }
}

/** The rule in one sentence: 付款不满 100,000.00 元：物业公司 1 人 + 业主委员会 1 人 */
export const ruleIn = (rule: Rule, names: Names, locale: Locale): string => ruleSentence(newRuleOf(rule), names)[locale];

function Heading({ subject, locale }: { subject: Subject; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { view } = subject;
  const payee = text(record(view.document?.['payee'])['name']);
  const label = (
    <>
      <EmergencyChip order={view} today={view.today} locale={locale} />
      {afterTheFactOf(view.document) !== null && <AfterTheFactChip locale={locale} />}
    </>
  );
  if ((view.kind === 'payment' || view.kind === 'refund') && payee !== '') {
    return <><p class="hint">{view.kind === 'refund' ? t.refund_to : t.pay_to} {label}</p><p class="payee"><strong>{payee}</strong></p></>;
  }
  return <p><strong>{titleIn({ ...view, title_en: field(view, 'title_en') || null }, locale)}</strong> {label}</p>;
}

export function FactsCard({ subject, locale }: { subject: Subject; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { view, code, names } = subject;
  return (
    <Card>
      <Heading subject={subject} locale={locale} />
      {view.amount !== null && <p class="big"><Amount value={view.amount} yuan strong capital /></p>}
      <DescriptionList items={[
        ...kindFacts(subject, locale),
        subject.vouchers.length > 0 && { term: t.vouchers, value: <a href="#vouchers">{fill(t.jump_vouchers, { count: subject.vouchers.length })}</a> },
        view.fingerprint !== null && { term: t.check_words,
          value: <><strong class="check-words">{view.fingerprint[locale]}</strong><br /><small class="hint">{t.check_words_hint}</small></> },
        view.rule !== null && { term: t.rule, value: ruleIn(view.rule, names, locale) },
        view.class === 'emergency' && view.full_rule !== null && { term: t.full_rule, value: ruleIn(view.full_rule, names, locale) },
        { term: t.number, value: `${view.proposal_id} · ${fill(t.version, { version: Math.max(view.version, 1) })}` },
        { term: t.state, value: stateName(view.state, locale) },
        view.reason !== '' && { term: t.reason, value: view.reason },
        ['payment', 'refund'].includes(view.kind) && subject.officer && { term: t.payment_order,
          value: <a href={`/e/${code}/orders/${view.proposal_id}`}>{field(view, 'reference') || t.open_order}</a> },
        view.entry !== null && { term: t.entry, value: (
          <><a href={`/e/${code}/journal/${view.entry.seq}`}>{view.entry.period} {view.entry.number}</a>{' · '}
            <a href={`/e/${code}/journal/${view.entry.seq}/signatures`}>{t.who_signed}</a></>
        ) },
      ]} />
      {view.kind === 'close' && <p class="hint">{t.close_effect}</p>}
    </Card>
  );
}

/** A change of rules as sentences: as it is now, and as it will be. */
export function RulesCard({ subject: { view, names, ended_rules }, locale }: { subject: Subject; locale: Locale }): JSX.Element | null {
  if (view.kind !== 'rule' || view.document === null) return null;
  const begun = Array.isArray(view.document['rules']) ? view.document['rules'] as unknown as NewRule[] : [];
  return (
    <Card title={wordsIn(locale).rules_changed}>
      <BeforeAfter changed={{ ended: ended_rules.map(newRuleOf), begun }} names={names} locale={locale} />
      <p class="hint">{ruleTexts.in_flight[locale]}</p>
    </Card>
  );
}

interface Line { account: string; fund: string; debit: string | null; credit: string | null }

/** The lines of the entry that is asked for; a payment's follow from its facts. */
export function LinesCard({ subject: { view, names }, locale }: { subject: Subject; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const postings = view.document?.['postings'];
  if (['payment', 'refund'].includes(view.kind) || !Array.isArray(postings)) return null;
  const rows = (postings as Record<string, string | undefined>[]).map((line): Line => ({
    account: `${line['account']} ${names.accounts[line['account'] ?? '']?.[locale] ?? ''}`,
    fund: names.funds[line['fund'] ?? '']?.[locale] ?? line['fund'] ?? '',
    debit: line['debit'] ?? null, credit: line['credit'] ?? null,
  }));
  return (
    <Card title={t.lines}>
      <LedgerTable caption={t.lines} caption_hidden rows={rows} rowState={() => (view.kind === 'reversal' ? 'redletter' : undefined)}
        columns={[
          { key: 'account', title: t.account, lead: true }, { key: 'fund', title: t.fund },
          { key: 'debit', title: t.debit, type: 'money' }, { key: 'credit', title: t.credit, type: 'money' },
        ]} />
    </Card>
  );
}
