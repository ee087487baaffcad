// Bank accounts of the estate (共管账户), and the standing mandates under which the bank may take its fees (授权扣费). After
// an estate is opened both come by proposal; a fee stays within what was signed: bank account, account, fund, days, the
// most at once and the most in a month.
import { carriedOut, judgeQuorum } from './carrying-out.ts';
import type { BankAccount, Books, Entry, Mandate, Moment, Proposal } from './books.ts';
import { fen, yuan } from './fen.ts';
import { dayIn, maybeText, textIn, wholeIn } from './fields.ts';

/** As it stands at a size of the log, by account. */
export function bankAccountsAt({ bank_accounts }: Books, size: number): BankAccount[] {
  const latest = new Map(bank_accounts.filter(({ seq }) => seq <= size).map((one) => [one.account, one]));
  return [...latest.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}

const changes: Readonly<Record<string, string>> = { bank_account_opened: 'open', bank_account_changed: 'change', bank_account_closed: 'close' };

export function bankAccountRecorded(books: Books, moment: Moment): void {
  const { seq, kind, body } = moment;
  const account = textIn(body, 'account');
  const before = bankAccountsAt(books, Infinity).find((one) => one.account === account);
  books.bank_accounts.push({
    seq, account, last4: textIn(body, 'account_last4'), name_zh: textIn(body, 'name_zh'),
    first: before?.first ?? body['proposal'] === undefined, closed_on: kind === 'bank_account_closed' ? dayIn(body, 'closed_on') : before?.closed_on ?? null,
  });
  if (moment.learned) return;
  if ((kind === 'bank_account_opened') !== (before === undefined) || (before?.closed_on ?? null) !== null) books.accuse('bank_account_differs', { account });
  if (body['proposal'] === undefined) {
    if (seq > books.opening_end || kind !== 'bank_account_opened') books.accuse('bank_account_without_proposal', { account });
    return;
  }
  const document = carriedOut(books, moment, ['bank_account'], moment.day)?.document;
  if (document === undefined) return;
  const same = ['account', 'account_last4', 'bank_name', 'closed_on', 'name_en', 'name_zh'].every((name) => document[name] === body[name]);
  if (!same || document['change'] !== changes[kind]) books.accuse('bank_account_differs', { account });
}

// ── Mandates ─────────────────────────────────────────────────────────────────────────────────────

function mandateOf(proposal: Proposal): Mandate {
  const { document } = proposal;
  return {
    proposal, bank_account: textIn(document, 'bank_account'), account: textIn(document, 'account'), fund: textIn(document, 'fund'),
    cap_each: fen(document['cap_each']), cap_month: fen(document['cap_month']), from: dayIn(document, 'valid_from'), to: dayIn(document, 'valid_to'),
    ended_on: null, used: new Map(),
  };
}

export function mandateOpened(books: Books, moment: Moment): void {
  const proposal = carriedOut(books, moment, ['mandate'], moment.day);
  // Of one that came along and is not used later, the document is not needed.
  if (proposal === undefined || proposal.kind !== 'mandate') return;
  const mandate = mandateOf(proposal);
  if (maybeText(moment.body, 'valid_from') !== mandate.from || maybeText(moment.body, 'valid_to') !== mandate.to) books.accuse('mandate_differs', { mandate: proposal.proposal });
  books.mandates.set(proposal.proposal, mandate);
}

export function mandateEnded(books: Books, { body, day }: Moment): void {
  const mandate = books.mandates.get(wholeIn(body, 'mandate'));
  if (mandate !== undefined) mandate.ended_on ??= day;
}

/** A fee that the bank took under a mandate. */
export function judgeMandate(books: Books, entry: Entry, number: number): void {
  const { kind, lines, date, period, bank_line, proposal, settles, reverses } = entry;
  const mandate = books.mandates.get(number);
  if (mandate === undefined) {
    if (books.complete) books.accuse('mandate_differs', { mandate: number });
    else books.accuse('support_missing', { what: `第 ${number} 号授权扣费`, what_en: `mandate ${number}` });
    return;
  }
  const fee = lines.find((line) => line.debit !== 0);
  const fits = kind === 'payment' && proposal === null && settles === null && reverses === null && lines.length === 2 && fee?.account === mandate.account
    && fee.fund === mandate.fund && bank_line?.account === mandate.bank_account && mandate.from <= date && date <= mandate.to
    && (mandate.ended_on === null || date < mandate.ended_on);
  if (!fits) books.accuse('mandate_differs', { mandate: number });
  const amount = fee?.debit ?? 0;
  const month = (mandate.used.get(period) ?? 0) + amount;
  if (amount > mandate.cap_each || month > mandate.cap_month) books.accuse('mandate_exceeded', { mandate: number, amount: yuan(amount), month: yuan(month) });
  judgeQuorum(books, mandate.proposal);
}

/** What was reversed counts no more. */
export function useMandate(books: Books, { mandate, lines, period }: Entry, sign: 1 | -1): void {
  const used = mandate === null ? undefined : books.mandates.get(mandate)?.used;
  used?.set(period, (used.get(period) ?? 0) + sign * lines.reduce((sum, line) => sum + line.debit, 0));
}
