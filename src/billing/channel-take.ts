// Taking a settlement file: every payment becomes a receipt of its dwelling, in transit until the channel's money arrives.
//   借 1012 in transit   贷 what the payment pays (counter.ts, oldest bills first)      one receipt a row
// All or nothing, in one transaction: a row that is not clear refuses the file. The same file is taken once (settlement_once), and a
// payment of a channel once, whatever files name it (settlement_line_once). What was entered at the counter already is linked to its
// receipt and not booked again. A payment of a month that is closed is booked on the first day that is open.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendRecord } from '../evidence/records.ts';
import { openDays } from '../ledger/period-queries.ts';
import { judgeDraft, readDraft, type JudgedRow } from './channel-draft.ts';
import { refusals } from './channel-refusals.ts';
import { takePayments, type Payment } from './counter.ts';

const AT_ONCE = 500;

export type SettlementTaken = { settlement: number; lines: number; gross: string; fee: string; left_out: number };

/** Books a staged file. Refusals: those of demand() for post_receipt, settlement_draft_unknown, settlement_taken_before,
 *  settlement_rows_bad, settlement_nothing, settlement_fee_beyond, those of takePayments(). */
export async function takeSettlement(house: House, { estate, actor, draft_id }: { estate: Estate; actor: Actor | null; draft_id: number }): Promise<SettlementTaken> {
  const { estate_id } = estate;
  const cashier = demand(actor, estate_id, 'post_receipt');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const draft = await readDraft(trx, estate_id, draft_id);
    const rows = await judgeDraft(trx, estate, draft);
    const bad = rows.filter((row) => row.status === 'bad');
    if (bad.length > 0) throw refusals.settlement_rows_bad({ count: bad.length, rows: bad.slice(0, 10).map((row) => row.row).join('、') });
    const taken = rows.filter((row) => row.status === 'ready' || row.status === 'counter');
    if (taken.length === 0) throw refusals.settlement_nothing();
    const [gross, fee] = [sum(taken.map((row) => money(row.amount!))), sum(taken.map((row) => money(row.fee)))];
    if (!fee.lessThan(gross)) throw refusals.settlement_fee_beyond({ fee: moneyFigures(fee), gross: moneyFigures(gross) });
    const { first } = await openDays(trx, estate_id);
    const { channel, sha256 } = draft;
    const ready = taken.filter((row) => row.status === 'ready');
    const entries = new Map<number, number>();
    for (let at = 0; at < ready.length; at += AT_ONCE) {
      const part = ready.slice(at, at + AT_ONCE);
      const results = await takePayments(trx, { estate_id, made_by: cashier.person_id, payments: part.map((row): Payment => ({
        unit: row.unit!, amount: money(row.amount!), paid_on: row.paid_on! < first ? first : row.paid_on!, method: channel,
        key: `${channel}:${row.reference!}`, reference: row.reference!.replace(/[^0-9A-Za-z-]/g, '-'),
      })) });
      results.forEach((one, index) => entries.set(part[index]!.row, one.seq));
    }
    const days = taken.map((row) => row.paid_on!).sort();
    const facts = { channel, first_on: days[0]!, last_on: days.at(-1)!, lines: taken.length, gross: moneyText(gross), fee: moneyText(fee) };
    const left_out = rows.filter((row) => row.status === 'skipped').length;
    const refunds = rows.filter((row) => row.status === 'refund');
    const settlement = await appendRecord(trx, estate_id, 'settlement_taken', {
      ...facts, by: cashier.person_id, left_out, refunded: moneyText(sum(refunds.map((row) => money(row.refunded)))), refunds: refunds.length, sha256,
    });
    try {
      await trx.insertInto('settlement').values({ estate_id, seq: settlement, ...facts, sha256, taken_by: cashier.person_id }).execute();
      const lines = taken.map((row: JudgedRow) => ({
        estate_id, settlement, line: row.row, channel, reference: row.reference!, paid_on: row.paid_on!, amount: row.amount!, unit: row.unit!,
        seq: row.receipt?.seq ?? entries.get(row.row)!,
      }));
      for (let at = 0; at < lines.length; at += AT_ONCE) await trx.insertInto('settlement_line').values(lines.slice(at, at + AT_ONCE)).execute();
    } catch (error) {
      throw constraintRefusal(error, {
        settlement_once: () => refusals.settlement_taken_before({ from: facts.first_on, to: facts.last_on, lines: facts.lines, gross: moneyFigures(gross) }, 'file'),
        settlement_line_once: () => refusals.settlement_nothing(),
      });
    }
    await trx.deleteFrom('settlement_draft').where('estate_id', '=', estate_id).where('draft_id', '=', draft_id).execute();
    return { settlement, lines: taken.length, gross: moneyText(gross), fee: moneyText(fee), left_out };
  }, { retryable: true });
}
