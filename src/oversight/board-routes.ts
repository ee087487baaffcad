// The board, the figures of one estate with their evidence, inspections, objections and auditors' access over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { auditKinds } from '../approval/audit-scope.ts';
import { KeyHeader, security } from '../approval/schemas.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { auditorTerms, readsOf } from './access-queries.ts';
import { arranged, boardFigures, isFigure, readBoard } from './board.ts';
import { boardAsked } from './board-page-routes.ts';
import { countNow, evidenceOf } from './evidence.ts';
import { proposeGrant } from './grant.ts';
import { lastInspection } from './inspection-queries.ts';
import { invariants } from './invariants.ts';
import { objectionList, objectionStates } from './objection-queries.ts';
import { refusals } from './refusals.ts';

const BASE = '/api/v1/estates/:estate';
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Sum = Type.String({ examples: ['1200.00'] });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Permille = Type.Union([Type.Integer(), Type.Null()], { description: 'Of a thousand; null where there is nothing to divide by' });
const counts = {
  late_disclosures: Type.Integer(), late_answers: Type.Integer(), unreconciled_days: Type.Integer(), exceptions: Type.Integer(), exceptions_amount: Sum,
  emergencies: Type.Integer(), emergencies_amount: Sum, unratified: Type.Integer(), signatures: Type.Integer(), weak_signatures: Type.Integer(), weak_permille: Permille,
  expiring_terms: Type.Integer(), billed: Sum, collected: Sum, collection_permille: Permille,
  failing: Type.Union([Type.Integer(), Type.Null()], { description: 'Invariants that did not hold at the last inspection' }),
};
const Row = Type.Object({
  code: Type.String(), name_zh: Type.String(), name_en: Type.String(),
  counted: Type.Union([Type.Object({ day: Type.String(), counted_at: Type.String(), size: Type.Integer({ description: 'Records in the log they were counted from' }), ...counts }), Type.Null()]),
});
const Found = Type.Object({ what_zh: Type.String(), what_en: Type.String(), note_zh: Type.String(), note_en: Type.String(), day: Nullable, amount: Nullable, paid: Nullable, href: Type.String() });

export function boardRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/board', {
    schema: {
      tags: ['oversight'], summary: 'Figures of every estate one watches as official, supervisor or auditor, each with the moment it was counted', security,
      querystring: Type.Object({
        sort: Type.Optional(Type.String({ maxLength: 30, description: `attention, name, ${boardFigures.join(', ')}` })), order: Type.Optional(Type.String({ maxLength: 4, description: 'asc or desc' })),
        q: Type.Optional(Type.String({ maxLength: 60 })), only: Type.Optional(Type.String({ maxLength: 10, description: 'attention' })), lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Row) }) },
    },
  }, async (request) => {
    const rows = arranged(await readBoard(house, request.actor), boardAsked(request.query), request.query.lang ?? 'zh');
    return { items: rows.map(({ code, name_zh, name_en, counted }) => ({ code, name_zh, name_en,
      counted: counted === null ? null : { ...counted, counted_at: isoInstant(counted.counted_at) } })) };
  });

  app.get(`${BASE}/oversight`, {
    schema: { tags: ['oversight'], summary: 'The figures of one estate, counted now', security, params: Path, response: { 200: Type.Object(counts) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, (trx) => countNow(trx, estate_id), { readOnly: true });
  });

  app.get(`${BASE}/oversight/:figure`, {
    schema: {
      tags: ['oversight'], summary: 'What a figure consists of, listed now', security,
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }), figure: Type.String({ pattern: '^[a-z_]{3,30}$', examples: ['exceptions'], description: boardFigures.join(', ') }) }),
      response: { 200: Type.Object({ items: Type.Array(Found) }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const { figure } = request.params;
    if (!isFigure(figure)) throw refusals.figure_unknown({ typed: figure });
    const officer = may(request.actor, estate.estate_id, 'read_officers');
    const items = await inEstate(house.db.app, estate.estate_id, (trx) => evidenceOf(trx, estate, figure, { officer }), { readOnly: true });
    return { items: items.map(({ what, note, ...item }) => ({ ...item, what_zh: what.zh, what_en: what.en, note_zh: note.zh, note_en: note.en })) };
  });

  app.get(`${BASE}/invariants`, {
    schema: {
      tags: ['oversight'], summary: 'What must be so in the books, and how it was at the last inspection', security, params: Path,
      response: { 200: Type.Object({
        inspected_at: Nullable, size: Type.Union([Type.Integer(), Type.Null()]),
        items: Type.Array(Type.Object({ name: Type.String(), zh: Type.String(), en: Type.String(), found: Type.Integer({ description: 'Places that contradict it; 0: it holds' }), sample: Type.String() })),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const last = await inEstate(house.db.app, estate_id, (trx) => lastInspection(trx, estate_id), { readOnly: true });
    return {
      inspected_at: last === null ? null : isoInstant(last.inspected_at), size: last?.size ?? null,
      items: invariants.map(({ name, zh, en }) => {
        const finding = last?.findings.find(({ invariant }) => invariant === name);
        return { name, zh, en, found: finding?.found ?? 0, sample: finding?.sample ?? '' };
      }),
    };
  });

  app.get(`${BASE}/objections`, {
    schema: {
      tags: ['proposals'], summary: 'Written objections to all proposals with their answers and clocks, newest first; an owner who objects is not named', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        objection_id: Type.Integer(), proposal_id: Type.Integer(), kind: Type.String(), title: Type.String(), body: Nullable, objected_on: Type.String(), due_on: Type.String(),
        state: Type.String({ description: objectionStates.join(', ') }), days: Type.Integer({ description: 'Waited, or waited until answered' }), objection: Nullable, answer: Nullable, answered_on: Nullable,
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const officer = may(request.actor, estate_id, 'read_officers');
    return { items: await inEstate(house.db.app, estate_id, (trx) => objectionList(trx, estate_id, { officer }), { readOnly: true }) };
  });
}

const Day = (examples: string[]) => Type.String({ maxLength: 20, examples });
const Scope = Type.Union([Type.Object({ from_day: Nullable, to_day: Nullable, kinds: Type.Array(Type.String()) }), Type.Null()], { description: 'Null: everything an auditor may read' });

export function accessRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/access`, {
    schema: {
      tags: ['oversight'], summary: 'Who may audit the books, within what scope, and what they looked at by day', security, params: Path,
      response: { 200: Type.Object({
        auditors: Type.Array(Type.Object({ term_id: Type.Integer(), name: Nullable, starts_on: Type.String(), ends_on: Type.String(), proposal_id: Type.Union([Type.Integer(), Type.Null()]), scope: Scope })),
        reads: Type.Array(Type.Object({ day: Type.String(), term_id: Type.Integer(), name: Nullable, kinds: Type.Array(Type.Object({ kind: Type.String(), seq: Type.Integer() })) })),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => ({ auditors: await auditorTerms(trx, estate_id), reads: await readsOf(trx, estate_id, { limit: 1000 }) }), { readOnly: true });
  });

  app.post(`${BASE}/access`, {
    schema: {
      tags: ['oversight'], summary: 'Propose that an auditor may read the books: dated and scoped, signed like any appointment', security, params: Path, headers: KeyHeader,
      body: Type.Object({
        login: Type.Optional(Type.String({ maxLength: 100, description: 'Of somebody who has one; else new_person' })),
        new_person: Type.Optional(Type.Object({ name: Type.String({ maxLength: 60 }), login: Type.String({ maxLength: 60 }) }, { additionalProperties: false })),
        starts_on: Day(['2026-11-01']), ends_on: Day(['2026-11-30']),
        from: Type.Optional(Type.String({ maxLength: 20, description: 'First day of what may be read; absent: no limit', examples: ['2026-01-01'] })), to: Type.Optional(Type.String({ maxLength: 20 })),
        kinds: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 20, description: auditKinds.join(', '), examples: [['books', 'vouchers']] }),
        resolution: Type.Optional(Type.Object({ title: Type.String({ maxLength: 200 }), date: Type.String({ maxLength: 20 }), voucher: Type.String({ maxLength: 64 }) }, { additionalProperties: false })),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Type.String(), payable_from: Type.String(), password: Type.Optional(Type.String({ description: 'Of somebody new; shown once' })) }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'grant_access');
    const { login, new_person, starts_on, ends_on, from = '', to = '', kinds, resolution } = request.body;
    const { proposed: { proposal_id, document_hash, payable_from }, new_login } = await proposeGrant(house, {
      estate, actor, key: request.headers['idempotency-key'] ?? null, who: { ...(login === undefined ? {} : { login }), ...(new_person === undefined ? {} : { new_person }) }, starts_on, ends_on, from, to, kinds, resolution,
    });
    return reply.status(201).send({ proposal_id, document_hash, payable_from, ...(new_login === null ? {} : { password: new_login.password }) });
  });
}
