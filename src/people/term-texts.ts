// Texts about terms of office and delegations, and how a delegation is said in one line.
import type { Office } from '../kernel/actor.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { officeTexts } from './texts.ts';

export const termTexts = {
  propose_appointment: { zh: '提出任命', en: 'Propose an appointment' },
  propose_end: { zh: '提出卸任', en: 'Propose the end' },
  propose_delegation: { zh: '提出委托', en: 'Propose a delegation' },
  ends_soon: { zh: '还有 {days} 天到期', en: 'ends in {days} days' },
  ends_today: { zh: '今天到期', en: 'ends today' },
  starts_later: { zh: '{from}起', en: 'from {from}' },
  signs_for_others: { zh: '受托代签', en: 'signs for others' },
  substitute: { zh: '代签中', en: 'in force' },
  basis: { zh: '依据', en: 'Rests on' },
  by_proposal: { zh: '第 {proposal} 号签批单', en: 'proposal no. {proposal}' },
  at_opening: { zh: '建账时登记', en: 'entered at the opening' },
  delegations: { zh: '委托代签', en: 'Delegations' },
  delegations_text: {
    zh: '候补不能自己签，只能在受托期间代本方一位签批人签，签名处写明“某代某”。本人或候补随时可以结束委托。',
    en: 'A deputy signs nothing of their own, only in the place of a signer of the same body who delegated to them, and each signature says so. Either of the two may end it at any time.',
  },
  no_delegations: { zh: '还没有委托。', en: 'There are no delegations.' },
  who: { zh: '谁代谁', en: 'Who for whom' },
  when: { zh: '期间', en: 'Days' },
  days: { zh: '{from}至{to}', en: '{from} to {to}' },
  when_of: { zh: '代签条件', en: 'Signs for' },
  at_once: { zh: '随时可代签', en: 'everything, at once' },
  after: { zh: '提交满 {days} 天还没签的', en: 'what has waited {days} days' },
  state: { zh: '状态', en: 'State' },
  state_now: { zh: '生效中', en: 'in force' },
  state_later: { zh: '未开始', en: 'not begun' },
  state_over: { zh: '已结束', en: 'over' },
  state_lapsed: { zh: '任期已到，不再有效', en: 'lapsed: a term is over' },
  end_delegation: { zh: '结束委托', en: 'End it' },
} as const satisfies Record<string, Bilingual>;

const forms = {
  deputy: { zh: '{delegate} 代 {principal}', en: '{delegate} (deputy) for {principal} ({office})' },
  left: { zh: '（已离任者）', en: '(somebody who left)' },
} as const;

/** 李候补 代 陈主任; Li (deputy) for Chen (chair). Names are null where the person was erased. */
export const inPlaceOf = (
  locale: Locale,
  names: { delegate: string | null; principal: string | null; principal_office: Office },
): string =>
  fill(forms.deputy[locale], {
    delegate: names.delegate ?? forms.left[locale],
    principal: names.principal ?? forms.left[locale],
    office: officeTexts[names.principal_office].en.toLowerCase(),
  });
