// Payment orders (付款申请单) and refunds (退款单): money leaves the trust account only through here.
//   draft → submitted → approved → paid       side exits: returned, withdrawn, rejected, held, expired
// Until it is submitted the order is a working copy that its maker changes; from then on the frozen
// document of the proposal counts: payee by commitment, vouchers by hash, and the very lines of the entry.
// An emergency order (应急) is signed by fewer, and the signers of the normal rule ratify it afterwards; a rule may ask
// a resolution of the owners (业主大会决议). A field that is not there is left out of the document.
// "paid" (pay.ts) posts:  借 expense or liability of the fund   贷 1002 bank deposit   (by order)
// What goes back to a dwelling names it (dwelling.ts); the document holds the dwelling's random name only.
// One that explains what the bank paid without an order (事后补单) is never paid: settle.ts.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { readDate } from '../kernel/dates.ts';
import { money, moneyFigures, moneyText, readMoney, type Money } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bookText, refusePersonal } from '../kernel/text.ts';
import { estateNow, estateToday } from '../evidence/records.ts';
import { draftProposal, lockProposal, redraftProposal, submitProposal, type Submitted } from '../approval/proposal.ts';
import { linkedResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { stateName } from '../approval/texts.ts';
import { lineJson } from '../ledger/entry.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { overBudget, type OverBudget } from './budget-check.ts';
import { checksOf, refuseUnchecked } from './check.ts';
import { readDwelling, refOf, signerAtHome } from './dwelling.ts';
import { invoicesAmong, type Invoice } from './invoice.ts';
import { invoiceChecks } from './invoice-check.ts';
import { enterPayee, payeeOf, readPayeeRow, type NewPayee, type Payee } from './payee.ts';
import { readOrder, SUSPENSE, type Order, type OrderKind } from './queries.ts';
import { refusals } from './refusals.ts';
import { demandSuspense, suspenseChecks } from './settle.ts';
import { demandVouchers } from './voucher-file.ts';
import type { RuleClass } from '../approval/kinds.ts';

/** An order as it is typed or sent; amounts are text. */
export interface OrderTyped {
  /** Fixed with the first draft. Default: payment. */
  kind?: OrderKind | undefined;
  class?: 'normal' | 'emergency' | undefined;
  emergency_reason?: string | undefined;
  /** Why it may exceed the budget; left out where it does not. */
  over_budget_reason?: string | undefined;
  resolution?: ResolutionTyped | null | undefined;
  payee: { payee_id: number } | NewPayee;
  amount: string;
  fund: string;
  account: string;
  bank_account?: string | undefined;
  purpose: string;
  vouchers: readonly string[];
  /** Left out where a file among the vouchers says it. */
  invoice?: { number: string; total: string } | null | undefined;
  /** Entry on 1291 (an unexplained debit) that it explains after the fact; fixed with the first draft. */
  settles?: number | null | undefined;
  /** Dwelling whose money goes back: "3-2-1002". */
  unit?: string | null | undefined;
  /** Milestone of the project whose fund pays. */
  milestone?: number | null | undefined;
}

const LARGEST = money('9999999999.99');

/** An amount as typed. Refusals: amount_unreadable, amount_not_positive, amount_too_large. */
export function readAmount(typed: string, field = 'amount'): Money {
  const amount = readMoney(typed);
  if (amount === null) throw ledgerRefusals.amount_unreadable({ typed: typed.slice(0, 40) }, field);
  if (!amount.greaterThan(0)) throw refusals.amount_not_positive({ amount: moneyFigures(amount) }, field);
  if (amount.greaterThan(LARGEST)) {
    throw refusals.amount_too_large({ amount: moneyFigures(amount), limit: moneyFigures(LARGEST) }, field);
  }
  return amount;
}

/** What was typed of the invoice, and where nothing was, what its file says: of several the one that is meant must be named. */
function readInvoice(typed: OrderTyped['invoice'], files: readonly Invoice[]): { number: string; total: Money } | null {
  const typed_number = (typed?.number ?? '').normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const typed_total = (typed?.total ?? '').trim();
  const numbers = [...new Set(files.map((file) => file.number))];
  if (typed_number === '' && numbers.length > 1) throw refusals.invoice_several({ numbers: numbers.join('、') }, 'invoice_number');
  const number = typed_number === '' ? numbers[0] ?? '' : typed_number;
  const meant = files.find((file) => file.number === number);
  const total = typed_total === '' && meant !== undefined ? meant.total : typed_total;
  if (number === '' && total === '') return null;
  if (number === '') throw refusals.invoice_incomplete({}, 'invoice_number');
  if (total === '') throw refusals.invoice_incomplete({}, 'invoice_total');
  if (!/^[0-9A-Z-]{4,40}$/.test(number)) throw refusals.invoice_number_invalid({}, 'invoice_number');
  refusePersonal(number, { field: 'invoice_number', label: '发票号码 invoice number' });
  return { number, total: readAmount(total, 'invoice_total') };
}

/** A red invoice says so itself, before its negative total is read as an amount. */
async function invoiceFiles(trx: Trx, estate_id: number, vouchers: readonly string[]): Promise<Invoice[]> {
  const files = await invoicesAmong(trx, estate_id, vouchers);
  const red = files.find((file) => file.is_red);
  if (red !== undefined) throw refusals.invoice_red({ invoice: red.number, total: moneyFigures(money(red.total)) }, 'vouchers');
  return files;
}

/** A resolution of the owners: one that was counted here, or named whole, with its file, or none. */
async function readResolution(trx: Trx, estate_id: number, typed: OrderTyped['resolution']): Promise<Order['resolution']> {
  const { title = '', date = '', voucher = '', resolution_id } = typed ?? {};
  if (resolution_id !== undefined) return (await linkedResolution(trx, estate_id, resolution_id, { today: await estateToday(trx, estate_id), field: 'resolution_id' })).linked;
  if (title.trim() === '' && date.trim() === '' && voucher === '') return null;
  if (title.trim() === '') throw refusals.order_resolution_incomplete({}, 'resolution_title');
  const named = bookText(title, { field: 'resolution_title', label: '决议名称 resolution', limit: 120 });
  const today = await estateToday(trx, estate_id);
  const day = readDate(date);
  if (date.trim() === '') throw refusals.order_resolution_incomplete({}, 'resolution_date');
  if (day === null || day > today) throw refusals.order_resolution_date({ typed: date.slice(0, 40), today }, 'resolution_date');
  if (voucher === '') throw refusals.order_resolution_incomplete({}, 'resolution_file');
  const [file] = await demandVouchers(trx, estate_id, [voucher]).catch((error: unknown) => {
    throw error instanceof Refusal ? refusals.order_resolution_incomplete({}, 'resolution_file') : error;
  });
  return { title: named, date: day, voucher: file!.sha256 };
}

/** Why it cannot wait; null of a normal order. */
function readEmergency({ class: wanted = 'normal', kind, emergency_reason = '' }: OrderTyped): string | null {
  if (wanted === 'normal') return null;
  if (kind === 'refund') throw refusals.emergency_payment_only({}, 'class');
  if (emergency_reason.trim() === '') throw refusals.emergency_reason_missing({}, 'emergency_reason');
  return bookText(emergency_reason, { field: 'emergency_reason', label: '应急原因 reason', limit: 200 });
}

const readOverBudget = ({ over_budget_reason = '' }: OrderTyped): string | null => (over_budget_reason.trim() === '' ? null
  : bookText(over_budget_reason, { field: 'over_budget_reason', label: '超预算理由 reason', limit: 200 }));

async function demandAccounts(trx: Trx, estate_id: number, { account, fund, bank_account }: Wanted): Promise<void> {
  const found = await trx.selectFrom('fund').select('fund')
    .where('estate_id', '=', estate_id).where('fund', '=', fund).executeTakeFirst();
  if (found === undefined) throw refusals.order_fund_unknown({ fund: fund.slice(0, 60) }, 'fund');
  const rows = await trx.selectFrom('account').select(['account', 'name_zh', 'name_en', 'class', 'is_money'])
    .where('estate_id', '=', estate_id).where('account', 'in', [account, bank_account])
    .where('is_postable', '=', true).where('closed_on', 'is', null).execute();
  const target = rows.find((row) => row.account === account);
  if (target === undefined) throw refusals.order_account_unknown({ account: account.slice(0, 20) }, 'account');
  // Income may be debited: that is how a fee is given back.
  // The money of a project's source goes back by its own account.
  if (target.is_money || (target.class === 'fund' && !/^p[0-9]+_/.test(fund)) || SUSPENSE.includes(account)) {
    throw refusals.order_account_unfit({ account, name: target.name_zh, name_en: target.name_en }, 'account');
  }
  if (rows.find((row) => row.account === bank_account)?.is_money !== true) {
    throw refusals.paying_account_unknown({ account: bank_account.slice(0, 20) }, 'bank_account');
  }
}

/** Gives back what was received or held for somebody. Else a purchase would take the rules of refunds, which may be milder. */
async function refuseRefundOfExpense(trx: Trx, estate_id: number, account: string): Promise<void> {
  const spent = await trx.selectFrom('account').select(['name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('account', '=', account).where('class', '=', 'expense').executeTakeFirst();
  if (spent !== undefined) throw refusals.refund_account_unfit({ account, name: spent.name_zh, name_en: spent.name_en }, 'account');
}

interface Wanted { account: string; fund: string; bank_account: string }
interface OrderRead extends Wanted {
  payee: Payee;
  amount: Money;
  purpose: string;
  invoice: { number: string; total: Money } | null;
  vouchers: string[];
  emergency_reason: string | null;
  over_budget_reason: string | null;
  resolution: Order['resolution'];
  settles: number | null;
  unit: string | null;
  milestone: number | null;
}

/** What was typed, checked field by field in the order of the form. */
async function readTyped(trx: Trx, estate: Estate, actor: Actor, typed: OrderTyped): Promise<OrderRead> {
  const { estate_id } = estate;
  const payee = 'payee_id' in typed.payee
    ? await readPayeeRow(trx, estate_id, typed.payee.payee_id)
    : await enterPayee(trx, { estate, actor, payee: typed.payee });
  const amount = readAmount(typed.amount);
  const settles = typed.settles ?? null;
  const suspense = settles === null ? null : await demandSuspense(trx, estate_id, settles);
  // The account that was charged, whatever the form says.
  const wanted = { account: typed.account, fund: typed.fund, bank_account: suspense?.bank_account ?? typed.bank_account ?? '1002' };
  if (suspense !== null && typed.class === 'emergency') throw refusals.settles_is_no_emergency({}, 'class');
  await demandAccounts(trx, estate_id, wanted);
  const purpose = bookText(typed.purpose, { field: 'purpose', label: '用途 purpose', limit: 120 });
  const vouchers = await demandVouchers(trx, estate_id, typed.vouchers);
  const emergency_reason = readEmergency(typed);
  if (typed.kind === 'refund') await refuseRefundOfExpense(trx, estate_id, wanted.account);
  const hashes = vouchers.map((one) => one.sha256);
  const unit = await readDwelling(trx, estate_id, typed.unit, { ...wanted, purpose, settles });
  return {
    ...wanted, payee, amount, purpose, invoice: readInvoice(typed.invoice, await invoiceFiles(trx, estate_id, hashes)), vouchers: hashes,
    settles, unit, milestone: typed.milestone ?? null, emergency_reason, over_budget_reason: readOverBudget(typed), resolution: await readResolution(trx, estate_id, typed.resolution),
  };
}

const rowOf = (order: OrderRead) => ({
  payee_id: order.payee.payee_id, amount: moneyText(order.amount), fund: order.fund, account: order.account,
  bank_account: order.bank_account, purpose: order.purpose, invoice_number: order.invoice?.number ?? null,
  invoice_total: order.invoice === null ? null : moneyText(order.invoice.total), emergency_reason: order.emergency_reason, over_budget_reason: order.over_budget_reason,
  resolution_title: order.resolution?.title ?? null, resolution_date: order.resolution?.date ?? null,
  resolution_voucher: order.resolution !== null && 'voucher' in order.resolution ? order.resolution.voucher : null,
  resolution_id: order.resolution !== null && 'resolution_id' in order.resolution ? order.resolution.resolution_id : null, unit: order.unit, milestone: order.milestone,
});

const classOf = ({ emergency_reason }: Pick<OrderRead, 'emergency_reason'>): RuleClass =>
  (emergency_reason === null ? 'normal' : 'emergency');

export const titleOf = (public_name: string, purpose: string): string => `${public_name} · ${purpose}`;

async function writeVouchers(trx: Trx, estate_id: number, proposal_id: number, vouchers: readonly string[]): Promise<void> {
  await trx.deleteFrom('order_voucher').where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
  if (vouchers.length === 0) return;
  await trx.insertInto('order_voucher').values(vouchers.map((sha256) => ({ estate_id, proposal_id, sha256 }))).execute();
}

/** What no later day makes good is refused while it is drafted: nobody is asked to look at it. */
async function refuseDrafting(trx: Trx, estate_id: number, proposal_id: number): Promise<void> {
  const order = await readOrder(trx, estate_id, proposal_id);
  refuseUnchecked([...await invoiceChecks(trx, estate_id, order), ...await suspenseChecks(trx, estate_id, order)]);
}

/** A new order as a draft; gives its number. Refusals: those of demand() for draft_order, and of each
 *  field: payee_unknown …, amount_unreadable …, order_account_unknown …, text_…, voucher_unknown, settles_…, invoice_…, order_unit_…, order_purpose_names_unit. */
export async function draftOrder(
  trx: Trx, { estate, actor, order }: { estate: Estate; actor: Actor | null; order: OrderTyped },
): Promise<number> {
  const { estate_id } = estate;
  const maker = demand(actor, estate_id, 'draft_order');
  const { kind = 'payment' } = order;
  const read = await readTyped(trx, estate, maker, order);
  const proposal_id = await draftProposal(trx, {
    estate_id, kind, title: titleOf(read.payee.public_name, read.purpose), amount: read.amount, fund: read.fund,
    made_by: maker.person_id, class: classOf(read),
  });
  const reference = `${kind === 'refund' ? 'TK' : 'FK'}${String(proposal_id).padStart(6, '0')}`;
  await trx.insertInto('payment_order').values({ estate_id, proposal_id, reference, settles: read.settles, ...rowOf(read) }).execute();
  await writeVouchers(trx, estate_id, proposal_id, read.vouchers);
  await refuseDrafting(trx, estate_id, proposal_id);
  return proposal_id;
}

/** Changes a draft or a returned order. Refusals: order_unknown, order_not_draft, order_not_yours, order_kind_stays,
 *  and those of draftOrder(). */
export async function changeOrder(
  trx: Trx, { estate, actor, proposal_id, order }: { estate: Estate; actor: Actor | null; proposal_id: number; order: OrderTyped },
): Promise<void> {
  const { estate_id } = estate;
  const maker = demand(actor, estate_id, 'draft_order');
  const { kind, settles } = await readOrder(trx, estate_id, proposal_id);
  const { state, made_by } = await lockProposal(trx, estate_id, proposal_id);
  if (state !== 'draft' && state !== 'returned') {
    throw refusals.order_not_draft({ state: stateName(state, 'zh'), state_en: stateName(state, 'en') });
  }
  if (made_by !== maker.person_id) throw refusals.order_not_yours();
  if (order.kind !== undefined && order.kind !== kind) throw refusals.order_kind_stays();
  if (order.settles !== undefined && order.settles !== settles) throw refusals.order_settles_stays({}, 'settles');
  const read = await readTyped(trx, estate, maker, { ...order, kind, settles });
  const changed_at = await estateNow(trx, estate_id);
  await trx.updateTable('payment_order').set({ ...rowOf(read), changed_at })
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
  // A returned order keeps the title of what was signed until it is submitted again.
  if (state === 'draft') {
    await redraftProposal(trx, {
      estate_id, proposal_id, title: titleOf(read.payee.public_name, read.purpose), amount: read.amount, fund: read.fund,
      class: classOf(read),
    });
  }
  await writeVouchers(trx, estate_id, proposal_id, read.vouchers);
  await refuseDrafting(trx, estate_id, proposal_id);
}

/** What the signatures cover. Its postings are what the door compares with the entry's lines. */
function documentOf(order: Order, payee: Payee, unit: string | undefined, over_budget: OverBudget | null): { [key: string]: Json | undefined } {
  const amount = money(order.amount);
  return {
    payee: {
      payee_id: payee.payee_id, name: payee.public_name, account_last4: payee.account_last4, account_hash: payee.account_hash,
    },
    purpose: order.purpose, account: order.account, bank_account: order.bank_account, reference: order.reference,
    invoice: order.invoice_number === null ? null : { number: order.invoice_number, total: order.invoice_total },
    vouchers: [...order.vouchers].sort(),
    after_the_fact: order.settles === null ? undefined
      : { entry: order.settles, number: order.settles_number, paid_on: order.settles_paid_on },
    emergency_reason: order.emergency_reason ?? undefined, milestone: order.milestone ?? undefined, resolution: order.resolution ?? undefined,
    ...(over_budget === null ? {} : { over_budget, over_budget_reason: order.over_budget_reason ?? undefined }),
    postings: [
      lineJson({ account: order.account, fund: order.fund, debit: amount, payee: String(payee.payee_id), unit }),
      lineJson({ account: order.bank_account, fund: order.fund, credit: amount }),
    ],
  };
}

/** Runs the checks, then freezes the document. Refusals: order_unknown, the refused checks (voucher_missing,
 *  invoice_red, invoice_…_differs, invoice_reversed, invoice_exceeded, settles_…, order_fund_restricted, available_exceeded, order_unit_missing,
 *  order_unit_exceeded, order_over_budget, resolution_missing, and of an emergency order
 *  emergency_not_possible, emergency_not_for_officers, emergency_not_ratified, emergency_month_exceeded), those of
 *  submitProposal(). */
export async function submitOrder(
  trx: Trx, { estate, actor, proposal_id }: { estate: Estate; actor: Actor | null; proposal_id: number },
): Promise<Submitted> {
  const { estate_id } = estate;
  const maker = demand(actor, estate_id, 'draft_order');
  // Under the lock, so that two orders cannot both take the rest of an invoice or of a fund.
  const { state, made_by } = await lockProposal(trx, estate_id, proposal_id);
  const order = await readOrder(trx, estate_id, proposal_id);
  const payee = await readPayeeRow(trx, estate_id, order.payee_id);
  // A finished or a foreign order is told so by submitProposal, before its figures are looked at.
  if ((state === 'draft' || state === 'returned') && made_by === maker.person_id) {
    refuseUnchecked(await checksOf(trx, estate_id, order));
  }
  const named = await payeeOf(trx, estate_id, payee);
  const at_home = named.payee_person === null ? await signerAtHome(trx, estate_id, order.unit, maker.person_id) : null;
  const paid = at_home === null ? named : { payee_person: at_home, payee_class: 'officer' as const };
  return submitProposal(trx, {
    estate, proposal_id, actor: maker, title: titleOf(payee.public_name, order.purpose), ...paid,
    amount: money(order.amount), fund: order.fund, class: order.class,
    content: documentOf(order, payee, await refOf(trx, estate_id, order.unit), await overBudget(trx, estate_id, order)),
  });
}
