// My home: one's own dwelling and nobody else's, corrections with an answer clock, letters that can be stopped without a login,
// and what is left of a person who leaves.
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { sql } from 'kysely';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import type { Letter } from '../../src/kernel/mail.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { tellBills } from '../../src/home/tell.ts';
import { ownData } from '../../src/people/about-me.ts';
import { leave } from '../../src/people/erasure.ts';
import { signIn, testHouse, PASSWORD } from '../helpers/house.ts';

t.teardown(closePrinter);

t.test('my home', async (t) => {
  const letters: Letter[] = [];
  const made = await testHouse(t, { first_period: '2026-01', settings: { public_url: 'https://books.example.cn' } });
  const house = { ...made.house, mail: async (letter: Letter) => { letters.push(letter); return 'sent' as const; } };
  const { estate, estate: { estate_id }, persons, superuser, home } = made;
  const app: FastifyInstance = await buildApp(house);
  t.teardown(() => app.close());
  const within = <T>(work: Parameters<typeof inEstate<T>>[2]): Promise<T> => inEstate(house.db.app, estate_id, work);
  const units = (await superuser.query('select unit, ref, area_m2 from unit where estate_id = $1 order by unit', [estate_id])).rows as { unit: string; ref: string; area_m2: string }[];
  const mine = units.find((row) => row.unit === home)!;
  const other = units.find((row) => row.unit !== home)!;
  const bill = (unit: string, period: string, amount: string, due_on: string) => within((trx) => sql`
    insert into bill (estate_id, unit, item, period, amount, due_on, made_at) values (${estate_id}, ${unit}, 'property_fee', ${period}, ${amount}, ${due_on}, now())`.execute(trx));
  await bill(mine.unit, '2026-02', '71.11', '2026-02-28');
  await bill(mine.unit, '2099-01', '72.22', '2099-01-31');
  await bill(other.unit, '2026-02', '93.93', '2026-02-28');
  const today = (await superuser.query('select estate_today($1) as day', [estate_id])).rows[0].day as string;
  const receipt = (ref: string, amount: string, key: string) => postEntries(house.db.app, estate_id, [entryBody({
    kind: 'receipt', entry_date: today, description: '物业服务费', key, made_by: persons.cashier,
    postings: [{ account: '1002', fund: 'service', debit: money(amount) }, { account: '2203', fund: 'service', credit: money(amount), unit: ref }],
  })]);
  await receipt(mine.ref, '500.00', 'h1');
  await receipt(other.ref, '4321.00', 'h2');
  const resident = await signIn(app, 'resident');
  const cashier = await signIn(app, 'cashier');
  const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers });
  const post = (url: string, headers: Record<string, string>, payload: object) => app.inject({ method: 'POST', url, headers, payload });
  const api = '/api/v1/estates/test';

  await t.test('shows what is mine, and nothing of a neighbour, in page, interface and refusals', async (t) => {
    const page = await get('/e/test/home', resident);
    t.equal(page.statusCode, 200);
    t.match(page.body, '71.11');
    t.match(page.body, '500.00');
    t.notMatch(page.body, /93\.93|4,321|4321/);
    const told = (await get(`${api}/home`, resident)).json();
    t.same([told.unit, told.advance, told.bills.length, told.receipts.length], [home, '500.00', 2, 1]);
    for (const url of [`/e/test/home?unit=${other.unit}`, `${api}/home?unit=${other.unit}`, '/e/test/home?unit=9-9-999', `${api}/home?unit=9-9-999`]) {
      const refused = await get(url, resident);
      t.equal(refused.statusCode, 404, url);
      t.notMatch(refused.body, /93\.93|4,321/);
    }
    const texts = await Promise.all([other.unit, '9-9-999'].map(async (unit) => (await get(`${api}/home?unit=${unit}`, resident)).json().detail));
    t.equal(texts[0], texts[1], 'whether there is such a dwelling is not told');
    t.equal((await get('/e/test/home', cashier)).statusCode, 403, 'who serves and does not live here has none');
  });

  await t.test('where a hundred yuan went follows from the books', async (t) => {
    await postEntries(house.db.app, estate_id, [entryBody({ kind: 'receipt', entry_date: today, description: '物业服务费', key: 'h3', made_by: persons.cashier,
      postings: [{ account: '1002', fund: 'service', debit: money('1000.00') }, { account: '4101', fund: 'service', credit: money('1000.00') }] })]);
    const { hundred } = (await get(`${api}/home`, resident)).json().year;
    t.same([hundred.received, hundred.spent, hundred.kept.of_hundred], ['1000.00', '0.00', '100.00']);
  });

  await t.test('a correction is asked for, answered, and the log knows only its number', async (t) => {
    const wrong = await post(`${api}/home/corrections`, resident, { unit: other.unit, about: 'unit', request: '面积' });
    t.equal(wrong.statusCode, 404);
    t.equal((await post(`${api}/home/corrections`, resident, { unit: home, about: 'weather', request: '面积' })).statusCode, 422);
    const asked = await post(`${api}/home/corrections`, { ...resident, 'idempotency-key': 'c1' }, { unit: home, about: 'person', request: '我的电话改成 13812345678' });
    t.equal(asked.statusCode, 201);
    const again = await post(`${api}/home/corrections`, { ...resident, 'idempotency-key': 'c1' }, { unit: home, about: 'person', request: '我的电话改成 13812345678' });
    t.same(again.json(), asked.json());
    const { request_id } = asked.json();
    const list = (await get(`${api}/corrections`, cashier)).json().items;
    t.same(list.map((row: { request_id: number; due_on: string }) => [row.request_id, row.due_on]), [[request_id, addDays(today, estate.answer_days)]]);
    t.equal((await get(`${api}/corrections`, resident)).statusCode, 403);
    t.equal((await get(`${api}/corrections`, await signIn(app, 'street'))).statusCode, 403, 'the street office needs no telephones');
    t.equal((await post(`${api}/corrections/${request_id}`, resident, { outcome: 'done', answer: '好' })).statusCode, 403);
    t.equal((await post(`${api}/corrections/${request_id}`, cashier, { outcome: 'maybe', answer: '好' })).statusCode, 422);
    t.equal((await post(`${api}/corrections/${request_id}`, cashier, { outcome: 'done', answer: '已改好' })).statusCode, 200);
    t.equal((await post(`${api}/corrections/${request_id}`, cashier, { outcome: 'refused', answer: '不行' })).statusCode, 409);
    t.match((await get('/e/test/home', resident)).body, '已改好');
    const { rows } = await superuser.query(`select body from record where estate_id = $1 and kind like 'correction%' order by seq`, [estate_id]);
    t.same(rows.map((row) => JSON.parse(row.body)), [{ about: 'person', request: request_id }, { by: persons.cashier, outcome: 'done', request: request_id }]);
    for (let at = 0; at < 5; at += 1) await post(`${api}/home/corrections`, resident, { unit: home, about: 'other', request: `第 ${at} 件` });
    t.equal((await post(`${api}/home/corrections`, resident, { unit: home, about: 'other', request: '再一件' })).statusCode, 409);
  });

  await t.test('notices reach a resident, and letters stop by their link, without a login', async (t) => {
    await superuser.query('update person_identity set email = $2 where person_id = $1', [persons.resident, 'aunt.wang@example.cn']);
    t.match((await get('/e/test/notices', resident)).body, '已答复');
    await deliverDue(house, estate);
    const [letter] = letters.filter((one) => one.to === 'aunt.wang@example.cn');
    const stop = new URL(letter!.stop!).pathname;
    t.match(letter!.text, letter!.stop!);
    t.equal((await app.inject({ url: stop })).statusCode, 200, 'looking stops nothing');
    t.equal((await app.inject({ method: 'POST', url: `${stop.slice(0, -1)}x`, payload: {} })).statusCode, 404);
    t.equal((await app.inject({ method: 'POST', url: stop, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' })).statusCode, 303);
    await superuser.query(`update notice set mailed_at = null, read_at = null where person_id = $1`, [persons.resident]);
    letters.length = 0;
    await deliverDue(house, estate);
    t.same(letters.filter((one) => one.to === 'aunt.wang@example.cn'), []);
  });

  await t.test('new bills are told once, to whoever wants to hear of them', async (t) => {
    t.equal(await tellBills(house, estate), 2, 'one for each month with something to pay');
    t.equal(await tellBills(house, estate), 0);
    t.match((await get('/e/test/notices', resident)).body, '71.11');
    await bill(mine.unit, '2026-03', '74.44', '2026-03-31');
    await app.inject({ method: 'POST', url: '/e/test/home/notices', headers: { ...resident, 'content-type': 'application/x-www-form-urlencoded' }, payload: 'bills=' });
    t.equal(await tellBills(house, estate), 0);
  });

  await t.test('a former owner sees nothing from after, a new one nothing from before', async (t) => {
    const { rows: [party] } = await superuser.query('insert into party (estate_id, person_id, entered_at) values ($1, $2, now()) returning party_id', [estate_id, persons.resident]);
    await superuser.query('insert into party_identity (estate_id, party_id, name, phone) values ($1, $2, $3, $4)', [estate_id, party.party_id, '王桂芳', '13811112222']);
    await superuser.query('insert into tenure (estate_id, unit, party_id, kind, from_date, seq) values ($1, $2, $3, $4, $5, 1)', [estate_id, home, party.party_id, 'owner', '2026-04-15']);
    const told = (await get(`${api}/home`, resident)).json();
    t.same(told.bills.map((row: { period: string }) => row.period), ['2099-01']);
    const [kept] = (await ownData(house, made.actorOf('resident'))).estates;
    t.match(JSON.stringify(kept!.register), '13811112222');
    t.notMatch(JSON.stringify(kept!.dwellings), '71.11');
    await t.rejects(within((trx) => sql`select erase_party(${estate_id}, ${party.party_id}::uuid, ${persons.cashier}::uuid, 'request')`.execute(trx)), /erasure_needs_office/);
    const erased = await within((trx) => sql<{ status: string }>`select erase_party(${estate_id}, ${party.party_id}::uuid, ${persons.manager}::uuid, 'request') as status`.execute(trx));
    t.equal(erased.rows[0]!.status, 'party_lasts', 'who owns is billed');
    await leave(house, made.actorOf('resident'), { password: PASSWORD, ground: 'left', texts: true });
    const { rows: [after] } = await superuser.query(`select (select person_id from party where estate_id = $1) as person, (select count(*)::int from correction_request where estate_id = $1) as asked,
      (select count(*)::int from notice_choice where estate_id = $1 and person_id = $2) as chosen`, [estate_id, persons.resident]);
    t.same(after, { person: null, asked: 0, chosen: 0 }, 'the register no longer knows the login');
    await superuser.query('update tenure set to_date = $2 where estate_id = $1', [estate_id, addDays(today, -1)]);
    const gone = await within((trx) => sql<{ status: string }>`select erase_party(${estate_id}, ${party.party_id}::uuid, ${persons.manager}::uuid, 'left') as status`.execute(trx));
    t.equal(gone.rows[0]!.status, 'erased');
    t.equal((await superuser.query('select count(*)::int as left from party_identity where estate_id = $1', [estate_id])).rows[0].left, 0);
  });
});
