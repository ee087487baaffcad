// What a resident sees first: the money there is, whether the bank says so too, what came in and went
// out this month and where it went, what is wrong, and what was published. Few queries, all cheap:
// figures come from the balances kept per month, not from history.
import { sql } from 'kysely';
import { signingTerms, type Actor, type Estate, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, businessDate, periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { estateNow } from '../evidence/records.ts';
import { quorumHealth, type Health } from '../approval/health.ts';
import { announcedNow } from '../approval/objection-queries.ts';
import { proposalList } from '../approval/queries.ts';
import { standingOf, type Standing } from '../witness/queries.ts';
import { inquiryCounts, type InquiryCounts } from '../inquiry/queries.ts';
import type { DisclosureFigures, FundRow } from '../../reports/monthly-disclosure/figures.ts';
import { dueOn } from './assemble.ts';
import { bankNow, openDebits, type BankNow, type OpenDebit } from './home-bank.ts';
import { disclosureState, type DisclosureState } from './queries.ts';
import { runStatement } from './statements.ts';

interface Ledger {
  account: string; name_zh: string; name_en: string; class: string; is_money: boolean;
  opening: string; debit: string; credit: string;
}

export interface Spending { account: string; name_zh: string; name_en: string; amount: string }

/** What waits for the person looking; null where it is not theirs to do. */
export interface Waiting { sign: number | null; pay: number | null; answer: number | null }

export interface HomeShown {
  period: string;
  balance: string;
  received: string;
  paid: string;
  months: DisclosureFigures['months'];
  /** Largest first, of the month `spent_period`. */
  spending: Spending[];
  spent_period: string;
  funds: FundRow[];
  bank: BankNow;
  /** What the bank paid out and nobody has explained, oldest first. */
  debits: OpenDebit[];
  inquiries: InquiryCounts;
  disclosures: DisclosureState;
  waiting: Waiting;
  /** What owners may object to before it is paid. */
  announced: { count: number; amount: string };
  /** For those who watch over the bodies (street, community, supervisors); null for all others. */
  health: Health | null;
  /** How far the log is signed and witnessed. */
  proof: Standing;
  /** Day on which the very first disclosure is due. */
  first_due: string;
}

function spendingOf(ledgers: readonly Ledger[]): Spending[] {
  const spent = ledgers.filter((ledger) => ledger.class === 'expense')
    .map((ledger) => ({ ledger, amount: minus(money(ledger.debit), money(ledger.credit)) }))
    .filter(({ amount }) => !amount.isZero())
    .sort((a, b) => b.amount.comparedTo(a.amount));
  return spent.map(({ ledger: { account, name_zh, name_en }, amount }) => ({ account, name_zh, name_en, amount: moneyText(amount) }));
}

const balanceOf = (ledgers: readonly Ledger[]): Money => ledgers.filter((ledger) => ledger.is_money)
  .reduce((total, { opening, debit, credit }) => minus(sum([total, money(opening), money(debit)]), money(credit)), zero);

const MOST = 99;

/** Orders and refunds that are approved and may be paid today. */
async function unpaidOrders(trx: Trx, estate_id: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select least(count(*), ${MOST})::integer as count from proposal where estate_id = ${estate_id} and state = 'approved'
      and kind in ('payment', 'refund') and waits_for(estate_id, proposal_id, estate_today(estate_id)) is null`.execute(trx);
  return rows[0]!.count;
}

async function waitingFor(trx: Trx, estate: Estate, actor: Actor, today: string, inquiries: InquiryCounts): Promise<Waiting> {
  const { estate_id } = estate;
  const signs = signingTerms(actor, estate_id).length > 0;
  const pays = actor.terms.some((term) => term.estate_id === estate_id && term.body === 'property');
  const sign = signs ? (await proposalList(trx, estate_id, { mine: { actor, today }, limit: MOST })).items.length : null;
  const pay = pays ? await unpaidOrders(trx, estate_id) : null;
  return { sign, pay, answer: may(actor, estate_id, 'answer') ? inquiries.waiting + inquiries.late : null };
}

const watches = (actor: Actor, estate_id: number): boolean => actor.terms.some((term) =>
  term.estate_id === estate_id && ['street', 'community', 'supervisor'].includes(term.body));

/** Everything of the home page, in one read-only transaction of at most sixteen queries. */
export async function readHome(house: House, estate: Estate, actor: Actor): Promise<HomeShown> {
  const { estate_id } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const now = await estateNow(trx, estate_id);
    const today = businessDate(now);
    const period = periodOf(today);
    const parameters = { estate_id, period, today };
    const ledgers = await runStatement<Ledger>(trx, 'ledgers', parameters);
    const months = await runStatement<DisclosureFigures['months'][number]>(trx, 'months', parameters);
    const funds = await runStatement<FundRow>(trx, 'funds', parameters);
    let spending = spendingOf(ledgers);
    let spent_period = period;
    // In the first days of a month last month says more.
    if (spending.length === 0 && period > estate.first_period) {
      spent_period = addMonths(period, -1);
      spending = spendingOf(await runStatement<Ledger>(trx, 'ledgers', { ...parameters, period: spent_period }));
    }
    const inquiries = await inquiryCounts(trx, estate_id, today);
    return {
      period, balance: moneyText(balanceOf(ledgers)), months, spending, spent_period, inquiries,
      received: months.at(-1)?.received ?? '0.00', paid: months.at(-1)?.paid ?? '0.00',
      funds: funds.filter((fund) => ![fund.opening, fund.received, fund.paid, fund.closing].every((a) => money(a).isZero())),
      bank: await bankNow(trx, estate_id, today),
      debits: await openDebits(trx, estate_id, today),
      disclosures: await disclosureState(trx, estate, now),
      announced: await announcedNow(trx, estate_id),
      waiting: await waitingFor(trx, estate, actor, today, inquiries),
      health: watches(actor, estate_id) ? await quorumHealth(trx, estate_id, today) : null,
      proof: await standingOf(trx, estate_id),
      first_due: dueOn(estate, estate.first_period),
    };
  }, { readOnly: true });
}
