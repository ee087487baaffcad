// Who must sign what: rules, signers and amounts at the borders of the bands.
import t from 'tap';
import { presets, usualRules } from '../../src/approval/presets.ts';
import { openRules } from '../../src/approval/rules.ts';
import { openEstateRow } from '../../src/estate/estate.ts';
import { openBody } from '../../src/people/body.ts';
import { testEstate, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { approved, databaseSays, pay, proposal, receive, refusalOf, sign, submitted, within } from '../payment/story.ts';
import { kinds, type NewRule } from '../../src/approval/kinds.ts';

const table: [string, PersonName[], string][] = [
  ['0.01', ['manager'], 'submitted'],
  ['0.01', ['committee1'], 'submitted'],
  ['0.01', ['committee1', 'committee2'], 'submitted'],
  ['0.01', ['manager', 'committee2'], 'approved'],
  ['99999.99', ['manager', 'committee1'], 'approved'],
  ['99999.99', ['committee1', 'manager'], 'approved'],
  ['100000.00', ['manager', 'committee1'], 'submitted'],
  ['100000.00', ['committee1', 'committee2'], 'submitted'],
  ['100000.00', ['manager', 'committee1', 'committee2'], 'approved'],
  ['100000.00', ['committee2', 'manager', 'committee1'], 'approved'],
  ['100000.01', ['manager', 'committee2', 'committee1'], 'approved'],
];

t.test('signatures asked at each amount', async (t) => {
  const h = await testHouse(t);
  await receive(h, '2000000.00');
  for (const [amount, signers, state] of table) {
    const order = await submitted(h, { amount });
    for (const who of signers) await sign(h, order, who);
    t.equal((await proposal(h, order)).state, state, `${amount}: ${signers.join(', ')}`);
  }
});

async function estateWith(h: TestHouse, code: string, mode: 'trust' | 'commission' | 'self_managed', rules?: NewRule[]) {
  return openEstateRow(h.house, { ...testEstate('2026-01'), code, mode }, async (trx, { estate_id }) => {
    for (const body of ['property', 'committee', 'supervisor', 'community', 'street'] as const) {
      await openBody(trx, { estate_id, body, name_zh: body, name_en: body });
    }
    await openRules(trx, { estate_id, mode, valid_from: '2026-01-01', rules });
  });
}

t.test('each mode has rules of two bodies for every kind', async (t) => {
  const h = await testHouse(t);
  for (const preset of presets) {
    const rules = usualRules(preset);
    t.same([...new Set(rules.map((rule) => rule.kind))].sort(), [...kinds].sort(), preset);
    t.ok(rules.every((rule) => Object.keys(rule.bodies).length >= 2), preset);
    t.ok(rules.every((rule) => rule.class === 'vacancy' || rule.bodies.committee !== undefined), `${preset}: the owners' side signs everything`);
  }
  for (const mode of ['trust', 'commission', 'self_managed'] as const) await estateWith(h, `mode-${mode.replace('_', '-')}`, mode);
  for (const preset of ['self_managed', 'self_managed_community'] as const) {
    t.ok(usualRules(preset).every((rule) => !('property' in rule.bodies)), `${preset}: without a company another holds the second key`);
  }
});

t.test('rules of one body are refused, and rules are opened once', async (t) => {
  const h = await testHouse(t);
  const lonely = [{ ...usualRules('trust')[0]!, bodies: { committee: 2 } }];
  t.equal(await databaseSays(estateWith(h, 'lonely', 'trust', lonely)), 'rule_needs_two_bodies');
  const keyless = [{ ...usualRules('trust')[0]!, bodies: { property: 1, supervisor: 1 } }];
  t.equal(await databaseSays(estateWith(h, 'keyless', 'trust', keyless)), 'rule_needs_owners_key', 'the owners always hold one of the keys');
  t.equal(await refusalOf(within(h, (trx) => openRules(trx, { estate_id: h.estate.estate_id, mode: 'trust', valid_from: '2020-01-01' }))), 'rules_exist');
  await h.superuser.query('alter table proposal disable trigger guard_proposal');
  t.match(await databaseSays(h.superuser.query('update rule set expires_days = 90')), /append_only/);
  t.match(await databaseSays(h.superuser.query('delete from rule_body')), /append_only/);
});

t.test('a fund\'s own rule goes before the general one, in code and in the database', async (t) => {
  const h = await testHouse(t);
  const { estate_id } = h.estate;
  // As a later rule would come: by the owner of the tables.
  await h.superuser.query(`insert into rule (estate_id, rule_id, kind, fund, valid_from) values ($1, 90, 'payment', 'public_income', '2020-01-01')`, [estate_id]);
  await h.superuser.query(`insert into rule_body values ($1, 90, 'property', 1), ($1, 90, 'committee', 2)`, [estate_id]);
  await receive(h, '9000.00', 'public_income');
  const order = await submitted(h, { amount: '100.00', fund: 'public_income' });
  t.equal((await proposal(h, order)).rule_id, 90);
  await sign(h, order, 'manager');
  t.equal((await sign(h, order, 'committee1')).status, 'signed');
  t.equal((await sign(h, order, 'committee2')).status, 'approved');
  const draft = await within(h, async (trx) => (await trx.insertInto('proposal')
    .values({ estate_id, kind: 'payment', title: 'x', amount: '100.00', fund: 'public_income', made_by: h.persons.cashier })
    .returning('proposal_id').executeTakeFirstOrThrow()).proposal_id);
  const evade = databaseSays(h.superuser.query(`update proposal set state = 'submitted', version = 1, rule_id = 1, submitted_at = now(),
    expires_on = '2099-01-01', document = '{"version":1}', document_hash = sha256('{"version":1}') where proposal_id = $1`, [draft]));
  t.equal(await evade, 'rule_does_not_fit');
});

t.test('a signer whose term has ended signs no more', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  await h.superuser.query(`update term set ends_on = '2020-12-31' where person_id = $1`, [h.persons.committee1]);
  t.equal((await sign(h, order, 'committee1')).status, 'signer_not_in_office');
  t.equal((await pay(h, await approvedBy(h, order, ['manager', 'committee2']))).status, 'posted');
  t.ok(await approvedStill(h));
});

async function approvedBy(h: TestHouse, order: number, signers: PersonName[]): Promise<number> {
  for (const who of signers) await sign(h, order, who);
  return order;
}
const approvedStill = async (h: TestHouse): Promise<boolean> => (await proposal(h, await approved(h))).state === 'submitted';
