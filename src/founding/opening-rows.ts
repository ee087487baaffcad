// Opening balances as an accountant types them (期初余额表): account, fund, debit, credit, dwelling, one line each. Every bad line is named
// with its row, what stands there and what is expected; nothing is guessed. Pure: no database.
//   借 1002 银行存款 [资金]     贷 2203 预收 [资金, 房号]   贷 2241 押金 [押金, 房号]   贷 3101/3102xx 共有基金 [资金]
// Debits equal credits within each fund. Accounts of income and expense have no balance to begin with.
import { cellText, numberKey, readDwelling } from '../estate/import-cells.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { minus, money, moneyFigures, moneyText, negated, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import type { EntryLine } from '../ledger/entry.ts';
import { LINE_LIMIT } from '../ledger/entry.ts';

export interface OpeningGround {
  accounts: readonly { account: string; name_zh: string; name_en: string; class: string; is_postable: boolean }[];
  funds: readonly { fund: string; name_zh: string; name_en: string; is_restricted: boolean; uses: readonly string[] }[];
  /** By numberKey(). A dwelling's name, and what the journal calls it; null while the estate is not opened. */
  units: ReadonlyMap<string, { unit: string; ref: string | null }>;
}

export interface OpeningFault { row: number; text: string; why: Bilingual; fix: Bilingual }
export interface OpeningLine { row: number; account: string; fund: string; debit: Money; credit: Money; unit: string | null; ref: string | null }
export interface FundSum { fund: string; debit: string; credit: string; difference: string }
export interface OpeningRead {
  lines: OpeningLine[];
  faults: OpeningFault[];
  sums: FundSum[];
  /** Lines that would even out each fund, as one types them; empty where all are even. */
  missing: string[];
  money: string;
  units: number;
}

const say = (zh: string, en: string): Bilingual => ({ zh, en });
const filled = (text: Bilingual, facts: Record<string, string | number>): Bilingual => ({ zh: fill(text.zh, facts), en: fill(text.en, facts) });

export const columns = ['account', 'fund', 'debit', 'credit', 'unit'] as const;
type Column = (typeof columns)[number];
export const headings: Record<Column, Bilingual> = {
  account: say('科目', 'Account'), fund: say('资金', 'Fund'), debit: say('借方金额', 'Debit'), credit: say('贷方金额', 'Credit'), unit: say('房号', 'Dwelling'),
};
const patterns: readonly [Column, RegExp][] = [
  ['account', /^(?:会计)?科目(?:代码|编号|编码)?$|^account(?: ?code)?$/i], ['fund', /^资金(?:代码|名称|类别|性质)?$|^fund$/i],
  ['debit', /^借(?:方)?(?:金额|余额|期初余额)?$|^期初借方(?:余额)?$|^debit$/i], ['credit', /^贷(?:方)?(?:金额|余额|期初余额)?$|^期初贷方(?:余额)?$|^credit$/i],
  ['unit', /^房(?:号|屋|间)(?:号)?$|^户号$|^(?:unit|dwelling)$/i],
];
const columnOf = (text: string): Column | null => patterns.find(([, shape]) => shape.test(text.replace(/[\s（(].*$/u, '')))?.[0] ?? null;

interface Layout { at: Partial<Record<Column, number>>; first: number }

/** The row with the headings among the first twenty; without one the columns are taken in the order of the template. */
function layoutOf(rows: readonly (readonly string[])[]): Layout {
  for (const [index, row] of rows.slice(0, 20).entries()) {
    const at: Partial<Record<Column, number>> = {};
    row.forEach((cell, place) => {
      const column = columnOf(cellText(cell));
      if (column !== null) at[column] ??= place;
    });
    if (at.account !== undefined && (at.debit !== undefined || at.credit !== undefined)) return { at, first: index + 1 };
  }
  return { at: { account: 0, fund: 1, debit: 2, credit: 3, unit: 4 }, first: 0 };
}

/** "1,200.50", "¥1200.5", empty and 0 → an amount; null: not one. */
function amountIn(text: string): Money | null {
  const bare = cellText(text).normalize('NFKC').replace(/[¥￥元\s]/gu, '');
  return bare === '' ? zero : readMoney(bare);
}

function accountIn(text: string, { accounts }: OpeningGround): OpeningGround['accounts'][number] | undefined {
  const bare = text.normalize('NFKC').trim();
  const code = /^(\d{4,6})(?!\d)/.exec(bare)?.[1];
  return accounts.find((one) => one.account === code) ?? accounts.find((one) => one.name_zh === text.trim() || one.name_en.toLowerCase() === bare.toLowerCase());
}

const fundIn = (text: string, { funds }: OpeningGround): OpeningGround['funds'][number] | undefined =>
  funds.find((one) => [one.fund, one.name_zh, one.name_en].some((name) => name.toLowerCase() === text.trim().toLowerCase()));

/** Accounts that name their dwelling: what is owed back to it. */
export const ofDwellings: readonly string[] = ['2203', '2241'];
/** What the bank's lines open and close by themselves. */
const suspense: readonly string[] = ['1291', '2291'];
const TOTAL = /^(?:合计|总计|小计|共计|total)[:：]?$/i;

const why = {
  account_missing: say('没有写科目', 'no account'), account_unknown: say('没有“{typed}”这个科目', 'there is no account "{typed}"'),
  account_heading: say('{account} 是上级科目，不能直接记账', '{account} is a heading'), account_flow: say('{account} 是收入或支出科目，没有期初余额', '{account} is income or expense, which have no opening balance'),
  account_suspense: say('{account} 待核实科目由银行流水自己产生', '{account} is made by lines of the bank alone'),
  fund_missing: say('没有写资金', 'no fund'), fund_unknown: say('没有“{typed}”这项资金', 'there is no fund "{typed}"'),
  fund_not_for: say('“{fund}”是专款，不能用科目 {account}', '"{fund}" is restricted and does not take account {account}'),
  amount_shape: say('“{typed}”不是金额', '"{typed}" is no amount'), amount_none: say('借方、贷方都没有金额', 'neither debit nor credit'),
  amount_both: say('一行里借方、贷方都有金额', 'debit and credit on one line'), amount_negative: say('金额是负数', 'a negative amount'),
  unit_missing: say('{account} 要写到户', '{account} names its dwelling'), unit_shape: say('房号“{typed}”认不出来', 'the dwelling "{typed}" cannot be read'),
  unit_unknown: say('房屋登记里没有“{typed}”', 'there is no dwelling "{typed}"'),
} as const;
const fix = {
  account: say('写科目代码，例如 1002', 'its code, for example 1002'), account_lower: say('写它的下级科目', 'one of its sub-accounts'),
  account_flow: say('以前的收支并到 3103 本年收支差额，或 3101', 'put what was earned and spent before on 3103 or 3101'), account_suspense: say('这一行删掉', 'leave the line out'),
  fund: say('写资金代码或名称：{funds}', 'one of: {funds}'), fund_uses: say('这项资金可用的科目：{uses}', 'accounts for it: {uses}'),
  amount: say('例如 1200.00，最多两位小数', 'for example 1200.00, two decimals at most'), amount_other: say('写到另一方', 'put it on the other side'),
  unit: say('例如 3-2-1002', 'for example 3-2-1002'), unit_import: say('改房号，或先把这一户登记进去', 'another number, or enter the dwelling first'),
} as const;

/** One line read, or what is wrong with it. */
function readLine(row: number, cell: (column: Column) => string, ground: OpeningGround): OpeningLine | OpeningFault[] {
  const faults: OpeningFault[] = [];
  const wrong = (code: keyof typeof why, mend: keyof typeof fix, text: string, facts: Record<string, string> = {}): void => {
    const told = { typed: text.slice(0, 30), ...facts };
    faults.push({ row, text: text.slice(0, 60), why: filled(why[code], told), fix: filled(fix[mend], told) });
  };
  const [typed_account, typed_fund, typed_unit] = [cell('account'), cell('fund'), cell('unit')];
  const account = accountIn(typed_account, ground);
  if (typed_account === '') wrong('account_missing', 'account', '');
  else if (account === undefined) wrong('account_unknown', 'account', typed_account);
  else if (!account.is_postable) wrong('account_heading', 'account_lower', typed_account, { account: account.account });
  else if (account.class === 'income' || account.class === 'expense') wrong('account_flow', 'account_flow', typed_account, { account: account.account });
  else if (suspense.includes(account.account)) wrong('account_suspense', 'account_suspense', typed_account, { account: account.account });
  const fund = fundIn(typed_fund, ground);
  const funds = ground.funds.map((one) => one.name_zh).join('、');
  if (typed_fund === '') wrong('fund_missing', 'fund', '', { funds });
  else if (fund === undefined) wrong('fund_unknown', 'fund', typed_fund, { funds });
  else if (fund.is_restricted && account !== undefined && !/^100[12]/.test(account.account) && !fund.uses.some((use) => account.account === use || (use === '3102' && account.account.startsWith(use)))) {
    wrong('fund_not_for', 'fund_uses', typed_fund, { fund: fund.name_zh, account: account.account, uses: ['1002', ...fund.uses].join('、') });
  }
  const [debit, credit] = [amountIn(cell('debit')), amountIn(cell('credit'))];
  if (debit === null) wrong('amount_shape', 'amount', cell('debit'));
  else if (debit.isNegative()) wrong('amount_negative', 'amount_other', cell('debit'));
  if (credit === null) wrong('amount_shape', 'amount', cell('credit'));
  else if (credit.isNegative()) wrong('amount_negative', 'amount_other', cell('credit'));
  if (debit !== null && credit !== null) {
    if (debit.isZero() && credit.isZero()) wrong('amount_none', 'amount', '');
    else if (!debit.isZero() && !credit.isZero()) wrong('amount_both', 'amount_other', `${cell('debit')} / ${cell('credit')}`);
  }
  let named: { unit: string; ref: string | null } | undefined;
  if (typed_unit === '') {
    if (account !== undefined && ofDwellings.includes(account.account)) wrong('unit_missing', 'unit', '', { account: `${account.account} ${account.name_zh}` });
  } else {
    const read = readDwelling({ unit: typed_unit });
    if ('fault' in read) wrong('unit_shape', 'unit', typed_unit);
    else {
      named = ground.units.get(numberKey(read.value.unit));
      if (named === undefined) wrong('unit_unknown', 'unit_import', typed_unit);
    }
  }
  if (faults.length > 0) return faults;
  return { row, account: account!.account, fund: fund!.fund, debit: debit!, credit: credit!, unit: named?.unit ?? null, ref: named?.ref ?? null };
}

/** Where the rest of a fund goes: the owners' own fund, restricted where the fund is. */
function restAccount(fund: OpeningGround['funds'][number]): string | null {
  if (!fund.is_restricted) return '3101';
  return fund.uses.find((use) => use.startsWith('3102')) ?? null;
}

const sumsOf = (lines: readonly OpeningLine[], ground: OpeningGround): FundSum[] => ground.funds.flatMap(({ fund }) => {
  const own = lines.filter((line) => line.fund === fund);
  if (own.length === 0) return [];
  const [debit, credit] = [sum(own.map((line) => line.debit)), sum(own.map((line) => line.credit))];
  return [{ fund, debit: moneyText(debit), credit: moneyText(credit), difference: moneyText(minus(debit, credit)) }];
});

/** Reads the rows of a sheet, or of what was pasted. Empty rows and totals are passed over. */
export function readOpening(rows: readonly (readonly string[])[], ground: OpeningGround): OpeningRead {
  const { at, first } = layoutOf(rows);
  const lines: OpeningLine[] = [];
  const faults: OpeningFault[] = [];
  rows.forEach((row, index) => {
    if (index < first || row.every((text) => cellText(text) === '') || row.slice(0, 3).some((text) => TOTAL.test(text.trim()))) return;
    const cell = (column: Column): string => (at[column] === undefined ? '' : cellText(row[at[column]]).slice(0, 60));
    // Prepared lines of a template that nobody filled in.
    if (cell('debit') === '' && cell('credit') === '' && cell('unit') === '') return;
    const read = readLine(index + 1, cell, ground);
    if (Array.isArray(read)) faults.push(...read);
    else lines.push(read);
  });
  const sums = sumsOf(lines, ground);
  const missing = faults.length > 0 ? [] : sums.flatMap(({ fund, difference }) => {
    const rest = money(difference);
    const known = ground.funds.find((one) => one.fund === fund)!;
    const account = restAccount(known);
    if (rest.isZero() || account === null) return [];
    return [rest.isPositive() ? `${account}\t${known.name_zh}\t\t${moneyText(rest)}\t` : `${account}\t${known.name_zh}\t${moneyText(negated(rest))}\t\t`];
  });
  return {
    lines, faults, sums, missing, money: moneyText(sum(lines.filter((line) => /^100[12]/.test(line.account)).map((line) => minus(line.debit, line.credit)))),
    units: new Set(lines.flatMap(({ unit }) => unit ?? [])).size,
  };
}

export const isEven = ({ sums }: Pick<OpeningRead, 'sums'>): boolean => sums.every(({ difference }) => money(difference).isZero());
export const mostLines = LINE_LIMIT;

/** The lines as the journal keeps them; those of one account, fund and dwelling are one. */
export function entryLines(lines: readonly OpeningLine[]): EntryLine[] {
  const found = new Map<string, { account: string; fund: string; unit: string | undefined; debit: Money; credit: Money }>();
  for (const { account, fund, ref, debit, credit } of lines) {
    const key = `${account} ${fund} ${ref ?? ''} ${debit.isZero() ? 'credit' : 'debit'}`;
    const before = found.get(key) ?? { account, fund, unit: ref ?? undefined, debit: zero, credit: zero };
    found.set(key, { ...before, debit: sum([before.debit, debit]), credit: sum([before.credit, credit]) });
  }
  return [...found.values()].map(({ account, fund, unit, debit, credit }) => ({ account, fund, unit, ...(debit.isZero() ? { credit } : { debit }) }));
}

/** 物业服务资金：借方 … 贷方 …，差 … */
export const differenceText = (one: FundSum, { funds }: OpeningGround, locale: Locale): string => {
  const fund = funds.find((known) => known.fund === one.fund);
  const apart = money(one.difference);
  const facts = { fund: (locale === 'zh' ? fund?.name_zh : fund?.name_en) ?? one.fund, debit: moneyFigures(money(one.debit)), credit: moneyFigures(money(one.credit)), difference: moneyFigures(apart.isNegative() ? negated(apart) : apart) };
  return fill(locale === 'zh' ? '{fund}：借方 {debit}，贷方 {credit}，差 {difference}' : '{fund}: debit {debit}, credit {credit}, {difference} apart', facts);
};

/** Rows as they stand in a text field: with tabs, else with commas. */
export const rowsOfText = (text: string): string[][] => text.replace(/^\uFEFF/, '').split(/\r?\n/).map((line) => (line.includes('\t') ? line.split('\t') : line.split(/[,，;；]/)));
/** A sheet as text that can be put right on the page. */
export const textOfRows = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ').trim()).join('\t').replace(/\t+$/, '')).join('\n').trim();
