// Delegations over the API: who signs for whom, proposals of new ones, and their end by either of the two.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import { delegationsOf } from '../people/queries.ts';
import { endDelegation, proposeDelegation } from './delegation.ts';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { Proposed } from './membership-routes.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Text = Type.String();
const Nullable = Type.Union([Text, Type.Null()]);
const TermNumber = Type.Integer({ minimum: 1, maximum: 2_000_000_000 });
const tags = ['people'];

export function delegationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/delegations', {
    schema: {
      tags, summary: 'Who signs in whose place, the latest first', security, params: Path,
      response: {
        200: Type.Object({
          items: Type.Array(Type.Object({
            delegation_id: Type.Integer(), body: Text, principal_name: Nullable, principal_office: Text, delegate_name: Nullable,
            starts_on: Text, ends_on: Text, after_days: Type.Integer(), in_force: Type.Boolean(), proposal_id: Type.Integer(),
          })),
        }),
      },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => ({
      items: (await delegationsOf(trx, estate_id, await estateToday(trx, estate_id)))
        .map(({ principal: _principal, delegate: _delegate, ...row }) => row),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/delegations', {
    schema: {
      tags, summary: 'Propose a delegation', security, params: Path, headers: KeyHeader,
      description: 'Both are named by the number of a term of the same body; the deputy\'s is an office of deputy. '
        + 'after_days: 0 at once, else only for what has waited that many days since it was submitted.',
      body: Type.Object({
        principal_term: TermNumber, deputy_term: TermNumber, starts_on: Day, ends_on: Day,
        after_days: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000 })), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeDelegation(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/delegations/:delegation/end', {
    schema: {
      tags, summary: 'End a delegation: by whoever gave it, or by the deputy', security,
      params: Type.Object({ ...Path.properties, delegation: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['1'] }) }),
      body: Type.Optional(Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()])),
      response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'sign');
    await endDelegation(house, { estate, actor, delegation_id: Number(request.params.delegation) });
    return reply.code(204).send(null);
  });
}
