// Rules of matching: what was learned, how often it held, and the switches.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { CheckField, Button, ButtonRow, Form, RadioField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import type { RuleShown } from './rule.ts';
import { ruleTexts } from './texts.ts';

export interface RulesShown {
  code: string;
  rules: RuleShown[];
  q: string;
  next_cursor: string | null;
  acts: boolean;
  /** Rule whose form was refused, and why. */
  refused: { rule_id: number; text: string } | null;
}
type T = ReturnType<typeof pick<typeof ruleTexts>>;

const targetOf = (rule: RuleShown, t: T, locale: Locale): string => {
  if (rule.kind === 'fee') return t.by_mandate;
  if (rule.unit !== null && rule.account === null) return fill(t.bills_of, { unit: rule.unit });
  const account = `${rule.account ?? ''} ${(locale === 'zh' ? rule.account_zh : rule.account_en) ?? ''}`;
  const fund = (locale === 'zh' ? rule.fund_zh : rule.fund_en) ?? '';
  return [account, fund, rule.unit ?? ''].filter((part) => part.trim() !== '').join(' · ');
};
const modeOf = (rule: RuleShown): string => (!rule.is_on ? 'off' : rule.by_itself === null ? 'auto' : rule.by_itself ? 'yes' : 'no');

function Change({ rule, frame, shown, t }: { rule: RuleShown; frame: Frame; shown: RulesShown; t: T }): JSX.Element {
  return (
    <details open={shown.refused?.rule_id === rule.rule_id}>
      <summary class="tap">{t.change}</summary>
      <Form action={`/e/${shown.code}/bank/rules/${rule.rule_id}`} csrf={frame.session?.csrf} id={`rule-${rule.rule_id}`}
        values={{ mode: modeOf(rule), words: rule.words.join('，') }} errors={shown.refused?.rule_id === rule.rule_id ? { words: shown.refused.text } : {}}>
        {rule.kind !== 'receipt' && <TextField name="words" label={t.words} hint={t.words_hint} />}
        <RadioField name="mode" label={t.mode} options={[
          { value: 'auto', label: t.mode_auto }, { value: 'yes', label: t.mode_yes }, { value: 'no', label: t.mode_no }, { value: 'off', label: t.mode_off },
        ]} />
        {rule.payer_name !== null && <CheckField name="forget" label={t.forget} />}
        <ButtonRow><Button kind="alt">{t.save}</Button></ButtonRow>
      </Form>
    </details>
  );
}

export function rulesPage(frame: Frame, shown: RulesShown): string {
  const { locale } = frame;
  const t = pick(ruleTexts, locale);
  return page({
    ...frame, title: t.title, lede: t.lede,
    crumbs: [{ href: `/e/${shown.code}/bank/reconcile`, label: locale === 'zh' ? '银行流水勾对' : 'Match bank lines' }],
    body: (
      <>
        {shown.refused !== null && <Notice tone="amber">{shown.refused.text}</Notice>}
        <Filters action={`/e/${shown.code}/bank/rules`} reset_href={shown.q === '' ? undefined : `/e/${shown.code}/bank/rules`}
          fields={[{ name: 'q', label: t.search, type: 'search', value: shown.q }]} />
        <Card>
          <LedgerTable caption={t.title} caption_hidden rows={shown.rules} empty={<EmptyState title={t.none} text={t.none_text} />}
            rowState={(rule) => (rule.is_on ? undefined : 'muted')} columns={[
              {
                key: 'payer', title: t.payer, lead: true, cell: (rule) => (rule.kind === 'receipt'
                  ? <>{rule.payer_name ?? t.forgotten} <small class="hint">{rule.payer_account ?? ''}</small></>
                  : <>{t[`kind_${rule.kind}`]}<br /><small class="hint">{rule.words.join(locale === 'zh' ? '、' : ', ')}</small></>),
              },
              { key: 'target', title: t.target, cell: (rule) => targetOf(rule, t, locale) },
              { key: 'confirmations', title: t.confirmed, type: 'number', cell: (rule) => fill(t.times, { n: rule.confirmations }) },
              {
                key: 'hits', title: t.hits, type: 'number',
                cell: (rule) => <>{fill(t.times, { n: rule.hits })}{rule.last_hit_at !== null && <small class="hint"> {formatInstant(rule.last_hit_at, locale)}</small>}</>,
              },
              { key: 'state', title: t.state, cell: (rule) => <Chip tone={!rule.is_on ? 'plain' : rule.books ? 'ok' : 'amber'}>{!rule.is_on ? t.off : rule.books ? t.books : t.proposes}</Chip> },
              ...(shown.acts ? [{ key: 'change', title: t.change, cell: (rule: RuleShown) => <Change rule={rule} frame={frame} shown={shown} t={t} /> }] : []),
            ]} />
          <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.rules.length} />
        </Card>
      </>
    ),
  });
}
