// Dwellings in what payers write: found where all of it is said, never as a part of another's number.
import t from 'tap';
import { dwellingsIn, indexDwellings } from '../../src/billing/unit-name.ts';

const units = ['3-2-1002', '13-2-1002', '3-2-10021', '3-2-101', '3-2-1102', '3-1-1002', '5-301', 'A-1-101', '1-3-2-1002', 'S-12'];
const index = indexDwellings(units.map((unit) => ({ unit, ref: `ref of ${unit}` })));
const found = (text: string): string => dwellingsIn(index, text).map(({ unit }) => unit).join(' ');

t.test('a dwelling is found however its number is written', async (t) => {
  for (const text of ['3-2-1002', '３－２－１００２', '3—2—1002', '3/2/1002', '03-02-1002', '3-2-1002室', '3栋2单元1002', '3幢2单元1002室', '3号楼2单元1002号', '3#2-1002',
    '3#楼2单元1002', '3楼2单元1002', '3栋2单元10楼1002', '3幢2单元10层02室', '3 栋 2 单元 10 楼 2 号', '三栋二单元1002室', '三幢二单元十楼1002', '3栋2门1002', '3棟2單元1002',
    '3栋2单元10F1002', '缴3栋2单元1002室9月物业费102元', '物业费3-2-1002,张三', '2026-10 3-2-1002', '3栋2单元1002室13800001111', '3-2-1002 2026-10-01 物业费']) {
    t.equal(found(text), '3-2-1002', text);
  }
  t.equal(found('十三栋2单元1002'), '13-2-1002');
  t.equal(found('5栋301室'), '5-301');
  t.equal(found('a座1单元101'), 'A-1-101');
  t.equal(found('s-12 租金'), 'S-12');
  t.equal(found('3-2-11楼1102'), '3-2-1102');
});

t.test('never a part of another number, and never half of one', async (t) => {
  for (const text of ['23-2-1002', '3-2-100', '3-2-10022', '3-2-1002-1', '2-3-2-1002', '3-2', '3栋1002', '1002', '1002室', '3栋2单元', '3-2-1楼1102', '3-2-10楼1102', '33-2-1002', 'B3-2-1002',
    '3-2-1002a', '3.2.1002', '13800001111', '', '物业费', '-', '---', '3栋', '栋单元']) t.equal(found(text), '', text);
  t.equal(found('1-3-2-1002'), '1-3-2-1002');
  t.equal(found('3-2-10021'), '3-2-10021');
});

t.test('a text that names two dwellings gives both, in order and each once', async (t) => {
  t.equal(found('3-2-1002、3-2-101、3栋2单元1002 物业费'), '3-2-1002 3-2-101');
  t.same(dwellingsIn(index, '5-301'), [{ unit: '5-301', ref: 'ref of 5-301' }]);
});

t.test('two dwellings that differ by a nought only are told apart by how they are written', async (t) => {
  const twins = indexDwellings([{ unit: '1-01', ref: 'a' }, { unit: '1-1', ref: 'b' }]);
  t.same(dwellingsIn(twins, '1-01').map(({ unit }) => unit), ['1-01']);
  t.same(dwellingsIn(twins, '01-1').map(({ unit }) => unit), ['1-01', '1-1'], 'neither to the letter: both, so that somebody chooses');
});

t.test('a long text is read in no time', async (t) => {
  const started = performance.now();
  for (const piece of ['3-', '3栋', '十', '1楼', ' - ', '3栋2单元10楼']) found(piece.repeat(20_000));
  t.ok(performance.now() - started < 3_000, `${Math.round(performance.now() - started)} ms`);
});
