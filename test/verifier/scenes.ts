// What the verifier's tests share: a quiet month and a richer one of the made-up log, and what a verdict says in short.
import { verifyFiles, type GivenFile, type Verdict, type VerifyOptions } from '../../src/verifier/verify.ts';
import { openLog, pdfOf, type MadeUpLog, type Parts } from './made-up-log.ts';

export const given = (name: string, bytes: Uint8Array | string): GivenFile =>
  ({ name, blob: new Blob([typeof bytes === 'string' ? bytes : bytes as Uint8Array<ArrayBuffer>]) });

export const judge = (files: Record<string, Uint8Array | string>, options: VerifyOptions = {}): Promise<Verdict> =>
  verifyFiles(Object.entries(files).map(([name, bytes]) => given(name, bytes)), options);

/** Codes of what is wrong, each once, in the order found. */
export const broken = ({ findings }: Verdict): string[] => [...new Set(findings.filter((one) => one.severity === 'broken').map((one) => one.code))];
export const cautions = ({ findings }: Verdict): string[] => [...new Set(findings.filter((one) => one.severity === 'caution').map((one) => one.code))].sort();

/** Texts whose facts were not filled in. */
export const unfilled = ({ findings, facts }: Verdict): string[] =>
  [...findings.flatMap(({ text, meaning }) => [text.zh, text.en, meaning.zh, meaning.en]), ...facts.flatMap(({ zh, en }) => [zh, en])].filter((text) => /\{\w+\}/.test(text));

/** September: two receipts, a payment under two passkeys, a reversal; October: more of it, September closed. */
export function quietMonth(log: MadeUpLog = openLog()): MadeUpLog {
  log.at('2026-09-03 09:00');
  log.receive({ amount: '5200.00' });
  const wrong = log.receive({ amount: '300.00', account: '4102', fund: 'common', description: '停车费' });
  log.at('2026-09-08 10:00');
  log.pay(log.approved('950.00'));
  log.at('2026-09-20 10:00');
  log.reverse(wrong.seq);
  return log;
}

export function nextMonth(log: MadeUpLog): MadeUpLog {
  log.at('2026-10-02 09:00');
  log.receive({ amount: '5100.00' });
  log.close('2026-09');
  return log;
}

export interface TwoMonths { log: MadeUpLog; september: Uint8Array; october: Uint8Array }

export async function twoMonths(log: MadeUpLog = openLog()): Promise<TwoMonths> {
  nextMonth(quietMonth(log));
  log.at('2026-10-10 08:00');
  const { zh: september } = await log.seal('2026-09').publish();
  log.at('2026-10-20 09:00');
  log.pay(log.approved('120.00'));
  log.at('2026-11-03 09:00');
  log.close('2026-10');
  log.at('2026-11-10 08:00');
  return { log, september, october: await log.seal('2026-10').pdf() };
}

/** The month of a log with one attachment otherwise. */
export async function withPart(log: MadeUpLog, name: string, change: (bytes: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  const parts = await log.seal('2026-09').parts();
  parts.set(name, change(parts.get(name)!));
  return pdfOf(parts);
}

export const replaced = (parts: Parts, name: string, bytes: Uint8Array): Parts => new Map(parts).set(name, bytes);
