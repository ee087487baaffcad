// The list of questions and the form to ask: finished values in, HTML out. One question: inquiry-pages.tsx.
import type { JSX } from 'preact';
import { saidText } from '../evidence/personal-value.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { Button, ButtonRow, CheckField, Form, HiddenToken, RadioField, TextArea } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, EmptyState, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { QUESTION_LIMIT } from './inquiry.ts';
import { inquiryStates, type InquiryCounts, type InquiryRow, type InquiryState } from './queries.ts';
import type { SubjectShown } from './subject.ts';
import { stepTexts } from './step-texts.ts';
import { texts } from './texts.ts';

export interface FormShown { form_key: string; values: Record<string, string>; errors: Record<string, string> }

const tones: Record<InquiryState, Tone> = { waiting: 'amber', late: 'red', very_late: 'red', answered: 'ok' };

export function StateChip({ inquiry, locale }: { inquiry: Pick<InquiryRow, 'state' | 'answered_late' | 'round' | 'extended'>; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <>
      <Chip tone={tones[inquiry.state]}>{t[`state_${inquiry.state}`]}</Chip>
      {inquiry.answered_late && <> <Chip tone="amber">{t.answered_late}</Chip></>}
      {inquiry.round > 1 && <> <Chip tone="plain">{t.reopened_chip}</Chip></>}
      {inquiry.extended && <> <Chip tone="plain">{t.extended_chip}</Chip></>}
    </>
  );
}

export const ratingTones: Record<string, Tone> = { satisfied: 'ok', partly: 'amber', not: 'red' };
export const RatingChip = ({ rating, locale }: { rating: string; locale: Locale }): JSX.Element => (
  <Chip tone={ratingTones[rating]}>{pick(stepTexts, locale)[`rating_${rating as 'not'}`]}</Chip>
);

export const textOf = ({ question, erased, hidden }: Pick<InquiryRow, 'question' | 'erased' | 'hidden'>, locale: Locale): string => saidText({ text: question, erased, hidden }, locale);

export function askerOf({ mine, alias, name }: Pick<InquiryRow, 'mine' | 'alias' | 'name'>, locale: Locale): string {
  const t = pick(texts, locale);
  const who = fill(mine ? t.owner_me : t.owner, { alias });
  return name === null ? who : `${name} · ${who}`;
}

/** What a question is about, in a word: of a bill only that it is one. */
export function aboutText({ about_kind, about_id, about_number }: Pick<InquiryRow, 'about_kind' | 'about_id' | 'about_number'>, locale: Locale): string {
  const t = pick(texts, locale);
  switch (about_kind) {
    case null: return t.about_general;
    case 'entry': return about_number ?? '';
    case 'bill': return t.about_bill;
    case 'budget': return `${t.about_budget} ${(about_id ?? '').split(':')[0]}`;
    default: return fill(t[`about_${about_kind}`], { id: about_id ?? '' });
  }
}
const aboutHref = (code: string, { about_kind, about_id }: Pick<InquiryRow, 'about_kind' | 'about_id'>): string | null => {
  switch (about_kind) {
    case 'entry': return `/e/${code}/journal/${about_id}`;
    case 'proposal': return `/e/${code}/proposals/${about_id}`;
    case 'project': return `/e/${code}/projects/${about_id}`;
    case 'budget': return `/e/${code}/budgets/${(about_id ?? '').split(':')[0]}`;
    default: return null;
  }
};

export const categoryOptions = (locale: Locale, of: readonly ('question' | 'need' | 'problem' | 'project')[] = ['question', 'need', 'problem', 'project']) => {
  const t = pick(texts, locale);
  return of.map((value) => ({ value, label: t[`category_${value}`], hint: t[`category_hint_${value}`] }));
};

export interface InquiryListShown {
  code: string;
  items: InquiryRow[];
  next_cursor: string | null;
  counts: InquiryCounts;
  answer_days: number;
  filter: { state: string; mine: string; category: string };
  csv: string;
  may_ask: boolean;
}

export function inquiryListPage(frame: Frame, shown: InquiryListShown): string {
  const { locale } = frame;
  const { code, filter } = shown;
  const t = pick(texts, locale);
  const base = `/e/${code}/inquiries`;
  const body = (
    <>
      {shown.may_ask && <p><ActionLink href={`${base}/new`}>{t.ask}</ActionLink></p>}
      <p class="hint">{fill(t.counts, { ...shown.counts })}</p>
      <Filters action={base} reset_href={base} csv={shown.csv} fields={[
        { name: 'state', label: t.state, type: 'select', value: filter.state, options: inquiryStates.map((value) => ({ value, label: t[`state_${value}`] })) },
        { name: 'category', label: t.category, type: 'select', value: filter.category,
          options: categoryOptions(locale).map(({ value, label }) => ({ value, label })) },
        { name: 'mine', label: t.whose, type: 'select', value: filter.mine, options: [{ value: '', label: t.everyone }, { value: 'yes', label: t.only_mine }] },
      ]} />
      <LedgerTable caption={t.inquiries} caption_hidden rows={shown.items}
        empty={<EmptyState title={t.none} text={t.none_text} />}
        columns={[
          { key: 'question', title: t.question, lead: true, cell: (q) => (
            <>{q.category !== 'question' && <><Chip tone="plain">{t[`category_${q.category}`]}</Chip> </>}<a href={`${base}/${q.inquiry_id}`}>{textOf(q, locale)}</a></>
          ) },
          { key: 'about', title: t.about, cell: (q) => {
            const href = aboutHref(code, q);
            return href === null ? aboutText(q, locale) : <a href={href}>{aboutText(q, locale)}</a>;
          } },
          { key: 'asker', title: t.asker, cell: (q) => askerOf(q, locale) },
          { key: 'asked_at', title: t.asked_at, type: 'date', cell: (q) => formatInstant(q.asked_at, locale) },
          { key: 'due_on', title: t.due_on, type: 'date', cell: (q) => formatDate(q.due_on, locale) },
          { key: 'state', title: t.state, cell: (q) => <><StateChip inquiry={q} locale={locale} />{q.rating !== null && <> <RatingChip rating={q.rating} locale={locale} /></>}</> },
        ]} />
      <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.items.length} />
      <p class="hint">
        <a class="tap" href={`/e/${code}/lists`}>{t.lists_link}</a> <a class="tap" href={`${base}/clock`}>{t.clock_link}</a> <a class="tap" href={`/e/${code}/erasures`}>{t.erasures}</a>
      </p>
    </>
  );
  return page({ ...frame, title: t.inquiries, lede: fill(t.lede, { days: shown.answer_days }), body });
}

export const csvColumns = (locale: Locale) => {
  const t = pick(texts, locale);
  return [
    { key: 'inquiry_id', title: t.number, type: 'number' as const }, { key: 'category', title: t.category }, { key: 'about', title: t.about }, { key: 'question', title: t.question },
    { key: 'asker', title: t.asker }, { key: 'asked_at', title: t.asked_at }, { key: 'due_on', title: t.due_on, type: 'date' as const }, { key: 'state', title: t.state },
    { key: 'days_late', title: t.days_late, type: 'number' as const }, { key: 'answers', title: t.answers_count, type: 'number' as const }, { key: 'rating', title: t.rating_column },
  ];
};
export function csvRow(q: InquiryRow, locale: Locale): Record<string, string | number> {
  const t = pick(texts, locale);
  return {
    inquiry_id: q.inquiry_id, category: t[`category_${q.category}`], about: `${aboutText(q, locale)}${q.about_description === null ? '' : ` ${q.about_description}`}`, question: textOf(q, locale),
    asker: q.name ?? fill(t.owner, { alias: q.alias }), asked_at: formatInstant(q.asked_at, locale), due_on: q.due_on, state: t[`state_${q.state}`], days_late: q.days_late, answers: q.answers,
    rating: q.rating === null ? '' : pick(stepTexts, locale)[`rating_${q.rating as 'not'}`],
  };
}

export interface AskShown { code: string; about: number | null; subject: string | null; shown: SubjectShown | null; form: FormShown }

export function askPage(frame: Frame, { code, about, subject, shown, form }: AskShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${code}/inquiries`;
  const body = (
    <>
      {shown !== null && (
        <Card title={shown.kind === 'entry' ? t.about_entry : t.about_subject}>
          <p>{shown.href === null ? shown.label[locale] : <a href={shown.href}>{shown.label[locale]}</a>}</p>
          {shown.kind === 'bill' && <p class="hint">{t.about_bill_hint}</p>}
        </Card>
      )}
      <Card>
        <Form action={base} form_key={form.form_key} csrf={frame.session?.csrf} values={{ category: 'question', ...form.values }} errors={form.errors}>
          {about !== null && <HiddenToken name="about" value={String(about)} />}
          {about === null && subject !== null && <HiddenToken name="subject" value={subject} />}
          <TextArea name="question" label={t.question} rows={5} required hint={fill(t.question_hint, { limit: QUESTION_LIMIT })} />
          <RadioField name="category" label={t.category} options={categoryOptions(locale)} />
          <CheckField name="show_name" label={t.show_name} />
          <ButtonRow><Button>{t.send_question}</Button></ButtonRow>
        </Form>
      </Card>
    </>
  );
  return page({ ...frame, title: t.ask_title, lede: t.ask_lede, crumbs: [{ href: base, label: t.inquiries }], body });
}
