// Interface of people: logging in and out, tokens, bodies, invitations, joining; passkeys in
// passkey-routes.ts.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { demand, refusals as actorRefusals, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { estateToday } from '../evidence/records.ts';
import { recognise } from './credential.ts';
import { addHome, issueInvitations, joinAsNew, MOST_SHEETS } from './invitation.ts';
import { tellingWait } from './limits.ts';
import { erasureRoutes } from './erasure-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { placesOf } from './places.ts';
import { bodiesOf, termsOf } from './queries.ts';
import { closeSession, openSession } from './session.ts';
import { closeToken, demandBrowser, openToken, tokensOf } from './token.ts';

const exact = { additionalProperties: false } as const;
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const BodyName = Type.String({ examples: ['property'] });
const Office = Type.Object(
  {
    estate: Type.String({ examples: ['demo'] }),
    estate_name_zh: Type.String(),
    estate_name_en: Type.String(),
    body: BodyName,
    office: Type.String({ examples: ['cashier'] }),
    starts_on: Type.String({ examples: ['2026-01-01'] }),
    ends_on: Type.String({ examples: ['2028-12-31'] }),
  },
  exact,
);
const Home = Type.Object(
  {
    estate: Type.String(),
    estate_name_zh: Type.String(),
    estate_name_en: Type.String(),
    unit: Type.String({ examples: ['3-2-1002'] }),
  },
  exact,
);
const Me = Type.Object(
  {
    person_id: Type.String(),
    name: Type.String(),
    login: Type.String(),
    offices: Type.Array(Office),
    homes: Type.Array(Home),
    csrf: Type.Union([Type.String(), Type.Null()], {
      description:
        'X-CSRF-Token of a program with a cookie that sends no Origin and no Sec-Fetch-Site.',
    }),
  },
  exact,
);
const Scopes = Type.Array(Type.Union([Type.Literal('read'), Type.Literal('post')]), {
  minItems: 1,
  maxItems: 2,
  examples: [['read']],
});
const Label = Type.String({
  minLength: 1,
  maxLength: 60,
  examples: ['spreadsheet of the auditor'],
});

const meOf = async (house: House, actor: Actor) => {
  const { person_id, name, login, csrf } = actor;
  return { person_id, name, login, csrf, ...(await placesOf(house.db.app, actor)) };
};

function sessionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/session',
    {
      schema: {
        summary: 'Log in; the answer sets the session cookie',
        tags: ['people'],
        security: [],
        body: Type.Object(
          {
            login: Type.String({ maxLength: 200, examples: ['cashier'] }),
            password: Type.String({ maxLength: 1000, examples: ['mingzhang-demo'] }),
          },
          exact,
        ),
        response: { 200: Me },
      },
    },
    async (request, reply) => {
      const person_id = await tellingWait(
        reply,
        recognise(house, { ...request.body, address: request.ip }),
      );
      return meOf(house, await openSession(house, request, reply, person_id));
    },
  );
  app.delete(
    '/api/v1/session',
    { schema: { summary: 'Log out', tags: ['people'], response: { 204: Type.Null() } } },
    async (request, reply) => {
      await closeSession(house, request, reply);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/me',
    {
      schema: {
        summary: 'Who I am, my offices and homes',
        tags: ['people'],
        response: { 200: Me },
      },
    },
    async ({ actor }) => {
      if (actor === null) throw actorRefusals.login_required();
      return meOf(house, actor);
    },
  );
}

const Token = Type.Object(
  {
    token_id: Type.String(),
    label: Type.String(),
    scopes: Type.Array(Type.String()),
    created_at: Type.String(),
    seen_at: Type.String(),
    expires_at: Type.String(),
  },
  exact,
);

function tokenRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'Make a bearer token; its text is shown here and never again',
        tags: ['people'],
        body: Type.Object({ label: Label, scopes: Scopes }, exact),
        response: {
          201: Type.Object(
            {
              token_id: Type.String(),
              token: Type.String({ examples: ['mz_…'] }),
              label: Type.String(),
              scopes: Type.Array(Type.String()),
              expires_at: Type.String(),
            },
            exact,
          ),
        },
      },
    },
    async (request, reply) => {
      const made = await openToken(house, demandBrowser(request.actor), request.body);
      return reply.code(201).header('cache-control', 'no-store').send(made);
    },
  );
  app.get(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'My bearer tokens',
        tags: ['people'],
        response: { 200: Type.Object({ items: Type.Array(Token) }, exact) },
      },
    },
    async ({ actor }) => {
      if (actor === null) throw actorRefusals.login_required();
      return { items: await tokensOf(house, actor.person_id) };
    },
  );
  app.delete(
    '/api/v1/tokens/:token_id',
    {
      schema: {
        summary: 'End one of my bearer tokens',
        tags: ['people'],
        params: Type.Object({ token_id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await closeToken(house, demandBrowser(request.actor).person_id, request.params.token_id);
      return reply.code(204).send(null);
    },
  );
}

const Term = Type.Object(
  {
    term_id: Type.Integer(),
    office: Type.String({ examples: ['chair'] }),
    name: Type.Union([Type.String(), Type.Null()]),
    starts_on: Type.String(),
    ends_on: Type.String(),
    in_office: Type.Boolean(),
  },
  exact,
);

function bodyRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/v1/estates/:estate/bodies',
    {
      schema: {
        summary: 'Bodies of the estate, their officers and which key each may hold',
        tags: ['people'],
        params: Path,
        response: {
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object(
                  {
                    body: BodyName,
                    name_zh: Type.String(),
                    name_en: Type.String(),
                    key_side: Type.Union([
                      Type.Literal('company'),
                      Type.Literal('owners'),
                      Type.Null(),
                    ]),
                    terms: Type.Array(Term),
                  },
                  exact,
                ),
              ),
            },
            exact,
          ),
        },
      },
    },
    async ({ actor, estate }) => {
      const { estate_id } = estate!;
      demand(actor, estate_id, 'read_books');
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) => {
          const on = await estateToday(trx, estate_id);
          const terms = await termsOf(trx, estate_id);
          const items = (await bodiesOf(trx, estate_id)).map((body) => ({
            ...body,
            terms: terms
              .filter((term) => term.body === body.body)
              .map(({ term_id, office, name, starts_on, ends_on }) => ({
                term_id,
                office,
                name,
                starts_on,
                ends_on,
                in_office: starts_on <= on && on <= ends_on,
              })),
          }));
          return { items };
        },
        { readOnly: true },
      );
    },
  );
}

function invitationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/estates/:estate/invitations',
    {
      schema: {
        summary:
          'Issue invitation codes, one for each dwelling; they are shown here and never again',
        tags: ['people'],
        params: Path,
        description: 'Without units: one for each dwelling that nobody has joined yet.',
        body: Type.Object(
          {
            units: Type.Optional(
              Type.Array(Type.String({ maxLength: 40, examples: ['3-2-1002'] }), {
                maxItems: MOST_SHEETS,
              }),
            ),
          },
          exact,
        ),
        response: {
          201: Type.Object(
            {
              items: Type.Array(
                Type.Object(
                  {
                    unit: Type.String(),
                    code: Type.String({ examples: ['00173051846299371048'] }),
                    url: Type.String(),
                    expires_on: Type.String(),
                  },
                  exact,
                ),
              ),
            },
            exact,
          ),
        },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'invite');
      const { units } = request.body;
      const issued = await inEstate(house.db.app, estate.estate_id, (trx) =>
        issueInvitations(trx, { estate, actor, units }),
      );
      const items = issued.map((one) => ({
        ...one,
        url: `${house.settings.public_url}/join?code=${one.code}`,
      }));
      return reply.code(201).header('cache-control', 'no-store').send({ items });
    },
  );
  app.post(
    '/api/v1/join',
    {
      schema: {
        summary: 'Join a dwelling with an invitation code: with a new login, or with mine',
        tags: ['people'],
        security: [],
        body: Type.Object(
          {
            code: Type.String({ maxLength: 100, examples: ['0017 3051 8462 9937 1048'] }),
            login: Type.Optional(Type.String({ maxLength: 200, examples: ['13800000000'] })),
            password: Type.Optional(Type.String({ maxLength: 1000 })),
            name: Type.Optional(Type.String({ maxLength: 200, examples: ['王阿姨'] })),
          },
          exact,
        ),
        response: {
          201: Type.Object(
            { person_id: Type.String(), estate: Type.String(), unit: Type.String() },
            exact,
          ),
        },
      },
    },
    async (request, reply) => {
      const { code, login, password, name = '' } = request.body;
      if (login === undefined || password === undefined) {
        const { person_id, estate, unit } = await tellingWait(
          reply,
          addHome(house, code, demandBrowser(request.actor), request.ip),
        );
        return reply.code(201).send({ person_id, estate: estate.code, unit });
      }
      const { person_id, estate, unit } = await tellingWait(
        reply,
        joinAsNew(house, code, { login, password, name }, request.ip),
      );
      await openSession(house, request, reply, person_id);
      return reply.code(201).send({ person_id, estate: estate.code, unit });
    },
  );
}

export function peopleRoutes(app: FastifyInstance, house: House): void {
  sessionRoutes(app, house);
  tokenRoutes(app, house);
  bodyRoutes(app, house);
  invitationRoutes(app, house);
  passkeyRoutes(app, house);
  erasureRoutes(app, house);
}
