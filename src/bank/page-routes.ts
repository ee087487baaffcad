// The bank page: books beside bank, and the form to hand in the bank's own statement.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { stateBankBalance } from './balance.ts';
import { bankPage, resultOf, type BankForm } from './pages.tsx';
import { BALANCE_CURSOR, bankAccounts, bankBalances, keptVouchers, monthEnds } from './queries.ts';
import { waitingIntakes } from './intake.ts';
import { coveredAccounts } from './statement-queries.ts';
import { texts } from './texts.ts';

/** Reads a form with files; payment's readForm, handed in because it lives on this floor. */
export type Intake = (request: FastifyRequest, house: House) => Promise<{ fields: Record<string, string>; vouchers: string[] }>;

const Path = Type.Object({ estate: Type.String() });
const PAGE = 50;

async function readBank(house: House, request: FastifyRequest, cursor?: string) {
  const estate = request.estate!;
  const { estate_id } = estate;
  const actor = demand(request.actor, estate_id, 'read_books');
  const in_full = may(actor, estate_id, 'read_officers');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const accounts = await bankAccounts(trx, estate_id);
    const months = await monthEnds(trx, estate_id, { from: estate.first_period, to: periodOf(today) });
    const { items, next_cursor } = await bankBalances(trx, estate_id, { in_full, limit: PAGE, cursor });
    const hands_in = may(actor, estate_id, 'import_statement');
    const waiting = hands_in ? await waitingIntakes(trx, { estate, actor }) : [];
    return {
      today, accounts, months, statements: items, next_cursor, in_full, covered: await coveredAccounts(trx, estate_id),
      handing: hands_in ? { csrf: actor.csrf ?? undefined, waiting: waiting.length } : null,
    };
  }, { readOnly: true });
}

async function showBank(
  house: House, request: FastifyRequest, reply: FastifyReply,
  { form, cursor, status = 200 }: { form: BankForm; cursor?: string | undefined; status?: number },
) {
  const estate = request.estate!;
  const shown = await readBank(house, request, cursor);
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${estate.code}/bank` });
  return htmlReply(reply, bankPage(frame, {
    ...shown, code: estate.code, form: may(request.actor, estate.estate_id, 'state_bank_balance') ? form : null,
  }), status);
}

/** The files of a refused form stay with it, also when a file is what was refused. */
async function keptOf(house: House, request: FastifyRequest, hashes: readonly string[]): Promise<BankForm['kept']> {
  const estate = request.estate!;
  const rows = await inEstate(house.db.app, estate.estate_id, (trx) => keptVouchers(trx, estate.estate_id, hashes), { readOnly: true });
  return rows.map((row) => ({ ...row, href: `/e/${estate.code}/vouchers/${row.sha256}` }));
}

const formOf = (error: unknown): { fields: Record<string, string>; vouchers: string[] } | undefined =>
  (error instanceof Refusal && 'form' in error ? error.form as never : undefined);

export function bankPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/bank', {
    schema: { hide: true, params: Path, querystring: Type.Object({ cursor: Type.Optional(Type.String({ pattern: BALANCE_CURSOR })) }) },
  }, async (request, reply) => {
    const { cursor } = request.query;
    return showBank(house, request, reply, {
      form: { form_key: newFormKey(), values: {}, errors: {}, kept: [] }, cursor,
    });
  });

  app.get('/e/:estate/bank.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { months, today } = await readBank(house, request);
    const t = pick(texts, localeOf(request));
    const csv = toCsv([
      { key: 'period', title: t.month }, { key: 'account', title: t.account }, { key: 'book_balance', title: t.books_say, type: 'money' },
      { key: 'bank_balance', title: t.bank_says, type: 'money' }, { key: 'as_of', title: t.as_of },
      { key: 'difference', title: t.difference, type: 'money' }, { key: 'state', title: t.state },
    ], months.map((row) => ({ ...row, state: resultOf(row, today, t).text })));
    return sendCsv(reply, `${t.bank}-${request.estate!.name_zh}.csv`, csv);
  });

  app.post('/e/:estate/bank', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'state_bank_balance');
    let fields: Record<string, string> = {};
    let vouchers: string[] = [];
    try {
      ({ fields, vouchers } = await intake(request, house));
      const { account = '', as_of = '', balance = '', form_key = newFormKey() } = fields;
      await stateBankBalance(house, {
        estate, actor, account, as_of, balance, sha256: vouchers[0] ?? '', key: `${actor.person_id}:${form_key}`,
      });
      return await reply.redirect(`/e/${estate.code}/bank?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      ({ fields, vouchers } = formOf(error) ?? { fields, vouchers });
      // The interface names one voucher, the form's field takes files.
      const { voucher, ...errors } = formErrors(error, localeOf(request));
      return showBank(house, request, reply, {
        status: error.status,
        form: {
          form_key: newFormKey(), values: fields, errors: voucher === undefined ? errors : { ...errors, vouchers: voucher },
          kept: await keptOf(house, request, vouchers),
        },
      });
    }
  });
}
