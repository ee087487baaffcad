// The lines of a bank's table, once it is known which column is what: a row is a line, a repeated header, a total or a
// note, and what is none of these is refused. So a line with a damaged date is never passed over as if it were a note.
import { MOST_LINES } from './table.ts';
import { noFacts, readFacts, stateFact, type Facts } from './table-facts.ts';
import { plainHeading, type Columns, type Role } from './layout.ts';
import { refusals } from './refusals.ts';
import type { RawStatement, StatementLine } from './statement.ts';
import { accountNumber, isYuan, momentOf, negatedText, plainCell, readAmount, readClock, readMoment, readText, type Place } from './value.ts';

export interface KnownTable {
  format: string;
  columns: Columns;
  /** Row of the header, from 0. */
  header: number;
}

const moneyRoles: readonly Role[] = ['amount', 'amount_in', 'amount_out', 'amount_unsigned'];

/** How totals and notes below (or between) the lines begin. Only asked of rows that are no line. */
const note = new RegExp(`^[#*※【(—=-]*(?:${[
  '合计', '总计', '共计', '小计', '本页', '本期', '总', '汇总', '收入', '支出', '借方', '贷方', '转入', '转出', '期初', '期末', '上期', '承前', '过次', '说明',
  '备注', '注[:：]', '注意', '打印', '制表', '下载', '导出', '温馨', '重要', '声明', '查询', '账号', '帐号', '户名', '账户', '币种', '以上', '以下',
  '第\\s*\\d+\\s*页', '第\\s*\\d+\\s*/', '共\\s*\\d+', '页码', '笔数', '交易笔数', '记录', '电子', '操作员', '经办', '复核', '中国', '交通银行', '招商银行', '客服',
  '截止', '截至', '起始', '开始', '结束', '终止', '日期范围', '没有', '无记录', '暂无', 'Total', 'Page',
].join('|')})`, 'i');
const wholeTotal = /^[#*※【(—=-]*(?:合计|总计|共计|本期合计)/;

const sideOut = /^(?:借|借方|支|支出|付|付款|付出|往账|转出|出账|出|支取|D|DR|DEBIT|DBIT)$/i;
const sideIn = /^(?:贷|贷方|收|收入|收款|来账|转入|入账|入|存入|C|CR|CREDIT|CRDT)$/i;

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Blanks out the dashes and words with which some exports fill an empty cell. */
const blankText = (text: string): string => (/^(?:[-—–/]{1,3}|null)$/i.test(text) ? '' : text);

/** A serial as the books keep it: Latin letters, digits and . _ / - only, 64 at most; all noughts mean none. */
export function serialOf(text: string): string {
  const serial = text.normalize('NFKC').replace(/[^0-9A-Za-z._/-]/g, '').slice(0, 64);
  return /^[0-]*$/.test(serial) ? '' : serial;
}

interface Reading extends KnownTable { rows: readonly (readonly string[])[]; heading: readonly string[]; facts: Facts }

const columnOf = (reading: Reading, role: Role): number | undefined => reading.columns[role]?.[0];

function cellOf(reading: Reading, cells: readonly string[], role: Role): string {
  const column = columnOf(reading, role);
  return column === undefined ? '' : cells[column] ?? '';
}

function placeOf(reading: Reading, index: number, role: Role): Place {
  const column = columnOf(reading, role);
  return { row: index + 1, column: (column === undefined ? '' : reading.heading[column]) || `#${(column ?? 0) + 1}` };
}

/** Text of one or several columns, each different text once. */
function textOf(reading: Reading, cells: readonly string[], index: number, role: Role): string {
  const texts = (reading.columns[role] ?? []).map((column) =>
    blankText(readText(cells[column] ?? '', { row: index + 1, column: reading.heading[column] || `#${column + 1}` })));
  if (texts.length === 1) return texts[0]!;
  return [...new Set(texts.filter((text) => text !== ''))].join(' ');
}

function sideOf(reading: Reading, cells: readonly string[], index: number): 'in' | 'out' | null {
  const text = plainCell(cellOf(reading, cells, 'side')).normalize('NFKC');
  if (text === '') return null;
  if (sideOut.test(text)) return 'out';
  if (sideIn.test(text)) return 'in';
  throw refusals.statement_side_unknown({ ...placeOf(reading, index, 'side'), text: text.slice(0, 40) });
}

interface Moved { amount: string; red: boolean }

/** What a row moves. Below zero in a one-sided column is a red-letter line: it is taken with its sign.
 *  Refusals: statement_amount_missing, _zero, _twice, _unreadable, statement_side_unknown, statement_side_contradicts. */
function movedBy(reading: Reading, cells: readonly string[], index: number): Moved {
  const read = (role: Role): string | null => readAmount(cellOf(reading, cells, role), placeOf(reading, index, role));
  const nothing = (role: Role, found: boolean): Error => (found
    ? refusals.statement_amount_zero({ ...placeOf(reading, index, role) })
    : refusals.statement_amount_missing({ ...placeOf(reading, index, role) }));

  if (reading.columns.amount !== undefined) {
    const amount = read('amount');
    if (amount === null || amount === '0.00') throw nothing('amount', amount !== null);
    // The sign decides; 往账 (outgoing) above zero is such a payment taken back.
    const kind = plainCell(cellOf(reading, cells, 'side'));
    const side = sideOut.test(kind) ? 'out' : sideIn.test(kind) ? 'in' : null;
    return { amount, red: side !== null && side !== (amount.startsWith('-') ? 'out' : 'in') };
  }
  if (reading.columns.amount_in === undefined || reading.columns.amount_out === undefined) {
    const amount = read('amount_unsigned');
    if (amount === null || amount === '0.00') throw nothing('amount_unsigned', amount !== null);
    const side = sideOf(reading, cells, index);
    if (side === null) throw refusals.statement_side_unknown({ ...placeOf(reading, index, 'side'), text: '' });
    return { amount: side === 'in' ? amount : negatedText(amount), red: amount.startsWith('-') };
  }
  const [paidIn, paidOut] = [read('amount_in'), read('amount_out')];
  const column = `${placeOf(reading, index, 'amount_out').column} / ${placeOf(reading, index, 'amount_in').column}`;
  const [moneyIn, moneyOut] = [paidIn === '0.00' ? null : paidIn, paidOut === '0.00' ? null : paidOut];
  if (moneyIn !== null && moneyOut !== null) throw refusals.statement_amount_twice({ row: index + 1, column, in: moneyIn, out: moneyOut });
  const printed = moneyIn ?? moneyOut;
  if (printed === null) {
    throw (paidIn ?? paidOut) === null ? refusals.statement_amount_missing({ row: index + 1, column }) : refusals.statement_amount_zero({ row: index + 1, column });
  }
  const side = sideOf(reading, cells, index);
  if (side !== null && side !== (moneyIn === null ? 'out' : 'in')) {
    throw refusals.statement_side_contradicts({ ...placeOf(reading, index, 'side'), text: plainCell(cellOf(reading, cells, 'side')), amount: printed });
  }
  return { amount: moneyIn === null ? negatedText(printed) : printed, red: printed.startsWith('-') };
}

function counterpartyOf(reading: Reading, cells: readonly string[], index: number, moneyIn: boolean): [string, string, string] {
  const side = reading.columns.payer_name === undefined ? 'counterparty' : moneyIn ? 'payer' : 'payee';
  const text = (part: 'name' | 'account' | 'bank'): string => textOf(reading, cells, index, `${side}_${part}`);
  const account = text('account');
  return [text('name'), /^[0-9A-Za-z*\s-]+$/.test(account) ? account.replace(/\s/g, '') : account, text('bank')];
}

function readLine(reading: Reading, cells: readonly string[], index: number): StatementLine {
  const surplus = cells.findIndex((cell, column) => column >= reading.heading.length && cell.trim() !== '');
  if (surplus !== -1) throw refusals.statement_row_ragged({ row: index + 1, cells: surplus + 1, columns: reading.heading.length });

  const moment = readMoment(cellOf(reading, cells, 'booked_on'), placeOf(reading, index, 'booked_on'));
  let time = moment.time;
  if (reading.columns.booked_time !== undefined && columnOf(reading, 'booked_time') !== columnOf(reading, 'booked_on')) {
    const stamp = cellOf(reading, cells, 'booked_time');
    const clock = readClock(stamp, placeOf(reading, index, 'booked_time'));
    // An order given the evening before is booked the next morning: its time is not that of the booking.
    time = (momentOf(stamp)?.date ?? moment.date) === moment.date ? clock : '';
  }
  const { amount, red } = movedBy(reading, cells, index);
  const [name, account, bank] = counterpartyOf(reading, cells, index, amount.startsWith('-') === red);

  const currency = plainCell(cellOf(reading, cells, 'currency'));
  if (currency !== '') {
    if (!isYuan(currency)) throw refusals.statement_currency_foreign({ row: index + 1, currency: currency.slice(0, 40) });
    reading.facts.currency ??= currency;
  }
  const own = accountNumber(cellOf(reading, cells, 'own_account'));
  if (own !== null && own !== reading.facts.account_number) stateFact(reading.facts, 'account_number', own, index + 1);
  if (reading.facts.account_name === null) reading.facts.account_name = textOf(reading, cells, index, 'own_name') || null;

  return {
    row: index + 1,
    booked_on: moment.date,
    booked_time: time,
    amount,
    balance: readAmount(cellOf(reading, cells, 'balance'), placeOf(reading, index, 'balance')),
    serial: serialOf(readText(cellOf(reading, cells, 'serial'), placeOf(reading, index, 'serial'))),
    counterparty_name: name,
    counterparty_account: account,
    counterparty_bank: bank,
    memo: textOf(reading, cells, index, 'memos'),
    purpose: textOf(reading, cells, index, 'purposes'),
    ...(red ? { red: true as const } : {}),
  };
}

/** A day in the column of days and something in a column of money. */
const isLine = (reading: Reading, cells: readonly string[]): boolean =>
  moneyRoles.some((role) => plainCell(cellOf(reading, cells, role)) !== '') && momentOf(cellOf(reading, cells, 'booked_on')) !== null;

/** The row below, where it can be the values of a row of labels: neither the header nor a line. */
function valuesBelow(reading: Reading, index: number): readonly string[] | undefined {
  const below = reading.rows[index + 1];
  return below === undefined || index + 1 === reading.header || isLine(reading, below) ? undefined : below;
}

/** The sums that stand under their columns in a row 合计. */
function readTotals(reading: Reading, cells: readonly string[], index: number): void {
  for (const [role, fact] of [['amount_out', 'out_total'], ['amount_in', 'in_total']] as const) {
    const total = readAmount(cellOf(reading, cells, role), placeOf(reading, index, role));
    if (total !== null) stateFact(reading.facts, fact, total, index + 1);
  }
}

/** Reads the table whose columns are known. Refusals: those of the cells, statement_too_long,
 *  statement_line_above_header, statement_row_ragged, statement_accounts_differ, statement_currency_foreign,
 *  statement_fact_twice. */
export function readBody(rows: readonly (readonly string[])[], table: KnownTable): RawStatement {
  const heading = [...rows[table.header]!].map(plainCell);
  while (heading.length > 0 && heading.at(-1) === '') heading.pop();
  const reading: Reading = { ...table, rows, heading, facts: noFacts() };
  for (let index = 0; index < table.header; index += 1) {
    if (isLine(reading, rows[index]!)) throw refusals.statement_line_above_header({ row: index + 1, header: table.header + 1 });
    if (readFacts(reading.facts, rows[index]!, index, valuesBelow(reading, index))) index += 1;
  }

  const again = heading.map(plainHeading).join('\n');
  const lines: StatementLine[] = [];
  for (let index = table.header + 1; index < rows.length; index += 1) {
    const cells = rows[index]!;
    if (isLine(reading, cells)) {
      if (lines.length >= MOST_LINES) throw refusals.statement_too_long({ rows: rows.length, limit: MOST_LINES });
      lines.push(readLine(reading, cells, index));
      continue;
    }
    if (isBlank(cells)) continue;
    const filled = cells.map(plainCell).filter((cell) => cell !== '');
    // 收入 in the column of sides begins a line with a damaged date, and no total.
    const side = plainCell(cellOf(reading, cells, 'side'));
    const sideFirst = filled[0] === side && (sideOut.test(side) || sideIn.test(side));
    if ((note.test(filled[0]!) && !sideFirst) || (filled.length === 1 && momentOf(filled[0]!) === null)) {
      if (wholeTotal.test(filled[0]!)) readTotals(reading, cells, index);
      if (readFacts(reading.facts, cells, index, valuesBelow(reading, index))) index += 1;
      continue;
    }
    // The header of the next page.
    if (cells.slice(0, heading.length).map(plainHeading).join('\n') === again) continue;
    readLine(reading, cells, index);
    throw refusals.statement_amount_missing({ ...placeOf(reading, index, 'booked_on') });
  }
  return { ...reading.facts, format: table.format, lines };
}
