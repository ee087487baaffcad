// The PostgreSQL of the tests: one server for all test processes, without fsync. The first test that
// needs it starts this file beside itself; it ends by itself, with its folder, when no test is left.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBuiltIn, type Passwords } from '../../src/kernel/embedded.ts';
import { processStamp, takeLock } from '../../src/kernel/lock-file.ts';

export interface Cluster { port: number; passwords: Passwords; server: number; stamp: string | null }

const self = fileURLToPath(import.meta.url);
const folder = join(tmpdir(), `mingzhang-test-${process.getuid?.() ?? 0}-`
  + createHash('sha256').update(self).digest('hex').slice(0, 8));
const users = join(folder, 'users');
const state = join(folder, 'cluster.json');

// A test names itself and, under tap, the run it belongs to, so that the server outlives the gap
// between two files. The user is named before the state is read, and the other way round at the end.
function register(): void {
  const pids = process.env['TAP'] === '1' ? [process.pid, process.ppid] : [process.pid];
  mkdirSync(users, { recursive: true });
  for (const pid of pids) writeFileSync(join(users, String(pid)), processStamp(pid) ?? '');
}

const inUse = (): boolean => {
  for (const name of readdirSync(users)) {
    const stamp = readFileSync(join(users, name), 'utf8');
    if (processStamp(Number(name)) === stamp) return true;
    rmSync(join(users, name), { force: true });
  }
  return false;
};

function begin(): void {
  const log = openSync(`${folder}.log`, 'a');
  spawn(process.execPath, ['--import', new URL('../../bin/load-pages.mjs', import.meta.url).href, self, 'serve'],
    { detached: true, cwd: '/', stdio: ['ignore', log, log], env: { ...process.env, TAP: '' } }).unref();
}

/** The running server of the tests; started when there is none. */
export async function testCluster(): Promise<Cluster> {
  for (let turn = 0; turn < 1200; turn += 1) {
    try {
      register();
      const cluster = JSON.parse(readFileSync(state, 'utf8')) as Cluster;
      if (processStamp(cluster.server) === cluster.stamp) return cluster;
      rmSync(state, { force: true }); // killed, and left its note
    } catch {
      // Not there yet: started below.
    }
    if (turn % 200 === 0) begin();
    await sleep(50);
  }
  throw new Error(`the PostgreSQL of the tests did not start: see ${folder}.log`);
}

async function serve(): Promise<void> {
  mkdirSync(users, { recursive: true });
  chmodSync(folder, 0o711);
  const lock = takeLock(`${folder}.lock`);
  if (typeof lock === 'number') return;
  rmSync(state, { force: true });
  const server = await startBuiltIn({
    data: join(folder, 'data'), note: console.log, warn: console.error, durable: false,
  });
  const publish = () => {
    const { port, passwords } = server;
    const note: Cluster = { port, passwords, server: process.pid, stamp: processStamp(process.pid) };
    writeFileSync(`${state}.new`, JSON.stringify(note), { mode: 0o600 });
    renameSync(`${state}.new`, state);
  };
  let stop = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { stop = true; });
  publish();
  for (let idle = 0; ;) {
    await sleep(250);
    idle = inUse() && !stop ? 0 : idle + 1;
    if (idle < 8 && !stop) continue;
    rmSync(state, { force: true });
    await sleep(20);
    if (stop || !inUse()) break;
    idle = 0;
    publish();
  }
  await server.stop();
  // Where root's own temporary folder is closed to others, the database lies elsewhere.
  if (!server.folder.startsWith(folder)) rmSync(dirname(server.folder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.log`, { force: true });
  lock.release();
}

if (process.argv[1] === self && process.argv[2] === 'serve') await serve();
