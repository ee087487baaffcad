// Pages of the counter: whoever takes payments finds a dwelling, checks with the payer and books. Works without script: choose, check, confirm.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { lockEstate } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { personalKey } from '../ledger/journal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { readCounterForm, seenHash, type Typed } from './counter-form.ts';
import { checkPage, counterPage, takePage } from './counter-pages.tsx';
import { counterOf, findDwellings, takingsOn, type Counter } from './counter-queries.ts';
import { previewPayment, takePayments, type Payment } from './counter.ts';
import { itemNames, type ReceiptPart } from './receipt-queries.ts';
import { AHEAD, accountOf, type ReceiptLines } from './receipt.ts';
import { refusals } from './refusals.ts';

const Path = Type.Object({ estate: Type.String() });
const UnitPath = Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }) });
const Fields = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 200 }), { maxProperties: 2_000 });

/** What a payment would pay, as the receipt will say it. */
export async function partsAhead(trx: Trx, estate_id: number, { allocation }: ReceiptLines, on: string): Promise<ReceiptPart[]> {
  const names = await itemNames(trx, estate_id);
  const parts = new Map<string, ReceiptPart>();
  const add = (key: string, part: ReceiptPart): void => {
    const before = parts.get(key);
    parts.set(key, before === undefined ? part : { ...before, amount: moneyText(sum([money(before.amount), money(part.amount)])),
      open: before.open === null ? null : moneyText(minus(money(before.open), money(part.amount))) });
  };
  for (const { bill, amount } of allocation.bills) {
    const name = { zh: bill.name_zh, en: bill.name_en };
    // A bill of a month that has yet to come is paid when it comes.
    if (accountOf(bill, on) === AHEAD) add(`ahead ${bill.item} ${bill.period}`, { kind: 'ahead', name, period: bill.period, amount: moneyText(amount), bill_id: null, open: null });
    else add(`bill ${bill.bill_id}`, { kind: 'bill', name, period: bill.period, amount: moneyText(amount), bill_id: bill.bill_id, open: moneyText(minus(money(bill.open), amount)) });
  }
  for (const { item, from, amount } of allocation.ahead) {
    if (item === null) add('held', { kind: 'held', name: { zh: '', en: '' }, period: null, amount: moneyText(amount), bill_id: null, open: null });
    else add(`ahead ${item} ${from ?? ''}`, { kind: 'ahead', name: names.get(item) ?? { zh: item, en: item }, period: from ?? on.slice(0, 7), amount: moneyText(amount), bill_id: null, open: null });
  }
  return [...parts.values()];
}

async function demandCounter(trx: Trx, request: FastifyRequest, unit: string): Promise<Counter> {
  const counter = await counterOf(trx, request.estate!, unit);
  if (counter === undefined) throw refusals.bill_unit_unknown({ unit: unit.slice(0, 40) });
  return counter;
}

interface Looked { counter: Counter; payment: Omit<Payment, 'key'>; lines: ReceiptLines; parts: ReceiptPart[] }
/** The bills have changed since the cashier looked: nothing is booked, they look again. */
class Changed extends Error {
  readonly looked: Looked;
  constructor(looked: Looked) {
    super('the bills have changed');
    this.looked = looked;
  }
}

export function counterPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/counter', { schema: { hide: true, params: Path, querystring: Type.Object({ q: Type.Optional(Type.String({ maxLength: 60 })) }) } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'post_receipt');
    const { q = '' } = request.query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      return { today, found: await findDwellings(trx, estate_id, q), takings: await takingsOn(trx, estate_id, today) };
    }, { readOnly: true });
    const [only] = shown.found;
    if (shown.found.length === 1 && only!.unit === q.normalize('NFKC').trim().toUpperCase()) return reply.redirect(`/e/${code}/counter/${encodeURIComponent(only!.unit)}`, 303);
    return htmlReply(reply, counterPage(frameOf(request), { code, q: q.trim(), ...shown }));
  });

  const form = async (request: FastifyRequest, reply: FastifyReply, unit: string, { values, errors = {}, status = 200, form_key = newFormKey() }: {
    values: Typed | null; errors?: Record<string, string>; status?: number; form_key?: string;
  }) => {
    const { estate_id, code } = request.estate!;
    const counter = await inEstate(house.db.app, estate_id, (trx) => demandCounter(trx, request, unit), { readOnly: true });
    const first = { method: 'cash', paid_on: counter.today, party: counter.people[0]?.party_id ?? '' };
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/counter/${unit}` };
    return htmlReply(reply, takePage(frameOf(request, here), { code, counter, values: values ?? first, errors, form_key }), status);
  };

  app.get('/e/:estate/counter/:unit', { schema: { hide: true, params: UnitPath } }, (request, reply) => {
    demand(request.actor, request.estate!.estate_id, 'post_receipt');
    return form(request, reply, request.params.unit, { values: null });
  });

  const check = async (request: FastifyRequest, reply: FastifyReply, values: Typed, read: Looked, changed: boolean) => {
    const { code } = request.estate!;
    const { counter, payment, lines, parts } = read;
    const paid = sum(lines.allocation.bills.map((share) => share.amount));
    return htmlReply(reply, checkPage(frameOf(request, { here: `/e/${code}/counter/${counter.unit}` }), {
      code, counter, values, errors: {}, form_key: values['form_key'] ?? newFormKey(), parts, seen: seenHash(lines.allocation), changed,
      open_after: moneyText(minus(money(counter.open), paid)),
      payment: { amount: moneyText(payment.amount), method: payment.method, paid_on: payment.paid_on, payer: payment.payer ?? '' },
    }), changed ? 409 : 200);
  };

  app.post('/e/:estate/counter/:unit', { schema: { hide: true, params: UnitPath, body: Fields } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'post_receipt');
    const { unit } = request.params;
    const values: Typed = request.body;
    if (values['step'] === 'change') return form(request, reply, unit, { values, form_key: values['form_key'] ?? newFormKey() });
    try {
      const done = await inEstate(house.db.app, estate_id, async (trx) => {
        const look = async (): Promise<Looked> => {
          const counter = await demandCounter(trx, request, unit);
          const payment = readCounterForm(values, counter);
          const lines = await previewPayment(trx, estate_id, payment);
          return { counter, payment, lines, parts: await partsAhead(trx, estate_id, lines, payment.paid_on) };
        };
        if (values['step'] !== 'take') return look();
        const { csrf: _csrf, form_key = newFormKey(), ...content } = values;
        const key = personalKey(actor, `counter.${form_key}`.slice(0, 100));
        // What is compared with what was shown must not change until it is booked.
        await lockEstate(trx, estate_id);
        return once(trx, { estate_id, key, content: { ...content, unit } }, async () => {
          const looked = await look();
          if (values['seen'] !== seenHash(looked.lines.allocation)) throw new Changed(looked);
          const [taken] = await takePayments(trx, { estate_id, made_by: actor.person_id, payments: [{ ...looked.payment, key }] });
          return { receipt: taken!.receipt };
        });
      }).catch((error: unknown) => {
        if (error instanceof Changed) return error.looked;
        throw error;
      });
      if ('receipt' in done) return await reply.redirect(`/e/${code}/receipts/${done.receipt}?done=received`, 303);
      return await check(request, reply, values, done, values['step'] === 'take');
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'bill_unit_unknown') throw error;
      return form(request, reply, unit, { values, errors: formErrors(error, localeOf(request)), status: error.status, form_key: values['form_key'] ?? newFormKey() });
    }
  });
}
