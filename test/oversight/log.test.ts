// The operation log: found by person, day, kind and content; with names and the offices of that time; for those who
// serve and those who watch them.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { appendCommitted } from '../../src/evidence/personal-value.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { instant, shanghaiInstant } from '../../src/kernel/dates.ts';
import { postReceipt } from '../../src/ledger/journal.ts';
import { personAt } from '../../src/oversight/officers.ts';
import { searchLog } from '../../src/oversight/queries.ts';
import { verifyTlogProof } from '../../src/proof/tlog-proof.ts';
import { leafHashOf } from '../../src/proof/record.ts';
import { readVerifierKey } from '../../src/proof/note.ts';
import { approvedProposal } from '../helpers/approved.ts';
import { signIn, testHouse } from '../helpers/house.ts';

interface Found { seq: number; kind: string; number: string; who: { name: string | null; offices: { office: string }[] } | null; summary_zh: string; summary_en: string; body: string; recorded_at: string }

const clock = { now: instant('2031-09-01T00:30:00Z') };
const at = (shanghai: string): void => { clock.now = shanghaiInstant(shanghai.slice(0, 10), shanghai.slice(11)); };
const h = await testHouse(t, { demo_clock: () => clock.now, first_period: '2031-09' });
const { house, estate, persons, actorOf, superuser } = h;
const { estate_id } = estate;
const app = await buildApp(house);
t.teardown(() => app.close());

const receipt = (key: string, date: string, amount: string, description: string) => postReceipt(house, {
  estate, actor: actorOf('cashier'), key,
  entry: { kind: 'receipt', entry_date: date, description, postings: [
    { account: '1002', fund: 'service', debit: amount }, { account: '4101', fund: 'service', credit: amount }] } as never,
});
at('2031-09-02 09:00');
await receipt('a', '2031-09-02', '1200.00', '三栋 "南门" 停车费 50% 折扣');
at('2031-09-03 23:59');
await receipt('b', '2031-09-03', '306.50', '物业费 ABC-7');
at('2031-09-04 00:00');
await receipt('c', '2031-09-03', '88.00', '废品回收');
at('2031-09-05 10:00');
await approvedProposal(house, estate, persons, { kind: 'transfer', amount: null, fund: null, content: { reason: '示例' } });
const commented = await inEstate(house.db.app, estate_id, (trx) => appendCommitted(trx, estate_id, 'proposal_commented',
  { field: 'comment', value: '请补一份报价', body: { proposal: 1, by: persons.supervisor, body: 'supervisor', office: 'supervisor' } }));

async function search(who: string, query: Record<string, string>): Promise<{ items: Found[]; next_cursor: string | null; status: number; code?: string }> {
  const answer = await app.inject({ url: `/api/v1/estates/test/log/search?${new URLSearchParams(query).toString()}`, headers: await signIn(app, who) });
  return { ...answer.json() as { items: Found[]; next_cursor: string | null; code?: string }, status: answer.statusCode };
}

t.test('newest first, with who did it and in which office', async (t) => {
  const { items } = await search('supervisor', {});
  t.same(items.map(({ seq }) => seq), items.map(({ seq }) => seq).sort((a, b) => b - a));
  t.equal(items[0]!.who?.name, '周监事');
  t.same(items[0]!.who?.offices, [{ body: 'supervisor', office: 'supervisor' }]);
  const entry = items.find(({ number }) => number.endsWith('收-001'))!;
  t.equal(entry.summary_zh, '2031-09 收-001 三栋 "南门" 停车费 50% 折扣，1,200.00 元');
  t.equal(entry.who?.name, '何出纳');
  const signature = items.find(({ kind }) => kind === 'signature')!;
  t.match(signature.summary_zh, /^同意第 1 号：.+（.+）$/);
  t.match(signature.summary_en, /^Approved no\. 1: .+ \(.+\)$/);
});

t.test('by person: by name, by a part of it, by opaque id; whoever is concerned is found too', async (t) => {
  for (const person of ['何出纳', '出纳', persons.cashier]) {
    const { items } = await search('supervisor', { person });
    t.ok(items.some(({ kind }) => kind === 'journal_entry') && items.some(({ kind }) => kind === 'term_opened'), person);
    t.ok(items.every((item) => item.who?.name === '何出纳' || item.body.includes(persons.cashier)), person);
  }
  const { items } = await search('supervisor', { person: '马经理', kind: 'signature' });
  t.equal(items.length, 1);
  t.equal((await search('supervisor', { person: '没有这个人' })).code, 'log_person_unknown');
});

t.test('by day: in Shanghai, both ends included', async (t) => {
  const numbers = async (query: Record<string, string>) => (await search('auditor', { kind: 'journal_entry', ...query })).items.map(({ number }) => number.slice(-3)).sort();
  t.same(await numbers({ from: '2031-09-03', to: '2031-09-03' }), ['002']);
  t.same(await numbers({ from: '2031-09-04' }), ['003']);
  t.same(await numbers({ to: '2031-09-03' }), ['001', '002']);
  t.same(await numbers({ from: '2031年9月4日', to: '2031-9-4' }), ['003']);
  t.same(await numbers({ from: '2040-01-01' }), []);
  t.same(await numbers({ to: '1999-12-31' }), []);
  t.equal((await search('auditor', { from: '2031-02-30' })).code, 'log_day_unreadable');
  t.equal((await search('auditor', { from: '2031-09-05', to: '2031-09-01' })).code, 'log_days_reversed');
});

t.test('by content: memo, number, amount, record number, fingerprint; marks mean themselves', async (t) => {
  const seqs = async (q: string, more: Record<string, string> = {}) => (await search('street', { q, ...more })).items.map(({ number, seq }) => (number === '-' ? seq : number.slice(-3)));
  t.same(await seqs('停车费'), ['001']);
  t.same(await seqs('"南门"'), ['001']);
  t.same(await seqs('50% 折'), ['001']);
  t.same(await seqs('5_%'), []);
  t.same(await seqs('abc-7'), ['002'], 'letters in either case');
  t.same(await seqs('ＡＢＣ－７'), ['002'], 'full width');
  t.same(await seqs('收-003'), ['003']);
  t.same(await seqs('1,200'), ['001'], 'an amount as people write it');
  t.same(await seqs('306.5', { kind: 'journal_entry' }), ['002']);
  const { items: [first] } = await search('street', { q: '废品' });
  t.same(await seqs(`#${first!.seq}`), ['003']);
  t.same(await seqs(`第 ${first!.seq} 号`), ['003']);
  const { leaf_hash } = first as unknown as { leaf_hash: string };
  t.same(await seqs(leaf_hash.toUpperCase()), ['003']);
  t.same(await seqs('补一份报价'), [commented], 'what a person wrote, kept beside the log');
  t.same(await seqs('\\'), []);
  t.same(await seqs('\0'), await seqs(''), 'what no record can contain says nothing');
});

t.test('pages follow each other without a gap, and the file holds them all', async (t) => {
  const all: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await search('committee1', { limit: '7', ...(cursor === null ? {} : { cursor }) });
    all.push(...page.items.map(({ seq }) => seq));
    cursor = page.next_cursor;
  } while (cursor !== null);
  t.same(all, Array.from({ length: all[0]! }, (_, index) => all[0]! - index));
  for (const url of ['/api/v1/estates/test/log/search.csv', '/e/test/log.csv']) {
    const { body, headers } = await app.inject({ url: `${url}?lang=zh`, headers: await signIn(app, 'committee1') });
    t.match(headers['content-type'], /text\/csv/);
    const lines = body.replace(/^\uFEFF/, '').trim().split('\r\n');
    t.equal(lines.length, all.length + 1);
    t.match(lines[0], /^存证编号,时间,谁,/);
    t.ok(body.includes('周监事'));
  }
  t.equal((await search('committee1', { cursor: 'x' })).code, 'cursor_invalid');
  t.equal((await search('committee1', { kind: 'x' })).code, 'log_kind_unknown');
});

t.test('for those who serve and those who watch; owners are told what they can do instead', async (t) => {
  for (const who of ['cashier', 'manager', 'committee2', 'supervisor', 'street', 'auditor']) t.equal((await search(who, {})).status, 200, who);
  t.equal((await search('resident', {})).code, 'log_for_officers');
  t.equal((await search('stranger', {})).code, 'estate_unknown');
  t.equal((await app.inject('/api/v1/estates/test/log/search')).statusCode, 401);
  const page = await app.inject({ url: '/e/test/log/3?lang=zh', headers: { ...await signIn(app, 'resident'), accept: 'text/html' } });
  t.equal(page.statusCode, 403);
  t.match(page.body, /明细账和收支公示/);
});

t.test('one record in plain words, with its pages, its text and its proof', async (t) => {
  await issueCheckpoint(house, estate);
  const headers = { ...await signIn(app, 'auditor'), accept: 'text/html' };
  const { items: [entry] } = await search('auditor', { q: '停车费' });
  const page = await app.inject({ url: `/e/test/log/${entry!.seq}?lang=zh`, headers });
  t.equal(page.statusCode, 200);
  for (const word of ['何出纳', '物业公司出纳', '2031年9月2日 09:00:00', '1,200.00 元', '1002 ', '物业服务资金', `/e/test/journal/${entry!.seq}`]) t.ok(page.body.includes(word), word);
  t.notOk(/[0-9a-f]{8}-[0-9a-f]{4}-/.test(page.body.split('<details>')[0]!.replace(`${persons.cashier}:a`, '')), 'no opaque id in the plain part, but in the key the cashier gave');
  for (const { seq } of (await search('auditor', { limit: '500' })).items) {
    for (const lang of ['zh', 'en']) {
      const { statusCode, body } = await app.inject({ url: `/e/test/log/${seq}?lang=${lang}`, headers });
      t.equal(statusCode, 200, `record ${seq}`);
      t.notMatch(body, /undefined|\[object/, `record ${seq}`);
    }
  }
  const leaf = await app.inject({ url: `/api/v1/estates/test/log/records/${entry!.seq}/leaf`, headers });
  const hash = createHash('sha256').update('\0').update(leaf.rawPayload).digest('hex');
  t.equal(hash, (entry as unknown as { leaf_hash: string }).leaf_hash);
  const { recorded_at, number, kind, body, seq } = entry!;
  const proof = await app.inject(`/api/v1/estates/test/log/proof/inclusion?seq=${seq}`);
  const keys = (await app.inject('/api/v1/estates/test/log/keys')).json() as { items: { vkey: string }[] };
  const proved = verifyTlogProof(proof.body, leafHashOf('test', { seq, recorded_at, number, kind, body }), keys.items.map(({ vkey }) => readVerifierKey(vkey)));
  t.equal(proved?.index, seq - 1);
  const missing = await app.inject({ url: '/e/test/log/999999', headers });
  t.equal(missing.statusCode, 404);
});

t.test('the columns for searching say what the bodies say', async (t) => {
  const { rows } = await superuser.query<{ kind: string; body: string; actor: string | null; concerns: string | null }>('select kind, body, actor, concerns from record');
  for (const { kind, body, actor, concerns } of rows) {
    const j = JSON.parse(body) as Record<string, string>;
    const expected = kind === 'term_opened' ? null : j['by'] ?? j['made_by'] ?? j['person'] ?? null;
    t.equal(actor, expected, kind);
    if (kind === 'term_opened') t.equal(concerns, j['person']);
  }
  t.ok(rows.some(({ actor }) => actor === persons.cashier));
  await t.rejects(superuser.query(`update record set actor = null`), /can only be updated to DEFAULT/);
});

t.test('a moment is found by halving as it is by reading', async (t) => {
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ at: string; halved: number; read: number }>`
      with moment as (select recorded_at + d as at from record, unnest(array[interval '0', '-1 microsecond', '1 microsecond']) d where estate_id = ${estate_id})
      select m.at::text, first_record_from(${estate_id}, m.at) as halved,
        coalesce((select min(seq) from record where estate_id = ${estate_id} and recorded_at >= m.at), (select size + 1 from log_head where estate_id = ${estate_id})) as read
      from moment m`.execute(trx);
    t.ok(rows.length > 30);
    t.same(rows.filter(({ halved, read }) => halved !== read), []);
  });
});

t.test('the web role finds a person by the index, behind the walls', async (t) => {
  
  await inEstate(house.db.app, estate_id, async (trx) => {
    await sql`set local enable_seqscan = off`.execute(trx);
    const plan = async (column: string) => (await sql<{ 'QUERY PLAN': string }>`
      explain select seq from record where estate_id = ${sql.lit(estate_id)} and ${sql.ref(column)} = ${sql.lit(persons.cashier)}::uuid
        and seq between 1 and 100 order by seq desc limit 50`.execute(trx)).rows.map((row) => row['QUERY PLAN']).join('\n');
    t.match(await plan('actor'), /Scan Backward using record_of_actor[^]*Index Cond: .*actor = .*seq >=/);
    t.match(await plan('concerns'), /using record_about/);
  });
});

t.test('a long search stops, says how far it came, and goes on from there', async (t) => {
  const { estate_id } = h.other;
  await superuser.query(`
    with head as (select size from log_head where estate_id = $1), more as (
      insert into record (estate_id, seq, kind, recorded_at, number, body, leaf_hash)
      select $1, head.size + i, 'note', now() + i * interval '1 second', '-', '{"note":"' || case when i = 5 then '大海里的针' else 'x' end || '"}', sha256('x')
      from head, generate_series(1, 50000) i returning seq)
    update log_head set size = (select max(seq) from more) where estate_id = $1`, [estate_id]);
  const look = (before: number | undefined, patience: number | null) => inEstate(house.db.app, estate_id, (trx) =>
    searchLog(trx, estate_id, { q: '大海里的针', limit: 10, before }, patience));
  let found = await look(undefined, 0);
  t.same(found.items, []);
  t.equal(found.searched_to?.seq, found.next_cursor);
  let turns = 1;
  while (found.next_cursor !== null && found.items.length === 0) {
    const before = found.next_cursor;
    found = await look(before, 0);
    t.ok((found.next_cursor ?? 0) < before, 'each turn reads further back');
    turns += 1;
  }
  t.equal(found.items.length, 1);
  t.ok(turns > 1);
  t.equal((await look(undefined, null)).items.length, 1, 'with patience, in one go');
});

t.test('a text that was erased is found no more, and the page says so', async (t) => {
  await inEstate(house.db.app, estate_id, (trx) => sql`select erase_value(${estate_id}, ${commented}, 'comment', ${persons.manager}, 'error')`.execute(trx));
  t.same((await search('auditor', { q: '补一份报价' })).items, []);
  const { items: [erased] } = await search('auditor', { kind: 'erased' });
  t.equal(erased!.summary_zh, `删除第 ${commented} 号记录的评论原文（误写了个人信息）`);
  t.equal(erased!.who?.name, '马经理');
  const page = await app.inject({ url: `/e/test/log/${commented}?lang=zh`, headers: await signIn(app, 'auditor') });
  t.match(page.body, /已按个人信息保护法删除/);
  t.notMatch(page.body, /补一份报价/);
});

t.test('the office of that time, not of today; who was erased is named no more', async (t) => {
  const officer = { person_id: persons.supervisor, name: '周监事', terms: [
    { term_id: 1, body: 'supervisor', office: 'supervisor', starts_on: '2030-01-01', ends_on: '2030-12-31' },
    { term_id: 2, body: 'committee', office: 'chair', starts_on: '2031-01-01', ends_on: '2031-12-31' }] } as const;
  const officers = new Map([[officer.person_id, { ...officer, terms: [...officer.terms] }]]);
  // Midnight is Shanghai's.
  t.equal(personAt(officers, officer.person_id, '2030-12-31T15:59:59.999999Z', 'zh'), '周监事（监事会监事）');
  t.equal(personAt(officers, officer.person_id, '2030-12-31T16:00:00.000000Z', 'zh'), '周监事（业主委员会主任）');
  t.equal(personAt(officers, officer.person_id, '2032-06-01T00:00:00.000000Z', 'en'), '周监事');
  await superuser.query('delete from person_identity where person_id = $1', [persons.supervisor]);
  const { items } = await search('auditor', { person: persons.supervisor, kind: 'proposal_commented' });
  t.match(items, [{ who: { name: null, offices: [{ office: 'supervisor' }] } }]);
  const page = await app.inject({ url: `/e/test/log/${items[0]!.seq}?lang=zh`, headers: await signIn(app, 'auditor') });
  t.match(page.body, new RegExp(`已抹除的人（${persons.supervisor.slice(0, 8)}）`));
});
