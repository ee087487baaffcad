// Proof that a record is in the log, as one text (c2sp.org/tlog-proof, file extension .tlog-proof):
//   c2sp.org/tlog-proof@v1 / extra <base64> (may be missing) / index <n> / one hash a line / blank / checkpoint
// The extra line is signed by nobody and is never believed.
import { base64Of, bytesOfBase64, readWhole } from './bytes.ts';
import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import { splitNote, type VerifierKey } from './note.ts';
import { judgeNote, type Policy } from './policy.ts';
import { verifyInclusion, type Hash } from './tree.ts';

const HEADER = 'c2sp.org/tlog-proof@v1\n';

export interface TlogProof {
  /** Place of the leaf, from 0. */
  index: number;
  proof: Hash[];
  /** Signed note. */
  checkpoint: string;
  extra?: Uint8Array;
}

export function tlogProofText({ index, proof, checkpoint, extra }: TlogProof): string {
  const outside = extra === undefined ? '' : `extra ${base64Of(extra)}\n`;
  return `${HEADER}${outside}index ${index}\n${proof.map((hash) => `${base64Of(hash)}\n`).join('')}\n${checkpoint}`;
}

const MOST_HASHES = 64;

function hashOf(line: string): Hash {
  const hash = bytesOfBase64(line);
  if (hash.length !== 32) throw new RangeError('a hash of a proof has 32 bytes');
  return hash;
}

/** Reads such a text; nothing of it is checked yet. RangeError for anything that tlogProofText() would not write. */
export function readTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER.trimEnd()) throw new RangeError('not a tlog-proof');
  const extra = lines[0]?.startsWith('extra ') === true ? bytesOfBase64(lines.shift()!.slice('extra '.length)) : undefined;
  const place = lines.shift() ?? '';
  if (!place.startsWith('index ') || lines.length > MOST_HASHES) throw new RangeError('not a tlog-proof');
  const checkpoint = text.slice(end + 2);
  splitNote(checkpoint);
  const parts = { index: readWhole(place.slice('index '.length)), proof: lines.map(hashOf), checkpoint };
  return extra === undefined ? parts : { ...parts, extra };
}

/** What a proof shows once it holds. */
export interface ProvedLeaf { index: number; checkpoint: Checkpoint }

/** Whether the text proves that this leaf is in the log of one of the keys, at which place; with a policy, that the
 *  witnesses it asks for have signed too. Null when it does not. */
export function verifyTlogProof(text: string, leaf_hash: Hash, keys: readonly VerifierKey[], policy?: Policy): ProvedLeaf | null {
  try {
    const { index, proof, checkpoint: note } = readTlogProof(text);
    const { checkpoint } = readCheckpoint(note, keys);
    const { size, root } = checkpoint;
    if (!verifyInclusion({ index, size, leaf_hash, proof, root })) return null;
    return policy === undefined || judgeNote(policy, note).satisfied ? { index, checkpoint } : null;
  } catch {
    return null;
  }
}
