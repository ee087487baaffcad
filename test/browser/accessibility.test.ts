// Every main page as people meet it, on a phone and at a desk, in Chinese and English: axe finds
// nothing against WCAG 2.2 A and AA, nothing runs over an edge, nothing complains, and no page mixes
// its languages: whatever is left in the other one is what people themselves wrote.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { lastDay } from '../../src/kernel/dates.ts';
import { markRead, notify } from '../../src/kernel/notice.ts';
import { PASSWORD, SIGNING_PASSWORD } from '../helpers/house.ts';
import { bySession, type Caller } from '../api/caller.ts';
import { pdfBytes } from '../bank/statement.ts';
import { pngFile } from '../payment/files.ts';
import { desk, longMonth, openPlace, phone, type Place } from './persons.ts';

t.setTimeout(180_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
const period = longMonth();
const day = (n: number): string => `${period}-${String(n).padStart(2, '0')}`;
const estate = 'estates/test';

/** What persons wrote in this house: it stands in the language they wrote it in. */
const written = [
  '快递柜场地费 第四季度', '存款利息（重复）', '地下车库灯具更换', '消防应急灯更换 12 只', '川亮照明工程有限公司',
  '发票-照明.pdf', '验收照片.png', '换了几盏灯，保修多久？', '换了 48 盏，保修两年。', '公共电费为什么比上月多？', '重复录入',
  '示例农商银行', '安心物业有限公司', '示例小区业主委员会', '何出纳', '马经理', '陈主任', '李委员', '周监事', '赵街道', '吴审计', '王阿姨',
  '红字冲销', '冲销', '川*', '张*', '中文',
];
const latin = ['Mingzhang', 'Example Estate', 'English', 'PDF', 'JSON', 'CSV', 'JPEG', 'PNG', 'OFD', 'XML', 'MB', 'KB',
  'ZIP', 'WPS', 'Excel', 'hledger', 'Beancount'];

interface Made { entry: number; proposal: number; order: number }

async function sign(callers: readonly Caller[], proposal_id: number): Promise<void> {
  for (const caller of callers) {
    await caller.post(`${estate}/proposals/${proposal_id}/sign`, { decision: 'approve', method: 'password', password: SIGNING_PASSWORD });
  }
}

/** A month with one of everything: entries, a reversal, a paid order and one that waits, a draft, a
 *  stated balance, a disclosure, a question with its answer and one without. */
async function makeBooks(place: Place): Promise<Made> {
  const { app } = place;
  const cashier = await bySession(app, 'cashier');
  const keys = [await bySession(app, 'manager'), await bySession(app, 'committee2')];
  const receipt = (on: string, description: string, amount: string, account: string) => cashier.post(`${estate}/journal-entries`, {
    kind: 'receipt', entry_date: on, description,
    postings: [{ account: '1002', fund: 'public_income', debit: amount }, { account, fund: 'public_income', credit: amount }],
  });
  await receipt(day(9), '快递柜场地费 第四季度', '12500.50', '4104');
  const twice = await receipt(day(10), '存款利息（重复）', '12.34', '4107');
  const invoice = (await cashier.upload(`${estate}/vouchers`, pdfBytes(), '发票-照明.pdf')).json['sha256'] as string;
  const picture = (await cashier.upload(`${estate}/vouchers`, pngFile(64), '验收照片.png')).json['sha256'] as string;
  const draft = async (purpose: string, amount: string): Promise<number> => {
    const { id } = (await cashier.post(`${estate}/payment-orders`, {
      payee: { kind: 'company', name: '川亮照明工程有限公司', bank_name: '示例建设银行支行', account_number: '6200100010000001011' },
      amount, fund: 'public_income', account: '5102', purpose, vouchers: [picture, invoice],
    })).json;
    await cashier.post(`${estate}/proposals/${id}/submit`);
    return id as number;
  };
  const order = await draft('地下车库灯具更换', '7000.00');
  await sign(keys, order);
  await cashier.post(`${estate}/payment-orders/${order}/paid`, { paid_on: day(12), bank_reference: '20261012000123' });
  const { proposal_id } = (await cashier.post(`${estate}/journal-entries/${twice.json['seq']}/reversal`, { reason: '重复录入' })).json;
  await sign(keys, proposal_id as number);
  await cashier.post(`${estate}/bank-balances`, { account: '1002', as_of: lastDay(period), balance: '5500.50', voucher: invoice });
  const closing = (await cashier.post(`${estate}/periods/${period}/close`)).json['proposal_id'] as number;
  await sign(keys, closing);
  await keys[0]!.post(`${estate}/disclosures/${period}`, { publish: 'now' });
  const paid = (await cashier.get(`${estate}/journal-entries?period=${period}&kind=payment`)).json['items'][0].seq as number;
  const resident = await bySession(app, 'resident');
  const { inquiry_id } = (await resident.post(`${estate}/inquiries`, { question: '换了几盏灯，保修多久？', about: paid })).json;
  await keys[0]!.post(`${estate}/inquiries/${inquiry_id}/answers`, { answer: '换了 48 盏，保修两年。' });
  await resident.post(`${estate}/inquiries`, { question: '公共电费为什么比上月多？' });
  await resident.post(`${estate}/exports`, {});
  const proposal = await draft('消防应急灯更换 12 只', '1380.00');
  await sign([keys[0]!], proposal);
  place.house.mail = () => Promise.resolve('sent');
  for (const key of ['read', 'unread']) {
    await inEstate(place.house.db.app, place.estate.estate_id, async (trx) => {
      await notify(trx, {
        estate_id: place.estate.estate_id, person_ids: [place.persons.committee1], key, href: `/e/test/proposals/${proposal}`,
        text: {
          zh: '第 3 号付款“消防应急灯更换 12 只”（1,800.00 元）已等了 2 天，还差业主委员会，等您签批。',
          en: 'No. 3, payment "消防应急灯更换 12 只" (1,800.00 yuan) has waited 2 days, still missing: Owners\' committee.',
        },
      });
      if (key === 'read') await markRead(trx, place.estate.estate_id, place.persons.committee1);
    });
  }
  return { entry: paid, proposal, order };
}

const pagesOf = ({ entry, proposal, order }: Made): Record<string, string[]> => ({
  nobody: ['/', '/login', '/join', '/verify', '/e/test/proof'],
  resident: ['/e/test', '/e/test/inquiries/1', `/e/test/inquiries/new?about=${entry}`, `/e/test/disclosures/${period}`, '/me',
    `/e/test/journal/${entry}/signatures`, '/e/test/witness', '/e/test/proof', '/e/test/export', '/e/test/export/packages/1',
    '/e/test/home', '/e/test/journal/999999'],
  committee1: ['/e/test/queue', '/e/test/queue?tab=others', '/e/test/queue?tab=done&kind=payment',
    `/e/test/proposals/${proposal}`, '/e/test/rules', '/e/test/rules/who?kind=payment&amount=120000', '/e/test/rules/help',
    '/e/test/rules/change', '/e/test/rules/change/rule?new=payment.normal', '/e/test/people', '/e/test/inquiries',
    '/e/test/notices', '/me/passkeys', '/me/one-time-code'],
  cashier: ['/e/test', `/e/test/journal?period=${period}`, `/e/test/journal/${entry}`, '/e/test/journal/new', '/e/test/journal/transfer',
    '/e/test/orders', '/e/test/orders/new', `/e/test/orders/${order}`, '/e/test/disclosures', '/e/test/bank', '/e/test/periods',
    `/e/test/accounts?period=${period}`, `/e/test/accounts/1002?period=${period}`, '/e/test/invitations',
    '/e/test/terms/appoint?body=committee', '/e/test/terms/4/end', '/e/test/delegations/new', '/e/test/register', '/e/test/counter'],
});

/** Text that stands in the other language, other than what persons wrote. Runs in the page. */
function mixedText([lang, known]: [lang: 'zh' | 'en', known: string[]]): string[] {
  const other = lang === 'zh' ? '[lang=en]' : '[lang^=zh]';
  const found: string[] = [];
  const look = (raw: string | null, element: Element | null): void => {
    if (raw === null || raw.trim() === '' || element === null || element.closest(`body ${other}, script, style, code, .hash`) !== null) return;
    let text = raw;
    for (const one of known) text = text.replaceAll(one, ' ');
    // Voucher numbers and amounts in capitals are written in Chinese wherever they stand.
    text = text.replace(/[收付转]-\d+/g, ' ').replace(/[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整负]{2,}/g, ' ');
    const strange = lang === 'en' ? /\p{Script=Han}+/u.exec(text) : /[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}/.exec(text);
    if (strange !== null) found.push(`${element.tagName.toLowerCase()}: ${raw.trim().slice(0, 100)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) look(walker.currentNode.nodeValue, walker.currentNode.parentElement);
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) look(element.getAttribute(name), element);
  }
  look(document.title, document.body);
  return [...new Set(found)];
}

/** What runs over an edge: the page itself, or a table inside its frame. */
const overflowing = (): string[] =>
  [document.documentElement, ...document.querySelectorAll('.table-block, .card, .chip, .filters')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
    .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`);

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ').slice(0, 400)}`);
  });
}

async function loggedIn({ browser, address }: Place, login: string, options: object): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: address, ...options });
  // tsx keeps the names of functions, also of those that run in the page.
  await context.addInitScript('globalThis.__name = (made) => made');
  if (login === 'nobody') return context;
  const answer = await context.request.post('/api/v1/session', { data: { login, password: PASSWORD } });
  if (!answer.ok()) throw new Error(`${login}: ${await answer.text()}`);
  return context;
}

t.test('every main page, on phone and desk, in Chinese and English', async (t) => {
  const place = await openPlace(t, { first_period: period });
  const made = await makeBooks(place);
  for (const [login, paths] of Object.entries(pagesOf(made))) {
    for (const lang of ['zh', 'en'] as const) {
      const context = await loggedIn(place, login, { locale: lang === 'zh' ? 'zh-CN' : 'en-GB' });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      for (const path of paths) {
        const answer = await page.goto(path);
        t.equal(answer?.status(), path.endsWith('999999') ? 404 : 200, `${login} opens ${path}`);
        t.same(await page.evaluate(mixedText, [lang, lang === 'zh' ? latin : written] as [typeof lang, string[]]), [],
          `${path} in ${lang} is in one language`);
        for (const viewport of [desk, phone]) {
          await page.setViewportSize(viewport);
          const what = `${login} ${path} ${lang} ${viewport.width}`;
          t.same(await page.evaluate(overflowing), [], `${what} runs over no edge`);
          t.same(await violations(page), [], `${what} is accessible`);
        }
        t.same(complaints.splice(0).filter((text) => !text.includes('status of 404')), [], `${path} complains of nothing`);
      }
      await context.close();
    }
  }
});

t.test('the interface can be read at /api/docs without a complaint of the policy', async (t) => {
  const place = await openPlace(t, { first_period: period });
  const { page } = await place.person();
  await page.goto('/api/docs');
  // Subjects first; more than a hundred addresses are too long a page.
  await page.locator('.opblock-tag').filter({ hasText: /^log/ }).click();
  await page.getByText('/log/checkpoint').first().waitFor();
  t.same(place.complaints, []);
});
