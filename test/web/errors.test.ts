// One handler for everything that goes wrong: bad input is never a 5xx, names the field and what
// was expected; people get a page, machines an RFC 9457 problem; a 500 keeps its secrets.
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { Type } from 'typebox';
import { DATE_PATTERN } from '../../src/kernel/dates.ts';
import { MONEY_PATTERN } from '../../src/kernel/money.ts';
import { catalogue } from '../../src/kernel/refusal.ts';
import { problemOf, setErrorHandlers, wantsHtml, type Problem } from '../../src/web/errors.ts';

const refusals = catalogue({
  test_order_too_large: {
    status: 422,
    zh: '可用 {available}，需要 {needed}。',
    en: '{available} available, {needed} needed.',
  },
});

const Entry = Type.Object(
  {
    amount: Type.String({ pattern: MONEY_PATTERN }),
    entry_date: Type.String({ pattern: DATE_PATTERN }),
    postings: Type.Optional(
      Type.Array(
        Type.Object(
          { debit: Type.String({ pattern: MONEY_PATTERN }) },
          { additionalProperties: false },
        ),
      ),
    ),
    kind: Type.Optional(Type.Union([Type.Literal('receipt'), Type.Literal('payment')])),
    description: Type.Optional(Type.String({ minLength: 2, maxLength: 5 })),
  },
  { additionalProperties: false },
);

async function appWith(
  options: { typebox?: boolean; production?: boolean } = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: 2000,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  if (options.typebox === true) app.setValidatorCompiler(TypeBoxValidatorCompiler);
  await app.register(formbody);
  await app.register(multipart, { limits: { fileSize: 50 } });
  await app.register(rateLimit, { global: false });
  setErrorHandlers(app, { production: options.production ?? true });
  app.post('/api/v1/entries', { schema: { body: Entry } }, async () => ({ ok: true }));
  app.post('/api/v1/files', async (request) => {
    const file = await request.file();
    return { size: (await file!.toBuffer()).length };
  });
  app.get(
    '/api/v1/often',
    { config: { rateLimit: { max: 1, timeWindow: 60_000 } } },
    async () => ({}),
  );
  app.get('/e/x/refused', async () => {
    throw refusals.test_order_too_large({ available: '6,200.00', needed: '<b>' }, 'amount');
  });
  app.post('/e/x/refused', async () => {
    throw refusals.test_order_too_large();
  });
  app.get('/api/v1/broken', async () => {
    throw new TypeError('secret connection string');
  });
  app.get('/api/v1/thrown-text', async () => {
    throw 'secret';
  });
  app.get('/api/v1/away', async () => {
    throw Object.assign(new Error('secret'), { code: 'ECONNREFUSED' });
  });
  app.get('/api/v1/null-character', async () => {
    throw Object.assign(new Error('secret'), { code: '22021' });
  });
  return app;
}

const json = { 'content-type': 'application/json', 'accept-language': 'en' };

for (const typebox of [false, true]) {
  t.test(
    `a schema's complaint names the field and what belongs there (${typebox ? 'TypeBox' : 'Ajv'})`,
    async (t) => {
      const app = await appWith({ typebox });
      t.teardown(() => app.close());
      const right = { amount: '1.00', entry_date: '2026-10-05' };
      const rows: [object, string, RegExp][] = [
        [{ ...right, amount: '1.005' }, 'amount', /two decimals/],
        [{ ...right, entry_date: '5 Oct' }, 'entry_date', /2026-10-05/],
        [{ amount: '1.00' }, 'entry_date', /a value/],
        [{ ...right, surplus: 1 }, 'surplus', /no such field/],
        [
          { ...right, postings: [{ debit: '1.00' }, { debit: 'x' }] },
          'postings.1.debit',
          /two decimals/,
        ],
        [{ ...right, description: '10,000 characters' }, 'description', /at most 5/],
        [{ ...right, description: '' }, 'description', /at least 2/],
        [{ ...right, amount: [1] }, 'amount', /text/],
        [{ ...right, kind: 'gift' }, 'kind', /receipt|one of|something else/],
      ];
      for (const [payload, field, expected] of rows) {
        const reply = await app.inject({
          method: 'POST',
          url: '/api/v1/entries',
          headers: json,
          payload,
        });
        t.equal(reply.statusCode, 400, JSON.stringify(payload));
        const problem = reply.json<Problem>();
        t.equal(problem.code, 'input_invalid');
        t.equal(problem.field, field);
        t.match(problem.detail, expected);
        t.match(problem.detail, field);
      }
      const chinese = await app.inject({
        method: 'POST',
        url: '/api/v1/entries',
        headers: { 'content-type': 'application/json' },
        payload: { ...right, amount: 'x' },
      });
      t.match(chinese.json<Problem>().detail, '“amount”填写不对：应为金额文字');
    },
  );
}

t.test('what comes before any slice is refused with its own status', async (t) => {
  const app = await appWith();
  t.teardown(() => app.close());
  const boundary = 'b';
  const file = `--b\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n${'x'.repeat(60)}\r\n--b--\r\n`;
  const post = (payload: string, type: string, url = '/api/v1/entries') =>
    app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
  const rows: [Promise<{ statusCode: number; json: <T>() => T }>, number, string][] = [
    [post('{"amount":', 'application/json'), 400, 'json_malformed'],
    [post('', 'application/json'), 400, 'json_malformed'],
    [post(JSON.stringify({ memo: 'x'.repeat(3000) }), 'application/json'), 413, 'body_too_large'],
    [post('x', 'image/svg+xml'), 415, 'media_type_unknown'],
    [post('{}', 'application/json', '/api/v1/files'), 415, 'media_type_unknown'],
    [
      post(file, `multipart/form-data; boundary=${boundary}`, '/api/v1/files'),
      413,
      'body_too_large',
    ],
    [app.inject('/api/v1/nothing'), 404, 'not_found'],
    [app.inject({ method: 'DELETE', url: '/api/v1/entries' }), 404, 'not_found'],
    [app.inject('/api/v1/away'), 503, 'service_unavailable'],
    [app.inject('/api/v1/null-character'), 400, 'characters_invalid'],
  ];
  for (const [asked, status, code] of rows) {
    const reply = await asked;
    t.equal(reply.statusCode, status, code);
    t.match(reply.json(), { code, status, type: `/problems/${code}` });
  }
});

t.test('too often: 429 says how long to wait', async (t) => {
  const app = await appWith();
  t.teardown(() => app.close());
  await app.inject('/api/v1/often');
  const reply = await app.inject('/api/v1/often');
  t.equal(reply.statusCode, 429);
  t.match(reply.json(), { code: 'too_many_requests', detail: /请等 \d+ 秒/ });
  t.ok(Number(reply.headers['retry-after']) > 0);
});

t.test(
  'our own mistake is a 500 without details in production, also when no Error was thrown',
  async (t) => {
    const app = await appWith();
    t.teardown(() => app.close());
    for (const url of ['/api/v1/broken', '/api/v1/thrown-text']) {
      const reply = await app.inject(url);
      t.equal(reply.statusCode, 500);
      t.match(reply.headers['content-type'], 'application/problem+json');
      t.notMatch(reply.body, 'secret');
      t.match(reply.json(), { code: 'internal_error', request_id: /.+/ });
    }
    const told = problemOf(new TypeError('why'), {
      locale: 'en',
      request_id: 'r',
      production: false,
    });
    t.match(told.detail, 'why');
  },
);

t.test('a person gets a page with the reason, the way on and the same status', async (t) => {
  const app = await appWith();
  t.teardown(() => app.close());
  const accept = 'text/html,application/xhtml+xml';
  const reply = await app.inject({ url: '/e/x/refused', headers: { accept } });
  t.equal(reply.statusCode, 422);
  t.match(reply.headers['content-type'], 'text/html');
  t.match(reply.body, '可用 6,200.00，需要 &lt;b>。');
  t.match(reply.body, 'href="/e/x"');
  const english = await app.inject({ url: '/e/x/nothing?lang=en', headers: { accept } });
  t.match(english.body, 'There is no such page');
  const posted = await app.inject({
    method: 'POST',
    url: '/e/x/refused',
    headers: { accept, host: 'a.example', referer: 'http://a.example/e/x/orders/new?a=1' },
  });
  t.match(
    posted.body,
    'href="/e/x/orders/new?a=1&amp;lang=en"',
    'back to the form, not to the POST',
  );
  t.notMatch(
    (
      await app.inject({
        method: 'POST',
        url: '/e/x/refused',
        headers: { accept, referer: 'http://evil.example/x' },
      })
    ).body,
    'evil',
  );
});

t.test('who wants a page', async (t) => {
  const asks = (url: string, accept?: string): boolean =>
    wantsHtml({ url, headers: accept === undefined ? {} : { accept } });
  t.equal(asks('/e/x', 'text/html'), true);
  t.equal(asks('/e/x'), true);
  t.equal(asks('/e/x', 'application/json'), false);
  t.equal(asks('/api/v1/me', 'text/html'), false);
  t.equal(asks('/apiary', 'text/html'), true);
});
