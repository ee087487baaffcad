-- The figures of one monthly disclosure (收支公示), as an auditor can draw them with nothing but psql:
--   psql -v estate=demo -v period=2026-10 -f reports/monthly-disclosure/figures.sql <database address>
-- Log in as auditor (reads every estate) or as app. The service runs these very statements, each by
-- the name above it, with $1, $2 … for :estate_id, :'period' and :'today', all in one repeatable-read
-- transaction. Money is yuan with two places. "Money" accounts are cash and bank (account.is_money).
-- A sum that only moves from one money account to another is neither received nor paid.
\set ON_ERROR_STOP on
select estate_id from estate where code = :'estate' \gset
select set_config('mingzhang.estate', :'estate_id', false) \g /dev/null
select to_char(now() at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as today \gset

-- name: head
-- The estate, whether the month is closed, and the last record of the log these figures cover.
select e.code, e.name_zh, e.name_en, e.households, e.area_m2, e.fee_rate, e.mode, e.trustee, e.committee,
  e.first_period, h.size, encode(r.leaf_hash, 'hex') as leaf_hash, h.closed_period, c.closed_at
from estate e
join log_head h on h.estate_id = e.estate_id
left join record r on r.estate_id = h.estate_id and r.seq = h.size
left join period_close c on c.estate_id = e.estate_id and c.period = :'period'::text
where e.estate_id = :estate_id::integer;

-- name: ledgers
-- Every account: balance before the month, turnover of the month and of the year up to it. Closing entries (决算结转) carry income and
-- expense to the owners' fund: they are neither, so turnover leaves them out.
with closed as (
  select c.account, sum(c.debit) filter (where c.period = :'period'::text) as debit, sum(c.credit) filter (where c.period = :'period'::text) as credit,
    sum(c.debit) filter (where c.period >= left(:'period'::text, 4) || '-01') as year_debit,
    sum(c.credit) filter (where c.period >= left(:'period'::text, 4) || '-01') as year_credit,
    count(*) filter (where c.period >= left(:'period'::text, 4) || '-01') as year_lines
  from closing_lines(:estate_id::integer) c where c.period <= :'period'::text group by c.account
)
select a.account, a.name_zh, a.name_en, a.class, a.is_money,
  coalesce(sum(b.debit - b.credit) filter (where b.period < :'period'::text), 0)::numeric(18, 2) as opening,
  (coalesce(sum(b.debit) filter (where b.period = :'period'::text), 0) - coalesce(max(c.debit), 0))::numeric(18, 2) as debit,
  (coalesce(sum(b.credit) filter (where b.period = :'period'::text), 0) - coalesce(max(c.credit), 0))::numeric(18, 2) as credit,
  (coalesce(sum(b.debit) filter (where b.period >= left(:'period'::text, 4) || '-01'), 0) - coalesce(max(c.year_debit), 0))::numeric(18, 2) as year_debit,
  (coalesce(sum(b.credit) filter (where b.period >= left(:'period'::text, 4) || '-01'), 0) - coalesce(max(c.year_credit), 0))::numeric(18, 2) as year_credit,
  (coalesce(sum(b.entries) filter (where b.period >= left(:'period'::text, 4) || '-01'), 0) - coalesce(max(c.year_lines), 0))::integer as year_lines
from account a
join balance b on b.estate_id = a.estate_id and b.account = a.account and b.period <= :'period'::text
left join closed c on c.account = a.account
where a.estate_id = :estate_id::integer
group by a.account, a.name_zh, a.name_en, a.class, a.is_money
order by a.account;

-- name: balances
-- Every account in every fund: what it held before the month (a debit is positive) and its turnover in the month.
select b.account, b.fund,
  coalesce(sum(b.debit - b.credit) filter (where b.period < :'period'::text), 0)::numeric(18, 2) as opening,
  coalesce(sum(b.debit) filter (where b.period = :'period'::text), 0)::numeric(18, 2) as debit,
  coalesce(sum(b.credit) filter (where b.period = :'period'::text), 0)::numeric(18, 2) as credit
from balance b where b.estate_id = :estate_id::integer and b.period <= :'period'::text
group by b.account, b.fund order by b.account, b.fund;

-- name: funds
-- Money of every fund: before the month, received, paid, after it.
with turnover as (
  select b.fund, sum(b.debit - b.credit) filter (where b.period < :'period'::text) as opening,
    sum(b.debit) filter (where b.period = :'period'::text) as debit,
    sum(b.credit) filter (where b.period = :'period'::text) as credit
  from balance b join account a on a.estate_id = b.estate_id and a.account = b.account and a.is_money
  where b.estate_id = :estate_id::integer and b.period <= :'period'::text group by b.fund
), moved as (
  -- From one money account to another within the fund: the smaller side, in red-letter entries the larger.
  select fund, sum(case when debit > 0 then least(debit, credit) else greatest(debit, credit) end) as amount
  from (select p.seq, p.fund, sum(p.debit) as debit, sum(p.credit) as credit
    from journal_entry e
    join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    join account a on a.estate_id = p.estate_id and a.account = p.account and a.is_money
    where e.estate_id = :estate_id::integer and e.period = :'period'::text and e.kind in ('payment', 'transfer')
    group by p.seq, p.fund having sum(p.debit) <> 0 and sum(p.credit) <> 0) as both_sides
  group by fund
)
select f.fund, f.name_zh, f.name_en, f.purpose_zh, f.purpose_en,
  coalesce(t.opening, 0)::numeric(18, 2) as opening,
  (coalesce(t.debit, 0) - coalesce(m.amount, 0))::numeric(18, 2) as received,
  (coalesce(t.credit, 0) - coalesce(m.amount, 0))::numeric(18, 2) as paid,
  (coalesce(t.opening, 0) + coalesce(t.debit, 0) - coalesce(t.credit, 0))::numeric(18, 2) as closing
from fund f left join turnover t using (fund) left join moved m using (fund)
where f.estate_id = :estate_id::integer
order by f.place, f.fund;

-- name: months
-- Received and paid in the twelve months up to this one (from the first month of the books on).
with span as (
  select greatest(to_date(:'period'::text, 'YYYY-MM') - interval '11 months', to_date(first_period, 'YYYY-MM')) as first_month
  from estate where estate_id = :estate_id::integer
), month as (
  select to_char(m, 'YYYY-MM') as period from span,
    generate_series(first_month, to_date(:'period'::text, 'YYYY-MM'), interval '1 month') as m
), turnover as (
  select b.period, sum(b.debit) as debit, sum(b.credit) as credit
  from balance b join account a on a.estate_id = b.estate_id and a.account = b.account and a.is_money
  where b.estate_id = :estate_id::integer
    and b.period between (select min(period) from month) and :'period'::text group by b.period
), moved as (
  select period, sum(case when debit > 0 then least(debit, credit) else greatest(debit, credit) end) as amount
  from (select e.period, p.seq, sum(p.debit) as debit, sum(p.credit) as credit
    from journal_entry e
    join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    join account a on a.estate_id = p.estate_id and a.account = p.account and a.is_money
    where e.estate_id = :estate_id::integer and e.kind in ('payment', 'transfer')
      and e.period between (select min(period) from month) and :'period'::text
    group by e.period, p.seq having sum(p.debit) <> 0 and sum(p.credit) <> 0) as both_sides
  group by period
)
select period, (coalesce(t.debit, 0) - coalesce(m.amount, 0))::numeric(18, 2) as received,
  (coalesce(t.credit, 0) - coalesce(m.amount, 0))::numeric(18, 2) as paid
from month left join turnover t using (period) left join moved m using (period)
order by period;

-- name: entries
-- Every entry of the month, once, in the order of date and record, with the money after it.
with side as (
  select p.seq, sum(p.debit) as debit, sum(p.credit) as credit
  from account a join posting p on p.estate_id = a.estate_id and p.account = a.account
  where a.estate_id = :estate_id::integer and a.is_money and p.period = :'period'::text group by p.seq
), moved as (
  select seq, debit, credit,
    case when debit = 0 or credit = 0 then 0 when debit > 0 then least(debit, credit)
      else greatest(debit, credit) end as inside from side
), opening as (
  select coalesce(sum(b.debit - b.credit), 0) as amount
  from balance b join account a on a.estate_id = b.estate_id and a.account = b.account and a.is_money
  where b.estate_id = :estate_id::integer and b.period < :'period'::text
), attached as (
  select v.seq, count(*)::integer as vouchers
  from journal_entry e join entry_voucher v on v.estate_id = e.estate_id and v.seq = e.seq
  where e.estate_id = :estate_id::integer and e.period = :'period'::text group by v.seq
), asked as (
  select i.about_seq as seq, count(*)::integer as asked, (count(*) filter (where not exists
    (select from answer x where x.estate_id = i.estate_id and x.inquiry_id = i.inquiry_id)))::integer as open
  from inquiry i where i.estate_id = :estate_id::integer and i.about_seq is not null group by i.about_seq
)
select e.seq, e.kind, entry_number(e.kind, e.number) as number, e.entry_date as date, e.description, e.amount,
  coalesce(m.debit - m.inside, 0)::numeric(18, 2) as received,
  coalesce(m.credit - m.inside, 0)::numeric(18, 2) as paid,
  ((select amount from opening) + sum(coalesce(m.debit - m.credit, 0)) over (order by e.entry_date, e.seq))::numeric(18, 2) as balance,
  coalesce(v.vouchers, 0) as vouchers,
  o.period || ' ' || entry_number(o.kind, o.number) as reverses,
  u.period || ' ' || entry_number(u.kind, u.number) as reversed_by,
  coalesce(q.asked, 0) as asked, coalesce(q.open, 0) as open,
  case when p.class = 'emergency' then p.ratify_by end as ratify_by, p.ratified_at is not null as ratified,
  z.side as suspense_side, z.left_now as suspense_left, c.period || ' ' || entry_number(c.kind, c.number) as settles,
  e.proposal_id is not null as ordered, e.mandate
from journal_entry e
left join proposal p on p.estate_id = e.estate_id and p.proposal_id = e.proposal_id
left join moved m on m.seq = e.seq
left join attached v on v.seq = e.seq
left join asked q on q.seq = e.seq
left join journal_entry o on o.estate_id = e.estate_id and o.seq = e.reverses
left join journal_entry u on u.estate_id = e.estate_id and u.reverses = e.seq
left join journal_entry c on c.estate_id = e.estate_id and c.seq = e.settles
left join (select s.seq, s.side, s.left_now from suspense_on(:estate_id::integer,
  (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) s where s.period = :'period'::text) z on z.seq = e.seq
where e.estate_id = :estate_id::integer and e.period = :'period'::text
order by e.entry_date, e.seq;

-- name: lines
-- The lines of these entries as an owner reads them: those against the money; of a transfer, and
-- where there is nothing but money accounts, all.
select p.seq, p.account, a.name_zh, a.name_en, p.fund, f.name_zh as fund_zh, f.name_en as fund_en, p.debit, p.credit
from journal_entry e
join posting p on p.estate_id = e.estate_id and p.seq = e.seq
join account a on a.estate_id = p.estate_id and a.account = p.account
join fund f on f.estate_id = p.estate_id and f.fund = p.fund
where e.estate_id = :estate_id::integer and e.period = :'period'::text
  and (not a.is_money or e.kind = 'transfer' or (e.kind = 'payment' and not exists (select from posting x
    join account b on b.estate_id = x.estate_id and b.account = x.account and not b.is_money
    where x.estate_id = e.estate_id and x.seq = e.seq)))
order by p.seq, p.line;

-- name: signers
-- Who signed the orders behind these entries, by body, as it was called on the day, and office; of a deputy, whose office they signed for.
select e.seq, s.body, coalesce(w.name_zh, b.name_zh) as name_zh, coalesce(w.name_en, b.name_en) as name_en, s.office, s.method, s.signed_at, s.decision,
  (select t.office from term t where t.estate_id = s.estate_id and t.person_id = s.on_behalf_of and t.body = s.body
    and (s.signed_at at time zone 'Asia/Shanghai')::date between t.starts_on and t.ends_on
    order by t.term_id limit 1) as office_for
from journal_entry e
join quorum q on q.estate_id = e.estate_id and q.proposal_id = e.proposal_id
join signature s on s.estate_id = q.estate_id and s.proposal_id = q.proposal_id
  and s.document_hash = q.document_hash and s.decision in ('approve', 'ratify')
join body b on b.estate_id = s.estate_id and b.body = s.body
left join lateral body_form_on(s.estate_id, s.body, (s.signed_at at time zone 'Asia/Shanghai')::date) w on true
where e.estate_id = :estate_id::integer and e.period = :'period'::text
order by e.seq, s.seq;

-- name: close_signers
-- Who signed the closing of the month.
select s.body, coalesce(w.name_zh, b.name_zh) as name_zh, coalesce(w.name_en, b.name_en) as name_en, s.office, s.method, s.signed_at, s.decision,
  (select t.office from term t where t.estate_id = s.estate_id and t.person_id = s.on_behalf_of and t.body = s.body
    and (s.signed_at at time zone 'Asia/Shanghai')::date between t.starts_on and t.ends_on
    order by t.term_id limit 1) as office_for
from period_close c
join quorum q on q.estate_id = c.estate_id and q.proposal_id = c.proposal_id
join signature s on s.estate_id = q.estate_id and s.proposal_id = q.proposal_id
  and s.document_hash = q.document_hash and s.decision = 'approve'
join body b on b.estate_id = s.estate_id and b.body = s.body
left join lateral body_form_on(s.estate_id, s.body, (s.signed_at at time zone 'Asia/Shanghai')::date) w on true
where c.estate_id = :estate_id::integer and c.period = :'period'::text
order by s.seq;

-- name: bank
-- What the bank says, on the last day stated within the month, beside the books of that very day.
with stated as (
  select distinct on (b.account) b.account, b.as_of, b.balance
  from bank_balance b
  where b.estate_id = :estate_id::integer and to_char(b.as_of, 'YYYY-MM') = :'period'::text
  order by b.account, b.as_of desc, b.seq desc
), book as (
  select b.account, sum(b.debit - b.credit) as amount
  from bank_account k join balance b on b.estate_id = k.estate_id and b.account = k.account
  where k.estate_id = :estate_id::integer and b.period <= :'period'::text group by b.account
), later as (
  select p.account, sum(p.debit - p.credit) as amount
  from stated s
  join posting p on p.estate_id = :estate_id::integer and p.account = s.account and p.period = :'period'::text
  join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq and e.entry_date > s.as_of
  group by p.account
)
select k.account, k.name_zh, k.name_en, k.account_last4, s.balance as bank_balance, s.as_of,
  (coalesce(b.amount, 0) - coalesce(l.amount, 0))::numeric(18, 2) as book_balance,
  (s.balance - coalesce(b.amount, 0) + coalesce(l.amount, 0))::numeric(18, 2) as difference, k.closed_on, a.opened_on
from bank_account k
join account a on a.estate_id = k.estate_id and a.account = k.account
left join stated s on s.account = k.account
left join book b on b.account = k.account
left join later l on l.account = k.account
where k.estate_id = :estate_id::integer
order by k.account;

-- name: standing
-- Line by line: up to which day statements cover each account, and what stands between it and the books on that day (in
-- full: reports/reconciliation/figures.sql). Without a row: no statement reaches that far.
select n.account, n.covered_from as from, n.covered_to, n.bank_items, n.bank_received, n.bank_paid, n.book_items, n.book_received,
  n.book_paid, n.open_lines, n.remaining
from bank_standing(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) n
where n.covered_to is not null order by n.account;

-- name: unexplained
-- What the bank moved and nobody explained (待核实): raised in the month, or open at its end. left_then is what no entry up to
-- the month's end explains, left what none explains as of now.
select s.seq, s.side, s.account, k.account_last4, s.booked_on, s.entry_date as date, s.period, s.number, s.fund, s.amount,
  s.left_then::numeric(18, 2) as left_then, s.left_now::numeric(18, 2) as left
from suspense_on(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) s
join bank_account k on k.estate_id = :estate_id::integer and k.account = s.account
where s.period = :'period'::text or s.left_then <> 0
order by s.seq;

-- name: settlements
-- The entries that explained them since, each with the order signed for it afterwards, if it is a debit.
select x.settles, x.seq, x.period, entry_number(x.kind, x.number) as number, x.entry_date as date,
  (select sum(abs(p.debit - p.credit)) from posting p where p.estate_id = x.estate_id and p.seq = x.seq
    and p.account = case s.side when 'debit' then '1291' else '2291' end)::numeric(18, 2) as amount, x.proposal_id as order
from suspense_on(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) s
join journal_entry x on x.estate_id = :estate_id::integer and x.settles = s.seq
where (s.period = :'period'::text or s.left_then <> 0)
  and not exists (select from journal_entry u where u.estate_id = x.estate_id and u.reverses = x.seq)
order by x.seq;

-- name: unbooked
-- Debits of the bank up to the month's end that no entry answers, of statements that were taken before today.
select k.name_zh, k.name_en, k.account_last4, count(*)::integer as count, sum(u.amount)::numeric(18, 2) as amount
from unbooked_debits(:estate_id::integer, :'today'::date::timestamp at time zone 'Asia/Shanghai') u
join bank_account k on k.estate_id = :estate_id::integer and k.account = u.account
where u.booked_on <= (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date
group by k.account, k.name_zh, k.name_en, k.account_last4 order by k.account;

-- name: fees
-- Memorandum: bills are no entries. What of them was open before the month, billed for it, taken off, collected (of the month's
-- bills at any time up to its end; of earlier ones in the month), and open at its end. No row: no bills.
with after as (
  select b.bill_id, b.period = :'period'::text as this_month, b.amount, b.paid, b.reduced, b.open
  from bills_on(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) b
), before as (
  select b.bill_id, b.paid, b.reduced, b.open from bills_on(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') - interval '1 day')::date) b
)
select (count(*) filter (where a.this_month))::integer as bills,
  coalesce(sum(a.amount) filter (where a.this_month), 0)::numeric(18, 2) as billed,
  coalesce(sum(a.reduced) filter (where a.this_month), 0)::numeric(18, 2) as reduced,
  coalesce(sum(a.paid) filter (where a.this_month), 0)::numeric(18, 2) as collected,
  coalesce(sum(a.reduced - b.reduced), 0)::numeric(18, 2) as earlier_reduced, coalesce(sum(a.paid - b.paid), 0)::numeric(18, 2) as earlier_collected,
  coalesce(sum(b.open), 0)::numeric(18, 2) as opening, coalesce(sum(a.open), 0)::numeric(18, 2) as closing
from after a left join before b using (bill_id) having count(*) > 0;

-- name: overdue
-- Memorandum: every dwelling with what of it was overdue at the month's end. The disclosure prints sums of groups that point at nobody.
select * from arrears_on(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date);

-- name: proposals
-- What waits for signatures now, and what was approved by the month's end and is not yet paid or carried out.
select p.proposal_id, p.kind, p.state, p.title, p.amount, p.submitted_at
from proposal p
where p.estate_id = :estate_id::integer and (p.state in ('submitted', 'held') or (p.state = 'approved'
  and p.approved_at < (to_date(:'period'::text, 'YYYY-MM') + interval '1 month') at time zone 'Asia/Shanghai'))
order by p.proposal_id;

-- name: previous
-- What was published of the month before, newest version: its fingerprints are printed in this one.
select d.period, d.version, d.pdf_zh_sha256, d.pdf_en_sha256 from disclosure d
where d.estate_id = :estate_id::integer
  and d.period = to_char(to_date(:'period'::text, 'YYYY-MM') - interval '1 month', 'YYYY-MM')
order by d.version desc limit 1;

-- name: questions
-- Questions of owners without an answer: still in time, and late.
select s.waiting, s.late + s.very_late as late from inquiry_standing(:estate_id::integer, :'today'::date) s;

-- name: voice
-- Beside the books: how questions of owners stand. Asked and answered in the month; without an answer on the day this is drawn: in time,
-- late, very late (past twice the days); answers the asker was not satisfied with, ever. No row: nobody has ever asked.
select :'today'::text as day,
  (count(*) filter (where to_char(s.asked_on, 'YYYY-MM') = :'period'::text))::integer as asked,
  (count(*) filter (where to_char(s.answered_on, 'YYYY-MM') = :'period'::text))::integer as answered,
  (count(*) filter (where to_char(s.answered_on, 'YYYY-MM') = :'period'::text and s.days_late > 0))::integer as answered_late,
  (count(*) filter (where s.state = 'waiting'))::integer as waiting, (count(*) filter (where s.state = 'late'))::integer as late,
  (count(*) filter (where s.state = 'very_late'))::integer as very_late, (count(*) filter (where s.rating = 'not'))::integer as unsatisfied
from inquiry_states(:estate_id::integer, :'today'::date) s having count(*) > 0;

-- name: budget
-- Beside the books: the year's budget in force at the month's end, line by line with what came in or was spent up to then (without the
-- closing entries of the year) and what is approved and not yet paid. Restricted money has its purpose and its project instead, unless a
-- line names it. No row: no budget.
with span as (
  select left(:'period'::text, 4)::integer as year, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date as day
)
select s.year::text as year, s.day::text as day, budget_in_force(:estate_id::integer, s.year, s.day) as proposal, x.account, x.fund, x.class as side,
  a.name_zh, a.name_en, f.name_zh as fund_zh, f.name_en as fund_en, x.budget, x.actual, x.committed,
  (x.budget - x.actual - x.committed)::numeric(16, 2) as left,
  (select count(*)::integer from proposal p where p.estate_id = :estate_id::integer and p.kind = 'payment' and p.state in ('approved', 'executed')
    and p.document::jsonb ? 'over_budget_reason' and (p.approved_at at time zone 'Asia/Shanghai')::date between make_date(s.year, 1, 1) and s.day) as over
from span s, budget_execution(:estate_id::integer, s.year, s.day) x
join account a on a.estate_id = :estate_id::integer and a.account = x.account
join fund f on f.estate_id = :estate_id::integer and f.fund = x.fund
where x.budget is not null and (x.budget <> 0 or not f.is_restricted and (x.actual <> 0 or x.committed <> 0))
order by f.place, f.fund, case x.class when 'income' then 1 else 2 end, x.account;

-- name: projects
-- Beside the books: projects that were opened by the month's end and had not ended before the year, or hold money, source by source; of their money
-- what the entries up to the month's end say. Pledges and what others paid themselves are no entries.
with span as (
  select (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date as day
), line as (
  select n.project_id, l.source, l.origin, l.is_money, sum(l.amount) as amount
  from project_plan n cross join lateral project_lines(:estate_id::integer, n.project_id) l
  join journal_entry e on e.estate_id = :estate_id::integer and e.seq = l.seq and e.period <= :'period'::text
  where n.estate_id = :estate_id::integer group by n.project_id, l.source, l.origin, l.is_money
)
select n.project_id as project, n.title_zh as name_zh, n.title_en as name_en, t.stage, m.source, m.fund, m.target, m.pledged, v.received,
  (v.received - v.returned - v.left)::numeric(16, 2) as spent, v.returned, v.left, m.outside
from span s cross join project_plan n
join (select distinct project_id, stage from project_standing(:estate_id::integer)) t on t.project_id = n.project_id
cross join lateral project_money(:estate_id::integer, n.project_id) with ordinality m
cross join lateral (select
    coalesce(sum(l.amount) filter (where not l.is_money and l.origin <> 'payment'), 0)::numeric(16, 2) as received,
    (-coalesce(sum(l.amount) filter (where not l.is_money and l.origin = 'payment'), 0))::numeric(16, 2) as returned,
    coalesce(sum(l.amount) filter (where l.is_money), 0)::numeric(16, 2) as left
  from line l where l.project_id = n.project_id and l.source = m.source) v
where n.estate_id = :estate_id::integer and n.opened_on <= s.day
  and (exists (select from line l where l.project_id = n.project_id and l.is_money group by l.source having sum(l.amount) <> 0) or not exists (select from project_report r
    where r.estate_id = n.estate_id and r.project_id = n.project_id and r.finished_on < make_date(left(:'period'::text, 4)::integer, 1, 1)))
order by n.project_id, m.ordinality;

-- name: surveys
-- Beside the books, and no part of them: the last satisfaction survey that ended by the month's end, a row for each question.
select s.survey_id as survey, s.title, s.starts_on::text as from, s.ends_on::text as to, s.units as asked, s.answered, s.question, s.wording,
  round(s.mean, 1)::text as mean, s.content
from survey_standing(:estate_id::integer, (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date) s
order by s.question;

-- name: checks
-- Beside the books: the last nightly inspection, and what did not hold. No row: none was made.
select i.inspected_at as at, i.invariants as checks, n.zh as name_zh, n.en as name_en
from inspection i left join inspection_finding n on n.estate_id = i.estate_id and n.inspection_id = i.inspection_id
where i.estate_id = :estate_id::integer and i.inspection_id = (select max(inspection_id) from inspection where estate_id = :estate_id::integer)
order by n.invariant;

-- name: emergencies
-- Emergency orders that fewer signed and that the others have not ratified: all, and those past their day.
select count(*)::integer as count, coalesce(sum(p.amount), 0)::numeric(18, 2) as amount, min(p.ratify_by) as ratify_by,
  (count(*) filter (where p.ratify_by < :'today'::date))::integer as late
from proposal p
where p.estate_id = :estate_id::integer and p.class = 'emergency' and p.state in ('approved', 'executed')
  and p.ratified_at is null;

-- name: objections
-- Written objections that nobody has answered, and how many proposals wait for it.
select count(*)::integer as open, count(distinct j.proposal_id)::integer as proposals
from objection j join proposal p on p.estate_id = j.estate_id and p.proposal_id = j.proposal_id
where j.estate_id = :estate_id::integer and p.state in ('submitted', 'held', 'returned', 'approved', 'executed')
  and not exists (select from objection_answer a where a.estate_id = j.estate_id and a.objection_id = j.objection_id);

-- name: differences
-- Must give no row: the balances kept by the door against the sum of the postings, account by account,
-- fund by fund; and entries whose debits and credits differ.
select account, fund, debit, credit from (
  select account, fund, sum(debit) as debit, sum(credit) as credit from (
    select b.account, b.fund, b.debit, b.credit from balance b
    where b.estate_id = :estate_id::integer and b.period = :'period'::text
    union all
    select p.account, p.fund, -p.debit, -p.credit
    from account a join posting p on p.estate_id = a.estate_id and p.account = a.account
    where a.estate_id = :estate_id::integer and p.period = :'period'::text
  ) as both_books group by account, fund
) as total where debit <> 0 or credit <> 0;
