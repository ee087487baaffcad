// Questions of owners: on record, answered in time or shown as late, never with a name.
import t from 'tap';
import { ask, answerInquiry } from '../../src/inquiry/inquiry.ts';
import { inquiryCounts, inquiryList } from '../../src/inquiry/queries.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { businessDate } from '../../src/kernel/dates.ts';
import { personNames, signIn } from '../helpers/house.ts';
import { receive, testBooks, type Books } from '../disclosure/books.ts';
import { form, formType, smallApp } from '../disclosure/small-app.ts';

const asker = (h: Books) => ({ estate: h.estate, actor: h.actorOf('resident'), about_seq: null });
const counts = (h: Books) => inEstate(h.db.app, h.estate.estate_id, (trx) => inquiryCounts(trx, h.estate.estate_id, businessDate(h.now())));

t.test('the clock: waiting up to the last day, late from the next, answered for good', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-20 23:59');
  const { inquiry_id, due_on } = await ask(h.house, { ...asker(h), question: '公共电费为什么多一倍？' });
  t.equal(due_on, '2031-10-27', 'the day in Shanghai counts');
  h.at('2031-10-27 23:59');
  t.same(await counts(h), { waiting: 1, late: 0, very_late: 0, answered: 0 });
  h.at('2031-10-28 00:01');
  t.same(await counts(h), { waiting: 0, late: 1, very_late: 0, answered: 0 });
  await answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id, answer: '更换了水泵。' });
  t.same(await counts(h), { waiting: 0, late: 0, very_late: 0, answered: 1 });
  await answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('committee2'), inquiry_id, answer: '业委会已核实。' });
  const { items } = await inEstate(h.db.app, h.estate.estate_id, (trx) => inquiryList(trx, h.estate.estate_id,
    { today: businessDate(h.now()), person_id: null, limit: 5 }));
  t.match(items, [{ state: 'answered', answered_late: true, answers: 2, mine: false }]);
  const { rows } = await h.superuser.query(`select kind, body from record where kind like 'inquiry%' order by seq`);
  t.same(rows.map((r) => r.kind), ['inquiry_asked', 'inquiry_answered', 'inquiry_answered']);
  t.notMatch(JSON.stringify(rows), /王阿姨|马经理/);
  await t.rejects(h.superuser.query('delete from answer'), /append_only/);
});

t.test('what is refused', async (t) => {
  const h = await testBooks(t);
  for (const [question, code] of [
    ['', 'text_empty'], ['？', 'question_too_short'], ['字'.repeat(501), 'text_too_long'], ['我的电话 13812345678', 'text_personal'],
  ] as const) await t.rejects(ask(h.house, { ...asker(h), question }), { code, field: 'question' });
  await t.rejects(ask(h.house, { ...asker(h), about_seq: 99999, question: '这是哪一笔？' }), { code: 'inquiry_entry_unknown' });
  await t.rejects(ask(h.house, { ...asker(h), actor: h.actorOf('cashier'), question: '可以问吗？' }), { code: 'not_allowed' });
  await t.rejects(answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id: 9, answer: '好的。' }), { code: 'inquiry_unknown' });
  const { inquiry_id } = await ask(h.house, { ...asker(h), question: '可以问吗？' });
  await t.rejects(answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('supervisor'), inquiry_id, answer: '可以。' }), { code: 'not_allowed' });
});

t.test('ten questions a day and no more, also when pressed at once; the next day again', async (t) => {
  const h = await testBooks(t);
  const all = await Promise.allSettled(Array.from({ length: 13 }, (_, n) => ask(h.house, { ...asker(h), question: `第 ${n} 个问题` })));
  t.equal(all.filter((one) => one.status === 'fulfilled').length, 10);
  t.match(all.find((one) => one.status === 'rejected'), { reason: { code: 'too_many_questions', status: 429 } });
  h.at('2031-10-29 00:01');
  await t.resolves(ask(h.house, { ...asker(h), question: '新的一天' }));
});

t.test('pages and interface: ask about an entry, answer, press five times, no names', async (t) => {
  const h = await testBooks(t);
  const seq = await receive(h, { date: '2031-10-20', amount: '88.00', description: '广告位' });
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const resident = { ...await signIn(app, 'resident'), ...formType, accept: 'text/html' };
  t.match((await app.inject({ url: `/e/test/inquiries/new?about=${seq}`, headers: resident })).body, /2031-10 收-001[^]*广告位/);
  const wrong = await app.inject({ method: 'POST', url: '/e/test/inquiries', headers: resident,
    payload: form({ question: '打 13812345678 问', about: String(seq) }) });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, /打 13812345678 问<\/textarea>/);
  t.match(wrong.body, new RegExp(`name="about" value="${seq}"`));
  const press = () => app.inject({ method: 'POST', url: '/e/test/inquiries', headers: resident,
    payload: form({ question: '这笔广告费是哪家的？', about: String(seq), form_key: 'one' }) });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(press));
  t.equal(new Set(answers.map((a) => `${a.statusCode} ${a.headers.location}`)).size, 1);
  t.match(answers[0], { statusCode: 303 });
  const address = String(answers[0]!.headers.location).replace(/\?.*/, '');
  const manager = { ...await signIn(app, 'manager'), ...formType, accept: 'text/html' };
  const shown = (await app.inject({ url: address, headers: manager })).body;
  t.match(shown, /业主 [0-9A-F]{4}/);
  t.notMatch(shown, /王阿姨/);
  t.equal((await app.inject({ method: 'POST', url: address, headers: resident, payload: form({ answer: '我自己答' }) })).statusCode, 403);
  t.equal((await app.inject({ method: 'POST', url: address, headers: manager, payload: form({ answer: '' }) })).statusCode, 422);
  t.equal((await app.inject({ method: 'POST', url: address, headers: manager, payload: form({ answer: '是快递柜广告。', form_key: 'q' }) })).statusCode, 303);
  const list = (await app.inject({ url: '/e/test/inquiries?state=answered', headers: resident })).body;
  t.match(list, /这笔广告费是哪家的/);
  t.match(list, /（我）/);
  const api = (await app.inject({ url: '/api/v1/estates/test/inquiries', headers: resident })).json();
  t.match(api, { items: [{ about_seq: seq, about_number: '2031-10 收-001', state: 'answered', mine: true }], next_cursor: null });
  t.notOk('asked_by' in api.items[0]);
  for (const name of personNames) {
    const headers = await signIn(app, name);
    const posted = await app.inject({ method: 'POST', url: '/api/v1/estates/test/inquiries', headers, payload: { question: `${name} 的问题` } });
    const may = ['committee1', 'committee2', 'supervisor', 'street', 'resident'].includes(name);
    t.equal(posted.statusCode, may ? 201 : name === 'stranger' ? 404 : 403, `${name} asks`);
  }
});
