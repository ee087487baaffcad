// Migrations: the schema, step by step and forward only. Each file of migrations/ runs once, in one
// transaction, as the role owner, under a lock; its SHA-256 is kept. A file that was changed after it
// ran, or that is missing, stops the program: nobody can then say which schema the books were kept in.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';

export interface Migration { name: string; sha256: string; statements: string }
export interface Applied { name: string; sha256: string }

/** The files of the folder, in order. Two of the same number are a mistake of ours. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return names.map((name, index) => {
    if (Number(name.slice(0, 4)) !== index + 1) {
      throw new CannotStart(`migrations/${name} is out of line: the files are numbered from 0001 without gaps.`);
    }
    // A checkout on Windows may have turned line ends; that changes nothing.
    const statements = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { name, statements, sha256: createHash('sha256').update(statements, 'utf8').digest('hex') };
  });
}

/** What is still to be applied; refuses a history that is not a beginning of the files'. */
export function pending(files: readonly Migration[], applied: readonly Applied[]): Migration[] {
  for (const [index, done] of applied.entries()) {
    const file = files[index];
    if (file === undefined) {
      throw new CannotStart(`The database is newer than this program (it has ${done.name}): start the newer program.`);
    }
    if (file.name !== done.name) {
      throw new CannotStart(`migrations/${done.name} was applied to this database and is missing here `
        + `(there is ${file.name} in its place): restore it.`);
    }
    if (file.sha256 !== done.sha256) {
      throw new CannotStart(`migrations/${done.name} was changed after it was applied (SHA-256 ${done.sha256.slice(0, 12)}… `
        + `then, ${file.sha256.slice(0, 12)}… now): restore it; a change belongs in a new file.`);
    }
  }
  return files.slice(applied.length);
}

export const APPLIED = 'select name, sha256 from public.migration order by name';

/** Brings the connected database up to date; gives the names of what was applied. */
export async function migrate(client: pg.Client, files: readonly Migration[]): Promise<string[]> {
  await client.query(`select pg_advisory_lock(hashtextextended('mingzhang migrations', 0))`);
  try {
    await client.query('set role owner; set search_path = public');
    await client.query(`create table if not exists migration (
        name text primary key,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        applied_at timestamptz not null default clock_timestamp());
      comment on table migration is 'Files of migrations/ that were applied, with their SHA-256.';
      comment on column migration.name is 'File name.';
      comment on column migration.sha256 is 'SHA-256 of the file as it was applied.';
      comment on column migration.applied_at is 'When.';
      grant select on migration to app, signer, auditor`);
    const left = pending(files, (await client.query(APPLIED)).rows as Applied[]);
    for (const file of left) await apply(client, file);
    return left.map((file) => file.name);
  } finally {
    await client.query(`reset role; reset search_path;
      select pg_advisory_unlock(hashtextextended('mingzhang migrations', 0))`).catch(() => undefined);
  }
}

async function apply(client: pg.Client, { name, statements, sha256 }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(statements);
    await client.query('insert into public.migration (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    const position = error instanceof pg.DatabaseError ? Number(error.position ?? 0) : 0;
    const line = position > 0 ? ` line ${statements.slice(0, position).split('\n').length}` : '';
    throw new CannotStart(`migrations/${name}${line} could not be applied, nothing of it was kept: `
      + `${(error as Error).message}`, { cause: error });
  }
}
