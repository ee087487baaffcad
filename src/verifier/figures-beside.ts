// What a disclosure says beside the books, as far as the records can judge it: a project's source has what its fund holds, and no
// project's money goes unmentioned; a budget's actual figures are those of the entries, and its sums add up; no question that was
// asked, and none without an answer, is left out of the count. Disclosures of before there was any of this say nothing here.
import type { BudgetTold, DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { periodOf } from '../kernel/dates.ts';
import type { Books, Entry } from './books.ts';
import { isMoney } from './accounts.ts';
import { fenOf, Sums, yuan } from './fen.ts';
import type { Context } from './figures-bank.ts';

type Beside = Pick<DisclosureFigures, 'voice' | 'budget' | 'projects'>;
const PROJECT_FUND = /^p\d+_/;

export function checkBeside(context: Context, isClosing: (entry: Entry) => boolean): void {
  const { voice, budget, projects } = context.head as Beside;
  checkProjects(context, projects ?? []);
  if (budget !== undefined) checkBudget(context, budget, isClosing);
  checkVoice(context, voice);
}

function checkProjects({ rows, differ }: Context, projects: NonNullable<Beside['projects']>): void {
  const held = new Sums<string>();
  for (const row of rows) if (isMoney(row.account)) held.add(row.fund, row.opening + row.debit - row.credit);
  const shown = new Set<string>();
  for (const { project, sources } of projects) {
    for (const { fund, received, spent, returned, left } of sources) {
      shown.add(fund);
      differ(`项目 ${project} 余额 ${fund}`, `project ${project}, left of ${fund}`, left, yuan(held.of(fund)));
      differ(`项目 ${project} ${fund}`, `project ${project}, ${fund}`, left, yuan(fenOf(received) - fenOf(spent) - fenOf(returned)));
    }
  }
  for (const fund of held.keys()) {
    if (PROJECT_FUND.test(fund) && !shown.has(fund) && held.of(fund) !== 0n) differ(`项目资金 ${fund}`, `fund of a project ${fund}`, '–', yuan(held.of(fund)));
  }
}

/** By account and fund; null where the entries of the year are not all known. */
function spentOf(books: Books, { year, day }: BudgetTold, size: number, isClosing: (entry: Entry) => boolean): Sums<string> | null {
  if (books.known_from === null || books.known_from > `${year}-01`) return null;
  const found = new Sums<string>();
  for (const [period, entries] of books.periods) {
    if (!period.startsWith(year)) continue;
    for (const entry of entries) {
      if (entry.seq > size || entry.date > day || isClosing(entry)) continue;
      for (const { account, fund, debit, credit } of entry.lines) {
        const amount = BigInt(debit - credit);
        found.add(`${account} ${fund}`, account.startsWith('4') ? -amount : amount);
      }
    }
  }
  return found;
}

function checkBudget({ books, size, differ }: Context, budget: BudgetTold, isClosing: (entry: Entry) => boolean): void {
  const spent = spentOf(books, budget, size, isClosing);
  const shown = new Set<string>();
  // Money with a purpose of its own has no lines in the yearly budget.
  const funds = new Set(budget.lines.map(({ fund }) => fund));
  for (const { account, fund, budget: planned, actual, committed, left } of budget.lines) {
    const key = `${account} ${fund}`;
    shown.add(key);
    differ(`预算剩余 ${key}`, `left of the budget ${key}`, left, yuan(fenOf(planned) - fenOf(actual) - fenOf(committed)));
    if (spent !== null) differ(`预算实际 ${key}`, `actual of the budget ${key}`, actual, yuan(spent.of(key)));
  }
  for (const key of spent?.keys() ?? []) {
    if (/^[45]/.test(key) && funds.has(key.slice(key.indexOf(' ') + 1)) && !shown.has(key) && spent!.of(key) !== 0n) differ(`预算实际 ${key}`, `actual of the budget ${key}`, '–', yuan(spent!.of(key)));
  }
}

/** The records in hand are a part of all: what they tell must be in the count, more may be. */
function checkVoice({ books, head, size, differ }: Context, voice: Beside['voice']): void {
  const known = [...books.inquiries.values()].filter(({ seq }) => seq <= size);
  const asked = known.filter(({ day }) => periodOf(day) === head.period).length;
  const open = known.filter(({ answered_seq }) => answered_seq === null || answered_seq > size).length;
  // Before these were counted, page one said the open ones in words.
  if (voice === undefined) return;
  const unanswered = voice.waiting + voice.late + voice.very_late;
  if (voice.asked < asked) differ('本月质询', 'questions of the month', String(voice.asked), String(asked));
  if (unanswered < open) differ('未答复的质询', 'questions without an answer', String(unanswered), String(open));
}
