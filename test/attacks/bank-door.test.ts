// The same at the door: what somebody who has taken over the service may not do either.
import { sql } from 'kysely';
import t from 'tap';
import { canonical } from '../../src/kernel/canonical.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { paymentBody } from '../../src/payment/pay.ts';
import { receive } from '../disclosure/books.ts';
import { pay } from '../payment/story.ts';
import { scene } from '../reconciliation/scene.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;

t.test('what left before it was signed is no payment of the order, and lines in and out do not cancel without one', async (t) => {
  const h = await scene(t);
  const { estate: { estate_id }, persons } = h;
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  h.at('2031-10-20 09:00');
  const [first, second] = [await h.order({ payee: lamps, amount: '400.00' }), await h.order({ payee: lamps, amount: '500.00' })];
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-400.00', name: '何某', number: '6217000012345678' }, { on: '2031-10-07', amount: '-500.00' },
    { on: '2031-10-08', amount: '-600.00', name: '何某', number: '6217000012345678' }, { on: '2031-10-19', amount: '600.00', name: '何某', number: '6217000012345678' },
  ]);
  const [booked] = await h.work(async (trx) => postEntries(trx, estate_id, [await paymentBody(trx, estate_id, {
    proposal_id: first.id, made_by: persons.cashier, paid_on: '2031-10-20', reference: 'x', bank_line: { account: '1002', position: 2 } })]));
  t.not(booked!.status, 'posted', 'booked from a line of the 7th, signed on the 20th');
  const said = await pay(h, second.id, { paid_on: '2031-10-20' });
  const match = async (entries: number[], lines: number[]): Promise<string> => h.work(async (trx) =>
    (await sql<{ status: string }>`select status from match_bank_lines(${estate_id}, ${canonical({ account: '1002', by: persons.cashier, matches: [{ entries, lines }] })})`.execute(trx)).rows[0]!.status);
  t.not(await match([said.seq], [3]), 'matched', 'linked with a line of the 7th');
  t.not(await match([], [4, 5]), 'matched', 'lent and given back');
});
