// Pages of the change of companies: what there was, one certificate, the forms of certificate and takeover.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, DateField, Form, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice, Steps, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Certificate } from './certificate.ts';
import { householdLists, officerLists, publicLists, type ListName } from './lists.ts';
import type { HandoverRow, HandoverShown } from './queries.ts';
import { CertificateCards } from './certificate-cards.tsx';
import { moneyIn, type Agreements, type CertificateNames, type T } from './certificate-figures.ts';
import { texts } from './texts.ts';

const crumbs = (code: string, t: T) => [{ href: `/e/${code}/handover`, label: t.to_list }];

/** Where a change stands, in one word and one colour. */
export function standing(row: HandoverRow, t: T): { tone: Tone; word: string } {
  if (row.incoming !== null) return { tone: 'ok', word: t.state_taken };
  if (row.asked_takeover !== null) return { tone: 'amber', word: t.state_taking };
  if (row.state === 'executed') return { tone: 'amber', word: t.state_handed };
  return ['rejected', 'withdrawn', 'expired', 'superseded'].includes(row.state) ? { tone: 'plain', word: t.state_unsigned } : { tone: 'amber', word: t.state_signing };
}

export interface ListShown { code: string; rows: HandoverRow[]; proposes: boolean }

export function listPage(frame: Frame, { code, rows, proposes }: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const open = rows.find((row) => row.incoming === null);
  const at = open === undefined ? 1 : open.state === 'executed' ? (open.asked_takeover === null ? 2 : 3) : 1;
  const state = (step: number): 'done' | 'here' | 'todo' => (open === undefined ? 'todo' : step < at ? 'done' : step === at ? 'here' : 'todo');
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs: [{ href: `/e/${code}/people`, label: locale === 'zh' ? '各方' : 'Bodies' }],
    body: (
      <>
        <Notice tone="info">{t.stays}</Notice>
        <Card title={t.steps} actions={proposes && (open === undefined || !['submitted', 'held', 'approved'].includes(open.state))
          ? <ButtonRow><ActionLink href={`/e/${code}/handover/new`}>{t.draw}</ActionLink></ButtonRow> : undefined}>
          <Steps label={t.steps} steps={[
            { title: t.step_close, note: t.step_close_note, state: state(0) }, { title: t.step_certificate, state: state(1) },
            { title: t.step_people, note: t.step_people_note, state: state(2) }, { title: t.step_takeover, state: state(3) },
          ]} />
        </Card>
        <Card title={t.list}>
          <LedgerTable caption={t.list} caption_hidden rows={rows} empty={<EmptyState title={t.none} />} columns={[
            { key: 'handover', title: t.number, lead: true, cell: (row) => <a href={`/e/${code}/handover/${row.handover}`}>{fill(t.number_of, { handover: row.handover })}</a> },
            { key: 'outgoing', title: t.outgoing }, { key: 'incoming', title: t.incoming, cell: (row) => row.incoming ?? '–' },
            { key: 'period', title: t.period, cell: (row) => formatPeriod(row.period, locale) },
            { key: 'state', title: t.state, cell: (row) => <Chip tone={standing(row, t).tone}>{standing(row, t).word}</Chip> },
          ]} />
        </Card>
      </>
    ),
  });
}

export interface CertificateShown {
  code: string;
  handover: HandoverShown;
  names: CertificateNames;
  proposes: boolean;
  /** Whether this person may see lists by dwelling. */
  households: boolean;
  officer: boolean;
  /** Whether the lists still have the hashes of the certificate; null where this person does not see them. */
  agreements: Agreements | null;
}

export function certificatePage(frame: Frame, shown: CertificateShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, handover, proposes, households, officer } = shown;
  const base = `/e/${code}/handover/${handover.handover}`;
  const { tone, word } = standing(handover, t);
  const takeable = proposes && handover.incoming === null && handover.asked_takeover === null && ['executed', 'rejected', 'withdrawn', 'expired'].includes(handover.state);
  const lists: readonly ListName[] = [...publicLists, ...(officer ? officerLists : []), ...(households ? householdLists : [])];
  return page({
    ...frame, title: fill(t.certificate_of, { handover: handover.handover }), lede: fill(t.as_of, { period: formatPeriod(handover.period, locale) }), crumbs: crumbs(code, t),
    body: (
      <>
        <Card actions={(
          <ButtonRow>
            {takeable && <ActionLink href={`${base}/takeover`}>{t.take_over}</ActionLink>}
            <ActionLink href={`${base}.pdf`} kind="alt">{t.pdf}</ActionLink> <ActionLink href={`${base}.zip`} kind="alt">{t.zip}</ActionLink>
          </ButtonRow>
        )}>
          <DescriptionList items={[
            { term: t.state, value: <Chip tone={tone}>{word}</Chip> },
            { term: t.outgoing, value: <strong>{handover.outgoing}</strong> },
            { term: t.ends_on, value: formatDate(handover.ends_on, locale) },
            handover.incoming !== null && { term: t.incoming, value: <strong>{fill(t.taken, { incoming: handover.incoming, day: formatDate(handover.taken_from!, locale) })}</strong> },
            handover.incoming !== null && { term: t.differences, value: handover.differences === '' ? t.no_differences : handover.differences },
            handover.others !== '' && { term: t.others, value: handover.others },
            { term: t.signatures, value: <Signers handover={handover} t={t} locale={locale} /> },
            { term: t.see_proposal, value: <a href={`/e/${code}/proposals/${handover.handover}`}>{fill(t.number_of, { handover: handover.handover })}</a> },
            (handover.takeover ?? handover.asked_takeover) !== null && { term: t.see_takeover, value: (
              <a href={`/e/${code}/proposals/${handover.takeover ?? handover.asked_takeover}`}>{fill(t.number_of, { handover: (handover.takeover ?? handover.asked_takeover)! })}</a>
            ) },
            { term: t.file_list, value: <>{lists.map((list, i) => <>{i > 0 && ' · '}<a href={`${base}/${list}.csv`}>{t[list]} CSV</a></>)}</> },
          ]} />
        </Card>
        <CertificateCards certificate={handover.certificate} names={shown.names} agreements={shown.agreements} locale={locale} />
      </>
    ),
  });
}

function Signers({ handover: { signatures }, t, locale }: { handover: HandoverShown; t: T; locale: Locale }): JSX.Element {
  if (signatures.length === 0) return <>–</>;
  return (
    <ul>
      {signatures.map((one) => <li>{one.side === 'handover' ? t.side_handover : t.side_takeover} · {locale === 'zh' ? one.name_zh : one.name_en} · {formatDate(one.signed_on, locale)}</li>)}
    </ul>
  );
}

// ── Forms ────────────────────────────────────────────────────────────────────────────────────────

interface FormShown { code: string; rule: Rule | null; names: RuleNames & CertificateNames; refused: string | null; today: string; form: OfficeForm }

const Signed = ({ shown, t, locale }: { shown: FormShown; t: T; locale: Locale }): JSX.Element => (
  <>
    {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
    {shown.rule !== null && <DescriptionList items={[{ term: t.signed_by, value: ruleSentence(newRuleOf(shown.rule), shown.names)[locale] }]} />}
  </>
);

export function newPage(frame: Frame, { certificate, ...shown }: FormShown & { certificate: Certificate | null }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, form, today } = shown;
  return page({
    ...frame, title: t.new_title, lede: t.new_lede, crumbs: crumbs(code, t),
    body: (
      <Form action={`/e/${code}/handover/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        {certificate !== null && (
          <Card title={t.preview}>
            <DescriptionList items={[
              { term: t.period, value: fill(t.month_end, { period: formatPeriod(certificate.period, locale) }) },
              { term: t.money, value: <Amount value={moneyIn(certificate)} yuan strong /> },
              { term: t.advance, value: <Amount value={certificate.advance.total} yuan /> },
              { term: t.deposits, value: <Amount value={certificate.deposits.total} yuan /> },
              { term: t.bills, value: <Amount value={certificate.bills.total} yuan /> },
            ]} />
          </Card>
        )}
        <Card>
          <DateField name="ends_on" label={t.ends_on} hint={t.ends_on_hint} required />
          <TextArea name="contracts" label={t.contracts} hint={t.contracts_hint} rows={6} />
          <TextArea name="others" label={t.others} hint={t.others_hint} rows={3} />
          <Signed shown={shown} t={t} locale={locale} />
        </Card>
        {shown.rule?.needs_resolution === true ? <ResolutionFields form={form} locale={locale} today={today} />
          : <details class="field" open={Object.keys(form.errors).some((name) => name.startsWith('resolution') || name === 'vouchers')}><summary class="tap">{t.resolution_optional}</summary>
            <ResolutionFields form={form} locale={locale} today={today} /></details>}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

export function takeoverPage(frame: Frame, { handover, ...shown }: FormShown & { handover: HandoverShown }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, form, today } = shown;
  const unsigned = handover.state !== 'executed';
  return page({
    ...frame, title: t.takeover_title, lede: fill(t.takeover_lede, { handover: handover.handover }),
    crumbs: [...crumbs(code, t), { href: `/e/${code}/handover/${handover.handover}`, label: fill(t.certificate_of, { handover: handover.handover }) }],
    body: (
      <Form action={`/e/${code}/handover/${handover.handover}/takeover`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        {unsigned && <Notice tone="amber">{t.unsigned_notice}</Notice>}
        <Card>
          <DescriptionList items={[
            { term: t.outgoing, value: handover.outgoing }, { term: t.ends_on, value: formatDate(handover.ends_on, locale) },
            { term: t.money, value: <Amount value={moneyIn(handover.certificate)} yuan strong /> },
          ]} />
          <TextField name="trustee" label={t.trustee} hint={t.trustee_hint} autocomplete="organization" required />
          <DateField name="from" label={t.from} hint={t.from_hint} max={today} required />
          <TextArea name="differences" label={t.differences_field} hint={t.differences_hint} rows={3} />
          <Signed shown={shown} t={t} locale={locale} />
        </Card>
        {(unsigned || shown.rule?.needs_resolution === true) && <ResolutionFields form={form} locale={locale} today={today} />}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}
