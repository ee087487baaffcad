// Journal entries as accountants write them: what tests post, and what stories print at their end.
//   2026-10-12 付-018 地下车库灯具更换
//       借 5102 共用部位设施运行维护  public_income      7,000.00
//       贷 1002 银行存款              public_income      7,000.00
//       签批 物业公司·项目经理 业主委员会·主任
// Read back, the names of accounts, the number and the signers are optional: "2026-10-12 收 快递柜" is an
// entry to post. Under a ledger stand the trial balance and the funds, added up from the postings alone.
import { sql } from 'kysely';
import { signersOf, type SignerRow } from '../../src/approval/queries.ts';
import { entryKinds, kindLetters, type EntryKind } from '../../src/ledger/entry.ts';
import type { Trx } from '../../src/kernel/database.ts';
import { money, moneyFigures, moneyText, readMoney, sum } from '../../src/kernel/money.ts';
import type { Locale } from '../../src/kernel/locale.ts';

export interface TextLine {
  side: 'debit' | 'credit';
  account: string;
  fund: string;
  amount: string;
}
export interface TextEntry {
  entry_date: string;
  kind: EntryKind;
  number: string | null;
  description: string;
  lines: TextLine[];
  /** "物业公司·项目经理", in the order in which they signed. */
  signers: string[];
}

const heading = /^(\d{4}-\d{2}-\d{2})\s+([收付转])(?:-(\d+))?\s+(.+)$/;
const signing = /^\s+签批\s+(\S.*)$/;
const posting =
  /^\s+([借贷])\s+(\d{4,6})(?:\s+\S.*?)?\s+([a-z][a-z0-9_]*)\s+([−-]?[0-9,]+\.\d{2})\s*$/;

/** Reads entries; every line that is no heading, posting or signing is an error. "#" begins a remark. */
export function readJournal(text: string): TextEntry[] {
  const entries: TextEntry[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const head = heading.exec(line.trim());
    if (head !== null) {
      const kind = entryKinds.find((one) => kindLetters[one] === head[2])!;
      const number = head[3] === undefined ? null : `${head[2]}-${head[3]}`;
      entries.push({
        entry_date: head[1]!,
        kind,
        number,
        description: head[4]!.trim(),
        lines: [],
        signers: [],
      });
      continue;
    }
    const signed = signing.exec(line);
    if (signed !== null) {
      entries.at(-1)!.signers.push(...signed[1]!.trim().split(/\s+/));
      continue;
    }
    const found = posting.exec(line);
    const amount = readMoney((found?.[4] ?? '').replace('−', '-'));
    if (found === null || amount === null) throw new Error(`not a journal line: ${line}`);
    entries.at(-1)!.lines.push({
      side: found[1] === '借' ? 'debit' : 'credit',
      account: found[2]!,
      fund: found[3]!,
      amount: moneyText(amount),
    });
  }
  return entries;
}

/** As the interface takes it: {kind, entry_date, description, postings}. */
export const typedEntry = ({ kind, entry_date, description, lines }: TextEntry) => ({
  kind,
  entry_date,
  description,
  postings: lines.map(({ side, account, fund, amount }) => ({ account, fund, [side]: amount })),
});

/** Width on paper: a Chinese character takes two places. */
const width = (text: string): number =>
  [...text].reduce(
    (all, c) =>
      all +
      (/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        c,
      )
        ? 2
        : 1),
    0,
  );
const padEnd = (text: string, to: number): string =>
  text + ' '.repeat(Math.max(0, to - width(text)));
const padStart = (text: string, to: number): string =>
  ' '.repeat(Math.max(0, to - width(text))) + text;

export interface PrintAsked {
  period?: string;
  from?: number;
  locale?: Locale;
  /** Also who signed, by office. */
  signers?: boolean;
}

const offices: Record<string, string> = {
  manager: '项目经理',
  chair: '主任',
  member: '委员',
  supervisor: '监事',
  official: '经办人',
};
const signerText = ({ name_zh, office }: SignerRow): string =>
  `${name_zh}·${offices[office] ?? office}`;

interface PrintedLine {
  seq: number;
  proposal_id: number | null;
  entry_date: string;
  number: string;
  description: string;
  account: string;
  name: string;
  fund: string;
  debit: string;
  credit: string;
}

/** Prints the books, or a month of them, in the order of the business dates. */
export async function printJournal(
  trx: Trx,
  estate_id: number,
  { period, from = 0, locale = 'zh', signers = false }: PrintAsked = {},
): Promise<string> {
  const { rows } = await sql<PrintedLine>`
    select e.seq, e.proposal_id, e.entry_date, entry_number(e.kind, e.number) as number, e.description, p.account,
      ${sql.ref(locale === 'zh' ? 'a.name_zh' : 'a.name_en')} as name, p.fund, p.debit, p.credit
    from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    join account a on a.estate_id = p.estate_id and a.account = p.account
    where e.estate_id = ${estate_id} and e.seq > ${from} and (${period ?? null}::text is null or e.period = ${period ?? null})
    order by e.entry_date, e.seq, p.line`.execute(trx);
  const names = rows.map((row) => `${row.account} ${row.name}`);
  const name_width = Math.max(0, ...names.map(width));
  const fund_width = Math.max(0, ...rows.map((row) => row.fund.length));
  const proposals = signers ? rows.flatMap((row) => row.proposal_id ?? []) : [];
  const signed = await signersOf(trx, estate_id, proposals);
  const printed: string[] = [];
  rows.forEach((row, index) => {
    if (rows[index - 1]?.seq !== row.seq)
      printed.push(`${row.entry_date} ${row.number} ${row.description}`);
    const is_debit = row.credit === '0.00';
    const figures = moneyFigures(money(is_debit ? row.debit : row.credit));
    printed.push(
      `    ${is_debit ? '借' : '贷'} ${padEnd(names[index]!, name_width)}  ${padEnd(row.fund, fund_width)}  ${padStart(figures, 14)}`,
    );
    if (rows[index + 1]?.seq === row.seq || row.proposal_id === null) return;
    const signed_by = (signed.get(row.proposal_id) ?? [])
      .filter((one) => one.decision === 'approve')
      .map(signerText);
    if (signed_by.length > 0) printed.push(`    签批 ${signed_by.join(' ')}`);
  });
  return printed.map((line) => `${line}\n`).join('');
}

/** Balances by account and fund, one line each, as a story's last lines. */
export async function printBalances(trx: Trx, estate_id: number): Promise<string> {
  const { rows } = await sql<{ account: string; name_zh: string; fund: string; amount: string }>`
    select b.account, a.name_zh, b.fund, sum(b.debit - b.credit)::numeric(18, 2) as amount
    from balance b join account a on a.estate_id = b.estate_id and a.account = b.account
    where b.estate_id = ${estate_id} group by b.account, a.name_zh, b.fund
    having sum(b.debit - b.credit) <> 0 order by b.account, b.fund`.execute(trx);
  const name_width = Math.max(0, ...rows.map((row) => width(`${row.account} ${row.name_zh}`)));
  return rows
    .map((row) => {
      const amount = money(row.amount);
      const side = amount.isNegative() ? '贷' : '借';
      const figures = moneyFigures(money(moneyText(amount).replace(/^-/, '')));
      return `${padEnd(`${row.account} ${row.name_zh}`, name_width)}  ${padEnd(row.fund, 22)} ${side} ${padStart(figures, 14)}\n`;
    })
    .join('');
}

interface Named {
  code: string;
  name: string;
}
type SumRow = Named & Record<string, string>;

/** Rows of sums under their heads, with a total line; every column but the first adds up. */
function printSums(
  rows: readonly SumRow[],
  heads: readonly [title: string, ...columns: [string, string][]],
): string {
  const [title, ...columns] = heads;
  const labels = rows.map(({ code, name }) => `${code} ${name}`);
  const first = Math.max(width(title), width('合计'), ...labels.map(width));
  const line = (label: string, cells: readonly string[]): string =>
    `${padEnd(label, first)}${cells.map((cell) => padStart(cell, 16)).join('')}\n`;
  const total = columns.map(([column]) =>
    moneyFigures(sum(rows.map((row) => money(row[column]!)))),
  );
  return (
    line(
      title,
      columns.map(([, head]) => head),
    ) +
    rows
      .map((row, at) =>
        line(
          labels[at]!,
          columns.map(([column]) => moneyFigures(money(row[column]!))),
        ),
      )
      .join('') +
    line('合计', total)
  );
}

/** Trial balance of a month (科目余额表), added up from the postings: opening, turnover, closing by account. */
export async function printTrialBalance(
  trx: Trx,
  estate_id: number,
  period: string,
): Promise<string> {
  const { rows } = await sql<SumRow>`
    select code, name, greatest(opening, 0)::numeric(16, 2) as opening_debit, greatest(-opening, 0)::numeric(16, 2) as opening_credit,
      debit, credit, greatest(opening + debit - credit, 0)::numeric(16, 2) as closing_debit,
      greatest(credit - debit - opening, 0)::numeric(16, 2) as closing_credit
    from (select p.account as code, a.name_zh as name,
        coalesce(sum(p.debit - p.credit) filter (where p.period < ${period}), 0)::numeric(16, 2) as opening,
        coalesce(sum(p.debit) filter (where p.period = ${period}), 0)::numeric(16, 2) as debit,
        coalesce(sum(p.credit) filter (where p.period = ${period}), 0)::numeric(16, 2) as credit
      from posting p join account a on a.estate_id = p.estate_id and a.account = p.account
      where p.estate_id = ${estate_id} and p.period <= ${period} group by p.account, a.name_zh) sums
    order by code`.execute(trx);
  return printSums(rows, [
    `科目余额表 ${period}`,
    ['opening_debit', '期初借方'],
    ['opening_credit', '期初贷方'],
    ['debit', '本期借方'],
    ['credit', '本期贷方'],
    ['closing_debit', '期末借方'],
    ['closing_credit', '期末贷方'],
  ]);
}

/** What each fund holds in the bank (各项资金), added up from the postings of the money accounts. */
export async function printFunds(trx: Trx, estate_id: number, period: string): Promise<string> {
  const { rows } = await sql<SumRow>`
    select p.fund as code, f.name_zh as name,
      coalesce(sum(p.debit - p.credit) filter (where p.period < ${period}), 0)::numeric(16, 2) as opening,
      coalesce(sum(p.debit) filter (where p.period = ${period}), 0)::numeric(16, 2) as received,
      coalesce(sum(p.credit) filter (where p.period = ${period}), 0)::numeric(16, 2) as paid,
      sum(p.debit - p.credit)::numeric(16, 2) as closing
    from posting p
    join account a on a.estate_id = p.estate_id and a.account = p.account and a.is_money
    join fund f on f.estate_id = p.estate_id and f.fund = p.fund
    where p.estate_id = ${estate_id} and p.period <= ${period}
    group by p.fund, f.name_zh, f.place order by f.place`.execute(trx);
  return printSums(rows, [
    `各项资金 ${period}`,
    ['opening', '期初'],
    ['received', '收'],
    ['paid', '付'],
    ['closing', '期末'],
  ]);
}
