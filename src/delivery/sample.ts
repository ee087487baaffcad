// The sample that the page of a webhook shows: a file of its own, so that test/delivery runs the very text against what is sent.
import { readFileSync } from 'node:fs';

export const sample = readFileSync(new URL('./verify-webhook.mjs', import.meta.url), 'utf8');
