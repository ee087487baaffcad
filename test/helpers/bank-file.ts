// A month at the bank, to be handed in as a file: days, amounts, serials, as the demo's writers print them.
import type { BankLayout } from '../../src/demo/bank-files.ts';
import { bankFile, type Carrier } from './bank-workbook.ts';

/** Day, amount (negative: out), serial; then who and what for. */
export type Moved = readonly [booked_on: string, amount: string, serial?: string, counterparty?: string, memo?: string];

export interface Month { from: string; to: string; opening: string; number?: string; layout?: BankLayout; carrier?: Carrier }

/** A file of the bank: bocom's layout unless told otherwise, which states its days and balances. */
export function fileOf(lines: readonly Moved[], { from, to, opening, number = '6222000011118866', layout = 'bocom', carrier = 'csv' }: Month): Buffer {
  const { bytes } = bankFile(layout, carrier, {
    account_number: number, account_name: '示例小区业主共有资金', from, to, opening,
    lines: lines.map(([booked_on, amount, serial = '', counterparty_name = '', memo = '']) => ({
      booked_on, booked_time: '10:00:00', amount, serial, counterparty_name, counterparty_account: '', counterparty_bank: '', memo, purpose: '',
    })),
  });
  return Buffer.from(bytes);
}
