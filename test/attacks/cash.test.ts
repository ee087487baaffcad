// A manager and one member of the committee would like a large sum in cash.
import t from 'tap';
import { receipt, web } from './web.ts';

t.test('a large sum does not go from the bank into the cash box under the signatures of a small one', async (t) => {
  const site = await web(t);
  await site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '500000.00'));
  const withdraw = async (amount: string): Promise<number> => (await site.send('cashier', 'POST', '~/transfers', {
    entry_date: site.today, description: '提取备用金', postings: [
      { account: '1001', fund: 'service', debit: amount }, { account: '1002', fund: 'service', credit: amount }],
  })).json.proposal_id as number;
  const large = await withdraw('400000.00');
  t.equal((await site.sign('manager', large)).json.status, 'signed');
  t.equal((await site.sign('committee1', large)).json.status, 'signed', 'one member is not enough');
  t.equal((await site.sign('committee2', large)).json.status, 'approved');
  const small = await withdraw('500.00');
  await site.sign('manager', small);
  t.equal((await site.sign('committee1', small)).json.status, 'approved');
});
