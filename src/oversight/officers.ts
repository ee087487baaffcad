// Who the opaque persons of the log are: by name, with the office each held at that time. Officers act in public;
// nobody else is named here, and who was erased is named no more.
import { sql } from 'kysely';
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { businessDate, instant, type BusinessDate } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { officeTexts, bodyTexts } from '../people/texts.ts';
import { pick } from '../web/locale.ts';
import { texts } from './texts.ts';

export interface HeldOffice { term_id: number; body: BodyKind; office: Office; starts_on: BusinessDate; ends_on: BusinessDate }
export interface Officer {
  person_id: string;
  /** null: erased. */
  name: string | null;
  /** In order; none of whoever is only proposed. */
  terms: HeldOffice[];
}
export type Officers = ReadonlyMap<string, Officer>;

/** Whoever holds or held an office here, or whose appointment was proposed. */
export async function officersOf(trx: Trx, estate_id: number): Promise<Officers> {
  const { rows } = await sql<Officer>`
    with known as (
      select person_id from term where estate_id = ${estate_id}
      union select payee_person from proposal where estate_id = ${estate_id} and kind = 'membership' and payee_person is not null
    )
    select k.person_id, i.name, (select coalesce(json_agg(json_build_object('term_id', t.term_id, 'body', t.body, 'office', t.office,
        'starts_on', t.starts_on, 'ends_on', t.ends_on) order by t.starts_on, t.term_id), '[]')
      from term t where t.estate_id = ${estate_id} and t.person_id = k.person_id) as terms
    from known k left join person_identity i on i.person_id = k.person_id`.execute(trx);
  return new Map(rows.map((row) => [row.person_id, row]));
}

/** Persons meant by an id or by (a part of) a name. */
export function personsCalled(officers: Officers, typed: string): string[] {
  if (officers.has(typed.toLowerCase())) return [typed.toLowerCase()];
  const wanted = typed.normalize('NFKC').toLowerCase();
  const named = [...officers.values()].filter(({ name }) => name !== null);
  const exact = named.filter(({ name }) => name!.normalize('NFKC').toLowerCase() === wanted);
  const found = exact.length > 0 ? exact : named.filter(({ name }) => name!.normalize('NFKC').toLowerCase().includes(wanted));
  return found.map(({ person_id }) => person_id);
}

export function nameOfPerson(officers: Officers, person_id: string, locale: Locale): string {
  const t = pick(texts, locale);
  const officer = officers.get(person_id);
  const id = person_id.slice(0, 8);
  if (officer === undefined) return fill(t.unknown_person, { id });
  return officer.name ?? fill(t.erased_person, { id });
}

/** Offices held on the day of a record. */
export function officesAt(officers: Officers, person_id: string, recorded_at: string): HeldOffice[] {
  const day = businessDate(instant(recorded_at));
  return (officers.get(person_id)?.terms ?? []).filter(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on);
}

/** 业主委员会主任, 物业公司出纳; Owners' committee: chair. */
export const officeText = ({ body, office }: Pick<HeldOffice, 'body' | 'office'>, locale: Locale): string =>
  (locale === 'zh' ? `${bodyTexts[body].zh}${officeTexts[office].zh}` : `${bodyTexts[body].en}, ${officeTexts[office].en.toLowerCase()}`);

export const officesText = (officers: Officers, person_id: string, recorded_at: string, locale: Locale): string =>
  officesAt(officers, person_id, recorded_at).map((one) => officeText(one, locale)).join(locale === 'zh' ? '、' : '; ');

/** 陈雨（业主委员会主任） */
export function personAt(officers: Officers, person_id: string, recorded_at: string, locale: Locale): string {
  const offices = officesText(officers, person_id, recorded_at, locale);
  const name = nameOfPerson(officers, person_id, locale);
  if (offices === '') return name;
  return locale === 'zh' ? `${name}（${offices}）` : `${name} (${offices})`;
}
