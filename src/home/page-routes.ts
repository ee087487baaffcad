// Pages of my home, of the office's list of corrections, and the link that stops letters.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { keepChoice, stopLetters } from '../kernel/notice-choice.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { answerCorrection, askCorrection, correctionList } from './correction.ts';
import { homeOf } from './home.ts';
import { correctionsPage, homePage, noHomePage, stopPage, type CorrectionsShown, type HomeForm } from './pages.tsx';
import { refusals } from './refusals.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const StopPath = Type.Object({ estate: Type.String(), word: Type.String({ maxLength: 64 }) });
const Text = Type.Optional(Type.String({ maxLength: 4_000, default: '' }));
const exact = { additionalProperties: false } as const;
const emptyForm = (): HomeForm => ({ id: null, form_key: newFormKey(), values: {}, errors: {} });

export function homePageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, unit: string | undefined, form: HomeForm, status = 200) => {
    const estate = request.estate!;
    const { code, answer_days } = estate;
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/home${unit === undefined ? '' : `?unit=${encodeURIComponent(unit)}`}` };
    const frame = frameOf(request, here);
    const shown = await homeOf(house, { estate, actor: request.actor, unit });
    reply.header('cache-control', 'no-store');
    if (shown === null) return htmlReply(reply, noHomePage(frame));
    return htmlReply(reply, homePage(frame, { code, answer_days, ...shown, form, mail: (house.mail ?? null) !== null }), status);
  };

  app.get('/e/:estate/home', { schema: { hide: true, params: Path, querystring: Type.Object({ unit: Type.Optional(Type.String({ maxLength: 40 })) }) } },
    (request, reply) => show(request, reply, request.query.unit, emptyForm()));

  app.post('/e/:estate/home/corrections', {
    schema: { hide: true, params: Path, body: Type.Object({ unit: Text, about: Text, request: Text, form_key: Text, csrf: Text }, exact) },
  }, async (request, reply) => {
    const { unit = '', about = '', request: said = '', form_key = newFormKey() } = request.body;
    try {
      await askCorrection(house, { estate: request.estate!, actor: request.actor, unit, about, request: said, key: form_key });
    } catch (error) {
      if (!(error instanceof Refusal) || ![409, 422].includes(error.status)) throw error;
      const form: HomeForm = { id: 'correction', form_key: newFormKey(), values: { about, request: said }, errors: formErrors(error, localeOf(request)) };
      return show(request, reply, unit, form, error.status);
    }
    return reply.redirect(`/e/${request.estate!.code}/home?unit=${encodeURIComponent(unit)}&done=correction_asked#corrections`, 303);
  });

  app.post('/e/:estate/home/notices', {
    schema: { hide: true, params: Path, body: Type.Object({ bills: Text, mail: Text, csrf: Text }, exact) },
  }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { person_id } = demand(request.actor, estate_id, 'own_home');
    const { bills, mail } = request.body;
    await inEstate(house.db.app, estate_id, (trx) => keepChoice(trx, estate_id, person_id, { bills: bills === 'yes', mail: mail === 'yes' || (house.mail ?? null) === null }));
    return reply.redirect(`/e/${code}/home?done=saved#choices`, 303);
  });

  const showList = async (request: FastifyRequest, reply: FastifyReply, form: CorrectionsShown['form'], status = 200) => {
    const estate = request.estate!;
    const shown = await inEstate(house.db.app, estate.estate_id, async (trx) =>
      ({ ...await correctionList(trx, estate, request.actor), today: await estateToday(trx, estate.estate_id) }), { readOnly: true });
    const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${estate.code}/corrections` });
    return htmlReply(reply, correctionsPage(frame, { code: estate.code, ...shown, form }), status);
  };

  app.get('/e/:estate/corrections', { schema: { hide: true, params: Path } }, (request, reply) => showList(request, reply, { id: null, values: {}, errors: {} }));

  app.post('/e/:estate/corrections/:id', {
    schema: { hide: true, params: OnePath, body: Type.Object({ outcome: Text, answer: Text, csrf: Text }, exact) },
  }, async (request, reply) => {
    const { outcome = '', answer = '' } = request.body;
    const request_id = Number(request.params.id);
    try {
      await answerCorrection(house, { estate: request.estate!, actor: request.actor, request_id, outcome, answer });
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 422) throw error;
      return showList(request, reply, { id: request_id, values: { outcome, answer }, errors: formErrors(error, localeOf(request)) }, error.status);
    }
    return reply.redirect(`/e/${request.estate!.code}/corrections?done=correction_answered`, 303);
  });

  // Where a letter leads that says "no more letters": no login, and nothing else can be done with it. Looking stops nothing,
  // because mail programs look at links by themselves.
  const open = { config: { open_to_all: true } };
  app.get('/e/:estate/stop/:word', { ...open, schema: { hide: true, params: StopPath, querystring: Type.Object({ done: Type.Optional(Type.String({ maxLength: 20 })) }) } },
    async (request, reply) => htmlReply(reply, stopPage(frameOf(request), {
      action: `/e/${request.estate!.code}/stop/${encodeURIComponent(request.params.word)}`, stopped: request.query.done === 'stopped',
    })));
  app.post('/e/:estate/stop/:word', { ...open, schema: { hide: true, params: StopPath } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { word } = request.params;
    if (!await inEstate(house.db.app, estate_id, (trx) => stopLetters(trx, estate_id, word))) throw refusals.stop_unknown();
    return reply.redirect(`/e/${code}/stop/${word}?done=stopped`, 303);
  });
}
