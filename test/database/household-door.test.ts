// What the door knows of a dwelling's money: receipts are numbered with their entry, what was paid in advance is released
// without an order and only for what is owed, a deposit may be kept back, and nobody takes more than is held.
import t from 'tap';
import { sql } from 'kysely';
import { inEstate } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine, type NewEntry } from '../../src/ledger/entry.ts';
import { explainRefusal } from '../../src/ledger/explain.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { testHouse } from '../helpers/house.ts';

t.test('the door and a dwelling', async (t) => {
  const made = await testHouse(t, { first_period: '2026-01' });
  const { house, estate, estate: { estate_id }, persons, superuser } = made;
  const units = (await superuser.query('select unit, ref from unit where estate_id = $1 order by unit limit 2', [estate_id])).rows as { unit: string; ref: string }[];
  const [one, two] = units as [{ unit: string; ref: string }, { unit: string; ref: string }];
  const debit = (account: string, fund: string, amount: string, unit?: string): EntryLine => ({ account, fund, debit: money(amount), unit });
  const credit = (account: string, fund: string, amount: string, unit?: string): EntryLine => ({ account, fund, credit: money(amount), unit });
  let keys = 0;
  const body = (change: Partial<NewEntry>) => entryBody({
    kind: 'receipt', entry_date: '2026-11-10', description: '物业服务费', key: `h${keys += 1}`, made_by: persons.cashier, postings: [], ...change,
  });
  const post = async (change: Partial<NewEntry>) => (await postEntries(house.db.app, estate_id, [body(change)]))[0]!;
  const status = async (change: Partial<NewEntry>) => (await post(change)).status;
  const receipts = async () => (await superuser.query('select number, seq, unit_ref, amount from receipt where estate_id = $1 order by number', [estate_id])).rows;
  const held = async (account: string, fund: string, ref = one.ref) =>
    (await superuser.query('select unit_held($1, $2, $3, $4) as held', [estate_id, ref, account, fund])).rows[0].held;
  const bill = async (unit: string, period: string, amount: string) => inEstate(house.db.app, estate_id, (trx) => sql`
    insert into bill (estate_id, unit, item, period, amount, due_on, made_at) values (${estate_id}, ${unit}, 'property_fee', ${period}, ${amount}, '2026-12-31', now())`.execute(trx));

  const paid = await post({ postings: [debit('1002', 'service', '300.00'), credit('2203', 'service', '250.00', one.ref), credit('4101', 'service', '50.00', two.ref)] });
  t.equal(paid.status, 'posted');
  await post({ postings: [debit('1012', 'service', '80.00'), credit('4101', 'service', '80.00', one.ref)] });
  await post({ postings: [debit('1002', 'public_income', '9.00'), credit('4112', 'public_income', '9.00')] });

  await t.test('every receipt for a dwelling has its number, without gaps, from the door alone', async (t) => {
    t.same((await receipts()).map(({ number, amount }) => [number, amount]), [[1, one.ref < two.ref ? '250.00' : '50.00'], [2, one.ref < two.ref ? '50.00' : '250.00'], [3, '80.00']]);
    await t.rejects(inEstate(house.db.app, estate_id, (trx) => sql`insert into receipt (estate_id, number, seq, unit_ref, amount) values (${estate_id}, 9, ${paid.seq}, 'x', 1)`.execute(trx)), /permission denied/);
    await t.rejects(superuser.query('delete from receipt where estate_id = $1', [estate_id]), /append_only/);
  });

  await t.test('money in transit comes in on one hand, and goes out on none', async (t) => {
    t.equal(await status({ postings: [debit('1002', 'service', '79.00'), credit('1012', 'service', '79.00')] }), 'posted');
    t.equal(await status({ postings: [debit('5119', 'service', '1.00'), credit('1012', 'service', '1.00')] }), 'order_required');
    t.equal(await status({ kind: 'transfer', postings: [debit('5119', 'service', '1.00'), credit('1012', 'service', '1.00')] }), 'order_required');
  });

  await t.test('what was paid in advance is released for what is owed, and no more', async (t) => {
    const release = (postings: EntryLine[], change: Partial<NewEntry> = {}) => status({ kind: 'transfer', release: true, postings, ...change });
    const fee = (amount: string, ref = one.ref) => [debit('2203', 'service', amount, ref), credit('4101', 'service', amount, ref)];
    t.equal(await release(fee('100.00')), 'release_exceeded', 'no bill');
    await bill(one.unit, '2026-11', '100.00');
    await bill(one.unit, '2026-12', '100.00');
    await bill(two.unit, '2026-11', '100.00');
    t.equal(await release(fee('100.01')), 'release_exceeded', 'December is not November');
    t.equal(await release(fee('100.00'), { kind: 'receipt' }), 'release_differs');
    t.equal(await release([debit('2203', 'service', '100.00', one.ref), credit('4101', 'service', '100.00', two.ref)]), 'release_differs', 'for a neighbour');
    t.equal(await release([debit('2203', 'service', '100.00', one.ref), credit('1002', 'service', '100.00', one.ref)]), 'release_differs', 'money');
    t.equal(await release([debit('2203', 'service', '100.00'), credit('4101', 'service', '100.00')]), 'release_differs', 'no dwelling');
    t.equal(await release(fee('100.00', two.ref)), 'unit_exceeded', 'nothing is held for it');
    const wrong = body({ kind: 'transfer', release: true, postings: fee('100.00', two.ref) });
    const refusal = await inEstate(house.db.app, estate_id, (trx) => explainRefusal(trx, estate_id, { status: 'unit_exceeded' }, wrong));
    t.match(refusal.in('zh'), new RegExp(`替 ${two.unit} 存着 0.00 元，要转出或退还 100.00 元`));
    const bodies = [1, 2].map(() => body({ kind: 'transfer', release: true, postings: fee('60.00') }));
    await t.rejects(postEntries(house.db.app, estate_id, bodies), /release_names_bills/, 'each yuan names its bill, when the transaction ends');
    t.equal(await held('2203', 'service'), '250.00');
    await inEstate(house.db.app, estate_id, async (trx) => {
      const [first, second] = await postEntries(trx, estate_id, [60, 40].map((amount) => body({ kind: 'transfer', release: true, postings: fee(`${amount}.00`) })));
      t.same([first!.status, second!.status], ['posted', 'posted']);
      await sql`insert into bill_payment (estate_id, bill_id, seq, amount) select b.estate_id, b.bill_id, s.seq, s.amount
        from bill b, (values (${first!.seq}::bigint, 60.00), (${second!.seq}::bigint, 40.00)) as s(seq, amount)
        where b.estate_id = ${estate_id} and b.unit = ${one.unit} and b.period = '2026-11'`.execute(trx);
    });
    t.equal(await held('2203', 'service'), '150.00');
    t.equal(await release(fee('0.01')), 'release_exceeded', 'November is paid');
    t.equal((await receipts()).length, 3, 'no receipt: no money came');
    t.equal(await status({ kind: 'transfer', postings: fee('10.00') }), 'order_required', 'without the word it needs an order');
  });

  await t.test('a deposit is returned by order, and kept back only as far as it goes', async (t) => {
    await post({ postings: [debit('1002', 'deposit', '2000.00'), credit('2241', 'deposit', '2000.00', one.ref)] });
    const keep = (amount: string, ref: string | undefined = one.ref): EntryLine[] => [debit('2241', 'deposit', amount, ref), credit('1002', 'deposit', amount),
      debit('1002', 'service', amount), credit('4109', 'service', amount)];
    const transfer = async (postings: EntryLine[], amount: string, fund: string | null = null) => status({ kind: 'transfer', postings,
      proposal: await approvedProposal(house, estate, persons, { kind: 'transfer', amount, fund, postings }) });
    t.equal(await transfer(keep('2000.01'), '4000.02'), 'unit_exceeded');
    const anonymous = keep('300.00').map(({ unit: _unit, ...line }) => line);
    t.equal(await transfer(anonymous, '600.00'), 'fund_restricted', 'whose deposit must be said');
    t.equal(await transfer(keep('300.00'), '600.00'), 'posted');
    t.equal(await held('2241', 'deposit'), '1700.00');
    const back = [debit('2241', 'deposit', '1700.01', one.ref), credit('1002', 'deposit', '1700.01')];
    t.equal(await status({ kind: 'payment', postings: back, proposal: await approvedProposal(house, estate, persons, { kind: 'refund', amount: '1700.01', fund: 'deposit', postings: back }) }), 'unit_exceeded');
  });

  await t.test('a subsidy leaves its fund for those it was given for, and for nothing else', async (t) => {
    t.equal(await status({ postings: [debit('1002', 'fee_subsidy', '500.00'), credit('4105', 'fee_subsidy', '500.00')] }), 'posted');
    const pass = (account: string): EntryLine[] => [debit(account, 'fee_subsidy', '60.00'), credit('1002', 'fee_subsidy', '60.00'),
      debit('1002', 'service', '60.00'), credit('2203', 'service', '60.00', two.ref)];
    const transfer = async (postings: EntryLine[]) => status({ kind: 'transfer', postings,
      proposal: await approvedProposal(house, estate, persons, { kind: 'transfer', amount: '120.00', fund: null, postings }) });
    t.equal(await transfer(pass('4105')), 'fund_restricted', 'giving income up is not passing it on');
    t.equal(await transfer(pass('5114')), 'order_not_approved', 'nobody could sign: no claim stands behind it; test/subsidy/story.test.ts books those that are claimed');
  });
});
