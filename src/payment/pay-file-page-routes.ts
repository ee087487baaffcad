// Pages of pay files and of the invoice titles.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Capability, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { changeTitles, titlesOf } from './invoice.ts';
import { makePayFile, MOST_ORDERS, voidPayFile } from './pay-file.ts';
import { usualFormat } from './pay-file-formats.ts';
import { payFileFormPage, payFilePage, payFilesPage, titlesPage } from './pay-file-pages.tsx';
import { ordersOfFile, payableOrders, payFileList, payingAccounts, readPayFile } from './pay-file-queries.ts';
import { sendPayFile } from './pay-file-routes.ts';
import { refusals } from './refusals.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));
const Code = Type.Optional(Type.String({ maxLength: 20 }));
const Digits = Type.Optional(Type.String({ pattern: '^([0-9]{1,12})?$' }));
const Number_ = Type.String({ pattern: '^[0-9]{1,12}$' });
const PAGE = 50;

interface Asking { estate: Estate; actor: Actor }
function asking(request: FastifyRequest, capability: Capability): Asking {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, capability) };
}
type OneRequest = FastifyRequest<{ Params: { id: string } }>;
type FormState = { values: Record<string, string>; errors: Record<string, string> };
const noForm: FormState = { values: {}, errors: {} };

export function payFilePageRoutes(instance: FastifyInstance, house: House): void {
  formRoutes(instance, house);
  fileRoutes(instance, house);
  titleRoutes(instance, house);
}

function formRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, wanted: string | undefined, form: FormState & { chosen?: number[] }, status = 200) => {
    const { estate: { estate_id, code, name_zh } } = asking(request, 'draft_order');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const accounts = await payingAccounts(trx, estate_id);
      const account = accounts.find((one) => one.account === wanted) ?? accounts[0];
      if (account === undefined) throw refusals.paying_account_unknown({ account: wanted ?? '1002' }, 'bank_account');
      return { accounts, account, today: await estateToday(trx, estate_id), orders: await payableOrders(trx, estate_id, account.account, MOST_ORDERS) };
    }, { readOnly: true });
    const usual = { format: usualFormat(shown.account.bank_name), pay_on: shown.today, debtor_name: name_zh };
    return htmlReply(reply, payFileFormPage(frameOf(request, { here: `/e/${code}/pay-files/new`, audience: 'desk' }), {
      code, ...shown, chosen: form.chosen ?? shown.orders.map((order) => order.order_id),
      form: { form_key: newFormKey(), values: { ...usual, ...form.values }, errors: form.errors },
    }), status);
  };

  app.get('/e/:estate/pay-files/new', { schema: { hide: true, params: Path, querystring: Type.Object({ bank_account: Code }) } },
    (request, reply) => show(request, reply, request.query.bank_account, noForm));

  app.post('/e/:estate/pay-files', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({
        orders: Type.Optional(Type.Union([Number_, Type.Array(Number_, { maxItems: 1_000 })])), format: Code, bank_account: Code, pay_on: Text,
        debtor_name: Text, account_number: Text, csrf: Text, form_key: Text,
      }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request, 'draft_order');
    const { orders = [], format = '', bank_account = '', form_key, csrf: _csrf, ...typed } = request.body;
    const chosen = [orders].flat().map(Number);
    try {
      const seq = await makePayFile(house, { estate, actor, key: form_key?.slice(0, 60), orders: chosen, format, bank_account, ...typed });
      return await reply.redirect(`/e/${estate.code}/pay-files/${seq}?done=pay_file_made`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, bank_account, { values: { format, ...typed }, errors: formErrors(error, localeOf(request)), chosen }, error.status);
    }
  });
}

function fileRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/pay-files', { schema: { hide: true, params: Path, querystring: Type.Object({ cursor: Digits }) } }, async (request, reply) => {
    const { estate: { estate_id, code }, actor } = asking(request, 'read_officers');
    const { cursor = '' } = request.query;
    const list = await inEstate(house.db.app, estate_id, (trx) =>
      payFileList(trx, estate_id, { cursor: cursor === '' ? null : Number(cursor), limit: PAGE }), { readOnly: true });
    return htmlReply(reply, payFilesPage(frameOf(request), { code, ...list, may_make: may(actor, estate_id, 'draft_order') }));
  });

  const show = async (request: OneRequest, reply: FastifyReply, form: FormState, status = 200) => {
    const { estate: { estate_id, code }, actor } = asking(request, 'read_officers');
    const seq = Number(request.params.id);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const file = await readPayFile(trx, estate_id, seq);
      const { persons } = await namesFor(trx, estate_id, [], [file.made_by]);
      return { file, orders: await ordersOfFile(trx, estate_id, seq), made_by: persons[file.made_by] ?? '–' };
    }, { readOnly: true });
    return htmlReply(reply, payFilePage(frameOf(request, { here: `/e/${code}/pay-files/${seq}` }), {
      code, ...shown, may_open: may(actor, estate_id, 'draft_order'), form: { form_key: newFormKey(), ...form },
    }), status);
  };

  app.get('/e/:estate/pay-files/:id', { schema: { hide: true, params: OnePath } }, (request, reply) => show(request, reply, noForm));
  app.get('/e/:estate/pay-files/:id/file', { schema: { hide: true, params: OnePath } },
    (request, reply) => sendPayFile(house, request as OneRequest, reply));

  app.post('/e/:estate/pay-files/:id/void', {
    schema: { hide: true, params: OnePath, body: Type.Object({ reason: Text, csrf: Text, form_key: Text }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request, 'draft_order');
    const { reason = '' } = request.body;
    try {
      await voidPayFile(house, { estate, actor, pay_file: Number(request.params.id), reason });
      return await reply.redirect(`/e/${estate.code}/pay-files/${request.params.id}?done=pay_file_voided`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request as OneRequest, reply, { values: { reason }, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });
}

function titleRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, typed: FormState | null, status = 200) => {
    const { estate, actor } = asking(request, 'read_officers');
    const titles = await inEstate(house.db.app, estate.estate_id, (trx) => titlesOf(trx, estate), { readOnly: true });
    return htmlReply(reply, titlesPage(frameOf(request, { here: `/e/${estate.code}/invoice-titles`, audience: 'desk' }), {
      code: estate.code, titles, may_change: may(actor, estate.estate_id, 'draft_order'),
      form: typed ?? { values: { titles: titles.added.join('\n') }, errors: {} },
    }), status);
  };

  app.get('/e/:estate/invoice-titles', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, null));
  app.post('/e/:estate/invoice-titles', {
    schema: { hide: true, params: Path, body: Type.Object({ titles: Text, csrf: Text, form_key: Text }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request, 'draft_order');
    const { titles = '' } = request.body;
    try {
      await inEstate(house.db.app, estate.estate_id, (trx) => changeTitles(trx, { estate, actor, typed: titles.split(/\r?\n/) }), { retryable: true });
      return await reply.redirect(`/e/${estate.code}/invoice-titles?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { values: { titles }, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });
}
