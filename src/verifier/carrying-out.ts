// Whatever is carried out rests on a proposal that was approved by then (签齐), under the rule of its submission, by
// two persons of two bodies at least, after its announcement and without an open objection; and it is carried out once.
import type { Bilingual } from '../kernel/locale.ts';
import type { Books, Moment, Proposal, Rule, Signed, State } from './books.ts';
import { wholeIn } from './fields.ts';
import type { Facts } from './findings.ts';

const states: Record<State, Bilingual> = {
  submitted: { zh: '签批中', en: 'waiting for signatures' }, approved: { zh: '已签齐', en: 'approved' }, executed: { zh: '已办结', en: 'carried out' },
  returned: { zh: '已退回修改', en: 'returned' }, withdrawn: { zh: '已撤回', en: 'withdrawn' }, rejected: { zh: '已拒绝', en: 'rejected' },
  held: { zh: '已暂缓', en: 'on hold' }, expired: { zh: '已过期', en: 'expired' }, superseded: { zh: '已被取代', en: 'superseded' },
};
const steps: Readonly<Record<string, string>> = {
  submitted: '提交', returned: '退回', held: '暂缓', released: '解除暂缓', expired: '过期', withdrawn: '撤回', superseded: '被取代', objection: '提出异议',
};

/** A state, and a step from it, in words. */
export const stateFacts = (state: State | null, step = ''): Facts => ({
  state: state === null ? '没有提交过' : states[state].zh, state_en: state === null ? 'not submitted' : states[state].en, step: steps[step] ?? step, step_en: step,
});

/** A body by the name it was opened with. */
export function bodyFacts({ body_names }: Books, body: string): { zh: string; en: string } {
  const { name_zh = body, name_en = body } = body_names.get(body) ?? {};
  return { zh: name_zh, en: name_en === '' ? name_zh : name_en };
}

/** Bodies of a rule with too few votes; empty when it is satisfied. */
export function missingVotes(rule: Rule | undefined, signatures: readonly Signed[], decisions: readonly string[]): string[] {
  if (rule === undefined) return ['?'];
  const votes = signatures.filter((one) => decisions.includes(one.decision));
  return [...rule.bodies].filter(([body, signers]) => new Set(votes.filter((one) => one.body === body).map((one) => one.vote)).size < signers)
    .map(([body]) => body);
}

export const approvals = ({ signatures }: Proposal): Signed[] => signatures.filter((one) => one.decision === 'approve');

/** Two persons of two bodies at least, and all that the rule asks. */
export function judgeQuorum(books: Books, proposal: Proposal): void {
  const missing = missingVotes(proposal.rule, proposal.signatures, ['approve']);
  const votes = approvals(proposal);
  const different = new Set(votes.map((one) => one.body)).size >= 2 && new Set(votes.map((one) => one.person)).size >= 2;
  if (missing.length > 0 || !different) {
    const named = (locale: 'zh' | 'en'): string => missing.map((body) => bodyFacts(books, body)[locale]).join(locale === 'zh' ? '、' : ', ');
    books.accuse('quorum_missing', {
      proposal: proposal.proposal, missing: named('zh') || '两方各一人', missing_en: named('en') || 'two persons of two bodies',
    });
  }
}

/** Before its first day nothing is carried out, nor while an objection waits. `on`: the day the entry bears. */
export function judgeWaiting(books: Books, proposal: Proposal, on: string): void {
  if (proposal.payable_from > on && proposal.payable_from > proposal.submitted_on) {
    books.accuse('order_in_notice', { proposal: proposal.proposal, payable_from: proposal.payable_from });
  }
  if (proposal.objections.size > 0) books.accuse('order_objected', { proposal: proposal.proposal, objection: [...proposal.objections][0]! });
}

/** The proposal a record carries out; what was carried out before the records of a file began is judged with the file
 *  of its own month. It is executed with it; undefined where that cannot be judged further.
 *  `kinds`: of the proposal that may do this. */
export function carriedOut(books: Books, moment: Moment, kinds: readonly string[], on: string): Proposal | undefined {
  const number = wholeIn(moment.body, 'proposal');
  const proposal = books.proposals.get(number);
  books.counted.carried_out += 1;
  if (proposal === undefined) {
    if (!moment.learned) books.accuse('support_missing', { what: `第 ${number} 号签批单`, what_en: `proposal ${number}` });
    return undefined;
  }
  if (moment.learned) {
    proposal.state = 'executed';
    return proposal;
  }
  if (!kinds.includes(proposal.kind)) books.accuse('order_of_other_kind', { proposal: number });
  if (proposal.state === 'executed') books.accuse('order_twice', { proposal: number });
  else if (proposal.state !== 'approved') books.accuse('order_not_approved', { proposal: number, ...stateFacts(proposal.state) });
  // What became of it before these records begin, only older files could show.
  if (proposal.uncertain || (books.known_from !== null && proposal.submitted_on.slice(0, 7) < books.known_from)) books.counted.begun_earlier += 1;
  judgeQuorum(books, proposal);
  judgeWaiting(books, proposal, on);
  proposal.state = 'executed';
  proposal.executed_seq = moment.seq;
  return proposal;
}

/** What the bank paid before the last signature was not paid under the order. Without the approval at hand nothing is said. */
export function judgeSignedBy(books: Books, { proposal, approved_on }: Pick<Proposal, 'proposal' | 'approved_on'>, left_on: string): void {
  if (approved_on !== null && approved_on > left_on) books.accuse('order_signed_late', { proposal, left_on, signed_on: approved_on });
}

/** Lets the document go: a hundred thousand of them would fill the memory of a phone. Whoever ratifies an emergency
 *  order afterwards still signs its document. */
export function letGo(proposal: Proposal): void {
  if (proposal.class === 'emergency') return;
  proposal.document = {};
  proposal.text = '';
}
