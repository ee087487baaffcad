// The text of a bank's file (文件的文字编码): UTF-8, UTF-16 or GB18030, found by the bytes. Strictly: a byte that does not
// belong makes a refusal, never a question mark, since a name or a figure may have stood there.
import { isAscii, isUtf8 } from 'node:buffer';
import { refusals } from './read-refusals.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** Line breaks and tabs (also vertical ones), the form feed of printers and the end mark of DOS are no damage. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd\ufffe\uffff]/;

const unknown = (where_zh = '', where_en = ''): Error => refusals.statement_encoding_unknown({ where_zh, where_en });

/** UTF-16 without a mark: every other byte of the first characters is zero, since banks begin in ASCII or Chinese with commas. */
function wideWithoutMark(bytes: Uint8Array): Encoding | null {
  const head = bytes.subarray(0, 512);
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]! += 1;
  });
  const few = head.length / 8;
  if (zeros[1]! > few && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > few && zeros[1] === 0) return 'utf-16be';
  return null;
}

/** UTF-8 with a few bytes damaged would pass as GB18030 and turn every name into other characters. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 1024 * 1024));
  let whole = 0;
  let broken = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0xfffd) broken += 1;
    else if (unit > 0x7ff) whole += 1;
  }
  return whole > 4 && broken < whole / 2;
}

/** What an XML file says of itself must agree with its bytes. */
function declared(text: string): string | null {
  return /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/.exec(text.slice(0, 300))?.[1]?.toLowerCase() ?? null;
}
const families: Record<Encoding, RegExp> = {
  'utf-8': /^utf-?8$/, 'utf-16le': /^utf-?16(le)?$/, 'utf-16be': /^utf-?16(be)?$/, gb18030: /^(gbk|gb2312|gb18030|gb_2312-80|cp936|ms936|windows-936)$/,
};

/** Random bytes become characters of nobody. One or two may be a bank's own sign for a rare name. */
function isNoise(text: string): boolean {
  const foreign = text.match(/[\u0100-\uffff]/g)?.length ?? 0;
  const nobody = text.match(/[\ue000-\uf8ff]/g)?.length ?? 0;
  return nobody > 2 && nobody > foreign / 50;
}

function encodingOf(bytes: Uint8Array): { encoding: Encoding; mark: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 300)).toString('latin1');
  // A message of few Chinese characters may be sound in both; then what it says of itself holds.
  if (families.gb18030.test(declared(head) ?? '')) return { encoding: 'gb18030', mark: 0 };
  const wide = wideWithoutMark(bytes);
  if (wide !== null) return { encoding: wide, mark: 0 };
  if (isUtf8(bytes)) return { encoding: 'utf-8', mark: 0 };
  if (isDamagedUtf8(bytes)) throw unknown('，像是有几个字节损坏的 UTF-8', '; it looks like UTF-8 with some bytes damaged');
  return { encoding: 'gb18030', mark: 0 };
}

/** The text without its byte order mark, line breaks as they are. Refuses (statement_encoding_unknown) what is damaged,
 *  binary, or another encoding. */
export function decodeText(bytes: Uint8Array): string {
  const { encoding, mark } = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(mark));
  } catch {
    throw unknown();
  }
  const plain = text.endsWith('\u001a') ? text.slice(0, text.indexOf('\u001a')) : text;
  const odd = controls.exec(plain);
  if (odd !== null) {
    const line = plain.slice(0, odd.index).split('\n').length;
    throw unknown(`，第 ${line} 行有不是文字的字节`, `; line ${line} has bytes that are no text`);
  }
  if (encoding === 'gb18030' && isNoise(plain)) throw unknown();
  const said = declared(plain);
  if (said !== null && !families[encoding].test(said) && !isAscii(bytes)) {
    throw unknown(`，文件自称是 ${said}`, `; the file calls itself ${said}`);
  }
  return plain;
}
