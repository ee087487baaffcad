// Pay files (付款文件): approved orders handed to the bank in one file. Each order stands in one file at most, for exactly
// its amount, from its bank account, and not before it may be paid; a file that the bank refused is declared void.
import type { Bilingual } from '../kernel/locale.ts';
import { isMoney } from './accounts.ts';
import type { Books, Moment, Proposal } from './books.ts';
import { judgeWaiting } from './carrying-out.ts';
import { fenOf } from './fen.ts';
import { bodiesIn, listIn, Misshapen, textIn, wholeIn } from './fields.ts';

const faults = {
  state: { zh: '这时不是已签齐、待付款', en: 'was not approved and waiting to be paid' },
  after: { zh: '是事后补签的，钱已经付过', en: 'was signed after the fact: the money had gone' },
  account: { zh: '从别的账户付款', en: 'is paid from another account' },
  twice: { zh: '已在另一个付款文件里', en: 'stands in another file' },
  sum: { zh: '笔数或金额合计不符', en: 'its number or sum is not that of its orders' },
} as const satisfies Record<string, Bilingual>;

function faultOf(books: Books, { proposal, kind, state, document }: Proposal, account: string): keyof typeof faults | null {
  if (!['payment', 'refund'].includes(kind) || state !== 'approved') return 'state';
  if (document['after_the_fact'] !== undefined) return 'after';
  if (!bodiesIn(document, 'postings').some((line) => isMoney(textIn(line, 'account')) && line['credit'] !== undefined && line['account'] === account)) return 'account';
  return books.pay_file_orders.has(proposal) ? 'twice' : null;
}

export function payFileMade(books: Books, { body, seq, day }: Moment): void {
  const account = textIn(body, 'bank_account');
  const accuse = (proposal: number | string, fault: keyof typeof faults): void =>
    books.accuse('pay_file_wrong', { proposal, why: faults[fault].zh, why_en: faults[fault].en });
  let total = 0n;
  const orders = listIn(body, 'orders');
  for (const number of orders) {
    if (typeof number !== 'number') throw new Misshapen('orders');
    const order = books.proposals.get(number);
    if (order === undefined) {
      books.accuse('support_missing', { what: `第 ${number} 号签批单`, what_en: `proposal ${number}` });
      return;
    }
    const fault = faultOf(books, order, account);
    if (fault !== null) accuse(number, fault);
    judgeWaiting(books, order, day);
    books.pay_file_orders.set(number, seq);
    total += order.amount;
  }
  if (orders.length !== wholeIn(body, 'count') || orders.length === 0 || total !== fenOf(body['total'])) accuse('–', 'sum');
}

export function payFileVoided(books: Books, { body }: Moment): void {
  const file = wholeIn(body, 'pay_file');
  for (const [order, seq] of books.pay_file_orders) if (seq === file) books.pay_file_orders.delete(order);
}
