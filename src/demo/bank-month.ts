// The bank's side of the demo: for what the books say, and for what they do not say yet, the file the bank would give. It is
// taken in like any other, by the same service, so that the demo's books and bank are compared line by line.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { takeStatement } from '../bank/statement.ts';
import { addDays, daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { statementOptions } from '../statement-options.ts';
import { bankFile, type PrintedLine } from './bank-files.ts';
import { estateFixture } from './plan.ts';
import { inStage, type Stage } from './stage.ts';

/** What the bank shows of one booking: also what somebody else than the cashier caused. */
export interface BankMove { day: BusinessDate; amount: string; memo: string; name?: string; account?: string; purpose?: string; serial: string }

interface BookMove { day: BusinessDate; amount: string; description: string; serial: string | null; unit: string | null; name: string | null; number: string | null; bank: string | null; order: string | null }

/** What the books booked on 1002 in these days, as the bank would have it: nothing that was entered twice and taken back. */
async function bookMoves(stage: Stage, from: BusinessDate, to: BusinessDate): Promise<BookMove[]> {
  const { estate_id } = stage.estate;
  return inStage(stage, async (trx) => (await sql<BookMove>`
    select e.entry_date as day, b.amount::text as amount, e.description, e.reference as serial,
      (select u.unit from unit u where u.estate_id = e.estate_id and u.ref = (select min(p.unit) from posting p
        where p.estate_id = e.estate_id and p.seq = e.seq having min(p.unit) = max(p.unit))) as unit,
      i.name, i.account_number as number, i.bank_name as bank, o.reference as order
    from journal_entry e
    cross join lateral (select sum(p.debit - p.credit) as amount from posting p
      where p.estate_id = e.estate_id and p.seq = e.seq and p.account = '1002') as b
    left join payment_order o on o.estate_id = e.estate_id and o.proposal_id = e.proposal_id
    left join payee_identity i on i.estate_id = o.estate_id and i.payee_id = o.payee_id
    where e.estate_id = ${estate_id} and e.entry_date between ${from} and ${to} and b.amount <> 0 and e.reverses is null and e.bank_position is null
      and e.description not like '上期结转%'
      and not exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq)
    order by e.entry_date, e.seq`.execute(trx)).rows);
}

/** The balance the bank begins with: what it said last, or what the books were opened with. */
async function openingOf(stage: Stage): Promise<string> {
  const { estate_id } = stage.estate;
  return inStage(stage, async (trx) => {
    const last = await trx.selectFrom('bank_line').select('balance').where('estate_id', '=', estate_id).where('account', '=', '1002')
      .orderBy('position', 'desc').limit(1).executeTakeFirst();
    if (last !== undefined) return last.balance;
    const opened = await trx.selectFrom('journal_entry').select('amount').where('estate_id', '=', estate_id)
      .where('description', 'like', '上期结转%').execute();
    return moneyText(sum(opened.map((row) => money(row.amount))));
  });
}

const clock = (index: number): string => `${String(9 + Math.floor(index / 12) % 9).padStart(2, '0')}:${String((index * 5) % 60).padStart(2, '0')}:${String((index * 7) % 60).padStart(2, '0')}`;

/** Takes the bank's file for these days: whatever the books have, and `also` what they have not. */
export async function takeBankFile(stage: Stage, from: BusinessDate, to: BusinessDate, also: readonly BankMove[] = []): Promise<void> {
  const { house, estate, persons, estate: { name_zh } } = stage;
  const opening = await openingOf(stage);
  const moves: BankMove[] = (await bookMoves(stage, from, to)).map((move, index) => ({
    day: move.day, amount: move.amount, serial: move.serial ?? `YH${move.day.replaceAll('-', '')}${String(index).padStart(5, '0')}`,
    memo: move.order === null ? '转账存入' : '网银转账', name: move.name ?? '', account: move.number ?? '',
    purpose: [move.unit, move.order, move.description].filter((part) => part !== null).join(' '),
  }));
  const lines = [...moves, ...also].map((move, place) => ({ move, place }))
    .sort((a, b) => a.move.day.localeCompare(b.move.day) || a.place - b.place)
    .map(({ move }, index): PrintedLine => ({
      booked_on: move.day, booked_time: clock(index % 96), amount: move.amount, serial: move.serial, counterparty_name: move.name ?? '',
      counterparty_account: move.account ?? '', counterparty_bank: '', memo: move.memo, purpose: move.purpose ?? '',
    }));
  const { file_name, bytes } = bankFile('bocom', 'csv', { account_number: estateFixture.bank.account_number, account_name: `${name_zh}业主共有资金专户`, from, to, opening, lines });
  const taken = await takeStatement(house, {
    estate, actor: persons.cashier, bytes: Buffer.from(bytes), file_name, stated: { bank_account: '1002', from, to },
  }, statementOptions);
  assert.equal(taken.lines, lines.length, `demo statement ${from} to ${to}`);
}

/** What nobody drew up an order for, and what only a person can place: the reason to look at the page today. */
export function presentMoves(first: BusinessDate, last: BusinessDate): BankMove[] {
  const back = (days: number): BusinessDate => addDays(last, -Math.min(days, daysBetween(first, last)));
  return [
    { day: back(2), amount: '-2000.00', memo: '现金支取', serial: 'XJ00871', purpose: '' },
    { day: back(2), amount: '360.00', memo: '转账存入', name: '王某', account: '6222000000000451', serial: 'ZZ00872', purpose: '3-2-201 车位费三个月' },
    { day: back(1), amount: '88.00', memo: '转账存入', name: '李某', account: '6222000000000899', serial: 'ZZ00873', purpose: '' },
  ];
}
