// From settings to a house: the database made ready, the files' folder, the clock. The service and
// the command line open the same house.
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { MIGRATIONS, type Config } from './config.ts';
import { systemClock } from './kernel/dates.ts';
import type { House } from './kernel/house.ts';
import { openMail } from './kernel/mail.ts';
import { keyFolder } from './evidence/key-folder.ts';
import { prepareDatabase, type Prepared } from './kernel/prepare.ts';
import { secretBox } from './kernel/secret-box.ts';
import { diskStorage } from './kernel/storage.ts';
import { makeDemo } from './demo/demo.ts';

export interface OpenHouse extends Prepared { house: House }

/** `join`: use the built-in database of a running service instead of refusing. */
export async function openHouse(config: Config, log: Logger, { join: mayJoin = false } = {}): Promise<OpenHouse> {
  const prepared = await prepareDatabase({
    ...config,
    migrations: MIGRATIONS,
    half_made: halfDemo(config),
    join: mayJoin,
    note: (line) => log.info(line),
    warn: (line) => log.warn(line),
  });
  const files = join(config.data, 'files');
  mkdirSync(files, { recursive: true });
  chmodSync(files, 0o700); // the data folder itself may have to let the database's account through
  const keys = join(config.data, 'keys');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  return {
    ...prepared,
    house: {
      db: prepared.db,
      clock: systemClock,
      storage: diskStorage(files),
      log_keys: keyFolder(keys),
      secrets: secretBox(join(keys, 'relays.key')),
      log,
      mail: config.smtp_url === null ? null : openMail(config.smtp_url, config.public_url),
      settings: {
        production: config.production,
        public_url: config.public_url,
        password_minimum: config.production ? 15 : 8,
      },
    },
  };
}

// While the demo estate is being made this file stands; found at a start, it tells that the making
// was cut off, and the next start begins anew.
const halfDemo = (config: Config): string => join(config.data, 'demo.half-made');

export async function makeDemoEstate(
  { house }: OpenHouse, config: Config, progress?: (text: string) => void,
): Promise<void> {
  writeFileSync(halfDemo(config), '');
  await makeDemo(house, { password: config.demo.password, signing_password: config.demo.signing_password, progress });
  rmSync(halfDemo(config), { force: true });
}

/** How many estates there are, and whether one of them is the demo. */
export async function estatesIn({ house }: OpenHouse): Promise<{ count: number; demo: string | null }> {
  const rows = await house.db.app.selectFrom('estate').select(['code', 'is_demo']).execute();
  return { count: rows.length, demo: rows.find((row) => row.is_demo)?.code ?? null };
}

export const demoIsHalfMade = (config: Config): boolean => existsSync(halfDemo(config));
