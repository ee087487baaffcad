// Money nobody explains (待核实): booked the same day all the same, because the bank says it moved.
//   debit    借 1291 待核实支出   贷 bank account     付, no order; a public exception from that moment on
//   credit   借 bank account     贷 2291 待核实收入   收
//   settled  credit: 借 2291 贷 income or liability, on one hand     debit: by an order signed afterwards (payment/settle.ts)
//            where the money is of another fund: 贷 bank [fund of suspense]  借 bank [its fund]
// A line without any candidate is booked at once; one that waits for a person, at 20:00 of the day its statement was taken
// (a statement taken later than that: shortly before midnight).
// Whoever serves on committee, board of supervisors or as manager is told of a debit in the same transaction; of more than
// ten at once (a first statement) they are told in one notice. A debit that cannot be booked even so (its account and month are
// closed) is told and public all the same, as a line of the bank (unbooked_debits() in the database).
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { businessDate, shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures, sum } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { estateToday } from '../evidence/records.ts';
import { entryBody } from '../ledger/entry.ts';
import { formatDate } from '../web/locale.ts';
import type { Estate } from '../kernel/actor.ts';
import { amountOf, fromLine, type Booking } from './book.ts';
import type { OpenLine } from './candidate.ts';
import { isOut } from './matching.ts';

export const DEBITS = '1291';
export const CREDITS = '2291';

/** The moment from which a line that waits for a person is booked to suspense. */
export function deadlineOf({ imported_at }: Pick<OpenLine, 'imported_at'>): Date {
  const day = businessDate(imported_at);
  const evening = shanghaiInstant(day, '20:00');
  return imported_at < evening ? evening : shanghaiInstant(day, '23:50');
}

export function suspenseBody(booking: Booking, line: OpenLine, fund: string): string {
  const amount = amountOf(line);
  const base = { ...fromLine(booking, line), vouchers: [line.sha256] };
  if (isOut(line.amount)) {
    return entryBody({
      ...base, kind: 'payment', description: `待核实支出：银行 ${line.booked_on} 付出，没有签批的付款申请单`,
      postings: [{ account: DEBITS, fund, debit: amount }, { account: booking.account, fund, credit: amount }],
    });
  }
  return entryBody({
    ...base, kind: 'receipt', description: `待核实收入：银行 ${line.booked_on} 收到，用途不明`,
    postings: [{ account: booking.account, fund, debit: amount }, { account: CREDITS, fund, credit: amount }],
  });
}

const alarm: Bilingual = {
  zh: '银行 {day} 从尾号 {last4} 的共管账户付出 {amount} 元，没有签批的付款申请单。已记入待核实并公开，请查清并补签。',
  en: 'On {day} the bank paid {amount} yuan out of the joint account ending {last4} without a signed order. It is booked as unexplained and public; find out what it was and have an order signed.',
};

const alarms: Bilingual = {
  zh: '银行从尾号 {last4} 的共管账户付出的 {count} 笔、共 {amount} 元（{from} 至 {to}），都没有签批的付款申请单。已记入待核实并公开，请逐笔查清并补签。',
  en: 'The bank paid {count} amounts, {amount} yuan in all, out of the joint account ending {last4} between {from} and {to} without a signed order. They are booked as unexplained and public; find out what each was and have orders signed.',
};

const alarmUnbooked: Bilingual = {
  zh: '银行 {day} 从尾号 {last4} 的共管账户付出 {amount} 元，没有签批的付款申请单，账上也记不进去（账户已注销、月份已结账或没有可用的资金）。已公开，请查清。',
  en: 'On {day} the bank paid {amount} yuan out of the joint account ending {last4} without a signed order, and the books cannot take it (the account or its month is closed, or no fund may bear it). It is public; find out what it was.',
};

const alarmsUnbooked: Bilingual = {
  zh: '银行从尾号 {last4} 的共管账户付出的 {count} 笔、共 {amount} 元（{from} 至 {to}），都没有签批的付款申请单，账上也记不进去。已公开，请逐笔查清。',
  en: 'The bank paid {count} amounts, {amount} yuan in all, out of the joint account ending {last4} between {from} and {to} without a signed order, and the books cannot take them. They are public; find out what each was.',
};
const MOST_ALONE = 10;

/** Whoever has to hear of it: committee, supervisors, manager. */
async function watchersOf(trx: Trx, estate_id: number, on: BusinessDate): Promise<string[]> {
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('office', 'in', ['chair', 'member', 'supervisor', 'manager']).where('starts_on', '<=', on).where('ends_on', '>=', on).execute();
  return rows.map((row) => row.person_id);
}

/** An unexplained debit that is told: `seq` null where the books could not take it. */
export interface Alarming { seq: number | null; line: OpenLine }

/** Row of a debit on the page of exceptions: its entry, or the line of the bank that no entry answers. */
export const exceptionRow = ({ seq, account, position }: { seq: number | null; account: string; position: number }): string =>
  (seq === null ? `line-${account}-${position}` : `entry-${seq}`);

/** Tells of unexplained debits, each once: of those booked just now, and of those that could not be booked. */
export async function sendAlarms(
  trx: Trx, estate: Pick<Estate, 'estate_id' | 'code'>, { account, last4 }: { account: string; last4: string }, debits: readonly Alarming[],
): Promise<void> {
  if (debits.length === 0) return;
  const { estate_id, code } = estate;
  const person_ids = await watchersOf(trx, estate_id, await estateToday(trx, estate_id));
  for (const some of [debits.filter(({ seq }) => seq !== null), debits.filter(({ seq }) => seq === null)]) {
    const [first, last] = [some[0], some.at(-1)];
    if (first === undefined || last === undefined) continue;
    const is_booked = first.seq !== null;
    if (some.length > MOST_ALONE) {
      const days = some.map(({ line }) => line.booked_on).sort();
      const facts = (locale: 'zh' | 'en') => ({
        last4, count: some.length, amount: moneyFigures(sum(some.map(({ line }) => amountOf(line)))), from: formatDate(days[0]!, locale), to: formatDate(days.at(-1)!, locale),
      });
      const text = is_booked ? alarms : alarmsUnbooked;
      // Those that cannot be booked come up with every run: told again only when there are others among them.
      const key = is_booked ? `exceptions:${first.seq}` : `exceptions:line:${account}:${first.line.position}-${last.line.position}`;
      await notify(trx, { estate_id, person_ids, key, href: `/e/${code}/exceptions`, text: { zh: fill(text.zh, facts('zh')), en: fill(text.en, facts('en')) } });
      continue;
    }
    for (const { seq, line } of some) {
      const facts = (locale: 'zh' | 'en') => ({ day: formatDate(line.booked_on, locale), last4, amount: moneyFigures(amountOf(line)) });
      const text = is_booked ? alarm : alarmUnbooked;
      await notify(trx, {
        estate_id, person_ids, key: is_booked ? `exception:${seq}` : `exception:line:${account}:${line.position}`,
        href: `/e/${code}/exceptions#${exceptionRow({ seq, account, position: line.position })}`,
        text: { zh: fill(text.zh, facts('zh')), en: fill(text.en, facts('en')) },
      });
    }
  }
}

// ── What is public ───────────────────────────────────────────────────────────────────────────────

export interface Exception {
  /** Entry that booked it to 1291; null: the books could not take it, it is a line of the bank only. */
  seq: number | null;
  /** "2026-11 付-003". */
  number: string | null;
  account: string;
  position: number;
  account_last4: string;
  booked_on: BusinessDate;
  amount: string;
  left_amount: string;
  /** Whole days since the bank paid. */
  days: number;
}

const unbooked = (estate_id: number) => sql`
  select null::bigint as seq, null::text as number, u.account, u.position, b.account_last4, u.booked_on, u.amount::numeric(16, 2) as amount,
    u.amount::numeric(16, 2) as left_amount, estate_today(${estate_id}) - u.booked_on as days
  from unbooked_debits(${estate_id}, estate_clock(${estate_id})) u join bank_account b on b.estate_id = ${estate_id} and b.account = u.account`;

/** Debits that nobody signed for, oldest first: what is not settled yet, and what no entry answers. */
export async function listExceptions(trx: Trx, estate_id: number): Promise<Exception[]> {
  const { rows } = await sql<Exception>`
    select s.seq, s.period || ' ' || s.number as number, s.account, s.position, b.account_last4, s.booked_on, s.amount::numeric(16, 2) as amount,
      s.left_amount::numeric(16, 2) as left_amount, estate_today(${estate_id}) - s.booked_on as days
    from open_suspense(${estate_id}) s join bank_account b on b.estate_id = ${estate_id} and b.account = s.account
    where s.side = 'debit'
    union all ${unbooked(estate_id)}
    order by booked_on, seq, position`.execute(trx);
  return rows;
}

export interface Settlement {
  seq: number;
  number: string;
  entry_date: BusinessDate;
  amount: string;
  /** Order it was settled by. */
  proposal_id: number;
  reference: string;
  purpose: string;
  payee_name: string;
  /** Signed after the bank had paid. */
  after_the_fact: boolean;
}
export interface ExceptionTold extends Exception {
  settlements: Settlement[];
  /** Orders for it that are on their way to their signatures. */
  asked: { proposal_id: number; reference: string; state: string }[];
  reversed: boolean;
}

/** Every debit that was ever unexplained, newest first, with what became of it: history stays. Before them, on the first page,
 *  those that no entry answers. */
export async function exceptionHistory(
  trx: Trx, estate_id: number, { limit, cursor }: { limit: number; cursor?: number | undefined },
): Promise<{ items: ExceptionTold[]; next_cursor: string | null }> {
  const { rows } = await sql<ExceptionTold>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.bank_account as account, e.bank_position as position,
      b.account_last4, l.booked_on,
      e.amount::numeric(16, 2) as amount, coalesce(left_of.left_amount, 0)::numeric(16, 2) as left_amount,
      estate_today(${estate_id}) - l.booked_on as days, left_of.side is null as reversed,
      coalesce((select json_agg(json_build_object('seq', x.seq, 'number', x.period || ' ' || entry_number(x.kind, x.number), 'entry_date', x.entry_date,
          'amount', q.amount::text, 'proposal_id', x.proposal_id, 'reference', o.reference, 'purpose', o.purpose, 'payee_name', y.public_name,
          'after_the_fact', coalesce(p.document::jsonb ? 'after_the_fact', false)) order by x.seq)
        from journal_entry x join payment_order o on o.estate_id = x.estate_id and o.proposal_id = x.proposal_id
        join proposal p on p.estate_id = x.estate_id and p.proposal_id = x.proposal_id
        join payee y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
        cross join lateral (select sum(g.credit) as amount from posting g where g.estate_id = x.estate_id and g.seq = x.seq and g.account = ${DEBITS}) q
        where x.estate_id = ${estate_id} and x.settles = e.seq
          and not exists (select from journal_entry r where r.estate_id = x.estate_id and r.reverses = x.seq)), '[]') as settlements,
      coalesce((select json_agg(json_build_object('proposal_id', o.proposal_id, 'reference', o.reference, 'state', p.state) order by o.proposal_id)
        from payment_order o join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
        where o.estate_id = ${estate_id} and o.settles = e.seq and p.state in ('submitted', 'held', 'approved', 'returned')), '[]') as asked
    from posting s join journal_entry e on e.estate_id = s.estate_id and e.seq = s.seq
    join bank_line l on l.estate_id = e.estate_id and l.account = e.bank_account and l.position = e.bank_position
    join bank_account b on b.estate_id = e.estate_id and b.account = e.bank_account
    left join lateral suspense_left(${estate_id}, e.seq) as left_of on true
    where s.estate_id = ${estate_id} and s.account = ${DEBITS} and s.debit > 0 and e.settles is null and e.reverses is null
      ${cursor === undefined ? sql`` : sql`and e.seq < ${cursor}`}
    order by e.seq desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  const { rows: lines } = cursor === undefined ? await sql<Exception>`${unbooked(estate_id)} order by u.booked_on desc, u.account, u.position limit ${limit}`.execute(trx)
    : { rows: [] };
  return {
    items: [...lines.map((line) => ({ ...line, settlements: [], asked: [], reversed: false })), ...items],
    next_cursor: rows.length > limit ? String(items.at(-1)!.seq) : null,
  };
}

/** Unexplained money of both sides that is not settled, for the work page; debits first, oldest first. */
export interface OpenSuspense extends Exception {
  seq: number;
  number: string;
  side: 'debit' | 'credit';
  fund: string;
  /** What the bank says: for officers. */
  counterparty_name: string;
  counterparty_account: string;
  memo: string;
  purpose: string;
}
export async function openSuspense(trx: Trx, estate_id: number, account?: string): Promise<OpenSuspense[]> {
  const { rows } = await sql<OpenSuspense>`
    select s.seq, s.side, s.fund, s.position, s.period || ' ' || s.number as number, s.account, b.account_last4, s.booked_on,
      s.amount::numeric(16, 2) as amount, s.left_amount::numeric(16, 2) as left_amount, estate_today(${estate_id}) - s.booked_on as days,
      coalesce(d.counterparty_name, '') as counterparty_name, coalesce(d.counterparty_account, '') as counterparty_account,
      coalesce(d.memo, '') as memo, coalesce(d.purpose, '') as purpose
    from open_suspense(${estate_id}) s join bank_account b on b.estate_id = ${estate_id} and b.account = s.account
    left join bank_line_detail d on d.estate_id = ${estate_id} and d.account = s.account and d.position = s.position
    ${account === undefined ? sql`` : sql`where s.account = ${account}`} order by s.side desc, s.booked_on, s.seq`.execute(trx);
  return rows;
}

/** How a sum reads in a sentence. */
export const figuresOf = (amount: string): string => moneyFigures(money(amount));
