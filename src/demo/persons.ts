// Persons of the demo estate, with the logins that the start prints. Two committee members, so that a
// large payment finds its second committee signature; a deputy, who signs nothing until somebody delegates.
import type { Actor, BodyKind, Estate, Office } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { addMonths, lastDay, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { readActor } from '../people/queries.ts';
import { issueInvitations, joinAsNew } from '../people/invitation.ts';
import type { NewPerson } from '../setup.ts';

export const demoLogins = ['cashier', 'manager', 'committee1', 'committee2', 'deputy', 'supervisor', 'party', 'community', 'street', 'auditor',
  'resident'] as const;
export type DemoLogin = (typeof demoLogins)[number];
export type DemoPersons = Record<DemoLogin, Actor>;
export const demoHome = '3-2-502';
export const demoResident = '陈安宁';

const officers: { login: Exclude<DemoLogin, 'resident'>; name: string; body: BodyKind; office: Office; signs: boolean }[] = [
  { login: 'cashier', name: '周小兰', body: 'property', office: 'cashier', signs: false },
  { login: 'manager', name: '何建国', body: 'property', office: 'manager', signs: true },
  { login: 'committee1', name: '沈玉梅', body: 'committee', office: 'chair', signs: true },
  { login: 'committee2', name: '罗志远', body: 'committee', office: 'member', signs: true },
  { login: 'deputy', name: '林秀云', body: 'committee', office: 'deputy', signs: true },
  { login: 'supervisor', name: '冯淑英', body: 'supervisor', office: 'supervisor', signs: true },
  { login: 'party', name: '高玉芬', body: 'party_branch', office: 'official', signs: false },
  { login: 'community', name: '贺敏', body: 'community', office: 'official', signs: true },
  { login: 'street', name: '唐明', body: 'street', office: 'official', signs: true },
  { login: 'auditor', name: '邓会计师', body: 'auditor', office: 'auditor', signs: false },
];

export interface DemoSecrets { password: string; signing_password: string }

export const demoOfficers = (first_period: Period, { password, signing_password }: DemoSecrets): NewPerson[] =>
  officers.map(({ body, office, signs, ...person }) => ({
    ...person,
    password,
    signing_password: signs ? signing_password : null,
    terms: [{
      body, office, starts_on: `${first_period}-01`, ends_on: lastDay(addMonths(first_period, 35)),
      resolution: '示例小区业主大会决议第 1 号',
    }],
  }));

/** The officers that were entered, as actors, and an owner, who joins as every owner does: with the code
 *  on the printed sheet. */
export async function readDemoPersons(
  house: House, estate: Estate, person_ids: readonly string[], { password }: DemoSecrets,
): Promise<DemoPersons> {
  const login = { kind: 'cookie', scopes: [], csrf: null } as const;
  const read = async (person_id: string): Promise<Actor> => (await readActor(house, person_id, login))!;
  const actors = await Promise.all(person_ids.map(read));
  const found = new Map(officers.map((officer, index) => [officer.login as DemoLogin, actors[index]!]));
  const [invitation] = await inEstate(house.db.app, estate.estate_id, (trx) =>
    issueInvitations(trx, { estate, actor: found.get('manager')!, units: [demoHome] }));
  const { person_id } = await joinAsNew(house, invitation!.code, { name: demoResident, login: 'resident', password }, '127.0.0.1');
  return Object.fromEntries([...found, ['resident', await read(person_id)]]) as DemoPersons;
}
