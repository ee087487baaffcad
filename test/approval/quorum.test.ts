// Two keys, by the database itself: whoever is connected, and however.
import t from 'tap';
import pg from 'pg';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import { approved, databaseSays, drafted, pay, proposal, receive, refusalOf, sign, submit, submitted, within } from '../payment/story.ts';

const entryOf = (h: TestHouse, order: number, amount = '7000.00', key = 'forged'): string => JSON.stringify({
  kind: 'payment', entry_date: '2026-01-01', description: 'x', key, made_by: h.persons.cashier, proposal: order,
  postings: [{ account: '5102', fund: 'service', debit: amount }, { account: '1002', fund: 'service', credit: amount }],
});

t.test('a payment is booked under two signatures of two bodies', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h);
  t.equal((await sign(h, order, 'manager')).status, 'signed');
  t.equal(await refusalOf(pay(h, order)), 'order_not_approved');
  t.equal((await sign(h, order, 'committee1')).status, 'approved');
  t.equal((await pay(h, order)).status, 'posted');
  t.equal((await pay(h, order)).status, 'already_posted', 'pressed again: the first answer');
  t.equal(await refusalOf(pay(h, order, { bank_reference: 'OTHER' })), 'order_already_paid');
  t.equal((await proposal(h, order)).state, 'executed');
});

t.test('who may not sign is told so', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const cases: [string, () => Promise<string>][] = [
    ['signer_is_maker', async () => (await sign(h, await submitted(h, {}, 'manager'), 'manager')).status],
    ['signer_is_payee', async () => (await sign(h, await submitted(h, {
      payee: { kind: 'individual', name: '陈主任', bank_name: '农业银行', account_number: '6228480000000001' },
    }), 'committee1')).status],
    ['body_not_asked', async () => (await sign(h, await submitted(h), 'supervisor')).status],
    ['document_changed', async () => (await sign(h, await submitted(h), 'manager', { document_hash: '0'.repeat(64) })).status],
    ['proposal_not_open', async () => (await sign(h, await drafted(h), 'manager')).status],
    ['proposal_unknown', async () => (await sign(h, 999_999, 'manager', { document_hash: '0'.repeat(64) })).status],
    ['not_allowed', async () => refusalOf(sign(h, await submitted(h), 'resident'))],
    ['not_allowed', async () => refusalOf(sign(h, await submitted(h), 'auditor'))],
    ['estate_unknown', async () => refusalOf(sign(h, await submitted(h), 'stranger'))],
    ['reason_missing', async () => refusalOf(sign(h, await submitted(h), 'manager', { decision: 'reject' }))],
    ['rejected', async () => (await sign(h, await submitted(h), 'manager', { decision: 'reject', reason: '验收单缺签字' })).status],
    ['already_signed', async () => {
      const order = await submitted(h);
      await sign(h, order, 'manager');
      return (await sign(h, order, 'manager')).status;
    }],
  ];
  for (const [expected, work] of cases) t.equal(await work(), expected);
});

t.test('a cashier with a signing password still signs nothing', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h, {}, 'committee1');
  await h.superuser.query(`update credential set signing_hash = (select signing_hash from credential where login = 'manager')
    where login = 'cashier'`);
  const result = await sign(h, order, 'cashier');
  t.equal(result.status, 'signer_is_cashier');
  t.match(result.refusal?.in('zh'), '会计法');
});

t.test('signatures of an earlier version count no more, and nobody signs what expired', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h);
  await sign(h, order, 'manager');
  const { returnForCorrection } = await import('../../src/approval/proposal.ts');
  await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, proposal_id: order, actor: h.actorOf('committee1'), reason: '请改用途' }));
  await submit(h, order);
  t.equal((await sign(h, order, 'committee1')).status, 'signed', 'the manager has to sign anew');
  t.equal((await sign(h, order, 'manager')).status, 'approved');
  const late = await submitted(h);
  await h.superuser.query('alter table proposal disable trigger guard_proposal');
  await h.superuser.query(`update proposal set expires_on = '2020-01-01' where proposal_id = $1`, [late]);
  await h.superuser.query('alter table proposal enable always trigger guard_proposal');
  t.equal((await sign(h, late, 'manager')).status, 'proposal_expired');
});

t.test('the superuser cannot book a payment past its order', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const estate_id = h.estate.estate_id;
  const asked = await submitted(h);
  await sign(h, asked, 'manager');
  const done = await approved(h);
  const paid = await approved(h);
  await pay(h, paid);
  const head = await h.superuser.query<{ size: number }>('select size from log_head where estate_id = $1', [estate_id]);
  const seq = Number(head.rows[0]!.size);
  // A seq of another record is taken, so that only the order stands in the way.
  const insert = (order: number | null, amount: string): Promise<string> => databaseSays(h.superuser.query(
    `insert into journal_entry (estate_id, seq, kind, period, number, entry_date, description, amount, proposal_id, made_by, key, content_hash)
     values ($1, $2, 'payment', to_char(now(), 'YYYY-MM'), 900, now()::date, 'x', $3, $4, $5, 'forged', sha256('x'))`,
    [estate_id, seq - 1, amount, order, h.persons.cashier]));
  t.equal(await insert(null, '7000.00'), 'payment_has_order');
  t.equal(await insert(asked, '7000.00'), 'journal_entry_has_quorum', 'one signature is none');
  t.equal(await insert(done, '7000.01'), 'order_amount_differs');
  t.equal(await insert(paid, '7000.00'), 'journal_entry_order_once');
  const post = async (order: number, amount?: string): Promise<string> => {
    const found = await h.superuser.query<{ signed: object }>(
      `select jsonb_build_object('postings', document::jsonb -> 'postings', 'vouchers', document::jsonb -> 'vouchers') as signed
       from proposal where proposal_id = $1`, [order]);
    const body = { ...JSON.parse(entryOf(h, order, amount, `forged ${order} ${amount}`)) as object,
      entry_date: new Date().toISOString().slice(0, 10), ...(amount === undefined ? found.rows[0]!.signed : {}) };
    const { rows } = await h.superuser.query<{ status: string }>(
      'select status from post_entries($1, array[$2])', [estate_id, JSON.stringify(body)]);
    return rows[0]!.status;
  };
  t.equal(await post(asked), 'order_not_approved');
  t.equal(await post(done, '6999.99'), 'order_amount_differs');
  t.equal(await post(paid), 'order_already_paid');
});

t.test('a quorum needs two persons of two bodies over this very document', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  await sign(h, order, 'committee1');
  await sign(h, order, 'committee2');
  t.equal((await proposal(h, order)).state, 'submitted', 'two of one body are one key');
  const insert = (bodies: [string, string], persons: [string, string], hash?: string): Promise<string> => databaseSays(h.superuser.query(
    `insert into quorum (estate_id, proposal_id, document_hash, first_body, first_person, second_body, second_person, reached_at)
     select $1, $2, coalesce(decode($7, 'hex'), document_hash), $3, $4, $5, $6, now() from proposal where proposal_id = $2`,
    [h.estate.estate_id, order, bodies[0], persons[0], bodies[1], persons[1], hash ?? null]));
  const { committee1, committee2, manager } = h.persons;
  t.equal(await insert(['committee', 'committee'], [committee1, committee2]), 'quorum_two_bodies');
  t.equal(await insert(['committee', 'property'], [committee1, committee1]), 'quorum_two_persons');
  t.equal(await insert(['committee', 'property'], [committee1, manager]), 'quorum_second_key', 'the manager has not signed');
  await sign(h, order, 'manager');
  t.equal(await insert(['committee', 'property'], [committee2, manager]), 'quorum_once');
});

t.test('the web role writes no signature, no quorum, and approves nothing', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  await sign(h, order, 'manager');
  const done = await approved(h);
  const app = new pg.Client({ connectionString: h.urls.app });
  await app.connect();
  t.teardown(() => app.end());
  await app.query(`select set_config('mingzhang.estate', $1, false)`, [String(h.estate.estate_id)]);
  const denied = async (statement: string, values: unknown[] = []): Promise<void> => {
    t.match(await databaseSays(app.query(statement, values)), /^(permission|proposal_|quorum|signature)/, statement.slice(0, 60));
  };
  await denied(`insert into signature (estate_id) values (1)`);
  await denied(`insert into quorum select * from quorum limit 1`);
  await denied(`select record_signature($1, '{}')`, [h.estate.estate_id]);
  await denied(`update signature set decision = 'approve'`);
  for (const state of ['approved', 'rejected', 'executed']) await denied(`update proposal set state = '${state}' where proposal_id = $1`, [order]);
  await denied(`update proposal set approved_at = now() where proposal_id = $1`, [order]);
  await denied(`update proposal set amount = 1 where proposal_id = $1`, [order]);
  await denied(`update proposal set title = 'other' where proposal_id = $1`, [done]);
  await denied(`update proposal set made_by = $2 where proposal_id = $1`, [order, h.persons.committee1]);
  await denied(`update proposal set state = 'submitted', version = 2 where proposal_id = $1`, [done]);
  await denied(`delete from proposal where proposal_id = $1`, [order]);
  await denied(`insert into journal_entry (estate_id, seq) values (1, 1)`);
  await denied(`update rule set amount_to = null`);
});
