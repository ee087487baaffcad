// What a voucher file is, by its content and never by its name. Only five kinds are kept: what people
// scan (PDF, JPEG, PNG) and what invoice platforms give (PDF, OFD, XML). Everything else, and whatever
// is broken or built to do harm, is refused in plain words before anything is stored.
import { fileTypeFromBuffer } from 'file-type';
import { XMLValidator } from 'fast-xml-parser';
import { archiveEntries } from './archive.ts';
import { refusals } from './refusals.ts';

export type MediaType = 'application/pdf' | 'image/jpeg' | 'image/png' | 'application/ofd' | 'application/xml';
export const LARGEST_FILE = 20 * 1024 * 1024;
const LARGEST_XML = 5 * 1024 * 1024;
const ZIP_ENTRIES = 1_000;
const ZIP_RATIO = 100;

export const typeName: Record<MediaType, string> = {
  'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'application/ofd': 'OFD', 'application/xml': 'XML',
};

/** The kind of a file. Refusals: file_empty, file_too_large, file_type_refused, file_damaged, file_unsafe. */
export async function mediaTypeOf(bytes: Buffer, file_name: string): Promise<MediaType> {
  if (bytes.length === 0) throw refusals.file_empty({ file_name }, 'vouchers');
  if (bytes.length > LARGEST_FILE) throw refusals.file_too_large({ file_name, limit: '20 MB' }, 'vouchers');
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return pdf(bytes, file_name);
  if (bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) return ofd(bytes, file_name);
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (found?.mime === 'image/jpeg') return jpeg(bytes, file_name);
  if (found?.mime === 'image/png') return png(bytes, file_name);
  const looksLikeXml = found === undefined || found.mime === 'application/xml';
  if (looksLikeXml && /^[\s\uFEFF]*</.test(start(bytes))) return xml(bytes, file_name);
  throw refusals.file_type_refused({ file_name, found: found?.ext ?? '?' }, 'vouchers');
}

function damaged(file_name: string, type: MediaType, what: string, what_en: string): Error {
  return refusals.file_damaged({ file_name, type: typeName[type], what, what_en }, 'vouchers');
}
const unsafe = (file_name: string, what: string, what_en: string): Error =>
  refusals.file_unsafe({ file_name, what, what_en }, 'vouchers');

function pdf(bytes: Buffer, file_name: string): MediaType {
  // Some scanners pad the end of a file, none by more than a few hundred bytes.
  if (!/^%PDF-[12]\.\d/.test(bytes.subarray(0, 8).toString('latin1'))) {
    throw damaged(file_name, 'application/pdf', '版本看不懂', 'its version cannot be read');
  }
  if (!bytes.subarray(-2048).toString('latin1').includes('%%EOF')) {
    throw damaged(file_name, 'application/pdf', '没有结尾', 'its end is missing');
  }
  return 'application/pdf';
}

/** Walks the segments to the picture's frame: a JPEG without one is a header on something else. */
function jpeg(bytes: Buffer, file_name: string): MediaType {
  const fail = (): never => { throw damaged(file_name, 'image/jpeg', '图像不完整', 'the picture is incomplete'); };
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) fail();
    const marker = bytes[at + 1]!;
    if (marker === 0xff) { at += 1; continue; }
    const is_frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (is_frame) {
      if (bytes.readUInt16BE(at + 5) === 0 || bytes.readUInt16BE(at + 7) === 0 || bytes.lastIndexOf('\xff\xd9', undefined, 'latin1') < at) fail();
      return 'image/jpeg';
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return fail();
}

function png(bytes: Buffer, file_name: string): MediaType {
  const whole = bytes.length >= 57 && bytes.subarray(12, 16).toString('latin1') === 'IHDR'
    && bytes.readUInt32BE(16) > 0 && bytes.readUInt32BE(20) > 0 && bytes.lastIndexOf('IEND', undefined, 'latin1') > 0;
  if (!whole) throw damaged(file_name, 'image/png', '图像不完整', 'the picture is incomplete');
  return 'image/png';
}

/** An OFD invoice is a zip with OFD.xml in it; its directory is what counts here. */
function ofd(bytes: Buffer, file_name: string): MediaType {
  const entries = archiveEntries(bytes);
  if (entries === null) throw damaged(file_name, 'application/ofd', '压缩包目录缺失', 'the directory of the archive is missing');
  if (!entries.some((entry) => entry.name === 'OFD.xml')) {
    throw refusals.file_type_refused({ file_name, found: 'zip' }, 'vouchers');
  }
  if (entries.length > ZIP_ENTRIES) throw unsafe(file_name, `压缩包里有 ${entries.length} 个文件`, `${entries.length} files in the archive`);
  const size = entries.reduce((all, entry) => all + entry.size, 0);
  const huge = entries.some((entry) => entry.size > 1_000_000 && entry.size > ZIP_RATIO * Math.max(entry.packed, 1));
  if (huge || size > ZIP_RATIO * bytes.length) throw unsafe(file_name, '解压后大得不正常', 'it unpacks to something far too large');
  const escapes = entries.some((entry) => entry.name.startsWith('/') || entry.name.includes('\\') || entry.name.split('/').includes('..'));
  if (escapes) throw unsafe(file_name, '压缩包里有越界路径', 'a path leads out of the archive');
  return 'application/ofd';
}

const start = (bytes: Buffer): string => {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'latin1';
  return new TextDecoder(wide).decode(bytes.subarray(0, 200)).replace(/^ï»¿/, '');
};

function xmlText(bytes: Buffer, file_name: string): string {
  const head = start(bytes);
  const named = /^\s*<\?xml[^>]*\sencoding=["']([A-Za-z0-9._-]{1,20})["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  const known = ['utf-8', 'utf8', 'gbk', 'gb2312', 'gb18030'].includes(named) ? named : 'utf-8';
  try {
    return new TextDecoder(wide ?? known, { fatal: true }).decode(bytes);
  } catch {
    throw damaged(file_name, 'application/xml', '文字编码不对', 'its text encoding is wrong');
  }
}

/** A document type may define entities, and entities may read files or grow without end. */
function refuseEntities(text: string, file_name: string): void {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw unsafe(file_name, '含有 DTD 或实体定义', 'a DTD or entities');
}

/** The text of an XML that lies inside another file; null where it is none. Refusal: file_unsafe. */
export function plainXml(bytes: Buffer, file_name: string): string | null {
  let text: string;
  try {
    text = xmlText(bytes, file_name);
  } catch {
    return null;
  }
  refuseEntities(text, file_name);
  return text;
}

function xml(bytes: Buffer, file_name: string): MediaType {
  if (bytes.length > LARGEST_XML) throw refusals.file_too_large({ file_name, limit: '5 MB (XML)' }, 'vouchers');
  const text = xmlText(bytes, file_name);
  const root = /<(?![?!])(?:[\w.-]+:)?([\w.-]+)/.exec(text)?.[1]?.toLowerCase();
  if (root === 'html' || root === 'svg' || /<!doctype\s+html/i.test(text)) {
    throw refusals.file_type_refused({ file_name, found: root ?? 'html' }, 'vouchers');
  }
  refuseEntities(text, file_name);
  if (/<\?xml-stylesheet|<[\w.-]*:?script[\s>]/i.test(text)) throw unsafe(file_name, '含有脚本或样式', 'a script or style sheet');
  if (/<(?!\?xml)(?:[\w.-]+:)?script/i.test(text)) throw unsafe(file_name, '含有脚本', 'a script');
  if (root === undefined || XMLValidator.validate(text) !== true) {
    throw damaged(file_name, 'application/xml', '格式不完整', 'it is not well-formed');
  }
  return 'application/xml';
}
