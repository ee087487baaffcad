// Page one, lower half: income and expense by heading, other money, funds, bank, twelve months.
import { minus, money, moneyText, sum } from '../../src/kernel/money.ts';
import { CHART_HEIGHT, drawMonths } from '../kit/chart.ts';
import { CONTENT_WIDTH, PAGE, ink } from '../kit/document.ts';
import { Table, amountCell, figures as amountWords } from '../kit/table.ts';
import type { Cell, Column } from '../kit/table.ts';
import type { BankRow, HeadingRow } from './figures.ts';
import type { Printing } from './words.ts';

export const added = (amounts: readonly string[]): string => moneyText(sum(amounts.map(money)));

/** Room for a short table with its heading, so that it stays on one page. */
const heightOf = (rows: number): number => Math.min(320, 90 + rows * 22);

const GAP = 18;
const HALF = (CONTENT_WIDTH - GAP) / 2;

export function printHeadings(printing: Printing): void {
  const { document, figures, say } = printing;
  const left = { title: say('income'), rows: figures.income, total: figures.income_total };
  const right = { title: say('expense'), rows: figures.expense, total: figures.expense_total };
  const tall = Math.max(figures.income.length, figures.expense.length) * 19 + 60;
  document.bookmark(`${say('income')} · ${say('expense')}`);
  if (tall > PAGE.bottom - PAGE.top - 20) {
    printHeadingTable(printing, left, PAGE.left, CONTENT_WIDTH);
    printHeadingTable(printing, right, PAGE.left, CONTENT_WIDTH);
    return;
  }
  document.ensure(tall);
  const top = document.y;
  printHeadingTable(printing, left, PAGE.left, HALF);
  const below = document.y;
  document.y = top;
  printHeadingTable(printing, right, PAGE.left + HALF + GAP, HALF);
  document.y = Math.max(below, document.y);
}

interface HeadingTable {
  title: string;
  rows: readonly HeadingRow[];
  total: { month: string; year: string };
}

function printHeadingTable(
  { document, say, name }: Printing,
  { title, rows, total }: HeadingTable,
  x: number,
  width: number,
): void {
  document.y += 12;
  document.leaf('H2', () =>
    document.text(title, x, document.y + 9, { size: 10.5, face: document.bold }),
  );
  document.y += 14;
  document.artifact(() => document.rule(x, x + width, document.y, 1.1, ink.black));
  document.y += 2;
  const columns: Column[] = [
    { heading: say('heading'), width: width - 60 - 66 - 38 },
    { heading: say('month'), width: 60, align: 'right' },
    { heading: say('year'), width: 66, align: 'right' },
    { heading: say('share'), width: 38, align: 'right' },
  ];
  const table = new Table(document, columns, { x });
  const share = (text: string | null): string =>
    text === null ? '–' : `${text.replace('-', '−')}%`;
  rows.forEach((row, index) => {
    const cells = [name(row), amountCell(row.month), amountCell(row.year), share(row.share)];
    table.row(cells, index === rows.length - 1 ? { reserve: 20 } : {});
  });
  if (rows.length === 0) table.row([say('none'), '', '', '']);
  table.row(
    [
      say('total'),
      amountCell(total.month, document.bold),
      amountCell(total.year, document.bold),
      rows.length === 0 ? '–' : '100%',
    ],
    { face: document.bold, total: true },
  );
  table.end();
}

/** Deposits and the like, then the line that leads from opening to closing balance. */
export function printOther(printing: Printing): void {
  const { document, figures, say, name } = printing;
  document.ensure(heightOf(figures.other.length) + 30);
  document.bookmark(say('other'));
  document.heading(say('other'));
  const received = added(figures.other.map((row) => row.received));
  const paid = added(figures.other.map((row) => row.paid));
  if (figures.other.length === 0) document.paragraph(say('other_none'), { color: ink.soft });
  else {
    document.paragraph(say('other_note'), { size: 8, color: ink.soft });
    if (figures.other.some(({ account }) => account === '1012')) document.paragraph(say('other_transit'), { size: 8, color: ink.soft });
    const table = new Table(document, [
      { heading: say('heading'), width: CONTENT_WIDTH - 180 },
      { heading: say('other_received'), width: 90, align: 'right' },
      { heading: say('other_paid'), width: 90, align: 'right' },
    ]);
    figures.other.forEach((row, index) =>
      table.row(
        [name(row), amountCell(row.received), amountCell(row.paid)],
        index === figures.other.length - 1 ? { reserve: 20 } : {},
      ),
    );
    table.row([say('total'), amountCell(received), amountCell(paid)], {
      face: document.bold,
      total: true,
    });
    table.end();
  }
  document.y += 5;
  printBridge(printing, received, paid);
}

function printBridge({ document, figures, say }: Printing, received: string, paid: string): void {
  const { opening, closing, income_total, expense_total } = figures;
  const into = sum([opening, income_total.month, received].map(money));
  const expected = minus(minus(into, money(expense_total.month)), money(paid));
  const difference = minus(expected, money(closing));
  document.paragraph(
    say('bridge', {
      opening: amountWords(opening),
      income: amountWords(income_total.month),
      expense: amountWords(expense_total.month),
      closing: amountWords(closing),
      other_received: amountWords(received),
      other_paid: amountWords(paid),
    }),
    { size: 8.5, face: document.bold },
  );
  if (difference.isZero()) return;
  const facts = {
    expected: amountWords(moneyText(expected)),
    difference: amountWords(moneyText(difference)),
  };
  document.paragraph(say('bridge_off', facts), { size: 8.5, color: ink.red });
}

export function printArrears({ document, figures, say }: Printing): void {
  if (figures.arrears === null) return;
  const { bills, amount } = figures.arrears;
  document.paragraph(say('arrears', { bills, amount: amountWords(amount) }), { size: 8.5 });
}

export function printFunds({ document, figures, say, name, locale }: Printing): void {
  document.ensure(heightOf(figures.funds.length));
  document.bookmark(say('funds'));
  document.heading(say('funds'));
  const amount = { width: 74, align: 'right' } as const;
  const table = new Table(document, [
    { heading: say('fund'), width: 112 },
    { heading: say('fund_opening'), ...amount },
    { heading: say('fund_received'), ...amount },
    { heading: say('fund_paid'), ...amount },
    { heading: say('fund_closing'), ...amount },
    { heading: say('purpose'), width: CONTENT_WIDTH - 112 - 4 * 74, gap: 9 },
  ]);
  figures.funds.forEach((row, index) => {
    const purpose = locale === 'en' && row.purpose_en !== '' ? row.purpose_en : row.purpose_zh;
    table.row(
      [
        name(row),
        amountCell(row.opening),
        amountCell(row.received),
        amountCell(row.paid),
        amountCell(row.closing),
        purpose,
      ],
      index === figures.funds.length - 1 ? { reserve: 20 } : {},
    );
  });
  const total = (key: 'opening' | 'received' | 'paid' | 'closing'): Cell =>
    amountCell(added(figures.funds.map((row) => row[key])));
  table.row(
    [say('total'), total('opening'), total('received'), total('paid'), total('closing'), ''],
    { face: document.bold, total: true },
  );
  table.end();
}

export function printBank({ document, figures, say, name }: Printing): void {
  if (figures.bank.length === 0) return;
  document.ensure(heightOf(figures.bank.length));
  document.bookmark(say('bank'));
  document.heading(say('bank'));
  // Disclosures of before statements were kept line by line have two columns less.
  const by_line = figures.bank.some((row) => row.statement !== undefined);
  const [books, bank, as_of, difference] = by_line ? [72, 76, 64, 76] : [90, 110, 90, 100];
  const lines = by_line ? 64 + 66 : 0;
  const table = new Table(document, [
    { heading: say('bank_account'), width: CONTENT_WIDTH - books - bank - as_of - difference - lines },
    { heading: say('book_balance'), width: books, align: 'right' },
    { heading: say(by_line ? 'bank_says' : 'bank_balance'), width: bank, align: 'right' },
    { heading: say('as_of'), width: as_of, gap: 9 },
    { heading: say('difference'), width: difference, align: 'right' },
    ...(by_line
      ? ([
          { heading: say('covered_to'), width: 64, gap: 9 },
          { heading: say('remaining'), width: 66, align: 'right' },
        ] as const)
      : []),
  ]);
  for (const row of figures.bank) {
    const missing: Cell = [{ text: say('no_statement'), color: ink.red }];
    const { statement } = row;
    const cells: Cell[] = [
      say('last4', { name: name(row), last4: row.account_last4 }),
      amountCell(row.book_balance),
      row.bank_balance === null ? missing : amountCell(row.bank_balance),
      row.as_of ?? '–',
      differenceCell({ document, say }, row),
    ];
    if (by_line) {
      const remains = Number(statement?.remaining ?? 0) !== 0;
      const remaining = statement === null || statement === undefined ? '–' : amountWords(statement.remaining);
      cells.push(
        statement?.covered_to ?? [{ text: say('not_by_line'), color: ink.red }],
        remains ? [{ text: remaining, color: ink.red }] : remaining,
      );
    }
    table.row(cells);
  }
  table.end();
}

/** The difference with its verdict; one that the items explain has none. */
function differenceCell({ document, say }: Pick<Printing, 'document' | 'say'>, row: BankRow): Cell {
  const { difference, statement, as_of } = row;
  if (difference === null) return '–';
  const agrees = Number(difference) === 0;
  const explained = statement?.covered_to === as_of && Number(statement?.remaining ?? NaN) === 0;
  if (!agrees && explained) return amountCell(difference);
  const verdict = `${amountWords(difference)} ${say(agrees ? 'agrees' : 'differs')}`;
  return agrees ? verdict : [{ text: verdict, color: ink.red, face: document.bold }];
}

/** What the bank moved without an order or a purpose, and how it was explained since. */
export function printUnexplained({ document, figures, say }: Printing): void {
  const { unexplained = [] } = figures;
  if (unexplained.length === 0) return;
  document.ensure(heightOf(Math.min(unexplained.length, 6)) + 20);
  document.bookmark(say('unexplained'));
  document.heading(say('unexplained'));
  document.paragraph(say('unexplained_note'), { size: 8, color: ink.soft });
  const table = new Table(document, [
    { heading: say('booked_on'), width: 62 },
    { heading: say('number'), width: 82 },
    { heading: say('side'), width: 56 },
    { heading: say('amount'), width: 72, align: 'right' },
    { heading: say('left'), width: 72, align: 'right' },
    { heading: say('settled_by'), width: CONTENT_WIDTH - 62 - 82 - 56 - 72 - 72, gap: 9 },
  ]);
  for (const row of unexplained) {
    const alarming = row.side === 'debit';
    const open = Number(row.left) !== 0;
    const settled = row.settled.map(({ order, date, period, number }) => ({
      text: say(order === null ? 'settled_other' : 'settled_order', {
        order: order ?? '',
        date,
        number: `${period} ${number}`,
      }),
    }));
    table.row([
      row.booked_on,
      `${row.period} ${row.number}`,
      [{ text: say(`side_${row.side}`), ...(alarming ? { color: ink.red } : {}) }],
      amountCell(row.amount),
      [{ text: amountWords(row.left), ...(alarming && open ? { color: ink.red } : {}) }],
      settled.length > 0
        ? settled
        : [{ text: say('settled_nothing'), ...(alarming ? { color: ink.red } : {}) }],
    ]);
  }
  table.end();
}

export function printMonths({ document, figures, say, locale }: Printing): void {
  if (figures.months.length === 0) return;
  document.ensure(CHART_HEIGHT + 40);
  document.bookmark(say('months'));
  document.heading(say('months'));
  drawMonths(
    document,
    figures.months,
    {
      received: say('other_received'),
      paid: say('other_paid'),
      unit: say('months_unit'),
      alt: say('months_alt'),
    },
    locale,
  );
}
