// figures.json (收支公示的数字) read without ever having all its entries as objects at once: a long month has a
// hundred thousand of them. Canonical JSON has its keys in order, so the list of entries is one stretch of bytes; it
// is cut between entries and read part by part.
import type { DisclosureFigures, EntryRow } from '../../reports/monthly-disclosure/figures.ts';
import { textOf } from '../proof/bytes.ts';
import { isBody, Misshapen, readJson } from './fields.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);
const MARK = '"entries":[';
const PART = 512 * 1024;

export type FiguresHead = Omit<DisclosureFigures, 'entries'>;

/** Place of the bracket that opens the list of entries at the top of the object, and the cuts between its parts. */
function findEntries(bytes: Uint8Array): { open: number; cuts: number[] } {
  let depth = 0;
  let open = -1;
  let from = 0;
  const cuts: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      const key_at = at;
      for (at += 1; at < bytes.length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
      if (open < 0 && depth === 1 && isMark(bytes, key_at)) {
        open = at + 2;
        from = open + 1;
      }
    } else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) {
      depth -= 1;
      if (open >= 0 && depth === 1) return { open, cuts: [...cuts, at] };
      if (open >= 0 && depth === 2 && at - from >= PART) {
        cuts.push(at + 1);
        from = at + 1;
      }
    }
  }
  throw new Misshapen('entries');
}

function isMark(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < MARK.length; i += 1) if (bytes[at + i] !== MARK.charCodeAt(i)) return false;
  return true;
}

export interface FiguresFile {
  /** Everything but the entries. */
  head: FiguresHead;
  /** Entries, some hundred at a time. */
  parts(): Generator<EntryRow[]>;
}

/** Opens figures.json. Misshapen or SyntaxError for anything that is not canonical JSON of its kind. */
export function readFiguresFile(bytes: Uint8Array): FiguresFile {
  const { open, cuts } = findEntries(bytes);
  const head = readJson(`${textOf(bytes.subarray(0, open + 1))}${textOf(bytes.subarray(cuts.at(-1)!))}`);
  if (!isBody(head) || head['format'] !== 'mingzhang/monthly-disclosure/v1') throw new Misshapen('format');
  return {
    head: head as unknown as FiguresHead,
    *parts() {
      let from = open + 1;
      for (const cut of cuts) {
        // Between two parts stands a comma.
        const text = textOf(bytes.subarray(from, cut));
        from = cut + 1;
        // Each field is compared with the record, so no key that comes twice can say two things.
        if (text !== '') yield JSON.parse(`[${text}]`) as EntryRow[];
      }
    },
  };
}
