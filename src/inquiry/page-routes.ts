// Pages of questions: list, one question with its answers, the form to ask, and what may be done with a question.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { keptOf, type FormRead, type Intake } from '../office/membership-page-routes.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { extendAnswer } from './clock.ts';
import { answerInquiry, answeringBody, ask, categories, showName, type Category } from './inquiry.ts';
import { inquiryPage, type HiddenShown, type InquiryShown, type StepForm } from './inquiry-pages.tsx';
import { appealHiding, decideHiding, hideText, mayDecide, moderationsOf } from './moderation.ts';
import { askPage, csvColumns, csvRow, inquiryListPage, type FormShown } from './pages.tsx';
import { hiddenWords, inquiryCounts, inquiryList, inquiryStates, readInquiry, type InquiryDetail } from './queries.ts';
import { rateAnswer, sideOf } from './rating.ts';
import { refusals } from './refusals.ts';
import { stepTexts } from './step-texts.ts';
import { readSubject, subjectShown } from './subject.ts';
import { texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Text = Type.String({ maxLength: 20_000 });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Seq = Type.Optional(Type.String({ pattern: '^([0-9]{1,12})?$' }));
const Filter = Type.Object({
  state: Type.Optional(Type.String({ maxLength: 20 })), mine: Type.Optional(Type.String({ maxLength: 5 })), category: Type.Optional(Type.String({ maxLength: 20 })),
  about: Seq, subject: Short, cursor: Type.Optional(Type.String({ pattern: '^([0-9]{1,9})?$' })),
});
const PAGE = 50;
const CSV_ROWS = 20_000;

export function asking(request: FastifyRequest): { estate: Estate; actor: Actor } {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'read_books') };
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));

export function inquiryPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  listRoutes(instance, house);
  askRoutes(instance, house);
  oneRoutes(instance, house, intake);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = (request: FastifyRequest<{ Querystring: Record<string, string | undefined> }>, limit: number) => {
    const { estate: { estate_id }, actor } = asking(request);
    const { state = '', mine = '', category = '', about, subject: typed, cursor } = request.query;
    const subject = readSubject(typed);
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      return {
        counts: await inquiryCounts(trx, estate_id, today), filter: { state, mine, category },
        ...await inquiryList(trx, estate_id, {
          today, person_id: actor.person_id, limit, mine: mine === 'yes', about: numberOf(about), cursor: numberOf(cursor),
          // Whose bill was asked about is nobody's to find out.
          subject: subject === null || subject.kind === 'bill' ? undefined : subject,
          state: inquiryStates.find((one) => one === state), category: categories.find((one): one is Category => one === category),
        }),
      };
    }, { readOnly: true });
  };

  app.get('/e/:estate/inquiries', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const shown = await read(request, PAGE);
    const query = new URLSearchParams(Object.entries(request.query).filter(([name, value]) => value !== '' && name !== 'cursor') as [string, string][]).toString();
    return htmlReply(reply, inquiryListPage(frameOf(request), {
      ...shown, code: estate.code, answer_days: estate.answer_days, csv: `/e/${estate.code}/inquiries.csv${query === '' ? '' : `?${query}`}`, may_ask: may(actor, estate.estate_id, 'ask'),
    }));
  });

  app.get('/e/:estate/inquiries.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const locale = localeOf(request);
    const { items } = await read(request, CSV_ROWS);
    return sendCsv(reply, `${pick(texts, locale).csv_name}-${request.estate!.name_zh}.csv`, toCsv(csvColumns(locale), items.map((row) => csvRow(row, locale))));
  });
}

function askRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showForm = async (request: FastifyRequest, reply: FastifyReply, typed: { about?: string | undefined; subject?: string | undefined }, form: FormShown, status = 200) => {
    const { estate, actor } = asking(request);
    demand(actor, estate.estate_id, 'ask');
    const about = numberOf(typed.about) ?? null;
    const subject = about !== null ? { kind: 'entry', id: String(about) } as const : readSubject(typed.subject);
    const shown = subject === null ? null : await inEstate(house.db.app, estate.estate_id, (trx) => subjectShown(trx, estate, actor, subject), { readOnly: true });
    const query = about !== null ? `?about=${about}` : subject === null ? '' : `?subject=${subject.kind}:${subject.id}`;
    return htmlReply(reply, askPage(frameOf(request, { here: `/e/${estate.code}/inquiries/new${query}` }), {
      code: estate.code, about, subject: subject === null ? null : `${subject.kind}:${subject.id}`, shown, form,
    }), status);
  };

  app.get('/e/:estate/inquiries/new', {
    schema: { hide: true, params: Path, querystring: Type.Object({ about: Seq, subject: Short, category: Short }) },
  }, async (request, reply) => {
    const { category } = request.query;
    const chosen = categories.some((one) => one === category) ? { category: category! } : {};
    return showForm(request, reply, request.query, { form_key: newFormKey(), values: { ...chosen }, errors: {} });
  });

  app.post('/e/:estate/inquiries', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({ question: Text, about: Seq, subject: Short, category: Short, show_name: Short, form_key: Short, csrf: Short }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { question, subject = '', category = 'question', show_name = '', form_key = newFormKey() } = request.body;
    try {
      const { inquiry_id } = await ask(house, {
        estate, actor, question, about_seq: numberOf(request.body.about) ?? null, subject, category, show_name: show_name === 'yes', key: `${actor.person_id}:${form_key}`,
      });
      return await reply.redirect(`/e/${estate.code}/inquiries/${inquiry_id}?done=asked`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { locale } = frameOf(request);
      return showForm(request, reply, request.body, { form_key: newFormKey(), values: { question, category, show_name }, errors: formErrors(error, locale) }, error.status);
    }
  });
}

/** Texts of the page that were moderated, with what whoever looks may read and do. */
async function hiddenOf(trx: Trx, estate_id: number, actor: Actor, inquiry: InquiryDetail): Promise<HiddenShown[]> {
  const reasons = inquiry.answer_list.flatMap((answer) => answer.ratings).filter((one) => one.has_reason);
  const texts_here = [{ seq: inquiry.seq, what: 'question' as const, mine: inquiry.mine }, ...reasons.map(({ seq, mine }) => ({ seq, what: 'comment' as const, mine }))];
  const courses = await moderationsOf(trx, estate_id, texts_here.map(({ seq }) => seq));
  const words = courses.size === 0 ? new Map<number, string>() : await hiddenWords(trx, estate_id, [...courses.keys()]);
  return texts_here.flatMap(({ seq, what, mine }): HiddenShown[] => {
    const course = courses.get(seq);
    if (course === undefined) return [];
    const last = course.at(-1)!.step;
    const open = last === 'hidden' || last === 'appealed';
    const decides = may(actor, estate_id, 'moderate') && mayDecide(actor, estate_id, course.find((one) => one.step === 'hidden')?.body ?? null);
    return [{ seq, what, course, words: mine || decides ? words.get(seq) ?? null : null, may_appeal: mine && last === 'hidden', may_decide: open && decides }];
  });
}

function oneRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  type Typed = { of: StepForm; values: Record<string, string>; error: Refusal; vouchers?: string[] };

  const showOne = async (request: FastifyRequest, reply: FastifyReply, inquiry_id: number, refused: Typed | null = null) => {
    const { estate, actor } = asking(request);
    const { estate_id, code } = estate;
    const locale = localeOf(request);
    const can = (capability: Parameters<typeof may>[2]): boolean => may(actor, estate_id, capability);
    const shown = await inEstate(house.db.app, estate_id, async (trx): Promise<InquiryShown> => {
      const inquiry = await readInquiry(trx, estate_id, inquiry_id, { today: await estateToday(trx, estate_id), person_id: actor.person_id });
      if (inquiry === null) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
      const about = await aboutOf(trx, estate_id, inquiry_id);
      const last = inquiry.answer_list.at(-1);
      const side = last === undefined ? null : sideOf(actor, estate_id, { mine: inquiry.mine, body: last.body });
      const answers = can('answer') && answeringBody(actor, estate_id) !== null && !inquiry.mine;
      const s = pick(stepTexts, locale);
      return {
        code, inquiry, subject: about === null ? null : await subjectShown(trx, estate, actor, about),
        may_answer: answers, may_extend: answers && inquiry.state === 'waiting' && !inquiry.extended,
        may_erase: inquiry.question !== null && (inquiry.mine || can('erase_text')), may_list: can('keep_list') && inquiry.item_id === null,
        rates_as: side !== null && last !== undefined && !last.ratings.some((one) => one.side === side) ? side : null,
        hidden: await hiddenOf(trx, estate_id, actor, inquiry),
        may_hide: !can('moderate') ? [] : [
          ...(inquiry.question === null ? [] : [{ seq: inquiry.seq, label: s.what_question }]),
          ...inquiry.answer_list.flatMap((answer) => answer.ratings).filter((one) => one.reason !== null)
            .map((one) => ({ seq: one.seq, label: `${s.what_comment} · ${s[`side_${one.side as 'asker'}`]}` })),
        ],
        form: {
          of: refused?.of ?? 'answer', form_key: newFormKey(), values: refused?.values ?? {}, errors: refused === null ? {} : formErrors(refused.error, locale),
          kept: refused?.vouchers === undefined ? [] : [...await keptOf(trx, estate, refused.vouchers)],
        },
      };
    }, { readOnly: true });
    return htmlReply(reply, inquiryPage(frameOf(request, { here: `/e/${code}/inquiries/${inquiry_id}` }), shown), refused?.error.status ?? 200);
  };

  app.get('/e/:estate/inquiries/:id', { schema: { hide: true, params: OnePath } }, async (request, reply) => showOne(request, reply, Number(request.params.id)));

  app.post('/e/:estate/inquiries/:id', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    demand(actor, estate.estate_id, 'answer');
    const inquiry_id = Number(request.params.id);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { answer = '', form_key = newFormKey() } = read.fields;
      await answerInquiry(house, { estate, actor, inquiry_id, answer, vouchers: read.vouchers, key: `${actor.person_id}:${form_key}` });
      return await reply.redirect(`/e/${estate.code}/inquiries/${inquiry_id}?done=answered`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const { fields, vouchers } = 'form' in error ? error.form as FormRead : read;
      return showOne(request, reply, inquiry_id, { of: 'answer', values: fields, error, vouchers });
    }
  });

  /** One step of a question by form; a refusal comes back with the form as it was typed. */
  const step = (of: StepForm, done: string, work: (typed: Record<string, string>, asked: { estate: Estate; actor: Actor; inquiry_id: number; key: string }) => Promise<unknown>): void => {
    const fields = ['days', 'reason', 'rating', 'seq', 'decision', 'shown', 'form_key', 'csrf'];
    app.post(`/e/:estate/inquiries/:id/${of}`, {
      schema: { hide: true, params: OnePath, body: Type.Optional(Type.Object(Object.fromEntries(fields.map((name) => [name, Type.Optional(Type.String({ maxLength: 5_000 }))])), { additionalProperties: false })) },
    }, async (request, reply) => {
      const { estate, actor } = asking(request);
      const inquiry_id = Number(request.params.id);
      const typed = (request.body ?? {}) as Record<string, string>;
      try {
        await work(typed, { estate, actor, inquiry_id, key: `${actor.person_id}:${typed['form_key'] ?? newFormKey()}` });
        return await reply.redirect(`/e/${estate.code}/inquiries/${inquiry_id}?done=${done}`, 303);
      } catch (error) {
        if (!(error instanceof Refusal) || error.status === 404 || error.code === 'not_allowed' || error.code === 'token_scope') throw error;
        return showOne(request, reply, inquiry_id, { of, values: typed, error });
      }
    });
  };
  const seqIn = ({ seq = '' }: Record<string, string>): number => (/^[0-9]{1,12}$/.test(seq) ? Number(seq) : 0);
  step('extend', 'extended', ({ days = '', reason = '' }, asked) => extendAnswer(house, { ...asked, days: /^[0-9]{1,3}$/.test(days.trim()) ? Number(days) : 0, reason }));
  step('rate', 'rated', ({ rating = '', reason = '' }, asked) => rateAnswer(house, { ...asked, rating, reason }));
  step('name', 'changed', ({ shown = '' }, asked) => showName(house, { ...asked, shown: shown === 'yes' }));
  step('hide', 'text_hidden', (typed, asked) => hideText(house, { ...asked, seq: seqIn(typed), reason: typed['reason'] ?? '' }));
  step('appeal', 'appealed', (typed, asked) => appealHiding(house, { ...asked, seq: seqIn(typed) }));
  step('decide', 'decided', (typed, asked) => decideHiding(house, { ...asked, seq: seqIn(typed), decision: typed['decision'] ?? '', reason: typed['reason'] ?? '' }));
}

/** What a question is about as it is kept, a bill's number with it: for judging who may open it. */
async function aboutOf(trx: Trx, estate_id: number, inquiry_id: number): Promise<ReturnType<typeof readSubject>> {
  const row = await trx.selectFrom('inquiry').select(['about_seq', 'about_kind', 'about_id']).where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
  const typed = row === undefined ? null : row.about_kind !== null ? `${row.about_kind}:${row.about_id}` : row.about_seq !== null ? `entry:${row.about_seq}` : null;
  return readSubject(typed);
}
