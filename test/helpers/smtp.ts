// A mail server on this machine that keeps what it is given, so that letters are read as their receivers get them.
//   const post = await mailServer(t);  house.mail = openMail(post.url, 'https://books.example.cn')
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Ending } from './postgres.ts';

export interface Received { to: string; from: string; subject: string; text: string; /** Message-ID. */ id: string }

export interface MailServer {
  url: string;
  letters: Received[];
  /** Addresses that do not exist here: 550. */
  unknown: Set<string>;
  /** Addresses that take nothing just now: 451. */
  busy: Set<string>;
  /** While true, whoever calls is turned away: 421. */
  closed: boolean;
}

const words = (header: string): string => header.replace(/\r\n\s+/g, ' ').replace(/\?=\s+=\?/g, '?==?')
  .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, text: string) => (kind.toUpperCase() === 'B'
    ? Buffer.from(text, 'base64').toString() : quoted(text.replace(/_/g, ' '))));
const quoted = (text: string): string => Buffer.from(text.replace(/=\r\n/g, '')
  .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();

function readLetter(source: string, to: string): Received {
  const cut = source.indexOf('\r\n\r\n');
  const head = source.slice(0, cut);
  const body = source.slice(cut + 4);
  const header = (name: string): string => words(new RegExp(`^${name}: ((?:.*)(?:\r\n[ \t].*)*)`, 'mi').exec(head)?.[1] ?? '');
  const encoding = header('Content-Transfer-Encoding').trim();
  const text = encoding === 'base64' ? Buffer.from(body, 'base64').toString() : encoding === 'quoted-printable' ? quoted(body) : body;
  return { to, from: header('From'), subject: header('Subject'), id: header('Message-ID').trim(), text: text.replace(/\r\n/g, '\n') };
}

function talk(socket: Socket, server: MailServer): void {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let to = '';
  let text = '';
  let inLetter = false;
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  if (server.closed) return void socket.end('421 closed\r\n');
  say('220 test');
  socket.on('data', (chunk) => {
    rest += String(chunk);
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (inLetter) {
        if (line !== '.') {
          text += `${line.replace(/^\.\./, '.')}\r\n`;
          continue;
        }
        inLetter = false;
        server.letters.push(readLetter(Buffer.from(text, 'latin1').toString(), to));
        say('250 kept');
      } else if (/^RCPT/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? '';
        say(server.unknown.has(to) ? '550 nobody of that name' : server.busy.has(to) ? '451 come back later' : '250 fine');
      } else if (/^DATA/i.test(line)) {
        inLetter = true;
        text = '';
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else say('250 fine');
    }
  });
}

export async function mailServer(t: Ending): Promise<MailServer> {
  const server: MailServer = { url: '', letters: [], unknown: new Set(), busy: new Set(), closed: false };
  const listening = createServer((socket) => talk(socket, server));
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  t.teardown(() => new Promise((done) => listening.close(done)));
  server.url = `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}?from=books@example.cn`;
  return server;
}
