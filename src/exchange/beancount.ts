// The journal for Beancount (https://beancount.github.io), as text; `bean-check` passes with version 2 and 3. Names
// are made from codes and English names, which is all Beancount allows: Assets:C1002-Bank-deposit:Service. The
// Chinese names, and everything an entry carries besides amounts, stand as metadata. `balance` directives on the
// first day of each following month state the balances as the books keep them; nothing is padded.
import type { House } from '../kernel/house.ts';
import { moneyText, type Money } from '../kernel/money.ts';
import type { AccountClass, AccountRow } from '../ledger/queries.ts';
import { firstDay } from '../kernel/dates.ts';
import { amountOf, byAccount, dayAfter, dayBefore, entryPages, payeeOf, piecesOf, usedPairs, type BookEntry, type Books, type MonthEnd } from './books.ts';
import { oneLine, signedText } from './words.ts';

const roots: Record<AccountClass, string> = {
  asset: 'Assets', liability: 'Liabilities', fund: 'Equity', income: 'Income', expense: 'Expenses',
};

/** Exactly: without a tolerance of its own, Beancount would let a fen pass. */
const exactly = (balance: Money): string => `${moneyText(balance)} ~ 0.00 CNY`;
const quoted = (text: string): string => `"${oneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const meta = (name: string, value: string | number | null, indent = '  '): string =>
  (value === null || value === '' ? '' : `${indent}${name}: ${typeof value === 'number' ? String(value) : quoted(value)}\n`);

/** Letters, digits and hyphens are all that a name may have. */
const slug = (text: string): string => text.normalize('NFKD').replace(/['’]/g, '').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
const fundName = (fund: string): string => `${fund[0]!.toUpperCase()}${fund.slice(1).replaceAll('_', '-')}`;

function namesOf(books: Books): (code: string, fund?: string) => string {
  const accounts = new Map(books.accounts.map((row) => [row.account, row]));
  const own = ({ account, name_en }: AccountRow): string => [`C${account}`, slug(name_en)].filter((word) => word !== '').join('-');
  const name = (code: string): string => {
    const row = accounts.get(code)!;
    return `${row.parent === null ? roots[row.class] : name(row.parent)}:${own(row)}`;
  };
  const known = new Map(books.accounts.map((row) => [row.account, name(row.account)]));
  return (code, fund) => (fund === undefined ? known.get(code)! : `${known.get(code)!}:${fundName(fund)}`);
}
type Names = ReturnType<typeof namesOf>;

function* head(books: Books, nameOf: Names): Generator<string> {
  const { estate, from, to, size, recorded_at } = books;
  yield `; ${oneLine(estate.name_zh)} (${estate.code}), ${from} - ${to}, Beancount\n`
    + `; 截至第 ${size} 条存证记录（${recorded_at}）。As of record ${size} of the log.\n`
    + '; 检查 check: bean-check journal.beancount    借方为正，贷方为负。Debits are positive, credits negative.\n\n'
    + `option "title" ${quoted(`${estate.name_zh} ${estate.name_en}`)}\noption "operating_currency" "CNY"\n\n`;
  const begin = [dayBefore(books), ...books.accounts.map((row) => row.opened_on)].reduce((a, b) => (a < b ? a : b));
  let text = `${begin} commodity CNY\n  name: "人民币 Renminbi"\n`;
  for (const { account, funds } of usedPairs(books)) {
    const opened = account.opened_on < dayBefore(books) ? account.opened_on : dayBefore(books);
    text += `${opened} open ${nameOf(account.account)} CNY\n${meta('code', account.account)}${meta('name-zh', account.name_zh)}`
      + `${meta('name-en', account.name_en)}${meta('closed-on', account.closed_on)}`;
    for (const { fund, name_zh, name_en } of funds) {
      text += `${opened} open ${nameOf(account.account, fund)} CNY\n${meta('fund', fund)}${meta('fund-zh', name_zh)}${meta('fund-en', name_en)}`;
    }
  }
  yield `${text}\n`;
}

function opening(books: Books, nameOf: Names): string {
  if (books.opening.length === 0) return '';
  const lines = books.opening.map((row) => `  ${nameOf(row.account, row.fund)}  ${moneyText(row.balance)} CNY\n`).join('');
  const asserted = books.opening.map((row) =>
    `${firstDay(books.from)} balance ${nameOf(row.account, row.fund)}  ${exactly(row.balance)}\n`).join('');
  return `${dayBefore(books)} * "期初余额" "Opening balances" #opening\n${lines}\n${asserted}\n`;
}

function entryText(books: Books, nameOf: Names, entry: BookEntry): string {
  const payee = payeeOf(books, entry);
  const links = [`seq-${entry.seq}`, ...(entry.reverses === null ? [] : [`seq-${entry.reverses}`])];
  let text = `${entry.entry_date} *${payee === null ? '' : ` ${quoted(payee.public_name)}`} ${quoted(entry.description)} #${entry.kind}`
    + `${entry.reverses === null ? '' : ' #reversal'} ${links.map((link) => `^${link}`).join(' ')}\n`;
  text += meta('number', entry.number) + meta('seq', entry.seq) + meta('order', entry.proposal_id) + meta('reverses', entry.reverses)
    + meta('reversed-by', entry.reversed_by) + meta('reference', entry.reference) + meta('signed-by', signedText(entry.signatures))
    + meta('vouchers', entry.vouchers.join(' ')) + meta('made-by', entry.made_by) + meta('recorded-at', entry.recorded_at);
  for (const line of entry.lines) {
    text += `  ${nameOf(line.account, line.fund)}  ${amountOf(line)} CNY\n${meta('unit', line.unit, '    ')}${meta('payee-number', line.payee, '    ')}`;
  }
  return `${text}\n`;
}

function monthEndText(nameOf: Names, { period, rows }: MonthEnd): string {
  if (rows.length === 0) return '';
  const day = dayAfter(period);
  let text = '';
  for (const [account, balance] of byAccount(rows)) text += `${day} balance ${nameOf(account)}  ${exactly(balance)}\n`;
  for (const { account, fund, closing } of rows) text += `${day} balance ${nameOf(account, fund)}  ${exactly(closing)}\n`;
  return `${text}\n`;
}

/** The whole journal, in pieces of some hundred kilobytes. */
export async function* beancountText(house: House, books: Books, pages = entryPages(house, books)): AsyncGenerator<string> {
  const nameOf = namesOf(books);
  yield* head(books, nameOf);
  yield opening(books, nameOf);
  for await (const piece of piecesOf(books, pages)) {
    if (piece.kind === 'month_end') yield monthEndText(nameOf, piece.end);
    else yield piece.entries.map((entry) => entryText(books, nameOf, entry)).join('');
  }
}
