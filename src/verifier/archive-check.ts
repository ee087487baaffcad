// An audit package beside its own log: every file is the one of the manifest; every original voucher is the one that
// was handed in, and none is missing; tables, balances and journals say what the records say.
import { hexOf, textOf, utf8 } from '../proof/bytes.ts';
import { sha256 } from '#primitives';
import { readWholeFile, type ArchiveFile } from './archive.ts';
import { checkBankTables } from './archive-bank.ts';
import { checkJournals } from './archive-journal.ts';
import { digestOf } from './digest.ts';
import { Sums, fenOf, yuan } from './fen.ts';
import { bodiesIn, bodyIn, Misshapen, readBody, textIn, wholeIn, type Body } from './fields.ts';
import type { Report } from './findings.ts';
import type { LogUnion } from './log-union.ts';
import { receiptLines } from './households.ts';
import { PERIOD, readStanding } from './sources.ts';
import { checkStanding } from './standing.ts';
import { Unreadable } from './unreadable.ts';

export interface Manifest {
  estate: string;
  origin: string;
  from: string;
  to: string;
  size: number;
  /** owners: vouchers that only officers may open are not in it. */
  audience: string;
  files: { path: string; size: number; sha256: string }[];
}

export function readManifest(bytes: Uint8Array): Manifest {
  const manifest = readBody(textOf(bytes));
  if (manifest['format'] !== 'mingzhang/audit/v1') throw new Misshapen('format');
  const found = {
    estate: textIn(manifest, 'estate'), origin: textIn(manifest, 'origin'), from: textIn(manifest, 'from'), to: textIn(manifest, 'to'),
    size: wholeIn(manifest, 'size'), audience: textIn(manifest, 'audience'),
    files: bodiesIn(manifest, 'files').map((file) => ({ path: textIn(file, 'path'), size: wholeIn(file, 'size'), sha256: textIn(file, 'sha256') })),
  };
  if (!PERIOD.test(found.from) || !PERIOD.test(found.to)) throw new Misshapen('from');
  return found;
}

export interface ArchiveRead { files: ReadonlyMap<string, ArchiveFile>; manifest: Manifest; report: Report; progress(file: string): void }
export interface ArchiveCounts { files: number; vouchers: number; journals: string[] }

/** What can be judged once the log was read. */
export async function checkArchive(log: LogUnion, read: ArchiveRead): Promise<ArchiveCounts> {
  const vouchers = await checkFiles(log, read);
  await checkTables(log, read);
  await checkBankTables(log.books, { files: read.files, size: read.manifest.size, report: read.report });
  const journals = await checkJournals(log.books, read.files, read.manifest, read.report);
  const { from, to, size } = read.manifest;
  // Every version that was published, in both languages.
  const published = log.books.published.filter((one) => one.seq <= size && from <= one.period && one.period <= to)
    .flatMap(({ period, version }) => ['zh', 'en'].map((lang) => `disclosures/${period}-v${version}-${lang}.pdf`));
  for (const path of ['journal/journal.csv', 'journal/journal.hledger', 'journal/journal.beancount', 'vouchers.csv', ...published]) {
    if (!read.files.has(path)) read.report('archive_file_missing', path);
  }
  return { files: read.files.size, vouchers, journals };
}

const voucherHash = (path: string): string | null => /^vouchers\/([0-9a-f]{64})\.[a-z]+$/.exec(path)?.[1] ?? null;

/** Hashes every file once: against the manifest, and vouchers against their names, which are in the log. */
async function checkFiles({ books }: LogUnion, { files, manifest, report, progress }: ArchiveRead): Promise<number> {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const present = new Set<string>();
  for (const file of files.values()) {
    if (file.path === 'manifest.json') continue;
    progress(file.path);
    const said = listed.get(file.path);
    const voucher = voucherHash(file.path);
    listed.delete(file.path);
    try {
      const digest = await digestOf(file.open());
      if (voucher !== null) {
        present.add(voucher);
        if (digest.sha256 !== voucher) report('voucher_altered', file.path);
        if (!books.vouchers.has(voucher)) report('voucher_unrecorded', file.path, { sha256: voucher.slice(0, 16) });
      }
      if (said === undefined) report('archive_file_extra', file.path);
      else if (digest.sha256 !== said.sha256 || digest.size !== said.size) report('archive_file_altered', file.path);
    } catch (error) {
      report('archive_file_altered', file.path, { what: error instanceof Unreadable ? error.text.zh : '' });
    }
  }
  for (const path of listed.keys()) report('archive_file_missing', path);
  checkVouchersThere({ files, manifest, report, books: books.voucher_entries, present });
  return present.size;
}

function checkVouchersThere(
  { manifest, report, books, present }: Pick<ArchiveRead, 'files' | 'manifest' | 'report'> & { books: ReadonlyMap<string, readonly string[]>; present: ReadonlySet<string> },
): void {
  let withheld = 0;
  for (const [hash, entries] of books) {
    const [number] = entries.filter((one) => one.slice(0, 7) >= manifest.from && one.slice(0, 7) <= manifest.to);
    if (number === undefined || present.has(hash)) continue;
    // Owners are not given what shows personal data; its hash stays in the log.
    if (manifest.audience === 'owners') withheld += 1;
    else report('voucher_missing', 'vouchers', { number, sha256: hash.slice(0, 16) });
  }
  if (withheld > 0) report('vouchers_withheld', 'vouchers', { count: withheld });
}

// ── Tables ───────────────────────────────────────────────────────────────────────────────────────

async function checkTables(log: LogUnion, { files, manifest, report }: ArchiveRead): Promise<void> {
  const path = 'log/standing.json';
  try {
    const standing = readBody(textOf(await readWholeFile(files, path)));
    // Other files may know of later records; the tables are of this one's size.
    if (log.books.seq === manifest.size) checkStanding(log.books, { standing: readStanding(standing), since: null }, (code, _where, facts) => report(code, path, facts));
    checkBalances(log, manifest, bodiesIn(standing, 'balances'), (key) => report('balances_differ', path, { what: key }));
    for (const row of bodiesIn(standing, 'postings')) checkPostings(log, manifest, row, report);
    // Packages from before there were statements say nothing of it.
    for (const row of standing['entries'] === undefined ? [] : bodiesIn(standing, 'entries')) checkEntries(log, manifest, row, report);
    if (standing['dwellings'] !== undefined) checkDwellings(log, manifest, bodyIn(standing, 'dwellings'), report);
  } catch (error) {
    const text = error instanceof Unreadable ? error.text : { zh: '写法不对', en: 'not written as it should be' };
    report('attachment_misshapen', path, { what: text.zh, what_en: text.en });
  }
}

function checkBalances({ books }: LogUnion, { size }: Manifest, rows: readonly Body[], differs: (key: string) => void): void {
  const [debit, credit] = [new Sums<string>(), new Sums<string>()];
  for (const [period, entries] of books.periods) {
    for (const { seq, lines } of entries) {
      if (seq > size) continue;
      for (const line of lines) {
        debit.add(`${period} ${line.account} ${line.fund}`, line.debit);
        credit.add(`${period} ${line.account} ${line.fund}`, line.credit);
      }
    }
  }
  const told = new Set<string>();
  for (const row of rows) {
    const key = `${textIn(row, 'period')} ${textIn(row, 'account')} ${textIn(row, 'fund')}`;
    if (told.has(key) || fenOf(row['debit']) !== debit.of(key) || fenOf(row['credit']) !== credit.of(key)) differs(key);
    told.add(key);
  }
  for (const key of debit.keys()) if (!told.has(key)) differs(key);
}

/** The table of entry lines, a hash a month: seq, line, account, fund, debit, credit by tabs. */
function checkPostings({ books }: LogUnion, { size }: Manifest, row: Body, report: Report): void {
  const period = textIn(row, 'period');
  const entries = (books.periods.get(period) ?? []).filter(({ seq }) => seq <= size).sort((a, b) => a.seq - b.seq);
  const text = entries.map(({ seq, lines }) => lines.map((line, i) =>
    `${seq}\t${i + 1}\t${line.account}\t${line.fund}\t${yuan(line.debit)}\t${yuan(line.credit)}\n`).join('')).join('');
  if (hexOf(sha256(utf8(text))) !== textIn(row, 'sha256')) report('postings_differ', 'log/standing.json', { period });
}

/** The table of entries, a hash a month, with what each rests on. */
function checkEntries({ books }: LogUnion, { size }: Manifest, row: Body, report: Report): void {
  const period = textIn(row, 'period');
  const entries = (books.periods.get(period) ?? []).filter(({ seq }) => seq <= size).sort((a, b) => a.seq - b.seq);
  const text = entries.map(({ seq, kind, date, lines, ordered, reverses, bank_line, settles, mandate }) => {
    const amount = yuan(lines.reduce((sum, line) => sum + BigInt(line.debit), 0n));
    return `${[seq, kind, date, amount, ...[ordered, reverses, bank_line?.account, bank_line?.position, settles, mandate].map((one) => one ?? '-')].join('\t')}\n`;
  }).join('');
  if (hexOf(sha256(utf8(text))) !== textIn(row, 'sha256')) report('standing_differs', 'log/standing.json', { what: `凭证（${period}）`, what_en: `list of entries (${period})` });
}

/** Which line is whose dwelling's, which entry is a release, and the receipts, as the tables have them. */
function checkDwellings({ books }: LogUnion, { size }: Manifest, said: Body, report: Report): void {
  const hashOf = (lines: readonly string[]): string => hexOf(sha256(utf8(lines.map((line) => `${line}\n`).join(''))));
  const differs = (what: string, what_en: string): void => report('standing_differs', 'log/standing.json', { what, what_en });
  for (const row of bodiesIn(said, 'months')) {
    const period = textIn(row, 'period');
    const entries = (books.periods.get(period) ?? []).filter(({ seq }) => seq <= size).sort((a, b) => a.seq - b.seq);
    const lines = entries.flatMap(({ seq, lines: all }) => all.flatMap(({ unit }, i) => (unit === null ? [] : [`${seq}\t${i + 1}\t${unit}`])));
    if (hashOf(lines) !== textIn(row, 'lines')) differs(`按户的分录行（${period}）`, `list of lines of dwellings (${period})`);
    if (hashOf(entries.filter(({ release }) => release).map(({ seq }) => String(seq))) !== textIn(row, 'releases')) differs(`预收转收入（${period}）`, `list of releases (${period})`);
  }
  const receipts = receiptLines(books.entries.values(), size);
  const told = bodyIn(said, 'receipts');
  if (wholeIn(told, 'count') !== receipts.length || hashOf(receipts) !== textIn(told, 'sha256')) differs('收据', 'list of receipts');
  // Packages made before there were votes do not say.
  if (said['ballots'] === undefined) return;
  const ballots = [...books.ballot_lines].filter(([seq]) => seq <= size).sort(([a], [b]) => a - b).map(([, line]) => line);
  if (wholeIn(bodyIn(said, 'ballots'), 'count') !== ballots.length || hashOf(ballots) !== textIn(bodyIn(said, 'ballots'), 'sha256')) differs('选票', 'list of ballots');
}
