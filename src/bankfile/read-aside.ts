// Reading a bank's file beside the server: in a thread with limits of memory and time, so that a file built to do harm costs
// its own reading and nothing else. At most two files are read at once, the others wait in turn; a thread that ran into a
// limit is ended, and the next file gets a new one.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { gallery, Refusal, type Facts } from '../kernel/refusal.ts';
import { refuseTooLarge } from './read.ts';
import { refusals } from './read-refusals.ts';
import type { Sheet } from './spreadsheet-value.ts';
import type { ReadOptions, ReadStatement } from './statement.ts';

type As = 'statement' | 'sheets';
export interface ReadJob { bytes: Uint8Array<ArrayBuffer>; options: ReadOptions; as: As }
export type Answer =
  | { answer: 'read'; read: ReadStatement }
  | { answer: 'sheets'; sheets: Sheet[] }
  | { answer: 'refused'; code: string; facts: Facts; field: string | undefined }
  | { answer: 'failed'; name: string; message: string; stack: string };
/** With the seconds the thread has worked since it began. */
export type ReadAnswer = ({ answer: 'ready' } | Answer) & { worked: number };

const MOST_THREADS = Math.min(2, availableParallelism());
const MEGABYTE = 1024 * 1024;
/** Seconds of processor time for a file: two up to 1 MB, one more for each further MB. The longest honest files take a quarter
 *  of it. A busy machine may take ten times as long by the clock: what waits for the processor does no harm. */
const secondsFor = (size: number): number => 2 + Math.max(0, Math.ceil(size / MEGABYTE) - 1);
/** With the file and what is unpacked of it beside the heap, a thread stays below 256 MB. */
const resourceLimits = { maxOldGenerationSizeMb: 184, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
const PATIENCE = 10;
const ANSWER_SECONDS = 2;
/** Seconds a thread has worked; endless of one that has just ended, or that does not answer: it is deep in one piece of work. */
async function worked(worker: Worker): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => { timer = setTimeout(() => resolve(null), ANSWER_SECONDS * 1000); });
  const usage = await Promise.race([worker.cpuUsage().catch(() => null), silence]);
  clearTimeout(timer);
  return usage === null ? Infinity : (usage.user + usage.system) / 1_000_000;
}
/** A thread that read a large file is not kept with all its memory. */
const LARGE = 4 * MEGABYTE;
const IDLE_SECONDS = 30;

type Told = Extract<Answer, { answer: 'read' | 'sheets' }>;
interface Waiting { bytes: Uint8Array; options: ReadOptions; as: As; resolve: (told: Told) => void; reject: (reason: Error) => void }
interface Thread { worker: Worker; ready: boolean; current: Waiting | null; clock: NodeJS.Timeout | undefined; worked: number }

export interface StatementReader {
  /** As readStatement(). Refusals besides: statement_too_slow, statement_too_large. */
  read(bytes: Uint8Array, options?: ReadOptions): Promise<ReadStatement>;
  /** As readSheets(). Refusals besides: as above. */
  sheets(bytes: Uint8Array): Promise<Sheet[]>;
  /** Ends the threads; files not yet read are rejected. */
  close(): Promise<void>;
}

function tooMuchMemory(): Error {
  return refusals.statement_too_large({ what_zh: '读它要用的内存超过限度', what_en: 'reading it takes more memory than allowed', limit: '256 MB' });
}

/** Threads start with the first file and let the process end while they are idle. */
export function openStatementReader(size = MOST_THREADS, idle_seconds = IDLE_SECONDS): StatementReader {
  const threads = new Set<Thread>();
  const waiting: Waiting[] = [];
  let closed = false;

  /** Ends a thread; whoever waited for it is told why. */
  const end = (thread: Thread, reason: Error | null): void => {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.clock);
    if (reason !== null) thread.current?.reject(reason);
    thread.current = null;
    void thread.worker.terminate();
    if (!closed && waiting.length > 0) give();
  };

  const rest = (thread: Thread): void => {
    thread.worker.unref();
    // An idle thread is passed over often: a clock left running would end it in the midst of a later file.
    clearTimeout(thread.clock);
    thread.clock = setTimeout(() => end(thread, null), idle_seconds * 1000).unref();
  };

  const start = (thread: Thread, job: Waiting): void => {
    clearTimeout(thread.clock);
    thread.worker.ref();
    thread.current = job;
    const seconds = secondsFor(job.bytes.length);
    // The thread owns its copy, so that nobody changes the bytes while they are read.
    const bytes = Uint8Array.from(job.bytes);
    thread.worker.postMessage({ bytes, options: job.options, as: job.as } satisfies ReadJob, [bytes.buffer]);
    watch(thread, job, { seconds, until: performance.now() + seconds * PATIENCE * 1000 });
  };

  /** Ends a thread that has worked for longer than its file may take, or waited for too long. */
  const watch = (thread: Thread, job: Waiting, { seconds, until }: { seconds: number; until: number }): void => {
    const before = thread.worked;
    const look = async (): Promise<void> => {
      const now = await worked(thread.worker);
      if (thread.current !== job) return;
      const left = seconds - (now - before);
      if (left <= 0 || performance.now() >= until) end(thread, refusals.statement_too_slow({ seconds }));
      else thread.clock = setTimeout(() => void look(), Math.max(50, left * 1000));
    };
    thread.clock = setTimeout(() => void look(), seconds * 1000);
  };

  const take = (thread: Thread, answer: ReadAnswer): void => {
    thread.worked = answer.worked;
    if (answer.answer === 'ready') thread.ready = true;
    else {
      clearTimeout(thread.clock);
      const job = thread.current;
      thread.current = null;
      if (answer.answer === 'read' || answer.answer === 'sheets') job?.resolve(answer);
      else if (answer.answer === 'refused') job?.reject(new Refusal(answer.code, gallery.get(answer.code)!, answer.facts, answer.field));
      else job?.reject(Object.assign(new Error(answer.message), { name: answer.name, stack: answer.stack }));
      if (job !== null && job.bytes.length > LARGE) end(thread, null);
    }
    if (threads.has(thread)) give();
  };

  const open = (): void => {
    const path = import.meta.url.endsWith('.ts') ? './reading-thread.ts' : './reading-thread.js';
    // Node reads TypeScript by itself, so loaders of the parent are not passed on.
    const worker = new Worker(new URL(path, import.meta.url), { execArgv: [], resourceLimits });
    const thread: Thread = { worker, ready: false, current: null, clock: undefined, worked: 0 };
    threads.add(thread);
    worker.on('message', (answer: ReadAnswer) => take(thread, answer));
    worker.on('error', (error: Error & { code?: string }) => end(thread, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuchMemory() : error));
    worker.on('exit', (code) => end(thread, new Error(`the reading thread ended (${code})`)));
  };

  function give(): void {
    for (const thread of threads) {
      if (!thread.ready || thread.current !== null) continue;
      const job = waiting.shift();
      if (job === undefined) rest(thread);
      else start(thread, job);
    }
    const coming = [...threads].filter(({ ready }) => !ready).length;
    for (let more = Math.min(waiting.length - coming, size - threads.size); more > 0; more -= 1) open();
  }

  const ask = (bytes: Uint8Array, options: ReadOptions, as: As): Promise<Told> => {
    refuseTooLarge(bytes);
    if (closed) throw new Error('the reader of statements is closed');
    return new Promise((resolve, reject) => {
      waiting.push({ bytes, options, as, resolve, reject });
      give();
    });
  };

  return {
    read: async (bytes, options = {}) => {
      const told = await ask(bytes, options, 'statement');
      if (told.answer !== 'read') throw new Error('asked for a statement');
      return told.read;
    },
    sheets: async (bytes) => {
      const told = await ask(bytes, {}, 'sheets');
      if (told.answer !== 'sheets') throw new Error('asked for sheets');
      return told.sheets;
    },
    close: async () => {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the reader of statements is closed'));
      await Promise.all([...threads].map(async (thread) => {
        end(thread, new Error('the reader of statements is closed'));
        await thread.worker.terminate();
      }));
    },
  };
}

let reader: StatementReader | null = null;

/** Reads a file as readStatement() does, in the one set of threads of this process. */
export async function readAside(bytes: Uint8Array, options: ReadOptions = {}): Promise<ReadStatement> {
  reader ??= openStatementReader();
  return reader.read(bytes, options);
}

/** Reads a file as readSheets() does, in the same threads. */
export async function sheetsAside(bytes: Uint8Array): Promise<Sheet[]> {
  reader ??= openStatementReader();
  return reader.sheets(bytes);
}
