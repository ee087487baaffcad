// How a finding is written down in the texts.
import type { Meaning } from './meanings.ts';

/** broken: somebody changed or hid something. unreadable: a file could not be judged at all. caution: it holds, but
 *  something is not proven by these files alone. */
export type Severity = 'broken' | 'unreadable' | 'caution';

/** Severity, meaning, Chinese, English. {x} stands for a fact. */
export type Told = readonly [Severity, Meaning, string, string];
