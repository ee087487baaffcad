// Money that left without an order is told to everybody until somebody signs for it, and afterwards as what it was.
import t from 'tap';
import { closePrinter, publishDue } from '../../src/disclosure/publish.ts';
import { closeGate, proposeClose } from '../../src/ledger/close.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { signIn } from '../helpers/house.ts';
import { readPdf } from '../reports/reading.ts';
import { closeMonth, due, matchLines, payOut, receive, settleCredit, settleDebit, signOrder, suspend, testBooks } from './books.ts';
import { smallApp } from './small-app.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';

t.teardown(closePrinter);
const words = (figures: DisclosureFigures, kind: string): string[] => figures.notices.filter((one) => one.kind === kind).map((one) => one.text_zh);

t.test('an unexplained debit from the day it is seen to the order signed for it', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-15 09:00');
  const { estate_id } = h.estate;
  const dues = await receive(h, { date: '2031-10-02', amount: '5000.00' });
  const proposal = await signOrder(h, { amount: '100.00' });
  h.at('2031-10-28 09:00');
  const bank = bankOf(h);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  let headers = await signIn(app, 'resident');
  const get = async (url: string): Promise<string> => (await app.inject({ url, headers })).body;
  const published = async (period: string): Promise<DisclosureFigures> => JSON.parse(await get(`/e/test/disclosures/${period}.json`)) as DisclosureFigures;
  const pdfText = async (period: string): Promise<string> =>
    (await readPdf((await app.inject({ url: `/e/test/disclosures/${period}.pdf?lang=zh`, headers })).rawPayload)).text;

  t.match(await get('/e/test'), /还没有收到银行的余额，未核对/);
  await bank.take([['2031-10-02', '5000.00'], ['2031-10-10', '-320.00'], ['2031-10-12', '80.00'], ['2031-10-20', '-100.00']], { from: '2031-10-01', to: '2031-10-28' });
  t.match(await get('/e/test'), /核对到 10月28日，银行有 4 笔流水还没有记账/);
  await matchLines(h, [{ lines: [1], entries: [dues] }]);
  const debit = await suspend(h, { line: 2, date: '2031-10-10', amount: '-320.00' });
  const credit = await suspend(h, { line: 3, date: '2031-10-12', amount: '80.00' });
  await payOut(h, { date: '2031-10-20', amount: '100.00', line: 4, proposal });

  const home = await get('/e/test');
  t.match(home, /账本与银行一致，核对到 10月28日，差额 0\.00 <a href="\/e\/test\/bank\/reconciliation\/1002\/2031-10">/);
  t.match(home, /银行付出 320\.00 元，没有签批[^]*2031年10月10日 从尾号 8866 的账户付出，18 天没有人能说明用途。[^]*\/e\/test\/exceptions/, 'nobody had to agree to this');
  t.match(await get('/e/test?lang=en'), /Books and bank agree as of [^<,]*28[^<,]*, difference 0\.00/);

  h.at('2031-11-03 10:00');
  const gate = await inEstate(h.db.app, estate_id, (trx) => closeGate(trx, h.estate, '2031-10'), { readOnly: true });
  t.match(gate.find((one) => one.check === 'bank_reconciled'), { state: 'note', text: { zh:
    /尾号 8866）：银行对账单逐笔只到 2031-10-28，没有到月末。账面与银行相符，差额 0\.00。待核实支出 320\.00，没有签批。待核实收入 80\.00。可以结账，收支公示会写明。/ } });
  const { proposal_id } = await proposeClose(h.house, { estate: h.estate, actor: h.actorOf('manager'), period: '2031-10' });
  const { rows: [row] } = await h.superuser.query('select document from proposal where estate_id = $1 and proposal_id = $2', [estate_id, proposal_id]);
  t.same(JSON.parse(row.document).bank, [{ account: '1002', covered_to: '2031-10-28', difference: '0.00', open_lines: 0, unexplained_out: '320.00', unexplained_in: '80.00' }],
    'what is signed says so');

  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  const october = await published('2031-10');
  t.match(october, {
    unexplained: [{ seq: debit, side: 'debit', booked_on: '2031-10-10', left_then: '320.00', left: '320.00', settled: [] }, { seq: credit, side: 'credit', left: '80.00' }],
    bank: [{ account: '1002', as_of: '2031-10-28', difference: '0.00', statement: { from: '2031-10-01', covered_to: '2031-10-28', bank_items: 0, open_lines: 0, remaining: '0.00' } }],
  });
  t.same(words(october, 'unexplained'), ['异常支出：2031年10月10日 银行付出 320.00 元（尾号 8866，2031-10 付-001），事前没有签批，至今 31 天没有说明。',
    '有 1 笔银行收款不知道是谁交的什么钱，合计 80.00 元，暂记待核实收入。']);
  t.match(words(october, 'unreconciled'), [/对账单逐笔只到 2031年10月28日，没有到月末/]);
  const marks = (figures: DisclosureFigures, number: string) => {
    const { unexplained, settles } = figures.entries.find((one) => one.number === number)!;
    return { unexplained, settles };
  };
  t.same(marks(october, '付-001'), { unexplained: { side: 'debit', left: '320.00' }, settles: undefined });
  t.notOk('unexplained' in october.entries.find((one) => one.number === '付-002')!, 'an ordinary payment says nothing of it');
  const page_one = await pdfText('2031-10');
  for (const text of ['异常支出：2031年10月10日银行付出320.00元', '【待核实】事前没有签批，未说明320.00', '待核实款项', '逐笔核对到', '2031-10-28']) t.ok(page_one.includes(text), `PDF: ${text}`);

  // In November an order is signed for it, and the credit turns out to be a fee.
  h.at('2031-11-30 15:00');
  headers = await signIn(app, 'resident');
  await bank.take([['2031-11-12', '10.00']], { from: '2031-10-29', to: '2031-11-30' });
  await receive(h, { date: '2031-11-12', amount: '10.00', line: 5 });
  const settled = await settleDebit(h, { settles: debit, date: '2031-11-20', amount: '320.00' });
  await settleCredit(h, { settles: credit, date: '2031-11-21', amount: '80.00' });
  t.notMatch(await get('/e/test'), /没有签批/, 'the alarm ends');
  h.at('2031-12-02 10:00');
  await closeMonth(h, '2031-10');
  await closeMonth(h, '2031-11');
  h.at(due(h, '2031-11'));
  headers = await signIn(app, 'resident');
  await publishDue(h.house);
  const november = await published('2031-11');
  t.match(november.unexplained, [], 'nothing is open at the end of November, nothing was raised in it');
  t.same(marks(november, '转-001').settles, { number: '2031-10 付-001', after_the_fact: true });
  t.same(marks(november, '转-002').settles, { number: '2031-10 收-002', after_the_fact: false });
  t.equal(november.bank[0]!.statement!.covered_to, '2031-11-30');
  t.notOk(november.notices.some((one) => one.kind === 'unreconciled' || one.kind === 'unexplained'));
  t.match(await get('/e/test/disclosures/2031-11.csv?table=entries'), /事后补签批 2031-10 付-001/);
  t.match((await app.inject({ url: '/api/v1/estates/test/disclosures/2031-11.csv', headers })).body, /事后补签批 2031-10 付-001/);
  t.match(await get('/e/test/disclosures/2031-11'), /事后补签批 2031-10 付-001/);
  t.ok((await pdfText('2031-11')).includes('【事后补签批】2031-10付-001先付后签'));

  // October was published anew when it was closed: it is told as what it was, not forgotten.
  const corrected = await published('2031-10');
  t.equal(corrected.version, 2);
  t.match(words(corrected, 'unexplained'), [/^先付后签：2031年10月10日 银行付出 320\.00 元（尾号 8866，2031-10 付-001），事前没有签批；事后由第 \d+ 号付款单补签批（2031年11月20日，2031-11 转-001）。$/]);
  t.match(corrected.unexplained, [{ left_then: '320.00', left: '0.00', settled: [{ seq: settled, order: Number }] }, { left: '0.00', settled: [{ order: null }] }]);
});
