// Bodies of an estate (各方). Two of them hold a key to the money: the property company one, the
// owners' committee the other; the rest watch or stand in. Each body is a record of the log
// (body_opened).
import { sql } from 'kysely';
import type { BodyKind } from '../kernel/actor.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { refusePersonal } from '../kernel/text.ts';
import { appendRecord } from '../evidence/records.ts';
import type { BodyForm } from './body-form.ts';
import { refusals } from './refusals.ts';

export type KeySide = 'company' | 'owners';
export const keySideOf = (body: BodyKind): KeySide | null =>
  body === 'property' ? 'company' : body === 'committee' ? 'owners' : null;

export interface NewBody {
  estate_id: number;
  body: BodyKind;
  name_zh: string;
  name_en: string;
  /** Said at the opening; else the first of formsOf(). */
  form?: BodyForm | undefined;
  /** Last day a temporary body is meant for. */
  until?: BusinessDate | null | undefined;
}

/** Opens a body. Refusal: body_exists. */
export async function openBody(
  trx: Trx,
  { estate_id, body, name_zh, name_en, form, until = null }: NewBody,
): Promise<void> {
  for (const name of [name_zh, name_en]) refusePersonal(name, { field: 'name_zh', label: '名称 name' });
  const key_side = keySideOf(body);
  const seq = await appendRecord(trx, estate_id, 'body_opened', {
    body, key_side, name_zh, name_en, ...(form === undefined ? {} : { form }), ...(until === null ? {} : { until }),
  });
  try {
    await trx.insertInto('body').values({ estate_id, body, key_side, name_zh, name_en }).execute();
  } catch (error) {
    throw constraintRefusal(error, { body_pkey: () => refusals.body_exists({ body }, 'body') });
  }
  if (form !== undefined) await sql`select open_body_form(${estate_id}, ${seq}, ${until}::date)`.execute(trx);
}
