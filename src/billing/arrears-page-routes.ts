// Pages of arrears, their tables, and the same over the API. Every owner sees sums at the end of the last month; dwellings are for
// whoever may read households.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText } from '../kernel/money.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { ages, overdueOf, publicArrears, type Age, type UnitArrears } from './arrears.ts';
import { arrearsPage, arrearsUnitsPage, buildingName } from './arrears-pages.tsx';
import { arrearsOn, owing, publicDay } from './arrears-queries.ts';
import { ageNames, arrearsTexts } from './arrears-texts.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Asked = Type.Object({ q: Type.Optional(Type.String({ maxLength: 40 })), over: Type.Optional(Type.String({ maxLength: 5 })), cursor: Type.Optional(Type.String({ maxLength: 12 })) });
const Sum = Type.String({ examples: ['102.00'] });
const MaybeSum = Type.Union([Sum, Type.Null()], { description: 'Null: kept back, because it would point at somebody' });
const MaybeCount = Type.Union([Type.Integer(), Type.Null()]);
const PAGE = 200;

/** Ages that begin after so many days. */
const after: Readonly<Record<string, readonly Age[]>> = { 30: ['d90', 'd365', 'older'], 90: ['d365', 'older'], 365: ['older'] };

const readPublic = async (house: House, request: FastifyRequest) => {
  const { estate_id } = request.estate!;
  demand(request.actor, estate_id, 'read_books');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const day = await publicDay(trx, estate_id);
    return { day, arrears: publicArrears(await arrearsOn(trx, estate_id, day)) };
  }, { readOnly: true });
};

const readUnits = async (house: House, request: FastifyRequest, { q = '', over = '' }: Static<typeof Asked>): Promise<UnitArrears[]> => {
  const { estate_id } = request.estate!;
  demand(request.actor, estate_id, 'read_households');
  const rows = await inEstate(house.db.app, estate_id, async (trx) => owing(await arrearsOn(trx, estate_id, await estateToday(trx, estate_id))), { readOnly: true });
  const wanted = Object.hasOwn(after, over) ? after[over] : undefined;
  return rows.filter((row) => row.unit.startsWith(q.trim()) && (wanted === undefined || wanted.some((age) => !money(row[age]).isZero())));
};

export function arrearsPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/arrears', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const found = await readPublic(house, request);
    return htmlReply(reply, arrearsPage(frameOf(request), { code, ...found, officer: may(request.actor, estate_id, 'read_households') }));
  });

  app.get('/e/:estate/arrears.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { day, arrears } = await readPublic(house, request);
    const locale = localeOf(request);
    const t = pick(arrearsTexts, locale);
    return sendCsv(reply, `${t.title}-${day}.csv`, toCsv([
      { key: 'building', title: t.building }, { key: 'dwellings', title: t.dwellings, type: 'number' }, { key: 'owing', title: t.owing, type: 'number' }, { key: 'amount', title: t.amount, type: 'money' },
    ], arrears.buildings.map((row) => ({
      building: buildingName(row.building, locale), dwellings: row.dwellings, owing: row.owing ?? t.hidden, amount: row.amount ?? t.hidden,
    }))));
  });

  app.get('/e/:estate/arrears/units', { schema: { hide: true, params: Path, querystring: Asked } }, async (request, reply) => {
    const all = await readUnits(house, request, request.query);
    const { q = '', over = '', cursor } = request.query;
    const at = cursor === undefined ? 0 : all.findIndex(({ unit }) => unit === cursor) + 1;
    const rows = all.slice(at, at + PAGE);
    return htmlReply(reply, arrearsUnitsPage(frameOf(request), {
      code: request.estate!.code, all, rows, q, over, next_cursor: at + PAGE < all.length ? rows.at(-1)!.unit : null,
    }));
  });

  app.get('/e/:estate/arrears/units.csv', { schema: { hide: true, params: Path, querystring: Asked } }, async (request, reply) => {
    const rows = await readUnits(house, request, request.query);
    const locale = localeOf(request);
    const t = pick(arrearsTexts, locale);
    return sendCsv(reply, `${t.units_title}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'bills', title: t.bills, type: 'number' }, ...ages.map((age) => ({ key: age, title: ageNames[age][locale], type: 'money' as const })),
      { key: 'amount', title: t.amount, type: 'money' }, { key: 'oldest_due', title: t.oldest, type: 'date' },
    ], rows.map((row) => ({ ...row, amount: overdueOf(row) }))));
  });
}

const UnitRow = Type.Object({
  unit: Type.String({ examples: ['3-2-1002'] }), building: Type.String(), bills: Type.Integer(), d30: Sum, d90: Sum, d365: Sum, older: Sum, amount: Sum,
  oldest_due: Type.Union([Type.String(), Type.Null()]),
});

export function arrearsRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/arrears', {
    schema: {
      tags: ['bills'], summary: 'What was overdue at the end of last month, by age and building; figures that would point at a dwelling are null', security, params: Path,
      response: { 200: Type.Object({ day: Type.String(), arrears: Type.Object({
        total: Type.Union([Type.Object({ dwellings: Type.Integer(), owing: Type.Integer(), bills: Type.Integer(), amount: Sum }), Type.Null()]),
        ages: Type.Array(Type.Object({ age: Type.String({ description: 'd30, d90, d365 (days after the due day), older' }), owing: MaybeCount, amount: MaybeSum })),
        buildings: Type.Array(Type.Object({ building: Type.String(), dwellings: Type.Integer(), owing: MaybeCount, amount: MaybeSum })),
      }) }) },
    },
  }, (request) => readPublic(house, request));

  app.get('/api/v1/estates/:estate/arrears/units', {
    schema: {
      tags: ['bills'], summary: 'What is overdue today by dwelling, for officers who may read households', security, params: Path,
      querystring: Type.Object({
        q: Type.Optional(Type.String({ maxLength: 40, description: 'Beginning of a dwelling\'s number' })), over: Type.Optional(Type.String({ maxLength: 5, description: '30, 90 or 365 days' })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(UnitRow) }) },
    },
  }, async (request) => ({ items: (await readUnits(house, request, request.query)).map((row) => ({ ...row, amount: moneyText(overdueOf(row)) })) }));
}
