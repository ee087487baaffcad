// Opening balances and forms of bodies over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { bodyForms, committeeForms, companyForms } from '../people/body-form.ts';
import { bodyKinds, proposeBodyForm } from './body-form.ts';
import { openingStanding } from './opening-queries.ts';
import { isEven } from './opening-rows.ts';
import { lookAtOpening, openingClosed, proposeOpening } from './opening.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Nullable = <S extends Parameters<typeof Type.Union>[0][number]>(type: S) => Type.Union([type, Type.Null()]);
const Proposed = Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String() });
const Table = Type.String({ maxLength: 20_000, examples: ['1002\t物业服务资金\t12000.00\t\t\n3101\t物业服务资金\t\t12000.00\t'],
  description: 'One line each, with tabs or commas: account, fund, debit, credit, dwelling (for 2203 and 2241). Headings are recognised.' });
const Both = Type.Object({ zh: Type.String(), en: Type.String() });

export function foundingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/opening-balances', {
    schema: {
      tags: ['founding'], summary: 'Whether opening balances are booked, under way or still possible', security, params: Path,
      response: { 200: Type.Object({
        booked: Nullable(Type.Object({ seq: Type.Integer(), period: Type.String(), number: Type.String(), proposal_id: Type.Integer() })),
        waiting: Nullable(Type.Integer({ description: 'Proposal under way' })), possible: Type.Boolean(), why_not: Nullable(Both),
      }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const { booked, waiting } = await openingStanding(trx, estate);
      const closed = await openingClosed(trx, estate);
      return { booked, waiting, possible: closed === null, why_not: closed === null ? null : { zh: closed.in('zh'), en: closed.in('en') } };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/opening-balances/preview', {
    schema: {
      tags: ['founding'], summary: 'Dry run of a table of opening balances: nothing is written', security, params: Path,
      body: Type.Object({ table: Table }, { additionalProperties: false }),
      response: { 200: Type.Object({
        good: Type.Boolean(), even: Type.Boolean(), lines: Type.Integer(), dwellings: Type.Integer(), money: Type.String({ description: 'In the bank and in cash' }),
        funds: Type.Array(Type.Object({ fund: Type.String(), debit: Type.String(), credit: Type.String(), difference: Type.String() })),
        missing: Type.Array(Type.String(), { description: 'Lines that would even out each fund' }),
        faults: Type.Array(Type.Object({ row: Type.Integer(), text: Type.String(), why: Both, fix: Both })), refused: Nullable(Both),
      }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'propose');
    const looked = await inEstate(house.db.app, estate.estate_id, (trx) => lookAtOpening(trx, estate, request.body.table), { readOnly: true });
    const { lines, units, money, sums, missing, faults, refused } = looked;
    return {
      good: refused === null, even: isEven(looked), lines: lines.length, dwellings: units, money, funds: sums, missing, faults,
      refused: refused === null ? null : { zh: refused.in('zh'), en: refused.in('en') },
    };
  });

  app.post('/api/v1/estates/:estate/opening-balances', {
    schema: {
      tags: ['founding'], summary: 'Propose opening balances', security, headers: KeyHeader, params: Path,
      description: 'Once for a set of books, in its first month and before anything else that was signed is booked. Signed as a change of the rules is; '
        + 'then one transfer entry is booked, dated the first day of the books.',
      body: Type.Object({ table: Table, vouchers: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 20 })), resolution: Type.Optional(Resolution) },
        { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeOpening(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.get('/api/v1/estates/:estate/body-forms', {
    schema: {
      tags: ['founding'], summary: 'Forms of bodies, each from a day on', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        body: Type.String(), form: Type.String(), name_zh: Type.String(), name_en: Type.String(), mode: Nullable(Type.String()), from_day: Type.String(), until_day: Nullable(Type.String()),
        proposal_id: Nullable(Type.Integer()), holds: Type.Boolean(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return { items: await inEstate(house.db.app, estate_id, async (trx) => bodyForms(trx, estate_id, await estateToday(trx, estate_id)), { readOnly: true }) };
  });

  app.post('/api/v1/estates/:estate/body-forms', {
    schema: {
      tags: ['founding'], summary: 'Propose another form or name of a body', security, headers: KeyHeader, params: Path,
      description: 'Signed as a change of the rules is. The body keeps its key and its terms; form and name change from a day on. A body that is not there yet is opened by it.',
      body: Type.Object({
        body: Type.Enum(bodyKinds, { examples: ['committee'] }), form: Type.Enum([...committeeForms, ...companyForms, 'usual'], { examples: ['owners_committee'] }),
        name_zh: Type.String({ maxLength: 200, examples: ['示例小区业主委员会'] }), name_en: Type.Optional(Type.String({ maxLength: 200 })),
        from: Type.String({ maxLength: 20, examples: ['2026-12-01'] }), until: Type.Optional(Type.String({ maxLength: 20, description: 'Last day a temporary body is meant for' })),
        mode: Type.Optional(Type.String({ maxLength: 20, description: 'trust, commission or self_managed, where another way of managing changes it' })),
        resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeBodyForm(house, { estate, actor, key: callersKey(request), ...request.body }));
  });
}
