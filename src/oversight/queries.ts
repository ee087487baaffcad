// Searching the record log, newest first. Kind and person are looked up by index (record_kind, record_of_actor,
// record_about), days by halving (first_record_from). Text is looked for by reading: an index over pieces of text finds
// no Chinese word of two characters, and reading a million records takes about a second. So a search reads backwards in
// strides that grow, stops when the page is full, and after a while says how far it came, with the way to go on.
import { sql, type RawBuilder } from 'kysely';
import { canonical } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { addDays, shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import type { PersonalField } from '../evidence/personal-value.ts';
import { stamp } from '../evidence/records.ts';

export interface LogAsked {
  /** Whoever did it or is concerned; undefined: everybody. */
  persons?: readonly string[] | undefined;
  /** Days in Shanghai, both included. */
  from?: BusinessDate | undefined;
  to?: BusinessDate | undefined;
  kind?: string | undefined;
  /** Text of the body, voucher number, amount, number of the record, or a fingerprint. */
  q?: string | undefined;
  /** Only records before this one. */
  before?: number | undefined;
  limit: number;
}

export interface LogRow {
  seq: number;
  kind: string;
  /** UTC, microseconds, as in the leaf. */
  recorded_at: string;
  number: string;
  body: string;
  leaf_hash: string;
  actor: string | null;
  concerns: string | null;
}

export interface LogFound {
  items: LogRow[];
  /** Ask for what lies before this record; null when all was read. */
  next_cursor: number | null;
  /** Where reading stopped before the page was full; null when it did not. */
  searched_to: { seq: number; recorded_at: string } | null;
}

/** Records whose text is kept apart and shown with them, and under which name. */
export const committed: Readonly<Record<string, PersonalField>> = {
  inquiry_asked: 'question', objection_raised: 'objection', proposal_commented: 'comment', budget_commented: 'comment', project_entered: 'comment', project_opinion_given: 'comment', passkey_enrolled: 'label', inquiry_rated: 'comment',
};

const FIRST_STRIDE = 20_000;
const LONGEST_STRIDE = 400_000;
/** Milliseconds after which no further stride is begun. */
export const PATIENCE = 1_500;

const columns = sql`r.seq, r.kind, ${stamp('r.recorded_at')} as recorded_at,
  r.number, r.body, encode(r.leaf_hash, 'hex') as leaf_hash, r.actor, r.concerns`;

/** Characters no record can contain are dropped: nothing could match them. */
export const plainText = (text: string): string => text.toWellFormed().replaceAll('\0', '').trim().slice(0, 200);

/** Letters are found in either case; without letters, the faster comparison does. */
function contains(column: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  return /[a-z]/i.test(text) ? sql<boolean>`${column} ilike ${pattern}` : sql<boolean>`${column} like ${pattern}`;
}

/** How a text stands within canonical JSON: quotes and backslashes escaped. */
const asWritten = (text: string): string => canonical(text).slice(1, -1);

function textCondition(estate_id: number, typed: string, low: number, high: number): RawBuilder<boolean> {
  const spellings = [...new Set([typed.normalize('NFC'), typed.normalize('NFKC').replace(/\s+/g, ' ')])];
  const parts = spellings.flatMap((text) => [contains(sql`r.body`, asWritten(text)), contains(sql`r.number`, text)]);
  // What persons wrote stands beside the log, as long as it is there. Only what the log shows is looked through: the name of a giver who is
  // not to be shown is not found either.
  parts.push(sql<boolean>`r.kind = any(${Object.keys(committed)}::text[]) and r.seq in (select v.seq from personal_value v where v.estate_id = ${estate_id} and v.seq between ${low} and ${high}
      and coalesce(moderation_of(v.estate_id, v.seq, v.field) = 'restored', true)
    and (${sql.join(spellings.map((text) => contains(sql`v.value`, text)), sql` or `)}))`);
  const plain = spellings.at(-1)!;
  const amount = readMoney(plain);
  if (amount !== null && moneyText(amount) !== plain) parts.push(contains(sql`r.body`, `"${moneyText(amount)}"`));
  const seq = /^(?:#|no\.?\s*|第\s*)?([1-9][0-9]{0,14})\s*[号条]?$/i.exec(plain)?.[1];
  if (seq !== undefined) parts.push(sql<boolean>`r.seq = ${Number(seq)}`);
  if (/^[0-9a-f]{64}$/i.test(plain)) parts.push(sql<boolean>`r.leaf_hash = decode(${plain}, 'hex')`);
  return sql<boolean>`(${sql.join(parts, sql` or `)})`;
}

function conditions(estate_id: number, { kind, q }: LogAsked, low: number, high: number): RawBuilder<boolean> {
  const text = q === undefined ? '' : plainText(q);
  return sql<boolean>`${sql.join([
    sql<boolean>`r.estate_id = ${estate_id} and r.seq between ${low} and ${high}`,
    ...(kind === undefined ? [] : [sql<boolean>`r.kind = ${kind}`]),
    ...(text === '' ? [] : [textCondition(estate_id, text, low, high)]),
  ], sql` and `)}`;
}

/** Ends of terms and delegations name nobody by a column: they are few, and told by their text. */
function endsOf(persons: readonly string[]): RawBuilder<boolean> {
  const list = sql`${persons}::uuid[]`;
  return sql<boolean>`(r.kind = 'delegation_opened' and read_person(r.body::jsonb ->> 'delegate') = any(${list})
    or r.kind = 'term_ended' and exists (select from term t where t.estate_id = r.estate_id
      and t.term_id = (r.body::jsonb ->> 'term')::integer and t.person_id = any(${list})))`;
}

async function rowsBetween(
  trx: Trx, estate_id: number, asked: LogAsked, { low, high, limit }: { low: number; high: number; limit: number },
): Promise<LogRow[]> {
  const fits = conditions(estate_id, asked, low, high);
  const latest = sql`order by r.seq desc limit ${limit}`;
  const { persons } = asked;
  const picked = persons === undefined ? sql`select r.seq from record r where ${fits} ${latest}` : sql`
    select f.seq from unnest(${persons}::uuid[]) as p(person), lateral (
      (select r.seq from record r where ${fits} and r.actor = p.person ${latest}) union
      (select r.seq from record r where ${fits} and r.concerns = p.person ${latest})) as f
    union (select r.seq from record r where ${fits} and r.kind in ('term_ended', 'delegation_opened') and ${endsOf(persons)} ${latest})`;
  const { rows } = await sql<LogRow>`
    select ${columns} from record r where r.estate_id = ${estate_id} and r.seq in (${picked}) ${latest}`.execute(trx);
  return rows;
}

/** Numbers of the first and the last record that the days and the cursor leave. */
async function borders(trx: Trx, estate_id: number, { from, to, before }: LogAsked): Promise<{ low: number; high: number }> {
  const start = (day: BusinessDate) => sql`first_record_from(${estate_id}, ${shanghaiInstant(day)})`;
  const { rows } = await sql<{ low: number; high: number }>`
    select ${from === undefined ? sql`1::bigint` : start(from)} as low,
      ${to === undefined ? sql`h.size` : sql`${start(addDays(to, 1))} - 1`} as high
    from log_head h where h.estate_id = ${estate_id}`.execute(trx);
  const { low, high } = rows[0] ?? { low: 1, high: 0 };
  return { low, high: before === undefined ? high : Math.min(high, before - 1) };
}

/** `patience`: null reads to the end, whatever it takes. */
export async function searchLog(
  trx: Trx, estate_id: number, asked: LogAsked, patience: number | null = PATIENCE,
): Promise<LogFound> {
  const { limit } = asked;
  const { low, high } = await borders(trx, estate_id, asked);
  const begun = performance.now();
  const items: LogRow[] = [];
  let top = high;
  for (let stride = FIRST_STRIDE; top >= low; stride = Math.min(stride * 4, LONGEST_STRIDE)) {
    const bottom = Math.max(low, top - stride + 1);
    items.push(...await rowsBetween(trx, estate_id, asked, { low: bottom, high: top, limit: limit + 1 - items.length }));
    top = bottom - 1;
    if (items.length > limit) {
      items.length = limit;
      return { items, next_cursor: items.at(-1)!.seq, searched_to: null };
    }
    if (patience !== null && performance.now() - begun > patience) break;
  }
  if (top < low) return { items, next_cursor: null, searched_to: null };
  const reached = await recordAt(trx, estate_id, top + 1);
  return { items, next_cursor: top + 1, searched_to: { seq: top + 1, recorded_at: reached!.recorded_at } };
}

export async function recordAt(trx: Trx, estate_id: number, seq: number): Promise<LogRow | null> {
  const { rows } = await sql<LogRow>`
    select ${columns} from record r where r.estate_id = ${estate_id} and r.seq = ${seq}`.execute(trx);
  return rows[0] ?? null;
}

export async function logSize(trx: Trx, estate_id: number): Promise<number> {
  const row = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).executeTakeFirst();
  return row?.size ?? 0;
}
