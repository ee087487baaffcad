// My home over the API: what I see on the page, and asking for corrections.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { abouts, answerCorrection, askCorrection, correctionList, type CorrectionRow } from './correction.ts';
import { homeOf } from './home.ts';
import { refusals } from './refusals.ts';

const exact = { additionalProperties: false } as const;
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['3'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Maybe = Type.Union([Type.String(), Type.Null()]);
const Money = Type.String({ description: 'Yuan', examples: ['102.00'] });
const Hundred = Type.Union([Type.Object({
  received: Money, spent: Money, unit_total: Money, beyond: Maybe, kept: Type.Union([Type.Object({ amount: Money, of_hundred: Money }, exact), Type.Null()]),
  shares: Type.Array(Type.Object({ account: Type.String(), name_zh: Type.String(), name_en: Type.String(), amount: Money, of_hundred: Money, of_unit: Money }, exact)),
}, exact), Type.Null()]);
const Correction = Type.Object({
  request_id: Type.Integer(), unit: Type.String(), about: Type.String(), request: Type.String(), asked_at: Type.String(), due_on: Type.String(),
  outcome: Maybe, answer: Maybe, answered_at: Maybe,
}, exact);
const told = ({ asked_at, answered_at, ...row }: CorrectionRow) =>
  ({ ...row, asked_at: isoInstant(asked_at), answered_at: answered_at === null ? null : isoInstant(answered_at) });

export function homeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/home', {
    schema: {
      tags: ['home'], summary: 'My home: what it owes, paid and bears', params: Path,
      querystring: Type.Object({ unit: Type.Optional(Type.String({ maxLength: 40, examples: ['1-1-101'] })) }, exact),
      response: { 200: Type.Object({
        unit: Type.String(), area_m2: Type.String(), total_area_m2: Type.String(), paid_year: Money, advance: Money, deposits: Money,
        bills: Type.Array(Type.Object({ bill_id: Type.Integer(), item: Type.String(), period: Type.String(), due_on: Type.String(), amount: Money, reduced: Money, paid: Money, open: Money }, exact)),
        receipts: Type.Array(Type.Object({ number: Type.Integer(), entry_date: Type.String(), amount: Money, void: Type.Boolean(), seq: Type.Integer() }, exact)),
        month: Type.Object({ period: Type.String(), hundred: Hundred }, exact), year: Type.Object({ year: Type.String(), hundred: Hundred }, exact),
        corrections: Type.Array(Correction),
      }, exact) },
    },
  }, async (request) => {
    const shown = await homeOf(house, { estate: request.estate!, actor: request.actor, unit: request.query.unit });
    if (shown === null) throw refusals.home_unknown();
    const { home, total_area, bills, receipts, paid_year, held, month, year, corrections } = shown;
    return {
      unit: home.unit, area_m2: home.area_m2, total_area_m2: total_area, paid_year, ...held,
      bills: bills.map(({ bill_id, item, period, due_on, amount, reduced, paid, open }) => ({ bill_id, item, period, due_on, amount, reduced, paid, open })),
      receipts, month, year, corrections: corrections.map(told),
    };
  });

  app.post('/api/v1/estates/:estate/home/corrections', {
    schema: {
      tags: ['home'], summary: 'Ask to have something about my dwelling put right', params: Path, headers: Key,
      body: Type.Object({ unit: Type.String({ maxLength: 40, examples: ['1-1-101'] }), about: Type.String({ maxLength: 20, examples: [...abouts] }), request: Type.String({ maxLength: 4_000, examples: ['产权证上面积是 85.20 平方米'] }) }, exact),
      response: { 201: Type.Object({ request_id: Type.Integer() }, exact) },
    },
  }, async (request, reply) => {
    const { unit, about, request: said } = request.body;
    return reply.status(201).send(await askCorrection(house, { estate: request.estate!, actor: request.actor, unit, about, request: said, key: callersKey(request) }));
  });

  app.get('/api/v1/estates/:estate/corrections', {
    schema: { tags: ['home'], summary: 'Requests for correction, what waits first', params: Path, response: { 200: Type.Object({ items: Type.Array(Correction) }, exact) } },
  }, async (request) => {
    const { items } = await inEstate(house.db.app, request.estate!.estate_id, (trx) => correctionList(trx, request.estate!, request.actor), { readOnly: true });
    return { items: items.map(told) };
  });

  app.post('/api/v1/estates/:estate/corrections/:id', {
    schema: {
      tags: ['home'], summary: 'Answer a request for correction', params: OnePath,
      body: Type.Object({ outcome: Type.String({ maxLength: 20, examples: ['done'] }), answer: Type.String({ maxLength: 4_000, examples: ['已按产权证改为 85.20 平方米'] }) }, exact),
      response: { 200: Type.Object({ answered: Type.Boolean() }, exact) },
    },
  }, async (request) => {
    await answerCorrection(house, { estate: request.estate!, actor: request.actor, request_id: Number(request.params.id), ...request.body });
    return { answered: true };
  });
}
