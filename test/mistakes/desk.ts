// A desk for making mistakes at: the whole application with a browser logged in as each person, a month
// that is closed, and what every refusal must look like.
import type { InjectOptions, Response } from 'light-my-request';
import { buildApp } from '../../src/app.ts';
import { signProposals } from '../../src/approval/sign.ts';
import { executors } from '../../src/executors.ts';
import { addDays, addMonths, lastDay, periodOf, today } from '../../src/kernel/dates.ts';
import { proposeClose } from '../../src/ledger/close.ts';
import { SIGNING_PASSWORD, signIn, testHouse, type PersonName } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { multipart, type Part } from '../payment/files.ts';

interface Test {
  ok(found: unknown, message: string, extra: Record<string, unknown>): unknown;
}

export interface Asked {
  as?: PersonName;
  headers?: Record<string, string>;
}
export interface PageAnswer {
  status: number;
  html: string;
  location: string;
}

export const API = '/api/v1/estates/test';
export const PAGES = '/e/test';

export async function openDesk(t: Ending) {
  const h = await testHouse(t);
  const { house, estate } = h;
  const now = today(house.clock);
  const closed = addMonths(periodOf(now), -1);
  const app = await buildApp(house);
  t.teardown(() => app.close());
  const { proposal_id, document_hash } = await proposeClose(house, {
    estate,
    actor: h.actorOf('cashier'),
    period: closed,
  });
  for (const who of ['manager', 'committee1'] as const) {
    await signProposals(
      house,
      {
        estate,
        actor: h.actorOf(who),
        items: [{ proposal_id, document_hash }],
        decision: 'approve',
        method: 'password',
        password: SIGNING_PASSWORD,
      },
      executors,
    );
  }
  const sessions = new Map<PersonName, Promise<Record<string, string>>>();
  const session = (who: PersonName) => {
    if (!sessions.has(who)) sessions.set(who, signIn(app, who));
    return sessions.get(who)!;
  };
  const send = async (
    options: InjectOptions,
    { as = 'cashier', headers = {} }: Asked = {},
  ): Promise<Response> =>
    app.inject({ ...options, headers: { ...(await session(as)), ...headers } });

  /** A call of the interface; `body` is sent as JSON. */
  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    asked: Asked = {},
  ): Promise<Response> =>
    send(
      {
        method,
        url: path.startsWith('/') ? path : `${API}/${path}`,
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      },
      {
        ...asked,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...asked.headers,
        },
      },
    );

  /** A form as a browser sends it: multipart when it has files, else urlencoded. */
  const submit = async (
    path: string,
    fields: Record<string, string>,
    files: Part[] | null = null,
    asked: Asked = {},
  ): Promise<PageAnswer> => {
    const encoded =
      files === null
        ? {
            payload: new URLSearchParams(fields).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          }
        : multipart([
            ...Object.entries(fields).map(([name, content]) => ({ name, content })),
            ...files,
          ]);
    const answer = await send(
      { method: 'POST', url: `${PAGES}${path}`, payload: encoded.payload },
      { ...asked, headers: { ...encoded.headers, accept: 'text/html', ...asked.headers } },
    );
    return {
      status: answer.statusCode,
      html: answer.body,
      location: String(answer.headers.location ?? ''),
    };
  };
  const page = async (path: string, asked: Asked = {}): Promise<PageAnswer> => {
    const answer = await send(
      { method: 'GET', url: `${PAGES}${path}` },
      { ...asked, headers: { accept: 'text/html' } },
    );
    return { status: answer.statusCode, html: answer.body, location: '' };
  };
  const days = {
    today: now,
    tomorrow: addDays(now, 1),
    closed: lastDay(closed),
    before_books: addMonths(closed, -3).concat('-10'),
  };
  return { ...h, app, session, send, call, submit, page, days };
}
export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** A receipt for the interface, right but for what is given. */
export const receipt = (
  desk: Desk,
  { amount = '500.00', ...given }: Record<string, unknown> = {},
) => ({
  kind: 'receipt',
  entry_date: desk.days.today,
  description: '快递柜场地费',
  postings: [
    { account: '1002', fund: 'public_income', debit: amount },
    { account: '4104', fund: 'public_income', credit: amount },
  ],
  ...given,
});

/** The form of a receipt, right but for what is given. */
export const receiptForm = (
  desk: Desk,
  given: Record<string, string> = {},
): Record<string, string> => ({
  entry_date: desk.days.today,
  description: '快递柜场地费',
  amount: '500.00',
  account: '4104',
  fund: 'public_income',
  bank_account: '1002',
  action: 'post',
  ...given,
});

export const payee = {
  kind: 'company',
  name: '川亮照明工程有限公司',
  bank_name: '示例农商银行',
  account_number: '6222021234567890',
};
export const order = (given: Record<string, unknown> = {}) => ({
  payee,
  amount: '70.00',
  fund: 'public_income',
  account: '5102',
  purpose: '地下车库灯具更换',
  vouchers: [],
  ...given,
});
export const orderForm = (given: Record<string, string> = {}): Record<string, string> => ({
  payee: 'new',
  ...payee,
  amount: '70.00',
  fund: 'public_income',
  account: '5102',
  bank_account: '1002',
  purpose: '地下车库灯具更换',
  invoice_number: '',
  invoice_total: '',
  audience: 'owners',
  next: 'save',
  ...given,
});

export interface Expected {
  code?: string | RegExp;
  field?: string | RegExp;
  status?: number;
}

const fits = (found: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? found === wanted : wanted.test(found);

/** A refusal of the interface: a problem document with a code, a text in Chinese and the field at fault. */
export function isProblem(
  t: Test,
  answer: Response,
  { code = /^[a-z_]+$/, field, status }: Expected,
  message: string,
): void {
  const type = String(answer.headers['content-type']);
  let body: Record<string, unknown> = {};
  try {
    body = answer.json();
  } catch {
    /* what came instead is in the comparison below */
  }
  const found = {
    status: answer.statusCode,
    code: String(body['code']),
    field: String(body['field'] ?? ''),
  };
  const ok =
    found.status >= 400 &&
    found.status < 500 &&
    body['status'] === found.status &&
    type.startsWith('application/problem+json') &&
    fits(found.code, code) &&
    (field === undefined || fits(found.field, field)) &&
    (status === undefined || status === found.status) &&
    typeof body['detail'] === 'string' &&
    !/\{[a-z_]+\}/.test(body['detail']) &&
    typeof body['request_id'] === 'string';
  t.ok(
    ok,
    message,
    ok
      ? {}
      : {
          found,
          wanted: { code: String(code), field: String(field), status },
          body: answer.body.slice(0, 500),
          type,
        },
  );
}

export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** The opening tag of a control with its attributes, and what stands beside it. */
const controlOf = (html: string, name: string): string =>
  new RegExp(`<(?:input|textarea|select)[^>]* name="${name}"[^>]*>`).exec(html)?.[0] ??
  new RegExp(`<(?:input|textarea|select)[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ??
  '';

/** A refusal of a form: the same page again, what was typed kept, the reason beside the field. */
export function isShownAgain(
  t: Test,
  answer: PageAnswer,
  { field, kept, status }: { field: string; kept?: string | undefined; status?: number },
  message: string,
): void {
  const control = controlOf(answer.html, field);
  const id = / id="([^"]+)"/.exec(control)?.[1] ?? '';
  const ok =
    answer.status >= 400 &&
    answer.status < 500 &&
    (status === undefined || answer.status === status) &&
    control.includes('aria-invalid="true"') &&
    answer.html.includes(`id="${id}-error"`) &&
    (kept === undefined || answer.html.includes(escaped(kept)));
  t.ok(
    ok,
    message,
    ok
      ? {}
      : {
          status: answer.status,
          control,
          reasons: answer.html.match(/class="field-error"[\s\S]{0,200}/g),
          summary: answer.html.match(/error-summary[\s\S]{0,400}/g),
          kept: kept?.slice(0, 60),
          title: /<h1[^>]*>([\s\S]{0,100})/.exec(answer.html)?.[1],
        },
  );
}
