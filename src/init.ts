// `mingzhang init`: the first real estate and its first persons, by flags or by asking. Whatever is
// missing is asked for when a person sits at the terminal, else told as one list; a password that
// nobody gave is made up and printed once.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { issueCheckpoint } from './evidence/checkpointer.ts';
import { presentKey } from './evidence/log-key.ts';
import type { BodyKind, Estate, Office } from './kernel/actor.ts';
import { inEstate } from './kernel/database.ts';
import { addMonths, lastDay, PERIOD_PATTERN, periodOf, today } from './kernel/dates.ts';
import type { House } from './kernel/house.ts';
import { readMoney } from './kernel/money.ts';
import { catalogue } from './kernel/refusal.ts';
import type { NewUnit } from './estate/units.ts';
import { presets, usualRules, type Preset } from './approval/presets.ts';
import { presetHelp } from './rule/help-texts.ts';
import { ruleSentence, usualBodies } from './approval/rule-text.ts';
import { madeUpPassword } from './people/made-up-password.ts';
import { openEstate, type NewEstate, type NewPerson } from './setup.ts';

export const refusals = catalogue({
  init_incomplete: {
    status: 422,
    zh: '还缺：{missing}。请补上这些参数，或在终端里直接运行 mingzhang init 逐项填写。',
    en: 'Missing: {missing_en}. Give these flags, or run "mingzhang init" in a terminal and answer the questions.',
  },
  init_flag_invalid: {
    status: 422,
    zh: '参数 --{flag} 的值“{value}”不对：应为{expected_zh}。',
    en: 'The value "{value}" of --{flag} is not right: expected {expected_en}.',
  },
  units_file_invalid: {
    status: 422,
    zh: '房屋表第 {line} 行“{text}”读不懂：每行应为“房号,面积”，例如 3-2-1002,85.00。',
    en: 'Line {line} of the units file, "{text}", is not "unit,area", for example 3-2-1002,85.00.',
  },
});

interface Question { flag: string; zh: string; en: string; preset?: (house: House) => string; check?: RegExp; expected?: [string, string] }

const amountShape = /^\d{1,9}(\.\d{1,2})?$/;
const estateQuestions: Question[] = [
  { flag: 'code', zh: '小区代码（网址里用，小写字母）', en: 'Code of the estate (for addresses, lower-case letters)', check: /^[a-z][a-z0-9-]{1,30}$/, expected: ['2 到 31 个小写字母、数字或 -，以字母开头', '2 to 31 lower-case letters, digits or -, beginning with a letter'] },
  { flag: 'name', zh: '小区名称', en: 'Name of the estate', check: /^.{1,60}$/ },
  { flag: 'name-en', zh: '英文名称', en: 'Name in English', preset: () => '' },
  { flag: 'mode', zh: '模式（trust 信托制 / commission 酬金制 / self_managed 居民自管）', en: 'Mode (trust / commission / self_managed)', preset: () => 'trust', check: /^(trust|commission|self_managed)$/, expected: ['trust、commission 或 self_managed', 'trust, commission or self_managed'] },
  { flag: 'rules', zh: `签批规则（${presets.join(' / ')}；留空用这种模式的）`, en: `Signing rules (${presets.join(' / ')}; empty: those of the mode)`, preset: () => '', check: new RegExp(`^(${presets.join('|')})?$`), expected: [presets.join('、'), presets.join(', ')] },
  { flag: 'first-period', zh: '账簿的第一个月（YYYY-MM）', en: 'First month of the books (YYYY-MM)', preset: (house) => periodOf(today(house.clock)), check: new RegExp(PERIOD_PATTERN), expected: ['年-月，例如 2026-10', 'year-month, for example 2026-10'] },
  { flag: 'households', zh: '户数', en: 'Number of households', preset: () => '0', check: /^\d{1,6}$/, expected: ['整数', 'a whole number'] },
  { flag: 'area', zh: '收费面积（平方米）', en: 'Area that bears fees (m²)', preset: () => '0', check: amountShape, expected: ['最多两位小数的数', 'a number with at most two decimals'] },
  { flag: 'fee-rate', zh: '物业费标准（元/平方米·月，没有就留空）', en: 'Fee rate (yuan per m² and month; empty for none)', preset: () => '', check: /^(\d{1,5}(\.\d{1,2})?)?$/, expected: ['最多两位小数的数', 'a number with at most two decimals'] },
  { flag: 'trustee', zh: '物业公司名称', en: 'Name of the property company', check: /^.{1,100}$/ },
  { flag: 'committee', zh: '业主委员会名称', en: "Name of the owners' committee", check: /^.{1,100}$/ },
  { flag: 'bank', zh: '共管账户开户行', en: 'Bank of the joint account', check: /^.{1,100}$/ },
  { flag: 'account-last4', zh: '共管账户后四位', en: 'Last four digits of the joint account', check: /^\d{4}$/, expected: ['四位数字', 'four digits'] },
  { flag: 'disclosure-day', zh: '每月公示日（次月几号）', en: 'Day of the following month on which the disclosure is due', preset: () => '10', check: /^([1-9]|1\d|2[0-8])$/, expected: ['1 到 28', '1 to 28'] },
];

interface Seat { seat: string; zh: string; en: string; body: BodyKind; office: Office; signs: boolean; needed: boolean }
const seats: Seat[] = [
  { seat: 'cashier', zh: '出纳', en: 'Cashier', body: 'property', office: 'cashier', signs: false, needed: true },
  { seat: 'manager', zh: '项目经理', en: 'Manager', body: 'property', office: 'manager', signs: true, needed: true },
  { seat: 'chair', zh: '业委会主任', en: 'Committee chair', body: 'committee', office: 'chair', signs: true, needed: true },
  { seat: 'member', zh: '业委会委员', en: 'Committee member', body: 'committee', office: 'member', signs: true, needed: false },
  { seat: 'supervisor', zh: '监事', en: 'Supervisor', body: 'supervisor', office: 'supervisor', signs: true, needed: false },
  { seat: 'street', zh: '街道', en: 'Street office', body: 'street', office: 'official', signs: false, needed: false },
  { seat: 'auditor', zh: '审计', en: 'Auditor', body: 'auditor', office: 'auditor', signs: false, needed: false },
];

export interface InitResult { estate: Estate; printed: string[] }

function readUnits(file: string): NewUnit[] {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '').split(/\r?\n/).map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text, line }) => text !== '' && !(line === 1 && !/\d/.test(text)))
    .map(({ text, line }) => {
      const [unit = '', area = ''] = text.normalize('NFKC').split(/[,，\t;]/).map((part) => part.trim());
      const parts = unit.split('-');
      if (!/^[0-9A-Za-z]+(-[0-9A-Za-z]+){1,3}$/.test(unit) || readMoney(area)?.isPositive() !== true) {
        throw refusals.units_file_invalid({ line, text }, 'units');
      }
      return { unit, building: parts[0]!, stairwell: parts.length > 2 ? parts[1]! : '', area_m2: area };
    });
}

/** Which rules the estate begins with, where they are explained, and those that nobody could satisfy yet. */
function rulesPrinted({ mode, preset = mode }: NewEstate, officers: readonly NewPerson[], public_url: string): string[] {
  const signing = officers.flatMap(({ terms }) => terms).filter(({ office }) => !['cashier', 'auditor', 'deputy'].includes(office));
  const present = (body: string): number => signing.filter((term) => term.body === body).length;
  const short = usualRules(preset).filter((rule) => Object.entries(rule.bodies).some(([body, asked]) => asked > present(body)));
  const bodies = [...new Set(short.flatMap((rule) => Object.entries(rule.bodies).filter(([body, asked]) => asked > present(body))
    .map(([body]) => usualBodies[body as BodyKind].zh)))];
  return [
    `签批规则  ${presetHelp[preset].name.zh}（${preset}），说明：${public_url}/help/rules#${preset}`,
    ...(short.length === 0 ? [] : [
      `请注意：有 ${short.length} 条规则现在签不齐，因为${bodies.join('、')}在任的人还不够。补人请提“任免”签批单，或修改规则：`,
      ...short.map((rule) => `  ${ruleSentence(rule, { funds: {}, bodies: usualBodies }).zh}`),
    ]),
  ];
}

/** The log's key is made with the estate; what is printed of it belongs on paper, before the first money moves. */
async function firstKey(house: House, estate: Estate): Promise<string[]> {
  const issued = await issueCheckpoint(house, estate);
  if (issued === null) return [];
  const key = (await inEstate(house.db.app, estate.estate_id, (trx) => presentKey(trx, estate.estate_id)))!;
  return [
    `存证公钥 log key  ${key.vkey}`,
    '请把这一行写进业主大会的建账决议并贴到公告栏：以后任何人都能用它验证账本。私钥在数据目录的 keys 文件夹里，请随数据一起备份。',
    'Put this line into the resolution that opens the books and on the notice board: anybody can verify the log by it. The secret key is in the folder keys of the data: back it up with them.',
  ];
}

/** Reads flags, asks for what is missing when `ask` can, and sets the estate up. */
export async function initEstate(house: House, args: string[], interactive: boolean): Promise<InitResult> {
  const flags = ['units', ...estateQuestions.map((q) => q.flag), ...seats.flatMap(({ seat }) => [`${seat}-name`, `${seat}-login`, `${seat}-password`, `${seat}-signing`])];
  const { values } = parseArgs({ args, options: Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }])), strict: true, allowPositionals: false });
  const given = values as Record<string, string | undefined>;
  const terminal = interactive ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  const missing: { zh: string; en: string }[] = [];
  const answer = async ({ flag, zh, en, preset, check, expected }: Question): Promise<string> => {
    let value = given[flag];
    const fallback = preset?.(house);
    if (value === undefined && terminal !== null) {
      value = (await terminal.question(`${zh} / ${en}${fallback ? ` [${fallback}]` : ''}: `)).trim();
      if (value === '') value = fallback;
    }
    value ??= fallback;
    if (value === undefined || (value === '' && fallback === undefined)) {
      missing.push({ zh: `--${flag}（${zh}）`, en: `--${flag} (${en})` });
      return '';
    }
    if (check !== undefined && !check.test(value)) {
      throw refusals.init_flag_invalid({ flag, value, expected_zh: expected?.[0] ?? zh, expected_en: expected?.[1] ?? en }, flag);
    }
    return value;
  };
  try {
    const read: Record<string, string> = {};
    for (const question of estateQuestions) read[question.flag] = await answer(question);
    const persons = [];
    for (const seat of seats) {
      const named = await answer({ flag: `${seat.seat}-name`, zh: `${seat.zh}姓名${seat.needed ? '' : '（没有就留空）'}`, en: `Name of the ${seat.en.toLowerCase()}`, ...(seat.needed ? {} : { preset: () => '' }) });
      if (named === '') continue;
      const login = await answer({ flag: `${seat.seat}-login`, zh: `${seat.zh}登录名`, en: 'Login', preset: () => seat.seat, check: /^[a-z0-9][a-z0-9._@-]{1,59}$/, expected: ['小写字母和数字', 'lower-case letters and digits'] });
      persons.push({ seat, name: named, login, password: given[`${seat.seat}-password`] ?? null, signing: given[`${seat.seat}-signing`] ?? null });
    }
    if (missing.length > 0) throw refusals.init_incomplete({ missing: missing.map((m) => m.zh).join('、'), missing_en: missing.map((m) => m.en).join(', ') });
    const units = given['units'] === undefined ? [] : readUnits(given['units']);
    const spec: NewEstate = {
      code: read['code']!, name_zh: read['name']!, name_en: read['name-en'] === '' ? read['name']! : read['name-en']!, mode: read['mode'] as NewEstate['mode'],
      households: Number(read['households']), area_m2: read['area']!, fee_rate: read['fee-rate'] === '' ? null : read['fee-rate']!,
      trustee: read['trustee']!, committee: read['committee']!, first_period: read['first-period']!,
      disclosure_day: Number(read['disclosure-day']), answer_days: 7, is_demo: false,
      bank: { name_zh: '共管账户', name_en: 'Joint account', bank_name: read['bank']!, account_last4: read['account-last4']! }, units,
    };
    if (read['rules'] !== '') spec.preset = read['rules'] as Preset;
    const starts_on = `${spec.first_period}-01`;
    const ends_on = lastDay(addMonths(spec.first_period, 59));
    const printed: string[] = [];
    const officers = persons.map(({ seat, name, login, ...given_secrets }): NewPerson => {
      const password = given_secrets.password ?? madeUpPassword();
      const signing_password = seat.signs ? given_secrets.signing ?? madeUpPassword() : null;
      printed.push(`${login.padEnd(12)} ${seat.zh}  密码 ${given_secrets.password === null ? password : '（您给的）'}${
        signing_password === null ? '' : `  签批密码 ${given_secrets.signing === null ? signing_password : '（您给的）'}`}`);
      return {
        name, login, password, signing_password,
        terms: [{ body: seat.body, office: seat.office, starts_on, ends_on, resolution: '建账时登记' }],
      };
    });
    const { estate } = await openEstate(house, spec, officers);
    const key = await firstKey(house, estate);
    return { estate, printed: [...printed, ...key, ...rulesPrinted(spec, officers, house.settings.public_url)] };
  } finally {
    terminal?.close();
  }
}
