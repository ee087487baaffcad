// What may be asked about, what is hidden and by whom, names by consent, files of answers; the three lists. By the pages and the interface of the whole service.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { textsOf } from '../../src/evidence/personal-value.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { personNames, signIn, type PersonName } from '../helpers/house.ts';
import { receive, testBooks, type Books } from '../disclosure/books.ts';
import { fileForm, form, formType } from '../disclosure/small-app.ts';
import { pngFile } from './picture.ts';

async function open(t: Parameters<typeof testBooks>[0]) {
  const h = await testBooks(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const headers = {} as Record<PersonName, Record<string, string>>;
  const logIn = async (): Promise<void> => { for (const name of personNames) if (!['stranger', 'auditor', 'cashier'].includes(name)) headers[name] = await signIn(app, name); };
  await logIn();
  /** Days later sessions are over. */
  const later = async (moment: string): Promise<void> => { h.at(moment); await logIn(); };
  const send = (as: PersonName, method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) =>
    app.inject({ method, url: `/api/v1/estates/test/${path}`, headers: headers[as], ...(payload === undefined ? {} : { payload }) });
  const page = async (as: PersonName, path: string) => (await app.inject({ url: `/e/test/${path}`, headers: { ...headers[as], accept: 'text/html' } })).body;
  const press = (as: PersonName, path: string, fields: Record<string, string>) =>
    app.inject({ method: 'POST', url: `/e/test/${path}`, headers: { ...headers[as], ...formType, accept: 'text/html' }, payload: form(fields) });
  return { h, app, headers, later, send, page, press };
}
const records = async (h: Books, like: string) => JSON.stringify((await h.superuser.query('select kind, body from record where kind like $1 order by seq', [like])).rows);

t.test('subjects: an entry, a bill of one\'s own and nobody else\'s; what is not there to be read is not there to be asked about', async (t) => {
  const { h, send, page, press } = await open(t);
  const seq = await receive(h, { date: '2031-10-20', amount: '88.00', description: '广告位' });
  const { rows: bills } = await h.superuser.query<{ bill_id: number; unit: string }>(`insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
    select $1, u.unit, 'property_fee', '2031-10', 102.00, '2031-10-31', now() from unit u where u.estate_id = $1 and u.unit in ($2, (select max(unit) from unit where estate_id = $1)) returning bill_id, unit`, [h.estate.estate_id, h.home]);
  const own = bills.find((row) => row.unit === h.home)!;
  const next = bills.find((row) => row.unit !== h.home)!;
  const asks = async (subject: string, question: string) => { const { statusCode, body } = await send('resident', 'POST', 'inquiries', { question, subject }); return { statusCode, ...JSON.parse(body) }; };
  t.match(await asks(`entry:${seq}`, '这笔是什么？'), { statusCode: 201 });
  t.match(await asks(`entry:${seq}`, '这笔是什么'), { statusCode: 409, code: 'question_repeated' }, 'a mark less is the same question');
  t.match((await send('resident', 'POST', 'inquiries', { question: '这笔是什么？' })).json(), { inquiry_id: 2 }, 'about something else it is another');
  t.match(await asks('proposal:99', '有这张单吗？'), { statusCode: 422, code: 'subject_unknown' });
  t.match(await asks('budget:2031:service:5104', '今年预算多少？'), { statusCode: 201 });
  t.match(await asks('budget:2031:nowhere:5104', '今年预算多少？'), { code: 'subject_unknown' });
  t.match(await asks('project:99', '有这个项目吗？'), { code: 'subject_unknown' });
  const { inquiry_id } = await asks(`bill:${own.bill_id}`, '面积怎么算的？') as never;
  t.match(await asks(`bill:${next.bill_id}`, '邻居的账单呢？'), { statusCode: 422, code: 'subject_unknown' }, 'a neighbour\'s bill');
  t.match(await asks('bill:999999', '没有的账单呢？'), { statusCode: 422, code: 'subject_unknown' }, 'is as one that is not there');
  t.match((await send('resident', 'GET', `inquiries/${inquiry_id}`)).json(), { about_kind: 'bill', about_id: String(own.bill_id) });
  for (const name of ['committee2', 'street'] as const) t.equal((await send(name, 'GET', `inquiries/${inquiry_id}`)).json().about_id, null, name);
  t.notMatch(await page('street', `inquiries/${inquiry_id}`), /bills\//, 'the street office reads "a bill"');
  t.match(await page('resident', `inquiries/${inquiry_id}`), new RegExp(`bills/${h.home}/${own.bill_id}`));
  t.notMatch(await records(h, 'inquiry_asked'), new RegExp(`bill:|${h.home}`), 'and so does the log');
  t.equal((await send('street', 'GET', `inquiries?subject=bill:${own.bill_id}`)).statusCode, 422, 'nor is it found by its number');
  t.match(await page('resident', 'inquiries/new?subject=budget:2031:service:5104'), /2031年预算/);
  t.equal((await press('resident', 'inquiries', { question: '写在页面上的问题', subject: 'project:1' })).statusCode, 422);
});

t.test('moderation hides words, never that something was asked; the clock goes on; who hid them does not decide; three of them and a pause', async (t) => {
  const { h, later, send, page, press } = await open(t);
  const { inquiry_id } = (await send('resident', 'POST', 'inquiries', { question: '物业都是骗子，水泵呢？' })).json();
  const one = async (as: PersonName) => (await send(as, 'GET', `inquiries/${inquiry_id}`)).json();
  const { seq } = await one('resident');
  const hide = (as: PersonName, reason = '指名骂人，与账无关') => send(as, 'POST', `inquiries/${inquiry_id}/hiding`, { seq, reason });
  t.equal((await hide('manager')).statusCode, 403, 'who is asked hides nothing');
  t.equal((await hide('resident')).statusCode, 403);
  t.match((await hide('committee1', '不行')).json(), { code: 'hiding_reason_short' });
  t.equal((await hide('committee1')).statusCode, 201);
  t.match((await hide('supervisor')).json(), { code: 'hidden_already' });
  t.match(await one('manager'), { question: null, hidden: true, state: 'waiting', erased: null });
  for (const path of [`inquiries/${inquiry_id}`, 'inquiries', 'inquiries.csv', `log/${seq}`, 'log']) t.notMatch(await page('manager', path), /骗子/, `manager: ${path}`);
  t.match(await page('manager', `inquiries/${inquiry_id}`), /隐藏[^]*指名骂人，与账无关[^]*答复期限照常计算/);
  t.notMatch(JSON.stringify((await send('manager', 'GET', 'log/search?q=骗子')).json()), new RegExp(`"seq":${seq},`), 'nor is it found by its words');
  t.notMatch(await page('committee1', `inquiries/${inquiry_id}`), /骗子/, 'who hid it reads it no more');
  t.match(await page('resident', `inquiries/${inquiry_id}`), /骗子[^]*申诉/, 'its writer does');
  await later('2031-11-06 09:00');
  t.match(await one('manager'), { state: 'late', hidden: true }, 'the clock went on');
  const decide = (as: PersonName, decision: string) => send(as, 'POST', `inquiries/${inquiry_id}/hiding/decision`, { seq, decision, reason: '语气重，没有骂到人' });
  t.match((await send('committee2', 'POST', `inquiries/${inquiry_id}/hiding/appeal`, { seq })).json(), { code: 'hiding_unknown' }, 'another does not appeal');
  t.equal((await press('resident', `inquiries/${inquiry_id}/appeal`, { seq: String(seq) })).statusCode, 303);
  t.match((await decide('committee2', 'restored')).json(), { code: 'decision_not_yours' });
  t.match(await page('supervisor', `inquiries/${inquiry_id}`), /骗子[^]*裁定/);
  t.equal((await decide('supervisor', 'restored')).statusCode, 201);
  t.match(await one('manager'), { question: '物业都是骗子，水泵呢？', hidden: false });
  t.match((await hide('committee1')).json(), { code: 'hiding_decided' }, 'and it is not hidden again');
  t.notMatch(await records(h, '%hid%'), /骗子/);
  await t.rejects(inEstate(h.db.app, h.estate.estate_id, (trx) => trx.insertInto('text_moderation').values({ estate_id: h.estate.estate_id, of_seq: seq, field: 'question', step: 'hidden', body: 'property',
    moderated_by: h.persons.manager, reason: '不想让人看到', moderated_at: h.now(), seq }).execute()), /moderation_unfit/, 'nor behind the service\'s back');

  for (const n of [1, 2, 3]) {
    const next = (await send('resident', 'POST', 'inquiries', { question: `骂人的话 ${n}` })).json().inquiry_id;
    const { seq: at } = (await send('resident', 'GET', `inquiries/${next}`)).json();
    t.equal((await send('supervisor', 'POST', `inquiries/${next}/hiding`, { seq: at, reason: '骂人的话，没有问题' })).statusCode, 201);
    if (n === 3) t.match((await send('supervisor', 'POST', `inquiries/${next}/hiding/decision`, { seq: at, decision: 'upheld', reason: '自己裁定自己' })).json(), { code: 'decision_not_yours' });
    if (n === 3) t.equal((await send('street', 'POST', `inquiries/${next}/hiding/decision`, { seq: at, decision: 'upheld', reason: '确实是骂人的话' })).statusCode, 201, 'of what supervisors hid the street office decides');
  }
  t.match((await send('resident', 'POST', 'inquiries', { question: '还能问吗？' })).json(), { code: 'asking_paused', status: 429 });
  await later('2031-11-14 00:01');
  t.equal((await send('resident', 'POST', 'inquiries', { question: '还能问吗？' })).statusCode, 201);
  const own = await inEstate(h.db.app, h.estate.estate_id, (trx) => textsOf(trx, h.estate.estate_id, [seq], 'question'));
  t.match(own.get(seq), { text: '物业都是骗子，水泵呢？' });
});

t.test('a name by consent alone, taken back at will; answers with vouchers for owners only; nobody answers themselves', async (t) => {
  const { h, app, headers, send, page, press } = await open(t);
  const { inquiry_id } = (await send('resident', 'POST', 'inquiries', { question: '水泵多少钱？', show_name: true })).json();
  const name = async () => (await send('manager', 'GET', `inquiries/${inquiry_id}`)).json().name as string | null;
  t.equal(await name(), '王阿姨');
  t.notMatch(await records(h, '%'), /王阿姨/);
  t.equal((await press('committee2', `inquiries/${inquiry_id}/name`, { shown: 'no' })).statusCode, 404, 'only one\'s own');
  t.equal((await press('resident', `inquiries/${inquiry_id}/name`, { shown: 'no' })).statusCode, 303);
  t.equal(await name(), null);
  t.notMatch(await page('manager', `inquiries/${inquiry_id}`), /王阿姨/);
  const upload = async (fields: Record<string, string>, n: number) => {
    const { payload, headers: about } = fileForm(fields, { name: `发票${n}.png`, bytes: pngFile(n), type: 'image/png' });
    return app.inject({ method: 'POST', url: `/e/test/inquiries/${inquiry_id}`, headers: { ...headers.manager, ...about, accept: 'text/html' }, payload });
  };
  t.equal((await upload({ answer: '八百元，发票在此。', audience: 'owners', form_key: 'a' }, 1)).statusCode, 303);
  const { answer_list: [answer] } = (await send('resident', 'GET', `inquiries/${inquiry_id}`)).json();
  t.match(answer, { vouchers: [{ file_name: '发票1.png' }] });
  t.equal((await app.inject({ url: `/e/test/vouchers/${answer.vouchers[0].sha256}`, headers: headers.resident })).statusCode, 200, 'every owner opens it');
  const closed = await upload({ answer: '另附工资表。', audience: 'officers', form_key: 'b' }, 2);
  t.equal(closed.statusCode, 422, 'what is for officers is not shown with an answer');
  t.match(closed.body, /只供任职人员查看/);
  const own = (await send('committee1', 'POST', 'inquiries', { question: '主任自己问的' })).json().inquiry_id;
  t.match((await send('committee1', 'POST', `inquiries/${own}/answers`, { answer: '自己答' })).json(), { code: 'answer_own_question' });
  t.equal((await send('committee2', 'POST', `inquiries/${own}/answers`, { answer: '业委会答复' })).statusCode, 201);
  t.match((await send('committee2', 'POST', `inquiries/${own}/ratings`, { rating: 'satisfied' })).json(), { code: 'rating_not_yours' }, 'no body rates its own answer');
  t.equal((await press('supervisor', `inquiries/${own}/rate`, { rating: 'partly', reason: '缺一张图' })).statusCode, 303);
  t.match(await page('resident', `inquiries/${own}`), /监事[^]*部分满意[^]*缺一张图/);
});

t.test('the three lists: owners ask for them, those who serve keep them, and nothing of an item is ever lost', async (t) => {
  const { h, later, send, page, press } = await open(t);
  const { inquiry_id } = (await send('resident', 'POST', 'inquiries', { question: '门口想加一个快递柜', category: 'need' })).json();
  const { items: [wish] } = (await send('resident', 'GET', 'lists?list=need')).json();
  t.match(wish, { inquiry_id, list: 'need', title: null, question: '门口想加一个快递柜', owner_body: 'property', state: 'open', due_on: '2031-11-04' });
  const first = { list: 'problem', title: '3幢门禁坏了', owner: 'property', due_on: '2031-11-10' };
  t.equal((await send('resident', 'POST', 'lists', first)).statusCode, 403);
  t.equal((await send('supervisor', 'POST', 'lists', first)).statusCode, 403);
  t.match((await send('manager', 'POST', 'lists', { ...first, due_on: '2031-10-01' })).json(), { code: 'list_due_past' });
  t.match((await send('manager', 'POST', 'lists', { ...first, title: '打 13812345678' })).json(), { code: 'text_personal' });
  t.match((await send('manager', 'POST', 'lists', { ...first, owner: 'nobody' })).json(), { code: 'list_owner_unknown' });
  const { item_id } = (await send('manager', 'POST', 'lists', first)).json();
  const change = async (fields: object, as: PersonName = 'manager') => (await send(as, 'POST', `lists/${item_id}/changes`, fields)).json();
  t.match(await change({ state: 'done' }), { code: 'list_note_done' });
  t.match(await change({ due_on: '2031-12-01' }), { code: 'list_note_later' });
  t.match(await change({ state: 'dropped' }), { code: 'list_note_dropped' });
  t.match(await change({}), { code: 'list_nothing_changed' });
  t.match(await change({ state: 'doing', note: '已联系厂家' }), { step: 2 });
  await later('2031-11-11 09:00');
  t.match((await send('resident', 'GET', 'lists?state=overdue')).json().items.map((row: { item_id: number }) => row.item_id), [item_id, wish.item_id]);
  t.match(await change({ state: 'done', note: '换了读卡器' }), { step: 3 });
  t.match(await change({ state: 'doing' }, 'committee1'), { code: 'list_note_again' });
  t.match(await change({ state: 'doing', note: '雨天又打不开' }, 'committee1'), { step: 4 });
  const { item_id: twin } = (await send('committee1', 'POST', 'lists', { ...first, title: '3幢大门打不开', due_on: '2031-11-30' })).json();
  t.match((await send('committee1', 'POST', `lists/${twin}/merge`, { into: twin, note: '同一件事' })).json(), { code: 'list_merge_itself' });
  t.equal((await press('committee1', `lists/${twin}/merge`, { into: String(item_id), note: '同一件事' })).statusCode, 303);
  t.match((await send('committee1', 'POST', `lists/${item_id}/merge`, { into: twin, note: '再并回去' })).json(), { code: 'list_merged' }, 'no circles');
  t.match((await send('committee1', 'POST', `lists/${twin}/changes`, { state: 'doing' })).json(), { code: 'list_merged' });
  t.match((await send('resident', 'GET', `lists/${twin}`)).json(), { merged_into: item_id });
  t.match((await send('resident', 'GET', `lists/${item_id}`)).json(), { merged: [twin], state: 'doing', history: [{ step: 1 }, { note: '已联系厂家' }, { note: '换了读卡器' }, { name: '陈主任', note: '雨天又打不开' }] });
  t.match(await page('resident', 'lists'), /需求清单[^]*门口想加一个快递柜[^]*问题清单[^]*3幢门禁坏了[^]*项目清单/);
  t.match(await page('resident', 'lists.csv?list=problem'), /3幢大门打不开[^]*3幢门禁坏了/);
  t.notMatch(await page('resident', 'lists.csv?list=problem'), /快递柜/);
  t.match(await page('resident', `lists/${item_id}`), /雨天又打不开[^]*陈主任/);
  t.match((await send('manager', 'POST', 'lists', { ...first, due_on: '2031-12-01', inquiry_id })).json(), { code: 'list_inquiry_listed' });
  t.notMatch(await records(h, 'list%'), /快递柜/, 'words of owners stay out of the log');
  for (const statement of ['update list_change set state = \'done\'', 'delete from list_item', 'update inquiry_rating set rating = \'satisfied\'']) await t.rejects(h.superuser.query(statement), /append_only/);
});
