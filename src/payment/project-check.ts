// Orders from the fund of a project (项目资金): for a milestone of its contract, to whom the contract was signed with, within what that
// source bears of it; after the final report back to where it came from, and nothing else. The database answers (project_order_unfit), and
// its guard of proposals asks the same again.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { refused, told, type Check } from './check-result.ts';
import { refOf } from './dwelling.ts';
import { refusals } from './project-refusals.ts';
import type { Order } from './queries.ts';

const texts = {
  milestone: { zh: '项目“{title}”第 {milestone} 个付款节点（{name}），在这个来源的份额以内', en: 'Milestone {milestone} ({name}) of "{title_en}", within the share of this source' },
  back: { zh: '项目“{title}”已结项，退回来源，不超过结余', en: '"{title_en}" is finished: goes back to its source, within the rest' },
} as const satisfies Record<string, Bilingual>;

type Code = keyof typeof refusals;
interface About { project_id: number; title_zh: string; title_en: string; name: string | null }

async function aboutOf(trx: Trx, estate_id: number, { fund, milestone }: Order): Promise<About | undefined> {
  const { rows } = await sql<About>`
    select s.project_id, p.title_zh, p.title_en, m.name from project_source s
    join project_plan p on p.estate_id = s.estate_id and p.project_id = s.project_id
    left join project_milestone m on m.estate_id = s.estate_id and m.project_id = s.project_id and m.milestone = ${milestone}::integer
    where s.estate_id = ${estate_id} and s.fund = ${fund}`.execute(trx);
  return rows[0];
}

/** Nothing of an order that is of no project. */
export async function projectChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const about = await aboutOf(trx, estate_id, order);
  if (about === undefined && order.milestone === null) return [];
  const { rows } = await sql<{ code: Code; most: string | null }>`select code, most from project_order_unfit(${estate_id}, ${order.order_id}, ${order.fund}, ${order.account},
    ${String(order.payee_id)}, ${order.milestone}::integer, ${await refOf(trx, estate_id, order.unit) ?? null}::text, ${order.amount}::numeric)`.execute(trx);
  const wrong = rows[0];
  // What is paid already is told by its entry.
  if (wrong !== undefined && order.state !== 'executed') {
    const facts = { milestone: order.milestone ?? '', account: order.account, most: moneyFigures(money(wrong.most ?? '0.00')), amount: moneyFigures(money(order.amount)) };
    const field = wrong.code.startsWith('project_milestone') && wrong.code !== 'project_milestone_exceeded' ? 'milestone' : wrong.code === 'project_payee_differs' ? 'payee' : 'amount';
    return [refused('project', refusals[wrong.code](facts as never, field))];
  }
  if (about === undefined) return [];
  const facts = { title: about.title_zh, title_en: about.title_en, milestone: order.milestone ?? '', name: about.name ?? '' };
  return [told('project', 'ok', order.milestone === null ? texts.back : texts.milestone, facts)];
}
