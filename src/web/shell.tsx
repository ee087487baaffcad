// The page around every page: language, header, sections, flash, footer. One layout for phone and
// desk; the sections are plain links, below on a phone and on top of the desk.
import type { FastifyReply } from 'fastify';
import type { JSX } from 'preact';
import { render } from 'preact-render-to-string';
import { fill, type Locale } from '../kernel/locale.ts';
import { assetUrl } from './assets.ts';
import { LocaleContext, useTexts } from './context.ts';
import { pathOf, safeHref, withQuery } from './links.ts';
import type { Children, LinkTo } from './parts.tsx';

export interface NavItem extends LinkTo {
  count?: number | undefined;
}
export interface Flash {
  tone: 'ok' | 'alarm' | 'info';
  text: string;
}
export interface Session {
  sign_in_href?: string | undefined;
  sign_out_action?: string | undefined;
  csrf?: string | undefined;
}

export interface PageProps {
  locale: Locale;
  title: string;
  body: Children;
  /** Path and query of the page (a GET address): for language switch and current section. */
  here: string;
  audience?: 'resident' | 'desk' | undefined;
  estate?: { code: string; name_zh: string; name_en: string } | undefined;
  actor?: { name: string; offices: readonly string[] } | undefined;
  session?: Session | undefined;
  nav?: readonly NavItem[] | undefined;
  flash?: Flash | undefined;
  /** Unread notices of whoever is here: a link at the top while there are any. */
  notices?: { href: string; unread: number } | undefined;
  crumbs?: readonly LinkTo[] | undefined;
  lede?: Children;
  /** false: the page draws its own h1. */
  heading?: boolean | undefined;
  verify_href?: string | undefined;
}

const PHONE_SECTIONS = 4;

/** The section one is in: the longest address that leads to this page. A page that stands under the
 *  first section only, the estate's home, belongs to where its way back leads. */
function currentSection({ nav = [], here, crumbs = [] }: PageProps): NavItem | undefined {
  const found = sectionOf(nav, pathOf(here));
  const back = crumbs[0];
  if (found !== nav[0] || back === undefined) return found;
  return sectionOf(nav, pathOf(back.href));
}

function sectionOf(nav: readonly NavItem[], path: string): NavItem | undefined {
  return nav
    .filter(
      ({ href }) => path === pathOf(href) || path.startsWith(`${pathOf(href).replace(/\/$/, '')}/`),
    )
    .sort((a, b) => pathOf(b.href).length - pathOf(a.href).length)[0];
}

const estateName = (props: PageProps, site: string): string => {
  if (props.estate === undefined) return site;
  const { name_zh, name_en } = props.estate;
  return props.locale === 'en' && name_en !== '' ? name_en : name_zh;
};

function Header({ props }: { props: PageProps }): JSX.Element {
  const t = useTexts();
  const other = props.locale === 'zh' ? 'en' : 'zh';
  const home = props.estate === undefined ? '/' : `/e/${encodeURIComponent(props.estate.code)}`;
  const { sign_in_href, sign_out_action, csrf } = props.session ?? {};
  return (
    <header class="top">
      <a class="estate" href={home}>
        {estateName(props, t.site)}
      </a>
      <div class="who">
        {props.notices !== undefined && props.notices.unread > 0 && (
          <a href={safeHref(props.notices.href)}>
            {t.notices}
            <span class="count" aria-hidden="true">
              {props.notices.unread}
            </span>
            <span class="hidden">{fill(t.unread, { n: props.notices.unread })}</span>
          </a>
        )}
        {props.actor !== undefined && (
          <a class="actor" href="/me">
            {[props.actor.name, ...props.actor.offices].join(' · ')}
          </a>
        )}
        {sign_out_action !== undefined && (
          <form method="post" action={safeHref(sign_out_action)}>
            {csrf !== undefined && <input type="hidden" name="csrf" value={csrf} />}
            <button type="submit" class="plain">
              {t.sign_out}
            </button>
          </form>
        )}
        {sign_in_href !== undefined && <a href={safeHref(sign_in_href)}>{t.sign_in}</a>}
        <a
          href={withQuery(props.here, { lang: other, done: null })}
          hreflang={other === 'zh' ? 'zh-CN' : 'en'}
          lang={other === 'zh' ? 'zh-CN' : 'en'}
        >
          {t.other_language}
        </a>
      </div>
    </header>
  );
}

function Sections({ props }: { props: PageProps }): JSX.Element | null {
  const t = useTexts();
  const nav = props.nav ?? [];
  if (nav.length === 0) return null;
  const current = currentSection(props);
  const folded = nav.length > PHONE_SECTIONS + 1;
  return (
    <nav class="sections" aria-label={t.navigation}>
      <ul>
        {nav.map((item, index) => (
          <li class={folded && index >= PHONE_SECTIONS ? 'desk-only' : undefined}>
            <a href={safeHref(item.href)} aria-current={item === current ? 'page' : undefined}>
              {item.label}
              {item.count !== undefined && item.count > 0 && (
                <>
                  {' '}
                  <span class="count" aria-hidden="true">
                    {item.count}
                  </span>
                  <span class="hidden">{fill(t.waiting, { n: item.count })}</span>
                </>
              )}
            </a>
          </li>
        ))}
        {folded && (
          <li class="phone-only">
            <a href="#all-sections">{t.more}</a>
          </li>
        )}
      </ul>
    </nav>
  );
}

function Footer({ props }: { props: PageProps }): JSX.Element {
  const t = useTexts();
  const nav = props.nav ?? [];
  return (
    <footer class="bottom">
      {nav.length > PHONE_SECTIONS + 1 && (
        <nav id="all-sections" class="all-sections" aria-label={t.all_sections}>
          <ul>
            {nav.map((item) => (
              <li>
                <a class="tap" href={safeHref(item.href)}>
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <p>{t.about}</p>
      <p class="screen-only">
        {t.verify_hint}
        {props.verify_href !== undefined && (
          <>
            {' '}
            <a href={safeHref(props.verify_href)}>{t.verify}</a>
          </>
        )}{' '}
        {t.print_hint}
      </p>
    </footer>
  );
}

function Main({ props }: { props: PageProps }): JSX.Element {
  const t = useTexts();
  const crumbs = props.crumbs ?? [];
  return (
    <main id="content" tabIndex={-1}>
      {crumbs.length > 0 && (
        <nav class="crumbs" aria-label={t.way_back}>
          {crumbs.map((crumb) => (
            <a class="tap" href={safeHref(crumb.href)}>
              ‹ {crumb.label}
            </a>
          ))}
        </nav>
      )}
      {props.heading !== false && <h1>{props.title}</h1>}
      {props.lede !== undefined && <p class="lede">{props.lede}</p>}
      {props.flash !== undefined && (
        <div
          class={`card notice ${props.flash.tone}`}
          role={props.flash.tone === 'alarm' ? 'alert' : 'status'}
        >
          {props.flash.text}
        </div>
      )}
      {props.body}
    </main>
  );
}

function Document({ props }: { props: PageProps }): JSX.Element {
  const t = useTexts();
  const name = estateName(props, t.site);
  return (
    <html lang={props.locale === 'zh' ? 'zh-CN' : 'en'} class={props.audience ?? 'resident'}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{props.title === name ? name : `${props.title} · ${name}`}</title>
        <link rel="stylesheet" href={assetUrl('style.css')} />
        <link rel="stylesheet" href={assetUrl('fonts.css')} />
        <link rel="icon" type="image/svg+xml" href={assetUrl('favicon.svg')} />
        <script type="module" src={assetUrl('enhance.js')} />
      </head>
      <body class={(props.nav ?? []).length > 0 ? 'with-sections' : undefined}>
        <a class="skip" href="#content">
          {t.skip}
        </a>
        <Header props={props} />
        <Sections props={props} />
        <Main props={props} />
        <Footer props={props} />
      </body>
    </html>
  );
}

/** The whole HTML document. */
export function page(props: PageProps): string {
  const html = render(
    <LocaleContext.Provider value={props.locale}>
      <Document props={props} />
    </LocaleContext.Provider>,
  );
  return `<!doctype html>${html}`;
}

export const htmlReply = (reply: FastifyReply, html: string, status = 200): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(html);
