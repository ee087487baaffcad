// One dwelling over time: what it is, whose it is, who pays, its spaces and meters; below, the forms of whoever keeps the register.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Button, Form } from '../web/forms.tsx';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import { DwellingForms } from './dwelling-forms.tsx';
import type { Login } from './overview-queries.ts';
import type { HoldingRow, MeterRow } from './place-queries.ts';
import type { FormShown, T } from './register-pages.tsx';
import type { FactRow, Tenure, UnitOnDay } from './register-queries.ts';
import { kindTexts, meterKindTexts, occupancyTexts, spaceKindTexts, tenureTexts, texts } from './register-texts.ts';

export interface DwellingShown {
  code: string;
  unit: string;
  day: string;
  today: string;
  /** Null where it was not in the register on that day. */
  now: UnitOnDay | null;
  ended_on: string | null;
  facts: FactRow[];
  tenures: Tenure[];
  payers: Tenure[];
  logins: Login[];
  spaces: HoldingRow[];
  free_spaces: string[];
  meters: MeterRow[];
  /** Null for whoever does not keep the register. */
  form: FormShown | null;
  may_erase: boolean;
}

export const nameIn = ({ name }: Tenure, t: T): string => name ?? t.erased;

function Facts({ shown, t, locale, csrf }: { shown: DwellingShown; t: T; locale: Locale; csrf: string | undefined }): JSX.Element {
  const { form, facts, code, unit } = shown;
  const replaced = (row: FactRow): boolean => facts.some((other) => other.from_date === row.from_date && other.fact_id > row.fact_id && other.ended_seq === null);
  return (
    <Card title={t.facts} id="facts">
      <LedgerTable caption={t.facts} caption_hidden rows={facts} rowState={(row) => (row.ended_seq === null && !replaced(row) ? undefined : 'muted')} columns={[
        { key: 'from_date', title: t.from, type: 'date', lead: true, cell: (row) => (row.from_date < '1980-01-01' ? t.from_start : formatDate(row.from_date, locale)) },
        { key: 'area_m2', title: t.area, type: 'number' }, { key: 'kind', title: t.kind, cell: (row) => kindTexts[row.kind][locale] },
        { key: 'occupancy', title: t.occupancy, cell: (row) => occupancyTexts[row.occupancy][locale] },
        { key: 'seq', title: t.entered, cell: (row) => (
          <>
            {row.seq === null ? '–' : <a href={`/e/${code}/log/${row.seq}`}>{row.seq}</a>}
            {row.ended_seq !== null ? <> <Chip tone="plain">{t.taken_back}</Chip></> : replaced(row) && <> <Chip tone="plain">{t.replaced}</Chip></>}
            {form !== null && row.seq !== null && row.ended_seq === null && !replaced(row) && (
              <Form action={`/e/${code}/register/units/${unit}`} id={`fact-${row.fact_id}`} csrf={csrf} form_key={`${form.form_key}-f${row.fact_id}`} errors={{}}>
                <input type="hidden" name="step" value="fact_back" /><input type="hidden" name="fact_id" value={row.fact_id} />
                <button type="submit" class="btn small alt">{t.take_back}</button>
              </Form>
            )}
          </>
        ) },
      ]} />
    </Card>
  );
}

function People({ title, tenures, logins, today, t, locale }: { title: string; tenures: Tenure[]; logins: Login[]; today: string; t: T; locale: Locale }): JSX.Element {
  const login = (tenure: Tenure): string | undefined => logins.find(({ person_id }) => person_id === tenure.person_id)?.name;
  return (
    <LedgerTable caption={title} caption_hidden rows={tenures} empty={<EmptyState title={t.people_none} />} columns={[
      { key: 'name', title: t.name, lead: true, cell: (row) => (
        <>{nameIn(row, t)} <Chip tone={row.kind === 'owner' ? undefined : 'plain'}>{tenureTexts[row.kind][locale]}{row.share !== '' && ` ${row.share}`}</Chip>{!row.pays && <> <Chip tone="plain">{t.not_pays}</Chip></>}{row.from_date > today && <> <Chip tone="amber">{t.ahead}</Chip></>}</>
      ) },
      { key: 'phone', title: t.phone, cell: (row) => row.phone ?? '' },
      { key: 'from_date', title: t.from, type: 'date', cell: (row) => formatDate(row.from_date, locale) },
      { key: 'to_date', title: t.to, type: 'date', cell: (row) => (row.to_date === null ? t.lasting : formatDate(row.to_date, locale)) },
      { key: 'person_id', title: t.login, cell: (row) => login(row) ?? (row.person_id === null ? '' : t.linked) },
      { key: 'note', title: t.note, cell: (row) => row.note ?? '' },
    ]} />
  );
}

export function dwellingPage(frame: Frame, shown: DwellingShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, unit, day, now, tenures, today, payers, spaces, meters, form } = shown;
  const csrf = frame.session?.csrf;
  const present = tenures.filter(({ to_date }) => to_date === null || to_date >= today);
  const former = tenures.filter((tenure) => !present.includes(tenure)).reverse();
  return page({
    ...frame, title: fill(t.dwelling, { unit }), crumbs: [{ href: `/e/${code}/register${now === null ? '' : `?building=${encodeURIComponent(now.building)}`}`, label: t.register }],
    body: (
      <>
        {shown.ended_on !== null && <Notice tone="amber" title={fill(t.ended, { day: formatDate(shown.ended_on, locale) })} />}
        <Filters action={`/e/${code}/register/units/${unit}`} fields={[{ name: 'day', label: t.as_of, type: 'date', value: day }]} />
        {now !== null && (
          <Card title={fill(t.now, { day: formatDate(day, locale) })}>
            <DescriptionList items={[
              { term: t.area_short, value: `${now.area_m2} m²` }, { term: t.kind, value: kindTexts[now.kind][locale] }, { term: t.occupancy, value: occupancyTexts[now.occupancy][locale] },
              now.phase !== '' && { term: t.phase, value: now.phase },
              { term: t.payers, value: payers.length === 0 ? t.payer_nobody : payers.map((payer) => nameIn(payer, t)).join('、') },
              { term: t.ref, value: <span class="hash">{now.ref.slice(0, 12)}…</span> },
            ]} />
            <ActionLink href={`/e/${code}/bills/${unit}`} kind="alt">{t.bills}</ActionLink>
          </Card>
        )}
        <Card title={t.people} id="people">
          <People title={t.people} tenures={present} logins={shown.logins} today={today} t={t} locale={locale} />
          {former.length > 0 && <details><summary>{t.former}</summary><People title={t.former} tenures={former} logins={shown.logins} today={today} t={t} locale={locale} /></details>}
        </Card>
        <Facts shown={shown} t={t} locale={locale} csrf={csrf} />
        <Card title={t.spaces} id="spaces">
          <LedgerTable caption={t.spaces} caption_hidden rows={spaces} empty={<EmptyState title={t.spaces_none} />} columns={[
            { key: 'space', title: t.space, lead: true }, { key: 'kind', title: t.space_kind, cell: (row) => spaceKindTexts[row.kind][locale] },
            { key: 'from_date', title: t.from, type: 'date', cell: (row) => formatDate(row.from_date, locale) },
            { key: 'to_date', title: t.to, type: 'date', cell: (row) => (row.to_date === null ? t.lasting : formatDate(row.to_date, locale)) },
          ]} />
        </Card>
        <Card title={t.meters_title} id="meters">
          <LedgerTable caption={t.meters_title} caption_hidden rows={meters} rowState={(row) => (row.ended_on === null ? undefined : 'muted')} empty={<EmptyState title={t.meters_none} />} columns={[
            { key: 'meter', title: t.meter, lead: true }, { key: 'kind', title: t.meter_kind, cell: (row) => meterKindTexts[row.kind][locale] },
            { key: 'multiplier', title: t.multiplier, type: 'number', cell: (row) => row.multiplier.replace(/\.?0+$/, '') },
            { key: 'last_value', title: t.last_reading, type: 'number', cell: (row) => (row.last_value === null ? '–' : `${row.last_value} · ${formatDate(row.last_on!, locale)}`) },
            { key: 'ended_on', title: t.to, type: 'date', cell: (row) => (row.ended_on === null ? t.lasting : formatDate(row.ended_on, locale)) },
          ]} />
        </Card>
        {(form !== null || shown.may_erase) && <DwellingForms shown={shown} t={t} locale={locale} csrf={csrf} />}
      </>
    ),
  });
}

/** The one button of a form that may be opened. */
export const Save = ({ t }: { t: T }): JSX.Element => <div class="buttons"><Button>{t.save}</Button></div>;
