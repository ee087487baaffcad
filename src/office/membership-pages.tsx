// The forms of an appointment and of an early end, and the paper with the one-time password of somebody new.
import type { JSX } from 'preact';
import type { BodyKind } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { officesOf } from '../people/term.ts';
import { officeTexts } from '../people/texts.ts';
import {
  Button, ButtonRow, DateField, FileField, Form, RadioField, SelectField, TextField, type Option,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Columns, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import type { NewLogin, OneTerm, Vacancy } from './membership.ts';
import { texts } from '../approval/office-texts.ts';
import type { Rule } from '../approval/rules.ts';

export interface OfficeForm {
  form_key: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  kept: VoucherItem[];
}

export interface NamedBody { body: BodyKind; name_zh: string; name_en: string }
/** Somebody who holds or held an office, by their latest term. */
export interface HeldOffice extends Pick<OneTerm, 'term_id' | 'body' | 'office'> { name: string }

export const bodyIn = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);
const crumbsOf = (code: string, locale: Locale) => [{ href: `/e/${code}/people`, label: pick(texts, locale).people }];

/** Title, day and file of what it rests on; who may open the file. */
export function ResolutionFields({ form, locale, today }: { form: OfficeForm; locale: Locale; today: string }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <Card title={t.basis}>
      <p class="hint">{t.basis_hint}</p>
      <TextField name="resolution_title" label={t.resolution_title} hint={t.resolution_title_hint} autocomplete="off" required />
      <DateField name="resolution_date" label={t.resolution_date} max={today} required />
      <FileField name="vouchers" label={t.vouchers} kept={form.kept} required />
      <RadioField name="audience" label={t.audience} required options={[
        { value: 'owners', label: t.audience_owners }, { value: 'officers', label: t.audience_officers },
      ]} />
    </Card>
  );
}

// ── Appointing ───────────────────────────────────────────────────────────────────────────────────

export interface AppointShown {
  code: string;
  bodies: readonly NamedBody[];
  persons: readonly HeldOffice[];
  vacancies: readonly Vacancy[];
  /** Null where the estate has none. */
  vacancy_rule: Rule | null;
  today: string;
  form: OfficeForm;
}

function seatOptions({ bodies }: AppointShown, locale: Locale): Option[] {
  return bodies.flatMap((body) => officesOf[body.body].map((office) => ({
    value: `${body.body}:${office}`, label: `${bodyIn(body, locale)} · ${officeTexts[office][locale]}`,
  })));
}

function VacancyNotice({ shown, locale }: { shown: AppointShown; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const { vacancies, vacancy_rule: rule } = shown;
  if (vacancies.length === 0) return null;
  const who = (rule?.bodies ?? []).map((row) => bodyIn(row, locale)).join(locale === 'zh' ? '、' : ' and ');
  return (
    <Notice tone="amber" title={t.vacancy}>
      {vacancies.map((row) => (
        <p>{fill(rule === null ? t.vacancy_no_rule : t.vacancy_text, {
          body: bodyIn(row, locale), have: row.have, needed: row.needed, who, days: rule?.notice_days ?? 0,
        })}</p>
      ))}
    </Notice>
  );
}

function PersonFields({ shown, locale }: { shown: AppointShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { persons, bodies, form } = shown;
  const named = (body: BodyKind): string => bodies.filter((row) => row.body === body).map((row) => bodyIn(row, locale))[0] ?? '';
  const held = persons.map((row): Option => ({
    value: `term:${row.term_id}`, group: t.person_held,
    label: `${row.name}${locale === 'zh' ? '（' : ' ('}${named(row.body)} · ${officeTexts[row.office][locale]}${locale === 'zh' ? '）' : ')'}`,
  }));
  const is = (value: string, ...names: string[]): boolean =>
    form.values['person'] === value || names.some((name) => form.errors[name] !== undefined);
  return (
    <Card title={t.whom}>
      <p class="hint">{t.whom_hint}</p>
      <SelectField name="person" label={t.person} required options={[
        ...held, { value: 'owner', label: t.person_owner, group: t.person_choices }, { value: 'new', label: t.person_new, group: t.person_choices },
      ]} />
      <details class="field" open={is('owner', 'owner_login')} data-open-for="person" data-open-value="owner">
        <summary class="tap">{t.owner_fields}</summary>
        <TextField name="owner_login" label={t.owner_login} hint={t.owner_login_hint} autocomplete="off" required />
      </details>
      <details class="field" open={is('new', 'new_name', 'new_login')} data-open-for="person" data-open-value="new">
        <summary class="tap">{t.new_fields}</summary>
        <TextField name="new_name" label={t.new_name} autocomplete="off" required />
        <TextField name="new_login" label={t.new_login} hint={t.new_login_hint} autocomplete="off" required />
      </details>
    </Card>
  );
}

export function appointPage(frame: Frame, shown: AppointShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, form, today } = shown;
  return page({
    ...frame, title: t.appoint_title, lede: t.appoint_lede, crumbs: crumbsOf(code, locale),
    body: (
      <>
        <VacancyNotice shown={shown} locale={locale} />
        <Form action={`/e/${code}/terms/appoint`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
          <Columns>
            <div>
              <Card title={t.what}>
                <SelectField name="seat" label={t.seat} hint={t.seat_hint} options={seatOptions(shown, locale)} required />
                <DateField name="starts_on" label={t.starts_on} value={form.values['starts_on'] ?? today} required />
                <DateField name="ends_on" label={t.ends_on} min={today} required />
              </Card>
              <PersonFields shown={shown} locale={locale} />
            </div>
            <ResolutionFields form={form} locale={locale} today={today} />
          </Columns>
          <ButtonRow><Button>{t.submit}</Button></ButtonRow>
        </Form>
      </>
    ),
  });
}

// ── Ending ───────────────────────────────────────────────────────────────────────────────────────

export interface EndShown {
  code: string;
  term: OneTerm & { name: string | null; name_zh: string; name_en: string };
  today: string;
  form: OfficeForm;
}

export function endPage(frame: Frame, { code, term, today, form }: EndShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const days = [term.starts_on, term.ends_on].map((day) => formatDate(day, locale));
  return page({
    ...frame, title: t.end_title, lede: t.end_lede, crumbs: crumbsOf(code, locale),
    body: (
      <Form action={`/e/${code}/terms/${term.term_id}/end`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values}
        errors={form.errors}>
        <Columns>
          <div>
            <Card>
              <DescriptionList items={[
                { term: t.who, value: <strong>{term.name ?? '—'}</strong> },
                { term: t.seat, value: `${bodyIn(term, locale)} · ${officeTexts[term.office][locale]}` },
                { term: t.now_until, value: days.join(' – ') },
              ]} />
            </Card>
            <Card><DateField name="ends_on" label={t.last_day} hint={t.last_day_hint} min={today} max={term.ends_on} /></Card>
          </div>
          <ResolutionFields form={form} locale={locale} today={today} />
        </Columns>
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

// ── Somebody new ─────────────────────────────────────────────────────────────────────────────────

export interface PaperShown {
  code: string;
  estate_name: string;
  public_url: string;
  proposal_id: number;
  /** Null where it was shown before. */
  login: NewLogin | null;
}

export function passwordPaper(frame: Frame, { code, estate_name, public_url, proposal_id, login }: PaperShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const go = <ActionLink href={`/e/${code}/proposals/${proposal_id}`} kind="alt">{t.paper_go}</ActionLink>;
  return page({
    ...frame, title: t.paper_title, ...(login === null ? {} : { lede: t.paper_lede }), crumbs: crumbsOf(code, locale),
    body: login === null ? <Card actions={go}><p>{t.paper_again}</p></Card> : (
      <Card actions={go}>
        <DescriptionList items={[
          { term: t.paper_estate, value: estate_name },
          { term: t.paper_address, value: `${public_url}/login` },
          { term: t.paper_login, value: <strong>{login.login}</strong> },
          { term: t.paper_password, value: <strong><code>{login.password}</code></strong> },
        ]} />
        <h3>{t.paper_steps}</h3>
        <ol>
          <li>{t.paper_step_login}</li>
          <li>{t.paper_step_wait}</li>
          <li>{t.paper_step_sign}</li>
        </ol>
      </Card>
    ),
  });
}
