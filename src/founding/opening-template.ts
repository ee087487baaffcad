// The workbook for opening balances: the lines most estates have, to be filled in, and the accounts and funds that may be named.
import type { Locale } from '../kernel/locale.ts';
import { workbook } from '../web/xlsx.ts';
import type { Cells, SheetColumn } from '../web/xlsx-parts.ts';
import { columns, headings, type OpeningGround } from './opening-rows.ts';
import { texts } from './opening-texts.ts';

/** Lines to begin with; those without an amount are passed over when the table is read. */
const usual: readonly (readonly [account: string, fund: string])[] = [
  ['1002', 'service'], ['1001', 'service'], ['1002', 'public_income'], ['1002', 'deposit'], ['2203', 'service'], ['2241', 'deposit'], ['2202', 'service'],
  ['2252', 'service'], ['3101', 'service'], ['3101', 'public_income'], ['1002', 'renovation_government'], ['310201', 'renovation_government'],
  ['1002', 'renovation_households'], ['310203', 'renovation_households'],
];

export function openingWorkbook({ accounts, funds }: Pick<OpeningGround, 'accounts' | 'funds'>, locale: Locale): AsyncGenerator<Uint8Array> {
  const named = (row: { name_zh: string; name_en: string } | undefined): string => (row === undefined ? '' : locale === 'zh' ? row.name_zh : row.name_en);
  const sheet: SheetColumn[] = columns.map((key) => ({ key, title: headings[key][locale], width: key === 'account' || key === 'fund' ? 26 : 14 }));
  const lines = usual.flatMap(([account, fund]): Cells[] => {
    const [a, f] = [accounts.find((one) => one.account === account), funds.find((one) => one.fund === fund)];
    return a === undefined || f === undefined ? [] : [{ account: `${account} ${named(a)}`, fund: named(f), debit: '', credit: '', unit: '' }];
  });
  const chart = accounts.filter((one) => one.is_postable && !['income', 'expense'].includes(one.class) && !['1291', '2291'].includes(one.account));
  return workbook([
    { name: texts.sheet_balances[locale], columns: sheet, count: lines.length, rows: [lines] },
    {
      name: texts.sheet_accounts[locale], count: chart.length, rows: [chart.map((one): Cells => ({ account: one.account, name: named(one) }))],
      columns: [{ key: 'account', title: headings.account[locale], width: 12 }, { key: 'name', title: texts.account_name[locale], width: 30 }],
    },
    {
      name: texts.sheet_funds[locale], count: funds.length,
      rows: [funds.map((one): Cells => ({ fund: one.fund, name: named(one), uses: one.is_restricted ? ['1002', ...one.uses].join(' ') : texts.uses_any[locale] }))],
      columns: [{ key: 'name', title: headings.fund[locale], width: 26 }, { key: 'fund', title: texts.fund_code[locale], width: 26 }, { key: 'uses', title: texts.fund_uses[locale], width: 40 }],
    },
  ]);
}
