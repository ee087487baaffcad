// A small house for the tests of every slice: the estate "test" with its bodies, chart of accounts,
// rules and bank account, and one person of every kind, entered through the same services as any
// other.
//   const { house, estate, persons, actorOf } = await testHouse(t)
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { usualRules, type Preset } from '../../src/approval/presets.ts';
import { estateNow } from '../../src/evidence/records.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { openEstateRow, type NewEstateRow } from '../../src/estate/estate.ts';
import type { NewUnit } from '../../src/estate/units.ts';
import type { Actor, BodyKind, Estate, Office } from '../../src/kernel/actor.ts';
import { inEstate, setDemoClock } from '../../src/kernel/database.ts';
import { addMonths, periodOf, systemClock, today, type Clock } from '../../src/kernel/dates.ts';
import type { House } from '../../src/kernel/house.ts';
import { secretBox } from '../../src/kernel/secret-box.ts';
import { diskStorage } from '../../src/kernel/storage.ts';
import { openBody } from '../../src/people/body.ts';
import { enterPerson } from '../../src/people/person.ts';
import { readActor } from '../../src/people/queries.ts';
import { appoint } from '../../src/people/term.ts';
import { openEstate, type NewPerson } from '../../src/setup.ts';
import { testDatabase, type Ending, type TestDatabase } from './postgres.ts';
import type { NewRule } from '../../src/approval/kinds.ts';

/** Login of each person is its name here; these two are everybody's passwords. */
export const PASSWORD = 'open-books-for-all';
export const SIGNING_PASSWORD = 'both-keys-for-one';
// Hashed once, here: argon2 is slow on purpose, and the tests enter a dozen persons each.
const password = {
  phc: '$argon2id$v=19$m=19456,t=2,p=1$lHr2If1eGBWI0Nx4Dbr1NQ$36zoMZhoZKVY9Ef0GykERxNKOJeBm2c+pFg66jVVrts',
};
const signing_password = {
  phc: '$argon2id$v=19$m=19456,t=2,p=1$7Ngm6sd/O08SNU0diFsEvA$o8wU4X2srHlMSZpqfG5/KeeXw/TjC0mZcs0i+5LXH4Q',
};

export const personNames = [
  'cashier',
  'manager',
  'committee1',
  'committee2',
  'supervisor',
  'street',
  'auditor',
  'resident',
  'stranger',
] as const;
export type PersonName = (typeof personNames)[number];

interface Role {
  name: string;
  body?: BodyKind;
  office?: Office;
  signs?: boolean;
}
const roles: Record<PersonName, Role> = {
  cashier: { name: '何出纳', body: 'property', office: 'cashier' },
  manager: { name: '马经理', body: 'property', office: 'manager', signs: true },
  committee1: { name: '陈主任', body: 'committee', office: 'chair', signs: true },
  committee2: { name: '李委员', body: 'committee', office: 'member', signs: true },
  supervisor: { name: '周监事', body: 'supervisor', office: 'supervisor', signs: true },
  street: { name: '赵街道', body: 'street', office: 'official', signs: true },
  auditor: { name: '吴审计', body: 'auditor', office: 'auditor' },
  resident: { name: '王阿姨' },
  // Chairs the committee of another estate, "other".
  stranger: { name: '外人', signs: true },
};

export interface TestHouseOptions {
  /** First month of the books; the month before the present one when not given. */
  first_period?: string;
  /** The house's clock (sessions, jobs). The database's clock is its own, except in a demo
   *  estate. */
  clock?: Clock;
  /** Makes a demo estate that lives by this clock from its opening on, so that its log may tell of
   *  months gone by; it is the house's clock too. */
  demo_clock?: Clock;
  /** A demo estate unless told otherwise: there a signing password counts without a one-time code. */
  is_demo?: boolean;
  /** Dwellings; 28 of them when not given (the estate says 448 households all the same). */
  units?: NewUnit[];
  settings?: Partial<House['settings']>;
  /** The rules as the preset has them; without it appointments and delegations ask one of each body and are not
   *  announced, for tests of something else. */
  preset?: Preset;
  /** Further persons in office, entered after the usual ones. */
  officers?: NewPerson[];
}

export interface TestHouse extends TestDatabase {
  house: House;
  estate: Estate;
  /** Where the stranger belongs. */
  other: Estate;
  persons: Record<PersonName, string>;
  actorOf(name: PersonName): Actor;
  /** The resident's dwelling. */
  home: string;
  /** Where the keys of the logs lie, and what was signed last: the operator's, as the database is. */
  key_folder: string;
}

export const testEstate = (first_period: string, is_demo = false): NewEstateRow => ({
  code: 'test',
  name_zh: '示例小区',
  name_en: 'Example Estate',
  mode: 'trust',
  households: 448,
  area_m2: '38080.00',
  fee_rate: '1.20',
  trustee: '安心物业有限公司',
  committee: '示例小区业主委员会',
  first_period,
  disclosure_day: 10,
  answer_days: 7,
  is_demo,
});

export const quickRules = usualRules('trust').map((rule): NewRule =>
  (['membership', 'delegation'].includes(rule.kind) && rule.class !== 'vacancy'
    ? { ...rule, bodies: { property: 1, committee: 1 }, notice_days: 0 } : rule));

/** Eight buildings, 28 stairwells; 16 dwellings in each make the 448 of DOMAIN §3. */
export function testUnits(per_stairwell = 1): NewUnit[] {
  const stairwells = [4, 4, 4, 4, 3, 3, 3, 3].flatMap((count, index) =>
    Array.from({ length: count }, (_, stairwell) => ({
      building: String(index + 1),
      stairwell: String(stairwell + 1),
    })),
  );
  return stairwells.flatMap(({ building, stairwell }) =>
    Array.from({ length: per_stairwell }, (_, index) => {
      const room = `${Math.floor(index / 2) + 1}0${(index % 2) + 1}`;
      return { unit: `${building}-${stairwell}-${room}`, building, stairwell, area_m2: '85.00' };
    }),
  );
}

const days = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };
const identityOf = (login: PersonName) => ({
  name: roles[login].name,
  login,
  password,
  signing_password: roles[login].signs === true ? signing_password : null,
});
// One after another: names, numbers of terms and the log come out the same in every run.
const officers = personNames.filter((login) => roles[login].body !== undefined);
const newOfficers = (): NewPerson[] =>
  officers.map((login) => ({
    ...identityOf(login),
    terms: [{ body: roles[login].body!, office: roles[login].office!, ...days }],
  }));

export async function testHouse(t: Ending, options: TestHouseOptions = {}): Promise<TestHouse> {
  const database = await testDatabase(t);
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const house: House = {
    db: database.db,
    clock: options.demo_clock ?? options.clock ?? systemClock,
    storage: diskStorage(join(folder, 'files')),
    log_keys: keyFolder(join(folder, 'keys')),
    secrets: secretBox(join(folder, 'keys', 'relays.key')),
    log: pino({ level: 'silent' }),
    settings: {
      production: false,
      public_url: 'http://localhost:8080',
      password_minimum: 15,
      ...options.settings,
    },
  };
  if (options.demo_clock !== undefined) {
    for (const db of [database.db.app, database.db.signer]) setDemoClock(db, options.demo_clock);
  }
  const first_period = options.first_period ?? addMonths(periodOf(today(house.clock)), -1);
  const units = options.units ?? testUnits();
  const row = testEstate(first_period, options.is_demo ?? true);
  const { estate, person_ids } = await openEstate(house, {
    ...row,
    ...(options.preset === undefined ? { rules: quickRules } : { preset: options.preset }),
    units,
    bank: {
      name_zh: '共有基金户',
      name_en: 'Common fund account',
      bank_name: '示例农商银行',
      account_last4: '8866',
    },
  }, [...newOfficers(), ...(options.officers ?? [])]);
  const persons = Object.fromEntries(
    officers.map((login, index) => [login, person_ids[index]!]),
  ) as Record<PersonName, string>;
  persons.resident = await enterPerson(house, identityOf('resident'));
  persons.stranger = await enterPerson(house, identityOf('stranger'));
  const other = await openEstateRow(
    house,
    { ...row, code: 'other', name_zh: '隔壁小区', name_en: 'Next Estate', is_demo: false },
    async (trx, { estate_id }) => {
      await openBody(trx, {
        estate_id,
        body: 'committee',
        name_zh: '业主委员会',
        name_en: "Owners' committee",
      });
      const chair = { body: 'committee', office: 'chair', ...days } as const;
      await appoint(trx, { estate_id, person_id: persons.stranger, ...chair });
    },
  );
  const home = units[0]!.unit;
  await inEstate(house.db.app, estate.estate_id, async (trx) =>
    trx
      .insertInto('resident')
      .values({
        estate_id: estate.estate_id,
        unit: home,
        person_id: persons.resident,
        joined_at: await estateNow(trx, estate.estate_id),
      })
      .execute(),
  );
  const actors = new Map(
    await Promise.all(
      personNames.map(
        async (name) =>
          [
            name,
            (await readActor(house, persons[name], { kind: 'cookie', scopes: [], csrf: null }))!,
          ] as const,
      ),
    ),
  );
  return { ...database, house, estate, other, persons, home, key_folder: join(folder, 'keys'), actorOf: (name) => actors.get(name)! };
}

/** Headers of a browser in which that person has logged in, through the real login. */
export async function signIn(
  app: FastifyInstance,
  login: PersonName | string,
  typed = PASSWORD,
): Promise<{ cookie: string; 'sec-fetch-site': string }> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { login, password: typed },
  });
  const cookie = answer.cookies.find(({ name }) => name.endsWith('session'));
  if (cookie === undefined)
    throw new Error(`${login} cannot log in: ${answer.statusCode} ${answer.body}`);
  return { cookie: `${cookie.name}=${cookie.value}`, 'sec-fetch-site': 'same-origin' };
}
