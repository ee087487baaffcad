// Findings about the owners' votes.
import type { Told } from './told.ts';

export const ballotTexts = {
  vote_wrong: ['broken', 'vote', '第 {resolution} 号业主表决：{what}', 'vote {resolution} of the owners: {what}'],
  resolution_link_wrong: ['broken', 'unsigned', '第 {proposal} 号签批单所依据的业主表决没有通过，或不是它写的那一次', 'proposal {proposal} rests on a vote of the owners that did not pass, or on another than it says'],
} as const satisfies Record<string, Told>;
