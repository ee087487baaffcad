// The thread that prints monthly disclosures (see renderer.ts).
import { parentPort } from 'node:worker_threads';
import assert from 'node:assert/strict';
import { answerFrom } from '../kit/worker-pool.ts';
import { renderMonthlyDisclosure } from './layout.ts';
import type { DisclosureJob } from './renderer.ts';

assert(parentPort !== null, 'runs as a thread only');
answerFrom<DisclosureJob>(parentPort, async ({ figures, locale, attachments }) =>
  renderMonthlyDisclosure(figures, locale, attachments),
);
