// The tree: hashes that others publish, every proof for every tree up to 300 leaves, and none of the wrong ones.
import { createHash } from 'node:crypto';
import t from 'tap';
import { flipped, libraries, type Library } from './both.ts';

type Hash = Uint8Array;

function treeOf(proof: Library, size: number, dataOf: (i: number) => Uint8Array) {
  const tree = new proof.MemoryTree();
  for (let i = 0; i < size; i += 1) tree.append(proof.leafHash(dataOf(i)));
  return tree;
}

const bent = (hash: Hash, bit: number): Hash => {
  const copy = new Uint8Array(hash);
  copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
  return copy;
};

/** The eight leaves of the tests of Certificate Transparency, and the roots of 1 … 8 of them. */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

for (const [name, proof] of libraries) {
  t.test(`${name}: roots that Certificate Transparency publishes`, async (t) => {
    t.equal(proof.hexOf(proof.EMPTY_ROOT), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const tree = treeOf(proof, 8, (i) => proof.bytesOfHex(leaves[i]!));
    const peaks = new proof.Peaks();
    t.equal(proof.hexOf(peaks.root()), proof.hexOf(proof.EMPTY_ROOT));
    for (const [i, root] of roots.entries()) {
      peaks.append(proof.leafHash(proof.bytesOfHex(leaves[i]!)));
      t.equal(proof.hexOf(tree.root(i + 1)), root);
      t.equal(proof.hexOf(peaks.root()), root);
    }
  });

  // draft-ietf-plants-merkle-tree-certs, appendix "Subtree Test Vectors": leaf i is the byte i, and every line goes
  // into one SHA-256. A subtree is valid when its start is a multiple of the power of two not below its width.
  t.test(`${name}: the rolling hashes over every subtree and every proof in it, up to 130 leaves`, async (t) => {
    const MOST = 130;
    const tree = treeOf(proof, MOST, (i) => Uint8Array.of(i));
    const ceiling = (width: number): number => 2 ** Math.ceil(Math.log2(Math.max(width, 1)));
    const subtrees = createHash('sha256');
    const proofs = createHash('sha256');
    for (let end = 0; end <= MOST; end += 1) {
      for (let start = 0; start <= end; start += 1) {
        if (start % ceiling(end - start) !== 0) continue;
        const root = tree.subtree(start, end);
        subtrees.update(`[${start}, ${end}) ${proof.hexOf(root)}\n`);
        for (let index = start; index < end; index += 1) {
          const path = await proof.inclusionProof(index - start, end - start, (from, to) => tree.subtree(start + from, start + to));
          proofs.update(`${[`${index} [${start}, ${end})`, ...path.map(proof.hexOf)].join(' ')}\n`);
        }
      }
    }
    t.equal(subtrees.digest('hex'), 'b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81');
    t.equal(proofs.digest('hex'), 'ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f');
  });

  // The libraries differ in their hash alone: the slower one is tried up to 150.
  const MOST = name === 'node' ? 300 : 150;
  const tree = treeOf(proof, MOST, (i) => proof.utf8(`record ${i + 1}`));
  const subtree = (from: number, to: number): Hash => tree.subtree(from, to);
  const leafAt = (index: number): Hash => tree.subtree(index, index + 1);
  const treeRoots = Array.from({ length: MOST + 1 }, (_, size) => tree.root(size));
  // Wrong ones are tried at one proof in five.
  const tries = (i: number): boolean => i % 5 === 0;

  t.test(`${name}: every leaf of every tree up to ${MOST} is proved, and a wrong proof is refused`, async (t) => {
    let refused = 0;
    const wrong: string[] = [];
    for (let size = 1; size <= MOST; size += 1) {
      const root = treeRoots[size]!;
      for (let index = 0; index < size; index += 1) {
        const path = await proof.inclusionProof(index, size, subtree);
        const claim = { index, size, leaf_hash: leafAt(index), proof: path, root };
        if (!proof.verifyInclusion(claim)) wrong.push(`${index} of ${size} is not proved`);
        if (!tries(index + size)) continue;
        const bit = (index * 31 + size * 7) % 256;
        const which = (index + size) % Math.max(path.length, 1);
        const forged = [
          { ...claim, leaf_hash: bent(claim.leaf_hash, bit) }, { ...claim, proof: path.slice(1) }, { ...claim, proof: [...path, root] },
          { ...claim, index: (index + 1) % size, size: Math.max(size, 2) }, { ...claim, index: size }, { ...claim, index: -1 },
          ...(path.length > 0 ? [{ ...claim, proof: path.with(which, bent(path[which]!, bit)) }, { ...claim, proof: path.slice(0, -1) }] : []),
        ];
        for (const [i, one] of forged.entries()) {
          const trivial = i === 1 && path.length === 0;
          if (!trivial && proof.verifyInclusion(one)) wrong.push(`${index} of ${size}: forgery ${i} is taken`);
          refused += 1;
        }
      }
    }
    t.same(wrong, []);
    t.comment(`${(MOST * (MOST + 1)) / 2} proofs, ${refused} wrong ones`);
  });

  t.test(`${name}: every tree up to ${MOST} is proved to begin every larger one, and a wrong proof is refused`, async (t) => {
    let refused = 0;
    const wrong: string[] = [];
    for (let size = 1; size <= MOST; size += 1) {
      const root = treeRoots[size]!;
      for (let from = 1; from <= size; from += 1) {
        const path = await proof.consistencyProof(from, size, subtree);
        const claim = { from, from_root: treeRoots[from]!, size, root, proof: path };
        if (!proof.verifyConsistency(claim)) wrong.push(`${from} of ${size} is not proved`);
        if (!tries(from + size)) continue;
        const bit = (from * 31 + size * 7) % 256;
        const which = (from + size) % Math.max(path.length, 1);
        const forged = [
          { ...claim, from_root: bent(claim.from_root, bit) }, { ...claim, root: bent(root, bit) }, { ...claim, proof: [...path, root] },
          { ...claim, from: 0 }, { ...claim, from: size + 1 }, { ...claim, from_root: treeRoots[from - 1]! },
          ...(path.length > 0 ? [{ ...claim, proof: path.with(which, bent(path[which]!, bit)) }, { ...claim, proof: path.slice(0, -1) },
            { ...claim, proof: path.slice(1) }] : []),
        ];
        for (const [i, one] of forged.entries()) if (proof.verifyConsistency(one)) wrong.push(`${from} of ${size}: forgery ${i} is taken`);
        refused += forged.length;
      }
    }
    t.same(wrong, []);
    t.comment(`${(MOST * (MOST + 1)) / 2} proofs, ${refused} wrong ones`);
  });

  t.test(`${name}: every single bit of leaf, proof and root that is turned is refused`, async (t) => {
    const places = [[0, 1], [0, 2], [1, 2], [2, 3], [4, 7], [6, 7], [100, 150], [127, 150], [128, 150], [MOST - 1, MOST]] as const;
    let bits = 0;
    const wrong: string[] = [];
    for (const [index, size] of places) {
      const included = { index, size, leaf_hash: leafAt(index), proof: await proof.inclusionProof(index, size, subtree), root: treeRoots[size]! };
      const from = index + 1;
      const continued = { from, from_root: treeRoots[from]!, size, root: treeRoots[size]!, proof: await proof.consistencyProof(from, size, subtree) };
      const forged = [
        ...[...flipped(included.leaf_hash)].map((leaf_hash) => () => proof.verifyInclusion({ ...included, leaf_hash })),
        ...[...flipped(included.root)].map((root) => () => proof.verifyInclusion({ ...included, root })),
        ...included.proof.flatMap((hash, i) => [...flipped(hash)].map((one) => () => proof.verifyInclusion({ ...included, proof: included.proof.with(i, one) }))),
        ...[...flipped(continued.from_root)].map((from_root) => () => proof.verifyConsistency({ ...continued, from_root })),
        ...[...flipped(continued.root)].map((root) => () => proof.verifyConsistency({ ...continued, root })),
        ...continued.proof.flatMap((hash, i) => [...flipped(hash)].map((one) => () => proof.verifyConsistency({ ...continued, proof: continued.proof.with(i, one) }))),
      ];
      for (const [i, taken] of forged.entries()) if (taken()) wrong.push(`${index} of ${size}: ${i}`);
      bits += forged.length;
    }
    t.same(wrong, []);
    t.comment(`${bits} bits`);
  });

  t.test(`${name}: an empty tree begins every tree, so that proves nothing`, async (t) => {
    const { EMPTY_ROOT } = proof;
    t.notOk(proof.verifyConsistency({ from: 0, from_root: EMPTY_ROOT, size: 7, root: treeRoots[7]!, proof: [] }));
    t.notOk(proof.verifyConsistency({ from: 0, from_root: EMPTY_ROOT, size: 0, root: EMPTY_ROOT, proof: [] }));
    await t.rejects(proof.consistencyProof(0, 7, subtree), RangeError);
    await t.rejects(proof.consistencyProof(8, 7, subtree), RangeError);
    await t.rejects(proof.inclusionProof(7, 7, subtree), RangeError);
    await t.rejects(proof.inclusionProof(0, 0, subtree), RangeError);
  });

  t.test(`${name}: what is no size and no hash is refused, not computed with`, async (t) => {
    const path = await proof.inclusionProof(3, 7, subtree);
    const claim = { index: 3, size: 7, leaf_hash: leafAt(3), proof: path, root: treeRoots[7]! };
    for (const number of [NaN, 3.5, -3, Infinity, 2 ** 53]) {
      t.notOk(proof.verifyInclusion({ ...claim, index: number }), `index ${number}`);
      t.notOk(proof.verifyInclusion({ ...claim, size: number }), `size ${number}`);
      t.notOk(proof.verifyConsistency({ from: number, from_root: treeRoots[3]!, size: 7, root: treeRoots[7]!, proof: [] }), `from ${number}`);
    }
    const short = claim.root.subarray(1);
    t.notOk(proof.verifyInclusion({ ...claim, root: short }));
    t.notOk(proof.verifyInclusion({ ...claim, leaf_hash: short }));
    t.notOk(proof.verifyInclusion({ ...claim, proof: path.with(0, short) }));
    t.notOk(proof.verifyConsistency({ from: 7, from_root: short, size: 7, root: short, proof: [] }));
    t.throws(() => new proof.Peaks(3, [claim.root]), RangeError);
    t.throws(() => new proof.Peaks(1, [short]), RangeError);
    t.throws(() => new proof.Peaks(-1), RangeError);
    t.throws(() => new proof.Peaks().append(short), RangeError);
    t.throws(() => tree.subtree(0, MOST + 1), RangeError);
  });

  t.test(`${name}: peaks go on where a tree was left, at every size`, async (t) => {
    const wrong: number[] = [];
    for (let size = 0; size < MOST; size += 1) {
      const peaks = tree.peaks(size).copy();
      const before = proof.hexOf(peaks.root());
      peaks.append(leafAt(size));
      if (before !== proof.hexOf(treeRoots[size]!) || proof.hexOf(peaks.root()) !== proof.hexOf(treeRoots[size + 1]!) || peaks.size !== size + 1) wrong.push(size);
    }
    t.same(wrong, []);
    const kept = tree.peaks(7);
    kept.copy().append(leafAt(7));
    t.equal(kept.size, 7, 'a copy is a copy');
    kept.hashes.pop();
    t.equal(kept.hashes.length, 3, 'and nobody reaches into the peaks');
  });

  t.test(`${name}: proofs ask for complete subtrees only, as tiles hold them`, async (t) => {
    const asked = new Set<string>();
    const strict = (from: number, to: number): Hash => {
      const width = to - from;
      if (!Number.isInteger(Math.log2(width)) || from % width !== 0) asked.add(`${from}-${to}`);
      return subtree(from, to);
    };
    for (const size of [1, 2, 3, 5, 127, 128, 129, 150, MOST - 43, MOST]) {
      for (let index = 0; index < size; index += 1) await proof.inclusionProof(index, size, strict);
      for (let from = 1; from <= size; from += 1) await proof.consistencyProof(from, size, strict);
    }
    t.same([...asked], []);
  });

  t.test(`${name}: trees beyond two to the thirty-second are reckoned exactly`, async (t) => {
    // One million million equal leaves: the hash of a complete subtree is known from its height alone.
    const byHeight = [proof.leafHash(proof.utf8('same'))];
    for (let height = 1; height < 52; height += 1) byHeight.push(proof.nodeHash(byHeight[height - 1]!, byHeight[height - 1]!));
    const far = (from: number, to: number): Hash => byHeight[Math.log2(to - from)]!;
    const size = 2 ** 51 + 2 ** 40 + 3;
    const rootOf = (leaves: number): Hash =>
      new proof.Peaks(leaves, [...leaves.toString(2)].flatMap((bit, i, bits) => (bit === '1' ? [byHeight[bits.length - 1 - i]!] : []))).root();
    for (const index of [0, 2 ** 32, 2 ** 40 + 1, 2 ** 51 - 1, 2 ** 51, size - 1]) {
      t.ok(proof.verifyInclusion({ index, size, leaf_hash: byHeight[0]!, proof: await proof.inclusionProof(index, size, far), root: rootOf(size) }), `${index}`);
    }
    for (const from of [1, 2 ** 32 + 1, 2 ** 51, 2 ** 51 + 2, size]) {
      t.ok(proof.verifyConsistency({ from, from_root: rootOf(from), size, root: rootOf(size), proof: await proof.consistencyProof(from, size, far) }), `${from}`);
    }
  });
}
