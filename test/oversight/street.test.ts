// The view over many estates: the board shows whoever watches their own estates and no other; auditors read what was signed, as long as it
// was signed, and everybody sees what they read; what must be so in the books is asked every night, and what is not is told to all bodies.
import { sql } from 'kysely';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { executors } from '../../src/executors.ts';
import { makeFeedKey } from '../../src/delivery/feed.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { postReceipt } from '../../src/ledger/journal.ts';
import { kindOf } from '../../src/oversight/access.ts';
import { isBoardDue, refreshBoard } from '../../src/oversight/board.ts';
import { findFailures, inspect, inspectDue, invariantWarnings } from '../../src/oversight/inspection.ts';
import { invariants } from '../../src/oversight/invariants.ts';
import { ask } from '../../src/inquiry/inquiry.ts';
import { appWithRoutes } from '../access/routes.ts';
import { signAs } from '../helpers/approved.ts';
import { signIn, testHouse } from '../helpers/house.ts';
import { voucher } from '../payment/story.ts';

const clock = { now: shanghaiInstant('2031-08-03', '09:00') };
const at = (day: string, time = '09:00'): void => { clock.now = shanghaiInstant(day, time); };
const h = await testHouse(t, { demo_clock: () => clock.now, first_period: '2031-08' });
const { house, estate, other, persons, actorOf, superuser } = h;
const { estate_id } = estate;
const app = await buildApp(house);
t.teardown(() => app.close());

const receive = (key: string, entry_date: string, amount: string) => postReceipt(house, { estate, actor: actorOf('cashier'), key, entry: { kind: 'receipt', entry_date, description: `停车费 ${key}`, postings: [
  { account: '1002', fund: 'service', debit: amount }, { account: '4101', fund: 'service', credit: amount }] } as never });
const get = async (who: string, url: string) => app.inject({ url, headers: await signIn(app, who) });
const problem = async (who: string, url: string): Promise<string> => (await get(who, url)).json<{ code: string }>().code;

const august = await receive('a', '2031-08-03', '120.00');
at('2031-09-05');
const september = await receive('b', '2031-09-05', '80.00');
await ask(house, { estate, actor: actorOf('supervisor'), question: '车位费为什么没有公示？' });

t.test('the board: figures of the estates one watches, with the moment they were counted', async (t) => {
  at('2031-10-20');
  t.equal(await isBoardDue(house, estate), true);
  await refreshBoard(house, estate);
  await refreshBoard(house, other);
  t.equal(await isBoardDue(house, estate), false);
  const { items } = (await get('street', '/api/v1/board')).json<{ items: { code: string; counted: Record<string, number | string> }[] }>();
  t.same(items.map(({ code }) => code), ['test'], 'of the other estate nothing');
  t.match(items[0]!.counted, { day: '2031-10-20', late_disclosures: 2, late_answers: 1, unreconciled_days: 80, exceptions: 0, exceptions_amount: '0.00', failing: null, collection_permille: null });
  await receive('c', '2031-10-20', '5.00');
  t.equal(await isBoardDue(house, estate), true, 'the log has grown');
  at('2031-10-21');
  await refreshBoard(house, estate);
  at('2031-10-22');
  t.equal(await isBoardDue(house, estate), true, 'a day has begun');

  for (const who of ['manager', 'committee1', 'resident', 'cashier']) t.equal(await problem(who, '/api/v1/board'), 'not_allowed', who);
  t.equal((await app.inject({ url: '/api/v1/board' })).statusCode, 401);
  t.equal((await app.inject({ url: '/board' })).headers.location, '/login?next=%2Fboard');
  const rows = (person_id: string) => inEstate(house.db.app, 0, (trx) => sql`select estate_id from board_figure`.execute(trx), { person_id });
  t.same((await rows(persons.street)).rows, [{ estate_id }], 'the wall is the database\'s own');
  t.same((await rows(persons.stranger)).rows, [], 'who chairs the other estate does not watch it');
  await t.rejects(inEstate(house.db.app, estate_id, (trx) => sql`update board_figure set late_answers = 0`.execute(trx)), /permission denied/);

  const page = (await get('street', '/board?sort=late_disclosures&order=asc&only=attention&lang=en')).body;
  t.match(page, /\/e\/test\/oversight\/late_disclosures/);
  t.match(page, /late_disclosures&amp;order=desc/, 'the heading turns the order');
  t.match((await get('street', '/board.csv?q=nowhere')).body, /^\uFEFF小区,公示逾期/);
});

t.test('each figure leads to what it consists of, for every owner', async (t) => {
  const listed = async (figure: string) => (await get('resident', `/api/v1/estates/test/oversight/${figure}`)).json<{ items: { what_zh: string; note_zh: string; day: string; href: string }[] }>().items;
  t.same((await listed('late_disclosures')).map(({ what_zh, note_zh, day }) => `${what_zh} ${note_zh} ${day}`), ['2031年9月 没有发布 2031-10-10', '2031年8月 没有发布 2031-09-10']);
  t.match(await listed('late_answers'), [{ what_zh: '第 1 号质询', note_zh: '严重逾期', href: '/e/test/inquiries/1' }]);
  for (const figure of ['late_disclosures', 'exceptions', 'collection', 'failing']) t.equal((await get('resident', `/e/test/oversight/${figure}`)).statusCode, 200, figure);
  t.match((await get('resident', '/e/test/oversight/late_disclosures.csv')).body, /2031年9月,2031-10-10,没有发布/);
  t.equal((await get('resident', '/e/test/oversight/nothing')).statusCode, 404);
});

t.test('an auditor reads what was signed, in the days it was signed for; everybody sees what', async (t) => {
  at('2031-10-22');
  const [title, date, file] = ['业主大会委托审计决议', '2031-10-20', await voucher(h)];
  const grant = async (who: string, body: object) => app.inject({ method: 'POST', url: '/api/v1/estates/test/access', headers: await signIn(app, who),
    payload: { new_person: { name: '钱会计师', login: 'qian' }, starts_on: '2031-10-22', ends_on: '2031-11-10', kinds: ['books', 'disclosures'], from: '2031-09-01', to: '2031-09-30', resolution: { title, date, voucher: file }, ...body } });
  t.equal((await grant('resident', {})).json<{ code: string }>().code, 'not_allowed');
  for (const [body, code] of [[{ kinds: [] }, 'scope_kinds_missing'], [{ kinds: ['everything'] }, 'scope_kind_unknown'], [{ from: '2031-10-01' }, 'scope_days_reversed'],
    [{ to: 'soon' }, 'scope_day_unreadable'], [{ ends_on: '2033-01-01' }, 'access_too_long']] as const) t.equal((await grant('street', body)).json<{ code: string }>().code, code);
  const granted = (await grant('street', {})).json<{ proposal_id: number; document_hash: string; password: string }>();
  t.ok(granted.password, 'the street office may propose it; nobody in it alone lets anybody in');
  const login = async () => signIn(app, 'qian', granted.password);
  t.equal((await app.inject({ url: '/api/v1/estates/test/rules', headers: await login() })).json<{ code: string }>().code, 'estate_unknown', 'nothing before both keys have signed');
  for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) await signAs(house, estate, persons[who], body, granted);
  await executors.membership!(house, estate, granted.proposal_id);
  const { rows: [scope] } = await superuser.query(`select from_day::text, to_day::text, kinds from audit_scope where estate_id = ${estate_id}`);
  t.same(scope, { from_day: '2031-09-01', to_day: '2031-09-30', kinds: ['books', 'disclosures'] });

  const headers = await login();
  const status = async (url: string): Promise<string> => { const answer = await app.inject({ url, headers }); return answer.statusCode === 200 ? 'reads' : answer.json<{ code: string }>().code; };
  const entries = '/api/v1/estates/test/journal-entries';
  t.equal(await status(`${entries}/${september.seq}`), 'reads');
  t.equal(await status(`${entries}/${august.seq}`), 'access_days', 'an entry of another month');
  t.equal(await status(`${entries}?period=2031-09`), 'reads');
  t.equal(await status(`${entries}?period=2031-08`), 'access_days');
  t.equal(await status(entries), 'access_days', 'all of them at once');
  t.equal(await status(`${entries}?from=2031-09-01`), 'access_days', 'an open end');
  t.equal(await status(`${entries}?from=2031-09-01&to=2031-09-30&period=2031-08`), 'access_days', 'every day that is named has to be in scope');
  t.equal(await status('/api/v1/estates/test/balances?as_of=2031-09-30'), 'reads');
  t.equal((await app.inject({ url: '/e/test/accounts?from=2031-09-01&to=2031-09-30', headers })).statusCode, 403, 'a page that heeds no days shows the present, whatever its address says');
  t.equal((await app.inject({ url: '/e/test/journal?from=2031-09-01&to=2031-09-30&period=2031-08', headers })).statusCode, 403);
  t.equal(await status('/api/v1/estates/test/balances'), 'access_days', 'the present is not in scope');
  t.equal(await status('/api/v1/estates/test/bank-lines'), 'access_kind');
  t.equal(await status('/api/v1/estates/test/log/search?from=2031-09-01&to=2031-09-30'), 'access_kind');
  t.equal(await status('/api/v1/estates/test/rules'), 'reads', 'what every owner sees of offices and rules');
  await t.test('a scope that goes on to the present does not open what was before it, by whatever name an address asks for days', async (t) => {
    const rescope = (from: string, to: string | null, kinds: string) => superuser.query('begin; alter table audit_scope disable trigger all; '
      + `update audit_scope set from_day = '${from}', to_day = ${to === null ? 'null' : `'${to}'`}, kinds = '${kinds}'; alter table audit_scope enable trigger all; commit`);
    await rescope('2031-10-01', null, '{books,bank,log}');
    for (const url of ['bank-lines?period=2031-08', 'bank-lines?period=2031-08&period=2031-10', 'journal-entries?from=2031-08-01&to=2031-10-22']) t.not(await status(`/api/v1/estates/test/${url}`), 'reads', url);
    for (const url of ['accounts/1002?from=2031-08-01&to=2031-08-31', 'accounts/1002?to=2031-08-31', 'bank/lines?period=2031-08', 'accounts?as_of=2031-08-31']) t.equal((await app.inject({ url: `/e/test/${url}`, headers })).statusCode, 403, url);
    t.equal(await status('/api/v1/estates/test/bank-lines?period=2031-10'), 'reads');
    await rescope('2031-10-01', null, '{orders,households,bank}');
    for (const list of ['payment-orders', 'proposals', 'bank-statements']) t.equal(await status(`/api/v1/estates/test/${list}`), 'access_days', list);
    for (const list of ['orders', 'orders.csv', 'bills', 'receipts', 'receipts.csv', 'bank/statements', 'bank/lines', 'bank/lines?period=2031-08']) t.equal((await app.inject({ url: `/e/test/${list}`, headers })).statusCode, 403, list);
    for (const page of ['arrears', 'bank', 'bank/lines?period=2031-10']) t.equal((await app.inject({ url: `/e/test/${page}`, headers })).statusCode, 200, `${page} shows the present`);

    // The feed's key needs no login: it heeds the scope all the same.
    const { rows: [{ person_id }] } = await superuser.query(`select person_id from audit_scope s join term t using (estate_id, term_id) where estate_id = ${estate_id}`);
    const key = await inEstate(house.db.app, estate_id, (trx) => makeFeedKey(trx, estate_id, person_id));
    const feed = async (): Promise<{ code: number; entries: number }> => { const { statusCode: code, body } = await app.inject({ url: `/e/test/feed.atom?key=${key}` }); return { code, entries: body.split('<entry>').length - 1 }; };
    t.equal((await feed()).code, 404, 'no disclosures in scope, no feed');
    await rescope('2031-01-01', null, '{disclosures}');
    const all = await feed();
    t.equal(all.code, 200);
    await rescope('2020-01-01', '2020-01-31', '{disclosures}');
    t.same(await feed(), { code: 200, entries: 0 }, 'and none of other days');
    await rescope('2031-09-01', '2031-09-30', '{books,disclosures}');
  });
  t.match((await app.inject({ url: '/e/test/bank', headers })).body, /账簿、科目余额、预算、收支公示|账簿、科目余额、预算/);

  const { reads } = (await get('resident', '/api/v1/estates/test/access')).json<{ reads: { name: string; day: string; kinds: { kind: string; seq: number }[] }[] }>();
  t.same(reads.map(({ name, day, kinds }) => `${day} ${name}: ${kinds.map(({ kind }) => kind).join(' ')}`), ['2031-10-22 钱会计师: books general bank households disclosures'], 'once a day and kind, and only what was read');
  const { rows: [seen] } = await superuser.query(`select kind, body::jsonb ->> 'pages' as pages from record where estate_id = ${estate_id} and seq = ${reads[0]!.kinds[0]!.seq}`);
  t.same(seen, { kind: 'audit_read', pages: 'books' });
  t.match((await get('resident', '/e/test/access')).body, /钱会计师/);
  await t.rejects(inEstate(house.db.app, estate_id, (trx) => sql`select append_record(${estate_id}, 'audit_read', '{}')`.execute(trx)), /record_kind_reserved/, 'nobody writes such a record by hand');

  at('2031-11-11');
  const after = (await app.inject({ url: '/api/v1/estates/test/rules', headers: await login() })).json<{ code: string; detail: string }>();
  t.equal(after.code, 'access_expired');
  t.match(after.detail, /2031-11-10/);
  t.equal(await problem('stranger', '/api/v1/estates/test/rules'), 'estate_unknown', 'to anybody else the estate stays hidden');
});

t.test('the gate knows every address of an estate', async (t) => {
  const { app: another, routes } = await appWithRoutes(house);
  t.teardown(() => another.close());
  const unknown = routes.filter(({ url, method }) => method === 'GET' && /^\/(e|api\/v1\/estates)\/:estate/.test(url) && kindOf(url) === null).map(({ url }) => url);
  t.same(unknown, [], 'an address that stands in no kind is closed to every auditor with a scope: name it in oversight/access.ts');
});

t.test('what must be so holds; what does not is told to all bodies, kept, and on /readyz', async (t) => {
  at('2031-11-12');
  t.same(await findFailures(house, estate), []);
  t.ok(invariants.length >= 20 && new Set(invariants.map(({ name }) => name)).size === invariants.length);
  t.same(await inspectDue(house, estate), [], 'the first of the day');
  t.same(await inspectDue(house, estate), [], 'and none a second time');
  const count = async (): Promise<number> => (await superuser.query(`select count(*)::integer as n from inspection where estate_id = ${estate_id}`)).rows[0].n;
  t.equal(await count(), 1);

  // Somebody past every wall: an amount, its balance, a signature's fingerprint, a number.
  const break_in = async (statements: string[]): Promise<void> => {
    await superuser.query('set session_replication_role = replica');
    for (const statement of statements) await superuser.query(statement);
    await superuser.query('set session_replication_role = default');
  };
  await superuser.query('alter table posting disable trigger all; alter table record disable trigger all; alter table journal_entry disable trigger all');
  await break_in([
    `update posting set debit = debit + 1 where estate_id = ${estate_id} and seq = ${september.seq} and debit > 0`,
    `update record set body = replace(body, '5.00', '6.00') where estate_id = ${estate_id} and seq = (select max(seq) from record where estate_id = ${estate_id} and kind = 'journal_entry')`,
    `update balance set credit = credit + 3 where estate_id = ${estate_id} and account = '4101' and period = '2031-08'`,
    `update number_head set last = last + 1 where estate_id = ${estate_id} and period = '2031-08'`,
  ]);
  at('2031-11-13');
  const failed = await inspectDue(house, estate);
  for (const name of ['entries_balance', 'entries_balance_in_funds', 'entries_have_lines', 'trial_balance', 'balances_are_postings', 'numbers_gapless', 'amounts_in_log']) t.ok(failed.some((one) => one.startsWith(name)), name);
  const told = async (who: 'manager' | 'committee1' | 'supervisor' | 'street' | 'auditor' | 'resident'): Promise<number> =>
    (await superuser.query(`select count(*)::integer as n from notice where person_id = '${persons[who]}' and key like 'invariant:%'`)).rows[0].n;
  for (const who of ['manager', 'committee1', 'supervisor', 'street', 'auditor'] as const) t.equal(await told(who), failed.length, who);
  t.equal(await told('resident'), 0, 'owners see it on the page');
  t.match((await get('resident', '/e/test/invariants')).body, /2031-09 收-001/);
  t.match(invariantWarnings()[0], /the books of test fail/);
  t.equal((await get('street', '/api/v1/board')).json<{ items: { counted: { failing: number } }[] }>().items[0]!.counted.failing, failed.length);
  const records = async (kind: string): Promise<number> => (await superuser.query(`select count(*)::integer as n from record where estate_id = ${estate_id} and kind = '${kind}'`)).rows[0].n;
  t.equal(await records('invariant_failed'), failed.length);
  await inspect(house, estate);
  t.equal(await records('invariant_failed'), failed.length, 'what goes on failing is no news');
  await break_in([
    `update posting set debit = debit - 1 where estate_id = ${estate_id} and seq = ${september.seq} and debit > 0`,
    `update balance set credit = credit - 3 where estate_id = ${estate_id} and account = '4101' and period = '2031-08'`,
    `update number_head set last = last - 1 where estate_id = ${estate_id} and period = '2031-08'`,
  ]);
  const left = await inspect(house, estate);
  t.same(left.findings.map(({ invariant }) => invariant), ['amounts_in_log'], 'a record that was changed stays changed');
  t.equal(await records('invariant_held'), failed.length - 1);
});
