// The audit package (审计包): everything an auditor takes away, as one ZIP that is written while it is read. Its files,
// in this order, are those of the contract: README.txt, log/, journal/, accounting-interface/, signatures.csv, bank/, vouchers/
// and vouchers.csv, disclosures/, verify.html, and at the end manifest.json with the hash of each.
// A file that is missing or was changed on the disk stops nothing: an auditor has to see that, too.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { readRecords } from '../evidence/records.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { inEstate } from '../kernel/database.ts';
import { periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { recordLine, type LogRecord } from '../proof/record.ts';
import { csvHead, csvLine, toCsv } from '../web/csv.ts';
import { bankFiles } from './audit-bank.ts';
import { auditReadme } from './audit-readme.ts';
import { dwellingHashes } from './audit-dwellings.ts';
import type { AuditSnapshot } from './audit-snapshot.ts';
import { packedVouchers, signaturesCsv, voucherCells, voucherColumns, voucherPath, type PackedVoucher, type VoucherState } from './audit-tables.ts';
import { beancountText } from './beancount.ts';
import { entryPages, type BookEntry } from './books.ts';
import { hledgerText } from './hledger.ts';
import { interfaceFiles } from './interface-xml.ts';
import { journalCsv } from './journal-table.ts';
import { accountColumns, accountRows, booksWorkbook, fundColumns, fundRows } from './xlsx.ts';
import { zipped, type Content, type ZipFile } from '../web/zip.ts';

export interface Packing {
  house: House;
  snapshot: AuditSnapshot;
  /** Instant of the making, ISO. */
  made_at: string;
  /** The single-file verifier; null where there is none. */
  verifier: (() => Promise<Uint8Array>) | null;
  /** Told what is being written, and of each step of work done. */
  step(name: string): void;
  advance(count: number): void;
}

const RECORDS = 2_000;
/** How often the entries are gone through: four journals and the interface. */
export const PASSES = 5;

interface Listed { path: string; size: number; sha256: string }

/** The bytes of the whole package. */
export function auditPackage(packing: Packing): AsyncGenerator<Uint8Array> {
  const listed: Listed[] = [];
  return zipped(withManifest(packing, listed));
}

async function* withManifest(packing: Packing, listed: Listed[]): AsyncGenerator<ZipFile> {
  for await (const file of filesOf(packing)) yield { ...file, content: measured(file, listed) };
  const { house: _house, snapshot: { books, origin, size, audience }, made_at } = packing;
  const manifest = {
    format: 'mingzhang/audit/v1', estate: books.estate.code, origin, from: books.from, to: books.to, made_at, size, audience,
    files: listed.map((file) => ({ ...file })),
  };
  yield { path: 'manifest.json', content: canonical(manifest) };
}

/** The same content, its hash and size written down once it has gone by. */
async function* measured({ path, content }: ZipFile, listed: Listed[]): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of piecesOf(content)) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    hash.update(bytes);
    size += bytes.length;
    yield bytes;
  }
  listed.push({ path, size, sha256: hash.digest('hex') });
}

async function* piecesOf(content: Content): AsyncGenerator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) yield content;
  else yield* content;
}

async function* filesOf(packing: Packing): AsyncGenerator<ZipFile> {
  const { house, snapshot, verifier, step } = packing;
  const { books } = snapshot;
  yield { path: 'README.txt', content: auditReadme({ snapshot, made_at: packing.made_at, has_verifier: verifier !== null }) };
  step('log');
  yield* logFiles(packing);
  step('journal');
  const pages = (): AsyncGenerator<BookEntry[]> => counted(packing, entryPages(house, books));
  yield { path: 'journal/journal.hledger', content: hledgerText(house, books, pages()) };
  yield { path: 'journal/journal.beancount', content: beancountText(house, books, pages()) };
  yield { path: 'journal/journal.csv', content: journalCsv(house, books, pages()) };
  yield { path: 'journal/journal.xlsx', content: booksWorkbook(house, books, pages()), stored: true };
  yield { path: 'journal/accounts.csv', content: toCsv(accountColumns, accountRows(books)) };
  yield { path: 'journal/funds.csv', content: toCsv(fundColumns, fundRows(books)) };
  step('interface');
  for (const file of interfaceFiles(house, books, (own) => counted(packing, entryPages(house, own)))) {
    yield { ...file, path: `accounting-interface/${file.path}` };
  }
  step('signatures');
  yield { path: 'signatures.csv', content: signaturesCsv(house, snapshot) };
  yield* bankFiles(house, snapshot);
  step('vouchers');
  yield* voucherFiles(packing);
  step('disclosures');
  yield* disclosureFiles(packing);
  if (verifier !== null) yield { path: 'verify.html', content: await verifier() };
}

async function* counted(packing: Packing, pages: AsyncIterable<BookEntry[]>): AsyncGenerator<BookEntry[]> {
  for await (const page of pages) {
    yield page;
    packing.advance(page.length);
  }
}

// ── The log ──────────────────────────────────────────────────────────────────────────────────────

async function* logFiles(packing: Packing): AsyncGenerator<ZipFile> {
  const { snapshot } = packing;
  if (snapshot.checkpoint !== null) yield { path: 'log/checkpoint', content: snapshot.checkpoint };
  yield { path: 'log/records.tsv', content: recordLines(packing) };
  const keys = snapshot.keys.map(({ vkey, opened_seq, ended_seq }) => ({ vkey, seq: opened_seq, ended_seq }));
  yield { path: 'log/keys.json', content: canonical(keys) };
  if (snapshot.policy !== null) yield { path: 'log/policy', content: snapshot.policy };
  for (const { size, note } of snapshot.cosigned) yield { path: `log/cosignatures/${size}`, content: note };
  yield { path: 'log/standing.json', content: canonical({ ...snapshot.standing, postings: await postingHashes(packing), entries: await entryHashes(packing),
    dwellings: await dwellingHashes(packing.house, snapshot) }) };
}

/** A record as a line; one that no line can hold was changed by force, and is shown as far as a line can. */
function lineOf(record: LogRecord): string {
  try {
    return recordLine(record);
  } catch {
    return `${[record.seq, record.kind, record.recorded_at, record.number, record.body].map((part) => String(part).replace(/[\t\r\n]/g, ' ')).join('\t')}\n`;
  }
}

async function* recordLines({ house, snapshot, advance }: Packing): AsyncGenerator<string> {
  const { books: { estate }, size } = snapshot;
  yield `mingzhang/log/v1\t${estate.code}\t0\t${size}\n`;
  for (let from = 1; from <= size;) {
    const rows = await inEstate(house.db.app, estate.estate_id, (trx) => readRecords(trx, estate.estate_id, from, RECORDS), { readOnly: true });
    const own = rows.filter((row) => row.seq <= size);
    yield own.map(({ leaf_hash: _hash, ...record }) => lineOf(record)).join('');
    if (own.length === 0) return;
    advance(own.length);
    from = own.at(-1)!.seq + 1;
  }
}

/** The lines of the table posting, a hash a month: "seq, line, account, fund, debit, credit" by tabs, in the order of
 *  seq and line. The records say the same; where the hashes differ, somebody changed the table. */
async function postingHashes({ house, snapshot: { books } }: Packing): Promise<Json[]> {
  const { estate_id } = books.estate;
  const months: Json[] = [];
  for (const period of periodsBetween(books.from, books.to)) {
    const { rows } = await inEstate(house.db.app, estate_id, (trx) => sql<{ lines: number; sha256: string }>`
      select count(*)::integer as lines, encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\t', seq, line, account, fund, debit, credit)
        || E'\n', '' order by seq, line), ''), 'UTF8')), 'hex') as sha256
      from posting where estate_id = ${estate_id} and period = ${period} and seq <= ${books.size}`.execute(trx), { readOnly: true });
    months.push({ period, ...rows[0]! });
  }
  return months;
}

/** The same of the table journal_entry, and what an entry rests on: seq, kind, day, amount, proposal, reverses, bank account, line,
 *  settles, mandate by tabs, "-" for what there is not. */
async function entryHashes({ house, snapshot: { books } }: Packing): Promise<Json[]> {
  const { estate_id } = books.estate;
  const months: Json[] = [];
  for (const period of periodsBetween(books.from, books.to)) {
    const { rows } = await inEstate(house.db.app, estate_id, (trx) => sql<{ entries: number; sha256: string }>`
      select count(*)::integer as entries, encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\t', seq, kind, entry_date, amount,
        coalesce(proposal_id::text, '-'), coalesce(reverses::text, '-'), coalesce(bank_account, '-'), coalesce(bank_position::text, '-'),
        coalesce(settles::text, '-'), coalesce(mandate::text, '-')) || E'\n', '' order by seq), ''), 'UTF8')), 'hex') as sha256
      from journal_entry where estate_id = ${estate_id} and period = ${period} and seq <= ${books.size}`.execute(trx), { readOnly: true });
    months.push({ period, ...rows[0]! });
  }
  return months;
}

// ── Files of the storage ─────────────────────────────────────────────────────────────────────────

async function* voucherFiles(packing: Packing): AsyncGenerator<ZipFile> {
  const { house, snapshot } = packing;
  let table = csvHead(voucherColumns);
  for await (const page of packedVouchers(house, snapshot)) {
    for (const voucher of page) {
      const stored = voucher.is_open ? await house.storage.open(voucher.sha256) : null;
      let state: VoucherState = voucher.is_open ? 'missing' : 'withheld';
      if (stored !== null) {
        const seen = createHash('sha256');
        yield { path: voucherPath(voucher), content: passing(stored.bytes(), seen), stored: voucher.media_type !== 'application/xml' };
        state = seen.digest('hex') === voucher.sha256 ? 'included' : 'changed';
      }
      table += csvLine(voucherColumns, voucherCells(voucher, state));
      packing.advance(1);
    }
  }
  yield { path: 'vouchers.csv', content: table };
}

async function* passing(bytes: AsyncIterable<Uint8Array>, seen: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    seen.update(piece);
    yield piece;
  }
}

export const countVouchers = async (house: House, snapshot: AuditSnapshot): Promise<number> => {
  let count = 0;
  for await (const page of packedVouchers(house, snapshot)) count += (page satisfies PackedVoucher[]).length;
  return count;
};

async function* disclosureFiles({ house, snapshot: { books, size } }: Packing): AsyncGenerator<ZipFile> {
  const { estate_id } = books.estate;
  const rows = await inEstate(house.db.app, estate_id, (trx) => trx.selectFrom('disclosure')
    .select(['period', 'version', 'pdf_zh_sha256', 'pdf_en_sha256']).where('estate_id', '=', estate_id).where('seq', '<=', size)
    .where('period', '>=', books.from).where('period', '<=', books.to).orderBy('period').orderBy('version').execute(), { readOnly: true });
  for (const { period, version, pdf_zh_sha256, pdf_en_sha256 } of rows) {
    for (const [lang, sha256] of [['zh', pdf_zh_sha256], ['en', pdf_en_sha256]] as const) {
      const stored = await house.storage.open(sha256);
      if (stored !== null) yield { path: `disclosures/${period}-v${version}-${lang}.pdf`, content: stored.bytes(), stored: true };
    }
  }
}
