// The statement of account of a dwelling: what was billed, paid, taken off, paid back and held, in a column that ends at what is owed;
// who sees it, and from when; letters to those who owe.
import t from 'tap';
import { sql } from 'kysely';
import { arrearsOn } from '../../src/billing/arrears-queries.ts';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments } from '../../src/billing/counter.ts';
import type { Choice } from '../../src/billing/allocation.ts';
import { openBills } from '../../src/billing/queries.ts';
import { releaseHeld } from '../../src/billing/release.ts';
import { readAccount } from '../../src/billing/unit-account.ts';
import { handOver } from '../../src/estate/household.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { entryBody, redLines, type EntryLine } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('the account of a dwelling', async (t) => {
  const h = await officeHouse(t);
  const { house, estate, estate: { estate_id }, persons, home } = h;
  const work = <T>(does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(house.db.app, estate_id, does);
  const { rows } = await h.superuser.query<{ unit: string; ref: string }>('select unit, ref from unit where estate_id = $1 order by unit', [estate_id]);
  const [one, two] = [rows.find(({ unit }) => unit === home)!, rows.find(({ unit }) => unit !== home)!];
  let keys = 0;
  const take = async (unit: string, amount: string, on: string, choice?: Choice) => (await takePayments(house, { estate_id, made_by: persons.cashier, payments: [
    { unit, amount: money(amount), paid_on: on, method: 'cash', key: `u${keys += 1}`, ...(choice === undefined ? {} : { choice }) }] }))[0]!;
  const post = async (change: object) => {
    const [result] = await work((trx) => postEntries(trx, estate_id, [entryBody({ kind: 'receipt', entry_date: '2026-11-06', description: '押金', key: `p${keys += 1}`, made_by: persons.cashier, postings: [], ...change })]));
    t.equal(result!.status, 'posted', JSON.stringify(change));
    return result!.seq!;
  };
  /** Closing = open bills less what is held, whatever happened. */
  const proved = async (unit: string, ref: string, today: string) => {
    const account = await work((trx) => readAccount(trx, { estate_id, unit, actor: h.actorOf('cashier'), from: null, to: null, today }));
    const open = sum((await work((trx) => openBills(trx, estate_id, { units: [unit] }))).map((bill) => money(bill.open)));
    const { rows: [held] } = await h.superuser.query<{ held: string }>("select coalesce(sum(credit - debit), 0)::numeric(16,2)::text as held from posting where estate_id = $1 and unit = $2 and account = '2203'", [estate_id, ref]);
    t.equal(account.closing, moneyText(sum([open, money(held!.held).negated() as never])), `${unit} on ${today}`);
    return account;
  };

  await setBillingStart(house, { estate, actor: h.actorOf('cashier'), start_period: '2026-11' });
  await take(home, '40.00', '2026-11-02');
  h.at('2026-11-06');
  await take(home, '100.00', '2026-11-06');
  const service = (amount: string, ref: string): EntryLine[] => [{ account: '1002', fund: 'service', debit: money(amount) }, { account: '4109', fund: 'service', credit: money(amount), unit: ref }];
  await post({ description: '门禁卡工本费', postings: service('20.00', one.ref) });
  await post({ postings: [{ account: '1002', fund: 'deposit', debit: money('2000.00') }, { account: '2241', fund: 'deposit', credit: money('2000.00'), unit: one.ref }] });
  await proved(home, one.ref, '2026-11-06');
  const bounced = [{ account: '1002', fund: 'service', debit: money('102.00') }, { account: '2203', fund: 'service', credit: money('102.00'), unit: two.ref }];
  const wrong = await post({ description: '物业费', postings: bounced });
  h.at('2026-12-02');
  await billDue(house, estate);
  await work((trx) => releaseHeld(trx, { estate_id, units: [home] }));
  const red = redLines(bounced);
  await post({ entry_date: '2026-12-02', description: '红字冲销', postings: red, reverses: wrong, proposal: await approvedProposal(house, estate, persons, { kind: 'reversal', amount: '102.00', fund: 'service', postings: red, reverses: wrong }) });

  await t.test('every line has its day and the balance after it', async (t) => {
    const account = await proved(home, one.ref, '2026-12-02');
    t.same(account.rows.map(({ on, zh, debit, credit, balance }) => [on, zh, debit, credit, balance].join(' | ')), [
      '2026-11-02 | 物业费 2026-11 | 102.00 |  | 102.00',
      '2026-11-02 | 收款 收据 No. 000001（现金） |  | 40.00 | 62.00',
      '2026-11-06 | 收款 收据 No. 000002（现金） |  | 100.00 | -38.00',
      '2026-11-06 | 没有账单或账单不在本表的收费 | 20.00 |  | -18.00',
      '2026-11-06 | 收款 收据 No. 000003 |  | 20.00 | -38.00',
      '2026-12-02 | 物业费 2026-12 | 102.00 |  | 64.00',
    ]);
    t.match(account, { opening: '0.00', debits: '224.00', credits: '160.00', closing: '64.00', deposits: '2000.00', since: null });
    const december = await work((trx) => readAccount(trx, { estate_id, unit: home, actor: h.actorOf('cashier'), from: '2026-11-06', to: '2026-11-30', today: '2026-12-02' }));
    t.match(december, { opening: '62.00', closing: '-38.00', rows: [{}, {}, {}] });
    t.same((await proved(two.unit, two.ref, '2026-12-02')).rows.map(({ zh, credit }) => `${zh} ${credit}`),
      ['物业费 2026-11 ', '收款 收据 No. 000005 102.00', '物业费 2026-12 ', '收据 No. 000005 作废（红字冲销） -102.00']);
  });

  await t.test('one\'s own only, in page, table, print and interface; not even whether there is another', async (t) => {
    const path = (unit: string, end = '') => `/e/test/bills/${unit}/account${end}`;
    const get = async (who: string, address: string) => (await h.as(who)).get(address);
    const page = await get('resident', path(home));
    t.match(page.text, /收据 No\. 000002/);
    t.match(page.text, /64\.00/);
    t.match((await get('cashier', path(home, '?lang=en'))).text, /Statement of account 1-1-101/);
    t.match((await get('resident', path(home, '.csv?from=2026-12-01&to=2026-12-31'))).text, /期初余额,,,-38\.00\r\n2026-12-02,物业费 2026-12,102\.00,,64\.00/);
    const pdf = await get('resident', path(home, '.pdf'));
    t.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
    t.equal(pdf.headers['cache-control'], 'no-store');
    t.match((await get('auditor', `${api}/bills/${home}/account`)).json, { unit: home, closing: '64.00' });
    for (const end of ['', '.csv', '.pdf']) {
      for (const unit of [two.unit, '9-9-999']) t.equal((await get('resident', path(unit, end))).status, 404, `${unit}${end}`);
      t.equal((await get('street', path(home, end))).status, 404, 'a street official reads no household');
    }
    const [theirs, nobodys] = [await get('resident', `${api}/bills/${two.unit}/account`), await get('resident', `${api}/bills/9-9-999/account`)];
    t.equal(theirs.json['code'], 'bill_unit_unknown');
    t.equal(theirs.json['detail'].replace(two.unit, 'X'), nobodys.json['detail'].replace('9-9-999', 'X'), 'the same words for both');
    for (const days of ['from=2026-12-32', 'from=2026-12-02&to=2026-12-01', 'to=x']) t.equal((await get('cashier', path(home, `?${days}`))).status, 422, days);
  });

  await t.test('what every owner sees of arrears is as of the last month and points at nobody; officers see the dwellings', async (t) => {
    const get = async (who: string, address: string) => (await h.as(who)).get(address);
    t.match((await get('resident', `${api}/arrears`)).json, { day: '2026-11-30', arrears: { total: { owing: 0 } } }, 'November is due on its last day');
    h.at('2027-01-05');
    await billDue(house, estate);
    const found = (await get('resident', `${api}/arrears`)).json;
    t.match(found, { day: '2026-12-31', arrears: { total: null } }, 'all but a few owe: whoever does not is as easy to find');
    await work(async () => {
      for (const { unit } of rows.slice(1, 12)) await takePayments(house, { estate_id, made_by: persons.cashier, payments: [{ unit, amount: money('306.00'), paid_on: '2027-01-05', method: 'bank', key: `all ${unit}` }] });
    });
    h.at('2027-02-05');
    const public_page = (await get('resident', '/e/test/arrears')).text;
    t.match(public_page, /欠费户数/);
    for (const { unit } of rows) t.notMatch(public_page, unit);
    t.equal((await get('resident', '/e/test/arrears/units')).status, 403);
    t.equal((await get('street', '/e/test/arrears/units')).status, 403);
    t.match((await get('cashier', '/e/test/arrears/units?over=30')).text, new RegExp(`bills/${home}/account`));
    t.match((await get('cashier', '/e/test/arrears/units.csv')).text, new RegExp(`${home},2,102\\.00,64\\.00,0\\.00,0\\.00,166\\.00,2026-12-31`));
    t.match((await get('auditor', `${api}/arrears/units?q=${home}`)).json['items'], [{ unit: home, amount: '166.00', bills: 2 }]);
    t.match((await get('street', '/e/test/arrears.csv')).text, /楼栋,户数,欠费户数,欠费合计/);
  });

  await t.test('letters: one a dwelling, no second within fifteen days, nothing of a former owner, nobody\'s dwelling in the log', async (t) => {
    const make = (who: string, fields: Record<string, string> = {}) => h.form(who, '/e/test/reminders', { kind: 'reminder', form_key: `r${keys += 1}`, ...fields }, null);
    const third = rows[20]!.unit;
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: third, from_date: '2026-11-01', owners: [{ name: '老张' }] });
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: third, from_date: '2027-01-01', owners: [{ name: '新李' }] });
    await h.superuser.query(`insert into bill (estate_id, unit, item, period, amount, due_on, made_at, of_bill) select estate_id, unit, 'late_fee', '2027-01', 1.58, '2027-01-31', made_at, bill_id
      from bill where estate_id = $1 and unit = $2 and period = '2026-11'`, [estate_id, third]);
    for (const who of ['resident', 'supervisor', 'street']) t.equal((await make(who)).status, 403, who);
    t.match((await make('cashier', { kind: 'threat' })).text, /没有“threat”这种催缴/);
    t.match((await make('cashier', { kind: 'demand', pay_by: '2027-02-10' })).text, /2027-02-20 到 2027-05-06/);
    t.match((await make('cashier', { skip: '9-9-999' })).text, /“9-9-999”没有登记过/);
    const overdue = await work(async (trx) => (await arrearsOn(trx, estate_id, '2027-02-05')).filter(({ bills }) => bills > 0).length);
    t.match((await (await h.as('cashier')).get('/e/test/reminders')).text, new RegExp(`现在会发 ${overdue} 封`));
    const made = await make('cashier', { skip: rows[25]!.unit });
    t.equal(made.status, 303, made.text.slice(0, 300));
    const seq = /reminders\/(\d+)/.exec(String(made.headers['location']))![1]!;
    const batch = (await (await h.as('supervisor')).get(`/e/test/reminders/${seq}`)).text;
    t.match(batch, new RegExp(`打印全部 ${overdue - 1} 封`));
    const letters = await (await h.as('manager')).get(`/e/test/reminders/${seq}/letters.pdf`);
    t.equal(letters.bytes.subarray(0, 5).toString(), '%PDF-');
    t.equal((await (await h.as('manager')).get(`/e/test/reminders/${seq}/letters.pdf?part=2`)).status, 404);
    const { rows: [record] } = await h.superuser.query<{ body: string }>('select body from record where estate_id = $1 and seq = $2', [estate_id, seq]);
    t.same(JSON.parse(record!.body), { by: persons.cashier, count: overdue - 1, kind: 'reminder' });
    const { rows: [new_owner] } = await h.superuser.query<{ bills: string; amount: string }>('select bills, amount from reminder where unit = $1', [third]);
    t.same(JSON.parse(new_owner!.bills).map((bill: { period: string }) => bill.period), ['2027-01'], 'November, December and the late fee on November are the former owner\'s');
    t.equal(new_owner!.amount, '102.00');
    t.equal((await make('cashier')).status, 303, 'who was left out');
    const none = await make('cashier');
    t.equal(none.status, 422);
    t.match(none.text, new RegExp(`没有要发的：符合条件的 ${overdue} 户里，${overdue} 户 15 天内刚发过`));
    await t.rejects(work((trx) => sql`with b as (insert into reminder_batch (estate_id, seq, kind, made_on, pay_by, made_by) values (${estate_id}, 1, 'reminder', '2027-02-10', '2027-02-20', ${persons.cashier}) returning seq)
      insert into reminder (estate_id, seq, unit, made_on, bills, amount) values (${estate_id}, 1, ${home}, '2027-02-10', '[]', 1)`.execute(trx)), /reminder_too_soon/, 'the database itself');
    const told = await (await h.as('resident')).get(`${api}/notices`);
    t.match(told.json['items'][0].text ?? JSON.stringify(told.json), new RegExp(`${home} 有 2 笔费用`));
    const own = await (await h.as('resident')).get(`/e/test/bills/${home}/reminders/${seq}.pdf`);
    t.equal(own.status, 200);
    for (const unit of [third, '9-9-999']) t.equal((await (await h.as('resident')).get(`/e/test/bills/${unit}/reminders/${seq}.pdf`)).status, 404);
    t.equal((await (await h.as('street')).get(`/e/test/reminders/${seq}`)).status, 403);
  });

  await t.test('a new owner sees nothing from before their own time, but what is held for the dwelling', async (t) => {
    const fourth = rows[21]!;
    await take(fourth.unit, '500.00', '2027-02-05', { bills: [] });
    await h.superuser.query('insert into resident (estate_id, unit, person_id) values ($1, $2, $3)', [estate_id, fourth.unit, persons.stranger]);
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: fourth.unit, from_date: '2026-11-01', owners: [{ name: '前业主' }], keep_logins: [persons.stranger] });
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: fourth.unit, from_date: '2027-02-05', owners: [{ name: '后业主' }], keep_logins: [persons.stranger] });
    h.at('2027-03-02');
    await billDue(house, estate);
    const actor = { ...h.actorOf('resident'), person_id: persons.stranger, homes: [{ estate_id, unit: fourth.unit }] };
    const full = await proved(fourth.unit, fourth.ref, '2027-03-02');
    const seen = await work((trx) => readAccount(trx, { estate_id, unit: fourth.unit, actor, from: null, to: null, today: '2027-03-02' }));
    t.equal(seen.since, '2027-02');
    t.notMatch(JSON.stringify(seen.rows), /2026-1|2027-01/, 'no bill and no day of before');
    t.ok(full.rows.length > seen.rows.length);
    const { rows: [open] } = await h.superuser.query<{ open: string }>(`select (coalesce(sum(amount - bill_paid(estate_id, bill_id)), 0) -
      (select coalesce(sum(unit_held(estate_id, $2, '2203', 'service')), 0) from estate where estate_id = $1))::numeric(16,2)::text as open
      from bill where estate_id = $1 and unit = $3 and period >= '2027-02'`, [estate_id, fourth.ref, fourth.unit]);
    t.equal(seen.closing, open!.open);
  });
});
