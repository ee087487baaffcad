// The main job by the interface alone, as a program would do it: with session cookies, and once more
// with bearer tokens. Then who may call what, in one's own estate and in another's.
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { lastDay } from '../../src/kernel/dates.ts';
import { longMonth } from '../browser/persons.ts';
import { SIGNING_PASSWORD, testHouse, type TestHouse } from '../helpers/house.ts';
import { pdfBytes } from '../bank/statement.ts';
import { pngFile } from '../payment/files.ts';
import { bySession, byToken, callerWith, type Answer, type Caller } from './caller.ts';

t.setTimeout(180_000);
t.teardown(closePrinter);
const period = longMonth();
const day = (n: number): string => `${period}-${String(n).padStart(2, '0')}`;
const estate = 'estates/test';

async function opened(t: Test): Promise<{ h: TestHouse; app: FastifyInstance }> {
  const h = await testHouse(t, { first_period: period });
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  return { h, app };
}

const receipt = (on: string, description: string, amount: string, account: string, fund: string) => ({
  kind: 'receipt', entry_date: on, description,
  postings: [{ account: '1002', fund, debit: amount }, { account, fund, credit: amount }],
});

const order = (voucher: string, amount = '7000.00') => ({
  payee: { kind: 'company', name: '川亮照明工程有限公司', bank_name: '示例建设银行支行', account_number: '6200100010000001011' },
  amount, fund: 'public_income', account: '5102', purpose: '地下车库灯具更换', vouchers: [voucher],
});

const approve = { decision: 'approve', method: 'password', password: SIGNING_PASSWORD };

interface Officers { cashier: Caller; manager: Caller; member: Caller }
type As = (app: FastifyInstance, login: string) => Promise<Caller>;

function expecting(t: Test) {
  return (answer: Answer, status: number, what: string): Answer['json'] => {
    t.equal(answer.status, status, `${what}: ${answer.status} ${answer.status === status ? '' : answer.text.slice(0, 300)}`);
    return answer.json;
  };
}

/** Accounts, funds and balances answer a plain list, as DESIGN §5 has it. */
const rowsOf = (answer: Answer): Answer['json'][] => answer.json as unknown as Answer['json'][];

async function bookIncome(t: Test, { cashier }: Officers): Promise<void> {
  const expect = expecting(t);
  const fees = receipt(day(5), '10 月物业费 首批', '60000.00', '4101', 'service');
  const first = expect(await cashier.post(`${estate}/journal-entries`, fees, 'fees-1'), 201, 'posted');
  t.match(first, { status: 'posted', number: '收-001', period });
  const again = await cashier.post(`${estate}/journal-entries`, fees, 'fees-1');
  t.match(again.json, { status: 'already_posted', seq: first['seq'] }, 'pressed twice, booked once');
  const other = { ...fees, description: '别的' };
  t.equal((await cashier.post(`${estate}/journal-entries`, other, 'fees-1')).json['code'], 'key_reused');
  const batch = expect(await cashier.post(`${estate}/journal-entries/batch`, { entries: [
    receipt(day(9), '快递柜场地费 第四季度', '12500.50', '4104', 'public_income'),
    receipt(day(9), '押金记到收入', '100.00', '4101', 'deposit'),
    receipt(day(31), '存款利息', '12.34', '4107', 'public_income'),
  ] }), 200, 'batch');
  t.same(batch['results'].map((one: { status: string }) => one.status), ['posted', 'fund_restricted', 'posted'],
    'a bad entry never spoils the rest');
}

async function payOneOrder(t: Test, { cashier, manager, member }: Officers): Promise<void> {
  const expect = expecting(t);
  const voucher = expect(await cashier.upload(`${estate}/vouchers`, pdfBytes(), '发票.pdf'), 201, 'voucher');
  const bytes = await member.get(`${estate}/vouchers/${voucher['sha256']}`);
  t.ok(bytes.bytes.equals(pdfBytes()), 'the voucher comes back byte for byte');
  const drafted = expect(await cashier.post(`${estate}/payment-orders`, order(voucher['sha256']), 'order-1'), 201, 'drafted');
  t.match(drafted, { state: 'draft' });
  t.equal((await cashier.post(`${estate}/payment-orders`, order(voucher['sha256']), 'order-1')).json['id'], drafted['id']);
  const id = drafted['id'];
  const proposal = `${estate}/proposals/${id}`;
  const paid = { paid_on: day(12), bank_reference: '20261012000123' };
  t.match(expect(await cashier.post(`${proposal}/submit`), 200, 'submitted'), { state: 'submitted' });
  t.equal((await cashier.post(`${estate}/payment-orders/${id}/paid`, paid)).json['code'], 'order_not_approved');
  const waiting = await manager.get(`${estate}/proposals?state=submitted&mine=true`);
  t.same(waiting.json['items'].map((one: { proposal_id: number }) => one.proposal_id), [id]);
  expect(await manager.post(`${proposal}/sign`, approve), 200, 'first key');
  t.equal((await manager.post(`${proposal}/sign`, approve)).status, 409, 'nobody signs twice');
  t.equal((await member.post(`${proposal}/sign`, { ...approve, password: 'wrong' })).status, 403);
  const signed = expect(await member.post(`${proposal}/sign`, approve), 200, 'second key');
  t.match(signed, { state: 'approved', missing: [] });
  t.equal((await cashier.get(proposal)).json['available'], '5512.84', 'the sum is set aside');
  const more = (await cashier.post(`${estate}/payment-orders`, order(voucher['sha256'], '6000.00'))).json['id'];
  const refused = await cashier.post(`${estate}/proposals/${more}/submit`);
  t.match([refused.status, refused.json['code']], [422, 'available_exceeded'], 'no order above what the fund has available');
  t.match(expect(await cashier.post(`${estate}/payment-orders/${id}/paid`, paid), 200, 'paid'), { status: 'posted', number: '付-001' });
  t.match((await cashier.post(`${estate}/payment-orders/${id}/paid`, paid)).json, { status: 'already_posted' });
  t.equal((await cashier.post(`${estate}/payment-orders/${id}/paid`, { ...paid, paid_on: day(13) })).json['code'], 'order_already_paid');
}

async function closeMonth(t: Test, { cashier, manager, member }: Officers): Promise<void> {
  const expect = expecting(t);
  const statement = expect(await cashier.upload(`${estate}/vouchers`, pngFile(8), '对账单.png', 'officers'), 201, 'statement');
  const stated = { account: '1002', as_of: lastDay(period), balance: '65512.84', voucher: statement['sha256'] };
  expect(await cashier.post(`${estate}/bank-balances`, stated, 'bank-1'), 201, 'bank balance');
  t.match((await cashier.get(`${estate}/bank-balances`)).json['items'][0], { balance: '65512.84', book_balance: '65512.84', difference: '0.00' });
  const { proposal_id } = expect(await cashier.post(`${estate}/periods/${period}/close`, undefined, 'close-1'), 201, 'close proposed');
  const both = { items: [{ proposal_id }], ...approve };
  expect(await manager.post(`${estate}/proposals/sign`, both), 200, 'first key');
  const { results } = expect(await member.post(`${estate}/proposals/sign`, both), 200, 'second key');
  t.match(results, [{ proposal_id, state: 'executed' }]);
  const late = await cashier.post(`${estate}/journal-entries`, receipt(day(20), '迟到的收入', '1.00', '4101', 'service'));
  t.equal(late.json['code'], 'period_closed');
}

/** Sums of the page, the interface, the CSV, the PDF's figures and of plain SQL. */
async function sumsAgree(t: Test, h: TestHouse, { manager }: Officers): Promise<void> {
  const { figures } = (await manager.get(`${estate}/disclosures/${period}`)).json;
  t.match(figures, { received: '72512.84', paid: '7000.00', closing: '65512.84', opening: '0.00' });
  t.equal(figures['entries'].length, 4);
  const balances = rowsOf(await manager.get(`${estate}/balances?as_of=${lastDay(period)}`));
  const money = balances.filter((row) => row['account'] === '1002')
    .reduce((all, row) => all + Math.round(Number(row['balance']) * 100), 0);
  t.equal(money, 6551284, 'balances as of the last day');
  const { rows: [plain] } = await h.superuser.query<{ money: string }>(
    `select sum(debit - credit)::text as money from posting where estate_id = $1 and account = '1002'`, [h.estate.estate_id]);
  t.equal(plain!.money, '65512.84', 'plain SQL');
  const csv = (await manager.get(`${estate}/disclosures/${period}.csv`)).text;
  for (const number of ['收-001', '收-002', '收-003', '付-001']) t.equal(csv.split(number).length, 2, `${number} once`);
}

async function mainJob(t: Test, as: As): Promise<void> {
  const { h, app } = await opened(t);
  const expect = expecting(t);
  const officers = { cashier: await as(app, 'cashier'), manager: await as(app, 'manager'), member: await as(app, 'committee2') };
  const { manager } = officers;
  t.match((await officers.cashier.get('me')).json, { login: 'cashier' });
  t.match((await officers.cashier.get('estates')).json['items'], [{ code: 'test' }]);
  await bookIncome(t, officers);
  await payOneOrder(t, officers);
  await closeMonth(t, officers);
  expect(await manager.post(`${estate}/disclosures/${period}`, { publish: 'now' }), 201, 'published');
  await sumsAgree(t, h, officers);

  const { items: [sheet] } = expect(await manager.post(`${estate}/invitations`, { units: ['1-2-101'] }), 201, 'invitation');
  const nobody = callerWith(app, {});
  const password = '桂花开了我们一起去看账本明明白白';
  expect(await nobody.post('join', { code: sheet.code, login: '13800000002', password, name: '王阿姨' }), 201, 'joined');
  t.not((await nobody.post('join', { code: sheet.code, login: '13800000003', password })).status, 201, 'a code works once');
  const owner = await bySession(app, '13800000002', password);
  const pdf = await owner.get(`${estate}/disclosures/${period}.pdf`);
  t.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  t.match(String(pdf.headers['content-disposition']), encodeURIComponent(`收支公示-示例小区-${period}-第1版.pdf`));
  const { items: found } = (await owner.get(`${estate}/journal-entries?q=${encodeURIComponent('灯具')}`)).json;
  t.equal(found.length, 1);
  const entry = expect(await owner.get(`${estate}/journal-entries/${found[0].seq}`), 200, 'entry');
  t.same(entry['signers'].map((one: { office: string }) => one.office).sort(), ['manager', 'member']);
  const asked = expect(await owner.post(`${estate}/inquiries`, { question: '换了几盏灯？', about: found[0].seq }, 'ask-1'), 201, 'asked');
  expect(await manager.post(`${estate}/inquiries/${asked['inquiry_id']}/answers`, { answer: '48 盏，保修两年。' }), 201, 'answered');
  t.match((await owner.get(`${estate}/inquiries/${asked['inquiry_id']}`)).json, { state: 'answered', answer_list: [{ answer: '48 盏，保修两年。' }] });
}

t.test('the main job by the interface, with session cookies', (t) => mainJob(t, bySession));
t.test('the main job by the interface, with bearer tokens', (t) => mainJob(t, byToken));

t.test('whoever does not belong to an estate gets 404, whoever is nobody 401, whatever is called', async (t) => {
  const { app } = await opened(t);
  const stranger = await bySession(app, 'stranger');
  const nobody = callerWith(app, {});
  const reads = ['', '/accounts', '/funds', '/balances', '/periods', '/journal-entries', '/journal-entries/1', '/proposals', '/proposals/1',
    '/payment-orders', '/payment-orders/1', '/payees', '/bank-accounts', '/bank-balances', '/disclosures', `/disclosures/${period}`,
    `/disclosures/${period}.pdf`, `/disclosures/${period}.csv`, `/disclosures/${period}.json`, '/inquiries', '/inquiries/1', '/bodies',
    `/vouchers/${'0'.repeat(64)}`];
  for (const path of reads) {
    t.equal((await stranger.get(estate + path)).status, 404, `stranger reads ${path}`);
    t.equal((await nobody.get(estate + path)).status, 401, `nobody reads ${path}`);
  }
  const writes: [string, object | undefined][] = [
    ['/journal-entries', receipt(day(9), '场地费', '1.00', '4104', 'public_income')],
    ['/payment-orders', order('0'.repeat(64))], ['/proposals/1/submit', undefined], ['/proposals/1/sign', approve],
    ['/proposals/1/withdraw', { reason: '重复' }], ['/payment-orders/1/paid', { paid_on: day(12), bank_reference: '1' }],
    [`/periods/${period}/close`, undefined], [`/disclosures/${period}`, { publish: 'now' }], ['/inquiries', { question: '为什么？' }],
    ['/inquiries/1/answers', { answer: '因为。' }], ['/invitations', { units: ['1-1-101'] }],
    ['/bank-balances', { account: '1002', as_of: day(31), balance: '1.00', voucher: '0'.repeat(64) }],
  ];
  for (const [path, body] of writes) {
    t.equal((await stranger.post(estate + path, body)).status, 404, `stranger writes ${path}`);
    t.equal((await nobody.post(estate + path, body)).status, 401, `nobody writes ${path}`);
  }
  t.equal((await stranger.get('estates/other')).status, 200, 'the own estate is there');
  t.equal((await (await bySession(app, 'cashier')).get('estates/other')).status, 404);
});

t.test('in one’s own estate each office does its part and no other', async (t) => {
  const { app } = await opened(t);
  const as = async (login: string): Promise<Caller> => bySession(app, login);
  const cashier = await as('cashier');
  await cashier.post(`${estate}/journal-entries`, receipt(day(9), '场地费', '9000.00', '4104', 'public_income'));
  const { sha256 } = (await cashier.upload(`${estate}/vouchers`, pdfBytes(), '发票.pdf')).json;
  const { id } = (await cashier.post(`${estate}/payment-orders`, order(sha256))).json;
  const body = receipt(day(9), '场地费', '1.00', '4104', 'public_income');
  const may: Record<string, [post: number, draft: number, submit: number, sign: number, close: number, publish: number, invite: number]> = {
    // what each gets for posting, drafting, submitting another's draft, signing, closing, publishing an open month, inviting
    resident: [403, 403, 403, 403, 403, 403, 403],
    auditor: [403, 403, 403, 403, 403, 403, 403],
  };
  for (const [login, wanted] of Object.entries(may)) {
    const caller = await as(login);
    const got = [
      await caller.post(`${estate}/journal-entries`, body), await caller.post(`${estate}/payment-orders`, order(sha256)),
      await caller.post(`${estate}/proposals/${id}/submit`), await caller.post(`${estate}/proposals/${id}/sign`, approve),
      await caller.post(`${estate}/periods/${period}/close`), await caller.post(`${estate}/disclosures/${period}`, { publish: 'now' }),
      await caller.post(`${estate}/invitations`, { units: ['1-1-101'] }),
    ];
    t.same(got.map((one) => one.status), wanted, `${login}: ${got.map((one) => one.json['code']).join(' ')}`);
  }
  await cashier.post(`${estate}/proposals/${id}/submit`);
  t.equal((await cashier.post(`${estate}/proposals/${id}/sign`, approve)).status, 403, 'the maker, a cashier, signs nothing');
  const resident = await as('resident');
  t.equal((await resident.get(`${estate}/payment-orders`)).status, 403, 'orders on their way are for officers');
  t.equal((await resident.get(`${estate}/journal-entries`)).status, 200, 'the books are for every owner');
  const chair = await as('committee1');
  t.equal((await chair.post(`${estate}/journal-entries`, body)).status, 403, 'a committee posts nothing');
  t.equal((await chair.post(`${estate}/payment-orders/${id}/paid`, { paid_on: day(12), bank_reference: '1' })).status, 403);
  const reader = await byToken(app, 'cashier', ['read']);
  t.equal((await reader.get(`${estate}/journal-entries`)).status, 200);
  t.equal((await reader.post(`${estate}/journal-entries`, body)).json['code'], 'token_scope', 'a token for reading posts nothing');
});
