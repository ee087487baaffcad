// The judgement of a witness, without page, network or storage: may this checkpoint be signed after that one?
// Only "first", "same" and "grown" may. Anything else is told to the person, and nothing is signed.
import { bytesOfHex, hexOf } from '../../proof/bytes.ts';
import { claimedCheckpoint, readCheckpoint, type Checkpoint } from '../../proof/checkpoint.ts';
import { readVerifierKey } from '../../proof/note.ts';
import { verifyConsistency } from '../../proof/tree.ts';
import type { Remembered, Why } from './witness-memory.ts';

export type Judgement =
  | { kind: 'first' | 'same' | 'grown'; checkpoint: Checkpoint; vkey: string }
  /** It goes on from what is remembered, but a key signed it that the device has not seen. */
  | { kind: 'new_key'; checkpoint: Checkpoint; vkey: string }
  | { kind: 'alarm'; why: Why }
  /** Not a checkpoint at all: a broken connection rather than another history. */
  | { kind: 'unreadable' }
  /** It is larger than what is remembered, and the proof is still to be asked for. */
  | { kind: 'proof_wanted'; from: number };

export interface Case {
  last: Pick<Remembered, 'size' | 'root'> | null;
  /** Verifier keys the device knows; none: it meets the log for the first time. */
  known: readonly string[];
  /** Verifier keys the server says the log has. */
  offered: readonly string[];
  /** "<host>/<estate>" that the page is about; null where any will do. */
  origin: string | null;
  note: string;
  /** Consistency proof from last.size, hexadecimal; null: not asked for yet. */
  proof: readonly string[] | null;
}

/** The first of the keys that signed the checkpoint as its log; null when none did. */
function signedBy(note: string, vkeys: readonly string[]): string | null {
  for (const vkey of vkeys) {
    try {
      readCheckpoint(note, [readVerifierKey(vkey)]);
      return vkey;
    } catch {
      // The next one may have.
    }
  }
  return null;
}

function claimed(note: string): Checkpoint | null {
  try {
    return claimedCheckpoint(note);
  } catch {
    return null;
  }
}

function proves(last: Pick<Remembered, 'size' | 'root'>, { size, root }: Checkpoint, proof: readonly string[]): boolean {
  try {
    return verifyConsistency({ from: last.size, from_root: bytesOfHex(last.root), size, root, proof: proof.map(bytesOfHex) });
  } catch {
    return false;
  }
}

export function judge({ last, known, offered, origin, note, proof }: Case): Judgement {
  const checkpoint = claimed(note);
  if (checkpoint === null || checkpoint.size === 0) return { kind: 'unreadable' };
  const names = known.map((vkey) => readVerifierKey(vkey).name);
  if ((origin !== null && checkpoint.origin !== origin) || (names.length > 0 && !names.includes(checkpoint.origin))) {
    return { kind: 'alarm', why: 'origin' };
  }
  const trusted = signedBy(note, known);
  const vkey = trusted ?? signedBy(note, offered);
  if (vkey === null) return { kind: 'alarm', why: 'signature' };
  const isNew = trusted === null && known.length > 0;
  if (last === null) return { kind: isNew ? 'new_key' : 'first', checkpoint, vkey };
  if (checkpoint.size < last.size) return { kind: 'alarm', why: 'smaller' };
  if (checkpoint.size === last.size) {
    if (hexOf(checkpoint.root) !== last.root) return { kind: 'alarm', why: 'other_root' };
    return { kind: isNew ? 'new_key' : 'same', checkpoint, vkey };
  }
  if (proof === null) return { kind: 'proof_wanted', from: last.size };
  if (!proves(last, checkpoint, proof)) return { kind: 'alarm', why: 'proof' };
  return { kind: isNew ? 'new_key' : 'grown', checkpoint, vkey };
}
