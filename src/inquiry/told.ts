// Who is told of a question: whoever holds an office in a body today.
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';

export async function holdersOf(trx: Trx, estate_id: number, bodies: readonly string[], today: BusinessDate): Promise<string[]> {
  if (bodies.length === 0) return [];
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id).where('body', 'in', [...bodies])
    .where('starts_on', '<=', today).where('ends_on', '>=', today).orderBy('person_id').execute();
  return rows.map((row) => row.person_id);
}
