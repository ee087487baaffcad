// What programs and curious people send: bodies that are none, addresses with odd characters, numbers out of
// range. A problem document or a page with a reason, never an error of ours.
import t from 'tap';
import { API, isProblem, openDesk, PAGES, receipt, receiptForm } from './desk.ts';

const json = { 'content-type': 'application/json' };

t.test('bodies that are not what the interface asks for', async (t) => {
  const desk = await openDesk(t);
  const good = JSON.stringify(receipt(desk));
  const bodies: [what: string, payload: string | Buffer, headers: Record<string, string>, code?: string | RegExp][] = [
    ['cut off', good.slice(0, 40), json, 'json_malformed'], ['a comma too many', good.replace('}]', ',}]'), json, 'json_malformed'], ['single quotes', "{'kind':'receipt'}", json, 'json_malformed'],
    ['nothing', '', json], ['null', 'null', json], ['a number', '5', json], ['a list', '[]', json], ['a text', '"x"', json], ['true', 'true', json],
    ['latin1 bytes', Buffer.from('{"kind":"\xff\xfe"}', 'latin1'), json], ['a NUL between', '{"kind":\u0000}', json, 'json_malformed'], ['__proto__', '{"__proto__":{"x":1},"kind":"receipt"}', json],
    ['constructor', '{"constructor":{"prototype":{"x":1}}}', json], ['deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, json], ['2 MB', `{"kind":"${'x'.repeat(2_000_000)}"}`, json, 'body_too_large'],
    ['no content type', good, {}], ['plain text', good, { 'content-type': 'text/plain' }], ['XML', '<kind>receipt</kind>', { 'content-type': 'application/xml' }, 'media_type_unknown'],
    ['urlencoded', 'kind=receipt', { 'content-type': 'application/x-www-form-urlencoded' }], ['an odd content type', good, { 'content-type': ';;;' }],
    ['a YAML type', good, { 'content-type': 'application/yaml' }, 'media_type_unknown'],
    ['an unknown field', JSON.stringify({ ...receipt(desk), colour: 'red' }), json, 'input_invalid'], ['another kind', JSON.stringify(receipt(desk, { kind: 'gift' })), json],
    ['no postings', JSON.stringify(receipt(desk, { postings: [] })), json], ['postings as text', JSON.stringify(receipt(desk, { postings: 'x' })), json],
    ['501 lines', JSON.stringify(receipt(desk, { postings: Array.from({ length: 501 }, () => ({ account: '1002', fund: 'service', debit: '1.00' })) })), json],
    ['one line', JSON.stringify(receipt(desk, { postings: [{ account: '1002', fund: 'service', debit: '1.00' }] })), json],
    ['a payment by hand', JSON.stringify(receipt(desk, { kind: 'payment', postings: [{ account: '5102', fund: 'service', debit: '1.00' }, { account: '1002', fund: 'service', credit: '1.00' }] })), json, 'order_required'],
    ['unbalanced', JSON.stringify(receipt(desk, { postings: [{ account: '1002', fund: 'service', debit: '0.30' }, { account: '4101', fund: 'service', credit: '0.31' }] })), json, 'entry_unbalanced'],
  ];
  for (const [what, payload, headers, code] of bodies) {
    const answer = await desk.send({ method: 'POST', url: `${API}/journal-entries`, payload }, { headers });
    isProblem(t, answer, code === undefined ? {} : { code }, `receipt: ${what}`);
    for (const path of ['payment-orders', 'transfers', 'journal-entries/batch', 'bank-balances', 'payees', 'journal-drafts']) {
      const other = await desk.send({ method: 'POST', url: `${API}/${path}`, payload }, { headers });
      isProblem(t, other, {}, `${path}: ${what}`);
    }
  }
  const methods = await desk.send({ method: 'PATCH', url: `${API}/journal-entries`, payload: good }, { headers: json });
  isProblem(t, methods, {}, 'a method nobody offers');
  isProblem(t, await desk.send({ method: 'DELETE', url: `${API}/journal-entries/1` }), { status: 404 }, 'nothing deletes an entry');
  isProblem(t, await desk.send({ method: 'POST', url: '/api/v1/session', payload: '{"login":"cashier","password":5}' }, { headers: json }), { field: 'password' }, 'a password that is a number');
  isProblem(t, await desk.send({ method: 'POST', url: '/api/v1/session', payload: JSON.stringify({ login: 'x\u0000', password: 'y\u0000' }) }, { headers: json }), {}, 'NUL in a login');
  t.equal(Number((await desk.superuser.query('select count(*) from journal_entry')).rows[0].count), 0);
});

interface List { items: { seq: number }[]; next_cursor: string | null }
const ids = ['0', '-1', '1.5', '1e9', 'abc', '99999999999999999999', '9223372036854775807', '9223372036854775808', '2147483648', '999999999', '999999999999', '%00', '1%00', '%F0%9F%9A%97', '%FF',
  "1'--", '1;select', '%20', 'null', 'undefined', 'NaN', '٣', '１', 'x'.repeat(190), 'x'.repeat(2000), '..%2f..', '%', '%zz', '%E0%A4%A'];

t.test('numbers and names in addresses', async (t) => {
  const desk = await openDesk(t);
  await desk.call('POST', 'journal-entries', receipt(desk));
  const api = ['journal-entries/{}', 'journal-drafts/{}', 'payment-orders/{}', 'proposals/{}', 'inquiries/{}', 'vouchers/{}', 'disclosures/{}', 'disclosures/{}.pdf', 'disclosures/{}.json', 'periods/{}/close'];
  const pages = ['/journal/{}', '/journal/{}/reversal', '/accounts/{}', '/accounts/{}.csv', '/orders/{}', '/orders/{}/edit', '/proposals/{}', '/inquiries/{}', '/disclosures/{}', '/disclosures/{}.pdf', '/vouchers/{}'];
  for (const id of ids) {
    for (const path of api) {
      const answer = await desk.send({ method: 'GET', url: `${API}/${path.replace('{}', id)}` });
      isProblem(t, answer, {}, `GET ${path} with ${id.slice(0, 24)}`);
    }
    for (const path of pages) {
      const answer = await desk.send({ method: 'GET', url: `${PAGES}${path.replace('{}', id)}` }, { headers: { accept: 'text/html' } });
      const ok = answer.statusCode < 500 && (answer.statusCode < 400 || /<h1/.test(answer.body));
      t.ok(ok, `GET ${path} with ${id.slice(0, 24)}`, ok ? {} : { status: answer.statusCode, body: answer.body.slice(0, 300) });
    }
    for (const [path, body] of [['proposals/{}/submit', {}], ['proposals/{}/sign', { decision: 'approve', method: 'password', password: 'x' }], ['payment-orders/{}/paid', { paid_on: desk.days.today, bank_reference: 'A1' }],
      ['journal-entries/{}/reversal', { reason: '录错' }], ['inquiries/{}/answers', { answer: '答复' }], ['proposals/{}/withdraw', { reason: '不要了' }], ['disclosures/{}/corrections', { reason: '更正一下' }]] as const) {
      isProblem(t, await desk.send({ method: 'POST', url: `${API}/${path.replace('{}', id)}`, payload: JSON.stringify(body) }, { headers: json, as: 'manager' }), {}, `POST ${path} with ${id.slice(0, 24)}`);
    }
    const estate = await desk.send({ method: 'GET', url: `/api/v1/estates/${id}/accounts` });
    isProblem(t, estate, {}, `estate ${id.slice(0, 24)}`);
  }
});

t.test('odd questions in the query', async (t) => {
  const desk = await openDesk(t);
  for (let n = 0; n < 3; n += 1) await desk.call('POST', 'journal-entries', receipt(desk));
  const odd = ['', '0', '-1', 'abc', '1e9', '999999999999', '%00', 'a%00b', '%FF', '%', "'", '%25', '_', '🚗', 'x'.repeat(3000), '2026-02-30', '2026-13', '9999-12', '0000-01', '9999-12-31', '0000-01-01', '٣', '[]', '{}', '%0d%0aSet-Cookie:x=1'];
  const odd_for_pages = new Set(['', '-1', 'abc', '999999999999', '%00', '%FF', '🚗', 'x'.repeat(3000), '9999-12', '0000-01', '9999-12-31', '0000-01-01']);
  const lists: [path: string, names: string[]][] = [
    [`${API}/journal-entries`, ['limit', 'cursor', 'q', 'period', 'from', 'to', 'account', 'fund', 'kind', 'colour']], [`${API}/proposals`, ['limit', 'cursor', 'state', 'kind', 'mine']],
    [`${API}/payment-orders`, ['limit', 'cursor', 'q', 'state', 'fund', 'payee']], [`${API}/payees`, ['limit', 'cursor']], [`${API}/inquiries`, ['limit', 'cursor', 'state', 'mine', 'about']],
    [`${API}/bank-balances`, ['limit', 'cursor', 'account']], [`${API}/balances`, ['as_of']], [`${PAGES}/journal`, ['period', 'cursor', 'q', 'account', 'fund', 'kind', 'done', 'lang']],
    [`${PAGES}/journal.csv`, ['period', 'q', 'account']], [`${PAGES}/orders`, ['q', 'cursor', 'state', 'fund', 'payee']], [`${PAGES}/accounts`, ['period', 'fund', 'as_of']], [`${PAGES}/accounts/1002`, ['period', 'from', 'to', 'fund']],
    [`${PAGES}/inquiries`, ['state', 'mine', 'about', 'cursor']], [`${PAGES}/bank`, ['cursor']], [`${PAGES}/disclosures/${desk.days.closed.slice(0, 7)}`, ['version', 'account', 'q', 'cursor', 'table']],
    [`${PAGES}/journal/new`, ['draft']], [`${PAGES}/orders/new`, ['from']], [PAGES, ['done', 'lang']], [`${PAGES}/queue`, ['done']],
  ];
  for (const [path, names] of lists) {
    for (const name of names) {
      for (const value of path.startsWith(PAGES) ? odd_for_pages : odd) {
        for (const query of [`${name}=${value}`, ...(value === 'abc' ? [`${name}=${value}&${name}=${value}`, `${name}[x]=${value}`] : [])]) {
          const answer = await desk.send({ method: 'GET', url: encodeURI(`${path}?${query}`).replace(/%25([0-9A-F]{2}|$)/gi, '%$1') }, { headers: path.startsWith(PAGES) ? { accept: 'text/html' } : {} });
          if (answer.statusCode >= 500 || (answer.statusCode >= 400 && path.startsWith('/api/'))) isProblem(t, answer, {}, `${path}?${query.slice(0, 40)}`);
          else if (answer.statusCode >= 400 && !/<h1/.test(answer.body)) t.fail(`${path}?${query.slice(0, 40)}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
        }
      }
    }
    t.pass(path);
  }
});

t.test('limits and paging', async (t) => {
  const desk = await openDesk(t);
  for (let n = 0; n < 5; n += 1) await desk.call('POST', 'journal-entries', receipt(desk, { description: `快递柜场地费 ${n}` }));
  for (const limit of ['0', '-1', 'abc', '1e9', '1000000000', '1.5', '', ' ', '201']) {
    const answer = await desk.call('GET', `journal-entries?limit=${encodeURIComponent(limit)}`);
    if (answer.statusCode === 200) t.ok(answer.json().items.length <= 200, `limit=${limit} is held in bounds`);
    else isProblem(t, answer, { field: 'limit' }, `limit=${limit}`);
  }
  const seen: number[] = [];
  let next: string | null = '';
  for (let turn = 0; turn < 10 && next !== null; turn += 1) {
    const answer: List = (await desk.call('GET', `journal-entries?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`))
      .json<List>();
    seen.push(...answer.items.map((row) => row.seq));
    next = answer.next_cursor;
  }
  t.equal(new Set(seen).size, 5, 'every entry once');
  t.equal(seen.length, 5);
  for (const [path, cursor] of [['journal-entries', '2999-12-31.999999'], ['journal-entries', 'x'.repeat(41)], ['journal-entries', '0'], ['proposals', '0'], ['payment-orders', '999999999999'], ['payees', '999999999999'],
    ['inquiries', '0'], ['bank-balances', '999999999999'], ['payment-orders', '9'.repeat(30)], ['proposals', 'x']] as const) {
    const answer = await desk.call('GET', `${path}?cursor=${cursor}`);
    if (answer.statusCode === 200) t.type(answer.json().items, Array, `${path} past the end at ${cursor}`);
    else isProblem(t, answer, { field: 'cursor' }, `${path} cursor ${cursor.slice(0, 20)}`);
  }
});

t.test('forms of pages with odd bodies', async (t) => {
  const desk = await openDesk(t);
  const paths = ['/journal/new', '/journal/transfer', '/orders', '/bank', '/inquiries', '/queue', '/people', '/invitations'];
  const bodies: [what: string, payload: string, type: string][] = [
    ['nothing', '', 'application/x-www-form-urlencoded'], ['JSON', '{"amount":"5"}', 'application/json'], ['broken percent', 'amount=%zz&description=%', 'application/x-www-form-urlencoded'],
    ['NUL', 'amount=5%00&description=%00&fund=%00&account=%00&entry_date=%00&question=%00&password=%00&items=%00', 'application/x-www-form-urlencoded'],
    ['twice', 'amount=1&amount=2&description=a&description=b&question=a&question=b', 'application/x-www-form-urlencoded'], ['__proto__', '__proto__=x&constructor=y&toString=z', 'application/x-www-form-urlencoded'],
    ['thousands of fields', Array.from({ length: 3000 }, (_, n) => `f${n}=x`).join('&'), 'application/x-www-form-urlencoded'], ['text', 'hello', 'text/plain'],
    ['a long field', `description=${'x'.repeat(500_000)}&question=${'y'.repeat(30_000)}`, 'application/x-www-form-urlencoded'], ['2 MB', `description=${'x'.repeat(2_000_000)}`, 'application/x-www-form-urlencoded'],
  ];
  for (const path of paths) {
    for (const [what, payload, type] of bodies) {
      const answer = await desk.send({ method: 'POST', url: `${PAGES}${path}`, payload }, { headers: { 'content-type': type, accept: 'text/html' }, as: 'manager' });
      const ok = answer.statusCode >= 400 && answer.statusCode < 500 && /<h1/.test(answer.body);
      t.ok(ok, `${path}: ${what}`, ok ? {} : { status: answer.statusCode, body: answer.body.slice(0, 300) });
    }
  }
  t.match(await desk.submit('/journal/new', receiptForm(desk, { form_key: 'x'.repeat(500) })), { status: 303 }, 'a key that is too long is none');
  t.match((await desk.submit('/journal/new', receiptForm(desk), null, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403, 'a form of another site');
});
