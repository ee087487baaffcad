// Who must have witnessed a checkpoint: committee AND (street office OR resident), written as C2SP tlog-policy.
import t from 'tap';
import { libraries, refuses, type Library } from './both.ts';

type Group = 'committee' | 'street' | 'resident';

function cast(proof: Library) {
  const log = proof.ed25519Key();
  const key = proof.keyOf('open.example/demo', proof.ED25519, log.public_key);
  const persons = (['committee-1', 'committee-2', 'street-1', 'resident-1', 'resident-2']).map((name) => {
    const { secret, public_key } = proof.ed25519Key();
    return { name, group: name.split('-')[0] as Group, secret, key: proof.keyOf(`open.example/demo/witness/${name}`, proof.COSIGNATURE, public_key) };
  });
  const witnesses = persons.map(({ name, group, key: its }) => ({ name, group, vkey: proof.verifierKeyText(its) }));
  return { log, key, vkey: proof.verifierKeyText(key), persons, witnesses };
}

for (const [name, proof] of libraries) {
  const { log, key, vkey, persons, witnesses } = cast(proof);
  const text = proof.policyText({ log: vkey, witnesses });
  const policy = proof.readPolicy(text);

  t.test(`${name}: the file is one that other tools read`, async (t) => {
    t.equal(text, [
      `log ${vkey}`, ...witnesses.map((one) => `witness ${one.name} ${one.vkey}`),
      'group committee any committee-1 committee-2', 'group street any street-1', 'group resident any resident-1 resident-2',
      'group street-or-resident any street resident', 'group committee-and-street-or-resident all committee street-or-resident',
      'quorum committee-and-street-or-resident', '',
    ].join('\n'));
    t.equal(policy.quorum, proof.QUORUM);
    t.same(policy.logs.map(proof.verifierKeyText), [vkey]);
    t.same(policy.witnesses.map((one) => one.name), persons.map((one) => one.name));
  });

  t.test(`${name}: every set of witnesses is judged as the sentence says`, async (t) => {
    const wrong: string[] = [];
    for (let chosen = 0; chosen < 2 ** persons.length; chosen += 1) {
      const names = persons.filter((_, i) => (chosen >> i) % 2 === 1).map((one) => one.name);
      const has = (group: Group): boolean => names.some((one) => one.startsWith(group));
      const { satisfied, missing } = proof.judgePolicy(policy, names);
      const expected = [...(has('committee') ? [] : ['committee']), ...(has('street') || has('resident') ? [] : ['street-or-resident'])];
      if (satisfied !== (expected.length === 0) || missing.join() !== expected.join()) wrong.push(`${names.join()}: ${missing.join()}`);
    }
    t.same(wrong, []);
    t.same(proof.judgePolicy(policy, ['committee', 'street', 'nobody', proof.QUORUM]), { satisfied: false, missing: ['committee', 'street-or-resident'] },
      'names of groups are not witnesses');
  });

  t.test(`${name}: under a note, only signatures count`, async (t) => {
    const signed = proof.signCheckpoint({ origin: key.name, size: 7, root: proof.leafHash(proof.utf8('x')) }, log.secret, key);
    const by = (...names: string[]): string[] => persons.filter((one) => names.includes(one.name)).map((one) => proof.cosign(signed, one.secret, one.key, 1_800_000_000));
    const judged = proof.judgeNote(policy, proof.withSignatures(signed, by('committee-1', 'resident-2')));
    t.same({ satisfied: judged.satisfied, missing: judged.missing, witnesses: judged.witnesses, size: judged.checkpoint.size },
      { satisfied: true, missing: [], witnesses: [{ name: 'committee-1', time: 1_800_000_000 }, { name: 'resident-2', time: 1_800_000_000 }], size: 7 });
    t.same(proof.judgeNote(policy, proof.withSignatures(signed, by('street-1', 'resident-1'))).missing, ['committee']);
    t.same(proof.judgeNote(policy, signed).missing, ['committee', 'street-or-resident']);
    // Somebody who takes a committee member's name, with a key of their own.
    const thief = proof.ed25519Key();
    const feigned = proof.keyOf(persons[0]!.key.name, proof.COSIGNATURE, thief.public_key);
    const stolen = proof.withSignatures(signed, [proof.cosign(signed, thief.secret, feigned, 1), ...by('street-1')]);
    t.same(proof.judgeNote(policy, stolen).missing, ['committee']);
    // With the id of the true key as well: then the signature must hold, and the note is refused.
    const { signature } = proof.readSignatureLine(proof.cosign(signed, thief.secret, feigned, 1));
    t.ok(refuses(() => proof.judgeNote(policy, signed + proof.signatureLine(persons[0]!.key, signature))));
    // The log's own signature is asked for, whoever has witnessed.
    const bare = `${signed.split('\n\n')[0]!}\n\n${by('committee-1', 'street-1').join('')}`;
    t.ok(refuses(() => proof.judgeNote(policy, bare)));
    // A witness's key in the place of the log's: its signature has another domain.
    const other = proof.keyOf(key.name, proof.ED25519, thief.public_key);
    t.ok(refuses(() => proof.judgeNote(policy, proof.signCheckpoint({ origin: key.name, size: 7, root: proof.leafHash(proof.utf8('x')) }, thief.secret, other))));
  });

  t.test(`${name}: while a side has no witness, nobody is asked for, and the file says so`, async (t) => {
    for (const held of [[], ['committee-1'], ['street-1', 'resident-1']]) {
      const lone = proof.policyText({ log: vkey, witnesses: witnesses.filter((one) => held.includes(one.name)) });
      t.match(lone, /\n# One side has no witness yet.*\nquorum none\n$/);
      t.equal(proof.readPolicy(lone).quorum, 'none');
      t.same(proof.judgePolicy(proof.readPolicy(lone), held), { satisfied: true, missing: [] });
    }
    const two = proof.policyText({ log: vkey, witnesses: witnesses.filter((one) => ['committee-1', 'resident-1'].includes(one.name)) });
    t.same(proof.judgePolicy(proof.readPolicy(two), ['committee-1']).missing, ['street-or-resident']);
    t.ok(proof.judgePolicy(proof.readPolicy(two), ['committee-1', 'resident-1']).satisfied);
  });

  t.test(`${name}: keys of a log that were changed are all accepted`, async (t) => {
    const next = proof.ed25519Key();
    const changed = proof.keyOf(key.name, proof.ED25519, next.public_key);
    const both = proof.readPolicy(proof.policyText({ log: [vkey, proof.verifierKeyText(changed)], witnesses }));
    const checkpoint = { origin: key.name, size: 9, root: proof.leafHash(proof.utf8('y')) };
    t.equal(proof.judgeNote(both, proof.signCheckpoint(checkpoint, next.secret, changed)).checkpoint.size, 9);
    t.equal(proof.judgeNote(both, proof.signCheckpoint(checkpoint, log.secret, key)).checkpoint.size, 9);
    t.ok(refuses(() => proof.judgeNote(policy, proof.signCheckpoint(checkpoint, next.secret, changed))));
  });

  t.test(`${name}: policies of others, with thresholds and groups of groups`, async (t) => {
    const keyOf = (of: string): string => proof.verifierKeyText(proof.keyOf(of, proof.COSIGNATURE, proof.ed25519Key().public_key));
    const example = [
      '# as in c2sp.org/tlog-policy', `log ${vkey} https://log.example/`, '', ...['X1', 'X2', 'X3'].map((one) => `witness ${one} ${keyOf(one)}`),
      '\tgroup  X-witnesses 2 X1 X2 X3 ', ...['Y1', 'Y2', 'Y3'].map((one) => `witness ${one} ${keyOf(one)} https://${one}.example/`),
      'group Y-witnesses any Y1 Y2 Y3', ' # both', 'group X-and-Y all X-witnesses Y-witnesses', 'quorum X-and-Y', '',
    ].join('\n');
    const read = proof.readPolicy(example);
    const judge = (...names: string[]) => proof.judgePolicy(read, names);
    t.ok(judge('X1', 'X3', 'Y2').satisfied);
    t.same(judge('X1', 'Y2'), { satisfied: false, missing: ['X-witnesses'] });
    t.same(judge('X1', 'X2', 'X3'), { satisfied: false, missing: ['Y-witnesses'] });
    t.same(judge('X1', 'X1', 'X1', 'Y1'), { satisfied: false, missing: ['X-witnesses'] });
    t.same(proof.judgePolicy(proof.readPolicy(`witness W ${keyOf('W')}\nquorum W\n`), []), { satisfied: false, missing: ['W'] });
    t.equal(proof.readPolicy('quorum none\n').logs.length, 0);
    const names = Array.from({ length: 32 }, (_, i) => `w${i}`);
    const large = proof.readPolicy([...names.map((one) => `witness ${one} ${keyOf(one)}`), ...names.map((one, i) => `group g${i} any ${i === 0 ? one : `g${i - 1} ${one}`}`),
      'quorum g31', ''].join('\n'));
    t.ok(proof.judgePolicy(large, ['w0']).satisfied);
  });

  t.test(`${name}: what the specification does not allow is refused`, async (t) => {
    const [a, b] = witnesses as [typeof witnesses[0], typeof witnesses[0]];
    const lines = (...of: string[]): string => [...of, ''].join('\n');
    const wA = `witness A ${a.vkey}`;
    const wB = `witness B ${b.vkey}`;
    const wrong: Record<string, string> = {
      empty: '', 'no quorum': lines(wA), 'two quorums': lines('quorum none', 'quorum none'), 'a quorum of nobody': lines('quorum A'),
      'a quorum before its name': lines('quorum A', wA), 'no newline at the end': `${wA}\nquorum A`, 'an unknown word': lines('wittness A', 'quorum none'),
      'a word in capitals': lines('Quorum none'), 'a name twice': lines(wA, `witness A ${b.vkey}`, 'quorum A'), 'a key twice': lines(wA, `witness B ${a.vkey}`, 'quorum A'),
      'the name none': lines(`witness none ${a.vkey}`, 'quorum none'), 'a group called none': lines(wA, 'group none any A', 'quorum none'),
      'a group of nobody': lines(wA, 'group G any', 'quorum A'), 'a group of a stranger': lines(wA, 'group G any A C', 'quorum G'),
      'a group of itself': lines(wA, 'group G any A G', 'quorum G'), 'a member twice': lines(wA, 'group G 2 A A', 'quorum G'),
      'a member of two groups': lines(wA, wB, 'group G any A B', 'group H any A', 'quorum G'), 'none as a member': lines(wA, 'group G any A none', 'quorum G'),
      'more than there are': lines(wA, wB, 'group G 3 A B', 'quorum G'), 'fewer than one': lines(wA, 'group G 0 A', 'quorum G'), 'a leading zero': lines(wA, 'group G 01 A', 'quorum G'),
      'a negative number': lines(wA, 'group G -1 A', 'quorum G'), 'a log with a witness\'s key': lines(`log ${a.vkey}`, 'quorum none'),
      'a witness with a log\'s key': lines(`witness A ${vkey}`, 'quorum A'), 'a log twice': lines(`log ${vkey}`, `log ${vkey}`, 'quorum none'),
      'a key that is none': lines('witness A nobody', 'quorum A'), 'a key cut short': lines(`witness A ${a.vkey.slice(0, -4)}`, 'quorum A'),
      'something behind the address': lines(`log ${vkey} https://x more`, 'quorum none'), 'a carriage return': `${wA}\r\nquorum A\r\n`, 'a control character': lines('quorum none\u0007'),
      'a form feed between': lines('quorum\u000cnone'), 'a comment behind a line': lines('quorum none # said'), 'delete': lines('# \u007f', 'quorum none'),
    };
    for (const [what, policy_text] of Object.entries(wrong)) t.ok(refuses(() => proof.readPolicy(policy_text)), what);
    t.equal(proof.readPolicy(lines(wA, 'group G 1 A', 'quorum G')).quorum, 'G', 'the right one beside them');
    t.ok(refuses(() => proof.policyText({ log: vkey, witnesses: [a, a] })));
    t.ok(refuses(() => proof.policyText({ log: vkey, witnesses: [{ ...a, name: 'two words' }] })));
    t.ok(refuses(() => proof.policyText({ log: vkey, witnesses: [{ ...a, name: 'street' }, ...witnesses.slice(2)] })), 'a witness called like a group');
    t.ok(refuses(() => proof.policyText({ log: `${vkey}\nquorum none`, witnesses })), 'a line smuggled in');
    t.ok(refuses(() => proof.policyText({ log: a.vkey, witnesses: [] })));
  });
}
