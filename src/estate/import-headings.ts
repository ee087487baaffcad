// What a sheet of a register is, and what stands in which column, told by its headings as offices write them: one row of
// headings or several, titles above, merged cells. Columns nobody asks for are left out by name, above all the numbers of
// identity cards. Pure: no database.
import { plainCell } from '../bankfile/value.ts';
import type { Sheet } from '../bankfile/spreadsheet-read.ts';

export const sheetKinds = ['units', 'spaces', 'meters', 'readings', 'bills'] as const;
export type SheetKind = (typeof sheetKinds)[number];

export const fieldNames = [
  'phase', 'building', 'stairwell', 'unit', 'area', 'kind', 'occupancy', 'owner', 'co_owner', 'phone', 'share', 'since', 'until', 'note',
  'tenant', 'tenant_phone', 'tenant_since', 'payer', 'space', 'space_kind', 'space_area', 'meter', 'meter_kind', 'multiplier', 'digits',
  'start_value', 'start_on', 'read_on', 'value', 'item', 'period', 'amount', 'due_on',
] as const;
export type Field = (typeof fieldNames)[number];
export const isField = (name: string): name is Field => (fieldNames as readonly string[]).includes(name);

/** Wordings of a heading; of several columns with the same meaning the earlier wording is taken. */
type Wordings = Readonly<Partial<Record<Field, readonly RegExp[]>>>;

const place: Wordings = {
  phase: [/^(?:期|期数|期区|分期|组团|地块|项目分期|phase)$/i],
  building: [/^(?:栋|幢|座|楼|楼栋|楼幢|栋号|幢号|楼号|座号|楼栋号|栋数|幢数|号楼|楼宇|所在楼栋|楼栋名称|building)$/i],
  stairwell: [/^(?:单元|单元号|门|梯|门洞|楼门|楼道|单元名称|stairwell)$/i],
  unit: [
    /^(?:房屋编号|房产编号|房号全称|完整房号|房屋号|楼栋房号|栋单元房号|楼-?单元-?房号|栋-单元-室|房屋坐落|坐落|房屋地址|住址|地址|门牌|门牌号|门牌号码|房屋|房产|dwelling|unit)$/i,
    /^(?:房号|室号|房间号|房间|房间编号|室|房|户号|户室号|单元房号|房门号|房屋室号|物业单元|所属房号|对应房号|关联房屋|绑定房屋|使用房号|room)$/i,
  ],
};
const day = '(?:日|日期|时间|起|年月日)?';
const wordings: Readonly<Record<SheetKind, Wordings>> = {
  units: {
    ...place,
    area: [/^(?:计费面积|收费面积|计费建筑面积|收费建筑面积)$/, /^(?:建筑面积|建面|房屋面积|产权面积|登记面积|房产面积|面积|房屋建筑面积|area)$/i],
    kind: [/^(?:房屋类型|房屋用途|用途|房屋性质|物业类型|业态|房产类型|类型|性质|户型性质|kind)$/i],
    occupancy: [/^(?:入住状态|入住情况|居住情况|居住状态|使用情况|使用状态|房屋状态|占用情况|居住性质|是否出租|是否入住|状态|occupancy)$/i],
    owner: [/^(?:业主|业主姓名|业主名称|户主|户主姓名|产权人|产权人姓名|房主|房主姓名|所有权人|权利人|姓名|客户名称|客户姓名|业主单位|owner)$/i],
    co_owner: [/^(?:共有人|共有产权人|共同产权人|共有人姓名|业主2|业主二|第二业主|产权人2|其他业主|co-?owner)$/i],
    phone: [/^(?:业主)?(?:电话|联系电话|手机|手机号|手机号码|联系方式|电话号码|联系手机|移动电话|电话1|联系电话1|phone)$/i],
    share: [/^(?:产权)?(?:份额|占比|比例|产权比例|共有份额|所占份额|share)$/i],
    since: [new RegExp(`^(?:交房|交付|入伙|收房|接房|产权|登记|产权登记|取得|购房|过户|入住|业主起始|所有权)${day}$`), /^(?:起始|开始|起)日期?$|^since$/i],
    tenant: [/^(?:租户|租客|承租人|租赁人|租户姓名|租客姓名|承租人姓名|使用人|实际使用人|使用人姓名|tenant)$/i],
    tenant_phone: [/^(?:租户|租客|承租人|使用人)(?:电话|联系电话|手机|手机号|联系方式)$/],
    tenant_since: [/^(?:租赁|起租|租期|租户|承租|租赁开始|租赁起始)(?:起|起始|开始|入住)?(?:日|日期|时间)?$/],
    payer: [/^(?:缴费人|交费人|付费人|缴费方|费用承担方|费用承担人|谁缴费|缴费主体|payer)$/i],
    note: [/^(?:备注|说明|注|备注说明|note)$/i],
  },
  spaces: {
    ...place,
    space: [/^(?:车位|车位号|车位编号|车位号码|停车位|停车位号|泊位号|车库号|车位名称|space)$/i],
    space_kind: [/^(?:车位类型|车位性质|车位种类|产权性质|类型|性质|kind)$/i],
    space_area: [/^(?:车位面积|面积|建筑面积|area)$/i],
    since: [new RegExp(`^(?:租用|租赁|起租|使用|启用|购买|起始|开始|生效|租赁开始|租用开始|使用起始)(?:起|开始|起始)?${day}$`), /^(?:起|开始|起始)日期?$|^since$/i],
    until: [/^(?:到期|截止|终止|结束|租赁到期|租用到期|有效期至|租赁截止|租用截止)(?:日|日期|时间)?$|^until$/i],
  },
  meters: {
    ...place,
    meter: [/^(?:表号|表编号|表具编号|表具号|表计编号|仪表编号|仪表号|水表号|电表号|气表号|燃气表号|热表号|热量表号|水表编号|电表编号|水表|电表|水表表号|电表表号|meter)$/i],
    meter_kind: [/^(?:表类型|表具类型|表种类|仪表类型|表计类型|表类别|类型|种类|类别|kind)$/i],
    multiplier: [/^(?:倍率|变比|互感倍率|multiplier)$/i],
    digits: [/^(?:位数|表位数|字轮位数|digits)$/i],
    start_value: [/^(?:起始|初始|起|初|装表|期初|底)(?:读数|度数|数|码|表底|止码|底数)$|^(?:表底|表底数|底数|起码|起度)$|^start$/i],
    start_on: [/^(?:装表|安装|启用|换表|起始|初始|开始)(?:读数)?(?:日|日期|时间)$/],
  },
  readings: {
    ...place,
    meter: [/^(?:表号|表编号|表具编号|表具号|表计编号|仪表编号|仪表号|水表号|电表号|气表号|燃气表号|热表号|水表编号|电表编号|meter)$/i],
    meter_kind: [/^(?:表类型|表具类型|表种类|仪表类型|类型|种类|类别|kind)$/i],
    read_on: [/^(?:抄表|本次抄表|本期抄表|抄见|读数)(?:日|日期|时间)$|^(?:日期|抄表日)$|^date$/i],
    value: [/^(?:本次|本期|本月|当期|当月|现|抄见|止|期末|抄表)(?:抄表)?(?:读数|度数|数|止码|码|表底|行度|示数|度)$|^(?:读数|表读数|止码|止度|示数|现行度|reading)$/i],
  },
  bills: {
    ...place,
    item: [/^(?:收费项目|费用项目|费项|费用名称|收费名称|费用类型|项目|项目名称|费用|科目|款项|item)$/i],
    period: [/^(?:月份|账期|账单月份|费用月份|欠费月份|所属期|所属月份|费用期间|期间|欠费期间|欠费年月|年月|计费周期|收费周期|费用周期|欠费时段|欠费时间|费用年月|应收月份|period|month)$/i],
    amount: [/^(?:欠费金额|欠费|欠款|欠款金额|未缴金额|未交金额|欠缴金额|欠费余额|未收金额|尚欠|欠交金额)$/, /^(?:应收金额|应缴金额|应收|金额|合计金额|应交金额|amount)$/i],
    due_on: [/^(?:应缴|到期|缴费截止|截止|最后缴费|应收|缴费期限)(?:日|日期|期限)$|^due$/i],
  },
};

/** Without unit, remark and star: "建筑面积（㎡）*" → 建筑面积. */
const bare = (text: string): string => plainCell(text).normalize('NFKC').replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, '').replace(/[\s*:：☆★]/g, '');
const neutralParent = /^(?:.*(?:房屋|基本|业主|产权|台账|登记|明细|清单|一览|汇总|统计|资料|信息|情况|小区).*)$/u;
const ambiguous: readonly Field[] = ['owner', 'phone', 'since', 'note', 'area', 'kind'];

/** The field a column's headings name, and by which of its wordings. */
function fieldOf(kind: SheetKind, above: readonly string[]): { field: Field; rank: number } | null {
  const labels = above.map(bare).filter((label, at, all) => label !== '' && label !== all[at - 1]);
  const own = labels.at(-1);
  if (own === undefined) return null;
  const parent = labels.length < 2 ? '' : labels.at(-2)!.replace(/(?:信息|情况|资料|登记|明细)$/u, '');
  const find = (label: string) => {
    for (const [field, patterns] of Object.entries(wordings[kind]) as [Field, readonly RegExp[]][]) {
      const rank = patterns.findIndex((pattern) => pattern.test(label));
      if (rank !== -1) return { field, rank };
    }
    return null;
  };
  const joined = parent === '' ? null : find(`${parent}${own}`);
  if (joined !== null) return joined;
  const alone = find(own);
  // 姓名 below 紧急联系人 is no owner.
  return alone !== null && parent !== '' && ambiguous.includes(alone.field) && !neutralParent.test(labels.at(-2)!) ? null : alone;
}

export interface Column { at: number; field: Field; heading: string }
export interface Recognised { kind: SheetKind; first: number; depth: number; columns: Column[]; left_out: { at: number; heading: string }[] }

/** A sheet whose merged cells all say what the first one says; a wide sheet is not made wider than it was. */
export function unmerged({ rows, merged }: Sheet): string[][] {
  const wide = Math.max(0, ...rows.map((row) => row.length));
  const filled = rows.map((row) => [...row]);
  for (const { top, bottom, left, right } of merged) {
    const text = rows[top]?.[left] ?? '';
    if (text === '') continue;
    for (let row = top; row <= Math.min(bottom, filled.length - 1); row += 1) {
      const cells = filled[row]!;
      for (let column = left; column <= Math.min(right, wide - 1); column += 1) {
        while (cells.length <= column) cells.push('');
        if (cells[column] === '') cells[column] = text;
      }
    }
  }
  return filled;
}

const MOST_ABOVE = 30;
const MOST_DEPTH = 3;

function decisive(kind: SheetKind, fields: ReadonlyMap<Field, number>): boolean {
  const has = (...names: Field[]): boolean => names.some((name) => fields.has(name));
  const before = (a: Field, b: Field): boolean => (fields.get(a) ?? 99) < (fields.get(b) ?? 99);
  switch (kind) {
    case 'units': return has('unit') && has('area', 'owner');
    case 'spaces': return has('space') && !before('unit', 'space');
    case 'meters': return has('meter') && !before('owner', 'meter');
    case 'readings': return has('value') && has('meter', 'unit');
    case 'bills': return has('unit') && has('amount') && has('period');
  }
}
/** The more particular first: a list of readings also has meters, a list of spaces also dwellings. */
const order: readonly SheetKind[] = ['readings', 'bills', 'spaces', 'meters', 'units'];

function columnsOf(rows: readonly (readonly string[])[], kind: SheetKind, first: number, depth: number): Omit<Recognised, 'kind' | 'first' | 'depth'> {
  const head = rows.slice(first, first + depth);
  const wide = Math.max(...head.map((row) => row.length));
  const found = new Map<Field, { at: number; heading: string; rank: number }>();
  const left_out: { at: number; heading: string }[] = [];
  for (let at = 0; at < wide; at += 1) {
    const above = head.map((row) => row[at] ?? '');
    const heading = [...new Set(above.map(plainCell).filter((label) => label !== ''))].slice(-2).join(' ').slice(0, 40);
    if (heading === '') continue;
    const named = fieldOf(kind, above);
    const before = named === null ? undefined : found.get(named.field);
    if (named === null || (before !== undefined && before.rank <= named.rank)) left_out.push({ at, heading });
    else {
      if (before !== undefined) left_out.push({ at: before.at, heading: before.heading });
      found.set(named.field, { at, heading, rank: named.rank });
    }
  }
  const columns = [...found].map(([field, { at, heading }]) => ({ at, field, heading })).sort((a, b) => a.at - b.at);
  return { columns, left_out: left_out.filter(({ heading }) => !/^(?:序号|编号|No\.?|行号)$/i.test(heading)).sort((a, b) => a.at - b.at) };
}

/** The headings of a sheet (its merged cells filled in), or null where none of the kinds fits. `asked`: the kind the person says it is. */
export function recognise(rows: readonly (readonly string[])[], asked: SheetKind | null = null): Recognised | null {
  for (const kind of asked === null ? order : [asked]) {
    let best: (Recognised & { score: number }) | null = null;
    for (let first = 0; first < Math.min(rows.length, MOST_ABOVE); first += 1) {
      for (let depth = 1; depth <= MOST_DEPTH && first + depth <= rows.length; depth += 1) {
        const { columns, left_out } = columnsOf(rows, kind, first, depth);
        const fields = new Map(columns.map(({ field, at }) => [field, at]));
        if (!decisive(kind, fields)) continue;
        if (best === null || columns.length > best.score) best = { kind, first, depth, columns, left_out, score: columns.length };
      }
    }
    if (best !== null) {
      const { score: _score, ...recognised } = best;
      return trimmed(rows, recognised);
    }
  }
  return null;
}

/** Titles above the headings, one text over all columns or nothing, are none of them. */
function trimmed(rows: readonly (readonly string[])[], found: Recognised): Recognised {
  let { first, depth } = found;
  while (depth > 1 && new Set(rows[first]!.map(plainCell).filter((text) => text !== '')).size <= 1) {
    if (columnsOf(rows, found.kind, first + 1, depth - 1).columns.length < found.columns.length) break;
    [first, depth] = [first + 1, depth - 1];
  }
  return { ...found, first, depth, ...columnsOf(rows, found.kind, first, depth) };
}

/** A, B, … Z, AA … as the spreadsheet names its columns. */
export const columnName = (at: number): string => (at >= 26 ? String.fromCharCode(64 + Math.floor(at / 26)) : '') + String.fromCharCode(65 + (at % 26));
