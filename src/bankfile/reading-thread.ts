// The thread that reads bank files (see read-aside.ts).
import assert from 'node:assert/strict';
import { parentPort } from 'node:worker_threads';
import { Refusal } from '../kernel/refusal.ts';
import type { Answer, ReadAnswer, ReadJob } from './read-aside.ts';
import { readStatement } from './read.ts';
import { readSheets } from './spreadsheet-read.ts';

assert(parentPort !== null, 'runs as a thread only');
const port = parentPort;

async function answer({ bytes, options, as }: ReadJob): Promise<Answer> {
  try {
    if (as === 'sheets') return { answer: 'sheets', sheets: await readSheets(bytes) };
    return { answer: 'read', read: await readStatement(bytes, options) };
  } catch (reason) {
    if (reason instanceof Refusal) return { answer: 'refused', code: reason.code, facts: reason.facts, field: reason.field };
    const { name, message, stack = '' } = reason instanceof Error ? reason : new Error(String(reason));
    return { answer: 'failed', name, message, stack };
  }
}

/** Seconds this thread has worked so far. */
const worked = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000_000;
};

async function work(job: ReadJob): Promise<void> {
  const given = await answer(job);
  port.postMessage({ ...given, worked: worked() } satisfies ReadAnswer);
}
port.on('message', (job: ReadJob) => {
  void work(job);
});
port.postMessage({ answer: 'ready', worked: worked() } satisfies ReadAnswer);
