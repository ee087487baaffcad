// One line about the checkpoint, for the estate's home page: how far the log is signed, and who has witnessed it.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { formatCount, pick } from '../web/locale.ts';
import type { Standing } from './queries.ts';
import { sideWords, texts } from './texts.ts';
import { SIDES, type Side } from './witness.ts';

export const sidesText = (sides: readonly Side[], locale: Locale): string =>
  sides.map((side) => sideWords[side][locale]).join(pick(texts, locale).and);

export function missingText(missing: Standing['missing'], locale: Locale): string {
  const t = pick(texts, locale);
  return missing.map((one) => t[`missing_${one}`]).join(t.and_also);
}

const ordered = (sides: readonly Side[]): Side[] => SIDES.filter((side) => sides.includes(side));

/** What the line says after the number of records: who witnessed, up to where, who is missing. */
export function witnessedText({ latest, fulfilled, missing }: Standing, locale: Locale): string {
  const t = pick(texts, locale);
  if (latest === null) return '';
  if (fulfilled === null) return fill(t.line_missing, { who: missingText(missing, locale) });
  const facts = { size: formatCount(fulfilled.size), who: sidesText(ordered(fulfilled.sides), locale) };
  return fill(fulfilled.size === latest.size ? t.line_complete : t.line_up_to, facts);
}

/** Nothing where nothing is signed yet. */
export function CheckpointLine({ state, code, locale }: { state: Standing; code: string; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  if (state.latest === null) return null;
  return (
    <a class="checkpoint-line" href={`/e/${code}/proof`}>
      <span class="link-words">{t.line_title}</span>
      {locale === 'zh' ? '：' : ': '}{fill(t.line_at, { size: formatCount(state.latest.size) })}
      {locale === 'zh' ? '，' : ', '}{witnessedText(state, locale)}{locale === 'zh' ? '。' : '.'}
    </a>
  );
}
