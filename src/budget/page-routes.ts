// Pages of budgets for everybody: a year as spent, versions, orders beyond it; with their CSV twins and papers.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stateName } from '../approval/texts.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { formatDate, localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { printer } from '../../reports/printer.ts';
import { accountIn, fundIn, overPage, versionPage, whyIn, yearPage, type YearShown } from './pages.tsx';
import { budgetPaper } from './paper.ts';
import { budgetLines, choicesOf, draftsOf, executionOf, inForce, overOrders, signedBy, versionsOf } from './queries.ts';
import { refusals } from './refusals.ts';
import { texts } from './texts.ts';
import { beginnable, readVersion, yearsOf } from './version.ts';

const Path = Type.Object({ estate: Type.String() });
export const YearPath = Type.Object({ estate: Type.String(), year: Type.String({ pattern: '^2[0-9]{3}$' }) });
const VersionPath = Type.Object({ estate: Type.String(), proposal: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Word = Type.Optional(Type.String({ maxLength: 60 }));
const Year = Type.Optional(Type.String({ pattern: '^(2[0-9]{3})?$' }));
const MOST = 1000;

export function budgetPageRoutes(app: FastifyInstance, house: House): void {
  yearRoutes(app, house);
  versionRoutes(app, house);
  overRoutes(app, house);
}

interface YearAsked { year?: string | undefined; fund?: string | undefined; class?: string | undefined }

async function readYear(house: House, request: FastifyRequest, { year: typed = '', fund = '', class: kind = '' }: YearAsked): Promise<YearShown> {
  const estate = request.estate!;
  const { estate_id, code } = estate;
  const actor = demand(request.actor, estate_id, 'read_books');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const { present, years } = await yearsOf(trx, estate);
    const year = typed === '' ? present : Number(typed);
    const day = await estateToday(trx, estate_id);
    const all = may(actor, estate_id, 'read_officers');
    return {
      code, year, years: [present, ...years.filter((one) => one !== present)], day: day.slice(0, 4) === String(year) ? day : `${year}-12-31` < day ? `${year}-12-31` : day,
      versions: await versionsOf(trx, estate_id, year), filter: { fund, class: kind }, funds: (await choicesOf(trx, estate_id)).funds,
      rows: (await executionOf(trx, estate_id, year, day)).filter((row) => (fund === '' || row.fund === fund) && (kind === '' || row.class === kind)),
      drafts: (await draftsOf(trx, estate_id, { all })).filter(({ state }) => state !== 'published'), over: (await overOrders(trx, estate_id, { year, limit: MOST })).length,
      begins: may(actor, estate_id, 'propose') ? await beginnable(trx, estate_id, present) : [],
    };
  }, { readOnly: true });
}

export const attachment = (reply: FastifyReply, ascii: string, name: string): FastifyReply => reply.header('cache-control', 'private, no-store')
  .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`);

function yearRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/budgets', { schema: { hide: true, params: Path, querystring: Type.Object({ year: Year, fund: Word, class: Word }) } }, async (request, reply) =>
    htmlReply(reply, yearPage(frameOf(request), await readYear(house, request, request.query))));

  const Query = Type.Object({ fund: Word, class: Word });
  app.get('/e/:estate/budgets/:year/execution', { schema: { hide: true, params: YearPath, querystring: Query } }, async (request, reply) =>
    htmlReply(reply, yearPage(frameOf(request), await readYear(house, request, { year: request.params.year, ...request.query }))));

  app.get('/e/:estate/budgets/:year/execution.csv', { schema: { hide: true, params: YearPath, querystring: Query } }, async (request, reply) => {
    const { rows, year } = await readYear(house, request, { year: request.params.year, ...request.query });
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${t.title}-${year}-${request.estate!.code}.csv`, toCsv([
      { key: 'fund', title: t.fund }, { key: 'class', title: t.class }, { key: 'account', title: t.account }, { key: 'budget', title: t.budget, type: 'money' }, { key: 'actual', title: t.actual, type: 'money' },
      { key: 'committed', title: t.committed, type: 'money' }, { key: 'asked', title: t.asked, type: 'money' }, { key: 'remaining', title: t.remaining, type: 'money' }, { key: 'percent', title: `${t.percent} %`, type: 'number' },
    ], rows.map((row) => ({ ...row, fund: fundIn(row, locale), class: t[row.class], account: accountIn(row, locale) }))));
  });

  app.get('/e/:estate/budgets/:year/budget.pdf', { schema: { hide: true, params: YearPath } }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id } = estate;
    demand(request.actor, estate_id, 'read_books');
    const year = Number(request.params.year);
    const locale = localeOf(request);
    const paper = await inEstate(house.db.app, estate_id, async (trx) => {
      const version = await inForce(trx, estate_id, year);
      if (version === null) throw refusals.budget_unknown({ year });
      const signed = (await signedBy(trx, estate_id, version.proposal_id)).map((one) => ({ label: one[`name_${locale}`], name: pick(texts, locale).signed_word, day: formatDate(one.day, locale) }));
      return budgetPaper({ estate, version, lines: await budgetLines(trx, estate_id, version.proposal_id), signed }, locale);
    }, { readOnly: true });
    const bytes = await printer().papers([paper]);
    return attachment(reply, `budget-${year}.pdf`, `${year}年预算.pdf`).type('application/pdf').header('content-length', bytes.length).send(bytes);
  });
}

function versionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = (request: FastifyRequest) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    return inEstate(house.db.app, estate.estate_id, (trx) => readVersion(trx, estate, Number((request.params as { proposal: string }).proposal)), { readOnly: true });
  };
  app.get('/e/:estate/budget-versions/:proposal', { schema: { hide: true, params: VersionPath } }, async (request, reply) => htmlReply(reply, versionPage(frameOf(request), await read(request))));

  app.get('/e/:estate/budget-versions/:proposal/lines.csv', { schema: { hide: true, params: VersionPath } }, async (request, reply) => {
    const { lines, year } = await read(request);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${t.title}-${year}-${request.params.proposal}-${request.estate!.code}.csv`, toCsv([
      { key: 'fund', title: t.fund }, { key: 'class', title: t.class }, { key: 'account', title: t.account }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'note', title: t.note },
    ], lines.map((line) => ({ ...line, fund: fundIn(line, locale), class: t[line.class], account: accountIn(line, locale) }))));
  });
}

function overRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Query = Type.Object({ year: Year });
  const read = (request: FastifyRequest, typed = '') => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const { present, years } = await yearsOf(trx, estate);
      const year = typed === '' ? present : Number(typed);
      return { code: estate.code, year, years: [present, ...years.filter((one) => one !== present)], rows: await overOrders(trx, estate.estate_id, { year, limit: MOST }) };
    }, { readOnly: true });
  };
  app.get('/e/:estate/over-budget', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => htmlReply(reply, overPage(frameOf(request), await read(request, request.query.year))));

  app.get('/e/:estate/over-budget.csv', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { rows, year } = await read(request, request.query.year);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${t.over_orders}-${year}-${request.estate!.code}.csv`, toCsv([
      { key: 'order', title: t.order, type: 'number' }, { key: 'title', title: t.order }, { key: 'submitted_on', title: t.day, type: 'date' }, { key: 'fund', title: t.fund }, { key: 'account', title: t.account },
      { key: 'amount', title: t.amount, type: 'money' }, { key: 'over', title: t.over, type: 'money' }, { key: 'why', title: t.why }, { key: 'state', title: t.state },
    ], rows.map((row) => ({ ...row, fund: fundIn(row, locale), account: accountIn(row, locale), why: whyIn(row, t), state: stateName(row.state, locale) }))));
  });
}
