// What the parts of the disclosure have in common while one is printed: the figures, the language,
// and the small phrases made from both.
import { instant, shanghaiTime } from '../../src/kernel/dates.ts';
import { fill, monthNames } from '../../src/kernel/locale.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import type { SealedDocument } from '../kit/document.ts';
import type { Seal, Witnessed } from '../kit/seal.ts';
import { nameOf } from './csv.ts';
import type { DisclosureFigures, Named, Signer } from './figures.ts';
import { methods, texts } from './texts.ts';
import type { TextName } from './texts.ts';

export interface Printing {
  readonly document: SealedDocument;
  readonly figures: DisclosureFigures;
  readonly locale: Locale;
  /** Null: of a draft, and where no checkpoint could be signed. */
  readonly seal: Seal | null;
  readonly say: (name: TextName, facts?: Record<string, string | number>) => string;
  readonly name: (row: Named) => string;
}

export type Say = Printing['say'];
export const sayIn =
  (locale: Locale): Say =>
  (name, facts) =>
    fill(texts[locale][name], facts);
export const nameIn =
  (locale: Locale) =>
  (row: Named): string =>
    nameOf(row, locale);

export function periodWords(period: string, locale: Locale): string {
  const month = Number(period.slice(5));
  return sayIn(locale)('period', {
    year: period.slice(0, 4),
    month,
    month_name: monthNames[month - 1] ?? period,
  });
}

/** "2026-11-10 08:00", Asia/Shanghai. */
export const moment = (iso: string): string => shanghaiTime(instant(iso)).slice(0, 16);

/** "38,080": thousands separated, needless zeros left out. */
export function plainNumber(text: string | number): string {
  const [whole = '0', rest = ''] = String(text).split('.');
  const places = rest.replace(/0+$/, '');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (places === '' ? '' : `.${places}`);
}

export const methodWords = (signer: Signer, locale: Locale): string =>
  (methods[locale][signer.method] ?? signer.method) + (signer.weak ? texts[locale].weak : '');

/** "物业公司·项目经理": the middle dot of the font carries its own space. */
export const officeWords = (name: string): string => name.replace(/\s*·\s*/g, '·');

/** "committee 1, street office 1 (up to record 1,200, 2026-11-08)"; null: nobody yet. */
export function witnessWords(witnessed: Witnessed | null, locale: Locale): string {
  const say = sayIn(locale);
  if (witnessed === null) return say('not_witnessed');
  const sides = (['committee', 'street', 'resident'] as const).filter((side) => witnessed[side] > 0);
  const who = sides.map((side) => say(`witness_${side}`, { n: witnessed[side] })).join(locale === 'zh' ? '、' : ', ');
  return say('witnessed', { who, size: plainNumber(witnessed.size), on: witnessed.on });
}

/** The same with "Witnessed by:" before it. */
export const witnessLine = (witnessed: Witnessed | null, locale: Locale): string =>
  sayIn(locale)('witness_line', { witnesses: witnessWords(witnessed, locale) });
