// Every operation the interface documents, asked what it is meant to be asked and what it is not: what comes
// back fits the documented shape, and nothing is ever an error of ours.
import { addDays, addMonths, today } from '../../src/kernel/dates.ts';
import { Ajv, type AnySchema } from 'ajv';
import fc, { type Arbitrary } from 'fast-check';
import t from 'tap';
import { startExports } from '../../src/exchange/making.ts';
import type { PersonName } from '../helpers/house.ts';
import { fileOf } from '../helpers/bank-file.ts';
import { madeBatch } from '../subsidy/made.ts';
import { madeProject } from '../project/made.ts';
import { API, isProblem, openDesk, order, receipt, type Desk } from './desk.ts';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  pattern?: string;
  examples?: unknown[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
}
interface Parameter {
  name: string;
  in: string;
  schema?: Schema;
  required?: boolean;
}
interface Operation {
  summary?: string;
  /** Empty: open to everybody. */
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}
interface Documented {
  method: string;
  path: string;
  operation: Operation;
}

/** Questions per operation; FUZZ_RUNS=500 asks more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 10);
const methods = ['get', 'post', 'put', 'delete'];
async function operationsOf(desk: Desk): Promise<Documented[]> {
  const document = (await desk.call('GET', '/api/openapi.json')).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  return Object.entries(document.paths).flatMap(([path, found]) =>
    methods.flatMap((method) =>
      found[method] === undefined ? [] : [{ method, path, operation: found[method] }],
    ),
  );
}

const ajv = new Ajv({ strict: false, allErrors: true });
/** What does not fit the documented shape of an answer; '' when all does. */
function misfit({ operation }: Documented, status: number, body: string): string {
  const schema = operation.responses[String(status)]?.content?.['application/json']?.schema;
  if (schema === undefined)
    return operation.responses[String(status)] === undefined ? `${status} is not documented` : '';
  return ajv.validate(schema as AnySchema, JSON.parse(body)) ? '' : ajv.errorsText();
}

/** One of everything, so that every address has something behind it. */
async function fill(desk: Desk): Promise<Record<string, string>> {
  const made = async (path: string, body: unknown, as: PersonName = 'cashier') => {
    const answer = await desk.call('POST', path, body, { as });
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.body}`);
    return answer.body === '' ? {} : answer.json();
  };
  const upload = await desk.send(
    {
      method: 'POST',
      url: `${API}/vouchers`,
      payload:
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' +
        '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n\r\n--b--\r\n',
    },
    { headers: { 'content-type': 'multipart/form-data; boundary=b' } },
  );
  const { sha256 } = upload.json();
  const { seq } = await made('journal-entries', receipt(desk, { vouchers: [sha256] }));
  await made(
    'journal-entries',
    receipt(desk, {
      postings: [
        { account: '1002', fund: 'service', debit: '102.00' },
        { account: '4101', fund: 'service', credit: '102.00', unit: desk.home },
      ],
    }),
  );
  const { id } = await made(
    'payment-orders',
    order({ vouchers: [sha256], invoice: { number: '25512000000012345678', total: '70.00' } }),
  );
  await made(`proposals/${id}/submit`, {});
  await made(
    `proposals/${id}/sign`,
    { decision: 'approve', method: 'password', password: 'both-keys-for-one' },
    'manager',
  );
  const paid = await made('payment-orders', order({ vouchers: [sha256] }));
  await made(`proposals/${paid.id}/submit`, {});
  for (const signer of ['manager', 'committee1'] as const) {
    await made(`proposals/${paid.id}/sign`, { decision: 'approve', method: 'password', password: 'both-keys-for-one' }, signer);
  }
  const pay_file = await made('pay-files', { orders: [paid.id], format: 'plain-csv', bank_account: '1002', account_number: '6222000011118866' });
  const day = desk.days.closed;
  const statement = await desk.send({
    method: 'POST', url: `${API}/bank-statements`,
    payload: Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'), fileOf([[day, '10.00', 'S1']], { from: day, to: day, opening: '0.00' }),
      Buffer.from('\r\n--b--\r\n'),
    ]),
  }, { headers: { 'content-type': 'multipart/form-data; boundary=b' } });
  if (statement.statusCode !== 201) throw new Error(statement.body);
  const { inquiry_id } = await made(
    'inquiries',
    { question: '这笔是什么？', about: seq },
    'resident',
  );
  await made(`inquiries/${inquiry_id}/answers`, { answer: '是快递柜场地费。' }, 'manager');
  const { item_id } = await made('lists', { list: 'problem', title: '电梯异响', owner: 'property', due_on: '2099-12-31' });
  await made('bank-balances', {
    account: '1002',
    as_of: desk.days.today,
    balance: '602.00',
    voucher: sha256,
  });
  const { draft_id } = await made('journal-drafts', {
    entry_date: desk.days.today,
    content: {
      description: '待查',
      bank_account: '1002',
      reference: '',
      lines: [],
      vouchers: [],
      form_key: 'k',
    },
  });
  await made(`journal-entries/${seq}/reversal`, { reason: '录错' });
  const period = desk.days.closed.slice(0, 7);
  await made(`disclosures/${period}`, { publish: 'now' }, 'manager');
  const { id: export_id } = await made('exports', {}, 'resident');
  await made('exports', {});
  const exports = startExports(desk.house);
  exports.look();
  await exports.idle();
  await exports.stop();
  const { scheme, batch } = await madeBatch(desk);
  const days = { starts_on: today(desk.house.clock), ends_on: addDays(today(desk.house.clock), 6) };
  const { resolution_id } = await made('resolutions', { matter: 'use_fund', title: '更换电梯', wording: '同意更换一号楼电梯', ...days }, 'committee1');
  await made(`resolutions/${resolution_id}/announce`, {}, 'committee1');
  const { survey_id } = await made('surveys', { kind: 'satisfaction', title: '满意度', wording: '请打分', questions: ['保洁'], ...days }, 'committee1');
  const year = desk.days.today.slice(0, 4);
  const { draft: budget } = await made('budget-drafts', { year });
  await desk.call('POST', `budget-drafts/${budget}/lines`, { lines: [{ fund: 'service', account: '5102', amount: '18000.00', note: '灯具' }] }, { as: 'cashier' });
  await made(`budget-drafts/${budget}/open`, {});
  const { comment_id } = await made(`budget-drafts/${budget}/comments`, { comment: '灯具能不能少换一点？' }, 'resident');
  await made(`budget-comments/${comment_id}/answers`, { answer: '按去年实际更换数列支。' }, 'manager');
  const { project, opinion, gift } = await madeProject(desk);
  await made('bills/start', { start_period: desk.days.today.slice(0, 7) });
  const { items: [bill] } = (await desk.call('GET', `bills/${desk.home}`, undefined, { as: 'cashier' })).json();
  const waiver = await made('waivers', { why: 'waiver', units: [desk.home], item: 'property_fee', from_period: desk.days.today.slice(0, 7), to_period: addMonths(desk.days.today.slice(0, 7), 3), percent: '20', reason: '空置' });
  const { relay } = await made('relays', { kind: 'webhook', label: '对账系统', address: 'https://hooks.example.cn/mingzhang', events: ['disclosure_published'] }, 'manager');
  const certificate = await made('handovers', { ends_on: desk.days.today });
  const sheet = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n房号,建筑面积,业主\n50-1-101,零,甲\n\r\n--b--\r\n';
  const imported = await desk.send({ method: 'POST', url: `${API}/register/imports`, payload: sheet }, { headers: { 'content-type': 'multipart/form-data; boundary=b' } });
  return {
    import_id: String(imported.json().import_id),
    estate: 'test',
    handover: String(certificate.proposal_id),
    relay: String(relay),
    number: '1',
    bill: String(bill.bill_id),
    waiver: String(waiver.proposal_id),
    scheme: String(scheme),
    resolution: String(resolution_id),
    paper: '1',
    survey: String(survey_id),
    answer: '00000000-0000-4000-8000-000000000000',
    batch: String(batch),
    project: String(project),
    opinion: String(opinion),
    gift: String(gift),
    export: String(export_id),
    seq: String(seq),
    id: String(id),
    draft_id: String(draft_id),
    draft: '1',
    year,
    comment: String(comment_id),
    sha256,
    period,
    inquiry: String(inquiry_id),
    item: String(item_id),
    pay_file: String(pay_file.id),
    statement: String(statement.json().seq),
    account: '1002',
    unit: desk.home,
    token_id: '1',
    figure: 'exceptions',
    '*': '0/000.p/1',
  };
}

const addressOf = (path: string, values: Record<string, string>): string =>
  path.replace(/\{(\w+|\*)\}/g, (_all, name: string) =>
    name === 'id' && path.includes('/inquiries/') ? values['inquiry']!
      : name === 'id' && path.includes('/exports/') ? values['export']!
      : name === 'id' && path.includes('/pay-files/') ? values['pay_file']!
      : name === 'seq' && path.includes('/bank-statements/') ? values['statement']! : (values[name] ?? 'x'),
  );

/** "?seq=1": what must be asked. */
const queryOf = ({ parameters = [] }: Operation, values: Record<string, string>): string => {
  const asked = parameters.filter((one) => one.in === 'query' && one.required === true);
  return asked.length === 0 ? '' : `?${asked.map(({ name }) => `${name}=${values[name] ?? '1'}`).join('&')}`;
};

const odd = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '1.5',
    'abc',
    '\0',
    'a\0b',
    '%',
    "'",
    '"',
    '../',
    '%2e%2e',
    '９',
    '٣',
    '2026-02-30',
    '2026-13',
    '9999-12',
    '0000-01',
    '99999999999999999999',
    'null',
    'true',
    '[]',
    '🚗',
    '\u202e',
    'x'.repeat(150),
    'x'.repeat(5000),
    'submitted',
    'receipt',
    '2026-10-05',
    '1002',
    'service',
    '\ud800',
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
  fc.double().map(String),
);
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

t.test('what is asked rightly is answered in the documented shape', async (t) => {
  const desk = await openDesk(t);
  const values = await fill(desk);
  for (const documented of await operationsOf(desk)) {
    const { method, path, operation } = documented;
    t.ok((operation.summary ?? '') !== '', `${method} ${path} says what it is for`);
    if (method !== 'get') continue;
    for (const as of ['cashier', 'resident'] as const) {
      const answer = await desk.call('GET', addressOf(path, values) + queryOf(operation, values), undefined, { as });
      const ok =
        answer.statusCode === 200 ||
        // Whoever serves and does not live here has no home.
        (path.endsWith('/home') && as === 'cashier' && answer.statusCode === 403) ||
        // The board is for whoever watches.
        (path.endsWith('/board') && answer.statusCode === 403) ||
        (as === 'resident' && answer.statusCode >= 400 && answer.statusCode < 500);
      t.ok(
        ok,
        `${path} for the ${as}: ${answer.statusCode}`,
        ok ? {} : { body: answer.body.slice(0, 400) },
      );
      if (answer.statusCode === 200)
        t.equal(misfit(documented, 200, answer.body), '', `${path} fits its shape`);
    }
  }
});

t.test('what is asked oddly is refused in words', async (t) => {
  const desk = await openDesk(t);
  const values = await fill(desk);
  for (const documented of await operationsOf(desk)) {
    const { method, path, operation } = documented;
    if (method !== 'get') continue;
    const names = (operation.parameters ?? [])
      .filter((one) => one.in === 'query')
      .map((one) => one.name);
    const in_path = (operation.parameters ?? [])
      .filter((one) => one.in === 'path')
      .map((one) => one.name);
    const asked = fc.record({
      query:
        names.length === 0
          ? fc.constant<Record<string, string>>({})
          : fc.dictionary(fc.constantFrom(...names, 'colour'), odd, { maxKeys: 3 }),
      place: fc.option(fc.tuple(fc.constantFrom(...in_path, 'estate'), odd), { freq: 2 }),
      as: fc.constantFrom<PersonName>('cashier', 'resident', 'stranger'),
    });
    const wrong: string[] = [];
    await fc.assert(
      fc.asyncProperty(asked, async ({ query, place, as }) => {
        // A dot or nothing in a path is another address; both are tried in the query.
        const put =
          place === null || /^\.*$/.test(place[1])
            ? values
            : { ...values, [place[0]]: encoded(place[1]) };
        const questions = Object.entries(query)
          .map(([name, value]) => `${name}=${encoded(value)}`)
          .join('&');
        const url = `${addressOf(path, put)}${questions === '' ? '' : `?${questions}`}`;
        const answer = await desk.call('GET', url, undefined, { as });
        const told =
          answer.statusCode < 300
            ? misfit(documented, answer.statusCode, answer.body)
            : answer.statusCode >= 400 &&
                answer.statusCode < 500 &&
                String(answer.headers['content-type']).startsWith('application/problem+json')
              ? ''
              : answer.body.slice(0, 200);
        if (told !== '') wrong.push(`${answer.statusCode} ${url.slice(0, 200)}: ${told}`);
      }),
      { numRuns: RUNS, seed: 20_261_012 },
    );
    t.strictSame(
      wrong,
      [],
      `${path} with ${names.length === 0 ? 'odd addresses' : names.join(', ')}`,
    );
  }
});

/** Bodies that nearly fit: by the documented shape, with now and then something else in a place. */
function bodyOf(schema: Schema, depth = 0): Arbitrary<unknown> {
  const anything = fc.oneof(
    odd,
    fc.constant(null),
    fc.integer(),
    fc.boolean(),
    fc.constant([]),
    fc.constant({}),
    fc.constant(undefined),
  );
  const examples = schema.examples ?? [];
  const right: Arbitrary<unknown>[] = examples.length > 0 ? [fc.constantFrom(...examples)] : [];
  if (schema.enum !== undefined) right.push(fc.constantFrom(...schema.enum));
  if (schema.const !== undefined) right.push(fc.constant(schema.const as never));
  if (schema.anyOf !== undefined)
    right.push(fc.oneof(...schema.anyOf.map((one) => bodyOf(one, depth + 1))));
  if (schema.type === 'object') {
    right.push(
      fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, one]) => [
            name,
            bodyOf(one, depth + 1),
          ]),
        ),
        { requiredKeys: schema.required ?? [] },
      ),
    );
  }
  if (schema.type === 'array')
    right.push(fc.array(bodyOf(schema.items ?? {}, depth + 1), { maxLength: 4 }));
  if (schema.type === 'string')
    right.push(
      schema.pattern === undefined
        ? fc.string({ maxLength: 30 })
        : (fc.stringMatching(new RegExp(schema.pattern)) as Arbitrary<unknown>),
    );
  if (schema.type === 'integer' || schema.type === 'number')
    right.push(fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 2_000_000_000 }));
  if (schema.type === 'boolean') right.push(fc.boolean());
  const fitting = right.length === 0 ? anything : fc.oneof(...right);
  return fc.oneof(
    { weight: depth === 0 ? 20 : 8, arbitrary: fitting },
    { weight: 1, arbitrary: anything },
  );
}

t.test('bodies that nearly fit are carried out or refused in words', async (t) => {
  const desk = await openDesk(t);
  const values = await fill(desk);
  // Logging in, joining and signing are slow on purpose, and limited; leaving ends the session.
  const slow = /\/session$|\/join$|\/sign$/;
  for (const documented of await operationsOf(desk)) {
    const { method, path, operation } = documented;
    if (
      method === 'get' ||
      path.endsWith('/session') ||
      operation.requestBody?.content['multipart/form-data'] !== undefined
    )
      continue;
    const schema = operation.requestBody?.content['application/json']?.schema;
    const places = (operation.parameters ?? [])
      .filter((one) => one.in === 'path' && one.name !== 'estate')
      .map((one) => one.name);
    const asked = fc.record({
      body: schema === undefined ? fc.constant(undefined) : bodyOf(schema),
      as: fc.constantFrom<PersonName>('cashier', 'manager', 'committee1', 'resident'),
      place:
        places.length === 0
          ? fc.constant(null)
          : fc.option(
              fc.tuple(
                fc.constantFrom(...places),
                fc.oneof(odd, fc.integer({ min: 1, max: 30 }).map(String)),
              ),
              { freq: 3 },
            ),
    });
    const wrong: string[] = [];
    await fc.assert(
      fc.asyncProperty(asked, async ({ body, as, place }) => {
        const put =
          place === null || /^\.*$/.test(place[1])
            ? values
            : { ...values, [place[0]]: encoded(place[1]) };
        const url = addressOf(path, put);
        const answer = await desk.call(method.toUpperCase() as 'POST', url, body, { as });
        const told =
          answer.statusCode < 300
            ? misfit(documented, answer.statusCode, answer.body)
            : answer.statusCode >= 400 &&
                answer.statusCode < 500 &&
                String(answer.headers['content-type']).startsWith('application/problem+json')
              ? ''
              : answer.body.slice(0, 300);
        if (told !== '')
          wrong.push(
            `${answer.statusCode} ${url.slice(0, 100)} ${JSON.stringify(body)?.slice(0, 400)}: ${told}`,
          );
      }),
      { numRuns: slow.test(path) ? Math.min(RUNS, 8) : RUNS, seed: 20_261_012 },
    );
    t.strictSame(wrong, [], `${method} ${path}`);
  }
  const trial = (
    await desk.superuser.query(
      `select sum(debit)::text = sum(credit)::text as balanced from posting`,
    )
  ).rows[0];
  t.equal(trial.balanced, true, 'and the books balance');
});

t.test(
  'nobody in particular is told to log in, and a stranger that there is nothing',
  async (t) => {
    const desk = await openDesk(t);
    const values = {
      estate: 'test',
      seq: '1',
      id: '1',
      draft_id: '1',
      sha256: '0'.repeat(64),
      period: desk.days.closed.slice(0, 7),
      inquiry: '1',
      token_id: '1',
    };
    for (const { method, path, operation } of await operationsOf(desk)) {
      if (!path.includes('{estate}')) continue;
      const url = addressOf(path, values);
      if (operation.security?.length === 0) {
        const { statusCode, body } = await desk.app.inject({ method: 'GET', url });
        t.ok(method === 'get' && statusCode !== 401 && !body.includes('estate_unknown'), `open to all: ${path}`);
        continue;
      }
      const body =
        method === 'get' || method === 'delete'
          ? {}
          : { payload: '{}', headers: { 'content-type': 'application/json' } };
      isProblem(
        t,
        await desk.app.inject({ method: method.toUpperCase() as 'GET', url, ...body }),
        { code: 'login_required', status: 401 },
        `nobody: ${method} ${path}`,
      );
      isProblem(
        t,
        await desk.send(
          {
            method: method.toUpperCase() as 'GET',
            url,
            ...(method === 'get' || method === 'delete' ? {} : { payload: '{}' }),
          },
          {
            as: 'stranger',
            headers:
              method === 'get' || method === 'delete' ? {} : { 'content-type': 'application/json' },
          },
        ),
        { code: 'estate_unknown', status: 404 },
        `a stranger: ${method} ${path}`,
      );
    }
  },
);
