// The address to which a person's notices go: theirs to give and to take away. Personal data, never in the log.
import type { Kysely } from 'kysely';
import { databaseRefusal } from '../kernel/database.ts';
import { isMailAddress } from '../kernel/mail.ts';
import { catalogue } from '../kernel/refusal.ts';
import type { Tables } from '../kernel/tables.ts';

export const refusals = catalogue({
  email_invalid: {
    status: 422,
    zh: '“{email}”不像邮箱地址。请写成 name@example.cn 的样子，只用字母、数字和 . _ - + %，中间没有空格。',
    en: '"{email}" does not look like an e-mail address. Write it as name@example.cn: letters, digits and . _ - + % only, no blanks.',
  },
});

export async function emailOf(app: Kysely<Tables>, person_id: string): Promise<string | null> {
  const row = await app.selectFrom('person_identity').select('email').where('person_id', '=', person_id).executeTakeFirst();
  return row?.email ?? null;
}

/** Keeps the address as typed, without blanks around it; nothing typed takes it away. Refusal: email_invalid. */
export async function keepEmail(app: Kysely<Tables>, person_id: string, typed: string): Promise<void> {
  const email = typed.normalize('NFKC').trim();
  if (email !== '' && !isMailAddress(email)) throw refusals.email_invalid({ email: [...email].slice(0, 60).join('') }, 'email');
  try {
    await app.updateTable('person_identity').set({ email: email === '' ? null : email }).where('person_id', '=', person_id).execute();
  } catch (error) {
    throw databaseRefusal(error);
  }
}
