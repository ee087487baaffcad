// Pages of payment: orders, the form of an order, one order, the files of vouchers.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { timelineOf } from '../approval/pages.tsx';
import { emergencyLabel } from '../approval/emergency.tsx';
import { kindName, stateName } from '../approval/texts.ts';
import { namesFor, viewProposal } from '../approval/view.ts';
import { waitOf } from '../approval/waiting.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { orderChecks } from './check.ts';
import { freeFor } from './dwelling.ts';
import { invoiceCard } from './invoice-card.tsx';
import { changeOrder, draftOrder, submitOrder, type OrderTyped } from './order.ts';
import { orderFormPage, type OrderForm } from './order-form.tsx';
import { orderPage, ordersPage } from './pages.tsx';
import { payOrder } from './pay.ts';
import { payeeList } from './payee.ts';
import { orderChoices, orderList, readOrder, type Order, type OrderKind, type OrdersAsked } from './queries.ts';
import { refusals } from './refusals.ts';
import { sendVoucher } from './routes.ts';
import { demandSuspense, suspenseOf, type Suspense } from './settle.ts';
import { texts } from './texts.ts';
import { FormRefusal, readForm, vouchersByHash, type FormRead } from './voucher.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));
const Digits = Type.Optional(Type.String({ pattern: '^([0-9]{1,12})?$' }));
const Filter = Type.Object({
  state: Type.Optional(Type.String({ maxLength: 20 })), fund: Type.Optional(Type.String({ maxLength: 60 })),
  kind: Type.Optional(Type.String({ maxLength: 20 })), payee: Type.Optional(Type.String({ pattern: '^([0-9]{1,9})?$' })), q: Type.Optional(Type.String({ maxLength: 100 })), cursor: Digits,
});
/** Links from a dwelling's pages fill the form in; nothing is taken on trust. */
const Prefill = {
  unit: Type.Optional(Type.String({ maxLength: 40 })), account: Type.Optional(Type.String({ maxLength: 20 })), fund: Type.Optional(Type.String({ maxLength: 60 })),
  amount: Type.Optional(Type.String({ maxLength: 20 })), purpose: Type.Optional(Type.String({ maxLength: 200 })),
  payee: Type.Optional(Type.String({ pattern: '^([0-9]{1,9})?$' })), milestone: Type.Optional(Type.String({ pattern: '^([0-9]{1,4})?$' })),
};
const PAGE = 50;
const CSV_ROWS = 10_000;
const unfilled = { bank_account: '1002', kind: 'company', audience: 'owners' };

interface Asking { estate: Estate; actor: Actor }
function asking(request: FastifyRequest, capability: 'read_officers' | 'draft_order'): Asking {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, capability) };
}
type OneRequest = FastifyRequest<{ Params: { id: string } }>;
const idOf = (request: OneRequest): number => Number(request.params.id);
const orNothing = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text);
const kindOf = (text: string | undefined): OrderKind | undefined => (text === 'payment' || text === 'refund' ? text : undefined);

export function paymentPageRoutes(instance: FastifyInstance, house: House): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().get('/e/:estate/vouchers/:sha256', {
    schema: { hide: true, params: Type.Object({ estate: Type.String(), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }) },
  }, (request, reply) => sendVoucher(house, request as never, reply));
  listRoutes(instance, house);
  formRoutes(instance, house);
  oneRoutes(instance, house);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const askedOf = (query: Static<typeof Filter>, limit: number): OrdersAsked => ({
    kind: kindOf(query.kind),
    state: orNothing(query.state) === undefined ? undefined : [query.state!], fund: orNothing(query.fund), q: orNothing(query.q), limit,
    payee: orNothing(query.payee) === undefined ? undefined : Number(query.payee),
    cursor: orNothing(query.cursor) === undefined ? undefined : Number(query.cursor),
  });

  app.get('/e/:estate/orders', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate: { estate_id, code }, actor } = asking(request, 'read_officers');
    const { kind = '', state = '', fund = '', payee = '', q = '' } = request.query;
    const locale = localeOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await orderList(trx, estate_id, askedOf(request.query, PAGE)), funds: (await orderChoices(trx, estate_id)).funds,
      today: await estateToday(trx, estate_id),
    }), { readOnly: true });
    return htmlReply(reply, ordersPage(frameOf(request), {
      ...shown, code, filter: { kind, state, fund, payee, q }, may_draft: may(actor, estate_id, 'draft_order'),
      funds: shown.funds.map((row) => ({ value: row.value, label: row[`name_${locale}`] })),
    }));
  });

  app.get('/e/:estate/orders.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate: { estate_id, code } } = asking(request, 'read_officers');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { items, today } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await orderList(trx, estate_id, { ...askedOf(request.query, CSV_ROWS), cursor: undefined }), today: await estateToday(trx, estate_id),
    }), { readOnly: true });
    const rows = items.map((order) => ({
      ...order, kind: kindName(order.kind, locale), emergency: emergencyLabel(order, today, locale)?.text ?? '',
      state: stateName(order.state, locale), fund: order[`fund_${locale}`], account: `${order.account} ${order[`account_${locale}`]}`,
    }));
    return sendCsv(reply, `${t.orders}-${code}.csv`, toCsv([
      { key: 'reference', title: t.reference }, { key: 'payee_name', title: t.payee }, { key: 'purpose', title: t.purpose },
      { key: 'amount', title: t.amount, type: 'money' }, { key: 'fund', title: t.fund }, { key: 'account', title: t.account },
      { key: 'invoice_number', title: t.invoice_number }, { key: 'state', title: t.state }, { key: 'paid_on', title: t.paid_on, type: 'date' },
      { key: 'entry_number', title: t.entry }, { key: 'kind', title: t.kind }, { key: 'emergency', title: t.emergency },
    ], rows));
  });
}

/** The typed form as an order. */
function typedOf({ fields, by_field }: FormRead): OrderTyped {
  const { payee = '', kind = '', name = '', bank_name = '', account_number = '', invoice_number = '', invoice_total = '' } = fields;
  const is_new = payee === 'new' || (payee === '' && name !== '');
  if (!is_new && !/^[0-9]{1,9}$/.test(payee)) throw refusals.payee_missing({}, 'payee');
  return {
    payee: is_new ? { kind, name, bank_name, account_number } : { payee_id: Number(payee) },
    amount: fields['amount'] ?? '', fund: fields['fund'] ?? '', account: fields['account'] ?? '',
    unit: fields['unit'] ?? '', milestone: /^[1-9][0-9]{0,3}$/.test(fields['milestone'] ?? '') ? Number(fields['milestone']) : null, bank_account: orNothing(fields['bank_account']), purpose: fields['purpose'] ?? '', vouchers: by_field['vouchers'] ?? [],
    invoice: { number: invoice_number, total: invoice_total },
    ...(/^[1-9][0-9]{0,14}$/.test(fields['settles'] ?? '') ? { settles: Number(fields['settles']) } : {}), kind: kindOf(fields['order_kind']),
    class: fields['class'] === 'emergency' ? 'emergency' : 'normal', emergency_reason: fields['emergency_reason'] ?? '', over_budget_reason: fields['over_budget_reason'] ?? '',
    resolution: /^[1-9][0-9]{0,11}$/.test(fields['resolution_id'] ?? '') ? { resolution_id: Number(fields['resolution_id']) } : {
      title: fields['resolution_title'] ?? '', date: fields['resolution_date'] ?? '', voucher: by_field['resolution_file']?.[0] ?? '',
    },
  };
}

const valuesOf = (order: Order): Record<string, string> => ({
  ...unfilled, payee: String(order.payee_id), amount: order.amount, fund: order.fund, account: order.account,
  bank_account: order.bank_account, purpose: order.purpose, invoice_number: order.invoice_number ?? '',
  invoice_total: order.invoice_total ?? '', order_kind: order.kind, unit: order.unit ?? '', milestone: String(order.milestone ?? ''), settles: order.settles === null ? '' : String(order.settles), class: order.class, emergency_reason: order.emergency_reason ?? '', over_budget_reason: order.over_budget_reason ?? '',
  ...(order.resolution === null ? {} : 'resolution_id' in order.resolution ? { resolution_id: String(order.resolution.resolution_id) }
    : { resolution_title: order.resolution.title, resolution_date: order.resolution.date }),
});

interface FormFiles { vouchers: readonly string[]; resolution: readonly string[] }
const filesOf = (order: Order | null): FormFiles =>
  ({ vouchers: order?.vouchers ?? [], resolution: order?.resolution && 'voucher' in order.resolution ? [order.resolution.voucher] : [] });

async function keptOf(trx: Trx, { estate_id, code }: Estate, hashes: readonly string[]): Promise<VoucherItem[]> {
  return (await vouchersByHash(trx, estate_id, hashes)).map((voucher) => ({ ...voucher, href: `/e/${code}/vouchers/${voucher.sha256}` }));
}

/** What the form tells of the debit it explains; null also where nothing of it is left. */
const suspenseAsked = async (trx: Trx, estate_id: number, typed: string | undefined): Promise<Suspense | null> =>
  (/^[1-9][0-9]{0,14}$/.test(typed ?? '') ? suspenseOf(trx, estate_id, Number(typed)) : null);

function formRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: FastifyRequest, reply: FastifyReply, order_id: number | null,
    form: Omit<OrderForm, 'kept' | 'kept_resolution' | 'form_key'> & FormFiles, status = 200,
  ) => {
    const { estate } = asking(request, 'draft_order');
    const { estate_id, code } = estate;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      order: order_id === null ? null : await readOrder(trx, estate_id, order_id),
      choices: await orderChoices(trx, estate_id), suspense: await suspenseAsked(trx, estate_id, form.values['settles']), kept: await keptOf(trx, estate, form.vouchers),
      kept_resolution: await keptOf(trx, estate, form.resolution),
    }), { readOnly: true });
    const here = `/e/${code}/orders/${order_id === null ? 'new' : `${order_id}/edit`}`;
    return htmlReply(reply, orderFormPage(frameOf(request, { here, audience: 'desk' }), {
      code, order: shown.order, choices: shown.choices, suspense: shown.suspense,
      form: { form_key: newFormKey(), values: form.values, errors: form.errors, kept: shown.kept, kept_resolution: shown.kept_resolution },
    }), status);
  };

  app.get('/e/:estate/orders/new', {
    schema: { hide: true, params: Path, querystring: Type.Object({ from: Digits, settles: Digits, kind: Type.Optional(Type.String({ maxLength: 20 })), ...Prefill }) },
  }, async (request, reply) => {
    const { estate: { estate_id } } = asking(request, 'draft_order');
    const from = orNothing(request.query.from);
    const { unit = '', account = '', fund = '', amount = '', purpose = '', payee = '', milestone = '' } = request.query;
    const blank = { ...unfilled, order_kind: kindOf(request.query.kind) ?? 'payment', unit, account, fund, amount, purpose, payee, milestone,
      // What goes back to a dwelling goes to a person, and its papers name them.
      ...(unit === '' ? {} : { kind: 'individual', audience: 'officers' }) };
    const settles = orNothing(request.query.settles);
    const { order, suspense } = await inEstate(house.db.app, estate_id, async (trx) => ({
      order: from === undefined ? null : await readOrder(trx, estate_id, Number(from)),
      suspense: settles === undefined ? null : await demandSuspense(trx, estate_id, Number(settles)),
    }), { readOnly: true });
    // A copy of an order after the fact explains the same debit; one that is asked for begins with all that is left.
    const held = order === null && unit !== '' && amount === '' && suspense === null
      ? await inEstate(house.db.app, estate_id, (trx) => freeFor(trx, estate_id, { unit, account, fund }), { readOnly: true }) : '';
    const begun = suspense === null ? (held === '' ? {} : { amount: held }) : { settles: String(suspense.seq), amount: suspense.left, fund: suspense.fund };
    return show(request, reply, null, { values: { ...(order === null ? blank : valuesOf(order)), ...begun }, errors: {}, ...filesOf(order) });
  });

  app.get('/e/:estate/orders/:id/edit', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate: { estate_id } } = asking(request, 'draft_order');
    const order = await inEstate(house.db.app, estate_id, (trx) => readOrder(trx, estate_id, idOf(request)), { readOnly: true });
    return show(request, reply, order.order_id, { values: valuesOf(order), errors: {}, ...filesOf(order) });
  });

  /** Writes the order and, if asked, submits it: all or nothing. Gives its number. */
  const write = (request: FastifyRequest, form: FormRead, order_id: number | null): Promise<number> => {
    const { estate, actor } = asking(request, 'draft_order');
    const { estate_id } = estate;
    const order = typedOf(form);
    return inEstate(house.db.app, estate_id, async (trx) => {
      const key = `order:${actor.person_id}:${(form.fields['form_key'] ?? newFormKey()).slice(0, 60)}`;
      const { csrf: _csrf, ...content } = form.fields;
      const { id } = await once(trx, { estate_id, key, content: { ...content, vouchers: form.by_field, order_id } }, async () => {
        const proposal_id = order_id ?? await draftOrder(trx, { estate, actor, order });
        if (order_id !== null) await changeOrder(trx, { estate, actor, proposal_id, order });
        if (form.fields['next'] === 'submit') await submitOrder(trx, { estate, actor, proposal_id });
        return { id: proposal_id };
      });
      return id;
    }, { retryable: true });
  };

  const take = async (request: FastifyRequest, reply: FastifyReply, order_id: number | null) => {
    const { estate } = asking(request, 'draft_order');
    let form: FormRead = { fields: {}, vouchers: [], by_field: {} };
    try {
      form = await readForm(request, house);
      const id = await write(request, form, order_id);
      const done = form.fields['next'] === 'submit' ? 'submitted' : 'saved';
      return await reply.redirect(`/e/${estate.code}/orders/${id}?done=${done}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const shown = error instanceof FormRefusal ? error.form : form;
      const files = { vouchers: shown.by_field['vouchers'] ?? [], resolution: shown.by_field['resolution_file'] ?? [] };
      return show(request, reply, order_id, { values: shown.fields, errors: formErrors(error, localeOf(request)), ...files }, error.status);
    }
  };

  app.post('/e/:estate/orders', { schema: { hide: true, params: Path } }, (request, reply) => take(request, reply, null));
  app.post('/e/:estate/orders/:id/edit', { schema: { hide: true, params: OnePath } },
    (request, reply) => take(request, reply, idOf(request)));
}

function oneRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (
    request: OneRequest, reply: FastifyReply, form: { values: Record<string, string>; errors: Record<string, string> }, status = 200,
  ) => {
    const { estate, actor } = asking(request, 'read_officers');
    const { estate_id, code } = estate;
    const locale = localeOf(request);
    const proposal_id = idOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const order = await readOrder(trx, estate_id, proposal_id);
      const open = ['draft', 'returned', 'submitted', 'held'].includes(order.state);
      const view = await viewProposal(trx, { estate, actor, proposal_id });
      return {
        wait: order.state === 'approved' ? await waitOf(trx, estate_id, proposal_id) : null,
        order, timeline: timelineOf({ view, names: await namesFor(trx, estate_id, []) }, locale),
        payee: (await payeeList(trx, estate_id, { in_full: true, payee_id: order.payee_id, limit: 1 })).items[0]!,
        vouchers: await keptOf(trx, estate, [...order.vouchers, ...filesOf(order).resolution]), today: await estateToday(trx, estate_id),
        beside: await invoiceCard(trx, estate_id, proposal_id, locale),
        checks: (open ? await orderChecks(trx, estate_id, proposal_id) : [])
          .map((check) => ({ state: check.state, text: check[`text_${locale}`] })),
      };
    }, { readOnly: true });
    const draft = shown.order.state === 'draft' || shown.order.state === 'returned';
    return htmlReply(reply, orderPage(frameOf(request, { here: `/e/${code}/orders/${proposal_id}` }), {
      ...shown, code, households: may(actor, estate_id, 'read_households'), may_change: draft && shown.order.made_by === actor.person_id, may_pay: may(actor, estate_id, 'post_receipt'),
      may_draft: may(actor, estate_id, 'draft_order'), form: { form_key: newFormKey(), ...form },
    }), status);
  };

  const attempt = async (
    request: OneRequest, reply: FastifyReply, values: Record<string, string>, done: string, work: () => Promise<unknown>,
  ) => {
    try {
      await work();
      return await reply.redirect(`/e/${request.estate!.code}/orders/${idOf(request)}?done=${done}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { values, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  };

  app.get('/e/:estate/orders/:id', { schema: { hide: true, params: OnePath } },
    (request, reply) => show(request, reply, { values: {}, errors: {} }));

  app.post('/e/:estate/orders/:id/submit', {
    schema: { hide: true, params: OnePath, body: Type.Optional(Type.Object({ csrf: Text, form_key: Text }, { additionalProperties: false })) },
  }, (request, reply) => {
    const { estate, actor } = asking(request, 'draft_order');
    return attempt(request, reply, {}, 'submitted', () => inEstate(house.db.app, estate.estate_id, (trx) =>
      submitOrder(trx, { estate, actor, proposal_id: idOf(request) })));
  });

  app.post('/e/:estate/orders/:id/paid', {
    schema: {
      hide: true, params: OnePath,
      body: Type.Object({ paid_on: Text, bank_reference: Text, csrf: Text, form_key: Text }, { additionalProperties: false }),
    },
  }, (request, reply) => {
    const { estate, actor } = asking(request, 'read_officers');
    const { paid_on = '', bank_reference = '' } = request.body;
    return attempt(request, reply, { paid_on, bank_reference }, 'paid', () =>
      payOrder(house, { estate, actor, proposal_id: idOf(request), paid_on, bank_reference }));
  });
}
