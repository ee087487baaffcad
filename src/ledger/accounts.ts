// Chart of accounts and funds (会计科目, 资金): what a new estate's books begin with, read from the two
// fixtures, which an accountant may edit. A restricted fund names the accounts it may be used for;
// fund_account holds them, and post_entries() refuses all others (status fund_restricted).
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import type { Transaction } from 'kysely';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Tables } from '../kernel/tables.ts';
import { refusePersonal } from '../kernel/text.ts';

export interface ChartFixtures {
  /** Text of chart-of-accounts.csv: account,parent,name_zh,name_en,class,is_money,is_postable */
  accounts: string;
  /** Text of funds.csv: fund,name_zh,name_en,purpose_zh,purpose_en,is_restricted,accounts */
  funds: string;
}

type Line = Record<string, string>;

/** Cells of one line; a cell with a comma stands in double quotes. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const found of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
  }
  return cells;
}

function linesOf(csv: string): Line[] {
  const [head = '', ...rest] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const names = cellsOf(head);
  return rest.map((line, index) => {
    const cells = cellsOf(line);
    assert(
      cells.length === names.length,
      `line ${index + 2}: ${cells.length} cells instead of ${names.length}`,
    );
    return Object.fromEntries(names.map((name, at) => [name, cells[at]!.trim()]));
  });
}

/** A cell that must be filled. */
function cell(line: Line, name: string): string {
  const text = line[name];
  assert(text !== undefined && text !== '', `"${name}" is empty in ${JSON.stringify(line)}`);
  refusePersonal(text, { field: name, label: name });
  return text;
}

function yes(line: Line, name: string): boolean {
  const text = cell(line, name);
  assert(text === 'yes' || text === 'no', `"${name}" is yes or no, not ${text}`);
  return text === 'yes';
}

const fixtureText = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), 'utf8');

export async function readFixtures(): Promise<ChartFixtures> {
  const [accounts, funds] = await Promise.all([
    fixtureText('chart-of-accounts.csv'),
    fixtureText('funds.csv'),
  ]);
  return { accounts, funds };
}

/** Writes the chart and the funds of a new estate, all open from `opened_on`. */
export async function openAccounts(
  trx: Transaction<Tables>,
  estate_id: number,
  opened_on: BusinessDate,
  fixtures?: ChartFixtures,
): Promise<void> {
  const { accounts, funds } = fixtures ?? (await readFixtures());
  // Headings come before their second level, so that the foreign key to the parent holds.
  const chart = linesOf(accounts).sort(
    (a, b) => cell(a, 'account').length - cell(b, 'account').length,
  );
  await trx
    .insertInto('account')
    .values(
      chart.map((line) => ({
        estate_id,
        opened_on,
        account: cell(line, 'account'),
        parent: line['parent'] === '' ? null : (line['parent'] ?? null),
        name_zh: cell(line, 'name_zh'),
        name_en: cell(line, 'name_en'),
        class: cell(line, 'class'),
        is_money: yes(line, 'is_money'),
        is_postable: yes(line, 'is_postable'),
      })),
    )
    .execute();
  const lines = linesOf(funds);
  await trx
    .insertInto('fund')
    .values(
      lines.map((line, place) => ({
        estate_id,
        place,
        fund: cell(line, 'fund'),
        name_zh: cell(line, 'name_zh'),
        name_en: cell(line, 'name_en'),
        purpose_zh: cell(line, 'purpose_zh'),
        purpose_en: cell(line, 'purpose_en'),
        is_restricted: yes(line, 'is_restricted'),
      })),
    )
    .execute();
  const uses = lines.flatMap((line) =>
    (line['accounts'] ?? '')
      .split(' ')
      .filter((a) => a !== '')
      .map((account) => ({ estate_id, fund: cell(line, 'fund'), account })),
  );
  if (uses.length > 0) await trx.insertInto('fund_account').values(uses).execute();
}
