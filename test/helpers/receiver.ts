// Another server on this machine that keeps what is posted to it and answers as it is told, for robots and webhooks.
//   const there = await receiver(t);  address: there.url('/hook')
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ending } from './postgres.ts';

export interface Posted { path: string; headers: IncomingHttpHeaders; body: string }
export interface Receiver {
  url(path: string): string;
  posted: Posted[];
  /** Answer to whatever comes; robots want {"errcode":0}. 'silence': none ever. */
  answer: { status: number; text: string; headers?: Record<string, string> } | 'silence';
}

export async function receiver(t: Ending): Promise<Receiver> {
  const there: Receiver = { url: () => '', posted: [], answer: { status: 200, text: '{"errcode":0,"code":0}' } };
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      there.posted.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() });
      if (there.answer === 'silence') return;
      reply.writeHead(there.answer.status, there.answer.headers ?? {}).end(there.answer.text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  }));
  there.url = (path) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return there;
}
