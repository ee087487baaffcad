// Many reconciliations at once keep nobody out of the service.
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { testHouse } from '../helpers/house.ts';

t.test('a cashier who presses reconcile for fourteen accounts at once', async (t) => {
  const { house, estate, actorOf } = await testHouse(t);
  const actor = actorOf('cashier');
  const from = performance.now();
  const runs = Array.from({ length: 14 }, (_, n) => reconcileAccount(house, estate, n === 0 ? '1002' : String(2000 + n), { actor }).then(() => 'done', (error: { code?: string; message: string }) => error.code ?? error.message));
  const page = inEstate(house.db.app, estate.estate_id, async () => 'served').catch((error: Error) => error.message);
  const said = await Promise.all(runs);
  t.equal(await page, 'served');
  t.same([...new Set(said)].sort(), ['done', 'reconcile_account_unknown']);
  t.ok(performance.now() - from < 4_000, `${Math.round(performance.now() - from)} ms`);
});
