// The built-in PostgreSQL: a real server with full durability in the data folder, for whoever sets no
// DATABASE_URL.
//   first start: initdb beside, then renamed into place; passwords drawn and kept with mode 0600
//   every start: own process group, so that ^C reaches our requests first and the database last
//   left over from a killed service: told by postmaster.pid, stopped, started again
//   dies while in use: started again by itself
// One service at a time holds a data folder (running.lock); the command line may join the holder.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';
import { findPlace, giveTo, type Place } from './embedded-place.ts';
import { lockHolder, processCommand, processStamp, takeLock, type LockFile } from './lock-file.ts';

export type LoginRole = 'postgres' | 'app' | 'signer' | 'auditor';
export type Passwords = Readonly<Record<LoginRole, string>>;

export interface BuiltIn {
  port: number;
  passwords: Passwords;
  /** Where the database lies. */
  folder: string;
  /** False when another process started it and will stop it. */
  owned: boolean;
  url(role: LoginRole, database: string): string;
  /** Ends it after all its sessions are closed (they are ended, if not); does nothing when not owned. */
  stop(): Promise<void>;
}

export interface BuiltInOptions {
  /** The data folder of the program. */
  data: string;
  note: (line: string) => void;
  warn: (line: string) => void;
  /** Use the server of a running service instead of refusing. */
  join?: boolean;
  /** Tests only: no fsync. */
  durable?: boolean;
}

const MAJOR = '18';

export async function startBuiltIn(options: BuiltInOptions): Promise<BuiltIn> {
  const { data } = options;
  mkdirSync(data, { recursive: true });
  const lock = await holdFolder(options);
  if (lock === null) return joinRunning(data);
  try {
    const place = findPlace(data, options.note);
    await stopLeftOver(place.folder);
    const passwords = readPasswords(data, place.folder);
    if (!existsSync(place.folder)) await createCluster(place, passwords);
    checkVersion(place.folder);
    const server = new Server(place, options);
    await server.start(rememberedPort(data));
    writeFileSync(join(data, 'postgres.port'), `${server.port}\n`);
    const builtIn = describe(server.port, passwords, place.folder, true);
    writeLogins(data, builtIn);
    return {
      ...builtIn,
      async stop() {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function describe(port: number, passwords: Passwords, folder: string, owned: boolean): BuiltIn {
  return {
    port, passwords, folder, owned,
    url: (role, database) => `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`,
    stop: async () => {},
  };
}

// ── One holder of a data folder ──────────────────────────────────────────────────────────────────

async function holdFolder({ data, join: mayJoin }: BuiltInOptions): Promise<LockFile | null> {
  const file = join(data, 'running.lock');
  // Another may be just about to end: a restart by hand should not fail for that.
  for (let turn = 0; ; turn += 1) {
    const lock = takeLock(file);
    if (typeof lock !== 'number') return lock;
    if (mayJoin === true) return null;
    if (turn >= 30) {
      throw new CannotStart(`Mingzhang is already running on ${data} (process ${lock}): stop that one first, `
        + 'or set MINGZHANG_DATA to another folder.');
    }
    await sleep(100);
  }
}

async function joinRunning(data: string): Promise<BuiltIn> {
  for (let turn = 0; turn < 300; turn += 1) {
    const port = rememberedPort(data);
    if (port !== null && existsSync(join(data, 'postgres.passwords'))) {
      const builtIn = describe(port, readPasswords(data, ''), '', false);
      const client = new pg.Client({ connectionString: builtIn.url('postgres', 'postgres') });
      try {
        await client.connect();
        await client.end();
        return builtIn;
      } catch {
        // It is still starting.
      }
    }
    if (lockHolder(join(data, 'running.lock')) === null) break;
    await sleep(100);
  }
  throw new CannotStart(`The running Mingzhang on ${data} is ending or does not answer: try again in a moment.`);
}

// ── Files of the data folder ─────────────────────────────────────────────────────────────────────

function rememberedPort(data: string): number | null {
  const file = join(data, 'postgres.port');
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

function readPasswords(data: string, folder: string): Passwords {
  const file = join(data, 'postgres.passwords');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  if (existsSync(folder)) {
    throw new CannotStart(`${file} is missing, so nobody can log in to the database in ${folder}: restore it from `
      + 'your backup, or set MINGZHANG_DATA to another folder to begin with empty books.');
  }
  const draw = () => randomBytes(24).toString('base64url');
  const passwords: Passwords = { postgres: draw(), app: draw(), signer: draw(), auditor: draw() };
  writeWhole(file, `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

/** For psql by hand; rewritten at every start. */
function writeLogins(data: string, builtIn: BuiltIn): void {
  const roles: LoginRole[] = ['app', 'signer', 'auditor', 'postgres'];
  writeWhole(join(data, 'postgres.logins'), [
    '# Logins of the built-in database while it runs, for psql. Keep secret. auditor reads only.',
    ...roles.map((role) => `${role}\t${builtIn.url(role, 'mingzhang')}`), ''].join('\n'));
}

function writeWhole(file: string, content: string): void {
  const beside = `${file}.new`;
  const descriptor = openSync(beside, 'w', 0o600);
  writeFileSync(descriptor, content);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(beside, file);
}

function checkVersion(folder: string): void {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new CannotStart(`The database in ${folder} was made by PostgreSQL ${version}, this program brings ${MAJOR}: `
    + 'dump it with the older program and restore it into an empty folder.');
}

// ── Creating a cluster ───────────────────────────────────────────────────────────────────────────

// What PostgreSQL needs of our environment; nothing of PG*, which would change where it looks.
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot', 'TEMP'];
  const entries = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' };
}

const runAs = ({ account, folder }: Place) =>
  ({ cwd: dirname(folder), env: environment(), ...(account === null ? {} : { uid: account.uid, gid: account.gid }) });

async function createCluster(place: Place, passwords: Passwords): Promise<void> {
  const beside = `${place.folder}.new`;
  const passwordFile = join(dirname(place.folder), 'postgres.initial-password');
  rmSync(beside, { recursive: true, force: true }); // half made, when a first start was cut off
  mkdirSync(beside, { mode: 0o700 });
  writeFileSync(passwordFile, `${passwords.postgres}\n`, { mode: 0o600 });
  giveTo(place.account, beside);
  giveTo(place.account, passwordFile);
  try {
    await runToEnd(join(place.program, 'bin/initdb'), [
      '-D', beside, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums',
    ], place);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(beside, place.folder);
  const parent = openSync(dirname(place.folder), 'r');
  if (process.platform !== 'win32') fsyncSync(parent);
  closeSync(parent);
}

function runToEnd(program: string, words: string[], place: Place): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, words, { ...runAs(place), detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (part: string) => { said += part; });
    child.on('error', (error) => fail(cannotRun(program, error)));
    child.on('close', (code) => (code === 0 ? done() : fail(new CannotStart(
      `The database could not be made in ${place.folder}: ${lastLine(said)}`))));
  });
}

const cannotRun = (program: string, error: Error): CannotStart =>
  new CannotStart(`${program} does not run on this machine (${error.message}): set DATABASE_URL to a PostgreSQL 15 to 18.`,
    { cause: error });

const lastLine = (text: string): string => {
  const lines = text.split('\n').filter((line) => /\S/.test(line));
  return (lines.findLast((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason').trim();
};

// ── Left over from before ────────────────────────────────────────────────────────────────────────

interface PidFile { pid: number; state: string }

function readPidFile(folder: string): PidFile | null {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, state: (lines[7] ?? '').trim() } : null;
  } catch {
    return null;
  }
}

// We hold the lock of the data folder, so a server that runs in it belonged to a service that was
// killed. It is stopped cleanly and started again as our own child, with today's settings.
async function stopLeftOver(folder: string): Promise<void> {
  const left = readPidFile(folder);
  if (left === null) return;
  const stamp = processStamp(left.pid);
  const command = processCommand(left.pid);
  // A dead number, or one that cannot be looked at, PostgreSQL judges better than we do.
  if (stamp === null || command === '') return;
  if (!(command.includes('postgres') && command.includes(folder))) {
    // The number belongs to another program by now, which PostgreSQL would take for a server.
    rmSync(join(folder, 'postmaster.pid'), { force: true });
    return;
  }
  process.kill(left.pid, 'SIGINT');
  for (let turn = 0; processStamp(left.pid) === stamp; turn += 1) {
    if (turn === 600) {
      throw new CannotStart(`PostgreSQL (process ${left.pid}) left over in ${folder} does not end: `
        + `see postgres.log, or end it with "kill -QUIT ${left.pid}".`);
    }
    await sleep(50);
  }
}

// ── The running server ───────────────────────────────────────────────────────────────────────────

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

class Server {
  port = 0;
  readonly #place: Place;
  readonly #options: BuiltInOptions;
  readonly #log: string;
  #child: ChildProcess | null = null;
  #stopping = false;

  constructor(place: Place, options: BuiltInOptions) {
    this.#place = place;
    this.#options = options;
    this.#log = join(options.data, 'postgres.log');
    if (existsSync(this.#log) && statSync(this.#log).size > 10_000_000) renameSync(this.#log, `${this.#log}.1`);
  }

  /** On the port of last time, so that a psql by hand keeps working; on another when that is taken. */
  async start(wanted: number | null): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      this.port = turn === 0 && wanted !== null ? wanted : await freePort();
      const ended = await this.#spawn();
      if (ended === null) return this.#watch();
      // A backend of a server that was killed may take a moment to notice and let go.
      if (/shared memory block/.test(ended)) await sleep(500);
      else if (!/could not bind|could not create any TCP/.test(ended)) {
        throw new CannotStart(`PostgreSQL did not start: ${lastLine(ended)} (see ${this.#log})`);
      }
    }
    throw new CannotStart(`PostgreSQL found no port to listen on (see ${this.#log})`);
  }

  /** null once it takes connections; what it said, when it ended instead. */
  async #spawn(): Promise<string | null> {
    const { folder, program } = this.#place;
    const log = openSync(this.#log, 'a', 0o600);
    const said = statSync(this.#log).size;
    const settings = {
      listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '60',
      // A new set of books grows fast: plans made for empty tables would not fit after a few seconds.
      autovacuum_naptime: '3s',
      log_timezone: 'UTC', timezone: 'UTC', log_checkpoints: 'off', log_line_prefix: '%m [%p] ',
      ...(this.#options.durable === false
        ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' } : {}),
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(program, 'bin/postgres'), ['-D', folder, '-p', String(this.port), ...words],
      { ...runAs(this.#place), detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    const failed: Error[] = [];
    child.on('error', (error) => failed.push(error));
    while (child.exitCode === null && child.signalCode === null && failed.length === 0) {
      const file = readPidFile(folder);
      if (file?.pid === child.pid && file?.state === 'ready') return null;
      await sleep(10);
    }
    if (failed[0] !== undefined) throw cannotRun(join(program, 'bin/postgres'), failed[0]);
    return readFileSync(this.#log).subarray(said).toString('utf8');
  }

  #watch(): void {
    this.#child!.once('exit', async (code, signal) => {
      for (let wait = 100; !this.#stopping; wait = Math.min(wait * 2, 5_000)) {
        this.#options.warn(`PostgreSQL ended by itself (${signal ?? code}); it is started again`);
        try {
          await stopLeftOver(this.#place.folder);
          const ended = await this.#spawn();
          if (ended === null) return this.#stopping ? void this.#child!.kill('SIGINT') : this.#watch();
          this.#options.warn(`PostgreSQL did not start: ${lastLine(ended)} (see ${this.#log})`);
        } catch (error) {
          this.#options.warn(String(error));
        }
        await sleep(wait);
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((done) => { child.once('exit', () => done()); });
    child.kill('SIGINT'); // fast shutdown: sessions are ended, everything is written, exit 0
    const patience = setTimeout(() => child.kill('SIGQUIT'), 60_000);
    await ended;
    clearTimeout(patience);
  }
}
