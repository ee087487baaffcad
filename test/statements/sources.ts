// Sound files to be damaged: every sample of fixtures/bank and every writer's file of a small account. A workbook is also
// opened, damaged inside, and packed again with the right checksums, since otherwise its checksum would say it all.
import { readdirSync, readFileSync } from 'node:fs';
import { zipEntries, isZip } from '../../src/bankfile/zip.ts';
import { readStatement } from '../../src/bankfile/read.ts';
import type { Statement } from '../../src/bankfile/statement.ts';
import type { Chance } from '../faults/random.ts';
import { damages, zipOf } from './damage.ts';
import { randomPrint, writers } from './prints.ts';

const folder = new URL('../../fixtures/bank/', import.meta.url);

export interface Source { name: string; bytes: Uint8Array; inside: (readonly [string, Uint8Array])[] | null; sound: Statement | null }

async function sourceOf(name: string, bytes: Uint8Array): Promise<Source> {
  const read = await readStatement(bytes);
  const sound = read.kind === 'statement' ? read.statement : null;
  if (!isZip(bytes)) return { name, bytes, sound, inside: null };
  return { name, bytes, sound, inside: await Promise.all(zipEntries(bytes).map(async (entry) => [entry.name, await entry.whole()] as const)) };
}

export async function soundFiles(chance: Chance): Promise<Source[]> {
  const samples = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && !/\.(md|json|ts)$/.test(entry.name));
  const small = writers.map((writer) => [writer.name, writer.write(randomPrint(chance, 8))] as const);
  return Promise.all([
    ...samples.map(async ({ name }) => sourceOf(name, new Uint8Array(readFileSync(new URL(name, folder))))),
    ...small.map(async ([name, bytes]) => sourceOf(name, bytes)),
  ]);
}

export interface Damaged { source: string; damage: string; bytes: Uint8Array; sound: Statement | null }

/** The next damaged file. */
export function damaged(sources: readonly Source[], chance: Chance): Damaged {
  const source = chance.pick(sources);
  const [damage, act] = chance.weighted(damages.map(([name, weight, make]) => [weight, [name, make] as const]));
  const { inside } = source;
  if (inside === null || chance.happens(0.3)) return { source: source.name, damage, bytes: act(source.bytes, chance), sound: source.sound };
  const part = chance.weighted(inside.map((file, at) => [/sheet\d|sharedStrings/.test(file[0]) ? 6 : 1, at] as const));
  return {
    source: source.name, sound: source.sound, damage: `${damage}, inside the workbook`,
    bytes: zipOf(inside.map(([name, bytes], at) => [name, at === part ? act(bytes, chance) : bytes])),
  };
}

/** How the money that was read differs from what was there before the damage. */
export type Money = 'the same money' | 'lines lost at an end' | 'lines lost that cancel each other' | 'the first amount' | 'other money';

/** A file that states nothing around its lines may lose them at an end, and its first amount only says what was there before:
 *  the next and the previous statement will not fit. A payment lost together with its return moves no balance and no total. Anything
 *  else must be refused. */
export function compared(sound: Statement, read: Statement): Money {
  const signs = ({ lines }: Statement): string[] => lines.map(({ amount, balance }) => `${amount} ${balance}`);
  const [before, after] = [signs(sound), signs(read)];
  if (after.length === 0) return before.length === 0 ? 'the same money' : 'lines lost at an end';
  // Money that went and came back leaves the same balance twice.
  const fits = sound.lines.flatMap(({ balance }, from) => (balance === read.lines[0]!.balance && after.slice(1).every((sign, at) => sign === before[from + 1 + at]) ? [from] : []));
  if (fits.length === 0) {
    const lost = before.length - after.length;
    const cancelled = lost > 0 && before.some((_, from) => before.toSpliced(from, lost).join() === after.join());
    return cancelled ? 'lines lost that cancel each other' : 'other money';
  }
  if (!fits.some((from) => after[0] === before[from])) return 'the first amount';
  return after.length === before.length ? 'the same money' : 'lines lost at an end';
}
