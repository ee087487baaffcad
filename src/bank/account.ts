// Jointly controlled bank accounts (共管账户), each behind one ledger account (1002…). The first is entered in the transaction
// that opens the estate; later ones are opened, changed and closed by proposal (account-change.ts): the web role has no
// INSERT on bank_account. Everybody sees the last four digits; the full number lies in bank_account_number, for officers.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { canonical } from '../kernel/canonical.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { refusePersonal } from '../kernel/text.ts';
import { commitmentOf } from '../evidence/personal-value.ts';
import { refusals } from './account-change-refusals.ts';

export interface NewBankAccount {
  estate_id: number;
  /** Ledger account, 1002…. */
  account: string;
  name_zh: string;
  name_en: string;
  bank_name: string;
  account_last4: string;
}

/** First bank accounts of an estate: only in the transaction that opens it (constraint bank_account_needs_proposal). */
export async function openBankAccount(trx: Trx, { estate_id, ...row }: NewBankAccount): Promise<void> {
  for (const field of ['name_zh', 'name_en', 'bank_name'] as const) refusePersonal(row[field], { field, label: '共管账户 bank account' });
  await sql`select open_bank_account(${estate_id}, ${canonical({ ...row })})`.execute(trx);
}

/** Digits, letters and hyphens of an account number as typed. Refusal: bank_number_invalid. */
export function readNumber(typed: string): string {
  const number = typed.normalize('NFKC').replace(/\s/g, '');
  if (!/^[0-9A-Za-z-]{6,40}$/.test(number) || !/[0-9]{4}$/.test(number)) throw refusals.bank_number_invalid({ length: [...number].length }, 'account_number');
  return number;
}

export interface HashedNumber { number: string; salt: string; hash: string; last4: string }

/** A number with what a document may say of it: four digits and a salted hash. */
export function hashNumber(number: string): HashedNumber {
  const salt = randomBytes(32).toString('hex');
  return { number, salt, hash: commitmentOf(salt, 'account_number', number), last4: number.slice(-4) };
}

/** Fills in the full number of an account that was entered with four digits only; it must end in them. Once: another
 *  number is a change by proposal. Refusals: bank_number_invalid, bank_number_differs, bank_number_there. */
export async function enterNumber(trx: Trx, { estate_id, account, typed }: { estate_id: number; account: string; typed: string }): Promise<void> {
  const { number, salt } = hashNumber(readNumber(typed));
  try {
    await trx.insertInto('bank_account_number').values({ estate_id, account, number, salt }).execute();
  } catch (error) {
    throw constraintRefusal(error, {
      bank_account_number_differs: () => refusals.bank_number_differs({ last4: number.slice(-4) }, 'account_number'),
      bank_account_number_pkey: () => refusals.bank_number_there({}, 'account_number'),
    });
  }
}
