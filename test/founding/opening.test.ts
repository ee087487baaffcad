// Opening balances: read as people type them, named where they are wrong, signed by both, booked once, and only at the beginning.
import t from 'tap';
import * as XLSX from '@e965/xlsx';
import { api, officeHouse, type OfficeHouse } from '../office/office-house.ts';

const table = (...lines: string[]): string => ['科目\t资金\t借方金额\t贷方金额\t房号', ...lines].join('\n');
const GOOD = (home: string): string => table(
  '1002 银行存款\t物业服务资金\t12,000.00\t\t', '1001\tservice\t¥300\t\t', '2203\t物业服务资金\t\t120.00\t' + home, '3101\t物业服务资金\t\t12,180.00\t',
  '1002\t押金\t2000\t\t', `2241\t押金\t\t2000\t${home}`, '1002\t改造资金·政府补贴\t5000\t\t', '310201\t改造资金·政府补贴\t\t5000\t', '合计\t\t19300\t19300\t',
);

async function entries(h: OfficeHouse): Promise<Record<string, unknown>[]> {
  const { rows } = await h.superuser.query(`select e.kind, e.entry_date::text as day, e.amount::text as amount, e.description from journal_entry e
    join proposal o on o.estate_id = e.estate_id and o.proposal_id = e.proposal_id where e.estate_id = $1 and o.kind = 'opening'`, [h.estate.estate_id]);
  return rows;
}

t.test('opening balances of an estate', async (t) => {
  const h = await officeHouse(t);
  const { home } = h;
  const cashier = await h.as('cashier');
  const path = '/e/test/opening';
  const propose = (text: string, who = 'cashier') => h.as(who).then((one) => one.post(`${api}/opening-balances`, { table: text }));
  const text = async (who: string, url = path) => (await (await h.as(who)).get(`${url}?lang=zh`)).text;

  await t.test('every bad row is named, with what is wrong and how to put it right', async (t) => {
    const { json } = await cashier.post(`${api}/opening-balances/preview`, { table: table(
      '9999\t物业服务资金\t1\t\t', '4101\t物业服务资金\t\t1\t', '5101\t物业服务资金\t1\t\t', '1291\t物业服务资金\t1\t\t', '1002\t别的钱\t1\t\t', '1002\t物业服务资金\t1.234\t\t',
      '1002\t物业服务资金\t1\t1\t', '2203\t物业服务资金\t\t1\t', '2203\t物业服务资金\t\t1\t99-9-9901', '5113\t押金\t1\t\t', '1002\t押金\t-5\t\t',
    ) });
    t.same((json['faults'] as { row: number; why: { zh: string } }[]).map((one) => `${one.row} ${one.why.zh}`), [
      '2 没有“9999”这个科目', '3 4101 是收入或支出科目，没有期初余额', '4 5101 是上级科目，不能直接记账', '5 1291 待核实科目由银行流水自己产生', '6 没有“别的钱”这项资金', '7 “1.234”不是金额',
      '8 一行里借方、贷方都有金额', '9 2203 预收物业费 要写到户', '10 房屋登记里没有“99-9-9901”', '11 5113 是收入或支出科目，没有期初余额', '11 “押金”是专款，不能用科目 5113', '12 金额是负数',
    ]);
    t.match(json['refused'], { zh: /有 12 处要改，先看第 2 行/ });
    t.match((await propose(table('1002\t物业服务资金\t100\t\t'))).json, { code: 'opening_uneven', status: 422 });
    t.same((await cashier.post(`${api}/opening-balances/preview`, { table: table('1002\t物业服务资金\t100\t\t') })).json['missing'], ['3101\t物业服务资金\t\t100.00\t']);
    t.match((await propose(' ')).json, { code: 'opening_empty' });
    t.match((await propose(table('1002\t物业服务资金\t\t5\t', '3101\t物业服务资金\t5\t\t'))).json, { code: 'opening_money_negative' }, 'money is not taken out by the way of opening balances');
    for (const who of ['supervisor', 'street', 'auditor', 'resident']) t.equal((await propose(GOOD(home), who)).status, 403, who);
    t.equal((await (await h.as('resident')).get(path)).status, 403);
  });

  await t.test('the page reads a spreadsheet, tries it, adds what is missing and keeps a draft that only its drafters see', async (t) => {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['期初余额表'], ['科目', '资金', '借方', '贷方', '房号'], ['1002', '物业服务资金', 500, '', ''], ['2203', '物业服务资金', '', 20, home]]));
    const bytes = XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
    const read = await h.form('cashier', `${path}/read`, {}, null);
    t.equal(read.status, 422, 'no file');
    const shown = await h.form('cashier', `${path}/read`, {}, bytes);
    t.match(shown.text, new RegExp(`2203\\t物业服务资金\\t\\t20\\t${home}`));
    t.match(shown.text, /3101 · 物业服务资金 · 贷方 480\.00/);
    const filled = await h.form('cashier', path, { act: 'fill', table: `1002\t物业服务资金\t500\t\t\n2203\t物业服务资金\t\t20\t${home}` }, null);
    t.match(filled.text, /试算通过：3 行/);
    t.equal((await h.form('cashier', path, { act: 'save', table: GOOD(home) }, null)).status, 303);
    t.match(await text('manager'), /12,000\.00/);
    t.notMatch(await text('supervisor'), new RegExp(`12,000|${home}`));
    const template = await cashier.get(`${path}/template.xlsx`);
    t.equal(template.bytes.subarray(0, 2).toString(), 'PK');
  });

  let proposal = 0;
  await t.test('both sign, and one entry of the first day stands in the books', async (t) => {
    const sent = await h.form('cashier', path, { act: 'propose', table: GOOD(home), form_key: 'o1' }, null);
    proposal = Number(/proposals\/(\d+)/.exec(String(sent.headers['location']))![1]);
    t.match((await propose(GOOD(home))).json, { code: 'opening_waits' });
    t.notMatch(await text('street', `/e/test/proposals/${proposal}`), new RegExp(home), 'no dwelling beside an amount');
    t.match(await text('committee1', `/e/test/proposals/${proposal}`), /1 户的预收或押金/);
    await h.sign(proposal, 'manager', 'committee1');
    t.same(await entries(h), [], 'the rule for rules asks two of the committee');
    await h.sign(proposal, 'committee2');
    t.same(await entries(h), [{ kind: 'transfer', day: '2026-11-01', amount: '19300.00', description: '期初余额' }]);
    const { rows: [held] } = await h.superuser.query(`select unit_held($1, u.ref, '2203', 'service') as advance, unit_held($1, u.ref, '2241', 'deposit') as deposit
      from unit u where u.estate_id = $1 and u.unit = $2`, [h.estate.estate_id, home]);
    t.same(held, { advance: '120.00', deposit: '2000.00' }, 'it can be given back, and pay bills');
    t.match(await text('cashier'), /期初余额已登记/);
    t.match((await propose(GOOD(home))).json, { code: 'opening_once' });
    t.same((await h.superuser.query('select count(*)::int as n from opening_draft where estate_id = $1', [h.estate.estate_id])).rows, [{ n: 0 }]);
  });
});

t.test('the database keeps the rule whoever books: before anything else that was signed, of the first day, as the bank says', async (t) => {
  const h = await officeHouse(t);
  const propose = async () => Number((await (await h.as('cashier')).post(`${api}/opening-balances`, { table: GOOD(h.home) })).json['proposal_id']);
  await t.test('an order paid in between ends it, with the reason', async (t) => {
    const proposal = await propose();
    const order = await h.order();
    await h.sign(order, 'manager', 'committee1');
    t.equal((await h.pay(order)).status, 200);
    await h.sign(proposal, 'manager', 'committee1', 'committee2');
    t.match(await h.state(proposal), { state: 'superseded', reason: /账上已经有签批后入账的凭证/ });
    t.same(await entries(h), []);
    t.match((await (await h.as('cashier')).post(`${api}/opening-balances`, { table: GOOD(h.home) })).json, { code: 'opening_too_late' });
  });
});

