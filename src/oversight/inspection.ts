// Inspections (每日自查): every invariant of the list is asked of the books each night, in one snapshot; the result is kept for ever.
//   due (none yet today) → inspected → holds | fails        what begins to fail, or holds again, is a record (record_inspection)
// A failure is told to everybody in office, of whatever body: no side can keep it to itself. It stays on the page, on the home
// of the board and in /readyz until an inspection finds it gone. An inspection changes nothing of what it finds.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { estateToday } from '../evidence/records.ts';
import { lastInspection, type Inspection } from './inspection-queries.ts';
import { invariants, type Invariant } from './invariants.ts';

export interface Finding { invariant: string; zh: string; en: string; found: number; sample: string }

const SHOWN = 5;

async function ask(trx: Trx, estate_id: number, { name, zh, en, sql: text }: Invariant): Promise<Finding | null> {
  // The number is a number; the texts are ours.
  const { rows } = await sql<{ found: number; places: string[] | null }>`
    select count(*)::integer as found, (array_agg(x.place))[1:${sql.raw(String(SHOWN))}] as places
    from (${sql.raw(text.replaceAll('$estate', String(estate_id)))}) as x`.execute(trx);
  const { found, places } = rows[0]!;
  return found === 0 ? null : { invariant: name, zh, en, found, sample: (places ?? []).join('; ').slice(0, 600) };
}

/** Asks every invariant, in one snapshot of the books; gives those that do not hold. */
export const findFailures = (house: House, { estate_id }: Estate): Promise<Finding[]> =>
  inEstate(house.db.app, estate_id, async (trx) => {
    const findings: Finding[] = [];
    for (const invariant of invariants) {
      const finding = await ask(trx, estate_id, invariant);
      if (finding !== null) findings.push(finding);
    }
    return findings;
  }, { readOnly: true, isolation: 'repeatable read' });

/** Inspects an estate now, keeps the result and tells whoever is in office of what was not so before. */
export async function inspect(house: House, estate: Estate): Promise<{ inspection_id: number; findings: Finding[] }> {
  const { estate_id } = estate;
  const findings = await findFailures(house, estate);
  const inspection_id = await inEstate(house.db.app, estate_id, async (trx) => {
    const before = await lastInspection(trx, estate_id);
    const { rows } = await sql<{ inspection_id: number }>`
      select record_inspection(${estate_id}, ${invariants.length}, ${JSON.stringify(findings)}::jsonb) as inspection_id`.execute(trx);
    const begun = findings.filter(({ invariant }) => !(before?.findings ?? []).some((one) => one.invariant === invariant));
    for (const finding of begun) await tell(trx, estate, rows[0]!.inspection_id, finding);
    await sql`select refresh_board(${estate_id})`.execute(trx);
    return rows[0]!.inspection_id;
  });
  if (findings.length === 0) failing.delete(estate.code);
  else {
    failing.set(estate.code, findings.map(({ invariant }) => invariant));
    house.log.error({ estate: estate.code, findings }, 'the books contradict what must always be so');
  }
  return { inspection_id, findings };
}

async function tell(trx: Trx, { estate_id, code }: Estate, inspection_id: number, { invariant, zh, en, found, sample }: Finding): Promise<void> {
  const today = await estateToday(trx, estate_id);
  const serving = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('starts_on', '<=', today).where('ends_on', '>=', today).orderBy('person_id').execute();
  await notify(trx, {
    estate_id, person_ids: serving.map(({ person_id }) => person_id), key: `invariant:${invariant}:${inspection_id}`, href: `/e/${code}/invariants#${invariant}`,
    text: {
      zh: `账簿自查不符：${zh}现有 ${found} 处不符（${sample}）。请各方一起查明，查明以前不要办理相关付款。`,
      en: `The books fail an inspection: "${en}" does not hold in ${found} place(s) (${sample}). Find out together why, and pay nothing that hangs on it before.`,
    },
  });
}

// ── What the timetable calls ─────────────────────────────────────────────────────────────────────

// Of this process, for /readyz: at every start whatever failed last is inspected again.
const failing = new Map<string, string[]>();
/** One line for each estate whose books fail. */
export const invariantWarnings = (): string[] =>
  [...failing].map(([code, names]) => `the books of ${code} fail ${names.length} of ${invariants.length} checks: ${names.join(', ')}; see /e/${code}/invariants`);

const isDue = (last: Inspection | null, today: string): boolean => last === null || last.day < today || last.failing > 0 || last.invariants !== invariants.length;

/** Inspects where none was made today, or the last one failed; gives what failed. After any downtime once. */
export async function inspectDue(house: House, estate: Estate): Promise<string[]> {
  const { estate_id } = estate;
  const due = await inEstate(house.db.app, estate_id, async (trx) => isDue(await lastInspection(trx, estate_id), await estateToday(trx, estate_id)), { readOnly: true });
  if (!due) return [];
  const { findings } = await inspect(house, estate);
  return findings.map(({ invariant, found }) => `${invariant} ${found}`);
}
