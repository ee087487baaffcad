// The seal of a disclosure: the files inside its PDF with which anybody proves the month, without this server.
//   facts.json    what holds beside the figures (standing.ts); its SHA-256 is recorded before the checkpoint
//   records.tsv   every record from the month's beginning up to the checkpoint, none withheld
//   earlier.tsv   the earlier records those rest on, each with its inclusion proof: who serves, what was signed, what waits in
//                 suspense, statements with lines booked this month; where the bank stood when the month began, facts.json says
//   seal.json     the checkpoint, the peaks of the tree where the month begins, the last checkpoint that was witnessed
// Whoever holds them hashes the records onto the peaks and must reach the checkpoint's root (TRUST §2). Months overlap:
// the range begins with the month, and ends where it was published, so that one file leads on to the next.
import type { Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { IssuedCheckpoint } from '../evidence/checkpointer.ts';
import { peaksAt, StoredTree } from '../evidence/stored-tree.ts';
import { base64urlOf, hexOf, utf8 } from '../proof/bytes.ts';
import { claimedCheckpoint } from '../proof/checkpoint.ts';
import { recordLine } from '../proof/record.ts';
import { consistencyProof, inclusionProof } from '../proof/tree.ts';
import type { PrintedSeal, Seal, Witnessed } from '../../reports/kit/seal.ts';
import { earlierRecords, keyBehind, rangeStart, recordsBetween, type Referred, type WitnessedCheckpoint } from './seal-queries.ts';

/** What the QR code leads to: the page of checkpoints, with the checkpoint itself behind the #, which no server sees. */
export const checkpointAddress = (house: House, note: string): string =>
  `${house.settings.public_url}/verify#${base64urlOf(utf8(note))}`;

/** The checkpoint as it is printed. */
export async function printedSeal(
  house: House, trx: Trx, estate_id: number, { checkpoint, witnessed }: { checkpoint: Pick<IssuedCheckpoint, 'size' | 'root' | 'note'>; witnessed: Witnessed | null },
): Promise<PrintedSeal> {
  const { size, root, note } = checkpoint;
  return {
    address: checkpointAddress(house, note), note, size, root: hexOf(root), vkey: await keyBehind(trx, estate_id, size),
    witnessed: witnessed === null ? null : counted(witnessed),
  };
}

const counted = ({ size, on, committee, street, resident }: Witnessed): Witnessed => ({ size, on, committee, street, resident });

/** Bytes appended piece by piece into memory that printing threads share: a month may be tens of megabytes. */
class Pages {
  readonly #parts: Uint8Array[] = [];
  #lines: string[] = [];
  #size = 0;

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= 1_000) this.#flush();
  }

  whole(): Uint8Array {
    this.#flush();
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#size));
    let at = 0;
    for (const part of this.#parts.splice(0)) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #flush(): void {
    const part = utf8(this.#lines.join(''));
    this.#lines = [];
    this.#parts.push(part);
    this.#size += part.length;
  }
}

interface Named { proposal?: unknown; reverses?: unknown; version?: unknown; settles?: unknown; mandate?: unknown; orders?: unknown; bank_line?: unknown }

/** The records of the range as a file, and what of earlier records they speak of. */
async function rangeFile(trx: Trx, { estate_id, code }: Estate, n0: number, n1: number): Promise<Referred & { file: Uint8Array }> {
  const pages = new Pages();
  const [proposals, begun, reversed, settled] = [new Set<number>(), new Set<number>(), new Set<number>(), new Set<number>()];
  const lines = new Map<string, number>();
  const add = (set: Set<number>, named: unknown): void => {
    if (named !== undefined && named !== null) set.add(Number(named));
  };
  pages.add(`mingzhang/log/v1\t${code}\t${n0}\t${n1}\n`);
  for await (const record of recordsBetween(trx, estate_id, n0, n1)) {
    pages.add(recordLine(record));
    const { proposal, reverses, version, settles, mandate, orders, bank_line } = JSON.parse(record.body) as Named;
    for (const named of [proposal, mandate, ...(record.kind === 'pay_file_made' ? orders as unknown[] : [])]) add(proposals, named);
    add(reversed, reverses);
    add(settled, settles);
    if (record.kind === 'proposal_submitted' && version === 1) begun.add(Number(proposal));
    if (bank_line !== undefined) {
      const { account, position } = bank_line as { account: string; position: number };
      lines.set(account, Math.min(position, lines.get(account) ?? position));
    }
  }
  // What was first submitted in the range has left nothing before it.
  for (const proposal of begun) proposals.delete(proposal);
  return { file: pages.whole(), proposals, reversed, settled, lines };
}

async function earlierFile(trx: Trx, { estate_id, code }: Estate, { n0, tree }: { n0: number; tree: StoredTree }, referred: Referred): Promise<Uint8Array> {
  const pages = new Pages();
  pages.add(`mingzhang/earlier/v1\t${code}\t${tree.size}\n`);
  for (const record of await earlierRecords(trx, estate_id, n0, referred)) {
    const proof = await inclusionProof(record.seq - 1, tree.size, tree.subtree);
    pages.add(`${recordLine(record).slice(0, -1)}\t${proof.map(hexOf).join('')}\n`);
  }
  return pages.whole();
}

export interface Sealing {
  estate: Estate;
  period: Period;
  version: number;
  checkpoint: IssuedCheckpoint;
  /** facts.json, as its SHA-256 was recorded. */
  facts: string;
  witnessed: WitnessedCheckpoint | null;
}

/** Draws the seal of a month up to a checkpoint, in one repeatable-read transaction. */
export async function drawSeal(house: House, { estate, period, version, checkpoint, facts, witnessed }: Sealing): Promise<Seal> {
  const { estate_id, code } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const n1 = checkpoint.size;
    const n0 = await rangeStart(trx, estate_id, period);
    const tree = new StoredTree(trx, estate_id, n1);
    const { file: records, ...referred } = await rangeFile(trx, estate, n0, n1);
    const earlier = await earlierFile(trx, estate, { n0, tree }, referred);
    const seal: Json = {
      format: 'mingzhang/seal/v1', estate: code, origin: claimedCheckpoint(checkpoint.note).origin, period, version,
      start: { size: n0, peaks: (await peaksAt(trx, estate_id, n0)).hashes.map(hexOf) },
      checkpoint: checkpoint.note,
      witnessed: witnessed === null ? null
        : { checkpoint: witnessed.note, consistency: (await consistencyProof(witnessed.size, n1, tree.subtree)).map(hexOf) },
    };
    return {
      ...await printedSeal(house, trx, estate_id, { checkpoint, witnessed }),
      files: { 'seal.json': utf8(canonical(seal)), 'facts.json': utf8(facts), 'records.tsv': records, 'earlier.tsv': earlier },
    };
  }, { isolation: 'repeatable read', readOnly: true });
}
