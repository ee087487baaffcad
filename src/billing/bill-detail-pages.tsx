// The page of one bill: what is left to pay in large figures, then how it was reckoned, who owes which days, what was paid and taken off.
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { tenThousandths } from '../approval/fee-facts.tsx';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { ButtonRow } from '../web/forms.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { BillDetail, PayerShare } from './bill-detail.ts';
import { billTexts } from './bill-texts.ts';
import type { BillLine } from './reckon.ts';

type T = ReturnType<typeof pick<typeof billTexts>>;
export const itemIn = (bill: Pick<BillDetail, 'name_zh' | 'name_en'>, locale: Locale): string => (locale === 'zh' ? bill.name_zh : bill.name_en);

/** A line in words: 85.00 平方米 × 每月 1.20 元，3月1日至3月15日，15 天（当月 31 天）. */
export function lineText(line: BillLine, locale: Locale): string {
  const t = pick(billTexts, locale);
  if (line.what === 'imported') return t.rule_imported;
  const percent = (rate: string): string => (locale === 'zh' ? `万分之 ${tenThousandths(rate)}` : `${tenThousandths(rate)}/10,000`);
  const figures = (amount: string | undefined): string => (amount === undefined ? '' : moneyFigures(money(amount)));
  const text = fill(t[`line_${line.what}`], {
    quantity: line.what === 'late' ? figures(line.quantity) : line.quantity ?? '', rate: line.what === 'late' ? percent(line.rate ?? '0') : line.rate ?? '', space: line.space ?? '',
    meter: line.meter ?? '', before: line.before ?? '', now: line.now ?? '', cost: figures(line.cost), whole: line.whole ?? '', days: line.days ?? '',
  });
  if (line.from === undefined || line.to === undefined) return text;
  const span = { from: formatDate(line.from, locale), to: formatDate(line.to, locale), days: line.days ?? '', of: line.of ?? '' };
  return text + fill(line.of === undefined ? t.line_span : t.line_days, span);
}

export function whoText(share: PayerShare, t: T, locale: Locale): string {
  if (share.nobody) return t.nobody;
  if (share.names !== null) return share.names.join(locale === 'zh' ? '、' : ', ');
  return share.own ? t.you : t.other;
}

export const whyText = (why: string, t: T): string => (t as unknown as Record<string, string>)[`why_${why}`] ?? why;

export interface BillShown { code: string; bill: BillDetail; today: string; officer: boolean }

export function billPage(frame: Frame, { code, bill, today, officer }: BillShown): string {
  const { locale } = frame;
  const t = pick(billTexts, locale);
  const month = formatPeriod(bill.period, locale);
  const here = `/e/${code}/bills/${bill.unit}/${bill.bill_id}`;
  const is_open = bill.open !== '0.00';
  const rule = bill.rule_id;
  return page({
    ...frame, title: fill(t.bill_of, { month, item: itemIn(bill, locale) }), crumbs: [{ href: officer ? `/e/${code}/bills/${bill.unit}` : `/e/${code}/bills`, label: `${t.bills} ${bill.unit}` }],
    body: (
      <>
        <Card>
          {is_open ? <><p class="hint">{t.open}</p><p class="big"><Amount value={bill.open} yuan strong capital /></p></>
            : <p class="big"><strong>{bill.reduced !== '0.00' && bill.paid === '0.00' ? t.settled_reduced : t.settled}</strong></p>}
          <DescriptionList items={[
            { term: t.unit, value: bill.unit }, { term: t.item, value: itemIn(bill, locale) }, { term: t.month, value: month },
            { term: t.due_on, value: <>{formatDate(bill.due_on, locale)}{is_open && bill.due_on < today && <> <Chip tone="amber">{t.overdue}</Chip></>}</> },
            { term: t.billed, value: <Amount value={bill.amount} yuan /> },
            bill.reduced !== '0.00' && { term: t.reduced, value: <Amount value={bill.reduced} yuan /> },
            { term: t.paid, value: <Amount value={bill.paid} yuan /> },
            { term: t.rule, value: rule === null ? (bill.imported ? t.rule_imported : t.rule_own) : <a href={`/e/${code}/proposals/${rule}`}>{fill(t.rule_signed, { rule })}</a> },
            { term: t.made_on, value: `${formatDate(bill.made_on, locale)} · ${fill(t.number, { bill: bill.bill_id })}` },
          ]} />
          <ButtonRow>{is_open && <ActionLink href={`/e/${code}/pay/${bill.unit}`}>{t.pay}</ActionLink>}<ActionLink href={`${here}.pdf`} kind="alt" download>{t.pdf}</ActionLink></ButtonRow>
        </Card>
        {bill.of !== null && <Notice tone="info">{fill(t.late_of, { month: formatPeriod(bill.of.period, locale), item: itemIn(bill.of, locale) })} <a href={`/e/${code}/bills/${bill.unit}/${bill.of.bill_id}`}>{fill(t.number, { bill: bill.of.bill_id })}</a></Notice>}
        <Card title={t.how}>
          {bill.lines.length === 0 ? <p>{t.no_lines}</p> : (
            <LedgerTable caption={t.how} caption_hidden rows={bill.lines} columns={[
              { key: 'what', title: t.what, lead: true, cell: (line) => lineText(line, locale) }, { key: 'amount', title: t.amount, type: 'money' },
            ]} totals={[{ label: t.total, cells: { amount: bill.amount } }]} />
          )}
        </Card>
        {bill.shares.length > 0 && (
          <Card title={t.shares}>
            <LedgerTable caption={t.shares} caption_hidden rows={bill.shares} columns={[
              { key: 'days', title: t.days, lead: true, cell: (row) => `${formatDate(row.from, locale)} – ${formatDate(row.to, locale)}` },
              { key: 'count', title: t.count, type: 'number', cell: (row) => row.days }, { key: 'who', title: t.who, cell: (row) => whoText(row, t, locale) },
              { key: 'amount', title: t.amount, type: 'money' },
            ]} />
            <p class="hint">{t.shares_hint}</p>
          </Card>
        )}
        {bill.reductions.length > 0 && (
          <Card title={t.reductions}>
            <LedgerTable caption={t.reductions} caption_hidden rows={bill.reductions} columns={[
              { key: 'why', title: t.what, lead: true, cell: (row) => (row.proposal_id === null ? whyText(row.why, t) : <a href={`/e/${code}/proposals/${row.proposal_id}`}>{whyText(row.why, t)}</a>) },
              { key: 'amount', title: t.amount, type: 'money' },
            ]} />
          </Card>
        )}
        <Card title={t.receipts}>
          {bill.entries.length === 0 ? <p>{t.none_paid}</p> : (
            <LedgerTable caption={t.receipts} caption_hidden rows={bill.entries} rowState={(row) => (row.reversed ? 'muted' : undefined)} columns={[
              { key: 'entry_date', title: t.day, type: 'date', lead: true, cell: (row) => formatDate(row.entry_date, locale) },
              { key: 'number', title: t.entry, cell: (row) => <><a href={`/e/${code}/journal/${row.seq}`}>{row.number}</a>{row.reversed && <> <Chip>{t.reversed}</Chip></>}</> },
              { key: 'amount', title: t.amount, type: 'money' },
            ]} />
          )}
        </Card>
        {bill.late_fees.length > 0 && (
          <Card title={t.late_fees}>
            <LedgerTable caption={t.late_fees} caption_hidden rows={bill.late_fees} columns={[
              { key: 'period', title: t.month, lead: true, cell: (row) => <a href={`/e/${code}/bills/${bill.unit}/${row.bill_id}`}>{formatPeriod(row.period, locale)}</a> },
              { key: 'amount', title: t.billed, type: 'money' }, { key: 'open', title: t.open, type: 'money' },
            ]} />
          </Card>
        )}
        <p>{t.ask} <a href={`/e/${code}/inquiries/new?subject=bill:${bill.bill_id}`}>{t.ask_link}</a></p>
      </>
    ),
  });
}
