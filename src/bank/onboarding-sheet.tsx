// The list for the bank on paper (A4), both languages on one sheet: what to bring and what to arrange, ticked where it is
// done, with the lines on which both sides and the bank sign. Without the whole number: it goes through many hands.
import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import type { Locale } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { groups, itemTexts, texts } from './onboarding-texts.ts';
import type { ItemRow, Onboarding } from './onboarding.ts';

export interface SheetFacts {
  estate: { code: string; name_zh: string; name_en: string; trustee: string; committee: string };
  account: { account: string; name_zh: string; name_en: string; bank_name: string; account_last4: string };
  onboarding: Onboarding;
  bodies: Record<string, { zh: string; en: string }>;
  printed_at: string;
  css_href: string;
  locale: Locale;
}

const words = {
  estate: { zh: '小区', en: 'Estate' }, trustee: { zh: '物业公司', en: 'Property company' }, committee: { zh: '业主委员会', en: "Owners' committee" },
  printed: { zh: '打印时间', en: 'Printed' }, bank_signs: { zh: '银行经办', en: 'Bank' },
} as const;
const Two = ({ text }: { text: { zh: string; en: string } }): JSX.Element => <>{text.zh} <span lang="en">{text.en}</span></>;

function Line({ row, bodies }: { row: ItemRow; bodies: SheetFacts['bodies'] }): JSX.Element {
  const details = [
    row.holder_name !== null && `${row.holder_name}（${bodies[row.holder_body ?? '']?.zh ?? ''}）`, row.serial_last4 !== null && `…${row.serial_last4}`,
    row.found !== null && ('number' in row.found ? `${row.found.number} ¥${row.found.amount}` : row.found.statement_to), row.note !== '' && row.note,
    row.state === 'not_needed' && `${texts.not_needed.zh} ${texts.not_needed.en}`,
  ].filter((part) => part !== false);
  return (
    <tr>
      <td><span class={row.state === 'not_needed' ? 'box none' : 'box'}>{{ open: '', done: '✓', not_needed: '–' }[row.state]}</span></td>
      <td class="what">{itemTexts[row.item].label.zh}<span lang="en">{itemTexts[row.item].label.en}</span></td>
      <td class="how">{details.join(' · ')}</td>
    </tr>
  );
}

export function onboardingSheet(facts: SheetFacts): string {
  const { estate, account, onboarding, bodies, locale } = facts;
  const t = pick(texts, locale);
  const loud = onboarding.keys === 'one_body' || onboarding.keys === 'one_person';
  const both = bodies[onboarding.items.find((row) => row.item === 'key_maker')?.holder_body ?? ''] ?? { zh: '', en: '' };
  const html = render(
    <html lang={locale === 'zh' ? 'zh-CN' : 'en'}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${t.sheet} · ${locale === 'zh' ? estate.name_zh : estate.name_en}`}</title>
        <link rel="stylesheet" href={facts.css_href} />
        <link rel="stylesheet" href={assetUrl('fonts.css')} />
      </head>
      <body>
        <div class="bar">
          <p><strong>{t.sheet_hint}</strong></p>
          <p><a href={`/e/${estate.code}/bank/accounts/${account.account}`}>‹ {t.sheet_back}</a></p>
        </div>
        <main>
          <h1>{texts.sheet.zh}<small lang="en">{texts.sheet.en}</small></h1>
          <dl>
            <div><dt>{words.estate.zh}</dt><dd>{estate.name_zh}</dd></div>
            <div><dt>{texts.name.zh}</dt><dd>{account.name_zh}</dd></div>
            <div><dt>{texts.bank.zh}</dt><dd>{account.bank_name}</dd></div>
            <div><dt>{texts.last4.zh}</dt><dd>{account.account_last4}</dd></div>
            <div><dt>{words.trustee.zh}</dt><dd>{estate.trustee}</dd></div>
            <div><dt>{words.committee.zh}</dt><dd>{estate.committee}</dd></div>
          </dl>
          {loud && (
            <p class="loud">
              {onboarding.keys === 'one_person' ? texts.two_keys_one_person.zh : texts.two_keys_one_body.zh.replace('{body}', both.zh)}{' '}
              <span lang="en">{onboarding.keys === 'one_person' ? texts.two_keys_one_person.en : texts.two_keys_one_body.en.replace('{body}', both.en)}</span>
            </p>
          )}
          {groups.map((group) => (
            <section>
              <h2>{texts[group].zh} <small lang="en">{texts[group].en}</small></h2>
              <table><tbody>{onboarding.items.filter((row) => row.group === group).map((row) => <Line row={row} bodies={bodies} />)}</tbody></table>
            </section>
          ))}
          <div class="sign">
            <p><Two text={words.trustee} /></p><p><Two text={words.committee} /></p><p><Two text={words.bank_signs} /></p>
          </div>
          <p><Two text={words.printed} /> {formatInstant(facts.printed_at, locale)}</p>
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
