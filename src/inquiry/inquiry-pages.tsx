// One question: what was asked, how far it is, the answers with their vouchers and what is thought of them; the forms of whoever may act.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { ErasedLine, EraseLink } from '../people/erasure-pages.tsx';
import type { Frame } from '../web/frame.ts';
import { Button, ButtonRow, FileField, Form, HiddenToken, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice, Timeline } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { VoucherList, type VoucherItem } from '../web/vouchers.tsx';
import { courseOf } from './course.ts';
import { ANSWER_LIMIT } from './inquiry.ts';
import { listTexts } from './list-texts.ts';
import type { Moderation } from './moderation.ts';
import { askerOf, RatingChip, StateChip, textOf, type FormShown } from './pages.tsx';
import type { AnswerRow, InquiryDetail } from './queries.ts';
import { ratings, type Side } from './rating.ts';
import { stepTexts } from './step-texts.ts';
import type { SubjectShown } from './subject.ts';
import { texts } from './texts.ts';

export type StepForm = 'answer' | 'extend' | 'rate' | 'hide' | 'decide' | 'name' | 'appeal';
/** Words of the page that a moderator hid or may hide, by the record that commits to them. */
export interface HiddenShown { seq: number; what: 'question' | 'comment'; course: Moderation[]; words: string | null; may_appeal: boolean; may_decide: boolean }
export interface InquiryShown {
  code: string;
  inquiry: InquiryDetail;
  subject: SubjectShown | null;
  may_answer: boolean;
  may_erase: boolean;
  may_list: boolean;
  may_extend: boolean;
  rates_as: Side | null;
  hidden: HiddenShown[];
  may_hide: { seq: number; label: string }[];
  /** Which form was sent and refused; the others are fresh. */
  form: FormShown & { of: StepForm; kept: VoucherItem[] };
}

const bodyIn = (row: { body_zh: string | null; body_en: string | null }, locale: Locale): string => (locale === 'zh' ? row.body_zh : row.body_en) ?? '';

function HiddenNotice({ hidden, shown, frame }: { hidden: HiddenShown; shown: InquiryShown; frame: Frame }): JSX.Element | null {
  const { locale } = frame;
  const s = pick(stepTexts, locale);
  const first = hidden.course.find((one) => one.step === 'hidden');
  const last = hidden.course.at(-1);
  if (first === undefined || last === undefined || last.step === 'restored') return null;
  const base = `/e/${shown.code}/inquiries/${shown.inquiry.inquiry_id}`;
  const formOf = (of: StepForm) => (shown.form.of === of ? { values: shown.form.values, errors: shown.form.errors } : {});
  return (
    <Card tone="amber">
      <p><strong>{fill(s.hidden_by, { body: bodyIn(first, locale), on: formatInstant(first.at, locale), reason: first.reason ?? '' })}</strong></p>
      {last.step === 'appealed' && <p>{s.hidden_appealed}</p>}
      {last.step === 'upheld' && <p>{fill(s.hidden_upheld, { body: bodyIn(last, locale), reason: last.reason ?? '' })}</p>}
      <p class="hint">{s.hidden_clock}</p>
      {hidden.words !== null && <p><small class="hint">{s.hidden_words}</small><br />{hidden.words}</p>}
      {hidden.may_appeal && (
        <>
          <p class="hint">{s.appeal_title} {s.appeal_lede}</p>
          <Form id={`appeal-${hidden.seq}`} action={`${base}/appeal`} csrf={frame.session?.csrf} {...formOf('appeal')}>
            <HiddenToken name="seq" value={String(hidden.seq)} />
            <ButtonRow><Button kind="alt">{s.send_appeal}</Button></ButtonRow>
          </Form>
        </>
      )}
      {hidden.may_decide && (
        <>
          <h3>{s.decide_title}</h3>
          <Form id={`decide-${hidden.seq}`} action={`${base}/decide`} csrf={frame.session?.csrf} {...formOf('decide')}>
            <HiddenToken name="seq" value={String(hidden.seq)} />
            <RadioField name="decision" label={s.decision} required options={[{ value: 'restored', label: s.decide_restored }, { value: 'upheld', label: s.decide_upheld }]} />
            <TextField name="reason" label={s.hide_reason} required />
            <ButtonRow><Button>{s.send_decision}</Button></ButtonRow>
          </Form>
        </>
      )}
    </Card>
  );
}

function AnswerCard({ answer, shown, frame }: { answer: AnswerRow; shown: InquiryShown; frame: Frame }): JSX.Element {
  const { locale } = frame;
  const t = pick(texts, locale);
  const s = pick(stepTexts, locale);
  return (
    <Card title={`${t.answer} · ${bodyIn(answer, locale)}`}>
      <p>{answer.answer}</p>
      {answer.vouchers.length > 0 && <VoucherList vouchers={answer.vouchers.map((file) => ({ ...file, href: `/e/${shown.code}/vouchers/${file.sha256}` }))} />}
      <p class="hint">{formatInstant(answer.answered_at, locale)}</p>
      {answer.ratings.length === 0 ? <p class="hint">{s.not_rated}</p> : (
        <ul class="plain-list">
          {answer.ratings.map((one) => (
            <li>
              {s[`side_${one.side as 'asker'}`]} <RatingChip rating={one.rating} locale={locale} />
              {one.has_reason && <> {textOf({ question: one.reason, erased: one.erased, hidden: one.hidden }, locale)}</>}
              {one.mine && one.reason !== null && <> <EraseLink code={shown.code} seq={one.seq} locale={locale} /></>}
              {shown.hidden.filter((row) => row.seq === one.seq).map((row) => <HiddenNotice hidden={row} shown={shown} frame={frame} />)}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Answers({ shown, frame }: { shown: InquiryShown; frame: Frame }): JSX.Element {
  const { inquiry } = shown;
  const { locale } = frame;
  const t = pick(texts, locale);
  const late = inquiry.state === 'late' || inquiry.state === 'very_late';
  return (
    <>
      {inquiry.answer_list.map((answer) => <AnswerCard answer={answer} shown={shown} frame={frame} />)}
      {inquiry.state !== 'answered' && (
        <Notice tone={late ? 'alarm' : 'amber'} title={inquiry.round > 1 ? pick(stepTexts, locale).reopened : undefined}>
          {fill(late ? t.no_answer_late : t.no_answer, { due_on: formatDate(inquiry.due_on, locale) })}
        </Notice>
      )}
    </>
  );
}

/** A form that takes no room until it is wanted. */
function Folded({ id, title, open, children }: { id: string; title: string; open: boolean; children: JSX.Element | JSX.Element[] }): JSX.Element {
  return <Card id={id}><details open={open}><summary>{title}</summary>{children}</details></Card>;
}

function Forms({ shown, frame }: { shown: InquiryShown; frame: Frame }): JSX.Element {
  const { code, inquiry, form, rates_as } = shown;
  const { locale } = frame;
  const t = pick(texts, locale);
  const s = pick(stepTexts, locale);
  const base = `/e/${code}/inquiries/${inquiry.inquiry_id}`;
  const of = (step: StepForm) => (form.of === step ? { values: form.values, errors: form.errors } : { values: {}, errors: {} });
  const fields = (step: StepForm) => ({ id: step, form_key: form.form_key, csrf: frame.session?.csrf, ...of(step) });
  const refused = (step: StepForm): boolean => form.of === step && Object.keys(form.errors).length > 0;
  return (
    <>
      {rates_as !== null && (
        <Card title={s.rate_title} id="rate-card">
          <p class="hint">{rates_as === 'asker' ? s.rate_lede_asker : fill(s.rate_lede_body, { side: s[`side_${rates_as}`] })}</p>
          <Form {...fields('rate')} action={`${base}/rate`}>
            <RadioField name="rating" label={s.rating} required options={ratings.map((value) => ({ value, label: s[`rating_${value}`] }))} />
            <TextArea name="reason" label={s.rating_reason} rows={2} />
            <ButtonRow><Button>{s.send_rating}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      {shown.may_answer && (
        <Card title={inquiry.answers === 0 ? t.write_answer : t.another_answer} id="answer-card">
          <Form {...fields('answer')} action={base} multipart>
            <TextArea name="answer" label={t.answer} rows={4} required hint={fill(t.answer_hint, { limit: ANSWER_LIMIT })} />
            <HiddenToken name="audience" value="owners" />
            <FileField name="vouchers" label={t.attach} multiple hint={t.attach_hint} kept={form.kept} />
            <ButtonRow><Button>{t.send_answer}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      {shown.may_extend && (
        <Folded id="extend-card" title={s.extend_title} open={refused('extend')}>
          <p class="hint">{fill(s.extend_lede, { due_on: formatDate(inquiry.due_on, locale), days: inquiry.days })}</p>
          <Form {...fields('extend')} action={`${base}/extend`}>
            <TextField name="days" label={s.extend_days} input_mode="numeric" short required />
            <TextField name="reason" label={s.extend_reason} required />
            <ButtonRow><Button kind="alt">{s.send_extension}</Button></ButtonRow>
          </Form>
        </Folded>
      )}
      {inquiry.mine && (
        <Folded id="name-card" title={s.name_title} open={refused('name')}>
          <p class="hint">{inquiry.name === null ? s.name_not_shown : s.name_shown}</p>
          <Form {...fields('name')} action={`${base}/name`}>
            <HiddenToken name="shown" value={inquiry.name === null ? 'yes' : 'no'} />
            <ButtonRow><Button kind="alt">{inquiry.name === null ? s.name_show : s.name_hide}</Button></ButtonRow>
          </Form>
        </Folded>
      )}
      {shown.may_hide.length > 0 && (
        <Folded id="hide-card" title={s.hide_title} open={refused('hide')}>
          <p class="hint">{s.hide_lede}</p>
          <Form {...fields('hide')} action={`${base}/hide`}>
            <SelectField name="seq" label={s.hide_what} required empty={false} options={shown.may_hide.map(({ seq, label }) => ({ value: String(seq), label }))} />
            <TextField name="reason" label={s.hide_reason} required />
            <ButtonRow><Button kind="danger">{s.send_hide}</Button></ButtonRow>
          </Form>
        </Folded>
      )}
    </>
  );
}

export function inquiryPage(frame: Frame, shown: InquiryShown): string {
  const { locale } = frame;
  const { code, inquiry, subject, may_erase } = shown;
  const t = pick(texts, locale);
  const s = pick(stepTexts, locale);
  const base = `/e/${code}/inquiries`;
  const body = (
    <div class="columns wide-left">
      <div>
        <Card>
          <p>
            <strong>{textOf(inquiry, locale)}</strong>
            {may_erase && <> <EraseLink code={code} seq={inquiry.seq} locale={locale} /></>}
          </p>
          <ErasedLine erased={inquiry.erased} locale={locale} />
          <DescriptionList items={[
            { term: t.state, value: <StateChip inquiry={inquiry} locale={locale} /> },
            { term: t.asker, value: askerOf(inquiry, locale) },
            { term: t.asked_at, value: formatInstant(inquiry.asked_at, locale) },
            { term: t.due_on, value: <>{formatDate(inquiry.due_on, locale)}{inquiry.days_late > 0 && <> <Chip tone="red">{fill(pick(listTexts, locale).days_over, { days: inquiry.days_late })}</Chip></>}</> },
            { term: t.about, value: subject === null ? t.about_general : subject.href === null ? subject.label[locale] : <a href={subject.href}>{subject.label[locale]}</a> },
            (inquiry.category !== 'question' || inquiry.item_id !== null) && {
              term: t.category, value: <>{t[`category_${inquiry.category}`]}{inquiry.item_id !== null && <> · <a href={`/e/${code}/lists/${inquiry.item_id}`}>{fill(t.on_list, { item: inquiry.item_id })}</a></>}</>,
            },
          ]} />
          {shown.may_list && <p><ActionLink kind="alt" href={`/e/${code}/lists/new?inquiry=${inquiry.inquiry_id}`}>{s.list_title}</ActionLink></p>}
        </Card>
        {shown.hidden.filter((row) => row.what === 'question').map((row) => <HiddenNotice hidden={row} shown={shown} frame={frame} />)}
        <Answers shown={shown} frame={frame} />
        <Forms shown={shown} frame={frame} />
      </div>
      <Card title={s.course}><Timeline steps={courseOf(shown, locale)} /></Card>
    </div>
  );
  return page({
    ...frame, title: fill(t.inquiry_title, { number: inquiry.inquiry_id }),
    crumbs: [{ href: base, label: t.inquiries }], body,
  });
}
