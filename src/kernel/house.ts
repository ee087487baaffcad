// What every slice is given: the database, the clock, the storage, the log. Passed by hand, so that
// "go to definition" always works.
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from './database.ts';
import type { Clock } from './dates.ts';
import type { Send } from './mail.ts';
import type { Storage } from './storage.ts';

export interface House {
  db: Database;
  clock: Clock;
  storage: Storage;
  log: FastifyBaseLogger;
  /** Sends a letter; absent or null where no mail server is set. */
  mail?: Send | null | undefined;
  settings: {
    production: boolean;
    /** Address people reach the service at, without a slash at its end: for QR codes and links. */
    public_url: string;
    /** Shortest login password that may be set: 15, fewer only for a demo. */
    password_minimum: number;
  };
}
