// Reads of bank accounts as they are shown on their own pages: number, state, what is being signed, how far the list is.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';

export interface AccountShown {
  account: string;
  name_zh: string;
  name_en: string;
  bank_name: string;
  account_last4: string;
  closed_on: string | null;
  /** Whole number; null where none is entered, or for whom it is not. */
  number: string | null;
}

export async function accountsShown(trx: Trx, estate_id: number, { in_full }: { in_full: boolean }): Promise<AccountShown[]> {
  const { rows } = await sql<AccountShown>`
    select b.account, b.name_zh, b.name_en, b.bank_name, b.account_last4, b.closed_on, case when ${in_full} then n.number end as number
    from bank_account b left join bank_account_number n on n.estate_id = b.estate_id and n.account = b.account
    where b.estate_id = ${estate_id} order by b.closed_on nulls first, b.account`.execute(trx);
  return rows;
}

export interface AskedAccount { proposal_id: number; title: string; title_en: string | null; kind: 'bank_account' | 'mandate'; number: string | null }

/** Proposals about bank accounts and mandates that are not carried out yet. */
export async function askedAccounts(trx: Trx, estate_id: number, { in_full }: { in_full: boolean }): Promise<AskedAccount[]> {
  const { rows } = await sql<AskedAccount>`
    select o.proposal_id, o.title, o.document::jsonb ->> 'title_en' as title_en, o.kind, case when ${in_full} then n.number end as number
    from proposal o left join bank_account_asked n on n.estate_id = o.estate_id and n.proposal_id = o.proposal_id
    where o.estate_id = ${estate_id} and o.kind in ('bank_account', 'mandate') and o.state in ('submitted', 'held', 'approved')
    order by o.proposal_id desc`.execute(trx);
  return rows;
}

export interface Choice { value: string; name_zh: string; name_en: string }

/** What a mandate may name: open bank accounts, expense accounts that take entries, funds. */
export async function mandateChoices(trx: Trx, estate_id: number): Promise<{ bank_accounts: Choice[]; expenses: Choice[]; funds: Choice[] }> {
  const bank_accounts = await trx.selectFrom('bank_account').select(['account as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('closed_on', 'is', null).orderBy('account').execute();
  const expenses = await trx.selectFrom('account').select(['account as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('class', '=', 'expense').where('is_postable', '=', true).where('closed_on', 'is', null).orderBy('account').execute();
  const funds = await trx.selectFrom('fund').select(['fund as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).orderBy('place').orderBy('fund').execute();
  return { bank_accounts, expenses, funds };
}
