// Somebody holds the web service's own database login (role app) and psql: what the doors then let through.
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { withClient } from '../helpers/postgres.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';

const line = (account: string, side: 'debit' | 'credit', amount: string, more: object = {}) =>
  ({ account, fund: 'service', [side]: amount, ...more });

/** Runs the attack as the role app inside the estate; gives the statuses, or what the database says. */
async function asApp(h: TestHouse, statements: readonly (string | [string, unknown[]])[]): Promise<string> {
  return withClient(h.urls.app, async (client) => {
    await client.query(`select set_config('mingzhang.estate', $1, false)`, [String(h.estate.estate_id)]);
    let last = '';
    for (const one of statements) {
      const [text, values] = typeof one === 'string' ? [one, []] : one;
      const { rows } = await client.query(text, values).catch((error: Error) => ({ rows: [{ said: error.message }] }));
      last = String(Object.values((rows[0] ?? {}) as object)[0] ?? '').replace(/[:\s].*/s, '');
    }
    return last;
  });
}

const entry = (h: TestHouse, more: object): [string, unknown[]] => ['select status from post_entries($1, array[$2])', [
  h.estate.estate_id,
  canonical({ kind: 'receipt', entry_date: today(h.house.clock), description: 'x', made_by: h.persons.cashier, ...more } as Json),
]];

t.test('nobody takes money out behind a temporary table that looks like the chart of accounts', async (t) => {
  const h = await testHouse(t);
  t.equal(await asApp(h, [entry(h, { key: 'in', postings: [line('1002', 'debit', '5000.00'), line('4101', 'credit', '5000.00')] })]), 'posted');
  t.equal(await asApp(h, [
    'create temp table account (like public.account including indexes)',
    'insert into pg_temp.account select * from public.account',
    `update pg_temp.account set is_money = (account = '5102')`,
    'grant all on pg_temp.account to public',
    entry(h, { key: 'out', postings: [line('5102', 'debit', '4000.00'), line('1002', 'credit', '4000.00')] }),
  ]), 'order_required');
});

t.test('nobody has a large payment judged by the small rule behind a temporary table of rules', async (t) => {
  const h = await testHouse(t);
  const { rows } = await h.superuser.query<{ rule_id: number }>(
    `select rule_id from rule where estate_id = $1 and kind = 'payment' and amount_to is not null`, [h.estate.estate_id]);
  const submit = (amount: string, expires: string, trick: string[]): Promise<string> => withClient(h.urls.app, async (client) => {
    await client.query(`select set_config('mingzhang.estate', $1, false)`, [String(h.estate.estate_id)]);
    for (const one of trick) await client.query(one);
    const made = await client.query<{ proposal_id: number }>(`insert into proposal (estate_id, kind, title, amount, fund, made_by)
      values ($1, 'payment', 't', $2, 'service', $3) returning proposal_id`, [h.estate.estate_id, amount, h.persons.cashier]);
    const { proposal_id } = made.rows[0]!;
    const document = canonical({ kind: 'payment', estate: h.estate.code, proposal: proposal_id, version: 1, amount, fund: 'service',
      title: 't', made_by: h.persons.cashier, postings: [] });
    return client.query(`update proposal set state = 'submitted', version = 1, document = $2, rule_id = $3, submitted_at = now(),
      document_hash = sha256(convert_to($2, 'UTF8')), expires_on = $4, payable_from = estate_today(estate_id) where proposal_id = $1`, [proposal_id, document, rows[0]!.rule_id, expires])
      .then(() => 'submitted', (error: Error) => error.message.replace(/:.*/s, ''));
  });
  const day = today(h.house.clock);
  t.equal(await submit('200000.00', day, ['create temp table rule as select * from public.rule',
    `update pg_temp.rule set amount_to = null where kind = 'payment'`]), 'rule_does_not_fit');
  t.equal(await submit('200.00', '2999-01-01', []), 'rule_does_not_fit', 'nor does it wait for signatures for ever');
  t.equal(await submit('200.00', day, []), 'submitted');
});

t.test('every door and guard looks for temporary tables last', async (t) => {
  const h = await testHouse(t);
  const { rows } = await h.superuser.query(`select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and (p.prosecdef or p.prorettype = 'trigger'::regtype)
      and not coalesce('search_path=pg_catalog, public, pg_temp' = any(p.proconfig), false)`);
  t.strictSame(rows, []);
});

t.test('a signed payment is not booked for another payee, another dwelling or without its voucher', async (t) => {
  const h = await testHouse(t);
  await asApp(h, [entry(h, { key: 'in', postings: [line('1002', 'debit', '5000.00'), line('4101', 'credit', '5000.00')] })]);
  const proposal = await approvedProposal(h.house, h.estate, h.persons, {
    kind: 'payment', amount: '100.00', fund: 'service', content: {}, postings: [
      { account: '5102', fund: 'service', debit: money('100.00'), payee: '1' },
      { account: '1002', fund: 'service', credit: money('100.00') }],
  });
  const pay = (more: object): Promise<string> => asApp(h, [entry(h, { kind: 'payment', key: 'pay', proposal,
    postings: [line('5102', 'debit', '100.00', more), line('1002', 'credit', '100.00')] })]);
  t.equal(await pay({ payee: '2' }), 'order_amount_differs');
  t.equal(await pay({}), 'order_amount_differs');
  t.equal(await pay({ payee: '1', unit: 'f00' }), 'order_amount_differs');
  t.equal(await pay({ payee: '1' }), 'posted');
});

t.test('nobody lengthens a term of office or gives it to somebody else', async (t) => {
  const h = await testHouse(t);
  const lengthen = `update term set ends_on = '2199-01-01' where office = 'chair'`;
  t.equal(await asApp(h, [lengthen]), 'permission', 'the web role changes no term at all');
  await t.rejects(h.superuser.query(lengthen), { message: /^term_stays/ }, 'and nobody makes one longer');
});
