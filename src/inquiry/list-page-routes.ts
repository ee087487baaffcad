// Pages of the three lists: GET shows, POST enters, changes or merges and leads back.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { officeName } from '../web/frame.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bodiesOf, termsOf } from '../people/queries.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey, type Option } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { changeItem, itemStates, lists, mergeItem, openItem, type ItemFields } from './list.ts';
import { csvColumns, csvRow, enterPage, itemPage, listsPage, type ItemForm } from './list-pages.tsx';
import { itemHistory, itemList, listCounts, type ItemFilter, type ItemRow } from './list-queries.ts';
import { refusals } from './list-refusals.ts';
import { listTexts } from './list-texts.ts';
import { textOf, type FormShown } from './pages.tsx';
import { readInquiry } from './queries.ts';
import { readSubject, subjectShown, type Subject } from './subject.ts';

const Path = Type.Object({ estate: Type.String() });
const ItemPath = Type.Object({ estate: Type.String(), item: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 40 }));
const Query = Type.Object({ list: Short, state: Short, owner: Short, cursor: Type.Optional(Type.String({ pattern: '^([0-9]{1,9})?$' })) });
const Long = Type.Optional(Type.String({ maxLength: 5_000 }));
const formFields = { list: Long, title: Long, detail: Long, owner: Long, due_on: Long, state: Long, note: Long, link: Long, inquiry: Long, into: Long, form_key: Long, csrf: Long };
const Body = Type.Optional(Type.Object(formFields, { additionalProperties: false }));
const PAGE = 50;
const IN_COLUMN = 8;
const CSV_ROWS = 20_000;

type Asked = Record<'list' | 'state' | 'owner' | 'cursor', string | undefined>;
const filterOf = ({ list, state, owner, cursor }: Partial<Asked>): Omit<ItemFilter, 'today' | 'limit'> => ({
  list: lists.find((one) => one === list), state: ([...itemStates, 'overdue', 'open_all'] as const).find((one) => one === state),
  owner: owner === undefined || owner === '' ? undefined : owner, cursor: cursor === undefined || cursor === '' ? undefined : Number(cursor),
});

/** Bodies and whoever serves today, as choices. */
async function ownersOf(trx: Trx, estate_id: number, today: string, locale: Locale): Promise<Option[]> {
  const t = pick(listTexts, locale);
  const bodies = await bodiesOf(trx, estate_id);
  const terms = (await termsOf(trx, estate_id)).filter((term) => term.starts_on <= today && term.ends_on >= today && term.name !== null && term.office !== 'auditor');
  return [
    ...bodies.filter((row) => row.body !== 'auditor').map((row) => ({ value: row.body as string, label: locale === 'zh' ? row.name_zh : row.name_en, group: t.owner_body })),
    ...terms.map((term) => ({ value: `term:${term.term_id}`, label: `${term.name} · ${officeName(term.office, locale)}`, group: t.owner_person })),
  ];
}

const linkOf = ({ proposal_id, project_id, budget_line }: Pick<ItemRow, 'proposal_id' | 'project_id' | 'budget_line'>): Subject | null =>
  readSubject(proposal_id !== null ? `proposal:${proposal_id}` : project_id !== null ? `project:${project_id}` : budget_line !== null ? `budget:${budget_line}` : null);
const typedLink = (row: Parameters<typeof linkOf>[0]): string => {
  const link = linkOf(row);
  return link === null ? '' : `${link.kind}:${link.id}`;
};

export function listPageRoutes(instance: FastifyInstance, house: House): void {
  overviewRoutes(instance, house);
  enterRoutes(instance, house);
  itemRoutes(instance, house);
}

function overviewRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/lists', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { list = '', state = '', owner = '' } = request.query;
    const filter = filterOf(request.query);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const counts = await listCounts(trx, estate_id, today);
      const bodies = await bodiesOf(trx, estate_id);
      if (filter.list !== undefined) return { counts, bodies, columns: null, ...await itemList(trx, estate_id, { ...filter, today, limit: PAGE }) };
      const columns = [];
      for (const one of lists) columns.push({ list: one, items: (await itemList(trx, estate_id, { ...filter, cursor: undefined, list: one, today, limit: IN_COLUMN })).items });
      return { counts, bodies, columns, items: [], next_cursor: null };
    }, { readOnly: true });
    const query = new URLSearchParams(Object.entries({ list, state, owner }).filter(([, value]) => value !== '')).toString();
    return htmlReply(reply, listsPage(frameOf(request), {
      code, ...shown, filter: { list, state, owner }, csv: `/e/${code}/lists.csv${query === '' ? '' : `?${query}`}`,
      may_ask: may(actor, estate_id, 'ask'), may_keep: may(actor, estate_id, 'keep_list'),
    }));
  });

  app.get('/e/:estate/lists.csv', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const { items } = await inEstate(house.db.app, estate_id, async (trx) =>
      itemList(trx, estate_id, { ...filterOf(request.query), cursor: undefined, today: await estateToday(trx, estate_id), limit: CSV_ROWS }), { readOnly: true });
    return sendCsv(reply, `${pick(listTexts, locale).csv_name}-${name_zh}.csv`, toCsv(csvColumns(locale), items.map((row) => csvRow(row, locale))));
  });
}

function enterRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, inquiry_id: number | null, form: FormShown, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'keep_list');
    const locale = localeOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const asked = inquiry_id === null ? null : await readInquiry(trx, estate_id, inquiry_id, { today, person_id: actor.person_id });
      if (inquiry_id !== null && asked === null) throw refusals.list_inquiry_unknown({ inquiry: inquiry_id });
      return { owners: await ownersOf(trx, estate_id, today, locale), asked };
    }, { readOnly: true });
    const { asked, owners } = shown;
    const first = { list: asked !== null && asked.category !== 'question' ? asked.category : 'problem', owner: 'property' };
    return htmlReply(reply, enterPage(frameOf(request, { here: `/e/${code}/lists/new${inquiry_id === null ? '' : `?inquiry=${inquiry_id}`}` }), {
      code, owners, inquiry: asked === null ? null : { inquiry_id: asked.inquiry_id, text: textOf(asked, locale) }, form: { ...form, values: { ...first, ...form.values } },
    }), status);
  };
  const inquiryIn = (typed: string | undefined): number | null => (typed !== undefined && /^[0-9]{1,9}$/.test(typed) ? Number(typed) : null);

  app.get('/e/:estate/lists/new', { schema: { hide: true, params: Path, querystring: Type.Object({ inquiry: Short }) } }, (request, reply) =>
    show(request, reply, inquiryIn(request.query.inquiry), { form_key: newFormKey(), values: {}, errors: {} }));

  app.post('/e/:estate/lists/new', { schema: { hide: true, params: Path, body: Body } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'keep_list');
    const { inquiry, form_key = newFormKey(), csrf: _csrf, into: _into, state: _state, note: _note, ...fields } = request.body ?? {};
    try {
      const { item_id } = await openItem(house, { estate, actor, fields: fields as ItemFields, inquiry_id: inquiryIn(inquiry), key: `${actor.person_id}:${form_key}` });
      return await reply.redirect(`/e/${estate.code}/lists/${item_id}?done=listed`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, inquiryIn(inquiry), { form_key: newFormKey(), values: fields as Record<string, string>, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });
}

function itemRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const itemOf = (request: FastifyRequest): number => Number((request.params as { item: string }).item);

  const show = async (request: FastifyRequest, reply: FastifyReply, refused: { of: ItemForm['of']; values: Record<string, string>; error: Refusal } | null = null) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const item_id = itemOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { items: [item] } = await itemList(trx, estate_id, { today, item_id, limit: 1 });
      if (item === undefined) throw refusals.list_item_unknown({ item: item_id });
      const link = linkOf(item);
      const keeps = may(actor, estate_id, 'keep_list') && item.merged_into === null;
      const values = { list: item.list, title: item.title ?? '', detail: item.detail ?? '', owner: item.owner_term === null ? item.owner_body : `term:${item.owner_term}`, due_on: item.due_on, state: item.state, link: typedLink(item), note: '' };
      return {
        item, today, history: await itemHistory(trx, estate_id, item_id), link: link === null ? null : await subjectShown(trx, estate, actor, link),
        owners: keeps ? await ownersOf(trx, estate_id, today, locale) : [],
        form: keeps ? { of: refused?.of ?? 'change' as const, form_key: newFormKey(), values: refused?.values ?? values, errors: refused === null ? {} : formErrors(refused.error, locale) } : null,
        values,
      };
    }, { readOnly: true });
    return htmlReply(reply, itemPage(frameOf(request, { here: `/e/${code}/lists/${item_id}` }), { code, ...shown }), refused?.error.status ?? 200);
  };

  app.get('/e/:estate/lists/:item', { schema: { hide: true, params: ItemPath } }, (request, reply) => show(request, reply));

  app.post('/e/:estate/lists/:item', { schema: { hide: true, params: ItemPath, body: Body } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'keep_list');
    const { form_key = newFormKey(), csrf: _csrf, into: _into, inquiry: _inquiry, ...fields } = request.body ?? {};
    try {
      await changeItem(house, { estate, actor, item_id: itemOf(request), fields: fields as ItemFields, key: `${actor.person_id}:${form_key}` });
      return await reply.redirect(`/e/${estate.code}/lists/${itemOf(request)}?done=changed`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, { of: 'change', values: fields as Record<string, string>, error });
    }
  });

  app.post('/e/:estate/lists/:item/merge', { schema: { hide: true, params: ItemPath, body: Body } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'keep_list');
    const { into = '', note = '', form_key = newFormKey() } = request.body ?? {};
    try {
      await mergeItem(house, { estate, actor, item_id: itemOf(request), into: /^[0-9]{1,9}$/.test(into.trim()) ? Number(into) : 0, note, key: `${actor.person_id}:${form_key}` });
      return await reply.redirect(`/e/${estate.code}/lists/${itemOf(request)}?done=merged`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { of: 'merge', values: { into, note }, error });
    }
  });
}
