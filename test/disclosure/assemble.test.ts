// The figures of a month: they add up to the fen in every way, and every entry is there once.
import t from 'tap';
import { assembleFigures, dueAt, dueOn } from '../../src/disclosure/assemble.ts';
import { instant, isoInstant } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { closeMonth, payOut, propose, receive, reverse, testBooks, transfer } from './books.ts';

const draft = { version: 1, published_at: null, correction: null } as const;

t.test('a month with receipts, a payment, petty cash, a deposit, a transfer and a reversal', async (t) => {
  const h = await testBooks(t, '2031-09', '2031-10-31 20:00');
  await receive(h, { date: '2031-09-02', amount: '143131.00', account: '3101', description: '期初余额' });
  await receive(h, { date: '2031-09-05', amount: '1000.00', account: '4102', fund: 'public_income' });
  const wrong = await receive(h, { date: '2031-10-05', amount: '300.00' });
  await receive(h, { date: '2031-10-03', amount: '43411.20' });
  await receive(h, { date: '2031-10-03', amount: '2000.00', account: '2241', fund: 'deposit', description: '装修押金' });
  const paid = await payOut(h, { date: '2031-10-09', amount: '19200.00', account: '510101' });
  await payOut(h, { date: '2031-10-10', amount: '500.00', account: '1001', description: '备用金' });
  await receive(h, { date: '2031-10-11', amount: '1200.00', account: '2203', description: '预收' });
  await transfer(h, { date: '2031-10-31', description: '预收转收入', lines: [
    { account: '2203', fund: 'service', debit: money('100.00') }, { account: '4101', fund: 'service', credit: money('100.00') },
  ] });
  await reverse(h, { date: '2031-10-20', seq: wrong, kind: 'receipt' });
  await propose(h, { kind: 'payment', amount: money('700.00'), fund: 'service', title: '水泵', content: { postings: [] }, signers: [] });
  await propose(h, { kind: 'payment', amount: money('80.50'), fund: 'service', title: '灯具', content: { postings: [] } });

  const figures = await assembleFigures(h.house, h.estate, '2031-10', draft);
  t.match(figures, {
    opening: '144131.00', received: '46611.20', paid: '19200.00', closing: '171542.20', due_on: '2031-11-10', closed_at: null,
    income_total: { month: '43511.20', year: '44511.20' }, expense_total: { month: '19200.00', year: '19200.00' },
    other: [{ account: '2203', received: '1200.00', paid: '100.00' }, { account: '2241', received: '2000.00', paid: '0.00' }],
  });
  t.equal(figures.entries.length, 8);
  t.same(figures.entries.map((e) => e.date), figures.entries.map((e) => e.date).toSorted(), 'in the order of days');
  t.same(figures.income.map((r) => [r.account, r.month, r.year, r.share]),
    [['4101', '43511.20', '43511.20', '100.0'], ['4102', '0.00', '1000.00', '0.0']]);
  t.same(figures.months.map((m) => m.period), ['2031-09', '2031-10'], 'the months of the books, at most twelve');
  const cash = figures.entries.find((e) => e.description === '备用金')!;
  t.same([cash.received, cash.paid, cash.lines.length], ['0.00', '0.00', 2], 'petty cash only moves');
  const red = figures.entries.find((e) => e.reverses !== null)!;
  t.match(red, { received: '-300.00', paid: '0.00', reverses: '2031-10 收-001' });
  t.equal(figures.entries.find((e) => e.seq === wrong)!.reversed_by, '2031-10 收-005');
  t.same(figures.entries.find((e) => e.seq === paid)!.signers.map((s) => [s.name_zh, s.weak]),
    [['物业公司 · 项目经理', true], ['业主委员会 · 主任', true]]);
  t.same(figures.funds.map((f) => [f.fund, f.opening, f.closing]),
    [['service', '143131.00', '168542.20'], ['public_income', '1000.00', '1000.00'], ['deposit', '0.00', '2000.00']]);
  t.same(figures.notices.map((n) => n.kind), ['unclosed', 'unsigned', 'unsigned', 'unsigned', 'unreconciled', 'reversal']);
  t.match(figures.notices.map((n) => n.text_zh).join('\n'), /等待签批，其中付款 1 件，合计 700\.00 元[^]*“灯具”80\.50 元/);
});

t.test('a closed month names its signers and has no notice of being open', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-05 10:00');
  await receive(h, { date: '2031-10-05', amount: '10.00' });
  h.at('2031-11-03 10:00');
  await closeMonth(h, '2031-10');
  const figures = await assembleFigures(h.house, h.estate, '2031-10', draft);
  t.equal(figures.closed_at, '2031-11-03T02:00:00.000Z');
  t.equal(figures.signatures.length, 2);
  t.notOk(figures.notices.some((n) => n.kind === 'unclosed'));
});

t.test('an empty month is disclosed as well', async (t) => {
  const h = await testBooks(t);
  const figures = await assembleFigures(h.house, h.estate, '2031-10', draft);
  t.match(figures, { opening: '0.00', received: '0.00', paid: '0.00', closing: '0.00', entries: [], income: [], funds: [] });
});

t.test('due on the disclosure day of the next month at 08:00 in Shanghai', async (t) => {
  t.equal(dueOn({ disclosure_day: 5, created_at: instant('2031-01-01T00:00:00Z') }, '2031-12'), '2032-01-05');
  t.equal(isoInstant(dueAt({ disclosure_day: 10, created_at: instant('2031-10-31T15:59:59Z') }, '2031-10')), '2031-11-10T00:00:00.000Z');
  t.equal(dueOn({ disclosure_day: 10, created_at: instant('2031-11-21T04:00:00Z') }, '2031-10'), '2031-12-10',
    'a month that had ended before the estate was opened here is due with the opening month');
  t.equal(dueOn({ disclosure_day: 10, created_at: instant('2031-10-31T16:00:00Z') }, '2031-10'), '2031-12-10',
    'opened in the first minute of November in Shanghai');
});
