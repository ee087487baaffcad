// What the pages offer to do next: what may be claimed, what waits for a batch, what may be passed on.
import type { Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { MOST_DWELLINGS } from './payout.ts';
import { claimable, claimRows, ownBills, payable, type ClaimRow, type Progress } from './queries.ts';
import type { UnitDue } from './batch-pages.tsx';
import type { OwnOffer } from './pages.tsx';

const totalOf = (rows: readonly { amount: string }[]): string => moneyText(sum(rows.map((row) => money(row.amount))));

/** Of one's own bills, scheme by scheme, and one's own claims; null for whoever lives nowhere here. */
export async function ownOffers(trx: Trx, estate_id: number, actor: Actor, schemes: readonly Progress[]): Promise<{ offers: OwnOffer[]; claims: ClaimRow[]; several: boolean } | null> {
  const units = new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit));
  if (units.size === 0) return null;
  const bills = (await ownBills(trx, estate_id, actor)).map((row) => row.bill_id);
  const offers: OwnOffer[] = [];
  if (bills.length > 0) {
    for (const { scheme, name_zh, name_en } of schemes.filter((row) => row.state === 'open')) {
      const rows = (await claimable(trx, estate_id, scheme, bills)).filter((row) => row.status === 'claimable');
      if (rows.length > 0) offers.push({ scheme, name_zh, name_en, bills: rows.length, amount: totalOf(rows) });
    }
  }
  const { items } = await claimRows(trx, estate_id, { bills, limit: 500 });
  return { offers, claims: items.reverse(), several: units.size > 1 };
}

export async function estateOffer(trx: Trx, estate_id: number, scheme: number): Promise<{ bills: number; amount: string; left_out: number }> {
  const rows = await claimable(trx, estate_id, scheme, null);
  const free = rows.filter((row) => row.status === 'claimable');
  return { bills: free.length, amount: totalOf(free), left_out: rows.filter((row) => ['cap_reached', 'budget_used_up'].includes(row.status)).length };
}

/** Dwelling by dwelling what is not passed on yet, and how much of it the money that came goes for. */
export async function dueOf(trx: Trx, estate_id: number, batch: number, way: 'credit' | 'pay'): Promise<{ bills: number; amount: string; most: number; units: UnitDue[]; more: boolean }> {
  const rows = await payable(trx, estate_id, batch);
  const covered = rows.filter((row) => row.covered);
  const meant = way === 'pay' ? rows : covered;
  const grouped = new Map<string, typeof rows>();
  for (const row of meant) {
    const own = grouped.get(row.unit);
    if (own === undefined) grouped.set(row.unit, [row]);
    else own.push(row);
  }
  const units = [...grouped].map(([unit, own]): UnitDue => ({ unit, bills: own.length, amount: totalOf(own), covered: own.every((row) => row.covered) }));
  const now = new Set(units.slice(0, MOST_DWELLINGS).map((row) => row.unit));
  const first = covered.filter((row) => now.has(row.unit));
  return { bills: first.length, amount: totalOf(first), most: MOST_DWELLINGS, units: units.slice(0, MOST_DWELLINGS), more: units.length > MOST_DWELLINGS };
}
