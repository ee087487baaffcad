// Standing mandates for bank fees (授权扣费): what the bank may take by itself, signed once by whomever a change of the rules
// asks (rule_for maps mandate to rule), instead of a signature for every two yuan.
//   proposed → signed → in force from its first day to its last      ended early by either body alone, at once
// A fee books 借 the mandate's account (its fund)   贷 the bank account, from a line of the bank; post_entries() asks
// mandate_verdict(), which reads the signed document: this bank account, account and fund, within the days, not above the
// limit for one and for the calendar month. Interest needs none: it is a receipt.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, periodOf, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyFigures, moneyText, readMoney, zero, type Money } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { refusals as changeRefusals } from './account-change-refusals.ts';
import { refusals } from './mandate-refusals.ts';
import { refusals as bankRefusals } from './refusals.ts';
import { signersFor } from './signers.ts';

export const PURPOSE_LIMIT = 60;
/** Longest that is taken for meant. */
const MOST_YEARS = 5;

export interface MandateAsked {
  estate: Estate;
  actor: Actor;
  /** Bank account it is taken from, by its ledger account. */
  bank_account: string;
  /** Expense account that bears it, 5119 for example. */
  account: string;
  fund: string;
  purpose: string;
  /** Yuan as typed. */
  cap_each: string;
  cap_month: string;
  valid_from: string;
  valid_to: string;
  resolution?: ResolutionTyped | undefined;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type MandateProposed = { proposal_id: number; document_hash: string };

function readCap(typed: string, field: 'cap_each' | 'cap_month'): Money {
  const amount = readMoney(typed);
  if (amount === null || !amount.greaterThan(zero) || amount.greaterThan(9_999_999)) throw refusals.mandate_cap_invalid({ typed: typed.slice(0, 20) }, field);
  return amount;
}

/** Proposes a mandate for signing. Refusals in this order: not_allowed, text_*, mandate_cap_invalid, mandate_caps_order, bank_change_needs_signer,
 *  mandate_days_invalid, bank_account_unknown, bank_account_closed, mandate_account_unknown, mandate_fund_unknown, those of readResolution(),
 *  rule_missing. */
export async function proposeMandate(house: House, asked: MandateAsked): Promise<MandateProposed> {
  const { estate, actor, bank_account, account, fund, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const purpose = bookText(asked.purpose, { field: 'purpose', label: '扣什么费 purpose', limit: PURPOSE_LIMIT });
  const [each, month] = [readCap(asked.cap_each, 'cap_each'), readCap(asked.cap_month, 'cap_month')];
  if (month.lessThan(each)) throw refusals.mandate_caps_order({ month: moneyFigures(month), each: moneyFigures(each) }, 'cap_month');
  const caps = { cap_each: moneyText(each), cap_month: moneyText(month) };
  const { valid_from, valid_to } = asked;
  const once_key = key === null ? null : `mandate:${actor.person_id}:${key}`;
  const content = { bank_account, account, fund, purpose, ...caps, valid_from, valid_to, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, 'mandate', today);
    if (refusal !== null) throw refusal;
    const days = readDays({ valid_from, valid_to }, today);
    await refusePlaces(trx, estate_id, { bank_account, account, fund });
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const row = { title: `授权扣费：${purpose}`, amount: null, fund };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'mandate', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: { bank_account, account, purpose, ...caps, ...days, title_en: `Mandate for bank fees: ${purpose}`, ...(signed === null ? {} : { resolution: signed }) },
    });
    return { proposal_id, document_hash };
  }));
}

function readDays(typed: { valid_from: string; valid_to: string }, today: BusinessDate): { valid_from: BusinessDate; valid_to: BusinessDate } {
  const [valid_from, valid_to] = [readDate(typed.valid_from), readDate(typed.valid_to)];
  const wrong = (field: string) => refusals.mandate_days_invalid({ today, years: MOST_YEARS }, field);
  if (valid_from === null || valid_from < today) throw wrong('valid_from');
  if (valid_to === null || valid_to < valid_from || periodOf(valid_to) > addMonths(periodOf(valid_from), MOST_YEARS * 12)) throw wrong('valid_to');
  return { valid_from, valid_to };
}

async function refusePlaces(trx: Trx, estate_id: number, { bank_account, account, fund }: { bank_account: string; account: string; fund: string }): Promise<void> {
  const bank = await trx.selectFrom('bank_account').select(['closed_on', 'account_last4']).where('estate_id', '=', estate_id)
    .where('account', '=', bank_account).executeTakeFirst();
  if (bank === undefined) throw bankRefusals.bank_account_unknown({ account: bank_account.slice(0, 20) }, 'bank_account');
  if (bank.closed_on !== null) throw changeRefusals.bank_account_closed({ last4: bank.account_last4, closed_on: bank.closed_on }, 'bank_account');
  const ledger = await trx.selectFrom('account').select('parent').where('estate_id', '=', estate_id).where('account', '=', account)
    .where('class', '=', 'expense').where('is_postable', '=', true).where('closed_on', 'is', null).executeTakeFirst();
  if (ledger === undefined) throw refusals.mandate_account_unknown({ account: account.slice(0, 20) }, 'account');
  const purse = await trx.selectFrom('fund').select('is_restricted').where('estate_id', '=', estate_id).where('fund', '=', fund).executeTakeFirst();
  const fits = purse !== undefined && (!purse.is_restricted || (await trx.selectFrom('fund_account').select('account').where('estate_id', '=', estate_id)
    .where('fund', '=', fund).where('account', 'in', [account, ledger.parent ?? account]).executeTakeFirst()) !== undefined);
  if (!fits) throw refusals.mandate_fund_unknown({ fund: fund.slice(0, 40) }, 'fund');
}

// ── Carrying out and ending ──────────────────────────────────────────────────────────────────────

/** Begins an approved mandate; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved),
 *  mandate_not_approved, change_not_possible (it is superseded). */
export const executeMandate = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'open_mandate', done: 'opened', already: 'already_opened', not_approved: () => refusals.mandate_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ mandate_not_possible: () => refusals.mandate_not_possible() }),
});

/** Ends a mandate at once, for one body alone. Refusals: those of demand() for sign, mandate_not_there, mandate_ended_already,
 *  mandate_not_yours. */
export async function endMandate(house: House, { estate, actor, mandate }: { estate: Estate; actor: Actor | null; mandate: number }): Promise<void> {
  const { estate_id, code } = estate;
  const { person_id } = demand(actor, estate_id, 'sign');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select end_mandate(${estate_id}, ${mandate}, ${person_id}::uuid) as status`.execute(trx);
    const { status } = rows[0]!;
    if (status === 'mandate_unknown') throw refusals.mandate_not_there({ mandate });
    if (status === 'already_ended') throw refusals.mandate_ended_already({ mandate });
    if (status !== 'ended') throw refusals.mandate_not_yours();
    const today = await estateToday(trx, estate_id);
    const terms = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
      .where('starts_on', '<=', today).where('ends_on', '>=', today).where('office', 'not in', ['deputy', 'auditor']).execute();
    await notify(trx, {
      estate_id, person_ids: terms.map((row) => row.person_id), key: `mandate_ended:${mandate}`, href: `/e/${code}/bank/accounts#mandates`,
      text: { zh: `第 ${mandate} 号扣费授权已被一方结束。以后银行再扣费，要逐笔查明。`,
        en: `A body has ended mandate no. ${mandate}. From now on each fee of the bank must be looked into.` },
    });
  });
}

export interface MandateRow {
  mandate: number;
  bank_account: string;
  account: string;
  fund: string;
  purpose: string;
  cap_each: string;
  cap_month: string;
  valid_from: string;
  valid_to: string;
  ended_on: string | null;
  /** Taken under it in the present month, and ever; what was reversed is left out. */
  month: string;
  taken: string;
  entries: number;
  state: 'coming' | 'in_force' | 'over' | 'ended';
}

/** Newest first. */
export async function mandates(trx: Trx, estate_id: number, today: BusinessDate): Promise<MandateRow[]> {
  const { rows } = await sql<MandateRow>`
    select m.proposal_id as mandate, m.bank_account, m.account, m.fund, m.purpose, m.cap_each, m.cap_month, m.valid_from, m.valid_to, m.ended_on,
      t.month, t.taken, t.entries, case when m.ended_on is not null then 'ended' when m.valid_to < ${today}::date then 'over'
        when m.valid_from > ${today}::date then 'coming' else 'in_force' end as state
    from mandate m cross join lateral (select coalesce(sum(e.amount) filter (where e.period = ${periodOf(today)}), 0)::numeric(16, 2) as month,
        coalesce(sum(e.amount), 0)::numeric(16, 2) as taken, count(*)::integer as entries
      from journal_entry e where e.estate_id = m.estate_id and e.mandate = m.proposal_id
        and not exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq)) t
    where m.estate_id = ${estate_id} order by m.proposal_id desc`.execute(trx);
  return rows;
}
