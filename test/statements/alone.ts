// Reads one file through the reading thread and prints what was answered, in which time, with how much memory above that of a
// process whose thread is up: the file, what is unpacked of it, the heap of the thread, and the answer.
import { readFileSync } from 'node:fs';
import { openStatementReader } from '../../src/bankfile/read-aside.ts';
import { judged } from './judge.ts';
import { answerOf, peak, type Alone } from './tries.ts';

const reader = openStatementReader(1);
await judged(async () => reader.read(Buffer.from('x')));
const alone: Alone = { answer: '', why: '', milliseconds: 0, mebibytes: 0 };
alone.mebibytes = await peak(async () => {
  const begun = performance.now();
  const outcome = await judged(async () => reader.read(readFileSync(process.argv[2]!)));
  alone.milliseconds = performance.now() - begun;
  alone.answer = answerOf(outcome);
  if (outcome.kind === 'broken') alone.why = outcome.why;
});
await reader.close();
process.stdout.write(JSON.stringify(alone));
