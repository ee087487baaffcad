// What persons write (问题、异议、评论、通行密钥的名称): the log commits to it, and a table beside it keeps it until it
// is erased. A commitment is SHA-256 of the canonical array [salt, field, value], with 32 random bytes of salt, and
// stands in the record's body as "<field>_commitment"; the database keeps no other text than the one committed to
// (commitment_differs) and lets none go without a record (erasure_needs_record).
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { canonical, type Json } from '../kernel/canonical.ts';
import { isoInstant } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import type { Tables } from '../kernel/tables.ts';
import { appendRecord } from './records.ts';

export type PersonalField = 'question' | 'objection' | 'comment' | 'label';
/** Under which name the body itself held the text, before there were commitments. */
const before: Record<PersonalField, string> = { question: 'question', objection: 'objection', comment: 'reason', label: 'label' };

/** Whoever is given salt and text can check that this is what the record says. */
export const commitmentOf = (salt: string, field: string, value: string): string => sha256Hex(canonical([salt, field, value]));

export interface Committed { salt: string; commitment: string }

export function commit(field: PersonalField, value: string): Committed {
  const salt = randomBytes(32).toString('hex');
  return { salt, commitment: commitmentOf(salt, field, value) };
}

/** Appends a record that commits to a text, and keeps the text beside it; gives the seq. */
export async function appendCommitted(
  trx: Transaction<Tables>, estate_id: number, kind: string,
  { field, value, body }: { field: PersonalField; value: string; body: { readonly [key: string]: Json | undefined } },
): Promise<number> {
  const { salt, commitment } = commit(field, value);
  const seq = await appendRecord(trx, estate_id, kind, { ...body, [`${field}_commitment`]: commitment });
  await trx.insertInto('personal_value').values({ estate_id, seq, field, salt, value }).execute();
  return seq;
}

export type Ground = 'request' | 'left' | 'error' | 'law';
export interface Erasure {
  ground: Ground;
  /** Body whose officer erased it; null: whoever wrote it asked for it. */
  body: string | null;
  /** ISO instant. */
  erased_at: string;
}
/** A text of a person: there, hidden by a moderator on record, erased on record, or gone without a record (text and erased both null). */
export interface Said { text: string | null; erased: Erasure | null; hidden?: boolean }

/** The texts that records commit to, by seq; those of old records from their bodies. What is hidden (text_moderation) is left out unless it is
 *  asked for: for its writer, and for whoever decides about it. */
export async function textsOf(
  trx: Transaction<Tables>, estate_id: number, seqs: readonly number[], field: PersonalField, { even_hidden = false }: { even_hidden?: boolean } = {},
): Promise<Map<number, Said>> {
  if (seqs.length === 0) return new Map();
  const { rows } = await sql<{ seq: number; text: string | null; hidden: boolean; ground: Ground | null; body: string | null; erased_at: Date }>`
    select r.seq, coalesce(v.value, r.body::jsonb ->> ${before[field]}) as text, coalesce(moderation_of(r.estate_id, r.seq, ${field}) <> 'restored', false) as hidden,
      e.body::jsonb ->> 'ground' as ground, e.body::jsonb ->> 'body' as body, e.recorded_at as erased_at
    from record r
    left join personal_value v on v.estate_id = r.estate_id and v.seq = r.seq and v.field = ${field}
    left join record e on e.estate_id = r.estate_id and e.kind = 'erased' and (e.body::jsonb ->> 'seq')::bigint = r.seq
      and e.body::jsonb ->> 'field' = ${field}
    where r.estate_id = ${estate_id} and r.seq = any(${[...seqs]}::bigint[])`.execute(trx);
  return new Map(rows.map(({ seq, text, hidden, ground, body, erased_at }) => {
    const erased = ground === null ? null : { ground, body, erased_at: isoInstant(erased_at) };
    return [seq, hidden && text !== null ? { text: even_hidden ? text : null, erased, hidden } : { text, erased }];
  }));
}

/** One of them; for records that are there. */
export const saidIn = (texts: ReadonlyMap<number, Said>, seq: number): Said => texts.get(seq) ?? { text: null, erased: null };

const erasedText: Bilingual = {
  zh: '（已按个人信息保护法删除）', en: '(erased under the Personal Information Protection Law)',
};
/** Nobody may take a text away without a record; if somebody did, that is shown. */
const missingText: Bilingual = {
  zh: '（原文不见了，存证里没有删除记录）', en: '(the text is gone, and no erasure is on record)',
};

const hiddenText: Bilingual = { zh: '（文字已隐藏，谁隐藏的、为什么，写在它的页面上）', en: '(hidden; by whom and why stands on its page)' };

/** What a page shows: the text, or what became of it. */
export const saidText = ({ text, erased, hidden = false }: Said, locale: Locale): string =>
  text ?? (hidden ? hiddenText : erased === null ? missingText : erasedText)[locale];
