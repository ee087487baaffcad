// npm run test:tamper: the tamper drill. Somebody with every right on the machine changes one thing after another; each
// time an owner verifies offline what is published next, holding nothing but last month's PDF and a voucher they once
// downloaded. First with October's PDF alone; where that cannot show it, with the audit package of an auditor.
//   node --import ./bin/load-pages.mjs test/faults/tamper.ts [--only words] [--lang en]
// The control: without any tampering everything holds; and a rewritten log holds in the eyes of somebody who does not
// have last month's PDF, so that it is the PDF that catches it. Ends with 1 if anything was missed.
import { parseArgs } from 'node:util';
import { verifyFiles, type GivenFile, type Verdict } from '../../src/verifier/verify.ts';
import { auditPackage } from './tamper-package.ts';
import { copyOf, goOn, tamperBase, type Base, type Copy } from './tamper-books.ts';
import type { Tampering } from './tamper-tools.ts';
import { honestOctober } from './tamper-households-list.ts';
import { honestVote } from './tamper-voice-list.ts';
import { tamperings } from './tamperings.ts';

export interface Found {
  name: string;
  /** What showed it: October's PDF, the audit package, the voucher; null: nothing did. */
  by: 'pdf' | 'package' | 'voucher' | null;
  finding: string;
  /** What the program itself said on the way, if it would not go on. */
  stopped: string | null;
}

const file = (name: string, bytes: Buffer): GivenFile => ({ name, blob: new Blob([new Uint8Array(bytes)]) });
const home = (base: Base): GivenFile => file('september.pdf', base.september);
const first = (verdict: Verdict, lang: 'zh' | 'en'): string => {
  const broken = verdict.findings.find((one) => one.severity === 'broken');
  return broken === undefined ? verdict.outcome : `${broken.code}: ${broken.text[lang]}`;
};

async function look(copy: Copy, base: Base, october: Buffer | null, lang: 'zh' | 'en'): Promise<Omit<Found, 'name' | 'stopped'>> {
  if (october !== null) {
    const verdict = await verifyFiles([home(base), file('october.pdf', october)], {});
    if (verdict.outcome === 'broken') return { by: 'pdf', finding: first(verdict, lang) };
  }
  const zip = await auditPackage(copy);
  const verdict = await verifyFiles([home(base), file('audit.zip', zip)], {});
  if (verdict.outcome === 'broken') return { by: 'package', finding: first(verdict, lang) };
  return { by: null, finding: verdict.outcome };
}

/** One tampering on a copy of its own. */
export async function drill(base: Base, tampering: Tampering, lang: 'zh' | 'en' = 'en'): Promise<Found> {
  const copy = await copyOf(base);
  let stopped: string | null = null;
  try {
    await tampering.before?.(copy, base);
    const october = await goOn(copy).catch((error: unknown) => {
      stopped = (error as Error).message.split('\n')[0]!;
      return null;
    });
    await tampering.after?.(copy, base);
    return { name: tampering.name, stopped, ...await look(copy, base, october, lang) };
  } finally {
    await copy.end();
  }
}

/** Nothing is wrong: everything holds. And a forger's log holds for whoever has no PDF from before. */
export async function control(base: Base): Promise<{ untouched: Verdict; without_memory: Verdict }> {
  const copy = await copyOf(base);
  await honestVote(copy);
  await honestOctober(copy);
  const october = await goOn(copy);
  const zip = await auditPackage(copy);
  const untouched = await verifyFiles([home(base), file('october.pdf', october), file('audit.zip', zip), file('invoice.pdf', base.voucher.bytes)], {});
  await copy.end();
  const forged = await copyOf(base);
  await tamperings.find(({ name }) => name === 'memo, the log rewritten')!.before!(forged, base);
  const without_memory = await verifyFiles([file('october.pdf', await goOn(forged))], {});
  await forged.end();
  return { untouched, without_memory };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, lang: { type: 'string', default: 'en' } } });
  const lang = values.lang === 'zh' ? 'zh' : 'en';
  const endings: (() => unknown)[] = [];
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  const start = performance.now();
  const base = await tamperBase({ teardown: (work) => void endings.unshift(work) });
  let missed = 0;
  const wanted = tamperings.filter(({ name }) => name.includes(values.only));
  for (const [index, tampering] of wanted.entries()) {
    const { by, finding, stopped } = await drill(base, tampering, lang);
    if (by === null) missed += 1;
    out(`${String(index + 1).padStart(2)} ${by === null ? 'MISSED ' : `by ${by}`.padEnd(10)} ${tampering.name}\n      ${finding}${stopped === null ? '' : `\n      (the program stopped: ${stopped})`}`);
  }
  const { untouched, without_memory } = await control(base);
  const fine = untouched.outcome === 'holds' && without_memory.outcome === 'holds';
  out(`\ncontrol: untouched books: ${untouched.outcome}${untouched.outcome === 'holds' ? '' : ` (${first(untouched, lang)})`}; a rewritten log without last month's PDF: ${without_memory.outcome}`);
  out(`${wanted.length - missed} of ${wanted.length} found, ${((performance.now() - start) / 1000).toFixed(0)} s`);
  for (const work of endings) await work();
  process.exit(missed === 0 && fine ? 0 : 1);
}
if (process.argv[1]?.endsWith('tamper.ts') === true) await main();
