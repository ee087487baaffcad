// Old and new rules side by side, one row per kind, fund and payee; what stays as it is does not appear.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { pick } from '../web/locale.ts';
import { LedgerTable } from '../web/tables.tsx';
import { sameSlot } from './rule-check.ts';
import { ruleSentence, slotText, type RuleNames } from './rule-text.ts';
import { changeTexts } from './rule-texts.ts';
import type { NewRule } from './rules.ts';

/** Rules that end, and rules that begin. */
export interface RulesChanged { ended: readonly NewRule[]; begun: readonly NewRule[] }

const byBand = (rules: readonly NewRule[]): NewRule[] => [...rules].sort((a, b) => money(a.amount_from).comparedTo(money(b.amount_from)));

function Sentences({ rules, names, locale }: { rules: readonly NewRule[]; names: RuleNames; locale: Locale }): JSX.Element {
  if (rules.length === 0) return <span class="hint">{changeTexts.none[locale]}</span>;
  return <>{byBand(rules).map((rule) => <div>{ruleSentence(rule, names)[locale]}</div>)}</>;
}

export function BeforeAfter({ changed: { ended, begun }, names, locale }: { changed: RulesChanged; names: RuleNames; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const slots: NewRule[] = [];
  for (const rule of [...ended, ...begun]) if (!slots.some((slot) => sameSlot(slot, rule))) slots.push(rule);
  const rows = slots.map((slot) => ({
    slot, before: ended.filter((rule) => sameSlot(rule, slot)), after: begun.filter((rule) => sameSlot(rule, slot)),
  }));
  return (
    <LedgerTable caption={t.compare} caption_hidden rows={rows} columns={[
      { key: 'slot', title: t.what, lead: true, cell: (row) => slotText(row.slot, names)[locale] },
      { key: 'before', title: t.before, cell: (row) => <Sentences rules={row.before} names={names} locale={locale} /> },
      { key: 'after', title: t.after, cell: (row) => <Sentences rules={row.after} names={names} locale={locale} /> },
    ]} />
  );
}
