// Whoever's key changes, their body hears of it at once: a key enrolled by a thief is found by the people who
// sit beside its owner, not by a log that nobody reads.
import type { Bilingual } from '../kernel/locale.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { notify } from '../kernel/notice.ts';
import { estateToday } from '../evidence/records.ts';
import { formatDate } from '../web/locale.ts';
import { signingEstates, termsOf } from './queries.ts';
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

interface Told { estate_id: number; person_id: string; key: string }

/** Tells the person and everybody in office in the same body; where nobody else sits in it, everybody in
 *  office in the estate. */
async function tellBody(trx: Trx, { estate_id, person_id, key }: Told, textOf: (facts: { name: string; on: string }) => Bilingual): Promise<void> {
  const on = await estateToday(trx, estate_id);
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
  const text = textOf({ name, on });
  const told = (colleagues.length > 0 ? colleagues : others).map((term) => term.person_id);
  await notify(trx, { estate_id, person_ids: told, key, text, href: `/e/${code}/people` });
  await notify(trx, { estate_id, person_ids: [person_id], key, text, href: ownPage });
}

const filled = (
  text: Bilingual, { on, ...facts }: { name: string; on: string; label?: string }, confirmed: Bilingual = { zh: '', en: '' },
): Bilingual => {
  const [, month, day] = on.split('-').map(Number);
  return {
    zh: fill(text.zh, { ...facts, confirmed: confirmed.zh, month: month!, day: day! }),
    en: fill(text.en, { ...facts, confirmed: confirmed.en, on: formatDate(on, 'en') }),
  };
};

export const announceKey = (trx: Trx, { estate_id, person_id, seq, event, label, confirmed_by }: KeyEvent): Promise<void> =>
  tellBody(trx, { estate_id, person_id, key: `passkey ${event} ${seq}` },
    (facts) => filled(keyNoticeTexts[event], { ...facts, label }, confirmedTexts[confirmed_by]));

/** What else lets a person sign, and was set or changed. */
export type Factor = 'signing_password' | 'codes_on' | 'codes_off';

/** Tells the bodies of a person, in every estate where they serve: whoever took over a login would begin here. */
export async function announceFactor(house: Pick<House, 'db' | 'clock'>, person_id: string, factor: Factor): Promise<void> {
  const key = `${factor} ${isoInstant(house.clock())}`;
  for (const estate_id of await signingEstates(house, person_id)) {
    await inEstate(house.db.app, estate_id, (trx) =>
      tellBody(trx, { estate_id, person_id, key }, (facts) => filled(keyNoticeTexts[factor], facts)));
  }
}

/** Tells a person that their recovery codes were printed anew, in every estate where they serve. */
export async function tellOfRecoveryCodes(trx: Trx, estate_id: number, person_id: string, issued: string): Promise<void> {
  const key = `recovery codes ${issued}`;
  await notify(trx, { estate_id, person_ids: [person_id], key, text: keyNoticeTexts.recovery_codes, href: ownPage });
}
