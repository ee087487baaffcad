// Walks the records of a log in order and writes down what they say together (Books). What each kind of record must
// keep to is judged by the file of its noun; here is the order, the clock, and that a body is what it should be.
import { businessDate, instant } from '../kernel/dates.ts';
import type { LogRecord } from '../proof/record.ts';
import { ballotCast, paperRead, resolutionAnnounced, resolutionCalledOff, resolutionCertified, resolutionCounted } from './ballots.ts';
import { bankAccountRecorded, mandateEnded, mandateOpened } from './bank-accounts.ts';
import { linesMatched, matchEnded, openingMatched } from './bank-matches.ts';
import { statementImported } from './bank-statements.ts';
import type { Books, Moment } from './books.ts';
import { entryPosted, periodClosed } from './entries.ts';
import { maybeText, maybeWhole, Misshapen, readBody, textIn, wholeIn } from './fields.ts';
import { companyHandedOver, companyTookOver } from './handover.ts';
import { householdActs, rested, waiverApplied } from './household-acts.ts';
import { logKeyChanged, logKeyOpened, witnessEnrolled, witnessRetired } from './log-keys.ts';
import { payFileMade, payFileVoided } from './pay-files.ts';
import { bodyFormed, bodyOpened, delegationEnded, delegationOpened, passkeyEnrolled, passkeyRevoked, termEnded, termOpened } from './offices.ts';
import { objectionAnswered, objectionRaised, stepped, submitted } from './proposals.ts';
import { rulesChanged, rulesCompleted, rulesOpened } from './rules.ts';
import { signatureGiven } from './signatures.ts';

type Reader = (books: Books, moment: Moment) => void;

const readers: Readonly<Record<string, Reader>> = {
  estate_opened: estateOpened,
  body_opened: bodyOpened,
  log_key_opened: logKeyOpened,
  log_key_changed: logKeyChanged,
  witness_enrolled: witnessEnrolled,
  witness_retired: witnessRetired,
  rules_opened: rulesOpened,
  rules_changed: rulesChanged,
  rules_completed: rulesCompleted,
  term_opened: termOpened,
  term_ended: termEnded,
  delegation_opened: delegationOpened,
  delegation_ended: delegationEnded,
  passkey_enrolled: passkeyEnrolled,
  passkey_revoked: passkeyRevoked,
  proposal_submitted: submitted,
  proposal_returned: stepped,
  proposal_held: stepped,
  proposal_released: stepped,
  proposal_expired: stepped,
  proposal_withdrawn: stepped,
  proposal_superseded: stepped,
  signature: signatureGiven,
  objection_raised: objectionRaised,
  objection_answered: objectionAnswered,
  journal_entry: entryPosted,
  period_closed: periodClosed,
  voucher_received: (books, { body, seq }) => void books.vouchers.set(textIn(body, 'sha256'), seq),
  bank_account_opened: bankAccountRecorded,
  bank_account_changed: bankAccountRecorded,
  bank_account_closed: bankAccountRecorded,
  mandate_opened: mandateOpened,
  mandate_ended: mandateEnded,
  pay_file_made: payFileMade,
  pay_file_voided: payFileVoided,
  bank_balance_stated: (books, { body, seq }) =>
    void books.bank_balances.push({ seq, account: textIn(body, 'account'), as_of: textIn(body, 'as_of'), balance: textIn(body, 'balance') }),
  bank_statement_imported: statementImported,
  bank_lines_matched: linesMatched,
  bank_opening_matched: openingMatched,
  bank_match_ended: matchEnded,
  inquiry_asked: inquiryAsked,
  inquiry_answered: inquiryAnswered,
  waiver_applied: waiverApplied,
  resolution_announced: resolutionAnnounced,
  resolution_called_off: resolutionCalledOff,
  paper_ballot_read: paperRead,
  ballot_cast: ballotCast,
  resolution_counted: resolutionCounted,
  resolution_certified: resolutionCertified,
  company_handed_over: companyHandedOver,
  company_took_over: companyTookOver,
  disclosure_prepared: (books, { body, seq, day }) => void books.prepared.push({
    seq, day, period: textIn(body, 'period'), version: wholeIn(body, 'version'), figures_sha256: textIn(body, 'figures_sha256'), facts_sha256: textIn(body, 'facts_sha256'),
  }),
  disclosure_published: (books, { body, seq }) => void books.published.push({
    seq, period: textIn(body, 'period'), version: wholeIn(body, 'version'), figures_sha256: textIn(body, 'figures_sha256'),
    pdf_zh_sha256: textIn(body, 'pdf_zh_sha256'), pdf_en_sha256: textIn(body, 'pdf_en_sha256'),
  }),
};

function estateOpened(books: Books, { body, seq }: Moment): void {
  if (textIn(body, 'code') !== books.estate || seq !== 1) books.accuse('estate_differs', { estate: maybeText(body, 'code') ?? '' });
  books.is_demo = body['is_demo'] === true;
  const trustee = maybeText(body, 'trustee');
  if (trustee !== null) books.trustees.push({ seq, trustee });
}

function inquiryAsked(books: Books, { body, seq, day }: Moment): void {
  const inquiry = { seq, day, about: maybeWhole(body, 'about'), answered_seq: null };
  books.inquiries.set(seq, inquiry);
  if (inquiry.about !== null) books.asked_about.set(inquiry.about, [...books.asked_about.get(inquiry.about) ?? [], inquiry]);
}

function inquiryAnswered(books: Books, { body, seq }: Moment): void {
  const inquiry = books.inquiries.get(maybeWhole(body, 'inquiry_record') ?? 0);
  if (inquiry !== undefined) inquiry.answered_seq ??= seq;
}

/** What belongs to the moment in which an estate is opened. */
const opening = new Set(['estate_opened', 'body_opened', 'rules_opened', 'bank_account_opened', 'term_opened', 'log_key_opened']);

// A log has many records an hour; the day of each is told from its hour.
const days = new Map<string, string>();
function dayOf(at: string): string {
  const hour = at.slice(0, 13);
  const known = days.get(hour);
  if (known !== undefined) return known;
  const moment = instant(`${hour}:00:00Z`);
  if (Number.isNaN(moment.getTime())) throw new Misshapen('recorded_at');
  const day = businessDate(moment);
  if (days.size > 100_000) days.clear();
  days.set(hour, day);
  return day;
}

/** Reads one record. `learned`: it came along with a file, from before the file's own records begin. */
export function replay(books: Books, record: LogRecord, learned: boolean): void {
  const { seq, kind, recorded_at: at, number } = record;
  if (!learned) {
    if (at < books.at) books.accuse('time_runs_back', { at, before: books.at });
    books.seq = seq;
    books.at = at;
  }
  if (seq === 1 && kind !== 'estate_opened') books.accuse('estate_differs', { estate: '–' });
  if (!opening.has(kind)) books.opening_end = Math.min(books.opening_end, seq);
  books.counted.records += 1;
  try {
    const body = readBody(record.body);
    const moment: Moment = { seq, kind, at, day: dayOf(at), number, body, learned };
    if ((kind === 'journal_entry') === (number === '-')) books.accuse('number_wrong', { number });
    (readers[kind] ?? (kind in householdActs ? rested : undefined))?.(books, moment);
    if (kind === 'body_formed') bodyFormed(books, moment);
  } catch (error) {
    // Whatever a body may hold, it is the record's fault and never ours.
    books.accuse('record_misshapen', { what: error instanceof Misshapen ? error.message : 'JSON' });
  }
}
