// Pages of a budget in the making: what it rests on, its lines, what owners say, and what comes next; the form of its lines.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { minus, money, sum } from '../kernel/money.ts';
import { saidText } from '../evidence/personal-value.ts';
import type { OfficeForm } from '../office/membership-pages.tsx';
import { texts as officeTexts } from '../approval/office-texts.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { AmountField, Button, ButtonRow, DateField, FileField, Form, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatDay, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, DescriptionList, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { businessDate, instant } from '../kernel/dates.ts';
import type { Basis } from './basis.ts';
import { ANSWER_LIMIT, COMMENT_LIMIT, type CommentShown } from './comment.ts';
import { DAYS } from './draft.ts';
import { accountIn, ChangeTable, fundIn, LineTables, type ChangeRow, type T } from './pages.tsx';
import { keyOf, type AccountChoice, type Draft, type FundChoice, type Line } from './queries.ts';
import { stateTexts, texts } from './texts.ts';

export interface DraftShown {
  code: string;
  draft: Draft;
  basis: Basis;
  lines: Line[];
  /** Against what owners commented on; null before they could. */
  changed: ChangeRow[] | null;
  /** Against the budget in force; null for the first of a year. */
  changes: ChangeRow[] | null;
  comments: CommentShown[];
  may: { comment: boolean; answer: boolean; propose: boolean; erase: boolean };
  today: string;
  rule: Rule | null;
  names: RuleNames;
  refused: string | null;
  form: OfficeForm;
  /** Which form the errors belong to: open, submit, comment or answer-12. */
  failed: string | null;
}

interface Part { shown: DraftShown; csrf: string | undefined; t: T; locale: Locale }
const errorsFor = ({ failed, form }: DraftShown, id: string): Readonly<Record<string, string>> => (failed === id ? form.errors : {});
const valuesFor = ({ failed, form }: DraftShown, id: string): Readonly<Record<string, string>> => (failed === id ? form.values : {});

function BasisCard({ shown, t, locale }: Omit<Part, 'csrf'>): JSX.Element {
  const { basis, lines, draft } = shown;
  const of = (kind: string) => sum(lines.filter((line) => line.class === kind).map((line) => money(line.amount)));
  const gap = minus(of('income'), of('expense'));
  return (
    <Card>
      <p><Chip tone={draft.state === 'commenting' ? 'ok' : 'plain'}>{stateTexts[draft.state][locale]}</Chip></p>
      <Figures items={[
        { label: t.income_budget, amount: of('income') }, { label: t.expense_budget, amount: of('expense') }, { label: gap.isNegative() ? t.gap_deficit : t.gap_surplus, amount: gap },
      ]} />
      <DescriptionList items={[
        draft.reason !== null && { term: t.reason, value: <strong>{draft.reason}</strong> },
        { term: t.basis, value: basis.from === null ? t.basis_none : fill(t.basis_months, { from: formatPeriod(basis.from, locale), to: formatPeriod(basis.to!, locale), months: basis.months }) },
        draft.rate !== null && { term: t.rate, value: fill(t.rate_text, { rate: draft.rate }) },
        draft.comment_from !== null && { term: t.comments, value: <a href="#comments">{fill(t.comments_told, {
          from: formatDate(draft.comment_from, locale), until: formatDate(draft.comment_until!, locale), count: draft.comments, answered: draft.answered })}</a> },
        draft.proposal_id !== null && { term: t.need_signed, value: <a href={`/e/${shown.code}/proposals/${draft.proposal_id}`}>{t.see_proposal}</a> },
      ]} />
    </Card>
  );
}

function WorkCards({ shown, csrf, t, locale }: Part): JSX.Element | null {
  const { code, draft, may, form, refused, rule, names, today } = shown;
  if (!may.propose || !['editing', 'settling', 'commenting'].includes(draft.state)) return null;
  const path = `/e/${code}/budget-drafts/${draft.draft_id}`;
  const words = pick(officeTexts, locale);
  const needed = rule?.needs_resolution === true;
  return (
    <>
      {draft.state !== 'commenting' && <ButtonRow><ActionLink kind={draft.state === 'editing' ? 'primary' : 'alt'} href={`${path}/edit`}>{t.edit}</ActionLink></ButtonRow>}
      {draft.state === 'settling' && (
        <Card title={t.submit_title} id="submit-card">
          <p>{t.submit_text}</p>
          {refused !== null && <Notice tone="amber">{refused}</Notice>}
          <Form action={`${path}/submit`} id="submit" multipart csrf={csrf} form_key={`${form.form_key}-s`} values={{ audience: 'owners', ...valuesFor(shown, 'submit') }} errors={errorsFor(shown, 'submit')}>
            <details class="field" open={needed || shown.failed === 'submit'}>
              <summary class="tap">{t.basis_file}</summary>
              <TextField name="resolution_title" label={words.resolution_title} autocomplete="off" required={needed} />
              <DateField name="resolution_date" label={words.resolution_date} max={today} required={needed} />
              <FileField name="vouchers" label={words.vouchers} kept={form.kept} required={needed} />
              <RadioField name="audience" label={words.audience} required options={[{ value: 'owners', label: words.audience_owners }, { value: 'officers', label: words.audience_officers }]} />
            </details>
            {rule !== null && <DescriptionList items={[{ term: t.need_signed, value: ruleSentence(newRuleOf(rule), names)[locale] }]} />}
            <ButtonRow><Button>{t.submit}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      {draft.state !== 'commenting' && (
        <Card title={draft.state === 'editing' ? t.open : t.open_again} id="open-card">
          <p>{t.open_text}</p>
          <Form action={`${path}/open`} id="open" csrf={csrf} values={{ days: String(DAYS.usual), ...valuesFor(shown, 'open') }} errors={errorsFor(shown, 'open')}>
            <TextField name="days" label={t.days} hint={t.days_hint} input_mode="numeric" autocomplete="off" short required />
            <ButtonRow><Button kind={draft.state === 'editing' ? 'primary' : 'alt'}>{draft.state === 'editing' ? t.open : t.open_again}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      <Card>
        <Form action={`${path}/drop`} id="drop" csrf={csrf} errors={errorsFor(shown, 'drop')}>
          <p class="hint">{t.drop_text}</p>
          <ButtonRow><Button kind="alt">{t.drop}</Button></ButtonRow>
        </Form>
      </Card>
    </>
  );
}

function CommentForm({ shown, csrf, t, locale }: Part): JSX.Element | null {
  const { code, draft, lines, may, form } = shown;
  if (!may.comment || draft.state !== 'commenting') return null;
  return (
    <Form action={`/e/${code}/budget-drafts/${draft.draft_id}/comments`} id="comment" csrf={csrf} form_key={`${form.form_key}-c`} values={valuesFor(shown, 'comment')} errors={errorsFor(shown, 'comment')}>
      <SelectField name="line" label={t.about} empty={t.whole} options={lines.map((line) => ({ value: keyOf(line), label: accountIn(line, locale), group: fundIn(line, locale) }))} />
      <TextArea name="comment" label={t.comment} hint={fill(t.comment_hint, { most: COMMENT_LIMIT })} rows={3} required />
      <ButtonRow><Button>{t.comment_button}</Button></ButtonRow>
    </Form>
  );
}

function Comment({ one, part: { shown, csrf, t, locale } }: { one: CommentShown; part: Part }): JSX.Element {
  const line = shown.lines.find((row) => row.fund === one.fund && row.account === one.account);
  const id = `answer-${one.comment_id}`;
  const day = (at: string): string => formatDay(businessDate(instant(at)), locale);
  return (
    <li id={`comment-${one.comment_id}`}>
      <p><strong>{fill(one.mine ? t.owner_me : t.owner, { alias: one.alias })}</strong>{' '}
        <small class="hint">{one.fund === null ? t.whole : line === undefined ? one.account : accountIn(line, locale)} · {day(one.commented_at)}</small></p>
      <p>{saidText(one.said, locale)}</p>
      {one.answers.map((answer) => (
        <blockquote><p>{answer.answer}</p><small class="hint">{fill(t.answered_by, { body: locale === 'zh' ? answer.body_zh : answer.body_en, date: day(answer.answered_at) })}</small></blockquote>
      ))}
      {one.said.text !== null && (one.mine || shown.may.erase) && <p><small><a href={`/e/${shown.code}/erasures/new?seq=${one.seq}`}>{t.erase}</a></small></p>}
      {shown.may.answer && (
        <details class="field" open={shown.failed === id}>
          <summary class="tap">{t.answer}</summary>
          <Form action={`/e/${shown.code}/budget-comments/${one.comment_id}/answers`} id={id} csrf={csrf} form_key={`${shown.form.form_key}-${id}`} values={valuesFor(shown, id)} errors={errorsFor(shown, id)}>
            <TextArea name="answer" label={t.answer} hint={fill('≤ {most}', { most: ANSWER_LIMIT })} rows={2} required />
            <ButtonRow><Button kind="alt">{t.answer_button}</Button></ButtonRow>
          </Form>
        </details>
      )}
    </li>
  );
}

export function draftPage(frame: Frame, shown: DraftShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, draft, lines, comments, changed, changes } = shown;
  const part: Part = { shown, csrf: frame.session?.csrf, t, locale };
  return page({
    ...frame, title: fill(draft.adjusts === null ? t.draft_title : t.adjust_title, { year: draft.year }), crumbs: [{ href: `/e/${code}/budgets?year=${draft.year}`, label: t.title }],
    body: (
      <>
        {draft.state === 'commenting' && <Notice tone="info" title={fill(t.open_until, { date: formatDate(draft.comment_until!, locale) })}
          action={shown.may.comment ? { href: '#comments', label: t.comment } : undefined}>{t.open_text}</Notice>}
        <BasisCard shown={shown} t={t} locale={locale} />
        <WorkCards {...part} />
        {changes !== null && <Card title={t.changes} id="changes"><ChangeTable caption={t.changes} rows={changes} t={t} locale={locale} /></Card>}
        {changed !== null && changed.length > 0 && <Card title={t.changed_after} id="changed"><ChangeTable caption={t.changed_after} rows={changed} t={t} locale={locale} /></Card>}
        <Card title={t.lines} id="lines"><LineTables lines={lines} csv={lines.length === 0 ? undefined : csvTwin(`/e/${code}/budget-drafts/${draft.draft_id}/lines`)} t={t} locale={locale} /></Card>
        {draft.comment_from !== null && (
          <Card title={t.comments} id="comments">
            <CommentForm {...part} />
            {comments.length === 0 ? <EmptyState title={t.comments_none} /> : <ul class="plain">{comments.map((one) => <Comment one={one} part={part} />)}</ul>}
          </Card>
        )}
      </>
    ),
  });
}

// ── Forms ────────────────────────────────────────────────────────────────────────────────────────

export interface BeginShown { code: string; year: number; years: { year: number; adjusts: boolean }[]; form: { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> } }

export function beginPage(frame: Frame, { code, year, years, form }: BeginShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const adjusts = years.find((one) => one.year === year)?.adjusts === true;
  return page({
    ...frame, title: fill(adjusts ? t.new_adjustment : t.new_draft, { year }), lede: fill(adjusts ? t.new_lede_adjust : t.new_lede, { year }), crumbs: [{ href: `/e/${code}/budgets`, label: t.title }],
    body: (
      <Form action={`/e/${code}/budgets/new`} csrf={frame.session?.csrf} form_key={form.form_key} values={{ year: String(year), ...form.values }} errors={form.errors}>
        <Card>
          <RadioField name="year" label={t.year} required options={years.map((one) => ({ value: String(one.year), label: fill(one.adjusts ? t.new_adjustment : t.new_draft, { year: one.year }) }))} />
          {years.some((one) => one.adjusts) && <TextArea name="reason" label={t.reason_field} hint={t.reason_hint} rows={3} required={adjusts} />}
        </Card>
        <ButtonRow><Button>{t.begin}</Button></ButtonRow>
      </Form>
    ),
  });
}

export interface EditShown {
  code: string;
  draft: Draft;
  lines: Line[];
  basis: Basis;
  accounts: AccountChoice[];
  funds: FundChoice[];
  form: { values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

export function editPage(frame: Frame, { code, draft, lines, basis, accounts, funds, form }: EditShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const path = `/e/${code}/budget-drafts/${draft.draft_id}`;
  const before = new Map(basis.rows.map((row) => [keyOf(row), row.actual]));
  const typed = Object.keys(form.values).length > 0 ? form.values
    : Object.fromEntries(lines.flatMap((line) => [[`amount_${line.account}_${line.fund}`, line.amount], [`note_${line.account}_${line.fund}`, line.note]]));
  return page({
    ...frame, title: t.edit, lede: t.edit_hint, crumbs: [{ href: `/e/${code}/budgets?year=${draft.year}`, label: t.title }, { href: path, label: fill(t.draft_title, { year: draft.year }) }],
    body: (
      <Form action={`${path}/edit`} csrf={frame.session?.csrf} values={typed} errors={form.errors}>
        {[...new Set(lines.map(({ fund }) => fund))].map((fund) => {
          const own = lines.filter((line) => line.fund === fund);
          return (
            <Card title={fundIn(own[0]!, locale)}>
              {own.map((line) => {
                const actual = before.get(keyOf(line));
                return (
                  <Columns>
                    <AmountField name={`amount_${line.account}_${line.fund}`} label={accountIn(line, locale)} hint={actual === undefined ? undefined : `${t.last_year} ${actual}`} />
                    <TextField name={`note_${line.account}_${line.fund}`} label={fill(t.note_of, { account: line.account })} autocomplete="off" />
                  </Columns>
                );
              })}
            </Card>
          );
        })}
        <Card title={t.add_line} id="add">
          <SelectField name="new_fund" label={t.fund} options={funds.map((one) => ({ value: one.fund, label: one[`name_${locale}`] }))} />
          <SelectField name="new_account" label={t.account} options={accounts.map((one) => ({ value: one.account, label: `${one.account} ${one[`name_${locale}`]}`, group: t[one.class] }))} />
          <AmountField name="new_amount" label={t.amount} />
          <TextField name="new_note" label={t.note} autocomplete="off" />
        </Card>
        <ButtonRow><Button>{t.save}</Button><Button name="next" value="more" kind="alt">{t.add_line}</Button></ButtonRow>
      </Form>
    ),
  });
}
