// Neighbours of the demo's resident: two dozen who joined with the code in their letter box, as every owner does. They say what they
// think, pledge, answer and ask; nobody logs in as one of them.
import type { Actor } from '../kernel/actor.ts';
import { issueInvitations, joinAsNew } from '../people/invitation.ts';
import { readActor } from '../people/queries.ts';
import type { NewUnit } from '../estate/units.ts';
import { ownerOf } from './households.ts';
import { demoHome } from './persons.ts';
import { inStage, type Stage } from './stage.ts';

export interface Neighbour { unit: string; actor: Actor }
const COUNT = 24;

/** Owners who live there themselves, spread over the buildings. */
export const neighbourUnits = (units: readonly NewUnit[]): string[] =>
  units.flatMap(({ unit }, at) => (at % 13 === 4 && at % 5 !== 2 && at % 20 !== 19 && unit !== demoHome ? [unit] : [])).slice(0, COUNT);

export async function joinNeighbours(stage: Stage, units: readonly NewUnit[], password: string): Promise<Neighbour[]> {
  const { house, estate, persons } = stage;
  const wanted = neighbourUnits(units);
  const invitations = await inStage(stage, (trx) => issueInvitations(trx, { estate, actor: persons.manager, units: wanted }));
  // Hashing their passwords is what takes time: all at once.
  return Promise.all(invitations.map(async ({ unit, code }, index) => {
    const place = units.findIndex((one) => one.unit === unit);
    const { person_id } = await joinAsNew(house, code, { name: ownerOf(place).name, login: `neighbour${index + 1}`, password }, '127.0.0.1');
    return { unit, actor: (await readActor(house, person_id, { kind: 'cookie', scopes: [], csrf: null }))! };
  }));
}
