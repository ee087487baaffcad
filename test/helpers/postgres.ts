// Real PostgreSQL for every test file: a fresh database, cloned from one that was migrated once.
//   const { db } = await testDatabase(t)
// TEST_DATABASE_URL names another server (a login that may create databases and roles).
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openDatabase, valueTypes, type Database, type Login } from '../../src/kernel/database.ts';
import { migrate, readMigrations, type Migration } from '../../src/kernel/migrate.ts';
import { ensureRoles, letLogIn } from '../../src/kernel/roles.ts';
import { testCluster } from './cluster.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface TestDatabase {
  db: Database;
  name: string;
  /** Past every wall: for looking at the books from outside and for tampering with them. */
  superuser: pg.Pool;
  urls: Readonly<Record<'superuser' | 'app' | 'signer' | 'auditor', string>>;
  /** How to log in as a role: its own login, or a SET ROLE on another server. */
  login(role: 'app' | 'signer' | 'auditor'): Login;
}

/** What is needed of a test: something to do at its end. tap's `t` fits. */
export interface Ending { teardown(work: () => unknown): void }

export interface TestServer {
  url(database: string): string;
  login(role: 'app' | 'signer' | 'auditor', database: string): Login;
}

let server: Promise<TestServer> | undefined;
export const testServer = (): Promise<TestServer> => (server ??= findServer());

async function findServer(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    const at = (database: string) => {
      const url = new URL(given);
      url.pathname = `/${database}`;
      return url.href;
    };
    return { url: at, login: (role, database) => ({ url: at(database), role }) };
  }
  const { port, passwords } = await testCluster();
  const at = (role: keyof typeof passwords, database: string) =>
    `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
  await letRolesIn(at('postgres', 'postgres'), passwords);
  return {
    url: (database) => at('postgres', database),
    login: (role, database) => ({ url: at(role, database), role: null }),
  };
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, types: valueTypes });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const LOCK = `select pg_advisory_lock(hashtextextended('mingzhang tests', 0))`;

const letRolesIn = (url: string, passwords: Parameters<typeof letLogIn>[1]): Promise<void> =>
  withClient(url, async (client) => {
    const ready = `select from pg_roles where rolname = 'auditor' and rolcanlogin`;
    if ((await client.query(ready)).rowCount === 1) return;
    await client.query(LOCK); // let go at disconnecting
    if ((await client.query(ready)).rowCount === 1) return;
    await ensureRoles(client);
    await letLogIn(client, passwords);
  });

/** The migrated database that the others are cloned from; made when its migrations are new. */
async function template({ url }: TestServer, files: readonly Migration[]): Promise<string> {
  const code = ['roles.ts', 'migrate.ts'].map((name) =>
    readFileSync(new URL(`../../src/kernel/${name}`, import.meta.url), 'utf8'));
  const hash = createHash('sha256').update([...files.map((file) => file.sha256), ...code].join('\n')).digest('hex');
  const name = `mingzhang_template_${hash.slice(0, 12)}`;
  await withClient(url('postgres'), async (client) => {
    const ready = `select from pg_database where datname = '${name}' and datistemplate`;
    if ((await client.query(ready)).rowCount === 1) return;
    await client.query(LOCK);
    if ((await client.query(ready)).rowCount === 1) return;
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name} encoding 'UTF8' template template0`);
    await withClient(url(name), async (inside) => {
      await ensureRoles(inside);
      await migrate(inside, files);
    });
    await client.query(`alter database ${name} with is_template true allow_connections false`);
  });
  return name;
}

export interface TestDatabaseOptions {
  /** Without the schema: for tests of the migrations themselves. */
  empty?: boolean;
}

/** A database of this test's own, dropped at its end. */
export async function testDatabase(t: Ending, { empty = false }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const at = await testServer();
  const source = empty ? 'template0' : await template(at, readMigrations(MIGRATIONS));
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copying files takes 40 ms here, going through the log 120 ms.
  await withClient(at.url('postgres'), (client) =>
    client.query(`create database ${name} encoding 'UTF8' template ${source} strategy = file_copy`));
  const superuser = new pg.Pool({ connectionString: at.url(name), max: 3, types: valueTypes });
  superuser.on('error', () => undefined);
  const login = (role: 'app' | 'signer' | 'auditor') => at.login(role, name);
  const db = openDatabase({ app: login('app'), signer: login('signer'), warn: () => undefined });
  t.teardown(async () => {
    await Promise.all([db.close(), superuser.end()]);
    await withClient(at.url('postgres'), (client) => client.query(`drop database if exists ${name} with (force)`));
  });
  const urls = {
    superuser: at.url(name), app: login('app').url, signer: login('signer').url, auditor: login('auditor').url,
  };
  return { db, name, superuser, urls, login };
}
