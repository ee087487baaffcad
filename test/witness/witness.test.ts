// Who may witness, what a cosignature must be, and when the policy is fulfilled.
import { sql } from 'kysely';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { judgeNote, readPolicy } from '../../src/proof/policy.ts';
import { policyOf, proofState } from '../../src/witness/queries.ts';
import { fulfils, SIDES, type Side } from '../../src/witness/witness.ts';
import { signIn, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { BASE, deviceKey, enrolled, seconds } from './device.ts';

async function site(t: Ending) {
  const h = await testHouse(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const grow = async (count = 1): Promise<number> => {
    await inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
      for (let i = 0; i < count; i += 1) await appendRecord(trx, h.estate.estate_id, 'test_record', { i });
    });
    return (await issueCheckpoint(h.house, h.estate))!.size;
  };
  const state = () => inEstate(h.house.db.app, h.estate.estate_id, (trx) => proofState(trx, h.estate.estate_id), { readOnly: true });
  return { h, app, grow, state };
}
const kinds = async (h: TestHouse): Promise<string[]> =>
  (await h.superuser.query('select kind, body from record where estate_id = $1 and kind like \'witness%\' order by seq', [h.estate.estate_id]))
    .rows.map(({ kind, body }) => `${kind} ${body.replace(/"vkey":"[^"]*"/, '"vkey":…')}`);

t.test('committee, street and owners witness for their own side, nobody else', async (t) => {
  const { app, grow } = await site(t);
  await grow();
  const allowed: Partial<Record<PersonName, Side[]>> = { committee1: ['committee'], committee2: ['committee'], street: ['street'], resident: ['resident'] };
  for (const name of ['cashier', 'manager', 'committee1', 'committee2', 'supervisor', 'street', 'auditor', 'resident', 'stranger'] as const) {
    const headers = await signIn(app, name);
    for (const side of SIDES) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: `${BASE}/witnesses`, headers, payload: { side, vkey: deviceKey(side).vkey } });
      const wanted = allowed[name]?.includes(side) === true ? 201 : name === 'stranger' ? 404 : 403;
      t.equal(statusCode, wanted, `${name} for ${side}: ${body}`);
    }
  }
});

t.test('a key must be a witness\'s key of this log, and is enrolled once', async (t) => {
  const { h, app, grow } = await site(t);
  const headers = await signIn(app, 'committee1');
  const enrol = async (side: string, vkey: string, as = headers) =>
    (await app.inject({ method: 'POST', url: `${BASE}/witnesses`, headers: as, payload: { side, vkey } })).json();
  t.equal((await enrol('committee', deviceKey('committee').vkey)).code, 'witness_log_empty', 'before there is a checkpoint');
  await grow();
  for (const vkey of ['x', deviceKey('committee', 'elsewhere.cn/test').vkey, deviceKey('street').vkey, deviceKey('committee').vkey.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')),
    deviceKey('committee').vkey.replace('committee-', 'committee-zz')]) {
    t.equal((await enrol('committee', vkey)).code, 'witness_key_unreadable', vkey);
  }
  const { keys: [log] } = { keys: (await app.inject(`${BASE}/log/keys`)).json().items };
  t.equal((await enrol('committee', log.vkey)).code, 'witness_key_unreadable', 'the log\'s own key');
  const { vkey } = deviceKey('committee');
  const { witness_id } = await enrol('committee', vkey);
  t.equal((await enrol('committee', vkey)).witness_id, witness_id, 'once more gives the same');
  t.equal((await enrol('committee', vkey, await signIn(app, 'committee2'))).code, 'witness_key_used');
  t.ok((await enrol('committee', deviceKey('committee').vkey)).witness_id > witness_id, 'another device');
  t.equal((await enrol('committee', vkey)).code, 'witness_key_used', 'the old one has retired');
  t.same(await kinds(h), [
    `witness_enrolled {"person":"${h.persons.committee1}","side":"committee","vkey":…,"witness":1}`,
    'witness_retired {"witness":1}',
    `witness_enrolled {"person":"${h.persons.committee1}","side":"committee","vkey":…,"witness":2}`,
  ], 'the log says so');
  const bearer = (await app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload: { label: '机', scopes: ['read', 'post'] } })).json();
  const by_token = await app.inject({ method: 'POST', url: `${BASE}/witnesses`, headers: { authorization: `Bearer ${bearer.token}` },
    payload: { side: 'committee', vkey: deviceKey('committee').vkey } });
  t.equal(by_token.json().code, 'token_by_token', 'a token enrols no device');
});

t.test('of an owner the log does not say who', async (t) => {
  const { h, app, grow } = await site(t);
  await grow();
  await enrolled(app, 'resident', 'resident');
  t.same(await kinds(h), ['witness_enrolled {"person":null,"side":"resident","vkey":…,"witness":1}']);
  const { items } = (await app.inject(`${BASE}/witnesses`)).json();
  t.notMatch(JSON.stringify(items), h.persons.resident);
  t.notOk(items[0].mine, 'nobody is told whose it is');
});

t.test('a cosignature is kept when it holds, is of that checkpoint, of one\'s own device, and of now', async (t) => {
  const { app, grow } = await site(t);
  const size = await grow(3);
  const one = await enrolled(app, 'committee1', 'committee');
  const other = await enrolled(app, 'street', 'street');
  const later = await grow(2);
  const note = (await app.inject(`${BASE}/log/checkpoint?size=${later}`)).body;
  const refusedAs = async (code: string, given: Promise<{ status: number; json: any }>, name: string) => t.equal((await given).json.code, code, name);
  await refusedAs('cosignature_wrong', one.cosign(size, { line: one.line(note) }), 'of another checkpoint');
  await refusedAs('cosignature_wrong', one.cosign(later, { line: other.line(note) }), 'by another key');
  await refusedAs('cosignature_wrong', one.cosign(later, { line: '— a b' }), 'no line at all');
  await refusedAs('cosignature_time_wrong', one.cosign(later, { time: seconds() + 3 * 86_400 }), 'of the day after tomorrow');
  await refusedAs('cosignature_time_wrong', one.cosign(later, { time: 1 }), 'of 1970');
  await refusedAs('cosignature_time_wrong', one.cosign(later, { time: Number.MAX_SAFE_INTEGER }), 'of the end of time');
  await refusedAs('checkpoint_unknown', one.cosign(later - 1, { line: one.line(note) }), 'of no checkpoint');
  const foreign = await app.inject({ method: 'POST', url: `${BASE}/checkpoints/${later}/cosignatures`, headers: one.headers,
    payload: { witness: other.witness_id, line: other.line(note) } });
  t.equal(foreign.json().code, 'witness_of_another');
  const flipped = [...Buffer.from(one.line(note).split(' ')[2]!, 'base64')];
  for (const bit of [0, 40, 99, 300, 607]) {
    const bytes = Buffer.from(flipped);
    bytes[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
    await refusedAs('cosignature_wrong', one.cosign(later, { line: `— ${one.key.name} ${bytes.toString('base64')}` }), `bit ${bit} turned`);
  }
  t.same((await one.cosign(later)).json, { status: 'recorded' });
  t.same((await one.cosign(later)).json, { status: 'already_recorded' });
  t.same((await other.cosign(later, { line: `${other.line(note)}\n` })).json, { status: 'recorded' }, 'with its newline');
  await refusedAs('witness_goes_back', one.cosign(size), 'an older one afterwards');
});

t.test('a retired device and somebody out of office witness no more', async (t) => {
  const { h, app, grow } = await site(t);
  await grow();
  const one = await enrolled(app, 'committee1', 'committee');
  const two = await enrolled(app, 'committee2', 'committee');
  const size = await grow();
  t.equal((await app.inject({ method: 'POST', url: `${BASE}/witnesses/${two.witness_id}/retire`, headers: one.headers })).json().code, 'witness_of_another');
  t.equal((await app.inject({ method: 'POST', url: `${BASE}/witnesses/9/retire`, headers: one.headers })).json().code, 'witness_unknown');
  t.same((await app.inject({ method: 'POST', url: `${BASE}/witnesses/${one.witness_id}/retire`, headers: one.headers })).json(), { status: 'retired' });
  t.same((await app.inject({ method: 'POST', url: `${BASE}/witnesses/${one.witness_id}/retire`, headers: one.headers })).json(), { status: 'retired' }, 'twice changes nothing');
  t.equal((await one.cosign(size)).json.code, 'witness_retired');
  await h.superuser.query('alter table term disable trigger all');
  await h.superuser.query('update term set ends_on = \'2026-01-01\' where person_id = $1', [h.persons.committee2]);
  t.equal((await two.cosign(size)).json.code, 'estate_unknown', 'who belongs to the estate no more is not let in');
  const policy = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => policyOf(trx, h.estate.estate_id));
  t.notMatch(policy, /^witness /m, 'nor named in the policy');
  t.equal((await kinds(h)).filter((one) => one.startsWith('witness_retired')).length, 1);
});

t.test('the policy is fulfilled by the committee and one other side, under one checkpoint', async (t) => {
  const { h, app, grow, state } = await site(t);
  t.same((await state()).latest, null);
  await grow();
  const devices = { committee: await enrolled(app, 'committee1', 'committee'), street: await enrolled(app, 'street', 'street'), resident: await enrolled(app, 'resident', 'resident') };
  const policy = readPolicy((await app.inject(`${BASE}/log/policy`)).body);
  for (let mask = 0; mask < 8; mask += 1) {
    const signing = SIDES.filter((_, index) => (mask >> index) % 2 === 1);
    const size = await grow();
    for (const side of signing) t.equal((await devices[side].cosign(size)).status, 200);
    const judged = judgeNote(policy, (await app.inject(`${BASE}/log/checkpoint`)).body);
    const { items: [listed] } = (await app.inject(`${BASE}/checkpoints?limit=1`)).json();
    const now = await state();
    t.equal(judged.satisfied, fulfils(signing), `${signing}: the policy file says the same as the pages`);
    t.equal(listed.fulfilled, judged.satisfied);
    t.equal(now.fulfilled?.size === size, judged.satisfied);
    t.equal(now.missing.length === 0, judged.satisfied);
    t.same(listed.witnesses, Object.fromEntries(SIDES.map((side) => [side, signing.includes(side) ? 1 : 0])));
  }
  const { sides } = await state();
  t.same(SIDES.map((side) => sides[side].devices), [1, 1, 1]);
  const list = (await app.inject(`${BASE}/checkpoints?witnessed=true&limit=3`)).json();
  t.equal(list.items.length, 3);
  const rest = (await app.inject(`${BASE}/checkpoints?witnessed=true&cursor=${list.next_cursor}`)).json();
  t.equal(rest.items.length, 4, 'seven of eight were cosigned');
  t.equal(rest.next_cursor, null);
  const mine = (await app.inject({ url: `${BASE}/witnesses?mine=true`, headers: devices.resident.headers })).json();
  t.same(mine.items.map((one: { side: string; mine: boolean }) => [one.side, one.mine]), [['resident', true]]);
  t.equal((await app.inject(`${BASE}/witnesses?mine=true`)).statusCode, 401);
  t.ok(h);
});

t.test('the web role records no cosignature by itself, and none is ever changed', async (t) => {
  const { h, app, grow } = await site(t);
  await grow();
  const one = await enrolled(app, 'committee1', 'committee');
  const size = await grow();
  const line = one.line((await app.inject(`${BASE}/log/checkpoint`)).body);
  const as_app = (text: string) => inEstate(h.house.db.app, h.estate.estate_id, (trx) => sql.raw(text).execute(trx));
  await t.rejects(as_app(`select record_cosignature(${h.estate.estate_id}, 1, ${size}, now(), '${line}')`), /permission denied/);
  await t.rejects(as_app(`insert into cosignature values (${h.estate.estate_id}, ${size}, 1, now(), '${line}')`), /permission denied/);
  await t.rejects(as_app(`insert into witness select estate_id, 9, person_id, side, vkey || 'x', enrolled_at, seq from witness`), /permission denied/);
  t.equal((await one.cosign(size)).status, 200);
  await t.rejects(h.superuser.query('delete from cosignature'), /append_only/);
  await t.rejects(h.superuser.query('update witness set vkey = vkey'), /append_only/);
});
