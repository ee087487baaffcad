// The log: JSON lines in production, short readable lines while trying the program out. Secrets in
// headers and addresses are blanked before they are written.
import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

interface Asked { method: string; url: string; ip: string }

/** Also inside ?next= of the login, where "?code=" is written %3Fcode%3D. */
export const withoutCodes = (url: string): string =>
  url.replace(/((?:[?&]|%3F|%26)(?:code|token|key)(?:=|%3D))(?:(?!&|%26).)*/gi, '$1…');

const names: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const clockTime = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', timeStyle: 'medium' });

// "14:03:22 warn  a connection to the database was lost". Requests are told at debug only, so that
// the address and the logins stay on the screen.
function shortLines(requests: boolean): { write(line: string): void } {
  return {
    write(line) {
      const { level, time, msg, err, reqId, req, res, responseTime, ...rest } = JSON.parse(line) as Record<string, any>;
      if (!requests && (msg === 'incoming request' || msg === 'request completed')) return;
      const request = req === undefined ? '' : ` ${req.method} ${req.url}`;
      const answer = res === undefined ? '' : ` ${res.statusCode} ${Math.round(responseTime ?? 0)} ms`;
      const facts = Object.entries(rest).filter(([name]) => !['pid', 'hostname'].includes(name))
        .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join('');
      const id = reqId === undefined ? '' : ` [${reqId}]`;
      process.stdout.write(`${clockTime.format(time as number)} ${(names[level as number] ?? '').padEnd(5)} ${msg ?? ''}`
        + `${request}${answer}${id}${facts}\n${err?.stack === undefined ? '' : `${err.stack}\n`}`);
    },
  };
}

export function openLog({ production, log_level }: Pick<Config, 'production' | 'log_level'>): Logger {
  const options = {
    level: log_level,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'password', '*.password', 'signing_password', '*.signing_password'],
    serializers: {
      // Invitation codes travel in addresses (QR codes on paper), and a log is read by others.
      req: ({ method, url, ip }: Asked) => ({ method, url: withoutCodes(url), ip }),
    },
  };
  return production ? pino(options) : pino(options, shortLines(['debug', 'trace'].includes(log_level)));
}
