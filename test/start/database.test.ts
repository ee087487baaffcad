// The connections: what values come back as, which estate a transaction is of, what a person is told
// when the database is away or overrun.
import { sql } from 'kysely';
import t from 'tap';
import { constraintRefusal, databaseRefusal, inEstate, openDatabase } from '../../src/kernel/database.ts';
import { catalogue, Refusal } from '../../src/kernel/refusal.ts';
import { testDatabase } from '../helpers/postgres.ts';

t.test('dates and amounts come as text, whole numbers exactly', async (t) => {
  const { db } = await testDatabase(t);
  const { rows } = await sql`select date '2026-03-05' as day, 1200.10::numeric as amount, 9007199254740991::bigint as big,
    array[date '2026-03-05'] as days, array[0.10::numeric] as amounts, array[7::bigint] as bigs`.execute(db.app);
  t.same(rows, [{ day: '2026-03-05', amount: '1200.10', big: 9_007_199_254_740_991, days: ['2026-03-05'], amounts: ['0.10'], bigs: [7] }]);
  await t.rejects(sql`select 9007199254740993::bigint`.execute(db.app), /cannot hold exactly/);
});

t.test('a transaction names its estate and person, and leaves no trace of them', async (t) => {
  const { login } = await testDatabase(t);
  const db = openDatabase({ app: login('app'), signer: login('signer'), warn: () => undefined, most: 1 });
  t.teardown(() => db.close());
  const look = sql<Record<string, unknown>>`select current_estate() as estate, current_person()::text as person,
    current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as read_only`;
  const person_id = '11111111-1111-4111-8111-111111111111';
  t.same((await inEstate(db.app, 7, (trx) => look.execute(trx), { person_id })).rows,
    [{ estate: 7, person: person_id, isolation: 'read committed', read_only: 'off' }]);
  t.same((await inEstate(db.app, 8, (trx) => look.execute(trx), { isolation: 'repeatable read', readOnly: true })).rows,
    [{ estate: 8, person: null, isolation: 'repeatable read', read_only: 'on' }]);
  t.same((await look.execute(db.app)).rows, [{ estate: null, person: null, isolation: 'read committed', read_only: 'off' }]);
  await t.rejects(inEstate(db.app, 9, () => Promise.reject(new Error('mine'))), /mine/);
  t.equal((await look.execute(db.app)).rows[0]!['estate'], null);
  await t.rejects(inEstate(db.app, 1.5, (trx) => look.execute(trx)), /whole number/);
  await t.rejects(inEstate(db.app, 1, (trx) => look.execute(trx), { person_id: `x'; drop table estate; --` }), /UUID/);
});

t.test('a transaction inside another is its own and names its own estate', async (t) => {
  const { db } = await testDatabase(t);
  const estate = sql<{ estate: number }>`select current_estate() as estate`;
  const seen = await inEstate(db.app, 1, async (outer) => {
    const inner = await inEstate(db.app, 2, (trx) => estate.execute(trx));
    const plain = await db.app.transaction().execute((trx) => estate.execute(trx));
    return [(await estate.execute(outer)).rows[0]!.estate, inner.rows[0]!.estate, plain.rows[0]!.estate];
  });
  t.same(seen, [1, 2, null]);
});

const code = (error: unknown): string => (error instanceof Refusal ? `${error.status} ${error.code}` : String(error));

t.test('a database that goes away is a 503, and the next transaction finds it again', async (t) => {
  const { db, superuser } = await testDatabase(t);
  const cut = await inEstate(db.app, 1, async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await superuser.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await sql`select 1`.execute(trx);
  }).then(() => 'done', code);
  t.equal(cut, '503 database_unavailable');
  t.equal((await inEstate(db.app, 1, (trx) => sql`select 1`.execute(trx))).rows.length, 1);
  const away = openDatabase({
    app: { url: 'postgres://app@127.0.0.1:1/x', role: null }, signer: { url: 'postgres://app@127.0.0.1:1/x', role: null }, warn: () => undefined,
  });
  t.teardown(() => away.close());
  t.equal(await inEstate(away.app, 1, (trx) => sql`select 1`.execute(trx)).then(() => 'done', code), '503 database_unavailable');
  t.equal(code(databaseRefusal(new Error('timeout exceeded when trying to connect'))), '503 database_busy');
  t.equal(code(databaseRefusal(Object.assign(new Error('canceled'), { code: '57014' }))), '503 database_busy');
  t.equal(code(databaseRefusal(Object.assign(new Error('no file'), { code: 'ENOENT', syscall: 'open' }))), 'Error: no file');
});

t.test('a collision is tried once more where the work allows it', async (t) => {
  const { db, superuser } = await testDatabase(t);
  await superuser.query(`create table tally (n integer); insert into tally values (0); grant select, update on tally to app`);
  const add = (retryable: boolean, tries: { count: number }) => inEstate(db.app, 1, async (trx) => {
    tries.count += 1;
    const { rows } = await sql<{ n: number }>`select n from tally`.execute(trx);
    if (tries.count === 1) await superuser.query('update tally set n = n + 10');
    await sql`update tally set n = ${rows[0]!.n + 1}`.execute(trx);
  }, { isolation: 'repeatable read', retryable }).then(() => 'done', code);
  const once = { count: 0 };
  t.equal(await add(false, once), '503 database_busy');
  t.equal(once.count, 1);
  const twice = { count: 0 };
  t.equal(await add(true, twice), 'done');
  t.equal(twice.count, 2);
  t.same((await superuser.query('select n from tally')).rows, [{ n: 21 }]);
});

t.test('a violated constraint becomes the refusal that was named for it', async (t) => {
  const { superuser } = await testDatabase(t);
  const refusals = catalogue({ test_code_taken: { status: 409, zh: '代码已被使用。', en: 'The code is taken.' } });
  await superuser.query('create table coded (code text constraint code_once unique, n integer constraint n_small check (n < 9))');
  const insert = async (values: string): Promise<unknown> => {
    try {
      return await superuser.query(`insert into coded values ${values}`);
    } catch (error) {
      return constraintRefusal(error, { code_once: () => refusals.test_code_taken({}, 'code') });
    }
  };
  await insert(`('a', 1)`);
  t.equal(code(await insert(`('a', 1)`)), '409 test_code_taken');
  t.match(await insert(`('b', 10)`), { constraint: 'n_small' }, 'another constraint stays what it is');
  const own = new Error('mine');
  t.equal(constraintRefusal(own, {}), own);
});
