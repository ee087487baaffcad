// Programs under test: started, heard, ended. Whatever a test leaves running is ended with it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ending { teardown(work: () => unknown): void }

export interface Child {
  process: ChildProcess;
  said(): string;
  /** Waits until it has said something that fits; fails when it ends without. */
  hears(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Exit code or signal, once it has ended. */
  ended: Promise<number | string>;
}

export function run(t: Ending, words: string[], env: Record<string, string> = {}): Child {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) =>
    !/^(TAP|NODE_OPTIONS|NODE_ENV|PORT|HOST|DATABASE_URL|MINGZHANG_|_TAPJS)/.test(name)));
  const child = spawn(process.execPath, ['--import', './bin/load-pages.mjs', ...words],
    { cwd: PROJECT, env: { ...clean, ...env } as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part; });
  const ended = new Promise<number | string>((done) => { child.once('close', (code, signal) => done(signal ?? code ?? -1)); });
  t.teardown(async () => {
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(forced);
  });
  return {
    process: child,
    said: () => text,
    ended,
    async hears(pattern) {
      for (let turn = 0; turn < 3_000; turn += 1) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        if (child.exitCode !== null || child.signalCode !== null) break;
        await sleep(20);
      }
      throw new Error(`it never said ${pattern}, but:\n${text}`);
    },
  };
}

/** A data folder of the test's own; whatever PostgreSQL still runs in it at the end is ended. */
export function dataFolder(t: Ending): string {
  const folder = mkdtempSync(join(tmpdir(), 'mingzhang-start-'));
  const read = (file: string): string | null => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      return null;
    }
  };
  t.teardown(async () => {
    const place = read(join(folder, 'postgres.place')) ?? join(folder, 'postgres');
    const pid = Number(read(join(place, 'postmaster.pid'))?.split('\n')[0] ?? 0);
    if (pid > 0) {
      try {
        process.kill(pid, 'SIGQUIT');
        await sleep(300);
      } catch {
        // It has ended.
      }
    }
    if (!place.startsWith(folder)) rmSync(dirname(place), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
