// What a person should know of a file before it is taken, though nothing of it is wrong: what rests on their own word,
// what cannot be compared, what differs from a balance typed from paper.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { daysBetween, firstDay } from '../kernel/dates.ts';
import { minus, money, moneyFigures } from '../kernel/money.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type { Statement } from '../bankfile/statement.ts';
import type { AccountFound } from './statement-account.ts';
import type { Comparison, FileLine } from './statement-compare.ts';
import type { DaysFound, StatedRead } from './statement-file.ts';
import type { BooksBefore, Covered } from './statement-known.ts';

export interface Warning { code: WarningCode; facts: Record<string, string | number> }

export const warningTexts = {
  account_not_named: { zh: '文件里没有账号，系统无法确认它是尾号 {ending} 的账户，请您自己核对。', en: 'The file names no account; that it is the one ending {ending} rests on your word.' },
  days_by_word: { zh: '文件没有写明期间，{from} 至 {to} 由您声明，并会公开注明。', en: 'The file does not state its days; {from} to {to} rests on your word, and is shown so in public.' },
  days_beyond_lines: {
    zh: '最后一笔流水是 {last}，您声明到 {to}：其间 {days} 天没有流水，只凭您的话。',
    en: 'The last line is of {last}, you state the days up to {to}: that nothing moved in those {days} days rests on your word.',
  },
  day_not_over: { zh: '{to} 还没有过完，当天后来的流水请再交一次（从 {to} 起下载）。', en: '{to} is not over; lines that come later that day need another file, downloaded from {to} on.' },
  balance_by_word: { zh: '文件里没有余额，期初余额 {opening} 由您填写。', en: 'The file has no balances; the opening balance {opening} rests on your word.' },
  first_statement: {
    zh: '这是该账户的第一份对账单。{from} 银行期初余额 {opening}，与账面一致。收下后期初不能再改。',
    en: 'This is the first statement of the account. On {from} the bank opens with {opening}, as the books do. Once taken, the opening stays.',
  },
  opening_differs: {
    zh: '期初对不上：这是该账户的第一份对账单，{from} 银行期初余额是 {opening}，账面（含当天的期初凭证）是 {books}，相差 {difference} 元。收下后不能再改，请先查明。',
    en: 'The opening does not agree: this is the first statement of the account; on {from} the bank opens with {opening}, the books (with the opening entries of that day) have {books}, a difference of {difference}. Once taken it stays; find out why first.',
  },
  first_is_late: {
    zh: '账本从 {begins} 开始，对账单从 {from} 开始：之前的流水今后补不进来，也没法逐笔核对。',
    en: 'The books begin on {begins}, the statement on {from}: lines before that cannot be added later and will not be compared.',
  },
  late_lines: {
    zh: '{day} 已有对账单，文件里这一天又多出 {n} 笔：上次下载时这一天还没过完，或上次的文件漏了。',
    en: '{day} was covered before, and the file has {n} more lines of it: the day was not over then, or the earlier file left them out.',
  },
  paper_differs: {
    zh: '{day} 曾凭纸质对账单登记余额 {paper}，文件是 {file}，差 {difference} 元。收下后以文件为准。',
    en: 'For {day} the balance {paper} was typed from paper; the file says {file}, a difference of {difference}. Once taken, the file counts.',
  },
  nothing_new: { zh: '文件里的流水都已收过，完全一致。收下它作为又一份凭证，不增加流水。', en: 'All lines were taken before and are the very same. The file is kept as further evidence; no line is added.' },
  by_mapping: { zh: '按本小区选定的列读取，请在下面核对几行。', en: 'Read by the columns chosen in this estate; please check a few lines below.' },
} as const satisfies Record<string, Bilingual>;
export type WarningCode = keyof typeof warningTexts;

interface Seen extends Comparison {
  account: AccountFound;
  days: DaysFound;
  all: readonly FileLine[];
  covered: Covered | null;
  before_first: BooksBefore | null;
  today: string;
  statement: Statement;
  stated: StatedRead;
}

const figures = (amount: string): string => moneyFigures(money(amount));
const apart = (a: string, b: string): string => moneyFigures(minus(money(a), money(b)));

export async function warningsOf(trx: Trx, estate: Estate, seen: Seen): Promise<Warning[]> {
  const { account: { account, named }, days, all, covered, today, statement, stated, fresh, repeated, late } = seen;
  const { from, to } = days;
  const last = all.at(-1)?.booked_on;
  const found: (Warning | false)[] = [
    !named && { code: 'account_not_named', facts: { ending: account.account_last4 } },
    !days.stated && { code: 'days_by_word', facts: { from, to } },
    !days.stated && last !== undefined && last < to && { code: 'days_beyond_lines', facts: { last, to, days: daysBetween(last, to) } },
    to === today && { code: 'day_not_over', facts: { to } },
    stated.opening !== undefined && { code: 'balance_by_word', facts: { opening: figures(statement.opening) } },
    statement.format.startsWith('mapping') && { code: 'by_mapping', facts: {} },
    late > 0 && covered !== null && { code: 'late_lines', facts: { day: covered.to, n: late } },
    fresh.length === 0 && repeated > 0 && { code: 'nothing_new', facts: {} },
  ];
  found.push(...firstOf(estate, seen), ...await paperOf(trx, estate, seen));
  return found.filter((one) => one !== false);
}

function firstOf({ first_period }: Estate, { before_first, days: { from }, statement: { opening } }: Seen): Warning[] {
  if (before_first === null) return [];
  const { books, agrees } = before_first;
  const begins = firstDay(first_period);
  return [
    { code: agrees ? 'first_statement' : 'opening_differs', facts: { from, books: figures(books), opening: figures(opening), difference: apart(opening, books) } },
    ...(from > begins ? [{ code: 'first_is_late', facts: { begins, from } } as const] : []),
  ];
}

/** Balances typed from paper for days of the file, where they differ. */
async function paperOf(trx: Trx, { estate_id }: Estate, { account: { account }, days: { from, to }, all, statement }: Seen): Promise<Warning[]> {
  const { rows } = await sql<{ as_of: string; balance: string }>`
    select distinct on (b.as_of) b.as_of, b.balance from bank_balance b
    where b.estate_id = ${estate_id} and b.account = ${account.account} and b.as_of between ${from} and ${to}
      and not exists (select from bank_statement s where s.estate_id = b.estate_id and s.seq = b.seq)
    order by b.as_of, b.seq desc limit 100`.execute(trx);
  return rows.flatMap(({ as_of, balance }): Warning[] => {
    const file = all.findLast((line) => line.booked_on <= as_of)?.balance ?? statement.opening;
    return file === balance ? [] : [{ code: 'paper_differs', facts: { day: as_of, paper: figures(balance), file: figures(file), difference: apart(file, balance) } }];
  });
}
