// Prints monthly disclosures in threads beside the server. One per process is enough.
import type { Locale } from '../../src/kernel/locale.ts';
import type { Attachment } from '../kit/document.ts';
import { workerPool } from '../kit/worker-pool.ts';
import type { DisclosureFigures } from './figures.ts';

export interface DisclosureJob {
  figures: DisclosureFigures;
  locale: Locale;
  attachments: readonly Attachment[];
}

export interface DisclosureRenderer {
  /** The same bytes as renderMonthlyDisclosure(). */
  render(
    figures: DisclosureFigures,
    locale: Locale,
    attachments?: readonly Attachment[],
  ): Promise<Buffer>;
  close(): Promise<void>;
}

/** Threads start with the first job and let the process end while they are idle. */
export function disclosureRenderer(size?: number): DisclosureRenderer {
  const script = new URL(
    import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
    import.meta.url,
  );
  const pool = workerPool<DisclosureJob>(script, size);
  return {
    render: async (figures, locale, attachments = []) => pool.run({ figures, locale, attachments }),
    close: async () => pool.close(),
  };
}
