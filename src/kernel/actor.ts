// Who is asking, and what each office may do. One table, asserted cell by cell in the tests.
// Reading the books is every owner's right (信托法 §20, 49); nobody has a way around the two keys.
import type { Bilingual } from './locale.ts';
import { catalogue } from './refusal.ts';
import type { EstateTable } from './tables.ts';
import type { Selectable } from 'kysely';

export type BodyKind = 'property' | 'committee' | 'supervisor' | 'party_branch' | 'community' | 'street' | 'auditor';
export type Office = 'cashier' | 'manager' | 'chair' | 'member' | 'supervisor' | 'official' | 'auditor' | 'deputy';

export interface Term {
  estate_id: number;
  term_id: number;
  body: BodyKind;
  office: Office;
  starts_on: string;
  ends_on: string;
}

/** A person who has logged in; terms are those that hold today. */
export interface Actor {
  person_id: string;
  name: string;
  login: string;
  kind: 'cookie' | 'bearer';
  /** Of a bearer token: read, post. A cookie may do all its person may. */
  scopes: readonly string[];
  terms: readonly Term[];
  homes: readonly { estate_id: number; unit: string }[];
  /** Protects forms of this session; null for bearer tokens. */
  csrf: string | null;
}

export type Estate = Selectable<EstateTable>;

export type Capability =
  | 'read_books' // journal, disclosures, signatures, public vouchers
  | 'read_officers' // originals of vouchers, payees in full, drafts, the queue
  | 'post_receipt' // journal entries, drafts
  | 'draft_order' // payment orders, transfers, reversals, vouchers, payees
  | 'propose_close'
  | 'sign' // a deputy (候补) only in the place of whoever delegated to them
  | 'propose' // changes of rules, offices, delegations
  | 'comment' // on a proposal
  | 'object' // in writing: the proposal waits until it is answered
  | 'state_bank_balance'
  | 'import_statement' // two bodies may hand in the same file: the second confirms the first
  | 'reconcile' // lines of the bank with entries of the books
  | 'ask'
  | 'answer'
  | 'invite' // invitation codes for residents
  | 'keep_register' // dwellings, owners, spaces, meters; fees and bills are proposed and posted
  | 'read_households' // who lives where and owes what, by name and dwelling (PIPL §6: no more than need it)
  | 'own_home' // what a resident asks for about their own dwelling: corrections, subsidies
  | 'pledge' // money for a project, as an owner
  | 'vote' // in the owners' assembly and in surveys
  | 'rate' // an answer, beside whoever asked
  | 'moderate' // hides a text, never that it was there
  | 'set_clock' // of answers; nobody who only answers
  | 'hold_assembly' // draws up votes and surveys, keeps the roll
  | 'enter_ballot' // paper ballots, each by two persons
  | 'keep_list' // the three lists: need, problem, project
  | 'report_site' // photos and defects of a project
  | 'grant_access' // proposes that an auditor may look, and at what
  | 'read_board' // the board over all estates where one serves
  | 'witness' // checkpoints of the log, for a side one belongs to
  | 'publish' // a corrected version of a disclosure
  | 'erase_own' // the text of what one wrote
  | 'erase_text'; // the text of what others wrote, where it holds personal data

const offices: Record<Capability, readonly (Office | 'resident')[]> = {
  read_books: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'auditor', 'deputy', 'resident'],
  read_officers: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'auditor', 'deputy'],
  post_receipt: ['cashier', 'manager'],
  draft_order: ['cashier', 'manager', 'chair', 'member'],
  propose_close: ['cashier', 'manager'],
  sign: ['manager', 'chair', 'member', 'supervisor', 'official', 'deputy'],
  propose: ['cashier', 'manager', 'chair', 'member'],
  comment: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'deputy'],
  object: ['supervisor', 'official', 'resident'],
  state_bank_balance: ['cashier', 'manager'],
  import_statement: ['cashier', 'manager', 'chair', 'member', 'supervisor'],
  reconcile: ['cashier', 'manager'],
  ask: ['chair', 'member', 'supervisor', 'official', 'deputy', 'resident'],
  answer: ['cashier', 'manager', 'chair', 'member'],
  invite: ['cashier', 'manager', 'chair', 'member'],
  keep_register: ['cashier', 'manager'],
  read_households: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'auditor'],
  own_home: ['resident'],
  pledge: ['resident'],
  vote: ['resident'],
  rate: ['chair', 'member', 'supervisor', 'resident'],
  moderate: ['chair', 'member', 'supervisor', 'official'],
  set_clock: ['chair', 'official'],
  hold_assembly: ['chair', 'member', 'official'],
  enter_ballot: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official'],
  keep_list: ['cashier', 'manager', 'chair', 'member', 'official'],
  report_site: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official'],
  grant_access: ['cashier', 'manager', 'chair', 'member', 'official'],
  read_board: ['official', 'supervisor', 'auditor'],
  witness: ['chair', 'member', 'official', 'deputy', 'resident'],
  publish: ['manager', 'chair'],
  erase_own: ['cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'deputy', 'resident'],
  erase_text: ['manager', 'chair', 'member'],
};
export const officesThatMay = (capability: Capability) => offices[capability];

export const refusals = catalogue({
  login_required: {
    status: 401,
    zh: '请先登录。',
    en: 'Please log in first.',
  },
  not_allowed: {
    status: 403,
    zh: '您的身份不能做这件事；可以做的有：{offices}。',
    en: 'Your office does not allow this; it is for: {offices_en}.',
  },
  token_scope: {
    status: 403,
    zh: '这枚接口令牌只能读取，不能登记。请另建一枚带 post 权限的令牌。',
    en: 'This token may only read. Make one with the scope "post".',
  },
  estate_unknown: {
    status: 404,
    zh: '没有这个小区，或您不是它的成员。',
    en: 'There is no such estate, or you do not belong to it.',
  },
});

export const belongsTo = (actor: Actor, estate_id: number): boolean =>
  actor.terms.some((t) => t.estate_id === estate_id) || actor.homes.some((h) => h.estate_id === estate_id);

export function may(actor: Actor | null, estate_id: number, capability: Capability): boolean {
  if (actor === null) return false;
  const allowed = offices[capability];
  return actor.terms.some((t) => t.estate_id === estate_id && allowed.includes(t.office))
    || (allowed.includes('resident') && actor.homes.some((h) => h.estate_id === estate_id));
}

const officeNames: Record<Office | 'resident', Bilingual> = {
  cashier: { zh: '出纳', en: 'cashier' }, manager: { zh: '项目经理', en: 'manager' }, chair: { zh: '业委会主任', en: 'committee chair' },
  member: { zh: '业委会委员', en: 'committee member' }, supervisor: { zh: '监事', en: 'supervisor' },
  official: { zh: '街道、社区、党组织', en: 'street office, community, Party branch' }, auditor: { zh: '审计', en: 'auditor' }, deputy: { zh: '候补（代签人）', en: 'deputy' }, resident: { zh: '业主', en: 'owner' },
};

/** The actor, when the capability is theirs in this estate. Refusals: login_required, estate_unknown,
 *  not_allowed, token_scope. */
export function demand(actor: Actor | null, estate_id: number, capability: Capability): Actor {
  if (actor === null) throw refusals.login_required();
  if (!belongsTo(actor, estate_id)) throw refusals.estate_unknown();
  if (!may(actor, estate_id, capability)) {
    throw refusals.not_allowed({
      offices: offices[capability].map((o) => officeNames[o].zh).join('、'),
      offices_en: offices[capability].map((o) => officeNames[o].en).join(', '),
    });
  }
  if (!capability.startsWith('read_') && actor.kind === 'bearer' && !actor.scopes.includes('post')) {
    throw refusals.token_scope();
  }
  return actor;
}

/** Terms in which the actor signs in their own right; a cashier's is not one (会计法 §35), nor a deputy's. */
export const signingTerms = (actor: Actor, estate_id: number): Term[] =>
  actor.terms.filter((t) => t.estate_id === estate_id && offices.sign.includes(t.office) && t.office !== 'deputy');

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by people/ for every request; null when nobody has logged in. */
    actor: Actor | null;
    /** Set by estate/ for every route with :estate in its path. */
    estate: Estate | null;
  }
}
