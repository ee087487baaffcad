// Pages of arrears: what every owner sees, and the dwellings for officers who may read households.
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { ButtonRow } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, EmptyState, Figures } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { ages, overdueOf, type PublicArrears, type UnitArrears } from './arrears.ts';
import { ageNames, arrearsTexts } from './arrears-texts.ts';

type T = ReturnType<typeof pick<typeof arrearsTexts>>;

export interface ArrearsShown { code: string; day: string; arrears: PublicArrears; officer: boolean }

/** "3" → "3 栋"; a building that is called by a word keeps it. */
export const buildingName = (building: string, locale: Locale): string =>
  (/^[0-9A-Za-z]{1,3}$/.test(building) ? fill(pick(arrearsTexts, locale).building_named, { building }) : building);

const shownAmount = (amount: string | null, t: T) => (amount === null ? <span class="hint">{t.hidden}</span> : <Amount value={amount} />);
const shownCount = (count: number | null, t: T) => (count === null ? <span class="hint">{t.hidden}</span> : String(count));

export function arrearsPage(frame: Frame, { code, day, arrears, officer }: ArrearsShown): string {
  const { locale } = frame;
  const t = pick(arrearsTexts, locale);
  const { total } = arrears;
  const nothing = total !== null && total.owing === 0;
  const hidden = [...arrears.ages, ...arrears.buildings].some(({ amount }) => amount === null);
  return page({
    ...frame, title: t.title, lede: fill(t.lede, { day: formatDate(day, locale) }),
    body: (
      <>
        {officer && <ButtonRow><a class="btn small alt" href={`/e/${code}/arrears/units`}>{t.officers}</a><a class="btn small alt" href={`/e/${code}/reminders`}>{t.reminders}</a></ButtonRow>}
        {nothing ? <EmptyState title={t.none} /> : total === null ? <Card><p>{t.too_few}</p></Card> : (
          <>
            <Card><Figures items={[{ label: t.amount, amount: total.amount }, { label: t.owing, text: `${total.owing} / ${total.dwellings}` }, { label: t.bills, text: String(total.bills) }]} /></Card>
            <Card title={t.by_age}>
              <LedgerTable caption={t.by_age} caption_hidden rows={arrears.ages} columns={[
                { key: 'age', title: t.age, lead: true, cell: (row) => ageNames[row.age][locale] },
                { key: 'owing', title: t.owing, type: 'number', cell: (row) => shownCount(row.owing, t) },
                { key: 'amount', title: t.amount, type: 'money', cell: (row) => shownAmount(row.amount, t) },
              ]} totals={[{ label: t.total, cells: { amount: total.amount } }]} />
            </Card>
            <Card title={t.by_building}>
              <LedgerTable caption={t.by_building} caption_hidden csv={csvTwin(frame.here)} rows={arrears.buildings} columns={[
                { key: 'building', title: t.building, lead: true, cell: (row) => buildingName(row.building, locale) },
                { key: 'dwellings', title: t.dwellings, type: 'number' },
                { key: 'owing', title: t.owing, type: 'number', cell: (row) => shownCount(row.owing, t) },
                { key: 'amount', title: t.amount, type: 'money', cell: (row) => shownAmount(row.amount, t) },
              ]} totals={[{ label: t.total, cells: { dwellings: String(total.dwellings), owing: String(total.owing), amount: total.amount } }]} />
            </Card>
            {hidden && <p class="hint">{t.hidden_why}</p>}
          </>
        )}
      </>
    ),
  });
}

export interface UnitsShown { code: string; rows: UnitArrears[]; all: UnitArrears[]; next_cursor: string | null; q: string; over: string }

export function arrearsUnitsPage(frame: Frame, { code, rows, all, next_cursor, q, over }: UnitsShown): string {
  const { locale } = frame;
  const t = pick(arrearsTexts, locale);
  const total = (age: (typeof ages)[number]): string => moneyText(sum(all.map((row) => money(row[age]))));
  return page({
    ...frame, title: t.units_title, lede: t.units_lede, crumbs: [{ href: `/e/${code}/arrears`, label: t.back }],
    body: (
      <>
        <ButtonRow><a class="btn small alt" href={`/e/${code}/reminders`}>{t.reminders}</a></ButtonRow>
        <Filters action={`/e/${code}/arrears/units`} reset_href={q !== '' || over !== '' ? `/e/${code}/arrears/units` : undefined} fields={[
          { name: 'q', label: t.filter_unit, type: 'search', value: q },
          { name: 'over', label: t.filter_age, type: 'select', value: over, options: [
            { value: '', label: t.filter_any }, { value: '30', label: t.over_30 }, { value: '90', label: t.over_90 }, { value: '365', label: t.over_365 }] },
        ]} />
        <LedgerTable caption={t.units_title} caption_hidden csv={csvTwin(withQuery(frame.here, { cursor: null }))} rows={rows} empty={<EmptyState title={t.none} />} columns={[
          { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/bills/${row.unit}/account`}>{row.unit}</a> },
          { key: 'bills', title: t.bills, type: 'number' },
          ...ages.map((age) => ({ key: age, title: ageNames[age][locale], type: 'money' as const })),
          { key: 'amount', title: t.amount, type: 'money', cell: (row) => <Amount value={overdueOf(row)} strong /> },
          { key: 'oldest_due', title: t.oldest, type: 'date', cell: (row) => (row.oldest_due === null ? '' : formatDate(row.oldest_due, locale)) },
        ]} totals={[{ label: t.total, cells: { bills: String(all.reduce((count, { bills }) => count + bills, 0)), ...Object.fromEntries(ages.map((age) => [age, total(age)])), amount: moneyText(sum(all.map(overdueOf))) } }]} />
        <Pager here={frame.here} next_cursor={next_cursor} shown={rows.length} total={all.length} />
      </>
    ),
  });
}
