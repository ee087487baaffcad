// Pages of statements taken and of the bank's lines, with the CSV of the same address.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { PERIOD_PATTERN, periodOf, periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { csvHead, csvLine, sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { bodyName, confirmedText, lineColumns, lineRow, linesPage, statementPage, statementsPage } from './statement-pages.tsx';
import { coveredAccounts, linesOf, lineTotals, statementsOf, type CoveredAccount, type LineFilter } from './statement-queries.ts';
import { refusals } from './statement-refusals.ts';
import { formatName, texts } from './statement-texts.ts';

const Path = Type.Object({ estate: Type.String() });
const Cursor = Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' }));
const Account = Type.Optional(Type.String({ pattern: '^([0-9]{4,6})?$' }));
export const LinesQuery = Type.Object({
  account: Account, period: Type.Optional(Type.String({ pattern: `^$|${PERIOD_PATTERN}` })), direction: Type.Optional(Type.Enum(['', 'in', 'out'])),
  state: Type.Optional(Type.Enum(['', 'open', 'matched'])), q: Type.Optional(Type.String({ maxLength: 100 })),
  statement: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })), cursor: Cursor,
});
const PAGE = 100;
const CSV_PAGE = 2_000;

const reading = (request: FastifyRequest) => {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_books');
  return { estate, actor, in_full: may(actor, estate.estate_id, 'read_officers') };
};

/** What the address asks for; without an account the first that has statements. */
export function filterOf(query: Static<typeof LinesQuery>, accounts: readonly CoveredAccount[]): LineFilter {
  const { account, period, direction, state, q, statement } = query;
  const first = accounts.find((one) => one.from !== null) ?? accounts[0];
  return {
    account: account === undefined || account === '' ? first?.account ?? '' : account, period: period === '' ? undefined : period,
    direction: direction === '' ? undefined : direction, state: state === '' ? undefined : state, q: q?.trim() === '' ? undefined : q,
    statement: statement === undefined ? undefined : Number(statement),
  } as LineFilter;
}

export function bankStatementPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/bank/statements', { schema: { hide: true, params: Path, querystring: Type.Object({ cursor: Cursor }) } }, async (request, reply) => {
    const { estate, actor, in_full } = reading(request);
    const { estate_id, code } = estate;
    const cursor = request.query.cursor === undefined ? undefined : Number(request.query.cursor);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      accounts: await coveredAccounts(trx, estate_id), ...await statementsOf(trx, estate_id, { in_full, limit: 50, cursor }),
    }), { readOnly: true });
    return htmlReply(reply, statementsPage(frameOf(request), { code, may_hand_in: may(actor, estate_id, 'import_statement'), ...shown }));
  });

  app.get('/e/:estate/bank/statements.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, in_full } = reading(request);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { items } = await inEstate(house.db.app, estate.estate_id, (trx) => statementsOf(trx, estate.estate_id, { in_full, limit: 10_000 }), { readOnly: true });
    return sendCsv(reply, `${t.statements}-${estate.name_zh}.csv`, toCsv([
      { key: 'seq', title: t.record, type: 'number' }, { key: 'account', title: t.account }, { key: 'from', title: t.from, type: 'date' }, { key: 'to', title: t.to, type: 'date' },
      { key: 'stated', title: t.period }, { key: 'lines', title: t.lines_n, type: 'number' }, { key: 'opening', title: t.opening, type: 'money' },
      { key: 'closing', title: t.closing, type: 'money' }, { key: 'format', title: t.format }, { key: 'by', title: t.by }, { key: 'confirmed', title: t.state },
      { key: 'imported_at', title: t.handed_at }, { key: 'sha256', title: t.hash },
    ], items.map((row) => ({ ...row, stated: row.period_stated ? t.by_file : t.by_word, format: formatName(row.format)[locale], by: bodyName(row, locale), confirmed: confirmedText(row, locale, t) }))));
  });

  app.get('/e/:estate/bank/statements/:seq', {
    schema: { hide: true, params: Type.Object({ estate: Type.String(), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }) },
  }, async (request, reply) => {
    const { estate, in_full } = reading(request);
    const { estate_id, code } = estate;
    const seq = Number(request.params.seq);
    const { row, accounts } = await inEstate(house.db.app, estate_id, async (trx) => ({
      row: (await statementsOf(trx, estate_id, { in_full, seq, limit: 1 })).items[0], accounts: await coveredAccounts(trx, estate_id),
    }), { readOnly: true });
    if (row === undefined) throw refusals.statement_unknown({ seq });
    return htmlReply(reply, statementPage(frameOf(request), { code, row, account: accounts.find((one) => one.account === row.account)! }));
  });

  app.get('/e/:estate/bank/lines', { schema: { hide: true, params: Path, querystring: LinesQuery } }, async (request, reply) => {
    const { estate, in_full } = reading(request);
    const { estate_id, code } = estate;
    const { cursor } = request.query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const accounts = await coveredAccounts(trx, estate_id);
      const filter = filterOf(request.query, accounts);
      const chosen = accounts.find((one) => one.account === filter.account);
      const months = chosen?.from === null || chosen === undefined ? [] : periodsBetween(periodOf(chosen.from), periodOf(chosen.to!)).reverse();
      return {
        accounts, filter, months, totals: await lineTotals(trx, estate_id, filter, in_full),
        ...await linesOf(trx, estate_id, filter, { in_full, limit: PAGE, cursor: cursor === undefined ? undefined : Number(cursor) }),
      };
    }, { readOnly: true });
    return htmlReply(reply, linesPage(frameOf(request), { code, in_full, ...shown }));
  });

  app.get('/e/:estate/bank/lines.csv', { schema: { hide: true, params: Path, querystring: LinesQuery } }, async (request, reply) => {
    const { estate, in_full } = reading(request);
    const { estate_id } = estate;
    const t = pick(texts, localeOf(request));
    const short = <R>(work: (trx: Trx) => Promise<R>): Promise<R> => inEstate(house.db.app, estate_id, work, { readOnly: true });
    const filter = filterOf(request.query, await short((trx) => coveredAccounts(trx, estate_id)));
    const columns = lineColumns(in_full, t);
    // Lines are append-only: each page in a short transaction of its own, however slowly it is read.
    async function* pieces(): AsyncGenerator<string> {
      yield csvHead(columns);
      for (let cursor: number | undefined, more = true; more;) {
        const { items, next_cursor } = await short((trx) => linesOf(trx, estate_id, filter, { in_full, limit: CSV_PAGE, cursor }));
        yield items.map((row) => csvLine(columns, lineRow(row, t))).join('');
        more = next_cursor !== null;
        cursor = Number(next_cursor);
      }
    }
    return sendCsv(reply, `${t.lines}-${estate.name_zh}.csv`, Readable.from(pieces()));
  });
}
