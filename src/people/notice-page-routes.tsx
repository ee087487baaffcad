// Notices: page and interface for whoever holds an office or lives here, and the count of unread ones on every page of theirs.
import assert from 'node:assert/strict';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { demand, may, refusals as actorRefusals, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { markRead, noticesOf, openNotice, unreadNotices, type Notice } from '../kernel/notice.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { emailOf, keepEmail } from './email.ts';
import { NoticesPage, texts } from './notice-pages.tsx';
import { demandBrowser } from './token.ts';

const exact = { additionalProperties: false } as const;
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Text = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
const Number12 = Type.String({ pattern: '^[0-9]{1,12}$' });
const LIMIT = 30;

/** Everybody has notices of their own: whoever serves, and whoever lives here. */
const ownNotices = (request: FastifyRequest): Actor => demand(request.actor, request.estate!.estate_id, 'read_books');

/** Where letters go is for a browser only: a token that may read must not turn them elsewhere. */
const inBrowser = (request: FastifyRequest): Actor => demandBrowser(ownNotices(request));

/** Counts what is unread for whoever looks, before a page of the estate is made. */
export function attachNotices(app: FastifyInstance, house: Pick<House, 'db'>): void {
  app.decorateRequest('unread_notices', 0);
  app.addHook('onRequest', async (request) => {
    const { actor, estate } = request;
    if (actor === null || estate === null || !request.url.startsWith('/e/') || /\.\w{2,4}(\?|$)/.test(request.url)) return;
    if (!may(actor, estate.estate_id, 'read_books')) return;
    request.unread_notices = await inEstate(house.db.app, estate.estate_id,
      (trx) => unreadNotices(trx, estate.estate_id, actor.person_id), { readOnly: true });
  });
}

/** One page of a person's notices, and how many they have not read. */
async function listOf(house: House, request: FastifyRequest, { before, limit }: { before: string | undefined; limit: number }) {
  const { estate_id } = request.estate!;
  const { person_id } = ownNotices(request);
  return inEstate(house.db.app, estate_id, async (trx) => {
    const found = await noticesOf(trx, estate_id, person_id, { before: before === undefined ? undefined : Number(before), limit: limit + 1 });
    const notices = found.slice(0, limit);
    return {
      notices, unread: await unreadNotices(trx, estate_id, person_id),
      next_cursor: found.length > limit ? String(notices.at(-1)!.notice_id) : null,
    };
  }, { readOnly: true });
}

// ── Page ─────────────────────────────────────────────────────────────────────────────────────────

async function showNotices(
  house: House, request: FastifyRequest, reply: FastifyReply,
  { before, typed, error }: { before?: string | undefined; typed?: string | undefined; error?: Refusal } = {},
): Promise<FastifyReply> {
  const actor = ownNotices(request);
  const { code } = request.estate!;
  const base = `/e/${code}/notices`;
  const { notices, unread, next_cursor } = await listOf(house, request, { before, limit: LIMIT });
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: base });
  const t = pick(texts, frame.locale);
  const mail = (house.mail ?? null) === null ? null : {
    email: await emailOf(house.db.app, actor.person_id), typed, errors: error === undefined ? {} : formErrors(error, frame.locale),
  };
  const body = (
    <NoticesPage code={code} csrf={actor.csrf ?? undefined} notices={notices} unread={unread} mail={mail}
      earlier={next_cursor === null ? null : `${base}?before=${next_cursor}`} further={before !== undefined} />
  );
  return htmlReply(reply, page({ ...frame, title: t.title, lede: t.lede, body }), error?.status);
}

function pageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/notices', {
    schema: { hide: true, params: Path, querystring: Type.Object({ before: Type.Optional(Number12) }) },
  }, (request, reply) => showNotices(house, request, reply, { before: request.query.before }));

  // A notice's own address, also in letters: it counts as read and leads where something can be done.
  app.get('/e/:estate/notices/:id', {
    schema: { hide: true, params: Type.Object({ estate: Type.String(), id: Number12 }) },
  }, async (request, reply) => {
    const { person_id } = ownNotices(request);
    const { estate_id } = request.estate!;
    const { href } = await inEstate(house.db.app, estate_id, (trx) => openNotice(trx, estate_id, person_id, Number(request.params.id)));
    assert(/^\/(?!\/)/.test(href), 'a notice leads to a page of this server');
    return reply.redirect(href, 303);
  });

  app.post('/e/:estate/notices/read', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { person_id } = inBrowser(request);
    const { estate_id, code } = request.estate!;
    await inEstate(house.db.app, estate_id, (trx) => markRead(trx, estate_id, person_id));
    return reply.redirect(`/e/${code}/notices`, 303);
  });

  app.post('/e/:estate/notices/email', {
    schema: { hide: true, params: Path, body: Type.Object({ email: Text, step: Text }, exact) },
  }, async (request, reply) => {
    const { person_id } = inBrowser(request);
    const { email = '', step } = request.body;
    try {
      await keepEmail(house.db.app, person_id, step === 'remove' ? '' : email);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showNotices(house, request, reply, { typed: email, error });
    }
    return reply.redirect(`/e/${request.estate!.code}/notices?done=saved`, 303);
  });
}

// ── Interface ────────────────────────────────────────────────────────────────────────────────────

const Item = Type.Object({
  notice_id: Type.Integer(),
  text_zh: Type.String({ examples: ['第 12 号付款“电梯维修”（8,000.00 元）已等了 5 天，还差业主委员会，等您签批。'] }),
  text_en: Type.String(),
  href: Type.String({ examples: ['/e/demo/proposals/12'] }),
  created_at: Type.String(),
  read_at: Type.Union([Type.String(), Type.Null()]),
}, exact);

const itemOf = ({ notice_id, zh, en, href, created_at, read_at }: Notice) => ({
  notice_id, text_zh: zh, text_en: en, href, created_at: isoInstant(created_at), read_at: read_at === null ? null : isoInstant(read_at),
});

function apiRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/v1/estates/:estate/notices', {
    schema: {
      summary: 'My notices, newest first: reminders, outcomes, warnings', tags: ['people'], params: Path,
      querystring: Type.Object({
        cursor: Type.Optional(Number12), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: LIMIT })),
      }),
      response: {
        200: Type.Object({
          items: Type.Array(Item), unread: Type.Integer(), next_cursor: Type.Union([Type.String(), Type.Null()]),
        }, exact),
      },
    },
  }, async (request) => {
    const { cursor, limit = LIMIT } = request.query;
    const { notices, ...rest } = await listOf(house, request, { before: cursor, limit });
    return { items: notices.map(itemOf), ...rest };
  });

  app.post('/api/v1/estates/:estate/notices/read', {
    schema: {
      summary: 'Mark my notices as read: those named, or all', tags: ['people'], params: Path,
      body: Type.Object({ notice_ids: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 1000 })) }, exact),
      response: { 200: Type.Object({ marked: Type.Integer(), unread: Type.Integer() }, exact) },
    },
  }, async (request) => {
    const actor = ownNotices(request);
    if (actor.kind === 'bearer' && !actor.scopes.includes('post')) throw actorRefusals.token_scope();
    const { estate_id } = request.estate!;
    return inEstate(house.db.app, estate_id, async (trx) => ({
      marked: await markRead(trx, estate_id, actor.person_id, request.body.notice_ids),
      unread: await unreadNotices(trx, estate_id, actor.person_id),
    }));
  });
}

export function noticeRoutes(app: FastifyInstance, house: House): void {
  pageRoutes(app, house);
  apiRoutes(app, house);
}
