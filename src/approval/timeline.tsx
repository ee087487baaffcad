// What happened to a proposal in order: who submitted, signed, returned, and who is missing. Officers act in
// public, so their names stand here as on the page of bodies.
import type { JSX } from 'preact';
import { saidText } from '../evidence/personal-value.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { EraseLink } from '../people/erasure-pages.tsx';
import { formatDay, formatInstant } from '../web/locale.ts';
import { Card, Chip, Timeline, type Children, type TimelineStep } from '../web/parts.tsx';
import { personName, wordsIn } from './facts.tsx';
import type { NeededRow, SignerRow, StepRow } from './queries.ts';
import { officeWord } from './texts.ts';
import type { Names, ProposalView } from './view.ts';

export interface Shown { view: ProposalView; names: Names }

export const signedCount = (needed: readonly NeededRow[]) => ({
  signed: needed.reduce((all, row) => all + row.signers - row.missing, 0), needed: needed.reduce((all, row) => all + row.signers, 0),
});

/** 陈主任，or 孙候补 代 陈主任 签（乙代甲） */
export function signerName(row: Pick<SignerRow, 'person_id' | 'on_behalf_of'>, names: Names, locale: Locale): string {
  const name = personName(names, row.person_id, locale);
  if (row.on_behalf_of === null) return name;
  return fill(wordsIn(locale).in_place_of, { delegate: name, principal: personName(names, row.on_behalf_of, locale) });
}

function signed(row: SignerRow, { names }: Shown, locale: Locale, voided: boolean): TimelineStep {
  const t = wordsIn(locale);
  return {
    state: row.decision === 'reject' ? 'rejected' : voided ? 'returned' : 'done',
    ...(voided ? { word: t.voided } : row.decision === 'ratify' ? { word: t.ratified } : {}),
    title: `${locale === 'zh' ? row.name_zh : row.name_en} · ${officeWord(row.office, locale)}`,
    who: signerName(row, names, locale),
    when: `${formatInstant(row.signed_at, locale)}　${t[`method_${row.method}`]}`,
    note: voided ? t.earlier : row.reason === '' ? undefined : row.reason,
  };
}

/** Who is still asked: to sign, or to ratify an emergency order. */
function waiting({ view, person_id }: Shown & { person_id?: string | undefined }, locale: Locale): TimelineStep[] {
  const t = wordsIn(locale);
  const ratifying = view.class === 'emergency' && ['approved', 'executed'].includes(view.state) && view.ratified_at === null;
  if (view.state !== 'submitted' && !ratifying) return [];
  const until = ratifying ? view.ratify_by : view.expires_on;
  const mine = view.seats.find((seat) => seat.person_id === person_id);
  return view.needed.filter((row) => row.missing > 0).map((row) => ({
    state: 'waiting', title: fill(t.waiting_body, { body: locale === 'zh' ? row.name_zh : row.name_en }),
    ...(mine?.body === row.body ? { word: t.your_turn } : {}),
    who: row.missing > 1 ? fill(t.waiting_count, { count: row.missing }) : undefined,
    when: until === null ? undefined : fill(ratifying ? t.ratify_until : t.expires, { day: formatDay(until, locale) }),
  }));
}

/** Of a comment: its text, and for whoever may erase it the way there. */
interface MayErase { person_id?: string | undefined; code?: string | undefined; may_erase?: boolean | undefined }

function noteOf(row: StepRow, { person_id, code, may_erase = false }: MayErase, locale: Locale): Children {
  if (row.reason === '') return undefined;
  const said = saidText({ text: row.reason, erased: row.erased }, locale);
  const erasable = row.step === 'commented' && row.reason !== null && code !== undefined && (may_erase || row.by === person_id);
  return erasable ? <>{said} <EraseLink code={code} seq={row.seq} locale={locale} /></> : said;
}

/** What happened, who signed, who is missing: in order. Also on the page of a payment order. */
export function timelineOf(shown: Shown & MayErase, locale: Locale): TimelineStep[] {
  const t = wordsIn(locale);
  const { view, names } = shown;
  const steps = view.steps.filter((row) => `step_${row.step}` in t).map((row) => ({ seq: row.seq, step: {
    state: row.step === 'returned' ? 'returned' as const : row.step === 'withdrawn' ? 'rejected' as const : 'done' as const, word: '',
    title: t[`step_${row.step}` as keyof typeof t],
    who: row.body === null ? undefined : `${names.bodies[row.body]?.[locale] ?? ''} · ${officeWord(row.office ?? '', locale)}`,
    when: formatInstant(row.recorded_at, locale), note: noteOf(row, shown, locale),
  } }));
  const past = [
    ...steps,
    ...view.signatures.map((row) => ({ seq: row.seq, step: signed(row, shown, locale, false) })),
    ...view.earlier_signatures.map((row) => ({ seq: row.seq, step: signed(row, shown, locale, true) })),
  ].sort((a, b) => a.seq - b.seq).map(({ step }) => step);
  const carried: TimelineStep[] = view.executed_at === null ? []
    : [{ state: 'done', word: '', title: t.step_executed, when: formatInstant(view.executed_at, locale) }];
  return [...past, ...carried, ...waiting(shown, locale)];
}

export function SignaturesCard({ shown, locale }: { shown: Shown & MayErase; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const count = signedCount(shown.view.needed);
  const office = shown.view.maker_office;
  return (
    <Card title={<>{t.signatures} {count.needed > 0 && <Chip tone="ok">{fill(t.signed_of, count)}</Chip>}</>}>
      {count.needed > 0 && <p class="hint">{fill(t.signed_of_long, count)}{office !== null && <> · {fill(t.by_office, { office: officeWord(office, locale) })}</>}</p>}
      <Timeline steps={timelineOf(shown, locale)} />
    </Card>
  );
}
