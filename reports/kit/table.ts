// A ledger table: header repeated on every page, hairline under each row, figures right-aligned.
// Tagged Table > TR > TH/TD; the repeated headers are artifacts, so that a reader hears them once.
// A row that fits on a page is never cut; a longer one (a memo of thousands of characters) goes on
// over as many pages as it needs.
import { PAGE, ink } from './document.ts';
import type { Ink, SealedDocument } from './document.ts';
import { widthOf } from './fonts.ts';
import type { Face } from './fonts.ts';
import { breakLines } from './lines.ts';
import { COLUMN_HEAD, columnSpan } from './structure.ts';
import type { Element } from './structure.ts';

/** `gap` keeps a left-aligned column clear of the figures before it. */
export interface Column {
  heading: string;
  width: number;
  align?: 'right';
  gap?: number;
}
/** Text of its own look inside a cell; each run begins on a new line. */
export interface Run {
  text: string;
  face?: Face;
  size?: number;
  color?: Ink;
}
export type Cell = string | readonly Run[];
export interface RowStyle {
  face?: Face;
  /** Height that must still be free below this row: a total never stands alone. */
  reserve?: number;
  /** A strong rule above, as over a total. */
  total?: boolean;
  /** No hairline: the next row belongs to this one. */
  joined?: boolean;
}
export interface TableStyle {
  size?: number;
  x?: number;
  padding?: number;
  leading?: number;
}

interface Line {
  text: string;
  x: number;
  face: Face;
  size: number;
  color: Ink;
  lead: number;
}
type Laid = { element: Element; lines: Line[]; height: number };

const amountPattern = /^(-?)(\d+)\.(\d\d)$/;

/** "-7000.00" as people read it: "−7,000.00" with the true minus. */
export function figures(amount: string): string {
  const found = amountPattern.exec(amount);
  if (found === null) return amount;
  return `${found[1] === '-' ? '−' : ''}${found[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}.${found[3]}`;
}

export const negative = (amount: string): boolean => amount.startsWith('-');

/** An amount as a cell: negative in red, and with its minus, never by colour alone. */
export function amountCell(amount: string, face?: Face): readonly Run[] {
  const run: Run = { text: figures(amount), ...(face === undefined ? {} : { face }) };
  return [negative(amount) ? { ...run, color: ink.red } : run];
}

export class Table {
  readonly #document: SealedDocument;
  readonly #columns: readonly Column[];
  readonly #element: Element;
  readonly #x: number;
  readonly #size: number;
  readonly #padding: number;
  readonly #leading: number;
  readonly #width: number;
  /** Account names, offices and funds come again and again: their lines are kept. */
  readonly #broken = new Map<string, string[]>();
  #rules: string[] = [];

  constructor(document: SealedDocument, columns: readonly Column[], style: TableStyle = {}) {
    this.#document = document;
    this.#columns = columns;
    this.#x = style.x ?? PAGE.left;
    this.#size = style.size ?? 8.5;
    this.#padding = style.padding ?? 3;
    this.#leading = style.leading ?? 1.45;
    this.#width = columns.reduce((sum, column) => sum + column.width, 0);
    this.#element = document.open('Table');
    document.ensure(this.#headHeight() * 2);
    this.#head(false);
  }

  row(cells: readonly Cell[], style: RowStyle = {}): void {
    const row = this.#document.open('TR', '', this.#element);
    const laid = cells.map((cell, index) => {
      const element = this.#document.open('TD', '', row);
      return this.#lay(element, cell, this.#columns[index]!, this.#left(index), style.face);
    });
    this.#print(laid, style);
  }

  /** A row of one cell over the whole width. */
  wideRow(cell: Cell, style: RowStyle & { indent?: number } = {}): void {
    const { indent = 0 } = style;
    const row = this.#document.open('TR', '', this.#element);
    const element = this.#document.open('TD', columnSpan(this.#columns.length), row);
    const column = { heading: '', width: this.#width - indent };
    this.#print([this.#lay(element, cell, column, this.#x + indent, style.face)], style);
  }

  /** How many lines a text takes in a column. */
  linesIn(text: string, index: number, size = this.#size): number {
    return this.#break(
      this.#document.clean(text),
      this.#document.regular,
      size,
      this.#columns[index]!.width - this.#padding * 2 - (this.#columns[index]!.gap ?? 0),
    ).length;
  }

  end(): void {
    this.#flushRules();
  }

  #left(index: number): number {
    let x = this.#x;
    for (let i = 0; i < index; i += 1) x += this.#columns[i]!.width;
    return x;
  }

  #headHeight(): number {
    const lines = this.#columns.map(({ heading, width, align, gap = 0 }) =>
      align === 'right'
        ? 1
        : breakLines(heading, this.#document.regular, this.#size, width - this.#padding * 2 - gap)
            .length,
    );
    return Math.max(...lines) * this.#size * this.#leading + this.#padding * 2;
  }

  #head(again: boolean): void {
    const document = this.#document;
    const row = again ? undefined : document.open('TR', '', this.#element);
    const height = this.#headHeight();
    this.#columns.forEach((column, index) => {
      const cell = [{ text: column.heading, color: ink.soft }];
      const draw = (element: Element | undefined): void => {
        const place = element ?? this.#element;
        const laid = this.#lay(place, cell, column, this.#left(index), undefined);
        const top = document.y + height - laid.height - this.#padding;
        const print = (): void => this.#draw(laid.lines, top);
        if (element === undefined) document.artifact(print, 'Pagination');
        else document.draw(element, print);
      };
      draw(row === undefined ? undefined : document.open('TH', COLUMN_HEAD, row));
    });
    document.y += height;
    document.artifact(() =>
      document.rule(this.#x, this.#x + this.#width, document.y, 0.75, ink.rule),
    );
  }

  #lay(element: Element, cell: Cell, column: Column, left: number, face: Face | undefined): Laid {
    const document = this.#document;
    const gap = column.gap ?? 0;
    const inner = column.width - this.#padding * 2 - gap;
    const from = left + this.#padding + gap;
    const lines: Line[] = [];
    let height = 0;
    for (const run of typeof cell === 'string' ? [{ text: cell } as Run] : cell) {
      if (run.text === '') continue;
      const runFace = run.face ?? face ?? document.regular;
      let size = run.size ?? this.#size;
      const text = document.clean(run.text);
      const color = run.color ?? ink.black;
      if (column.align === 'right') {
        let width = widthOf(text, runFace, size);
        if (width > inner && inner > 0) {
          // A figure is never broken over two lines: a very long one is set smaller instead.
          size = Math.max(4, Math.floor(((size * inner) / width) * 10) / 10);
          width = widthOf(text, runFace, size);
        }
        const x = from + inner - width;
        lines.push({ text, x, face: runFace, size, color, lead: this.#size * this.#leading });
        height += this.#size * this.#leading;
        continue;
      }
      const lead = size * this.#leading;
      for (const line of this.#break(text, runFace, size, inner)) {
        lines.push({ text: line, x: from, face: runFace, size, color, lead });
        height += lead;
      }
      // A space nobody sees, so that runs do not grow together when the cell is read aloud.
      lines.at(-1)!.text += ' ';
    }
    return { element, lines, height };
  }

  #break(text: string, face: Face, size: number, width: number): string[] {
    if (text.length > 40) return breakLines(text, face, size, width);
    const key = `${face.name}${size}/${width}/${text}`;
    let lines = this.#broken.get(key);
    if (lines === undefined) {
      if (this.#broken.size > 5000) this.#broken.clear();
      this.#broken.set(key, (lines = breakLines(text, face, size, width)));
    }
    return lines;
  }

  #print(cells: readonly Laid[], { reserve = 0, total = false, joined = false }: RowStyle): void {
    const document = this.#document;
    let tallest = this.#size * this.#leading;
    for (const { height } of cells) if (height > tallest) tallest = height;
    const height = tallest + this.#padding * 2;
    const room = PAGE.bottom - document.y;
    const pageRoom = PAGE.bottom - PAGE.top - this.#headHeight() - 24;
    if (height + reserve > room && height + reserve <= pageRoom) this.#turn();
    else if (height > room && room < 60) this.#turn();
    if (total) this.#rule(document.y, 0.75, ink.black);
    if (height <= PAGE.bottom - document.y) {
      for (const { element, lines } of cells) {
        if (lines.length === 0) continue;
        document.draw(element, () => this.#draw(lines, document.y + this.#padding));
      }
      document.y += height;
    } else this.#spill(cells);
    if (!joined) this.#rule(document.y, 0.4, ink.hair);
  }

  #draw(lines: readonly Line[], top: number): void {
    let y = top;
    for (const { text, x, face, size, color, lead } of lines) {
      this.#document.glyphs(text, x, y + lead / 2 + size * 0.37, face, size, color);
      y += lead;
    }
  }

  /** A row longer than a page: each cell goes on where it stopped. */
  #spill(cells: readonly Laid[]): void {
    const document = this.#document;
    const at = cells.map(() => 0);
    while (cells.some(({ lines }, index) => at[index]! < lines.length)) {
      const top = document.y + this.#padding;
      let lowest = top;
      cells.forEach(({ element, lines }, index) => {
        const from = at[index]!;
        let to = from;
        let y = top;
        while (to < lines.length && y + lines[to]!.lead <= PAGE.bottom) y += lines[to++]!.lead;
        if (to === from && from < lines.length && top < PAGE.top + 60) y += lines[to++]!.lead;
        if (to > from) document.draw(element, () => this.#draw(lines.slice(from, to), top));
        at[index] = to;
        lowest = Math.max(lowest, y);
      });
      document.y = lowest + this.#padding;
      if (cells.some(({ lines }, index) => at[index]! < lines.length)) this.#turn();
    }
  }

  #turn(): void {
    this.#flushRules();
    this.#document.newPage();
    this.#head(true);
  }

  #rule(y: number, width: number, color: Ink): void {
    const end = Math.round((this.#x + this.#width) * 100) / 100;
    const at = Math.round(y * 100) / 100;
    this.#rules.push(`${color} RG ${width} w ${this.#x} ${at} m ${end} ${at} l S`);
  }

  /** All hairlines of a page in one artifact: a mark for each would double the page's size. */
  #flushRules(): void {
    if (this.#rules.length === 0) return;
    const operators = this.#rules.join('\n');
    this.#document.artifact(() => this.#document.raw(operators));
    this.#rules = [];
  }
}
