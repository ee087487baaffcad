// The guided page that founds an estate. Nobody has a login yet: whoever holds a start key is let in, and the key stays in a cookie of this
// page alone. GET shows a step, POST judges and keeps it and leads to the next.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { usualRules } from '../approval/presets.ts';
import { ruleSentence } from '../approval/rule-text.ts';
import { presentKey } from '../evidence/log-key.ts';
import { templateWorkbook } from '../estate/import-template.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { inEstate } from '../kernel/database.ts';
import { today as todayOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { basicsPreset, nextStep, partiesPreset, readUnits, seatsFor, steps, type FoundingDraft, type Step } from './found-draft.ts';
import { forgetSheets, foundingBy, readKey, unlockSheets, type Founding } from './found-key.ts';
import { donePage, keyPage, stepPage, type Shown } from './found-pages.tsx';
import { loginSheets } from './found-sheets.tsx';
import { foundEstate, groundOf, lookAtDraft, planEstate, saveStep, type Planned } from './found.ts';
import { openingText } from './opening.ts';
import { sendTemplate } from './opening-page-routes.ts';
import { openingWorkbook } from './opening-template.ts';
import { kindOf } from './found-draft.ts';
import { receiveTable } from './receive-table.ts';

const COOKIE = 'founding';
// Keys are eighty bits: nobody guesses one, and nobody hammers.
const config = { rateLimit: { max: 120, timeWindow: '1 minute' } };
const css = readFileSync(new URL('./sheet.css', import.meta.url));
const css_href = `/assets/founding/${sha256Hex(css).slice(0, 10)}.css`;
const StepPath = Type.Object({ step: Type.Enum([...steps]) });
const KeyQuery = Type.Object({ key: Type.Optional(Type.String({ maxLength: 100 })), lang: Type.Optional(Type.String({ maxLength: 10 })) });
const NO_ERRORS = {};

type Told = { values: Record<string, string>; errors: Record<string, string>; status: number; tried: boolean };

/** Rules that the first officers could not satisfy, in words. */
function shortRules({ spec, officers }: Planned, locale: Locale): Shown['short'] {
  const present = (body: string): number => officers.filter((one) => one.body === body && one.signs).length;
  const short = usualRules(spec.preset!).filter((rule) => Object.entries(rule.bodies).some(([body, asked]) => asked > present(body)));
  if (short.length === 0) return null;
  const names = Object.fromEntries(spec.bodies!.map((one) => [one.body, { zh: one.name_zh, en: one.name_en }]));
  const bodies = [...new Set(short.flatMap((rule) => Object.entries(rule.bodies).filter(([body, asked]) => asked > present(body)).map(([body]) => names[body]?.[locale] ?? body)))];
  return { bodies: bodies.join(locale === 'zh' ? '、' : ', '), rules: short.map((rule) => ruleSentence(rule, { funds: {}, bodies: names })[locale]) };
}

const keyOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];

export function foundPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const secure = house.settings.public_url.startsWith('https:');

  const letIn = async (reply: FastifyReply, typed: string): Promise<FastifyReply> => {
    const { opened_estate, draft } = await foundingBy(house, typed);
    reply.setCookie(COOKIE, readKey(typed), { path: '/found', httpOnly: true, sameSite: 'lax', secure, maxAge: 14 * 24 * 3600 });
    return reply.redirect(opened_estate === null ? `/found/${nextStep(draft)}` : '/found/done', 303);
  };
  const showKey = (request: FastifyRequest, reply: FastifyReply, error: Refusal | null, typed = ''): FastifyReply =>
    htmlReply(reply, keyPage(frameOf(request, { here: '/found' }), { values: { key: typed }, errors: error === null ? {} : formErrors(error, localeOf(request)) }), error?.status ?? 200);

  /** The draft behind the cookie; without one the page that asks for the key. */
  const enter = async (request: FastifyRequest, reply: FastifyReply): Promise<Founding | null> => {
    try {
      return await foundingBy(house, keyOf(request));
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      void showKey(request, reply, error.code === 'found_key_missing' && request.method === 'GET' ? null : error);
      return null;
    }
  };

  app.get(css_href, (_request, reply) => reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=31536000, immutable').send(css));

  app.get('/found', { config, schema: { hide: true, querystring: KeyQuery } }, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    const { key } = request.query;
    try {
      if (key !== undefined || keyOf(request) !== undefined) return await letIn(reply, key ?? keyOf(request)!);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      return showKey(request, reply, error);
    }
    return showKey(request, reply, null);
  });
  app.post('/found/key', { config, schema: { hide: true, body: Type.Object({ key: Type.Optional(Type.String({ maxLength: 100 })) }, { additionalProperties: false }) } }, async (request, reply) => {
    const { key = '' } = request.body;
    try {
      return await letIn(reply, key);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      return showKey(request, reply, error, key);
    }
  });

  const presetOf = (draft: FoundingDraft, step: Step, today: string): Record<string, string> => {
    if (step === 'basics') return basicsPreset(draft, today);
    return step === 'parties' ? partiesPreset(draft, today) : {};
  };
  const show = async (request: FastifyRequest, reply: FastifyReply, step: Step, draft: FoundingDraft, told?: Told): Promise<FastifyReply> => {
    const today = todayOf(house.clock);
    const locale = localeOf(request);
    const reached = nextStep(draft);
    const values = told?.values ?? (step === 'check' ? {} : draft[step] ?? presetOf(draft, step, today));
    const units_text = values['units'] ?? '';
    const table = step === 'check' ? draft.opening?.['table'] ?? '' : values['table'] ?? '';
    const orNull = <V>(work: () => V): V | null => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return null;
      }
    };
    const plan = step === 'check' ? planEstate(draft, today) : null;
    return htmlReply(reply.header('cache-control', 'no-store'), stepPage(frameOf(request, { here: `/found/${step}` }), {
      step, reached, values, errors: told?.errors ?? NO_ERRORS, kind: orNull(() => kindOf(draft)), seats: step === 'officers' ? seatsFor(draft, today) : [],
      units: step === 'units' && units_text.trim() !== '' ? orNull(() => readUnits(units_text, today)) : null,
      opening: (step === 'opening' || step === 'check') && table.trim() !== '' ? await lookAtDraft(draft, table, today) : null,
      plan, short: plan === null ? null : shortRules(plan, locale),
    }), told?.status ?? 200);
  };

  app.get('/found/:step', { config, schema: { hide: true, params: StepPath } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    if (found.opened_estate !== null) return reply.redirect('/found/done', 303);
    const { step } = request.params;
    const reached = nextStep(found.draft);
    // Nobody skips a step: what comes rests on what went before.
    if (steps.indexOf(step) > steps.indexOf(reached)) return reply.redirect(`/found/${reached}`, 303);
    return show(request, reply, step, found.draft);
  });

  app.post('/found/:step', { config, schema: { hide: true, params: StepPath } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    if (found.opened_estate !== null) return reply.redirect('/found/done', 303);
    const { step } = request.params;
    if (step === 'check') return reply.redirect('/found/check', 303);
    let fields: Record<string, string> = {};
    try {
      const received = await receiveTable(request);
      fields = Object.fromEntries(Object.entries(received.fields).filter(([name]) => !['act', 'csrf', 'file'].includes(name)).map(([name, value]) => [name, value.slice(0, step === 'units' ? 1_000_000 : 40_000)]));
      const name = step === 'units' ? 'units' : 'table';
      if (received.bytes !== null && (step === 'units' || step === 'opening')) {
        fields[name] = await openingText(received.bytes, step === 'units' ? 1_000_000 : undefined);
        return await show(request, reply, step, found.draft, { values: fields, errors: {}, status: 200, tried: true });
      }
      if (received.fields['act'] === 'fill' && step === 'opening') {
        const { read } = await lookAtDraft(found.draft, fields['table'] ?? '', todayOf(house.clock));
        fields['table'] = [(fields['table'] ?? '').replace(/\s+$/, ''), ...read.missing].join('\n');
      }
      if (['look', 'fill'].includes(received.fields['act'] ?? '')) return await show(request, reply, step, found.draft, { values: fields, errors: {}, status: 200, tried: true });
      await saveStep(house, { key: keyOf(request)!, step, fields });
      const { draft } = await foundingBy(house, keyOf(request));
      const following = steps[steps.indexOf(step) + 1]!;
      const reached = nextStep(draft);
      return await reply.redirect(`/found/${steps.indexOf(following) <= steps.indexOf(reached) ? following : reached}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      return show(request, reply, step, found.draft, { values: fields, errors: formErrors(error, localeOf(request)), status: error.status, tried: true });
    }
  });

  app.post('/found/open', { config: { rateLimit: { max: 10, timeWindow: '1 minute' } }, schema: { hide: true } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    if (found.opened_estate !== null) return reply.redirect('/found/done', 303);
    try {
      await foundEstate(house, keyOf(request)!);
      return await reply.redirect('/found/done', 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      // Pressed twice: the first press has opened it.
      if ((await foundingBy(house, keyOf(request))).opened_estate !== null) return reply.redirect('/found/done', 303);
      const step = nextStep(found.draft);
      return show(request, reply, step, found.draft, { values: step === 'check' ? {} : found.draft[step] ?? {}, errors: { '': error.in(localeOf(request)) }, status: error.status, tried: true });
    }
  });

  doneRoutes(app, house, enter);

  app.get('/found/dwellings.xlsx', { config, schema: { hide: true } }, async (_request, reply) => {
    return reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').header('content-disposition', 'attachment; filename="dwellings.xlsx"').send(Readable.from(templateWorkbook('units')));
  });
  app.get('/found/opening-balances.xlsx', { config, schema: { hide: true } }, async (request, reply) => sendTemplate(reply, openingWorkbook(await groundOf({}, todayOf(house.clock)), localeOf(request))));
}

function doneRoutes(instance: FastifyInstance, house: House, enter: (request: FastifyRequest, reply: FastifyReply) => Promise<Founding | null>): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const loginsOf = (request: FastifyRequest, { sheets }: Founding) => (sheets === null ? null : unlockSheets(keyOf(request)!, sheets));

  app.get('/found/done', { config, schema: { hide: true } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    if (found.opened_estate === null) return reply.redirect('/found', 303);
    const estate_id = found.opened_estate;
    const { code, name_zh, name_en, first_period } = await house.db.app.selectFrom('estate').select(['code', 'name_zh', 'name_en', 'first_period']).where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
    const { vkey, has_opening } = await inEstate(house.db.app, estate_id, async (trx) => ({
      vkey: (await presentKey(trx, estate_id))?.vkey ?? null,
      has_opening: await trx.selectFrom('opening_draft').select('estate_id').where('estate_id', '=', estate_id).executeTakeFirst() !== undefined,
    }), { readOnly: true });
    const name = localeOf(request) === 'zh' ? name_zh : name_en;
    return htmlReply(reply.header('cache-control', 'no-store'), donePage(frameOf(request, { here: '/found/done' }), { code, name, first_period, logins: loginsOf(request, found), vkey, has_opening }));
  });

  app.get('/found/sheets', { config, schema: { hide: true } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    const logins = found.opened_estate === null ? null : loginsOf(request, found);
    if (logins === null) return reply.redirect('/found', 303);
    const { name_zh } = await house.db.app.selectFrom('estate').select('name_zh').where('estate_id', '=', found.opened_estate).executeTakeFirstOrThrow();
    return htmlReply(reply.header('cache-control', 'no-store'), loginSheets({ logins, estate: name_zh, address: house.settings.public_url, css_href, locale: localeOf(request) }));
  });

  app.post('/found/printed', { config, schema: { hide: true } }, async (request, reply) => {
    const found = await enter(request, reply);
    if (found === null) return reply;
    if (found.opened_estate !== null) await forgetSheets(house, found.founding_id);
    return reply.redirect('/found/done', 303);
  });
}
