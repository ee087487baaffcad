// Pay files and invoice titles over the API.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { changeTitles, titlesOf } from './invoice.ts';
import { makePayFile, openPayFile, voidPayFile } from './pay-file.ts';
import { payFormats } from './pay-file-formats.ts';
import { ordersOfFile, payFileList, readPayFile, type PayFile } from './pay-file-queries.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const BASE = '/api/v1/estates/:estate';
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['1234'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const security = [{ session: [] }, { token: [] }];
const tags = ['pay files'];

const FileRow = {
  id: Type.Integer(), bank_account: Text, format: Text, count: Type.Integer(), total: Text, sha256: Text, made_by: Text, made_at: Text,
  void: Nullable(Type.Object({ reason: Text, at: Text, by: Text })), paid: Type.Integer(), cancelled: Type.Integer(),
};
const FileOne = Type.Object({
  ...FileRow,
  orders: Type.Array(Type.Object({
    id: Type.Integer(), reference: Text, payee: Text, account_last4: Text, purpose: Text, amount: Text, state: Text, entry_seq: Nullable(Type.Integer()),
  })),
});
const fileJson = (file: PayFile) => ({
  id: file.seq, bank_account: file.bank_account, format: file.format, count: file.count, total: file.total, sha256: file.sha256,
  made_by: file.made_by, made_at: file.made_at.toISOString(), paid: file.paid, cancelled: file.cancelled,
  void: file.void_reason === null ? null : { reason: file.void_reason, at: file.voided_at?.toISOString() ?? '', by: file.voided_by ?? '' },
});
async function fileOne(trx: Trx, estate_id: number, seq: number) {
  const file = await readPayFile(trx, estate_id, seq);
  const orders = (await ordersOfFile(trx, estate_id, seq)).map(({ order_id, payee_name, reason: _reason, entry_number: _number, ...order }) =>
    ({ ...order, state: order.state as string, id: order_id, payee: payee_name }));
  return { ...fileJson(file), orders };
}

/** The bytes of a file as a download; also for the pages. They hold account numbers: no cache keeps them. */
export async function sendPayFile(
  house: House, request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply,
): Promise<FastifyReply> {
  const opened = await openPayFile(house, { estate: request.estate!, actor: request.actor, pay_file: Number(request.params.id) });
  return reply.type(opened.type).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${opened.file_name}"`).send(opened.bytes);
}

export function payFileRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(`${BASE}/pay-files`, {
    schema: {
      tags, summary: 'Make a file of approved orders for the bank', security, params: Path, headers: Key,
      body: Type.Object({
        orders: Type.Array(Type.Integer({ minimum: 1, maximum: 2_000_000_000 }), { maxItems: 1_000, examples: [[17, 18]] }),
        format: Type.String({ maxLength: 40, examples: [...payFormats], description: payFormats.join(', ') }),
        bank_account: Type.String({ maxLength: 20, examples: ['1002'] }),
        debtor_name: Type.Optional(Type.String({ maxLength: 500, description: 'Holder of the paying account; the estate\'s name when left out' })),
        account_number: Type.Optional(Type.String({ maxLength: 100, description: 'Its number, where none is stored; not kept' })),
        pay_on: Type.Optional(Type.String({ maxLength: 40, examples: ['2026-10-12'] })),
      }, { additionalProperties: false }),
      response: { 201: FileOne },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const seq = await makePayFile(house, { estate, actor: request.actor, key: callersKey(request), ...request.body });
    return reply.code(201).send(await inEstate(house.db.app, estate.estate_id, (trx) => fileOne(trx, estate.estate_id, seq), { readOnly: true }));
  });

  app.get(`${BASE}/pay-files`, {
    schema: {
      tags, summary: 'Pay files, newest first', security, params: Path,
      querystring: Type.Object({
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' })), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(FileRow)), next_cursor: Nullable(Text) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { cursor, limit = '50' } = request.query;
    const list = await inEstate(house.db.app, estate_id, (trx) => payFileList(trx, estate_id, {
      cursor: cursor === undefined ? null : Number(cursor), limit: Math.min(Math.max(Number(limit), 1), 200),
    }), { readOnly: true });
    return { ...list, items: list.items.map(fileJson) };
  });

  app.get(`${BASE}/pay-files/:id`, {
    schema: { tags, summary: 'One pay file and what became of its orders', security, params: OnePath, response: { 200: FileOne } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    return inEstate(house.db.app, estate_id, (trx) => fileOne(trx, estate_id, Number(request.params.id)), { readOnly: true });
  });

  app.get(`${BASE}/pay-files/:id/file`, {
    schema: { tags, summary: 'The file itself, always the same bytes', security, params: OnePath },
  }, (request, reply) => sendPayFile(house, request as never, reply));

  app.post(`${BASE}/pay-files/:id/void`, {
    schema: {
      tags, summary: 'Declare a pay file void: its unpaid orders may go into another', security, params: OnePath,
      body: Type.Object({ reason: Type.String({ maxLength: 2_000, examples: ['银行退回：收款行名不完整'] }) }, { additionalProperties: false }),
      response: { 200: FileOne },
    },
  }, async (request) => {
    const estate = request.estate!;
    const pay_file = Number(request.params.id);
    await voidPayFile(house, { estate, actor: request.actor, pay_file, reason: request.body.reason });
    return inEstate(house.db.app, estate.estate_id, (trx) => fileOne(trx, estate.estate_id, pay_file), { readOnly: true });
  });

  titleRoutes(instance, house);
}

const Titles = Type.Object({ own: Type.Array(Text), added: Type.Array(Text) });

function titleRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/invoice-titles`, {
    schema: { tags: ['payment orders'], summary: 'Names that invoices may be made out to', security, params: Path, response: { 200: Titles } },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_officers');
    return { ...await inEstate(house.db.app, estate.estate_id, (trx) => titlesOf(trx, estate), { readOnly: true }) };
  });

  app.put(`${BASE}/invoice-titles`, {
    schema: {
      tags: ['payment orders'], summary: 'Replace the names that were added', security, params: Path,
      body: Type.Object({ added: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 50, examples: [['示例小区业主共有资金']] }) }, { additionalProperties: false }),
      response: { 200: Titles },
    },
  }, async (request) => {
    const estate = request.estate!;
    return { ...await inEstate(house.db.app, estate.estate_id, (trx) =>
      changeTitles(trx, { estate, actor: request.actor, typed: request.body.added }), { retryable: true }) };
  });
}
