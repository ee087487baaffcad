// What every slice is given: the database, the clock, the storage, the log. Passed by hand, so that
// "go to definition" always works.
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from './database.ts';
import type { Clock } from './dates.ts';
import type { Send } from './mail.ts';
import type { SecretBox } from './secret-box.ts';
import type { Storage } from './storage.ts';

/** Where the secret keys of the logs lie, and what each has signed last: outside the database, so that whoever
 *  rewrites that gets no signature under another history. */
export interface LogKeys {
  /** Makes a key pair for the origin of a log and gives the public one (C2SP verifier key). `first`: of a log that
   *  has none yet, so that nothing was signed before. */
  create(origin: string, options?: { first?: boolean }): Promise<string>;
  holds(vkey: string): Promise<boolean>;
  /** Signed note of a checkpoint. Throws SignerRefusal for what does not continue what was signed last for this
   *  origin; `prove` gives the consistency proof from that size. */
  sign(vkey: string, checkpoint: { origin: string; size: number; root: Uint8Array },
    prove: (from: number) => Promise<Uint8Array[]>): Promise<string>;
}

export interface House {
  db: Database;
  clock: Clock;
  storage: Storage;
  /** Absent or null: no checkpoint is signed. */
  log_keys?: LogKeys | null | undefined;
  log: FastifyBaseLogger;
  /** Sends a letter; absent or null where no mail server is set. */
  mail?: Send | null | undefined;
  /** Seals addresses and secrets of relays; absent: none can be set up. */
  secrets?: SecretBox | null | undefined;
  settings: {
    production: boolean;
    /** Address people reach the service at, without a slash at its end: for QR codes and links. */
    public_url: string;
    /** Shortest login password that may be set: 15, fewer only for a demo. */
    password_minimum: number;
    /** For tests: relays may stand on this machine, over http. Nothing that runs for people sets it. */
    relays_on_loopback?: boolean | undefined;
  };
}
