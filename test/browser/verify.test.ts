// The verifier for everybody, in a real Chromium: the single file from file:// with the network off, and the page
// /verify; sealed disclosures as they are published, one that was changed, and checkpoints from QR codes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/print.ts';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { auditPackage } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { base64urlOf, utf8 } from '../../src/proof/bytes.ts';
import { verifierPage } from '../../src/verifier-page.ts';
import { closeMonth, due, payOut, receive, testBooks, type Books } from '../disclosure/books.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { desk, phone } from './persons.ts';
import { rewriteLog } from '../witness/fork.ts';

t.setTimeout(240_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'mingzhang-verify-'));
const browser: Browser = await launchBrowser();
t.teardown(async () => {
  await browser.close();
  await closePrinter();
  rmSync(folder, { recursive: true, force: true });
});

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 ? ['runs over the edge'] : [];
    return [...wide, ...violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | '))];
  })()`);
}

interface Papers { october: string; november: string; changed: string; note: string; vkey: string }

/** Two months published, and October's PDF with one byte of a record changed. */
async function publishTwo(h: Books): Promise<Papers> {
  const publish = async (period: string): Promise<Buffer> => {
    h.at(due(h, period));
    await publishDisclosure(h.house, { estate: h.estate, period });
    const { rows: [row] } = await h.superuser.query('select pdf_zh_sha256 as sha from disclosure where period = $1', [period]);
    return (await h.house.storage.read(row.sha))!;
  };
  await receive(h, { date: '2031-10-05', amount: '9000.00', account: '3101' });
  await payOut(h, { date: '2031-10-20', amount: '1234.56' });
  h.at('2031-11-03 10:00');
  await closeMonth(h, '2031-10');
  const october = await publish('2031-10');
  const { rows: [{ note }] } = await h.superuser.query('select note from checkpoint order by size desc limit 1');
  h.at('2031-11-20 10:00');
  await payOut(h, { date: '2031-11-12', amount: '33.00' });
  const november = await publish('2031-11');
  const { rows: [{ vkey }] } = await h.superuser.query('select vkey from log_key');
  const write = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  return { october: write('10月公示.pdf', october), november: write('11月公示.pdf', november), changed: write('改过的.pdf', changedPdf(october)), note, vkey };
}

/** The PDF with one embedded file that does not unpack to what it was: a byte in the middle of its longest stream. */
function changedPdf(pdf: Buffer): Buffer {
  const copy = Buffer.from(pdf);
  const at = copy.indexOf('/EmbeddedFile');
  const begin = copy.indexOf('stream', at) + 40;
  copy[begin]! ^= 1;
  return copy;
}

async function opened({ viewport = phone, locale = 'zh-CN', ...rest }: { viewport?: typeof phone; locale?: string; baseURL?: string } = {}) {
  const context = await browser.newContext({ viewport, locale, ...rest });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page, complaints };
}

async function choose(page: Page, files: string | string[]): Promise<string> {
  await page.locator('#files').setInputFiles(files);
  await page.getByRole('button', { name: /^(开始核验|Verify)$/ }).click();
  await page.locator('#result').waitFor();
  return (await page.locator('#result').getAttribute('data-outcome'))!;
}

t.test('the single file is small, the same every time, and carries the characters it shows', async (t) => {
  const bytes = await verifierPage();
  t.ok(bytes.length < 1_500_000, `${bytes.length} bytes`);
  const { execFileSync } = await import('node:child_process');
  const again = execFileSync(process.execPath, ['--import', new URL('../../bin/load-pages.mjs', import.meta.url).href, '--input-type=module', '-e',
    `const { verifierPage } = await import(${JSON.stringify(new URL('../../src/verifier-page.ts', import.meta.url).href)});
     const { sha256Hex } = await import(${JSON.stringify(new URL('../../src/kernel/digest.ts', import.meta.url).href)});
     process.stdout.write(sha256Hex(await verifierPage()));`], { encoding: 'utf8' });
  t.equal(again, sha256Hex(bytes), 'another process makes the same bytes');
  t.notMatch(bytes.toString('utf8').replace(/<script data-verifier>[^]*<\/script>/, ''), /https?:\/\//, 'nothing in it is fetched from anywhere');
});

t.test('verify.html from a USB stick, the network off', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  const papers = await publishTwo(h);
  const file = join(folder, 'verify.html');
  writeFileSync(file, await verifierPage());
  const address = pathToFileURL(file).href;
  const { context, page, complaints } = await opened();
  await context.setOffline(true);
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  let workers = 0;
  page.on('worker', () => { workers += 1; });
  await page.goto(address);
  t.match(await page.title(), '核验账本');
  t.same(await faults(page), [], 'at rest');
  t.ok(await page.evaluate(`document.fonts.check('16px "Mingzhang Sans"', '核验账本')`), 'its font is its own');

  await t.test('a good disclosure holds', async (t) => {
    t.equal(await choose(page, papers.october), 'holds');
    const said = await page.locator('main').innerText();
    t.match(said, /核验通过/);
    t.match(said, /10月公示\.pdf/);
    t.ok(said.replace(/\s/g, '').includes(sha256Hex(readFileSync(papers.october))), 'with its SHA-256');
    t.same(await faults(page), [], 'with a result');
    t.equal(workers, 1, 'worked out beside the page');
  });
  await t.test('the audit package, with last month\'s disclosure beside it', async (t) => {
    await issueCheckpoint(h.house, h.estate);
    const snapshot = await takeSnapshot(h.house, h.estate, { from: '2031-10', to: '2031-11', audience: 'officers' });
    const parts: Uint8Array[] = [];
    for await (const part of auditPackage({
      house: h.house, snapshot, made_at: '2031-12-12T00:06:00.000Z', verifier: verifierPage, step() {}, advance() {},
    })) parts.push(part);
    const zip = join(folder, '审计包.zip');
    writeFileSync(zip, Buffer.concat(parts));
    await page.goto(address);
    t.equal(await choose(page, [zip, papers.october]), 'holds', await page.locator('main').innerText());
    t.same(await faults(page), []);
  });
  await t.test('in a browser without workers and without crypto.subtle', async (t) => {
    const { context: old, page: older, complaints: theirs } = await opened();
    await old.setOffline(true);
    await old.addInitScript(`delete globalThis.Worker; Object.defineProperty(crypto, 'subtle', { value: undefined });`);
    await older.goto(address);
    t.equal(await choose(older, papers.october), 'holds');
    t.equal(await older.evaluate('typeof Worker + typeof crypto.subtle'), 'undefinedundefined');
    t.same(theirs, []);
  });
  await t.test('two months and the key of the notice board', async (t) => {
    await page.goto(address);
    await page.getByLabel('存证公钥（公告栏上那一行，可不填）').fill('安心物业');
    await page.locator('#files').setInputFiles([papers.october, papers.november]);
    await page.getByRole('button', { name: '开始核验' }).click();
    await page.getByText('这不是存证公钥').waitFor();
    await page.getByLabel('存证公钥（公告栏上那一行，可不填）').fill(papers.vkey.replace(/\+(\w{8})\+/, '+$1+\n'));
    t.equal(await choose(page, [papers.october, papers.november]), 'holds');
    t.notOk((await page.locator('.findings').allInnerTexts()).join('').includes('公告栏'), 'the key is known now');
  });
  await t.test('one that was changed is named', async (t) => {
    await page.goto(address);
    t.equal(await choose(page, [papers.november, papers.changed]), 'broken');
    t.match(await page.locator('.findings li').first().innerText(), /改过的\.pdf/);
    t.match(await page.locator('#result').innerText(), /核验不通过/);
    t.same(await faults(page), []);
  });
  await t.test('what is none is not called good', async (t) => {
    await page.goto(address);
    t.equal(await choose(page, file), 'unreadable');
  });
  await t.test('English, and a checkpoint from the sheet', async (t) => {
    await page.goto(`${address}#${base64urlOf(utf8(papers.note))}`);
    await page.reload();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('The checkpoint you scanned').waitFor();
    t.equal(await choose(page, papers.november), 'holds');
    t.same(await faults(page), []);
    // The same sheet of a log that was written anew: somebody holds paper that the file contradicts.
    const [origin, size, root, ...rest] = papers.note.split('\n') as [string, string, string, ...string[]];
    const forged = [origin, size, `${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}`, ...rest].join('\n');
    await page.goto(`${address}#${base64urlOf(utf8(forged))}`);
    await page.reload();
    t.equal(await choose(page, papers.november), 'broken');
  });
  t.same(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:') && !url.startsWith('data:')), [], 'nothing was asked of anybody');
  t.same(complaints, []);
});

async function served(t: { teardown(work: () => unknown): void }, h: Books): Promise<string> {
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** Drops files as from a folder of the desk. */
async function drop(page: Page, path: string): Promise<void> {
  const bytes = readFileSync(path).toString('base64');
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'dropped.pdf', { type: 'application/pdf' }));
    const place = document.querySelector('[data-drop]');
    for (const name of ['dragover', 'drop']) place.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
  })()`);
}

t.test('the page /verify: without a login, by choosing and by dropping; the file to take along', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  const papers = await publishTwo(h);
  const baseURL = await served(t, h);
  for (const [locale, viewport] of [['zh-CN', phone], ['en-GB', desk]] as const) {
    const { page, complaints } = await opened({ baseURL, locale, viewport });
    let workers = 0;
    page.on('worker', () => { workers += 1; });
    await page.goto('/verify');
    t.same(await faults(page), [], locale);
    t.equal(await choose(page, papers.october), 'holds');
    t.equal(workers, 1, 'worked out beside the page');
    t.same(await faults(page), [], `${locale} with a result`);
    await page.goto('/verify');
    await drop(page, papers.changed);
    await page.getByRole('button', { name: /^(开始核验|Verify)$/ }).click();
    await page.locator('#result').waitFor();
    t.equal(await page.locator('#result').getAttribute('data-outcome'), 'broken');
    const shown = (await page.locator('main').innerText()).replace(/\s/g, '');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /verify\.html/ }).click()]);
    const bytes = readFileSync(await download.path());
    t.ok(bytes.equals(await verifierPage()));
    t.ok(shown.includes(sha256Hex(bytes)), 'its SHA-256 stands beside it');
    t.same(complaints, []);
  }
});

const lines = (page: Page) => page.locator('[data-lines]');
const scan = async (context: BrowserContext, note: string): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(`/verify#${base64urlOf(utf8(note))}`);
  await page.locator('[data-paper]').waitFor();
  return page;
};

t.test('two sheets scanned with one phone: the page says whether the log was only added to', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-28 09:00', { opened_then: true });
  await receive(h, { date: '2031-10-05', amount: '500.00' });
  const first = (await issueCheckpoint(h.house, h.estate))!;
  await receive(h, { date: '2031-10-06', amount: '600.00' });
  const second = (await issueCheckpoint(h.house, h.estate))!;
  const baseURL = await served(t, h);
  const { context } = await opened({ baseURL });
  const page = await scan(context, first.note);
  await lines(page).getByText(`前 ${first.size} 条和这张纸上的一模一样`).waitFor();
  await lines(page).getByText('第一次扫到这本账').waitFor();
  t.match((await page.locator('[data-paper]').innerText()).replace(/\s/g, ''), first.root.toString('hex'));
  t.same(await faults(page), []);
  const next = await scan(context, second.note);
  await lines(next).getByText('根一模一样').waitFor();
  await lines(next).getByText(`见过的第 ${first.size} 条对照：是同一本账`).waitFor();
  const [origin, size, root, ...rest] = first.note.split('\n') as [string, string, string, ...string[]];
  const forged = await scan(context, [origin, size, `${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}`, ...rest].join('\n'));
  await lines(forged).getByText('不是用服务器给出的存证公钥签的').waitFor();
  const bad = await context.newPage();
  await bad.goto('/verify#nothing');
  await bad.getByText('二维码里不是完整的检查点').waitFor();
  await rewriteLog(h, 3);
  await receive(h, { date: '2031-10-07', amount: '700.00' });
  await issueCheckpoint(h.house, h.estate);
  const after = await scan(context, second.note);
  await lines(after).getByText('警报').first().waitFor();
  t.match(await lines(after).innerText(), /以前的记录被改过/);
  t.same(await faults(after), []);
  // An old backup instead: the sheet has more than the server.
});
