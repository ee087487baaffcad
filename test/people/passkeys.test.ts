// Passkeys: who enrols one and by what proof, what is recorded, what is refused, who hears of it.
import { sql, type RawBuilder } from 'kysely';
import t from 'tap';
import { openEstateRow } from '../../src/estate/estate.ts';
import { commitmentOf } from '../../src/evidence/personal-value.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { systemClock, today } from '../../src/kernel/dates.ts';
import { openBody } from '../../src/people/body.ts';
import type { House } from '../../src/kernel/house.ts';
import { confirm } from '../../src/people/passkey-confirm.ts';
import { ownPasskeys, passkeyOptions, passkeysOf, verifyAssertion } from '../../src/people/passkey.ts';
import { appoint } from '../../src/people/term.ts';
import { verifyOffline } from '../../src/proof/assertion.ts';
import { PASSWORD, SIGNING_PASSWORD, signIn, testEstate } from '../helpers/house.ts';
import type { Forgery } from '../helpers/passkey.ts';
import { deviceKey, keyHouse, password, place, type KeyHouse } from './keys.ts';

const days = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };

t.test('the first passkey is confirmed by the signing password; the log keeps all that its signatures need', async (t) => {
  const h = await keyHouse(t);
  const key = deviceKey({ synced: true });
  const options = await h.begin('committee1', password);
  t.match(options, {
    rp: { id: 'localhost' }, attestation: 'none', user: { name: 'committee1', displayName: '陈主任' },
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
  });
  const response = key.register(options);
  const made = await h.ask('committee1', 'POST', '/api/v1/passkeys', { label: ' 手机 ', response });
  t.equal(made.status, 201, made.body);
  t.match(made.json, { credential_id: key.id, label: '手机', confirmed_by: 'password', backup_eligible: true, backed_up: true });

  const kept = await h.superuser.query('select salt from personal_value');
  const [record] = await h.records('passkey_enrolled');
  t.same(record, {
    person: h.persons.committee1, credential_id: key.id, public_key: key.public_key, algorithm: -7, ...place,
    aaguid: '00000000-0000-0000-0000-000000000000', transports: ['internal'], label_commitment: commitmentOf(kept.rows[0].salt, 'label', '手机'), backup_eligible: true,
    backed_up: true, confirmed_by: 'password', attestation_object: response.response.attestationObject,
    client_data_json: response.response.clientDataJSON,
  });
  t.equal((await h.records('passkey_enrolled', h.other.estate_id)).length, 0, 'in the estates of the person only');

  const list = (await h.ask('committee1', 'GET', '/api/v1/passkeys')).json;
  t.match(list, {
    items: [{ credential_id: key.id, label: '手机', confirmed_by: 'password', last_used_at: null, revoked_at: null, estates: ['test'] }],
    recovery_codes: { unused: 8 }, one_time_code: false,
  });
  t.equal((await h.ask('committee2', 'GET', '/api/v1/passkeys')).json.items.length, 0, 'nobody else sees it there');

  await t.test('everybody in the body hears of it, and nobody outside', async (t) => {
    const on = today(systemClock).split('-').map(Number);
    const said = `陈主任于 ${on[1]} 月 ${on[2]} 日登记了新的通行密钥“手机”（用密码确认）。如果不是本人操作，请马上让本人注销，并通知各方。`;
    t.match(await h.notices('committee2'), [{ text_zh: said, text_en: /^陈主任 enrolled a new passkey "手机" on /, href: '/e/test/people' }]);
    t.match(await h.notices('committee1'), [{ text_zh: said, href: '/me/passkeys' }]);
    t.same(await h.notices('manager'), []);
    await h.enrol('street', deviceKey());
    t.match(await h.notices('manager'), [{ text_zh: /^赵街道于/ }], 'of a body of one, everybody in office hears');
  });
});

t.test('without the right password there is no first passkey', async (t) => {
  const h = await keyHouse(t);
  const tried = async (login: string, proof: object): Promise<string> =>
    (await h.ask(login, 'POST', '/api/v1/passkeys/options', proof)).json.code;
  t.equal(await tried('manager', { method: 'password', password: PASSWORD }), 'confirmation_wrong', 'the login password is not enough');
  t.equal(await tried('manager', { method: 'password' }), 'confirmation_wrong');
  t.equal(await tried('manager', { method: 'recovery_code', recovery_code: '0000-0000-0000' }), 'recovery_code_wrong');
  t.equal(await tried('manager', { method: 'passkey', assertion: deviceKey().sign({ challenge: 'AAAA' }) }), 'challenge_expired');
  t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys/confirmation', { act: 'enrol' })).json.code, 'passkey_none');
  for (let i = 0; i < 3; i += 1) await tried('manager', { method: 'password', password: `wrong ${i}` });
  const locked = await h.ask('manager', 'POST', '/api/v1/passkeys/options', password);
  t.match([locked.status, locked.json.code, Number(locked.headers['retry-after']) > 0], [429, 'too_many_tries', true]);
  t.equal((await h.records('passkey_enrolled')).length, 0);
});

t.test('without a signing password the login password confirms; a deputy and whoever begins next year enrol as well', async (t) => {
  const words = 'seven boats upon the lake';
  const officer = (login: string, term: object) => ({
    name: login, login, password: words, signing_password: null,
    terms: [{ body: 'committee' as const, office: 'member' as const, ...days, ...term }],
  });
  const h = await keyHouse(t, { officers: [
    officer('deputy', { office: 'deputy' }), officer('next', { starts_on: '2098-01-01' }), officer('former', { ends_on: '2021-12-31' }),
  ] });
  const tried = async (login: string, proof: object) => {
    const cookie = await signIn(h.app, login, words);
    const answer = await h.app.inject({ method: 'POST', url: '/api/v1/passkeys/options', payload: proof, headers: { ...cookie, host: 'localhost:8080' } });
    if (answer.statusCode !== 200) return answer.json().code as string;
    const response = deviceKey().register(answer.json().options);
    const made = await h.app.inject({ method: 'POST', url: '/api/v1/passkeys', payload: { label: '手机', response }, headers: { ...cookie, host: 'localhost:8080' } });
    return made.statusCode;
  };
  t.equal(await tried('deputy', { method: 'password', password: 'eight boats upon the lake' }), 'confirmation_wrong');
  t.equal(await tried('deputy', { method: 'password', password: words }), 201);
  t.equal(await tried('next', { method: 'password', password: words }), 201);
  t.equal(await tried('former', { method: 'password', password: words }), 'passkey_without_office');
  t.match(await h.notices('committee1'), [{ text_zh: /^deputy于/ }, { text_zh: /^next于/ }]);
});

t.test('who signs nothing has no use for a passkey; a program enrols none', async (t) => {
  const h = await keyHouse(t);
  for (const login of ['cashier', 'auditor', 'resident']) {
    const answer = await h.ask(login, 'POST', '/api/v1/passkeys/options', { method: 'password', password: PASSWORD });
    t.match([answer.status, answer.json.code], [403, 'passkey_without_office'], login);
  }
  const { token } = (await h.ask('manager', 'POST', '/api/v1/tokens', { label: 'x', scopes: ['post'] })).json;
  for (const [url, body] of [
    ['/api/v1/passkeys/options', password], ['/api/v1/passkeys/confirmation', { act: 'enrol' }],
    ['/api/v1/passkeys', { label: 'x', response: deviceKey().register({ challenge: 'AAAA' }) }],
    ['/api/v1/passkeys/revoke', { credential_id: deviceKey().id, reason: 'lost', ...password }],
    ['/api/v1/recovery-codes', password],
  ] as const) {
    const answer = await h.app.inject({ method: 'POST', url, payload: body, headers: { authorization: `Bearer ${token}` } });
    t.equal(answer.json().code, 'token_by_token', url);
    const nobody = await h.app.inject({ method: 'POST', url, payload: body, headers: { 'sec-fetch-site': 'same-origin' } });
    t.equal(nobody.json().code, 'login_required', url);
  }
});

t.test('what the device answers to an enrolment is taken only if all of it is right', async (t) => {
  const h = await keyHouse(t);
  const forgeries: Record<string, Forgery> = {
    'the device does not know who was there': { user_verified: false },
    'nobody was there': { user_present: false },
    'made on another page': { origin: 'https://mingzhang.example' },
    'made on a page of another kind': { origin: 'https://localhost:8080' },
    'made on a host that begins alike': { origin: 'http://localhost.example:8080' },
    'made for another host': { rp_id: 'mingzhang.example' },
    'made for another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
    'a signature in place of an enrolment': { type: 'webauthn.get' },
    'made in a frame of another site': { cross_origin: true },
  };
  for (const [name, forged] of Object.entries(forgeries)) {
    const answer = await h.enrol('manager', deviceKey(), password, forged);
    t.match([answer.status, answer.json.code], [422, 'passkey_invalid'], name);
  }
  for (const response of [{ id: 'x', response: { attestationObject: 'AA', clientDataJSON: 'AA' } },
    { id: deviceKey().id, response: { attestationObject: 'oA', clientDataJSON: 'e30' } }]) {
    await h.begin('manager', password);
    t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys', { label: '手机', response })).json.code, 'passkey_invalid');
  }
  await t.test('a challenge is answered once, by its own person, in time', async (t) => {
    const key = deviceKey();
    const response = key.register(await h.begin('manager', password));
    const sent = { label: '手机', response };
    t.equal((await h.ask('committee1', 'POST', '/api/v1/passkeys', sent)).json.code, 'challenge_expired', 'somebody else');
    await h.begin('committee1', password);
    t.equal((await h.ask('committee1', 'POST', '/api/v1/passkeys', sent)).json.code, 'passkey_invalid', 'somebody else, with their own');
    t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys', { ...sent, label: '我的手机 13812345678' })).json.code, 'text_personal',
      'a name that must not stand in the log costs no challenge');
    t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys', sent)).status, 201);
    t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys', sent)).json.code, 'challenge_expired', 'a second time');
    const late = deviceKey().register(await h.begin('supervisor', password));
    await h.superuser.query(`update enrolment_challenge set expires_at = now() - interval '1 second'`);
    t.equal((await h.ask('supervisor', 'POST', '/api/v1/passkeys', { label: 'x', response: late })).json.code, 'challenge_expired');
  });
  t.equal((await h.records('passkey_enrolled')).length, 1);
});

t.test('a further passkey is confirmed by one that is there, on this or another device', async (t) => {
  const h = await keyHouse(t);
  const first = deviceKey();
  await h.enrol('committee1', first);
  const refused = await h.ask('committee1', 'POST', '/api/v1/passkeys/options', password);
  t.equal(refused.json.code, 'passkey_confirms_next', 'a password is no longer enough');
  const asked = await h.challenge('committee1', { act: 'enrol' });
  t.match(asked, { rpId: 'localhost', userVerification: 'required', allowCredentials: [{ id: first.id, transports: ['internal', 'hybrid'] }] });
  const signed = first.sign(asked);
  const by = (assertion: object) => h.ask('committee1', 'POST', '/api/v1/passkeys/options', { method: 'passkey', assertion });
  for (const [name, forged] of Object.entries({ 'not verified': { user_verified: false }, damaged: { damaged: true }, elsewhere: { origin: 'https://x.example' } })) {
    t.equal((await by(first.sign(await h.challenge('committee1', { act: 'enrol' }), forged))).json.code, 'assertion_invalid', name);
  }
  t.equal((await by(signed)).json.code, 'challenge_expired', 'the challenge before the last is void');
  const stranger = deviceKey();
  t.equal((await by(stranger.sign(await h.challenge('committee1', { act: 'enrol' })))).json.code, 'passkey_unknown');
  await h.enrol('committee2', stranger);
  t.equal((await by(stranger.sign(await h.challenge('committee1', { act: 'enrol' })))).json.code, 'passkey_unknown', "a colleague's key");
  const for_revoking = first.sign(await h.challenge('committee1', { act: 'revoke', credential_id: first.id }));
  t.equal((await by(for_revoking)).json.code, 'challenge_expired', 'what confirms one act confirms no other');

  const second = deviceKey({ algorithm: -8, transports: ['usb'] });
  const proof = { method: 'passkey', assertion: first.sign(await h.challenge('committee1', { act: 'enrol' })) };
  const options = await h.begin('committee1', proof);
  t.match(options.excludeCredentials, [{ id: first.id }], 'not twice on one device');
  const made = await h.ask('committee1', 'POST', '/api/v1/passkeys', { label: '安全钥匙', response: second.register(options) });
  t.match([made.status, made.json.confirmed_by, made.json.recovery_codes], [201, 'passkey', null]);
  t.equal((await by(proof.assertion)).json.code, 'challenge_expired', 'an answer counts once');
  t.equal((await h.records('passkey_enrolled')).at(-1).confirmed_by, 'passkey');
});

t.test('a recovery code enrols a passkey, once', async (t) => {
  const h = await keyHouse(t);
  const first = deviceKey();
  const { json } = await h.enrol('manager', first);
  const codes = json.recovery_codes as string[];
  t.equal(new Set(codes).size, 8);
  for (const code of codes) t.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  const { rows } = await h.superuser.query('select recovery_code::text as row from recovery_code');
  t.equal(rows.length, 8);
  for (const code of codes) t.notMatch(JSON.stringify(rows), code.replaceAll('-', ''), 'only the hash is kept');

  const typed = codes[0]!.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const made = await h.enrol('manager', deviceKey(), { method: 'recovery_code', recovery_code: typed });
  t.match([made.status, made.json.confirmed_by, made.json.recovery_codes], [201, 'recovery_code', null]);
  const again = await h.ask('manager', 'POST', '/api/v1/passkeys/options', { method: 'recovery_code', recovery_code: codes[0] });
  t.equal(again.json.code, 'recovery_code_wrong');
  const other = await h.ask('committee1', 'POST', '/api/v1/passkeys/options', { method: 'recovery_code', recovery_code: codes[1] });
  t.equal(other.json.code, 'recovery_code_wrong', "nobody else's");
  t.equal((await h.ask('manager', 'GET', '/api/v1/passkeys')).json.recovery_codes.unused, 7);

  const raced = await Promise.all(Array.from({ length: 6 }, () =>
    h.ask('manager', 'POST', '/api/v1/passkeys/options', { method: 'recovery_code', recovery_code: codes[2] })));
  t.equal(raced.filter(({ status }) => status === 200).length, 1, 'at the same moment, too');
  await h.superuser.query('delete from login_failure');

  t.equal((await h.ask('manager', 'POST', '/api/v1/recovery-codes', { method: 'recovery_code', recovery_code: codes[3] })).json.code,
    'recovery_code_enrols_only');
  t.equal((await h.ask('manager', 'POST', '/api/v1/recovery-codes', password)).json.code, 'recovery_by_key',
    'whoever has a key needs it: a password would be the way around it');
  const assertion = first.sign(await h.challenge('manager', { act: 'recovery_codes' }));
  const renewed = await h.ask('manager', 'POST', '/api/v1/recovery-codes', { method: 'passkey', assertion });
  t.match([renewed.status, renewed.json.codes.length], [201, 8]);
  t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys/options', { method: 'recovery_code', recovery_code: codes[3] })).json.code,
    'recovery_code_wrong', 'the old ones are void');
  t.match((await h.notices('manager')).at(-1), { text_zh: /^您的恢复码换了新的一张/ });
  t.same((await h.notices('cashier')).filter(({ text_zh }) => text_zh.includes('恢复码换了')), [], 'that is told to nobody else');
});

t.test('a passkey is revoked at once and for good, by a password or by a key', async (t) => {
  const h = await keyHouse(t);
  const [phone, stick] = [deviceKey(), deviceKey()];
  const { recovery_codes } = (await h.enrol('committee1', phone)).json;
  const proof = { method: 'passkey', assertion: phone.sign(await h.challenge('committee1', { act: 'enrol' })) };
  await h.enrol('committee1', stick, proof);
  const revoke = (login: string, body: object) => h.ask(login, 'POST', '/api/v1/passkeys/revoke', { reason: 'lost', ...body });

  t.equal((await revoke('committee2', { credential_id: phone.id, ...password })).json.code, 'passkey_unknown', 'not by a colleague');
  t.equal((await revoke('committee1', { credential_id: phone.id, method: 'password', password: PASSWORD })).json.code, 'confirmation_wrong');
  const wrong_one = stick.sign(await h.challenge('committee1', { act: 'revoke', credential_id: stick.id }));
  t.equal((await revoke('committee1', { credential_id: phone.id, method: 'passkey', assertion: wrong_one })).json.code, 'challenge_expired',
    'what revokes one key revokes no other');
  const by_key = stick.sign(await h.challenge('committee1', { act: 'revoke', credential_id: phone.id }));
  t.equal((await revoke('committee1', { credential_id: phone.id, method: 'passkey', assertion: by_key })).status, 204);
  t.same((await h.records('passkey_revoked')), [{ person: h.persons.committee1, credential_id: phone.id, reason: 'lost', by: h.persons.committee1 }]);
  t.match((await h.notices('committee2')).at(-1), { text_zh: /^陈主任于 \d+ 月 \d+ 日注销了通行密钥“手机”。/ });
  t.equal((await revoke('committee1', { credential_id: phone.id, ...password })).json.code, 'passkey_unknown', 'once');

  const { items } = (await h.ask('committee1', 'GET', '/api/v1/passkeys')).json;
  t.match(items, [{ credential_id: stick.id, revoked_at: null }, { credential_id: phone.id, revoked_at: /^20/ }]);
  const by_revoked = phone.sign(await h.challenge('committee1', { act: 'enrol' }));
  t.equal((await h.ask('committee1', 'POST', '/api/v1/passkeys/options', { method: 'passkey', assertion: by_revoked })).json.code, 'passkey_unknown');

  t.equal((await revoke('committee1', { credential_id: stick.id, ...password, reason: 'replaced' })).status, 204, 'the last one, too');
  const by_code = (index: number) => ({ method: 'recovery_code', recovery_code: recovery_codes[index] });
  const by_password = await h.ask('committee1', 'POST', '/api/v1/passkeys/options', password);
  t.match([by_password.status, by_password.json.code], [409, 'passkey_revoked_lately'], 'a stolen password does not turn a key into another');
  const later: House = { ...h.house, clock: () => new Date(Date.now() + 3 * 86_400_000 + 60_000) };
  const sure = { proof: { method: 'password', password: SIGNING_PASSWORD }, host: 'localhost:8080' } as const;
  t.equal(await confirm(later, h.actorOf('committee1'), { act: 'enrol' }, sure), 'password', 'three days later it may begin anew');
  const again = await h.enrol('committee1', stick, by_code(0));
  t.match([again.status, again.json.code], [409, 'passkey_exists'], 'what was revoked does not come back');
  t.equal((await h.enrol('committee1', deviceKey(), by_code(1))).status, 201, 'with a recovery code at once');
});

t.test('signing asks the keys of the estate, and verifies what they answer', async (t) => {
  const h = await keyHouse(t);
  const { house, estate, persons } = h;
  const challenge = Buffer.alloc(32, 9);
  const asked = { estate, person_id: persons.committee1, challenge };
  await t.rejects(passkeyOptions(house, asked), { code: 'passkey_none' });
  const key = deviceKey({ counts: true });
  const theirs = deviceKey();
  await h.enrol('committee1', key);
  await h.enrol('committee2', theirs);
  const options = await passkeyOptions(house, asked);
  t.match(options, { challenge: challenge.toString('base64url'), rpId: 'localhost', userVerification: 'required' });
  t.same(options.allowCredentials?.map(({ id }) => id), [key.id]);

  const evidence = await verifyAssertion(house, { ...asked, assertion: key.sign(options) });
  t.match(evidence, { credential_id: key.id, public_key: key.public_key, algorithm: -7, ...place, sign_count: 1, backed_up: false });
  t.ok(verifyOffline(evidence, challenge), 'and again without the library');
  t.same(await verifyAssertion(house, { ...asked, assertion: JSON.stringify(key.sign(options)) }).then(({ sign_count }) => sign_count), 2,
    'as text of a form, too');

  const refused = (assertion: unknown, change: object = {}): Promise<string> =>
    verifyAssertion(house, { ...asked, ...change, assertion }).then(() => 'taken', (error) => error.code);
  t.equal(await refused(theirs.sign(options)), 'passkey_unknown', "a colleague's key");
  t.equal(await refused(key.sign(options), { person_id: persons.committee2 }), 'passkey_unknown', 'in the name of a colleague');
  t.equal(await refused(key.sign(options), { estate: h.other }), 'passkey_unknown', 'in another estate');
  t.equal(await refused(key.sign(options), { challenge: Buffer.alloc(32) }), 'assertion_invalid', 'for another document');
  for (const forged of [{ user_verified: false }, { user_present: false }, { origin: 'http://evil.example' }, { rp_id: 'evil.example' },
    { damaged: true }, { type: 'webauthn.create' }, { cross_origin: true }]) {
    t.equal(await refused(key.sign(options, forged)), 'assertion_invalid', JSON.stringify(forged));
  }
  for (const nonsense of [null, 7, '', '{', {}, { id: key.id }, { id: 'é', response: {} }, []]) {
    t.equal(await refused(nonsense), 'assertion_invalid', JSON.stringify(nonsense));
  }
  await h.superuser.query('update passkey set sign_count = 40 where credential_id = $1', [key.id]);
  t.equal(await refused(key.sign(options, { counter: 40 })), 'passkey_cloned');
  t.equal(await refused(key.sign(options, { counter: 0 })), 'passkey_cloned');
  t.equal(await refused(key.sign(options, { counter: 40, damaged: true })), 'assertion_invalid', 'nobody is told of a copy by a forged signature');
  t.equal(await refused(key.sign(options, { counter: 41 })), 'taken');
});

t.test('the web role enrols nothing, and neither role bends or deletes a key', async (t) => {
  const h = await keyHouse(t);
  await h.enrol('manager', deviceKey());
  const [body] = await h.records('passkey_enrolled');
  const estate_id = h.estate.estate_id;
  const tried = (role: 'app' | 'signer', statement: RawBuilder<unknown>): Promise<string> =>
    inEstate(h.house.db[role], estate_id, (trx) => statement.execute(trx)).then(() => 'done', (error) => error.code as string);
  const DENIED = '42501';
  const other = JSON.stringify({ ...body, credential_id: deviceKey().id });
  t.equal(await tried('app', sql`select enrol_passkey(${estate_id}, ${other}, null, null)`), DENIED);
  t.equal(await tried('app', sql`select append_record(${estate_id}, 'passkey_enrolled', ${other})`), DENIED);
  for (const role of ['app', 'signer'] as const) {
    t.equal(await tried(role, sql`update passkey set public_key = '\\x00'`), DENIED, role);
    t.equal(await tried(role, sql`update passkey set revoked_at = null, revoked_seq = null`), DENIED, role);
    t.equal(await tried(role, sql`delete from passkey`), DENIED, role);
    t.equal(await tried(role, sql`insert into passkey select * from passkey`), DENIED, role);
  }
  t.equal(await tried('signer', sql`select enrol_passkey(${estate_id}, ${JSON.stringify({ ...body, credential_id: deviceKey().id, person: h.persons.cashier })}, null, null)`),
    '23001', 'not even for a cashier');
  await t.rejects(h.superuser.query(`update passkey set public_key = '\\x00'`), /append_only/, 'nor does the owner of the tables');
  t.equal((await h.records('passkey_enrolled')).length, 1);
});

async function thirdEstate({ house }: KeyHouse, person_id: string) {
  return openEstateRow(house, { ...testEstate('2026-01'), code: 'third', name_zh: '第三小区', name_en: 'Third Estate' },
    async (trx, { estate_id }) => {
      await openBody(trx, { estate_id, body: 'committee', name_zh: '业主委员会', name_en: "Owners' committee" });
      await appoint(trx, { estate_id, person_id, body: 'committee', office: 'chair', ...days });
    });
}

t.test('a key serves in every estate of its person: in each log, appointed before or after', async (t) => {
  const h = await keyHouse(t);
  const person_id = h.persons.committee1;
  const key = deviceKey();
  await h.enrol('committee1', key);
  const third = await thirdEstate(h, person_id);
  const challenge = Buffer.alloc(32, 3);
  const keysThere = () => inEstate(h.house.db.app, third.estate_id, (trx) => passkeysOf(trx, third.estate_id, person_id));
  t.equal((await keysThere()).length, 0, 'appointed after the enrolment');
  const asked = await Promise.all([1, 2, 3].map(() => passkeyOptions(h.house, { estate: third, person_id, challenge })));
  t.same(asked.map(({ allowCredentials }) => allowCredentials?.map(({ id }) => id)), [[key.id], [key.id], [key.id]], 'found when first asked, also by three at once');
  const bare = (records: any[]) => records.map(({ label_commitment: _salted, ...record }) => record);
  t.same(bare(await h.records('passkey_enrolled', third.estate_id)), bare(await h.records('passkey_enrolled')), 'with the same record, once');
  t.match((await keysThere()).map(({ label }) => label), ['手机'], 'under the name its owner gave it');
  t.equal((await verifyAssertion(h.house, { estate: third, person_id, challenge, assertion: key.sign(asked[0]!) })).credential_id, key.id);

  const second = deviceKey();
  const proof = { method: 'passkey', assertion: key.sign(await h.challenge('committee1', { act: 'enrol' })) };
  await h.enrol('committee1', second, proof);
  t.same((await keysThere()).map(({ credential_id }) => credential_id), [key.id, second.id], 'a new one goes to both at once');
  t.match((await h.ask('committee1', 'GET', '/api/v1/passkeys')).json.items.map(({ estates }: any) => estates), [['test', 'third'], ['test', 'third']]);

  await h.ask('committee1', 'POST', '/api/v1/passkeys/revoke', { credential_id: key.id, reason: 'lost', ...password });
  t.equal((await h.records('passkey_revoked', third.estate_id)).length, 1, 'and is revoked in both');

  await t.test('an estate that was left out catches up', async (t) => {
    const body = { person: person_id, credential_id: second.id, reason: 'lost', by: person_id };
    await h.superuser.query('select revoke_passkey($1, $2)', [h.estate.estate_id, JSON.stringify(body)]);
    await t.rejects(passkeyOptions(h.house, { estate: third, person_id, challenge }), { code: 'passkey_none' });
    t.ok((await ownPasskeys(h.house, person_id)).every(({ revoked_at }) => revoked_at !== null));
    t.same((await h.records('passkey_revoked', third.estate_id)).at(-1), body);
  });
});

t.test('passkeys belong to the public address; while developing, to localhost as well', async (t) => {
  const page = async (h: KeyHouse, host: string) => (await h.ask('manager', 'GET', '/me/passkeys', undefined, { host })).body;
  const begin = async (h: KeyHouse, host: string) =>
    (await h.ask('manager', 'POST', '/api/v1/passkeys/options', password, { host })).json;

  await t.test('opened at 127.0.0.1, the page leads to localhost', async (t) => {
    const h = await keyHouse(t, { settings: { public_url: 'http://127.0.0.1:8080' } });
    const shown = await page(h, '127.0.0.1:8080');
    t.match(shown, '请用 http://localhost:8080 打开');
    t.match(shown, 'href="http://localhost:8080/me/passkeys"');
    t.notMatch(shown, 'data-passkey=');
    t.match(await begin(h, '127.0.0.1:8080'), { code: 'passkey_address_wrong', facts: { address: 'http://localhost:8080' } });
    t.match(await page(h, 'localhost:8080'), 'data-passkey="make"');
    t.match(await begin(h, 'localhost:8080'), { options: { rp: { id: 'localhost' } } });
  });

  await t.test('in production only the public address counts', async (t) => {
    const h = await keyHouse(t, { settings: { public_url: 'https://books.example.cn', production: true } });
    for (const host of ['books.example.cn', 'localhost:8080', '10.0.0.8']) {
      t.equal((await begin(h, host)).options.rp.id, 'books.example.cn', `whatever the request says of its host: ${host}`);
    }
    t.match(await page(h, '10.0.0.8'), 'data-address="https://books.example.cn"', 'the script says so on a page opened elsewhere');
    const sent = async (origin: string) => {
      const { options } = await begin(h, 'books.example.cn');
      const response = deviceKey({ rp_id: 'books.example.cn', origin }).register(options);
      return h.ask('manager', 'POST', '/api/v1/passkeys', { label: '手机', response }, { host: 'books.example.cn' });
    };
    for (const origin of ['http://books.example.cn', 'https://evil.books.example.cn', 'https://books.example.cn:8443', 'http://localhost:8080']) {
      t.equal((await sent(origin)).json.code, 'passkey_invalid', origin);
    }
    t.equal((await sent('https://books.example.cn')).status, 201);
  });

  await t.test('in production without a name, the page says who can help', async (t) => {
    const h = await keyHouse(t, { settings: { public_url: 'http://10.0.0.8', production: true } });
    t.match(await page(h, 'localhost:8080'), 'MINGZHANG_PUBLIC_URL');
    t.match(await begin(h, 'localhost:8080'), { code: 'passkey_address_missing' });
  });
});

t.test('the pages: list, sheet, revocation; each form comes back with its reason', async (t) => {
  const h = await keyHouse(t);
  const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
  t.match((await h.ask('manager', 'GET', '/me')).body, /通行密钥[\s\S]*还没有[\s\S]*一次性验证码/);
  t.notMatch((await h.ask('resident', 'GET', '/me')).body, '/me/passkeys', 'residents have no use for it');
  const bare = await h.ask('manager', 'POST', '/me/passkeys', form({ label: '手机', password: SIGNING_PASSWORD }));
  t.match([bare.status, /浏览器的脚本/.test(bare.body), bare.body.includes('value="手机"')], [422, true, true]);

  const key = deviceKey();
  const response = JSON.stringify(key.register(await h.begin('manager', password)));
  const sheet = await h.ask('manager', 'POST', '/me/passkeys', form({ label: '手机', response }));
  t.equal(sheet.status, 200);
  t.equal(sheet.headers['cache-control'], 'no-store');
  t.equal(sheet.body.match(/<li>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<\/li>/g)?.length, 8);
  t.match((await h.ask('manager', 'POST', '/me/passkeys', form({ label: '手机', response }))).body, '已过时或已用过');
  const list = (await h.ask('manager', 'GET', '/me/passkeys')).body;
  t.match(list, /手机[\s\S]*还没有签过名[\s\S]*只在这一台设备里/);
  t.match(list, '还剩 8 个');

  const href = `/me/passkeys/revoke?key=${key.id}`;
  t.match(list, href);
  t.match((await h.ask('manager', 'GET', href)).body, '注销通行密钥“手机”');
  t.equal((await h.ask('committee1', 'GET', href)).status, 303, "not somebody else's");
  const wrong = await h.ask('manager', 'POST', '/me/passkeys/revoke', form({ credential_id: key.id, reason: 'lost', password: 'x' }));
  t.match([wrong.status, wrong.body.includes('密码不对')], [422, true]);
  const right = await h.ask('manager', 'POST', '/me/passkeys/revoke', form({ credential_id: key.id, reason: 'lost', password: SIGNING_PASSWORD }));
  t.match([right.status, right.headers['location']], [303, '/me/passkeys?done=revoked']);
  t.match((await h.ask('manager', 'GET', '/me/passkeys?done=revoked')).body, /通行密钥已注销[\s\S]*已注销的通行密钥/);
});
