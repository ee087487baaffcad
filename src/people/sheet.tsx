// The printable invitation sheets: a page of its own, without the frame of the other pages, so that
// nothing but the slips reaches the paper. On each: whose dwelling, how to join in both languages,
// QR code, digits.
import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { fill, type Locale } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { formatDate, pick } from '../web/locale.ts';
import { spacedCode } from './code.ts';
import type { Invitation } from './invitation.ts';
import { qrPath } from './qr.ts';
import { texts } from './texts.ts';

export interface SheetFacts {
  estate: { code: string; name_zh: string; name_en: string };
  invitations: readonly Invitation[];
  public_url: string;
  css_href: string;
  locale: Locale;
}

const slip = {
  how: {
    zh: '小区公共账户的每一笔收支，您都有权查看。① 用手机扫右边的二维码，或打开它下面的网址、输入底部的数字；② 核对房屋号；③ 取登录名、设密码，就能查账。',
    en: 'Every entry of the common account is open to you. Scan the code, or open the address below it and type the digits; check the dwelling; choose a login name and a password.',
  },
  until: {
    zh: '每张只能用一次，{date}前有效。请勿交给外人。',
    en: 'Works once, until {date}. Keep it to yourself.',
  },
} as const;

function Slip({
  estate,
  invitation,
  public_url,
}: Pick<SheetFacts, 'estate' | 'public_url'> & { invitation: Invitation }): JSX.Element {
  const { unit, code, expires_on } = invitation;
  const { size, path } = qrPath(`${public_url}/join?code=${code}`);
  return (
    <section class="slip">
      <h2>
        {estate.name_zh} · {texts.sheet_title.zh}
        <br />
        <small lang="en">
          {estate.name_en} · {texts.sheet_title.en}
        </small>
      </h2>
      <p class="unit">
        房屋 <span lang="en">dwelling</span> <strong>{unit}</strong>
      </p>
      <div class="how">
        <p>{slip.how.zh}</p>
        <p>{fill(slip.until.zh, { date: formatDate(expires_on, 'zh') })}</p>
        <p lang="en">
          {slip.how.en} {fill(slip.until.en, { date: formatDate(expires_on, 'en') })}
        </p>
      </div>
      <div class="qr">
        <svg
          viewBox={`0 0 ${size} ${size}`}
          shape-rendering="crispEdges"
          role="img"
          aria-label={`QR ${unit}`}
        >
          <path d={path} fill="#000" />
        </svg>
        <p>{`${public_url}/join`}</p>
      </div>
      <p class="code">{spacedCode(code)}</p>
    </section>
  );
}

export function invitationSheets(facts: SheetFacts): string {
  const { estate, invitations, css_href, locale } = facts;
  const t = pick(texts, locale);
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
          <p>
            <strong>{fill(t.sheet_note, { count: invitations.length })}</strong>
          </p>
          <p>
            <a href={`/e/${estate.code}/invitations`}>‹ {t.sheet_back}</a>
          </p>
        </div>
        {invitations.map((invitation) => (
          <Slip estate={estate} invitation={invitation} public_url={facts.public_url} />
        ))}
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
