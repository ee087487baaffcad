// A scheme, a paid bill, a claim and a batch that was sent, without the slow passwords: for the tests of whatever needs one of each.
import { executeBatch, proposeBatch } from '../../src/subsidy/batch.ts';
import { claimSubsidies } from '../../src/subsidy/claim.ts';
import { executeScheme, proposeScheme } from '../../src/subsidy/scheme.ts';
import { billMonth } from '../../src/billing/bill.ts';
import { recordBillPayments } from '../../src/billing/receipt.ts';
import type { Actor, Estate } from '../../src/kernel/actor.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addMonths, lastDay, periodOf, today } from '../../src/kernel/dates.ts';
import type { House } from '../../src/kernel/house.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { signAs } from '../helpers/approved.ts';
import type { PersonName } from '../helpers/house.ts';

export interface Made { house: House; estate: Estate; persons: Record<PersonName, string>; actorOf(name: PersonName): Actor }
export interface BillRow { bill_id: number; unit: string; ref: string; amount: string }

export const billsMade = (h: Pick<Made, 'house' | 'estate'>): Promise<BillRow[]> => inEstate(h.house.db.app, h.estate.estate_id, (trx) => trx.selectFrom('bill as b')
  .innerJoin('unit as u', (join) => join.onRef('u.estate_id', '=', 'b.estate_id').onRef('u.unit', '=', 'b.unit'))
  .select(['b.bill_id', 'b.unit', 'u.ref', 'b.amount']).where('b.estate_id', '=', h.estate.estate_id).orderBy('b.unit').orderBy('b.bill_id').execute() as Promise<BillRow[]>);

let keys = 0;
/** Pays a bill, or part of it, by a receipt of its own; gives the entry. */
export async function payBill(h: Pick<Made, 'house' | 'estate' | 'persons'>, { bill_id, ref, amount }: Pick<BillRow, 'bill_id' | 'ref' | 'amount'>, entry_date: string): Promise<number> {
  const postings = [{ account: '1002', fund: 'service', debit: money(amount) }, { account: '4101', fund: 'service', credit: money(amount), unit: ref }];
  const body = entryBody({ kind: 'receipt', entry_date, description: '物业费', key: `pay bill ${keys += 1}`, made_by: h.persons.cashier, postings });
  return inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
    const [posted] = await postEntries(trx, h.estate.estate_id, [body]);
    const seq = posted!.seq!;
    await recordBillPayments(trx, { estate_id: h.estate.estate_id, seq, payments: [{ bill_id, amount: money(amount) }] });
    return seq;
  });
}

export async function madeBatch(h: Made, payout: 'credit' | 'pay' = 'credit'): Promise<{ scheme: number; batch: number }> {
  const { house, estate, persons } = h;
  const actor = h.actorOf('cashier');
  const now = today(house.clock);
  const period = periodOf(now);
  const sign = async (item: { proposal_id: number; document_hash: string }): Promise<number> => {
    for (const [who, body] of [['manager', 'property'], ['committee1', 'committee'], ['committee2', 'committee']] as const) {
      if (await signAs(house, estate, persons[who], body, item) === 'approved') break;
    }
    return item.proposal_id;
  };
  const scheme = await sign(await proposeScheme(house, { estate, actor, name_zh: '先缴后补', funder: '示例街道办事处', percent: '30', items: ['property_fee'], first_period: period, last_period: period,
    budget: '1000', last_day: lastDay(addMonths(period, 2)), payout }));
  await executeScheme(house, estate, scheme);
  await inEstate(house.db.app, estate.estate_id, (trx) => billMonth(trx, estate, period));
  await payBill(h, (await billsMade(h))[0]!, now);
  await claimSubsidies(house, { estate, actor, scheme });
  const batch = await sign(await proposeBatch(house, { estate, actor, scheme }));
  await executeBatch(house, estate, batch);
  return { scheme, batch };
}
