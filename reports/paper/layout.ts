// Sets papers (单据) on A4: receipts, bills, statements, letters, certificates. Type is large enough to be read when the page is
// printed on A5. Each paper begins on a page of its own and counts its own pages; a page that goes on says of what.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { instant, systemClock } from '../../src/kernel/dates.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { CONTENT_WIDTH, PAGE, SealedDocument, ink } from '../kit/document.ts';
import { widthOf } from '../kit/fonts.ts';
import { breakLines } from '../kit/lines.ts';
import { drawQr } from '../kit/qr.ts';
import { Table } from '../kit/table.ts';
import type { Column } from '../kit/table.ts';
import type { Paper, PaperBlock } from './paper.ts';

const SIZE = 11;
const LEAD = 18;
const SMALL = 9;
const TABLE_ROW = 22;

type Of<K extends PaperBlock['kind']> = Extract<PaperBlock, { kind: K }>;

/** The PDF of several papers in one file. The same papers with the same `made_at`: the same bytes. */
export async function renderPapers(papers: readonly Paper[], locale: Locale): Promise<Buffer> {
  const [first] = papers;
  if (first === undefined) throw new Error('papers: none was given');
  let current = first;
  let starts = true;
  const pageOf: Paper[] = [];
  const document = new SealedDocument({
    title: papers.length === 1 ? `${[first.title, first.number].filter(Boolean).join(' ')} · ${first.estate}` : `${first.title} · ${first.estate}`,
    author: first.estate, subject: first.title, lang: locale === 'zh' ? 'zh-CN' : 'en',
    created: first.made_at === undefined ? systemClock() : instant(first.made_at),
    fileId: createHash('sha256').update(`papers ${locale}\n${canonicalize(papers) ?? ''}`).digest().subarray(0, 16),
  }, (page) => {
    pageOf.push(current);
    if (current.stamp !== undefined) page.watermark(current.stamp);
    if (!starts) printRunningHead(page, current);
  });
  papers.forEach((paper, index) => {
    current = paper;
    starts = true;
    if (index > 0) document.newPage();
    starts = false;
    printTitle(document, paper);
    for (const block of paper.blocks) printBlock(document, block);
  });
  const firstPage = new Map<Paper, number>();
  const pages = new Map<Paper, number>();
  pageOf.forEach((paper, index) => {
    if (!firstPage.has(paper)) firstPage.set(paper, index + 1);
    pages.set(paper, (pages.get(paper) ?? 0) + 1);
  });
  return document.seal((page) => {
    const paper = pageOf[page - 1]!;
    const count = pages.get(paper)!;
    return [paper.foot, count > 1 ? `${page - firstPage.get(paper)! + 1} / ${count}` : ''];
  });
}

const nameOf = ({ title, number }: Paper): string => [title, number].filter(Boolean).join('  ');

/** What a later page belongs to, should the sheets come apart. */
function printRunningHead(document: SealedDocument, paper: Paper): void {
  const [line = ''] = breakLines(document.clean(`${paper.estate}　${nameOf(paper)}`), document.regular, SMALL, CONTENT_WIDTH);
  document.artifact(() => {
    document.text(line, PAGE.left, PAGE.top + 9, { size: SMALL, color: ink.soft });
    document.rule(PAGE.left, PAGE.right, PAGE.top + 15, 0.5, ink.rule);
  }, 'Pagination');
  document.y = PAGE.top + 24;
}

function printTitle(document: SealedDocument, paper: Paper): void {
  document.bookmark(nameOf(paper));
  document.leaf('P', () => document.text(`${paper.estate} `, PAGE.left, document.y + 12, { size: 12, face: document.bold }));
  document.y += 20;
  const number = paper.number ?? '';
  const room = CONTENT_WIDTH - (number === '' ? 0 : widthOf(document.clean(number), document.regular, 12) + 16);
  const lines = breakLines(document.clean(paper.title), document.bold, 20, room);
  const top = document.y;
  document.leaf('H1', () => lines.forEach((line, index) => document.glyphs(`${line} `, PAGE.left, top + 20 + index * 27, document.bold, 20, ink.black)));
  if (number !== '') document.leaf('P', () => document.text(number, PAGE.right, top + 20, { size: 12, align: 'right' }));
  document.y = top + lines.length * 27 + 2;
  document.artifact(() => document.rule(PAGE.left, PAGE.right, document.y, 1.2, ink.black));
  document.y += 10;
  if (paper.stamp === undefined) return;
  const width = widthOf(document.clean(paper.stamp), document.bold, 16) + 28;
  const { stamp } = paper;
  document.artifact(() => document.box(PAGE.left, document.y, width, 28, 1.8, ink.red));
  document.leaf('P', () => document.text(stamp, PAGE.left + 14, document.y + 20, { size: 16, face: document.bold, color: ink.red }));
  document.y += 40;
}

function printBlock(document: SealedDocument, block: PaperBlock): void {
  switch (block.kind) {
    case 'heading': return printHeading(document, block);
    case 'text': return printText(document, block);
    case 'facts': return printFacts(document, block);
    case 'table': return printTable(document, block);
    case 'amount': return printAmount(document, block);
    case 'qr': return printQr(document, block);
    case 'signatures': return printSignatures(document, block);
  }
}

function printHeading(document: SealedDocument, { text }: Of<'heading'>): void {
  document.ensure(70);
  document.y += 8;
  document.leaf('H2', () => document.text(text, PAGE.left, document.y + 12, { size: 13, face: document.bold }));
  document.y += 22;
}

function printText(document: SealedDocument, { text, strong = false, small = false }: Of<'text'>): void {
  const size = small ? SMALL : SIZE;
  for (const paragraph of text.split('\n')) {
    document.paragraph(paragraph, { size, lead: small ? 14 : LEAD, face: strong ? document.bold : document.regular, color: small ? ink.soft : ink.black });
  }
  document.y += 5;
}

/** Two columns; what is too long for one takes the whole line, or as many as it needs. */
function printFacts(document: SealedDocument, { items }: Of<'facts'>): void {
  const gap = 20;
  const half = (CONTENT_WIDTH - gap) / 2;
  const { regular, bold } = document;
  const label = Math.min(half * 0.6, Math.max(0, ...items.map((item) => widthOf(document.clean(item.label), regular, SIZE))) + 12);
  const fits = (value: string): boolean => !value.includes('\n') && widthOf(document.clean(value), bold, SIZE) <= half - label;
  let at = 0;
  while (at < items.length) {
    const row = fits(items[at]!.value) && at + 1 < items.length && fits(items[at + 1]!.value) ? items.slice(at, at + 2) : items.slice(at, at + 1);
    at += row.length;
    const alone = row.length === 1 && !fits(row[0]!.value);
    const laid = row.map((item, index) => ({
      x: PAGE.left + index * (half + gap),
      labels: breakLines(document.clean(item.label), regular, SIZE, label - 6),
      values: breakLines(document.clean(item.value), bold, SIZE, (alone ? CONTENT_WIDTH : half) - label),
    }));
    const height = Math.max(...laid.map(({ labels, values }) => Math.max(labels.length, values.length))) * LEAD;
    document.ensure(Math.min(height, 300));
    const top = document.y;
    let lowest = top + height;
    for (const { x, labels, values } of laid) {
      const element = document.open('P');
      document.draw(element, () => labels.forEach((line, index) => document.glyphs(`${line} `, x, top + 13 + index * LEAD, regular, SIZE, ink.soft)));
      let y = top;
      for (const line of values) {
        if (y + LEAD > PAGE.bottom) {
          document.newPage();
          y = document.y;
          lowest = 0;
        }
        const baseline = y + 13;
        document.draw(element, () => document.glyphs(`${line} `, x + label, baseline, bold, SIZE, ink.black));
        y += LEAD;
      }
      lowest = Math.max(lowest, y);
    }
    document.y = lowest;
  }
  document.y += 6;
}

function printTable(document: SealedDocument, { caption, columns, rows, total, empty }: Of<'table'>): void {
  document.ensure(40 + TABLE_ROW * 3);
  if (caption !== '') {
    document.y += 6;
    document.leaf('H2', () => document.text(caption, PAGE.left, document.y + 11, { size: 11.5, face: document.bold }));
    document.y += 18;
  }
  const parts = columns.reduce((sum, { width }) => sum + width, 0);
  const table = new Table(document, columns.map(({ title, align, width }, index): Column => ({
    heading: title, width: (CONTENT_WIDTH * width) / parts, ...(align === 'right' ? { align } : {}),
    // Words after figures keep clear of them.
    ...(align === 'left' && columns[index - 1]?.align === 'right' ? { gap: 12 } : {}),
  })), { size: 10, padding: 3.5 });
  if (rows.length === 0 && empty !== undefined) table.wideRow([{ text: empty, color: ink.soft }]);
  rows.forEach((row, index) => table.row(row, index === rows.length - 1 && total !== undefined ? { reserve: TABLE_ROW + 4 } : {}));
  if (total !== undefined) table.row(total, { face: document.bold, total: true });
  table.end();
  document.y += 10;
}

function printAmount(document: SealedDocument, { label, figures, capital }: Of<'amount'>): void {
  const inner = CONTENT_WIDTH - 28;
  const words = capital === undefined ? [] : breakLines(document.clean(capital), document.regular, 12, inner);
  const height = 46 + words.length * 19;
  document.ensure(height + 12);
  const top = document.y + 2;
  document.artifact(() => document.box(PAGE.left, top, CONTENT_WIDTH, height, 1, ink.black));
  const space = inner - widthOf(document.clean(label), document.bold, 13) - 20;
  const size = Math.min(24, (24 * space) / widthOf(document.clean(figures), document.bold, 24));
  document.leaf('P', () => {
    document.text(`${label} `, PAGE.left + 14, top + 29, { size: 13, face: document.bold });
    document.text(figures, PAGE.right - 14, top + 31, { size, face: document.bold, align: 'right' });
  });
  if (words.length > 0) {
    document.leaf('P', () => words.forEach((line, index) => document.glyphs(`${line} `, PAGE.left + 14, top + 55 + index * 19, document.regular, 12, ink.black)));
  }
  document.y = top + height + 12;
}

function printQr(document: SealedDocument, { text, caption }: Of<'qr'>): void {
  const side = 132;
  const lines = breakLines(document.clean(caption), document.regular, SIZE, CONTENT_WIDTH - side - 10);
  const height = Math.max(side, lines.length * LEAD + 24);
  document.ensure(height + 8);
  const top = document.y;
  drawQr(document, text, PAGE.left - 8, top, side, caption, text.length > 120 ? 'L' : 'M');
  const from = top + Math.max(12, (side - lines.length * LEAD) / 2);
  document.leaf('P', () => lines.forEach((line, index) =>
    document.glyphs(`${line} `, PAGE.left + side + 10, from + 12 + index * LEAD, document.regular, SIZE, ink.black)));
  document.y = top + height + 8;
}

/** Boxes to sign in, two to a line; who signed already stands in theirs. */
function printSignatures(document: SealedDocument, { lines }: Of<'signatures'>): void {
  const width = (CONTENT_WIDTH - 14) / 2;
  const height = 62;
  for (let from = 0; from < lines.length; from += 2) {
    document.ensure(height + 14);
    const top = document.y + 6;
    lines.slice(from, from + 2).forEach(({ label, name, day }, index) => {
      const x = PAGE.left + index * (width + 14);
      const [shown = ''] = breakLines(document.clean(label), document.regular, 10, width - 16);
      const [signed = ''] = breakLines(document.clean(name ?? ''), document.bold, 12, width - 110);
      document.artifact(() => {
        document.box(x, top, width, height, 0.6, ink.rule);
        if (signed === '') document.rule(x + 8, x + width - 8, top + height - 12, 0.5, ink.rule);
      });
      document.leaf('P', () => {
        document.glyphs(`${shown} `, x + 8, top + 16, document.regular, 10, ink.soft);
        if (signed !== '') document.glyphs(`${signed} `, x + 8, top + height - 14, document.bold, 12, ink.black);
        if (day !== undefined) document.text(day, x + width - 8, top + (signed === '' ? 16 : height - 14), { size: 10, align: 'right', color: ink.soft });
      });
    });
    document.y = top + height + 6;
  }
}
