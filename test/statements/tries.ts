// Damaged files through the reader as production runs it: threads, limits and all. Counts what was answered, measures the
// slowest file and the memory of the process while it was read.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openStatementReader } from '../../src/bankfile/read-aside.ts';
import type { Chance } from '../faults/random.ts';
import { bombs } from './damage.ts';
import { judged, type Outcome } from './judge.ts';
import { compared, damaged, soundFiles } from './sources.ts';

export interface Tries {
  count: number;
  answers: Map<string, number>;
  /** Of those that were read: how their money differs from that of the sound file. */
  money: Map<string, number>;
  slowest: { milliseconds: number; name: string };
  /** Most memory above that of the process with idle threads, in MiB, while one bomb (or two damaged files) were read. */
  largest: { mebibytes: number; name: string };
  faults: string[];
  bombs: string[];
}

const mebibytes = (): number => process.memoryUsage.rss() / 1_048_576;

/** What alone.ts prints. */
export interface Alone { answer: string; why: string; milliseconds: number; mebibytes: number }

export const answerOf = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);

function keep(tries: Tries, outcome: Outcome, name: string, milliseconds: number): void {
  keepAnswer(tries, answerOf(outcome), outcome.kind === 'broken' ? outcome.why : '', name, milliseconds);
}

function keepAnswer(tries: Tries, answer: string, why: string, name: string, milliseconds: number): void {
  tries.count += 1;
  tries.answers.set(answer, (tries.answers.get(answer) ?? 0) + 1);
  if (answer === 'broken') tries.faults.push(`${name}: ${why}`);
  if (milliseconds > tries.slowest.milliseconds) tries.slowest = { milliseconds, name };
}

/** The most memory while something runs, above what there was before. */
export async function peak(work: () => Promise<void>): Promise<number> {
  const before = mebibytes();
  let most = before;
  const clock = setInterval(() => {
    most = Math.max(most, mebibytes());
  }, 2);
  await work();
  clearInterval(clock);
  return most - before;
}

export const newTries = (): Tries => ({
  count: 0, answers: new Map(), money: new Map(), slowest: { milliseconds: 0, name: '' }, largest: { mebibytes: 0, name: '' }, faults: [], bombs: [],
});

/** Each file that is made to do harm, alone in a process of its own, where nothing else takes memory. */
export async function tryBombs(tries: Tries, only: (name: string) => boolean = () => true): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-bombs-'));
  try {
    for (const [name, make] of bombs.filter(([name]) => only(name))) {
      const bytes = make();
      const path = join(folder, 'file');
      await writeFile(path, bytes);
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', new URL('../../bin/load-pages.mjs', import.meta.url).href, fileURLToPath(new URL('alone.ts', import.meta.url)), path]);
      const { answer, why, milliseconds, mebibytes: used } = JSON.parse(stdout) as Alone;
      keepAnswer(tries, answer, why, name, bytes.length > 1_048_576 ? 0 : milliseconds);
      if (used > tries.largest.mebibytes) tries.largest = { mebibytes: used, name };
      tries.bombs.push(`${name} (${(bytes.length / 1_048_576).toFixed(1)} MB): ${answer}, ${Math.round(milliseconds)} ms, ${Math.round(used)} MiB`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `count` damaged files, two at a time. */
export async function tryDamaged(tries: Tries, count: number, chance: Chance, tell: (done: number) => void = () => undefined): Promise<void> {
  const sources = await soundFiles(chance);
  const reader = openStatementReader(2);
  for (const { name, bytes } of sources) {
    const outcome = await judged(async () => reader.read(bytes));
    if (outcome.kind !== 'statement' && !/unknown|unmapped/.test(name)) tries.faults.push(`${name} is sound and yet: ${outcome.kind === 'refused' ? outcome.refusal.in('en') : outcome.kind}`);
  }
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { source, damage, bytes, sound } = damaged(sources, chance);
      const begun = performance.now();
      const outcome = await judged(async () => reader.read(bytes));
      keep(tries, outcome, `${source}, ${damage}`, performance.now() - begun);
      if (outcome.kind === 'statement' && outcome.answer.kind === 'statement' && sound !== null) {
        const money = compared(sound, outcome.answer.statement);
        tries.money.set(money, (tries.money.get(money) ?? 0) + 1);
        if (money === 'other money') tries.faults.push(`${source}, ${damage}: read with other money than before`);
      }
      if (left % 1000 === 0) tell(count - left);
    }
  };
  const used = await peak(async () => {
    await Promise.all([worker(), worker()]);
  });
  if (used > tries.largest.mebibytes) tries.largest = { mebibytes: used, name: 'damaged files, two at a time' };
  await reader.close();
}

export function told(tries: Tries): string {
  const answers = [...tries.answers].toSorted((a, b) => b[1] - a[1]).map(([answer, count]) => `  ${String(count).padStart(7)}  ${answer}`);
  return [
    `${tries.count} damaged files tried, ${tries.faults.length} faults`, ...answers,
    `of those read: ${[...tries.money].map(([money, count]) => `${count} ${money}`).join(', ')}`,
    `slowest: ${Math.round(tries.slowest.milliseconds)} ms (${tries.slowest.name})`,
    `most memory: ${Math.round(tries.largest.mebibytes)} MiB (${tries.largest.name})`,
  ].join('\n');
}
