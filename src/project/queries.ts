// Reads of projects: one with its money by source, milestones, site and opinions; lists. Dwellings appear here only for whoever calls with
// leave to see them; what everybody sees is masked in list.ts.
import { sql } from 'kysely';
import { saidIn, textsOf, type Erasure } from '../evidence/personal-value.ts';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import type { ProjectKind, Source, Stage } from './kinds.ts';
import { refusals } from './refusals.ts';

export interface SourceRow {
  source: Source;
  fund: string;
  target: string;
  /** Null where nobody pledges. */
  pledged: string | null;
  received: string;
  spent: string;
  returned: string;
  balance: string;
  asked: string;
  outside: string;
}
export interface ProjectRow {
  project_id: number;
  kind: ProjectKind;
  from_owner: boolean;
  entered_at: string;
  /** Null where it was erased and nothing is signed yet. */
  title_zh: string | null;
  title_en: string | null;
  text: string | null;
  erased: Erasure | null;
  seq: number;
  stage: Stage;
  sources: SourceRow[];
  deadline: string | null;
}
interface Found { project_id: number; kind: ProjectKind; from_owner: boolean; entered_at: Date; seq: number; title_zh: string | null; title_en: string | null; deadline: string | null; stage: Stage }

const moneyRows = async (trx: Trx, estate_id: number, project_id: number): Promise<SourceRow[]> => (await sql<SourceRow>`
  select source, fund, target, pledged, received, spent, returned, balance, asked, outside from project_money(${estate_id}, ${project_id})`.execute(trx)).rows;

export interface ProjectsAsked { kind?: string | undefined; project?: number | undefined; limit: number; cursor?: number | undefined }

/** Newest first. */
export async function projectList(trx: Trx, estate_id: number, { kind = '', project, limit, cursor }: ProjectsAsked): Promise<{ items: ProjectRow[]; next_cursor: string | null }> {
  const { rows } = await sql<Found>`
    select p.project_id, p.kind, p.from_owner, p.entered_at, p.seq, n.title_zh, n.title_en, n.deadline,
      case when n.project_id is null then 'proposed'
        when exists (select from project_report r where r.estate_id = p.estate_id and r.project_id = p.project_id) then 'finished'
        when exists (select from project_contract c where c.estate_id = p.estate_id and c.project_id = p.project_id) then case when exists (select from project_contract c
          where c.estate_id = p.estate_id and c.project_id = p.project_id and not exists (select from project_acceptance a where a.estate_id = c.estate_id and a.contract = c.proposal_id)) then 'building' else 'accepted' end
        else 'fundraising' end as stage
    from project p left join project_plan n on n.estate_id = p.estate_id and n.project_id = p.project_id
    where p.estate_id = ${estate_id}
      ${kind === '' ? sql`` : sql`and p.kind = ${kind}`} ${project === undefined ? sql`` : sql`and p.project_id = ${project}`} ${cursor === undefined ? sql`` : sql`and p.project_id < ${cursor}`}
    order by p.project_id desc limit ${limit + 1}`.execute(trx);
  const shown = rows.slice(0, limit);
  const texts = await textsOf(trx, estate_id, shown.map((row) => row.seq), 'comment');
  const items: ProjectRow[] = [];
  for (const row of shown) {
    const said = saidIn(texts, row.seq);
    const at = said.text?.indexOf('\n') ?? -1;
    const title = said.text === null ? null : said.text.slice(0, at);
    const sources = row.title_zh === null ? [] : await moneyRows(trx, estate_id, row.project_id);
    const returned = row.stage === 'finished' && sources.every((source) => money(source.balance).isZero());
    items.push({
      ...row, entered_at: isoInstant(row.entered_at), title_zh: row.title_zh ?? title, title_en: row.title_en ?? title, text: said.text === null ? null : said.text.slice(at + 1),
      erased: said.erased, sources, stage: returned ? 'returned' : row.stage,
    });
  }
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(last.project_id) : null };
}

/** Refusal: project_unknown. */
export async function readProject(trx: Trx, estate_id: number, project: number): Promise<ProjectRow> {
  const { items: [found] } = await projectList(trx, estate_id, { project, limit: 1 });
  if (found === undefined) throw refusals.project_unknown({ project });
  return found;
}

/** Refusals: project_unknown, project_finished_already. */
export async function demandProject(trx: Trx, estate_id: number, project: number, { unfinished = false }: { unfinished?: boolean } = {}): Promise<void> {
  const { rows: [found] } = await sql<{ finished: boolean }>`select exists (select from project_report r where r.estate_id = p.estate_id and r.project_id = p.project_id) as finished
    from project p where p.estate_id = ${estate_id} and p.project_id = ${project}`.execute(trx);
  if (found === undefined) throw refusals.project_unknown({ project });
  if (unfinished && found.finished) throw refusals.project_finished_already();
}

/** Refusals: project_unknown, project_finished_already, project_not_open. */
export async function demandOpen(trx: Trx, estate_id: number, project: number): Promise<void> {
  await demandProject(trx, estate_id, project, { unfinished: true });
  const plan = await trx.selectFrom('project_plan').select('project_id').where('estate_id', '=', estate_id).where('project_id', '=', project).executeTakeFirst();
  if (plan === undefined) throw refusals.project_not_open();
}

/** What was signed when it opened. Refusal: project_not_open. */
export async function readPlan(trx: Trx, estate_id: number, project: number) {
  const plan = await trx.selectFrom('project_plan').selectAll().where('estate_id', '=', estate_id).where('project_id', '=', project).executeTakeFirst();
  if (plan === undefined) throw refusals.project_not_open();
  return { plan, sources: await moneyRows(trx, estate_id, project) };
}
export type Plan = Awaited<ReturnType<typeof readPlan>>['plan'];

/** The step that is being signed for a project; null where there is none. */
export async function stepUnderway(trx: Trx, estate_id: number, project: number): Promise<{ proposal_id: number; step: string } | null> {
  const { rows } = await sql<{ proposal_id: number; step: string }>`select o.proposal_id, o.document::jsonb ->> 'step' as step from proposal o
    where o.estate_id = ${estate_id} and o.kind = 'project' and o.state in ('submitted', 'held', 'approved') and o.document::jsonb ->> 'project' = ${String(project)}
    order by o.proposal_id desc limit 1`.execute(trx);
  return rows[0] ?? null;
}

export interface ContractRow { contract: number; payee_id: number; contractor: string; amount: string; signed_on: string; accepted_on: string | null; acceptance: number | null; defects: number | null }
export const contractsOf = async (trx: Trx, estate_id: number, project: number): Promise<ContractRow[]> => (await sql<ContractRow>`
  select c.proposal_id as contract, c.payee_id, c.contractor, c.amount, c.signed_on, a.accepted_on, a.proposal_id as acceptance, a.defects from project_contract c
  left join project_acceptance a on a.estate_id = c.estate_id and a.contract = c.proposal_id
  where c.estate_id = ${estate_id} and c.project_id = ${project} order by c.proposal_id`.execute(trx)).rows;

export interface ShareRow { source: Source; amount: string; asked: string; paid: string }
export interface MilestoneRow { milestone: number; contract: number; name: string; due_when: 'contract' | 'reached' | 'accepted'; amount: string; state: 'due' | 'not_due'; shares: ShareRow[]; asked: string; paid: string }
export async function milestonesOf(trx: Trx, estate_id: number, project: number): Promise<MilestoneRow[]> {
  const { rows } = await sql<Omit<MilestoneRow, 'asked' | 'paid'>>`
    select m.milestone, m.contract, m.name, m.due_when, m.amount, project_milestone_state(m.estate_id, m.project_id, m.milestone) as state,
      (select jsonb_agg(jsonb_build_object('source', s.source, 'amount', s.amount::text, 'asked', project_milestone_asked(m.estate_id, m.project_id, m.milestone, s.source, null)::text,
        'paid', (select coalesce(sum(o.amount), 0)::numeric(16, 2)::text from project_source f join proposal o on o.estate_id = f.estate_id and o.fund = f.fund and o.state = 'executed'
          and o.kind in ('payment', 'refund') where f.estate_id = m.estate_id and f.project_id = m.project_id and f.source = s.source
          and o.document::jsonb ->> 'milestone' = m.milestone::text and subsidy_step(o.estate_id, o.proposal_id) = 'done'))
        order by project_account(s.source)) from project_milestone_share s where s.estate_id = m.estate_id and s.project_id = m.project_id and s.milestone = m.milestone) as shares
    from project_milestone m where m.estate_id = ${estate_id} and m.project_id = ${project} order by m.milestone`.execute(trx);
  const total = (parts: readonly string[]): string => moneyText(sum(parts.map(money)));
  return rows.map((row) => ({ ...row, asked: total(row.shares.map((share) => share.asked)), paid: total(row.shares.map((share) => share.paid)) }));
}

export interface Picture { sha256: string; file_name: string; media_type: string; size: number; site_id: number | null }
export const picturesOf = async (trx: Trx, estate_id: number, project: number): Promise<Picture[]> => (await sql<Picture>`
  select f.sha256, f.site_id, v.file_name, v.media_type, v.size from project_photo f join voucher v on v.estate_id = f.estate_id and v.sha256 = f.sha256
  where f.estate_id = ${estate_id} and f.project_id = ${project} order by f.site_id desc nulls last, v.seq desc`.execute(trx)).rows;

export interface SiteRow { site_id: number; kind: 'progress' | 'reached' | 'defect' | 'fixed'; milestone: number | null; defect: number | null; report: string; body_zh: string; body_en: string; reported_at: string; open: boolean }
export async function siteRows(trx: Trx, estate_id: number, project: number): Promise<SiteRow[]> {
  const { rows } = await sql<Omit<SiteRow, 'reported_at'> & { reported_at: Date }>`
    select s.site_id, s.kind, s.milestone, s.defect, s.report, b.name_zh as body_zh, b.name_en as body_en, s.reported_at,
      s.kind = 'defect' and not exists (select from project_site f where f.estate_id = s.estate_id and f.defect = s.site_id) as open
    from project_site s join body b on b.estate_id = s.estate_id and b.body = s.body
    where s.estate_id = ${estate_id} and s.project_id = ${project} order by s.site_id desc`.execute(trx);
  return rows.map((row) => ({ ...row, reported_at: isoInstant(row.reported_at) }));
}

export interface QuoteRow { quote_id: number; bidder: string; amount: string; sha256: string; entered_on: string }
export const quotesOf = async (trx: Trx, estate_id: number, project: number): Promise<QuoteRow[]> => (await sql<QuoteRow>`
  select quote_id, bidder, amount, sha256, entered_on from project_quote where estate_id = ${estate_id} and project_id = ${project} order by amount, quote_id`.execute(trx)).rows;

/** Those that were entered since the last contract: the next one rests on them alone. */
export const freshQuotesOf = async (trx: Trx, estate_id: number, project: number): Promise<QuoteRow[]> => (await sql<QuoteRow>`
  select q.quote_id, q.bidder, q.amount, q.sha256, q.entered_on from project_quote q where q.estate_id = ${estate_id} and q.project_id = ${project}
    and q.seq > (select coalesce(max(c.seq), 0) from project_contract c where c.estate_id = ${estate_id} and c.project_id = ${project}) order by q.amount, q.quote_id`.execute(trx)).rows;

export interface OutsideRow { outside_id: number; source: Source; amount: string; note: string; noted_on: string }
export const outsideOf = async (trx: Trx, estate_id: number, project: number): Promise<OutsideRow[]> => (await sql<OutsideRow>`
  select outside_id, source, amount, note, noted_on from project_outside where estate_id = ${estate_id} and project_id = ${project} order by outside_id`.execute(trx)).rows;

export type Shown = 'named' | 'masked' | 'anonymous';
export interface GiftRow { gift_id: number; source: Source; entry: number; number: string; entry_date: string; amount: string; shown: Shown; is_company: boolean; name: string | null; reversed: boolean }
/** With the names as they are: whoever shows them masks them first (list.ts). */
export async function giftsOf(trx: Trx, estate_id: number, project: number): Promise<GiftRow[]> {
  const { rows } = await sql<Omit<GiftRow, 'name'> & { seq: number }>`
    select g.gift_id, g.source, g.entry, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, g.amount, g.is_company, g.seq,
      coalesce((select n.shown from project_gift_naming n where n.estate_id = g.estate_id and n.gift_id = g.gift_id order by n.seq desc limit 1), g.shown) as shown,
      exists (select from journal_entry r where r.estate_id = g.estate_id and r.reverses = g.entry) as reversed
    from project_gift g join journal_entry e on e.estate_id = g.estate_id and e.seq = g.entry
    where g.estate_id = ${estate_id} and g.project_id = ${project} order by g.gift_id`.execute(trx);
  const texts = await textsOf(trx, estate_id, rows.map((row) => row.seq), 'comment');
  return rows.map(({ seq, ...row }) => ({ ...row, name: saidIn(texts, seq).text }));
}

export interface OpinionRow { opinion_id: number; stance: 'for' | 'against' | 'words'; words: string | null; erased: Erasure | null; given_at: string; mine: boolean; seq: number; hidden: { body_zh: string; body_en: string; reason: string } | null;
  /** True: the supervisors showed it again, and it is not hidden once more. */
  restored: boolean }
/** Words as they were said; whoever may not read hidden ones gets null. Newest first. */
export async function opinionsOf(trx: Trx, estate_id: number, project: number, { person_id, all }: { person_id: string; all: boolean }): Promise<OpinionRow[]> {
  const { rows } = await sql<{ opinion_id: number; stance: OpinionRow['stance']; given_at: Date; person_id: string; seq: number; hidden: boolean | null; reason: string; body_zh: string; body_en: string; said: boolean }>`
    select o.opinion_id, o.stance, o.given_at, o.person_id, o.seq, m.hidden, m.reason, b.name_zh as body_zh, b.name_en as body_en, r.body::jsonb ? 'comment_commitment' as said
    from project_opinion o join record r on r.estate_id = o.estate_id and r.seq = o.seq
    left join lateral (select x.hidden, x.reason, x.body from project_moderation x where x.estate_id = o.estate_id and x.opinion_id = o.opinion_id order by x.seq desc limit 1) m on true
    left join body b on b.estate_id = o.estate_id and b.body = m.body
    where o.estate_id = ${estate_id} and o.project_id = ${project} and r.body::jsonb ? 'comment_commitment' order by o.opinion_id desc limit 200`.execute(trx);
  const texts = await textsOf(trx, estate_id, rows.map((row) => row.seq), 'comment', { even_hidden: true });
  return rows.map((row) => {
    const said = saidIn(texts, row.seq);
    const mine = row.person_id === person_id;
    const hidden = row.hidden === true ? { body_zh: row.body_zh, body_en: row.body_en, reason: row.reason } : null;
    return {
      opinion_id: row.opinion_id, stance: row.stance, words: hidden !== null && !all && !mine ? null : said.text, erased: said.erased, given_at: isoInstant(row.given_at), mine, seq: row.seq, hidden,
      restored: row.hidden === false,
    };
  });
}

export interface DwellingRow { unit: string; ref: string; building: string; stairwell: string; area_m2: string; pledged: string; paid: string; paid_back: string; stance: 'for' | 'against' | 'words' | null }
/** Every dwelling in the register with what it pledged, paid and thinks; for whoever may see that, or to be masked. */
export const dwellingRows = async (trx: Trx, estate_id: number, project: number, day: string): Promise<DwellingRow[]> => (await sql<DwellingRow>`
  select u.unit, u.ref, u.building, u.stairwell, coalesce((select f.area_m2 from unit_fact f where f.estate_id = u.estate_id and f.unit = u.unit and f.ended_seq is null and f.from_date <= ${day}::date
      order by f.from_date desc, f.fact_id desc limit 1), u.area_m2) as area_m2, coalesce(p.amount, 0)::numeric(14, 2) as pledged, coalesce(m.paid, 0)::numeric(14, 2) as paid,
    coalesce(m.paid_back, 0)::numeric(14, 2) as paid_back, o.stance
  from unit u
  left join (select distinct on (x.unit) x.unit, x.amount from project_pledge x where x.estate_id = ${estate_id} and x.project_id = ${project} order by x.unit, x.pledge_id desc) p on p.unit = u.unit
  left join (select distinct on (x.unit) x.unit, x.stance from project_opinion x where x.estate_id = ${estate_id} and x.project_id = ${project} and x.stance <> 'words'
    and project_speaks(x.estate_id, x.unit, x.person_id, (x.given_at at time zone 'Asia/Shanghai')::date) order by x.unit, x.opinion_id desc) o on o.unit = u.unit
  left join project_units(${estate_id}, ${project}) m on m.ref = u.ref
  where u.estate_id = ${estate_id} and (u.ended_on is null or u.ended_on >= ${day}::date) order by u.unit`.execute(trx)).rows;

export interface BackRow { ref: string; unit: string | null; paid: string; due: string; asked: string }
/** What goes back to each dwelling; unit null: money that names none. */
export const backRows = async (trx: Trx, estate_id: number, project: number): Promise<BackRow[]> => (await sql<BackRow>`
  select b.ref, u.unit, b.paid, b.due, b.asked from project_back(${estate_id}, ${project}) b left join unit u on u.estate_id = ${estate_id} and u.ref = b.ref order by u.unit nulls last`.execute(trx)).rows;
