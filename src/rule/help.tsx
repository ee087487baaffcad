// The presets explained, with a worked example each: in an estate, and without one for whoever looks at the program.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { ActionLink, Card } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { presets, usualRules, type Preset } from '../approval/presets.ts';
import { classHelp, helpTexts, presetHelp, type Example } from './help-texts.ts';
import { conditionsOf, ruleSentence, signersText, usualBodies, type RuleNames } from '../approval/rule-text.ts';
import { texts } from '../approval/rule-texts.ts';

/** Where there is no company, the committee is named as such an estate names it. */
const namesFor = (preset: Preset): RuleNames => ({
  funds: {}, bodies: preset.startsWith('self_managed') ? { ...usualBodies, committee: { zh: '业主自管委员会', en: usualBodies.committee.en } } : usualBodies,
});

function ExampleText({ example, names, locale }: { example: Example; names: RuleNames; locale: Locale }): JSX.Element {
  const t = pick(helpTexts, locale);
  const { story, kind, amount, bodies, notice_days, needs_resolution } = example;
  const signers = signersText({ bodies }, names)[locale].replaceAll(' + ', locale === 'zh' ? '、' : ' and ');
  const more = conditionsOf({ kind, amount_from: amount ?? '0.00', amount_to: null, fund: null, expires_days: 30, bodies, notice_days, needs_resolution })
    .map((one) => one[locale]).join(locale === 'zh' ? '，' : ', ');
  return <p>{fill(more === '' ? t.example : t.example_more, { story: story[locale], signers, more })}</p>;
}

function PresetCard({ preset, locale }: { preset: Preset; locale: Locale }): JSX.Element {
  const t = pick(helpTexts, locale);
  const { name, text, examples } = presetHelp[preset];
  const rules = usualRules(preset);
  const names = namesFor(preset);
  return (
    <Card title={name[locale]} id={preset}>
      <p>{text[locale]}</p>
      {examples.map((example) => <ExampleText example={example} names={names} locale={locale} />)}
      <details>
        <summary class="tap">{fill(t.all_of, { count: rules.length })}</summary>
        <ul>{rules.map((rule) => <li>{ruleSentence(rule, names)[locale]}</li>)}</ul>
      </details>
    </Card>
  );
}

export function helpPage(frame: Frame, { code }: { code: string | null }): string {
  const { locale } = frame;
  const t = pick(helpTexts, locale);
  return page({
    ...frame, title: t.title, lede: t.lede,
    crumbs: code === null ? [] : [{ href: `/e/${code}/rules`, label: texts.rules[locale] }],
    body: (
      <>
        <Card title={t.how}>
          <ul>{([t.how_first, t.how_second, t.how_third, t.how_fourth, t.how_fifth, t.how_sixth]).map((line) => <li>{line}</li>)}</ul>
        </Card>
        <h2>{t.presets}</h2>
        {presets.map((preset) => <PresetCard preset={preset} locale={locale} />)}
        {classHelp.map(({ id, name, text, examples }) => (
          <Card title={name[locale]} id={id}>
            <p>{text[locale]}</p>
            {examples.map((example) => <ExampleText example={example} names={namesFor('trust')} locale={locale} />)}
          </Card>
        ))}
        <p class="hint">{fill(t.where, { names: presets.join(' | ') })}</p>
        {code !== null && <p><ActionLink href={`/e/${code}/rules`} kind="alt">{t.to_rules}</ActionLink></p>}
      </>
    ),
  });
}
