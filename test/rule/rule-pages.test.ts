// The pages of the rules as people use them, without script: reading, asking who signs, writing a change and submitting
// it; and the same over the interface.
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { presets } from '../../src/approval/presets.ts';
import { executeRuleChange, proposeRuleChange } from '../../src/rule/change.ts';
import { newRuleOf, readRules } from '../../src/approval/rules.ts';
import { addDays, today } from '../../src/kernel/dates.ts';
import { formatDate } from '../../src/web/locale.ts';
import { bySession, type Caller } from '../api/caller.ts';
import { signAs } from '../helpers/approved.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { within } from '../payment/story.ts';
import { multipart } from '../payment/files.ts';

t.setTimeout(240_000);
const rules = '/e/test/rules';

async function openApp(t: Parameters<typeof testHouse>[0]): Promise<TestHouse & { app: FastifyInstance }> {
  const h = await testHouse(t, { preset: 'trust' });
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  return { ...h, app };
}

/** Sends a form as a browser does; gives where it leads, or the page it comes back with. */
async function send(app: FastifyInstance, who: string, url: string, fields: Record<string, string>) {
  const answer = await app.inject({
    method: 'POST', url, payload: new URLSearchParams(fields).toString(),
    headers: { ...await signIn(app, who), 'content-type': 'application/x-www-form-urlencoded' },
  });
  return { status: answer.statusCode, to: String(answer.headers.location ?? ''), body: answer.body };
}
const draftOf = (to: string): string => new URL(to, 'http://x').searchParams.get('draft') ?? '';
const plain = (html: string): string => html.replace(/<[^>]+>/g, ' ').replaceAll('&#39;', "'").replace(/\s+/g, ' ');

t.test('every owner reads the rules, what they were, and who signs', async (t) => {
  const { app } = await openApp(t);
  for (const who of ['resident', 'cashier', 'auditor', 'street']) {
    const caller = await bySession(app, who);
    for (const url of [rules, `${rules}/who`, `${rules}/help`, `${rules}.csv`]) t.equal((await caller.get(url)).status, 200, `${who} ${url}`);
  }
  const stranger = await bySession(app, 'stranger');
  t.equal((await stranger.get(rules)).status, 404);
  const resident = await bySession(app, 'resident');
  t.match(plain((await resident.get(`${rules}?lang=zh`)).text), /付款不满 100,000\.00 元 物业公司 1 人 \+ 业主委员会 1 人/);
  t.notMatch((await resident.get(rules)).text, /rules\/change/, 'whoever may not propose is not asked to');
  t.equal((await resident.get(`${rules}/change`)).status, 403);
  t.match((await resident.get(`${rules}.csv`)).text, /^\uFEFF编号,事项,类别,/);
  const help = await app.inject({ method: 'GET', url: '/help/rules?lang=en' });
  t.equal(help.statusCode, 200, 'the presets are explained to whoever asks');
  for (const preset of presets) t.match(help.body, `id="${preset}"`);
});

t.test('who must sign 8,000 yuan, as it is typed', async (t) => {
  const { app } = await openApp(t);
  const resident = await bySession(app, 'resident');
  const who = async (query: string) => {
    const answer = await resident.get(`${rules}/who?lang=zh&${query}`);
    return { status: answer.status, text: plain(answer.text) };
  };
  for (const amount of ['8000', '8,000', '8000元', '８，０００', '¥8000.00']) {
    const { status, text } = await who(`kind=payment&amount=${encodeURIComponent(amount)}&fund=public_income`);
    t.equal(status, 200);
    t.match(text, '从“公共收益”付款 8,000.00 元，要物业公司 1 人、业主委员会 1 人签名，先后不限。', amount);
    t.match(text, '业主委员会（要 1 人，现有 2 人）：陈主任（主任）、李委员（委员）');
    t.match(text, '物业公司正好 1 人，一个都不能缺');
  }
  t.match((await who('kind=payment&amount=100000')).text, '付款 100,000.00 元，要物业公司 1 人、业主委员会 2 人签名');
  t.match((await who('kind=payment&amount=100000')).text, '等不及时可走应急');
  t.notMatch((await who('kind=payment&amount=99999.99')).text, '等不及时可走应急', 'where it asks as many it helps nobody');
  t.match((await who('kind=rule')).text, '签批规则，要物业公司 1 人、业主委员会 2 人签名');
  t.match((await who('kind=membership&class=vacancy')).text, '社区现在只有 0 人能签');
  t.match((await who('kind=payment&class=emergency&amount=200000')).text, '没有适用的签批规则');
  t.match((await who('kind=payment')).text, '请填金额');
  t.match(await who('kind=payment&amount=many'), { status: 422, text: /金额“many”读不懂/ });
  for (const odd of ['kind=nonsense&amount=5', 'kind=payment&amount=5&fund=constructor&payee_class=x&class=y', 'amount=5&amount=6', 'kind[]=x']) {
    t.equal((await who(odd)).status, 200, odd);
  }
  t.match(plain((await resident.get(`${rules}/who?lang=en&kind=payment&amount=8000`)).text),
    "Payment of 8,000.00 has to be signed by 1 of the Property company and 1 of the Owners' committee, in any order.");
});

t.test('a change is written rule by rule, compared, and submitted, without script', async (t) => {
  const h = await openApp(t);
  const { app } = h;
  const cashier = await bySession(app, 'cashier');
  const first = await cashier.get(`${rules}/change?lang=zh`);
  t.match(plain(first.text), '还没有改动');
  const large = (await within(h, (trx) => readRules(trx, h.estate.estate_id))).find((rule) => rule.kind === 'payment' && rule.amount_from === '100000.00')!;
  const form = await cashier.get(`${rules}/change/rule?at=r${large.rule_id}`);
  t.match(form.text, 'value="100000.00"');
  const typed = { draft: '', at: `r${large.rule_id}`, step: 'put', amount_from: '５0,000 元', signers_property: '1', signers_committee: '2', notice_days: '10', expires_days: '20', needs_resolution: 'yes' };
  const wrong: [Record<string, string>, RegExp][] = [
    [{ signers_committee: '' }, /只有一方签/], [{ signers_committee: '3' }, /现在只有 2 人在任/], [{ notice_days: 'x' }, /公示天数.*x/],
    [{ amount_from: 'viel' }, /viel/], [{ signers_property: '1.5' }, /1\.5/], [{ place_committee: '1' }, /先后/], [{ place_committee: '2', place_property: '2' }, /先后/],
    [{ signers_property: '', signers_supervisor: '1', signers_committee: '' }, /只有一方签/], [{ fund: 'gold' }, /gold/],
  ];
  for (const [more, words] of wrong) {
    const again = await send(app, 'cashier', `${rules}/change/rule?lang=zh`, { ...typed, ...more });
    t.equal(again.status, 422, JSON.stringify(more));
    t.match(plain(again.body), words);
    t.match(again.body, 'value="20"', 'what was typed is still there');
  }
  const put = await send(app, 'cashier', `${rules}/change/rule`, { ...typed, place_property: '1', place_committee: '2' });
  t.equal(put.status, 303);
  const shown = plain((await cashier.get(`${put.to}&lang=zh`)).text);
  t.match(shown, '付款不满 50,000.00 元：物业公司 1 人 + 业主委员会 1 人', 'the band below follows');
  t.match(shown, '付款 50,000.00 元起：先物业公司 1 人，再业主委员会 2 人，公示 10 天，须业主大会决议');
  t.match(shown, '按旧规则签批：签批规则：物业公司 1 人 + 业主委员会 2 人');
  const chair = plain((await (await bySession(app, 'committee1')).get(`${put.to}&lang=zh`)).text);
  t.match(chair, '请把本页链接发给出纳', 'a chair whose signature is needed passes the link on');
  const draft = draftOf(put.to);
  const submitted = { draft, valid_from: addDays(today(h.house.clock), 1), reason: '大额先公示', form_key: 'k1' };
  const empty = await send(app, 'cashier', `${rules}/change?lang=zh`, { ...submitted, reason: '' });
  t.equal(empty.status, 422);
  t.match(plain(empty.body), '没有填写');
  t.match(plain(empty.body), '付款 50,000.00 元起', 'the draft is still there');
  t.match((await send(app, 'cashier', `${rules}/change?lang=zh`, { ...submitted, valid_from: 'morgen' })).body, 'morgen');
  const done = await send(app, 'cashier', `${rules}/change`, submitted);
  t.match(done, { status: 303, to: /\/e\/test\/proposals\/\d+\?done=submitted/ });
  t.equal((await send(app, 'cashier', `${rules}/change`, submitted)).to, done.to, 'pressed twice');
  const page = plain((await cashier.get(`${done.to}&lang=zh`)).text);
  for (const words of ['签批规则变更：付款 50,000.00 元起', '大额先公示', '付款 100,000.00 元起：物业公司 1 人 + 业主委员会 2 人', '先物业公司 1 人，再业主委员会 2 人', '按提交那天的规则办完']) {
    t.match(page, words);
  }
  t.match(plain((await cashier.get(`${rules}?lang=zh`)).text), /正在签批的修改 签批规则变更/);
  t.notMatch((await (await bySession(app, 'resident')).get(rules)).text, '正在签批的修改', 'work in progress is the officers\'');
  t.match(plain((await cashier.get(`${put.to}&lang=zh`)).text), '也在改这些规则');
});

t.test('a rule that is to come, the one it follows, and the proposal behind both are on the page', async (t) => {
  const h = await openApp(t);
  const large = (await within(h, (trx) => readRules(trx, h.estate.estate_id))).find((rule) => rule.kind === 'payment' && rule.amount_from === '100000.00')!;
  const [first, before] = [addDays(today(h.house.clock), 30), addDays(today(h.house.clock), 29)];
  const { proposal_id, document_hash } = await proposeRuleChange(h.house, {
    estate: h.estate, actor: h.actorOf('cashier'), change: { ends: [large.rule_id], rules: [{ ...newRuleOf(large), notice_days: 10 }], valid_from: first, reason: '先公示' },
  });
  for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
    await signAs(h.house, h.estate, h.persons[who], body, { proposal_id, document_hash });
  }
  await executeRuleChange(h.house, h.estate, proposal_id);
  const resident = await bySession(h.app, 'resident');
  const html = (await resident.get(`${rules}?lang=zh`)).text;
  const text = plain(html);
  t.match(text, `付款 100,000.00 元起 到${formatDate(before, 'zh')}止 物业公司 1 人 + 业主委员会 2 人`);
  t.match(text, /将来的规则 .*公示 10 天/);
  t.match(text, new RegExp(`${formatDate(first, 'zh')} .*第 ${proposal_id} 号签批单`));
  t.match(html, `href="/e/test/proposals/${proposal_id}"`);
  t.equal((await resident.get(`/e/test/proposals/${proposal_id}`)).status, 200, 'which every owner may read');
  t.match((await resident.get(`${rules}.csv`)).text, new RegExp(`${first},,第 ${proposal_id} 号签批单,`));
  t.match(plain((await resident.get(`${rules}?lang=en`)).text), `until ${formatDate(before, 'en')}`);
  const cashier = await bySession(h.app, 'cashier');
  const draft = draftOf((await send(h.app, 'cashier', `${rules}/change/preset`, { draft: '', preset: 'trust' })).to);
  t.match((await cashier.get(`${rules}/change?draft=${draft}`)).text, `value="${first}"`, 'what replaces a rule to come begins on its day');
});

t.test('rules are added, ended and replaced by a preset', async (t) => {
  const h = await openApp(t);
  const { app } = h;
  const cashier = await bySession(app, 'cashier');
  for (const subject of ['payment.normal', 'payment.emergency', 'membership.vacancy', 'close.normal', 'rule.normal']) {
    t.equal((await cashier.get(`${rules}/change/rule?new=${subject}`)).status, 200, subject);
  }
  const added = await send(app, 'cashier', `${rules}/change/rule`, {
    new: 'payment.normal', at: '', step: 'put', fund: 'public_income', amount_from: '', signers_property: '1', signers_committee: '2', passkey_only: 'yes',
  });
  const text = plain((await cashier.get(`${added.to}&lang=zh`)).text);
  t.match(text, '付款（公共收益），不论金额：物业公司 1 人 + 业主委员会 2 人，只能用通行密钥签');
  t.match(text, '只有 0 人登记了通行密钥');
  const emergency = (await within(h, (trx) => readRules(trx, h.estate.estate_id))).find((rule) => rule.class === 'emergency')!;
  const ended = await send(app, 'cashier', `${rules}/change/rule`, { draft: draftOf(added.to), at: `r${emergency.rule_id}`, step: 'drop' });
  t.match(plain((await cashier.get(`${ended.to}&lang=zh`)).text), /应急付款 现在 应急付款不满 200,000\.00 元.* 改成 （没有单独的规则）/);
  const rule = (await within(h, (trx) => readRules(trx, h.estate.estate_id))).find((one) => one.kind === 'rule')!;
  const gap = await send(app, 'cashier', `${rules}/change/rule`, { at: `r${rule.rule_id}`, step: 'drop' });
  t.match(plain((await cashier.get(`${gap.to}&lang=zh`)).text), '“签批规则”的任何金额没有规则可用', 'rules can always be changed');
  t.match(plain((await cashier.get(`${rules}/change/preset?lang=zh`)).text), '和现在的规则一样');
  const preset = await send(app, 'cashier', `${rules}/change/preset`, { draft: '', preset: 'trust_announced' });
  t.match(plain((await cashier.get(`${preset.to}&lang=zh`)).text), '付款 100,000.00 元起：物业公司 1 人 + 业主委员会 2 人，公示 10 天');
  const tiers = await send(app, 'cashier', `${rules}/change/preset`, { draft: '', preset: 'small_tiers' });
  t.match(plain((await cashier.get(`${tiers.to}&lang=zh`)).text), /还不能提交.*业主委员会 5 人签，可是现在只有 2 人在任/);
  for (const url of [`${rules}/change?draft=xyz`, `${rules}/change/rule?at=r999`, `${rules}/change/rule?new=nothing`, `${rules}/change/rule`]) {
    t.equal((await cashier.get(url)).status, 422, url);
  }
  for (const fields of [{ preset: 'none' }, { draft: 'xyz', preset: 'trust' }] as Record<string, string>[]) t.equal((await send(app, 'cashier', `${rules}/change/preset`, fields)).status, 422);
  t.equal((await send(app, 'resident', `${rules}/change/preset`, { preset: 'trust' })).status, 403);
});

t.test('the resolution is handed in with the change', async (t) => {
  const h = await openApp(t);
  const put = await send(h.app, 'cashier', `${rules}/change/preset`, { draft: '', preset: 'trust_announced' });
  const parts = (more: Record<string, string>) => Object.entries({ draft: draftOf(put.to), valid_from: today(h.house.clock), reason: '业主大会要求', audience: 'owners', form_key: 'k2', ...more })
    .map(([name, content]) => ({ name, content }));
  const headers = await signIn(h.app, 'cashier');
  const sendIt = async (more: Record<string, string>, file?: Buffer) => {
    const built = multipart([...parts(more), ...(file === undefined ? [] : [{ name: 'vouchers', file_name: '决议.pdf', content: file }])]);
    return h.app.inject({ method: 'POST', url: `${rules}/change?lang=zh`, ...built, headers: { ...built.headers as Record<string, string>, ...headers } });
  };
  const pdf = Buffer.from('%PDF-1.7\n%r\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
  const untitled = await sendIt({}, pdf);
  t.equal(untitled.statusCode, 422, 'a file without a title');
  t.match(untitled.body, '决议.pdf', 'and it is kept');
  const done = await sendIt({ resolution_title: '业主大会第 3 号决议', resolution_date: today(h.house.clock) }, pdf);
  t.equal(done.statusCode, 303);
  const cashier = await bySession(h.app, 'cashier');
  t.match(plain((await cashier.get(`${String(done.headers.location)}&lang=zh`)).text), '业主大会第 3 号决议');
});

t.test('the interface gives the rules, answers who signs, and takes a change', async (t) => {
  const h = await openApp(t);
  const cashier: Caller = await bySession(h.app, 'cashier');
  const resident = await bySession(h.app, 'resident');
  const { items } = (await resident.get('estates/test/rules')).json;
  t.equal(items.length, 15);
  t.match(items[0], { rule_id: 1, kind: 'payment', sentence_zh: '付款不满 100,000.00 元：物业公司 1 人 + 业主委员会 1 人', made_by_proposal: null });
  t.equal((await resident.get('estates/test/rules?on=1999-01-01')).json['items'].length, 0);
  t.equal((await resident.get('estates/test/rules?on=2026-02-31')).status, 422, 'a day that does not exist');
  const answer = (await resident.get('estates/test/rules/for?kind=payment&amount=8000.00&fund=public_income')).json;
  t.match(answer, {
    answer_zh: '从“公共收益”付款 8,000.00 元，要物业公司 1 人、业主委员会 1 人签名，先后不限。', reachable: true, weakest_method: 'password',
    bodies: [{ body: 'property', asked: 1, present: 1 }, { body: 'committee', asked: 1, present: 2 }],
  });
  t.equal((await resident.get('estates/test/rules/for?kind=payment&amount=x')).json['code'], 'rule_amount_unreadable');
  t.equal((await resident.get('estates/test/rules/for?kind=payment&amount=1&fund=toString')).json['code'], 'rule_fund_unknown');
  t.equal((await resident.get('estates/test/rules/for?kind=nothing')).status, 400);
  const large = (await within(h, (trx) => readRules(trx, h.estate.estate_id))).find((rule) => rule.kind === 'payment' && rule.amount_from === '100000.00')!;
  const body = { ends: [large.rule_id], rules: [{ ...newRuleOf(large), notice_days: 10 }], valid_from: today(h.house.clock), reason: '先公示' };
  const made = await cashier.post('estates/test/rules/changes', body, 'once');
  t.match(made, { status: 201, json: { title: '签批规则变更：付款 100,000.00 元起，公示 10 天' } });
  t.same((await cashier.post('estates/test/rules/changes', body, 'once')).json, made.json);
  t.equal((await resident.post('estates/test/rules/changes', body)).status, 403);
  for (const [status, more] of [[422, { rules: [] }], [422, { valid_from: '2026-13-01' }], [400, { rules: [{ ...body.rules[0], bodies: { mafia: 2 } }] }],
    [422, { rules: [{ ...body.rules[0], bodies: {} }] }], [400, { rules: [{ ...body.rules[0], amount_from: 5 }] }], [400, { ends: ['1'] }], [404, { ends: [77] }],
    [422, { resolution: { title: 'x', voucher: 'f'.repeat(64) } }]] as const) {
    t.equal((await cashier.post('estates/test/rules/changes', { ...body, ...more })).status, status, JSON.stringify(more));
  }
});
