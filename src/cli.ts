// The command line: `mingzhang start | demo | check | init | migrate | verify | version | help`.
// Whatever a person can put right is told in one line, and the exit code is 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT, readConfig, type Config } from './config.ts';
import { demoLogins } from './demo/persons.ts';
import { makeStreet, streetLogins } from './demo/street.ts';
import { CannotStart } from './kernel/cannot-start.ts';
import { makeStartKeys } from './founding/found-key.ts';
import { Refusal } from './kernel/refusal.ts';
import { initEstate } from './init.ts';
import { openLog } from './log.ts';
import { demoIsHalfMade, estatesIn, makeDemoEstate, openHouse, type OpenHouse } from './open.ts';
import { inspect } from './oversight/inspection.ts';
import { invariants } from './oversight/invariants.ts';
import { Service } from './service.ts';
import { runVerify } from './verify-command.ts';

const HELP = `明账 Mingzhang: open books for housing estates under the trust model

  mingzhang start      the service (same as npm start); on an empty database a demo estate is made first
  mingzhang demo       make the demo estate now, in an empty database; --estates 200 makes a street of 200 small
                       demo estates instead, or beside the demo, for the board of the login "street" (/board)
  mingzhang init       set up a real estate and its first persons; asks, or takes flags (see below)
  mingzhang found      a start link for the guided page that founds an estate; [--count N] for several, [--days N] they work (14)
  mingzhang check      ask the books of every estate (--estate CODE: of one) everything that must be so, keep the
                       result and tell the bodies what is not; ends with 0 all holds, 1 something does not
  mingzhang migrate    bring the database up to date and end
  mingzhang verify     checks disclosures (PDF) and audit packages (ZIP) offline: no database, no network
                       [--lang zh|en] [--key VKEY]… [--reprint] FILE…; ends with 0 holds, 1 broken, 2 unreadable
  mingzhang version
  mingzhang help

Settings come from the environment: PORT HOST DATABASE_URL APP_DATABASE_URL SIGNER_DATABASE_URL
MINGZHANG_DATA MINGZHANG_PUBLIC_URL MINGZHANG_DEMO MINGZHANG_DEMO_PASSWORD MINGZHANG_DEMO_SIGNING
NODE_ENV LOG_LEVEL TRUST_PROXY (README.md says what each does).

Flags of init: --code --name --name-en --mode --rules (trust, trust_announced, commission, self_managed,
self_managed_community or small_tiers; by default those of the mode) --first-period --households --area --fee-rate --trustee
--committee --bank --account-last4 --disclosure-day --units <file with unit,area> and, for each of cashier,
manager, chair, member, supervisor, street, auditor: --<seat>-name --<seat>-login --<seat>-password
--<seat>-signing. A password that is not given is made up and printed once.
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

export async function main(args: readonly string[]): Promise<void> {
  const [command = 'help', ...rest] = args;
  try {
    await run(command, rest);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof CannotStart) return error.message;
  if (error instanceof Refusal) return `${error.in('zh')}\n${error.in('en')}`;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

async function run(command: string, args: string[]): Promise<void> {
  switch (command) {
    case 'start': return serve(args);
    case 'demo': return withHouse((open, config) => (args.length === 0 ? demo(open, config) : street(open, config, args)));
    case 'check': return withHouse((open) => check(open, args));
    case 'init': return withHouse((open) => init(open, args));
    case 'found': return withHouse((open) => found(open, args));
    case 'migrate': return withHouse(async ({ migrated }) =>
      print(migrated.length === 0 ? 'The database is up to date.' : `Applied: ${migrated.join(', ')}`));
    case 'verify': return runVerify(args);
    case 'version': case '--version': case '-v':
      return print((JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string }).version);
    case 'help': case '--help': case '-h':
      return print(HELP);
    default:
      throw new CannotStart(`There is no command "${command}": "mingzhang help" lists them.`);
  }
}

/** Opens the house for one command, beside a running service or alone, and closes it again. */
async function withHouse(work: (open: OpenHouse, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const open = await openHouse(config, openLog({ ...config, production: false, log_level: 'warn' }), { join: true });
  try {
    await work(open, config);
  } finally {
    await open.close();
  }
}

async function demo(open: OpenHouse, config: Config): Promise<void> {
  const { count } = await estatesIn(open);
  if (count > 0) {
    throw new CannotStart(`This database already holds ${count === 1 ? 'an estate' : `${count} estates`}: the demo is made in `
      + 'an empty one only. Set MINGZHANG_DATA to a new folder, or DATABASE_URL to a new database.');
  }
  const bar = process.stdout.isTTY ? (text: string) => void process.stdout.write(`\r\u001b[K${text}`) : print;
  await makeDemoEstate(open, config, bar);
  print(process.stdout.isTTY ? '\r\u001b[KDone.' : 'Done.');
  print(`logins: ${demoLogins.join(' ')}`);
  print(`password: ${config.demo.password}   signing password: ${config.demo.signing_password}`);
}

/** A street of small demo estates, beside the demo estate or in an empty database: never beside real books. */
async function street(open: OpenHouse, config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { estates: { type: 'string' }, 'publish-every': { type: 'string' } } });
  const wanted = Number(values.estates ?? '');
  const publish_every = Number(values['publish-every'] ?? '0');
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 2_000) throw new CannotStart('"--estates" takes a whole number from 1 to 2000, for example "mingzhang demo --estates 200".');
  if (!Number.isInteger(publish_every) || publish_every < 0) throw new CannotStart('"--publish-every" takes a whole number: 10 publishes a disclosure of every tenth estate.');
  const real = await open.house.db.app.selectFrom('estate').select('code').where('is_demo', '=', false).orderBy('code').limit(1).executeTakeFirst();
  if (real !== undefined || config.production) {
    throw new CannotStart(`${real === undefined ? 'NODE_ENV is "production"' : `This database holds the books of "${real.code}"`}: demo estates, whose passwords everybody knows, are never made beside real books.`);
  }
  const bar = process.stdout.isTTY ? (text: string) => void process.stdout.write(`\r\u001b[K${text}`) : () => undefined;
  const made = await makeStreet(open.house, { estates: wanted, ...config.demo, publish_every, progress: bar });
  print(`${process.stdout.isTTY ? '\r\u001b[K' : ''}${made === 0 ? `There are ${wanted} already.` : `${made} demo estates made.`}`);
  print(`${open.house.settings.public_url}/board   logins: ${streetLogins.join(' ')}`);
  print(`password: ${config.demo.password}   signing password: ${config.demo.signing_password}`);
}

/** Asks the books of each estate what must be so; a failure is kept, told and ends the command with 1. */
async function check({ house }: OpenHouse, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { estate: { type: 'string' } } });
  const estates = await house.db.app.selectFrom('estate').selectAll().orderBy('code').execute();
  const chosen = values.estate === undefined ? estates : estates.filter(({ code }) => code === values.estate);
  if (chosen.length === 0) throw new CannotStart(values.estate === undefined ? 'There is no estate yet.' : `There is no estate "${values.estate}"; there are: ${estates.map(({ code }) => code).join(' ')}`);
  let failed = 0;
  for (const estate of chosen) {
    const { inspection_id, findings } = await inspect(house, estate);
    print(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${estate.code} ${estate.name_zh}: ${invariants.length - findings.length} of ${invariants.length} hold (inspection ${inspection_id})`);
    for (const { zh, en, found, sample } of findings) print(`     ${zh} ${en}\n     ${found}: ${sample}`);
    failed += findings.length;
  }
  if (failed > 0) process.exitCode = 1;
}

async function init({ house }: OpenHouse, args: string[]): Promise<void> {
  const { estate, printed } = await initEstate(house, args, process.stdin.isTTY === true);
  for (const line of printed) print(line);
  print(`${house.settings.public_url}/e/${estate.code}`);
}

/** Start links are shown once: the database keeps their SHA-256 only. */
async function found({ house }: OpenHouse, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { count: { type: 'string', default: '1' }, days: { type: 'string', default: '14' } }, strict: true, allowPositionals: false });
  const whole = (name: 'count' | 'days', most: number): number => {
    if (!/^[1-9]\d{0,3}$/.test(values[name]) || Number(values[name]) > most) throw new CannotStart(`--${name} is a whole number from 1 to ${most}, not "${values[name]}".`);
    return Number(values[name]);
  };
  const keys = await makeStartKeys(house, { count: whole('count', 500), days: whole('days', 365) });
  for (const key of keys) print(`${key}   ${house.settings.public_url}/found?key=${key}`);
}

async function serve(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new CannotStart(`"mingzhang start" takes no words after it (${args[0]}); settings come from the environment.`);
  const config = readConfig(process.env);
  if (demoIsHalfMade(config)) print('The making of the demo estate was cut off last time; it begins anew.');
  const service = new Service(config, openLog(config), print);
  stopAtSignals(service);
  try {
    await service.start();
  } catch (error) {
    if (service.isStopping) return; // cut off by the signal, which ends the rest in order
    await service.stop();
    throw error;
  }
}

function stopAtSignals(service: Service): void {
  let first = 0;
  const stop = (): void => {
    // npm passes the signal on that its whole group got already: the second within a moment is the same.
    if (first > 0 && performance.now() - first < 1_000) return;
    if (first > 0) {
      service.abandon();
      process.exit(1);
    }
    first = performance.now();
    service.stop().then(() => process.exit(0), (error: unknown) => {
      process.stderr.write(`${explain(error)}\n`);
      process.exit(1);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);
}
