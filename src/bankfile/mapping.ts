// Tables of banks that are not known here: a person picks the columns on a preview, and what was picked is kept for all
// files with the same header (its signature). The guess only fills the form in; nobody's money is read by a guess.
import { sha256Hex } from '../kernel/digest.ts';
import { MOST_PREAMBLE_ROWS, plainHeading, type Columns, type Role } from './layout.ts';
import { refusals } from './refusals.ts';
import type { Mapping, TablePreview } from './statement.ts';
import type { KnownTable } from './table-body.ts';
import { momentOf, plainCell } from './value.ts';

const SAMPLE_ROWS = 8;
const MOST_SHOWN = 60;

type Field = Exclude<keyof Mapping, 'signature'>;

/** Words that tell a column, most telling first; of a heading that fits several the first field wins. */
const words: readonly (readonly [Field, RegExp])[] = [
  ['balance', /余额|结余|balance/i],
  ['amount_in', /^(?:收入|贷方|转入|存入|入账|收款|来账|汇入)|\((?:收入|贷方?|入账|存入)\)|credit|deposit/i],
  ['amount_out', /^(?:支出|借方|转出|支取|付款金额|付出|出账|往账|汇出)|\((?:支出|支取|借方?|出账)\)|debit|withdrawal/i],
  ['side', /借贷|借\/贷|收支|收\/支|收付(?!方)|交易方向|资金流向|^方向$|dr\/cr/i],
  ['amount', /^(?:交易|发生)?(?:金额|发生额)(?:\(元\))?$|^amount$/i],
  ['counterparty_bank', /(?:对方|对手|收\(付\)方|交易).*(?:行名|行号|开户|银行)|^对方行/],
  ['counterparty_account', /(?:对方|对手|收\(付\)方).*(?:账号|帐号|卡号)|^对方账户$/],
  ['counterparty_name', /(?:对方|对手|收\(付\)方).*(?:户名|名称|单位|姓名)|^对方$|^交易对手$/],
  ['booked_time', /^交易时间$|^时间$|^记账时间$|^time$/i],
  ['booked_on', /记账日|入账日|交易日|^日期$|发生日|交易时间|^date$/i],
  ['serial', /流水号|日志号|凭证号|业务编号|serial|reference/i],
  ['purpose', /用途|附言|备注|说明|remark|purpose/i],
  ['memo', /摘要|memo|description/i],
];
const fieldOf = (heading: string): Field | null => words.find(([, pattern]) => pattern.test(heading))?.[0] ?? null;

/** SHA-256 over the header cells as they compare (plainHeading), trailing empty ones left out. */
export function headerSignature(header: readonly string[]): string {
  const headings = header.map(plainHeading);
  while (headings.length > 0 && headings.at(-1) === '') headings.pop();
  return sha256Hex(JSON.stringify(headings));
}

/** The row that looks most like a header: headings of a day and of money among several; from 0, or null. */
function headerRow(rows: readonly (readonly string[])[]): number | null {
  let best: { index: number; score: number } | null = null;
  for (let index = 0; index < Math.min(rows.length, MOST_PREAMBLE_ROWS); index += 1) {
    const headings = rows[index]!.slice(0, MOST_SHOWN).map(plainHeading).filter((heading) => heading !== '' && heading.length <= 30);
    const fields = new Set(headings.map(fieldOf).filter((field) => field !== null));
    const day = fields.has('booked_on') || fields.has('booked_time');
    const money = fields.has('amount') || fields.has('amount_in') || fields.has('amount_out');
    if (headings.length < 3 || !day || !money || headings.some((heading) => momentOf(heading) !== null)) continue;
    if (best === null || fields.size > best.score) best = { index, score: fields.size };
  }
  return best?.index ?? null;
}

function guessed(signature: string, header: readonly string[]): Mapping | null {
  const found = new Map<Field, number>();
  header.forEach((cell, column) => {
    const field = fieldOf(plainHeading(cell));
    if (field !== null && !found.has(field)) found.set(field, column);
  });
  const at = (field: Field): number | null => found.get(field) ?? null;
  const two = at('amount_in') !== null && at('amount_out') !== null;
  const day = at('booked_on') ?? at('booked_time');
  if (day === null || (!two && at('amount') === null)) return null;
  return {
    signature,
    booked_on: day,
    booked_time: at('booked_on') === null ? null : at('booked_time'),
    amount: two ? null : at('amount'),
    amount_in: two ? at('amount_in') : null,
    amount_out: two ? at('amount_out') : null,
    side: at('side'),
    balance: at('balance'),
    serial: at('serial'),
    counterparty_name: at('counterparty_name'),
    counterparty_account: at('counterparty_account'),
    counterparty_bank: at('counterparty_bank'),
    memo: at('memo'),
    purpose: at('purpose'),
  };
}

/** What the mapping screen shows; null where no row looks like the header of a bank's table. */
export function previewTable(rows: readonly (readonly string[])[]): TablePreview | null {
  const index = headerRow(rows);
  if (index === null) return null;
  const header = rows[index]!.slice(0, MOST_SHOWN).map(plainCell);
  while (header.length > 0 && header.at(-1) === '') header.pop();
  const signature = headerSignature(header);
  const sample = rows.slice(index + 1).filter((row) => row.some((cell) => cell.trim() !== '')).slice(0, SAMPLE_ROWS)
    .map((row) => header.map((_, column) => plainCell(row[column] ?? '').slice(0, 200)));
  return { signature, header, header_row: index + 1, sample, guess: guessed(signature, header) };
}

/** The header row that one of the mappings is for. */
export function mappedHeader(rows: readonly (readonly string[])[], mappings: readonly Mapping[]): { mapping: Mapping; header: number } | null {
  if (mappings.length === 0) return null;
  for (let header = 0; header < Math.min(rows.length, MOST_PREAMBLE_ROWS); header += 1) {
    const cells = rows[header]!.slice(0, MOST_SHOWN);
    if (cells.filter((cell) => cell.trim() !== '').length < 3) continue;
    const signature = headerSignature(cells);
    const mapping = mappings.find((one) => one.signature === signature);
    if (mapping !== undefined) return { mapping, header };
  }
  return null;
}

/** A mapping as columns. Refusal: statement_mapping_wrong where it names no day, no money, money in two ways, or one
 *  column for two things that exclude each other. */
export function mappedTable(mapping: Mapping, header: number, width: number): KnownTable {
  const wrong = (what_zh: string, what_en: string): Error => refusals.statement_mapping_wrong({ what_zh, what_en });
  const { signature, ...fields } = mapping;
  for (const column of Object.values(fields)) {
    if (column !== null && column !== undefined && (!Number.isInteger(column) || column < 0 || column >= width)) {
      throw wrong(`没有第 ${column + 1} 列`, `there is no column ${column + 1}`);
    }
  }
  const one = mapping.amount !== null;
  const two = mapping.amount_in !== null && mapping.amount_out !== null;
  if (one === two || (one && (mapping.amount_in ?? mapping.amount_out) !== null)) {
    throw wrong('金额要么选一列“金额”，要么“收入”“支出”各选一列', 'choose either one column for the amount, or one for money in and one for money out');
  }
  const alone = [mapping.booked_on, mapping.amount, mapping.amount_in, mapping.amount_out, mapping.balance, mapping.side ?? null].filter((column) => column !== null);
  if (new Set(alone).size < alone.length) throw wrong('日期、金额、余额、借贷标志不能选同一列', 'day, amounts, balance and side cannot be the same column');

  const columns: Columns = { booked_on: [mapping.booked_on] };
  const put = (role: Role, column: number | null | undefined): void => {
    if (column !== null && column !== undefined) columns[role] = [column];
  };
  put(mapping.side === null || mapping.side === undefined ? 'amount' : 'amount_unsigned', mapping.amount);
  put('amount_in', mapping.amount_in);
  put('amount_out', mapping.amount_out);
  put('side', mapping.side);
  put('booked_time', mapping.booked_time);
  put('balance', mapping.balance);
  put('serial', mapping.serial);
  put('counterparty_name', mapping.counterparty_name);
  put('counterparty_account', mapping.counterparty_account);
  put('counterparty_bank', mapping.counterparty_bank);
  put('memos', mapping.memo);
  put('purposes', mapping.purpose);
  return { format: `mapping:${signature}`, columns, header };
}
