// The one place that reaches into pdfkit. pdfkit makes pages, fonts, outline, attachments and
// PDF/A; three of its methods are replaced on the instance, because
//   endMarkings  the structure tree is ours (structure.ts) and goes into object streams;
//   _addInfo     pdfkit writes title and author into the XMP metadata without escaping & and <;
//   _finalize    object streams need a cross-reference stream instead of the classic table.
// The version of pdfkit is pinned exactly; test/reports/kit.test.ts fails when these change.
import PDFDocument from 'pdfkit';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { isoInstant } from '../../src/kernel/dates.ts';
import type { Face } from './fonts.ts';
import type { StructureTree } from './structure.ts';

export interface Reference {
  readonly id: number;
  data: Record<string, unknown>;
  end(chunk?: Uint8Array): void;
}

/** A font as embedded in one document: characters used so far and their numbers. */
export interface EmbeddedFace {
  readonly id: string;
  readonly subset: { includeGlyph(glyph: number): number };
  readonly widths: number[];
  readonly unicode: number[][];
  ref(): Reference;
}

export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly dictionary: Reference;
  readonly fonts: Record<string, Reference>;
  readonly content: { write(chunk: Uint8Array): void };
}

export interface Internals {
  page: PdfPage;
  info: Record<string, string | Date>;
  _font: EmbeddedFace;
  _id: Uint8Array;
  _offsets: (number | null)[];
  _offset: number;
  _root: Reference;
  _info: Reference;
  _write(data: string | Uint8Array): void;
  _addInfo(): void;
  _finalize(): void;
  addNamedEmbeddedFile(name: string, place: Reference): void;
  endMarkings(): void;
  appendXML(xml: string): void;
  getMarkInfoDictionary(): Reference;
  ref(data: Record<string, unknown>): Reference;
  push(chunk: null): void;
}

/** PDF text that pdfkit prints as it stands. */
class Raw {
  readonly [Symbol.toStringTag] = 'Raw';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export interface FileFacts {
  title: string;
  author: string;
  subject: string;
  lang: string;
  /** Fixed: the moment of publication, never the moment of printing. */
  created: Date;
  /** 16 bytes, the same for the same content. */
  fileId: Uint8Array;
}

const producer = 'Mingzhang';

export function openFile(facts: FileFacts): PDFKit.PDFDocument & Internals {
  const options = {
    subset: 'PDF/A-3a',
    pdfVersion: '1.7',
    lang: facts.lang,
    displayTitle: true,
    autoFirstPage: false,
    bufferPages: true,
    font: null,
    margin: 0,
    size: 'A4',
    info: {
      Title: facts.title,
      Author: facts.author,
      Subject: facts.subject,
      Producer: producer,
      Creator: producer,
      CreationDate: facts.created,
      ModDate: facts.created,
    },
  };
  const Constructor = PDFDocument as unknown as new (
    given: object,
  ) => PDFKit.PDFDocument & Internals;
  const file = new Constructor(options);
  file._id = facts.fileId;
  file._addInfo = () => file.appendXML(metadata(facts));
  return file;
}

export function embedFace(file: PDFKit.PDFDocument & Internals, face: Face): EmbeddedFace {
  file.font(face.font as unknown as string);
  // PDF/A wants no glyph to stand for U+0000, not even the empty box, which is never printed.
  file._font.unicode[0] = [0xfffd];
  return file._font;
}

const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '');

function metadata({ title, author, subject, created }: FileFacts): string {
  const moment = `${isoInstant(created).slice(0, 19)}Z`;
  return `
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>${moment}</xmp:CreateDate>
<xmp:ModifyDate>${moment}</xmp:ModifyDate>
<xmp:CreatorTool>${producer}</xmp:CreatorTool>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escapeXml(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">${escapeXml(subject)}</rdf:li>
</rdf:Alt></dc:description>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>${producer}</pdf:Producer>
</rdf:Description>`;
}

/** Attaches a file, as PDF/A-3 wants it: in the name tree and as an associated file. pdfkit's own way works the MD5
 *  out in JavaScript, which for the records of a large month takes longer than packing them. */
export function embedFile(
  file: Internals,
  { name, type, description, bytes, moment }: EmbeddedFile,
): void {
  const stream = file.ref({
    Type: 'EmbeddedFile',
    Subtype: type.replace('/', '#2F'),
    Params: {
      CreationDate: moment,
      ModDate: moment,
      CheckSum: createHash('md5').update(bytes).digest(),
      Size: bytes.byteLength,
    },
  });
  stream.end(bytes);
  const place = file.ref({
    Type: 'Filespec',
    AFRelationship: 'Data',
    F: new Raw(literal(name)),
    UF: new Raw(literal(name)),
    EF: { F: stream },
    Desc: new Raw(literal(description)),
  });
  place.end();
  file.addNamedEmbeddedFile(name, place);
  const associated = (file._root.data['AF'] ??= []) as Reference[];
  associated.push(place);
}

export interface EmbeddedFile {
  name: string;
  type: string;
  description: string;
  bytes: Uint8Array;
  /** Fixed, as of the whole file. */
  moment: Date;
}

/** A text of PDF: as it stands where it is ASCII, else UTF-16 with its byte order mark. */
function literal(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`;
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}

/** Takes an object number for something that will live in an object stream. */
export function allocate(file: Internals): number {
  return file._offsets.push(0);
}

const OBJECTS_PER_STREAM = 400;
type Places = Map<number, { stream: number; index: number }>;

/** To be called once, before `file.end()`: the tree, the object streams and their table. */
export function attachStructure(file: Internals, tree: StructureTree): void {
  const places: Places = new Map();
  const marked = file.getMarkInfoDictionary();
  marked.data['Marked'] = true;
  file._root.data['StructTreeRoot'] = new Raw(`${tree.rootId} 0 R`);
  file.endMarkings = () => {
    marked.end();
    let batch: [number, string][] = [];
    for (const object of tree.objects()) {
      if (batch.push(object) < OBJECTS_PER_STREAM) continue;
      writeObjectStream(file, batch, places);
      batch = [];
    }
    if (batch.length > 0) writeObjectStream(file, batch, places);
  };
  file._finalize = () => writeCrossReferences(file, places);
}

function writeObjectStream(file: Internals, objects: [number, string][], places: Places): void {
  let index = '';
  let body = '';
  const stream = file.ref({});
  objects.forEach(([id, text], position) => {
    index += `${id} ${body.length} `;
    body += `${text}\n`;
    places.set(id, { stream: stream.id, index: position });
  });
  stream.data = { Type: 'ObjStm', N: objects.length, First: index.length };
  stream.end(Buffer.from(index + body, 'latin1'));
}

function writeCrossReferences(file: Internals, places: Places): void {
  const start = file._offset;
  const own = file._offsets.push(start);
  const rows = Buffer.alloc((own + 1) * 7);
  rows.writeUInt16BE(0xffff, 5);
  file._offsets.forEach((offset, position) => {
    const at = (position + 1) * 7;
    const place = places.get(position + 1);
    rows.writeUInt8(place === undefined ? 1 : 2, at);
    rows.writeUInt32BE(place === undefined ? (offset ?? 0) : place.stream, at + 1);
    rows.writeUInt16BE(place === undefined ? 0 : place.index, at + 5);
  });
  const packed = deflateSync(rows);
  const id = Buffer.from(file._id).toString('hex');
  file._write(
    `${own} 0 obj\n<</Type/XRef/Size ${own + 1}/W[1 4 2]/Root ${file._root.id} 0 R` +
      `/Info ${file._info.id} 0 R/ID[<${id}><${id}>]/Filter/FlateDecode` +
      `/Length ${packed.length}>>\nstream`,
  );
  file._write(packed);
  file._write(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF`);
  file.push(null);
}
