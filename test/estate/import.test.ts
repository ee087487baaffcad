// The register from a spreadsheet, with a real database: nothing is written before all is right, then all or nothing; it is taken
// back as if it had never been, unless something stands on it; names stay out of the log and leave with the draft.
import t from 'tap';
import { sql } from 'kysely';
import { inEstate } from '../../src/kernel/database.ts';
import { correctImport, dropImport, dropOldDrafts, handInRegister, lookAtImport, takeImport } from '../../src/estate/import.ts';
import { undoImport } from '../../src/estate/import-undo.ts';
import { testHouse } from '../helpers/house.ts';
import { workbookOf, type Drawn } from './sheets.ts';

const tables = ['unit', 'unit_fact', 'party', 'party_identity', 'tenure', 'parking_space', 'space_holding', 'meter', 'meter_reading', 'bill', 'bill_reduction', 'record'] as const;

t.test('a spreadsheet for the register', async (t) => {
  const made = await testHouse(t);
  const { house, estate, estate: { estate_id }, superuser } = made;
  const actor = made.actorOf('cashier');
  const counted = async () => Object.fromEntries(await Promise.all(tables.map(async (name) =>
    [name, (await superuser.query(`select count(*)::integer as n from ${name} where estate_id = $1`, [estate_id])).rows[0].n as number])));
  const grown = async (before: Record<string, number>) => Object.fromEntries(Object.entries<number>(await counted()).filter(([name, n]) => n !== before[name]).map(([name, n]) => [name, n - before[name]!]));
  const hand = (sheets: Drawn[] | Buffer, since?: string) => handInRegister(house, { estate, actor, bytes: Buffer.isBuffer(sheets) ? sheets : workbookOf(sheets), file_name: '台账 13812345678.xlsx', since });
  const at = (import_id: number) => ({ estate, actor, import_id });
  const rows = async (query: string): Promise<Record<string, unknown>[]> => (await superuser.query(query, [estate_id])).rows;
  const book = (): Drawn[] => [
    { name: '房屋', rows: [['房号', '建筑面积', '业主', '电话'], ['20-1-101', 80, '甲某', '13800000001'], ['20-1-102', '八十', '乙某', '13800000002'], ['1-1-101', null, '丙某', '13800000003'], ['20-1-103', 82, '丁某', '13800000001234567890']] },
    { name: '车位', rows: [['车位号', '房号'], ['B1-001', '20-1-101']] },
    { name: '水表', rows: [['水表号', '房号', '起始读数'], ['W-1', '20-1-101', 10]] },
    { name: '欠费', rows: [['房号', '欠费月份', '欠费金额'], ['20-1-101', '2025年1-2月', '200.01'], ['1-1-101', '2025-03', '102.00']] },
  ];

  await t.test('only whoever keeps the register', async (t) => {
    for (const who of ['committee1', 'resident', 'street', 'auditor', 'supervisor'] as const) {
      await t.rejects(handInRegister(house, { estate, actor: made.actorOf(who), bytes: workbookOf(book()), file_name: 'x' }), { code: 'not_allowed' }, who);
    }
  });

  await t.test('what is no spreadsheet is told in the words of a register', async (t) => {
    const refused = async (bytes: Buffer, code: string, text: RegExp) => {
      const error = await hand(bytes).catch((reason: unknown) => reason) as { code: string; in(locale: 'zh'): string };
      t.equal(error.code, code);
      t.match(error.in('zh'), text);
      t.notMatch(error.in('zh'), /网银|银行|对账单/);
    };
    await refused(Buffer.alloc(0), 'register_file_missing', /请选择/);
    await refused(Buffer.from('%PDF-1.7\n'), 'register_file_unreadable', /PDF/);
    await refused(Buffer.from('PK\u0003\u0004 broken'), 'register_file_unreadable', /\.xlsx/);
    await refused(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), 'register_file_unreadable', /图片/);
    await refused(Buffer.from('你好,再见\n1,2\n'), 'register_sheet_unknown', /表头/);
    await refused(Buffer.from('房号,建筑面积,业主\n,,\n'), 'register_sheet_empty', /没有一行/);
    await refused(Buffer.from(`房号,建筑面积\n${'1-1-1,80\n'.repeat(30_001)}`), 'register_rows_too_many', /30001/);
  });

  const before = await counted();
  const { import_id, file_name } = await hand(book());
  await t.test('nothing is written while a cell is wrong; the same file is the same draft', async (t) => {
    t.notMatch(file_name, /13812345678/);
    t.equal((await hand(book())).import_id, import_id);
    const looked = await lookAtImport(house, at(import_id));
    t.same(looked.faults.map(({ sheet, row, field, code }) => [sheet, row, field, code]), [[0, 3, 'area', 'area_shape'], [0, 5, 'phone', 'phone_shape']]);
    await t.rejects(takeImport(house, at(import_id)), { code: 'register_import_faulty', facts: { faults: 2, row: 3, sheet: '“房屋”' } });
    t.same(await grown(before), {});
  });

  await t.test('cells are put right, rows left out, the day is said; then everything comes at once', async (t) => {
    await t.rejects(correctImport(house, at(import_id), { cells: [{ sheet: 0, row: 99, field: 'area', text: '1' }] }), { code: 'register_cell_unknown' });
    await t.rejects(correctImport(house, at(import_id), { cells: [{ sheet: 0, row: 3, field: 'salary', text: '1' }] }), { code: 'register_cell_unknown' });
    await correctImport(house, at(import_id), { cells: [{ sheet: 0, row: 3, field: 'area', text: '81.5㎡' }], skip: [{ sheet: 0, row: 5 }] });
    await t.rejects(takeImport(house, at(import_id)), { code: 'register_import_since' });
    for (const since of ['2999-01-01', 'gestern']) await t.rejects(correctImport(house, at(import_id), { since }), { code: 'register_import_since' });
    await correctImport(house, at(import_id), { since: '2020-06-01' });
    t.same(await grown(before), {});
    const taken = await Promise.all([takeImport(house, at(import_id)), takeImport(house, at(import_id))]);
    t.same(taken.map(({ state, taken_seq }) => [state, taken_seq]), [['taken', taken[0].taken_seq], ['taken', taken[0].taken_seq]], 'pressed twice');
    t.same(taken[0].counts, { bills: 3, bills_total: '302.01', holdings: 1, meters: 1, owners: 3, readings: 1, skipped: 1, spaces: 1, units: 2 });
    t.same(await grown(before), { unit: 2, unit_fact: 2, party: 3, party_identity: 3, tenure: 3, parking_space: 1, space_holding: 1, meter: 1, meter_reading: 1, bill: 3, record: 1 });
    t.same(await rows("select unit, amount, period, lines from bill where estate_id = $1 order by unit, period"), [
      { unit: '1-1-101', amount: '102.00', period: '2025-03', lines: '[{"amount":"102.00","what":"imported"}]' },
      { unit: '20-1-101', amount: '100.01', period: '2025-01', lines: '[{"amount":"100.01","what":"imported"}]' }, { unit: '20-1-101', amount: '100.00', period: '2025-02', lines: '[{"amount":"100.00","what":"imported"}]' },
    ]);
    t.same(await rows('select import_id from register_import_row where estate_id = $1'), [], 'the names of the draft are gone');
    const [record] = await rows("select body from record where estate_id = $1 and kind = 'register_imported'");
    t.notMatch(record!['body'], /甲某|1380000|20-1-101/);
    await t.rejects(hand(book()), { code: 'register_file_known' });
    await t.rejects(correctImport(house, at(import_id), { since: '2020-06-01' }), { code: 'register_import_done' });
    await t.rejects(dropImport(house, at(import_id)), { code: 'register_import_done' });
    t.same((await lookAtImport(house, at(import_id))).faults, []);
  });

  await t.test('what is there already comes no second time; what differs is named', async (t) => {
    const sheets = book();
    sheets[0]!.rows[2]![1] = 81.5;
    sheets[0]!.rows.pop();
    const again = await hand([...sheets, { rows: [['房号', '建筑面积'], ['20-1-101', 99]] }], '2020-06-01');
    const looked = await lookAtImport(house, at(again.import_id));
    t.same(looked.faults.map(({ sheet, row, code }) => [sheet, row, code]), [[3, 2, 'bill_present'], [3, 3, 'bill_present'], [4, 2, 'area_differs']]);
    t.same([looked.plan.units, looked.plan.tenures, looked.plan.spaces, looked.plan.holdings, looked.plan.meters, looked.plan.readings].map((list) => list.length), [0, 0, 0, 0, 0, 0]);
    await dropImport(house, at(again.import_id));
    await t.rejects(lookAtImport(house, at(again.import_id)), { code: 'register_import_unknown' });
    const nothing = await hand([{ rows: [['房号', '建筑面积', '业主'], ['20-1-101', 80, '甲某']] }]);
    await t.rejects(takeImport(house, at(nothing.import_id)), { code: 'register_import_nothing' });
    await dropImport(house, at(nothing.import_id));
  });

  await t.test('it is not taken back while something stands on it, and then it is told on what', async (t) => {
    const refused = async (text: RegExp) => {
      const now = await counted();
      const error = await undoImport(house, at(import_id)).catch((reason: unknown) => reason) as { code: string; in(locale: 'zh'): string };
      t.equal(error.code, 'register_import_stands');
      t.match(error.in('zh'), text);
      t.same(await grown(now), {}, 'nothing half taken back');
    };
    const [{ seq }] = await rows("select max(seq) as seq from record where estate_id = $1") as [{ seq: number }];
    const enter = (query: string, values: unknown[] = []) => superuser.query(query, [estate_id, ...values]);
    await enter("insert into unit_fact (estate_id, unit, from_date, area_m2, kind, occupancy, seq) values ($1, '20-1-102', '2026-01-01', 90, 'dwelling', 'owner', $2)", [seq]);
    await refused(/20-1-102 的面积、类型后来有变更/);
    await enter('update unit_fact set ended_seq = $2 where estate_id = $1 and import_id is null and seq = $2', [seq]);
    await enter("update party set person_id = $2 where estate_id = $1 and party_id = (select party_id from tenure where estate_id = $1 and unit = '1-1-101' and import_id is not null)", [made.persons.resident]);
    await refused(/1-1-101 的业主、租户后来有变动或已加入/);
    await enter('update party set person_id = null where estate_id = $1');
    await enter("insert into meter_reading (estate_id, meter, read_on, value, entered_by, seq) values ($1, 'W-1', '2026-01-01', 20, $2, $3)", [made.persons.cashier, seq]);
    await refused(/表 W-1 后来抄过/);
    await enter("update meter_reading set ended_seq = $2 where estate_id = $1 and read_on = '2026-01-01'", [seq]);
    await enter("insert into bill (estate_id, unit, item, period, amount, due_on, made_at) values ($1, '20-1-102', 'property_fee', '2026-01', 5, '2026-01-31', now())");
    await refused(/20-1-102 另有账单/);
  });

  await t.test('taken back, it never was; put right, it comes again', async (t) => {
    // A bill cannot be deleted; so a second import of other dwellings stands for one nothing rests on.
    const sheets = (area: string): Drawn[] => [
      { rows: [['房号', '建筑面积', '业主'], ['30-1-101', area, '戊某'], ['1-1-101', null, '丙某']] }, { rows: [['车位号', '房号'], ['B1-030', '30-1-101']] },
      { rows: [['电表号', '房号', '起始读数'], ['E-30', '30-1-101', 5]] }, { rows: [['房号', '欠费月份', '欠费金额'], ['30-1-101', '2025-05', area], ['2-1-101', '2025-05', area]] },
    ];
    const first = await hand(sheets('70.00'), '2021-01-01');
    await takeImport(house, at(first.import_id));
    const now = await counted();
    const [one, two] = await Promise.all([undoImport(house, at(first.import_id)), undoImport(house, at(first.import_id))]);
    t.same([one.state, two.state, one.undone_seq === two.undone_seq], ['undone', 'undone', true]);
    t.same(await grown(now), { party_identity: -1, bill_reduction: 2, record: 1 }, 'rows stay, the name goes');
    t.same(await rows("select unit, ended_on::text from unit where estate_id = $1 and unit like '30-%'"), [{ unit: '30-1-101', ended_on: '1899-12-31' }]);
    t.same(await rows("select from_date::text, to_date::text from tenure where estate_id = $1 and unit like '30-%'"), [{ from_date: '2021-01-01', to_date: '2020-12-31' }]);
    t.same(await rows('select sum(amount - bill_reduced(estate_id, bill_id)) as open from bill where estate_id = $1 and period = \'2025-05\''), [{ open: '0.00' }]);
    const same = await hand(sheets('70.00'), '2021-01-01');
    t.not(same.import_id, first.import_id, 'the same file may come again');
    await dropImport(house, at(same.import_id));
    const second = await hand(sheets('71.00'), '2021-01-01');
    t.same((await lookAtImport(house, at(second.import_id))).faults, []);
    await takeImport(house, at(second.import_id));
    t.same(await rows("select u.area_m2, u.ended_on, (select count(*)::integer from unit_fact f where f.estate_id = u.estate_id and f.unit = u.unit and f.ended_seq is null) as facts from unit u where u.estate_id = $1 and u.unit like '30-%'"),
      [{ area_m2: '71.00', ended_on: null, facts: 1 }]);
    t.same(await rows("select sum(amount - bill_reduced(estate_id, bill_id)) as open from bill where estate_id = $1 and period = '2025-05'"), [{ open: '142.00' }]);
    // No bill of our own is made beside an imported one, and none is imported beside ours.
    await inEstate(house.db.app, estate_id, (trx) => sql`insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
      values (${estate_id}, '2-1-101', 'property_fee', '2025-05', 9, '2025-05-31', now()), (${estate_id}, '2-1-101', 'property_fee', '2025-06', 9, '2025-06-30', now()) on conflict do nothing`.execute(trx));
    t.same(await rows("select period, amount from bill b where estate_id = $1 and unit = '2-1-101' and bill_reduced(estate_id, bill_id) = 0 order by period"), [{ period: '2025-05', amount: '71.00' }, { period: '2025-06', amount: '9.00' }]);
    await undoImport(house, at(second.import_id));
    await t.rejects(superuser.query('delete from register_import where estate_id = $1 and state <> \'draft\'', [estate_id]), /register_import_taken|violates/);
  });

  await t.test('a bill that was reduced or paid keeps its import', async (t) => {
    const file = await hand([{ rows: [['房号', '欠费月份', '欠费金额'], ['1-1-101', '2025-07', 50], ['2-1-101', '2025-07', 50]] }]);
    const { taken_seq } = await takeImport(house, at(file.import_id));
    const [paid] = await rows("select bill_id from bill where estate_id = $1 and unit = '2-1-101' and period = '2025-07'");
    await superuser.query("insert into bill_reduction (estate_id, bill_id, amount, why, seq) values ($1, $2, 1, 'import_undone', $3)", [estate_id, paid!['bill_id'], taken_seq]);
    await t.rejects(undoImport(house, at(file.import_id)), { code: 'register_import_stands', facts: { what: '2-1-101 的账单已经收过款、减过或有滞纳金' } });
    await t.rejects(inEstate(house.db.app, estate_id, (trx) => sql`select undo_imported_bills(${estate_id}, ${file.import_id}, ${taken_seq})`.execute(trx)), /register_import_taken/, 'nor past the service');
    await t.rejects(inEstate(house.db.app, estate_id, (trx) => sql`insert into bill_reduction (estate_id, bill_id, amount, why, seq) values (${estate_id}, ${paid!['bill_id']}, 1, 'import_undone', ${taken_seq})`.execute(trx)), /permission denied/);
  });

  await t.test('after thirty days nobody lets the debts of a dwelling go alone', async (t) => {
    const file = await hand([{ rows: [['房号', '欠费月份', '欠费金额'], ['3-1-101', '2025-07', 1224]] }]);
    await takeImport(house, at(file.import_id));
    await superuser.query('alter table bill disable trigger user');
    await superuser.query("update bill set made_at = made_at - interval '31 days' where import_id = $1", [file.import_id]);
    await superuser.query('alter table bill enable always trigger guard_imported_bill');
    await t.rejects(undoImport(house, at(file.import_id)), { code: 'register_import_bills_old' });
    t.same(await rows("select bill_reduced(estate_id, bill_id) as gone from bill where estate_id = $1 and unit = '3-1-101'"), [{ gone: '0.00' }]);
  });

  await t.test('a draft of last week is gone with its names', async (t) => {
    const file = await hand([{ rows: [['房号', '面积', '业主'], ['40-1-1', 50, '己某']] }]);
    await superuser.query('alter table register_import disable trigger guard_register_import');
    await superuser.query("update register_import set handed_at = handed_at - interval '8 days' where import_id = $1", [file.import_id]);
    await superuser.query('alter table register_import enable always trigger guard_register_import');
    t.equal(await inEstate(house.db.app, estate_id, (trx) => dropOldDrafts(trx, estate_id)), 1);
    t.same(await rows('select row from register_import_row where estate_id = $1'), []);
  });
});
