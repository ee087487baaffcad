// Changing the signing rules (签批规则变更): itself a proposal, signed under the old rule.
//   proposed → signed → changed: on its first day old rules end and new ones begin      superseded, when it no longer fits
// Its document: {ends: [rule numbers], rules: […], valid_from, reason, resolution?}. Everything is checked before
// anybody is asked to sign (rule-check.ts); change_rules() judges again on the day, under the lock of the log, and
// whatever it refuses ends the proposal, for what was signed is then not what would happen: constraints
// rules_changed_meanwhile, rules_overlap, rules_gap, rule_needs_two_bodies, rule_needs_owners_key.
// What was submitted before the change is finished under the rule it was submitted under: guard_proposal.
import { sql } from 'kysely';
import pg from 'pg';
import { estateToday } from '../evidence/records.ts';
import { demand, signingTerms, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { once } from '../kernel/once.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal, supersede } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { bandsMeet, checkRule, checkTogether, readRule, sameSlot, type Ground, type Standing } from '../approval/rule-check.ts';
import { refusals } from '../approval/rule-refusals.ts';
import { caseText, conditionsOf, demandText, signersText } from '../approval/rule-text.ts';
import { newRuleOf, readRules, ruleFor, type Rule } from '../approval/rules.ts';
import { namesFor } from '../approval/view.ts';
import { refuseWaiting } from '../approval/waiting.ts';
import type { NewRule } from '../approval/kinds.ts';

export interface RuleChange {
  /** Numbers of the rules that end. */
  ends: readonly number[];
  /** Rules that begin. */
  rules: readonly NewRule[];
  /** First day of the new rules; the old ones end on the day before. */
  valid_from: BusinessDate;
  reason: string;
  /** Of the owners, where one is given or the rule for changing rules asks it. */
  resolution?: ResolutionTyped | undefined;
}

/** How far ahead a rule may begin. */
const FARTHEST = 366;
export const REASON_LIMIT = 200;
const TITLE_LIMIT = 120;

/** Funds and bodies by name, and how many of each body may sign today. */
export async function readGround(trx: Trx, estate_id: number, today: BusinessDate): Promise<Ground> {
  const { funds, bodies } = await namesFor(trx, estate_id, []);
  const { rows } = await sql<{ body: BodyKind; present: number }>`
    select body, signers_in_office(estate_id, body, ${today}) as present from body where estate_id = ${estate_id}`.execute(trx);
  return { funds, bodies, present: Object.fromEntries(rows.map((row) => [row.body, row.present])) };
}

const sameRule = (a: NewRule, b: NewRule): boolean => canonical(a as Json) === canonical(b as Json);

export interface Judged {
  ends: number[];
  rules: NewRule[];
  valid_from: BusinessDate;
  ended: Rule[];
  ground: Ground;
  title: Bilingual;
}

/** What would come of a change, checked whole: nothing is written. Refusals in this order: rule_unknown, rule_not_in_force,
 *  those of readRule() and checkRule() for each rule, rule_change_empty, rule_day_unreadable, rule_valid_from_*, those of checkTogether(). */
export async function judgeChange(trx: Trx, estate_id: number, change: Pick<RuleChange, 'ends' | 'rules' | 'valid_from'>): Promise<Judged> {
  const today = await estateToday(trx, estate_id);
  const ground = await readGround(trx, estate_id, today);
  const all = await readRules(trx, estate_id);
  const ended = [...new Set(change.ends)].sort((a, b) => a - b).map((number) => {
    const rule = all.find((one) => one.rule_id === number);
    if (rule === undefined) throw refusals.rule_unknown({ number }, 'ends');
    if (rule.valid_to !== null) throw refusals.rule_not_in_force({ number }, 'ends');
    return rule;
  });
  const rules = change.rules.map((rule, index) => readRule(rule, `rules.${index}.`));
  for (const [index, rule] of rules.entries()) checkRule(rule, ground, `rules.${index}.`);
  if (sameSet(ended.map(newRuleOf), rules)) throw refusals.rule_change_empty();
  const valid_from = checkFirstDay(change.valid_from, today);
  const standing = all.map((rule): Standing => ({
    rule: newRuleOf(rule), valid_from: rule.valid_from,
    valid_to: ended.includes(rule) ? addDays(valid_from, -1) : rule.valid_to,
  }));
  checkTogether([...standing, ...rules.map((rule) => ({ rule, valid_from, valid_to: null }))], valid_from, ground);
  return { ends: ended.map((rule) => rule.rule_id), rules, valid_from, ended, ground, title: titleOf(ended, rules, ground) };
}

const sameSet = (a: readonly NewRule[], b: readonly NewRule[]): boolean =>
  a.length === b.length && a.every((one) => b.some((other) => sameRule(one, other)));

function checkFirstDay(typed: string, today: BusinessDate): BusinessDate {
  if (!isBusinessDate(typed)) throw refusals.rule_day_unreadable({ typed: typed.slice(0, 40) }, 'valid_from');
  if (typed < today) throw refusals.rule_valid_from_past({ valid_from: typed, today }, 'valid_from');
  const latest = addDays(today, FARTHEST);
  if (typed > latest) throw refusals.rule_valid_from_far({ valid_from: typed, latest }, 'valid_from');
  return typed;
}

/** "签批规则变更：付款 100,000.00 元起，公示 10 天": the rule that says something new, and what of it is new. */
function titleOf(ended: readonly Rule[], rules: readonly NewRule[], ground: Ground): Bilingual {
  const before = ended.map(newRuleOf);
  const fresh = rules.filter((rule) => !before.some((old) => sameSlot(old, rule) && demandText(old, ground).zh === demandText(rule, ground).zh));
  const main = fresh[0] ?? rules[0];
  const count = Math.max(fresh.length, main === undefined ? before.length : 1);
  const make = (locale: 'zh' | 'en'): string => {
    const comma = locale === 'zh' ? '，' : ', ';
    let said: string;
    if (main === undefined) said = `${locale === 'zh' ? '停用' : 'end of '}${caseText(before[0]!, ground)[locale]}`;
    else {
      const old = before.find((one) => sameSlot(one, main) && bandsMeet(one, main));
      const known = old === undefined ? [] : conditionsOf(old).map((one) => one.zh);
      const signers = signersText(main, ground);
      const news = [...(old !== undefined && signersText(old, ground).zh === signers.zh ? [] : [signers]),
        ...conditionsOf(main).filter((one) => !known.includes(one.zh))];
      said = [caseText(main, ground), ...news].map((part) => part[locale]).join(comma);
    }
    const more = count > 1 ? (locale === 'zh' ? `，等 ${count} 条` : ` and ${count - 1} more`) : '';
    const title = `${locale === 'zh' ? '签批规则变更：' : 'Change of the signing rules: '}${said}`;
    return ([...title].length > TITLE_LIMIT ? `${[...title].slice(0, TITLE_LIMIT - 1).join('')}…` : title) + more;
  };
  return { zh: make('zh'), en: make('en') };
}

/** The rule under which rules are changed today, and whether it can be satisfied when this person proposes:
 *  whoever proposes does not sign. Refusal: rule_change_needs_signer. */
export async function ruleForChange(trx: Trx, { estate_id }: Estate, actor: Actor, today: BusinessDate): Promise<{ rule: Rule | null; refusal: Refusal | null }> {
  const rule = await ruleFor(trx, estate_id, { kind: 'rule', amount: null, fund: null, on: today });
  const { present } = await readGround(trx, estate_id, today);
  const own = signingTerms(actor, estate_id).map((term) => term.body);
  const short = rule?.bodies.find(({ body, signers }) => own.includes(body) && (present[body] ?? 0) - 1 < signers);
  const refusal = short === undefined ? null : refusals.rule_change_needs_signer({
    body: short.name_zh, body_en: short.name_en, asked: short.signers, present: (present[short.body] ?? 1) - 1,
  });
  return { rule, refusal };
}

export type RuleProposed = { proposal_id: number; document_hash: string; title: string };
interface Asked { estate: Estate; actor: Actor; change: RuleChange; key?: string | null | undefined }

/** Proposes a change of the rules, for signing under the rule that holds today. Refusals: not_allowed, text_*, those of
 *  judgeChange(), those of readResolution(), rule_change_needs_signer, rule_missing. */
export async function proposeRuleChange(house: House, { estate, actor, change, key = null }: Asked): Promise<RuleProposed> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const reason = bookText(change.reason, { field: 'reason', label: '理由 reason', limit: REASON_LIMIT });
  const once_key = key === null ? null : `rule:${actor.person_id}:${key}`;
  const content = { ends: change.ends, rules: change.rules as unknown as Json, valid_from: change.valid_from, reason, resolution: { ...change.resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    await lockEstate(trx, estate_id);
    const { ends, rules, valid_from, title } = await judgeChange(trx, estate_id, change);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await ruleForChange(trx, estate, actor, today);
    const resolution = await readResolution(trx, estate_id, change.resolution, { today, needed: rule?.needs_resolution === true });
    if (refusal !== null) throw refusal;
    const proposal = { kind: 'rule' as const, title: title.zh, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { ...proposal, estate_id, made_by: actor.person_id });
    const { document_hash } = await submitProposal(trx, {
      ...proposal, estate, proposal_id, actor,
      content: { ends, rules: rules as unknown as Json, valid_from, reason, title_en: title.en, resolution: resolution ?? undefined },
    });
    return { proposal_id, document_hash, title: title.zh };
  }), { retryable: true });
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** Writes the rules of an approved proposal; called again it does nothing. Refusals: rule_change_not_approved, those of
 *  refuseWaiting() (it stays approved); rules_changed_meanwhile, rule_change_not_fitting (it is superseded). */
export async function executeRuleChange(house: House, estate: Estate, proposal_id: number): Promise<void> {
  const { estate_id } = estate;
  let status: string;
  try {
    status = await inEstate(house.db.app, estate_id, async (trx) => (await sql<{ status: string }>`
      select change_rules(${estate_id}, ${proposal_id}) as status`.execute(trx)).rows[0]!.status, { retryable: true });
  } catch (error) {
    const constraint = brokenConstraint(error);
    if (constraint === null) throw error;
    const meanwhile = constraint === 'rules_changed_meanwhile';
    await inEstate(house.db.app, estate_id, (trx) => supersede(trx, {
      estate, proposal_id, reason: meanwhile ? '签齐之前，要改的规则已被别的签批单改了' : `签齐时和现在的规则已对不上（${constraint}）`,
    }));
    throw meanwhile ? refusals.rules_changed_meanwhile({ proposal: proposal_id })
      : refusals.rule_change_not_fitting({ proposal: proposal_id, constraint });
  }
  if (status === 'changed' || status === 'already_changed') return;
  if (status === 'order_not_approved') throw refusals.rule_change_not_approved({ proposal: proposal_id });
  await inEstate(house.db.app, estate_id, (trx) => refuseWaiting(trx, estate_id, proposal_id), { readOnly: true });
}

/** The constraint that refused the new rules, by its name: of classes 22 and 23, bad values and integrity; null of anything else. */
function brokenConstraint(error: unknown): string | null {
  if (!(error instanceof pg.DatabaseError) || !/^2[23]/.test(error.code ?? '')) return null;
  return error.constraint ?? error.message.split(':')[0]!;
}
