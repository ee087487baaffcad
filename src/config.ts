// Settings of the program, read once from the environment. A value that cannot be right stops the
// program with one line that names the variable.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from './kernel/cannot-start.ts';
import { isMailAddress } from './kernel/mail.ts';

export const PROJECT = fileURLToPath(new URL('..', import.meta.url));
export const MIGRATIONS = resolve(PROJECT, 'migrations');

export interface Config {
  port: number;
  /** This machine only, unless told otherwise: the demo's passwords are known to everybody. In a
   *  container, where only published ports are reachable, the Dockerfile says 0.0.0.0. */
  host: string;
  database_url: string | null;
  app_url: string | null;
  signer_url: string | null;
  /** Folder of the files and of the built-in database. */
  data: string;
  production: boolean;
  /** Address people reach the service at, without a slash at its end. */
  public_url: string;
  /** Mail server for notices; null: nothing is sent. */
  smtp_url: string | null;
  demo: { wanted: boolean; password: string; signing_password: string };
  log_level: string;
  /** Whose X-Forwarded-* headers are believed, as Fastify takes it. */
  trust_proxy: boolean | string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const wrong = (name: string, value: string, expected: string): CannotStart =>
  new CannotStart(`${name}="${value}" is not right: expected ${expected}.`);

function readUrl(env: Environment, name: string, protocols: readonly string[], expected: string): URL | null {
  const value = env[name]?.trim() ?? '';
  if (value === '') return null;
  const url = URL.parse(value);
  // The value may hold a password, so it is not repeated.
  if (url === null || !protocols.includes(url.protocol)) throw wrong(name, url === null ? '…' : `${url.protocol}…`, expected);
  return url;
}

const databaseUrl = (env: Environment, name: string): string | null =>
  readUrl(env, name, ['postgres:', 'postgresql:'], 'an address like postgres://user:password@host:5432/mingzhang')?.href ?? null;

function readSmtp(env: Environment): string | null {
  const name = 'MINGZHANG_SMTP_URL';
  const expected = 'an address like smtp://user:password@mail.example.cn:587?from=books@example.cn';
  const url = readUrl(env, name, ['smtp:', 'smtps:'], expected);
  if (url === null) return null;
  const from = url.searchParams.get('from');
  if (url.hostname === '' || (from !== null && !isMailAddress(from))) throw wrong(name, `${url.protocol}…`, expected);
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw wrong(name, `${url.protocol}…`, `${expected}; a % in the password is written %25`);
  }
  return url.href;
}

function oneOf(env: Environment, name: string, values: readonly string[], preset: string): string {
  const value = env[name]?.trim().toLowerCase() || preset;
  if (!values.includes(value)) throw wrong(name, value, `one of ${values.join(', ')}`);
  return value;
}

function readPassword(env: Environment, name: string, preset: string): string {
  const value = env[name] || preset;
  if (value.length < 8 || value.length > 128) throw wrong(name, '…', 'a password of 8 to 128 characters');
  return value;
}

function readPort(env: Environment): number {
  const value = env['PORT']?.trim() || '8080';
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw wrong('PORT', value, 'a number from 1 to 65535, or 0 for any free port');
  return Number(value);
}

function readHost(env: Environment): string {
  const value = env['HOST']?.trim() || '127.0.0.1';
  if (!/^[0-9A-Za-z.:_-]+$/.test(value)) throw wrong('HOST', value, 'an address to listen on, like 127.0.0.1 or 0.0.0.0');
  return value;
}

function readProxy(env: Environment): boolean | string {
  const value = env['TRUST_PROXY']?.trim() ?? '';
  if (['', 'off', 'false', '0', 'none'].includes(value)) return false;
  if (['on', 'true'].includes(value)) return true;
  if (!/^[0-9A-Fa-f.:/, ]+$|^(loopback|linklocal|uniquelocal)(, ?(loopback|linklocal|uniquelocal))*$/.test(value)) {
    throw wrong('TRUST_PROXY', value, 'addresses of proxies like 10.0.0.0/8, loopback, or on');
  }
  return value;
}

export function readConfig(env: Environment): Config {
  const port = readPort(env);
  const host = readHost(env);
  const production = oneOf(env, 'NODE_ENV', ['production', 'development', 'test'], 'development') === 'production';
  const database_url = databaseUrl(env, 'DATABASE_URL');
  const app_url = databaseUrl(env, 'APP_DATABASE_URL');
  const signer_url = databaseUrl(env, 'SIGNER_DATABASE_URL');
  if (database_url === null && (app_url ?? signer_url) !== null) {
    throw new CannotStart('APP_DATABASE_URL and SIGNER_DATABASE_URL go with DATABASE_URL, which is empty.');
  }
  const reachable = host.includes(':') ? `[${host}]` : host;
  const shown = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : reachable;
  const public_url = readUrl(env, 'MINGZHANG_PUBLIC_URL', ['http:', 'https:'], 'an address like https://books.example.cn');
  return {
    port, host, production, database_url, app_url, signer_url,
    data: resolve(PROJECT, env['MINGZHANG_DATA']?.trim() || 'data'),
    public_url: (public_url?.href ?? `http://${shown}:${port}`).replace(/\/+$/, ''),
    smtp_url: readSmtp(env),
    demo: {
      wanted: oneOf(env, 'MINGZHANG_DEMO', ['on', 'off'], production ? 'off' : 'on') === 'on' && !production,
      password: readPassword(env, 'MINGZHANG_DEMO_PASSWORD', 'mingzhang-demo'),
      signing_password: readPassword(env, 'MINGZHANG_DEMO_SIGNING', 'two-keys-demo'),
    },
    log_level: oneOf(env, 'LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    trust_proxy: readProxy(env),
  };
}
