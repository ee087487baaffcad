// Pages of receipts: all of them for who keeps or watches over the fees, one's own for whoever lives here; printed as PDF.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { printer } from '../../reports/printer.ts';
import { demand, may, type Actor } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { readDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { openReversal } from '../ledger/entry-queries.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf, officeName } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { receiptNumber, receiptPaper } from './receipt-paper.ts';
import { methodName, receiptPage, receiptsPage } from './receipt-pages.tsx';
import { receiptByNumber, receiptsOf, receiptTotals, type ReceiptRow, type ReceiptShown, type ReceiptsAsked } from './receipt-queries.ts';
import { receiptTexts } from './receipt-texts.ts';
import { refusals } from './refusals.ts';
import { sightOf } from './sight.ts';
import { sendPaper } from './unit-account-page-routes.ts';

const Short = Type.Optional(Type.String({ maxLength: 60 }));
export const ReceiptFilter = Type.Object({ q: Short, method: Short, state: Short, from: Short, to: Short, cursor: Short });
const Path = Type.Object({ estate: Type.String() });
export const ReceiptPath = Type.Object({ estate: Type.String(), number: Type.String({ maxLength: 20 }) });
const PAGE = 100;
const CSV_ROWS = 100_000;

const dayOf = (typed: string): string | undefined => (typed.trim() === '' ? undefined : readDate(typed) ?? undefined);

/** What of the list is asked for; what cannot be read asks nothing. */
export function askedReceipts({ q = '', method = '', state = '', from = '', to = '', cursor = '' }: Static<typeof ReceiptFilter>): Omit<ReceiptsAsked, 'sight' | 'limit'> {
  return {
    q: q.normalize('NFKC').trim(), method: method === '' ? undefined : method, is_void: state === 'void' ? true : state === 'stands' ? false : undefined,
    from: dayOf(from), to: dayOf(to), before: /^[1-9][0-9]{0,8}$/.test(cursor) ? Number(cursor) : undefined,
  };
}

/** For pages and interface alike. Refusals: those of demand() for read_books, receipt_unknown. */
export async function demandReceipt(trx: Trx, { estate_id, actor, typed }: { estate_id: number; actor: Actor; typed: string }): Promise<ReceiptShown> {
  const number = /^0*([1-9][0-9]{0,8})$/.exec(typed)?.[1];
  const found = number === undefined ? null : await receiptByNumber(trx, estate_id, Number(number), await sightOf(trx, { estate_id, actor }));
  if (found === null) throw refusals.receipt_unknown({ number: typed.slice(0, 20) });
  return found;
}

/** Body and office of whoever booked it: "物业公司 · 出纳". */
async function takenBy(trx: Trx, estate_id: number, { made_by, entry_date }: Pick<ReceiptRow, 'made_by' | 'entry_date'>, locale: Locale): Promise<string> {
  const row = await trx.selectFrom('term as t').innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 't.estate_id').onRef('b.body', '=', 't.body'))
    .select(['b.name_zh', 'b.name_en', 't.office']).where('t.estate_id', '=', estate_id).where('t.person_id', '=', made_by)
    .where('t.starts_on', '<=', entry_date).orderBy('t.starts_on', 'desc').orderBy('t.term_id', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? '–' : `${locale === 'zh' ? row.name_zh : row.name_en} · ${officeName(row.office as Parameters<typeof officeName>[0], locale)}`;
}

export function receiptPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/receipts', { schema: { hide: true, params: Path, querystring: ReceiptFilter } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { q = '', method = '', state = '', from = '', to = '' } = request.query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const sight = await sightOf(trx, { estate_id, actor });
      const { items, next_cursor } = await receiptsOf(trx, estate_id, { ...askedReceipts(request.query), sight, limit: PAGE });
      return { receipts: items, next_cursor, totals: sight.all ? await receiptTotals(trx, estate_id) : null };
    }, { readOnly: true });
    return htmlReply(reply, receiptsPage(frameOf(request), { code, ...shown, filter: { q, method, state, from, to } }));
  });

  app.get('/e/:estate/receipts.csv', { schema: { hide: true, params: Path, querystring: ReceiptFilter } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { items } = await inEstate(house.db.app, estate_id, (trx) =>
      receiptsOf(trx, estate_id, { ...askedReceipts(request.query), before: undefined, sight: { all: true }, limit: CSV_ROWS }), { readOnly: true });
    const locale = localeOf(request);
    const t = pick(receiptTexts, locale);
    return sendCsv(reply, `${t.receipts}-${name_zh}.csv`, toCsv([
      { key: 'number', title: t.number }, { key: 'entry_date', title: t.date, type: 'date' }, { key: 'unit', title: t.unit }, { key: 'payer', title: t.payer },
      { key: 'method', title: t.method }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'entry', title: t.entry }, { key: 'state', title: t.state }, { key: 'void_entry', title: t.see_entry },
    ], items.map((row) => ({ ...row, number: receiptNumber(row.number), method: methodName(row.method, locale), state: row.void_seq === null ? t.stands : t.is_void }))));
  });

  const one = async (request: FastifyRequest, typed: string) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const receipt = await demandReceipt(trx, { estate_id, actor, typed });
      return { actor, receipt, taken_by: await takenBy(trx, estate_id, receipt, localeOf(request)), reversal: await openReversal(trx, estate_id, receipt.seq) };
    }, { readOnly: true });
  };

  app.get('/e/:estate/receipts/:number', { schema: { hide: true, params: ReceiptPath } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { actor, receipt, taken_by, reversal } = await one(request, request.params.number);
    return htmlReply(reply, receiptPage(frameOf(request), {
      code, receipt, taken_by, reversal, officer: may(actor, estate_id, 'read_households'), may_void: may(actor, estate_id, 'draft_order'), cashier: may(actor, estate_id, 'post_receipt'),
    }));
  });

  app.get('/e/:estate/receipts/:number/receipt.pdf', { schema: { hide: true, params: ReceiptPath } }, async (request, reply) => {
    const { receipt, taken_by } = await one(request, request.params.number);
    const locale = localeOf(request);
    const paper = receiptPaper(receipt, { estate: request.estate!, locale, public_url: house.settings.public_url, taken_by });
    return sendPaper(reply, await printer().papers([paper]), `${paper.title}-${receiptNumber(receipt.number)}.pdf`);
  });
}
