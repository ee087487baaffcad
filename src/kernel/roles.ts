// The four roles of the database, the same for every estate:
//   owner    owns tables and doors; nobody logs in as it
//   app      the web service: reads, and writes through the doors where money or proof is concerned
//   signer   the only one that may record a signature
//   auditor  reads everything, changes nothing
// Made here where the connecting role may do so; otherwise the SQL for an administrator is printed.
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';

export const ROLES = ['owner', 'app', 'signer', 'auditor'] as const;
const WORN = ['owner', 'app', 'signer'] as const; // the connecting role sets itself to these

/** Oldest PostgreSQL that this program's SQL needs, as server_version_num gives it. */
const OLDEST = 150_000;

export function checkServerVersion(version_number: number): void {
  if (version_number >= OLDEST) return;
  const version = version_number < 100_000
    ? `${Math.floor(version_number / 10_000)}.${Math.floor(version_number / 100) % 100}`
    : String(Math.floor(version_number / 10_000));
  throw new CannotStart(`The database is PostgreSQL ${version}, and Mingzhang needs 15 or newer: `
    + 'upgrade it, or leave DATABASE_URL empty to use the built-in PostgreSQL 18.');
}

interface Situation { me: string; database: string; version: number; encoding: string }
interface Step { statement: string; done: boolean }

const quote = (name: string): string => pg.escapeIdentifier(name);

async function look(client: pg.Client): Promise<Situation> {
  const { rows } = await client.query(`select session_user::text as me, current_database()::text as database,
    current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`);
  return rows[0] as Situation;
}

/** Everything the roles need, and which of it is there already. */
async function steps(client: pg.Client, { me, database, version }: Situation): Promise<Step[]> {
  const { rows } = await client.query(`select rolname::text as role, rolsuper or rolbypassrls as unbound
    from pg_roles where rolname = any($1)`, [ROLES]);
  const found = new Map((rows as { role: string; unbound: boolean }[]).map((row) => [row.role, row]));
  const unbound = ROLES.find((role) => found.get(role)?.unbound === true);
  if (unbound !== undefined) {
    throw new CannotStart(`The role ${unbound} of this PostgreSQL is a superuser or bypasses row-level security, `
      + `so nothing would bind it: run "ALTER ROLE ${unbound} NOSUPERUSER NOBYPASSRLS" or use another server.`);
  }
  const ask = async (question: string, values: string[]): Promise<boolean> =>
    (await client.query(`select ${question} as yes`, values)).rows[0].yes as boolean;
  const list: Step[] = ROLES.map((role) => ({ statement: `CREATE ROLE ${role} NOLOGIN`, done: found.has(role) }));
  for (const role of WORN) {
    // Since PostgreSQL 16 being a member and being allowed to SET ROLE are two things.
    const how = version >= 160_000 ? 'SET' : 'MEMBER';
    list.push({
      statement: `GRANT ${role} TO ${quote(me)}${version >= 160_000 ? ' WITH SET TRUE, INHERIT FALSE' : ''}`,
      done: found.has(role) && await ask(`pg_has_role($1, $2, '${how}')`, [me, role]),
    });
  }
  const owned = found.has('owner');
  list.push({
    statement: `GRANT CREATE ON DATABASE ${quote(database)} TO owner`,
    done: owned && await ask(`has_database_privilege('owner', $1, 'CREATE')`, [database]),
  }, {
    statement: 'GRANT USAGE, CREATE ON SCHEMA public TO owner',
    done: owned && await ask(`has_schema_privilege('owner', 'public', 'CREATE')
      and has_schema_privilege('owner', 'public', 'USAGE')`, []),
  });
  return list;
}

// Roles belong to the whole server, so a Mingzhang on another database may be making them just now.
const isConcurrent = (error: unknown): boolean => error instanceof pg.DatabaseError
  && (['42710', '23505', '40001', '40P01'].includes(error.code ?? '') || /concurrently/.test(error.message));

/** Makes the roles and their grants in the connected database; what is there already stays as it is. */
export async function ensureRoles(client: pg.Client): Promise<void> {
  const situation = await look(client);
  checkServerVersion(situation.version);
  if (situation.encoding !== 'UTF8') {
    throw new CannotStart(`The database ${situation.database} is encoded in ${situation.encoding}, which cannot hold `
      + `every Chinese name: make it anew with "CREATE DATABASE ${situation.database} ENCODING 'UTF8' TEMPLATE template0".`);
  }
  let refused = new Set<string>();
  for (let round = 0; round < 5; round += 1) {
    const missing = (await steps(client, situation)).filter((step) => !step.done);
    if (missing.every((step) => refused.has(step.statement))) break;
    refused = new Set();
    for (const { statement } of missing) {
      try {
        await client.query(statement);
      } catch (error) {
        if (!isConcurrent(error)) refused.add(statement);
      }
    }
  }
  const missing = (await steps(client, situation)).filter((step) => !step.done);
  if (missing.length === 0) return;
  throw new CannotStart([
    `The database needs these roles and grants, and "${situation.me}" may not make them. Let an administrator of the `
      + `PostgreSQL run this once in the database ${situation.database}, then start Mingzhang again:`,
    '', ...missing.map((step) => `  ${step.statement};`), '',
  ].join('\n'));
}

/** Lets the three roles of daily work log in by themselves (built-in database only). */
export async function letLogIn(
  client: pg.Client,
  passwords: Readonly<Record<'app' | 'signer' | 'auditor', string>>,
): Promise<void> {
  for (const role of ['app', 'signer', 'auditor'] as const) {
    await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(passwords[role])}`);
  }
}
