// Payees (收款方): what every owner may see (a company's name, 张* for a person, the last four digits)
// and, in a table of its own that can be erased, the full name and account. Orders carry only the
// commitment account_hash = SHA-256 of the canonical array [salt, "payee", {account, bank, name}].
// The same payee entered again is the same payee; another account is another payee.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { Trx } from '../kernel/database.ts';
import { estateToday } from '../evidence/records.ts';
import { bookText, maskedName } from '../kernel/text.ts';
import { refusals } from './refusals.ts';
import type { PayeeClass } from '../approval/kinds.ts';

export type PayeeKind = 'company' | 'individual';
export interface NewPayee {
  kind: string;
  name: string;
  bank_name: string;
  account_number: string;
}
export interface Payee {
  payee_id: number;
  kind: PayeeKind;
  public_name: string;
  account_last4: string;
  account_hash: string;
  person_id: string | null;
}

/** NFC, single spaces, nothing that cannot be seen. */
const plainText = (typed: string): string =>
  typed.normalize('NFC').replace(/\p{Cf}/gu, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** Digits of an account as typed: spaces and hyphens between groups are understood. */
export function readAccountNumber(typed: string): string {
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
  if (!/^\d{8,30}$/.test(digits)) {
    const clean = /^\d*$/.test(digits);
    throw refusals.account_number_invalid({
      length: digits.replace(/\D/g, '').length, other: clean ? '' : '，还夹有别的字符',
      other_en: clean ? '' : ' and other characters',
    }, 'account_number');
  }
  return digits;
}

interface Identity { kind: PayeeKind; name: string; bank_name: string; account_number: string }

function readPayee(typed: NewPayee): Identity {
  if (typed.kind !== 'company' && typed.kind !== 'individual') throw refusals.payee_kind_invalid({}, 'kind');
  const name = plainText(typed.name);
  if ([...name].length < 2 || [...name].length > 60) throw refusals.payee_name_invalid({}, 'name');
  // A company's name is printed for everybody; a person's never is.
  if (typed.kind === 'company') bookText(name, { field: 'name', label: '收款方 payee', limit: 60 });
  const bank_name = plainText(typed.bank_name);
  if ([...bank_name].length < 2 || [...bank_name].length > 60) throw refusals.bank_name_invalid({}, 'bank_name');
  return { kind: typed.kind, name, bank_name, account_number: readAccountNumber(typed.account_number) };
}

const columns = ['payee_id', 'kind', 'public_name', 'account_last4', 'account_hash', 'person_id'] as const;

/** Enters a payee, or finds the one that is the same to the letter. Refusals: those of demand() for
 *  draft_order, payee_kind_invalid, payee_name_invalid, bank_name_invalid, account_number_invalid. */
export async function enterPayee(
  trx: Trx, { estate, actor, payee }: { estate: Estate; actor: Actor | null; payee: NewPayee },
): Promise<Payee> {
  const { estate_id } = estate;
  const entered_by = demand(actor, estate_id, 'draft_order').person_id;
  const { kind, ...identity } = readPayee(payee);
  // Two forms with the same new payee wait for each other, so that one payee stays one.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`payee ${estate_id} ${identity.account_number}`}, 0))`.execute(trx);
  const same = await trx.selectFrom('payee_identity as i')
    .innerJoin('payee as p', (join) => join.onRef('p.estate_id', '=', 'i.estate_id').onRef('p.payee_id', '=', 'i.payee_id'))
    .select(columns.map((column) => `p.${column}` as const))
    .where('i.estate_id', '=', estate_id).where('p.kind', '=', kind).where('i.name', '=', identity.name)
    .where('i.bank_name', '=', identity.bank_name).where('i.account_number', '=', identity.account_number)
    .orderBy('p.payee_id').limit(1).executeTakeFirst();
  if (same !== undefined) return same as Payee;
  const salt = randomBytes(32).toString('hex');
  const account_hash = accountHash(salt, identity);
  const row = await trx.insertInto('payee').values({
    estate_id, kind, public_name: kind === 'company' ? identity.name : maskedName(identity.name),
    account_last4: identity.account_number.slice(-4), account_hash, entered_by,
    person_id: await officerPaid(trx, estate_id, identity),
  }).returning(columns).executeTakeFirstOrThrow();
  await trx.insertInto('payee_identity').values({ estate_id, payee_id: row.payee_id, salt, ...identity }).execute();
  return row as Payee;
}

/** What opens the commitment: anybody who is given salt, name, bank and account can check it. */
export const accountHash = (salt: string, { name, bank_name, account_number }: Omit<Identity, 'kind'>): string =>
  sha256Hex(canonical([salt, 'payee', { account: account_number, bank: bank_name, name }]));

export async function readPayeeRow(trx: Trx, estate_id: number, payee_id: number): Promise<Payee> {
  const row = await trx.selectFrom('payee').select(columns)
    .where('estate_id', '=', estate_id).where('payee_id', '=', payee_id).executeTakeFirst();
  if (row === undefined) throw refusals.payee_unknown({ payee: payee_id }, 'payee');
  return row as Payee;
}

type Recipient = Pick<Identity, 'name' | 'account_number'>;

/** The person in office today to whom money paid to this name or account goes: somebody who is paid never
 *  signs for it, also when entered as a company, with a blank in the name, or under another name with an
 *  account that was their own before. With two of one name the signer comes first; a namesake who is not
 *  meant can still be outvoted by nobody, so the other signers of the body sign. */
async function officerPaid(trx: Trx, estate_id: number, { name, account_number }: Recipient): Promise<string | null> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<{ person_id: string }>`
    with known as (
      select i.name, p.person_id from payee_identity i
      join payee p on p.estate_id = i.estate_id and p.payee_id = i.payee_id
      where i.estate_id = ${estate_id} and i.account_number = ${account_number}
      union all select ${name}, null
    )
    select t.person_id from term t join person_identity n on n.person_id = t.person_id
    where t.estate_id = ${estate_id} and ${today}::date between t.starts_on and t.ends_on
      and exists (select from known k where k.person_id = t.person_id
        or regexp_replace(k.name, '\\s', '', 'g') = regexp_replace(n.name, '\\s', '', 'g'))
    order by t.office = 'cashier', t.office desc, t.term_id limit 1`.execute(trx);
  return rows[0]?.person_id ?? null;
}

/** The person in office today whom this payee is, if one. */
export async function payeeInOffice(trx: Trx, estate_id: number, payee_id: number): Promise<string | null> {
  const identity = await trx.selectFrom('payee_identity').select(['name', 'account_number'])
    .where('estate_id', '=', estate_id).where('payee_id', '=', payee_id).executeTakeFirst();
  return identity === undefined ? null : officerPaid(trx, estate_id, identity);
}

/** The officer a payee is, asked again at submission: terms change after a payee is entered; and the class of
 *  payee that chooses the rule. */
export async function payeeOf(
  trx: Trx, estate_id: number, { payee_id, person_id, kind }: Payee,
): Promise<{ payee_person: string | null; payee_class: PayeeClass }> {
  const payee_person = await payeeInOffice(trx, estate_id, payee_id) ?? person_id;
  if (payee_person === null) return { payee_person, payee_class: kind };
  const today = await estateToday(trx, estate_id);
  const term = await trx.selectFrom('term').select('term_id').where('estate_id', '=', estate_id)
    .where('person_id', '=', payee_person).where('starts_on', '<=', today).where('ends_on', '>=', today).executeTakeFirst();
  return { payee_person, payee_class: term === undefined ? kind : 'officer' };
}

export interface PayeeShown {
  payee_id: number;
  kind: PayeeKind;
  public_name: string;
  account_last4: string;
  account_hash: string;
  /** Only for officers, and only while it has not been erased. */
  name?: string;
  bank_name?: string;
  account_number?: string;
}

/** Payees by number; in full for officers, masked for everybody else. */
export async function payeeList(
  trx: Trx, estate_id: number,
  { in_full, payee_id, cursor, limit }: { in_full: boolean; payee_id?: number; cursor?: number | undefined; limit: number },
): Promise<{ items: PayeeShown[]; next_cursor: string | null }> {
  let query = trx.selectFrom('payee as p')
    .leftJoin('payee_identity as i', (join) => join.onRef('i.estate_id', '=', 'p.estate_id').onRef('i.payee_id', '=', 'p.payee_id'))
    .select(['p.payee_id', 'p.kind', 'p.public_name', 'p.account_last4', 'p.account_hash', 'i.name', 'i.bank_name', 'i.account_number'])
    .where('p.estate_id', '=', estate_id);
  if (payee_id !== undefined) query = query.where('p.payee_id', '=', payee_id);
  if (cursor !== undefined) query = query.where('p.payee_id', '>', cursor);
  const rows = await query.orderBy('p.payee_id').limit(limit + 1).execute();
  const items = rows.slice(0, limit).map(({ name, bank_name, account_number, ...shown }): PayeeShown => ({
    ...shown, kind: shown.kind as PayeeKind,
    ...(in_full && name !== null && bank_name !== null && account_number !== null ? { name, bank_name, account_number } : {}),
  }));
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.payee_id) : null };
}

/** One who was paid before, or one who is entered now: for contracts as for orders. */
export const payeeAsked = (trx: Trx, { estate, actor, payee }: { estate: Estate; actor: Actor; payee: { payee_id: number } | NewPayee }): Promise<Payee> =>
  ('payee_id' in payee ? readPayeeRow(trx, estate.estate_id, payee.payee_id) : enterPayee(trx, { estate, actor, payee }));
