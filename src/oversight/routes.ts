// The operation log over the API: searched by person, time, kind and content (财会〔2024〕12号 §31-35), and the leaf of
// one record, whose hash anybody can compute.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { leafOf } from '../proof/record.ts';
import { localeOf } from '../web/locale.ts';
import { questionOf, reader } from './asked.ts';
import { sendLog } from './file.ts';
import { recordKindName } from './kinds.ts';
import { officesAt } from './officers.ts';
import { logSize, recordAt } from './queries.ts';
import { readLog } from './reading.ts';
import { refusals } from './refusals.ts';

const BASE = '/api/v1/estates/:estate/log';
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Person = Type.Object({
  person: Type.String({ description: 'Opaque id, as in the body.' }), name: Type.Union([Type.String(), Type.Null()], { description: 'null: erased.' }),
  offices: Type.Array(Type.Object({ body: Type.String(), office: Type.String() }), { description: 'Held on that day.' }),
});
const Row = Type.Object({
  seq: Type.Integer(), kind: Type.String(), kind_zh: Type.String(), kind_en: Type.String(),
  recorded_at: Type.String(), number: Type.String(),
  who: Type.Union([Person, Type.Null()], { description: 'null: the program, an owner, or several by their signatures.' }),
  summary_zh: Type.String(), summary_en: Type.String(),
  body: Type.String({ description: 'Canonical JSON as it was hashed.' }), leaf_hash: Type.String(),
});
const Query = Type.Object({
  person: Type.Optional(Type.String({ maxLength: 100, description: 'Name of somebody who holds or held an office, a part of it, or the opaque id.' })),
  kind: Type.Optional(Type.String({ maxLength: 40, examples: ['journal_entry'] })),
  from: Type.Optional(Type.String({ maxLength: 20, description: 'First day, Asia/Shanghai.', examples: ['2026-10-01'] })),
  to: Type.Optional(Type.String({ maxLength: 20, description: 'Last day.', examples: ['2026-10-31'] })),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Text, voucher number, amount, number of the record, or fingerprint.' })),
  cursor: Type.Optional(Type.String({ maxLength: 40 })),
  lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
}, { additionalProperties: false });

export function oversightRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/search`, {
    schema: {
      tags: ['log'], summary: 'Search the operation log, newest first', params: Path,
      querystring: Type.Object({ ...Query.properties, limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) }, { additionalProperties: false }),
      response: { 200: Type.Object({
        items: Type.Array(Row), next_cursor: Type.Union([Type.String(), Type.Null()]),
        searched_to: Type.Union([Type.Object({ seq: Type.Integer(), recorded_at: Type.String() }), Type.Null()],
          { description: 'A long search stopped here; go on with next_cursor.' }),
      }) },
    },
  }, async (request) => {
    const { estate: { estate_id } } = reader(request);
    const question = questionOf(request);
    const limit = Math.min(Math.max(Number(request.query.limit ?? 50), 1), 500);
    const { items, officers, next_cursor, searched_to } = await inEstate(house.db.app, estate_id, (trx) => readLog(trx, estate_id, question, { limit }), { readOnly: true });
    return {
      items: items.map((row) => ({
        seq: row.seq, kind: row.kind, kind_zh: recordKindName(row.kind).zh, kind_en: recordKindName(row.kind).en, recorded_at: row.recorded_at, number: row.number,
        who: row.actor === null ? null : {
          person: row.actor, name: officers.get(row.actor)?.name ?? null,
          offices: officesAt(officers, row.actor, row.recorded_at).map(({ body, office }) => ({ body, office })),
        },
        summary_zh: row.summary.zh, summary_en: row.summary.en, body: row.body, leaf_hash: row.leaf_hash,
      })),
      next_cursor: next_cursor === null ? null : String(next_cursor), searched_to,
    };
  });

  app.get(`${BASE}/search.csv`, {
    schema: { tags: ['log'], summary: 'All that a search of the operation log finds, as a table file', params: Path, querystring: Query, produces: ['text/csv'] },
  }, async (request, reply) => {
    const { estate } = reader(request);
    return sendLog(house, reply, { estate, question: questionOf(request), locale: localeOf(request), file_name: `${estate.code}-operation-log.csv` });
  });

  app.get(`${BASE}/records/:seq/leaf`, {
    schema: {
      tags: ['log'], summary: 'Leaf of one record: the very bytes; SHA-256 of 0x00 and these is its fingerprint',
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['1'] }) }),
      produces: ['application/octet-stream'],
    },
  }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const seq = Number(request.params.seq);
    const leaf = await inEstate(house.db.app, estate_id, async (trx) => {
      const row = await recordAt(trx, estate_id, seq);
      if (row === null) throw refusals.record_unknown({ seq, size: await logSize(trx, estate_id) });
      return leafOf(code, row);
    }, { readOnly: true });
    return reply.type('application/octet-stream').header('content-disposition', `attachment; filename="${code}-${seq}.leaf"`).send(Buffer.from(leaf));
  });
}
