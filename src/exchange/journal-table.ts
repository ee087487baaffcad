// The journal as a table: one line per posting, everything of the entry on each of them, so that any line can be
// filtered and read alone. The same columns in CSV and in the workbook. Titles carry both languages, because the
// file goes from hand to hand: the Chinese word, and the name the interface uses.
import type { House } from '../kernel/house.ts';
import { csvHead, csvLine, type CsvColumn } from '../web/csv.ts';
import { entryPages, payeeOf, type BookEntry, type Books } from './books.ts';
import { kinds, signedText } from './words.ts';

export interface TableColumn extends CsvColumn {
  /** Width in a workbook, in characters. */
  width: number;
}

export const journalColumns: TableColumn[] = [
  { key: 'number', title: '凭证字号 number', width: 18 },
  { key: 'line', title: '行 line', type: 'number', width: 7 },
  { key: 'entry_date', title: '日期 date', type: 'date', width: 12 },
  { key: 'period', title: '会计期间 period', width: 14 },
  { key: 'kind', title: '种类 kind', width: 10 },
  { key: 'description', title: '摘要 description', width: 44 },
  { key: 'account', title: '科目 account', width: 13 },
  { key: 'account_zh', title: '科目名称 account_zh', width: 26 },
  { key: 'account_en', title: 'account_en', width: 26 },
  { key: 'fund', title: '资金 fund', width: 20 },
  { key: 'fund_zh', title: '资金名称 fund_zh', width: 20 },
  { key: 'debit', title: '借方 debit', type: 'money', width: 16 },
  { key: 'credit', title: '贷方 credit', type: 'money', width: 16 },
  { key: 'payee', title: '收款方 payee', width: 26 },
  { key: 'unit', title: '房屋（匿名）unit', width: 14 },
  { key: 'reference', title: '银行流水号 reference', width: 22 },
  { key: 'proposal_id', title: '签批单 order', type: 'number', width: 12 },
  { key: 'signatures', title: '签批 signatures', width: 40 },
  { key: 'vouchers', title: '原始凭证 vouchers', width: 20 },
  { key: 'reverses', title: '冲销 reverses', type: 'number', width: 14 },
  { key: 'reversed_by', title: '被冲销 reversed_by', type: 'number', width: 16 },
  { key: 'made_by', title: '制单人（匿名）made_by', width: 20 },
  { key: 'seq', title: '存证序号 seq', type: 'number', width: 14 },
  { key: 'recorded_at', title: '登记时间 recorded_at', width: 28 },
];

export type JournalCells = Record<string, string | number | null>;

/** The lines of entries as cells, by the keys of journalColumns. */
export function journalRows(books: Books): (entries: readonly BookEntry[]) => JournalCells[] {
  const accounts = new Map(books.accounts.map((row) => [row.account, row]));
  const funds = new Map(books.funds.map((row) => [row.fund, row]));
  return (entries) => entries.flatMap((entry) => {
    const { lines, vouchers, signatures, ...row } = entry;
    const whole = {
      ...row, kind: kinds[entry.kind].zh, payee: payeeOf(books, entry)?.public_name ?? null,
      signatures: signedText(signatures), vouchers: vouchers.join(' '),
    };
    return lines.map((line) => ({
      ...whole, line: line.line, account: line.account, fund: line.fund, unit: line.unit,
      account_zh: accounts.get(line.account)!.name_zh, account_en: accounts.get(line.account)!.name_en,
      fund_zh: funds.get(line.fund)!.name_zh,
      // The side that is empty stays empty, as in a ledger; red-letter amounts are negative.
      debit: line.debit === '0.00' ? null : line.debit, credit: line.credit === '0.00' ? null : line.credit,
    }));
  });
}

/** The journal as CSV, UTF-8 with byte order mark, in pieces. */
export async function* journalCsv(house: House, books: Books, pages = entryPages(house, books)): AsyncGenerator<string> {
  const rowsOf = journalRows(books);
  yield csvHead(journalColumns);
  for await (const page of pages) yield rowsOf(page).map((row) => csvLine(journalColumns, row)).join('');
}
