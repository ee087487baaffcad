// Reads around erasing: one text that may be erased, what was erased so far, and what stands against erasing a person.
import { sql } from 'kysely';
import { saidIn, textsOf, type Ground, type PersonalField, type Said } from '../evidence/personal-value.ts';
import type { Estate, Office } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { today, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';

export type TextField = Exclude<PersonalField, 'label'>;

/** A text that a record commits to, and who wrote it. */
export interface Subject {
  seq: number;
  field: TextField;
  said: Said;
  author: string;
  /** Question, or proposal that was objected to or commented on. */
  number: number;
  /** Page on which the text stands. */
  href: string;
}

/** The page a text stands on: of a question, or of a proposal. */
const pageOf = (code: string, place: string, number: number): string => `/e/${code}/${place}/${number}`;

/** Null where the record commits to no such text. */
export async function subjectOf(trx: Trx, { estate_id, code }: Pick<Estate, 'estate_id' | 'code'>, seq: number): Promise<Subject | null> {
  const { rows } = await sql<{ field: TextField; author: string; number: number; place: string }>`
    select 'question' as field, asked_by as author, inquiry_id as number, 'inquiries' as place from inquiry where estate_id = ${estate_id} and seq = ${seq}
    union all select 'objection', objected_by, proposal_id, 'proposals' from objection where estate_id = ${estate_id} and seq = ${seq}
    union all select 'comment', rated_by, inquiry_id, 'inquiries' from inquiry_rating where estate_id = ${estate_id} and seq = ${seq}
    union all select 'comment', commented_by, draft_id, 'budget-drafts' from budget_comment where estate_id = ${estate_id} and seq = ${seq}
    union all select 'comment', person_id, project_id, 'projects' from project_opinion where estate_id = ${estate_id} and seq = ${seq}
    union all select 'comment', entered_by, project_id, 'projects' from project where estate_id = ${estate_id} and seq = ${seq}
    union all select 'comment', e.made_by, g.project_id, 'projects' from project_gift g join journal_entry e on e.estate_id = g.estate_id and e.seq = g.entry
      where g.estate_id = ${estate_id} and g.seq = ${seq}
    union all select 'comment', (body::jsonb ->> 'by')::uuid, (body::jsonb ->> 'proposal')::bigint, 'proposals' from record
      where estate_id = ${estate_id} and seq = ${seq} and kind = 'proposal_commented'`.execute(trx);
  if (rows[0] === undefined) return null;
  const { place, ...found } = rows[0];
  // What is hidden from others is still there to be erased.
  const said = saidIn(await textsOf(trx, estate_id, [seq], found.field, { even_hidden: true }), seq);
  return { seq, ...found, said, href: pageOf(code, place, found.number) };
}

// ── What was erased ──────────────────────────────────────────────────────────────────────────────

export interface ErasureRow {
  seq: number;
  recorded_at: Date;
  what: 'value' | 'identity' | 'payee';
  ground: Ground;
  /** Body whose officer erased it; null: the person asked for it themselves, or a retention ended. */
  body: string | null;
  body_zh: string | null;
  body_en: string | null;
  field: PersonalField | null;
  /** Record that committed to the text. */
  of_seq: number | null;
  /** Question, proposal or payee it belongs to. */
  number: number | null;
  /** Opaque id of a person. */
  person_id: string | null;
  /** Of whoever served: last day on which the name is kept. */
  kept_until: BusinessDate | null;
  href: string | null;
}

/** Erasures on record, the latest first; `cursor` is the seq of the last one shown. */
export async function erasureList(
  trx: Trx, { estate_id, code }: Pick<Estate, 'estate_id' | 'code'>, { cursor, limit }: { cursor?: number | undefined; limit: number },
): Promise<{ items: ErasureRow[]; next_cursor: string | null }> {
  const { rows } = await sql<Omit<ErasureRow, 'href'> & { place: string }>`
    select e.seq, e.recorded_at, b ->> 'what' as what, b ->> 'ground' as ground, b ->> 'body' as body, n.name_zh as body_zh,
      n.name_en as body_en, b ->> 'field' as field, (b ->> 'seq')::bigint as of_seq,
      coalesce(i.inquiry_id, g.inquiry_id, m.draft_id, j.proposal_id, (c.body::jsonb ->> 'proposal')::bigint, (b ->> 'payee')::bigint) as number,
      case when m.draft_id is not null then 'budget-drafts' when coalesce(i.inquiry_id, g.inquiry_id) is null then 'proposals' else 'inquiries' end as place,
      b ->> 'person' as person_id, b ->> 'kept_until' as kept_until
    from record e
    cross join lateral (select e.body::jsonb as b) parsed
    left join body n on n.estate_id = e.estate_id and n.body = b ->> 'body'
    left join inquiry i on i.estate_id = e.estate_id and i.seq = (b ->> 'seq')::bigint
    left join inquiry_rating g on g.estate_id = e.estate_id and g.seq = (b ->> 'seq')::bigint
    left join budget_comment m on m.estate_id = e.estate_id and m.seq = (b ->> 'seq')::bigint
    left join objection j on j.estate_id = e.estate_id and j.seq = (b ->> 'seq')::bigint
    left join record c on c.estate_id = e.estate_id and c.seq = (b ->> 'seq')::bigint and c.kind = 'proposal_commented'
    where e.estate_id = ${estate_id} and e.kind = 'erased' ${cursor === undefined ? sql`` : sql`and e.seq < ${cursor}`}
    order by e.seq desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit).map(({ place, ...row }): ErasureRow => ({
    ...row,
    href: row.number === null || row.field === null || row.field === 'label' ? null : pageOf(code, place, row.number),
  }));
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.seq) : null };
}

// ── What stands against erasing a person ─────────────────────────────────────────────────────────

export interface Leaving {
  /** Offices held now or later: while there are any, nothing is erased. */
  offices: { estate_zh: string; estate_en: string; body: string; office: Office; ends_on: BusinessDate }[];
  homes: { estate_zh: string; estate_en: string; unit: string }[];
  /** Of whoever served: the name is kept until then. Null: nothing is kept. */
  kept_until: BusinessDate | null;
  /** Questions, objections and comments whose text is still there. */
  texts: number;
}

/** Estates where a person served or lived, ever (policies own_terms, own_homes). */
export async function estatesOf(house: Pick<House, 'db'>, person_id: string): Promise<Pick<Estate, 'estate_id' | 'code' | 'name_zh' | 'name_en'>[]> {
  return inEstate(house.db.app, 0, async (trx) => trx.selectFrom('estate').select(['estate_id', 'code', 'name_zh', 'name_en'])
    .where(({ eb, selectFrom, or }) => or([
      eb('estate_id', 'in', selectFrom('term').select('term.estate_id').where('term.person_id', '=', person_id)),
      eb('estate_id', 'in', selectFrom('resident').select('resident.estate_id').where('resident.person_id', '=', person_id)),
    ])).orderBy('estate_id').execute(), { person_id, readOnly: true });
}

export interface OwnText { field: TextField; seq: number; number: number; written_at: Date; text: string | null }

/** What a person wrote in an estate, in order. */
export async function ownTexts(trx: Trx, estate_id: number, person_id: string): Promise<OwnText[]> {
  const { rows } = await sql<Omit<OwnText, 'text'>>`
    select 'question' as field, seq, inquiry_id as number, asked_at as written_at from inquiry
      where estate_id = ${estate_id} and asked_by = ${person_id}
    union all select 'objection', seq, proposal_id, objected_at from objection where estate_id = ${estate_id} and objected_by = ${person_id}
    union all select 'comment', g.seq, g.inquiry_id, g.rated_at from inquiry_rating g join record r on r.estate_id = g.estate_id and r.seq = g.seq
      where g.estate_id = ${estate_id} and g.rated_by = ${person_id} and r.body::jsonb ? 'comment_commitment'
    union all select 'comment', seq, draft_id, commented_at from budget_comment where estate_id = ${estate_id} and commented_by = ${person_id}
    union all select 'comment', o.seq, o.project_id, o.given_at from project_opinion o join record r on r.estate_id = o.estate_id and r.seq = o.seq
      where o.estate_id = ${estate_id} and o.person_id = ${person_id} and r.body::jsonb ? 'comment_commitment'
    union all select 'comment', seq, project_id, entered_at from project where estate_id = ${estate_id} and entered_by = ${person_id} and from_owner
    union all select 'comment', seq, (body::jsonb ->> 'proposal')::bigint, recorded_at from record
      where estate_id = ${estate_id} and kind = 'proposal_commented' and body::jsonb ->> 'by' = ${person_id}
    order by seq`.execute(trx);
  const all = new Map<number, Said>();
  for (const field of ['question', 'objection', 'comment'] as const) {
    const seqs = rows.filter((row) => row.field === field).map(({ seq }) => seq);
    for (const [seq, said] of await textsOf(trx, estate_id, seqs, field, { even_hidden: true })) all.set(seq, said);
  }
  return rows.map((row) => ({ ...row, text: saidIn(all, row.seq).text }));
}

export async function leavingOf(house: Pick<House, 'db' | 'clock'>, person_id: string): Promise<Leaving> {
  const now = today(house.clock);
  const leaving = await inEstate(house.db.app, 0, async (trx): Promise<Omit<Leaving, 'texts'>> => {
    const { rows: offices } = await sql<Leaving['offices'][number]>`
      select e.name_zh as estate_zh, e.name_en as estate_en, t.body, t.office, t.ends_on from term t join estate e using (estate_id)
      where t.person_id = ${person_id} and t.ends_on >= ${now}::date order by t.ends_on desc`.execute(trx);
    const { rows: homes } = await sql<Leaving['homes'][number]>`
      select e.name_zh as estate_zh, e.name_en as estate_en, r.unit from resident r join estate e using (estate_id)
      where r.person_id = ${person_id} and r.left_at is null order by e.estate_id, r.joined_at`.execute(trx);
    const { rows: [served] } = await sql<{ kept_until: BusinessDate | null }>`
      select retained_until(max(ends_on)) as kept_until from term where person_id = ${person_id}`.execute(trx);
    const kept_until = served?.kept_until ?? null;
    return { offices, homes, kept_until: kept_until !== null && kept_until >= now ? kept_until : null };
  }, { person_id, readOnly: true });
  let texts = 0;
  for (const { estate_id } of await estatesOf(house, person_id)) {
    const own = await inEstate(house.db.app, estate_id, (trx) => ownTexts(trx, estate_id, person_id), { readOnly: true });
    texts += own.filter(({ text }) => text !== null).length;
  }
  return { ...leaving, texts };
}
