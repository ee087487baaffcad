// Findings about single records: offices, rules, proposals, signatures, entries.
import type { Told } from './told.ts';

export const bookTexts = {
  // ── Records ──
  record_misshapen: ['broken', 'around_program', '记录的内容不完整或写法不对（{what}）', 'the record is incomplete or not written as it should be ({what})'],
  time_runs_back: ['broken', 'around_program', '日志的时间倒退了：{at} 在 {before} 之后', 'the log\'s time runs backwards: {at} after {before}'],
  estate_differs: ['broken', 'around_program', '日志不是从这个小区建账开始的（{estate}）', 'the log does not begin with this estate ({estate})'],
  support_missing: ['broken', 'hidden', '文件里没有它所依据的记录：{what}', 'the file lacks a record that this one rests on: {what}'],
  estate_is_demo: ['caution', 'know', '这是演示小区：账是虚构的', 'this is a demonstration: its books are fictional'],

  // ── Offices ──
  term_without_proposal: ['broken', 'unsigned', '任期 {term} 没有签批单', 'term {term} was given without a proposal'],
  term_differs: ['broken', 'unsigned', '任期 {term} 和签批单不一致', 'term {term} is not what was signed'],
  term_twice: ['broken', 'around_program', '任期编号 {term} 出现了两次', 'the number of term {term} is there twice'],
  term_unknown: ['broken', 'around_program', '结束的任期 {term} 从来没有开始', 'term {term} ends without having begun'],
  delegation_differs: ['broken', 'unsigned', '委托 {delegation} 和签批单不一致', 'delegation {delegation} is not what was signed'],
  delegation_twice: ['broken', 'around_program', '委托编号 {delegation} 出现了两次', 'the number of delegation {delegation} is there twice'],
  passkey_twice: ['broken', 'around_program', '同一把通行密钥登记了两次', 'a passkey was enrolled twice'],
  passkey_differs: ['broken', 'around_program', '注销的通行密钥不是这个人的', 'a passkey was revoked that is not this person\'s'],

  // ── Rules ──
  rules_opened_twice: ['broken', 'around_program', '签批规则建立了两次', 'the first rules were written twice'],
  rule_too_weak: ['broken', 'unsigned', '第 {rule} 条规则不要求两方签批、不要求业主方，或超出了应急、缺位规则的界限', 'rule {rule} does not ask two bodies, not the owners\' side, or exceeds what emergencies and vacancies allow'],
  rule_twice: ['broken', 'around_program', '第 {rule} 条规则写了或结束了两次', 'rule {rule} was written or ended twice'],
  rule_unknown: ['broken', 'around_program', '没有第 {rule} 条规则', 'there is no rule {rule}'],
  rule_change_differs: ['broken', 'unsigned', '规则的变更和签批单不一致', 'the change of rules is not what was signed'],
  rule_wrong: ['broken', 'unsigned', '第 {proposal} 号签批单用了第 {rule} 条规则，应当用第 {right} 条', 'proposal {proposal} was put under rule {rule}; rule {right} answered for it'],
  rule_not_kept: ['broken', 'unsigned', '第 {proposal} 号签批单没有遵守第 {rule} 条规则（公示天数、期限、决议或应急的限制）', 'proposal {proposal} does not keep rule {rule} (notice, validity, resolution, or limits of emergencies)'],

  // ── Proposals ──
  document_altered: ['broken', 'altered', '第 {proposal} 号签批单的内容和它的校验值不符', 'the document of proposal {proposal} does not match its hash'],
  submission_differs: ['broken', 'around_program', '第 {proposal} 号签批单的提交记录前后不符', 'the submission of proposal {proposal} contradicts itself'],
  step_unknown: ['broken', 'around_program', '第 {proposal} 号签批单{state}，不能再“{step}”', 'proposal {proposal} is {state} and cannot take this step: {step}'],
  order_not_approved: ['broken', 'unsigned', '第 {proposal} 号签批单{state}，却已经办了', 'proposal {proposal} was carried out while it was {state}'],
  quorum_missing: ['broken', 'unsigned', '第 {proposal} 号签批单没有签齐就办了，还缺：{missing}', 'proposal {proposal} was carried out without its signatures; missing: {missing}'],
  order_in_notice: ['broken', 'unsigned', '第 {proposal} 号签批单在公示期内（{payable_from} 以前）就办了', 'proposal {proposal} was carried out before its first day ({payable_from})'],
  order_objected: ['broken', 'unsigned', '第 {proposal} 号签批单的书面异议（第 {objection} 条记录）没有答复就办了', 'proposal {proposal} was carried out with an objection unanswered (record {objection})'],
  order_twice: ['broken', 'unsigned', '第 {proposal} 号签批单办了两次', 'proposal {proposal} was carried out twice'],
  order_of_other_kind: ['broken', 'unsigned', '第 {proposal} 号签批单批的不是这种事', 'proposal {proposal} is of another kind than what was done'],
  emergency_above_cap: ['broken', 'unsigned', '{month} 的应急付款超过了每月限额（第 {proposal} 号签批单）', 'emergency payments of {month} exceed the cap of the month (proposal {proposal})'],
  emergency_not_ratified: ['caution', 'ratify', '{count} 笔应急付款过了补签期限，最早的是第 {proposal} 号（{ratify_by} 前）', '{count} emergency payments are overdue for ratification, the first is proposal {proposal} (by {ratify_by})'],

  // ── Signatures ──
  signature_out_of_time: ['broken', 'signature', '第 {proposal} 号签批单：{body}在{why}以后签的名', 'proposal {proposal}: {body} signed when it was {why}'],
  signature_other_document: ['broken', 'signature', '第 {proposal} 号签批单：{body}签的是另一份单据', 'proposal {proposal}: {body} signed another document'],
  signer_concerned: ['broken', 'signature', '第 {proposal} 号签批单：制单人或当事人自己签了名（{body}）', 'proposal {proposal}: its maker, or whoever it is about, signed it ({body})'],
  signed_twice: ['broken', 'signature', '第 {proposal} 号签批单：同一个人或同一票签了两次（{body}）', 'proposal {proposal}: one person or one vote signed twice ({body})'],
  not_in_office: ['broken', 'signature', '第 {proposal} 号签批单：签名人当时不在{body}任职', 'proposal {proposal}: the signer held no office of {body} then'],
  delegation_missing: ['broken', 'signature', '第 {proposal} 号签批单：没有让他代签的委托（{body}）', 'proposal {proposal}: no delegation let them sign in that place ({body})'],
  body_not_asked: ['broken', 'signature', '第 {proposal} 号签批单：规则没有请{body}签', 'proposal {proposal}: the rule does not ask {body}'],
  out_of_turn: ['broken', 'signature', '第 {proposal} 号签批单：{body}没有等{why}先签', 'proposal {proposal}: {body} signed before {why}'],
  method_too_weak: ['broken', 'signature', '第 {proposal} 号签批单：规则只认通行密钥，{body}用的不是', 'proposal {proposal}: the rule asks for a passkey, {body} used something else'],
  passkey_unknown: ['broken', 'signature', '第 {proposal} 号签批单：通行密钥不是签名人登记的那把（{body}）', 'proposal {proposal}: the passkey is not one the signer enrolled ({body})'],
  passkey_revoked: ['broken', 'signature', '第 {proposal} 号签批单：通行密钥签名时已注销（{body}）', 'proposal {proposal}: the passkey had been revoked ({body})'],
  challenge_reused: ['broken', 'signature', '第 {proposal} 号签批单：同一次签名用了两回（{body}）', 'proposal {proposal}: one answer of a passkey was used twice ({body})'],
  assertion_wrong: ['broken', 'signature', '第 {proposal} 号签批单：{body}的通行密钥{why}', 'proposal {proposal}: the passkey of {body}: {why}'],
  signatures_weak: ['caution', 'weak', '{all} 个签名里有 {weak} 个用的是签名口令（弱）', '{weak} of {all} signatures are by password (weak)'],
  evidence_wrong: ['broken', 'signature', '签名证据：{what}', 'evidence of signatures: {what}'],
  evidence_not_in_log: ['broken', 'signature', '证据里的这条记录和日志里的不一样', 'this record of the evidence is not the one in the log'],
  evidence_alone: ['caution', 'more_files', '证据里有 {count} 条记录不在手里的日志中，只核对了它们自身', '{count} records of the evidence are in none of these logs; only they themselves were checked'],
  evidence_incomplete: ['caution', 'know', '签名还没有达到规则要的人数', 'fewer have signed so far than the rule asks'],

  // ── Entries ──
  number_wrong: ['broken', 'money', '凭证字号不对：{number}', 'the number of the entry is wrong: {number}'],
  number_gap: ['broken', 'hidden', '凭证编号不连续：这里应是 {expected}，却是 {number}', 'the numbers have a gap: {expected} is expected here, not {number}'],
  entry_amounts: ['broken', 'money', '分录金额的写法不对', 'the amounts of the entry are not written as they should be'],
  entry_unbalanced: ['broken', 'money', '借贷不平', 'debits and credits differ'],
  fund_unbalanced: ['broken', 'money', '在一项资金里借贷不平：{fund}', 'debits and credits differ within a fund: {fund}'],
  entry_dated_ahead: ['broken', 'money', '凭证日期 {date} 晚于登记日 {day}', 'the entry is dated {date}, after the day it was recorded ({day})'],
  entry_in_closed_month: ['broken', 'money', '记进了已结账的月份 {period}（已结到 {closed}）', 'booked into {period}, which was closed (up to {closed})'],
  money_out_without_order: ['broken', 'unsigned', '钱付出去了，没有签批单', 'money went out without an order'],
  order_missing: ['broken', 'unsigned', '这种凭证要有签批单', 'such an entry needs an order'],
  entry_differs_from_order: ['broken', 'unsigned', '记的账和第 {proposal} 号签批单批的不一样', 'the entry is not what was signed as proposal {proposal}'],
  order_vouchers_differ: ['broken', 'voucher', '签批时的原始凭证没有全部附在这张凭证后面（第 {proposal} 号）', 'not all vouchers that were signed are under the entry (proposal {proposal})'],
  transfer_moves_money: ['broken', 'unsigned', '转账凭证把钱转出或转进了小区的账户', 'a transfer moved money into or out of the estate\'s accounts'],
  reversal_wrong: ['broken', 'money', '红字冲销和被冲销的凭证（第 {reverses} 条记录）不是金额相反的同一笔', 'the reversal is not equal and opposite to what it reverses (record {reverses})'],
  reversed_twice: ['broken', 'money', '同一张凭证（第 {reverses} 条记录）冲销了两次', 'one entry (record {reverses}) was reversed twice'],
  reversal_elsewhere: ['caution', 'more_files', '被冲销的凭证（第 {reverses} 条记录）不在手里的文件中', 'the entry that was reversed (record {reverses}) is in none of these files'],
  close_differs: ['broken', 'money', '{period} 结账的数字和记录不符', 'the figures with which {period} was closed are not those of the records'],
  close_out_of_order: ['broken', 'money', '{period} 没有按月份次序结账（上次结到 {closed}）', '{period} was not closed in order (last closed: {closed})'],
} as const satisfies Record<string, Told>;
