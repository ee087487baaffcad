// Paper is a device's memory: a checkpoint from last month's QR code or typed off the notice board is compared with
// what the device remembers, and takes the place of a memory that is missing or older.
import { hexOf } from '../../proof/bytes.ts';
import { claimedCheckpoint, type Checkpoint } from '../../proof/checkpoint.ts';
import { judge, type Judgement } from './witness-check.ts';
import { raise, seconds } from './witness-device.ts';
import type { LogServer } from './witness-log.ts';
import { keep, recall, type Alarm, type Memory, type Remembered } from './witness-memory.ts';

export interface Log { estate: string; origin: string; server: LogServer }

export type PaperOutcome =
  | { kind: 'kept' | 'agrees'; size: number }
  | { kind: 'unreadable' | 'unsigned' }
  | { kind: 'other_log'; origin: string }
  | { kind: 'alarm'; alarm: Alarm };

/** A pasted text as a note: lines of a mail or a chat are trimmed, the blank line before the signatures is put back. */
export function noteOf(pasted: string): string {
  const lines = pasted.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  const first = lines.findIndex((line) => line.startsWith('—'));
  if (first < 0) return `${lines.join('\n')}\n`;
  return `${lines.slice(0, first).join('\n')}\n\n${lines.slice(first).join('\n')}\n`;
}

export function readNote(note: string): Checkpoint | null {
  try {
    return claimedCheckpoint(note);
  } catch {
    return null;
  }
}

export type Seen = Pick<Remembered, 'note' | 'size' | 'root'>;
export const sameCheckpoint = (a: Omit<Seen, 'note'>, b: Omit<Seen, 'note'>): boolean => a.size === b.size && a.root === b.root;

/** Judges two checkpoints of one log, whichever is the older; the server gives the proof, which needs no trust. */
export async function compare(log: Log, a: Seen, b: Seen): Promise<Judgement & { proof: string[] }> {
  const [older, newer] = a.size <= b.size ? [a, b] : [b, a];
  const offered = [...await log.server.keys(), ...recall(log.estate).log_keys];
  const given = { last: older, known: [], offered, origin: log.origin, note: newer.note };
  const judgement = judge({ ...given, proof: null });
  if (judgement.kind !== 'proof_wanted') return { ...judgement, proof: [] };
  const proof = await log.server.consistency(older.size, newer.size);
  return { ...judge({ ...given, proof }), proof };
}

/** Whether the log's own key signed it, as far as the server and this device know its keys. */
export async function isSigned(log: Log, note: string): Promise<boolean> {
  const offered = [...(await log.server.keys()), ...recall(log.estate).log_keys];
  return judge({ last: null, known: [], offered, origin: log.origin, note, proof: null }).kind === 'first';
}

const MOST_PAPERS = 36;

/** Keeps a checkpoint among those seen on paper. */
export const keepPaper = (estate: string, paper: Remembered): Memory => keep(estate, (memory) => {
  memory.papers = [...memory.papers.filter((one) => !sameCheckpoint(one, paper)), paper].slice(-MOST_PAPERS);
});

/** Compares the paper with the memory, and makes it the memory where that is missing or older. */
export async function usePaper(log: Log, pasted: string): Promise<PaperOutcome> {
  const note = noteOf(pasted);
  const checkpoint = readNote(note);
  if (checkpoint === null || checkpoint.size === 0) return { kind: 'unreadable' };
  const { origin, size, root } = checkpoint;
  if (origin !== log.origin) return { kind: 'other_log', origin };
  // An unsigned paper may be anybody's invention: it must neither be believed nor raise an alarm.
  if (!(await isSigned(log, note))) return { kind: 'unsigned' };
  const paper: Remembered = { size, root: hexOf(root), note, at: seconds(), source: 'paper' };
  const { last } = recall(log.estate);
  if (last !== null) {
    const judgement = await compare(log, last, paper);
    if (judgement.kind === 'alarm') {
      return raise(log.estate, { why: judgement.why, remembered: last.note, shown: note, proof: judgement.proof });
    }
    if (size <= last.size) return { kind: 'agrees', size };
  }
  keep(log.estate, (memory) => {
    memory.last = paper;
  });
  return { kind: last === null ? 'kept' : 'agrees', size };
}
