// The demo's open budget: drafted in the second month from what the months before show, opened to comments, answered, signed. Every line
// is what the plan spends, carried to a year; what was not thought of goes beyond it later, with a reason.
import { commentDraft, answerComment } from '../budget/comment.ts';
import { beginDraft, changeLines, openDraft, type LineTyped } from '../budget/draft.ts';
import { submitBudget } from '../budget/budget.ts';
import { addDays, addMonths, firstDay, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { at, sign, type Event, type Item, type Stage } from './stage.ts';
import type { DemoPlan } from './plan.ts';
import type { Neighbour } from './neighbours.ts';

const INCOME = /^4/;
/** Beside what the plan repeats: a reserve for repairs, and little for flowers. */
const reserves: Record<string, string> = { 'public_income 5102': '60000.00', 'service 5102': '4000.00', 'public_income 5104': '3000.00' };
const RESTRICTED = new Set(['deposit', 'renovation_government']);

/** Up to the next full hundred. */
const hundreds = (amount: Money): string => moneyText(money(amount.dividedBy(100).ceil().times(100).toFixed(2)));

function linesOf(plan: DemoPlan, year: string): LineTyped[] {
  const months = plan.months.filter(({ period }) => period.startsWith(year));
  const sums = new Map<string, Money>();
  const add = (key: string, amount: Money): void => void sums.set(key, sum([sums.get(key) ?? zero, amount]));
  for (const { receipts, orders } of months) {
    for (const { account, fund, amount } of receipts) if (INCOME.test(account) && !RESTRICTED.has(fund)) add(`${fund} ${account}`, amount);
    for (const { account, fund, amount, kind, over_budget } of orders) if (kind === undefined && over_budget === undefined && !RESTRICTED.has(fund)) add(`${fund} ${account}`, amount);
  }
  const year_of = (amount: Money): Money => money(amount.times(12).dividedBy(months.length).toFixed(2));
  const keys = new Set([...sums.keys(), ...Object.keys(reserves)]);
  return [...keys].map((key) => {
    const [fund, account] = key.split(' ') as [string, string];
    return { fund, account, amount: hundreds(sum([year_of(sums.get(key) ?? zero), money(reserves[key] ?? '0.00')])), note: key === 'public_income 5104' ? '门口绿植每年一次' : '' };
  });
}

export function budgetEvents(stage: Stage, plan: DemoPlan, neighbours: () => readonly Neighbour[], running: Period): Event[] {
  const { house, estate, persons } = stage;
  const month = firstDay(addMonths(running, -5));
  const day = (n: number): BusinessDate => addDays(month, n - 1);
  const year = periodOf(firstDay(running)).slice(0, 4);
  const as = { estate, actor: persons.cashier };
  let draft = 0;
  let item: Item | null = null;
  return [
    { at: at(day(2), '09:40'), run: async () => {
      ({ draft } = await beginDraft(house, { ...as, year }));
      await changeLines(house, { ...as, draft, lines: linesOf(plan, year) });
      await openDraft(house, { ...as, draft, days: '4' });
    } },
    { at: at(day(4), '20:30'), run: async () => {
      const asked = neighbours();
      const { comment_id } = await commentDraft(house, { estate, actor: asked[0]!.actor, draft, line: 'public_income:5102', comment: '单元门维修能不能集中招一次标？每月零星修太贵。' });
      await commentDraft(house, { estate, actor: asked[1]!.actor, draft, comment: '建议把电梯大修单独列出来。' });
      await answerComment(house, { estate, actor: persons.manager, comment_id, answer: '下半年集中询价一次，结果在项目清单里公布。' });
    } },
    { at: at(day(7), '09:20'), run: async () => { item = await submitBudget(house, { ...as, draft }); } },
    { at: at(day(7), '17:10'), run: () => sign(stage, persons.manager, [item!]) },
    { at: at(day(7), '20:30'), run: () => sign(stage, persons.committee1, [item!]) },
    { at: at(day(7), '21:10'), run: () => sign(stage, persons.committee2, [item!]) },
  ];
}
