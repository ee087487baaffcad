// Lines printed as each bank prints them come back as the same lines; and one thing wrong (a digit, a lost line, a
// doubled one, two neighbours exchanged) is refused with the row that is wrong.
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { readTables } from '../../src/bankfile/table-read.ts';
import { textRows } from '../../src/bankfile/table.ts';
import { sheetRows } from '../../src/bankfile/spreadsheet.ts';
import type { Statement } from '../../src/bankfile/statement.ts';
import { bankFile, type Carrier } from '../helpers/bank-workbook.ts';
import { bankLayouts, bankTable, type BankLayout, type PrintedLine, type Printout } from '../../src/demo/bank-files.ts';
import { minus, money, moneyText, sum } from '../../src/kernel/money.ts';
import { printouts, refused } from './printing.ts';

const runs = Number(process.env['STATEMENT_RUNS'] ?? 40);
/** What a bank does not print cannot come back. */
const silent: Partial<Record<BankLayout, readonly (keyof PrintedLine)[]>> = { 'icbc-detail': ['counterparty_bank'], abc: ['serial'] };
const newestFirst: readonly BankLayout[] = ['abc', 'cmb'];
const decode = (bytes: Uint8Array): string => new TextDecoder('gb18030', { fatal: true }).decode(bytes);

const closingOf = (print: Printout): string => moneyText(sum([money(print.opening), ...print.lines.map((line) => money(line.amount))]));
const given = (print: Printout): { opening: string; closing: string } => ({ opening: print.opening, closing: closingOf(print) });

function statementOf(sheets: readonly (readonly (readonly string[])[])[], options = {}): Statement {
  const read = readTables(sheets, options);
  if (read.kind !== 'statement') throw new Error('not recognised');
  return read.statement;
}

function compare(t: Test, layout: BankLayout, carrier: Carrier, print: Printout, statement: Statement): void {
  const plain = (text: string): string => (carrier === 'tab' ? text.replaceAll('"', ' ').replace(/\s+/g, ' ').trim() : text);
  const wanted = print.lines.map((line) => {
    const copy = { ...line, counterparty_name: plain(line.counterparty_name), counterparty_bank: plain(line.counterparty_bank), memo: plain(line.memo), purpose: plain(line.purpose) };
    for (const field of silent[layout] ?? []) Object.assign(copy, { [field]: '' });
    return copy;
  });
  const got = statement.lines.map(({ row: _row, balance: _balance, ...line }) => {
    const copy = { ...line };
    if (carrier === 'tab') for (const field of ['counterparty_name', 'counterparty_bank', 'memo', 'purpose'] as const) copy[field] = plain(copy[field]);
    return copy;
  });
  t.strictSame(got, wanted, `${layout} as ${carrier}`);
  t.equal(statement.format, layout);
  t.equal(statement.closing, closingOf(print), `${layout}: closing balance`);
}

for (const layout of bankLayouts) {
  t.test(`${layout}: what is printed as text or HTML is read back the same`, async (t) => {
    for (const carrier of ['csv', 'tab', 'html'] as const) {
      fc.assert(fc.property(printouts({ least: 1 }), (print) => {
        const statement = statementOf([textRows(decode(bankFile(layout, carrier, print).bytes))]);
        compare(t, layout, carrier, print, statement);
        t.equal(statement.opening, print.opening, `${layout}: opening balance`);
      }), { numRuns: runs });
    }
  });

  t.test(`${layout}: the workbook is read like the text`, async (t) => {
    for (const carrier of ['xlsx', 'xls'] as const) {
      await fc.assert(fc.asyncProperty(printouts({ least: 1 }), async (print) => {
        compare(t, layout, carrier, print, statementOf(await sheetRows(bankFile(layout, carrier, print).bytes)));
      }), { numRuns: Math.ceil(runs / 8) });
    }
  });
}

interface Printed { rows: string[][]; at: (index: number) => number; amounts: number[]; balance: number }

/** The table, where its lines stand (index of the row, oldest line 0), and its columns of money. */
function printed(layout: BankLayout, print: Printout): Printed {
  const rows = bankTable(layout, print);
  const header = rows.findIndex((row) => row.some((cell) => /^(?:交易后)?余额|账户余额/.test(cell)) && row.length > 5);
  const heading = rows[header]!;
  const find = (pattern: RegExp): number[] => heading.flatMap((cell, column) => (pattern.test(cell) ? [column] : []));
  const count = print.lines.length;
  return {
    rows,
    at: (index) => header + 1 + (newestFirst.includes(layout) ? count - 1 - index : index),
    amounts: find(/^(?:转入金额|转出金额|借方发生额|贷方发生额|收入金额|支出金额|交易金额|借方金额|贷方金额)/),
    balance: find(/余额/)[0]!,
  };
}

function withDigitChanged(cell: string, pick: number): string {
  const digits = [...cell].flatMap((character, at) => (/[0-9]/.test(character) ? [at] : []));
  const at = digits[pick % digits.length]!;
  return `${cell.slice(0, at)}${(Number(cell[at]) + 1 + (Math.floor(pick / 7) % 9)) % 10}${cell.slice(at + 1)}`;
}

const figure = fc.nat({ max: 10_000 });
const damage = fc.record({ line: fc.nat({ max: 11 }), pick: figure, kind: fc.constantFrom('amount', 'balance', 'lost', 'doubled', 'swapped') });

for (const layout of bankLayouts) {
  t.test(`${layout}: one thing wrong is refused and the row is named`, async (t) => {
    const seen = new Map<string, number>();
    fc.assert(fc.property(printouts({ least: 3 }), damage, (print, { line, pick, kind }) => {
      const { rows, at, amounts, balance } = printed(layout, print);
      const count = print.lines.length;
      const index = line % count;
      const row = at(index);
      const cells = rows[row]!;
      const named: number[] = [];
      if (kind === 'amount') {
        const column = amounts.find((one) => cells[one] !== '' && cells[one] !== '0.00')!;
        cells[column] = withDigitChanged(cells[column]!, pick);
        named.push(row + 1);
      } else if (kind === 'balance') {
        cells[balance] = withDigitChanged(cells[balance]!, pick);
        named.push(row + 1);
      } else if (kind === 'lost') {
        // The gap lies between the two rows that are neighbours now; at the end only the last one is left to be named.
        const after = index + 1 < count ? at(index + 1) : at(index - 1);
        rows.splice(row, 1);
        named.push(after > row ? after : after + 1);
      } else if (kind === 'doubled') {
        rows.splice(row, 0, [...cells]);
        named.push(row + 1, row + 2);
      } else {
        const other = index + 1 < count ? at(index + 1) : at(index - 1);
        rows[row] = rows[other]!;
        rows[other] = cells;
        named.push(row + 1, other + 1);
      }
      const refusal = refused(() => readTables([rows], given(print)));
      seen.set(`${kind} → ${refusal.code}`, (seen.get(`${kind} → ${refusal.code}`) ?? 0) + 1);
      const told = [refusal.facts['row'], refusal.facts['other']].filter((fact) => fact !== undefined);
      if (!named.every((one) => told.includes(one))) t.fail(`${layout}, ${kind} in row ${named.join(', ')}: ${refusal.message}`);
      if (kind === 'doubled') t.equal(refusal.code, 'statement_line_doubled');
      if (kind === 'swapped') t.equal(refusal.code, 'statement_lines_swapped');
      if (kind === 'lost') {
        const lost = money(print.lines[index]!.amount);
        const difference = money(String(refusal.facts['difference']).replaceAll(',', '').replace('\u2212', '-'));
        t.ok(difference.equals(lost) || minus(money('0'), difference).equals(lost), `the missing ${moneyText(lost)} is told: ${refusal.message}`);
      }
    }), { numRuns: runs * 3 });
    t.comment([...seen].map(([what, times]) => `${what} ${times}`).join('; '));
  });
}
