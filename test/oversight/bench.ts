// How long a search of the log takes with a million records, by the role of the web, and what the two columns for
// searching cost a posting. Prints; asserts nothing:  node --import ./bin/load-pages.mjs test/oversight/bench.ts [records] [search|post]
import type { Trx } from '../../src/kernel/database.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { searchLog, type LogAsked } from '../../src/oversight/queries.ts';
import { testHouse } from '../helpers/house.ts';

const endings: (() => unknown)[] = [];
const t = { teardown: (work: () => unknown) => void endings.push(work) };
const RECORDS = Number(process.argv[2] ?? 1_000_000);
const ONLY = process.argv[3];

async function searching(): Promise<void> {
  const { house, superuser, estate: { estate_id }, persons } = await testHouse(t);
  await superuser.query(`
    insert into record (estate_id, seq, kind, recorded_at, number, body, leaf_hash)
    select $1, h.size + i, case when i % 10 < 7 then 'journal_entry' when i % 10 = 7 then 'signature' when i % 10 = 8 then 'proposal_returned' else 'voucher_received' end,
      h.recorded_at + i * interval '3 minutes', case when i % 10 < 7 then '2026-01 收-' || i else '-' end,
      case when i % 10 < 7 then format('{"description":"物业费 %s栋%s单元 银行转账 第%s季度","entry_date":"2026-01-02","key":"import:%s","kind":"receipt","made_by":"%s","postings":[{"account":"1002","debit":"%s.00","fund":"service"},{"account":"4101","credit":"%s.00","fund":"service","unit":"%s"}],"vouchers":["%s"]}', i % 50, i % 4, i % 4 + 1, i, $2::text, i % 9000, i % 9000, encode(sha256(i::text::bytea), 'hex'), encode(sha256(i::text::bytea), 'hex'))
      else format('{"by":"%s","document_hash":"%s","proposal":%s,"reason":"电梯维修 第%s次 %s"}', case when i % 5 = 3 then $3::text else $2::text end, encode(sha256(i::text::bytea), 'hex'), i, i, repeat('附件', 60)) end,
      sha256(i::text::bytea) from log_head h, generate_series(1, ${RECORDS}) i where h.estate_id = $1`, [estate_id, persons.cashier, persons.manager]);
  await superuser.query('update log_head set size = (select max(seq) from record r where r.estate_id = log_head.estate_id), recorded_at = (select max(recorded_at) from record r where r.estate_id = log_head.estate_id) where estate_id = $1', [estate_id]);
  await superuser.query('vacuum analyze record');
  const last = (await superuser.query<{ seq: number; at: string }>(`select seq, to_char(recorded_at, 'YYYY-MM-DD') as at from record where estate_id = $1 order by seq desc limit 1`, [estate_id])).rows[0]!;
  console.log(`${last.seq} records, to ${last.at}`);
  const year = Number(last.at.slice(0, 4));
  const questions: [string, LogAsked][] = [
    ['newest', { limit: 50 }], ['far back', { limit: 50, before: 5_000 }],
    ['one month, years ago', { limit: 50, from: `${year - 2}-03-01`, to: `${year - 2}-03-31` }],
    ['a kind', { limit: 50, kind: 'signature' }], ['a rare kind, at the very beginning', { limit: 50, kind: 'estate_opened' }],
    ['a person', { limit: 50, persons: [persons.cashier] }], ['a person who did nothing', { limit: 50, persons: [persons.street] }],
    ['a person and a month', { limit: 50, persons: [persons.manager], from: `${year - 2}-03-01`, to: `${year - 2}-03-31` }],
    ['a person and a kind they never did', { limit: 50, persons: [persons.manager], kind: 'journal_entry' }],
    ['a common word', { limit: 50, q: '电梯' }], ['a word that is nowhere', { limit: 50, q: '没有这几个字' }],
    ['letters that are nowhere', { limit: 50, q: 'nowhere' }], ['a voucher number', { limit: 50, q: '收-77' }], ['an amount', { limit: 50, q: '8999.00' }],
    ['a word in one month', { limit: 50, q: '没有这几个字', from: `${year - 2}-03-01`, to: `${year - 2}-03-31` }],
  ];
  for (const [name, asked] of questions) {
    const look = (trx: Trx) => searchLog(trx, estate_id, asked);
    await inEstate(house.db.app, estate_id, look, { readOnly: true });
    const begun = performance.now();
    const { items, searched_to } = await inEstate(house.db.app, estate_id, look, { readOnly: true });
    console.log(`${(performance.now() - begun).toFixed(0).padStart(6)} ms  ${name}: ${items.length} found${searched_to === null ? '' : `, stopped at ${searched_to.seq}`}`);
  }
}

async function posting(): Promise<void> {
  const houses = [await testHouse(t), await testHouse(t)];
  await houses[1]!.superuser.query('drop index record_of_actor; drop index record_about; alter table record drop column actor, drop column concerns');
  const clients = await Promise.all(houses.map(({ superuser }) => superuser.connect()));
  for (const client of clients) await client.query('set role app; set synchronous_commit = off');
  let made = 0;
  const post = async (which: number, count: number): Promise<number> => {
    const { estate, persons } = houses[which]!;
    const day = (await clients[which]!.query<{ day: string }>('select estate_today($1)::text as day', [estate.estate_id])).rows[0]!.day;
    const bodies = Array.from({ length: count }, () => JSON.stringify({ description: '物业费 第三季度 银行转账', entry_date: day, key: String(made += 1), kind: 'receipt', made_by: persons.cashier,
      postings: [{ account: '1002', debit: '306.00', fund: 'service' }, { account: '4101', credit: '306.00', fund: 'service' }] }));
    const begun = performance.now();
    await clients[which]!.query('select count(*) from post_entries($1, $2)', [estate.estate_id, bodies]);
    return performance.now() - begun;
  };
  for (const count of [1, 100]) {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < (count === 1 ? 4_000 : 120); i += 1) for (const which of i % 2 === 0 ? [0, 1] : [1, 0]) times[which]!.push(await post(which, count));
    const [columns, bare] = times.map((list) => list.slice(list.length / 4).sort((a, b) => a - b)[Math.floor(list.length * 3 / 8)]!) as [number, number];
    console.log(`${count} at a time: ${columns.toFixed(3)} ms with the columns, ${bare.toFixed(3)} ms without: ${(columns / bare).toFixed(3)}`);
  }
  for (const client of clients) client.release();
}

try {
  if (ONLY !== 'search') await posting();
  if (ONLY !== 'post') await searching();
} finally {
  for (const end of endings.reverse()) await end();
}
