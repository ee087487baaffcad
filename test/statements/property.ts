// The property: any account → printed as each bank's file → read → the same lines; and any single changed digit, lost,
// doubled or swapped line is refused, with the row named where the format lets it be found.
import { bankTable, carried, bankLayouts, type BankLayout, type Printout } from '../../src/demo/bank-files.ts';
import { camtFile, mt940File } from '../../src/demo/bank-messages.ts';
import { readStatement } from '../../src/bankfile/read.ts';
import type { Refusal } from '../../src/kernel/refusal.ts';
import type { ReadStatement } from '../../src/bankfile/statement.ts';
import type { Chance } from '../faults/random.ts';
import { judged } from './judge.ts';
import { balancesOf, randomPrint, writers, type Writer } from './prints.ts';

/** What must come back is exactly what was printed; a text may lose what the format has no place for. */
export function difference(print: Printout, answer: ReadStatement, writer: Writer): string | null {
  if (answer.kind !== 'statement') return 'not read as a statement';
  const { statement } = answer;
  const balances = balancesOf(print);
  if (statement.lines.length !== print.lines.length) return `${statement.lines.length} lines, not ${print.lines.length}`;
  for (const [at, line] of print.lines.entries()) {
    const found = statement.lines[at]!;
    for (const name of ['booked_on', 'amount'] as const) {
      if (found[name] !== line[name]) return `line ${at + 1}: ${name} ${found[name]}, not ${line[name]}`;
    }
    if (found.balance !== balances[at]) return `line ${at + 1}: balance ${found.balance}, not ${balances[at]}`;
    // ABC prints no serial; camt.053 gives the number of the entry where the bank has none.
    const hasSerial = !writer.name.startsWith('abc') && (line.serial !== '' || writer.running);
    if (hasSerial && found.serial !== line.serial) return `line ${at + 1}: serial ${found.serial}, not ${line.serial}`;
    const folded = (text: string): string => text.replace(/[\s"?]+/g, '');
    if (folded(found.counterparty_name) !== folded(line.counterparty_name)) return `line ${at + 1}: name ${found.counterparty_name}, not ${line.counterparty_name}`;
    if (folded(found.counterparty_account) !== folded(line.counterparty_account)) return `line ${at + 1}: account ${found.counterparty_account}`;
  }
  return null;
}

export type Mutation = 'amount' | 'balance' | 'lost' | 'doubled' | 'swapped';
export const mutations: readonly Mutation[] = ['amount', 'balance', 'lost', 'doubled', 'swapped'];

function otherDigit(figure: string, chance: Chance): string {
  const places = [...figure].flatMap((character, at) => (/\d/.test(character) ? [at] : []));
  const at = chance.pick(places);
  // The first digit stays one, so that the figure keeps its shape.
  const digit = (Number(figure[at]) + chance.whole(1, 8)) % 10 || 9;
  const changed = `${figure.slice(0, at)}${digit === Number(figure[at]) ? (digit === 9 ? 8 : digit + 1) : digit}${figure.slice(at + 1)}`;
  return changed;
}
const bare = (cell: string): string => cell.replaceAll(/[,+]/g, '');

/** What a mutation gave: what the reader said, and whether it named the row. */
export interface Trial {
  outcome: 'refused' | 'the same lines' | 'accepted';
  code: string;
  named: boolean;
  at: 'edge' | 'middle';
}

const namesRow = (refusal: Refusal, rows: readonly number[]): boolean =>
  ['row', 'other', 'previous', 'next'].some((fact) => rows.includes(Number(refusal.facts[fact])));

async function tried(bytes: Uint8Array, rows: readonly number[], edge: boolean, original: ReadStatement): Promise<Trial> {
  const found = await judged(async () => readStatement(bytes));
  const at = edge ? 'edge' : 'middle';
  if (found.kind === 'broken') throw new Error(found.why);
  if (found.kind === 'refused') return { outcome: 'refused', code: found.refusal.code, named: namesRow(found.refusal, rows), at };
  const lines = (answer: ReadStatement): string => (answer.kind === 'statement' ? answer.statement.lines.map((line) => `${line.booked_on} ${line.amount}`).toSorted().join() : '');
  return { outcome: lines(found.answer) === lines(original) ? 'the same lines' : 'accepted', code: '', named: false, at };
}

/** One change to a bank's table, made in its cells. */
export async function mutateTable(layout: BankLayout, print: Printout, mutation: Mutation, chance: Chance): Promise<Trial> {
  const rows = bankTable(layout, print).map((row) => [...row]);
  const original = await readStatement(carried(layout, 'csv', rows));
  if (original.kind !== 'statement') throw new Error(`${layout} is not read`);
  const count = print.lines.length;
  const index = chance.whole(0, mutation === 'swapped' ? count - 2 : count - 1);
  const line = original.statement.lines[index]!;
  const at = line.row - 1;
  let named = [line.row];
  if (mutation === 'amount' || mutation === 'balance') {
    const size = mutation === 'amount' ? line.amount.replace('-', '') : line.balance;
    const column = rows[at]!.findLastIndex((cell) => bare(cell) === size || (mutation === 'amount' && bare(cell) === `-${size}`));
    if (column === -1) throw new Error(`${layout}: no cell says ${size}`);
    rows[at]![column] = otherDigit(rows[at]![column]!, chance);
  } else if (mutation === 'lost') {
    rows.splice(at, 1);
    named = [line.row, line.row - 1];
  } else if (mutation === 'doubled') {
    rows.splice(at, 0, rows[at]!);
    named = [line.row, line.row + 1];
  } else {
    const other = original.statement.lines[index + 1]!.row - 1;
    [rows[at], rows[other]] = [rows[other]!, rows[at]!];
    named = [line.row, other + 1];
  }
  const edge = index === 0 || index === count - 1;
  return tried(carried(layout, 'csv', rows), named, edge, original);
}

/** One change to a message, made in its text. */
export async function mutateMessage(kind: 'camt.053' | 'mt940', print: Printout, mutation: Mutation, chance: Chance): Promise<Trial> {
  const text = new TextDecoder().decode(kind === 'mt940' ? mt940File(print, 1_000) : camtFile(print, chance.pick([2, 8, 13])));
  const original = await readStatement(new TextEncoder().encode(text));
  const entry = kind === 'mt940' ? /:61:[\s\S]*?(?=:61:|:62F:)/g : /\n<Ntry>[\s\S]*?<\/Ntry>/g;
  const entries = [...text.matchAll(entry)].map((found) => found[0]);
  const begin = text.indexOf(entries[0]!);
  const index = chance.whole(0, entries.length - (mutation === 'swapped' ? 2 : 1));
  let [head, tail] = [text.slice(0, begin), text.slice(text.lastIndexOf(entries.at(-1)!) + entries.at(-1)!.length)];
  const amount = kind === 'mt940' ? /(?<=^:61:\d{10}R?[CD])[\d,]+/ : /(?<=<Amt Ccy="CNY">)[\d.]+/;
  if (mutation === 'amount') entries[index] = entries[index]!.replace(amount, (figure) => otherDigit(figure, chance));
  else if (mutation === 'balance') {
    const figure = kind === 'mt940' ? /(?<=:6[02]F:[CD]\d{6}CNY)[\d,]+/ : /(?<=BD<\/Cd><\/CdOrPrtry><\/Tp><Amt Ccy="CNY">)[\d.]+/;
    if (kind === 'mt940' && chance.happens(0.5)) tail = tail.replace(figure, (found) => otherDigit(found, chance));
    else head = head.replace(figure, (found) => otherDigit(found, chance));
  } else if (mutation === 'lost') entries.splice(index, 1);
  else if (mutation === 'doubled') entries.splice(index, 0, entries[index]!);
  else [entries[index], entries[index + 1]] = [entries[index + 1]!, entries[index]!];
  const rows = kind === 'camt.053' ? [index + 1, index + 2] : [index, index + 1].map((at) => (head + entries.slice(0, at).join('')).split('\r\n').length);
  return tried(new TextEncoder().encode(head + entries.join('') + tail), mutation === 'doubled' || mutation === 'swapped' ? rows : [], false, original);
}

export interface PropertyResult { prints: number; read: number; trials: Map<string, Trial[]>; faults: string[] }

/** Runs the property over `count` random accounts. Nothing may stand in `faults`. */
export async function property(count: number, chance: Chance): Promise<PropertyResult> {
  const result: PropertyResult = { prints: 0, read: 0, trials: new Map(), faults: [] };
  const keep = (format: string, mutation: Mutation, trial: Trial): void => {
    const key = `${format} ${mutation}`;
    result.trials.set(key, [...(result.trials.get(key) ?? []), trial]);
    if (!mayBe(format, mutation, trial)) result.faults.push(`${key}: ${trial.outcome} ${trial.code}${trial.named ? '' : ', no row named'} (${trial.at})`);
  };
  for (let n = 0; n < count; n += 1) {
    const print = randomPrint(chance, chance.weighted([[1, 1], [2, 3], [3, 12], [1, 45]]));
    result.prints += 1;
    for (const writer of writers) {
      const found = await judged(async () => readStatement(writer.write(print)));
      const why = found.kind === 'refused' ? found.refusal.in('en') : found.kind === 'broken' ? found.why : difference(print, found.answer, writer);
      if (why === null) result.read += 1;
      else result.faults.push(`${writer.name}: ${why}`);
    }
    if (print.lines.length < 4) continue;
    for (const mutation of mutations) {
      for (const layout of bankLayouts) keep(layout, mutation, await mutateTable(layout, print, mutation, chance));
      for (const kind of ['camt.053', 'mt940'] as const) keep(kind, mutation, await mutateMessage(kind, print, mutation, chance));
    }
  }
  return result;
}

const statesEnds: readonly string[] = ['abc', 'boc', 'bocom', 'camt.053', 'mt940'];

/** What a format can prove. Where it states neither balances nor totals around its lines, the first and the last line can only
 *  be missed by the next statement, which will not follow. Messages have no balance by line: they prove the whole and not the
 *  row, save for a line that is doubled or stands before its day; two lines of one day may be exchanged. */
function mayBe(format: string, mutation: Mutation, trial: Trial): boolean {
  const message = format === 'camt.053' || format === 'mt940';
  if (mutation === 'swapped' && message) return trial.outcome === 'the same lines' || (trial.code === 'statement_order_broken' && trial.named);
  if (trial.outcome !== 'refused') return trial.at === 'edge' && !statesEnds.includes(format) && (mutation === 'lost' || mutation === 'amount');
  return message || trial.named || (trial.at === 'edge' && /totals_differ|opening_differs|closing_differs/.test(trial.code));
}

export function printed({ prints, read, trials }: PropertyResult): string {
  const lines = [`${prints} accounts, each written in ${writers.length} ways: ${read} files read, all with the same lines`];
  for (const [key, all] of [...trials].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const refused = all.filter(({ outcome }) => outcome === 'refused');
    const notes = [
      `${refused.length} of ${all.length} refused`, `${refused.filter(({ named }) => named).length} with the row`,
      ...(all.some(({ outcome }) => outcome === 'accepted') ? [`${all.filter(({ outcome }) => outcome === 'accepted').length} first or last lines that only the next statement misses`] : []),
      ...(all.some(({ outcome }) => outcome === 'the same lines') ? [`${all.filter(({ outcome }) => outcome === 'the same lines').length} with the same lines on their days`] : []),
    ];
    lines.push(`  ${key.padEnd(24)} ${notes.join(', ')}`);
  }
  return lines.join('\n');
}
