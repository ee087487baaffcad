// Texts of persons and the log: a record commits to a text, the table beside it keeps it, the door erases it, and the
// log stays whole.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';
import { commitmentOf, saidText, textsOf } from '../../src/evidence/personal-value.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { ask } from '../../src/inquiry/inquiry.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';

const rowsOf = async (h: TestHouse, text: string, values: unknown[] = []) => (await h.superuser.query(text, values)).rows as any[];
const says = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: Error) => error.message);
const asApp = (h: TestHouse, text: string): Promise<string> =>
  says(inEstate(h.house.db.app, h.estate.estate_id, (trx) => sql.raw(text).execute(trx)));

const asked = async (h: TestHouse, question: string, by: 'resident' | 'supervisor' = 'resident'): Promise<{ inquiry_id: number; seq: number; body: any }> => {
  const { inquiry_id } = await ask(h.house, { estate: h.estate, actor: h.actorOf(by), about_seq: null, question });
  const [{ seq, body }] = await rowsOf(h, 'select r.seq, r.body from record r join inquiry i using (estate_id, seq) where i.inquiry_id = $1', [inquiry_id]);
  return { inquiry_id, seq, body: JSON.parse(body) };
};

/** Every record hashes to its leaf, and none is missing. */
async function isWhole(h: TestHouse): Promise<boolean> {
  const records = await rowsOf(h, `select seq, kind, number, body, encode(leaf_hash, 'hex') as leaf,
    to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from record where estate_id = $1 order by seq`, [h.estate.estate_id]);
  return records.every(({ seq, kind, number, body, leaf, at }, index) => {
    const bytes = ['mingzhang/record/v1', h.estate.code, seq, kind, at, number, body].join('\n');
    return seq === index + 1 && createHash('sha256').update('\0').update(bytes).digest('hex') === leaf;
  });
}

t.test('database and program spell a commitment the same way, whatever the text', async (t) => {
  const h = await testHouse(t);
  const texts = fc.sample(fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('"', '\\', '\b\f\n\r\t', '\u001f\u007f\u0080\u2028', '𠮷🚗', '</script>', '  ', '业主问：“为什么？”')), 400)
    .map((text) => text.replaceAll('\0', '').toWellFormed());
  const salt = 'ab'.repeat(32);
  const found = await rowsOf(h, `select commitment_of($1, 'question', v) as c from unnest($2::text[]) with ordinality u(v, i) order by i`, [salt, texts]);
  t.same(found.map(({ c }) => c), texts.map((text) => commitmentOf(salt, 'question', text)));
});

t.test('the log commits to a question and does not hold it', async (t) => {
  const h = await testHouse(t);
  const question = '3 栋 2 单元的灯为什么换了两次？';
  const { seq, body } = await asked(h, question);
  const [kept] = await rowsOf(h, 'select * from personal_value where seq = $1', [seq]);
  t.equal(kept.value, question);
  t.equal(body.question_commitment, commitmentOf(kept.salt, 'question', question), 'salt and text open it');
  t.same(Object.keys(body).sort(), ['about', 'due_on', 'question_commitment']);
  t.same(await rowsOf(h, 'select question from inquiry'), [{ question: null }]);
  const again = await asked(h, question, 'supervisor');
  t.not(again.body.question_commitment, body.question_commitment, 'the same text again commits to something else');
  const texts = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => textsOf(trx, h.estate.estate_id, [seq, again.seq], 'question'));
  t.same([...texts.values()], [{ text: question, erased: null }, { text: question, erased: null }]);
});

t.test('no other text than the one committed to, whoever stores it', async (t) => {
  const h = await testHouse(t);
  const estate_id = h.estate.estate_id;
  const salt = 'cd'.repeat(32);
  const seq = await inEstate(h.house.db.app, estate_id, (trx) =>
    appendRecord(trx, estate_id, 'inquiry_asked', { question_commitment: commitmentOf(salt, 'question', '真话') }));
  const insert = (field: string, value: string, mark = salt) =>
    `insert into personal_value (estate_id, seq, field, salt, value) values (${estate_id}, ${seq}, '${field}', '${mark}', '${value}')`;
  for (const statement of [insert('question', '假话'), insert('question', '真话', 'ef'.repeat(32)), insert('objection', '真话')]) {
    t.match(await asApp(h, statement), /commitment_differs/, statement);
    t.match(await says(h.superuser.query(statement)), /commitment_differs/, 'nor a superuser');
    t.match(await says(h.superuser.query(`set session_replication_role = replica; ${statement}`)), /commitment_differs/, 'nor as a replica');
    await h.superuser.query('reset session_replication_role');
  }
  t.equal(await asApp(h, insert('question', '真话')), 'done');
  for (const kind of ['inquiry_asked', 'objection_raised', 'proposal_commented']) {
    t.match(await asApp(h, `select append_record(${estate_id}, '${kind}', '{"reason":"明文","question":"明文"}')`), /record_text_by_commitment/,
      `${kind}: no text in the clear`);
  }
  t.match(await says(h.superuser.query(`insert into inquiry (estate_id, question, asked_by, asked_at, due_on, seq)
    values ($1, '明文', $2, now(), now(), $3)`, [estate_id, h.persons.resident, seq])), /inquiry_text_by_commitment/);
});

t.test('a text goes through the door only, with a record, and does not come back', async (t) => {
  const h = await testHouse(t);
  const estate_id = h.estate.estate_id;
  const { seq } = await asked(h, '一段原文');
  const [kept] = await rowsOf(h, 'select * from personal_value where seq = $1', [seq]);
  for (const statement of ['delete from personal_value', 'update personal_value set value = value', 'truncate personal_value']) {
    t.match(await asApp(h, statement), /permission denied/, `app: ${statement}`);
    t.match(await says(h.superuser.query(statement)), /erasure_needs_record|append_only/, `superuser: ${statement}`);
  }
  t.match(await asApp(h, `select append_record(${estate_id}, 'erased', '{"seq":${seq},"field":"question"}')`), /record_kind_reserved/);
  const erase = (field: string, by: string | null, ground: string) =>
    asApp(h, `select erase_value(${estate_id}, ${seq}, '${field}', ${by === null ? 'null' : `'${by}'`}, '${ground}')`);
  t.match(await erase('question', null, 'annoying'), /ground_unknown/);
  for (const nobody of ['cashier', 'supervisor', 'street', 'auditor', 'resident', 'stranger'] as const) {
    t.match(await erase('question', h.persons[nobody], 'error'), /erasure_needs_office/, nobody);
  }
  const size = (await rowsOf(h, 'select size from log_head where estate_id = $1', [estate_id]))[0].size;
  t.equal(await erase('objection', null, 'error'), 'done', 'nothing of that name: nothing happens');
  t.equal(await erase('question', h.persons.manager, 'error'), 'done');
  t.equal(await erase('question', h.persons.manager, 'error'), 'done', 'twice is once');
  const erased = await rowsOf(h, 'select seq, body from record where estate_id = $1 and seq > $2', [estate_id, size]);
  t.same(erased, [{ seq: size + 1, body: `{"body":"property","by":"${h.persons.manager}","field":"question","ground":"error","seq":${seq},"what":"value"}` }]);
  t.same(await rowsOf(h, 'select * from personal_value'), []);
  t.match(await says(h.superuser.query('insert into personal_value select $1, $2, $3, $4, $5', [estate_id, seq, 'question', kept.salt, kept.value])),
    /erased_stays/, 'not even from a backup, by hand');
  t.ok(await isWhole(h), 'every record hashes to its leaf, without a gap');
});

t.test('a text that is gone without a record is shown as such', async (t) => {
  const h = await testHouse(t);
  const estate_id = h.estate.estate_id;
  const [one, other] = [await asked(h, '第一段'), await asked(h, '第二段')];
  await asApp(h, `select erase_value(${estate_id}, ${one.seq}, 'question', null, 'request')`);
  await h.superuser.query(`alter table personal_value disable trigger guard_personal_value; delete from personal_value;
    alter table personal_value enable always trigger guard_personal_value`);
  const texts = await inEstate(h.house.db.app, estate_id, (trx) => textsOf(trx, estate_id, [one.seq, other.seq], 'question'));
  t.match(texts.get(one.seq), { text: null, erased: { ground: 'request', body: null } });
  t.same(texts.get(other.seq), { text: null, erased: null });
  t.match(saidText(texts.get(one.seq)!, 'zh'), '已按个人信息保护法删除');
  t.match(saidText(texts.get(other.seq)!, 'zh'), '没有删除记录');
});

t.test('records from before there were commitments keep their text in the body', async (t) => {
  const h = await testHouse(t);
  const estate_id = h.estate.estate_id;
  // As migrations/0001-0007 let it be written.
  const { seq } = await asked(h, '问题');
  await h.superuser.query(`alter table record disable trigger append_only; alter table record drop constraint record_text_by_commitment`);
  await h.superuser.query(`update record set body = '{"about":null,"question":"从前的问题"}' where seq = $1 and estate_id = $2`, [seq, estate_id]);
  await h.superuser.query(`alter table personal_value disable trigger guard_personal_value; delete from personal_value`);
  const texts = await inEstate(h.house.db.app, estate_id, (trx) => textsOf(trx, estate_id, [seq], 'question'));
  t.same(texts.get(seq), { text: '从前的问题', erased: null });
});
