// What my home shows, gathered in one read-only transaction.
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { choiceOf } from '../kernel/notice-choice.ts';
import { ownSight, ownUnits } from '../billing/sight.ts';
import { ownOffers } from '../subsidy/offers.ts';
import { progressOf } from '../subsidy/queries.ts';
import { ownCorrections } from './correction.ts';
import { hundredOf } from './hundred.ts';
import { feeArea, homeBills, homeHeld, homeReceipts, homeSpaces, homeUnit, lastSpent, turnoverOf } from './queries.ts';
import { refusals } from './refusals.ts';

const RECEIPTS = 8;

/** The dwelling that is meant, the first of theirs when none is named, and all it shows; null where they live nowhere here. Refusals:
 *  those of demand() for own_home, home_unknown. */
export async function homeOf(house: House, { estate, actor, unit }: { estate: Estate; actor: Actor | null; unit?: string | undefined }) {
  const { estate_id } = estate;
  const own = demand(actor, estate_id, 'own_home');
  const { person_id } = own;
  const units = ownUnits(own, estate_id);
  const meant = unit ?? units[0];
  if (meant === undefined) return null;
  if (!units.includes(meant)) throw refusals.home_unknown();
  return inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const home = await homeUnit(trx, estate_id, meant, { person_id, today });
    if (home === undefined) throw refusals.home_unknown();
    const year = today.slice(0, 4);
    const total_area = await feeArea(trx, estate_id);
    const areas = { area: home.area_m2, total_area };
    const period = await lastSpent(trx, estate_id, periodOf(today));
    const receipts = await homeReceipts(trx, estate_id, { unit: home.unit, sight: await ownSight(trx, { estate_id, actor: own }), year, limit: RECEIPTS });
    return {
      today, units, home, total_area, bills: await homeBills(trx, estate_id, home), receipts: receipts.items, paid_year: receipts.paid_year,
      held: await homeHeld(trx, estate_id, home), spaces: await homeSpaces(trx, estate_id, home.unit, today),
      month: { period, hundred: hundredOf(await turnoverOf(trx, estate_id, { from: period, to: period }), areas) },
      year: { year, hundred: hundredOf(await turnoverOf(trx, estate_id, { from: `${year}-01`, to: `${year}-12` }), areas) },
      subsidies: await ownOffers(trx, estate_id, own, await progressOf(trx, estate_id, today)) ?? { offers: [], claims: [] },
      corrections: await ownCorrections(trx, estate_id, person_id), choice: await choiceOf(trx, estate_id, person_id),
    };
  }, { readOnly: true });
}
