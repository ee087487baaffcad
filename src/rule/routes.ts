// The signing rules over the API: the rules, who signs a case, and proposals to change them.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { DATE_PATTERN, isBusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { readAmount } from '../approval/rule-check.ts';
import { proposeRuleChange, readGround } from './change.ts';
import { RuleJson } from './draft.ts';
import { refusals } from '../approval/rule-refusals.ts';
import { kindsWithAmount, kindsWithFund, kindsWithPayee, ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, readRules, ruleOrigins, type Origins, type Rule } from '../approval/rules.ts';
import { whoSentence, whoSigns, whoTerms } from './who-signs.ts';
import { kinds, type NewRule } from '../approval/kinds.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const tags = ['rules'];
const base = '/api/v1/estates/:estate/rules';

const RuleAnswer = Type.Object({
  rule_id: Type.Integer(), kind: Text, class: Text, amount_from: Text, amount_to: Nullable(Text), fund: Nullable(Text), payee_class: Nullable(Text),
  in_sequence: Type.Boolean(), notice_days: Type.Integer(), needs_resolution: Type.Boolean(), passkey_only: Type.Boolean(),
  month_cap: Nullable(Text), ratify_days: Nullable(Type.Integer()), expires_days: Type.Integer(), valid_from: Text, valid_to: Nullable(Text),
  bodies: Type.Array(Type.Object({ body: Text, signers: Type.Integer(), place: Type.Integer(), name_zh: Text, name_en: Text })),
  sentence_zh: Text, sentence_en: Text, made_by_proposal: Nullable(Type.Integer()), ended_by_proposal: Nullable(Type.Integer()),
});

function ruleJson(rule: Rule, origins: Origins, names: RuleNames) {
  const sentence = ruleSentence(newRuleOf(rule), names);
  const origin = origins.get(rule.rule_id);
  return {
    ...rule, sentence_zh: sentence.zh, sentence_en: sentence.en,
    made_by_proposal: origin?.made_by ?? null, ended_by_proposal: origin?.ended_by ?? null,
  };
}

export function ruleRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(base, {
    schema: {
      tags, summary: 'Signing rules that hold on a day, or all there ever were', security, params: Path,
      querystring: Type.Object({
        on: Type.Optional(Type.String({ pattern: DATE_PATTERN, examples: ['2026-11-01'], description: 'Today where it is left out' })),
        all: Type.Optional(Type.Enum(['true', '1'], { description: 'Rules of all times' })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(RuleAnswer) }) },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { on, all } = request.query;
    if (on !== undefined && !isBusinessDate(on)) throw refusals.rule_day_unreadable({ typed: on }, 'on');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const names = await readGround(trx, estate_id, today);
      const origins = await ruleOrigins(trx, estate_id);
      const rules = await readRules(trx, estate_id, all === undefined ? { on: on ?? today } : {});
      return { items: rules.map((rule) => ruleJson(rule, origins, names)) };
    }, { readOnly: true });
  });

  forRoute(instance, house);

  app.post(`${base}/changes`, {
    schema: {
      tags, summary: 'Propose a change of the rules, to be signed under the rule that holds today', security, params: Path, headers: KeyHeader,
      description: 'Rules that end, by number, and rules that begin. Everything is checked before anybody signs: each case must have exactly '
        + 'one rule on every day from then on, and no rule may ask for more signers than are in office.',
      body: Type.Object({
        ends: Type.Array(Type.Integer({ minimum: 1, maximum: 1_000_000 }), { maxItems: 200 }),
        rules: Type.Array(RuleJson, { maxItems: 200 }),
        valid_from: Day, reason: Type.String({ maxLength: 2000, examples: ['大额付款先公示十天'] }), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Text, title: Text }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    const { rules, ...change } = request.body;
    const proposed = await proposeRuleChange(house, { estate, actor, key: callersKey(request), change: { ...change, rules: rules as NewRule[] } });
    return reply.code(201).send(proposed);
  });
}

function forRoute(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${base}/for`, {
    schema: {
      tags, summary: 'Who must sign a case today', security, params: Path,
      querystring: Type.Object({
        kind: Type.Optional(Type.Enum([...kinds], { examples: ['payment'], description: 'A payment where it is left out' })),
        amount: Type.Optional(Type.String({ maxLength: 40, examples: ['8000.00'], description: 'Also as people write it: 8,000' })),
        fund: Type.Optional(Type.String({ maxLength: 60 })), payee_class: Type.Optional(Type.Enum(['company', 'individual', 'officer'])),
        class: Type.Optional(Type.Enum(['normal', 'emergency', 'vacancy'])),
      }, { additionalProperties: false }),
      response: {
        200: Type.Object({
          rule: RuleAnswer, answer_zh: Text, answer_en: Text,
          bodies: Type.Array(Type.Object({
            body: Text, name_zh: Text, name_en: Text, asked: Type.Integer(), present: Type.Integer(),
            persons: Type.Array(Type.Object({ name: Nullable(Text), office: Text })), deputies: Type.Integer(),
          })),
          reachable: Type.Boolean(), notice_zh: Text, notice_en: Text, weakest_method: Type.Enum(['password', 'passkey']),
          emergency_rule: Nullable(Type.Integer()), if_missing_zh: Type.Array(Text), if_missing_en: Type.Array(Text),
        }),
      },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { kind = 'payment', amount, fund, payee_class, class: wanted = 'normal' } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const names = await readGround(trx, estate_id, today);
      if (fund !== undefined && !Object.hasOwn(names.funds, fund)) throw refusals.rule_fund_unknown({ fund }, 'fund');
      const asked = {
        kind, class: wanted, amount: kindsWithAmount.includes(kind) ? readAmount(amount, 'amount') : null,
        fund: kindsWithFund.includes(kind) ? fund ?? null : null, payee_class: kindsWithPayee.includes(kind) ? payee_class ?? null : null,
      };
      const who = await whoSigns(trx, estate_id, asked, { today, names });
      const [answer, terms] = [whoSentence(who), whoTerms(who)];
      return {
        rule: ruleJson(who.rule, await ruleOrigins(trx, estate_id), names), answer_zh: answer.zh, answer_en: answer.en,
        bodies: who.bodies.map(({ body, name, asked: count, persons, deputies }) => ({
          body, name_zh: name.zh, name_en: name.en, asked: count, present: persons.length, persons, deputies: deputies.length,
        })),
        reachable: who.bodies.every(({ asked: count, persons }) => persons.length >= count),
        notice_zh: terms.notice.zh, notice_en: terms.notice.en, weakest_method: who.rule.passkey_only ? 'passkey' as const : 'password' as const,
        emergency_rule: who.emergency?.rule_id ?? null,
        if_missing_zh: terms.absence.map(({ text }) => text.zh), if_missing_en: terms.absence.map(({ text }) => text.en),
      };
    }, { readOnly: true });
  });
}
