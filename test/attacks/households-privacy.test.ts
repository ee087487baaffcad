// What a neighbour, a new owner, a deputy or a street official gets to know of another dwelling's money: nothing by its number, not even by
// the order in which numbers and lines of the public books come.
import t from 'tap';
import { setBillingStart } from '../../src/billing/bill.ts';
import type { Choice } from '../../src/billing/allocation.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { releaseHeld } from '../../src/billing/release.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('a neighbour\'s eyes', async (t) => {
  const h = await officeHouse(t);
  const { house, estate, estate: { estate_id }, persons, home } = h;
  const work = <T>(does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(house.db.app, estate_id, does);
  const units = (await h.superuser.query<{ unit: string; ref: string }>('select unit, ref from unit where estate_id = $1 order by unit collate "C"', [estate_id])).rows;
  const door = new Map(units.map(({ ref }, at) => [ref, at]));
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
});
