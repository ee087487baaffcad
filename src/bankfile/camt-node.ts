// Elements of a parsed message, asked for by name: an element that may come once and comes twice is refused, never chosen.
import { money, type Money } from '../kernel/money.ts';
import { refusals } from './read-refusals.ts';

/** As the XML reader gives it: text, or elements by name; "#text" and "@Ccy" beside them where there are attributes. */
export type Node = string | { readonly [name: string]: unknown };

export const wrong = (where: string, element: string, text: string): Error =>
  refusals.statement_message_wrong({ where_zh: where, where_en: where, element, text: text.slice(0, 60), format: 'camt.053' });
export const lacks = (where: string, element: string): Error =>
  refusals.statement_message_lacks({ where_zh: where, where_en: where, element, format: 'camt.053' });

const own = (node: Node | undefined, name: string): unknown =>
  typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined;

/** The element below, by path; undefined where there is none. */
export function first(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node;
  for (const name of path) {
    const found = own(at, name);
    if (Array.isArray(found)) {
      if (found.length > 1) throw refusals.statement_message_twice({ where_zh: 'XML', where_en: 'XML', element: name });
      at = found[0] as Node | undefined;
    } else at = found as Node | undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** Elements that may come several times. */
export function all(node: Node | undefined, name: string): Node[] {
  const found = own(node, name);
  if (found === undefined) return [];
  return Array.isArray(found) ? (found as Node[]) : [found as Node];
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities of XML and characters by number; others stay as they are written. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g, (written, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name]!;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code < 32 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? written : String.fromCodePoint(code);
  });
}

/** The text of an element; line breaks and runs of spaces are one space; empty where there is none. */
export function textOf(node: Node | undefined): string {
  const text = typeof node === 'object' ? own(node, '#text') : node;
  return typeof text === 'string' ? unescaped(text).replace(/\s+/g, ' ').trim() : '';
}
export const textAt = (node: Node | undefined, ...path: readonly string[]): string => textOf(first(node, ...path));

/** xs:decimal without a sign, at most two places that count ("12.50000" is 12.50). */
export function decimalMoney(text: string): Money | null {
  const found = /^\+?(\d{0,16})(?:\.(\d{0,5}))?$/.exec(text);
  if (found === null || `${found[1]}${found[2] ?? ''}` === '') return null;
  const places = (found[2] ?? '').replace(/0+$/, '');
  const whole = found[1]!.replace(/^0+(?=\d)/, '') || '0';
  return places.length > 2 ? null : money(places === '' ? whole : `${whole}.${places}`);
}

/** <Amt Ccy="CNY">, always at least zero; which side it is on is said elsewhere. */
export function amountOf(node: Node | undefined, where: string, element = 'Amt'): Money {
  const found = first(node, 'Amt');
  const text = textOf(found);
  if (text === '') throw lacks(where, element);
  const currency = typeof found === 'object' ? own(found, '@Ccy') : undefined;
  if (typeof currency === 'string' && !yuan.has(currency)) throw refusals.statement_message_wrong({ where_zh: where, where_en: where, element: `${element}/@Ccy`, text: currency.slice(0, 10), format: 'CNY' });
  const amount = decimalMoney(text);
  if (amount === null) throw wrong(where, element, text);
  return amount;
}
export const yuan: ReadonlySet<string> = new Set(['CNY', 'RMB']);
