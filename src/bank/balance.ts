// What the bank says (银行余额): the closing balance of a day by the bank's own statement, with that
// statement as voucher. It moves nothing in the books; it is what they are compared with, in public.
// Append-only: a wrong one is followed by a right one for the same day, and the last one counts. For accounts whose lines
// are taken in from files (statement.ts) the lines say it: a typed figure that differs from them is refused.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate } from '../kernel/database.ts';
import { businessDate, firstDay, readDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, moneyText, readMoney } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { refusals } from './refusals.ts';
import { balanceByLines } from './statement-known.ts';
import { refusals as lineRefusals } from './statement-refusals.ts';

export interface StatedBalance {
  estate: Estate;
  actor: Actor;
  /** Ledger account of the bank account. */
  account: string;
  as_of: string;
  balance: string;
  /** The bank's statement, received before as a voucher. */
  sha256: string;
  key?: string | null | undefined;
}

/** Puts a balance of the bank on record. Refusals: bank_account_unknown, bank_date_*, bank_balance_invalid,
 *  bank_statement_*, bank_balance_contradicts_lines. The very same statement again gives the first answer. */
export async function stateBankBalance(house: House, stated: StatedBalance): Promise<{ seq: number }> {
  const { estate, actor, account, sha256, key = null } = stated;
  const { estate_id } = estate;
  demand(actor, estate_id, 'state_bank_balance');
  const as_of = readDate(stated.as_of);
  if (as_of === null) throw refusals.bank_date_invalid({ typed: stated.as_of.slice(0, 40) }, 'as_of');
  if (as_of < firstDay(estate.first_period)) {
    throw refusals.bank_date_before_books({ as_of, first_period: estate.first_period }, 'as_of');
  }
  const amount = readMoney(stated.balance);
  if (amount === null || amount.isNegative()) {
    throw refusals.bank_balance_invalid({ typed: stated.balance.slice(0, 40) }, 'balance');
  }
  const balance = moneyText(amount);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw refusals.bank_statement_missing({}, 'voucher');
  const content: Json = { kind: 'bank_balance', account, as_of, balance, sha256 };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    const known = await trx.selectFrom('bank_account').select('account')
      .where('estate_id', '=', estate_id).where('account', '=', account).executeTakeFirst();
    if (known === undefined) throw refusals.bank_account_unknown({ account: account.slice(0, 20) }, 'account');
    const stated_at = await estateNow(trx, estate_id);
    const today = businessDate(stated_at);
    if (as_of > today) throw refusals.bank_date_ahead({ as_of, today }, 'as_of');
    const lines = await balanceByLines(trx, estate_id, account, as_of);
    if (lines !== null && lines !== balance) {
      throw lineRefusals.bank_balance_contradicts_lines({
        as_of, lines: moneyFigures(money(lines)), balance: moneyFigures(amount), difference: moneyFigures(minus(amount, money(lines))),
      }, 'balance');
    }
    const voucher = await trx.selectFrom('voucher').select('sha256')
      .where('estate_id', '=', estate_id).where('sha256', '=', sha256).executeTakeFirst();
    if (voucher === undefined) throw refusals.bank_statement_unknown({ sha256: sha256.slice(0, 12) }, 'voucher');
    const seq = await appendRecord(trx, estate_id, 'bank_balance_stated',
      { account, as_of, balance, stated_by: actor.person_id, voucher: sha256 });
    // Asked under the log's lock, so that two presses of one button leave one row.
    const same = await trx.selectFrom('bank_balance').select(['seq', 'balance', 'sha256'])
      .where('estate_id', '=', estate_id).where('account', '=', account).where('as_of', '=', as_of)
      .orderBy('seq', 'desc').limit(1).executeTakeFirst();
    if (same !== undefined && same.balance === balance && same.sha256 === sha256) throw new SameAgain(same.seq);
    await trx.insertInto('bank_balance')
      .values({ estate_id, seq, account, as_of, balance, sha256, stated_by: actor.person_id, stated_at }).execute();
    return { seq };
  })).catch((error: unknown) => {
    if (error instanceof SameAgain) return { seq: error.seq };
    throw error;
  });
}

/** Undoes the record that was appended for a statement that is there already. */
class SameAgain extends Error {
  readonly seq: number;
  constructor(seq: number) {
    super('same statement again');
    this.seq = seq;
  }
}
