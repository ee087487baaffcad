// The evidence of a payment's signatures as a file: it holds as it was downloaded, and whatever single thing in it
// is changed is found, with no server and no database.
import t from 'tap';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { verifyEvidence, type EvidenceBundle, type LoggedRecord } from '../../src/proof/signatures.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { money } from '../../src/kernel/money.ts';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { drafted, pay, receive, sign, submitted, within } from '../payment/story.ts';
import { api, officeHouse, OPENED } from '../office/office-house.ts';
import { signingHouse, type SigningHouse } from './keys.ts';

const copyOf = (bundle: EvidenceBundle): EvidenceBundle => JSON.parse(JSON.stringify(bundle)) as EvidenceBundle;
const codesOf = (bundle: EvidenceBundle): string[] => [...new Set(verifyEvidence(bundle).findings.map((one) => one.code))];
const bundleOf = async (h: SigningHouse, who: string, id: number): Promise<EvidenceBundle> => {
  const answer = await h.ask(who, 'GET', `proposals/${id}/evidence.json`);
  if (answer.status !== 200) throw new Error(answer.body);
  return answer.json as unknown as EvidenceBundle;
};

/** Every value of a file, by its path. */
function* leaves(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value !== 'object' || value === null) return yield path;
  for (const [name, part] of Object.entries(value)) yield* leaves(part, [...path, Array.isArray(value) ? Number(name) : name]);
}

function bent(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string' || value === '') return 'x';
  // One character in the middle, within hexadecimal, base64url and digits alike.
  const at = Math.floor(value.length / 2);
  return value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1);
}

function changed(bundle: EvidenceBundle, path: (string | number)[]): EvidenceBundle {
  const copy = copyOf(bundle);
  let parent: any = copy;
  for (const name of path.slice(0, -1)) parent = parent[name];
  parent[path.at(-1)!] = bent(parent[path.at(-1)!]);
  return copy;
}

async function paid(h: SigningHouse): Promise<number> {
  const key = await h.enrol('committee1');
  const id = await submitted(h);
  await sign(h, id, 'manager');
  const answer = await h.signWith('committee1', key, id);
  if (answer.json['status'] !== 'approved') throw new Error(answer.body);
  await pay(h, id);
  return id;
}

t.test('a paid order', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '20000.00');
  const id = await paid(h);
  const bundle = await bundleOf(h, 'resident', id);

  await t.test('its evidence holds, and says what is strong and what is weak', async (t) => {
    t.same(verifyEvidence(bundle), { ok: true, findings: [], complete: true, ratified: false, strong: 1, weak: 1 });
    t.equal(bundle.entry?.kind, 'journal_entry');
    t.match(bundle.signatures.map(({ body, office, method }) => ({ body, office, method })),
      [{ body: 'property', office: 'manager', method: 'password' }, { body: 'committee', office: 'chair', method: 'passkey' }]);
  });

  await t.test('names nobody', async (t) => {
    const text = JSON.stringify(bundle);
    for (const name of ['马经理', '陈主任', '何出纳', 'committee1', 'manager@']) t.notMatch(text, name);
  });

  await t.test('every single value that is changed is found', async (t) => {
    const paths = [...leaves(bundle)];
    const missed = paths.filter((path) => verifyEvidence(changed(bundle, path)).ok);
    t.same(missed.map((path) => path.join('.')), []);
    t.comment(`${paths.length} values changed one by one, all found`);
    t.ok(paths.length > 90);
  });

  await t.test('what is left out, taken twice or put elsewhere is found', async (t) => {
    const without = (index: number): EvidenceBundle => ({ ...copyOf(bundle), signatures: bundle.signatures.filter((_, i) => i !== index) });
    t.match(codesOf(without(0)), ['quorum_missing']);
    t.match(codesOf(without(1)), ['quorum_missing']);
    t.match(codesOf({ ...bundle, signatures: [...bundle.signatures, bundle.signatures[1]!] }), ['signed_twice']);
    t.match(codesOf({ ...bundle, quorum: null }), ['quorum_missing', 'quorum_differs']);
    t.match(codesOf({ ...bundle, rule: { ...bundle.rule, records: [] } }), ['rule_differs']);
    const [weak, strong] = bundle.signatures;
    t.match(codesOf({ ...bundle, signatures: [weak!, { ...strong!, enrolment: null }] }), ['key_unknown']);
    t.match(codesOf({ ...bundle, signatures: [weak!, { ...strong!, method: 'password' }] }), ['signature_differs']);
    t.equal(verifyEvidence({} as never).findings[0]?.code, 'malformed');
    t.equal(verifyEvidence(null as never).ok, false);
  });

  await t.test('evidence of another proposal does not fit', async (t) => {
    const other = await bundleOf(h, 'resident', await paidAgain(h));
    t.ok(verifyEvidence(other).ok);
    const mixed = { ...copyOf(bundle), signatures: other.signatures };
    t.match(codesOf(mixed), ['signature_differs', 'other_document', 'challenge_differs']);
    t.match(codesOf({ ...bundle, entry: other.entry }), ['entry_differs']);
    t.match(codesOf({ ...bundle, submission: other.submission }), ['submission_differs']);
  });
});

/** A second order, signed by both with passkeys. */
async function paidAgain(h: SigningHouse): Promise<number> {
  const [manager, member] = [await h.enrol('manager'), await h.enrol('committee2')];
  const id = await submitted(h, { purpose: '消防应急灯更换', amount: '1380.00' });
  await h.signWith('manager', manager, id);
  await h.signWith('committee2', member, id);
  await pay(h, id);
  return id;
}

t.test('a revoked key proves what it signed before and nothing after', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '20000.00');
  const id = await paid(h);
  const [key] = (await h.ask('committee1', 'GET', '/api/v1/passkeys')).json['items'];
  const revoked = await h.ask('committee1', 'POST', '/api/v1/passkeys/revoke', {
    credential_id: key.credential_id, reason: 'lost', method: 'password', password: SIGNING_PASSWORD,
  });
  t.equal(revoked.status, 204, revoked.body);
  const bundle = await bundleOf(h, 'resident', id);
  const strong = bundle.signatures[1]!;
  t.equal(strong.revocation?.kind, 'passkey_revoked');
  t.ok(verifyEvidence(bundle).ok);
  const earlier = relogged(bundle.estate, { ...strong.revocation!, seq: strong.record.seq - 1 });
  t.match(codesOf({ ...bundle, signatures: [bundle.signatures[0]!, { ...strong, revocation: earlier }] }), ['key_unknown']);
});

/** A record whose fingerprint was made anew, as whoever owns the database could. */
const relogged = (estate: string, record: LoggedRecord): LoggedRecord => {
  const { seq, kind, recorded_at, number, body } = record;
  const leaf = ['mingzhang/record/v1', estate, seq, kind, recorded_at, number, body].join('\n');
  return { ...record, leaf_hash: sha256Hex(Buffer.concat([Buffer.from([0]), Buffer.from(leaf)])) };
};

t.test('whoever rewrites everything but cannot use the passkey is found by its signature alone', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '20000.00');
  const bundle = await bundleOf(h, 'resident', await paid(h));
  const document = bundle.document.replaceAll('7000.00', '9000.00');
  const document_hash = sha256Hex(document);
  const rewritten = (record: LoggedRecord): LoggedRecord => relogged(bundle.estate, {
    ...record, body: record.body.replaceAll('7000.00', '9000.00').replaceAll(bundle.document_hash, document_hash),
  });
  const forged: EvidenceBundle = {
    ...bundle, document, document_hash, submission: rewritten(bundle.submission), entry: rewritten(bundle.entry!),
    signatures: bundle.signatures.map((one) => ({ ...one, record: rewritten(one.record) })),
  };
  t.same(verifyEvidence(forged).findings.map(({ code, where }) => `${code} ${where}`), ['challenge_differs signatures[1]']);
});

t.test('an emergency order is ratified under the normal rule', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '300000.00');
  const id = await within(h, async (trx) => {
    const row = { kind: 'payment' as const, title: '水管爆裂抢修', amount: money('120000.00'), fund: 'service', class: 'emergency' as const };
    const proposal_id = await draftProposal(trx, { estate_id: h.estate.estate_id, made_by: h.persons.cashier, ...row });
    await submitProposal(trx, { estate: h.estate, proposal_id, actor: h.actorOf('cashier'), ...row, content: { emergency_reason: '主管爆裂' } });
    return proposal_id;
  });
  await sign(h, id, 'manager');
  await sign(h, id, 'committee1');
  const before = verifyEvidence(await bundleOf(h, 'resident', id));
  t.match(before, { ok: true, complete: true, ratified: false });
  const key = await h.enrol('committee2');
  t.match((await h.signWith('committee2', key, id, 'ratify')).json, { status: 'ratified' });
  const bundle = await bundleOf(h, 'resident', id);
  t.match(verifyEvidence(bundle), { ok: true, complete: true, ratified: true, strong: 1, weak: 2 });
  const missed = [...leaves(bundle)].filter((path) => verifyEvidence(changed(bundle, path)).ok);
  t.same(missed.map((path) => path.join('.')), []);
});

t.test('who may have the evidence', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '20000.00');
  const draft = await drafted(h);
  const open = await submitted(h);
  t.match((await h.ask('cashier', 'GET', `proposals/${draft}/evidence.json`)).json, { code: 'evidence_none' });
  t.match((await h.ask('resident', 'GET', `proposals/${open}/evidence.json`)).json, { code: 'proposal_not_public' });
  t.match((await h.ask('stranger', 'GET', `proposals/${open}/evidence.json`)).json, { code: 'estate_unknown' });
  t.match((await h.ask('resident', 'GET', 'proposals/999999/evidence.json')).json, { code: 'proposal_unknown' });
  const unsigned = await bundleOf(h, 'auditor', open);
  t.match(verifyEvidence(unsigned), { ok: true, complete: false, strong: 0, weak: 0 });
});

t.test('a deputy under a rule that was changed: delegation and change are in the file, and nothing in it bends', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙候补');
  await h.seat({ login: 'sun' }, 'manager', 'committee1');
  const cashier = await h.as('cashier');
  const { json: delegation } = await cashier.post(`${api}/delegations`, { principal_term: await h.term('committee1'),
    deputy_term: await h.term('sun', 'deputy'), starts_on: OPENED, ends_on: '2026-12-31', after_days: 0 });
  await h.sign(delegation['proposal_id'] as number, 'manager', 'committee1');
  const { items } = (await cashier.get(`${api}/rules`)).json as { items: { rule_id: number; kind: string; class: string; amount_from: string; amount_to: string }[] };
  const small = items.find((rule) => rule.kind === 'payment' && rule.class === 'normal' && rule.amount_from === '0.00')!;
  const change = await cashier.post(`${api}/rules/changes`, {
    ends: [small.rule_id], valid_from: '2026-11-03', reason: '物业先签，业委会后签',
    rules: [{ kind: 'payment', amount_from: '0.00', amount_to: small.amount_to, fund: null, expires_days: 30, bodies: { property: 1, committee: 1 }, sequence: ['property', 'committee'] }],
  });
  await h.sign(change.json['proposal_id'] as number, 'manager', 'committee1', 'committee2');
  h.at('2026-11-04');
  const id = await h.order();
  t.match(await h.signed(id, 'sun'), /out_of_turn|delegation_missing/, 'the company first');
  await h.sign(id, 'manager', 'sun');
  const { json: paid } = await h.pay(id);
  t.equal(paid['status'], 'posted');
  const bundle = (await (await h.as('resident')).get(`${api}/proposals/${id}/evidence.json`)).json as unknown as EvidenceBundle;
  t.match(verifyEvidence(bundle), { ok: true, complete: true, strong: 0, weak: 2 });
  t.same(bundle.rule.records.map((record) => record.kind), ['proposal_submitted', 'rules_changed']);
  t.equal(bundle.signatures[1]!.delegation?.kind, 'delegation_opened');
  const missed = [...leaves(bundle)].filter((path) => verifyEvidence(changed(bundle, path)).ok);
  t.same(missed.map((path) => path.join('.')), []);
  const [first, second] = bundle.signatures;
  t.match(codesOf({ ...bundle, signatures: [first!, { ...second!, delegation: null }] }), ['delegation_missing']);
  const swapped = relogged(bundle.estate, { ...first!.record, seq: second!.record.seq + 1 });
  t.ok(codesOf({ ...bundle, signatures: [{ ...first!, record: swapped }, second!] }).includes('out_of_turn'));
});
