// What a witness's device may sign, case by case: only a log that goes on from what it remembers, signed by a key it
// knows. Every bit of checkpoint, proof and memory is turned once; none of that may pass.
import t from 'tap';
import { judge, type Case } from '../../src/web/assets/witness-check.ts';
import { base64Of, bytesOfHex, hexOf } from '../../src/proof/bytes.ts';
import { signCheckpoint } from '../../src/proof/checkpoint.ts';
import { ED25519, keyOf, verifierKeyText } from '../../src/proof/note.ts';
import { consistencyProof, leafHash, MemoryTree } from '../../src/proof/tree.ts';
import { ed25519Key } from '#primitives';
import { utf8 } from '../../src/proof/bytes.ts';

const origin = 'books.example.cn/demo';
function logKey(name = origin) {
  const { secret, public_key } = ed25519Key();
  const key = keyOf(name, ED25519, public_key);
  return { vkey: verifierKeyText(key), sign: (size: number, tree: MemoryTree) => signCheckpoint({ origin: name, size, root: tree.root(size) }, secret, key) };
}
function treeOf(size: number, word = 'record'): MemoryTree {
  const tree = new MemoryTree();
  for (let i = 0; i < size; i += 1) tree.append(leafHash(utf8(`${word} ${i}`)));
  return tree;
}
const mine = logKey();
const other = logKey();
const tree = treeOf(40);
const last = { size: 21, root: hexOf(tree.root(21)) };
const proof = (await consistencyProof(21, 40, (from, to) => tree.subtree(from, to))).map(hexOf);
const good: Case = { last, known: [mine.vkey], offered: [mine.vkey], origin, note: mine.sign(40, tree), proof };

t.test('what may be signed', (t) => {
  t.match(judge(good), { kind: 'grown', vkey: mine.vkey });
  t.match(judge({ ...good, last: null, known: [], proof: null }), { kind: 'first', vkey: mine.vkey });
  t.match(judge({ ...good, last: null, proof: null }), { kind: 'first' }, 'the key is known already, from another witness on this device');
  t.match(judge({ ...good, note: mine.sign(21, tree), proof: null }), { kind: 'same' });
  t.match(judge({ ...good, known: [] }), { kind: 'grown' }, 'the memory comes from paper, and no key is known yet');
  t.same(judge({ ...good, proof: null }), { kind: 'proof_wanted', from: 21 });
  t.end();
});

t.test('what may not', (t) => {
  const forked = treeOf(40, 'another');
  const alarms: [string, Partial<Case>, string][] = [
    ['fewer records', { note: mine.sign(20, tree), proof: null }, 'smaller'],
    ['as many, but others', { note: mine.sign(21, forked), proof: null }, 'other_root'],
    ['more, but others', { note: mine.sign(40, forked) }, 'proof'],
    ['an empty proof', { proof: [] }, 'proof'],
    ['a proof too long', { proof: [...proof, proof[0]!] }, 'proof'],
    ['a proof that is none', { proof: ['zz'] }, 'proof'],
    ['nobody\'s key', { note: other.sign(40, tree) }, 'signature'],
    ['another log', { note: logKey('books.example.cn/other').sign(40, tree), origin: null }, 'origin'],
    ['a log of another page', { origin: 'books.example.cn/other' }, 'origin'],
  ];
  for (const [name, change, why] of alarms) t.same(judge({ ...good, ...change }), { kind: 'alarm', why }, name);
  for (const note of ['', 'x', '<!doctype html>', `${origin}\n40\n${base64Of(tree.root())}\n`, good.note.slice(0, -1), good.note.replace('40', '040')]) {
    t.same(judge({ ...good, note }), { kind: 'unreadable' }, JSON.stringify(note.slice(0, 20)));
  }
  t.end();
});

t.test('another key signs only what goes on, and only after it was compared', (t) => {
  const offered = [other.vkey, mine.vkey];
  t.match(judge({ ...good, offered, note: other.sign(40, tree) }), { kind: 'new_key', vkey: other.vkey });
  t.match(judge({ ...good, offered, note: other.sign(21, tree), proof: null }), { kind: 'new_key' });
  t.same(judge({ ...good, offered, note: other.sign(40, treeOf(40, 'another')) }), { kind: 'alarm', why: 'proof' });
  t.same(judge({ ...good, offered, note: other.sign(20, tree), proof: null }), { kind: 'alarm', why: 'smaller' });
  t.match(judge({ ...good, offered, known: [mine.vkey, other.vkey], note: other.sign(40, tree) }), { kind: 'grown' });
  t.end();
});

t.test('no bit of checkpoint, proof or memory can be turned', (t) => {
  const turned = (bytes: Uint8Array, bit: number): Uint8Array => bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit % 8)) : byte));
  let passed = 0;
  const tries = (change: Partial<Case>): void => {
    const { kind } = judge({ ...good, ...change });
    if (kind === 'grown' || kind === 'same' || kind === 'first') passed += 1;
  };
  const note = utf8(good.note);
  const decoder = new TextDecoder();
  for (let bit = 0; bit < note.length * 8; bit += 1) tries({ note: decoder.decode(turned(note, bit)) });
  proof.forEach((hash, at) => {
    for (let bit = 0; bit < 256; bit += 1) tries({ proof: proof.map((one, index) => (index === at ? hexOf(turned(bytesOfHex(hash), bit)) : one)) });
  });
  for (let bit = 0; bit < 256; bit += 1) tries({ last: { size: 21, root: hexOf(turned(bytesOfHex(last.root), bit)) } });
  for (let size = 1; size <= 40; size += 1) if (size !== 21) tries({ last: { size, root: last.root } });
  t.equal(passed, 0, `${note.length * 8 + proof.length * 256 + 256 + 39} changes`);
  t.end();
});
