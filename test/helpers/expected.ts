// Texts that were looked through by a person and kept: fixtures/**/expected. UPDATE_EXPECTED=1 writes
// them anew; the difference is then read in review like any other change.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

interface Comparing {
  equal(found: unknown, wanted: unknown, message: string): unknown;
}

/** Compares a text with fixtures/{name}; a missing file is a failure, unless it is being written. */
export async function compareExpected(t: Comparing, name: string, found: string): Promise<void> {
  const path = fixture(name);
  if (process.env['UPDATE_EXPECTED'] === '1') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, found);
    return;
  }
  const wanted = existsSync(path)
    ? await readFile(path, 'utf8')
    : `fixtures/${name} is not there: run with UPDATE_EXPECTED=1`;
  t.equal(found, wanted, `fixtures/${name}`);
}
