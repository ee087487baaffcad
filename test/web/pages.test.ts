// What every page promises: text stays text, nothing inline, forms come back filled in, references
// between label, hint, reason and field lead somewhere, in both languages.
import { h, type ComponentChild } from 'preact';
import t from 'tap';
import {
  AmountField,
  DateField,
  Form,
  formErrors,
  newFormKey,
  TextArea,
  TextField,
} from '../../src/web/forms.tsx';
import { csvTwin, safeHref, withQuery } from '../../src/web/links.ts';
import { page } from '../../src/web/shell.tsx';
import { Amount } from '../../src/web/amount.tsx';
import { LedgerTable } from '../../src/web/tables.tsx';
import { money } from '../../src/kernel/money.ts';
import { refusals } from '../../src/web/refusals.ts';
import { everyPart } from './every-part.ts';

const shell = { locale: 'zh', title: '账', here: '/e/x' } as const;
const shown = (body: ComponentChild): string => page({ ...shell, body });

t.test('whatever people write stays text, in every part', async (t) => {
  for (const said of [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `' onclick='alert(1)`,
    '</textarea><b>',
  ]) {
    const html = everyPart(said, `/x?q=${encodeURIComponent(said)}`);
    t.notMatch(html, /<script>alert|<img src=x|<\/textarea><b>/, said);
    for (const tag of html.match(/<[a-z][^>]*>/g) ?? []) {
      t.notMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+=|alert/, tag);
    }
  }
});

t.test('no address leads to a script or to another host', async (t) => {
  for (const href of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '//evil.example/x',
    'vbscript:x',
  ]) {
    t.equal(safeHref(href), '#', href);
    const html = everyPart('账', href);
    t.notMatch(html, /(href|src|action)="\s*(javascript|data|vbscript|\/\/)/i, href);
  }
  t.equal(safeHref('/e/x?a=1'), '/e/x?a=1');
  t.equal(safeHref('https://example.com/'), 'https://example.com/');
});

t.test('a page carries no inline script, style or event: the strict policy holds', async (t) => {
  const html = everyPart('账', '/e/x');
  t.notMatch(html, /\sstyle=|<style|\son[a-z]+="/);
  t.same(
    [...html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)].map((found) => found[1]),
    [''],
  );
});

t.test(
  'every label, description, reason and summary link leads to something on the page',
  async (t) => {
    const html = everyPart('账', '/e/x');
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((found) => found[1]!);
    t.equal(new Set(ids).size, ids.length, 'ids are unique');
    for (const [, names] of html.matchAll(/\s(?:for|aria-describedby|list)="([^"]+)"/g)) {
      for (const name of names!.split(' ')) t.ok(ids.includes(name), name);
    }
    for (const [, name] of html.matchAll(/href="#([^"]+)"/g)) t.ok(ids.includes(name!), name!);
  },
);

t.test('a page says its language and leads to the other one', async (t) => {
  const zh = page({ ...shell, here: '/e/x/journal?fund=02&done=posted', body: '账' });
  t.match(zh, '<html lang="zh-CN" class="resident">');
  t.match(zh, 'href="/e/x/journal?fund=02&amp;lang=en"');
  const en = page({
    ...shell,
    title: 'Books',
    locale: 'en',
    here: '/e/x?lang=en',
    audience: 'desk',
    body: 'x',
  });
  t.match(en, '<html lang="en" class="desk">');
  t.match(en, 'href="/e/x?lang=zh"');
  t.notMatch(en.replace('>中文<', '><'), /[\u4e00-\u9fff]/, 'no Chinese left on an English page');
});

t.test('the current section is marked, also on pages below it, and only one', async (t) => {
  const nav = [
    { href: '/e/x', label: '首页' },
    { href: '/e/x/journal', label: '明细' },
  ];
  const marked = (here: string): string[] =>
    [
      ...page({ ...shell, nav, here, body: '' }).matchAll(/<a href="([^"]+)" aria-current="page"/g),
    ].map((f) => f[1]!);
  t.same(marked('/e/x'), ['/e/x']);
  t.same(marked('/e/x/journal?fund=02'), ['/e/x/journal']);
  t.same(marked('/e/x/journal/7'), ['/e/x/journal']);
  t.same(marked('/e/xy'), []);
});

t.test('a wrong form comes back filled in, with the reason beside the field', async (t) => {
  const refusal = refusals.input_invalid({ field: '金额', expected: '两位小数' }, 'amount');
  const html = shown(
    h(Form, {
      action: '/e/x/orders',
      form_key: 'k-1',
      csrf: 's-1',
      errors: formErrors(refusal, 'zh'),
      values: {
        amount: '0.1+0.2',
        date: '2026-02-30',
        memo: '灯具 "好"',
        purpose: '\n第一行',
        password: 'secret',
      },
      children: [
        h(AmountField, { name: 'amount', label: '金额', required: true }),
        h(DateField, { name: 'date', label: '日期' }),
        h(TextField, { name: 'memo', label: '摘要' }),
        h(TextField, { name: 'password', label: '签批密码', type: 'password' }),
        h(TextArea, { name: 'purpose', label: '用途' }),
      ],
    }),
  );
  t.match(html, 'name="form_key" value="k-1"');
  t.match(html, 'name="csrf" value="s-1"');
  const amount = /<input id="form-amount"[^>]*>/.exec(html)![0];
  t.match(amount, 'value="0.1+0.2"');
  t.match(amount, 'aria-invalid="true"');
  t.match(amount, 'aria-describedby="form-amount-hint form-amount-error"');
  t.match(html, 'href="#form-amount"');
  t.match(html, /id="form-amount-error">.*“金额”填写不对/);
  t.match(/<input id="form-date"[^>]*>/.exec(html)![0], /type="text".*value="2026-02-30"/);
  t.match(html, 'value="灯具 &quot;好&quot;"');
  t.match(html, '>\n\n第一行</textarea>', 'a leading line break survives');
  t.notMatch(html, 'secret', 'a password is never sent back');
});

t.test('an amount field shows the capital numerals without script', async (t) => {
  const field = (value: string): string =>
    shown(h(AmountField, { name: 'amount', label: '金额', value }));
  t.match(field('７，０００'), '>大写：柒仟元整');
  t.match(field('107000.53'), '>大写：壹拾万零柒仟元零伍角叁分');
  t.notMatch(field('1.005'), '>大写：');
});

t.test(
  'amounts: separators, the words 收 and 支, and red letters that do not rest on colour',
  async (t) => {
    const text = (props: Parameters<typeof Amount>[0]): string =>
      /<main[^>]*>.*?<\/h1>(.*)<\/main>/.exec(shown(h(Amount, props)))![1]!.replace(/<[^>]+>/g, '');
    t.equal(text({ value: '1234567.5' }), '1,234,567.50');
    t.equal(text({ value: money('7000'), yuan: true, way: 'out' }), '支 ¥7,000.00');
    t.equal(text({ value: '-120.00', redletter: true }), '红字 −120.00');
    t.equal(text({ value: '-120.00', yuan: true }), '−¥120.00');
    t.equal(text({ value: null }), '');
  },
);

t.test('a table keeps its headings, totals and labels for the phone', async (t) => {
  const html = shown(
    h(LedgerTable<{ memo: string; received: string | null }>, {
      caption: '十月',
      csv: csvTwin('/e/x/journal?fund=02'),
      columns: [
        { key: 'memo', title: '摘要', lead: true },
        { key: 'received', title: '收入', type: 'money' },
      ],
      rows: [
        { memo: '广告位', received: '1500.00' },
        { memo: '空', received: null },
      ],
      totals: [{ label: '合计', cells: { received: '1500.00' } }],
    }),
  );
  t.match(html, '<caption>十月</caption>');
  t.match(html, '<th role="rowheader" scope="row">广告位</th>');
  t.match(html, '<th role="columnheader" scope="col" class="num">收入</th>');
  t.match(html, 'data-label="收入"><span class="num">1,500.00</span></td>');
  t.match(html, 'data-label="收入"></td>', 'an empty cell is empty');
  t.match(html, /<tfoot.*合计.*1,500\.00/);
  t.match(html, 'href="/e/x/journal.csv?fund=02"');
});

t.test('addresses of the same page', async (t) => {
  t.equal(withQuery('/e/x?a=1&cursor=c', { cursor: null, b: '收 2' }), '/e/x?a=1&b=%E6%94%B6+2');
  t.equal(csvTwin('/e/x/journal?lang=en&done=posted'), '/e/x/journal.csv');
  t.equal(withQuery('//evil.example/x', {}), '/evil.example/x');
  t.equal(withQuery('/a/..//evil.example', {}), '/evil.example');
  t.not(newFormKey(), newFormKey());
});
