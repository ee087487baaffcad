// Another key for the log: under two keys, made by the service, and the old checkpoints stay good.
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import t from 'tap';
import { issueCheckpoint, readCheckpointRow } from '../../src/evidence/checkpointer.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { logKeys } from '../../src/evidence/log-key.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { proveConsistency } from '../../src/evidence/stored-tree.ts';
import { executors } from '../../src/executors.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import type { House } from '../../src/kernel/house.ts';
import { readCheckpoint } from '../../src/proof/checkpoint.ts';
import { readVerifierKey } from '../../src/proof/note.ts';
import { verifyEvidence, type EvidenceBundle } from '../../src/proof/signatures.ts';
import { verifyConsistency } from '../../src/proof/tree.ts';
import { publishDue } from '../../src/disclosure/publish.ts';
import { addMonths } from '../../src/kernel/dates.ts';
import { verdictText } from '../../src/verifier/report.ts';
import { verifyFiles, type GivenFile } from '../../src/verifier/verify.ts';
import { closeMonth, due, receive, testBooks } from '../disclosure/books.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { api, officeHouse, type OfficeHouse } from './office-house.ts';

const changes = `${api}/log/keys/changes`;
const read = <T>(h: OfficeHouse, work: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.house.db.app, h.estate.estate_id, work, { readOnly: true });
const keysOf = (h: OfficeHouse) => read(h, (trx) => logKeys(trx, h.estate.estate_id));
const propose = async (h: OfficeHouse, by = 'cashier', more: Record<string, unknown> = {}) =>
  (await h.as(by)).post(changes, { reason: '私钥文件丢失，没有备份', ...more });
const proposed = async (h: OfficeHouse, more: Record<string, unknown> = {}): Promise<{ proposal_id: number; new_vkey: string }> => {
  const answer = await propose(h, 'cashier', more);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json as { proposal_id: number; new_vkey: string };
};
const holds = (note: string, ...vkeys: string[]): boolean => {
  try {
    return readCheckpoint(note, vkeys.map(readVerifierKey)).signatures.length === 1;
  } catch {
    return false;
  }
};

t.test('under both keys the log gets another key; old checkpoints are verified by the old one, the next is signed by the new', async (t) => {
  const h = await officeHouse(t);
  const before = (await issueCheckpoint(h.house, h.estate))!;
  const [old] = await keysOf(h);
  const { proposal_id, new_vkey } = await proposed(h);
  t.not(new_vkey, old!.vkey);
  t.ok(new_vkey.startsWith(`${old!.origin}+`));
  t.ok(await h.house.log_keys!.holds(new_vkey));

  await h.sign(proposal_id, 'manager', 'committee1');
  t.equal((await h.state(proposal_id)).state, 'submitted', 'the committee is asked for two');
  t.equal((await keysOf(h)).length, 1);
  await h.sign(proposal_id, 'committee2');
  t.equal((await h.state(proposal_id)).state, 'executed');

  const [ended, present] = await keysOf(h);
  t.match([ended, present], [{ key_id: 1, vkey: old!.vkey }, { key_id: 2, vkey: new_vkey, origin: old!.origin, ended_seq: null }]);
  t.equal(ended!.ended_seq, present!.opened_seq);
  const { rows: [record] } = await h.superuser.query<{ kind: string; body: string }>('select kind, body from record where seq = $1 and estate_id = $2', [present!.opened_seq, h.estate.estate_id]);
  t.equal(record!.kind, 'log_key_changed');
  t.equal(record!.body, JSON.stringify({ new_vkey, old_vkey: old!.vkey, proposal: proposal_id }));

  const kept = await read(h, (trx) => readCheckpointRow(trx, h.estate.estate_id, before.size));
  t.ok(holds(kept!.note, old!.vkey));
  t.notOk(holds(kept!.note, new_vkey));
  const after = (await issueCheckpoint(h.house, h.estate))!;
  t.ok(after.size >= present!.opened_seq, 'signed at once, the change among what it covers');
  t.ok(holds(after.note, new_vkey));
  t.notOk(holds(after.note, old!.vkey));
  const proof = await read(h, (trx) => proveConsistency(trx, h.estate.estate_id, before.size, after.size));
  t.ok(verifyConsistency({ from: before.size, from_root: new Uint8Array(before.root), size: after.size, root: new Uint8Array(after.root), proof }), 'one log, two keys');

  t.same((await (await h.as('resident')).get(`${api}/log/keys`)).json['items'].map((key: { vkey: string }) => key.vkey), [old!.vkey, new_vkey]);
  const bundle = (await (await h.as('auditor')).get(`${api}/proposals/${proposal_id}/evidence.json`)).json as unknown as EvidenceBundle;
  t.match(verifyEvidence(bundle), { ok: true, complete: true });
  const notices = await h.superuser.query(`select count(distinct person_id)::integer as told from notice where key = 'log_key:${proposal_id}'`);
  t.ok(notices.rows[0].told >= 7, 'everybody in office is told');

  await executors.log_key!(h.house, h.estate, proposal_id);
  t.equal((await keysOf(h)).length, 2, 'carried out once');
});

t.test('nobody changes it alone', async (t) => {
  const h = await officeHouse(t);
  await issueCheckpoint(h.house, h.estate);
  const { estate_id } = h.estate;
  for (const who of ['supervisor', 'street', 'auditor', 'resident']) t.equal((await propose(h, who)).status, 403, who);
  // Whoever proposes does not sign: with one manager and two of the committee, neither can be the one.
  for (const who of ['manager', 'committee1', 'committee2']) t.equal((await propose(h, who)).json['code'], 'log_key_needs_signer', who);
  const { proposal_id } = await proposed(h);
  t.equal((await propose(h)).json['code'], 'log_key_proposed');
  await h.sign(proposal_id, 'committee1', 'committee2');
  await t.rejects(executors.log_key!(h.house, h.estate, proposal_id), { code: 'log_key_not_approved' });
  const as = (role: 'app' | 'signer', work: (trx: Trx) => Promise<unknown>) => inEstate(h.house.db[role], estate_id, work);
  for (const role of ['app', 'signer'] as const) {
    await t.rejects(as(role, (trx) => sql`update log_key set ended_seq = 1`.execute(trx)), /permission denied/);
    await t.rejects(as(role, (trx) => sql`insert into log_key (estate_id, key_id, vkey, origin, opened_seq) values (${estate_id}, 2, 'a+00000000+AAAA', 'a', 1)`.execute(trx)), /permission denied/);
  }
  await t.rejects(as('signer', (trx) => sql`select change_log_key(${estate_id}, ${proposal_id})`.execute(trx)), /permission denied/);
  await t.rejects(as('app', (trx) => appendRecord(trx, estate_id, 'log_key_changed', { proposal: proposal_id })), /record_kind_reserved/);
  const { rows } = await as('app', (trx) => sql<{ status: string }>`select change_log_key(${estate_id}, ${proposal_id}) as status`.execute(trx)) as { rows: { status: string }[] };
  t.equal(rows[0]!.status, 'order_not_approved');
  t.equal((await keysOf(h)).length, 1);
});

t.test('it is signed under the rule for changing rules, with its notice and its resolution', async (t) => {
  const h = await officeHouse(t);
  await issueCheckpoint(h.house, h.estate);
  const change = await (await h.as('cashier')).post(`${api}/rules/changes`, {
    ends: await ruleNumbers(h, 'rule'), valid_from: '2026-11-02', reason: '改规则先公示',
    rules: [{ kind: 'rule', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 1, supervisor: 1 }, notice_days: 3, needs_resolution: true }],
  });
  t.equal(change.status, 201, change.text);
  await h.sign(change.json['proposal_id'] as number, 'manager', 'committee1', 'committee2');
  t.equal((await propose(h)).json['code'], 'resolution_incomplete');
  const { proposal_id } = await proposed(h, { resolution: await h.resolution() });
  t.same(await ruleNumbers(h, 'rule'), (await h.superuser.query('select rule_id from proposal where proposal_id = $1', [proposal_id])).rows.map((row) => row.rule_id));
  await h.sign(proposal_id, 'manager', 'committee1', 'supervisor');
  t.equal((await h.state(proposal_id)).state, 'approved', 'announced first');
  await t.rejects(executors.log_key!(h.house, h.estate, proposal_id), { code: 'waits_for_notice' });
  h.at('2026-11-05');
  await executors.log_key!(h.house, h.estate, proposal_id);
  t.equal((await keysOf(h)).length, 2);
});
const ruleNumbers = async (h: OfficeHouse, kind: string): Promise<number[]> =>
  (await h.superuser.query('select rule_id from rule where estate_id = $1 and kind = $2 and valid_to is null', [h.estate.estate_id, kind])).rows.map((row) => row.rule_id as number);

t.test('a key that the service does not hold is refused: made up, of another log, used before, or gone since', async (t) => {
  const h = await officeHouse(t);
  await issueCheckpoint(h.house, h.estate);
  const [present] = await keysOf(h);
  const elsewhere = keyFolder(await mkdtemp(join(tmpdir(), 'mingzhang-keys-')));
  const stranger = await elsewhere.create(present!.origin);
  const other_log = await h.house.log_keys!.create('localhost:8080/other');
  for (const vkey of ['made up', `${present!.origin}+00000000+${'A'.repeat(44)}`, stranger, other_log, present!.vkey, '../../etc/passwd']) {
    t.equal((await propose(h, 'cashier', { vkey })).json['code'], 'log_key_not_held', vkey);
  }
  // Approved all the same, past the service: it is not carried out, and stays approved until it can be.
  const content = { old_vkey: present!.vkey, new_vkey: stranger, reason: 'x' };
  const forged = await approvedProposal(h.house, h.estate, h.persons, { kind: 'log_key', amount: null, fund: null, content });
  await t.rejects(executors.log_key!(h.house, h.estate, forged), { code: 'log_key_not_held' });
  t.equal((await h.state(forged)).state, 'approved');
  const unequipped: House = { ...h.house, log_keys: null };
  await t.rejects(executors.log_key!(unequipped, h.estate, forged), { code: 'log_key_folder_missing' });
  await executors.log_key!({ ...h.house, log_keys: elsewhere }, h.estate, forged);
  t.equal((await h.state(forged)).state, 'executed', 'once the folder with the key is there');
});

t.test('another change came first: what was signed is superseded', async (t) => {
  const h = await officeHouse(t);
  await issueCheckpoint(h.house, h.estate);
  const [present] = await keysOf(h);
  const late = await h.house.log_keys!.create(present!.origin);
  const { proposal_id } = await proposed(h);
  const content = { old_vkey: present!.vkey, new_vkey: late, reason: 'x' };
  const second = await approvedProposal(h.house, h.estate, h.persons, { kind: 'log_key', amount: null, fund: null, content });
  await h.sign(proposal_id, 'manager', 'committee1', 'committee2');
  await t.rejects(executors.log_key!(h.house, h.estate, second), { code: 'change_not_possible' });
  t.match(await h.state(second), { state: 'superseded', reason: /已被别的签批单换过/ });
  t.equal((await keysOf(h)).length, 2);
});

t.test('the key file is lost: nothing can be signed until a proposal brings another, and then the log goes on', async (t) => {
  const h = await officeHouse(t);
  const before = (await issueCheckpoint(h.house, h.estate))!;
  const origin = encodeURIComponent((await keysOf(h))[0]!.origin);
  const folder = join(h.key_folder, origin);
  for (const name of await readdir(folder)) if (name.endsWith('.key')) await rm(join(folder, name));
  const page = async (who: string) => (await (await h.as(who)).get('/e/test/log/key?lang=zh')).text;
  t.match(await page('cashier'), /服务器上找不到这把公钥的私钥/);
  await inEstate(h.house.db.app, h.estate.estate_id, (trx) => appendRecord(trx, h.estate.estate_id, 'test_record', {}));
  t.equal(await issueCheckpoint(h.house, h.estate), null);
  const { proposal_id, new_vkey } = await proposed(h);
  await h.sign(proposal_id, 'manager', 'committee1', 'committee2');
  const after = (await issueCheckpoint(h.house, h.estate))!;
  t.ok(holds(after.note, new_vkey));
  const proof = await read(h, (trx) => proveConsistency(trx, h.estate.estate_id, before.size, after.size));
  t.ok(verifyConsistency({ from: before.size, from_root: new Uint8Array(before.root), size: after.size, root: new Uint8Array(after.root), proof }));
  t.notMatch(await page('cashier'), /服务器上找不到/);

  // The memory of what was signed last belongs to the log: a new key does not forget it.
  await rename(folder, `${folder}.gone`);
  t.equal(await issueCheckpoint(h.house, h.estate).then((one) => one?.size), after.size, 'nothing new to sign');
});

t.test('the page shows the keys to every owner, and the form to whoever may propose', async (t) => {
  const h = await officeHouse(t);
  await issueCheckpoint(h.house, h.estate);
  const [present] = await keysOf(h);
  const page = async (who: string, lang = 'zh') => (await (await h.as(who)).get(`/e/test/log/key?lang=${lang}`)).text;
  for (const lang of ['zh', 'en']) t.ok((await page('resident', lang)).includes(present!.vkey), lang);
  t.notMatch(await page('resident'), /name="reason"/);
  t.match(await page('manager'), /请出纳，或别的不用签的人来提出/);
  const refused = await h.form('cashier', '/e/test/log/key', { reason: '', form_key: 'k1' }, null);
  t.equal(refused.status, 422);
  const sent = await h.form('cashier', '/e/test/log/key', { reason: '换管理员', form_key: 'k2' }, null);
  t.equal(sent.status, 303);
  const [, number] = /proposals\/(\d+)/.exec(String(sent.headers['location'])) ?? [];
  const again = await h.form('cashier', '/e/test/log/key', { reason: '换管理员', form_key: 'k2' }, null);
  t.equal(again.headers['location'], sent.headers['location'], 'pressed twice, proposed once');
  for (const [lang, words] of [['zh', ['更换存证密钥', '新公钥', '换管理员', '新密钥的私钥在服务器上', '签批规则']], ['en', ["Change of the log&#39;s key", 'New public key', 'The service holds the secret part']]] as const) {
    const text = (await (await h.as('committee1')).get(`/e/test/proposals/${number}?lang=${lang}`)).text.replaceAll("'", '&#39;');
    for (const word of words) t.ok(text.includes(word), `${lang}: ${word}`);
  }
  t.match(await page('cashier'), new RegExp(`第 ${number} 号签批单正在办更换密钥`));
});

t.test('whoever verifies two months of disclosures offline finds them good across the change, and the change in them', async (t) => {
  const h = await testBooks(t, '2031-10');
  const publish = async (period: string): Promise<GivenFile> => {
    await receive(h, { date: `${period}-02`, amount: '1234.56' });
    h.at(`${addMonths(period, 1)}-03 10:00`);
    await closeMonth(h, period);
    h.at(due(h, period));
    await publishDue(h.house);
    const { rows: [row] } = await h.superuser.query('select pdf_zh_sha256 from disclosure where period = $1', [period]);
    return { name: `${period}.pdf`, blob: new Blob([new Uint8Array((await h.house.storage.read(row.pdf_zh_sha256 as string))!)]) };
  };
  const files = [await publish('2031-10')];
  const keys = () => inEstate(h.house.db.app, h.estate.estate_id, (trx) => logKeys(trx, h.estate.estate_id), { readOnly: true });
  const [old] = await keys();
  const content = { old_vkey: old!.vkey, new_vkey: await h.house.log_keys!.create(old!.origin), reason: '换管理员' };
  const proposal = await approvedProposal(h.house, h.estate, h.persons, { kind: 'log_key', amount: null, fund: null, content });
  await executors.log_key!(h.house, h.estate, proposal);
  files.push(await publish('2031-11'));
  const verdict = await verifyFiles(files, { trusted_keys: [old!.vkey] });
  t.same(verdict.findings.filter(({ severity }) => severity === 'broken').map(({ code, text }) => `${code}: ${text.zh}`), []);
  t.equal(verdict.outcome, 'holds', 'who trusts the old key is led to the new one');
  t.ok(verdict.findings.some(({ code }) => code === 'log_key_changed'));
  t.match(verdictText(verdict, 'zh'), /日志换过密钥（第 \d+ 条记录，有签批）/);
  t.notOk((await verifyFiles([files[0]!], { trusted_keys: [old!.vkey] })).findings.some(({ code }) => code === 'log_key_changed'));
});
