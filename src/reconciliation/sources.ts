// Everything a decision about the open lines of one bank account rests on, read in one transaction.
import type { Trx } from '../kernel/database.ts';
import { dwellingIndex, openBills, unitsByName, unitsByVirtualAccount } from '../billing/queries.ts';
import { FEE_FUND } from '../billing/receipt.ts';
import { indexDwellings } from '../billing/unit-name.ts';
import type { OpenLine } from './candidate.ts';
import { isOut, type Sources } from './matching.ts';
import { bankAccountsOf, bookItems, firstFreeFund, mandatesOf, openLines, openOrders, rulesInForce } from './queries.ts';
import { refusals } from './refusals.ts';

/** `fresh`: lines that are looked at as if they were taken already. Refusal: reconcile_account_unknown. */
export async function readSources(trx: Trx, estate_id: number, account: string, fresh: readonly OpenLine[] = []): Promise<Sources> {
  const bank = (await bankAccountsOf(trx, estate_id)).find((row) => row.account === account);
  if (bank === undefined) throw refusals.reconcile_account_unknown({ account: account.slice(0, 20) }, 'account');
  const lines = [...await openLines(trx, estate_id, account), ...fresh];
  const [has_out, has_in] = [lines.some((line) => isOut(line.amount)), lines.some((line) => !isOut(line.amount))];
  const credits = async <T>(read: () => Promise<T>, none: T): Promise<T> => (has_in ? read() : none);
  const fee_fund = await trx.selectFrom('fund').select('fund').where('estate_id', '=', estate_id).where('fund', '=', FEE_FUND).executeTakeFirst();
  return {
    account, bank_name: bank.bank_name, lines, has_fee_fund: fee_fund !== undefined,
    items: lines.length === 0 ? [] : await bookItems(trx, estate_id, account),
    orders: has_out ? await openOrders(trx, estate_id, account) : [],
    mandates: has_out ? await mandatesOf(trx, estate_id, account) : [],
    rules: lines.length === 0 ? [] : await rulesInForce(trx, estate_id),
    dwellings: await credits(() => dwellingIndex(trx, estate_id), indexDwellings([])),
    refs: await credits(() => refsOf(trx, estate_id), new Map()),
    units_by_name: await credits(() => unitsByName(trx, estate_id), new Map()),
    units_by_virtual_account: await credits(() => unitsByVirtualAccount(trx, estate_id), new Map()),
    bills: await credits(() => openBills(trx, estate_id), []),
    free_fund: await firstFreeFund(trx, estate_id),
  };
}

async function refsOf(trx: Trx, estate_id: number): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id).execute();
  return new Map(rows.map((row) => [row.unit, row.ref]));
}
