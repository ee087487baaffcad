// Pages of questions: list, one question with its answers, forms to ask and to answer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { answerInquiry, ask } from './inquiry.ts';
import { askPage, inquiryPage, inquiryListPage, type FormShown } from './pages.tsx';
import { entryAsked, inquiryCounts, inquiryList, readInquiry, type InquiryState } from './queries.ts';
import { refusals } from './refusals.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Text = Type.String({ maxLength: 20_000 });
const Token = Type.Optional(Type.String({ maxLength: 200 }));
const Seq = Type.Optional(Type.String({ pattern: '^([0-9]{1,12})?$' }));
const PAGE = 50;

function asking(request: FastifyRequest): { estate: Estate; actor: Actor } {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'read_books') };
}

const numberOf = (text: string | undefined): number | undefined =>
  (text === undefined || text === '' ? undefined : Number(text));

export function inquiryPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/inquiries', {
    schema: {
      hide: true, params: Path,
      querystring: Type.Object({
        state: Type.Optional(Type.String({ maxLength: 20 })), mine: Type.Optional(Type.String({ maxLength: 5 })),
        about: Seq, cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
      }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { estate_id } = estate;
    const { state = '', mine = '', about, cursor } = request.query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const counts = await inquiryCounts(trx, estate_id, today);
      const list = await inquiryList(trx, estate_id, {
        today, person_id: actor.person_id, limit: PAGE, mine: mine === 'yes', about: numberOf(about), cursor: numberOf(cursor),
        state: ['waiting', 'late', 'answered'].includes(state) ? state as InquiryState : undefined,
      });
      return { counts, ...list };
    }, { readOnly: true });
    return htmlReply(reply, inquiryListPage(frameOf(request), {
      ...shown, code: estate.code, answer_days: estate.answer_days, filter: { state, mine },
      may_ask: may(actor, estate_id, 'ask'),
    }));
  });

  const showForm = async (request: FastifyRequest, reply: FastifyReply, about: number | undefined, form: FormShown, status = 200) => {
    const { estate, actor } = asking(request);
    demand(actor, estate.estate_id, 'ask');
    const entry = about === undefined ? null
      : await inEstate(house.db.app, estate.estate_id, (trx) => entryAsked(trx, estate.estate_id, about), { readOnly: true });
    const here = `/e/${estate.code}/inquiries/new${about === undefined ? '' : `?about=${about}`}`;
    return htmlReply(reply, askPage(frameOf(request, { here }), { code: estate.code, entry, about: about ?? null, form }), status);
  };

  app.get('/e/:estate/inquiries/new', {
    schema: { hide: true, params: Path, querystring: Type.Object({ about: Seq }) },
  }, async (request, reply) =>
    showForm(request, reply, numberOf(request.query.about), { form_key: newFormKey(), values: {}, errors: {} }));

  app.post('/e/:estate/inquiries', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({ question: Text, about: Seq, form_key: Token, csrf: Token }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { question, form_key = newFormKey() } = request.body;
    const about = numberOf(request.body.about);
    try {
      const { inquiry_id } = await ask(house, {
        estate, actor, question, about_seq: about ?? null, key: `${actor.person_id}:${form_key}`,
      });
      return await reply.redirect(`/e/${estate.code}/inquiries/${inquiry_id}?done=asked`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { locale } = frameOf(request);
      return showForm(request, reply, about,
        { form_key: newFormKey(), values: { question }, errors: formErrors(error, locale) }, error.status);
    }
  });

  const showOne = async (request: FastifyRequest, reply: FastifyReply, inquiry_id: number, form: FormShown, status = 200) => {
    const { estate, actor } = asking(request);
    const { estate_id } = estate;
    const inquiry = await inEstate(house.db.app, estate_id, async (trx) => readInquiry(trx, estate_id, inquiry_id,
      { today: await estateToday(trx, estate_id), person_id: actor.person_id }), { readOnly: true });
    if (inquiry === null) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    return htmlReply(reply, inquiryPage(frameOf(request, { here: `/e/${estate.code}/inquiries/${inquiry_id}` }), {
      code: estate.code, inquiry, form, may_answer: may(actor, estate_id, 'answer'),
      may_erase: inquiry.question !== null && (inquiry.mine || may(actor, estate_id, 'erase_text')),
    }), status);
  };

  app.get('/e/:estate/inquiries/:id', { schema: { hide: true, params: OnePath } }, async (request, reply) =>
    showOne(request, reply, Number(request.params.id), { form_key: newFormKey(), values: {}, errors: {} }));

  app.post('/e/:estate/inquiries/:id', {
    schema: {
      hide: true, params: OnePath,
      body: Type.Object({ answer: Text, form_key: Token, csrf: Token }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const inquiry_id = Number(request.params.id);
    const { answer, form_key = newFormKey() } = request.body;
    try {
      await answerInquiry(house, { estate, actor, inquiry_id, answer, key: `${actor.person_id}:${form_key}` });
      return await reply.redirect(`/e/${estate.code}/inquiries/${inquiry_id}?done=answered`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const { locale } = frameOf(request);
      return showOne(request, reply, inquiry_id,
        { form_key: newFormKey(), values: { answer }, errors: formErrors(error, locale) }, error.status);
    }
  });
}
