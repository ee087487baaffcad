// Making bulletins (通报): the log says what was done, the clock what was not. Looked through by the job, at most once a minute:
//   from the log    records since the last look, by kind; entries that booked money nobody explained, or explained it
//   by the clock    every hour of the day: questions that are late; and debits of the bank that the books could not take
// Each is made once (constraint bulletin_once), and in the same transaction put into the outbox of every relay that wants it. After
// days of standing still everything that happened meanwhile is made up for, with the time at which it happened.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, shanghaiTime } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { estateNow } from '../evidence/records.ts';
import { bulletinText, type BulletinKind, type Facts } from './bulletin-kinds.ts';
import { queueBulletins } from './outbox.ts';

interface Happened { key: string; kind: BulletinKind; facts: Facts; /** Path inside the estate: "/disclosures/2026-11". */ path: string; at: Date }
interface Span { after: number; to: number }

/** Records that are told by themselves: facts out of the body, and the page of the evidence. */
const told: Readonly<Record<string, { kind: BulletinKind; facts: readonly string[]; path: (facts: Facts) => string }>> = {
  disclosure_published: { kind: 'disclosure_published', facts: ['period', 'version'], path: ({ period }) => `/disclosures/${period}` },
  period_closed: { kind: 'period_closed', facts: ['period'], path: () => '/periods' },
  proposal_submitted: { kind: 'proposal_submitted', facts: ['proposal'], path: ({ proposal }) => `/proposals/${proposal}` },
  objection_raised: { kind: 'objection_raised', facts: ['proposal'], path: ({ proposal }) => `/proposals/${proposal}` },
  inquiry_answered: { kind: 'inquiry_answered', facts: ['inquiry'], path: ({ inquiry }) => `/inquiries/${inquiry}` },
  budget_published: { kind: 'budget_published', facts: ['year', 'version'], path: ({ year }) => `/budgets/${year}` },
  project_opened: { kind: 'project_opened', facts: ['project'], path: ({ project }) => `/projects/${project}` },
  project_finished: { kind: 'project_finished', facts: ['project'], path: ({ project }) => `/projects/${project}` },
  resolution_announced: { kind: 'resolution_announced', facts: ['resolution'], path: ({ resolution }) => `/resolutions/${resolution}` },
  resolution_counted: { kind: 'resolution_counted', facts: ['resolution', 'outcome'], path: ({ resolution }) => `/resolutions/${resolution}` },
  invariant_failed: { kind: 'invariant_failed', facts: ['invariant', 'found'], path: () => '/invariants' },
};

const plain = (value: unknown): string | number | null => (typeof value === 'string' || typeof value === 'number' ? value : null);

async function fromRecords(trx: Trx, estate_id: number, { after, to }: Span): Promise<Happened[]> {
  const { rows } = await sql<{ seq: number; kind: string; body: Record<string, unknown>; proposal_kind: string | null; recorded_at: Date }>`
    select r.seq, r.kind, r.body::jsonb as body, p.kind as proposal_kind, r.recorded_at from record r
    left join proposal p on r.kind = 'proposal_submitted' and p.estate_id = r.estate_id and p.proposal_id = (r.body::jsonb ->> 'proposal')::bigint
    where r.estate_id = ${estate_id} and r.seq > ${after} and r.seq <= ${to} and r.kind = any(${Object.keys(told)}::text[]) order by r.seq`.execute(trx);
  return rows.map(({ seq, kind, body, proposal_kind, recorded_at }) => {
    const { kind: named, facts: names, path } = told[kind]!;
    const facts: Facts = { ...Object.fromEntries(names.map((name) => [name, plain(body[name])])), ...(proposal_kind === null ? {} : { proposal_kind }) };
    return { key: `record:${seq}`, kind: named, facts, path: path(facts), at: recorded_at };
  });
}

/** Questions have their number in their own table. */
async function fromQuestions(trx: Trx, estate_id: number, { after, to }: Span): Promise<Happened[]> {
  const rows = await trx.selectFrom('inquiry').select(['inquiry_id', 'seq', 'due_on', 'asked_at']).where('estate_id', '=', estate_id)
    .where('seq', '>', after).where('seq', '<=', to).orderBy('seq').execute();
  return rows.map(({ inquiry_id, seq, due_on, asked_at }) => (
    { key: `record:${seq}`, kind: 'inquiry_asked', facts: { inquiry: inquiry_id, due_on }, path: `/inquiries/${inquiry_id}`, at: asked_at }));
}

interface Suspended { seq: number; settled: boolean; account: string; position: number; day: string; last4: string; amount: string; recorded_at: Date }

const debitKey = (account: string, position: number): string => `exception:${account}:${position}`;

/** Debits booked as unexplained, and those that were explained. */
async function fromSuspense(trx: Trx, estate_id: number, { after, to }: Span): Promise<Happened[]> {
  const { rows } = await sql<Suspended>`
    select e.seq, e.settles is not null as settled, l.account, l.position, l.booked_on as day, b.account_last4 as last4,
      sum(case when e.settles is null then p.debit else p.credit end)::numeric(16, 2)::text as amount, r.recorded_at
    from journal_entry e join record r on r.estate_id = e.estate_id and r.seq = e.seq
    join posting p on p.estate_id = e.estate_id and p.seq = e.seq and p.account = '1291'
    join journal_entry o on o.estate_id = e.estate_id and o.seq = coalesce(e.settles, e.seq)
    join bank_line l on l.estate_id = o.estate_id and l.account = o.bank_account and l.position = o.bank_position
    join bank_account b on b.estate_id = o.estate_id and b.account = o.bank_account
    where e.estate_id = ${estate_id} and e.seq > ${after} and e.seq <= ${to} and e.reverses is null
      and (e.settles is null and p.debit > 0 or e.settles is not null and p.credit > 0)
    group by e.seq, e.settles, l.account, l.position, l.booked_on, b.account_last4, r.recorded_at order by e.seq`.execute(trx);
  // A debit has one key, whether the books could take it at once or not.
  return rows.map(({ seq, settled, account, position, recorded_at, ...facts }) => ({
    key: settled ? `settled:${seq}` : debitKey(account, position), kind: settled ? 'exception_settled' : 'exception_raised', facts: { ...facts, entry: seq },
    path: settled ? '/exceptions' : `/exceptions#entry-${seq}`, at: recorded_at,
  }));
}

/** Debits of the bank that the books could not take: public all the same. */
async function fromBank(trx: Trx, estate_id: number, at: Date): Promise<Happened[]> {
  const { rows } = await sql<{ account: string; position: number; day: string; last4: string; amount: string }>`
    select u.account, u.position, u.booked_on as day, b.account_last4 as last4, u.amount::numeric(16, 2)::text as amount
    from unbooked_debits(${estate_id}, estate_clock(${estate_id})) u join bank_account b on b.estate_id = ${estate_id} and b.account = u.account
    order by u.account, u.position`.execute(trx);
  return rows.map(({ account, position, ...facts }) => (
    { key: debitKey(account, position), kind: 'exception_raised', facts, path: `/exceptions#line-${account}-${position}`, at }));
}

/** Questions past their day, once for each round and degree. */
async function fromClock(trx: Trx, estate_id: number, at: Date): Promise<Happened[]> {
  const [today, hour] = [businessDate(at), shanghaiTime(at).slice(11, 13)];
  // No robot speaks in a group at midnight because a day ended.
  if (hour < '08') return [];
  const { rows } = await sql<{ inquiry_id: number; round: number; due_on: string; state: string }>`
    select inquiry_id, round, due_on, state from inquiry_states(${estate_id}, ${today}::date) where state in ('late', 'very_late') order by inquiry_id`.execute(trx);
  return rows.map(({ inquiry_id, round, due_on, state }) => ({
    key: `${state}:${inquiry_id}:${round}`, kind: state === 'late' ? 'answer_late' : 'answer_very_late', facts: { inquiry: inquiry_id, due_on },
    path: `/inquiries/${inquiry_id}`, at,
  }));
}

/** Keeps what is new and gives its numbers. */
export async function keepBulletins(trx: Trx, { estate_id, code }: Pick<Estate, 'estate_id' | 'code'>, happened: readonly Happened[]): Promise<number[]> {
  const kept: number[] = [];
  for (const { key, kind, facts, path, at } of happened) {
    const { zh, en } = bulletinText(kind, facts);
    const row = await trx.insertInto('bulletin')
      .values({ estate_id, key, kind, facts: JSON.stringify(facts), text_zh: zh, text_en: en, href: `/e/${code}${path}`, happened_at: at })
      .onConflict((conflict) => conflict.constraint('bulletin_once').doNothing()).returning('bulletin_id').executeTakeFirst();
    if (row !== undefined) kept.push(row.bulletin_id);
  }
  return kept;
}

interface Look { size: number; seq: number | null; old: boolean }

async function lookOf(trx: Trx, estate_id: number): Promise<Look> {
  const { rows } = await sql<Look>`
    select h.size, b.seq, coalesce(estate_clock(${estate_id}) >= b.at + interval '1 hour', true) as old
    from log_head h left join bulletin_head b on b.estate_id = h.estate_id where h.estate_id = ${estate_id}`.execute(trx);
  return rows[0]!;
}
const hasNews = ({ size, seq, old }: Look): boolean => old || seq === null || size > seq;

export const isBulletinDue = async (trx: Trx, estate_id: number): Promise<boolean> => hasNews(await lookOf(trx, estate_id));

/** Looks log and clock through for what is new, and puts it into the outbox; gives how many bulletins there are more. */
export async function gatherBulletins({ db }: Pick<House, 'db'>, estate: Estate): Promise<number> {
  const { estate_id } = estate;
  return inEstate(db.app, estate_id, async (trx) => {
    // Two instances at once: the second finds nothing new.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`bulletins ${estate_id}`}, 0))`.execute(trx);
    const look = await lookOf(trx, estate_id);
    if (!hasNews(look)) return 0;
    const span = { after: look.seq ?? 0, to: look.size };
    const at = await estateNow(trx, estate_id);
    const happened = [
      ...await fromRecords(trx, estate_id, span), ...await fromQuestions(trx, estate_id, span), ...await fromSuspense(trx, estate_id, span),
      ...await fromBank(trx, estate_id, at), ...await fromClock(trx, estate_id, at),
    ].sort((a, b) => a.at.getTime() - b.at.getTime());
    const kept = await keepBulletins(trx, estate, happened);
    await queueBulletins(trx, estate_id, kept);
    const head = { seq: span.to, at };
    await trx.insertInto('bulletin_head').values({ estate_id, ...head }).onConflict((conflict) => conflict.column('estate_id').doUpdateSet(head)).execute();
    return kept.length;
  });
}
