// What a person wants to be told and how (消息设置), and stopping letters by the link in them, without a login. What is owed is
// declared all the same: it stands on the page of notices whatever was chosen here.
//   now     a letter within a minute or so        digest   in the one letter of the morning        none   on the page only
// What happened to a person's keys always goes out at once: whoever took over a login would otherwise begin by silencing it.
import { randomBytes } from 'node:crypto';
import type { Trx } from './database.ts';
import type { Bilingual } from './locale.ts';

export type Way = 'now' | 'digest' | 'none';
export const ways = ['now', 'digest', 'none'] as const satisfies readonly Way[];

/** Kinds of notices one may choose about, in the order of the page. */
export const topics = {
  sign: { zh: '等您签批的单子', en: 'What waits for your signature' },
  outcome: { zh: '您提的单有了结果、被提异议', en: 'What became of your proposals, objections to them' },
  alarm: { zh: '异常：没有签批的支出、各方人数不够、账户变动', en: 'Exceptions: debits nobody signed for, bodies too small, changes of accounts' },
  question: { zh: '质询、答复、更正申请', en: 'Questions, answers, requests to put something right' },
  bill: { zh: '账单、催缴', en: 'Bills and reminders' },
  other: { zh: '小区其他事务：表决、项目、预算、台账', en: 'Other matters of the estate: votes, projects, budgets, the register' },
} as const satisfies Record<string, Bilingual>;
export type Topic = keyof typeof topics;
export const topicNames = Object.keys(topics) as Topic[];

const byWord: Record<Topic | 'keys', readonly string[]> = {
  keys: ['passkey', 'recovery', 'signing', 'codes', 'log'],
  sign: ['remind', 'ratify', 'delegate'],
  outcome: ['maker', 'proposal', 'objection', 'principal', 'ending', 'appointed'],
  alarm: ['exception', 'exceptions', 'health', 'unratified', 'bank', 'mandate', 'taken', 'invariant', 'relay', 'inspection'],
  question: ['inquiry', 'inquiries', 'answer', 'answered', 'correction', 'erased', 'late', 'escalated', 'escalation', 'list', 'moderation', 'appeal', 'hidden'],
  bill: ['bill', 'reminder'],
  other: [],
};
const topicOf = new Map(Object.entries(byWord).flatMap(([topic, words]) => words.map((word) => [word, topic as Topic | 'keys'])));

/** Topic of a notice, from the first word of its key: "remind:12:1:5" is of sign. */
export const topicOfKey = (key: string): Topic | 'keys' => topicOf.get(/^[a-z]+/.exec(key)?.[0] ?? '') ?? 'other';

export interface NoticeChoice { bills: boolean; mail: boolean }
export interface LetterChoice extends NoticeChoice {
  ways: Record<Topic, Way>;
  /** Whether the letter of the morning tells what waits for one's signature. */
  queue: boolean;
}

const everything: NoticeChoice = { bills: true, mail: true };
const asWay = (value: unknown): Way => ways.find((way) => way === value) ?? 'now';

export async function letterChoiceOf(trx: Trx, estate_id: number, person_id: string): Promise<LetterChoice> {
  const row = await trx.selectFrom('notice_choice').select(['bills', 'mail', 'ways']).where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id).executeTakeFirst();
  const kept: Record<string, unknown> = row?.ways ?? {};
  return {
    bills: row?.bills ?? true, mail: row?.mail ?? true, queue: kept['queue'] !== 'none',
    ways: Object.fromEntries(topicNames.map((topic) => [topic, asWay(kept[topic])])) as Record<Topic, Way>,
  };
}

export async function choiceOf(trx: Trx, estate_id: number, person_id: string): Promise<NoticeChoice> {
  const { bills, mail } = await letterChoiceOf(trx, estate_id, person_id);
  return { bills, mail };
}

const newWord = (): string => randomBytes(16).toString('hex');

export async function keepChoice(trx: Trx, estate_id: number, person_id: string, choice: NoticeChoice): Promise<void> {
  await trx.insertInto('notice_choice').values({ estate_id, person_id, ...choice, stop_word: newWord() })
    .onConflict((conflict) => conflict.columns(['estate_id', 'person_id']).doUpdateSet(choice)).execute();
}

export async function keepLetterChoice(trx: Trx, estate_id: number, person_id: string, { ways: chosen, queue, ...choice }: LetterChoice): Promise<void> {
  const kept = { ...choice, ways: JSON.stringify({ ...chosen, queue: queue ? 'digest' : 'none' }) };
  await trx.insertInto('notice_choice').values({ estate_id, person_id, ...kept, stop_word: newWord() })
    .onConflict((conflict) => conflict.columns(['estate_id', 'person_id']).doUpdateSet(kept)).execute();
}

/** The word for the link in a person's letters; the same in all of them. */
export async function stopWord(trx: Trx, estate_id: number, person_id: string): Promise<string> {
  await trx.insertInto('notice_choice').values({ estate_id, person_id, ...everything, stop_word: newWord() })
    .onConflict((conflict) => conflict.columns(['estate_id', 'person_id']).doNothing()).execute();
  const { stop_word } = await trx.selectFrom('notice_choice').select('stop_word').where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id).executeTakeFirstOrThrow();
  return stop_word;
}

/** Stops the letters of whoever got this link; false where there is nobody. Again, it does nothing. */
export async function stopLetters(trx: Trx, estate_id: number, word: string): Promise<boolean> {
  if (!/^[0-9a-f]{32}$/.test(word)) return false;
  const { numUpdatedRows } = await trx.updateTable('notice_choice').set({ mail: false }).where('estate_id', '=', estate_id)
    .where('stop_word', '=', word).executeTakeFirst();
  return numUpdatedRows > 0n;
}
