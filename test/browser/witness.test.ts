// Witnesses at their phones, in a real Chromium: the first time, a month later, with a new phone and last month's
// paper; and a server that shows another history, which every phone must notice and none may sign.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import t from 'tap';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { base64urlOf, utf8 } from '../../src/proof/bytes.ts';
import { logIn, openPlace, phone, type Place } from './persons.ts';
import { rewriteLog, setBackLog } from '../witness/fork.ts';

t.setTimeout(240_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, and what runs over the right edge. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 ? ['runs over the edge'] : [];
    return [...wide, ...violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | '))];
  })()`);
}

async function grow(place: Place, count = 1): Promise<number> {
  await inEstate(place.house.db.app, place.estate.estate_id, async (trx) => {
    for (let i = 0; i < count; i += 1) await appendRecord(trx, place.estate.estate_id, 'test_record', { i });
  });
  return (await issueCheckpoint(place.house, place.estate))!.size;
}

async function atThePhone(place: Place, login: string, options: { locale?: 'zh-CN' | 'en-GB' } = {}): Promise<Page> {
  const { page } = await place.person({ viewport: phone, ...options });
  await logIn(page, login);
  return page;
}
const open = (page: Page): Promise<unknown> => page.goto('/e/test/witness');
const press = async (page: Page): Promise<void> => {
  await page.locator('#witness:not([aria-busy])').waitFor();
  await page.getByRole('button', { name: '我来见证' }).click();
  await page.locator('#witness:not([aria-busy])').waitFor();
};
const heading = (page: Page, name: RegExp | string) => page.getByRole('heading', { name });
const cosigned = async (place: Place): Promise<[number, string][]> =>
  (await place.superuser.query('select c.size, w.side from cosignature c join witness w using (estate_id, witness_id) order by 1, 2')).rows
    .map(({ size, side }) => [Number(size), side]);
const memory = (page: Page): Promise<any> => page.evaluate(() => JSON.parse(localStorage.getItem('mingzhang/witness/v1/test') ?? 'null'));
const noteAt = async (page: Page): Promise<string> => (await page.request.get('/api/v1/estates/test/log/checkpoint')).text();

t.test('the first time, a month later, and nothing new', async (t) => {
  const place = await openPlace(t);
  const size = await grow(place, 5);
  const page = await atThePhone(place, 'committee1');
  await open(page);
  await heading(page, '这台手机第一次见证').waitFor();
  const { vkey } = (await (await page.request.get('/api/v1/estates/test/log/keys')).json()).items[0];
  const shown = (await page.locator('[data-part="first"] [data-slot="key"]').innerText()).replace(/\s/g, '');
  t.equal(shown, vkey, 'the key to compare with the notice board');
  t.match(await page.locator('[data-part="first"]').innerText(), new RegExp(`共 ${size} 条`));
  t.same(await faults(page), []);
  await press(page);
  await heading(page, '见证完成').waitFor();
  t.match(await page.locator('[data-slot="done"]').innerText(), new RegExp(`第 ${size} 条`));
  t.same(await faults(page), []);
  t.same(await cosigned(place), [[size, 'committee']]);
  const later = await grow(place, 7);
  await open(page);
  await page.getByText(`上次看到第 ${size} 条记录`).waitFor();
  await press(page);
  t.match(await page.locator('[data-slot="done"]').innerText(), new RegExp(`前 ${size} 条和上次看到的一模一样，之后新增 ${later - size} 条`));
  await page.locator('#devices').getByText(`第 ${later} 条`).waitFor();
  await open(page);
  await press(page);
  t.match(await page.locator('[data-slot="done"]').innerText(), /没有新的记录/);
  t.same(await cosigned(place), [[size, 'committee'], [later, 'committee']]);
  t.same((await memory(page)).last.size, later);
  t.same(place.complaints, []);
});

t.test('several sides sign the same checkpoint, although the log goes on between them', async (t) => {
  const place = await openPlace(t);
  await grow(place, 3);
  const committee = await atThePhone(place, 'committee1');
  await open(committee);
  await press(committee);
  const first = (await cosigned(place))[0]![0];
  await grow(place, 4);
  const street = await atThePhone(place, 'street');
  await open(street);
  await press(street);
  await heading(street, '见证完成').waitFor();
  const all = await cosigned(place);
  t.same(all.filter(([size]) => size === first).map(([, side]) => side), ['committee', 'street'], 'the street office signs what the committee signed, then the latest');
  t.equal(all.length, 3);
  const { page } = await place.person({ viewport: phone });
  await page.goto('/e/test/proof');
  await page.getByText(`到第 ${first} 条记录为止，业委会和街道（社区）都见证过`).waitFor();
  t.notMatch(await page.locator('main').innerText(), /陈主任|赵街道/, 'offices, never names');
  t.same(await faults(page), []);
  t.same(place.complaints, []);
});

for (const [what, fork, why] of [
  ['rewritten, and has gone on', async (place: Place) => {
    await rewriteLog(place, 4);
    return grow(place, 3);
  }, /不是在上次那 .* 条后面接着写的/],
  ['rewritten, of the same size', (place: Place) => rewriteLog(place, 4), /根却和上次不同/],
  ['set back to an old backup', (place: Place) => setBackLog(place, 6), /以前的记录少了/],
] as const) {
  t.test(`a log that was ${what}: the phone raises the alarm and signs nothing`, async (t) => {
    const place = await openPlace(t);
    await grow(place, 9);
    const page = await atThePhone(place, 'committee1');
    await open(page);
    await press(page);
    await heading(page, '见证完成').waitFor();
    // The enrolment is a record itself: the second press covers it.
    await issueCheckpoint(place.house, place.estate);
    await open(page);
    await press(page);
    const before = await memory(page);
    await fork(place);
    await open(page);
    await press(page);
    await page.getByRole('alert').waitFor();
    const alarm = await page.getByRole('alert').innerText();
    t.match(alarm, /警报/);
    t.match(alarm, why);
    t.ok(alarm.includes(before.last.note.trim().split('\n')[2]), 'with the checkpoint it remembers');
    t.ok(alarm.includes((await noteAt(page)).trim().split('\n')[2]!), 'and the one it is shown');
    t.same(await cosigned(place), [], 'nothing was signed for the other history');
    t.same((await memory(page)).last, before.last, 'the memory stands');
    t.same(await faults(page), []);
    await page.reload();
    await page.getByRole('alert').waitFor();
    t.equal(await page.getByRole('button', { name: '我来见证' }).isVisible(), false, 'nor is it offered while the alarm stands');
    // The evidence is taken along before the alarm can be ended.
    const clear = page.getByRole('button', { name: '证据已交出，解除警报' });
    await clear.click({ force: true });
    t.ok(await page.getByRole('alert').isVisible());
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载两份证据' }).click()]);
    const evidence = readFileSync(await download.path(), 'utf8');
    t.ok(evidence.includes(before.last.note) && evidence.includes(await noteAt(page)), 'both checkpoints are in the file');
    await clear.click();
    await press(page);
    await page.getByRole('alert').waitFor();
    t.same(await cosigned(place), [], 'and the next press raises it again');
    t.same(place.complaints, []);
  });
}

t.test('a new phone goes on from last month\'s paper: pasted', async (t) => {
  const place = await openPlace(t);
  await grow(place, 6);
  const visitor = await place.person({ viewport: phone });
  const paper = await noteAt(visitor.page);
  const now = await grow(place, 6);
  const page = await atThePhone(place, 'resident');
  await open(page);
  const paste = async (text: string): Promise<void> => {
    const box = page.locator('#paper');
    if (!(await box.isVisible())) await page.getByText('用纸上的检查点接着核对').click();
    await box.fill(text);
    await page.getByRole('button', { name: '作为本机上次的检查点' }).click();
    await page.locator('#witness:not([aria-busy])').waitFor();
  };
  await paste('早上好');
  await page.getByText('这不是检查点的文字').waitFor();
  await paste(paper.replace('localhost:8080/test', 'localhost:8080/other'));
  await page.getByText('这是另一本账').waitFor();
  const [origin, size, root] = paper.split('\n') as [string, string, string];
  await paste(paper.replace(root, `${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}`));
  await page.getByText('不是用这本账的存证公钥签的').waitFor();
  t.equal(await memory(page), null, 'nothing of that is believed');
  await paste(paper.split('\n').map((line) => `  ${line}`).join('\r\n'));
  await page.getByText(`已存入本机：第 ${size} 条记录`).waitFor();
  await press(page);
  t.match(await page.locator('[data-slot="done"]').innerText(), new RegExp(`前 ${size} 条和上次看到的一模一样，之后新增 ${now - Number(size)} 条`));
  t.same(await cosigned(place), [[now, 'resident']]);
  t.ok(origin);
  t.same(place.complaints, []);
});

t.test('paper against a forked server: the alarm comes before the first signature', async (t) => {
  const place = await openPlace(t);
  await grow(place, 6);
  const visitor = await place.person({ viewport: phone });
  const paper = await noteAt(visitor.page);
  await rewriteLog(place, 4);
  await grow(place, 2);
  const page = await atThePhone(place, 'resident');
  await open(page);
  await page.getByText('用纸上的检查点接着核对').click();
  await page.locator('#paper').fill(paper);
  await page.getByRole('button', { name: '作为本机上次的检查点' }).click();
  await page.getByText('已存入本机').waitFor();
  await press(page);
  await page.getByRole('alert').waitFor();
  t.same(await cosigned(place), []);
  t.ok(base64urlOf(utf8(paper)).length < 400, 'and it fits into a QR code');
  t.same(place.complaints, []);
});

/** The log gets another key, as the executed proposal would give it. */
async function changeKey(place: Place): Promise<string> {
  const { rows: [{ origin }] } = await place.superuser.query('select origin from log_key');
  const vkey = await place.house.log_keys!.create(origin);
  await place.superuser.query('alter table log_key disable trigger all');
  const { rows: [{ seq }] } = await place.superuser.query('select write_record($1, $2, $3) as seq', [place.estate.estate_id, 'log_key_changed', '{}']);
  await place.superuser.query('update log_key set ended_seq = $2 where estate_id = $1', [place.estate.estate_id, seq]);
  await place.superuser.query('insert into log_key (estate_id, key_id, vkey, origin, opened_seq) values ($1, 2, $2, $3, $4)',
    [place.estate.estate_id, vkey, origin, seq]);
  return vkey;
}

t.test('another key of the log is shown, to be compared with the notice board, before anything is signed', async (t) => {
  const place = await openPlace(t);
  await grow(place, 4);
  const page = await atThePhone(place, 'street');
  await open(page);
  await press(page);
  await heading(page, '见证完成').waitFor();
  const signed = await cosigned(place);
  const vkey = await changeKey(place);
  const size = await grow(place, 2);
  await open(page);
  await press(page);
  await heading(page, '账本换了签名密钥').waitFor();
  t.equal((await page.locator('[data-part="new-key"] [data-slot="key"]').innerText()).replace(/\s/g, ''), vkey);
  t.same(await cosigned(place), signed, 'nothing is signed yet');
  t.same(await faults(page), []);
  await page.getByRole('button', { name: '和公告栏一致，继续见证' }).click();
  await heading(page, '见证完成').waitFor();
  t.same((await cosigned(place)).at(-1), [size, 'street']);
  t.same(place.complaints, []);
});

t.test('a lost device is retired; another takes its place, and the log says so', async (t) => {
  const place = await openPlace(t);
  await grow(place, 3);
  const old = await atThePhone(place, 'committee1');
  await open(old);
  await press(old);
  await grow(place, 1);
  const page = await atThePhone(place, 'committee1');
  await open(page);
  await page.getByRole('button', { name: '停用这台设备' }).click();
  await page.getByText('已停用').waitFor();
  await heading(page, '这台手机第一次见证').waitFor();
  await press(page);
  await heading(page, '见证完成').waitFor();
  const { rows } = await place.superuser.query('select kind from record where kind like \'witness%\' order by seq');
  t.same(rows.map(({ kind }) => kind), ['witness_enrolled', 'witness_retired', 'witness_enrolled']);
  await open(page);
  await page.getByText('第 1 号设备').waitFor();
  t.same(await faults(page), []);
  t.same(place.complaints, []);
});

t.test('those who cannot witness are told so, in English too', async (t) => {
  const place = await openPlace(t);
  await grow(place, 3);
  const { page } = await place.person({ viewport: phone });
  await logIn(page, 'cashier');
  await page.goto('/e/test/witness?lang=en');
  await page.getByText('you are none of these here').waitFor();
  t.equal(await page.getByRole('button', { name: 'I witness this' }).count(), 0);
  t.same(await faults(page), []);
  t.same(place.complaints, []);
});
