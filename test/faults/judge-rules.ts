// Which rule was in force at a moment, by the judge's own reading of the log.
import { fen, type Body } from './judge-bytes.ts';

export interface Rule {
  rule_id: number;
  kind: string;
  class: string;
  from: bigint;
  to: bigint | null;
  fund: string | null;
  payee_class: string | null;
  bodies: Record<string, number>;
  /** Empty where any order will do. */
  sequence: string[];
  notice_days: number;
  passkey_only: boolean;
  month_cap: bigint | null;
  first_day: string;
  /** null while it holds. */
  last_day: string | null;
}

export function takeRules(rules: Map<number, Rule>, given: readonly Body[], first: number, first_day: string | null): void {
  given.forEach((body, index) => {
    const rule_id = first + index;
    rules.set(rule_id, {
      rule_id, kind: body['kind'] as string, class: (body['class'] ?? 'normal') as string, from: fen((body['amount_from'] ?? '0') as string),
      to: body['amount_to'] === null || body['amount_to'] === undefined ? null : fen(body['amount_to'] as string),
      fund: (body['fund'] ?? null) as string | null, payee_class: (body['payee_class'] ?? null) as string | null,
      bodies: body['bodies'] as Record<string, number>, sequence: (body['sequence'] ?? []) as string[],
      notice_days: (body['notice_days'] ?? 0) as number, passkey_only: body['passkey_only'] === true,
      month_cap: body['month_cap'] === undefined ? null : fen(body['month_cap'] as string),
      first_day: first_day ?? body['valid_from'] as string, last_day: null,
    });
  });
}

export interface CaseAsked { kind: string; class: string; amount: bigint; fund: string | null; payee_class: string | null; day: string }

/** The rules that answer, the most particular only: one, unless something is wrong. */
export function ruleNow(rules: ReadonlyMap<number, Rule>, asked: CaseAsked): Rule[] {
  const fitting = [...rules.values()].filter((rule) => rule.kind === asked.kind && rule.class === asked.class
    && rule.first_day <= asked.day && (rule.last_day === null || asked.day <= rule.last_day)
    && rule.from <= asked.amount && (rule.to === null || asked.amount < rule.to)
    && (rule.fund === null || rule.fund === asked.fund) && (rule.payee_class === null || rule.payee_class === asked.payee_class));
  const rank = (rule: Rule): number => (rule.payee_class === null ? 0 : 2) + (rule.fund === null ? 0 : 1);
  const best = Math.max(...fitting.map(rank));
  return fitting.filter((rule) => rank(rule) === best);
}
