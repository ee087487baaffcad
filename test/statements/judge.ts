// Judges what a reader answered, by rules written down a second time: in whole fen, without the code under test.
import { Refusal } from '../../src/kernel/refusal.ts';
import type { ReadStatement } from '../../src/bankfile/statement.ts';

const fen = (text: string): bigint => {
  const found = /^(-?)(\d{1,14})\.(\d{2})$/.exec(text);
  if (found === null) throw new Error(`not money: ${text}`);
  return BigInt(`${found[1]}${found[2]}${found[3]}`);
};

/** Why an answer is none that may be given; null when all is well. */
export function fault(answer: ReadStatement): string | null {
  if (answer.kind === 'unmapped') return answer.preview.header.length > 0 ? null : 'a preview without a header';
  const { statement } = answer;
  try {
    let balance = fen(statement.opening);
    let day = '0000-00-00';
    for (const line of statement.lines) {
      balance += fen(line.amount);
      if (fen(line.amount) === 0n) return `row ${line.row} moves nothing`;
      if (fen(line.balance) !== balance) return `row ${line.row}: balance ${line.balance}, not ${balance} fen`;
      if (!/^\d{4}-\d\d-\d\d$/.test(line.booked_on) || line.booked_on < day) return `row ${line.row}: day ${line.booked_on} after ${day}`;
      if (!/^[0-9A-Za-z._/-]{0,64}$/.test(line.serial)) return `row ${line.row}: serial ${line.serial}`;
      // oxlint-disable-next-line no-control-regex
      if (/[\u0000-\u001f]/.test(line.counterparty_name + line.memo + line.purpose)) return `row ${line.row}: text that no database keeps`;
      day = line.booked_on;
    }
    if (balance !== fen(statement.closing)) return `closing ${statement.closing}, not ${balance} fen`;
    if (statement.from !== null && statement.to !== null && statement.from > statement.to) return 'the period runs backwards';
  } catch (error) {
    return (error as Error).message;
  }
  return null;
}

export type Outcome = { kind: 'statement' | 'unmapped'; answer: ReadStatement } | { kind: 'refused'; refusal: Refusal } | { kind: 'broken'; why: string };

/** Reads and judges: anything thrown that is no refusal is a fault of ours, and so is a refusal with a hole in its text. */
export async function judged(read: () => Promise<ReadStatement>): Promise<Outcome> {
  try {
    const answer = await read();
    const why = fault(answer);
    return why === null ? { kind: answer.kind, answer } : { kind: 'broken', why };
  } catch (error) {
    if (!(error instanceof Refusal)) return { kind: 'broken', why: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error) };
    const hole = /\{\w+\}/.exec(error.in('zh').replaceAll(String(error.facts['text'] ?? ''), '') + error.in('en').replaceAll(String(error.facts['text'] ?? ''), ''));
    return hole !== null && !JSON.stringify(error.facts).includes(hole[0]) ? { kind: 'broken', why: `${error.code} says ${hole[0]}` } : { kind: 'refused', refusal: error };
  }
}
