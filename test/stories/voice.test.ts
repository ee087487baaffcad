// The owners ask, the committee invigilates, the company answers (居民出题·院委会监考·物管答卷); the three lists (三张清单); satisfaction beside the
// accounts (满意度). A question on an expense is answered with its voucher, rated, asked again and answered late; another nobody answers
// and goes up to supervisors and street; a third becomes an item that ends in the budget. All of it is counted on page one.
import { sql } from 'kysely';
import t from 'tap';
import { beginDraft, changeLines, openDraft } from '../../src/budget/draft.ts';
import { submitBudget } from '../../src/budget/budget.ts';
import { commentDraft, answerComment } from '../../src/budget/comment.ts';
import { escalateDue, extendAnswer } from '../../src/inquiry/clock.ts';
import { answerInquiry, ask } from '../../src/inquiry/inquiry.ts';
import { changeItem, mergeItem, openItem } from '../../src/inquiry/list.ts';
import { rateAnswer } from '../../src/inquiry/rating.ts';
import { answerSurvey, closeDue, openSurvey } from '../../src/assembly/survey.ts';
import { readActor } from '../../src/people/queries.ts';
import { compareExpected } from '../helpers/expected.ts';
import { listOf } from './lists.ts';
import { noticesText, openStory, refused } from './story.ts';

t.test('questions have a clock, marks and lists, and page one counts them', async (t) => {
  const story = await openStory(t);
  const { house, estate, estate: { estate_id }, actorOf } = story.h;
  const [owner, manager, chair] = (['resident', 'manager', 'committee1'] as const).map(actorOf) as [ReturnType<typeof actorOf>, ReturnType<typeof actorOf>, ReturnType<typeof actorOf>];
  const asking = { estate, actor: owner };

  story.at('2026-10-05 16:00');
  await story.receive(`
2026-10-05 收 车位月租
    借 1002 public_income  24,000.00
    贷 4102 public_income  24,000.00
`);
  const receipt = await story.paper('发票');
  const item = await story.submit(await story.draft(await story.typed('川亮照明工程有限公司', { amount: '7000.00', fund: 'public_income', account: '5102', purpose: '车库灯具更换', vouchers: [receipt] })));
  await story.signBoth(item);
  const { seq } = await story.pay(item.proposal_id, '2026-10-05');

  // The question: on the entry, answered with the voucher, not good enough, and the clock begins again.
  story.at('2026-10-06 20:00');
  const lamps = await ask(house, { ...asking, about_seq: seq, question: '灯具为什么要 7,000 元？请列明数量和单价。' });
  const yard = await ask(house, { ...asking, category: 'need', question: '3 栋门口能不能加一个婴儿车坡道？' });
  story.at('2026-10-08 10:00');
  await answerInquiry(house, { estate, actor: manager, inquiry_id: lamps.inquiry_id, answer: '按合同办理，见发票。', vouchers: [receipt] });
  t.match(await refused(rateAnswer(house, { ...asking, inquiry_id: lamps.inquiry_id, rating: 'not' })), /^rating_reason_missing/);
  await rateAnswer(house, { ...asking, inquiry_id: lamps.inquiry_id, rating: 'not', reason: '没有数量和单价' });
  await rateAnswer(house, { estate, actor: chair, inquiry_id: lamps.inquiry_id, rating: 'partly', reason: '请补清单' });
  story.at('2026-10-20 10:00');
  await answerInquiry(house, { estate, actor: manager, inquiry_id: lamps.inquiry_id, answer: '共 100 套，每套 58 元，辅料 1,200 元，清单已补。' });
  await rateAnswer(house, { ...asking, inquiry_id: lamps.inquiry_id, rating: 'satisfied' });

  // What nobody answers goes up, also over days when nothing ran.
  story.at('2026-10-21 09:00');
  const silent = await ask(house, { ...asking, question: '公共收益什么时候分配？' });
  const later = await ask(house, { ...asking, question: '电梯年检报告在哪里看？' });
  await extendAnswer(house, { estate, actor: manager, inquiry_id: later.inquiry_id, days: 5, reason: '等检验机构出报告' });
  t.match(await refused(extendAnswer(house, { estate, actor: manager, inquiry_id: later.inquiry_id, days: 2, reason: '再等一等报告' })), /^extended_already/);

  // The lists: the need becomes the company's task; what the committee found is merged into it; a project is linked to the budget.
  story.at('2026-10-22 09:00');
  const ramp = await story.within((trx) => trx.selectFrom('list_item').select('item_id').where('estate_id', '=', estate_id).where('inquiry_id', '=', yard.inquiry_id).executeTakeFirstOrThrow());
  await answerInquiry(house, { estate, actor: manager, inquiry_id: yard.inquiry_id, answer: '可以，列入清单，报价后办理。' });
  const step = await openItem(house, { estate, actor: chair, fields: { list: 'problem', title: '3 栋门口台阶破损', owner: 'property', due_on: '2026-11-30' } });
  await mergeItem(house, { estate, actor: chair, item_id: step.item_id, into: ramp.item_id, note: '同一处，一起做' });
  const draft = await beginDraft(house, { estate, actor: actorOf('cashier'), year: '2027' });
  await changeLines(house, { estate, actor: actorOf('cashier'), ...draft, lines: [
    { fund: 'public_income', account: '4102', amount: '280000' }, { fund: 'public_income', account: '5102', amount: '60000', note: '含 3 栋坡道 8,000 元' },
  ] });
  await openDraft(house, { estate, actor: actorOf('cashier'), ...draft, days: '7' });
  const { comment_id } = await commentDraft(house, { ...asking, ...draft, line: 'public_income:5102', comment: '坡道有没有扶手？' });
  await answerComment(house, { estate, actor: chair, comment_id, answer: '有，两侧都装。' });
  // Seven dwellings of one family answer a survey; it is no account, and nothing of it is told below five answers.
  const homes = (await story.within((trx) => trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).orderBy('unit').limit(7).execute())).map(({ unit }) => unit);
  await story.within((trx) => trx.insertInto('resident').values(homes.filter((unit) => unit !== story.h.home).map((unit) => ({ estate_id, unit, person_id: owner.person_id }))).execute());
  const family = (await readActor(house, owner.person_id, { kind: 'cookie', scopes: [], csrf: null }))!;
  const { survey_id: survey } = await openSurvey(house, { estate, actor: chair, kind: 'satisfaction', title: '十月满意度', wording: '每户一份。', questions: ['总体满意吗？', '公示看得懂吗？'], starts_on: '2026-10-22', ends_on: '2026-10-25' });
  for (const [index, unit] of homes.entries()) await answerSurvey(house, { estate, actor: family, survey, unit, scores: [index === 6 ? 2 : 5, 4] });
  t.match(await refused(answerSurvey(house, { estate, actor: family, survey, unit: homes[0]!, scores: [1, 1] })), /^survey_answered_already/);
  story.at('2026-10-26 00:10');
  await closeDue(house, estate);
  story.at('2026-10-30 09:00');
  const budget = await submitBudget(house, { estate, actor: actorOf('cashier'), ...draft });
  await story.signBoth(budget);
  const [status] = await story.sign('committee2', budget);
  t.match(status ?? '', /^approved|order_not_open|already/);
  await changeItem(house, { estate, actor: manager, item_id: ramp.item_id, fields: { list: 'project', title: '3 栋门口坡道', state: 'doing', link: 'budget:2027:public_income:5102', note: '预算已列，明年三月开工' } });

  story.at('2026-11-06 07:00');
  await escalateDue(house, estate);
  story.at('2026-11-20 07:00');
  await escalateDue(house, estate);
  await escalateDue(house, estate);

  await story.stateBank('2026-10', '17000.00');
  const questions = await listOf(story, '业主质询（到 2026-11-20）', sql`
    select inquiry_id as "编号", state as "状态", round as "第几次", due_on::text as "期限", answered_on::text as "答复日", days_late as "迟几天", rating as "提问人评价"
    from inquiry_states(${estate_id}, date '2026-11-20') order by inquiry_id`);
  const marks = await listOf(story, '评价', sql`select inquiry_id as "编号", side as "谁", rating as "评价" from inquiry_rating where estate_id = ${estate_id} order by seq`);
  const up = await listOf(story, '逾期上报', sql`select e.inquiry_id as "编号", step as "第几步", days_late as "迟几天", array_to_string(bodies, '、') as "告知" from inquiry_escalation e where estate_id = ${estate_id} order by seq`);
  const lists = await listOf(story, '三张清单', sql`select i.item_id as "编号", c.step as "步", c.list as "清单", coalesce(c.title, '（质询 ' || i.inquiry_id || '）') as "事项", c.owner_body as "负责", c.due_on::text as "期限", c.state as "状态",
      c.merged_into as "并入", c.budget_line as "预算", c.note as "办理" from list_item i join list_change c on c.estate_id = i.estate_id and c.item_id = i.item_id where i.estate_id = ${estate_id} order by i.item_id, c.step`);
  const lines = await listOf(story, '2027 年预算', sql`select l.fund as "资金", l.account as "科目", l.amount::text as "金额", l.note as "说明" from budget b join budget_line l on l.estate_id = b.estate_id and l.proposal_id = b.proposal_id
      where b.estate_id = ${estate_id} order by l.account`);
  story.at('2026-12-03 09:30');
  const figures = await story.publish('2026-11');
  t.equal(silent.due_on, '2026-10-28');
  t.match(figures.voice, { waiting: 0, late: 0, very_late: 2, unsatisfied: 0 });
  t.match(figures.notices.map(({ text_zh }) => text_zh).join('\n'), /有 2 个业主质询超过答复期限[\s\S]*其中 2 个业主质询严重逾期/);
  t.match(figures.surveys, [{ asked: 28, answered: 7, rate: '25.0', satisfied: '85.7' }]);
  const satisfaction = await listOf(story, '满意度（不是账目）', sql`select title as "调查", units as "可答", answered as "收到", wording as "问题", mean::text as "平均", content as "满意" from survey_standing(${estate_id}, date '2026-11-30')`);
  await compareExpected(t, 'stories/mechanisms/voice/expected.txt',
    `${questions}\n${marks}\n${up}\n${lists}\n${lines}\n${satisfaction}\n${await story.ledger('2026-10')}\n${noticesText(figures)}    ${JSON.stringify(figures.voice)}\n`);
});
