// A receipt is entered twice; the second is reversed in red under both keys, the month is closed on what
// the bank really received, and the disclosure tells of the reversal on page one.
import t from 'tap';
import { compareExpected } from '../helpers/expected.ts';
import { noticesText, openStory, refused } from './story.ts';

const parking = `
2026-10-12 收 月租停车费 第二周 28 个车位
    借 1002 public_income   3,360.00
    贷 4102 public_income   3,360.00
`;

t.test(
  'a receipt entered twice is reversed in red, then the month is closed and disclosed',
  async (t) => {
    const story = await openStory(t);
    story.at('2026-10-09 16:00');
    await story.receive(`
2026-10-08 收 本月物业费 3 栋 58 户
    借 1002 service   5,916.00
    贷 4101 service   5,916.00
`);
    story.at('2026-10-12 16:00');
    await story.receive(parking);
    story.at('2026-10-13 09:10');
    const [second] = await story.receive(parking);

    story.at('2026-10-16 09:00');
    const item = await story.reverse(second!, '重复录入，银行只收到一笔');
    t.match(
      await refused(story.reverse(second!, '再提一次')),
      /^reversal_proposed: 2026-10 收-003 的红字冲销已经提交签批/,
    );
    t.same(await story.sign('manager', item), ['signed']);
    t.same(await story.sign('manager', item), ['already_signed'], 'one key turns once');
    t.same(await story.sign('committee1', item), ['approved']);
    t.match(
      await refused(story.reverse(second!, '再冲一次')),
      /^already_reversed: 这张凭证已经由 2026-10 收-004 红字冲销过/,
    );

    story.at('2026-11-01 10:00');
    await story.stateBank('2026-10', '9276.00');
    await story.close('2026-10');
    t.match(
      await refused(story.receive(parking)),
      /^period_closed: 日期 2026-10-12 所在的月份已经结账/,
    );
    const figures = await story.publish('2026-10');
    t.match(figures, {
      opening: '0.00',
      received: '9276.00',
      paid: '0.00',
      closing: '9276.00',
      income_total: { month: '9276.00' },
    });
    t.equal(figures.entries.length, 4, 'all four entries stand there, also the wrong one');
    await compareExpected(
      t,
      'stories/entered-twice/expected.txt',
      `${await story.ledger('2026-10')}\n${noticesText(figures)}`,
    );
  },
);
