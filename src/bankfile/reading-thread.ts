// The thread that reads bank files (see read-aside.ts).
import assert from 'node:assert/strict';
import { parentPort } from 'node:worker_threads';
import { Refusal } from '../kernel/refusal.ts';
import type { ReadAnswer, ReadJob } from './read-aside.ts';
import { readStatement } from './read.ts';

assert(parentPort !== null, 'runs as a thread only');
const port = parentPort;

async function answer({ bytes, options }: ReadJob): Promise<ReadAnswer> {
  try {
    return { answer: 'read', read: await readStatement(bytes, options) };
  } catch (reason) {
    if (reason instanceof Refusal) return { answer: 'refused', code: reason.code, facts: reason.facts, field: reason.field };
    const { name, message, stack = '' } = reason instanceof Error ? reason : new Error(String(reason));
    return { answer: 'failed', name, message, stack };
  }
}

async function work(job: ReadJob): Promise<void> {
  port.postMessage(await answer(job));
}
port.on('message', (job: ReadJob) => {
  void work(job);
});
port.postMessage({ answer: 'ready' } satisfies ReadAnswer);
