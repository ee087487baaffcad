// Whatever is posted through the door, the figures of the month add up: the proofs inside
// assembleFigures() hold, and every entry is there once, in order.
import fc from 'fast-check';
import t from 'tap';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { minus, money, moneyText, sum, zero } from '../../src/kernel/money.ts';
import type { EntryKind } from '../../src/ledger/entry.ts';
import { payOut, receive, reverse, testBooks, transfer } from './books.ts';

type Step = { what: 'receive' | 'pay' | 'move' | 'release' | 'deposit' | 'red'; day: number; fen: number; pick: number };
const steps = fc.array(fc.record({
  what: fc.constantFrom('receive', 'pay', 'move', 'release', 'deposit', 'red'),
  day: fc.integer({ min: 0, max: 60 }), fen: fc.integer({ min: 1, max: 999_999 }), pick: fc.nat(20),
}), { minLength: 1, maxLength: 14 });

t.test('random ledgers', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-30 12:00');
  await receive(h, { date: '2031-10-01', amount: '9000000.00', account: '3101' });
  const posted: { seq: number; kind: EntryKind; red: boolean }[] = [];
  const carryOut = async ({ what, day, fen, pick }: Step): Promise<void> => {
    const date = addDays('2031-10-01', day);
    const amount = moneyText(money(`${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`));
    const keep = async (kind: EntryKind, work: Promise<number>) => void posted.push({ seq: await work, kind, red: false });
    if (what === 'receive') return keep('receipt', receive(h, { date, amount, account: ['4101', '4102', '2203'][pick % 3]! }));
    if (what === 'deposit') return keep('receipt', receive(h, { date, amount, account: '2241', fund: 'deposit' }));
    if (what === 'pay') return keep('payment', payOut(h, { date, amount, account: ['5104', '5106', '1001', '2203'][pick % 4]! }));
    const side = (account: string, fund: string, debit: boolean) => ({ account, fund, [debit ? 'debit' : 'credit']: money(amount) });
    if (what === 'move') {
      return keep('transfer', transfer(h, { date, lines: pick % 2 === 0
        ? [side('1001', 'service', true), side('1002', 'service', false)]
        : [side('3101', 'service', true), side('1002', 'service', false), side('1002', 'public_income', true), side('3101', 'public_income', false)] }));
    }
    if (what === 'release') return keep('transfer', transfer(h, { date, lines: [side('2203', 'service', true), side('4101', 'service', false)] }));
    const target = posted.filter((entry) => !entry.red)[pick % Math.max(1, posted.length)];
    if (target === undefined) return;
    target.red = true;
    await reverse(h, { date, seq: target.seq, kind: target.kind });
  };
  await fc.assert(fc.asyncProperty(steps, async (list) => {
    for (const step of list) await carryOut(step);
    const { rows } = await h.superuser.query('select seq, period from journal_entry where estate_id = $1 order by entry_date, seq', [h.estate.estate_id]);
    let opening = zero;
    for (const period of ['2031-10', '2031-11']) {
      const figures = await assembleFigures(h.house, h.estate, period, { version: 1, published_at: null, correction: null });
      t.same(figures.entries.map((e) => e.seq), rows.filter((r) => r.period === period).map((r) => r.seq));
      t.equal(figures.opening, moneyText(opening), 'a month opens where the one before closed');
      opening = minus(sum([money(figures.opening), money(figures.received)]), money(figures.paid));
    }
  }), { numRuns: 12, seed: 20311, endOnFailure: true });
});
