// The question pages: finished values in, HTML out.
import type { JSX } from 'preact';
import { saidText } from '../evidence/personal-value.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { ErasedLine, EraseLink } from '../people/erasure-pages.tsx';
import type { Frame } from '../web/frame.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, HiddenToken, TextArea } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import {
  ActionLink, Card, Chip, DescriptionList, EmptyState, Notice, type Tone,
} from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { ANSWER_LIMIT, QUESTION_LIMIT } from './inquiry.ts';
import type { AnswerRow, EntryAsked, InquiryCounts, InquiryRow, InquiryState } from './queries.ts';
import { texts } from './texts.ts';

export interface FormShown { form_key: string; values: Record<string, string>; errors: Record<string, string> }

const tones: Record<InquiryState, Tone> = { waiting: 'amber', late: 'red', answered: 'ok' };

export function StateChip({ inquiry, locale }: { inquiry: Pick<InquiryRow, 'state' | 'answered_late'>; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <>
      <Chip tone={tones[inquiry.state]}>{t[`state_${inquiry.state}`]}</Chip>
      {inquiry.answered_late && <> <Chip tone="amber">{t.answered_late}</Chip></>}
    </>
  );
}

export interface InquiryListShown {
  code: string;
  items: InquiryRow[];
  next_cursor: string | null;
  counts: InquiryCounts;
  answer_days: number;
  filter: { state: string; mine: string };
  may_ask: boolean;
}

export function inquiryListPage(frame: Frame, shown: InquiryListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${shown.code}/inquiries`;
  const body = (
    <>
      {shown.may_ask && <p><ActionLink href={`${base}/new`}>{t.ask}</ActionLink></p>}
      <p class="hint">{fill(t.counts, { ...shown.counts })}</p>
      <Filters action={base} reset_href={base} fields={[
        {
          name: 'state', label: t.state, type: 'select', value: shown.filter.state,
          options: (['waiting', 'late', 'answered'] as const).map((value) => ({ value, label: t[`state_${value}`] })),
        },
        {
          name: 'mine', label: t.whose, type: 'select', value: shown.filter.mine,
          options: [{ value: '', label: t.everyone }, { value: 'yes', label: t.only_mine }],
        },
      ]} />
      <LedgerTable caption={t.inquiries} caption_hidden rows={shown.items}
        empty={<EmptyState title={t.none} text={t.none_text} />}
        columns={[
          { key: 'question', title: t.question, lead: true, cell: (q) => <a href={`${base}/${q.inquiry_id}`}>{textOf(q, locale)}</a> },
          {
            key: 'about', title: t.about, cell: (q) => (q.about_seq === null ? t.about_general
              : <a href={`/e/${shown.code}/journal/${q.about_seq}`}>{q.about_number}</a>),
          },
          { key: 'asker', title: t.asker, cell: (q) => fill(q.mine ? t.owner_me : t.owner, { alias: q.alias }) },
          { key: 'asked_at', title: t.asked_at, type: 'date', cell: (q) => formatInstant(q.asked_at, locale) },
          { key: 'due_on', title: t.due_on, type: 'date', cell: (q) => formatDate(q.due_on, locale) },
          { key: 'state', title: t.state, cell: (q) => <StateChip inquiry={q} locale={locale} /> },
        ]} />
      <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.items.length} />
      <p class="hint"><a class="tap" href={`/e/${shown.code}/erasures`}>{t.erasures}</a></p>
    </>
  );
  return page({ ...frame, title: t.inquiries, lede: fill(t.lede, { days: shown.answer_days }), body });
}

export interface AskShown { code: string; about: number | null; entry: EntryAsked | null; form: FormShown }

export function askPage(frame: Frame, { code, about, entry, form }: AskShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${code}/inquiries`;
  const body = (
    <>
      {entry !== null && (
        <Card title={t.about_entry}>
          <DescriptionList items={[
            { term: t.number, value: <a href={`/e/${code}/journal/${entry.seq}`}>{entry.number}</a> },
            { term: formatDate(entry.entry_date, locale), value: <>{entry.description} <Amount value={entry.amount} yuan /></> },
          ]} />
        </Card>
      )}
      <Card>
        <Form action={base} form_key={form.form_key} csrf={frame.session?.csrf} values={form.values} errors={form.errors}>
          {about !== null && <HiddenToken name="about" value={String(about)} />}
          <TextArea name="question" label={t.question} rows={5} required hint={fill(t.question_hint, { limit: QUESTION_LIMIT })} />
          <ButtonRow><Button>{t.send_question}</Button></ButtonRow>
        </Form>
      </Card>
    </>
  );
  return page({ ...frame, title: t.ask_title, lede: t.ask_lede, crumbs: [{ href: base, label: t.inquiries }], body });
}

export interface InquiryShown {
  code: string;
  inquiry: InquiryRow & { answer_list: AnswerRow[] };
  may_answer: boolean;
  may_erase: boolean;
  form: FormShown;
}

const textOf = ({ question, erased }: Pick<InquiryRow, 'question' | 'erased'>, locale: Locale): string => saidText({ text: question, erased }, locale);

function Answers({ inquiry, locale }: { inquiry: InquiryShown['inquiry']; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  if (inquiry.answer_list.length === 0) {
    const late = inquiry.state === 'late';
    return (
      <Notice tone={late ? 'alarm' : 'amber'}>
        {fill(late ? t.no_answer_late : t.no_answer, { due_on: formatDate(inquiry.due_on, locale) })}
      </Notice>
    );
  }
  return (
    <>
      {inquiry.answer_list.map((answer) => (
        <Card title={`${t.answer} · ${locale === 'zh' ? answer.body_zh : answer.body_en}`}>
          <p>{answer.answer}</p>
          <p class="hint">{formatInstant(answer.answered_at, locale)}</p>
        </Card>
      ))}
    </>
  );
}

export function inquiryPage(frame: Frame, { code, inquiry, may_answer, may_erase, form }: InquiryShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${code}/inquiries`;
  const body = (
    <>
      <Card>
        <p>
          <strong>{textOf(inquiry, locale)}</strong>
          {may_erase && <> <EraseLink code={code} seq={inquiry.seq} locale={locale} /></>}
        </p>
        <ErasedLine erased={inquiry.erased} locale={locale} />
        <DescriptionList items={[
          { term: t.state, value: <StateChip inquiry={inquiry} locale={locale} /> },
          { term: t.asker, value: fill(inquiry.mine ? t.owner_me : t.owner, { alias: inquiry.alias }) },
          { term: t.asked_at, value: formatInstant(inquiry.asked_at, locale) },
          { term: t.due_on, value: formatDate(inquiry.due_on, locale) },
          {
            term: t.about,
            value: inquiry.about_seq === null ? t.about_general
              : <a href={`/e/${code}/journal/${inquiry.about_seq}`}>{inquiry.about_number} {inquiry.about_description}</a>,
          },
        ]} />
      </Card>
      <Answers inquiry={inquiry} locale={locale} />
      {may_answer && (
        <Card title={inquiry.answers === 0 ? t.write_answer : t.another_answer}>
          <Form action={`${base}/${inquiry.inquiry_id}`} form_key={form.form_key} csrf={frame.session?.csrf}
            values={form.values} errors={form.errors}>
            <TextArea name="answer" label={t.answer} rows={4} required hint={fill(t.answer_hint, { limit: ANSWER_LIMIT })} />
            <ButtonRow><Button>{t.send_answer}</Button></ButtonRow>
          </Form>
        </Card>
      )}
    </>
  );
  return page({
    ...frame, title: fill(t.inquiry_title, { number: inquiry.inquiry_id }),
    crumbs: [{ href: base, label: t.inquiries }], body,
  });
}
