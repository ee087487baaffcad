// Which language a page speaks, and how it writes dates.
import Fastify from 'fastify';
import t from 'tap';
import { instant } from '../../src/kernel/dates.ts';
import type { Bilingual } from '../../src/kernel/locale.ts';
import * as locale from '../../src/web/locale.ts';
import { texts } from '../../src/web/texts.ts';

const asking = (query: object, headers: Record<string, string> = {}) => ({ query, headers });

t.test('the address decides, then the cookie, then the browser, then Chinese', async (t) => {
  const cookie = 'session=x; lang=en; other=1';
  const rows: [ReturnType<typeof asking>, string][] = [
    [asking({}), 'zh'],
    [asking({}, { 'accept-language': 'en-GB,en;q=0.9' }), 'en'],
    [asking({}, { 'accept-language': 'de,zh-TW;q=0.5,en;q=0.4' }), 'zh'],
    [asking({}, { 'accept-language': 'zh;q=0,en;q=0.1' }), 'en'],
    [asking({}, { 'accept-language': 'de, fr;q=x' }), 'zh'],
    [asking({}, { cookie, 'accept-language': 'zh' }), 'en'],
    [asking({ lang: 'zh' }, { cookie }), 'zh'],
    [asking({ lang: ['en', 'zh'] }, { cookie }), 'zh'],
    [asking({ lang: '<script>' }, { cookie }), 'en'],
    [asking({}, { cookie: 'xlang=en' }), 'zh'],
  ];
  for (const [request, expected] of rows) t.equal(locale.localeOf(request as never), expected);
});

t.test('a chosen language is remembered once', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  locale.rememberLocale(app);
  app.get('/', async (request) => locale.localeOf(request));
  const chosen = await app.inject('/?lang=en');
  t.match(chosen.headers['set-cookie'], /^lang=en; Path=\/; Max-Age=\d+; SameSite=Lax/);
  t.equal(chosen.body, 'en');
  const again = await app.inject({ url: '/?lang=en', headers: { cookie: 'lang=en' } });
  t.equal(again.headers['set-cookie'], undefined);
  t.equal((await app.inject('/?lang=fr')).headers['set-cookie'], undefined);
});

t.test('dates, months and instants in both languages', async (t) => {
  t.equal(locale.formatDate('2026-10-02', 'zh'), '2026年10月2日');
  t.equal(locale.formatDate('2026-10-02', 'en'), '2 October 2026');
  t.equal(locale.formatDay('2026-03-05', 'zh'), '3月5日');
  t.equal(locale.formatDay('2026-03-05', 'en'), '5 Mar');
  t.equal(locale.formatPeriod('2026-10', 'zh'), '2026年10月');
  t.equal(locale.formatPeriod('2026-10', 'en'), 'October 2026');
  t.equal(locale.formatInstant(instant('2026-11-09T16:30:00Z'), 'zh'), '2026年11月10日 00:30');
  t.equal(locale.formatInstant('2026-11-10T00:00:00Z', 'en'), '10 November 2026, 08:00');
  t.equal(locale.formatCount(18244), '18,244');
  t.equal(locale.formatSize(2_400_000), '2.4 MB');
});

t.test('both languages have every text, with the same figures in it', async (t) => {
  const figures = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, { zh, en }] of Object.entries<Bilingual>(texts)) {
    t.ok(zh !== '' && en !== '', name);
    t.same(figures(zh), figures(en), name);
  }
});
