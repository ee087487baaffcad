// Changing the log's key over the API. The keys themselves: GET …/log/keys.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { proposeLogKeyChange } from './log-key-change.ts';

export function logKeyRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/log/keys/changes', {
    schema: {
      tags: ['log'], summary: 'Propose another key for the log', security, headers: KeyHeader,
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }) }),
      description: 'The service makes a key pair and keeps the secret part; it is signed under the rule for changing rules. '
        + 'vkey names a key that lies in the key folder already.',
      body: Type.Object({
        reason: Type.String({ maxLength: 2_000, examples: ['密钥文件丢失'] }),
        vkey: Type.Optional(Type.String({ maxLength: 300 })), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String(), new_vkey: Type.String() }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeLogKeyChange(house, { estate, actor, key: callersKey(request), ...request.body }));
  });
}
