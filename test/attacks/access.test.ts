// What a curious owner, a stolen token, and a signer who is paid may and may not do.
import t from 'tap';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { receipt, web } from './web.ts';

const supplier = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '示例银行', account_number: '6222021234567890' };

t.test('an owner does not learn the name of a file that is for the officers', async (t) => {
  const site = await web(t);
  const name = '王小明 身份证 510123198001011234.png';
  // Its number is crossed out as it comes in (kernel/personal.ts).
  const kept = '王小明 身份证 ***.png';
  const hidden = await site.upload('cashier', name, 'officers');
  const shown = await site.upload('cashier', '发票.png', 'owners');
  const posted = await site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '900.00', { vouchers: [hidden, shown] }));
  await site.send('cashier', 'POST', '~/bank-balances', { account: '1002', as_of: site.today, balance: '900.00', voucher: hidden });
  const { seq } = posted.json;
  for (const url of [`~/journal-entries/${seq}`, `/e/test/journal/${seq}`, '~/bank-balances', '/e/test/bank', '/e/test/bank.csv', '/e/test/journal.csv']) {
    const answer = await site.send('resident', 'GET', url);
    t.equal(answer.status, 200, url);
    t.notMatch(answer.body, '王小明', url);
  }
  t.match((await site.send('resident', 'GET', `~/journal-entries/${seq}`)).body, '发票.png');
  t.match((await site.send('auditor', 'GET', `~/journal-entries/${seq}`)).body, kept);
  t.match((await site.send('auditor', 'GET', '~/bank-balances')).body, kept);
});

t.test('an owner opens the statement of the bank that was handed in for owners', async (t) => {
  const site = await web(t);
  const statement = await site.upload('cashier', '对账单.png', 'owners');
  t.equal((await site.send('resident', 'GET', `~/vouchers/${statement}`)).status, 404, 'before anything rests on it');
  await site.send('cashier', 'POST', '~/bank-balances', { account: '1002', as_of: site.today, balance: '0.00', voucher: statement });
  t.equal((await site.send('resident', 'GET', `~/vouchers/${statement}`)).status, 200);
});

t.test('a token that may only read stops no proposal, neither by the interface nor by the page', async (t) => {
  const site = await web(t);
  await site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '9000.00'));
  const order = await site.order(supplier);
  const made = await site.send('manager', 'POST', '/api/v1/tokens', { label: 'reader', scopes: ['read'] });
  const authorization = `Bearer ${made.json.token}`;
  for (const step of ['hold', 'return', 'withdraw']) {
    const api = await site.send(null, 'POST', `~/proposals/${order}/${step}`, { reason: '不' }, { authorization });
    t.equal(api.json.code, 'token_scope', step);
    const page = await site.send(null, 'POST', `/e/test/proposals/${order}`, `step=${step}&reason=stop`,
      { authorization, 'content-type': 'application/x-www-form-urlencoded' });
    t.equal(page.status, 403, step);
  }
  t.equal((await site.send('manager', 'GET', `~/proposals/${order}`)).json.state, 'submitted');
});

t.test('nobody signs for money paid to themselves, however the payee is written', async (t) => {
  const site = await web(t);
  await site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '9000.00'));
  const chair = { ...supplier, kind: 'individual', name: '陈主任' };
  for (const payee of [chair, { ...chair, kind: 'company' }, { ...chair, name: '陈 主任' }, { ...chair, name: '陈太太' },
    { ...supplier, name: '陈家服务部' }]) {
    const order = await site.order(payee);
    t.equal((await site.sign('committee1', order)).json.code, 'signer_is_payee', `${payee.kind} ${payee.name}`);
    t.equal((await site.sign('committee2', order)).json.status, 'signed', 'another member of the committee may');
  }
  const order = await site.order({ ...supplier, account_number: '510100009999' });
  t.equal((await site.sign('committee1', order)).json.status, 'signed');
});

t.test('a cashier cannot bring the pages and the disclosure down with giant receipts', async (t) => {
  const site = await web(t);
  const lines = (account: string, side: string) => Array.from({ length: 100 }, () => ({ account, fund: 'service', [side]: '9999999999.99' }));
  const giant = { ...receipt(site.today, '1.00'), postings: [...lines('1002', 'debit'), ...lines('4109', 'credit')] };
  t.equal((await site.send('cashier', 'POST', '~/journal-entries', giant)).json.code, 'total_too_large');
  const most = Array.from({ length: 200 }, () => receipt(site.today, '9999999999.99'));
  const sent = await site.send('cashier', 'POST', '~/journal-entries/batch', { entries: most });
  t.ok((sent.json.results as { status: string }[]).every(({ status }) => status === 'posted'));
  for (const url of ['/e/test', '/e/test/journal', '/e/test/accounts', '/e/test/accounts/1002', '/e/test/periods', '/e/test/bank',
    '~/balances', '~/journal-entries', '~/periods', '/e/test/journal.csv']) {
    t.equal((await site.send('resident', 'GET', url)).status, 200, url);
  }
  const { house, estate } = site.h;
  const figures = await assembleFigures(house, estate, site.today.slice(0, 7), { version: 1, published_at: null, correction: null });
  t.equal(figures.closing, '1999999999998.00');
});
