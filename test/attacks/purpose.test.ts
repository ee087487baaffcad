// Ways round the purposes of money: a project that would stand still for ever, quotes that are one quote, money of the service fund that would
// go back to households, pictures by which a neighbour opens papers, years that begin with last year's orders uncounted, notices that are never sent.
import t from 'tap';
import { proposeContract } from '../../src/project/contract.ts';
import { receiveGift } from '../../src/project/gift.ts';
import { enterProject } from '../../src/project/project.ts';
import { enterQuote } from '../../src/project/site.ts';
import { executeProject, proposeFinish, proposeOpening, proposeStep, type Proposed } from '../../src/project/step.ts';
import { beginDraft, changeLines, openDraft } from '../../src/budget/draft.ts';
import { submitBudget } from '../../src/budget/budget.ts';
import { budgetChecks } from '../../src/payment/budget-check.ts';
import { readOrder } from '../../src/payment/queries.ts';
import { payeeAsked } from '../../src/payment/payee.ts';
import { answerInquiry, ask } from '../../src/inquiry/inquiry.ts';
import { escalateDue } from '../../src/inquiry/clock.ts';
import { rateAnswer } from '../../src/inquiry/rating.ts';
import { giveOpinion, moderateOpinion } from '../../src/project/opinion.ts';
import { dwellingRows, opinionsOf } from '../../src/project/queries.ts';
import { readLog } from '../../src/oversight/reading.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { readActor } from '../../src/people/queries.ts';
import { openVoucher } from '../../src/payment/voucher-file.ts';
import { ownTexts } from '../../src/people/erasure-queries.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { signAs } from '../helpers/approved.ts';
import { testHouse } from '../helpers/house.ts';
import { madeProject } from '../project/made.ts';
import { testBooks } from '../disclosure/books.ts';
import { openStory, refused, type Story } from '../stories/story.ts';

async function carried({ h: { house, estate, persons } }: Story, item: Proposed): Promise<number> {
  for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
    if (await signAs(house, estate, persons[who], body, item) === 'approved') break;
  }
  await executeProject(house, estate, item.proposal_id);
  return item.proposal_id;
}

t.test('projects', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, estate: { estate_id }, superuser }, h } = story;
  const actor = h.actorOf('cashier');
  story.at('2026-10-05 09:00');
  const { project_id: project } = await enterProject(house, { estate, actor, typed: { kind: 'renovation', title: '楼道灯', text: '更换楼道灯' } });
  const asked = { estate, actor, project };

  await t.test('a neighbour makes no paper public by calling it a picture', async (t) => {
    const paper = await story.paper('还没有签的发票');
    t.match(await refused(enterProject(house, { estate, actor: h.actorOf('resident'), typed: { kind: 'micro_grant', title: '种花', text: '在楼前种花', photos: [paper] } })), /^project_photo_unfit/);
    t.same((await superuser.query('select 1 from project_photo where sha256 = $1', [paper])).rows, []);
  });

  await t.test('a long English title opens a project, under that title', async (t) => {
    const title_en = 'Lamps '.repeat(13).trim();
    await carried(story, await proposeOpening(house, { ...asked, typed: { title_zh: '楼道灯', title_en, purpose: '更换楼道灯', deadline: '2026-12-31', share_rule: 'none', targets: { households: '1000', donation: '500' } } }));
    t.same((await superuser.query('select title_en from project_plan where project_id = $1', [project])).rows, [{ title_en }]);
  });

  const contract = { payee: { kind: 'company', name: '川亮照明工程有限公司', bank_name: '示例农商银行', account_number: '8008100020261001' }, amount: '400.00', split: { households: '400.00' },
    vouchers: [await story.paper('合同')], milestones: [{ name: '进场', percent: '50', due_when: 'contract' }, { name: '验收', percent: '50', due_when: 'accepted' }] };
  const propose = (more: object) => proposeContract(house, { ...asked, typed: { ...contract, ...more } as never }, { enterPayee: payeeAsked });

  await t.test('the same bidder three times is one quote; a milestone of nothing is none', async (t) => {
    for (const bidder of ['川亮照明工程有限公司', '川亮照明工程有限公司 ', '川亮照明 工程有限公司']) await enterQuote(house, { ...asked, bidder, amount: '400.00', vouchers: [await story.paper('报价')] });
    t.match(await refused(propose({})), /^quotes_too_few.*1/);
    t.match(await refused(propose({ amount: '0.01', split: { households: '0.01' }, few_quotes_reason: '急' })), /^contract_percent_invalid/);
    await carried(story, await propose({ few_quotes_reason: '只有一家能做' }));
  });

  await t.test('quotes of one contract are none of the next, and owners open their files', async (t) => {
    const paper = await story.paper('第二份合同的报价');
    const read = () => refused(openVoucher(house, { estate, actor: h.actorOf('resident'), sha256: paper }).then(() => 'opened'));
    t.match(await read(), /^voucher_not_found/);
    for (const bidder of ['示例照明甲公司', '示例照明乙公司']) await enterQuote(house, { ...asked, bidder, amount: '410.00', vouchers: [paper] });
    t.equal((await openVoucher(house, { estate, actor: h.actorOf('resident'), sha256: paper })).voucher.sha256, paper);
    t.match(await refused(propose({})), /^quotes_too_few.*2/, 'three bidders with the one of the first contract');
    const { rows: quotes } = await superuser.query('select distinct on (bidder) quote_id as quote, bidder, amount from project_quote where project_id = $1 and bidder !~ $2 order by bidder', [project, '\\s']);
    const { rows: [payee] } = await superuser.query('select payee_id, contractor as name from project_contract where project_id = $1', [project]);
    const forged = await proposeStep(house, asked, {}, async () => ({ title: '合同', amount: money('400.00'), content: {
      step: 'contract', payee, quotes, vouchers: contract.vouchers, milestones: [{ milestone: 3, name: '全部', due_when: 'contract', amount: '400.00', shares: { households: '400.00' } }] } }));
    t.equal(quotes.length, 3);
    t.match(await refused(carried(story, forged)), /^change_not_possible/, 'the door counts the same');
    await enterQuote(house, { ...asked, bidder: '示例照明丙公司', amount: '420.00', vouchers: [paper] });
    await carried(story, await propose({}));
    t.equal((await superuser.query('select 1 from project_contract where project_id = $1', [project])).rowCount, 2, 'three of its own are enough');
  });

  await t.test('no other fund fills a source up, so that the rest that goes back is what was given', async (t) => {
    const unit = (await superuser.query('select unit from unit where estate_id = $1 order by unit limit 1', [estate_id])).rows[0].unit as string;
    const given = { ...asked, key: 'one-press', typed: { source: 'households', amount: '300.00', entry_date: '2026-10-05', unit } };
    t.same(await receiveGift(house, given), await receiveGift(house, given), 'pressed twice it is one');
    const other = (await superuser.query('select unit from unit where estate_id = $1 order by unit desc limit 1', [estate_id])).rows[0].unit as string;
    t.match(await refused(receiveGift(house, { ...given, typed: { ...given.typed, unit: other } })), /^key_reused/, 'another dwelling is no second press');
    await story.receive(`
2026-10-05 收 物业费
    借 1002 service  900.00
    贷 4101 service  900.00
`);
    t.match(await refused(story.transfer(`
2026-10-05 转 服务费补项目
    借 1002 p${project}_households  200.00
    贷 5113 p${project}_households  200.00
    借 5104 service  200.00
    贷 1002 service  200.00
`)), /^project_source_moved/);
    t.match(await refused(receiveGift(house, { ...asked, typed: { source: 'donation', amount: '1.00', entry_date: '2026-10-05', donor: '王小明', reference: '13800138000' } })), /^text_personal/, 'nor does a reference name the giver');
  });

  await t.test('a project in the red is not finished, and says so', async (t) => {
    const { payee_id } = (await superuser.query('select payee_id from project_contract where project_id = $1', [project])).rows[0] as { payee_id: number };
    const id = await story.draft({ payee: { payee_id }, amount: '200.00', fund: `p${project}_households`, account: '5113', purpose: '进场款', milestone: 1, vouchers: [await story.paper('发票')] });
    await story.signBoth(await story.submit(id));
    await story.pay(id, '2026-10-05');
    const { seq } = (await superuser.query(`select e.seq from journal_entry e join posting p using (estate_id, seq) where p.account = '310203'`)).rows[0] as { seq: number };
    await story.signBoth(await story.reverse(Number(seq), '银行退票'));
    const balance = (await superuser.query(`select balance from project_money($1, $2) where source = 'households'`, [estate_id, project])).rows[0].balance as string;
    t.equal(balance, '-200.00');
    t.match(await refused(proposeFinish(house, { ...asked, report: '完工' })), /^finish_in_the_red.*200/);
  });
});

t.test('an order of last December that is not paid takes its part of this year\'s budget', async (t) => {
  const story = await openStory(t, '2026-11');
  const { h: { house, estate, estate: { estate_id } }, h } = story;
  const actor = h.actorOf('cashier');
  story.at('2026-11-05 10:00');
  await story.receive(`
2026-11-05 收 物业费
    借 1002 service  9,000.00
    贷 4101 service  9,000.00
`);
  story.at('2026-12-10 10:00');
  const { draft } = await beginDraft(house, { estate, actor, year: '2027' });
  await changeLines(house, { estate, actor, draft, lines: [{ fund: 'service', account: '5102', amount: '1000.00' }] });
  await openDraft(house, { estate, actor, draft });
  story.at('2026-12-20 10:00');
  const order = async (amount: string) => story.draft(await story.typed('川亮照明工程有限公司', { amount, fund: 'service', account: '5102', purpose: '灯具更换' } as never));
  const budget = await submitBudget(house, { estate, actor, draft });
  for (const who of ['manager', 'committee1', 'committee2'] as const) await story.sign(who, budget);
  const old = await order('800.00');
  await story.signBoth(await story.submit(old));
  story.at('2027-01-04 10:00');
  const check = async (id: number) => story.within(async (trx) => (await budgetChecks(trx, estate_id, await readOrder(trx, estate_id, id)))[0]!);
  t.match(await check(old), { state: 'ok' }, 'it does not count itself');
  const fresh = await order('800.00');
  t.match(await refused(story.submit(fresh)), /^order_over_budget/, 'both would be paid from the thousand of this year');
  await story.pay(old, '2027-01-04');
  t.match(await refused(story.submit(fresh)), /^order_over_budget/);
});

t.test('the supervisors are told of the second round as of the first', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-20 10:00');
  const { inquiry_id } = await ask(h.house, { estate: h.estate, actor: h.actorOf('resident'), question: '公共电费为什么多？' });
  const told = async () => Number((await h.superuser.query(`select count(distinct key) as n from notice where key like 'inquiry:%:escalated:%'`)).rows[0].n);
  h.at('2031-11-04 08:00');
  t.same(await escalateDue(h.house, h.estate), ['1 late', `question ${inquiry_id} step 1`]);
  t.equal(await told(), 1);
  await answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id, answer: '换了水泵。' });
  await rateAnswer(h.house, { estate: h.estate, actor: h.actorOf('resident'), inquiry_id, rating: 'not', reason: '没有说清单价' });
  h.at('2031-11-19 08:00');
  t.same(await escalateDue(h.house, h.estate), ['1 late', `question ${inquiry_id} step 1`]);
  t.equal(await told(), 2, 'the same days late, another round');
});

t.test('the log neither repeats hidden words nor finds a giver who is not to be shown', async (t) => {
  const h = await testHouse(t);
  const { project, opinion } = await madeProject(h as never);
  const { house, estate, estate: { estate_id } } = h;
  await receiveGift(house, { estate, actor: h.actorOf('cashier'), project, typed: { source: 'donation', amount: '50.00', entry_date: today(house.clock), donor: '不愿留名的好人', shown: 'anonymous' } });
  const found = (q: string) => inEstate(h.db.app, estate_id, async (trx) => (await readLog(trx, estate_id, { typed: { q }, q } as never, { limit: 20 })).items.map(({ summary }) => summary.zh), { readOnly: true });
  t.same(await found('好人'), [], 'a search tells no name');
  t.match((await found('早该修了')).join(), /早该修了/, 'before it is hidden');
  await enterProject(house, { estate, actor: h.actorOf('resident'), typed: { kind: 'micro_grant', title: '种花', text: '在空地种月季' } });
  const wrote = await inEstate(h.db.app, estate_id, (trx) => ownTexts(trx, estate_id, h.persons.resident), { readOnly: true });
  t.same(wrote.map(({ text }) => text), ['早该修了', '种花\n在空地种月季'], 'whoever leaves is told of their opinions and projects');
  await moderateOpinion(house, { estate, actor: h.actorOf('committee1'), project, opinion, hide: true, reason: '人身攻击' });
  t.same(await found('早该修了'), []);
  const shown = await inEstate(h.db.app, estate_id, async (trx) => (await readLog(trx, estate_id, { typed: { kind: 'project_opinion_given' }, kind: 'project_opinion_given' } as never, { limit: 20 })).items, { readOnly: true });
  t.notMatch(JSON.stringify(shown), /早该修了/);
  const seen = async (person_id: string, all: boolean) => (await inEstate(h.db.app, estate_id, (trx) => opinionsOf(trx, estate_id, project, { person_id, all })))[0]!.words;
  t.equal(await seen(h.persons.resident, false), '早该修了', 'whoever said it reads it');
  t.equal(await seen(h.persons.committee2, true), '早该修了', 'and whoever decides');
  t.equal(await seen(h.persons.committee2, false), null);
  await moderateOpinion(house, { estate, actor: h.actorOf('supervisor'), project, opinion, hide: false, reason: '没有骂人' });
  t.match(await refused(moderateOpinion(house, { estate, actor: h.actorOf('committee1'), project, opinion, hide: true, reason: '还是不好' })), /^opinion_decided/, 'what the supervisors showed again is not hidden once more');
  t.match((await found('早该修了')).join(), /早该修了/);
});

t.test('a tenant\'s stance does not stand in for the owner\'s in the rate of consent', async (t) => {
  const h = await testHouse(t);
  const { project } = await madeProject(h as never);
  const { house, estate, estate: { estate_id }, superuser } = h;
  const day = today(house.clock);
  const { unit } = h.actorOf('resident').homes[0]!;
  const stance = async () => (await inEstate(h.db.app, estate_id, (trx) => dwellingRows(trx, estate_id, project, day), { readOnly: true })).find((row) => row.unit === unit)!.stance;
  const lives = async (who: 'street' | 'auditor', kind: 'owner' | 'tenant') => {
    await superuser.query('insert into resident (estate_id, unit, person_id, joined_at) values ($1, $2, $3, now())', [estate_id, unit, h.persons[who]]);
    await superuser.query(`with p as (insert into party (estate_id, person_id, entered_at) values ($1, $2, now()) returning party_id)
      insert into tenure (estate_id, unit, party_id, kind, from_date, seq) select $1, $3, p.party_id, $4, $5, 1 from p`, [estate_id, h.persons[who], unit, kind, day]);
    return (await readActor(house, h.persons[who], { kind: 'cookie', scopes: [], csrf: null }))!;
  };
  t.equal(await stance(), 'for', 'no owner is registered: any resident speaks');
  const owner = await lives('auditor', 'owner');
  t.equal(await stance(), 'for', 'who is in no line of the register, where nobody rents');
  await giveOpinion(house, { estate, actor: owner, project, stance: 'against' });
  t.equal(await stance(), 'against');
  await giveOpinion(house, { estate, actor: await lives('street', 'tenant'), project, stance: 'for' });
  t.equal(await stance(), 'against', 'the tenant spoke last');
});
