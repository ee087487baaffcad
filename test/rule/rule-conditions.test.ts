// What a rule asks besides signers: an order of signing, passkeys, days of notice, a resolution; whose rule goes first;
// emergencies with their caps and their ratification; appointments to a body that has nobody left.
import t from 'tap';
import { usualRules } from '../../src/approval/presets.ts';
import { ruleFor } from '../../src/approval/rules.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { clockAt, instant, today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import { refusalOf } from '../payment/story.ts';
import { resolutionFile, ruledEstate, sign, submit, type RuledEstate, type Submitted } from './rule-house.ts';
import type { NewRule, PayeeClass } from '../../src/approval/kinds.ts';

const few = { property: 1, committee: 3, supervisor: 1, community: 1, street: 1 };
const base = { kind: 'payment' as const, amount_from: '0.00', amount_to: null, fund: null, expires_days: 30 };
/** The usual rules, with other ones for payments. */
const withPayments = (...payments: NewRule[]): NewRule[] => [...usualRules('trust').filter((rule) => rule.kind !== 'payment'), ...payments];
const payment = { kind: 'payment' as const, amount: '8000.00', fund: 'service' };
const by = (ruled: RuledEstate, body: keyof typeof few, index = 0) => ({ person: ruled.persons[body]![index]!, body });

t.test('where a rule asks for a sequence, the bodies sign in it', async (t) => {
  const h = await testHouse(t);
  const rules = withPayments({ ...base, bodies: { property: 1, supervisor: 1, committee: 2 }, sequence: ['property', 'supervisor', 'committee'] });
  const ruled = await ruledEstate(h, 'sequence', { rules, counts: few });
  const item = await submit(h, ruled, payment);
  t.equal(await sign(h, ruled, item, by(ruled, 'committee')), 'out_of_turn');
  t.equal(await sign(h, ruled, item, by(ruled, 'supervisor')), 'out_of_turn');
  t.equal(await sign(h, ruled, item, by(ruled, 'property')), 'signed');
  t.equal(await sign(h, ruled, item, by(ruled, 'committee')), 'out_of_turn', 'the supervisors come before');
  t.equal(await sign(h, ruled, item, by(ruled, 'supervisor')), 'signed');
  t.equal(await sign(h, ruled, item, by(ruled, 'committee', 1)), 'signed');
  t.equal(await sign(h, ruled, item, by(ruled, 'committee', 2)), 'approved');
});

t.test('where a rule asks for passkeys, the signing password is too weak', async (t) => {
  const h = await testHouse(t);
  const two = { property: 1, committee: 1 };
  const rules = withPayments({ ...base, amount_to: '10000.00', bodies: two }, { ...base, amount_from: '10000.00', bodies: two, passkey_only: true });
  const ruled = await ruledEstate(h, 'passkeys', { rules, counts: few });
  const small = await submit(h, ruled, { ...payment, amount: '9999.99' });
  t.equal(await sign(h, ruled, small, by(ruled, 'property')), 'signed');
  const large = await submit(h, ruled, { ...payment, amount: '10000.00' });
  t.equal(await sign(h, ruled, large, by(ruled, 'property')), 'method_too_weak');
  t.equal(await sign(h, ruled, large, { ...by(ruled, 'property'), method: 'passkey' }), 'passkey_unknown', 'a passkey is asked for, not the word');
});

t.test('a rule for the very payee and fund goes before the payee\'s, that before the fund\'s, that before the general one', async (t) => {
  const h = await testHouse(t);
  const rules = withPayments(
    { ...base, bodies: { property: 1, committee: 1 } },
    { ...base, fund: 'public_income', bodies: { property: 1, committee: 2 } },
    { ...base, payee_class: 'officer', bodies: { supervisor: 1, committee: 2 } },
    { ...base, payee_class: 'officer', fund: 'public_income', bodies: { supervisor: 1, committee: 3 } },
    { ...base, payee_class: 'individual', amount_from: '1000.00', bodies: { property: 1, committee: 3 } },
  );
  const ruled = await ruledEstate(h, 'precedence', { rules, counts: few });
  const table: [string, PayeeClass | null, string, Record<string, number>][] = [
    ['service', null, '8000.00', { property: 1, committee: 1 }],
    ['service', 'company', '8000.00', { property: 1, committee: 1 }],
    ['public_income', 'company', '8000.00', { property: 1, committee: 2 }],
    ['service', 'officer', '8000.00', { supervisor: 1, committee: 2 }],
    ['public_income', 'officer', '8000.00', { supervisor: 1, committee: 3 }],
    ['service', 'individual', '999.99', { property: 1, committee: 1 }],
    ['service', 'individual', '1000.00', { property: 1, committee: 3 }],
    ['public_income', 'individual', '999.99', { property: 1, committee: 2 }],
    ['public_income', 'individual', '1000.00', { property: 1, committee: 3 }],
  ];
  for (const [fund, payee_class, amount, bodies] of table) {
    const rule = await inEstate(h.house.db.app, ruled.estate.estate_id, (trx) =>
      ruleFor(trx, ruled.estate.estate_id, { kind: 'payment', amount: money(amount), fund, payee_class, on: today(h.house.clock) }));
    t.same(Object.fromEntries(rule!.bodies.map((one) => [one.body, one.signers])), bodies, `${fund} ${payee_class} ${amount}`);
    t.equal((await submit(h, ruled, { ...payment, amount, fund, payee_class })).rule_id, rule!.rule_id, 'and so it is submitted');
  }
});

t.test('where a rule asks a resolution, nothing is submitted without one and its file', async (t) => {
  const h = await testHouse(t);
  const rules = withPayments({ ...base, bodies: { property: 1, committee: 1 }, needs_resolution: true });
  const ruled = await ruledEstate(h, 'resolution', { rules, counts: few });
  const voucher = await resolutionFile(h, ruled);
  for (const content of [{}, { resolution: { title: '决议' } }, { resolution: { title: '', voucher } }, { resolution: { title: '决议', voucher: 'f'.repeat(64) } }]) {
    t.equal(await refusalOf(submit(h, ruled, { ...payment, content })), 'resolution_missing', JSON.stringify(content));
  }
  t.ok((await submit(h, ruled, { ...payment, content: { resolution: { title: '决议', date: '2026-01-01', voucher } } })).proposal_id);
});

/** A house whose day can be moved on. */
async function movable(t: Parameters<typeof testHouse>[0], from = '2026-11-02T10:00:00+08:00') {
  const now = { at: instant(from) };
  const h = await testHouse(t, { demo_clock: () => now.at });
  return { h, to: (day: string) => { now.at = clockAt(`${day}T10:00:00+08:00`)(); } };
}

t.test('an announced order waits its days, and not one more', async (t) => {
  const { h } = await movable(t);
  const rules = withPayments({ ...base, bodies: { property: 1, committee: 1 }, notice_days: 10 });
  const ruled = await ruledEstate(h, 'notice', { rules, counts: few });
  const item = await submit(h, ruled, payment);
  await sign(h, ruled, item, by(ruled, 'property'));
  t.equal(await sign(h, ruled, item, by(ruled, 'committee')), 'approved');
  const on = async (day: string): Promise<string | null> => (await h.superuser.query<{ why: string | null }>(
    'select waits_for($1, $2, $3) as why', [ruled.estate.estate_id, item.proposal_id, day])).rows[0]!.why;
  t.equal(await on('2026-11-02'), 'order_in_notice', 'the day it was submitted');
  t.equal(await on('2026-11-11'), 'order_in_notice', 'the day before');
  t.equal(await on('2026-11-12'), null, 'the day');
});

const emergencyRules = (more: Partial<NewRule> = {}): NewRule[] => withPayments(
  { ...base, bodies: { property: 1, committee: 3 } },
  { ...base, class: 'emergency', amount_to: '5000.00', bodies: { property: 1, committee: 1 }, month_cap: '9000.00', ratify_days: 7, ...more },
);

async function emergency(h: TestHouse, ruled: RuledEstate, amount: string): Promise<{ item: Submitted; status: string }> {
  const item = await submit(h, ruled, { ...payment, amount, class: 'emergency' });
  await sign(h, ruled, item, by(ruled, 'property'));
  return { item, status: await sign(h, ruled, item, by(ruled, 'committee')) };
}

t.test('an emergency is signed by fewer, below its cap for each order and for the month', async (t) => {
  const { h, to } = await movable(t);
  const ruled = await ruledEstate(h, 'emergency', { rules: emergencyRules(), counts: few });
  t.equal(await refusalOf(submit(h, ruled, { ...payment, amount: '5000.00', class: 'emergency' })), 'rule_missing', 'at the cap of an order');
  t.equal(await refusalOf(submit(h, ruled, { ...payment, amount: '100.00', class: 'emergency', payee_class: 'officer' })), 'emergency_not_for_officers');
  t.equal((await emergency(h, ruled, '4999.99')).status, 'approved', 'below it');
  t.equal((await emergency(h, ruled, '4000.02')).status, 'emergency_cap_exceeded', '9,000.01 in the month');
  t.equal((await emergency(h, ruled, '4000.01')).status, 'approved', '9,000.00 in the month');
  t.equal((await emergency(h, ruled, '0.01')).status, 'emergency_cap_exceeded', 'nothing is left of the month');
  to('2026-12-01');
  // Ratification of November is overdue by then: told below.
  t.equal(await refusalOf(emergency(h, ruled, '1.00')), 'emergency_not_ratified');
});

t.test('the others ratify an emergency; while that is overdue there is no other', async (t) => {
  const { h, to } = await movable(t);
  const ruled = await ruledEstate(h, 'ratify', { rules: emergencyRules(), counts: few });
  const { item } = await emergency(h, ruled, '1000.00');
  const row = async () => (await h.superuser.query<{ ratify_by: string; ratified_at: Date | null }>(
    'select ratify_by, ratified_at from proposal where estate_id = $1 and proposal_id = $2', [ruled.estate.estate_id, item.proposal_id])).rows[0]!;
  t.match(await row(), { ratify_by: '2026-11-09', ratified_at: null });
  to('2026-11-09');
  t.equal((await emergency(h, ruled, '1.00')).status, 'approved', 'on the last day another is still possible');
  to('2026-11-10');
  t.equal(await refusalOf(emergency(h, ruled, '1.00')), 'emergency_not_ratified');
  t.ok((await submit(h, ruled, payment)).proposal_id, 'a normal order is possible all the time');
  t.equal(await sign(h, ruled, item, { ...by(ruled, 'committee'), decision: 'ratify' }), 'already_signed', 'who has signed does not ratify again');
  t.equal(await sign(h, ruled, item, { ...by(ruled, 'supervisor'), decision: 'ratify' }), 'body_not_asked');
  t.equal(await sign(h, ruled, item, { ...by(ruled, 'committee', 1), decision: 'ratify' }), 'signed');
  t.equal((await row()).ratified_at, null, 'the normal rule asks three');
  t.equal(await sign(h, ruled, item, { ...by(ruled, 'committee', 2), decision: 'ratify' }), 'ratified');
  t.not((await row()).ratified_at, null);
  t.equal(await sign(h, ruled, item, { ...by(ruled, 'committee', 2), decision: 'ratify' }), 'proposal_not_open', 'once is enough');
  t.equal((await emergency(h, ruled, '1.00')).status, 'approved', 'ratified late, the way is open again until the next is overdue');
});

t.test('a vacancy is one only while the body really lacks signers', async (t) => {
  const h = await testHouse(t);
  const asked = async (ruled: RuledEstate, body: string) => {
    const resolution = { title: '选举决议', date: '2026-01-01', voucher: await resolutionFile(h, ruled) };
    const content = { change: 'appoint', person: ruled.cashier, body, office: 'member', starts_on: '2026-01-01', ends_on: '2027-01-01', resolution };
    return submit(h, ruled, { kind: 'membership', class: 'vacancy', content });
  };
  const whole = await ruledEstate(h, 'whole', { counts: few });
  t.equal(await refusalOf(asked(whole, 'committee')), 'vacancy_not_there');
  t.equal(await refusalOf(asked(whole, 'supervisor')), 'vacancy_not_there', 'a body that the normal rule does not ask is not missed');
  const empty = await ruledEstate(h, 'empty', { counts: { property: 1, supervisor: 1, community: 1, street: 1 } });
  const item = await asked(empty, 'committee');
  t.equal(await sign(h, empty, item, by(empty, 'property')), 'body_not_asked', 'the company has no part in it');
  t.equal(await sign(h, empty, item, by(empty, 'community')), 'signed');
  t.equal(await sign(h, empty, item, by(empty, 'street')), 'approved');
  const { rows } = await h.superuser.query<{ days: number }>(
    `select payable_from - (submitted_at at time zone 'Asia/Shanghai')::date as days from proposal where estate_id = $1 and proposal_id = $2`,
    [empty.estate.estate_id, item.proposal_id]);
  t.equal(rows[0]!.days, 7, 'announced for seven days');
});
