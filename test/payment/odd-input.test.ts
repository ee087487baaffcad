// Odd characters, numbers and uploads at every field: refused or taken, never a 5xx.
import t from 'tap';
import { testHouse, signIn, SIGNING_PASSWORD } from '../helpers/house.ts';
import { smallApp } from './small-app.ts';
import { receive, submitted, typedOrder, company } from './story.ts';
t.test('whatever is sent, the answer is never our own failure', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00'); const id = await submitted(h);
  const app = await smallApp(h.house);
  const as = await signIn(app, 'cashier'); const mg = await signIn(app, 'manager');
  const base = '/api/v1/estates/test';
  const good = await typedOrder(h);
  const q = (x: string) => encodeURIComponent(x.toWellFormed());
  const bads = ['\ud83d', 'a\u0000b', '𠮷㙟😀', ' ', '\u202e', "'; drop table x; --", '{{', '%', '\\'];
  let n = 0;
  const tell = (label: string, r: { statusCode: number; body: string }) => { n += 1; if (r.statusCode >= 500) t.fail(`${label}: ${r.body.slice(0, 300)}`); };
  for (const bad of bads) {
    for (const field of ['amount', 'fund', 'account', 'purpose', 'bank_account']) tell(`order ${field} ${JSON.stringify(bad)}`, await app.inject({ method: 'POST', url: `${base}/payment-orders`, headers: { ...as, 'idempotency-key': `k${n}` }, payload: { ...good, [field]: bad } }));
    for (const field of ['name', 'bank_name', 'account_number']) {
      tell(`payee ${field} ${JSON.stringify(bad)}`, await app.inject({ method: 'POST', url: `${base}/payees`, headers: { ...as, 'idempotency-key': `k${n}` }, payload: { ...company, [field]: bad + bad } }));
      tell(`payee in order ${field} ${JSON.stringify(bad)}`, await app.inject({ method: 'POST', url: `${base}/payment-orders`, headers: { ...as, 'idempotency-key': `k${n}` }, payload: { ...good, payee: { ...company, [field]: bad + bad + bad } } }));
    }
    tell('invoice', await app.inject({ method: 'POST', url: `${base}/payment-orders`, headers: as, payload: { ...good, invoice: { number: bad, total: bad } } }));
    tell('q', await app.inject({ url: `${base}/payment-orders?q=${q(bad)}&fund=${q(bad)}`, headers: as }));
    tell('q page', await app.inject({ url: `/e/test/orders?q=${q(bad)}&state=${q(bad)}`, headers: as }));
    tell('reject', await app.inject({ method: 'POST', url: `${base}/proposals/${id}/sign`, headers: mg, payload: { decision: 'reject', method: 'password', password: 'x' + bad, reason: bad } }));
    tell('hold', await app.inject({ method: 'POST', url: `${base}/proposals/${id}/hold`, headers: mg, payload: { reason: bad } }));
    tell('paid', await app.inject({ method: 'POST', url: `${base}/payment-orders/${id}/paid`, headers: as, payload: { paid_on: bad, bank_reference: bad } }));
    tell('key', await app.inject({ method: 'POST', url: `${base}/payees`, headers: { ...as, 'idempotency-key': bad.replace(/[^\x20-\x7e]/g, 'x') }, payload: company }));
    const form = new URLSearchParams({ step: bad, reason: bad, password: bad, document_hash: bad }).toString();
    tell('form', await app.inject({ method: 'POST', url: `/e/test/proposals/${id}`, headers: { ...mg, 'content-type': 'application/x-www-form-urlencoded' }, payload: form }));
    tell('orders form', await app.inject({ method: 'POST', url: `/e/test/orders`, headers: { ...as, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ payee: bad, purpose: bad, amount: bad, form_key: bad, vouchers_kept: bad, name: bad }).toString() }));
    tell('queue form', await app.inject({ method: 'POST', url: `/e/test/queue`, headers: { ...mg, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ items: `${id}:${bad}`, password: SIGNING_PASSWORD }).toString() }));
  }
  for (const url of [`${base}/proposals/999999999999`, `${base}/proposals?cursor=999999999999`, `${base}/proposals?limit=0`, `${base}/payment-orders?payee=999999999&cursor=999999999999`, `${base}/payees?cursor=999999999999`, '/e/test/orders/999999999999', '/e/test/orders/new?from=999999999999', '/e/test/orders?cursor=999999999999&payee=999999999', '/e/test/proposals/abc', `/e/test/vouchers/${'0'.repeat(63)}`]) { const r = await app.inject({ url, headers: as }); tell(url, r); }
  for (const payload of [undefined, null, '', '[]', '{"a":1}', '{']) tell(`submit ${payload}`, await app.inject({ method: 'POST', url: `${base}/proposals/${id}/submit`, headers: { ...as, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) }, ...(payload === undefined ? {} : { payload: payload as string }) }));
  tell('empty multipart', await app.inject({ method: 'POST', url: `${base}/vouchers`, headers: { ...as, 'content-type': 'multipart/form-data; boundary=x' }, payload: '' }));
  tell('broken multipart', await app.inject({ method: 'POST', url: `${base}/vouchers`, headers: { ...as, 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\nContent-Disposition: form-data; name="a"; filename="b.pdf"\r\n\r\n%PDF' }));
  tell('no boundary', await app.inject({ method: 'POST', url: `${base}/vouchers`, headers: { ...as, 'content-type': 'multipart/form-data' }, payload: 'x' }));
  tell('proto field', await app.inject({ method: 'POST', url: `/e/test/orders`, headers: { ...as, 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nv\r\n--x--\r\n' }));
  tell('file in form wo fields', await app.inject({ method: 'POST', url: `/e/test/orders`, headers: { ...as, 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\nContent-Disposition: form-data; name="toString"; filename="a"\r\n\r\nv\r\n--x--\r\n' }));
  t.ok(n > 200);
  await app.close();
});
