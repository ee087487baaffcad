// Migrations: each once, in order, whatever starts at the same moment; a history that does not fit is refused.
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { CannotStart } from '../../src/kernel/cannot-start.ts';
import { migrate, pending, readMigrations } from '../../src/kernel/migrate.ts';
import { prepareDatabase } from '../../src/kernel/prepare.ts';
import { checkServerVersion, ensureRoles } from '../../src/kernel/roles.ts';
import { MIGRATIONS, testDatabase, withClient } from '../helpers/postgres.ts';

async function setting(t: Test): Promise<{ url: string; folder: string; start: () => Promise<string[]> }> {
  const { urls } = await testDatabase(t, { empty: true });
  const folder = t.testdir();
  cpSync(MIGRATIONS, folder, { recursive: true });
  const start = (): Promise<string[]> => withClient(urls.superuser, async (client) => {
    await ensureRoles(client);
    return migrate(client, readMigrations(folder));
  });
  return { url: urls.superuser, folder, start };
}

const files = readMigrations(MIGRATIONS).map((file) => file.name);

t.test('two starts at once apply each file once', async (t) => {
  const { start, url } = await setting(t);
  const both = await Promise.all([start(), start(), start()]);
  t.same(both.flat(), files);
  t.same(await start(), []);
  const { rows } = await withClient(url, (client) =>
    client.query(`select tableowner::text as owner, count(*)::int as tables from pg_tables where schemaname = 'public' group by 1`));
  t.equal(rows.length, 1);
  t.equal(rows[0].owner, 'owner', 'everything belongs to the role nobody logs in as');
});

t.test('a migration changed after it was applied is refused, and put back it starts', async (t) => {
  const { start, folder } = await setting(t);
  await start();
  const file = join(folder, files[1]!);
  appendFileSync(file, '-- a harmless word\n');
  await t.rejects(start(), { name: 'CannotStart', message: new RegExp(`migrations/${files[1]} was changed after it was applied`) });
  cpSync(join(MIGRATIONS, files[1]!), file);
  t.same(await start(), []);
});

t.test('a missing migration and a newer database are refused', async (t) => {
  const { start, folder } = await setting(t);
  await start();
  rmSync(join(folder, files.at(-1)!));
  await t.rejects(start(), { message: /The database is newer than this program \(it has / });
  cpSync(join(MIGRATIONS, files.at(-1)!), join(folder, files.at(-1)!));
  renameSync(join(folder, files[0]!), join(folder, '0001-other.sql'));
  await t.rejects(start(), { message: new RegExp(`migrations/${files[0]} was applied to this database and is missing here`) });
  rmSync(join(folder, '0001-other.sql'));
  await t.rejects(start(), { message: /out of line/ });
});

t.test('a migration that fails leaves nothing behind and names its line', async (t) => {
  const { start, folder, url } = await setting(t);
  await start();
  const next = `${String(files.length + 1).padStart(4, '0')}-broken.sql`;
  writeFileSync(join(folder, next), 'create table half (n integer);\n\ninsert into nothing_there values (1);\n');
  await t.rejects(start(), { name: 'CannotStart', message: new RegExp(`migrations/${next} line 3 could not be applied`) });
  const { rows } = await withClient(url, (client) => client.query(`select to_regclass('half') as half`));
  t.equal(rows[0].half, null);
  writeFileSync(join(folder, next), 'create table half (n integer);\n');
  t.same(await start(), [next]);
});

t.test('line ends of another system change nothing', async (t) => {
  const folder = t.testdir({ '0001-a.sql': 'select 1;\nselect 2;\n', 'README.md': '' });
  const [unix] = readMigrations(folder);
  writeFileSync(join(folder, '0001-a.sql'), 'select 1;\r\nselect 2;\r\n');
  const [windows] = readMigrations(folder);
  t.equal(windows!.sha256, unix!.sha256);
  t.same(readdirSync(folder).length, 2);
  t.same(pending([unix!], []).map((file) => file.name), ['0001-a.sql']);
});

t.test('a PostgreSQL that is too old is told in one line', async (t) => {
  for (const [version, name] of [[90_624, '9.6'], [140_011, '14']] as const) {
    t.throws(() => checkServerVersion(version), { name: 'CannotStart', message: new RegExp(`is PostgreSQL ${name}, and Mingzhang needs 15`) });
  }
  for (const version of [150_000, 160_004, 180_000, 190_000]) t.doesNotThrow(() => checkServerVersion(version));
});

t.test('what keeps a database from being used is told in one line', async (t) => {
  const { urls } = await testDatabase(t, { empty: true });
  const start = (database_url: string) => prepareDatabase({
    database_url, data: t.testdir(), migrations: MIGRATIONS, note: () => undefined, warn: () => undefined, patience_ms: 300,
  });
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(urls.superuser);
    change(url);
    return url.href;
  };
  const cases: [string, RegExp][] = [
    [changed((url) => { url.port = '1'; }), /^The database at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED/],
    [changed((url) => { url.hostname = 'no-such-host.invalid'; }), /^The database at no-such-host\.invalid:\d+ cannot be reached/],
    [changed((url) => { url.pathname = '/nonesuch'; }), /has no database "nonesuch"/],
    ...(new URL(urls.superuser).password === '' ? []
      : [[changed((url) => { url.password = 'wrong'; }), /refuses the login of "postgres"/] as [string, RegExp]]),
  ];
  for (const [url, message] of cases) {
    const error = await start(url).then(() => null, (reason: unknown) => reason);
    t.type(error, CannotStart);
    t.match((error as Error).message, message);
    t.notMatch((error as Error).message, /\n/);
    t.notOk((error as Error).message.includes(new URL(url).password || '\0'), 'and does not repeat the password');
  }
});
