// The three lists over the API: read, enter, change, merge.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { Erased } from '../evidence/personal-schema.ts';
import { estateToday } from '../evidence/records.ts';
import { changeItem, mergeItem, openItem } from './list.ts';
import { itemHistory, itemList } from './list-queries.ts';
import { refusals } from './list-refusals.ts';

const oneOf = <T extends string>(...names: readonly T[]) => Type.Union(names.map((name) => Type.Literal(name)), { examples: [names[0]!] });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const List = oneOf('need', 'problem', 'project');
const State = oneOf('open', 'doing', 'done', 'dropped');
const TextOrNull = OrNull(Type.String());
const Number_ = OrNull(Type.Integer());
const Row = {
  item_id: Type.Integer(), list: List, title: TextOrNull, detail: TextOrNull, inquiry_id: Number_, question: TextOrNull, erased: Erased, hidden: Type.Boolean(),
  owner_body: Type.String(), owner_zh: Type.String(), owner_en: Type.String(), owner_term: Number_, owner_name: TextOrNull, due_on: Type.String(), state: State, overdue: Type.Boolean(), note: TextOrNull,
  merged_into: Number_, merged: Type.Array(Type.Integer()), proposal_id: Number_, project_id: Number_, budget_line: TextOrNull, opened_at: Type.String(), changed_at: Type.String(), changes: Type.Integer(),
};
const Change = Type.Object({
  step: Type.Integer(), list: List, title: TextOrNull, owner_zh: Type.String(), owner_en: Type.String(), owner_name: TextOrNull, due_on: Type.String(), state: State, note: TextOrNull, merged_into: Number_,
  proposal_id: Number_, project_id: Number_, budget_line: TextOrNull, body_zh: TextOrNull, body_en: TextOrNull, name: TextOrNull, changed_at: Type.String(), seq: Type.Integer(),
});
const Words = (example: string) => Type.String({ maxLength: 5_000, examples: [example] });
const Fields = {
  list: List, title: OrNull(Words('3幢门禁修好')), detail: OrNull(Words('晚上八点以后打不开。')), owner: Type.String({ maxLength: 40, description: 'A body, or term:12 for somebody in office.', examples: ['property'] }),
  due_on: Type.String({ maxLength: 20, examples: ['2099-12-31'] }), state: State, note: Words('已联系厂家'),
  link: Type.String({ maxLength: 80, description: 'proposal:12, project:7 or budget:2026:service:5102; empty takes a link off.', examples: [''] }),
};
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const ItemPath = Type.Object({ ...Path.properties, item: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['1'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const strict = { additionalProperties: false } as const;

export function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const reading = (request: FastifyRequest) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return estate_id;
  };
  const keyed = (request: FastifyRequest) => {
    const key = callersKey(request);
    return { estate: request.estate!, actor: request.actor, key: key === null || request.actor === null ? null : `${request.actor.person_id}:${key}` };
  };

  app.get('/api/v1/estates/:estate/lists', {
    schema: {
      tags: ['lists'], summary: 'Items of the three lists, newest first', params: Path,
      querystring: Type.Object({
        list: Type.Optional(List), state: Type.Optional(oneOf('open_all', 'overdue', 'open', 'doing', 'done', 'dropped')), owner: Type.Optional(Type.String({ maxLength: 20, examples: ['property'] })),
        project: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] })), cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
      }, strict),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(Row)), next_cursor: TextOrNull }) },
    },
  }, async (request) => {
    const estate_id = reading(request);
    const { list, state, owner, project, limit = '50', cursor } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => itemList(trx, estate_id, {
      today: await estateToday(trx, estate_id), list, state, owner, project: project === undefined ? undefined : Number(project),
      limit: Math.min(Math.max(Number(limit), 1), 200), cursor: cursor === undefined ? undefined : Number(cursor),
    }), { readOnly: true }) as never;
  });

  app.get('/api/v1/estates/:estate/lists/:item', {
    schema: { tags: ['lists'], summary: 'One item with its history', params: ItemPath, response: { 200: Type.Object({ ...Row, history: Type.Array(Change) }) } },
  }, async (request) => {
    const estate_id = reading(request);
    const item_id = Number(request.params.item);
    return inEstate(house.db.app, estate_id, async (trx) => {
      const { items: [item] } = await itemList(trx, estate_id, { today: await estateToday(trx, estate_id), item_id, limit: 1 });
      if (item === undefined) throw refusals.list_item_unknown({ item: item_id });
      return { ...item, history: await itemHistory(trx, estate_id, item_id) };
    }, { readOnly: true }) as never;
  });

  app.post('/api/v1/estates/:estate/lists', {
    schema: {
      tags: ['lists'], summary: 'Put an item into a list, from a question or in one\'s own words', params: Path, headers: Key,
      body: Type.Object({
        list: List, title: Fields.title, detail: Type.Optional(Fields.detail), owner: Fields.owner, due_on: Fields.due_on, link: Type.Optional(Fields.link),
        inquiry_id: Type.Optional(OrNull(Type.Integer({ minimum: 1, maximum: 999_999_999 }))),
      }, strict),
      response: { 201: Type.Object({ item_id: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const { inquiry_id = null, ...fields } = request.body;
    return reply.code(201).send(await openItem(house, { ...keyed(request), fields, inquiry_id }));
  });

  app.post('/api/v1/estates/:estate/lists/:item/changes', {
    schema: {
      tags: ['lists'], summary: 'Change an item; what is not named stays', params: ItemPath, headers: Key,
      body: Type.Object({
        list: Type.Optional(List), title: Type.Optional(Fields.title), detail: Type.Optional(Fields.detail), owner: Type.Optional(Fields.owner), due_on: Type.Optional(Fields.due_on),
        state: Type.Optional(State), note: Type.Optional(Fields.note), link: Type.Optional(Fields.link),
      }, strict),
      response: { 201: Type.Object({ step: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await changeItem(house, { ...keyed(request), item_id: Number(request.params.item), fields: request.body })));

  app.post('/api/v1/estates/:estate/lists/:item/merge', {
    schema: {
      tags: ['lists'], summary: 'Merge an item into another; both remain shown', params: ItemPath, headers: Key,
      body: Type.Object({ into: Type.Integer({ minimum: 1, maximum: 999_999_999, examples: [2] }), note: Words('同一件事') }, strict),
      response: { 201: Type.Object({ step: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await mergeItem(house, { ...keyed(request), item_id: Number(request.params.item), ...request.body })));
}
