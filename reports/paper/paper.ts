// A paper (单据): what is printed for one dwelling, one batch or one handover, as finished texts in one language. Whoever has the
// figures builds it; layout.ts sets it. Several papers make one file, each beginning on a page of its own.
import type { Locale } from '../../src/kernel/locale.ts';

export interface PaperColumn { title: string; align: 'left' | 'right'; /** Part of the width, any unit. */ width: number }

export type PaperBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string; strong?: boolean | undefined; small?: boolean | undefined }
  /** Label and value, two to a line where they are short. */
  | { kind: 'facts'; items: { label: string; value: string }[] }
  /** Breaks over pages with its head repeated; `total` is never alone on a page. */
  | { kind: 'table'; caption: string; columns: PaperColumn[]; rows: string[][]; total?: string[] | undefined; empty?: string | undefined }
  /** One large amount: "7,000.00", and in capital numerals where given. */
  | { kind: 'amount'; label: string; figures: string; capital?: string | undefined }
  | { kind: 'qr'; text: string; caption: string }
  /** Lines to sign on, or who signed: label, name, day. */
  | { kind: 'signatures'; lines: { label: string; name?: string | undefined; day?: string | undefined }[] };

export interface Paper {
  locale: Locale;
  /** Name of the estate in the language of the paper. */
  estate: string;
  title: string;
  /** "No. 000123"; shown beside the title. */
  number?: string | undefined;
  /** Diagonal and under the title: 作废, for a receipt that is void. */
  stamp?: string | undefined;
  blocks: PaperBlock[];
  /** Small print at the foot of each page. */
  foot: string;
  /** Instant in ISO form that the file bears as its own; without it the moment of printing, and no two files are the same. */
  made_at?: string | undefined;
}
