// A short form of npm run test:races for every run of the tests: some races without a violation, and the same
// races without their guards, which the judge must miss.
import t from 'tap';
import { guards } from './guards.ts';
import { runRaces } from './runner.ts';

const seed = Number(process.env['RACES_SEED'] ?? 20261121);

t.test('races on the two keys: nothing unlawful is recorded, nothing is paid twice, nobody meets an error', async (t) => {
  const tally = await runRaces(t, { rounds: 80, seed, workers: 3 });
  t.same(tally.violations, []);
  t.same(tally.errors, []);
  t.ok(tally.counted.payments > 5 && tally.counted.signatures > 20, 'the races were about something');
  t.comment(`${tally.counted.payments} payments, ${tally.counted.signatures} signatures, ${tally.records} records, seed ${seed}`);
});

for (const guard of guards.filter(({ name }) => /^(the locks|once per order)/.test(name))) {
  t.test(`control: without ${guard.name} the judge finds it`, async (t) => {
    const tally = await runRaces(t, { rounds: 400, seed, workers: 3, without: guard });
    t.ok(tally.violations.some(({ law }) => guard.found.test(law)), tally.violations.map(({ law }) => law).join('; ') || 'nothing was found');
  });
}
