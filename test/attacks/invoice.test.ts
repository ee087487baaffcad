// One invoice under numbers that look alike, without a file that a program could read.
import t from 'tap';
import { testHouse } from '../helpers/house.ts';
import { approved, drafted, receive, refusalOf, submit } from '../payment/story.ts';

t.test('an invoice that is used up is used up however its number is written', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const number = '24512000000012340567';
  await approved(h, { amount: '500.00', invoice: { number, total: '500.00' } });
  const tried = async (typed: string): Promise<string> => refusalOf((async () => {
    const id = await drafted(h, { amount: '500.00', invoice: { number: typed, total: '500.00' } });
    await submit(h, id);
  })());
  for (const typed of [number, [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''), '2451 2000 0000 1234 0567', '2451-2000-0000-1234-0567', '24512000000OI2340567', '24512000000oi2340567', `00${number}`, `${number}-`, `-${number}`]) {
    t.equal(await tried(typed), 'invoice_exceeded', typed);
  }
  t.equal(await tried('24512000000012340568'), 'no refusal', 'another one is another one');
});
