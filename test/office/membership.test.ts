// Offices change by a proposal with the resolution attached, under the rule's quorum, and in no other way.
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { executeApproved } from '../../src/approval/sign.ts';
import { executors } from '../../src/executors.ts';
import { changePassword, changeSigningPassword } from '../../src/people/credential.ts';
import type { NewPerson } from '../../src/setup.ts';
import { PASSWORD, SIGNING_PASSWORD } from '../helpers/house.ts';
import { databaseSays, pdfFile } from '../payment/story.ts';
import { api, OPENED, officeHouse, type OfficeHouse } from './office-house.ts';

t.setTimeout(200_000);

async function end(h: OfficeHouse, login: string, more: Record<string, unknown> = {}, by = 'cashier') {
  return (await h.as(by)).post(`${api}/terms/${await h.term(login)}/end`, { resolution: await h.resolution(), ...more });
}
const idOf = ({ json, text }: { json: Record<string, unknown>; text: string }): number => {
  if (typeof json['proposal_id'] !== 'number') throw new Error(text);
  return json['proposal_id'];
};
const member = { body: 'committee', office: 'member' };

t.test('a new member is proposed with the resolution, signed by two bodies, and then serves', async (t) => {
  const h = await officeHouse(t);
  const person = await h.owner('sun', '孙委员');
  const asked = await h.appoint({ login: ' SUN ', ...member });
  t.equal(asked.status, 201, asked.text);
  t.match(asked.json, { class: 'normal', payable_from: OPENED, new_login: null });
  const number = idOf(asked);
  t.equal(await h.signed(number, 'manager'), 'signed');
  t.equal(await h.signed(number, 'supervisor'), 'body_not_asked');
  t.match((await (await h.as('sun')).get(`${api}/proposals/${number}`)).json, { code: 'proposal_not_public' }, 'nothing yet for the person');
  t.equal(await h.signed(number, 'committee2'), 'approved');

  const { json: shown } = await (await h.as('resident')).get(`${api}/proposals/${number}`);
  t.match(shown, { state: 'executed', title: '任命：业主委员会 · 委员', document: { change: 'appoint', person, ...member,
    resolution: { title: '2026 年第二次业主大会决议', date: OPENED } } });
  const { json: list } = await (await h.as('resident')).get(`${api}/terms`);
  t.match(list['items'].at(-1), { name: '孙委员', ...member, in_office: true, proposal_id: number });
  t.equal(await h.signed(await h.order(), 'sun'), 'signed', 'and signs');

  const { rows } = await h.superuser.query<{ kind: string; body: string }>('select kind, body from record where estate_id = $1', [h.estate.estate_id]);
  for (const { body } of rows) t.notMatch(body, /孙委员|陈主任/);
  t.match(JSON.parse(rows.find((row) => row.kind === 'term_opened' && row.body.includes('proposal'))!.body),
    { person, proposal: number, starts_on: OPENED, ends_on: '2029-11-01' });
  const { rows: told } = await h.superuser.query(`select text_zh from notice where person_id = $1 and key like 'appointed:%'`, [person]);
  t.match(told[0].text_zh, '您已任示例小区“委员”');
  t.match((await (await h.as('resident')).get('/e/test/people')).text, `第 ${number} 号签批单`);
  t.match((await (await h.as('resident')).get(`/e/test/proposals/${number}`)).text, '孙委员', 'the page says the name');
});

t.test('what cannot be is refused before anybody is asked to sign', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙委员');
  const file = await h.resolution();
  const refused = async (asked: Record<string, unknown>): Promise<string> => {
    const { json, status, text } = await h.appoint({ login: 'sun', ...member, ...asked });
    t.ok(status >= 400 && status < 500, text);
    return `${json['code']} ${json['field'] ?? ''}`.trim();
  };
  t.equal(await refused({ login: undefined }), 'appointee_missing person');
  t.equal(await refused({ term: 1 }), 'appointee_missing person', 'two are too many');
  t.equal(await refused({ login: 'nobody' }), 'appointee_unknown login');
  t.equal(await refused({ login: 'stranger' }), 'appointee_unknown login', 'whoever lives elsewhere is not found');
  t.equal(await refused({ login: undefined, term: 999 }), 'term_unknown term');
  t.equal(await refused({ by: 'committee1', login: undefined, new_person: { name: '新人', login: 'SUN' } }), 'appointee_login_taken new_person.login');
  t.equal(await refused({ by: 'committee1', login: undefined, new_person: { name: '', login: 'newone' } }), 'name_invalid name');
  t.equal(await refused({ office: 'manager' }), 'office_not_of_body office');
  t.equal(await refused({ login: 'manager' }), 'holds_other_key person_id');
  t.equal(await refused({ login: 'cashier', body: 'property', office: 'deputy' }), 'cashier_signs_nothing office');
  t.equal(await refused({ login: 'committee2' }), 'already_in_office starts_on');
  t.equal(await refused({ ends_on: '2026-11-31' }), 'term_dates_invalid ends_on');
  t.equal(await refused({ starts_on: '2026-11-05', ends_on: '2026-11-04' }), 'term_dates_invalid ends_on');
  t.equal(await refused({ starts_on: '2025-11-05', ends_on: '2026-11-01' }), 'term_over_already ends_on');
  t.equal(await refused({ ends_on: '2206-11-01' }), 'term_too_long ends_on');
  t.equal(await refused({ starts_on: '2026-11-01' }), 'term_before_resolution starts_on');
  t.equal(await refused({ resolution: undefined }), 'resolution_incomplete resolution.title');
  t.equal(await refused({ resolution: { ...file, date: '' } }), 'resolution_incomplete resolution.date');
  t.equal(await refused({ resolution: { ...file, date: '2026-11-03' } }), 'resolution_date_invalid resolution.date');
  t.equal(await refused({ resolution: { ...file, voucher: 'f'.repeat(64) } }), 'resolution_incomplete resolution.voucher');
  t.equal(await refused({ resolution: { ...file, title: '电话 13812345678' } }), 'text_personal resolution.title');
  for (const by of ['resident', 'supervisor', 'street', 'auditor']) {
    t.equal((await (await h.as(by)).post(`${api}/terms/proposals`, { login: 'sun', ...member, starts_on: OPENED, ends_on: '2029-11-01' })).json['code'],
      'not_allowed', by);
  }
  const { rows } = await h.superuser.query(`select count(*)::integer as made from proposal where estate_id = $1`, [h.estate.estate_id]);
  t.equal(rows[0].made, 0);
  const first = idOf(await h.appoint({ login: 'sun', ...member }));
  t.match((await h.appoint({ login: 'sun', ...member })).json, { code: 'membership_proposed', facts: { proposal: first } });
});

t.test('the person concerned does not sign, nor whoever proposed it', async (t) => {
  const h = await officeHouse(t);
  const own = idOf(await end(h, 'committee2', {}, 'committee1'));
  t.equal(await h.signed(own, 'committee2'), 'signer_is_concerned');
  t.equal(await h.signed(own, 'committee1'), 'signer_is_maker');
  t.match((await (await h.as('manager')).get(`/e/test/proposals/${own}`)).text, '没有别人能签', 'which the page says before anybody waits for it');
  const other = idOf(await h.appoint({ term: await h.term('committee1'), body: 'committee', office: 'member' }));
  t.equal(await h.signed(other, 'committee1'), 'signer_is_concerned');
});

t.test('somebody new gets a password once, and sees nothing until the office is theirs', async (t) => {
  const h = await officeHouse(t);
  const cashier = await h.as('cashier');
  const body = { new_person: { name: '钱经理', login: 'qian' }, body: 'property', office: 'manager', starts_on: OPENED, ends_on: '2029-11-01',
    resolution: await h.resolution() };
  const asked = await cashier.post(`${api}/terms/proposals`, body, 'once');
  t.equal(asked.headers['cache-control'], 'no-store');
  const { login, password } = asked.json['new_login'] as { login: string; password: string };
  t.match(password, /^([a-z]+-){4}\d{4}$/);
  const again = await cashier.post(`${api}/terms/proposals`, body, 'once');
  t.strictSame([again.json['proposal_id'], again.json['new_login']], [asked.json['proposal_id'], null], 'shown once');
  const { rows } = await h.superuser.query(`select count(*)::integer as found from request_key where answer::text like '%' || $1 || '%'`, [password]);
  t.equal(rows[0].found, 0, 'and kept nowhere');

  const { bySession } = await import('../api/caller.ts');
  const { buildApp } = await import('../../src/app.ts');
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const qian = await bySession(app, login, password);
  t.match((await qian.get('me')).json, { offices: [], homes: [] });
  for (const path of ['terms', 'proposals', `proposals/${idOf(asked)}`, 'journal-entries', 'delegations']) {
    t.equal((await qian.get(`${api}/${path}`)).json['code'], 'estate_unknown', path);
  }
  const [, last] = await h.sign(idOf(asked), 'manager', 'committee1');
  t.equal(last!.json['state'], 'executed', last!.text);
  const { rows: [person] } = await h.superuser.query<{ person_id: string }>(`select person_id from credential where login = 'qian'`);
  const { person_id } = person!;
  const own = { person_id, name: '钱经理' };
  await changePassword(h.house, { ...own, present: password, wanted: PASSWORD });
  await changeSigningPassword(h.house, { ...own, present: PASSWORD, wanted: SIGNING_PASSWORD });
  t.equal(await h.signed(await h.order(), 'qian'), 'signed');

  const refused = idOf(await h.appoint({ by: 'committee2', new_person: { name: '吴某', login: 'wu' }, ...member }));
  await (await h.as('manager')).post(`${api}/proposals/${refused}/sign`,
    { decision: 'reject', method: 'password', password: SIGNING_PASSWORD, reason: '决议不全' });
  t.equal((await h.appoint({ login: 'wu', ...member })).status, 201, 'proposed again by the login that exists now');
});

t.test('a signature counts if its signer was in office at that moment; leaving neither loses nor adds one', async (t) => {
  const h = await officeHouse(t);
  const before = await h.order();
  const during = await h.order();
  t.equal(await h.signed(before, 'committee2'), 'signed');
  const ended = idOf(await end(h, 'committee2'));
  const [, last] = await h.sign(ended, 'manager', 'committee1');
  t.equal(last!.json['state'], 'executed', last!.text);
  const { json: list } = await (await h.as('resident')).get(`${api}/terms`);
  t.match(list['items'].find((row: { name: string }) => row.name === '李委员'), { ends_on: '2026-11-01', in_office: false });

  t.equal(await h.signed(during, 'committee2'), 'estate_unknown', 'nothing more is signed, nor read');
  const { rows } = await h.superuser.query<{ status: string }>(`select record_signature($1, jsonb_build_object('proposal', $2::bigint,
    'document_hash', (select encode(document_hash, 'hex') from proposal where proposal_id = $2), 'person', $3::text, 'body', 'committee',
    'decision', 'approve', 'method', 'password')::text) as status`, [h.estate.estate_id, during, h.persons.committee2]);
  t.equal(rows[0]!.status, 'signer_not_in_office', 'nor would the database take it');
  t.equal(await h.signed(before, 'manager'), 'approved', 'what was signed in office counts');
  t.equal((await h.pay(before)).json['status'], 'posted');
});

t.test('an end on a later day, and one that nobody may propose any more', async (t) => {
  const h = await officeHouse(t);
  const code = async (ends_on: string) => (await end(h, 'committee2', { ends_on })).json['code'];
  t.equal(await code('2026-11-01'), 'term_end_invalid');
  t.equal(await code('2099-12-31'), 'term_end_invalid', 'as it is');
  t.equal(await code('soon'), 'term_end_invalid');
  const later = idOf(await end(h, 'committee2', { ends_on: '2026年11月10日' }));
  t.equal(await code('2026-11-12'), 'membership_proposed');
  await h.sign(later, 'manager', 'committee1');
  h.at('2026-11-10');
  t.equal(await h.signed(await h.order(), 'committee2'), 'signed', 'on the last day');
  t.match((await (await h.as('resident')).get('/e/test/people')).text, '今天到期');
  h.at('2026-11-11');
  t.equal((await end(h, 'committee2')).json['code'], 'term_over');
  t.equal((await (await h.as('cashier')).post(`${api}/terms/99/end`, {})).json['code'], 'term_unknown');
});

t.test('two proposals that cannot both be: the second is superseded, with the reason', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙两头');
  const [committee, company] = [idOf(await h.appoint({ login: 'sun', ...member })), idOf(await h.appoint({ login: 'sun', body: 'property', office: 'manager' }))];
  await h.sign(company, 'manager');
  const [, first] = await h.sign(committee, 'manager', 'committee1');
  t.equal(first!.json['state'], 'executed');
  const [second] = await h.sign(company, 'committee1');
  t.match(second!.json, { status: 'approved', state: 'superseded', detail: /两把钥匙必须分属两方/ });
  t.match(await h.state(company), { state: 'superseded', reason: /持有或曾持有业主一方的钥匙/ });
  const { rows } = await h.superuser.query(`select key_side from key_holder where person_id = (select person_id from credential where login = 'sun')`);
  t.strictSame(rows, [{ key_side: 'owners' }]);

  const ends = [idOf(await end(h, 'sun', { ends_on: '2027-01-01' }))];
  await h.sign(ends[0]!, 'manager');
  await h.superuser.query(`update term set ends_on = '2026-12-01' where person_id = (select person_id from credential where login = 'sun')`);
  const [late] = await h.sign(ends[0]!, 'committee1');
  t.match(late!.json, { state: 'superseded', detail: /在签批期间已经结束或改短/ });

  const old = idOf(await h.appoint({ login: 'sun', office: 'deputy', body: 'committee', ends_on: '2026-11-05' }));
  await h.sign(old, 'manager');
  h.at('2026-11-06');
  const [over] = await h.sign(old, 'committee1');
  t.match(over!.json, { state: 'superseded', detail: /任期到 2026-11-05 就满了/ });
  await executeApproved(h.house, h.estate, executors);
});

const official: NewPerson[] = [{
  name: '郑社区', login: 'community', password: PASSWORD, signing_password: SIGNING_PASSWORD,
  terms: [{ body: 'community', office: 'official', starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' }],
}];

t.test('a committee whose terms are over is seated anew by community and street, after the notice', async (t) => {
  const h = await officeHouse(t, { officers: official });
  await h.owner('sun', '孙主任');
  const chair = { body: 'committee', office: 'chair' };
  t.equal((await h.appoint({ login: 'sun', ...chair })).json['class'], 'normal', 'as long as the committee has signers');
  const forged = await h.superuser.query<{ proposal_id: number }>(`insert into proposal (estate_id, kind, title, made_by, class)
    values ($1, 'membership', 'x', $2, 'vacancy') returning proposal_id`, [h.estate.estate_id, h.persons.cashier]);
  t.equal(await databaseSays(inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
    const { submitProposal } = await import('../../src/approval/proposal.ts');
    await submitProposal(trx, { estate: h.estate, proposal_id: forged.rows[0]!.proposal_id, actor: h.actorOf('cashier'), title: 'x', amount: null,
      fund: null, class: 'vacancy', content: { change: 'appoint', body: 'committee', resolution: await h.resolution() } });
  })), 'vacancy_not_there', 'nor does the database take the vacancy rule');

  for (const [login, other] of [['committee1', 'committee2'], ['committee2', 'committee1']] as const) {
    await h.sign(idOf(await end(h, login, { ends_on: '2026-11-04' })), 'manager', other);
  }
  h.at('2026-11-05');
  t.strictSame((await (await h.as('resident')).get(`${api}/terms`)).json['vacancies'], [{ body: 'committee', needed: 1, have: 0 }]);
  t.match((await (await h.as('cashier')).get('/e/test/terms/appoint')).text, /业主委员会现在只有 0 人能签.*街道办事处、社区签.*公示 7 天/s);
  const asked = await h.appoint({ login: 'resident', ...chair });
  t.match(asked.json, { class: 'vacancy', payable_from: '2026-11-12' }, asked.text);
  const number = idOf(asked);
  t.equal(await h.signed(number, 'manager'), 'body_not_asked', 'the company has no say in it');
  t.equal(await h.signed(number, 'community'), 'signed');
  t.match((await (await h.as('street')).get(`/e/test/proposals/${number}`)).text, '缺位补选');
  const [last] = await h.sign(number, 'street');
  t.match(last!.json, { status: 'approved', state: 'approved', detail: /公示期满.*自动办理/ });
  await executeApproved(h.house, h.estate, executors);
  t.match(await h.state(number), { state: 'approved' }, 'the job does not hurry it');
  h.at('2026-11-12');
  await executeApproved(h.house, h.estate, executors);
  t.match(await h.state(number), { state: 'executed' });
  t.match((await (await h.as('cashier')).get(`${api}/terms`)).json['vacancies'], []);
  t.equal((await h.appoint({ login: 'sun', ...member })).json['class'], 'normal', 'from then on it is as before');
});

t.test('the forms work without script, and come back as they were filled in', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙委员');
  const cashier = await h.as('cashier');
  const fields = { person: 'owner', owner_login: 'nobody', seat: 'committee:member', starts_on: OPENED, ends_on: '2029-11-01',
    resolution_title: '业主大会决议', resolution_date: OPENED, audience: 'owners', form_key: 'k1' };
  const send = (path: string, form: Record<string, string>, file = true, login = 'cashier') => h.form(login, path, form, file ? pdfFile('one') : null);
  const wrong = await send('/e/test/terms/appoint', fields);
  t.equal(wrong.status, 404);
  t.match(wrong.text, /本小区没有登录名为“nobody”的人/);
  t.match(wrong.text, 'vouchers_kept', 'its file is kept');
  const kept = /name="vouchers_kept" value="([0-9a-f]{64})"/.exec(wrong.text)![1]!;
  const right = await send('/e/test/terms/appoint', { ...fields, owner_login: 'sun', vouchers_kept: kept }, false);
  t.match(right.headers['location'], /^\/e\/test\/proposals\/\d+\?done=submitted$/, right.text);
  t.equal((await send('/e/test/terms/appoint', { ...fields, owner_login: 'sun', vouchers_kept: kept }, false)).headers['location'],
    right.headers['location'], 'pressed twice');
  t.match((await send('/e/test/terms/appoint', { ...fields, form_key: 'k2', seat: '' })).text, '没有选任什么职');
  t.match((await send('/e/test/terms/appoint', { ...fields, form_key: 'k2', person: 'new', new_name: '钱', new_login: 'sun' }, true, 'committee1')).text, '已经有人用了');
  const fresh = { ...fields, form_key: 'k3', person: 'new', new_name: '钱委员', new_login: 'qian' };
  t.match((await send('/e/test/terms/appoint', fresh)).text, '新人的首次密码会经提出人的手', 'not by the company');
  const paper = await send('/e/test/terms/appoint', fresh, true, 'committee1');
  t.match(paper.text, /一次性密码.*qian.*([a-z]+-){4}\d{4}/s);
  t.equal(paper.headers['cache-control'], 'no-store');

  const gone = await send(`/e/test/terms/${await h.term('committee2')}/end`, { ends_on: '', resolution_title: '辞职信', resolution_date: OPENED, audience: 'officers' });
  t.match(gone.headers['location'], /proposals/, gone.text);
  t.match((await cashier.get('/e/test/terms/99/end')).status, 404);
  t.match((await cashier.get('/e/test/delegations/new')).text, '还没有候补');
  await h.seat({ login: 'sun', office: 'deputy' }, 'manager', 'committee1');
  const plain = { principal_term: String(await h.term('committee1')), deputy_term: String(await h.term('sun')), starts_on: OPENED, ends_on: '2026-11-15' };
  t.match((await send('/e/test/delegations/new', { ...plain, after_days: 'x' }, false)).text, /应在 0 到 30 之间，现在是 x/);
  t.match((await send('/e/test/delegations/new', { ...plain, deputy_term: '' }, false)).text, '委托要有两个人');
  const made = await send('/e/test/delegations/new', { ...plain, after_days: '７' }, false);
  t.match(made.headers['location'], /proposals\/\d+\?done=submitted/, made.text);
  await h.sign(Number(/proposals\/(\d+)/.exec(String(made.headers['location']))![1]), 'manager', 'committee2');
  const sun = await h.as('sun');
  t.match((await sun.get('/e/test/people')).text, 'action="/e/test/delegations/1/end"');
  t.equal((await h.form('sun', '/e/test/delegations/1/end', {}, null)).headers['location'], '/e/test/people?done=changed#delegations');
});
