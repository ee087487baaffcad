// Change of companies (物业交接, 民法典 §949, 信托法 §41): nobody closes these books when a company goes. It hands over with a certificate,
// the next one takes over that certificate, and the next entry has the next number.
//   certificate: proposed → signed by the outgoing company and the committee → handed over
//   takeover:    proposed → signed by the incoming company and the committee → taken over: the trustee's name is the new one
// Both are signed under the rule for changing rules. No entry is made: money, what dwellings paid in advance, their deposits and
// open bills were the estate's and stay so. Nobody signs for both companies, and whoever signs for the incoming one came into office after
// the certificate was drawn up (hand_over(), take_over()). Where the outgoing company will not sign, a resolution of the owners lets the
// next one take over a certificate that was rejected, withdrawn or left to expire.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, lastDay, readDate, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readProposal } from '../approval/queries.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import type { Rule } from '../approval/rules.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { drawCertificate, type Certificate, type Contract } from './certificate.ts';
import { handoverOf, newestCertificate } from './queries.ts';
import { refusals } from './refusals.ts';

export const OTHERS_LIMIT = 500;
export const DIFFERENCES_LIMIT = 500;
export const TRUSTEE_LIMIT = 100;
const CONTRACTS = 100;

/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };

// ── The certificate ──────────────────────────────────────────────────────────────────────────────

/** "合同 | 对方 | 2027-06-30", one a line. Refusals: handover_contracts_unreadable, handover_contracts_many, text_*. */
export function readContracts(typed: string): Contract[] {
  const lines = typed.split(/\r?\n/).map((text, index) => ({ text: text.trim(), line: index + 1 })).filter(({ text }) => text !== '');
  if (lines.length > CONTRACTS) throw refusals.handover_contracts_many({ count: lines.length, limit: CONTRACTS }, 'contracts');
  return lines.map(({ text, line }) => {
    const [title = '', party = '', last = '', ...rest] = text.split(/[|｜\t]/).map((part) => part.trim());
    const ends_on = last === '' ? null : readDate(last);
    if (title === '' || party === '' || rest.length > 0 || (last !== '' && ends_on === null)) {
      throw refusals.handover_contracts_unreadable({ line, typed: text.slice(0, 60) }, 'contracts');
    }
    const asked = { field: 'contracts', label: `合同清单第 ${line} 行 contracts, line ${line}`, limit: 60 };
    return { title: bookText(title, asked), party: bookText(party, asked), ends_on };
  });
}

interface Side { body: BodyKind; name_zh: string; name_en: string }

/** The body that holds the company's key. Refusal: handover_company_missing. */
async function companySide(trx: Trx, estate_id: number, rule: Rule | null): Promise<Side> {
  const side = await trx.selectFrom('body').select(['body', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).where('key_side', '=', 'company').executeTakeFirst();
  const asks = (body: string): boolean => rule === null || rule.bodies.some((row) => row.body === body && row.signers > 0);
  if (side === undefined || !asks(side.body) || !asks('committee')) {
    throw refusals.handover_company_missing({ body: side?.name_zh ?? '物业公司', body_en: side?.name_en ?? 'property company' });
  }
  return side as Side;
}

/** Last closed month. Refusal: handover_month_open. */
export async function lastClosed(trx: Trx, { estate_id, first_period }: Estate): Promise<Period> {
  const { closed_period } = await trx.selectFrom('log_head').select('closed_period').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  if (closed_period < first_period) throw refusals.handover_month_open({ period: addMonths(closed_period, 1) });
  return closed_period;
}

/** The rule that answers and the company's side. Refusals: handover_needs_signer, handover_company_missing. */
export async function readyFor(trx: Trx, estate: Estate, actor: Actor, kind: 'handover' | 'takeover', today: BusinessDate): Promise<{ rule: Rule | null; side: Side }> {
  const { rule, refusal } = await signersFor(trx, estate, actor, { kind, today, too_few: (facts) => refusals.handover_needs_signer(facts) });
  if (refusal !== null) throw refusal;
  return { rule, side: await companySide(trx, estate.estate_id, rule) };
}

export interface HandoverAsked {
  estate: Estate;
  actor: Actor;
  /** Last day of the outgoing company's service. */
  ends_on: string;
  /** One contract a line: "title | other party | last day". */
  contracts?: string | undefined;
  /** What else is handed over: plans, keys, equipment. */
  others?: string | undefined;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}

/** Proposes a closing certificate as of the last closed month. Refusals in this order: not_allowed, handover_contracts_*, text_*, handover_waits,
 *  handover_month_open, handover_needs_signer, handover_company_missing, handover_last_day_invalid, those of readResolution(), rule_missing. */
export async function proposeHandover(house: House, asked: HandoverAsked): Promise<Proposed> {
  const { estate, actor, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const contracts = readContracts(asked.contracts ?? '');
  const typed = (asked.others ?? '').trim();
  const others = typed === '' ? undefined : bookText(typed, { field: 'others', label: '其他移交事项 others', limit: OTHERS_LIMIT });
  const content = { ends_on: asked.ends_on, contracts, others, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `handover:${actor.person_id}:${key}`, content: JSON.parse(JSON.stringify(content)) as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const waiting = await trx.selectFrom('proposal').select('proposal_id').where('estate_id', '=', estate_id).where('kind', '=', 'handover')
      .where('state', 'in', ['submitted', 'held', 'approved']).executeTakeFirst();
    if (waiting !== undefined) throw refusals.handover_waits({ proposal: waiting.proposal_id });
    const period = await lastClosed(trx, estate);
    const { rule, side } = await readyFor(trx, estate, actor, 'handover', today);
    const ends_on = readDate(asked.ends_on);
    if (ends_on === null || ends_on < lastDay(period)) {
      throw refusals.handover_last_day_invalid({ typed: asked.ends_on.slice(0, 20), closed: lastDay(period) }, 'ends_on');
    }
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const { trustee } = await trx.selectFrom('estate').select('trustee').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
    const certificate: Certificate = await drawCertificate(trx, estate_id, { period, contracts });
    const row = { title: `移交清单：${trustee}，截至 ${period}`, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'handover', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content: {
      body: side.body, outgoing: trustee, ends_on, certificate, others, title_en: `Closing certificate of ${trustee} as of ${period}`,
      ...(signed === null ? {} : { resolution: signed }),
    } });
    return { proposal_id, document_hash };
  }));
}

// ── The takeover ─────────────────────────────────────────────────────────────────────────────────

export interface TakeoverAsked {
  estate: Estate;
  actor: Actor;
  /** Number of the certificate: its proposal. */
  handover: number;
  /** Name of the next company. */
  trustee: string;
  /** Its first day. */
  from: string;
  /** What was found otherwise than the certificate says. */
  differences?: string | undefined;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}

/** Who signs for the company now, and who of them was in office before the certificate was drawn up. */
async function signersOfSide(trx: Trx, estate_id: number, { body, submitted_on, today }: { body: string; submitted_on: string; today: BusinessDate }): Promise<{ before: number; since: number }> {
  const { rows } = await sql<{ before: number; since: number }>`
    select (count(*) filter (where not newly))::integer as before, (count(*) filter (where newly))::integer as since from (
      select t.person_id, bool_or(t.starts_on >= ${submitted_on}::date) as newly from term t
      where t.estate_id = ${estate_id} and t.body = ${body} and t.office not in ('cashier', 'deputy', 'auditor')
        and t.starts_on <= ${today}::date and t.ends_on >= ${today}::date group by t.person_id) as s`.execute(trx);
  return rows[0]!;
}

/** Refusals: takeover_outgoing_in_office, takeover_nobody_in_office. */
export async function refuseOutgoing(trx: Trx, estate_id: number, { side, submitted_on, today }: { side: Side; submitted_on: string; today: BusinessDate }): Promise<void> {
  const { body, name_zh, name_en } = side;
  const seats = await signersOfSide(trx, estate_id, { body, submitted_on, today });
  if (seats.before > 0) throw refusals.takeover_outgoing_in_office({ body: name_zh, body_en: name_en, count: seats.before });
  if (seats.since === 0) throw refusals.takeover_nobody_in_office({ body: name_zh, body_en: name_en });
}

/** A certificate that may be taken over now. Refusals: handover_unknown, takeover_done, takeover_of_older, takeover_not_ready. */
export async function takeableCertificate(trx: Trx, estate_id: number, handover: number) {
  const found = await handoverOf(trx, estate_id, handover);
  if (found === null) throw refusals.handover_unknown({ handover });
  if (found.incoming !== null) throw refusals.takeover_done({ handover, incoming: found.incoming });
  const newest = await newestCertificate(trx, estate_id);
  if (newest !== null && newest > handover) throw refusals.takeover_of_older({ handover, later: newest });
  if (!['executed', 'rejected', 'withdrawn', 'expired'].includes(found.state)) throw refusals.takeover_not_ready({ handover });
  return found;
}

/** Proposes that the next company takes over. Refusals in this order: not_allowed, text_*, those of takeableCertificate(), handover_needs_signer,
 *  handover_company_missing, takeover_same_company, takeover_day_invalid, takeover_outgoing_in_office, takeover_nobody_in_office,
 *  takeover_resolution_missing, those of readResolution(), rule_missing. */
export async function proposeTakeover(house: House, asked: TakeoverAsked): Promise<Proposed> {
  const { estate, actor, handover, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const trustee = bookText(asked.trustee, { field: 'trustee', label: '新物业公司名称 name of the next company', limit: TRUSTEE_LIMIT });
  const typed = (asked.differences ?? '').trim();
  const differences = typed === '' ? undefined : bookText(typed, { field: 'differences', label: '核对出的差异 differences', limit: DIFFERENCES_LIMIT });
  const content = { handover, trustee, from: asked.from, differences, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `takeover:${actor.person_id}:${key}`, content: JSON.parse(JSON.stringify(content)) as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const found = await takeableCertificate(trx, estate_id, handover);
    const { rule, side } = await readyFor(trx, estate, actor, 'takeover', today);
    if (trustee === found.outgoing) throw refusals.takeover_same_company({ trustee }, 'trustee');
    const from = readDate(asked.from);
    if (from === null || from <= found.ends_on || from > today) {
      throw refusals.takeover_day_invalid({ typed: asked.from.slice(0, 20), last: found.ends_on, today }, 'from');
    }
    await refuseOutgoing(trx, estate_id, { side, submitted_on: found.submitted_on, today });
    const unsigned = found.state !== 'executed';
    if (unsigned && (resolution?.title ?? '').trim() === '') throw refusals.takeover_resolution_missing({}, 'resolution.title');
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: unsigned || rule?.needs_resolution === true });
    const row = { title: `接收移交：${trustee}，按第 ${handover} 号移交清单`, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'takeover', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content: {
      body: side.body, handover, handover_hash: found.document_hash, outgoing: found.outgoing, trustee, from, differences,
      title_en: `${trustee} takes over by certificate no. ${handover}`, ...(signed === null ? {} : { resolution: signed }),
    } });
    return { proposal_id, document_hash };
  }));
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** Carries a signed certificate out. Refusals: waits_for_notice, waits_for_answer, handover_not_approved, change_not_possible. */
export const executeHandover = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'hand_over', done: 'handed_over', already: 'already_handed_over', not_approved: () => refusals.handover_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ handover_not_possible: () => refusals.handover_not_possible() }),
});

/** Carries a signed takeover out, and tells everybody who serves. Refusals as those of executeHandover(). */
export const executeTakeover = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'take_over', done: 'taken_over', already: 'already_taken_over', not_approved: () => refusals.takeover_not_approved({ proposal: proposal_id }),
  after: (trx) => tellTakeover(trx, estate, proposal_id),
  impossible: byConstraint({ takeover_not_possible: () => refusals.takeover_not_possible(), takeover_by_outgoing: () => refusals.takeover_by_outgoing() }),
});

async function tellTakeover(trx: Trx, { estate_id, code }: Estate, proposal_id: number): Promise<void> {
  const today = await estateToday(trx, estate_id);
  const proposal = await readProposal(trx, estate_id, proposal_id);
  const { trustee, from, handover } = (proposal?.document ?? {}) as Record<string, unknown>;
  const terms = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('starts_on', '<=', today).where('ends_on', '>=', today).execute();
  await notify(trx, {
    estate_id, person_ids: terms.map((row) => row.person_id), key: `taken_over:${proposal_id}`, href: `/e/${code}/handover/${String(handover)}`,
    text: { zh: `${String(trustee)}从 ${String(from)} 起接收本小区，账簿继续记。请核对银行U盾、预留印鉴是否已经换人。`,
      en: `${String(trustee)} has taken over from ${String(from)}; the books go on. See that the bank's keys and seals have changed hands.` },
  });
}
