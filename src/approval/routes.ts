// Proposals over the API: the queue, one proposal, its steps, signatures one by one and in a batch.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { estateToday } from '../evidence/records.ts';
import { passkeyOptions } from '../people/passkey.ts';
import { localeOf } from '../web/locale.ts';
import { drawChallenge } from './challenge.ts';
import { readEvidence } from './evidence.ts';
import { hold, release, returnForCorrection, withdraw, type Executors, type StepAsked, type Submitters } from './proposal.ts';
import { neededOf, proposalList, readProposal, signersOf, type ProposalRow, type SignerRow } from './queries.ts';
import { refusals } from './refusals.ts';
import { signProposals, type SignItem, type SignResult } from './sign.ts';
import { viewProposal } from './view.ts';
import { type Decision, proposalKinds } from './kinds.ts';

export interface ApprovalParts { executors: Executors; submitters: Submitters }

const Null = Type.Null();
const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Null]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['17'] }) });
const State_ = Type.Enum(['draft', 'submitted', 'approved', 'executed', 'returned', 'withdrawn', 'rejected', 'held', 'expired',
  'superseded'], { examples: ['submitted'] });
const Kind_ = Type.Enum([...proposalKinds], { examples: ['payment'] });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the frozen document, hexadecimal' });
const Reason = Type.String({ maxLength: 2000, examples: ['验收单缺业主代表签字，请补。'] });
const Row = {
  proposal_id: Type.Integer(), kind: Kind_, state: State_, version: Type.Integer(), title: Text,
  amount: Nullable(Type.String({ examples: ['7000.00'] })), fund: Nullable(Text), reason: Text,
  document_hash: Nullable(Text), submitted_at: Nullable(Text), expires_on: Nullable(Text), approved_at: Nullable(Text),
  executed_at: Nullable(Text), signed: Type.Integer(), needed: Type.Integer(),
  class: Type.Enum(['normal', 'emergency', 'vacancy']), payee_class: Nullable(Text), payable_from: Nullable(Text),
  ratify_by: Nullable(Text), ratified_at: Nullable(Text),
};
const Signer = Type.Object({
  body: Text, office: Text, name_zh: Text, name_en: Text, decision: Text, method: Text, reason: Text, signed_at: Text,
  on_behalf_of: Nullable(Text),
});
const Needed = Type.Object({
  body: Text, name_zh: Text, name_en: Text, signers: Type.Integer(), signed: Type.Integer(), missing: Type.Integer(),
});
const One = Type.Object({
  ...Row, document: Type.Union([Type.Record(Text, Type.Unknown()), Null]), signatures: Type.Array(Signer),
  earlier_signatures: Type.Array(Signer), needed_of: Type.Array(Needed), missing: Type.Array(Needed),
  available: Nullable(Text), fingerprint: Type.Union([Type.Object({ zh: Text, en: Text }), Null]),
  changes: Type.Array(Type.Object({ field: Text, before: Text, after: Text })),
});
const SignAnswer = Type.Object({
  proposal_id: Type.Integer(), status: Type.String({ examples: ['approved'] }), state: Type.Optional(State_),
  detail: Type.Optional(Text),
});
const After = Type.Object({ proposal_id: Type.Integer(), state: State_ });
const security = [{ session: [] }, { token: [] }];

interface Asked { estate: Estate; actor: Actor | null; proposal_id: number }
const asked = (request: FastifyRequest<{ Params: { id: string } }>): Asked =>
  ({ estate: request.estate!, actor: request.actor, proposal_id: Number(request.params.id) });

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;
const plain = (row: SignerRow) => ({ ...row, signed_at: row.signed_at.toISOString() });
const rowJson = (row: ProposalRow) => ({
  ...row, submitted_at: iso(row.submitted_at), approved_at: iso(row.approved_at), executed_at: iso(row.executed_at),
  ratified_at: iso(row.ratified_at),
});
const count = (needed: readonly { signers: number; missing: number }[]) => ({
  signed: needed.reduce((all, row) => all + row.signers - row.missing, 0),
  needed: needed.reduce((all, row) => all + row.signers, 0),
});

async function viewJson(trx: Trx, { estate, actor, proposal_id }: Asked) {
  const view = await viewProposal(trx, { estate, actor, proposal_id });
  return {
    ...rowJson(view), ...count(view.needed), document: view.document, signatures: view.signatures.map(plain),
    earlier_signatures: view.earlier_signatures.map(plain), needed_of: view.needed,
    missing: view.needed.filter((row) => row.missing > 0), available: view.available, fingerprint: view.fingerprint,
    changes: view.changes,
  };
}

export function approvalRoutes(instance: FastifyInstance, house: House, parts: ApprovalParts): void {
  readRoutes(instance, house);
  evidenceRoute(instance, house);
  stepRoutes(instance, house, parts);
  signRoutes(instance, house, parts);
}

function readRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/proposals', {
    schema: {
      tags: ['proposals'], summary: 'Proposals, newest first', security, params: Path,
      querystring: Type.Object({
        state: Type.Optional(State_), kind: Type.Optional(Kind_),
        mine: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('1')], { description: 'Only what waits for my signature' })),
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' })),
        limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(Row)), next_cursor: Nullable(Text) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const { state, kind, mine, cursor, limit = '50' } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const list = await proposalList(trx, estate_id, {
        state: state === undefined ? undefined : [state], kind,
        mine: mine === undefined ? undefined : { actor, today },
        cursor: cursor === undefined ? undefined : Number(cursor), limit: Math.min(Math.max(Number(limit), 1), 200),
      });
      const needed = await neededOf(trx, estate_id, list.items.map((row) => row.proposal_id));
      return { ...list, items: list.items.map((row) => ({ ...rowJson(row), ...count(needed.get(row.proposal_id) ?? []) })) };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/proposals/:id', {
    schema: {
      tags: ['proposals'], summary: 'One proposal: document, signatures, who is missing', security, params: OnePath,
      response: { 200: One },
    },
  }, (request) => inEstate(house.db.app, request.estate!.estate_id, (trx) => viewJson(trx, asked(request)), { readOnly: true }));
}

/** The evidence of the signatures as a file; proof/signatures.ts tells what is in it and how it is checked. */
function evidenceRoute(instance: FastifyInstance, house: House): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().get('/api/v1/estates/:estate/proposals/:id/evidence.json', {
    schema: {
      tags: ['proposals'], summary: 'Document, rule, signatures and the records behind them, to be checked without this server', security, params: OnePath,
    },
  }, async (request, reply) => {
    const { estate, proposal_id, actor } = asked(request);
    const bundle = await inEstate(house.db.app, estate.estate_id, (trx) => readEvidence(trx, { estate, actor, proposal_id }),
      { readOnly: true, isolation: 'repeatable read' });
    return reply.type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="evidence-${estate.code}-${proposal_id}.json"`)
      .send(JSON.stringify(bundle, null, 2));
  });
}

/** A step is open to makers and signers; takeStep() tells which of them may take this one. */
export const mayStep = (actor: Actor | null, { estate_id }: Estate): Actor =>
  demand(actor, estate_id, may(actor, estate_id, 'sign') ? 'sign' : 'draft_order');

const steps = { return: returnForCorrection, withdraw, hold, release } as const;
const stepTexts: Record<keyof typeof steps, string> = {
  return: 'Return to the maker for correction', withdraw: 'Withdraw; cancels an approved order that is not carried out',
  hold: 'Put on hold', release: 'Release for signing again',
};

function stepRoutes(instance: FastifyInstance, house: House, { submitters }: ApprovalParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/proposals/:id/submit', {
    schema: {
      tags: ['proposals'], summary: 'Run the checks, freeze the document, ask for signatures', security, params: OnePath,
      body: Type.Optional(Type.Union([Type.Object({}, { additionalProperties: false }), Null])),
      response: { 200: Type.Object({ ...After.properties, document_hash: Text, expires_on: Nullable(Text) }) },
    },
  }, async (request) => {
    const { estate, proposal_id } = asked(request);
    const actor = demand(request.actor, estate.estate_id, 'draft_order');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const found = await readProposal(trx, estate.estate_id, proposal_id);
      if (found === null) throw refusals.proposal_unknown({ proposal: proposal_id });
      const submit = submitters[found.kind];
      if (submit === undefined) throw refusals.submit_elsewhere();
      const { document_hash } = await submit(trx, { estate, actor, proposal_id });
      const after = await readProposal(trx, estate.estate_id, proposal_id);
      return { proposal_id, state: after!.state, document_hash, expires_on: after!.expires_on };
    });
  });

  for (const [name, step] of Object.entries(steps) as [keyof typeof steps, (trx: Trx, a: StepAsked) => Promise<void>][]) {
    app.post(`/api/v1/estates/:estate/proposals/:id/${name}`, {
      schema: {
        tags: ['proposals'], summary: stepTexts[name], security, params: OnePath,
        body: Type.Optional(Type.Union([Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }), Null])),
        response: { 200: After },
      },
    }, async (request) => {
      const { estate, proposal_id } = asked(request as never);
      const actor = mayStep(request.actor, estate);
      const reason = (request.body as { reason?: string } | null | undefined)?.reason;
      return inEstate(house.db.app, estate.estate_id, async (trx) => {
        await step(trx, { estate, actor, proposal_id, reason });
        return { proposal_id, state: (await readProposal(trx, estate.estate_id, proposal_id))!.state };
      });
    });
  }
}

const Password = Type.String({ maxLength: 200, description: 'Signing password, not the login password' });
const Decision_ = Type.Enum(['approve', 'reject', 'ratify'], { examples: ['approve'] });
const Proof = {
  password: Type.Optional(Password), code: Type.Optional(Type.String({ maxLength: 20, description: 'One-time code that goes with the password' })),
  assertion: Type.Optional(Type.Unknown({ description: 'AuthenticationResponseJSON of the passkey' })),
  nonce: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the challenge, from …/sign/options' })),
};
const Method_ = Type.Union([Type.Literal('password'), Type.Literal('passkey')], { examples: ['password'] });

function signRoutes(instance: FastifyInstance, house: House, { executors }: ApprovalParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/proposals/:id/sign/options', {
    schema: {
      tags: ['proposals'], summary: 'What the passkey has to sign: a challenge for one document and one decision', security, params: OnePath,
      body: Type.Object({ decision: Decision_, document_hash: Hash }, { additionalProperties: false }),
      response: { 200: Type.Object({ nonce: Text, expires_at: Text, options: Type.Record(Text, Type.Unknown()) }) },
    },
  }, async (request) => {
    const { estate, proposal_id } = asked(request);
    const { person_id } = demand(request.actor, estate.estate_id, 'sign');
    const { nonce, expires_at, bytes } = await inEstate(house.db.app, estate.estate_id, (trx) =>
      drawChallenge(trx, { estate, proposal_id, person_id, ...request.body }));
    return { nonce, expires_at, options: { ...await passkeyOptions(house, { estate, person_id, challenge: bytes, host: request.host }) } };
  });

  app.post('/api/v1/estates/:estate/proposals/:id/sign', {
    schema: {
      tags: ['proposals'], summary: 'Approve, reject or ratify, with a passkey or a signing password', security, params: OnePath,
      body: Type.Object({
        decision: Decision_, method: Method_, ...Proof, reason: Type.Optional(Reason), document_hash: Type.Optional(Hash),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ ...SignAnswer.properties, signatures: Type.Array(Signer), missing: Type.Array(Needed) }) },
    },
  }, async (request) => {
    const { estate, proposal_id } = asked(request);
    const actor = demand(request.actor, estate.estate_id, 'read_books');
    const [result] = await signProposals(house, {
      ...request.body, estate, actor, items: [await withHash(house, estate, { proposal_id, ...request.body })],
    }, executors);
    if (result!.refusal !== undefined) throw result!.refusal;
    return inEstate(house.db.app, estate.estate_id, async (trx) => ({
      ...await answerOf(trx, estate, result!, request), signatures: (await signersOf(trx, estate.estate_id, [proposal_id]))
        .get(proposal_id)?.map(plain) ?? [],
      missing: ((await neededOf(trx, estate.estate_id, [proposal_id])).get(proposal_id) ?? []).filter((row) => row.missing > 0),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/proposals/sign', {
    schema: {
      tags: ['proposals'], summary: 'Sign several with one confirmation; one answer each', security, params: Path,
      body: Type.Object({
        items: Type.Array(Type.Object({ proposal_id: Type.Integer({ minimum: 1, maximum: 999_999_999_999 }),
          document_hash: Type.Optional(Hash) }, { additionalProperties: false }), { maxItems: 200 }),
        decision: Decision_, method: Method_, ...Proof, reason: Type.Optional(Reason),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ results: Type.Array(SignAnswer) }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'read_books');
    const items: SignItem[] = [];
    for (const item of request.body.items) items.push(await withHash(house, estate, item));
    const results = await signProposals(house, { ...request.body, estate, actor, items }, executors);
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const answers = [];
      for (const result of results) answers.push(await answerOf(trx, estate, result, request));
      return { results: answers };
    }, { readOnly: true });
  });
}

/** Without a hash the present document is meant: for callers that have just read it. A page always sends it. */
async function withHash(
  house: House, { estate_id }: Estate, item: { proposal_id: number; document_hash?: string; decision?: Decision },
): Promise<SignItem> {
  const { proposal_id, document_hash } = item;
  if (document_hash !== undefined) return { proposal_id, document_hash };
  const found = await inEstate(house.db.app, estate_id, (trx) => readProposal(trx, estate_id, proposal_id), { readOnly: true });
  return { proposal_id, document_hash: found?.document_hash ?? '' };
}

async function answerOf(trx: Trx, { estate_id }: Estate, result: SignResult, request: FastifyRequest) {
  const state = (await readProposal(trx, estate_id, result.proposal_id))?.state;
  const detail = (result.refusal ?? result.not_executed)?.in(localeOf(request));
  return {
    proposal_id: result.proposal_id, status: result.status, ...(state === undefined ? {} : { state }),
    ...(detail === undefined ? {} : { detail }),
  };
}
