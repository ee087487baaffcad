// SHA-256 for the server, as Buffer and as hexadecimal text. What must also run in a browser hashes through
// #primitives (src/proof).
import { createHash } from 'node:crypto';

export const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
export const sha256Hex = (bytes: string | Uint8Array): string => sha256(bytes).toString('hex');
