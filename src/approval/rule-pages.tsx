// The page that tells in plain words who signs what.
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Rule } from './rules.ts';
import { kindName, texts } from './texts.ts';

type T = Record<keyof typeof texts, string>;

function bandText({ amount_from, amount_to, kind }: Rule, t: T): string {
  const from = money(amount_from);
  const facts = { from: moneyFigures(from), to: amount_to === null ? '' : moneyFigures(money(amount_to)) };
  if (kind === 'close' || (from.isZero() && amount_to === null)) return t.band_any;
  if (from.isZero()) return fill(t.band_below, facts);
  return fill(amount_to === null ? t.band_from : t.band_between, facts);
}

export interface RulesShown { code: string; rules: Rule[]; funds: Record<string, { zh: string; en: string }> }

export function rulesPage(frame: Frame, { rules, funds }: RulesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const rows = rules.map((rule) => ({
    kind: kindName(rule.kind, locale), band: bandText(rule, t),
    fund: rule.fund === null ? t.fund_any : funds[rule.fund]?.[locale] ?? rule.fund,
    who: rule.bodies.map((b) => fill(t.who_one, { body: locale === 'zh' ? b.name_zh : b.name_en, count: b.signers })).join(' + '),
    days: fill(t.days_of, { days: rule.expires_days }), since: formatDate(rule.valid_from, locale),
  }));
  return page({
    ...frame, title: t.rules, lede: t.rules_lede,
    body: (
      <Card>
        <LedgerTable caption={t.rules} caption_hidden rows={rows} empty={t.rules_empty} columns={[
          { key: 'kind', title: t.kind, lead: true }, { key: 'band', title: t.band }, { key: 'fund', title: t.fund },
          { key: 'who', title: t.who }, { key: 'days', title: t.days }, { key: 'since', title: t.since },
        ]} />
      </Card>
    ),
  });
}
