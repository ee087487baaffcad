// Whoever's key changes, their body hears of it at once: a key enrolled by a thief is found by the people who
// sit beside its owner, not by a log that nobody reads.
import { estateNow } from '../evidence/records.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type { Trx } from '../kernel/database.ts';
import { businessDate } from '../kernel/dates.ts';
import { fill } from '../kernel/locale.ts';
import { notify } from '../kernel/notice.ts';
import { formatDate } from '../web/locale.ts';
import { termsOf } from './queries.ts';
import { confirmedTexts, keyNoticeTexts } from './passkey-texts.ts';

export interface KeyEvent {
  estate_id: number;
  /** Record of the enrolment or revocation. */
  seq: number;
  event: 'enrolled' | 'revoked';
  person_id: string;
  label: string;
  confirmed_by: keyof typeof confirmedTexts;
}

const ownPage = '/me/passkeys';

/** Tells the person and everybody in office in the same body; where nobody else sits in it, everybody in
 *  office in the estate. */
export async function announceKey(trx: Trx, change: KeyEvent): Promise<void> {
  const { estate_id, seq, event, person_id, label, confirmed_by } = change;
  const on = businessDate(await estateNow(trx, estate_id));
  const terms = await termsOf(trx, estate_id);
  const mine = terms.filter((term) => term.person_id === person_id && term.ends_on >= on);
  const serving = terms.filter((term) => term.starts_on <= on && on <= term.ends_on);
  const others = serving.filter((term) => term.person_id !== person_id);
  const colleagues = others.filter((term) => mine.some(({ body }) => body === term.body));
  const { code } = await trx
    .selectFrom('estate')
    .select('code')
    .where('estate_id', '=', estate_id)
    .executeTakeFirstOrThrow();
  const name = mine[0]?.name ?? terms.find((term) => term.person_id === person_id)?.name ?? '';
  const text = textOf(event, { name, label, on, confirmed_by });
  const key = `passkey ${event} ${seq}`;
  const told = (colleagues.length > 0 ? colleagues : others).map((term) => term.person_id);
  await notify(trx, { estate_id, person_ids: told, key, text, href: `/e/${code}/people` });
  await notify(trx, { estate_id, person_ids: [person_id], key, text, href: ownPage });
}

function textOf(
  event: KeyEvent['event'],
  facts: Pick<KeyEvent, 'label' | 'confirmed_by'> & { name: string; on: string },
): Bilingual {
  const { name, label, on, confirmed_by } = facts;
  const [, month, day] = on.split('-').map(Number);
  const confirmed = confirmedTexts[confirmed_by];
  return {
    zh: fill(keyNoticeTexts[event].zh, { name, label, confirmed: confirmed.zh, month: month!, day: day! }),
    en: fill(keyNoticeTexts[event].en, { name, label, confirmed: confirmed.en, on: formatDate(on, 'en') }),
  };
}

/** Tells a person that their recovery codes were printed anew, in every estate where they serve. */
export async function tellOfRecoveryCodes(trx: Trx, estate_id: number, person_id: string, issued: string): Promise<void> {
  const key = `recovery codes ${issued}`;
  await notify(trx, { estate_id, person_ids: [person_id], key, text: keyNoticeTexts.recovery_codes, href: ownPage });
}
