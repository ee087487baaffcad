// Debits and what allows them: approved orders, and the bank's own fees under a mandate.
//   certain   the order's reference, the amount and the payee's account agree; or amount and payee's account, where
//             exactly one order and one line fit; a fee whose words a rule knows, under the one mandate that covers it
//   proposed  all else of the same amount, as long as the bank does not name another account; a line that is the sum of
//             the unpaid orders of one pay file
// An order that waits (announced, objected to) allows nothing yet, and no order allows what left the bank before it was
// signed: such a line is unexplained, and the order can only be booked against it as signed after the fact.
import { money, moneyText, sum } from '../kernel/money.ts';
import { accountKey, sameAccount, type Mandate, type OpenLine, type OpenOrder, type Rule } from './candidate.ts';
import { candidate, groupBy, isOut, type Matching } from './matching.ts';

/** Amount of a debit as orders have it, "850.00". */
const spent = (line: OpenLine): string => line.amount.slice(1);

/** Cash that somebody drew, by the bank's own words: no fee of the bank, and no transfer to
 *  anybody, alone or with others. */
export const isCash = ({ memo, purpose }: Pick<OpenLine, 'memo' | 'purpose'>): boolean => /现金|取现|提现|现支|ATM/i.test(`${memo} ${purpose}`);

/** Whether the order allowed this debit on its day. */
export const allows = (order: OpenOrder, line: OpenLine): boolean =>
  order.amount === spent(line) && !isCash(line) && !order.objected && order.approved_on <= line.booked_on
  && (order.payable_from === null || order.payable_from <= line.booked_on);

/** Orders of one amount: those to a known account by it, those to an unknown one apart. */
export class OrdersByAmount {
  readonly #all: Map<string, OpenOrder[]>;
  readonly #by_account: Map<string, OpenOrder[]>;
  constructor(orders: Iterable<OpenOrder>) {
    const list = [...orders];
    this.#all = groupBy(list, (one) => one.amount);
    this.#by_account = groupBy(list, (one) => `${one.amount} ${accountKey(one.payee_account)}`);
  }

  /** Orders that may have allowed this debit: to the account the bank names, or to one that is not known; at most 50. */
  meant(line: OpenLine): OpenOrder[] {
    const account = accountKey(line.counterparty_account);
    const found = account === '' ? [this.#all.get(spent(line))] : [account, ''].map((key) => this.#by_account.get(`${spent(line)} ${key}`));
    return found.flatMap((orders) => (orders ?? []).slice(0, 50))
      .filter((one) => allows(one, line) && sameAccount(line.counterparty_account, one) !== 'other');
  }
}

const debits = (matching: Matching): OpenLine[] => [...matching.lines.values()].filter((line) => isOut(line.amount));

/** References of orders that the text of a transfer names: FK000123, TK000004. */
export const referencesIn = (line: OpenLine): string[] =>
  [...new Set(`${line.memo} ${line.purpose}`.normalize('NFKC').toUpperCase().match(/(?<![0-9A-Z])[FT]K[0-9]{6,10}(?![0-9])/g) ?? [])];

function order(matching: Matching, line: OpenLine, { proposal_id }: OpenOrder, why: 'order_reference' | 'order_payee'): void {
  matching.settle(candidate({ id: `order:${proposal_id}`, why, certain: true, lines: [line.position], orders: [proposal_id] }));
}

/** Reference, amount and payee's account. Paid twice, the second line finds no order. */
export function payByReference(matching: Matching): void {
  const named = new Map([...matching.orders.values()].map((one) => [one.reference, one]));
  if (named.size === 0) return;
  for (const line of debits(matching)) {
    const found = referencesIn(line).map((reference) => named.get(reference)).filter((one) => one !== undefined && matching.orders.has(one.proposal_id));
    if (found.length !== 1 || !allows(found[0]!, line)) continue;
    if (sameAccount(line.counterparty_account, found[0]!) === 'same') order(matching, line, found[0]!, 'order_reference');
  }
}

const byPayee = (amount: string, account: string): string => (accountKey(account) === '' ? '' : `${amount} ${accountKey(account)}`);

/** Amount and payee's account; `competes` says that an entry in the books may be the same payment. */
export function payByPayee(matching: Matching, competes: (line: OpenLine) => boolean): void {
  const orders = groupBy(matching.orders.values(), (one) => byPayee(one.amount, one.payee_account));
  for (const [key, lines] of groupBy(debits(matching), (line) => byPayee(spent(line), line.counterparty_account))) {
    const fitting = key === '' ? [] : orders.get(key) ?? [];
    const [line, one] = [lines[0]!, fitting[0]];
    if (lines.length === 1 && fitting.length === 1 && allows(one!, line) && !competes(line)) order(matching, line, one!, 'order_payee');
  }
}

export function proposeOrders(matching: Matching): void {
  const orders = new OrdersByAmount(matching.orders.values());
  const named = new Map([...matching.orders.values()].map((one) => [one.reference, one]));
  for (const line of debits(matching)) {
    const propose = (one: OpenOrder, why: 'order_reference' | 'order_payee' | 'order_amount'): void =>
      matching.propose(candidate({ id: `order:${one.proposal_id}`, why, certain: false, lines: [line.position], orders: [one.proposal_id] }));
    const fits = (one: OpenOrder | undefined): one is OpenOrder =>
      one !== undefined && allows(one, line) && sameAccount(line.counterparty_account, one) !== 'other';
    for (const reference of referencesIn(line)) {
      const one = named.get(reference);
      if (fits(one)) propose(one, 'order_reference');
    }
    const same = orders.meant(line);
    for (const one of same) if (sameAccount(line.counterparty_account, one) === 'same') propose(one, 'order_payee');
    for (const one of same) propose(one, 'order_amount');
  }
}

/** A collective debit: the sum of all orders of a pay file that are not paid yet. */
export function proposeFiles(matching: Matching): void {
  const files = groupBy([...matching.orders.values()].filter((one) => one.pay_file !== null), (one) => String(one.pay_file));
  const sums = groupBy([...files.values()].filter((orders) => orders.length > 1 && orders.length <= 400),
    (orders) => moneyText(sum(orders.map((one) => money(one.amount)))));
  if (sums.size === 0) return;
  for (const line of debits(matching)) {
    for (const orders of sums.get(spent(line)) ?? []) {
      if (!isPassage(line) || !orders.every((one) => allows({ ...one, amount: spent(line) }, line))) continue;
      const ids = orders.map((one) => one.proposal_id);
      matching.propose(candidate({ id: `file:${orders[0]!.pay_file}`, why: 'file_sum', certain: false, lines: [line.position], orders: ids }));
    }
  }
}

/** Whether the other side of a line is the bank itself. Who types 手续费 into a transfer to somebody is not the bank. */
export function isTheBank(line: OpenLine, bank_name: string): boolean {
  const name = line.counterparty_name.normalize('NFKC').replace(/\s/g, '');
  if (accountKey(line.counterparty_account) === '' && name === '') return true;
  return name !== '' && (name === bank_name || /银行(股份有限公司|有限责任公司)?([\p{Script=Han}]{0,20}(支行|分行|营业部))?$/u.test(name));
}

/** Whether a collective debit went to an account of the bank from which it pays the single orders; not to somebody, nor to a
 *  company that is called so. */
export const isPassage = (line: OpenLine): boolean => !isCash(line) && (isTheBank(line, '')
  || (/代发|代付|批量|过渡|清算|内部/.test(line.counterparty_name) && !/公司|企业|中心|商行|经营|工作室|合作社|[店厂场部]$/.test(line.counterparty_name)));

/** Words count where the bank writes, in 摘要; 用途 is what the payer typed. */
export const hasWords = (line: OpenLine, { words }: Rule): boolean => words.some((word) => line.memo.includes(word));

const covers = (mandate: Mandate, line: OpenLine): boolean =>
  mandate.valid_from <= line.booked_on && line.booked_on <= mandate.valid_to && !money(spent(line)).greaterThan(money(mandate.cap_each));

/** Fees of the bank under a mandate that both keys signed. */
export function takeFees(matching: Matching, competes: (line: OpenLine) => boolean): void {
  const { mandates, rules, bank_name } = matching.sources;
  const fees = rules.filter((rule) => rule.kind === 'fee');
  if (mandates.length === 0 || fees.length === 0) return;
  for (const line of debits(matching)) {
    const rule = fees.find((one) => hasWords(line, one));
    if (rule === undefined || isCash(line) || !isTheBank(line, bank_name)) continue;
    const fitting = mandates.filter((mandate) => covers(mandate, line));
    const certain = fitting.length === 1 && rule.by_itself !== false && !competes(line);
    for (const mandate of fitting) {
      const found = candidate({ id: `fee:${mandate.proposal_id}`, why: 'fee', certain, lines: [line.position], mandate, rule: rule.rule_id });
      if (certain) matching.settle(found);
      else matching.propose(found);
    }
  }
}
