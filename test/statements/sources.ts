// Sound files to be damaged: every sample of fixtures/bank and every writer's file of a small account. A workbook is also
// opened, damaged inside, and packed again with the right checksums, since otherwise its checksum would say it all.
import { readdirSync, readFileSync } from 'node:fs';
import { zipEntries, isZip } from '../../src/bankfile/zip.ts';
import type { Chance } from '../faults/random.ts';
import { damages, zipOf } from './damage.ts';
import { randomPrint, writers } from './prints.ts';

const folder = new URL('../../fixtures/bank/', import.meta.url);

export interface Source { name: string; bytes: Uint8Array; inside: (readonly [string, Uint8Array])[] | null }

async function sourceOf(name: string, bytes: Uint8Array): Promise<Source> {
  if (!isZip(bytes)) return { name, bytes, inside: null };
  return { name, bytes, inside: await Promise.all(zipEntries(bytes).map(async (entry) => [entry.name, await entry.whole()] as const)) };
}

export async function soundFiles(chance: Chance): Promise<Source[]> {
  const samples = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && !/\.(md|json|ts)$/.test(entry.name));
  const small = writers.map((writer) => [writer.name, writer.write(randomPrint(chance, 8))] as const);
  return Promise.all([
    ...samples.map(async ({ name }) => sourceOf(name, new Uint8Array(readFileSync(new URL(name, folder))))),
    ...small.map(async ([name, bytes]) => sourceOf(name, bytes)),
  ]);
}

export interface Damaged { source: string; damage: string; bytes: Uint8Array }

/** The next damaged file. */
export function damaged(sources: readonly Source[], chance: Chance): Damaged {
  const source = chance.pick(sources);
  const [damage, act] = chance.weighted(damages.map(([name, weight, make]) => [weight, [name, make] as const]));
  const { inside } = source;
  if (inside === null || chance.happens(0.3)) return { source: source.name, damage, bytes: act(source.bytes, chance) };
  const part = chance.weighted(inside.map((file, at) => [/sheet\d|sharedStrings/.test(file[0]) ? 6 : 1, at] as const));
  return {
    source: source.name, damage: `${damage}, inside the workbook`,
    bytes: zipOf(inside.map(([name, bytes], at) => [name, at === part ? act(bytes, chance) : bytes])),
  };
}
