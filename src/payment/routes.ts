// Vouchers, payees and payment orders over the API.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static, type TSchema } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey, once } from '../kernel/once.ts';
import { checksOf } from './check.ts';
import { changeOrder, draftOrder, type OrderTyped } from './order.ts';
import { payOrder } from './pay.ts';
import { enterPayee, payeeList } from './payee.ts';
import { payFileRoutes } from './pay-file-routes.ts';
import { orderList, readOrder, type Order } from './queries.ts';
import { openVoucher, receiveVouchers, type Voucher } from './voucher.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['17'] }) });
const HashPath = Type.Object({ ...Path.properties, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Limit = Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] }));
const Cursor = Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' }));
const security = [{ session: [] }, { token: [] }];
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of a voucher, hexadecimal' });
const Sum = Type.String({ maxLength: 60, description: 'Yuan as decimal text', examples: ['7000.00'] });

const NewPayee = Type.Object({
  kind: Type.Enum(['company', 'individual'], { examples: ['company'] }),
  name: Type.String({ maxLength: 500, examples: ['川亮照明工程有限公司'] }),
  bank_name: Type.String({ maxLength: 500, examples: ['工商银行简阳支行'] }),
  account_number: Type.String({ maxLength: 100, examples: ['6222 0212 3456 7890'] }),
}, { additionalProperties: false });
const Payee = Type.Object({
  payee_id: Type.Integer(), kind: Text, public_name: Text, account_last4: Text, account_hash: Text,
  name: Type.Optional(Text), bank_name: Type.Optional(Text), account_number: Type.Optional(Text),
});
const Kind_ = Type.Enum(['payment', 'refund'], { examples: ['payment'] });
const Class_ = Type.Enum(['normal', 'emergency'], { examples: ['normal'] });
const NewOrder = Type.Object({
  settles: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 2_000_000_000,
    description: 'Entry on 1291 (an unexplained debit) that it explains after the fact; fixed with the first draft' }))),
  kind: Type.Optional(Kind_),
  class: Type.Optional(Class_),
  emergency_reason: Type.Optional(Type.String({ maxLength: 2000, description: 'Of an emergency order: why it cannot wait',
    examples: ['主水管爆裂，三栋停水'] })),
  over_budget_reason: Type.Optional(Type.String({ maxLength: 2000, description: 'Why it may exceed the budget; for every owner to read',
    examples: ['暴雨后补修，年初没有预见'] })),
  resolution: Type.Optional(Nullable(Type.Object({
    title: Type.Optional(Type.String({ maxLength: 1000, examples: ['2026年第二次业主大会决议'] })), date: Type.Optional(Type.String({ maxLength: 40, examples: ['2026-09-12'] })),
    voucher: Type.Optional(Hash), resolution_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e12, description: 'Instead of the three: a vote of the owners that was counted here' })),
  }, { additionalProperties: false, description: 'Resolution of the owners, where the rule asks one' }))),
  payee: Type.Union([
    Type.Object({ payee_id: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) }, { additionalProperties: false }), NewPayee,
  ], { description: 'A payee entered before, or a new one' }),
  amount: Sum,
  fund: Type.String({ maxLength: 60, examples: ['public_income'] }),
  account: Type.String({ maxLength: 20, examples: ['5102'] }),
  bank_account: Type.Optional(Type.String({ maxLength: 20, examples: ['1002'] })),
  purpose: Type.String({ maxLength: 20_000, examples: ['地下车库灯具更换'] }),
  unit: Type.Optional(Nullable(Type.String({ maxLength: 40, description: 'Dwelling whose money goes back (2203, 2241, 2242, 310203, income)' }))),
  milestone: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Milestone of the project whose fund pays' }))),
  vouchers: Type.Array(Hash, { maxItems: 50 }),
  invoice: Type.Optional(Nullable(Type.Object({
    number: Type.String({ maxLength: 100, examples: ['25512000000012345678'] }), total: Sum,
  }, { additionalProperties: false }))),
}, { additionalProperties: false });
const Check = Type.Object({ code: Text, state: Type.Enum(['ok', 'attention', 'refused', 'unknown']), text_zh: Text, text_en: Text });
const OrderRow = {
  id: Type.Integer(), kind: Kind_, class: Class_, emergency_reason: Nullable(Text), over_budget_reason: Nullable(Text), reference: Text, state: Text,
  after_the_fact: Nullable(Type.Object({ entry: Type.Integer(), number: Text, paid_on: Text })), pay_file: Nullable(Type.Integer()),
  payee: Type.Object({ payee_id: Type.Integer(), name: Text, account_last4: Text }),
  amount: Text, fund: Text, account: Text, bank_account: Text, purpose: Text,
  invoice: Nullable(Type.Object({ number: Text, total: Text })), vouchers: Type.Array(Text), version: Type.Integer(),
  reason: Text, submitted_at: Nullable(Text), expires_on: Nullable(Text), approved_at: Nullable(Text),
  paid_on: Nullable(Text), entry_seq: Nullable(Type.Integer()), entry_number: Nullable(Text),
  resolution: Nullable(Type.Object({ title: Text, date: Text, voucher: Type.Optional(Text), resolution_id: Type.Optional(Type.Integer()), count_sha256: Type.Optional(Text) })),
  payable_from: Nullable(Text), ratify_by: Nullable(Text), ratified_at: Nullable(Text),
  unit: Type.Optional(Nullable(Text)),
  milestone: Type.Optional(Nullable(Type.Integer())),
};
const Made = Type.Object({ id: Type.Integer(), reference: Text, state: Text, checks: Type.Array(Check) });
const VoucherRow = Type.Object({
  sha256: Text, media_type: Text, size: Type.Integer(), file_name: Text, audience: Type.Enum(['owners', 'officers']),
});

interface Asked { estate: Estate; actor: Actor | null; proposal_id: number }
const asked = (request: FastifyRequest<{ Params: { id: string } }>): Asked =>
  ({ estate: request.estate!, actor: request.actor, proposal_id: Number(request.params.id) });
const limitOf = (limit = '50'): number => Math.min(Math.max(Number(limit), 1), 200);
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;

/** The caller's key, made the person's own and this request's own. */
const keyOf = (request: FastifyRequest, what: string): string | null => {
  const key = callersKey(request);
  return key !== null && request.actor !== null ? `${what}:${request.actor.person_id}:${key}` : null;
};

/** `households`: for whoever may know which dwelling gets money. */
const orderJson = (order: Order, households: boolean) => ({
  ...(households ? { unit: order.unit } : {}),
  id: order.order_id, kind: order.kind, class: order.class, emergency_reason: order.emergency_reason, over_budget_reason: order.over_budget_reason,
  reference: order.reference, state: order.state, pay_file: order.pay_file,
  after_the_fact: order.settles === null ? null : { entry: order.settles, number: order.settles_number!, paid_on: order.settles_paid_on! },
  payee: { payee_id: order.payee_id, name: order.payee_name, account_last4: order.account_last4 },
  amount: order.amount, fund: order.fund, account: order.account, bank_account: order.bank_account, purpose: order.purpose,
  invoice: order.invoice_number === null ? null : { number: order.invoice_number, total: order.invoice_total! },
  vouchers: order.vouchers, version: order.version, reason: order.reason, submitted_at: iso(order.submitted_at),
  expires_on: order.expires_on, approved_at: iso(order.approved_at), paid_on: order.paid_on, entry_seq: order.entry_seq,
  entry_number: order.entry_number, resolution: order.resolution, payable_from: order.payable_from, ratify_by: order.ratify_by,
  ratified_at: iso(order.ratified_at), milestone: order.milestone,
});

async function madeOf(trx: Trx, estate_id: number, proposal_id: number) {
  const order = await readOrder(trx, estate_id, proposal_id);
  const checks = (await checksOf(trx, estate_id, order)).map(({ refusal: _refusal, ...check }) => ({ ...check }));
  return { id: proposal_id, reference: order.reference, state: order.state as string, checks };
}

export function paymentRoutes(instance: FastifyInstance, house: House): void {
  voucherRoutes(instance, house);
  payeeRoutes(instance, house);
  orderWriteRoutes(instance, house);
  orderReadRoutes(instance, house);
  payFileRoutes(instance, house);
}

function voucherRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/vouchers', {
    schema: {
      tags: ['vouchers'], summary: 'Hand in original vouchers (multipart: file…, audience)', security, params: Path,
      consumes: ['multipart/form-data'],
      description: 'Fields: one to ten files of any name (PDF, JPEG, PNG, OFD, XML; 20 MiB each), and audience '
        + '(owners or officers, officers when left out). The same file again is the same voucher.',
      response: { 201: Type.Object({ ...VoucherRow.properties, items: Type.Array(VoucherRow) }) },
    },
  }, async (request, reply) => {
    const items = (await receiveVouchers(request, house)).map((voucher) => ({ ...voucher }));
    return reply.code(201).send({ ...items[0]!, items });
  });

  app.get('/api/v1/estates/:estate/vouchers/:sha256', {
    schema: { tags: ['vouchers'], summary: 'The file of a voucher', security, params: HashPath },
  }, (request, reply) => sendVoucher(house, request as never, reply));
}

/** An RFC 5987 name beside a plain one. */
function disposition({ file_name, media_type }: Voucher): string {
  const inline = media_type.startsWith('image/') || media_type === 'application/pdf';
  const plain = file_name.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(file_name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A picture is shown in a sandbox; a PDF viewer does not start in one, so a PDF gets everything else. */
const policyOf = (media_type: string): string => media_type === 'application/pdf'
  ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
  : "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/** Sends a voucher to whoever may open it; also for the pages. */
export async function sendVoucher(
  house: House, request: FastifyRequest<{ Params: { sha256: string } }>, reply: FastifyReply,
): Promise<FastifyReply> {
  const { voucher, bytes } = await openVoucher(house, { estate: request.estate!, actor: request.actor, sha256: request.params.sha256 });
  const etag = `"${voucher.sha256}"`;
  reply.header('etag', etag).header('cache-control', 'private, max-age=3600').header('x-content-type-options', 'nosniff')
    .header('content-security-policy', policyOf(voucher.media_type)).header('cross-origin-resource-policy', 'same-origin');
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return reply.code(304).send();
  return reply.type(voucher.media_type).header('content-disposition', disposition(voucher)).send(bytes);
}

function payeeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/payees', {
    schema: {
      tags: ['payees'], summary: 'Payees: in full for officers, masked for owners', security, params: Path,
      querystring: Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })), limit: Limit },
        { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Payee), next_cursor: Nullable(Text) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { cursor, limit } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => payeeList(trx, estate_id, {
      in_full: may(actor, estate_id, 'read_officers'), cursor: numberOf(cursor), limit: limitOf(limit),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/payees', {
    schema: {
      tags: ['payees'], summary: 'Enter a payee; the same one again is the same payee', security, params: Path, headers: Key,
      body: NewPayee, response: { 201: Payee },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id } = estate;
    demand(request.actor, estate_id, 'draft_order');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const { payee_id } = await once(trx, { estate_id, key: keyOf(request, 'payee'), content: request.body }, async () =>
        ({ payee_id: (await enterPayee(trx, { estate, actor: request.actor, payee: request.body })).payee_id }));
      return (await payeeList(trx, estate_id, { in_full: true, payee_id, limit: 1 })).items[0]!;
    });
    return reply.code(201).send(shown);
  });
}

const typedOf = (body: Static<typeof NewOrder>): OrderTyped => body;

function orderWriteRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/payment-orders', {
    schema: {
      tags: ['payment orders'], summary: 'Draft a payment order, or a refund', security, params: Path, headers: Key, body: NewOrder,
      response: { 201: Made },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id } = estate;
    demand(request.actor, estate_id, 'draft_order');
    const made = await inEstate(house.db.app, estate_id, async (trx) => {
      const { id } = await once(trx, { estate_id, key: keyOf(request, 'order'), content: request.body as never }, async () =>
        ({ id: await draftOrder(trx, { estate, actor: request.actor, order: typedOf(request.body) }) }));
      return madeOf(trx, estate_id, id);
    });
    return reply.code(201).send(made);
  });

  app.put('/api/v1/estates/:estate/payment-orders/:id', {
    schema: {
      tags: ['payment orders'], summary: 'Change a draft or a returned order', security, params: OnePath, body: NewOrder,
      response: { 200: Made },
    },
  }, async (request) => {
    const { estate, actor, proposal_id } = asked(request);
    demand(actor, estate.estate_id, 'draft_order');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      await changeOrder(trx, { estate, actor, proposal_id, order: typedOf(request.body) });
      return madeOf(trx, estate.estate_id, proposal_id);
    });
  });

  app.post('/api/v1/estates/:estate/payment-orders/:id/paid', {
    schema: {
      tags: ['payment orders'], summary: 'Book the payment of an approved order', security, params: OnePath,
      body: Type.Object({
        paid_on: Type.String({ maxLength: 40, examples: ['2026-10-12'] }),
        bank_reference: Type.String({ maxLength: 200, examples: ['20261012000123'] }),
      }, { additionalProperties: false }),
      response: {
        200: Type.Object({ id: Type.Integer(), state: Text, status: Type.Enum(['posted', 'already_posted']), seq: Type.Integer(),
          period: Text, number: Text }),
      },
    },
  }, async (request) => {
    const { estate, actor, proposal_id } = asked(request);
    const paid = await payOrder(house, { estate, actor, proposal_id, ...request.body });
    return { id: proposal_id, state: 'executed', ...paid };
  });
}

function orderReadRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/payment-orders', {
    schema: {
      tags: ['payment orders'], summary: 'Payment orders, newest first', security, params: Path,
      querystring: Type.Object({
        kind: Type.Optional(Kind_), state: Type.Optional(Type.String({ pattern: '^[a-z]{1,20}$', examples: ['approved'] })),
        fund: Type.Optional(Type.String({ maxLength: 60 })), payee: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
        q: Type.Optional(Type.String({ maxLength: 100, examples: ['灯具'] })), cursor: Cursor, limit: Limit,
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(OrderRow)), next_cursor: Nullable(Text) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const { kind, state, fund, payee, q, cursor, limit } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const list = await orderList(trx, estate_id, {
        kind, state: state === undefined ? undefined : [state], fund, payee: numberOf(payee), q, cursor: numberOf(cursor), limit: limitOf(limit),
      });
      return { ...list, items: list.items.map((order) => orderJson(order, may(actor, estate_id, 'read_households'))) };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/payment-orders/:id', {
    schema: {
      tags: ['payment orders'], summary: 'One payment order with its checks', security, params: OnePath,
      response: { 200: Type.Object({ ...OrderRow, checks: Type.Array(Check) }) },
    },
  }, async (request) => {
    const { estate, actor, proposal_id } = asked(request);
    demand(actor, estate.estate_id, 'read_officers');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const order = await readOrder(trx, estate.estate_id, proposal_id);
      const { checks } = await madeOf(trx, estate.estate_id, proposal_id);
      return { ...orderJson(order, may(actor, estate.estate_id, 'read_households')), checks };
    }, { readOnly: true });
  });
}
