// Canonical JSON (RFC 8785): the one spelling of a document that is hashed, signed and booked.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Canonical text of a JSON value. Money goes in as decimal strings, never as numbers. */
export function canonical(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

export const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
export const sha256Hex = (bytes: string | Uint8Array): string => sha256(bytes).toString('hex');
