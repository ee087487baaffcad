// Opening balances (期初余额): what a set of books begins with, once, under the two signatures a change of the rules asks.
//   typed (draft) → proposed → signed → one entry, dated the first day of the books
// The entry is a transfer of its own kind: 借 money and what others owe   贷 what is owed and the owners' funds, even in every fund. It is booked
// only while the first month is open and before anything else that was signed: guard_opening(). Where the bank's first statement begins
// with the same day, both begin with the same figure. Prepayments (2203) and deposits (2241) name their dwelling.
import { sql } from 'kysely';
import { sheetsAside } from '../bankfile/read-aside.ts';
import { estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { firstDay } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, negated, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { entryBody, lineJson, linesOfJson, onlyFund, sumsOf } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { draftProposal, lockEstate, submitProposal, supersede } from '../approval/proposal.ts';
import { readProposal } from '../approval/queries.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { refuseWaiting } from '../approval/waiting.ts';
import { refusals as changeRefusals } from '../office/refusals.ts';
import { signersFor } from '../office/signers.ts';
import { openingGround, openingStanding } from './opening-queries.ts';
import { refusals } from './opening-refusals.ts';
import { differenceText, entryLines, isEven, mostLines, ofDwellings, readOpening, rowsOfText, textOfRows, type OpeningGround, type OpeningRead } from './opening-rows.ts';

/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };
export const MOST_TEXT = 20_000;
const MEMO = '期初余额';
const isMoneyAccount = (account: string): boolean => /^100[12]/.test(account);

/** The first sheet with anything in it, as text for the page. Refusals: opening_file_unreadable, opening_text_too_long. */
export async function openingText(bytes: Buffer, most = MOST_TEXT): Promise<string> {
  let sheets;
  try {
    sheets = await sheetsAside(bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refusals.opening_file_unreadable({ what: error.in('zh'), what_en: error.in('en') }, 'file');
  }
  const sheet = sheets.find(({ rows }) => rows.some((row) => row.some((cell) => cell.trim() !== '')));
  if (sheet === undefined) throw refusals.opening_empty({}, 'file');
  return shortText(textOfRows(sheet.rows.map((row) => row.slice(0, 20))), most);
}

export function shortText(text: string, most = MOST_TEXT): string {
  if (text.length > most) throw refusals.opening_text_too_long({ length: text.length, limit: most }, 'table');
  return text;
}

/** Refuses what could not be signed: nothing there, bad rows, uneven funds, too many lines. */
export function refuseOpening(read: OpeningRead, ground: OpeningGround): void {
  const { faults, lines } = read;
  const [first] = faults;
  if (first !== undefined) {
    throw refusals.opening_rows_wrong({ faults: faults.length, row: first.row, why: first.why.zh, why_en: first.why.en, fix: first.fix.zh, fix_en: first.fix.en }, 'table');
  }
  if (lines.length === 0) throw refusals.opening_empty({}, 'table');
  const places = new Set(lines.filter(({ account }) => isMoneyAccount(account)).map(({ account, fund }) => `${account} ${fund}`));
  for (const place of places) {
    if (sum(lines.filter(({ account, fund }) => `${account} ${fund}` === place).map((line) => minus(line.debit, line.credit))).isNegative()) throw refusals.opening_money_negative({}, 'table');
  }
  const dwellings = new Set(lines.filter(({ account }) => ofDwellings.includes(account)).map(({ account, fund, unit }) => `${account} ${fund} ${unit}`));
  for (const place of dwellings) {
    if (sum(lines.filter(({ account, fund, unit }) => `${account} ${fund} ${unit}` === place).map((line) => minus(line.credit, line.debit))).isNegative()) throw refusals.opening_dwelling_negative({}, 'table');
  }
  if (!isEven(read)) {
    const uneven = read.sums.filter(({ difference }) => !money(difference).isZero());
    throw refusals.opening_uneven({ what: uneven.map((one) => differenceText(one, ground, 'zh')).join('；'), what_en: uneven.map((one) => differenceText(one, ground, 'en')).join('; ') }, 'table');
  }
  const count = entryLines(lines).length;
  if (count > mostLines) throw refusals.opening_too_long({ lines: count, limit: mostLines }, 'table');
}

/** Why no opening balances can be proposed now; null when they can. */
export async function openingClosed(trx: Trx, estate: Estate): Promise<Refusal | null> {
  const { booked, waiting, signed, closed } = await openingStanding(trx, estate);
  if (booked !== null) return refusals.opening_once({ what: `${booked.period} ${booked.number}`, what_en: `${booked.period} ${booked.number}` });
  if (waiting !== null) return refusals.opening_waits({ proposal: waiting });
  if (closed) return refusals.opening_month_closed({ period: estate.first_period });
  return signed ? refusals.opening_too_late() : null;
}

/** The bank's first figure, where its first statement begins with the books. */
async function refuseOtherBank(trx: Trx, estate: Estate, lines: OpeningRead['lines']): Promise<void> {
  const from = firstDay(estate.first_period);
  const { rows } = await sql<{ account: string; opening: string; period_from: string }>`
    select distinct on (s.account) s.account, s.opening, s.period_from from bank_statement s where s.estate_id = ${estate.estate_id}
    order by s.account, s.period_from, s.seq`.execute(trx);
  for (const { account, opening } of rows.filter(({ period_from }) => period_from === from)) {
    const books = sum(lines.filter((line) => line.account === account).map((line) => minus(line.debit, line.credit)));
    const apart = minus(money(opening), books);
    if (apart.isZero()) continue;
    throw refusals.opening_bank_differs({
      account, from, bank: moneyFigures(money(opening)), books: moneyFigures(books), difference: moneyFigures(apart.isNegative() ? negated(apart) : apart),
    }, 'table');
  }
}

export interface OpeningLooked extends OpeningRead { ground: OpeningGround; refused: Refusal | null }

/** The dry run: how the table reads against the books now. Nothing is written. */
export async function lookAtOpening(trx: Trx, estate: Estate, table: string): Promise<OpeningLooked> {
  const ground = await openingGround(trx, estate.estate_id);
  const read = readOpening(rowsOfText(shortText(table)), ground);
  try {
    refuseOpening(read, ground);
    await refuseOtherBank(trx, estate, read.lines);
    return { ...read, ground, refused: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...read, ground, refused: error };
  }
}

export interface OpeningAsked {
  estate: Estate;
  actor: Actor | null;
  /** As typed, pasted or read from a file: lines with tabs. */
  table: string;
  vouchers?: readonly string[] | undefined;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}

/** Proposes opening balances for signing. Refusals in this order: not_allowed, opening_text_too_long, opening_once, opening_waits, opening_month_closed,
 *  opening_too_late, opening_needs_signer, opening_rows_wrong, opening_empty, opening_uneven, opening_too_long, opening_bank_differs, those of the
 *  door, those of readResolution(), rule_missing. */
export async function proposeOpening(house: House, asked: OpeningAsked): Promise<Proposed> {
  const { estate, table, resolution, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'propose');
  shortText(table);
  const vouchers = [...new Set(asked.vouchers ?? [])].sort();
  const content = { table, vouchers, resolution: { ...resolution } };
  const keyed = { estate_id, key: key === null ? null : `opening:${actor.person_id}:${key}`, content: JSON.parse(JSON.stringify(content)) as never };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, keyed, async () => {
    await lockEstate(trx, estate_id);
    const closed = await openingClosed(trx, estate);
    if (closed !== null) throw closed;
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'opening', today, too_few: refusals.opening_needs_signer });
    if (refusal !== null) throw refusal;
    const looked = await lookAtOpening(trx, estate, table);
    if (looked.refused !== null) throw looked.refused;
    const postings = entryLines(looked.lines);
    const entry_date = firstDay(estate.first_period);
    // The door would say that an order is missing, and nothing else.
    const trial = entryBody({ kind: 'transfer', entry_date, description: MEMO, key: 'trial', made_by: actor.person_id, postings, vouchers });
    const [answer] = await postEntries(trx, estate_id, [trial]);
    if (answer!.status !== 'order_required') throw await explainRefusal(trx, estate_id, answer!, trial);
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const row = { title: `期初余额：${entry_date} 起`, amount: sumsOf(postings).debit, fund: onlyFund(postings) };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'opening', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content: {
      entry_date, description: MEMO, postings: postings.map(lineJson), vouchers, dwellings: looked.units, money: looked.money,
      title_en: `Opening balances from ${entry_date} on`, ...(signed === null ? {} : { resolution: signed }),
    } });
    await trx.deleteFrom('opening_draft').where('estate_id', '=', estate_id).execute();
    return { proposal_id, document_hash };
  }));
}

/** Keeps a table that is not finished, or throws it away where it is empty. Refusals: not_allowed, opening_text_too_long. */
export async function saveOpeningDraft(house: House, { estate, actor, table }: Pick<OpeningAsked, 'estate' | 'actor' | 'table'>): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'propose');
  const content = shortText(table).trim();
  await inEstate(house.db.app, estate_id, async (trx) => {
    if (content === '') return void await trx.deleteFrom('opening_draft').where('estate_id', '=', estate_id).execute();
    await keepOpeningDraft(trx, { estate_id, content, saved_by: person_id });
  });
}

export async function keepOpeningDraft(trx: Trx, { estate_id, content, saved_by }: { estate_id: number; content: string; saved_by: string }): Promise<void> {
  const saved = { content, saved_by, saved_at: await estateNow(trx, estate_id) };
  await trx.insertInto('opening_draft').values({ estate_id, ...saved }).onConflict((on) => on.column('estate_id').doUpdateSet(saved)).execute();
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

const impossible = (error: unknown): Refusal | null => {
  const why = constraintRefusal(error, {
    opening_once: () => refusals.opening_once({ what: MEMO, what_en: 'opening entry' }), opening_too_late: () => refusals.opening_too_late(),
    opening_day_differs: () => refusals.opening_day_differs(), opening_account_wrong: () => refusals.opening_account_wrong(),
    opening_unit_missing: () => refusals.opening_unit_missing(), opening_dwelling_negative: () => refusals.opening_dwelling_negative(), opening_money_negative: () => refusals.opening_money_negative(),
    opening_bank_differs: () => refusals.opening_bank_differs({ account: '1002', from: '–', bank: '–', books: '–', difference: '–' }),
  });
  if (why instanceof Refusal && why !== error) return why;
  return error instanceof Refusal && ['period_closed', 'account_closed', 'account_unknown', 'opening_bank_differs'].includes(error.code) ? error : null;
};

/** Books approved opening balances; called again it does nothing. Refusals: those of refuseWaiting() and post_entries() (it stays approved),
 *  change_not_possible (it is superseded: the month was closed, the bank's first statement says otherwise, something signed came first). */
export async function executeOpening(house: House, estate: Estate, proposal_id: number): Promise<void> {
  const { estate_id } = estate;
  try {
    await inEstate(house.db.app, estate_id, async (trx) => {
      await lockEstate(trx, estate_id);
      const proposal = await readProposal(trx, estate_id, proposal_id);
      const document = proposal?.document;
      if (proposal === null || proposal.kind !== 'opening' || document === null || document === undefined || proposal.state === 'executed') return;
      if (proposal.state === 'approved') await refuseWaiting(trx, estate_id, proposal_id);
      const postings = linesOfJson(document['postings']);
      const lines = postings.map((line, row) => ({ row, account: line.account, fund: line.fund, debit: line.debit ?? money('0'), credit: line.credit ?? money('0'), unit: null, ref: null }));
      await refuseOtherBank(trx, estate, lines);
      const vouchers = document['vouchers'];
      const body = entryBody({
        kind: 'transfer', entry_date: String(document['entry_date']), description: String(document['description']), key: `proposal:${proposal_id}`,
        made_by: proposal.made_by, postings, proposal: proposal_id, vouchers: Array.isArray(vouchers) ? vouchers.map(String) : [],
      });
      const [result] = await postEntries(trx, estate_id, [body]);
      if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
    }, { retryable: true });
  } catch (error) {
    const why = impossible(error);
    if (why === null) throw error;
    const reason = why.in('zh');
    await inEstate(house.db.app, estate_id, (trx) => supersede(trx, { estate, proposal_id, reason }));
    throw changeRefusals.change_not_possible({ proposal: proposal_id, reason, reason_en: why.in('en') });
  }
}
