// Two languages on every page, PDF and refusal: Chinese first, English second.
export type Locale = 'zh' | 'en';
export type Bilingual = { readonly zh: string; readonly en: string };

/** Fills {name} in a text; an unknown name stays visible, so that a test finds it. */
export function fill(text: string, facts: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in facts ? String(facts[name]) : all));
}

/** English names of the months, January first: for page and PDF. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
