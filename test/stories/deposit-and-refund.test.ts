// Money that is not ours: a decoration deposit comes and goes without ever being income. A fee paid twice
// is given back out of the income it was. And one fund helps another only under two signatures.
import t from 'tap';
import { compareExpected } from '../helpers/expected.ts';
import { noticesText, openStory, refused } from './story.ts';

const owner = {
  kind: 'individual',
  name: '刘小芳',
  bank_name: '示例农商银行',
  account_number: '6228 4800 1234 5678 901',
};

t.test(
  'a deposit is returned, a fee refunded, and money moved between funds under two signatures',
  async (t) => {
    const story = await openStory(t);
    story.at('2026-10-09 16:00');
    await story.receive(`
2026-10-05 收 装修押金
    借 1002 deposit          2,000.00
    贷 2241 deposit          2,000.00
2026-10-06 收 本月物业费 2 栋 60 户
    借 1002 service          6,120.00
    贷 4101 service          6,120.00
2026-10-08 收 广告位租金 第四季度
    借 1002 public_income    1,500.00
    贷 4103 public_income    1,500.00
`);
    t.match(
      await refused(
        story.receive(`
2026-10-09 收 押金转作收入
    借 1002 deposit            500.00
    贷 4109 deposit            500.00
`),
      ),
      /^fund_restricted/,
      'a deposit is never income',
    );

    story.at('2026-10-12 09:00');
    const refund = await story.submit(
      await story.draft(
        await story.typed(owner, {
          amount: '102.00',
          fund: 'service',
          account: '4101',
          purpose: '退重复缴纳的 9 月物业费',
        }),
      ),
    );
    const deposit = await story.submit(
      await story.draft(
        await story.typed(owner, {
          amount: '2000.00',
          fund: 'deposit',
          account: '2241',
          purpose: '退装修押金，验收合格',
        }),
      ),
    );
    t.same(
      await story.signBoth(refund, deposit),
      ['approved', 'approved'],
      'both under one confirmation',
    );
    story.at('2026-10-13 10:30');
    await story.pay(refund.proposal_id, '2026-10-13');
    await story.pay(deposit.proposal_id, '2026-10-13');
    const another = await story.draft(
      await story.typed(owner, {
        amount: '0.01',
        fund: 'deposit',
        account: '2241',
        purpose: '再退押金',
      }),
    );
    t.match(
      await refused(story.submit(another)),
      /^available_exceeded/,
      'no more than was handed in',
    );

    story.at('2026-10-20 09:00');
    const support = `
2026-10-20 转 公共收益补助物业服务（业主大会 2026 年第 3 号决议）
    借 1002 service          1,000.00
    贷 3101 service          1,000.00
    借 3101 public_income    1,000.00
    贷 1002 public_income    1,000.00
`;
    const moved = await story.transfer(support);
    t.same(await story.sign('committee2', moved), ['signed']);
    t.same(await story.sign('committee1', moved), ['signed'], 'two of one body are still one key');
    t.same(await story.sign('manager', moved), ['approved']);

    story.at('2026-11-01 10:00');
    await story.stateBank('2026-10', '7518.00');
    await story.close('2026-10');
    const figures = await story.publish('2026-10');
    t.match(
      figures,
      {
        received: '9620.00',
        paid: '2102.00',
        closing: '7518.00',
        income_total: { month: '7518.00' },
        expense_total: { month: '0.00' },
        other: [{ account: '2241', received: '2000.00', paid: '2000.00' }],
      },
      'what moves between funds is neither received nor paid',
    );
    t.equal(figures.other.length, 1);
    const text = `${await story.ledger('2026-10')}\n${noticesText(figures)}`;
    t.notMatch(text + JSON.stringify(figures), /刘小芳/, 'who got money back is not told');
    await compareExpected(t, 'stories/deposit-and-refund/expected.txt', text);
  },
);
