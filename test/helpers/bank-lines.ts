// Lines of the bank without a file: they go through the door take_statement(), as a file's would.
//   const bank = bankOf(made); await bank.take([['2026-11-03', '500.00', 'S1']])
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import type { TestHouse } from './house.ts';

/** Day, amount (negative: out), serial. */
export type TakenLine = readonly [booked_on: string, amount: string, serial?: string];

export interface Taking { account?: string; from?: string; to?: string; opening?: string; closing?: string; repeated?: number; by?: string }

export function bankOf({ house, estate: { estate_id }, persons }: Pick<TestHouse, 'house' | 'estate' | 'persons'>) {
  let files = 0;
  const balances = new Map<string, string>();
  return {
    /** Takes a statement; gives its record. The opening continues what was taken before. */
    async take(lines: readonly TakenLine[], asked: Taking = {}): Promise<number> {
      const { account = '1002', by = persons.cashier, repeated = 0 } = asked;
      const days = lines.map(([day]) => day);
      const opening = asked.opening ?? balances.get(account) ?? '0.00';
      let balance = money(opening);
      const rows = lines.map(([day, amount, serial = '']) => {
        balance = sum([balance, money(amount)]);
        return [day, amount, moneyText(balance), serial];
      });
      const sha256 = createHash('sha256').update(`statement ${estate_id} ${files += 1} ${Math.random()}`).digest('hex');
      const body = canonical({
        account, closing: asked.closing ?? moneyText(balance), format: 'test', from: asked.from ?? days[0]!, imported_by: by, lines: rows,
        opening, period_stated: true, repeated, to: asked.to ?? days.at(-1)!, voucher: sha256,
      });
      const seq = await inEstate(house.db.app, estate_id, async (trx) => {
        const record = await appendRecord(trx, estate_id, 'voucher_received', { sha256, media_type: 'application/xml', size: 1, made_by: by });
        await trx.insertInto('voucher').values({
          estate_id, sha256, media_type: 'application/xml', size: 1, file_name: 'statement.xml', uploaded_by: by, seq: record,
        }).execute();
        const { rows: taken } = await sql<{ seq: number }>`select take_statement(${estate_id}, ${body}) as seq`.execute(trx);
        return taken[0]!.seq;
      });
      balances.set(account, moneyText(balance));
      return seq;
    },
  };
}
