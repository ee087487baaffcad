// Texts of the approval pages, Chinese and English.
import type { Bilingual, Locale } from '../kernel/locale.ts';

const states: Record<string, Bilingual> = {
  draft: { zh: '草稿', en: 'draft' },
  submitted: { zh: '签批中', en: 'waiting for signatures' },
  approved: { zh: '已签齐', en: 'approved' },
  executed: { zh: '已办结', en: 'carried out' },
  returned: { zh: '已退回修改', en: 'returned' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  rejected: { zh: '已拒绝', en: 'rejected' },
  held: { zh: '已暂缓', en: 'on hold' },
  expired: { zh: '已过期', en: 'expired' },
  superseded: { zh: '已被取代', en: 'superseded' },
};
export const stateName = (state: string, locale: Locale): string => states[state]?.[locale] ?? state;
export const stateNames = states;

const kinds: Record<string, Bilingual> = {
  payment: { zh: '付款', en: 'payment' },
  transfer: { zh: '转账分录', en: 'transfer' },
  reversal: { zh: '红字冲销', en: 'reversal' },
  close: { zh: '结账', en: 'closing of a month' },
};
export const kindName = (kind: string, locale: Locale): string => kinds[kind]?.[locale] ?? kind;
export const kindNames = kinds;
