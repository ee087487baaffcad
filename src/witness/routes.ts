// The interface of witnesses: enrol a device, retire it, cosign a checkpoint; who witnessed what, and the policy.
// Sizes, hashes and keys tell nothing of what is recorded and name nobody, so that whoever checks the log may read
// them without a login, as the checkpoint itself.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, refusals as actorRefusals, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { demandBrowser } from '../people/token.ts';
import { checkpointList, policyOf, witnessList } from './queries.ts';
import { refusals } from './refusals.ts';
import { enrolWitness, keepCosignature, retireWitness } from './witness.ts';

const BASE = '/api/v1/estates/:estate';
const tags = ['log'];
const exact = { additionalProperties: false } as const;
const open = { open_to_all: true };
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Whole = '^[1-9][0-9]{0,14}$';
const Id = Type.String({ pattern: '^[1-9][0-9]{0,8}$', examples: ['1'] });
const Time = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Union([Type.Integer(), Type.Null()]);
const Cursor = Type.Union([Type.String(), Type.Null()]);
const Limit = Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['20'] }));
const SideName = Type.Union([Type.Literal('committee'), Type.Literal('street'), Type.Literal('resident')]);

const Witness = Type.Object({
  witness_id: Type.Integer(), side: SideName, vkey: Type.String({ description: 'C2SP verifier key, cosignature/v1' }),
  enrolled_at: Type.String(), retired_at: Time, size: Count, signed_at: Time, mine: Type.Boolean(),
}, exact);
const Checkpoint = Type.Object({
  size: Type.Integer(), root: Type.String({ description: 'Hexadecimal' }), issued_at: Type.String(),
  note: Type.String({ description: 'Signed note, without cosignatures; log/checkpoint?size= has them' }),
  witnesses: Type.Object({ committee: Type.Integer(), street: Type.Integer(), resident: Type.Integer() }, exact),
  fulfilled: Type.Boolean({ description: 'Committee AND (street OR resident)' }),
}, exact);

const within = (typed: string | undefined, usual: number, most: number): number =>
  Math.min(Math.max(Number(typed ?? usual), 1), most);
const whole = (typed: string | undefined): number | undefined => (typed === undefined ? undefined : Number(typed));

function acting({ actor, estate }: FastifyRequest): { actor: Actor; estate: Estate } {
  return { actor: demand(actor, estate!.estate_id, 'witness'), estate: estate! };
}

function readingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/log/policy`, {
    config: open,
    schema: {
      tags, security: [], summary: 'Keys of the log, the present witnesses, and who must have signed (C2SP tlog-policy)',
      params: Path, produces: ['text/plain'],
    },
  }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const text = await inEstate(house.db.app, estate_id, (trx) => policyOf(trx, estate_id), { readOnly: true });
    if (text === null) throw refusals.witness_log_empty();
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(text);
  });

  app.get(`${BASE}/witnesses`, {
    config: open,
    schema: {
      tags, security: [], summary: 'Devices that witness the log, newest first', params: Path,
      querystring: Type.Object({ mine: Type.Optional(Type.Literal('true')), limit: Limit, cursor: Type.Optional(Id) }, exact),
      response: { 200: Type.Object({ items: Type.Array(Witness), next_cursor: Cursor }, exact) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { mine, limit, cursor } = request.query;
    const person_id = request.actor?.person_id ?? null;
    if (mine === 'true' && person_id === null) throw actorRefusals.login_required();
    return inEstate(house.db.app, estate_id, (trx) => witnessList(trx, estate_id, {
      person_id, mine: mine === 'true', limit: within(limit, 100, 500), before: whole(cursor),
    }), { readOnly: true });
  });

  app.get(`${BASE}/checkpoints`, {
    config: open,
    schema: {
      tags, security: [], summary: 'Checkpoints, largest first, and how many witnessed each', params: Path,
      querystring: Type.Object({
        limit: Limit, cursor: Type.Optional(Type.String({ pattern: Whole })),
        witnessed: Type.Optional(Type.Literal('true', { description: 'Only those that somebody cosigned' })),
      }, exact),
      response: { 200: Type.Object({ items: Type.Array(Checkpoint), next_cursor: Cursor }, exact) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { limit, cursor, witnessed } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => checkpointList(trx, estate_id, {
      limit: within(limit, 20, 200), before: whole(cursor), witnessed: witnessed === 'true',
    }), { readOnly: true });
  });
}

function writingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(`${BASE}/witnesses`, {
    schema: {
      tags, summary: 'Enrol the key of one\'s own device as a witness; the device before retires', params: Path,
      body: Type.Object({
        side: SideName,
        vkey: Type.String({
          maxLength: 500, examples: [`books.example.cn/demo/resident-3f9a12bc+5c0e2a11+B${'A'.repeat(43)}`],
          description: '"<origin>/<side>-<8 hex digits>+<key id>+<base64 of 0x04 and the public key>"',
        }),
      }, exact),
      response: { 201: Type.Object({ witness_id: Type.Integer() }, exact) },
    },
  }, async (request, reply) => {
    demandBrowser(request.actor);
    return reply.code(201).send(await enrolWitness(house, { ...acting(request), ...request.body }));
  });

  app.post(`${BASE}/witnesses/:id/retire`, {
    schema: {
      tags, summary: 'End one\'s own device as a witness', params: Type.Object({ ...Path.properties, id: Id }),
      response: { 200: Type.Object({ status: Type.Literal('retired') }, exact) },
    },
  }, async (request) => {
    await retireWitness(house, { ...acting(request), witness_id: Number(request.params.id) });
    return { status: 'retired' as const };
  });

  app.post(`${BASE}/checkpoints/:size/cosignatures`, {
    schema: {
      tags, summary: 'Hand in a cosignature of a checkpoint (C2SP tlog-cosignature)',
      params: Type.Object({ ...Path.properties, size: Type.String({ pattern: Whole, examples: ['120'] }) }),
      body: Type.Object({
        witness: Type.Integer({ minimum: 1, maximum: 999_999_999, examples: [1] }),
        line: Type.String({
          maxLength: 500, examples: ['— books.example.cn/demo/resident-3f9a12bc AAAAAA=='], description: 'Signature line of the note',
        }),
      }, exact),
      response: { 200: Type.Object({ status: Type.Union([Type.Literal('recorded'), Type.Literal('already_recorded')]) }, exact) },
    },
  }, async (request) => {
    const { witness, line } = request.body;
    const size = Number(request.params.size);
    return { status: await keepCosignature(house, { ...acting(request), size, witness_id: witness, line }) };
  });
}

export function witnessRoutes(instance: FastifyInstance, house: House): void {
  readingRoutes(instance, house);
  writingRoutes(instance, house);
}
