// What happened to a question, in order, as steps of a timeline: asked, more time, answered, rated, reopened, brought before others, hidden.
import { fill, type Locale } from '../kernel/locale.ts';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import type { TimelineStep } from '../web/parts.tsx';
import type { HiddenShown } from './inquiry-pages.tsx';
import type { InquiryDetail } from './queries.ts';
import { stepTexts } from './step-texts.ts';
import { texts } from './texts.ts';

type Dated = TimelineStep & { at: string };

export function courseOf({ inquiry, hidden }: { inquiry: InquiryDetail; hidden: readonly HiddenShown[] }, locale: Locale): TimelineStep[] {
  const t = pick(texts, locale);
  const s = pick(stepTexts, locale);
  const named = (row: { body_zh: string | null; body_en: string | null }): string => (locale === 'zh' ? row.body_zh : row.body_en) ?? '';
  const done = { state: 'done', word: '' } as const;
  const day = (on: string): string => formatDate(on, locale);
  const steps: Dated[] = [{ at: inquiry.asked_at, ...done, title: s.asked, note: fill(s.asked_note, { due_on: day(inquiry.first_due), days: inquiry.days }) }];
  const { extension, reopening } = inquiry;
  if (extension !== null) {
    steps.push({ at: extension.extended_at, ...done, state: 'returned', title: fill(s.extended, { body: named(extension) }),
      note: fill(s.extended_note, { due_before: day(extension.due_before), due_on: day(extension.due_on), reason: extension.reason }) });
  }
  for (const answer of inquiry.answer_list) {
    steps.push({ at: answer.answered_at, ...done, title: fill(s.answered, { body: named(answer) }) });
    for (const one of answer.ratings) {
      steps.push({ at: one.rated_at, ...done, state: one.rating === 'not' ? 'rejected' : 'done', title: fill(s.rated, { side: s[`side_${one.side as 'asker'}`], rating: s[`rating_${one.rating as 'not'}`] }) });
    }
  }
  if (reopening !== null) steps.push({ at: reopening.reopened_at, ...done, state: 'returned', title: s.reopened, note: fill(s.reopened_note, { due_on: day(reopening.due_on) }) });
  for (const one of inquiry.escalations) {
    const bodies = one.bodies.map((name) => name[locale]).join(locale === 'zh' ? '、' : ', ');
    steps.push({ at: one.escalated_at, ...done, state: 'rejected', title: bodies === '' ? s.escalated_nobody : fill(s.escalated, { bodies }), note: fill(s.escalated_note, { days: one.days_late }) });
  }
  for (const { what, course } of hidden) {
    for (const one of course) {
      steps.push({ at: one.at, ...done, state: one.step === 'hidden' || one.step === 'upheld' ? 'returned' : 'done', title: fill(s[one.step], { body: named(one), what: s[`what_${what}`] }),
        note: one.reason === null ? undefined : fill(s.reason_note, { reason: one.reason }) });
    }
  }
  // A stable sort: what happened at the same moment stays in the order of its causes.
  const dated = steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ at, ...step }): TimelineStep => ({ ...step, when: formatInstant(at, locale) }));
  if (inquiry.state === 'answered') return dated;
  return [...dated, { state: inquiry.state === 'waiting' ? 'waiting' : 'rejected', word: t[`state_${inquiry.state}`],
    title: fill(inquiry.state === 'waiting' ? t.no_answer : t.no_answer_late, { due_on: day(inquiry.due_on) }) }];
}
