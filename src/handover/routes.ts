// Certificates and takeovers over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { proposeHandover, proposeTakeover } from './handover.ts';
import { handovers } from './queries.ts';
import { readableHandover } from './reading.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), handover: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['41'] }) });
const Nullable = <S extends Parameters<typeof Type.Union>[0][number]>(type: S) => Type.Union([type, Type.Null()]);
const Row = {
  handover: Type.Integer(), state: Type.String(), body: Type.String(), outgoing: Type.String(), period: Type.String(), submitted_on: Type.String(), ends_on: Type.String(),
  takeover: Nullable(Type.Integer()), incoming: Nullable(Type.String()), taken_from: Nullable(Type.String()), asked_takeover: Nullable(Type.Integer()), asked_state: Nullable(Type.String()),
};
const Proposed = Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String() });

export function handoverRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/handovers', {
    schema: { tags: ['handover'], summary: 'Closing certificates and who took over', security, params: Path, response: { 200: Type.Object({ items: Type.Array(Type.Object(Row)) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return { items: await inEstate(house.db.app, estate_id, (trx) => handovers(trx, estate_id, { officer: may(actor, estate_id, 'read_officers') }), { readOnly: true }) };
  });

  app.get('/api/v1/estates/:estate/handovers/:handover', {
    schema: {
      tags: ['handover'], summary: 'One closing certificate', security, params: OnePath,
      description: 'Figures as of the end of a closed month; lists by dwelling are told by number, sum and SHA-256 only.',
      response: { 200: Type.Object({ ...Row, document_hash: Type.String(), others: Type.String(), differences: Type.String(), certificate: Type.Unsafe<object>({ type: 'object', additionalProperties: true }) }) },
    },
  }, async (request) => {
    const { signatures: _signatures, ...shown } = await inEstate(house.db.app, request.estate!.estate_id, (trx) =>
      readableHandover(trx, { estate: request.estate!, actor: request.actor, handover: Number(request.params.handover) }), { readOnly: true });
    return shown;
  });

  app.post('/api/v1/estates/:estate/handovers', {
    schema: {
      tags: ['handover'], summary: 'Propose a closing certificate as of the last closed month', security, headers: KeyHeader, params: Path,
      description: 'Signed by the outgoing company and the committee under the rule for changing rules.',
      body: Type.Object({
        ends_on: Type.String({ maxLength: 20, examples: ['2026-12-31'], description: 'Last day of the outgoing company' }),
        contracts: Type.Optional(Type.String({ maxLength: 20_000, examples: ['电梯维保合同 | 川梯工程公司 | 2027-06-30'], description: 'One a line: contract | other party | last day' })),
        others: Type.Optional(Type.String({ maxLength: 2_000 })), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeHandover(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/handovers/:handover/takeover', {
    schema: {
      tags: ['handover'], summary: 'Propose that the next company takes over', security, headers: KeyHeader, params: OnePath,
      description: 'Signed by the incoming company and the committee. Nobody who signed the certificate signs, and signers of the company came into office since.',
      body: Type.Object({
        trustee: Type.String({ maxLength: 500, examples: ['明德物业服务有限公司'] }), from: Type.String({ maxLength: 20, examples: ['2027-01-01'] }),
        differences: Type.Optional(Type.String({ maxLength: 2_000 })), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeTakeover(house, { estate, actor, handover: Number(request.params.handover), key: callersKey(request), ...request.body }));
  });
}
