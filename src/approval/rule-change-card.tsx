// Old and new rules side by side, one row per kind, fund and payee; what stays as it is does not appear.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { pick } from '../web/locale.ts';
import { sameSlot } from './rule-check.ts';
import { ruleSentence, slotText, type RuleNames } from './rule-text.ts';
import { changeTexts } from './rule-texts.ts';
import type { NewRule } from './kinds.ts';

/** Rules that end, and rules that begin. */
export interface RulesChanged { ended: readonly NewRule[]; begun: readonly NewRule[] }

const byBand = (rules: readonly NewRule[]): NewRule[] => [...rules].sort((a, b) => money(a.amount_from).comparedTo(money(b.amount_from)));

const Sentences = ({ rules, names, locale }: { rules: readonly NewRule[]; names: RuleNames; locale: Locale }): JSX.Element => (rules.length === 0
  ? <p>{changeTexts.none[locale]}</p> : <ul>{byBand(rules).map((rule) => <li>{ruleSentence(rule, names)[locale]}</li>)}</ul>);

export function BeforeAfter({ changed: { ended, begun }, names, locale }: { changed: RulesChanged; names: RuleNames; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const slots: NewRule[] = [];
  for (const rule of [...ended, ...begun]) if (!slots.some((slot) => sameSlot(slot, rule))) slots.push(rule);
  return (
    <>
      {slots.map((slot) => (
        <section>
          <h3>{slotText(slot, names)[locale]}</h3>
          <div class="columns">
            <div><p class="hint">{t.before}</p><Sentences rules={ended.filter((rule) => sameSlot(rule, slot))} names={names} locale={locale} /></div>
            <div><p class="hint">{t.after}</p><Sentences rules={begun.filter((rule) => sameSlot(rule, slot))} names={names} locale={locale} /></div>
          </div>
        </section>
      ))}
    </>
  );
}
