// The audit package of some books, as an auditor would have downloaded it.
import { auditPackage as packed } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import { readRange } from '../../src/exchange/range.ts';
import { inEstate } from '../../src/kernel/database.ts';
import type { Copy } from './tamper-books.ts';

export async function auditPackage({ house, estate }: Pick<Copy, 'house' | 'estate'>): Promise<Buffer> {
  const range = await inEstate(house.db.app, estate.estate_id, (trx) => readRange(trx, estate, {}));
  const snapshot = await takeSnapshot(house, estate, { ...range, audience: 'officers' });
  const pieces: Uint8Array[] = [];
  const package_ = packed({ house, snapshot, made_at: '2026-11-11T00:00:00Z', verifier: null, step: () => undefined, advance: () => undefined });
  for await (const piece of package_) pieces.push(piece);
  return Buffer.concat(pieces);
}
