// npm run test:statements -- [--files 100000] [--prints 300] [--seed n]: damaged bank files through the reader of production, then
// the property that every printed account comes back whole or not at all, then ledgers the whole way with a database. Ends with 1 when anything is amiss.
import { parseArgs } from 'node:util';
import { chanceFrom } from '../faults/random.ts';
import { printed, property } from './property.ts';
import { writers } from './prints.ts';
import { newTries, told, tryBombs, tryDamaged } from './tries.ts';
import { wholeWay, wrongWay } from './whole-way.ts';

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

const endings: (() => unknown)[] = [];
const ways = await wholeWay({ teardown: (work) => endings.push(work) }, writers, chanceFrom(seed));
const apart = ways.map(wrongWay).filter((why) => why !== null);
say(`${ways.length} months of a ledger, each printed as another bank's file, handed in and matched: ${ways.reduce((all, { lines }) => all + lines, 0)} lines, `
  + `${ways.length - apart.length} months with the difference 0.00 and no line left`);
for (const why of apart) say(`FAULT ${why}`);
for (const end of endings.toReversed()) await end();

const tooSlow = tries.slowest.milliseconds > 2_500;
const tooLarge = tries.largest.mebibytes > 256;
if (tooSlow) say('FAULT a file up to 1 MB took more than two seconds');
if (tooLarge) say('FAULT a file took more than 256 MiB');
process.exitCode = tries.faults.length + result.faults.length + apart.length > 0 || tooSlow || tooLarge ? 1 : 0;
