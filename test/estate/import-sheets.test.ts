// Thirty kinds of broken spreadsheets, and as many odd ones that are right: each bad row is named with its column and reason,
// each right one is read as a person would read it. Without a database; import.test.ts has the register itself.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { readSheets } from '../../src/bankfile/spreadsheet-read.ts';
import { fill } from '../../src/kernel/locale.ts';
import { faults as faultTexts } from '../../src/estate/import-faults.ts';
import { columnName, type SheetKind } from '../../src/estate/import-headings.ts';
import { judge, type Judgement, type JudgedRow } from '../../src/estate/import-judge.ts';
import { billKey, whoKey, type Known } from '../../src/estate/import-plan.ts';
import { readRegister } from '../../src/estate/import-rows.ts';
import { csvOf, workbookOf, type Drawn } from './sheets.ts';

const known: Known = {
  today: '2026-11-20',
  units: new Map([
    ['9-1-101', { unit: '9-1-101', area_m2: '90.00', phase: '', is_ended: false, is_void: false }], ['9-1-102', { unit: '9-1-102', area_m2: '91.00', phase: '', is_ended: false, is_void: false }],
    ['9-1-103', { unit: '9-1-103', area_m2: '92.00', phase: '', is_ended: true, is_void: false }], ['9-1-104', { unit: '9-1-104', area_m2: '93.00', phase: '', is_ended: true, is_void: true }],
  ]),
  owners: new Map([['9-1-101', ['赵老业主']]]), tenants: new Map(), parties: new Map([[whoKey('钱有房', '13800000009'), 'party-9']]),
  spaces: new Map([['B1-900', { kind: 'owned', area_m2: null, is_ended: false }]]),
  holdings: new Map([['B1-900', [{ unit: '9-1-101', from: '2020-01-01', to: null }]]]),
  meters: new Map([['W9', { kind: 'water', unit: '9-1-101', multiplier: '1.000', digits: 5, is_ended: false, is_void: false }], ['W8', { kind: 'water', unit: '9-1-102', multiplier: '1.000', digits: 5, is_ended: false, is_void: false }]]),
  readings: new Map([['W9', [{ read_on: '2026-10-01', value: '120' }]]]),
  bills: new Map([[billKey('9-1-101', 'property_fee', '2025-01'), '108.00']]),
  items: new Map([['property_fee', 'property_fee'], ['物业费', 'property_fee'], ['车位费', 'parking']]), item_names: ['物业费', '车位费'], starts: new Map([['property_fee', '2026-01']]),
};

async function look(sheets: Drawn[] | Buffer, since: string | null = '2020-01-01', asked: SheetKind | null = null): Promise<Judgement & { rows: JudgedRow[]; unread: string[]; shapes: ReturnType<typeof readRegister>['shapes'] }> {
  const { shapes, rows, unread } = readRegister(await readSheets(Buffer.isBuffer(sheets) ? sheets : workbookOf(sheets)), asked);
  const judged = rows.map((row) => {
    const { kind, columns, name } = shapes[row.sheet]!;
    return { ...row, kind, implied: [...columns.filter(({ field }) => field === 'meter' || field === 'value').map(({ heading }) => heading), name] };
  });
  return { ...judge(known, judged, since), rows: judged, unread, shapes };
}
const head = ['楼栋', '单元', '房号', '建筑面积', '业主姓名', '联系电话'];
const one = (...row: (string | number | null)[]): Drawn[] => [{ rows: [head, row] }];

// ── What is right, however it is drawn ───────────────────────────────────────────────────────────

t.test('merged cells, several rows of headings, titles, totals and titles of groups are read as they are meant', async (t) => {
  for (const kind of ['xlsx', 'biff8', 'xlml'] as const) {
    const file = workbookOf([{
      rows: [
        ['示例小区业主台账', null, null, null, null, null, null], [null], ['序号', '房屋信息', null, null, null, '业主信息', null], [null, '楼栋', '单元', '房号', '建筑面积（㎡）', '姓名', '联系方式'],
        [1, '3栋', '1单元', '101', 85, '张三', '13800000001'], [2, null, null, '102', 86.5, '李四', 13800000002], [3, null, '2单元', '201', 88, '王五\n马六', '13800000005\n13800000006'],
        [null, null, null, null, 259.5], ['合计', null, null, '3 户', 259.5], ['序号', '楼栋', '单元', '房号', '建筑面积（㎡）', '姓名', '联系方式'], [4, '4栋', null, 201, '90.00平米', '孙八', null],
      ],
      merges: ['A1:G1', 'B3:E3', 'F3:G3', 'A3:A4', 'B5:B7', 'C5:C6'],
    }], kind);
    const { plan, faults, shapes } = await look(file);
    t.same(faults.map(({ row, field, code }) => [row, field, code]), [[8, 'unit', 'unit_missing']], `${kind}: a sum without a word is no dwelling`);
    t.same(plan.units.map(({ unit, building, stairwell, area_m2 }) => [unit, building, stairwell, area_m2]),
      [['3-1-101', '3', '1', '85.00'], ['3-1-102', '3', '1', '86.50'], ['3-2-201', '3', '2', '88.00'], ['4-201', '4', '', '90.00']]);
    t.same(plan.tenures.map(({ unit, name, phone }) => `${unit} ${name} ${phone}`), ['3-1-101 张三 13800000001', '3-1-102 李四 13800000002', '3-2-201 王五 13800000005', '3-2-201 马六 13800000006', '4-201 孙八 ']);
    t.same(shapes[0]!.passed, [{ why: 'total', rows: [9] }, { why: 'heading', rows: [10] }]);
    t.same(shapes[0]!.columns.map(({ column, field }) => `${column} ${field}`), ['B building', 'C stairwell', 'D unit', 'E area', 'F owner', 'G phone']);
  }
});

t.test('a dwelling is read in every spelling', async (t) => {
  const spellings = ['3-2-1002', '3栋2单元1002', '3幢2单元1002室', '３－２－１００２', '三栋二单元1002', '3号楼2单元1002号', '3#2-1002', '3#楼2单元1002', '03-02-1002', '3座2门1002', '3栋2单元10楼1002', ' 3 - 2 - 1002 ', '3/2/1002', '3—2—1002'];
  for (const text of spellings) {
    const { plan, faults } = await look([{ rows: [['房屋编号', '面积', '业主'], [text, '100', '张三']] }]);
    t.same([plan.units.map(({ unit }) => unit), faults], [['3-2-1002'], []], text);
  }
  for (const [text, unit, phase] of [['12号301室', '12-301', ''], ['一期3栋2单元1002', '3-2-1002', '一期'], ['A座1203', 'A-1203', ''], ['a-1-101', 'A-1-101', ''], ['2-3-2-1002', '2-3-2-1002', '2']] as const) {
    const { plan } = await look([{ rows: [['房号', '面积', '业主'], [text, '100', '张三']] }]);
    t.same([plan.units[0]?.unit, plan.units[0]?.phase], [unit, phase], text);
  }
});

t.test('titles over groups of dwellings, and cells that are left empty, take what stands above', async (t) => {
  const { plan, faults } = await look([{ rows: [['房号', '面积', '业主'], ['3栋2单元'], ['1001', 80, '甲'], ['1002', 81, '乙'], ['四号楼'], ['101', 82, '丙'], ['一单元'], ['102', 83, '丁']], merges: ['A2:C2', 'A5:C5', 'A7:C7'] }]);
  t.same([plan.units.map(({ unit }) => unit), faults], [['3-2-1001', '3-2-1002', '4-101', '4-1-102'], []]);
  const gaps = await look(csvOf([head, ['5', '1', '101', '80', '甲', ''], ['', '', '102', '81', '乙', ''], ['', '2', '101', '82', '丙', ''], ['6', '', '101', '83', '丁', '']]));
  t.same([gaps.plan.units.map(({ unit }) => unit), gaps.faults], [['5-1-101', '5-1-102', '5-2-101', '6-101'], []], 'another building has not the stairwell of the one above');
});

t.test('a row for each owner, shares, organisations, tenants and one person with two dwellings', async (t) => {
  const { plan, faults, notes } = await look([{ rows: [
    ['房号', '建筑面积', '业主', '产权份额', '联系电话', '交房日期', '租户', '租户电话', '缴费人', '房屋类型', '入住状态', '身份证号'],
    ['7-1-101', 80, '张三', '50%', '13800000001', 43617, null, null, null, '住宅', '自住', '110101199003077774'], [null, null, '李四', '1/2', null, '2019/6/1'],
    ['7-1-102', 81, '张　三', null, '138 0000 0001', '2019年6月1日', '王租', '13800000003', '租户', '住宅', null], ['7-1-103', 50, '幸福餐饮有限公司', null, '0512-12345678', '20190601', null, null, null, '底商', '营业'],
    ['7-1-103', 50, '幸福餐饮有限公司', null, '0512-12345678', '20190601', null, null, null, '底商', '营业'], ['9-1-102', null, '钱有房', null, '13800000009', '2019-06-01 00:00:00'],
  ] }]);
  t.same(faults, []);
  t.same(plan.tenures.map(({ unit, kind, name, share, since, pays }) => [unit, kind, name, share, since, pays]), [
    ['7-1-101', 'owner', '张三', '1/2', '2019-06-01', true], ['7-1-101', 'owner', '李四', '1/2', '2019-06-01', true], ['7-1-102', 'owner', '张三', '', '2019-06-01', true],
    ['7-1-102', 'tenant', '王租', '', '2020-01-01', true], ['7-1-103', 'owner', '幸福餐饮有限公司', '', '2019-06-01', true], ['9-1-102', 'owner', '钱有房', '', '2019-06-01', true],
  ]);
  t.equal(plan.tenures[0]!.who, plan.tenures[2]!.who, 'the same name and telephone are one person');
  t.equal(plan.tenures.at(-1)!.party_id, 'party-9', 'who is known already');
  t.same(plan.units.map(({ kind, occupancy }) => [kind, occupancy]), [['dwelling', 'owner'], ['dwelling', 'let'], ['shop', 'owner']]);
  t.same(notes.map(({ row, code }) => [row, code]), [[3, 'co_owner'], [6, 'same']]);
});

t.test('spaces, meters, readings and open bills in one workbook, naming dwellings of the same file', async (t) => {
  const { plan, faults } = await look([
    { name: '房屋', rows: [['房号', '建筑面积'], ['7-1-101', 80], ['7-1-102', 81]] },
    { name: '车位', rows: [['车位号', '车位类型', '房号', '业主', '租用起始日期', '到期日期'], ['负一层023号', '产权', '7-1-101', '张三', '2021-05-01', null], ['B1-024', '人防', null], ['025', '月租', '7栋1单元102', null, '2026-01-01', '2026-12-31']] },
    { name: '水表', rows: [['水表号', '房号', '起始读数', '倍率'], ['S-0001', '7-1-101', '12.5', 1], ['S-0002', '公共', null, '20倍']] },
    { name: '抄表', rows: [['房号', '上次读数', '本次读数', '抄表日期'], ['7-1-101', 12.5, 20, '2026-11-01'], ['9-1-101', 120, 133, '2026/11/1']] },
    { name: '欠费', rows: [['房号', '业主', '收费项目', '欠费月份', '欠费金额'], ['7-1-101', '张三', '物业费', '2025年1-3月', '306.01'], ['7-1-102', null, '车位费', '2025-06', '￥120.00'], ['9-1-102', null, '物业管理费', '2025.12', '1,024'], ['9-1-102', null, '物业费', '2025-11', 0]] },
    { name: '说明', rows: [['填表说明'], ['请如实填写']] },
  ]);
  t.same(faults, []);
  t.same(plan.spaces.map(({ space, kind }) => [space, kind]), [['B1-023', 'owned'], ['B1-024', 'civil_defence'], ['025', 'common']]);
  t.same(plan.holdings, [{ space: 'B1-023', unit: '7-1-101', since: '2021-05-01', until: null }, { space: '025', unit: '7-1-102', since: '2026-01-01', until: '2026-12-31' }]);
  t.same(plan.meters.map(({ meter, kind, unit, multiplier }) => [meter, kind, unit, multiplier]), [['S-0001', 'water', '7-1-101', '1.000'], ['S-0002', 'water', null, '20.000']]);
  t.same(plan.readings.map(({ meter, read_on, value, way }) => [meter, read_on, value, way]), [['S-0001', '2020-01-01', '12.5', 'start'], ['S-0001', '2026-11-01', '20', 'read'], ['W9', '2026-11-01', '133', 'read']]);
  t.same(plan.bills.map(({ unit, item, period, amount, due_on }) => `${unit} ${item} ${period} ${amount} ${due_on}`), [
    '7-1-101 property_fee 2025-01 102.01 2025-01-31', '7-1-101 property_fee 2025-02 102.00 2025-02-28', '7-1-101 property_fee 2025-03 102.00 2025-03-31',
    '7-1-102 parking 2025-06 120.00 2025-06-30', '9-1-102 property_fee 2025-12 1024.00 2025-12-31',
  ]);
});

// ── Thirty kinds of broken ones ──────────────────────────────────────────────────────────────────

const bills = (...rows: (string | number | null)[][]): Drawn[] => [{ rows: [['房号', '收费项目', '欠费月份', '欠费金额'], ...rows] }];
const reads = (...rows: (string | number | null)[][]): Drawn[] => [{ rows: [['表号', '本次读数', '抄表日期'], ...rows] }];
const broken: [string, Drawn[], [number, string, string][]][] = [
  ['a room without its building', [{ rows: [['房号', '建筑面积'], ['1002', 80]] }], [[2, 'unit', 'unit_no_building']]],
  ['a number that the spreadsheet made a day', [{ rows: [['房号', '建筑面积'], ['2010-03-02', 80], ['3月2日', 80]] }], [[2, 'unit', 'unit_day'], [3, 'unit', 'unit_day']]],
  ['a name where the number belongs', one('3', '1', '王小二家', 80, '王小二', null), [[2, 'unit', 'unit_shape']]],
  ['no number, but area and owner', one('3', '1', null, 80, '王小二', null), [[2, 'unit', 'unit_missing']]],
  ['a number that contradicts its building', one('4', '1', '3-1-101', 80, '甲', null), [[2, 'unit', 'unit_differs']]],
  ['a building that is no number', one('东边那栋', '1', '101', 80, '甲', null), [[2, 'building', 'part_shape']]],
  ['a formula that failed', one('3', '1', '101', '#REF!', '#N/A', null), [[2, 'area', 'formula'], [2, 'owner', 'formula']]],
  ['no area', one('3', '1', '101', null, '甲', null), [[2, 'area', 'area_missing']]],
  ['an area of nothing', one('3', '1', '101', 0, '甲', null), [[2, 'area', 'area_shape']]],
  ['an area with a minus', one('3', '1', '101', -80, '甲', null), [[2, 'area', 'area_shape']]],
  ['an area with three decimals', one('3', '1', '101', '85.333', '甲', null), [[2, 'area', 'area_decimals']]],
  ['the area of a whole building', one('3', '1', '101', 123456, '甲', null), [[2, 'area', 'area_large']]],
  ['one dwelling with two areas', [{ rows: [head, ['3', '1', '101', 80, '甲', null], ['3', '1', '101', 81, '乙', null]] }], [[3, 'area', 'area_differs']]],
  ['another area than the register has', [{ rows: [['房号', '面积'], ['9-1-101', '90.01']] }], [[2, 'area', 'area_registered']]],
  ['a dwelling that left the register', [{ rows: [['房号', '面积'], ['9-1-103', 92]] }], [[2, 'unit', 'unit_ended']]],
  ['one number in two phases', [{ rows: [['期区', '房号', '面积'], ['一期', '3-1-101', 80], ['二期', '3-1-101', 80]] }], [[3, 'unit', 'phase_twice']]],
  ['another owner than the register has', [{ rows: [['房号', '业主'], ['9-1-101', '新业主']] }], [[2, 'owner', 'owner_present']]],
  ['an identity number as telephone', one('3', '1', '101', 80, '甲', '110101199003077774'), [[2, 'phone', 'phone_identity']]],
  ['a telephone as name', one('3', '1', '101', 80, '13800000001', null), [[2, 'owner', 'name_number']]],
  ['two names, or one with a blank', one('3', '1', '101', 80, '欧阳 小明', null), [[2, 'owner', 'name_blank']]],
  ['words as telephone', one('3', '1', '101', 80, '甲', '问门卫'), [[2, 'phone', 'phone_shape']]],
  ['three telephones of two owners', one('3', '1', '101', 80, '甲、乙', '13800000001、13800000002、13800000003'), [[2, 'phone', 'phones_count']]],
  ['a telephone of nobody', one('3', '1', '101', 80, null, '13800000001'), [[2, 'owner', 'owner_missing']]],
  ['the same owner with two telephones', [{ rows: [head, ['3', '1', '101', 80, '甲', '13800000001'], ['3', '1', '101', 80, '甲', '13800000002']] }], [[3, 'owner', 'owner_twice']]],
  ['shares that are more than the whole', [{ rows: [['房号', '面积', '业主', '份额'], ['3-1-101', 80, '甲', '1/2'], ['3-1-101', 80, '乙', '2/3']] }], [[3, 'share', 'shares_sum']]],
  ['a share of nothing known', [{ rows: [['房号', '面积', '业主', '份额'], ['3-1-101', 80, '甲', '大半']] }], [[2, 'share', 'share_shape']]],
  ['a day that never was', [{ rows: [['房号', '面积', '业主', '交房日期'], ['3-1-101', 80, '甲', '2019-02-30'], ['3-1-102', 80, '乙', '去年']] }], [[2, 'since', 'day_shape'], [3, 'since', 'day_shape']]],
  ['a tenant who pays and is not there', [{ rows: [['房号', '面积', '业主', '租户', '缴费人'], ['3-1-101', 80, '甲', null, '租户'], ['3-1-102', 80, '乙', '丙', '小明']] }], [[2, 'tenant', 'tenant_missing'], [3, 'payer', 'payer_unknown']]],
  ['an unknown kind and occupancy', [{ rows: [['房号', '面积', '房屋类型', '入住状态'], ['3-1-101', 80, '飞船', '不详']] }], [[2, 'kind', 'kind_unknown'], [2, 'occupancy', 'occupancy_unknown']]],
  ['a space of a dwelling that is not there, and one of two', [{ rows: [['车位号', '房号', '起始日期', '到期日期'], ['B1-001', '8-8-808', null], ['B1-002', '9-1-101', '2026-01-01', '2025-01-01'], ['B1-003', '9-1-101', null], ['B1-003', '9-1-102', null], ['B1-900', '9-1-102', null], ['看门狗', '9-1-101', null]] }],
    [[2, 'unit', 'unit_unknown'], [3, 'until', 'days_reversed'], [5, 'space', 'space_held'], [6, 'space', 'space_held'], [7, 'space', 'space_shape']]],
  ['meters of nobody, of no kind, of another', [{ name: '表具', rows: [['表号', '表类型', '房号', '倍率'], ['M1', '水', null, 1], ['M2', '不明', '9-1-101', 1], ['M3', '电', '9-1-101', 0], ['W9', '水', '9-1-102', 1], ['M4', null, '9-1-101', 1]] }],
    [[2, 'unit', 'meter_unit_missing'], [3, 'meter_kind', 'meter_kind_unknown'], [4, 'multiplier', 'multiplier_shape'], [5, 'meter', 'meter_differs'], [6, 'meter_kind', 'meter_kind_unknown']]],
  ['readings that run back, come twice, have too many digits, lie ahead', reads(['W9', 119, '2026-11-01'], ['W9', 121, '2026-10-01'], ['W9', 123456, '2026-11-02'], ['W9', 130, '2027-01-01'], ['W77', 1, '2026-11-01'], ['W9', '约130', '2026-11-03'], ['W9', 130, '2026-09-01']),
    [[2, 'value', 'reading_lower'], [3, 'value', 'reading_twice'], [4, 'value', 'figure_digits'], [5, 'read_on', 'day_future'], [6, 'meter', 'meter_unknown'], [7, 'value', 'figure_shape'], [8, 'value', 'reading_higher']]],
  ['open bills of no month, of our own months, below zero, of unknown fees', bills(['9-1-101', '物业费', '2025-13', 100], ['9-1-101', '物业费', '2026-01', 100], ['9-1-101', '物业费', '2025-02', -5], ['9-1-101', '停机坪费', '2025-02', 100], ['9-1-101', '物业费', null, 100], ['9-1-101', '物业费', '2025-02', '一百']),
    [[2, 'period', 'month_shape'], [3, 'period', 'month_own'], [4, 'amount', 'amount_negative'], [5, 'item', 'item_unknown'], [6, 'period', 'month_missing'], [7, 'amount', 'amount_shape']]],
  ['open bills that are there, or twice with other amounts', bills(['9-1-101', '物业费', '2025-01', 100], ['9-1-101', '物业费', '2025-03', 100], ['9-1-101', '物业费', '2025-03', 101], ['9-1-101', '物业费', '2025-04', '0.02'], ['9-1-101', '物业费', '2024年度', '0.05']),
    [[2, 'period', 'bill_present'], [4, 'amount', 'bill_twice'], [6, 'amount', 'amount_small']]],
];

t.test('every bad row of broken spreadsheets is named with its column and what is expected', async (t) => {
  t.ok(broken.length >= 30, `${broken.length} kinds`);
  for (const [name, sheets, expected] of broken) {
    const { faults, shapes } = await look(sheets);
    t.same(faults.map(({ row, field, code }) => [row, field, code]), expected, name);
    for (const { code, facts, field } of faults) {
      for (const locale of ['zh', 'en'] as const) for (const part of ['why', 'expected'] as const) t.notMatch(fill(faultTexts[code][part][locale], facts), /\{|undefined/, `${code} ${part}`);
      t.ok(shapes[0]!.columns.some((column) => column.field === field) || ['owner', 'unit', 'area', 'item', 'period', 'meter_kind', 'tenant', 'share'].includes(field), `${field} stands in a column or may be typed`);
    }
  }
});

t.test('what is no register is told apart', async (t) => {
  for (const rows of [[['姓名', '年龄'], ['张三', 3]], [['摘要', '借方', '贷方'], ['x', 1, 2]], [['紧急联系人信息', null], ['姓名', '电话'], ['张三', '138']]]) {
    t.same((await look([{ rows: rows as (string | number)[][] }])).shapes, [], JSON.stringify(rows[0]));
  }
  const wide = await look([{ rows: [['房号', '建筑面积', '业主信息', null, '紧急联系人信息', null], [null, null, '姓名', '电话', '姓名', '电话'], ['3-1-101', 80, '甲', '13800000001', '乙', '13800000002']], merges: ['A1:A2', 'B1:B2', 'C1:D1', 'E1:F1'] }]);
  t.same(wide.plan.tenures.map(({ name, phone }) => `${name} ${phone}`), ['甲 13800000001'], 'a contact is no owner');
  t.same(wide.shapes[0]!.left_out, ['紧急联系人信息 姓名', '紧急联系人信息 电话']);
  t.same([columnName(0), columnName(25), columnName(26), columnName(63)], ['A', 'Z', 'AA', 'BL']);
  t.equal((await look([{ rows: [['房号', '建筑面积', '业主'], ['3-1-101', 80, '甲']] }], null)).needs_since, true, 'from which day is never guessed');
});

t.test('a register as an office keeps it', async (t) => {
  const { plan, faults, notes } = await look(readFileSync(new URL('../../fixtures/register/lists.csv', import.meta.url)));
  t.same(faults, []);
  t.same(plan.units.length, 6);
  t.same(notes.map(({ row, code }) => [row, code]), [[8, 'co_owner'], [9, 'same']]);
});
