// Payments over the API: for a counter's own program, for many dwellings at once.
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { KeyHeader, security } from '../approval/schemas.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { DATE_PATTERN, isBusinessDate, PERIOD_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, MONEY_PATTERN, moneyText } from '../kernel/money.ts';
import { callersKey } from '../kernel/once.ts';
import { personalKey } from '../ledger/journal.ts';
import { privateText, refusePersonal } from '../kernel/text.ts';
import { partsAhead } from './counter-page-routes.ts';
import { counterMethods } from './counter-form.ts';
import { previewPayment, takePayments, type Payment } from './counter.ts';
import { itemNames } from './receipt-queries.ts';
import { refusals } from './refusals.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Sum = Type.String({ pattern: MONEY_PATTERN, maxLength: 16, examples: ['306.00'] });
const Choice = Type.Object({
  bills: Type.Optional(Type.Array(Type.Object({ bill_id: Type.Integer({ minimum: 1 }), amount: Type.Optional(Sum) }, { additionalProperties: false }), { maxItems: 500 })),
  ahead: Type.Optional(Type.Array(Type.Object({ item: Type.String({ maxLength: 31, examples: ['property_fee'] }), amount: Sum, from: Type.Optional(Type.String({ pattern: PERIOD_PATTERN, description: 'First month it is for; the month of the payment' })) }, { additionalProperties: false }), { maxItems: 50 })),
}, { additionalProperties: false, description: 'What the payer asked for; the rest goes to the oldest bills, then in advance' });
const one = {
  unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }), amount: Sum, paid_on: Type.String({ pattern: DATE_PATTERN, examples: ['2026-11-10'] }),
  method: Type.Union(counterMethods.map((method) => Type.Literal(method))), choice: Type.Optional(Choice),
};
const PaymentBody = Type.Object({
  ...one, payer: Type.Optional(Type.String({ maxLength: 60, description: 'Name, kept beside the receipt and never in the log' })),
  reference: Type.Optional(Type.String({ maxLength: 64 })), key: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Of this payment; else the Idempotency-Key and its place' })),
}, { additionalProperties: false });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Part = Type.Object({ kind: Type.String(), name: Type.Object({ zh: Type.String(), en: Type.String() }), period: Nullable, amount: Type.String(), bill_id: Type.Union([Type.Integer(), Type.Null()]), open: Nullable });

const OneBody = Type.Object(one, { additionalProperties: false });
type Asked = Static<typeof OneBody>;

export function counterRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  /** What is typed as a payment; funds of items come from their fee rules. */
  const read = (body: Asked, funds: ReadonlyMap<string, { fund: string }>, at: (name: string) => string): Omit<Payment, 'key'> => {
    if (!isBusinessDate(body.paid_on)) throw refusals.payment_day_unreadable({ typed: body.paid_on, today: '2026-11-10' }, at('paid_on'));
    return {
      unit: body.unit, amount: money(body.amount), paid_on: body.paid_on, method: body.method, choice: {
        bills: body.choice?.bills?.map((bill) => ({ bill_id: bill.bill_id, amount: bill.amount === undefined ? undefined : money(bill.amount) })),
        ahead: body.choice?.ahead?.map(({ item, amount, from }, index) => {
          const known = funds.get(item);
          if (known === undefined || money(amount).isNegative()) throw refusals.payment_item_unknown({ item: item.slice(0, 31) }, at(`choice.ahead.${index}.item`));
          return { item, amount: money(amount), fund: known.fund, from };
        }),
      },
    };
  };

  app.post('/api/v1/estates/:estate/payments', {
    schema: {
      tags: ['bills'], summary: 'Take payments of dwellings, each with its receipt; all or none', security, headers: KeyHeader, params: Path,
      body: Type.Object({ payments: Type.Array(PaymentBody, { minItems: 1, maxItems: 1_000 }) }, { additionalProperties: false }),
      response: { 201: Type.Object({ items: Type.Array(Type.Object({ status: Type.String(), unit: Type.String(), seq: Type.Integer(), receipt: Type.Integer() })) }) },
    },
  }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'post_receipt');
    const { payments } = request.body;
    const call = callersKey(request) ?? randomUUID();
    const items = await inEstate(house.db.app, estate_id, async (trx) => {
      const funds = await itemNames(trx, estate_id);
      return takePayments(trx, { estate_id, made_by: actor.person_id, payments: payments.map((body, place): Payment => {
        const at = (name: string): string => (payments.length === 1 ? name : `payments.${place}.${name}`);
        const { payer = '', reference } = body;
        if (reference !== undefined) refusePersonal(reference, { field: at('reference'), label: 'reference', only: ['id_card', 'mobile'] });
        return {
          ...read(body, funds, at), reference: reference === '' ? undefined : reference, key: personalKey(actor, body.key ?? `${call}.${place}`),
          payer: payer.trim() === '' ? '' : privateText(payer, { field: at('payer'), label: '交款人', limit: 60 }),
        };
      }) });
    });
    return reply.code(201).send({ items: items.map(({ status, unit, seq, receipt }) => ({ status, unit, seq, receipt })) });
  });

  app.post('/api/v1/estates/:estate/payments/preview', {
    schema: {
      tags: ['bills'], summary: 'What a payment would pay; nothing is booked', security, params: Path, body: OneBody,
      response: { 200: Type.Object({ unit: Type.String(), amount: Type.String(), parts: Type.Array(Part) }) },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'post_receipt');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const payment = read(request.body, await itemNames(trx, estate_id), (name) => name);
      const lines = await previewPayment(trx, estate_id, payment);
      return { unit: payment.unit, amount: moneyText(payment.amount), parts: await partsAhead(trx, estate_id, lines, payment.paid_on) };
    }, { readOnly: true });
  });
}
