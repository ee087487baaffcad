// The form of one rule: what is typed becomes a rule, and a rule becomes what is typed.
import type { BodyKind } from '../kernel/actor.ts';
import { Refusal } from '../kernel/refusal.ts';
import { checkRule, readRule, type Ground } from '../approval/rule-check.ts';
import { refusals } from '../approval/rule-refusals.ts';
import { kindsWithAmount, kindsWithFund, kindsWithNotice, kindsWithPayee, kindsWithResolution } from '../approval/rule-text.ts';
import { type RuleKind, kinds, type NewRule, type PayeeClass, type RuleClass } from '../approval/kinds.ts';

export type Fields = Record<string, string>;
/** Bodies that may be asked; auditors sign nothing. */
export const signingBodies: readonly BodyKind[] = ['property', 'committee', 'supervisor', 'party_branch', 'community', 'street'];

/** What a new rule can be for: payment.normal, payment.emergency, … */
export interface Subject { kind: RuleKind; class: RuleClass }
export const subjects: readonly Subject[] = kinds.flatMap((kind): Subject[] => [
  { kind, class: 'normal' },
  ...(kind === 'payment' ? [{ kind, class: 'emergency' } as const] : []),
  ...(kind === 'membership' ? [{ kind, class: 'vacancy' } as const] : []),
]);
export const subjectCode = ({ kind, class: of }: Subject): string => `${kind}.${of}`;
export const subjectOf = (code: string | undefined): Subject | undefined => subjects.find((one) => subjectCode(one) === code);

export interface Shape { amount: boolean; fund: boolean; payee: boolean; notice: boolean; resolution: boolean; emergency: boolean }
/** Fields that make sense for a subject. An emergency waits for nothing; a vacancy always has notice and resolution. */
export const shapeOf = ({ kind, class: of }: Subject): Shape => ({
  amount: kindsWithAmount.includes(kind), fund: kindsWithFund.includes(kind), payee: kindsWithPayee.includes(kind),
  notice: kindsWithNotice.includes(kind) && of !== 'emergency', resolution: kindsWithResolution.includes(kind),
  emergency: of === 'emergency',
});

/** A rule to begin with, when one is added. */
export function blankRule({ kind, class: of }: Subject): NewRule {
  const base = { kind, amount_from: '0.00', amount_to: null, fund: null, expires_days: 30 };
  if (of === 'emergency') return { ...base, class: of, bodies: { property: 1, committee: 1 }, ratify_days: 7 };
  if (of === 'vacancy') return { ...base, class: of, bodies: { community: 1, street: 1 }, notice_days: 7, needs_resolution: true };
  return { ...base, bodies: { property: 1, committee: 1 } };
}

export function fieldsOf(rule: NewRule): Fields {
  const { amount_from, amount_to, fund, payee_class, notice_days = 0, needs_resolution, passkey_only, expires_days, month_cap, ratify_days } = rule;
  return {
    amount_from: amount_from === '0.00' ? '' : amount_from, amount_to: amount_to ?? '', fund: fund ?? '', payee_class: payee_class ?? '',
    notice_days: String(notice_days), expires_days: String(expires_days), month_cap: month_cap ?? '',
    ratify_days: ratify_days === undefined ? '' : String(ratify_days),
    ...(needs_resolution === true ? { needs_resolution: 'yes' } : {}), ...(passkey_only === true ? { passkey_only: 'yes' } : {}),
    ...Object.fromEntries(Object.entries(rule.bodies).map(([body, signers]) => [`signers_${body}`, String(signers)])),
    ...Object.fromEntries((rule.sequence ?? []).map((body, index) => [`place_${body}`, String(index + 1)])),
  };
}

const dayLabels = {
  notice_days: { label: '公示天数', label_en: 'days of notice', least: 0, most: 60 },
  expires_days: { label: '签批期限', label_en: 'days to sign', least: 1, most: 365 },
  ratify_days: { label: '补签期限', label_en: 'days to ratify', least: 1, most: 60 },
} as const;

function daysIn(fields: Fields, name: keyof typeof dayLabels): number | undefined {
  const typed = (fields[name] ?? '').normalize('NFKC').trim();
  if (typed === '') return undefined;
  if (!/^\d{1,4}$/.test(typed)) throw refusals.rule_days_invalid({ ...dayLabels[name], days: typed.slice(0, 20) }, name);
  return Number(typed);
}

function bodiesIn(fields: Fields, ground: Ground): NewRule['bodies'] {
  return Object.fromEntries(signingBodies.flatMap((body): [BodyKind, number][] => {
    const typed = (fields[`signers_${body}`] ?? '').normalize('NFKC').trim();
    if (typed === '' || typed === '0') return [];
    if (/^\d{1,3}$/.test(typed)) return [[body, Number(typed)]];
    const { zh, en } = ground.bodies[body] ?? { zh: body, en: body };
    throw refusals.rule_signers_invalid({ body: zh, body_en: en, signers: typed.slice(0, 20) }, `signers_${body}`);
  }));
}

/** Bodies in the order that was typed; none typed: any order. Refusal: rule_sequence_incomplete. */
function sequenceIn(fields: Fields, bodies: NewRule['bodies'], ground: Ground): BodyKind[] | undefined {
  const asked = Object.keys(bodies) as BodyKind[];
  const place = (body: BodyKind): string => (fields[`place_${body}`] ?? '').normalize('NFKC').trim();
  if (asked.every((body) => place(body) === '')) return undefined;
  const placed = asked.map((body) => ({ body, at: Number(place(body)) })).sort((a, b) => a.at - b.at);
  const astray = placed.filter(({ body, at }, index) => place(body) === '' || at !== index + 1).map(({ body }) => ground.bodies[body]);
  if (astray.length > 0) {
    const wrong = placed.find(({ body, at }, index) => place(body) === '' || at !== index + 1)!;
    throw refusals.rule_sequence_incomplete({
      bodies: astray.map((one) => one?.zh ?? '').join('、'), bodies_en: astray.map((one) => one?.en ?? '').join(', '),
    }, `place_${wrong.body}`);
  }
  return placed.map(({ body }) => body);
}

/** The rule that was typed, checked by itself. Refusals: those of readRule() and checkRule(), at the form's fields. */
export function readRuleForm(fields: Fields, subject: Subject, ground: Ground): NewRule {
  const shape = shapeOf(subject);
  const given = (name: string, holds: boolean): string | null => (holds && (fields[name] ?? '') !== '' ? fields[name]! : null);
  try {
    const bodies = bodiesIn(fields, ground);
    const sequence = sequenceIn(fields, bodies, ground);
    const notice_days = shape.notice ? daysIn(fields, 'notice_days') ?? 0 : 0;
    const ratify_days = shape.emergency ? daysIn(fields, 'ratify_days') : undefined;
    const month_cap = given('month_cap', shape.emergency);
    const rule = readRule({
      ...subject, bodies, notice_days, amount_from: given('amount_from', shape.amount) ?? '0.00', amount_to: given('amount_to', shape.amount),
      fund: given('fund', shape.fund), payee_class: given('payee_class', shape.payee) as PayeeClass | null,
      expires_days: daysIn(fields, 'expires_days') ?? 30, needs_resolution: shape.resolution && fields['needs_resolution'] === 'yes',
      passkey_only: fields['passkey_only'] === 'yes', ...(sequence === undefined ? {} : { sequence }),
      ...(ratify_days === undefined ? {} : { ratify_days }), ...(month_cap === null ? {} : { month_cap }),
    });
    checkRule(rule, ground);
    return rule;
  } catch (error) {
    // "bodies" are several fields of this form; the reason then stands above it.
    if (error instanceof Refusal && ['bodies', 'kind'].includes(error.field ?? '')) throw Object.assign(error, { field: undefined });
    throw error;
  }
}
