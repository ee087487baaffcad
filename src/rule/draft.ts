// A change of the rules while it is being written (规则修改草稿). It lives in the address of the page, so that it
// works without script, survives the way back, and can be sent to somebody else to look at or to submit; nothing is
// stored before it is proposed. Its steps keep the amounts covered: a rule that is given a band takes it from the
// rules beside it, and what a rule gives up goes to its neighbour.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { canonical, type Json } from '../kernel/canonical.ts';
import { money, moneyText } from '../kernel/money.ts';
import { usualRules, type Preset } from '../approval/presets.ts';
import { bandsMeet, sameSlot } from '../approval/rule-check.ts';
import { refusals } from '../approval/rule-refusals.ts';
import { newRuleOf, plainRule, type Rule } from '../approval/rules.ts';
import { kinds, type NewRule, type RuleClass } from '../approval/kinds.ts';

const Amount = Type.String({ pattern: '^(0|[1-9][0-9]{0,11})\\.[0-9]{2}$' });
const Body = Type.Enum(['property', 'committee', 'supervisor', 'party_branch', 'community', 'street', 'auditor']);
const Count = Type.Optional(Type.Integer({ minimum: -32768, maximum: 32767 }));
const Days = Type.Integer({ minimum: -32768, maximum: 32767 });
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

/** A rule as JSON: of the interface and of drafts. */
export const RuleJson = Type.Object({
  kind: Type.Enum([...kinds], { examples: ['payment'] }),
  class: Type.Optional(Type.Enum(['normal', 'emergency', 'vacancy'])),
  amount_from: Type.String({ pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,2})?$', examples: ['100000.00'], description: 'Included' }),
  amount_to: Nullable(Type.String({ pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,2})?$', description: 'Excluded; null without limit' })),
  fund: Nullable(Type.String({ maxLength: 60 })),
  payee_class: Type.Optional(Nullable(Type.Enum(['company', 'individual', 'officer']))),
  expires_days: Days,
  bodies: Type.Object({ property: Count, committee: Count, supervisor: Count, party_branch: Count, community: Count, street: Count, auditor: Count },
    { additionalProperties: false, examples: [{ property: 1, committee: 2 }] }),
  sequence: Type.Optional(Type.Array(Body, { maxItems: 7, description: 'Bodies in the order in which they sign; absent: in any order' })),
  notice_days: Type.Optional(Days),
  needs_resolution: Type.Optional(Type.Boolean()),
  passkey_only: Type.Optional(Type.Boolean()),
  month_cap: Type.Optional(Type.String({ pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,2})?$' })),
  ratify_days: Type.Optional(Days),
}, { additionalProperties: false });

/** In a draft amounts are canonical. */
const DraftJson = Type.Object({
  ends: Type.Array(Type.Integer({ minimum: 1, maximum: 1_000_000 }), { maxItems: 200 }),
  rules: Type.Array(Type.Object({ ...RuleJson.properties, amount_from: Amount, amount_to: Nullable(Amount), month_cap: Type.Optional(Amount) },
    { additionalProperties: false }), { maxItems: 200 }),
}, { additionalProperties: false });

export interface Draft { ends: number[]; rules: NewRule[] }
export const emptyDraft: Draft = { ends: [], rules: [] };

const LARGEST_DRAFT = 200_000;

export function writeDraft(draft: Draft): string {
  if (draft.ends.length === 0 && draft.rules.length === 0) return '';
  return deflateRawSync(canonical(draft as unknown as Json), { level: 9 }).toString('base64url');
}

/** Refusal: rule_draft_unreadable. */
export function readDraft(text: string | undefined): Draft {
  if (text === undefined || text === '') return emptyDraft;
  try {
    const json: unknown = JSON.parse(inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: LARGEST_DRAFT }).toString('utf8'));
    if (!Value.Check(DraftJson, json)) throw refusals.rule_draft_unreadable();
    const { ends, rules }: Static<typeof DraftJson> = json;
    return { ends, rules: rules.map((rule) => plainRule(rule as NewRule)) };
  } catch {
    throw refusals.rule_draft_unreadable();
  }
}

/** One rule of what the rules will be: of now, by its number (r12), or of the draft, by its place (d0). */
export interface Item { ref: string; rule: NewRule }

/** The rules as they will be: those in force that the draft leaves, and its own. */
export function itemsOf(current: readonly Rule[], draft: Draft): Item[] {
  return [
    ...current.filter((rule) => !draft.ends.includes(rule.rule_id)).map((rule): Item => ({ ref: `r${rule.rule_id}`, rule: newRuleOf(rule) })),
    ...draft.rules.map((rule, index): Item => ({ ref: `d${index}`, rule })),
  ].sort((a, b) => byKind(a.rule, b.rule));
}

const order: readonly RuleClass[] = ['normal', 'emergency', 'vacancy'];
/** As the page of the rules lists them: readRules(). */
const byKind = (a: NewRule, b: NewRule): number => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)
  || order.indexOf(a.class ?? 'normal') - order.indexOf(b.class ?? 'normal')
  || (a.payee_class ?? '').localeCompare(b.payee_class ?? '') || (a.fund ?? '').localeCompare(b.fund ?? '')
  || money(a.amount_from).comparedTo(money(b.amount_from));

const same = (a: NewRule, b: NewRule): boolean => canonical(plainRule(a) as Json) === canonical(plainRule(b) as Json);

/** A draft from the rules as they shall be: whatever says the same as a rule in force is that rule and no change. */
function draftOf(current: readonly Rule[], wanted: readonly NewRule[]): Draft {
  const left = wanted.map(plainRule);
  const ends: number[] = [];
  for (const rule of current) {
    const found = left.findIndex((one) => same(one, newRuleOf(rule)));
    if (found === -1) ends.push(rule.rule_id);
    else left.splice(found, 1);
  }
  return { ends, rules: left };
}

// ── Bands ────────────────────────────────────────────────────────────────────────────────────────

interface Band { amount_from: string; amount_to: string | null }
const below = (a: string | null, b: string | null): boolean => a !== null && (b === null || money(a).lessThan(money(b)));
const lower = (a: string | null, b: string | null): string | null => (below(a, b) ? a : b);
const higher = (a: string, b: string): string => (below(a, b) ? b : a);

/** What is left of a band once another is taken out: none, one or two pieces. */
function without(band: Band, taken: Band): Band[] {
  const pieces: Band[] = [
    { amount_from: band.amount_from, amount_to: lower(taken.amount_from, band.amount_to) },
    ...(taken.amount_to === null ? [] : [{ amount_from: higher(taken.amount_to, band.amount_from), amount_to: band.amount_to }]),
  ];
  return pieces.filter((piece) => below(piece.amount_from, piece.amount_to));
}

const plainBand = ({ amount_from, amount_to }: Band): Band => ({
  amount_from: moneyText(money(amount_from)), amount_to: amount_to === null ? null : moneyText(money(amount_to)),
});

/** Takes the band of a rule from the others of its slot. */
const makeRoom = (others: readonly NewRule[], taken: NewRule): NewRule[] => others.flatMap((rule) => {
  if (!sameSlot(rule, taken) || !bandsMeet(rule, taken)) return [rule];
  return without(rule, taken).map((piece) => ({ ...rule, ...plainBand(piece) }));
});

/** Gives a piece that a rule gave up to the rule below it, else to the one above; null where there is neither. */
function giveAway(rules: readonly NewRule[], freed: Band, slot: NewRule): NewRule[] | null {
  const lower_one = rules.find((rule) => sameSlot(rule, slot) && rule.amount_to === freed.amount_from);
  const upper_one = rules.find((rule) => sameSlot(rule, slot) && freed.amount_to !== null && rule.amount_from === freed.amount_to);
  const taker = lower_one ?? upper_one;
  if (taker === undefined) return null;
  const wider = taker === lower_one ? { ...taker, amount_to: freed.amount_to } : { ...taker, amount_from: freed.amount_from };
  return rules.map((rule) => (rule === taker ? wider : rule));
}

// ── Steps ────────────────────────────────────────────────────────────────────────────────────────

export const itemAt = (current: readonly Rule[], draft: Draft, ref: string): Item | undefined =>
  itemsOf(current, draft).find((item) => item.ref === ref);

function split(current: readonly Rule[], draft: Draft, ref: string | null): { old: NewRule | undefined; others: NewRule[] } {
  const items = itemsOf(current, draft);
  return { old: items.find((item) => item.ref === ref)?.rule, others: items.filter((item) => item.ref !== ref).map(({ rule }) => rule) };
}

const isGeneral = ({ fund, payee_class = null, class: of = 'normal' }: NewRule): boolean => fund === null && payee_class === null && of === 'normal';

/** Adds a rule, or puts it in the place of another; the bands beside it follow. What no rule beside it can take stays with the
 *  rule that was there: half a band changed is a band cut in two, and a general rule made special leaves the general one. */
export function putRule(current: readonly Rule[], draft: Draft, ref: string | null, rule: NewRule): Draft {
  const { old, others } = split(current, draft, ref);
  let rules = makeRoom(others, rule);
  if (old !== undefined && sameSlot(old, rule)) {
    for (const piece of without(old, rule).map(plainBand)) rules = giveAway(rules, piece, old) ?? [...rules, { ...old, ...piece }];
  } else if (old !== undefined && isGeneral(old)) rules.push(old);
  return draftOf(current, [...rules, rule]);
}

/** Ends a rule without another in its place; a rule beside it takes its band. */
export function dropRule(current: readonly Rule[], draft: Draft, ref: string): Draft {
  const { old, others } = split(current, draft, ref);
  return old === undefined ? draft : draftOf(current, giveAway(others, old, old) ?? others);
}

/** The rules of a preset instead of those that hold for every fund and payee; rules for one fund or payee stay. */
export function applyPreset(current: readonly Rule[], draft: Draft, preset: Preset): Draft {
  const special = itemsOf(current, draft).map(({ rule }) => rule).filter((rule) => rule.fund !== null || (rule.payee_class ?? null) !== null);
  return draftOf(current, [...special, ...usualRules(preset)]);
}
