// Signatures (签批): who signs is proved afresh for each call, then record_signature() judges and records
// each item; nobody else can write a signature. An approved proposal that needs no bank is carried out
// at once by the executor of its kind, and again by the job if that fails.
// A passkey signs one document and one decision (challenge.ts); a password may sign several at once.
import { sql } from 'kysely';
import { demand, signingTerms, type Actor, type Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bookText } from '../kernel/text.ts';
import { estateToday } from '../evidence/records.ts';
import { checkSigningPassword } from '../people/credential.ts';
import { verifyAssertion } from '../people/passkey.ts';
import { readChallenge } from './challenge.ts';
import type { Executors } from './proposal.ts';
import { bodyNames, neededOf, openSeats, readProposal, signersOf, type NeededRow } from './queries.ts';
import { refusals } from './refusals.ts';
import { stateName } from './texts.ts';
import type { Decision, Kind } from './kinds.ts';

export type { Executors } from './proposal.ts';
export type Method = 'password' | 'passkey';
export interface SignItem { proposal_id: number; document_hash: string }

/** Statuses of record_signature(), in order of precedence; the last four are successes. */
export type SignStatus = 'proposal_unknown' | 'proposal_not_open' | 'proposal_expired' | 'document_changed'
  | 'signer_is_maker' | 'signer_is_payee' | 'signer_not_in_office' | 'signer_is_cashier' | 'body_not_asked'
  | 'delegation_missing' | 'already_signed' | 'reason_missing' | 'out_of_turn' | 'method_too_weak' | 'passkey_unknown'
  | 'challenge_invalid' | 'subsidy_claims_missing' | 'fund_insufficient' | 'emergency_cap_exceeded' | 'signed' | 'approved' | 'rejected' | 'ratified';
export interface SignResult { proposal_id: number; status: SignStatus; refusal?: Refusal; not_executed?: Refusal }

export interface Signing {
  estate: Estate;
  actor: Actor;
  items: readonly SignItem[];
  decision: Decision;
  method: Method;
  password?: string | undefined;
  /** One-time code that goes with the password. */
  code?: string | undefined;
  /** Answer of the passkey, and the nonce of the challenge it answers. */
  assertion?: unknown;
  nonce?: string | undefined;
  reason?: string | undefined;
}

type Verifier = (house: House, signing: Signing) => Promise<Json>;

/** Who the signer is, proved afresh for each call; gives the evidence that is kept. */
const verifiers: Record<Method, Verifier> = {
  async password(house, { estate, actor, password = '', code }) {
    if (password === '' || !(await checkSigningPassword(house, actor.person_id, password, { code, demo: estate.is_demo }))) {
      throw refusals.signing_password_wrong({}, 'password');
    }
    return { code: code !== undefined && code !== '' };
  },
  async passkey(house, { estate, actor, items, decision, assertion, nonce }) {
    if (items.length > 1) throw refusals.passkey_one_at_a_time({}, 'items');
    const challenge = await readChallenge(house, estate, { nonce: nonce ?? '', decision, person_id: actor.person_id });
    const proof = await verifyAssertion(house, { estate, person_id: actor.person_id, assertion, challenge: challenge.bytes });
    return { ...proof, nonce: challenge.nonce, expires_at: challenge.expires_at } as unknown as Json;
  },
};

/** Signs several proposals under one confirmation; each gets its own status, none spoils another.
 *  Refusals for the whole call: not_allowed, nothing_chosen, reason_missing, signing_password_wrong, those of
 *  checkSigningPassword() and verifyAssertion(), challenge_invalid, passkey_one_at_a_time. */
export async function signProposals(house: House, signing: Signing, executors: Executors = {}): Promise<SignResult[]> {
  const { estate, actor, items, decision } = signing;
  const held = actor.terms.filter((term) => term.estate_id === estate.estate_id);
  // A cashier is told so by the database's own status; somebody without any office is told here.
  if (held.length === 0) demand(actor, estate.estate_id, 'sign');
  else demand(actor, estate.estate_id, held.some((t) => t.office === 'cashier') ? 'read_officers' : 'sign');
  if (actor.kind === 'bearer' && !actor.scopes.includes('post')) demand(actor, estate.estate_id, 'sign');
  if (items.length === 0) throw refusals.nothing_chosen({}, 'items');
  const typed = signing.reason?.trim() ?? '';
  if (decision === 'reject' && typed === '') throw refusals.reason_missing({}, 'reason');
  const reason = typed === '' ? '' : bookText(typed, { field: 'reason', label: '理由 reason' });
  const evidence = await verifiers[signing.method](house, signing);
  const seats = await inEstate(house.db.app, estate.estate_id, (trx) =>
    speaking(trx, estate.estate_id, actor, items.map((item) => item.proposal_id)), { readOnly: true });
  const results: SignResult[] = [];
  await inEstate(house.db.signer, estate.estate_id, async (trx) => {
    results.length = 0;
    for (const item of items) {
      const status = await recordSignature(trx, estate.estate_id, {
        proposal: item.proposal_id, document_hash: item.document_hash, person: actor.person_id,
        ...seats.get(item.proposal_id)!, decision, method: signing.method, reason, evidence,
      });
      results.push({ proposal_id: item.proposal_id, status });
    }
  }, { retryable: true });
  await explain(house, estate, results);
  for (const result of results) {
    if (result.status !== 'approved') continue;
    const outcome = await execute(house, estate, result.proposal_id, executors);
    if (outcome instanceof Refusal) result.not_executed = outcome;
  }
  return results;
}

type Speaking = { body: string; on_behalf_of?: string };

/** For which body the signer speaks, and in whose place: a seat that is open; else any body that is asked, so
 *  that the database's own answer says why not. */
async function speaking(trx: Trx, estate_id: number, actor: Actor, proposal_ids: readonly number[]): Promise<Map<number, Speaking>> {
  const today = await estateToday(trx, estate_id);
  const asked = await neededOf(trx, estate_id, proposal_ids);
  const signed = await signersOf(trx, estate_id, proposal_ids);
  // Asked once, however many are signed together: of one proposal, or of all that are open.
  const only = proposal_ids.length === 1 ? { proposal_id: proposal_ids[0]! } : {};
  const seats = Map.groupBy(await openSeats(trx, estate_id, { ...only, person_id: actor.person_id, today }), (seat) => seat.proposal_id);
  const found = new Map<number, Speaking>();
  for (const proposal_id of new Set(proposal_ids)) {
    // Whoever has signed already is told so, also a deputy.
    const seat = seats.get(proposal_id)?.[0] ?? signed.get(proposal_id)?.find((row) => row.person_id === actor.person_id);
    if (seat === undefined) found.set(proposal_id, { body: bodyFor(actor, estate_id, asked.get(proposal_id) ?? []) });
    else found.set(proposal_id, { body: seat.body, ...(seat.on_behalf_of === null ? {} : { on_behalf_of: seat.on_behalf_of }) });
  }
  return found;
}

function bodyFor(actor: Actor, estate_id: number, asked: readonly NeededRow[]): string {
  const signing = signingTerms(actor, estate_id);
  const other = actor.terms.filter((term) => term.estate_id === estate_id && !signing.includes(term));
  const terms = [...signing, ...other];
  return (terms.find((t) => asked.some((row) => row.body === t.body)) ?? terms[0])?.body ?? 'property';
}

async function recordSignature(trx: Trx, estate_id: number, body: Json): Promise<SignStatus> {
  const { rows } = await sql<{ status: SignStatus }>`
    select record_signature(${estate_id}, ${canonical(body)}) as status`.execute(trx);
  return rows[0]!.status;
}

const done: readonly SignStatus[] = ['signed', 'approved', 'rejected', 'ratified'];

/** Puts to each refused item the text that says why and who can help. */
async function explain(house: House, estate: Estate, results: SignResult[]): Promise<void> {
  const refused = results.filter((result) => !done.includes(result.status));
  if (refused.length === 0) return;
  await inEstate(house.db.app, estate.estate_id, async (trx) => {
    for (const result of refused) result.refusal = await refusalOf(trx, estate, result);
  }, { readOnly: true });
}

/** Status of record_signature() → refusal with the figures and the bodies that can help. */
async function refusalOf(trx: Trx, { estate_id }: Estate, { proposal_id, status }: SignResult): Promise<Refusal> {
  const proposal = await readProposal(trx, estate_id, proposal_id);
  const names = bodyNames((await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? []);
  const who = { who: names.zh, who_en: names.en };
  switch (status) {
    case 'proposal_not_open': {
      const state = proposal?.state ?? '';
      if (state === 'expired') return refusals.proposal_expired({ expires_on: proposal?.expires_on ?? '' });
      return refusals.proposal_not_open({ state: stateName(state, 'zh'), state_en: stateName(state, 'en') });
    }
    case 'proposal_expired': return refusals.proposal_expired({ expires_on: proposal?.expires_on ?? '' });
    case 'document_changed': return refusals.document_changed();
    case 'signer_is_maker': return refusals.signer_is_maker(who);
    case 'signer_is_payee': return ['payment', 'refund'].includes(proposal?.kind ?? '')
      ? refusals.signer_is_payee(who) : refusals.signer_is_concerned(who);
    case 'signer_not_in_office': return refusals.signer_not_in_office(who);
    case 'signer_is_cashier': return refusals.signer_is_cashier(who);
    case 'body_not_asked': return refusals.body_not_asked(who);
    case 'delegation_missing': return refusals.delegation_missing();
    case 'out_of_turn': return refusals.out_of_turn(who);
    case 'method_too_weak': return refusals.method_too_weak({}, 'method');
    case 'passkey_unknown': return refusals.passkey_unknown({}, 'assertion');
    case 'challenge_invalid': return refusals.challenge_invalid({}, 'assertion');
    case 'emergency_cap_exceeded': return refusals.emergency_cap_exceeded();
    case 'already_signed': return refusals.already_signed(who);
    case 'reason_missing': return refusals.reason_missing({}, 'reason');
    case 'subsidy_claims_missing': return refusals.subsidy_claims_missing();
    case 'fund_insufficient': return fundInsufficient(trx, estate_id, proposal_id);
    default: return refusals.proposal_unknown({ proposal: proposal_id });
  }
}

/** The fund that lacks most: a transfer may take from several. */
async function fundInsufficient(trx: Trx, estate_id: number, proposal_id: number): Promise<Refusal> {
  const { rows } = await sql<{ fund: string; fund_en: string; available: string; amount: string }>`
    select f.name_zh as fund, f.name_en as fund_en, fund_available(${estate_id}, m.fund)::numeric(18, 2) as available, m.amount::numeric(18, 2)
    from proposal p, money_out(p.estate_id, p.document) m join fund f on f.estate_id = ${estate_id} and f.fund = m.fund
    where p.estate_id = ${estate_id} and p.proposal_id = ${proposal_id}
    order by fund_available(${estate_id}, m.fund) - m.amount limit 1`.execute(trx);
  const [short] = rows;
  const { fund, fund_en } = short ?? { fund: '', fund_en: '' };
  const [available, amount] = [money(short?.available ?? '0.00'), money(short?.amount ?? '0.00')];
  return refusals.fund_insufficient({
    fund, fund_en, available: moneyFigures(available), amount: moneyFigures(amount), missing: moneyFigures(minus(amount, available)),
  });
}

/** Carries one approved proposal out, if its kind has an executor. The signature stands either way:
 *  a refusal is given back, an error is logged and the job tries again. An order to be paid waits for the bank. */
async function execute(
  house: House, estate: Estate, proposal_id: number, executors: Executors,
): Promise<'done' | 'waits' | 'failed' | Refusal> {
  const row = await inEstate(house.db.app, estate.estate_id, (trx) => readProposal(trx, estate.estate_id, proposal_id));
  const executor = executors[row?.kind as Kind];
  if (row?.state !== 'approved' || executor === undefined) return 'waits';
  try {
    return await executor(house, estate, proposal_id) ?? 'done';
  } catch (error) {
    if (error instanceof Refusal) return error;
    house.log.error({ err: error, proposal_id }, 'an approved proposal was not carried out; the job tries again');
    return 'failed';
  }
}

/** For the job: carries out whatever was approved and is not carried out yet. */
export async function executeApproved(house: House, estate: Estate, executors: Executors): Promise<number[]> {
  const kinds = Object.keys(executors);
  if (kinds.length === 0) return [];
  const waiting = await inEstate(house.db.app, estate.estate_id, (trx) => trx.selectFrom('proposal').select('proposal_id')
    .where('estate_id', '=', estate.estate_id).where('state', '=', 'approved').where('kind', 'in', kinds)
    .orderBy('proposal_id').execute(), { readOnly: true });
  const done: number[] = [];
  for (const { proposal_id } of waiting) {
    if (await execute(house, estate, proposal_id, executors) === 'done') done.push(proposal_id);
  }
  return done;
}
