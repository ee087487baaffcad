// How bills are reckoned: by days, exactly, rounded once, with lines that add up to the bill.
import fc from 'fast-check';
import t from 'tap';
import { addDays, daysBetween, lastDay } from '../../src/kernel/dates.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { consumption, dueOn, reckonLate, reckonMeters, reckonMonth, reckonShared, reckonSpaces, type BillLine, type Dwelling, type FeeRule, type Reckoned } from '../../src/billing/reckon.ts';

const rule = (change: Partial<FeeRule> = {}): FeeRule => ({
  rule_id: 7, item: 'property_fee', basis: 'area', rate: '1.20', meter_kind: null, apportion_by: null, applies_to: {}, due_day: 31, due_months: 0,
  starts_on: '2026-01-01', ends_on: null, ...change,
});
const home = (change: Partial<Dwelling> & { area?: string } = {}): Dwelling => {
  const { area = '85.00', ...rest } = change;
  return { unit: '3-2-1002', ref: 'r1', building: '3', phase: '', ended_on: null, facts: [{ from_date: '1900-01-01', area_m2: area, kind: 'dwelling', occupancy: 'owner' }], ...rest };
};
const shown = (reckoned: { amount: ReturnType<typeof money>; lines: BillLine[] } | null): string => (reckoned === null ? 'nothing' : `${moneyText(reckoned.amount)} = ${reckoned.lines
  .map(({ amount, quantity, rate, from, to, days, of, rule: number }) => [amount, quantity, rate, from?.slice(5), to?.slice(5), days, of, number].filter((one) => one !== undefined).join(' ')).join(' + ')}`);

t.test('a month is cut where a rule or a fact begins or ends, and rounded once', async (t) => {
  t.equal(shown(reckonMonth('2026-03', [rule()], home())), '102.00 = 102.00 85.00 1.20 7');
  t.equal(shown(reckonMonth('2026-03', [rule(), rule({ rule_id: 8, rate: '1.50', starts_on: '2026-03-16' })], home())),
    '115.16 = 49.35 85.00 1.20 03-01 03-15 15 31 7 + 65.81 85.00 1.50 03-16 03-31 16 31 8', 'a new rate in mid-month: 49.3548… and 65.8065…');
  t.equal(shown(reckonMonth('2026-03', [rule({ starts_on: '2026-03-31' })], home())), '3.29 = 3.29 85.00 1.20 03-31 03-31 1 31 7', 'one day');
  t.equal(shown(reckonMonth('2026-02', [rule({ ends_on: '2026-02-14' })], home())), '51.00 = 51.00 85.00 1.20 02-01 02-14 14 28 7');
  t.equal(shown(reckonMonth('2026-03', [rule({ ends_on: '2026-02-28' })], home())), 'nothing');
  t.equal(shown(reckonMonth('2025-12', [rule()], home())), 'nothing', 'before it begins');
  const grown = home({ facts: [...home().facts, { from_date: '2026-03-11', area_m2: '90.00', kind: 'dwelling', occupancy: 'owner' }] });
  t.equal(shown(reckonMonth('2026-03', [rule()], grown)), '106.06 = 32.90 85.00 1.20 03-01 03-10 10 31 7 + 73.16 90.00 1.20 03-11 03-31 21 31 7', 'measured anew');
  const let_out = home({ facts: [...home().facts, { from_date: '2026-03-11', area_m2: '85.00', kind: 'dwelling', occupancy: 'let' }] });
  t.equal(shown(reckonMonth('2026-03', [rule()], let_out)), '102.00 = 102.00 85.00 1.20 7', 'what changes nothing cuts nothing');
  t.equal(shown(reckonMonth('2026-03', [rule()], home({ ended_on: '2026-03-10' }))), '32.90 = 32.90 85.00 1.20 03-01 03-10 10 31 7');
  const shops = rule({ rule_id: 9, rate: '3.00', applies_to: { kinds: ['shop'] }, starts_on: '2026-02-01' });
  t.equal(shown(reckonMonth('2026-03', [rule(), shops], home())), '102.00 = 102.00 85.00 1.20 7', 'a rule for shops leaves dwellings their own');
  t.equal(shown(reckonMonth('2026-03', [rule(), shops], home({ facts: [{ ...home().facts[0]!, kind: 'shop' }] }))), '255.00 = 255.00 85.00 3.00 9');
  t.equal(shown(reckonMonth('2026-03', [rule({ basis: 'fixed', rate: '10.005' })], home())), '10.01 = 10.01 10.005 7', 'half a fen up');
  t.equal(shown(reckonMonth('2026-03', [rule({ basis: 'fixed', rate: '0' })], home())), 'nothing');
});

t.test('spaces by the days they are held, meters by what they went on', async (t) => {
  const parking = [rule({ basis: 'space', rate: '150', item: 'parking' })];
  t.equal(shown(reckonSpaces('2026-04', parking, home(), [{ space: 'B1-1', from_date: '2020-01-01', to_date: null }, { space: 'B1-2', from_date: '2026-04-16', to_date: '2026-04-20' }])),
    '175.00 = 150.00 150.00 7 + 25.00 150.00 04-16 04-20 5 30 7');
  const water = [rule({ basis: 'metered', rate: '3.45', meter_kind: 'water', starts_on: '2026-01-01' }), rule({ rule_id: 8, basis: 'metered', rate: '4.00', meter_kind: 'water', starts_on: '2026-03-11' })];
  const used = (change = {}) => [{ meter: 'W1', after: '2026-02-28', to: '2026-03-31', before: '100', now: '131', quantity: '31', ...change }];
  t.equal(shown(reckonMeters(water, home(), used())), '118.50 = 34.50 31 3.45 03-01 03-10 10 31 7 + 84.00 31 4.00 03-11 03-31 21 31 8', 'a new price in between: by days');
  t.equal(shown(reckonMeters(water, home(), used({ after: '2025-12-21', to: '2026-01-31', quantity: '41' }))), '106.95 = 106.95 41 3.45 01-01 01-31 31 41 7', 'nothing for the days before the rule');
  t.equal(consumption({ before: '100', now: '131.5', multiplier: '1', digits: 6 }), '31.5');
  t.equal(consumption({ before: '10', now: '12', multiplier: '40', digits: 6 }), '80');
  t.equal(consumption({ before: '999990', now: '15', multiplier: '1', digits: 6 }), '25', 'over its end');
  t.equal(consumption({ before: '500', now: '15', multiplier: '1', digits: 6 }), null, 'backwards is not over the end');
});

t.test('a late fee goes by days, after the grace, on what was open, up to the cap', async (t) => {
  const late = (change = {}, period = '2026-04') => shown(reckonLate(period, {
    owed: money('1000.00'), payments: [], due_on: '2026-03-31', grace_days: 0, rate: '0.0005', cap_percent: '20', earlier: money('0.00'), ...change,
  }));
  t.equal(late(), '15.00 = 15.00 1000.00 0.0005 04-01 04-30 30', 'thirty days of half a yuan');
  t.equal(late({ grace_days: 10 }), '10.00 = 10.00 1000.00 0.0005 04-11 04-30 20');
  t.equal(late({ grace_days: 30 }), 'nothing');
  t.equal(late({ payments: [{ on: '2026-04-11', amount: money('600.00') }] }), '9.00 = 5.00 1000.00 0.0005 04-01 04-10 10 + 4.00 400.00 0.0005 04-11 04-30 20', 'on the day it is paid it is not late');
  t.equal(late({ payments: [{ on: '2026-03-31', amount: money('1000.00') }] }), 'nothing');
  t.equal(late({ cap_percent: '2', earlier: money('12.00') }), '8.00 = 8.00 1000.00 0.0005 04-01 04-30 30');
  t.equal(late({ cap_percent: '2', earlier: money('20.00') }), 'nothing');
  t.equal(late({}, '2026-03'), 'nothing');
});

t.test('the due day', async (t) => {
  t.equal(dueOn({ due_day: 31, due_months: 0 }, '2026-02'), '2026-02-28');
  t.equal(dueOn({ due_day: 15, due_months: 1 }, '2026-12'), '2027-01-15');
});

const area = fc.integer({ min: 1, max: 99_999_99 }).map((hundredths) => `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`);
const day = fc.integer({ min: 0, max: 40 }).map((days) => addDays('2026-02-25', days));
const yuan = fc.bigInt({ min: 1n, max: 99_999_999_99n }).map((fen) => money(`${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`));
const adds = ({ amount, lines }: Reckoned): boolean => moneyText(sum(lines.map((line) => money(line.amount)))) === moneyText(amount);

t.test('a shared cost is apportioned to the fen, for any areas, whatever order the dwellings come in', async (t) => {
  fc.assert(fc.property(fc.array(fc.record({ area, ended: fc.option(day) }), { minLength: 1, maxLength: 60 }), yuan, fc.constantFrom('area' as const, 'household' as const), fc.infiniteStream(fc.nat()),
    (given, cost, apportion_by, order) => {
      const dwellings = given.map(({ area: m2, ended }, at) => home({ unit: `1-1-${at}`, ref: `r${String(at).padStart(3, '0')}`, area: m2, ended_on: ended }));
      const rules = [rule({ item: 'lift', basis: 'shared', rate: null, apportion_by })];
      const parts = reckonShared('2026-03', rules, dwellings, cost);
      const mixed = dwellings.map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      const again = reckonShared('2026-03', rules, mixed, cost);
      const text = (found: typeof parts): string => [...found].map(([unit, { amount }]) => `${unit} ${moneyText(amount)}`).sort().join();
      if (dwellings.every(({ ended_on }) => ended_on !== null && ended_on < '2026-03-01')) return parts.size === 0;
      return text(parts) === text(again) && moneyText(sum([...parts.values()].map(({ amount }) => amount))) === moneyText(cost) && [...parts.values()].every(adds);
    }), { numRuns: 300 });
  const two = [home({ unit: 'a', ref: 'x', area: '100.00' }), home({ unit: 'b', ref: 'y', area: '200.00' })];
  const parts = reckonShared('2026-03', [rule({ basis: 'shared', rate: null, apportion_by: 'area' })], two, money('100.00'));
  t.same([...parts.values()].map(({ amount }) => moneyText(amount)), ['33.33', '66.67']);
});

t.test('lines add up to the bill, and the bill is within half a fen of the exact sum', async () => {
  fc.assert(fc.property(area, fc.array(fc.record({ on: day, rate: fc.integer({ min: 0, max: 9_999_999 }) }), { minLength: 1, maxLength: 6 }), fc.array(fc.record({ on: day, area }), { maxLength: 4 }),
    (first, rates, changes) => {
      const starts = [...new Map(rates.map((one) => [one.on, one])).values()].sort((a, b) => (a.on < b.on ? -1 : 1));
      const rules = starts.map(({ on, rate }, at) => rule({ rule_id: at + 1, starts_on: on, rate: (rate / 1_000_000).toFixed(6) }));
      const facts = [...new Map(changes.map((one) => [one.on, one])).values()].sort((a, b) => (a.on < b.on ? -1 : 1)).map((one) => ({ from_date: one.on, area_m2: one.area, kind: 'dwelling', occupancy: 'owner' }));
      const dwelling = home({ area: first, facts: [...home({ area: first }).facts, ...facts] });
      const reckoned = reckonMonth('2026-03', rules, dwelling);
      // The plain way: day by day, in millionths of a yuan times hundredths of a square metre.
      let exact = 0n;
      for (let at = 0; at <= daysBetween('2026-03-01', lastDay('2026-03')); at += 1) {
        const on = addDays('2026-03-01', at);
        const now = starts.filter((one) => one.on <= on).at(-1);
        const m2 = dwelling.facts.filter((one) => one.from_date <= on).at(-1)!.area_m2;
        exact += BigInt(now?.rate ?? 0) * BigInt(m2.replace('.', ''));
      }
      const fen = reckoned === null ? 0n : BigInt(moneyText(reckoned.amount).replace('.', ''));
      const off = 2n * (fen * 1_000_000n * 31n - exact);
      return (reckoned === null || adds(reckoned)) && (off < 0n ? -off : off) <= 1_000_000n * 31n;
    }), { numRuns: 300 });
});
