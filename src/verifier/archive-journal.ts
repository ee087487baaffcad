// The journals of an audit package beside the log: every entry of the months stands in each of them once, with the
// very lines of its record. They are made for other programs, so whoever reads only them must not be told other books.
import type { Books, Entry } from './books.ts';
import type { ArchiveFile } from './archive.ts';
import { numberText } from './entries.ts';
import { fenOf, Sums } from './fen.ts';
import { Misshapen } from './fields.ts';
import type { Report } from './findings.ts';
import { linesOf } from './lines.ts';

interface JournalLine { account: string; fund: string; amount: bigint }
interface JournalEntry { seq: number; date: string; lines: JournalLine[]; description?: string }
/** No record has this number: the entry with the balances that a journal begins with. */
const OPENING = 0;
type Reader = (lines: AsyncIterable<string[]>, numbers: ReadonlyMap<string, number>) => AsyncGenerator<JournalEntry>;

const readers: Readonly<Record<string, Reader>> = {
  'journal/journal.csv': csvEntries, 'journal/journal.hledger': hledgerEntries, 'journal/journal.beancount': beancountEntries,
};

/** Compares the journals that are there; gives their names. */
export async function checkJournals(books: Books, files: ReadonlyMap<string, ArchiveFile>, months: { from: string; to: string; size: number }, report: Report): Promise<string[]> {
  const expected = new Map<number, Entry>();
  const numbers = new Map<string, number>();
  const opening = new Sums<string>();
  for (const [period, entries] of books.periods) {
    if (period < months.from) {
      for (const { seq, lines } of entries) {
        if (seq <= months.size) for (const { account, fund, debit, credit } of lines) opening.add(`${account} ${fund}`, debit - credit);
      }
    }
    if (period < months.from || period > months.to) continue;
    for (const entry of entries) {
      if (entry.seq > months.size) continue;
      expected.set(entry.seq, entry);
      numbers.set(`${period} ${numberText(entry)}`, entry.seq);
    }
  }
  const compared: string[] = [];
  for (const [path, read] of Object.entries(readers)) {
    const file = files.get(path);
    if (file === undefined) continue;
    compared.push(path);
    const left = new Map(expected);
    let opened = false;
    try {
      for await (const entry of read(linesOf(file.open()), numbers)) {
        if (entry.seq === OPENING) {
          if (left.size < expected.size || !sameOpening(entry, opening, months.from)) report('journal_differs', path, { entry: '期初' });
          opened = true;
          continue;
        }
        const known = left.get(entry.seq);
        if (known === undefined || !sameEntry(entry, known)) report('journal_differs', path, { entry: `#${entry.seq}` });
        left.delete(entry.seq);
      }
    } catch {
      report('attachment_misshapen', path, { what: '写法不对', what_en: 'not written as it should be' });
      continue;
    }
    if (!opened && path !== 'journal/journal.csv' && opening.keys().some((key) => opening.of(key) !== 0n)) report('journal_differs', path, { entry: '期初' });
    for (const entry of left.values()) report('journal_differs', path, { entry: `${entry.period} ${numberText(entry)}` });
  }
  return compared;
}

/** The entry of opening balances stands first, once, before the months, with what all earlier entries come to. */
function sameOpening({ date, lines }: JournalEntry, opening: Sums<string>, from: string): boolean {
  const told = new Map(lines.map(({ account, fund, amount }) => [`${account} ${fund}`, amount]));
  return date < from && told.size === lines.length
    && [...told.keys(), ...opening.keys()].every((key) => (told.get(key) ?? 0n) === opening.of(key));
}

function sameEntry(entry: JournalEntry, { date, lines, description }: Entry): boolean {
  return entry.date === date && entry.lines.length === lines.length && (entry.description === undefined || entry.description === neutral(description))
    && entry.lines.every(({ account, fund, amount }, i) => {
      const line = lines[i]!;
      return account === line.account && fund === line.fund && amount === BigInt(line.debit - line.credit);
    });
}

/** As a cell of a spreadsheet: what would run as a formula has an apostrophe before it. */
const neutral = (text: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);

// ── CSV ──────────────────────────────────────────────────────────────────────────────────────────

function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (line[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= line.length) throw new Misshapen('csv');
        if (line[at] !== '"') cell += line[at];
        else if (line[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
      }
      at += 1;
    } else {
      const comma = line.indexOf(',', at);
      cell = line.slice(at, comma < 0 ? undefined : comma);
      at += cell.length;
    }
    cells.push(cell);
    if (at >= line.length) return cells;
    if (line[at] !== ',') throw new Misshapen('csv');
    at += 1;
  }
}

/** The rows of a CSV table of ours, without its head. */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let head = true;
  for await (const lines of linesOf(pieces)) {
    for (const line of lines) {
      if (!head) yield cellsOf(line.replace(/\r$/, ''));
      head = false;
    }
  }
}

async function* csvEntries(all: AsyncIterable<string[]>): AsyncGenerator<JournalEntry> {
  let columns: Map<string, number> | null = null;
  let entry: JournalEntry | null = null;
  for await (const lines of all) {
    for (const line of lines) {
      const cells = cellsOf(line.replace(/\r$/, ''));
      if (columns === null) {
        // "凭证字号 number": the last word is the name.
        columns = new Map(cells.map((title, i) => [/(\w+)$/.exec(title)?.[1] ?? '', i]));
        continue;
      }
      const cell = (name: string): string => {
        const text = cells[columns!.get(name) ?? -1];
        if (text === undefined) throw new Misshapen(name);
        return text;
      };
      const seq = Number(cell('seq'));
      if (entry !== null && entry.seq !== seq) {
        yield entry;
        entry = null;
      }
      entry ??= { seq, date: cell('date'), lines: [], description: cell('description') };
      entry.lines.push({ account: cell('account'), fund: cell('fund'), amount: fenOf(cell('debit') || '0') - fenOf(cell('credit') || '0') });
    }
  }
  if (entry !== null) yield entry;
}

// ── Plain-text journals ──────────────────────────────────────────────────────────────────────────
// Every line is one that our export writes: a line the programs understand and we do not (include, a periodic entry,
// an unmarked one, a date in a comment) would be other books for whoever reads only the journal.

type Head = { seq: number; date: string } | 'zeros';
interface Grammar {
  /** Lines that say nothing of amounts. */
  plain: RegExp;
  headOf(line: string): Head | null;
  postingOf(line: string, zeros: boolean): JournalLine | null;
  /** Lines about an entry before its postings, or about a posting. */
  about: RegExp;
}

async function* textEntries(all: AsyncIterable<string[]>, { plain, headOf, postingOf, about }: Grammar): AsyncGenerator<JournalEntry> {
  let entry: JournalEntry | null = null;
  let zeros = false;
  for await (const lines of all) {
    for (const line of lines) {
      const head = headOf(line);
      if (head !== null) {
        if (entry !== null) yield entry;
        zeros = head === 'zeros';
        entry = head === 'zeros' ? null : { ...head, lines: [] };
        continue;
      }
      const posting = entry !== null || zeros ? postingOf(line, zeros) : null;
      if (posting !== null) entry?.lines.push(posting);
      else if (!plain.test(line) && !about.test(line)) throw new Misshapen('journal');
    }
  }
  if (entry !== null) yield entry;
}

/** What stands at the head of an account's name, by its first digit. */
const chineseClasses: Readonly<Record<string, string>> = { 资产: '1', 负债: '2', 基金: '3', 收入: '4', 支出: '5' };
const englishClasses: Readonly<Record<string, string>> = { Assets: '1', Liabilities: '2', Equity: '3', Income: '4', Expenses: '5' };

function lineOf(root: string, classes: Readonly<Record<string, string>>, line: JournalLine): JournalLine {
  if (classes[root] !== line.account[0]) throw new Misshapen('account');
  return line;
}

function hledgerEntries(lines: AsyncIterable<string[]>, numbers: ReadonlyMap<string, number>): AsyncGenerator<JournalEntry> {
  const tag = '[a-z-]+:[^,;\\[\\]]*';
  return textEntries(lines, {
    plain: /^$|^; |^;$|^decimal-mark \.$|^commodity 1,000\.00 CNY$|^payee [^;]*$|^account [^;]+ {2}; type:[ACLERX](, (en|fund):[^,;]*)?$/,
    headOf(line) {
      const found = /^(\d{4}-\d{2}-\d{2}) \* \(([^)]*)\) [^;]*$/.exec(line);
      if (found === null) return null;
      if (found[2] === '月末') return 'zeros';
      return { seq: found[2] === '期初' ? OPENING : numbers.get(found[2]!) ?? -1, date: found[1]! };
    },
    postingOf(line, zeros) {
      const found = (zeros ? /^ {4}([^;]+?) {2}(0\.00) CNY =\*? -?[0-9.]+ CNY$/ : new RegExp(`^ {4}([^;]+?) {2}(-?[0-9.]+) CNY(  ; ${tag}(, ${tag})*)?$`)).exec(line);
      if (found === null || /; (?:.*, )?date2?:/.test(line)) return null;
      const path = found[1]!.split(':');
      if (zeros) return { account: '', fund: '', amount: 0n };
      const [account = '', fund = ''] = path.slice(-2).map((name) => name.split(' ')[0]!);
      return lineOf(path[0]!, chineseClasses, { account, fund, amount: fenOf(found[2]) });
    },
    about: /^ {4}; (seq|vouchers):/,
  });
}

function beancountEntries(lines: AsyncIterable<string[]>): AsyncGenerator<JournalEntry> {
  return textEntries(lines, {
    plain: /^$|^; |^;$|^option "(title|operating_currency)" ".*"$|^\d{4}-\d{2}-\d{2} (commodity CNY|open [A-Z][^ ]* CNY|balance [A-Z][^ ]* {2}-?[0-9.]+ ~ 0\.00 CNY)$/,
    headOf(line) {
      const opening = /^(\d{4}-\d{2}-\d{2}) \* "期初余额" "Opening balances" #opening$/.exec(line);
      if (opening !== null) return { seq: OPENING, date: opening[1]! };
      const found = /^(\d{4}-\d{2}-\d{2}) \* ".*" #[a-z]+(?: #reversal)? \^seq-(\d+)(?: \^seq-\d+)?$/.exec(line);
      return found === null ? null : { seq: Number(found[2]), date: found[1]! };
    },
    postingOf(line) {
      const found = /^ {2}([A-Z][A-Za-z]*)(?::[^: ]+)*:C(\d+)[^: ]*:([^: ]+) {2}(-?[0-9.]+) CNY$/.exec(line);
      if (found === null) return null;
      const fund = found[3]!;
      const line_of = { account: found[2]!, fund: `${fund[0]!.toLowerCase()}${fund.slice(1).replaceAll('-', '_')}`, amount: fenOf(found[4]) };
      return lineOf(found[1]!, englishClasses, line_of);
    },
    about: /^ {2,4}[a-z][a-z-]*: /,
  });
}
