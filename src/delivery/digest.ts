// The letter of the morning (早间汇总): at 08:00 in Shanghai, whoever may sign is told what waits for them and for how long, in one
// letter for all estates where they serve; and whoever wants their notices so gets those in it. Nothing waits: no letter.
//   due at 08:00 → outbox (key digest:person:day, so one a day however often the job runs) → written when it is sent
// A morning that was missed is made up for until 20:00; after that the next morning tells it all anyway.
import { sql } from 'kysely';
import { kindName, titleIn } from '../approval/texts.ts';
import { estateNow, estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, shanghaiTime, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { letterChoiceOf } from '../kernel/notice-choice.ts';
import { noticesToSend } from '../kernel/notice.ts';
import { readActor } from '../people/queries.ts';
import { formatDate } from '../web/locale.ts';
import type { DigestPart, Seat } from './letter.ts';
import { queueDigest } from './outbox.ts';

const [FROM, UNTIL] = ['08', '20'];
type Doors = Pick<House, 'db' | 'clock'>;

interface SeatRow { proposal_id: number; kind: string; title: string; amount: string | null; decision: 'approve' | 'ratify'; principal: string | null; last_day: BusinessDate; days: number }

/** What a person may sign now, the oldest first; one's own seat before one in another's place. */
async function seatsOf(trx: Trx, estate_id: number, person_id: string): Promise<Seat[]> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<SeatRow>`
    select distinct on (p.proposal_id) p.proposal_id, p.kind, p.title, p.amount, s.decision, i.name as principal,
      case s.decision when 'ratify' then p.ratify_by else p.expires_on end as last_day,
      ${today}::date - (case s.decision when 'ratify' then p.approved_at else p.submitted_at end at time zone 'Asia/Shanghai')::date as days
    from open_seats(${estate_id}, null, ${today}) s join proposal p on p.estate_id = ${estate_id} and p.proposal_id = s.proposal_id
    left join person_identity i on i.person_id = s.on_behalf_of
    where s.person_id = ${person_id} order by p.proposal_id, s.on_behalf_of nulls first`.execute(trx);
  const what = (row: SeatRow, locale: 'zh' | 'en'): string => {
    const sum = row.amount === null ? '' : moneyFigures(money(row.amount));
    return locale === 'zh' ? `${kindName(row.kind, 'zh')}“${titleIn(row, 'zh')}”${sum === '' ? '' : `（${sum} 元）`}` : `${kindName(row.kind, 'en')} "${titleIn(row, 'en')}"${sum === '' ? '' : ` (${sum} yuan)`}`;
  };
  return rows.sort((a, b) => b.days - a.days || a.proposal_id - b.proposal_id).map((row) => ({
    proposal_id: row.proposal_id, days: row.days, decision: row.decision, principal: row.principal,
    what: { zh: what(row, 'zh'), en: what(row, 'en') }, last_day: { zh: formatDate(row.last_day, 'zh'), en: formatDate(row.last_day, 'en') },
  }));
}

/** Estates of a person from which they want letters, the first of them in front: in its outbox the letter lies. */
async function estatesOf(house: Doors, person_id: string): Promise<number[]> {
  const actor = await readActor(house, person_id, { kind: 'cookie', scopes: [], csrf: null });
  if (actor === null || actor === undefined) return [];
  const all = [...new Set([...actor.terms, ...actor.homes].map(({ estate_id }) => estate_id))].sort((a, b) => a - b);
  const wanted: number[] = [];
  for (const estate_id of all) {
    const { mail } = await inEstate(house.db.app, estate_id, (trx) => letterChoiceOf(trx, estate_id, person_id), { readOnly: true });
    if (mail) wanted.push(estate_id);
  }
  return wanted;
}

/** What the letter of the morning has to say to a person; nothing for an estate from which they want no letters. */
export async function digestParts(house: Doors, person_id: string): Promise<DigestPart[]> {
  const parts: DigestPart[] = [];
  for (const estate_id of await estatesOf(house, person_id)) {
    const part = await inEstate(house.db.app, estate_id, async (trx): Promise<DigestPart | null> => {
      const { queue } = await letterChoiceOf(trx, estate_id, person_id);
      const seats = queue ? await seatsOf(trx, estate_id, person_id) : [];
      const notices = await noticesToSend(trx, estate_id, person_id, 'digest');
      if (seats.length + notices.length === 0) return null;
      const estate = await trx.selectFrom('estate').select(['code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
      return { estate, seats, notices };
    }, { readOnly: true });
    if (part !== null) parts.push(part);
  }
  return parts;
}

/** Whoever gave an address and either may sign something here or has notices that wait for the morning. */
async function readersIn(trx: Trx, estate_id: number, today: BusinessDate): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select x.person_id from (select s.person_id from open_seats(${estate_id}, null, ${today}) s
      union select n.person_id from notice n where n.estate_id = ${estate_id} and n.way = 'digest' and n.mailed_at is null and n.read_at is null) x
    join person_identity i on i.person_id = x.person_id
    where i.email is not null and not exists (select from notice_choice c where c.estate_id = ${estate_id} and c.person_id = x.person_id and not c.mail)
    order by x.person_id`.execute(trx);
  return rows.map(({ person_id }) => person_id);
}

/** Puts the letters of this morning into the outbox, each once; gives how many. A person's letter lies in the outbox of the first
 *  of their estates, wherever something waits for them. */
export async function queueDigests(house: Doors, estate: Estate): Promise<number> {
  const { app } = house.db;
  const { day, due, readers } = await inEstate(app, estate.estate_id, async (trx) => {
    const now = await estateNow(trx, estate.estate_id);
    const [day, hour] = [businessDate(now), shanghaiTime(now).slice(11, 13)];
    const due = hour >= FROM! && hour < UNTIL!;
    return { day, due, readers: due ? await readersIn(trx, estate.estate_id, day) : [] };
  }, { readOnly: true });
  if (!due) return 0;
  let queued = 0;
  for (const person_id of readers) {
    if ((await digestParts(house, person_id)).length === 0) continue;
    const [first = estate.estate_id] = await estatesOf(house, person_id);
    if (await inEstate(app, first, (trx) => queueDigest(trx, first, person_id, day))) queued += 1;
  }
  return queued;
}
