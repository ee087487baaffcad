// Who the sides are, and that they change (五方、六方协同和监事会；收费自管；多类型小区): the company before hands its balances over under two
// signatures; a Party branch joins; a temporary conference of residents holds the owners' key; then the company goes, the residents manage
// themselves and the supervisors hold the second key. What was signed under one form stays signed; supervisors object and cannot post.
import { sql } from 'kysely';
import t from 'tap';
import { answerObjection, object } from '../../src/approval/objection.ts';
import type { NewRule } from '../../src/approval/kinds.ts';
import { proposeBodyForm } from '../../src/founding/body-form.ts';
import { proposeOpening } from '../../src/founding/opening.ts';
import { postReceipts } from '../../src/ledger/journal.ts';
import { applyBodyForms } from '../../src/people/body-form.ts';
import { proposeRuleChange } from '../../src/rule/change.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';
import { compareExpected } from '../helpers/expected.ts';
import { listOf } from './lists.ts';
import { openStory, refused } from './story.ts';

t.test('bodies take other forms from a day on, and the second key moves to the supervisors', async (t) => {
  const story = await openStory(t);
  const { house, estate, estate: { estate_id }, actorOf, home } = story.h;
  const as = { estate, actor: actorOf('cashier') };
  const signed = async (item: Parameters<typeof story.sign>[1]): Promise<void> => {
    await story.signBoth(item!);
    const [status] = await story.sign('committee2', item!);
    t.equal(status, 'approved');
  };

  // The books begin with what the company before had; a fund that does not balance is named.
  story.at('2026-10-01 09:00');
  const rows = (more: string) => `科目\t资金\t借方\t贷方\t房号\n1002\tservice\t31,200.00\t\t\n2203\tservice\t\t1,200.00\t${home}\n3101\tservice\t\t${more}\t\n1002\tdeposit\t2,000.00\t\t\n2241\tdeposit\t\t2,000.00\t${home}\n`;
  t.match(await refused(proposeOpening(house, { ...as, table: rows('29,000.00') })), /^opening_uneven/);
  const resolution = { title: '业主大会决议第 1 号', date: '2026-09-20', voucher: await story.paper('决议') };
  await signed(await proposeOpening(house, { ...as, table: rows('30,000.00'), vouchers: [await story.paper('移交清册', 'officers')], resolution }));

  // Six parties; a temporary conference until a committee is elected.
  story.at('2026-10-02 09:00');
  await signed(await proposeBodyForm(house, { ...as, body: 'party_branch', form: 'usual', name_zh: '小区党支部', name_en: 'Party branch', from: '2026-10-02', resolution }));
  await signed(await proposeBodyForm(house, { ...as, body: 'committee', form: 'joint_conference', name_zh: '临时居民联席会议', name_en: 'Joint conference of residents', from: '2026-10-05', until: '2027-03-31', resolution }));
  story.at('2026-10-05 09:00');
  await story.within((trx) => applyBodyForms(trx, estate_id));
  const pay = async (purpose: string, amount: string, days: string, ...who: ('manager' | 'committee1' | 'supervisor')[]): Promise<void> => {
    const item = await story.submit(await story.draft(await story.typed('净源保洁服务有限公司', { amount, fund: 'service', account: '5103', purpose })));
    for (const [index, one] of who.entries()) t.match(await story.sign(one, item), [index === who.length - 1 ? 'approved' : 'signed']);
    await story.pay(item.proposal_id, days);
  };
  await pay('垃圾清运 10 月上旬', '900.00', '2026-10-05', 'manager', 'committee1');

  // Supervisors read all and object; they post nothing, and neither does the Party branch.
  const bins = await story.submit(await story.draft(await story.typed('示例五金店', { amount: '2600.00', fund: 'service', account: '5103', purpose: '垃圾桶 20 只' })));
  await story.signBoth(bins);
  const { objection_id } = await story.within((trx) => object(trx, { estate, actor: actorOf('supervisor'), proposal_id: bins.proposal_id, text: '单价高于市价，请补两家报价。' }));
  t.match(await refused(story.pay(bins.proposal_id, '2026-10-05')), /objected|waits_for_answer/);
  t.match(await refused(postReceipts(house, { estate, actor: actorOf('supervisor'), entries: [] as never })), /^not_allowed/);
  await story.within((trx) => answerObjection(trx, { estate, actor: actorOf('manager'), objection_id, text: '已补两家报价，改按 2,600 元最低价。' } as never));
  story.at('2026-10-07 09:00');
  await story.pay(bins.proposal_id, '2026-10-07');

  // The company goes: the residents manage themselves, the second key is the supervisors'.
  const ends = await story.within(async (trx) => (await trx.selectFrom('rule').select('rule_id').where('estate_id', '=', estate_id).where('kind', '=', 'payment').where('class', '=', 'normal').execute()).map(({ rule_id }) => rule_id));
  const alone: NewRule = { kind: 'payment', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { committee: 1, supervisor: 1 } };
  await signed(await proposeBodyForm(house, { ...as, body: 'property', form: 'self_service', name_zh: '居民自管服务站', name_en: 'Residents\' service', from: '2026-10-15', mode: 'self_managed', resolution }));
  await signed(await proposeRuleChange(house, { ...as, change: { ends, rules: [alone], valid_from: '2026-10-15', reason: '居民自管，监事会持第二把钥匙' } }));
  story.at('2026-10-15 09:00');
  await story.within((trx) => applyBodyForms(trx, estate_id));
  const alone_item = await story.submit(await story.draft(await story.typed('净源保洁服务有限公司', { amount: '950.00', fund: 'service', account: '5103', purpose: '垃圾清运 10 月下旬' })));
  t.match(await story.sign('manager', alone_item), [/^(?!signed|approved)/], 'the company\'s key opens nothing any more');
  t.same(await story.sign('committee1', alone_item), ['signed']);
  t.same(await story.sign('supervisor', alone_item), ['approved']);
  await story.pay(alone_item.proposal_id, '2026-10-15');

  // Each signature under the name its body had that day, in the file and for whoever checks it.
  const figures = await story.publish('2026-10');
  t.same(figures.entries.map(({ signers }) => signers.map(({ name_zh }) => name_zh.split(' · ')[0]).join(' ')),
    ['物业公司 业主委员会 业主委员会', '物业公司 临时居民联席会议', '物业公司 临时居民联席会议', '临时居民联席会议 监事会']);
  const { pdf_zh_sha256 } = await story.within((trx) => trx.selectFrom('disclosure').select('pdf_zh_sha256').where('estate_id', '=', estate_id).where('period', '=', '2026-10').executeTakeFirstOrThrow());
  const verdict = await verifyFiles([{ name: '2026-10.pdf', blob: new Blob([new Uint8Array((await house.storage.read(pdf_zh_sha256))!)]) }], {});
  t.same([verdict.outcome, verdict.findings.filter(({ severity }) => severity === 'broken')], ['holds', []]);
  const forms = await listOf(story, '各方的组织形式', sql`select body as "方", form as "形式", name_zh as "名称", from_day::text as "起", until_day::text as "暂定至", mode as "管理模式", proposal_id as "签批单"
    from body_form where estate_id = ${estate_id} order by body, from_day`);
  const now = await listOf(story, '今天', sql`select (select mode from estate where estate_id = ${estate_id}) as "管理模式", string_agg(b.name_zh, '、' order by b.body) as "各方" from body b where b.estate_id = ${estate_id}`);
  const rules = await listOf(story, '付款要谁签', sql`select rule_id as "规则", valid_from::text as "起", valid_to::text as "止", (select string_agg(b.body || chr(32) || b.signers, chr(32) order by b.body) from rule_body b where b.estate_id = r.estate_id and b.rule_id = r.rule_id) as "各方人数" from rule r where estate_id = ${estate_id} and kind = 'payment' and class = 'normal' order by rule_id`);
  const objections = await listOf(story, '监事会异议', sql`select j.proposal_id as "签批单", j.body as "谁", a.body as "答复" from objection j left join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id where j.estate_id = ${estate_id}`);
  await compareExpected(t, 'stories/mechanisms/bodies/expected.txt', `${forms}\n${now}\n${rules}\n${objections}\n${await story.ledger('2026-10')}`);
});
