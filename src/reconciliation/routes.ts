// Interface of matching: open lines with their candidates, confirming, saying what a line is, undoing, rules, unexplained money.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { problemOf } from '../web/errors.ts';
import { newFormKey } from '../web/forms.tsx';
import { localeOf } from '../web/locale.ts';
import { confirmCandidates, endMatch, matchByHand } from './by-hand.ts';
import { matchLines } from './match.ts';
import { bankAccountsOf } from './queries.ts';
import { reconcileAccount } from './reconcile.ts';
import { changeRule, listRules } from './rule.ts';
import { settleCredit } from './settle.ts';
import { readSources } from './sources.ts';
import { deadlineOf, exceptionHistory, listExceptions, openSuspense } from './suspense.ts';
import { filtered, namesOf, shownLines } from './view.ts';

const tags = ['reconciliation'];
const base = '/api/v1/estates/:estate';
const Path = Type.Object({ estate: Type.String() });
const Account = Type.String({ pattern: '^[0-9]{4,6}$', examples: ['1002'] });
const Id = Type.String({ pattern: '^[0-9]{1,12}$' });
const Count = Type.Integer({ minimum: 1, maximum: 999_999_999_999 });
const Sum = Type.String({ examples: ['850.00'] });
const Nullable = (one: ReturnType<typeof Type.String>) => Type.Union([one, Type.Null()]);
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 200 })) });
const Parts = Type.Array(Type.Object({
  account: Type.Optional(Type.String({ maxLength: 20 })), fund: Type.Optional(Type.String({ maxLength: 60 })),
  unit: Type.Optional(Type.String({ maxLength: 20 })), amount: Type.Optional(Type.String({ maxLength: 40 })),
}, { additionalProperties: false }), { maxItems: 100, description: 'What a credit is for: {account, fund, unit?, amount?}, or {unit, amount?} for the open bills of a dwelling.' });

const Candidate = Type.Object({
  id: Type.String({ description: 'Names it when it is confirmed; the same as long as the books are the same.' }),
  certain: Type.Boolean({ description: 'True: the service books or links it by itself with the next run.' }),
  why: Type.String(), text: Type.String(), lines: Type.Array(Type.Integer()), entries: Type.Array(Type.Integer()), orders: Type.Array(Type.Integer()),
});
const Line = Type.Object({
  position: Type.Integer(), booked_on: Type.String(), amount: Sum, serial: Type.String(), counterparty_name: Type.String(), counterparty_account: Type.String(),
  memo: Type.String(), purpose: Type.String(), to_suspense_at: Type.String({ description: 'When it goes to suspense, if nobody says what it is.' }), candidates: Type.Array(Candidate),
});
const Done = Type.Object({ seq: Type.Union([Type.Integer(), Type.Null()], { description: 'Entry that was booked.' }),
  match_id: Type.Union([Type.Integer(), Type.Null()], { description: 'Link of entries that were there.' }) });
const ExceptionRow = Type.Object({
  seq: Type.Union([Type.Integer(), Type.Null()], { description: 'Entry to suspense; null where the books cannot take the line (its account and month are closed).' }),
  number: Nullable(Type.String()), position: Type.Integer({ description: 'Line of the bank.' }), account: Type.String(), account_last4: Type.String(), booked_on: Type.String(), amount: Sum, left_amount: Sum, days: Type.Integer(),
});
const Settled = Type.Object({
  seq: Type.Integer(), number: Type.String(), entry_date: Type.String(), amount: Sum, proposal_id: Type.Integer(), reference: Type.String(), purpose: Type.String(),
  payee_name: Type.String(), after_the_fact: Type.Boolean({ description: 'Signed after the bank had paid.' }),
});

export function reconciliationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${base}/reconciliation`, {
    schema: {
      tags, summary: 'Open lines of a bank account, each with what it may be', params: Path,
      querystring: Type.Object({
        account: Type.Optional(Account), q: Type.Optional(Type.String({ maxLength: 100 })), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
        cursor: Type.Optional(Id),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ account: Type.String(), open: Type.Integer(), items: Type.Array(Line), next_cursor: Nullable(Type.String()) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { q = '', limit = '100', cursor = '0' } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const account = request.query.account ?? (await bankAccountsOf(trx, estate_id))[0]?.account ?? '';
      const sources = await readSources(trx, estate_id, account);
      const lines = filtered(shownLines(sources, matchLines(sources), await namesOf(trx, estate_id), localeOf(request)), q);
      const [from, most] = [Number(cursor), Math.min(Math.max(Number(limit), 1), 500)];
      const items = lines.slice(from, from + most).map((line) => ({
        position: line.position, booked_on: line.booked_on, amount: line.amount, serial: line.serial, counterparty_name: line.counterparty_name,
        counterparty_account: line.counterparty_account, memo: line.memo, purpose: line.purpose, to_suspense_at: isoInstant(deadlineOf(line)),
        candidates: line.candidates.map(({ id, certain, code, text, lines: positions, entries, orders }) => ({ id, certain, why: code, text, lines: positions, entries, orders })),
      }));
      return { account, open: lines.length, items, next_cursor: lines.length > from + most ? String(from + most) : null };
    }, { readOnly: true });
  });

  app.post(`${base}/reconciliation/run`, {
    schema: {
      tags, summary: 'Match what is certain now, and put what is unexplained to suspense', params: Path,
      body: Type.Object({ account: Account }, { additionalProperties: false }),
      response: { 200: Type.Object({
        busy: Type.Boolean({ description: 'True: another run is at it.' }), linked: Type.Integer(), booked: Type.Integer(), suspended: Type.Integer(), alarms: Type.Integer(), waiting: Type.Integer(),
      }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    const done = await reconcileAccount(house, estate, request.body.account, { actor });
    const { linked = 0, booked = 0, suspended = 0, alarms = 0, waiting = 0 } = done ?? {};
    return { busy: done === null, linked, booked, suspended, alarms, waiting };
  });

  app.post(`${base}/reconciliation/confirm`, {
    schema: {
      tags, summary: 'Confirm candidates of many lines; an answer for each, in order', params: Path,
      body: Type.Object({
        account: Account,
        items: Type.Array(Type.Object({ position: Count, candidate: Type.String({ maxLength: 4_000 }) }, { additionalProperties: false }), { minItems: 1, maxItems: 500 }),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ results: Type.Array(Type.Object({ position: Type.Integer(), done: Type.Union([Done, Type.Null()]), problem: Type.Optional(Type.Unknown()) })) }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    const results = await confirmCandidates(house, { estate, actor, ...request.body });
    return { results: results.map(({ position, done, problem }) => ({ position, done, ...(problem === null ? {} : { problem: problemOf(problem, { locale: localeOf(request), request_id: request.id, production: house.settings.production }) }) })) };
  });

  app.post(`${base}/bank-lines/:account/:position/match`, {
    schema: {
      tags, summary: 'Say what a line is: entries or orders it is, what a credit is for, or suspense', params: Type.Object({ estate: Type.String(), account: Account, position: Id }), headers: Key,
      body: Type.Object({
        lines: Type.Optional(Type.Array(Count, { maxItems: 400, description: 'Other lines that go with it.' })),
        entries: Type.Optional(Type.Array(Count, { maxItems: 400 })), orders: Type.Optional(Type.Array(Count, { maxItems: 400 })),
        parts: Type.Optional(Parts), description: Type.Optional(Type.String({ maxLength: 400 })), suspense: Type.Optional(Type.Boolean()),
      }, { additionalProperties: false }),
      response: { 200: Done },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    const { account, position } = request.params;
    const { lines = [], ...asked } = request.body;
    return matchByHand(house, { estate, actor, account, positions: [Number(position), ...lines], ...asked });
  });

  app.post(`${base}/bank-matches/:match/end`, {
    schema: { tags, summary: 'Undo a link; what was booked from a line is undone by a reversal', params: Type.Object({ estate: Type.String(), match: Id }), response: { 200: Type.Object({ status: Type.Literal('ended') }) } },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    await endMatch(house, { estate, actor, match_id: Number(request.params.match) });
    return { status: 'ended' as const };
  });

  app.get(`${base}/suspense`, {
    schema: {
      tags, summary: 'Unexplained money that is not settled, debits and credits', params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Intersect([ExceptionRow, Type.Object({
        side: Type.String(), fund: Type.String(), counterparty_name: Type.String(), counterparty_account: Type.String(), memo: Type.String(), purpose: Type.String(),
      })])) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    return { items: await inEstate(house.db.app, estate_id, (trx) => openSuspense(trx, estate_id), { readOnly: true }) };
  });

  app.post(`${base}/suspense/:seq/settle`, {
    schema: {
      tags, summary: 'Say what an unexplained credit was, whole or in part', params: Type.Object({ estate: Type.String(), seq: Id }), headers: Key,
      body: Type.Object({ parts: Parts, description: Type.Optional(Type.String({ maxLength: 400 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ seq: Type.Integer() }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    return settleCredit(house, { estate, actor, entry: Number(request.params.seq), key: callersKey(request) ?? newFormKey(), ...request.body });
  });

  app.get(`${base}/exceptions`, {
    schema: {
      tags, summary: 'Debits nobody signed for: those open, and all with what became of them; for every owner', params: Path,
      querystring: Type.Object({ cursor: Type.Optional(Id) }, { additionalProperties: false }),
      response: { 200: Type.Object({
        open: Type.Array(ExceptionRow), next_cursor: Nullable(Type.String()),
        items: Type.Array(Type.Intersect([ExceptionRow, Type.Object({
          reversed: Type.Boolean(), settlements: Type.Array(Settled),
          asked: Type.Array(Type.Object({ proposal_id: Type.Integer(), reference: Type.String(), state: Type.String() })),
        })])),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { cursor } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => ({
      open: await listExceptions(trx, estate_id), ...await exceptionHistory(trx, estate_id, { limit: 100, cursor: cursor === undefined ? undefined : Number(cursor) }),
    }), { readOnly: true });
  });

  const RuleRow = Type.Object({
    rule_id: Type.Integer(), kind: Type.String(), words: Type.Array(Type.String()), account: Nullable(Type.String()), fund: Nullable(Type.String()), unit: Nullable(Type.String()),
    payer_name: Nullable(Type.String()), payer_account: Nullable(Type.String()), is_on: Type.Boolean(), by_itself: Type.Union([Type.Boolean(), Type.Null()]),
    books: Type.Boolean({ description: 'Whether what it finds is booked without asking, now.' }), confirmations: Type.Integer(), hits: Type.Integer(),
  });
  app.get(`${base}/match-rules`, {
    schema: {
      tags, summary: 'Rules learned from what people confirmed', params: Path,
      querystring: Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })), cursor: Type.Optional(Id) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(RuleRow), next_cursor: Nullable(Type.String()) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { q, cursor = '0' } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => listRules(trx, estate_id, { q, limit: 100, offset: Number(cursor) }), { readOnly: true });
  });

  app.post(`${base}/match-rules/:rule`, {
    schema: {
      tags, summary: 'Switch a rule on or off, let it book by itself, change its words', params: Type.Object({ estate: Type.String(), rule: Id }),
      body: Type.Object({
        is_on: Type.Optional(Type.Boolean()), by_itself: Type.Optional(Type.Union([Type.Boolean(), Type.Null()], { description: 'null: after enough confirmations.' })),
        words: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 60 })), forget_payer: Type.Optional(Type.Boolean()),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ status: Type.Literal('saved') }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'reconcile');
    await changeRule(house, { estate, actor, rule_id: Number(request.params.rule), ...request.body });
    return { status: 'saved' as const };
  });
}
