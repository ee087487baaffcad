// Journal entries (记账凭证) as post_entries() should have booked them: balanced in total and in every fund, numbered
// without gaps by month and kind, no money out without an order, the lines of an order exactly as they were signed,
// a red-letter reversal equal and opposite to what it reverses, once; nothing into a month that is closed.
import { addMonths } from '../kernel/dates.ts';
import { isMoney } from './accounts.ts';
import { judgeClosing } from './closing.ts';
import { carriedOut, judgeSignedBy, letGo } from './carrying-out.ts';
import type { Books, Entry, Line, Moment, Proposal } from './books.ts';
import { fen, fenOf } from './fen.ts';
import { bodiesIn, bodyIn, dayIn, isBody, maybeText, maybeWhole, once, textIn, textsIn, wholeIn, Misshapen, type Body } from './fields.ts';
import { bookHeld, isTransit, judgeHeld, judgeRelease, judgeSubsidy } from './households.ts';
import { bookBankWord, judgeBankWord, lineDayOf, needsNoOrder, settledLines, targetOf } from './suspense.ts';

const letters = { receipt: '收', payment: '付', transfer: '转' } as const;
const kindOf = (text: string): Entry['kind'] => {
  if (text !== 'receipt' && text !== 'payment' && text !== 'transfer') throw new Misshapen('kind');
  return text;
};
/** "收-041" */
export const numberText = ({ kind, number }: Pick<Entry, 'kind' | 'number'>): string => `${letters[kind]}-${String(number).padStart(3, '0')}`;

function linesOf(body: Body): Line[] {
  return bodiesIn(body, 'postings').map((line) => ({
    account: once(textIn(line, 'account')), fund: once(textIn(line, 'fund')), debit: line['debit'] === undefined ? 0 : fen(line['debit']),
    credit: line['credit'] === undefined ? 0 : fen(line['credit']), unit: maybeText(line, 'unit'), payee: maybeText(line, 'payee'),
  }));
}

/** Lines in one order, so that two entries can be compared; `sign` −1 turns the amounts round. */
const shapeOf = (lines: readonly Line[], sign: 1 | -1 = 1): string =>
  lines.map((line) => JSON.stringify([line.account, line.fund, sign * line.debit || 0, sign * line.credit || 0, line.unit, line.payee])).sort().join('\n');

const NUMBER = /^([0-9]{4}-[0-9]{2}) (收|付|转)-([0-9]{3,9})$/;

function readEntry({ body, seq, number: said }: Moment): { entry: Entry; vouchers: string[] } {
  const kind = kindOf(textIn(body, 'kind'));
  const date = once(dayIn(body, 'entry_date'));
  const vouchers = body['vouchers'] === undefined ? [] : textsIn(body, 'vouchers');
  const found = NUMBER.exec(said);
  const number = found === null ? 0 : Number(found[3]);
  const entry: Entry = {
    seq, kind, period: once(date.slice(0, 7)), number, date, description: textIn(body, 'description'), lines: linesOf(body), vouchers: new Set(vouchers).size,
    proposal: null, ordered: maybeWhole(body, 'proposal'), reverses: maybeWhole(body, 'reverses'), reversed_by: null, bank_line: lineIn(body), settles: maybeWhole(body, 'settles'),
    mandate: maybeWhole(body, 'mandate'), release: releaseIn(body),
  };
  return { entry, vouchers };
}

function releaseIn({ release }: Body): boolean {
  if (release !== undefined && release !== true) throw new Misshapen('release');
  return release === true;
}

function lineIn(body: Body): Entry['bank_line'] {
  if (body['bank_line'] === undefined) return null;
  const named = bodyIn(body, 'bank_line');
  return { account: textIn(named, 'account'), position: wholeIn(named, 'position') };
}

export function entryPosted(books: Books, moment: Moment): void {
  const { entry, vouchers } = readEntry(moment);
  if (moment.learned) return remember(books, entry, moment);
  const { body } = moment;
  if (`${entry.period} ${numberText(entry)}` !== moment.number) books.accuse('number_wrong', { number: moment.number });
  judgeNumber(books, entry);
  judgeDay(books, entry, moment);
  judgeLines(books, entry);
  if (entry.release) judgeRelease(books, entry);
  else if (body['proposal'] === undefined) judgeUnordered(books, entry);
  else judgeOrder(books, entry, moment, vouchers);
  judgeHeld(books, entry);
  judgeSubsidy(books, entry);
  judgeBankWord(books, entry);
  if (entry.reverses !== null) judgeReversal(books, entry, entry.reverses);
  judgeClosing(books, entry);
  keep(books, entry, vouchers);
}

/** One that came along was judged with the file of its month; it is kept for what reverses it, and ends its order. */
function remember(books: Books, entry: Entry, { body }: Moment): void {
  if (body['proposal'] !== undefined) {
    entry.proposal = books.proposals.get(wholeIn(body, 'proposal')) ?? null;
    if (entry.proposal !== null) entry.proposal.state = 'executed';
    if (entry.proposal?.kind === 'final_account') entry.closes = String(entry.proposal.document['year']);
  }
  const target = entry.reverses === null ? undefined : books.entries.get(entry.reverses);
  if (target !== undefined) target.reversed_by = entry.seq;
  books.entries.set(entry.seq, entry);
  bookHeld(books, entry);
  bookBankWord(books, entry);
}

function keep(books: Books, entry: Entry, vouchers: readonly string[]): void {
  books.entries.set(entry.seq, entry);
  bookHeld(books, entry);
  bookBankWord(books, entry);
  const month = books.periods.get(entry.period);
  if (month === undefined) books.periods.set(entry.period, [entry]);
  else month.push(entry);
  const number = `${entry.period} ${numberText(entry)}`;
  for (const sha256 of vouchers) {
    if (books.complete && !books.vouchers.has(sha256)) books.accuse('voucher_unrecorded', { sha256: sha256.slice(0, 16) });
    books.voucher_entries.set(sha256, [...books.voucher_entries.get(sha256) ?? [], number]);
  }
  books.counted.entries += 1;
}

/** Numbers count from 1 where the month is known from its beginning, else from the first one that is known. */
function judgeNumber(books: Books, entry: Entry): void {
  const key = `${entry.period} ${entry.kind}`;
  const whole = books.known_from !== null && books.known_from <= entry.period;
  const last = books.numbers.get(key) ?? (whole ? 0 : entry.number - 1);
  if (entry.number !== last + 1) books.accuse('number_gap', { number: numberText(entry), expected: numberText({ ...entry, number: last + 1 }) });
  books.numbers.set(key, Math.max(last, entry.number));
}

function judgeDay(books: Books, { date, period }: Entry, { day }: Moment): void {
  if (date > day) books.accuse('entry_dated_ahead', { date, day });
  if (books.closed_period !== null && period <= books.closed_period) books.accuse('entry_in_closed_month', { period, closed: books.closed_period });
}

function judgeLines(books: Books, { lines, reverses }: Entry): void {
  const red = reverses !== null;
  const wrong = lines.length < 2 || lines.length > 500 || lines.some(({ debit, credit }) =>
    (debit === 0) === (credit === 0) || (red ? debit > 0 || credit > 0 : debit < 0 || credit < 0));
  if (wrong) books.accuse('entry_amounts');
  let total = 0;
  const funds = new Map<string, number>();
  for (const { debit, credit, fund } of lines) {
    total += debit - credit;
    funds.set(fund, (funds.get(fund) ?? 0) + debit - credit);
  }
  if (total !== 0) books.accuse('entry_unbalanced');
  else for (const [fund, difference] of funds) if (difference !== 0) books.accuse('fund_unbalanced', { fund });
}

/** One hand may only take money in, money (or money in transit) debited and nothing else; and book what the bank says has gone out. */
function judgeUnordered(books: Books, entry: Entry): void {
  if (needsNoOrder(books, entry)) return;
  const { kind, lines, reverses } = entry;
  const money_out = lines.some((line) => isMoney(line.account) && line.credit !== 0);
  if (money_out) books.accuse('money_out_without_order');
  else if (kind !== 'receipt' || reverses !== null || lines.some(({ account, debit }) => !isMoney(account) && !isTransit(account) && debit !== 0)) books.accuse('order_missing');
}

const ordersOf = ({ kind, reverses, settles }: Entry): readonly string[] =>
  (reverses !== null ? ['reversal'] : kind === 'payment' || settles !== null ? ['payment', 'refund']
    : kind === 'transfer' ? ['transfer', 'final_account', 'opening'] : [kind]);

function judgeOrder(books: Books, entry: Entry, moment: Moment, vouchers: readonly string[]): void {
  const proposal = carriedOut(books, moment, ordersOf(entry), entry.date);
  if (proposal === undefined) return;
  entry.proposal = proposal;
  const { document } = proposal;
  if (proposal.kind === 'final_account') entry.closes = String(document['year']);
  // A reversal is compared with the entry it reverses, where that is at hand.
  const alone = entry.reverses === null || !books.entries.has(entry.reverses);
  if (entry.settles !== null) judgeSettled(books, entry, proposal);
  else if (alone && shapeOf(linesOf(document)) !== shapeOf(entry.lines)) books.accuse('entry_differs_from_order', { proposal: proposal.proposal });
  else if (alone) judgeAmount(books, entry, proposal);
  // Signed for money that the bank had taken already: it clears that, and pays nothing.
  const after = document['after_the_fact'];
  if (entry.reverses === null && after !== undefined && (isBody(after) ? after['entry'] : null) !== entry.settles) {
    books.accuse('order_after_the_fact', { proposal: proposal.proposal });
  }
  const money = entry.lines.reduce((sum, line) => sum + (isMoney(line.account) ? line.debit - line.credit : 0), 0);
  // Only the balances a set of books begins with bring money that came from nowhere in them.
  if (entry.kind === 'transfer' && entry.reverses === null && money !== 0 && proposal.kind !== 'opening') books.accuse('transfer_moves_money');
  const signed = document['vouchers'] === undefined || document['vouchers'] === null ? [] : textsIn(document, 'vouchers');
  if (signed.some((one) => !vouchers.includes(one))) books.accuse('order_vouchers_differ', { proposal: proposal.proposal });
  if (entry.reverses !== null && document['reverses'] !== entry.reverses) books.accuse('entry_differs_from_order', { proposal: proposal.proposal });
  letGo(proposal);
}

/** An order that clears a suspense debit: its lines stand as they were signed, but for the bank account. */
function judgeSettled(books: Books, entry: Entry, proposal: Proposal): void {
  const target = targetOf(books, entry);
  if (target === undefined) return;
  const signed = linesOf(proposal.document);
  const settled = settledLines(signed, target);
  if (settled === null || shapeOf(settled) !== shapeOf(entry.lines)) books.accuse('entry_differs_from_order', { proposal: proposal.proposal });
  else judgeAmount(books, { kind: 'payment', lines: signed, reverses: null }, proposal);
  const left_on = lineDayOf(books, target);
  if (left_on !== undefined && proposal.document['after_the_fact'] === undefined) judgeSignedBy(books, proposal, left_on);
}

/** Sum and fund of an order choose its rule, so they are what its lines say: what a payment takes out of the accounts,
 *  else the debits; the fund, where there is only one. */
function judgeAmount(books: Books, { kind, lines, reverses }: Pick<Entry, 'kind' | 'lines' | 'reverses'>, { amount, fund, proposal }: Proposal): void {
  const out = lines.reduce((sum, line) => sum + (isMoney(line.account) ? line.credit : 0), 0);
  const debits = lines.reduce((sum, line) => sum + line.debit, 0);
  const wanted = reverses !== null ? -debits : kind === 'payment' ? out : debits;
  const funds = new Set(lines.map((line) => line.fund));
  if (BigInt(wanted) !== amount || (funds.size === 1 ? [...funds][0]! : null) !== fund) books.accuse('entry_differs_from_order', { proposal });
}

function judgeReversal(books: Books, entry: Entry, reverses: number): void {
  const target = books.entries.get(reverses);
  if (target === undefined) {
    if (books.complete) books.accuse('reversal_wrong', { reverses });
    else books.accuse('reversal_elsewhere', { reverses });
    return;
  }
  if (target.reversed_by !== null) books.accuse('reversed_twice', { reverses });
  if (target.reverses !== null || target.kind !== entry.kind || shapeOf(target.lines) !== shapeOf(entry.lines, -1)) books.accuse('reversal_wrong', { reverses });
  else if (entry.proposal !== null) judgeAmount(books, entry, entry.proposal);
  target.reversed_by = entry.seq;
}

/** Closing (结账): in order, one way, with the figures that were signed. */
export function periodClosed(books: Books, moment: Moment): void {
  const { body } = moment;
  const period = textIn(body, 'period');
  const proposal = carriedOut(books, moment, ['close'], moment.day);
  if (books.closed_period !== null && period !== addMonths(books.closed_period, 1)) books.accuse('close_out_of_order', { period, closed: books.closed_period });
  books.closed_period = period;
  books.closed_at.set(period, moment);
  const said = { entries: wholeIn(body, 'entries'), debit: fenOf(body['debit']) };
  if (proposal !== undefined) {
    books.close_proposals.set(period, proposal);
    const { document } = proposal;
    if (document['period'] !== period || document['entries'] !== said.entries || fenOf(document['debit']) !== said.debit) books.accuse('close_differs', { period });
  }
  if (books.known_from === null || books.known_from > period) return;
  const month = books.periods.get(period) ?? [];
  let debit = 0n;
  for (const { lines } of month) for (const line of lines) debit += BigInt(line.debit);
  if (month.length !== said.entries || debit !== said.debit) books.accuse('close_differs', { period });
}
