// What may be wrong with an estate's own figures and with its list of dwellings.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  estate_code_invalid: {
    status: 422,
    zh: '小区代号“{code}”不能用：请用 2 到 31 个小写字母、数字或短横，以字母开头，例如 sijijiayuan。',
    en: 'The code "{code}" cannot be used: 2 to 31 lower-case letters, digits or hyphens, a letter first, for example four-seasons.',
  },
  estate_code_taken: {
    status: 409,
    zh: '小区代号“{code}”已经有小区在用，请换一个。',
    en: 'The code "{code}" belongs to another estate already; please choose another.',
  },
  estate_invalid: {
    status: 422,
    zh: '“{label}”填写不对：{value}。应为{expected}。',
    en: '"{label_en}" is not right: {value}. Expected: {expected_en}.',
  },
  units_empty: {
    status: 422,
    zh: '房屋清单是空的，请至少填写一户。',
    en: 'The list of dwellings is empty; please give at least one.',
  },
  unit_invalid: {
    status: 422,
    zh: '第 {line} 行的房屋“{unit}”不对：请写成 栋-单元-房号 或 栋-房号，只用数字和字母，例如 3-2-1002。',
    en: 'Line {line}, dwelling "{unit}": write building-stairwell-room or building-room, digits and letters only, for example 3-2-1002.',
  },
  unit_building_missing: {
    status: 422,
    zh: '第 {line} 行的房屋 {unit} 没有写栋号。',
    en: 'Line {line}: dwelling {unit} has no building.',
  },
  unit_area_invalid: {
    status: 422,
    zh: '第 {line} 行的房屋 {unit} 面积“{area_m2}”不对：应大于 0、最多两位小数，例如 85.00。',
    en: 'Line {line}: dwelling {unit} has the area "{area_m2}"; it must be above 0 with at most two decimals, for example 85.00.',
  },
  unit_twice: {
    status: 409,
    zh: '房屋 {unit} 出现了两次（第 {line} 行）。每户只登记一次。',
    en: 'Dwelling {unit} is there twice (line {line}); each is entered once.',
  },
  units_taken: {
    status: 409,
    zh: '清单里有房屋已经登记过，整份清单没有保存。请去掉已登记的再提交。',
    en: 'Some of these dwellings are entered already; nothing was saved. Leave them out and send again.',
  },
});
