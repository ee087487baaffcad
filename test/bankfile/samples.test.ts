// The samples in fixtures/bank are what the writers print, and each is read by its content to the same month.
// UPDATE_EXPECTED=1 writes them anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readStatement } from '../../src/bankfile/read.ts';
import { bankTable } from '../../src/demo/bank-files.ts';
import { carried } from '../helpers/bank-workbook.ts';
import { sample, sampleFiles, unknownBank } from './samples.ts';

const folder = fileURLToPath(new URL('../../fixtures/bank/', import.meta.url));
const update = process.env['UPDATE_EXPECTED'] === '1';
const sameAs = (bytes: Uint8Array, file: string): boolean => Buffer.compare(bytes, readFileSync(join(folder, file))) === 0;

t.test('the sample of each layout is as printed, and is read', async (t) => {
  for (const [file, layout, carrier] of sampleFiles) {
    const bytes = carried(layout, carrier, bankTable(layout, sample(layout)));
    const workbook = carrier === 'xlsx' || carrier === 'xls';
    if (update && !(workbook && existsSync(join(folder, file)))) writeFileSync(join(folder, file), bytes);
    // What is inside a workbook is compared by reading it: its frame differs with the library.
    if (!workbook) t.ok(sameAs(bytes, file), `${file} is as printed`);
    const read = await readStatement(readFileSync(join(folder, file)), {});
    if (read.kind !== 'statement') return void t.fail(`${file} is not recognised`);
    t.equal(read.statement.format, layout, file);
    t.equal(read.statement.opening, '143131.00');
    t.equal(read.statement.closing, '152515.84', file);
    t.same(read.statement.lines.map((line) => [line.booked_on, line.amount]), sample(layout).lines.map((line) => [line.booked_on, line.amount]));
    t.ok(readFileSync(join(folder, 'README.md'), 'utf8').includes(file), `${file} is named in the README`);
  }
});

t.test('the sample of an unknown bank goes to the mapping screen', async (t) => {
  const bytes = carried('abc', 'csv', unknownBank);
  if (update) writeFileSync(join(folder, 'unknown-bank.csv'), bytes);
  t.ok(sameAs(bytes, 'unknown-bank.csv'));
  const read = await readStatement(bytes, {});
  if (read.kind !== 'unmapped' || read.preview.guess === null) return void t.fail('it is shown with a guess');
  const mapped = await readStatement(bytes, { mappings: [read.preview.guess] });
  t.equal(mapped.kind === 'statement' && mapped.statement.closing, '152515.84');
});
