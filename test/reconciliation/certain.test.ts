// What is booked by itself and what is only proposed: the borders, line by line.
import t from 'tap';
import { receive } from '../disclosure/books.ts';
import { scene } from './scene.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;
const water = { kind: 'company', name: '净源水务有限公司', bank_name: '建设银行简阳支行', account_number: '5105014512345678' } as const;

t.test('lines of a month', async (t) => {
  const h = await scene(t);
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const first = await h.order({ payee: lamps, amount: '7000.00' });
  const same = await h.order({ payee: lamps, amount: '850.00' });
  const twin1 = await h.order({ payee: water, amount: '640.00' });
  const twin2 = await h.order({ payee: water, amount: '640.00' });
  const fee = await h.mandate({ each: '10.00', month: '12.00' });
  await h.bills('2031-10');
  h.at('2031-10-20 10:00');
  const paid = { name: lamps.name, number: '6222 0212 3456 7890' };
  const tap = { name: water.name, number: water.account_number };
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00', serial: 'A1', memo: '往来款' },
    { on: '2031-10-07', amount: '-7000.00', serial: 'A2', ...paid, purpose: `货款 ${first.reference}` },
    { on: '2031-10-07', amount: '-850.00', serial: 'A3', ...paid, purpose: '货款' },
    { on: '2031-10-08', amount: '-640.00', serial: 'A4', ...tap, purpose: '水费' },
    { on: '2031-10-08', amount: '-8.00', memo: '转账手续费' },
    { on: '2031-10-09', amount: '-5.00', memo: '账户管理费' },
    { on: '2031-10-09', amount: '-9.00', name: '何某', number: '6217000012345678', memo: '转账', purpose: '手续费' },
    { on: '2031-10-10', amount: '102.00', serial: 'B1', name: '张三', number: '6217111122223333', purpose: '1-1-101 物业费' },
    { on: '2031-10-10', amount: '100.00', serial: 'B2', name: '李四', number: '6217111122224444', purpose: '1栋2单元101物业费' },
    { on: '2031-10-11', amount: '12.34', memo: '结息' },
    { on: '2031-10-11', amount: '777.00', serial: 'B3', name: '不知名', number: '6217111122225555' },
    { on: '2031-10-12', amount: '-3000.00', serial: 'C1', name: '某人', number: '6217999988887777', purpose: `货款 ${first.reference}` },
  ]);

  await t.test('certain and proposed', async (t) => {
    const wanted: [number, string[]][] = [
      [1, [/^entry:\d+ certain only_one$/.source]],
      [2, [`order:${first.id} certain order_reference`]],
      [3, [`order:${same.id} certain order_payee`]],
      [4, [`order:${twin1.id} proposed order_payee`, `order:${twin2.id} proposed order_payee`]],
      [5, [`fee:${fee} certain fee`]],
      [6, [`fee:${fee} certain fee`]],
      [7, []],
      [8, ['bills:1-1-101 certain unit']],
      [9, ['bills:1-2-101 proposed unit']],
      [10, ['^rule:\\d+ proposed interest$']],
      [11, []],
      [12, []],
    ];
    for (const [position, expected] of wanted.slice(0, 4)) t.match(await h.candidates(position), expected.map((one) => new RegExp(one)), `line ${position}`);
    const done = await h.run();
    t.match(done, { linked: 1, booked: 4, alarms: 3, suspended: 4, waiting: 3 });
    for (const position of [4, 9, 10]) t.match(await h.candidates(position), wanted[position - 1]![1].map((one) => new RegExp(one)), `line ${position}`);
    t.same((await h.answers()).map((one) => one.replace(/-\d+/g, '')), [
      '1 linked 收', '2 booked 付', '3 booked 付', '4 open', '5 booked 付', '6 booked 付', '7 booked 付', '8 booked 收', '9 open', '10 open', '11 booked 收', '12 booked 付',
    ]);
    const suspense = await h.query<{ side: string; position: number }>('select side, "position"::int from open_suspense($1) order by 2', [h.estate.estate_id]);
    t.same(suspense, [{ side: 'debit', position: 6 }, { side: 'debit', position: 7 }, { side: 'credit', position: 11 }, { side: 'debit', position: 12 }],
      'beyond the month\'s cap, to a person under the name of a fee, unknown, and to another account than signed');
    t.same(await h.run(), { account: '1002', linked: 0, booked: 0, suspended: 0, alarms: 0, waiting: 3 }, 'called again it does nothing');
  });

  await t.test('who serves is told of each unexplained debit, once', async (t) => {
    const told = await h.query<{ office: string; text_zh: string; n: number }>(`select t.office, n.text_zh from notice n join term t on t.person_id = n.person_id
      where n.key like 'exception:%' order by n.notice_id`);
    t.same([...new Set(told.map((row) => row.office))].sort(), ['chair', 'manager', 'member', 'supervisor']);
    t.equal(told.length, 12);
    t.match(told.map((row) => row.text_zh).join(), /2031.*8866.*3,000\.00/);
  });

  await t.test('what waits for a person goes to suspense in the evening', async (t) => {
    h.at('2031-10-20 20:00');
    t.match(await h.run(), { suspended: 3, alarms: 1, waiting: 0 });
    t.equal((await h.answers()).filter((one) => one.endsWith('open')).length, 0);
  });
});
