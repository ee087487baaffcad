// The Merkle tree over the records (RFC 6962 §2.1, RFC 9162 §2.1): leaves 0x00 ‖ data, nodes 0x01 ‖ left ‖ right.
//   Peaks            what must be kept to go on appending: the roots of the complete subtrees, about 17 hashes
//   inclusionProof   the siblings from a leaf to the root         consistencyProof   that one tree begins another
// Sizes are whole numbers below 2^53. Proofs are checked by the loops of RFC 9162 §2.1.3.2 and §2.1.4.2.
// A proof binds a root, not the size that goes with it: a few sizes share the shape of a path. So size and root are
// always taken together from a signed checkpoint, never from whoever brings the proof.
import { joined, same } from './bytes.ts';
import { sha256 } from '#primitives';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

const LEAF = Uint8Array.of(0);
/** 0x01 ‖ left ‖ right: one place for all, filled and hashed at once. */
const node = Uint8Array.of(1, ...new Uint8Array(64));

export const leafHash = (data: Uint8Array): Hash => sha256(joined(LEAF, data));

/** RangeError when a hash has another length than 32 bytes. */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== 32 || right.length !== 32) throw new RangeError('a hash of a node has 32 bytes');
  node.set(left, 1);
  node.set(right, 33);
  return sha256(node);
}

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array(0));

const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
const half = (number: number): number => Math.floor(number / 2);
const isOdd = (number: number): boolean => number % 2 === 1;

/** Largest power of two below `size`, for sizes from 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Widths of the complete subtrees that a tree of this size consists of, largest first. */
export function peakWidths(size: number): number[] {
  const widths: number[] = [];
  let width = 1;
  for (let left = size; left > 0; left = half(left), width *= 2) if (isOdd(left)) widths.unshift(width);
  return widths;
}

/** Root over neighbouring subtrees, largest first: the smallest two are joined first. */
function rootOver(hashes: readonly Hash[]): Hash {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), hashes.at(-1)!);
}

/** The roots of the complete subtrees of a tree (a compact range from 0). RangeError when the number of hashes
 *  does not go with the size. */
export class Peaks {
  #size: number;
  readonly #hashes: Hash[];

  constructor(size = 0, hashes: readonly Hash[] = []) {
    if (!isSize(size) || hashes.length !== peakWidths(size).length || !hashes.every(isHash)) {
      throw new RangeError('peaks do not go with the size of the tree');
    }
    this.#size = size;
    this.#hashes = [...hashes];
  }

  get size(): number {
    return this.#size;
  }

  /** Left to right, largest subtree first. */
  get hashes(): Hash[] {
    return [...this.#hashes];
  }

  append(leaf_hash: Hash): void {
    if (!isHash(leaf_hash)) throw new RangeError('a leaf hash has 32 bytes');
    let hash = leaf_hash;
    for (let left = this.#size; isOdd(left); left = half(left)) hash = nodeHash(this.#hashes.pop()!, hash);
    this.#hashes.push(hash);
    this.#size += 1;
  }

  root(): Hash {
    return rootOver(this.#hashes);
  }

  copy(): Peaks {
    return new Peaks(this.#size, this.#hashes);
  }
}

// ── Proofs are built ─────────────────────────────────────────────────────────────────────────────

/** Root of the leaves from `from` up to, not including, `to`. Asked for complete subtrees only: 2^k leaves from a
 *  multiple of 2^k on, which is what tiles hold. */
export type Subtree = (from: number, to: number) => Hash | Promise<Hash>;

/** Root of leaves that need not be complete, over complete subtrees. `from` is a multiple of the power of two that
 *  is not below the number of leaves. */
async function ragged(from: number, to: number, subtree: Subtree): Promise<Hash> {
  const hashes: Hash[] = [];
  let at = from;
  for (const width of peakWidths(to - from)) {
    hashes.push(await subtree(at, at + width));
    at += width;
  }
  return rootOver(hashes);
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1, leaf to root. RangeError when the index is not in the tree. */
export async function inclusionProof(index: number, size: number, subtree: Subtree): Promise<Hash[]> {
  if (!isSize(size) || !isSize(index) || index >= size) throw new RangeError('no such leaf in the tree');
  const proof: Hash[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      proof.unshift(await ragged(middle, to, subtree));
      to = middle;
    } else {
      proof.unshift(await ragged(from, middle, subtree));
      from = middle;
    }
  }
  return proof;
}

/** PROOF(from, D[size]) of RFC 6962 §2.1.2. RangeError unless 1 ≤ from ≤ size: an empty tree begins every tree,
 *  which proves nothing. */
export async function consistencyProof(from: number, size: number, subtree: Subtree): Promise<Hash[]> {
  if (!isSize(size) || !isSize(from) || from < 1 || from > size) throw new RangeError('no such smaller tree');
  const proof: Hash[] = [];
  let left = 0;
  let right = size;
  while (right !== from) {
    const middle = left + splitOf(right - left);
    if (from <= middle) {
      proof.unshift(await ragged(middle, right, subtree));
      right = middle;
    } else {
      proof.unshift(await ragged(left, middle, subtree));
      left = middle;
    }
  }
  // The subtree at which the walk ends is known to whoever has the smaller root only when it is that whole tree.
  return left === 0 ? proof : [await ragged(left, right, subtree), ...proof];
}

// ── Proofs are checked ───────────────────────────────────────────────────────────────────────────

export interface Inclusion { index: number; size: number; leaf_hash: Hash; proof: readonly Hash[]; root: Hash }

/** Whether the leaf stands at this place of the tree with this size and root. */
export function verifyInclusion({ index, size, leaf_hash, proof, root }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf_hash, root, ...proof].every(isHash)) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf_hash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else hash = nodeHash(hash, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && same(hash, root);
}

export interface Consistency { from: number; from_root: Hash; size: number; root: Hash; proof: readonly Hash[] }

/** Whether the tree of size `from` is the beginning of the larger one. From 0 is false: it would show nothing. */
export function verifyConsistency({ from, from_root, size, root, proof }: Consistency): boolean {
  if (!isSize(from) || !isSize(size) || from < 1 || from > size || ![from_root, root, ...proof].every(isHash)) return false;
  if (from === size) return proof.length === 0 && same(from_root, root);
  let place = from - 1;
  let last = size - 1;
  while (isOdd(place)) {
    place = half(place);
    last = half(last);
  }
  // A smaller tree that is one complete subtree is the first hash of its own proof.
  const path = place === 0 ? [from_root, ...proof] : proof;
  if (path.length === 0) return false;
  let smaller = path[0]!;
  let larger = path[0]!;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      smaller = nodeHash(sibling, smaller);
      larger = nodeHash(sibling, larger);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else larger = nodeHash(larger, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && same(smaller, from_root) && same(larger, root);
}

// ── A whole tree in memory ───────────────────────────────────────────────────────────────────────

/** Every complete subtree of the leaves appended: for tests and for the verifier, which has all leaves anyway. */
export class MemoryTree {
  /** Level k holds the roots of the complete subtrees of 2^k leaves. */
  readonly #levels: Hash[][] = [[]];

  get size(): number {
    return this.#levels[0]!.length;
  }

  append(leaf_hash: Hash): void {
    if (!isHash(leaf_hash)) throw new RangeError('a leaf hash has 32 bytes');
    let hash = leaf_hash;
    for (let level = 0; ; level += 1) {
      const row = (this.#levels[level] ??= []);
      row.push(hash);
      if (isOdd(row.length)) return;
      hash = nodeHash(row.at(-2)!, hash);
    }
  }

  /** Root of any neighbouring leaves, as of a tree of their own. RangeError when they are not all there. */
  subtree(from: number, to: number): Hash {
    if (!isSize(from) || !isSize(to) || from > to || to > this.size) throw new RangeError('no such leaves in the tree');
    if (from === to) return EMPTY_ROOT;
    const width = to - from;
    const level = Math.log2(width);
    if (Number.isInteger(level) && from % width === 0) return this.#levels[level]![from / width]!;
    const middle = from + splitOf(width);
    return nodeHash(this.subtree(from, middle), this.subtree(middle, to));
  }

  root(size = this.size): Hash {
    return this.subtree(0, size);
  }

  peaks(size = this.size): Peaks {
    let at = 0;
    return new Peaks(size, peakWidths(size).map((width) => this.subtree(at, (at += width))));
  }
}
