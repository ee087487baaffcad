// Text that people type: normalised, measured, and looked through for personal data before it may
// enter the journal, where it could never be erased (PIPL §6, 28; personal.ts tells what looks like it).
import { personalParts, type PersonalKind } from './personal.ts';
import { catalogue } from './refusal.ts';

export const refusals = catalogue({
  text_empty: { status: 422, zh: '“{label}”没有填写。', en: '"{label}" is empty.' },
  text_too_long: {
    status: 422,
    zh: '“{label}”最多 {limit} 个字，现在有 {length} 个字，请缩短。',
    en: '"{label}" may have {limit} characters at most and has {length}; please shorten it.',
  },
  text_unprintable: {
    status: 422,
    zh: '“{label}”里的“{character}”（{code}）无法印在收支公示里，请改用别的写法。',
    en: '"{label}" contains "{character}" ({code}), which cannot be printed in the disclosure; please write it otherwise.',
  },
  text_personal: {
    status: 422,
    zh: '“{label}”里有一段像{what}（{excerpt}）。账簿永远公开，不能写个人信息，请删去。',
    en: '"{label}" contains what looks like {what_en} ({excerpt}). The books stay public for ever; please remove it.',
  },
});

const characters = new Set<number>();
/** Tells which characters the disclosure's font has; called once at the start with its character set. */
export function allowPrintable(codePoints: Iterable<number>): void {
  for (const code of codePoints) characters.add(code);
}

/** Marks that come along with a paste and show nothing: zero-width spaces and joiners, direction marks,
 *  variants, soft hyphens. Left in, they would also hide a number from the patterns above. */
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]|\p{Variation_Selector}/gu;

interface TextAsked { field: string; label: string; limit?: number }

function readText(typed: string, { field, label, limit = 200 }: TextAsked): string {
  const text = typed.normalize('NFC').replace(unseen, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (text === '') throw refusals.text_empty({ label }, field);
  const length = [...text].length;
  if (length > limit) throw refusals.text_too_long({ label, limit, length }, field);
  if (characters.size > 0) {
    for (const character of text) {
      const code = character.codePointAt(0)!;
      if (!characters.has(code)) {
        // A direction override would turn the very sentence round that names it.
        const shown = /\p{Cf}/u.test(character) ? '□' : character;
        throw refusals.text_unprintable({ label, character: shown, code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` }, field);
      }
    }
  }
  return text;
}

/** Text for the books: trimmed, NFC, one line, printable, no personal data, at most `limit` characters.
 *  Refusals: text_empty, text_too_long, text_unprintable, text_personal. `field` is the form's name. */
export function bookText(typed: string, asked: TextAsked): string {
  const text = readText(typed, asked);
  refusePersonal(text, asked);
  return text;
}

/** Text that may be personal because it is kept where it can be erased, never in the log: otherwise as bookText().
 *  Refusals: text_empty, text_too_long, text_unprintable. */
export const privateText = (typed: string, asked: TextAsked): string => readText(typed, asked);

/** Refuses what looks like personal data, in a text that is kept for ever; `only` some of what personal.ts tells apart. Refusal:
 *  text_personal. */
export function refusePersonal(
  text: string, { field, label, only }: { field: string; label: string; only?: readonly PersonalKind[] },
): void {
  const found = personalParts(text.normalize('NFC').replace(unseen, '')).find(({ kind }) => only?.includes(kind) ?? true);
  if (found === undefined) return;
  const { what, what_en, excerpt } = found;
  throw refusals.text_personal({ label, what, what_en, excerpt }, field);
}

/** 张* for a personal name; a company's name is shown as it is. */
export const maskedName = (name: string): string => `${[...name.trim()][0] ?? ''}*`;
