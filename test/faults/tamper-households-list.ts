// What somebody with every right could change of dwellings' money, in October, before anybody saw it: whose a line is, the
// receipts, what is held, and what was released without an order. Only the rules and the tables beside the log can tell.
import { sql as text } from 'kysely';
import { inEstate } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine, type NewEntry } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import type { Copy } from './tamper-books.ts';
import { rewrite, sql, unguard, type Body, type Tampering } from './tamper-tools.ts';

const line = (side: 'debit' | 'credit', account: string, amount: string, unit?: string): EntryLine => ({ account, fund: 'service', [side]: money(amount), unit }) as EntryLine;

/** In October one dwelling pays 250 in advance, a bill of 100 is made and paid from it. */
export async function honestOctober(copy: Copy): Promise<{ paid: number; released: number; one: string; two: string }> {
  const { estate: { estate_id }, persons: { cashier } } = copy;
  copy.at('2026-10-14 18:00');
  const { rows: [first, second] } = await sql(copy, 'select unit, ref from unit where estate_id = $1 order by unit limit 2', [estate_id]);
  const [one, two] = [first.ref as string, second.ref as string];
  const body = (entry: Omit<NewEntry, 'made_by' | 'entry_date' | 'description'>) => entryBody({ made_by: cashier, entry_date: '2026-10-14', description: '物业费', ...entry });
  const [paid, released] = await inEstate(copy.house.db.app, estate_id, async (trx) => {
    await text`insert into bill (estate_id, unit, item, period, amount, due_on, made_at) values (${estate_id}, ${first.unit}, 'property_fee', '2026-10', 100, '2026-10-31', now())`.execute(trx);
    const [receipt] = await postEntries(trx, estate_id, [body({ kind: 'receipt', key: 'ahead', postings: [line('debit', '1002', '250.00'), line('credit', '2203', '250.00', one)] })]);
    const [release] = await postEntries(trx, estate_id, [body({ kind: 'transfer', key: 'release', release: true, postings: [line('debit', '2203', '100.00', one), line('credit', '4101', '100.00', one)] })]);
    if (receipt?.status !== 'posted' || release?.status !== 'posted') throw new Error(`${receipt?.status} ${release?.status}`);
    await text`insert into bill_payment (estate_id, bill_id, seq, amount) select estate_id, bill_id, ${release.seq!}, 100 from bill where estate_id = ${estate_id} and unit = ${first.unit} and period = '2026-10'`.execute(trx);
    return [receipt.seq!, release.seq!];
  });
  return { paid, released, one, two };
}

async function october(copy: Copy): ReturnType<typeof honestOctober> {
  const found = await honestOctober(copy);
  await unguard(copy);
  return found;
}

const amountsTo = (amount: string) => (body: Body): void => {
  for (const posting of body['postings'] as Body[]) for (const side of ['debit', 'credit']) if (posting[side] !== undefined) posting[side] = amount;
};

export const householdTamperings: readonly Tampering[] = [
  { name: 'another company is the trustee, in the table', before: async (copy) => {
    await sql(copy, `update estate set trustee = '别的物业公司' where estate_id = $1`, [copy.estate.estate_id]);
  } },
  { name: 'a payment in advance goes to a neighbour, in the table', before: async (copy) => {
    const { paid, two } = await october(copy);
    await sql(copy, 'update posting set unit = $2 where seq = $1 and unit is not null', [paid, two]);
  } },
  { name: 'a receipt is taken out of the table', before: async (copy) => {
    const { paid } = await october(copy);
    await sql(copy, 'delete from receipt where seq = $1', [paid]);
  } },
  { name: 'a receipt says less, in the table', before: async (copy) => {
    const { paid } = await october(copy);
    await sql(copy, 'update receipt set amount = amount - 100 where seq = $1', [paid]);
  } },
  { name: 'a release is no release any more, in the table', before: async (copy) => {
    const { released } = await october(copy);
    await sql(copy, 'alter table journal_entry drop constraint payment_has_order');
    await sql(copy, 'update journal_entry set release = false where seq = $1', [released]);
  } },
  { name: 'more is released than was paid in advance, tables and log alike', before: async (copy) => {
    const { released } = await october(copy);
    await sql(copy, 'update journal_entry set amount = 400 where seq = $1', [released]);
    await sql(copy, 'update posting set debit = case when debit > 0 then 400 else 0 end, credit = case when credit > 0 then 400 else 0 end where seq = $1', [released]);
    for (const [account, side] of [['2203', 'debit'], ['4101', 'credit']]) await sql(copy, `update balance set ${side} = ${side} + 300 where account = '${account}' and period = '2026-10' and fund = 'service'`);
    await rewrite(copy, released, amountsTo('400.00'));
  } },
  { name: 'what one paid in advance pays a neighbour\'s bill, tables and log alike', before: async (copy) => {
    const { released, two } = await october(copy);
    await sql(copy, `update posting set unit = $2 where seq = $1 and account = '4101'`, [released, two]);
    await rewrite(copy, released, (body) => { (body['postings'] as Body[]).find((posting) => posting['account'] === '4101')!['unit'] = two; });
  } },
];
