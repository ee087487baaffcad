// A house whose clock is set by hand, for the tests of offices and delegations: everything goes through the
// interface, as the persons themselves would do it.
//   const h = await officeHouse(t);  await h.approve(await h.appoint({…}), 'manager', 'committee1');  h.at('2026-11-09')
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { enterPerson } from '../../src/people/person.ts';
import { bySession, type Answer, type Caller } from '../api/caller.ts';
import { PASSWORD, SIGNING_PASSWORD, signIn, testHouse, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { multipart } from '../payment/files.ts';
import { pdfFile, receive } from '../payment/story.ts';

export const api = 'estates/test';
export const OPENED = '2026-11-02';

export interface OfficeHouse extends TestHouse {
  /** Sets the clock to nine in the morning of a day; everybody logs in anew. */
  at(day: string): void;
  as(login: string): Promise<Caller>;
  /** Sends a form of a page, as a browser does, with a file or without. */
  form(login: string, path: string, fields: Record<string, string>, file: Buffer | null): Promise<Answer>;
  /** An owner with a login and a signing password, who lives here. */
  owner(login: string, name: string): Promise<string>;
  resolution(): Promise<{ title: string; date: string; voucher: string }>;
  appoint(asked: Partial<{ by: string }> & Record<string, unknown>): Promise<Answer>;
  /** Gives the answer of each signature. */
  sign(proposal_id: number, ...logins: string[]): Promise<Answer[]>;
  /** Code of the refusal of one signature, or its status. */
  signed(proposal_id: number, login: string): Promise<string>;
  /** Proposes and signs by all; fails unless it is carried out. */
  seat(asked: Record<string, unknown>, ...signers: string[]): Promise<number>;
  term(login: string, office?: string): Promise<number>;
  order(by?: string, more?: Record<string, unknown>): Promise<number>;
  pay(order: number): Promise<Answer>;
  state(proposal_id: number): Promise<{ state: string; reason: string }>;
}

export async function officeHouse(t: Ending, options: TestHouseOptions = {}): Promise<OfficeHouse> {
  let now = shanghaiInstant(OPENED, '09:00');
  const h = await testHouse(t, { first_period: '2026-11', ...options, demo_clock: () => now });
  const app = await buildApp(h.house);
  t.teardown(async () => {
    await app.close();
    await closePrinter();
  });
  const callers = new Map<string, Promise<Caller>>();
  const persons = new Map<string, string>(Object.entries(h.persons));
  const as = (login: string): Promise<Caller> => {
    const known = callers.get(login) ?? bySession(app, login);
    callers.set(login, known);
    return known;
  };
  await receive(h, '900000.00');

  const resolution = async () => {
    const { json } = await (await as('cashier')).upload(`${api}/vouchers`, pdfFile(), '业主大会决议.pdf');
    return { title: '2026 年第二次业主大会决议', date: OPENED, voucher: json['sha256'] as string };
  };
  const appoint: OfficeHouse['appoint'] = async ({ by = 'cashier', ...asked }) => (await as(by)).post(`${api}/terms/proposals`, {
    body: 'committee', office: 'deputy', starts_on: OPENED, ends_on: '2029-11-01', resolution: await resolution(), ...asked,
  });
  const sign = async (proposal_id: number, ...logins: string[]): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (const login of logins) {
      answers.push(await (await as(login)).post(`${api}/proposals/${proposal_id}/sign`,
        { decision: 'approve', method: 'password', password: SIGNING_PASSWORD }));
    }
    return answers;
  };
  return {
    ...h, as, resolution, appoint, sign,
    at(day) {
      now = shanghaiInstant(day, '09:00');
      callers.clear();
    },
    async form(login, path, fields, file) {
      const { payload, headers } = file === null
        ? { payload: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } }
        : multipart([...Object.entries(fields).map(([name, content]) => ({ name, content })),
          { name: 'vouchers', file_name: '决议.pdf', content: file }]);
      const answer = await app.inject({ method: 'POST', url: path, payload, headers: { ...await signIn(app, login), ...headers } });
      return { status: answer.statusCode, text: answer.body, headers: answer.headers, bytes: answer.rawPayload, json: {} };
    },
    async owner(login, name) {
      const person_id = await enterPerson(h.house, { login, name, password: PASSWORD, signing_password: SIGNING_PASSWORD });
      persons.set(login, person_id);
      await inEstate(h.house.db.app, h.estate.estate_id, (trx) =>
        trx.insertInto('resident').values({ estate_id: h.estate.estate_id, unit: h.home, person_id }).execute());
      return person_id;
    },
    async signed(proposal_id, login) {
      const [answer] = await sign(proposal_id, login);
      return String(answer!.json['code'] ?? answer!.json['status']);
    },
    async seat(asked, ...signers) {
      const { json, text } = await appoint(asked);
      if (json['proposal_id'] === undefined) throw new Error(text);
      const last = (await sign(json['proposal_id'] as number, ...signers)).at(-1)!;
      if (last.json['state'] !== 'executed') throw new Error(last.text);
      return json['proposal_id'] as number;
    },
    async term(login, office) {
      const { rows } = await h.superuser.query<{ term_id: number }>(`select term_id from term where person_id = $1
        and ($2::text is null or office = $2) order by term_id desc limit 1`, [persons.get(login), office ?? null]);
      return rows[0]!.term_id;
    },
    async order(by = 'cashier', more = {}) {
      const maker = await as(by);
      const { json: voucher } = await maker.upload(`${api}/vouchers`, pdfFile(), '发票.pdf');
      const { json, text } = await maker.post(`${api}/payment-orders`, {
        payee: { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' },
        amount: '100.00', fund: 'service', account: '5102', purpose: '灯具更换', vouchers: [voucher['sha256']], ...more,
      });
      if (json['id'] === undefined) throw new Error(text);
      const submitted = await maker.post(`${api}/proposals/${json['id']}/submit`);
      if (submitted.status !== 200) throw new Error(submitted.text);
      return json['id'] as number;
    },
    pay: async (order) => (await as('cashier')).post(`${api}/payment-orders/${order}/paid`,
      { paid_on: now.toISOString().slice(0, 10), bank_reference: `YH${order}` }),
    async state(proposal_id) {
      const { rows } = await h.superuser.query<{ state: string; reason: string }>(
        'select state, reason from proposal where proposal_id = $1', [proposal_id]);
      return rows[0]!;
    },
  };
}
