// The journal for hledger (https://hledger.org), as text. `hledger check --strict` passes, also with ordereddates
// and payees. Accounts are 资产:1002 银行存款:service 物业服务资金: class, code and name, and below it the fund, so that
//   hledger bal --depth 2          balances by account          hledger bal service      one fund
// and every balance by account and fund can be asserted. At each month's end stands an entry of zeros that asserts
// the balances as the books keep them. Debits are positive, credits negative; a red-letter entry turns the signs.
// What hledger reads as syntax is written otherwise: ";" in a memo as "；", "," in a tag as "，".
import { moneyText } from '../kernel/money.ts';
import { lastDay } from '../kernel/dates.ts';
import type { AccountClass, AccountRow, FundRow } from '../ledger/queries.ts';
import { amountOf, byAccount, dayBefore, entryPages, payeeOf, piecesOf, usedPairs, type BookEntry, type Books, type MonthEnd } from './books.ts';
import type { House } from '../kernel/house.ts';
import { classNames, kinds, oneLine, signedText } from './words.ts';

const types: Record<AccountClass, string> = { asset: 'A', liability: 'L', fund: 'E', income: 'R', expense: 'X' };
const OPENING = '期初余额';
const MONTH_END = '月末余额';

const part = (text: string): string => oneLine(text).replaceAll(';', '；').replaceAll(':', '：');
const memo = (text: string): string => oneLine(text).replaceAll(';', '；');
const payeeText = (text: string): string => memo(text).replaceAll('|', '｜').replaceAll('"', '＂');
const tag = (name: string, value: string | number | null): string[] =>
  (value === null || value === '' ? [] : [`${name}:${memo(String(value)).replaceAll(',', '，')}`]);

/** Names of accounts and of their funds. */
function namesOf(books: Books): { account: (code: string) => string; fund: (code: string, fund: string) => string } {
  const accounts = new Map(books.accounts.map((row) => [row.account, row]));
  const funds = new Map(books.funds.map((row) => [row.fund, row]));
  const own = ({ account, name_zh }: AccountRow): string => `${account} ${part(name_zh)}`;
  const account = (code: string): string => {
    const row = accounts.get(code)!;
    return row.parent === null ? `${classNames[row.class]}:${own(row)}` : `${account(row.parent)}:${own(row)}`;
  };
  const known = new Map(books.accounts.map((row) => [row.account, account(row.account)]));
  const pairs = new Map<string, string>();
  return {
    account: (code) => known.get(code)!,
    fund: (code, fund) => {
      const key = `${code} ${fund}`;
      const found = pairs.get(key) ?? `${known.get(code)!}:${fund} ${part((funds.get(fund) as FundRow).name_zh)}`;
      pairs.set(key, found);
      return found;
    },
  };
}
type Names = ReturnType<typeof namesOf>;

function* head(books: Books, names: Names): Generator<string> {
  const { estate, from, to, size, recorded_at } = books;
  yield `; ${part(estate.name_zh)}（${estate.code}）账簿，${from} 至 ${to}。格式：hledger。\n`
    + `; Books of ${memo(estate.name_en)} (${estate.code}), ${from} to ${to}, for hledger.\n`
    + `; 截至第 ${size} 条存证记录（${recorded_at}）。As of record ${size} of the log.\n`
    + '; 检查 check: hledger -f journal.hledger check --strict ordereddates payees\n'
    + '; 科目余额 by account: hledger -f journal.hledger bal --depth 2      单项资金 one fund: hledger -f journal.hledger bal service\n'
    + '; 借方为正，贷方为负；每月末的零额凭证用来核对余额。Debits are positive, credits negative; entries of zeros assert the balances.\n\n'
    + 'decimal-mark .\ncommodity 1,000.00 CNY\n\n';
  const words = [OPENING, MONTH_END, ...Object.values(kinds).map((kind) => kind.name_zh)];
  const payees = [...new Set([...words, ...[...books.payees.values()].map((payee) => payeeText(payee.public_name))])];
  yield `${payees.map((payee) => `payee ${payee}`).join('\n')}\n\n`;
  let text = Object.entries(classNames).map(([of, name]) => `account ${name}  ; type:${types[of as AccountClass]}\n`).join('');
  for (const { account, funds } of usedPairs(books)) {
    const type = `type:${account.is_money ? 'C' : types[account.class]}`;
    text += `account ${names.account(account.account)}  ; ${type}, en:${memo(account.name_en).replaceAll(',', '，')}\n`;
    for (const { fund } of funds) text += `account ${names.fund(account.account, fund)}  ; ${type}, fund:${fund}\n`;
  }
  yield `${text}\n`;
}

function opening(books: Books, names: Names): string {
  if (books.opening.length === 0) return '';
  return `${dayBefore(books)} * (期初) ${OPENING} | ${dayBefore(books)}\n`
    + books.opening.map((row) => `    ${names.fund(row.account, row.fund)}  ${moneyText(row.balance)} CNY\n`).join('') + '\n';
}

function entryText(books: Books, names: Names, entry: BookEntry): string {
  const payee = payeeOf(books, entry);
  const who = payee === null ? kinds[entry.kind].name_zh : payeeText(payee.public_name);
  const tags = [
    ...tag('seq', entry.seq), ...tag('kind', entry.kind), ...tag('order', entry.proposal_id), ...tag('reverses', entry.reverses),
    ...tag('reversed-by', entry.reversed_by), ...tag('reference', entry.reference), ...tag('signed-by', signedText(entry.signatures)),
  ];
  let text = `${entry.entry_date} * (${entry.number}) ${who} | ${memo(entry.description)}\n    ; ${tags.join(', ')}\n`;
  if (entry.vouchers.length > 0) text += `    ; vouchers:${entry.vouchers.join(' ')}\n`;
  for (const line of entry.lines) {
    const about = [...tag('unit', line.unit), ...tag('payee-number', line.payee)];
    text += `    ${names.fund(line.account, line.fund)}  ${amountOf(line)} CNY${about.length === 0 ? '' : `  ; ${about.join(', ')}`}\n`;
  }
  return `${text}\n`;
}

function monthEndText(names: Names, { period, rows }: MonthEnd): string {
  if (rows.length === 0) return '';
  let text = `${lastDay(period)} * (月末) ${MONTH_END} | ${period}\n`;
  for (const [account, balance] of byAccount(rows)) text += `    ${names.account(account)}  0.00 CNY =* ${moneyText(balance)} CNY\n`;
  for (const { account, fund, closing } of rows) text += `    ${names.fund(account, fund)}  0.00 CNY = ${moneyText(closing)} CNY\n`;
  return `${text}\n`;
}

/** The whole journal, in pieces of some hundred kilobytes. */
export async function* hledgerText(house: House, books: Books, pages = entryPages(house, books)): AsyncGenerator<string> {
  const names = namesOf(books);
  yield* head(books, names);
  yield opening(books, names);
  for await (const piece of piecesOf(books, pages)) {
    if (piece.kind === 'month_end') yield monthEndText(names, piece.end);
    else yield piece.entries.map((entry) => entryText(books, names, entry)).join('');
  }
}
