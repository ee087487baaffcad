// Reads of channels: what is in transit (在途收款, account 1012) by channel and day, and the settlements taken in.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { money, moneyText, sum, zero, type Money } from '../kernel/money.ts';

export const TRANSIT = '1012';
/** Days after which money in transit is told loudly: channels settle the next day, cash goes to the bank the next day. */
export const LATE_DAYS = 5;
export const transitChannels = ['wechat', 'alipay', 'pos', 'cash'] as const;
export type TransitChannel = (typeof transitChannels)[number];
export const isTransitChannel = (text: string): text is TransitChannel => (transitChannels as readonly string[]).includes(text);

export interface TransitMove {
  seq: number;
  number: string;
  entry_date: BusinessDate;
  description: string;
  /** other: nothing tells. */
  channel: TransitChannel | 'other';
  fund: string;
  /** Above zero: on its way; below: arrived, or given up. */
  amount: string;
}

export async function transitMoves(trx: Trx, estate_id: number): Promise<TransitMove[]> {
  const { rows } = await sql<TransitMove>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.description, transit_channel(p.estate_id, p.seq) as channel, p.fund, p.amount
    from (select estate_id, seq, fund, sum(debit - credit)::numeric(16, 2) as amount from posting
      where estate_id = ${estate_id} and account = ${TRANSIT} group by estate_id, seq, fund) p
    join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq order by e.entry_date, e.seq, p.fund`.execute(trx);
  return rows;
}

export interface OpenDay { channel: TransitMove['channel']; fund: string; day: BusinessDate; amount: Money }

/** What is still on its way, by channel, fund and day: what arrives is the oldest. Pure. What arrived beyond all that was on its way
 *  stands as an amount below zero on the day it did, so that the sums stay those of the books. */
export function openDays(moves: readonly Pick<TransitMove, 'channel' | 'fund' | 'entry_date' | 'amount'>[]): OpenDay[] {
  const queues = new Map<string, OpenDay[]>();
  const inOrder = [...moves].sort((a, b) => (a.entry_date === b.entry_date ? 0 : a.entry_date < b.entry_date ? -1 : 1));
  for (const { channel, fund, entry_date, amount } of inOrder) {
    const key = `${channel} ${fund}`;
    const queue = queues.get(key) ?? [];
    queues.set(key, queue);
    let left = money(amount);
    // Of opposite signs the oldest go first, whichever came first.
    for (const one of queue) {
      if (left.isZero() || one.amount.isZero() || one.amount.isNegative() === left.isNegative()) continue;
      const both = sum([one.amount, left]);
      const eaten = both.isZero() || both.isNegative() === left.isNegative();
      left = eaten ? both : zero;
      one.amount = eaten ? zero : both;
    }
    if (left.isZero()) continue;
    const same = queue.find((one) => one.day === entry_date);
    if (same === undefined) queue.push({ channel, fund, day: entry_date, amount: left });
    else same.amount = sum([same.amount, left]);
  }
  return [...queues.values()].flat().filter((one) => !one.amount.isZero()).sort((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1));
}

export interface ChannelOpen {
  channel: TransitMove['channel'];
  open: string;
  by_fund: { fund: string; open: string }[];
  days: { day: BusinessDate; open: string; age: number; late: boolean }[];
  late: string;
}

/** Channels with something in transit, each with its days; in all, what account 1012 holds. */
export function transitByChannel(moves: readonly TransitMove[], today: BusinessDate): { total: string; late: string; channels: ChannelOpen[] } {
  const open = openDays(moves);
  const grouped = <K extends string>(rows: readonly OpenDay[], by: (row: OpenDay) => K): [K, OpenDay[]][] =>
    [...rows.reduce((found, row) => found.set(by(row), [...found.get(by(row)) ?? [], row]), new Map<K, OpenDay[]>())];
  const amountOf = (rows: readonly OpenDay[]): Money => sum(rows.map((row) => row.amount));
  const isLate = (row: OpenDay): boolean => row.amount.greaterThan(zero) && daysBetween(row.day, today) > LATE_DAYS;
  const channels = [...transitChannels, 'other' as const].flatMap((channel): ChannelOpen[] => {
    const rows = open.filter((row) => row.channel === channel);
    if (rows.length === 0) return [];
    return [{
      channel, open: moneyText(amountOf(rows)), late: moneyText(amountOf(rows.filter(isLate))),
      by_fund: grouped(rows, (row) => row.fund).map(([fund, some]) => ({ fund, open: moneyText(amountOf(some)) })),
      days: grouped(rows, (row) => row.day).map(([day, some]) => ({ day, open: moneyText(amountOf(some)), age: daysBetween(day, today), late: some.some(isLate) })),
    }];
  });
  return { total: moneyText(amountOf(open)), late: moneyText(amountOf(open.filter(isLate))), channels };
}

/** What a channel has in transit, fund by fund. */
export async function transitOf(trx: Trx, estate_id: number, channel: TransitChannel): Promise<Map<string, Money>> {
  const found = new Map<string, Money>();
  for (const { channel: own, fund, amount } of await transitMoves(trx, estate_id)) {
    if (own === channel) found.set(fund, sum([found.get(fund) ?? zero, money(amount)]));
  }
  return found;
}

export interface SettlementShown {
  seq: number;
  channel: TransitChannel;
  first_on: BusinessDate;
  last_on: BusinessDate;
  lines: number;
  gross: string;
  fee: string;
  /** What arrives. */
  net: string;
  taken_at: Date;
  /** Transfer of its fee that stands, and its state. */
  fee_proposal: number | null;
  fee_state: string | null;
}

export async function settlementsOf(trx: Trx, estate_id: number, { seq, limit = 50 }: { seq?: number; limit?: number } = {}): Promise<SettlementShown[]> {
  const { rows } = await sql<SettlementShown>`
    select s.seq, s.channel, s.first_on, s.last_on, s.lines, s.gross, s.fee, (s.gross - s.fee)::numeric(14, 2) as net, r.recorded_at as taken_at,
      f.proposal_id as fee_proposal, f.state as fee_state
    from settlement s join record r on r.estate_id = s.estate_id and r.seq = s.seq
    left join lateral (select t.proposal_id, o.state from transit_fee t join proposal o on o.estate_id = t.estate_id and o.proposal_id = t.proposal_id
      where t.estate_id = s.estate_id and t.settlement = s.seq and o.state in ('submitted', 'held', 'approved', 'executed', 'returned') order by t.proposal_id desc limit 1) f on true
    where s.estate_id = ${estate_id} and (${seq ?? null}::bigint is null or s.seq = ${seq ?? null}) order by s.seq desc limit ${limit}`.execute(trx);
  return rows;
}

/** What a settlement brought fund by fund, without the red letters of entries reversed since. */
export async function settlementFunds(trx: Trx, estate_id: number, settlement: number): Promise<{ fund: string; is_restricted: boolean; amount: Money }[]> {
  const { rows } = await sql<{ fund: string; is_restricted: boolean; amount: string }>`
    select p.fund, f.is_restricted, sum(p.debit)::numeric(16, 2) as amount
    from (select distinct l.seq from settlement_line l where l.estate_id = ${estate_id} and l.settlement = ${settlement}) l
    join posting p on p.estate_id = ${estate_id} and p.seq = l.seq and p.account = ${TRANSIT} and p.debit > 0
    join fund f on f.estate_id = p.estate_id and f.fund = p.fund group by p.fund, f.is_restricted, f.place order by f.place, p.fund`.execute(trx);
  return rows.map((row) => ({ ...row, amount: money(row.amount) }));
}

