// The form of a delegation: who is away, which deputy signs, from when to when.
import type { BodyKind } from '../kernel/actor.ts';
import { officeTexts } from '../people/texts.ts';
import { Button, ButtonRow, DateField, Form, SelectField, TextField, type Option } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Columns, EmptyState } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { bodyIn, ResolutionFields, type NamedBody, type OfficeForm } from './membership-pages.tsx';
import type { OneTerm } from './membership.ts';
import { texts } from '../approval/office-texts.ts';

export interface ServingTerm extends OneTerm { name: string | null }
export interface DelegateShown {
  code: string;
  bodies: readonly NamedBody[];
  /** Terms that hold today or later: of those who sign, and of deputies. */
  principals: readonly ServingTerm[];
  deputies: readonly ServingTerm[];
  /** Where a deputy is missing: what to appoint one to. */
  body: BodyKind | null;
  needs_resolution: boolean;
  today: string;
  form: OfficeForm;
}

export function delegatePage(frame: Frame, shown: DelegateShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, bodies, principals, deputies, body, form, today } = shown;
  const optionOf = (term: ServingTerm): Option => ({
    value: String(term.term_id), group: bodies.filter((row) => row.body === term.body).map((row) => bodyIn(row, locale))[0],
    label: `${term.name ?? '—'} · ${officeTexts[term.office][locale]}${locale === 'zh' ? '，到' : ', until '}${formatDate(term.ends_on, locale)}`,
  });
  const appoint = `/e/${code}/terms/appoint${body === null ? '' : `?body=${body}&office=deputy`}`;
  return page({
    ...frame, title: t.delegate_title, lede: t.delegate_lede, crumbs: [{ href: `/e/${code}/people`, label: t.people }],
    body: deputies.length === 0 ? (
      <Card><EmptyState title={t.no_deputy} text={t.no_deputy_text} action={{ href: appoint, label: t.no_deputy_go }} /></Card>
    ) : (
      <Form action={`/e/${code}/delegations/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values}
        errors={form.errors}>
        <Columns>
          <Card>
            <SelectField name="principal_term" label={t.principal} hint={t.principal_hint} options={principals.map(optionOf)} required />
            <SelectField name="deputy_term" label={t.deputy} hint={t.deputy_hint} options={deputies.map(optionOf)} required
              value={form.values['deputy_term'] ?? (deputies.length === 1 ? String(deputies[0]!.term_id) : undefined)} />
            <DateField name="starts_on" label={t.delegation_starts} value={form.values['starts_on'] ?? today} min={today} required />
            <DateField name="ends_on" label={t.delegation_ends} min={today} required />
            <TextField name="after_days" label={t.after_days} hint={t.after_days_hint} input_mode="numeric" autocomplete="off" short required />
            <p class="hint">{t.delegation_note}</p>
          </Card>
          {shown.needs_resolution ? <ResolutionFields form={form} locale={locale} today={today} /> : (
            <Card title={t.deputy_missing} actions={<ActionLink href={appoint} kind="alt">{t.no_deputy_go}</ActionLink>}><p>{t.no_deputy_text}</p></Card>
          )}
        </Columns>
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}
