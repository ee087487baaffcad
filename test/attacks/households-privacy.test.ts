// What a neighbour, a new owner, a deputy or a street official gets to know of another dwelling's money: nothing by its number, not even by
// the order in which numbers and lines of the public books come.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import type { Choice } from '../../src/billing/allocation.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { openBills } from '../../src/billing/queries.ts';
import { releaseHeld } from '../../src/billing/release.ts';
import { readAccount } from '../../src/billing/unit-account.ts';
import { eraseParty, handOver } from '../../src/estate/household.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { ownBills } from '../../src/subsidy/queries.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('a neighbour\'s eyes', async (t) => {
  const h = await officeHouse(t);
  const { house, estate, estate: { estate_id }, persons, home } = h;
  const work = <T>(does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(house.db.app, estate_id, does);
  const units = (await h.superuser.query<{ unit: string; ref: string }>('select unit, ref from unit where estate_id = $1 order by unit collate "C"', [estate_id])).rows;
  const door = new Map(units.map(({ ref }, at) => [ref, at]));
  const mine = units.find(({ unit }) => unit === home)!;
  let keys = 0;
  const take = async (unit: string, amount: string, paid_on: string, choice?: Choice): Promise<number> => (await takePayments(house, { estate_id, made_by: persons.cashier, payments: [
    { unit, amount: money(amount), paid_on, method: 'cash', key: `n${keys += 1}`, ...(choice === undefined ? {} : { choice }) }] }))[0]!.seq;
  const get = async (who: string, address: string) => (await h.as(who)).get(address);
  /** Whether places at the doors only go up: who knows their own then counts to anybody else's. */
  const inOrder = (places: readonly number[]): boolean => places.every((place, at) => at === 0 || place > places[at - 1]!);

  await t.test('numbers of bills and lines of a release do not follow the doors', async (t) => {
    for (const { unit } of units.slice(3, 20)) await take(unit, '300.00', '2026-11-02', { bills: [] });
    await setBillingStart(house, { estate, actor: h.actorOf('cashier'), start_period: '2026-11' });
    const { rows: bills } = await h.superuser.query<{ ref: string }>('select u.ref from bill b join unit u on u.estate_id = b.estate_id and u.unit = b.unit where b.estate_id = $1 order by b.bill_id', [estate_id]);
    t.equal(bills.length, units.length);
    t.notOk(inOrder(bills.map(({ ref }) => door.get(ref)!)), 'a waiver\'s document names bills by number, and every owner reads it');
    await work((trx) => releaseHeld(trx, { estate_id }));
    const { rows: lines } = await h.superuser.query<{ unit: string }>(`select p.unit from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = $1 and e.release and p.account = '2203' order by p.seq, p.line`, [estate_id]);
    t.equal(lines.length, 17);
    t.notOk(inOrder(lines.map(({ unit }) => door.get(unit)!)), 'a release is one public entry with all dwellings that paid ahead');
  });

  await t.test('whoever may not know households is told no dwelling by an entry or a record', async (t) => {
    const seq = await take(units[2]!.unit, '51.17', '2026-11-02');
    for (const who of ['street', 'resident']) {
      for (const address of [`/e/test/journal/${seq}`, `${api}/journal-entries/${seq}`, ...(who === 'street' ? [`/e/test/log/${seq}`] : [])]) {
        const answer = await get(who, address);
        t.equal(answer.status, 200, address);
        t.notMatch(answer.text, units[2]!.unit, `${who} ${address}`);
      }
    }
    t.match((await get('supervisor', `/e/test/log/${seq}`)).text, units[2]!.unit);
    t.match((await get('supervisor', `/e/test/journal/${seq}`)).text, units[2]!.unit);
  });

  await t.test('a new owner who is not linked sees, claims and downloads nothing of the former one\'s', async (t) => {
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: home, from_date: '2026-11-02', owners: [{ name: '前业主' }] });
    await work((trx) => postEntries(trx, estate_id, [entryBody({ kind: 'receipt', entry_date: '2026-11-02', description: '押金', key: 'd', made_by: persons.cashier,
      postings: [{ account: '1002', fund: 'deposit', debit: money('2000.00') }, { account: '2241', fund: 'deposit', credit: money('2000.00'), unit: mine.ref }] })]));
    h.at('2026-12-05');
    await billDue(house, estate);
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit: home, from_date: '2026-12-05', owners: [{ name: '后业主' }], keep_logins: [persons.resident] });
    const [november] = (await work((trx) => openBills(trx, estate_id, { units: [home] }))).filter(({ period }) => period === '2026-11');
    // The former owner pays what they owed after they sold.
    await take(home, november!.open, '2026-12-05', { bills: [{ bill_id: november!.bill_id, amount: money(november!.open) }] } as never);
    t.notMatch((await get('resident', `${api}/receipts`)).json['items'], [{}], 'the list of receipts');
    t.match((await get('resident', `${api}/home`)).json, { receipts: { length: 0 }, paid_year: '0.00', deposits: '0.00' }, 'my home');
    const own = (await get('resident', '/me/data.json')).json['estates'].find(({ estate: code }: { estate: string }) => code === 'test');
    t.match(own.dwellings, [{ unit: home, since: '2026-12', bills: { length: 1 }, receipts: { length: 0 } }], 'all that is stored on me');
    const account = await work((trx) => readAccount(trx, { estate_id, unit: home, actor: h.actorOf('resident'), from: null, to: null, today: '2026-12-05' }));
    t.same(account.rows.map(({ zh }) => zh), ['物业费 2026-12'], 'the statement of account');
    t.same((await work((trx) => ownBills(trx, estate_id, h.actorOf('resident')))).map(({ period }) => period), ['2026-12'], 'claims of subsidies');
  });

  await t.test('an erased name goes from the receipts of the dwelling on which somebody typed it', async (t) => {
    const { unit } = units[5]!;
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit, from_date: '2026-11-02', owners: [{ name: '钱 多多' }] });
    const paid = await (await h.as('cashier')).post(`${api}/payments`, { payments: [{ unit, amount: '900.00', method: 'cash', paid_on: '2026-12-05', payer: '钱多多', key: 'typed name' }] });
    t.equal(paid.status, 201, paid.text);
    await handOver(house, { estate, actor: h.actorOf('cashier'), unit, from_date: '2026-12-05', owners: [{ name: '后业主' }] });
    const { rows: [party] } = await h.superuser.query<{ party_id: string }>("select party_id from party_identity where name = '钱 多多'");
    await eraseParty(house, { estate, actor: h.actorOf('manager'), unit, party_id: party!.party_id });
    t.notMatch((await get('cashier', '/e/test/receipts.csv')).text, '钱多多');
  });

  await t.test('the reason of a waiver names no dwelling: every owner reads it beside the random name', async (t) => {
    const { unit } = units[7]!;
    const asked = { why: 'write_off', units: [unit], from_period: '2026-11', to_period: '2026-11', percent: '100' };
    const [building, stairwell, room] = unit.split('-');
    for (const named of [unit, `${building}栋${stairwell}单元${room}`]) {
      const refused = await (await h.as('cashier')).post(`${api}/waivers`, { ...asked, reason: `${named} 漏水` });
      t.same([refused.status, refused.json['code'], refused.json['field']], [422, 'waiver_reason_names_unit', 'reason'], refused.text);
    }
  });
});
