// What every part on a page knows without being told: the page's language.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Locale } from '../kernel/locale.ts';
import { pick } from './locale.ts';
import { texts } from './texts.ts';

export const LocaleContext = createContext<Locale>('zh');
export const useLocale = (): Locale => useContext(LocaleContext);
export const useTexts = (): Record<keyof typeof texts, string> => pick(texts, useLocale());
