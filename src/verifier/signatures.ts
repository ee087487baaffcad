// Whether one signature (签批) was lawful at its moment: over this very document, by somebody in office, with a vote of
// their own or under a delegation, in turn, by a method the rule accepts; and, of a passkey, whether the signature
// itself holds, for this document and decision, with the key its owner enrolled. A signature by password proves
// nothing by itself: the server vouches for it, and whoever owns the server could have made it (弱).
import { assertionFaults, challengeOf } from '../proof/signatures.ts';
import { keyReader, type AssertionEvidence } from '../proof/assertion.ts';
import { addDays } from '../kernel/dates.ts';
import { approvals, bodyFacts, missingVotes, stateFacts } from './carrying-out.ts';
import type { Books, Moment, Proposal, Rule, Signed } from './books.ts';
import { bodyIn, maybeText, textIn, wholeIn, Misshapen, type Body } from './fields.ts';
import { delegated, serves, signsNothing } from './offices.ts';

const readKey = keyReader();

export function signatureGiven(books: Books, moment: Moment): void {
  const { body, seq, at } = moment;
  const number = wholeIn(body, 'proposal');
  const proposal = books.proposals.get(number);
  if (proposal === undefined) {
    if (!moment.learned) books.accuse('support_missing', { what: `第 ${number} 号签批单`, what_en: `proposal ${number}` });
    return;
  }
  // One that came along may be under a version before the one that was submitted last.
  if (moment.learned && textIn(body, 'document_hash') !== proposal.hash) return;
  const person = textIn(body, 'person');
  const vote = maybeText(body, 'on_behalf_of') ?? person;
  const signed: Signed = {
    // A text of its own: a part of the file's text would keep all of that in memory.
    seq, at: JSON.parse(JSON.stringify(at)) as string, person, vote, body: textIn(body, 'body'), office: '', decision: textIn(body, 'decision'), method: textIn(body, 'method'),
  };
  judge(books, proposal, signed, moment);
  proposal.signatures.push(signed);
  books.counted.signatures += 1;
  if (signed.method === 'passkey') books.counted.by_passkey += 1;
  else books.counted.weak += 1;
  decide(books, proposal, signed, moment);
}

function judge(books: Books, proposal: Proposal, signed: Signed, { body, day }: Moment): void {
  const { person, vote, decision } = signed;
  const { zh, en } = bodyFacts(books, signed.body);
  const accuse: Accuse = (code, why = '', why_en = why): void =>
    books.accuse(code, { proposal: proposal.proposal, body: zh, body_en: en, why, why_en });
  const ratifies = decision === 'ratify';
  const state_allows = ratifies ? ['approved', 'executed'].includes(proposal.state) && proposal.class === 'emergency' && proposal.ratified_seq === null
    : proposal.state === 'submitted';
  if (!['approve', 'reject', 'ratify'].includes(decision) || !state_allows) {
    const { state, state_en } = stateFacts(proposal.state);
    accuse('signature_out_of_time', String(state), String(state_en));
  }
  if (!ratifies && proposal.expires_on < day) accuse('signature_out_of_time', '过期', 'expired');
  if (textIn(body, 'document_hash') !== proposal.hash) accuse('signature_other_document');
  if ([person, vote].includes(proposal.maker) || (proposal.concerned !== null && [person, vote].includes(proposal.concerned))) accuse('signer_concerned');
  if (proposal.signatures.some((one) => one.person === person || one.vote === vote)) accuse('signed_twice');
  signed.office = officeOf(books, proposal, signed, day, accuse);
  const rule = ratifies ? proposal.full_rule : proposal.rule;
  if (rule !== undefined) judgeTurn(books, proposal, { rule, signed, accuse });
  if (signed.method === 'passkey') judgePasskey(books, proposal, signed, { body, accuse });
  else if (signed.method !== 'password') accuse('method_too_weak');
}

type Accuse = (code: Parameters<Books['accuse']>[0], why?: string, why_en?: string) => void;

function judgeTurn(books: Books, proposal: Proposal, { rule, signed, accuse }: { rule: Rule; signed: Signed; accuse: Accuse }): void {
  if (!rule.bodies.has(signed.body)) accuse('body_not_asked');
  if (rule.passkey_only && signed.decision !== 'reject' && signed.method !== 'passkey') accuse('method_too_weak');
  const turn = rule.sequence.indexOf(signed.body);
  if (signed.decision !== 'approve' || turn <= 0) return;
  const votes = approvals(proposal);
  const before = rule.sequence.slice(0, turn).find((body) => votes.filter((one) => one.body === body).length < rule.bodies.get(body)!);
  if (before === undefined) return;
  const { zh, en } = bodyFacts(books, before);
  accuse('out_of_turn', zh, en);
}

/** The office somebody signs in, as the database chooses it; accuses where there is none. */
function officeOf(books: Books, { submitted_on }: Proposal, signed: Signed, day: string, accuse: Accuse): string {
  const { person, vote, body } = signed;
  const own = serves(books, vote, body, day, (office) => !signsNothing(office));
  if (own.length === 0) accuse('not_in_office');
  const by_term = (terms: { term: number; office: string }[]): string => [...terms].sort((a, b) => a.term - b.term)[0]?.office ?? '';
  if (person === vote) return by_term(own);
  const deputy = serves(books, person, body, day, (office) => office === 'deputy');
  if (deputy.length === 0 || !delegated(books, { principal: vote, delegate: person, body, day, submitted_on })) accuse('delegation_missing');
  return by_term(deputy);
}

const faultTexts: Readonly<Record<string, readonly [string, string]>> = {
  challenge_differs: ['签的不是这张单据、这个决定', 'it signed another document or decision'],
  place_differs: ['不是在登记的网址签的', 'it signed at another place than it is bound to'],
  nobody_there: ['设备没有确认是本人', 'the device did not recognise its owner'],
  device_differs: ['设备报的数据和记下的不一致', 'what the device reported differs from what was kept'],
  signature_invalid: ['签名验算不过', 'the signature does not hold'],
};

function judgePasskey(books: Books, { text }: Proposal, signed: Signed, { body, accuse }: { body: Body; accuse: Accuse }): void {
  const kept = bodyIn(body, 'evidence');
  const key = books.passkeys.get(textIn(kept, 'credential_id'));
  const alike = (['public_key', 'algorithm', 'rp_id'] as const).every((name) => key?.[name] === kept[name]);
  if (key === undefined || key.person !== signed.person || !alike) accuse('passkey_unknown');
  else if (key.revoked !== null && key.revoked < signed.seq) accuse('passkey_revoked');
  const nonce = textIn(kept, 'nonce');
  if (books.nonces.has(nonce)) accuse('challenge_reused');
  books.nonces.add(nonce);
  const challenge = challengeOf({ decision: signed.decision, document: text, nonce, expires_at: textIn(kept, 'expires_at') });
  for (const name of ['client_data_json', 'authenticator_data', 'signature', 'public_key', 'rp_id', 'origin']) textIn(kept, name);
  let faults: readonly string[];
  try {
    faults = assertionFaults(kept as unknown as AssertionEvidence, challenge, readKey);
  } catch {
    throw new Misshapen('evidence');
  }
  for (const fault of faults) accuse('assertion_wrong', ...(faultTexts[fault] ?? [fault, fault]));
}

/** What the signature does to the proposal: rejects it, approves it, ratifies it. */
function decide(books: Books, proposal: Proposal, signed: Signed, { day, seq }: Moment): void {
  const { decision } = signed;
  if (decision === 'reject') {
    if (proposal.state === 'submitted') proposal.state = 'rejected';
    return;
  }
  const just_approved = decision === 'approve' && proposal.state === 'submitted' && missingVotes(proposal.rule, proposal.signatures, ['approve']).length === 0;
  if (just_approved) {
    proposal.state = 'approved';
    proposal.approved_on = day;
    if (proposal.class === 'emergency') {
      proposal.ratify_by = addDays(day, proposal.rule?.ratify_days ?? 0);
      judgeCap(books, proposal, day);
    }
  }
  if (proposal.class === 'emergency' && proposal.approved_on !== null && proposal.ratified_seq === null
    && missingVotes(proposal.full_rule, proposal.signatures, ['approve', 'ratify']).length === 0) proposal.ratified_seq = seq;
}

/** All emergency orders of a calendar month together stay within the cap. */
function judgeCap(books: Books, { rule, proposal }: Proposal, day: string): void {
  const month = day.slice(0, 7);
  let sum = 0n;
  for (const one of books.proposals.values()) {
    if (one.class === 'emergency' && one.approved_on?.startsWith(month) && ['approved', 'executed'].includes(one.state)) sum += one.amount;
  }
  if (rule?.month_cap !== null && rule !== undefined && sum > rule.month_cap) books.accuse('emergency_above_cap', { proposal, month });
}
