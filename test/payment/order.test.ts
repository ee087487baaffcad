// A whole payment by the interface alone, and what the interface says to mistakes.
import t from 'tap';
import type { FastifyInstance } from 'fastify';
import { today } from '../../src/kernel/dates.ts';
import { PASSWORD, SIGNING_PASSWORD, signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { multipart, pngFile } from './files.ts';
import { smallApp } from './small-app.ts';
import { company, drafted, proposal, receive, submitted, typedOrder, voucher } from './story.ts';

const base = '/api/v1/estates/test';
type Headers = Awaited<ReturnType<typeof signIn>>;
interface Desk {
  h: TestHouse;
  app: FastifyInstance;
  as(who: string): Promise<Headers>;
  call(method: 'GET' | 'POST' | 'PUT', path: string, who: string, payload?: object, more?: object): Promise<{ status: number; body: any }>;
}

async function desk(t: { teardown(work: () => unknown): void }): Promise<Desk> {
  const h = await testHouse(t);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const logins = new Map<string, Promise<Headers>>();
  const as = (who: string): Promise<Headers> => {
    const login = logins.get(who) ?? signIn(app, who, PASSWORD);
    logins.set(who, login);
    return login;
  };
  return {
    h, app, as,
    async call(method, path, who, payload, more = {}) {
      const answer = await app.inject({ method, url: base + path, headers: { ...await as(who), ...more }, ...(payload === undefined ? {} : { payload }) });
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
    },
  };
}

const signing = { decision: 'approve', method: 'password', password: SIGNING_PASSWORD };

t.test('voucher, order, two signatures, paid, booked: by the interface alone', async (t) => {
  const { h, app, as, call } = await desk(t);
  await receive(h, '20000.00', 'public_income');
  const { payload, headers } = multipart([{ name: 'file', file_name: '发票.png', content: pngFile() }, { name: 'audience', content: 'owners' }]);
  const sent = await app.inject({ method: 'POST', url: `${base}/vouchers`, payload, headers: { ...await as('cashier'), ...headers } });
  const order = {
    payee: company, amount: '7000.00', fund: 'public_income', account: '5102', purpose: '地下车库灯具更换',
    vouchers: [sent.json<{ sha256: string }>().sha256], invoice: { number: '25512000000012345678', total: '7000.00' },
  };
  const made = await call('POST', '/payment-orders', 'cashier', order, { 'idempotency-key': 'one' });
  t.equal(made.status, 201, JSON.stringify(made.body));
  t.match(made.body, { reference: /^FK\d{6}$/, state: 'draft' });
  // The day of the week is not ours.
  const codes = made.body.checks.map((check: { code: string; state: string }) => `${check.code} ${check.state}`)
    .filter((code: string) => code !== 'weekend attention');
  t.same(codes, ['voucher_attached ok', 'invoice_total ok', 'fund_use ok', 'available ok', 'payee_first attention', 'budget unknown']);
  t.equal((await call('POST', '/payment-orders', 'cashier', order, { 'idempotency-key': 'one' })).body.id, made.body.id, 'pressed twice');
  t.equal((await call('POST', '/payment-orders', 'cashier', { ...order, amount: '1.00' }, { 'idempotency-key': 'one' })).body.code, 'key_reused');
  const { id } = made.body;
  const submitted = await call('POST', `/proposals/${id}/submit`, 'cashier');
  t.match(submitted, { status: 200, body: { state: 'submitted', document_hash: /^[0-9a-f]{64}$/ } });
  const queue = await call('GET', '/proposals?mine=true', 'manager');
  t.match(queue.body.items, [{ proposal_id: id, signed: 0, needed: 2 }]);
  const one = await call('GET', `/proposals/${id}`, 'manager');
  t.match(one.body, { document: { payee: { name: company.name, account_last4: '7890' }, postings: [{ debit: '7000.00' }, { credit: '7000.00' }] },
    available: '20000.00', missing: [{ body: 'property', missing: 1 }, { body: 'committee', missing: 1 }] });
  t.equal(one.body.fingerprint.zh.split(' · ').length, 6);
  t.notMatch(JSON.stringify(one.body.document), '62220212', 'the account number is no part of the document');
  const first = await call('POST', `/proposals/${id}/sign`, 'manager', { ...signing, document_hash: submitted.body.document_hash });
  t.match(first, { status: 200, body: { status: 'signed', state: 'submitted', missing: [{ body: 'committee' }] } });
  t.equal((await call('GET', '/proposals?mine=true', 'manager')).body.items.length, 0);
  t.match(await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: 'YH1' }), { status: 409, body: { code: 'order_not_approved' } });
  t.match(await call('POST', `/proposals/${id}/sign`, 'committee1', signing), { status: 200, body: { status: 'approved', state: 'approved' } });
  t.equal((await call('GET', `/proposals/${id}`, 'resident')).body.available, '13000.00', 'reserved');
  t.equal((await call('POST', `/payment-orders/${id}/paid`, 'committee1', { paid_on: today(h.house.clock), bank_reference: 'YH1' })).status, 403);
  const paid = await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: '2026101200012345' });
  t.match(paid, { status: 200, body: { status: 'posted', number: /^付-001$/ } });
  t.match(await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: '2026101200012345' }), { body: { status: 'already_posted', seq: paid.body.seq } });
  const twice = await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: 'X' });
  t.match(twice, { status: 409, body: { code: 'order_already_paid' } });
  t.match(twice.body.detail, '付-001');
  const done = await call('GET', `/payment-orders/${id}`, 'cashier');
  t.match(done.body, { state: 'executed', entry_number: /付-001$/, paid_on: today(h.house.clock) });
  const { rows } = await h.superuser.query('select description, kind, amount from journal_entry where seq = $1', [paid.body.seq]);
  t.same(rows, [{ description: `地下车库灯具更换（${company.name}）`, kind: 'payment', amount: '7000.00' }]);
  t.equal((await call('GET', '/payment-orders?q=灯具&state=executed', 'auditor')).body.items.length, 1);
  t.equal((await call('GET', '/payment-orders', 'resident')).status, 403);
});

t.test('what people type by mistake is refused at its field', async (t) => {
  const { h, call } = await desk(t);
  await receive(h, '20000.00');
  const good = await typedOrder(h);
  const cases: [object, string, string][] = [
    [{ amount: '0.30000000000000004' }, 'amount_unreadable', 'amount'],
    [{ amount: '1e5' }, 'amount_unreadable', 'amount'],
    [{ amount: '-1.00' }, 'amount_not_positive', 'amount'],
    [{ amount: '0' }, 'amount_not_positive', 'amount'],
    [{ amount: '' }, 'amount_unreadable', 'amount'],
    [{ amount: '99999999999.00' }, 'amount_too_large', 'amount'],
    [{ amount: 7000 }, 'input_invalid', 'amount'],
    [{ amount: 0.1 + 0.2 }, 'input_invalid', 'amount'],
    [{ fund: 'gold' }, 'order_fund_unknown', 'fund'],
    [{ account: '9999' }, 'order_account_unknown', 'account'],
    [{ account: '5101' }, 'order_account_unknown', 'account'],
    [{ account: '1002' }, 'order_account_unfit', 'account'],
    [{ account: '3101' }, 'order_account_unfit', 'account'],
    [{ bank_account: '5102' }, 'paying_account_unknown', 'bank_account'],
    [{ purpose: '' }, 'text_empty', 'purpose'],
    [{ purpose: '长'.repeat(10_000) }, 'text_too_long', 'purpose'],
    [{ purpose: '退给王女士 13812345678' }, 'text_personal', 'purpose'],
    [{ payee: { payee_id: 999 } }, 'payee_unknown', 'payee'],
    [{ payee: { ...company, account_number: '62 22a' } }, 'account_number_invalid', 'account_number'],
    [{ payee: { ...company, name: ' ' } }, 'payee_name_invalid', 'name'],
    [{ payee: { ...company, bank_name: '' } }, 'bank_name_invalid', 'bank_name'],
    [{ vouchers: ['0'.repeat(64)] }, 'voucher_unknown', 'vouchers'],
    [{ invoice: { number: '', total: '1.00' } }, 'invoice_incomplete', 'invoice_number'],
    [{ invoice: { number: 'A1234', total: '' } }, 'invoice_incomplete', 'invoice_total'],
    [{ invoice: { number: '!', total: '1.00' } }, 'invoice_number_invalid', 'invoice_number'],
    [{ extra: 1 }, 'input_invalid', 'extra'],
  ];
  for (const [change, code, field] of cases) {
    const { status, body } = await call('POST', '/payment-orders', 'cashier', { ...good, ...change });
    t.same([status >= 400 && status < 500, body.code, body.field], [true, code, field], `${JSON.stringify(change).slice(0, 60)}: ${body.detail}`);
  }
  for (const amount of ['７，０００', '7,000.00', '¥7000.00', '7000 元']) {
    const made = await call('POST', '/payment-orders', 'cashier', { ...good, amount });
    t.equal((await call('GET', `/payment-orders/${made.body.id}`, 'cashier')).body.amount, '7000.00', amount);
  }
  t.equal((await call('POST', '/payment-orders', 'resident', good)).status, 403);
  t.equal((await call('GET', '/payment-orders/999999', 'cashier')).status, 404);
  t.equal((await call('GET', '/proposals/999999', 'cashier')).status, 404);
});

t.test('a submitted order is frozen; a returned one comes back as the next version', async (t) => {
  const { h, call } = await desk(t);
  await receive(h, '20000.00');
  const id = await submitted(h, { amount: '5000.00' });
  const order = await typedOrder(h, { amount: '4800.00', purpose: '地下车库灯具更换（12 盏）' });
  t.equal((await call('PUT', `/payment-orders/${id}`, 'cashier', order)).body.code, 'order_not_draft');
  await call('POST', `/proposals/${id}/sign`, 'manager', signing);
  t.equal((await call('POST', `/proposals/${id}/return`, 'committee1', {})).body.code, 'reason_missing');
  t.equal((await call('POST', `/proposals/${id}/return`, 'supervisor', { reason: 'x' })).body.code, 'return_not_yours');
  t.match(await call('POST', `/proposals/${id}/return`, 'committee1', { reason: '发票金额不符' }), { status: 200, body: { state: 'returned' } });
  t.equal((await call('PUT', `/payment-orders/${id}`, 'manager', order)).body.code, 'order_not_yours');
  t.equal((await call('PUT', `/payment-orders/${id}`, 'cashier', order)).status, 200);
  t.equal((await call('POST', `/proposals/${id}/submit`, 'manager')).body.code, 'submit_not_maker');
  const again = await call('POST', `/proposals/${id}/submit`, 'cashier');
  t.equal(again.status, 200);
  const { body } = await call('GET', `/proposals/${id}`, 'manager');
  t.match(body, { version: 2, signatures: [], earlier_signatures: [{ office: 'manager' }] });
  t.match(body.changes.map((change: { field: string }) => change.field), ['amount', 'purpose', 'vouchers']);
  t.match(body.changes[0], { before: '5000.00', after: '4800.00' });
  t.match(await call('POST', `/proposals/${id}/hold`, 'committee1', { reason: '等验收' }), { body: { state: 'held' } });
  t.equal((await call('POST', `/proposals/${id}/sign`, 'manager', signing)).body.code, 'proposal_not_open');
  t.match(await call('POST', `/proposals/${id}/release`, 'manager'), { body: { state: 'submitted' } });
  await call('POST', `/proposals/${id}/sign`, 'manager', signing);
  await call('POST', `/proposals/${id}/sign`, 'committee2', signing);
  t.match(await call('POST', `/proposals/${id}/withdraw`, 'committee1', { reason: '供应商倒闭' }), { body: { state: 'withdrawn' } });
  t.equal((await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: 'A' })).body.code, 'order_not_approved');
  t.equal((await call('POST', `/proposals/${id}/withdraw`, 'manager', { reason: 'x' })).body.code, 'proposal_finished');
  const { rows } = await h.superuser.query(`select kind from record where kind like 'proposal\\_%' order by seq`);
  t.same(rows.map((row: { kind: string }) => row.kind.slice(9)), ['submitted', 'returned', 'submitted', 'held', 'released', 'withdrawn']);
});

t.test('signing: wrong password, several at once, a rejection', async (t) => {
  const { h, call } = await desk(t);
  await receive(h, '90000.00');
  const ids = [await submitted(h), await submitted(h), await submitted(h)];
  t.match(await call('POST', `/proposals/${ids[0]}/sign`, 'manager', { ...signing, password: 'wrong-password' }), { status: 403, body: { code: 'signing_password_wrong', field: 'password' } });
  t.equal((await call('POST', `/proposals/${ids[0]}/sign`, 'manager', { ...signing, password: PASSWORD })).body.code, 'signing_password_wrong', 'the login password signs nothing');
  t.equal((await call('POST', `/proposals/${ids[0]}/sign`, 'manager', { ...signing, method: 'passkey' })).body.code, 'challenge_invalid');
  t.equal((await call('POST', '/proposals/sign', 'manager', { ...signing, items: [] })).body.code, 'nothing_chosen');
  const batch = await call('POST', '/proposals/sign', 'manager', { ...signing, items: [...ids.map((proposal_id) => ({ proposal_id })), { proposal_id: 999_999 }] });
  t.same(batch.body.results.map((row: { status: string }) => row.status), ['signed', 'signed', 'signed', 'proposal_unknown']);
  t.equal((await call('POST', `/proposals/${ids[0]}/sign`, 'committee1', { ...signing, decision: 'reject' })).body.code, 'reason_missing');
  t.match(await call('POST', `/proposals/${ids[0]}/sign`, 'committee1', { ...signing, decision: 'reject', reason: '不是我们小区的活' }), { body: { status: 'rejected', state: 'rejected' } });
  t.equal((await proposal(h, ids[0]!)).reason, '不是我们小区的活');
  for (let i = 0; i < 4; i += 1) await call('POST', `/proposals/${ids[1]}/sign`, 'committee2', { ...signing, password: `wrong-${i}` });
  t.equal((await call('POST', `/proposals/${ids[1]}/sign`, 'committee2', { ...signing, password: 'wrong-5' })).status, 403);
  t.equal((await call('POST', `/proposals/${ids[1]}/sign`, 'committee2', signing)).status, 429, 'five wrong tries, then a wait even with the right one');
});

t.test('payees: full for officers, masked for owners, one person is one payee', async (t) => {
  const { call } = await desk(t);
  const person = { kind: 'individual', name: '张建国', bank_name: '农业银行', account_number: '6228 4800 0000 1234' };
  const made = await call('POST', '/payees', 'cashier', person);
  t.match(made, { status: 201, body: { public_name: '张*', account_last4: '1234', name: '张建国', account_number: '6228480000001234' } });
  t.equal((await call('POST', '/payees', 'manager', person)).body.payee_id, made.body.payee_id);
  t.equal((await call('POST', '/payees', 'resident', person)).status, 403);
  const seen = await call('GET', '/payees', 'resident');
  t.equal(seen.status, 200);
  t.notMatch(JSON.stringify(seen.body), /张建国|6228480000001234|农业银行/);
  t.match((await call('GET', '/payees', 'auditor')).body.items, [{ name: '张建国' }]);
});

t.test('the memo of a payment to a person names nobody', async (t) => {
  const { h, call } = await desk(t);
  await receive(h, '20000.00');
  const id = await drafted(h, { payee: { kind: 'individual', name: '张建国', bank_name: '农业银行', account_number: '6228480000001234' }, purpose: '临时保洁' });
  await call('POST', `/proposals/${id}/submit`, 'cashier');
  await call('POST', `/proposals/${id}/sign`, 'manager', signing);
  await call('POST', `/proposals/${id}/sign`, 'committee1', signing);
  await call('POST', `/payment-orders/${id}/paid`, 'cashier', { paid_on: today(h.house.clock), bank_reference: 'A1' });
  const { rows } = await h.superuser.query('select body from record');
  const log = rows.map((row: { body: string }) => row.body).join('\n');
  t.match(log, '临时保洁（张*）');
  t.notMatch(log, /张建国|6228480000001234/);
  t.ok(await voucher(h));
});
