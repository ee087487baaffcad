// What others can see and check (双密码对公账户；全面公开收支；社银合作；纪检监察和审计；多个试点一个看板): two keys under rules that change by
// signature, the bank's own file against the books, a disclosure and the corrected one beside it, files that verify without the service,
// an auditor with days and kinds who posts nothing, and a street that sees its estates side by side and touches none.
import { sql } from 'kysely';
import t from 'tap';
import type { NewRule } from '../../src/approval/kinds.ts';
import { noteItem, onboardingOf } from '../../src/bank/onboarding.ts';
import { takeStatement } from '../../src/bank/statement.ts';
import { bankFile } from '../../src/demo/bank-files.ts';
import { publishDue } from '../../src/disclosure/publish.ts';
import { proposeClose } from '../../src/ledger/close.ts';
import { postReceipts } from '../../src/ledger/journal.ts';
import { readBoard, refreshBoard } from '../../src/oversight/board.ts';
import { proposeGrant } from '../../src/oversight/grant.ts';
import { inspect } from '../../src/oversight/inspection.ts';
import { reconcileDue } from '../../src/reconciliation/reconcile.ts';
import { proposeRuleChange } from '../../src/rule/change.ts';
import { statementOptions } from '../../src/statement-options.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';
import { compareExpected } from '../helpers/expected.ts';
import { listOf, listText } from './lists.ts';
import { openStory, refused } from './story.ts';

t.test('keys, bank, disclosures, auditor and street look at the same books', async (t) => {
  const story = await openStory(t);
  const { house, estate, estate: { estate_id }, other, actorOf, home } = story.h;
  const as = { estate, actor: actorOf('cashier') };

  // Two keys, and the rule for them changes by both keys.
  story.at('2026-10-05 16:00');
  await story.receive(`
2026-10-05 收 本月物业费 1 栋
    借 1002 service                20,000.00
    贷 4101 service                20,000.00
`);
  const lamps = await story.submit(await story.draft(await story.typed('川亮照明工程有限公司', { amount: '6000.00', fund: 'service', account: '5102', purpose: '楼道灯更换' })));
  t.match(await refused(story.pay(lamps.proposal_id, '2026-10-05')), /^order_not_approved/);
  t.same(await story.sign('manager', lamps), ['signed'], 'one key opens nothing');
  t.same(await story.sign('committee1', lamps), ['approved']);
  story.at('2026-10-06 10:00');
  await story.pay(lamps.proposal_id, '2026-10-06', 'NX2026100600001');
  const ends = await story.within(async (trx) => (await trx.selectFrom('rule').select('rule_id').where('estate_id', '=', estate_id).where('kind', '=', 'payment').where('class', '=', 'normal').orderBy('rule_id').execute()).map(({ rule_id }) => rule_id));
  const rule = (amount_from: string, amount_to: string | null, committee: number): NewRule => ({ kind: 'payment', amount_from, amount_to, fund: null, expires_days: 30, bodies: { property: 1, committee } });
  const change = await proposeRuleChange(house, { ...as, change: { ends, rules: [rule('0.00', '5000.00', 1), rule('5000.00', null, 2)], valid_from: '2026-10-10', reason: '五千元起两名委员签' } });
  await story.signBoth(change);
  t.same(await story.sign('committee2', change), ['approved']);
  story.at('2026-10-12 10:00');
  const more = await story.submit(await story.draft(await story.typed('川亮照明工程有限公司', { amount: '5200.00', fund: 'service', account: '5102', purpose: '车库灯更换' })));
  t.same(await story.signBoth(more), ['signed'], 'under the new rule one of the committee is not enough');
  t.same(await story.sign('committee2', more), ['approved']);
  await story.pay(more.proposal_id, '2026-10-12', 'NX2026101200002');

  // The bank's own file: matched line by line, and one debit nobody ordered.
  story.at('2026-11-01 09:00');
  const line = (booked_on: string, amount: string, serial: string, purpose: string, name: string) =>
    ({ booked_on, booked_time: '10:00:00', amount, serial, counterparty_name: name, counterparty_account: amount.startsWith('-') && name !== '' ? '8008100020261001' : '6222000000000451', counterparty_bank: '', memo: amount.startsWith('-') ? '网银转账' : '转账存入', purpose });
  const printed = bankFile('bocom', 'csv', { account_number: '6200100010000008866', account_name: '示例小区共有基金', from: '2026-10-01', to: '2026-10-31', opening: '0.00', lines: [
    line('2026-10-05', '20000.00', 'YH001', '本月物业费 1 栋', '物业费代收'), line('2026-10-06', '-6000.00', 'NX2026100600001', '楼道灯更换', '川亮照明工程有限公司'),
    line('2026-10-12', '-5200.00', 'NX2026101200002', '车库灯更换', '川亮照明工程有限公司'), line('2026-10-20', '-300.00', 'XJ009', '', ''),
  ] });
  await takeStatement(house, { ...as, bytes: Buffer.from(printed.bytes), file_name: printed.file_name, stated: { bank_account: '1002', from: '2026-10-01', to: '2026-10-31' } }, statementOptions);
  await reconcileDue(house, estate);
  const items = (await story.within((trx) => onboardingOf(trx, estate_id, '1002'))).items;
  await noteItem(house, { ...as, account: '1002', item: items.find(({ state, by_itself }) => state === 'open' && !by_itself)!.item, state: 'done', note: '双方到柜面办理' } as never);

  // Published on its day although it is not closed; corrected beside it once it is. The old one stays.
  const first = await story.publish('2026-10');
  t.match(first.notices.map(({ kind }) => kind), ['unclosed', 'unexplained']);
  story.at('2026-11-12 09:00');
  const close = await proposeClose(house, { ...as, period: '2026-10' });
  await story.signBoth(close);
  await publishDue(house, { only: estate_id });
  await inspect(house, estate);
  const versions = await story.within(async (trx) => trx.selectFrom('disclosure').select(['version', 'pdf_zh_sha256']).where('estate_id', '=', estate_id).where('period', '=', '2026-10').orderBy('version').execute());
  t.equal(versions.length, 2);
  const files = await Promise.all(versions.map(async ({ version, pdf_zh_sha256 }) => ({ name: `2026-10-v${version}.pdf`, blob: new Blob([new Uint8Array((await house.storage.read(pdf_zh_sha256))!)]) })));
  const verdict = await verifyFiles(files, {});
  t.equal(verdict.outcome, 'holds', JSON.stringify(verdict.findings.filter(({ severity }) => severity === 'broken')));

  // An auditor for a month and two kinds; nobody who watches posts, and no estate reaches into another.
  const { proposed: grant } = await proposeGrant(house, { ...as, key: null, who: { new_person: { name: '审计员', login: 'auditor2' } }, starts_on: '2026-11-13', ends_on: '2026-12-12', from: '2026-10-01', to: '2026-10-31', kinds: ['books', 'disclosures'],
    resolution: { title: '审计委托', date: '2026-11-10', voucher: await story.paper('委托书') } });
  t.same(await story.signBoth(grant), ['approved'], 'both keys let an auditor in, for days and kinds');
  const scope = await listOf(story, '审计授权', sql`select document::jsonb ->> 'starts_on' as "起", document::jsonb ->> 'ends_on' as "止", document::jsonb -> 'scope' ->> 'from' as "账从", document::jsonb -> 'scope' ->> 'to' as "账到",
    document::jsonb -> 'scope' ->> 'kinds' as "可看", state as "状态" from proposal where estate_id = ${estate_id} and proposal_id = ${grant.proposal_id}`);
  for (const who of ['auditor', 'street', 'supervisor'] as const) t.match(await refused(postReceipts(house, { estate, actor: actorOf(who), entries: [] as never })), /^not_allowed/, who);
  t.match(await refused(postReceipts(house, { estate: other, actor: actorOf('cashier'), entries: [] as never })), /^estate_unknown/, 'no posting across estates: another estate is not even there');
  await refreshBoard(house, estate);
  const board = await readBoard(house, actorOf('street'));
  t.same(board.map(({ code }) => code), ['test'], 'a street sees its own estates and no other');

  const rules = await listOf(story, '付款规则的版本', sql`select r.rule_id as "规则", r.amount_from::text as "自", r.amount_to::text as "到", r.valid_from::text as "起", r.valid_to::text as "止",
    (select string_agg(b.body || ' ' || b.signers, ' ' order by b.body) from rule_body b where b.estate_id = r.estate_id and b.rule_id = r.rule_id) as "谁签" from rule r where r.estate_id = ${estate_id} and r.kind = 'payment' and r.class = 'normal' order by r.rule_id`);
  const bank = await listOf(story, '银行流水和账', sql`select l.booked_on::text as "日期", l.amount::text as "金额", (select string_agg(e.period || ' ' || entry_number(e.kind, e.number) || ' ' || e.description, '；') from journal_entry e
    where e.estate_id = l.estate_id and e.seq in (select n.entry_seq from bank_match m join bank_match n on n.estate_id = m.estate_id and n.match_id = m.match_id where m.estate_id = l.estate_id and m.account = l.account and m.ended_seq is null and m.position = l.position)) as "凭证"
    from bank_line l where l.estate_id = ${estate_id} order by l.position`);
  const standing = await listOf(story, '余额调节', sql`select account as "账户", covered_to::text as "对到", bank_items as "银行未达", book_items as "账面未达", open_lines as "未记账", remaining::text as "仍差" from bank_standing(${estate_id}, date '2026-10-31')`);
  const onboarding = listText('开户清单', ['事项', '状态', '说明'], items.map(({ item, state, by_itself }) => [item, state, by_itself ? '系统自己核对' : '']));
  const published = await listOf(story, '公示的各版', sql`select period as "月份", version as "版", figures::jsonb -> 'correction' ->> 'name_zh' as "更正" from disclosure where estate_id = ${estate_id} order by period, version`);
  const verified = listText('离线核对', ['结论', '文件', '损坏'], [[verdict.outcome, files.length, verdict.findings.filter(({ severity }) => severity === 'broken').length]]);
  const log = await listOf(story, '存证记录检索（签批、账、公示、银行）', sql`select kind as "类别", count(*)::integer as "条数" from record where estate_id = ${estate_id}
    and kind in ('journal_entry', 'proposal_submitted', 'proposal_signed', 'rules_changed', 'bank_statement_taken', 'disclosure_published', 'period_closed') group by kind order by kind`);
  const shown = listText('街道看板', ['小区', '逾期公示', '逾期答复', '异常支出', '金额', '弱签名‰', '不通过'], board.map(({ code, counted }) => [code, counted!.late_disclosures, counted!.late_answers, counted!.exceptions, counted!.exceptions_amount, counted!.weak_permille, counted!.failing]));
  t.ok(home);
  await compareExpected(t, 'stories/mechanisms/watched/expected.txt', `${rules}\n${bank}\n${standing}\n${onboarding}\n${published}\n${verified}\n${scope}\n${log}\n${shown}\n${await story.ledger('2026-10')}`);
});
