// The letters as papers to print: one a dwelling.
import type { Estate } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyCapital, moneyFigures } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import type { Batch, ItemName, Letter } from './reminder-queries.ts';
import { kindTexts, letterTexts } from './reminder-texts.ts';
import { estateName } from './unit-account-paper.ts';

export interface LetterFacts {
  estate: Pick<Estate, 'code' | 'name_zh' | 'name_en' | 'trustee'>;
  batch: Batch;
  letter: Letter;
  /** Whoever pays, where an officer prints it and the register knows. */
  names: readonly string[];
  items: readonly ItemName[];
  public_url: string;
  locale: Locale;
}

export function letterPaper({ estate, batch, letter, names, items, public_url, locale }: LetterFacts): Paper {
  const t = pick(letterTexts, locale);
  const { kind } = batch;
  const title = kindTexts[kind][locale];
  const name = estateName(estate, locale);
  const facts = { unit: letter.unit, made_on: formatDate(batch.made_on, locale), pay_by: formatDate(batch.pay_by, locale) };
  const itemName = (item: string): string => {
    const found = items.find((one) => one.item === item);
    return found !== undefined ? found[`name_${locale}`] : item === 'property_fee' ? t.property_fee : item === 'late_fee' ? t.late_fee : item;
  };
  const address = `${public_url}/e/${estate.code}/bills/${letter.unit}`;
  return {
    locale, estate: name, title, foot: fill(t.foot, { estate: name, kind: title }),
    blocks: [
      { kind: 'text', strong: true, text: fill(t.to, { unit: letter.unit, names: names.length === 0 ? t.owner : names.join(locale === 'zh' ? '、' : ', ') }) },
      { kind: 'text', text: fill(t[`opening_${kind}`], facts) },
      { kind: 'amount', label: t.sum, figures: fill(t.yuan, { amount: moneyFigures(money(letter.amount)) }), ...(locale === 'zh' ? { capital: moneyCapital(money(letter.amount)) } : {}) },
      {
        kind: 'table', caption: t.caption,
        columns: [{ title: t.item, align: 'left', width: 4 }, { title: t.period, align: 'left', width: 3 }, { title: t.due_on, align: 'left', width: 3 }, { title: t.open, align: 'right', width: 3 }],
        rows: letter.bills.map((bill) => [itemName(bill.item), formatPeriod(bill.period, locale), formatDate(bill.due_on, locale), moneyFigures(money(bill.open))]),
        total: [t.sum, '', '', moneyFigures(money(letter.amount))],
      },
      { kind: 'text', text: t.doubt },
      ...(kind === 'demand' ? [{ kind: 'text' as const, text: t.law }] : []),
      { kind: 'text', text: t.promise },
      { kind: 'qr', text: address, caption: fill(t.pay, { address }) },
      { kind: 'signatures', lines: [{ label: t.sender, name: estate.trustee, day: facts.made_on }, { label: t.received }] },
    ],
  };
}
