// What people do at the same moment. Each action is one person at one instance of the service, goes through the
// services or, where those would only be slower, straight through the door they use, and answers with a
// word: a status, or the code of a refusal. An answer that is none of ours (a deadlock, an error) counts.
import { sql } from 'kysely';
import pg from 'pg';
import { drawChallenge } from '../../src/approval/challenge.ts';
import { endDelegation } from '../../src/office/delegation.ts';
import { answerObjection, comment, object } from '../../src/approval/objection.ts';
import { expireDue, hold, release, returnForCorrection, supersede, withdraw } from '../../src/approval/proposal.ts';
import { readProposal } from '../../src/approval/queries.ts';
import { signProposals } from '../../src/approval/sign.ts';
import { executors } from '../../src/executors.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays } from '../../src/kernel/dates.ts';
import type { House } from '../../src/kernel/house.ts';
import { money, sum, type Money } from '../../src/kernel/money.ts';
import { entryBody, linesOfJson } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { changeOrder, submitOrder, type OrderTyped } from '../../src/payment/order.ts';
import { payOrder } from '../../src/payment/pay.ts';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { signByDoor, unique, type Asked, type Name, type RaceEstate, type Signed } from './race-estate.ts';
import type { Chance } from './random.ts';
import type { Decision } from '../../src/approval/kinds.ts';

export interface Action { name: string; run(house: House): Promise<string> }

/** The word for how something ended; "error …" for what no person should ever meet. */
export async function wordFor(work: Promise<string>): Promise<string> {
  try {
    return await work;
  } catch (error) {
    const failed = error as Error & { code?: string };
    if (failed.name === 'Refusal') {
      const busy = ['database_busy', 'database_unavailable', 'books_unavailable'].includes(failed.code!);
      return busy ? `error ${failed.code} ${String((failed.cause as Error | undefined)?.message)}` : failed.code!;
    }
    if (failed instanceof pg.DatabaseError && failed.code === '23001') return failed.constraint ?? failed.message.split(/[:\s]/)[0]!;
    return `error ${failed.code ?? ''} ${failed.message}`;
  }
}

/** A signature over a document that was read before the race began. */
export const signing = (e: RaceEstate, name: Name, item: Asked, more: Signed = {}): Action => ({
  name: `${more.decision ?? 'approve'} by ${name}${more.on_behalf_of === undefined ? '' : ' for another'}`,
  run: (house) => signByDoor(e, house, name, item, more),
});

/** By the service, as the route calls it: challenge, answer of the passkey, verification, door. */
export const signingByKey = (e: RaceEstate, name: Name, item: Asked, decision: Decision = 'approve'): Action => ({
  name: `${decision} by ${name} with a passkey`,
  async run(house) {
    const person_id = e.persons[name];
    const { nonce, bytes } = await e.within((trx) => drawChallenge(trx, { estate: e.estate, ...item, decision, person_id }), house);
    return signed(house, {
      estate: e.estate, actor: e.actorOf(name), items: [item], decision, method: 'passkey', nonce, assertion: e.keys.get(name)?.sign({ challenge: bytes.toString('base64url') }),
      reason: decision === 'reject' ? '不同意' : undefined,
    });
  },
});

export const signingByPassword = (e: RaceEstate, name: Name, item: Asked): Action => ({
  name: `approve by ${name} with the signing password`,
  run: (house) => signed(house, {
    estate: e.estate, actor: e.actorOf(name), items: [item], decision: 'approve', method: 'password', password: SIGNING_PASSWORD, code: '',
  }),
});

async function signed(house: House, asked: Parameters<typeof signProposals>[1]): Promise<string> {
  const [result] = await signProposals(house, asked);
  return result!.status;
}

type StepName = 'withdraw' | 'return' | 'hold' | 'release';
const steps = { withdraw, return: returnForCorrection, hold, release };

export const stepping = (e: RaceEstate, step: StepName, name: Name, proposal_id: number): Action => ({
  name: `${step} by ${name}`,
  async run(house) {
    await e.within((trx) => steps[step](trx, { estate: e.estate, proposal_id, actor: e.actorOf(name), reason: '再看看' }), house);
    return `${step} done`;
  },
});

export const holdingAndReleasing = (e: RaceEstate, name: Name, proposal_id: number): Action => ({
  name: `hold and release by ${name}`,
  async run(house) {
    await stepping(e, 'hold', name, proposal_id).run(house);
    return stepping(e, 'release', name, proposal_id).run(house);
  },
});

/** Returned by a signer, changed and submitted again by its maker, one after another. */
export const correcting = (e: RaceEstate, by: Name, maker: Name, proposal_id: number, order: OrderTyped, from: 'return' | 'edit' | 'submit'): Action => ({
  name: { return: 'return, edit, submit', edit: 'edit, submit', submit: 'submit' }[from],
  async run(house) {
    const actor = e.actorOf(maker);
    if (from === 'return') await stepping(e, 'return', by, proposal_id).run(house);
    if (from !== 'submit') await e.within((trx) => changeOrder(trx, { estate: e.estate, actor, proposal_id, order }), house);
    await e.within((trx) => submitOrder(trx, { estate: e.estate, actor, proposal_id }), house);
    return 'submitted again';
  },
});

export const paying = (e: RaceEstate, proposal_id: number, bank_reference: string): Action => ({
  name: 'pay',
  run: async (house) => (await payOrder(house, {
    estate: e.estate, actor: e.actorOf('cashier'), proposal_id, paid_on: e.today(), bank_reference,
  })).status,
});

export type Forgery = 'another key' | 'twice in one call' | 'another amount' | 'yesterday' | 'another fund';

/** Straight to the door, past the service: with a key of its own, for another sum, dated back. */
export const payingByDoor = (e: RaceEstate, proposal_id: number, how: Forgery, chance: Chance): Action => {
  const delay = chance.whole(0, 4);
  return {
    name: `pay, ${how}`,
    async run(house) {
      const found = await e.within((trx) => readProposal(trx, e.estate.estate_id, proposal_id), house);
      if (found === null || found.document === null) return 'nothing to pay';
      const { document } = found;
      await new Promise((done) => setTimeout(done, delay));
      const postings = linesOfJson(document['postings']).map((line) => how === 'another fund' ? { ...line, fund: 'public_income' } : {
        ...line, ...(how === 'another amount' ? changed(line) : {}),
      });
      const body = () => entryBody({
        kind: 'payment', entry_date: how === 'yesterday' ? addDays(e.today(), -1) : e.today(), description: '付款', key: unique(),
        made_by: e.persons.cashier, postings, proposal: proposal_id, reference: 'YH', vouchers: document['vouchers'] as string[],
      });
      const bodies = how === 'twice in one call' ? [body(), body()] : [body()];
      const results = await e.within((trx) => postEntries(trx, e.estate.estate_id, bodies), house);
      return results.map(({ status }) => status).join(' + ');
    },
  };
};

const more = (amount: Money): Money => sum([amount, money('100.00')]);
const changed = (line: ReturnType<typeof linesOfJson>[number]) =>
  line.debit === undefined ? { credit: more(line.credit!) } : { debit: more(line.debit) };

type Effect = 'rule' | 'membership' | 'delegation' | 'transfer';

/** Another proposal, approved before, takes effect now; by the job of either instance, or both. */
export const carryingOut = (e: RaceEstate, kind: Effect, proposal_id: number, what: string): Action => ({
  name: what,
  async run(house) {
    await executors[kind]!(house, e.estate, proposal_id);
    return `${kind} carried out`;
  },
});

export const endingDelegation = (e: RaceEstate, delegation_id: number, by: Name): Action => ({
  name: 'delegation ended',
  async run(house) {
    await endDelegation(house, { estate: e.estate, actor: e.actorOf(by), delegation_id });
    return 'delegation ended';
  },
});

export const objecting = (e: RaceEstate, by: Name, proposal_id: number): Action => ({
  name: `objection by ${by}`,
  async run(house) {
    await e.within((trx) => object(trx, { estate: e.estate, actor: e.actorOf(by), proposal_id, text: '价格偏高' }), house);
    return 'objected';
  },
});

/** All that is open, one after another. */
export const answering = (e: RaceEstate, by: Name, proposal_id: number): Action => ({
  name: `objections answered by ${by}`,
  async run(house) {
    const open = await e.within((trx) => sql<{ objection_id: number }>`
      select j.objection_id from objection j where j.estate_id = ${e.estate.estate_id} and j.proposal_id = ${proposal_id}
        and not exists (select from objection_answer a where a.estate_id = j.estate_id and a.objection_id = j.objection_id)
      order by j.objection_id`.execute(trx), house);
    for (const { objection_id } of open.rows) {
      await e.within((trx) => answerObjection(trx, { estate: e.estate, actor: e.actorOf(by), objection_id, text: '已比价' }), house);
    }
    return open.rows.length === 0 ? 'nothing to answer' : 'answered';
  },
});

export const commenting = (e: RaceEstate, by: Name, proposal_id: number): Action => ({
  name: `comment by ${by}`,
  async run(house) {
    await e.within((trx) => comment(trx, { estate: e.estate, actor: e.actorOf(by), proposal_id, text: '请附验收单' }), house);
    return 'commented';
  },
});

export const revoking = (e: RaceEstate, name: Name): Action => ({
  name: `passkey of ${name} revoked`,
  run: (house) => e.within(async (trx) => {
    const body = canonical({
      person: e.persons[name], credential_id: e.keys.get(name)?.id ?? '', reason: '遗失', by: e.persons[name],
    });
    const { rows } = await sql<{ seq: number | null }>`select revoke_passkey(${e.estate.estate_id}, ${body}) as seq`.execute(trx);
    return rows[0]!.seq === null ? 'no key to revoke' : 'revoked';
  }, house),
});

export const expiring = (e: RaceEstate): Action => ({
  name: 'the daily job expires',
  run: async (house) => (await e.within((trx) => expireDue(trx, e.estate), house)).length > 0 ? 'expired' : 'nothing due',
});

export const superseding = (e: RaceEstate, proposal_id: number): Action => ({
  name: 'superseded by the program',
  async run(house) {
    await e.within((trx) => supersede(trx, { estate: e.estate, proposal_id, reason: '数字已变' }), house);
    return 'superseded or too late';
  },
});

export const readHash = (e: RaceEstate, proposal_id: number): Promise<Asked> =>
  inEstate(e.houses[0].db.app, e.estate.estate_id, async (trx) => ({
    proposal_id, document_hash: (await readProposal(trx, e.estate.estate_id, proposal_id))?.document_hash ?? '0'.repeat(64),
  }));
