// Printing off the main thread. A month of 10,000 entries keeps a processor busy for more than a
// second, and in that time the house would answer nobody. A pool of at most two threads takes the
// jobs in turn; a thread that dies fails only its own job and is replaced by the next one.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { TransferListItem } from 'node:worker_threads';

interface Job<In> {
  input: In;
  resolve: (bytes: Buffer) => void;
  reject: (reason: Error) => void;
}
interface Thread<In> {
  worker: Worker;
  job: Job<In> | null;
}
export type Answer =
  { bytes: Uint8Array } | { error: { name: string; message: string; stack: string } };

export interface WorkerPool<In> {
  run(input: In): Promise<Buffer>;
  /** Ends the threads. Jobs not yet finished are rejected. */
  close(): Promise<void>;
}

export const POOL_SIZE = Math.min(2, availableParallelism());

export function workerPool<In>(script: URL, size = POOL_SIZE): WorkerPool<In> {
  const threads = new Set<Thread<In>>();
  const waiting: Job<In>[] = [];
  let closed = false;

  const give = (thread: Thread<In>): void => {
    const job = waiting.shift();
    if (job === undefined) {
      thread.worker.unref();
      return;
    }
    thread.job = job;
    thread.worker.ref();
    try {
      thread.worker.postMessage(job.input);
    } catch (error) {
      thread.job = null;
      job.reject(error as Error);
      give(thread);
    }
  };
  const start = (): void => {
    const thread: Thread<In> = { worker: new Worker(script, options), job: null };
    threads.add(thread);
    thread.worker.on('message', (answer: Answer) => {
      const { job } = thread;
      thread.job = null;
      settle(job, answer);
      give(thread);
    });
    const lost = (error: Error): void => {
      // After an error comes an exit: only the first of them counts.
      if (!threads.delete(thread)) return;
      thread.job?.reject(error);
      thread.job = null;
      if (!closed && waiting.length > 0) start();
    };
    thread.worker.on('error', lost);
    thread.worker.on('exit', (code) => lost(new Error(`the printing thread ended (${code})`)));
    give(thread);
  };

  return {
    run: async (input) => {
      if (closed) throw new Error('the printing threads are closed');
      return new Promise<Buffer>((resolve, reject) => {
        waiting.push({ input, resolve, reject });
        const idle = [...threads].find((thread) => thread.job === null);
        if (idle !== undefined) give(idle);
        else if (threads.size < size) start();
      });
    },
    close: async () => {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the printing threads are closed'));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function settle<In>(job: Job<In> | null, answer: Answer): void {
  if (job === null) return;
  if ('bytes' in answer) {
    const { buffer, byteOffset, byteLength } = answer.bytes;
    job.resolve(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength));
    return;
  }
  const { name, message, stack } = answer.error;
  job.reject(Object.assign(new Error(message), { name, stack }));
}

/** Node reads the TypeScript of reports/ by itself, so loaders of the parent are not passed on.
 *  The limit turns a month beyond all measure into an error of its job alone; a small young
 *  generation saves 100 MiB at 10,000 entries and costs no time. */
const options = {
  execArgv: [],
  resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 },
};

/** The other side: answers every message with the bytes that `print` makes of it. */
export function answerFrom<In>(
  port: {
    on(event: 'message', listener: (input: In) => void): unknown;
    postMessage(answer: Answer, transfer: TransferListItem[]): void;
  },
  print: (input: In) => Promise<Buffer>,
): void {
  port.on('message', (input: In) => {
    void answer(port, print, input);
  });
}

async function answer<In>(
  port: { postMessage(answer: Answer, transfer: TransferListItem[]): void },
  print: (input: In) => Promise<Buffer>,
  input: In,
): Promise<void> {
  try {
    const own = Uint8Array.from(await print(input));
    port.postMessage({ bytes: own }, [own.buffer]);
  } catch (reason) {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    const { name, message, stack = '' } = error;
    port.postMessage({ error: { name, message, stack } }, []);
  }
}
