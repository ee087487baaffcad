// How long a month takes to become a PDF, and how much memory: npm run bench:disclosure.
// With its seal, as it is published, and without. Beside it, in the same run, pdfkit alone setting the text of the same rows: no table, no tags, no
// attachments, one page after the other. Each figure is of a fresh process, fonts and all.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { renderMonthlyDisclosure } from '../../reports/monthly-disclosure/layout.ts';
import { openPrinter } from '../../reports/printer.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { longMonth, longSeal } from '../reports/sample.ts';

type Way = 'ours' | 'unsealed' | 'thread' | 'bare';
interface Run {
  seconds: number;
  again_seconds: number;
  bytes: number;
  peak_rss_mib: number;
}
interface Target {
  entries: number;
  seconds: number;
  rss_mib: number;
}

const targets: Target[] = [
  { entries: 100, seconds: 1, rss_mib: 512 },
  { entries: 1_000, seconds: 1, rss_mib: 512 },
  { entries: 10_000, seconds: 4, rss_mib: 512 },
];
const [way, count] = process.argv.slice(2);
if (way === undefined) report();
else await runOnce(way as Way, Number(count));

async function runOnce(way: Way, entries: number): Promise<void> {
  const figures = longMonth(entries);
  const seal = longSeal(figures);
  const renderer = openPrinter();
  const make: Record<Way, () => Promise<Buffer>> = {
    ours: async () => renderMonthlyDisclosure(figures, 'zh', seal),
    unsealed: async () => renderMonthlyDisclosure(figures, 'zh'),
    thread: async () => renderer.disclosure(figures, 'zh', seal),
    bare: async () => bareText(figures),
  };
  const started = performance.now();
  const { length } = await make[way]();
  const seconds = (performance.now() - started) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  const again = performance.now();
  await make[way]();
  const run: Run = {
    seconds: rounded(seconds),
    again_seconds: rounded((performance.now() - again) / 1000),
    bytes: length,
    peak_rss_mib: Math.round(peak),
  };
  await renderer.close();
  console.log(JSON.stringify(run));
}

/** The text of the same nine columns, as pdfkit sets it when asked for nothing else. */
async function bareText(figures: DisclosureFigures): Promise<Buffer> {
  const font = fileURLToPath(
    import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  );
  const document = new PDFDocument({ size: 'A4', margin: 36 });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  document.font(font).fontSize(8);
  const columns = [36, 65, 100, 230, 320, 370, 420, 475, 545];
  figures.entries.forEach((entry, index) => {
    if (index > 0 && index % 30 === 0) document.addPage();
    const [line] = entry.lines;
    const cells = [
      entry.date.slice(5),
      entry.number,
      entry.description,
      `${line!.account} ${line!.name_zh} ${line!.fund_zh}`,
      entry.received,
      entry.paid,
      entry.balance,
      entry.signers.map(({ name_zh }) => name_zh).join(' '),
      String(entry.vouchers),
    ];
    const y = 40 + (index % 30) * 25;
    cells.forEach((cell, at) => document.text(cell, columns[at]!, y, { lineBreak: false }));
  });
  document.end();
  await once(document, 'end');
  return Buffer.concat(chunks);
}

function fresh(way: Way, entries: number): Run {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), way, String(entries)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Run;
}

function report(): void {
  const rows = targets.map(({ entries, seconds, rss_mib }) => {
    const [ours, unsealed, thread, bare] = (['ours', 'unsealed', 'thread', 'bare'] as const).map(
      (kind) => fresh(kind, entries),
    ) as [Run, Run, Run, Run];
    return {
      entries,
      seconds: ours.seconds,
      seconds_again: ours.again_seconds,
      seconds_unsealed: unsealed.seconds,
      seconds_in_thread: thread.seconds,
      bare_seconds: bare.seconds,
      ratio: rounded(ours.seconds / bare.seconds),
      peak_rss_mib: ours.peak_rss_mib,
      peak_rss_mib_in_thread: thread.peak_rss_mib,
      file_kib: Math.round(ours.bytes / 1024),
      bare_file_kib: Math.round(bare.bytes / 1024),
      target_seconds: seconds,
      met: ours.seconds <= seconds && ours.peak_rss_mib <= rss_mib,
    };
  });
  console.table(rows);
  console.log(JSON.stringify({ bench: 'disclosure', rows }));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
