// Pages of the journal; accounts and months are in account-routes.ts, the forms in form-routes.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { may } from '../kernel/actor.ts';
import { saidIn, textsOf } from '../evidence/personal-value.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText } from '../kernel/money.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { accountPageRoutes, periodPageRoutes } from './account-routes.ts';
import {
  asked,
  monthAsked,
  monthsOf,
  namesFiles,
  reader,
  shownUnits,
  type Here,
  type Months,
} from './asking.ts';
import { draftsOf } from './draft.ts';
import { entryKinds, type EntryKind } from './entry.ts';
import { entryPage, type InquiryLine } from './entry-pages.tsx';
import { formPageRoutes, type Intake } from './form-routes.ts';
import { journalCsv, journalPage, nameOf, textsIn, type JournalShown } from './journal-pages.tsx';
import { readEntry } from './entry-queries.ts';
import { journalList, journalTotals, type JournalAsked } from './journal-queries.ts';
import { accountsOf, fundsOf, moneyAfter } from './queries.ts';

export type { FormRead, Intake } from './form-routes.ts';

const Path = Type.Object({ estate: Type.String() });
const EntryPath = Type.Object({
  estate: Type.String(),
  seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
});
const PAGE = 50;
const CSV_PAGE = 5_000;

/** `intake` reads a form with its files (payment/ has it, a floor above). */
export function ledgerPageRoutes(
  app: FastifyInstance,
  house: House,
  { intake }: { intake: Intake },
): void {
  journalRoutes(app, house);
  accountPageRoutes(app, house);
  periodPageRoutes(app, house);
  formPageRoutes(app, house, { intake });
}

function journalAsked(
  request: FastifyRequest,
  months: Months,
): { period: Period | null; filter: JournalAsked } {
  const period = asked(request, 'period') === 'all' ? null : monthAsked(request, months);
  const kind = entryKinds.find((one): one is EntryKind => one === asked(request, 'kind'));
  return {
    period,
    filter: {
      period: period ?? undefined,
      account: asked(request, 'account'),
      fund: asked(request, 'fund'),
      kind,
      q: asked(request, 'q'),
      cursor: asked(request, 'cursor'),
      limit: PAGE,
    },
  };
}

async function readJournal(trx: Trx, here: Here, request: FastifyRequest): Promise<JournalShown> {
  const {
    estate: { estate_id, code },
    actor,
  } = here;
  const months = await monthsOf(trx, here);
  const { period, filter } = journalAsked(request, months);
  const { items, next_cursor } = await journalList(trx, estate_id, filter);
  const plain = filter.account === undefined && filter.kind === undefined && filter.q === undefined;
  const officer = may(actor, estate_id, 'read_officers');
  return {
    code,
    period,
    periods: months.list,
    rows: items,
    next_cursor,
    accounts: await accountsOf(trx, estate_id),
    funds: await fundsOf(trx, estate_id),
    asked: { account: filter.account, fund: filter.fund, kind: filter.kind, q: filter.q },
    totals: await journalTotals(trx, estate_id, filter),
    borders:
      period === null || !plain
        ? null
        : {
            opening: moneyText(
              await moneyAfter(trx, estate_id, addMonths(period, -1), filter.fund),
            ),
            closing: moneyText(await moneyAfter(trx, estate_id, period, filter.fund)),
          },
    drafts: officer ? await draftsOf(trx, estate_id) : [],
    may_post: may(actor, estate_id, 'post_receipt'),
    may_propose: may(actor, estate_id, 'draft_order'),
  };
}

async function sendJournalCsv(trx: Trx, here: Here, request: FastifyRequest): Promise<string> {
  const {
    estate: { estate_id },
  } = here;
  const locale = localeOf(request);
  const { filter } = journalAsked(request, await monthsOf(trx, here));
  const funds = Object.fromEntries(
    (await fundsOf(trx, estate_id)).map((row) => [row.fund, nameOf(row, locale)]),
  );
  const { columns, rowOf } = journalCsv(locale, funds);
  const rows = [];
  let cursor: string | null | undefined;
  do {
    const list = await journalList(trx, estate_id, {
      ...filter,
      cursor: cursor ?? undefined,
      limit: CSV_PAGE,
    });
    rows.push(...list.items.map(rowOf));
    cursor = list.next_cursor;
  } while (cursor !== null);
  return toCsv(columns, rows);
}

/** A paid entry's payee as every owner may see it: a company by name, a person masked. */
async function payeeOf(
  trx: Trx,
  estate_id: number,
  payees: readonly (string | null)[],
): Promise<string | null> {
  const payee = payees.find((one) => one !== null && /^[1-9][0-9]{0,8}$/.test(one));
  if (payee === undefined) return null;
  const row = await trx
    .selectFrom('payee')
    .select(['public_name', 'account_last4'])
    .where('estate_id', '=', estate_id)
    .where('payee_id', '=', Number(payee))
    .executeTakeFirst();
  return row === undefined ? null : row.public_name;
}

async function inquiriesAbout(trx: Trx, estate_id: number, seq: number): Promise<InquiryLine[]> {
  const { rows } = await sql<Omit<InquiryLine, 'question'> & { seq: number }>`
    select q.inquiry_id, q.seq, exists (select from answer w where w.estate_id = q.estate_id and w.inquiry_id = q.inquiry_id) as answered
    from inquiry q where q.estate_id = ${estate_id} and q.about_seq = ${seq} order by q.inquiry_id`.execute(
    trx,
  );
  const texts = await textsOf(trx, estate_id, rows.map((row) => row.seq), 'question');
  return rows.map((row) => ({ inquiry_id: row.inquiry_id, answered: row.answered, question: saidIn(texts, row.seq) }));
}

function journalRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/e/:estate/journal',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const here = reader(request);
      const shown = await inEstate(
        house.db.app,
        here.estate.estate_id,
        (trx) => readJournal(trx, here, request),
        { isolation: 'repeatable read', readOnly: true },
      );
      return htmlReply(reply, journalPage(frameOf(request), shown));
    },
  );

  app.get(
    '/e/:estate/journal.csv',
    { schema: { hide: true, params: Path } },
    async (request, reply) => {
      const here = reader(request);
      const csv = await inEstate(
        house.db.app,
        here.estate.estate_id,
        (trx) => sendJournalCsv(trx, here, request),
        { isolation: 'repeatable read', readOnly: true },
      );
      return sendCsv(reply, `${here.estate.code}-${textsIn(localeOf(request)).journal}.csv`, csv);
    },
  );

  app.get(
    '/e/:estate/journal/:seq',
    { schema: { hide: true, params: EntryPath } },
    async (request, reply) => {
      const here = reader(request);
      const {
        estate: { estate_id, code },
        actor,
      } = here;
      const seq = Number(request.params.seq);
      const shown = await inEstate(
        house.db.app,
        estate_id,
        async (trx) => {
          const entry = await readEntry(trx, estate_id, seq, shownUnits(here), namesFiles(here));
          return {
            entry,
            payee: await payeeOf(
              trx,
              estate_id,
              entry.postings.map((line) => line.payee),
            ),
            inquiries: await inquiriesAbout(trx, estate_id, seq),
          };
        },
        { readOnly: true },
      );
      return htmlReply(
        reply,
        entryPage(frameOf(request), {
          code,
          ...shown,
          sees_all_vouchers: may(actor, estate_id, 'read_officers'),
          may_ask: may(actor, estate_id, 'ask'),
          may_propose: may(actor, estate_id, 'draft_order'),
        }),
      );
    },
  );
}
