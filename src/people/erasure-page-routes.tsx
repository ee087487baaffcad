// Pages of erasing: a text is chosen on the page where it stands and confirmed on a page of its own; a person leaves in
// two steps from their account; the list of erasures is for every owner.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isBusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { frameOf } from '../web/frame.ts';
import { formErrors } from '../web/forms.tsx';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { Pager } from '../web/tables.tsx';
import { erasableText, eraseText, leave, leavingGrounds } from './erasure.ts';
import { ErasePage, ErasuresTable, LeaveConfirmPage, LeavePage, LeftPage } from './erasure-pages.tsx';
import { erasureList, leavingOf } from './erasure-queries.ts';
import { refusals } from './erasure-refusals.ts';
import { erasureTexts } from './erasure-texts.ts';
import { tellingWait } from './limits.ts';
import { toldBack } from './login-page-routes.tsx';
import { ownData } from './about-me.ts';
import { closeSession } from './session.ts';
import { texts as accountTexts } from './texts.ts';
import { demandBrowser } from './token.ts';

const Path = Type.Object({ estate: Type.String() });
const Seq = Type.String({ pattern: '^[1-9][0-9]{0,14}$' });
const typed = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
const exact = { additionalProperties: false } as const;
const PAGE = 50;

function textRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/erasures', {
    schema: { hide: true, params: Path, querystring: Type.Object({ cursor: Type.Optional(Seq) }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const { cursor } = request.query;
    const { items, next_cursor } = await inEstate(house.db.app, estate.estate_id, (trx) =>
      erasureList(trx, estate, { cursor: cursor === undefined ? undefined : Number(cursor), limit: PAGE }), { readOnly: true });
    const frame = frameOf(request);
    const t = pick(erasureTexts, frame.locale);
    return htmlReply(reply, page({
      ...frame, crumbs: [{ href: `/e/${estate.code}/inquiries`, label: t.questions }], title: t.list_title, lede: t.list_lede,
      body: <><ErasuresTable rows={items} locale={frame.locale} /><Pager here={frame.here} next_cursor={next_cursor} shown={items.length} /></>,
    }));
  });

  const showText = async (
    request: FastifyRequest, reply: FastifyReply, seq: number, told = { values: {}, errors: {} }, status = 200,
  ) => {
    const estate = request.estate!;
    const subject = await inEstate(house.db.app, estate.estate_id, (trx) =>
      erasableText(trx, { estate, actor: request.actor, seq }), { readOnly: true });
    if (subject.said.text === null) throw refusals.erased_already();
    const frame = frameOf(request, { here: `/e/${estate.code}/erasures/new?seq=${seq}` });
    const t = pick(erasureTexts, frame.locale);
    return htmlReply(reply, page({
      ...frame, title: t.erase_title, crumbs: [{ href: subject.href, label: t.back }],
      body: <ErasePage code={estate.code} subject={subject} csrf={frame.session?.csrf} {...told} />,
    }), status);
  };

  app.get('/e/:estate/erasures/new', { schema: { hide: true, params: Path, querystring: Type.Object({ seq: Seq }) } },
    (request, reply) => showText(request, reply, Number(request.query.seq)));

  app.post('/e/:estate/erasures', {
    schema: { hide: true, params: Path, body: Type.Object({ seq: Seq, ground: typed }, exact) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const seq = Number(request.body.seq);
    const { ground = '' } = request.body;
    try {
      const { href } = await eraseText(house, { estate, actor: request.actor, seq, ground });
      return await reply.redirect(`${href}?done=erased`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.field !== 'ground') throw error;
      return showText(request, reply, seq, { values: { ground }, errors: formErrors(error, frameOf(request).locale) }, error.status);
    }
  });
}

interface Choice { ground: string; texts: boolean }
const choiceOf = ({ ground = '', texts = '' }: { ground?: string; texts?: string }): Choice => ({ ground, texts: texts === 'yes' });

function leavingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Choices = { ground: typed, texts: typed };

  app.get('/me/data.json', { schema: { hide: true } }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    const text = JSON.stringify(await ownData(house, actor), null, 2);
    return reply.header('cache-control', 'no-store').header('content-disposition', 'attachment; filename="my-data.json"')
      .type('application/json; charset=utf-8').send(text);
  });

  const show = async (
    request: FastifyRequest, reply: FastifyReply, choice: Choice | null, told = { values: {}, errors: {} }, status = 200,
  ) => {
    const actor = demandBrowser(request.actor);
    const leaving = await leavingOf(house, actor.person_id);
    const confirming = choice !== null && leaving.offices.length === 0;
    const frame = frameOf(request, { audience: 'resident', here: '/me/leave' });
    const t = pick(erasureTexts, frame.locale);
    const shown = { leaving, csrf: actor.csrf ?? undefined, ...told };
    reply.header('cache-control', 'no-store');
    return htmlReply(reply, page({
      ...frame, crumbs: confirming ? [{ href: '/me/leave', label: t.leave_title }] : [{ href: '/me', label: pick(accountTexts, frame.locale).me_title }],
      title: confirming ? t.confirm_title : t.leave_title, lede: confirming ? t.confirm_lede : t.leave_lede,
      body: confirming ? <LeaveConfirmPage {...shown} {...choice} /> : <LeavePage {...shown} />,
    }), status);
  };

  app.get('/me/leave', { schema: { hide: true } }, (request, reply) => show(request, reply, null));

  // The first step changes nothing: it leads on to the second.
  app.post('/me/leave', { schema: { hide: true, body: Type.Object(Choices, exact) } }, async (request, reply) => {
    demandBrowser(request.actor);
    const { ground, texts } = choiceOf(request.body);
    if (!leavingGrounds.some((one) => one === ground)) {
      const error = refusals.erasure_ground_missing({}, 'ground');
      return show(request, reply, null, toldBack(error, request, { texts: texts ? 'yes' : '' }), error.status);
    }
    return reply.redirect(`/me/leave/confirm?ground=${ground}${texts ? '&texts=yes' : ''}`, 303);
  });

  app.get('/me/leave/confirm', { schema: { hide: true, querystring: Type.Object(Choices) } },
    (request, reply) => show(request, reply, choiceOf(request.query)));

  app.post('/me/leave/confirm', {
    schema: { hide: true, body: Type.Object({ ...Choices, password: typed }, exact) },
  }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    const choice = choiceOf(request.body);
    try {
      const { kept_until } = await tellingWait(reply, leave(house, actor, { ...choice, password: request.body.password ?? '' }));
      await closeSession(house, request, reply);
      return await reply.redirect(`/left${kept_until === null ? '' : `?until=${kept_until}`}`, 303);
    } catch (error) {
      const told = toldBack(error, request, {});
      return show(request, reply, choice, told, told.status);
    }
  });

  app.get('/left', { schema: { hide: true, querystring: Type.Object({ until: Type.Optional(Type.String({ maxLength: 10 })) }) } },
    async (request, reply) => {
      const { until = '' } = request.query;
      const frame = frameOf(request, { audience: 'resident', here: '/left' });
      return htmlReply(reply, page({
        ...frame, title: pick(erasureTexts, frame.locale).left_title, body: <LeftPage kept_until={isBusinessDate(until) ? until : null} />,
      }));
    });
}

export function erasurePageRoutes(app: FastifyInstance, house: House): void {
  textRoutes(app, house);
  leavingRoutes(app, house);
}
