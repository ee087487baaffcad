// npm run test:statements -- [--files 100000] [--prints 300] [--seed n]: damaged bank files through the reader of production, then
// the property that every printed account comes back whole or not at all. Ends with 1 when anything is amiss.
import { parseArgs } from 'node:util';
import { chanceFrom } from '../faults/random.ts';
import { printed, property } from './property.ts';
import { newTries, told, tryBombs, tryDamaged } from './tries.ts';

const { values } = parseArgs({ options: { files: { type: 'string' }, prints: { type: 'string' }, seed: { type: 'string' } } });
const number = (text: string | undefined, otherwise: number): number => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise);
const files = number(values.files, 100_000);
const prints = number(values.prints, 300);
const seed = number(values.seed, Math.trunc(performance.timeOrigin % 1_000_000_000));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

say(`seed ${seed}`);
const tries = newTries();
await tryBombs(tries);
say(tries.bombs.map((line) => `  ${line}`).join('\n'));
await tryDamaged(tries, files, chanceFrom(seed), (done) => {
  if (process.stdout.isTTY || done % 10_000 === 0) process.stdout.write(process.stdout.isTTY ? `\r${done} of ${files} ` : `${done} of ${files}\n`);
});
say(`\n${told(tries)}`);
for (const fault of tries.faults.slice(0, 20)) say(`FAULT ${fault}`);

const result = await property(prints, chanceFrom(seed));
say(printed(result));
for (const fault of result.faults.slice(0, 20)) say(`FAULT ${fault}`);

const tooSlow = tries.slowest.milliseconds > 2_500;
const tooLarge = tries.largest.mebibytes > 256;
if (tooSlow) say('FAULT a file up to 1 MB took more than two seconds');
if (tooLarge) say('FAULT a file took more than 256 MiB');
process.exitCode = tries.faults.length + result.faults.length > 0 || tooSlow || tooLarge ? 1 : 0;
