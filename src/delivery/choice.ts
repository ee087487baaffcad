// Choosing how notices are sent (消息设置): see kernel/notice-choice.ts for what may be chosen.
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { keepLetterChoice, letterChoiceOf, topicNames, ways, type LetterChoice } from '../kernel/notice-choice.ts';
import { refusals } from './refusals.ts';

export interface ChoiceTyped { mail?: boolean | undefined; bills?: boolean | undefined; queue?: boolean | undefined; ways?: Readonly<Record<string, string | undefined>> | undefined }

/** Keeps what is named, gives the whole. Refusal: way_unknown. */
export async function keepChoices({ db }: Pick<House, 'db'>, estate_id: number, person_id: string, typed: ChoiceTyped): Promise<LetterChoice> {
  return inEstate(db.app, estate_id, async (trx) => {
    const kept = await letterChoiceOf(trx, estate_id, person_id);
    const chosen = { ...kept.ways };
    for (const [name, value] of Object.entries(typed.ways ?? {})) {
      const topic = topicNames.find((known) => known === name);
      const way = ways.find((known) => known === value);
      if (topic === undefined || way === undefined) throw refusals.way_unknown({ typed: `${topic === undefined ? `${name} ` : ''}${value ?? ''}`.slice(0, 40) }, topic ?? 'ways');
      chosen[topic] = way;
    }
    const choice = { mail: typed.mail ?? kept.mail, bills: typed.bills ?? kept.bills, queue: typed.queue ?? kept.queue, ways: chosen };
    await keepLetterChoice(trx, estate_id, person_id, choice);
    return choice;
  });
}
