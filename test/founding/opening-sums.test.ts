// Sums of opening balances over random tables: what is read adds up to the fen, the lines that are offered even out every fund and no more,
// and lines of one account, fund and dwelling become one without losing a fen.
import fc from 'fast-check';
import t from 'tap';
import { groundOf } from '../../src/founding/found.ts';
import { entryLines, isEven, readOpening, rowsOfText, textOfRows } from '../../src/founding/opening-rows.ts';
import { minus, money, sum, zero } from '../../src/kernel/money.ts';

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

t.test('tables of opening balances', async (t) => {
  const units = ['1-1-101', '1-1-102', '2-1-301'];
  const ground = await groundOf({ units: { units: units.map((unit) => `${unit} 80`).join('\n') } }, '2026-11-01');
  t.equal(ground.units.size, 3);
  const amount = fc.integer({ min: 1, max: 99_999_999 }).map(yuan);
  const line = fc.oneof(
    fc.record({ account: fc.constantFrom('1002', '1001', '1221', '2202', '3101'), fund: fc.constantFrom('service', 'public_income'), amount, debit: fc.boolean(), unit: fc.constant('') }),
    fc.record({ account: fc.constant('2203'), fund: fc.constant('service'), amount, debit: fc.constant(false), unit: fc.constantFrom(...units) }),
    fc.record({ account: fc.constant('2241'), fund: fc.constant('deposit'), amount, debit: fc.constant(false), unit: fc.constantFrom(...units) }),
    fc.record({ account: fc.constantFrom('1002', '310201'), fund: fc.constant('renovation_government'), amount, debit: fc.boolean(), unit: fc.constant('') }),
  );
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
    const rows = lines.map((one) => [one.account, one.fund, one.debit ? one.amount : '', one.debit ? '' : one.amount, one.unit]);
    const read = readOpening(rowsOfText(textOfRows(rows)), ground);
    if (read.faults.length > 0 || read.lines.length !== lines.length) return false;
    const total = (side: 'debit' | 'credit') => sum(read.lines.map((one) => one[side]));
    const typed = (debit: boolean) => sum(lines.filter((one) => one.debit === debit).map((one) => money(one.amount)));
    if (!total('debit').equals(typed(true)) || !total('credit').equals(typed(false))) return false;
    // In the deposits' fund only money may even out, which nobody guesses.
    const filled = readOpening([...rows, ...rowsOfText(read.missing.join('\n'))], ground);
    const uneven = filled.sums.filter((one) => !money(one.difference).isZero());
    if (uneven.some((one) => one.fund !== 'deposit') || (isEven(filled) && filled.missing.length > 0)) return false;
    const merged = entryLines(filled.lines.map((one) => ({ ...one, ref: one.unit })));
    const of = (side: 'debit' | 'credit') => sum(merged.map((one) => one[side] ?? zero));
    return minus(of('debit'), sum(filled.lines.map((one) => one.debit))).isZero() && minus(of('credit'), sum(filled.lines.map((one) => one.credit))).isZero();
  }), { numRuns: 200 });
  t.pass('two hundred tables');
});
