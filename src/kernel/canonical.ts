// Canonical JSON (RFC 8785): the one spelling of a document that is hashed, signed and booked. Without node:
// imports, because the verifier spells documents in a browser too; hashes for the server are in digest.ts.
import canonicalize from 'canonicalize';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Canonical text of a JSON value. Money goes in as decimal strings, never as numbers. */
export function canonical(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
