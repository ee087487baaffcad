// Opinions and satisfaction surveys over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Day, KeyHeader, security } from '../approval/schemas.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { answerSurvey, homesOf, moderateWords, openSurvey, readSurvey, surveyList, wordsOf } from './survey.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, survey: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['1'] }) });
const WordsPath = Type.Object({ ...OnePath.properties, answer: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', examples: ['00000000-0000-4000-8000-000000000000'] }) });
const Text = Type.String();
const Typed = (...examples: string[]) => Type.String({ maxLength: 200, examples });
const Survey = {
  survey_id: Type.Integer(), kind: Text, title: Text, wording: Text, questions: Type.Array(Text), starts_on: Text, ends_on: Text, state: Type.String({ description: 'announced, open, over or closed' }),
  answered: Type.Integer({ description: 'The sample: dwellings that answered' }), units: Type.Integer({ description: 'Dwellings that were asked' }),
  results: Type.Array(Type.Array(Type.Integer()), { description: 'For each question how many gave 1 to 5 (opinion: for, against, unsure); empty before the close and below five answers' }),
  due: Type.Array(Text, { description: 'Own dwellings that have not answered' }),
};

export function surveyRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/surveys', {
    schema: {
      tags: ['surveys'], summary: 'Opinions and satisfaction surveys, newest first', security, params: Path,
      querystring: Type.Object({ kind: Type.Optional(Type.String({ maxLength: 20, examples: ['satisfaction'] })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })), cursor: Type.Optional(Type.Integer({ minimum: 0 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(Survey)), next_cursor: Type.Union([Text, Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { kind, limit = 50, cursor } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => surveyList(trx, estate_id, { homes: homesOf(actor, estate_id), kind: kind ?? '', limit, cursor }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/surveys/:survey', {
    schema: {
      tags: ['surveys'], summary: 'One survey with its result and what people wrote that is shown', security, params: OnePath,
      response: { 200: Type.Object({ ...Survey, words: Type.Array(Type.Object({ answer: Text, words: Text, shown: Type.Boolean() })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const survey = Number(request.params.survey);
    return inEstate(house.db.app, estate_id, async (trx) => ({
      ...await readSurvey(trx, { estate_id, survey, homes: homesOf(actor, estate_id) }), words: await wordsOf(trx, { estate_id, survey, actor }),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/surveys', {
    schema: {
      tags: ['surveys'], summary: 'Open a survey', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        kind: Type.String({ maxLength: 20, examples: ['satisfaction'], description: 'opinion or satisfaction' }), title: Typed('2026 年下半年满意度'), wording: Type.String({ maxLength: 10_000, examples: ['请为物业服务打分，1 为很不满意，5 为很满意。'] }),
        questions: Type.Optional(Type.Array(Typed('保洁'), { maxItems: 20 })), starts_on: Day, ends_on: Day,
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ survey_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await openSurvey(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body })));

  app.post('/api/v1/estates/:estate/surveys/:survey/answers', {
    schema: {
      tags: ['surveys'], summary: 'Answer for one\'s own dwelling, once', security, params: OnePath,
      body: Type.Object({
        unit: Typed('3-2-1002'), scores: Type.Array(Type.Integer({ minimum: 0, maximum: 5 }), { maxItems: 10, minItems: 1, description: 'To each question 1 to 5, 0 for none; of an opinion 1 for, 2 against, 3 unsure' }),
        words: Type.Optional(Type.String({ maxLength: 5_000 })),
      }, { additionalProperties: false }),
      response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    await answerSurvey(house, { estate: request.estate!, actor: request.actor, survey: Number(request.params.survey), ...request.body });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/surveys/:survey/words/:answer', {
    schema: {
      tags: ['surveys'], summary: 'Show, hide or erase what somebody wrote', security, params: WordsPath,
      body: Type.Object({ act: Type.String({ maxLength: 20, examples: ['show'] }), reason: Type.Optional(Typed('没有点名')) }, { additionalProperties: false }), response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    await moderateWords(house, { estate: request.estate!, actor: request.actor, survey: Number(request.params.survey), answer: request.params.answer, ...request.body });
    return reply.code(204).send(null);
  });
}
