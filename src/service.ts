// The service from start to end: database, demo estate where wanted, timetable, listening; and back in
// the opposite order, so that no request is cut off and the database is the last to go.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { demoLogins } from './demo/persons.ts';
import { executors } from './executors.ts';
import { makeStartKeys } from './founding/found-key.ts';
import { startJobs } from './jobs.ts';
import { CannotStart } from './kernel/cannot-start.ts';
import { invariantWarnings } from './oversight/inspection.ts';
import { estatesIn, makeDemoEstate, openHouse } from './open.ts';

/** How long requests under way may take after SIGTERM. */
const LAST_REQUESTS_MS = 10_000;

export class Service {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #print: (line: string) => void;
  #steps: (() => Promise<void>)[] = [];
  #starting: Promise<void> = Promise.resolve();
  #abandon: () => void = () => undefined;
  #stopping = false;
  #reasons = ['starting'];

  constructor(config: Config, log: Logger, print: (line: string) => void) {
    this.#config = config;
    this.#log = log;
    this.#print = print;
  }

  /** Gives the address it listens on. Throws CannotStart with one line for what is wrong. */
  async start(): Promise<string> {
    const config = this.#config;
    await portIsFree(config); // before the seconds that a new database takes
    const opening = openHouse(config, this.#log);
    this.#starting = opening.then(() => undefined, () => undefined);
    const open = await opening;
    this.#steps.push(() => open.close());
    this.#abandon = () => open.abandon();
    if (this.#stopping) return '';
    const found = await estatesIn(open);
    const demo = found.demo !== null || (found.count === 0 && config.demo.wanted);
    if (demo && found.demo === null) {
      this.#print('Making the demo estate (six months of books of 448 households) …');
      await makeDemoEstate(open, config);
      if (this.#stopping) return '';
    }
    if (config.production && found.demo !== null) {
      this.#log.warn(`this database holds the demo estate "${found.demo}", whose passwords everybody knows: keep real books in a database of their own`);
    }
    const jobs = startJobs(open.house, { executors });
    this.#steps.push(() => jobs.stop());
    let jobsReady = false;
    const waitForJobs = async (): Promise<void> => {
      await jobs.ready;
      jobsReady = true;
    };
    waitForJobs().catch(() => undefined); // jobs.ts logs why
    const app = await buildApp(open.house, {
      logger: this.#log,
      trustProxy: config.trust_proxy,
      warnings: () => [...jobs.lastFailures().map(({ task, estate, at }) => `${task} ${estate} failed at ${at}; the log says why`), ...invariantWarnings()],
      reasonsNotReady: async () => {
        const trouble = await open.trouble();
        return [...this.#reasons, ...(jobsReady ? [] : ['the job queue is starting']), ...(trouble === null ? [] : [trouble])];
      },
    });
    this.#steps.push(closing(app, this.#log));
    if (this.#stopping) return '';
    const address = await listen(app, config);
    this.#reasons = [];
    // Where anybody may try everything, an estate of one's own as well.
    const [start] = config.production ? [] : await makeStartKeys(open.house, { days: 1 });
    for (const line of welcome(config, address, demo, found.count, start)) this.#print(line);
    return address;
  }

  /** Finishes the requests under way, closes the connections, stops the database it started. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reasons = ['shutting down'];
    await this.#starting;
    for (const step of this.#steps.splice(0).reverse()) await step();
  }

  /** For whoever will not wait. */
  abandon(): void {
    this.#abandon();
  }

  get isStopping(): boolean {
    return this.#stopping;
  }
}

const taken = ({ port, host }: Config): CannotStart => new CannotStart(
  `Port ${port} on ${host} is already in use by another program: end that one, or choose another port, for example "PORT=${port === 65_535 ? 8081 : port + 1} npm start".`);

function listenError(config: Config, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return taken(config);
  if (error.code === 'EACCES') return new CannotStart(`Port ${config.port} may not be used by this user: choose one above 1023, for example "PORT=8080 npm start".`);
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
    return new CannotStart(`HOST="${config.host}" is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all of them.`);
  }
  return error;
}

function portIsFree(config: Config): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error) => fail(listenError(config, error)));
    probe.listen(config.port, config.host, () => probe.close(() => done()));
  });
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    await app.listen({ port: config.port, host: config.host, listenTextResolver: (address) => `listening on ${address}` });
  } catch (error) {
    throw listenError(config, error as NodeJS.ErrnoException);
  }
  const { port } = app.server.address() as AddressInfo;
  return config.port === 0 ? config.public_url.replace(/:0$/, `:${port}`) : config.public_url;
}

/** Gives the closing of the app: answers what is under way, and hangs up on whoever asks nothing. */
function closing(app: FastifyInstance, log: Logger): () => Promise<void> {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    // A browser keeps connections open after an answer, and opens some before it has a question.
    const hangUp = setInterval(() => {
      app.server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, 50);
    const late = setTimeout(() => {
      log.warn(`requests were still under way after ${LAST_REQUESTS_MS / 1000} s and are cut off`);
      app.server.closeAllConnections();
    }, LAST_REQUESTS_MS);
    await app.close();
    clearInterval(hangUp);
    clearTimeout(late);
  };
}

function welcome(config: Config, address: string, demo: boolean, estates: number, start: string | undefined): string[] {
  const lines = ['', `明账 Mingzhang: ${address}`];
  if (demo && !config.production) {
    lines.push(
      `登录名 logins: ${demoLogins.join(' ')}`,
      `密码 password: ${config.demo.password}   签批密码 signing password: ${config.demo.signing_password}`,
    );
  } else if (estates === 0) {
    lines.push('还没有小区。There is no estate yet: run "npx mingzhang found" (guided page) or "npx mingzhang init".');
  }
  if (start !== undefined) lines.push(`新建小区 found an estate: ${address}/found?key=${start}`);
  return [...lines, `数据 data: ${config.database_url === null ? config.data : `${config.data} and DATABASE_URL`}   ^C 停止 stops it`, ''];
}
