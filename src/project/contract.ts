// Contracts (合同): three quotes or a reason, milestones in per cent, and what each of the four sources bears. The sums are divided once, here,
// to the fen (apportion); the door sees that every milestone is borne whole and no source beyond its target, and each order is held to its share.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { apportion, minus, money, moneyFigures, moneyText, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { bookText } from '../kernel/text.ts';
import { sourceNames, sources, type Source } from './kinds.ts';
import { demandOpen, freshQuotesOf, milestonesOf, readPlan } from './queries.ts';
import { refusals } from './refusals.ts';
import { filesOf, proposeStep, readAmount, type Asked, type Proposed } from './step.ts';

export const QUOTES_NEEDED = 3;
export const MOST_MILESTONES = 8;

export interface NewPayeeTyped { kind: string; name: string; bank_name: string; account_number: string }
/** Payees are kept by the slice of payments, on the same floor: it is handed in. */
export type PayeeIntake = (trx: Trx, asked: { estate: Estate; actor: Actor; payee: { payee_id: number } | NewPayeeTyped }) => Promise<{ payee_id: number; public_name: string }>;

export interface MilestoneTyped { name: string; percent: string; due_when: string }
export interface ContractTyped {
  payee: { payee_id: number } | NewPayeeTyped | null;
  amount: string;
  milestones: readonly MilestoneTyped[];
  /** Yuan that each source bears of the whole, as typed. */
  split: Partial<Record<Source, string | undefined>>;
  few_quotes_reason?: string | undefined;
  vouchers: readonly string[];
}

function readMilestones(typed: readonly MilestoneTyped[]): { name: string; percent: Money; due_when: string }[] {
  const read = typed.filter((row) => `${row.name}${row.percent}`.trim() !== '').slice(0, MOST_MILESTONES).map(({ name, percent, due_when }, index) => {
    const place = index + 1;
    const share = readMoney(percent.replace(/[%％]\s*$/u, ''));
    if (share === null || !share.greaterThan(zero) || share.greaterThan(100)) throw refusals.contract_percent_invalid({ typed: percent.slice(0, 20) }, `milestone_${place}_percent`);
    if (!['contract', 'reached', 'accepted'].includes(due_when)) throw refusals.contract_due_unknown({ typed: due_when.slice(0, 20) }, `milestone_${place}_due_when`);
    return { name: bookText(name, { field: `milestone_${place}_name`, label: '节点名称 milestone', limit: 40 }), percent: share, due_when };
  });
  if (read.length === 0) throw refusals.contract_milestones_missing({}, 'milestone_1_name');
  const total = sum(read.map((row) => row.percent));
  if (!total.equals(100)) throw refusals.contract_percent_differs({ total: moneyFigures(total) }, 'milestone_1_percent');
  return read;
}

function readSplit({ split }: ContractTyped, amount: Money): { source: Source; amount: Money }[] {
  const parts = sources.filter((source) => !['', '0', '0.00'].includes((split[source] ?? '').trim())).map((source) => ({ source, amount: readAmount(split[source]!, `split_${source}`) }));
  const total = sum(parts.map((part) => part.amount));
  if (!total.equals(amount)) throw refusals.contract_split_differs({ total: moneyFigures(total), amount: moneyFigures(amount), difference: moneyFigures(minus(amount, total)) }, `split_${parts[0]?.source ?? 'government'}`);
  return parts;
}

/** What each source bears of each milestone: every column adds up to its source, every row to its milestone, to the fen. */
export function sharesOf(milestones: readonly { percent: Money | number }[], split: readonly { source: Source; amount: Money }[]): Partial<Record<Source, Money>>[] {
  const columns = split.map(({ source, amount }) => ({ source, parts: apportion(amount, milestones.map((row) => row.percent)) }));
  return milestones.map((_row, index) => Object.fromEntries(columns.map(({ source, parts }) => ({ source, part: parts[index]! })).filter(({ part }) => !part.isZero()).map(({ source, part }) => [source, part])));
}

/** Proposes a contract. Refusals: those of proposeStep(), contract_payee_missing, project_amount_invalid, contract_milestones_missing, contract_percent_…,
 *  contract_due_unknown, contract_split_differs, text_*, project_not_open, project_source_unknown, quotes_too_few, contract_beyond_target, contract_file_missing,
 *  those of the payee. */
export async function proposeContract(house: House, asked: Asked & { typed: ContractTyped }, { enterPayee }: { enterPayee: PayeeIntake }): Promise<Proposed> {
  const { typed, project, estate, estate: { estate_id } } = asked;
  demand(asked.actor, estate_id, 'propose');
  const { payee } = typed;
  if (payee === null) throw refusals.contract_payee_missing({}, 'payee');
  const amount = readAmount(typed.amount, 'amount');
  const rows = readMilestones(typed.milestones);
  const split = readSplit(typed, amount);
  const reason = (typed.few_quotes_reason ?? '').trim() === '' ? null : bookText(typed.few_quotes_reason!, { field: 'few_quotes_reason', label: '理由 reason', limit: 200 });
  const told = { payee: { ...payee }, amount: moneyText(amount), reason, vouchers: [...typed.vouchers], rows: rows.map((row) => ({ ...row, percent: moneyText(row.percent) })),
    split: split.map((part) => ({ source: part.source, amount: moneyText(part.amount) })) };
  return proposeStep(house, asked, told, async (trx, { actor }) => {
    await demandOpen(trx, estate_id, project);
    const { plan, sources: known } = await readPlan(trx, estate_id, project);
    const before = await milestonesOf(trx, estate_id, project);
    for (const part of split) {
      const row = known.find((one) => one.source === part.source);
      if (row === undefined) throw refusals.project_source_unknown({ typed: sourceNames[part.source].zh, choices: known.map((one) => sourceNames[one.source].zh).join('、') }, `split_${part.source}`);
      const bound = sum(before.flatMap((milestone) => milestone.shares.filter((share) => share.source === part.source).map((share) => money(share.amount))));
      if (sum([bound, part.amount]).greaterThan(money(row.target))) {
        throw refusals.contract_beyond_target({ source: sourceNames[part.source].zh, source_en: sourceNames[part.source].en, target: moneyFigures(money(row.target)), bound: moneyFigures(bound), amount: moneyFigures(part.amount) }, `split_${part.source}`);
      }
    }
    const quotes = await freshQuotesOf(trx, estate_id, project);
    // Three papers of one bidder are one quote.
    const bidders = new Set(quotes.map(({ bidder }) => bidder.replace(/\s/gu, ''))).size;
    if (bidders < QUOTES_NEEDED && reason === null) throw refusals.quotes_too_few({ needed: QUOTES_NEEDED, found: bidders }, 'few_quotes_reason');
    const files = await filesOf(trx, estate_id, typed.vouchers);
    if (files.length === 0) throw refusals.contract_file_missing({}, 'vouchers');
    const { payee_id, public_name } = await enterPayee(trx, { estate, actor, payee });
    const first = Math.max(0, ...before.map((row) => row.milestone)) + 1;
    const shares = sharesOf(rows, split);
    const empty = shares.findIndex((parts) => Object.keys(parts).length === 0);
    if (empty >= 0) throw refusals.contract_percent_invalid({ typed: moneyText(rows[empty]!.percent) }, `milestone_${empty + 1}_percent`);
    return {
      title: `项目合同：${plan.title_zh} · ${public_name}`, amount,
      content: {
        step: 'contract', payee: { payee_id, name: public_name }, project_zh: plan.title_zh, project_en: plan.title_en, title_en: `Contract: ${plan.title_en} · ${public_name}`,
        milestones: rows.map((row, index) => {
          const parts = Object.fromEntries(Object.entries(shares[index]!).map(([source, part]) => [source, moneyText(part)]));
          return { milestone: first + index, name: row.name, due_when: row.due_when, percent: moneyText(row.percent), amount: moneyText(sum(Object.values(shares[index]!))), shares: parts };
        }),
        quotes: quotes.map(({ quote_id, bidder, amount: asked_for }) => ({ quote: quote_id, bidder, amount: asked_for })), ...(reason === null ? {} : { few_quotes_reason: reason }), vouchers: files,
      },
    };
  });
}
