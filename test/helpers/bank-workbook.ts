// The banks' files as the demo writes them, and as workbooks (.xlsx, .xls), written by another program than the one that reads them.
import { utils, write } from '@e965/xlsx';
import { bankTable, bankFile as fileOf, carried as carriedAsText, type BankLayout, type Carrier as TextCarrier, type Printout } from '../../src/demo/bank-files.ts';

export type Carrier = TextCarrier | 'xlsx' | 'xls';

export function carried(layout: BankLayout, carrier: Carrier, rows: readonly (readonly string[])[]): Uint8Array {
  if (carrier !== 'xlsx' && carrier !== 'xls') return carriedAsText(layout, carrier, rows);
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows.map((row) => [...row])), '交易明细');
  return new Uint8Array(write(book, { type: 'array', bookType: carrier === 'xls' ? 'biff8' : 'xlsx' }) as ArrayBuffer);
}

export function bankFile(layout: BankLayout, carrier: Carrier, print: Printout): { file_name: string; bytes: Uint8Array } {
  if (carrier !== 'xlsx' && carrier !== 'xls') return fileOf(layout, carrier, print);
  return { file_name: `${layout}.${carrier}`, bytes: carried(layout, carrier, bankTable(layout, print)) };
}
