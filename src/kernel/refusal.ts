// Refusals: what a person may get wrong, told so that the person can put it right. Each slice
// opens with its catalogue; one error handler (app.ts) turns a refusal into a page or an RFC 9457
// problem. Anything else that is thrown is our bug and answers 500.
import { fill, type Bilingual, type Locale } from './locale.ts';

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 416 | 422 | 423 | 429 | 503;
export interface RefusalText extends Bilingual { readonly status: RefusalStatus }
export type Facts = Readonly<Record<string, string | number>>;

export class Refusal extends Error {
  readonly code: string;
  readonly status: RefusalStatus;
  readonly facts: Facts;
  /** The form or JSON field at fault, in snake_case, when there is one. */
  readonly field: string | undefined;
  readonly text: Bilingual;

  constructor(code: string, text: RefusalText, facts: Facts, field?: string) {
    super(`${code}: ${fill(text.en, facts)}`);
    this.name = 'Refusal';
    this.code = code;
    this.status = text.status;
    this.facts = facts;
    this.field = field;
    this.text = text;
  }

  in(locale: Locale): string {
    return fill(this.text[locale], this.facts);
  }
}

/** Every refusal of the program, for the gallery test and the error page of the handbook. */
export const gallery = new Map<string, RefusalText>();

type Makers<C> = { readonly [K in keyof C]: (facts?: Facts, field?: string) => Refusal };

/** Registers a slice's refusals; gives one maker per code: `throw refusals.amount_invalid({…})`. */
export function catalogue<const C extends Record<string, RefusalText>>(texts: C): Makers<C> {
  const makers: Record<string, (facts?: Facts, field?: string) => Refusal> = {};
  for (const [code, text] of Object.entries(texts)) {
    gallery.set(code, text);
    makers[code] = (facts = {}, field) => new Refusal(code, text, facts, field);
  }
  return makers as Makers<C>;
}
