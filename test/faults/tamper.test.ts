// A short form of the tamper drill (npm run test:tamper does all of it): one change of each kind, and the control.
import t from 'tap';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { control, drill } from './tamper.ts';
import { tamperBase } from './tamper-books.ts';
import { tamperings } from './tamperings.ts';

const some = [
  'amount, the whole log rewritten and signed anew', 'a voucher file is swapped in the storage',
  'an order gets its quorum from the database, without signatures',
  'an unexplained debit becomes an ordinary payment, tables and log alike',
  'a receipt is taken out of the table', 'a ballot says the opposite, table and log alike',
];

t.test('whoever holds last month\'s PDF finds what a superuser changed', async (t) => {
  t.teardown(closePrinter);
  t.ok(tamperings.length >= 30);
  const base = await tamperBase(t);
  for (const name of some) {
    const tampering = tamperings.find((one) => one.name === name)!;
    const { by, finding } = await drill(base, tampering);
    t.not(by, null, `${name}: ${finding}`);
  }
  const { untouched, without_memory } = await control(base);
  t.equal(untouched.outcome, 'holds', JSON.stringify(untouched.findings.filter((one) => one.severity === 'broken')));
  t.equal(without_memory.outcome, 'holds', 'without the old PDF the rewritten log looks well: the PDF is what finds it');
});
