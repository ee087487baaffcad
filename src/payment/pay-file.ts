// Pay files (付款文件): approved orders as one file for the bank, made once, kept, and handed out again with the same bytes.
//   made → the bank pays → the statement's lines find their orders by the reference in the purpose
//   made → declared void with a reason (the bank refused it) → its unpaid orders may go into another file
// An order stands in one file at most (pay_file_order_once), and only while it is approved and waits for nothing: one that is
// announced, objected to, signed after the fact, withdrawn or paid is not exported (make_pay_file). File and voiding are records;
// the file itself holds account numbers and is for the officers who pay. The software moves no money: the bank asks its own two keys.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { estateNow } from '../evidence/records.ts';
import { lockEstate } from '../approval/proposal.ts';
import { waitOf, waitRefusal } from '../approval/waiting.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { accountHash, readAccountNumber } from './payee.ts';
import { isPayFormat, mediaOf, payFile, type PayFormat, type PayOrder, type Transfer } from './pay-file-formats.ts';
import { fileOfOrder, payingAccounts, readPayFile, type PayFile, type PayingAccount } from './pay-file-queries.ts';
import { refusals } from './refusals.ts';

export interface PayFileAsked {
  estate: Estate;
  actor: Actor | null;
  /** Idempotency key; null: every call is a new file. */
  key?: string | null | undefined;
  orders: readonly number[];
  format: string;
  /** Bank account that pays, by its ledger account. */
  bank_account: string;
  /** Holder of that account as the bank knows it. Default: the estate's name. */
  debtor_name?: string | undefined;
  /** Its full number, where none is stored; used for this file and not kept. */
  account_number?: string | undefined;
  /** Day on which it shall be paid. Default: today. */
  pay_on?: string | undefined;
}

/** Most orders of one file: banks take between 200 and 2,000. */
export const MOST_ORDERS = 200;

async function demandAccount(trx: Trx, estate_id: number, account: string): Promise<PayingAccount & { number: string | null }> {
  const found = (await payingAccounts(trx, estate_id)).find((one) => one.account === account);
  if (found === undefined) throw refusals.paying_account_unknown({ account: account.slice(0, 20) }, 'bank_account');
  const stored = await trx.selectFrom('bank_account_number').select('number')
    .where('estate_id', '=', estate_id).where('account', '=', account).executeTakeFirst();
  return { ...found, number: stored?.number ?? null };
}

/** The number stored, or the one typed for this file: it must end as the account does. Refusals: debtor_number_missing,
 *  account_number_invalid, debtor_number_differs. */
function debtorNumber(account: PayingAccount & { number: string | null }, typed: string | undefined): string {
  if (account.number !== null) return account.number;
  if ((typed ?? '').trim() === '') throw refusals.debtor_number_missing({ last4: account.account_last4 }, 'account_number');
  const number = readAccountNumber(typed!);
  if (!number.endsWith(account.account_last4)) {
    throw refusals.debtor_number_differs({ last4: account.account_last4, typed: number.slice(-4) }, 'account_number');
  }
  return number;
}

/** Names and accounts of the payees, in the order asked. Refusals: order_unknown, order_not_approved, waits_for_notice,
 *  waits_for_answer, order_after_the_fact, order_elsewhere, order_in_file, pay_file_payee_erased, pay_file_payee_changed. */
async function transfersOf(trx: Trx, estate_id: number, orders: readonly number[], bank_account: string): Promise<Transfer[]> {
  const { rows } = await sql<{
    proposal_id: number; state: string; reference: string; purpose: string; amount: string; bank_account: string; settles: number | null;
    settles_number: string | null; name: string | null; bank_name: string | null; account_number: string | null; salt: string | null; signed: string | null;
  }>`select o.proposal_id, p.state, o.reference, o.purpose, p.amount, o.bank_account, o.settles,
      e.period || ' ' || entry_number(e.kind, e.number) as settles_number, i.name, i.bank_name, i.account_number, i.salt,
      p.document::jsonb #>> '{payee,account_hash}' as signed
    from payment_order o join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    left join payee_identity i on i.estate_id = o.estate_id and i.payee_id = o.payee_id
    left join journal_entry e on e.estate_id = o.estate_id and e.seq = o.settles
    where o.estate_id = ${estate_id} and o.proposal_id = any(${[...orders]}::bigint[])`.execute(trx);
  const transfers: Transfer[] = [];
  for (const proposal_id of orders) {
    const row = rows.find((one) => one.proposal_id === proposal_id);
    if (row === undefined) throw refusals.order_unknown({ order: proposal_id });
    if (row.state !== 'approved') throw ledgerRefusals.order_not_approved({ proposal: proposal_id }, 'orders');
    const wait = await waitOf(trx, estate_id, proposal_id);
    if (wait !== null) throw waitRefusal(wait);
    if (row.settles !== null) throw refusals.order_after_the_fact({ order: proposal_id, number: row.settles_number ?? '' }, 'orders');
    if (row.bank_account !== bank_account) {
      throw refusals.order_elsewhere({ order: row.reference, own: row.bank_account, account: bank_account }, 'orders');
    }
    const standing = await fileOfOrder(trx, estate_id, proposal_id);
    if (standing !== null) throw refusals.order_in_file({ order: row.reference, file: standing }, 'orders');
    const { name, bank_name, account_number, salt } = row;
    if (name === null || bank_name === null || account_number === null || salt === null) throw refusals.pay_file_payee_erased({ order: row.reference }, 'orders');
    // The working copy beside the document says whom; what was signed says whether it is so.
    if (accountHash(salt, { name, bank_name, account_number }) !== row.signed) throw refusals.pay_file_payee_changed({ order: row.reference }, 'orders');
    transfers.push({ reference: row.reference, purpose: row.purpose, amount: money(row.amount), payee: { name, bank_name, account_number } });
  }
  return transfers;
}

/** Makes and keeps a file; gives its number. Refusals: those of demand() for draft_order, pay_file_empty, pay_file_too_many,
 *  pay_format_unknown, pay_on_invalid, paying_account_unknown, those of debtorNumber(), transfersOf() and payFile(). */
export async function makePayFile(house: House, asked: PayFileAsked): Promise<number> {
  const { estate, key = null, bank_account } = asked;
  const { estate_id } = estate;
  const maker = demand(asked.actor, estate_id, 'draft_order');
  const orders = [...new Set(asked.orders)].sort((a, b) => a - b);
  if (orders.length === 0) throw refusals.pay_file_empty({}, 'orders');
  if (orders.length > MOST_ORDERS) throw refusals.pay_file_too_many({ count: orders.length, limit: MOST_ORDERS }, 'orders');
  const format = readFormat(asked.format);
  const content = { orders, format, bank_account, pay_on: asked.pay_on ?? '', debtor_name: asked.debtor_name ?? '' };
  return inEstate(house.db.app, estate_id, async (trx) => {
    const { seq } = await once(trx, { estate_id, key: key === null ? null : `pay_file:${maker.person_id}:${key}`, content }, async () => {
      // Under the lock from here on: nothing is withdrawn, paid or exported beside it.
      await lockEstate(trx, estate_id);
      const made_at = await estateNow(trx, estate_id);
      const account = await demandAccount(trx, estate_id, bank_account);
      const transfers = await transfersOf(trx, estate_id, orders, bank_account);
      const order: PayOrder = {
        message_id: await messageId(trx, estate), made_at, on: readPayDay(asked.pay_on, businessDate(made_at)), transfers,
        debtor: {
          name: readDebtorName(asked.debtor_name, estate), bank_name: account.bank_name, account_number: debtorNumber(account, asked.account_number),
        },
      };
      const sha256 = await house.storage.keep(await payFile(format, order));
      return { seq: await recordFile(trx, estate_id, { orders, format, bank_account, sha256, made_by: maker.person_id, transfers }) };
    });
    return seq;
  });
}

function readFormat(typed: string): PayFormat {
  if (!isPayFormat(typed)) throw refusals.pay_format_unknown({ typed: typed.slice(0, 40) }, 'format');
  return typed;
}

function readPayDay(typed: string | undefined, today: BusinessDate): BusinessDate {
  if (typed === undefined || typed === '') return today;
  if (!isBusinessDate(typed) || typed < today) throw refusals.pay_on_invalid({ typed: typed.slice(0, 40), today }, 'pay_on');
  return typed;
}

/** The holder's name goes to the bank, not into the books. */
function readDebtorName(typed: string | undefined, estate: Estate): string {
  const name = (typed ?? '').normalize('NFC').replace(/\p{Cf}/gu, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (name === '') return estate.name_zh;
  if ([...name].length < 2 || [...name].length > 60) throw refusals.debtor_name_invalid({}, 'debtor_name');
  return name;
}

/** MZ-demo-1234: the estate and the number that the file's record will have. */
async function messageId(trx: Trx, { estate_id, code }: Estate): Promise<string> {
  const { size } = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  return `MZ-${code.slice(0, 20)}-${size + 1}`;
}

interface Recorded { orders: number[]; format: PayFormat; bank_account: string; sha256: string; made_by: string; transfers: readonly Transfer[] }

async function recordFile(trx: Trx, estate_id: number, { transfers, ...made }: Recorded): Promise<number> {
  const body = canonical({ ...made, count: transfers.length, total: moneyText(sum(transfers.map((one) => one.amount))) });
  const { rows } = await sql<{ status: string; seq: number | null; proposal: number | null }>`
    select status, seq, proposal from make_pay_file(${estate_id}, ${body})`.execute(trx);
  const { status, seq, proposal } = rows[0]!;
  // All of it was looked at before, under the same lock; the door looks again.
  if (status !== 'made' || seq === null) throw refusals.pay_file_refused({ status, order: proposal ?? '–' }, 'orders');
  return seq;
}

/** Declares a file void. Refusals: those of demand() for draft_order, pay_file_unknown, pay_file_void_already, text_…. */
export async function voidPayFile(
  house: House, { estate: { estate_id }, actor, pay_file, reason: typed }:
  { estate: Estate; actor: Actor | null; pay_file: number; reason: string },
): Promise<void> {
  const by = demand(actor, estate_id, 'draft_order').person_id;
  const reason = bookText(typed, { field: 'reason', label: '作废原因 reason' });
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`
      select void_pay_file(${estate_id}, ${canonical({ by, pay_file, reason })}) as status`.execute(trx);
    if (rows[0]!.status === 'pay_file_unknown') throw refusals.pay_file_unknown({ file: pay_file });
    if (rows[0]!.status === 'already_voided') throw refusals.pay_file_void_already({ file: pay_file });
  });
}

/** The same bytes as the first time, for the officers who pay. Refusals: those of demand() for draft_order, pay_file_unknown. */
export async function openPayFile(
  house: House, { estate, actor, pay_file }: { estate: Estate; actor: Actor | null; pay_file: number },
): Promise<{ file: PayFile; bytes: Buffer; type: string; file_name: string }> {
  const { estate_id, code } = estate;
  demand(actor, estate_id, 'draft_order');
  const file = await inEstate(house.db.app, estate_id, (trx) => readPayFile(trx, estate_id, pay_file), { readOnly: true });
  const bytes = await house.storage.read(file.sha256);
  if (bytes === null) throw refusals.pay_file_unknown({ file: pay_file });
  const { type, ending } = mediaOf(file.format);
  return { file, bytes, type, file_name: `pay-${code}-${file.made_on}-${file.seq}.${ending}` };
}
