// npm run test:races: thousands of random races on the two keys over real connections, each judged by rules
// written down a second time; and the control, in which a guard is taken out and must be missed.
//   node --import ./bin/load-pages.mjs test/faults/races.ts --rounds 5000 --seed 7 [--workers 4]
//   node --import ./bin/load-pages.mjs test/faults/races.ts --control [--rounds 2000]
// Chance comes from the seed; which hand is first comes from the machine. Ends with 1 if anything went wrong.
import { parseArgs } from 'node:util';
import { guards } from './guards.ts';
import type { Ran } from './race.ts';
import { runRaces, type Tally } from './runner.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' }, seed: { type: 'string' }, workers: { type: 'string', default: '4' }, control: { type: 'boolean', default: false },
    guard: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const workers = Number(values.workers);
const endings: (() => unknown)[] = [];
const end = async (): Promise<void> => {
  while (endings.length > 0) await endings.pop()!();
};
const t = { teardown: (work: () => unknown) => void endings.push(work) };
const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(0)} s`;
const out = (text: string): void => void process.stdout.write(`${text}\n`);

function showRan(ran: Ran | null): void {
  if (ran === null) return;
  out(`    order ${ran.order}, begun ${ran.start}`);
  ran.actions.forEach((action, index) => out(`      ${action}: ${ran.answers[index]}`));
}

function showTable(tally: Tally, from: number): void {
  const rows: [string, string | number][] = [
    ['races', tally.races], ['estates', tally.estates], ['records', tally.records], ['answers', [...tally.answers.values()].reduce((a, b) => a + b, 0)],
    ['payments booked', tally.counted.payments], ['signatures recorded', tally.counted.signatures],
    ['  with a passkey', tally.counted.by_key], ['  in the place of another', tally.counted.for_another],
    ['  ratifications', tally.counted.ratifications], ['errors, deadlocks', tally.errors.length], ['violations', tally.violations.length],
    ['seed', seed], ['time', seconds(from)],
  ];
  out('');
  for (const [name, value] of rows) out(`${name.padEnd(40)}${String(value).padStart(10)}`);
  out('\nbegun as');
  for (const [name, value] of [...tally.starts].sort((a, b) => b[1] - a[1])) out(`  ${name.padEnd(38)}${String(value).padStart(10)}`);
  out('\nanswered');
  for (const [name, value] of [...tally.answers].sort((a, b) => b[1] - a[1])) out(`  ${name.padEnd(38)}${String(value).padStart(10)}`);
}

async function race(rounds: number): Promise<boolean> {
  out(`${rounds} races, ${workers} at a time, seed ${seed}`);
  const from = performance.now();
  const every = Math.max(1, Math.floor(rounds / 20));
  const tally = await runRaces(t, {
    rounds, seed, workers,
    note: (done, { counted: { payments }, violations, errors }) => {
      if (done % every === 0) out(`  ${done} races, ${payments} payments, ${violations.length} violations, ${errors.length} errors, ${seconds(from)}`);
    },
  });
  await end();
  for (const { estate, law, seq, detail, ran } of tally.violations.slice(0, 20)) {
    out(`\n! ${law}: ${detail} (${estate}, record ${seq})`);
    showRan(ran);
  }
  for (const { error, ran } of tally.errors.slice(0, 20)) {
    out(`\n! ${error}`);
    showRan(ran);
  }
  showTable(tally, from);
  return tally.violations.length === 0 && tally.errors.length === 0 && tally.counted.payments > 0;
}

/** Each guard alone is taken out; true when every time the judge found what it was there for. */
async function control(rounds: number): Promise<boolean> {
  let missed = 0;
  out(`\nControl: one guard taken out at a time, at most ${rounds} races each, seed ${seed}`);
  for (const guard of guards.filter(({ name }) => name.includes(values.guard))) {
    const tally = await runRaces(t, { rounds, seed, workers, without: guard });
    await end();
    const laws = [...new Set(tally.violations.map(({ law }) => law))];
    const found = laws.filter((law) => guard.found.test(law));
    if (found.length === 0) missed += 1;
    const told = found.length === 0 ? `NOT FOUND${laws.length === 0 ? '' : `, only: ${laws.join('; ')}`}` : found.join('; ');
    out(`  without ${guard.name.padEnd(46)} ${String(tally.races).padStart(4)} races: ${told}`);
  }
  return missed === 0;
}

const good = values.control ? await control(Number(values.rounds ?? 2000)) : await race(Number(values.rounds ?? 5000));
out(good ? '\nas it should be' : '\nNOT as it should be');
process.exitCode = good ? 0 : 1;
