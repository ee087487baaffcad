// The thread that prints (see printer.ts).
import { parentPort } from 'node:worker_threads';
import assert from 'node:assert/strict';
import { answerFrom } from './kit/worker-pool.ts';
import { renderMonthlyDisclosure } from './monthly-disclosure/layout.ts';
import { renderNoticeSheet } from './notice-sheet/layout.ts';
import { renderReconciliation } from './reconciliation/layout.ts';
import { renderPapers } from './paper/layout.ts';
import type { PrintJob } from './printer.ts';

assert(parentPort !== null, 'runs as a thread only');
answerFrom<PrintJob>(parentPort, async (job) => {
  if (job.report === 'disclosure') return renderMonthlyDisclosure(job.figures, job.locale, job.seal);
  if (job.report === 'notice') return renderNoticeSheet(job.sheet, job.locale);
  if (job.report === 'papers') return renderPapers(job.papers, job.locale);
  return renderReconciliation(job.figures, job.locale);
});
