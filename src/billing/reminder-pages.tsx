// Pages of reminders: whom to write to and what was made, and one batch with its letters.
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, DateField, Form, RadioField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Figures } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { buildingName } from './arrears-pages.tsx';
import type { Planned } from './reminder.ts';
import type { Batch, Letter } from './reminder-queries.ts';
import { kindTexts, reminderTexts } from './reminder-texts.ts';

export interface ReminderForm { form_key: string; values: Record<string, string>; errors: Record<string, string> }
export interface RemindersShown {
  code: string;
  batches: Batch[];
  plan: Planned;
  over: string;
  building: string;
  buildings: string[];
  /** Null for whoever may not make any. */
  form: ReminderForm | null;
}

export function remindersPage(frame: Frame, { code, batches, plan, over, building, buildings, form }: RemindersShown): string {
  const { locale } = frame;
  const t = pick(reminderTexts, locale);
  const action = `/e/${code}/reminders`;
  const notes = ([['soon', plan.soon], ['former', plan.former], ['partly_former', plan.partly_former]] as const).filter(([, count]) => count > 0);
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs: [{ href: `/e/${code}/arrears/units`, label: pick({ units: { zh: '欠费明细', en: 'Arrears by dwelling' } }, locale).units }],
    body: (
      <>
        {form !== null && (
          <Card title={t.whom}>
            <Filters action={action} fields={[
              { name: 'over', label: t.over, type: 'select', value: over, options: [{ value: '', label: t.over_any }, { value: '30', label: t.over_30 }, { value: '90', label: t.over_90 }, { value: '365', label: t.over_365 }] },
              { name: 'building', label: t.building, type: 'select', value: building, options: [{ value: '', label: t.all_buildings }, ...buildings.map((one) => ({ value: one, label: buildingName(one, locale) }))] },
            ]} />
            <p><strong>{fill(t.would, { count: plan.letters.length, amount: moneyFigures(sum(plan.letters.map(({ amount }) => money(amount)))) })}</strong></p>
            {notes.length > 0 && <ul>{notes.map(([name, count]) => <li>{fill(t[name], { count })}</li>)}</ul>}
            {plan.letters.length === 0 ? Object.values(form.errors).map((error) => <p class="field-error" role="alert">{error}</p>) : (
              <Form action={action} id="reminder-form" csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
                <input type="hidden" name="over" value={over} />
                <input type="hidden" name="building" value={building} />
                <RadioField name="kind" required label={t.kind} hint={t.demand_hint} options={(['reminder', 'demand'] as const).map((kind) => ({ value: kind, label: kindTexts[kind][locale] }))} />
                <DateField name="pay_by" label={t.pay_by} hint={t.pay_by_hint} />
                <TextField name="skip" label={t.skip} hint={t.skip_hint} />
                <ButtonRow><Button>{fill(t.make_now, { count: plan.letters.length })}</Button></ButtonRow>
              </Form>
            )}
          </Card>
        )}
        <Card title={t.batches}>
          <LedgerTable caption={t.batches} caption_hidden rows={batches} empty={<EmptyState title={t.none} />} columns={[
            { key: 'made_on', title: t.made_on, lead: true, cell: (row) => <a href={`${action}/${row.seq}`}>{formatDate(row.made_on, locale)}</a> },
            { key: 'kind', title: t.kind, cell: (row) => kindTexts[row.kind][locale] },
            { key: 'count', title: t.count, type: 'number' }, { key: 'amount', title: t.amount, type: 'money' },
            { key: 'pay_by', title: t.pay_by, type: 'date', cell: (row) => formatDate(row.pay_by, locale) },
          ]} />
        </Card>
      </>
    ),
  });
}

export interface BatchShown { code: string; batch: Batch; letters: Letter[]; rows: Letter[]; next_cursor: string | null; /** First and last letter of each file. */ files: { part: number; from: number; to: number }[] }

export function batchPage(frame: Frame, { code, batch, letters, rows, next_cursor, files }: BatchShown): string {
  const { locale } = frame;
  const t = pick(reminderTexts, locale);
  const here = `/e/${code}/reminders/${batch.seq}`;
  const open = moneyText(sum(letters.map(({ open_now }) => money(open_now))));
  return page({
    ...frame, title: `${kindTexts[batch.kind][locale]} ${formatDate(batch.made_on, locale)}`, lede: t.private, crumbs: [{ href: `/e/${code}/reminders`, label: t.back }],
    body: (
      <>
        <Card>
          <Figures items={[
            { label: t.count, text: String(batch.count) }, { label: t.amount, amount: batch.amount }, { label: t.open_now, amount: open },
            { label: t.pay_by, text: formatDate(batch.pay_by, locale) },
          ]} />
          <ButtonRow>{files.map(({ part, from, to }) => (
            <a class="btn" href={`${here}/letters.pdf?part=${part}`}>{files.length === 1 ? fill(t.print_all, { count: batch.count }) : fill(t.print, { from, to })}</a>
          ))}</ButtonRow>
        </Card>
        <LedgerTable caption={t.letter} caption_hidden rows={rows} columns={[
          { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/bills/${row.unit}/account`}>{row.unit}</a> },
          { key: 'bills', title: t.bills, type: 'number', cell: (row) => String(row.bills.length) },
          { key: 'amount', title: t.amount, type: 'money' },
          { key: 'open_now', title: t.open_now, type: 'money', cell: (row) => (money(row.open_now).isZero() ? <Chip tone="ok">{pick({ paid: { zh: '已结清', en: 'settled' } }, locale).paid}</Chip> : <Amount value={row.open_now} strong />) },
          { key: 'letter', title: t.letter, cell: (row) => <a href={`/e/${code}/bills/${row.unit}/reminders/${batch.seq}.pdf`}>PDF</a> },
        ]} totals={[{ label: t.total, cells: { amount: batch.amount, open_now: open } }]} />
        <Pager here={frame.here} next_cursor={next_cursor} shown={rows.length} total={letters.length} />
      </>
    ),
  });
}
