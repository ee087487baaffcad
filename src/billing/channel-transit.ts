// Money in transit (在途收款, 1012) on its way to the bank: arriving, and what the channel keeps of it.
//   arrived   借 bank account   贷 1012, fund by fund      one hand, as any receipt; never more than the channel has in transit
//   kept      借 5119   贷 1012                            a transfer under two keys; of restricted money (deposits) the service fund bears it:
//             借 bank [restricted]   贷 1012 [restricted]   借 5119 [service]   贷 bank [service]
// Which channel it was is kept in transit_arrival and transit_fee; of what the bank's line brought straight to 1012 it is read from the
// line, or said afterwards.
import { randomUUID } from 'node:crypto';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { apportion, money, moneyFigures, moneyText, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { lockEstate } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import { proposeTransfer, type Proposed } from '../ledger/correction.ts';
import { entryBody } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import {
  isTransitChannel, settlementFunds, settlementsOf, TRANSIT, transitMoves, transitOf, type TransitChannel,
} from './channel-queries.ts';
import { refusals } from './channel-refusals.ts';

const SERVICE = 'service';
const CHARGES = '5119';
const BANK = '1002';
export const channelNames: Readonly<Record<TransitChannel | 'other', { zh: string; en: string }>> = {
  wechat: { zh: '微信', en: 'WeChat Pay' }, alipay: { zh: '支付宝', en: 'Alipay' }, pos: { zh: '刷卡', en: 'Card' }, cash: { zh: '现金', en: 'Cash' },
  other: { zh: '没有写明渠道', en: 'No channel named' },
};

function readChannel(typed: string): TransitChannel {
  if (!isTransitChannel(typed)) throw refusals.transit_channel_unknown({}, 'channel');
  return typed;
}

function readSum(typed: string, field: string): Money {
  const amount = readMoney(typed);
  if (amount === null || amount.isNegative() || amount.greaterThan('9999999999.99')) throw refusals.transit_amount_invalid({ typed: typed.trim().slice(0, 40) }, field);
  return amount;
}

async function fundNames(trx: Trx, estate_id: number): Promise<Map<string, { name_zh: string; name_en: string; is_restricted: boolean }>> {
  const rows = await trx.selectFrom('fund').select(['fund', 'name_zh', 'name_en', 'is_restricted']).where('estate_id', '=', estate_id).execute();
  return new Map(rows.map(({ fund, ...names }) => [fund, names]));
}

export interface ArrivalTyped {
  channel: string;
  /** Default: 1002. */
  bank_account?: string | undefined;
  /** Default: today. */
  arrived_on?: string | undefined;
  /** Yuan by fund; empty ones are passed over. */
  amounts: Readonly<Record<string, string>>;
}
export type Arrived = { seq: number; number: string; amount: string };

/** Books what arrived at the bank. Refusals: those of demand() for post_receipt, transit_…, those of post_entries(). */
export async function bookArrival(house: House, asked: { estate: Estate; actor: Actor | null; typed: ArrivalTyped; key?: string | null | undefined }): Promise<Arrived> {
  const { estate: { estate_id }, typed, key = null } = asked;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const once_key = key === null ? null : `transit:${actor.person_id}:${key}`;
  const content = { channel: typed.channel, bank_account: typed.bank_account ?? '', arrived_on: typed.arrived_on ?? '', amounts: { ...typed.amounts } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    // Two arrivals at a time would each find the same money on its way.
    await lockEstate(trx, estate_id);
    const channel = readChannel(typed.channel);
    const amounts = Object.entries(typed.amounts).filter(([, text]) => text.trim() !== '').map(([fund, text]) => ({ fund, amount: readSum(text, `amount_${fund}`) }))
      .filter(({ amount }) => amount.greaterThan(zero));
    if (amounts.length === 0) throw refusals.transit_amount_missing({}, 'amount');
    const today = await estateToday(trx, estate_id);
    const written = (typed.arrived_on ?? '').trim();
    const arrived_on: BusinessDate | null = written === '' ? today : readDate(written);
    if (arrived_on === null || arrived_on > today) throw refusals.transit_day_invalid({ typed: written.slice(0, 40), today }, 'arrived_on');
    const open = await transitOf(trx, estate_id, channel);
    const names = await fundNames(trx, estate_id);
    for (const { fund, amount } of amounts) {
      const left = open.get(fund) ?? zero;
      if (!amount.greaterThan(left)) continue;
      throw refusals.transit_exceeded({
        channel: channelNames[channel].zh, channel_en: channelNames[channel].en, fund: names.get(fund)?.name_zh ?? fund.slice(0, 40), fund_en: names.get(fund)?.name_en ?? fund.slice(0, 40),
        open: moneyFigures(left), amount: moneyFigures(amount),
      }, `amount_${fund}`);
    }
    const bank = (typed.bank_account ?? '').trim() || BANK;
    const body = entryBody({
      kind: 'receipt', entry_date: arrived_on, description: channel === 'cash' ? '现金存入共管账户' : `${channelNames[channel].zh}收款到账`, made_by: actor.person_id,
      key: once_key ?? `transit:${actor.person_id}:${randomUUID()}`,
      postings: amounts.flatMap(({ fund, amount }) => [{ account: bank, fund, debit: amount }, { account: TRANSIT, fund, credit: amount }]),
    });
    const [result] = await postEntries(trx, estate_id, [body]);
    if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
    const seq = result!.seq!;
    await trx.insertInto('transit_arrival').values({ estate_id, seq, channel }).execute();
    return { seq, number: `${result!.period!} ${result!.number!}`, amount: moneyText(sum(amounts.map((one) => one.amount))) };
  }), { retryable: true });
}

export interface FeeTyped {
  channel: string;
  /** Whose fee it is: its channel and amount count, whatever is typed. */
  settlement?: number | null | undefined;
  amount?: string | undefined;
  vouchers?: readonly string[] | undefined;
}

/** Proposes to book what a channel keeps. Refusals: those of demand() for draft_order, transit_…, settlement_unknown, those of
 *  proposeTransfer(). */
export async function proposeFee(house: House, asked: { estate: Estate; actor: Actor | null; typed: FeeTyped; key?: string | null | undefined }): Promise<Proposed> {
  const { estate, typed, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'draft_order');
  const settlement = typed.settlement ?? null;
  const plan = await inEstate(house.db.app, estate_id, (trx) => feePlan(trx, estate_id, typed, settlement), { readOnly: true });
  // One settlement has one fee: its number is the key until that proposal has ended.
  const own = settlement === null ? key : `settlement:${settlement}:${plan.tries}`;
  const proposed = await proposeTransfer(house, {
    estate, actor, key: own === null ? null : `transit_fee:${own}`, description: plan.description, vouchers: [...typed.vouchers ?? []], postings: plan.postings,
  });
  await inEstate(house.db.app, estate_id, (trx) => trx.insertInto('transit_fee')
    .values({ estate_id, proposal_id: proposed.proposal_id, channel: plan.channel, settlement }).onConflict((one) => one.doNothing()).execute());
  return proposed;
}

interface FeePlan { channel: TransitChannel; description: string; tries: number; postings: { account: string; fund: string; debit?: string; credit?: string }[] }

async function feePlan(trx: Trx, estate_id: number, typed: FeeTyped, settlement: number | null): Promise<FeePlan> {
  const [found] = settlement === null ? [] : await settlementsOf(trx, estate_id, { seq: settlement });
  if (settlement !== null && found === undefined) throw refusals.settlement_unknown({ settlement });
  if (found !== undefined && found.fee_proposal !== null) throw refusals.transit_fee_proposed({ proposal: found.fee_proposal });
  const channel = found?.channel ?? readChannel(typed.channel);
  // Nobody keeps a part of cash: what of it never reaches the bank is missing, and stays in transit until it is there.
  if (channel === 'cash') throw refusals.transit_fee_of_cash({}, 'channel');
  const amount = found === undefined ? readSum(typed.amount ?? '', 'amount') : money(found.fee);
  if (!amount.greaterThan(zero)) throw refusals.transit_amount_missing({}, 'amount');
  const open = await transitOf(trx, estate_id, channel);
  const in_all = sum([...open.values()]);
  if (amount.greaterThan(in_all)) throw refusals.transit_fee_exceeded({ channel: channelNames[channel].zh, open: moneyFigures(in_all), amount: moneyFigures(amount) }, 'amount');
  const names = await fundNames(trx, estate_id);
  const brought = settlement === null
    ? [...open].filter(([, left]) => left.greaterThan(zero)).map(([fund, left]) => ({ fund, is_restricted: names.get(fund)?.is_restricted ?? false, amount: left }))
    : await settlementFunds(trx, estate_id, settlement);
  const shares = apportion(amount, brought.map((one) => one.amount)).map((share, index) => ({ ...brought[index]!, share })).filter(({ share }) => share.greaterThan(zero));
  const tries = settlement === null ? 0 : (await trx.selectFrom('transit_fee').select('proposal_id').where('estate_id', '=', estate_id).where('settlement', '=', settlement).execute()).length;
  return {
    channel, tries,
    description: found === undefined ? `${channelNames[channel].zh}收款手续费` : `${channelNames[channel].zh}收款手续费 ${found.first_on} 至 ${found.last_on}（收款 ${found.lines} 笔，${moneyFigures(money(found.gross))} 元）`,
    postings: shares.flatMap(({ fund, is_restricted, share }) => {
      const text = moneyText(share);
      return is_restricted ? [
        { account: BANK, fund, debit: text }, { account: TRANSIT, fund, credit: text }, { account: CHARGES, fund: SERVICE, debit: text }, { account: BANK, fund: SERVICE, credit: text },
      ] : [{ account: CHARGES, fund, debit: text }, { account: TRANSIT, fund, credit: text }];
    }),
  };
}

/** Says afterwards which channel an entry on 1012 was. Refusals: those of demand() for post_receipt, transit_channel_unknown,
 *  transit_entry_unknown. */
export async function nameChannel(house: House, { estate: { estate_id }, actor, seq, channel: typed }: { estate: Estate; actor: Actor | null; seq: number; channel: string }): Promise<void> {
  demand(actor, estate_id, 'post_receipt');
  const channel = readChannel(typed);
  await inEstate(house.db.app, estate_id, async (trx) => {
    const found = (await transitMoves(trx, estate_id)).some((move) => move.seq === seq && move.channel === 'other');
    const entry = found ? await trx.selectFrom('journal_entry').select('reverses').where('estate_id', '=', estate_id).where('seq', '=', seq).executeTakeFirst() : undefined;
    if (entry === undefined || entry.reverses !== null) throw refusals.transit_entry_unknown();
    await trx.insertInto('transit_arrival').values({ estate_id, seq, channel }).onConflict((one) => one.doNothing()).execute();
  });
}

