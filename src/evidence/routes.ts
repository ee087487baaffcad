// The record log over the API. Every owner may read what a record says, byte for byte as it was hashed: it is
// what the disclosures carry (promise 10: nothing in it that may not be shown to every owner).
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { lastRecord, readRecords } from './records.ts';

const MOST = 500;
const Row = Type.Object({
  seq: Type.Integer(), kind: Type.String(), recorded_at: Type.String(), number: Type.String(),
  leaf_hash: Type.String({ description: 'SHA-256 of 0x00 and the leaf bytes, hexadecimal.' }),
  body: Type.String({ description: 'Canonical JSON as it was hashed.' }),
});

export function evidenceRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/v1/estates/:estate/log/records', {
    schema: {
      tags: ['log'], summary: 'Records of the estate\'s log, in order and without gaps',
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }) }),
      querystring: Type.Object({
        from: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'First seq; 1 by default.' })),
        limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
      }, { additionalProperties: false }),
      response: {
        200: Type.Object({
          items: Type.Array(Row), size: Type.Integer(), next_from: Type.Union([Type.Integer(), Type.Null()]),
        }),
      },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { from = '1', limit = '100' } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const rows = await readRecords(trx, estate_id, Number(from), Math.min(Math.max(Number(limit), 1), MOST));
      const size = (await lastRecord(trx, estate_id))?.seq ?? 0;
      const last = rows.at(-1)?.seq ?? size;
      return {
        items: rows.map((row) => ({
          seq: row.seq, kind: row.kind, recorded_at: row.recorded_at, number: row.number,
          leaf_hash: row.leaf_hash.toString('hex'), body: row.body,
        })),
        size, next_from: last < size ? last + 1 : null,
      };
    }, { readOnly: true, isolation: 'repeatable read' });
  });
}
