// What several formats of an export call the same things: kinds of entry, classes of account, the signatures
// behind an entry, free text brought onto one line.
import type { AccountClass } from '../ledger/queries.ts';
import type { BookEntry, BookSignature } from './books.ts';

export const kinds: Record<BookEntry['kind'], { zh: string; en: string; name_zh: string }> = {
  receipt: { zh: '收', en: 'receipt', name_zh: '收款凭证' },
  payment: { zh: '付', en: 'payment', name_zh: '付款凭证' },
  transfer: { zh: '转', en: 'transfer', name_zh: '转账凭证' },
};

export const classNames: Record<AccountClass, string> = {
  asset: '资产', liability: '负债', fund: '基金', income: '收入', expense: '支出',
};

/** "property/manager/passkey committee/chair/password": bodies and offices, never names. A ratification and a
 *  deputy's vote say so. */
export const signedText = (signatures: readonly BookSignature[]): string => signatures
  .map(({ body, office, method, decision, deputised }) => [body, office, method, ...(deputised ? ['deputised'] : []),
    ...(decision === 'approve' ? [] : [decision])].join('/')).join(' ');

/** One line, no control characters, single spaces. What is typed into the books is so already. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
