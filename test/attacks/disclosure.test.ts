// Somebody waits until the month is published and then adds to it: what the owners get to see.
import t from 'tap';
import { publishDue } from '../../src/disclosure/publish.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { closeMonth, due, payOut, receive, testBooks, type Books } from '../disclosure/books.ts';

const versions = async (h: Books): Promise<string[]> => (await h.superuser.query(
  `select period || ' v' || version as name from disclosure where estate_id = $1 order by period, version`,
  [h.estate.estate_id])).rows.map((row: { name: string }) => row.name);
const figuresOf = async (h: Books, period: string, version: number): Promise<DisclosureFigures> => JSON.parse(
  (await h.superuser.query('select figures from disclosure where period = $1 and version = $2', [period, version])).rows[0].figures);

t.test('what is added to a month after its publication is published when the month is closed', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '5000.00' });
  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  await payOut(h, { date: '2031-10-30', amount: '4000.00', description: '补记' });
  t.same(await publishDue(h.house), [], 'not for every single entry');
  h.at(due(h, '2031-10', 60));
  await closeMonth(h, '2031-10');
  t.match(await Promise.all([publishDue(h.house), publishDue(h.house), publishDue(h.house)]).then((all) => all[0]),
    [{ period: '2031-10', version: 2 }]);
  t.same(await publishDue(h.house), []);
  t.same(await versions(h), ['2031-10 v1', '2031-10 v2'], 'once, also by three instances');
  const figures = await figuresOf(h, '2031-10', 2);
  t.match(figures, { closing: '1000.00', correction: { name_zh: /更正第 1 版/, name_en: /corrects version 1.*closed/ } });
  t.notOk(figures.notices.some((notice) => notice.kind === 'unclosed'));
});

t.test('a month that is never closed hides nothing: what was added to it is published on the next due day', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '5000.00' });
  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  h.at(due(h, '2031-10', 24 * 60));
  await payOut(h, { date: '2031-10-30', amount: '4000.00', description: '补记' });
  h.at(due(h, '2031-11'));
  await publishDue(h.house);
  t.same(await versions(h), ['2031-10 v1', '2031-10 v2', '2031-11 v1']);
  t.equal((await figuresOf(h, '2031-10', 2)).closing, (await figuresOf(h, '2031-11', 1)).opening, 'the months fit together again');
  t.same(await publishDue(h.house), []);
  h.at(due(h, '2031-12'));
  await publishDue(h.house);
  t.same(await versions(h), ['2031-10 v1', '2031-10 v2', '2031-11 v1', '2031-12 v1'], 'nothing was added, nothing is printed again');
});

t.test('a payment dated before its signatures stands on page one', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '5000.00' });
  await payOut(h, { date: '2031-10-28', amount: '300.00' });
  h.at('2031-11-03 10:00');
  await payOut(h, { date: '2031-10-30', amount: '4000.00' });
  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  const told = (await figuresOf(h, '2031-10', 1)).notices.map((notice) => notice.text_zh).join('\n');
  t.match(told, '有 1 笔付款的日期早于签齐的日期，合计 4,000.00 元');
});
