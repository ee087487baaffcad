// Pages of what is said about proposals: the forms on a proposal's page post here; a wrong one comes back on a page
// of its own. And the list of what is announced, for every owner.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { answerObjection, comment, object } from './objection.ts';
import { announcements, readTalk, type Talk } from './objection-queries.ts';
import { readProposal } from './queries.ts';
import { refusals } from './refusals.ts';
import { announcementsPage, talkPage, type TalkForm } from './talk.tsx';
import { readableProposal } from './view.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Token = Type.Optional(Type.String({ maxLength: 200 }));
const Said = Type.Object({ text: Type.String({ maxLength: 20_000 }), csrf: Token, form_key: Token }, { additionalProperties: false });
const ENDED = 20;

type OneRequest = FastifyRequest<{ Params: { id: string }; Body: { text: string; form_key?: string } }>;

export function objectionPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showTalk = async (request: FastifyRequest, reply: FastifyReply, proposal_id: number, form?: TalkForm, status = 200) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'read_books');
    const shown = await inEstate(house.db.app, estate.estate_id, async (trx) => {
      const proposal = await readableProposal(trx, { estate, actor, proposal_id });
      return { proposal, talk: await readTalk(trx, { estate, actor, proposal }) };
    }, { readOnly: true });
    const frame = frameOf(request, { here: `/e/${estate.code}/proposals/${proposal_id}/objections` });
    return htmlReply(reply, talkPage(frame, {
      ...shown, code: estate.code, csrf: frame.session?.csrf, form_key: newFormKey(), form,
    }), status);
  };

  app.get('/e/:estate/proposals/:id/objections', { schema: { hide: true, params: OnePath } },
    (request, reply) => showTalk(request, reply, Number(request.params.id)));

  /** Says it and goes back to the proposal; what was wrong comes back with the text as it was typed. */
  const say = async (
    request: OneRequest, reply: FastifyReply, which: string, done: string,
    work: (trx: Trx, id: number, key: string) => Promise<number>,
  ) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const id = Number(request.params.id);
    const { text, form_key = newFormKey() } = request.body;
    try {
      const proposal_id = await inEstate(house.db.app, estate.estate_id, (trx) => work(trx, id, form_key), { retryable: true });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=${done}#talk`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404 || error.status === 401) throw error;
      const form = { which, values: { text }, errors: formErrors(error, localeOf(request)) };
      const proposal_id = which === 'answer' ? await proposalOf(estate.estate_id, id) : id;
      return showTalk(request, reply, proposal_id, { ...form, which: which === 'answer' ? `answer-${id}` : which }, error.status);
    }
  };

  const proposalOf = (estate_id: number, objection_id: number): Promise<number> => inEstate(house.db.app, estate_id, async (trx) => {
    const found = await trx.selectFrom('objection').select('proposal_id')
      .where('estate_id', '=', estate_id).where('objection_id', '=', objection_id).executeTakeFirst();
    if (found === undefined) throw refusals.objection_unknown({ objection: objection_id });
    return found.proposal_id;
  }, { readOnly: true });

  app.post('/e/:estate/proposals/:id/comments', { schema: { hide: true, params: OnePath, body: Said } }, (request, reply) => {
    const { estate, actor, body: { text } } = request;
    return say(request as OneRequest, reply, 'comment', 'commented', async (trx, proposal_id, key) => {
      await comment(trx, { estate: estate!, actor, proposal_id, text, key });
      return proposal_id;
    });
  });

  app.post('/e/:estate/proposals/:id/objections', { schema: { hide: true, params: OnePath, body: Said } }, (request, reply) => {
    const { estate, actor, body: { text } } = request;
    return say(request as OneRequest, reply, 'objection', 'objected', async (trx, proposal_id, key) => {
      await object(trx, { estate: estate!, actor, proposal_id, text, key });
      return proposal_id;
    });
  });

  app.post('/e/:estate/objections/:id/answer', { schema: { hide: true, params: OnePath, body: Said } }, (request, reply) => {
    const { estate, actor, body: { text } } = request;
    return say(request as OneRequest, reply, 'answer', 'objection_answered', async (trx, objection_id, key) =>
      (await answerObjection(trx, { estate: estate!, actor, objection_id, text, key })).proposal_id);
  });

  app.get('/e/:estate/announcements', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const found = await announcements(trx, estate_id, { ended: ENDED });
      const talks = new Map<number, Talk>();
      for (const { proposal_id } of found.open) {
        const proposal = await readProposal(trx, estate_id, proposal_id);
        if (proposal !== null) talks.set(proposal_id, await readTalk(trx, { estate, actor, proposal }));
      }
      return { ...found, talks, today: await estateToday(trx, estate_id) };
    }, { readOnly: true });
    const frame = frameOf(request, { here: `/e/${code}/announcements` });
    return htmlReply(reply, announcementsPage(frame, { ...shown, code, csrf: frame.session?.csrf, form_key: newFormKey() }));
  });
}
