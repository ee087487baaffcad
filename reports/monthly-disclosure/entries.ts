// Every entry of the month, once, in the order of the running balance. Nothing is summed up, cut
// or left out: a memo of thousands of characters goes on below its row over the whole width.
import { minus, money, moneyText, sum } from '../../src/kernel/money.ts';
import type { Money } from '../../src/kernel/money.ts';
import { CONTENT_WIDTH, PAGE, ink } from '../kit/document.ts';
import { widthOf } from '../kit/fonts.ts';
import { Table, amountCell, figures as amountWords } from '../kit/table.ts';
import type { Column, Run } from '../kit/table.ts';
import type { EntryLine, EntryRow } from './figures.ts';
import { officeWords } from './words.ts';
import type { Printing } from './words.ts';

const SIZE = 7.6;
const SMALL = 6.6;
const LONG_MEMO = 12;

export function printEntries(printing: Printing): void {
  const { document, figures, say } = printing;
  const { entries } = figures;
  document.ensure(entries.length === 0 ? 60 : 130);
  const parent = document.bookmark(say('entries', { n: entries.length }));
  document.heading(say('entries', { n: entries.length }));
  if (entries.length === 0) {
    document.paragraph(say('no_entries'), { color: ink.soft });
    return;
  }
  const table = new Table(document, entryColumns(printing), {
    size: SIZE,
    padding: 2.4,
    leading: 1.4,
  });
  table.row(['', '', say('carried'), '', '', '', amountCell(figures.opening), '', '']);
  const perDay = countDays(entries);
  let day = '';
  entries.forEach((entry, index) => {
    const before = { y: document.y, page: document.pageNumber };
    printEntry(printing, table, entry, index === entries.length - 1 ? 24 : 0);
    if (entry.date === day) return;
    day = entry.date;
    const title = say('days', { date: day, n: perDay.get(day) ?? 0 });
    document.bookmark(title, parent, document.pageNumber === before.page ? before.y : PAGE.top);
  });
  printTotal(printing, table);
}

function entryColumns(printing: Printing): Column[] {
  const { document, figures, say } = printing;
  const need = (amounts: readonly string[], least: number): number => {
    let widest = least - 6;
    for (const amount of amounts) {
      // Bold, because totals are: the widest a figure can get.
      if (amount.length > 7)
        widest = Math.max(widest, widthOf(amountWords(amount), document.bold, SIZE));
    }
    // Up to 99,999,999.99 in full size; longer is set smaller, so that the memo keeps its room.
    return Math.min(62, widest + 6);
  };
  const received = need([...figures.entries.map((entry) => entry.received), figures.received], 44);
  const paid = need([...figures.entries.map((entry) => entry.paid), figures.paid], 44);
  const balance = need([...figures.entries.map((entry) => entry.balance), figures.opening], 50);
  // English names of accounts and offices are longer, and memos stay as written, in Chinese.
  const [account, signers] = printing.locale === 'en' ? [94, 98] : [90, 76];
  const [date, number, vouchers] = [29, 35, 24];
  const memo =
    CONTENT_WIDTH - date - number - account - received - paid - balance - signers - vouchers;
  return [
    { heading: say('date'), width: date },
    { heading: say('number'), width: number },
    { heading: say('memo'), width: memo },
    { heading: say('account'), width: account, gap: 3 },
    { heading: say('entry_received'), width: received, align: 'right' },
    { heading: say('entry_paid'), width: paid, align: 'right' },
    { heading: say('balance'), width: balance, align: 'right' },
    { heading: say('signers'), width: signers, gap: 7 },
    { heading: say('vouchers'), width: vouchers, align: 'right' },
  ];
}

function countDays(entries: readonly EntryRow[]): Map<string, number> {
  const days = new Map<string, number>();
  for (const { date } of entries) days.set(date, (days.get(date) ?? 0) + 1);
  return days;
}

function printEntry(printing: Printing, table: Table, entry: EntryRow, reserve: number): void {
  const { say } = printing;
  const long = entry.description.length > 80 && table.linesIn(entry.description, 2) > LONG_MEMO;
  const red = entry.reverses !== null;
  const memo: Run[] = [
    {
      text: long ? say('memo_below') : entry.description,
      ...(red ? { color: ink.red } : {}),
    },
  ];
  for (const note of notes(printing, entry)) memo.push(note);
  const cells = [
    entry.date.slice(5),
    entry.number,
    memo,
    accountRuns(printing, entry),
    moved(entry.received),
    moved(entry.paid),
    amountCell(entry.balance),
    signerRuns(printing, entry),
    String(entry.vouchers),
  ];
  table.row(cells, { reserve: long ? 40 : reserve, joined: long });
  if (long)
    table.wideRow([{ text: entry.description, size: SIZE }], { indent: 29 + 35, reserve: 0 });
}

/** An empty column says "not here" better than 0.00 does. */
const moved = (amount: string): readonly Run[] => (Number(amount) === 0 ? [] : amountCell(amount));

function notes({ say }: Printing, entry: EntryRow): Run[] {
  const runs: Run[] = [];
  if (entry.reverses !== null) {
    runs.push({ text: say('reverses', { number: entry.reverses }), size: SMALL, color: ink.red });
  }
  if (entry.reversed_by !== null) {
    runs.push({
      text: say('reversed_by', { number: entry.reversed_by }),
      size: SMALL,
      color: ink.red,
    });
  }
  if (entry.emergency !== undefined) {
    const { ratified, ratify_by } = entry.emergency;
    const text = say(ratified ? 'emergency_ratified' : 'emergency_open', { ratify_by });
    runs.push({ text, size: SMALL, color: ratified ? ink.soft : ink.red });
  }
  const { unexplained, settles, mandate } = entry;
  if (unexplained !== undefined) {
    const open = Number(unexplained.left) !== 0;
    const name = unexplained.side === 'credit' ? 'suspense_in' : open ? 'suspense_out' : 'suspense_out_settled';
    const text = say(name, { left: amountWords(unexplained.left) });
    runs.push({ text, size: SMALL, color: open && unexplained.side === 'debit' ? ink.red : ink.soft });
  }
  if (settles !== undefined) {
    const { number, after_the_fact } = settles;
    const text = say(after_the_fact ? 'after_the_fact' : 'settles', { number });
    runs.push({ text, size: SMALL, color: after_the_fact ? ink.red : ink.soft });
  }
  if (mandate !== undefined)
    runs.push({ text: say('by_mandate', { mandate }), size: SMALL, color: ink.soft });
  const { asked, open } = entry.inquiries;
  if (asked > 0) {
    const text = say(open > 0 ? 'asked_open' : 'asked', { asked, open });
    runs.push({ text, size: SMALL, color: open > 0 ? ink.red : ink.soft });
  }
  return runs;
}

/** One line against the bank needs no amount; several show theirs, and a transfer both sides. */
function accountRuns({ say, name, locale }: Printing, entry: EntryRow): Run[] {
  const runs: Run[] = [];
  const several = entry.lines.length > 1;
  for (const line of entry.lines) {
    runs.push({ text: `${line.account} ${name(line)}` });
    const fund = locale === 'en' && line.fund_en !== '' ? line.fund_en : line.fund_zh;
    const side = several ? ` ${sideWords(line, entry, say)}` : '';
    runs.push({ text: `${fund}${side}`, size: SMALL, color: ink.soft });
  }
  if (entry.kind === 'transfer' && Number(entry.received) === 0 && Number(entry.paid) === 0) {
    runs.push({ text: say('transfer'), size: SMALL, color: ink.soft });
  }
  return runs;
}

function sideWords(line: EntryLine, entry: EntryRow, say: Printing['say']): string {
  const debit = Number(line.debit) !== 0;
  const amount = amountWords(debit ? line.debit : line.credit);
  const usual = entry.kind === 'payment' ? debit : entry.kind === 'receipt' ? !debit : false;
  return usual ? amount : `${say(debit ? 'debit' : 'credit')} ${amount}`;
}

function signerRuns({ say, name }: Printing, entry: EntryRow): Run[] {
  if (entry.signers.length === 0) return [{ text: say('unsigned_mark'), color: ink.soft }];
  return entry.signers.map((signer) => ({
    text: `${officeWords(name(signer))}${signer.weak ? say('weak') : ''}`,
    size: SMALL,
  }));
}

/** The sums of what is printed above, compared with page one. */
function printTotal({ document, figures, say }: Printing, table: Table): void {
  const { entries } = figures;
  const received = sum(entries.map((entry): Money => money(entry.received)));
  const paid = sum(entries.map((entry): Money => money(entry.paid)));
  const last = entries.at(-1)?.balance ?? figures.opening;
  table.row(
    [
      '',
      '',
      say('entries_total', { n: entries.length }),
      '',
      amountCell(moneyText(received)),
      amountCell(moneyText(paid)),
      amountCell(last),
      '',
      '',
    ],
    { face: document.bold, total: true },
  );
  table.end();
  const off = [minus(received, money(figures.received)), minus(paid, money(figures.paid))] as const;
  if (off.every((difference) => difference.isZero())) return;
  document.paragraph(
    say('entries_off', {
      received: amountWords(moneyText(off[0])),
      paid: amountWords(moneyText(off[1])),
    }),
    { color: ink.red },
  );
}
