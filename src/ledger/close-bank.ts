// What the bank says when a month is closed (与银行核对): for every bank account how far its statements go, what of its lines is
// not in the books, what is not explained. It keeps no month open, because the disclosure goes out whatever is missing; the
// document that is signed carries it, and the signers see it.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { firstDay, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import type { Facts } from '../kernel/refusal.ts';
import { bankTexts } from './texts.ts';

/** One bank account in the document of a close. */
export interface CloseBank {
  /** Ledger account. */
  account: string;
  /** Last day of the month that statements cover line by line, or the last one before it; null: none was handed in. */
  covered_to: BusinessDate | null;
  /** Bank less books on that day. */
  difference: string | null;
  /** Lines up to that day that no entry answers. */
  open_lines: number;
  /** What of 待核实 is not explained yet, dated up to the month's end. */
  unexplained_out: string;
  unexplained_in: string;
}

export interface BankRead extends CloseBank {
  name_zh: string;
  name_en: string;
  account_last4: string;
  closed_on: BusinessDate | null;
  items: number;
  remaining: string | null;
}

/** Every bank account that was open in the month, at its end. */
export async function banksAtClose(trx: Trx, estate_id: number, period: Period): Promise<BankRead[]> {
  const { rows } = await sql<BankRead>`
    select k.account, k.name_zh, k.name_en, k.account_last4, k.closed_on, n.covered_to, n.difference, coalesce(n.open_lines, 0) as open_lines,
      coalesce(n.bank_items + n.book_items, 0) as items, n.remaining, n.unexplained_out, n.unexplained_in
    from bank_account k
    join account a on a.estate_id = k.estate_id and a.account = k.account and a.opened_on <= ${lastDay(period)}
    join bank_standing(${estate_id}, ${lastDay(period)}) n on n.account = k.account
    where k.estate_id = ${estate_id} and (k.closed_on is null or k.closed_on >= ${firstDay(period)}) order by k.account`.execute(trx);
  return rows;
}

export const signedBank = ({ account, covered_to, difference, open_lines, unexplained_out, unexplained_in }: BankRead): CloseBank =>
  ({ account, covered_to, difference, open_lines, unexplained_out, unexplained_in });

const isZero = (amount: string | null): boolean => amount === null || money(amount).isZero();
const figures = (amount: string | null): string => (amount === null ? '–' : moneyFigures(money(amount)));

export interface BankVerdict { ok: boolean; facts: Facts; text: Bilingual }

/** What a signer reads of one account, in sentences. */
export function bankVerdict(row: BankRead, period: Period): BankVerdict {
  const last_day = lastDay(period);
  const facts: Facts = {
    account: row.account, name: row.name_zh, name_en: row.name_en, last4: row.account_last4, covered_to: row.covered_to ?? '–', last_day,
    difference: figures(row.difference), remaining: figures(row.remaining), items: row.items, open_lines: row.open_lines,
    out: figures(row.unexplained_out), in: figures(row.unexplained_in),
  };
  const whole = row.covered_to === last_day || (row.covered_to !== null && row.covered_to === row.closed_on);
  const said: (keyof typeof bankTexts)[] = [
    row.covered_to === null ? 'no_statement' : whole ? 'covered' : 'covered_early',
    ...(row.covered_to === null ? [] : [isZero(row.difference) ? 'agrees' as const : isZero(row.remaining) ? 'explained' as const : 'differs' as const]),
    ...(row.open_lines > 0 ? ['open_lines' as const] : []),
    ...(isZero(row.unexplained_out) ? [] : ['unexplained_out' as const]),
    ...(isZero(row.unexplained_in) ? [] : ['unexplained_in' as const]),
  ];
  const ok = whole && isZero(row.remaining) && row.open_lines === 0 && isZero(row.unexplained_out) && isZero(row.unexplained_in);
  const parts: (keyof typeof bankTexts)[] = [...said, ...(ok ? [] : ['disclosed' as const])];
  return {
    ok, facts,
    text: {
      zh: fill(bankTexts.account.zh, facts) + parts.map((name) => fill(bankTexts[name].zh, facts)).join(''),
      en: fill(bankTexts.account.en, facts) + parts.map((name) => fill(bankTexts[name].en, facts)).join(' '),
    },
  };
}
