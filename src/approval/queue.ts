// The queue (签批列表): what waits for me, what waits for others, what is over. A proposal stands in exactly one
// of the three; open_seats() says which wait for me, so that the list and record_signature() agree.
//   mine    I could sign it now, for the first time or to ratify it (补签); the most urgent first
//   others  submitted, held, returned, approved; and emergency orders that others have to ratify
//   done    carried out, rejected, withdrawn, expired, superseded
// Drafts are their maker's own and stand in none.
import { sql, type RawBuilder } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { neededOf, type NeededRow } from './queries.ts';
import type { Titled } from './texts.ts';
import type { Kind, RuleClass, State } from './kinds.ts';

export const tabs = ['mine', 'others', 'done'] as const;
export type Tab = (typeof tabs)[number];

export interface QueueAsked {
  estate_id: number;
  person_id: string;
  today: BusinessDate;
  kind?: string | undefined;
  fund?: string | undefined;
  /** Part of the title. */
  q?: string | undefined;
}

export interface QueueRow {
  proposal_id: number;
  kind: Kind;
  state: State;
  title: string;
  title_en: string | null;
  amount: string | null;
  fund: string | null;
  class: RuleClass;
  /** Hexadecimal. */
  document_hash: string;
  expires_on: BusinessDate;
  ratify_by: BusinessDate | null;
  /** While it is announced: the first day it may be carried out. */
  payable_from: BusinessDate | null;
  /** Written objections without an answer. */
  objections: number;
  passkey_only: boolean;
  /** What the person looking is asked for; null where it is not their turn. */
  decision: 'approve' | 'ratify' | null;
  on_behalf_of: string | null;
  needed: NeededRow[];
  /** Until the last day for signing or ratifying; null once there is nothing to sign. */
  days_left: number | null;
  /** The bank had paid before anybody signed (事后补单). */
  after_the_fact: boolean;
}

const seats = ({ estate_id, person_id, today }: QueueAsked): RawBuilder<unknown> => sql`
  select distinct on (proposal_id) proposal_id, decision, on_behalf_of
  from open_seats(${estate_id}, null, ${today}) where person_id = ${person_id}::uuid
  order by proposal_id, body = 'committee', body desc, on_behalf_of nulls first`;

/** An emergency order that the normal rule's signers have yet to ratify. */
const unratified = sql`(p.class = 'emergency' and p.state in ('approved', 'executed') and p.ratified_at is null)`;
const tabOf = sql<Tab>`case when s.proposal_id is not null then 'mine'
  when p.state in ('submitted', 'held', 'returned', 'approved') or ${unratified} then 'others' else 'done' end`;

function wanted({ kind, fund, q }: QueueAsked): RawBuilder<boolean> {
  const part = q === undefined || q.trim() === '' ? null : `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`(${kind ?? null}::text is null or p.kind = ${kind ?? null})
    and (${fund ?? null}::text is null or p.fund = ${fund ?? null}) and (${part}::text is null or p.title ilike ${part})`;
}

/** How many stand in each tab, with the same filter as the list. */
export async function queueCounts(trx: Trx, asked: QueueAsked): Promise<Record<Tab, number>> {
  const { rows } = await sql<{ tab: Tab; count: number }>`
    with seat as (${seats(asked)})
    select ${tabOf} as tab, count(*)::integer as count from proposal p left join seat s on s.proposal_id = p.proposal_id
    where p.estate_id = ${asked.estate_id} and p.state <> 'draft' and p.document_hash is not null and ${wanted(asked)}
    group by 1`.execute(trx);
  return { mine: 0, others: 0, done: 0, ...Object.fromEntries(rows.map((row) => [row.tab, row.count])) };
}

type Raw = Omit<QueueRow, 'document_hash' | 'needed' | 'days_left'> & { document_hash: Buffer };

/** One tab: mine by urgency, the others newest first; `offset` is how many were shown before. */
export async function queueRows(
  trx: Trx, asked: QueueAsked & { tab: Tab; offset?: number | undefined; limit: number },
): Promise<{ items: QueueRow[]; next: number | null }> {
  const { estate_id, today, tab, offset = 0, limit } = asked;
  const { rows } = await sql<Raw>`
    with seat as (${seats(asked)})
    select p.proposal_id, p.kind, p.state, p.title, p.document::jsonb ->> 'title_en' as title_en, p.document::jsonb ? 'after_the_fact' as after_the_fact, p.amount, p.fund, p.class, p.document_hash, p.expires_on, p.ratify_by,
      case when p.state in ('submitted', 'held', 'approved') and p.payable_from > ${today}::date
        and p.payable_from > (p.submitted_at at time zone 'Asia/Shanghai')::date then p.payable_from end as payable_from,
      case when p.state in ('submitted', 'held', 'approved') then (select count(*)::integer from objection j
        where j.estate_id = p.estate_id and j.proposal_id = p.proposal_id and not exists (select from objection_answer a
          where a.estate_id = j.estate_id and a.objection_id = j.objection_id)) else 0 end as objections,
      r.passkey_only, s.decision, s.on_behalf_of
    from proposal p left join seat s on s.proposal_id = p.proposal_id
    join rule r on r.estate_id = p.estate_id
      and r.rule_id = case when s.decision = 'ratify' then p.full_rule_id else p.rule_id end
    where p.estate_id = ${estate_id} and p.state <> 'draft' and ${wanted(asked)} and ${tabOf} = ${tab}
    order by case when ${tab} <> 'mine' then 0 when p.class = 'emergency' then 1 else 2 end,
      case when ${tab} <> 'mine' then null when s.decision = 'ratify' then p.ratify_by else p.expires_on end,
      case when ${tab} = 'mine' then p.proposal_id end, p.proposal_id desc
    limit ${limit + 1} offset ${offset}`.execute(trx);
  const shown = rows.slice(0, limit);
  const needed = await neededOf(trx, estate_id, shown.map((row) => row.proposal_id));
  return {
    items: shown.map((row) => {
      const ratifying = row.state === 'executed' || row.state === 'approved' ? row.ratify_by : null;
      const until = row.state === 'submitted' || row.state === 'held' ? row.expires_on : row.decision === 'ratify' || tab === 'others' ? ratifying : null;
      return {
        ...row, document_hash: row.document_hash.toString('hex'), needed: needed.get(row.proposal_id) ?? [],
        days_left: until === null ? null : daysBetween(today, until),
      };
    }),
    next: rows.length > limit ? offset + limit : null,
  };
}

/** The most urgent proposal that waits for this person, another one than `except`, and how many there are. */
export async function nextToSign(
  trx: Trx, asked: QueueAsked, except: number,
): Promise<(Titled & { proposal_id: number; kind: Kind; count: number }) | null> {
  const { items } = await queueRows(trx, { ...asked, tab: 'mine', limit: 2 });
  const first = items.find((row) => row.proposal_id !== except);
  if (first === undefined) return null;
  const { mine } = await queueCounts(trx, asked);
  const same = items.some((row) => row.proposal_id === except);
  const { proposal_id, title, title_en, kind } = first;
  return { proposal_id, title, title_en, kind, count: same ? mine - 1 : mine };
}
