// The tables of the bank's word in an audit package beside the log: every statement, every line and every match is what its
// record says, and none is missing. No disclosure is drawn from single lines, so only here a changed line shows.
import { readLines } from './archive-journal.ts';
import type { ArchiveFile } from './archive.ts';
import type { Books } from './books.ts';
import { Sums, yuan } from './fen.ts';
import type { Report } from './findings.ts';

interface Read { files: ReadonlyMap<string, ArchiveFile>; size: number; report: Report }
type Row = readonly (string | number | null)[];
const spelled = (row: Row): string => row.map((cell) => cell ?? '').join('\t');

function* statementRows({ banks }: Books, size: number): Generator<[key: string, row: Row]> {
  for (const { account, statements } of banks.values()) {
    for (const one of statements) {
      if (one.seq <= size) yield [`#${one.seq}`, [one.seq, account, one.voucher, one.format, one.from, one.to, String(one.period_stated), yuan(one.opening), yuan(one.closing), one.first, one.count, one.repeated, one.imported_by]];
    }
  }
}

/** Compares a table whose rows have a key with what the records say. */
async function checkRows(path: string, expected: Iterable<[string, Row]>, keyOf: (cells: readonly string[]) => string, { files, report }: Read, named: readonly [string, string]): Promise<void> {
  const left = new Map([...expected].map(([key, row]) => [key, spelled(row)]));
  const differs = (key: string): void => report('standing_differs', path, { what: `${named[0]} ${key}`, what_en: `${named[1]} ${key}` });
  for await (const cells of readLines(files.get(path)!.open())) {
    const key = keyOf(cells);
    if (left.get(key) !== spelled(cells)) differs(key);
    left.delete(key);
  }
  for (const key of left.keys()) differs(key);
}

/** Rows of a match are told apart by its number, which the log does not know: what counts is which items stand together. */
async function checkMatches({ matches }: Books, { files, size, report }: Read): Promise<void> {
  const path = 'bank/bank_match.csv';
  const left = new Sums<string>();
  const inOrder = (items: readonly (number | string)[]): string => items.map(Number).sort((a, b) => a - b).join(' ');
  const named = (account: string, way: string, seq: number | string, ended: number | string | null, lines: readonly (number | string)[], entries: readonly (number | string)[]): string =>
    `${account} ${way} #${seq}${ended === null || ended === '' ? '' : `–#${ended}`} [${inOrder(lines)}] [${inOrder(entries)}]`;
  for (const { account, way, seq, ended_seq, lines, entries } of matches) {
    if (seq <= size) left.add(named(account, way, seq, ended_seq !== null && ended_seq <= size ? ended_seq : null, lines, entries), 1);
  }
  const groups = new Map<string, string[][]>();
  for await (const cells of readLines(files.get(path)!.open())) groups.set(cells[0]!, [...groups.get(cells[0]!) ?? [], cells]);
  for (const rows of groups.values()) {
    const [, , account, , , way, seq, ended] = rows[0]!;
    const column = (i: number): string[] => rows.map((row) => row[i]!).filter((cell) => cell !== '');
    left.add(named(account!, way!, seq!, ended ?? '', column(3), column(4)), -1);
  }
  for (const key of left.keys()) if (left.of(key) !== 0n) report('standing_differs', path, { what: `勾对 ${key}`, what_en: `match ${key}` });
}

function* lineRows({ banks }: Books, size: number): Generator<[key: string, row: Row]> {
  for (const { account, lines } of banks.values()) {
    for (const [position, line] of lines) {
      if (line.seq <= size) yield [`${account} ${position}`, [account, position, line.seq, line.booked_on, yuan(line.amount), yuan(line.balance), neutral(line.serial)]];
    }
  }
}

/** As a cell of a spreadsheet. */
const neutral = (text: string): string => (text.startsWith('-') ? `'${text}` : text);

export async function checkBankTables(books: Books, read: Read): Promise<void> {
  const { files, size, report } = read;
  const any = [...books.banks.values()].some(({ statements }) => statements.some(({ seq }) => seq <= size));
  const missing = ['bank/bank_statement.csv', 'bank/bank_line.csv', 'bank/bank_match.csv'].filter((path) => !files.has(path));
  if (!any && missing.length === 3) return;
  for (const path of missing) report('archive_file_missing', path);
  if (missing.length > 0) return;
  let path = 'bank/bank_statement.csv';
  try {
    await checkRows(path, statementRows(books, size), ([seq]) => `#${seq}`, read, ['对账单', 'statement']);
    path = 'bank/bank_line.csv';
    await checkRows(path, lineRows(books, size), ([account, position]) => `${account} ${position}`, read, ['银行流水', 'line of the bank']);
    path = 'bank/bank_match.csv';
    await checkMatches(books, read);
  } catch {
    report('attachment_misshapen', path, { what: '写法不对', what_en: 'not written as it should be' });
  }
}
