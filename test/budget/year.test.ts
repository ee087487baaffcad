// A year with a budget: what owners say first, what both keys sign, what orders meet, what beyond it is told in public, how it is adjusted,
// and how the year is closed without any month's figures, the hundred yuan or the verifier taking the closing for income or expense.
import t from 'tap';
import fc from 'fast-check';
import { beginDraft, changeLines, openDraft } from '../../src/budget/draft.ts';
import { submitBudget } from '../../src/budget/budget.ts';
import { answerComment, commentDraft, commentsOf } from '../../src/budget/comment.ts';
import { closingLines, executeFinalAccount, finalAccountOf, proposeFinalAccount } from '../../src/budget/final-account.ts';
import { draftLines, executionOf, inForce, overOrders } from '../../src/budget/queries.ts';
import { budgetChecks } from '../../src/payment/budget-check.ts';
import { readOrder } from '../../src/payment/queries.ts';
import { turnoverOf } from '../../src/home/queries.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { sumsByFund } from '../../src/ledger/entry.ts';
import { trialBalance } from '../../src/ledger/queries.ts';
import { broken, judge } from '../verifier/scenes.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory, refused, type Story } from '../stories/story.ts';

const YEAR = 2026;

async function receive(story: Story, day: string, amount: string, account = '4101', fund = 'service'): Promise<void> {
  await story.receive(`
${day} 收 收款 ${account}
    借 1002 ${fund}  ${amount}
    贷 ${account} ${fund}  ${amount}
`);
}

async function order(story: Story, more: Record<string, unknown>): Promise<number> {
  return story.draft(await story.typed('川亮照明工程有限公司', { amount: '100.00', fund: 'service', account: '5102', purpose: '灯具更换', ...more } as never));
}

t.test('a budget is commented on, signed, met by every order, adjusted with a reason, and the year closed', async (t) => {
  const story = await openStory(t, '2026-08');
  const { h, h: { house, estate, estate: { estate_id } } } = story;
  const actor = h.actorOf('cashier');
  const lines = [
    { fund: 'service', account: '4101', amount: '12000', note: '按实收率 95%' }, { fund: 'service', account: '5102', amount: '1000.00', note: '灯具、管道' },
    { fund: 'service', account: '5104', amount: '600.00' }, { fund: 'public_income', account: '4102', amount: '3000.00' },
  ];
  story.at('2026-08-05 10:00');
  await receive(story, '2026-08-05', '9,000.00');
  await receive(story, '2026-08-05', '2,500.00', '4102', 'public_income');

  let draft = 0;
  await t.test('a draft is opened to comments before anybody may sign it, and changes nothing meanwhile', async (t) => {
    t.match(await refused(beginDraft(house, { estate, actor, year: '2025' })), /^budget_year_invalid/);
    t.match(await refused(beginDraft(house, { estate, actor: h.actorOf('resident'), year: String(YEAR) })), /^not_allowed/);
    ({ draft } = await beginDraft(house, { estate, actor, year: String(YEAR), key: 'k' }));
    t.same(await beginDraft(house, { estate, actor, year: String(YEAR), key: 'k' }), { draft }, 'once for a key');
    t.match(await refused(beginDraft(house, { estate, actor, year: String(YEAR) })), /^budget_draft_exists/);
    const change = (line: object) => refused(changeLines(house, { estate, actor, draft, lines: [{ ...lines[1]!, ...line }] }));
    t.match(await change({ amount: '-1' }), /^budget_amount_invalid/);
    t.match(await change({ account: '1002' }), /^budget_account_unfit/);
    t.match(await change({ account: '5101' }), /^budget_account_unfit/, 'a heading');
    t.match(await change({ fund: 'pool' }), /^budget_fund_unknown/);
    t.match(await change({ fund: 'fee_subsidy' }), /^budget_fund_restricted/);
    t.match(await change({ note: '张三 13800138000' }), /^text_personal/);
    t.match(await refused(changeLines(house, { estate, actor, draft, lines: [lines[1]!, lines[1]!] })), /^budget_line_twice/);
    await changeLines(house, { estate, actor, draft, lines });
    t.match(await refused(submitBudget(house, { estate, actor, draft })), /^budget_not_commented/);
    t.match(await refused(openDraft(house, { estate, actor, draft, days: '2' })), /^budget_days_invalid/);
    t.same(await openDraft(house, { estate, actor, draft }), { until: '2026-08-12' });
    t.match(await refused(changeLines(house, { estate, actor, draft, lines })), /^budget_not_editable/);
    t.match(await refused(submitBudget(house, { estate, actor, draft })), /^budget_not_commented: .*2026-08-12/);
  });

  await t.test('owners comment under an alias, once and not too often, and are answered', async (t) => {
    const owner = h.actorOf('resident');
    const { comment_id } = await commentDraft(house, { estate, actor: owner, draft, line: 'service:5104', comment: '绿化费能不能少一点？' });
    t.match(await refused(commentDraft(house, { estate, actor: owner, draft, line: 'service:5104', comment: '绿化费能不能少一点？' })), /^budget_comment_twice/);
    t.match(await refused(commentDraft(house, { estate, actor: owner, draft, line: 'service:5119', comment: '没有这一行' })), /^budget_comment_line_unknown/);
    t.match(await refused(commentDraft(house, { estate, actor: owner, draft, comment: '我是 13800138000' })), /^text_personal/);
    t.match(await refused(answerComment(house, { estate, actor: owner, comment_id, answer: '好的好的' })), /^not_allowed/);
    await answerComment(house, { estate, actor: h.actorOf('manager'), comment_id, answer: '减到 500 元。' });
    const [shown] = await story.within((trx) => commentsOf(trx, estate_id, draft, h.persons.committee1));
    t.match(shown, { said: { text: '绿化费能不能少一点？' }, mine: false, alias: /^[0-9A-F]{4}$/, answers: [{ answer: '减到 500 元。' }] });
    const { rows } = await h.superuser.query(`select body from record where estate_id = $1 and kind = 'budget_commented'`, [estate_id]);
    t.notMatch(rows[0].body, new RegExp(`${h.persons.resident}|绿化`), 'neither text nor author is in the log');
  });

  let budget = 0;
  await t.test('it is signed with what was changed after the comments told, and published', async (t) => {
    story.at('2026-08-13 09:00');
    t.match(await refused(commentDraft(house, { estate, actor: h.actorOf('resident'), draft, comment: '晚了一天' })), /^budget_not_open/);
    await changeLines(house, { estate, actor, draft, lines: lines.map((line) => (line.account === '5104' ? { ...line, amount: '500.00' } : line)) });
    const item = await submitBudget(house, { estate, actor, draft });
    budget = item.proposal_id;
    const { rows: [row] } = await h.superuser.query('select document::jsonb as d from proposal where proposal_id = $1', [budget]);
    t.match(row.d, { year: YEAR, totals: { income: '15000.00', expense: '1500.00' }, comments: { count: 1, answered: 1 }, changed: [{ account: '5104', before: '600.00', after: '500.00', difference: '-100.00' }] });
    t.match(await refused(changeLines(house, { estate, actor, draft, lines })), /^budget_not_editable/);
    await story.sign('manager', item);
    t.equal(await story.within((trx) => inForce(trx, estate_id, YEAR)), null, 'one key publishes nothing');
    await story.sign('committee1', item);
    await story.sign('committee2', item);
    t.match(await story.within((trx) => inForce(trx, estate_id, YEAR)), { version: 1, income: '15000.00', expense: '1500.00', published_on: '2026-08-13' });
  });

  const waiting: number[] = [];
  await t.test('an order meets what is spent, approved and being signed; beyond it says why, in public', async (t) => {
    const check = (id: number) => story.within(async (trx) => (await budgetChecks(trx, estate_id, await readOrder(trx, estate_id, id)))[0]!);
    const first = await order(story, { amount: '700.00' });
    t.match(await check(first), { state: 'ok', text_zh: '预算内：共用部位设施运行维护全年 1,000.00 元，已用 0.00 元，付后剩 300.00 元' });
    const signing = await story.submit(first);
    const second = await order(story, { amount: '400.00' });
    t.match(await refused(story.submit(second)), /^order_over_budget: 超预算 100\.00 元/, 'what is being signed counts');
    // Whoever reaches round the checks meets the guard.
    await t.rejects(h.superuser.query(`update proposal set state = 'submitted' where proposal_id = $1`, [second]));
    const outside = await order(story, { amount: '10.00', account: '5107' });
    t.match(await refused(story.submit(outside)), /^order_over_budget/, 'no spending without a line');
    t.equal((await check(await order(story, { amount: '10.00', account: '2202' }))).state, 'unknown');
    await story.change(second, await story.typed('川亮照明工程有限公司', { amount: '400.00', fund: 'service', account: '5102', purpose: '灯具更换', over_budget_reason: '暴雨后补修' }));
    const told = await story.submit(second);
    t.match(await check(second), { state: 'attention', text_zh: /超预算 100\.00 元.*理由：暴雨后补修/ });
    t.equal((await check(first)).state, 'ok', 'what came after it does not put the first beyond');
    t.match(await story.within((trx) => overOrders(trx, estate_id, { year: YEAR, limit: 10 })), [{ order: second, over: '100.00', reason: '暴雨后补修', why: 'reason', state: 'submitted' }]);
    t.same(await story.signBoth(signing), ['approved']);
    t.same(await story.signBoth(told), ['approved']);
    await story.pay(first, '2026-08-13');
    waiting.push(second);
    const [row] = (await story.within((trx) => executionOf(trx, estate_id, YEAR, '2026-08-13'))).filter(({ account }) => account === '5102');
    t.match(row, { budget: '1000.00', actual: '700.00', committed: '400.00', asked: '0.00', remaining: '-100.00', percent: '110.0' });
  });

  await t.test('an adjustment says why and shows before and after; both stay', async (t) => {
    story.at('2026-09-01 09:00');
    t.match(await refused(beginDraft(house, { estate, actor, year: String(YEAR) })), /^budget_reason_missing/);
    const { draft: next } = await beginDraft(house, { estate, actor, year: String(YEAR), reason: '暴雨损坏，追加维修' });
    const kept = await story.within((trx) => draftLines(trx, estate_id, next));
    t.equal(kept.length, 4);
    await changeLines(house, { estate, actor, draft: next, lines: kept.map(({ fund, account, amount, note }) => ({ fund, account, note, amount: account === '5102' ? '2000.00' : amount })) });
    await openDraft(house, { estate, actor, draft: next, days: '3' });
    await story.close('2026-08');
    story.at('2026-09-05 09:00');
    const item = await submitBudget(house, { estate, actor, draft: next });
    const { rows: [row] } = await h.superuser.query('select document::jsonb as d from proposal where proposal_id = $1', [item.proposal_id]);
    t.match(row.d, { adjusts: budget, reason: '暴雨损坏，追加维修', changes: [{ account: '5102', before: '1000.00', after: '2000.00', difference: '1000.00' }], changed: [] });
    for (const who of ['manager', 'committee1', 'committee2'] as const) await story.sign(who, item);
    t.match(await story.within((trx) => inForce(trx, estate_id, YEAR)), { version: 2, adjusts: budget });
    await story.pay(waiting[0]!, '2026-09-05');
    for (const [day, version] of [['2026-08-31', budget], ['2026-09-05', item.proposal_id]] as const) {
      const { rows: [at] } = await h.superuser.query('select budget_in_force($1, $2, $3) as v', [estate_id, YEAR, day]);
      t.equal(Number(at.v), version);
    }
    await t.rejects(h.superuser.query('update budget_line set amount = 1'), /append/i);
    await t.rejects(h.superuser.query('delete from budget'), /append/i);
  });

  await t.test('the year is closed by one entry, and no figure takes it for income or expense', async (t) => {
    await receive(story, '2026-09-05', '5,000.00', '4105', 'renovation_government');
    t.match(await refused(proposeFinalAccount(house, { estate, actor, year: YEAR })), /^final_account_year_not_over/);
    await story.publish('2026-08');
    for (const period of ['2026-09', '2026-10']) {
      await story.close(period);
      await story.publish(period);
    }
    await story.close('2026-11');
    await story.publish('2026-11');
    story.at('2026-12-20 10:00');
    await receive(story, '2026-12-20', '1,000.00');
    story.at('2027-01-02 10:00');
    const before = await story.within((trx) => turnoverOf(trx, estate_id, { from: '2026-01', to: '2026-12' }));
    const item = await proposeFinalAccount(house, { estate, actor, year: YEAR });
    t.match(await refused(proposeFinalAccount(house, { estate, actor, year: YEAR })), /^final_account_proposed/);
    for (const who of ['manager', 'committee1', 'committee2'] as const) await story.sign(who, item);
    const account = await story.within((trx) => finalAccountOf(trx, estate, YEAR));
    t.match(account, { open: false, closings: [{ entry_date: '2026-12-31', number: /^2026-12 转-/ }] });
    t.match(account.funds.map(({ fund, income, expense, surplus, equity }) => [fund, income, expense, surplus, equity].join(' ')), [
      'service 10000.00 1100.00 8900.00 3101', 'public_income 2500.00 0.00 2500.00 3101', 'renovation_government 5000.00 0.00 5000.00 310201']);
    t.same(await story.within((trx) => turnoverOf(trx, estate_id, { from: '2026-01', to: '2026-12' })), before, 'where a hundred yuan went');
    t.match(await refused(story.reverse(account.closings[0]!.entry, '试试')), /^closing_stays/);
    await executeFinalAccount(house, estate, item.proposal_id);

    // What comes late, still into December, is carried over by a supplement.
    await receive(story, '2026-12-31', '50.00');
    const late = await proposeFinalAccount(house, { estate, actor, year: YEAR });
    await receive(story, '2026-12-31', '7.00');
    for (const who of ['manager', 'committee1'] as const) await story.sign(who, late);
    t.match((await story.sign('committee2', late))[0], /change_not_possible/);
    const { rows: [gone] } = await h.superuser.query('select state from proposal where proposal_id = $1', [late.proposal_id]);
    t.equal(gone.state, 'superseded', 'signed for figures that are no longer true');
    await story.close('2026-12');
    const december = await story.publish('2026-12');
    t.match(december, { income_total: { month: '1057.00', year: '17557.00' }, expense_total: { month: '0.00', year: '1100.00' } });
    t.same(december.other, []);
    const again = await proposeFinalAccount(house, { estate, actor, year: YEAR });
    for (const who of ['manager', 'committee1', 'committee2'] as const) await story.sign(who, again);
    t.match(await story.within((trx) => finalAccountOf(trx, estate, YEAR)), { open: false, closings: [{}, { entry_date: '2027-01-10', surplus: '57.00' }] });
    await receive(story, '2027-01-10', '30.00');
    await story.close('2027-01');
    const january = await story.publish('2027-01');
    t.match(january, { income_total: { month: '30.00', year: '30.00' }, expense_total: { month: '0.00', year: '0.00' } });
    const { rows } = await story.within((trx) => trialBalance(trx, estate_id, { period: '2027-01' }));
    t.same(rows.filter(({ account: code }) => code === '3103').map(({ closing_debit, closing_credit }) => [closing_debit, closing_credit]), [['0.00', '0.00']]);
    await compareExpected(t, 'stories/mechanisms/open-budget.txt', await story.ledger('2027-01'));
    const files = await story.within((trx) => trx.selectFrom('disclosure').selectAll().where('estate_id', '=', estate_id).orderBy('period').execute());
    t.equal(files.length, 6);
    const months = Object.fromEntries(await Promise.all(files.slice(-3).map(async ({ period, pdf_zh_sha256 }) => [`${period}.pdf`, new Uint8Array((await house.storage.read(pdf_zh_sha256))!)] as const)));
    const verdict = await judge(months);
    t.same(broken(verdict), [], 'December, January and what was before hold together');
    t.equal(verdict.outcome, 'holds');
  });
});

t.test('closing lines balance in every fund and leave nothing, whatever a year left', async (t) => {
  const rest = fc.record({ fund: fc.constantFrom('a', 'b', 'c'), account: fc.integer({ min: 4001, max: 5999 }).map(String), rest: fc.integer({ min: -99_999_999, max: 99_999_999 }).filter((n) => n !== 0) });
  fc.assert(fc.property(fc.uniqueArray(rest, { selector: ({ fund, account }) => `${fund} ${account}`, maxLength: 60 }), (rests) => {
    const given = rests.map((one) => ({ ...one, class: 'x', rest: (one.rest / 100).toFixed(2), equity: '3101' })).sort((a, b) => a.fund.localeCompare(b.fund));
    const lines = closingLines(given);
    for (const { debit, credit } of sumsByFund(lines).values()) if (!debit.equals(credit)) return false;
    const left = (account: string, fund: string): string => moneyText(sum([
      ...given.filter((one) => one.account === account && one.fund === fund).map((one) => money(one.rest)),
      ...lines.filter((line) => line.account === account && line.fund === fund).flatMap((line) => [line.debit ?? money('0.00'), money((line.credit ?? money('0.00')).negated().toFixed(2))])]));
    return given.every((one) => left(one.account, one.fund) === '0.00') && ['a', 'b', 'c'].every((fund) => left('3103', fund) === '0.00')
      && lines.every((line) => (line.debit ?? line.credit)!.greaterThan(0));
  }), { numRuns: 200 });
  t.pass();
});
