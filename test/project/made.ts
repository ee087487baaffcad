// An opened project with an opinion and a gift, without the slow passwords: for the tests of whatever needs one of each.
import { receiveGift } from '../../src/project/gift.ts';
import { giveOpinion } from '../../src/project/opinion.ts';
import { enterProject } from '../../src/project/project.ts';
import { executeProject, proposeOpening } from '../../src/project/step.ts';
import { addMonths, lastDay, periodOf, today } from '../../src/kernel/dates.ts';
import { signAs } from '../helpers/approved.ts';
import type { Made } from '../subsidy/made.ts';

export async function madeProject(h: Made): Promise<{ project: number; opinion: number; gift: number }> {
  const { house, estate, persons } = h;
  const actor = h.actorOf('cashier');
  const now = today(house.clock);
  const { project_id: project } = await enterProject(house, { estate, actor, typed: { kind: 'renovation', title: '楼道灯改造', text: '更换楼道灯' } });
  const item = await proposeOpening(house, { estate, actor, project, typed: {
    title_zh: '楼道灯改造', purpose: '更换楼道灯', deadline: lastDay(addMonths(periodOf(now), 2)), share_rule: 'none', targets: { government: '3000', households: '1000', donation: '500' } } });
  for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
    if (await signAs(house, estate, persons[who], body, item) === 'approved') break;
  }
  await executeProject(house, estate, item.proposal_id);
  const { opinion_id } = await giveOpinion(house, { estate, actor: h.actorOf('resident'), project, stance: 'for', words: '早该修了' });
  const { gift } = await receiveGift(house, { estate, actor, project, typed: { source: 'donation', amount: '100.00', entry_date: now, donor: '示例慈善基金会', is_company: true, shown: 'named' } });
  return { project, opinion: opinion_id, gift: gift! };
}
