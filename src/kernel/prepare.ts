// Makes the database ready, from nothing to open connections: the built-in PostgreSQL or the given
// one, its roles, its migrations. Used by the service and by the command line alike.
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';
import { openDatabase, type Database, type Login } from './database.ts';
import { startBuiltIn, type BuiltIn } from './embedded.ts';
import { APPLIED, migrate, pending, readMigrations, type Applied, type Migration } from './migrate.ts';
import { ensureRoles, letLogIn } from './roles.ts';

export interface PrepareOptions {
  /** Of a given PostgreSQL; null: the built-in one in `data`. */
  database_url: string | null;
  /** Logins of the roles themselves, where the administrator gave them; else SET ROLE is used. */
  app_url?: string | null;
  signer_url?: string | null;
  data: string;
  /** Folder of the migration files. */
  migrations: string;
  note: (line: string) => void;
  warn: (line: string) => void;
  /** A file that stands while the first content is being made: found at a start, that was cut off. */
  half_made?: string;
  /** Use the built-in PostgreSQL of a service that is running. */
  join?: boolean;
  /** How long to wait for a given database that is still starting. */
  patience_ms?: number;
}

export interface Prepared {
  db: Database;
  /** What was applied just now. */
  migrated: string[];
  /** Why the database cannot be used at the moment, or null: it answers and its schema is ours. */
  trouble(): Promise<string | null>;
  /** Closes the connections, then stops the database, if it is ours. */
  close(): Promise<void>;
  /** For a forced end: tells the database to end, if it is ours, and waits for nothing. */
  abandon(): void;
}

const DATABASE = 'mingzhang';

export async function prepareDatabase(options: PrepareOptions): Promise<Prepared> {
  const files = readMigrations(options.migrations);
  if (options.database_url !== null) {
    const { database_url: url, app_url = null, signer_url = null } = options;
    if (options.half_made !== undefined && existsSync(options.half_made)) {
      throw new CannotStart('The making of the demo estate in this database was cut off: drop the database and make it anew, '
        + `then remove ${options.half_made}.`);
    }
    const migrated = await bringUp(url, files, options.patience_ms ?? 10_000);
    const login = (given: string | null, role: string): Login =>
      given === null ? { url, role } : { url: given, role: null };
    const db = openDatabase({ app: login(app_url, 'app'), signer: login(signer_url, 'signer'), warn: options.warn });
    return finish(db, files, migrated, null);
  }
  const { data, note, warn, join = false } = options;
  const builtIn = await startBuiltIn({ data, note, warn, join });
  try {
    if (builtIn.owned) await createDatabase(builtIn, options.half_made);
    const migrated = await bringUp(builtIn.url('postgres', DATABASE), files, 10_000, builtIn);
    const login = (role: 'app' | 'signer'): Login => ({ url: builtIn.url(role, DATABASE), role: null });
    const db = openDatabase({ app: login('app'), signer: login('signer'), warn });
    return finish(db, files, migrated, builtIn);
  } catch (error) {
    await builtIn.stop();
    throw error;
  }
}

function finish(db: Database, files: readonly Migration[], migrated: string[], builtIn: BuiltIn | null): Prepared {
  return {
    db,
    migrated,
    async trouble() {
      const late = sleep(2_000, null, { ref: false });
      try {
        const answer = await Promise.race([db.executeSql(APPLIED), late]);
        if (answer === null) return 'the database does not answer within 2 seconds';
        return pending(files, answer.rows as Applied[]).length > 0 ? 'migrations are waiting' : null;
      } catch (error) {
        return error instanceof CannotStart ? error.message : 'the database cannot be reached';
      }
    },
    async close() {
      await db.close();
      await builtIn?.stop();
    },
    abandon: () => void builtIn?.stop(),
  };
}

async function createDatabase(builtIn: BuiltIn, half_made: string | undefined): Promise<void> {
  const client = await connect(builtIn.url('postgres', 'postgres'), 10_000);
  try {
    const exists = (await client.query('select from pg_database where datname = $1', [DATABASE])).rowCount === 1;
    const again = exists && half_made !== undefined && existsSync(half_made) && await holdsOnlyDemo(builtIn);
    if (again) await client.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`);
    if (again || !exists) await client.query(`CREATE DATABASE ${DATABASE}`);
    if (half_made !== undefined) rmSync(half_made, { force: true });
  } finally {
    await client.end();
  }
}

// Nothing but a demo is ever dropped: not a book that somebody opened beside it in the meantime.
async function holdsOnlyDemo(builtIn: BuiltIn): Promise<boolean> {
  const client = await connect(builtIn.url('postgres', DATABASE), 10_000);
  try {
    return (await client.query('select from estate where not is_demo')).rowCount === 0;
  } finally {
    await client.end();
  }
}

async function bringUp(
  url: string, files: readonly Migration[], patience: number, builtIn: BuiltIn | null = null,
): Promise<string[]> {
  const client = await connect(url, patience);
  try {
    await ensureRoles(client);
    if (builtIn?.owned === true) await letLogIn(client, builtIn.passwords);
    return await migrate(client, files);
  } finally {
    await client.end();
  }
}

// ── Connecting for the first time ────────────────────────────────────────────────────────────────

const starting = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH',
  'ENETUNREACH', 'ENOENT', '57P03', '53300']);

/** Connects, waiting for a database that is still starting; one clear line when it stays away. */
export async function connect(url: string, patience: number): Promise<pg.Client> {
  const until = performance.now() + patience;
  for (;;) {
    const client = new pg.Client({
      connectionString: url, application_name: 'mingzhang start', connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined); // told by the query that meets it
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const code = codeOf(error);
      const again = starting.has(code) || /timeout|terminated/i.test((error as Error).message);
      if (!again || performance.now() > until) throw unreachable(url, code, error as Error);
      await sleep(250);
    }
  }
}

// An address with several numbers (IPv4 and IPv6) fails with one error that holds several.
function codeOf(error: unknown): string {
  const one = error instanceof AggregateError ? error.errors[0] : error;
  return one instanceof Error && 'code' in one && typeof one.code === 'string' ? one.code : '';
}

function unreachable(url: string, code: string, error: Error): CannotStart {
  const { hostname, port, username, pathname } = new URL(url);
  const place = `${decodeURIComponent(hostname) || 'this machine'}:${port || '5432'}`;
  const user = decodeURIComponent(username);
  const database = decodeURIComponent(pathname.slice(1)) || user;
  if (['28P01', '28000'].includes(code)) {
    return new CannotStart(`The database at ${place} refuses the login of "${user}" (${error.message}): check DATABASE_URL.`);
  }
  if (code === '3D000') {
    return new CannotStart(`The PostgreSQL at ${place} has no database "${database}": make it with `
      + `"CREATE DATABASE ${database}", or check DATABASE_URL.`);
  }
  const reason = code === '' || error.message.includes(code) ? error.message || code : `${code} ${error.message}`.trim();
  return new CannotStart(`The database at ${place} cannot be reached (${reason}): check DATABASE_URL and whether it is running.`,
    { cause: error });
}
