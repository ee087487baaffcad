// Jointly controlled bank accounts (共管账户), each behind one ledger account. Only the last four
// digits are kept: the program never moves money and holds no number to move it with.
import type { Trx } from '../kernel/database.ts';
import { refusePersonal } from '../kernel/text.ts';
import { appendRecord } from '../evidence/records.ts';

export interface NewBankAccount {
  estate_id: number;
  /** Ledger account, 1002…. */
  account: string;
  name_zh: string;
  name_en: string;
  bank_name: string;
  account_last4: string;
}

export async function openBankAccount(trx: Trx, { estate_id, ...row }: NewBankAccount): Promise<void> {
  for (const field of ['name_zh', 'name_en', 'bank_name'] as const) refusePersonal(row[field], { field, label: '共管账户 bank account' });
  await appendRecord(trx, estate_id, 'bank_account_opened', row);
  await trx.insertInto('bank_account').values({ estate_id, ...row }).execute();
}
