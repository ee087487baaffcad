// The statement of account of a dwelling: page, CSV and PDF, for officers who keep the fees and for whoever lives there.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { printer } from '../../reports/printer.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isBusinessDate, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { refuseForeign } from './sight.ts';
import { readAccount } from './unit-account.ts';
import { unitAccountPage } from './unit-account-pages.tsx';
import { accountPaper } from './unit-account-paper.ts';
import { refusals } from './unit-account-refusals.ts';
import { accountTexts } from './unit-account-texts.ts';

const Path = Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }) });
const Days = Type.Object({ from: Type.Optional(Type.String({ maxLength: 20 })), to: Type.Optional(Type.String({ maxLength: 20 })) });
export interface DaysTyped { from?: string | undefined; to?: string | undefined }

/** Refusal: account_days_invalid. Empty is no limit. */
export function readDays({ from = '', to = '' }: DaysTyped): { from: BusinessDate | null; to: BusinessDate | null } {
  const day = (typed: string): BusinessDate | null => (typed.trim() === '' ? null : readDate(typed) ?? typed);
  const days = { from: day(from), to: day(to) };
  const wrong = [days.from, days.to].some((one) => one !== null && !isBusinessDate(one));
  if (wrong || (days.from !== null && days.to !== null && days.from > days.to)) throw refusals.account_days_invalid({ from, to }, 'from');
  return days;
}

/** For pages, interface and files alike. Refusals: those of demand() for read_books, bill_unit_unknown, account_days_invalid. */
export async function demandAccount(house: House, request: FastifyRequest, unit: string, typed: DaysTyped) {
  const { estate_id } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_books');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await refuseForeign(trx, { estate_id, actor, unit });
    const today = await estateToday(trx, estate_id);
    const account = await readAccount(trx, { estate_id, unit, actor, today, ...readDays(typed) });
    return { account, today, officer: may(actor, estate_id, 'read_households') };
  }, { readOnly: true });
}

export function unitAccountPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const options = { schema: { hide: true, params: Path, querystring: Days } } as const;

  app.get('/e/:estate/bills/:unit/account', options, async (request, reply) => {
    const { from = '', to = '' } = request.query;
    const { unit } = request.params;
    const { code } = request.estate!;
    try {
      const shown = await demandAccount(house, request, unit, { from, to });
      return htmlReply(reply, unitAccountPage(frameOf(request), { code, from, to, ...shown }));
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'account_days_invalid') throw error;
      const shown = await demandAccount(house, request, unit, {});
      return htmlReply(reply, unitAccountPage(frameOf(request), { code, from, to, ...shown, error: error.in(localeOf(request)) }), error.status);
    }
  });

  app.get('/e/:estate/bills/:unit/account.csv', options, async (request, reply) => {
    const { account } = await demandAccount(house, request, request.params.unit, request.query);
    const locale = localeOf(request);
    const t = pick(accountTexts, locale);
    const rows = [{ on: '', text: t.opening, debit: '', credit: '', balance: account.opening }, ...account.rows.map((row) => ({ ...row, text: row[locale] }))];
    return sendCsv(reply, `${t.title}-${account.unit}.csv`, toCsv([
      { key: 'on', title: t.date, type: 'date' }, { key: 'text', title: t.text }, { key: 'debit', title: t.debit, type: 'money' },
      { key: 'credit', title: t.credit, type: 'money' }, { key: 'balance', title: t.balance, type: 'money' },
    ], rows));
  });

  app.get('/e/:estate/bills/:unit/account.pdf', options, async (request, reply) => {
    const { account, today } = await demandAccount(house, request, request.params.unit, request.query);
    const paper = accountPaper(account, request.estate!, localeOf(request), today);
    return sendPaper(reply, await printer().papers([paper]), `${paper.title}-${account.unit}.pdf`);
  });
}

/** A PDF for one person's eyes: no cache keeps it. */
export const sendPaper = (reply: FastifyReply, bytes: Buffer, file_name: string): FastifyReply => reply.type('application/pdf')
  .header('cache-control', 'no-store').header('content-disposition', `inline; filename="paper.pdf"; filename*=UTF-8''${encodeURIComponent(file_name)}`).send(bytes);
