// What may be wrong with signing rules and with changes of them, and what to do about it. {rule} is the rule
// as a sentence, so that nobody has to look up a number.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  rule_change_empty: {
    status: 422,
    zh: '这份修改什么也没有改：和现在的规则一样。请至少改一条规则再提交。',
    en: 'This change changes nothing: the rules stay as they are. Change at least one rule first.',
  },
  rule_not_in_force: {
    status: 409,
    zh: '第 {number} 号规则已经不在用，不能再停用或替换。请按最新的规则重新修改。',
    en: 'Rule {number} is not in force any more and cannot be ended or replaced. Begin again from the rules as they are now.',
  },
  rule_unknown: {
    status: 404,
    zh: '没有第 {number} 号规则。请到“签批规则”页查看编号。',
    en: 'There is no rule {number}. See the page of the signing rules for the numbers.',
  },
  rule_draft_unreadable: {
    status: 422,
    zh: '这个链接里的规则修改读不出来，可能没有复制完整。请让对方重新发一次，或从“提出修改”重新开始。',
    en: 'The change in this link cannot be read; perhaps it was not copied whole. Ask for the link again, or begin anew.',
  },
  rule_amount_unreadable: {
    status: 422,
    zh: '金额“{typed}”读不懂。请写成 8000、8,000 或 8000.00，最多十二位整数和两位小数，不能是负数。',
    en: 'The amount "{typed}" cannot be read. Write 8000, 8,000 or 8000.00, with at most twelve digits and two decimals, and not negative.',
  },
  rule_band_invalid: {
    status: 422,
    zh: '金额档从 {from} 元起、不满 {to} 元，里面没有任何金额。“不满”要比“起”大，不设上限请留空。',
    en: 'The band from {from} to below {to} holds no amount. Its upper border has to be above the lower one; leave it empty for no limit.',
  },
  rule_not_for_kind: {
    status: 422,
    zh: '“{kind}”不能设{what}：这类签批单用不上。请留空，或改别的事项的规则。',
    en: 'A rule for "{kind_en}" has no {what_en}: proposals of this kind do not carry it. Leave it out.',
  },
  rule_days_invalid: {
    status: 422,
    zh: '“{label}”应在 {least} 到 {most} 天之间，现在是 {days}。',
    en: '"{label_en}" is between {least} and {most} days, not {days}.',
  },
  rule_signers_invalid: {
    status: 422,
    zh: '{body}的签批人数应在 1 到 20 之间，现在是 {signers}。不要这一方签请留空。',
    en: '{body_en} can be asked for 1 to 20 signers, not {signers}. Leave it empty if this body is not to sign.',
  },
  rule_body_unknown: {
    status: 422,
    zh: '本小区没有“{body}”这一方，不能要它签。本小区有：{bodies}。',
    en: 'This estate has no body "{body}" that could sign. It has: {bodies_en}.',
  },
  rule_fund_unknown: {
    status: 422,
    zh: '本小区没有“{fund}”这项资金。请从资金列表里选，或留空表示所有资金。',
    en: 'This estate has no fund "{fund}". Choose one of its funds, or none for all of them.',
  },
  rule_needs_two_bodies: {
    status: 422,
    zh: '“{rule}”只有一方签。每条规则至少要两方签，动钱才有两把钥匙；请再加一方。',
    en: '"{rule_en}" asks one body only. Every rule asks at least two, so that there are two keys; add another.',
  },
  rule_needs_owners_key: {
    status: 422,
    zh: '“{rule}”没有业主一方签。除了缺位时的任免，每条规则都要业主委员会至少 1 人签；请加上。',
    en: '"{rule_en}" leaves out the owners\' side. Except for appointments to a vacant body every rule asks the owners\' committee; add it.',
  },
  rule_sequence_incomplete: {
    status: 422,
    zh: '依次签时，每一方都要排一个不同的先后，从 1 数起。没有排好的：{bodies}。不分先后请都留空。',
    en: 'In a sequence every body has its own place, counted from 1. Not in order: {bodies_en}. Leave all places empty for any order.',
  },
  rule_unreachable: {
    status: 422,
    zh: '“{rule}”要{body} {asked} 人签，可是现在只有 {present} 人在任，永远签不齐。请减少人数，或先提“任免”补人。',
    en: '"{rule_en}" asks {asked} of {body_en}, which has {present} signers in office: it could never be signed. Ask fewer, or propose appointments first.',
  },
  rule_emergency_needs: {
    status: 422,
    zh: '应急规则还缺：{missing}。应急少人先签，所以只用于付款，要有单笔上限、每月上限和补签期限，也不公示。',
    en: 'The emergency rule lacks: {missing_en}. Fewer sign first, so it is for payments only, with a limit for each order and for the month, days for ratification, and no notice.',
  },
  rule_only_emergency: {
    status: 422,
    zh: '每月上限和补签期限只有应急规则才有。请留空，或把规则改为应急。',
    en: 'A cap for the month and days for ratification belong to emergency rules only. Leave them empty, or make it an emergency rule.',
  },
  rule_vacancy_needs: {
    status: 422,
    zh: '缺位规则还缺：{missing}。它只在某一方人数不够时补人用：只用于任免，要业主大会决议，要公示，物业公司不参加。',
    en: 'The vacancy rule lacks: {missing_en}. It only seats members of a body that has too few: for offices only, on a resolution, announced, without the company.',
  },
  rules_overlap: {
    status: 422,
    zh: '两条规则管了同样的情形：“{rule}”和“{other}”。请把金额档错开，或停用其中一条。',
    en: 'Two rules answer for the same case: "{rule_en}" and "{other_en}". Set their bands apart, or end one of them.',
  },
  rules_gap: {
    status: 422,
    zh: '从{day}起，“{kind}”的{amounts}没有规则可用，这样的单就交不上去。请补一条，或把相邻的金额档放宽。',
    en: 'From {day_en} on no rule would answer for "{kind_en}" {amounts_en}, and such proposals could not be made. Add one, or widen the band beside it.',
  },
  rule_valid_from_past: {
    status: 422,
    zh: '规则只能从今天（{today}）或以后起用，不能从 {valid_from} 起：已经签的单按当时的规则算。',
    en: 'Rules begin today ({today}) or later, not on {valid_from}: what was signed then was signed under the rules of the day.',
  },
  rule_valid_from_far: {
    status: 422,
    zh: '起用日 {valid_from} 太远，最迟到 {latest}。',
    en: 'The first day {valid_from} is too far away; the latest is {latest}.',
  },
  rule_day_unreadable: {
    status: 422,
    zh: '日期“{typed}”读不懂，或没有这一天。请写成 2026-12-01 这样的日期。',
    en: 'The day "{typed}" cannot be read, or does not exist. Write a date like 2026-12-01.',
  },
  rule_change_needs_signer: {
    status: 422,
    zh: '改规则要{body} {asked} 人签，您是其中一员，提出人自己不能签，剩下 {present} 人就签不齐了。请把本页链接发给出纳，或别的不用签的人，由他提交。',
    en: 'A change of rules asks {asked} of {body_en}. You are one of them, whoever proposes does not sign, and the {present} left are too few. Send the link of this page to the cashier, or another who need not sign, to submit it.',
  },
  rules_changed_meanwhile: {
    status: 409,
    zh: '第 {proposal} 号签批单签齐时，它要改的规则已经被别的单改了。这张单已作废，没有改任何规则；请按现在的规则重新提出。',
    en: 'When proposal {proposal} had its signatures, other proposals had changed the rules it was about. It is superseded and changed nothing; propose it anew from the rules as they are.',
  },
  rule_change_not_fitting: {
    status: 409,
    zh: '第 {proposal} 号签批单签齐时，和现在的规则已对不上（{constraint}）。这张单已作废，没有改任何规则；请按现在的规则重新提出。',
    en: 'When proposal {proposal} had its signatures it no longer fitted the rules as they are ({constraint}). It is superseded and changed nothing; propose it anew.',
  },
  rule_change_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，规则没有改。',
    en: 'Proposal {proposal} has not all its signatures; no rule was changed.',
  },
});
