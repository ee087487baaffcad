// Terms of office over the API: who serves when, and proposals to appoint somebody or to end a term early.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { termsOf } from '../people/queries.ts';
import { proposeAppointment, proposeEnd, vacanciesOf } from './membership.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Null = Type.Null();
const Text = Type.String();
const Body = Type.Enum(['property', 'committee', 'supervisor', 'party_branch', 'community', 'street', 'auditor'], { examples: ['committee'] });
const Office = Type.Enum(['cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'auditor', 'deputy'], { examples: ['deputy'] });
export const Proposed = {
  proposal_id: Type.Integer(), document_hash: Text, class: Type.Enum(['normal', 'emergency', 'vacancy']), payable_from: Text,
};
const tags = ['people'];

export function membershipRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/terms', {
    schema: {
      tags, summary: 'Terms of office, past ones too, and bodies that have too few signers', security, params: Path,
      response: {
        200: Type.Object({
          items: Type.Array(Type.Object({
            term_id: Type.Integer(), body: Text, office: Text, name: Type.Union([Text, Null]), starts_on: Text, ends_on: Text,
            in_office: Type.Boolean(), proposal_id: Type.Union([Type.Integer(), Null]),
          })),
          vacancies: Type.Array(Type.Object({ body: Text, needed: Type.Integer(), have: Type.Integer() })),
        }),
      },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const items = (await termsOf(trx, estate_id)).map(({ term_id, body, office, name, starts_on, ends_on, proposal_id }) => ({
        term_id, body, office, name, starts_on, ends_on, in_office: starts_on <= today && today <= ends_on, proposal_id,
      }));
      const vacancies = (await vacanciesOf(trx, estate_id, today)).map(({ body, needed, have }) => ({ body, needed, have }));
      return { items, vacancies };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/terms/proposals', {
    schema: {
      tags, summary: 'Propose an appointment', security, params: Path, headers: KeyHeader,
      description: 'One of term (somebody who holds or held that office), login (an owner), new_person (entered now, with a one-time '
        + 'password that is shown here and never again). Where the body has too few signers the vacancy rule is taken by itself.',
      body: Type.Object({
        term: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000_000 })),
        login: Type.Optional(Type.String({ maxLength: 200 })),
        new_person: Type.Optional(Type.Object({ name: Type.String({ maxLength: 200 }), login: Type.String({ maxLength: 200 }) },
          { additionalProperties: false })),
        body: Body, office: Office, starts_on: Day, ends_on: Day, resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: {
        201: Type.Object({ ...Proposed, new_login: Type.Union([Type.Object({ login: Text, password: Text }), Null]) }),
      },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    const { term, login, new_person, ...asked } = request.body;
    const { proposed, new_login } = await proposeAppointment(house, {
      estate, actor, key: callersKey(request), who: { term, login, new_person }, ...asked,
    });
    return reply.code(201).header('cache-control', 'no-store').send({ ...proposed, new_login });
  });

  app.post('/api/v1/estates/:estate/terms/:term/end', {
    schema: {
      tags, summary: 'Propose the early end of a term', security, headers: KeyHeader,
      params: Type.Object({ ...Path.properties, term: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['4'] }) }),
      description: 'ends_on is the last day in office; without it the term ends as soon as the proposal is signed.',
      body: Type.Object({ ends_on: Type.Optional(Day), resolution: Type.Optional(Resolution) }, { additionalProperties: false }),
      response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    const proposed = await proposeEnd(house, { estate, actor, key: callersKey(request), term: Number(request.params.term), ...request.body });
    return reply.code(201).send(proposed);
  });
}
