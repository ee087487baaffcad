// The life of a proposal (签批单) as its records tell it: submitted → approved → executed, and the side exits
// returned (and submitted again), withdrawn, rejected, held, expired, superseded. A step that is not documented is
// broken, and so is a submission under another rule than the one that answered on that day.
import { addDays } from '../kernel/dates.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { hexOf, utf8 } from '../proof/bytes.ts';
import { sha256 } from '#primitives';
import type { Books, Moment, Proposal, State } from './books.ts';
import { stateFacts } from './carrying-out.ts';
import { fenOf } from './fen.ts';
import { bodyIn, dayIn, maybeText, maybeWhole, textIn, wholeIn, type Body } from './fields.ts';
import { signsNothing } from './offices.ts';
import { closeToldRight } from './reconciling.ts';
import { judgeLinked } from './ballots.ts';
import { hasResolution, ruleFor, type Case } from './rules.ts';

const hashOf = (text: string): string => hexOf(sha256(utf8(text)));

/** The document as it was hashed: it stands canonical in the record, so its text is its part of the record's; a
 *  document with numbers for names is spelled anew, because JSON.parse puts those first. */
function textOfDocument(document: Body, hash: string): string {
  const text = JSON.stringify(document);
  return hashOf(text) === hash ? text : canonical(document as Json);
}

export function submitted(books: Books, { body, day, learned }: Moment): void {
  const proposal = wholeIn(body, 'proposal');
  const version = wholeIn(body, 'version');
  const before = books.proposals.get(proposal);
  // Of several that came along, the last one is the one that was signed.
  if (learned && before !== undefined && before.version >= version) return;
  const document = bodyIn(body, 'document');
  const hash = textIn(body, 'document_hash');
  const text = textOfDocument(document, hash);
  const accuse = (code: 'document_altered' | 'submission_differs' | 'step_unknown'): void =>
    books.accuse(code, { proposal, ...stateFacts(before?.state ?? null, 'submitted') });
  if (hashOf(text) !== hash) accuse('document_altered');
  const kind = textIn(document, 'kind');
  const maker = textIn(document, 'made_by');
  const told = document['estate'] === books.estate && document['proposal'] === proposal && document['version'] === version
    && document['submitted_on'] === day && body['by'] === maker && (before === undefined || (before.kind === kind && before.maker === maker));
  if (!told) accuse('submission_differs');
  if (!learned && before?.uncertain === false && before.state !== 'returned') accuse('step_unknown');
  if (before === undefined ? books.complete && version !== 1 : version !== before.version + 1 && books.complete) accuse('submission_differs');
  const amount = (document['amount'] ?? null) === null ? 0n : fenOf(document['amount']);
  const asked: Case = {
    kind, class: maybeText(document, 'class') ?? 'normal', amount, fund: maybeText(document, 'fund'),
    payee_class: maybeText(document, 'payee_class'), day,
  };
  const known: Proposal = {
    proposal, kind, class: asked.class, state: 'submitted', version, hash, document, text, amount, fund: asked.fund,
    rule: books.rules.get(wholeIn(body, 'rule')), full_rule: asked.class === 'emergency' ? ruleFor(books, { ...asked, class: 'normal' }) : undefined,
    maker, concerned: maybeText(document, 'person') ?? maybeText(document, 'delegate'), submitted_on: day, expires_on: dayIn(body, 'expires_on'),
    payable_from: maybeText(body, 'payable_from') ?? day, signatures: [], objections: new Set(before?.objections), approved_on: null,
    ratify_by: null, ratified_seq: null, executed_seq: null, uncertain: learned,
  };
  books.proposals.set(proposal, known);
  if (!learned && kind === 'close' && !closeToldRight(books, document)) books.accuse('close_differs', { period: String(document['period']) });
  if (!learned) judgeLinked(books, known);
  judgeRule(books, known, { asked, rule: wholeIn(body, 'rule') });
}

function judgeRule(books: Books, proposal: Proposal, { asked, rule: said }: { asked: Case; rule: number }): void {
  const { rule } = proposal;
  if (rule === undefined) {
    books.accuse('support_missing', { what: `第 ${said} 条签批规则`, what_en: `rule ${said}` });
    return;
  }
  const right = ruleFor(books, asked);
  if (right?.rule !== said) books.accuse('rule_wrong', { proposal: proposal.proposal, rule: said, right: right?.rule ?? '–' });
  const { submitted_on, expires_on, payable_from } = proposal;
  if (expires_on > addDays(submitted_on, rule.expires_days) || payable_from !== addDays(submitted_on, rule.notice_days)
    || (rule.needs_resolution && proposal.kind !== 'resolution' && !hasResolution(proposal)) || (proposal.class === 'emergency' && asked.payee_class === 'officer')
    || (proposal.class === 'vacancy' && !isVacant(books, proposal, asked))) {
    books.accuse('rule_not_kept', { proposal: proposal.proposal, rule: said });
  }
}

/** Whether the body has fewer signers in office than the normal rule asks of it. */
function isVacant(books: Books, { document }: Proposal, asked: Case): boolean {
  const body = maybeText(document, 'body') ?? '';
  const serving = new Set([...books.terms.values()].filter((term) => term.body === body && !signsNothing(term.office)
    && term.starts_on <= asked.day && asked.day <= books.lastDay(term)).map((term) => term.person));
  return document['change'] === 'appoint' && serving.size < (ruleFor(books, { ...asked, class: 'normal' })?.bodies.get(body) ?? 0);
}

const steps: Readonly<Record<string, { from: readonly State[]; to: State }>> = {
  returned: { from: ['submitted', 'held'], to: 'returned' },
  held: { from: ['submitted'], to: 'held' },
  released: { from: ['held'], to: 'submitted' },
  expired: { from: ['submitted', 'held'], to: 'expired' },
  withdrawn: { from: ['submitted', 'held', 'returned', 'approved'], to: 'withdrawn' },
  superseded: { from: ['submitted', 'approved'], to: 'superseded' },
};

/** One of the steps between submission and the end. */
export function stepped(books: Books, { kind, body, day, learned }: Moment): void {
  const step = kind.slice('proposal_'.length);
  const rule = steps[step];
  const proposal = books.proposals.get(wholeIn(body, 'proposal'));
  // Comments change nothing; a step of a proposal from before these records is for the file of its month.
  if (rule === undefined || proposal === undefined) return;
  if (!proposal.uncertain && !rule.from.includes(proposal.state)) books.accuse('step_unknown', { proposal: proposal.proposal, ...stateFacts(proposal.state, step) });
  if (step === 'expired' && proposal.expires_on >= day) books.accuse('step_unknown', { proposal: proposal.proposal, ...stateFacts(proposal.state, step) });
  if (proposal.state !== 'executed') proposal.state = rule.to;
  if (!learned) proposal.uncertain = false;
}

export function objectionRaised(books: Books, { body, seq }: Moment): void {
  const proposal = books.proposals.get(wholeIn(body, 'proposal'));
  if (proposal === undefined) return;
  if (!['submitted', 'held', 'approved'].includes(proposal.state)) books.accuse('step_unknown', { proposal: proposal.proposal, ...stateFacts(proposal.state, 'objection') });
  proposal.objections.add(seq);
}

export function objectionAnswered(books: Books, { body }: Moment): void {
  const proposal = books.proposals.get(wholeIn(body, 'proposal'));
  proposal?.objections.delete(maybeWhole(body, 'objection_record') ?? 0);
}
