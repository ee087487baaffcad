// The printable sheet of recovery codes: shown once, without the frame of the other pages, so that nothing but
// the codes reaches the paper. In both languages: it lies in a drawer for years.
import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { fill, type Locale } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { keyTexts } from './passkey-texts.ts';

export interface RecoverySheetFacts {
  name: string;
  codes: readonly string[];
  issued_at: string;
  /** Name of the passkey that was enrolled just now. */
  label?: string | undefined;
  css_href: string;
  locale: Locale;
  /** Where the person logs in. */
  address: string;
}

const words = {
  what: {
    zh: '手机丢了或换了、通行密钥用不了时，登录 {address} 的“我的账号 → 通行密钥”，输入这张纸上任意一个没用过的恢复码，就能登记新的通行密钥。',
    en: 'If the phone is lost or replaced, log in at {address}, open "My account", "Passkeys", and type any code of this sheet that is not used yet: it enrols a new passkey.',
  },
  keep: {
    zh: '请打印出来放在家里。每个只能用一次，用后划掉。不要拍照、不要存在手机里，不要给任何人看。',
    en: 'Keep it on paper at home. Each works once; tick it off. No photo, not on the phone, not for other eyes.',
  },
  owner: { zh: '{name} · {issued} 打印', en: 'printed {issued}' },
} as const;

function Sheet({ facts }: { facts: RecoverySheetFacts }): JSX.Element {
  const { name, issued_at, address } = facts;
  return (
    <main class="sheet">
      <h1>
        明账 · {keyTexts.sheet_title.zh}
        <small lang="en">Mingzhang · {keyTexts.sheet_title.en}</small>
      </h1>
      <p>{fill(words.owner.zh, { name, issued: formatInstant(issued_at, 'zh') })}</p>
      <ol class="codes">
        {facts.codes.map((code) => (
          <li>{code}</li>
        ))}
      </ol>
      <p>{fill(words.what.zh, { address })}</p>
      <p>{words.keep.zh}</p>
      <p lang="en">
        {fill(words.what.en, { address })} {words.keep.en}
      </p>
    </main>
  );
}

export function recoverySheet(facts: RecoverySheetFacts): string {
  const { locale, label, css_href } = facts;
  const t = pick(keyTexts, locale);
  const html = render(
    <html lang={locale === 'zh' ? 'zh-CN' : 'en'}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{t.sheet_title}</title>
        <link rel="stylesheet" href={css_href} />
        <link rel="stylesheet" href={assetUrl('fonts.css')} />
      </head>
      <body>
        <div class="bar">
          {label !== undefined && <p role="status">{fill(t.sheet_enrolled, { label })}</p>}
          <p>
            <strong>{t.sheet_note}</strong>
          </p>
          <p>
            <a href="/me/passkeys">{t.sheet_done} ›</a>
          </p>
        </div>
        <Sheet facts={facts} />
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
