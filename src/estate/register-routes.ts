// Interface of the register: what there is on a day, and its changes. Names and telephones are for read_households; changes for
// keep_register; erasing a name for erase_text.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { estateNow, estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { changePayer, correctParty, eraseParty, handOver, linkParty, moveTenantIn, moveTenantOut } from './household.ts';
import { loginsOf, registerChanges } from './overview-queries.ts';
import { holdingsOf, metersOf } from './place-queries.ts';
import { changeFacts, dayTyped, dwellingOn, endDwelling, enterDwelling, takeBackFact, type Asked } from './register.ts';
import { factsOf, occupancies, payersAmong, tenuresOf, unitKinds, unitsOfParty, unitsOn } from './register-queries.ts';
import { refusals } from './register-refusals.ts';

export const KeyHeader = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
export const security = [{ session: [] }, { token: [] }];
export const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Unit = Type.String({ maxLength: 40, examples: ['3-2-1002'] });
export const UnitPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), unit: Unit });
export const Day = Type.String({ maxLength: 20, examples: ['2026-11-10'] });
export const Short = Type.String({ maxLength: 200 });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Number = Type.Integer({ minimum: 0 });
export const oneOf = <C extends string>(choices: readonly C[]) => Type.String({ maxLength: 30, description: choices.join(', '), examples: [choices[0]] });
const Uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', examples: ['00000000-0000-4000-8000-000000000000'] });

const UnitShown = Type.Object({
  unit: Unit, ref: Type.String(), phase: Type.String(), building: Type.String(), stairwell: Type.String(), area_m2: Type.String({ examples: ['85.00'] }),
  kind: Type.String({ examples: ['dwelling'] }), occupancy: Type.String({ examples: ['owner'] }), fact_from: Day,
});
const TenureShown = Type.Object({
  tenure_id: Number, party_id: Type.String(), kind: Type.String({ examples: ['owner'] }), party_kind: Type.String(), name: Nullable, phone: Nullable, note: Nullable, share: Type.String({ examples: ['1/2'] }),
  pays: Type.Boolean(), from_date: Day, to_date: Nullable, linked: Type.Boolean({ description: 'Whether a login is linked' }),
});
const Party = {
  name: Type.String({ maxLength: 200, examples: ['王女士'] }), phone: Type.Optional(Type.String({ maxLength: 60 })),
  kind: Type.Optional(oneOf(['person', 'organisation'])), note: Type.Optional(Type.String({ maxLength: 400 })),
};
const UnitDone = Type.Object({ unit: Unit });

export const asked = (request: FastifyRequest): Asked => ({ estate: request.estate!, actor: request.actor, key: callersKey(request) });

export function registerRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['register'];

  app.get('/api/v1/estates/:estate/register/units', {
    schema: {
      tags, summary: 'Dwellings on a day; q: beginning of a number, part of a name or telephone', security, params: Path,
      querystring: Type.Object({ day: Type.Optional(Day), q: Type.Optional(Type.String({ maxLength: 60 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ day: Day, items: Type.Array(UnitShown) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { day: typed, q = '' } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const day = typed === undefined ? today : dayTyped(typed, today, 'day');
      const part = q.trim();
      const named = new Set(part === '' ? [] : await unitsOfParty(trx, estate_id, part, day));
      const items = (await unitsOn(trx, estate_id, day)).filter(({ unit }) => part === '' || unit.startsWith(part) || named.has(unit));
      return { day, items };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/register/units/:unit', {
    schema: {
      tags, summary: 'One dwelling: its facts, owners, tenants, spaces and meters over time', security, params: UnitPath,
      querystring: Type.Object({ day: Type.Optional(Day) }, { additionalProperties: false }),
      response: { 200: Type.Object({
        day: Day, now: UnitShown, payers: Type.Array(Type.String({ description: 'party_id' })),
        facts: Type.Array(Type.Object({ fact_id: Number, from_date: Day, area_m2: Type.String(), kind: Type.String(), occupancy: Type.String(), taken_back: Type.Boolean() })),
        tenures: Type.Array(TenureShown),
        logins: Type.Array(Type.Object({ person_id: Type.String(), name: Type.String() })),
        spaces: Type.Array(Type.Object({ holding_id: Number, space: Type.String(), kind: Type.String(), from_date: Day, to_date: Nullable })),
        meters: Type.Array(Type.Object({ meter: Type.String(), kind: Type.String(), multiplier: Type.String(), digits: Type.Integer(), ended_on: Nullable, last_on: Nullable, last_value: Nullable })),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { unit } = request.params;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const day = request.query.day === undefined ? today : dayTyped(request.query.day, today, 'day');
      const now = await dwellingOn({ trx, estate_id }, unit, day);
      const tenures = await tenuresOf(trx, estate_id, { units: [unit], named: true });
      return {
        day, now, payers: payersAmong(tenures, day).map(({ party_id }) => party_id),
        facts: (await factsOf(trx, estate_id, unit)).map(({ ended_seq, ...fact }) => ({ ...fact, taken_back: ended_seq !== null })),
        tenures: tenures.map(({ person_id, ...tenure }) => ({ ...tenure, linked: person_id !== null })),
        logins: await loginsOf(trx, estate_id, unit, await estateNow(trx, estate_id)),
        spaces: await holdingsOf(trx, estate_id, unit), meters: await metersOf(trx, estate_id, { units: [unit] }),
      };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/register/changes', {
    schema: {
      tags, summary: 'Changes of the register, newest first', security, params: Path,
      querystring: Type.Object({ unit: Type.Optional(Unit), before: Type.Optional(Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object({ seq: Number, recorded_at: Type.String(), what: Type.String(), count: Number, by_name: Nullable, units: Type.Array(Unit) })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { limit = 100, ...of } = request.query;
    const items = await inEstate(house.db.app, estate_id, (trx) => registerChanges(trx, estate_id, { ...of, limit }), { readOnly: true });
    return { items: items.map((row) => ({ ...row, recorded_at: isoInstant(row.recorded_at) })) };
  });

  app.post('/api/v1/estates/:estate/register/units', {
    schema: {
      tags, summary: 'Enter a dwelling', security, headers: KeyHeader, params: Path,
      body: Type.Object({ unit: Unit, building: Short, stairwell: Type.Optional(Short), phase: Type.Optional(Short), area_m2: Type.String({ maxLength: 20, examples: ['85.00'] }), kind: Type.Optional(oneOf(unitKinds)), occupancy: Type.Optional(oneOf(occupancies)) }, { additionalProperties: false }),
      response: { 200: UnitDone },
    },
  }, (request) => enterDwelling(house, { stairwell: '', phase: '', kind: 'dwelling', occupancy: 'owner', ...request.body, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/facts', {
    schema: {
      tags, summary: 'Area, kind and occupancy from a day on', security, headers: KeyHeader, params: UnitPath,
      body: Type.Object({ from_date: Day, area_m2: Type.String({ maxLength: 20, examples: ['90.00'] }), kind: oneOf(unitKinds), occupancy: oneOf(occupancies) }, { additionalProperties: false }),
      response: { 200: Type.Object({ unit: Unit, carried: Number }) },
    },
  }, (request) => changeFacts(house, { ...request.body, unit: request.params.unit, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/facts/:id/take-back', {
    schema: { tags, summary: 'Take a wrong fact back', security, headers: KeyHeader, params: Type.Object({ estate: Type.String(), unit: Unit, id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) }), response: { 200: UnitDone } },
  }, (request) => takeBackFact(house, { unit: request.params.unit, fact_id: request.params.id, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/end', {
    schema: {
      tags, summary: 'Take a dwelling out of the register', security, headers: KeyHeader, params: UnitPath, body: Type.Object({ last_day: Day }, { additionalProperties: false }),
      response: { 200: Type.Object({ unit: Unit, ended_on: Day }) },
    },
  }, (request) => endDwelling(house, { unit: request.params.unit, ...request.body, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/owners', {
    schema: {
      tags, summary: 'New owners from a day on; whoever owned it before ends the day before', security, headers: KeyHeader, params: UnitPath,
      body: Type.Object({
        from_date: Day, owners: Type.Array(Type.Object({ ...Party, share: Type.Optional(Type.String({ maxLength: 20, examples: ['1/2'] })), pays: Type.Optional(Type.Boolean()) }, { additionalProperties: false }), { minItems: 1, maxItems: 20 }),
        keep_logins: Type.Optional(Type.Array(Uuid, { maxItems: 50 })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ unit: Unit, from_date: Day, owners: Number, ended: Number, logins_ended: Number }) },
    },
  }, (request) => handOver(house, { ...request.body, unit: request.params.unit, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/tenants', {
    schema: {
      tags, summary: 'A tenant moves in', security, headers: KeyHeader, params: UnitPath,
      body: Type.Object({ ...Party, from_date: Day, to_date: Type.Optional(Day), pays: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
      response: { 200: Type.Object({ unit: Unit, tenure_id: Number }) },
    },
  }, (request) => moveTenantIn(house, { ...request.body, unit: request.params.unit, ...asked(request) }));

  const TenurePath = Type.Object({ estate: Type.String(), unit: Unit, id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) });
  app.post('/api/v1/estates/:estate/register/units/:unit/tenures/:id/end', {
    schema: {
      tags, summary: 'A tenant moves out', security, headers: KeyHeader, params: TenurePath,
      body: Type.Object({ last_day: Day, occupancy: oneOf(occupancies) }, { additionalProperties: false }), response: { 200: Type.Object({ unit: Unit, to_date: Day }) },
    },
  }, (request) => moveTenantOut(house, { ...request.body, unit: request.params.unit, tenure_id: request.params.id, ...asked(request) }));

  app.post('/api/v1/estates/:estate/register/units/:unit/tenures/:id/payer', {
    schema: {
      tags, summary: 'Whether bills go to an owner or tenant, from a day on', security, headers: KeyHeader, params: TenurePath,
      body: Type.Object({ pays: Type.Boolean(), from_date: Day }, { additionalProperties: false }), response: { 200: Type.Object({ unit: Unit, tenure_id: Number }) },
    },
  }, (request) => changePayer(house, { ...request.body, unit: request.params.unit, tenure_id: request.params.id, ...asked(request) }));

  const PartyPath = Type.Object({ estate: Type.String(), unit: Unit, party: Type.String({ maxLength: 40 }) });
  /** An id that is none is nobody's. */
  const partyIn = (request: { params: { unit: string; party: string } }): string => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(request.params.party)) throw refusals.tenure_unknown({ unit: request.params.unit });
    return request.params.party.toLowerCase();
  };
  app.post('/api/v1/estates/:estate/register/units/:unit/parties/:party', {
    schema: {
      tags, summary: 'Correct a name or telephone', security, headers: KeyHeader, params: PartyPath,
      body: Type.Object({ name: Party.name, phone: Party.phone, note: Party.note }, { additionalProperties: false }), response: { 200: UnitDone },
    },
  }, (request) => keep(request, () => correctParty(house, { ...request.body, unit: request.params.unit, party_id: partyIn(request), ...asked(request) })));

  app.post('/api/v1/estates/:estate/register/units/:unit/parties/:party/login', {
    schema: {
      tags, summary: 'Link an owner or tenant to a login of the dwelling; null undoes it', security, headers: KeyHeader, params: PartyPath,
      body: Type.Object({ person_id: Type.Union([Uuid, Type.Null()]) }, { additionalProperties: false }), response: { 200: UnitDone },
    },
  }, (request) => keep(request, () => linkParty(house, { person_id: request.body.person_id, unit: request.params.unit, party_id: partyIn(request), ...asked(request) })));

  app.post('/api/v1/estates/:estate/register/units/:unit/parties/:party/erasure', {
    schema: { tags, summary: 'Erase the name of somebody who has left', security, headers: KeyHeader, params: PartyPath, response: { 200: UnitDone } },
  }, (request) => {
    demand(request.actor, request.estate!.estate_id, 'erase_text');
    return eraseParty(house, { unit: request.params.unit, party_id: partyIn(request), ...asked(request) });
  });

  /** Who may comes before what was sent. */
  function keep<T>(request: FastifyRequest, work: () => T): T {
    demand(request.actor, request.estate!.estate_id, 'keep_register');
    return work();
  }
}
