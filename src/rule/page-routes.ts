// Pages of the signing rules: the rules with their versions, who signs a case, the help page.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { proposalList } from '../approval/queries.ts';
import { readAmount } from '../approval/rule-check.ts';
import { readGround } from './change.ts';
import { helpPage } from './help.tsx';
import { nothingTyped, rulesCsv, rulesPage, whoPage, type WhoTyped } from './pages.tsx';
import { kindsWithAmount, kindsWithFund, kindsWithPayee, type RuleNames } from '../approval/rule-text.ts';
import { texts } from '../approval/rule-texts.ts';
import { readRules, ruleOrigins } from '../approval/rules.ts';
import { narrowerRules, whoSigns, type CaseAsked, type Who } from './who-signs.ts';
import { type Kind, kinds, type PayeeClass, type RuleClass } from '../approval/kinds.ts';

const Path = Type.Object({ estate: Type.String() });
const OPEN = 50;

export function asking(request: FastifyRequest): { estate: Estate; actor: Actor } {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'read_books') };
}

/** Rules of all times, where they came from, and the names they are said in. */
export async function readRulebook(trx: Trx, estate_id: number): Promise<{ rules: Awaited<ReturnType<typeof readRules>>; origins: Awaited<ReturnType<typeof ruleOrigins>>; today: BusinessDate; names: RuleNames }> {
  const today = await estateToday(trx, estate_id);
  return {
    rules: await readRules(trx, estate_id), origins: await ruleOrigins(trx, estate_id), today, names: await readGround(trx, estate_id, today),
  };
}

export function rulePageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/rules', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate: { estate_id, code }, actor } = asking(request);
    const frame = frameOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await readRulebook(trx, estate_id),
      open_changes: !may(actor, estate_id, 'read_officers') ? []
        : (await proposalList(trx, estate_id, { kind: 'rule', state: ['submitted', 'held', 'approved'], limit: OPEN })).items,
    }), { readOnly: true });
    return htmlReply(reply, rulesPage(frame, { code, ...shown, may_propose: may(actor, estate_id, 'propose'), csv: csvTwin(frame.here) }));
  });

  app.get('/e/:estate/rules.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate } = asking(request);
    const locale = localeOf(request);
    const shown = await inEstate(house.db.app, estate.estate_id, (trx) => readRulebook(trx, estate.estate_id), { readOnly: true });
    const { columns, rows } = rulesCsv(shown, locale);
    const name = `${locale === 'en' ? estate.name_en : estate.name_zh}-${pick(texts, locale).rules}.csv`;
    return sendCsv(reply, name, toCsv(columns, rows));
  });

  app.get('/e/:estate/rules/help', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate } = asking(request);
    return htmlReply(reply, helpPage(frameOf(request), { code: estate.code }));
  });
  // Before there is an estate, and for whoever looks at the program: the presets and nothing of anybody.
  app.get('/help/rules', { schema: { hide: true } }, async (request, reply) => htmlReply(reply, helpPage(frameOf(request), { code: null })));

  whoRoutes(instance, house);
}

const typed = (request: FastifyRequest): WhoTyped => {
  const query = request.query as Record<string, unknown>;
  const one = (name: keyof WhoTyped): string => {
    const value = [query[name]].flat().at(-1);
    return typeof value === 'string' ? value.trim().slice(0, 60) : '';
  };
  return { kind: one('kind'), class: one('class'), amount: one('amount'), fund: one('fund'), payee_class: one('payee_class') };
};

const among = <T extends string>(value: string, list: readonly T[], fallback: T): T => list.find((one) => one === value) ?? fallback;

/** The case that was typed; what the kind does not carry is not asked. An unknown word means nothing chosen.
 *  Refusal: rule_amount_unreadable. */
export function caseTyped(what: WhoTyped, { funds }: RuleNames): CaseAsked {
  const kind: Kind = among(what.kind, kinds, 'payment');
  const payees: readonly PayeeClass[] = ['company', 'individual', 'officer'];
  return {
    kind, class: among<RuleClass>(what.class, ['normal', 'emergency', 'vacancy'], 'normal'),
    amount: kindsWithAmount.includes(kind) ? readAmount(what.amount, 'amount') : null,
    fund: kindsWithFund.includes(kind) && Object.hasOwn(funds, what.fund) ? what.fund : null,
    payee_class: kindsWithPayee.includes(kind) ? payees.find((one) => one === what.payee_class) ?? null : null,
  };
}

function whoRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/rules/who', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate: { estate_id, code } } = asking(request);
    const locale = localeOf(request);
    const what = typed(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const names = await readGround(trx, estate_id, today);
      const nothing = { answer: null as Who | null, refused: null as string | null, narrower: [], names, status: 200 };
      if (Object.values(what).every((value) => value === '')) return nothing;
      try {
        const asked = caseTyped(what, names);
        if (asked.amount === null && kindsWithAmount.includes(asked.kind)) return { ...nothing, refused: pick(texts, locale).amount_missing };
        const answer = await whoSigns(trx, estate_id, asked, { today, names });
        const numbers = await narrowerRules(trx, estate_id, asked, today);
        const narrower = numbers.length === 0 ? [] : (await readRules(trx, estate_id)).filter((rule) => numbers.includes(rule.rule_id));
        return { ...nothing, answer, narrower };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { ...nothing, refused: error.in(locale), status: error.status };
      }
    }, { readOnly: true });
    const { status, ...rest } = shown;
    return htmlReply(reply, whoPage(frameOf(request), { code, typed: { ...nothingTyped, ...what }, ...rest }), status);
  });
}
