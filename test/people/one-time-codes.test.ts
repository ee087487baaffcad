// One-time codes: the vectors of RFC 6238, setting up and turning off, each code once, wrong codes counted like
// wrong passwords, and no signature by password outside a demo without one.
import t from 'tap';
import { instant, laterBy, systemClock } from '../../src/kernel/dates.ts';
import { checkSigningPassword, setUpCodes } from '../../src/people/credential.ts';
import { codeAt, isSecret, newSecret, readCode, secretUri, stepOf } from '../../src/people/one-time-code.ts';
import { issueRecoveryCodes } from '../../src/people/recovery-code.ts';
import { PASSWORD, SIGNING_PASSWORD } from '../helpers/house.ts';
import { deviceKey, keyHouse, password } from './keys.ts';

t.test('codes are those of RFC 6238', async (t) => {
  // The secret of the RFC's appendix B, "12345678901234567890"; its codes have eight digits, ours the last six.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  t.ok(isSecret(secret));
  for (const [at, code] of [
    ['1970-01-01T00:00:59Z', '287082'], ['2005-03-18T01:58:29Z', '081804'], ['2005-03-18T01:58:31Z', '050471'],
    ['2009-02-13T23:31:30Z', '005924'], ['2033-05-18T03:33:20Z', '279037'], ['2603-10-11T11:33:20Z', '353130'],
  ] as const) {
    t.equal(codeAt(secret, instant(at)), code, at);
    t.type(stepOf(secret, code, instant(at)), 'number');
    t.equal(stepOf(secret, code, instant(at)), Math.floor(instant(at).getTime() / 30_000));
  }
  const now = instant('2026-11-21T08:00:10Z');
  for (const [steps, right] of [[-2, false], [-1, true], [0, true], [1, true], [2, false]] as const) {
    t.equal(stepOf(secret, codeAt(secret, now, steps), now) !== null, right, `a clock ${steps * 30} seconds off`);
  }
  t.equal(readCode('１２３ ４５６ '), '123456');
  for (const typed of ['', '12345', '1234567', '12345a', '-12345', '1e5', '十二三四五六']) t.equal(readCode(typed), null, typed);
  t.equal(new Set(Array.from({ length: 50 }, newSecret)).size, 50);
  t.match(secretUri(secret, 'manager'), /^otpauth:\/\/totp\/%E6%98%8E%E8%B4%A6:manager\?issuer=.*secret=GEZDG/);
});

t.test('setting up, signing and turning off', async (t) => {
  let now = systemClock();
  const later = (seconds: number) => (now = laterBy(now, seconds * 1000));
  const h = await keyHouse(t, { clock: () => now });
  const { house, persons, superuser } = h;
  const person_id = persons.manager;
  const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
  const check = (typed: string, factor: { code?: string; demo?: boolean } = {}): Promise<boolean | string> =>
    checkSigningPassword(house, person_id, typed, { demo: false, ...factor }).catch((error) => error.code as string);
  const forget = () => superuser.query('delete from login_failure');

  await t.test('without codes a signing password counts in a demo estate only', async (t) => {
    t.equal(await check(SIGNING_PASSWORD, { demo: true }), true);
    t.equal(await check(SIGNING_PASSWORD), 'code_not_set_up');
    t.equal(await check(SIGNING_PASSWORD, { code: '123456' }), 'code_not_set_up');
    t.equal(await check('wrong', { demo: true }), false);
  });

  const shown = (await h.ask('manager', 'GET', '/me/one-time-code')).body;
  const secret = /name="secret" value="(\w+)"/.exec(shown)![1]!;

  await t.test('they are set up with a code of the phone and the signing password', async (t) => {
    t.ok(isSecret(secret));
    t.match(shown, secret.slice(0, 4) + ' ' + secret.slice(4, 8), 'also for typing');
    t.match(shown, '<svg');
    const send = (fields: Record<string, string>) => h.ask('manager', 'POST', '/me/one-time-code', form(fields));
    const good = { secret, code: codeAt(secret, now), password: SIGNING_PASSWORD };
    for (const [fields, words] of [
      [{ ...good, code: codeAt(secret, now, 5) }, '一次性验证码不对'], [{ ...good, code: '' }, '一次性验证码不对'],
      [{ ...good, password: PASSWORD }, '密码不对'], [{ ...good, secret: 'AAAA' }, '不完整'],
    ] as const) {
      const answer = await send(fields);
      t.equal(answer.status, 422);
      t.match(answer.body, words);
      if (fields.secret === secret) t.match(answer.body, `value="${secret}"`, 'nobody has to scan twice');
      t.notMatch(answer.body, SIGNING_PASSWORD);
    }
    t.match((await send(good)).headers['location'], '/me/one-time-code?done=code_on');
    t.match((await send({ ...good, secret: newSecret() })).body, '已经设置过');
    t.match((await h.ask('manager', 'GET', '/me/one-time-code?done=code_on')).body, /一次性验证码已设置。[\s\S]*关闭一次性验证码/);
    t.equal((await h.ask('manager', 'GET', '/api/v1/passkeys')).json.one_time_code, true);
    await t.rejects(setUpCodes(house, { person_id: persons.cashier, secret, code: codeAt(secret, now), password: PASSWORD }),
      { code: 'signing_password_unset' });
    await forget();
  });

  await t.test('each code signs once, and the demo makes no exception where they are set up', async (t) => {
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now) }), 'code_used', 'the one of the setting up is used');
    later(30);
    t.equal(await check(SIGNING_PASSWORD), 'code_missing');
    t.equal(await check(SIGNING_PASSWORD, { demo: true }), 'code_missing');
    t.equal(await check('wrong', { code: codeAt(secret, now) }), false, 'a wrong password uses no code up');
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now) }), true);
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now) }), 'code_used');
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now, -1) }), 'code_used', 'nor one from before');
    t.equal(await check(SIGNING_PASSWORD, { code: ` ${codeAt(secret, now, 1).replace(/^(...)/, '$1 ')} ` }), true, 'the next one, as people type it');
    later(90);
    const code = codeAt(secret, now);
    const raced = await Promise.all(Array.from({ length: 8 }, () => check(SIGNING_PASSWORD, { code })));
    t.same(raced.filter((one) => one === true).length, 1, 'at the same moment, too');
    t.equal(await checkSigningPassword(house, persons.committee1, SIGNING_PASSWORD, { demo: false, code: codeAt(secret, now, 1) })
      .catch((error) => error.code), 'code_not_set_up', "somebody else's code is of no use");
  });

  await t.test('wrong codes count like wrong passwords, although the password was right each time', async (t) => {
    later(60);
    const wrong = codeAt(secret, now, 9);
    for (let i = 0; i < 2; i += 1) t.equal(await check(SIGNING_PASSWORD, { code: wrong }), 'code_wrong');
    t.equal(await check('wrong', { code: wrong }), false);
    for (let i = 0; i < 2; i += 1) t.equal(await check(SIGNING_PASSWORD, { code: wrong }), 'code_wrong');
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now) }), 'too_many_tries');
    later(16 * 60);
    t.equal(await check(SIGNING_PASSWORD, { code: codeAt(secret, now) }), true, 'after a quarter of an hour');
  });

  await t.test('with codes set up, a first passkey asks for one, and revoking asks for none', async (t) => {
    later(30);
    const begin = async (proof: object) => (await h.ask('manager', 'POST', '/api/v1/passkeys/options', proof)).json.code;
    t.equal(await begin(password), 'code_missing');
    t.equal(await begin({ ...password, code: '000000' }), 'code_wrong');
    const key = deviceKey();
    t.equal((await h.enrol('manager', key, { ...password, code: codeAt(secret, now) })).status, 201);
    const gone = { credential_id: key.id, reason: 'lost', ...password };
    t.equal((await h.ask('manager', 'POST', '/api/v1/passkeys/revoke', gone)).status, 204, 'the phone with the codes may be what is lost');
  });

  await t.test('they are turned off with the signing password and a code, or a recovery code when the phone is gone', async (t) => {
    later(30);
    const off = (fields: Record<string, string>) => h.ask('manager', 'POST', '/me/one-time-code/off', form(fields));
    t.match((await off({ password: SIGNING_PASSWORD })).body, '请输入手机验证器里');
    t.match((await off({ password: SIGNING_PASSWORD, code: '000000' })).body, '一次性验证码不对');
    t.match((await off({ password: PASSWORD, code: codeAt(secret, now) })).body, '密码不对');
    t.match((await off({ password: SIGNING_PASSWORD, code: codeAt(secret, now) })).headers['location'], 'done=code_off');
    t.equal(await check(SIGNING_PASSWORD), 'code_not_set_up');
    t.match((await off({ password: SIGNING_PASSWORD, code: codeAt(secret, now, 1) })).body, '不用关闭');

    const fresh = newSecret();
    await setUpCodes(house, { person_id, secret: fresh, code: codeAt(fresh, now), password: SIGNING_PASSWORD });
    const [printed] = await issueRecoveryCodes(house, person_id);
    t.match((await off({ password: PASSWORD, code: printed! })).status, 422, 'a recovery code alone does not');
    t.match((await off({ password: SIGNING_PASSWORD, code: printed! })).headers['location'], 'done=code_off');
    t.equal((await h.ask('manager', 'GET', '/api/v1/passkeys')).json.recovery_codes.unused, 7);
    t.match((await h.notices('cashier')).at(-1), { text_zh: /^马经理于 \d+ 月 \d+ 日关闭了签批用的一次性验证码/ }, 'the body hears of it');
  });
});
