// Pages of the books: journal, entry, accounts, months; the forms are in form-routes.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, firstDay, isBusinessDate, lastDay, PERIOD_PATTERN, periodOf, periodsBetween, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { signersOf } from '../approval/queries.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { accountPage, accountsPage, periodsPage, trialColumns } from './account-pages.tsx';
import { closeGate, proposeClose } from './close.ts';
import { draftsOf } from './draft.ts';
import { entryKinds, entryNumber, type EntryKind } from './entry.ts';
import { formPageRoutes, type Intake } from './form-routes.ts';
import { entryPage, journalCsv, journalPage, nameOf, textsIn, type InquiryLine, type JournalShown } from './journal-pages.tsx';
import { journalList, journalTotals, readEntry, type JournalAsked } from './journal-queries.ts';
import { accountLedger, accountsOf, balancesAsOf, fundsOf, moneyAfter, openCloses, periodsOf, todayOf, trialBalance } from './queries.ts';
import { refusals } from './refusals.ts';
import { reader, shownUnits, type Here } from './routes.ts';
import { readDay } from './typed-entry.ts';

export type { FormRead, Intake } from './form-routes.ts';

const Path = Type.Object({ estate: Type.String() });
const EntryPath = Type.Object({ estate: Type.String(), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });
const AccountPath = Type.Object({ estate: Type.String(), account: Type.String({ maxLength: 20 }) });
const PeriodPath = Type.Object({ estate: Type.String(), period: Type.String({ pattern: PERIOD_PATTERN }) });
const PAGE = 50;
const CSV_PAGE = 5_000;

/** `intake` reads a form with its files (payment/ has it, a floor above). */
export function ledgerPageRoutes(app: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  journalRoutes(app, house);
  accountRoutes(app, house);
  periodRoutes(app, house);
  formPageRoutes(app, house, { intake });
}

/** One value of a query field; an empty one is none. */
function asked(request: FastifyRequest, name: string): string | undefined {
  const value = [(request.query as Record<string, unknown>)[name]].flat().at(-1);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;
}

interface Months { current: Period; list: Period[] }

async function monthsOf(trx: Trx, { estate }: Here): Promise<Months> {
  const current = periodOf(await todayOf(trx, estate.estate_id));
  return { current, list: periodsBetween(estate.first_period, current).reverse() };
}

/** The month asked for; the running one when none is. Refusal: period_unreadable. */
function monthAsked(request: FastifyRequest, { current }: Months): Period {
  const typed = asked(request, 'period');
  if (typed === undefined) return current;
  if (!new RegExp(PERIOD_PATTERN).test(typed)) throw refusals.period_unreadable({ typed: typed.slice(0, 20) }, 'period');
  return typed;
}

// ── Journal ──────────────────────────────────────────────────────────────────────────────────────

function journalAsked(request: FastifyRequest, months: Months): { period: Period | null; filter: JournalAsked } {
  const period = asked(request, 'period') === 'all' ? null : monthAsked(request, months);
  const kind = entryKinds.find((one): one is EntryKind => one === asked(request, 'kind'));
  return {
    period,
    filter: {
      period: period ?? undefined, account: asked(request, 'account'), fund: asked(request, 'fund'), kind,
      q: asked(request, 'q'), cursor: asked(request, 'cursor'), limit: PAGE,
    },
  };
}

async function readJournal(trx: Trx, here: Here, request: FastifyRequest): Promise<JournalShown> {
  const { estate: { estate_id, code }, actor } = here;
  const months = await monthsOf(trx, here);
  const { period, filter } = journalAsked(request, months);
  const { items, next_cursor } = await journalList(trx, estate_id, filter);
  const plain = filter.account === undefined && filter.kind === undefined && filter.q === undefined;
  const officer = may(actor, estate_id, 'read_officers');
  return {
    code, period, periods: months.list, rows: items, next_cursor,
    accounts: await accountsOf(trx, estate_id), funds: await fundsOf(trx, estate_id),
    asked: { account: filter.account, fund: filter.fund, kind: filter.kind, q: filter.q },
    totals: await journalTotals(trx, estate_id, filter),
    borders: period === null || !plain ? null : {
      opening: moneyText(await moneyAfter(trx, estate_id, addMonths(period, -1), filter.fund)),
      closing: moneyText(await moneyAfter(trx, estate_id, period, filter.fund)),
    },
    drafts: officer ? await draftsOf(trx, estate_id) : [],
    may_post: may(actor, estate_id, 'post_receipt'), may_propose: may(actor, estate_id, 'draft_order'),
  };
}

async function sendJournalCsv(trx: Trx, here: Here, request: FastifyRequest): Promise<string> {
  const { estate: { estate_id } } = here;
  const locale = localeOf(request);
  const { filter } = journalAsked(request, await monthsOf(trx, here));
  const funds = Object.fromEntries((await fundsOf(trx, estate_id)).map((row) => [row.fund, nameOf(row, locale)]));
  const { columns, rowOf } = journalCsv(locale, funds);
  const rows = [];
  let cursor: string | null | undefined;
  do {
    const list = await journalList(trx, estate_id, { ...filter, cursor: cursor ?? undefined, limit: CSV_PAGE });
    rows.push(...list.items.map(rowOf));
    cursor = list.next_cursor;
  } while (cursor !== null);
  return toCsv(columns, rows);
}

/** A paid entry's payee as every owner may see it: a company by name, a person masked. */
async function payeeOf(trx: Trx, estate_id: number, payees: readonly (string | null)[]): Promise<string | null> {
  const payee = payees.find((one) => one !== null && /^[1-9][0-9]{0,8}$/.test(one));
  if (payee === undefined) return null;
  const row = await trx.selectFrom('payee').select(['public_name', 'account_last4'])
    .where('estate_id', '=', estate_id).where('payee_id', '=', Number(payee)).executeTakeFirst();
  return row === undefined ? null : row.public_name;
}

async function inquiriesAbout(trx: Trx, estate_id: number, seq: number): Promise<InquiryLine[]> {
  const { rows } = await sql<InquiryLine>`
    select q.inquiry_id, q.question, exists (select from answer w where w.estate_id = q.estate_id and w.inquiry_id = q.inquiry_id) as answered
    from inquiry q where q.estate_id = ${estate_id} and q.about_seq = ${seq} order by q.inquiry_id`.execute(trx);
  return rows;
}

function journalRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/journal', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const here = reader(request);
    const shown = await inEstate(house.db.app, here.estate.estate_id, (trx) => readJournal(trx, here, request),
      { isolation: 'repeatable read', readOnly: true });
    return htmlReply(reply, journalPage(frameOf(request), shown));
  });

  app.get('/e/:estate/journal.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const here = reader(request);
    const csv = await inEstate(house.db.app, here.estate.estate_id, (trx) => sendJournalCsv(trx, here, request),
      { isolation: 'repeatable read', readOnly: true });
    return sendCsv(reply, `${here.estate.code}-${textsIn(localeOf(request)).journal}.csv`, csv);
  });

  app.get('/e/:estate/journal/:seq', { schema: { hide: true, params: EntryPath } }, async (request, reply) => {
    const here = reader(request);
    const { estate: { estate_id, code }, actor } = here;
    const seq = Number(request.params.seq);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const entry = await readEntry(trx, estate_id, seq, shownUnits(here));
      return {
        entry, payee: await payeeOf(trx, estate_id, entry.postings.map((line) => line.payee)),
        inquiries: await inquiriesAbout(trx, estate_id, seq),
      };
    }, { readOnly: true });
    return htmlReply(reply, entryPage(frameOf(request), {
      code, ...shown, sees_all_vouchers: may(actor, estate_id, 'read_officers'),
      may_ask: may(actor, estate_id, 'ask'), may_propose: may(actor, estate_id, 'draft_order'),
    }));
  });
}

// ── Accounts ─────────────────────────────────────────────────────────────────────────────────────

async function readAccounts(trx: Trx, here: Here, request: FastifyRequest) {
  const { estate: { estate_id, code } } = here;
  const months = await monthsOf(trx, here);
  const period = monthAsked(request, months);
  const fund = asked(request, 'fund');
  const typed = asked(request, 'as_of');
  const as_of = typed === undefined ? null : readDay(typed, 'as_of');
  const rows = as_of === null ? [] : await balancesAsOf(trx, estate_id, as_of);
  return {
    code, period, periods: months.list, fund, funds: await fundsOf(trx, estate_id),
    trial: await trialBalance(trx, estate_id, { period, fund }),
    day: as_of === null ? null : { as_of, rows: rows.filter((row) => fund === undefined || row.fund === fund) },
  };
}

async function readAccount(trx: Trx, here: Here, request: FastifyRequest, code: string) {
  const { estate: { estate_id } } = here;
  const account = (await accountsOf(trx, estate_id)).find((row) => row.account === code);
  if (account === undefined) throw refusals.account_not_in_chart({ account: code });
  const months = await monthsOf(trx, here);
  const period = monthAsked(request, months);
  const fund = asked(request, 'fund');
  const [from, to] = [asked(request, 'from'), asked(request, 'to')];
  const days = {
    from: from !== undefined && isBusinessDate(from) ? from : firstDay(period), to: to !== undefined && isBusinessDate(to) ? to : lastDay(period),
  };
  const ledger = await accountLedger(trx, estate_id, { account, fund, ...days });
  return { code: here.estate.code, account, ledger, period, periods: months.list, fund, funds: await fundsOf(trx, estate_id) };
}

function accountRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = <T>(here: Here, work: (trx: Trx) => Promise<T>): Promise<T> =>
    inEstate(house.db.app, here.estate.estate_id, work, { isolation: 'repeatable read', readOnly: true });

  app.get('/e/:estate/accounts', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const here = reader(request);
    return htmlReply(reply, accountsPage(frameOf(request), await read(here, (trx) => readAccounts(trx, here, request))));
  });

  app.get('/e/:estate/accounts.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const here = reader(request);
    const locale = localeOf(request);
    const t = textsIn(locale);
    const { trial, day } = await read(here, (trx) => readAccounts(trx, here, request));
    const named = { key: 'account', title: t.account };
    const csv = day === null
      ? toCsv([named, { key: 'name', title: t.description }, ...trialColumns(locale).map((one) => ({ ...one, type: 'money' as const }))],
        [...trial.rows.map((row) => ({ ...row, name: nameOf(row, locale) })), { account: t.total, ...trial.totals }])
      : toCsv([named, { key: 'name', title: t.description }, { key: 'fund', title: t.fund }, { key: 'side', title: t.side },
        { key: 'balance', title: t.balance, type: 'money' }],
      day.rows.map((row) => ({ ...row, name: nameOf(row, locale), side: t[`side_${row.side}`] })));
    return sendCsv(reply, `${here.estate.code}-${t.accounts}.csv`, csv);
  });

  app.get('/e/:estate/accounts/:account', { schema: { hide: true, params: AccountPath } }, async (request, reply) => {
    const here = reader(request);
    const code = request.params.account.replace(/\.csv$/, '');
    const shown = await read(here, (trx) => readAccount(trx, here, request, code));
    if (code === request.params.account) return htmlReply(reply, accountPage(frameOf(request), shown));
    const t = textsIn(localeOf(request));
    const csv = toCsv([
      { key: 'entry_date', title: t.date, type: 'date' }, { key: 'number', title: t.number }, { key: 'description', title: t.description },
      { key: 'fund', title: t.fund }, { key: 'debit', title: t.debit, type: 'money' }, { key: 'credit', title: t.credit, type: 'money' },
      { key: 'balance', title: t.balance, type: 'money' }, { key: 'seq', title: t.record, type: 'number' },
    ], shown.ledger.lines.map((row) => ({ ...row, number: entryNumber(row.kind, row.number) })));
    return sendCsv(reply, `${here.estate.code}-${code}.csv`, csv);
  });
}

// ── Months ───────────────────────────────────────────────────────────────────────────────────────

function periodRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showPeriods = async (request: FastifyRequest, reply: FastifyReply, refused: string | null = null, status = 200) => {
    const { estate, actor } = reader(request);
    const { estate_id, code } = estate;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const rows = await periodsOf(trx, estate);
      const open = rows.filter((row) => row.state === 'open').at(-1);
      const waiting = await openCloses(trx, estate_id);
      return {
        rows, signers: await signersOf(trx, estate_id, rows.flatMap((row) => row.proposal_id ?? [])),
        next: open === undefined ? null : {
          period: open.period, checks: await closeGate(trx, estate, open.period),
          proposal_id: waiting.find((row) => row.period === open.period)?.proposal_id ?? null,
        },
      };
    }, { readOnly: true });
    return htmlReply(reply, periodsPage(frameOf(request, { here: `/e/${code}/periods` }), {
      code, ...shown, may_close: may(actor, estate_id, 'propose_close'), form_key: newFormKey(), refused,
    }), status);
  };

  app.get('/e/:estate/periods', { schema: { hide: true, params: Path } }, (request, reply) => showPeriods(request, reply));

  app.get('/e/:estate/periods.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate } = reader(request);
    const t = textsIn(localeOf(request));
    const rows = await inEstate(house.db.app, estate.estate_id, (trx) => periodsOf(trx, estate), { readOnly: true });
    const csv = toCsv([
      { key: 'period', title: t.period }, { key: 'state', title: t.state }, { key: 'entries', title: t.entries, type: 'number' },
      { key: 'received', title: t.received, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' },
      { key: 'closing', title: t.closing, type: 'money' }, { key: 'closed_at', title: t.closed_on },
    ], rows.map((row) => ({ ...row, state: t[`state_${row.state}`], closed_at: row.closed_at?.toISOString() ?? '' })));
    return sendCsv(reply, `${estate.code}-${t.periods}.csv`, csv);
  });

  app.post('/e/:estate/periods/:period/close', {
    schema: {
      hide: true, params: PeriodPath,
      body: Type.Object({ csrf: Type.Optional(Type.String()), form_key: Type.Optional(Type.String({ maxLength: 100 })) }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose_close');
    try {
      const { proposal_id } = await proposeClose(house, { estate, actor, period: request.params.period, key: request.body.form_key ?? null });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showPeriods(request, reply, error.in(localeOf(request)), error.status);
    }
  });
}
