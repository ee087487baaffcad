// Closing a month (结账): one way, in order, under two keys. The gate lists what stands in the way; the
// document that is signed carries the month's figures, and close_period() closes only while they still
// hold. What was booked after the signatures asks for new ones.
//   proposed → signed by both keys → closed      figures changed: superseded, to be proposed anew
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal, supersede } from '../approval/proposal.ts';
import { refuseWaiting } from '../approval/waiting.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, lastDay, periodOf, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { once } from '../kernel/once.ts';
import { money, moneyFigures, moneyText } from '../kernel/money.ts';
import { Refusal, type Facts } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import type { Proposed } from './correction.ts';
import { bankVerdict, banksAtClose, signedBank, type BankRead } from './close-bank.ts';
import { openCloses, turnoverOf } from './period-queries.ts';
import { moneyAfter, trialBalance } from './queries.ts';
import { refusals } from './refusals.ts';
import { checkTexts } from './texts.ts';

export type CheckCode = keyof typeof checkTexts;
/** refused: the month cannot be closed; note: it can, and the disclosure will say so. */
export type CheckState = 'ok' | 'note' | 'refused';
export interface GateCheck {
  check: CheckCode;
  state: CheckState;
  facts: Facts;
  text: Bilingual;
  /** Ledger account of the bank account it is about, if it is about one. */
  account?: string;
}

export interface MonthFigures {
  entries: number;
  debit: string;
  received: string;
  paid: string;
  opening: string;
  closing: string;
}

const check = (name: CheckCode, state: CheckState, facts: Facts = {}): GateCheck => {
  const texts = checkTexts[name][state === 'ok' ? 'ok' : 'not_ok'];
  return {
    check: name,
    state,
    facts,
    text: { zh: fill(texts.zh, facts), en: fill(texts.en, facts) },
  };
};
const bankCheck = (row: BankRead, period: Period): GateCheck => {
  const { ok, facts, text } = bankVerdict(row, period);
  return { check: 'bank_reconciled', state: ok ? 'ok' : 'note', facts, text, account: row.account };
};
const wanted = (name: CheckCode, holds: boolean, facts: Facts = {}): GateCheck =>
  check(name, holds ? 'ok' : 'refused', facts);

/** What the month adds up to; it is signed and printed. */
export async function monthFigures(
  trx: Trx,
  estate_id: number,
  period: Period,
): Promise<MonthFigures> {
  const { rows } = await sql<{ entries: number; debit: string }>`
    select count(*)::integer as entries, coalesce(sum(amount), 0)::numeric(18, 2) as debit
    from journal_entry where estate_id = ${estate_id} and period = ${period}`.execute(trx);
  const [moved] = await turnoverOf(trx, estate_id, period);
  const opening = moneyText(await moneyAfter(trx, estate_id, addMonths(period, -1)));
  return {
    ...rows[0]!,
    received: moved?.received ?? '0.00',
    paid: moved?.paid ?? '0.00',
    opening,
    closing: moneyText(await moneyAfter(trx, estate_id, period)),
  };
}

async function headOf(
  trx: Trx,
  estate_id: number,
): Promise<{ closed_period: Period; today: string }> {
  const { closed_period } = await trx
    .selectFrom('log_head')
    .select('closed_period')
    .where('estate_id', '=', estate_id)
    .executeTakeFirstOrThrow();
  return { closed_period, today: await estateToday(trx, estate_id) };
}

async function draftsIn(trx: Trx, estate_id: number, period: Period): Promise<number> {
  const { count } = await trx
    .selectFrom('journal_draft')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('estate_id', '=', estate_id)
    .where(sql<boolean>`to_char(entry_date, 'YYYY-MM') = ${period}`)
    .executeTakeFirstOrThrow();
  return count;
}

/** Corrections dated in the month that are neither carried out nor ended. */
async function undecidedIn(trx: Trx, estate_id: number, period: Period): Promise<number[]> {
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind in ('transfer', 'reversal')
      and state in ('submitted', 'held', 'approved') and left(document::jsonb ->> 'entry_date', 7) = ${period}
    order by proposal_id`.execute(trx);
  return rows.map((row) => row.proposal_id);
}

/** Bank accounts whose balance at the month's end nobody has stated. */
async function unstatedIn(trx: Trx, estate_id: number, period: Period): Promise<string[]> {
  const rows = await trx
    .selectFrom('bank_account as b')
    .select('b.account')
    .where('b.estate_id', '=', estate_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('bank_balance as s')
            .select('s.seq')
            .whereRef('s.estate_id', '=', 'b.estate_id')
            .whereRef('s.account', '=', 'b.account')
            .where('s.as_of', '=', lastDay(period)),
        ),
      ),
    )
    .orderBy('b.account')
    .execute();
  return rows.map((row) => row.account);
}

/** Everything that is looked at before a month is closed, in order. */
export async function closeGate(
  trx: Trx,
  estate: Pick<Estate, 'estate_id'>,
  period: Period,
): Promise<GateCheck[]> {
  const { estate_id } = estate;
  const { closed_period, today } = await headOf(trx, estate_id);
  const next = addMonths(closed_period, 1);
  const drafts = await draftsIn(trx, estate_id, period);
  const undecided = await undecidedIn(trx, estate_id, period);
  const unstated = await unstatedIn(trx, estate_id, period);
  const { balances, totals } = await trialBalance(trx, estate_id, { period });
  const { entries } = await monthFigures(trx, estate_id, period);
  return [
    wanted('months_before_closed', period <= next, { next, period }),
    wanted('month_ended', period < periodOf(today), { period, last_day: lastDay(period) }),
    wanted('no_drafts', drafts === 0, { drafts }),
    wanted('no_undecided', undecided.length === 0, {
      count: undecided.length,
      proposals: undecided.join('、'),
    }),
    wanted('in_balance', balances, {
      debit: moneyFigures(money(totals.debit)),
      credit: moneyFigures(money(totals.credit)),
      entries,
    }),
    check('bank_stated', unstated.length === 0 ? 'ok' : 'note', {
      accounts: unstated.join('、'),
      last_day: lastDay(period),
    }),
    ...(await banksAtClose(trx, estate_id, period)).map((row) => bankCheck(row, period)),
  ];
}

function gateShut(period: Period, refused: readonly GateCheck[]): Refusal {
  const { text, status, code } = refusals.close_gate_shut();
  const reasons = refused.map((one) => one.text.zh).join('');
  const reasons_en = refused.map((one) => one.text.en).join(' ');
  return new Refusal(code, { status, ...text }, { period, reasons, reasons_en });
}

/** Refusal: period_not_in_books. */
async function demandPeriod(trx: Trx, estate: Estate, period: Period): Promise<void> {
  const last_period = periodOf(await estateToday(trx, estate.estate_id));
  if (period < estate.first_period || period > last_period) {
    throw refusals.period_not_in_books(
      { period, first_period: estate.first_period, last_period },
      'period',
    );
  }
}

export type CloseProposed = Proposed & {
  checks: { check: string; state: CheckState; text_zh: string; text_en: string }[];
};

export const checksJson = (checks: readonly GateCheck[]): CloseProposed['checks'] =>
  checks.map(({ check: name, state, text }) => ({
    check: name,
    state,
    text_zh: text.zh,
    text_en: text.en,
  }));

/** Proposes to close a month, for signing. Refusals: not_allowed, period_not_in_books,
 *  period_already_closed, close_proposed, close_gate_shut, rule_missing. */
export async function proposeClose(
  house: House,
  {
    estate,
    actor,
    period,
    key = null,
  }: { estate: Estate; actor: Actor; period: Period; key?: string | null },
): Promise<CloseProposed> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose_close');
  const once_key = key === null ? null : `close:${actor.person_id}:${key}`;
  return inEstate(
    house.db.app,
    estate_id,
    (trx) =>
      once(trx, { estate_id, key: once_key, content: { period } }, async () => {
        await lockEstate(trx, estate_id);
        await demandPeriod(trx, estate, period);
        if (period <= (await headOf(trx, estate_id)).closed_period)
          throw refusals.period_already_closed({ period });
        const open = (await openCloses(trx, estate_id)).find((row) => row.period === period);
        if (open !== undefined)
          throw refusals.close_proposed({ period, proposal: open.proposal_id });
        const checks = await closeGate(trx, estate, period);
        const refused = checks.filter((one) => one.state === 'refused');
        if (refused.length > 0) throw gateShut(period, refused);
        const title = `结账 ${period}`;
        const figures = await monthFigures(trx, estate_id, period);
        const notes = [...new Set(checks.filter((one) => one.state === 'note').map((one) => one.check))];
        const bank = (await banksAtClose(trx, estate_id, period)).map((row) => ({ ...signedBank(row) }));
        const proposal_id = await draftProposal(trx, {
          estate_id,
          kind: 'close',
          title,
          amount: null,
          fund: null,
          made_by: actor.person_id,
        });
        const { document_hash } = await submitProposal(trx, {
          estate,
          proposal_id,
          actor,
          title,
          amount: null,
          fund: null,
          content: { period, ...figures, notes, bank },
        });
        return { proposal_id, document_hash, checks: checksJson(checks) };
      }),
    { retryable: true },
  );
}

/** Closes the month of an approved proposal; called again it does nothing. Refusals: those of refuseWaiting(),
 *  figures_changed (the proposal is superseded, a new one can be made), close_not_possible (it stays approved). */
export async function executeClose(
  house: House,
  estate: Estate,
  proposal_id: number,
): Promise<void> {
  const { estate_id } = estate;
  const refusal = await inEstate(house.db.app, estate_id, async (trx): Promise<Refusal | null> => {
    const { rows } = await sql<{
      status: string;
    }>`select close_period(${estate_id}, ${proposal_id}) as status`.execute(trx);
    const { status } = rows[0]!;
    if (status === 'closed' || status === 'already_closed') return null;
    if (status === 'order_in_notice' || status === 'order_objected') await refuseWaiting(trx, estate_id, proposal_id);
    if (status !== 'figures_changed')
      return refusals.close_not_possible({ proposal: proposal_id, status });
    await supersede(trx, { estate, proposal_id, reason: '签批后又有新凭证，数字已变' });
    const {
      rows: [row],
    } = await sql<{ period: Period }>`select document::jsonb ->> 'period' as period from proposal
      where estate_id = ${estate_id} and proposal_id = ${proposal_id}`.execute(trx);
    return refusals.figures_changed({ period: row!.period });
  });
  if (refusal !== null) throw refusal;
}
