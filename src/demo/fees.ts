// The demo's households: the register is handed in as spreadsheets, two fees are signed for, the job makes the bills, and every
// receipt says which of them it pays. Through the same services as any other estate's.
import assert from 'node:assert/strict';
import { billDue } from '../billing/bill.ts';
import { proposeFeeRule } from '../billing/fee-rule.ts';
import { openBills, type OpenBill } from '../billing/queries.ts';
import { recordReceipts } from '../billing/receipt.ts';
import { addDays, addMonths, firstDay, lastDay, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { postReceipts } from '../ledger/journal.ts';
import { handInRegister, takeImport } from '../estate/import.ts';
import type { NewUnit } from '../estate/units.ts';
import { oldBillsSheet, ownersSheet, spacesSheet } from './households.ts';
import { proposeAccountChange } from '../bank/account-change.ts';
import { estateFixture, OLD_BILL, type PlannedReceipt } from './plan.ts';
import { proposeBatch } from '../subsidy/batch.ts';
import { claimSubsidies } from '../subsidy/claim.ts';
import { proposeScheme } from '../subsidy/scheme.ts';
import { at, inStage, sign, type Event, type Item, type Stage } from './stage.ts';

/** The spreadsheets of the company before: owners, parking spaces, what was not paid. Each is looked at, then taken whole. */
export function registerEvents(stage: Stage, period: Period, units: readonly NewUnit[]): Event[] {
  const { house, estate, persons } = stage;
  const day = firstDay(period);
  const sheets = [ownersSheet(units), spacesSheet(units, day), oldBillsSheet(units, period)];
  return sheets.map(({ file_name, bytes }, index) => ({ at: at(day, `08:4${index}`), run: async () => {
    const one = { estate, actor: persons.cashier };
    const { import_id } = await handInRegister(house, { ...one, bytes, file_name, since: day });
    const taken = await takeImport(house, { ...one, import_id });
    assert(taken.state === 'taken', `demo register: ${file_name}`);
  } }));
}

/** Signed on the first day, for that very month. */
export function feeEvents(stage: Stage, period: Period): Event[] {
  const { house, estate, persons } = stage;
  const day = firstDay(period);
  const items: Item[] = [];
  const fee = { estate, actor: persons.cashier, due_day: 31, starts_on: day };
  return [
    { at: at(day, '09:20'), run: async () => {
      items.push(await proposeFeeRule(house, { ...fee, item: 'property_fee', name_zh: '物业费', name_en: 'Property fee', basis: 'area', rate: estate.fee_rate ?? '', account: '4101', fund: 'service' }));
      // The number that owners pay to is signed for by both sides, so that nobody can put another in its place.
      const { name_zh, name_en, bank_name, account_number } = estateFixture.bank;
      items.push(await proposeAccountChange(house, { estate, actor: persons.cashier, change: 'change', account: '1002', name_zh, name_en, bank_name, account_number, reason: '双方核对账号后签名，业主照此缴费' }));
      items.push(await proposeFeeRule(house, { ...fee, item: 'parking', name_zh: '车位费', name_en: 'Parking', basis: 'space', rate: '120', account: '4102', fund: 'public_income', due_day: 10 }));
    } },
    { at: at(day, '17:00'), run: () => sign(stage, persons.manager, items) },
    { at: at(day, '20:15'), run: () => sign(stage, persons.committee1, items) },
    { at: at(day, '20:25'), run: () => sign(stage, persons.committee2, items) },
    { at: at(day, '23:50'), run: async () => void await billDue(house, estate) },
  ];
}

/** Pay first, subsidised later: signed three months ago, claimed for everybody who had paid, sent to the street office; its money has yet to come. */
export function subsidyEvents(stage: Stage, running: Period): Event[] {
  const { house, estate, persons } = stage;
  const actor = persons.cashier;
  const [begun, sent] = [addMonths(running, -3), addMonths(running, -2)];
  const day = (period: Period, n: number): BusinessDate => addDays(firstDay(period), n - 1);
  let scheme: Item | null = null;
  let batch: Item | null = null;
  return [
    { at: at(day(begun, 20), '09:40'), run: async () => {
      scheme = await proposeScheme(house, { estate, actor, name_zh: '街道物业费补贴', name_en: 'Street office fee subsidy', funder: '示例街道办事处', percent: '10', items: ['property_fee'],
        first_period: begun, last_period: running, unit_cap: '40', budget: '16000', last_day: lastDay(addMonths(running, 1)), payout: 'credit' });
    } },
    { at: at(day(begun, 20), '17:05'), run: () => sign(stage, persons.manager, [scheme!]) },
    { at: at(day(begun, 20), '20:10'), run: () => sign(stage, persons.committee1, [scheme!]) },
    { at: at(day(begun, 20), '20:30'), run: () => sign(stage, persons.committee2, [scheme!]) },
    { at: at(day(sent, 24), '10:00'), run: async () => {
      await claimSubsidies(house, { estate, actor, scheme: scheme!.proposal_id });
      batch = await proposeBatch(house, { estate, actor, scheme: scheme!.proposal_id });
    } },
    { at: at(day(sent, 24), '17:05'), run: () => sign(stage, persons.manager, [batch!]) },
    { at: at(day(sent, 24), '20:10'), run: () => sign(stage, persons.committee1, [batch!]) },
  ];
}

export const billEvent = (stage: Stage, period: Period): Event =>
  ({ at: at(firstDay(period), '00:15'), run: async () => void await billDue(stage.house, stage.estate) });

interface Part { unit: string; amount: Money; bill: OpenBill | undefined }

/** Who pays what of a receipt, and which bill: the month's own, or the oldest of earlier years. */
function partsOf({ date, account, parts, old_bills = 0 }: PlannedReceipt, bills: Map<string, OpenBill>, old: OpenBill[]): Part[] {
  if (old_bills > 0) return old.splice(0, old_bills).map((bill) => ({ unit: bill.unit, amount: money(bill.open), bill }));
  const item = account === '4101' ? 'property_fee' : account === '4102' ? 'parking' : '';
  return parts.map((part) => ({ ...part, bill: bills.get(`${part.unit} ${item} ${periodOf(date)}`) }));
}

/** Books receipts in one batch, each dwelling's part on its own line, and keeps what they pay. */
export async function postFees(stage: Stage, batch: readonly PlannedReceipt[]): Promise<{ seq: number | null }[]> {
  if (batch.length === 0) return [];
  const { house, estate, estate: { estate_id }, persons } = stage;
  const asks_old = batch.some(({ old_bills = 0 }) => old_bills > 0);
  const units = asks_old ? {} : { units: [...new Set(batch.flatMap(({ parts }) => parts.map((part) => part.unit)))] };
  const open = await inStage(stage, (trx) => openBills(trx, estate_id, units));
  const bills = new Map(open.map((bill) => [`${bill.unit} ${bill.item} ${bill.period}`, bill]));
  const year = batch[0]!.date.slice(0, 4);
  const old = open.filter((bill) => bill.period < `${year}-01` && bill.open === moneyText(OLD_BILL)).sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0));
  const spread = batch.map((receipt) => partsOf(receipt, bills, old));
  const results = await postReceipts(house, {
    estate, actor: persons.cashier,
    entries: batch.map((receipt, index) => {
      const credits = new Map<string, Money>();
      for (const { unit, amount } of spread[index]!) credits.set(unit, sum([credits.get(unit) ?? zero, amount]));
      const { account, fund } = receipt;
      return {
        kind: 'receipt' as const, entry_date: receipt.date, description: receipt.description, key: `demo:${receipt.date}:${stage.now.getTime()}:${index}`,
        ...(account === '3101' || account === '2241' ? {} : { reference: `SK${receipt.date.replaceAll('-', '')}${String(stage.now.getUTCDate()).padStart(2, '0')}${String(index).padStart(3, '0')}` }),
        postings: [{ account: '1002', fund, debit: moneyText(receipt.amount) }, ...(credits.size === 0 ? [{ account, fund, credit: moneyText(receipt.amount) }]
          : [...credits].map(([unit, amount]) => ({ account, fund, credit: moneyText(amount), unit })))],
      };
    }),
  });
  for (const { status, problem } of results) assert(status === 'posted', `demo receipt: ${problem?.message ?? status}`);
  await inStage(stage, (trx) => recordReceipts(trx, estate_id, results.flatMap(({ seq }, index) => {
    const parts = spread[index]!;
    if (parts.length === 0) return [];
    return [{
      seq: seq!, payments: parts.flatMap(({ bill, amount }) => (bill === undefined ? [] : [{ bill_id: bill.bill_id, amount }])),
      note: { payer: '', method: batch[index]!.account === '2241' ? 'opening' as const : 'bank' as const },
    }];
  })));
  return results.map(({ seq }) => ({ seq: seq ?? null }));
}
