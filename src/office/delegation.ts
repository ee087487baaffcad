// Delegation (委托代签, 乙代甲): while a signer is away, a deputy (候补) of the same body signs in their place.
//   proposed → signed → in force between its two days → over, or ended early by either of the two, alone
// Dated, public, and never across bodies; the deputy holds that office by an appointment of its own. One vote by
// whichever hand: constraint one_vote. record_signature() looks at the days, at the terms of both, at after_days,
// and refuses where either of the two made the proposal or is paid by it. The deputy does not sign for the
// delegation itself (payee_person). open_delegation() never dates it back, and where the principal neither proposed nor
// signed it, begins it three days later: they are told, and may end it alone before anybody has voted for them.
import { sql } from 'kysely';
import { demand, type BodyKind, type Estate, type Office } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import { delegationsOf } from '../people/queries.ts';
import { bodyTexts, officeTexts } from '../people/texts.ts';
import { keyOf, proposedOf, resolutionFor, termOf, type Asked, type OfficeProposed, type OneTerm } from './membership.ts';
import { byConstraint, carryOutChange } from './carrying-out.ts';
import { refusals } from './refusals.ts';
import { delegationTitle } from '../approval/office-texts.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import type { Document } from '../approval/queries.ts';
import type { ResolutionTyped } from '../approval/resolution.ts';

export const LONGEST_WAIT = 30;
const signs = (office: Office): boolean => !['cashier', 'auditor', 'deputy'].includes(office);

export interface DelegationAsked extends Asked {
  /** Numbers of the terms of the two. */
  principal_term: number;
  deputy_term: number;
  starts_on: string;
  ends_on: string;
  /** 0 at once; else only for what has waited that many days since it was submitted. */
  after_days?: number | undefined;
  resolution?: ResolutionTyped | undefined;
}

/** Proposes a delegation for signing. Refusals in this order: not_allowed, term_unknown, delegation_to_self,
 *  delegation_across_bodies, principal_signs_nothing, delegate_not_deputy, delegation_days_invalid,
 *  delegation_wait_invalid, delegation_outside_term, delegation_exists, delegation_proposed, those of
 *  readResolution(), rule_missing. */
export async function proposeDelegation(house: House, asked: DelegationAsked): Promise<OfficeProposed> {
  const { estate, actor, principal_term, deputy_term, after_days = 0, resolution } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const starts_on = readDate(asked.starts_on) ?? '';
  const ends_on = readDate(asked.ends_on) ?? '';
  const content = { principal_term, deputy_term, starts_on: asked.starts_on, ends_on: asked.ends_on, after_days,
    resolution: { ...resolution } } as Json;
  return inEstate(house.db.app, estate_id, (trx) =>
    once(trx, { estate_id, key: keyOf(asked, 'delegate'), content }, async () => {
      await lockEstate(trx, estate_id);
      const principal = await termOf(trx, estate_id, principal_term);
      const deputy = await termOf(trx, estate_id, deputy_term);
      refusePair(principal, deputy);
      const today = await estateToday(trx, estate_id);
      if (starts_on === '' || ends_on === '' || ends_on < starts_on || ends_on < today) {
        throw refusals.delegation_days_invalid({ starts_on: asked.starts_on.slice(0, 20), ends_on: asked.ends_on.slice(0, 20), today }, 'ends_on');
      }
      if (!Number.isInteger(after_days) || after_days < 0 || after_days > LONGEST_WAIT) {
        throw refusals.delegation_wait_invalid({ after_days }, 'after_days');
      }
      await refuseOutside(trx, estate_id, [principal, deputy], { starts_on, ends_on });
      const pair = { body: principal.body, principal: principal.person_id, delegate: deputy.person_id };
      await refuseTwice(trx, estate_id, pair, { starts_on, ends_on }, today);
      const signed = await resolutionFor(trx, estate_id, resolution, { class: 'normal', today, kind: 'delegation' });
      const row = { title: delegationTitle(pair.body), amount: null, fund: null, payee_person: pair.delegate };
      const proposal_id = await draftProposal(trx, { estate_id, kind: 'delegation', made_by: actor.person_id, ...row });
      const { document_hash } = await submitProposal(trx, {
        estate, proposal_id, actor, ...row,
        content: { ...pair, starts_on, ends_on, after_days, ...(signed === null ? {} : { resolution: signed }) },
      });
      return proposedOf(trx, estate_id, proposal_id, document_hash);
    }));
}

function refusePair(principal: OneTerm, deputy: OneTerm): void {
  if (principal.person_id === deputy.person_id) throw refusals.delegation_to_self({}, 'deputy_term');
  if (principal.body !== deputy.body) {
    const [a, b] = [bodyTexts[principal.body], bodyTexts[deputy.body]];
    throw refusals.delegation_across_bodies({
      principal_body: a.zh, principal_body_en: a.en, deputy_body: b.zh, deputy_body_en: b.en,
    }, 'deputy_term');
  }
  if (!signs(principal.office)) {
    const { zh, en } = officeTexts[principal.office];
    throw refusals.principal_signs_nothing({ office: zh, office_en: en.toLowerCase() }, 'principal_term');
  }
  if (deputy.office !== 'deputy') throw refusals.delegate_not_deputy({}, 'deputy_term');
}

type Days = { starts_on: BusinessDate; ends_on: BusinessDate };

/** Both serve on all of its days, by one term or by terms that follow each other. */
async function refuseOutside(trx: Trx, estate_id: number, [principal, deputy]: readonly [OneTerm, OneTerm], days: Days): Promise<void> {
  const one = await servesFrom(trx, estate_id, principal);
  const other = await servesFrom(trx, estate_id, deputy);
  const from = one.starts_on > other.starts_on ? one.starts_on : other.starts_on;
  const to = one.ends_on < other.ends_on ? one.ends_on : other.ends_on;
  if (days.starts_on < from || days.ends_on > to) throw refusals.delegation_outside_term({ ...days, from, to }, 'ends_on');
}

/** The days of a term, with those that follow or go before it without a gap (a second term of office). */
async function servesFrom(trx: Trx, estate_id: number, term: OneTerm): Promise<Days> {
  const { rows } = await sql<Days>`
    with recursive served as (
      select ${term.starts_on}::date as starts_on, ${term.ends_on}::date as ends_on
      union
      select least(s.starts_on, t.starts_on), greatest(s.ends_on, t.ends_on) from served s join term t
        on t.estate_id = ${estate_id} and t.person_id = ${term.person_id} and t.body = ${term.body}
        and (t.office = 'deputy') = ${term.office === 'deputy'} and t.office <> 'cashier'
        and t.starts_on <= s.ends_on + 1 and t.ends_on >= s.starts_on - 1
    ) select min(starts_on) as starts_on, max(ends_on) as ends_on from served`.execute(trx);
  return rows[0]!;
}

type Pair = { body: BodyKind; principal: string; delegate: string };

async function refuseTwice(trx: Trx, estate_id: number, pair: Pair, { starts_on, ends_on }: Days, today: BusinessDate): Promise<void> {
  const same = (await delegationsOf(trx, estate_id, today)).find((row) => row.principal === pair.principal && row.delegate === pair.delegate
    && row.body === pair.body && row.starts_on <= ends_on && row.ends_on >= starts_on && row.ends_on >= today);
  if (same !== undefined) throw refusals.delegation_exists({ starts_on: same.starts_on, ends_on: same.ends_on }, 'starts_on');
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind = 'delegation'
      and state in ('submitted', 'held', 'approved') and document::jsonb @> ${JSON.stringify(pair)}::jsonb
      and (document::jsonb ->> 'starts_on')::date <= ${ends_on}::date and (document::jsonb ->> 'ends_on')::date >= ${starts_on}::date
    limit 1`.execute(trx);
  if (rows[0] !== undefined) throw refusals.delegation_proposed({ proposal: rows[0].proposal_id });
}

// ── Carrying out, and ending ─────────────────────────────────────────────────────────────────────

/** Carries an approved delegation out; called again it does nothing. Refusals: waits_for_notice,
 *  waits_for_answer (it stays approved), change_not_approved, change_not_possible (it is superseded). */
export const executeDelegation = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'open_delegation', done: 'opened', already: 'already_done', not_approved: () => refusals.change_not_approved({ proposal: proposal_id }),
  after: (trx, document) => tellBoth(trx, estate, proposal_id, document),
  impossible: byConstraint({ delegation_not_possible: () => refusals.delegation_not_possible() }),
});

async function tellBoth(trx: Trx, { estate_id, code }: Estate, proposal_id: number, document: Document): Promise<void> {
  // It may begin later than was asked for.
  const days = await trx.selectFrom('delegation').select(['starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirstOrThrow();
  const href = `/e/${code}/people#delegations`;
  await notify(trx, {
    estate_id, person_ids: [String(document['delegate'])], key: `delegate:${proposal_id}`, href,
    text: {
      zh: `您受托代签，${days.starts_on} 至 ${days.ends_on}。要您代签的单会出现在“签批”里。`,
      en: `You sign in somebody's place from ${days.starts_on} to ${days.ends_on}. What waits for you appears under "To sign".`,
    },
  });
  await notify(trx, {
    estate_id, person_ids: [String(document['principal'])], key: `principal:${proposal_id}`, href,
    text: {
      zh: `您的签名由候补代签，${days.starts_on} 至 ${days.ends_on}。您随时可以结束委托。`,
      en: `A deputy signs in your place from ${days.starts_on} to ${days.ends_on}. You may end this at any time.`,
    },
  });
}

/** Ends a delegation from now on, by either of its two persons. Refusals: not_allowed (sign), delegation_unknown,
 *  delegation_not_yours, delegation_over. */
export async function endDelegation(house: House, { estate, actor, delegation_id }: Asked & { delegation_id: number }): Promise<void> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'sign');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const row = await trx.selectFrom('delegation').select(['principal', 'delegate', 'ends_on'])
      .where('estate_id', '=', estate_id).where('delegation_id', '=', delegation_id).executeTakeFirst();
    if (row === undefined) throw refusals.delegation_unknown({ delegation: delegation_id });
    if (![row.principal, row.delegate].includes(actor.person_id)) throw refusals.delegation_not_yours();
    const { rows } = await sql<{ ended: boolean }>`
      select end_delegation(${estate_id}, ${delegation_id}, ${actor.person_id}) as ended`.execute(trx);
    if (!rows[0]!.ended) throw refusals.delegation_over({ ends_on: row.ends_on });
  });
}
