// Lock files: one program at a time on one data folder. The file names the holder by process number
// and start, because numbers are used again after a crash or in a container.
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export interface LockFile {
  release(): void;
}

/** What tells a running process from a later one of the same number; null when none runs. */
export function processStamp(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  try {
    if (process.platform === 'linux') {
      // The name in parentheses may hold spaces; the state and the rest follow the last one.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      if (fields[0] === 'Z') return null;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
    }
    if (process.platform === 'win32') return 'running';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** The command line of a running process, empty when it cannot be told. */
export function processCommand(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

function holderOf(content: string): number | null {
  const [pid = '', ...stamp] = content.trim().split(' ');
  if (!/^\d+$/.test(pid)) return null;
  const running = processStamp(Number(pid));
  return running !== null && running === stamp.join(' ') ? Number(pid) : null;
}

/** Who holds the lock now; null when nobody does. */
export function lockHolder(file: string): number | null {
  const content = read(file);
  return content === null ? null : holderOf(content);
}

/** Takes the lock, or gives the process number of whoever has it. */
export function takeLock(file: string): LockFile | number {
  const own = `${process.pid} ${processStamp(process.pid)}\n`;
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, own, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all, so nobody ever reads half a lock.
        linkSync(beside, file);
        return { release: () => { if (read(file) === own) rmSync(file, { force: true }); } };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const content = read(file);
      if (content === null) continue;
      const holder = holderOf(content);
      if (holder !== null) return holder;
      removeStale(file, `${beside}.stale`, content);
    }
  } finally {
    rmSync(beside, { force: true });
  }
}

// Moved away before it is judged: if another was quicker and the file is already a new lock, it goes back.
function removeStale(file: string, aside: string, content: string): void {
  try {
    renameSync(file, aside);
    if (read(aside) !== content) linkSync(aside, file);
  } catch {
    // Another removed it first; the next turn sees what is there now.
  }
  rmSync(aside, { force: true });
}
