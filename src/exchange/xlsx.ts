// The books as a workbook: 凭证 entries, 科目 accounts, 资金 funds, 余额 balances.
import type { House } from '../kernel/house.ts';
import { moneyText } from '../kernel/money.ts';
import { entryPages, monthEnds, type BookEntry, type Books } from './books.ts';
import { journalColumns, journalRows } from './journal-table.ts';
import { workbook } from '../web/xlsx.ts';
import type { Cells, SheetColumn } from '../web/xlsx-parts.ts';
import { classNames } from './words.ts';

// ── The books ────────────────────────────────────────────────────────────────────────────────────

export const accountColumns: SheetColumn[] = [
  { key: 'account', title: '科目 account', width: 12 }, { key: 'parent', title: '上级 parent', width: 12 },
  { key: 'name_zh', title: '名称 name_zh', width: 30 }, { key: 'name_en', title: 'name_en', width: 34 },
  { key: 'class', title: '类别 class', width: 12 }, { key: 'is_money', title: '货币资金 is_money', width: 18 },
  { key: 'is_postable', title: '可记账 is_postable', width: 18 },
  { key: 'opened_on', title: '启用 opened_on', type: 'date', width: 16 }, { key: 'closed_on', title: '停用 closed_on', type: 'date', width: 16 },
];
export const accountRows = (books: Books): Cells[] => books.accounts.map((row) => ({
  ...row, class: classNames[row.class], is_money: row.is_money ? '是 yes' : '否 no', is_postable: row.is_postable ? '是 yes' : '否 no',
}));

export const fundColumns: SheetColumn[] = [
  { key: 'fund', title: '资金 fund', width: 26 }, { key: 'name_zh', title: '名称 name_zh', width: 24 },
  { key: 'name_en', title: 'name_en', width: 28 }, { key: 'purpose_zh', title: '用途 purpose_zh', width: 50 },
  { key: 'purpose_en', title: 'purpose_en', width: 60 }, { key: 'is_restricted', title: '专款专用 is_restricted', width: 20 },
  { key: 'accounts', title: '只可用于 accounts', width: 40 },
];
export const fundRows = (books: Books): Cells[] => books.funds.map((row) => ({
  ...row, is_restricted: row.is_restricted ? '是 yes' : '否 no', accounts: row.accounts.join(' '),
}));

export const balanceColumns: SheetColumn[] = [
  { key: 'period', title: '会计期间 period', width: 14 }, { key: 'account', title: '科目 account', width: 12 },
  { key: 'account_zh', title: '科目名称 account_zh', width: 30 }, { key: 'fund', title: '资金 fund', width: 22 },
  { key: 'fund_zh', title: '资金名称 fund_zh', width: 24 }, { key: 'opening', title: '期初余额（借正贷负）opening', type: 'money', width: 26 },
  { key: 'debit', title: '本期借方 debit', type: 'money', width: 18 }, { key: 'credit', title: '本期贷方 credit', type: 'money', width: 18 },
  { key: 'closing', title: '期末余额（借正贷负）closing', type: 'money', width: 26 },
];
export function* balanceRows(books: Books): Generator<Cells[]> {
  const accounts = new Map(books.accounts.map((row) => [row.account, row.name_zh]));
  const funds = new Map(books.funds.map((row) => [row.fund, row.name_zh]));
  for (const { period, rows } of monthEnds(books)) {
    yield rows.map(({ account, fund, ...row }) => ({
      period, account, fund, account_zh: accounts.get(account), fund_zh: funds.get(fund),
      opening: moneyText(row.opening), debit: moneyText(row.debit), credit: moneyText(row.credit), closing: moneyText(row.closing),
    }));
  }
}

const balanceCount = (books: Books): number => {
  let count = 0;
  for (const { rows } of monthEnds(books)) count += rows.length;
  return count;
};

async function* lineRows(books: Books, pages: AsyncIterable<BookEntry[]>): AsyncGenerator<Cells[]> {
  const rowsOf = journalRows(books);
  for await (const page of pages) yield rowsOf(page);
}

export function booksWorkbook(house: House, books: Books, pages = entryPages(house, books)): AsyncGenerator<Uint8Array> {
  return workbook([
    { name: '凭证 entries', columns: journalColumns, count: books.lines, rows: lineRows(books, pages) },
    { name: '科目 accounts', columns: accountColumns, count: books.accounts.length, rows: [accountRows(books)] },
    { name: '资金 funds', columns: fundColumns, count: books.funds.length, rows: [fundRows(books)] },
    { name: '余额 balances', columns: balanceColumns, count: balanceCount(books), rows: balanceRows(books) },
  ]);
}
