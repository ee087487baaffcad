// Two owners pay one dwelling's bills in parts, each with a receipt and each as they say. Another pays a year ahead; every month takes its
// part, the company changes, the rest goes back under both keys: no more than is held, and nothing that a bill has taken.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments, type Payment } from '../../src/billing/counter.ts';
import { openBills } from '../../src/billing/queries.ts';
import { receiptByNumber, receiptsOf } from '../../src/billing/receipt-queries.ts';
import { partMonth, partName, receiptNumber } from '../../src/billing/receipt-paper.ts';
import { heldOf, releaseDue } from '../../src/billing/release.ts';
import { proposeHandover } from '../../src/handover/handover.ts';
import { money, moneyFigures, moneyText } from '../../src/kernel/money.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory, refused, type Story } from './story.ts';

const counter = (story: Story) => {
  const { h: { house, estate: { estate_id }, persons } } = story;
  let keys = 0;
  return (unit: string, amount: string, paid_on: string, change: Partial<Payment> = {}) =>
    takePayments(house, { estate_id, made_by: persons.cashier, payments: [{ unit, amount: money(amount), paid_on, method: 'bank', key: `counter ${keys += 1}`, ...change }] });
};
const opens = async (story: Story, unit: string) => (await story.within((trx) => openBills(trx, story.h.estate.estate_id, { units: [unit] }))).map((bill) => `${bill.period} ${bill.open}`);
const held = async (story: Story, unit: string): Promise<string> => {
  const { rows: [row] } = await story.h.superuser.query<{ ref: string }>('select ref from unit where estate_id = $1 and unit = $2', [story.h.estate.estate_id, unit]);
  const funds = (await story.within((trx) => heldOf(trx, story.h.estate.estate_id, [row!.ref]))).get(row!.ref);
  return [...funds ?? []].map(([fund, one]) => `${fund} ${moneyText(one.held)}`).join(', ');
};

/** Every receipt as it is printed. */
async function receipts(story: Story): Promise<string> {
  const { estate_id } = story.h.estate;
  const { items } = await story.within((trx) => receiptsOf(trx, estate_id, { sight: { all: true }, limit: 99 }));
  const shown = await Promise.all(items.reverse().map(({ number }) => story.within((trx) => receiptByNumber(trx, estate_id, number, { all: true }))));
  return ['收据', ...shown.flatMap((one) => [
    `    № ${receiptNumber(one!.number)} ${one!.entry_date} ${one!.unit} ${one!.payer} ${moneyFigures(money(one!.amount))} ${one!.entry}${one!.void_seq === null ? '' : ` 作废（${one!.void_entry}）`}`,
    ...one!.parts.map((part) => `        ${partName(part, 'zh')} ${partMonth(part, 'zh')} ${moneyFigures(money(part.amount))}`),
  ]), ''].join('\n');
}

t.test('two owners pay in parts, each as they say', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, actorOf } } = story;
  const take = counter(story);
  await setBillingStart(house, { estate, actor: actorOf('cashier'), start_period: '2026-10' });
  story.at('2026-11-02 09:00');
  await billDue(house, estate);
  t.same(await opens(story, '3-2-101'), ['2026-10 102.00', '2026-11 102.00']);
  const bills = await story.within((trx) => openBills(trx, estate.estate_id, { units: ['3-2-101'] }));
  story.at('2026-11-09 10:00');
  await take('3-2-101', '51.00', '2026-11-09', { payer: '刘小芳', choice: { bills: [{ bill_id: bills[1]!.bill_id, amount: money('51.00') }] } });
  t.same(await opens(story, '3-2-101'), ['2026-10 102.00', '2026-11 51.00'], 'her half of November, as she says, although October is older');
  const [, wrong] = [await take('3-2-101', '80.00', '2026-11-09', { payer: '张伟', method: 'cash' }), (await take('3-2-101', '33.00', '2026-11-09', { payer: '张伟', method: 'cash' }))[0]!];
  t.same(await opens(story, '3-2-101'), ['2026-11 40.00'], 'his goes to the oldest');
  const void_it = await story.reverse(wrong.seq, '同一笔现金登记了两次');
  t.same(await story.signBoth(void_it), ['approved']);
  t.same(await opens(story, '3-2-101'), ['2026-10 22.00', '2026-11 51.00'], 'void: its bills are open again');
  await take('3-2-101', '80.00', '2026-11-09', { payer: '张伟' });
  t.same(await opens(story, '3-2-101'), []);
  t.equal(await held(story, '3-2-101'), 'service 7.00', 'what is over is held');
  const text = `${await story.ledger('2026-11')}\n${await receipts(story)}`;
  await compareExpected(t, 'stories/two-owners/expected.txt', text);
});

t.test('a year paid ahead, a change of companies, and the rest goes back', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, actorOf } } = story;
  const take = counter(story);
  await setBillingStart(house, { estate, actor: actorOf('cashier'), start_period: '2026-10' });
  story.at('2026-10-09 16:00');
  const year = { choice: { ahead: [{ item: 'property_fee', from: '2026-11', amount: money('1122.00') }] }, payer: '刘小芳' };
  await take('3-2-101', '1224.00', '2026-10-09', year);
  t.equal(await held(story, '3-2-101'), 'service 1122.00', 'October is paid, eleven months are held');
  story.at('2026-11-01 00:20');
  await billDue(house, estate);
  t.same(await opens(story, '3-2-101'), [], 'November is no sooner billed than paid');
  await story.stateBank('2026-10', '1224.00');
  await story.close('2026-10');
  story.at('2026-12-01 00:20');
  await billDue(house, estate);
  t.same((await releaseDue(house, estate)).entries, [], 'told again, nothing more');
  t.equal(await held(story, '3-2-101'), 'service 918.00');
  await story.stateBank('2026-11', '1224.00');
  await story.close('2026-11');

  story.at('2026-12-05 09:00');
  const certificate = await proposeHandover(house, { estate, actor: actorOf('cashier'), ends_on: '2026-12-31', key: 'handover' });
  await story.signBoth(certificate);
  t.same(await story.sign('committee2', certificate), ['approved'], 'the outgoing company certifies what is held for owners');

  // The owner sells and asks for what is left. It waits for its signatures, and January is not taken from it.
  story.at('2026-12-28 10:00');
  const owner = { kind: 'individual', name: '刘小芳', bank_name: '示例农商银行', account_number: '6228 4800 1234 5678 901' };
  const refund = async (amount: string) => story.draft(await story.typed(owner, { kind: 'refund', amount, fund: 'service', account: '2203', unit: '3-2-101', purpose: '房屋已出售，退预交物业费' }));
  t.match(await refused(refund('918.01').then((id) => story.submit(id))), /^order_unit_exceeded/, 'no more than is held');
  const back = await story.submit(await refund('918.00'));
  story.at('2027-01-01 00:20');
  await billDue(house, estate);
  t.same(await opens(story, '3-2-101'), ['2027-01 102.00'], 'January is the new owner\'s to pay');
  story.at('2027-01-04 10:00');
  t.same(await story.signBoth(back), ['approved']);
  await story.pay(back.proposal_id, '2027-01-04');
  t.equal(await held(story, '3-2-101'), '');
  const text = `${await story.ledger('2027-01')}\n${await receipts(story)}`;
  await compareExpected(t, 'stories/year-ahead/expected.txt', text);
});
