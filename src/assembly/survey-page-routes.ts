// Pages of opinions and surveys.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { addDays } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { answerSurvey, homesOf, moderateWords, openSurvey, readSurvey, surveyList, wordsOf } from './survey.ts';
import { resultRows, surveyFormPage, surveyListPage, surveyPage, type OneShown } from './survey-pages.tsx';
import { surveyTexts } from './survey-texts.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), survey: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const WordsPath = Type.Object({ ...OnePath.properties, answer: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Long = Type.Optional(Type.String({ maxLength: 20_000 }));
const Filter = Type.Object({ kind: Type.Optional(Type.String({ maxLength: 20 })), cursor: Type.Optional(Type.String({ pattern: '^[0-9]{0,12}$' })) });
const PAGE = 50;
const CSV_ROWS = 10_000;
const surveyOf = (request: FastifyRequest): number => Number((request.params as { survey: string }).survey);

export function surveyPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const list = async (request: FastifyRequest, limit: number) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { kind = '', cursor = '' } = request.query as { kind?: string; cursor?: string };
    const found = await inEstate(house.db.app, estate_id, (trx) => surveyList(trx, estate_id, { homes: homesOf(actor, estate_id), kind, limit, cursor: cursor === '' ? undefined : Number(cursor) }), { readOnly: true });
    return { ...found, kind, holds: may(actor, estate_id, 'hold_assembly') };
  };
  app.get('/e/:estate/surveys', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) =>
    htmlReply(reply, surveyListPage(frameOf(request), { code: request.estate!.code, ...await list(request, PAGE) })));
  app.get('/e/:estate/surveys.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { items } = await list(request, CSV_ROWS);
    const t = pick(surveyTexts, localeOf(request));
    return sendCsv(reply, `${t.title}-${request.estate!.name_zh}.csv`, toCsv([
      { key: 'survey_id', title: 'No.', type: 'number' }, { key: 'kind', title: t.kind }, { key: 'title', title: t.field_title }, { key: 'starts_on', title: t.field_starts_on, type: 'date' }, { key: 'ends_on', title: t.field_ends_on, type: 'date' },
      { key: 'units', title: t.households, type: 'number' }, { key: 'answered', title: t.sample, type: 'number' }, { key: 'question', title: t.question }, { key: 'mean', title: t.mean, type: 'number' }, { key: 'given', title: t.given, type: 'number' },
      { key: 'content', title: t.content, type: 'number' }, { key: 'discontent', title: t.discontent, type: 'number' }, { key: 'for', title: t.answer_1, type: 'number' }, { key: 'against', title: t.answer_2, type: 'number' }, { key: 'unsure', title: t.answer_3, type: 'number' },
    ], items.flatMap((row): object[] => {
      const head = { survey_id: row.survey_id, kind: t[`kind_${row.kind}`], title: row.title, starts_on: row.starts_on, ends_on: row.ends_on, units: row.units, answered: row.answered };
      if (row.results.length === 0) return [head];
      return row.kind === 'opinion' ? [{ ...head, for: row.results[0]![0], against: row.results[0]![1], unsure: row.results[0]![2] }] : resultRows(row).map((one) => ({ ...head, ...one }));
    })));
  });

  const showForm = async (request: FastifyRequest, reply: FastifyReply, values: Record<string, string>, errors: Record<string, string>, status = 200) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'hold_assembly');
    const today = await inEstate(house.db.app, estate_id, (trx) => estateToday(trx, estate_id), { readOnly: true });
    const first = Object.keys(values).length > 0 ? values : { kind: 'satisfaction', starts_on: today, ends_on: addDays(today, 14) };
    return htmlReply(reply, surveyFormPage(frameOf(request, { here: `/e/${code}/surveys/new`, audience: 'desk' }), { code, today, form: { form_key: newFormKey(), values: first as Record<string, string>, errors } }), status);
  };
  app.get('/e/:estate/surveys/new', { schema: { hide: true, params: Path } }, (request, reply) => showForm(request, reply, {}, {}));
  app.post('/e/:estate/surveys', {
    schema: { hide: true, params: Path, body: Type.Object({ kind: Short, title: Long, wording: Long, questions: Long, starts_on: Short, ends_on: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'hold_assembly');
    const { kind = '', title = '', wording = '', questions = '', starts_on = '', ends_on = '', form_key } = request.body;
    try {
      const { survey_id } = await openSurvey(house, { estate, actor: request.actor, key: form_key, kind, title, wording, questions: questions.split(/\r?\n/u), starts_on, ends_on });
      return await reply.redirect(`/e/${estate.code}/surveys/${survey_id}?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showForm(request, reply, { kind, title, wording, questions, starts_on, ends_on }, formErrors(error, localeOf(request)), error.status);
    }
  });

  const show = async (request: FastifyRequest, reply: FastifyReply, form: OneShown['form'], status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const survey = surveyOf(request);
    const homes = homesOf(actor, estate_id);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({ row: await readSurvey(trx, { estate_id, survey, homes }), words: await wordsOf(trx, { estate_id, survey, actor }) }), { readOnly: true });
    return htmlReply(reply, surveyPage(frameOf(request, { here: `/e/${code}/surveys/${survey}` }), { code, ...shown, moderates: may(actor, estate_id, 'moderate'), lives_here: homes.length > 0, form }), status);
  };
  app.get('/e/:estate/surveys/:survey', { schema: { hide: true, params: OnePath } }, (request, reply) => show(request, reply, { values: {}, errors: {} }));

  const questions = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`q${index + 1}`, Type.Optional(Type.String({ maxLength: 1 }))]));
  app.post('/e/:estate/surveys/:survey', {
    schema: { hide: true, params: OnePath, body: Type.Object({ unit: Short, words: Long, csrf: Short, form_key: Short, ...questions }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'vote');
    const body = request.body as Record<string, string | undefined>;
    try {
      const row = await inEstate(house.db.app, estate.estate_id, (trx) => readSurvey(trx, { estate_id: estate.estate_id, survey: surveyOf(request), homes: [] }), { readOnly: true });
      const scores = row.questions.map((_, index) => (/^[0-5]$/.test(body[`q${index + 1}`] ?? '') ? Number(body[`q${index + 1}`]) : 0));
      await answerSurvey(house, { estate, actor, survey: row.survey_id, unit: body['unit'] ?? '', scores, words: body['words'] });
      return await reply.redirect(`/e/${estate.code}/surveys/${surveyOf(request)}?done=surveyed`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, { values: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? ''])), errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });

  app.post('/e/:estate/surveys/:survey/words/:answer', {
    schema: { hide: true, params: WordsPath, body: Type.Object({ act: Short, reason: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { act = '', reason } = request.body;
    await moderateWords(house, { estate, actor: request.actor, survey: surveyOf(request), answer: request.params.answer, act, reason });
    return reply.redirect(`/e/${estate.code}/surveys/${surveyOf(request)}?done=changed#words`, 303);
  });
}
