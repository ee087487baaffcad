import t from 'tap';
import { isWeakPassword } from '../../src/people/weak-passwords.ts';
import { checkNewPassword, hashPassword, inTurn, matchesNow } from '../../src/people/password.ts';

t.test('passwords are kept as argon2id with 19 MiB, two passes, one lane', async (t) => {
  const phc = await hashPassword('对着窗外的桂花树说早安');
  t.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.not(phc, await hashPassword('对着窗外的桂花树说早安'), 'each with salt of its own');
  t.ok(await matchesNow(phc, '对着窗外的桂花树说早安'));
  t.notOk(await matchesNow(phc, '对着窗外的桂花树说晚安'));
  t.notOk(await matchesNow(null, 'anything'));
});

t.test('a hash made elsewhere is read', async (t) => {
  // From the tests of the argon2 reference implementation (src/test.c): version 0x13, t=2, m=2^16,
  // p=1.
  const phc =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  t.ok(await matchesNow(phc, 'password'));
});

t.test('full-width digits of an input method are the same password', async (t) => {
  t.ok(await matchesNow(await hashPassword('我家住在３栋１００２室对面'), '我家住在3栋1002室对面'));
});

t.test('at most two are computed at once', async (t) => {
  let now = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 12 }, () =>
      inTurn(async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => {
          setTimeout(resolve, 3);
        });
        now -= 1;
      }),
    ),
  );
  t.equal(most, 2);
  await t.rejects(
    Promise.all(
      Array.from({ length: 300 }, () =>
        inTurn(async () => {
          await new Promise((resolve) => {
            setTimeout(resolve, 3);
          });
        }),
      ),
    ),
    { code: 'passwords_busy' },
    'and who comes when two hundred wait is asked to come back',
  );
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  t.equal(await inTurn(() => Promise.resolve('free again')), 'free again');
});

t.test('what a new password must be', (t) => {
  const check = (password: string, own: string[] = []) =>
    checkNewPassword(password, { minimum: 15, field: 'password', own });
  const refused: [string, string][] = [
    ['short', 'password_short'],
    ['十四个汉字还是差一个才够数', 'password_short'],
    ['x'.repeat(257), 'password_long'],
    ['aaaaaaaaaaaaaaaaaaaa', 'password_common'],
    ['123456789012345', 'password_common'],
    ['987654321098765', 'password_common'],
    ['woaini1314woaini1314', 'password_common'],
    ['woaini1314 5201314', 'password_common'],
    ['WoAiNi1314-5201314', 'password_common'],
    ['password12345678', 'password_common'],
    ['qwertyuiop123456', 'password_common'],
    ['1qaz2wsx3edc4rfv', 'password_common'],
    ['５２０１３１４５２０１３１４５２０', 'password_common'],
    ['我爱你一生一世我爱你一生一世我爱你', 'password_common'],
    ['zhangsan19800101', 'password_common'],
    ['zhangsanzhangsan', 'password_common'],
  ];
  for (const [password, code] of refused) {
    t.throws(() => check(password, ['zhangsan']), { code, field: 'password' }, password);
  }
  for (const password of [
    'open-books-for-all',
    'two keys for one door',
    '桂花开的时候记得给奶奶打电话呀',
    'x7Kd-93mQ-pL2v-88Zt',
    `${'long '.repeat(20)}sentence`,
  ]) {
    t.doesNotThrow(() => check(password, ['zhangsan']), password);
  }
  t.doesNotThrow(
    () => checkNewPassword('mingzhang-demo', { minimum: 8, field: 'password', own: ['cashier'] }),
    'the demo may be shorter',
  );
  t.end();
});

t.test('the hardest string to take apart takes no time', (t) => {
  const started = performance.now();
  isWeakPassword('ai'.repeat(128));
  isWeakPassword('1'.repeat(60) + '12'.repeat(90) + 'x');
  isWeakPassword('5201314'.repeat(36) + '!');
  t.ok(performance.now() - started < 200);
  t.end();
});
