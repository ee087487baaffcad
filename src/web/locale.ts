// Which language a page speaks, and how dates, periods and instants are written in it.
// Order of choice: ?lang= in the address, the cookie `lang`, Accept-Language, Chinese.
// Instants are shown in Asia/Shanghai, as the bank and the notice board do.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { instant, shanghaiTime, type BusinessDate, type Period } from '../kernel/dates.ts';
import { monthNames, type Bilingual, type Locale } from '../kernel/locale.ts';

const COOKIE_AGE = 365 * 24 * 3600;
type Asking = Pick<FastifyRequest, 'headers' | 'query'>;

const localeIn = (text: unknown): Locale | undefined =>
  text === 'zh' || text === 'en' ? text : undefined;

function asked(request: Asking): Locale | undefined {
  const query = request.query as Record<string, unknown> | null | undefined;
  const lang = query?.['lang'];
  return localeIn(Array.isArray(lang) ? lang.at(-1) : lang);
}

function remembered(request: Asking): Locale | undefined {
  const found = /(?:^|;\s*)lang=(\w+)/.exec(request.headers.cookie ?? '');
  return localeIn(found?.[1]);
}

/** The wanted language with the highest weight that we speak: "en-GB,zh;q=0.8" gives English. */
function preferred(request: Asking): Locale | undefined {
  const ranges = (request.headers['accept-language'] ?? '').split(',').map((part) => {
    const [tag = '', ...settings] = part.trim().toLowerCase().split(';');
    const weight = settings
      .map((s) => /^\s*q=([0-9.]+)\s*$/.exec(s)?.[1])
      .find((q) => q !== undefined);
    return {
      locale: localeIn(tag.split('-')[0]),
      weight: weight === undefined ? 1 : Number(weight),
    };
  });
  return ranges
    .filter((range) => range.locale !== undefined && range.weight > 0)
    .sort((a, b) => b.weight - a.weight)[0]?.locale;
}

export const localeOf = (request: Asking): Locale =>
  asked(request) ?? remembered(request) ?? preferred(request) ?? 'zh';

/** Remembers ?lang= in a cookie, so that the next page speaks the same language. */
export function rememberLocale(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const locale = asked(request);
    if (locale === undefined || locale === remembered(request)) return;
    reply.header(
      'set-cookie',
      `lang=${locale}; Path=/; Max-Age=${COOKIE_AGE}; SameSite=Lax; HttpOnly`,
    );
  });
}

type Texts = Readonly<Record<string, Bilingual>>;
type Picked<T extends Texts> = { readonly [K in keyof T]: string };
const picked = new WeakMap<Texts, Record<Locale, Picked<Texts>>>();

/** One language of a slice's texts: `const t = pick(texts, locale)`, then `t.balance`. */
export function pick<T extends Texts>(texts: T, locale: Locale): Picked<T> {
  let both = picked.get(texts);
  if (both === undefined) {
    const only = (language: Locale): Picked<Texts> =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text[language]]));
    both = { zh: only('zh'), en: only('en') };
    picked.set(texts, both);
  }
  return both[locale] as Picked<T>;
}

const monthName = (month: string): string => monthNames[Number(month) - 1] ?? month;

const dateParts = (date: BusinessDate): { year: string; month: string; day: number } => ({
  year: date.slice(0, 4),
  month: date.slice(5, 7),
  day: Number(date.slice(8, 10)),
});

/** 2026年10月12日, 12 October 2026. */
export function formatDate(date: BusinessDate, locale: Locale): string {
  const { year, month, day } = dateParts(date);
  return locale === 'zh'
    ? `${year}年${Number(month)}月${day}日`
    : `${day} ${monthName(month)} ${year}`;
}

/** 10月12日, 12 Oct: where the year is plain from the page. */
export function formatDay(date: BusinessDate, locale: Locale): string {
  const { month, day } = dateParts(date);
  return locale === 'zh' ? `${Number(month)}月${day}日` : `${day} ${monthName(month).slice(0, 3)}`;
}

/** 2026年10月, October 2026. */
export function formatPeriod(period: Period, locale: Locale): string {
  const { year, month } = dateParts(period);
  return locale === 'zh' ? `${year}年${Number(month)}月` : `${monthName(month)} ${year}`;
}

/** 2026年11月10日 08:00, 10 November 2026, 08:00 (Asia/Shanghai). */
export function formatInstant(moment: Date | string, locale: Locale): string {
  const text = shanghaiTime(typeof moment === 'string' ? instant(moment) : moment);
  const date = formatDate(text.slice(0, 10), locale);
  return `${date}${locale === 'zh' ? ' ' : ', '}${text.slice(11, 16)}`;
}

/** 18,244 (no decimals). */
export const formatCount = (count: number): string =>
  String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** 1.2 MB, 860 KB. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A hash as people compare it, as on the notice-board sheet: groups of four, four in a line. */
export const formatHash = (hex: string): string => hex.replace(/.{4}(?=.)/g, '$& ').replace(/(.{19}) /g, '$1\n');

/** A verifier key in two lines, broken behind a plus, as on the notice-board sheet. */
export const formatKey = (vkey: string): string => vkey.replace(/^([^+]+\+[^+]+\+)/, '$1\n');
