// What may be wrong with a row of a register: why it cannot be taken and what is expected, so that whoever sees it can put it
// right. Facts in braces are figures, rows and dwellings of the same sheet.
import type { Bilingual } from '../kernel/locale.ts';

interface FaultText { why: Bilingual; expected: Bilingual }
const say = (zh: string, en: string, expected_zh: string, expected_en: string): FaultText => ({ why: { zh, en }, expected: { zh: expected_zh, en: expected_en } });

const number = ['完整房号，例如 3-2-1002 或 3栋2单元1002', 'the whole number, for example 3-2-1002'] as const;
const person = ['姓名或单位名称', 'a name'] as const;

export const faults = {
  formula: say('单元格是公式错误，没有值', 'the cell is a formula that failed', '填上实际的内容', 'type what belongs there'),
  text_long: say('太长了', 'too long', '姓名 60 字、电话 40 字、备注 200 字以内', 'names up to 60 characters, telephones 40, remarks 200'),
  unit_missing: say('没有房号', 'no dwelling', ...number),
  unit_shape: say('认不出是哪一套房', 'no dwelling can be read from this', ...number),
  unit_day: say('房号被表格软件变成了日期', 'the spreadsheet has turned the number into a date', `把单元格格式改成“文本”再填，${number[0]}`, number[1]),
  unit_no_building: say('只有室号，不知道是哪一栋', 'a room without its building', ...number),
  unit_differs: say('房号和同一行的楼栋、单元对不上', 'the number does not agree with building and stairwell of the same row', '两处写成一样', 'the same in both places'),
  part_shape: say('楼栋或单元认不出来', 'building or stairwell cannot be read', '数字或字母，例如 3、3栋、A座、2单元', 'digits or letters, for example 3 or A'),
  unit_unknown: say('登记里没有 {unit} 这套房', 'dwelling {unit} is not in the register', '先登记房屋，或改成登记里有的房号', 'enter the dwelling first, or name one that is there'),
  unit_ended: say('{unit} 已从登记里注销', 'dwelling {unit} has ended in the register', '改成登记里有的房号，或不导入这一行', 'another dwelling, or leave the row out'),
  phase_twice: say('{unit} 在不同的期区各有一套（另见第 {first} 行）', '{unit} is there in two phases (see row {first})', '给楼栋号加上期号，例如 2-3-2-1002', 'put the phase before the building, for example 2-3-2-1002'),
  area_missing: say('没有面积', 'no area', '建筑面积，例如 85.00', 'the area in m², for example 85.00'),
  area_shape: say('不是面积', 'no area', '大于 0 的数，最多两位小数，例如 85.00', 'a figure above 0 with at most two decimals'),
  area_decimals: say('面积多于两位小数', 'an area with more than two decimals', '按产权证写两位小数，例如 85.33', 'two decimals as in the deed, for example 85.33'),
  area_large: say('面积大得不像一套房', 'an area too large for a dwelling', '小于 100000 平方米', 'less than 100000 m²'),
  area_differs: say('和第 {first} 行同一套房的面积 {other} 不一样', 'row {first} says {other} for the same dwelling', '两行面积一致', 'the same area in both rows'),
  area_registered: say('登记里 {unit} 的面积是 {other}', 'the register has {other} for {unit}', '面积变了，请在房屋页从变更日起更改；这里留空或写登记的面积', 'change it on the page of the dwelling; here leave it empty or as registered'),
  kind_unknown: say('房屋类型认不出来', 'unknown kind of dwelling', '住宅、商铺、办公、储藏、其他', 'dwelling, shop, office, storage or other'),
  occupancy_unknown: say('入住情况认不出来', 'unknown occupancy', '自住、出租、空置', 'owner, let or vacant'),
  name_blank: say('姓名中间有空格，不知道是一个人还是几个人', 'a blank within a name: one person, or several', '几个人用顿号分开（张三、李四）；一个人不要空格', 'several names with 、 between them; one name without a blank'),
  name_number: say('姓名里有一串号码', 'a number within a name', ...person),
  phone_identity: say('这是身份证号，台账不收', 'this is the number of an identity card, which the register does not take', '电话号码，或留空', 'a telephone, or nothing'),
  phone_shape: say('不像电话号码', 'no telephone', '手机或座机号码，或留空', 'a telephone, or nothing'),
  phones_count: say('{names} 个人配 {phones} 个电话，对不上', '{names} persons with {phones} telephones', '一人一个，次序相同；或只写一个', 'one for each in the same order, or only one'),
  share_shape: say('份额认不出来', 'a share that cannot be read', '例如 1/2、50%；单独所有留空', 'for example 1/2 or 50%; nothing for a sole owner'),
  shares_count: say('{names} 个人配 {shares} 个份额，对不上', '{names} persons with {shares} shares', '一人一个，次序相同', 'one for each in the same order'),
  shares_sum: say('{unit} 各业主的份额加起来不是 1', 'the shares of {unit} do not add up to the whole', '加起来正好是 1，例如 1/2 和 1/2', 'shares that add up, for example 1/2 and 1/2'),
  owner_twice: say('第 {first} 行同一套房也有这位业主，电话或份额、日期不一样', 'row {first} has the same owner of the same dwelling with another telephone, share or day', '两行写成一样，或不导入其中一行', 'the same in both rows, or leave one out'),
  owner_present: say('{unit} 登记里已有别的业主', 'the register has another owner of {unit}', '换业主请在房屋页办理过户；这里不导入', 'change the owner on the page of the dwelling; leave it out here'),
  tenant_present: say('{unit} 登记里已有别的租户', 'the register has another tenant of {unit}', '换租户请在房屋页办理；这里不导入', 'change the tenant on the page of the dwelling; leave it out here'),
  payer_unknown: say('认不出谁缴费', 'who pays cannot be read', '业主或租户', 'owner or tenant'),
  tenant_missing: say('写了租户缴费，却没有租户', 'the tenant is to pay, and there is none', '填上租户，或改成业主', 'name the tenant, or say owner'),
  owner_missing: say('有电话、份额或日期，却没有业主姓名', 'a telephone, share or day without an owner', ...person),
  day_shape: say('不是日期', 'no date', '例如 2019-06-01', 'for example 2019-06-01'),
  day_far: say('日期太早或太晚', 'a date too far away', '1949-10-01 以后', 'a day after 1949-10-01'),
  day_future: say('日期在今天以后', 'a day in the future', '今天或以前的日期', 'today or earlier'),
  days_reversed: say('截止日早于起始日', 'ends before it begins', '截止日不早于起始日', 'a last day not before the first'),
  space_missing: say('没有车位号', 'no parking space', '车位号，例如 B1-023', 'its number, for example B1-023'),
  space_shape: say('车位号认不出来', 'the number of the space cannot be read', '字母、数字和短横，例如 B1-023', 'letters, digits and hyphens, for example B1-023'),
  space_kind_unknown: say('车位性质认不出来', 'unknown kind of space', '产权、共有、人防', 'owned, common or civil_defence'),
  space_differs: say('车位 {number} 在登记里或第 {first} 行写的性质、面积不同', 'space {number} is there with another kind or area (row {first})', '写成一致，或在车位页更改', 'the same as there'),
  space_held: say('车位 {number} 同一时间已由 {unit} 使用', 'space {number} is used by {unit} in the same days', '改车位号或日期；先在房屋页退还原来的', 'another space or other days; return it first'),
  meter_missing: say('没有表号', 'no meter', '表号', 'the number of the meter'),
  meter_shape: say('表号认不出来', 'the number of the meter cannot be read', '字母、数字和短横', 'letters, digits and hyphens'),
  meter_kind_unknown: say('认不出是什么表', 'unknown kind of meter', '水、电、气、暖', 'water, electricity, gas or heat'),
  meter_unit_missing: say('没有写这块表是哪一户的', 'the meter names no dwelling', '房号；公共部位的表写“公共”', 'a dwelling, or "common" for a meter of common parts'),
  meter_differs: say('表 {number} 在登记里或第 {first} 行是另一户、另一类或另一倍率', 'meter {number} is there for another dwelling, kind or ratio (row {first})', '写成一致；换表请在房屋页办理', 'the same as there; change meters on the page of the dwelling'),
  meter_unknown: say('登记里没有这块表', 'the meter is not in the register', '登记里的表号，或先登记这块表', 'a meter that is there'),
  meter_ambiguous: say('{unit} 有 {count} 块表合得上，不知道是哪一块', '{count} meters of {unit} fit', '写上表号', 'say which by its number'),
  multiplier_shape: say('倍率不对', 'a wrong ratio', '大于 0 的数，最多三位小数，例如 1', 'a figure above 0, for example 1'),
  digits_shape: say('位数不对', 'a wrong count of digits', '3 到 9', '3 to 9'),
  figure_shape: say('不是读数', 'no reading', '不小于 0 的数，最多三位小数', 'a figure of at least 0 with at most three decimals'),
  figure_missing: say('没有读数', 'no reading', '表上的数', 'what the meter shows'),
  figure_digits: say('读数比表的位数（{digits} 位）还多', 'a reading with more digits than the meter has ({digits})', '核对读数，或登记里表的位数', 'look at the meter again'),
  reading_lower: say('比 {day} 的读数 {other} 小', 'less than the reading {other} of {day}', '不小于上次的读数；表走过一圈或换了表，请在房屋页登记', 'not less than before; a meter that turned over or was changed is entered on the page of the dwelling'),
  reading_higher: say('比后来 {day} 的读数 {other} 大', 'more than the later reading {other} of {day}', '不大于后来的读数', 'not more than the later one'),
  reading_twice: say('同一块表 {day} 已有读数 {other}', 'the meter has the reading {other} of {day}', '一天一个读数', 'one reading a day'),
  item_unknown: say('没有这个收费项目', 'no such fee', '{items}；别的项目先定收费规则', '{items}; propose a fee rule for others first'),
  month_shape: say('认不出是哪个月', 'no month can be read from this', '例如 2025-03，或 2025年1-12月', 'for example 2025-03'),
  month_own: say('{start} 起的账单由本系统自己开', 'bills from {start} on are made here', '只导入 {start} 以前的欠费', 'months before {start} only'),
  month_missing: say('没有写哪个月', 'no month', '例如 2025-03，或 2025年1-12月', 'for example 2025-03'),
  amount_shape: say('不是金额', 'no amount', '例如 102.00', 'for example 102.00'),
  amount_negative: say('金额是负数', 'a negative amount', '预缴不在这里导入，请在期初余额里登记', 'what was paid in advance is an entry, not a bill'),
  amount_small: say('{count} 个月分不开 {amount} 元', '{amount} yuan cannot be spread over {count} months', '一行写一个月', 'one month a row'),
  bill_present: say('{unit} {period} 已有这个项目的账单 {other} 元', '{unit} has a bill of {other} yuan for {period}', '不导入这一行', 'leave the row out'),
  bill_twice: say('第 {first} 行同一户同一月同一项目写的是 {other} 元', 'row {first} says {other} for the same dwelling, month and fee', '只留一行', 'one of the two rows'),
} as const satisfies Record<string, FaultText>;

export type FaultCode = keyof typeof faults;

/** What was seen and is no fault; told on the page so that nobody wonders. */
export const notes = {
  same: { zh: '完全相同的行，只登记一次', en: 'the same row twice, entered once' },
  co_owner: { zh: '同一套房的另一位业主，登记为共有', en: 'one more owner of the same dwelling' },
  present: { zh: '登记里已经有，不再登记', en: 'in the register already' },
  nothing_open: { zh: '金额为 0，没有欠费', en: 'nothing open' },
  note_lost: { zh: '没有业主，备注不收', en: 'a remark without an owner is not kept' },
  spread: { zh: '一行写了几个月，按月平均分开（分到分）', en: 'several months in one row, spread evenly to the fen' },
} as const satisfies Record<string, Bilingual>;
export type NoteCode = keyof typeof notes;
