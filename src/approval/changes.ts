// What changed between two versions of a document, field by field, for whoever has to sign again.
import { canonical, type Json } from '../kernel/canonical.ts';
import type { Document } from './queries.ts';

export interface Change { field: string; before: string; after: string }

/** These differ in every version and say nothing. */
const silent = new Set(['version', 'submitted_on', 'title']);
/** What a field that is left out stands for. */
const unsaid: Record<string, string> = { class: 'normal' };

/** {payee: {name: "x"}} → "payee.name": "x"; lists are compared whole. */
function flat(value: unknown, path: string, found: Map<string, unknown>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, part] of Object.entries(value)) flat(part, path === '' ? name : `${path}.${name}`, found);
    return;
  }
  found.set(path, value);
}

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : value === null || value === undefined ? '' : canonical(value as Json));

const isListOfParts = (value: unknown): value is Json[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && one !== null);

/** Of a list of parts (rules, lines) only those that differ, so that one changed rule among thirty is seen. */
function differing(before: unknown, after: unknown): [unknown, unknown] {
  if (!isListOfParts(before) || !isListOfParts(after)) return [before, after];
  const only = (list: Json[], other: Json[]): Json[] => {
    const left = other.map(canonical);
    return list.filter((one) => {
      const at = left.indexOf(canonical(one));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [only(before, after), only(after, before)];
}

/** Fields that differ, in the order of their names. The lines of a payment follow from its other fields. */
export function changesBetween(before: Document, after: Document): Change[] {
  const [old, now] = [new Map<string, unknown>(), new Map<string, unknown>()];
  flat(before, '', old);
  flat(after, '', now);
  const paid = now.has('payee.name');
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !silent.has(field) && !(paid && field === 'postings'))
    .sort()
    .flatMap((field) => {
      const [was, is] = differing(old.get(field), now.get(field));
      const change = { field, before: textOf(was) || (unsaid[field] ?? ''), after: textOf(is) || (unsaid[field] ?? '') };
      // A list in another order is the same list.
      return change.before === change.after ? [] : [change];
    });
}
