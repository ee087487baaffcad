// Pages of forms of bodies: GET shows, POST proposes and leads to the proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may, type BodyKind } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { fill } from '../kernel/locale.ts';
import type { House } from '../kernel/house.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { bodyForms, formName, formsOf, lastForm, usualNames, formTexts } from '../people/body-form.ts';
import { bodiesOf } from '../people/queries.ts';
import { bodyTexts } from '../people/texts.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { bodyFormPage, formsPage, stateOf } from './body-form-pages.tsx';
import { refusals } from './body-form-refusals.ts';
import { texts } from './body-form-texts.ts';
import { bodyKinds, proposeBodyForm } from './body-form.ts';

const Path = Type.Object({ estate: Type.String() });
const Which = Type.Object({ body: Type.Optional(Type.String({ maxLength: 40 })) });
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title' };
const bodyAsked = (request: FastifyRequest): BodyKind => {
  const typed = (request.query as { body?: string }).body ?? 'committee';
  const found = bodyKinds.find((one) => one === typed);
  if (found === undefined) throw refusals.body_form_body_unknown({ typed: typed.slice(0, 40) }, 'body');
  return found;
};

export function bodyFormPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const read = (request: FastifyRequest) => inEstate(house.db.app, request.estate!.estate_id, async (trx) => {
    const { estate_id } = request.estate!;
    const today = await estateToday(trx, estate_id);
    return { today, bodies: await bodiesOf(trx, estate_id), forms: await bodyForms(trx, estate_id, today) };
  }, { readOnly: true });

  app.get('/e/:estate/people/forms', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const frame = frameOf(request);
    return htmlReply(reply, formsPage(frame, { code, kinds: bodyKinds, ...await read(request), proposes: may(actor, estate_id, 'propose'), csv: csvTwin(frame.here) }));
  });

  app.get('/e/:estate/people/forms.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const { forms, today } = await read(request);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const rows = [...forms].reverse().map((row) => ({
      name: locale === 'zh' ? row.name_zh : row.name_en, body: bodyTexts[row.body][locale], form: formName(row.form, locale), from: row.from_day, until: row.until_day ?? '',
      basis: row.proposal_id === null ? t.at_opening : fill(t.by_proposal, { proposal: row.proposal_id }), state: stateOf(row, today, t),
    }));
    const columns = (['name', 'body', 'form', 'from', 'until', 'basis', 'state'] as const).map((key) => ({ key, title: key === 'until' ? t.until_day : t[key] }));
    return sendCsv(reply, `${locale === 'en' ? estate.name_en : estate.name_zh}-${t.title}.csv`, toCsv(columns, rows));
  });

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate, actor } = asking(request);
    const { estate_id, code } = estate;
    const body = bodyAsked(request);
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'body_form', today, too_few: refusals.body_form_needs_signer });
      return { today, rule, refused: refusal?.in(localeOf(request)) ?? null, now: await lastForm(trx, estate_id, body), names: await namesFor(trx, estate_id, []), kept: await keptOf(trx, estate, vouchers) };
    }, { readOnly: true });
    const usual = usualNames[formsOf(body)[0]!] ?? (formsOf(body).length > 1 ? formTexts[formsOf(body)[0]!] : bodyTexts[body]);
    const first = form.values['name_zh'] === undefined
      ? { form: shown.now?.form ?? formsOf(body)[0]!, name_zh: shown.now?.name_zh ?? usual.zh, name_en: shown.now?.name_en ?? usual.en, from: shown.today } : {};
    return htmlReply(reply, bodyFormPage(frameOf(request, { here: `/e/${code}/people/forms/new?body=${body}` }), {
      code, body, ...shown, form: { ...form, values: { ...form.values, ...first }, kept },
    }), status);
  };

  app.get('/e/:estate/people/forms/new', { schema: { hide: true, params: Path, querystring: Which } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/people/forms/new', { schema: { hide: true, params: Path, querystring: Which } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const body = bodyAsked(request);
    let form: FormRead = { fields: {}, vouchers: [] };
    try {
      form = await intake(request, house);
      const { form: kind = '', name_zh = '', name_en, from = '', until, mode, form_key = null } = form.fields;
      const { proposal_id } = await proposeBodyForm(house, { estate, actor, body, form: kind, name_zh, name_en, from, until, mode, resolution: resolutionIn(form), key: form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, form, fieldNames));
    }
  });
}
