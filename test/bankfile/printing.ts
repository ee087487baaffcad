// Statements to print and read back, by fast-check and by hand; shared by the tests of bank files.
import fc from 'fast-check';
import { addDays } from '../../src/kernel/dates.ts';
import type { PrintedLine, Printout } from '../../src/demo/bank-files.ts';
import type { Refusal } from '../../src/kernel/refusal.ts';

/** What a person writes into a memo, with the characters that break tables; no blanks at the ends, none doubled. */
const word = fc.array(fc.constantFrom('物', '业', '费', '3-2-1002', '水电', 'A', '7', '<', '&', '&amp;', ',', '"', ';', '|', '（', '）', '𬭎', '余额'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
const text = fc.oneof(fc.constant(''), fc.tuple(word, word).map((words) => words.join(' ')), word);
const fen = fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 99_999_999_99 }));
export const yuanOf = (value: number): string => `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`;

const moved = fc.record({
  fen, out: fc.boolean(), red: fc.integer({ min: 0, max: 12 }), days: fc.constantFrom(0, 0, 0, 1, 2),
  name: text, account: fc.constantFrom('', '6217000010000002001', '6200-1000'), bank: text, memo: text, purpose: text,
});

const clock = (second: number): string => [second / 3600, (second % 3600) / 60, second % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');

/** A month of lines, oldest first, each with a serial of its own. */
export const printouts = ({ least = 0 } = {}): fc.Arbitrary<Printout> => fc.record({
  opening: fc.integer({ min: -5_000_00, max: 90_000_000_00 }), lines: fc.array(moved, { minLength: least, maxLength: 12 }),
}).map(({ opening, lines }) => {
  let day = '2026-08-01';
  return {
    account_number: '6200100020003000688', account_name: '示例小区业主委员会', from: '2026-08-01', to: '2026-08-31', opening: yuanOf(opening),
    lines: lines.map((line, index): PrintedLine => {
      day = addDays(day, line.days);
      return {
        booked_on: day, booked_time: clock(30_000 + index * 61), amount: yuanOf(line.out ? -line.fen : line.fen), serial: `S${index + 1}-20260801`,
        counterparty_name: line.name, counterparty_account: line.account, counterparty_bank: line.bank, memo: line.memo, purpose: line.purpose,
        ...(line.red === 0 ? { red: true as const } : {}),
      };
    }),
  };
});

/** The refusal that `read` makes; fails the test where it makes none. */
export function refused(read: () => unknown): Refusal {
  try {
    read();
  } catch (error) {
    if ((error as { name?: string }).name === 'Refusal') return error as Refusal;
    throw error;
  }
  throw new Error('nothing was refused');
}
