// An owner asks about an expense. While nobody answers, each month's disclosure says so on page one: first
// as waiting, then as late; once answered, the entry keeps its mark and page one is quiet again.
import t from 'tap';
import { answerInquiry, ask } from '../../src/inquiry/inquiry.ts';
import { compareExpected } from '../helpers/expected.ts';
import { noticesText, openStory, refused } from './story.ts';

t.test('a disputed expense shows in each disclosure until it is answered', async (t) => {
  const story = await openStory(t, '2026-09');
  const { house, estate, actorOf } = story.h;
  story.at('2026-09-10 16:00');
  await story.receive(`
2026-09-10 收 月租停车费 110 个车位
    借 1002 public_income   13,200.00
    贷 4102 public_income   13,200.00
`);
  const repair = await story.submit(
    await story.draft(
      await story.typed('恒安门业有限公司', {
        amount: '850.00',
        fund: 'public_income',
        account: '5102',
        purpose: '3 栋 1 单元门维修',
      }),
    ),
  );
  await story.signBoth(repair);
  story.at('2026-09-15 10:30');
  const { seq } = await story.pay(repair.proposal_id, '2026-09-15');
  story.at('2026-10-01 10:00');
  await story.stateBank('2026-09', '12350.00');
  await story.close('2026-09');

  // Asked a week before the September disclosure comes out; an answer is owed within seven days.
  story.at('2026-10-08 19:30');
  const asked = {
    estate,
    actor: actorOf('resident'),
    about_seq: seq,
    question: '单元门只换了一把锁，为什么要 850 元？',
    key: 'phone-1',
  };
  const { inquiry_id, due_on } = await ask(house, asked);
  t.equal(due_on, '2026-10-15');
  t.same(await ask(house, asked), { inquiry_id, due_on }, 'pressed twice, asked once');
  t.match(
    await refused(ask(house, { ...asked, actor: actorOf('cashier'), key: null })),
    /^not_allowed/,
  );
  const september = await story.publish('2026-09');
  t.match(
    september.entries.find((one) => one.seq === seq),
    { inquiries: { asked: 1, open: 1 } },
  );

  story.at('2026-10-18 16:00');
  await story.receive(`
2026-10-18 收 快递柜场地费 第四季度
    借 1002 public_income      500.00
    贷 4104 public_income      500.00
`);
  story.at('2026-11-01 10:00');
  await story.stateBank('2026-10', '12850.00');
  await story.close('2026-10');
  const october = await story.publish('2026-10');

  // Answered late, in November: what was published stays as it is, and the next month is quiet.
  story.at('2026-11-12 11:00');
  t.match(
    await refused(
      answerInquiry(house, { estate, actor: actorOf('resident'), inquiry_id, answer: '我来答' }),
    ),
    /^not_allowed/,
  );
  await answerInquiry(house, {
    estate,
    actor: actorOf('manager'),
    inquiry_id,
    answer: '除锁体外还更换了闭门器和门禁电源，验收单和发票已附在凭证后。',
  });
  t.same(await story.published('2026-09'), september, 'a published month is never touched');
  story.at('2026-12-01 10:00');
  await story.stateBank('2026-11', '12850.00');
  await story.close('2026-11');
  const november = await story.publish('2026-11');
  t.ok(
    september.notices.some((one) => one.kind === 'unanswered') &&
      october.notices.some((one) => one.kind === 'unanswered'),
  );
  t.notOk(november.notices.some((one) => one.kind === 'unanswered'));
  await compareExpected(
    t,
    'stories/disputed-expense/expected.txt',
    [await story.ledger('2026-11'), ...[september, october, november].map(noticesText)].join('\n'),
  );
});
