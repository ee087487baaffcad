// The reconciliation statement: what stands between bank and books at the end of a month, proved to the fen, for everybody to read.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { money, moneyFigures } from '../../src/kernel/money.ts';
import { reconciliationStatement } from '../../src/reconciliation/statement.ts';
import { closePrinter } from '../../reports/printer.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { signIn } from '../helpers/house.ts';
import { matchLines, payOut, receive, reverse, settleDebit, signOrder, suspend, testBooks } from '../disclosure/books.ts';
import { smallApp } from '../disclosure/small-app.ts';
import { readPdf } from '../reports/reading.ts';
import type { ReconciliationFigures } from '../../reports/reconciliation/figures.ts';

t.teardown(closePrinter);
const page = '/e/test/bank/reconciliation/1002';

t.test('a month with everything that can stand between bank and books', async (t) => {
  const h = await testBooks(t, '2031-09', '2031-09-28 09:00');
  const bank = bankOf(h);
  await receive(h, { date: '2031-09-20', amount: '10000.00', account: '3101' });
  // Signed before the bank pays them.
  const [of_cheque, of_both, of_transit] = [await signOrder(h, { amount: '300.00' }), await signOrder(h, { amount: '50.00' }), await signOrder(h, { amount: '150.00' })];
  h.at('2031-11-05 10:00');
  const drawn = (period: string, in_full = true): Promise<ReconciliationFigures> => reconciliationStatement(h.house, h.estate, { account: '1002', period, in_full });
  t.match(await drawn('2031-10'), { basis: 'none', as_of: null, bank_balance: null, remaining: null, adjusted_bank: null });
  const cheque = await payOut(h, { date: '2031-09-29', amount: '300.00', proposal: of_cheque });
  await bank.take([
    ['2031-10-02', '-300.00', 'L1'], ['2031-10-05', '500.00', 'L2'], ['2031-10-10', '-200.00', 'L3'], ['2031-10-12', '80.00', 'L4'], ['2031-10-20', '-30.00', 'L5'],
    ['2031-10-20', '-20.00', 'L6'], ['2031-10-30', '700.00', 'L7'], ['2031-10-31', '-40.00', 'L8'],
  ], { from: '2031-10-01', to: '2031-10-31', opening: '10000.00' });
  await bank.take([['2031-11-02', '-150.00', 'M1']], { from: '2031-11-01', to: '2031-11-04' });
  // Another body hands in the same file: it confirms, and adds nothing.
  await bank.take([], { from: '2031-10-01', to: '2031-10-31', opening: '10000.00', closing: '10690.00', repeated: 8, by: h.persons.committee1 });
  await receive(h, { date: '2031-10-05', amount: '500.00', line: 2 });
  const unexplained = await suspend(h, { line: 3, date: '2031-10-10', amount: '-200.00' });
  await suspend(h, { line: 4, date: '2031-10-12', amount: '80.00' });
  const both = await payOut(h, { date: '2031-10-21', amount: '50.00', proposal: of_both });
  await receive(h, { date: '2031-11-01', amount: '700.00', line: 7, description: '十月末到账' });
  const transit = await payOut(h, { date: '2031-10-29', amount: '150.00', description: '在途付款', proposal: of_transit });
  await matchLines(h, [{ lines: [1], entries: [cheque] }, { lines: [5, 6], entries: [both] }, { lines: [9], entries: [transit] }]);
  const wrong = await receive(h, { date: '2031-10-28', amount: '60.00' });
  await reverse(h, { date: '2031-11-02', seq: wrong, kind: 'receipt' });
  await receive(h, { date: '2031-10-27', amount: '25.00', description: '银行没有的一笔' });

  const october = await drawn('2031-10');
  t.match(october, {
    basis: 'statement', as_of: '2031-10-31', covered_from: '2031-10-01', covered_to: '2031-11-04', bank_balance: '10690.00', book_balance: '9965.00',
    difference: '725.00', adjusted_bank: '10625.00', adjusted_books: '10625.00', remaining: '0.00',
    totals: { book_received: '85.00', book_paid: '150.00', bank_received: '700.00', bank_paid: '40.00' },
    bank_items: [{ position: 7, amount: '700.00', answered_on: '2031-11-01', answered_by: '2031-11 收-001' }, { position: 8, amount: '-40.00', answered_on: null, answered_by: null }],
    book_items: [{ date: '2031-10-27', answered_on: null }, { date: '2031-10-28', answered_on: '2031-11-02' }, { amount: '-150.00', answered_on: '2031-11-02' }],
    suspense: [{ side: 'debit', left_then: '200.00', days: 21, settled_by: null }, { side: 'credit', left_then: '80.00', days: 19 }],
    confirmed_by: [{ body: 'committee' }], statements: [{ by: { body: 'property' }, lines: 8 }, { by: { body: 'committee' }, lines: 0, repeated: 8 }],
  });
  t.equal(october.bank_items.length + october.book_items.length, 5);
  await settleDebit(h, { settles: unexplained, date: '2031-11-03', amount: '200.00' });
  t.match((await drawn('2031-10')).suspense[0], { left_then: '200.00', left_now: '0.00', settled_by: '2031-11 转-001' }, 'open at the end of October all the same');
  t.match(await drawn('2031-11'), { as_of: '2031-11-04', remaining: '0.00', suspense: [{ side: 'credit' }], book_items: [{ date: '2031-10-27' }] }, 'as far as the bank has spoken');
  t.match(await drawn('2031-09'), { basis: 'none', book_balance: '9700.00' });

  await t.test('page, PDF, spreadsheet and interface say the same, and owners see no names', async (t) => {
    await h.superuser.query(`insert into bank_line_detail (estate_id, account, position, counterparty_name, memo) values ($1, '1002', 8, '张三', '转账')`, [h.estate.estate_id]);
    const app = await smallApp(h.house);
    t.teardown(() => app.close());
    for (const login of ['resident', 'auditor'] as const) {
      const headers = await signIn(app, login);
      const get = (url: string) => app.inject({ url, headers });
      for (const lang of ['zh', 'en'] as const) {
        const html = (await get(`${page}/2031-10?lang=${lang}`)).body;
        const pdf = (await readPdf((await get(`${page}/2031-10.pdf?lang=${lang}`)).rawPayload)).text;
        const csv = (await get(`${page}/2031-10.csv?lang=${lang}`)).body;
        for (const amount of ['10690.00', '9965.00', '10625.00', '85.00', '150.00', '700.00', '40.00', '200.00']) {
          t.ok(html.includes(moneyFigures(money(amount))), `${login} ${lang}: the page says ${amount}`);
          t.ok(pdf.includes(moneyFigures(money(amount))), `the PDF says ${amount}`);
          t.match(csv, new RegExp(`,${amount.replace('.', '\\.')},`), `the spreadsheet says ${amount}`);
        }
        for (const text of [html, pdf, csv]) t.equal(text.includes('张三'), login === 'auditor', `${login}: the payee`);
      }
      const { statusCode, body } = await get('/api/v1/estates/test/bank-accounts/1002/reconciliation/2031-10');
      t.equal(statusCode, 200, body);
      t.match(JSON.parse(body), { remaining: '0.00', bank_items: [{ text: login === 'auditor' ? '' : null }, { text: login === 'auditor' ? '张三 · 转账' : null }] });
    }
    const headers = await signIn(app, 'resident');
    for (const [url, status] of [[`${page}/2031-08`, 404], [`${page}/2031-12`, 404], ['/e/test/bank/reconciliation/1003/2031-10', 404], [`${page}/2031-13`, 400],
      ['/e/test/bank/reconciliation', 303], ['/e/other/bank/reconciliation/1002/2031-10', 404]] as const) {
      t.equal((await app.inject({ url, headers })).statusCode, status, url);
    }
    t.match((await app.inject({ url: `${page}/2031-11`, headers })).body, /没有到月末/, 'a month the statements do not end says so');
  });

  await t.test('the auditor draws it with psql alone', async (t) => {
    const file = fileURLToPath(new URL('../../reports/reconciliation/figures.sql', import.meta.url));
    const psql = await promisify(execFile)('psql', ['--version']).then(() => true, () => false);
    if (!psql) return t.comment('no psql on this machine');
    const { stdout } = await promisify(execFile)('psql', [h.urls.auditor, '-qAX', '-v', 'estate=test', '-v', 'account=1002', '-v', 'period=2031-10', '-f', file]);
    t.match(stdout, /2031-10-31\|10625\.00\|10625\.00\|0\.00\|0\.00\|0\|0/);
  });
});

t.test('on whatever day, the two sides agree but for what was there before the first statement', async (t) => {
  const h = await testBooks(t, '2031-09', '2031-12-20 10:00');
  const { estate_id } = h.estate;
  const bank = bankOf(h);
  let seed = 20_311_220;
  const chance = (n: number): number => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((seed / 2_147_483_648) * n); };
  const fen = (n: number): string => `${n < 0 ? '-' : ''}${Math.floor(Math.abs(n) / 100)}.${String(Math.abs(n) % 100).padStart(2, '0')}`;
  interface Side { id: number; day: string; fen: number }
  const [lines, entries]: [Side[], Side[]] = [[], []];
  // The books begin before the bank's statements do, and do not agree with them: 123.45 were never explained.
  const enter = async (day: string, amount: number): Promise<Side> => {
    const seq = await receive(h, { date: day, amount: fen(amount), account: '4102' });
    entries.push({ id: seq, day, fen: amount });
    return entries.at(-1)!;
  };
  await enter('2031-09-03', 500_000);
  await enter('2031-09-28', 20_000);
  const days = Array.from({ length: 40 }, (_, n) => addDays('2031-10-01', Math.floor(n * 1.5)));
  for (const [n, day] of days.entries()) lines.push({ id: n + 1, day, fen: 100 + chance(50_000) });
  await bank.take(lines.map((line) => [line.day, fen(line.fen)] as const), { from: '2031-10-01', to: '2031-11-30', opening: fen(500_000 + 12_345) });
  const matches: { lines: Side[]; entries: Side[]; match: number }[] = [];
  const match = async (some: Side[], others: Side[]): Promise<void> => {
    const [id] = await matchLines(h, [{ lines: some.map((one) => one.id), entries: others.map((one) => one.id) }]);
    matches.push({ lines: some, entries: others, match: id! });
  };
  const near = (day: string): string => addDays(day, chance(21) - 10);
  for (let n = 0; n < lines.length; n += 1) {
    const line = lines[n]!;
    const way = chance(6);
    if (way < 2) await match([line], [await enter(near(line.day), line.fen)]);
    else if (way === 2) await match([line], [await enter(near(line.day), line.fen - 50), await enter(near(line.day), 50)]);
    else if (way === 3 && n + 1 < lines.length) { n += 1; await match([line, lines[n]!], [await enter(near(line.day), line.fen + lines[n]!.fen)]); }
    else if (way === 4) await enter(near(line.day), 700);
  }
  // Some matches are taken apart again.
  for (const one of matches.filter((_, n) => n % 7 === 3)) {
    const { rows } = await inEstate(h.db.app, estate_id, (trx) => sql<{ status: string }>`select end_bank_match(${estate_id}, ${one.match}, ${h.persons.cashier}) as status`.execute(trx));
    t.equal(rows[0]!.status, 'ended');
    matches.splice(matches.indexOf(one), 1);
  }
  const total = (sides: Side[]): number => sides.reduce((sum, one) => sum + one.fen, 0);
  const earlier = total(matches.flatMap((one) => one.entries).filter((entry) => entry.day < '2031-10-01'));
  const wanted = 500_000 + 12_345 - total(entries.filter((entry) => entry.day < '2031-10-01')) + earlier;
  for (let day = '2031-10-01'; day <= '2031-11-30'; day = addDays(day, 1)) {
    const until = (sides: Side[]): Side[] => sides.filter((one) => one.day <= day);
    const open = { lines: until(lines.filter((line) => !matches.some((one) => one.lines.includes(line)))),
      entries: until(entries.filter((entry) => entry.day >= '2031-10-01' && !matches.some((one) => one.entries.includes(entry)))) };
    for (const one of matches) {
      if (total(until(one.lines)) === total(until(one.entries))) continue;
      open.lines.push(...until(one.lines));
      open.entries.push(...until(one.entries));
    }
    const { rows: [found] } = await inEstate(h.db.app, estate_id, (trx) => sql`select * from bank_standing(${estate_id}, ${day})`.execute(trx));
    t.match(found, {
      covered_to: day, bank_balance: fen(512_345 + total(until(lines))), book_balance: fen(total(until(entries))), bank_items: open.lines.length,
      book_items: open.entries.length, bank_received: fen(total(open.lines)), book_received: fen(total(open.entries)), remaining: fen(wanted),
    }, day);
  }
  for (const period of ['2031-10', '2031-11']) {
    // Drawing it proves it in both ways.
    const figures = await reconciliationStatement(h.house, h.estate, { account: '1002', period, in_full: true });
    t.equal(figures.remaining, fen(wanted));
  }
  const started = process.hrtime.bigint();
  await inEstate(h.db.app, estate_id, (trx) => sql`select * from bank_standing(${estate_id}, '2031-11-30')`.execute(trx));
  t.comment(`one day: ${Number((process.hrtime.bigint() - started) / 1_000_000n)} ms`);
});
