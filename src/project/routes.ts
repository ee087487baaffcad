// Projects over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { proposeContract, type PayeeIntake } from './contract.ts';
import { nameGift, receiveGift } from './gift.ts';
import { shownDonor } from './list.ts';
import { giveOpinion, moderateOpinion, pledge } from './opinion.ts';
import { enterProject } from './project.ts';
import { backRows, contractsOf, giftsOf, milestonesOf, outsideOf, projectList, quotesOf, readProject, siteRows } from './queries.ts';
import { enterQuote, noteOutside, reportSite } from './site.ts';
import { proposeAcceptance, proposeFinish, proposeOpening } from './step.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Number_ = Type.String({ pattern: '^[0-9]{1,9}$' });
const OnePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), project: Number_ });
const OpinionPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), project: Number_, opinion: Number_ });
const GiftPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), project: Number_, gift: Number_ });
const Sum = Type.String({ examples: ['5000.00'] });
const Typed = (...examples: string[]) => Type.String({ maxLength: 500, examples });
const Hashes = Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 20 });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const Proposed = Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String() });
const BySource = Type.Object({ government: Type.Optional(Typed('20000.00')), organisation: Type.Optional(Typed()), households: Type.Optional(Typed('10000.00')), donation: Type.Optional(Typed()) }, { additionalProperties: false });

const Source = Type.Object({
  source: Type.String(), fund: Type.String(), target: Sum, pledged: Nullable, received: Sum, spent: Sum, returned: Sum, balance: Sum, asked: Sum,
  outside: Type.String({ description: 'Memorandum: never in the books' }),
});
const Project = Type.Object({
  project_id: Type.Integer(), kind: Type.String(), stage: Type.String({ description: 'proposed, fundraising, building, accepted, finished or returned' }), title_zh: Nullable, title_en: Nullable, text: Nullable,
  from_owner: Type.Boolean(), entered_at: Type.String(), deadline: Nullable, sources: Type.Array(Source),
});
const One = Type.Object({
  project: Project, contracts: Type.Array(Type.Object({ contract: Type.Integer(), payee_id: Type.Integer(), contractor: Type.String(), amount: Sum, signed_on: Type.String(), accepted_on: Nullable, acceptance: NullableNumber, defects: NullableNumber })),
  milestones: Type.Array(Type.Object({
    milestone: Type.Integer(), contract: Type.Integer(), name: Type.String(), due_when: Type.String(), amount: Sum, state: Type.String(), asked: Sum, paid: Sum,
    shares: Type.Array(Type.Object({ source: Type.String(), amount: Sum, asked: Sum, paid: Sum })),
  })),
  site: Type.Array(Type.Object({ site_id: Type.Integer(), kind: Type.String(), milestone: NullableNumber, defect: NullableNumber, report: Type.String(), reported_at: Type.String(), open: Type.Boolean() })),
  quotes: Type.Array(Type.Object({ quote_id: Type.Integer(), bidder: Type.String(), amount: Sum, sha256: Type.String(), entered_on: Type.String() })),
  outside: Type.Array(Type.Object({ outside_id: Type.Integer(), source: Type.String(), amount: Sum, note: Type.String(), noted_on: Type.String() })),
  givers: Type.Array(Type.Object({ gift_id: Type.Integer(), source: Type.String(), name: Nullable, amount: Sum, entry: Type.Integer(), entry_date: Type.String(), reversed: Type.Boolean() })),
});
const schemaOf = (summary: string, more: object = {}) => ({ tags: ['projects'], summary, security, ...more });

export function projectRoutes(app: FastifyInstance, house: House, parts: { enterPayee: PayeeIntake }): void {
  readRoutes(app, house);
  voiceRoutes(app, house);
  deskRoutes(app, house);
  stepRoutes(app, house, parts);
}

function readRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/v1/estates/:estate/projects', {
    schema: {
      ...schemaOf('Projects with their money by source, newest first'), params: Path,
      querystring: Type.Object({ kind: Type.Optional(Type.String({ maxLength: 30 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })), cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Project), next_cursor: Nullable }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { kind, limit = 50, cursor } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => projectList(trx, estate_id, { kind, limit, cursor }), { readOnly: true });
  });
  app.get('/api/v1/estates/:estate/projects/:project', { schema: { ...schemaOf('One project: milestones, site, quotes, givers as they chose to be shown'), params: OnePath, response: { 200: One } } }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const project = Number(request.params.project);
    return inEstate(house.db.app, estate_id, async (trx) => ({
      project: await readProject(trx, estate_id, project), contracts: await contractsOf(trx, estate_id, project), milestones: await milestonesOf(trx, estate_id, project), site: await siteRows(trx, estate_id, project),
      quotes: await quotesOf(trx, estate_id, project), outside: await outsideOf(trx, estate_id, project),
      givers: (await giftsOf(trx, estate_id, project)).map((row) => ({ ...row, name: may(actor, estate_id, 'post_receipt') ? row.name : shownDonor(row) })),
    }), { readOnly: true });
  });
  app.get('/api/v1/estates/:estate/projects/:project/back', {
    schema: { ...schemaOf('What of the households\' rest goes back to each dwelling'), params: OnePath, response: { 200: Type.Object({ items: Type.Array(Type.Object({ unit: Nullable, paid: Sum, due: Sum, asked: Sum })) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      await readProject(trx, estate_id, Number(request.params.project));
      return { items: await backRows(trx, estate_id, Number(request.params.project)) };
    }, { readOnly: true });
  });
}

function voiceRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/api/v1/estates/:estate/projects', {
    schema: {
      ...schemaOf('Enter a project; owners apply for micro-grants'), headers: KeyHeader, params: Path,
      body: Type.Object({ kind: Typed('micro_grant'), title: Typed('3 号楼前种花'), text: Typed('在 3 号楼前的空地种月季，约 800 元，居民小组自己动手。'), photos: Type.Optional(Hashes) }, { additionalProperties: false }),
      response: { 201: Type.Object({ project_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await enterProject(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), typed: request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/opinions', {
    schema: {
      ...schemaOf('Say what one\'s dwelling thinks of a project'), headers: KeyHeader, params: OnePath,
      body: Type.Object({ stance: Typed('for'), words: Type.Optional(Typed('早该修了')), unit: Type.Optional(Typed()) }, { additionalProperties: false }), response: { 201: Type.Object({ opinion_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await giveOpinion(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
  for (const act of ['hide', 'show'] as const) {
    app.post(`/api/v1/estates/:estate/projects/:project/opinions/:opinion/${act}`, {
      schema: { ...schemaOf(act === 'hide' ? 'Hide the words of an opinion, never that it was given' : 'Show hidden words again (supervisors)'), params: OpinionPath, body: Type.Object({ reason: Typed('人身攻击') }, { additionalProperties: false }), response: { 204: Type.Null() } },
    }, async (request, reply) => {
      const { project, opinion } = request.params as { project: string; opinion: string };
      await moderateOpinion(house, { estate: request.estate!, actor: request.actor, project: Number(project), opinion: Number(opinion), hide: act === 'hide', reason: (request.body as { reason: string }).reason });
      return reply.code(204).send(null);
    });
  }
  app.post('/api/v1/estates/:estate/projects/:project/pledges', {
    schema: {
      ...schemaOf('Pledge for one\'s dwelling; 0 takes it back'), headers: KeyHeader, params: OnePath,
      body: Type.Object({ amount: Typed('500.00'), unit: Type.Optional(Typed()) }, { additionalProperties: false }), response: { 201: Type.Object({ pledge_id: Type.Integer(), amount: Sum }) },
    },
  }, async (request, reply) => reply.code(201).send(await pledge(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
}

function deskRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/api/v1/estates/:estate/projects/:project/gifts', {
    schema: {
      ...schemaOf('Book money of a source: of households by dwelling, of others by giver'), headers: KeyHeader, params: OnePath,
      body: Type.Object({
        source: Typed('donation'), amount: Typed('2000.00'), entry_date: Day, unit: Type.Optional(Typed()), donor: Type.Optional(Typed('示例慈善基金会')), is_company: Type.Optional(Type.Boolean()),
        shown: Type.Optional(Typed('named')), bank_account: Type.Optional(Typed('1002')), reference: Type.Optional(Typed()),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ entry: Type.Integer(), gift: NullableNumber, amount: Sum }) },
    },
  }, async (request, reply) => reply.code(201).send(await receiveGift(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), typed: request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/gifts/:gift/naming', {
    schema: { ...schemaOf('How a giver is shown from now on'), params: GiftPath, body: Type.Object({ shown: Typed('anonymous') }, { additionalProperties: false }), response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await nameGift(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), gift: Number(request.params.gift), shown: request.body.shown });
    return reply.code(204).send(null);
  });
  app.post('/api/v1/estates/:estate/projects/:project/quotes', {
    schema: { ...schemaOf('Enter a quote'), headers: KeyHeader, params: OnePath, body: Type.Object({ bidder: Typed('示例照明工程公司'), amount: Typed('28000.00'), vouchers: Hashes }, { additionalProperties: false }), response: { 201: Type.Object({ quote_id: Type.Integer() }) } },
  }, async (request, reply) => reply.code(201).send(await enterQuote(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/site-reports', {
    schema: {
      ...schemaOf('Report from the site'), headers: KeyHeader, params: OnePath,
      body: Type.Object({ kind: Typed('progress'), report: Typed('灯杆已立好 12 根'), milestone: Type.Optional(NullableNumber), defect: Type.Optional(NullableNumber), photos: Type.Optional(Hashes) }, { additionalProperties: false }),
      response: { 201: Type.Object({ site_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await reportSite(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), typed: request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/outside', {
    schema: {
      ...schemaOf('Note money that never comes into the account'), headers: KeyHeader, params: OnePath,
      body: Type.Object({ source: Typed('government'), amount: Typed('8000.00'), note: Typed('社区直接付给施工方'), vouchers: Type.Optional(Hashes) }, { additionalProperties: false }), response: { 201: Type.Object({ outside_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await noteOutside(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
}

function stepRoutes(instance: FastifyInstance, house: House, { enterPayee }: { enterPayee: PayeeIntake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/api/v1/estates/:estate/projects/:project/open', {
    schema: {
      ...schemaOf('Propose to open a project: targets by source'), headers: KeyHeader, params: OnePath,
      body: Type.Object({
        title_zh: Typed('楼道灯改造'), title_en: Type.Optional(Typed('Stairwell lamps')), purpose: Typed('更换 28 个单元的楼道灯'), deadline: Day, share_rule: Typed('none'), share: Type.Optional(Typed()), targets: BySource, resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => reply.code(201).send(await proposeOpening(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), typed: request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/contracts', {
    schema: {
      ...schemaOf('Propose a contract with milestones and what each source bears'), headers: KeyHeader, params: OnePath,
      body: Type.Object({
        payee: Type.Union([
          Type.Object({ payee_id: Type.Integer({ minimum: 1, maximum: 999_999_999 }) }, { additionalProperties: false }),
          Type.Object({ kind: Typed('company'), name: Typed('示例照明工程公司'), bank_name: Typed('示例农商银行'), account_number: Typed('80081000202610019') }, { additionalProperties: false }),
        ]),
        amount: Typed('28000.00'), split: BySource, few_quotes_reason: Type.Optional(Typed()), vouchers: Hashes,
        milestones: Type.Array(Type.Object({ name: Typed('进场'), percent: Typed('30'), due_when: Typed('contract') }, { additionalProperties: false }), { minItems: 1, maxItems: 8 }),
      }, { additionalProperties: false }),
      response: { 201: Proposed },
    },
  }, async (request, reply) => reply.code(201).send(await proposeContract(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), typed: request.body }, { enterPayee })));
  app.post('/api/v1/estates/:estate/projects/:project/acceptances', {
    schema: {
      ...schemaOf('Propose to accept the work of a contract'), headers: KeyHeader, params: OnePath,
      body: Type.Object({ contract: Type.Integer({ minimum: 1, maximum: 1e12 }), reason: Type.Optional(Typed()), vouchers: Hashes }, { additionalProperties: false }), response: { 201: Proposed },
    },
  }, async (request, reply) => reply.code(201).send(await proposeAcceptance(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
  app.post('/api/v1/estates/:estate/projects/:project/finish', {
    schema: { ...schemaOf('Propose the final report'), headers: KeyHeader, params: OnePath, body: Type.Object({ report: Typed('灯全部亮了，质保两年'), vouchers: Type.Optional(Hashes) }, { additionalProperties: false }), response: { 201: Proposed } },
  }, async (request, reply) => reply.code(201).send(await proposeFinish(house, { estate: request.estate!, actor: request.actor, project: Number(request.params.project), key: callersKey(request), ...request.body })));
}
