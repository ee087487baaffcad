// Gathering: many people at once, few calls of the door, nobody pays for another's mistake.
import t from 'tap';
import { today } from '../../src/kernel/dates.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type NewEntry } from '../../src/ledger/entry.ts';
import { openGate } from '../../src/ledger/gate.ts';
import { testHouse } from '../helpers/house.ts';

t.test('the gate', async (t) => {
  const {
    house,
    estate: { estate_id },
    persons,
    superuser,
  } = await testHouse(t);
  const entry = (key: string, change: Partial<NewEntry> = {}): string =>
    entryBody({
      kind: 'receipt',
      entry_date: today(house.clock),
      description: '停车费',
      key,
      made_by: persons.cashier,
      postings: [
        { account: '1002', fund: 'public_income', debit: money('120.00') },
        { account: '4102', fund: 'public_income', credit: money('120.00') },
      ],
      ...change,
    });

  await t.test(
    '200 receipts sent at the same moment go in few calls and get numbers without gaps',
    async (t) => {
      const gate = openGate(house);
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) => gate.post(estate_id, entry(`gate-${i}`))),
      );
      t.ok(results.every((one) => one.status === 'posted'));
      t.ok(gate.calls() <= 3, `${gate.calls()} calls`);
      const seqs = results.map((one) => one.seq!).sort((a, b) => a - b);
      t.equal(seqs.at(-1)! - seqs[0]!, 199, 'no gap in the log');
      t.equal(new Set(results.map((one) => one.number)).size, 200);
    },
  );

  await t.test('those that come while a call is on its way go together in the next', async (t) => {
    const gate = openGate(house);
    const first = gate.post(estate_id, entry('wave-0'));
    await new Promise((done) => {
      setImmediate(done);
    });
    const later = Array.from({ length: 50 }, (_, i) =>
      gate.post(estate_id, entry(`wave-${i + 1}`)),
    );
    await Promise.all([first, ...later]);
    t.equal(gate.calls(), 2);
  });

  await t.test('the same key pressed five times is booked once', async (t) => {
    const gate = openGate(house);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => gate.post(estate_id, entry('pressed'))),
    );
    t.equal(results.filter((one) => one.status === 'posted').length, 1);
    t.equal(new Set(results.map((one) => one.seq)).size, 1);
  });

  await t.test('one bad entry spoils none, not even one the database chokes on', async (t) => {
    const gate = openGate(house);
    // A bad surrogate makes the driver send a byte the database refuses: here a null character.
    const results = await Promise.allSettled([
      gate.post(estate_id, entry('good-1')),
      gate.post(estate_id, 'nonsense'),
      gate.post(estate_id, 'a\0b'),
      gate.post(estate_id, entry('bad', { postings: [] })),
      gate.post(estate_id, entry('good-2')),
    ]);
    const told = results.map((one) => (one.status === 'fulfilled' ? one.value.status : 'failed'));
    t.strictSame(told, ['posted', 'entry_unreadable', 'failed', 'amount_invalid', 'posted']);
  });

  await t.test(
    'when the database goes away every waiter is told, and the same key books once afterwards',
    async (t) => {
      const gate = openGate(house);
      const lock = await superuser.connect();
      await lock.query('begin');
      await lock.query('select 1 from log_head where estate_id = $1 for update', [estate_id]);
      const waiting = Array.from({ length: 20 }, (_, i) =>
        gate.post(estate_id, entry(`lost-${i}`)),
      );
      const outcome = Promise.allSettled(waiting);
      for (let tries = 0; tries < 100; tries += 1) {
        const { rowCount } =
          await superuser.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like '%post_entries%' and wait_event_type = 'Lock' and pid <> pg_backend_pid()`);
        if (rowCount !== 0) break;
        await new Promise((done) => {
          setTimeout(done, 20);
        });
      }
      const failed = (await outcome).filter((one) => one.status === 'rejected');
      await lock.query('rollback');
      lock.release();
      t.equal(failed.length, 20);
      for (const one of failed) {
        t.ok(one.reason instanceof Refusal);
        t.match(one.reason, { code: 'books_unavailable', status: 503 });
      }
      // A client tries again until it gets an answer: another dying connection may come first.
      const persist = async (body: string, tries = 5): ReturnType<typeof gate.post> =>
        gate.post(estate_id, body).catch((error: unknown) => {
          if (tries === 0) throw error;
          return persist(body, tries - 1);
        });
      const again = await Promise.all(
        Array.from({ length: 20 }, (_, i) => persist(entry(`lost-${i}`))),
      );
      t.ok(again.every((one) => one.status === 'posted'));
      const { rows } = await superuser.query(
        `select count(*)::integer as n from journal_entry where key like 'lost-%'`,
      );
      t.equal(rows[0].n, 20);
    },
  );
});
