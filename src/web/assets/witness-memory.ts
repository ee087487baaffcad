// What a device remembers of an estate's log: the last checkpoint it cosigned or was given on paper, the keys it
// knows, its own keys, and the alarms it raised. Kept in localStorage, by estate; shared by all who use the device,
// because more memory is more safety.
import type { WitnessGroup } from '../../proof/policy.ts';

export interface Remembered {
  size: number;
  /** Hexadecimal. */
  root: string;
  note: string;
  /** Seconds since 1970. */
  at: number;
  source: 'cosigned' | 'paper';
}
export interface DeviceKey { side: WitnessGroup; vkey: string; secret: string }
export type Why = 'smaller' | 'other_root' | 'proof' | 'signature' | 'origin';
export interface Alarm { why: Why; remembered: string; shown: string; proof: string[]; at: number }
export interface Memory {
  /** Verifier keys that signed what this device accepted. */
  log_keys: string[];
  last: Remembered | null;
  /** Checkpoints seen on paper (QR codes), newest last. */
  papers: Remembered[];
  keys: DeviceKey[];
  alarms: Alarm[];
}

const place = (estate: string): string => `mingzhang/witness/v1/${estate}`;
const empty = (): Memory => ({ log_keys: [], last: null, papers: [], keys: [], alarms: [] });

/** Throws where the browser keeps nothing for pages. */
export function recall(estate: string): Memory {
  const kept = localStorage.getItem(place(estate));
  return kept === null ? empty() : { ...empty(), ...(JSON.parse(kept) as Partial<Memory>) };
}

/** Changes the memory in one step; throws when it could not be kept. */
export function keep(estate: string, change: (memory: Memory) => void): Memory {
  const memory = recall(estate);
  change(memory);
  const text = JSON.stringify(memory);
  localStorage.setItem(place(estate), text);
  if (localStorage.getItem(place(estate)) !== text) throw new Error('the browser does not keep what it is given');
  return memory;
}

export const sameMoment = (a: Remembered | null, b: Remembered | null): boolean => a?.size === b?.size && a?.root === b?.root;
