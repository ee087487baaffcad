// Whatever people write into a memo, a payee's name or a reference: the journals are still read, with the same amounts.
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { beancountText } from '../../src/exchange/beancount.ts';
import { entryPages, openBooks, type BookEntry } from '../../src/exchange/books.ts';
import { hledgerText } from '../../src/exchange/hledger.ts';
import { journalCsv } from '../../src/exchange/journal-table.ts';
import { booksWorkbook } from '../../src/exchange/xlsx.ts';
import { beancountBalances, csvRows, hledgerBalances, readWorkbook, sheetRows } from './readers.ts';
import { balancesOf, bytesOf, folderFor, missing, run, sampleBooks, textOf } from './sample.ts';

const h = await sampleBooks(t);
const books = await openBooks(h.house, h.estate, {});
const syntax = fc.constantFrom(';', '|', '"', '\\', '#', '^', '(', ')', '[', ']', '{', '}', '=', '==', '@', '!', '*', ':', '::', ',', '  ', '\t', '\n', '\r\n',
  '\u0085', '\u2028', "'", '`', '~', '%', '&', '<', '>', 'CNY', '1.00 CNY', '2031-10-05', '[2031-10-05]', 'date:', 'comment', 'include', '；', '｜', '0.00', '_x0041_', '\ud83d');
const odd = fc.array(fc.oneof(syntax, fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('物业费', '三栋')), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''));
const words = fc.sample(odd, { numRuns: 600, seed: 20_311_005 });

/** The books of the sample with other words: twenty times over, so that there are enough of them. */
async function* renamed(): AsyncGenerator<BookEntry[]> {
  let next = 0;
  const word = (): string => words[(next += 1) % words.length]!;
  for await (const page of entryPages(h.house, books)) {
    yield page.flatMap((entry) => {
      const nothing = { ...entry, reverses: null, lines: [...entry.lines, ...entry.lines.map((line) =>
        ({ ...line, debit: line.debit.startsWith('-') ? line.debit.slice(1) : `-${line.debit}`, credit: line.credit.startsWith('-') ? line.credit.slice(1) : `-${line.credit}` }))] };
      return [entry, ...Array.from({ length: 20 }, () => nothing)].map((one) => ({ ...one, description: word(), reference: word() }));
    });
  }
}
const named = { ...books, payees: new Map([...books.payees].map(([number, payee], i) => [number, { ...payee, public_name: words[i]! }])) };

t.test('hledger reads all of it', { skip: missing('hledger') }, async (t) => {
  const file = join(folderFor(t), 'odd.hledger');
  writeFileSync(file, await textOf(hledgerText(h.house, named, renamed())));
  run('hledger', ['-f', file, 'check', '--strict', 'ordereddates', 'payees']);
  t.strictSame(hledgerBalances(file), await balancesOf(h, books.to));
});

t.test('Beancount reads all of it', { skip: missing('bean-check') }, async (t) => {
  const file = join(folderFor(t), 'odd.beancount');
  writeFileSync(file, await textOf(beancountText(h.house, named, renamed())));
  t.equal(run('bean-check', [file]), '');
  t.strictSame(beancountBalances(file, books), await balancesOf(h, books.to));
});

t.test('tables hold all of it, and no cell begins like a formula', { skip: missing('python3') }, async (t) => {
  const file = join(folderFor(t), 'odd.xlsx');
  writeFileSync(file, await bytesOf(booksWorkbook(h.house, named, renamed())));
  const rows = sheetRows(readWorkbook(file), '凭证 entries');
  t.ok(rows.length > 500);
  t.same(rows.flatMap((row) => Object.values(row)).filter(([type, , text]) => type === 'inlineStr' && /^[=+\-@]/.test(text ?? '')), []);
  t.ok((await textOf(journalCsv(h.house, named, renamed()))).length > 0);
  t.ok(csvRows(await textOf(journalCsv(h.house, books))).length === books.lines);
});
