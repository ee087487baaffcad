// What the pages of bank accounts share: a name, a number as a bank prints it, and the word about the two keys.
import type { JSX } from 'preact';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { pick } from '../web/locale.ts';
import { Notice } from '../web/parts.tsx';
import { texts } from './onboarding-texts.ts';
import type { Onboarding } from './onboarding.ts';

export const nameIn = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);

/** 6228 4804 0256 4891 234. */
export const grouped = (number: string): string => number.replace(/(.{4})(?=.)/g, '$1 ');

export interface KeysShown {
  onboarding: Onboarding;
  bodies: Readonly<Record<string, Bilingual>>;
  locale: Locale;
  /** Named where several accounts stand on the page. */
  account?: string | undefined;
}

/** Loud, where one body or one person holds both keys; nothing while one is not handed out. */
export function KeysNotice({ onboarding: { keys, items }, bodies, locale, account }: KeysShown): JSX.Element | null {
  const t = pick(texts, locale);
  if (keys === null) return null;
  if (keys === 'apart') return <Notice tone="ok">{t.two_keys_ok}</Notice>;
  const body = bodies[items.find((row) => row.item === 'key_maker')?.holder_body ?? '']?.[locale] ?? '';
  return <Notice tone="alarm" title={account}>{keys === 'one_person' ? t.two_keys_one_person : fill(t.two_keys_one_body, { body })}</Notice>;
}
