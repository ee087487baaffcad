// Two estates, one person of every kind and two tokens; and one request by one of them, as a letter:
//   O done or shown   L log in first   F not for this person   U no such estate, or not one of its members
//   N nothing there   I the input is not right   C in conflict with what is recorded   T too often   X our mistake
import type { FastifyInstance } from 'fastify';
import { handInRegister, takeImport } from '../../src/estate/import.ts';
import { executeDelegation } from '../../src/office/delegation.ts';
import type { Actor, Estate } from '../../src/kernel/actor.ts';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { addDays, addMonths, periodOf, today } from '../../src/kernel/dates.ts';
import { readActor } from '../../src/people/queries.ts';
import { approved, drafted, pay, receive, submitted, voucher } from '../payment/story.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { PASSWORD, signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { madeBatch } from '../subsidy/made.ts';
import { madeProject } from '../project/made.ts';
import { payloadOf, queryOf } from './bodies.ts';
import { appWithRoutes, type Route } from './routes.ts';

export const roles = ['visitor', 'resident', 'cashier', 'manager', 'chair', 'member', 'supervisor', 'street', 'auditor', 'deputy',
  'stranger', 'read', 'post'] as const;
export type Role = (typeof roles)[number];
/** At the heads of the columns. */
export const shortNames: Record<Role, string> = {
  visitor: 'vis', resident: 'res', cashier: 'cas', manager: 'man', chair: 'cha', member: 'mem', supervisor: 'sup', street: 'off', auditor: 'aud',
  deputy: 'dep', stranger: 'str', read: 'rea', post: 'pos',
};
/** Whose login each role is; the two tokens are the manager's, who may do nearly everything. */
const logins: Record<Exclude<Role, 'visitor'>, string> = {
  resident: 'resident', cashier: 'cashier', manager: 'manager', chair: 'committee1', member: 'committee2', supervisor: 'supervisor',
  street: 'street', auditor: 'auditor', deputy: 'deputy', stranger: 'stranger', read: 'manager', post: 'manager',
};

export type Where = 'own' | 'other';
export interface Answer { letter: string; status: number; code: string; detail: string }

export interface Site {
  h: TestHouse;
  routes: Route[];
  actors: Record<Role, Actor | null>;
  estateOf(role: Role, where: Where): Estate;
  ask(role: Role, route: Route, where: Where): Promise<Answer>;
  /** What a GET may not change. */
  logSize(): Promise<number>;
}

/** What is asked for where an address has a part of that name; a new name needs a line here. */
type Values = readonly (readonly [RegExp, Record<string, string>])[];

export async function openSite(t: Ending): Promise<Site> {
  const days = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };
  const h = await testHouse(t, { officers: [{
    name: '孙候补', login: 'deputy', password: PASSWORD, signing_password: null, terms: [{ body: 'committee', office: 'deputy', ...days }],
  }] });
  const { app, routes } = await appWithRoutes(h.house);
  t.teardown(() => app.close());
  const headers = await sessions(app, h);
  const values = await furnish(app, h, headers);
  const actors = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await actorOf(h, role)]))) as Record<Role, Actor | null>;
  const estateOf = (role: Role, where: Where): Estate => ((where === 'own') === (role === 'stranger') ? h.other : h.estate);
  const renew = async (role: Role): Promise<void> => {
    Object.assign(headers, await sessions(app, h, role));
    // Whoever logs out everywhere ends their tokens as well.
    if (role === 'manager') for (const token of ['read', 'post'] as const) Object.assign(headers, await sessions(app, h, token));
  };
  return {
    h, routes, actors, estateOf,
    async ask(role, route, where) {
      const url = addressOf(route.url, estateOf(role, where).code, values) + queryOf(route);
      const { payload, headers: about } = payloadOf(route);
      const answer = await app.inject({
        method: route.method as 'GET', url, headers: { ...headers[role], accept: 'application/json', ...about },
        remoteAddress: `10.0.0.${roles.indexOf(role) + 1}`, ...(payload === undefined ? {} : { payload }),
      });
      // Guesses count, and a table of all doors guesses at many.
      if (route.method !== 'GET') await h.superuser.query('delete from login_failure');
      if (role !== 'visitor' && endsSession.test(route.url)) await renew(role);
      return read(answer);
    },
    async logSize() {
      // That an auditor looked is the one thing looking records.
      const { rows } = await h.superuser.query<{ size: number }>(`select (select sum(size) from log_head)::int - (select count(*) from record where kind = 'audit_read')::int as size`);
      return rows[0]!.size;
    },
  };
}

async function actorOf(h: TestHouse, role: Role): Promise<Actor | null> {
  if (role === 'visitor') return null;
  const { rows } = await h.superuser.query<{ person_id: string }>('select person_id from credential where login = $1', [logins[role]]);
  const scopes = role === 'read' ? ['read'] : role === 'post' ? ['read', 'post'] : [];
  return (await readActor(h.house, rows[0]!.person_id, { kind: scopes.length === 0 ? 'cookie' : 'bearer', scopes, csrf: null }))!;
}

/** After one of these the browser is nobody any more, or somebody else. */
const endsSession = /session$|logout|\/login$|\/password$|\/tokens|join/;

type Headers = Record<string, string>;

async function sessions(app: FastifyInstance, h: TestHouse, only?: Role): Promise<Record<Role, Headers>> {
  const found: Partial<Record<Role, Headers>> = only === undefined ? { visitor: { 'sec-fetch-site': 'same-origin' } } : {};
  for (const role of roles) {
    if (role === 'visitor' || (only !== undefined && role !== only)) continue;
    await h.superuser.query('delete from login_failure');
    const browser = await signIn(app, logins[role]);
    if (role !== 'read' && role !== 'post') found[role] = browser;
    else {
      const made = await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: browser, payload: { label: role, scopes: [role] } });
      found[role] = { authorization: `Bearer ${made.json<{ token: string }>().token}` };
    }
  }
  return found as Record<Role, Headers>;
}

async function furnish(app: FastifyInstance, h: TestHouse, headers: Record<Role, Headers>): Promise<Values> {
  await receive(h, '90000.00');
  const file = await voucher(h);
  const paid = await approved(h, { vouchers: [file] });
  const { seq } = await pay(h, paid);
  const order = await submitted(h, { vouchers: [file] });
  const draft = await drafted(h, { vouchers: [file] });
  const send = async (role: Role, url: string, payload: object): Promise<Record<string, unknown>> => {
    const answer = await app.inject({ method: 'POST', url: `/api/v1/estates/test${url}`, headers: headers[role], payload });
    if (answer.statusCode > 299) throw new Error(`${url}: ${answer.body}`);
    return answer.body === '' ? {} : answer.json();
  };
  const { inquiry_id, id } = await send('resident', '/inquiries', { question: '电梯什么时候修？' });
  const { item_id } = await send('cashier', '/lists', { list: 'problem', title: '电梯异响', owner: 'property', due_on: '2099-12-31' });
  const { objection_id } = await send('supervisor', `/proposals/${order}/objections`, { text: '价格偏高，请再比价。' });
  const now = today(h.house.clock);
  const period = addMonths(periodOf(now), -1);
  await publishDisclosure(h.house, { estate: h.estate, period });
  await delegate(h, now);
  const { scheme, batch } = await madeBatch(h);
  const vote = { matter: 'use_fund', title: '更换电梯', wording: '同意更换一号楼电梯', starts_on: now, ends_on: addDays(now, 6) };
  const { resolution_id } = await send('chair', '/resolutions', vote);
  await send('chair', `/resolutions/${resolution_id}/announce`, {});
  const { survey_id } = await send('chair', '/surveys', { kind: 'satisfaction', title: '满意度', wording: '请打分', questions: ['保洁'], starts_on: now, ends_on: addDays(now, 6) });
  const { project, opinion, gift } = await madeProject(h);
  const { draft: budget } = await send('cashier', '/budget-drafts', { year: now.slice(0, 4) });
  await send('cashier', `/budget-drafts/${budget}/lines`, { lines: [{ fund: 'service', account: '5102', amount: '18000.00' }] });
  await send('cashier', `/budget-drafts/${budget}/open`, {});
  const { comment_id } = await send('resident', `/budget-drafts/${budget}/comments`, { comment: '灯具能不能少换一点？' });
  const imported = await handInRegister(h.house, { estate: h.estate, actor: h.actorOf('cashier'), bytes: Buffer.from('车位号,车位性质\nB9-001,共有\n'), file_name: 'spaces.csv' });
  await takeImport(h.house, { estate: h.estate, actor: h.actorOf('cashier'), import_id: imported.import_id });
  const { relay } = await send('manager', '/relays', { kind: 'webhook', label: '对账系统', address: 'https://hooks.example.cn/mingzhang', events: ['disclosure_published'] });
  const one = (value: unknown): Record<string, string> => ({ id: String(value) });
  return [
    // Whose notice is the first is not said.
    [/\/notices\/:id/, one(999_999)],
    [/\/(proposals|payment-orders|orders|signatures?|payments?)\/:id/, one(order)],
    [/\/inquiries\/:id/, one(inquiry_id ?? id)], [/\/objections\/:id/, one(objection_id)], [/\/drafts?\/:id/, one(draft)],
    [/\/budget-drafts\/:draft/, { draft: String(budget) }], [/\/budget-comments\//, { comment: String(comment_id) }], [/\/(budgets|final-accounts)\/:year/, { year: now.slice(0, 4) }],
    [/\/budget-versions\//, { proposal: String(order) }],
    [/\/register\/imports?\//, { ...one(imported.import_id), import_id: String(imported.import_id), kind: 'units' }],
    [/./, {
      id: '1', item: String(item_id ?? 1), seq: String(seq), period, sha256: file, account: '1002', draft_id: '1', draft: '1', token_id: 'a'.repeat(32), file: 'style.css',
      term: '1', figure: 'exceptions', step: 'basics', delegation: '1', rule: '1', body: 'committee', size: '1', unit: h.home, party: '00000000-0000-4000-8000-000000000000', meter: 'W-0310', mandate: '1', bill: '1', waiver: '1', scheme: String(scheme), batch: String(batch), resolution: String(resolution_id), paper: '1', survey: String(survey_id), answer: '00000000-0000-4000-8000-000000000000', project: String(project), opinion: String(opinion), gift: String(gift), handover: '1', list: 'balances', position: '1', match: '1', number: '1', relay: String(relay), word: '0'.repeat(32), '*': 'x',
    }],
  ];
}

/** Delegation 1: the deputy signs for the chair. */
async function delegate(h: TestHouse, starts_on: string): Promise<void> {
  const { rows: [deputy] } = await h.superuser.query<{ person_id: string }>("select person_id from credential where login = 'deputy'");
  const content = { body: 'committee', principal: h.persons.committee1, delegate: deputy!.person_id, starts_on, ends_on: addDays(starts_on, 20), after_days: 0 };
  const proposal = await approvedProposal(h.house, h.estate, h.persons, { kind: 'delegation', amount: null, fund: null, content });
  await executeDelegation(h.house, h.estate, proposal);
}

function addressOf(url: string, estate: string, values: Values): string {
  return url.replace(/:(\w+)(\(.*?\$\))?|\*/g, (found, name: string | undefined) => {
    if (name === 'estate') return estate;
    for (const [pattern, parts] of values) if (pattern.test(url) && parts[name ?? found] !== undefined) return parts[name ?? found]!;
    throw new Error(`no value for ${found} of ${url}: see furnish()`);
  });
}

function read(answer: Awaited<ReturnType<FastifyInstance['inject']>>): Answer {
  const { statusCode: status } = answer;
  const json = /json/.test(String(answer.headers['content-type'])) ? answer.json<{ code?: string; detail?: string } | null>() : null;
  const [code, detail] = [json?.code ?? '', json?.detail ?? ''];
  const toLogin = status >= 300 && status < 400 && String(answer.headers['location']).startsWith('/login');
  return { letter: letterOf(status, code, toLogin), status, code, detail };
}

function letterOf(status: number, code: string, toLogin: boolean): string {
  if (status === 401 || toLogin) return 'L';
  if (status < 400) return 'O';
  if (status === 403) return 'F';
  if (status === 404) return code === 'estate_unknown' ? 'U' : 'N';
  if (status === 409) return 'C';
  if (status === 429) return 'T';
  return status >= 500 ? 'X' : 'I';
}
