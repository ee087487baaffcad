// Bank accounts, the list for the bank and mandates as people use them: forms and interface, who sees what.
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { api, officeHouse, type OfficeHouse } from '../office/office-house.ts';
import { verifyEvidence, type EvidenceBundle } from '../../src/proof/signatures.ts';
import { pdfFile } from '../payment/story.ts';

const NUMBER = '6228480402564891234';
const opening = { name_zh: '改造专户', name_en: 'Renovation account', bank_name: '中国农业银行简阳支行', account_number: NUMBER, opened_on: '2026-11-02', reason: '改造资金单独存放' };
const text = async (h: OfficeHouse, who: string, path: string, lang = 'zh'): Promise<string> => (await (await h.as(who)).get(`/e/test/bank/${path}?lang=${lang}`)).text;
const numberIn = (headers: Record<string, unknown>): number => Number(/proposals\/(\d+)/.exec(String(headers['location']))?.[1]);

t.test('an account is opened by a form, signed with its number compared, and shown; a mandate beside it', async (t) => {
  const h = await officeHouse(t);
  const refused = await h.form('cashier', '/e/test/bank/accounts/new', { ...opening, account_number: '12', form_key: 'a' }, null);
  t.equal(refused.status, 422);
  t.match(refused.text, /账号不对/);
  t.match(refused.text, /value="改造专户"/, 'what was typed stays');
  const sent = await h.form('cashier', '/e/test/bank/accounts/new', { ...opening, form_key: 'b' }, null);
  t.equal(sent.status, 303, sent.text.slice(0, 500));
  t.equal((await h.form('cashier', '/e/test/bank/accounts/new', { ...opening, form_key: 'b' }, null)).headers['location'], sent.headers['location'], 'pressed twice, proposed once');
  const proposal = numberIn(sent.headers);
  for (const [lang, words] of [['zh', ['开立新的共管账户', '尾号 1234', '核对完整账号', '100202（新开）', '改造资金单独存放']], ['en', ['Open another joint account', 'ending in 1234', 'Opening of a bank account']]] as const) {
    const page = (await (await h.as('committee1')).get(`/e/test/proposals/${proposal}?lang=${lang}`)).text;
    for (const word of words) t.ok(page.includes(word), `${lang}: ${word}`);
  }
  t.match(await text(h, 'committee1', 'accounts'), /6228 4804 0256 4891 234/, 'whoever signs compares the whole number');
  for (const path of ['accounts', '../proposals/' + proposal]) t.notMatch((await text(h, 'resident', path)).replaceAll(' ', ''), new RegExp(NUMBER), 'no owner sees it');
  await h.sign(proposal, 'manager', 'committee1', 'committee2');
  t.equal((await h.state(proposal)).state, 'executed', 'carried out by itself');
  const bundle = (await (await h.as('auditor')).get(`${api}/proposals/${proposal}/evidence.json`)).json as unknown as EvidenceBundle;
  t.match(verifyEvidence(bundle), { ok: true, complete: true }, 'the evidence stands by itself');
  t.match(await text(h, 'resident', 'accounts'), /改造专户/);
  t.notMatch(await text(h, 'resident', 'accounts'), /开立新账户|6228/);
  t.match(await text(h, 'supervisor', 'accounts'), /6228 4804/);
  t.match((await (await h.as('resident')).get(`${api}/bank-accounts`)).json['items'], [{ account: '1002' }, { account: '100202', account_last4: '1234' }]);

  const changed = await h.form('cashier', '/e/test/bank/accounts/100202/change', { name_zh: '改造专户', name_en: 'Renovation account', bank_name: '天府农商银行', reason: '银行合并', form_key: 'c' }, null);
  t.equal(changed.status, 303);
  t.match((await (await h.as('committee1')).get(`/e/test/proposals/${numberIn(changed.headers)}?lang=zh`)).text, /中国农业银行简阳支行 → 天府农商银行/);
  t.match((await h.form('cashier', '/e/test/bank/accounts/1002/close', { closed_on: '2026-11-02', reason: 'x', form_key: 'd' }, null)).text, /账上这个账户还有 900,000\.00 元/);
  t.equal((await h.form('cashier', '/e/test/bank/accounts/9999/close', { closed_on: '2026-11-02', reason: 'x', form_key: 'd' }, null)).status, 422);

  const mandate = { purpose: '账户管理费', bank_account: '1002', account: '5119', fund: 'service', cap_each: '20', cap_month: '50.00', valid_from: '2026-11-02', valid_to: '2027-10-31' };
  t.match((await h.form('cashier', '/e/test/bank/mandates/new', { ...mandate, cap_month: '1', form_key: 'e' }, null)).text, /小于每笔限额/);
  const proposed = await h.form('cashier', '/e/test/bank/mandates/new', { ...mandate, form_key: 'f' }, null);
  t.equal(proposed.status, 303, proposed.text.slice(0, 300));
  const number = numberIn(proposed.headers);
  t.match((await (await h.as('committee1')).get(`/e/test/proposals/${number}?lang=zh`)).text, /任何一方都可以单独结束这项授权/);
  await h.sign(number, 'manager', 'committee1', 'committee2');
  t.match((await (await h.as('resident')).get(`${api}/mandates`)).json['items'], [{ mandate: number, purpose: '账户管理费', cap_each: '20.00', cap_month: '50.00', state: 'in_force', taken: '0.00' }]);
  t.match(await text(h, 'resident', 'accounts'), /账户管理费/, 'every owner sees what the bank may take');
  t.notMatch(await text(h, 'resident', 'accounts'), /结束授权/);
  t.equal((await h.form('committee1', `/e/test/bank/mandates/${number}/end`, {}, null)).status, 303);
  t.match(await text(h, 'resident', 'accounts'), /2026年11月2日已结束/);
  t.equal((await (await h.as('manager')).post(`${api}/mandates/${number}/end`)).json['code'], 'mandate_ended_already');
  t.match(await text(h, 'auditor', '../log?q=%E6%8E%88%E6%9D%83'), /授权银行扣费/);
});

t.test('the list for the bank: every item by whom and when, both keys apart or an alarm, and a sheet to take along', async (t) => {
  const h = await officeHouse(t);
  const path = '/e/test/bank/accounts/1002';
  let key = 0;
  const note = (who: string, fields: Record<string, string>, file: Buffer | null = null) => h.form(who, path, { form_key: `n${key += 1}`, audience: 'officers', state: 'done', ...fields }, file);
  const terms = { cashier: await h.term('cashier'), manager: await h.term('manager'), committee1: await h.term('committee1') };
  t.equal((await (await h.as('resident')).get(path)).status, 403);
  t.match(await text(h, 'supervisor', 'accounts/1002'), /还有 18 项待办/);
  t.notMatch(await text(h, 'supervisor', 'accounts/1002'), /name="state"|\?item=/, 'who supervises reads');
  t.match(await text(h, 'cashier', 'accounts/1002?item=key_maker&x=', 'zh'), /谁保管/);
  for (const [fields, code] of [[{ item: 'nothing' }, /没有“nothing”这一项/], [{ item: 'doc_filing', state: 'perhaps' }, /请选择：待办、已办/], [{ item: 'key_maker' }, /请选择谁保管/],
    [{ item: 'key_maker', holder_term: String(terms.cashier), serial_last4: '12' }, /序列号的后四位/], [{ item: 'first_statement' }, /自动打勾/], [{ item: 'number_committee' }, /要由业主委员会一方的人登记/],
    [{ item: 'number_property' }, /还没有登记完整账号/], [{ item: 'limits', note: '电话 13800001111' }, /像手机号|手机/]] as const) {
    const answer = await note('cashier', fields);
    t.notOk([200, 303, 500].includes(answer.status), `${JSON.stringify(fields)}: ${answer.status}`);
    t.match(answer.text, code, JSON.stringify(fields));
  }
  t.equal((await note('resident', { item: 'limits' })).status, 403);
  t.equal((await note('cashier', { item: 'doc_filing', note: '街道 2026-09 备案' }, pdfFile())).status, 303);
  t.equal((await note('cashier', { item: 'key_maker', holder_term: String(terms.cashier), serial_last4: '8f21' })).status, 303);
  t.equal((await note('manager', { item: 'key_checker', holder_term: String(terms.cashier), serial_last4: '8F22' })).status, 303);
  t.match(await text(h, 'supervisor', 'accounts/1002'), /两把U盾在同一个人手里/);
  await note('manager', { item: 'key_checker', holder_term: String(terms.manager), serial_last4: '8F22' });
  t.match(await text(h, 'supervisor', 'accounts/1002'), /两把U盾都在物业公司手里/);
  t.match(await text(h, 'supervisor', 'accounts/1002', 'en'), /Both keys are with Property company/i);
  t.match(await text(h, 'supervisor', 'accounts/1002/sheet'), /class="loud"/);
  await note('committee1', { item: 'key_checker', holder_term: String(terms.committee1), serial_last4: '8F22' });
  t.match(await text(h, 'supervisor', 'accounts/1002'), /分在两方两人手里/);
  t.match(await text(h, 'supervisor', 'accounts/1002'), /陈主任（业主委员会）保管 · 序列号尾 8F22/);

  t.match((await h.form('cashier', `${path}/number`, { account_number: '62284804025648' }, null)).text, /末四位是 5648/);
  t.equal((await h.form('cashier', `${path}/number`, { account_number: '6228 4804 0256 8866' }, null)).status, 303);
  t.match(await text(h, 'auditor', 'accounts/1002'), /6228 4804 0256 8866/);
  t.equal((await note('cashier', { item: 'number_property' })).status, 303);
  t.equal((await note('committee2', { item: 'number_committee' })).status, 303);
  t.equal((await note('cashier', { item: 'query_rights', state: 'not_needed' })).status, 303);

  const { json } = await (await h.as('supervisor')).get(`${api}/bank-accounts/1002/onboarding`);
  t.equal(json['keys'], 'apart');
  t.same((json['items'] as { item: string; state: string }[]).filter((row) => row.state !== 'open').map((row) => `${row.item} ${row.state}`),
    ['doc_filing done', 'key_maker done', 'key_checker done', 'query_rights not_needed', 'number_property done', 'number_committee done']);
  const posted = await (await h.as('cashier')).post(`${api}/bank-accounts/1002/onboarding`, { item: 'limits', state: 'done', note: '单笔 5 万，日累计 20 万' });
  t.equal(posted.status, 201);
  const { rows } = await h.superuser.query(`select body from record where estate_id = $1 and kind = 'onboarding_noted' order by seq`, [h.estate.estate_id]);
  t.equal(rows.length, 9);
  t.equal(rows[1].body, `{"account":"1002","body":"property","by":"${h.persons.cashier}","holder":"${h.persons.cashier}","holder_body":"property","item":"key_maker","serial_last4":"8F21","state":"done"}`);
  t.notOk(rows.some((row) => /备案|单笔/.test(row.body)), 'remarks stay out of the log');
  const sheet = await text(h, 'cashier', 'accounts/1002/sheet');
  for (const words of ['银行开户清单', 'List for the bank', '<span class="box">✓</span>', '<span class="box"></span>', '示例小区', '尾号', '8866', '陈主任（业主委员会） · …8F22', '–']) t.ok(sheet.includes(words), words);
  t.notMatch(sheet, /6228/, 'the sheet goes through many hands: no whole number on it');

  // A statement ticks its item by itself.
  const sha256 = (await (await h.as('cashier')).upload(`${api}/vouchers`, pdfFile(), '对账单.pdf')).json['sha256'];
  await inEstate(h.house.db.app, h.estate.estate_id, (trx) => trx.selectNoFrom(({ fn, val }) => fn('take_statement', [val(h.estate.estate_id), val(JSON.stringify({
    account: '1002', closing: '900000.00', format: 'test', from: '2026-11-01', imported_by: h.persons.cashier, lines: [], opening: '900000.00', period_stated: true, repeated: 0, to: '2026-11-01', voucher: sha256 }))]).as('seq')).execute());
  t.match(await text(h, 'supervisor', 'accounts/1002'), /2026年11月1日为止的对账单/);
});
