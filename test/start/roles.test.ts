// Roles: made where the connecting role may make them; otherwise the SQL is printed, and running it is enough.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/kernel/database.ts';
import { prepareDatabase, type Prepared } from '../../src/kernel/prepare.ts';
import { MIGRATIONS, testDatabase, testServer, withClient } from '../helpers/postgres.ts';

/** An ordinary login that owns the database and may do nothing else. */
async function tenant(t: Test): Promise<{ url: string; administer: (statements: string) => Promise<void> }> {
  const { urls, name } = await testDatabase(t, { empty: true });
  const login = `tenant_${randomBytes(4).toString('hex')}`;
  const server = await testServer();
  const administer = (statements: string): Promise<void> =>
    withClient(urls.superuser, async (client) => void await client.query(statements));
  await administer(`create role ${login} login password 'tenant'; alter database ${name} owner to ${login}`);
  t.teardown(() => withClient(server.url('postgres'), async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`drop role ${login}`);
  }));
  const url = new URL(urls.superuser);
  url.username = login;
  url.password = 'tenant';
  return { url: url.href, administer };
}

const start = (t: Test, database_url: string): Promise<Prepared> => prepareDatabase({
  database_url, data: t.testdir(), migrations: MIGRATIONS, note: () => undefined, warn: () => undefined, patience_ms: 0,
});

t.test('a login that may not be the roles gets the SQL, and after it the service runs as app and signer', async (t) => {
  const { url, administer } = await tenant(t);
  const refused = await start(t, url).then(() => null, (reason: unknown) => reason as Error);
  t.equal(refused?.name, 'CannotStart');
  const [heading = '', , ...rest] = refused!.message.split('\n');
  t.match(heading, /Let an administrator .* run this once in the database test_/);
  const statements = rest.join('\n').trim();
  t.match(statements, /^ *GRANT owner TO "tenant_[^;]*;$/m);
  t.match(statements, /^ *GRANT signer TO "tenant_/m);
  await administer(statements);

  const prepared = await start(t, url);
  t.teardown(() => prepared.close());
  t.equal(prepared.migrated.length > 0, true);
  t.equal(await prepared.trouble(), null);
  const who = async (db: Prepared['db']['app']) => (await sql<{ me: string }>`select current_user::text as me`.execute(db)).rows[0]!.me;
  t.equal(await who(prepared.db.app), 'app');
  t.equal(await who(prepared.db.signer), 'signer');
  await sql`reset role`.execute(prepared.db.app);
  t.equal(await who(prepared.db.app), 'app', 'RESET ROLE leads nowhere');
  await t.rejects(sql`insert into journal_entry (estate_id) values (1)`.execute(prepared.db.app), /permission denied/);
});

t.test('app and signer cannot become each other or the owner, the auditor only reads', async (t) => {
  const { login } = await testDatabase(t);
  if (login('app').role !== null) return void t.comment('the given server lets nobody log in as the roles');
  const db = openDatabase({ app: login('app'), signer: login('signer'), warn: () => undefined });
  const auditor = openDatabase({ app: login('auditor'), signer: login('auditor'), warn: () => undefined });
  t.teardown(() => Promise.all([db.close(), auditor.close()]));
  for (const role of ['owner', 'signer', 'postgres']) await t.rejects(sql`set role ${sql.ref(role)}`.execute(db.app), /permission denied/);
  for (const role of ['owner', 'app']) await t.rejects(sql`set role ${sql.ref(role)}`.execute(db.signer), /permission denied/);
  await sql`select from journal_entry`.execute(auditor.app);
  await t.rejects(sql`insert into journal_draft (estate_id) values (1)`.execute(auditor.app), /permission denied/);
  await t.rejects(sql`create table mine (n integer)`.execute(db.app), /permission denied/);
});
