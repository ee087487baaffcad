// Checkpoints: what is signed is what the log has, it only ever goes on, and a log that was rewritten gets no
// signature, whoever holds the database.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { isCheckpointDue, issueCheckpoint, latestCheckpoint } from '../../src/evidence/checkpointer.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { logKeys } from '../../src/evidence/log-key.ts';
import { appendRecord, readRecords } from '../../src/evidence/records.ts';
import { peaksAt, proveConsistency, proveInclusion } from '../../src/evidence/stored-tree.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { bytesOfHex } from '../../src/proof/bytes.ts';
import { readCheckpoint } from '../../src/proof/checkpoint.ts';
import { readVerifierKey } from '../../src/proof/note.ts';
import { leafHashOf, leafOf } from '../../src/proof/record.ts';
import { verifyTlogProof } from '../../src/proof/tlog-proof.ts';
import { MemoryTree, verifyConsistency, verifyInclusion } from '../../src/proof/tree.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';

const append = (h: TestHouse, count: number): Promise<void> => inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
  for (let i = 0; i < count; i += 1) await appendRecord(trx, h.estate.estate_id, 'test_record', { i });
});
const read = <T>(h: TestHouse, work: Parameters<typeof inEstate<T>>[2]): Promise<T> =>
  inEstate(h.house.db.app, h.estate.estate_id, work, { readOnly: true });

async function treeOf(h: TestHouse): Promise<MemoryTree> {
  const tree = new MemoryTree();
  const rows = await read(h, (trx) => readRecords(trx, h.estate.estate_id, 1, 100_000));
  for (const row of rows) tree.append(leafHashOf(h.estate.code, row));
  return tree;
}

t.test('a checkpoint is the root of all records, signed by the log\'s key', async (t) => {
  const h = await testHouse(t);
  const { estate_id, code } = h.estate;
  const issued = (await issueCheckpoint(h.house, h.estate))!;
  const tree = await treeOf(h);
  t.equal(issued.size, tree.size);
  t.same(new Uint8Array(issued.root), tree.root());
  const [key] = await read(h, (trx) => logKeys(trx, estate_id));
  t.equal(key!.origin, `localhost:8080/${code}`);
  const { checkpoint } = readCheckpoint(issued.note, [readVerifierKey(key!.vkey)]);
  t.equal(checkpoint.size, issued.size);
  t.equal((await issueCheckpoint(h.house, h.estate))!.note, issued.note, 'nothing new: the same one');
  t.notOk(await read(h, (trx) => isCheckpointDue(trx, estate_id)));
  await append(h, 1);
  t.ok(await read(h, (trx) => isCheckpointDue(trx, estate_id)));
});

t.test('proofs over the stored tiles hold for every size, also across full tiles', async (t) => {
  const h = await testHouse(t);
  const { estate_id } = h.estate;
  const sizes: number[] = [];
  for (const more of [3, 100, 255, 256, 257, 400]) {
    await append(h, more);
    sizes.push((await issueCheckpoint(h.house, h.estate))!.size);
  }
  const tree = await treeOf(h);
  const rows = await read(h, (trx) => readRecords(trx, estate_id, 1, 5_000));
  await read(h, async (trx) => {
    for (const size of sizes) {
      t.same((await peaksAt(trx, estate_id, size)).root(), tree.root(size), `root at ${size}`);
      for (const seq of [1, 2, 255, 256, 257, 511, 512, 513, size - 1, size].filter((one) => one <= size)) {
        const proof = await proveInclusion(trx, estate_id, seq, size);
        t.ok(verifyInclusion({ index: seq - 1, size, leaf_hash: leafHashOf(h.estate.code, rows[seq - 1]!), proof, root: tree.root(size) }), `${seq} in ${size}`);
      }
      for (const from of sizes.filter((one) => one <= size)) {
        const proof = await proveConsistency(trx, estate_id, from, size);
        t.ok(verifyConsistency({ from, from_root: tree.root(from), size, root: tree.root(size), proof }), `${from} to ${size}`);
      }
    }
  });
  const { rows: [found] } = await h.superuser.query('select encode(log_root($1, $2), \'hex\') as root', [estate_id, sizes.at(-1)]);
  t.equal(Buffer.from(tree.root()).toString('hex'), found.root, 'the database computes the same root');
});

t.test('the signer refuses a log that was rewritten, set back, or signed elsewhere', async (t) => {
  const h = await testHouse(t);
  const { estate_id } = h.estate;
  await append(h, 5);
  const first = (await issueCheckpoint(h.house, h.estate))!;
  await append(h, 5);
  // A superuser rewrites a record with a fitting leaf hash.
  await h.superuser.query('alter table record disable trigger all');
  await h.superuser.query(`update record r set body = '{"i":77}', leaf_hash = sha256('\\x00'::bytea || record_leaf(e.code, r.seq, r.kind, r.recorded_at, r.number, '{"i":77}'))
    from estate e where e.estate_id = r.estate_id and r.estate_id = $1 and r.seq = $2`, [estate_id, first.size - 2]);
  t.equal(await issueCheckpoint(h.house, h.estate), null, 'rewritten: no signature');
  t.equal((await read(h, (trx) => latestCheckpoint(trx, estate_id)))!.size, first.size);
  const vkey = (await read(h, (trx) => logKeys(trx, estate_id)))[0]!.vkey;
  const asked = (size: number) => h.house.log_keys!.sign(vkey, { origin: 'localhost:8080/test', size, root: new Uint8Array(32) }, async () => []);
  await t.rejects(asked(first.size), /rewritten/);
  await t.rejects(asked(first.size - 1), /set back/);
  await t.rejects(asked(first.size + 1), /rewritten/);
});

t.test('a key folder that hangs or is gone costs a checkpoint, nothing else', async (t) => {
  const h = await testHouse(t);
  const keys = h.house.log_keys!;
  await append(h, 1);
  const first = (await issueCheckpoint(h.house, h.estate))!;
  await append(h, 1);
  const hanging = { ...h.house, log_keys: { ...keys, sign: () => new Promise<string>(() => undefined) } };
  t.equal(await issueCheckpoint(hanging, h.estate, { patience: 80 }), null);
  t.equal(await issueCheckpoint({ ...h.house, log_keys: null }, h.estate), null);
  t.equal((await issueCheckpoint(h.house, h.estate))!.size, first.size + 1, 'and the next one is signed as ever');
});

t.test('the database keeps no checkpoint that is not what it has', async (t) => {
  const h = await testHouse(t);
  const { estate_id } = h.estate;
  const issued = (await issueCheckpoint(h.house, h.estate))!;
  await append(h, 2);
  const vkey = (await read(h, (trx) => logKeys(trx, estate_id)))[0]!.vkey;
  const note = (size: number, root: Buffer) => `localhost:8080/test\n${size}\n${root.toString('base64')}\n\n— localhost:8080/test AAAA\n`;
  const record = (size: number, root: Buffer, text = note(size, root), key = vkey) => inEstate(h.house.db.signer, estate_id, (trx) =>
    trx.executeQuery({ sql: 'select record_checkpoint($1, $2, $3, $4, $5)', parameters: [estate_id, size, root, text, key] } as never));
  const wrong = Buffer.alloc(32, 7);
  await t.rejects(record(issued.size + 1, wrong), /checkpoint_wrong/);
  await t.rejects(record(issued.size + 3, wrong), /checkpoint_wrong/, 'a size it does not have');
  await t.rejects(record(issued.size, issued.root, issued.note, `${vkey.slice(0, -2)}AA`), /log_key_unknown/);
  await t.rejects(inEstate(h.house.db.app, estate_id, (trx) => trx.executeQuery({
    sql: 'select record_checkpoint($1, $2, $3, $4, $5)', parameters: [estate_id, issued.size, issued.root, issued.note, vkey] } as never)), /permission denied/);
  for (const act of ['delete from checkpoint', 'delete from log_tile', 'delete from log_key', 'delete from cosignature',
    'truncate witness cascade', 'truncate log_key cascade', `update log_key set vkey = vkey || 'x'`]) {
    await t.rejects(h.superuser.query(act), /append_only/, act);
  }
});

t.test('the key folder keeps its secrets to itself and survives a new process', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const origin = 'books.example.cn:8443/demo';
  const vkey = await keyFolder(folder).create(origin, { first: true });
  const root = new Uint8Array(32).fill(1);
  const note = await keyFolder(folder).sign(vkey, { origin, size: 3, root }, async () => []);
  readCheckpoint(note, [readVerifierKey(vkey)]);
  await t.rejects(keyFolder(folder).sign(vkey, { origin, size: 3, root: new Uint8Array(32) }, async () => []), /rewritten/);
  const [inner] = await readdir(folder);
  const files = await readdir(join(folder, inner!));
  t.equal(files.length, 2);
  t.match(await readFile(join(folder, inner!, files.find((name) => name.endsWith('.key'))!), 'utf8'), /^PRIVATE\+KEY\+books\.example\.cn:8443\/demo\+[0-9a-f]{8}\+/);
  const second = await keyFolder(folder).create(origin);
  await t.rejects(keyFolder(folder).sign(second, { origin, size: 2, root }, async () => []), /set back/, 'a new key remembers what the old one signed');
  t.ok(await keyFolder(folder).holds(second));
  t.notOk(await keyFolder(folder).holds(vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')));
});

t.test('anybody reads checkpoint, proofs and tiles; the records themselves only owners', async (t) => {
  const h = await testHouse(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const base = '/api/v1/estates/test/log';
  t.equal((await app.inject(`${base}/checkpoint`)).json().code, 'checkpoint_none');
  await append(h, 300);
  const issued = (await issueCheckpoint(h.house, h.estate))!;
  const note = await app.inject(`${base}/checkpoint`);
  t.equal(note.body, issued.note);
  t.match(note.headers['content-type'], /^text\/plain/);
  const tree = await treeOf(h);
  const keys = (await app.inject(`${base}/keys`)).json().items.map((key: { vkey: string }) => readVerifierKey(key.vkey));
  const inclusion = await app.inject(`${base}/proof/inclusion?seq=7`);
  const rows = await read(h, (trx) => readRecords(trx, h.estate.estate_id, 1, 5_000));
  t.ok(verifyTlogProof(inclusion.body, leafHashOf('test', rows[6]!), keys), 'a tlog-proof of record 7');
  t.notOk(verifyTlogProof(inclusion.body, leafHashOf('test', rows[7]!), keys), 'not of record 8');
  t.equal((await app.inject(`${base}/proof/inclusion?seq=${issued.size + 1}`)).json().code, 'record_not_covered');
  await append(h, 10);
  const next = (await issueCheckpoint(h.house, h.estate))!;
  const consistency = (await app.inject(`${base}/proof/consistency?from=${issued.size}`)).json();
  t.ok(verifyConsistency({ from: issued.size, from_root: tree.root(), size: next.size, root: new Uint8Array(next.root), proof: consistency.proof.map(bytesOfHex) }));
  const asked = await app.inject({ method: 'POST', url: `${base}/checkpoint`, headers: await signIn(app, 'committee1') });
  t.equal(asked.statusCode, 200, asked.body);
  t.equal(asked.json().size, next.size, 'on demand: what is signed already is given as it is');
  t.equal((await app.inject({ method: 'POST', url: `${base}/checkpoint`, headers: { 'sec-fetch-site': 'same-origin' } })).statusCode, 401);
  const full = await app.inject(`${base}/tile/0/000`);
  t.equal(full.rawPayload.length, 256 * 32);
  t.match(full.headers['cache-control'], /max-age=31536000/);
  t.same(new Uint8Array(full.rawPayload.subarray(0, 32)), leafHashOf('test', rows[0]!));
  const rest = next.size - 256;
  t.equal((await app.inject(`${base}/tile/0/001.p/${rest}`)).rawPayload.length, rest * 32);
  t.same(new Uint8Array((await app.inject(`${base}/tile/1/000.p/1`)).rawPayload), tree.root(256));
  t.equal((await app.inject(`${base}/tile/0/001.p/${rest + 1}`)).json().code, 'tile_not_there');
  t.equal((await app.inject(`${base}/tile/0/1`)).json().code, 'tile_path');
  t.equal((await app.inject(`${base}/tile/entries/000`)).statusCode, 401);
  const owner = await signIn(app, 'resident');
  const entries = await app.inject({ url: `${base}/tile/entries/000`, headers: owner });
  const length = entries.rawPayload.readUInt16BE(0);
  t.same(new Uint8Array(entries.rawPayload.subarray(2, 2 + length)), leafOf('test', rows[0]!));
  t.equal((await app.inject({ url: `${base}/tile/entries/000`, headers: await signIn(app, 'stranger') })).statusCode, 404);
});
