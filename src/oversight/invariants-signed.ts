// Invariants of signatures, offices and the record log.
import type { Invariant } from './invariants.ts';

const entry = `e.period || ' ' || entry_number(e.kind, e.number)`;

export const signedInvariants: readonly Invariant[] = [
  { name: 'payments_signed', zh: '每一笔付款都有签齐的签批单，或是银行自己扣的（授权扣费、待核实）。', en: 'Every payment has an order with its quorum, or was debited by the bank itself (mandate, suspense).', sql: `
    select ${entry} as place from journal_entry e
    left join quorum q on q.estate_id = e.estate_id and q.proposal_id = e.proposal_id
    left join proposal o on o.estate_id = e.estate_id and o.proposal_id = e.proposal_id
    where e.estate_id = $estate and (e.kind = 'payment' or e.reverses is not null)
      and case when e.proposal_id is null then e.kind = 'payment' and e.bank_position is null
        else q.document_hash is null or q.document_hash is distinct from o.document_hash end order by e.seq` },
  { name: 'payments_as_signed', zh: '付出去的钱正好是签的钱数。', en: 'What was paid is the sum that was signed.', sql: `
    select ${entry} as place from journal_entry e join proposal o on o.estate_id = e.estate_id and o.proposal_id = e.proposal_id
    where e.estate_id = $estate and e.reverses is null and e.settles is null and o.kind in ('payment', 'refund') and e.amount <> o.amount order by e.seq` },
  { name: 'documents_as_hashed', zh: '签批单内容与签名时的指纹一致。', en: 'Documents are what was hashed when they were signed.', sql: `
    select 'no. ' || o.proposal_id as place from proposal o
    where o.estate_id = $estate and o.document is not null and o.document_hash is distinct from sha256(convert_to(o.document, 'UTF8')) order by o.proposal_id` },
  { name: 'carried_out_when_signed', zh: '办理了的签批单都是签齐的。', en: 'What was carried out had its quorum.', sql: `
    select 'no. ' || o.proposal_id as place from proposal o left join quorum q on q.estate_id = o.estate_id and q.proposal_id = o.proposal_id
    where o.estate_id = $estate and o.state in ('approved', 'executed') and q.document_hash is distinct from o.document_hash order by o.proposal_id` },
  { name: 'two_keys', zh: '签齐靠的是两方的两个人，没有经办人自己，也没有收款人自己。', en: 'A quorum rests on two persons of two bodies; neither made the proposal nor is paid by it.', sql: `
    select 'no. ' || q.proposal_id as place from quorum q join proposal o on o.estate_id = q.estate_id and o.proposal_id = q.proposal_id
    where q.estate_id = $estate and (q.first_person = q.second_person or q.first_body = q.second_body
      or o.made_by in (q.first_person, q.second_person) or o.payee_person in (q.first_person, q.second_person)) order by q.proposal_id` },
  { name: 'signers_in_office', zh: '每一个签名的人，签的那天都在任。', en: 'Whoever signed was in office on that day.', sql: `
    select 'no. ' || g.proposal_id as place from signature g left join term t on t.estate_id = g.estate_id and t.term_id = g.term_id
    where g.estate_id = $estate and (t.body is distinct from g.body or t.office = 'cashier'
      or (g.signed_at at time zone 'Asia/Shanghai')::date not between t.starts_on and t.ends_on) order by g.seq` },
  { name: 'one_key_each', zh: '没有人先后或同时拿过两边的钥匙。', en: 'Nobody ever held both keys.', sql: `
    select 'term ' || max(t.term_id) as place from term t where t.estate_id = $estate and t.key_side is not null
    group by t.person_id having count(distinct t.key_side) > 1 order by 1` },
  { name: 'cashiers_sign_nothing', zh: '出纳在任期间不兼签批职务。', en: 'No cashier holds an office that signs at the same time.', sql: `
    select 'term ' || c.term_id as place from term c join term t on t.estate_id = c.estate_id and t.person_id = c.person_id
      and t.office not in ('cashier', 'auditor') and t.starts_on <= c.ends_on and t.ends_on >= c.starts_on
    where c.estate_id = $estate and c.office = 'cashier' order by c.term_id` },
  { name: 'log_gapless', zh: '存证记录连号，不缺不重。', en: 'The record log has no gap.', sql: `
    select '1–' || h.size as place from log_head h
    where h.estate_id = $estate and (h.size <> (select count(*) from record r where r.estate_id = h.estate_id) or h.size <> (select coalesce(max(seq), 0) from record r where r.estate_id = h.estate_id))` },
  { name: 'log_leaves', zh: '最近的存证记录（最后一天，至多两万条）重算指纹，一条不差。', en: 'The fingerprints of the last day of the log, computed anew (at most twenty thousand), are the ones it keeps.', sql: `
    select 'record ' || r.seq as place from record r join estate e on e.estate_id = r.estate_id
    where r.estate_id = $estate and r.seq > (select size - 20000 from log_head where estate_id = $estate)
      and r.recorded_at >= (select recorded_at - interval '1 day' from log_head where estate_id = $estate)
      and r.leaf_hash <> sha256('\\x00'::bytea || record_leaf(e.code, r.seq, r.kind, r.recorded_at, r.number, r.body)) order by r.seq` },
  { name: 'log_time_forward', zh: '存证记录的时间只向前走。', en: 'The time of the log only goes forward.', sql: `
    select 'record ' || r.seq as place from (select seq, recorded_at, lag(recorded_at) over (order by seq) as before from record where estate_id = $estate) r
    where r.before > r.recorded_at order by r.seq` },
  { name: 'entries_in_log', zh: '账簿里的凭证与存证记录一一对应，字号相同。', en: 'Entries of the books and of the log are the same ones, with the same numbers.', sql: `
    select 'record ' || coalesce(r.seq, e.seq) as place
    from (select seq, number from record where estate_id = $estate and kind = 'journal_entry') r
    full join (select seq, period || ' ' || entry_number(kind, number) as number from journal_entry where estate_id = $estate) e using (seq)
    where r.number is distinct from e.number order by coalesce(r.seq, e.seq)` },
  { name: 'amounts_in_log', zh: '账簿里每张凭证的金额，就是存证记录里的金额。', en: 'Every entry has in the books the amount it has in the log.', sql: `
    select ${entry} as place from journal_entry e join record r on r.estate_id = e.estate_id and r.seq = e.seq
    where e.estate_id = $estate and e.amount <> (select coalesce(sum((p.value ->> 'debit')::numeric), 0) from jsonb_array_elements(r.body::jsonb -> 'postings') as p(value)) order by e.seq` },
  { name: 'documents_in_log', zh: '每一份签批单的内容，就是提交时存证的内容。', en: 'Every proposal is, as it stands, the one whose submission is on record.', sql: `
    select 'no. ' || o.proposal_id as place from proposal o
    where o.estate_id = $estate and o.version > 0 and o.document_hash is not null and not exists (select from record r
      where r.estate_id = o.estate_id and r.kind = 'proposal_submitted' and r.body::jsonb ->> 'proposal' = o.proposal_id::text
        and r.body::jsonb ->> 'document_hash' = encode(o.document_hash, 'hex')) order by o.proposal_id` },
  { name: 'checkpoint_root', zh: '最后一个检查点的树根，由现有记录重算得出。', en: 'The root of the last checkpoint is what the records give when computed anew.', sql: `
    select 'size ' || c.size as place from checkpoint c
    where c.estate_id = $estate and c.size = (select max(size) from checkpoint where estate_id = $estate) and c.root is distinct from log_root(c.estate_id, c.size)` },
  { name: 'disclosures_kept', zh: '发布过的公示都在，内容与指纹一致，版本不缺。', en: 'Every disclosure that was published is there, as it was hashed, in versions without gaps.', sql: `
    select d.period as place from disclosure d where d.estate_id = $estate group by d.period
    having count(*) <> max(d.version) or bool_or(d.figures_sha256 <> encode(sha256(convert_to(d.figures, 'UTF8')), 'hex'))
    union all select r.body::jsonb ->> 'period' from record r where r.estate_id = $estate and r.kind = 'disclosure_published'
      and not exists (select from disclosure d where d.estate_id = r.estate_id and d.seq = r.seq) order by 1` },
  { name: 'questions_kept', zh: '业主的提问一条没少：每条存证的提问都在清单里。', en: 'No question is missing: each on record is in the list.', sql: `
    select 'record ' || r.seq as place from record r where r.estate_id = $estate and r.kind = 'inquiry_asked'
      and not exists (select from inquiry q where q.estate_id = r.estate_id and q.seq = r.seq) order by r.seq` },
  { name: 'objections_kept', zh: '书面异议一条没少，没有答复的签批单没有办理。', en: 'No written objection is missing, and nothing was carried out over one that is unanswered.', sql: `
    select 'record ' || r.seq as place from record r where r.estate_id = $estate and r.kind = 'objection_raised'
      and not exists (select from objection j where j.estate_id = r.estate_id and j.seq = r.seq)
    union all select 'no. ' || o.proposal_id from objection j join proposal o on o.estate_id = j.estate_id and o.proposal_id = j.proposal_id and o.state = 'executed'
    left join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id
    where j.estate_id = $estate and a.objection_id is null order by 1` },
];
