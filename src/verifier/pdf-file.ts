// Files embedded in a PDF, read by our own hand, so that the page in the browser and the command need no large
// library, and so that there is one answer to "what is attached": Root → Names → EmbeddedFiles → Filespec → EF.
// Read are classic cross-reference tables and streams, object streams, FlateDecode: what our own writer makes
// (reports/kit/pdf-file.ts) and what it becomes when a tool saves it anew. Refused are encrypted files, the same
// name or number twice, loops, and whatever unpacks to something far too large.
import { inflated, inflatedWhole } from './inflate.ts';
import { damaged, PdfName, PdfParser, PdfReference, pdfText, type PdfDictionary, type PdfValue } from './pdf-objects.ts';
import { Unreadable } from './unreadable.ts';

export interface EmbeddedFile {
  name: string;
  /** Bytes unpacked, as the file says; 0 where it does not. */
  size: number;
  /** Piece by piece, unpacked. */
  open(): AsyncIterable<Uint8Array>;
}

/** Nothing of a disclosure comes near these. */
const LARGEST_ATTACHMENT = 2 ** 31;
const LARGEST_TABLE = 2 ** 28;
/** A megabyte of zeros packed a thousand times would fill the memory of a phone; our own text packs thirty times. */
const MOST_RATIO = 200;
const mostOf = ({ length }: Uint8Array): number => Math.min(LARGEST_ATTACHMENT, Math.max(2 ** 24, MOST_RATIO * length));
const MOST_OBJECTS = 5_000_000;
const MOST_FILES = 1_000;
const DEEPEST = 50;

interface Place { stream: number | null; at: number }
interface Stream { dictionary: PdfDictionary; packed: Uint8Array }

const isStream = (value: PdfValue | Stream): value is Stream =>
  typeof value === 'object' && value !== null && 'packed' in value;

const whole = (value: PdfValue | undefined, where: string): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw damaged(where);
  return value;
};

class PdfFile {
  readonly #bytes: Uint8Array;
  readonly #places = new Map<number, Place>();
  readonly #packs = new Map<number, Promise<Map<number, PdfValue>>>();
  #root: PdfValue | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  async embeddedFiles(): Promise<EmbeddedFile[]> {
    await this.#readTables();
    const catalog = await this.#dictionary(this.#root, 'Root');
    const names = catalog.get('Names');
    if (names === undefined) return [];
    const tree = (await this.#dictionary(names, 'Names')).get('EmbeddedFiles');
    const files: EmbeddedFile[] = [];
    if (tree !== undefined) await this.#walkNames(tree, { files, seen: new Set(), depth: 0 });
    if (new Set(files.map(({ name }) => name)).size < files.length) {
      throw new Unreadable('同名附件出现了两次', 'an attachment is there twice under one name');
    }
    return files;
  }

  // ── Where objects lie ──────────────────────────────────────────────────────────────────────────

  async #readTables(): Promise<void> {
    const tail = this.#bytes.length - 2048;
    const end = lastIndexOf(this.#bytes, 'startxref', Math.max(0, tail));
    if (end < 0) throw new Unreadable('文件不完整，没有结尾', 'the file is incomplete: its end is missing');
    const parser = new PdfParser(this.#bytes, end + 'startxref'.length);
    const waiting = [parser.whole()];
    const seen = new Set<number>();
    while (waiting.length > 0) {
      const at = waiting.shift()!;
      if (seen.has(at) || seen.size > DEEPEST) throw damaged('xref loop');
      seen.add(at);
      const trailer = await this.#readTable(at);
      if (trailer.has('Encrypt')) throw new Unreadable('PDF 加了密', 'the PDF is encrypted');
      this.#root ??= trailer.get('Root');
      const hybrid = trailer.get('XRefStm');
      if (hybrid !== undefined) waiting.push(whole(hybrid, 'XRefStm'));
      const before = trailer.get('Prev');
      if (before !== undefined) waiting.push(whole(before, 'Prev'));
    }
  }

  async #readTable(at: number): Promise<PdfDictionary> {
    if (at >= this.#bytes.length) throw damaged('startxref');
    const parser = new PdfParser(this.#bytes, at);
    parser.skipSpace();
    const own = new Map<number, Place | null>();
    let trailer: PdfDictionary;
    if (parser.takes('xref')) {
      readClassicTable(parser, own);
      trailer = parser.dictionary();
    } else {
      const { value } = this.#objectAt(at);
      if (!isStream(value)) throw damaged('xref stream');
      trailer = value.dictionary;
      readStreamTable(trailer, await this.#unpack(value, LARGEST_TABLE), own);
    }
    // The newest table speaks first; what an older one says of the same object is over.
    for (const [id, place] of own) if (!this.#places.has(id)) this.#places.set(id, place ?? { stream: null, at: -1 });
    if (this.#places.size > MOST_OBJECTS) throw damaged('objects');
    return trailer;
  }

  // ── Objects ────────────────────────────────────────────────────────────────────────────────────

  #objectAt(at: number): { id: number; value: PdfValue | Stream } {
    const parser = new PdfParser(this.#bytes, at);
    const id = parser.whole();
    parser.whole();
    parser.demand('obj');
    const value = parser.value();
    parser.skipSpace();
    if (!parser.takes('stream')) {
      parser.demand('endobj');
      return { id, value };
    }
    if (!(value instanceof Map)) throw damaged('stream');
    if (this.#bytes[parser.at] === 13) parser.at += 1;
    if (this.#bytes[parser.at] !== 10) throw damaged('stream');
    const start = parser.at + 1;
    const length = this.#lengthOf(value);
    parser.at = start + length;
    if (parser.at > this.#bytes.length) throw damaged('stream');
    parser.demand('endstream');
    return { id, value: { dictionary: value, packed: this.#bytes.subarray(start, start + length) } };
  }

  /** A length may stand in an object of its own, which is a plain number. */
  #lengthOf(dictionary: PdfDictionary): number {
    const said = dictionary.get('Length');
    if (!(said instanceof PdfReference)) return whole(said, 'Length');
    const place = this.#places.get(said.id);
    if (place === undefined || place.stream !== null || place.at < 0) throw damaged('Length');
    const parser = new PdfParser(this.#bytes, place.at);
    if (parser.whole() !== said.id) throw damaged('Length');
    parser.whole();
    parser.demand('obj');
    return parser.whole();
  }

  async #resolve(given: PdfValue | undefined): Promise<PdfValue | Stream> {
    let value: PdfValue | Stream = given ?? null;
    for (let step = 0; value instanceof PdfReference; step += 1) {
      if (step > DEEPEST) throw damaged('reference loop');
      const { id } = value as PdfReference;
      const place = this.#places.get(id);
      if (place === undefined || place.at < 0) return null;
      if (place.stream === null) {
        const found = this.#objectAt(place.at);
        if (found.id !== id) throw damaged(`object ${id}`);
        ({ value } = found);
      } else {
        const pack = this.#packs.get(place.stream) ?? this.#readPack(place.stream);
        this.#packs.set(place.stream, pack);
        const found = (await pack).get(id);
        if (found === undefined) throw damaged(`object ${id}`);
        value = found;
      }
    }
    return value;
  }

  async #dictionary(given: PdfValue | undefined, where: string): Promise<PdfDictionary> {
    const value = await this.#resolve(given);
    if (!(value instanceof Map)) throw damaged(where);
    return value;
  }

  /** The objects of an object stream, by number. */
  async #readPack(stream: number): Promise<Map<number, PdfValue>> {
    const place = this.#places.get(stream);
    if (place === undefined || place.stream !== null || place.at < 0) throw damaged('object stream');
    const { id, value } = this.#objectAt(place.at);
    if (id !== stream || !isStream(value) || (value.dictionary.get('Type') as PdfName | undefined)?.name !== 'ObjStm') throw damaged('object stream');
    const count = whole(value.dictionary.get('N'), 'N');
    const first = whole(value.dictionary.get('First'), 'First');
    const bytes = await this.#unpack(value, LARGEST_TABLE);
    const head = new PdfParser(bytes);
    const found = new Map<number, PdfValue>();
    if (count > bytes.length) throw damaged('object stream');
    for (let i = 0; i < count; i += 1) {
      const number = head.whole();
      const at = first + head.whole();
      if (found.has(number) || at >= bytes.length) throw damaged('object stream');
      found.set(number, new PdfParser(bytes, at).value());
    }
    return found;
  }

  // ── Streams ────────────────────────────────────────────────────────────────────────────────────

  /** Whether the bytes are packed; other filters than FlateDecode are none of ours. */
  async #isPacked({ dictionary }: Stream): Promise<boolean> {
    const said = await this.#resolve(dictionary.get('Filter'));
    const [filter, ...more] = Array.isArray(said) ? said : said === null ? [] : [said as PdfValue];
    if (more.length > 0) throw damaged('Filter');
    if (filter === undefined) return false;
    if (!(filter instanceof PdfName) || filter.name !== 'FlateDecode') throw damaged('Filter');
    return true;
  }

  async #unpack(stream: Stream, limit: number): Promise<Uint8Array> {
    const bytes = await this.#isPacked(stream) ? await inflatedWhole(stream.packed, limit) : stream.packed;
    const said = await this.#resolve(stream.dictionary.get('DecodeParms'));
    const parameters = Array.isArray(said) ? await this.#resolve(said[0]) : said;
    if (!(parameters instanceof Map)) return bytes;
    const predictor = parameters.get('Predictor') ?? 1;
    if (predictor === 1) return bytes;
    const plain = (parameters.get('Colors') ?? 1) === 1 && (parameters.get('BitsPerComponent') ?? 8) === 8;
    if (whole(predictor, 'Predictor') < 10 || !plain) throw damaged('Predictor');
    return unpredicted(bytes, whole(parameters.get('Columns') ?? 1, 'Columns'));
  }

  // ── Attachments ────────────────────────────────────────────────────────────────────────────────

  async #walkNames(node: PdfValue, walk: { files: EmbeddedFile[]; seen: Set<number>; depth: number }): Promise<void> {
    const { files, seen, depth } = walk;
    if (depth > DEEPEST || files.length > MOST_FILES) throw damaged('EmbeddedFiles');
    if (node instanceof PdfReference) {
      if (seen.has(node.id)) throw damaged('EmbeddedFiles');
      seen.add(node.id);
    }
    const tree = await this.#dictionary(node, 'EmbeddedFiles');
    const names = await this.#resolve(tree.get('Names'));
    if (Array.isArray(names)) {
      if (names.length % 2 === 1) throw damaged('EmbeddedFiles');
      for (let i = 1; i < names.length; i += 2) files.push(await this.#filespec(names[i]!));
    }
    const kids = await this.#resolve(tree.get('Kids'));
    if (Array.isArray(kids)) for (const kid of kids) await this.#walkNames(kid, { files, seen, depth: depth + 1 });
  }

  async #filespec(given: PdfValue): Promise<EmbeddedFile> {
    const filespec = await this.#dictionary(given, 'Filespec');
    const texts = await Promise.all(['UF', 'F'].map((key) => this.#resolve(filespec.get(key))));
    const names = texts.filter((text) => text instanceof Uint8Array).map(pdfText);
    const files = await this.#dictionary(filespec.get('EF'), 'EF');
    const streams = ['UF', 'F'].map((key) => files.get(key)).filter((one) => one !== undefined);
    const [first] = streams;
    // Two names or two files in one: readers would differ on which it is.
    if (names.length === 0 || new Set(names).size > 1 || !(first instanceof PdfReference)
      || streams.some((one) => !(one instanceof PdfReference) || one.id !== first.id)) throw damaged('Filespec');
    const stream = await this.#resolve(first);
    if (!isStream(stream)) throw damaged('EF');
    const is_packed = await this.#isPacked(stream);
    if (stream.dictionary.has('DecodeParms')) throw damaged('DecodeParms');
    const told = await this.#resolve(stream.dictionary.get('Params'));
    const size = told instanceof Map ? told.get('Size') : 0;
    return { name: names[0]!, size: typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : 0, open: () => (is_packed ? inflated(stream.packed, mostOf(stream.packed)) : plain(stream.packed)) };
  }
}

async function* plain(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function lastIndexOf(bytes: Uint8Array, word: string, from: number): number {
  for (let at = bytes.length - word.length; at >= from; at -= 1) {
    let i = 0;
    while (i < word.length && bytes[at + i] === word.charCodeAt(i)) i += 1;
    if (i === word.length) return at;
  }
  return -1;
}

function put(own: Map<number, Place | null>, id: number, place: Place | null): void {
  if (own.has(id)) throw damaged(`object ${id} twice`);
  if (own.size > MOST_OBJECTS) throw damaged('objects');
  own.set(id, place);
}

function readClassicTable(parser: PdfParser, own: Map<number, Place | null>): void {
  for (;;) {
    parser.skipSpace();
    if (parser.takes('trailer')) return;
    const first = parser.whole();
    const count = parser.whole();
    for (let i = 0; i < count; i += 1) {
      const at = parser.whole();
      parser.whole();
      parser.skipSpace();
      if (parser.takes('n')) put(own, first + i, { stream: null, at });
      else if (parser.takes('f')) put(own, first + i, null);
      else throw damaged('xref');
    }
  }
}

function readStreamTable(trailer: PdfDictionary, bytes: Uint8Array, own: Map<number, Place | null>): void {
  const widths = trailer.get('W');
  const index = trailer.get('Index') ?? [0, trailer.get('Size') ?? null];
  if (!Array.isArray(widths) || widths.length !== 3 || !Array.isArray(index) || index.length % 2 === 1) throw damaged('xref stream');
  const [a, b, c] = widths.map((width) => whole(width, 'W')) as [number, number, number];
  if (a > 6 || b > 6 || c > 6 || b === 0) throw damaged('W');
  let at = 0;
  const field = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i += 1) value = value * 256 + bytes[at + i]!;
    at += width;
    return value;
  };
  for (let i = 0; i < index.length; i += 2) {
    const first = whole(index[i], 'Index');
    const count = whole(index[i + 1], 'Index');
    if (at + count * (a + b + c) > bytes.length) throw damaged('xref stream');
    for (let row = 0; row < count; row += 1) {
      const kind = a === 0 ? 1 : field(a);
      const second = field(b);
      field(c);
      if (kind === 1) put(own, first + row, { stream: null, at: second });
      else if (kind === 2) put(own, first + row, { stream: second, at: 0 });
      else put(own, first + row, null);
    }
  }
}

/** Undoes the PNG predictors row by row (qpdf packs its cross-reference streams with them). */
function unpredicted(bytes: Uint8Array, columns: number): Uint8Array {
  if (columns < 1 || columns > 4096 || bytes.length % (columns + 1) !== 0) throw damaged('Columns');
  const rows = bytes.length / (columns + 1);
  const found = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const kind = bytes[row * (columns + 1)]!;
    for (let i = 0; i < columns; i += 1) {
      const raw = bytes[row * (columns + 1) + 1 + i]!;
      const left = i > 0 ? found[row * columns + i - 1]! : 0;
      const up = row > 0 ? found[(row - 1) * columns + i]! : 0;
      const corner = row > 0 && i > 0 ? found[(row - 1) * columns + i - 1]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      if (guess === undefined) throw damaged('predictor');
      found[row * columns + i] = (raw + guess) & 255;
    }
  }
  return found;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

export const isPdf = (bytes: Uint8Array): boolean =>
  bytes.length > 8 && [37, 80, 68, 70, 45].every((byte, i) => bytes[i] === byte);

/** What is attached to a PDF. Unreadable for whatever is none, or is not exactly one. */
export async function embeddedFiles(bytes: Uint8Array): Promise<EmbeddedFile[]> {
  if (!isPdf(bytes)) throw new Unreadable('不是 PDF 文件', 'it is no PDF');
  try {
    return await new PdfFile(bytes).embeddedFiles();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    // Whatever else goes wrong while reading (a number too large for an array, say) is the file's doing.
    throw damaged(error instanceof Error ? error.name : 'unknown');
  }
}
