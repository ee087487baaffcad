// Pages of the register: all dwellings, parking spaces, changes, readings of a building. For read_households; what is typed, for
// keep_register.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, money, sum } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { enterReadings } from './meter.ts';
import { ownedUnits, registerChanges } from './overview-queries.ts';
import { metersOf, spacesOn } from './place-queries.ts';
import { enterDwelling } from './register.ts';
import { changesPage, registerPage, spacesPage, type DoorShown, type FormShown } from './register-pages.tsx';
import { byPlace, meterKinds, payersAmong, tenuresOf, unitsOfParty, unitsOn, type MeterKind, type UnitOnDay } from './register-queries.ts';
import { kindTexts, occupancyTexts, spaceKindTexts, texts } from './register-texts.ts';
import { readingsPage } from './reading-pages.tsx';
import { enterSpaces } from './space.ts';

const Path = Type.Object({ estate: Type.String() });
const Short = Type.Optional(Type.String({ maxLength: 60 }));
/** Fields of a form as they were typed. */
export const Typed = Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 12_000 }));
const PAGE = 100;

export const emptyForm = (): FormShown => ({ id: null, form_key: newFormKey(), values: {}, errors: {} });
export const refusedForm = (error: unknown, request: FastifyRequest, id: string, values: Record<string, string>): { form: FormShown; status: number } => {
  if (!(error instanceof Refusal)) throw error;
  return { form: { id, form_key: newFormKey(), values, errors: formErrors(error, localeOf(request)) }, status: error.status };
};
/** A day in the address; what is none is today. */
export const dayShown = (typed: string | undefined, today: BusinessDate): BusinessDate => (typed !== undefined && isBusinessDate(typed) ? typed : today);

/** The room within its building and stairwell: "1002" of "3-2-1002". */
const roomOf = ({ unit, building, stairwell }: UnitOnDay): string => {
  const parts = unit.split('-');
  while (parts.length > 1 && (parts[0] === building || parts[0] === stairwell)) parts.shift();
  return parts.join('-');
};

export function registerPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  /** Dwellings that a search means: beginning of a number, part of a name or telephone. */
  const search = async (trx: Trx, estate_id: number, units: UnitOnDay[], q: string, day: BusinessDate) => {
    const named = new Set(await unitsOfParty(trx, estate_id, q, day));
    const plain = q.normalize('NFKC').replace(/\s/gu, '').toUpperCase();
    return units.filter(({ unit }) => named.has(unit) || unit.toUpperCase().startsWith(plain));
  };
  const withPeople = async (trx: Trx, estate_id: number, units: readonly UnitOnDay[], day: BusinessDate) => {
    const tenures = await tenuresOf(trx, estate_id, { on: day, named: true, units: units.length < 300 ? units.map(({ unit }) => unit) : undefined });
    const by_unit = Map.groupBy(tenures, ({ unit }) => unit);
    return units.map((row) => ({
      ...row, people: (by_unit.get(row.unit) ?? []).map(({ name }) => name ?? '').filter((name) => name !== '').join('、'), tenures: by_unit.get(row.unit) ?? [],
    }));
  };

  const showAll = async (request: FastifyRequest, reply: FastifyReply, query: { q?: string | undefined; day?: string | undefined; building?: string | undefined }, form: FormShown, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const q = (query.q ?? '').trim();
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const day = dayShown(query.day, await estateToday(trx, estate_id));
      const units = await unitsOn(trx, estate_id, day);
      const owned = await ownedUnits(trx, estate_id, day);
      const found = q === '' ? null : await withPeople(trx, estate_id, await search(trx, estate_id, units, q, day), day);
      return { day, units, owned, found };
    }, { readOnly: true });
    const { day, units, owned, found } = shown;
    const grouped = Map.groupBy(units, ({ building }) => building);
    const buildings = [...grouped].map(([building, of]) => ({ building, count: of.length })).sort((a, b) => byPlace(a.building, b.building));
    const building = found !== null ? null : (buildings.find((one) => one.building === query.building) ?? buildings[0])?.building ?? null;
    const doors = (building === null ? [] : grouped.get(building)!).map((unit): DoorShown => ({ ...unit, room: roomOf(unit), owned: owned.has(unit.unit) }))
      .sort((a, b) => byPlace(a.stairwell, b.stairwell) || byPlace(a.unit, b.unit));
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/register` };
    return htmlReply(reply, registerPage(frameOf(request, here), {
      code, day, q, buildings, building, doors, found, form: may(actor, estate_id, 'keep_register') ? form : null,
      figures: {
        dwellings: units.length, owned: units.filter(({ unit }) => owned.has(unit)).length, area: moneyText(sum(units.map(({ area_m2 }) => money(area_m2)))),
        let: units.filter(({ occupancy }) => occupancy === 'let').length, vacant: units.filter(({ occupancy }) => occupancy === 'vacant').length,
      },
    }), status);
  };

  const Filter = Type.Object({ q: Short, day: Short, building: Short, done: Short, lang: Short });
  app.get('/e/:estate/register', { schema: { hide: true, params: Path, querystring: Filter } }, (request, reply) => showAll(request, reply, request.query, emptyForm()));

  app.get('/e/:estate/register.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const q = (request.query.q ?? '').trim();
    const { day, rows } = await inEstate(house.db.app, estate_id, async (trx) => {
      const on = dayShown(request.query.day, await estateToday(trx, estate_id));
      const units = await unitsOn(trx, estate_id, on);
      return { day: on, rows: await withPeople(trx, estate_id, q === '' ? units : await search(trx, estate_id, units, q, on), on) };
    }, { readOnly: true });
    return sendCsv(reply, `register-${code}-${day}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'phase', title: t.phase }, { key: 'building', title: t.building_field }, { key: 'stairwell', title: t.stairwell_field },
      { key: 'area_m2', title: t.area, type: 'number' }, { key: 'kind', title: t.kind }, { key: 'occupancy', title: t.occupancy }, { key: 'people', title: t.people }, { key: 'payers', title: t.payers },
    ], rows.map((row) => ({
      ...row, kind: kindTexts[row.kind][locale], occupancy: occupancyTexts[row.occupancy][locale],
      payers: payersAmong(row.tenures, day).map(({ name }) => name ?? '').join('、'),
    }))));
  });

  app.post('/e/:estate/register', { schema: { hide: true, params: Path, body: Typed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'keep_register');
    const { csrf: _csrf, form_key, unit = '', building = '', stairwell = '', phase = '', area_m2 = '', kind = '', occupancy = '' } = request.body;
    const values = { unit, building, stairwell, phase, area_m2, kind, occupancy };
    try {
      const entered = await enterDwelling(house, { estate, actor: request.actor, key: form_key, ...values });
      return await reply.redirect(`/e/${estate.code}/register/units/${entered.unit}?done=saved`, 303);
    } catch (error) {
      const { form, status } = refusedForm(error, request, 'new', values);
      return showAll(request, reply, {}, form, status);
    }
  });

  // ── Spaces ─────────────────────────────────────────────────────────────────────────────────────

  const showSpaces = async (request: FastifyRequest, reply: FastifyReply, typed: string | undefined, form: FormShown, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const day = dayShown(typed, await estateToday(trx, estate_id));
      return { day, spaces: await spacesOn(trx, estate_id, day) };
    }, { readOnly: true });
    return htmlReply(reply, spacesPage(frameOf(request), { code, ...shown, form: may(actor, estate_id, 'keep_register') ? form : null }), status);
  };
  const OfDay = Type.Object({ day: Short, done: Short, lang: Short });
  app.get('/e/:estate/register/spaces', { schema: { hide: true, params: Path, querystring: OfDay } }, (request, reply) => showSpaces(request, reply, request.query.day, emptyForm()));
  app.get('/e/:estate/register/spaces.csv', { schema: { hide: true, params: Path, querystring: OfDay } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { day, rows } = await inEstate(house.db.app, estate_id, async (trx) => {
      const on = dayShown(request.query.day, await estateToday(trx, estate_id));
      return { day: on, rows: await spacesOn(trx, estate_id, on) };
    }, { readOnly: true });
    return sendCsv(reply, `spaces-${code}-${day}.csv`, toCsv([
      { key: 'space', title: t.space }, { key: 'kind', title: t.space_kind }, { key: 'area_m2', title: t.area, type: 'number' }, { key: 'unit', title: t.unit }, { key: 'since', title: t.since },
    ], rows.map((row) => ({ ...row, kind: spaceKindTexts[row.kind][locale] }))));
  });
  app.post('/e/:estate/register/spaces', { schema: { hide: true, params: Path, body: Typed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'keep_register');
    const { form_key, list = '', kind = '', area_m2 = '' } = request.body;
    try {
      await enterSpaces(house, { estate, actor: request.actor, key: form_key, list, kind, area_m2 });
      return await reply.redirect(`/e/${estate.code}/register/spaces?done=saved`, 303);
    } catch (error) {
      const { form, status } = refusedForm(error, request, 'spaces', { list, kind, area_m2 });
      return showSpaces(request, reply, undefined, form, status);
    }
  });

  // ── Changes ────────────────────────────────────────────────────────────────────────────────────

  app.get('/e/:estate/register/changes', { schema: { hide: true, params: Path, querystring: Type.Object({ cursor: Short, unit: Short, lang: Short }) } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { cursor, unit } = request.query;
    const before = cursor !== undefined && /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : undefined;
    const rows = await inEstate(house.db.app, estate_id, (trx) => registerChanges(trx, estate_id, { before, unit, limit: PAGE + 1 }), { readOnly: true });
    const shown = rows.slice(0, PAGE);
    return htmlReply(reply, changesPage(frameOf(request), { code, rows: shown, next_cursor: rows.length > PAGE ? String(shown.at(-1)!.seq) : null }));
  });

  // ── Readings ───────────────────────────────────────────────────────────────────────────────────

  const Asked = Type.Object({ building: Short, kind: Short, done: Short, lang: Short });
  const showReadings = async (request: FastifyRequest, reply: FastifyReply, query: { building?: string | undefined; kind?: string | undefined }, given: FormShown | null, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const kind = meterKinds.find((one) => one === query.kind);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const units = await unitsOn(trx, estate_id, today);
      const buildings = [...new Set(units.map(({ building }) => building))].sort(byPlace);
      const building = query.building === '' ? '' : buildings.find((one) => one === query.building) ?? buildings[0] ?? '';
      const there = new Set(units.filter((unit) => unit.building === building).map(({ unit }) => unit));
      const all = await metersOf(trx, estate_id, { on: today, kind: kind as MeterKind | undefined });
      return { today, buildings, building, meters: all.filter(({ unit }) => (building === '' ? unit === null : unit !== null && there.has(unit))) };
    }, { readOnly: true });
    const form = given ?? { ...emptyForm(), values: { day: shown.today } };
    const { today: _today, ...rest } = shown;
    return htmlReply(reply, readingsPage(frameOf(request), { code, kind: kind ?? '', ...rest, form: may(actor, estate_id, 'keep_register') ? form : null }), status);
  };
  app.get('/e/:estate/register/readings', { schema: { hide: true, params: Path, querystring: Asked } }, (request, reply) => showReadings(request, reply, request.query, null));
  app.post('/e/:estate/register/readings', { schema: { hide: true, params: Path, querystring: Asked, body: Typed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'keep_register');
    const { csrf: _csrf, form_key, day = '', ...fields } = request.body;
    const readings = Object.keys(fields).filter((name) => name.startsWith('value_')).map((name) => name.slice('value_'.length))
      .map((meter) => ({ meter, value: fields[`value_${meter}`]!, rolled: fields[`rolled_${meter}`] === 'yes', estimated: fields[`estimated_${meter}`] === 'yes' }));
    const { building = '', kind = '' } = request.query;
    try {
      await enterReadings(house, { estate, actor: request.actor, key: form_key, day, readings });
      return await reply.redirect(`/e/${estate.code}/register/readings?building=${encodeURIComponent(building)}&kind=${encodeURIComponent(kind)}&done=saved`, 303);
    } catch (error) {
      const { form, status } = refusedForm(error, request, 'readings', { day, ...fields });
      return showReadings(request, reply, request.query, form, status);
    }
  });
}
