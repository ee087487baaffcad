// Idempotency: the same key with the same content gets the first answer again; the same key with
// other content is refused. The first answer is kept in the transaction that did the work.
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { canonical, type Json } from './canonical.ts';
import { sha256 } from './digest.ts';
import { catalogue } from './refusal.ts';
import type { Tables } from './tables.ts';

export const refusals = catalogue({
  key_reused: {
    status: 409,
    zh: '这次提交的编号已用于另一项内容，没有重复登记。请刷新页面后重新填写。',
    en: 'This submission key was already used for other content; nothing was done. Reload the form and try again.',
  },
});

/** The caller's idempotency key. */
export const callersKey = (request: FastifyRequest): string | null => {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? key : null;
};

/** Does `work` once per key. `key` null: no idempotency asked for. Answers are JSON. */
export async function once<T extends Json>(
  trx: Transaction<Tables>,
  { estate_id, key, content }: { estate_id: number; key: string | null; content: Json },
  work: () => Promise<T>,
): Promise<T> {
  if (key === null) return work();
  const content_hash = sha256(canonical(content));
  // Two presses of the same button at the same moment wait for each other here.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${estate_id} ${key}`}, 0))`.execute(trx);
  const found = await trx.selectFrom('request_key').select(['content_hash', 'answer'])
    .where('estate_id', '=', estate_id).where('key', '=', key).executeTakeFirst();
  if (found !== undefined) {
    if (!found.content_hash.equals(content_hash)) throw refusals.key_reused();
    return found.answer as T;
  }
  const answer = await work();
  await trx.insertInto('request_key')
    .values({ estate_id, key, content_hash, answer: JSON.stringify(answer) }).execute();
  return answer;
}
