// Forms of bodies (组织形式): what the body that holds the owners' key is, and who manages. Words and days only; who may change one
// is decided in founding/body-form.ts and by change_body_form().
import { sql } from 'kysely';
import type { BodyKind } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';

export const committeeForms = ['owners_committee', 'joint_conference', 'yard_committee', 'asset_committee', 'property_committee', 'self_committee'] as const;
export const companyForms = ['company', 'community_custody', 'self_service'] as const;
export type BodyForm = (typeof committeeForms)[number] | (typeof companyForms)[number] | 'usual';

export const formTexts: Record<BodyForm, Bilingual> = {
  owners_committee: { zh: '业主委员会', en: "Owners' committee" },
  joint_conference: { zh: '临时居民联席会议', en: 'Temporary conference of residents' },
  yard_committee: { zh: '院委会', en: 'Yard committee' },
  asset_committee: { zh: '资产管理委员会', en: 'Asset committee' },
  property_committee: { zh: '物业管理委员会（物管会）', en: 'Property management committee' },
  self_committee: { zh: '居民自管会', en: 'Self-management committee' },
  company: { zh: '专业物业公司', en: 'Property company' },
  community_custody: { zh: '社区托管', en: 'Custody by the community' },
  self_service: { zh: '居民自管', en: 'Managed by the residents' },
  usual: { zh: '常设', en: 'Standing' },
};

/** Short names to begin with, where the form's own name is not how people call it. */
export const usualNames: Partial<Record<BodyForm, Bilingual>> = {
  property_committee: { zh: '物业管理委员会', en: 'Property management committee' },
  community_custody: { zh: '社区物业服务站', en: 'Community property service' },
  self_service: { zh: '自管服务组', en: 'Self-service group' },
  company: { zh: '物业公司', en: 'Property company' },
};

/** What is meant to last only until something regular takes its place. */
export const temporaryForms: readonly BodyForm[] = ['joint_conference', 'property_committee', 'community_custody'];

export const formsOf = (body: BodyKind): readonly BodyForm[] =>
  (body === 'committee' ? committeeForms : body === 'property' ? companyForms : ['usual']);
export const formAtOpening = (body: BodyKind): BodyForm => formsOf(body)[0]!;
export const formName = (form: string, locale: Locale): string => formTexts[form as BodyForm]?.[locale] ?? form;

export interface BodyFormRow {
  seq: number;
  body: BodyKind;
  form: BodyForm;
  name_zh: string;
  name_en: string;
  mode: string | null;
  from_day: BusinessDate;
  until_day: BusinessDate | null;
  proposal_id: number | null;
  /** Whether it is the one of that day. */
  holds: boolean;
}

/** All forms that were ever signed, oldest first; bodies whose form nobody ever said are not among them. */
export async function bodyForms(trx: Trx, estate_id: number, on: BusinessDate): Promise<BodyFormRow[]> {
  const { rows } = await sql<BodyFormRow>`
    select f.seq, f.body, f.form, f.name_zh, f.name_en, f.mode, f.from_day, f.until_day, f.proposal_id, f.seq = (body_form_on(${estate_id}, f.body, ${on}::date)).seq as holds
    from body_form f where f.estate_id = ${estate_id} order by f.from_day, f.seq`.execute(trx);
  return rows;
}

export interface BodyNow { form: BodyForm; name_zh: string; name_en: string }

/** The last form that was signed, begun or not: what the next one takes the place of. Null where there is no such body. */
export async function lastForm(trx: Trx, estate_id: number, body: BodyKind): Promise<BodyNow | null> {
  const row = await trx.selectFrom('body').select(['name_zh', 'name_en']).where('estate_id', '=', estate_id).where('body', '=', body).executeTakeFirst();
  if (row === undefined) return null;
  const last = await trx.selectFrom('body_form').select(['form', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).where('body', '=', body)
    .orderBy('from_day', 'desc').orderBy('seq', 'desc').executeTakeFirst();
  return last === undefined ? { form: formAtOpening(body), ...row } : last as BodyNow;
}

/** Brings the names of today to what was signed for today; called by the daily task. Gives how many bodies changed. */
export async function applyBodyForms(trx: Trx, estate_id: number): Promise<number> {
  const { rows } = await sql<{ changed: number }>`select apply_body_forms(${estate_id}) as changed`.execute(trx);
  return rows[0]!.changed;
}
