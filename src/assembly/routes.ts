// The owners' assembly over the API: resolutions, their ballots and papers.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Day, KeyHeader, security } from '../approval/schemas.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { castBallot, enterPaper, maskedBallots, ownBallots, paperRows, rollRows } from './ballot.ts';
import { announceResolution, callOffResolution, changeResolution, draftResolution, dropDraft, proposeCertificate } from './resolution.ts';
import { laws, readResolutionRow, resolutionList, type ResolutionRow } from './resolution-queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, resolution: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['1'] }) });
const PaperPath = Type.Object({ ...OnePath.properties, paper: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['1'] }) });
const Text = Type.String();
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const Typed = (...examples: string[]) => Type.String({ maxLength: 200, examples });
const Share = Type.Object({ area: Text, voters: Type.Integer() });
const Three = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Object({ for: type, against: type, abstain: type });
const Count = Type.Object({
  area: Text, voters: Type.Integer(), part: Share, choices: Three(Share), outcome: Text, papers_open: Type.Integer(), special: Type.Boolean(), rule_day: Text,
  codes: Type.Optional(Three(Type.Array(Text))),
});
const Row = Type.Object({
  resolution_id: Type.Integer(), state: Type.String({ description: 'draft, announced, voting, papers, counting, counted or called_off' }), matter: Text, title: Text, wording: Text,
  stricter: Type.Boolean(), secret: Type.Boolean(), starts_on: Text, ends_on: Text, paper_days: Type.Integer(), files: Type.Array(Text), opened_on: Nullable(Text), rule_day: Nullable(Text),
  special: Nullable(Type.Boolean()), voters: Nullable(Type.Integer()), units: Nullable(Type.Integer()), area: Nullable(Text), part_voters: Type.Integer(), part_area: Text,
  called_off_why: Nullable(Text), counted_on: Nullable(Text), outcome: Nullable(Text), count: Nullable(Count), count_sha256: Nullable(Text), certified_by: Nullable(Type.Integer()),
  standing: Type.String({ description: 'certified, uncertified, waiting, not_passed, not_counted or unknown' }),
});
const Law = Type.Object({
  rule_day: Text, counted_of: Text, quorum_part: Type.Integer(), quorum_whole: Type.Integer(), quorum_above: Type.Boolean(), ordinary_part: Type.Integer(), ordinary_whole: Type.Integer(), ordinary_above: Type.Boolean(),
  special_part: Type.Integer(), special_whole: Type.Integer(), special_above: Type.Boolean(), special_matters: Type.Array(Text), source_zh: Text, source_en: Text,
});
const Own = Type.Object({
  unit: Text, state: Type.String({ description: 'may_vote, voted, not_on_roll, not_owner or joined_late' }), voter: Nullable(Text), units: Type.Array(Text), area: Nullable(Text), way: Nullable(Text), choice: Nullable(Text),
  seq: Nullable(Type.Integer()), slip: Nullable(Type.Object({ code: Text, choice: Text })),
});
const Draft = Type.Object({
  matter: Type.String({ maxLength: 40, examples: ['use_fund'], description: 'assembly_rules, covenant, committee, manager, use_fund, raise_fund, rebuild, common_parts or other' }),
  title: Typed('使用维修资金更换 2 号楼电梯'), wording: Type.String({ maxLength: 20_000, examples: ['同意使用建筑物维修资金 180,000 元更换 2 号楼一台电梯。'] }),
  stricter: Type.Optional(Type.Boolean()), secret: Type.Optional(Type.Boolean()), starts_on: Day, ends_on: Day, paper_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
  files: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
}, { additionalProperties: false });

/** What the interface gives: nothing of who drafted it. */
const json = ({ drafted_by: _drafter, opened_seq: _opened, counted_seq: _counted, certified_on: _day, certifying: _proposal, ...row }: ResolutionRow) => row;
const typedOf = <B extends { paper_days?: number | undefined }>({ paper_days, ...body }: B) => ({ ...body, paper_days: paper_days === undefined ? undefined : String(paper_days) });

export function resolutionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/resolutions', {
    schema: {
      tags: ['resolutions'], summary: 'Resolutions of the owners, newest first, and the law they are counted under', security, params: Path,
      querystring: Type.Object({
        state: Type.Optional(Type.String({ maxLength: 20, examples: ['voting'] })), matter: Type.Optional(Type.String({ maxLength: 20, examples: ['use_fund'] })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })), cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Row), next_cursor: Nullable(Text), laws: Type.Array(Law) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { state, matter, limit = 50, cursor } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const { items, next_cursor } = await resolutionList(trx, estate_id, { drafts: may(actor, estate_id, 'hold_assembly'), state, matter, limit, cursor });
      return { items: items.map(json), next_cursor, laws: await laws(trx) };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/resolutions/:resolution', {
    schema: { tags: ['resolutions'], summary: 'One resolution, and one\'s own ballots', security, params: OnePath, response: { 200: Type.Object({ ...Row.properties, own: Type.Array(Own) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const resolution = Number(request.params.resolution);
    return inEstate(house.db.app, estate_id, async (trx) => ({
      ...json(await readResolutionRow(trx, estate_id, resolution, { drafts: may(actor, estate_id, 'hold_assembly') })), own: await ownBallots(trx, { estate_id, actor, resolution }),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/resolutions', {
    schema: { tags: ['resolutions'], summary: 'Draft a resolution', security, headers: KeyHeader, params: Path, body: Draft, response: { 201: Type.Object({ resolution_id: Type.Integer() }) } },
  }, async (request, reply) => reply.code(201).send(await draftResolution(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...typedOf(request.body) })));

  app.put('/api/v1/estates/:estate/resolutions/:resolution', {
    schema: { tags: ['resolutions'], summary: 'Change a draft', security, params: OnePath, body: Draft, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await changeResolution(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution), ...typedOf(request.body) });
    return reply.code(204).send(null);
  });

  app.delete('/api/v1/estates/:estate/resolutions/:resolution', {
    schema: { tags: ['resolutions'], summary: 'Throw a draft away', security, params: OnePath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await dropDraft(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution) });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/resolutions/:resolution/announce', {
    schema: { tags: ['resolutions'], summary: 'Announce a draft: the roll is frozen', security, params: OnePath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await announceResolution(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution) });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/resolutions/:resolution/call-off', {
    schema: { tags: ['resolutions'], summary: 'Call a vote off while nobody has voted', security, params: OnePath, body: Type.Object({ reason: Typed('表决内容写错') }, { additionalProperties: false }), response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await callOffResolution(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution), reason: request.body.reason });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/resolutions/:resolution/certificate', {
    schema: {
      tags: ['resolutions'], summary: 'Propose the certificate of a resolution that passed', security, headers: KeyHeader, params: OnePath,
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String() }) },
    },
  }, async (request, reply) => reply.code(201).send(await proposeCertificate(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution), key: callersKey(request) })));

  ballotRoutes(instance, house);
}

function ballotRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/resolutions/:resolution/ballots', {
    schema: {
      tags: ['resolutions'], summary: 'Ballots under random names; of an open vote with the choice once it is counted', security, params: OnePath,
      querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })), cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })) }, { additionalProperties: false }),
      response: { 200: Type.Object({
        items: Type.Array(Type.Object({ voter: Text, area: Text, way: Text, choice: Nullable(Text), seq: Type.Integer(), commitment: Nullable(Text) })), next_cursor: Nullable(Text),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { limit = 100, cursor } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      await readResolutionRow(trx, estate_id, Number(request.params.resolution));
      return maskedBallots(trx, estate_id, Number(request.params.resolution), { after: cursor ?? '', limit });
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/resolutions/:resolution/ballots', {
    schema: {
      tags: ['resolutions'], summary: 'Cast the ballot of one\'s own dwelling, once and for good', security, headers: KeyHeader, params: OnePath,
      body: Type.Object({ unit: Typed('3-2-1002'), choice: Type.String({ maxLength: 20, examples: ['for'], description: 'for, against or abstain' }) }, { additionalProperties: false }),
      response: { 201: Own },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const resolution = Number(request.params.resolution);
    const { unit } = await castBallot(house, { estate, actor: request.actor, resolution, key: callersKey(request), ...request.body });
    const own = await inEstate(house.db.app, estate.estate_id, (trx) => ownBallots(trx, { estate_id: estate.estate_id, actor: request.actor!, resolution }), { readOnly: true });
    return reply.code(201).send(own.find((row) => row.unit === unit || row.units.includes(unit))!);
  });

  app.get('/api/v1/estates/:estate/resolutions/:resolution/roll', {
    schema: {
      tags: ['resolutions'], summary: 'The roll by dwelling, for those who may see households', security, params: OnePath,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        unit: Text, voter: Text, area: Text, voter_area: Text, voted: Type.Boolean(), way: Nullable(Text), choice: Nullable(Text), paper: Nullable(Text),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      await readResolutionRow(trx, estate_id, Number(request.params.resolution));
      return { items: await rollRows(trx, estate_id, Number(request.params.resolution)) };
    }, { readOnly: true });
  });

  const Paper = Type.Object({ paper: Type.Integer(), status: Type.String({ description: 'read: another person of another body reads it too; cast; set_aside: void; already_voted' }) });
  const Choice = Type.String({ maxLength: 20, examples: ['for'], description: 'for, against, abstain, or void' });

  app.get('/api/v1/estates/:estate/resolutions/:resolution/papers', {
    schema: {
      tags: ['resolutions'], summary: 'Paper ballots, those that wait first; not what others read', security, params: OnePath,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        paper: Type.Integer(), unit: Text, voucher: Text, state: Text, bodies: Type.Array(Text), readings: Type.Integer(), mine: Type.Boolean(), differ: Type.Boolean(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const { person_id } = demand(request.actor, estate_id, 'enter_ballot');
    const resolution = Number(request.params.resolution);
    return inEstate(house.db.app, estate_id, async (trx) => {
      await readResolutionRow(trx, estate_id, resolution);
      return { items: await paperRows(trx, { estate_id, resolution, person_id, limit: 2_000 }) };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/resolutions/:resolution/papers', {
    schema: {
      tags: ['resolutions'], summary: 'Enter a paper ballot with its scan', security, headers: KeyHeader, params: OnePath,
      body: Type.Object({ unit: Typed('3-2-1002'), voucher: Type.String({ maxLength: 64, description: 'SHA-256 of its scan, a voucher for officers' }), choice: Choice }, { additionalProperties: false }),
      response: { 201: Paper },
    },
  }, async (request, reply) => reply.code(201).send(await enterPaper(house, { estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution), key: callersKey(request), ...request.body })));

  app.post('/api/v1/estates/:estate/resolutions/:resolution/papers/:paper', {
    schema: {
      tags: ['resolutions'], summary: 'Read a paper ballot that another has entered', security, headers: KeyHeader, params: PaperPath,
      body: Type.Object({ choice: Choice }, { additionalProperties: false }), response: { 201: Paper },
    },
  }, async (request, reply) => reply.code(201).send(await enterPaper(house, {
    estate: request.estate!, actor: request.actor, resolution: Number(request.params.resolution), paper: Number(request.params.paper), key: callersKey(request), choice: request.body.choice,
  })));
}
