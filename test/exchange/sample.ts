// Books with one of everything an export must carry: two months, receipts, payments to payees with odd names, a
// refund, a transfer between funds, a reversal in the next month, vouchers for owners and for officers only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inEstate } from '../../src/kernel/database.ts';
import { lastDay } from '../../src/kernel/dates.ts';
import { money, moneyText, negated } from '../../src/kernel/money.ts';
import { balancesAsOf } from '../../src/ledger/queries.ts';
import { payOrder } from '../../src/payment/pay.ts';
import { payOut, receive, reverse, testBooks, transfer, type Books } from '../disclosure/books.ts';
import { approved, voucher } from '../payment/story.ts';

export const ODD_PAYEE = '川亮"照明";|[有限]公司, (A) = 责任 {制}';
export const ODD_MEMO = '=1+1; 灯具|更换 "三栋" [2031-10-05] date:2020-01-01, #tag ^link (甲\\乙) <b>&amp; _x0041_';

export interface Sample extends Books {
  vouchers: { owners: string; officers: string };
  reversed: number;
  reversal: number;
}

interface Ending { teardown(work: () => unknown): void }

export async function sampleBooks(t: Ending): Promise<Sample> {
  const h = await testBooks(t, '2031-10', '2031-10-08 09:00');
  const vouchers = { owners: await voucher(h, 'owners'), officers: await voucher(h, 'officers') };
  await receive(h, { date: '2031-10-01', amount: '45698.40', description: '物业费 1 至 5 栋', vouchers: [vouchers.owners] });
  await receive(h, { date: '2031-10-02', amount: '20000.00', account: '4102', fund: 'public_income', description: '-停车费' });
  await receive(h, { date: '2031-10-03', amount: '3000.00', account: '2241', fund: 'deposit', description: '装修押金' });
  const pay = async (paid_on: string, given: Parameters<typeof approved>[1]) => payOrder(h.house, {
    estate: h.estate, actor: h.actorOf('cashier'), proposal_id: await approved(h, given), paid_on, bank_reference: `NX-${paid_on}`,
  });
  await pay('2031-10-06', {
    amount: '7000.00', fund: 'public_income', account: '5102', purpose: ODD_MEMO, vouchers: [vouchers.officers],
    payee: { kind: 'company', name: ODD_PAYEE, bank_name: '工商银行', account_number: '6222 0212 3456 7890' },
  });
  await pay('2031-10-07', {
    amount: '513.60', purpose: '+晾衣绳', payee: { kind: 'individual', name: '张师傅', bank_name: '农商银行', account_number: '6222 0212 0000 0001' },
  });
  await pay('2031-10-08', {
    kind: 'refund', amount: '1000.00', fund: 'deposit', account: '2241', purpose: '退押金',
    payee: { kind: 'individual', name: '李业主', bank_name: '农商银行', account_number: '6222 0212 0000 0002' },
  });
  await transfer(h, {
    date: '2031-10-08', description: '公共收益补充物业服务资金', lines: [
      { account: '1002', fund: 'public_income', credit: money('5000.00') }, { account: '3101', fund: 'public_income', debit: money('5000.00') },
      { account: '1002', fund: 'service', debit: money('5000.00') }, { account: '3101', fund: 'service', credit: money('5000.00') },
    ],
  });
  h.at('2031-11-05 09:00');
  await receive(h, { date: '2031-10-31', amount: '77.77', description: '上月最后一天，本月才记' });
  const reversed = await receive(h, { date: '2031-11-01', amount: '888.88', description: '记错的一笔' });
  const reversal = await reverse(h, { date: '2031-11-03', seq: reversed, kind: 'receipt' });
  await receive(h, { date: '2031-11-04', amount: '900.00', description: '@更正的一笔' });
  await payOut(h, { date: '2031-11-05', amount: '2300.00', account: '5106', description: '公共用电' });
  return { ...h, vouchers, reversed, reversal };
}

/** Debits less credits at the end of a month, by "account fund", from the ledger's own question. */
export async function balancesOf(h: Books, period: string): Promise<Map<string, string>> {
  const rows = await inEstate(h.db.app, h.estate.estate_id, (trx) => balancesAsOf(trx, h.estate.estate_id, lastDay(period)));
  return new Map(rows.filter((row) => !row.balance.isZero()).map((row) =>
    [`${row.account} ${row.fund}`, moneyText(row.side === 'debit' ? row.balance : negated(row.balance))]));
}

export async function textOf(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  return (await bytesOf(pieces)).toString('utf8');
}
export async function bytesOf(pieces: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece as string));
  return Buffer.concat(all);
}

/** A folder of the test's own. */
export function folderFor(t: Ending): string {
  const folder = mkdtempSync(join(tmpdir(), 'mingzhang-export-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a program of the auditor's is there; where it is not, why a test is skipped. */
export function missing(program: string): string | false {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return `${program} is not installed (Debian: apt-get install hledger beancount python3)`;
  }
}

export const run = (program: string, given: readonly string[]): string =>
  execFileSync(program, given, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } });
