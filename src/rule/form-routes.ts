// Pages on which a change of the rules is written and submitted. The draft travels in the address.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, readDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { applyPreset, dropRule, emptyDraft, itemAt, itemsOf, putRule, readDraft, writeDraft, type Draft } from './draft.ts';
import { presets, type Preset } from '../approval/presets.ts';
import { judgeChange, proposeRuleChange, readGround, ruleForChange } from './change.ts';
import { blankRule, fieldsOf, readRuleForm, signingBodies, subjectOf, type Fields, type Subject } from './form.ts';
import { changeHref, changePage, noForm, presetsPage, ruleFormPage, type ChangeShown, type FormState } from './form-pages.tsx';
import { notesOf } from './notes.ts';
import { refusals } from '../approval/rule-refusals.ts';
import { readRules, type Rule } from '../approval/rules.ts';

/** Reads a form with its files; payment's readForm, handed in because it lives above. */
export type Intake = (request: FastifyRequest, house: House) => Promise<{ fields: Fields; vouchers: string[] }>;

const Path = Type.Object({ estate: Type.String() });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));
const LONGEST_DRAFT = 12_000;
const Query = Type.Object({ draft: Type.Optional(Type.String({ maxLength: LONGEST_DRAFT })), at: Text, new: Text });

interface Here { estate: Estate; actor: Actor }
const proposing = (request: FastifyRequest): Here => {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'propose') };
};

/** Rules that can be ended: those without a last day, in force or to come. */
const openRulesOf = async (trx: Trx, estate_id: number): Promise<Rule[]> =>
  (await readRules(trx, estate_id)).filter((rule) => rule.valid_to === null);

/** A draft that no longer fits, because rules it ends have ended meanwhile, begins anew. */
function fitting(draft: Draft, current: readonly Rule[]): Draft {
  const gone = draft.ends.find((number) => !current.some((rule) => rule.rule_id === number));
  if (gone !== undefined) throw refusals.rule_not_in_force({ number: gone });
  return draft;
}

export function ruleFormRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  changeRoutes(instance, house, intake);
  oneRuleRoutes(instance, house);
  presetRoutes(instance, house);
}

async function readChange(trx: Trx, { estate, actor }: Here, draft: Draft, typed_day: string | undefined, locale: 'zh' | 'en') {
  const { estate_id } = estate;
  const today = await estateToday(trx, estate_id);
  const current = await openRulesOf(trx, estate_id);
  const { rule: signed_under, refusal } = await ruleForChange(trx, estate, actor, today);
  const ended = current.filter((rule) => draft.ends.includes(rule.rule_id));
  const earliest = addDays(today, signed_under?.notice_days ?? 0);
  // A rule that is yet to come ends before it begins only on its own first day: else the one before it ran on beside the new one.
  const first_day = [earliest, ...ended.map((rule) => rule.valid_from)].sort().at(-1)!;
  const shown = {
    ground: await readGround(trx, estate_id, today), ended, begun: draft.rules, items: itemsOf(current, draft), signed_under, earliest, first_day,
    notes: [] as ChangeShown['notes'], refused: refusal?.in(locale) ?? null,
  };
  if (draft.ends.length === 0 && draft.rules.length === 0) return shown;
  try {
    fitting(draft, current);
    const valid_from = readDate(typed_day ?? '') ?? first_day;
    const judged = await judgeChange(trx, estate_id, { ...draft, valid_from });
    return { ...shown, notes: await notesOf(trx, estate_id, judged, today) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...shown, refused: error.in(locale) };
  }
}

function changeRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: FastifyRequest, reply: FastifyReply, text: string, form: FormState & { form_key: string; vouchers: readonly string[] }, status = 200,
  ) => {
    const { estate, actor } = proposing(request);
    const { estate_id, code } = estate;
    const draft = readDraft(text);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await readChange(trx, { estate, actor }, draft, form.values['valid_from'], localeOf(request)),
      kept: form.vouchers.length === 0 ? [] : await trx.selectFrom('voucher').select(['sha256', 'file_name', 'media_type', 'size'])
        .where('estate_id', '=', estate_id).where('sha256', 'in', [...form.vouchers]).execute(),
    }), { readOnly: true });
    const kept = shown.kept.map((row) => ({ ...row, href: `/e/${code}/vouchers/${row.sha256}` }));
    const frame = frameOf(request, { here: changeHref(code, text) });
    return htmlReply(reply, changePage(frame, { code, draft: text, ...shown, form: { ...form, kept } }), status);
  };
  const blank = () => ({ ...noForm, form_key: newFormKey(), vouchers: [] });

  app.get('/e/:estate/rules/change', { schema: { hide: true, params: Path, querystring: Query } },
    (request, reply) => show(request, reply, request.query.draft ?? '', blank()));

  app.post('/e/:estate/rules/change', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = proposing(request);
    let form: Awaited<ReturnType<Intake>> = { fields: {}, vouchers: [] };
    try {
      form = await intake(request, house);
      const { draft = '', valid_from = '', reason = '', resolution_title, resolution_date, form_key = '' } = form.fields;
      const { proposal_id } = await proposeRuleChange(house, {
        estate, actor, key: form_key === '' ? null : form_key.slice(0, 100),
        change: {
          ...readDraft(draft), valid_from: readDate(valid_from) ?? valid_from, reason,
          resolution: { title: resolution_title, date: resolution_date, voucher: form.vouchers[0] },
        },
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 401) throw error;
      if ('form' in error) form = error.form as typeof form;
      const names: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };
      const own = ['valid_from', 'reason', 'resolution_title', 'resolution_date', 'vouchers'];
      const field = names[error.field ?? ''] ?? error.field ?? '';
      const errors = { [own.includes(field) ? field : '']: error.in(localeOf(request)) };
      const draft = (form.fields['draft'] ?? '').slice(0, LONGEST_DRAFT);
      if (error.code === 'rule_draft_unreadable') throw error;
      return show(request, reply, draft, { values: form.fields, errors, form_key: newFormKey(), vouchers: form.vouchers }, error.status);
    }
  });
}

function oneRuleRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  /** The rule that is meant: one of now or of the draft, or a new one. Refusal: rule_draft_unreadable. */
  const meant = (current: readonly Rule[], draft: Draft, at: string | undefined, subject: string | undefined) => {
    const item = at === undefined || at === '' ? undefined : itemAt(current, draft, at);
    if (item !== undefined) return { at: item.ref, rule: item.rule, subject: { kind: item.rule.kind, class: item.rule.class ?? 'normal' } as Subject };
    const wanted = at === undefined || at === '' ? subjectOf(subject) : undefined;
    if (wanted === undefined) throw refusals.rule_draft_unreadable();
    return { at: null, rule: blankRule(wanted), subject: wanted };
  };

  app.get('/e/:estate/rules/change/rule', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { estate: { estate_id, code } } = proposing(request);
    const { draft: text = '', at, new: subject } = request.query;
    const draft = readDraft(text);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...meant(await openRulesOf(trx, estate_id), draft, at, subject), ground: await readGround(trx, estate_id, await estateToday(trx, estate_id)),
    }), { readOnly: true });
    return htmlReply(reply, ruleFormPage(frameOf(request), { code, draft: text, ...shown, form: { values: fieldsOf(shown.rule), errors: {} } }));
  });

  app.post('/e/:estate/rules/change/rule', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({
        draft: Type.Optional(Type.String({ maxLength: LONGEST_DRAFT })), at: Text, new: Text, step: Text, csrf: Text, form_key: Text,
        amount_from: Text, amount_to: Text, fund: Text, payee_class: Text, notice_days: Text, needs_resolution: Text, passkey_only: Text,
        expires_days: Text, month_cap: Text, ratify_days: Text,
        ...Object.fromEntries(signingBodies.flatMap((body) => [[`signers_${body}`, Text], [`place_${body}`, Text]])),
      }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate: { estate_id, code } } = proposing(request);
    const fields = request.body as Fields;
    const text = fields['draft'] ?? '';
    const draft = readDraft(text);
    const { current, ground } = await inEstate(house.db.app, estate_id, async (trx) => ({
      current: await openRulesOf(trx, estate_id), ground: await readGround(trx, estate_id, await estateToday(trx, estate_id)),
    }), { readOnly: true });
    const { at, subject } = meant(current, draft, fields['at'], fields['new']);
    try {
      const next = fields['step'] === 'drop' && at !== null ? dropRule(current, draft, at)
        : putRule(current, draft, at, readRuleForm(fields, subject, ground));
      return await reply.redirect(changeHref(code, writeDraft(next)), 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const frame = frameOf(request, { here: changeHref(code, text, 'rule', at === null ? { new: fields['new'] ?? '' } : { at }) });
      const form = { values: fields, errors: formErrors(error, frame.locale) };
      return htmlReply(reply, ruleFormPage(frame, { code, draft: text, at, subject, ground, form }), error.status);
    }
  });
}

function presetRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/rules/change/preset', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { estate: { estate_id, code } } = proposing(request);
    const text = request.query.draft ?? '';
    readDraft(text);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const current = await openRulesOf(trx, estate_id);
      return {
        ground: await readGround(trx, estate_id, await estateToday(trx, estate_id)),
        same: presets.filter((preset) => writeDraft(applyPreset(current, emptyDraft, preset)) === ''),
      };
    }, { readOnly: true });
    return htmlReply(reply, presetsPage(frameOf(request), { code, draft: text, ...shown }));
  });

  app.post('/e/:estate/rules/change/preset', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({ draft: Type.Optional(Type.String({ maxLength: LONGEST_DRAFT })), preset: Text, csrf: Text, form_key: Text }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate: { estate_id, code } } = proposing(request);
    const preset = presets.find((one): one is Preset => one === request.body.preset);
    if (preset === undefined) throw refusals.rule_draft_unreadable();
    const current = await inEstate(house.db.app, estate_id, (trx) => openRulesOf(trx, estate_id), { readOnly: true });
    return reply.redirect(changeHref(code, writeDraft(applyPreset(current, readDraft(request.body.draft), preset))), 303);
  });
}
