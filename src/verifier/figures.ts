// Whether the figures of a month are those of its records: every entry of the log is printed, as it was booked and
// signed, and nothing else is; what is printed adds up; the spreadsheet says the same. What the figures take from
// months before (opening balances, the year so far) is compared as far as the records in hand reach.
import { entriesCsv } from '../../reports/monthly-disclosure/csv.ts';
import type { DisclosureFigures, EntryRow } from '../../reports/monthly-disclosure/figures.ts';
import type { Locale } from '../kernel/locale.ts';
import { hexOf, same, utf8 } from '../proof/bytes.ts';
import { sha256 } from '#primitives';
import type { Books, Entry } from './books.ts';
import { numberText } from './entries.ts';
import { differingField, moneyOf, monthOf, printedOrder } from './figures-entry.ts';
import { readFiguresFile, type FiguresHead } from './figures-file.ts';
import { checkTotals } from './figures-totals.ts';
import { fenOf, yuan } from './fen.ts';
import { Misshapen } from './fields.ts';
import type { Findings, Report } from './findings.ts';
import type { LogUnion } from './log-union.ts';
import type { Source } from './sources.ts';
import { Unreadable } from './unreadable.ts';

export interface FiguresRead { head: FiguresHead; sha256: string; entries: number }

/** Reads and compares the figures of a sealed disclosure; null where they cannot be read. */
export async function checkFigures(log: LogUnion, source: Source, findings: Findings): Promise<FiguresRead | null> {
  const report: Report = (code, where, facts) => findings.report(code, { file: source.file, where, facts });
  let part = 'figures.json';
  try {
    const bytes = await source.disclosure!.figures();
    const hash = hexOf(sha256(bytes));
    const { head, parts } = readFiguresFile(bytes);
    const entries = monthOf(log.books, source.disclosure!.period, head.log.size);
    checkHead(log, source, head, report);
    part = 'entries.csv';
    const csv = new Spreadsheet(await source.disclosure!.entries());
    source.disclosure!.locale = csv.locale;
    part = 'figures.json';
    checkEntries(log.books, { head, entries, parts: parts(), csv, report });
    if (!csv.isWhole()) report('entries_csv_differs', 'entries.csv');
    checkTotals(log.books, source, { head, entries, report });
    source.disclosure!.names = namesIn(head);
    return { head, sha256: hash, entries: entries.length };
  } catch (error) {
    const text = error instanceof Unreadable ? error.text : { zh: '内容不完整或写法不对', en: 'incomplete, or not written as it should be' };
    const detail = error instanceof Misshapen ? ` (${error.message})` : '';
    report('attachment_misshapen', part, { what: text.zh + detail, what_en: text.en + detail });
    return null;
  }
}

/** Names by account and fund, as printed. */
function namesIn({ income, expense, other, funds }: FiguresHead): Map<string, string> {
  const accounts = [...income, ...expense, ...other].map(({ account, name_zh }) => [String(account), String(name_zh)] as const);
  return new Map([...accounts, ...funds.map(({ fund, name_zh }) => [String(fund), String(name_zh)] as const)]);
}

function checkHead(log: LogUnion, { disclosure, estate, size: last }: Source, head: FiguresHead, report: Report): void {
  const { period, version, drawn_at } = disclosure!;
  if (head.period !== period || head.version !== version || head.estate.code !== estate || head.log.size !== drawn_at) {
    report('seal_differs', 'figures.json', { what: `${head.estate.code} ${head.period} v${head.version}` });
  }
  const { size, leaf_hash } = head.log;
  const leaf = Number.isSafeInteger(size) && size > 0 && size <= last ? log.leafAt(size) : null;
  if (leaf === null || hexOf(leaf) !== leaf_hash) report('figures_differ', 'figures.json log', { what: 'log', said: String(size), found: '–' });
  // Who took over in months that are not at hand, only older files could show.
  const named = log.books.trustees.findLast(({ seq }) => seq <= size);
  if (named !== undefined && log.covers(named.seq - 1, size) && head.estate.trustee !== named.trustee) {
    report('figures_differ', 'figures.json estate', { what: '受托人', what_en: 'trustee', said: head.estate.trustee, found: named.trustee });
  }
  const late = (log.books.periods.get(period) ?? []).filter(({ seq }) => seq > size && seq <= last).length;
  if (late > 0) report('entries_after_figures', 'records.tsv', { count: late });
}

interface Printed { head: FiguresHead; entries: readonly Entry[]; parts: Generator<EntryRow[]>; csv: Spreadsheet; report: Report }

function checkEntries(books: Books, { head, entries, parts, csv, report }: Printed): void {
  const left = new Map(entries.map((entry) => [entry.seq, entry]));
  let balance = fenOf(head.opening);
  let uneven: { where: string; said: string; found: string } | null = null;
  let before: Entry | null = null;
  let others = 0;
  for (const rows of parts) {
    csv.compare(rows, report);
    for (const row of rows) {
      const where = `figures.json #${String(row.seq)} ${String(row.number)}`;
      const entry = left.get(row.seq);
      if (entry === undefined) {
        report('entry_not_in_log', where);
        others += 1;
        continue;
      }
      left.delete(row.seq);
      const field = differingField(books, { row, entry, size: head.log.size });
      if (field !== null) report('entry_row_differs', where, field);
      const { received, paid } = moneyOf(entry);
      balance += BigInt(received - paid);
      if (row.balance !== yuan(balance)) uneven ??= { where, said: row.balance, found: yuan(balance) };
      if (before !== null && printedOrder(before, entry) > 0) report('figures_differ', where, { what: '次序', what_en: 'order', said: row.number, found: numberText(before) });
      before = entry;
    }
  }
  for (const { seq, period } of left.values()) report('entry_not_printed', `records.tsv #${seq}`, { seq, period });
  // Where entries are missing or added, the balances beside the others say nothing new.
  if (uneven !== null && left.size + others === 0) report('figures_differ', uneven.where, { what: '余额', what_en: 'balance', said: uneven.said, found: uneven.found });
}

/** entries.csv beside the figures it was made from, compared byte by byte as they go by. */
class Spreadsheet {
  readonly locale: Locale;
  readonly #bytes: Uint8Array;
  #at = 0;
  #differs = false;
  #told = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // After the byte order mark: "seq" or 记录号.
    this.locale = bytes[3] === 115 ? 'en' : 'zh';
    this.#take(this.#headLine());
  }

  #headLine(): string {
    return entriesCsv({ entries: [] } as unknown as DisclosureFigures, this.locale);
  }

  #take(text: string): void {
    const wanted = utf8(text);
    if (!same(this.#bytes.subarray(this.#at, this.#at + wanted.length), wanted)) this.#differs = true;
    this.#at += wanted.length;
  }

  compare(rows: readonly EntryRow[], report: Report): void {
    if (this.#differs) return;
    const text = entriesCsv({ entries: rows } as unknown as DisclosureFigures, this.locale);
    this.#take(text.slice(this.#headLine().length));
    if (!this.#differs || this.#told) return;
    this.#told = true;
    report('entries_csv_differs', 'entries.csv');
  }

  isWhole(): boolean {
    return this.#told || (!this.#differs && this.#at === this.#bytes.length);
  }
}
