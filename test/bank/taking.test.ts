// Statement files, taken whole or not at all: what a dishonest cashier might try, and what honest people get wrong.
import t from 'tap';
import { previewStatement, takeStatement, type StatementPreview } from '../../src/bank/statement.ts';
import { compareStatement } from '../../src/bank/statement-compare.ts';
import { statementsOf } from '../../src/bank/statement-queries.ts';
import { lastCovered } from '../../src/bank/statement-known.ts';
import { inEstate } from '../../src/kernel/database.ts';
import type { Stated } from '../../src/bank/statement-file.ts';
import { statementFiles } from '../../src/payment/voucher.ts';
import { fileOf, type Month, type Moved } from '../helpers/bank-file.ts';
import type { PersonName } from '../helpers/house.ts';
import { testBooks } from '../disclosure/books.ts';

const NOVEMBER: Moved[] = [
  ['2031-10-02', '1000.00', 'S1', '王阿姨', '3-2-1002 物业费'], ['2031-10-05', '-200.00', 'S2', '绿化公司', '绿化'],
  ['2031-10-09', '50.00', 'S3'], ['2031-10-09', '50.00', 'S4'], ['2031-10-20', '-10.00', 'S5', '', '手续费'],
];
const october: Month = { from: '2031-10-01', to: '2031-10-31', opening: '500.00' };
const options = { files: statementFiles };

t.test('statements of one account', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const { estate, estate: { estate_id }, superuser } = h;
  const handed = (bytes: Buffer, { by = 'cashier' as PersonName, ...stated }: Stated & { by?: PersonName } = {}) =>
    ({ estate, actor: h.actorOf(by), bytes, file_name: '对账单.csv', stated: { accept_opening: 'yes', ...stated } });
  const take = (bytes: Buffer, stated: Stated & { by?: PersonName } = {}) => takeStatement(h.house, handed(bytes, stated), options);
  const preview = async (bytes: Buffer, stated: Stated & { by?: PersonName } = {}) => {
    const seen = await previewStatement(h.house, handed(bytes, stated), options);
    return seen as StatementPreview;
  };
  const count = async (table: string) => Number((await superuser.query(`select count(*) from ${table} where estate_id = $1`, [estate_id])).rows[0].count);
  const first = fileOf(NOVEMBER, october);

  await t.test('a dry run tells and writes nothing', async (t) => {
    const before = await count('record');
    const seen = await preview(first);
    t.match(seen, { kind: 'statement', account: { account: '1002' }, account_named: true, from: '2031-10-01', to: '2031-10-31', period_stated: true,
      opening: '500.00', closing: '1390.00', new_lines: 5, repeated: 0, in_total: '1100.00', in_count: 3, out_total: '210.00', out_count: 2, already: null });
    t.same(seen.warnings, [{ code: 'opening_differs', facts: { from: '2031-10-01', books: '0.00', opening: '500.00', difference: '500.00' } }]);
    await t.rejects(take(first, { accept_opening: null }), { code: 'statement_first_opening_differs', field: 'accept_opening' }, 'what stays for good is confirmed by whoever hands it in');
    t.equal(await count('record'), before);
    t.equal(await count('voucher'), 0);
    await t.rejects(preview(first, { by: 'resident' }), { code: 'not_allowed' });
    await t.rejects(take(first, { by: 'auditor' }), { code: 'not_allowed' });
  });

  // Which of the two comes first is not said.
  let [company, committee] = [5, 0];
  await t.test('of two who hand in the same file at the same moment one brings the lines, the other confirms them', async (t) => {
    const both = await Promise.all([take(first), take(first, { by: 'committee1' }), take(first)]);
    [company, committee] = [both[0]!.lines, both[1]!.lines];
    t.same([company, committee].sort(), [0, 5]);
    t.equal(both[2]!.lines, company, 'the third is the first result again');
    t.equal(both.filter((one) => one.already).length, 1);
    t.equal(await count('bank_line'), 5, 'two equal payments on one day stay two');
    t.equal(await count('bank_statement'), 2);
    t.equal(await count('voucher'), 1);
    t.same((await superuser.query(`select counterparty_name, memo from bank_line_detail where position = 1`)).rows, [{ counterparty_name: '王阿姨', memo: '3-2-1002 物业费' }]);
    const { rows } = await superuser.query(`select string_agg(body, '') as bodies from record where kind in ('bank_statement_imported', 'voucher_received')`);
    t.notMatch(rows[0].bodies, /王阿姨|3-2-1002|6222/, 'who paid what for, and the number, are not in the log');
    t.match((await superuser.query(`select balance from bank_balance where as_of = '2031-10-31' order by seq desc limit 1`)).rows, [{ balance: '1390.00' }]);
    t.match(await inEstate(h.db.app, estate_id, (trx) => lastCovered(trx, estate_id, '1002')), { from: '2031-10-01', to: '2031-10-31', closing: '1390.00', position: 5 });
  });

  await t.test('the same file again is told kindly', async (t) => {
    t.match(await preview(first), { already: { lines: company }, new_lines: 0, repeated: 5 });
    const again = await take(first);
    t.match(again, { already: true, lines: company, opening: '500.00', closing: '1390.00' });
    t.match(await take(first, { by: 'committee2' }), { already: true, lines: committee }, 'for the committee as well');
    t.match(await take(first, { by: 'supervisor' }), { already: false, lines: 0, repeated: 5 }, 'the supervisors are another body');
  });

  await t.test('days that were covered must say the same', async (t) => {
    const changed = (change: (lines: [string, string, string?][]) => void, month: Partial<Month> = {}) => {
      const lines = NOVEMBER.map(([day, amount, serial]) => [day, amount, serial] as [string, string, string?]);
      change(lines);
      return fileOf(lines, { ...october, ...month });
    };
    await t.rejects(take(changed((l) => { l[1]![1] = '-210.00'; l[2]![1] = '60.00'; })), { code: 'statement_repeat_differs', facts: { position: 2, difference: '−10.00' } }, 'digits changed so that the rest follows');
    await t.rejects(take(changed((l) => { l[2]![2] = 'S4'; l[3]![2] = 'S3'; })), { code: 'statement_repeat_differs', facts: { position: 3 } }, 'serials exchanged');
    await t.rejects(take(changed((l) => { l[1]![0] = '2031-10-06'; })), { code: 'statement_repeat_differs' }, 'another day');
    await t.rejects(take(changed((l) => { l.splice(2, 1); })), { code: 'statement_repeat_missing', facts: { position: 3 } }, 'one of two equal ones is missing');
    await t.rejects(take(changed((l) => { l.splice(4, 1); })), { code: 'statement_repeat_missing', facts: { position: 5 } }, 'the last one is missing');
    await t.rejects(take(changed((l) => { l.splice(4, 0, ['2031-10-15', '-300.00', 'S9']); })), { code: 'statement_repeat_more', facts: { difference: '−300.00' } }, 'a line more in the middle');
    await t.rejects(take(changed((l) => { l.push(['2031-10-25', '-300.00', 'S9']); })), { code: 'statement_repeat_more' }, 'a line more at the end');
    await t.rejects(take(changed((l) => l.splice(0, 5), { from: '2031-10-21', to: '2031-10-25', opening: '1380.00' })), { code: 'statement_overlap' }, 'days without lines open with what was there');
    t.match(await take(changed((l) => l.splice(0, 5), { from: '2031-10-21', to: '2031-10-25', opening: '1390.00' })), { lines: 0, repeated: 0 });
    t.match(await take(changed((l) => { l.splice(2); }, { to: '2031-10-07' })), { lines: 0, repeated: 2 }, 'a part of the days confirms that part');
    await t.rejects(take(changed(() => undefined, { from: '2031-09-20' })), { code: 'statement_before_books', facts: { begins: '2031-10-01' } });
    t.equal(await count('bank_line'), 5);
  });

  await t.test('what follows must continue, and a gap is shown with its days', async (t) => {
    const november = (opening: string, from: string, lines: Moved[] = [['2031-11-04', '7.00', 'T1']]) => fileOf(lines, { from, to: '2031-11-30', opening });
    await t.rejects(take(november('1390.00', '2031-11-03')), { code: 'statement_gap', facts: { missing_from: '2031-11-01', missing_to: '2031-11-02', days: 2 } });
    await t.rejects(take(november('1290.00', '2031-11-01')), { code: 'statement_continues', facts: { closing: '1,390.00', opening: '1,290.00', difference: '−100.00' } });
    await t.rejects(take(fileOf([['2031-12-04', '7.00']], { from: '2031-11-01', to: '2031-12-31', opening: '1390.00' })), { code: 'statement_days' }, 'days to come');
    await t.rejects(take(november('1390.00', '2031-11-01').subarray(0, -100)), /statement_/, 'cut off');
    await t.rejects(take(fileOf([['2031-11-04', '7.00']], { from: '2031-11-01', to: '2031-11-30', opening: '1390.00', number: '6222000011118888' })), { code: 'statement_account_unknown', facts: { ending: '8888' } });
    await t.rejects(take(fileOf([['2031-11-04', '99999999999.00']], { from: '2031-11-01', to: '2031-11-30', opening: '1390.00' })), { code: 'statement_amount_large' });
    // From the last day covered on: a line that came late that day is new, and told.
    const late = fileOf([['2031-10-31', '3.00', 'S6'], ['2031-11-04', '7.00', 'T1']], { from: '2031-10-31', to: '2031-11-30', opening: '1390.00' });
    t.match((await preview(late)).warnings.map((one) => one.code), ['late_lines']);
    t.match(await take(late), { lines: 2, repeated: 0 });
    t.match((await superuser.query(`select as_of, balance from bank_balance order by seq desc, as_of limit 2`)).rows,
      [{ as_of: '2031-10-31', balance: '1393.00' }, { as_of: '2031-11-30', balance: '1400.00' }]);
    const { items } = await inEstate(h.db.app, estate_id, (trx) => statementsOf(trx, estate_id, { in_full: true, limit: 50 }));
    t.match(items[0], { last_day_whole: true, confirmed_by: [] });
    const [october_first] = items.filter((one) => one.lines === 5);
    t.match(october_first, { last_day_whole: false }, 'that the last day was not whole then stands beside it');
    // Whoever of the two came first: the company has handed in the late line, the committee has not yet.
    t.same(october_first?.confirmed_by.map(({ body }) => body), october_first?.body === 'committee' ? ['property'] : [], 'nor is that day confirmed by files that lack the line as well');
    await take(fileOf([...NOVEMBER, ['2031-10-31', '3.00', 'S6']], october), { by: 'committee1' });
    t.match((await inEstate(h.db.app, estate_id, (trx) => statementsOf(trx, estate_id, { in_full: true, seq: october_first!.seq, limit: 1 }))).items,
      [{ confirmed_by: [{ body: october_first!.body === 'property' ? 'committee' : 'property' }] }]);
  });

  await t.test('a file that states no days rests on the word of whoever hands it in', async (t) => {
    const file = fileOf([['2031-12-02', '5.00', 'U1'], ['2031-12-03', '5.00', 'U2']], { from: '', to: '', opening: '1400.00', layout: 'icbc-detail' });
    const seen = await preview(file);
    t.match(seen, { from: '2031-12-01', to: '2031-12-03', period_stated: false, account_named: false });
    t.match(seen.warnings.map((one) => one.code), ['account_not_named', 'days_by_word']);
    await t.rejects(preview(file, { from: '2031-12-03' }), { code: 'statement_line_beyond', field: 'from' });
    await t.rejects(preview(file, { to: '2031-12-08' }), { code: 'statement_days' }, 'not days to come');
    await t.rejects(preview(file, { to: '2031-13-01' }), { code: 'statement_day_invalid', field: 'to' });
    await t.rejects(preview(first, { to: '2031-11-01' }), { code: 'statement_days_differ' }, 'what the file states stays');
    t.match((await preview(file, { to: '2031-12-05' })).warnings.map((one) => one.code), ['account_not_named', 'days_by_word', 'days_beyond_lines', 'day_not_over']);
    await t.rejects(preview(file, { by: 'supervisor' }), { code: 'statement_not_yours_to_begin', facts: { lacks: '账号和期间' } }, 'of the body that keeps the account');
    t.match(await take(file), { from: '2031-12-01', to: '2031-12-03', lines: 2 });
    t.match(await take(file, { by: 'supervisor' }), { lines: 0, repeated: 2 }, 'the others confirm with the same kind of file');
  });

  await t.test('nothing remains of a file whose details cannot be written', async (t) => {
    const file = fileOf([['2031-12-04', '9.00', 'V1']], { from: '2031-12-04', to: '2031-12-04', opening: '1410.00' });
    const before = [await count('record'), await count('voucher'), await count('bank_line')];
    await superuser.query('alter table bank_line_detail add constraint no_more check (position < 6) not valid');
    await t.rejects(take(file), /no_more/);
    t.same([await count('record'), await count('voucher'), await count('bank_line')], before);
    await superuser.query('alter table bank_line_detail drop constraint no_more');
    t.match(await take(file), { lines: 1 });
  });

  await t.test('a closed account takes nothing after its last day', async (t) => {
    await superuser.query(`update bank_account set closed_on = '2031-12-04' where account = '1002'`).catch((error: unknown) => t.comment(String(error)));
    h.at('2031-12-09 09:00');
    await t.rejects(take(fileOf([], { from: '2031-12-05', to: '2031-12-08', opening: '1419.00' })), { code: 'statement_account_open', facts: { closed_on: '2031-12-04' } });
  });
});

t.test('twenty thousand lines, and as many again', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const size = Number(process.env['LINES'] ?? 20_000);
  const lines = (from: number, to: number): Moved[] => Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    return [`2031-${n < size ? '10' : '11'}-${String(1 + Math.floor((n % size) * 30 / size)).padStart(2, '0')}`, n % 3 === 0 ? '-1.00' : '2.50', `N${n}`, `户${n}`, '物业费'];
  });
  const take = (bytes: Buffer) => takeStatement(h.house, { estate: h.estate, actor: h.actorOf('cashier'), bytes, file_name: 'x.csv', stated: {} }, options);
  let from = performance.now();
  t.match(await take(fileOf(lines(0, size), { from: '2031-10-01', to: '2031-10-31', opening: '0.00' })), { lines: size });
  t.comment(`${size} lines: ${Math.round(performance.now() - from)} ms`);
  const { rows: [last] } = await h.superuser.query('select balance from bank_line order by position desc limit 1');
  from = performance.now();
  t.match(await take(fileOf(lines(0, size * 2), { from: '2031-10-01', to: '2031-11-30', opening: '0.00' })), { lines: size, repeated: size });
  t.comment(`${size} repeated, ${size} new: ${Math.round(performance.now() - from)} ms`);
  t.ok(Number(last.balance) > 0);
  t.equal((await h.superuser.query('select count(*)::integer as n from bank_line_detail')).rows[0].n, size * 2);
});

t.test('lines are added behind, never in front', async (t) => {
  const file = { opening: '0.00', closing: '0.00', lines: [] };
  const covered = { from: '2031-10-01', to: '2031-10-31', closing: '0.00', position: 0, last_booked_on: null };
  t.throws(() => compareStatement(file, { from: '2031-09-01', to: '2031-10-31' }, { covered, kept: [], before: '0.00', today: '2031-12-05' }), { code: 'statement_before_first' });
});
