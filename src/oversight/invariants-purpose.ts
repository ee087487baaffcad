// Invariants of money with a purpose, of votes, and of who may look.
import type { Invariant } from './invariants.ts';

export const purposeInvariants: readonly Invariant[] = [
  { name: 'subsidies_within_arrived', zh: '补贴发出去的不多于收到的。', en: 'No more of a subsidy was passed on than arrived.', sql: `
    select 'batch ' || b.proposal_id as place from subsidy_batch b
    where b.estate_id = $estate and subsidy_passed(b.estate_id, b.proposal_id) > subsidy_arrived(b.estate_id, b.proposal_id) order by b.proposal_id` },
  { name: 'purpose_accounts', zh: '限定用途的资金只用了规定的科目。', en: 'A fund for one purpose was booked only to the accounts of its purpose.', sql: `
    select e.period || ' ' || entry_number(e.kind, e.number) || ' ' || p.fund as place from posting p
    join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
    join account a on a.estate_id = p.estate_id and a.account = p.account and a.class in ('income', 'expense')
    where p.estate_id = $estate and exists (select from fund_account f where f.estate_id = p.estate_id and f.fund = p.fund)
      and not exists (select from fund_account f where f.estate_id = p.estate_id and f.fund = p.fund and f.account = p.account)
      and not exists (select from proposal o where o.estate_id = e.estate_id and o.proposal_id = e.proposal_id and o.kind in ('final_account', 'opening')) order by e.seq` },
  { name: 'ballots_on_roll', zh: '每张选票都在名册上，一位业主一票，票数、面积不超过名册。', en: 'Every ballot is of an owner on the roll, once each; ballots and their area never exceed the roll.', sql: `
    select 'vote ' || b.resolution_id as place from ballot b left join resolution_voter v on v.estate_id = b.estate_id and v.resolution_id = b.resolution_id and v.voter = b.voter
    where b.estate_id = $estate group by b.resolution_id having count(*) <> count(v.voter) or count(*) <> count(distinct b.voter)
      or count(*) > (select count(*) from resolution_voter r where r.estate_id = $estate and r.resolution_id = b.resolution_id) order by 1` },
  { name: 'ballots_in_log', zh: '选票与存证一一对应，没有多、没有少。', en: 'Ballots and their records are the same ones: none added, none missing.', sql: `
    select 'record ' || coalesce(r.seq, b.seq) as place from (select seq from record where estate_id = $estate and kind = 'ballot_cast') r
    full join (select seq from ballot where estate_id = $estate) b using (seq) where r.seq is null or b.seq is null order by coalesce(r.seq, b.seq)` },
  { name: 'project_sources_apart', zh: '项目每个来源的钱各是各的：支出不超过这个来源收到的。', en: "Each source of a project pays for itself: no more is spent of it than came in.", sql: `
    select 'project ' || s.project_id || ' ' || s.source as place from project_source s
    join posting p on p.estate_id = s.estate_id and p.fund = s.fund join account a on a.estate_id = p.estate_id and a.account = p.account
    where s.estate_id = $estate group by s.project_id, s.source
    having coalesce(sum(p.debit - p.credit) filter (where a.class = 'expense'), 0) > coalesce(sum(p.credit - p.debit) filter (where a.class in ('income', 'fund', 'liability')), 0) order by 1` },
  { name: 'auditors_as_signed', zh: '审计查账的范围就是签批的范围，查账记录都在任期内。', en: "What auditors may read is what was signed; what they read falls within their term.", sql: `
    select 'term ' || s.term_id as place from audit_scope s join proposal o on o.estate_id = s.estate_id and o.proposal_id = s.proposal_id
    where s.estate_id = $estate and ((o.document::jsonb -> 'scope' ->> 'from')::date is distinct from s.from_day
      or (o.document::jsonb -> 'scope' ->> 'to')::date is distinct from s.to_day
      or exists (select unnest(s.kinds) except select jsonb_array_elements_text(o.document::jsonb -> 'scope' -> 'kinds')))
    union all select 'term ' || r.term_id from audit_read r join term t on t.estate_id = r.estate_id and t.term_id = r.term_id
    where r.estate_id = $estate and r.day < t.starts_on order by 1` },
];
