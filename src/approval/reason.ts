// Whether somebody may sign a proposal now, told before the button is pressed: the same answers, in the
// same order, as record_signature() gives; the database has the last word all the same.
import { signingTerms, type Actor } from '../kernel/actor.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { bodyNames } from './queries.ts';
import { refusals } from './refusals.ts';
import { signRefusals } from './sign-refusals.ts';
import { stateName } from './texts.ts';
import type { ProposalView } from './view.ts';

/** Null when this person may sign: there is a seat for them. */
export function whyNotSign(view: ProposalView, actor: Actor, estate_id: number): Refusal | null {
  const names = bodyNames(view.needed);
  const who = { who: names.zh, who_en: names.en };
  if (view.seats.some((seat) => seat.person_id === actor.person_id)) return null;
  if (view.state !== 'submitted') {
    return refusals.proposal_not_open({ state: stateName(view.state, 'zh'), state_en: stateName(view.state, 'en') });
  }
  if (view.expires_on !== null && view.expires_on < view.today) return refusals.proposal_expired({ expires_on: view.expires_on });
  if (view.made_by === actor.person_id) return refusals.signer_is_maker(who);
  if (view.payee_person === actor.person_id) {
    return ['payment', 'refund'].includes(view.kind) ? refusals.signer_is_payee(who) : refusals.signer_is_concerned(who);
  }
  if (view.signatures.some((row) => [row.person_id, row.on_behalf_of].includes(actor.person_id))) return refusals.already_signed(who);
  const terms = signingTerms(actor, estate_id);
  if (terms.length === 0) {
    const holds = (office: string) => actor.terms.some((term) => term.estate_id === estate_id && term.office === office);
    if (holds('deputy')) return isLater(view, actor, estate_id) ? refusals.out_of_turn(who) : refusals.delegation_missing();
    return holds('cashier') ? refusals.signer_is_cashier(who) : refusals.signer_not_in_office(who);
  }
  if (!terms.some((term) => view.needed.some((row) => row.body === term.body))) return refusals.body_not_asked(who);
  const full = terms.every((term) => view.needed.every((row) => row.body !== term.body || row.missing === 0));
  return full ? signRefusals.body_signed_already(who) : refusals.out_of_turn(who);
}

/** Of a deputy whose body comes later in the order of the rule: then no seat is open, delegated to or not. */
function isLater({ rule, needed }: ProposalView, actor: Actor, estate_id: number): boolean {
  if (rule?.in_sequence !== true) return false;
  const mine = rule.bodies.filter((row) => actor.terms.some((term) => term.estate_id === estate_id && term.body === row.body));
  return rule.bodies.some((row) => mine.some((one) => row.place < one.place)
    && needed.some((asked) => asked.body === row.body && asked.missing > 0));
}

export type StepName = 'return' | 'hold' | 'release' | 'withdraw';

/** Steps this person may take besides signing. */
export function stepsFor(view: ProposalView, actor: Actor, estate_id: number): StepName[] {
  const asked = signingTerms(actor, estate_id).some((term) => view.needed.some((row) => row.body === term.body));
  const maker = view.made_by === actor.person_id;
  if ((!asked && !maker) || (view.payee_person === actor.person_id && !maker)) return [];
  switch (view.state) {
    case 'submitted': return maker ? ['return', 'withdraw'] : ['return', 'hold'];
    case 'held': return maker ? ['release', 'return', 'withdraw'] : ['release', 'return'];
    case 'approved': return ['withdraw'];
    case 'draft': case 'returned': return maker ? ['withdraw'] : [];
    default: return [];
  }
}
