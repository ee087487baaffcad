// Money of one source never pays for another: a random fundraising, random orders and random tricks against the real doors, and after each
// the books are asked source by source. Then the rest goes back, to the fen, to whom it came from.
import t from 'tap';
import fc from 'fast-check';
import { sql } from 'kysely';
import { proposeContract, sharesOf } from '../../src/project/contract.ts';
import { receiveGift } from '../../src/project/gift.ts';
import { sourceAccounts, type Source } from '../../src/project/kinds.ts';
import { safeGroups, shareOf, shownDonor } from '../../src/project/list.ts';
import { enterProject } from '../../src/project/project.ts';
import { backRows, readPlan } from '../../src/project/queries.ts';
import { reportSite } from '../../src/project/site.ts';
import { executeProject, proposeAcceptance, proposeFinish, proposeOpening, type Proposed } from '../../src/project/step.ts';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { payeeAsked } from '../../src/payment/payee.ts';
import { apportion, money, moneyText, sum } from '../../src/kernel/money.ts';
import { signAs } from '../helpers/approved.ts';
import { openStory, refused } from '../stories/story.ts';

t.test('groups, shares and names tell nobody', (t) => {
  const group = (name: string, size: number) => ({ name, rows: Array.from({ length: size }, (_one, at) => `${name}${at}`) });
  t.same(safeGroups([group('a', 12), group('b', 3)], 'rest').map((one) => [one.name, one.rows.length]), [['rest', 15]], 'one small group alone would be the difference');
  t.same(safeGroups([group('a', 12), group('b', 6), group('c', 6)], 'rest').map((one) => one.rows.length), [12, 12]);
  t.same(safeGroups([group('a', 9)], 'rest'), []);
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (sizes) => {
    const groups = safeGroups(sizes.map((size, at) => group(`g${at}`, size)), 'rest');
    const all = sizes.reduce((a, b) => a + b, 0);
    return groups.every((one) => one.rows.length >= 10) && groups.reduce((a, one) => a + one.rows.length, 0) === (all >= 10 ? all : 0);
  }));
  t.equal(shareOf({ share_rule: 'per_m2', share: '20.00' }, '85.43'), '1708.60');
  t.equal(shareOf({ share_rule: 'per_m2', share: '1.23' }, '85.55'), '105.23', 'to the nearest fen');
  t.equal(shareOf({ share_rule: 'fixed', share: '300.00' }, '85.00'), '300.00');
  t.equal(shownDonor({ shown: 'masked', name: '王小明', is_company: false }), '王*');
  t.equal(shownDonor({ shown: 'anonymous', name: '王小明', is_company: false }), null);
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 4 }), (percents, fen) => {
    const split = fen.map((amount, at) => ({ source: (['government', 'organisation', 'households', 'donation'] as const)[at]!, amount: money((amount / 100).toFixed(2)) }));
    const rows = sharesOf(percents.map((percent) => ({ percent })), split);
    return split.every(({ source, amount }) => sum(rows.map((row) => row[source] ?? money('0.00'))).equals(amount));
  }));
  t.end();
});

t.test('money of one source never pays for another', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, estate: { estate_id }, persons, superuser }, h } = story;
  const actor = h.actorOf('cashier');
  await superuser.query(`select set_config('mingzhang.estate', $1, false)`, [String(estate_id)]);
  const sign = async (item: Proposed): Promise<number> => {
    for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
      if (await signAs(house, estate, persons[who], body, item) === 'approved') break;
    }
    return item.proposal_id;
  };
  const carry = async (item: Proposed): Promise<number> => {
    await sign(item);
    await executeProject(house, estate, item.proposal_id);
    return item.proposal_id;
  };
  story.at('2026-10-05 09:00');
  const { project_id: project } = await enterProject(house, { estate, actor, typed: { kind: 'renovation', title: '楼道灯改造', text: '更换 28 个单元的楼道灯' } });
  const typed = { title_zh: '楼道灯改造', title_en: 'Lamps', purpose: '更换楼道灯', deadline: '2026-12-31', share_rule: 'none', targets: { government: '3000', organisation: '2000', households: '1500', donation: '800' } };
  const asked = { estate, actor, project };
  t.match(await refused(receiveGift(house, { ...asked, typed: { source: 'government', amount: '5', entry_date: '2026-10-05', donor: '街道办' } })), /^project_not_open/);
  await carry(await proposeOpening(house, { ...asked, typed }));
  t.match(await refused(proposeOpening(house, { ...asked, typed })), /^project_open_already/);
  const units = (await superuser.query('select unit, ref from unit where estate_id = $1 order by unit limit 5', [estate_id])).rows as { unit: string; ref: string }[];
  const receive = (source: Source, amount: string, at = 0) => receiveGift(house, { ...asked, typed: source === 'households' ? { source, amount, entry_date: '2026-10-05', unit: units[at]!.unit }
    : { source, amount, entry_date: '2026-10-05', donor: '示例慈善基金会', is_company: true, shown: 'named' } });
  for (const [source, amount] of [['government', '3000.00'], ['organisation', '1700.00'], ['donation', '650.50']] as const) await receive(source, amount);
  for (const [at, amount] of ['333.33', '333.33', '100.01', '400.00'].entries()) await receive('households', amount, at);
  t.match(await refused(receiveGift(house, { ...asked, typed: { source: 'households', amount: '5', entry_date: '2026-10-05' } })), /^gift_unit_missing/);

  const contract = { payee: { kind: 'company', name: '川亮照明工程有限公司', bank_name: '示例农商银行', account_number: '8008100020261001' }, amount: '5000.00',
    split: { government: '2500.00', organisation: '1500.00', households: '700.00', donation: '300.00' }, vouchers: [await story.paper('合同')],
    milestones: [{ name: '进场', percent: '30', due_when: 'contract' }, { name: '安装', percent: '50', due_when: 'reached' }, { name: '验收', percent: '20', due_when: 'accepted' }] };
  t.match(await refused(proposeContract(house, { ...asked, typed: contract }, { enterPayee: payeeAsked })), /^quotes_too_few/);
  t.match(await refused(proposeContract(house, { ...asked, typed: { ...contract, few_quotes_reason: '急', split: { ...contract.split, donation: '299.00' } } }, { enterPayee: payeeAsked })), /^contract_split_differs/);
  t.match(await refused(proposeContract(house, { ...asked, typed: { ...contract, amount: '5600.00', few_quotes_reason: '急', split: { ...contract.split, donation: '900.00' } } }, { enterPayee: payeeAsked })), /^contract_beyond_target/);
  const number = await carry(await proposeContract(house, { ...asked, typed: { ...contract, few_quotes_reason: '只有两家能做' } }, { enterPayee: payeeAsked }));
  const { payee_id } = (await superuser.query('select payee_id from project_contract where proposal_id = $1', [number])).rows[0] as { payee_id: number };
  const shares = (await superuser.query('select milestone, source, amount from project_milestone_share where project_id = $1', [project])).rows as { milestone: number; source: Source; amount: string }[];
  t.equal(moneyText(sum(shares.map((row) => money(row.amount)))), '5000.00');
  await reportSite(house, { ...asked, typed: { kind: 'reached', report: '灯都装好了', milestone: 2 } });

  const paper = await story.paper('发票');
  const order = async (source: Source, milestone: number | null, amount: string, more: Record<string, unknown> = {}): Promise<string> => {
    const work = async () => {
      const id = await story.draft({ payee: { payee_id }, amount, fund: `p${project}_${source}`, account: '5113', purpose: '楼道灯改造', milestone, vouchers: [paper], ...more } as never);
      const item = await story.submit(id);
      await sign(item);
      await story.pay(id, '2026-10-05');
      return 'paid';
    };
    return work().catch((error: { code?: string }) => { if (error.code === undefined) throw error; return error.code; });
  };
  t.equal(await order('government', null, '10.00'), 'project_milestone_missing');
  t.equal(await order('government', 9, '10.00'), 'project_milestone_unknown');
  t.equal(await order('government', 3, '10.00'), 'project_milestone_not_due');
  t.equal(await order('government', 1, '10.00', { payee: { kind: 'company', name: '别家公司', bank_name: '示例农商银行', account_number: '8008100020269999' } }), 'project_payee_differs');
  t.equal(await order('government', 1, '10.00', { fund: 'service' }), 'project_milestone_unfit');
  t.equal(await order('government', null, '10.00', { account: '310201', kind: 'refund' }), 'project_not_finished');
  t.match(await refused(story.transfer(`
2026-10-05 转 挪用
    借 310203 p${project}_households       10.00
    贷 2202 p${project}_households       10.00
`)), /^project_source_moved/);

  // The model: what each source may still pay of each milestone, said once more without the database.
  const left = new Map(shares.map((row) => [`${row.milestone} ${row.source}`, money(row.amount)]));
  const paid: Record<Source, string[]> = { government: [], organisation: [], households: [], donation: [] };
  const source = fc.constantFrom<Source>('government', 'organisation', 'households', 'donation');
  await fc.assert(fc.asyncProperty(source, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 90_000 }), async (from, milestone, fen) => {
    const amount = money((fen / 100).toFixed(2));
    const most = left.get(`${milestone} ${from}`) ?? money('0.00');
    const answer = await order(from, milestone, moneyText(amount));
    const expected = milestone === 3 ? 'project_milestone_not_due' : amount.greaterThan(most) ? 'project_milestone_exceeded' : 'paid';
    if (answer !== expected) throw new Error(`${from} ${milestone} ${amount.toString()} of ${most.toString()}: ${answer} and not ${expected}`);
    if (answer === 'paid') {
      left.set(`${milestone} ${from}`, money(most.minus(amount).toFixed(2)));
      paid[from].push(moneyText(amount));
    }
    const { sources } = await story.within((trx) => readPlan(trx, estate_id, project));
    return sources.every((row) => row.spent === moneyText(sum(paid[row.source].map(money))) && row.balance === moneyText(money(money(row.received).minus(row.spent).toFixed(2))) && !money(row.balance).isNegative());
  }), { numRuns: 14, endOnFailure: true });
  t.ok(Object.values(paid).flat().length > 0, 'some were paid');

  await t.test('at the end the rest goes back to whom it came from, and not a fen more', async (t) => {
    t.match(await refused(proposeAcceptance(house, { ...asked, contract: number, vouchers: [] })), /^accept_file_missing/);
    const defect = await reportSite(house, { ...asked, typed: { kind: 'defect', report: '三单元一盏不亮' } });
    t.match(await refused(proposeAcceptance(house, { ...asked, contract: number, vouchers: [paper] })), /^accept_defects_open/);
    await reportSite(house, { ...asked, typed: { kind: 'fixed', report: '已换', defect: defect.site_id } });
    await carry(await proposeAcceptance(house, { ...asked, contract: number, vouchers: [paper] }));
    t.equal(await order('households', 3, '140.00'), 'paid', 'accepted, it is due');
    // A report whose figures changed while it was signed is void.
    const stale = await proposeFinish(house, { ...asked, report: '完工' });
    await receive('donation', '0.01');
    await sign(stale);
    t.match(await refused(executeProject(house, estate, stale.proposal_id)), /^change_not_possible/);
    await carry(await proposeFinish(house, { ...asked, report: '完工，质保两年' }));
    t.equal(await order('government', 1, '0.01'), 'project_finished');
    const { sources } = await story.within((trx) => readPlan(trx, estate_id, project));
    const rest = money(sources.find((row) => row.source === 'households')!.balance);
    const back = await story.within((trx) => backRows(trx, estate_id, project));
    const inOrder = [...back].sort((a, b) => (a.ref < b.ref ? -1 : 1));
    t.same(inOrder.map((row) => row.due), apportion(rest, inOrder.map((row) => row.paid)).map(moneyText), 'as apportion() divides it');
    const first = back.find((row) => money(row.due).greaterThan(0))!;
    const give = (amount: string, unit: string | null, from: Source = 'households') => order(from, null, amount, { account: sourceAccounts[from], kind: 'refund', unit });
    t.equal(await give(moneyText(money(money(first.due).plus('0.01').toFixed(2))), first.unit), 'project_unit_exceeded');
    t.equal(await give('0.01', null), 'project_unit_exceeded', 'whom nobody named gets nothing');
    t.equal(await give(first.due, first.unit), 'paid');
    t.equal(await give('0.01', first.unit), 'project_unit_exceeded', 'once');
    const government = sources.find((row) => row.source === 'government')!;
    t.equal(await give(moneyText(money(money(government.balance).plus('0.01').toFixed(2))), null, 'government'), 'project_rest_exceeded');
    if (money(government.balance).greaterThan(0)) t.equal(await give(government.balance, null, 'government'), 'paid');
    t.equal(await order('donation', null, '0.01', { account: '310203', kind: 'refund' }), 'order_fund_restricted');
  });

  await t.test('the guard says the same to whoever goes round the program', async (t) => {
    const fund = `p${project}_donation`;
    const row = { title: '绕开检查', amount: money('10.00'), fund };
    for (const [kind, postings, why] of [
      ['payment', [{ account: '5113', debit: '10.00', fund, payee: String(payee_id) }, { account: '1002', credit: '10.00', fund }], /project_milestone_missing/],
      ['transfer', [{ account: '310204', debit: '10.00', fund }, { account: '2202', credit: '10.00', fund }], /这样|3102/],
    ] as const) {
      await t.rejects(story.within(async (trx) => {
        const proposal_id = await draftProposal(trx, { estate_id, kind, made_by: persons.cashier, ...row });
        await submitProposal(trx, { estate, proposal_id, actor, ...row, content: { account: postings[0].account, bank_account: '1002', payee: { payee_id }, postings: [...postings] } as never });
      }), why);
    }
    await t.rejects(superuser.query(`insert into project_rest (estate_id, project_id, source, received, spent, rest) values ($1, $2, 'donation', 1, 0, 1)`, [estate_id, project]), /project_rest_pkey/);
    await t.rejects(story.within((trx) => sql`insert into project_source (estate_id, project_id, source, fund, target) values (${estate_id}, ${project}, 'donation', 'service', 1)`.execute(trx)), /permission denied/);
    await t.rejects(superuser.query('update project_milestone_share set amount = 99999 where project_id = $1', [project]), /append_only/);
  });
});
