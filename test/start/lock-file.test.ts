import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { lockHolder, processStamp, takeLock, type LockFile } from '../../src/kernel/lock-file.ts';

t.test('one holder at a time', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'lock');
  const lock = takeLock(file) as LockFile;
  t.equal(lockHolder(file), process.pid);
  t.equal(takeLock(file), process.pid);
  lock.release();
  t.equal(lockHolder(file), null);
  t.notOk(existsSync(file));
  (takeLock(file) as LockFile).release();
  t.same(readdirSync(folder), [], 'nothing is left beside it');
});

t.test('a lock of an ended process, or of another with its number, is stale', async (t) => {
  const file = join(t.testdir(), 'lock');
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => { child.once('exit', done); });
  for (const content of [`${child.pid} gone`, `${process.pid} started at another time`, '', 'rubbish']) {
    writeFileSync(file, content);
    const lock = takeLock(file);
    t.type(lock, 'object', `taken over from "${content}"`);
    (lock as LockFile).release();
  }
});

t.test('a release does not take away the lock of another', async (t) => {
  const file = join(t.testdir(), 'lock');
  const lock = takeLock(file) as LockFile;
  writeFileSync(file, `1 ${processStamp(1)}\n`);
  lock.release();
  t.equal(lockHolder(file), 1);
});
