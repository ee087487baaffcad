// How long it takes to verify a large month, and how much memory: npm run bench:verify [entries].
// A made-up log of 100,000 entries: owners' receipts, and three in a hundred are payments, each signed by two software
// passkeys; sealed as the attachments of a PDF. Beside it, in the same run, bare SHA-256 over the same attachments.
// The time is of a fresh process that is given the file: by the clock, and the process's own, which other work on the
// machine does not stretch. The target is 5 s of its own time and 512 MiB.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEmbedded } from '../../src/verifier/embedded.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';

const TARGET = { seconds: 5, rss_mib: 512 };
const [first, path] = process.argv.slice(2);
if (path === undefined) await report(Number(first ?? 100_000));
else await runOnce(first as 'verify' | 'hash', path);

interface Run { seconds: number; own_seconds: number; peak_rss_mib: number; outcome: string; mib: number }

async function runOnce(way: 'verify' | 'hash', file: string): Promise<void> {
  let outcome = '';
  let bytes = 0;
  const parts = way === 'hash' ? await readEmbedded(new Uint8Array(await readFile(file))) : null;
  const started = performance.now();
  const used = process.cpuUsage();
  if (parts !== null) {
    for (const part of parts.values()) {
      outcome = createHash('sha256').update(part).digest('hex').slice(0, 8);
      bytes += part.length;
    }
  } else {
    const verdict = await verifyFiles([{ name: 'month.pdf', blob: await openAsBlob(file) }]);
    outcome = `${verdict.outcome} ${verdict.findings.map(({ code }) => code).join(' ')}`;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  const run: Run = { seconds, own_seconds: (user + system) / 1e6, peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024), outcome, mib: Math.round(bytes / 2 ** 20) };
  console.log(JSON.stringify(run));
}

function fresh(way: 'verify' | 'hash', file: string): Run {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), way, file];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Run;
}

async function makeMonth(entries: number): Promise<Uint8Array> {
  const { openLog } = await import('../verifier/made-up-log.ts');
  const log = openLog();
  const day = (i: number): string => `2026-09-${String(1 + Math.floor((i * 28) / entries)).padStart(2, '0')}`;
  for (let i = 0; i < entries; i += 1) {
    log.at(`${day(i)} 09:00`);
    if (i % 100 < 97) log.receive({ amount: `${100 + (i % 900)}.${String(i % 100).padStart(2, '0')}`, description: `物业服务费 ${1 + (i % 12)} 栋 ${1 + (i % 4)} 单元 ${101 + (i % 1100)}` });
    else log.pay(log.approved(`${50 + (i % 700)}.00`, { purpose: `公共部位维修 ${i}` }));
  }
  log.at('2026-10-10 08:00');
  return log.seal('2026-09').pdf('zh');
}

async function report(entries: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-verify-'));
  try {
    const file = join(folder, 'month.pdf');
    await writeFile(file, await makeMonth(entries));
    const [hash, verify] = [fresh('hash', file), fresh('verify', file)];
    const row = {
      entries, attachments_mib: hash.mib, seconds: rounded(verify.seconds), own_seconds: rounded(verify.own_seconds), peak_rss_mib: verify.peak_rss_mib,
      bare_sha256_seconds: rounded(hash.own_seconds), ratio: rounded(verify.own_seconds / hash.own_seconds), outcome: verify.outcome,
      met: verify.own_seconds <= TARGET.seconds && verify.peak_rss_mib <= TARGET.rss_mib,
    };
    console.table([row]);
    console.log(JSON.stringify({ bench: 'verify', target: TARGET, ...row }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
