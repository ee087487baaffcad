// What the verifier says of an entry that claims to close a year, so that nothing hides where figures do not look.
import t from 'tap';
import type { Books, Entry } from '../../src/verifier/books.ts';
import { judgeClosing } from '../../src/verifier/closing.ts';

const line = (account: string, debit: number, credit: number, fund = 'service') => ({ account, fund, debit, credit, unit: null, payee: null });
const entry = (more: Partial<Entry>): Entry => ({ seq: 1, kind: 'transfer', period: '2026-12', lines: [], reverses: null, proposal: null, closes: '2026', ...more }) as unknown as Entry;
const proposal = { kind: 'final_account', document: { year: 2026 } } as unknown as Entry['proposal'];

/** What is found wrong with a closing after a year in which 100 came in and 40 was spent. */
function found(lines: Entry['lines'], more: Partial<Entry> = {}, known_from: string | null = '2026-01'): string[] {
  const wrong: string[] = [];
  const before = entry({ seq: 1, period: '2026-03', lines: [line('1002', 60, 0), line('5102', 40, 0), line('4101', 0, 100)] });
  const books = { accuse: (code: string) => { wrong.push(code); }, entries: new Map([[9, entry({ proposal })]]), known_from, periods: new Map([['2026-03', [before]]]) } as unknown as Books;
  judgeClosing(books, entry({ seq: 2, lines, proposal, ...more }));
  return wrong;
}
const right = [line('4101', 100, 0), line('3103', 0, 100), line('3103', 40, 0), line('5102', 0, 40), line('3103', 60, 0), line('3101', 0, 60)];

t.test('a closing entry carries over what the year left and nothing else', async (t) => {
  t.same(found(right), []);
  t.same(found(right, { period: '2027-01' }), [], 'also when December is closed');
  t.same(found(right, { period: '2026-11' }), ['closing_wrong'], 'not before the year is over');
  t.same(found(right.slice(0, 4)), ['closing_wrong'], 'something stays on 3103');
  t.same(found([...right, line('1291', 0, 10), line('3101', 10, 0)]), ['closing_wrong'], 'another account among it');
  t.same(found([line('5102', 0, 30), line('3103', 30, 0), line('3103', 0, 30), line('3101', 30, 0)]), ['closing_wrong'], 'an expense half hidden');
  t.same(found([line('5102', 0, 30), line('3103', 30, 0), line('3103', 0, 30), line('3101', 30, 0)], {}, '2026-04'), [], 'where the year is not all at hand, older files tell');
  t.same(found([], { reverses: 9, proposal: null }), ['closing_wrong'], 'and it is never reversed');
  t.same(found([line('5102', 30, 0), line('2202', 0, 30)], { proposal: { ...proposal, kind: 'transfer' } as Entry['proposal'] }), [], 'other transfers are not its business');
});
