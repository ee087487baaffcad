// Why an approved proposal is not carried out yet (公示、异议): it is announced first where its rule says so,
// and it waits while a written objection is unanswered. waits_for() in the database judges, and every door that
// carries something out asks it; here is the same in words, for the executors and the pages.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { businessDate, type BusinessDate } from '../kernel/dates.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { formatDay } from '../web/locale.ts';
import { refusals } from './refusals.ts';

export interface Wait {
  why: 'order_in_notice' | 'order_objected';
  payable_from: BusinessDate;
  /** Objections without an answer. */
  unanswered: number;
}

/** What a submitted or approved proposal waits for today besides signatures; null for nothing. */
export async function waitOf(trx: Trx, estate_id: number, proposal_id: number): Promise<Wait | null> {
  const { rows } = await sql<Omit<Wait, 'why'> & { why: Wait['why'] | null }>`
    select waits_for(o.estate_id, o.proposal_id, estate_today(o.estate_id)) as why, o.payable_from,
      (select count(*) from objection j where j.estate_id = o.estate_id and j.proposal_id = o.proposal_id and not exists
        (select from objection_answer a where a.estate_id = j.estate_id and a.objection_id = j.objection_id))::integer as unanswered
    from proposal o where o.estate_id = ${estate_id} and o.proposal_id = ${proposal_id}`.execute(trx);
  const found = rows[0];
  return found === undefined || found.why === null ? null : found as Wait;
}

export const waitRefusal = ({ why, payable_from, unanswered }: Wait): Refusal => (why === 'order_in_notice'
  ? refusals.waits_for_notice({ day: formatDay(payable_from, 'zh'), day_en: formatDay(payable_from, 'en') })
  : refusals.waits_for_answer({ count: unanswered }));

/** For executors: the signatures stand, and the job tries again. Refusals: waits_for_notice, waits_for_answer. */
export async function refuseWaiting(trx: Trx, estate_id: number, proposal_id: number): Promise<void> {
  const wait = await waitOf(trx, estate_id, proposal_id);
  if (wait !== null) throw waitRefusal(wait);
}

interface Announced { payable_from: BusinessDate | null; submitted_at: Date | null }

/** Announced (公示): its rule puts days between submission and the first day it may be carried out. */
export const isAnnounced = ({ payable_from, submitted_at }: Announced): boolean =>
  payable_from !== null && submitted_at !== null && payable_from > businessDate(submitted_at);

/** Days on which owners may object: from submission until the day before it may be carried out. */
export const inNotice = (proposal: Announced, today: BusinessDate): boolean =>
  isAnnounced(proposal) && today < proposal.payable_from!;
