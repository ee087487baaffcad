// The invoice of an order, looked at before anybody is asked to sign: is it used up, taken back by a red one, does its file
// say what the order says, is it made out to us, and does its seller get the money. What is refused here is refused while the
// order is drafted already. Owners read these sentences on the page of an announced order: they name no buyer and no seller.
import type { Trx } from '../kernel/database.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { minus, money, moneyFigures, sum } from '../kernel/money.ts';
import { refused, told, type Check } from './check-result.ts';
import { acceptedTitles, invoicesAmong, invoicesNumbered, plainName, type Invoice } from './invoice.ts';
import { invoiceKey, invoiceUsed, type Order } from './queries.ts';
import { refusals } from './refusals.ts';

const texts = {
  none: { zh: '没有填发票号码，无法核对是否重复报销', en: 'No invoice number: repeated use cannot be checked' },
  first: { zh: '发票 {invoice} 第一次使用，金额在发票总额 {total} 元之内', en: 'Invoice {invoice} is used for the first time, within its total of {total}' },
  again: { zh: '发票 {invoice} 总额 {total} 元，别的单已用 {used} 元，加上这张不超', en: 'Invoice {invoice} is for {total}; {used} is used by other orders; with this one it is not exceeded' },
  differs: { zh: '发票 {invoice} 的总额，别的单填的是 {other} 元，这张填的是 {total} 元，请核对', en: 'For invoice {invoice} another order states a total of {other}, this one {total}' },
  file: { zh: '发票号码、总额与发票文件一致', en: 'Number and total are what the invoice file says' },
  other_file: { zh: '号码 {invoice} 的发票另有 {count} 份不同的文件，总额 {totals} 元，请核对真伪', en: 'There are {count} other files of invoice {invoice}, for {totals}: which is the true one?' },
  more_files: { zh: '另附发票 {numbers}，这张单只按 {invoice} 控制累计金额', en: 'Other invoices are attached ({numbers}); this order counts against {invoice} only' },
  title: { zh: '发票抬头不是本小区，也不是物业或业委会，请核对', en: 'The invoice is made out to neither the estate nor one of its bodies' },
  title_ok: { zh: '发票抬头相符', en: 'The invoice is made out to us' },
  seller: { zh: '发票的销售方不是这张单的收款方，请核对', en: 'The seller of the invoice is not the payee of this order' },
  seller_ok: { zh: '发票的销售方就是收款方', en: 'The seller of the invoice is the payee' },
} as const satisfies Record<string, Bilingual>;

/** All of them, refused ones first in the order in which drafting and submitting refuse. */
export async function invoiceChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const attached = await invoicesAmong(trx, estate_id, order.vouchers);
  const red = attached.find((invoice) => invoice.is_red);
  if (red !== undefined) {
    return [refused('invoice_red', refusals.invoice_red({ invoice: red.number, total: moneyFigures(money(red.total)) }, 'vouchers'))];
  }
  // What goes back to a dwelling has no invoice.
  if (order.unit !== null && order.invoice_number === null) return [];
  if (order.invoice_number === null || order.invoice_total === null) return [told('invoice_total', 'attention', texts.none)];
  const stated = { number: order.invoice_number, total: money(order.invoice_total) };
  const wrong = fileRefusal(stated, attached);
  if (wrong !== null) return [wrong];
  const known = await invoicesNumbered(trx, estate_id, stated.number);
  const taken_back = known.find((invoice) => invoice.reverses !== null && invoiceKey(invoice.reverses) === invoiceKey(stated.number));
  if (taken_back !== undefined) {
    return [refused('invoice_reversed', refusals.invoice_reversed({ invoice: stated.number, red: taken_back.number }, 'invoice_number'))];
  }
  const files = known.filter((invoice) => invoiceKey(invoice.number) === invoiceKey(stated.number));
  const used = await usedChecks(trx, estate_id, order, files);
  if (used.some((check) => check.state === 'refused')) return used;
  return [...used, ...fileChecks(order, attached, files), ...await partyChecks(trx, estate_id, order, files)];
}

/** Number or total other than what the attached file says. */
function fileRefusal(stated: { number: string; total: ReturnType<typeof money> }, attached: readonly Invoice[]): Check | null {
  if (attached.length === 0) return null;
  const meant = attached.filter((invoice) => invoice.number === stated.number);
  if (meant.length === 0) {
    const numbers = [...new Set(attached.map((invoice) => invoice.number))].join('、');
    return refused('invoice_file', refusals.invoice_number_differs({ typed: stated.number, file: numbers }, 'invoice_number'));
  }
  const other = meant.find((invoice) => !money(invoice.total).equals(stated.total));
  if (other === undefined) return null;
  return refused('invoice_file', refusals.invoice_total_differs({
    invoice: stated.number, typed: moneyFigures(stated.total), file: moneyFigures(money(other.total)),
  }, 'invoice_total'));
}

/** All orders of one invoice together stay within its total; of several totals that were stated the smallest counts. */
async function usedChecks(trx: Trx, estate_id: number, order: Order, files: readonly Invoice[]): Promise<Check[]> {
  const invoice = order.invoice_number!;
  const others = await invoiceUsed(trx, estate_id, order);
  const used = sum(others.map((other) => money(other.amount)));
  const own = money(order.invoice_total!);
  const totals = [own, ...others.map((other) => money(other.invoice_total)), ...files.filter((file) => !file.is_red).map((file) => money(file.total))];
  const total = totals.reduce((a, b) => (b.lessThan(a) ? b : a));
  const amount = money(order.amount);
  const facts = { invoice, total: moneyFigures(total), used: moneyFigures(used), amount: moneyFigures(amount) };
  const over = minus(sum([used, amount]), total);
  if (over.greaterThan(0)) {
    return [refused('invoice_total', refusals.invoice_exceeded({ ...facts, over: moneyFigures(over) }, 'amount'))];
  }
  const checks = [told('invoice_total', 'ok', others.length === 0 ? texts.first : texts.again, facts)];
  const other = others.find((one) => !money(one.invoice_total).equals(own));
  if (other !== undefined) {
    checks.push(told('invoice_differs', 'attention', texts.differs,
      { invoice, other: moneyFigures(money(other.invoice_total)), total: moneyFigures(own) }));
  }
  return checks;
}

function fileChecks(order: Order, attached: readonly Invoice[], files: readonly Invoice[]): Check[] {
  const invoice = order.invoice_number!;
  const elsewhere = files.filter((file) => !order.vouchers.includes(file.sha256));
  const rest = [...new Set(attached.filter((file) => file.number !== invoice).map((file) => file.number))];
  const totals = [...new Set(elsewhere.map((file) => moneyFigures(money(file.total))))].join('、');
  return [
    ...(attached.length > 0 ? [told('invoice_file', 'ok', texts.file)] : []),
    ...(elsewhere.length > 0 ? [told('invoice_other_file', 'attention', texts.other_file, { invoice, count: elsewhere.length, totals })] : []),
    ...(rest.length > 0 ? [told('invoice_more', 'attention', texts.more_files, { numbers: rest.join('、'), invoice })] : []),
  ];
}

/** Buyer and seller, where a file says who they are. */
async function partyChecks(trx: Trx, estate_id: number, order: Order, files: readonly Invoice[]): Promise<Check[]> {
  const said = files.find((file) => order.vouchers.includes(file.sha256)) ?? files[0];
  if (said === undefined) return [];
  const titles = (await acceptedTitles(trx, estate_id)).map(plainName);
  const payee = await trx.selectFrom('payee_identity').select('name')
    .where('estate_id', '=', estate_id).where('payee_id', '=', order.payee_id).executeTakeFirst();
  const ours = titles.includes(plainName(said.buyer_name));
  const same = plainName(payee?.name ?? order.payee_name) === plainName(said.seller_name);
  return [
    told('invoice_title', ours ? 'ok' : 'attention', ours ? texts.title_ok : texts.title),
    told('invoice_seller', same ? 'ok' : 'attention', same ? texts.seller_ok : texts.seller),
  ];
}
