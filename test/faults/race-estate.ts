// An estate to race in: two instances of the service with pools of their own, persons of every office with
// passkeys in software, payees, money in two funds, and a calendar that the race turns.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { executeRuleChange } from '../../src/rule/change.ts';
import type { Actor, BodyKind, Estate, Office } from '../../src/kernel/actor.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { inEstate, openDatabase, setDemoClock, type Trx } from '../../src/kernel/database.ts';
import { addDays, businessDate, instant, laterBy, type BusinessDate } from '../../src/kernel/dates.ts';
import type { House } from '../../src/kernel/house.ts';
import { money } from '../../src/kernel/money.ts';
import { diskStorage } from '../../src/kernel/storage.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { enterPayee } from '../../src/payment/payee.ts';
import { keepFile, registerVouchers } from '../../src/payment/voucher-file.ts';
import { openEstate } from '../../src/setup.ts';
import { testEstate, quickRules } from '../helpers/house.ts';
import { softwareKey, type SoftwareKey } from '../helpers/passkey.ts';
import { testDatabase, type Ending, type TestDatabase } from '../helpers/postgres.ts';
import type { Chance } from './random.ts';
import type { Kind } from '../../src/approval/kinds.ts';

/** The database of all estates of a run, and two instances of the service for each racer. */
export interface Ground {
  database: TestDatabase;
  /** Reads everything and changes nothing. */
  auditor: pg.Pool;
  house(): House;
}

const PHC = '$argon2id$v=19$m=19456,t=2,p=1$7Ngm6sd/O08SNU0diFsEvA$o8wU4X2srHlMSZpqfG5/KeeXw/TjC0mZcs0i+5LXH4Q';

export async function openGround(t: Ending): Promise<Ground> {
  const database = await testDatabase(t);
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-races-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const { url, role } = database.login('auditor');
  const auditor = new pg.Pool({ connectionString: url, max: 4, ...(role === null ? {} : { options: `-c role=${role}` }) });
  // A connection on its way out that meets the end of the database is no error of a race.
  auditor.on('error', () => undefined);
  t.teardown(() => auditor.end());
  const storage = diskStorage(folder);
  return {
    database, auditor,
    house() {
      const db = openDatabase({ app: database.login('app'), signer: database.login('signer'), warn: () => undefined, most: 8 });
      t.teardown(() => db.close());
      return {
        db, storage, log: pino({ level: 'silent' }), clock: () => instant('2026-03-02T02:00:00Z'),
        settings: { production: false, public_url: 'http://localhost:8080', password_minimum: 15 },
      };
    },
  };
}

const seats = {
  cashier: ['何出纳', 'property', 'cashier'], manager: ['马经理', 'property', 'manager'], manager2: ['牛经理', 'property', 'manager'],
  company_deputy: ['朱代签', 'property', 'deputy'], chair: ['陈主任', 'committee', 'chair'], member1: ['李委员', 'committee', 'member'],
  member2: ['刘委员', 'committee', 'member'], owners_deputy: ['孙候补', 'committee', 'deputy'],
  supervisor: ['周监事', 'supervisor', 'supervisor'], street: ['赵街道', 'street', 'official'], auditor: ['吴审计', 'auditor', 'auditor'],
} as const satisfies Record<string, readonly [string, BodyKind, Office]>;
export type Name = keyof typeof seats;
export const names = Object.keys(seats) as Name[];
export const bodyOf = (name: Name): BodyKind => seats[name][1];
/** Those whose terms the races end and open again. */
export const movable: readonly Name[] = ['manager', 'manager2', 'chair', 'member1', 'member2', 'supervisor'];
const withKeys: readonly Name[] = ['manager', 'manager2', 'chair', 'member1', 'member2', 'supervisor', 'company_deputy', 'owners_deputy'];

export interface RaceEstate {
  ground: Ground;
  houses: readonly [House, House];
  estate: Estate;
  persons: Record<Name, string>;
  keys: Map<Name, SoftwareKey>;
  /** Company, an individual, and somebody in office. */
  payees: { company: number; individual: number; officer: number; officer_is: Name };
  vouchers: string[];
  clock: { at: Date };
  today(): BusinessDate;
  within<T>(work: (trx: Trx) => Promise<T>, house?: House): Promise<T>;
  /** As the session of somebody looked when they were in office: what they may is for the database to say. */
  actorOf(name: Name): Actor;
}

let opened = 0;

export async function openRaceEstate(ground: Ground, houses: readonly [House, House], chance: Chance): Promise<RaceEstate> {
  const number = (opened += 1);
  const clock = { at: instant('2026-03-02T02:00:00Z') };
  for (const { db } of houses) for (const pool of [db.app, db.signer]) setDemoClock(pool, () => clock.at);
  const days = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };
  const { estate, person_ids } = await openEstate(houses[0], {
    // Terms are to end in the middle of a race, not three days after it.
    rules: quickRules,
    ...testEstate('2026-02', true), code: `race-${process.pid}-${number}`, units: [],
    bank: { name_zh: '共管账户', name_en: 'Joint account', bank_name: '示例银行', account_last4: '0001' },
  }, names.map((name) => ({
    name: seats[name][0], login: `${name}.${process.pid}.${number}`, password: { phc: PHC }, signing_password: { phc: PHC },
    terms: [{ body: seats[name][1], office: seats[name][2], ...days }],
  })));
  const persons = Object.fromEntries(names.map((name, index) => [name, person_ids[index]!])) as Record<Name, string>;
  const estate_id = estate.estate_id;
  const actorOf = (name: Name): Actor => ({
    person_id: persons[name], name: '', login: '', kind: 'cookie', scopes: [], csrf: null, homes: [],
    terms: [{ estate_id, term_id: names.indexOf(name) + 1, body: seats[name][1], office: seats[name][2], ...days }],
  });
  const e: RaceEstate = {
    ground, houses, estate, persons, clock, actorOf, keys: new Map(), vouchers: [],
    payees: { company: 0, individual: 0, officer: 0, officer_is: 'member1' },
    today: () => businessDate(clock.at),
    within: (work, house = houses[0]) => inEstate(house.db.app, estate_id, work),
  };
  await furnish(e, chance);
  return e;
}

async function furnish(e: RaceEstate, chance: Chance): Promise<void> {
  const [house] = e.houses;
  const cashier = e.actorOf('cashier');
  for (const name of ['发票.pdf', '业主大会决议.pdf']) {
    const file = await keepFile(house, Buffer.from(`%PDF-1.7\n%${e.estate.code} ${name}\n%%EOF\n`), name);
    await e.within((trx) => registerVouchers(trx, { estate: e.estate, actor: cashier, files: [file], audience: 'owners' }));
    e.vouchers.push(file.sha256);
  }
  const payee = (kind: string, name: string, account_number: string) => e.within(async (trx) =>
    (await enterPayee(trx, { estate: e.estate, actor: cashier, payee: { kind, name, bank_name: '工商银行', account_number } })).payee_id);
  e.payees.company = await payee('company', '川亮照明工程有限公司', '6222021234567890');
  e.payees.individual = await payee('individual', '郑师傅', '6222021234567891');
  e.payees.officer_is = chance.pick(['member1', 'manager2', 'supervisor'] as const);
  e.payees.officer = await payee('individual', seats[e.payees.officer_is][0], '6222021234567892');
  for (const name of withKeys) await enrol(e, name);
  await receive(e, 'service', '5000000.00');
  const rules = await changeOfRules(e, chance);
  await executeRuleChange(house, e.estate, rules!);
}

const PLACE = { rp_id: 'localhost', origin: 'http://localhost:8080' };

/** A key in somebody's name, as after a verified enrolment. */
export async function enrol(e: RaceEstate, name: Name): Promise<void> {
  const key = softwareKey(PLACE);
  const body = canonical({
    person: e.persons[name], credential_id: key.id, public_key: key.public_key, algorithm: -7, ...PLACE,
    aaguid: '00000000-0000-0000-0000-000000000000', transports: [],
    backup_eligible: false, backed_up: false, confirmed_by: 'password', attestation_object: '', client_data_json: '',
  });
  await inEstate(e.houses[0].db.signer, e.estate.estate_id, (trx) => sql`select enrol_passkey(${e.estate.estate_id}, ${body}, null, null)`.execute(trx));
  e.keys.set(name, key);
}

let counter = 0;
export const unique = (): string => `race ${process.pid} ${(counter += 1)}`;

/** Money comes in: 借 1002 贷 4109. */
export async function receive(e: RaceEstate, fund: string, amount: string): Promise<void> {
  const body = entryBody({
    kind: 'receipt', entry_date: e.today(), description: '收到款项', key: unique(), made_by: e.persons.cashier,
    postings: [{ account: '1002', fund, debit: money(amount) }, { account: '4109', fund, credit: money(amount) }],
  });
  const [result] = await e.within((trx) => postEntries(trx, e.estate.estate_id, [body]));
  if (result?.status !== 'posted') throw new Error(`a receipt is ${result?.status}`);
}

/** Time goes on, for both instances at once. */
export function later(e: RaceEstate, { days = 0, minutes = 0 }: { days?: number; minutes?: number }): void {
  e.clock.at = laterBy(e.clock.at, (days * 1440 + minutes) * 60_000);
}

export interface Asked { proposal_id: number; document_hash: string }

export type Signed = { decision?: string; reason?: string; on_behalf_of?: string };

/** One signature through the door, without the slow password; gives its status. */
export async function signByDoor(e: RaceEstate, house: House, name: Name, item: Asked, more: Signed = {}): Promise<string> {
  const { estate_id } = e.estate;
  const body = canonical({
    proposal: item.proposal_id, document_hash: item.document_hash, person: e.persons[name], body: bodyOf(name), decision: 'approve',
    method: 'password', reason: '', evidence: { code: true }, ...more,
  });
  return inEstate(house.db.signer, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select record_signature(${estate_id}, ${body}) as status`.execute(trx);
    return rows[0]!.status;
  });
}

/** An approved proposal of another kind than payment, waiting to be carried out; `first` signs first. Null: too few in office. */
export async function approvedOf(
  e: RaceEstate, kind: Kind, content: Record<string, Json | undefined>, payee_person: string | null = null, first: Name | null = null,
): Promise<number | null> {
  const { estate_id } = e.estate;
  const item = await e.within(async (trx): Promise<Asked> => {
    const title = `${kind} ${unique()}`;
    const proposal_id = await draftProposal(trx, { estate_id, kind, title, amount: null, fund: null, made_by: e.persons.cashier, payee_person });
    const { document_hash } = await submitProposal(trx, {
      estate: e.estate, proposal_id, actor: e.actorOf('cashier'), title, amount: null, fund: null, payee_person, content,
    });
    return { proposal_id, document_hash };
  });
  for (const name of [...movable].sort((a, b) => Number(b === first) - Number(a === first))) if (await signByDoor(e, e.houses[0], name, item) === 'approved') return item.proposal_id;
  return null;
}

const resolution = (e: RaceEstate) => ({ title: '业主大会决议', date: '2026-02-01', voucher: e.vouchers[1]! });

export const appointment = (e: RaceEstate, name: Name, starts_on: BusinessDate) => approvedOf(e, 'membership', {
  change: 'appoint', person: e.persons[name], body: seats[name][1], office: seats[name][2], starts_on, ends_on: '2099-12-31',
  resolution: resolution(e),
}, e.persons[name]);

export const endOfTerm = (e: RaceEstate, term: number) =>
  approvedOf(e, 'membership', { change: 'end', term, ends_on: addDays(e.today(), -1), resolution: resolution(e) });

export const delegating = (e: RaceEstate, principal: Name, delegate: Name, after_days: number) => approvedOf(e, 'delegation', {
  body: bodyOf(principal), principal: e.persons[principal], delegate: e.persons[delegate], starts_on: e.today(),
  ends_on: addDays(e.today(), 20), after_days,
}, e.persons[delegate], principal);

const bands = [['0.00', '1000.00'], ['1000.00', '5000.00'], ['5000.00', null]] as const;

/** Other rules for payments from today on: bands with signers, turns, notice and methods by chance. */
export async function changeOfRules(e: RaceEstate, chance: Chance): Promise<number | null> {
  const { rows } = await e.ground.auditor.query<{ rule_id: number }>(
    `select rule_id from rule where estate_id = $1 and kind = 'payment' and class = 'normal' and valid_to is null order by rule_id`,
    [e.estate.estate_id]);
  const rules = bands.map(([amount_from, amount_to]) => {
    const supervisor = chance.happens(0.2);
    const bodies: Record<string, number> = {
      property: chance.happens(0.15) ? 2 : 1, committee: chance.happens(0.4) ? 2 : 1, ...(supervisor ? { supervisor: 1 } : {}),
    };
    return {
      kind: 'payment', amount_from, amount_to, fund: null, expires_days: chance.pick([5, 10, 30]), bodies,
      ...(chance.happens(0.2) ? { sequence: chance.shuffled(Object.keys(bodies)) } : {}),
      ...(chance.happens(0.2) ? { notice_days: chance.whole(1, 3) } : {}),
      ...(chance.happens(0.12) ? { passkey_only: true } : {}),
    };
  });
  // Somebody in office who is paid asks one more signer, whatever the sum.
  const officers = { kind: 'payment', amount_from: '0.00', amount_to: null, fund: null, payee_class: 'officer', expires_days: 10,
    bodies: { property: 1, committee: chance.pick([1, 2]) } };
  return approvedOf(e, 'rule', { ends: rows.map((row) => row.rule_id), rules: [...rules, officers], valid_from: e.today() });
}
