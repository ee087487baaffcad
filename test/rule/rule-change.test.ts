// Changing the rules: by a proposal under the old rule, and in no other way.
import t from 'tap';
import pg from 'pg';
import { executors } from '../../src/executors.ts';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { readProposal } from '../../src/approval/queries.ts';
import { executeRuleChange, judgeChange, proposeRuleChange, type RuleChange } from '../../src/rule/change.ts';
import { newRuleOf, readRules, ruleFor, ruleOrigins, type Rule } from '../../src/approval/rules.ts';
import { signProposals } from '../../src/approval/sign.ts';
import type { Json } from '../../src/kernel/canonical.ts';
import { addDays, clockAt, instant, today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { signAs } from '../helpers/approved.ts';
import { SIGNING_PASSWORD, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { approved, databaseSays, pay, proposal, receive, refusalOf, sign, submitted, voucher, within } from '../payment/story.ts';
import type { NewRule } from '../../src/approval/kinds.ts';

t.setTimeout(240_000);

const dayOf = (h: TestHouse): string => today(h.house.clock);
const rulesOf = (h: TestHouse, on?: string): Promise<Rule[]> => within(h, (trx) => readRules(trx, h.estate.estate_id, on === undefined ? {} : { on }));
const ruleOf = async (h: TestHouse, kind: string, amount_from = '0.00', of = 'normal'): Promise<Rule> =>
  (await rulesOf(h)).find((rule) => rule.kind === kind && rule.amount_from === amount_from && rule.class === of && rule.valid_to === null)!;

/** Large payments announced for ten days: the change most of the tests make. */
async function announced(h: TestHouse, more: Partial<RuleChange> = {}): Promise<RuleChange> {
  const large = await ruleOf(h, 'payment', '100000.00');
  return {
    ends: [large.rule_id], rules: [{ ...newRuleOf(large), notice_days: 10 }], valid_from: dayOf(h), reason: '大额付款先公示十天', ...more,
  };
}
const propose = (h: TestHouse, change: RuleChange, who: PersonName = 'cashier', key: string | null = null) =>
  proposeRuleChange(h.house, { estate: h.estate, actor: h.actorOf(who), change, key });

const bodies: Partial<Record<PersonName, string>> = { manager: 'property', committee1: 'committee', committee2: 'committee', supervisor: 'supervisor', street: 'street' };
/** Signatures through the door, without the slow passwords; gives the last status. */
async function signed(h: TestHouse, proposal_id: number, signers: PersonName[] = ['manager', 'committee1', 'committee2']): Promise<string> {
  const { document_hash } = await proposal(h, proposal_id);
  let status = '';
  for (const who of signers) status = await signAs(h.house, h.estate, h.persons[who], bodies[who]!, { proposal_id, document_hash: document_hash! });
  return status;
}
const execute = (h: TestHouse, proposal_id: number): Promise<void> => executeRuleChange(h.house, h.estate, proposal_id);
const changed = async (h: TestHouse, change: RuleChange): Promise<number> => {
  const { proposal_id } = await propose(h, change);
  t.equal(await signed(h, proposal_id), 'approved');
  await execute(h, proposal_id);
  return proposal_id;
};

t.test('a change is signed under the old rule, ends the old rule on the day before, and begins the new one', async (t) => {
  const h = await testHouse(t);
  const change = await announced(h, { valid_from: addDays(dayOf(h), 3) });
  const { proposal_id, title } = await propose(h, change);
  t.equal(title, '签批规则变更：付款 100,000.00 元起，公示 10 天');
  const { document_hash } = await proposal(h, proposal_id);
  const last = async (who: PersonName) => (await signProposals(h.house, {
    estate: h.estate, actor: h.actorOf(who), items: [{ proposal_id, document_hash: document_hash! }], decision: 'approve', method: 'password', password: SIGNING_PASSWORD,
  }, executors))[0]!;
  t.equal((await last('manager')).status, 'signed');
  t.equal((await last('committee1')).status, 'signed', 'rules ask two of the committee');
  t.equal((await ruleOf(h, 'payment', '100000.00')).notice_days, 0, 'until then nothing changes');
  const done = await last('committee2');
  t.match(done, { status: 'approved' });
  t.equal(done.not_executed, undefined);
  t.equal((await proposal(h, proposal_id)).state, 'executed');
  const rules = await rulesOf(h);
  const old = rules.find((rule) => rule.rule_id === change.ends[0])!;
  t.equal(old.valid_to, addDays(dayOf(h), 2));
  const begun = rules.find((rule) => rule.notice_days === 10)!;
  t.match(begun, { valid_from: addDays(dayOf(h), 3), valid_to: null, kind: 'payment', amount_from: '100000.00' });
  const at = (on: string) => within(h, (trx) => ruleFor(trx, h.estate.estate_id, { kind: 'payment', amount: money('100000.00'), fund: null, on }));
  t.equal((await at(addDays(dayOf(h), 2)))!.rule_id, old.rule_id);
  t.equal((await at(addDays(dayOf(h), 3)))!.rule_id, begun.rule_id);
  const origins = await within(h, (trx) => ruleOrigins(trx, h.estate.estate_id));
  t.same(origins.get(begun.rule_id), { made_by: proposal_id, ended_by: null });
  t.same(origins.get(old.rule_id), { made_by: null, ended_by: proposal_id });
  const { rows } = await h.superuser.query(`select body from record where estate_id = $1 and kind = 'rules_changed'`, [h.estate.estate_id]);
  t.same(JSON.parse(rows[0].body), { ends: [old.rule_id], first_rule: begun.rule_id, proposal: proposal_id, valid_from: begun.valid_from });
  await execute(h, proposal_id);
  t.equal((await rulesOf(h)).length, rules.length, 'carried out again it does nothing');
});

t.test('a change that lowers the guard is signed under the guard it lowers', async (t) => {
  const h = await testHouse(t);
  const rule = await ruleOf(h, 'rule');
  const { proposal_id } = await propose(h, { ends: [rule.rule_id], rules: [{ ...newRuleOf(rule), bodies: { property: 1, committee: 1 } }], valid_from: dayOf(h), reason: '委员常不在' });
  t.equal(await signed(h, proposal_id, ['manager', 'committee1']), 'signed', 'one of the committee is enough only afterwards');
  t.equal(await refusalOf(execute(h, proposal_id)), 'rule_change_not_approved');
  t.equal(await signed(h, proposal_id, ['committee2']), 'approved');
  await execute(h, proposal_id);
  const next = await propose(h, await announced(h));
  t.equal(await signed(h, next.proposal_id, ['manager', 'committee1']), 'approved');
});

t.test('what is under way keeps its rule; what is submitted afterwards takes the new one', async (t) => {
  const now = { at: instant('2026-11-02T10:00:00+08:00') };
  const h = await testHouse(t, { demo_clock: () => now.at });
  await receive(h, '900000.00');
  const before = await submitted(h, { amount: '120000.00' });
  await changed(h, await announced(h));
  t.same([await signed(h, before), (await pay(h, before)).status], ['approved', 'posted'], 'finished under the old rule, without notice');
  const after = await submitted(h, { amount: '120000.00' });
  t.not((await proposal(h, after)).rule_id, (await proposal(h, before)).rule_id);
  t.equal((await proposal(h, after)).payable_from, '2026-11-12');
  t.equal(await signed(h, after), 'approved');
  const to = (day: string): void => { now.at = clockAt(`${day}T10:00:00+08:00`)(); };
  to('2026-11-11');
  t.equal(await refusalOf(pay(h, after)), 'order_in_notice', 'the day before');
  to('2026-11-12');
  t.equal((await pay(h, after)).status, 'posted', 'on the day');
});

t.test('a returned proposal is submitted again under the rule of that day', async (t) => {
  const h = await testHouse(t);
  await receive(h, '900000.00');
  const order = await submitted(h, { amount: '120000.00' });
  const { returnForCorrection } = await import('../../src/approval/proposal.ts');
  await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, proposal_id: order, actor: h.actorOf('committee1'), reason: '请改用途' }));
  await changed(h, await announced(h));
  const { submitOrder } = await import('../../src/payment/order.ts');
  await within(h, (trx) => submitOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order }));
  t.equal((await ruleOf(h, 'payment', '100000.00')).rule_id, (await proposal(h, order)).rule_id);
});

t.test('of two changes that end the same rule the second is superseded and changes nothing', async (t) => {
  const h = await testHouse(t);
  const first = await propose(h, await announced(h));
  const second = await propose(h, await announced(h, { reason: '另一个提法' }));
  t.equal(await signed(h, first.proposal_id), 'approved');
  t.equal(await signed(h, second.proposal_id), 'approved');
  await execute(h, first.proposal_id);
  const rules = await rulesOf(h);
  t.equal(await refusalOf(execute(h, second.proposal_id)), 'rules_changed_meanwhile');
  t.match(await proposal(h, second.proposal_id), { state: 'superseded', reason: /已被别的签批单改了/ });
  t.same(await rulesOf(h), rules);
});

t.test('a document that was never checked is judged when it is carried out, also for later days', async (t) => {
  const h = await testHouse(t);
  const later = addDays(dayOf(h), 10);
  await changed(h, await announced(h, { valid_from: later }));
  const future = (await rulesOf(h)).find((rule) => rule.notice_days === 10)!;
  const { estate_id } = h.estate;
  /** As somebody would who writes the document past the checks. */
  const smuggled = async (content: { [key: string]: Json }): Promise<number> => within(h, async (trx) => {
    const frame = { kind: 'rule' as const, title: 'x', amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { ...frame, estate_id, made_by: h.persons.cashier });
    await submitProposal(trx, { ...frame, estate: h.estate, proposal_id, actor: h.actorOf('cashier'), content });
    return proposal_id;
  });
  const good = newRuleOf(future) as Record<string, Json>;
  const cases: [string, { [key: string]: Json }][] = [
    ['rules_gap', { ends: [future.rule_id], rules: [], valid_from: dayOf(h) }],
    ['rules_overlap', { ends: [], rules: [good], valid_from: dayOf(h) }],
    ['rule_needs_two_bodies', { ends: [future.rule_id], rules: [{ ...good, bodies: { committee: 2 } }], valid_from: later }],
    ['rule_needs_owners_key', { ends: [future.rule_id], rules: [{ ...good, bodies: { property: 1, supervisor: 1 } }], valid_from: later }],
    ['rule_emergency_bounded', { ends: [], rules: [{ ...good, class: 'emergency' }], valid_from: later }],
    ['rule_body_estate_id_body_fkey', { ends: [future.rule_id], rules: [{ ...good, bodies: { committee: 1, mafia: 1 } }], valid_from: later }],
  ];
  for (const [constraint, content] of cases) {
    const proposal_id = await smuggled(content);
    t.equal(await signed(h, proposal_id), 'approved');
    const before = await rulesOf(h);
    const error = await execute(h, proposal_id).then(() => null, (reason: { code?: string; facts?: object }) => reason);
    t.match(error, { code: 'rule_change_not_fitting', facts: { constraint } }, constraint);
    t.equal((await proposal(h, proposal_id)).state, 'superseded');
    t.same(await rulesOf(h), before);
  }
});

t.test('a change that is announced waits its days and then takes effect by itself', async (t) => {
  const now = { at: instant('2026-11-02T10:00:00+08:00') };
  const h = await testHouse(t, { demo_clock: () => now.at });
  const rule = await ruleOf(h, 'rule');
  await changed(h, { ends: [rule.rule_id], rules: [{ ...newRuleOf(rule), notice_days: 5 }], valid_from: dayOf(h), reason: '改规则也要公示' });
  const { proposal_id } = await propose(h, await announced(h));
  t.equal(await signed(h, proposal_id), 'approved');
  t.equal(await refusalOf(execute(h, proposal_id)), 'waits_for_notice');
  t.equal((await proposal(h, proposal_id)).state, 'approved');
  now.at = clockAt('2026-11-07T10:00:00+08:00')();
  await execute(h, proposal_id);
  t.match((await rulesOf(h)).find((one) => one.notice_days === 10), { valid_from: '2026-11-07' }, 'from that day, not from the day that was signed');
});

t.test('where rules change only on a resolution, it is attached and stands in the document', async (t) => {
  const h = await testHouse(t);
  const rule = await ruleOf(h, 'rule');
  await changed(h, { ends: [rule.rule_id], rules: [{ ...newRuleOf(rule), needs_resolution: true }], valid_from: dayOf(h), reason: '改规则先过业主大会' });
  const change = await announced(h);
  t.equal(await refusalOf(propose(h, change)), 'resolution_incomplete');
  const file = await voucher(h);
  const { proposal_id } = await propose(h, { ...change, resolution: { title: '业主大会第 2 号决议', date: dayOf(h), voucher: file } });
  t.match((await proposal(h, proposal_id)).document, { resolution: { title: '业主大会第 2 号决议', date: dayOf(h), voucher: file } });
});

t.test('the web role changes no rule by itself', async (t) => {
  const h = await testHouse(t);
  const { proposal_id } = await propose(h, await announced(h));
  await signed(h, proposal_id, ['manager', 'committee1']);
  const app = new pg.Client({ connectionString: h.urls.app });
  await app.connect();
  t.teardown(() => app.end());
  await app.query(`select set_config('mingzhang.estate', $1, false)`, [String(h.estate.estate_id)]);
  for (const statement of [
    `insert into rule (estate_id, rule_id, kind, valid_from) values (${h.estate.estate_id}, 99, 'payment', '2020-01-01')`,
    `insert into rule_body (estate_id, rule_id, body, signers) values (${h.estate.estate_id}, 1, 'street', 1)`,
    `update rule set valid_to = '2020-01-01'`, `update rule_body set signers = 1`, `delete from rule`, `truncate rule cascade`,
    `select write_rules(${h.estate.estate_id}, '[]', 99, null)`, `select judge_rules(${h.estate.estate_id}, '2026-01-01')`,
    `alter table rule disable trigger guard_rule`, `select append_record(${h.estate.estate_id}, 'rules_changed', '{}')`,
  ]) t.match(await databaseSays(app.query(statement)), /^(permission|must|record_kind_reserved|cannot)/, statement);
  t.equal(await databaseSays(app.query(`select open_rules(${h.estate.estate_id}, '{"rules":[]}')`)), 'rules_exist');
  const { rows } = await app.query('select change_rules($1, $2) as status', [h.estate.estate_id, proposal_id]);
  t.equal(rows[0].status, 'order_not_approved', 'the door wants the signatures');
  // Not even whoever owns the tables edits a rule; it ends once, and for good.
  t.match(await databaseSays(h.superuser.query('update rule set notice_days = 0')), /append_only/);
  t.match(await databaseSays(h.superuser.query('delete from rule')), /append_only/);
});

t.test('only those who may propose do, and not one whose own signature is needed', async (t) => {
  const h = await testHouse(t);
  const change = await announced(h);
  for (const who of ['resident', 'supervisor', 'street', 'auditor'] as const) t.equal(await refusalOf(propose(h, change, who)), 'not_allowed', who);
  t.equal(await refusalOf(propose(h, change, 'stranger')), 'estate_unknown');
  t.equal(await refusalOf(propose(h, change, 'committee1')), 'rule_change_needs_signer', 'both of the committee are asked');
  t.equal(await refusalOf(propose(h, change, 'manager')), 'rule_change_needs_signer', 'there is one manager');
  const once = await propose(h, change, 'cashier', 'key-1');
  t.same(await propose(h, change, 'cashier', 'key-1'), once, 'pressed twice it is one proposal');
  t.equal(await refusalOf(propose(h, { ...change, reason: '别的理由' }, 'cashier', 'key-1')), 'key_reused');
});

t.test('what is wrong with a change is told before anybody signs', async (t) => {
  const h = await testHouse(t);
  const change = await announced(h);
  const good = change.rules[0]!;
  const emergency = await ruleOf(h, 'payment', '0.00', 'emergency');
  const vacancy = await ruleOf(h, 'membership', '0.00', 'vacancy');
  const with_ = (more: Partial<NewRule>): Partial<RuleChange> => ({ rules: [{ ...good, ...more }] });
  const table: [string, Partial<RuleChange>, RegExp][] = [
    ['rule_change_empty', { ends: [], rules: [] }, /没有改/],
    ['rule_change_empty', { rules: [{ ...good, notice_days: 0 }] }, /没有改/],
    ['rule_unknown', { ends: [99] }, /99/],
    ['rule_amount_unreadable', with_({ amount_from: '1e5' }), /1e5/],
    ['rule_amount_unreadable', with_({ amount_from: '-1.00' }), /-1\.00/],
    ['rule_amount_unreadable', with_({ amount_from: '1000000000000.00' }), /十二位/],
    ['rule_band_invalid', with_({ amount_to: '100000.00' }), /100,000\.00 元起、不满 100,000\.00 元/],
    ['rule_days_invalid', with_({ notice_days: 61 }), /公示天数.*0 到 60.*61/],
    ['rule_days_invalid', with_({ expires_days: 0 }), /签批期限.*1 到 365/],
    ['rule_fund_unknown', with_({ fund: 'gold' }), /gold/],
    ['rule_body_unknown', with_({ bodies: { committee: 1, mafia: 1 } as never }), /mafia.*物业公司/],
    ['rule_signers_invalid', with_({ bodies: { property: 1, committee: 21 } }), /业主委员会.*21/],
    ['rule_signers_invalid', with_({ bodies: { property: -1, committee: 1 } }), /物业公司.*-1/],
    ['rule_sequence_incomplete', with_({ sequence: ['property'] }), /业主委员会/],
    ['rule_sequence_incomplete', with_({ sequence: ['property', 'committee', 'property'] }), /物业公司/],
    ['rule_needs_two_bodies', with_({ bodies: { committee: 2 } }), /付款 100,000\.00 元起/],
    ['rule_needs_owners_key', with_({ bodies: { property: 1, supervisor: 1 } }), /业主委员会/],
    ['rule_unreachable', with_({ bodies: { property: 1, committee: 3 } }), /业主委员会 3 人签.*只有 2 人/],
    ['rule_unreachable', with_({ bodies: { community: 1, committee: 1 } }), /社区 1 人签.*只有 0 人/],
    ['rule_emergency_needs', with_({ class: 'emergency' }), /单笔上限.*每月上限.*补签期限.*公示天数应为 0/],
    ['rule_only_emergency', with_({ month_cap: '1.00' }), /应急/],
    ['rule_only_emergency', with_({ ratify_days: 7 }), /应急/],
    ['rule_vacancy_needs', { ends: [vacancy.rule_id], rules: [{ ...newRuleOf(vacancy), notice_days: 0, bodies: { property: 1, street: 1 } }] }, /公示天数.*物业公司/],
    ['rule_not_for_kind', { ends: [], rules: [{ ...good, kind: 'close', amount_from: '5.00' }] }, /结账.*金额档/],
    ['rule_not_for_kind', { ends: [], rules: [{ ...good, kind: 'close', amount_from: '0.00', fund: 'service' }] }, /资金/],
    ['rule_not_for_kind', { ends: [], rules: [{ ...good, kind: 'transfer', payee_class: 'company' }] }, /收款方/],
    ['rule_not_for_kind', { ends: [], rules: [{ ...good, kind: 'disclosure', amount_from: '0.00', notice_days: 3 }] }, /公示天数/],
    ['rule_not_for_kind', { ends: [], rules: [{ ...good, kind: 'transfer', needs_resolution: true }] }, /决议/],
    ['rules_overlap', { ends: [] }, /付款 100,000\.00 元起.*付款 100,000\.00 元起.*公示 10 天/],
    ['rules_overlap', with_({ amount_from: '99999.99' }), /不满 100,000\.00 元.*99,999\.99 元起/],
    ['rules_gap', with_({ amount_from: '100000.01' }), /付款.*100,000\.00 元及以上、不满 100,000\.01 元/],
    ['rules_gap', { rules: [] }, /100,000\.00 元及以上没有规则/],
    ['rules_gap', with_({ fund: 'service' }), /100,000\.00 元及以上没有规则/],
    ['rule_valid_from_past', { valid_from: addDays(dayOf(h), -1) }, /今天/],
    ['rule_valid_from_far', { valid_from: addDays(dayOf(h), 367) }, /最迟/],
    ['rule_day_unreadable', { valid_from: '2026-02-30' }, /2026-02-30/],
    ['text_empty', { reason: '  ' }, /理由/],
    ['resolution_incomplete', { resolution: { title: '决议' } }, /./],
  ];
  for (const [code, more, words] of table) {
    const error = await propose(h, { ...change, ...more }).then(() => null, (reason: Error & { code: string; in: (locale: 'zh') => string }) => reason);
    t.equal(error?.code, code, JSON.stringify(more));
    t.match(error?.in('zh') ?? '', words);
  }
  const { rows } = await h.superuser.query<{ n: number }>(`select count(*)::integer as n from proposal where kind = 'rule'`);
  t.equal(rows[0]!.n, 0, 'nothing was left behind');
  const ok = await within(h, (trx) => judgeChange(trx, h.estate.estate_id, { ends: [emergency.rule_id], rules: [{ ...newRuleOf(emergency), month_cap: '50000.00' }], valid_from: dayOf(h) }));
  t.equal(ok.title.zh, '签批规则变更：应急付款不满 200,000.00 元，每月合计不超过 50,000.00 元');
  const ended = await within(h, (trx) => judgeChange(trx, h.estate.estate_id, { ends: [emergency.rule_id], rules: [], valid_from: dayOf(h) }));
  t.equal(ended.title.en, 'Change of the signing rules: end of emergency payment below 200,000.00', 'an emergency rule may go without another');
});

t.test('an approved order from before a change can still be paid when its rule is gone', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await approved(h);
  const small = await ruleOf(h, 'payment');
  await changed(h, { ends: [small.rule_id], rules: [{ ...newRuleOf(small), bodies: { property: 1, committee: 2 } }], valid_from: dayOf(h), reason: '都要两名委员签' });
  t.equal((await pay(h, order)).status, 'posted');
  const next = await submitted(h);
  await sign(h, next, 'manager');
  t.equal((await sign(h, next, 'committee1')).status, 'signed', 'the new rule asks two');
  t.equal((await within(h, (trx) => readProposal(trx, h.estate.estate_id, next)))!.state, 'submitted');
});
