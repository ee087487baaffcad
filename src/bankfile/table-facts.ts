// What a bank's file says outside its lines: account, owner, currency, days, opening and closing balance, totals and
// numbers of lines. It stands above the table or below it, as "账号：6222…", as a label with its value in the next cell,
// or as a row of labels over a row of values. What is stated is compared with the lines later; nothing is taken on trust.
import type { BusinessDate } from '../kernel/dates.ts';
import { plainHeading } from './layout.ts';
import { refusals } from './refusals.ts';
import type { RawStatement } from './statement.ts';
import { accountNumber, momentOf, plainCell, readAmount, readCount } from './value.ts';

export type Facts = Omit<RawStatement, 'format' | 'lines'>;
type FactName = keyof Facts;

const labels: Readonly<Record<FactName | 'days', readonly string[]>> = {
  account_number: ['账号', '帐号', '查询账号', '查询帐号', '本方账号', '本方帐号', '账户账号', '银行账号', '卡号/账号', '账号/卡号'],
  account_name: ['户名', '账户名称', '帐户名称', '账号名称', '账户户名', '本方户名', '本方账户名称', '单位名称', '客户名称', '公司名称', '企业名称'],
  currency: ['币种', '币别', '货币', '账户币种'],
  from: ['起始日期', '开始日期', '查询起始日期', '查询开始日期', '起始日', '查询起日', '起日'],
  to: ['截止日期', '结束日期', '终止日期', '查询截止日期', '查询结束日期', '查询终止日期', '截止日', '查询止日', '止日'],
  days: [
    '查询时间范围', '查询日期', '查询期间', '查询区间', '查询日期范围', '查询起止日期', '起止日期', '日期范围', '时间范围', '查询时间段', '时间段',
    '对账期间', '交易日期范围', '账单周期',
  ],
  opening: ['期初余额', '上期余额', '承前余额', '起始余额', '期初账面余额', '上页余额'],
  closing: ['期末余额', '期末账面余额', '截止余额', '本期期末余额'],
  out_count: ['借方发生总笔数', '借方总笔数', '借方笔数', '借方交易笔数', '支出笔数', '支出总笔数', '总支出笔数', '转出笔数', '转出总笔数'],
  out_total: [
    '借方发生总额', '借方总额', '借方总金额', '借方合计', '借方发生额合计', '借方合计金额', '支出合计', '支出总额', '支出总金额', '总支出金额',
    '汇总支出金额', '支出金额合计', '转出总金额', '转出合计',
  ],
  in_count: ['贷方发生总笔数', '贷方总笔数', '贷方笔数', '贷方交易笔数', '收入笔数', '收入总笔数', '总收入笔数', '转入笔数', '转入总笔数'],
  in_total: [
    '贷方发生总额', '贷方总额', '贷方总金额', '贷方合计', '贷方发生额合计', '贷方合计金额', '收入合计', '收入总额', '收入总金额', '总收入金额',
    '汇总收入金额', '收入金额合计', '转入总金额', '转入合计',
  ],
  line_count: ['总笔数', '笔数合计', '合计笔数', '总记录数', '记录数', '交易笔数', '交易总笔数'],
};
const factOf = new Map(Object.entries(labels).flatMap(([fact, names]) => names.map((name) => [name, fact as FactName | 'days'] as const)));
const longestFirst = [...factOf.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace('/', '\\/')).join('|');
/** "账号：" anywhere in a cell, but not the end of a longer word ("对方账号："). */
const labelled = new RegExp(`(?<![\\p{L}\\p{N}])(${longestFirst})\\s*(?:\\[[^\\]]{0,80}\\])?\\s*[:：]`, 'gu');

const wordsOf: Partial<Record<FactName, { zh: string; en: string }>> = {
  account_number: { zh: '账号', en: 'account number' }, from: { zh: '起始日期', en: 'first day' }, to: { zh: '截止日期', en: 'last day' },
  opening: { zh: '期初余额', en: 'opening balance' }, closing: { zh: '期末余额', en: 'closing balance' },
  out_count: { zh: '支出（借方）笔数', en: 'number of lines of money out (debit)' },
  out_total: { zh: '支出（借方）合计', en: 'total of money out (debit)' },
  in_count: { zh: '收入（贷方）笔数', en: 'number of lines of money in (credit)' },
  in_total: { zh: '收入（贷方）合计', en: 'total of money in (credit)' },
  line_count: { zh: '总笔数', en: 'number of lines' },
};
export const factWords = (fact: FactName): { zh: string; en: string } => wordsOf[fact] ?? { zh: fact, en: fact };

export const noFacts = (): Facts => ({
  account_number: null, account_name: null, currency: null, from: null, to: null, opening: null, closing: null,
  out_count: null, out_total: null, in_count: null, in_total: null, line_count: null,
});

/** 6222****1234 and 6222020000001234 may be one account; what is hidden is not known to differ. */
export function sameAccount(a: string, b: string): boolean {
  if (!a.includes('*') && !b.includes('*')) return a === b;
  const [masked, other] = a.includes('*') ? [a, b] : [b, a];
  const head = masked.slice(0, masked.indexOf('*'));
  const tail = masked.slice(masked.lastIndexOf('*') + 1);
  return other.startsWith(head) && other.endsWith(tail);
}

/** Enters a fact. What is stated twice must be the same. Refusals: statement_fact_twice, statement_accounts_differ. */
export function stateFact<N extends FactName>(facts: Facts, fact: N, value: NonNullable<Facts[N]>, row: number): void {
  const known = facts[fact];
  if (fact === 'account_number' && typeof known === 'string') {
    if (!sameAccount(known, value as string)) throw refusals.statement_accounts_differ({ row, account: value as string, other: known });
    if (!known.includes('*')) return;
  } else if (known !== null && known !== undefined && known !== value) {
    if (fact === 'account_name' || fact === 'currency') return;
    const words = factWords(fact);
    throw refusals.statement_fact_twice({ label_zh: words.zh, label_en: words.en, first: known, second: value as string, row });
  }
  facts[fact] = value;
}

const day = /\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|\d{4}\/\d{1,2}\/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}|\d{8}/g;

function daysIn(text: string): BusinessDate[] {
  return [...text.matchAll(day)].map((found) => momentOf(found[0])?.date).filter((date) => date !== undefined);
}

const figureLike = /^[¥￥]?\s*[-+]?[0-9０-９][0-9０-９.,，]*\s*(?:元|笔|条)?$/;
const countAndTotal = /^共?\s*(\d{1,6})\s*笔[,，;；、\s]*(?:共计?|合计|金额)?[:：]?\s*([0-9,.]+)\s*元?$/;

type TotalName = 'out_total' | 'in_total';
const countBeside: Record<TotalName, 'out_count' | 'in_count'> = { out_total: 'out_count', in_total: 'in_count' };

/** Enters what a label says. Opening and closing must be amounts; a total in words ("详见下页") is passed over. */
function take(facts: Facts, fact: FactName | 'days', value: string, at: { row: number; column: string }): void {
  const amountOf = (text: string): string | null => readAmount(text.replace(/^人民币/, '').replace(/\s*元$/, ''), at);
  if (fact === 'days') {
    const [from, to, more] = daysIn(value);
    if (from === undefined || to === undefined || more !== undefined) return;
    stateFact(facts, 'from', from, at.row);
    stateFact(facts, 'to', to, at.row);
  } else if (fact === 'from' || fact === 'to') {
    const [date] = daysIn(value);
    if (date !== undefined) stateFact(facts, fact, date, at.row);
  } else if (fact === 'account_number') {
    const number = accountNumber(value.split(/\s{2,}|[(（]/)[0]!) ?? accountNumber(value.split(/\s/)[0]!);
    if (number !== null) stateFact(facts, fact, number, at.row);
  } else if (fact === 'account_name' || fact === 'currency') {
    if (value !== '') stateFact(facts, fact, value.slice(0, 200), at.row);
  } else if (fact === 'opening' || fact === 'closing') {
    const amount = amountOf(value);
    if (amount !== null) stateFact(facts, fact, amount, at.row);
  } else if (fact === 'out_total' || fact === 'in_total') {
    const both = countAndTotal.exec(value);
    if (both === null && !figureLike.test(value)) return;
    if (both !== null) stateFact(facts, countBeside[fact], Number(both[1]), at.row);
    const amount = amountOf(both?.[2] ?? value);
    if (amount !== null) stateFact(facts, fact, amount, at.row);
  } else if (figureLike.test(value)) {
    const count = readCount(value, at);
    if (count !== null) stateFact(facts, fact, count, at.row);
  }
}

/** Reads a row above or below the table; `index` counts from 0. True where the row `below` it holds its values (a row
 *  of labels over a row of figures), which is then no line.
 *  Refusals: statement_amount_unreadable, statement_count_unreadable and those of stateFact. */
export function readFacts(facts: Facts, row: readonly string[], index: number, below: readonly string[] | undefined): boolean {
  const cells = row.slice(0, 100).map(plainCell);
  const bare: { fact: FactName | 'days'; column: number; label: string }[] = [];
  cells.forEach((cell, column) => {
    if (cell === '' || cell.length > 2_000) return;
    const found = /[:：]/.test(cell) ? [...cell.matchAll(labelled)] : [];
    found.forEach((label, turn) => {
      const value = cell.slice(label.index + label[0].length, found[turn + 1]?.index).trim();
      const fact = factOf.get(label[1]!)!;
      if (value !== '') take(facts, fact, value, { row: index + 1, column: label[1]! });
      else if (turn === found.length - 1) bare.push({ fact, column, label: label[1]! });
    });
    if (found.length > 0) return;
    const label = plainHeading(cell);
    const fact = factOf.get(label);
    if (fact !== undefined) bare.push({ fact, column, label });
  });

  const isLabel = (column: number): boolean => bare.some((one) => one.column === column);
  const waiting = bare.filter(({ fact, column, label }) => {
    const next = cells.findIndex((cell, at) => at > column && cell !== '');
    if (next === -1 || isLabel(next) || /[:：]$/.test(cells[next]!)) return true;
    take(facts, fact, cells[next]!, { row: index + 1, column: label });
    return false;
  });
  if (waiting.length < 2 || waiting.length < bare.length || below === undefined) return false;
  for (const { fact, column, label } of waiting) {
    const value = plainCell(below[column] ?? '');
    if (value !== '') take(facts, fact, value, { row: index + 2, column: label });
  }
  return true;
}
