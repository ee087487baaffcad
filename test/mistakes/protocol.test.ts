// What programs and curious people send: bodies that are none, addresses with odd characters, numbers out of
// range. A problem document or a page with a reason, never an error of ours.
import t from 'tap';
import { API, isProblem, openDesk, PAGES, receipt, receiptForm } from './desk.ts';

const json = { 'content-type': 'application/json' };

t.test('bodies that are not what the interface asks for', async (t) => {
  const desk = await openDesk(t);
  const good = JSON.stringify(receipt(desk));
  const bodies: [
    what: string,
    payload: string | Buffer,
    headers: Record<string, string>,
    code?: string | RegExp,
  ][] = [
    ['cut off', good.slice(0, 40), json, 'json_malformed'],
    ['a comma too many', good.replace('}]', ',}]'), json, 'json_malformed'],
    ['single quotes', "{'kind':'receipt'}", json, 'json_malformed'],
    ['nothing', '', json],
    ['null', 'null', json],
    ['a number', '5', json],
    ['a list', '[]', json],
    ['a text', '"x"', json],
    ['true', 'true', json],
    ['latin1 bytes', Buffer.from('{"kind":"\xff\xfe"}', 'latin1'), json],
    ['a NUL between', '{"kind":\u0000}', json, 'json_malformed'],
    ['__proto__', '{"__proto__":{"x":1},"kind":"receipt"}', json],
    ['constructor', '{"constructor":{"prototype":{"x":1}}}', json],
    ['deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, json],
    ['2 MB', `{"kind":"${'x'.repeat(2_000_000)}"}`, json, 'body_too_large'],
    ['no content type', good, {}],
    ['plain text', good, { 'content-type': 'text/plain' }],
    ['XML', '<kind>receipt</kind>', { 'content-type': 'application/xml' }, 'media_type_unknown'],
    ['urlencoded', 'kind=receipt', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an odd content type', good, { 'content-type': ';;;' }],
    ['a YAML type', good, { 'content-type': 'application/yaml' }, 'media_type_unknown'],
    [
      'an unknown field',
      JSON.stringify({ ...receipt(desk), colour: 'red' }),
      json,
      'input_invalid',
    ],
    ['another kind', JSON.stringify(receipt(desk, { kind: 'gift' })), json],
    ['no postings', JSON.stringify(receipt(desk, { postings: [] })), json],
    ['postings as text', JSON.stringify(receipt(desk, { postings: 'x' })), json],
    [
      '501 lines',
      JSON.stringify(
        receipt(desk, {
          postings: Array.from({ length: 501 }, () => ({
            account: '1002',
            fund: 'service',
            debit: '1.00',
          })),
        }),
      ),
      json,
    ],
    [
      'one line',
      JSON.stringify(
        receipt(desk, { postings: [{ account: '1002', fund: 'service', debit: '1.00' }] }),
      ),
      json,
    ],
    [
      'a payment by hand',
      JSON.stringify(
        receipt(desk, {
          kind: 'payment',
          postings: [
            { account: '5102', fund: 'service', debit: '1.00' },
            { account: '1002', fund: 'service', credit: '1.00' },
          ],
        }),
      ),
      json,
      'order_required',
    ],
    [
      'unbalanced',
      JSON.stringify(
        receipt(desk, {
          postings: [
            { account: '1002', fund: 'service', debit: '0.30' },
            { account: '4101', fund: 'service', credit: '0.31' },
          ],
        }),
      ),
      json,
      'entry_unbalanced',
    ],
  ];
  for (const [what, payload, headers, code] of bodies) {
    const answer = await desk.send(
      { method: 'POST', url: `${API}/journal-entries`, payload },
      { headers },
    );
    isProblem(t, answer, code === undefined ? {} : { code }, `receipt: ${what}`);
    for (const path of [
      'payment-orders',
      'transfers',
      'journal-entries/batch',
      'bank-balances',
      'payees',
      'journal-drafts',
    ]) {
      const other = await desk.send(
        { method: 'POST', url: `${API}/${path}`, payload },
        { headers },
      );
      isProblem(t, other, {}, `${path}: ${what}`);
    }
  }
  const methods = await desk.send(
    { method: 'PATCH', url: `${API}/journal-entries`, payload: good },
    { headers: json },
  );
  isProblem(t, methods, {}, 'a method nobody offers');
  isProblem(
    t,
    await desk.send({ method: 'DELETE', url: `${API}/journal-entries/1` }),
    { status: 404 },
    'nothing deletes an entry',
  );
  isProblem(
    t,
    await desk.send(
      { method: 'POST', url: '/api/v1/session', payload: '{"login":"cashier","password":5}' },
      { headers: json },
    ),
    { field: 'password' },
    'a password that is a number',
  );
  isProblem(
    t,
    await desk.send(
      {
        method: 'POST',
        url: '/api/v1/session',
        payload: JSON.stringify({ login: 'x\u0000', password: 'y\u0000' }),
      },
      { headers: json },
    ),
    {},
    'NUL in a login',
  );
  t.equal(
    Number((await desk.superuser.query('select count(*) from journal_entry')).rows[0].count),
    0,
  );
});

t.test('forms of pages with odd bodies', async (t) => {
  const desk = await openDesk(t);
  const paths = [
    '/journal/new',
    '/journal/transfer',
    '/orders',
    '/bank',
    '/inquiries',
    '/queue',
    '/people',
    '/invitations',
  ];
  const bodies: [what: string, payload: string, type: string][] = [
    ['nothing', '', 'application/x-www-form-urlencoded'],
    ['JSON', '{"amount":"5"}', 'application/json'],
    ['broken percent', 'amount=%zz&description=%', 'application/x-www-form-urlencoded'],
    [
      'NUL',
      'amount=5%00&description=%00&fund=%00&account=%00&entry_date=%00&question=%00&password=%00&items=%00',
      'application/x-www-form-urlencoded',
    ],
    [
      'twice',
      'amount=1&amount=2&description=a&description=b&question=a&question=b',
      'application/x-www-form-urlencoded',
    ],
    ['__proto__', '__proto__=x&constructor=y&toString=z', 'application/x-www-form-urlencoded'],
    [
      'thousands of fields',
      Array.from({ length: 3000 }, (_, n) => `f${n}=x`).join('&'),
      'application/x-www-form-urlencoded',
    ],
    ['text', 'hello', 'text/plain'],
    [
      'a long field',
      `description=${'x'.repeat(500_000)}&question=${'y'.repeat(30_000)}`,
      'application/x-www-form-urlencoded',
    ],
    ['2 MB', `description=${'x'.repeat(2_000_000)}`, 'application/x-www-form-urlencoded'],
  ];
  for (const path of paths) {
    for (const [what, payload, type] of bodies) {
      const answer = await desk.send(
        { method: 'POST', url: `${PAGES}${path}`, payload },
        { headers: { 'content-type': type, accept: 'text/html' }, as: 'manager' },
      );
      const ok = answer.statusCode >= 400 && answer.statusCode < 500 && /<h1/.test(answer.body);
      t.ok(
        ok,
        `${path}: ${what}`,
        ok ? {} : { status: answer.statusCode, body: answer.body.slice(0, 300) },
      );
    }
  }
  t.match(
    await desk.submit('/journal/new', receiptForm(desk, { form_key: 'x'.repeat(500) })),
    { status: 303 },
    'a key that is too long is none',
  );
  t.match(
    (
      await desk.submit('/journal/new', receiptForm(desk), null, {
        headers: { 'sec-fetch-site': 'cross-site' },
      })
    ).status,
    403,
    'a form of another site',
  );
});
