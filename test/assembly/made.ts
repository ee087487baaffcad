// A house with owners who vote: dwellings with areas of their own, an owner of two, a tenant, and people who log in.
import { inEstate } from '../../src/kernel/database.ts';
import { addDays, instant, type Clock } from '../../src/kernel/dates.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { enterPerson } from '../../src/people/person.ts';
import { readActor } from '../../src/people/queries.ts';
import { handOver } from '../../src/estate/household.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { announceResolution, draftResolution } from '../../src/assembly/resolution.ts';

export interface Voting extends TestHouse { at(moment: string): void; today: string; live(unit: string, login: string, since?: string): Promise<Actor> }
export const AREAS: Record<string, string> = { '1-1-101': '100.00', '1-1-102': '80.00', '1-1-201': '80.00', '1-1-202': '60.00', '1-1-301': '40.00', '1-1-302': '40.00' };
const phc = '$argon2id$v=19$m=19456,t=2,p=1$lHr2If1eGBWI0Nx4Dbr1NQ$36zoMZhoZKVY9Ef0GykERxNKOJeBm2c+pFg66jVVrts';

/** The resident of the house lives in 1-1-101. 1-1-301 and 1-1-302 are one owner's. */
export async function votingHouse(t: Ending, start = '2026-10-12T09:00:00+08:00'): Promise<Voting> {
  let now = start;
  const clock: Clock = () => instant(now);
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-09', units: Object.entries(AREAS).map(([unit, area_m2]) => ({ unit, building: '1', stairwell: '1', area_m2 })) });
  const cashier = h.actorOf('cashier');
  const own = (unit: string, name: string) => handOver(h.house, { estate: h.estate, actor: cashier, unit, from_date: '2026-10-01', owners: [{ name }], keep_logins: Object.values(h.persons) });
  await own('1-1-101', '王一'); await own('1-1-102', '李二'); await own('1-1-201', '张三'); await own('1-1-301', '赵五');
  // The same party owns the next one: the register knows it by its id.
  await inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
    const { party_id, seq } = await trx.selectFrom('tenure').select(['party_id', 'seq']).where('estate_id', '=', h.estate.estate_id).where('unit', '=', '1-1-301').executeTakeFirstOrThrow();
    await trx.insertInto('tenure').values({ estate_id: h.estate.estate_id, unit: '1-1-302', party_id, kind: 'owner', from_date: '2026-10-01', seq }).execute();
  });
  return {
    ...h, today: '2026-10-12', at(moment) { now = moment; },
    async live(unit, login, since = '2026-10-01T09:00:00+08:00') {
      const person_id = await enterPerson(h.house, { name: login, login, password: { phc }, signing_password: null });
      await inEstate(h.house.db.app, h.estate.estate_id, (trx) => trx.insertInto('resident').values({ estate_id: h.estate.estate_id, unit, person_id, joined_at: instant(since) }).execute());
      return (await readActor(h.house, person_id, { kind: 'cookie', scopes: [], csrf: null }))!;
    },
  };
}


/** Drafted and announced by the chair; voting from today on for seven days. */
export async function announced(h: Voting, more: Partial<Parameters<typeof draftResolution>[1]> = {}): Promise<number> {
  const { house, estate } = h;
  const { resolution_id } = await draftResolution(house, {
    estate, actor: h.actorOf('committee1'), matter: 'use_fund', title: '更换 1 号楼电梯', wording: '同意使用维修资金 180,000 元更换 1 号楼电梯。', starts_on: h.today, ends_on: addDays(h.today, 6), paper_days: '2', ...more,
  });
  await announceResolution(house, { estate, actor: h.actorOf('committee1'), resolution: resolution_id });
  return resolution_id;
}
