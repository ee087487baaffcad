// Money in transit and settlement files over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { isoInstant } from '../kernel/dates.ts';
import { bringSettlement, chooseColumns, dropSettlement, fixRows, judgeDraft, readDraft } from './channel-draft.ts';
import { settlementsOf, transitByChannel, transitChannels, transitMoves } from './channel-queries.ts';
import { takeSettlement } from './channel-take.ts';
import { bookArrival, proposeFee } from './channel-transit.ts';
import { receiveSettlement } from './channel-upload.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const DraftPath = Type.Object({ ...Path.properties, draft: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['1'] }) });
const KeyHeader = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Sum = Type.String({ maxLength: 60, description: 'Yuan as decimal text', examples: ['101.39'] });
const security = [{ session: [] }, { token: [] }];
const Row = Type.Object({
  row: Type.Integer(), status: Type.Enum(['ready', 'counter', 'bad', 'skipped', 'taken', 'refund', 'other']), paid_on: Nullable(Text), unit: Nullable(Text), amount: Nullable(Text),
  fee: Text, reference: Nullable(Text), text: Text, receipt: Nullable(Type.Object({ number: Type.Integer(), seq: Type.Integer() })),
  faults: Type.Array(Type.Object({ field: Text, text: Text, reason_zh: Text, reason_en: Text })),
});
const Draft = Type.Object({ draft: Type.Integer(), channel: Text, columns_known: Type.Boolean({ description: 'False: say first which column is what' }), header: Type.Array(Text), rows: Type.Array(Row) });

export function channelRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['channels'];

  app.get('/api/v1/estates/:estate/transit', {
    schema: {
      tags, summary: 'What is in transit, by channel, fund and day', security, params: Path,
      response: { 200: Type.Object({ total: Text, late: Text, channels: Type.Array(Type.Object({
        channel: Text, open: Text, late: Text, by_fund: Type.Array(Type.Object({ fund: Text, open: Text })),
        days: Type.Array(Type.Object({ day: Text, open: Text, age: Type.Integer(), late: Type.Boolean() })),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    return inEstate(house.db.app, estate_id, async (trx) => transitByChannel(await transitMoves(trx, estate_id), await estateToday(trx, estate_id)), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/transit/arrivals', {
    schema: {
      tags, summary: 'Book what of a channel arrived at the bank', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        channel: Type.Enum([...transitChannels], { examples: ['wechat'] }), arrived_on: Type.Optional(Type.String({ maxLength: 40, examples: ['2026-10-06'] })),
        bank_account: Type.Optional(Type.String({ maxLength: 20, examples: ['1002'] })),
        amounts: Type.Record(Type.String({ maxLength: 60 }), Sum, { description: 'Yuan by fund', examples: [{ service: '101.39' }] }),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ seq: Type.Integer(), number: Text, amount: Text }) },
    },
  }, async (request, reply) => reply.code(201).send(await bookArrival(house, { estate: request.estate!, actor: request.actor, typed: request.body, key: callersKey(request) })));

  app.post('/api/v1/estates/:estate/transit/fees', {
    schema: {
      tags, summary: 'Propose to book what a channel keeps, of a settlement or typed', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        channel: Type.Enum([...transitChannels], { examples: ['pos'] }), settlement: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 2_000_000_000 }))), amount: Type.Optional(Sum),
        vouchers: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 50 })),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Text }) },
    },
  }, async (request, reply) => reply.code(201).send(await proposeFee(house, { estate: request.estate!, actor: request.actor, typed: request.body, key: callersKey(request) })));

  app.get('/api/v1/estates/:estate/settlements', {
    schema: {
      tags, summary: 'Settlement files that were taken, newest first', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        seq: Type.Integer(), channel: Text, first_on: Text, last_on: Text, lines: Type.Integer(), gross: Text, fee: Text, net: Text, taken_at: Text,
        fee_proposal: Nullable(Type.Integer()), fee_state: Nullable(Text),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const items = await inEstate(house.db.app, estate_id, (trx) => settlementsOf(trx, estate_id), { readOnly: true });
    return { items: items.map((one) => ({ ...one, taken_at: isoInstant(one.taken_at) })) };
  });

  const shown = (request: { estate: { estate_id: number; first_period: string } | null }, draft_id: number) => inEstate(house.db.app, request.estate!.estate_id, async (trx) => {
    const draft = await readDraft(trx, request.estate!.estate_id, draft_id);
    const rows = await judgeDraft(trx, request.estate!, draft);
    const header = draft.content.rows[draft.content.table?.header ?? 0] ?? [];
    return { draft: draft.draft_id, channel: draft.channel, columns_known: draft.content.table !== null, header, rows };
  }, { readOnly: true });

  app.post('/api/v1/estates/:estate/settlements', {
    schema: {
      tags, summary: 'Bring a settlement file (multipart: file, channel?): looked at, not booked', security, params: Path, consumes: ['multipart/form-data'],
      description: 'WeChat Pay and Alipay merchant bills are recognised by their header; of other tables say which column is what. Nothing is booked until …/take.',
      response: { 201: Draft },
    },
  }, async (request, reply) => {
    demand(request.actor, request.estate!.estate_id, 'post_receipt');
    const { bytes, file_name, fields } = await receiveSettlement(request);
    const draft_id = await bringSettlement(house, { estate: request.estate!, actor: request.actor, bytes, file_name, channel: fields['channel'] });
    return reply.code(201).send(await shown(request, draft_id));
  });

  app.post('/api/v1/estates/:estate/settlements/drafts/:draft', {
    schema: {
      tags, summary: 'Say which column is what, or put rows right', security, params: DraftPath,
      body: Type.Object({
        columns: Type.Optional(Type.Object({ paid_on: Type.Integer({ minimum: 0, maximum: 60 }), amount: Type.Integer({ minimum: 0, maximum: 60 }), reference: Type.Integer({ minimum: 0, maximum: 60 }),
          fee: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })), state: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
          texts: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 60 }), { maxItems: 10 })) }, { additionalProperties: false, description: 'Columns from 0' })),
        rows: Type.Optional(Type.Array(Type.Object({ row: Type.Integer({ minimum: 1, maximum: 99_999 }), unit: Type.Optional(Type.String({ maxLength: 64 })), paid_on: Type.Optional(Type.String({ maxLength: 64 })),
          amount: Type.Optional(Type.String({ maxLength: 64 })), fee: Type.Optional(Type.String({ maxLength: 64 })), reference: Type.Optional(Type.String({ maxLength: 64 })),
          skip: Type.Optional(Type.Boolean()), anew: Type.Optional(Type.Boolean({ description: 'Another payment than the receipt that looks like it' })) }, { additionalProperties: false }), { maxItems: 5000 })),
      }, { additionalProperties: false }),
      response: { 200: Draft },
    },
  }, async (request) => {
    demand(request.actor, request.estate!.estate_id, 'post_receipt');
    const draft_id = Number(request.params.draft);
    const asked = { estate: request.estate!, actor: request.actor, draft_id };
    const { columns, rows = [] } = request.body;
    if (columns !== undefined) {
      const text = (at: number | undefined): string => (at === undefined ? '' : String(at));
      await chooseColumns(house, { ...asked, columns: { paid_on: text(columns.paid_on), amount: text(columns.amount), reference: text(columns.reference), fee: text(columns.fee), state: text(columns.state), texts: (columns.texts ?? []).map(String) } });
    }
    if (rows.length > 0) {
      await fixRows(house, { ...asked, fixes: Object.fromEntries(rows.map(({ row, skip, anew, ...said }) => [String(row), {
        ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Record<string, string>, ...(skip === true ? { skip: '1' } : {}), ...(anew === true ? { anew: '1' } : {}),
      }])) });
    }
    return shown(request, draft_id);
  });

  app.post('/api/v1/estates/:estate/settlements/drafts/:draft/take', {
    schema: {
      tags, summary: 'Take a settlement file: every row becomes a receipt, all or nothing', security, params: DraftPath,
      response: { 201: Type.Object({ settlement: Type.Integer(), lines: Type.Integer(), gross: Text, fee: Text, left_out: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await takeSettlement(house, { estate: request.estate!, actor: request.actor, draft_id: Number(request.params.draft) })));

  app.delete('/api/v1/estates/:estate/settlements/drafts/:draft', {
    schema: { tags, summary: 'Throw a settlement file away', security, params: DraftPath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await dropSettlement(house, { estate: request.estate!, actor: request.actor, draft_id: Number(request.params.draft) });
    return reply.code(204).send(null);
  });
}
