// The journals of an audit package beside the log: every entry of the months stands in each of them once, with the
// very lines of its record. They are made for other programs, so whoever reads only them must not be told other books.
import type { Books, Entry } from './books.ts';
import type { ArchiveFile } from './archive.ts';
import { numberText } from './entries.ts';
import { fenOf } from './fen.ts';
import { Misshapen } from './fields.ts';
import type { Report } from './findings.ts';
import { linesOf } from './lines.ts';

interface JournalLine { account: string; fund: string; amount: bigint }
interface JournalEntry { seq: number; date: string; lines: JournalLine[]; description?: string }
type Reader = (lines: AsyncIterable<string[]>, numbers: ReadonlyMap<string, number>) => AsyncGenerator<JournalEntry>;

const readers: Readonly<Record<string, Reader>> = {
  'journal/journal.csv': csvEntries, 'journal/journal.hledger': hledgerEntries, 'journal/journal.beancount': beancountEntries,
};

/** Compares the journals that are there; gives their names. */
export async function checkJournals(books: Books, files: ReadonlyMap<string, ArchiveFile>, months: { from: string; to: string; size: number }, report: Report): Promise<string[]> {
  const expected = new Map<number, Entry>();
  const numbers = new Map<string, number>();
  for (const [period, entries] of books.periods) {
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
    try {
      for await (const entry of read(linesOf(file.open()), numbers)) {
        const known = left.get(entry.seq);
        if (known === undefined || !sameEntry(entry, known)) report('journal_differs', path, { entry: `#${entry.seq}` });
        left.delete(entry.seq);
      }
    } catch {
      report('attachment_misshapen', path, { what: '写法不对', what_en: 'not written as it should be' });
      continue;
    }
    for (const entry of left.values()) report('journal_differs', path, { entry: `${entry.period} ${numberText(entry)}` });
  }
  return compared;
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

/** Entries of a text in which a head line opens an entry, and postings follow it. */
async function* textEntries(
  all: AsyncIterable<string[]>, headOf: (line: string) => { seq: number; date: string } | 'other' | null, postingOf: (line: string) => JournalLine | null,
): AsyncGenerator<JournalEntry> {
  let entry: JournalEntry | null = null;
  for await (const lines of all) {
    for (const line of lines) {
      const head = headOf(line);
      if (head !== null) {
        if (entry !== null) yield entry;
        entry = head === 'other' ? null : { ...head, lines: [] };
      } else if (entry !== null) {
        const posting = postingOf(line);
        if (posting !== null) entry.lines.push(posting);
      }
    }
  }
  if (entry !== null) yield entry;
}

function hledgerEntries(lines: AsyncIterable<string[]>, numbers: ReadonlyMap<string, number>): AsyncGenerator<JournalEntry> {
  return textEntries(lines, (line) => {
    const found = /^(\d{4}-\d{2}-\d{2}) \* \(([^)]*)\) /.exec(line);
    if (found === null) return null;
    // Opening and month-end balances are no entries.
    return found[2] === '期初' || found[2] === '月末' ? 'other' : { seq: numbers.get(found[2]!) ?? -1, date: found[1]! };
  }, (line) => {
    const found = /^ {4}([^;].*?) {2}(-?[0-9.]+) CNY(?: |$)/.exec(line);
    if (found === null) return null;
    const [account = '', fund = ''] = found[1]!.split(':').slice(-2).map((name) => name.split(' ')[0]!);
    return { account, fund, amount: fenOf(found[2]) };
  });
}

function beancountEntries(lines: AsyncIterable<string[]>): AsyncGenerator<JournalEntry> {
  return textEntries(lines, (line) => {
    if (!/^\d{4}-\d{2}-\d{2} /.test(line)) return null;
    const found = /^(\d{4}-\d{2}-\d{2}) \* .*? \^seq-(\d+)(?: \^seq-\d+)?$/.exec(line);
    return found === null ? 'other' : { seq: Number(found[2]), date: found[1]! };
  }, (line) => {
    const found = /^ {2}[A-Z][^ ]*:C(\d+)[^: ]*:([^ :]+) {2}(-?[0-9.]+) CNY$/.exec(line);
    if (found === null) return null;
    const fund = found[2]!;
    return { account: found[1]!, fund: `${fund[0]!.toLowerCase()}${fund.slice(1).replaceAll('-', '_')}`, amount: fenOf(found[3]) };
  });
}
