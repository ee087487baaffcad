// Pages of opinions and surveys: the list, one with its result, the form. Sample sizes stand beside every figure.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { Button, ButtonRow, DateField, Form, HiddenToken, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { Tabs } from './pages.tsx';
import type { SurveyRow, Words } from './survey.ts';
import { surveyTexts } from './survey-texts.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof surveyTexts>>;
export const SURVEY_SCORES = [1, 2, 3, 4, 5] as const;

const shareText = (part: number, whole: number): string => (whole === 0 ? '0' : money(String(part)).times(100).dividedToIntegerBy(whole).toString());
export const sampleText = (row: SurveyRow, t: T): string => fill(t.sample_text, { units: row.units, answered: row.answered, share: shareText(row.answered, row.units) });

export interface Asked { question: string; given: number; mean: string; content: number; discontent: number }
/** Of each question: how many answered it, the mean with two places, how many 4 or 5, how many 1 or 2. */
export const resultRows = ({ questions, results }: SurveyRow): Asked[] => questions.map((question, index): Asked => {
  const spread = results[index] ?? [];
  const given = spread.reduce((a, b) => a + b, 0);
  const points = spread.reduce((total, people, score) => total + people * (score + 1), 0);
  return {
    question, given, mean: given === 0 ? '–' : money(String(points)).dividedBy(given).toFixed(2), content: (spread[3] ?? 0) + (spread[4] ?? 0), discontent: (spread[0] ?? 0) + (spread[1] ?? 0),
  };
});

export interface ListShown { code: string; items: SurveyRow[]; next_cursor: string | null; kind: string; holds: boolean }

export function surveyListPage(frame: Frame, shown: ListShown): string {
  const { locale } = frame;
  const t = pick(surveyTexts, locale);
  const base = `/e/${shown.code}/surveys`;
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        <Tabs code={shown.code} here="surveys" t={pick(texts, locale)} />
        {shown.holds && <p><ActionLink href={`${base}/new`}>{t.new}</ActionLink></p>}
        <Filters action={base} reset_href={base} csv={csvTwin(frame.here)} fields={[{ name: 'kind', label: t.kind, type: 'select', value: shown.kind, options: (['opinion', 'satisfaction'] as const).map((value) => ({ value, label: t[`kind_${value}`] })) }]} />
        <LedgerTable caption={t.title} caption_hidden rows={shown.items} empty={<EmptyState title={t.none} />} columns={[
          { key: 'title', title: t.field_title, lead: true, cell: (row) => <a href={`${base}/${row.survey_id}`}>{row.title}</a> }, { key: 'kind', title: t.kind, cell: (row) => t[`kind_${row.kind}`] },
          { key: 'days', title: t.days, cell: (row) => `${formatDate(row.starts_on, locale)} – ${formatDate(row.ends_on, locale)}` }, { key: 'sample', title: t.sample, cell: (row) => sampleText(row, t) },
          { key: 'state', title: t.state, cell: (row) => <Chip tone={row.state === 'open' ? 'ok' : 'plain'}>{t[`state_${row.state}`]}</Chip> },
        ]} />
        <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.items.length} />
      </>
    ),
  });
}

export interface OneShown {
  code: string; row: SurveyRow; words: Words[]; moderates: boolean; lives_here: boolean;
  form: { values: Record<string, string>; errors: Record<string, string> };
}

function AnswerCard({ shown, csrf, t }: { shown: OneShown; csrf: string | undefined; t: T }): JSX.Element | null {
  const { code, row, form, lives_here } = shown;
  if (row.state !== 'open' || !lives_here) return null;
  if (row.due.length === 0) return <Card title={t.answer}><p><Chip tone="ok">✓</Chip> {t.answered}</p></Card>;
  return (
    <Card title={t.answer} id="answer">
      <Form action={`/e/${code}/surveys/${row.survey_id}`} csrf={csrf} values={form.values} errors={form.errors}>
        {row.due.length === 1 ? <HiddenToken name="unit" value={row.due[0]!} /> : <SelectField name="unit" label={t.answer_unit} required empty={false} options={row.due.map((unit) => ({ value: unit, label: unit }))} />}
        {row.questions.map((question, index) => (
          <RadioField name={`q${index + 1}`} label={question} required={index === 0} options={row.kind === 'opinion'
            ? ([1, 2, 3] as const).map((value) => ({ value: String(value), label: t[`answer_${value}`] })) : SURVEY_SCORES.map((value) => ({ value: String(value), label: t[`score_${value}`] }))} />
        ))}
        <TextArea name="words" label={t.words} hint={t.words_hint} rows={3} />
        <ButtonRow><Button>{t.send}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

function ResultCard({ row, t, locale }: { row: SurveyRow; t: T; locale: Locale }): JSX.Element {
  const small = row.state === 'closed' && row.results.length === 0;
  return (
    <Card title={t.result} id="result">
      <DescriptionList items={[{ term: t.sample, value: <strong>{sampleText(row, t)}</strong> }]} />
      <p class="hint">{t.beside}</p>
      {row.state !== 'closed' && <p>{fill(t.wait, { day: formatDate(row.ends_on, locale) })}</p>}
      {small && <Notice tone="info">{t.few}</Notice>}
      {row.results.length > 0 && row.kind === 'satisfaction' && (
        <LedgerTable caption={t.result} caption_hidden rows={resultRows(row)} columns={[
          { key: 'question', title: t.question, lead: true }, { key: 'mean', title: t.mean, type: 'number' }, { key: 'given', title: t.given, type: 'number' }, { key: 'content', title: t.content, type: 'number' }, { key: 'discontent', title: t.discontent, type: 'number' },
        ]} />
      )}
      {row.results.length > 0 && row.kind === 'opinion' && (
        <LedgerTable caption={t.result} caption_hidden rows={([1, 2, 3] as const).map((value) => ({ name: t[`answer_${value}`], people: row.results[0]?.[value - 1] ?? 0 }))} columns={[
          { key: 'name', title: t.answer, lead: true }, { key: 'people', title: t.households, type: 'number' },
        ]} />
      )}
    </Card>
  );
}

export function surveyPage(frame: Frame, shown: OneShown): string {
  const { locale } = frame;
  const t = pick(surveyTexts, locale);
  const { code, row, words, moderates } = shown;
  const csrf = frame.session?.csrf;
  return page({
    ...frame, title: row.title, crumbs: [{ href: `/e/${code}/surveys`, label: t.title }],
    body: (
      <>
        <p><Chip>{t[`kind_${row.kind}`]}</Chip> <Chip tone={row.state === 'open' ? 'ok' : 'plain'}>{t[`state_${row.state}`]}</Chip> <small class="hint">{formatDate(row.starts_on, locale)} – {formatDate(row.ends_on, locale)}</small></p>
        <Card>{row.wording.split('\n').map((line) => <p>{line}</p>)}</Card>
        <AnswerCard shown={shown} csrf={csrf} t={t} />
        <ResultCard row={row} t={t} locale={locale} />
        {(words.length > 0 || moderates) && (
          <Card title={t.texts} id="words">
            {words.length === 0 && <p class="hint">{t.texts_none}</p>}
            {words.map((one) => (
              <div class="paper">
                <p>{one.words} {moderates && <Chip tone={one.shown ? 'ok' : 'plain'}>{one.shown ? t.shown : t.hidden}</Chip>}</p>
                {moderates && (
                  <Form action={`/e/${code}/surveys/${row.survey_id}/words/${one.answer}`} id={`words-${one.answer}`} csrf={csrf}>
                    <TextField name="reason" label={t.reason} autocomplete="off" />
                    <ButtonRow>{one.shown ? <Button kind="alt" name="act" value="hide">{t.hide}</Button> : <Button kind="alt" name="act" value="show">{t.show}</Button>}<Button kind="danger" name="act" value="erase">{t.erase}</Button></ButtonRow>
                  </Form>
                )}
              </div>
            ))}
          </Card>
        )}
      </>
    ),
  });
}

export interface FormShown { code: string; today: string; form: { form_key: string; values: Record<string, string>; errors: Record<string, string> } }

export function surveyFormPage(frame: Frame, { code, today, form }: FormShown): string {
  const { locale } = frame;
  const t = pick(surveyTexts, locale);
  return page({
    ...frame, title: t.form_title, crumbs: [{ href: `/e/${code}/surveys`, label: t.title }],
    body: (
      <Form action={`/e/${code}/surveys`} csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <RadioField name="kind" label={t.kind} required options={(['satisfaction', 'opinion'] as const).map((value) => ({ value, label: t[`kind_${value}`] }))} />
          <TextField name="title" label={t.field_title} hint={t.field_title_hint} required autocomplete="off" />
          <TextArea name="wording" label={t.field_wording} required rows={4} />
          <TextArea name="questions" label={t.field_questions} rows={6} />
          <DateField name="starts_on" label={t.field_starts_on} min={today} required />
          <DateField name="ends_on" label={t.field_ends_on} min={today} required />
        </Card>
        <ButtonRow><Button>{t.open}</Button></ButtonRow>
      </Form>
    ),
  });
}
