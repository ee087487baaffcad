// A sealed report: A4 pages, tagged PDF/A-3a, fonts embedded, fixed dates, the same bytes every
// time it is made from the same figures. Everything on a page is either marked with its place in
// the reading order (heading, paragraph, cell, figure) or as an artifact (rules, footers).
// Coordinates are points from the top left corner.
import { allocate, attachStructure, embedFace, embedFile, openFile } from './pdf-file.ts';
import type { EmbeddedFace, FileFacts, Internals, PdfPage } from './pdf-file.ts';
import { faces, printable, unprintable, widthOf } from './fonts.ts';
import type { Face } from './fonts.ts';
import { breakLines } from './lines.ts';
import { StructureTree, spoken } from './structure.ts';
import type { Element } from './structure.ts';

/** Colours as PDF writes them (red, green, blue from 0 to 1). Every text colour has 4.5 : 1. */
export const ink = {
  black: '.07 .07 .07',
  soft: '.33 .33 .33',
  rule: '.6 .6 .6',
  hair: '.86 .86 .86',
  red: '.702 .149 .118',
  accent: '.059 .42 .31',
  pale: '.725 .812 .776',
  ghost: '.93 .93 .93',
} as const;
export type Ink = (typeof ink)[keyof typeof ink];

export const PAGE = {
  width: 595.28,
  height: 841.89,
  left: 36,
  right: 559.28,
  top: 34,
  bottom: 790,
};
export const CONTENT_WIDTH = PAGE.right - PAGE.left;

export interface Attachment {
  name: string;
  type: string;
  description: string;
  bytes: Uint8Array;
}

export interface TextStyle {
  size?: number;
  color?: Ink;
  face?: Face;
  align?: 'left' | 'right' | 'center';
}

interface Bookmark {
  title: string;
  page: number;
  y: number;
  children: Bookmark[];
}
interface Page {
  pdf: PdfPage;
  content: string[];
}

/** Two decimals are a fiftieth of a millimetre's fraction: enough, and short. */
export const number = (value: number): string => `${Math.round(value * 100) / 100}`;

export class SealedDocument {
  y = PAGE.top;
  readonly regular = faces().regular;
  readonly bold = faces().bold;
  /** Characters that had to be printed by their number (see fonts.ts). */
  readonly missing = new Set<string>();
  readonly #file: PDFKit.PDFDocument & Internals;
  readonly #facts: FileFacts;
  readonly #tree: StructureTree;
  readonly #pages: Page[] = [];
  readonly #embedded: Record<Face['name'], EmbeddedFace>;
  readonly #encoded: Record<Face['name'], string[]> = { regular: [], bold: [] };
  readonly #bookmarks: Bookmark[] = [];
  readonly #onPage: ((document: SealedDocument) => void) | undefined;
  #content: string[] = [];
  #fill = '';
  #font = '';

  constructor(facts: FileFacts, onPage?: (document: SealedDocument) => void) {
    this.#facts = facts;
    this.#file = openFile(facts);
    this.#tree = new StructureTree(() => allocate(this.#file));
    this.#embedded = {
      regular: embedFace(this.#file, this.regular),
      bold: embedFace(this.#file, this.bold),
    };
    this.#onPage = onPage;
    this.newPage();
  }

  get pageNumber(): number {
    return this.#pages.length;
  }

  newPage(): void {
    this.#file.addPage();
    const pdf = this.#file.page;
    for (const face of [this.#embedded.regular, this.#embedded.bold])
      pdf.fonts[face.id] = face.ref();
    // The page before is done but for its footer: one string instead of thousands.
    const done = this.#pages.at(-1);
    if (done !== undefined) done.content = [done.content.join('\n')];
    this.#content = [];
    this.#pages.push({ pdf, content: this.#content });
    this.#fill = '';
    this.#font = '';
    this.y = PAGE.top;
    this.#onPage?.(this);
  }

  /** Goes to a new page unless that much height is left on this one. True when it did. */
  ensure(height: number): boolean {
    if (this.y + height <= PAGE.bottom) return false;
    this.newPage();
    return true;
  }

  // Structure -----------------------------------------------------------------------------------

  /** A place in the reading order, to be filled by draw() or by places below it. */
  open(type: string, attributes = '', parent = this.#tree.root): Element {
    return this.#tree.add(parent, type, attributes);
  }

  /** Draws content that belongs to an element, on the present page; may be called again. */
  draw(element: Element, draw: () => void): void {
    const mcid = this.#tree.mark(element, this.#file.page.dictionary.id);
    this.#content.push(`/${element.type}<</MCID ${mcid}>>BDC`);
    draw();
    this.#content.push('EMC');
  }

  /** A leaf of the reading order drawn in one go: heading, paragraph, cell, figure. */
  leaf(type: string, draw: () => void, attributes = ''): void {
    this.draw(this.open(type, attributes), draw);
  }

  /** A picture with its words, in the box [x, y, width, height]. */
  figure(
    alt: string,
    [x, y, w, h]: readonly [number, number, number, number],
    draw: () => void,
  ): void {
    const bounds = [x, PAGE.height - y - h, x + w, PAGE.height - y].map(number).join(' ');
    const attributes = `${spoken(alt)}/A<</O/Layout/Placement/Block/BBox[${bounds}]>>`;
    this.leaf('Figure', draw, attributes);
  }

  /** Decoration: read by nobody. */
  artifact(draw: () => void, kind: 'Layout' | 'Pagination' = 'Layout'): void {
    this.#content.push(`/Artifact<</Type/${kind}>>BDC`);
    draw();
    this.#content.push('EMC');
  }

  bookmark(title: string, parent?: Bookmark, y = this.y): Bookmark {
    const entry = { title, page: this.pageNumber - 1, y, children: [] };
    (parent?.children ?? this.#bookmarks).push(entry);
    return entry;
  }

  // Drawing: only inside leaf(), draw() or artifact() ---------------------------------------------

  /** One line of text that needs no checking (see `clean`), its baseline at y. */
  glyphs(text: string, x: number, y: number, face: Face, size: number, color: Ink): void {
    const { id } = this.#embedded[face.name];
    const wanted = `/${id} ${number(size)} Tf`;
    const font = this.#font === wanted ? '' : wanted;
    const fill = this.#fill === color ? '' : `${color} rg `;
    this.#font = wanted;
    this.#fill = color;
    const place = `${number(x)} ${number(y)}`;
    this.#content.push(`${fill}BT${font} 1 0 0 -1 ${place} Tm<${this.#encode(text, face)}>Tj ET`);
  }

  /** One line of any text. */
  text(text: string, x: number, y: number, style: TextStyle = {}): void {
    const { size = 9, color = ink.black, face = this.regular, align = 'left' } = style;
    const clean = this.clean(text);
    const width = align === 'left' ? 0 : widthOf(clean, face, size);
    const from = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    this.glyphs(clean, from, y, face, size, color);
  }

  /** The text as it can be printed; remembers what the fonts lack. */
  clean(text: string): string {
    const ready = printable(text);
    if (ready !== text) for (const character of unprintable(text)) this.missing.add(character);
    return ready;
  }

  rule(x1: number, x2: number, y: number, width: number, color: Ink): void {
    const line = `${number(x1)} ${number(y)} m ${number(x2)} ${number(y)} l S`;
    this.#content.push(`${color} RG ${width} w ${line}`);
  }

  box(x: number, y: number, w: number, h: number, width: number, color: Ink): void {
    const shape = `${number(x)} ${number(y)} ${number(w)} ${number(h)} re S`;
    this.#content.push(`${color} RG ${width} w ${shape}`);
  }

  bar(x: number, y: number, w: number, h: number, color: Ink): void {
    this.path(`${number(x)} ${number(y)} ${number(w)} ${number(h)} re`, color);
  }

  /** Fills a path given in PDF operators. */
  path(operators: string, color: Ink): void {
    const fill = this.#fill === color ? '' : `${color} rg `;
    this.#fill = color;
    this.#content.push(`${fill}${operators} f`);
  }

  /** PDF operators as they stand, between q and Q. */
  raw(operators: string): void {
    this.#content.push(`q ${operators} Q`);
  }

  /** Large pale words across the page, below everything drawn afterwards. */
  watermark(text: string): void {
    const size = 120;
    const clean = this.clean(text);
    const encoded = this.#encode(clean, this.bold);
    const half = widthOf(clean, this.bold, size) / 2;
    const [cos, sin] = [Math.cos(Math.PI / 5), Math.sin(Math.PI / 5)];
    const x = PAGE.width / 2 - half * cos;
    const y = PAGE.height / 2 + half * sin;
    const matrix = [cos, -sin, -sin, -cos, x, y].map((value) => value.toFixed(4)).join(' ');
    const { id } = this.#embedded.bold;
    this.artifact(
      () => this.raw(`${ink.ghost} rg BT/${id} ${size} Tf ${matrix} Tm<${encoded}>Tj ET`),
      'Pagination',
    );
  }

  // Flowing text ----------------------------------------------------------------------------------

  heading(text: string, level: 1 | 2 | 3 = 2): void {
    this.y += 14;
    this.leaf(`H${level}`, () =>
      this.text(text, PAGE.left, this.y + 9, { size: 10.5, face: this.bold }),
    );
    this.y += 14;
    this.artifact(() => this.rule(PAGE.left, PAGE.right, this.y, 1.1, ink.black));
    this.y += 4;
  }

  /** A paragraph over as many lines and pages as it needs. */
  paragraph(
    text: string,
    style: TextStyle & { x?: number; width?: number; lead?: number; type?: string } = {},
  ): void {
    const { size = 8.5, x = PAGE.left, lead = size * 1.55, color = ink.black } = style;
    const { width = PAGE.right - x, face = this.regular, type = 'P' } = style;
    const element = this.open(type);
    const lines = breakLines(this.clean(text), face, size, width);
    for (let from = 0; from < lines.length;) {
      this.ensure(lead);
      const room = Math.max(1, Math.floor((PAGE.bottom - this.y) / lead));
      const part = lines.slice(from, from + room);
      this.draw(element, () => {
        for (const line of part) {
          this.glyphs(line, x, this.y + size, face, size, color);
          this.y += lead;
        }
      });
      from += part.length;
    }
  }

  // End -------------------------------------------------------------------------------------------

  attach({ name, type, description, bytes }: Attachment): void {
    const moment = this.#facts.created;
    embedFile(this.#file, { name, type, description, bytes, moment });
  }

  /** Writes footers, outline and structure, and gives the file. */
  async seal(footer: (page: number, pages: number) => readonly [string, string]): Promise<Buffer> {
    const total = this.#pages.length;
    this.#pages.forEach(({ pdf, content }, index) => {
      this.#content = content;
      this.#font = '';
      this.#fill = '';
      Object.assign(this.#file, { page: pdf });
      this.#footer(footer(index + 1, total));
      pdf.content.write(Buffer.from(content.join('\n'), 'latin1'));
    });
    const keys = this.#tree.pageKeys();
    for (const {
      pdf: { dictionary },
    } of this.#pages) {
      dictionary.data['StructParents'] = keys.get(dictionary.id);
    }
    this.#writeBookmarks();
    attachStructure(this.#file, this.#tree);
    const chunks: Buffer[] = [];
    this.#file.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = new Promise<void>((resolve, reject) => {
      this.#file.once('end', resolve).once('error', reject);
    });
    this.#file.end();
    await ended;
    return Buffer.concat(chunks);
  }

  #footer([left, right]: readonly [string, string]): void {
    this.artifact(() => {
      const y = PAGE.height - 30;
      const room = CONTENT_WIDTH - 70;
      const [line = ''] = breakLines(this.clean(left), this.regular, 7.5, room);
      const cut = line === this.clean(left) ? line : `${line.trimEnd()}…`;
      this.text(cut, PAGE.left, y, { size: 7.5, color: ink.soft });
      this.text(right, PAGE.right, y, { size: 7.5, color: ink.soft, align: 'right' });
    }, 'Pagination');
  }

  #writeBookmarks(): void {
    const add = (into: PDFKit.PDFOutline, { title, page, y, children }: Bookmark): void => {
      // pdfkit counts both from the far edge: a left of the full width is the left margin.
      const options = { left: PAGE.width, top: y - 8, pageNumber: page, expanded: false };
      const item = into.addItem(title, options);
      for (const child of children) add(item, child);
    };
    for (const entry of this.#bookmarks) add(this.#file.outline, entry);
  }

  /** The glyph numbers of a text in the embedded subset, in hexadecimal. */
  #encode(text: string, face: Face): string {
    const known = this.#encoded[face.name];
    let hex = '';
    for (let i = 0; i < text.length; i += 1) {
      const at = text.codePointAt(i)!;
      if (at > 0xffff) i += 1;
      hex += known[at] ?? this.#learn(at, face);
    }
    return hex;
  }

  #learn(codePoint: number, face: Face): string {
    const { subset, widths, unicode } = this.#embedded[face.name];
    const index = subset.includeGlyph(face.glyph(codePoint));
    widths[index] ??= face.advance(codePoint);
    unicode[index] ??= [codePoint];
    const hex = index.toString(16).padStart(4, '0');
    this.#encoded[face.name][codePoint] = hex;
    return hex;
  }
}
