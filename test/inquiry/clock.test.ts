// The answer clock: days of the calendar, holidays and month ends, more time once, a second round, and what happens when nobody answers, also after a pause.
import { sql } from 'kysely';
import t from 'tap';
import { ask, answerInquiry } from '../../src/inquiry/inquiry.ts';
import { escalateDue, extendAnswer, readHolidays, setClock } from '../../src/inquiry/clock.ts';
import { rateAnswer } from '../../src/inquiry/rating.ts';
import { readInquiry } from '../../src/inquiry/queries.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { businessDate } from '../../src/kernel/dates.ts';
import { testBooks, type Books } from '../disclosure/books.ts';

let asked = 0;
async function put(h: Books): Promise<number> {
  asked += 1;
  const estate = await h.db.app.selectFrom('estate').selectAll().where('estate_id', '=', h.estate.estate_id).executeTakeFirstOrThrow();
  return (await ask(h.house, { estate, actor: h.actorOf('resident'), question: `第 ${asked} 个：公共电费为什么多？` })).inquiry_id;
}
const read = async (h: Books, id: number) => (await inEstate(h.db.app, h.estate.estate_id, (trx) =>
  readInquiry(trx, h.estate.estate_id, id, { today: businessDate(h.now()), person_id: h.persons.resident })))!;
const answer = (h: Books, inquiry_id: number, text = '更换了水泵。') => answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id, answer: text });
const standing = async (h: Books, day: string) => (await h.superuser.query('select * from inquiry_standing($1, $2)', [h.estate.estate_id, day])).rows[0];
const kinds = async (h: Books) => (await h.superuser.query<{ kind: string; body: string }>("select kind, body from record where kind like 'inquiry_e%' order by seq")).rows
  .map(({ kind, body }) => ({ kind, ...JSON.parse(body) }));

t.test('last days: month ends, leap days and holidays, in Shanghai whatever the hour', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-30 23:59');
  t.equal((await read(h, await put(h))).due_on, '2031-11-06');
  h.at('2031-10-31 00:00');
  t.equal((await read(h, await put(h))).due_on, '2031-11-07', 'a minute later it is the next day');
  h.at('2032-02-22 12:00');
  t.equal((await read(h, await put(h))).due_on, '2032-02-29', 'a leap day is a day');
  await t.rejects(setClock(h.house, { estate: h.estate, actor: h.actorOf('manager'), setting: { answer_days: 30, due_on_workday: true, escalate_days: 7, holidays: [] } }), { code: 'not_allowed' },
    'whoever must answer does not set the clock');
  h.at('2032-09-24 10:00');
  const before = await put(h);
  await setClock(h.house, { estate: h.estate, actor: h.actorOf('committee1'), setting: {
    answer_days: 7, due_on_workday: true, escalate_days: 5, holidays: readHolidays('2032-10-01..2032-10-07\n2032-10-09 上班') } });
  t.equal((await read(h, before)).due_on, '2032-10-01', 'a question keeps the day it was asked under');
  t.equal((await read(h, await put(h))).due_on, '2032-10-08', 'a last day on a holiday moves behind it');
  h.at('2032-10-02 10:00');
  t.equal((await read(h, await put(h))).due_on, '2032-10-09', 'a Saturday that is worked is a working day');
  h.at('2032-10-03 10:00');
  t.equal((await read(h, await put(h))).due_on, '2032-10-11', 'a Sunday is not');
  await t.rejects(h.superuser.query(`insert into inquiry (estate_id, asked_by, asked_at, due_on, seq) select estate_id, asked_by, asked_at, due_on + 30, seq from inquiry limit 1`), /inquiry_due_differs/);
  t.throws(() => readHolidays('国庆'), { code: 'clock_holiday_unreadable' });
  t.throws(() => readHolidays('2032-10-07..2032-10-01'), { code: 'clock_holiday_unreadable' });
});

t.test('more time: once, with a reason, before the day is over, for as many days again; a second round, once', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-20 10:00');
  const estate = h.estate;
  const id = await put(h);
  const more = (name: 'manager' | 'resident' | 'supervisor', days: number, reason = '等检测报告出来') => extendAnswer(h.house, { estate, actor: h.actorOf(name), inquiry_id: id, days, reason });
  await t.rejects(more('supervisor', 3), { code: 'not_allowed' });
  await t.rejects(more('manager', 8), { code: 'extension_days' });
  await t.rejects(more('manager', 3, '忙'), { code: 'extension_reason_short', field: 'reason' });
  h.at('2031-10-28 00:01');
  await t.rejects(more('manager', 3), { code: 'extension_too_late' }, 'what is late is late');
  h.at('2031-10-27 23:59');
  t.same(await more('manager', 7), { due_on: '2031-11-03' });
  await t.rejects(more('manager', 1), { code: 'extended_already' });
  h.at('2031-11-03 20:00');
  t.match(await read(h, id), { state: 'waiting', extended: true, extension: { due_before: '2031-10-27', reason: '等检测报告出来' } });
  h.at('2031-11-05 09:00');
  t.match(await read(h, id), { state: 'late', days_late: 2 });
  await answer(h, id);
  t.match(await read(h, id), { state: 'answered', answered_late: true });
  const rate = (name: 'resident' | 'committee2' | 'manager', rating: string, reason?: string) => rateAnswer(h.house, { estate, actor: h.actorOf(name), inquiry_id: id, rating, reason });
  await t.rejects(rate('manager', 'satisfied'), { code: 'not_allowed' });
  await t.rejects(rate('resident', 'not'), { code: 'rating_reason_missing' });
  t.match(await rate('resident', 'not', '没说单价'), { reopened: true });
  await t.rejects(rate('resident', 'satisfied'), { code: 'rated_already' });
  t.match(await rate('committee2', 'not', '也没附发票'), { reopened: false }, 'the clock begins again once');
  t.match(await read(h, id), { state: 'waiting', round: 2, due_on: '2031-11-12' });
  await t.rejects(more('manager', 1), { code: 'extended_already' }, 'nor is there a second extension');
  h.at('2031-11-20 09:00');
  t.match(await read(h, id), { state: 'very_late' });
  t.same(await standing(h, '2031-11-04'), { asked: 1, waiting: 0, late: 1, very_late: 0, answered: 0, answered_late: 0, unsatisfied: 0 }, 'as it stood then');
  t.same(await standing(h, '2031-11-20'), { asked: 1, waiting: 0, late: 0, very_late: 1, answered: 0, answered_late: 1, unsatisfied: 0 });
  await answer(h, id, '单价 0.8 元，附发票。');
  t.match(await rate('resident', 'not', '还是没有说清'), { reopened: false });
  t.match(await standing(h, '2031-11-20'), { answered: 1, unsatisfied: 1 });
  h.at('2032-01-20 09:00');
  await t.rejects(rate('committee2', 'satisfied'), { code: 'rating_over' });
  const log = JSON.stringify((await h.superuser.query("select body from record where kind = 'inquiry_rated'")).rows);
  t.notMatch(log, new RegExp(`没说单价|${h.persons.resident}`), 'neither the reason nor the asker is in the log');
});

t.test('what nobody answers comes before supervisors, then the street office; forty days of standstill are made up for, once', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-20 10:00');
  const [first, second, third] = [await put(h), await put(h), await put(h)];
  h.at('2031-10-28 08:00');
  await answer(h, third);
  t.same(await escalateDue(h.house, h.estate), ['2 late']);
  t.same(await escalateDue(h.house, h.estate), [], 'told once');
  h.at('2031-11-03 23:59');
  t.same(await escalateDue(h.house, h.estate), [], 'not on the last day of the second week');
  h.at('2031-11-04 00:01');
  t.same(await escalateDue(h.house, h.estate), [`question ${first} step 1`, `question ${second} step 1`]);
  await answer(h, second);
  h.at('2031-12-14 09:00');
  const later = await put(h);
  t.same(await escalateDue(h.house, h.estate), [`question ${first} step 2`]);
  h.at('2032-01-23 09:00');
  t.same(await escalateDue(h.house, h.estate), ['1 late', `question ${later} step 1`, `question ${later} step 2`], 'forty days without a job: everything that is due, once');
  t.same(await escalateDue(h.house, h.estate), []);
  t.match(await kinds(h), [
    { kind: 'inquiry_escalated', inquiry: first, step: 1, bodies: ['supervisor'], due_on: '2031-10-27', days_late: 8 }, { inquiry: second, step: 1 },
    { inquiry: first, step: 2, bodies: ['street'], days_late: 48 }, { inquiry: later, step: 1, days_late: 33 }, { inquiry: later, step: 2 },
  ]);
  const { rows } = await h.superuser.query<{ login: string; n: number }>(`select c.login, count(*)::integer as n from notice n join credential c using (person_id) where n.key like 'inquiry:%:escalated:%' group by 1 order by 1`);
  t.same(rows, [{ login: 'street', n: 2 }, { login: 'supervisor', n: 3 }]);
  await t.rejects(inEstate(h.db.app, h.estate.estate_id, (trx) => sql`insert into inquiry_escalation select * from inquiry_escalation`.execute(trx)), /permission denied/);
  const page = await read(h, first);
  t.match(page.escalations, [{ step: 1, bodies: [{ zh: /监/ }] }, { step: 2 }]);
});
