// Budgets as people see them: forms that come back as typed, comments without names, what is being signed, and the same figures on the
// page, in the spreadsheet and on paper.
import t from 'tap';
import { api, officeHouse } from '../office/office-house.ts';
import { pdfLines } from '../helpers/pdf-lines.ts';
import { pdfFile } from '../payment/story.ts';

t.test('a budget from its form to the printed sheet', async (t) => {
  const h = await officeHouse(t);
  const page = async (who: string, path: string, lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  t.match((await page('resident', 'budgets')).text, /2026 年还没有公布预算/);
  t.equal((await page('resident', 'budgets/new')).status, 403);
  t.match((await page('cashier', 'budgets/new?year=2027')).text, /编 2027 年预算/);
  const wrong = await h.form('cashier', '/e/test/budgets/new', { year: '2020', form_key: 'w' }, null);
  t.equal(wrong.status, 422);
  t.match(wrong.text, /不能编预算/);
  const begun = await h.form('cashier', '/e/test/budgets/new', { year: '2026', form_key: 'b' }, null);
  const path = /(budget-drafts\/\d+)/.exec(String(begun.headers['location']))![1]!;
  t.equal((await page('resident', path)).status, 404, 'nobody reads it before it is opened');
  t.match((await page('cashier', `${path}/edit`)).text, /加一行/);
  const edit = (fields: Record<string, string>) => h.form('cashier', `/e/test/${path}/edit`, fields, null);
  const odd = await edit({ new_fund: 'service', new_account: '5102', new_amount: '一万' });
  t.equal(odd.status, 422);
  t.match(odd.text, /“一万”不是金额[\s\S]*value="一万"/, 'with what was typed');
  t.equal((await edit({ new_fund: 'service', new_account: '5102', new_amount: '18000', new_note: '灯具、管道', next: 'more' })).status, 303);
  t.equal((await edit({ amount_5102_service: '18,000.00', note_5102_service: '灯具、管道', new_fund: 'service', new_account: '4101', new_amount: '40000' })).status, 303);
  t.equal((await edit({ amount_5102_service: '18000', amount_4101_service: '' })).status, 303);
  t.same(((await (await h.as('cashier')).get(`${api}/${path}`)).json['lines'] as unknown[]).length, 1, 'an empty amount takes the line away');
  await edit({ amount_5102_service: '18000', note_5102_service: '灯具、管道', new_fund: 'service', new_account: '4101', new_amount: '40000' });
  t.equal((await h.form('cashier', `/e/test/${path}/open`, { days: '1' }, null)).status, 422);
  t.equal((await h.form('cashier', `/e/test/${path}/open`, { days: '7' }, null)).status, 303);

  t.match((await page('resident', 'budgets')).text, /正在征求意见，2026年11月9日截止/);
  t.equal((await h.form('resident', `/e/test/${path}/comments`, { line: 'service:5102', comment: '能不能<b>少</b>一点？', form_key: 'c' }, null)).status, 303);
  t.equal((await h.form('resident', `/e/test/${path}/comments`, { line: '', comment: '', form_key: 'd' }, null)).status, 422);
  const seen = (await page('committee1', path)).text;
  t.match(seen, /业主 [0-9A-F]{4}<\/strong>[\s\S]*能不能&lt;b>少|业主 [0-9A-F]{4}<\/strong>[\s\S]*能不能&lt;b&gt;少/);
  t.notMatch(seen, /王阿姨/, 'no name beside a comment');
  t.equal((await h.form('manager', '/e/test/budget-comments/1/answers', { answer: '按去年实际列支。', form_key: 'a' }, null)).status, 303);
  t.equal((await h.form('resident', '/e/test/budget-comments/1/answers', { answer: '我来答复', form_key: 'x' }, null)).status, 403);
  t.equal((await h.form('cashier', `/e/test/${path}/submit`, { form_key: 's0' }, null)).status, 409, 'not before the comments are over');

  h.at('2026-11-10');
  const sent = await h.form('cashier', `/e/test/${path}/submit`, { form_key: 's' }, null);
  t.equal(sent.status, 303, sent.text.slice(0, 300));
  const proposal = Number(/proposals\/(\d+)/.exec(String(sent.headers['location']))![1]);
  t.match((await page('manager', `proposals/${proposal}`)).text, /18,000\.00[\s\S]*收到 1 条，已答复 1 条[\s\S]*没有改动/);
  t.match((await page('resident', `budget-versions/${proposal}`)).text, /待签批/);
  await h.sign(proposal, 'manager', 'committee1', 'committee2');
  t.equal((await h.state(proposal)).state, 'executed');

  const over = { payee: 'new', kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890', amount: '20000', fund: 'service', account: '5102', bank_account: '1002',
    purpose: '灯具更换', audience: 'owners', next: 'submit' };
  const refused = await h.form('cashier', '/e/test/orders', { ...over, form_key: 'o1' }, pdfFile());
  t.equal(refused.status, 422);
  t.match(refused.text, /超预算 2,000\.00 元[\s\S]*<details class="field" open[^>]*>\s*<summary class="tap">超过预算/, 'and the field is open where the reason goes');
  const order = await h.form('cashier', '/e/test/orders', { ...over, over_budget_reason: '暴雨后补修', form_key: 'o2' }, pdfFile());
  t.equal(order.status, 303, order.text.slice(0, 300));
  t.match((await page('resident', 'over-budget')).text, /暴雨后补修/);
  t.match((await page('resident', 'over-budget.csv')).text, /20000\.00,2000\.00,暴雨后补修/);
  t.match((await (await h.as('street')).get(`${api}/over-budget-orders`)).json, { items: [{ over: '2000.00', why: 'reason' }] });

  const year = (await page('resident', 'budgets')).text;
  t.match(year, /18,000\.00[\s\S]*2026 年有 1 张付款单超预算/);
  t.match(year, /inquiries\/new\?subject=budget%3A2026%3Aservice%3A5102/, 'a question is one press away');
  t.match((await page('resident', 'budgets/2026/execution.csv?class=expense')).text, /支出,5102 [^,]+,18000\.00,0\.00,0\.00,20000\.00,18000\.00,0\.0/);
  t.notMatch((await page('resident', 'budgets/2026/execution.csv?class=expense')).text, /4101/, 'as filtered');
  const paper = await page('resident', 'budgets/2026/budget.pdf');
  t.match((await pdfLines(paper.bytes)).flat().join('\n'), /2026 年度收支预算[\s\S]*18,000\.00[\s\S]*灯具、管道/);
  t.match((await pdfLines((await page('resident', 'final-accounts/2026/final-account.pdf', 'en')).bytes)).flat().join('\n'), /Final account 2026/);
  t.equal((await page('resident', 'budgets/2031/budget.pdf')).status, 404);
  t.equal((await page('resident', 'final-accounts/2031')).status, 404);
  t.match((await h.form('cashier', '/e/test/final-accounts/2026', { form_key: 'f' }, null)).text, /2026 年还没有过完/);
  for (const lang of ['zh', 'en']) {
    for (const one of ['budgets', 'budgets/2026/execution', 'over-budget', path, `budget-versions/${proposal}`, 'final-accounts/2026', `proposals/${proposal}`, 'budgets/new']) {
      const answer = await page(one === 'budgets/new' ? 'cashier' : 'committee1', one, lang);
      t.equal(answer.status, 200, one);
      t.notMatch(answer.text, /undefined|\{[a-z_]+\}|NaN/, `${one} ${lang}`);
    }
  }
  t.match((await page('auditor', 'log?kind=budget_published')).text, /2026 年预算第 1 版/);
});
