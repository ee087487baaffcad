// Opening, changing and closing a bank account (开立、变更、注销共管账户): by a proposal, signed by whomever a change of the
// rules asks (rule_for maps bank_account to rule).
//   proposed → signed → carried out by change_bank_account()      by then impossible: superseded, with the reason
// The document holds the last four digits and a salted hash of the number; the number itself lies in bank_account_asked,
// for officers. A new account gets a ledger account of its own under 1002. One is closed only at 0.00, by the books and by
// the bank, and while no order waits to be paid from it: bank_account_in_use().
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { firstDay, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import type { Document } from '../approval/queries.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { refusals } from './account-change-refusals.ts';
import { hashNumber, readNumber, type HashedNumber } from './account.ts';
import { refusals as bankRefusals } from './refusals.ts';
import { signersFor } from './signers.ts';

export const changes = ['open', 'change', 'close'] as const;
export type AccountChange = (typeof changes)[number];
export const NAME_LIMIT = 40;
export const REASON_LIMIT = 200;

const titles: Record<AccountChange, { zh: string; en: string }> = {
  open: { zh: '开立共管账户', en: 'Opening of a bank account' },
  change: { zh: '变更共管账户', en: 'Change of a bank account' },
  close: { zh: '注销共管账户', en: 'Closing of a bank account' },
};

export interface AccountChangeAsked {
  estate: Estate;
  actor: Actor;
  change: string;
  /** Ledger account; of a new one the next free under 1002 when not given. */
  account?: string | undefined;
  name_zh?: string | undefined;
  name_en?: string | undefined;
  /** Bank with its branch (开户行). */
  bank_name?: string | undefined;
  /** Whole number; of a change empty where it stays. */
  account_number?: string | undefined;
  opened_on?: string | undefined;
  closed_on?: string | undefined;
  reason: string;
  resolution?: ResolutionTyped | undefined;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type AccountChangeProposed = { proposal_id: number; document_hash: string; account: string };

/** Proposes a change for signing. Refusals in this order: not_allowed, bank_change_unknown, text_*, bank_number_*, bank_change_needs_signer,
 *  bank_account_unknown, bank_account_closed, bank_account_code_invalid, bank_change_under_way, what is in the way of closing,
 *  those of readResolution(), rule_missing. */
export async function proposeAccountChange(house: House, asked: AccountChangeAsked): Promise<AccountChangeProposed> {
  const { estate, actor, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const change = changes.find((one) => one === asked.change);
  if (change === undefined) throw refusals.bank_change_unknown({ typed: asked.change.slice(0, 20) }, 'change');
  const typed = readTyped(change, asked);
  const once_key = key === null ? null : `bank_account:${actor.person_id}:${key}`;
  const { number, ...content } = typed;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, {
    estate_id, key: once_key, content: { ...content, number: number?.number ?? null, account: asked.account ?? null, resolution: { ...resolution } } as Json,
  }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, 'bank_account', today);
    if (refusal !== null) throw refusal;
    const facts = await factsOf(trx, estate, { change, typed, account: asked.account, today });
    await refuseTwice(trx, estate_id, facts.account);
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const title = `${titles[change].zh}（${facts.bank_name}，尾号 ${facts.account_last4}）`;
    const row = { title, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'bank_account', made_by: actor.person_id, ...row });
    if (number !== null) await trx.insertInto('bank_account_asked').values({ estate_id, proposal_id, number: number.number, salt: number.salt }).execute();
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: { change, ...facts, reason: typed.reason, title_en: `${titles[change].en} (${facts.bank_name}, ending in ${facts.account_last4})`,
        ...(signed === null ? {} : { resolution: signed }) },
    });
    return { proposal_id, document_hash, account: facts.account };
  }));
}

interface Typed { reason: string; name_zh: string; name_en: string; bank_name: string; number: HashedNumber | null; opened_on: string; closed_on: string }

function readTyped(change: AccountChange, asked: AccountChangeAsked): Typed {
  const named = change !== 'close';
  const text = (field: 'name_zh' | 'name_en' | 'bank_name', label: string, limit = NAME_LIMIT): string =>
    (named ? bookText(asked[field] ?? '', { field, label, limit }) : '');
  const names = { name_zh: text('name_zh', '账户名称 Chinese name'), name_en: text('name_en', '英文名称 English name'), bank_name: text('bank_name', '开户行 bank', 60) };
  const reason = bookText(asked.reason, { field: 'reason', label: '理由 reason', limit: REASON_LIMIT });
  const given = (asked.account_number ?? '').trim();
  if (change === 'open' && given === '') throw refusals.bank_number_missing({}, 'account_number');
  return { reason, ...names, number: named && given !== '' ? hashNumber(readNumber(given)) : null, opened_on: asked.opened_on ?? '', closed_on: asked.closed_on ?? '' };
}

/** What stands in the document; a type alias, so that it is JSON. */
type Facts = { account: string; account_last4: string; bank_name: string; name_en: string; name_zh: string } & { readonly [more: string]: Json | undefined };

async function factsOf(trx: Trx, estate: Estate, { change, typed, account, today }: { change: AccountChange; typed: Typed; account: string | undefined; today: BusinessDate }): Promise<Facts> {
  const { estate_id } = estate;
  const { name_zh, name_en, bank_name, number } = typed;
  if (change === 'open') {
    const from = firstDay(estate.first_period);
    const opened_on = typed.opened_on.trim() === '' ? today : readDate(typed.opened_on);
    if (opened_on === null || opened_on < from || opened_on > today) {
      throw refusals.bank_opened_on_invalid({ typed: typed.opened_on.slice(0, 20), from, today }, 'opened_on');
    }
    const free = await freeAccount(trx, estate_id, account);
    return { account: free, account_last4: number!.last4, account_hash: number!.hash, bank_name, name_en, name_zh, opened_on };
  }
  const present = await trx.selectFrom('bank_account').select(['account', 'account_last4', 'bank_name', 'name_en', 'name_zh', 'closed_on'])
    .where('estate_id', '=', estate_id).where('account', '=', account ?? '').executeTakeFirst();
  if (present === undefined) throw bankRefusals.bank_account_unknown({ account: (account ?? '').slice(0, 20) }, 'account');
  const { closed_on: closed_before, ...before } = present;
  if (closed_before !== null) throw refusals.bank_account_closed({ last4: before.account_last4, closed_on: closed_before }, 'account');
  if (change === 'close') {
    const closed_on = readDate(typed.closed_on);
    if (closed_on === null || closed_on > today) throw refusals.bank_closed_on_invalid({ typed: typed.closed_on.slice(0, 20), today }, 'closed_on');
    const why = await inUse(trx, estate_id, before.account, closed_on);
    if (why !== null) throw why;
    return { ...before, closed_on };
  }
  const after = { account: before.account, account_last4: number?.last4 ?? before.account_last4, bank_name, name_en, name_zh };
  const kept = await trx.selectFrom('bank_account_number').select('number').where('estate_id', '=', estate_id).where('account', '=', before.account).executeTakeFirst();
  const same_number = number === null || number.number === kept?.number;
  if (same_number && after.bank_name === before.bank_name && after.name_en === before.name_en && after.name_zh === before.name_zh) {
    throw refusals.bank_account_unchanged({}, 'bank_name');
  }
  const { account: _account, ...was } = before;
  return { ...after, ...(number === null ? {} : { account_hash: number.hash }), before: was };
}

/** The ledger account of a new bank account: the one that is asked for, or the next free under 1002. */
async function freeAccount(trx: Trx, estate_id: number, asked: string | undefined): Promise<string> {
  const rows = await trx.selectFrom('account').select('account').where('estate_id', '=', estate_id).where('account', 'like', '1002__').execute();
  // What is being signed for is taken as well.
  const { rows: open } = await sql<{ account: string }>`select document::jsonb ->> 'account' as account from proposal where estate_id = ${estate_id}
    and kind = 'bank_account' and state in ('submitted', 'held', 'approved')`.execute(trx);
  const taken = new Set([...rows, ...open].map((row) => row.account));
  const free = Array.from({ length: 98 }, (_, index) => `1002${String(index + 2).padStart(2, '0')}`).filter((code) => !taken.has(code));
  const account = asked === undefined || asked === '' ? free[0] : free.find((code) => code === asked);
  if (account === undefined) throw refusals.bank_account_code_invalid({ account: (asked ?? '').slice(0, 20) }, 'account');
  return account;
}

async function refuseTwice(trx: Trx, estate_id: number, account: string): Promise<void> {
  const { rows: [open] } = await sql<{ proposal_id: number }>`select proposal_id from proposal where estate_id = ${estate_id} and kind = 'bank_account'
    and state in ('submitted', 'held', 'approved') and document::jsonb ->> 'account' = ${account} limit 1`.execute(trx);
  if (open !== undefined) throw refusals.bank_change_under_way({ proposal: open.proposal_id });
}

/** Why an account cannot be closed on a day, with its figures; null where it can. */
export async function inUse(trx: Trx, estate_id: number, account: string, closed_on: BusinessDate): Promise<Refusal | null> {
  const { rows: [row] } = await sql<{ why: string | null }>`select bank_account_in_use(${estate_id}, ${account}, ${closed_on}::date) as why`.execute(trx);
  return row!.why === null ? null : inUseRefusal(trx, estate_id, account, closed_on, row!.why);
}

async function inUseRefusal(trx: Trx, estate_id: number, account: string, closed_on: BusinessDate, why: string): Promise<Refusal> {
  const books = await trx.selectFrom('balance').select(({ fn }) => [fn.sum<string>('debit').as('debit'), fn.sum<string>('credit').as('credit')])
    .where('estate_id', '=', estate_id).where('account', '=', account).executeTakeFirstOrThrow();
  const bank = await trx.selectFrom('bank_balance').select('balance').where('estate_id', '=', estate_id).where('account', '=', account)
    .orderBy('as_of', 'desc').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const orders = await trx.selectFrom('payment_order as y')
    .innerJoin('proposal as o', (join) => join.onRef('o.estate_id', '=', 'y.estate_id').onRef('o.proposal_id', '=', 'y.proposal_id'))
    .select('y.proposal_id').where('y.estate_id', '=', estate_id).where('y.bank_account', '=', account)
    .where('o.state', 'in', ['submitted', 'held', 'approved']).orderBy('y.proposal_id').limit(10).execute();
  const { rows: [lines] } = await sql<{ lines: string; line_day: string | null; covered_to: string | null }>`
    select count(*)::text as lines, min(o.booked_on) as line_day,
      (select max(s.period_to) from bank_statement s where s.estate_id = ${estate_id} and s.account = ${account}) as covered_to
    from open_bank_lines(${estate_id}, ${account}) o`.execute(trx);
  const facts = {
    lines: lines!.lines, line_day: lines!.line_day ?? '–', covered_to: lines!.covered_to ?? '–',
    books: moneyFigures(minus(money(books.debit ?? '0.00'), money(books.credit ?? '0.00'))),
    bank: bank === undefined ? '–' : moneyFigures(money(bank.balance)), orders: orders.map((row) => row.proposal_id).join(', '), closed_on,
  };
  return makers[why]?.(facts) ?? refusals.bank_account_closing_day(facts, 'closed_on');
}
const makers: Record<string, (facts: Record<string, string>) => Refusal> = {
  bank_account_books_left: refusals.bank_account_books_left, bank_account_bank_left: refusals.bank_account_bank_left,
  bank_account_orders_wait: refusals.bank_account_orders_wait, bank_account_suspense_left: refusals.bank_account_suspense_left,
  bank_account_last: refusals.bank_account_last, bank_account_lines_left: refusals.bank_account_lines_left,
  bank_account_statements_short: refusals.bank_account_statements_short,
};

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** Carries an approved change out; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays
 *  approved), bank_change_not_approved, change_not_possible (it is superseded). */
export const executeAccountChange = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'change_bank_account', done: 'changed', already: 'already_changed', not_approved: () => refusals.bank_change_not_approved({ proposal: proposal_id }),
  after: (trx, document) => tellOfficers(trx, estate, proposal_id, document),
  impossible: (error, document) => impossible(house, estate.estate_id, error, document),
});

/** What will not go away by waiting, in words; null for any other error. Constraints are called as refusals are. */
async function impossible(house: House, estate_id: number, error: unknown, document: Document): Promise<Refusal | null> {
  const facts = { account: String(document['account']), closed_on: String(document['closed_on']) };
  const why = byConstraint({
    ...Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => make(facts)])),
    bank_account_closing_day: () => refusals.bank_account_closing_day(facts),
    bank_account_there: () => refusals.bank_account_there(facts), bank_account_ledger: () => refusals.bank_account_ledger(facts),
    bank_account_changed_meanwhile: () => refusals.bank_account_changed_meanwhile(),
    bank_account_number_differs: () => refusals.bank_account_number_unsigned(),
  })(error);
  if (why === null || makers[why.code] === undefined) return why;
  const { code } = why;
  return inEstate(house.db.app, estate_id, (trx) => inUseRefusal(trx, estate_id, facts.account, facts.closed_on, code), { readOnly: true });
}

/** Everybody in office: money comes and goes elsewhere from now on, and there is something to do at the bank. */
async function tellOfficers(trx: Trx, { estate_id, code }: Estate, proposal_id: number, document: Document): Promise<void> {
  const today = await estateToday(trx, estate_id);
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('starts_on', '<=', today).where('ends_on', '>=', today).orderBy('person_id').execute();
  const title = titles[document['change'] as AccountChange];
  const last4 = String(document['account_last4']);
  await notify(trx, {
    estate_id, person_ids: rows.map((row) => row.person_id), key: `bank_account:${proposal_id}`, href: `/e/${code}/bank/accounts/${String(document['account'])}`,
    text: { zh: `${title.zh}已按签批单办好：${String(document['bank_name'])}，尾号 ${last4}。请看开户清单上还要办什么。`,
      en: `${title.en} was carried out: ${String(document['bank_name'])}, ending in ${last4}. See what is left to do at the bank.` },
  });
}
