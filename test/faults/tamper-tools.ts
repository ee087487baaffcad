// What whoever tampers has at hand: every right in the database, and the hashes to make a changed record fit again.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import type { Base, Copy } from './tamper-books.ts';

export interface Tampering {
  name: string;
  /** Before October goes on. */
  before?: (copy: Copy, base: Base) => Promise<void>;
  /** After October was published. */
  after?: (copy: Copy, base: Base) => Promise<void>;
}

export type Body = Record<string, any>;
export const sql = (copy: Copy, text: string, values: unknown[] = []) => copy.superuser.query(text, values);

/** Takes every guard off: triggers, foreign keys and what a constraint would say. */
export async function unguard(copy: Copy): Promise<void> {
  const { rows } = await sql(copy, `select format('alter table %I disable trigger all', c.relname) as act from pg_class c
    where relnamespace = 'public'::regnamespace and relkind = 'r'`);
  for (const { act } of rows) await sql(copy, act);
}

export const rehash = (copy: Copy, seq: number | null = null) => sql(copy, `update record r
  set leaf_hash = sha256('\\x00'::bytea || record_leaf(e.code, r.seq, r.kind, r.recorded_at, r.number, r.body))
  from estate e where e.estate_id = r.estate_id and r.estate_id = $1 and ($2::bigint is null or r.seq = $2)`, [copy.estate.estate_id, seq]);

/** Every trace of what was signed before is removed, so that the signer signs the new history. */
export async function forgetCheckpoints(copy: Copy): Promise<void> {
  for (const act of ['update disclosure set checkpoint_size = null', 'delete from cosignature', 'delete from checkpoint', 'delete from log_tile']) await sql(copy, act);
  for (const origin of await readdir(copy.keys)) {
    const memory = join(copy.keys, origin, 'last.json');
    if (existsSync(memory)) await rm(memory);
  }
}

export async function bodyOf(copy: Copy, seq: number): Promise<Body> {
  const { rows } = await sql(copy, 'select body from record where estate_id = $1 and seq = $2', [copy.estate.estate_id, seq]);
  return JSON.parse(rows[0].body) as Body;
}

export const setBody = (copy: Copy, seq: number, body: Body) => sql(copy, 'update record set body = $3 where estate_id = $1 and seq = $2',
  [copy.estate.estate_id, seq, canonical(body as Json)]);

/** A record says something else. `hashed`: with a fitting fingerprint; `whole`: and the tree above it made anew. */
export async function rewrite(copy: Copy, seq: number, change: (body: Body) => void, { hashed = true, whole = true } = {}): Promise<void> {
  await unguard(copy);
  const body = await bodyOf(copy, seq);
  change(body);
  await setBody(copy, seq, body);
  if (hashed) await rehash(copy, seq);
  if (whole) await forgetCheckpoints(copy);
}

export const firstOf = async (copy: Copy, kind: string, like = '%'): Promise<number> => (await sql(copy,
  'select seq from record where estate_id = $1 and kind = $2 and body like $3 order by seq limit 1', [copy.estate.estate_id, kind, like])).rows[0].seq;
