// Who serves where, who signs for whom, and with which key (任期, 委托代签, 通行密钥). After an estate is opened,
// terms begin and end only by a proposal that was signed; a delegation needs one to begin, and either of its two
// persons ends it.
import { addDays } from '../kernel/dates.ts';
import type { Books, Delegation, Moment, Term } from './books.ts';
import { carriedOut } from './carrying-out.ts';
import { dayIn, maybeText, textIn, wholeIn } from './fields.ts';

export const signsNothing = (office: string): boolean => ['cashier', 'auditor', 'deputy'].includes(office);

export function termOpened(books: Books, moment: Moment): void {
  const { body, seq } = moment;
  const term: Term = {
    term: wholeIn(body, 'term'), person: textIn(body, 'person'), body: textIn(body, 'body'), office: textIn(body, 'office'),
    starts_on: dayIn(body, 'starts_on'), ends_on: dayIn(body, 'ends_on'), seq,
  };
  if (books.terms.has(term.term)) return books.accuse('term_twice', { term: term.term });
  books.terms.set(term.term, term);
  if (body['proposal'] === undefined) {
    if (seq > books.opening_end) books.accuse('term_without_proposal', { term: term.term });
    return;
  }
  const proposal = carriedOut(books, moment, ['membership'], moment.day);
  if (proposal === undefined) return;
  const { document } = proposal;
  const same = ['person', 'body', 'office', 'ends_on'].every((name) => document[name] === body[name]);
  if (document['change'] !== 'appoint' || !same || term.starts_on < String(document['starts_on'])) books.accuse('term_differs', { term: term.term });
}

export function termEnded(books: Books, moment: Moment): void {
  const term = wholeIn(moment.body, 'term');
  const ends_on = dayIn(moment.body, 'ends_on');
  const known = books.terms.get(term);
  if (known === undefined && books.complete) books.accuse('term_unknown', { term });
  const proposal = carriedOut(books, moment, ['membership'], moment.day);
  if (proposal !== undefined && (proposal.document['change'] !== 'end' || proposal.document['term'] !== term)) books.accuse('term_differs', { term });
  // Never backwards: what was signed under the term was good when it was signed.
  if (ends_on < addDays(moment.day, -1)) books.accuse('term_differs', { term });
  books.term_ends.set(term, ends_on);
}

export function delegationOpened(books: Books, moment: Moment): void {
  const { body, seq } = moment;
  const delegation: Delegation = {
    delegation: wholeIn(body, 'delegation'), body: textIn(body, 'body'), principal: textIn(body, 'principal'), delegate: textIn(body, 'delegate'),
    starts_on: dayIn(body, 'starts_on'), ends_on: dayIn(body, 'ends_on'), after_days: wholeIn(body, 'after_days'), seq,
  };
  if (books.delegations.has(delegation.delegation)) return books.accuse('delegation_twice', { delegation: delegation.delegation });
  books.delegations.set(delegation.delegation, delegation);
  const proposal = carriedOut(books, moment, ['delegation'], moment.day);
  if (proposal === undefined) return;
  const { document } = proposal;
  const same = ['body', 'principal', 'delegate', 'ends_on', 'after_days'].every((name) => document[name] === body[name]);
  if (!same || delegation.starts_on < String(document['starts_on'])) books.accuse('delegation_differs', { delegation: delegation.delegation });
}

export function delegationEnded(books: Books, { body }: Moment): void {
  const delegation = wholeIn(body, 'delegation');
  const known = books.delegations.get(delegation);
  const by = textIn(body, 'by');
  if (known === undefined ? books.complete : by !== known.principal && by !== known.delegate) books.accuse('delegation_differs', { delegation });
  books.delegation_ends.set(delegation, dayIn(body, 'ends_on'));
}

export function passkeyEnrolled(books: Books, { body, seq }: Moment): void {
  const credential_id = textIn(body, 'credential_id');
  if (books.passkeys.has(credential_id)) return books.accuse('passkey_twice');
  books.passkeys.set(credential_id, {
    credential_id, person: textIn(body, 'person'), public_key: textIn(body, 'public_key'), algorithm: wholeIn(body, 'algorithm'),
    rp_id: textIn(body, 'rp_id'), revoked: books.revoked.get(credential_id) ?? null, seq,
  });
}

export function passkeyRevoked(books: Books, { body, seq }: Moment): void {
  const credential_id = textIn(body, 'credential_id');
  const known = books.passkeys.get(credential_id);
  if (known === undefined ? books.complete : known.person !== textIn(body, 'person')) books.accuse('passkey_differs');
  books.revoked.set(credential_id, seq);
  if (known !== undefined) known.revoked = seq;
}

/** Whether somebody holds an office of a body on a day, of those that are asked for. */
export const serves = (books: Books, person: string, body: string, day: string, offices: (office: string) => boolean): Term[] =>
  [...books.terms.values()].filter((term) => term.person === person && term.body === body && offices(term.office)
    && term.starts_on <= day && day <= books.lastDay(term));

export function delegated(books: Books, asked: { principal: string; delegate: string; body: string; day: string; submitted_on: string }): boolean {
  const { principal, delegate, body, day, submitted_on } = asked;
  return [...books.delegations.values()].some((one) => one.principal === principal && one.delegate === delegate && one.body === body
    && one.starts_on <= day && day <= books.lastDayOf(one) && addDays(submitted_on, one.after_days) <= day);
}

export function bodyOpened(books: Books, { body }: Moment): void {
  books.body_names.set(textIn(body, 'body'), { name_zh: textIn(body, 'name_zh'), name_en: maybeText(body, 'name_en') ?? '' });
}

/** A body takes another form, or is opened by one: what it is called from a day on. */
export function bodyFormed(books: Books, { seq, body }: Moment): void {
  const [name, name_zh] = [textIn(body, 'body'), textIn(body, 'name_zh')];
  if (!books.body_names.has(name)) books.body_names.set(name, { name_zh, name_en: maybeText(body, 'name_en') ?? '' });
  books.body_forms.push({ seq, body: name, from: textIn(body, 'from'), name_zh });
}

/** What a body was called on a day, as the log had it at a size; undefined where the log in hand does not say. */
export function bodyNameOn(books: Books, body: string, day: string, size: number): string | undefined {
  const forms = books.body_forms.filter((one) => one.body === body && one.seq <= size && one.from <= day);
  const last = forms.sort((a, b) => (a.from === b.from ? a.seq - b.seq : a.from < b.from ? -1 : 1)).at(-1);
  return last?.name_zh ?? books.body_names.get(body)?.name_zh;
}
