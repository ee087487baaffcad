// The reconciliation statement of an account and month: page, PDF, spreadsheet, interface. Every owner may read it; what the
// bank says of its lines (who, what for) is for officers and auditors.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { PERIOD_PATTERN, periodOf, periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { estateToday } from '../evidence/records.ts';
import { bankAccounts } from '../bank/queries.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { printer } from '../../reports/printer.ts';
import { texts as formTexts } from '../../reports/reconciliation/texts.ts';
import { reconciliationStatement } from './statement.ts';
import { statementAddress, statementPage } from './statement-page.tsx';
import { refusals } from './statement-refusals.ts';
import { csvRows } from './statement-rows.ts';

const Path = Type.Object({ estate: Type.String() });
const Month = Type.Object({
  estate: Type.String(), account: Type.String({ pattern: '^[0-9]{4,6}$', examples: ['1002'] }), period: Type.String({ pattern: PERIOD_PATTERN, examples: ['2026-10'] }),
});
const Asked = Type.Object({
  account: Type.Optional(Type.String({ pattern: '^([0-9]{4,6})?$' })), period: Type.Optional(Type.String({ pattern: `^(${PERIOD_PATTERN.slice(1, -1)})?$` })),
});
const Lang = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])) });
const BASE = '/e/:estate/bank/reconciliation';
const FILE = `${BASE}/:account(^\\d{4,6}$)/:period(^\\d{4}-\\d{2}$)`;

/** Months of the books, newest first. Refusal: reconciliation_month_outside. */
async function monthsOf(house: House, request: FastifyRequest, period?: string): Promise<string[]> {
  const { estate_id, first_period } = request.estate!;
  const last_period = periodOf(await inEstate(house.db.app, estate_id, (trx) => estateToday(trx, estate_id), { readOnly: true }));
  if (period !== undefined && (period < first_period || period > last_period)) {
    throw refusals.reconciliation_month_outside({ period, first_period, last_period }, 'period');
  }
  return periodsBetween(first_period, last_period).toReversed();
}

interface Drawn { account: string; period: string }
async function draw(house: House, request: FastifyRequest, { account, period }: Drawn) {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_books');
  const periods = await monthsOf(house, request, period);
  const figures = await reconciliationStatement(house, estate, { account, period, in_full: may(actor, estate.estate_id, 'read_officers') });
  return { periods, figures };
}

function disposition(code: string, { account, period }: Drawn, locale: 'zh' | 'en', name_zh: string): string {
  const name = `${formTexts[locale].title}-${name_zh}-${account}-${period}.pdf`;
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `inline; filename="reconciliation-${code}-${account}-${period}.pdf"; filename*=UTF-8''${encoded}`;
}

export function statementPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  // Where the filter of the page leads: no month asked for is the last one that is over, or the running one.
  app.get(BASE, { schema: { hide: true, params: Path, querystring: Asked } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { account, period } = request.query;
    const periods = await monthsOf(house, request);
    const accounts = await inEstate(house.db.app, estate_id, (trx) => bankAccounts(trx, estate_id), { readOnly: true });
    const chosen = account === undefined || account === '' ? accounts[0]?.account : account;
    if (chosen === undefined) return reply.redirect(`/e/${code}/bank`, 303);
    return reply.redirect(statementAddress(code, chosen, period === undefined || period === '' ? periods[1] ?? periods[0]! : period), 303);
  });

  app.get(FILE, { schema: { hide: true, params: Month } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { figures, periods } = await draw(house, request, request.params);
    const accounts = await inEstate(house.db.app, estate_id, (trx) => bankAccounts(trx, estate_id), { readOnly: true });
    return htmlReply(reply, statementPage(frameOf(request), { code, figures, accounts, periods }));
  });

  app.get(`${FILE}.pdf`, { schema: { hide: true, params: Month, querystring: Lang } }, async (request, reply) => {
    const { code, name_zh } = request.estate!;
    const { figures } = await draw(house, request, request.params);
    const locale = request.query.lang ?? localeOf(request);
    const bytes = await printer().reconciliation(figures, locale);
    return reply.type('application/pdf').header('cache-control', 'private, no-cache').header('content-length', bytes.length)
      .header('content-disposition', disposition(code, request.params, locale, name_zh)).send(bytes);
  });

  app.get(`${FILE}.csv`, { schema: { hide: true, params: Month } }, async (request, reply) => {
    const { figures } = await draw(house, request, request.params);
    const locale = localeOf(request);
    const { columns, rows } = csvRows(figures, locale);
    const { account, period } = request.params;
    return sendCsv(reply, `${formTexts[locale].title}-${request.estate!.name_zh}-${account}-${period}.csv`, toCsv(columns, rows));
  });
}

const Sum = Type.String({ examples: ['145644.48'] });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const Named = { name_zh: Type.String(), name_en: Type.String() };
const Answer = Type.Object({
  format: Type.Literal('mingzhang/reconciliation/v1'),
  estate: Type.Object({ ...Named, code: Type.String(), trustee: Type.String(), committee: Type.String() }),
  bank_account: Type.Object({ ...Named, account: Type.String(), bank_name: Type.String(), account_last4: Type.String(), closed_on: OrNull(Type.String()) }),
  period: Type.String(), last_day: Type.String(), as_of: OrNull(Type.String()),
  basis: Type.Union([Type.Literal('statement'), Type.Literal('balance'), Type.Literal('none')]),
  covered_from: OrNull(Type.String()), covered_to: OrNull(Type.String()), drawn_at: Type.String(), size: Type.Integer(),
  bank_balance: OrNull(Sum), book_balance: Sum, difference: OrNull(Sum),
  book_items: Type.Array(Type.Object({
    seq: Type.Integer(), date: Type.String(), period: Type.String(), number: Type.String(), description: Type.String(), amount: Sum, answered_on: OrNull(Type.String()),
    reversed_by: OrNull(Type.String()),
  })),
  bank_items: Type.Array(Type.Object({
    position: Type.Integer(), date: Type.String(), amount: Sum, serial: Type.String(), answered_on: OrNull(Type.String()), answered_by: OrNull(Type.String()),
    text: OrNull(Type.String({ description: 'For officers only; null for everybody else' })),
  })),
  totals: Type.Object({ book_received: Sum, book_paid: Sum, bank_received: Sum, bank_paid: Sum }),
  adjusted_bank: OrNull(Sum), adjusted_books: Sum, remaining: OrNull(Sum),
  suspense: Type.Array(Type.Object({
    seq: Type.Integer(), side: Type.Union([Type.Literal('debit'), Type.Literal('credit')]), position: Type.Integer(), date: Type.String(), period: Type.String(),
    number: Type.String(), fund: Type.String(), fund_zh: Type.String(), fund_en: Type.String(), amount: Sum, left_then: Sum, left_now: Sum, days: Type.Integer(),
    settled_by: OrNull(Type.String()), text: OrNull(Type.String()),
  })),
  statements: Type.Array(Type.Object({
    seq: Type.Integer(), from: Type.String(), to: Type.String(), format: Type.String(), format_name: Type.Object(Named), lines: Type.Integer(), repeated: Type.Integer(), imported_at: Type.String(),
    by: OrNull(Type.Object({ ...Named, body: Type.String() })),
  })),
  confirmed_by: Type.Array(Type.Object({ ...Named, body: Type.String() })),
  closed_at: OrNull(Type.String()),
  signers: Type.Array(Type.Object({ ...Named, body: Type.String(), signed_at: Type.String() })),
});

export function statementRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/bank-accounts/:account/reconciliation/:period', {
    schema: {
      tags: ['bank'], summary: 'Reconciliation statement (银行存款余额调节表) of a bank account and month', params: Month,
      description: 'Balances by the bank and by the books at the end of the month, every item that stands between them, and what stands in suspense.',
      response: { 200: Answer },
    },
  }, async (request) => (await draw(house, request, request.params)).figures);
}
