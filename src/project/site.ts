// What is written down along the way: quotes (报价), reports from the site with photos and defects (现场记录), and money outside the books
// (账外备查), which is a memorandum and nothing else. Nothing of it is changed; a defect is mended by a further report.
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { isSource } from './kinds.ts';
import { demandPhotos, keepPhotos } from './project.ts';
import { contractsOf, demandOpen, demandProject, milestonesOf, siteRows } from './queries.ts';
import { refusals } from './refusals.ts';
import { filesOf, readAmount } from './step.ts';

interface Asked { estate: Estate; actor: Actor | null; project: number; key?: string | null | undefined }

/** Refusals: those of demand() for draft_order, text_*, project_amount_invalid, project_unknown, project_finished_already, project_not_open, quote_file_missing. */
export async function enterQuote(house: House, { estate, actor: asking, project, key = null, ...typed }: Asked & { bidder: string; amount: string; vouchers: readonly string[] }): Promise<{ quote_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'draft_order');
  const bidder = bookText(typed.bidder, { field: 'bidder', label: '报价单位 bidder', limit: 60 });
  const amount = moneyText(readAmount(typed.amount, 'amount'));
  const once_key = key === null ? null : `project_quote:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { project, bidder, amount, vouchers: [...typed.vouchers] } }, async () => {
    await demandOpen(trx, estate_id, project);
    const [sha256] = await filesOf(trx, estate_id, typed.vouchers);
    if (sha256 === undefined) throw refusals.quote_file_missing({}, 'vouchers');
    const seq = await appendRecord(trx, estate_id, 'project_quote_entered', { amount, bidder, project, sha256 });
    return trx.insertInto('project_quote').values({ estate_id, project_id: project, bidder, amount, sha256, entered_on: await estateToday(trx, estate_id), entered_by: actor.person_id, seq })
      .returning('quote_id').executeTakeFirstOrThrow();
  }));
}

const isReport = (text: string): text is 'progress' | 'reached' | 'defect' | 'fixed' => ['progress', 'reached', 'defect', 'fixed'].includes(text);
export interface SiteTyped { kind: string; report: string; milestone?: number | null | undefined; defect?: number | null | undefined; photos?: readonly string[] | undefined }

/** Refusals: those of demand() for report_site, site_kind_unknown, text_*, project_unknown, project_finished_already, project_not_open, site_no_contract,
 *  site_milestone_unknown, site_defect_unknown, project_photo_unfit. */
export async function reportSite(house: House, { estate, actor: asking, project, key = null, typed }: Asked & { typed: SiteTyped }): Promise<{ site_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'report_site');
  const { kind } = typed;
  if (!isReport(kind)) throw refusals.site_kind_unknown({ typed: kind.slice(0, 20) }, 'kind');
  const report = bookText(typed.report, { field: 'report', label: '现场记录 report', limit: 300 });
  const milestone = kind === 'reached' ? typed.milestone ?? null : null;
  const defect = kind === 'fixed' ? typed.defect ?? null : null;
  const { body } = actor.terms.find((term) => term.estate_id === estate_id)!;
  const once_key = key === null ? null : `project_site:${actor.person_id}:${key}`;
  const content = { project, kind, report, milestone, defect, photos: [...(typed.photos ?? [])] };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    await lockEstate(trx, estate_id);
    await demandOpen(trx, estate_id, project);
    if ((await contractsOf(trx, estate_id, project)).length === 0) throw refusals.site_no_contract();
    const before = await siteRows(trx, estate_id, project);
    if (kind === 'reached' && (before.some((row) => row.milestone === milestone)
        || !(await milestonesOf(trx, estate_id, project)).some((row) => row.milestone === milestone && row.due_when === 'reached'))) throw refusals.site_milestone_unknown({}, 'milestone');
    if (kind === 'fixed' && !before.some((row) => row.site_id === defect && row.open)) throw refusals.site_defect_unknown({}, 'defect');
    const photos = await demandPhotos(trx, estate_id, typed.photos ?? []);
    const reported_at = await estateNow(trx, estate_id);
    const seq = await appendRecord(trx, estate_id, 'project_site_reported', { body, by: actor.person_id, defect, kind, milestone, photos, project, report });
    const { site_id } = await trx.insertInto('project_site').values({ estate_id, project_id: project, kind, milestone, defect, report, body, reported_by: actor.person_id, reported_at, seq })
      .returning('site_id').executeTakeFirstOrThrow();
    await keepPhotos(trx, { estate_id, project_id: project, site_id, photos });
    return { site_id };
  }));
}

/** Notes money that never comes into the account. Refusals: those of demand() for post_receipt, project_source_unknown, outside_amount_invalid, text_*, project_unknown. */
export async function noteOutside(house: House, { estate, actor: asking, project, key = null, ...typed }: Asked & { source: string; amount: string; note: string; vouchers?: readonly string[] | undefined }): Promise<{ outside_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'post_receipt');
  const { source } = typed;
  if (!isSource(source)) throw refusals.project_source_unknown({ typed: source.slice(0, 20), choices: 'government、organisation、households、donation' }, 'source');
  const read = readMoney(typed.amount);
  if (read === null || read.isZero() || read.abs().greaterThan(99_999_999)) throw refusals.outside_amount_invalid({ typed: typed.amount.slice(0, 20) }, 'amount');
  const amount = moneyText(read);
  const note = bookText(typed.note, { field: 'note', label: '说明 note', limit: 120 });
  const once_key = key === null ? null : `project_outside:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { project, source, amount, note, vouchers: [...(typed.vouchers ?? [])] } }, async () => {
    await demandProject(trx, estate_id, project);
    const [sha256 = null] = await filesOf(trx, estate_id, typed.vouchers ?? []);
    const seq = await appendRecord(trx, estate_id, 'project_outside_noted', { amount, note, project, sha256, source });
    return trx.insertInto('project_outside').values({ estate_id, project_id: project, source, amount, note, sha256, noted_on: await estateToday(trx, estate_id), noted_by: actor.person_id, seq })
      .returning('outside_id').executeTakeFirstOrThrow();
  }));
}
