// Signed notes, checkpoints and cosignatures: those that other people's tools wrote are read, and ours may be read by
// theirs; whatever is spelled another way, signed by somebody else or changed by a bit is refused.
import t from 'tap';
import { flippedTexts, libraries, refuses } from './both.ts';

// golang.org/x/mod/sumdb/note, note.go and note_test.go
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SECRET = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
const BY_PETER = '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const BY_ENOCH = '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

// c2sp.org/signed-note, test vectors
const EXAMPLE = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE_NOTE = 'This is an example message.\n\n'
  + '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

// A checkpoint of a running log of certificates, with signatures of kind 0x05, 0x01 and 0x04 of four witnesses.
const ARCHE = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;
const ARCHE_KEY = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const WITNESSES = [
  'transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM',
  'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO',
  'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  'witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv',
];

for (const [name, proof] of libraries) {
  const peter = proof.readVerifierKey(PETER);
  const enoch = proof.readVerifierKey(ENOCH);
  const log = { name: 'open.example/demo', ...proof.ed25519Key() };
  const log_key = proof.keyOf(log.name, proof.ED25519, log.public_key);
  const eye = proof.ed25519Key();
  const witness = proof.keyOf('open.example/demo/witness/committee-1', proof.COSIGNATURE, eye.public_key);
  const checkpoint = { origin: log.name, size: 20852163, root: proof.sha256(proof.utf8('root')) };
  const signed = proof.signCheckpoint(checkpoint, log.secret, log_key);
  const TIME = 1679315147;
  const line = proof.cosign(signed, eye.secret, witness, TIME);

  t.test(`${name}: the notes of Go's checksum database`, async (t) => {
    const opened = proof.openNote(`${TEXT}\n${BY_PETER}${BY_ENOCH}`, [peter]);
    t.equal(opened.text, TEXT);
    t.same(opened.verified.map(({ key }) => key.name), ['PeterNeumann']);
    t.same(opened.unknown, [BY_ENOCH]);
    t.same(proof.openNote(`${TEXT}\n${BY_PETER}${BY_ENOCH}`, [peter, enoch]).verified.map(({ key }) => key.id), [0xc74f20a3, 0xaf0cfe78]);
    const secret = proof.bytesOfBase64(PETER_SECRET);
    t.equal(proof.signNote(TEXT, [{ key: peter, secret: secret.subarray(1) }]), `${TEXT}\n${BY_PETER}`, 'the same bytes as Go signs');
    t.equal(proof.openNote(EXAMPLE_NOTE, [proof.readVerifierKey(EXAMPLE)]).text, 'This is an example message.\n');
  });

  t.test(`${name}: keys are read in their one spelling only`, async (t) => {
    t.same({ ...proof.readVerifierKey(EXAMPLE), public_key: 0 }, { name: 'example.com/foo', id: 0x530d903a, algorithm: 1, public_key: 0 });
    for (const vkey of [PETER, ENOCH, EXAMPLE, ARCHE_KEY, ...WITNESSES]) t.equal(proof.verifierKeyText(proof.readVerifierKey(vkey)), vkey);
    const parts: string[] = [];
    for (let from = 0; from < PETER.length; from += 1) for (let to = from; to <= PETER.length; to += 1) parts.push(PETER.slice(from, to));
    t.same(parts.filter((part) => part !== PETER && !refuses(() => proof.readVerifierKey(part))), []);
    const bent = [...PETER].map((letter, i) => PETER.slice(0, i) + String.fromCharCode(letter.charCodeAt(0) + 1) + PETER.slice(i + 1));
    t.same(bent.filter((vkey) => !refuses(() => proof.readVerifierKey(vkey))), []);
    const wrong: Record<string, string> = {
      'a longer key, its id adjusted': 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      'an algorithm that nobody has': 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'an id in capitals': PETER.replace('c74f20a3', 'C74F20A3'),
      'without padding': `${PETER}=`,
      'a blank behind': `${PETER} `,
      'a newline behind': `${PETER}\n`,
      'the cosignature key of ML-DSA-44': `w+00000000+${proof.base64Of(proof.joined(Uint8Array.of(6), new Uint8Array(1312)))}`,
    };
    for (const [what, vkey] of Object.entries(wrong)) t.ok(refuses(() => proof.readVerifierKey(vkey)), what);
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u3000b', 'a\u0085b', 'a\nb', '\ud800']) t.ok(refuses(() => proof.keyOf(name, 1, peter.public_key)), JSON.stringify(name));
    t.equal(proof.keyOf('明账.example/示范小区', 1, peter.public_key).name, '明账.example/示范小区');
  });

  t.test(`${name}: what is no signed note is not read`, async (t) => {
    const good = `${TEXT}\n${BY_PETER}`;
    t.equal(proof.openNote(good, [peter]).text, TEXT);
    const wrong: Record<string, string> = {
      empty: '', 'the text alone': TEXT, 'no signatures': `${TEXT}\n`, 'cut before the end': good.slice(0, -1), 'a control character': `\u0001${good}`,
      'a carriage return': good.replaceAll('\n', '\r\n'), 'half a surrogate pair': `\ud800${good}`, 'a line behind': `${good}Unexpected line.\n`,
      'a blank line behind': `${good}\n`, 'two blanks in a signature': good.replace('— PeterNeumann ', '— PeterNeumann  '),
      'a name with a blank': `${TEXT}\n— Bad Name x08go/ZJkuBS\n`, 'a name with a plus': good.replace('PeterNeumann', 'Peter+Neumann'),
      'a hyphen for the dash': good.replace('—', '-'), 'no padding': good.replace('=\n', '\n'),
      'another spelling of the same bytes': good.replace('AM=\n', 'AN=\n'), 'a short signature': `${TEXT}\n— PeterNeumann x08gow==\n`,
      'too many signatures': `${TEXT}\n${BY_PETER.repeat(101)}`, 'too long': `${'x'.repeat(1_000_000)}\n${good}`,
      'a longer signature': good.replace('AM=\n', 'AMA\n'), 'signed by nobody known': `${TEXT}\n${BY_ENOCH}`,
      'a text that was changed': good.replace('answer', 'answers'),
    };
    for (const [what, note] of Object.entries(wrong)) t.ok(refuses(() => proof.openNote(note, [peter])), what);
    t.ok(refuses(() => proof.openNote(good, [])));
    t.ok(refuses(() => proof.splitNote(`${TEXT}\n`)), 'a note has one signature at least');
    // A name and id that are known, but a signature that does not hold: the whole note is refused (signed-note).
    t.ok(refuses(() => proof.openNote(`${TEXT}\n${BY_PETER}${BY_ENOCH.replace('BzmZa0', 'BzmZa1')}`, [peter, enoch])));
    t.equal(proof.openNote(`${TEXT}\n${BY_PETER.repeat(3)}`, [peter]).verified.length, 1, 'one key, once');
    const text = 'one\n\n\ntwo\n';
    t.equal(proof.openNote(proof.signNote(text, [{ key: log_key, secret: log.secret }]), [log_key]).text, text, 'a text may have blank lines');
    t.ok(refuses(() => proof.signNote('no newline', [{ key: log_key, secret: log.secret }])));
    t.ok(refuses(() => proof.signNote('\u0000\n', [{ key: log_key, secret: log.secret }])));
    t.ok(refuses(() => proof.signNote(text, [])));
    t.ok(refuses(() => proof.signNote(text, [{ key: log_key, secret: eye.secret }])), 'a secret of another key');
    t.ok(refuses(() => proof.signNote(text, [{ key: witness, secret: eye.secret }])), 'a cosignature needs a time');
  });

  t.test(`${name}: a checkpoint of a running log and the cosignatures under it`, async (t) => {
    const keys = [ARCHE_KEY, ...WITNESSES].map(proof.readVerifierKey);
    const { checkpoint: read, signatures } = proof.readCheckpoint(ARCHE, keys);
    t.equal(read.origin, 'arche2025h1.staging.ct.transparency.dev');
    t.equal(read.size, 1432088532);
    t.equal(proof.base64Of(read.root), 'U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=');
    t.same(signatures.map(({ key }) => proof.verifierKeyText(key)), [ARCHE_KEY, ...WITNESSES]);
    t.equal(proof.openNote(ARCHE, keys).unknown.length, 1, 'a signature of kind 0x05 is passed over');
    for (const vkey of WITNESSES) {
      const key = proof.readVerifierKey(vkey);
      const of = ARCHE.split('\n').find((one) => one.startsWith(`— ${key.name} `))!;
      t.equal(proof.verifyCosignature(ARCHE, `${of}\n`, key), 1779573024, key.name);
      t.equal(proof.verifyCosignature(ARCHE.replace('1432088532', '1432088533'), `${of}\n`, key), null);
    }
    t.ok(refuses(() => proof.readCheckpoint(ARCHE, WITNESSES.map(proof.readVerifierKey))), 'witnesses alone make no checkpoint');
  });

  t.test(`${name}: a signature by ML-DSA-44 beside others is passed over`, async (t) => {
    const pq = proof.signatureLine({ name: log.name, id: 0x6bc44249 }, new Uint8Array(2428).fill(7));
    const opened = proof.openNote(proof.withSignatures(signed, [pq]), [log_key]);
    t.same(opened.unknown, [pq]);
    t.equal(opened.verified.length, 1);
    t.equal(proof.readCheckpoint(signed + pq, [log_key]).checkpoint.size, checkpoint.size);
  });

  t.test(`${name}: checkpoints are read in their one spelling only`, async (t) => {
    const text = proof.checkpointText(checkpoint);
    t.same(proof.readCheckpointText(text), checkpoint);
    const empty = proof.checkpointText({ origin: 'o', size: 0, root: proof.EMPTY_ROOT });
    t.equal(proof.readCheckpointText(empty).size, 0);
    const root = proof.base64Of(checkpoint.root);
    const wrong: Record<string, string> = {
      'an extension line': `${text}extension\n`, 'a blank line': `${text}\n`, 'no newline': text.slice(0, -1), 'a line missing': text.split('\n').slice(1).join('\n'),
      'leading zeros': text.replace('20852163', '020852163'), 'a sign': text.replace('20852163', '+20852163'), 'a negative size': text.replace('20852163', '-1'),
      'a point': text.replace('20852163', '2085216.3'), 'an exponent': text.replace('20852163', '2e7'), 'full-width digits': text.replace('20852163', '２０８５２１６３'),
      'a size above 2^53': text.replace('20852163', '9007199254740993'), 'hexadecimal': text.replace('20852163', '0x13e2f03'), 'blanks around': text.replace('20852163', ' 20852163'),
      'a short root': text.replace(root, proof.base64Of(checkpoint.root.subarray(1))), 'a long root': text.replace(root, proof.base64Of(proof.joined(checkpoint.root, Uint8Array.of(0)))),
      'a root in base64url': text.replace(root, proof.base64urlOf(checkpoint.root)), 'no origin': text.replace(log.name, ''), 'a long origin': text.replace(log.name, 'é'.repeat(128)),
      'a root of nothing': proof.checkpointText({ origin: 'o', size: 0, root: checkpoint.root }), 'a carriage return': text.replaceAll('\n', '\r\n'),
    };
    for (const [what, one] of Object.entries(wrong)) t.ok(refuses(() => proof.readCheckpointText(one)), what);
    t.ok(refuses(() => proof.signCheckpoint({ ...checkpoint, origin: 'other.example/demo' }, log.secret, log_key)), 'the key of another log');
    t.ok(refuses(() => proof.signCheckpoint({ ...checkpoint, size: -1 }, log.secret, log_key)));
    t.ok(refuses(() => proof.signCheckpoint({ ...checkpoint, root: new Uint8Array(31) }, log.secret, log_key)));
    const stranger = proof.keyOf('other.example/demo', proof.ED25519, log.public_key);
    const elsewhere = proof.signNote(text, [{ key: stranger, secret: log.secret }]);
    t.ok(refuses(() => proof.readCheckpoint(elsewhere, [stranger])), 'signed by a known key that is not the one of its origin');
    t.same(proof.claimedCheckpoint(elsewhere), checkpoint, 'though one may read what it claims');
  });

  t.test(`${name}: a witness signs the text with the time`, async (t) => {
    const note = proof.withSignatures(signed, [line]);
    t.equal(proof.textOf(proof.cosignedMessage(proof.checkpointText(checkpoint), TIME)),
      `cosignature/v1\ntime 1679315147\nopen.example/demo\n20852163\n${proof.base64Of(checkpoint.root)}\n`);
    t.equal(proof.verifyCosignature(signed, line, witness), TIME);
    t.equal(proof.verifyCosignature(note, line, witness), TIME);
    t.same(proof.readCheckpoint(note, [log_key, witness]).signatures.map(({ key }) => key.name), [log.name, witness.name]);
    t.equal(proof.withSignatures(note, [line, line]), note, 'a line is not added twice');
    const other = proof.keyOf(witness.name, proof.COSIGNATURE, proof.ed25519Key().public_key);
    t.equal(proof.verifyCosignature(signed, line, other), null, 'not by somebody else of the same name');
    t.equal(proof.verifyCosignature(signed, line, proof.keyOf('another', proof.COSIGNATURE, eye.public_key)), null, 'nor by the same key under another name');
    t.equal(proof.verifyCosignature(signed, line, proof.keyOf(witness.name, proof.ED25519, eye.public_key)), null, 'nor as a signature of another kind');
    t.equal(proof.verifyCosignature(signed, line.trimEnd(), witness), null, 'nor without its newline');
    const later = proof.signCheckpoint({ ...checkpoint, size: checkpoint.size + 1 }, log.secret, log_key);
    t.equal(proof.verifyCosignature(later, line, witness), null, 'nor under another checkpoint');
    for (const time of [-1, 1.5, NaN, 2 ** 53]) t.ok(refuses(() => proof.cosign(signed, eye.secret, witness, time)), `${time}`);
    t.ok(refuses(() => proof.cosign(signed, log.secret, witness, TIME)), 'a secret of another key');
    t.ok(refuses(() => proof.cosign(EXAMPLE_NOTE, eye.secret, witness, TIME)), 'a note that is no checkpoint');
    // A time beyond what a number holds exactly is refused, not rounded.
    const { signature } = proof.readSignatureLine(line);
    const far = new Uint8Array(signature);
    far[0] = 0x7f;
    t.equal(proof.verifyCosignature(signed, proof.signatureLine(witness, far), witness), null);
  });

  t.test(`${name}: every bit of a signed and witnessed checkpoint that is turned is refused`, async (t) => {
    const note = proof.withSignatures(signed, [line]);
    const both = (one: string): boolean => {
      try {
        return proof.readCheckpoint(one, [log_key, witness]).signatures.length === 2;
      } catch (error) {
        if (error instanceof RangeError) return false;
        throw error;
      }
    };
    t.ok(both(note));
    const bits = [...flippedTexts(note)];
    t.same(bits.filter(both), []);
    t.same([...flippedTexts(line)].filter((one) => proof.verifyCosignature(signed, one, witness) !== null), []);
    t.comment(`${bits.length} bits`);
  });
}
