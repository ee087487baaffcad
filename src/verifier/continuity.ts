// What several files say together: balances carried from one month to the next, versions and languages of the same
// month, the hash of a PDF in the records that came after it; and what remains to be said of a log as a whole.
import type { Books } from './books.ts';
import { numberText } from './entries.ts';
import { Sums, yuan } from './fen.ts';
import type { Findings } from './findings.ts';
import type { LogUnion } from './log-union.ts';
import type { BalanceRow, Disclosure, Source } from './sources.ts';
import { leftOf, openDebits } from './suspense.ts';

type Sealed = Source & { disclosure: Disclosure };
const sealed = ({ sources }: LogUnion): Sealed[] => sources.filter((one): one is Sealed => one.disclosure !== null);

export function checkContinuity(log: LogUnion, findings: Findings): void {
  const disclosures = sealed(log);
  for (const source of disclosures) {
    checkOpenings(log, disclosures, source, findings);
    checkPublished(log, source, findings);
  }
  checkSameMonth(disclosures, findings);
  checkNames(disclosures, findings);
  checkGaps(log, findings);
  checkKeys(log, findings);
}

// ── Balances ─────────────────────────────────────────────────────────────────────────────────────

const keyOf = ({ account, fund }: Pick<BalanceRow, 'account' | 'fund'>): string => `${account} ${fund}`;

/** Entries that moved the balances between two points: those the first did not cover, of months before the second. */
function addEntries({ books }: LogUnion, sums: Sums<string>, { after, before }: { after: { period: string; size: number } | null; before: { period: string; size: number } }): void {
  for (const [period, entries] of books.periods) {
    if (period >= before.period) continue;
    for (const { seq, lines } of entries) {
      if (seq > before.size || (after !== null && period <= after.period && seq <= after.size)) continue;
      for (const line of lines) sums.add(keyOf(line), line.debit - line.credit);
    }
  }
}

/** The opening balances, from the beginning of the log or from the closing ones of the latest file before. */
function checkOpenings(log: LogUnion, disclosures: readonly Sealed[], source: Sealed, findings: Findings): void {
  const { disclosure, file } = source;
  const { period, drawn_at, balances } = disclosure;
  const before = { period, size: drawn_at };
  const sums = new Sums<string>();
  let other = '';
  if (log.covers(0, drawn_at)) addEntries(log, sums, { after: null, before });
  else {
    const base = disclosures.filter((one) => one !== source && log.covers(one.start, drawn_at) && one.disclosure.drawn_at < drawn_at && one.disclosure.period <= period)
      .sort((a, b) => (a.disclosure.period === b.disclosure.period ? a.disclosure.drawn_at - b.disclosure.drawn_at : a.disclosure.period < b.disclosure.period ? -1 : 1)).at(-1);
    if (base === undefined) return findings.report('openings_on_trust', { file });
    other = base.file;
    const same_month = base.disclosure.period === period;
    for (const row of base.disclosure.balances) {
      sums.add(keyOf(row), row.opening);
      if (!same_month) sums.add(keyOf(row), row.debit - row.credit);
    }
    addEntries(log, sums, { after: { period: base.disclosure.period, size: base.disclosure.drawn_at }, before });
  }
  const said = new Map(balances.map((row) => [keyOf(row), row.opening]));
  for (const key of new Set([...said.keys(), ...sums.keys()])) {
    if ((said.get(key) ?? 0n) === sums.of(key)) continue;
    findings.report('opening_differs', { file, where: 'facts.json', facts: {
      what: key, said: yuan(said.get(key) ?? 0n), found: yuan(sums.of(key)), other: other === '' ? '存证记录' : other, other_en: other === '' ? 'the log' : other,
    } });
  }
}

// ── The file itself ──────────────────────────────────────────────────────────────────────────────

/** A PDF's own hash is a record of the log that came after it. */
function checkPublished({ books }: LogUnion, { file, sha256, disclosure, size }: Sealed, findings: Findings): void {
  const { period, version, locale } = disclosure;
  const published = books.published.find((one) => one.seq > size && one.period === period && one.version === version);
  if (published === undefined) return findings.report('pages_sealed_later', { file });
  const expected = locale === 'en' ? published.pdf_en_sha256 : published.pdf_zh_sha256;
  if (sha256 !== expected) findings.report('file_not_the_published', { file, facts: { sha256: sha256.slice(0, 16), expected: expected.slice(0, 16), seq: published.seq } });
}

/** Both languages, and copies, of one version say the same. */
function checkSameMonth(disclosures: readonly Sealed[], findings: Findings): void {
  const first = new Map<string, Sealed>();
  for (const source of disclosures) {
    const key = `${source.disclosure.period} v${source.disclosure.version}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, source);
    else if (other.disclosure.facts_sha256 !== source.disclosure.facts_sha256 || other.size !== source.size) {
      findings.report('versions_disagree', { file: source.file, facts: { other: other.file } });
    }
  }
}

/** An account or fund is called the same in every month: another name makes the same money look like something else. */
function checkNames(disclosures: readonly Sealed[], findings: Findings): void {
  const known = new Map<string, { name: string; file: string }>();
  for (const { file, disclosure } of disclosures) {
    for (const [what, name] of disclosure.names) {
      const before = known.get(what);
      if (before !== undefined && before.name !== name) {
        findings.report('name_changed', { file, where: 'figures.json', facts: { what, before: before.name, now: name, other: before.file } });
      }
      known.set(what, { name, file });
    }
  }
}

function checkGaps(log: LogUnion, findings: Findings): void {
  const [first, ...rest] = log.stretches();
  let before = first;
  for (const stretch of rest) {
    const file = log.sources.find((one) => one.start === stretch.start)?.file ?? '';
    findings.report('months_missing', { file, facts: { first: before!.end + 1, last: stretch.start } });
    before = stretch;
  }
}

/** All files of a log name the same keys, as far as each goes. */
function checkKeys({ sources }: LogUnion, findings: Findings): void {
  const known = new Map<number, { vkey: string; file: string }>();
  for (const { file, keys } of sources) {
    for (const { vkey, seq } of keys) {
      const other = known.get(seq);
      if (other === undefined) known.set(seq, { vkey, file });
      else if (other.vkey !== vkey) findings.report('keys_differ', { file, where: 'keys', facts: { other: other.file, seq } });
    }
  }
}

// ── The log as a whole ───────────────────────────────────────────────────────────────────────────

/** What is lawful and still worth knowing: weak signatures, emergencies nobody ratified, another key of the log. */
export function checkCautions({ books, sources }: LogUnion, today: string, findings: Findings): void {
  const file = sources.at(-1)!.file;
  if (books.counted.weak > 0) findings.report('signatures_weak', { file, facts: { weak: books.counted.weak, all: books.counted.signatures } });
  if (books.counted.elsewhere > 0) findings.report('bank_elsewhere', { file, facts: { count: books.counted.elsewhere } });
  checkUnexplained(books, file, findings);
  if (books.counted.begun_earlier > 0) findings.report('begun_earlier', { file, facts: { count: books.counted.begun_earlier } });
  const late = [...books.proposals.values()].filter((one) => one.ratify_by !== null && one.ratified_seq === null && one.ratify_by < today
    && (one.state === 'approved' || one.state === 'executed'));
  if (late.length > 0) findings.report('emergency_not_ratified', { file, facts: { count: late.length, proposal: late[0]!.proposal, ratify_by: late[0]!.ratify_by! } });
  const [seq, vkey] = [...books.log_keys].sort(([a], [b]) => a - b).at(-1) ?? [0, ''];
  if (books.log_keys.size > 1) findings.report('log_key_changed', { file, facts: { seq, vkey } });
  if (books.is_demo === true) findings.report('estate_is_demo', { file });
}

/** Debits of the bank that still wait for an order. */
function checkUnexplained(books: Books, file: string, findings: Findings): void {
  const open = openDebits(books);
  const [first] = open;
  if (first === undefined) return;
  const amount = yuan(open.reduce((sum, one) => sum + BigInt(leftOf(one)), 0n));
  findings.report('unexplained_open', { file, facts: { count: open.length, amount, number: `${first.entry.period} ${numberText(first.entry)}`, number_en: `record ${first.entry.seq}` } });
}
