// Reads the seal out of a published PDF and does by hand what a verifier does: hashes the records onto the peaks,
// looks every earlier record up by its proof, compares hashes. Written apart from src/verifier, on src/proof alone.
import assert from 'node:assert/strict';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { bytesOfHex, hexOf } from '../../src/proof/bytes.ts';
import { readCheckpoint, type Checkpoint } from '../../src/proof/checkpoint.ts';
import { readVerifierKey } from '../../src/proof/note.ts';
import { judgeNote, readPolicy } from '../../src/proof/policy.ts';
import { leafHashOf, readRecordLine, type LogRecord } from '../../src/proof/record.ts';
import { Peaks, verifyConsistency, verifyInclusion, type Hash } from '../../src/proof/tree.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../../src/kernel/money.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { readPdf } from '../reports/reading.ts';
import type { Books } from './books.ts';

interface SealJson {
  format: string; estate: string; origin: string; period: string; version: number;
  start: { size: number; peaks: string[] }; checkpoint: string; witnessed: { checkpoint: string; consistency: string[] } | null;
}
export interface FactsJson {
  format: string; estate: string; period: string; version: number; size: number; keys: { vkey: string; seq: number }[]; policy: string;
  balances: { account: string; fund: string; opening: string; debit: string; credit: string }[];
  standing: Record<'terms' | 'rules' | 'passkeys' | 'delegations', Record<string, unknown>[]>;
}
export interface SealedFiles {
  seal: SealJson;
  facts: FactsJson;
  figures: DisclosureFigures;
  figures_sha256: string;
  facts_sha256: string;
  n0: number;
  n1: number;
  records: LogRecord[];
  earlier: { record: LogRecord; proof: Hash[] }[];
  /** Text of the whole PDF without white space, and of its first page. */
  text: string;
  first_page: string;
}

const linesOf = (bytes: Buffer): string[] => {
  const lines = bytes.toString('utf8').split('\n');
  assert.equal(lines.pop(), '', 'the last line is ended');
  return lines;
};

/** The files of a published version, read from its stored PDF; null where it has no seal. */
export async function readSealed(h: Books, period: string, version = 1, locale: 'zh' | 'en' = 'zh'): Promise<SealedFiles | null> {
  const { rows: [row] } = await h.superuser.query('select * from disclosure where estate_id = $1 and period = $2 and version = $3',
    [h.estate.estate_id, period, version]);
  const { attachments, text, pages } = await readPdf((await h.house.storage.read(row[`pdf_${locale}_sha256`]))!);
  const names = ['entries.csv', 'figures.json'];
  if (row.checkpoint_size === null) {
    assert.deepEqual([...attachments.keys()].sort(), names);
    return null;
  }
  assert.deepEqual([...attachments.keys()].sort(), ['earlier.tsv', 'entries.csv', 'facts.json', 'figures.json', 'records.tsv', 'seal.json']);
  const json = (name: string) => JSON.parse(attachments.get(name)!.toString('utf8'));
  const [head, ...lines] = linesOf(attachments.get('records.tsv')!);
  const [earlier_head, ...earlier] = linesOf(attachments.get('earlier.tsv')!);
  const [kind, code, n0, n1] = head!.split('\t');
  assert.deepEqual([kind, code], ['mingzhang/log/v1', h.estate.code]);
  assert.deepEqual(earlier_head!.split('\t'), ['mingzhang/earlier/v1', h.estate.code, n1]);
  assert.equal(Number(n1), row.checkpoint_size);
  return {
    seal: json('seal.json'), facts: json('facts.json'), figures: json('figures.json'),
    figures_sha256: sha256Hex(attachments.get('figures.json')!), facts_sha256: sha256Hex(attachments.get('facts.json')!),
    n0: Number(n0), n1: Number(n1), records: lines.map(readRecordLine), text, first_page: pages[0]!,
    earlier: earlier.map((line) => {
      const cut = line.lastIndexOf('\t');
      return { record: readRecordLine(line.slice(0, cut)), proof: (line.slice(cut + 1).match(/.{64}/g) ?? []).map(bytesOfHex) };
    }),
  };
}

/** The tree of the first `size` records, from the peaks and the records of a file. */
export function treeOf({ seal, records, n0 }: SealedFiles, size: number): Peaks {
  const peaks = new Peaks(seal.start.size, seal.start.peaks.map(bytesOfHex));
  for (const record of records.slice(0, size - n0)) peaks.append(leafHashOf(seal.estate, record));
  assert.equal(peaks.size, size);
  return peaks;
}

const bodyOf = (record: LogRecord) => JSON.parse(record.body) as Record<string, any>;

/** Throws unless everything in the file holds together; gives its checkpoint. */
export function judgeSealed(files: SealedFiles): Checkpoint {
  const { seal, facts, figures, n0, n1, records, earlier } = files;
  const { period, version } = figures;
  assert.deepEqual([seal.format, seal.estate, seal.period, seal.version], ['mingzhang/seal/v1', figures.estate.code, period, version]);
  assert.deepEqual([facts.format, facts.estate, facts.period, facts.version], ['mingzhang/seal-facts/v1', figures.estate.code, period, version]);
  const keys = facts.keys.map(({ vkey }) => readVerifierKey(vkey));
  const { checkpoint } = readCheckpoint(seal.checkpoint, keys);
  assert.deepEqual([checkpoint.origin, checkpoint.size, seal.start.size], [seal.origin, n1, n0]);
  assert.deepEqual(records.map(({ seq }) => seq), Array.from({ length: n1 - n0 }, (_, i) => n0 + 1 + i));
  assert.equal(hexOf(treeOf(files, n1).root()), hexOf(checkpoint.root), 'peaks and records make the root');
  for (const [at, { record, proof }] of earlier.entries()) {
    assert(record.seq <= n0 && (at === 0 || record.seq > earlier[at - 1]!.record.seq));
    assert(verifyInclusion({ index: record.seq - 1, size: n1, leaf_hash: leafHashOf(seal.estate, record), proof, root: checkpoint.root }),
      `earlier record ${record.seq}`);
  }
  const prepared = records.findLast((record) => record.kind === 'disclosure_prepared' && bodyOf(record)['period'] === period
    && bodyOf(record)['version'] === version)!;
  const { figures_sha256, facts_sha256 } = files;
  assert.deepEqual(bodyOf(prepared), { period, version, figures_sha256, facts_sha256 });
  assert.deepEqual([prepared.seq - 1, facts.size], [figures.log.size, figures.log.size], 'drawn from what comes right before');
  judgeBalances(files);
  judgeSupport(files);
  if (seal.witnessed !== null) {
    const judged = judgeNote(readPolicy(facts.policy), seal.witnessed.checkpoint);
    assert(judged.witnesses.length > 0);
    const { size, root } = judged.checkpoint;
    assert(verifyConsistency({ from: size, from_root: root, size: n1, root: checkpoint.root, proof: seal.witnessed.consistency.map(bytesOfHex) }));
  }
  return checkpoint;
}

/** Turnover by account and fund is what the entries of the month say. */
function judgeBalances({ facts, figures, records }: SealedFiles): void {
  const turnover = new Map<string, { debit: Money; credit: Money }>();
  for (const record of records) {
    if (record.kind !== 'journal_entry' || record.seq > facts.size || !record.number.startsWith(figures.period)) continue;
    for (const line of bodyOf(record)['postings']) {
      const name = `${line.account} ${line.fund}`;
      const { debit, credit } = turnover.get(name) ?? { debit: zero, credit: zero };
      turnover.set(name, { debit: sum([debit, money(line.debit ?? '0.00')]), credit: sum([credit, money(line.credit ?? '0.00')]) });
    }
  }
  const said = facts.balances.filter((row) => turnover.has(`${row.account} ${row.fund}`) || !(money(row.debit).isZero() && money(row.credit).isZero()));
  assert.deepEqual(said.map((row) => [`${row.account} ${row.fund}`, row.debit, row.credit]).sort(),
    [...turnover].map(([name, { debit, credit }]) => [name, moneyText(debit), moneyText(credit)]).sort());
  const own = facts.balances.filter((row) => row.account.startsWith('1001') || row.account.startsWith('1002'));
  assert.equal(moneyText(sum(own.map((row) => money(row.opening)))), figures.opening);
  assert.equal(moneyText(sum(own.map((row) => sum([money(row.opening), minus(money(row.debit), money(row.credit))])))), figures.closing);
}

/** What a signature or an entry of the range rests on is in the range before it, or among the earlier records. */
function judgeSupport({ records, earlier, n0 }: SealedFiles): void {
  const known = [...earlier.map(({ record }) => record), ...records];
  const has = (kind: string, test: (body: Record<string, any>) => boolean, before: number): boolean =>
    known.some((record) => record.kind === kind && record.seq < before && test(bodyOf(record)));
  for (const record of records) {
    const body = bodyOf(record);
    if (record.kind === 'signature') {
      assert(has('proposal_submitted', (one) => one['proposal'] === body['proposal'] && one['document_hash'] === body['document_hash'], record.seq),
        `submission under signature ${record.seq}`);
      assert(has('term_opened', (one) => one['person'] === body['person'] && one['body'] === body['body'], record.seq), `term under ${record.seq}`);
      assert(has('rules_opened', () => true, record.seq));
      if (body['method'] === 'passkey') {
        assert(has('passkey_enrolled', (one) => one['credential_id'] === body['evidence'].credential_id, record.seq), `key under ${record.seq}`);
      }
    }
    if (record.kind !== 'journal_entry') continue;
    if (body['reverses'] !== undefined) assert(known.some((one) => one.seq === body['reverses']), `entry reversed by ${record.seq}`);
    if (body['proposal'] === undefined) continue;
    const bodies = known.filter((one) => one.kind === 'signature' && one.seq < record.seq && bodyOf(one)['proposal'] === Number(body['proposal'])
      && bodyOf(one)['decision'] === 'approve').map((one) => bodyOf(one)['body']);
    assert(new Set(bodies).size >= 2, `two keys under ${record.seq}`);
  }
  assert(n0 > 0 || earlier.length === 0, 'nothing comes before the first record');
}
