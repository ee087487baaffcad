// Government money for a renovation: it may pay for the renovation and for nothing else, by no way round;
// and from 100,000 yuan on two of the committee sign beside the manager.
import t from 'tap';
import { compareExpected } from '../helpers/expected.ts';
import { noticesText, openStory, refused } from './story.ts';

t.test(
  'a subsidy pays for its renovation only, and a large payment needs two of the committee',
  async (t) => {
    const story = await openStory(t);
    story.at('2026-10-06 16:00');
    await story.receive(`
2026-10-05 收 本月物业费 1 栋 56 户
    借 1002 service                 5,712.00
    贷 4101 service                 5,712.00
2026-10-06 收 老旧小区改造补助（加装电梯）
    借 1002 renovation_government 180,000.00
    贷 4105 renovation_government 180,000.00
`);
    t.match(
      await refused(
        story.receive(`
2026-10-06 收 物业费误记到补助资金
    借 1002 renovation_government     102.00
    贷 4101 renovation_government     102.00
`),
      ),
      /^fund_restricted: “renovation_government 改造资金·政府补贴”专款专用，不能用于科目“4101 物业费/,
      'not for fees',
    );
    t.match(
      await refused(
        story.receive(`
2026-10-06 收 补助冲抵物业费
    借 1002 renovation_government     102.00
    贷 4101 service                   102.00
`),
      ),
      /^fund_unbalanced/,
      'one fund never pays for another',
    );

    const wages = await story.draft(
      await story.typed('安心物业有限公司', {
        amount: '19200.00',
        fund: 'renovation_government',
        account: '510101',
        purpose: '秩序员工资 10 月',
      }),
    );
    t.match(await refused(story.submit(wages)), /^order_fund_restricted/, 'not for wages');
    t.match(
      await refused(
        story.transfer(`
2026-10-06 转 补助资金支援物业服务
    借 1002 service                19,200.00
    贷 3101 service                19,200.00
    借 3101 renovation_government  19,200.00
    贷 1002 renovation_government  19,200.00
`),
      ),
      /^fund_restricted/,
      'not by a transfer either',
    );

    story.at('2026-10-20 09:00');
    const order = await story.typed('示例电梯安装有限公司', {
      amount: '120000.00',
      fund: 'renovation_government',
      account: '5113',
      purpose: '加装电梯第一期工程款',
      invoice: { number: '25512000000099990001', total: '120000.00' },
    });
    const lift = await story.submit(await story.draft(order));
    t.same(await story.sign('manager', lift), ['signed']);
    t.same(await story.sign('committee1', lift), ['signed'], 'one of the committee is not enough');
    t.match(await refused(story.pay(lift.proposal_id, '2026-10-20')), /^order_not_approved/);
    t.same(await story.sign('committee2', lift), ['approved']);
    const second = {
      amount: '60000.01',
      fund: 'renovation_government',
      account: '5113',
      purpose: '加装电梯第二期工程款',
    };
    const id = await story.draft(await story.typed('示例电梯安装有限公司', second));
    t.match(
      await refused(story.submit(id)),
      /^available_exceeded/,
      'what is signed and not yet paid is reserved',
    );
    story.at('2026-10-21 10:30');
    await story.pay(lift.proposal_id, '2026-10-21');

    // Just below the border one of the committee is enough.
    await story.change(
      id,
      await story.typed('示例电梯安装有限公司', { ...second, amount: '59999.99' }),
    );
    const small = await story.submit(id);
    t.same(await story.signBoth(small), ['approved']);
    story.at('2026-10-28 10:30');
    await story.pay(small.proposal_id, '2026-10-28');

    story.at('2026-11-01 10:00');
    await story.stateBank('2026-10', '5712.01');
    await story.close('2026-10');
    const figures = await story.publish('2026-10');
    t.match(
      figures.funds.find((one) => one.fund === 'renovation_government'),
      { opening: '0.00', received: '180000.00', paid: '179999.99', closing: '0.01' },
    );
    await compareExpected(
      t,
      'stories/restricted-subsidy/expected.txt',
      `${await story.ledger('2026-10')}\n${noticesText(figures)}`,
    );
  },
);
