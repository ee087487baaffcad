// Who must sign what, exhaustively: every preset, every kind, every amount at the border of a band, every number of
// signers of every body. What the rule says, what rule_for() chooses and what record_signature() does are the same.
import { sql } from 'kysely';
import t from 'tap';
import { presets, usualRules, type Preset } from '../../src/approval/presets.ts';
import { classHelp, presetHelp } from '../../src/rule/help-texts.ts';
import { conditionsOf, signersText, usualBodies } from '../../src/approval/rule-text.ts';
import { newRuleOf, plainRule, ruleFor } from '../../src/approval/rules.ts';
import type { BodyKind } from '../../src/kernel/actor.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { today } from '../../src/kernel/dates.ts';
import { minus, money, moneyFigures, moneyText, sum } from '../../src/kernel/money.ts';
import { compareExpected } from '../helpers/expected.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import { resolutionFile, ruledEstate, seats, signIn, submit, type Case, type RuledEstate } from './rule-house.ts';
import type { NewRule } from '../../src/approval/kinds.ts';

t.setTimeout(240_000);

const cent = money('0.01');
/** Amounts at the borders of a band: the first, one cent beside it, the last, and the first of the next one. */
function bordersOf({ amount_from, amount_to }: NewRule): string[] {
  const from = money(amount_from);
  const inside = from.isZero() ? [cent, money('0.02')] : [minus(from, cent), from, sum([from, cent])];
  const upper = amount_to === null ? [] : [minus(money(amount_to), cent), money(amount_to)];
  return [...inside, ...upper].map(moneyText);
}

const banded = ['payment', 'refund', 'transfer', 'reversal'];
const casesOf = (rules: readonly NewRule[]): Case[] => {
  const seen = new Map<string, Case>();
  for (const rule of rules) {
    for (const amount of banded.includes(rule.kind) ? bordersOf(rule) : [null]) {
      const one = { kind: rule.kind, class: rule.class ?? 'normal', amount };
      seen.set(JSON.stringify(one), one);
    }
  }
  return [...seen.values()];
};

/** The rule as one would look it up on paper. */
const onPaper = (rules: readonly NewRule[], { kind, class: of = 'normal', amount = null }: Case): NewRule | undefined =>
  rules.find((rule) => rule.kind === kind && (rule.class ?? 'normal') === of && !money(amount ?? '0.00').lessThan(money(rule.amount_from))
    && (rule.amount_to === null || money(amount ?? '0.00').lessThan(money(rule.amount_to))));

/** Every number of signers of every body that is asked, from none to all there are. */
function* combinations(bodies: readonly BodyKind[], seated: typeof seats): Generator<Partial<Record<BodyKind, number>>> {
  const [body, ...rest] = bodies;
  if (body === undefined) { yield {}; return; }
  for (const others of combinations(rest, seated)) {
    for (let count = 0; count <= seated[body]!; count += 1) yield { [body]: count, ...others };
  }
}

/** One after another of alternating bodies, so that no body is always first. */
function inTurns(count: Partial<Record<BodyKind, number>>, persons: RuledEstate['persons'], turn: number): { person: string; body: BodyKind }[] {
  const left = Object.entries(count).map(([body, n]) => ({ body: body as BodyKind, people: persons[body as BodyKind]!.slice(0, n) }));
  const order: { person: string; body: BodyKind }[] = [];
  for (let index = turn; left.some(({ people }) => people.length > 0); index += 1) {
    const from = left[index % left.length]!;
    const person = from.people.shift();
    if (person !== undefined) order.push({ person, body: from.body });
  }
  return order;
}

const outside = Symbol('undone');

/** Signs every combination in a transaction that is undone each time; gives those that came out otherwise than the rule says. */
async function signEvery(h: TestHouse, ruled: RuledEstate, item: { proposal_id: number; document_hash: string }, rule: NewRule, seated: typeof seats) {
  const wrong: string[] = [];
  let tried = 0;
  const asked = Object.keys(rule.bodies) as BodyKind[];
  await inEstate(h.house.db.signer, ruled.estate.estate_id, async (trx) => {
    for (const count of combinations(asked, seated)) {
      await sql`savepoint before`.execute(trx);
      const statuses: string[] = [];
      for (const signer of inTurns(count, ruled.persons, tried)) statuses.push(await signIn(trx, ruled, item, signer));
      await sql`rollback to savepoint before`.execute(trx);
      const enough = asked.every((body) => count[body]! >= rule.bodies[body]!);
      const approved = statuses.includes('approved');
      // Once it is approved nobody is asked any more; before that each signature counts.
      const before = statuses.slice(0, approved ? statuses.indexOf('approved') : undefined);
      if (approved !== enough || before.some((status) => status !== 'signed')) wrong.push(`${JSON.stringify(count)}: ${statuses.join(' ')}`);
      tried += 1;
    }
    for (const body of Object.keys(seated) as BodyKind[]) {
      if (asked.includes(body)) continue;
      const status = await signIn(trx, ruled, item, { person: ruled.persons[body]![0]!, body });
      if (status !== 'body_not_asked') wrong.push(`${body}: ${status}`);
    }
    throw outside;
  }).catch((error: unknown) => { if (error !== outside) throw error; });
  return { wrong, tried };
}

const printed: string[] = [];
const names = { funds: {}, bodies: usualBodies };
const line = ({ kind, class: of, amount }: Case, rule: NewRule): string => {
  const which = `${of === 'normal' ? '' : `${of} `}${kind}`.padEnd(18);
  const sum_ = (amount === null || amount === undefined ? '' : moneyFigures(money(amount))).padStart(12);
  return `${which}${sum_}  ${[signersText(rule, names), ...conditionsOf(rule)].map((part) => part.en).join(', ')}`;
};

for (const preset of presets) {
  t.test(`${preset}: at every border the rule, the choice and the signatures agree`, async (t) => {
    const h = await testHouse(t);
    const counts = preset === 'small_tiers' ? seats : { ...seats, committee: 3, supervisor: 2 };
    const ruled = await ruledEstate(h, preset.replaceAll('_', '-'), { preset, counts });
    const rules = usualRules(preset);
    const voucher = await resolutionFile(h, ruled);
    const on = today(h.house.clock);
    printed.push(`== ${preset}`);
    let tried = 0;
    for (const one of casesOf(rules)) {
      const amount = one.amount === null || one.amount === undefined ? null : money(one.amount);
      const chosen = await inEstate(h.house.db.app, ruled.estate.estate_id, (trx) =>
        ruleFor(trx, ruled.estate.estate_id, { kind: one.kind, class: one.class, amount, fund: 'service', on }));
      const paper = onPaper(rules, one);
      const title = `${one.class} ${one.kind} ${one.amount ?? ''}`;
      if (paper === undefined || chosen === null) {
        t.equal(chosen, null, `${title}: no rule, above the cap of an emergency`);
        printed.push(`${line(one, { ...rules[0]!, bodies: {} }).trimEnd()}  no rule`);
        continue;
      }
      t.same(newRuleOf(chosen), plainRule(paper), `${title}: as on paper`);
      printed.push(line(one, newRuleOf(chosen)));
      // Of an appointment to a vacant body the guard first asks whether it is vacant: test/approval/rules.test.ts.
      if (one.class === 'vacancy') continue;
      const item = await submit(h, ruled, {
        // A budget has a draft behind it (test/budget); a project asks whom the budget asks.
        ...one, kind: one.kind === 'budget' ? 'project' : one.kind, fund: banded.includes(one.kind) ? 'service' : null,
        content: paper.needs_resolution === true ? { resolution: { title: '决议', date: on, voucher } } : {},
      });
      t.equal(item.rule_id, chosen.rule_id, `${title}: submitted under it`);
      const result = await signEvery(h, ruled, item, paper, counts);
      t.same(result.wrong, [], `${title}: ${result.tried} combinations`);
      tried += result.tried;
    }
    t.ok(tried >= 200, `${tried} combinations of signers`);
  });
}

t.test('the table is as reviewed', async (t) => {
  await compareExpected(t, 'approval/who-signs.txt', `${printed.join('\n')}\n`);
});

t.test('the examples of the help page are what the rules say', async (t) => {
  const h = await testHouse(t);
  const examples = [...presets.map((preset) => ({ preset, list: presetHelp[preset].examples })),
    { preset: 'trust' as Preset, list: classHelp.flatMap(({ examples: list }) => list) }];
  for (const [index, { preset, list }] of examples.entries()) {
    const ruled = await ruledEstate(h, `help-${index}`, { preset, counts: {} });
    for (const { story, kind, class: of, amount, bodies, notice_days, needs_resolution } of list) {
      const rule = await inEstate(h.house.db.app, ruled.estate.estate_id, (trx) => ruleFor(trx, ruled.estate.estate_id, {
        kind, class: of, amount: amount === null ? null : money(amount), fund: null, on: today(h.house.clock),
      }));
      t.same({ bodies: newRuleOf(rule!).bodies, notice_days: rule!.notice_days, needs_resolution: rule!.needs_resolution },
        { bodies, notice_days, needs_resolution }, `${preset}: ${story.en}`);
    }
  }
});
