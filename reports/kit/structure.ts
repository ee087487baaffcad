// The reading order of a report for screen readers and text extraction: the structure tree of
// PDF/A-3a. A month of 10,000 entries has 100,000 cells. As separate objects they cost more time
// and more bytes than all the text, so this tree is written by hand into compressed object streams
// (ISO 32000-1, 7.5.7, allowed by PDF/A-3) instead of through pdfkit's element class.

/** One structure element; `kids` is already PDF text: references and marked-content numbers. */
export interface Element {
  readonly id: number;
  readonly type: string;
  readonly parent: number;
  readonly attributes: string;
  page: number;
  kids: string;
}

/** Text strings of the structure: UTF-16 with mark, in hexadecimal, so that bytes stay ASCII. */
export function textString(text: string): string {
  let hex = '';
  for (let i = 0; i < text.length; i += 1) hex += text.charCodeAt(i).toString(16).padStart(4, '0');
  return `<FEFF${hex.toUpperCase()}>`;
}

export const spoken = (text: string): string => `/Alt ${textString(text)}`;
export const COLUMN_HEAD = '/A<</O/Table/Scope/Column>>';
export const columnSpan = (columns: number): string => `/A<</O/Table/ColSpan ${columns}>>`;

export class StructureTree {
  readonly root: Element;
  readonly rootId: number;
  readonly #allocate: () => number;
  readonly #elements: Element[] = [];
  /** Page object number → the elements of its marked contents, in order. */
  readonly #pages = new Map<number, string[]>();

  constructor(allocate: () => number) {
    this.#allocate = allocate;
    this.rootId = allocate();
    this.root = this.#element('Document', this.rootId, '');
  }

  add(parent: Element, type: string, attributes = ''): Element {
    const element = this.#element(type, parent.id, attributes);
    parent.kids += ` ${element.id} 0 R`;
    return element;
  }

  /** Gives the number (MCID) of a new marked content of the element on that page. */
  mark(element: Element, page: number): number {
    let marks = this.#pages.get(page);
    if (marks === undefined) this.#pages.set(page, (marks = []));
    const mcid = marks.push(`${element.id} 0 R`) - 1;
    if (element.page === 0) element.page = page;
    element.kids +=
      element.page === page ? ` ${mcid}` : ` <</Type/MCR/Pg ${page} 0 R/MCID ${mcid}>>`;
    return mcid;
  }

  /** The key of each page in the parent tree, in the order of the pages' first marks. */
  pageKeys(): Map<number, number> {
    return new Map([...this.#pages.keys()].map((page, key) => [page, key]));
  }

  /** Every object of the tree as [number, text], ready for object streams. */
  *objects(): Generator<[number, string]> {
    const numbers = [...this.#pages.values()].map((marks, key) => `${key}[${marks.join(' ')}]`);
    yield [
      this.rootId,
      `<</Type/StructTreeRoot/K ${this.root.id} 0 R` +
        `/ParentTree<</Nums[${numbers.join('\n')}]>>/ParentTreeNextKey ${numbers.length}>>`,
    ];
    for (const { id, type, parent, page, kids, attributes } of this.#elements) {
      const on = page === 0 ? '' : `/Pg ${page} 0 R`;
      yield [id, `<</S/${type}/P ${parent} 0 R${on}/K[${kids}]${attributes}>>`];
    }
  }

  #element(type: string, parent: number, attributes: string): Element {
    const element = { id: this.#allocate(), type, parent, attributes, page: 0, kids: '' };
    this.#elements.push(element);
    return element;
  }
}
