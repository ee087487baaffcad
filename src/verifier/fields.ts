// Reading JSON that anybody may have written. Whatever is not of the shape it must have throws Misshapen, which the
// caller turns into a finding at the record or file it is in.
export type Body = { readonly [name: string]: unknown };

export class Misshapen extends Error {}

export const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON as canonical text spells it: nothing twice, nothing between. Misshapen otherwise. */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Misshapen('not JSON');
  }
  // A key that comes twice would be one thing to us and another to somebody else.
  if (JSON.stringify(value) !== text) throw new Misshapen('not canonical JSON');
  return value;
}

export function readBody(text: string): Body {
  const value = readJson(text);
  if (!isBody(value)) throw new Misshapen('not an object');
  return value;
}

/** Nothing but these, all of them: a name that is misspelt would otherwise go unread. */
export function demandNames(body: Body, names: readonly string[]): void {
  const own = Object.keys(body);
  if (own.length !== names.length || !names.every((name) => Object.hasOwn(body, name))) throw new Misshapen(own.find((name) => !names.includes(name)) ?? 'names');
}

const wrong = (name: string): Misshapen => new Misshapen(name);

export function textIn(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw wrong(name);
  return value;
}

/** null where it is missing or null. */
export function maybeText(body: Body, name: string): string | null {
  const value = body[name] ?? null;
  if (value !== null && typeof value !== 'string') throw wrong(name);
  return value;
}

export function wholeIn(body: Body, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(name);
  return value;
}

export const maybeWhole = (body: Body, name: string): number | null => ((body[name] ?? null) === null ? null : wholeIn(body, name));

export function bodyIn(body: Body, name: string): Body {
  const value = body[name];
  if (!isBody(value)) throw wrong(name);
  return value;
}

export function listIn(body: Body, name: string): readonly unknown[] {
  const value = body[name];
  if (!Array.isArray(value)) throw wrong(name);
  return value;
}

export function bodiesIn(body: Body, name: string): Body[] {
  const list = listIn(body, name);
  if (!list.every(isBody)) throw wrong(name);
  return list as Body[];
}

export function textsIn(body: Body, name: string): string[] {
  const list = listIn(body, name);
  if (!list.every((one) => typeof one === 'string')) throw wrong(name);
  return list as string[];
}

// Codes, days and names come a hundred thousand times: one text each is kept.
const texts = new Map<string, string>();
const MOST_TEXTS = 20_000;

export function once(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}

const DAY = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;
export const isDay = (text: string): boolean => DAY.test(text);
export function dayIn(body: Body, name: string): string {
  const value = textIn(body, name);
  if (!isDay(value)) throw wrong(name);
  return value;
}
