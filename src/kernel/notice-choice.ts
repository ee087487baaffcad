// What a person wants to be told (消息设置), and stopping letters by the link in them, without a login. What is owed is declared all the
// same: it stands on the page of notices whatever was chosen here.
import { randomBytes } from 'node:crypto';
import type { Trx } from './database.ts';

export interface NoticeChoice { bills: boolean; mail: boolean }

export async function choiceOf(trx: Trx, estate_id: number, person_id: string): Promise<NoticeChoice> {
  const row = await trx.selectFrom('notice_choice').select(['bills', 'mail']).where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id).executeTakeFirst();
  return row ?? { bills: true, mail: true };
}

export async function keepChoice(trx: Trx, estate_id: number, person_id: string, choice: NoticeChoice): Promise<void> {
  await trx.insertInto('notice_choice').values({ estate_id, person_id, ...choice, stop_word: newWord() })
    .onConflict((conflict) => conflict.columns(['estate_id', 'person_id']).doUpdateSet(choice)).execute();
}

const newWord = (): string => randomBytes(16).toString('hex');

/** The word for the link in a person's letters; the same in all of them. */
export async function stopWord(trx: Trx, estate_id: number, person_id: string): Promise<string> {
  await trx.insertInto('notice_choice').values({ estate_id, person_id, bills: true, mail: true, stop_word: newWord() })
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
