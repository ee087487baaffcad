// A cashier and the chair of a committee would like the dwellings' money.
import t from 'tap';
import { web } from './web.ts';

t.test('no receipt without money: what is in transit already is received by nobody a second time', async (t) => {
  const site = await web(t);
  const { home, superuser } = site.h;
  const post = (postings: object[]) => site.send('cashier', 'POST', '~/journal-entries', { kind: 'receipt', entry_date: site.today, description: '收物业费', postings });
  const receipts = async (): Promise<number> => (await superuser.query('select count(*)::int as n from receipt')).rows[0].n as number;
  const line = (account: string, side: string, amount: string, unit?: string) => ({ account, fund: 'service', [side]: amount, ...(unit === undefined ? {} : { unit }) });
  t.equal((await post([line('1012', 'debit', '100.00'), line('4101', 'credit', '100.00', home)])).status, 201, 'cash, received once');
  t.equal(await receipts(), 1);
  const nothing = await post([line('1012', 'debit', '100.00'), line('1012', 'credit', '100.00', home)]);
  const again = await post([line('1002', 'debit', '100.00'), line('1012', 'credit', '100.00', home)]);
  t.same([nothing.status, nothing.json.code, again.status, again.json.code, await receipts()], [422, 'transit_names_unit', 422, 'transit_names_unit', 1]);
});
