// The two connections of the service: `app` reads and writes through the doors, `signer` alone
// records signatures. Every transaction about an estate goes through inEstate(), which names the
// estate to the row-level security; a connection that names none sees no estate at all.
import { AsyncLocalStorage } from 'node:async_hooks';
import assert from 'node:assert/strict';
import { Kysely, PostgresDialect, PostgresDriver, CompiledQuery } from 'kysely';
import type { DatabaseConnection, PostgresDialectConfig, Transaction, TransactionSettings } from 'kysely';
import pg from 'pg';
import { isoInstant, type Clock } from './dates.ts';
import { catalogue, Refusal } from './refusal.ts';
import { refusals as storageRefusals } from './storage.ts';
import type { Tables } from './tables.ts';

export const refusals = catalogue({
  database_unavailable: {
    status: 503,
    zh: '数据库暂时连接不上，没有登记任何内容。请稍后再试一次。',
    en: 'The database cannot be reached at the moment; nothing was recorded. Try again in a little while.',
  },
  database_busy: {
    status: 503,
    zh: '同时办理的人太多，这一次没有登记任何内容。请稍后再试一次。',
    en: 'Too much is being done at the same moment; nothing was recorded. Try again in a little while.',
  },
});

export type Db = Kysely<Tables>;
/** One transaction of one estate. */
export type Trx = Transaction<Tables>;

/** How to log in to the database: as `role` itself, or as another that then sets itself to `role`. */
export interface Login {
  url: string;
  role: string | null;
}

export interface Database {
  app: Kysely<Tables>;
  signer: Kysely<Tables>;
  /** Plain SQL as the role app, for the job queue. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  app: Login;
  signer: Login;
  /** Told of a connection lost while nobody was using it. */
  warn: (message: string) => void;
  /** Most connections of the role app; the signer has at most 3 beside them. */
  most?: number;
}

// ── Values ───────────────────────────────────────────────────────────────────────────────────────

const int8 = (text: string): number => {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `an int8 that JavaScript cannot hold exactly: ${text}`);
  return value;
};
const text = (value: string): string => value;
// The published type of arrayParser is that of a later version: it is an object with create().
const arrays = pg.types.arrayParser as unknown as
  { create<T>(source: string, one: (part: string) => T): { parse(): T[] } };
const arrayOf = <T>(one: (part: string) => T) => (value: string): T[] => arrays.create(value, one).parse();

// date and numeric stay text: a JavaScript Date would move a business day across midnight in
// Shanghai, and a float would move a fen.
const parsers = new Map<number, (value: string) => unknown>([
  [20, int8], [1016, arrayOf(int8)],
  [1082, text], [1182, arrayOf(text)],
  [1700, text], [1231, arrayOf(text)],
]);
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format)) as never,
};

// Clock of a house that builds a demo estate; the database heeds it for demo estates only.
const demoClocks = new WeakMap<Kysely<Tables>, Clock>();
export function setDemoClock(db: Kysely<Tables>, clock: Clock | null): void {
  if (clock === null) demoClocks.delete(db);
  else demoClocks.set(db, clock);
}
export const hasDemoClock = (db: Kysely<Tables>): boolean => demoClocks.has(db);

// ── Transactions that name their estate ──────────────────────────────────────────────────────────

// What the next BEGIN of this call chain carries along, so that it costs no round trip of its own.
const opening = new AsyncLocalStorage<{ settings: string }>();

class EstateDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const store = opening.getStore();
    const modes = [isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`, accessMode ?? '']
      .filter((mode) => mode !== '').join(' ');
    await connection.executeQuery(CompiledQuery.raw(`begin ${modes}${store?.settings ?? ''}`));
    if (store !== undefined) store.settings = '';
  }
}

class EstateDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): PostgresDriver {
    return new EstateDriver(this.#config);
  }
}

export interface EstateOptions {
  isolation?: 'repeatable read' | 'serializable';
  readOnly?: boolean;
  /** Shown to the database as mingzhang.person. */
  person_id?: string;
  /** The work may be done a second time from its start: it touches nothing but the database. */
  retryable?: boolean;
}

/** Does `work` in one transaction of one estate. Refusals: database_unavailable, database_busy. */
export async function inEstate<T>(
  db: Kysely<Tables>,
  estate_id: number,
  work: (trx: Trx) => Promise<T>,
  options: EstateOptions = {},
): Promise<T> {
  assert(Number.isSafeInteger(estate_id), 'estate_id is a whole number');
  assert(options.person_id === undefined || /^[0-9a-f-]{36}$/i.test(options.person_id), 'person_id is a UUID');
  const person = options.person_id === undefined ? '' : `; set local mingzhang.person = '${options.person_id}'`;
  const demo = demoClocks.get(db);
  // A demo half made is made anew, so its commits need not wait for the disk; the first commit after it does.
  const clock = demo === undefined ? ''
    : `; set local mingzhang.demo_clock = '${isoInstant(demo())}'; set local synchronous_commit = off`;
  let builder = db.transaction();
  if (options.isolation !== undefined) builder = builder.setIsolationLevel(options.isolation);
  if (options.readOnly === true) builder = builder.setAccessMode('read only');
  const attempt = () =>
    opening.run({ settings: `; set local mingzhang.estate = '${estate_id}'${person}${clock}` }, () => builder.execute(work));
  try {
    return await attempt();
  } catch (error) {
    if (!(options.retryable === true && isCollision(error))) throw databaseRefusal(error);
  }
  try {
    return await attempt();
  } catch (error) {
    throw databaseRefusal(error);
  }
}

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Two transactions were in each other's way; the same again may succeed. */
const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH',
  'ENETUNREACH', 'EAI_AGAIN', 'ENOENT', '57P01', '57P02', '57P03', '25P03']);
const lostWords = /^(Connection terminated|timeout expired|Client has encountered a connection error)|not queryable/;
const busy = new Set(['40001', '40P01', '55P03', '57014', '53200', '53300', '53400']);
const DISK_FULL = '53100';
const busyWords = /^timeout exceeded when trying to connect/;

/** The refusal for a database that is away or overrun; any other error as it is. */
export function databaseRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error;
  const code = codeOf(error);
  // ENOENT counts only where it comes from connecting to a socket, not from a missing file.
  const away = code === 'ENOENT' ? 'syscall' in error && error.syscall === 'connect' : lost.has(code);
  let refusal: Refusal | null = null;
  if (away || code.startsWith('08') || lostWords.test(error.message)) refusal = refusals.database_unavailable();
  else if (code === DISK_FULL) refusal = storageRefusals.disk_full();
  else if (busy.has(code) || busyWords.test(error.message)) refusal = refusals.database_busy();
  if (refusal === null) return error;
  refusal.cause = error;
  return refusal;
}

/** The refusal for the constraint that was violated, by its name; any other error as it is:
 *  `catch (error) { throw constraintRefusal(error, { invoice_once: () => refusals.invoice_used() }) }` */
export function constraintRefusal(error: unknown, makers: Readonly<Record<string, () => Refusal>>): unknown {
  const name = error instanceof pg.DatabaseError ? error.constraint : undefined;
  const maker = name === undefined || !Object.hasOwn(makers, name) ? undefined : makers[name];
  return maker === undefined ? error : maker();
}

// ── Connections ──────────────────────────────────────────────────────────────────────────────────

/** Settings of a connection; `role` is set at connecting, so that even RESET ROLE stays in it. */
export function connectionOptions({ url, role }: Login): pg.ClientConfig {
  const parsed = new URL(url);
  const given = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  const options = [given, role === null ? '' : `-c role=${role}`].filter((part) => part !== '').join(' ');
  return {
    connectionString: parsed.href,
    types: valueTypes,
    application_name: 'mingzhang',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    ...(options === '' ? {} : { options }),
  };
}

function openPool(login: Login, most: number, warn: (message: string) => void): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOptions(login),
    max: most,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // Without a listener, a database that restarts would end the service.
  pool.on('connect', (client) => client.on('error', () => undefined)); // told by the query that meets it
  pool.on('error', (error) => {
    if (!pool.ending) warn(`a connection to the database was lost: ${error.message}`);
  });
  return pool;
}

export function openDatabase({ app, signer, warn, most = 12 }: DatabaseOptions): Database {
  const appPool = openPool(app, most, warn);
  const signerPool = openPool(signer, 3, warn);
  const kysely = (pool: pg.Pool) => new Kysely<Tables>({ dialect: new EstateDialect({ pool }) });
  const database = { app: kysely(appPool), signer: kysely(signerPool) };
  return {
    ...database,
    executeSql: (statement, values) => appPool.query(statement, values),
    async close() {
      await Promise.all([database.app.destroy(), database.signer.destroy()]);
      // A Kysely that was never used has not met its pool and does not end it.
      await Promise.all([appPool, signerPool].map(async (pool) => (pool.ended || pool.ending ? null : pool.end())));
    },
  };
}
