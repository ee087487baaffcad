// Who lives in the demo estate: made-up owners, the register as the last company's spreadsheet had it, and what was not paid before
// the books began here. Pure; demo.ts hands the sheets in like any other estate's.
import { firstDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { moneyText } from '../kernel/money.ts';
import { demoHome, demoResident } from './persons.ts';
import { OLD_BILL, renters } from './plan.ts';
import type { NewUnit } from '../estate/units.ts';

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕';
const GIVEN = ['建国', '桂芳', '志强', '秀英', '海燕', '永红', '晓明', '玉兰', '国庆', '淑珍', '文斌', '丽华', '卫东', '春梅', '立新', '雪琴', '德明', '小红', '光辉', '美玲'];

/** The same owner for the same dwelling in every demo; nobody's real name and telephone. */
export const ownerOf = (at: number): { name: string; phone: string } => ({
  name: `${SURNAMES[(at * 7) % SURNAMES.length]!}${GIVEN[(at * 11 + Math.floor(at / 40)) % GIVEN.length]!}`, phone: `1380000${String(1000 + at).padStart(4, '0')}`,
});

/** One in five is let, one in twenty stands empty. */
const useOf = (at: number): string => (at % 20 === 19 ? '空置' : at % 5 === 2 ? '出租' : '自住');

const file = (name: string, rows: readonly (readonly string[])[]): { file_name: string; bytes: Buffer } =>
  ({ file_name: name, bytes: Buffer.from(`\uFEFF${rows.map((row) => row.join(',')).join('\r\n')}\r\n`) });

/** The list of owners as the last company kept it: building and stairwell once for all that follow. */
export function ownersSheet(units: readonly NewUnit[]): { file_name: string; bytes: Buffer } {
  let [building, stairwell] = ['', ''];
  return file('业主台账.csv', [['示例小区业主台账'], ['楼栋', '单元', '房号', '建筑面积', '用途', '使用情况', '业主姓名', '联系电话'], ...units.map((unit, at) => {
    const fresh = unit.building !== building || unit.stairwell !== stairwell;
    [building, stairwell] = [unit.building, unit.stairwell];
    // The resident of the demo's logins is the owner of their own dwelling.
    const { name, phone } = unit.unit === demoHome ? { ...ownerOf(at), name: demoResident } : ownerOf(at);
    // Every thirtieth dwelling belongs to two.
    const second = at % 30 === 7 ? ownerOf(at + 500) : null;
    return [fresh ? `${building}栋` : '', fresh ? `${stairwell}单元` : '', unit.unit.split('-').at(-1)!, unit.area_m2, '住宅', useOf(at),
      second === null ? name : `${name}、${second.name}`, phone];
  }), ['合计', '', `${units.length}户`, '', '', '', '', '']]);
}

const spaceOf = (at: number): string => `B1-${String(at + 1).padStart(3, '0')}`;

export const spacesSheet = (units: readonly NewUnit[], from: BusinessDate): { file_name: string; bytes: Buffer } =>
  file('车位台账.csv', [['车位号', '车位类型', '房号', '起租日期'], ...renters(units).map((unit, at) => [spaceOf(at), '共有', unit, from])]);

/** Forty dwellings did not pay the second half of the year before. */
export function oldBillsSheet(units: readonly NewUnit[], first_period: Period): { file_name: string; bytes: Buffer } {
  const year = Number(first_period.slice(0, 4)) - 1;
  const owing = units.filter((unit) => unit.area_m2 === '85.00').slice(0, 40);
  return file('历史欠费.csv', [['房号', '收费项目', '所属月份', '欠费金额', '应缴日期'], ...owing.flatMap(({ unit }) => [7, 8, 9, 10, 11, 12].map((month) => {
    const period = `${year}-${String(month).padStart(2, '0')}`;
    return [unit, '物业费', period, moneyText(OLD_BILL), firstDay(period)];
  }))]);
}
