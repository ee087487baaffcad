// What page, PDF and tables of a certificate say alike: sides of a balance, totals, sums by dwelling, facts in words.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { businessDate, instant } from '../kernel/dates.ts';
import { money, moneyFigures, moneyText, negated, sum, zero } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Certificate } from './certificate.ts';
import { texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
export interface CertificateNames { accounts: Record<string, Bilingual>; funds: Record<string, Bilingual>; bodies: Record<string, Bilingual> }
/** Whether the lists by dwelling still have the hashes of the certificate. */
export type Agreements = Record<'advance' | 'deposits' | 'bills', boolean>;
export interface Told { term: string; value: string }

/** Money of the estate: what lies on its bank accounts and in cash. */
export const moneyIn = ({ balances }: Certificate): string =>
  moneyText(sum(balances.filter(({ account }) => /^100[12]/.test(account)).map(({ balance }) => money(balance))));

/** Debit and credit balance of a line, the other side empty. */
export function sidesOf(balance: string): { debit: string; credit: string } {
  const amount = money(balance);
  return amount.lessThan(zero) ? { debit: '', credit: moneyText(negated(amount)) } : { debit: balance, credit: '' };
}

/** Sums of both sides; they are the same. */
export function balanceTotals({ balances }: Certificate): { debit: string; credit: string } {
  const side = (name: 'debit' | 'credit'): string => moneyText(sum(balances.map(({ balance }) => sidesOf(balance)[name]).filter((amount) => amount !== '').map((amount) => money(amount))));
  return { debit: side('debit'), credit: side('credit') };
}

/** One line for each list: how many dwellings, how much, and its hash. */
export const dwellingRows = (certificate: Certificate) => (['advance', 'deposits', 'bills'] as const).map((what) => {
  const { dwellings, total, sha256 } = certificate[what];
  return { what, dwellings, total, sha256 };
});

export function paperFacts({ entries, entries_after, vouchers, last_receipt, size, drawn_at }: Certificate, t: T, locale: Locale): Told[] {
  return [
    { term: t.entries, value: fill(t.entries_text, { entries, after: entries_after }) },
    { term: t.vouchers, value: fill(t.vouchers_text, { count: vouchers.count, hash: `${vouchers.sha256.slice(0, 16)}…` }) },
    { term: t.last_receipt, value: last_receipt === 0 ? t.no_receipt : fill(t.receipt_text, { number: last_receipt }) },
    { term: t.log_size, value: fill(t.log_text, { size }) },
    { term: t.drawn, value: formatDate(businessDate(instant(drawn_at)), locale) },
  ];
}

export function openFacts({ open }: Certificate, t: T): Told[] {
  const yuan = (amount: string): string => fill(t.yuan, { amount: moneyFigures(money(amount)) });
  return [
    { term: t.orders_signing, value: fill(t.counted, { count: open.orders_signing, amount: moneyFigures(money(open.orders_signing_total)) }) },
    { term: t.orders_unpaid, value: fill(t.counted, { count: open.orders_unpaid, amount: moneyFigures(money(open.orders_unpaid_total)) }) },
    { term: t.unexplained_out, value: yuan(open.unexplained_out) }, { term: t.unexplained_in, value: yuan(open.unexplained_in) },
    { term: t.in_transit, value: yuan(open.in_transit) }, { term: t.inquiries, value: String(open.inquiries) },
  ];
}

const isKey = (item: string): item is 'key_maker' | 'key_checker' | 'seal_property' | 'seal_committee' => ['key_maker', 'key_checker', 'seal_property', 'seal_committee'].includes(item);
export const keyName = (item: string, t: T): string => (isKey(item) ? t[item] : item);
