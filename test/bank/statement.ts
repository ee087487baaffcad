// A statement of the bank as a voucher, for the tests.
import { inEstate } from '../../src/kernel/database.ts';
import { registerVouchers, keepFile } from '../../src/payment/voucher.ts';
import type { TestHouse } from '../helpers/house.ts';

/** The smallest PDF that is one. */
export const pdfBytes = (): Buffer => Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n'
  + '2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export async function receiveTestVoucher(h: TestHouse): Promise<string> {
  const file = await keepFile(h.house, pdfBytes(), '对账单.pdf');
  const [voucher] = await inEstate(h.db.app, h.estate.estate_id, (trx) => registerVouchers(trx,
    { estate: h.estate, actor: h.actorOf('cashier'), files: [file], audience: 'owners' }));
  return voucher!.sha256;
}
