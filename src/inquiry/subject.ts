// What a question is about (所问事项): an entry, a proposal, a line of a budget, a project, a bill, or nothing in particular.
//   entry:41   proposal:12   budget:2026:service:5102   project:7   bill:33
// A bill is somebody's: its number stays out of the log and off the page of everybody else, who read "a bill" (sight.ts of billing judges
// the same for its own pages). A subject is looked at when it is asked about: what the asker may not read is not there for them.
import { sql } from 'kysely';
import { readableProposal } from '../approval/view.ts';
import { titleIn } from '../approval/texts.ts';
import { may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { seesSince } from '../estate/register-queries.ts';
import { estateToday } from '../evidence/records.ts';
import { refusals } from './refusals.ts';

export const subjectKinds = ['entry', 'proposal', 'budget', 'project', 'bill'] as const;
export type SubjectKind = (typeof subjectKinds)[number];
export interface Subject { kind: SubjectKind; id: string }

const forms: Record<SubjectKind, RegExp> = {
  entry: /^[0-9]{1,12}$/, proposal: /^[0-9]{1,12}$/, budget: /^[1-9][0-9]{3}:[a-z0-9_]{1,40}:[0-9]{4,12}$/, project: /^[0-9]{1,12}$/, bill: /^[0-9]{1,12}$/,
};

/** "proposal:12" as a subject; null where it is none. */
export function readSubject(typed: string | null | undefined): Subject | null {
  const [, kind = '', id = ''] = /^([a-z]+):(.+)$/.exec(typed ?? '') ?? [];
  const known = subjectKinds.find((one) => one === kind);
  return known !== undefined && forms[known].test(id) ? { kind: known, id } : null;
}

export interface SubjectShown {
  kind: SubjectKind;
  label: Bilingual;
  /** Null where whoever looks may not open it. */
  href: string | null;
}

const both = (zh: string, en: string): Bilingual => ({ zh, en });

/** Whether a bill is of a dwelling of theirs, from the month their own time there began. */
async function ownBill(trx: Trx, estate_id: number, actor: Actor, bill_id: number): Promise<{ unit: string } | null> {
  const units = [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))];
  if (units.length === 0) return null;
  const bill = await trx.selectFrom('bill').select(['unit', 'period']).where('estate_id', '=', estate_id).where('bill_id', '=', bill_id)
    .where('unit', 'in', units).executeTakeFirst();
  if (bill === undefined) return null;
  const since = (await seesSince(trx, { estate_id, person_id: actor.person_id, units: [bill.unit], today: await estateToday(trx, estate_id) })).get(bill.unit);
  return since === undefined || (since !== null && bill.period < since.slice(0, 7)) ? null : { unit: bill.unit };
}

async function billShown(trx: Trx, { estate_id, code }: Estate, actor: Actor, id: string): Promise<SubjectShown> {
  const officer = may(actor, estate_id, 'read_households');
  const own = await ownBill(trx, estate_id, actor, Number(id))
    ?? (officer ? await trx.selectFrom('bill').select('unit').where('estate_id', '=', estate_id).where('bill_id', '=', Number(id)).executeTakeFirst() ?? null : null);
  return own === null ? { kind: 'bill', label: both('一张账单', 'A bill'), href: null }
    : { kind: 'bill', label: both(`第 ${id} 号账单`, `Bill no. ${id}`), href: `/e/${code}/bills/${encodeURIComponent(own.unit)}/${id}` };
}

async function proposalShown(trx: Trx, estate: Estate, actor: Actor, id: string): Promise<SubjectShown> {
  const label = both(`第 ${id} 号签批单`, `Proposal no. ${id}`);
  try {
    const proposal = await readableProposal(trx, { estate, actor, proposal_id: Number(id) });
    const title = (locale: 'zh' | 'en'): string => titleIn({ kind: proposal.kind, title: proposal.title, title_en: null }, locale);
    return { kind: 'proposal', label: both(`${label.zh} ${title('zh')}`, `${label.en} ${title('en')}`), href: `/e/${estate.code}/proposals/${id}` };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'proposal', label, href: null };
  }
}

async function budgetShown(trx: Trx, { estate_id, code }: Estate, id: string): Promise<SubjectShown | null> {
  const [year = '', fund = '', account = ''] = id.split(':');
  const { rows: [row] } = await sql<{ fund_zh: string; fund_en: string; zh: string; en: string }>`select f.name_zh as fund_zh, f.name_en as fund_en, a.name_zh as zh, a.name_en as en
    from fund f, account a where f.estate_id = ${estate_id} and f.fund = ${fund} and a.estate_id = ${estate_id} and a.account = ${account}`.execute(trx);
  return row === undefined ? null : { kind: 'budget', href: `/e/${code}/budgets/${year}`,
    label: both(`${year}年预算：${row.fund_zh} ${account} ${row.zh}`, `Budget ${year}: ${row.fund_en}, ${account} ${row.en}`) };
}

async function projectShown(trx: Trx, { estate_id, code }: Estate, id: string): Promise<SubjectShown | null> {
  const { rows: [row] } = await sql`select from project where estate_id = ${estate_id} and project_id = ${id}::bigint`.execute(trx);
  return row === undefined ? null : { kind: 'project', label: both(`第 ${id} 号项目`, `Project no. ${id}`), href: `/e/${code}/projects/${id}` };
}

async function entryShown(trx: Trx, { estate_id, code }: Estate, id: string): Promise<SubjectShown | null> {
  const { rows: [row] } = await sql<{ number: string; description: string }>`select period || ' ' || entry_number(kind, number) as number, description
    from journal_entry where estate_id = ${estate_id} and seq = ${id}::bigint`.execute(trx);
  return row === undefined ? null : { kind: 'entry', label: both(`${row.number} ${row.description}`, `${row.number} ${row.description}`), href: `/e/${code}/journal/${id}` };
}

/** A subject as somebody sees it; null where there is none of that number. */
export function subjectShown(trx: Trx, estate: Estate, actor: Actor, { kind, id }: Subject): Promise<SubjectShown | null> {
  switch (kind) {
    case 'entry': return entryShown(trx, estate, id);
    case 'proposal': return proposalShown(trx, estate, actor, id);
    case 'budget': return budgetShown(trx, estate, id);
    case 'project': return projectShown(trx, estate, id);
    case 'bill': return billShown(trx, estate, actor, id);
  }
}

/** The subject somebody asks about, as they see it. Refusals: inquiry_entry_unknown, subject_unknown (also of what is not theirs to read). */
export async function demandSubject(trx: Trx, estate: Estate, actor: Actor, subject: Subject): Promise<SubjectShown> {
  if (subject.kind === 'bill' && await ownBill(trx, estate.estate_id, actor, Number(subject.id)) === null) throw refusals.subject_unknown({}, 'subject');
  const shown = await subjectShown(trx, estate, actor, subject);
  if (shown === null && subject.kind === 'entry') throw refusals.inquiry_entry_unknown({ seq: subject.id }, 'about');
  if (shown === null || shown.href === null) throw refusals.subject_unknown({}, 'subject');
  return shown;
}

/** What the log may say of it: of a bill only that it is one. */
export const subjectInLog = ({ kind, id }: Subject): string | undefined => (kind === 'entry' ? undefined : kind === 'bill' ? 'bill' : `${kind}:${id}`);
