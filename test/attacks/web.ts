// A browser per person against the whole application, for the attacks.
import { buildApp } from '../../src/app.ts';
import { today } from '../../src/kernel/dates.ts';
import { signIn, SIGNING_PASSWORD, testHouse, type PersonName, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';

export interface Answer { status: number; body: string; json: any; headers: Record<string, unknown> }
export interface Web {
  h: TestHouse;
  today: string;
  /** `who` null: nobody has logged in. Paths that begin with ~ are of the interface of the estate. */
  send(who: PersonName | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: unknown, headers?: object): Promise<Answer>;
  upload(who: PersonName, file_name: string, audience: string, bytes?: Buffer): Promise<string>;
  /** Drafted and submitted by the cashier; gives its number. */
  order(payee: object, more?: object): Promise<number>;
  sign(who: PersonName, proposal: number): Promise<Answer>;
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export async function web(t: Ending, options: TestHouseOptions = {}): Promise<Web> {
  const h = await testHouse(t, options);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const sessions = new Map<PersonName, object>();
  let files = 0;
  const site: Web = {
    h, today: today(h.house.clock),
    async send(who, method, url, payload, headers = {}) {
      if (who !== null && !sessions.has(who)) sessions.set(who, await signIn(app, who));
      const answer = await app.inject({
        method, url: url.replace(/^~/, '/api/v1/estates/test'), ...(payload === undefined ? {} : { payload: payload as object }),
        headers: { ...(who === null ? {} : sessions.get(who)), ...headers },
      });
      const json = String(answer.headers['content-type']).includes('json') ? answer.json() as unknown : null;
      return { status: answer.statusCode, body: answer.body, json, headers: answer.headers };
    },
    async upload(who, file_name, audience, bytes = Buffer.concat([PNG, Buffer.from(String(files += 1))])) {
      const part = (name: string, more = ''): string => `--XX\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
      const payload = Buffer.concat([Buffer.from(`${part('audience')}${audience}\r\n${part('file', `; filename="${file_name}"`)}`),
        bytes, Buffer.from('\r\n--XX--\r\n')]);
      const answer = await site.send(who, 'POST', '~/vouchers', payload, { 'content-type': 'multipart/form-data; boundary=XX' });
      return answer.json.sha256 as string;
    },
    async order(payee, more = {}) {
      const voucher = await site.upload('cashier', 'invoice.png', 'owners');
      const made = await site.send('cashier', 'POST', '~/payment-orders', { payee, amount: '500.00', fund: 'service', account: '5102',
        purpose: '灯具', vouchers: [voucher], ...more });
      await site.send('cashier', 'POST', `~/proposals/${made.json.id}/submit`);
      return made.json.id as number;
    },
    sign: (who, proposal) => site.send(who, 'POST', `~/proposals/${proposal}/sign`,
      { decision: 'approve', method: 'password', password: SIGNING_PASSWORD }),
  };
  return site;
}

/** A receipt of the cashier, dated today unless told otherwise. */
export const receipt = (entry_date: string, amount: string, more: object = {}) => ({
  kind: 'receipt', entry_date, description: '物业费', ...more, postings: [
    { account: '1002', fund: 'service', debit: amount }, { account: '4101', fund: 'service', credit: amount }],
});
