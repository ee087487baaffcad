// Cells of a register as people fill them in: 3栋2单元1002室, 85.00㎡, 2019年6月1日, 50%, 138 0000 0000、… Each function gives
// the value or the name of what is wrong (import-faults.ts); none guesses. Pure: no database.
import { plainCell } from '../bankfile/value.ts';
import { dayText } from '../bankfile/spreadsheet-value.ts';
import { isBusinessDate, lastDay, periodsBetween, readDate, type BusinessDate, type Period } from '../kernel/dates.ts';
import { personalIn } from '../kernel/personal.ts';
import type { FaultCode } from './import-faults.ts';

export type Cell<T> = { value: T } | { fault: FaultCode };
const fault = (code: FaultCode): { fault: FaultCode } => ({ fault: code });

/** A cell as text; what people write for "nothing" is nothing. */
export function cellText(raw: string | undefined): string {
  const text = plainCell(raw ?? '');
  return /^(?:[-—–/\\.、*]+|无|没有|暂无|N\/?A|NULL)$/i.test(text) ? '' : text;
}

export const isFormulaError = (text: string): boolean => /^#(?:REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|ERR|SPILL!|CALC!)/i.test(text);

const plain = (text: string): string => text.normalize('NFKC').toUpperCase().replace(/\s+/g, '')
  .replace(/[\u2010-\u2015\u2212\uFE58\uFF0D~_/\\]/gu, '-');

// ── Dwellings ────────────────────────────────────────────────────────────────────────────────────

const ones: Readonly<Record<string, number>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const CHINESE = '[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]';

/** 十二 → "12"; up to 99, as people number buildings. */
function chineseNumber(text: string): string {
  const [tens, rest] = text.includes('十') ? text.split('十') as [string, string] : ['0', text];
  return String((tens === '' ? 1 : ones[tens] ?? 0) * 10 + (rest === '' ? 0 : ones[rest] ?? 0));
}
const arabic = (text: string): string =>
  text.replace(new RegExp(`(?:${CHINESE})(?=栋|幢|棟|号|座|单元|單元|门|梯|层|楼|#)`, 'gu'), (found) => chineseNumber(found));

const PHASE = /^(第?(?:[一二三四五六七八九十]+|[0-9]{1,2})期|[东西南北中]区)-?/u;
const withoutZeros = (part: string): string => part.replace(/^0+(?=[0-9])/, '');
/** 03-2-1002 is 3-2-1002, and a-101 is A-101: numbers as they are compared. */
export const numberKey = (number: string): string => number.toUpperCase().split('-').map(withoutZeros).join('-');

export interface NumberParts { phase: string; parts: string[] }

/** Building, stairwell and room out of one cell: "3-2-1002", "一期3栋2单元1002室", "12号301", "1002". */
export function readUnitNumber(text: string): Cell<NumberParts> {
  // 3-2-10 typed into a cell without a format becomes a day.
  if (/^\d{4}-\d{2}-\d{2}(?: |$)/.test(text) || /^\d{1,2}月\d{1,2}日$|^\d{1,2}-[A-Z][a-z]{2}$|^[A-Z][a-z]{2}-\d{2}$/.test(text)) return fault('unit_day');
  let rest = plain(text);
  const phase = PHASE.exec(rest)?.[1] ?? '';
  rest = arabic(rest.slice(PHASE.exec(rest)?.[0].length ?? 0))
    .replace(/(?:号房|室|房|户|号)$/u, '')
    .replace(/(?:栋|幢|棟|号楼|號樓|座|#楼|#)-?/gu, '-').replace(/楼-?(?=[0-9A-Z]+(?:单元|單元|门|梯))/gu, '-')
    .replace(/(?:单元|單元|门|梯)-?/gu, '-').replace(/号-?(?=[0-9A-Z])/gu, '-');
  const floor = /([0-9]{1,2})(?:楼|层|F)-?([0-9]{1,4})$/u.exec(rest);
  if (floor !== null) {
    const [whole, story, room] = floor as unknown as [string, string, string];
    const number = room.length <= 2 ? `${Number(story)}${room.padStart(2, '0')}` : room;
    if (!withoutZeros(number).startsWith(withoutZeros(story))) return fault('unit_shape');
    rest = `${rest.slice(0, -whole.length)}${number}`;
  }
  rest = rest.replace(/-{2,}/g, '-').replace(/^-|-$/g, '');
  if (!/^[0-9A-Z]{1,8}(?:-[0-9A-Z]{1,8}){0,3}$/.test(rest)) return fault('unit_shape');
  const parts = rest.split('-');
  return { value: { phase, parts: parts.map((part, at) => (at === parts.length - 1 ? part : withoutZeros(part))) } };
}

/** A building or stairwell in a cell of its own: "3", "3栋", "三号楼", "A座", "2单元"; 一期3栋 tells its phase. */
export function readPart(text: string): Cell<NumberParts> {
  const whole = plain(text);
  const phase = PHASE.exec(whole)?.[1] ?? '';
  const bare = whole.slice(PHASE.exec(whole)?.[0].length ?? 0);
  const alone = new RegExp(`^(?:${CHINESE})$`, 'u').test(bare) ? chineseNumber(bare) : arabic(bare);
  const parts = alone.split(/(?:栋|幢|棟|号楼|號樓|座|#楼|#|单元|單元|门|梯|楼|号|-)+/u).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > 2 || parts.some((part) => !/^[0-9A-Z]{1,8}$/.test(part))) return fault('part_shape');
  return { value: { phase, parts: parts.map(withoutZeros) } };
}

export interface Named { unit: string; building: string; stairwell: string; phase: string }
export interface NameCells { unit?: string | undefined; building?: string | undefined; stairwell?: string | undefined; phase?: string | undefined }
export type NameField = 'unit' | 'building' | 'stairwell' | 'phase';

/** The dwelling a row names, in one cell or over several. */
export function readDwelling(cells: NameCells): { value: Named } | { fault: FaultCode; field: NameField } {
  const wrong = (field: NameField, code: FaultCode) => ({ fault: code, field });
  const said = cellText(cells.unit);
  if (said === '') return wrong('unit', 'unit_missing');
  const read = readUnitNumber(said);
  if ('fault' in read) return wrong('unit', read.fault);
  let { phase, parts } = read.value;
  let building: string | null = null;
  let stairwell: string | null = null;
  const block = cellText(cells.building);
  if (block !== '') {
    const found = readPart(block);
    if ('fault' in found) return wrong('building', found.fault);
    [building, stairwell] = [found.value.parts[0]!, found.value.parts[1] ?? null];
    phase ||= found.value.phase;
  }
  const stair = cellText(cells.stairwell);
  if (stair !== '' && stair !== '0') {
    const found = readPart(stair);
    if ('fault' in found) return wrong('stairwell', found.fault);
    stairwell = found.value.parts.at(-1)!;
    if (found.value.parts.length === 2) building ??= found.value.parts[0]!;
  }
  phase = cellText(cells.phase) || phase;
  if (phase.length > 20) return wrong('phase', 'text_long');
  if (building === null) {
    if (parts.length === 1) return wrong('unit', 'unit_no_building');
  } else if (parts.length === 1) parts = stairwell === null ? [building, parts[0]!] : [building, stairwell, parts[0]!];
  else if (parts.length === 2 && parts[0] === building) parts = stairwell === null ? parts : [building, stairwell, parts[1]!];
  else if (parts.length === 2 && (stairwell === null || parts[0] === stairwell)) parts = [building, ...parts];
  else if (parts[0] !== building && parts[1] !== building) return wrong('unit', 'unit_differs');
  if (parts.length >= 3 && stairwell !== null && parts.at(-2) !== stairwell) return wrong('unit', 'unit_differs');
  const place = parts.length === 4 ? { phase: phase === '' ? parts[0]! : phase, building: parts[1]!, stairwell: parts[2]! }
    : { phase, building: parts[0]!, stairwell: parts.length === 3 ? parts[1]! : '' };
  return { value: { unit: parts.join('-'), ...place } };
}

// ── Figures and days ─────────────────────────────────────────────────────────────────────────────

/** "85.00㎡", "85平米", "1,085.5" → "85.00"; at most two decimals, above zero. */
export function readArea(text: string): Cell<string> {
  const bare = text.normalize('NFKC').replace(/\s/g, '').replace(/(?:m2|㎡|平方米|平米|平方|平|m²)$/iu, '').replace(/^(\d{1,3}),(\d{3})(?=\.|$)/, '$1$2');
  const found = /^([0-9]{1,6})(?:\.([0-9]{1,2})0*)?$/.exec(bare);
  if (found === null) return fault(/^[0-9]{1,6}\.[0-9]{3,}$/.test(bare) ? 'area_decimals' : 'area_shape');
  const area = `${found[1]!.replace(/^0+(?=[0-9])/, '')}.${(found[2] ?? '').padEnd(2, '0')}`;
  if (area === '0.00') return fault('area_shape');
  return found[1]!.length > 5 ? fault('area_large') : { value: area };
}

/** A figure of a meter, at most three decimals. */
export function readFigure(text: string): Cell<string> {
  const bare = text.normalize('NFKC').replace(/\s|(?:吨|度|方|立方米?|m3|kWh)$/giu, '').replace(/,(?=\d{3}(?:[.,]|$))/g, '');
  return /^[0-9]{1,9}(?:\.[0-9]{1,3})?$/.test(bare) ? { value: bare.replace(/^0+(?=[0-9])/, '') } : fault('figure_shape');
}

/** 2019-06-01, 2019/6/1, 2019年6月1日, 20190601, with a time behind it, and the bare number of a spreadsheet's day. */
export function readDay(text: string): Cell<BusinessDate> {
  const plainDay = text.normalize('NFKC').replace(/[ T]\d{1,2}:\d{2}(?::\d{2})?$/, '').trim();
  const day = readDate(plainDay) ?? (/^[2-6]\d{4}$/.test(plainDay) ? dayText(Number(plainDay), false) : null);
  if (day === null || !isBusinessDate(day)) return fault('day_shape');
  return day < '1949-10-01' || day > '2199-12-31' ? fault('day_far') : { value: day };
}

const month = (year: string, number: string): Period | null =>
  (Number(number) >= 1 && Number(number) <= 12 ? `${year}-${number.padStart(2, '0')}` : null);

/** The months of a bill: one, or several as people sum them up: 2025-03, 2025年3月, 202503, 2025年1-12月, 2025.1-2025.6, 2025年度. */
export function readMonths(text: string): Cell<Period[]> {
  const bare = text.normalize('NFKC').replace(/\s/g, '').replace(/[\u2010-\u2015\u2212~]|至|到/gu, '-');
  const day = /^(\d{4})-(\d{2})-01(?:00:00:00)?$/.exec(bare);
  const one = day ?? /^(\d{4})[-/.年]?(\d{1,2})月?(?:份)?$/.exec(bare);
  const span = /^(\d{4})[-/.年](\d{1,2})月?-(?:(\d{4})[-/.年])?(\d{1,2})月?$/.exec(bare);
  const year = /^(\d{4})年(?:度|全年)?$/.exec(bare);
  const [from, to] = one !== null ? [month(one[1]!, one[2]!), month(one[1]!, one[2]!)]
    : span !== null ? [month(span[1]!, span[2]!), month(span[3] ?? span[1]!, span[4]!)]
      : year !== null ? [month(year[1]!, '1'), month(year[1]!, '12')] : [null, null];
  if (from === null || to === null || to < from || from < '1990-01') return fault('month_shape');
  const months = periodsBetween(from, to);
  return months.length > 60 ? fault('month_shape') : { value: months };
}
export const dueOf = (period: Period): BusinessDate => lastDay(period);

// ── Persons ──────────────────────────────────────────────────────────────────────────────────────

/** Several people in one cell: 张三、李四. */
export const splitNames = (text: string): string[] =>
  text.split(/[、,，;；/|\n&＆+]/u).map((name) => name.trim()).filter((name) => name !== '');

export function readName(text: string): Cell<string> {
  // 张 三 is one person; 张三 李四 may be two, and nobody guesses.
  if (/[\p{Script=Han}]{2}\s+[\p{Script=Han}]{2}/u.test(text)) return fault('name_blank');
  const name = text.replace(/(?<=[\p{Script=Han}])\s+(?=[\p{Script=Han}])/gu, '').replace(/\s+/g, ' ');
  if (/\d{6}/.test(name.normalize('NFKC')) || personalIn(name) !== null) return fault('name_number');
  return [...name].length > 60 ? fault('text_long') : { value: name };
}

/** Telephones as written, blanks aside; numbers of identity cards are not for the register. */
export function readPhone(text: string): Cell<string> {
  const phone = text.normalize('NFKC').replace(/[\s\u00a0]+/g, ' ').trim();
  if (/(?<!\d)\d{17}[\dXx](?!\d)/.test(phone.replace(/[ -]/g, ''))) return fault('phone_identity');
  if (phone.length > 40) return fault('text_long');
  // A bank card, or two numbers run together.
  if (/\d{13,}/.test(phone)) return fault('phone_shape');
  return /^[0-9+()\- /,;、.*转]{5,40}$/u.test(phone) ? { value: phone } : fault('phone_shape');
}

/** "1/2", "50%", "0.5", "二分之一" are shares; the whole is none. */
export function readShare(text: string): Cell<string> {
  const bare = text.normalize('NFKC').replace(/\s/g, '');
  if (/^(?:1|100%|1\/1|全部|单独所有|共同共有)$/.test(bare)) return { value: '' };
  const found = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(bare);
  if (found !== null && Number(found[1]) < Number(found[2])) return { value: `${found[1]}/${found[2]}` };
  const part = /^(\d{1,2})(?:\.(\d{1,2}))?%$/.exec(bare) ?? /^0?\.(\d{2})(\d{0,2})$/.exec(bare);
  const tenth = /^0?\.([1-9])$/.exec(bare);
  const [over, under] = tenth !== null ? [Number(tenth[1]), 10]
    : part !== null ? [Number(`${part[1]}${(part[2] ?? '').padEnd(2, '0')}`), 10_000] : [0, 0];
  if (over === 0) return fault('share_shape');
  const [a, b] = lowest(over, under);
  return b > 9_999 ? fault('share_shape') : { value: `${a}/${b}` };
}

function lowest(over: number, under: number): [number, number] {
  let [a, b] = [over, under];
  while (b !== 0) [a, b] = [b, a % b];
  return [over / a, under / a];
}

/** Whether shares add up to the whole; exact. */
export function areWhole(shares: readonly string[]): boolean {
  let [over, under] = [0n, 1n];
  for (const share of shares) {
    const [a, b] = share.split('/').map(BigInt) as [bigint, bigint];
    [over, under] = [over * b + a * under, under * b];
  }
  return over === under;
}

// ── Words ────────────────────────────────────────────────────────────────────────────────────────

const word = <T extends string>(list: readonly (readonly [RegExp, T])[], code: FaultCode) => (text: string): Cell<T> => {
  const bare = text.normalize('NFKC').replace(/\s/g, '');
  const found = list.find(([pattern]) => pattern.test(bare));
  return found === undefined ? fault(code) : { value: found[1] };
};

export type UnitKind = 'dwelling' | 'shop' | 'office' | 'storage' | 'other';
export const readKind = word<UnitKind>([
  [/商铺|商业|门面|底商|店|网点|^shop$/iu, 'shop'], [/办公|写字|^office$/iu, 'office'], [/储藏|储物|地下室|仓|杂物|车库|^storage$/iu, 'storage'],
  [/配套|幼儿园|物业用房|社区|公建|其他|其它|^other$/iu, 'other'], [/住|公寓|洋房|高层|多层|别墅|跃层|复式|^dwelling$/iu, 'dwelling'],
], 'kind_unknown');

export type Occupancy = 'owner' | 'let' | 'vacant';
export const readOccupancy = word<Occupancy>([
  [/未.*住|空|闲|待售|未售|毛坯|未装修|未交|^vacant$/iu, 'vacant'], [/租|^let$/iu, 'let'], [/住|自用|业主|装修|营业|^owner$/iu, 'owner'],
], 'occupancy_unknown');

export type SpaceKind = 'owned' | 'common' | 'civil_defence';
export const readSpaceKind = word<SpaceKind>([
  [/人防|^civil_defence$/iu, 'civil_defence'], [/产权|私|自有|已售|购|^owned$/iu, 'owned'], [/共|公|租|临停|地面|固定|普通|^common$/iu, 'common'],
], 'space_kind_unknown');

export type MeterKind = 'water' | 'electricity' | 'gas' | 'heat';
export const readMeterKind = word<MeterKind>([
  [/电|^electricity$/iu, 'electricity'], [/气|^gas$/iu, 'gas'], [/暖|供热|热量|热力|^heat$/iu, 'heat'], [/水|^water$/iu, 'water'],
], 'meter_kind_unknown');

/** "B1-023", "负一层023号车位" → "B1-023". */
export function readSpaceNumber(text: string): Cell<string> {
  const bare = plain(text).replace(/(?:地下|负)(?:([1-9])|([一二三四五]))层?/gu, (_all, digit?: string, han?: string) => `B${digit ?? ones[han!]}-`)
    .replace(/(?:停车位|车位|泊位)/gu, '').replace(/[区层]-?/gu, '-').replace(/号$|位$/u, '').replace(/^(?:NO\.?|第)/u, '').replace(/-{2,}/g, '-').replace(/^-|-$/g, '');
  return /^[0-9A-Z]+(?:-[0-9A-Z]+){0,3}$/.test(bare) && bare.length <= 20 ? { value: bare } : fault('space_shape');
}

export function readMeterNumber(text: string): Cell<string> {
  const bare = plain(text).replace(/^(?:NO\.?|第)|(?:号|表)+$/gu, '').replace(/^-|-$/g, '');
  return /^[0-9A-Z]+(?:-[0-9A-Z]+){0,3}$/.test(bare) && bare.length <= 30 ? { value: bare } : fault('meter_shape');
}

/** Meters that belong to nobody's dwelling. */
export const isOfNobody = (text: string): boolean => /^(?:公共|公用|公区|公摊|总表|小区|物业|common)/iu.test(text.normalize('NFKC').trim());
