// The reconciliation statement (银行存款余额调节表) as a PDF on A4: what must be noted, the two sides of the classic form,
// then every item line by line, what stands in suspense, and who handed in, confirmed, made and saw it.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { instant } from '../../src/kernel/dates.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { CONTENT_WIDTH, PAGE, SealedDocument, ink } from '../kit/document.ts';
import { breakLines } from '../kit/lines.ts';
import { Table, amountCell } from '../kit/table.ts';
import type { Cell, Column } from '../kit/table.ts';
import { periodWords } from '../monthly-disclosure/words.ts';
import type { BankItem, BookItem, ReconciliationFigures } from './figures.ts';
import {
  bodiesWords, fundWords, lineWords, moment, nameIn, notesOf, sayIn, sinceBank, sinceBooks, sinceSuspense, total,
} from './words.ts';
import type { Say } from './words.ts';

interface Printing {
  readonly document: SealedDocument;
  readonly figures: ReconciliationFigures;
  readonly locale: Locale;
  readonly say: Say;
}

/** The PDF. Same figures, same language: the same bytes, on any day. */
export async function renderReconciliation(figures: ReconciliationFigures, locale: Locale): Promise<Buffer> {
  const say = sayIn(locale);
  const estate = nameIn(figures.estate, locale);
  const account = nameIn(figures.bank_account, locale);
  const month = periodWords(figures.period, locale);
  const document = new SealedDocument({
    title: say('file_title', { estate, account, period: month }), author: figures.estate.trustee, subject: say('title'),
    lang: locale === 'zh' ? 'zh-CN' : 'en', created: instant(figures.drawn_at),
    fileId: createHash('sha256').update(`reconciliation ${locale}\n${canonicalize(figures) ?? ''}`).digest().subarray(0, 16),
  });
  const printing: Printing = { document, figures, locale, say };
  printHead(printing);
  printForm(printing);
  for (const side of ['book_received', 'book_paid', 'bank_received', 'bank_paid'] as const) printItems(printing, side);
  printSuspense(printing);
  printStatements(printing);
  printHands(printing);
  const footer = say('footer', { estate, account, period: month });
  return document.seal((page, pages) => [footer, say('page', { page, pages })]);
}

function printHead({ document, figures, locale, say }: Printing): void {
  const { bank_account: bank, as_of, period, covered_from, covered_to } = figures;
  const title = `${say('title')}${locale === 'zh' ? '　' : ', '}${periodWords(period, locale)}`;
  document.bookmark(say('title'));
  document.leaf('H1', () => document.text(title, PAGE.left, document.y + 19, { size: 18, face: document.bold }));
  document.y += 28;
  const gap = locale === 'zh' ? '　' : '   ';
  for (const line of [
    [nameIn(figures.estate, locale), say('account', { name: nameIn(bank, locale), bank: bank.bank_name, last4: bank.account_last4, account: bank.account })],
    [...(as_of === null ? [] : [say('for_day', { as_of })]), covered_from === null ? say('covered_none') : say('covered', { from: covered_from, to: covered_to! }), say('unit')],
    [say('drawn', { drawn: moment(figures.drawn_at), size: figures.size })],
  ])
    document.paragraph(line.join(gap), { size: 8.2, lead: 12.6, color: ink.soft });
  document.artifact(() => {
    document.rule(PAGE.left, PAGE.right, document.y + 2, 0.8, ink.black);
    document.rule(PAGE.left, PAGE.right, document.y + 4.2, 0.8, ink.black);
  });
  document.y += 12;
  printNotes({ document, figures, locale, say });
}

/** What must be said first, in a red frame; where all is well, in one plain line. */
function printNotes({ document, figures, locale }: Printing): void {
  const notes = notesOf(figures, locale);
  if (notes.every(({ tone }) => tone === 'ok')) {
    for (const { text } of notes) document.paragraph(text, { size: 9.5, face: document.bold, color: ink.accent });
    document.y += 4;
    return;
  }
  const lead = 13.6;
  const lines = notes.flatMap(({ text, tone }) => breakLines(document.clean(text), document.regular, 9, CONTENT_WIDTH - 18)
    .map((line) => ({ line, tone })));
  const top = document.y;
  document.leaf('P', () => lines.forEach(({ line, tone }, index) =>
    document.glyphs(`${line} `, PAGE.left + 9, top + 14 + index * lead, document.regular, 9, tone === 'alarm' ? ink.red : ink.black)));
  const height = lines.length * lead + 9;
  document.artifact(() => document.box(PAGE.left, top, CONTENT_WIDTH, height, 1.1, ink.red));
  document.y = top + height + 6;
}

function printForm({ document, figures, say }: Printing): void {
  const { totals, book_items, bank_items } = figures;
  const count = (items: readonly { amount: string }[], out: boolean): number => items.filter(({ amount }) => amount.startsWith('-') === out).length;
  const amount = (value: string | null): Cell => (value === null ? [{ text: say('not_stated'), color: ink.red }] : amountCell(value));
  const figure = 88;
  const words = CONTENT_WIDTH / 2 - figure;
  const table = new Table(document, [
    { heading: say('by_bank'), width: words }, { heading: say('amount'), width: figure, align: 'right' },
    { heading: say('by_books'), width: words, gap: 10 }, { heading: say('amount'), width: figure, align: 'right' },
  ], { size: 9, padding: 5 });
  table.row([say('bank_balance'), amount(figures.bank_balance), say('book_balance'), amount(figures.book_balance)]);
  table.row([say('plus_books', { count: count(book_items, false) }), amount(totals.book_received),
    say('plus_bank', { count: count(bank_items, false) }), amount(totals.bank_received)]);
  table.row([say('minus_books', { count: count(book_items, true) }), amount(totals.book_paid),
    say('minus_bank', { count: count(bank_items, true) }), amount(totals.bank_paid)], { reserve: 60 });
  table.row([say('adjusted'), amount(figures.adjusted_bank), say('adjusted'), amount(figures.adjusted_books)], { face: document.bold, total: true });
  table.row([say('before'), amount(figures.difference), say('remaining'), amount(figures.remaining)], { face: document.bold });
  table.end();
  if (figures.basis !== 'statement') return;
  document.y += 4;
  document.paragraph(say('proof'), { size: 7.6, color: ink.soft });
}

type Side = 'book_received' | 'book_paid' | 'bank_received' | 'bank_paid';

function printItems({ document, figures, say }: Printing, side: Side): void {
  const out = side.endsWith('paid');
  const of = <R extends { amount: string }>(items: readonly R[]): R[] => items.filter(({ amount }) => amount.startsWith('-') === out);
  const rows = side.startsWith('book')
    ? of(figures.book_items).map((item: BookItem) => ({ ...item, text: item.description, name: `${item.period} ${item.number}`, since: sinceBooks(item, say) }))
    : of(figures.bank_items).map((item: BankItem) => ({ ...item, text: item.text ?? say('private_text'), name: lineWords(item, say), since: sinceBank(item, say) }));
  if (rows.length === 0) return;
  document.ensure(120);
  document.bookmark(say(side));
  document.heading(say(side));
  const table = new Table(document, columns(say, say(side.startsWith('book') ? 'number' : 'line'), say('answered')));
  rows.forEach((row, index) => {
    const since: Cell = row.answered_on === null ? [{ text: row.since, color: ink.red }] : row.since;
    table.row([row.date, row.text, row.name, amountCell(row.amount.replace('-', '')), since], index === rows.length - 1 ? { reserve: 24 } : {});
  });
  const sum = total(rows.map(({ amount }) => amount.replace('-', '')));
  table.row(['', say('total', { count: rows.length }), '', sum, ''], { face: document.bold, total: true });
  table.end();
}

const columns = (say: Say, name: string, last: string): Column[] => [
  { heading: say('date'), width: 58 }, { heading: say('item'), width: CONTENT_WIDTH - 58 - 112 - 82 - 122 }, { heading: name, width: 112 },
  { heading: say('amount'), width: 82, align: 'right' }, { heading: last, width: 122, gap: 10 },
];

function printSuspense({ document, figures, locale, say }: Printing): void {
  const { suspense } = figures;
  if (suspense.length === 0) return;
  document.ensure(140);
  document.bookmark(say('suspense'));
  document.heading(say('suspense'));
  const table = new Table(document, [
    { heading: say('date'), width: 58 }, { heading: say('side'), width: 48 },
    { heading: say('number'), width: 74 }, { heading: say('item'), width: CONTENT_WIDTH - 58 - 48 - 74 - 70 - 60 - 100 },
    { heading: say('left'), width: 70, align: 'right' }, { heading: say('age'), width: 60, gap: 8 }, { heading: say('answered'), width: 100 },
  ]);
  for (const row of suspense) {
    const alarming = row.settled_by === null && row.side === 'debit';
    const since: Cell = alarming ? [{ text: sinceSuspense(row, say), color: ink.red }] : sinceSuspense(row, say);
    const text: Cell = [{ text: `${fundWords(row, locale)} · ${lineWords(row, say)}` }, ...(row.text === null || row.text === '' ? [] : [{ text: row.text, color: ink.soft }])];
    const side: Cell = [{ text: say(`side_${row.side}`), ...(row.side === 'debit' ? { color: ink.red } : {}) }];
    table.row([row.date, side, `${row.period} ${row.number}`, text, amountCell(row.left_then), say('days', { days: row.days }), since]);
  }
  table.end();
}

function printStatements({ document, figures, locale, say }: Printing): void {
  const { statements, confirmed_by } = figures;
  document.ensure(120);
  document.bookmark(say('statements'));
  document.heading(say('statements'));
  if (statements.length === 0) {
    document.paragraph(say('no_files'), { color: ink.red });
    return;
  }
  const table = new Table(document, [
    { heading: say('handed_in'), width: 92 }, { heading: say('by'), width: 126 }, { heading: say('range'), width: 128 },
    { heading: say('format'), width: CONTENT_WIDTH - 92 - 126 - 128 - 64 - 72 },
    { heading: say('lines'), width: 64, align: 'right' }, { heading: say('repeated'), width: 72, align: 'right' },
  ]);
  for (const file of statements) {
    const by = file.by === null ? say('nobody') : nameIn(file.by, locale);
    table.row([moment(file.imported_at), by, `${file.from} – ${file.to}`, nameIn(file.format_name, locale), String(file.lines), String(file.repeated)]);
  }
  table.end();
  document.y += 3;
  const text = confirmed_by.length === 0 ? say('not_confirmed') : say('confirmed', { bodies: bodiesWords(confirmed_by, locale) });
  document.paragraph(text, { size: 8.5 });
}

/** Who made it and who has seen it: two boxes to sign on paper, with what the log knows already. */
function printHands({ document, figures, locale, say }: Printing): void {
  document.ensure(96);
  document.y += 16;
  const top = document.y;
  const width = (CONTENT_WIDTH - 10) / 2;
  // Whoever confirmed the statement did not make this.
  const confirming = new Set(figures.confirmed_by.map(({ body }) => body));
  const made = [...new Set(figures.statements.flatMap(({ by }) => (by === null || confirming.has(by.body) ? [] : [nameIn(by, locale)])))];
  const seen = figures.signers.map((signer) => `${nameIn(signer, locale)}  ${moment(signer.signed_at)}`);
  const boxes = [
    { title: say('made_by'), lines: made.length === 0 ? [] : [say('made_line', { by: made.join(locale === 'zh' ? '、' : ', ') })] },
    { title: say('checked_by'), lines: seen.length === 0 ? [say('not_signed')] : [say('signed_in_view'), ...seen] },
  ];
  const height = 44 + Math.max(...boxes.map(({ lines }) => lines.length)) * 12.5;
  boxes.forEach(({ title, lines }, index) => {
    const x = PAGE.left + index * (width + 10);
    document.artifact(() => document.box(x, top, width, height, 0.6, ink.rule));
    document.leaf('P', () => {
      document.text(`${title} `, x + 8, top + 15, { size: 9, face: document.bold });
      lines.forEach((line, at) => {
        const [shown = ''] = breakLines(document.clean(line), document.regular, 8, width - 16);
        document.glyphs(`${shown} `, x + 8, top + 29 + at * 12.5, document.regular, 8, ink.soft);
      });
      document.text(say('signature'), x + 8, top + height - 9, { size: 8.5 });
    });
  });
  document.y = top + height + 8;
}

