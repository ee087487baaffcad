// Money with a purpose, from the vote to the last fen back (栖居草堂：资金归集与公示；四源资金；e管家；微创投、慈善基金): the owners resolve, four sources
// give, each pays its share of each milestone and for nobody else, and what is left goes back to where it came from. A charity names its
// giver only where they agreed; what the street pays itself stays outside the books.
import { sql } from 'kysely';
import t from 'tap';
import { castBallot, enterPaper } from '../../src/assembly/ballot.ts';
import { announceResolution, countDue, draftResolution, proposeCertificate } from '../../src/assembly/resolution.ts';
import { enterPayee } from '../../src/payment/payee.ts';
import { proposeContract, type PayeeIntake } from '../../src/project/contract.ts';
import { receiveGift } from '../../src/project/gift.ts';
import { giveOpinion, pledge } from '../../src/project/opinion.ts';
import { enterProject } from '../../src/project/project.ts';
import { enterQuote, noteOutside, reportSite } from '../../src/project/site.ts';
import { proposeAcceptance, proposeFinish, proposeOpening } from '../../src/project/step.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';
import { compareExpected } from '../helpers/expected.ts';
import { testUnits } from '../helpers/house.ts';
import { listOf } from './lists.ts';
import { openStory, refused, type Story } from './story.ts';

const units = testUnits().slice(0, 9);
const payees: PayeeIntake = async (trx, asked) => ({ ...(await enterPayee(trx, asked as never)), public_name: (asked.payee as { name: string }).name });

/** Nine dwellings: one votes online, six on paper, read by the company and by the committee; two stay away. */
async function vote(story: Story, resolution: number): Promise<void> {
  const { house, estate, actorOf, home } = story.h;
  await castBallot(house, { estate, actor: actorOf('resident'), resolution, unit: home, choice: 'for' });
  for (const [index, { unit }] of units.slice(1, 7).entries()) {
    const choice = index === 5 ? 'against' : 'for';
    const voucher = await story.paper('选票', 'officers');
    const { paper } = await enterPaper(house, { estate, actor: actorOf('cashier'), resolution, unit, voucher, choice });
    const { status } = await enterPaper(house, { estate, actor: actorOf('committee2'), resolution, paper, choice });
    if (status !== 'cast') throw new Error(status);
  }
}

const bySource = (story: Story, project: number) => listOf(story, `项目 ${project} 按来源`, sql`
  select source as "来源", target::text as "目标", pledged::text as "认筹", received::text as "到账", spent::text as "已用", returned::text as "已退", balance::text as "余额", outside::text as "账外"
  from project_money(${story.h.estate.estate_id}, ${project})`);

t.test('four sources pay for a shelter, each for itself, and the rest goes back', async (t) => {
  const story = await openStory(t, '2026-10', { units });
  const { house, estate, estate: { estate_id }, actorOf, home } = story.h;
  const cashier = actorOf('cashier');
  const as = { estate, actor: cashier };

  // Proposal and opinions.
  story.at('2026-10-01 09:00');
  const { project_id: project } = await enterProject(house, { ...as, typed: { kind: 'renovation', title: '栖居草堂：公共长廊翻修', text: '长廊漏雨多年，翻修顶棚和地面。', photos: [] } as never });
  await giveOpinion(house, { estate, actor: actorOf('resident'), project, stance: 'for', words: '早该修了，走廊下雨天没法走。' });

  // Resolution: two thirds take part, three quarters agree (民法典 §278 (6) and its special majority).
  const { resolution_id } = await draftResolution(house, { estate, actor: actorOf('committee1'), matter: 'raise_fund', title: '长廊翻修筹集资金', wording: '按每户 200 元自筹，其余由政府、单位和捐赠承担。',
    starts_on: '2026-10-17', ends_on: '2026-10-20', paper_days: '0' });
  await announceResolution(house, { estate, actor: actorOf('committee1'), resolution: resolution_id });
  story.at('2026-10-18 10:00');
  await vote(story, resolution_id);
  t.match(await refused(castBallot(house, { estate, actor: actorOf('resident'), resolution: resolution_id, unit: home, choice: 'against' })), /^ballot_cast_already/, 'once, for good');
  story.at('2026-10-21 00:10');
  await countDue(house, estate);
  const certificate = await proposeCertificate(house, { ...as, resolution: resolution_id });
  await story.signBoth(certificate);
  t.same(await story.sign('committee2', certificate), ['approved']);

  // Four sources, each with a fund of its own.
  story.at('2026-10-22 09:00');
  const open = await proposeOpening(house, { ...as, project, typed: {
    title_zh: '长廊翻修', title_en: 'A new roof', purpose: '公共长廊顶棚和地面翻修', deadline: '2026-11-30', share_rule: 'fixed', share: '200',
    targets: { government: '5000', organisation: '2000', households: '1800', donation: '1200' },
    resolution: { title: '长廊翻修筹集资金', date: '2026-10-21', voucher: await story.paper('决议') },
  } });
  await story.signBoth(open);
  t.same(await story.sign('committee2', open), ['approved']);
  await pledge(house, { estate, actor: actorOf('resident'), project, amount: '300' });
  story.at('2026-10-28 16:00');
  const give = (source: string, amount: string, more: object = {}) => receiveGift(house, { ...as, project, typed: { source, amount, entry_date: '2026-10-28', ...more } as never });
  await give('government', '5000', { donor: '示例街道办事处', is_company: true, shown: 'named' });
  await give('organisation', '2000', { donor: '某房产公司', is_company: true, shown: 'masked' });
  await give('households', '300', { unit: home });
  for (const { unit } of units.slice(1, 7)) await give('households', '200', { unit });
  await give('donation', '800', { donor: '李奶奶', shown: 'anonymous' });
  await noteOutside(house, { ...as, project, source: 'government', amount: '600', note: '街道自行支付的监理费' });

  // Quotes, contract, site, acceptance.
  story.at('2026-11-02 09:00');
  for (const [bidder, amount] of [['甲建筑公司', '7800'], ['乙建筑公司', '7500'], ['丙建筑公司', '8200']] as const) await enterQuote(house, { ...as, project, bidder, amount, vouchers: [await story.paper('报价')] });
  const contract = await proposeContract(house, { ...as, project, typed: {
    payee: { kind: 'company', name: '乙建筑公司', bank_name: '示例农商银行', account_number: '8008 1000 2026 2002' }, amount: '7500',
    milestones: [{ name: '开工', percent: '40', due_when: 'contract' }, { name: '验收', percent: '60', due_when: 'accepted' }],
    split: { government: '4500', organisation: '1500', households: '1000', donation: '500' }, vouchers: [await story.paper('合同')],
  } }, { enterPayee: payees });
  await story.signBoth(contract);
  t.same(await story.sign('committee2', contract), ['approved']);
  const { payee_id } = await story.within((trx) => trx.selectFrom('project_contract').select('payee_id').where('estate_id', '=', estate_id).where('proposal_id', '=', contract.proposal_id).executeTakeFirstOrThrow());
  const order = async (source: string, milestone: number, amount: string) => story.draft({
    payee: { payee_id }, amount, fund: `p${project}_${source}`, account: '5113', purpose: `长廊翻修第 ${milestone} 节点`, milestone, vouchers: [await story.paper()],
  } as never);
  const pay = async (parts: readonly (readonly [string, string])[], milestone: number, day: string) => {
    for (const [source, amount] of parts) {
      const item = await story.submit(await order(source, milestone, amount));
      await story.signBoth(item);
      await story.pay(item.proposal_id, day);
    }
  };
  story.at('2026-11-04 10:00');
  t.match(await refused(story.submit(await order('government', 1, '1800.01'))), /^project_milestone_exceeded/, 'no source stands in for another');
  t.match(await refused(story.submit(await order('government', 2, '100.00'))), /^project_milestone_not_due/, 'not before it is accepted');
  await pay([['government', '1800'], ['organisation', '600'], ['households', '400'], ['donation', '200']], 1, '2026-11-04');
  story.at('2026-11-20 15:00');
  await reportSite(house, { estate, actor: actorOf('committee1'), project, typed: { kind: 'progress', report: '顶棚拆除完毕，新梁到场' } });
  const { site_id } = await reportSite(house, { estate, actor: actorOf('committee1'), project, typed: { kind: 'defect', report: '东端一块瓦开裂' } });
  t.match(await refused(proposeAcceptance(house, { ...as, project, contract: contract.proposal_id, vouchers: [await story.paper('验收单')] })), /^accept_defects_open/);
  await reportSite(house, { estate, actor: actorOf('committee1'), project, typed: { kind: 'fixed', report: '已换新瓦', defect: site_id } });
  const accepted = await proposeAcceptance(house, { ...as, project, contract: contract.proposal_id, vouchers: [await story.paper('验收单')] });
  await story.signBoth(accepted);
  t.same(await story.sign('committee2', accepted), ['approved']);
  await pay([['government', '2700'], ['organisation', '900'], ['households', '600'], ['donation', '300']], 2, '2026-11-20');

  // Final report; the rest goes back by source, to the dwellings by what they paid in.
  story.at('2026-11-25 09:00');
  const finish = await proposeFinish(house, { ...as, project, report: '长廊已交付使用，结余按来源退回。' });
  await story.signBoth(finish);
  t.same(await story.sign('committee2', finish), ['approved']);
  story.at('2026-11-26 09:00');
  const back = await story.submit(await story.draft({
    kind: 'refund', payee: { kind: 'individual', name: '王阿姨', bank_name: '示例农商银行', account_number: '6217 0000 1111 2222' }, unit: home,
    amount: '100.00', fund: `p${project}_households`, account: '310203', purpose: '长廊翻修结余退回', vouchers: [await story.paper('退款清单', 'officers')],
  } as never));
  await story.signBoth(back);
  await story.pay(back.proposal_id, '2026-11-26');

  // A charity: the giver is anonymous, and the fund has its own purpose.
  const { project_id: charity } = await enterProject(house, { ...as, typed: { kind: 'charity', title: '为老送餐', text: '给独居老人送午餐。', photos: [] } as never });
  const begun = await proposeOpening(house, { ...as, project: charity, typed: { title_zh: '为老送餐', title_en: 'Meals', purpose: '独居老人午餐', deadline: '2027-06-30', share_rule: 'none', targets: { donation: '3000' } } });
  await story.signBoth(begun);
  await story.sign('committee2', begun);
  await receiveGift(house, { ...as, project: charity, typed: { source: 'donation', amount: '1000', entry_date: '2026-11-26', donor: '不愿留名', shown: 'anonymous' } });

  // What the disclosure prints of it is what the log says, source by source; the dwellings are not named.
  story.at('2026-11-30 10:00');
  const figures = await story.publish('2026-11');
  t.match(figures.projects?.map(({ project, sources }) => [project, sources.map(({ source, left, outside }) => `${source} ${left} ${outside}`)]), [
    [1, ['government 500.00 600.00', 'organisation 500.00 0.00', 'households 400.00 0.00', 'donation 300.00 0.00']], [2, ['donation 1000.00 0.00']]]);
  t.notMatch(JSON.stringify(figures), new RegExp(`${home}|李奶奶|不愿留名`), 'no dwelling, and no giver who did not agree');
  const files = await story.within(async (trx) => trx.selectFrom('disclosure').select(['period', 'version', 'pdf_zh_sha256']).where('estate_id', '=', estate_id).orderBy('period').orderBy('version').execute());
  const verdict = await verifyFiles(await Promise.all(files.map(async ({ period, version, pdf_zh_sha256 }) => ({ name: `${period}-${version}.pdf`, blob: new Blob([new Uint8Array((await house.storage.read(pdf_zh_sha256))!)]) }))), {});
  t.same([verdict.outcome, verdict.findings.filter(({ severity }) => severity === 'broken')], ['holds', []]);
  const resolution = await listOf(story, '业主大会决议', sql`select title as "决议", outcome as "结果", (certified_seq is not null) as "已签认",
    (select count(*) from ballot b where b.estate_id = r.estate_id and b.resolution_id = r.resolution_id and b.choice = 'for')::integer as "同意",
    (select count(*) from ballot b where b.estate_id = r.estate_id and b.resolution_id = r.resolution_id and b.choice = 'against')::integer as "反对",
    (select count(*) from resolution_voter v where v.estate_id = r.estate_id and v.resolution_id = r.resolution_id)::integer as "名册" from resolution r where r.estate_id = ${estate_id}`);
  const givers = await listOf(story, '出资公示（户号遮去，未同意的不署名）', sql`select g.project_id as "项目", g.source as "来源", g.amount::text as "金额", g.shown as "署名"
    from project_gift g where g.estate_id = ${estate_id} order by g.gift_id`);
  const site = await listOf(story, '现场记录', sql`select kind as "类别", report as "记录", body as "由谁" from project_site where estate_id = ${estate_id} order by site_id`);
  await compareExpected(t, 'stories/mechanisms/projects/expected.txt',
    `${resolution}\n${await bySource(story, project)}\n${await bySource(story, charity)}\n${givers}\n${site}\n${await story.ledger('2026-11')}`);
});
