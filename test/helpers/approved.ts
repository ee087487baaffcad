// An approved proposal without the slow passwords: drafted and submitted through the services, signed by
// both keys through the database's own door for signatures.
import { sql } from 'kysely';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import type { Actor, Estate } from '../../src/kernel/actor.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import type { House } from '../../src/kernel/house.ts';
import { money } from '../../src/kernel/money.ts';
import { lineJson, type EntryLine } from '../../src/ledger/entry.ts';
import type { PersonName } from './house.ts';
import type { Kind } from '../../src/approval/kinds.ts';

export interface ProposalAsked {
  kind: Kind;
  amount: string | null;
  fund: string | null;
  postings?: readonly EntryLine[];
  reverses?: number;
  content?: Record<string, string | number>;
}

type Persons = Record<PersonName, string>;

const actorFor = (estate: Estate, person_id: string): Actor => ({
  person_id,
  name: '',
  login: '',
  kind: 'cookie',
  scopes: [],
  csrf: null,
  homes: [],
  terms: [
    {
      estate_id: estate.estate_id,
      term_id: 1,
      body: 'property',
      office: 'cashier',
      starts_on: '2020-01-01',
      ends_on: '2099-12-31',
    },
  ],
});

/** Submitted by the cashier; gives number and hash. */
export async function submittedProposal(
  house: House,
  estate: Estate,
  persons: Persons,
  asked: ProposalAsked,
) {
  const { kind, fund, postings = [], reverses } = asked;
  const amount = asked.amount === null ? null : money(asked.amount);
  return inEstate(house.db.app, estate.estate_id, async (trx) => {
    const proposal_id = await draftProposal(trx, {
      estate_id: estate.estate_id,
      kind,
      title: `${kind}`,
      amount,
      fund,
      made_by: persons.cashier,
    });
    const { document_hash } = await submitProposal(trx, {
      estate,
      proposal_id,
      actor: actorFor(estate, persons.cashier),
      title: `${kind}`,
      amount,
      fund,
      content: { postings: postings.map(lineJson), reverses, ...asked.content },
    });
    return { proposal_id, document_hash };
  });
}

/** One signature; gives the status of record_signature(). */
export async function signAs(
  house: House,
  estate: Estate,
  person: string,
  body: string,
  item: { proposal_id: number; document_hash: string },
): Promise<string> {
  return inEstate(house.db.signer, estate.estate_id, async (trx) => {
    const text = canonical({
      proposal: item.proposal_id,
      document_hash: item.document_hash,
      person,
      body,
      decision: 'approve',
      method: 'password',
      evidence: {},
    });
    const { rows } = await sql<{
      status: string;
    }>`select record_signature(${estate.estate_id}, ${text}) as status`.execute(trx);
    return rows[0]!.status;
  });
}

/** Submitted by the cashier, signed by manager and committee. Gives its number. */
export async function approvedProposal(
  house: House,
  estate: Estate,
  persons: Persons,
  asked: ProposalAsked,
): Promise<number> {
  const item = await submittedProposal(house, estate, persons, asked);
  await signAs(house, estate, persons.manager, 'property', item);
  const status = await signAs(house, estate, persons.committee1, 'committee', item);
  if (status === 'signed') await signAs(house, estate, persons.committee2, 'committee', item);
  return item.proposal_id;
}
