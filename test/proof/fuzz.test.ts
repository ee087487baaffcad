// Whatever is handed to a reader, it reads or refuses: no other error ever comes out, and what it reads is written
// again as the very same text. Whoever checks never throws.
import fc from 'fast-check';
import t from 'tap';
import { libraries, refuses } from './both.ts';

const RUNS = 400;

for (const [name, proof] of libraries) {
  const pair = proof.ed25519Key();
  const key = proof.keyOf('open.example/demo', proof.ED25519, pair.public_key);
  const eye = proof.keyOf('w.example/1', proof.COSIGNATURE, pair.public_key);
  const leaf_hash = proof.leafHash(proof.utf8('x'));
  const signed = proof.signCheckpoint({ origin: key.name, size: 1, root: leaf_hash }, pair.secret, key);
  const line = proof.cosign(signed, pair.secret, eye, 1_800_000_000);
  const note = proof.withSignatures(signed, [line]);
  const policy_text = proof.policyText({ log: proof.verifierKeyText(key), witnesses: [{ name: 'c1', group: 'committee', vkey: proof.verifierKeyText(eye) }] });
  const record = proof.recordLine({ seq: 7, kind: 'signature', recorded_at: '2026-10-05T01:02:03.123456Z', number: '-', body: '{"a":1}' });
  const proof_text = proof.tlogProofText({ index: 0, proof: [leaf_hash], checkpoint: note, extra: proof.utf8('extra') });
  const cose = proof.bytesOfHex(`a5010203262001215820${'11'.repeat(32)}225820${'22'.repeat(32)}`);
  const seeds = [proof.verifierKeyText(key), note, line, policy_text, record, proof_text, proof.checkpointText({ origin: 'o', size: 3, root: leaf_hash }),
    'tile/0/x001/x234/067.p/9', 'tile/entries/001', proof.base64Of(leaf_hash), proof.base64urlOf(leaf_hash), proof.hexOf(leaf_hash), '{"type":"webauthn.get"}', '12'];
  const scrap = fc.oneof(fc.constantFrom('\n', '\n\n', '\t', ' ', '=', '+', '—', '— ', '0', '-', 'x', '/', '#', '\u0000', '\ud800', '\ufeff', '\u3000', 'e', 'quorum none\n', 'log ', '9'.repeat(20)), fc.string({ unit: 'binary', maxLength: 8 }));
  /** Anything at all, or something right with a few places cut out, put in or doubled. */
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(400), fc.nat(6), scrap), { maxLength: 3 })).map(([seed, edits]) =>
      edits.reduce((now, [at, cut, put]) => now.slice(0, at % (now.length + 1)) + put + now.slice((at % (now.length + 1)) + cut), seed)),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 90 }),
    fc.tuple(fc.nat(cose.length - 1), fc.nat(255), fc.nat(cose.length)).map(([at, byte, end]) => {
      const copy = new Uint8Array(cose);
      copy[at] = byte;
      return copy.subarray(0, Math.max(end, at + 1));
    }),
  );

  /** What it reads it writes again, letter for letter. */
  const readers: Record<string, (of: string) => string> = {
    readVerifierKey: (of) => proof.verifierKeyText(proof.readVerifierKey(of)),
    readSignatureLine: (of) => {
      const { name: by, id, signature } = proof.readSignatureLine(of);
      return proof.signatureLine({ name: by, id }, signature);
    },
    splitNote: (of) => {
      const { text: its, signatures } = proof.splitNote(of);
      return `${its}\n${signatures.map((one) => one.line).join('')}`;
    },
    readCheckpointText: (of) => proof.checkpointText(proof.readCheckpointText(of)),
    readTlogProof: (of) => proof.tlogProofText(proof.readTlogProof(of)),
    readTilePath: (of) => {
      const tile = proof.readTilePath(of);
      return tile === null ? of : proof.tilePath(tile.level, tile.index, tile.width);
    },
    readRecordLine: (of) => (of.endsWith('\n') ? proof.recordLine(proof.readRecordLine(of)) : of),
    bytesOfBase64: (of) => proof.base64Of(proof.bytesOfBase64(of)),
    bytesOfBase64url: (of) => proof.base64urlOf(proof.bytesOfBase64url(of)),
    bytesOfHex: (of) => proof.hexOf(proof.bytesOfHex(of)),
    utf8: (of) => proof.textOf(proof.utf8(of)),
    readWhole: (of) => String(proof.readWhole(of)),
  };
  for (const [reader, read] of Object.entries(readers)) {
    t.test(`${name}: ${reader}`, async (t) => {
      for (const seed of seeds) refuses(() => t.equal(read(seed), seed));
      fc.assert(fc.property(text, (of) => refuses(() => {
        const again = read(of);
        if (again !== of) throw new Error(`read as ${JSON.stringify(again)}`);
      }) || true), { numRuns: RUNS });
      t.pass();
    });
  }

  t.test(`${name}: the other readers read or refuse`, async (t) => {
    const others: ((of: string) => unknown)[] = [
      (of) => proof.readPolicy(of), (of) => proof.readCheckpoint(of, [key, eye]), (of) => proof.openNote(of, [key]), (of) => proof.claimedCheckpoint(of),
      (of) => proof.judgeNote(proof.readPolicy(policy_text), of), (of) => proof.readClientData(of), (of) => proof.readClientData(proof.base64urlOf(proof.utf8(of))),
      (of) => proof.withSignatures(note, [of]), (of) => proof.keyOf(of, 1, pair.public_key), (of) => proof.cosign(of, pair.secret, eye, 1), (of) => proof.policyText({ log: of, witnesses: [] }),
    ];
    fc.assert(fc.property(text, (of) => others.every((read) => refuses(() => read(of)) || true)), { numRuns: RUNS });
    fc.assert(fc.property(bytes, (of) => [() => proof.readCoseKey(of), () => proof.readAuthenticatorData(of), () => proof.textOf(of), () => proof.rawOfDer(of)]
      .every((read) => refuses(read) || true)), { numRuns: RUNS });
    // A policy read twice is the same, and asks for nobody it does not name.
    fc.assert(fc.property(text, (of) => refuses(() => {
      const policy = proof.readPolicy(of);
      if (policy.quorum !== 'none' && proof.judgePolicy(policy, []).satisfied) throw new Error('satisfied by nobody');
      if (!proof.judgePolicy(policy, policy.witnesses.map((one) => one.name)).satisfied) throw new Error('not satisfied by all');
    }) || true), { numRuns: RUNS });
    t.pass();
  });

  t.test(`${name}: whoever checks says no, and throws nothing`, async (t) => {
    const hash = fc.oneof(fc.constant(leaf_hash), fc.uint8Array({ maxLength: 33 }));
    const number = fc.oneof(fc.nat(9), fc.double(), fc.integer());
    fc.assert(fc.property(text, (of) => {
      return proof.verifyCosignature(signed, of, eye) === null ? of !== line : of === line;
    }), { numRuns: RUNS });
    fc.assert(fc.property(text, hash, (of, any) => proof.verifyTlogProof(of, any, [key]) === null || !refuses(() => proof.readTlogProof(of))), { numRuns: RUNS });
    fc.assert(fc.property(number, number, hash, hash, fc.array(hash, { maxLength: 4 }), (index, size, a, b, path) => {
      const included = proof.verifyInclusion({ index, size, leaf_hash: a, proof: path, root: b });
      const continued = proof.verifyConsistency({ from: index, from_root: a, size, root: b, proof: path });
      // Only a tree of one leaf, or one and the same tree, needs no hash; all else would be a collision.
      return (!included || (index === 0 && size === 1 && path.length === 0)) && (!continued || (index === size && path.length === 0));
    }), { numRuns: RUNS });
    fc.assert(fc.property(bytes, bytes, bytes, (a, b, c) => !proof.ed25519Verify(a, b, c) && !proof.es256Verify({ x: a, y: b }, b, c) && !proof.rs256Verify({ n: a, e: b }, b, c)), { numRuns: RUNS });
    fc.assert(fc.property(fc.anything(), (of) => !proof.verifyEvidence(of as never).ok), { numRuns: RUNS });
    fc.assert(fc.property(fc.anything(), bytes, (of, any) => !proof.verifyOffline(of as never, any)), { numRuns: RUNS });
    t.pass();
  });
}
