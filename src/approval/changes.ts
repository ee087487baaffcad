// What changed between two versions of a document, field by field, for whoever has to sign again.
import type { Document } from './queries.ts';

export interface Change { field: string; before: string; after: string }

/** These differ in every version and say nothing. */
const silent = new Set(['version', 'submitted_on', 'title']);

/** {payee: {name: "x"}} → "payee.name": "x"; lists are compared whole. */
function flat(value: unknown, path: string, found: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, part] of Object.entries(value)) flat(part, path === '' ? name : `${path}.${name}`, found);
    return;
  }
  found.set(path, typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));
}

/** Fields that differ, in the order of their names. Lines of the entry follow from the other fields. */
export function changesBetween(before: Document, after: Document): Change[] {
  const old = new Map<string, string>();
  const now = new Map<string, string>();
  flat(before, '', old);
  flat(after, '', now);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !silent.has(field) && field !== 'postings' && (old.get(field) ?? '') !== (now.get(field) ?? ''))
    .sort()
    .map((field) => ({ field, before: old.get(field) ?? '', after: now.get(field) ?? '' }));
}
