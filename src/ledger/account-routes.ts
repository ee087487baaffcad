// Pages of accounts and months: trial balance, balances on a day, one account, closing.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { firstDay, isBusinessDate, lastDay, PERIOD_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { signersOf } from '../approval/queries.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { accountPage, accountsPage, periodsPage, trialColumns } from './account-pages.tsx';
import { asked, monthAsked, monthsOf, reader, type Here } from './asking.ts';
import { closeGate, proposeClose } from './close.ts';
import { entryNumber } from './entry.ts';
import { nameOf, textsIn } from './journal-pages.tsx';
import { openCloses, periodsOf } from './period-queries.ts';
import { accountLedger, accountsOf, balancesAsOf, fundsOf, trialBalance } from './queries.ts';
import { refusals } from './refusals.ts';
import { readDay } from './typed-entry.ts';

const Path = Type.Object({ estate: Type.String() });
const AccountPath = Type.Object({ estate: Type.String(), account: Type.String({ maxLength: 20 }) });
const PeriodPath = Type.Object({
  estate: Type.String(),
  period: Type.String({ pattern: PERIOD_PATTERN }),
});

async function readAccounts(trx: Trx, here: Here, request: FastifyRequest) {
  const {
    estate: { estate_id, code },
  } = here;
  const months = await monthsOf(trx, here);
  const period = monthAsked(request, months);
  const fund = asked(request, 'fund');
  const typed = asked(request, 'as_of');
  const as_of = typed === undefined ? null : readDay(typed, 'as_of');
  const rows = as_of === null ? [] : await balancesAsOf(trx, estate_id, as_of);
  return {
    code,
    period,
    periods: months.list,
    fund,
    funds: await fundsOf(trx, estate_id),
    trial: await trialBalance(trx, estate_id, { period, fund }),
    day:
      as_of === null
        ? null
        : { as_of, rows: rows.filter((row) => fund === undefined || row.fund === fund) },
  };
}

async function readAccount(trx: Trx, here: Here, request: FastifyRequest, code: string) {
  const {
    estate: { estate_id },
  } = here;
  const account = (await accountsOf(trx, estate_id)).find((row) => row.account === code);
  if (account === undefined) throw refusals.account_not_in_chart({ account: code });
  const months = await monthsOf(trx, here);
  const period = monthAsked(request, months);
  const fund = asked(request, 'fund');
  const [from, to] = [asked(request, 'from'), asked(request, 'to')];
  const days = {
    from: from !== undefined && isBusinessDate(from) ? from : firstDay(period),
    to: to !== undefined && isBusinessDate(to) ? to : lastDay(period),
  };
  const ledger = await accountLedger(trx, estate_id, { account, fund, ...days });
  return {
    code: here.estate.code,
    account,
    ledger,
    period,
    periods: months.list,
    fund,
    funds: await fundsOf(trx, estate_id),
  };
}

export function accountPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = <T>(here: Here, work: (trx: Trx) => Promise<T>): Promise<T> =>
    inEstate(house.db.app, here.estate.estate_id, work, {
      isolation: 'repeatable read',
      readOnly: true,
    });

  app.get(
    '/e/:estate/accounts',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const here = reader(request);
      return htmlReply(
        reply,
        accountsPage(frameOf(request), await read(here, (trx) => readAccounts(trx, here, request))),
      );
    },
  );

  app.get(
    '/e/:estate/accounts.csv',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const here = reader(request);
      const locale = localeOf(request);
      const t = textsIn(locale);
      const { trial, day } = await read(here, (trx) => readAccounts(trx, here, request));
      const named = { key: 'account', title: t.account };
      const csv =
        day === null
          ? toCsv(
              [
                named,
                { key: 'name', title: t.description },
                ...trialColumns(locale).map((one) => ({ ...one, type: 'money' as const })),
              ],
              [
                ...trial.rows.map((row) => ({ ...row, name: nameOf(row, locale) })),
                { account: t.total, ...trial.totals },
              ],
            )
          : toCsv(
              [
                named,
                { key: 'name', title: t.description },
                { key: 'fund', title: t.fund },
                { key: 'side', title: t.side },
                { key: 'balance', title: t.balance, type: 'money' },
              ],
              day.rows.map((row) => ({
                ...row,
                name: nameOf(row, locale),
                side: t[`side_${row.side}`],
              })),
            );
      return sendCsv(reply, `${here.estate.code}-${t.accounts}.csv`, csv);
    },
  );

  app.get(
    '/e/:estate/accounts/:account',
    { schema: { hide: true, params: AccountPath } },
    async (request, reply) => {
      const here = reader(request);
      const code = request.params.account.replace(/\.csv$/, '');
      const shown = await read(here, (trx) => readAccount(trx, here, request, code));
      if (code === request.params.account)
        return htmlReply(reply, accountPage(frameOf(request), shown));
      const t = textsIn(localeOf(request));
      const csv = toCsv(
        [
          { key: 'entry_date', title: t.date, type: 'date' },
          { key: 'number', title: t.number },
          { key: 'description', title: t.description },
          { key: 'fund', title: t.fund },
          { key: 'debit', title: t.debit, type: 'money' },
          { key: 'credit', title: t.credit, type: 'money' },
          { key: 'balance', title: t.balance, type: 'money' },
          { key: 'seq', title: t.record, type: 'number' },
        ],
        shown.ledger.lines.map((row) => ({ ...row, number: entryNumber(row.kind, row.number) })),
      );
      return sendCsv(reply, `${here.estate.code}-${code}.csv`, csv);
    },
  );
}

// ── Months ───────────────────────────────────────────────────────────────────────────────────────

export function periodPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showPeriods = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused: string | null = null,
    status = 200,
  ) => {
    const { estate, actor } = reader(request);
    const { estate_id, code } = estate;
    const shown = await inEstate(
      house.db.app,
      estate_id,
      async (trx) => {
        const rows = await periodsOf(trx, estate);
        const open = rows.filter((row) => row.state === 'open').at(-1);
        const waiting = await openCloses(trx, estate_id);
        return {
          rows,
          signers: await signersOf(
            trx,
            estate_id,
            rows.flatMap((row) => row.proposal_id ?? []),
          ),
          next:
            open === undefined
              ? null
              : {
                  period: open.period,
                  checks: await closeGate(trx, estate, open.period),
                  proposal_id:
                    waiting.find((row) => row.period === open.period)?.proposal_id ?? null,
                },
        };
      },
      { readOnly: true },
    );
    return htmlReply(
      reply,
      periodsPage(frameOf(request, { here: `/e/${code}/periods` }), {
        code,
        ...shown,
        may_close: may(actor, estate_id, 'propose_close'),
        form_key: newFormKey(),
        refused,
      }),
      status,
    );
  };

  app.get('/e/:estate/periods', { schema: { hide: true, params: Path } }, (request, reply) =>
    showPeriods(request, reply),
  );

  app.get(
    '/e/:estate/periods.csv',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const { estate } = reader(request);
      const t = textsIn(localeOf(request));
      const rows = await inEstate(house.db.app, estate.estate_id, (trx) => periodsOf(trx, estate), {
        readOnly: true,
      });
      const csv = toCsv(
        [
          { key: 'period', title: t.period },
          { key: 'state', title: t.state },
          { key: 'entries', title: t.entries, type: 'number' },
          { key: 'received', title: t.received, type: 'money' },
          { key: 'paid', title: t.paid, type: 'money' },
          { key: 'closing', title: t.closing, type: 'money' },
          { key: 'closed_at', title: t.closed_on },
        ],
        rows.map((row) => ({
          ...row,
          state: t[`state_${row.state}`],
          closed_at: row.closed_at?.toISOString() ?? '',
        })),
      );
      return sendCsv(reply, `${estate.code}-${t.periods}.csv`, csv);
    },
  );

  app.post(
    '/e/:estate/periods/:period/close',
    {
      schema: {
        hide: true,
        params: PeriodPath,
        body: Type.Object({
          csrf: Type.Optional(Type.String()),
          form_key: Type.Optional(Type.String({ maxLength: 100 })),
        }),
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'propose_close');
      try {
        const { proposal_id } = await proposeClose(house, {
          estate,
          actor,
          period: request.params.period,
          key: request.body.form_key ?? null,
        });
        return await reply.redirect(
          `/e/${estate.code}/proposals/${proposal_id}?done=submitted`,
          303,
        );
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return showPeriods(request, reply, error.in(localeOf(request)), error.status);
      }
    },
  );
}
