// Prints reports in threads beside the server. One printer per process is enough: all reports share its threads, and
// each thread its fonts.
import type { Locale } from '../src/kernel/locale.ts';
import type { Seal } from './kit/seal.ts';
import { workerPool } from './kit/worker-pool.ts';
import type { DisclosureFigures } from './monthly-disclosure/figures.ts';
import type { NoticeSheet } from './notice-sheet/sheet.ts';

export type PrintJob =
  | { report: 'disclosure'; figures: DisclosureFigures; locale: Locale; seal: Seal | null }
  | { report: 'notice'; sheet: NoticeSheet; locale: Locale };

export interface Printer {
  /** The same bytes as renderMonthlyDisclosure(). */
  disclosure(figures: DisclosureFigures, locale: Locale, seal?: Seal | null): Promise<Buffer>;
  /** The same bytes as renderNoticeSheet(). */
  notice(sheet: NoticeSheet, locale: Locale): Promise<Buffer>;
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
    close: async () => pool.close(),
  };
}
