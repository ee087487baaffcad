// Reads of budgets: versions, drafts, what is spent against them, and the orders that went beyond.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyText, sum, zero } from '../kernel/money.ts';
import { refusals } from './refusals.ts';

export type LineClass = 'income' | 'expense';
export interface Named { name_zh: string; name_en: string }
export interface LineKey { fund: string; account: string }
export const keyOf = ({ fund, account }: LineKey): string => `${fund}:${account}`;

/** Names of what a line is about, in the order of funds and accounts. */
export interface LineNames { fund_zh: string; fund_en: string; account_zh: string; account_en: string; class: LineClass }
export interface Line extends LineKey, LineNames { amount: string; note: string }

const NAMED = sql.raw(`f.name_zh as fund_zh, f.name_en as fund_en, a.name_zh as account_zh, a.name_en as account_en, a.class`);
const ORDER = sql.raw(`f.place, f.fund, case a.class when 'income' then 1 else 2 end, a.account`);

// ── Versions ─────────────────────────────────────────────────────────────────────────────────────

export interface Version {
  proposal_id: number;
  year: number;
  version: number;
  adjusts: number | null;
  reason: string | null;
  rate: string | null;
  published_on: BusinessDate;
  income: string;
  expense: string;
}

/** Published versions, newest first; of one year, or of all. */
export async function versionsOf(trx: Trx, estate_id: number, year?: number): Promise<Version[]> {
  const { rows } = await sql<Version>`
    select b.proposal_id, b.year, b.version, b.adjusts, b.reason, b.rate, b.published_on,
      coalesce(sum(l.amount) filter (where a.class = 'income'), 0)::numeric(16, 2) as income, coalesce(sum(l.amount) filter (where a.class = 'expense'), 0)::numeric(16, 2) as expense
    from budget b left join budget_line l on l.estate_id = b.estate_id and l.proposal_id = b.proposal_id
    left join account a on a.estate_id = l.estate_id and a.account = l.account
    where b.estate_id = ${estate_id} and (${year ?? null}::integer is null or b.year = ${year ?? null}::integer)
    group by b.estate_id, b.proposal_id order by b.year desc, b.version desc`.execute(trx);
  return rows;
}

export const inForce = async (trx: Trx, estate_id: number, year: number): Promise<Version | null> => (await versionsOf(trx, estate_id, year))[0] ?? null;

export const budgetLines = async (trx: Trx, estate_id: number, proposal_id: number): Promise<Line[]> => (await sql<Line>`
  select l.fund, l.account, l.amount, l.note, ${NAMED} from budget_line l
  join fund f on f.estate_id = l.estate_id and f.fund = l.fund join account a on a.estate_id = l.estate_id and a.account = l.account
  where l.estate_id = ${estate_id} and l.proposal_id = ${proposal_id} order by ${ORDER}`.execute(trx)).rows;

// ── Execution ────────────────────────────────────────────────────────────────────────────────────

export interface ExecutionRow extends LineKey, LineNames {
  /** Null where the year has no budget. */
  budget: string | null;
  actual: string;
  committed: string;
  asked: string;
  /** Of expense: what may still be spent; of income: what is still expected. Below zero: beyond the budget. Null without a budget. */
  remaining: string | null;
  /** Actual (of expense with what is committed) in per cent of the budget, "93.5"; null without. */
  percent: string | null;
}

type ExecutionFound = Omit<ExecutionRow, 'remaining' | 'percent'>;

function reckoned(row: ExecutionFound): ExecutionRow {
  if (row.budget === null) return { ...row, remaining: null, percent: null };
  const used = sum([money(row.actual), money(row.committed)]);
  const budget = money(row.budget);
  return { ...row, remaining: moneyText(minus(budget, used)), percent: budget.isZero() ? null : used.times(100).dividedBy(budget).toFixed(1) };
}

/** Budget, actual and committed of a year up to a day, by fund and account. */
export async function executionOf(trx: Trx, estate_id: number, year: number, day: BusinessDate): Promise<ExecutionRow[]> {
  const { rows } = await sql<ExecutionFound>`
    select e.fund, e.account, e.budget, e.actual, e.committed, e.asked, ${NAMED} from budget_execution(${estate_id}, ${year}, ${day}::date) e
    join fund f on f.estate_id = ${estate_id} and f.fund = e.fund join account a on a.estate_id = ${estate_id} and a.account = e.account
    order by ${ORDER}`.execute(trx);
  return rows.map(reckoned);
}

/** Sums of rows; `budget` and what follows from it null where there is none. */
export function totalOf(rows: readonly ExecutionRow[]): Pick<ExecutionRow, 'budget' | 'actual' | 'committed' | 'asked' | 'remaining' | 'percent'> {
  const add = (of: (row: ExecutionRow) => string): string => moneyText(rows.reduce((all, row) => sum([all, money(of(row))]), zero));
  const none = rows.length === 0 || rows.some((row) => row.budget === null);
  const { budget, actual, committed, asked, remaining, percent } = reckoned({
    ...rows[0]!, budget: none ? null : add((row) => row.budget!), actual: add((row) => row.actual), committed: add((row) => row.committed), asked: add((row) => row.asked),
  });
  return { budget, actual, committed, asked, remaining, percent };
}

// ── Drafts ───────────────────────────────────────────────────────────────────────────────────────

export type DraftState = 'editing' | 'commenting' | 'settling' | 'signing' | 'published' | 'dropped';
export interface Draft {
  draft_id: number;
  year: number;
  adjusts: number | null;
  reason: string | null;
  rate: string | null;
  basis: string;
  made_by: string;
  comment_from: BusinessDate | null;
  comment_until: BusinessDate | null;
  opened_lines: string | null;
  proposal_id: number | null;
  state: DraftState;
  comments: number;
  answered: number;
}

/** Drafts, newest first: of everybody those that were opened to them, of officers all. */
export async function draftsOf(trx: Trx, estate_id: number, { all, draft, year }: { all: boolean; draft?: number | undefined; year?: number | undefined }): Promise<Draft[]> {
  const { rows } = await sql<Draft>`
    select d.draft_id, d.year, d.adjusts, d.reason, d.rate, d.basis, d.made_by, d.comment_from, d.comment_until, d.opened_lines, d.proposal_id,
      budget_draft_state(d.estate_id, d.draft_id) as state,
      (select count(*) from budget_comment c where c.estate_id = d.estate_id and c.draft_id = d.draft_id)::integer as comments,
      (select count(distinct c.comment_id) from budget_comment c join budget_answer w on w.estate_id = c.estate_id and w.comment_id = c.comment_id
        where c.estate_id = d.estate_id and c.draft_id = d.draft_id)::integer as answered
    from budget_draft d where d.estate_id = ${estate_id} and (${draft ?? null}::bigint is null or d.draft_id = ${draft ?? null}::bigint)
      and (${year ?? null}::integer is null or d.year = ${year ?? null}::integer) and (${all} or d.opened_seq is not null)
    order by d.draft_id desc limit 200`.execute(trx);
  return rows;
}

/** Refusal: budget_draft_unknown. */
export async function readDraft(trx: Trx, estate_id: number, draft: number, { all }: { all: boolean }): Promise<Draft> {
  const [found] = await draftsOf(trx, estate_id, { all, draft });
  if (found === undefined) throw refusals.budget_draft_unknown({ draft });
  return found;
}

export const draftLines = async (trx: Trx, estate_id: number, draft: number): Promise<Line[]> => (await sql<Line>`
  select l.fund, l.account, l.amount, l.note, ${NAMED} from budget_draft_line l
  join fund f on f.estate_id = l.estate_id and f.fund = l.fund join account a on a.estate_id = l.estate_id and a.account = l.account
  where l.estate_id = ${estate_id} and l.draft_id = ${draft} order by ${ORDER}`.execute(trx)).rows;

/** Names for lines of a document or a snapshot, in order. */
export async function namedLines(trx: Trx, estate_id: number, lines: readonly { fund: string; account: string; amount: string; note?: string | undefined }[]): Promise<Line[]> {
  const { rows } = await sql<Line>`
    select l.fund, l.account, l.amount, coalesce(l.note, '') as note, ${NAMED}
    from json_to_recordset(${JSON.stringify(lines)}::json) as l(fund text, account text, amount text, note text)
    join fund f on f.estate_id = ${estate_id} and f.fund = l.fund join account a on a.estate_id = ${estate_id} and a.account = l.account order by ${ORDER}`.execute(trx);
  return rows;
}

// ── Choices ──────────────────────────────────────────────────────────────────────────────────────

export interface AccountChoice extends Named { account: string; class: LineClass }
export interface FundChoice extends Named { fund: string; is_restricted: boolean; accounts: string[] }

/** Accounts a budget may have lines for, and the funds. */
export async function choicesOf(trx: Trx, estate_id: number): Promise<{ accounts: AccountChoice[]; funds: FundChoice[] }> {
  const { rows: accounts } = await sql<AccountChoice>`select account, name_zh, name_en, class from account
    where estate_id = ${estate_id} and class in ('income', 'expense') and is_postable and closed_on is null order by account`.execute(trx);
  // A heading in fund_account stands for all below it.
  const { rows: funds } = await sql<FundChoice>`select f.fund, f.name_zh, f.name_en, f.is_restricted,
      array(select a.account from account a where a.estate_id = f.estate_id and a.class in ('income', 'expense') and a.is_postable and exists (select from fund_account u
        where u.estate_id = f.estate_id and u.fund = f.fund and u.account in (a.account, a.parent)) order by a.account) as accounts
    from fund f where f.estate_id = ${estate_id} order by f.place, f.fund`.execute(trx);
  return { accounts, funds };
}

// ── Orders beyond the budget ─────────────────────────────────────────────────────────────────────

export interface OverOrder extends LineKey {
  order: number;
  kind: string;
  submitted_on: BusinessDate;
  title: string;
  amount: string;
  /** By how much it went beyond the line when it was submitted. */
  over: string;
  /** Null: an emergency, or signed for after the bank had paid. */
  reason: string | null;
  why: 'reason' | 'emergency' | 'after_the_fact';
  state: string;
  account_zh: string;
  account_en: string;
  fund_zh: string;
  fund_en: string;
}

/** Orders that were submitted beyond the budget in a year, newest first; withdrawn and rejected ones stay listed as such. */
export async function overOrders(trx: Trx, estate_id: number, { year, limit }: { year: number; limit: number }): Promise<OverOrder[]> {
  const { rows } = await sql<OverOrder>`
    select p.proposal_id as order, p.kind, d ->> 'submitted_on' as submitted_on, p.title, p.amount, d -> 'over_budget' ->> 'over' as over, p.fund, d ->> 'account' as account,
      coalesce(d ->> 'over_budget_reason', d ->> 'emergency_reason') as reason,
      case when d ? 'over_budget_reason' then 'reason' when d ? 'after_the_fact' then 'after_the_fact' else 'emergency' end as why, p.state,
      a.name_zh as account_zh, a.name_en as account_en, f.name_zh as fund_zh, f.name_en as fund_en
    from proposal p cross join lateral (select p.document::jsonb as d) parsed
    join account a on a.estate_id = p.estate_id and a.account = d ->> 'account' join fund f on f.estate_id = p.estate_id and f.fund = p.fund
    where p.estate_id = ${estate_id} and p.kind = 'payment' and p.document like '%"over_budget":{%' and d -> 'over_budget' ->> 'year' = ${String(year)}
    order by p.proposal_id desc limit ${limit}`.execute(trx);
  return rows;
}

/** Who signed, for what is printed: body and day, in the order of signing. */
export async function signedBy(trx: Trx, estate_id: number, proposal_id: number): Promise<(Named & { day: BusinessDate })[]> {
  const { rows } = await sql<Named & { day: BusinessDate }>`
    select b.name_zh, b.name_en, to_char(s.signed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from quorum q
    join signature s on s.estate_id = q.estate_id and s.proposal_id = q.proposal_id and s.document_hash = q.document_hash and s.decision = 'approve'
    join body b on b.estate_id = s.estate_id and b.body = s.body where q.estate_id = ${estate_id} and q.proposal_id = ${proposal_id} order by s.seq`.execute(trx);
  return rows;
}
