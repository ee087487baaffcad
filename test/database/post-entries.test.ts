// The one door: every status in its documented order, numbers without gaps, a bad entry spoils no other.
import t from 'tap';
import { sql } from 'kysely';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays, addMonths, firstDay, periodOf, today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine, type NewEntry } from '../../src/ledger/entry.ts';
import { postEntries, postStatuses, type PostStatus } from '../../src/ledger/gate.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { testHouse } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';

const debit = (account: string, fund: string, amount: string): EntryLine => ({
  account,
  fund,
  debit: money(amount),
});
const credit = (account: string, fund: string, amount: string): EntryLine => ({
  account,
  fund,
  credit: money(amount),
});

async function makeBooks(t: Ending) {
  const made = await testHouse(t, { first_period: '2026-01' });
  const {
    house,
    estate: { estate_id },
    persons,
    superuser,
  } = made;
  const now = today(house.clock);
  let keys = 0;
  const receipt = (change: Partial<NewEntry> = {}): NewEntry => ({
    kind: 'receipt',
    entry_date: now,
    description: '快递柜场地费',
    key: `k${(keys += 1)}`,
    made_by: persons.cashier,
    postings: [debit('1002', 'public_income', '500.00'), credit('4104', 'public_income', '500.00')],
    ...change,
  });
  const post = (...entries: (NewEntry | string)[]) =>
    postEntries(
      house.db.app,
      estate_id,
      entries.map((one) => (typeof one === 'string' ? one : entryBody(one))),
    );
  const postOne = async (entry: NewEntry | string) => (await post(entry))[0]!;
  return { ...made, estate_id, now, receipt, post, postOne, superuser };
}

t.test('statuses of post_entries', async (t) => {
  const { house, estate, estate_id, persons, superuser, now, receipt, post, postOne } =
    await makeBooks(t);
  const opening = await postOne(
    receipt({
      description: '期初余额',
      postings: [debit('1002', 'service', '90000.00'), credit('3101', 'service', '90000.00')],
    }),
  );
  t.equal(opening.status, 'posted');

  await t.test('what is posted says where it stands', async (t) => {
    t.match(opening, { seq: Number, period: periodOf(now), number: '收-001' });
    t.equal(opening.leaf_hash?.length, 32);
    t.ok(opening.recorded_at instanceof Date);
  });

  await t.test(
    'the same key with the same content gives the first result; other content is refused',
    async (t) => {
      const entry = receipt();
      const first = await postOne(entry);
      const again = await postOne(entry);
      t.equal(again.status, 'already_posted');
      t.match(again, { seq: first.seq, number: first.number });
      t.equal((await postOne({ ...entry, description: '另一笔' })).status, 'key_reused');
      t.equal((await postOne({ ...entry, description: '另一笔' })).seq, null);
    },
  );

  // Each step spoils one more thing, the last documented first: the status must move up step by step.
  await t.test('the first status that applies, in the documented order', async (t) => {
    const paid = await approvedProposal(house, estate, persons, {
      kind: 'payment',
      amount: '100.00',
      fund: 'service',
      postings: [debit('5102', 'service', '100.00'), credit('1002', 'service', '100.00')],
    });
    const order = (change: Partial<NewEntry> = {}): NewEntry =>
      receipt({
        kind: 'payment',
        description: '单元门维修',
        proposal: paid,
        postings: [debit('5102', 'service', '100.00'), credit('1002', 'service', '100.00')],
        ...change,
      });
    t.equal((await postOne(order({ vouchers: ['0'.repeat(64)] }))).status, 'voucher_unknown');
    const booked = await postOne(order());
    t.equal(booked.status, 'posted');
    const first_payment = booked.seq!;
    const reversal = async (target: number) =>
      approvedProposal(house, estate, persons, {
        kind: 'reversal',
        amount: '100.00',
        fund: 'service',
        reverses: target,
        postings: [],
      });
    const red: EntryLine[] = [
      debit('5102', 'service', '-100.00'),
      credit('1002', 'service', '-100.00'),
    ];
    const undo = (proposal: number, change: Partial<NewEntry> = {}) =>
      order({ proposal, reverses: first_payment, postings: red, ...change });

    const p1 = await reversal(first_payment);
    t.equal(
      (await postOne(undo(p1, { kind: 'receipt' }))).status,
      'reversal_differs',
      'another kind',
    );
    t.equal(
      (
        await postOne(
          undo(p1, {
            postings: [debit('5102', 'service', '-99.00'), credit('1002', 'service', '-99.00')],
          }),
        )
      ).status,
      'reversal_differs',
    );
    t.equal((await postOne(undo(p1))).status, 'posted');
    const p2 = await reversal(first_payment);
    t.equal(
      (await postOne(undo(p2, { kind: 'receipt' }))).status,
      'already_reversed',
      'before reversal_differs',
    );
    const p3 = await reversal(999_999);
    t.equal((await postOne(undo(p3, { reverses: 999_999 }))).status, 'reversal_target_unknown');
    t.equal((await postOne(undo(p1))).status, 'order_already_paid', 'before already_reversed');
    t.equal(
      (await postOne(undo(p1, { reverses: opening.seq! }))).status,
      'order_amount_differs',
      'names another entry',
    );
    t.equal(
      (
        await postOne(
          order({
            postings: [debit('5102', 'service', '100.01'), credit('1002', 'service', '100.01')],
          }),
        )
      ).status,
      'order_amount_differs',
      'before order_already_paid',
    );
    t.equal((await postOne(order({ proposal: 999_999 }))).status, 'order_not_approved');
    t.equal(
      (await postOne(order({ kind: 'transfer' }))).status,
      'order_required',
      'a transfer never takes money out of the estate, whatever order it names',
    );
    t.equal(
      (await postOne(order({ kind: 'receipt' }))).status,
      'order_not_approved',
      'another kind of order',
    );
    t.equal((await postOne(order({ proposal: undefined }))).status, 'order_required');
    t.equal(
      (
        await postOne(
          receipt({
            postings: [debit('1122', 'service', '1.00'), credit('4101', 'service', '1.00')],
          }),
        )
      ).status,
      'order_required',
    );

    // From here on all that follows in the list is wrong as well: no order, an unknown voucher, a false target.
    let bad: NewEntry = order({
      proposal: undefined,
      reverses: undefined,
      vouchers: ['0'.repeat(64)],
    });
    const steps: [PostStatus, Partial<NewEntry>][] = [
      ['order_required', {}],
      [
        'fund_unbalanced',
        {
          postings: [debit('5102', 'service', '100.00'), credit('1002', 'public_income', '100.00')],
        },
      ],
      [
        'entry_unbalanced',
        {
          postings: [debit('5102', 'service', '100.00'), credit('1002', 'public_income', '99.00')],
        },
      ],
      [
        'amount_invalid',
        {
          postings: [debit('5102', 'service', '-100.00'), credit('1002', 'public_income', '99.00')],
        },
      ],
      [
        'fund_restricted',
        {
          postings: [debit('5102', 'deposit', '-100.00'), credit('1002', 'public_income', '99.00')],
        },
      ],
      [
        'fund_unknown',
        { postings: [debit('5102', 'deposit', '-100.00'), credit('1002', 'gold', '99.00')] },
      ],
      [
        'account_closed',
        { postings: [debit('5102', 'deposit', '-100.00'), credit('5119', 'gold', '99.00')] },
      ],
      [
        'account_unknown',
        { postings: [debit('5101', 'deposit', '-100.00'), credit('5119', 'gold', '99.00')] },
      ],
      ['period_not_open', { entry_date: addDays(now, 1) }],
      ['period_closed', { entry_date: '2025-12-31' }],
      ['entry_unreadable', { description: '' }],
    ];
    await superuser.query(
      'update account set closed_on = $2 where estate_id = $1 and account = $3',
      [estate_id, now, '5119'],
    );
    for (const [status, change] of steps) {
      bad = { ...bad, ...change };
      t.equal((await postOne(bad)).status, status, status);
    }
    const documented = postStatuses.slice(
      postStatuses.indexOf('entry_unreadable'),
      postStatuses.indexOf('order_required') + 1,
    ).filter((status) => !/^(bank_line|suspense|mandate|release|transit|unit)_|^order_signed_late$/.test(status)); // see bank-door.test.ts, household-door.test.ts
    t.strictSame(
      steps.map(([status]) => status).reverse(),
      documented,
      'the table walks the documented order',
    );
    const { key } = receipt();
    t.equal((await postOne(receipt({ key }))).status, 'posted');
    t.equal(
      (await postOne({ ...bad, description: 'x', key })).status,
      'key_reused',
      'before all others',
    );
  });

  await t.test('an estate that does not exist', async (t) => {
    const [result] = await postEntries(house.db.app, 4711, [entryBody(receipt())]);
    t.equal(result!.status, 'estate_unknown');
  });

  await t.test(
    'amounts: two sides, none, zero, minus zero, noise, too large, one line, 501 lines',
    async (t) => {
      const shapes: unknown[] = [
        [
          { account: '1002', fund: 'service', debit: '1.00', credit: '1.00' },
          { account: '4101', fund: 'service', credit: '1.00' },
        ],
        [
          { account: '1002', fund: 'service' },
          { account: '4101', fund: 'service', credit: '1.00' },
        ],
        ...[
          '0',
          '-0',
          '0.00',
          '0.30000000000000004',
          '1e5',
          '1,000.00',
          '１００',
          '10000000000',
          '',
          ' 1',
          '+1',
          '1.',
        ].map((amount) => [
          { account: '1002', fund: 'service', debit: amount },
          { account: '4101', fund: 'service', credit: amount },
        ]),
        [{ account: '1002', fund: 'service', debit: '1.00' }],
        [],
        Array.from({ length: 502 }, (_, i) => ({
          account: i % 2 === 0 ? '1002' : '4101',
          fund: 'service',
          [i % 2 === 0 ? 'debit' : 'credit']: '1.00',
        })),
      ];
      const bodies = shapes.map((postings, i) =>
        canonical({
          kind: 'receipt',
          entry_date: now,
          description: '金额',
          key: `amount-${i}`,
          made_by: persons.cashier,
          postings: postings as never,
        }),
      );
      for (const [i, result] of (await post(...bodies)).entries())
        t.equal(result.status, 'amount_invalid', bodies[i]!.slice(0, 200));
    },
  );

  await t.test('a body that is no entry spoils no other', async (t) => {
    const good = [receipt(), receipt(), receipt()];
    const results = await post(
      good[0]!,
      'not json',
      '{}',
      '[]',
      'null',
      good[1]!,
      canonical({ ...(JSON.parse(entryBody(receipt())) as object), entry_date: '2026-02-30' }),
      canonical({
        ...(JSON.parse(entryBody(receipt())) as object),
        made_by: '00000000-0000-0000-0000-000000000000',
      }),
      canonical({ ...(JSON.parse(entryBody(receipt())) as object), kind: 'gift' }),
      canonical({ ...(JSON.parse(entryBody(receipt())) as object), postings: 'none' }),
      canonical({ ...(JSON.parse(entryBody(receipt())) as object), vouchers: { a: 1 } }),
      canonical({ ...(JSON.parse(entryBody(receipt())) as object), proposal: 'x' }),
      '{"key":"\\u0000"}',
      good[2]!,
    );
    const expected = results.map((_, i) =>
      [0, 5, 13].includes(i) ? 'posted' : 'entry_unreadable',
    );
    t.strictSame(
      results.map((r) => r.status),
      expected,
    );
  });

  await t.test('one call with the same key, order and target twice books each once', async (t) => {
    const proposal = await approvedProposal(house, estate, persons, {
      kind: 'payment',
      amount: '10.00',
      fund: 'service',
      postings: [debit('5107', 'service', '10.00'), credit('1002', 'service', '10.00')],
    });
    const pay = receipt({
      kind: 'payment',
      proposal,
      postings: [debit('5107', 'service', '10.00'), credit('1002', 'service', '10.00')],
    });
    const twin = receipt();
    const results = await post(pay, twin, { ...pay, key: 'another' }, twin, {
      ...twin,
      description: '改了',
    });
    t.strictSame(
      results.map((r) => r.status),
      ['posted', 'posted', 'order_already_paid', 'already_posted', 'key_reused'],
    );
    const { seq } = results[0]!;
    const undo = await Promise.all(
      [1, 2].map(() =>
        approvedProposal(house, estate, persons, {
          kind: 'reversal',
          amount: '10.00',
          fund: 'service',
          reverses: seq!,
          postings: [],
        }),
      ),
    );
    const red = undo.map((one) =>
      receipt({
        kind: 'payment',
        proposal: one,
        reverses: seq!,
        postings: [debit('5107', 'service', '-10.00'), credit('1002', 'service', '-10.00')],
      }),
    );
    t.strictSame(
      (await post(...red)).map((r) => r.status),
      ['posted', 'already_reversed'],
    );
    const state = await superuser.query(
      'select state from proposal where proposal_id = any($1) order by 1',
      [undo],
    );
    t.strictSame(
      state.rows.map((row) => row.state),
      ['executed', 'approved'].sort().reverse().sort(),
    );
  });

  await t.test('a month before an open one may still be booked, a closed one not', async (t) => {
    const last_month = firstDay(addMonths(periodOf(now), -1));
    t.equal((await postOne(receipt({ entry_date: last_month }))).status, 'posted');
    t.equal((await postOne(receipt({ entry_date: '2025-12-31' }))).status, 'period_closed');
  });
});

t.test('numbers under eight connections at once', async (t) => {
  const { house, estate_id, receipt, post, superuser } = await makeBooks(t);
  const workers = Array.from({ length: 8 }, (_, worker) =>
    (async () => {
      for (let i = 0; i < 12; i += 1) {
        const spoiled = receipt({
          postings: [debit('1002', 'service', '1.00'), credit('4101', 'service', '2.00')],
        });
        await post(
          receipt({ key: `w${worker}-${i}-a` }),
          spoiled,
          receipt({ key: `w${worker}-${i}-b` }),
        );
      }
    })(),
  );
  await Promise.all(workers);
  const { rows } = await superuser.query(
    `select array_agg(number order by number) as numbers from journal_entry where estate_id = $1`,
    [estate_id],
  );
  t.strictSame(
    rows[0].numbers,
    Array.from({ length: 192 }, (_, i) => i + 1),
    'voucher numbers have no gaps',
  );
  const log = await superuser.query(
    `select count(*)::integer as n, max(seq)::integer as last, (select size::integer from log_head where estate_id = $1) as size
    from record where estate_id = $1`,
    [estate_id],
  );
  t.equal(log.rows[0].n, log.rows[0].last, 'the log has no gaps');
  t.equal(log.rows[0].n, log.rows[0].size);
  const uneven = await superuser.query(
    `select 1 from (
      select period, account, fund, debit, credit, entries::bigint from balance where estate_id = $1
      except select e.period, p.account, p.fund, sum(p.debit), sum(p.credit), count(*) from posting p join journal_entry e using (estate_id, seq)
      where estate_id = $1 group by 1, 2, 3) x`,
    [estate_id],
  );
  t.equal(uneven.rowCount, 0, 'balances are the sums of the postings');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows: clock } = await sql<{
      backwards: number;
    }>`select count(*)::integer as backwards from (
      select recorded_at < lag(recorded_at) over (order by seq) as b from record where estate_id = ${estate_id}) x where b`.execute(
      trx,
    );
    t.equal(clock[0]!.backwards, 0, 'the time of the log never runs backwards');
  });
});
