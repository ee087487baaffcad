// Telling residents of new bills: whoever has a login and has not chosen otherwise, once for each dwelling and month.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { seesSince } from '../estate/register-queries.ts';
import { addDays, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { formatDay, formatPeriod } from '../web/locale.ts';
import { texts } from './texts.ts';

/** Bills made longer ago are no news: an estate that begins with a year of them tells nobody a dozen times. */
const NEWS_DAYS = 3;

interface NewBills { person_id: string; unit: string; period: Period; open: string; due_on: BusinessDate; /** First month that is asked for: of a late fee, that of its bill. */ first: Period }

/** Gives how many were told, for the log of the job. */
export async function tellBills({ db }: Pick<House, 'db'>, { estate_id, code }: Estate): Promise<number> {
  return inEstate(db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const since = addDays(today, -NEWS_DAYS);
    const { rows } = await sql<NewBills>`
      select r.person_id, b.unit, b.period, min(coalesce((select o.period from bill o where o.estate_id = b.estate_id and o.bill_id = b.of_bill), b.period)) as first, sum(b.amount - bill_paid(b.estate_id, b.bill_id) - bill_reduced(b.estate_id, b.bill_id))::numeric(14, 2) as open, min(b.due_on) as due_on
      from bill b join resident r on r.estate_id = b.estate_id and r.unit = b.unit and r.left_at is null
      where b.estate_id = ${estate_id} and (b.made_at at time zone 'Asia/Shanghai')::date >= ${since}::date and b.import_id is null
        and not exists (select from notice_choice c where c.estate_id = r.estate_id and c.person_id = r.person_id and not c.bills)
      group by r.person_id, b.unit, b.period order by b.period, b.unit, r.person_id`.execute(trx);
    let told = 0;
    for (const { person_id, unit, period, open, due_on, first } of rows) {
      if (!money(open).greaterThan(0)) continue;
      const seen = (await seesSince(trx, { estate_id, person_id, units: [unit], today })).get(unit) ?? null;
      if (seen !== null && first < periodOf(seen)) continue;
      const say = (locale: 'zh' | 'en'): string => fill(texts.bill_told[locale], { month: formatPeriod(period, locale), amount: moneyFigures(money(open)), day: formatDay(due_on, locale) });
      const fresh = await notify(trx, { estate_id, person_ids: [person_id], key: `bill:${unit}:${period}`, href: `/e/${code}/bills/${unit}`, text: { zh: say('zh'), en: say('en') } });
      told += fresh.length;
    }
    return told;
  });
}
