// Pages and files of reminders. Lists and batches are for whoever may read households; a dwelling's own people get its letter.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { printer } from '../../reports/printer.ts';
import { byPlace, seesSince } from '../estate/register-queries.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { makeReminders, planReminders } from './reminder.ts';
import { batchPage, remindersPage, type ReminderForm } from './reminder-pages.tsx';
import { letterPaper } from './reminder-paper.ts';
import { batchesOf, itemNames, lettersOf, payerNames } from './reminder-queries.ts';
import { refusals } from './reminder-refusals.ts';
import { kindTexts } from './reminder-texts.ts';
import { refuseForeign } from './sight.ts';
import { sendPaper } from './unit-account-page-routes.ts';

const Path = Type.Object({ estate: Type.String() });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Seq = Type.String({ pattern: '^[1-9][0-9]{0,14}$' });
const Batch = Type.Object({ estate: Type.String(), seq: Seq });
const Whom = Type.Object({ over: Type.Optional(Type.String({ maxLength: 5 })), building: Type.Optional(Type.String({ maxLength: 40 })) });
/** Letters in one file: a second of printing. */
const FILE = 400;
const PAGE = 200;

export const overOf = (typed: string): number => (['30', '90', '365'].includes(typed) ? Number(typed) : 0);
const emptyForm = (): ReminderForm => ({ form_key: newFormKey(), values: { kind: 'reminder' }, errors: {} });

export function reminderPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { over = '', building = '' }: Static<typeof Whom>, form: ReminderForm, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const rows = await trx.selectFrom('unit').select('building').distinct().where('estate_id', '=', estate_id).execute();
      return {
        plan: await planReminders(trx, estate_id, today, { over: overOf(over), building, skip: [] }), batches: await batchesOf(trx, estate_id),
        buildings: rows.map((row) => row.building).sort(byPlace),
      };
    }, { readOnly: true });
    return htmlReply(reply, remindersPage(frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/reminders` }), {
      code, over, building, ...shown, form: may(actor, estate_id, 'post_receipt') ? form : null,
    }), status);
  };

  app.get('/e/:estate/reminders', { schema: { hide: true, params: Path, querystring: Whom } }, (request, reply) => show(request, reply, request.query, emptyForm()));

  app.post('/e/:estate/reminders', {
    schema: { hide: true, params: Path, body: Type.Object({ kind: Short, pay_by: Short, over: Short, building: Short, skip: Type.Optional(Type.String({ maxLength: 20_000 })), csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { kind = '', pay_by = '', over = '', building = '', skip = '', form_key } = request.body;
    try {
      const { seq } = await makeReminders(house, { estate, actor: request.actor, kind, pay_by, over: overOf(over), building, skip, key: form_key });
      return await reply.redirect(`/e/${estate.code}/reminders/${seq}?done=reminded`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { over, building }, { form_key: newFormKey(), values: { kind, pay_by, skip }, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });

  const readBatch = async (request: FastifyRequest, seq: string) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const [batch] = await batchesOf(trx, estate_id, { seq: Number(seq) });
      if (batch === undefined) throw refusals.reminder_unknown();
      return { batch, letters: await lettersOf(trx, estate_id, batch.seq), names: await payerNames(trx, estate_id, batch.made_on), items: await itemNames(trx, estate_id) };
    }, { readOnly: true });
  };

  app.get('/e/:estate/reminders/:seq', { schema: { hide: true, params: Batch, querystring: Type.Object({ cursor: Type.Optional(Type.String({ maxLength: 40 })) }) } }, async (request, reply) => {
    const { batch, letters } = await readBatch(request, request.params.seq);
    const { cursor } = request.query;
    const at = cursor === undefined ? 0 : letters.findIndex(({ unit }) => unit === cursor) + 1;
    const rows = letters.slice(at, at + PAGE);
    const files = Array.from({ length: Math.ceil(letters.length / FILE) }, (_, index) => ({ part: index + 1, from: index * FILE + 1, to: Math.min((index + 1) * FILE, letters.length) }));
    return htmlReply(reply, batchPage(frameOf(request), { code: request.estate!.code, batch, letters, rows, files, next_cursor: at + PAGE < letters.length ? rows.at(-1)!.unit : null }));
  });

  app.get('/e/:estate/reminders/:seq/letters.pdf', {
    schema: { hide: true, params: Batch, querystring: Type.Object({ part: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$' })) }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { batch, letters, names, items } = await readBatch(request, request.params.seq);
    const part = Number(request.query.part ?? '1');
    const wanted = letters.slice((part - 1) * FILE, part * FILE);
    if (wanted.length === 0) throw refusals.reminder_unknown();
    const locale = localeOf(request);
    const papers = wanted.map((letter) => letterPaper({ estate, batch, letter, names: names.get(letter.unit) ?? [], items, public_url: house.settings.public_url, locale }));
    return sendPaper(reply, await printer().papers(papers, locale), `${kindTexts[batch.kind][locale]}-${batch.made_on}-${part}.pdf`);
  });

  app.get('/e/:estate/bills/:unit/reminders/:seq.pdf', {
    schema: { hide: true, params: Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }), seq: Seq }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit, seq } = request.params;
    const found = await inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      const officer = may(actor, estate_id, 'read_households');
      const [batch] = await batchesOf(trx, estate_id, { seq: Number(seq) });
      const [letter] = await lettersOf(trx, estate_id, Number(seq), { units: [unit] });
      if (batch === undefined || letter === undefined) throw refusals.reminder_unknown();
      const today = await estateToday(trx, estate_id);
      const since = officer ? null : (await seesSince(trx, { estate_id, person_id: actor.person_id, units: [unit], today })).get(unit) ?? null;
      // A letter to a former owner is not for the next one.
      if (since !== null && (batch.made_on < since || letter.bills.some(({ period }) => period < since.slice(0, 7)))) throw refusals.reminder_unknown();
      return { batch, letter, names: officer ? (await payerNames(trx, estate_id, batch.made_on)).get(unit) ?? [] : [], items: await itemNames(trx, estate_id) };
    }, { readOnly: true });
    const locale = localeOf(request);
    const paper = letterPaper({ estate, ...found, public_url: house.settings.public_url, locale });
    return sendPaper(reply, await printer().papers([paper]), `${paper.title}-${unit}-${found.batch.made_on}.pdf`);
  });
}
