// How long the books of 10,000 and of 100,000 entries take to be exported, and whether memory stays: npm run bench:export.
// Beside each, in the same run, a bare SELECT of the same rows through a cursor, whose rows are thrown away. Each
// figure is of a fresh process. Memory is what the process grew by while it wrote, which is mostly garbage V8 has not
// yet looked at (the bare SELECT grows as much); and, in a second pass, what is really held: the heap after a collection.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { pino } from 'pino';
import { auditPackage } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import { openBooks } from '../../src/exchange/books.ts';
import { formats, type FormatName } from '../../src/exchange/send.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { inEstate, openDatabase, setDemoClock } from '../../src/kernel/database.ts';
import { addDays, clockAt, isoInstant } from '../../src/kernel/dates.ts';
import type { House } from '../../src/kernel/house.ts';
import { money } from '../../src/kernel/money.ts';
import { diskStorage } from '../../src/kernel/storage.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { testBooks, type Books } from '../disclosure/books.ts';

type Way = FormatName | 'audit' | 'select';
const ways: readonly Way[] = ['select', 'hledger', 'beancount', 'csv', 'xlsx', 'audit'];
interface Place { app: string; signer: string; estate_id: number; folder: string }
/** The books are years ahead, as those of the tests are. */
const LATER = clockAt('2032-09-28T10:00:00Z');
interface Run { seconds: number; cpu_seconds: number; mib: number; growth_mib: number; live_mib: number }

const [way, place] = process.argv.slice(2);
if (way === undefined) await report();
else await runOnce(way as Way, JSON.parse(place!) as Place);

// ── One figure, in a process of its own ──────────────────────────────────────────────────────────

async function runOnce(way: Way, { app, signer, estate_id, folder }: Place): Promise<void> {
  const house: House = {
    db: openDatabase({ app: { url: app, role: null }, signer: { url: signer, role: null }, warn: console.error }), clock: LATER,
    storage: diskStorage(join(folder, 'files')), log_keys: keyFolder(join(folder, 'keys')), log: pino({ level: 'silent' }),
    settings: { production: false, public_url: 'http://localhost:8080', password_minimum: 15 },
  };
  for (const db of [house.db.app, house.db.signer]) setDemoClock(db, LATER);
  const estate = await house.db.app.selectFrom('estate').selectAll().where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  // What is loaded and compiled at the first line is not counted: one month goes before.
  const warm = { from: estate.first_period, to: estate.first_period };
  if (way !== 'select' && way !== 'audit') for await (const _ of formats[way].pieces(house, await openBooks(house, estate, warm))) break;
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()); }, 20);
  const started = performance.now();
  const cpu = process.cpuUsage();
  let size = 0;
  if (way === 'select') await bareSelect(house, estate_id, () => undefined);
  else for await (const piece of await piecesOf(way)) size += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage.rss());
  globalThis.gc?.();
  const idle = process.memoryUsage().heapUsed;
  let held = 0;
  let pieces = 0;
  const weigh = (): void => {
    if ((pieces += 1) % 20 !== 0) return;
    globalThis.gc?.();
    held = Math.max(held, process.memoryUsage().heapUsed - idle);
  };
  if (way === 'select') await bareSelect(house, estate_id, weigh);
  else for await (const _ of await piecesOf(way)) weigh();
  console.log(JSON.stringify({
    seconds: rounded(seconds), cpu_seconds: rounded((user + system) / 1e6), mib: rounded(size / 2 ** 20), growth_mib: Math.round((peak - before) / 2 ** 20), live_mib: rounded(held / 2 ** 20),
  } satisfies Run));
  await house.db.close();

  async function piecesOf(format: Exclude<Way, 'select'>): Promise<AsyncIterable<string | Uint8Array>> {
    if (format !== 'audit') return formats[format].pieces(house, await openBooks(house, estate, {}));
    const { from, to } = await openBooks(house, estate, {});
    const snapshot = await takeSnapshot(house, estate, { from, to, audience: 'officers' });
    return auditPackage({ house, snapshot, made_at: isoInstant(house.clock()), verifier: null, step() {}, advance() {} });
  }
}

function bareSelect({ db }: House, estate_id: number, told: () => void): Promise<void> {
  return inEstate(db.app, estate_id, async (trx) => {
    await sql`declare everything no scroll cursor for
      select e.seq, e.kind, e.period, e.number, e.entry_date, e.description, e.amount, e.reference, e.proposal_id, e.reverses, e.made_by,
        r.recorded_at, p.line, p.account, p.fund, p.debit, p.credit, p.unit, p.payee
      from journal_entry e join record r on r.estate_id = e.estate_id and r.seq = e.seq
      join posting p on p.estate_id = e.estate_id and p.seq = e.seq
      where e.estate_id = ${sql.lit(estate_id)} order by e.entry_date, e.seq, p.line`.execute(trx);
    for (;;) {
      const { rows } = await sql`fetch 2000 from everything`.execute(trx);
      if (rows.length === 0) return;
      told();
    }
  }, { readOnly: true });
}

// ── The books, and the table ─────────────────────────────────────────────────────────────────────

async function fill(h: Books, entries: number): Promise<void> {
  const { estate_id } = h.estate;
  h.at('2032-09-28 18:00');
  const first = '2031-10-01';
  for (let done = 0; done < entries; done += 1_000) {
    const bodies = Array.from({ length: 1_000 }, (_, i) => {
      const n = done + i;
      const fund = n % 3 === 0 ? 'public_income' : 'service';
      const account = n % 3 === 0 ? '4102' : n % 7 === 0 ? '4110' : '4101';
      const amount = money(`${100 + (n % 900)}.${String(n % 100).padStart(2, '0')}`);
      return entryBody({
        kind: 'receipt', entry_date: addDays(first, Math.floor((n * 360) / entries)), description: `物业费 ${n % 16}-${n % 4}-${n % 12}02 第 ${n} 笔`,
        key: `bench ${n}`, made_by: h.persons.cashier, postings: [{ account: '1002', fund, debit: amount }, { account, fund, credit: amount }],
      });
    });
    const results = await inEstate(h.db.app, estate_id, (trx) => postEntries(trx, estate_id, bodies));
    const wrong = results.find((result) => result.status !== 'posted');
    if (wrong !== undefined) throw new Error(wrong.status);
  }
}

function fresh(way: Way, at: Place): Run {
  const args = [...process.execArgv, '--expose-gc', fileURLToPath(import.meta.url), way, JSON.stringify(at)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })) as Run;
}

async function report(): Promise<void> {
  const endings: (() => unknown)[] = [];
  const runs = new Map<string, Run>();
  const sizes = [10_000, 100_000];
  try {
    for (const entries of sizes) {
      const h = await testBooks({ teardown: (work) => endings.unshift(work) });
      await fill(h, entries);
      const folder = mkdtempSync(join(tmpdir(), 'mingzhang-bench-'));
      endings.unshift(() => rmSync(folder, { recursive: true, force: true }));
      await h.superuser.query('vacuum analyze');
      const at = { app: h.urls.app, signer: h.urls.signer, estate_id: h.estate.estate_id, folder };
      for (const way of ways) runs.set(`${way} ${entries}`, fresh(way, at));
    }
  } finally {
    for (const end of endings) await end();
  }
  const [small, large] = sizes as [number, number];
  const rows = ways.map((way) => {
    const [few, many, bare] = [runs.get(`${way} ${small}`)!, runs.get(`${way} ${large}`)!, runs.get(`select ${large}`)!];
    return {
      way, mib: way === 'select' ? null : many.mib, seconds: many.seconds, ratio_to_select: rounded(many.seconds / bare.seconds),
      cpu_seconds: many.cpu_seconds, cpu_ratio: rounded(many.cpu_seconds / bare.cpu_seconds),
      seconds_10k: few.seconds, growth_mib_10k: few.growth_mib, growth_mib_100k: many.growth_mib,
      live_mib_10k: few.live_mib, live_mib_100k: many.live_mib,
    };
  });
  console.table(rows);
  console.log(JSON.stringify({ bench: 'export', entries: large, rows }));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
