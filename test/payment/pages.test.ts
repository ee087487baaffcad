// The whole payment in a browser without script: forms, redirects, wrong forms that come back filled in.
import t from 'tap';
import type { FastifyInstance } from 'fastify';
import { today } from '../../src/kernel/dates.ts';
import { SIGNING_PASSWORD, signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { multipart, pngFile, type Part } from './files.ts';
import { smallApp } from './small-app.ts';
import { approved, company, proposal, receive, submitted, voucher, within } from './story.ts';
import { returnForCorrection } from '../../src/approval/proposal.ts';

type Headers = Awaited<ReturnType<typeof signIn>>;

async function browser(t: { teardown(work: () => unknown): void }): Promise<{
  h: TestHouse; app: FastifyInstance; login: (who: string) => Promise<Headers>;
  get: (path: string, as: Headers, lang?: string) => Promise<{ status: number; html: string; headers: Record<string, unknown> }>;
  post: (path: string, as: Headers, fields: Record<string, string | string[]>) => Promise<{ status: number; html: string; location: string }>;
  upload: (path: string, as: Headers, parts: Part[]) => Promise<{ status: number; html: string; location: string }>;
}> {
  const h = await testHouse(t);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const result = (answer: { statusCode: number; body: string; headers: Record<string, unknown> }) =>
    ({ status: answer.statusCode, html: answer.body, location: String(answer.headers['location'] ?? '') });
  return {
    h, app, login: (who) => signIn(app, who),
    async get(path, as, lang = 'zh') {
      const answer = await app.inject({ url: `/e/test${path}`, headers: { ...as, accept: 'text/html', 'accept-language': lang } });
      return { status: answer.statusCode, html: answer.body, headers: answer.headers };
    },
    async post(path, as, fields) {
      const payload = new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])));
      return result(await app.inject({ method: 'POST', url: `/e/test${path}`, payload: payload.toString(),
        headers: { ...as, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' } }));
    },
    async upload(path, as, parts) {
      const { payload, headers } = multipart(parts);
      return result(await app.inject({ method: 'POST', url: `/e/test${path}`, payload, headers: { ...as, accept: 'text/html', ...headers } }));
    },
  };
}

const formOf = (fields: Record<string, string>, files: Part[] = []): Part[] =>
  [...Object.entries(fields).map(([name, content]) => ({ name, content })), ...files];

const filled = {
  payee: 'new', kind: 'company', name: company.name, bank_name: company.bank_name, account_number: company.account_number,
  amount: '7,000.00', fund: 'service', account: '5102', bank_account: '1002', purpose: '地下车库灯具更换', invoice_number: '',
  invoice_total: '', audience: 'owners', form_key: 'k1', next: 'submit',
};

t.test('an order by forms alone', async (t) => {
  const { h, login, get, post, upload } = await browser(t);
  await receive(h, '20000.00');
  const [cashier, manager, chair] = [await login('cashier'), await login('manager'), await login('committee1')];
  const blank = await get('/orders/new', cashier);
  t.equal(blank.status, 200);
  t.match(blank.html, /name="amount"/);
  const wrong = await upload('/orders', cashier, formOf({ ...filled, amount: '1e5' }, [{ name: 'vouchers', file_name: '发票.png', content: pngFile() }]));
  t.equal(wrong.status, 422);
  t.match(wrong.html, '1e5');
  t.match(wrong.html, /value="地下车库灯具更换"/);
  const kept = /name="vouchers_kept" value="([0-9a-f]{64})"/.exec(wrong.html)?.[1];
  t.ok(kept, 'the file is kept');
  const bad = await upload('/orders', cashier, formOf(filled, [{ name: 'vouchers', file_name: '发票.pdf', content: 'MZ' }]));
  t.equal(bad.status, 415);
  t.match(bad.html, '改扩展名没有用');
  t.match(bad.html, /value="7,000.00"/);
  const send = () => upload('/orders', cashier, formOf({ ...filled, vouchers_kept: kept!, form_key: 'k2' }));
  const sent = await Promise.all([send(), send(), send(), send(), send()]);
  t.same(sent.map((one) => one.status), [303, 303, 303, 303, 303]);
  t.equal(new Set(sent.map((one) => one.location)).size, 1, 'pressed five times, one order');
  const id = Number(/orders\/(\d+)\?done=submitted/.exec(sent[0]!.location)?.[1]);
  t.equal((await proposal(h, id)).state, 'submitted');
  const page = await get(`/proposals/${id}`, manager);
  t.equal(page.status, 200);
  for (const words of ['付款签批', company.name, '7,000.00', '柒仟元整', '核对词', '第一次付给这家收款方', '用签批密码批准', '退回修改', '先放一放', '拒绝', '等 业主委员会']) {
    t.match(page.html, words, words);
  }
  const document_hash = /name="document_hash" value="([0-9a-f]{64})"/.exec(page.html)![1]!;
  const refused = await post(`/proposals/${id}`, manager, { step: 'approve', password: 'wrong', document_hash });
  t.equal(refused.status, 403);
  t.match(refused.html, '签批密码不对');
  t.match(await post(`/proposals/${id}`, manager, { step: 'approve', password: SIGNING_PASSWORD, document_hash }), { status: 303, location: /done=signed/ });
  const queue = await get('/queue', chair);
  t.match(queue.html, `value="${id}:${document_hash}"`);
  t.match(queue.html, '1 / 2');
  t.match(await post('/queue', chair, { items: [`${id}:${document_hash}`], password: SIGNING_PASSWORD }), { status: 303, location: /done=signed/ });
  const order = await get(`/orders/${id}`, cashier);
  t.match(order.html, '6222 0212 3456 7890');
  t.match(order.html, '已付，记账');
  t.notMatch((await get(`/orders/${id}`, chair)).html, 'name="bank_reference"');
  const unpaid = await post(`/orders/${id}/paid`, cashier, { paid_on: '2019-13-45', bank_reference: 'A1' });
  t.equal(unpaid.status, 422);
  t.match(unpaid.html, '2019-13-45');
  t.match(await post(`/orders/${id}/paid`, cashier, { paid_on: today(h.house.clock), bank_reference: 'A1' }), { status: 303, location: /done=paid/ });
  t.match((await get(`/orders/${id}`, cashier)).html, '付-001');
});

t.test('a disabled button says why and who can help', async (t) => {
  const { h, login, get } = await browser(t);
  await receive(h, '20000.00');
  const id = await submitted(h, {}, 'manager');
  const cases: [string, string][] = [['cashier', '出纳管钱不签批'], ['manager', '制单人不能签自己的单'], ['supervisor', '不需要您这一方签'], ['auditor', '没有在任的签批职务']];
  for (const [who, words] of cases) {
    const { html, status } = await get(`/proposals/${id}`, await login(who));
    t.equal(status, 200);
    t.match(html, words, who);
    t.notMatch(html, 'type="password"', who);
  }
  t.equal((await get(`/proposals/${id}`, await login('resident'))).status, 403);
  t.equal((await get('/queue', await login('resident'))).status, 403);
  t.equal((await get('/orders', await login('resident'))).status, 403);
  const done = await approved(h);
  t.equal((await get(`/proposals/${done}`, await login('resident'))).status, 200, 'signed orders are for every owner');
});

t.test('a changed document is shown field by field and an old page signs nothing', async (t) => {
  const { h, login, get, post, upload } = await browser(t);
  await receive(h, '20000.00');
  const [cashier, manager] = [await login('cashier'), await login('manager')];
  const id = await submitted(h, { vouchers: [await voucher(h)] });
  const old = (await proposal(h, id)).document_hash!;
  await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, proposal_id: id, actor: h.actorOf('committee1'), reason: '金额写错' }));
  const form = await get(`/orders/${id}/edit`, cashier);
  t.match(form.html, /value="7000.00"/);
  const kept = /name="vouchers_kept" value="([0-9a-f]{64})"/.exec(form.html)![1]!;
  const payee = /<option value="(\d+)" selected/.exec(form.html)![1]!;
  const sent = await upload(`/orders/${id}/edit`, cashier, formOf({ ...filled, payee, amount: '6500.00', vouchers_kept: kept }));
  t.equal(sent.status, 303, sent.html.slice(0, 300));
  const stale = await post(`/proposals/${id}`, manager, { step: 'approve', password: SIGNING_PASSWORD, document_hash: old });
  t.equal(stale.status, 409);
  t.match(stale.html, '您打开之后这张单改过了');
  t.match(stale.html, '第 2 版改了这些');
  t.match(stale.html, '6,500.00');
  t.match(stale.html, '金额写错');
});

t.test('lists, rules and both languages', async (t) => {
  const { h, login, get } = await browser(t);
  await receive(h, '20000.00');
  await approved(h, { purpose: '=cmd() 灯具' });
  const cashier = await login('cashier');
  const csv = await get('/orders.csv?q=灯具', cashier);
  t.match(csv.html, "'=cmd() 灯具");
  t.match(csv.headers['content-type'], 'text/csv');
  const rules = await get('/rules', await login('resident'));
  for (const words of ['不满 100,000.00 元', '业主委员会 2 人', '物业公司 1 人']) t.match(rules.html, words, words);
  for (const path of ['/orders', '/orders/new', '/queue', '/rules']) {
    const english = await get(path, cashier, 'en');
    t.equal(english.status, 200, path);
    t.match(english.html, 'lang="en"');
  }
  t.match((await get('/queue', cashier, 'en')).html, "Others'");
});
