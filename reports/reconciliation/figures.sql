-- The reconciliation statement (银行存款余额调节表) of one bank account and month, as an auditor can draw it with psql:
--   psql -v estate=demo -v account=1002 -v period=2026-10 -f reports/reconciliation/figures.sql <database address>
-- Log in as auditor (reads every estate) or as app. The service runs these very statements, each by the name above it,
-- all in one repeatable-read transaction. Amounts are yuan: above zero in, below zero out. What counts as of the day
-- (reconciliation_day: the month's last, or the last that statements cover), and what is matched with what is as of now.
\set ON_ERROR_STOP on
select estate_id from estate where code = :'estate' \gset
select set_config('mingzhang.estate', :'estate_id', false) \g /dev/null

-- name: head
-- The account, the month, the days covered, and both balances at the end of the day. Without statements, the last balance
-- handed in for a day of the month, beside the books of that day.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as covered,
    (select b.as_of from bank_balance b where b.estate_id = :estate_id::integer and b.account = :'account'::text
      and to_char(b.as_of, 'YYYY-MM') = :'period'::text order by b.as_of desc, b.seq desc limit 1) as stated,
    (to_date(:'period'::text, 'YYYY-MM') + interval '1 month' - interval '1 day')::date as last_day
)
select e.code, e.name_zh, e.name_en, e.trustee, e.committee, k.account, k.name_zh as bank_account_zh, k.name_en as bank_account_en,
  k.bank_name, k.account_last4, k.closed_on, h.size, d.last_day, coalesce(d.covered, d.stated) as as_of,
  case when d.covered is not null then 'statement' when d.stated is not null then 'balance' else 'none' end as basis,
  (select min(s.period_from) from bank_statement s where s.estate_id = k.estate_id and s.account = k.account) as covered_from,
  (select max(s.period_to) from bank_statement s where s.estate_id = k.estate_id and s.account = k.account) as covered_to,
  case when d.covered is not null then coalesce(
      (select l.balance from bank_line l where l.estate_id = k.estate_id and l.account = k.account and l.booked_on <= d.covered
        order by l.position desc limit 1),
      (select s.opening from bank_statement s where s.estate_id = k.estate_id and s.account = k.account order by s.seq limit 1))
    else (select b.balance from bank_balance b where b.estate_id = k.estate_id and b.account = k.account and b.as_of = d.stated
      order by b.seq desc limit 1) end as bank_balance,
  book_balance_on(k.estate_id, k.account, coalesce(d.covered, d.stated, d.last_day)) as book_balance,
  c.closed_at
from estate e
join bank_account k on k.estate_id = e.estate_id and k.account = :'account'::text
join log_head h on h.estate_id = e.estate_id
cross join day d
left join period_close c on c.estate_id = e.estate_id and c.period = :'period'::text
where e.estate_id = :estate_id::integer;

-- name: bank_items
-- Lines of the bank up to the day that the books did not have by then; where an entry of a later day answers, its number.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as day
)
select r.position, r.day as date, r.amount, l.serial, r.answered_on,
  (select string_agg(e.period || ' ' || entry_number(e.kind, e.number), '、' order by e.seq)
    from bank_match m join bank_match n on n.estate_id = m.estate_id and n.match_id = m.match_id and n.ended_seq is null
    join journal_entry e on e.estate_id = n.estate_id and e.seq = n.entry_seq
    where m.estate_id = l.estate_id and m.account = l.account and m.position = l.position and m.ended_seq is null) as answered_by
from day cross join lateral reconciling_items(:estate_id::integer, :'account'::text, day.day) r
join bank_line l on l.estate_id = :estate_id::integer and l.account = :'account'::text and l.position = r.position
where r.side = 'bank' order by r.position;

-- name: line_texts
-- What the bank says of the lines without an entry by the day, and of those in 待核实: officers and auditors only.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as day
)
select d.position, d.counterparty_name, d.memo, d.purpose
from bank_line_detail d
where d.estate_id = :estate_id::integer and d.account = :'account'::text and d.position in (
  select r.position from day cross join lateral reconciling_items(:estate_id::integer, :'account'::text, day.day) r where r.side = 'bank'
  union select s.position from day cross join lateral suspense_on(:estate_id::integer, day.day) s where s.account = :'account'::text and s.left_then <> 0)
order by d.position;

-- name: book_items
-- Entries up to the day that the bank did not have by then; where it never will, because they were reversed later, by which.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as day
)
select r.seq, r.day as date, e.period, entry_number(e.kind, e.number) as number, e.description, r.amount, r.answered_on,
  case when not exists (select from bank_match m where m.estate_id = e.estate_id and m.account = :'account'::text and m.entry_seq = e.seq
      and m.ended_seq is null)
    then (select u.period || ' ' || entry_number(u.kind, u.number) from journal_entry u where u.estate_id = e.estate_id and u.reverses = e.seq) end as reversed_by
from day cross join lateral reconciling_items(:estate_id::integer, :'account'::text, day.day) r
join journal_entry e on e.estate_id = :estate_id::integer and e.seq = r.seq
where r.side = 'books' order by r.day, r.seq;

-- name: suspense
-- What stands in 待核实 at the end of the day: booked because the bank says so, not explained. How many days by then, and
-- what explained it since.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as day
)
select s.seq, s.side, s.position, s.booked_on as date, s.period, s.number, s.fund, f.name_zh as fund_zh, f.name_en as fund_en, s.amount, s.left_then, s.left_now,
  (day.day - s.booked_on)::integer as days,
  (select string_agg(x.period || ' ' || entry_number(x.kind, x.number), '、' order by x.seq) from journal_entry x
    where x.estate_id = :estate_id::integer and x.settles = s.seq
      and not exists (select from journal_entry u where u.estate_id = x.estate_id and u.reverses = x.seq)) as settled_by
from day cross join lateral suspense_on(:estate_id::integer, day.day) s
join fund f on f.estate_id = :estate_id::integer and f.fund = s.fund
where s.account = :'account'::text and s.left_then <> 0
order by s.position;

-- name: statements
-- The statement files that reach into the month, in the order they came, and which body handed each of them in. A file that
-- repeats what was there confirms it: every line of it was compared.
select s.seq, s.period_from, s.period_to, s.format, s.lines, s.repeated, s.imported_at, h.body, h.office, b.name_zh, b.name_en
from bank_statement s
left join lateral (select t.body, t.office from term t where t.estate_id = s.estate_id and t.person_id = s.imported_by
  and (s.imported_at at time zone 'Asia/Shanghai')::date between t.starts_on and t.ends_on order by t.term_id limit 1) h on true
left join body b on b.estate_id = s.estate_id and b.body = h.body
where s.estate_id = :estate_id::integer and s.account = :'account'::text
  and s.period_to >= to_date(:'period'::text, 'YYYY-MM') and s.period_from < to_date(:'period'::text, 'YYYY-MM') + interval '1 month'
order by s.seq;

-- name: close_signers
-- Who signed the closing of the month with this in view.
select s.body, b.name_zh, b.name_en, s.office, s.method, s.signed_at
from period_close c
join quorum q on q.estate_id = c.estate_id and q.proposal_id = c.proposal_id
join signature s on s.estate_id = q.estate_id and s.proposal_id = q.proposal_id
  and s.document_hash = q.document_hash and s.decision = 'approve'
join body b on b.estate_id = s.estate_id and b.body = s.body
where c.estate_id = :estate_id::integer and c.period = :'period'::text
order by s.seq;

-- name: proof
-- The same result two ways; `difference` and `difference_again` must be equal. First from what stands open: both balances with
-- the items of the other side. Then from what is answered: matches agree to the fen, so that nothing can remain but what
-- set the bank's first opening balance and the books of the day before (with the opening entries of the first) apart, less the earlier entries that came to the bank
-- later. `lines_off` counts lines whose balance does not follow from the line before, `matches_off` matches whose sides differ.
with day as materialized (
  select reconciliation_day(:estate_id::integer, :'account'::text, :'period'::text) as day
), first as (
  select s.opening, s.period_from from bank_statement s where s.estate_id = :estate_id::integer and s.account = :'account'::text
    and s.period_from = (select min(x.period_from) from bank_statement x where x.estate_id = s.estate_id and x.account = s.account)
  order by s.seq limit 1
), item as materialized (
  select r.side, r.amount from day cross join lateral reconciling_items(:estate_id::integer, :'account'::text, day.day) r
), line as materialized (
  select l.position, l.booked_on, l.amount, l.balance, lag(l.balance, 1, (select opening from first)) over (order by l.position) as before
  from bank_line l where l.estate_id = :estate_id::integer and l.account = :'account'::text
), entry as materialized (
  select p.seq, e.entry_date, e.reverses, sum(p.debit - p.credit) as amount
  from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
  where p.estate_id = :estate_id::integer and p.account = :'account'::text
  group by p.seq, e.entry_date, e.reverses having sum(p.debit - p.credit) <> 0
), matched as materialized (
  select m.match_id, m.position, m.entry_seq, m.way from bank_match m
  where m.estate_id = :estate_id::integer and m.account = :'account'::text and m.ended_seq is null
), unmatched as materialized (
  select e.* from entry e where not exists (select from matched m where m.entry_seq = e.seq)
), earlier as (
  -- Entries before the first day that the bank saw later, or that were reversed and that it never saw.
  select coalesce(sum(e.amount), 0) as amount from entry e, first where e.entry_date < first.period_from and (
    e.seq in (select m.entry_seq from matched m)
    or (e.seq in (select u.seq from unmatched u) and (e.reverses in (select u.seq from unmatched u) or e.seq in (select u.reverses from unmatched u))))
), sides as (
  select m.match_id, coalesce(sum(l.amount), 0) as bank, coalesce(sum(e.amount), 0) as books
  from matched m left join line l using (position) left join entry e on e.seq = m.entry_seq where m.way <> 'opening' group by m.match_id
), opened as (
  -- Opening entries of the first day: they are the balance the bank began with.
  select coalesce(sum(e.amount), 0) as amount from entry e where e.seq in (select m.entry_seq from matched m where m.way = 'opening')
)
select day.day, (coalesce((select l.balance from line l where l.booked_on <= day.day order by l.position desc limit 1), (select opening from first))
    + (select coalesce(sum(amount), 0) from item where side = 'books'))::numeric(18, 2) as adjusted_bank,
  (book_balance_on(:estate_id::integer, :'account'::text, day.day)
    + (select coalesce(sum(amount), 0) from item where side = 'bank'))::numeric(18, 2) as adjusted_books,
  (coalesce((select l.balance from line l where l.booked_on <= day.day order by l.position desc limit 1), (select opening from first))
    + (select coalesce(sum(amount), 0) from item where side = 'books') - book_balance_on(:estate_id::integer, :'account'::text, day.day)
    - (select coalesce(sum(amount), 0) from item where side = 'bank'))::numeric(18, 2) as difference,
  (first.opening - book_balance_on(:estate_id::integer, :'account'::text, first.period_from - 1) - opened.amount + earlier.amount)::numeric(18, 2)
    as difference_again,
  (select count(*) from line where balance <> before + amount)::integer as lines_off,
  (select count(*) from sides where bank <> books)::integer as matches_off
from day, first, earlier, opened where day.day is not null;
