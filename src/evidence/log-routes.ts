// The log for whoever checks it, with tools of their own if they like: checkpoint, tiles and proofs in the formats of
// C2SP. Hashes and sizes tell nothing of what is recorded, so they are open to everybody: a log is shown the same to
// all only where all can look. The records themselves are for the owners.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { hexOf } from '../proof/bytes.ts';
import { leafOf } from '../proof/record.ts';
import { readTilePath } from '../proof/tile.ts';
import { tlogProofText } from '../proof/tlog-proof.ts';
import { issueCheckpoint, latestCheckpoint, readCheckpointRow, type IssuedCheckpoint } from './checkpointer.ts';
import { logKeys } from './log-key.ts';
import { readRecords } from './records.ts';
import { refusals } from './refusals.ts';
import { proveConsistency, proveInclusion, readHashes } from './stored-tree.ts';

const BASE = '/api/v1/estates/:estate/log';
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Size = Type.String({ pattern: '^[1-9][0-9]{0,14}$' });

async function demandCheckpoint(trx: Trx, estate_id: number, size?: string): Promise<IssuedCheckpoint> {
  const found = await readCheckpointRow(trx, estate_id, size === undefined ? undefined : Number(size));
  if (found !== null) return found;
  if (size === undefined) throw refusals.checkpoint_none();
  const latest = await latestCheckpoint(trx, estate_id);
  throw refusals.checkpoint_unknown({ size, latest: latest?.size ?? 0 });
}

const fixed = (reply: FastifyReply, seconds: number): FastifyReply => reply.header('cache-control', `public, max-age=${seconds}`);

function checkpointRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/checkpoint`, {
    config: { open_to_all: true },
    schema: {
      tags: ['log'], security: [], summary: 'Latest checkpoint, or that of a size, with the cosignatures it has: a signed note', params: Path,
      querystring: Type.Object({ size: Type.Optional(Size) }, { additionalProperties: false }), produces: ['text/plain'],
    },
  }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const note = await inEstate(house.db.app, estate_id, async (trx) => {
      const found = await demandCheckpoint(trx, estate_id, request.query.size);
      return cosigned(trx, estate_id, found);
    }, { readOnly: true });
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note);
  });

  app.post(`${BASE}/checkpoint`, {
    schema: {
      tags: ['log'], summary: 'Sign a checkpoint now, of whatever was recorded since the last one', params: Path,
      response: { 200: Type.Object({ size: Type.Integer(), note: Type.String({ description: 'Signed note (C2SP tlog-checkpoint)' }) }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'propose');
    const issued = await issueCheckpoint(house, estate);
    if (issued === null) throw refusals.checkpoint_not_signed();
    const { size } = issued;
    return { size, note: await inEstate(house.db.app, estate.estate_id, (trx) => cosigned(trx, estate.estate_id, issued), { readOnly: true }) };
  });

  app.get(`${BASE}/keys`, {
    config: { open_to_all: true },
    schema: {
      tags: ['log'], security: [], summary: 'Keys that sign the checkpoints, oldest first', params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        vkey: Type.String(), origin: Type.String(), opened_seq: Type.Integer(), ended_seq: Type.Union([Type.Integer(), Type.Null()]),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    return { items: await inEstate(house.db.app, estate_id, (trx) => logKeys(trx, estate_id), { readOnly: true }) };
  });
}

/** Readers of notes take a hundred signatures: a large estate has more owners than that. */
const MOST_COSIGNATURES = 90;

/** The note with a line for each witness who cosigned this size; officers first, and of owners no more than fit. */
export async function cosigned(trx: Trx, estate_id: number, { size, note }: Pick<IssuedCheckpoint, 'size' | 'note'>): Promise<string> {
  const lines = await trx.selectFrom('cosignature as c').select('c.line')
    .innerJoin('witness as w', (join) => join.onRef('w.estate_id', '=', 'c.estate_id').onRef('w.witness_id', '=', 'c.witness_id'))
    .where('c.estate_id', '=', estate_id).where('c.size', '=', size)
    .orderBy((eb) => eb('w.side', '=', 'resident')).orderBy('c.witness_id').limit(MOST_COSIGNATURES).execute();
  return note + lines.map(({ line }) => `${line}\n`).join('');
}

function proofRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/proof/inclusion`, {
    config: { open_to_all: true },
    schema: {
      tags: ['log'], security: [], summary: 'Proof that a record is in the log (C2SP tlog-proof)', params: Path, produces: ['text/plain'],
      querystring: Type.Object({ seq: Size, size: Type.Optional(Size) }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const seq = Number(request.query.seq);
    const text = await inEstate(house.db.app, estate_id, async (trx) => {
      const checkpoint = await demandCheckpoint(trx, estate_id, request.query.size);
      if (seq > checkpoint.size) throw refusals.record_not_covered({ seq, size: checkpoint.size }, 'seq');
      const proof = await proveInclusion(trx, estate_id, seq, checkpoint.size);
      return tlogProofText({ index: seq - 1, proof, checkpoint: await cosigned(trx, estate_id, checkpoint) });
    }, { readOnly: true, isolation: 'repeatable read' });
    return fixed(reply, 60).type('text/plain; charset=utf-8')
      .header('content-disposition', `inline; filename="${request.estate!.code}-${seq}.tlog-proof"`).send(text);
  });

  app.get(`${BASE}/proof/consistency`, {
    config: { open_to_all: true },
    schema: {
      tags: ['log'], security: [], summary: 'Proof that the log of one size only added to that of a smaller one', params: Path,
      querystring: Type.Object({ from: Size, to: Type.Optional(Size) }, { additionalProperties: false }),
      response: { 200: Type.Object({
        format: Type.Literal('mingzhang/consistency/v1'), from: Type.Integer(), size: Type.Integer(),
        proof: Type.Array(Type.String({ description: 'SHA-256, hexadecimal' })), checkpoint: Type.String({ description: 'Signed note of the larger size' }),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const from = Number(request.query.from);
    return inEstate(house.db.app, estate_id, async (trx) => {
      const checkpoint = await demandCheckpoint(trx, estate_id, request.query.to);
      if (from > checkpoint.size) throw refusals.record_not_covered({ seq: from, size: checkpoint.size }, 'from');
      const proof = await proveConsistency(trx, estate_id, from, checkpoint.size);
      return { format: 'mingzhang/consistency/v1' as const, from, size: checkpoint.size, proof: proof.map(hexOf),
        checkpoint: await cosigned(trx, estate_id, checkpoint) };
    }, { readOnly: true, isolation: 'repeatable read' });
  });
}

const MOST_IN_BUNDLE = 65_535;

function tileRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/tile/*`, {
    config: { open_to_all: true },
    schema: {
      tags: ['log'], security: [], summary: 'Tile of the tree: 256 hashes, or the first of them (C2SP tlog-tiles); tile/entries/… are the records',
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }), '*': Type.String({ examples: ['0/000'] }) }), produces: ['application/octet-stream'],
    },
  }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const path = request.params['*'];
    const tile = readTilePath(`tile/${path}`);
    if (tile === null) throw refusals.tile_path({ path });
    const { level, index, width } = tile;
    const entries = level === 'entries';
    // What the records say is for the owners; their hashes are for everybody.
    if (entries) demand(request.actor, estate_id, 'read_books');
    const bytes = await inEstate(house.db.app, estate_id, async (trx) => {
      const size = (await latestCheckpoint(trx, estate_id))?.size ?? 0;
      const there = Math.floor(size / 256 ** (entries ? 0 : level)) - index * 256;
      if (there < width) throw refusals.tile_not_there({ path, size });
      const from = index * 256;
      if (!entries) return Buffer.concat(await readHashes(trx, { estate_id, level, from, count: width }));
      const leaves = (await readRecords(trx, estate_id, from + 1, width)).map((record) => leafOf(code, record));
      if (leaves.some((leaf) => leaf.length > MOST_IN_BUNDLE)) throw refusals.entries_too_long({ path });
      return Buffer.concat(leaves.flatMap((leaf) => [Buffer.from([leaf.length >> 8, leaf.length & 255]), leaf]));
    }, { readOnly: true, isolation: 'repeatable read' });
    return fixed(reply, width === 256 ? 31_536_000 : 60).type('application/octet-stream').send(bytes);
  });
}

export function logRoutes(instance: FastifyInstance, house: House): void {
  checkpointRoutes(instance, house);
  proofRoutes(instance, house);
  tileRoutes(instance, house);
}
