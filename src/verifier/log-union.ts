// One log as several files know it: each file's records are read once, hashed into the tree and replayed in order;
// what two files know of the same record or the same size of the tree must be the same (history_differs otherwise).
import { businessDate, firstDay, instant } from '../kernel/dates.ts';
import { bytesOfHex, same } from '../proof/bytes.ts';
import { leafHashOf, readRecordLine, type LogRecord } from '../proof/record.ts';
import { Peaks, verifyInclusion, type Hash } from '../proof/tree.ts';
import { beginBanks, compareBanks, placeStatements } from './bank-statements.ts';
import { Books } from './books.ts';
import type { Findings, Report } from './findings.ts';
import { linesOf } from './lines.ts';
import { replay } from './replay.ts';
import { checkStanding } from './standing.ts';
import type { Source } from './sources.ts';
import { Unreadable } from './unreadable.ts';

/** Hashes of neighbouring leaves, in one piece of memory. */
class Leaves {
  readonly start: number;
  #bytes = new Uint8Array(32 * 1024);
  #count = 0;

  constructor(start: number) {
    this.start = start;
  }

  get end(): number {
    return this.start + this.#count;
  }

  append(hash: Hash): void {
    if ((this.#count + 1) * 32 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, this.#count * 32);
    this.#count += 1;
  }

  at(seq: number): Hash {
    const place = (seq - this.start - 1) * 32;
    return this.#bytes.subarray(place, place + 32);
  }
}

export const recordName = ({ seq, number }: Pick<LogRecord, 'seq' | 'number'>): string => `#${seq}${number === '-' ? '' : ` ${number}`}`;

export interface KnownRoot { root: Hash; file: string }

export class LogUnion {
  readonly estate: string;
  readonly books: Books;
  readonly sources: Source[] = [];
  /** Roots by size, with the file that tells each. */
  readonly roots = new Map<number, KnownRoot>();
  /** Sizes whose roots somebody will ask for. */
  readonly wanted = new Set<number>();
  readonly findings: Findings;
  readonly #segments: Leaves[] = [];
  readonly #learned = new Map<number, Hash>();
  /** Files that were found to differ, so that one difference is told once. */
  readonly #differing = new Set<string>();

  constructor(estate: string, findings: Findings) {
    this.estate = estate;
    this.findings = findings;
    this.books = new Books(estate);
  }

  /** Leaf hash of a record, if any file knows it. */
  leafAt(seq: number): Hash | null {
    const segment = this.#segments.find(({ start, end }) => start < seq && seq <= end);
    return segment?.at(seq) ?? this.#learned.get(seq) ?? null;
  }

  /** Whether all records after one up to another are known. */
  covers(after: number, to: number): boolean {
    return this.#segments.some(({ start, end }) => start <= after && to <= end);
  }

  /** Stretches of neighbouring records that are known. */
  stretches(): { start: number; end: number }[] {
    return this.#segments.map(({ start, end }) => ({ start, end }));
  }

  /** Reads one file; files come by where they begin. Gives the root it leads to, null where it leads nowhere. */
  async read(source: Source, progress: (records: number) => void): Promise<Hash | null> {
    const { file } = source;
    const report: Report = (code, where, facts) => this.findings.report(code, { file, where, facts });
    this.#begin(source, report);
    if (source.earlier !== null) await this.#readEarlier(source, report);
    let peaks: Peaks | null = null;
    try {
      peaks = new Peaks(source.start, source.peaks);
    } catch {
      report('peaks_wrong', 'seal.json');
    }
    if (peaks !== null) this.#note(peaks, source);
    const whole = await this.#readRecords(source, { peaks, report, progress });
    return whole && peaks !== null ? peaks.root() : null;
  }

  #begin({ start, disclosure, kind }: Source, report: Report): void {
    const { books } = this;
    const heads = disclosure?.bank ?? [];
    if (this.#segments.length === 0) {
      books.complete = start === 0;
    } else if (start > books.seq) {
      books.skip();
    } else {
      if (disclosure !== null) compareBanks(books, heads, { start, report });
      return;
    }
    if (start > 0) beginBanks(books, heads, report);
    else compareBanks(books, heads, { start, report });
    this.#segments.push(new Leaves(start));
    books.known_from = start === 0 ? '' : kind === 'disclosure' ? disclosure!.period : null;
  }

  /** Notes the root of a size that somebody asks for, and compares it with what another file says of it. */
  #note(peaks: Peaks, { file }: Source): void {
    const { size } = peaks;
    if (!this.wanted.has(size) || size === 0) return;
    const root = peaks.root();
    const known = this.roots.get(size);
    if (known === undefined) this.roots.set(size, { root, file });
    else if (!same(known.root, root) && !this.#differing.has(file)) {
      this.#differing.add(file);
      this.findings.report('beginning_differs', { file, where: 'seal.json', facts: { other: known.file, size } });
    }
  }

  /** A record that another file has otherwise: told once a file, the first of them. */
  #differ(file: string, seq: number, where: string): void {
    if (this.#differing.has(file)) return;
    this.#differing.add(file);
    this.findings.report('history_differs', { file, where, facts: { other: this.#knower(seq, file), seq } });
  }

  async #readRecords(
    source: Source, { peaks, report, progress }: { peaks: Peaks | null; report: Report; progress: (records: number) => void },
  ): Promise<boolean> {
    const { start, size } = source;
    const name = 'records.tsv';
    let expected = start + 1;
    let head: string | null = null;
    try {
      for await (const lines of linesOf(source.records())) {
        for (const line of lines) {
          if (head === null) {
            head = line;
            if (line !== `mingzhang/log/v1\t${this.estate}\t${start}\t${size}`) report('seal_differs', name, { what: line.slice(0, 80) });
            continue;
          }
          const record = readRecordLine(line);
          if (record.seq !== expected) {
            report('records_not_in_order', `${name} ${recordName(record)}`, { seq: record.seq, expected });
            return false;
          }
          this.#take(source, record, { peaks, where: `${name} ${recordName(record)}` });
          expected += 1;
        }
        progress(expected - 1 - start);
      }
      if (head === null) report('seal_differs', name, { what: '–' });
    } catch (error) {
      const text = error instanceof Unreadable ? error.text : { zh: '不是存证记录的写法', en: 'it is not written as records are' };
      report('records_misshapen', `${name} #${expected}`, { what: text.zh, what_en: text.en });
      return false;
    }
    if (expected !== size + 1) {
      report('records_missing', name, { first: start + 1, last: expected - 1, size });
      return false;
    }
    return true;
  }

  #take(source: Source, record: LogRecord, { peaks, where }: { peaks: Peaks | null; where: string }): void {
    const { file } = source;
    const hash = leafHashOf(this.estate, record);
    if (peaks !== null) {
      peaks.append(hash);
      this.#note(peaks, source);
    }
    const segment = this.#segments.at(-1)!;
    const known = record.seq <= segment.end ? segment.at(record.seq) : this.#learned.get(record.seq);
    if (known !== undefined && !same(known, hash)) this.#differ(file, record.seq, where);
    if (record.seq <= segment.end) return;
    segment.append(hash);
    this.books.reportTo((code, facts) => this.findings.report(code, { file, where, facts }));
    replay(this.books, record, false);
    if (record.kind === 'disclosure_prepared') this.#compareStanding();
  }

  /** What a disclosure says of offices, rules and keys was so right before it was prepared, which is now. */
  #compareStanding(): void {
    const prepared = this.books.prepared.at(-1)!;
    for (const { file, disclosure } of this.sources) {
      if (disclosure?.facts_sha256 !== prepared.facts_sha256) continue;
      checkStanding(this.books, { standing: disclosure.standing, since: firstDay(disclosure.period) },
        (code, _where, facts) => this.findings.report(code, { file, where: 'facts.json', facts }));
    }
  }

  /** Another file that holds a record. */
  #knower(seq: number, file: string): string {
    return this.sources.find((one) => one.file !== file && one.start < seq && seq <= one.size)?.file
      ?? this.sources.find((one) => one.file !== file)?.file ?? '';
  }

  // ── Records from before the file's own ─────────────────────────────────────────────────────────

  async #readEarlier(source: Source, report: Report): Promise<void> {
    const { start, size, checkpoint } = source;
    const root = checkpoint!.root;
    const name = 'earlier.tsv';
    let last = 0;
    let last_at = '';
    let head: string | null = null;
    try {
      for await (const lines of linesOf(source.earlier!())) {
        for (const line of lines) {
          if (head === null) {
            head = line;
            if (line !== `mingzhang/earlier/v1\t${this.estate}\t${size}`) report('seal_differs', name, { what: line.slice(0, 80) });
            continue;
          }
          const cut = line.lastIndexOf('\t');
          const record = readRecordLine(line.slice(0, cut));
          const proof = hashesOf(line.slice(cut + 1));
          const where = `${name} ${recordName(record)}`;
          if (record.seq <= last || record.seq > start) {
            report('records_not_in_order', where, { seq: record.seq, expected: last + 1 });
            return;
          }
          last = record.seq;
          last_at = record.recorded_at;
          const leaf_hash = leafHashOf(this.estate, record);
          if (!verifyInclusion({ index: record.seq - 1, size, leaf_hash, proof, root })) report('earlier_not_included', where);
          this.#learn(source, record, { leaf_hash, where });
        }
      }
      if (head === null) report('seal_differs', name, { what: '–' });
    } catch (error) {
      const text = error instanceof Unreadable ? error.text : { zh: '不是存证记录的写法', en: 'it is not written as records are' };
      report('records_misshapen', `${name} #${last}+`, { what: text.zh, what_en: text.en });
      return;
    }
    placeStatements(this.books, report);
    // The record before the file's own is from before the month: else what was booked early in it could be left out.
    const { disclosure } = source;
    if (start > 0 && disclosure !== null && (last !== start || businessDate(instant(last_at)) >= firstDay(disclosure.period))) {
      report('month_cut_off', name, { period: disclosure.period, seq: start });
    }
  }

  #learn({ file }: Source, record: LogRecord, { leaf_hash, where }: { leaf_hash: Hash; where: string }): void {
    const known = this.leafAt(record.seq);
    if (known !== null) {
      if (!same(known, leaf_hash)) this.#differ(file, record.seq, where);
      return;
    }
    this.#learned.set(record.seq, leaf_hash);
    this.books.reportTo((code, facts) => this.findings.report(code, { file, where, facts }));
    replay(this.books, record, true);
  }
}

function hashesOf(hex: string): Hash[] {
  const bytes = bytesOfHex(hex);
  if (bytes.length % 32 !== 0) throw new RangeError('not hashes');
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}
