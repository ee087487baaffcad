// Relays, bulletins, choices and the feed over the API.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, security } from '../approval/schemas.ts';
import { demand, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { letterChoiceOf } from '../kernel/notice-choice.ts';
import { demandBrowser } from '../people/token.ts';
import { choosableKinds } from './bulletin-kinds.ts';
import { keepChoices } from './choice.ts';
import { endFeedKey, feedKeyOf, makeFeedKey } from './feed.ts';
import { changeRelay, endRelay, openRelay, renewSecret, resendRelay, testRelay } from './relay.ts';
import { bulletinsOf, deliveriesOf, relaysOf, relayTold, type DeliveryRow, type RelayTold } from './relay-queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const RelayPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), relay: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Cursor = Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }));
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200 }));
const NullableText = Type.Union([Type.String(), Type.Null()]);
const exact = { additionalProperties: false } as const;
const Facts = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()]));

const Relay = Type.Object({
  relay: Type.Integer(), kind: Type.String({ description: 'wecom, dingtalk, feishu or webhook' }), label: Type.String(), host: Type.String({ description: 'All that is ever shown of the address' }),
  events: Type.Array(Type.String()), locale: Type.String(), signed: Type.Boolean(), opened_at: Type.String(), ended_at: NullableText, ended_why: NullableText,
  sent: Type.Integer(), waiting: Type.Integer(), failed: Type.Integer(), last_sent_at: NullableText, problem: NullableText,
}, exact);
const Delivery = Type.Object({
  delivery: Type.Integer(), delivery_id: Type.String(), bulletin: Type.Integer(), kind: Type.String(), state: Type.String({ description: 'waiting, sent, failed or dropped' }),
  attempts: Type.Integer(), made_at: Type.String(), next_at: NullableText, ended_at: NullableText, problem: NullableText,
}, exact);
const Bulletin = Type.Object({
  bulletin: Type.Integer(), kind: Type.String(), facts: Facts, text_zh: Type.String(), text_en: Type.String(), href: Type.String(), happened_at: Type.String(),
}, exact);
const Events = Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 40, examples: [['disclosure_published', 'exception_raised']] });
const Label = Type.String({ maxLength: 200, examples: ['业主群'] });
const Spoken = Type.String({ maxLength: 10, examples: ['zh'] });
const Way = Type.String({ maxLength: 20, examples: ['digest'] });
const Choice = Type.Object({ mail: Type.Boolean(), bills: Type.Boolean(), queue: Type.Boolean(), ways: Type.Record(Type.String(), Type.String(), { examples: [{ sign: 'now', outcome: 'digest' }] }) }, exact);

const iso = (at: Date | null): string | null => (at === null ? null : isoInstant(at));
const relayItem = ({ opened_by: _by, opened_at, ended_at, last_sent_at, ...row }: RelayTold) =>
  ({ ...row, opened_at: isoInstant(opened_at), ended_at: iso(ended_at), last_sent_at: iso(last_sent_at) });
const deliveryItem = ({ text_zh: _zh, text_en: _en, href: _href, made_at, next_at, ended_at, ...row }: DeliveryRow) =>
  ({ ...row, made_at: isoInstant(made_at), next_at: row.state === 'waiting' ? isoInstant(next_at) : null, ended_at: iso(ended_at) });

/** One's own choices and keys are for a browser: a token that leaked must not silence its person. */
const inBrowser = (request: FastifyRequest): Actor => demandBrowser(demand(request.actor, request.estate!.estate_id, 'read_books'));

export function deliveryRoutes(app: FastifyInstance, house: House): void {
  relayRoutes(app, house);
  relayStepRoutes(app, house);
  ownRoutes(app, house);
}

function relayRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/relays', {
    schema: { tags: ['delivery'], summary: 'Relays: robots of groups and webhooks, with how they do', security, params: Path, response: { 200: Type.Object({ items: Type.Array(Relay), kinds: Type.Array(Type.String()) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    return { items: (await inEstate(house.db.app, estate_id, (trx) => relaysOf(trx, estate_id), { readOnly: true })).map(relayItem), kinds: [...choosableKinds] };
  });

  app.post('/api/v1/estates/:estate/relays', {
    schema: {
      tags: ['delivery'], summary: 'Set a relay up', security, headers: KeyHeader, params: Path,
      description: 'kind: wecom, dingtalk, feishu or webhook. The secret of a webhook (Standard Webhooks, whsec_…) is made here and is in this answer only.',
      body: Type.Object({
        kind: Type.String({ maxLength: 20, examples: ['webhook'] }), label: Label, address: Type.String({ maxLength: 1_000, examples: ['https://hooks.example.cn/mingzhang'] }),
        secret: Type.Optional(Type.String({ maxLength: 200 })), events: Events, locale: Type.Optional(Spoken),
      }, exact),
      response: { 201: Type.Object({ relay: Type.Integer(), secret: NullableText }) },
    },
  }, async (request, reply) => {
    const { locale = 'zh', ...typed } = request.body;
    reply.header('cache-control', 'no-store');
    return reply.code(201).send(await openRelay(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), locale, ...typed }));
  });

  app.get('/api/v1/estates/:estate/relays/:relay/deliveries', {
    schema: {
      tags: ['delivery'], summary: 'What was to go to a relay, newest first', security, params: RelayPath,
      querystring: Type.Object({ cursor: Cursor, limit: Limit, state: Type.Optional(Type.String({ maxLength: 20 })) }, exact),
      response: { 200: Type.Object({ items: Type.Array(Delivery), next_cursor: Type.Union([Type.Integer(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { cursor, limit = 50, state } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const { relay } = await relayTold(trx, estate_id, Number(request.params.relay));
      const { items, next_cursor } = await deliveriesOf(trx, estate_id, relay, { limit, before: cursor, state });
      return { items: items.map(deliveryItem), next_cursor };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/bulletins', {
    schema: {
      tags: ['delivery'], summary: 'What happened and may be told to every owner, newest first', security, params: Path,
      querystring: Type.Object({ cursor: Cursor, limit: Limit }, exact),
      response: { 200: Type.Object({ items: Type.Array(Bulletin), next_cursor: Type.Union([Type.Integer(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { cursor, limit = 50 } = request.query;
    const rows = await inEstate(house.db.app, estate_id, (trx) => bulletinsOf(trx, estate_id, { kinds: choosableKinds, limit: limit + 1, before: cursor }), { readOnly: true });
    const items = rows.slice(0, limit).map(({ key: _key, happened_at, ...row }) => ({ ...row, happened_at: isoInstant(happened_at) }));
    return { items, next_cursor: rows.length > limit ? items.at(-1)!.bulletin : null };
  });
}

function relayStepRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const at = (request: FastifyRequest) => ({ estate: request.estate!, actor: request.actor, relay: Number((request.params as { relay: string }).relay) });
  const BASE = '/api/v1/estates/:estate/relays/:relay';

  app.put(BASE, {
    schema: { tags: ['delivery'], summary: 'Change name, kinds and language', security, params: RelayPath, body: Type.Object({ label: Label, events: Events, locale: Spoken }, exact), response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await changeRelay(house, { ...at(request), ...request.body });
    return reply.code(204).send(null);
  });

  app.post(`${BASE}/end`, { schema: { tags: ['delivery'], summary: 'End a relay; what waits for it is dropped', security, params: RelayPath, response: { 204: Type.Null() } } }, async (request, reply) => {
    await endRelay(house, at(request));
    return reply.code(204).send(null);
  });

  app.post(`${BASE}/test`, {
    schema: { tags: ['delivery'], summary: 'Put a test into the outbox', security, params: RelayPath, response: { 202: Type.Object({ bulletin: Type.Integer() }) } },
  }, async (request, reply) => reply.code(202).send({ bulletin: await testRelay(house, at(request)) }));

  app.post(`${BASE}/again`, {
    schema: { tags: ['delivery'], summary: 'Send again what was given up or waits for long', security, params: RelayPath, response: { 200: Type.Object({ queued: Type.Integer() }) } },
  }, async (request) => ({ queued: await resendRelay(house, at(request)) }));

  app.post(`${BASE}/secret`, {
    schema: { tags: ['delivery'], summary: 'Another secret for a webhook; for a day both sign', security, params: RelayPath, response: { 201: Type.Object({ secret: Type.String() }) } },
  }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return reply.code(201).send({ secret: await renewSecret(house, at(request)) });
  });
}

function ownRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/notices/choices', {
    schema: { tags: ['people'], summary: 'How my notices are sent: by topic now, digest or none', security, params: Path, response: { 200: Choice } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { person_id } = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, (trx) => letterChoiceOf(trx, estate_id, person_id), { readOnly: true });
  });

  app.put('/api/v1/estates/:estate/notices/choices', {
    schema: {
      tags: ['people'], summary: 'Choose how my notices are sent; what is not named stays', security, params: Path,
      body: Type.Object({ mail: Type.Optional(Type.Boolean()), bills: Type.Optional(Type.Boolean()), queue: Type.Optional(Type.Boolean()), ways: Type.Optional(Type.Record(Type.String({ maxLength: 20 }), Way)) }, exact),
      response: { 200: Choice },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { person_id } = inBrowser(request);
    return keepChoices(house, estate_id, person_id, request.body);
  });

  app.get('/api/v1/estates/:estate/feed-key', {
    schema: { tags: ['people'], summary: 'When the key of my feed was made', security, params: Path, response: { 200: Type.Object({ made_at: NullableText }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { person_id } = demand(request.actor, estate_id, 'read_books');
    return { made_at: iso(await inEstate(house.db.app, estate_id, (trx) => feedKeyOf(trx, estate_id, person_id), { readOnly: true })) };
  });

  app.post('/api/v1/estates/:estate/feed-key', {
    schema: { tags: ['people'], summary: 'Make the address of my feed; the one before ends', security, params: Path, response: { 201: Type.Object({ url: Type.String() }) } },
  }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { person_id } = inBrowser(request);
    const key = await inEstate(house.db.app, estate_id, (trx) => makeFeedKey(trx, estate_id, person_id));
    reply.header('cache-control', 'no-store');
    return reply.code(201).send({ url: `${house.settings.public_url}/e/${code}/feed.atom?key=${key}` });
  });

  app.delete('/api/v1/estates/:estate/feed-key', { schema: { tags: ['people'], summary: 'End the address of my feed', security, params: Path, response: { 204: Type.Null() } } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const { person_id } = inBrowser(request);
    await inEstate(house.db.app, estate_id, (trx) => endFeedKey(trx, estate_id, person_id));
    return reply.code(204).send(null);
  });
}
