// Lines of the bank with all that a bank says about them, through the door a file goes through.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import type { TestHouse } from '../helpers/house.ts';

export interface Told {
  on: string;
  amount: string;
  serial?: string;
  name?: string;
  number?: string;
  memo?: string;
  purpose?: string;
}

/** A bank that hands out statements; each continues the one before. Gives the positions of its lines. */
export function bankOf({ house, estate: { estate_id }, persons }: Pick<TestHouse, 'house' | 'estate' | 'persons'>, account = '1002') {
  let [balance, last, files] = [money('0.00'), 0, 0];
  return {
    balance: () => moneyText(balance),
    async take(lines: readonly Told[], { from, to, by = persons.cashier }: { from?: string; to?: string; by?: string } = {}): Promise<number[]> {
      const opening = moneyText(balance);
      const rows = lines.map(({ on, amount, serial = '' }) => {
        balance = sum([balance, money(amount)]);
        return [on, amount, moneyText(balance), serial];
      });
      const first = last + 1;
      last += lines.length;
      const sha256 = createHash('sha256').update(`statement ${estate_id} ${account} ${files += 1} ${Math.random()}`).digest('hex');
      const body = canonical({
        account, closing: moneyText(balance), format: 'test', from: from ?? lines[0]!.on, imported_by: by, lines: rows, opening,
        period_stated: true, repeated: 0, to: to ?? lines.at(-1)!.on, voucher: sha256,
      });
      await inEstate(house.db.app, estate_id, async (trx) => {
        const seq = await appendRecord(trx, estate_id, 'voucher_received', { sha256, media_type: 'application/xml', size: 1, made_by: by });
        await trx.insertInto('voucher').values({ estate_id, sha256, media_type: 'application/xml', size: 1, file_name: 'statement.xml', uploaded_by: by, seq }).execute();
        await sql`select take_statement(${estate_id}, ${body})`.execute(trx);
        if (lines.length >= 1_000) await sql`select refresh_statistics()`.execute(trx);
        for (let at = 0; at < lines.length; at += 1_000) {
          await trx.insertInto('bank_line_detail').values(lines.slice(at, at + 1_000).map(({ name = '', number = '', memo = '', purpose = '' }, index) => ({
            estate_id, account, position: first + at + index, counterparty_name: name, counterparty_account: number, memo, purpose,
          }))).execute();
        }
      });
      return lines.map((_, index) => first + index);
    },
  };
}
