// Cosignatures (c2sp.org/tlog-cosignature): a witness says that at a time it saw this checkpoint, that it goes on
// from all it had seen of the log, and that it saw no larger one. Whether that is so, the witness finds out before.
//   signed: "cosignature/v1\ntime <seconds>\n" ‖ text of the checkpoint      kept: time (8 bytes) ‖ Ed25519 (64)
import { joined, same } from './bytes.ts';
import { claimedCheckpoint } from './checkpoint.ts';
import {
  COSIGNATURE, cosignatureTime, cosignedMessage, readSignatureLine, signatureLine, signedPart, splitNote, type VerifierKey,
} from './note.ts';
import { ed25519Public, ed25519Sign, ed25519Verify } from '#primitives';

/** The signature line of a witness for a signed checkpoint, newline included: withSignatures() puts it under the note.
 *  `time` in seconds since 1970. RangeError for a note that is no checkpoint, or a secret of another key. */
export function cosign(note: string, secret: Uint8Array, key: VerifierKey, time: number): string {
  claimedCheckpoint(note);
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('not a time in seconds');
  if (key.algorithm !== COSIGNATURE || !same(ed25519Public(secret), key.public_key)) throw new RangeError('not the secret of this key');
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  return signatureLine(key, joined(stamp, ed25519Sign(secret, cosignedMessage(splitNote(note).text, time))));
}

/** Whether a line is this witness's cosignature under this signed checkpoint; gives its time in seconds, else null. */
export function verifyCosignature(note: string, line: string, key: VerifierKey): number | null {
  try {
    claimedCheckpoint(note);
    const { name, id, signature } = readSignatureLine(line);
    if (key.algorithm !== COSIGNATURE || name !== key.name || id !== key.id) return null;
    const signed = signedPart(key, splitNote(note).text, signature);
    return signed !== null && ed25519Verify(key.public_key, signed.message, signed.ed25519) ? cosignatureTime(signature) : null;
  } catch {
    return null;
  }
}
