// Final accounts (决算): what a year took in and spent, fund by fund, beside its budget, and the entry that closes it.
//   the year is over, its months before December closed → proposed → signed as the rule for budgets asks → carried over
// The entry, in each fund:   借 income   贷 3103      借 3103   贷 expense      and what is left: 借 3103  贷 3101 (a surplus; of
// restricted funds the account below 3102 that says whose the money is), or the other way round for a deficit.
// Dated 31 December while that month is open, else on the day it is booked. It carries over what no closing entry has before, so what
// comes late, or does not fit into one entry, is closed by a further final account of the same year. Figures of months leave these
// entries out. guard_closing: nothing but that, all of it, never reversed.
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal, supersede } from '../approval/proposal.ts';
import { readProposal, type Proposal } from '../approval/queries.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { isAnnounced, refuseWaiting } from '../approval/waiting.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { periodOf, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, negated, sum, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { signersFor } from '../office/signers.ts';
import { refusals as officeRefusals } from '../office/refusals.ts';
import { entryBody, LINE_LIMIT, lineJson, linesOfJson, onlyFund, sumsOf, type EntryLine } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { openDays } from '../ledger/period-queries.ts';
import type { Proposed } from './budget.ts';
import { executionOf, type ExecutionRow } from './queries.ts';
import { refusals } from './refusals.ts';

/** Debits less credits that no closing entry has carried over. */
interface Rest { fund: string; account: string; class: string; rest: string; equity: string }

export interface FundResult {
  fund: string;
  fund_zh: string;
  fund_en: string;
  income: string;
  expense: string;
  /** Below zero: a deficit. */
  surplus: string;
  /** Account that takes it: 3101, or one below 3102. */
  equity: string;
}
export interface Closing { entry: number; number: string; entry_date: BusinessDate; proposal_id: number; surplus: string }
export interface FinalAccount {
  year: number;
  rows: ExecutionRow[];
  funds: FundResult[];
  closings: Closing[];
  /** Being signed. */
  proposed: { proposal_id: number; state: string } | null;
  /** Whether income or expense is left to carry over. */
  open: boolean;
  /** Why it cannot be proposed now; null where it can. */
  refusal: Refusal | null;
}

async function restsOf(trx: Trx, estate_id: number, year: number): Promise<Rest[]> {
  const { rows } = await sql<Rest>`
    select r.fund, r.account, r.class, r.rest, fund_equity(${estate_id}, r.fund) as equity from year_rest(${estate_id}, ${year}) r
    join fund f on f.estate_id = ${estate_id} and f.fund = r.fund where r.rest <> 0 order by f.place, f.fund, r.account`.execute(trx);
  return rows;
}

const debit = (amount: Money) => ({ debit: amount });
const credit = (amount: Money) => ({ credit: amount });

/** The lines that carry a fund's rests over. */
function closingOf(rests: readonly Rest[]): EntryLine[] {
  const { fund, equity } = rests[0]!;
  const amounts = rests.map(({ account, rest }) => ({ account, rest: money(rest) }));
  const lines = amounts.map(({ account, rest }): EntryLine => ({ account, fund, ...(rest.isNegative() ? debit(negated(rest)) : credit(rest)) }));
  const income = negated(sum(amounts.filter(({ rest }) => rest.isNegative()).map(({ rest }) => rest)));
  const expense = sum(amounts.filter(({ rest }) => !rest.isNegative()).map(({ rest }) => rest));
  if (!income.isZero()) lines.push({ account: '3103', fund, ...credit(income) });
  if (!expense.isZero()) lines.push({ account: '3103', fund, ...debit(expense) });
  const surplus = minus(income, expense);
  if (surplus.isZero()) return lines;
  return [...lines, ...(surplus.isNegative()
    ? [{ account: equity, fund, ...debit(negated(surplus)) }, { account: '3103', fund, ...credit(negated(surplus)) }]
    : [{ account: '3103', fund, ...debit(surplus) }, { account: equity, fund, ...credit(surplus) }])];
}

/** Lines of the closing entry: whole funds, in order, as many as one entry holds. */
export function closingLines(rests: readonly Rest[]): EntryLine[] {
  const lines: EntryLine[] = [];
  for (const fund of new Set(rests.map((one) => one.fund))) {
    const more = closingOf(rests.filter((one) => one.fund === fund));
    if (lines.length + more.length > LINE_LIMIT) break;
    lines.push(...more);
  }
  return lines;
}

function fundResults(rows: readonly ExecutionRow[], equities: ReadonlyMap<string, string>): FundResult[] {
  return [...new Set(rows.map(({ fund }) => fund))].map((fund) => {
    const own = rows.filter((row) => row.fund === fund);
    const of = (kind: string): Money => sum(own.filter((row) => row.class === kind).map((row) => money(row.actual)));
    const { fund_zh, fund_en } = own[0]!;
    return { fund, fund_zh, fund_en, income: moneyText(of('income')), expense: moneyText(of('expense')), surplus: moneyText(minus(of('income'), of('expense'))), equity: equities.get(fund)! };
  }).filter((row) => [row.income, row.expense].some((amount) => !money(amount).isZero()));
}

async function closingsOf(trx: Trx, estate_id: number, year: number): Promise<Closing[]> {
  const { rows } = await sql<Closing>`
    select e.seq as entry, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.proposal_id,
      (select coalesce(sum(l.credit - l.debit), 0) from closing_lines(${estate_id}) l where l.seq = e.seq and l.account <> '3103' and l.account like '3%')::numeric(16, 2) as surplus
    from journal_entry e where e.estate_id = ${estate_id} and e.seq in (select l.seq from closing_lines(${estate_id}) l where l.year = ${year}) order by e.seq`.execute(trx);
  return rows;
}

/** Why a year cannot be closed now; null where it can. */
async function obstacle(trx: Trx, { estate_id }: Estate, year: number, { today, proposed, open }: { today: BusinessDate; proposed: FinalAccount['proposed']; open: boolean }): Promise<Refusal | null> {
  if (Number(today.slice(0, 4)) <= year) return refusals.final_account_year_not_over({ year, next: year + 1 });
  if (proposed !== null) return refusals.final_account_proposed({ year, proposal: proposed.proposal_id });
  const { closed_period } = await trx.selectFrom('log_head').select('closed_period').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  if (closed_period < `${year}-11`) return refusals.final_account_months_open({ year, closed: closed_period });
  return open ? null : refusals.final_account_nothing({ year });
}

/** A year's income and expense beside its budget, and how far it is closed. Refusal: final_account_year_invalid. */
export async function finalAccountOf(trx: Trx, estate: Estate, year: number): Promise<FinalAccount> {
  const { estate_id, first_period } = estate;
  const today = await estateToday(trx, estate_id);
  const first = Number(first_period.slice(0, 4));
  if (year < first || year > Number(today.slice(0, 4))) throw refusals.final_account_year_invalid({ year, first });
  const { rows: found } = await sql<{ fund: string; equity: string }>`select fund, fund_equity(estate_id, fund) as equity from fund where estate_id = ${estate_id}`.execute(trx);
  const { rows: [proposed] } = await sql<{ proposal_id: number; state: string }>`select proposal_id, state from proposal where estate_id = ${estate_id} and kind = 'final_account'
    and state in ('submitted', 'held', 'approved') and (document::jsonb ->> 'year')::integer = ${year} order by proposal_id limit 1`.execute(trx);
  const rows = await executionOf(trx, estate_id, year, `${year}-12-31` < today ? `${year}-12-31` : today);
  const open = (await restsOf(trx, estate_id, year)).length > 0;
  return {
    year, rows, funds: fundResults(rows, new Map(found.map(({ fund, equity }) => [fund, equity]))), closings: await closingsOf(trx, estate_id, year), proposed: proposed ?? null, open,
    refusal: await obstacle(trx, estate, year, { today, proposed: proposed ?? null, open }),
  };
}

interface Asked { estate: Estate; actor: Actor | null; year: number; resolution?: ResolutionTyped | undefined; key?: string | null | undefined }

/** Proposes the final account of a year for signing. Refusals in this order: those of demand() for propose, final_account_year_invalid,
 *  final_account_year_not_over, final_account_proposed, final_account_months_open, final_account_nothing, budget_needs_signer, those of readResolution(), rule_missing. */
export async function proposeFinalAccount(house: House, { estate, actor: asking, year, resolution, key = null }: Asked): Promise<Proposed> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'propose');
  const once_key = key === null ? null : `final-account:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { year, resolution: { ...resolution } } as never }, async () => {
    await lockEstate(trx, estate_id);
    const account = await finalAccountOf(trx, estate, year);
    if (account.refusal !== null) throw account.refusal;
    const today = await estateToday(trx, estate_id);
    const lines = closingLines(await restsOf(trx, estate_id, year));
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'final_account', amount: sumsOf(lines).debit, fund: onlyFund(lines), today, too_few: refusals.budget_needs_signer });
    if (refusal !== null) throw refusal;
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const part = account.closings.length;
    const row = { title: part === 0 ? `${year} 年决算` : `${year} 年补充决算（第 ${part} 次）`, amount: sumsOf(lines).debit, fund: onlyFund(lines) };
    const { first } = await openDays(trx, estate_id);
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'final_account', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: {
        year, title_en: part === 0 ? `Final account ${year}` : `Final account ${year}, supplement ${part}`, entry_date: first <= `${year}-12-31` ? `${year}-12-31` : today,
        description: `${year} 年决算结转`, postings: lines.map(lineJson), funds: account.funds.map(({ fund, income, expense, surplus }) => ({ fund, income, expense, surplus })),
        rows: account.rows.map(({ fund, account: code, budget, actual }) => ({ fund, account: code, actual, ...(budget === null ? {} : { budget }) })),
        ...(signed === null ? {} : { resolution: signed }),
      },
    });
    return { proposal_id, document_hash };
  }));
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** 31 December while it is open, else the day it is booked; nothing announced is dated before its day. */
async function bookingDay(trx: Trx, estate_id: number, { document, ...proposal }: Proposal): Promise<BusinessDate> {
  const { first, last } = await openDays(trx, estate_id);
  const signed = String(document?.['entry_date']);
  const too_early = isAnnounced(proposal) && signed < proposal.payable_from!;
  return periodOf(signed) >= periodOf(first) && !too_early ? signed : last;
}

const shapeOf = (lines: readonly EntryLine[]): string => lines.map((line) => JSON.stringify(lineJson(line))).sort().join('\n');

/** Closes the year by the entry that was signed; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved),
 *  final_account_not_approved, change_not_possible (it is superseded), those of post_entries(). */
export async function executeFinalAccount(house: House, estate: Estate, proposal_id: number): Promise<void> {
  const { estate_id } = estate;
  const changed = await inEstate(house.db.app, estate_id, async (trx): Promise<Refusal | null> => {
    await lockEstate(trx, estate_id);
    const proposal = await readProposal(trx, estate_id, proposal_id);
    if (proposal === null || proposal.kind !== 'final_account' || proposal.document === null) throw refusals.final_account_not_approved({ proposal: proposal_id });
    if (proposal.state === 'executed') return null;
    if (proposal.state !== 'approved') throw refusals.final_account_not_approved({ proposal: proposal_id });
    await refuseWaiting(trx, estate_id, proposal_id);
    const { document } = proposal;
    const year = Number(document['year']);
    const postings = linesOfJson(document['postings']);
    // What was signed is all that the year left, or it is not booked.
    if (shapeOf(closingLines(await restsOf(trx, estate_id, year))) !== shapeOf(postings)) {
      const why = refusals.final_account_changed({ year });
      await supersede(trx, { estate, proposal_id, reason: why.in('zh') });
      return why;
    }
    const body = entryBody({
      kind: 'transfer', entry_date: await bookingDay(trx, estate_id, proposal), description: String(document['description']), key: `proposal:${proposal_id}`,
      made_by: proposal.made_by, postings, proposal: proposal_id,
    });
    const [result] = await postEntries(trx, estate_id, [body]);
    if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
    return null;
  }, { retryable: true });
  if (changed !== null) throw officeRefusals.change_not_possible({ proposal: proposal_id, reason: changed.in('zh'), reason_en: changed.in('en') });
}

export const isClosed = ({ closings, open }: FinalAccount): boolean => closings.length > 0 && !open;
/** Sum of funds, for a table's foot. */
export const resultOf = (funds: readonly FundResult[]): Pick<FundResult, 'income' | 'expense' | 'surplus'> => {
  const add = (of: (row: FundResult) => string): string => moneyText(funds.reduce((all, row) => sum([all, money(of(row))]), zero));
  return { income: add((row) => row.income), expense: add((row) => row.expense), surplus: add((row) => row.surplus) };
};
