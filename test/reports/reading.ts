// Reads a finished PDF back with a foreign reader (pdf.js): what it says, not how we wrote it.
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist';

const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

export interface Reading {
  pages: string[];
  /** All pages, without any white space, because cells break lines where they must. */
  text: string;
  outline: { title: string; children: string[] }[];
  attachments: Map<string, Buffer>;
  tags: Map<string, number>;
  tagged: boolean;
  xmp: string;
  title: string;
  lang: string;
}

export async function readPdf(bytes: Buffer): Promise<Reading> {
  const task = getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${library}/cmaps/`,
    verbosity: 0,
    standardFontDataUrl: `${library}/standard_fonts/`,
    useSystemFonts: false,
  });
  const pdf = await task.promise;
  const pages: string[] = [];
  const tags = new Map<string, number>();
  for (let at = 1; at <= pdf.numPages; at += 1) {
    const page = await pdf.getPage(at);
    const { items } = await page.getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
    countTags(await page.getStructTree(), tags);
  }
  const reading = { pages, text: squeezed(pages.join('')), tags, ...(await frame(pdf)) };
  await task.destroy();
  return {
    ...reading,
    xmp: /<\?xpacket begin[\s\S]*<\?xpacket end/.exec(bytes.toString('utf8'))?.[0] ?? '',
  };
}

export const squeezed = (text: string): string => text.replace(/\s/g, '');

async function frame(
  pdf: PDFDocumentProxy,
): Promise<Pick<Reading, 'outline' | 'attachments' | 'tagged' | 'title' | 'lang'>> {
  const { info } = (await pdf.getMetadata()) as { info: { Title: string; Language: string } };
  const outline = ((await pdf.getOutline()) ?? []).map(({ title, items }) => ({
    title,
    children: items.map((item: { title: string }) => item.title),
  }));
  const attachments = new Map<string, Buffer>();
  for (const [id, { filename }] of (await pdf.getAttachments()) ?? []) {
    attachments.set(filename, Buffer.from((await pdf.getAttachmentContent(id))!));
  }
  return {
    outline,
    tagged: ((await pdf.getMarkInfo()) as Map<string, boolean> | null)?.get('Marked') === true,
    title: info.Title,
    lang: info.Language,
    attachments,
  };
}

interface Node {
  role?: string;
  children?: Node[];
}
function countTags(node: unknown, tags: Map<string, number>): void {
  const { role, children } = (node ?? {}) as Node;
  if (role !== undefined) tags.set(role, (tags.get(role) ?? 0) + 1);
  for (const child of children ?? []) countTags(child, tags);
}

/** RFC 4180, for reading our own attachment back. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text
    .replace(/^\ufeff/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}
