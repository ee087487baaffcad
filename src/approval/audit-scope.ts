// What an auditor may be let see (查账范围): kinds of pages and the days of what is on them, as it stands in the signed appointment
// {scope: {from, to, kinds}}. The names stand here because the proposal shows them; what is refused is decided in oversight/.
import type { Bilingual } from '../kernel/locale.ts';

export const auditKinds = ['books', 'vouchers', 'orders', 'disclosures', 'bank', 'households', 'log', 'exports', 'voice'] as const;
export type AuditKind = (typeof auditKinds)[number];
export const isAuditKind = (kind: string): kind is AuditKind => (auditKinds as readonly string[]).includes(kind);

/** A type alias, so that it is JSON for the document. */
export type AuditScope = { from: string | null; to: string | null; kinds: string[] };

export const auditKindTexts: Record<AuditKind | 'general', Bilingual> = {
  general: { zh: '各方、规则等公开页', en: 'offices, rules and the like' },
  books: { zh: '账簿、科目余额、预算', en: 'journal, balances, budgets' },
  vouchers: { zh: '原始凭证', en: 'original vouchers' },
  orders: { zh: '付款单、签批单', en: 'payment orders, proposals' },
  disclosures: { zh: '收支公示', en: 'disclosures' },
  bank: { zh: '银行流水、对账', en: 'bank lines, reconciliation' },
  households: { zh: '住户账单、收据、台账（含姓名）', en: 'bills, receipts, register (with names)' },
  log: { zh: '操作日志', en: 'operation log' },
  exports: { zh: '导出、审计包（含那段时间的全部内容）', en: 'exports, audit packages (everything of those days)' },
  voice: { zh: '质询、清单、项目、表决', en: 'questions, lists, projects, votes' },
};

/** "2025-01-01 至 2025-12-31"; the beginning and the present where an end is open. */
export function scopeDays({ from, to }: { from: string | null; to: string | null }): Bilingual {
  if (from === null && to === null) return { zh: '全部时间', en: 'all days' };
  return {
    zh: `${from === null ? '建账' : from} 至 ${to ?? '现在'}`,
    en: `${from === null ? 'the beginning' : from} to ${to ?? 'the present'}`,
  };
}
export const scopeKinds = (kinds: readonly string[]): Bilingual => ({
  zh: kinds.map((kind) => (isAuditKind(kind) ? auditKindTexts[kind].zh : kind)).join('、'),
  en: kinds.map((kind) => (isAuditKind(kind) ? auditKindTexts[kind].en : kind)).join('; '),
});

/** The scope in a document; null where it has none. */
export function scopeIn(document: { readonly [name: string]: unknown } | null): AuditScope | null {
  const scope = document?.['scope'] as Partial<AuditScope> | null | undefined;
  return scope === null || scope === undefined || !Array.isArray(scope.kinds) ? null : { from: scope.from ?? null, to: scope.to ?? null, kinds: scope.kinds };
}
