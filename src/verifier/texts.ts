// Every finding with its severity, its words in both languages, and what it means (meanings.ts).
import type { Bilingual } from '../kernel/locale.ts';
import { ballotTexts } from './ballot-texts.ts';
import { bankTexts } from './bank-texts.ts';
import { bookTexts } from './book-texts.ts';
import { figureTexts } from './figure-texts.ts';
import { logTexts } from './log-texts.ts';
import { meanings } from './meanings.ts';
import type { Severity } from './told.ts';

const told = { ...logTexts, ...bookTexts, ...ballotTexts, ...bankTexts, ...figureTexts };

export type FindingCode = keyof typeof told;

export interface FindingText { severity: Severity; text: Bilingual; meaning: Bilingual }

export const findingTexts = Object.fromEntries(Object.entries(told).map(([code, [severity, meaning, zh, en]]) =>
  [code, { severity, text: { zh, en }, meaning: meanings[meaning] }])) as Record<FindingCode, FindingText>;
