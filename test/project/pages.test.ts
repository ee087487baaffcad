// Projects as people see them: totals and made-up names for everybody, one's own dwelling, and dwellings only for those who may see households.
import t from 'tap';
import { api, officeHouse } from '../office/office-house.ts';
import { pdfFile } from '../payment/story.ts';
import { madeProject } from './made.ts';

t.test('who sees and does what on the pages of a project', async (t) => {
  const h = await officeHouse(t);
  const page = async (who: string, path: string, lang = 'zh') => (await h.as(who)).get(`/e/test/${path}?lang=${lang}`);
  t.match((await page('resident', 'projects')).text, /还没有项目/);
  t.equal((await (await h.as('resident')).get('/api/v1/estates/test/projects?cursor=999999999999999')).status, 400, 'a number no project has');
  t.equal((await h.form('resident', '/e/test/projects/new', { kind: 'renovation', title: '换电梯', text: '三部电梯', form_key: 'a' }, null)).status, 403, 'owners apply for micro-grants');
  t.equal((await h.form('resident', '/e/test/projects/new', { kind: 'micro_grant', title: '种花', text: '找张三 13800138000', form_key: 'b' }, null)).status, 422, 'no phone number');
  t.equal((await h.form('resident', '/e/test/projects/new', { kind: 'micro_grant', title: '种花', text: '在空地种月季', form_key: 'c' }, null)).status, 303);
  t.match((await page('street', 'projects')).text, /种花[\s\S]*业主申请/);
  const { project, opinion, gift } = await madeProject(h);
  const path = `projects/${project}`;
  const base = `/e/test/${path}`;

  await t.test('opinions are hidden with a reason, and shown again by the supervisors alone', async (t) => {
    t.match((await page('auditor', path)).text, /早该修了/);
    t.equal((await h.form('resident', `${base}/opinions/${opinion}/hide`, { reason: '不好' }, null)).status, 403);
    t.match((await page('committee1', path)).text, new RegExp(`opinions/${opinion}/hide`));
    t.equal((await h.form('committee1', `${base}/opinions/${opinion}/hide`, { reason: '人身攻击' }, null)).status, 303);
    const seen = (await page('auditor', path)).text;
    t.match((await page('supervisor', path)).text, new RegExp(`opinions/${opinion}/show`));
    t.match(seen, /由业主委员会隐藏，理由：人身攻击/);
    t.notMatch(seen, /早该修了/);
    t.match((await page('resident', path)).text, /早该修了/, 'its author sees it');
    t.equal((await h.form('committee1', `${base}/opinions/${opinion}/show`, { reason: '改主意' }, null)).status, 403);
    t.equal((await h.form('supervisor', `${base}/opinions/${opinion}/show`, { reason: '没有攻击谁' }, null)).status, 303);
    t.match((await page('auditor', path)).text, /早该修了/);
    t.notMatch((await page('committee1', path)).text, new RegExp(`opinions/${opinion}/hide`), 'whoever hid it is offered no second time');
  });

  await t.test('a dwelling sees itself, the office sees dwellings, and nobody else does', async (t) => {
    t.equal((await h.form('resident', `${base}/pledges`, { amount: '500', form_key: 'p' }, null)).status, 303);
    t.match((await (await h.as('resident')).post(`${api}/${path}/pledges`, { amount: '5', unit: '9-9-999' })).json, { code: 'opinion_unit_unknown', status: 404 });
    t.match((await page('resident', path)).text, new RegExp(`${h.home}：已认筹 500\\.00 元`));
    for (const who of ['street', 'committee1']) t.notMatch((await page(who, path)).text, new RegExp(`${h.home}\\D`), who);
    t.notMatch((await page('street', `${path}/list.csv`)).text, new RegExp(h.home));
    t.match((await page('street', `${path}/list.csv`)).text, /其他,500\.00,0\.00/, 'stairwells of fewer than ten dwellings are put together');
    t.equal((await page('street', `${path}/dwellings.csv`)).status, 403);
    t.match((await page('auditor', `${path}/dwellings.csv`)).text, new RegExp(`${h.home},500\\.00`));
    t.equal((await h.form('resident', `${base}/pledges`, { amount: '0', form_key: 'p2' }, null)).status, 303);
    t.match((await (await h.as('street')).get(`${api}/${path}`)).json, { project: { sources: [{ source: 'government' }, { source: 'households', pledged: '0.00' }, { source: 'donation', received: '100.00' }] } });
  });

  await t.test('a giver is shown as they choose, and may choose anew', async (t) => {
    t.match((await page('resident', path)).text, /示例慈善基金会/);
    t.equal((await h.form('cashier', `${base}/gifts/${gift}/naming`, { shown: 'anonymous' }, null)).status, 303);
    const seen = (await page('resident', path)).text;
    t.notMatch(seen, /示例慈善基金会/);
    t.match(seen, /匿名/);
    t.notMatch((await (await h.as('street')).get(`${api}/${path}`)).text, /示例慈善基金会/);
    t.notMatch((await page('resident', 'journal')).text, /示例慈善基金会/, 'nor in the books');
  });

  await t.test('money outside the books is a memorandum, and no figure of the books knows it', async (t) => {
    t.equal((await h.form('cashier', `${base}/outside`, { source: 'government', amount: '8000', note: '社区直接付设计费', form_key: 'o' }, null)).status, 303);
    const { text } = await page('resident', path);
    t.match(text, /账外备查[\s\S]*不在账簿、余额和公示里[\s\S]*8,000\.00/);
    t.match((await (await h.as('street')).get(`${api}/${path}`)).json, { project: { sources: [{ received: '0.00', balance: '0.00', outside: '8000.00' }, {}, {}] } });
  });

  await t.test('forms come back with what is wrong', async (t) => {
    t.equal((await page('resident', `${path}/gift`)).status, 403);
    for (const step of ['gift', 'quote', 'contract', 'site', 'finish', 'outside', 'open', 'accept']) t.equal((await page('cashier', `${path}/${step}`, 'en')).status, 200, step);
    const wrong = await h.form('cashier', `${base}/gift`, { source: 'households', amount: '5', entry_date: '2026-11-02', unit: '9-9-999', shown: 'anonymous', form_key: 'g' }, null);
    t.equal(wrong.status, 422);
    t.match(wrong.text, /台账里没有“9-9-999”/);
    t.match((await h.form('cashier', `${base}/contract`, { payee: 'new', name: '甲公司', bank_name: '示例农商银行', account_number: '8008100020261001', amount: '100', split_government: '100', milestone_1_name: '全部', milestone_1_percent: '90', milestone_1_due_when: 'contract', form_key: 'k' }, pdfFile())).text, /各节点比例合计 90\.00%/);
    t.equal((await h.form('supervisor', `${base}/site`, { kind: 'progress', report: '看过了', form_key: 's', audience: 'owners' }, pdfFile())).status, 409, 'no contract yet');
    t.match((await page('cashier', 'projects', 'en')).text, /Micro-grant/);
    t.match((await page('cashier', 'projects.csv')).text, /楼道灯改造,改造,筹款,社会捐助,500\.00,,100\.00/);
  });
});
