// The memorandum of fees on the page of a month, with the words of the PDF.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Card } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { feeLines } from '../../reports/monthly-disclosure/fee-lines.ts';
import type { FeesRow } from '../../reports/monthly-disclosure/figures.ts';
import { sayIn } from '../../reports/monthly-disclosure/words.ts';

export function FeesCard({ fees, csv, locale, arrears_href }: { fees: FeesRow; csv: string | undefined; locale: Locale; arrears_href: string }): JSX.Element {
  const say = sayIn(locale);
  const shown = (amount: string | null) => (amount === null ? <span class="hint">{say('fees_hidden')}</span> : <Amount value={amount} />);
  const { overdue } = fees;
  return (
    <Card title={say('fees')} id="fees">
      <p class="hint">{say('fees_note')}</p>
      <LedgerTable caption={say('fees')} caption_hidden csv={csv} rows={feeLines(fees, say)} columns={[
        { key: 'text', title: say('heading'), lead: true }, { key: 'amount', title: say('fees_amount'), type: 'money' },
      ]} />
      <LedgerTable caption={say('fees_overdue')} rows={fees.ages} columns={[
        { key: 'age', title: say('fees_overdue'), lead: true, cell: ({ age }) => say(`fees_${age}`) },
        { key: 'owing', title: say('fees_owing'), type: 'number', cell: ({ owing }) => (owing === null ? say('fees_hidden') : String(owing)) },
        { key: 'amount', title: say('fees_amount'), type: 'money', cell: ({ amount }) => shown(amount) },
      ]} totals={overdue === null ? undefined : [{ label: say('fees_total', { owing: overdue.owing, dwellings: overdue.dwellings }), cells: { owing: String(overdue.owing), amount: overdue.amount } }]} />
      <p><a class="tap" href={arrears_href}>{locale === 'zh' ? '按楼栋' : 'By building'}</a></p>
    </Card>
  );
}
