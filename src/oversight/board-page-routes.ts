// Pages of the board and of the evidence behind its figures. Everything is read; nothing is written.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, refusals as actorRefusals } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { estateNow, estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv, type CsvColumn } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf, formatInstant, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { arranged, boardFigures, isFigure, readBoard, sortings, type BoardAsked, type BoardRow, type Sorting } from './board.ts';
import { boardPage, evidenceColumns, evidencePage, oversightPage, percent } from './board-pages.tsx';
import { figureTexts, texts } from './board-texts.ts';
import { countNow, evidenceOf } from './evidence.ts';
import { lastInspection } from './inspection-queries.ts';
import { openObjections } from './objection-queries.ts';
import { auditorsNow } from './access-queries.ts';
import { refusals } from './refusals.ts';

const Asked = Type.Object({
  sort: Type.Optional(Type.String({ maxLength: 30 })), order: Type.Optional(Type.String({ maxLength: 4 })),
  q: Type.Optional(Type.String({ maxLength: 60 })), only: Type.Optional(Type.String({ maxLength: 10 })),
});
const Path = Type.Object({ estate: Type.String() });
const FigurePath = Type.Object({ estate: Type.String(), figure: Type.String({ pattern: '^[a-z_]{3,30}$' }) });
const SHOWN = 300;
const DAY_MS = 24 * 3_600_000;

/** An address somebody wrote by hand shows the board in its usual order, rather than nothing. */
export function boardAsked(query: { sort?: string; order?: string; q?: string; only?: string }): BoardAsked {
  const { sort = '', order, q = '', only } = query;
  const known = (sortings as readonly string[]).includes(sort) ? sort as Sorting : 'attention';
  return { sort: known, order: order === 'asc' || (order !== 'desc' && known === 'name') ? 'asc' : 'desc', q, only: only === 'attention' ? 'attention' : '' };
}

const shown = (request: FastifyRequest): string => {
  const { actor } = request;
  if (actor === null) throw actorRefusals.login_required();
  return actor.person_id;
};

function boardTable(rows: readonly BoardRow[], locale: 'zh' | 'en'): string {
  const t = pick(texts, locale);
  const columns: CsvColumn[] = [
    { key: 'name', title: t.estate },
    ...boardFigures.map((figure): CsvColumn => ({ key: figure, title: figureTexts[figure].title[locale], type: figure === 'collection' || figure === 'weak_signatures' ? 'text' : 'number' })),
    { key: 'exceptions_amount', title: `${figureTexts.exceptions.title[locale]} ${t.amount}`, type: 'money' },
    { key: 'emergencies_amount', title: `${figureTexts.emergencies.title[locale]} ${t.amount}`, type: 'money' },
    { key: 'counted_at', title: t.counted },
  ];
  return toCsv(columns, rows.map(({ name_zh, name_en, counted }) => ({
    name: locale === 'zh' ? name_zh : name_en, ...(counted === null ? { counted_at: t.not_counted } : {
      ...counted, weak_signatures: counted.weak_permille === null ? '' : percent(counted.weak_permille),
      collection: counted.collection_permille === null ? '' : percent(counted.collection_permille), counted_at: formatInstant(counted.counted_at, locale),
    }),
  })));
}

export function boardPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/board', { schema: { hide: true, querystring: Asked } }, async (request, reply) => {
    if (request.actor === null) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
    const all = await readBoard(house, request.actor);
    const asked = boardAsked(request.query);
    const old = laterBy(house.clock(), -DAY_MS);
    const frame = frameOf(request, { audience: 'desk' });
    return htmlReply(reply, boardPage(frame, { all, rows: arranged(all, asked, frame.locale), asked, stale: all.some(({ counted }) => counted !== null && counted.counted_at < old) }));
  });

  app.get('/board.csv', { schema: { hide: true, querystring: Asked } }, async (request, reply) => {
    shown(request);
    const locale = localeOf(request);
    return sendCsv(reply, `${pick(texts, locale).title}.csv`, boardTable(arranged(await readBoard(house, request.actor), boardAsked(request.query), locale), locale));
  });

  app.get('/e/:estate/oversight', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const found = await inEstate(house.db.app, estate_id, async (trx) => {
      const last = await lastInspection(trx, estate_id);
      return {
        counts: await countNow(trx, estate_id), open_objections: await openObjections(trx, estate_id),
        auditors: (await auditorsNow(trx, estate_id, await estateToday(trx, estate_id))).length,
        inspected: last === null ? null : { at: last.inspected_at, all: last.invariants, failing: last.failing },
      };
    }, { readOnly: true });
    return htmlReply(reply, oversightPage(frameOf(request), { code, ...found, watches: may(actor, estate_id, 'read_board') }));
  });

  const read = async (request: FastifyRequest, figure: string) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    if (!isFigure(figure)) throw refusals.figure_unknown({ typed: figure });
    return inEstate(house.db.app, estate.estate_id, async (trx) => ({
      figure, items: await evidenceOf(trx, estate, figure, { officer: may(request.actor, estate.estate_id, 'read_officers') }), counts: await countNow(trx, estate.estate_id), at: await estateNow(trx, estate.estate_id),
    }), { readOnly: true, isolation: 'repeatable read' });
  };

  app.get('/e/:estate/oversight/:figure', { schema: { hide: true, params: FigurePath } }, async (request, reply) => {
    const { items, ...found } = await read(request, request.params.figure);
    return htmlReply(reply, evidencePage(frameOf(request), { code: request.estate!.code, ...found, items: items.slice(0, SHOWN), all: items.length }));
  });

  app.get('/e/:estate/oversight/:figure.csv', { schema: { hide: true, params: FigurePath } }, async (request, reply) => {
    const { figure, items } = await read(request, request.params.figure);
    const locale = localeOf(request);
    return sendCsv(reply, `${request.estate!.code}-${figureTexts[figure].title[locale]}.csv`, toCsv(evidenceColumns(figure, locale).map(({ key, title, type }) => ({ key, title, type })),
      items.map((item) => ({ ...item, what: item.what[locale], note: item.note[locale] }))));
  });
}
