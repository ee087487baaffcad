// Deposits (押金): money of a dwelling that the estate keeps for a while and never earns.
//   taken       借 bank account, or 1012 in transit [deposit]   贷 2241 [deposit] dwelling     a receipt, numbered by the door
//   returned    借 2241 [deposit] dwelling   贷 bank [deposit]                                a refund order, payment/dwelling.ts
//   kept back   借 2241 [deposit] dwelling   贷 1002 [deposit]   借 1002 [service]   贷 4109 [service]      a transfer under two keys, with vouchers
// No more is returned and kept back than is held for the dwelling: status unit_exceeded of the door; and no two proposals ask for
// the same money: unit_underway(). The log and the documents know the dwelling by its random name only.
import { randomUUID } from 'node:crypto';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { readDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, moneyText, readMoney, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { Refusal, type RefusalStatus } from '../kernel/refusal.ts';
import { bookText } from '../kernel/text.ts';
import { estateToday } from '../evidence/records.ts';
import { proposeTransfer, type Proposed } from '../ledger/correction.ts';
import { entryBody } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { DEPOSIT_ACCOUNT, DEPOSIT_FUND, depositKinds, depositsByUnit, type DepositKind } from './deposit-queries.ts';
import { refusals } from './deposit-refusals.ts';
import { dwellingIndex } from './queries.ts';
import { recordReceipts, type Method } from './receipt.ts';
import { refuseForeign } from './sight.ts';
import { dwellingsIn, type Dwelling } from './unit-name.ts';

export const TRANSIT = '1012';
export const depositMethods = ['bank', 'cash', 'pos', 'wechat', 'alipay'] as const satisfies readonly Method[];
const memos: Readonly<Record<DepositKind, string>> = { renovation: '装修押金', access: '门禁卡押金', other: '押金' };
const KEPT_BACK = '4109';
const SERVICE = 'service';

/** The one dwelling a text names: "3-2-1002", "3栋2单元1002". Refusal: deposit_unit_unknown. */
export async function oneDwelling(trx: Trx, estate_id: number, typed: string): Promise<Dwelling> {
  const found = dwellingsIn(await dwellingIndex(trx, estate_id), typed.slice(0, 60));
  if (found.length !== 1) throw refusals.deposit_unit_unknown({ unit: typed.trim().slice(0, 40) }, 'unit');
  return found[0]!;
}

function readSum(typed: string): Money {
  const amount = readMoney(typed);
  if (amount === null || !amount.greaterThan(0) || amount.greaterThan('9999999999.99')) {
    throw refusals.deposit_amount_invalid({ typed: typed.trim().slice(0, 40) }, 'amount');
  }
  return amount;
}

export interface DepositTyped {
  unit: string;
  kind: string;
  amount: string;
  method: string;
  /** Of a bank transfer: which bank account it came to. Default: 1002. */
  bank_account?: string | undefined;
  /** Who paid: kept where it can be erased. */
  payer?: string | undefined;
  /** Default: today. */
  paid_on?: string | undefined;
}
export type DepositTaken = { seq: number; number: string; receipt: number; unit: string };

/** Takes a deposit; again with the same key it gives the first answer. Refusals: those of demand() for post_receipt, deposit_…,
 *  those of post_entries(). */
export async function takeDeposit(house: House, asked: { estate: Estate; actor: Actor | null; typed: DepositTyped; key?: string | null | undefined }): Promise<DepositTaken> {
  const { estate: { estate_id }, typed, key = null } = asked;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const once_key = key === null ? null : `deposit:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { ...typed } }, async () => {
    const { unit, ref } = await oneDwelling(trx, estate_id, typed.unit);
    const kind = depositKinds.find((one) => one === typed.kind);
    if (kind === undefined) throw refusals.deposit_kind_unknown({}, 'kind');
    const method = depositMethods.find((one) => one === typed.method);
    if (method === undefined) throw refusals.deposit_method_unknown({}, 'method');
    const amount = readSum(typed.amount);
    const today = await estateToday(trx, estate_id);
    const written = (typed.paid_on ?? '').trim();
    const paid_on = written === '' ? today : readDate(written);
    if (paid_on === null || paid_on > today) throw refusals.deposit_day_invalid({ typed: written.slice(0, 40), today }, 'paid_on');
    const payer = (typed.payer ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
    if ([...payer].length > 60) throw refusals.deposit_payer_too_long({ length: [...payer].length }, 'payer');
    const debit = method === 'bank' ? (typed.bank_account ?? '').trim() || '1002' : TRANSIT;
    const body = entryBody({
      kind: 'receipt', entry_date: paid_on, description: memos[kind], made_by: actor.person_id,
      key: once_key ?? `deposit:${actor.person_id}:${randomUUID()}`,
      postings: [{ account: debit, fund: DEPOSIT_FUND, debit: amount }, { account: DEPOSIT_ACCOUNT, fund: DEPOSIT_FUND, credit: amount, unit: ref }],
    });
    const [result] = await postEntries(trx, estate_id, [body]);
    if (!isBooked(result!.status)) throw fieldOf(await explainRefusal(trx, estate_id, result!, body));
    const seq = result!.seq!;
    await trx.insertInto('deposit').values({ estate_id, seq, unit, kind, amount: moneyText(amount) }).execute();
    await recordReceipts(trx, estate_id, [{ seq, payments: [], note: { payer, method } }]);
    const receipt = await trx.selectFrom('receipt').select('number').where('estate_id', '=', estate_id).where('seq', '=', seq).executeTakeFirstOrThrow();
    return { seq, number: `${result!.period!} ${result!.number!}`, receipt: receipt.number, unit };
  }), { retryable: true });
}

/** A reason of the door about one of the two lines belongs to a field of the form. */
function fieldOf(refusal: Refusal): Refusal {
  const { field = '', code, status, text, facts } = refusal;
  const named = field === 'entry_date' ? 'paid_on' : field.endsWith('.account') ? 'bank_account' : field.startsWith('postings') ? 'amount' : field;
  return new Refusal(code, { status: status as RefusalStatus, ...text }, facts, named);
}

export interface DeductionTyped { unit: string; amount: string; reason: string; vouchers: readonly string[] }

/** Proposes to keep part of a deposit back, for both keys to sign. Refusals: those of demand() for draft_order, bill_unit_unknown,
 *  deposit_…, text_…, those of proposeTransfer(). */
export async function proposeDeduction(house: House, asked: { estate: Estate; actor: Actor | null; typed: DeductionTyped; key?: string | null | undefined }): Promise<Proposed> {
  const { estate, typed, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'draft_order');
  const { unit, amount, reason } = await inEstate(house.db.app, estate_id, async (trx) => {
    await refuseForeign(trx, { estate_id, actor, unit: typed.unit });
    const wanted = readSum(typed.amount);
    const written = bookText(typed.reason, { field: 'reason', label: '原因 reason', limit: 120 });
    if (dwellingsIn(await dwellingIndex(trx, estate_id), written).some((one) => one.unit === typed.unit)) throw refusals.deposit_reason_names_unit({ unit: typed.unit }, 'reason');
    if (typed.vouchers.length === 0) throw refusals.deposit_vouchers_missing({}, 'vouchers');
    const [found] = await depositsByUnit(trx, estate_id, { unit: typed.unit });
    const [held, underway] = [money(found?.held ?? '0.00'), money(found?.underway ?? '0.00')];
    const free = minus(held, underway);
    // Pressed again, the first press's own proposal is what is under way: proposeTransfer() answers it by its key.
    if (wanted.greaterThan(free) && !(key !== null && await pressedBefore(trx, estate_id, `transfer:${actor.person_id}:deduction:${key}`))) {
      throw refusals.deposit_exceeded({ held: moneyFigures(held), underway: moneyFigures(underway), free: moneyFigures(free), amount: moneyFigures(wanted) }, 'amount');
    }
    return { unit: typed.unit, amount: moneyText(wanted), reason: written };
  }, { readOnly: true });
  return proposeTransfer(house, {
    estate, actor, key: key === null ? null : `deduction:${key}`, description: `扣押金 ${moneyFigures(money(amount))} 元：${reason}`, vouchers: [...typed.vouchers],
    postings: [
      { account: DEPOSIT_ACCOUNT, fund: DEPOSIT_FUND, debit: amount, unit }, { account: '1002', fund: DEPOSIT_FUND, credit: amount },
      { account: '1002', fund: SERVICE, debit: amount }, { account: KEPT_BACK, fund: SERVICE, credit: amount },
    ],
  });
}

const pressedBefore = async (trx: Trx, estate_id: number, key: string): Promise<boolean> =>
  await trx.selectFrom('request_key').select('key').where('estate_id', '=', estate_id).where('key', '=', key).executeTakeFirst() !== undefined;
