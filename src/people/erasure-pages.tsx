// Pages of erasing: one text, oneself in two steps, and the list of what was erased.
import type { JSX } from 'preact';
import { saidText, type Erasure } from '../evidence/personal-value.ts';
import type { BodyKind } from '../kernel/actor.ts';
import { businessDate, instant } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, CheckField, Form, HiddenToken, RadioField, TextField } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, EmptyState, Notice } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { leavingGrounds, textGrounds } from './erasure.ts';
import type { ErasureRow, Leaving, Subject } from './erasure-queries.ts';
import { bodyIn, erasureTexts } from './erasure-texts.ts';
import { officeTexts } from './texts.ts';

type Errors = Readonly<Record<string, string | undefined>>;
interface Typed { values: Errors; errors: Errors }
const useText = () => pick(erasureTexts, useLocale());

/** On pages that show a text, for whoever may erase it. */
export function EraseLink({ code, seq, locale }: { code: string; seq: number; locale: Locale }): JSX.Element {
  return <a class="hint" href={`/e/${code}/erasures/new?seq=${seq}`}>{erasureTexts.erase_text[locale]}</a>;
}

/** Under a text that was erased: when, by which body, on which ground. Nothing while it is there. */
export function ErasedLine({ erased, locale }: { erased: Erasure | null; locale: Locale }): JSX.Element | null {
  if (erased === null) return null;
  const t = pick(erasureTexts, locale);
  const body = erased.body === null ? null : bodyIn(erased.body as BodyKind, locale);
  const facts = { on: formatDate(businessDate(instant(erased.erased_at)), locale), body: body ?? '', ground: t[`ground_${erased.ground}`] };
  return <p class="hint">{fill(body === null ? t.erased_line_own : t.erased_line, facts)}</p>;
}

// ── One text ─────────────────────────────────────────────────────────────────────────────────────

export interface EraseShown extends Typed {
  code: string;
  subject: Subject & { mine: boolean };
  csrf: string | undefined;
}

export function ErasePage({ code, subject, csrf, values, errors }: EraseShown): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const { mine, said, field, seq, href } = subject;
  return (
    <>
      <Card title={t.erase_what}>
        <blockquote><p>{saidText(said, locale)}</p></blockquote>
        <p>{mine ? t.erase_own_text : t.erase_other_text}</p>
        <p>{fill(t.erase_stays, { what: t[field] })}</p>
        {!mine && <p>{t.erase_told}</p>}
      </Card>
      <Card>
        <Form action={`/e/${code}/erasures`} csrf={csrf} values={values} errors={errors}>
          <HiddenToken name="seq" value={String(seq)} />
          <RadioField name="ground" label={t.ground} required
            options={textGrounds.map((value) => ({ value, label: t[`ground_${value}`] }))} />
          <ButtonRow>
            <Button kind="danger">{t.erase_for_good}</Button>
            <ActionLink kind="alt" href={href}>{t.back}</ActionLink>
          </ButtonRow>
        </Form>
      </Card>
    </>
  );
}

// ── What was erased ──────────────────────────────────────────────────────────────────────────────

function whatOf(row: ErasureRow, locale: Locale): string {
  const t = pick(erasureTexts, locale);
  if (row.what === 'payee') return fill(t.of_payee, { number: row.number ?? '' });
  const rating = row.field === 'comment' && row.href?.includes('/inquiries/') === true;
  if (row.what === 'value') return fill(t[rating ? 'of_rating' : `of_${row.field ?? 'label'}` as const], { number: row.number ?? '' });
  return row.kept_until === null ? t.of_identity : fill(t.of_identity_kept, { until: formatDate(row.kept_until, locale) });
}

function whoOf(row: ErasureRow, locale: Locale): string {
  const t = pick(erasureTexts, locale);
  if (row.body !== null) return (locale === 'zh' ? row.body_zh : row.body_en) ?? row.body;
  return row.what === 'identity' && row.ground === 'law' ? t.by_time : t.by_author;
}

export function ErasuresTable({ rows, locale }: { rows: readonly ErasureRow[]; locale: Locale }): JSX.Element {
  const t = pick(erasureTexts, locale);
  return (
    <LedgerTable caption={t.list_title} caption_hidden rows={rows} empty={<EmptyState title={t.list_none} />}
      columns={[
        { key: 'what', title: t.what, lead: true, cell: (row) => (row.href === null ? whatOf(row, locale) : <a href={row.href}>{whatOf(row, locale)}</a>) },
        { key: 'ground', title: t.ground, cell: (row) => t[`ground_${row.ground}`] },
        { key: 'who', title: t.who, cell: (row) => whoOf(row, locale) },
        { key: 'when', title: t.when, type: 'date', cell: (row) => formatInstant(row.recorded_at, locale) },
        { key: 'seq', title: t.record, type: 'number' },
      ]} />
  );
}

// ── Oneself ──────────────────────────────────────────────────────────────────────────────────────

/** On the account page. */
export function OwnDataCard(): JSX.Element {
  const t = useText();
  return (
    <Card title={t.mine_title} id="my-data">
      <p>{t.mine_text}</p>
      <ButtonRow>
        <ActionLink kind="alt" href="/me/data.json" download>{t.mine_download}</ActionLink>
        <ActionLink kind="alt" href="/me/leave">{t.mine_leave}</ActionLink>
      </ButtonRow>
    </Card>
  );
}

export interface LeaveShown extends Typed { leaving: Leaving; csrf: string | undefined }

const nameOf = (row: { estate_zh: string; estate_en: string }, locale: Locale): string => (locale === 'zh' ? row.estate_zh : row.estate_en);

function Serving({ offices }: Leaving): JSX.Element {
  const t = useText();
  const locale = useLocale();
  return (
    <Notice tone="amber" title={t.serving_title}>
      <ul>
        {offices.map((row) => (
          <li>{fill(t.serving_until, { estate: nameOf(row, locale), office: officeTexts[row.office][locale], until: formatDate(row.ends_on, locale) })}</li>
        ))}
      </ul>
      <p>{t.serving_text}</p>
    </Notice>
  );
}

function GoesAndStays({ homes, kept_until, texts }: Leaving): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const named = homes.map((row) => `${nameOf(row, locale)} ${row.unit}`).join(locale === 'zh' ? '、' : ', ');
  return (
    <>
      <Card title={t.goes_title}>
        <ul>
          <li>{kept_until === null ? t.goes_name : t.goes_contacts}</li>
          <li>{t.goes_login}</li>
          {homes.length > 0 && <li>{fill(t.goes_homes, { homes: named })}</li>}
          <li>{t.goes_notices}</li>
        </ul>
      </Card>
      <Card title={t.stays_title}>
        <ul>
          {kept_until !== null && <li>{fill(t.stays_name, { until: formatDate(kept_until, locale) })}</li>}
          <li>{t.stays_id}</li>
          {texts > 0 && <li>{t.stays_texts}</li>}
          <li>{t.stays_paper}</li>
        </ul>
      </Card>
    </>
  );
}

export function LeavePage({ leaving, csrf, values, errors }: LeaveShown): JSX.Element {
  const t = useText();
  if (leaving.offices.length > 0) return <Serving {...leaving} />;
  return (
    <>
      <GoesAndStays {...leaving} />
      <Card>
        <Form action="/me/leave" id="leave-form" csrf={csrf} values={values} errors={errors}>
          <RadioField name="ground" label={t.why} required options={leavingGrounds.map((value) => ({ value, label: t[`why_${value}`] }))} />
          {leaving.texts > 0 && <CheckField name="texts" label={fill(t.texts_too, { count: leaving.texts })} />}
          <ButtonRow>
            <Button>{t.next}</Button>
            <ActionLink kind="alt" href="/me">{t.back}</ActionLink>
          </ButtonRow>
        </Form>
      </Card>
    </>
  );
}

export interface ConfirmShown extends LeaveShown { ground: string; texts: boolean }

export function LeaveConfirmPage({ leaving, csrf, values, errors, ground, texts }: ConfirmShown): JSX.Element {
  const t = useText();
  return (
    <>
      {leaving.texts > 0 && <Notice tone="info">{texts ? t.confirm_texts : t.confirm_no_texts}</Notice>}
      <Card>
        <Form action="/me/leave/confirm" id="confirm-form" csrf={csrf} values={values} errors={errors}>
          <HiddenToken name="ground" value={ground} />
          <HiddenToken name="texts" value={texts ? 'yes' : ''} />
          <TextField name="password" type="password" label={t.password} required autocomplete="current-password" />
          <ButtonRow>
            <Button kind="danger">{t.erase_me}</Button>
            <ActionLink kind="alt" href="/me">{t.back}</ActionLink>
          </ButtonRow>
        </Form>
      </Card>
    </>
  );
}

export function LeftPage({ kept_until }: { kept_until: string | null }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  return <Card><p>{kept_until === null ? t.left_text : fill(t.left_kept, { until: formatDate(kept_until, locale) })}</p></Card>;
}
