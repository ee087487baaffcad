// What somebody with every right could change of a vote of October before anybody saw it: a ballot, the count, who voted at all.
import { castBallot, enterPaper } from '../../src/assembly/ballot.ts';
import { announceResolution, countDue, draftResolution } from '../../src/assembly/resolution.ts';
import { handOver } from '../../src/estate/household.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { keepFile, registerVouchers } from '../../src/payment/voucher.ts';
import type { Copy } from './tamper-books.ts';
import { firstOf, rewrite, sql, unguard, type Body, type Tampering } from './tamper-tools.ts';

/** In October four dwellings vote on the lift, three for and one against, and it is counted; the resident's ballot is theirs, the others are papers. */
export async function honestVote(copy: Copy): Promise<number> {
  const { house, estate, actorOf } = copy;
  copy.at('2026-10-11 09:00');
  const { rows } = await sql(copy, 'select unit from unit where estate_id = $1 order by unit = $2 desc, unit limit 4', [estate.estate_id, copy.home]);
  const units = rows.map(({ unit }) => unit as string);
  for (const [at, unit] of units.entries()) {
    await handOver(house, { estate, actor: actorOf('cashier'), unit, from_date: '2026-10-01', owners: [{ name: `业主${'甲乙丙丁'[at]}` }], keep_logins: Object.values(copy.persons) });
  }
  const { resolution_id: resolution } = await draftResolution(house, {
    estate, actor: actorOf('committee1'), matter: 'use_fund', title: '更换 1 号楼电梯', wording: '同意使用维修资金更换电梯。', starts_on: '2026-10-11', ends_on: '2026-10-13', paper_days: '0',
  });
  await announceResolution(house, { estate, actor: actorOf('committee1'), resolution });
  await castBallot(house, { estate, actor: actorOf('resident'), resolution, unit: units[0]!, choice: 'for' });
  for (const [at, unit] of units.slice(1).entries()) {
    const file = await keepFile(house, Buffer.from(`%PDF-1.7\n1 0 obj\n<</Name (${at})>>\nendobj\ntrailer\n<<>>\n%%EOF\n`), `${at}.pdf`);
    const [scan] = await inEstate(house.db.app, estate.estate_id, (trx) => registerVouchers(trx, { estate, actor: actorOf('cashier'), files: [file], audience: 'officers' }));
    const choice = at === 0 ? 'against' : 'for';
    const { paper } = await enterPaper(house, { estate, actor: actorOf('cashier'), resolution, unit, voucher: scan!.sha256, choice });
    await enterPaper(house, { estate, actor: actorOf('committee2'), resolution, paper, choice });
  }
  copy.at('2026-10-14 09:00');
  const counted = await countDue(house, estate);
  if (counted.length !== 1) throw new Error('the vote was not counted');
  return resolution;
}

async function counted(copy: Copy): Promise<void> {
  await honestVote(copy);
  await unguard(copy);
}

export const voiceTamperings: readonly Tampering[] = [
  { name: 'a ballot says the opposite, in the table', before: async (copy) => {
    await counted(copy);
    await sql(copy, `update ballot set choice = 'for' where choice = 'against'`);
  } },
  { name: 'a ballot is taken out of the table', before: async (copy) => {
    await counted(copy);
    await sql(copy, `delete from ballot where choice = 'against'`);
  } },
  { name: 'a ballot says the opposite, table and log alike', before: async (copy) => {
    await counted(copy);
    await sql(copy, `update ballot set choice = 'for' where choice = 'against'`);
    await rewrite(copy, await firstOf(copy, 'ballot_cast', '%"against"%'), (body) => { body['choice'] = 'for'; });
  } },
  { name: 'a vote that failed is told to have passed', before: async (copy) => {
    await counted(copy);
    const seq = await firstOf(copy, 'resolution_counted');
    const { rows: [row] } = await sql(copy, 'select body from record where seq = $1 and estate_id = $2', [seq, copy.estate.estate_id]);
    const passed = (JSON.parse(row.body) as Body)['outcome'] === 'passed';
    await rewrite(copy, seq, (body) => { body['outcome'] = passed ? 'majority_missing' : 'passed'; });
  } },
];
