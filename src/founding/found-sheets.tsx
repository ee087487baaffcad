// Printable sheets with the first logins: one for each person, both languages, without the frame of the other pages.
import { render } from 'preact-render-to-string';
import type { Locale } from '../kernel/locale.ts';
import { bodyTexts, officeTexts } from '../people/texts.ts';
import { assetUrl } from '../web/assets.ts';
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { FirstLogin } from './found-key.ts';
import { texts } from './found-texts.ts';

export function loginSheets({ logins, estate, address, css_href, locale }: { logins: readonly FirstLogin[]; estate: string; address: string; css_href: string; locale: Locale }): string {
  const both = (name: 'login' | 'password' | 'signing_password' | 'sheet_address') => `${texts[name].zh} ${texts[name].en}`;
  const html = render(
    <html lang={locale === 'zh' ? 'zh-CN' : 'en'}>
      <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>{texts.sheet_title[locale]}</title><link rel="stylesheet" href={assetUrl('fonts.css')} /><link rel="stylesheet" href={css_href} /></head>
      <body>
        {logins.filter(({ password }) => password !== null).map((one) => (
          <main class="sheet">
            <h1>{estate} · {texts.sheet_title.zh}<small>{one.name} · {bodyTexts[one.body as BodyKind].zh} {officeTexts[one.office as Office].zh}</small></h1>
            <dl>
              <dt>{both('sheet_address')}</dt><dd>{address}</dd>
              <dt>{both('login')}</dt><dd><code>{one.login}</code></dd>
              <dt>{both('password')}</dt><dd><code>{one.password}</code></dd>
              {one.signing_password !== null && <><dt>{both('signing_password')}</dt><dd><code>{one.signing_password}</code></dd></>}
            </dl>
            <div class="foot">{texts.sheet_keep.zh}{'\n'}<span lang="en">{texts.sheet_keep.en}</span>{'\n\n'}{texts.sheet_received.zh}</div>
          </main>
        ))}
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
