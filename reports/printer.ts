// Prints reports in threads beside the server. One printer per process is enough: all reports share its threads, and
// each thread its fonts.
import type { Locale } from '../src/kernel/locale.ts';
import type { Seal } from './kit/seal.ts';
import { workerPool } from './kit/worker-pool.ts';
import type { DisclosureFigures } from './monthly-disclosure/figures.ts';
import type { NoticeSheet } from './notice-sheet/sheet.ts';
import type { Paper } from './paper/paper.ts';
import type { ReconciliationFigures } from './reconciliation/figures.ts';

export type PrintJob =
  | { report: 'disclosure'; figures: DisclosureFigures; locale: Locale; seal: Seal | null }
  | { report: 'notice'; sheet: NoticeSheet; locale: Locale }
  | { report: 'reconciliation'; figures: ReconciliationFigures; locale: Locale }
  | { report: 'papers'; papers: readonly Paper[]; locale: Locale };

export interface Printer {
  /** The same bytes as renderMonthlyDisclosure(). */
  disclosure(figures: DisclosureFigures, locale: Locale, seal?: Seal | null): Promise<Buffer>;
  /** The same bytes as renderNoticeSheet(). */
  notice(sheet: NoticeSheet, locale: Locale): Promise<Buffer>;
  /** The same bytes as renderReconciliation(). */
  reconciliation(figures: ReconciliationFigures, locale: Locale): Promise<Buffer>;
  /** The same bytes as renderPapers(): one file, each paper from a page of its own. `locale` (of the file): of the first paper. */
  papers(papers: readonly Paper[], locale?: Locale): Promise<Buffer>;
  close(): Promise<void>;
}

/** Threads start with the first job and let the process end while they are idle. */
export function openPrinter(size?: number): Printer {
  const script = new URL(
    import.meta.url.endsWith('.ts') ? './printing-thread.ts' : './printing-thread.js',
    import.meta.url,
  );
  const pool = workerPool<PrintJob>(script, size);
  return {
    disclosure: async (figures, locale, seal = null) =>
      pool.run({ report: 'disclosure', figures, locale, seal }),
    notice: async (sheet, locale) => pool.run({ report: 'notice', sheet, locale }),
    reconciliation: async (figures, locale) => pool.run({ report: 'reconciliation', figures, locale }),
    papers: async (papers, locale = papers[0]?.locale ?? 'zh') => pool.run({ report: 'papers', papers, locale }),
    close: async () => pool.close(),
  };
}

// One pool of printing threads for the process; it starts with the first print.
let opened: Printer | undefined;
export const printer = (): Printer => (opened ??= openPrinter());
/** Ends the printing threads, for a tidy stop of the process. */
export async function closePrinter(): Promise<void> {
  const open = opened;
  opened = undefined;
  await open?.close();
}
