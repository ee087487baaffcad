// Publishing: on the due day whatever is missing, each month once, a correction beside what it corrects.
import t from 'tap';
import { addMonths, businessDate, isoInstant } from '../../src/kernel/dates.ts';
import { draftDue, publishDisclosure, publishDue, publishNow, correctDisclosure } from '../../src/disclosure/publish.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { closeMonth, due, payOut, receive, testBooks, type Books } from './books.ts';

const versions = async (h: Books) => (await h.superuser.query(
  'select period, version, due_on, published_at from disclosure where estate_id = $1 order by period, version',
  [h.estate.estate_id])).rows as { period: string; version: number; due_on: string; published_at: Date }[];
const figuresOf = async (h: Books, period: string, version: number): Promise<DisclosureFigures> => JSON.parse(
  (await h.superuser.query('select figures from disclosure where period = $1 and version = $2', [period, version])).rows[0].figures);

t.test('an unclosed month is published with the notice, on its due day and not before', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10', -1));
  t.equal(isoInstant(h.now()), '2031-11-09T23:59:00.000Z', '07:59 in Shanghai');
  t.same(await publishDue(h.house), []);
  h.at(due(h, '2031-10'));
  t.match(await publishDue(h.house), [{ period: '2031-10', version: 1, due_on: '2031-11-10' }]);
  t.same(await publishDue(h.house), [], 'once');
  const figures = await figuresOf(h, '2031-10', 1);
  t.ok(figures.notices.some((n) => n.kind === 'unclosed'));
  t.notOk(figures.notices.some((n) => n.kind === 'late'));
  const record = await h.superuser.query(`select body from record where kind = 'disclosure_published'`);
  const row = (await h.superuser.query('select * from disclosure')).rows[0];
  t.match(JSON.parse(record.rows[0].body), { period: '2031-10', version: 1, figures_sha256: row.figures_sha256,
    pdf_zh_sha256: row.pdf_zh_sha256, pdf_en_sha256: row.pdf_en_sha256, due_on: '2031-11-10' });
  t.equal((await h.house.storage.read(row.pdf_zh_sha256))!.length, row.pdf_zh_size);
  await t.rejects(h.superuser.query(`update disclosure set figures = '{}'`), /append_only/);
});

for (const months of [1, 13, 40]) {
  t.test(`after ${months} missed months each is published once, oldest first`, async (t) => {
    const h = await testBooks(t, '2031-10');
    await receive(h, { date: '2031-10-01', amount: '500.00' });
    const last = addMonths('2031-10', months - 1);
    h.at(due(h, last, 90));
    const published = await publishDue(h.house, { only: h.estate.estate_id });
    t.same(published.map((p) => p.period), Array.from({ length: months }, (_, n) => addMonths('2031-10', n)));
    t.ok(published.every((p) => p.version === 1));
    t.same((await versions(h)).length, months);
    const first = await figuresOf(h, '2031-10', 1);
    t.equal(first.notices.some((n) => n.kind === 'late'), months > 1, 'what is late says so');
    t.same(await publishDue(h.house), []);
  });
}

t.test('two publishers at the same moment make one version', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  const both = await Promise.all([1, 2, 3].map(() => publishDisclosure(h.house, { estate: h.estate, period: '2031-10' })));
  t.same(both[0], both[1]);
  t.same(both[0], both[2]);
  t.same((await versions(h)).length, 1);
});

t.test('a correction is the next version beside the first, and says what it corrects', async (t) => {
  const h = await testBooks(t);
  const { estate } = h;
  const [manager, cashier] = [h.actorOf('manager'), h.actorOf('cashier')];
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await t.rejects(correctDisclosure(h.house, { estate, actor: manager, period: '2031-10' }, '补记一笔'), { code: 'disclosure_unknown' });
  const first = await publishDisclosure(h.house, { estate, period: '2031-10' });
  await receive(h, { date: '2031-10-31', amount: '40.00', description: '补记利息', account: '4107' });
  await t.rejects(correctDisclosure(h.house, { estate, actor: manager, period: '2031-10' }, '  '), { code: 'text_empty' });
  await t.rejects(correctDisclosure(h.house, { estate, actor: cashier, period: '2031-10' }, '补记十月利息'), { code: 'not_allowed' });
  const asked = { estate, actor: manager, period: '2031-10', key: 'one-press' };
  const [second, again] = await Promise.all([correctDisclosure(h.house, asked, '补记十月利息'), correctDisclosure(h.house, asked, '补记十月利息')]);
  t.equal(second.version, 2);
  t.same(again, second, 'the same press twice is one version');
  t.same((await figuresOf(h, '2031-10', 2)).correction,
    { name_zh: '（更正第 1 版）补记十月利息', name_en: '(corrects version 1) 补记十月利息' });
  t.equal((await figuresOf(h, '2031-10', 1)).closing, '500.00', 'the first stays as it was');
  t.equal((await figuresOf(h, '2031-10', 2)).closing, '540.00');
  t.not(first.pdf_zh_sha256, second.pdf_zh_sha256);
  t.ok(await h.house.storage.read(first.pdf_zh_sha256));
});

t.test('a closed month may be published early by hand, an open one not', async (t) => {
  const h = await testBooks(t);
  const asked = { estate: h.estate, actor: h.actorOf('committee1'), period: '2031-10' };
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at('2031-11-02 10:00');
  await t.rejects(publishNow(h.house, asked), { code: 'disclosure_period_open' });
  await closeMonth(h, '2031-10');
  await t.rejects(publishNow(h.house, { ...asked, actor: h.actorOf('committee2') }), { code: 'not_allowed' });
  t.match(await publishNow(h.house, asked), { version: 1 });
  h.at(due(h, '2031-10'));
  t.same(await publishDue(h.house), [], 'what is out is not published again on the due day');
});

t.test('month borders are those of Shanghai', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-31 23:59');
  await receive(h, { date: '2031-10-31', amount: '1.00' });
  t.equal(businessDate(h.now()), '2031-10-31');
  await t.rejects(receive(h, { date: '2031-11-01', amount: '2.00' }), /period_not_open/);
  h.at('2031-11-01 00:01');
  await receive(h, { date: '2031-11-01', amount: '2.00' });
  await receive(h, { date: '2031-10-31', amount: '4.00' });
  t.match(await draftDue(h.house), [{ period: '2031-10' }]);
  h.at(due(h, '2031-11'));
  await publishDue(h.house);
  t.same([(await figuresOf(h, '2031-10', 1)).received, (await figuresOf(h, '2031-11', 1)).received], ['5.00', '2.00']);
});

t.test('a draft is drawn up on the 1st and replaced, not kept twice', async (t) => {
  const h = await testBooks(t);
  h.at('2031-11-01 00:10');
  await draftDue(h.house);
  await receive(h, { date: '2031-10-30', amount: '7.00' });
  await draftDue(h.house);
  const { rows } = await h.superuser.query('select figures from disclosure_draft');
  t.equal(rows.length, 1);
  t.match(JSON.parse(rows[0].figures), { received: '7.00', published_at: null });
});

t.test('an order paid after the month is in the month of its payment only', async (t) => {
  const h = await testBooks(t);
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at('2031-11-03 10:00');
  await payOut(h, { date: '2031-11-03', amount: '30.00' });
  h.at(due(h, '2031-11'));
  await publishDue(h.house);
  t.same([(await figuresOf(h, '2031-10', 1)).paid, (await figuresOf(h, '2031-11', 1)).paid], ['0.00', '30.00']);
});
