// One budget as it was, or is to be, signed: its lines, what it changes, what was said; from its document, so that what is being signed
// reads as what is published does. And the years there is something to see of.
import { sql } from 'kysely';
import { readProposal } from '../approval/queries.ts';
import { estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { LineChange } from './budget.ts';
import type { ChangeRow, VersionShown } from './pages.tsx';
import { namedLines, versionsOf, type Line } from './queries.ts';
import { refusals } from './refusals.ts';

/** Names for what changed, in the order of funds and accounts. */
export async function namedChanges(trx: Trx, estate_id: number, changes: readonly LineChange[]): Promise<ChangeRow[]> {
  const named = await namedLines(trx, estate_id, changes.map(({ fund, account }) => ({ fund, account, amount: '0.00' })));
  return named.map((line) => ({ ...line, ...changes.find((one) => one.fund === line.fund && one.account === line.account)! }));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Refusal: budget_version_unknown. */
export async function readVersion(trx: Trx, { estate_id, code }: Estate, proposal_id: number): Promise<VersionShown> {
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal === null || proposal.kind !== 'budget' || proposal.document === null) throw refusals.budget_version_unknown({ proposal: proposal_id });
  const { document } = proposal;
  const year = Number(document['year']);
  const published = (await versionsOf(trx, estate_id, year)).find((one) => one.proposal_id === proposal_id);
  const comments = document['comments'] as VersionShown['comments'] | undefined;
  return {
    code, year, version: published?.version ?? null, proposal_id, state: proposal.state, published_on: published?.published_on ?? null,
    reason: typeof document['reason'] === 'string' ? document['reason'] : null, rate: typeof document['rate'] === 'string' ? document['rate'] : null,
    lines: await namedLines(trx, estate_id, list(document['lines']) as Pick<Line, 'fund' | 'account' | 'amount' | 'note'>[]),
    changes: await namedChanges(trx, estate_id, list(document['changes']) as LineChange[]), adjusts: typeof document['adjusts'] === 'number' ? document['adjusts'] : null,
    comments: comments ?? null, draft: typeof document['draft'] === 'number' ? document['draft'] : null,
  };
}

/** Years of the books and of budgets, newest first. */
export async function yearsOf(trx: Trx, { estate_id, first_period }: Estate): Promise<{ present: number; years: number[] }> {
  const present = Number((await estateToday(trx, estate_id)).slice(0, 4));
  const { rows } = await sql<{ year: number }>`select distinct year from budget where estate_id = ${estate_id}`.execute(trx);
  const first = Number(first_period.slice(0, 4));
  const years = new Set([...rows.map(({ year }) => year), ...Array.from({ length: Math.max(1, present - first + 1) }, (_, at) => present - at)]);
  return { present, years: [...years].sort((a, b) => b - a) };
}

/** This year and the next, and whether a budget of it would be an adjustment. */
export async function beginnable(trx: Trx, estate_id: number, present: number): Promise<{ year: number; adjusts: boolean }[]> {
  const published = new Set((await versionsOf(trx, estate_id)).map(({ year }) => year));
  const { rows } = await sql<{ year: number }>`select d.year from budget_draft d where d.estate_id = ${estate_id}
    and budget_draft_state(d.estate_id, d.draft_id) not in ('dropped', 'published')`.execute(trx);
  const living = new Set(rows.map(({ year }) => year));
  return [present, present + 1].filter((year) => !living.has(year)).map((year) => ({ year, adjusts: published.has(year) }));
}
