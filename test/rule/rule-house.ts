// Estates with rules of their own and as many officers as their rules can ask, for the tests of who signs what.
import { sql } from 'kysely';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import type { Preset } from '../../src/approval/presets.ts';
import { openRules } from '../../src/approval/rules.ts';
import { openEstateRow } from '../../src/estate/estate.ts';
import type { Actor, BodyKind, Estate, Office } from '../../src/kernel/actor.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { openAccounts } from '../../src/ledger/accounts.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { openBody } from '../../src/people/body.ts';
import { enterPerson } from '../../src/people/person.ts';
import { appoint } from '../../src/people/term.ts';
import { keepFile, registerVouchers } from '../../src/payment/voucher.ts';
import { testEstate, type TestHouse } from '../helpers/house.ts';
import type { Kind, NewRule, PayeeClass, RuleClass } from '../../src/approval/kinds.ts';

/** How many signers sit in each body here: one more than any preset asks, and a cashier, who makes what is signed. */
export const seats: Partial<Record<BodyKind, number>> = { property: 2, committee: 6, supervisor: 3, community: 2, street: 2 };
const offices: Partial<Record<BodyKind, Office>> = { property: 'manager', committee: 'member', supervisor: 'supervisor', community: 'official', street: 'official' };
const term = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };
const password = { phc: '$argon2id$v=19$m=19456,t=2,p=1$lHr2If1eGBWI0Nx4Dbr1NQ$36zoMZhoZKVY9Ef0GykERxNKOJeBm2c+pFg66jVVrts' };

export interface RuledEstate {
  estate: Estate;
  cashier: string;
  persons: Partial<Record<BodyKind, string[]>>;
}

const actorFor = (estate: Estate, person_id: string): Actor => ({
  person_id, name: '', login: '', kind: 'cookie', scopes: [], csrf: null, homes: [],
  terms: [{ estate_id: estate.estate_id, term_id: 1, body: 'property', office: 'cashier', ...term }],
});
export const cashierOf = ({ estate, cashier }: RuledEstate): Actor => actorFor(estate, cashier);

/** An estate with a preset, or with rules of its own, and with plenty of money. */
export async function ruledEstate(
  h: TestHouse, code: string, { preset = 'trust', rules, counts = seats }: { preset?: Preset; rules?: NewRule[]; counts?: typeof seats },
): Promise<RuledEstate> {
  const people: { body: BodyKind; office: Office; person_id: string }[] = [];
  const enter = async (body: BodyKind, office: Office, index: number): Promise<void> => {
    const login = `${code}-${body}-${office}${index}`;
    people.push({ body, office, person_id: await enterPerson(h.house, { name: `${body}${index}`, login, password, signing_password: password }) });
  };
  await enter('property', 'cashier', 0);
  for (const [body, count] of Object.entries(counts) as [BodyKind, number][]) {
    for (let index = 0; index < count; index += 1) await enter(body, offices[body]!, index);
  }
  const first = today(h.house.clock).slice(0, 7);
  const estate = await openEstateRow(h.house, { ...testEstate(first, true), code }, async (trx, { estate_id }) => {
    for (const body of ['property', 'committee', 'supervisor', 'community', 'street', 'auditor'] as const) {
      await openBody(trx, { estate_id, body, name_zh: body, name_en: body });
    }
    await openAccounts(trx, estate_id, `${first}-01`);
    await openRules(trx, { estate_id, mode: 'trust', preset, valid_from: '2020-01-01', rules });
    for (const { body, office, person_id } of people) await appoint(trx, { estate_id, person_id, body, office, ...term });
  });
  const cashier = people[0]!.person_id;
  const entry = entryBody({
    kind: 'receipt', entry_date: today(h.house.clock), description: '收到款项', key: 'money', made_by: cashier,
    postings: [{ account: '1002', fund: 'service', debit: money('90000000.00') }, { account: '4109', fund: 'service', credit: money('90000000.00') }],
  });
  const [posted] = await postEntries(h.house.db.app, estate.estate_id, [entry]);
  if (posted?.status !== 'posted') throw new Error(`no money: ${posted?.status}`);
  const persons: RuledEstate['persons'] = {};
  for (const { body, office, person_id } of people) if (office !== 'cashier') (persons[body] ??= []).push(person_id);
  return { estate, cashier, persons };
}

/** A file that is a resolution of the owners. */
export async function resolutionFile(h: TestHouse, ruled: RuledEstate): Promise<string> {
  const bytes = Buffer.from(`%PDF-1.7\n%${ruled.estate.code}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`);
  const file = await keepFile(h.house, bytes, '决议.pdf');
  const [kept] = await inEstate(h.house.db.app, ruled.estate.estate_id, (trx) =>
    registerVouchers(trx, { estate: ruled.estate, actor: cashierOf(ruled), files: [file], audience: 'owners' }));
  return kept!.sha256;
}

export interface Case {
  kind: Kind;
  class?: RuleClass;
  amount?: string | null;
  fund?: string | null;
  payee_class?: PayeeClass | null;
  content?: Record<string, Json>;
}
export interface Submitted { proposal_id: number; document_hash: string; rule_id: number }

/** Made and submitted by the cashier. */
export async function submit(h: TestHouse, ruled: RuledEstate, asked: Case): Promise<Submitted> {
  const { kind, amount = null, fund = null, payee_class = null, class: wanted = 'normal', content = {} } = asked;
  const sum = amount === null ? null : money(amount);
  return inEstate(h.house.db.app, ruled.estate.estate_id, async (trx) => {
    const proposal_id = await draftProposal(trx, {
      estate_id: ruled.estate.estate_id, kind, title: kind, amount: sum, fund, made_by: ruled.cashier, class: wanted,
    });
    const { document_hash, rule } = await submitProposal(trx, {
      estate: ruled.estate, proposal_id, actor: cashierOf(ruled), title: kind, amount: sum, fund, payee_class, class: wanted, content,
    });
    return { proposal_id, document_hash, rule_id: rule.rule_id };
  });
}

export interface Signing { person: string; body: BodyKind; decision?: 'approve' | 'ratify'; method?: 'password' | 'passkey' }

/** One signature through the database's own door, in a transaction that is there; gives its status. */
export async function signIn(trx: Trx, ruled: RuledEstate, { proposal_id, document_hash }: Omit<Submitted, 'rule_id'>, signing: Signing): Promise<string> {
  const { person, body, decision = 'approve', method = 'password' } = signing;
  const text = canonical({ proposal: proposal_id, document_hash, person, body, decision, method, reason: '', evidence: {} });
  const { rows } = await sql<{ status: string }>`select record_signature(${ruled.estate.estate_id}, ${text}) as status`.execute(trx);
  return rows[0]!.status;
}

export const sign = (h: TestHouse, ruled: RuledEstate, item: Omit<Submitted, 'rule_id'>, signing: Signing): Promise<string> =>
  inEstate(h.house.db.signer, ruled.estate.estate_id, (trx) => signIn(trx, ruled, item, signing));
