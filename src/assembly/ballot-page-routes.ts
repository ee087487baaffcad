// The ballot and its slip, and the desk of paper ballots.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { castBallot, enterPaper, ownBallots, paperRows, type OwnBallot } from './ballot.ts';
import { ballotPage, papersPage, slipPage } from './ballot-pages.tsx';
import { filesOf, OnePath, resolutionOf, type FormRead, type Intake } from './page-routes.ts';
import { choices, readResolutionRow, type Choice, type ResolutionRow } from './resolution-queries.ts';

const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Unit = Type.Object({ unit: Type.Optional(Type.String({ maxLength: 40 })), done: Short });
const PaperPath = Type.Object({ ...OnePath.properties, paper: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const MOST_PAPERS = 500;

export function ballotPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  voterRoutes(app, house);
  paperRoutes(app, house, parts);
}

function voterRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  /** The ballot that is meant: of the dwelling named, else the first that may be cast. */
  const meant = async (request: FastifyRequest, unit: string | undefined): Promise<{ row: ResolutionRow; own: OwnBallot | null }> => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const row = await readResolutionRow(trx, estate_id, resolutionOf(request));
      const own = await ownBallots(trx, { estate_id, actor, resolution: row.resolution_id });
      const named = unit === undefined || unit === '' ? own.find((one) => one.state === 'may_vote') ?? own[0] : own.find((one) => one.unit === unit || one.units.includes(unit));
      return { row, own: named ?? null };
    }, { readOnly: true });
  };

  app.get('/e/:estate/resolutions/:resolution/ballot', { schema: { hide: true, params: OnePath, querystring: Unit } }, async (request, reply) =>
    htmlReply(reply, ballotPage(frameOf(request, { audience: 'resident' }), { code: request.estate!.code, ...await meant(request, request.query.unit), choice: null, form_key: newFormKey(), errors: {} })));

  app.post('/e/:estate/resolutions/:resolution/ballot', {
    schema: { hide: true, params: OnePath, body: Type.Object({ unit: Short, choice: Type.Optional(Type.String({ maxLength: 20 })), confirmed: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'vote');
    const { unit = '', choice: typed = '', confirmed, form_key } = request.body;
    const choice = choices.find((one) => one === typed) ?? null;
    const resolution = resolutionOf(request);
    const here = `/e/${estate.code}/resolutions/${resolution}`;
    const show = async (chosen: Choice | null, errors: Record<string, string>, status: number) =>
      htmlReply(reply, ballotPage(frameOf(request, { here: `${here}/ballot`, audience: 'resident' }), { code: estate.code, ...await meant(request, unit), choice: chosen, form_key: newFormKey(), errors }), status);
    if (choice !== null && confirmed !== 'yes') return show(choice, {}, 200);
    try {
      await castBallot(house, { estate, actor: request.actor, resolution, unit, choice: typed, key: form_key });
      return await reply.redirect(`${here}/slip?unit=${encodeURIComponent(unit)}&done=voted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'ballot_choice_unknown') throw error;
      return show(null, formErrors(error, localeOf(request)), error.status);
    }
  });

  app.get('/e/:estate/resolutions/:resolution/slip', { schema: { hide: true, params: OnePath, querystring: Unit } }, async (request, reply) => {
    void reply.header('cache-control', 'private, no-store');
    return htmlReply(reply, slipPage(frameOf(request, { audience: 'resident' }), { code: request.estate!.code, ...await meant(request, request.query.unit) }));
  });
}

function paperRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  interface Told { values: Record<string, string>; errors: Record<string, string>; files: readonly string[]; paper: number | null; status: number }

  const show = async (request: FastifyRequest, reply: FastifyReply, { values, errors, files, paper, status }: Told) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const { person_id } = demand(request.actor, estate_id, 'enter_ballot');
    const resolution = resolutionOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      row: await readResolutionRow(trx, estate_id, resolution), papers: await paperRows(trx, { estate_id, resolution, person_id, limit: MOST_PAPERS }), kept: await filesOf(trx, estate, files),
      bodies: Object.fromEntries((await trx.selectFrom('body').select(['body', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute()).map((one) => [one.body, { zh: one.name_zh, en: one.name_en }])),
    }), { readOnly: true });
    return htmlReply(reply, papersPage(frameOf(request, { here: `/e/${code}/resolutions/${resolution}/papers`, audience: 'desk' }), {
      code, row: shown.row, papers: shown.papers, bodies: shown.bodies, form: { form_key: newFormKey(), values, errors, kept: shown.kept, paper },
    }), status);
  };
  const nothing = { values: {}, errors: {}, files: [], paper: null, status: 200 };

  app.get('/e/:estate/resolutions/:resolution/papers', { schema: { hide: true, params: OnePath } }, (request, reply) => show(request, reply, nothing));

  app.post('/e/:estate/resolutions/:resolution/papers', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'enter_ballot');
    let read: FormRead = { fields: {}, vouchers: [], by_field: {} };
    try {
      read = await intake(request, house, 'enter_ballot');
      const { unit = '', choice = '', form_key = null } = read.fields;
      await enterPaper(house, { estate, actor: request.actor, resolution: resolutionOf(request), unit, voucher: read.by_field['scan']?.[0] ?? '', choice, key: form_key });
      return await reply.redirect(`/e/${estate.code}/resolutions/${resolutionOf(request)}/papers?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const { fields, by_field } = 'form' in error ? error.form as FormRead : read;
      return show(request, reply, { values: fields, errors: formErrors(error, localeOf(request)), files: by_field['scan'] ?? [], paper: null, status: error.status });
    }
  });

  app.post('/e/:estate/resolutions/:resolution/papers/:paper', {
    schema: { hide: true, params: PaperPath, body: Type.Object({ choice: Type.Optional(Type.String({ maxLength: 20 })), csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'enter_ballot');
    const { choice = '', form_key } = request.body;
    try {
      await enterPaper(house, { estate, actor: request.actor, resolution: resolutionOf(request), paper: Number(request.params.paper), choice, key: form_key });
      return await reply.redirect(`/e/${estate.code}/resolutions/${resolutionOf(request)}/papers?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, { values: {}, errors: formErrors(error, localeOf(request)), files: [], paper: Number(request.params.paper), status: error.status });
    }
  });
}
