// Is a set of rules sound? A small model, the check before signing (rule-check.ts) and the judge in the database agree on
// any set of bands, dates, funds and payees; and the steps of a draft never lose an amount.
import fc from 'fast-check';
import t from 'tap';
import { presets, usualRules, type Preset } from '../../src/approval/presets.ts';
import { checkTogether, firstGap, sameSlot, type Standing } from '../../src/approval/rule-check.ts';
import { applyPreset, dropRule, emptyDraft, itemsOf, putRule, readDraft, writeDraft, type Draft, type Item } from '../../src/rule/draft.ts';
import { usualBodies } from '../../src/approval/rule-text.ts';
import { plainRule, type Rule } from '../../src/approval/rules.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { testHouse } from '../helpers/house.ts';

t.setTimeout(240_000);

const FIRST = '2026-11-01';
const borders = ['0.00', '100.00', '100.01', '500.00', '1000.00'] as const;
const bodies = { property: 1, committee: 1 };
const names = { funds: { service: { zh: '物业服务资金', en: 'service' } }, bodies: usualBodies };

const band = fc.tuple(fc.nat(borders.length - 1), fc.nat(borders.length)).filter(([from, to]) => to > from)
  .map(([from, to]) => ({ amount_from: borders[from]!, amount_to: borders[to] ?? null }));
/** Days 0 … 3 of November; a rule may end, also before it begins. */
const days = fc.record({ from: fc.nat(3), to: fc.option(fc.integer({ min: -1, max: 3 }), { nil: null, freq: 2 }) });
const rule = fc.record({
  band, days, kind: fc.constantFrom('payment' as const, 'transfer' as const), fund: fc.constantFrom(null, null, null, 'service'),
  payee_class: fc.constantFrom(null, null, null, 'company' as const), class: fc.constantFrom('normal' as const, 'normal' as const, 'normal' as const, 'emergency' as const),
});
type Drawn = typeof rule extends fc.Arbitrary<infer T> ? T : never;

const standingOf = ({ band: { amount_from, amount_to }, days: { from, to }, kind, fund, payee_class, class: of }: Drawn): Standing => {
  const emergency = of === 'emergency' && kind === 'payment';
  return {
    rule: plainRule({
      kind, amount_from, fund, expires_days: 30, bodies, payee_class: kind === 'payment' ? payee_class : null,
      amount_to: emergency ? amount_to ?? '9000.00' : amount_to,
      ...(emergency ? { class: 'emergency' as const, month_cap: '9000.00', ratify_days: 7 } : {}),
    }),
    valid_from: addDays(FIRST, from), valid_to: to === null ? null : addDays(FIRST, to),
  };
};
const always: Standing[] = [{ rule: plainRule({ kind: 'rule', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies }), valid_from: FIRST, valid_to: null }];

// ── The model: tries every amount and every day ──────────────────────────────────────────────────

const amounts = [...borders, '0.01', '100.02', '999.99', '8999.99', '9000.00', '123456.00'];
const tried = Array.from({ length: 6 }, (_, day) => addDays(FIRST, day - 1));
const answers = ({ rule: { amount_from, amount_to } }: Standing, amount: string): boolean =>
  !money(amount).lessThan(money(amount_from)) && (amount_to === null || money(amount).lessThan(money(amount_to)));
const holds = ({ valid_from, valid_to }: Standing, day: string): boolean => valid_from <= day && (valid_to === null || day <= valid_to);

function modelSays(set: readonly Standing[], from: string, { later }: { later: boolean }): 'sound' | 'rules_overlap' | 'rules_gap' {
  for (const [index, one] of set.entries()) {
    for (const other of set.slice(index + 1)) {
      if (!sameSlot(one.rule, other.rule)) continue;
      if (tried.some((day) => holds(one, day) && holds(other, day)) && amounts.some((amount) => answers(one, amount) && answers(other, amount))) return 'rules_overlap';
    }
  }
  const general = set.filter((one) => one.rule.fund === null && one.rule.payee_class === undefined && one.rule.class === undefined);
  const kinds = [...new Set(set.filter((one) => one.rule.class === undefined).map((one) => one.rule.kind))];
  const covered = (day: string): boolean => kinds.every((kind) =>
    amounts.every((amount) => general.some((one) => one.rule.kind === kind && holds(one, day) && answers(one, amount))));
  return tried.filter((day) => (later ? day >= from : day === from)).every(covered) ? 'sound' : 'rules_gap';
}

function checkSays(set: readonly Standing[], from: string): string {
  try {
    checkTogether(set, from, names);
    return 'sound';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

t.test('the judge, the check before signing and the model agree on any set of rules', async (t) => {
  const h = await testHouse(t);
  const estate = h.other.estate_id;
  for (const body of ['property', 'supervisor']) {
    await h.superuser.query('insert into body (estate_id, body, name_zh, name_en) values ($1, $2, $2, $2)', [estate, body]);
  }
  const client = await h.superuser.connect();
  t.teardown(() => client.release());
  /** Writes the set as the doors do, asks the judge, and takes everything back. */
  const judgeSays = async (set: readonly Standing[], from: string): Promise<string> => {
    await client.query('begin');
    try {
      const rules = set.map((one) => ({ ...one.rule, valid_from: one.valid_from, valid_to: one.valid_to }));
      await client.query('select write_rules($1, $2, 1, null)', [estate, canonical(rules as unknown as Json)]);
      await client.query('select judge_rules($1, $2)', [estate, from]);
      return 'sound';
    } catch (error) {
      const { constraint } = error as { constraint?: string };
      if (constraint === undefined) throw error;
      return constraint;
    } finally {
      await client.query('rollback');
    }
  };
  const seen: Record<string, number> = {};
  // Whole sets are rare by chance: half of the runs begin with one and add to it.
  const whole = usualRules('small_tiers').filter(({ kind, class: of }) => kind === 'transfer' || (kind === 'payment' && of === undefined));
  const sets = fc.tuple(fc.array(rule, { maxLength: 5 }), fc.boolean(), fc.nat(3));
  await fc.assert(fc.asyncProperty(sets, async ([drawn, based, day]) => {
    const from = addDays(FIRST, day);
    const set = [...always, ...drawn.map(standingOf),
      ...(based ? whole.map((one): Standing => ({ rule: plainRule({ ...one, bodies, fund: null }), valid_from: FIRST, valid_to: null })) : [])];
    const said = modelSays(set, from, { later: false });
    seen[said] = (seen[said] ?? 0) + 1;
    if (await judgeSays(set, from) !== said) throw new Error(`the judge says ${await judgeSays(set, from)}, the model ${said}`);
    const said_later = modelSays(set, from, { later: true });
    if (checkSays(set, from) !== said_later) throw new Error(`the check says ${checkSays(set, from)}, the model ${said_later}`);
  }), { numRuns: 1500 });
  t.ok((seen['sound'] ?? 0) > 20 && (seen['rules_gap'] ?? 0) > 100 && (seen['rules_overlap'] ?? 0) > 100, JSON.stringify(seen));
});

// ── Drafts ───────────────────────────────────────────────────────────────────────────────────────

const current = (preset: Preset): Rule[] => usualRules(preset).map((one, index): Rule => ({
  rule_id: index + 1, kind: one.kind, class: one.class ?? 'normal', amount_from: one.amount_from, amount_to: one.amount_to, fund: null,
  payee_class: null, in_sequence: false, notice_days: one.notice_days ?? 0, needs_resolution: one.needs_resolution ?? false,
  passkey_only: false, month_cap: one.month_cap ?? null, ratify_days: one.ratify_days ?? null, valid_from: FIRST, valid_to: null,
  expires_days: 30, bodies: Object.entries(one.bodies).map(([body, signers]) => ({ body: body as never, signers, place: 1, name_zh: '', name_en: '' })),
}));

const generalPayments = (rules: readonly Rule[], draft: Draft): Item[] => itemsOf(rules, draft).filter(({ rule: one }) =>
  one.kind === 'payment' && one.class === undefined && one.fund === null && one.payee_class === undefined);

t.test('however the bands are moved, cut, added and ended, every amount keeps exactly one rule', async (t) => {
  const step = fc.record({ pick: fc.nat(30), band, drop: fc.boolean(), add: fc.boolean(), signers: fc.integer({ min: 1, max: 3 }) });
  fc.assert(fc.property(fc.constantFrom(...presets), fc.array(step, { minLength: 1, maxLength: 8 }), (preset, steps) => {
    const rules = current(preset);
    let draft = emptyDraft;
    for (const { pick, band: { amount_from, amount_to }, drop, add, signers } of steps) {
      const payments = generalPayments(rules, draft);
      const at = payments[pick % payments.length]!;
      // The last one cannot be ended: that would be a gap, and checkTogether() says so.
      if (drop && !add && payments.length > 1) draft = dropRule(rules, draft, at.ref);
      else draft = putRule(rules, draft, add ? null : at.ref, plainRule({ ...at.rule, amount_from, amount_to, bodies: { property: 1, committee: signers } }));
      const after = generalPayments(rules, draft).map((item) => item.rule);
      if (firstGap(after) !== null) throw new Error(`a gap: ${JSON.stringify(after)}`);
      checkTogether(itemsOf(rules, draft).map(({ rule: one }): Standing => ({ rule: one, valid_from: FIRST, valid_to: null })), FIRST, names);
      const again = readDraft(writeDraft(draft));
      if (canonical(again as unknown as Json) !== canonical(draft as unknown as Json)) throw new Error('the address lost something');
    }
  }), { numRuns: 2000 });
  t.pass('2,000 drafts');
});

t.test('a draft that says what is so already is none', async (t) => {
  const rules = current('trust');
  const edited = putRule(rules, emptyDraft, 'r2', plainRule({ ...usualRules('trust')[1]!, notice_days: 10 }));
  t.same(edited.ends, [2]);
  const back = putRule(rules, edited, 'd0', plainRule(usualRules('trust')[1]!));
  t.same(back, emptyDraft);
  t.equal(writeDraft(back), '');
  t.same(applyPreset(rules, emptyDraft, 'trust'), emptyDraft, 'the preset of now');
  t.same(applyPreset(rules, emptyDraft, 'commission'), emptyDraft, 'and one that asks the same');
  t.ok(applyPreset(rules, emptyDraft, 'small_tiers').ends.length > 0);
});

t.test('half a band changed is a band cut in two; a general rule made special leaves the general one', async (t) => {
  const rules = current('trust');
  const payment = usualRules('trust')[0]!;
  const cut = putRule(rules, emptyDraft, 'r1', plainRule({ ...payment, amount_from: '50000.00', notice_days: 5 }));
  t.same(cut.ends, [1]);
  t.same(cut.rules.map((one) => [one.amount_from, one.amount_to, one.notice_days]), [['0.00', '50000.00', undefined], ['50000.00', '100000.00', 5]]);
  const special = putRule(rules, emptyDraft, 'r1', plainRule({ ...payment, fund: 'service', bodies: { property: 1, committee: 2 } }));
  t.same(special.ends, [], 'nothing ends');
  t.equal(special.rules[0]!.fund, 'service');
  const lower = putRule(rules, emptyDraft, 'r2', plainRule({ ...usualRules('trust')[1]!, amount_from: '20000.00' }));
  t.same(lower.rules.map((one) => [one.amount_from, one.amount_to]).sort(), [['0.00', '20000.00'], ['20000.00', null]], 'the band below follows');
  const ended = dropRule(rules, emptyDraft, 'r2');
  t.same(ended.rules.map((one) => [one.amount_from, one.amount_to]), [['0.00', null]], 'and takes what is given up');
});

t.test('an address that was cut or tampered with is told so', async (t) => {
  for (const text of ['x', 'AAAA', writeDraft({ ends: [1], rules: [] }).slice(0, -3), Buffer.from('{"ends":[1]}').toString('base64url')]) {
    t.throws(() => readDraft(text), { code: 'rule_draft_unreadable' }, text);
  }
  const strange = { ends: [1], rules: [{ ...usualRules('trust')[0]!, amount_from: '1e5' }] };
  t.throws(() => readDraft(writeDraft(strange as Draft)), { code: 'rule_draft_unreadable' });
});
