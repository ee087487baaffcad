// The pages on which one signs, for proposals of every kind: in words, in one language, with nothing of the program
// showing through; who may see what; what comes next; who signed.
import t from 'tap';
import { officeHouse, OPENED, api, type OfficeHouse } from '../office/office-house.ts';
import { addRule } from '../payment/rules.ts';
import { pdfFile } from '../payment/story.ts';

/** What a reader sees of a page's content. */
function mainOf(html: string): string {
  const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(html) ?? [];
  return main.replace(/<script[\s\S]*?<\/script>/g, ' ').replace(/<code[\s\S]*?<\/code>/g, ' ').replace(/<[^>]*class="[^"]*hash[^"]*"[^>]*>[^<]*/g, ' ')
    .replace(/<[^>]+>/g, ' ').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/\s+/g, ' ');
}

async function page(h: OfficeHouse, who: string, path: string, lang = 'zh'): Promise<{ status: number; html: string; text: string }> {
  const answer = await (await h.as(who)).get(`/e/test${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  return { status: answer.status, html: answer.text, text: mainOf(answer.text) };
}

/** Numbers of persons, names of fields and columns, JSON, texts that were not filled. */
const raw = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+|\b[a-z]{2,}_[a-z_]+\b|[{[]"|undefined|\[object|\{\w+\}|\bnull\b/;

const written = ['川亮照明工程有限公司', '灯具更换', '临时垫付', '重复录入', '多收的装修押金', '业主大会决议.pdf', '发票.pdf', '陈主任', '马经理', '何出纳', '李委员',
  '孙候补', '周监事', '2026 年第二次业主大会决议', '大额付款先公示十天', '红字冲销', '张*', '主管爆裂', '中文', '存款利息'];

/** One of every kind, waiting for signatures. */
async function everyKind(h: OfficeHouse): Promise<Record<string, number>> {
  const cashier = await h.as('cashier');
  const post = async (path: string, body?: object): Promise<Record<string, any>> => {
    const answer = await cashier.post(`${api}/${path}`, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.json;
  };
  await h.owner('sun', '孙候补');
  await h.seat({ login: 'sun' }, 'manager', 'committee1');
  const payment = await h.order();
  const refund = await h.order('cashier', { kind: 'refund', account: '4109', purpose: '多收的装修押金', amount: '500.00',
    payee: { kind: 'individual', name: '张三', bank_name: '农业银行', account_number: '6228480000000001' } });
  const emergency = await h.order('cashier', { class: 'emergency', emergency_reason: '主管爆裂', amount: '3000.00' });
  const { proposal_id: transfer } = await post('transfers', { entry_date: OPENED, description: '临时垫付',
    postings: [{ account: '1001', fund: 'service', debit: '20.00' }, { account: '1002', fund: 'service', credit: '20.00' }] });
  const receipt = await post('journal-entries', { kind: 'receipt', entry_date: OPENED, description: '存款利息',
    postings: [{ account: '1002', fund: 'service', debit: '12.34' }, { account: '4107', fund: 'service', credit: '12.34' }] });
  const { proposal_id: reversal } = await post(`journal-entries/${receipt['seq']}/reversal`, { reason: '重复录入' });
  const { items } = await (await h.as('cashier')).get(`${api}/rules`).then((answer) => answer.json as { items: { rule_id: number; kind: string; class: string; amount_to: string | null }[] });
  const large = items.find((rule) => rule.kind === 'payment' && rule.class === 'normal' && rule.amount_to === null)!;
  const { proposal_id: rule } = await post('rules/changes', {
    ends: [large.rule_id], valid_from: '2026-11-20', reason: '大额付款先公示十天',
    rules: [{ kind: 'payment', amount_from: '100000.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 2 }, notice_days: 10 }],
  });
  const appointed = await h.appoint({ term: await h.term('committee2'), office: 'deputy', starts_on: '2026-12-01' }).then((answer) => answer.json);
  const { proposal_id: delegation } = await post('delegations', { principal_term: await h.term('committee1'), deputy_term: await h.term('sun', 'deputy'),
    starts_on: OPENED, ends_on: '2026-12-31', after_days: 5 });
  return { payment, refund, emergency, transfer, reversal, rule, membership: appointed['proposal_id'] as number, delegation };
}

const says: Record<string, [zh: RegExp, en: RegExp]> = {
  payment: [/付款签批.*付给.*川亮照明工程有限公司.*¥100\.00.*壹佰元整.*签批规则 付款不满 100,000\.00 元：物业公司 1 人 \+ 业主委员会 1 人/, /Payment to sign.*Pay to.*Rule Payment below 100,000\.00/],
  refund: [/退款签批.*退给.*张\*.*¥500\.00.*多收的装修押金/, /Refund to sign.*Refund to/],
  emergency: [/付款签批.*应急.*为什么等不得 主管爆裂/, /Emergency.*Why it cannot wait/],
  transfer: [/转账分录签批.*临时垫付.*分录.*借方.*贷方/, /Transfer to sign.*Lines/],
  reversal: [/红字冲销签批.*冲销 2026-11 收-\d+.*分录/, /Reversal to sign.*Reversal of 2026-11/],
  rule: [/签批规则变更.*从哪天起 2026年11月20日.*为什么改 大额付款先公示十天.*公示 10 天/, /Change of the signing rules.*announced for 10 days/],
  membership: [/任免签批.*办什么 任命 谁 李委员 哪一方 业主委员会 职务 候补 任期 2026年12月1日至2029年11月1日 依据决议 2026 年第二次业主大会决议（2026年11月2日）/,
    /Appointment to sign.*What Appointment Who 李委员 Body Owners' committee Office deputy/],
  delegation: [/委托代签.*谁代谁 孙候补 代 陈主任 签 哪一方 业主委员会 从哪天到哪天 2026年11月2日至2026年12月31日 什么时候代签 单子提交满 5 天还没有签的，才代签/,
    /Delegation to sign.*孙候补 signs in place of 陈主任/],
};

t.test('every kind is told in words, in one language', async (t) => {
  const h = await officeHouse(t);
  const made = await everyKind(h);
  t.same(Object.keys(made).sort(), Object.keys(says).sort());
  for (const [kind, id] of Object.entries(made)) {
    const [zh, en] = [await page(h, 'supervisor', `/proposals/${id}`), await page(h, 'supervisor', `/proposals/${id}`, 'en')];
    t.match(zh.text, says[kind]![0], `${kind} in Chinese`);
    t.match(en.text, says[kind]![1], `${kind} in English`);
    for (const { text } of [zh, en]) t.equal(raw.exec(text)?.[0], undefined, `${kind}: nothing raw`);
    let left = en.text;
    for (const words of written) left = left.replaceAll(words, '');
    left = left.replace(/[收付转]-\d+/g, '').replace(/[零壹贰叁肆伍陆柒捌玖拾佰仟万元角分整]{2,}/g, '');
    t.equal(/\p{Script=Han}+/u.exec(left)?.[0], undefined, `${kind} in English only`);
  }
  await t.test('in the queue as well', async (t) => {
    for (const lang of ['zh', 'en']) {
      const { text } = await page(h, 'committee1', '/queue', lang);
      t.equal(raw.exec(text)?.[0], undefined);
    }
    t.match((await page(h, 'committee1', '/queue', 'en')).text, /Appoint: Owners' committee/);
    t.match((await page(h, 'committee1', '/queue')).text, /还差：物业公司 1 人、业主委员会 1 人/);
  });
});

t.test('what changed since the last version is told field by field', async (t) => {
  const h = await officeHouse(t);
  const id = await h.order();
  const [cashier, chair] = [await h.as('cashier'), await h.as('committee1')];
  await h.sign(id, 'manager');
  await chair.post(`${api}/proposals/${id}/return`, { reason: '请换发票' });
  const { json: voucher } = await cashier.upload(`${api}/vouchers`, pdfFile(), '新发票.pdf');
  const order = (await cashier.get(`${api}/payment-orders/${id}`)).json;
  const sent = await cashier.put(`${api}/payment-orders/${id}`, {
    payee: { payee_id: order['payee']['payee_id'] }, amount: '90.00', fund: 'public_income', account: '5103', purpose: '灯具更换 两盏', vouchers: [voucher['sha256']],
  });
  t.equal(sent.status, 200, sent.text);
  // Money for the other fund.
  await cashier.post(`${api}/journal-entries`, { kind: 'receipt', entry_date: OPENED, description: '场地费',
    postings: [{ account: '1002', fund: 'public_income', debit: '500.00' }, { account: '4104', fund: 'public_income', credit: '500.00' }] });
  t.equal((await cashier.post(`${api}/proposals/${id}/submit`)).status, 200);
  const { text } = await page(h, 'manager', `/proposals/${id}`);
  t.match(text, /第 2 版改了这些/);
  t.match(text, /金额 原来 100\.00 现在 90\.00/);
  t.match(text, /资金 原来 物业服务资金 现在 公共收益/);
  t.match(text, /凭证 原来 发票\.pdf 现在 新发票\.pdf/);
  t.match(text, /用途 原来 灯具更换 现在 灯具更换 两盏/);
  t.match(text, /上一版的签名，已不作数/);
  t.equal(raw.exec(text)?.[0], undefined);
});

t.test('a deputy is told in whose place they sign, and everybody reads it', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙候补');
  await h.seat({ login: 'sun' }, 'manager', 'committee1');
  const { json } = await (await h.as('cashier')).post(`${api}/delegations`, { principal_term: await h.term('committee1'),
    deputy_term: await h.term('sun', 'deputy'), starts_on: OPENED, ends_on: '2026-12-31', after_days: 0 });
  await h.sign(json['proposal_id'] as number, 'manager', 'committee1');
  h.at('2026-11-03');
  const id = await h.order();
  const { text } = await page(h, 'sun', `/proposals/${id}`);
  t.match(text, /您是代 陈主任 签（乙代甲）/);
  t.match((await page(h, 'sun', '/queue')).text, /代 陈主任 签/);
  t.match((await page(h, 'cashier', `/proposals/${id}`)).text, /制单人不能签自己的单/);
  await h.sign(id, 'manager', 'sun');
  const { json: paid } = await h.pay(id);
  t.match((await page(h, 'resident', `/proposals/${id}`)).text, /孙候补 代 陈主任 签（乙代甲）/);
  const signatures = await page(h, 'resident', `/journal/${paid['seq']}/signatures`);
  t.match(signatures.text, /业主委员会候补孙候补代陈主任 11月3日用签批密码签了，两方都签齐后才付。/);
  t.match(signatures.text, /算谁的一票 孙候补 代 陈主任 签（乙代甲）/);
  t.equal(raw.exec(signatures.text)?.[0], undefined);
  t.match((await page(h, 'resident', `/journal/${paid['seq']}/signatures`, 'en')).text, /孙候补 \(deputy, Owners' committee\) in place of 陈主任 signed on 3 Nov with a signing password/);
  t.match((await page(h, 'resident', `/journal/${paid['seq']}`)).html, `/e/test/journal/${paid['seq']}/signatures`);
});

t.test('who reads what', async (t) => {
  const h = await officeHouse(t);
  const id = await h.order();
  t.equal((await page(h, 'resident', `/proposals/${id}`)).status, 403);
  t.equal((await page(h, 'resident', '/queue')).status, 403);
  t.equal((await page(h, 'resident', '/journal/1/signatures')).status, 404, 'a record that is no entry');
  const { json: receipt } = await (await h.as('cashier')).post(`${api}/journal-entries`, { kind: 'receipt', entry_date: OPENED, description: '存款利息',
    postings: [{ account: '1002', fund: 'service', debit: '1.00' }, { account: '4107', fund: 'service', credit: '1.00' }] });
  const nobody = await page(h, 'resident', `/journal/${receipt['seq']}/signatures`);
  t.equal(nobody.status, 404);
  t.match(nobody.text, /收款只进不出/);
  await h.sign(id, 'manager', 'committee1');
  const open = await page(h, 'resident', `/proposals/${id}`);
  t.equal(open.status, 200, 'signed proposals are for every owner');
  t.notMatch(open.html, 'id="next"');
  t.notMatch(open.html, 'FK00', 'the order itself is for officers');
  t.match(open.text, /没有在任的签批职务|已签齐/);
});

t.test('where the rule asks for a passkey, the password is not offered', async (t) => {
  const h = await officeHouse(t);
  await addRule(h, { kind: 'payment', fund: 'service', passkey_only: true });
  const id = await h.order();
  const { text, html } = await page(h, 'manager', `/proposals/${id}`);
  t.match(text, /按规则，这张单只能用通行密钥批准，签批密码不算。 您还没有通行密钥/);
  t.match(html, /aria-disabled="true"[^>]*>用签批密码批准/);
  t.notMatch(html, /name="step" value="approve"/);
  const queue = await page(h, 'manager', '/queue');
  t.match(queue.text, /须用通行密钥/);
  t.notMatch(queue.html, 'type="checkbox"');
});
