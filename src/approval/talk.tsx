// Objections with their answers, comments, and what is announced: cards for the page of a proposal, a page of
// their own for a form that came back wrong, and the list of what is announced, for every owner.
import type { JSX } from 'preact';
import { saidText } from '../evidence/personal-value.ts';
import { addDays } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { ErasedLine, EraseLink } from '../people/erasure-pages.tsx';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, TextArea } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDay, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { EmergencyChip } from './emergency.tsx';
import { ANSWER_LIMIT, COMMENT_LIMIT, OBJECTION_LIMIT } from './objection.ts';
import type { Announcement, ObjectionRow, Talk } from './objection-queries.ts';
import type { Proposal } from './queries.ts';
import { texts } from './talk-texts.ts';
import { kindName, stateName, titleIn } from './texts.ts';

/** The form that came back: "comment", "objection", or "answer-12". */
export interface TalkForm { which: string; values: Record<string, string>; errors: Record<string, string> }

export interface TalkShown {
  code: string;
  talk: Talk;
  csrf: string | undefined;
  form_key: string;
  form?: TalkForm | undefined;
}
type Part = TalkShown & { locale: Locale };

const tOf = (locale: Locale) => pick(texts, locale);
const bodyOf = (row: { body_zh: string | null; body_en: string | null }, locale: Locale): string =>
  (locale === 'zh' ? row.body_zh : row.body_en) ?? '';

function TextForm({ part, which, action, label, hint, rows, button }: {
  part: Part; which: string; action: string; label: string; hint: string; rows: number; button: string;
}): JSX.Element {
  const form = part.form?.which === which ? part.form : undefined;
  return (
    <Form id={which} action={action} csrf={part.csrf} form_key={`${part.form_key}-${which}`} values={form?.values} errors={form?.errors}>
      <TextArea name="text" label={label} hint={hint} rows={rows} required />
      <ButtonRow><Button kind="alt">{button}</Button></ButtonRow>
    </Form>
  );
}

function whoOf(row: ObjectionRow, locale: Locale): string {
  const t = tOf(locale);
  if (row.body === null) return row.mine ? t.owner_me : t.owner;
  const body = bodyOf(row, locale);
  return row.mine ? fill(t.body_me, { body }) : body;
}

function Objection({ row, part }: { row: ObjectionRow; part: Part }): JSX.Element {
  const { locale, code, talk } = part;
  const t = tOf(locale);
  const which = `answer-${row.objection_id}`;
  return (
    <li>
      <p>
        <strong>{whoOf(row, locale)}</strong> <span class="hint">{formatInstant(row.objected_at, locale)}</span>{' '}
        <Chip tone={row.answer === null ? 'amber' : 'ok'}>{row.answer === null ? t.not_answered : t.answered}</Chip>
      </p>
      <p>
        {saidText({ text: row.objection, erased: row.erased }, locale)}
        {row.objection !== null && (row.mine || talk.may_erase) && <> <EraseLink code={code} seq={row.seq} locale={locale} /></>}
      </p>
      <ErasedLine erased={row.erased} locale={locale} />
      {row.answer !== null && (
        <blockquote>
          <p><strong>{fill(t.answered_by, { body: bodyOf(row.answer, locale) })}</strong> <span class="hint">{formatInstant(row.answer.answered_at, locale)}</span></p>
          <p>{row.answer.answer}</p>
        </blockquote>
      )}
      {row.answer === null && talk.may_answer && !row.mine && (
        <details open={part.form?.which === which}>
          <summary class="tap">{t.write_answer}</summary>
          <TextForm part={part} which={which} action={`/e/${code}/objections/${row.objection_id}/answer`} label={t.answer}
            hint={fill(t.answer_hint, { limit: ANSWER_LIMIT })} rows={4} button={t.send_answer} />
        </details>
      )}
    </li>
  );
}

function noticeText({ payable_from, runs }: { payable_from: string; runs: boolean }, locale: Locale): string {
  const t = tOf(locale);
  const facts = { day: formatDay(payable_from, locale), last_day: formatDay(addDays(payable_from, -1), locale) };
  return fill(runs ? t.in_notice : t.notice_over, facts);
}

/** Objections with their answers, and the form to object. Nothing where nobody objected and nobody here may. */
export function ObjectionsCard(part: Part): JSX.Element | null {
  const { talk, code, locale } = part;
  const t = tOf(locale);
  const may_object = talk.why_not_object === null;
  if (talk.objections.length === 0 && talk.announced === null && !may_object) return null;
  return (
    <Card title={t.objections} id="objections">
      {talk.announced !== null && <p>{noticeText(talk.announced, locale)}</p>}
      {talk.objections.length === 0 ? <p class="hint">{t.no_objections}</p> : (
        <ul class="talk">{talk.objections.map((row) => <Objection row={row} part={part} />)}</ul>
      )}
      <p class="hint">{t.objections_rule}</p>
      {may_object && (
        <details open={part.form?.which === 'objection'}>
          <summary class="tap">{t.object}</summary>
          <TextForm part={part} which="objection" action={`/e/${code}/proposals/${talk.proposal_id}/objections`} label={t.objection}
            hint={fill(t.objection_hint, { limit: OBJECTION_LIMIT })} rows={4} button={t.send_objection} />
        </details>
      )}
      {!may_object && talk.why_not_object !== undefined && talk.announced !== null && <p class="hint">{talk.why_not_object!.in(locale)}</p>}
    </Card>
  );
}

/** The form to comment; comments themselves stand among what happened. */
export function CommentCard(part: Part): JSX.Element | null {
  const { talk, code, locale } = part;
  const t = tOf(locale);
  if (!talk.may_comment) return null;
  return (
    <Card id="comment-card">
      <details open={part.form?.which === 'comment'}>
        <summary class="tap">{t.comment_title}</summary>
        <TextForm part={part} which="comment" action={`/e/${code}/proposals/${talk.proposal_id}/comments`} label={t.comment}
          hint={fill(t.comment_hint, { limit: COMMENT_LIMIT })} rows={3} button={t.send_comment} />
      </details>
    </Card>
  );
}

/** Everything said about a proposal: for its page. */
export const talkCards = (part: Part): JSX.Element => <><ObjectionsCard {...part} /><CommentCard {...part} /></>;

/** A page of its own, where a form comes back that was wrong. */
export function talkPage(frame: Frame, shown: TalkShown & { proposal: Proposal }): string {
  const { locale } = frame;
  const t = tOf(locale);
  const { proposal, code } = shown;
  const href = `/e/${code}/proposals/${proposal.proposal_id}`;
  return page({
    ...frame, title: fill(t.talk_of, { number: proposal.proposal_id }), crumbs: [{ href, label: t.open_proposal }],
    body: (
      <>
        <Card>
          <p><strong>{titleIn(proposal, locale)}</strong></p>
          {proposal.amount !== null && <p class="big"><Amount value={proposal.amount} yuan strong capital /></p>}
          <p>{kindName(proposal.kind, locale)} · {stateName(proposal.state, locale)}</p>
        </Card>
        {talkCards({ ...shown, locale })}
      </>
    ),
  });
}

// ── What is announced ────────────────────────────────────────────────────────────────────────────

export interface AnnouncementsShown {
  code: string;
  open: Announcement[];
  ended: Announcement[];
  /** Owners and supervisors may object to what is open. */
  talks: ReadonlyMap<number, Talk>;
  today: string;
  csrf: string | undefined;
  form_key: string;
}

function countText({ objections, unanswered }: Announcement, locale: Locale): string {
  const t = tOf(locale);
  if (objections === 0) return t.count_none;
  return fill(unanswered === 0 ? t.count_answered : t.count_of, { count: objections, unanswered });
}

function Announced({ row, shown, locale }: { row: Announcement; shown: AnnouncementsShown; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const { code, talks, csrf, form_key } = shown;
  const talk = talks.get(row.proposal_id);
  const href = `/e/${code}/proposals/${row.proposal_id}`;
  const part = talk === undefined ? null : { code, talk, csrf, form_key: `${form_key}-${row.proposal_id}`, locale };
  return (
    <Card title={titleIn(row, locale)}>
      {row.amount !== null && <p class="big"><Amount value={row.amount} yuan strong /></p>}
      <p>
        <Chip tone={row.runs ? 'amber' : 'plain'}>{row.runs ? fill(t.until_day, { day: formatDay(addDays(row.payable_from, -1), locale) }) : t.over}</Chip>{' '}
        <Chip tone="plain">{stateName(row.state, locale)}</Chip>{' '}
        <EmergencyChip order={{ class: row.class, ratify_by: null, ratified_at: null }} today={shown.today} locale={locale} />
      </p>
      <DescriptionList items={[
        { term: t.what, value: kindName(row.kind, locale) },
        row.fund !== null && { term: t.from_fund, value: (locale === 'zh' ? row.fund_zh : row.fund_en) ?? row.fund },
        { term: t.until, value: noticeText(row, locale) },
        { term: t.objection_count, value: countText(row, locale) },
      ]} />
      {part !== null && talk!.objections.length > 0 && (
        <ul class="talk">{talk!.objections.map((one) => <Objection row={one} part={{ ...part, talk: { ...talk!, may_answer: false } }} />)}</ul>
      )}
      {part !== null && talk!.why_not_object === null && (
        <details>
          <summary class="tap">{t.object}</summary>
          <TextForm part={part} which={`objection-${row.proposal_id}`} action={`${href}/objections`} label={t.objection}
            hint={fill(t.objection_hint, { limit: OBJECTION_LIMIT })} rows={4} button={t.send_objection} />
        </details>
      )}
      <p><ActionLink href={href} kind="alt">{t.open_proposal}</ActionLink></p>
    </Card>
  );
}

export function announcementsPage(frame: Frame, shown: AnnouncementsShown): string {
  const { locale } = frame;
  const t = tOf(locale);
  return page({
    ...frame, title: t.announcements, lede: t.announcements_lede, crumbs: [{ href: `/e/${shown.code}`, label: t.home }],
    body: (
      <>
        {shown.open.length === 0 && <Card><EmptyState title={t.announcements_none} text={t.announcements_none_text} /></Card>}
        {shown.open.map((row) => <Announced row={row} shown={shown} locale={locale} />)}
        {shown.ended.length > 0 && (
          <Card title={t.announcements_ended}>
            <RowList rows={shown.ended.map((row) => ({
              label: titleIn(row, locale), href: `/e/${shown.code}/proposals/${row.proposal_id}`,
              chip: <Chip>{stateName(row.state, locale)}</Chip>, ...(row.amount === null ? {} : { amount: row.amount }),
              note: `${t.objection_count}${locale === 'zh' ? '：' : ': '}${countText(row, locale)}`,
            }))} />
          </Card>
        )}
      </>
    ),
  });
}

/** For the estate's home page: that something is announced, and where. */
export function AnnouncedNotice({ now, code, locale }: { now: { count: number; amount: string }; code: string; locale: Locale }): JSX.Element | null {
  const t = tOf(locale);
  if (now.count === 0) return null;
  const amount = money(now.amount);
  return (
    <Notice tone="amber" title={t.home_title} action={{ href: `/e/${code}/announcements`, label: t.home_look }}>
      {fill(amount.isZero() ? t.home_line_plain : t.home_line, { count: now.count, amount: moneyFigures(amount) })}
    </Notice>
  );
}
