// The statement of account as a paper to print.
import type { Estate } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, negated } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import type { UnitAccount } from './unit-account.ts';
import { accountTexts } from './unit-account-texts.ts';

type Named = Pick<Estate, 'name_zh' | 'name_en'>;
const figures = (amount: string): string => (amount === '' ? '' : moneyFigures(money(amount)));
export const estateName = ({ name_zh, name_en }: Named, locale: Locale): string => (locale === 'en' && name_en !== '' ? name_en : name_zh);

/** What the balance means, in words and without a sign: "还欠 120.00", "预存 80.00", "两清". */
export function standing(balance: string, locale: Locale): { label: string; amount: string } {
  const t = pick(accountTexts, locale);
  const amount = money(balance);
  if (amount.isZero()) return { label: t.settled, amount: '0.00' };
  return amount.isNegative() ? { label: t.holds, amount: moneyFigures(negated(amount)) } : { label: t.owes, amount: moneyFigures(amount) };
}

export function accountPaper(account: UnitAccount, estate: Named, locale: Locale, printed_on: string): Paper {
  const t = pick(accountTexts, locale);
  const { label, amount } = standing(account.closing, locale);
  const name = estateName(estate, locale);
  const days = account.from === null ? fill(t.days_all, { to: formatDate(account.to, locale) })
    : fill(t.days_from, { from: formatDate(account.from, locale), to: formatDate(account.to, locale) });
  return {
    locale, estate: name, title: t.title, foot: fill(t.foot, { estate: name, unit: account.unit }),
    blocks: [
      { kind: 'facts', items: [{ label: t.unit, value: account.unit }, { label: t.made, value: formatDate(printed_on, locale) }, { label: t.days, value: days }] },
      { kind: 'amount', label, figures: fill(t.yuan, { amount }) },
      ...(account.since === null ? [] : [{ kind: 'text' as const, small: true, text: fill(t.since, { month: formatPeriod(account.since, locale) }) }]),
      {
        kind: 'table', caption: '', empty: t.none,
        columns: [
          { title: t.date, align: 'left', width: 16 }, { title: t.text, align: 'left', width: 42 }, { title: t.debit, align: 'right', width: 15 },
          { title: t.credit, align: 'right', width: 15 }, { title: t.balance, align: 'right', width: 16 },
        ],
        rows: [
          ['', t.opening, '', '', figures(account.opening)],
          ...account.rows.map((row) => [row.on, row[locale], figures(row.debit), figures(row.credit), figures(row.balance)]),
        ],
        total: ['', t.total, figures(account.debits), figures(account.credits), figures(account.closing)],
      },
      ...(money(account.deposits).isZero() ? [] : [{ kind: 'facts' as const, items: [{ label: t.deposits, value: figures(account.deposits) }] }]),
      { kind: 'text', small: true, text: t.lede },
    ],
  };
}
