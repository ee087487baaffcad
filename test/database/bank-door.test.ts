// What the door books on the bank's word: suspense, settlements, and nothing beside them; and statements that continue.
import t from 'tap';
import { sql } from 'kysely';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { businessDate } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine, type NewEntry } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { explainRefusal } from '../../src/ledger/explain.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { testHouse } from '../helpers/house.ts';

const debit = (account: string, fund: string, amount: string): EntryLine => ({ account, fund, debit: money(amount) });
const credit = (account: string, fund: string, amount: string): EntryLine => ({ account, fund, credit: money(amount) });

t.test('the door and the bank', async (t) => {
  const made = await testHouse(t, { first_period: '2026-01' });
  const { house, estate, estate: { estate_id }, persons, superuser } = made;
  const bank = bankOf(made);
  let keys = 0;
  const entry = (change: Partial<NewEntry>): NewEntry => ({
    kind: 'receipt', entry_date: '2026-11-10', description: '银行流水', key: `b${keys += 1}`, made_by: persons.cashier, postings: [], ...change,
  });
  const post = async (change: Partial<NewEntry>) => (await postEntries(house.db.app, estate_id, [entryBody(entry(change))]))[0]!;
  const status = async (change: Partial<NewEntry>) => (await post(change)).status;
  const line = (position: number) => ({ account: '1002', position });
  const left = async (seq: number) => (await superuser.query('select left_amount from suspense_left($1, $2)', [estate_id, seq])).rows[0]?.left_amount;

  await bank.take([
    ['2026-11-02', '90000.00', 'A1'], ['2026-11-03', '-500.00', 'A2'], ['2026-11-03', '300.00', 'A3'], ['2026-11-04', '-1200.00', 'A4'], ['2026-11-05', '800.00', 'A5'],
    ['2026-11-05', '-70.00', 'A6'], ['2026-11-06', '-250.00', 'A7'],
  ]);
  const opening = await post({ entry_date: '2026-11-02', bank_line: line(1), postings: [debit('1002', 'service', '90000.00'), credit('3101', 'service', '90000.00')] });
  t.equal(opening.status, 'posted');

  await t.test('a line is booked once, for its amount, not before its day', async (t) => {
    const income = [debit('1002', 'service', '300.00'), credit('4101', 'service', '300.00')];
    t.equal(await status({ bank_line: line(99), postings: income }), 'bank_line_unknown');
    t.equal(await status({ bank_line: line(5), postings: income }), 'bank_line_differs', 'the amount');
    t.equal(await status({ bank_line: line(3), entry_date: '2026-11-02', postings: income }), 'bank_line_differs', 'the day');
    const bodies = ['x', 'y'].map((key) => entryBody(entry({ key, bank_line: line(3), postings: income })));
    t.same((await postEntries(house.db.app, estate_id, bodies)).map((one) => one.status), ['posted', 'bank_line_taken'], 'also within one call');
    t.equal(await status({ bank_line: line(1), postings: [debit('1002', 'service', '90000.00'), credit('3101', 'service', '90000.00')] }), 'bank_line_taken');
  });

  const unexplained = [debit('1291', 'service', '500.00'), credit('1002', 'service', '500.00')];
  await t.test('without an order money only goes where the bank says it went, and only into suspense', async (t) => {
    const payment = { kind: 'payment' as const, bank_line: line(2) };
    t.equal(await status({ ...payment, postings: [debit('5102', 'service', '500.00'), credit('1002', 'service', '500.00')] }), 'order_required');
    t.equal(await status({ kind: 'payment', postings: unexplained }), 'suspense_reserved', 'no line of the bank');
    t.equal(await status({ ...payment, postings: [debit('1291', 'service', '499.00'), credit('1002', 'service', '499.00')] }), 'bank_line_differs');
    t.equal(await status({ ...payment, postings: [debit('1291', 'service', '400.00'), debit('5102', 'service', '100.00'), credit('1002', 'service', '500.00')] }), 'suspense_reserved');
    t.equal(await status({ ...payment, postings: [debit('1291', 'deposit', '500.00'), credit('1002', 'deposit', '500.00')] }), 'fund_restricted');
    t.equal(await status({ ...payment, mandate: 7, postings: unexplained }), 'mandate_unknown');
    t.equal(await status({ bank_line: line(5), postings: [debit('1002', 'service', '800.00'), credit('1291', 'service', '800.00')] }), 'suspense_reserved', 'a receipt does not clear it');
    await t.rejects(superuser.query(`insert into journal_entry (estate_id, seq, kind, period, number, entry_date, description, amount, made_by, key, content_hash)
      values ($1, 1, 'payment', '2026-11', 9, '2026-11-03', 'x', 1, $2, 'zz', '')`, [estate_id, persons.cashier]), /payment_has_order/);
  });

  const suspended = await post({ kind: 'payment', entry_date: '2026-11-03', bank_line: line(2), postings: unexplained });
  t.equal(suspended.status, 'posted');
  const open = async () => (await superuser.query('select side, "position", left_amount from open_suspense($1) order by "position"', [estate_id])).rows;
  t.same(await open(), [{ side: 'debit', position: 2, left_amount: '500.00' }]);

  await t.test('an unexplained debit is cleared by an order signed afterwards, and by nothing else', async (t) => {
    const settles = suspended.seq!;
    const order = async (fund: string, amount: string, after: number | null) => approvedProposal(house, estate, persons, {
      kind: 'payment', amount, fund, postings: [debit('5102', fund, amount), credit('1002', fund, amount)],
      content: after === null ? {} : { after_the_fact: { entry: after } as never },
    });
    const clearing = [debit('5102', 'service', '300.00'), credit('1291', 'service', '300.00')];
    const transfer = { kind: 'transfer' as const, settles };
    t.equal(await status({ ...transfer, postings: clearing }), 'order_required', 'no order');
    const late = await order('service', '300.00', settles);
    t.equal(await status({ kind: 'payment', proposal: late, postings: [debit('5102', 'service', '300.00'), credit('1002', 'service', '300.00')] }),
      'order_amount_differs', 'it pays nothing once more');
    t.equal(await status({ ...transfer, settles: opening.seq!, proposal: late, postings: clearing }), 'suspense_unknown');
    t.equal(await status({ ...transfer, proposal: late, postings: [debit('5103', 'service', '300.00'), credit('1291', 'service', '300.00')] }), 'order_amount_differs');
    const done = await post({ ...transfer, proposal: late, postings: clearing });
    t.equal(done.status, 'posted');
    t.equal(await left(settles), '200.00');
    const crossed_over = await approvedProposal(house, estate, persons, {
      kind: 'payment', amount: '100.00', fund: 'service', postings: [debit('2291', 'service', '100.00'), credit('1002', 'service', '100.00')],
      content: { after_the_fact: { entry: settles } as never },
    });
    t.equal(await status({ ...transfer, proposal: crossed_over, postings: [debit('2291', 'service', '100.00'), credit('1291', 'service', '100.00')] }), 'suspense_reserved');
    const too_much = await order('service', '200.01', settles);
    t.equal(await status({ ...transfer, proposal: too_much, postings: [debit('5102', 'service', '200.01'), credit('1291', 'service', '200.01')] }), 'suspense_exceeded');
    // Another fund pays: its money goes out, and the fund the debit was charged to gets its own back.
    await post({ entry_date: '2026-11-05', bank_line: line(5), postings: [debit('1002', 'public_income', '800.00'), credit('4104', 'public_income', '800.00')] });
    const other = await order('public_income', '200.00', settles);
    const crossed = [debit('5102', 'public_income', '200.00'), credit('1002', 'public_income', '200.00'), debit('1002', 'service', '200.00'), credit('1291', 'service', '200.00')];
    t.equal(await status({ ...transfer, proposal: other, postings: crossed }), 'posted');
    t.equal(await left(settles), '0.00');
    t.same(await open(), []);
    const undo = await approvedProposal(house, estate, persons, { kind: 'reversal', amount: '500.00', fund: 'service', reverses: settles, postings: [] });
    const red = { kind: 'payment' as const, reverses: settles, proposal: undo, postings: [debit('1291', 'service', '-500.00'), credit('1002', 'service', '-500.00')] };
    t.equal(await status(red), 'suspense_settled');
    const words = await inEstate(house.db.app, estate_id, (trx) => explainRefusal(trx, estate_id, { status: 'suspense_settled' }, entryBody(entry(red))));
    t.match(words, { code: 'suspense_settled', facts: { left: '0.00' } });
  });

  await t.test('an order that was signed after the money had left neither pays it nor clears it', async (t) => {
    const order = async (amount: string, content = {}) => approvedProposal(house, estate, persons, {
      kind: 'payment', amount, fund: 'service', postings: [debit('5102', 'service', amount), credit('1002', 'service', amount)], content,
    });
    const { seq: settles } = await post({ kind: 'payment', entry_date: '2026-11-04', bank_line: line(4), postings: [debit('1291', 'service', '1200.00'), credit('1002', 'service', '1200.00')] });
    const clears = { kind: 'transfer' as const, settles: settles!, postings: [debit('5102', 'service', '1200.00'), credit('1291', 'service', '1200.00')] };
    const pays = { kind: 'payment' as const, bank_line: line(6), postings: [debit('5102', 'service', '70.00'), credit('1002', 'service', '70.00')] };
    const late = await order('1200.00');
    t.equal(await status({ ...clears, proposal: late }), 'order_signed_late');
    t.equal(await status({ ...pays, proposal: await order('70.00') }), 'order_signed_late');
    t.equal(await status({ ...pays, proposal: await order('70.00', { after_the_fact: {} }) }), 'order_signed_late', 'nor does one that names no entry');
    const words = await inEstate(house.db.app, estate_id, (trx) => explainRefusal(trx, estate_id, { status: 'order_signed_late' }, entryBody(entry({ ...clears, proposal: late }))));
    t.match(words, { code: 'order_signed_late', field: 'settles', facts: { proposal: late, left_on: '2026-11-04', signed_on: businessDate(new Date()) } });
    t.equal(await status({ ...clears, proposal: await order('1200.00', { after_the_fact: { entry: settles! } }) }), 'posted');
  });

  await t.test('an unexplained credit is cleared on one hand, for what it is and into no pocket of somebody else', async (t) => {
    await bank.take([['2026-11-07', '1000.00', 'B1'], ['2026-11-08', '20.00', 'B2']]);
    const held = await post({ entry_date: '2026-11-07', bank_line: line(8), postings: [debit('1002', 'service', '1000.00'), credit('2291', 'service', '1000.00')] });
    t.equal(held.status, 'posted');
    const transfer = { kind: 'transfer' as const, settles: held.seq! };
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '1000.01'), credit('4101', 'service', '1000.01')] }), 'suspense_exceeded');
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '100.00'), credit('1002', 'service', '100.00')] }), 'order_required', 'not back out');
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '100.00'), debit('5102', 'service', '50.00'), credit('1002', 'service', '50.00'), credit('4101', 'service', '100.00')] }), 'order_required');
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '600.00'), credit('4101', 'service', '600.00')] }), 'posted');
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '400.00'), credit('1002', 'service', '400.00'), debit('1002', 'deposit', '400.00'), credit('2241', 'deposit', '400.00')] }),
      'posted', 'what was given for another fund goes there');
    t.equal(await left(held.seq!), '0.00');
    t.equal(await status({ ...transfer, postings: [debit('2291', 'service', '1.00'), credit('4101', 'service', '1.00')] }), 'suspense_exceeded');
  });

  await t.test('a reversal opens the line again; links are ended by hand', async (t) => {
    const booked = await post({ entry_date: '2026-11-08', bank_line: line(9), postings: [debit('1002', 'service', '20.00'), credit('4102', 'service', '20.00')] });
    const undo = await approvedProposal(house, estate, persons, { kind: 'reversal', amount: '20.00', fund: 'service', reverses: booked.seq!, postings: [] });
    const red = await post({ reverses: booked.seq!, proposal: undo, postings: [debit('1002', 'service', '-20.00'), credit('4102', 'service', '-20.00')] });
    t.equal(red.status, 'posted');
    const items = async () => (await superuser.query('select seq from open_book_items($1, $2)', [estate_id, '1002'])).rows;
    t.same((await superuser.query('select "position" from open_bank_lines($1, $2) order by 1', [estate_id, '1002'])).rows.map((row) => row.position), [6, 7, 9]);
    t.same(await items(), [], 'an entry and its reversal cancel each other');
    const right = await post({ entry_date: '2026-11-08', postings: [debit('1002', 'service', '20.00'), credit('4109', 'service', '20.00')] });
    const match = async (matches: { entries: number[]; lines: number[] }[]) => inEstate(house.db.app, estate_id, async (trx) =>
      (await sql<{ status: string; match_id: number | null }>`select status, match_id from match_bank_lines(${estate_id}, ${canonical({ account: '1002', by: persons.cashier, matches })}) order by place`
        .execute(trx)).rows);
    const bad: [string, number[], number[]][] = [['sums_differ', [right.seq!], [6]], ['match_empty', [], [7]], ['entry_taken', [opening.seq!], [7]],
      ['entry_unknown', [999_999], [7]], ['line_unknown', [], [77, 7]], ['line_taken', [right.seq!], [1]]];
    for (const [expected, entries, lines] of bad) t.same((await match([{ entries, lines }])).map((one) => one.status), [expected]);
    const twice = { entries: [right.seq!], lines: [7] };
    t.same((await match([twice, twice])).map((one) => one.status), ['sums_differ', 'line_taken'], 'also within one call');
    const [good] = await match([{ entries: [right.seq!], lines: [9] }]);
    t.equal(good!.status, 'matched');
    const end = async (id: number) => inEstate(house.db.app, estate_id, async (trx) =>
      (await sql<{ status: string }>`select end_bank_match(${estate_id}, ${id}, ${persons.cashier}) as status`.execute(trx)).rows[0]!.status);
    t.same([await end(good!.match_id!), await end(good!.match_id!)], ['ended', 'match_unknown']);
    t.same((await items()).map((row) => row.seq), [right.seq]);
    const record = (await superuser.query("select body from record where estate_id = $1 and kind = 'bank_lines_matched' order by seq desc limit 1", [estate_id])).rows[0].body;
    t.equal(record, canonical(JSON.parse(record)), 'the record is canonical');
  });

  await t.test('the opening balance of the books is the opening of the first statement', async (t) => {
    const begun = await testHouse(t, { first_period: '2026-11' });
    const two = (account: string, amount: string, key: string) => entryBody({
      kind: 'receipt', entry_date: '2026-11-01', description: '期初余额', key, made_by: begun.persons.cashier,
      postings: [debit('1002', 'service', amount), credit(account, 'service', amount)],
    });
    const { estate_id: id } = begun.estate;
    const booked = (await postEntries(begun.house.db.app, id, [two('3101', '600.00', 'o1'), two('3101', '400.00', 'o2'), two('4101', '10.00', 'o3')])).map((one) => one.seq!);
    await bankOf(begun).take([['2026-11-01', '10.00', 'A']], { opening: '1000.00' });
    const opening = async (entries: number[], said = '1000.00') => inEstate(begun.house.db.app, id, async (trx) => (await sql<{ status: string }>`
      select match_opening(${id}, ${canonical({ account: '1002', by: begun.persons.cashier, entries, opening: said })}) as status`.execute(trx)).rows[0]!.status);
    t.same([await opening(booked), await opening(booked.slice(0, 2), '1.00'), await opening([99]), await opening(booked.slice(0, 2)), await opening(booked.slice(0, 2))],
      ['sums_differ', 'sums_differ', 'entry_unknown', 'matched', 'opening_matched']);
    t.same((await begun.superuser.query('select seq from open_book_items($1, $2)', [id, '1002'])).rows.map((row) => row.seq), [booked[2]]);
  });

  await t.test('a statement continues the one before, or is refused', async (t) => {
    const refused = async (lines: Parameters<typeof bank.take>[0], asked: Parameters<typeof bank.take>[1], constraint: string) =>
      t.rejects(bank.take(lines, asked), { message: new RegExp(constraint) }, constraint);
    await refused([['2026-11-12', '1.00']], { from: '2026-11-10' }, 'statement_gap');
    await refused([['2026-11-09', '1.00']], { from: '2026-11-09', opening: '1.00' }, 'statement_continues');
    await refused([['2026-11-07', '1.00']], { from: '2026-11-07' }, 'statement_line_day');
    await refused([['2026-11-09', '1.00']], { closing: '2.00' }, 'statement_closing');
    await refused([['2026-11-09', '0.00']], {}, 'statement_balance');
    await refused([['2027-11-09', '1.00']], { from: '2026-11-09' }, 'statement_days');
    await refused([['2026-11-09', '1.00']], { account: '1001' }, 'statement_account_open');
    await bank.take([['2026-11-08', '5.00', 'C1'], ['2026-11-09', '5.00', 'C1']], { repeated: 1, from: '2026-11-08' });
    t.equal((await superuser.query('select max("position")::int as n from bank_line where estate_id = $1', [estate_id])).rows[0].n, 11);
  });

  await t.test('an order signed on the day of the line at the latest clears it', async (t) => {
    const normal = await approvedProposal(house, estate, persons, {
      kind: 'payment', amount: '40.00', fund: 'service', postings: [debit('5102', 'service', '40.00'), credit('1002', 'service', '40.00')],
    });
    const day = businessDate(new Date());
    await bank.take([[day, '-40.00', 'D1']], { from: '2026-11-10' });
    const late = await post({ kind: 'payment', entry_date: day, bank_line: line(12), postings: [debit('1291', 'service', '40.00'), credit('1002', 'service', '40.00')] });
    t.equal(await status({ kind: 'transfer', settles: late.seq!, proposal: normal, postings: [debit('5102', 'service', '40.00'), credit('1291', 'service', '40.00')] }), 'posted');
  });
});
