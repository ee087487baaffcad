// The four sources, the kinds of projects and the stages a project goes through.
import type { Bilingual } from '../kernel/locale.ts';

export const sources = ['government', 'organisation', 'households', 'donation'] as const;
export type Source = (typeof sources)[number];
export const projectKinds = ['renovation', 'micro_grant', 'community_security', 'charity'] as const;
export type ProjectKind = (typeof projectKinds)[number];
export type Stage = 'proposed' | 'fundraising' | 'building' | 'accepted' | 'finished' | 'returned';

export const sourceNames: Record<Source, Bilingual> = {
  government: { zh: '政府补贴', en: 'Government' }, organisation: { zh: '单位出资', en: 'Organisations' },
  households: { zh: '居民自筹', en: 'Households' }, donation: { zh: '社会捐助', en: 'Donations' },
};
export const kindNames: Record<ProjectKind, Bilingual> = {
  renovation: { zh: '改造', en: 'Renovation' }, micro_grant: { zh: '微创投', en: 'Micro-grant' },
  community_security: { zh: '社区保障资金', en: 'Community security fund' }, charity: { zh: '慈善', en: 'Charity' },
};
/** The same where there is little room. */
export const kindTabs: Record<ProjectKind, Bilingual> = { ...kindNames, community_security: { zh: '社区保障', en: 'Security' } };
export const stageNames: Record<Stage, Bilingual> = {
  proposed: { zh: '征求意见', en: 'opinions' }, fundraising: { zh: '筹款', en: 'fundraising' }, building: { zh: '施工', en: 'work' },
  accepted: { zh: '已验收', en: 'accepted' }, finished: { zh: '已结项，退结余', en: 'finished, rest going back' }, returned: { zh: '已完结', en: 'closed' },
};
/** Account that is credited when money of a source comes: project_account() in the database. */
export const sourceAccounts: Record<Source, string> = { government: '310201', organisation: '310202', households: '310203', donation: '310204' };

export const isSource = (text: string): text is Source => (sources as readonly string[]).includes(text);
export const isKind = (text: string): text is ProjectKind => (projectKinds as readonly string[]).includes(text);
