// What is looked at before anybody is asked to sign (已替您查过). A refused check stops the order at
// submission; an attention is shown above the buttons and leaves the decision to the signers.
import type { Trx } from '../kernel/database.ts';
import { businessDate, daysBetween, shanghaiTime } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { minus, money, moneyFigures, sum, type Money } from '../kernel/money.ts';
import { estateNow } from '../evidence/records.ts';
import { availableIn } from '../approval/queries.ts';
import { budgetChecks } from './budget-check.ts';
import { refused, told, type Check } from './check-result.ts';
import { dwellingChecks } from './dwelling.ts';
import { invoiceChecks } from './invoice-check.ts';
import { payeeOf, readPayeeRow } from './payee.ts';
import { projectChecks } from './project-check.ts';
import { ordersUnderResolution, ordersWithVouchers, paidBefore, readOrder, restrictionOf, type Order } from './queries.ts';
import { refusals } from './refusals.ts';
import { ruleChecks } from './rule-check.ts';
import { suspenseChecks, suspenseOf } from './settle.ts';

export type { Check, CheckState } from './check-result.ts';

const EARLIER_PAYMENTS = 3;

const texts = {
  voucher: { zh: '附有 {count} 份凭证', en: '{count} voucher(s) attached' },
  voucher_reused: { zh: '同一份凭证也附在 {references}，请核对是否重复付款', en: 'The same file is attached to {references}: is this paid twice?' },
  payee_first: { zh: '第一次付给这家收款方，请核对户名和账号', en: 'First payment to this payee: please check name and account' },
  payee_known: { zh: '以前付过这家 {count} 次', en: 'Paid {count} time(s) before' },
  above_usual: { zh: '比平时付给这家的多：平时约 {usual} 元，这次 {amount} 元', en: 'More than usual for this payee: about {usual} before, {amount} now' },
  payee_officer: { zh: '收款人是本小区在任的签批人或经办人，本人不能签这张单', en: 'The payee holds an office here and cannot sign this order' },
  fund: { zh: '资金用途相符', en: 'The fund may be used for this' },
  available: { zh: '可用 {available} 元，付后剩 {left} 元', en: '{available} available, {left} left afterwards' },
  gone: { zh: '钱已从这项资金付出，不再占用', en: 'The money has left this fund already; nothing more is taken' },
  resolution_shared: { zh: '同一决议还有 {count} 张单，连这张共 {total} 元，请对照决议的金额', en: '{count} other order(s) rest on the same resolution, {total} with this one: compare with what was resolved' },
  weekend: { zh: '周末提交（{day}，{weekday}）：不急的单，不必赶在周末签', en: 'Submitted over the weekend ({day}, {weekday_en}): what is not urgent need not be signed in haste' },
} as const satisfies Record<string, Bilingual>;

/** All checks of an order, in the order in which submitting refuses. */
export async function checksOf(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const now = await estateNow(trx, estate_id);
  const moment = order.state === 'draft' || order.state === 'returned' ? now : order.submitted_at ?? now;
  const { payee_person, payee_class } = await payeeOf(trx, estate_id, await readPayeeRow(trx, estate_id, order.payee_id));
  const asked = { order, payee_class, today: businessDate(now), submitted_on: businessDate(moment) };
  return [
    ...await voucherChecks(trx, estate_id, order),
    ...await invoiceChecks(trx, estate_id, order),
    ...await suspenseChecks(trx, estate_id, order),
    await fundCheck(trx, estate_id, order),
    ...await projectChecks(trx, estate_id, order),
    await availableCheck(trx, estate_id, order),
    ...await dwellingChecks(trx, estate_id, order),
    ...await ruleChecks(trx, estate_id, asked),
    ...await resolutionChecks(trx, estate_id, order),
    ...await payeeChecks(trx, estate_id, order),
    ...(payee_person === null || payee_class !== 'officer' ? [] : [told('payee_officer', 'attention', texts.payee_officer)]),
    ...weekendChecks(moment),
    ...await budgetChecks(trx, estate_id, order),
  ];
}

/** The checks of an order by its number, for the page on which it is signed. */
export const orderChecks = async (trx: Trx, estate_id: number, proposal_id: number): Promise<Check[]> =>
  checksOf(trx, estate_id, await readOrder(trx, estate_id, proposal_id));

/** Throws the refusal of the first refused check. */
export function refuseUnchecked(checks: readonly Check[]): void {
  const first = checks.find((check) => check.refusal !== undefined)?.refusal;
  if (first !== undefined) throw first;
}

async function voucherChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  if (order.vouchers.length === 0) return [refused('voucher_attached', refusals.voucher_missing({}, 'vouchers'))];
  const attached = told('voucher_attached', 'ok', texts.voucher, { count: order.vouchers.length });
  const others = await ordersWithVouchers(trx, estate_id, order);
  if (others.length === 0) return [attached];
  return [attached, told('voucher_reused', 'attention', texts.voucher_reused, { references: others.join('、') })];
}

async function fundCheck(trx: Trx, estate_id: number, order: Order): Promise<Check> {
  const restriction = await restrictionOf(trx, estate_id, order);
  if (restriction === null) return told('fund_use', 'ok', texts.fund);
  return refused('fund_use', refusals.order_fund_restricted({ account: order.account, ...restriction }, 'fund'));
}

async function availableCheck(trx: Trx, estate_id: number, order: Order): Promise<Check> {
  const gone = order.settles === null ? null : await suspenseOf(trx, estate_id, order.settles);
  if (gone?.fund === order.fund) return told('available', 'ok', texts.gone);
  const amount = money(order.amount);
  // An order that is approved has its own sum reserved already.
  const reserved = order.state === 'approved' ? amount : money('0.00');
  const available = sum([money(await availableIn(trx, estate_id, order.fund)), reserved]);
  const left = minus(available, amount);
  if (order.state !== 'executed' && left.isNegative()) {
    return refused('available', refusals.available_exceeded({
      fund: order.fund_zh, fund_en: order.fund_en, available: moneyFigures(available), amount: moneyFigures(amount),
      missing: moneyFigures(minus(amount, available)),
    }, 'amount'));
  }
  return told('available', 'ok', texts.available, { available: moneyFigures(available), left: moneyFigures(left) });
}

/** One resolution may carry several orders, but hardly more money than was resolved: its sum stands in its words only. */
async function resolutionChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  if (order.resolution === null || !('resolution_id' in order.resolution)) return [];
  const others = await ordersUnderResolution(trx, estate_id, order.resolution.resolution_id, order.order_id);
  if (others.length === 0) return [];
  return [told('resolution_shared', 'attention', texts.resolution_shared, { count: others.length, total: moneyFigures(sum([...others.map(money), money(order.amount)])) })];
}

/** The middle one of earlier amounts; of two middle ones the greater. */
const median = (amounts: readonly Money[]): Money =>
  [...amounts].sort((a, b) => a.comparedTo(b))[Math.floor(amounts.length / 2)]!;

async function payeeChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const earlier = (await paidBefore(trx, estate_id, order)).map(money);
  const checks: Check[] = [earlier.length === 0
    ? told('payee_first', 'attention', texts.payee_first)
    : told('payee_first', 'ok', texts.payee_known, { count: earlier.length })];
  const amount = money(order.amount);
  if (earlier.length >= EARLIER_PAYMENTS && amount.greaterThan(median(earlier).times(2))) {
    checks.push(told('payee_usual', 'attention', texts.above_usual,
      { usual: moneyFigures(median(earlier)), amount: moneyFigures(amount) }));
  }
  return checks;
}

const weekdays = ['星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日'];
const weekdays_en = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const A_MONDAY = '2024-01-01';

/** Who wants no questions asks when the others rest: from Friday 18:00 to Sunday. */
export function weekendChecks(moment: Date): Check[] {
  const time = shanghaiTime(moment);
  const day = time.slice(0, 10);
  const weekday = ((daysBetween(A_MONDAY, day) % 7) + 7) % 7;
  if (weekday < 4 || (weekday === 4 && time.slice(11, 13) < '18')) return [];
  return [told('weekend', 'attention', texts.weekend, { day, weekday: weekdays[weekday]!, weekday_en: weekdays_en[weekday]! })];
}
