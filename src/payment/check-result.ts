// What one check says (已替您查过): fine, worth a look, in the way, or not to be told from these books.
import { fill, type Bilingual } from '../kernel/locale.ts';
import type { Facts, Refusal } from '../kernel/refusal.ts';

export type CheckState = 'ok' | 'attention' | 'refused' | 'unknown';
export interface Check {
  code: string;
  state: CheckState;
  text_zh: string;
  text_en: string;
  /** Of a refused check: what submitting would answer. */
  refusal?: Refusal;
}

export const told = (code: string, state: CheckState, text: Bilingual, facts: Facts = {}): Check =>
  ({ code, state, text_zh: fill(text.zh, facts), text_en: fill(text.en, facts) });

export const refused = (code: string, refusal: Refusal): Check =>
  ({ code, state: 'refused', text_zh: refusal.in('zh'), text_en: refusal.in('en'), refusal });
