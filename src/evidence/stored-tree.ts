// The tree of a log as the database keeps it: leaf hashes in the records, roots of full tiles of 256 above them. Nodes
// in between are hashed when asked for, so that a proof among a million records costs a handful of rows.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { consistencyProof, inclusionProof, nodeHash, Peaks, type Hash } from '../proof/tree.ts';

const HEIGHT = 8;
const WIDTH = 2 ** HEIGHT;

/** Hashes of one level of tiles, `count` from `from` on: level 0 are records, 1 tiles of 256 records, … */
export async function readHashes(trx: Trx, { estate_id, level, from, count }: { estate_id: number; level: number; from: number; count: number }): Promise<Hash[]> {
  const { rows } = await sql<{ hash: Buffer }>`
    select h.hash from unnest(tile_hashes(${estate_id}, ${level}, ${from}, ${count})) with ordinality as h(hash, i) order by h.i`.execute(trx);
  if (rows.length !== count) throw new RangeError(`level ${level} of the log has no hashes ${from} to ${from + count - 1}`);
  return rows.map(({ hash }) => new Uint8Array(hash));
}

/** Tree of the first `size` records; the tiles below must be filled, as they are up to the last checkpoint. */
export class StoredTree {
  readonly #trx: Trx;
  readonly #estate_id: number;
  readonly size: number;
  readonly #tiles = new Map<string, Hash[]>();

  constructor(trx: Trx, estate_id: number, size: number) {
    this.#trx = trx;
    this.#estate_id = estate_id;
    this.size = size;
  }

  async #tile(level: number, index: number): Promise<Hash[]> {
    const name = `${level}/${index}`;
    const known = this.#tiles.get(name);
    if (known !== undefined) return known;
    const from = index * WIDTH;
    const count = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - from);
    const hashes = await readHashes(this.#trx, { estate_id: this.#estate_id, level, from, count });
    this.#tiles.set(name, hashes);
    return hashes;
  }

  /** Root of the complete tree of 2^height records that is the index-th of its kind. */
  async #node(height: number, index: number): Promise<Hash> {
    const inner = height % HEIGHT;
    const first = index * 2 ** inner;
    const tile = await this.#tile((height - inner) / HEIGHT, Math.floor(first / WIDTH));
    let hashes = tile.slice(first % WIDTH, first % WIDTH + 2 ** inner);
    while (hashes.length > 1) {
      const below = hashes;
      hashes = Array.from({ length: below.length / 2 }, (_, i) => nodeHash(below[2 * i]!, below[2 * i + 1]!));
    }
    return hashes[0]!;
  }

  /** Root of the records [from, to), as proofs ask for it (RFC 6962: MTH). */
  subtree = async (from: number, to: number): Promise<Hash> => {
    const count = to - from;
    const height = Math.floor(Math.log2(count));
    if (2 ** height === count && from % count === 0) return this.#node(height, from / count);
    const left = 2 ** (2 ** height === count ? height - 1 : height);
    return nodeHash(await this.subtree(from, from + left), await this.subtree(from + left, to));
  };

  /** The complete trees it consists of, largest first. */
  async peaks(): Promise<Peaks> {
    const hashes: Hash[] = [];
    let from = 0;
    for (let height = Math.floor(Math.log2(this.size || 1)); height >= 0; height -= 1) {
      if (from + 2 ** height > this.size) continue;
      hashes.push(await this.subtree(from, from + 2 ** height));
      from += 2 ** height;
    }
    return new Peaks(this.size, hashes);
  }
}

/** Peaks of the first `size` records; 0 gives none. */
export const peaksAt = async (trx: Trx, estate_id: number, size: number): Promise<Peaks> =>
  new StoredTree(trx, estate_id, size).peaks();

/** Proof that record `seq` is among the first `size`. */
export const proveInclusion = async (trx: Trx, estate_id: number, seq: number, size: number): Promise<Hash[]> =>
  inclusionProof(seq - 1, size, new StoredTree(trx, estate_id, size).subtree);

/** Proof that the first `size` records only added to the first `from`. */
export const proveConsistency = async (trx: Trx, estate_id: number, from: number, size: number): Promise<Hash[]> =>
  consistencyProof(from, size, new StoredTree(trx, estate_id, size).subtree);
