// What page one must say first (须知): whatever is not closed, not signed, not reconciled with the bank,
// not answered, late, or reversed. Each with its figures, none with a person's name.
import { businessDate, daysBetween, instant, lastDay } from '../kernel/dates.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, sum } from '../kernel/money.ts';
import { formatDate, formatPeriod } from '../web/locale.ts';
import type { BankRow, EntryRow, Named, Notice, UnexplainedRow } from '../../reports/monthly-disclosure/figures.ts';

const texts = {
  unclosed: {
    zh: '{period}尚未结账：账目还可能增加；如有变化，将另发新版本。',
    en: '{period} is not closed yet: entries may still be added; a new version will then follow.',
  },
  waiting: {
    zh: '有 {count} 件事项等待签批，其中付款 {payments} 件，合计 {amount} 元。',
    en: '{count} proposals wait for signatures, {payments} of them payments of {amount} yuan together.',
  },
  held: { zh: '有 {count} 件事项被暂缓签批。', en: '{count} proposals are on hold.' },
  unpaid: {
    zh: '已签批、尚未付款：第 {number} 号“{title}”{amount} 元（{date} 提交）。',
    en: 'Approved and not yet paid: order {number} "{title}", {amount} yuan (submitted {date}).',
  },
  unpaid_rest: {
    zh: '另有 {count} 张已签批、尚未付款的申请单，合计 {amount} 元。',
    en: 'A further {count} orders are approved and not yet paid, {amount} yuan together.',
  },
  not_carried_out: {
    zh: '有 {count} 件非付款事项已签批、尚未执行。',
    en: '{count} approved proposals other than payments are not carried out yet.',
  },
  paid_early: {
    zh: '有 {count} 笔付款的日期早于签齐的日期，合计 {amount} 元，请与银行流水核对。',
    en: '{count} payments of {amount} yuan together are dated before their last signature; please compare them with the bank.',
  },
  emergencies: {
    zh: '应急付款待补签 {count} 笔，合计 {amount} 元，最早应于 {date} 前补签。',
    en: '{count} emergency payments of {amount} yuan together wait to be ratified, the first by {date}.',
  },
  emergencies_late: {
    zh: '其中 {count} 笔应急付款过了补签期限，至今没有补签；补签以前不能再办应急付款。',
    en: '{count} of the emergency payments are overdue for ratification; until then no other can be made.',
  },
  objections: {
    zh: '有 {open} 条书面异议没有答复，涉及 {proposals} 件事项；答复以前不能办理。',
    en: '{open} written objections to {proposals} proposals are unanswered; nothing is carried out before they are.',
  },
  not_stated: {
    zh: '{account}（尾号 {last4}）：没有收到银行的月末余额，账面 {book} 元未能与银行核对。',
    en: '{account} (ending {last4}): no balance from the bank for this month; the books\' {book} yuan could not be compared.',
  },
  differs: {
    zh: '{account}（尾号 {last4}）：{date} 银行余额 {bank} 元，账面 {book} 元，相差 {difference} 元，原因待查。',
    en: '{account} (ending {last4}): on {date} the bank says {bank} yuan, the books {book}, a difference of {difference}, not yet explained.',
  },
  differs_items: {
    zh: '{account}（尾号 {last4}）：{date} 银行余额 {bank} 元，账面 {book} 元，相差 {difference} 元，由 {items} 笔未达账项说明，见银行存款余额调节表。',
    en: '{account} (ending {last4}): on {date} the bank says {bank} yuan, the books {book}; {items} items in transit explain the difference of {difference}, see the reconciliation statement.',
  },
  remains: {
    zh: '{account}（尾号 {last4}）：列明未达账项以后仍相差 {remaining} 元，是第一份对账单（{from}）以前就有的，原因待查。',
    en: '{account} (ending {last4}): after all items {remaining} yuan remain, a difference of before the first statement ({from}), not yet explained.',
  },
  open_lines: {
    zh: '{account}（尾号 {last4}）：到 {date} 银行有 {count} 笔流水至今没有记账。',
    en: '{account} (ending {last4}): {count} lines of the bank up to {date} are not in the books to this day.',
  },
  not_covered: {
    zh: '{account}（尾号 {last4}）：银行对账单逐笔只到 {date}，没有到月末，以后的流水没有核对。',
    en: '{account} (ending {last4}): the bank\'s statements go line by line to {date}, not to the end of the month.',
  },
  no_lines: {
    zh: '{account}（尾号 {last4}）：没有银行对账单，只核对了余额，没有逐笔核对。',
    en: '{account} (ending {last4}): no bank statement was handed in; only the balance was compared, not the lines.',
  },
  unexplained: {
    zh: '异常支出：{date} 银行付出 {amount} 元（尾号 {last4}，{number}），事前没有签批，至今 {days} 天没有说明。',
    en: 'Unexplained debit: on {date} the bank paid {amount} yuan (ending {last4}, {number}) without an order; for {days} days nobody has explained it.',
  },
  unexplained_partly: {
    zh: '异常支出：{date} 银行付出 {amount} 元（尾号 {last4}，{number}），事前没有签批；{settled}，还有 {left} 元没有说明。',
    en: 'Unexplained debit: on {date} the bank paid {amount} yuan (ending {last4}, {number}) without an order; {settled}; {left} yuan are not explained yet.',
  },
  after_the_fact: {
    zh: '先付后签：{date} 银行付出 {amount} 元（尾号 {last4}，{number}），事前没有签批；{settled}。',
    en: 'Signed after the fact: on {date} the bank paid {amount} yuan (ending {last4}, {number}) without an order; {settled}.',
  },
  unbooked: {
    zh: '异常支出：{account}（尾号 {last4}）没有记账的流水里有 {count} 笔是银行付出，合计 {amount} 元，没有签批，至今没有说明。',
    en: 'Unexplained debits: of the lines of {account} (ending {last4}) that are not in the books, {count} are money the bank paid out, {amount} yuan together, without an order and not explained.',
  },
  unexplained_rest: {
    zh: '另有 {count} 笔事前没有签批的银行支出，合计 {amount} 元，其中 {left} 元没有说明，见明细。',
    en: 'A further {count} debits without an order, {amount} yuan together, {left} of them not explained; see the tables.',
  },
  unexplained_in: {
    zh: '有 {count} 笔银行收款不知道是谁交的什么钱，合计 {amount} 元，暂记待核实收入。',
    en: '{count} credits of the bank, {amount} yuan together, are not explained yet and are held in suspense.',
  },
  stated_early: {
    zh: '{account}（尾号 {last4}）：银行余额只核对到 {date}，不是月末。',
    en: '{account} (ending {last4}): compared with the bank only up to {date}, not to the end of the month.',
  },
  questions: { zh: '有 {count} 个业主质询等待答复，尚在期限内。', en: '{count} questions of owners wait for an answer, still in time.' },
  questions_late: { zh: '有 {count} 个业主质询超过答复期限，至今未答复。', en: '{count} questions of owners are overdue and not answered.' },
  questions_very_late: {
    zh: '其中 {count} 个业主质询严重逾期（超过期限的两倍），至今未答复。',
    en: '{count} of them are very late: past twice the days and not answered.',
  },
  late: {
    zh: '本公示应于 {due} 发布，实际于 {date} 发布，迟了 {days} 天。',
    en: 'This disclosure was due on {due} and was published on {date}, {days} days late.',
  },
  overdue: {
    zh: '本公示应于 {due} 发布，至今未发布，已迟 {days} 天。',
    en: 'This disclosure was due on {due} and is {days} days overdue.',
  },
  reversal: {
    // Its memo names the entry it reverses, and why.
    zh: '{number} {description}，{amount} 元。',
    en: '{number} reverses {reverses} in red ({description}), {amount} yuan.',
  },
  reversal_rest: { zh: '另有 {count} 笔红字冲销，见明细。', en: 'A further {count} red-letter reversals; see the entries.' },
} as const satisfies Record<string, Bilingual>;

// One explanation of several is joined in these.
const settledBy = {
  after: { zh: '事后由第 {order} 号付款单补签批（{date}，{number}）', en: 'order {order} was signed for it afterwards ({date}, {number})' },
  other: { zh: '{date} 由 {number} 说明', en: 'explained on {date} by {number}' },
  several: { zh: '事后由 {count} 张付款单补签批（最后一张第 {order} 号，{date}，{number}）', en: '{count} orders were signed for it afterwards (the last one {order}, {date}, {number})' },
} as const satisfies Record<string, Bilingual>;

export interface WaitingProposal {
  proposal_id: number; kind: string; state: string; title: string; amount: string | null; submitted_at: Date | null;
}

export interface NoticeFacts {
  period: string;
  closed: boolean;
  proposals: WaitingProposal[];
  bank: BankRead[];
  unexplained: UnexplainedRow[];
  /** By bank account: debits that are not in the books at all. */
  unbooked: (Named & { account_last4: string; count: number; amount: string })[];
  questions: { waiting: number; late: number };
  /** Of the late ones: past twice the days. */
  very_late: number;
  /** Emergency orders that were not ratified; `late` of them past their day. */
  emergencies: { count: number; amount: string; ratify_by: string | null; late: number };
  /** Written objections without an answer, and the proposals that wait for it. */
  objections: { open: number; proposals: number };
  entries: EntryRow[];
  /** Whole amount of each reversal, negative, by its record. */
  amounts: ReadonlyMap<number, string>;
  due_on: string;
  /** Records of entries dated before one of their signatures; ratifications come afterwards by their rule. */
  early: ReadonlySet<number>;
  /** Null for a draft. */
  published_at: string | null;
  version: number;
  today: string;
}

// Longer lists would push the balances off page one; every item is among the entries anyway.
const LIST_LIMIT = 10;
const amountOf = (amounts: readonly (string | null)[]): string =>
  moneyFigures(sum(amounts.map((amount) => money(amount ?? '0.00'))));

type Facts = Record<string, string | number | Bilingual>;

function notice(kind: Notice['kind'], name: keyof typeof texts, facts: Facts): Notice {
  const inLocale = (locale: 'zh' | 'en'): string => fill(texts[name][locale], Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [key, typeof fact === 'object' ? fact[locale] : fact])));
  return { kind, text_zh: inLocale('zh'), text_en: inLocale('en') };
}

const dated = (date: string): Bilingual => ({ zh: formatDate(date, 'zh'), en: formatDate(date, 'en') });

/** Money that left before both keys had turned, or a date that is not the bank's: both are the owners' business. */
function paidEarly({ entries, early: seqs }: NoticeFacts): Notice[] {
  const early = entries.filter((entry) => entry.kind === 'payment' && entry.reverses === null && seqs.has(entry.seq));
  if (early.length === 0) return [];
  return [notice('unsigned', 'paid_early', { count: early.length, amount: amountOf(early.map((entry) => entry.paid)) })];
}

/** A refund leaves the account as a payment does. */
const isPaid = ({ kind }: WaitingProposal): boolean => kind === 'payment' || kind === 'refund';

function unratified({ emergencies: { count, amount, ratify_by, late: overdue } }: NoticeFacts): Notice[] {
  if (count === 0) return [];
  return [
    notice('unsigned', 'emergencies', { count, amount: amountOf([amount]), date: dated(ratify_by!) }),
    ...(overdue === 0 ? [] : [notice('unsigned', 'emergencies_late', { count: overdue })]),
  ];
}

function unsigned(facts: NoticeFacts): Notice[] {
  const { proposals } = facts;
  const list: Notice[] = [];
  const waiting = proposals.filter((p) => p.state === 'submitted');
  const payments = waiting.filter(isPaid);
  if (waiting.length > 0) {
    list.push(notice('unsigned', 'waiting',
      { count: waiting.length, payments: payments.length, amount: amountOf(payments.map((p) => p.amount)) }));
  }
  const held = proposals.filter((p) => p.state === 'held').length;
  if (held > 0) list.push(notice('unsigned', 'held', { count: held }));
  const approved = proposals.filter((p) => p.state === 'approved');
  const unpaid = approved.filter(isPaid);
  for (const order of unpaid.slice(0, LIST_LIMIT)) {
    list.push(notice('unsigned', 'unpaid', {
      number: order.proposal_id, title: order.title, amount: amountOf([order.amount]),
      date: dated(businessDate(order.submitted_at!)),
    }));
  }
  const rest = unpaid.slice(LIST_LIMIT);
  if (rest.length > 0) {
    list.push(notice('unsigned', 'unpaid_rest', { count: rest.length, amount: amountOf(rest.map((p) => p.amount)) }));
  }
  list.push(...unratified(facts), ...paidEarly(facts));
  const others = approved.length - unpaid.length;
  if (others > 0) list.push(notice('unsigned', 'not_carried_out', { count: others }));
  return list;
}

/** A bank account's row, and whether there was such an account in the month. */
export interface BankRead { row: BankRow; open: boolean }

/** The balance handed in, beside the books of its day. */
function compared(row: BankRow, facts: Facts): Notice[] {
  const { statement, as_of } = row;
  if (money(row.difference ?? '0.00').isZero()) return [];
  const items = statement !== null && statement !== undefined && statement.covered_to === as_of ? statement.bank_items + statement.book_items : 0;
  return [notice('unreconciled', items > 0 && money(statement!.remaining).isZero() ? 'differs_items' : 'differs', {
    ...facts, items, date: dated(as_of!), bank: moneyFigures(money(row.bank_balance!)), difference: moneyFigures(money(row.difference!)),
  })];
}

/** The lines of the statements, up to the month's end or not. */
function lineByLine({ statement, closed_on }: BankRow, last_day: string, facts: Facts): Notice[] {
  if (statement === null || statement === undefined) return [notice('unreconciled', 'no_lines', facts)];
  const { covered_to, remaining, from, open_lines } = statement;
  return [
    ...(covered_to < last_day && covered_to !== closed_on ? [notice('unreconciled', 'not_covered', { ...facts, date: dated(covered_to) })] : []),
    ...(open_lines > 0 ? [notice('unreconciled', 'open_lines', { ...facts, date: dated(covered_to), count: open_lines })] : []),
    ...(money(remaining).isZero() ? [] : [notice('unreconciled', 'remains', { ...facts, remaining: moneyFigures(money(remaining)), from: dated(from) })]),
  ];
}

function unreconciled({ bank, period }: NoticeFacts): Notice[] {
  return bank.filter(({ open }) => open).flatMap(({ row }) => {
    const facts = {
      account: { zh: row.name_zh, en: row.name_en }, last4: row.account_last4, book: moneyFigures(money(row.book_balance)),
    };
    if (row.bank_balance === null || row.as_of === null) return [notice('unreconciled', 'not_stated', facts)];
    const early = row.as_of < lastDay(period) && row.as_of !== row.closed_on;
    const lines = lineByLine(row, lastDay(period), facts);
    return [
      ...compared(row, facts), ...lines,
      // Statements that end on that day have said so.
      ...(early && row.statement?.covered_to !== row.as_of ? [notice('unreconciled', 'stated_early', { ...facts, date: dated(row.as_of) })] : []),
    ];
  });
}

function settledWords({ settled }: UnexplainedRow): Bilingual {
  const last = settled.at(-1);
  if (last === undefined) return { zh: '', en: '' };
  const name = last.order === null ? 'other' : settled.length > 1 ? 'several' : 'after';
  const inLocale = (locale: Locale): string => fill(settledBy[name][locale], {
    count: settled.length, order: last.order ?? '', date: formatDate(last.date, locale), number: `${last.period} ${last.number}`,
  });
  return { zh: inLocale('zh'), en: inLocale('en') };
}

/** What left the account without an order, whether it is explained by now or not; and what came in that nobody explains. */
function unexplained({ unexplained: rows, unbooked, today }: NoticeFacts): Notice[] {
  const missing = unbooked.map(({ name_zh, name_en, account_last4, count, amount }) =>
    notice('unexplained', 'unbooked', { account: { zh: name_zh, en: name_en }, last4: account_last4, count, amount: amountOf([amount]) }));
  const debits = rows.filter(({ side }) => side === 'debit');
  const list = debits.slice(0, LIST_LIMIT).map((row) => {
    const open = !money(row.left).isZero();
    return notice('unexplained', !open ? 'after_the_fact' : row.settled.length > 0 ? 'unexplained_partly' : 'unexplained', {
      date: dated(row.booked_on), amount: amountOf([row.amount]), last4: row.account_last4, number: `${row.period} ${row.number}`,
      days: daysBetween(row.booked_on, today), settled: settledWords(row), left: amountOf([row.left]),
    });
  });
  const rest = debits.slice(LIST_LIMIT);
  if (rest.length > 0) {
    list.push(notice('unexplained', 'unexplained_rest', {
      count: rest.length, amount: amountOf(rest.map((row) => row.amount)), left: amountOf(rest.map((row) => row.left)),
    }));
  }
  const credits = rows.filter(({ side, left }) => side === 'credit' && !money(left).isZero());
  if (credits.length > 0) list.push(notice('unexplained', 'unexplained_in', { count: credits.length, amount: amountOf(credits.map((row) => row.left)) }));
  return [...missing, ...list];
}

function late({ published_at, due_on, version, today }: NoticeFacts): Notice[] {
  const date = published_at === null ? today : businessDate(instant(published_at));
  if (version > 1 || date <= due_on) return [];
  return [notice('late', published_at === null ? 'overdue' : 'late',
    { due: dated(due_on), date: dated(date), days: daysBetween(due_on, date) })];
}

function reversals({ entries, amounts }: NoticeFacts): Notice[] {
  const red = entries.filter((entry) => entry.reverses !== null);
  const list = red.slice(0, LIST_LIMIT).map((entry) => notice('reversal', 'reversal', {
    number: entry.number, reverses: entry.reverses!, description: entry.description,
    amount: amountOf([amounts.get(entry.seq) ?? null]),
  }));
  const rest = red.length - list.length;
  return rest > 0 ? [...list, notice('reversal', 'reversal_rest', { count: rest })] : list;
}

/** In the order in which they are printed. */
export function noticesOf(facts: NoticeFacts): Notice[] {
  const { questions, very_late, objections, period } = facts;
  const month = { zh: formatPeriod(period, 'zh'), en: formatPeriod(period, 'en') };
  return [
    ...(facts.closed ? [] : [notice('unclosed', 'unclosed', { period: month })]),
    ...late(facts),
    ...unexplained(facts),
    ...unsigned(facts),
    ...unreconciled(facts),
    ...(objections.open > 0 ? [notice('unanswered', 'objections', { ...objections })] : []),
    ...(questions.late > 0 ? [notice('unanswered', 'questions_late', { count: questions.late })] : []),
    ...(very_late > 0 ? [notice('unanswered', 'questions_very_late', { count: very_late })] : []),
    ...(questions.waiting > 0 ? [notice('unanswered', 'questions', { count: questions.waiting })] : []),
    ...reversals(facts),
  ];
}
