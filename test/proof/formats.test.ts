// Bytes, records, tiles and the proof of one record as a text: read in their one spelling only.
import t from 'tap';
import { flippedTexts, libraries, refuses } from './both.ts';

for (const [name, proof] of libraries) {
  t.test(`${name}: Base64 and hexadecimal as RFC 4648 spells them, and no other way`, async (t) => {
    const vectors = { '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=', foobar: 'Zm9vYmFy' };
    for (const [plain, spelled] of Object.entries(vectors)) {
      t.equal(proof.base64Of(proof.utf8(plain)), spelled);
      t.equal(proof.textOf(proof.bytesOfBase64(spelled)), plain);
      t.equal(proof.base64urlOf(proof.utf8(plain)), spelled.replaceAll('=', ''));
      t.equal(proof.textOf(proof.bytesOfBase64url(spelled.replaceAll('=', ''))), plain);
    }
    const wrong = ['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Z===', '====', 'Zg==Zg==', 'Zg== ', ' Zg==', 'Zm\n9v', 'Zm9v=', 'Z', 'Zm-_', 'Zm9vé===', '\u0000m9v'];
    for (const one of wrong) t.ok(refuses(() => proof.bytesOfBase64(one)), JSON.stringify(one));
    for (const one of ['Zg==', 'Zh', 'Zm9', 'Z', 'Zm+/', 'Zg=', 'Zm9v\n']) t.ok(refuses(() => proof.bytesOfBase64url(one)), JSON.stringify(one));
    t.same(proof.bytesOfBase64url('-_8'), Uint8Array.of(0xfb, 0xff));
    t.equal(proof.hexOf(Uint8Array.of(0, 255, 16)), '00ff10');
    for (const one of ['0', '0G', 'FF', ' 00', '00\n', '０0']) t.ok(refuses(() => proof.bytesOfHex(one)), JSON.stringify(one));
  });

  t.test(`${name}: UTF-8, strictly both ways`, async (t) => {
    t.equal(proof.textOf(proof.utf8('明账\u0000𠮷\ufeff')), '明账\u0000𠮷\ufeff');
    t.equal(proof.textOf(Uint8Array.of(0xef, 0xbb, 0xbf)), '\ufeff', 'a byte order mark is not swallowed');
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe6, 0x98], [0xf4, 0x90, 0x80, 0x80]]) t.ok(refuses(() => proof.textOf(Uint8Array.from(bytes))));
    for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800']) t.ok(refuses(() => proof.utf8(text)));
    t.ok(proof.same(proof.joined(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3)));
    t.notOk(proof.same(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)));
    t.equal(proof.readWhole('9007199254740991'), 2 ** 53 - 1);
    for (const one of ['', '00', '01', '+1', '-1', '1.0', '1e3', ' 1', '9007199254740992', '99999999999999999', '１']) t.ok(refuses(() => proof.readWhole(one)), one);
  });

  const record = { seq: 42, kind: 'journal_entry', recorded_at: '2026-10-05T01:02:03.123456Z', number: '2026-10 收-041', body: '{"a":"\\t明账","b":[1]}' };

  t.test(`${name}: a record's leaf is what the database hashes`, async (t) => {
    t.equal(proof.textOf(proof.leafOf('demo', record)),
      'mingzhang/record/v1\ndemo\n42\njournal_entry\n2026-10-05T01:02:03.123456Z\n2026-10 收-041\n{"a":"\\t明账","b":[1]}');
    t.same(proof.leafHashOf('demo', record), proof.leafHash(proof.leafOf('demo', record)));
    const others = [{ seq: 43 }, { kind: 'journal_entrx' }, { recorded_at: '2026-10-05T01:02:03.123457Z' }, { number: '-' }, { body: '{}' }];
    for (const one of others) t.notSame(proof.leafHashOf('demo', { ...record, ...one }), proof.leafHashOf('demo', record));
    t.notSame(proof.leafHashOf('other', record), proof.leafHashOf('demo', record));
  });

  t.test(`${name}: a record's line is read as it was written`, async (t) => {
    const line = proof.recordLine(record);
    t.equal(line, '42\tjournal_entry\t2026-10-05T01:02:03.123456Z\t2026-10 收-041\t{"a":"\\t明账","b":[1]}\n');
    t.same(proof.readRecordLine(line), record);
    t.same(proof.readRecordLine(line.trimEnd()), record);
    const wrong: Record<string, string> = {
      empty: '', 'a column too few': '1\tx\t2026-10-05T01:02:03.123456Z\t-\n', 'a column too many': `${line.trimEnd()}\tmore\n`, 'two newlines': `${line}\n`,
      'two lines': line + line, 'seq 0': line.replace('42', '0'), 'seq 042': line.replace('42', '042'), 'no seq': line.replace('42', ''), 'a time without microseconds': line.replace('.123456', ''),
      'a time in another zone': line.replace('Z\t', '+08:00\t'), 'a body that is no object': line.replace(/\{.*/, '[1]'), 'a carriage return': line.replace('\n', '\r\n'),
      'a kind in capitals': line.replace('journal', 'Journal'), 'no number': line.replace('2026-10 收-041', ''),
    };
    for (const [what, one] of Object.entries(wrong)) t.ok(refuses(() => proof.readRecordLine(one)), what);
    for (const part of [{ number: 'a\tb' }, { number: 'a\nb' }, { body: '{\n}' }, { body: '{\t}' }, { kind: 'a b' }, { seq: 1.5 }, { seq: 0 }, { seq: -1 }, { seq: 2 ** 53 }]) {
      t.ok(refuses(() => proof.recordLine({ ...record, ...part })), JSON.stringify(part));
    }
    t.notOk(proof.isRecord({ ...record, body: ['{}'] as never }), 'what only looks like text');
  });

  t.test(`${name}: tiles lie at the paths of tlog-tiles`, async (t) => {
    const paths: Record<string, [number | 'entries', number, number?]> = {
      'tile/0/000': [0, 0], 'tile/0/x001/x234/067': [0, 1234067], 'tile/3/x001/000.p/1': [3, 1000, 1], 'tile/entries/999': ['entries', 999],
      'tile/entries/x001/000.p/255': ['entries', 1000, 255], 'tile/63/x009/x007/x199/x254/x740/991': [63, 2 ** 53 - 1],
    };
    for (const [path, [level, index, width = 256]] of Object.entries(paths)) {
      t.equal(proof.tilePath(level, index, width), path);
      t.same(proof.readTilePath(path), { level, index, width });
    }
    const wrong = ['', 'tile/0', 'tile/0/', 'tile/0/0', 'tile/0/00', 'tile/0/0000', 'tile/00/000', 'tile/64/000', 'tile/-1/000', 'tile/x/000', 'tile/0/x000/000', 'tile/0/001/000',
      'tile/0/x001/x000', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/000.p/', 'tile/0/000.p', '/tile/0/000', 'tile/0/000/', 'tile/0/000?', 'tile/data/000',
      'tile/0/x009/x007/x199/x254/x740/992', 'tile/0/x999/x999/x999/x999/x999/999', 'tile/0/../000', 'tile/0/０００'];
    for (const path of wrong) t.equal(proof.readTilePath(path), null, path);
    for (const [level, index, width] of [[64, 0, 1], [-1, 0, 1], [0, -1, 1], [0, 0, 0], [0, 0, 257], [0.5, 0, 1], [0, 1.5, 1], [0, 0, NaN], [0, 2 ** 53, 1]]) {
      t.ok(refuses(() => proof.tilePath(level!, index!, width)), `${level} ${index} ${width}`);
    }
    t.equal(refuses(() => proof.tilePath('0' as never, 0)), true);
  });

  const log = proof.ed25519Key();
  const key = proof.keyOf('open.example/demo', proof.ED25519, log.public_key);
  const eyes = ['committee', 'street'].map((group) => {
    const pair = proof.ed25519Key();
    return { ...pair, group: group as 'committee' | 'street', key: proof.keyOf(`w.example/${group}`, proof.COSIGNATURE, pair.public_key) };
  });
  const policy = proof.readPolicy(proof.policyText({ log: proof.verifierKeyText(key),
    witnesses: eyes.map(({ group, key: its }) => ({ name: `${group}-1`, group, vkey: proof.verifierKeyText(its) })) }));
  const tree = new proof.MemoryTree();
  for (let seq = 1; seq <= 23; seq += 1) tree.append(proof.leafHashOf('demo', { ...record, seq }));
  const signed = proof.signCheckpoint({ origin: key.name, size: 23, root: tree.root() }, log.secret, key);
  const witnessed = proof.withSignatures(signed, eyes.map((eye) => proof.cosign(signed, eye.secret, eye.key, 1_800_000_000)));
  const index = 20;
  const leaf_hash = tree.subtree(index, index + 1);

  t.test(`${name}: the proof of one record as a text`, async (t) => {
    const hashes = await proof.inclusionProof(index, 23, (from, to) => tree.subtree(from, to));
    const text = proof.tlogProofText({ index, proof: hashes, checkpoint: witnessed });
    t.equal(text, `c2sp.org/tlog-proof@v1\nindex 20\n${hashes.map((hash) => `${proof.base64Of(hash)}\n`).join('')}\n${witnessed}`);
    t.same(proof.readTlogProof(text), { index, proof: hashes, checkpoint: witnessed });
    t.match(proof.verifyTlogProof(text, leaf_hash, [key]), { index, checkpoint: { origin: key.name, size: 23 } });
    t.ok(proof.verifyTlogProof(text, leaf_hash, [key], policy));
    t.equal(proof.verifyTlogProof(text, tree.subtree(19, 20), [key]), null, 'not of another record');
    t.equal(proof.verifyTlogProof(text, leaf_hash, []), null, 'not without the key of the log');
    const unseen = proof.tlogProofText({ index, proof: hashes, checkpoint: signed });
    t.ok(proof.verifyTlogProof(unseen, leaf_hash, [key]));
    t.equal(proof.verifyTlogProof(unseen, leaf_hash, [key], policy), null, 'not unwitnessed, where witnesses are asked for');
    const told = proof.tlogProofText({ index, proof: hashes, checkpoint: witnessed, extra: proof.utf8('said by nobody') });
    t.equal(proof.textOf(proof.readTlogProof(told).extra!), 'said by nobody');
    t.ok(proof.verifyTlogProof(told, leaf_hash, [key], policy));
    const alone = new proof.MemoryTree();
    alone.append(leaf_hash);
    const single = proof.signCheckpoint({ origin: key.name, size: 1, root: alone.root() }, log.secret, key);
    t.ok(proof.verifyTlogProof(proof.tlogProofText({ index: 0, proof: [], checkpoint: single }), leaf_hash, [key]), 'a log of one record');
    const wrong: Record<string, string> = {
      'another version': text.replace('@v1', '@v2'), 'no index': text.replace('index 20\n', ''), 'a leading zero': text.replace('index 20', 'index 020'),
      'a hash missing': proof.tlogProofText({ index, proof: hashes.slice(1), checkpoint: witnessed }), 'a hash more': proof.tlogProofText({ index, proof: [...hashes, leaf_hash], checkpoint: witnessed }),
      'the index of another': text.replace('index 20', 'index 21'), 'extra behind the index': text.replace('index 20\n', 'index 20\nextra AA==\n'), 'two extra lines': told.replace('extra ', 'extra AA==\nextra '),
      'extra that is not Base64': told.replace('extra ', 'extra !'), 'a short hash': text.replace(proof.base64Of(hashes[0]!), proof.base64Of(hashes[0]!.subarray(1))),
      'a line before it': `\n${text}`, 'no blank line': text.replace('\n\n', '\n'), 'two blank lines': text.replace('\n\n', '\n\n\n'), 'a carriage return': text.replaceAll('\n', '\r\n'), 'no checkpoint': text.split('\n\n')[0]!,
    };
    for (const [what, one] of Object.entries(wrong)) t.equal(proof.verifyTlogProof(one, leaf_hash, [key]), null, what);
  });

  t.test(`${name}: every bit of it that is turned is refused`, async (t) => {
    const text = proof.tlogProofText({ index, proof: await proof.inclusionProof(index, 23, (from, to) => tree.subtree(from, to)), checkpoint: witnessed });
    // In the slower library one bit in three.
    const bits = [...flippedTexts(text, name === 'node' ? 1 : 3)];
    t.same(bits.filter((one) => proof.verifyTlogProof(one, leaf_hash, [key], policy) !== null), []);
    t.comment(`${bits.length} bits`);
  });
}
