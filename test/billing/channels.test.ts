// What is paid by WeChat, Alipay, card and in cash: looked at row by row, taken once and whole, in transit until it arrives; the
// channel's fee under both keys; the account that everybody pays to is the one both keys signed for.
import t from 'tap';
import fc from 'fast-check';
import { sql } from 'kysely';
import { hashNumber } from '../../src/bank/account.ts';
import { dropOldSettlements } from '../../src/billing/channel-draft.ts';
import { openDays } from '../../src/billing/channel-queries.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { api, officeHouse } from '../office/office-house.ts';
import { pdfFile } from '../payment/story.ts';
import { alipayFile, posFile, wechatFile } from '../helpers/settlement-file.ts';

t.test('channels', async (t) => {
  const h = await officeHouse(t);
  const { estate: { estate_id } } = h;
  const [home, next] = ['1-1-101', '1-2-101'];
  const billed = (unit: string, period: string) => inEstate(h.house.db.app, estate_id, (trx) => sql`insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
    values (${estate_id}, ${unit}, 'property_fee', ${period}, 102.00, '2026-12-31', now())`.execute(trx));
  for (const unit of [home, next]) await billed(unit, '2026-11');
  const one = async (query: string) => (await h.superuser.query(query, [estate_id])).rows[0];
  const balance = async (account: string) => (await h.superuser.query('select coalesce(sum(debit - credit), 0)::numeric(16,2) as b from posting where estate_id = $1 and account = $2', [estate_id, account])).rows[0].b;
  h.at('2026-11-06');
  const cashier = await h.as('cashier');
  const bring = async (bytes: Buffer, who = 'cashier') => (await h.as(who)).upload(`${api}/settlements`, bytes, '结算.csv');
  const get = async (who: string, path: string) => (await h.as(who)).get(`/e/test/${path}`);

  const file = wechatFile([
    ['2026-11-03 10:15:22', '4200001001', `${home} 物业费`, '102.00', '0.61'], ['2026-11-03 10:20:00', '4200001002', '物业费', '102.00', '0.61'],
    ['2026-11-04 09:00:00', '4200001003', `${home} ${next}`, '10.00', '0.06'], ['2026-11-04 09:30:00', '4200001004', home, '50.00', '0.30', 'REFUND'],
    ['2026-11-09 09:00:00', '4200001005', home, '1.00', '0.01'], ['2026-11-04 10:00:00', '4200001001', home, '102.00', '0.61'],
  ]);

  await t.test('a file is looked at first: each row that is not clear is named, and nothing is taken', async (t) => {
    t.equal((await bring(file, 'committee1')).status, 403);
    const { json, status } = await bring(file);
    t.equal(status, 201, JSON.stringify(json).slice(0, 300));
    const rows = json['rows'] as { row: number; status: string; unit: string | null; faults: { field: string }[] }[];
    t.same(rows.map((row) => [row.row, row.status, row.faults.map((fault) => fault.field).join()]), [
      [2, 'ready', ''], [3, 'bad', 'unit'], [4, 'bad', 'unit'], [5, 'refund', ''], [6, 'bad', 'paid_on'], [7, 'bad', 'reference']]);
    t.equal((await bring(file)).json['draft'], json['draft'], 'the same file is the same draft');
    const take = `${api}/settlements/drafts/${json['draft']}/take`;
    t.match((await cashier.post(take, {})).json, { code: 'settlement_rows_bad', detail: /第 3、4、6、7 行/ });
    t.equal(await balance('1012'), '0.00', 'nothing is booked');
    const page = await get('cashier', `transit/files/${json['draft']}`);
    t.equal(page.status, 200);
    t.match(page.text, /name="unit_3"/);
    t.match(page.text, /渠道里退了 1 笔，共 50\.00 元/);
    t.equal((await get('supervisor', `transit/files/${json['draft']}`)).status, 403, 'rows name payers');
    t.equal((await get('resident', `transit/files/${json['draft']}`)).status, 403);

    const fixed = await h.form('cashier', `/e/test/transit/files/${json['draft']}/rows`, { row_2: '1', amount_2: '1.00', row_3: '1', unit_3: '1栋2单元101', row_4: '1', skip_4: '1', row_6: '1', skip_6: '1', row_7: '1', skip_7: '1' }, null);
    t.equal(fixed.status, 303);
    const again = (await cashier.post(`${api}/settlements/drafts/${json['draft']}`, {})).json['rows'] as { row: number; status: string; amount: string; unit: string }[];
    t.match(again.find((row) => row.row === 2), { status: 'ready', amount: '102.00' }, 'what can be read is not typed over');
    t.match(again.find((row) => row.row === 3), { status: 'ready', unit: next });
    const taken = await cashier.post(take, {});
    t.match(taken, { status: 201, json: { lines: 2, gross: '204.00', fee: '1.22', left_out: 3 } });
    t.equal((await cashier.post(take, {})).status, 404, 'taken once');
    t.match((await bring(file)).json, { code: 'settlement_taken_before' });
    t.equal(await balance('1012'), '204.00');
    t.same(await one("select count(*)::int as c, count(*) filter (where bill_paid(estate_id, bill_id) = amount)::int as paid from bill where estate_id = $1"), { c: 2, paid: 2 });
    t.equal((await one('select count(*)::int as c from settlement_draft where estate_id = $1')).c, 0, 'what names payers is gone');
    const record = (await one("select body from record where estate_id = $1 and kind = 'settlement_taken'")).body;
    t.match(JSON.parse(record), { channel: 'wechat', lines: 2, gross: '204.00', refunds: 1, refunded: '50.00', left_out: 3 });
    t.notMatch(record, /1-1-101|420000/);
  });

  await t.test('the same payment in another file is taken before; one entered at the counter is linked and not booked twice', async (t) => {
    const deposit = await cashier.post(`${api}/deposits`, { unit: next, kind: 'access', amount: '50.00', method: 'wechat', payer: '张三' });
    t.equal(deposit.status, 201);
    const { json } = await bring(wechatFile([['2026-11-03 10:15:22', '4200001001', home, '102.00', '0.61'], ['2026-11-05 10:00:00', '4200001006', next, '50.00', '0.30'], ['2026-11-05 11:00:00', '4200001007', next, '50.00', '0.30']]));
    t.same((json['rows'] as { status: string }[]).map((row) => row.status), ['taken', 'counter', 'ready'], 'one receipt answers one payment');
    t.match(await cashier.post(`${api}/settlements/drafts/${json['draft']}/take`, {}), { json: { lines: 2, gross: '100.00' } });
    t.equal(await balance('1012'), '304.00', 'fifty came in once for each payment');
    t.equal((await one("select count(distinct l.seq)::int as c from settlement_line l where estate_id = $1")).c, 4);
  });

  await t.test('columns of a card machine are chosen by a person', async (t) => {
    const { json } = await bring(posFile([['2026/11/05', '123456789012', '306.00', '1.84', home]]));
    t.match(json, { columns_known: false, channel: 'pos', rows: [] });
    t.match((await get('cashier', `transit/files/${json['draft']}`)).text, /哪一列是什么/);
    const path = `${api}/settlements/drafts/${json['draft']}`;
    t.match((await cashier.post(path, { columns: { paid_on: 0, amount: 2, reference: 2 } })).json, { code: 'settlement_columns_twice' });
    t.match((await cashier.post(path, { columns: { paid_on: 0, amount: 2, reference: 1, fee: 3, texts: [4] } })).json, { columns_known: true, rows: [{ status: 'ready', amount: '306.00', fee: '1.84' }] });
    t.equal((await cashier.post(`${path}/take`, {})).status, 201);
    t.match((await bring(alipayFile([['2026-11-05 10:00:00', '2026110522', home, '20.00', '-0.12']]))).json, { channel: 'alipay', rows: [{ status: 'ready', fee: '0.12' }] });
    t.equal((await cashier.delete(`${api}/settlements/drafts/4`)).status, 204);
    t.match((await bring(wechatFile([['2026-11-05 10:00:00', '4200009999', home, '9.00', '0.05']]))).json, { channel: 'wechat', rows: [{ status: 'ready' }] });
    await h.superuser.query("update settlement_draft set made_at = made_at - interval '8 days' where estate_id = $1", [estate_id]);
    t.equal(await dropOldSettlements(h.house, h.estate), 1, 'what nobody takes within a week is deleted');
    t.match((await bring(Buffer.from('x'))).json, { code: 'settlement_empty' });
    t.equal((await bring(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).status, 422, 'a broken workbook is refused in words');
  });

  await t.test('what arrives is the oldest; money that stays too long is told loudly', async (t) => {
    h.at('2026-11-10');
    const transit = (await (await h.as('supervisor')).get(`${api}/transit`)).json;
    t.match(transit, { total: '610.00', channels: [{ channel: 'wechat', open: '304.00', by_fund: [{ fund: 'service', open: '254.00' }, { fund: 'deposit', open: '50.00' }] }, { channel: 'pos', open: '306.00' }] });
    t.equal(transit['late'], '204.00', 'since the third');
    t.match((await get('supervisor', 'transit')).text, /有 204\.00 元在途超过 5 天/);
    t.notMatch((await get('supervisor', 'transit')).text, /1-1-101|1-2-101/);
    t.equal((await get('resident', 'transit')).status, 403);
    const arrive = async (amounts: object, key = 'k') => (await h.as('cashier')).post(`${api}/transit/arrivals`, { channel: 'wechat', amounts, arrived_on: '2026-11-09' }, key);
    t.match((await arrive({ service: '254.01' }, 'x')).json, { code: 'transit_exceeded' });
    t.match((await arrive({ public_income: '1.00' }, 'y')).json, { code: 'transit_exceeded' });
    t.match(await arrive({ service: '252.48', deposit: '49.70' }, 'z'), { status: 201, json: { amount: '302.18' } });
    t.equal((await arrive({ service: '252.48', deposit: '49.70' }, 'z')).status, 201, 'pressed twice');
    t.match((await (await h.as('cashier')).get(`${api}/transit`)).json, { total: '307.82' });
  });

  await t.test('the fee is proposed once, signed by both keys, and borne by the service fund where deposits are restricted', async (t) => {
    const settlements = (await (await h.as('cashier')).get(`${api}/settlements`)).json['items'] as { seq: number; channel: string; fee: string }[];
    t.same(settlements.map((row) => [row.channel, row.fee]), [['pos', '1.84'], ['wechat', '0.60'], ['wechat', '1.22']]);
    for (const { seq } of settlements.filter((row) => row.channel === 'wechat')) {
      const fee = () => h.form('cashier', '/e/test/transit/fees', { settlement: String(seq), form_key: `f${seq}` }, null);
      const proposed = await fee();
      t.equal(proposed.status, 303, proposed.text.slice(0, 200));
      const proposal = Number(/proposals\/(\d+)/.exec(String(proposed.headers['location']))![1]);
      t.match((await fee()).text, /已经提交签批/);
      for (const answer of await h.sign(proposal, 'manager', 'committee1')) t.equal(answer.status, 200);
    }
    t.match((await (await h.as('cashier')).get(`${api}/transit`)).json, { total: '306.00', channels: [{ channel: 'pos' }] });
    t.equal(await balance('5119'), '1.82');
    t.same((await h.superuser.query("select fund, sum(debit - credit)::numeric(16,2) as b from posting where estate_id = $1 and account = '1012' group by fund order by fund", [estate_id])).rows,
      [{ fund: 'deposit', b: '0.00' }, { fund: 'service', b: '306.00' }]);
    t.match((await (await h.as('cashier')).post(`${api}/transit/fees`, { channel: 'cash', amount: '1.00' })).json, { code: 'transit_fee_of_cash' }, 'missing cash is not written off as a fee');
    t.match((await (await h.as('cashier')).post(`${api}/transit/fees`, { channel: 'alipay', amount: '1.00' })).json, { code: 'transit_fee_exceeded' });
  });

  await t.test('money that moved without a channel stands apart until somebody says which it was', async (t) => {
    const posted = await (await h.as('cashier')).post(`${api}/journal-entries`, { kind: 'receipt', entry_date: '2026-11-10', description: '到账', postings: [{ account: '1002', fund: 'service', debit: '300.00' }, { account: '1012', fund: 'service', credit: '300.00' }] });
    t.equal(posted.status, 201);
    t.match((await get('cashier', 'transit')).text, /没写明渠道的/);
    t.match((await (await h.as('cashier')).get(`${api}/transit`)).json, { total: '6.00', channels: [{ channel: 'pos', open: '306.00' }, { channel: 'other', open: '-300.00' }] });
    t.equal((await h.form('cashier', `/e/test/transit/${posted.json['seq']}/channel`, { channel: 'pos' }, null)).status, 303);
    t.match((await (await h.as('cashier')).get(`${api}/transit`)).json, { total: '6.00', channels: [{ channel: 'pos', open: '6.00' }] });
    t.equal((await h.form('cashier', `/e/test/transit/${posted.json['seq']}/channel`, { channel: 'cash' }, null)).status, 404, 'said once');
  });

  await t.test('deposits: one\'s own and no other; kept back by two keys; who signs sees whose it is', async (t) => {
    t.equal((await get('resident', 'deposits')).status, 403);
    t.equal((await get('street', 'deposits')).status, 403, 'officials need not know');
    t.equal((await get('street', `deposits/${next}`)).status, 404);
    const foreign = await get('resident', `deposits/${next}`);
    t.equal(foreign.status, 404);
    t.equal((await get('resident', 'deposits/9-9-999')).status, 404);
    t.equal((await get('resident', `deposits/${next}.csv`)).status, 404);
    t.match((await get('resident', `deposits/${home}`)).text, /您家没有押金/);
    t.match((await (await h.as('resident')).get(`${api}/deposits/${next}`)).json, { code: 'bill_unit_unknown' });
    t.match((await get('supervisor', 'deposits.csv')).text, /1-2-101,50\.00,0\.00,50\.00,0\.00/);
    const refused = await h.form('cashier', `/e/test/deposits/${next}/deductions`, { amount: '60', reason: '补办门禁卡', form_key: 'd1' }, pdfFile());
    t.equal(refused.status, 409);
    t.match(refused.text, /还能扣 50\.00 元/);
    t.match(refused.text, /value="补办门禁卡"/, 'the form comes back filled in');
    const asked = await h.form('cashier', `/e/test/deposits/${next}/deductions`, { amount: '20', reason: '补办门禁卡', form_key: 'd2' }, pdfFile());
    t.equal(asked.status, 303);
    const proposal = String(asked.headers['location']).split('?')[0]!.replace('/e/test/', '');
    t.match((await get('committee1', proposal)).text, /涉及的房屋[\s\S]*1-2-101/);
    for (const who of ['street', 'resident']) t.notMatch((await get(who, proposal)).text, /1-2-101/, who);
    t.match((await get('cashier', `deposits/${next}`)).text, /orders\/new\?kind=refund&amp;unit=1-2-101&amp;account=2241&amp;fund=deposit&amp;amount=30\.00/);
    const form = await get('cashier', `orders/new?kind=refund&unit=${next}&account=2241&fund=deposit&amount=30.00&purpose=退押金`);
    t.match(form.text, /name="unit"[^>]*value="1-2-101"/);
    t.match((await get('cashier', `orders/new?kind=refund&unit=${next}&account=2241&fund=deposit`)).text, /name="amount"[^>]*value="30\.00"/, 'begins with what may go back');
    const order = await (await h.as('cashier')).post(`${api}/payment-orders`, { kind: 'refund', payee: { kind: 'individual', name: '张三', bank_name: '农商银行', account_number: '6228480012345678901' },
      amount: '30.00', fund: 'deposit', account: '2241', unit: next, purpose: '退门禁卡押金', vouchers: [] });
    t.match(order, { status: 201, json: { checks: [{}, {}, {}, { code: 'unit_held', state: 'ok' }] } }, JSON.stringify(order.json));
    t.match((await (await h.as('supervisor')).get(`${api}/payment-orders/${order.json['id']}`)).json, { unit: next });
    t.notOk('unit' in (await (await h.as('street')).get(`${api}/payment-orders/${order.json['id']}`)).json, 'officials do not read it');
    t.notMatch((await get('street', `orders/${order.json['id']}`)).text, /1-2-101/);
  });

  await t.test('the page on which one pays shows the account both keys signed for, and no other', async (t) => {
    const page = await get('resident', `pay/${home}`);
    t.equal(page.status, 200);
    t.match(page.text, /请到物业前台问收款账号/);
    t.equal((await get('resident', `pay/${next}`)).status, 404);
    t.equal((await get('resident', 'pay')).status, 303);
    t.equal((await get('street', `pay/${home}`)).status, 404);
    const key = hashNumber('6222000011118866');
    // A number that somebody put beside the account without signatures is not shown.
    await h.superuser.query("insert into bank_account_number (estate_id, account, number, salt) values ($1, '1002', $2, $3)", [estate_id, key.number, key.salt]);
    t.match((await (await h.as('resident')).get(`${api}/pay/${home}`)).json, { accounts: [], open: '0.00', reference: `${home} 物业费` });
    await h.superuser.query('set session_replication_role = replica');
    await h.superuser.query('update bank_account set number_hash = $1 where estate_id = $2', [key.hash, estate_id]);
    await h.superuser.query('set session_replication_role = origin');
    await billed(home, '2026-12');
    const shown = (await (await h.as('resident')).get(`${api}/pay/${home}`)).json;
    t.match(shown, { accounts: [{ holder: '共有基金户', number: '6222000011118866' }], bills: [{ period: '2026-12', open: '102.00' }] });
    const paid = await (await h.as('cashier')).post(`${api}/deposits`, { unit: home, kind: 'renovation', amount: '2000.00', method: 'bank', paid_on: '2026-11-04' });
    t.equal(paid.status, 201, JSON.stringify(paid.json));
    t.match((await (await h.as('resident')).get(`${api}/deposits/${home}`)).json, { held: '2000.00' });
    // The flat was sold on the eighth: what the owner before gave is not told to the new one.
    const party = (await h.superuser.query("insert into party (estate_id, person_id, entered_at) values ($1, $2, now()) returning party_id", [estate_id, h.persons.resident])).rows[0].party_id;
    await h.superuser.query("insert into tenure (estate_id, unit, party_id, kind, from_date, seq) values ($1, $2, $3, 'owner', '2026-11-08', (select min(seq) from record where estate_id = $1))", [estate_id, home, party]);
    t.match((await (await h.as('resident')).get(`${api}/deposits/${home}`)).json, { held: '0.00', items: [] });
    t.match((await (await h.as('supervisor')).get(`${api}/deposits/${home}`)).json, { held: '2000.00' });
    t.match((await get('resident', `pay/${home}`)).text, /6222 0000 1111 8866[\s\S]*只认这个账号|只认这个账号[\s\S]*6222 0000 1111 8866/);
  });
});

t.test('whatever moves in whatever order, what is in transit adds up to the books', async (t) => {
  const moves = fc.array(fc.record({
    entry_date: fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`), channel: fc.constantFrom('wechat' as const, 'cash' as const),
    fund: fc.constantFrom('service', 'deposit'), amount: fc.integer({ min: -50_000, max: 50_000 }).filter((fen) => fen !== 0).map((fen) => `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`),
  }), { maxLength: 40 });
  fc.assert(fc.property(moves, (some) => {
    const open = openDays(some);
    const one_sided = [...new Set(open.map((one) => `${one.channel} ${one.fund}`))].every((key) => new Set(open.filter((one) => `${one.channel} ${one.fund}` === key).map((one) => one.amount.isNegative())).size === 1);
    return one_sided && sum(open.map((one) => one.amount)).equals(sum(some.map((one) => money(one.amount))));
  }));
  t.pass('and nothing is both on its way and arrived twice');
});

t.test('what arrives is taken from the oldest, and the sums stay those of the books', async (t) => {
  const move = (entry_date: string, amount: string, channel: 'wechat' | 'pos' = 'wechat', fund = 'service') => ({ entry_date, amount, channel, fund });
  t.same(openDays([move('2026-11-01', '100.00'), move('2026-11-02', '50.00'), move('2026-11-03', '-120.00')]).map((one) => [one.day, moneyText(one.amount)]), [['2026-11-02', '30.00']]);
  t.same(openDays([move('2026-11-01', '-20.00'), move('2026-11-02', '50.00')]).map((one) => [one.day, moneyText(one.amount)]), [['2026-11-02', '30.00']], 'the bank was first');
  const mixed = [move('2026-11-01', '100.00'), move('2026-11-01', '7.00', 'pos'), move('2026-11-02', '-130.00'), move('2026-11-03', '-0.01', 'pos'), move('2026-11-04', '5.55', 'wechat', 'deposit')];
  t.equal(moneyText(sum(openDays(mixed).map((one) => one.amount))), '-17.46');
});
