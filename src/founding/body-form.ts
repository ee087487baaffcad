// Another form of a body (变更组织形式): the temporary conference becomes an owners' committee, the company goes and the community takes
// custody, a Party branch joins. The body stays and so do its key, its terms and what it signed; form and name change from a day on.
//   proposed → signed (as a change of the rules is) → in force from its first day; the day brings the names by itself (apply_body_forms)
// Nothing changes for days that are past: papers of those days keep the name of those days (body_form_on()).
import { demand, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, periodOf, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { estateToday } from '../evidence/records.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { formsOf, formTexts, lastForm, temporaryForms, type BodyForm, type BodyNow } from '../people/body-form.ts';
import { bodyTexts } from '../people/texts.ts';
import { refusals } from './body-form-refusals.ts';

export const NAME_LIMIT = 60;
export const bodyKinds = Object.keys(bodyTexts) as BodyKind[];
const modes: readonly string[] = ['trust', 'commission', 'self_managed'];
const MOST_YEARS = 5;

export interface BodyFormAsked {
  estate: Estate;
  actor: Actor | null;
  body: string;
  form: string;
  name_zh: string;
  /** Empty: the Chinese one. */
  name_en?: string | undefined;
  from: string;
  /** Last day a temporary body is meant for; empty: it stays. */
  until?: string | undefined;
  /** Of the estate, where another way of managing changes it; empty: it stays. */
  mode?: string | undefined;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };

const nameOf = (body: BodyKind) => ({ body: bodyTexts[body].zh, body_en: bodyTexts[body].en.toLowerCase() });

function readWhat({ body: typed, form, mode = '' }: BodyFormAsked): { body: BodyKind; form: BodyForm; mode: string | null } {
  const body = bodyKinds.find((one) => one === typed);
  if (body === undefined) throw refusals.body_form_body_unknown({ typed: typed.slice(0, 40) }, 'body');
  const found = formsOf(body).find((one) => one === form);
  if (found === undefined) {
    const named = (locale: 'zh' | 'en') => formsOf(body).map((one) => formTexts[one][locale]).join(locale === 'zh' ? '、' : ', ');
    throw refusals.body_form_unknown({ typed: form.slice(0, 40), ...nameOf(body), forms: named('zh'), forms_en: named('en') }, 'form');
  }
  if (mode !== '' && (body !== 'property' || !modes.includes(mode))) throw refusals.body_form_mode_unknown({ typed: mode.slice(0, 40) }, 'mode');
  return { body, form: found, mode: mode === '' ? null : mode };
}

function readDays(asked: BodyFormAsked, form: BodyForm, today: BusinessDate): { from: BusinessDate; until: BusinessDate | null } {
  const from = readDate(asked.from);
  if (from === null || from < today || periodOf(from) > addMonths(periodOf(today), 12)) throw refusals.body_form_from_invalid({ typed: asked.from.slice(0, 20), today }, 'from');
  const typed = (asked.until ?? '').trim();
  if (typed === '') return { from, until: null };
  const until = readDate(typed);
  if (until === null || until < from || periodOf(until) > addMonths(periodOf(from), MOST_YEARS * 12) || !temporaryForms.includes(form)) {
    throw refusals.body_form_until_invalid({ typed: typed.slice(0, 20) }, 'until');
  }
  return { from, until };
}

async function refuseLate(trx: Trx, estate_id: number, body: BodyKind, from: BusinessDate): Promise<void> {
  const waiting = await trx.selectFrom('proposal').select(['proposal_id', 'document']).where('estate_id', '=', estate_id).where('kind', '=', 'body_form')
    .where('state', 'in', ['submitted', 'held', 'approved']).execute();
  const same = waiting.find((row) => (JSON.parse(row.document ?? '{}') as { body?: string }).body === body);
  if (same !== undefined) throw refusals.body_form_waits({ proposal: same.proposal_id });
  const last = await trx.selectFrom('body_form').select('from_day').where('estate_id', '=', estate_id).where('body', '=', body).where('proposal_id', 'is not', null)
    .orderBy('from_day', 'desc').executeTakeFirst();
  if (last !== undefined && last.from_day > from) throw refusals.body_form_from_early({ ...nameOf(body), from: last.from_day }, 'from');
}

/** Proposes another form. Refusals in this order: not_allowed, body_form_body_unknown, body_form_unknown, body_form_mode_unknown, text_*, body_form_needs_signer,
 *  body_form_from_invalid, body_form_until_invalid, body_form_waits, body_form_from_early, body_form_same, those of readResolution(), rule_missing. */
export async function proposeBodyForm(house: House, asked: BodyFormAsked): Promise<Proposed> {
  const { estate, resolution, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'propose');
  const { body, form, mode } = readWhat(asked);
  const name_zh = bookText(asked.name_zh, { field: 'name_zh', label: '名称 name', limit: NAME_LIMIT });
  const name_en = (asked.name_en ?? '').trim() === '' ? name_zh : bookText(asked.name_en!, { field: 'name_en', label: '英文名称 name in English', limit: 80 });
  const content = { body, form, mode, name_zh, name_en, from: asked.from, until: asked.until ?? '', resolution: { ...resolution } };
  const once_key = key === null ? null : `body_form:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'body_form', today, too_few: refusals.body_form_needs_signer });
    if (refusal !== null) throw refusal;
    const days = readDays(asked, form, today);
    await refuseLate(trx, estate_id, body, days.from);
    const before = await lastForm(trx, estate_id, body);
    if (before !== null && isSame(before, { form, name_zh, name_en }) && (mode === null || mode === estate.mode)) throw refusals.body_form_same({ name: name_zh, name_en }, 'name_zh');
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const row = { title: `组织形式：${bodyTexts[body].zh}${before === null ? '，设立' : '，'}${name_zh}`, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'body_form', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content: {
      body, form, name_zh, name_en, from: days.from, before: before === null ? null : { form: before.form, name_zh: before.name_zh, name_en: before.name_en },
      ...(days.until === null ? {} : { until: days.until }), ...(mode === null || mode === estate.mode ? {} : { mode }),
      title_en: `Form of the ${bodyTexts[body].en.toLowerCase()}: ${name_en}`, ...(signed === null ? {} : { resolution: signed }),
    } });
    return { proposal_id, document_hash };
  }));
}

const isSame = (a: BodyNow, b: BodyNow): boolean => a.form === b.form && a.name_zh === b.name_zh && a.name_en === b.name_en;

/** Carries an approved form out; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), body_form_not_approved,
 *  change_not_possible (it is superseded). */
export const executeBodyForm = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'change_body_form', done: 'changed', already: 'already_changed', not_approved: () => refusals.body_form_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ body_form_not_possible: () => refusals.body_form_not_possible(), body_form_of_body: () => refusals.body_form_not_possible() }),
});
