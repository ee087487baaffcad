// Invariants of the books, the bank's lines and what is held for dwellings.
import type { Invariant } from './invariants.ts';

const entry = `e.period || ' ' || entry_number(e.kind, e.number)`;

export const bookInvariants: readonly Invariant[] = [
  { name: 'entries_balance', zh: '每张凭证借贷相等。', en: 'Every entry has equal debits and credits.', sql: `
    select ${entry} as place from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    where e.estate_id = $estate group by e.seq, e.period, e.kind, e.number having sum(p.debit) <> sum(p.credit) order by e.seq` },
  { name: 'entries_balance_in_funds', zh: '每张凭证在每项资金里借贷相等：资金之间没有悄悄挪动。', en: 'Every entry balances within each fund: nothing moves quietly from one to another.', sql: `
    select ${entry} || ' ' || p.fund as place from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    where e.estate_id = $estate group by e.seq, e.period, e.kind, e.number, p.fund having sum(p.debit) <> sum(p.credit) order by e.seq` },
  { name: 'entries_have_lines', zh: '每张凭证至少两行，金额等于借方合计。', en: 'Every entry has two lines or more, and its amount is the sum of its debits.', sql: `
    select ${entry} as place from journal_entry e left join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    where e.estate_id = $estate group by e.seq, e.period, e.kind, e.number, e.amount
    having count(p.line) < 2 or sum(p.debit) is distinct from e.amount order by e.seq` },
  { name: 'trial_balance', zh: '每项资金的试算平衡：借方合计等于贷方合计。', en: 'The trial balance of every fund is even.', sql: `
    select b.fund as place from balance b where b.estate_id = $estate group by b.fund having sum(b.debit) <> sum(b.credit) order by b.fund` },
  { name: 'balances_are_postings', zh: '科目余额就是分录之和，月月、科目、资金都对。', en: 'The balances are the sums of the postings, by month, account and fund.', sql: `
    select coalesce(b.period, p.period) || ' ' || coalesce(b.account, p.account) || ' ' || coalesce(b.fund, p.fund) as place
    from (select period, account, fund, debit, credit from balance where estate_id = $estate) b
    full join (select period, account, fund, sum(debit) as debit, sum(credit) as credit from posting where estate_id = $estate group by 1, 2, 3) p
      using (period, account, fund)
    where b.debit is distinct from p.debit or b.credit is distinct from p.credit order by 1` },
  { name: 'numbers_gapless', zh: '凭证号按月按字连续，不缺号、不重号。', en: 'Voucher numbers run without gaps in every month and kind.', sql: `
    select n.period || ' ' || kind_letter(n.kind) as place from number_head n
    left join (select period, kind, count(*) as count, max(number) as last from journal_entry where estate_id = $estate group by 1, 2) e
      on e.period = n.period and e.kind = n.kind
    where n.estate_id = $estate and (coalesce(e.count, 0) <> n.last or coalesce(e.last, 0) <> n.last) order by 1` },
  { name: 'periods_of_entries', zh: '结账以后，那个月没有再添凭证。', en: 'No entry was added to a month after its close.', sql: `
    select ${entry} as place from period_close c join journal_entry e on e.estate_id = c.estate_id and e.period = c.period and e.seq > c.seq
    where c.estate_id = $estate order by e.seq` },
  { name: 'closes_count', zh: '结账时签的凭证张数，就是那个月现在的凭证张数。', en: 'A closed month has as many entries as were signed for.', sql: `
    select c.period as place from period_close c
    where c.estate_id = $estate and c.entries <> (select count(*) from journal_entry e where e.estate_id = c.estate_id and e.period = c.period) order by 1` },
  { name: 'reversals_mirror', zh: '红字凭证与被冲销的凭证行行相反。', en: 'A red-letter entry is the entry it reverses with every sign turned.', sql: `
    select ${entry} as place from journal_entry e where e.estate_id = $estate and e.reverses is not null and exists (
      (select p.account, p.fund, p.unit, -p.debit, -p.credit from posting p where p.estate_id = e.estate_id and p.seq = e.seq)
      except all (select p.account, p.fund, p.unit, p.debit, p.credit from posting p where p.estate_id = e.estate_id and p.seq = e.reverses)) order by e.seq` },
  { name: 'receipts_gapless', zh: '收据号连续，不缺号。', en: 'Receipt numbers run without gaps.', sql: `
    select '1–' || max(r.number) as place from receipt r where r.estate_id = $estate having count(*) <> max(r.number)` },
  { name: 'receipts_of_receipts', zh: '每一笔住户交款都有收据，金额相同。', en: 'Money taken in for a dwelling has its receipt, of the same amount.', sql: `
    select ${entry} as place from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq and p.unit is not null and p.credit > 0
    where e.estate_id = $estate and e.kind = 'receipt' and e.reverses is null group by e.seq, e.period, e.kind, e.number, p.unit
    having sum(p.credit) is distinct from (select r.amount from receipt r where r.estate_id = $estate and r.seq = e.seq and r.unit_ref = p.unit) order by e.seq` },
  { name: 'bank_chain', zh: '银行流水首尾相接：每一行的余额等于上一行余额加本行金额。', en: "The bank's lines form a chain: each balance is the one before plus the line.", sql: `
    select l.account || ' #' || l.position as place from (select account, position, amount, balance,
        lag(balance) over (partition by account order by position) as before, lag(position) over (partition by account order by position) as previous
      from bank_line where estate_id = $estate) l
    where (l.before is not null and l.before + l.amount <> l.balance) or (l.previous is null and l.position <> 1) or (l.previous is not null and l.previous + 1 <> l.position)
    order by l.account, l.position` },
  { name: 'bank_statements_end', zh: '每份对账单的期末余额等于它最后一行的余额。', en: 'A bank statement ends with the balance of its last line.', sql: `
    select s.account || ' ' || s.period_to as place from bank_statement s
    join bank_line l on l.estate_id = s.estate_id and l.account = s.account and l.position = s.first_position + s.lines - 1
    where s.estate_id = $estate and s.lines > 0 and s.repeated = 0 and l.balance <> s.closing order by s.seq` },
  { name: 'bank_matches_agree', zh: '每一笔勾对，银行一边与账簿一边金额相等；同一行不勾两次。', en: 'Both sides of every match have the same amount; no line is matched twice.', sql: `
    select 'match ' || m.match_id as place from (select match_id, account,
        coalesce(sum((select l.amount from bank_line l where l.estate_id = $estate and l.account = m.account and l.position = m.position)), 0) as bank,
        coalesce(sum((select sum(p.debit - p.credit) from posting p where p.estate_id = $estate and p.seq = m.entry_seq and p.account = m.account)), 0) as books,
        bool_or(m.way in ('linked', 'booked')) as both from bank_match m where m.estate_id = $estate and m.ended_seq is null group by match_id, account) m
    where m.both and m.bank <> m.books
    union all select account || ' #' || position from bank_match where estate_id = $estate and ended_seq is null and position is not null
      group by account, position having count(*) > 1` },
  { name: 'deposits_held', zh: '哪一户的押金都没有退过头。', en: 'No dwelling got back more deposit than it left.', sql: `
    select 'unit ' || left(p.unit, 8) || ' ' || p.fund as place from posting p where p.estate_id = $estate and p.account = '2241' and p.unit is not null
    group by p.unit, p.fund having sum(p.credit - p.debit) < 0 order by 1` },
  { name: 'released_within_held', zh: '预收款只抵扣了交进来的，没有抵多。', en: 'No more was released of a prepayment than had been paid in.', sql: `
    select 'unit ' || left(p.unit, 8) || ' ' || p.fund as place from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
    where p.estate_id = $estate and p.account = '2203' and p.unit is not null group by p.unit, p.fund
    having coalesce(sum(p.debit) filter (where e.release and e.reverses is null), 0) > coalesce(sum(p.credit) filter (where p.credit > 0), 0) order by 1` },
  { name: 'bills_not_overpaid', zh: '没有一张账单收多了。', en: 'No bill is paid above what it asks for.', sql: `
    select 'bill ' || b.bill_id as place from bill b
    where b.estate_id = $estate and exists (select from bill_payment y where y.estate_id = b.estate_id and y.bill_id = b.bill_id)
      and bill_paid(b.estate_id, b.bill_id) + bill_reduced(b.estate_id, b.bill_id) > b.amount order by b.bill_id` },
  { name: 'bill_payments_backed', zh: '账单的缴费都有凭证里的钱撑着，一笔钱不抵两张账单。', en: 'What counts as paid of bills is covered by the lines of the entries; no yuan pays twice.', sql: `
    select ${entry} as place from journal_entry e join (select y.seq, b.unit, sum(y.amount) as amount from bill_payment y
        join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id where y.estate_id = $estate group by y.seq, b.unit) y on y.seq = e.seq
    join unit u on u.estate_id = e.estate_id and u.unit = y.unit
    where e.estate_id = $estate and y.amount > (select coalesce(sum(p.credit), 0) from posting p where p.estate_id = $estate and p.seq = e.seq and p.unit = u.ref) order by e.seq` },
  { name: 'restricted_funds_not_overspent', zh: '专款（维修、押金、项目各来源等）没有花超：每项专款的货币资金不为负。', en: 'No restricted fund (maintenance, deposits, a source of a project) has spent more than it has.', sql: `
    select f.fund as place from fund f join balance b on b.estate_id = f.estate_id and b.fund = f.fund
    join account a on a.estate_id = b.estate_id and a.account = b.account and a.is_money
    where f.estate_id = $estate and f.is_restricted group by f.fund having sum(b.debit - b.credit) < 0 order by 1` },
];
