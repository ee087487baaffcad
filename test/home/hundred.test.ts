// Where a hundred yuan went: the parts add up to a hundred and a dwelling's part to no more than the whole, for any figures.
import fc from 'fast-check';
import t from 'tap';
import { hundredOf } from '../../src/home/hundred.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';

const heading = (account: string, amount: string) => ({ account, name_zh: account, name_en: account, amount });
const fen = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
const areas = { area: '68.00', total_area: '38080.00' };

t.test('what is left over is a part of the hundred; what is beyond it is said', async (t) => {
  const saved = hundredOf({ received: '1000.00', headings: [heading('5101', '600.00'), heading('5106', '300.00')] }, areas)!;
  t.same(saved.shares.map((share) => [share.account, share.of_hundred, share.of_unit]), [['5101', '60.00', '1.07'], ['5106', '30.00', '0.54']]);
  t.same([saved.kept, saved.beyond, saved.unit_total], [{ amount: '100.00', of_hundred: '10.00' }, null, '1.61']);
  const over = hundredOf({ received: '100.00', headings: [heading('5101', '150.00'), heading('5106', '-3.00')] }, areas)!;
  t.same([over.shares.length, over.shares[0]!.of_hundred, over.kept, over.beyond], [1, '100.00', null, '50.00']);
  t.equal(hundredOf({ received: '0.00', headings: [] }, areas), null);
});

t.test('for any figures the parts are exactly a hundred', async () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.array(fc.integer({ min: 0, max: 9_999_999 }), { maxLength: 12 }), fc.integer({ min: 1, max: 99_999 }), (received, amounts, area) => {
    const found = hundredOf({ received: fen(received), headings: amounts.map((amount, at) => heading(String(5100 + at), fen(amount))) }, { area: fen(area), total_area: '1000.00' });
    if (found === null) return amounts.every((amount) => amount === 0) && received === 0;
    const whole = sum([...found.shares.map((share) => money(share.of_hundred)), ...(found.kept === null ? [] : [money(found.kept.of_hundred)])]);
    return moneyText(whole) === '100.00' && !money(found.unit_total).greaterThan(money(found.spent));
  }), { numRuns: 300 });
});
