// What the database refuses, to whom: the web role, another estate, even a superuser.
import { createHash } from 'node:crypto';
import t from 'tap';
import pg from 'pg';
import { sql } from 'kysely';
import { inEstate } from '../../src/kernel/database.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type NewEntry } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { testHouse } from '../helpers/house.ts';
import { withClient } from '../helpers/postgres.ts';

const books = [
  'record',
  'journal_entry',
  'posting',
  'entry_voucher',
  'balance',
  'number_head',
  'period_close',
  'log_head',
  'signature',
  'quorum',
];
const guarded = [
  'record',
  'journal_entry',
  'posting',
  'entry_voucher',
  'period_close',
  'signature',
  'quorum',
  'rule',
  'rule_body',
];

t.test('walls of the books', async (t) => {
  const {
    house,
    estate: { estate_id },
    other,
    persons,
    superuser,
    urls,
  } = await testHouse(t);
  const entry = (change: Partial<NewEntry> = {}): NewEntry => ({
    kind: 'receipt',
    entry_date: today(house.clock),
    description: '物业费 𠮷㙟',
    key: 'guard-1',
    made_by: persons.cashier,
    postings: [
      { account: '1002', fund: 'service', debit: money('102.00') },
      { account: '4101', fund: 'service', credit: money('102.00') },
    ],
    ...change,
  });
  const [posted] = await postEntries(house.db.app, estate_id, [entryBody(entry())]);
  const seq = posted!.seq!;
  const asSuperuser = <T>(work: (client: pg.Client) => Promise<T>) =>
    withClient(urls.superuser, work);

  await t.test(
    'the app role may not insert, update, delete or truncate in the books',
    async (t) => {
      await withClient(urls.app, async (client) => {
        await client.query(`set mingzhang.estate = '${estate_id}'`);
        for (const table of books) {
          for (const statement of [
            `insert into ${table} default values`,
            `update ${table} set estate_id = estate_id`,
            `delete from ${table}`,
            `truncate ${table}`,
          ]) {
            await t.rejects(client.query(statement), { code: '42501' }, statement);
          }
        }
        await t.rejects(client.query(`set role owner`), { code: '42501' }, 'nor become the owner');
      });
    },
  );

  await t.test('a superuser cannot update, delete or truncate what is recorded', async (t) => {
    await asSuperuser(async (client) => {
      for (const mode of ['origin', 'replica', 'local']) {
        await client.query(`set session_replication_role = ${mode}`);
        for (const table of guarded) {
          for (const statement of [
            `update ${table} set estate_id = estate_id`,
            `delete from ${table}`,
            `truncate ${table} cascade`,
          ]) {
            await t.rejects(client.query(statement), { code: '23001' }, `${mode}: ${statement}`);
          }
        }
      }
    });
  });

  await t.test('a balanced pair of lines cannot be slipped into an old entry', async (t) => {
    await asSuperuser(async (client) => {
      const pair = `insert into posting (estate_id, seq, line, period, account, fund, debit, credit)
        select estate_id, seq, x.line, period, x.account, 'service', x.debit, x.credit
        from journal_entry, (values (8, '1002', 5.00, 0), (9, '4101', 0, 5.00)) as x(line, account, debit, credit)
        where estate_id = $1 and seq = $2`;
      for (const mode of ['origin', 'replica']) {
        await client.query(`set session_replication_role = ${mode}`);
        await t.rejects(
          client.query(pair, [estate_id, seq]),
          { code: '23001', message: /entry_is_complete|order_required/ },
          mode,
        );
      }
    });
  });

  await t.test(
    'an entry that does not balance in a fund is refused whoever inserts it',
    async (t) => {
      await asSuperuser(async (client) => {
        await client.query('begin');
        await client.query(
          `insert into record (estate_id, seq, kind, recorded_at, body, leaf_hash)
        select $1, max(seq) + 1, 'journal_entry', now(), '{}', sha256('x') from record where estate_id = $1`,
          [estate_id],
        );
        await client.query(
          `insert into journal_entry (estate_id, seq, kind, period, number, entry_date, description, amount, made_by, key, content_hash)
        select $1, max(seq), 'receipt', to_char(current_date, 'YYYY-MM'), 999, current_date, 'x', 5, $2, 'forged', sha256('x')
        from record where estate_id = $1`,
          [estate_id, persons.cashier],
        );
        await t.rejects(
          client.query(
            `insert into posting (estate_id, seq, line, period, account, fund, debit, credit)
        select $1, max(seq), l, to_char(current_date, 'YYYY-MM'), a, f, d, c from journal_entry,
          (values (1, '1002', 'service', 5.00, 0), (2, '4101', 'public_income', 0, 5.00)) as x(l, a, f, d, c)
        where estate_id = $1 group by l, a, f, d, c`,
            [estate_id],
          ),
          { code: '23514', message: /fund_unbalanced/ },
        );
        await client.query('rollback');
      });
    },
  );

  await t.test('a transaction that names no estate sees none', async (t) => {
    const tables =
      await superuser.query(`select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'estate_id' and c.relrowsecurity
        and has_table_privilege('app', c.oid, 'select')`);
    t.ok(tables.rows.length > 25, 'every table of an estate is walled');
    await withClient(urls.app, async (client) => {
      for (const { relname } of tables.rows) {
        t.equal((await client.query(`select 1 from ${relname} limit 1`)).rowCount, 0, relname);
      }
    });
  });

  await t.test('every table with an estate_id is walled, even against its owner', async (t) => {
    const open =
      await superuser.query(`select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'estate_id' and a.attnum > 0
        and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`);
    // The reference table of estates names itself; request keys are checked by the tests of their own.
    t.strictSame(
      open.rows
        .map((row) => row.relname)
        .filter((name) => name !== 'estate' && name !== 'request_key'),
      [],
    );
  });

  await t.test('a transaction of one estate neither sees nor posts into another', async (t) => {
    await inEstate(house.db.app, other.estate_id, async (trx) => {
      const { rows } = await sql`select 1 from posting`.execute(trx);
      t.equal(rows.length, 0);
    });
    const doors = [
      sql`select post_entries(${estate_id}, array['{}'])`,
      sql`select append_record(${estate_id}, 'note', '{}')`,
      sql`select close_period(${estate_id}, 1)`,
    ];
    for (const door of doors) {
      await t.rejects(
        inEstate(house.db.app, other.estate_id, (trx) => door.execute(trx)),
        { code: '42501', message: /other_estate/ },
      );
    }
    await t.rejects(
      inEstate(house.db.app, estate_id, (trx) =>
        sql`select append_record(${estate_id}, 'journal_entry', '{}')`.execute(trx),
      ),
      { message: /record_kind_reserved/ },
      'money has a door of its own',
    );
  });

  await t.test('the web role cannot record a signature, nor approve', async (t) => {
    await t.rejects(
      inEstate(house.db.app, estate_id, (trx) =>
        sql`select record_signature(${estate_id}, '{}')`.execute(trx),
      ),
      { code: '42501' },
    );
  });

  await t.test(
    'the leaf hash can be recomputed from the record, in another language',
    async (t) => {
      const { rows } = await superuser.query(
        `select r.*, e.code, to_char(r.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment
      from record r join estate e using (estate_id) where estate_id = $1`,
        [estate_id],
      );
      for (const row of rows) {
        const leaf = [
          'mingzhang/record/v1',
          row.code,
          row.seq,
          row.kind,
          row.moment,
          row.number,
          row.body,
        ].join('\n');
        const hash = createHash('sha256')
          .update(Buffer.concat([Buffer.from([0]), Buffer.from(leaf, 'utf8')]))
          .digest();
        t.ok(hash.equals(row.leaf_hash), `record ${row.seq} ${row.kind}`);
      }
      t.ok(rows.some((row) => row.kind === 'journal_entry' && row.body.includes('𠮷㙟')));
    },
  );
});
