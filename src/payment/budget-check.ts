// An order beside the budget in force (无预算不支出): within its line, or beyond it with a reason that everybody reads. Counted are what
// was spent this year, orders that are approved and unpaid, and those being signed, so that two orders cannot both take what is left.
// An emergency has its own reason, and what the bank paid already cannot be held back: both go through, are shown, and are listed with
// the others. The guard says the same at submission (constraint order_over_budget).
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { minus, money, moneyFigures, moneyText, sum, type Money } from '../kernel/money.ts';
import { estateToday } from '../evidence/records.ts';
import { refused, told, type Check } from './check-result.ts';
import type { Order } from './queries.ts';
import { refusals } from './refusals.ts';

const texts = {
  none: { zh: '今年还没有公布预算，不能核对是否超预算', en: 'No budget is published for this year, so whether this exceeds it cannot be told' },
  restricted: { zh: '专款不在年度预算内，按它的用途和项目管理', en: 'Restricted money outside the yearly budget: its purpose and its project govern it' },
  no_line: { zh: '往来科目不占预算：转入支出时才算', en: 'No account of expense: it counts for the budget when it becomes one' },
  within: { zh: '预算内：{account}全年 {budget} 元，已用 {used} 元，付后剩 {left} 元', en: 'Within the budget: {budget} for {account_en} this year, {used} used, {left} left afterwards' },
  over: { zh: '超预算 {over} 元：{account}全年 {budget} 元，已用 {used} 元，这次 {amount} 元。{why}', en: 'Beyond the budget by {over}: {budget} for {account_en} this year, {used} used, {amount} now. {why_en}' },
} as const;

const isDraft = ({ state }: Order): boolean => state === 'draft' || state === 'returned';

interface Met { year: number; budget: Money; used: Money; remaining: Money }

/** The line of the budget in force, without the order itself; or why there is none to meet. */
async function lineOf(trx: Trx, estate_id: number, order: Order): Promise<Met | 'none' | 'no_line' | 'restricted'> {
  const year = Number((await estateToday(trx, estate_id)).slice(0, 4));
  const { rows: [found] } = await sql<{ budget: string; actual: string; committed: string; asked: string }>`
    select budget, actual, committed, asked from budget_for_order(${estate_id}, ${order.order_id}, ${order.fund}, ${order.account}, ${order.amount}::numeric, ${order.settles !== null})`.execute(trx);
  if (found !== undefined) {
    // What was submitted within the budget is not beyond it for what was submitted after it.
    const asked = isDraft(order) || order.over_budget_reason !== null ? found.asked : '0.00';
    const [budget, used] = [money(found.budget), sum([found.actual, found.committed, asked].map(money))];
    return { year, budget, used, remaining: minus(budget, used) };
  }
  const expense = await trx.selectFrom('account').select('account').where('estate_id', '=', estate_id).where('account', '=', order.account).where('class', '=', 'expense').executeTakeFirst();
  if (expense === undefined) return 'no_line';
  const published = await trx.selectFrom('budget').select('proposal_id').where('estate_id', '=', estate_id).where('year', '=', year).executeTakeFirst();
  return published === undefined ? 'none' : 'restricted';
}

/** Where the order stands in the budget; nothing of an order that is paid. */
export async function budgetChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const line = await lineOf(trx, estate_id, order);
  if (typeof line === 'string') return [told('budget', line === 'restricted' ? 'ok' : 'unknown', texts[line])];
  const amount = money(order.amount);
  const left = minus(line.remaining, amount);
  const facts = {
    account: order.account_zh, account_en: order.account_en, budget: moneyFigures(line.budget), used: moneyFigures(line.used), left: moneyFigures(left), amount: moneyFigures(amount),
    over: moneyFigures(minus(amount, line.remaining)),
  };
  if (!left.isNegative()) return [told('budget', 'ok', texts.within, facts)];
  const why = whyOf(order);
  if (why === null) return [refused('budget', refusals.order_over_budget(facts, 'over_budget_reason'))];
  return [told('budget', 'attention', texts.over, { ...facts, why: why.zh, why_en: why.en })];
}

/** Why it may go beyond; null where nobody said. */
function whyOf(order: Order): { zh: string; en: string } | null {
  const { over_budget_reason, class: kind, settles } = order;
  if (over_budget_reason !== null) return { zh: `理由：${over_budget_reason}`, en: `Reason: ${over_budget_reason}` };
  if (settles !== null) return { zh: '银行已付，事后补单', en: 'The bank had paid it already' };
  if (kind === 'emergency') return { zh: '应急付款', en: 'An emergency' };
  return isDraft(order) ? null : { zh: '提交时在预算内，后来别的付款先用了', en: 'It was within the budget when it was submitted; others came first' };
}

/** A type alias, so that it is JSON for the document. */
export type OverBudget = { year: string; budget: string; used: string; over: string };

/** What the document says of an order beyond the budget; null within it, and where there is none. */
export async function overBudget(trx: Trx, estate_id: number, order: Order): Promise<OverBudget | null> {
  const line = order.kind === 'payment' ? await lineOf(trx, estate_id, order) : 'none';
  if (typeof line === 'string' || !line.remaining.lessThan(order.amount)) return null;
  return { year: String(line.year), budget: moneyText(line.budget), used: moneyText(line.used), over: moneyText(minus(money(order.amount), line.remaining)) };
}
