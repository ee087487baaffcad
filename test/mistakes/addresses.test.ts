// Numbers, names and questions in addresses as curious people and broken programs send them: a list, or a
// refusal in words, on every list and every single thing; never an error of ours.
import t from 'tap';
import { API, isProblem, openDesk, PAGES, receipt } from './desk.ts';

const json = { 'content-type': 'application/json' };

interface List {
  items: { seq: number }[];
  next_cursor: string | null;
}
const ids = [
  '0',
  '-1',
  '1.5',
  '1e9',
  'abc',
  '99999999999999999999',
  '9223372036854775807',
  '9223372036854775808',
  '2147483648',
  '999999999',
  '999999999999',
  '%00',
  '1%00',
  '%F0%9F%9A%97',
  '%FF',
  "1'--",
  '1;select',
  '%20',
  'null',
  'undefined',
  'NaN',
  '٣',
  '１',
  'x'.repeat(190),
  'x'.repeat(2000),
  '..%2f..',
  '%',
  '%zz',
  '%E0%A4%A',
];

t.test('numbers and names in addresses', async (t) => {
  const desk = await openDesk(t);
  await desk.call('POST', 'journal-entries', receipt(desk));
  const api = [
    'journal-entries/{}',
    'journal-drafts/{}',
    'payment-orders/{}',
    'proposals/{}',
    'inquiries/{}',
    'vouchers/{}',
    'disclosures/{}',
    'disclosures/{}.pdf',
    'disclosures/{}.json',
    'periods/{}/close',
  ];
  const pages = [
    '/journal/{}',
    '/journal/{}/reversal',
    '/accounts/{}',
    '/accounts/{}.csv',
    '/orders/{}',
    '/orders/{}/edit',
    '/proposals/{}',
    '/inquiries/{}',
    '/disclosures/{}',
    '/disclosures/{}.pdf',
    '/vouchers/{}',
  ];
  for (const id of ids) {
    for (const path of api) {
      const answer = await desk.send({ method: 'GET', url: `${API}/${path.replace('{}', id)}` });
      isProblem(t, answer, {}, `GET ${path} with ${id.slice(0, 24)}`);
    }
    for (const path of pages) {
      const answer = await desk.send(
        { method: 'GET', url: `${PAGES}${path.replace('{}', id)}` },
        { headers: { accept: 'text/html' } },
      );
      const ok = answer.statusCode < 500 && (answer.statusCode < 400 || /<h1/.test(answer.body));
      t.ok(
        ok,
        `GET ${path} with ${id.slice(0, 24)}`,
        ok ? {} : { status: answer.statusCode, body: answer.body.slice(0, 300) },
      );
    }
    for (const [path, body] of [
      ['proposals/{}/submit', {}],
      ['proposals/{}/sign', { decision: 'approve', method: 'password', password: 'x' }],
      ['payment-orders/{}/paid', { paid_on: desk.days.today, bank_reference: 'A1' }],
      ['journal-entries/{}/reversal', { reason: '录错' }],
      ['inquiries/{}/answers', { answer: '答复' }],
      ['proposals/{}/withdraw', { reason: '不要了' }],
      ['disclosures/{}/corrections', { reason: '更正一下' }],
    ] as const) {
      isProblem(
        t,
        await desk.send(
          {
            method: 'POST',
            url: `${API}/${path.replace('{}', id)}`,
            payload: JSON.stringify(body),
          },
          { headers: json, as: 'manager' },
        ),
        {},
        `POST ${path} with ${id.slice(0, 24)}`,
      );
    }
    const estate = await desk.send({ method: 'GET', url: `/api/v1/estates/${id}/accounts` });
    isProblem(t, estate, {}, `estate ${id.slice(0, 24)}`);
  }
});

t.test('odd questions in the query', async (t) => {
  const desk = await openDesk(t);
  for (let n = 0; n < 3; n += 1) await desk.call('POST', 'journal-entries', receipt(desk));
  const odd = [
    '',
    '0',
    '-1',
    'abc',
    '1e9',
    '999999999999',
    '%00',
    'a%00b',
    '%FF',
    '%',
    "'",
    '%25',
    '_',
    '🚗',
    'x'.repeat(3000),
    '2026-02-30',
    '2026-13',
    '9999-12',
    '0000-01',
    '9999-12-31',
    '0000-01-01',
    '٣',
    '[]',
    '{}',
    '%0d%0aSet-Cookie:x=1',
  ];
  const odd_for_pages = new Set([
    '',
    '-1',
    'abc',
    '999999999999',
    '%00',
    '%FF',
    '🚗',
    'x'.repeat(3000),
    '9999-12',
    '0000-01',
    '9999-12-31',
    '0000-01-01',
  ]);
  const lists: [path: string, names: string[]][] = [
    [
      `${API}/journal-entries`,
      ['limit', 'cursor', 'q', 'period', 'from', 'to', 'account', 'fund', 'kind', 'colour'],
    ],
    [`${API}/proposals`, ['limit', 'cursor', 'state', 'kind', 'mine']],
    [`${API}/payment-orders`, ['limit', 'cursor', 'q', 'state', 'fund', 'payee']],
    [`${API}/payees`, ['limit', 'cursor']],
    [`${API}/inquiries`, ['limit', 'cursor', 'state', 'mine', 'about']],
    [`${API}/bank-balances`, ['limit', 'cursor', 'account']],
    [`${API}/balances`, ['as_of']],
    [`${PAGES}/journal`, ['period', 'cursor', 'q', 'account', 'fund', 'kind', 'done', 'lang']],
    [`${PAGES}/journal.csv`, ['period', 'q', 'account']],
    [`${PAGES}/orders`, ['q', 'cursor', 'state', 'fund', 'payee']],
    [`${PAGES}/accounts`, ['period', 'fund', 'as_of']],
    [`${PAGES}/accounts/1002`, ['period', 'from', 'to', 'fund']],
    [`${PAGES}/inquiries`, ['state', 'mine', 'about', 'cursor']],
    [`${PAGES}/bank`, ['cursor']],
    [
      `${PAGES}/disclosures/${desk.days.closed.slice(0, 7)}`,
      ['version', 'account', 'q', 'cursor', 'table'],
    ],
    [`${PAGES}/journal/new`, ['draft']],
    [`${PAGES}/orders/new`, ['from']],
    [PAGES, ['done', 'lang']],
    [`${PAGES}/queue`, ['done']],
  ];
  for (const [path, names] of lists) {
    for (const name of names) {
      for (const value of path.startsWith(PAGES) ? odd_for_pages : odd) {
        for (const query of [
          `${name}=${value}`,
          ...(value === 'abc' ? [`${name}=${value}&${name}=${value}`, `${name}[x]=${value}`] : []),
        ]) {
          const answer = await desk.send(
            {
              method: 'GET',
              url: encodeURI(`${path}?${query}`).replace(/%25([0-9A-F]{2}|$)/gi, '%$1'),
            },
            { headers: path.startsWith(PAGES) ? { accept: 'text/html' } : {} },
          );
          if (answer.statusCode >= 500 || (answer.statusCode >= 400 && path.startsWith('/api/')))
            isProblem(t, answer, {}, `${path}?${query.slice(0, 40)}`);
          else if (answer.statusCode >= 400 && !/<h1/.test(answer.body))
            t.fail(
              `${path}?${query.slice(0, 40)}: ${answer.statusCode} ${answer.body.slice(0, 200)}`,
            );
        }
      }
    }
    t.pass(path);
  }
});

t.test('limits and paging', async (t) => {
  const desk = await openDesk(t);
  for (let n = 0; n < 5; n += 1)
    await desk.call('POST', 'journal-entries', receipt(desk, { description: `快递柜场地费 ${n}` }));
  for (const limit of ['0', '-1', 'abc', '1e9', '1000000000', '1.5', '', ' ', '201']) {
    const answer = await desk.call('GET', `journal-entries?limit=${encodeURIComponent(limit)}`);
    if (answer.statusCode === 200)
      t.ok(answer.json().items.length <= 200, `limit=${limit} is held in bounds`);
    else isProblem(t, answer, { field: 'limit' }, `limit=${limit}`);
  }
  const seen: number[] = [];
  let next: string | null = '';
  for (let turn = 0; turn < 10 && next !== null; turn += 1) {
    const answer: List = (
      await desk.call(
        'GET',
        `journal-entries?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`,
      )
    ).json<List>();
    seen.push(...answer.items.map((row) => row.seq));
    next = answer.next_cursor;
  }
  t.equal(new Set(seen).size, 5, 'every entry once');
  t.equal(seen.length, 5);
  for (const [path, cursor] of [
    ['journal-entries', '2999-12-31.999999'],
    ['journal-entries', 'x'.repeat(41)],
    ['journal-entries', '0'],
    ['proposals', '0'],
    ['payment-orders', '999999999999'],
    ['payees', '999999999999'],
    ['inquiries', '0'],
    ['bank-balances', '999999999999'],
    ['payment-orders', '9'.repeat(30)],
    ['proposals', 'x'],
  ] as const) {
    const answer = await desk.call('GET', `${path}?cursor=${cursor}`);
    if (answer.statusCode === 200)
      t.type(answer.json().items, Array, `${path} past the end at ${cursor}`);
    else isProblem(t, answer, { field: 'cursor' }, `${path} cursor ${cursor.slice(0, 20)}`);
  }
});
