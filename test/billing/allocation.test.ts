// What a payment pays: as its payer says, then the oldest first; and what is held in advance, told apart entry by entry.
import fc from 'fast-check';
import t from 'tap';
import { allocate, type Choice } from '../../src/billing/allocation.ts';
import type { OpenBill } from '../../src/billing/queries.ts';
import { receiptLines } from '../../src/billing/receipt.ts';
import { releasable } from '../../src/billing/release.ts';
import { freeOf, heldAfter, type Held, type HeldEvent } from '../../src/billing/release-held.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../../src/kernel/money.ts';
import { sumsByFund } from '../../src/ledger/entry.ts';

const fen = (value: number): Money => money(`${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`);
const bill = (bill_id: number, period: string, open: string, change: Partial<OpenBill> = {}): OpenBill => ({
  bill_id, unit: '1-1', ref: 'r1', item: 'property_fee', period, due_on: `${period}-28`, amount: open, paid: '0.00', reduced: '0.00', open,
  rule_id: null, of_bill: null, account: '4101', fund: 'service', name_zh: '物业费', name_en: 'Property fee', ...change,
});
const parking = { item: 'parking', account: '4102', fund: 'public_income', name_zh: '停车费', name_en: 'Parking' };
const late = { item: 'late_fee', account: '4111', of_bill: 1, name_zh: '滞纳金', name_en: 'Late fee' };
const bills = [bill(1, '2026-01', '100.00'), bill(2, '2026-02', '100.00'), bill(3, '2026-02', '50.00', parking), bill(4, '2026-02', '3.00', late)];
const told = (amount: string, choice?: Choice): string => {
  const { bills: shares, ahead } = allocate(bills, money(amount), choice);
  return [...shares.map((one) => `${one.bill.bill_id}:${moneyText(one.amount)}${one.why === 'chosen' ? '!' : ''}`), ...ahead.map((one) => `${one.item ?? 'any'}:${moneyText(one.amount)}`)].join(' ');
};

t.test('the payer says what is paid; only what they leave open goes by age', async (t) => {
  t.equal(told('120.00'), '1:100.00 2:20.00', 'the oldest first');
  t.equal(told('260.00'), '1:100.00 2:100.00 3:50.00 4:3.00 any:7.00', 'in one month the fee before its late fee');
  t.equal(told('120.00', { bills: [{ bill_id: 3 }] }), '3:50.00! 1:70.00');
  t.equal(told('120.00', { bills: [{ bill_id: 2, amount: money('30.00') }, { bill_id: 3 }] }), '2:30.00! 3:50.00! 1:40.00');
  t.equal(told('120.00', { ahead: [{ item: 'parking', amount: money('100.00'), fund: 'public_income' }] }), '1:20.00 parking:100.00', 'months ahead although bills are open');
  t.equal(told('120.00', { bills: [{ bill_id: 1 }, { bill_id: 2 }], ahead: [{ item: 'parking', amount: money('100.00') }] }), '1:20.00! parking:100.00', 'what is said with an amount goes before what is ticked');
  t.throws(() => told('40.00', { bills: [{ bill_id: 3, amount: money('50.00') }] }), { code: 'allocation_beyond_amount' });
  t.throws(() => told('90.00', { bills: [{ bill_id: 3, amount: money('50.01') }] }), { code: 'allocation_beyond_bill' });
  t.throws(() => told('90.00', { bills: [{ bill_id: 9 }] }), { code: 'allocation_bill_gone' });
});

t.test('each fund of the fee rules is debited for itself; a month to come is held for its item', async (t) => {
  const read = receiptLines(bills, money('260.00'), { debit: '1012', on: '2026-02-10' });
  t.same(read.lines.map((line) => `${line.account} ${line.fund} ${moneyText(line.debit ?? line.credit!)}`), ['1012 service 210.00', '1012 public_income 50.00',
    '4101 service 200.00', '4102 public_income 50.00', '4111 service 3.00', '2203 service 7.00']);
  const before = receiptLines(bills, money('253.00'), { debit: '1002', on: '2026-01-31' });
  t.same(before.payments.map((one) => one.bill_id), [1], 'February is not paid in January');
  t.same(before.prepaid.map((one) => `${one.item} ${moneyText(one.amount)}`), ['property_fee 100.00', 'parking 50.00', 'late_fee 3.00']);
  t.same(receiptLines(bills, money('150.00'), { debit: '1002', on: '2027-01-02' }).lines.map((line) => line.account), ['1002', '4110'], 'arrears of an earlier year');
  t.same(receiptLines([bill(3, '2026-02', '50.00', parking)], money('50.00'), { debit: '1002', on: '2027-01-02' }).lines.map((line) => line.account), ['1002', '4102'], 'parking stays parking');
});

t.test('whatever is owed, chosen and paid, the parts add up to the fen, and no bill gets more than is open', async (t) => {
  const made = fc.array(fc.record({ month: fc.integer({ min: 1, max: 12 }), open: fc.integer({ min: 1, max: 99_999 }), kind: fc.constantFrom({}, parking, late) }), { maxLength: 8 });
  fc.assert(fc.property(made, fc.integer({ min: 1, max: 500_000 }), fc.array(fc.nat(9), { maxLength: 4 }), fc.nat(60_000), (rows, paid, ticked, wanted) => {
    const some = rows.map(({ month, open, kind }, at) => bill(at + 1, `2026-${String(month).padStart(2, '0')}`, moneyText(fen(open)), kind));
    const choice: Choice = { bills: ticked.filter((at) => at < some.length).map((at) => ({ bill_id: at + 1 })), ahead: wanted <= paid ? [{ item: 'parking', fund: 'public_income', amount: fen(wanted) }] : [] };
    const read = receiptLines(some, fen(paid), { debit: '1002', on: '2026-06-15', ahead_ref: 'r1', choice });
    const given = new Map<number, Money>();
    for (const share of read.allocation.bills) given.set(share.bill.bill_id, sum([given.get(share.bill.bill_id) ?? zero, share.amount]));
    return sum([...given.values(), ...read.allocation.ahead.map((one) => one.amount)]).equals(fen(paid))
      && [...given].every(([id, amount]) => !amount.greaterThan(some[id - 1]!.open))
      && [...sumsByFund(read.lines).values()].every(({ debit, credit }) => debit.equals(credit))
      && sum([read.ahead, ...read.payments.map((one) => one.amount)]).equals(fen(paid))
      && !sum(read.prepaid.map((one) => one.amount)).greaterThan(read.ahead);
  }), { numRuns: 500 });
  t.pass();
});

const M = '2026-03';
t.test('what is held for one item is told from what is free, whatever happened since', async (t) => {
  const event = (seq: number, net: string, change: Partial<HeldEvent> = {}): HeldEvent => ({ seq, net: net.startsWith('-') ? minus(zero, money(net.slice(1))) : money(net), reverses: null, items: [], release: false, ...change });
  const kept = (held: Held): string => `${moneyText(held.held)} free ${moneyText(freeOf(held))}${held.bound.map(({ item, from, amount }) => ` ${item}${from === M ? '' : ` ${from}`} ${moneyText(amount)}`).join('')}`;
  const year = [event(1, '600.00', { items: [{ item: 'parking', month: M, amount: money('600.00') }] }), event(2, '40.00')];
  const month = event(3, '-50.00', { release: true, items: [{ item: 'parking', month: M, amount: money('50.00') }] });
  t.equal(kept(heldAfter(year)), '640.00 free 40.00 parking 600.00');
  t.equal(kept(heldAfter([...year, month])), '590.00 free 40.00 parking 550.00');
  t.equal(kept(heldAfter([...year, month, event(4, '-60.00')])), '530.00 free 0.00 parking 530.00', 'a refund takes what is free first');
  t.equal(kept(heldAfter([...year, month, event(4, '50.00', { reverses: 3 })])), '640.00 free 40.00 parking 600.00');
  t.equal(kept(heldAfter([...year, month, event(4, '-600.00', { reverses: 1 })])), '-10.00 free 0.00', 'a receipt that bounced after a month was used');
  t.equal(kept(heldAfter([event(1, '100.00'), event(2, '-100.00', { release: true, items: [{ item: 'parking', month: M, amount: money('100.00') }] }), event(3, '50.00', { items: [{ item: 'parking', month: M, amount: money('50.00') }] })])),
    '50.00 free 0.00 parking 50.00', 'what was used before it was promised is no matter');
  t.equal(kept(heldAfter([event(1, '100.00', { items: [{ item: 'parking', month: '2026-05', amount: money('100.00') }] }), event(2, '30.00'), month])), '80.00 free 0.00 parking 2026-05 80.00', 'March is not paid from what was for May, but from what was free');
  const ways = fc.array(fc.record({ net: fc.integer({ min: 1, max: 5_000 }), item: fc.constantFrom('a', 'b', ''), way: fc.constantFrom('in', 'release', 'out', 'undo'), of: fc.nat(20) }), { maxLength: 20 });
  fc.assert(fc.property(ways, (rows) => {
    const events: HeldEvent[] = [];
    for (const { net, item, way, of } of rows) {
      const seq = events.length + 1;
      const target = events[of];
      if (way === 'undo' && target !== undefined && target.reverses === null && !events.some((one) => one.reverses === target.seq)) events.push({ seq, net: minus(zero, target.net), reverses: target.seq, items: [], release: false });
      else if (way !== 'undo') events.push({ seq, net: way === 'in' ? fen(net) : minus(zero, fen(net)), reverses: null, release: way === 'release', items: way === 'out' || item === '' ? [] : [{ item, month: of % 2 === 0 ? M : '2026-05', amount: fen(net) }] });
    }
    const held = heldAfter(events);
    const total = sum(held.bound.map((one) => one.amount));
    return held.held.equals(sum(events.map((one) => one.net))) && held.bound.every((one) => one.amount.greaterThan(0)) && !total.greaterThan(held.held.isNegative() ? zero : held.held);
  }), { numRuns: 500 });
});

t.test('a release pays the oldest first, from its item and its fund, and leaves what a refund asks for', async (t) => {
  const held = (free: string, bound: Record<string, string> = {}): Held => ({ held: sum([money(free), ...Object.values(bound).map(money)]), bound: Object.entries(bound).map(([key, amount]) => ({ item: key.split(' ')[0]!, from: key.split(' ')[1] ?? '2026-01', amount: money(amount) })) });
  const parts = (funds: Record<string, Held>, promised: Record<string, string> = {}): string =>
    releasable(bills, new Map(Object.entries(funds)), new Map(Object.entries(promised).map(([fund, amount]) => [fund, money(amount)]))).map((one) => `${one.bill.bill_id}:${moneyText(one.amount)}`).join(' ');
  t.equal(parts({ service: held('120.00') }), '1:100.00 2:20.00');
  t.equal(parts({ service: held('0.00', { late_fee: '9.00' }) }), '4:3.00');
  t.equal(parts({ public_income: held('80.00') }), '3:50.00', 'money of one fund pays no bill of another');
  t.equal(parts({ service: held('120.00') }, { service: '90.00' }), '1:30.00');
  t.equal(parts({ service: held('20.00', { property_fee: '100.00' }) }, { service: '90.00' }), '1:30.00');
  t.equal(parts({ service: held('0.00', { 'property_fee 2026-02': '130.00' }) }), '2:100.00', 'what was paid for February on pays no January');
});
