// The service against owners who are too curious, and against itself started twice: nobody lends a witness's device,
// and the key folder signs one history whoever asks at the same moment.
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { cosign } from '../../src/proof/cosignature.ts';
import { COSIGNATURE, keyOf, readSignatureLine, readVerifierKey, signatureLine, verifierKeyText } from '../../src/proof/note.ts';
import { MemoryTree, consistencyProof, leafHash } from '../../src/proof/tree.ts';
import { policyOf } from '../../src/witness/queries.ts';
import { signIn, testHouse } from '../helpers/house.ts';
import { BASE, deviceKey, seconds } from '../witness/device.ts';

t.test('a neighbour enrols the public key of a committee member under a name of their own', async (t) => {
  const h = await testHouse(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const { estate_id } = h.estate;
  await inEstate(h.house.db.app, estate_id, (trx) => appendRecord(trx, estate_id, 'test_record', { i: 1 }));
  const { size, note } = (await issueCheckpoint(h.house, h.estate))!;
  const [member, neighbour] = [await signIn(app, 'committee1'), await signIn(app, 'resident')];
  const device = deviceKey('committee');
  const post = async (url: string, headers: Record<string, string>, payload: object) => app.inject({ method: 'POST', url: `${BASE}${url}`, headers, payload });
  const { witness_id } = (await post('/witnesses', member, { side: 'committee', vkey: device.vkey })).json();
  const line = cosign(note, device.secret, readVerifierKey(device.vkey), seconds());
  t.equal((await post(`/checkpoints/${size}/cosignatures`, member, { witness: witness_id, line })).statusCode, 200);
  const copied = readVerifierKey(device.vkey);
  const key = keyOf(copied.name.replace('committee-', 'resident-'), COSIGNATURE, copied.public_key);
  const taken = await post('/witnesses', neighbour, { side: 'resident', vkey: verifierKeyText(key) });
  t.equal(taken.json().code, 'witness_key_used');
  // Otherwise one device would count for two sides (its cosignature holds under either name), and the policy could not
  // be written any more: no disclosure either.
  const lent = signatureLine(key, readSignatureLine(line).signature);
  t.not((await post(`/checkpoints/${size}/cosignatures`, neighbour, { witness: taken.json().witness_id ?? 2, line: lent })).statusCode, 200);
  const policy = await inEstate(h.house.db.app, estate_id, (trx) => policyOf(trx, estate_id));
  t.equal(policy?.split('\n').filter((one) => one.startsWith('witness ')).length, 1);
  t.equal((await app.inject(`${BASE}/log/policy`)).statusCode, 200);
  t.equal((await publishDisclosure(h.house, { estate: h.estate, period: h.estate.first_period })).version, 1, 'a disclosure comes all the same');
});

t.test('two instances with one key folder: of two histories one is signed, at whatever moment both ask', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const instances = [keyFolder(folder), keyFolder(folder), keyFolder(folder)];
  const origin = 'books.example/shili';
  const vkey = await instances[0]!.create(origin);
  let trunk: string[] = [];
  const treeOf = (leaves: readonly string[]): MemoryTree => {
    const tree = new MemoryTree();
    for (const leaf of leaves) tree.append(leafHash(new TextEncoder().encode(leaf)));
    return tree;
  };
  const sign = async (keys: ReturnType<typeof keyFolder>, leaves: readonly string[]): Promise<boolean> => {
    const tree = treeOf(leaves);
    return keys.sign(vkey, { origin, size: tree.size, root: tree.root() }, (from) => consistencyProof(from, tree.size, (a, b) => tree.subtree(a, b))).then(() => true, () => false);
  };
  for (let round = 0; round < 60; round += 1) {
    const branches = instances.map((_, i) => [...trunk, ...Array.from({ length: 1 + ((round + i) % 3) }, () => `${round} of ${i}`)]);
    const signed = await Promise.all(instances.map((keys, i) => sign(keys, branches[i]!)));
    t.equal(signed.filter(Boolean).length, 1, `round ${round}`);
    trunk = branches[signed.indexOf(true)]!;
  }
  // One history, asked for by all: all get it.
  trunk = [...trunk, 'further'];
  t.same(await Promise.all(instances.map((keys) => sign(keys, trunk))), [true, true, true]);
  const place = join(folder, encodeURIComponent(origin));
  t.notOk((await readdir(place)).some((name) => name.startsWith('after-')));
  // Who crashed right there does not stop the log for ever.
  const { size, root } = JSON.parse(await readFile(join(place, 'last.json'), 'utf8')) as { size: number; root: string };
  const left = join(place, `after-${size}-${root.slice(0, 16)}.json`);
  await writeFile(left, '');
  await utimes(left, 1, 1);
  t.ok(await sign(instances[0]!, [...trunk, 'after the crash']));
});
