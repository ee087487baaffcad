// The parts in a real Chromium: Chinese is shown by the page's own font, axe finds nothing, nothing
// runs over the edge of a phone, the strict policy is never hit, and the scripts do what they add.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { h } from 'preact';
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import { serveAssets } from '../../src/web/assets.ts';
import { contentSecurityPolicy } from '../../src/web/csp.ts';
import { AmountField, Button, FileField, Form, RadioField } from '../../src/web/forms.tsx';
import { localeOf } from '../../src/web/locale.ts';
import { htmlReply, page } from '../../src/web/shell.tsx';
import { Filters } from '../../src/web/tables.tsx';
import { launchBrowser } from '../helpers/browser.ts';
import { everyPart } from '../web/every-part.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface Axe {
  run(
    options: object,
  ): Promise<{ passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] }>;
}
const phone = { width: 390, height: 844 };

const app = Fastify();
const sent: string[] = [];
await app.register(helmet, {
  contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
});
await app.register(formbody);
serveAssets(app);
app.get('/every', async (request, reply) => {
  const locale = localeOf(request);
  const said = locale === 'zh' ? '地下车库灯具更换（第二期）' : 'Garage lamps, second part';
  const audience = (request.query as { audience?: 'desk' }).audience;
  return htmlReply(reply, everyPart(said, '/e/x', { locale, audience, here: '/every' }));
});
app.get('/form', async (request, reply) =>
  htmlReply(
    reply,
    page({
      locale: 'zh',
      title: '付款申请',
      here: request.url,
      body: [
        h(Filters, {
          action: '/form',
          fields: [
            {
              name: 'fund',
              label: '资金',
              type: 'select',
              options: [{ value: '02', label: '公共收益' }],
            },
          ],
        }),
        h(Form, {
          action: '/sent',
          form_key: 'k',
          children: [
            h(AmountField, { name: 'amount', label: '金额', required: true }),
            h(FileField, { name: 'vouchers', label: '原始凭证', multiple: true }),
            h(RadioField, { name: 'kind', label: '来源', options: [{ value: 'a', label: '甲' }] }),
            h(Button, { name: 'decision', value: 'submit', children: '提交' }),
          ],
        }),
      ],
    }),
  ),
);
app.post('/sent', async (request, reply) => {
  sent.push(JSON.stringify(request.body));
  await new Promise((resolve) => {
    setTimeout(resolve, 400);
  });
  return reply.redirect('/form?fund=done', 303);
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });
let browser: Browser;
t.setTimeout(120_000);

async function opened(
  path: string,
  viewport = phone,
): Promise<{ shown: Page; complaints: string[] }> {
  const shown = await browser.newPage({ viewport });
  const complaints: string[] = [];
  shown.on('console', (message) => complaints.push(message.text()));
  shown.on('pageerror', (error) => complaints.push(error.message));
  await shown.goto(address + path, { waitUntil: 'networkidle' });
  return { shown, complaints };
}

t.before(async () => {
  browser = await launchBrowser();
});
t.teardown(async () => {
  await browser.close();
  await app.close();
});

t.test(
  'every part, on phone and desk, in both languages: axe finds nothing, nothing overflows',
  async (t) => {
    const narrow = { width: 320, height: 640 };
    const desk = { width: 1280, height: 900 };
    for (const [path, viewport] of [
      ['/every', phone],
      ['/every?lang=en', narrow],
      ['/every?audience=desk', desk],
      ['/every?audience=desk&lang=en', phone],
    ] as const) {
      const { shown, complaints } = await opened(path, viewport);
      await shown.evaluate(axe);
      const found = await shown.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: Axe };
        const found = await axe.run({
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        });
        if (found.passes.length < 15) return [`only ${found.passes.length} rules looked at`];
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
      });
      // The sample's frames and pictures lead to pages that do not exist.
      t.same(found, [], `${path} ${viewport.width}`);
      const over = await shown.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      t.equal(over, 0, `${path} ${viewport.width} runs over by ${over}`);
      t.same(
        complaints.filter((text) => !/404/.test(text)),
        [],
        'no complaint of the policy or a script',
      );
      await shown.close();
    }
  },
);

t.test("Chinese is shown by the page's own font where the device has none", async (t) => {
  const { shown } = await opened('/every');
  const loaded = await shown.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter((font) => font.status === 'loaded').length;
  });
  t.ok(loaded > 3, `${loaded} slices loaded`);
  const widths = await shown.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d')!;
    context.font = '40px "Noto Sans SC Variable"';
    return [context.measureText('账').width, getComputedStyle(document.body).fontFamily] as const;
  });
  t.equal(Math.round(widths[0]), 40, 'a full-width character is as wide as it is high');
  t.match(widths[1], 'Noto Sans SC Variable');
  await shown.close();
});

t.test(
  'the capital numerals follow what is typed; separators come when the field is left',
  async (t) => {
    const { shown } = await opened('/form');
    const amount = shown.locator('#form-amount');
    await amount.fill('7000.5');
    t.equal(await shown.locator('#form-amount-capital').textContent(), '大写：柒仟元零伍角');
    await amount.fill('0.1+0.2');
    t.match(await shown.locator('#form-amount-capital').textContent(), '这不是金额');
    await amount.fill('１２３４５６７');
    await amount.blur();
    t.equal(await amount.inputValue(), '1,234,567.00');
    await shown.close();
  },
);

t.test(
  'a file over 20 MB or an empty one is refused before it is sent; a right one is listed',
  async (t) => {
    const { shown } = await opened('/form');
    const files = shown.locator('#form-vouchers');
    const list = shown.locator('[data-files-of=form-vouchers]');
    const file = (name: string, size: number) => ({
      name,
      mimeType: 'application/pdf',
      buffer: Buffer.alloc(size, 'x'),
    });
    await files.setInputFiles([file('发票.pdf', 2_000_000), file('合同.pdf', 21 * 1024 * 1024)]);
    t.match(await list.textContent(), /发票\.pdf · 2\.0 MB.*合同\.pdf 有 22\.0 MB，超过 20 MB/);
    const before = sent.length;
    await shown.getByRole('button', { name: '提交' }).click();
    await shown.waitForTimeout(100);
    t.equal(sent.length, before, 'nothing was sent');
    await files.setInputFiles([file('空.pdf', 0)]);
    t.match(await list.textContent(), '空.pdf 是空文件');
    await files.setInputFiles([file('发票.pdf', 1000)]);
    await Promise.all([
      shown.waitForURL(/fund=done/),
      shown.getByRole('button', { name: '提交' }).click(),
    ]);
    t.equal(sent.length, before + 1);
    await shown.close();
  },
);

t.test('five presses send once, with the button that was pressed', async (t) => {
  const { shown } = await opened('/form');
  await shown.locator('#form-amount').fill('1.00');
  const before = sent.length;
  await shown.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>('button[value=submit]')!;
    for (let press = 0; press < 5; press += 1) button.click();
  });
  await shown.waitForURL(/fund=done/);
  t.equal(sent.length, before + 1);
  t.match(JSON.parse(sent.at(-1)!), { form_key: 'k', decision: 'submit', amount: /1\.00/ });
  await shown.close();
});

t.test('choosing a filter shows it at once, in the address', async (t) => {
  const { shown } = await opened('/form');
  await Promise.all([
    shown.waitForURL(/fund=02/),
    shown.locator('#filter-fund').selectOption('02'),
  ]);
  t.match(shown.url(), '/form?fund=02');
  await shown.close();
});
