// What an audit package is made from, fixed at one moment: a checkpoint of the log, and the books and standing as
// the tables had them at exactly that size. Everything larger is read afterwards, up to that size.
import { sql } from 'kysely';
import { readRules, newRuleOf } from '../approval/rules.ts';
import { readStanding } from '../office/standing.ts';
import { issueCheckpoint, type IssuedCheckpoint } from '../evidence/checkpointer.ts';
import { logKeys, originFor, type LogKey } from '../evidence/log-key.ts';
import { cosigned } from '../evidence/log-routes.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { policyOf } from '../witness/queries.ts';
import { readBooks, type Books } from './books.ts';
import type { Audience } from './job.ts';
import type { Range } from './range.ts';

export interface AuditSnapshot {
  audience: Audience;
  books: Books;
  /** Records of the log in it. */
  size: number;
  origin: string;
  keys: LogKey[];
  /** Null where nothing could be signed; the README of the package says so. */
  checkpoint: string | null;
  /** Notes of the checkpoints that witnesses cosigned, by size. */
  cosigned: { size: number; note: string }[];
  policy: string | null;
  standing: { [name: string]: Json };
}

export interface AuditAsked extends Range { audience: Audience }

/** Records keep coming while the checkpoint is signed; a moment without any comes soon. */
const TRIES = 40;

export async function takeSnapshot(house: House, estate: Estate, asked: AuditAsked): Promise<AuditSnapshot> {
  for (let tries = 1; ; tries += 1) {
    const checkpoint = await issueCheckpoint(house, estate);
    const found = await inEstate(house.db.app, estate.estate_id, async (trx) => {
      const books = await readBooks(trx, estate, asked);
      if (checkpoint !== null && checkpoint.size !== books.size && tries < TRIES) return null;
      return readSnapshot(house, trx, books, { ...asked, checkpoint });
    }, { readOnly: true, isolation: 'repeatable read' });
    if (found !== null) return found;
  }
}

async function readSnapshot(
  house: House, trx: Trx, books: Books, { audience, checkpoint }: AuditAsked & { checkpoint: IssuedCheckpoint | null },
): Promise<AuditSnapshot> {
  const { estate } = books;
  const { estate_id } = estate;
  const keys = await logKeys(trx, estate_id);
  // The last try: what came after the checkpoint stays out of the log part; the books say their own size.
  const size = checkpoint?.size ?? books.size;
  const { rows } = await sql<{ size: number; note: string }>`
    select p.size, p.note from checkpoint p where p.estate_id = ${estate_id} and p.size <= ${size}
      and exists (select from cosignature c where c.estate_id = p.estate_id and c.size = p.size) order by p.size`.execute(trx);
  const notes: AuditSnapshot['cosigned'] = [];
  for (const row of rows) notes.push({ size: row.size, note: await cosigned(trx, estate_id, row) });
  return {
    audience, books, size, keys, origin: keys.at(-1)?.origin ?? originFor(house, estate),
    checkpoint: checkpoint === null ? null : await cosigned(trx, estate_id, checkpoint),
    cosigned: notes, policy: await policyOf(trx, estate_id), standing: await standingNow(trx, books),
  };
}

/** Offices, rules, keys, accounts, funds and balances as the tables have them now: somebody who compares them with
 *  the records of the log finds a table that was changed behind their back. */
async function standingNow(trx: Trx, { estate, accounts, funds }: Books): Promise<{ [name: string]: Json }> {
  const { estate_id } = estate;
  const { rows: balances } = await sql<{ [name: string]: Json }>`
    select period, account, fund, debit::numeric(18, 2) as debit, credit::numeric(18, 2) as credit from balance
    where estate_id = ${estate_id} order by period, account, fund`.execute(trx);
  const rules = (await readRules(trx, estate_id)).sort((a, b) => a.rule_id - b.rule_id)
    .map((rule) => ({ rule: rule.rule_id, valid_from: rule.valid_from, valid_to: rule.valid_to, ...newRuleOf(rule) }) as unknown as Json);
  return {
    ...await readStanding(trx, estate_id), rules, balances,
    accounts: accounts.map((row) => ({ ...row })), funds: funds.map((row) => ({ ...row })),
  };
}
