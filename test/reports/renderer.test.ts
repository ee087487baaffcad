import t from 'tap';
import { openPrinter } from '../../reports/printer.ts';
import { renderMonthlyDisclosure } from '../../reports/monthly-disclosure/layout.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { fixtureMonth, longMonth, sampleSeal } from './sample.ts';

await t.test('a thread prints the same bytes as the main thread', async (t) => {
  const renderer = openPrinter();
  t.teardown(() => renderer.close());
  // Bytes that threads share, as publication gives them.
  const records = new Uint8Array(new SharedArrayBuffer(5_000)).fill(66);
  const seal = sampleSeal({ files: { ...sampleSeal().files, 'records.tsv': records } });
  const months = [fixtureMonth(), longMonth(60), longMonth(61), fixtureMonth({ version: 2 })];
  const printed = await Promise.all(months.map((month) => renderer.disclosure(month, 'zh', seal)));
  for (const [index, month] of months.entries()) {
    t.ok(printed[index]!.equals(await renderMonthlyDisclosure(month, 'zh', seal)), `month ${index + 1}`);
  }
});

await t.test('an error comes back to its caller, and the next job is printed', async (t) => {
  const renderer = openPrinter(1);
  t.teardown(() => renderer.close());
  const broken = { ...fixtureMonth(), estate: null } as unknown as DisclosureFigures;
  const jobs = [renderer.disclosure(broken, 'zh'), renderer.disclosure(fixtureMonth(), 'zh')];
  await t.rejects(jobs[0]!, { name: 'TypeError' });
  t.ok((await jobs[1]!).subarray(0, 5).equals(Buffer.from('%PDF-')));
  const unsendable = { ...fixtureMonth(), code: () => 0 } as unknown as DisclosureFigures;
  await t.rejects(renderer.disclosure(unsendable, 'zh'), { name: 'DataCloneError' });
});

await t.test('after close nothing is printed any more', async (t) => {
  const renderer = openPrinter();
  const running = renderer.disclosure(longMonth(300), 'zh');
  const lost = t.rejects(running);
  await renderer.close();
  await lost;
  await t.rejects(renderer.disclosure(fixtureMonth(), 'zh'), /closed/);
});
