// The short form of npm run test:statements: a few thousand damaged files through the reading threads, and the property that
// every printed account comes back whole or is refused.
import t from 'tap';
import { chanceFrom } from '../faults/random.ts';
import { writers } from './prints.ts';
import { printed, property } from './property.ts';
import { wholeWay, wrongWay } from './whole-way.ts';
import { newTries, told, tryBombs, tryDamaged } from './tries.ts';

const seed = Number(process.env['STATEMENTS_SEED'] ?? 20_261_121);

t.test('whatever happens to a file on its way, it is a proven statement or a refusal', async (t) => {
  const tries = newTries();
  await tryBombs(tries, (name) => /entities|nested elements|1,048,576/.test(name));
  await tryDamaged(tries, 1_200, chanceFrom(seed));
  t.same(tries.faults, [], `seed ${seed}`);
  t.ok(tries.largest.mebibytes < 256, `${Math.round(tries.largest.mebibytes)} MiB`);
  t.ok((tries.answers.get('statement') ?? 0) > 60, 'some damage does no harm');
  t.comment(told(tries));
});

t.test('what a bank prints comes back as it was, and one changed digit, lost, doubled or swapped line does not', async (t) => {
  const result = await property(7, chanceFrom(seed));
  t.same(result.faults, [], `seed ${seed}`);
  t.ok(result.read > 120);
  t.comment(printed(result));
});

t.test('a ledger printed as the bank prints it, handed in and matched, agrees with the bank to the fen', async (t) => {
  // A table with running balances, a workbook, and both kinds of messages.
  const some = writers.filter(({ name }) => ['cmb csv', 'bocom html', 'camt.053.001.08', 'mt940'].includes(name));
  const ways = await wholeWay(t, some, chanceFrom(seed), { receipts: 6, orders: 1 });
  t.equal(ways.length, 4);
  t.same(ways.map(wrongWay).filter((why) => why !== null), []);
});
