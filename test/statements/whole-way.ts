// The whole way with a database: a random ledger of a month → printed as the bank's file → handed in and matched → books and
// bank agree, difference 0.00, and no line is left. Month by month another bank and another carrier.
import { addDays, addMonths, firstDay, lastDay } from '../../src/kernel/dates.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { reconciliationStatement } from '../../src/reconciliation/statement.ts';
import { takeStatement } from '../../src/bank/statement.ts';
import { statementOptions } from '../../src/statement-options.ts';
import type { PrintedLine, Printout } from '../../src/demo/bank-files.ts';
import type { Chance } from '../faults/random.ts';
import { company } from '../payment/story.ts';
import { scene, type Scene } from '../reconciliation/scene.ts';
import type { Writer } from './prints.ts';

export interface Way { format: string; lines: number; difference: string | null; open: number; bank: string | null; books: string }

const NUMBER = '6222020000008866';

const line = (booked_on: string, amount: string, serial: string, more: Partial<PrintedLine> = {}): PrintedLine => ({
  booked_on, booked_time: '', amount, serial, counterparty_name: '', counterparty_account: '', counterparty_bank: '', memo: '转账', purpose: '', ...more,
});

async function received(h: Scene, on: string, amount: string, serial: string): Promise<PrintedLine> {
  const body = entryBody({
    kind: 'receipt', entry_date: on, description: '来账', key: `way ${serial}`, made_by: h.persons.cashier, reference: serial,
    postings: [{ account: '1002', fund: 'service', debit: money(amount) }, { account: '4109', fund: 'service', credit: money(amount) }],
  });
  const [result] = await h.work((trx) => postEntries(trx, h.estate.estate_id, [body]));
  if (result!.status !== 'posted') throw new Error(`receipt: ${result!.status}`);
  return line(on, amount, serial);
}

/** A ledger of the month: receipts in the books, orders that the bank has carried out. */
async function ledgerOf(h: Walked, period: string, chance: Chance, receipts: number, orders: number): Promise<PrintedLine[]> {
  const first = firstDay(period);
  h.at(`${addDays(first, 1)} 09:00`);
  const lines: PrintedLine[] = [];
  for (let n = 0; n < orders; n += 1) {
    const amount = `${100 + n}.${String(chance.whole(0, 99)).padStart(2, '0')}`;
    const { reference } = await h.order(h.paid.size === 0 ? { payee: company as never, amount } : { payee: { payee_id: 1 } as never, amount });
    h.paid.add(reference);
    lines.push(line(addDays(first, chance.whole(3, 26)), `-${amount}`, `P${period.replace('-', '')}${n}`, {
      counterparty_name: company.name, counterparty_account: company.account_number.replaceAll(' ', ''), purpose: `货款 ${reference}`,
    }));
  }
  h.at(`${addMonths(period, 1)}-02 09:00`);
  // Each amount once a month, so that books without the bank's serial are matched by day and amount.
  for (let n = 0; n < receipts; n += 1) {
    lines.push(await received(h, addDays(first, chance.whole(0, 26)), `${(n + 1) * 1_000 + chance.whole(0, 999)}.${String(chance.whole(0, 99)).padStart(2, '0')}`, `R${period.replace('-', '')}${n}`));
  }
  return lines.toSorted((a, b) => (a.booked_on < b.booked_on ? -1 : a.booked_on > b.booked_on ? 1 : 0));
}

type Walked = Scene & { paid: Set<string> };

/** One month a writer. */
export async function wholeWay(
  ending: { teardown(work: () => unknown): void }, writers: readonly Writer[], chance: Chance, { receipts = 12, orders = 2 } = {},
): Promise<Way[]> {
  const start = '2031-01';
  const h: Walked = Object.assign(await scene(ending, start), { paid: new Set<string>() });
  const ways: Way[] = [];
  let balance = money('0.00');
  for (const [at, writer] of writers.entries()) {
    const period = addMonths(start, at);
    const lines = at === 0 ? [await opening(h, period), ...await ledgerOf(h, period, chance, receipts, orders)] : await ledgerOf(h, period, chance, receipts, orders);
    const print: Printout = { account_number: NUMBER, account_name: '示例小区', from: firstDay(period), to: lastDay(period), opening: moneyText(balance), lines };
    balance = sum([balance, ...lines.map(({ amount }) => money(amount))]);
    // Some files do not say which days they are for: the cashier does.
    const stated = { from: print.from, to: print.to };
    await takeStatement(h.house, { estate: h.estate, actor: h.actorOf('cashier'), bytes: Buffer.from(writer.write(print)), file_name: '对账单', stated }, { files: statementOptions.files });
    await reconcileAccount(h.house, h.estate, '1002', { actor: null });
    const figures = await reconciliationStatement(h.house, h.estate, { account: '1002', period, in_full: true });
    const [open] = await h.query<{ n: number }>(`select count(*)::int as n from open_bank_lines($1, '1002')`, [h.estate.estate_id]);
    ways.push({ format: writer.name, lines: lines.length, difference: figures.difference, open: open!.n, bank: figures.bank_balance, books: figures.book_balance });
  }
  return ways;
}

/** Money to pay from. */
async function opening(h: Scene, period: string): Promise<PrintedLine> {
  h.at(`${period}-01 09:00`);
  return received(h, firstDay(period), '900000.00', 'OPENING');
}

/** What is wrong with a month; null when books and bank agree. */
export const wrongWay = ({ format, difference, open, bank, books }: Way): string | null =>
  (difference === '0.00' && open === 0 && bank === books ? null : `${format}: difference ${difference}, ${open} lines open, bank ${bank}, books ${books}`);
