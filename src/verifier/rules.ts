// Which rule answered for a case at its moment (签批规则), by our own reading of the log: rules_opened, rules_changed
// with the proposal it carried out, rules_completed. The rule for the very payee and fund goes first, then one for the
// payee, then one for the fund, then the general one. Every rule asks two bodies, the owners' side among them.
import type { Books, Moment, Proposal, Rule } from './books.ts';
import { addDays } from '../kernel/dates.ts';
import { fenOf } from './fen.ts';
import { bodiesIn, bodyIn, dayIn, isBody, listIn, maybeText, maybeWhole, textIn, textsIn, wholeIn, type Body } from './fields.ts';
import { carriedOut } from './carrying-out.ts';

/** Kinds of proposals that are signed under the rule of another kind: a new key of the log or a fee is as weighty as a rule,
 *  and what gives money up as a transfer of that sum. */
const ruleKinds: Readonly<Record<string, string>> = {
  log_key: 'rule', bank_account: 'rule', mandate: 'rule', fee_rule: 'rule', subsidy: 'rule', handover: 'rule', takeover: 'rule',
  resolution: 'rule', body_form: 'rule', opening: 'rule', waiver: 'transfer', subsidy_batch: 'transfer',
};
/** What gives money its purpose: under the rule for budgets, where there is one, else under that for rules. */
const purposeKinds: readonly string[] = ['budget', 'final_account', 'project'];

/** Order in which the database gave rules to kinds that came later. */
const laterKinds = ['refund', 'budget', 'rule', 'membership', 'delegation', 'disclosure'];

const sumOr = (body: Body, name: string): bigint | null => ((body[name] ?? null) === null ? null : fenOf(body[name]));

function ruleOf(body: Body, rule: number, valid_from: string): Rule {
  const signers = bodyIn(body, 'bodies');
  const bodies = new Map<string, number>();
  for (const name of Object.keys(signers)) if (wholeIn(signers, name) > 0) bodies.set(name, wholeIn(signers, name));
  return {
    rule, kind: textIn(body, 'kind'), class: maybeText(body, 'class') ?? 'normal', from: sumOr(body, 'amount_from') ?? 0n, to: sumOr(body, 'amount_to'),
    fund: maybeText(body, 'fund'), payee_class: maybeText(body, 'payee_class'), bodies,
    sequence: body['sequence'] === undefined ? [] : textsIn(body, 'sequence'), notice_days: maybeWhole(body, 'notice_days') ?? 0,
    needs_resolution: body['needs_resolution'] === true, passkey_only: body['passkey_only'] === true, month_cap: sumOr(body, 'month_cap'),
    ratify_days: maybeWhole(body, 'ratify_days'), expires_days: maybeWhole(body, 'expires_days') ?? 30, valid_from, valid_to: maybeText(body, 'valid_to'),
  };
}

/** Every rule asks two bodies, the owners' side among them; one for emergencies is bounded, and only new members of a
 *  body without signers are seated without the owners' side, on a resolution and announced. */
function isTooWeak(rule: Rule): boolean {
  if (rule.bodies.size < 2) return true;
  if (rule.class === 'vacancy') return rule.kind !== 'membership' || !rule.needs_resolution || rule.notice_days < 1;
  const bounded = rule.kind === 'payment' && rule.to !== null && rule.month_cap !== null && rule.ratify_days !== null && rule.notice_days === 0;
  return !rule.bodies.has('committee') || (rule.class !== 'normal' && (rule.class !== 'emergency' || !bounded));
}

function takeRules(books: Books, given: readonly Body[], first: number, valid_from: string | null): void {
  given.forEach((body, index) => {
    const rule = ruleOf(body, first + index, valid_from ?? dayIn(body, 'valid_from'));
    if (isTooWeak(rule)) books.accuse('rule_too_weak', { rule: rule.rule });
    if (books.rules.has(rule.rule)) books.accuse('rule_twice', { rule: rule.rule });
    books.rules.set(rule.rule, rule);
  });
}

export function rulesOpened(books: Books, { body }: Moment): void {
  if (books.rules.has(1)) return books.accuse('rules_opened_twice');
  takeRules(books, bodiesIn(body, 'rules'), 1, null);
}

export function rulesChanged(books: Books, moment: Moment): void {
  const { body } = moment;
  const valid_from = dayIn(body, 'valid_from');
  const ends = listIn(body, 'ends');
  const proposal = carriedOut(books, moment, ['rule'], moment.day);
  for (const rule of ends) {
    const ended = books.rules.get(rule as number);
    // Among records that came along, the rule that ended may not have been needed.
    if (ended === undefined) {
      if (books.complete) books.accuse('rule_unknown', { rule: String(rule) });
    } else {
      if (ended.valid_to !== null && books.complete) books.accuse('rule_twice', { rule: ended.rule });
      ended.valid_to = addDays(valid_from, -1);
    }
  }
  if (proposal === undefined) return;
  const { document } = proposal;
  if (JSON.stringify(document['ends']) !== JSON.stringify(ends) || textIn(document, 'valid_from') > valid_from) books.accuse('rule_change_differs');
  takeRules(books, bodiesIn(document, 'rules'), wholeIn(body, 'first_rule'), valid_from);
}

/** An estate from before some kinds of proposals got the rule of its largest payments for them. */
export function rulesCompleted(books: Books, { body }: Moment): void {
  const model = books.rules.get(wholeIn(body, 'as_rule'));
  const kinds = textsIn(body, 'kinds');
  if (model === undefined) return books.accuse('rule_unknown', { rule: wholeIn(body, 'as_rule') });
  if (model.kind !== 'payment' || model.class !== 'normal' || model.fund !== null) books.accuse('rule_too_weak', { rule: model.rule });
  const had = [...books.rules.values()].find((one) => kinds.includes(one.kind));
  if (had !== undefined) books.accuse('rule_twice', { rule: had.rule });
  for (const kind of laterKinds.filter((one) => kinds.includes(one))) {
    const rule = Math.max(...books.rules.keys()) + 1;
    books.rules.set(rule, {
      ...model, rule, kind, class: 'normal', from: 0n, to: null, fund: null, payee_class: null, sequence: [], notice_days: 0,
      needs_resolution: false, passkey_only: false,
    });
  }
}

export interface Case { kind: string; class: string; amount: bigint; fund: string | null; payee_class: string | null; day: string }

/** The rule that answers; undefined where none does. */
export function ruleFor(books: Books, asked: Case): Rule | undefined {
  const holds = (rule: Rule): boolean => rule.class === asked.class && rule.valid_from <= asked.day && (rule.valid_to === null || asked.day <= rule.valid_to);
  const kind = purposeKinds.includes(asked.kind) ? [...books.rules.values()].some((rule) => rule.kind === 'budget' && holds(rule)) ? 'budget' : 'rule'
    : ruleKinds[asked.kind] ?? asked.kind;
  const rank = (rule: Rule): number => (rule.payee_class === null ? 0 : 2) + (rule.fund === null ? 0 : 1);
  let best: Rule | undefined;
  for (const rule of books.rules.values()) {
    const fits = rule.kind === kind && holds(rule) && rule.from <= asked.amount && (rule.to === null || asked.amount < rule.to)
      && (rule.fund === null || rule.fund === asked.fund) && (rule.payee_class === null || rule.payee_class === asked.payee_class);
    if (fits && (best === undefined || rank(rule) > rank(best))) best = rule;
  }
  return best;
}

/** A resolution of the owners, named with its file, where the rule asks for one. */
export function hasResolution({ document }: Pick<Proposal, 'document'>): boolean {
  const { resolution } = document;
  return isBody(resolution) && (typeof resolution['voucher'] === 'string' || typeof resolution['resolution_id'] === 'number') && typeof resolution['title'] === 'string' && resolution['title'] !== '';
}

