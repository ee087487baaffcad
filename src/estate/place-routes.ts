// Interface of parking spaces and meters.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { firstDay, periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { endMeter, enterMeter, enterReadings, replaceMeter, takeBackReading } from './meter.ts';
import { metersOf, spacesOn, usedBetween } from './place-queries.ts';
import { dayTyped } from './register.ts';
import { meterKinds, spaceKinds } from './register-queries.ts';
import { asked, Day, KeyHeader, oneOf, Path, security, Short, UnitPath } from './register-routes.ts';
import { enterSpaces, giveSpace, returnSpace } from './space.ts';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const Number = Type.Integer({ minimum: 0 });
const Space = Type.String({ maxLength: 40, examples: ['B1-023'] });
const Meter = Type.String({ maxLength: 40, examples: ['W-0310'] });
const Value = Type.String({ maxLength: 20, examples: ['1280.5'] });

export function placeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['register'];

  app.get('/api/v1/estates/:estate/register/spaces', {
    schema: {
      tags, summary: 'Parking spaces, and which dwelling has them on a day', security, params: Path, querystring: Type.Object({ day: Type.Optional(Day) }, { additionalProperties: false }),
      response: { 200: Type.Object({ day: Day, items: Type.Array(Type.Object({ space: Space, kind: Type.String(), area_m2: Nullable, unit: Nullable, since: Nullable })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const day = request.query.day === undefined ? today : dayTyped(request.query.day, today, 'day');
      return { day, items: await spacesOn(trx, estate_id, day) };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/register/spaces', {
    schema: {
      tags, summary: 'Enter parking spaces', security, headers: KeyHeader, params: Path,
      body: Type.Object({ list: Type.String({ maxLength: 12_000, examples: ['B1-023 B1-024'] }), kind: oneOf(spaceKinds), area_m2: Type.Optional(Type.String({ maxLength: 20 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ entered: Number }) },
    },
  }, (request) => enterSpaces(house, { ...request.body, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/spaces', {
    schema: {
      tags, summary: 'Give a parking space to a dwelling', security, headers: KeyHeader, params: UnitPath,
      body: Type.Object({ space: Space, from_date: Day, to_date: Type.Optional(Day) }, { additionalProperties: false }), response: { 200: Type.Object({ unit: Type.String(), space: Space }) },
    },
  }, (request) => giveSpace(house, { ...request.body, unit: request.params.unit, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/spaces/:id/return', {
    schema: {
      tags, summary: 'A dwelling returns a parking space', security, headers: KeyHeader, params: Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }), id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) }),
      body: Type.Object({ last_day: Day }, { additionalProperties: false }), response: { 200: Type.Object({ unit: Type.String(), to_date: Day }) },
    },
  }, (request) => returnSpace(house, { ...request.body, unit: request.params.unit, holding_id: request.params.id, ...asked(request) }));

  app.get('/api/v1/estates/:estate/register/meters', {
    schema: {
      tags, summary: 'Meters with their last readings', security, params: Path,
      querystring: Type.Object({ kind: Type.Optional(Type.Union(meterKinds.map((kind) => Type.Literal(kind)))) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object({ meter: Meter, kind: Type.String(), unit: Nullable, multiplier: Type.String(), digits: Number, ended_on: Nullable, last_on: Nullable, last_value: Nullable })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const items = await inEstate(house.db.app, estate_id, (trx) => metersOf(trx, estate_id, { kind: request.query.kind }), { readOnly: true });
    return { items };
  });

  app.get('/api/v1/estates/:estate/register/meter-use', {
    schema: {
      tags, summary: 'What was used, by readings taken from a day to a day: of this month unless said otherwise', security, params: Path,
      querystring: Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        meter: Meter, unit: Nullable, from_on: Day, from_value: Value, to_on: Day, to_value: Value, multiplier: Type.String(), quantity: Type.String(), estimated: Type.Boolean(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { from = firstDay(periodOf(today)), to = today } = request.query;
      return { items: await usedBetween(trx, estate_id, dayTyped(from, today, 'from'), dayTyped(to, today, 'to')) };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/register/meters', {
    schema: {
      tags, summary: 'Enter a meter with its first reading', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        meter: Meter, kind: oneOf(meterKinds), unit: Type.Optional(Type.String({ maxLength: 40, description: 'Empty: of common parts' })), multiplier: Type.Optional(Short), digits: Type.Optional(Short), from_date: Day, value: Value,
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ meter: Meter }) },
    },
  }, (request) => enterMeter(house, { unit: '', ...request.body, ...asked(request) }));

  const MeterPath = Type.Object({ estate: Type.String(), meter: Meter });
  app.post('/api/v1/estates/:estate/register/meters/:meter/replace', {
    schema: {
      tags, summary: 'Replace a meter: last reading of the old one, first of the new one', security, headers: KeyHeader, params: MeterPath,
      body: Type.Object({ day: Day, last_value: Value, new_meter: Meter, value: Value }, { additionalProperties: false }), response: { 200: Type.Object({ meter: Meter }) },
    },
  }, (request) => replaceMeter(house, { ...request.body, meter: request.params.meter, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/meters/:meter/end', {
    schema: {
      tags, summary: 'Take a meter out', security, headers: KeyHeader, params: MeterPath, body: Type.Object({ day: Day, last_value: Value }, { additionalProperties: false }),
      response: { 200: Type.Object({ meter: Meter }) },
    },
  }, (request) => endMeter(house, { ...request.body, meter: request.params.meter, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/readings', {
    schema: {
      tags, summary: 'Readings of many meters on one day, all or none', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        day: Day, readings: Type.Array(Type.Object({ meter: Meter, value: Value, rolled: Type.Optional(Type.Boolean()), estimated: Type.Optional(Type.Boolean()) }, { additionalProperties: false }), { maxItems: 5_000 }),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ entered: Number }) },
    },
  }, (request) => enterReadings(house, { ...request.body, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/meters/:meter/readings/:id/take-back', {
    schema: { tags, summary: 'Take the latest reading back', security, headers: KeyHeader, params: Type.Object({ estate: Type.String(), meter: Meter, id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) }), response: { 200: Type.Object({ meter: Meter }) } },
  }, (request) => takeBackReading(house, { meter: request.params.meter, reading_id: request.params.id, ...asked(request) }));
}
