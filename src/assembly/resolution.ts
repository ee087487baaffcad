// Owners' resolutions (业主大会决议): what is put to the vote, by whom, under which law, and how it ends.
//   draft → announced (roll frozen) → voting → papers → counted → certified       called off while nobody has voted
// Which majority a matter takes follows from the law of the day it is announced (majority_rule), not from whoever drafts it; only more
// than the law asks may be chosen. The roll is the register of that day. The database counts (count_resolution), when its day has come,
// whoever or whatever asks it to; a certificate is a proposal that names the hash of that very count.
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { addDays, daysBetween, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { matters, readResolutionRow, residentsOn, type Matter } from './resolution-queries.ts';
import { refusals } from './refusals.ts';

export const WORDING_LIMIT = 4_000;
const MOST_FILES = 10;
/** A certificate that is held back does not hold up what was resolved for longer. */
export const CERTIFY_DAYS = 15;
/** 业主大会和业主委员会指导规则 §15: owners are told fifteen days ahead. */
export const NOTICE_DAYS = 15;

export interface ResolutionTyped {
  matter: string;
  title: string;
  /** Paragraphs by line breaks. */
  wording: string;
  /** Asks the special majority although the law would be content with less. */
  stricter?: boolean | undefined;
  secret?: boolean | undefined;
  starts_on: string;
  ends_on: string;
  paper_days?: string | undefined;
  files?: readonly string[] | undefined;
}
interface Asked { estate: Estate; actor: Actor | null; key?: string | null | undefined }
type Read = { matter: Matter; title: string; wording: string; stricter: boolean; secret: boolean; starts_on: BusinessDate; ends_on: BusinessDate; paper_days: number; files: string[] };

/** Several paragraphs, each as bookText() takes a line. Refusals: text_*. */
export function proseText(typed: string, { field, label, limit }: { field: string; label: string; limit: number }): string {
  const lines = typed.split(/\r?\n/u).map((line) => line.trim()).filter((line) => line !== '');
  if (lines.length === 0) return bookText('', { field, label, limit });
  // Measured as a whole, so that the count that is told is the one that counts.
  bookText(lines.join(' '), { field, label, limit });
  const text = lines.map((line) => bookText(line, { field, label, limit })).join('\n');
  if ([...text].length < 2) throw refusals.resolution_title_short({ title: text }, field);
  return text;
}

function readDays(typed: Pick<ResolutionTyped, 'starts_on' | 'ends_on'>, today: BusinessDate): { starts_on: BusinessDate; ends_on: BusinessDate } {
  const [starts_on, ends_on] = [readDate(typed.starts_on), readDate(typed.ends_on)];
  const wrong = (field: string) => refusals.resolution_days_invalid({ starts_on: typed.starts_on.slice(0, 20), ends_on: typed.ends_on.slice(0, 20), today }, field);
  if (starts_on === null || starts_on < today || daysBetween(today, starts_on) > 366) throw wrong('starts_on');
  if (ends_on === null || daysBetween(starts_on, ends_on) < 2 || daysBetween(starts_on, ends_on) > 60) throw wrong('ends_on');
  return { starts_on, ends_on };
}

async function readTyped(trx: Trx, estate_id: number, typed: ResolutionTyped): Promise<Read> {
  const matter = matters.find((one) => one === typed.matter.trim());
  if (matter === undefined) throw refusals.resolution_matter_unknown({ typed: typed.matter.slice(0, 40), choices: matters.join('、') }, 'matter');
  const title = bookText(typed.title, { field: 'title', label: '决议名称 title', limit: 80 });
  if ([...title].length < 2) throw refusals.resolution_title_short({ title }, 'title');
  const wording = proseText(typed.wording, { field: 'wording', label: '表决内容 wording', limit: WORDING_LIMIT });
  const days = readDays(typed, await estateToday(trx, estate_id));
  const paper = (typed.paper_days ?? '').normalize('NFKC').trim();
  if (!/^([0-9]|1[0-5])?$/.test(paper)) throw refusals.resolution_paper_days_invalid({ typed: paper.slice(0, 20) }, 'paper_days');
  const files = [...new Set(typed.files ?? [])];
  if (files.length > MOST_FILES) throw refusals.resolution_files_too_many({ count: files.length }, 'files');
  const known = files.length === 0 ? [] : await trx.selectFrom('voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', 'in', files).execute();
  if (known.length < files.length) throw refusals.resolution_file_unknown({}, 'files');
  return { matter, title, wording, stricter: typed.stricter === true, secret: typed.secret === true, ...days, paper_days: paper === '' ? 3 : Number(paper), files };
}

/** A draft, which nobody but those who hold assemblies sees. Refusals: those of demand() for hold_assembly, resolution_matter_unknown, text_*,
 *  resolution_days_invalid, resolution_paper_days_invalid, resolution_files_too_many, resolution_file_unknown. */
export async function draftResolution(house: House, { estate, actor: asking, key = null, ...typed }: Asked & ResolutionTyped): Promise<{ resolution_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'hold_assembly');
  const content = { ...typed, files: [...typed.files ?? []] };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `resolution:${actor.person_id}:${key}`, content: JSON.parse(JSON.stringify(content)) }, async () => {
    const row = await readTyped(trx, estate_id, typed);
    return trx.insertInto('resolution').values({ estate_id, ...row, drafted_by: actor.person_id, drafted_at: await estateNow(trx, estate_id) })
      .returning('resolution_id').executeTakeFirstOrThrow();
  }));
}

async function draftAt(trx: Trx, estate_id: number, resolution: number): Promise<void> {
  await lockEstate(trx, estate_id);
  const row = await readResolutionRow(trx, estate_id, resolution, { drafts: true });
  if (row.state !== 'draft') throw refusals.resolution_announced_already({ resolution });
}

/** Changes a draft. Refusals: those of draftResolution(), resolution_unknown, resolution_announced_already. */
export async function changeResolution(house: House, { estate, actor, resolution, ...typed }: Omit<Asked, 'key'> & ResolutionTyped & { resolution: number }): Promise<void> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'hold_assembly');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await draftAt(trx, estate_id, resolution);
    await trx.updateTable('resolution').set(await readTyped(trx, estate_id, typed)).where('estate_id', '=', estate_id).where('resolution_id', '=', resolution).execute();
  });
}

/** Throws a draft away. Refusals: those of demand() for hold_assembly, resolution_unknown, resolution_announced_already. */
export async function dropDraft(house: House, { estate: { estate_id }, actor, resolution }: Omit<Asked, 'key'> & { resolution: number }): Promise<void> {
  demand(actor, estate_id, 'hold_assembly');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await draftAt(trx, estate_id, resolution);
    await trx.deleteFrom('resolution').where('estate_id', '=', estate_id).where('resolution_id', '=', resolution).execute();
  });
}

/** Announces a draft: the roll is frozen, every resident is told. Refusals: those of demand() for hold_assembly, resolution_unknown,
 *  resolution_announced_already, resolution_not_yours, resolution_days_invalid, resolution_roll_empty, resolution_law_unknown, resolution_file_unknown. */
export async function announceResolution(house: House, { estate, actor: asking, resolution }: Omit<Asked, 'key'> & { resolution: number }): Promise<void> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'hold_assembly');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const { rows } = await sql<{ status: string }>`select open_resolution(${estate_id}, ${resolution}, ${actor.person_id}::uuid) as status`.execute(trx);
    const { status } = rows[0]!;
    if (status === 'resolution_unknown') throw refusals.resolution_unknown({ resolution });
    const row = await readResolutionRow(trx, estate_id, resolution, { drafts: true });
    switch (status) {
      case 'opened': break;
      case 'already_opened': throw refusals.resolution_announced_already({ resolution });
      case 'days_over': throw refusals.resolution_days_invalid({ starts_on: row.starts_on, ends_on: row.ends_on, today }, 'starts_on');
      case 'roll_empty': throw refusals.resolution_roll_empty();
      case 'law_unknown': throw refusals.resolution_law_unknown({ today });
      case 'file_unknown': throw refusals.resolution_file_unknown({}, 'files');
      default: throw refusals.resolution_not_yours();
    }
    await notify(trx, {
      estate_id, person_ids: await residentsOn(trx, estate_id, resolution, 'all'), key: `resolution:${resolution}:announced`, href: `/e/${code}/resolutions/${resolution}`,
      text: {
        zh: `业主表决“${row.title}”已公告，${row.starts_on} 至 ${row.ends_on} 投票，每户一票。`,
        en: `The owners vote on "${row.title}" from ${row.starts_on} to ${row.ends_on}; one ballot an owner.`,
      },
    });
  }, { retryable: true });
}

/** Calls off what nobody has voted on yet. Refusals: those of demand() for hold_assembly, text_*, resolution_unknown, resolution_over_already,
 *  resolution_voting_begun, resolution_not_yours. */
export async function callOffResolution(house: House, { estate, actor: asking, resolution, reason: typed }: Omit<Asked, 'key'> & { resolution: number; reason: string }): Promise<void> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'hold_assembly');
  const reason = bookText(typed, { field: 'reason', label: '撤销原因 reason', limit: 200 });
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select call_off_resolution(${estate_id}, ${resolution}, ${actor.person_id}::uuid, ${reason}) as status`.execute(trx);
    const { status } = rows[0]!;
    if (status === 'resolution_unknown') throw refusals.resolution_unknown({ resolution });
    const { title, ends_on, paper_days } = await readResolutionRow(trx, estate_id, resolution);
    if (status === 'already_over') throw refusals.resolution_over_already({ resolution });
    if (status === 'voting_begun') throw refusals.resolution_voting_begun({ resolution, counted_from: addDays(ends_on, paper_days + 1) });
    if (status !== 'called_off') throw refusals.resolution_not_yours();
    await notify(trx, {
      estate_id, person_ids: await residentsOn(trx, estate_id, resolution, 'all'), key: `resolution:${resolution}:called_off`, href: `/e/${code}/resolutions/${resolution}`,
      text: { zh: `业主表决“${title}”已撤销：${reason}`, en: `The vote on "${title}" is called off: ${reason}` },
    });
  });
}

// ── The count and its certificate ────────────────────────────────────────────────────────────────

const REMIND_DAYS = 2;

/** Counts what is due, oldest first, however long nobody asked; reminds, two days before the end, whoever has not voted. Gives what was done.
 *  Refusal: ballot_altered. */
export async function countDue(house: House, { estate_id, code }: Estate): Promise<string[]> {
  const due = await inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const open = await trx.selectFrom('resolution').select(['resolution_id', 'title', 'starts_on', 'ends_on', 'paper_days']).where('estate_id', '=', estate_id)
      .where('opened_seq', 'is not', null).where('counted_seq', 'is', null).where('called_off_seq', 'is', null).orderBy('ends_on').orderBy('resolution_id').execute();
    for (const { resolution_id, title, starts_on, ends_on } of open) {
      if (today < starts_on || today > ends_on || daysBetween(today, ends_on) > REMIND_DAYS) continue;
      await notify(trx, {
        estate_id, person_ids: await residentsOn(trx, estate_id, resolution_id, 'not_voted'), key: `resolution:${resolution_id}:remind`, href: `/e/${code}/resolutions/${resolution_id}/ballot`,
        text: { zh: `业主表决“${title}”投到 ${ends_on} 为止，您家还没有投票。`, en: `The vote on "${title}" ends on ${ends_on}; your dwelling has not voted yet.` },
      });
    }
    return open.filter(({ ends_on, paper_days }) => addDays(ends_on, paper_days) < today);
  });
  const done: string[] = [];
  const failed: unknown[] = [];
  for (const { resolution_id, title } of due) {
    // One whose ballots were altered keeps the others from nothing; it is told at the end, every time.
    const status = await countOne(house, estate_id, resolution_id).catch((error: unknown) => void failed.push(error));
    if (status !== 'counted') continue;
    done.push(`resolution ${resolution_id} counted`);
    await inEstate(house.db.app, estate_id, async (trx) => {
      const { outcome } = await readResolutionRow(trx, estate_id, resolution_id);
      await notify(trx, {
        estate_id, person_ids: await residentsOn(trx, estate_id, resolution_id, 'all'), key: `resolution:${resolution_id}:counted`, href: `/e/${code}/resolutions/${resolution_id}`,
        text: {
          zh: `业主表决“${title}”已计票：${outcome === 'passed' ? '通过' : '没有通过'}。`, en: `The vote on "${title}" is counted: ${outcome === 'passed' ? 'passed' : 'not passed'}.`,
        },
      });
    });
  }
  if (failed.length > 0) throw failed[0];
  return done;
}

async function countOne(house: House, estate_id: number, resolution: number): Promise<string> {
  try {
    return await inEstate(house.db.app, estate_id, async (trx) =>
      (await sql<{ status: string }>`select count_resolution(${estate_id}, ${resolution}) as status`.execute(trx)).rows[0]!.status, { retryable: true });
  } catch (error) {
    throw constraintRefusal(error, { ballot_altered: () => refusals.ballot_altered({ resolution }) });
  }
}

/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };

/** Proposes the certificate of a resolution that passed, for signing as a change of rules is. Refusals: those of demand() for propose,
 *  resolution_unknown, resolution_not_passed, resolution_certified_already, resolution_needs_signer, rule_missing, resolution_missing. */
export async function proposeCertificate(house: House, { estate, actor: asking, resolution, key = null }: Asked & { resolution: number }): Promise<Proposed> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'propose');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `certificate:${actor.person_id}:${key}`, content: { resolution } }, async () => {
    await lockEstate(trx, estate_id);
    const row = await readResolutionRow(trx, estate_id, resolution);
    if (row.outcome !== 'passed' || row.count === null) throw refusals.resolution_not_passed({ resolution, title: row.title });
    if (row.certified_by !== null || row.certifying !== null) throw refusals.resolution_certified_already({ resolution, proposal: row.certified_by ?? row.certifying! });
    const today = await estateToday(trx, estate_id);
    const { refusal } = await signersFor(trx, estate, actor, { kind: 'resolution', today, too_few: refusals.resolution_needs_signer });
    if (refusal !== null) throw refusal;
    const head = { title: `签认业主大会决议：${row.title}`, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'resolution', made_by: actor.person_id, ...head });
    const { count } = row;
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...head,
      content: {
        title_en: `Certificate of the resolution: ${row.title}`, resolution_id: resolution, resolution_title: row.title, counted_on: row.counted_on!, count_sha256: row.count_sha256!,
        outcome: 'passed', voters: count.voters, area: count.area, part: { ...count.part }, choices: { for: { ...count.choices.for }, against: { ...count.choices.against }, abstain: { ...count.choices.abstain } },
        special: row.special!, rule_day: row.rule_day!,
      },
    });
    return { proposal_id, document_hash };
  }));
}

/** Carries an approved certificate out; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved),
 *  resolution_not_approved, change_not_possible (it is superseded). */
export const executeCertificate = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'certify_resolution', done: 'certified', already: 'already_certified', not_approved: () => refusals.resolution_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ resolution_not_certifiable: () => refusals.resolution_not_certifiable() }),
});
