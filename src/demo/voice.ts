// The owners' voice in the demo: a vote on the covered walk that was counted and certified, one that runs now, a satisfaction survey,
// questions that were answered, are late and very late, and the three lists.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { castBallot } from '../assembly/ballot.ts';
import { announceResolution, countDue, draftResolution, proposeCertificate } from '../assembly/resolution.ts';
import { answerSurvey, closeDue, openSurvey } from '../assembly/survey.ts';
import { answerInquiry, ask } from '../inquiry/inquiry.ts';
import { escalateDue } from '../inquiry/clock.ts';
import { changeItem, openItem } from '../inquiry/list.ts';
import { rateAnswer } from '../inquiry/rating.ts';
import { addDays, addMonths, firstDay, laterBy, today as todayOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { NewUnit } from '../estate/units.ts';
import type { Neighbour } from './neighbours.ts';
import { demoHome } from './persons.ts';
import { at, inStage, keepPapers, sign, type Event, type Item, type Stage } from './stage.ts';

type Who = () => readonly Neighbour[];
/** Dwellings that vote on paper; with the neighbours online more than two thirds take part. */
const PAPERS = 300;

/** Both readings of the papers of many dwellings, each through the door: the cashier reads them, then a member of the committee. */
async function readPapers(stage: Stage, resolution: number, units: readonly string[], voters: Who): Promise<void> {
  const { estate: { estate_id }, persons } = stage;
  const online = new Set([demoHome, ...voters().map(({ unit }) => unit)]);
  const papers = units.filter((unit) => !online.has(unit)).slice(0, PAPERS);
  const scans = await keepPapers(stage, papers.map((unit, index) => ({
    file_name: `选票-${index + 1}.pdf`, bytes: Buffer.from(`%PDF-1.7\n%演示数据，非真实选票 ${unit}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`),
  })), 'officers');
  // One in thirteen is against, one in twenty-five abstains.
  const choices = papers.map((_unit, index) => (index % 13 === 7 ? 'against' : index % 25 === 11 ? 'abstain' : 'for'));
  await inStage(stage, async (trx) => {
    const first = await sql<{ status: string; paper: number }>`select (e).status, (e).paper from (select enter_paper_ballot(${estate_id}, ${resolution}, null, x.unit, x.scan, x.choice, ${persons.cashier.person_id}::uuid, null) as e
      from unnest(${papers}::text[], ${scans}::text[], ${choices}::text[]) as x(unit, scan, choice)) as read`.execute(trx);
    const second = await sql<{ status: string }>`select (e).status from (select enter_paper_ballot(${estate_id}, ${resolution}, x.paper, '', '', x.choice, ${persons.committee2.person_id}::uuid, null) as e
      from unnest(${first.rows.map(({ paper }) => paper)}::bigint[], ${choices}::text[]) as x(paper, choice)) as read`.execute(trx);
    assert(second.rows.every(({ status }) => status === 'cast'), `demo ballots: ${second.rows.find(({ status }) => status !== 'cast')?.status}`);
  });
}

/** The vote on the walk: announced fifteen days ahead, counted, certified. Gives its number to whoever needs it. */
export function voteEvents(stage: Stage, running: Period, units: readonly NewUnit[], voters: Who): { events: Event[]; resolution: () => number } {
  const { house, estate, persons } = stage;
  const month = firstDay(addMonths(running, -5));
  const day = (n: number): BusinessDate => addDays(month, n - 1);
  let resolution = 0;
  let item: Item | null = null;
  const signing = (time: string, who: 'manager' | 'committee1' | 'committee2'): Event => ({ at: at(day(25), time), run: () => sign(stage, persons[who], [item!]) });
  const events: Event[] = [
    { at: at(day(5), '10:00'), run: async () => {
      ({ resolution_id: resolution } = await draftResolution(house, {
        estate, actor: persons.committee1, matter: 'raise_fund', title: '长廊翻修并由四方出资', starts_on: day(21), ends_on: day(24), paper_days: '0',
        wording: '翻修三栋至五栋之间的公共长廊，总价不超过 52,200 元。\n政府补贴、产权单位、居民自筹和捐助各自立账，互不垫付，结余退回来源。',
      }));
      await announceResolution(house, { estate, actor: persons.committee1, resolution });
    } },
    { at: at(day(21), '19:30'), run: async () => {
      for (const { actor, unit } of voters().slice(0, 12)) await castBallot(house, { estate, actor, resolution, unit, choice: 'for' });
      await castBallot(house, { estate, actor: persons.resident, resolution, unit: demoHome, choice: 'for' });
    } },
    { at: at(day(23), '15:00'), run: () => readPapers(stage, resolution, units.map(({ unit }) => unit), voters) },
    { at: at(day(25), '00:20'), run: async () => void await countDue(house, estate) },
    { at: at(day(25), '09:10'), run: async () => { item = await proposeCertificate(house, { estate, actor: persons.cashier, resolution }); } },
    signing('17:00', 'manager'), signing('20:10', 'committee1'), signing('20:40', 'committee2'),
  ];
  return { events, resolution: () => resolution };
}

/** A vote that runs: the resident has not voted yet. */
function runningVote(stage: Stage): Event[] {
  const { house, estate, persons, present } = stage;
  const today = todayOf(() => present);
  const ago = (days: number): Date => laterBy(present, -days * 86_400_000);
  let resolution = 0;
  return [
    { at: laterBy(ago(17), -600_000), run: async () => {
      ({ resolution_id: resolution } = await draftResolution(house, {
        estate, actor: persons.committee1, matter: 'common_parts', title: '地下车库增设 20 个充电车位', starts_on: addDays(today, -2), ends_on: addDays(today, 12), paper_days: '3',
        wording: '把地下车库东侧 20 个公共车位改为充电车位，由公共收益支付接线费用，上限 45,000 元。\n充电分成仍归全体业主，每月在收支公示中列出。',
      }));
      await announceResolution(house, { estate, actor: persons.committee1, resolution });
    } },
  ];
}

const QUESTIONS = ['对物业服务总体满意吗？', '收支公示看得懂吗？', '维修及时吗？', '公共卫生满意吗？', '质询得到了说明吗？'];

function surveyEvents(stage: Stage, running: Period, voters: Who): Event[] {
  const { house, estate, persons } = stage;
  const month = firstDay(addMonths(running, -2));
  const day = (n: number): BusinessDate => addDays(month, n - 1);
  let survey = 0;
  return [
    { at: at(day(5), '10:10'), run: async () => {
      ({ survey_id: survey } = await openSurvey(house, {
        estate, actor: persons.committee1, kind: 'satisfaction', title: '下半年物业服务满意度', wording: '每户一份，1 分最低，5 分最高。结果和账目无关，只供改进服务。',
        questions: QUESTIONS, starts_on: day(6), ends_on: day(20),
      }));
    } },
    { at: at(day(9), '20:00'), run: async () => {
      for (const [index, { actor, unit }] of voters().entries()) {
        const scores = QUESTIONS.map((_question, place) => (index % 11 === 3 ? 2 + (place % 2) : 4 + ((index + place) % 2)));
        await answerSurvey(house, { estate, actor, survey, unit, scores, words: index === 3 ? '楼道灯坏了两周才修。' : '' });
      }
    } },
    { at: at(day(21), '06:10'), run: async () => void await closeDue(house, estate) },
  ];
}

/** Asked twenty and twelve days ago and answered by nobody; asked in time and answered to satisfaction; and what stands on the lists. */
function questionEvents(stage: Stage, voters: Who): Event[] {
  const { house, estate, persons, present } = stage;
  const today = todayOf(() => present);
  const ago = (days: number, minutes = 0): Date => laterBy(present, -days * 86_400_000 - minutes * 60_000);
  const asks = (days: number, from: number, question: string, more: Partial<Parameters<typeof ask>[1]> = {}): Event =>
    ({ at: ago(days), run: async () => void await ask(house, { estate, actor: voters()[from]!.actor, question, ...more }) });
  let [ramp, settled] = [0, 0];
  const items: number[] = [];
  return [
    asks(21, 2, '上半年的电梯维保合同可以公开吗？', { category: 'problem' }),
    asks(12, 3, '公共收益补充物业服务资金的决议在哪里可以看到？'),
    { at: ago(26), run: async () => { ({ inquiry_id: ramp } = await ask(house, { estate, actor: voters()[4]!.actor, category: 'need', question: '5 栋门口能不能加装婴儿车坡道？' })); } },
    { at: ago(25), run: async () => { ({ inquiry_id: settled } = await ask(house, { estate, actor: voters()[5]!.actor, question: '广告位收入今年为什么每月都一样？' })); } },
    { at: ago(23), run: async () => {
      await answerInquiry(house, { estate, actor: persons.manager, inquiry_id: settled, answer: '合同按年签，每月 1,500 元，租期到明年六月，合同已附在凭证里。' });
      await answerInquiry(house, { estate, actor: persons.manager, inquiry_id: ramp, answer: '可以，已列入需求清单，下月询价。' });
    } },
    { at: ago(22), run: async () => {
      await rateAnswer(house, { estate, actor: voters()[5]!.actor, inquiry_id: settled, rating: 'satisfied' });
      await rateAnswer(house, { estate, actor: persons.committee1, inquiry_id: settled, rating: 'satisfied' });
      const put = async (fields: Parameters<typeof openItem>[1]['fields']): Promise<void> => void items.push((await openItem(house, { estate, actor: persons.committee1, fields })).item_id);
      await put({ list: 'problem', title: '2 栋负一层渗水', detail: '雨后积水，已报修两次。', owner: 'property', due_on: addDays(today, 9) });
      await put({ list: 'need', title: '增设老年助餐点', owner: 'community', due_on: addDays(today, 40) });
      await put({ list: 'project', title: '非机动车棚和充电桩', owner: 'committee', due_on: addDays(today, 60), link: 'project:2' });
    } },
    { at: ago(8), run: async () => void await changeItem(house, { estate, actor: persons.manager, item_id: items[0]!, fields: { state: 'doing', note: '防水公司已进场查漏' } }) },
    { at: ago(6), run: async () => void await changeItem(house, { estate, actor: persons.committee1, item_id: items[2]!, fields: { state: 'doing', note: '筹款到位，已开工' } }) },
    // As the nightly task does.
    { at: ago(4), run: async () => void await escalateDue(house, estate) },
    { at: ago(0, 90), run: async () => void await escalateDue(house, estate) },
  ];
}

export const voiceEvents = (stage: Stage, running: Period, voters: Who): Event[] =>
  [...surveyEvents(stage, running, voters), ...questionEvents(stage, voters), ...runningVote(stage)];
