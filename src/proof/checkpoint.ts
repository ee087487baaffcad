// Checkpoints (检查点, c2sp.org/tlog-checkpoint): how large a log is and the root of its tree, signed by its key.
//   <origin>\n<size>\n<root, base64>\n      and the signatures, as under any note
// No extension lines are written, and none are read: nobody audits them.
import { base64Of, bytesOfBase64, readWhole, same, utf8 } from './bytes.ts';
import { ED25519, openNote, signNote, splitNote, type OpenedNote, type VerifierKey } from './note.ts';
import { EMPTY_ROOT, type Hash } from './tree.ts';

export interface Checkpoint {
  /** Which log: "<host>/<estate>"; the name of its key as well. */
  origin: string;
  size: number;
  root: Hash;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64Of(root)}\n`;

/** Reads the text of a checkpoint, without signatures. RangeError for anything that checkpointText() would not write. */
export function readCheckpointText(text: string): Checkpoint {
  const found = /^([^\n]+)\n([^\n]+)\n([^\n]+)\n$/.exec(text);
  if (found === null) throw new RangeError('not a checkpoint: three lines are expected');
  const checkpoint = { origin: found[1]!, size: readWhole(found[2]!), root: bytesOfBase64(found[3]!) };
  const { origin, size, root } = checkpoint;
  if (root.length !== 32 || utf8(origin).length > 255) throw new RangeError('not a checkpoint');
  if (size === 0 && !same(root, EMPTY_ROOT)) throw new RangeError('not a checkpoint: an empty tree has another root');
  return checkpoint;
}

/** What a signed checkpoint says, unchecked: to tell what a file is. RangeError when it is none. */
export const claimedCheckpoint = (note: string): Checkpoint => readCheckpointText(splitNote(note).text);

/** Opens a signed checkpoint. RangeError when it is none, as openNote(), and when none of the keys that signed is the
 *  log's own: an Ed25519 key whose name is the origin. */
export function readCheckpoint(note: string, keys: readonly VerifierKey[]): { checkpoint: Checkpoint; signatures: OpenedNote['verified'] } {
  const { text, verified } = openNote(note, keys);
  const checkpoint = readCheckpointText(text);
  if (!verified.some(({ key }) => key.algorithm === ED25519 && key.name === checkpoint.origin)) {
    throw new RangeError('no key of its own log signed the checkpoint');
  }
  return { checkpoint, signatures: verified };
}

/** Signs a checkpoint with the log's key. That it continues the one before is for the caller to see to. */
export function signCheckpoint(checkpoint: Checkpoint, secret: Uint8Array, key: VerifierKey): string {
  if (key.name !== checkpoint.origin) throw new RangeError('the key is of another log');
  const text = checkpointText(checkpoint);
  readCheckpointText(text);
  return signNote(text, [{ key, secret }]);
}
